/* Releases of banks: the highest number that was seen of each, and which stored versions are official. */
#pragma once
#include "base/hash.h"
#include "store/store.h"

struct bank_trust_row {
	int64_t number; /* 0: never official */
	char sha256[HASH_HEX_SIZE];
};
/* The highest release seen of a bank. */
MUST_CHECK bool store_bank_trust_get(struct store *st, const char *bank_id, struct bank_trust_row *ret, struct err *err);
MUST_CHECK bool store_bank_trust_put(struct store *st, const char *bank_id, const struct bank_trust_row *row, int64_t now_ms,
                                     struct err *err);
/* ERR_NOT_FOUND when it never was official. */
MUST_CHECK bool store_bank_trust_forget(struct store *st, const char *bank_id, struct err *err);

/* The last release of a bank, for when its folder is refused. */
struct bank_good_row {
	int64_t version, expires_ms;
	char roots[HASH_HEX_SIZE]; /* who was trusted then */
};
MUST_CHECK bool store_bank_good_put(struct store *st, const char *bank_id, const char *dir, const struct bank_good_row *row,
                                    struct err *err);
/* That of the bank in this folder, with its release and the names of who signed it (the caller's); version 0: none, or it is not the
 * highest that was seen. */
MUST_CHECK bool store_bank_good_get(struct store *st, const char *dir, struct bank_good_row *ret, struct bank_trust_row *ret_release,
                                    char **ret_signers, struct err *err);

/* Which release a stored version is; number 0: none, it is unofficial. A version that was official once stays so. */
MUST_CHECK bool store_bank_release_get(struct store *st, int64_t version, struct bank_trust_row *ret, struct err *err);
MUST_CHECK bool store_bank_release_put(struct store *st, int64_t version, const struct bank_trust_row *row, const char *signers,
                                       struct err *err);
