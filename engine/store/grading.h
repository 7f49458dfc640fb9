/* Gradings of hands-on tasks: the queue and its results.
 *
 * A worker claims a row under a lease and gets a fencing number; what it stores later is refused when the row was claimed again since.
 * Leases and waits are service time: a stop of the server neither uses them up nor makes a worker look late. */
#pragma once
#include "base/hash.h"
#include "base/rng.h"
#include "store/box.h"
#include "store/store.h"
#include <stdint.h>

/* Stands in the result of a grading whose box was lost before its end state was kept. */
#define GRADING_LOST_NOTE "The box was lost before its end state was kept: this is a snapshot from up to a minute before the end."
#define GRADING_RESULT_MAX (64u << 20) /* 100 checks of 64 KiB, twice, escaped */
#define GRADING_OBSERVATIONS_MAX (16u << 20)
#define GRADING_IMAGE_SIZE 80
#define GRADING_ENGINE_SIZE 40

/* GRADING_REVIEW: no run gave a grade, so a person decides. */
enum grading_state { GRADING_QUEUED, GRADING_RUNNING, GRADING_DONE, GRADING_REVIEW };

/* Adds the next grading of an item to the queue. */
MUST_CHECK bool store_grading_add(struct store *st, int64_t attempt, int item, int64_t account, int64_t now_ms, struct err *err);

struct grading_claim {
	int64_t id, attempt, fence;
	int item, tries;
	char attempt_id[RNG_ID_SIZE];
	char snapshot[HASH_HEX_SIZE]; /* empty: not kept yet */
	char box[BOX_NAME_SIZE];
};
/* The next one that may run: accounts take turns, within one the oldest comes first; and those whose lease has run out. False in *ret_found
 * when there is none. `observations` gets what an earlier run of it saw. */
MUST_CHECK bool store_grading_claim(struct store *st, int64_t now_service_ms, int64_t lease_ms, struct grading_claim *ret,
                                    struct buf *observations, bool *ret_found, struct err *err);
/* The worker is alive; ERR_CONFLICT when it has lost the claim. So say all of these three. */
MUST_CHECK bool store_grading_renew(struct store *st, const struct grading_claim *c, int64_t now_service_ms, int64_t lease_ms,
                                    struct err *err);
MUST_CHECK bool store_grading_snapshot(struct store *st, const struct grading_claim *c, const char *snapshot, struct err *err);

struct grading_outcome {
	enum grading_state state;
	int tries;
	int64_t not_before_ms, finished_ms; /* finished_ms 0: not yet */
	int64_t points_m, max_m;
	const char *task, *grader, *image, *engine, *result;
	struct str observations; /* p NULL: keep those that are there */
};
MUST_CHECK bool store_grading_finish(struct store *st, const struct grading_claim *c, const struct grading_outcome *o, struct err *err);
/* At the start of a server: nobody else works on this folder, so what was running is not any more. */
MUST_CHECK bool store_grading_release(struct store *st, struct err *err);
/* A person asks for another run of a grading that is in review. ERR_CONFLICT when it is not. */
MUST_CHECK bool store_grading_again(struct store *st, int64_t attempt, int item, struct err *err);
/* When the next one may run (service time), INT64_MAX: none waits. */
MUST_CHECK bool store_grading_next(struct store *st, int64_t *ret_ms, struct err *err);

/* The newest grading of an item. Strings are valid during the call, or until the next look. */
struct grading_row {
	int64_t id, attempt;
	int item, n, tries;
	enum grading_state state;
	int64_t queued_ms, finished_ms, points_m, max_m, ahead;
	char snapshot[HASH_HEX_SIZE], task[HASH_HEX_SIZE], grader[HASH_HEX_SIZE], image[GRADING_IMAGE_SIZE], engine[GRADING_ENGINE_SIZE];
	const char *reason, *result; /* or NULL */
	struct str observations;
};
typedef bool store_grading_fn(void *arg, const struct grading_row *row, struct err *err);
/* Of an attempt, in the order of its form; `ahead` counts those that wait in front of it. */
MUST_CHECK bool store_grading_each(struct store *st, int64_t attempt, store_grading_fn *fn, void *arg, struct err *err);
/* A finished one beside those that are there: a kept snapshot was graded again. */
MUST_CHECK bool store_grading_redo(struct store *st, int64_t attempt, int item, int64_t account, const char *snapshot, const char *reason,
                                   const struct grading_outcome *o, struct err *err);
/* Attempts with gradings in review, and attempts at a bank that have kept snapshots; oldest first. */
MUST_CHECK bool store_grading_reviews(struct store *st, char (*ret_ids)[RNG_ID_SIZE], size_t max, size_t *ret_n, struct err *err);
typedef bool store_attempt_id_fn(void *arg, const char *attempt_id, struct err *err);
MUST_CHECK bool store_grading_attempts(struct store *st, const char *bank_id, store_attempt_id_fn *fn, void *arg, struct err *err);

struct grading_counts {
	int64_t queued, running, review;
};
MUST_CHECK bool store_grading_counts(struct store *st, struct grading_counts *ret, struct err *err);
/* Whether a kept snapshot is named by a grading. */
typedef bool store_snapshot_fn(void *arg, const char *sha256, struct err *err);
MUST_CHECK bool store_grading_snapshots(struct store *st, store_snapshot_fn *fn, void *arg, struct err *err);
