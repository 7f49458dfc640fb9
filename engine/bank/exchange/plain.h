/* Plain questions, internal to exchange/: what all readers make and the writer writes. All texts are the bank's Markdown, unless said
 * otherwise; addresses in them are relative to a file in questions/. */
#pragma once
#include "bank/bank.h"

/* One line of a list; used as item_option is (bank.h). */
struct plain_option {
	char *text, *feedback; /* feedback may be NULL */
	bool key, pin;
	int match;
};
struct plain_options {
	struct plain_option *list;
	size_t n, cap;
};
/* An answer that is typed: plain text. */
struct plain_text {
	char *pattern;
	bool regex, ignore_case;
	int credit_m;
	char *reason; /* or NULL */
};
struct plain_texts {
	struct plain_text *list;
	size_t n, cap;
};
/* A blank of a cloze; in the stem it is BLANK_OPEN, its number, BLANK_CLOSE (markdown.h). */
struct plain_blank {
	struct plain_options options;
	struct plain_texts texts;
};
struct strings {
	char **list;
	size_t n, cap;
};

struct plain {
	const char *file; /* of the source; belongs to the intake */
	int line;
	char *id, *title; /* plain text; NULL: made up by the writer */
	enum item_kind kind;
	char *stem;
	struct plain_options options, targets;
	struct strings numbers; /* as they stand behind "= " */
	struct plain_texts texts;
	struct plain_blank *blanks;
	size_t n_blanks, cap_blanks;
	char *image, *image_alt;
	struct item_region *regions;
	size_t n_regions, cap_regions;
	char *explanation, *references, *rubric; /* or NULL */
	struct strings hints, tags;
	char *domain, *domain_title, *objective, *objective_title; /* ids; NULL: none */
	char *family, *case_id;
	enum item_status status;
	enum partial_rule partial;
	int difficulty;
	int64_t points_m;
	int select; /* -1: as many as there are keys */
	bool fixed; /* not shuffled */
	bool ignore_case;
	char *params, *source; /* a parametrised question: its program, and its text as it was written */
	struct strings losses; /* why it is degraded */
	char *rejected;        /* why it is not taken; NULL: it is */
};

void plain_init(struct plain *q, const char *file, int line);
void plain_finish(struct plain *q);
struct plain_option *plain_add_option(struct plain_options *o, char *text); /* takes text */
struct plain_text *plain_add_text(struct plain_texts *t, char *pattern);    /* takes pattern */
struct plain_blank *plain_add_blank(struct plain *q);
void strings_add(struct strings *s, char *text); /* takes text */
bool strings_has(const struct strings *s, const char *text);
void strings_finish(struct strings *s);
/* Notes what is lost, once each. */
void plain_lose(struct plain *q, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The first reason stays. Returns false. */
bool plain_reject(struct plain *q, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Single or multiple, from the number of keys; rejects a question without one, or with fewer than two options. */
bool plain_choice(struct plain *q);
/* The first bytes of a text, cut at a character's end. */
struct str str_cut(struct str s, size_t max);
/* Replaces a text that belongs to the question; NULL and empty texts are no text. */
void plain_set(char **place, char *text);
/* "assay:family=x" and the like: fields of a question that other formats have no place for, carried as one of its tags. False: the tag is
 * none of ours. */
bool plain_take_mark(struct plain *q, struct str tag);
/* The marks of an item, for exports. */
void plain_marks(const struct item *item, struct strings *marks);
#define PLAIN_MARK "assay:"

/* An answer "= …" for a number: lo to hi, in units of `unit` (or NULL), as short as it can be read back exactly. */
char *plain_number(double lo, double hi, const char *unit);
/* The shortest decimal that reads back as v. */
void number_add(double v, struct buf *out);

/* escape.c: plain text as Markdown that shows just it. Line ends become line breaks, blank lines part paragraphs. */
void escape_add(struct str text, struct buf *out);
char *escape_text(struct str text);
/* A part of a line, not its beginning. */
void escape_span(struct str text, struct buf *out);
/* Bytes that a line's beginning must have escaped so that it is a paragraph's text: 0, or where the backslash goes plus 1. */
size_t escape_line_start(struct str line);
/* Whether the Markdown is nothing but text on one line, without anything that Markdown gives a meaning. */
bool escape_is_plain(struct str text);
