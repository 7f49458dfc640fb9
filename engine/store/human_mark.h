/* Marks that people gave. Only ever added to: a mark that was changed, or taken back, stays with its time. */
#pragma once
#include "store/store.h"

struct human_mark {
	int item; /* index in the form */
	int64_t points_m, at_ms;
	const char *marker, *comment; /* comment may be NULL */
	int part;                     /* enum mark_part in exam/markers.h */
	int64_t account;              /* the marker's; 0: a name that the operator gave */
	const char *criteria;         /* JSON, or NULL: the answer was marked as a whole */
	const char *item_id;          /* the author's; NULL in marks from before version 8 */
	int64_t max_m;
	int64_t id; /* read only */
};

MUST_CHECK bool store_human_mark_add(struct store *st, int64_t attempt, const struct human_mark *mark, struct err *err);
typedef bool store_human_mark_fn(void *arg, const struct human_mark *mark, struct err *err);
/* All marks of an attempt that were not taken back, in the order in which they were given. */
MUST_CHECK bool store_human_mark_each(struct store *st, int64_t attempt, store_human_mark_fn *fn, void *arg, struct err *err);
MUST_CHECK bool store_human_mark_withdraw(struct store *st, int64_t id, int64_t at_ms, struct err *err);

/* How many answers somebody has marked, by exam and item. */
typedef bool store_human_mark_count_fn(void *arg, const char *bank_id, const char *exam, const char *item_id, int64_t n, struct err *err);
MUST_CHECK bool store_human_mark_counts(struct store *st, const char *marker, store_human_mark_count_fn *fn, void *arg, struct err *err);
/* Blind marks (part 1) of attempts that have their result, by attempt and item, each in the order in which they were given. */
typedef bool store_human_mark_blind_fn(void *arg, int64_t attempt, const char *bank_id, const char *exam, const struct human_mark *mark,
                                       struct err *err);
MUST_CHECK bool store_human_mark_blind(struct store *st, store_human_mark_blind_fn *fn, void *arg, struct err *err);
