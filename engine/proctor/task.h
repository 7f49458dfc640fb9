/* Inside the proctor: what the files about hands-on tasks share.
 *
 * A task's box is touched under a lock of its own (box_lock), in this order: the lock, a connection to the launcher, then the writer. The
 * writer thread itself never waits for a box. */
#pragma once
#include "graders/client/grade.h"
#include "proctor/internal.h"
#include "sandbox/client/sandbox.h"
#include "store/box.h"
#include "store/grading.h"
#include "store/writer.h"

#define BOXES_MAX 200
#define BOXES_PER_ACCOUNT 30
#define TASK_PATH_MAX 4000       /* bytes of a path in a box */
#define TASK_FILE_MAX (1u << 20) /* bytes of a file in the editor */
#define TASK_DOWNLOAD_MAX (8u << 20)
#define TASK_ENTRIES_MAX 2000 /* of a folder that is listed */
#define TASK_COMMAND_MS 10000 /* for a command that serves a request */

/* ---- Changes from other threads (boxes.c) ---- */

typedef bool task_change_fn(struct proctor *pr, struct store *wr, void *arg, struct err *err);
/* Runs it on the writer; without one (a command beside a server, a test) in a transaction of its own. */
MUST_CHECK bool task_change(struct proctor *pr, task_change_fn *fn, void *arg, struct err *err);

/* ---- Connections, locks and the keeper (boxes.c, keeper.c) ---- */

struct boxes;
struct boxes *boxes_create(const struct proctor_config *config);
void boxes_destroy(struct boxes *b);

/* A connection to the launcher, started if need be; the caller's alone until it is given back. ERR_BUSY when there is none. */
MUST_CHECK bool boxes_borrow(struct proctor *pr, struct sandbox **ret, struct err *err);
void boxes_return(struct proctor *pr, struct sandbox *s);
struct borrowed {
	struct proctor *pr;
	struct sandbox *s;
};
static inline void borrowed_finish(struct borrowed *b)
{
	if (b->s)
		boxes_return(b->pr, b->s);
}
#define _cleanup_borrowed_ __attribute__((cleanup(borrowed_finish)))

/* One at a time for each task of an attempt. Waits, at most wait_ms: then ERR_BUSY. */
MUST_CHECK bool box_lock(struct proctor *pr, int64_t attempt, int item, int64_t wait_ms, struct err *err);
void box_unlock(struct proctor *pr, int64_t attempt, int item);
struct box_hold {
	struct proctor *pr;
	int64_t attempt;
	int item;
};
static inline void box_hold_finish(struct box_hold *h)
{
	if (h->pr)
		box_unlock(h->pr, h->attempt, h->item);
}
#define _cleanup_hold_ __attribute__((cleanup(box_hold_finish)))

/* Tells the terminals; see proctor_config. */
void boxes_gone(struct proctor *pr, const char *box, const char *why);
/* An attempt has ended or a grading is over: the keeper looks. Any thread. */
void boxes_wake(struct proctor *pr);
char *boxes_layer(const struct proctor *pr, const char *box); /* path of the launcher's last snapshot of a box; the caller frees it */
/* When it was taken, 0: there is none. */
int64_t boxes_layer_ms(const struct proctor *pr, const char *box);
MUST_CHECK bool keeper_start(struct proctor *pr, struct err *err);
void keeper_stop(struct proctor *pr);

/* ---- A task of an attempt (task.c) ---- */

struct task_ref {
	struct view v;
	int index;
	const struct item *item;
	const struct task *task;
	const char *item_id; /* the opaque one */
};
static inline void task_ref_finish(struct task_ref *t)
{
	view_finish(&t->v);
}
#define _cleanup_task_ __attribute__((cleanup(task_ref_finish)))
enum task_need {
	TASK_SEE,  /* the caller's attempt */
	TASK_WORK, /* and it runs, the lease is the caller's, and the item may be answered now */
	TASK_STUDY /* and it is a study session, and no exam of the same person that runs has this item */
};
MUST_CHECK bool task_find(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                          enum task_need need, struct task_ref *ret, struct err *err);
MUST_CHECK bool task_state(struct proctor *pr, struct store *rd, const struct task_ref *t, struct buf *out, struct err *err);
/* Makes sure that the box is open: prepares a fresh one, or one that was lost goes on from its last snapshot. Under the box's lock. */
MUST_CHECK bool box_ensure(struct proctor *pr, struct store *rd, struct sandbox *s, const struct caller *who, const struct task_ref *t,
                           struct box_row *ret, struct err *err);
/* Records an event of a running attempt, and changes its box's row (NULL: not) in the same transaction. */
MUST_CHECK bool task_record(struct proctor *pr, const struct caller *who, const struct task_ref *t, enum event_kind kind,
                            const struct box_row *row, struct err *err);

/* ---- Kept snapshots (snapshot.c) ---- */

/* Keeps a layer under its hash in the folder snapshots/: linked (or copied), synced. */
MUST_CHECK bool snapshot_keep(struct proctor *pr, const char *layer, char ret_hash[HASH_HEX_SIZE], struct err *err);
char *snapshot_path_of(const struct proctor *pr, const char *hash); /* the caller frees it */
char *recording_path_of(const struct proctor *pr, const char *attempt, int item, int shell);
/* SHA-256 of a file, and its size. ERR_NOT_FOUND. */
MUST_CHECK bool file_hash(const char *path, char ret_hash[HASH_HEX_SIZE], int64_t *ret_size, struct err *err);

/* ---- Gradings (grading.c, task_marks.c) ---- */

/* A grader's words may hold what a candidate wrote, 64 KiB a check: what is shown is cut to this. */
#define SHOWN_TEXT_MAX 2000
/* Null when the text is NULL or empty. */
void task_set_text(cJSON *o, const char *key, const char *text);

struct grading_pool;
MUST_CHECK bool grading_start(struct proctor *pr, struct err *err);
void grading_stop(struct proctor *pr);
void grading_wake(struct proctor *pr);
/* At the end of an attempt: every task whose box was opened is queued. Writer. */
MUST_CHECK bool grading_enqueue(struct proctor *pr, struct store *wr, const struct attempt_row *row, const struct form_entry *fe,
                                struct err *err);
/* The grader's job for a task, but for what it looks at. */
void grading_job(const struct proctor *pr, const struct task *task, struct grade_job *ret);
/* What a grader says about an open box as it is now; it goes on running (task_study.c). */
MUST_CHECK bool task_grade_now(struct proctor *pr, struct sandbox *s, const struct task_ref *t, const char *box, struct str lua,
                               struct grade_result *ret, struct err *err);
MUST_CHECK bool grading_run(struct proctor *pr, struct sandbox *s, const struct grade_job *job, struct grade_result *ret, struct err *err);

/* How the tasks of an ended attempt went, by item. */
struct task_marks {
	struct task_mark {
		bool opened, graded; /* graded: there is a grading */
		enum grading_state state;
		struct box_row box;
		struct grading_row row; /* its strings are owned below */
		char *result, *reason;
		struct task_recording {
			char *name, sha256[HASH_HEX_SIZE];
		} * recordings;
		size_t n_recordings, cap_recordings;
	} * items;
	size_t n;
};
MUST_CHECK bool task_marks_load(struct store *st, int64_t attempt, size_t n_items, struct task_marks *ret, struct err *err);
void task_marks_finish(struct task_marks *m);
#define _cleanup_task_marks_ __attribute__((cleanup(task_marks_finish)))
/* The mark of a task item: from its grading, unanswered when nobody opened its box, else ungraded. */
void task_mark_item(const struct form_item *fi, const struct task_mark *tm, struct mark *ret);
