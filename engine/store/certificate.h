/* Certificates, and what waits to become one. */
#pragma once
#include "base/hash.h"
#include "base/rng.h"
#include "store/attempt.h"
#include "store/store.h"

#define CERTIFICATE_ID_SIZE 37 /* a UUID */
#define CERTIFICATE_BYTES_MAX (1u << 20)
#define CERTIFICATE_NAME_SIZE 201
#define CERTIFICATE_REASON_SIZE 401

/* Superseded and withdrawn ones are revoked, too. Dates are no state: whether it has expired depends on when one asks. */
enum certificate_state {
	CERTIFICATE_VALID,
	CERTIFICATE_REVOKED,   /* by the operator */
	CERTIFICATE_CORRECTED, /* a corrected result does not pass any more */
	CERTIFICATE_SUSPENDED,
	CERTIFICATE_SUPERSEDED, /* another one has taken its place: another name, another score */
	CERTIFICATE_WITHDRAWN   /* by its holder: name and bytes are gone */
};

struct certificate_row {
	int64_t key, account, attempt;
	char id[CERTIFICATE_ID_SIZE], attempt_id[RNG_ID_SIZE];
	char bank_id[ATTEMPT_NAME_SIZE], exam[ATTEMPT_NAME_SIZE];
	char title[512];
	int result_n;
	char claims[HASH_HEX_SIZE], sha256[HASH_HEX_SIZE];
	enum certificate_state state;
	char reason[CERTIFICATE_REASON_SIZE]; /* empty: none */
	char name[CERTIFICATE_NAME_SIZE];     /* empty: none */
	int64_t status_list, status_index, result_log, log_index;
	int64_t issued_ms, awarded_ms, valid_until_ms; /* 0: for good */
	char renew_exam[ATTEMPT_NAME_SIZE];            /* empty: not renewable */
	int64_t renew_opens_ms;
	bool renew_expiry;
	int64_t valid_span_ms;
	int valid_span_months;
	int64_t renews, supersedes; /* keys; 0: none */
	bool shared, replay_shared, hidden;
	char renewed_by[CERTIFICATE_ID_SIZE], superseded_by[CERTIFICATE_ID_SIZE], supersedes_id[CERTIFICATE_ID_SIZE]; /* empty: none */
};

/* renewed_by, superseded_by, supersedes_id and attempt_id are looked up, not stored. What renewed the superseded one renews the new one. */
MUST_CHECK bool store_certificate_add(struct store *st, const struct certificate_row *row, struct str body, int64_t *ret_key,
                                      struct err *err);
/* What decides who may see one. *ret_found is false when there is none: that takes as long. */
struct certificate_access {
	int64_t account;
	enum certificate_state state;
	bool shared, replay_shared;
};
MUST_CHECK bool store_certificate_access(struct store *st, const char *id, struct certificate_access *ret, bool *ret_found,
                                         struct err *err);
/* ERR_NOT_FOUND. `body` may be NULL; a withdrawn one has none. */
MUST_CHECK bool store_certificate_get(struct store *st, const char *id, struct certificate_row *ret, struct buf *body, struct err *err);
MUST_CHECK bool store_certificate_by_key(struct store *st, int64_t key, struct certificate_row *ret, struct buf *body, struct err *err);
/* `reason` NULL: none. */
MUST_CHECK bool store_certificate_state(struct store *st, int64_t key, enum certificate_state state, const char *reason, struct err *err);
MUST_CHECK bool store_certificate_flags(struct store *st, int64_t key, bool shared, bool replay_shared, bool hidden, struct err *err);
/* Takes back of those that this one superseded, however far, what is not shared. */
MUST_CHECK bool store_certificate_hide_before(struct store *st, int64_t key, bool shared, bool replay_shared, struct err *err);
/* Name, bytes, reason and sharing are gone; what was logged and its place in the status list stay. */
MUST_CHECK bool store_certificate_withdraw(struct store *st, int64_t key, struct err *err);

/* `body` is valid during the call. */
typedef bool store_certificate_fn(void *arg, const struct certificate_row *row, struct str body, struct err *err);
/* Of an account, newest first, without withdrawn ones; bank_id NULL: of all banks. */
MUST_CHECK bool store_certificate_each(struct store *st, int64_t account, const char *bank_id, store_certificate_fn *fn, void *arg,
                                       struct err *err);
/* Earned with an attempt, oldest first, withdrawn ones too. */
MUST_CHECK bool store_certificate_of_attempt(struct store *st, int64_t attempt, store_certificate_fn *fn, void *arg, struct err *err);
/* All, oldest first: for the operator and the audit. */
MUST_CHECK bool store_certificate_all(struct store *st, store_certificate_fn *fn, void *arg, struct err *err);

/* Attempts whose newest result waits to be looked at. */
struct certificate_due {
	int64_t attempt;
	char attempt_id[RNG_ID_SIZE];
	int tries;
};
MUST_CHECK bool store_certificate_due_put(struct store *st, int64_t attempt, int64_t not_before_ms, struct err *err);
/* The next one that may be looked at; false in *ret_found when there is none. */
MUST_CHECK bool store_certificate_due_next(struct store *st, int64_t now_ms, struct certificate_due *ret, bool *ret_found, struct err *err);
MUST_CHECK bool store_certificate_due_done(struct store *st, int64_t attempt, struct err *err);
MUST_CHECK bool store_certificate_due_later(struct store *st, int64_t attempt, int64_t not_before_ms, const char *why, struct err *err);
/* How many wait, and what kept one of them back (empty: nothing yet). */
struct certificate_waiting {
	int64_t n;
	char why[512];
};
MUST_CHECK bool store_certificate_waiting(struct store *st, int64_t now_ms, struct certificate_waiting *ret, struct err *err);
