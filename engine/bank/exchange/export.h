/* An export under way. Internal to exchange/. */
#pragma once
#include "bank/exchange/intake.h"

/* How pictures are carried. */
enum export_media {
	EXPORT_MEDIA_DATA,   /* in the text, as data: addresses */
	EXPORT_MEDIA_PLUGIN, /* @@PLUGINFILE@@/NAME; the caller writes what is in `used` */
	EXPORT_MEDIA_FILE,   /* media/NAME beside the question's file */
};

struct exporter {
	const struct bank *bank;
	struct exchange_report *report;
	enum export_media media;
	const struct item *item; /* that is being written */
	bool degraded, rejected;
	bool xml;                           /* HTML is written as XHTML */
	bool still;                         /* pictures are for paper: PNG, JPEG, SVG */
	const struct bank_media *used[256]; /* pictures of the text since export_forget() */
	size_t n_used;
	/* What stands for blank `n` of a cloze. */
	void (*blank)(struct exporter *x, size_t n, struct buf *out);
	void *arg;
};

void export_lose(struct exporter *x, const char *what);
/* Leaves the question out; false. */
bool export_reject(struct exporter *x, const char *why);
/* Notes fields that no other format shows to anybody: what is marked is kept for the way back. */
void export_lose_sections(struct exporter *x, bool hints, bool rubric);
/* HTML of the bank for outside: pictures as x->media says, links to pages of the bank as text. */
void export_html(struct exporter *x, const char *html, struct buf *out);
/* Whether HTML of the bank is nothing but text; then *ret is that text. */
bool export_is_text(const char *html, struct buf *ret);
/* Explanation, and references under a heading. */
void export_explanation(struct exporter *x, struct buf *out);
bool export_has_explanation(const struct item *item);
void export_xml(struct str text, struct buf *out); /* escaped, without what XML cannot hold */
const char *export_media_name(const struct bank_media *m);
/* "Domain" or "Domain/Objective", by their titles; '/' in a title is doubled. */
void export_category(const struct exporter *x, const struct item *item, struct buf *out);
/* An item as the writer's question, for a file at `path` of the bank. */
void export_plain(const struct bank *bank, const struct item *item, const char *path, struct plain *ret);
/* The items in the order in which they were written. The caller frees. */
const struct item **export_order(const struct bank *bank);
char *base64_encode(struct str bytes);

/* The writers: all items that are no tasks, into one text… */
void gift_write(struct exporter *x, struct buf *out);
void csv_write(struct exporter *x, struct buf *out);
void moodle_write(struct exporter *x, struct buf *out);
void print_write(struct exporter *x, const struct exchange_paper *paper, struct buf *out);
/* … or a file of its own. */
MUST_CHECK bool native_write(struct exporter *x, const char *dir, const char *out, struct err *err);
MUST_CHECK bool qti21_write(struct exporter *x, const char *out, struct err *err);
MUST_CHECK bool qti12_write(struct exporter *x, const char *out, struct err *err);
/* Calls `write` for each item; counts, and notes what was lost. What `write` appended for a rejected item is taken back. */
void export_each(struct exporter *x, bool (*write)(struct exporter *x, struct buf *out), struct buf *out);
