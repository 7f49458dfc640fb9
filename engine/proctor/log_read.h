/* The log as others read it, and this server as a witness of other logs. What comes in is hostile. */
#pragma once
#include "proctor/proctor.h"

/* The newest signed checkpoint, with the cosignatures of witnesses. ERR_BUSY before the first one. */
MUST_CHECK bool log_checkpoint(struct proctor *pr, struct store *rd, struct buf *out, struct err *err);
/* A tile or a bundle by what comes behind "tile/" (credential/tiles.h): ERR_NOT_FOUND for what the signed log does not have. */
MUST_CHECK bool log_tile(struct proctor *pr, struct store *rd, const char *path, struct buf *out, struct err *err);
/* All keys that this log was ever signed with, as a policy without witnesses. */
struct log_policy;
MUST_CHECK bool log_own_policy(struct proctor *pr, struct store *st, struct log_policy *ret, struct err *err);
/* What a witness has to be sent (c2sp.org/tlog-witness) for the newest checkpoint, by one that has cosigned `old` entries. */
MUST_CHECK bool log_witness_request(struct proctor *pr, struct store *rd, int64_t old, struct buf *out, struct err *err);
/* Adds the cosignatures that a witness answered with (signature lines, or a whole cosigned checkpoint) to the checkpoint that they are
 * about: those by the given keys (verifier keys, one a line), each checked. *ret_n were added to the checkpoint of *ret_size entries.
 * Writer. */
MUST_CHECK bool log_add_cosignatures(struct proctor *pr, struct store *wr, struct str lines, struct str vkeys, int *ret_n,
                                     int64_t *ret_size, struct err *err);

/* The witness (witness.c). `logs`: verifier keys of the logs that are cosigned, one a line, as a policy has them ("log VKEY") or alone. */
struct witness;
MUST_CHECK bool witness_create(struct str logs, struct witness **ret, struct err *err);
void witness_destroy(struct witness *w);
/* Cosigns a checkpoint that continues what was cosigned before. *ret_status: 200 with the cosignature, 400, 403, 404, 409 with the size
 * that was cosigned last, 422; `out` gets the answer's body. False only when the store fails. Writer: what was cosigned is committed before
 * the answer is sent. */
MUST_CHECK bool witness_add_checkpoint(struct proctor *pr, struct store *wr, struct str request, int *ret_status, struct buf *out,
                                       struct err *err);
/* "NAME+HEX+BASE64" of this server as a witness. */
MUST_CHECK bool witness_vkey(struct proctor *pr, char *ret, size_t size, struct err *err);
