/* Accounts, their sessions and tokens. Secrets come in as hashes only. */
#pragma once
#include "base/hash.h"
#include "store/store.h"

#define ACCOUNT_LOCAL 1
#define ACCOUNT_NAME_SIZE 65  /* 64 bytes of UTF-8 and a NUL */
#define ACCOUNT_HASH_SIZE 128 /* crypto_pwhash_STRBYTES */
#define CSRF_SIZE 44

struct account_row {
	int64_t id;
	char name[ACCOUNT_NAME_SIZE];
	int role;
	char password[ACCOUNT_HASH_SIZE]; /* empty: none */
	int extra_time_m;
	bool disabled;
	int64_t created_ms;
};

MUST_CHECK bool store_account_by_name(struct store *st, const char *name, struct account_row *ret, struct err *err); /* ERR_NOT_FOUND */
MUST_CHECK bool store_account_get(struct store *st, int64_t id, struct account_row *ret, struct err *err);
MUST_CHECK bool store_account_add(struct store *st, const struct account_row *row, int64_t *ret_id, struct err *err); /* ERR_CONFLICT */
MUST_CHECK bool store_account_update(struct store *st, const struct account_row *row, struct err *err); /* all but id, name, created_ms */
typedef bool store_account_fn(void *arg, const struct account_row *row, struct err *err);
MUST_CHECK bool store_account_each(struct store *st, store_account_fn *fn, void *arg, struct err *err); /* by name */
MUST_CHECK bool store_account_any(struct store *st, bool *ret, struct err *err);                        /* any but the local person */

/* Counts changes that end or narrow somebody's access: caches of sessions ask for it. */
MUST_CHECK bool store_account_epoch(struct store *st, int64_t *ret, struct err *err);
MUST_CHECK bool store_account_epoch_next(struct store *st, struct err *err);

struct session_row {
	int64_t id, account;
	char csrf[CSRF_SIZE];
	int64_t created_ms, seen_ms;
};
MUST_CHECK bool store_session_add(struct store *st, const struct session_row *row, const unsigned char hash[HASH_SIZE], int64_t *ret_id,
                                  struct err *err);
MUST_CHECK bool store_session_get(struct store *st, const unsigned char hash[HASH_SIZE], struct session_row *ret,
                                  struct err *err); /* ERR_NOT_FOUND */
MUST_CHECK bool store_session_seen(struct store *st, int64_t id, int64_t seen_ms, struct err *err);
MUST_CHECK bool store_session_delete(struct store *st, int64_t id, struct err *err);
MUST_CHECK bool store_session_delete_all(struct store *st, int64_t account, struct err *err);
MUST_CHECK bool store_session_delete_old(struct store *st, int64_t created_before_ms, int64_t seen_before_ms, struct err *err);

MUST_CHECK bool store_token_add(struct store *st, int64_t account, const unsigned char hash[HASH_SIZE], int64_t now_ms, struct err *err);
MUST_CHECK bool store_token_get(struct store *st, const unsigned char hash[HASH_SIZE], int64_t *ret_account,
                                struct err *err); /* ERR_NOT_FOUND */
MUST_CHECK bool store_token_delete_all(struct store *st, int64_t account, struct err *err);
