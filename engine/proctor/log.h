/* The transparency log behind results and certificates: every one is committed to, salted, in the order in which it was made.
 *
 * An entry is "assay-log-entry/v1\nKIND\nHEX\n" with HEX = SHA-256(salt ‖ bytes). Nothing personal is in it. The tree is that of RFC 6962,
 * served as C2SP tlog-tiles; see credential/tlog.h. */
#pragma once
#include "proctor/proctor.h"

enum log_kind { LOG_RESULT, LOG_CERTIFICATE, LOG_REVOCATION, LOG_KEY, LOG_DID };
#define LOG_SALT_SIZE 32

/* Appends a commitment to `bytes`, in the transaction of what it commits to. Draws the salt, which the caller keeps beside the bytes.
 * Writer, inside a savepoint. */
MUST_CHECK bool log_append(struct proctor *pr, struct store *wr, enum log_kind kind, struct str bytes,
                           unsigned char ret_salt[LOG_SALT_SIZE], int64_t *ret_index, struct err *err);
/* "c2sp.org/tlog-proof@v1" of an entry against the newest signed checkpoint. */
MUST_CHECK bool log_proof(struct proctor *pr, struct store *rd, int64_t index, struct buf *out, struct err *err);
/* "NAME+HEX+BASE64": the log's verifier key, and its origin. */
MUST_CHECK bool log_vkey(struct proctor *pr, char *ret, size_t size, struct err *err);
