/* An import under way: what the readers of the formats fill. Internal to exchange/. */
#pragma once
#include "bank/exchange/exchange.h"
#include "bank/exchange/html.h"
#include "bank/exchange/package.h"
#include "bank/exchange/write.h"

#define INTAKE_QUESTIONS_MAX BANK_ITEMS_MAX

/* A file of the new bank beside its questions: a picture, a part of a task. */
struct intake_file {
	char *path;
	char *hash; /* of a picture */
	char *bytes;
	size_t size;
	bool executable;
};
/* A picture that a question brings with it, by the name that it is used by. */
struct intake_embedded {
	char *name, *bytes;
	size_t size;
};

struct qti_manifest;
struct intake {
	struct package *package;
	struct exchange_report *report;
	struct plain *list;
	size_t n, cap;
	struct strings names; /* of files, kept for plain.file */
	struct intake_file *files;
	size_t n_files, cap_files;
	size_t media_total;
	struct intake_embedded *embedded;
	size_t n_embedded, cap_embedded;
	struct write_bank bank;
	const char *file; /* that is being read */
	struct plain *q;  /* that is being read: for losses of its pictures */
	struct html_context html;
	struct qti_manifest *manifest; /* of a QTI package, once it was looked for */
	struct str references;         /* Markdown: the link definitions of the file */
	struct strings numbered;       /* files of a Blackboard archive, once looked for: "123_1 PATH", sorted */
	bool has_numbered;
};
void intake_init(struct intake *in, struct package *package, struct exchange_report *report);
void intake_finish(struct intake *in);
/* A new question at a line of in->file. It stays where it is until the next one is added. */
struct plain *intake_add(struct intake *in, int line);
/* Keeps the name of the file that is being read. */
void intake_enter(struct intake *in, const char *path);
/* A text file of the source as UTF-8; its encoding goes to the report. */
MUST_CHECK bool intake_text(struct intake *in, const char *path, struct buf *out, struct err *err);
/* HTML of in->q as Markdown. `option`: quotes have another meaning there. */
char *intake_html(struct intake *in, struct str html, bool option);
/* HTML on one line, for where Markdown has only a line. */
char *intake_line(struct intake *in, struct str html);
/* Puts a picture of the source (an address as seen from in->file) into the bank: its address from questions/, or NULL. The caller frees. */
char *intake_picture(struct intake *in, struct str src);
void intake_embed(struct intake *in, const char *name, char *bytes, size_t size); /* takes bytes */
void intake_forget_embedded(struct intake *in);
void intake_add_file(struct intake *in, char *path, struct str bytes, bool executable); /* takes path */
/* Puts a question under a category's path, "A/B/C": the first part that says something is its domain, the next its objective. */
void intake_category(struct plain *q, struct str path);
/* Bytes in base64; NULL when they are none. The caller frees. */
char *base64_decode(struct str text, size_t *ret_size);
/* 1 + the number of line ends before `at`. */
int line_of(struct str text, const char *at);

/* The readers: each takes all questions out of one text… */
void aiken_read(struct intake *in, struct str text);
void gift_read(struct intake *in, struct str text);
void tasklist_read(struct intake *in, struct str text);
void csv_read(struct intake *in, struct str text);
void rexams_read(struct intake *in, struct str text);
void blackboard_read(struct intake *in, struct str text);
/* … or of a document that can be refused as a whole. */
MUST_CHECK bool moodle_read(struct intake *in, struct str text, struct err *err);
struct _xmlNode;
void qti_manifest_destroy(struct qti_manifest *m);
void moodle_read_cloze(struct intake *in, const struct _xmlNode *n);
MUST_CHECK bool qti_read(struct intake *in, struct str text, struct err *err);
MUST_CHECK bool olx_read(struct intake *in, struct str text, struct err *err);
MUST_CHECK bool killercoda_read(struct intake *in, struct str text, struct err *err);

/* Other people's Markdown in the bank's: headings that would cut a question in two become smaller, pictures come along, HTML in it is
 * turned into Markdown, links to what is not there become text. */
char *intake_markdown(struct intake *in, struct str text, bool option);
/* A typed answer as Moodle means it: '*' stands for anything. Takes pattern and reason. */
void intake_add_typed(struct plain *q, char *pattern, double credit_m, char *reason);
void intake_check_typed(struct plain *q);
/* Feedback for the whole question: its explanation, and what follows a heading "References" in it. */
void intake_explanation(struct intake *in, struct str html);
/* An essay needs a rubric: one that says nothing is written, and said. */
void intake_rubric(struct plain *q);
