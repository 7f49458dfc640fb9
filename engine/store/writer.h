/* The writer: one thread that owns the writing connection and commits for everybody at once.
 *
 * A job handed in is run inside its own savepoint; all that wait are run in one transaction, committed once (WAL,
 * synchronous=FULL), and only then handed back, so that "saved" is said after the fsync. A job that fails rolls back alone. When a
 * commit fails, every job of the group fails with ERR_READ_ONLY and the writer refuses all further jobs until a tick, which then has to
 * write, finds the storage working again; after an I/O error, until the next start. */
#pragma once
#include "base/err.h"
#include "store/store.h"

struct writer;

struct writer_job {
	struct writer_job *next;                                                /* the queue's */
	bool (*run)(struct writer_job *job, struct store *wr, struct err *err); /* writer thread, inside the savepoint */
	struct err err;                                                         /* outcome, when ok is false */
	bool ok;
};

struct writer_config {
	struct store *store;
	size_t queue_max;
	/* Writer thread, about once a second and after each group: see proctor_tick. Runs in a transaction of its own. */
	int64_t (*tick)(void *arg, struct store *wr, struct err *err);
	void (*seal)(void *arg, struct store *wr); /* may be NULL; writer thread, in a group's transaction, after its jobs */
	void (*forget)(void *arg);                 /* after a rollback: cached state may be wrong, and the next tick has to write something */
	void *arg;
};

MUST_CHECK bool writer_create(const struct writer_config *config, struct writer **ret, struct err *err);
/* Finishes what is queued, then stops the thread. */
void writer_destroy(struct writer *w);
/* Queues a job; ERR_BUSY when the queue is full, ERR_READ_ONLY after a failed commit. */
MUST_CHECK bool writer_submit(struct writer *w, struct writer_job *job, struct err *err);
/* An eventfd that is readable when jobs are finished; then writer_finished() gives them as a list, in commit order. */
int writer_event_fd(const struct writer *w);
struct writer_job *writer_finished(struct writer *w);
/* Runs a job and waits for it: for the pool and for commands. Not from the loop. */
MUST_CHECK bool writer_call(struct writer *w, struct writer_job *job, struct err *err);
/* False after a failed commit. */
bool writer_healthy(const struct writer *w);
