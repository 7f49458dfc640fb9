/* Signing keys, and how they are sealed. Purposes and states are the proctor's numbers (proctor/keys.h); 0 is the
 * state of the one key of a purpose that signs. */
#pragma once
#include "base/hash.h"
#include "store/store.h"

#define STORE_KEY_SIZE 32
#define STORE_SALT_SIZE 16
#define STORE_SEALED_MAX 128
#define STORE_KEYS_MAX 512 /* of all purposes, ever */

struct keyring_row {
	unsigned char salt[STORE_SALT_SIZE];
	int64_t ops, mem;
};
MUST_CHECK bool store_keyring_get(struct store *st, struct keyring_row *ret, bool *ret_found, struct err *err);
MUST_CHECK bool store_keyring_put(struct store *st, const struct keyring_row *row, struct err *err);

struct key_row {
	int64_t id;
	int purpose, state;
	unsigned char public_key[STORE_KEY_SIZE];
	unsigned char sealed[STORE_SEALED_MAX];
	size_t sealed_len; /* 0: it signs no more */
	int64_t created_ms;
	int64_t retired_ms, compromised_ms; /* 0: not */
	int64_t n_signed, needed_ms;        /* needed_ms: INT64_MAX when something that it signed is valid for ever */
};
MUST_CHECK bool store_key_add(struct store *st, const struct key_row *row, int64_t *ret_id, struct err *err);
/* Writes state, seal and times of a row. */
MUST_CHECK bool store_key_update(struct store *st, const struct key_row *row, struct err *err);
/* One more thing was signed with it, valid until then. */
MUST_CHECK bool store_key_used(struct store *st, int64_t id, int64_t until_ms, struct err *err);
/* All keys by purpose, oldest first; the caller frees the array. */
MUST_CHECK bool store_keys(struct store *st, struct key_row **ret, size_t *ret_n, struct err *err);
static inline void free_key_rows(struct key_row **rows)
{
	free(*rows);
}
#define _cleanup_key_rows_ _cleanup_(free_key_rows)

/* Moves on with every change: others notice by it. */
MUST_CHECK bool store_key_epoch(struct store *st, int64_t *ret, struct err *err);
MUST_CHECK bool store_key_epoch_next(struct store *st, struct err *err);

/* SHA-256 of the DID document as it was last published; empty at first. */
MUST_CHECK bool store_did_hash_get(struct store *st, char ret[HASH_HEX_SIZE], struct err *err);
MUST_CHECK bool store_did_hash_put(struct store *st, const char *hash, struct err *err);

/* The public address that the server was started with last; empty: none. At most `size` bytes with the NUL. */
MUST_CHECK bool store_public_url_get(struct store *st, char *ret, size_t size, struct err *err);
MUST_CHECK bool store_public_url_put(struct store *st, const char *url, struct err *err);
