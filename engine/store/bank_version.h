/* Compiled versions of banks, their pictures, and the files of their tasks (as application/octet-stream). Immutable: added once, never
 * changed or removed. */
#pragma once
#include "base/hash.h"
#include "store/store.h"

/* Adds a version unless its hash is there; *ret_id is its row either way. */
MUST_CHECK bool store_version_add(struct store *st, const char *hash, const char *bank_id, struct str compiled, int64_t now_ms,
                                  int64_t *ret_id, struct err *err);
/* The row of a hash; *ret_id 0 when it is not there. */
MUST_CHECK bool store_version_find(struct store *st, const char *hash, int64_t *ret_id, struct err *err);
/* The row that was added last for a bank; 0 when there is none. */
MUST_CHECK bool store_version_newest(struct store *st, const char *bank_id, int64_t *ret_id, struct err *err);
MUST_CHECK bool store_version_get(struct store *st, int64_t id, char ret_hash[HASH_HEX_SIZE], struct buf *compiled, struct err *err);

MUST_CHECK bool store_media_add(struct store *st, const char *hash, const char *mime, struct str bytes, struct err *err);
MUST_CHECK bool store_media_get(struct store *st, const char *hash, char *ret_mime, size_t mime_size, struct buf *out, struct err *err);

/* Everything that is stored beside the SHA-256 of its bytes: forms ("form of attempt …") and bank versions ("version of bank …"). */
typedef bool store_hashed_fn(void *arg, const char *what, struct str bytes, const char *hash, struct err *err);
MUST_CHECK bool store_hashed_each(struct store *st, store_hashed_fn *fn, void *arg, struct err *err);
