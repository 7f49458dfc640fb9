/* As a witness of other logs: what was cosigned last. */
#pragma once
#include "base/hash.h"
#include "store/store.h"

struct witnessed_row {
	int64_t size, at_ms;
	unsigned char root[HASH_SIZE];
};
/* A log that was never cosigned has size 0. */
MUST_CHECK bool store_witnessed_get(struct store *st, const char *origin, struct witnessed_row *ret, struct err *err);
MUST_CHECK bool store_witnessed_put(struct store *st, const char *origin, const struct witnessed_row *row, struct err *err);
