/* Loading a bank, internal to bank/: what the readers of the different files share. */
#pragma once
#include "bank/question.h"
#include "bank/scan.h"

#define TEXT_FILE_MAX (16u << 20)
#define QUESTION_MAX (256u << 10)
#define CASE_MAX (256u << 10)
#define DOC_MAX (1024u << 10)

struct loader {
	struct bank *bank;
	struct diags *diags;
	struct markdown md;
	struct file_list files;
	int dir_fd;
	const struct bank_draft *draft; /* an author's, or NULL */
	bool unreviewed;                /* nobody asks for approvals */
	size_t text_total, media_total, tasks_total;
	size_t cap_items, cap_cases, cap_docs, cap_media, cap_exams;
};

/* A text file in memory: valid UTF-8, without a byte order mark. */
struct text_file {
	struct buf bytes;
	struct source source;
};
/* The unsaved text of this file, if there is one: whoever reads a file of the bank asks for it first. */
bool load_draft(const struct loader *l, const char *path, struct str *ret);
/* False after a report. */
MUST_CHECK bool load_text(struct loader *l, const char *path, size_t size_max, struct text_file *ret);
void text_file_finish(struct text_file *f);
#define _cleanup_text_file_ __attribute__((cleanup(text_file_finish)))

/* questions.c: a heading's title and, in {#…} at its end, its id; and whether a line begins a question of a file with several. */
struct heading {
	struct str title, id;
	const char *id_at;
	bool alone; /* one question a file: the front matter is its own */
};
struct heading question_heading(struct str s, size_t hashes);
bool question_begins(const struct line *l);

/* Cuts front matter off: true if there is some (it may be empty); *at is moved behind it. */
bool load_front_matter(struct loader *l, struct source *source, const struct lines *lines, size_t *at, struct str *ret_yaml);

/* A question's or task's lines, and what stands among them: its fields ("yaml item") and its program ("lua params"). */
struct parts {
	struct str fields, program;
	bool has_fields, has_program;
	struct line *lines; /* without both; the caller frees */
	size_t n;
	bool ok; /* nothing was reported */
};
/* parts.c: takes both out of lines [from, to). */
void parts_take(struct loader *loader, struct source *source, const struct lines *lines, size_t from, size_t to, struct parts *ret);
/* What is kept of a parametrised item: its text, and its program. */
void parts_keep(struct item *item, const struct parts *p);
/* Warns of @{names} where there is no program. */
void parts_warn_names(struct loader *loader, struct source *source, const struct parts *p);

void load_bank_file(struct loader *l, const char *dir); /* manifest.c: bank.yml */
void load_media(struct loader *l, const char *path);    /* pages.c */
void load_doc(struct loader *l, const char *path);      /* pages.c: only its id */
void load_doc_text(struct loader *l, struct bank_doc *doc);
void load_case(struct loader *l, const char *path);      /* pages.c */
void load_questions(struct loader *l, const char *path); /* questions.c */
void load_tasks(struct loader *l);                       /* task.c: tasks/, those that are proved */
void load_task(struct loader *l, const char *slug, bool proved);
void load_exam(struct loader *l, const char *path); /* blueprint.c */
void load_check_references(struct loader *l);       /* check.c: what only the whole bank shows */

void load_reviews(struct loader *l); /* reviews.c: reviews/, when bank.yml asks for it */

void blueprint_finish(struct blueprint *bp);
void image_finish(struct bank_image *image);
