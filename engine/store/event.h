/* What happened in an attempt, in order; only ever appended to. And the candidate's notes, of which the last counts. */
#pragma once
#include "base/str.h"
#include "store/store.h"
#include <stdint.h>

enum event_kind {
	EVENT_BEGIN = 1,
	EVENT_ANSWER,
	EVENT_CLAIM,   /* another tab or device took over */
	EVENT_MOVE,    /* item: where to */
	EVENT_SECTION, /* item: the section that was left */
	EVENT_ADVANCE, /* a section or break ran out; item: the section that came */
	EVENT_SUBMIT,
	EVENT_EXPIRE, /* the time was up */
	EVENT_EXPECTATION,
	EVENT_REMARK, /* a new result */
	/* Hands-on tasks; item: which one */
	EVENT_BOX_OPEN,
	EVENT_BOX_RESET,
	EVENT_BOX_RESTORED, /* it was lost, and goes on from its last snapshot */
	EVENT_CHECK,        /* study: and these two */
	EVENT_HINT,
	EVENT_SOLUTION
};

#define EVENT_NONE (-1) /* confidence: not given */

struct event {
	int64_t attempt, n; /* n from 1 */
	enum event_kind kind;
	int64_t at_ms, service_ms;
	/* Answers, and `item` where the kind says so: */
	int item;
	int64_t seq, late_ms;
	bool flagged;
	int confidence; /* percent; EVENT_NONE */
	int64_t spent_ms;
	struct str body; /* canonical JSON; p NULL: cleared */
};

MUST_CHECK bool store_event_add(struct store *st, const struct event *e, struct err *err);
/* The events' number (the last n) and the sum of the bodies' sizes. */
MUST_CHECK bool store_event_totals(struct store *st, int64_t attempt, int64_t *ret_n, int64_t *ret_bytes, struct err *err);
typedef bool store_event_fn(void *arg, const struct event *e, struct err *err); /* e->body is valid during the call */
/* The last answer of each item, in the order of the form. */
MUST_CHECK bool store_event_latest(struct store *st, int64_t attempt, size_t n_items, store_event_fn *fn, void *arg, struct err *err);
/* Items whose last answer is not cleared, and tasks whose box was opened. */
MUST_CHECK bool store_event_answered(struct store *st, int64_t attempt, size_t n_items, int *ret, struct err *err);
/* The answer with this sequence number, among the last `depth` events: when it was saved, and (unless body is NULL) what it was; *ret_at_ms
 * 0 when it is not among them. */
MUST_CHECK bool store_event_find(struct store *st, int64_t attempt, int item, int64_t seq, int64_t depth, int64_t *ret_at_ms,
                                 int64_t *ret_late_ms, struct buf *body, struct err *err);
/* Answers that came late, in order. */
MUST_CHECK bool store_event_late(struct store *st, int64_t attempt, store_event_fn *fn, void *arg, struct err *err);

MUST_CHECK bool store_note_put(struct store *st, int64_t attempt, int item, struct str body, int64_t at_ms, struct err *err);
typedef bool store_note_fn(void *arg, int item, struct str body, struct err *err);
MUST_CHECK bool store_note_each(struct store *st, int64_t attempt, store_note_fn *fn, void *arg, struct err *err);
