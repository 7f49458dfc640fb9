/* What the files of authoring share; see author.h. */
#pragma once
#include "bank/bank.h"
#include "bank/diag.h"
#include "bank/outline.h"
#include "bank/record.h"
#include "bank/workspace.h"
#include "base/clock.h"
#include "proctor/author.h"
#include <pthread.h>

#define AUTHOR_OUT_MAX (48u << 20)
#define AUTHOR_SEEDS_MAX 50
#define AUTHOR_PROBLEMS_MAX 500 /* of files that are not looked at: a big bank may have thousands */

/* A file as it was seen last. */
struct author_file {
	struct workspace_file file;
	char version[HASH_HEX_SIZE]; /* "": not worked out yet */
	int64_t changed;             /* the number of its last change; of a file that is gone, too */
	bool gone;
};

struct author {
	struct workspace *workspace;
	char *params_program, *program, *data_dir, *by;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool stopping;
	/* Below: under the lock. */
	struct author_file *files; /* sorted by path */
	size_t n_files;
	int64_t change, looked_ms;
	unsigned waiting;
	struct job *jobs; /* newest first */
};

/* Ends what is being proved; under the lock. And forgets it, without. */
void author_jobs_stop(struct author *a);
void author_jobs_free(struct author *a);

/* Looks at the folder, and takes notice of what has changed (author.c). */
MUST_CHECK bool author_look(struct author *a, struct err *err);

/* A bank with what is to be said about it: as it stands in the folder, or with an unsaved text (author_check.c). */
struct author_bank {
	struct bank *bank;
	struct diags diags;
};
MUST_CHECK bool author_load(const struct author *a, const struct bank_draft *draft, struct author_bank *ret, struct err *err);
void author_bank_finish(struct author_bank *b);
#define _cleanup_author_bank_ __attribute__((cleanup(author_bank_finish)))

/* The questions of an unsaved text, as the tree has those of files (author.c). */
cJSON *author_items(const struct author *a, const struct bank *bank, const struct bank_draft *draft);

/* path and text of a request. */
MUST_CHECK bool author_draft(const cJSON *body, struct bank_draft *ret, struct err *err);

/* Problems of a file in lines [from, to] as JSON, with the places that fixes need (author_problem.c); line 0 (the whole file) is in every
 * range that begins with 0. */
cJSON *author_problems(const struct author *a, const struct bank_draft *draft, const struct diags *d, const char *path, int from, int to);
/* Sets "problems" and "counts": all of the file that is looked at (`path`, NULL: none), of the others AUTHOR_PROBLEMS_MAX at most, errors
 * first; the counts are of all. Sorted as the diagnostics are. */
void author_set_problems(const struct author *a, const struct bank_draft *draft, const struct diags *d, const char *path, cJSON *out);
/* The text of a file as it would be. */
MUST_CHECK bool author_text(const struct author *a, const struct bank_draft *draft, const char *path, struct buf *out, struct err *err);

/* A form of one item, as its seed shuffles it (NULL: as it is written). Takes `instance`, or NULL. */
struct form;
struct form *author_form(const struct item *it, struct item *instance, const int64_t *seed);
/* What review says of an item, for the tree: null when there is nothing. */
cJSON *author_review_of(const struct author *a, const struct bank *bank, const struct item *it);
/* A question under review, with what is on record (author_review.c). */
struct author_case {
	struct author_bank b;
	const struct item *item;
	struct record record;
	struct record_state state;
	char text[HASH_HEX_SIZE];
};
/* ERR_NOT_FOUND when the bank has no such question, ERR_CONFLICT when `text` (NULL: any) is not what it says by now. */
MUST_CHECK bool author_case_open(const struct author *a, const char *item, const char *text, struct author_case *ret, struct err *err);
void author_case_close(struct author_case *c);
#define _cleanup_author_case_ __attribute__((cleanup(author_case_close)))
/* Adds an entry of now by this author about this text. Everything may be NULL. */
struct author_words {
	const char *response, *comment, *despite;
	enum record_verdict verdict;
};
MUST_CHECK bool author_case_add(const struct author *a, struct author_case *c, enum record_did did, const struct author_words *words,
                                struct err *err);

/* JSON of an item as candidates see it, its key and its feedback: "view", "key", "feedback" (author_preview.c). `response` may be NULL. */
void author_item_json(const struct bank *bank, const struct form *form, size_t index, const cJSON *response, cJSON *out);
