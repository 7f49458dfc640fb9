/* How each item went, attempt by attempt: for practice by what was missed, flagged or never seen, and for progress over time. */
#pragma once
#include "exam/exam.h"
#include "store/store.h"

struct outcome_row {
	int64_t account, attempt;
	const char *bank_id, *item_id, *domain;
	int64_t at_ms, release_ms;
	bool told, flagged;
	enum mark_outcome outcome;
	int share_m, confidence; /* confidence: percent, or EVENT_NONE */
	int64_t spent_ms;
};
/* Added, or replaced by a re-marking. */
MUST_CHECK bool store_outcome_put(struct store *st, const struct outcome_row *row, struct err *err);
/* The item counts no more in this attempt. */
MUST_CHECK bool store_outcome_drop(struct store *st, int64_t account, const char *bank_id, const char *item_id, int64_t attempt,
                                   struct err *err);
typedef bool store_outcome_fn(void *arg, const struct outcome_row *row, struct err *err);
/* Of one bank (NULL: all), by bank, item and time. */
MUST_CHECK bool store_outcome_each(struct store *st, int64_t account, const char *bank_id, store_outcome_fn *fn, void *arg,
                                   struct err *err);
