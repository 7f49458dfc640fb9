/* Signed results, stored verbatim. */
#pragma once
#include "base/hash.h"
#include "store/store.h"

#define RESULT_SIGNATURE_SIZE 64 /* Ed25519 */
#define RESULT_KEY_SIZE 32

struct result_row {
	int64_t attempt;
	int n; /* from 1 */
	struct str body, public_body;
	unsigned char signature[RESULT_SIGNATURE_SIZE], public_signature[RESULT_SIGNATURE_SIZE], public_key[RESULT_KEY_SIZE];
	char hash[HASH_HEX_SIZE], previous[HASH_HEX_SIZE];
	int64_t created_ms;
};
MUST_CHECK bool store_result_add(struct store *st, const struct result_row *row, struct err *err);
/* The newest result of an attempt; ERR_NOT_FOUND. The bodies are copied into the buffers and ret's point there; either buffer may be NULL.
 */
MUST_CHECK bool store_result_get(struct store *st, int64_t attempt, struct result_row *ret, struct buf *body, struct buf *public_body,
                                 struct err *err);

/* The body of an earlier one. */
MUST_CHECK bool store_result_body(struct store *st, int64_t attempt, int n, struct buf *body, struct err *err);

/* Every result with its attempt's id and form, by attempt and n: for checking them all. The views are valid during the call. */
struct result_check {
	struct result_row row;
	const char *attempt_id, *form_hash;
	struct str form;
};
typedef bool store_result_fn(void *arg, const struct result_check *check, struct err *err);
MUST_CHECK bool store_result_each(struct store *st, store_result_fn *fn, void *arg, struct err *err);
