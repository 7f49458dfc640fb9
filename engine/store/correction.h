/* Corrections of how a question is scored in attempts that had it, and what each did to them. The newest of a question is in force. */
#pragma once
#include "base/hash.h"
#include "base/rng.h"
#include "base/str.h"
#include "store/store.h"

enum correction_how { CORRECTION_ORIGINAL, CORRECTION_KEY, CORRECTION_CREDIT, CORRECTION_DROP, CORRECTION_HOWS };

/* Strings are valid during the call that gives them. */
struct correction_row {
	int64_t id;
	const char *bank_id, *item_id;
	enum correction_how how;
	enum correction_how otherwise;   /* of `key`, where it cannot be applied: ORIGINAL leaves it as it was drawn */
	bool old_only;                   /* not for forms with the question as it stood then */
	int64_t version;                 /* the bank's newest then */
	struct str item;                 /* the question in it; p NULL: it had none */
	char text_sha256[HASH_HEX_SIZE]; /* of the question in it; empty: it had none */
	const char *reason, *who;
	int64_t at_ms;
	int64_t cursor, until; /* keys of attempts: looked at up to, of those up to */
	int64_t done_ms;       /* 0: not yet */
};
MUST_CHECK bool store_correction_add(struct store *st, const struct correction_row *row, int64_t *ret_id, struct err *err);
typedef bool store_correction_fn(void *arg, const struct correction_row *row, struct err *err);
/* Those in force at a bank: the newest of each question. */
MUST_CHECK bool store_correction_in_force(struct store *st, const char *bank_id, store_correction_fn *fn, void *arg, struct err *err);
/* All of a question, oldest first. */
MUST_CHECK bool store_correction_of_item(struct store *st, const char *bank_id, const char *item_id, store_correction_fn *fn, void *arg,
                                         struct err *err);
MUST_CHECK bool store_correction_get(struct store *st, int64_t id, store_correction_fn *fn, void *arg, struct err *err); /* ERR_NOT_FOUND */
/* The oldest that is not done, that one alone if id is not 0; *ret_id 0: none. */
MUST_CHECK bool store_correction_waiting(struct store *st, int64_t *ret_id, struct err *err);
MUST_CHECK bool store_correction_moved(struct store *st, int64_t id, int64_t cursor, int64_t done_ms, struct err *err);
/* From the beginning, for all attempts that there are. */
MUST_CHECK bool store_correction_again(struct store *st, int64_t id, struct err *err);

/* Attempts in exam mode of a bank with keys in (after, after + window] whose form may have the item: it is looked for in the bytes. */
typedef bool store_correction_attempt_fn(void *arg, int64_t key, const char *id, struct err *err);
MUST_CHECK bool store_correction_candidates(struct store *st, const char *bank_id, const char *item_id, int64_t after, int64_t window,
                                            store_correction_attempt_fn *fn, void *arg, struct err *err);
MUST_CHECK bool store_correction_last_attempt(struct store *st, int64_t *ret_key, struct err *err);

enum correction_outcome {
	CORRECTED_SAME, /* nothing changes */
	CORRECTED_CHANGED,
	CORRECTED_LEFT /* it cannot be applied: `why` */
};
struct corrected_row {
	int64_t correction, attempt;
	char attempt_id[RNG_ID_SIZE];
	enum correction_outcome outcome;
	const char *why;
	int result_n; /* 0: none */
	int before_m, after_m;
	bool passed_before, passed_after;
};
/* What an earlier run has noted stays, unless this one changed something. */
MUST_CHECK bool store_corrected_put(struct store *st, const struct corrected_row *row, struct err *err);
typedef bool store_corrected_fn(void *arg, const struct corrected_row *row, struct err *err);
MUST_CHECK bool store_corrected_each(struct store *st, int64_t correction, store_corrected_fn *fn, void *arg, struct err *err);
