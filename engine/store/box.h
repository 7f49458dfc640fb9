/* Boxes of attempts: which tasks were opened, and what happened to their boxes. */
#pragma once
#include "base/rng.h"
#include "store/store.h"
#include <stdint.h>

#define BOX_NAME_SIZE 65
#define BOX_CHECK_MAX (4u << 20)

/* BOX_OPENING: being prepared; after a crash it may be half made. */
enum box_state { BOX_OPENING, BOX_OPEN, BOX_CLOSED };

struct box_row {
	int64_t attempt;
	int item;
	char name[BOX_NAME_SIZE];
	enum box_state state;
	int resets, restored, hints;
	int64_t restored_ms, opened_ms;
	bool gave_up;
};

/* *ret_found is false when nobody has opened it. `check` may be NULL; else the last check is appended, if there was one. */
MUST_CHECK bool store_box_get(struct store *st, int64_t attempt, int item, struct box_row *ret, bool *ret_found, struct buf *check,
                              struct err *err);
/* Adds it, or changes everything but the last check. */
MUST_CHECK bool store_box_put(struct store *st, const struct box_row *row, struct err *err);
MUST_CHECK bool store_box_check(struct store *st, int64_t attempt, int item, const char *json, struct err *err);
MUST_CHECK bool store_box_closed(struct store *st, const char *name, struct err *err);

/* Boxes that are not closed: of all attempts, and of one account. */
struct box_counts {
	int64_t all, account;
};
MUST_CHECK bool store_box_counts(struct store *st, int64_t account, struct box_counts *ret, struct err *err);

typedef bool store_box_fn(void *arg, const struct box_row *row, struct err *err);
/* Of one attempt, in the order of its form. */
MUST_CHECK bool store_box_each(struct store *st, int64_t attempt, store_box_fn *fn, void *arg, struct err *err);

struct shell_row {
	int shell;
	char box[BOX_NAME_SIZE];
	uint32_t exec;
	int64_t started_ms;
};
MUST_CHECK bool store_shell_put(struct store *st, int64_t attempt, int item, const struct shell_row *row, struct err *err);
/* In the order of their numbers; at most `max`. */
MUST_CHECK bool store_shells(struct store *st, int64_t attempt, int item, struct shell_row *ret, size_t max, size_t *ret_n,
                             struct err *err);

/* A box that is not closed, with where its attempt stands and whether a grading still needs it. */
struct box_live {
	struct box_row row;
	char attempt_id[RNG_ID_SIZE];
	bool running;  /* the attempt */
	bool over;     /* its time is up, although it is not ended yet: what was sent in time may still arrive */
	bool awaited;  /* a grading is queued or runs */
	bool snapshot; /* and its snapshot is kept already */
};
typedef bool store_box_live_fn(void *arg, const struct box_live *box, struct err *err);
MUST_CHECK bool store_box_live_each(struct store *st, store_box_live_fn *fn, void *arg, struct err *err); /* by name */

struct recording_row {
	int item;
	const char *name, *sha256;
	int64_t size;
};
MUST_CHECK bool store_recording_put(struct store *st, int64_t attempt, const struct recording_row *row, struct err *err);
typedef bool store_recording_fn(void *arg, const struct recording_row *row, struct err *err);
MUST_CHECK bool store_recordings_all(struct store *st, store_recording_fn *fn, void *arg, struct err *err); /* by name */
MUST_CHECK bool store_recording_each(struct store *st, int64_t attempt, store_recording_fn *fn, void *arg, struct err *err);
