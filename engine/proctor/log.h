/* The transparency log behind results and certificates: every one is committed to, salted, in the order in which it was made.
 *
 * An entry is "assay-log-entry/v1\nKIND\nHEX\n" with HEX = SHA-256(salt ‖ bytes), see credential/log_proof.h. Nothing personal is in it.
 * The tree is that of RFC 6962, served as C2SP tlog-tiles. The log itself keeps salt and reference of each entry, so what is logged needs
 * no columns for them. Everything is in the database, nothing in memory: an entry that is rolled back leaves no trace, and commands may
 * append beside a server.
 *
 * Checkpoints are signed into the database too, by the tick after a commit, and served from there: so one never covers what can still be
 * rolled back, and never goes back. */
#pragma once
#include "proctor/proctor.h"

enum log_kind { LOG_RESULT, LOG_CERTIFICATE, LOG_REVOCATION, LOG_KEY, LOG_DID, LOG_KINDS };
#define LOG_REFERENCE_MAX 200

/* Appends a commitment to `bytes`, in the transaction of what it commits to. `reference` names them, so that they can be found and audited
 * again: "ATTEMPT-KEY N" of a result (finish_result() logs these itself: see log_find), the id of a certificate; for the other kinds a text
 * of the caller's, and the bytes (at most 1 MiB) are kept with the entry. ERR_CONFLICT: a result that is logged already.
 * ret_index may be NULL.
 * Writer, inside a savepoint. */
MUST_CHECK bool log_append(struct proctor *pr, struct store *wr, enum log_kind kind, const char *reference, struct str bytes,
                           int64_t *ret_index, struct err *err);
/* The index of what was logged under a reference, the newest of several; ERR_NOT_FOUND. Any connection. */
MUST_CHECK bool log_find(struct store *st, enum log_kind kind, const char *reference, int64_t *ret_index, struct err *err);
char *log_result_reference(int64_t attempt_key, int n); /* owned by the caller */

/* "c2sp.org/tlog-proof@v1" of an entry against the newest signed checkpoint, or the newest cosigned one that covers it. Its `extra` line
 * holds kind and salt: only for whoever may see what is logged. ERR_NOT_FOUND: no such entry, or not signed yet (about a second). */
MUST_CHECK bool log_proof(struct proctor *pr, struct store *rd, int64_t index, struct buf *out, struct err *err);
/* "NAME+HEX+BASE64": the log's verifier key. Its NAME is the origin of the checkpoints. */
MUST_CHECK bool log_vkey(struct proctor *pr, char *ret, size_t size, struct err *err);
