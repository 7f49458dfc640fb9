/* What an author does at their own bank: the use cases behind `assay author`. One folder, one person, on their own machine.
 *
 * Files are the truth: everything is read from the folder when it is asked for, so that an editor, a version control system and the page
 * may work side by side. Nothing of the bank is executed, but the programs of parametrised questions when draws with given seeds are asked
 * for, and tasks when their proof is; both confined as always.
 *
 * Threads: any; none of these functions needs a store. Some take as long as it takes to read the bank. */
#pragma once
#include "proctor/proctor.h"

struct author;
struct author_config {
	const char *dir;      /* the bank */
	const char *data_dir; /* where removed files are kept, in author-trash/ */
	const char *program;  /* assay, which proves tasks; NULL: they cannot be proved */
	const char *params_program;
	const char *by; /* who works here, for review records; NULL: "author" */
};
MUST_CHECK bool author_open(const struct author_config *config, struct author **ret, struct err *err);
/* Lets those go who wait for a change, and ends what is being proved. Before the threads that serve requests are stopped. */
void author_stop(struct author *a);
void author_close(struct author *a);

#define AUTHOR_BODY_MAX (34u << 20)     /* a file of 16 MiB as JSON */
#define AUTHOR_WAIT_MS (25 * MS_SECOND) /* for a change */

/* ---- Files (author.c, author_files.c) ---- */

MUST_CHECK bool author_show_json(struct author *a, struct buf *out, struct err *err);
/* Waits until a file has changed since the number `since`, or AUTHOR_WAIT_MS. */
MUST_CHECK bool author_change_json(struct author *a, int64_t since, struct buf *out, struct err *err);
MUST_CHECK bool author_file_json(struct author *a, const char *path, struct buf *out, struct err *err);
/* ERR_CONFLICT when the folder has another version: then *theirs is its text and version as JSON, or null when there is none. */
MUST_CHECK bool author_file_put(struct author *a, const char *path, const cJSON *body, struct buf *out, struct buf *theirs,
                                struct err *err);
MUST_CHECK bool author_file_delete(struct author *a, const char *path, const cJSON *body, struct buf *out, struct buf *theirs,
                                   struct err *err);
MUST_CHECK bool author_undo(struct author *a, const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool author_order(struct author *a, const cJSON *body, struct buf *out, struct buf *theirs, struct err *err);
MUST_CHECK bool author_rename(struct author *a, const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool author_media_put(struct author *a, const cJSON *body, struct buf *out, struct err *err);
/* A picture of the folder by its hash. ERR_NOT_FOUND. */
MUST_CHECK bool author_media_get(struct author *a, const char *hash, const char **ret_type, struct buf *out, struct err *err);

/* ---- The bank as it would be (author_check.c, author_preview.c, author_draw.c) ---- */

MUST_CHECK bool author_check(struct author *a, const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool author_preview(struct author *a, const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool author_feasible(struct author *a, const cJSON *body, struct buf *out, struct err *err);
/* The items of a form of an exam, drawn with a seed: a saved one, or what its text would be. */
MUST_CHECK bool author_sample(struct author *a, const cJSON *body, struct buf *out, struct err *err);

/* ---- Questions as forms (author_form.c) ---- */

MUST_CHECK bool author_parse(struct author *a, const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool author_write(struct author *a, const cJSON *body, struct buf *out, struct err *err);

/* ---- Review (author_review.c, author_blind.c): see bank/record.h ---- */

/* One question: its status, its record, and what can be done. ERR_NOT_FOUND. */
MUST_CHECK bool author_review_json(struct author *a, const char *item, struct buf *out, struct err *err);
/* Puts a decision on record, and changes the question's status by it. `text` of the body is the text that was looked at: ERR_CONFLICT when
 * the question says something else by now. ERR_FORBIDDEN for approving one's own. */
MUST_CHECK bool author_review_record(struct author *a, const cJSON *body, struct buf *out, struct err *err);
/* The next question for a reader without its key, or the one that is named. */
MUST_CHECK bool author_review_next(struct author *a, const cJSON *body, struct buf *out, struct err *err);
/* Stores the answer first; only then is the key in what it gives. ERR_CONFLICT when the reader has answered this text otherwise. */
MUST_CHECK bool author_review_answer(struct author *a, const cJSON *body, struct buf *out, struct err *err);

/* ---- Tasks (author_jobs.c) ---- */

/* Begins a job: a proof, or a new task from the template. */
MUST_CHECK bool author_task_run(struct author *a, const char *slug, const cJSON *body, struct buf *out, struct err *err);
MUST_CHECK bool author_job_json(struct author *a, const char *id, struct buf *out, struct err *err);

/* ---- The open box of a task, in a study session (author_bench.c). On a thread for boxes ---- */

/* Does what a script of the task's folder does, and tells how it ended and what it printed. */
MUST_CHECK bool author_bench_run(struct author *a, struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt,
                                 const char *item, const cJSON *body, struct buf *out, struct err *err);
/* What the folder's grader says about the box as it is. */
MUST_CHECK bool author_bench_grade(struct author *a, struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt,
                                   const char *item, struct buf *out, struct err *err);
