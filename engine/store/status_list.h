/* Status lists: which place stands for which value. Values are the proctor's numbers (proctor/keys.h); 0 is "valid". */
#pragma once
#include "store/store.h"

struct status_list_row {
	int64_t id;
	int64_t drawn;   /* places in use */
	int64_t changes; /* counts changes of values */
	int64_t created_ms;
};
/* ERR_NOT_FOUND. */
MUST_CHECK bool store_status_list_get(struct store *st, int64_t id, struct status_list_row *ret, struct err *err);
/* The newest one. */
MUST_CHECK bool store_status_list_last(struct store *st, struct status_list_row *ret, bool *ret_found, struct err *err);
MUST_CHECK bool store_status_list_add(struct store *st, int64_t now_ms, int64_t *ret_id, struct err *err);
/* Takes a place unless it is taken. */
MUST_CHECK bool store_status_take(struct store *st, int64_t list, int64_t place, bool *ret_taken, struct err *err);
/* ERR_NOT_FOUND when the place is not in use. */
MUST_CHECK bool store_status_get(struct store *st, int64_t list, int64_t place, int *ret, struct err *err);
/* Nothing when it has this value already. */
MUST_CHECK bool store_status_set(struct store *st, int64_t list, int64_t place, int value, struct err *err);
/* Every place whose value is not 0, by place. */
typedef void store_status_fn(void *arg, int64_t place, int value);
MUST_CHECK bool store_status_each(struct store *st, int64_t list, store_status_fn *fn, void *arg, struct err *err);
