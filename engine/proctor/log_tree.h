/* Inside the log: its tree in the store, who signs it, and the checkpoints. */
#pragma once
#include "credential/log_proof.h"
#include "credential/tiles.h"
#include "proctor/internal.h"
#include "proctor/log.h"
#include "store/log.h"

const char *log_kind_name(int kind); /* NULL: there is none such */

/* ---- The tree (log_tree.c) ---- */

/* The tree of the first `size` entries: tiles out of the store. The caller destroys it. */
struct tiles *log_tiles(struct store *st, int64_t size);
#define _cleanup_tiles_ __attribute__((cleanup(tiles_destroyp)))
tile_read_fn log_read_tile; /* its arg is the connection */
/* After entry n was stored: writes the tiles that are full with it. */
MUST_CHECK bool log_grow(struct store *wr, int64_t n, struct err *err);
MUST_CHECK bool log_root(struct store *st, int64_t size, unsigned char ret[HASH_SIZE], struct err *err);

/* ---- Signing (log_sign.c) ---- */

/* The key that signs checkpoints, under the log's origin. ret_secret NULL: only the public part is wanted, nothing has to be unsealed. */
MUST_CHECK bool log_signer(struct proctor *pr, struct note_key *ret_key, const struct sign_key **ret_secret, struct err *err);
/* The name that this server goes by as a witness, with the key that cosigns. */
MUST_CHECK bool log_witness_signer(struct proctor *pr, struct note_key *ret_key, const struct sign_key **ret_secret, struct err *err);
/* All keys that this log was ever signed with, as a policy. */
MUST_CHECK bool log_own_policy(struct proctor *pr, struct store *st, struct log_policy *ret, struct err *err);
/* Signs what has grown since the newest checkpoint, if anything. ERR_CONFLICT, with what is wrong, when the log is not a continuation of
 * what was signed: then it stays unsigned. Writer. */
MUST_CHECK bool log_sign(struct proctor *pr, struct store *wr, struct err *err);
/* The same for the writer: what stands in the way is said in the server's log, once. */
void log_tick(struct proctor *pr, struct store *wr);
/* A checkpoint as it is served: body, signature, cosignatures. */
MUST_CHECK bool log_checkpoint_text(struct store *st, const struct log_checkpoint *c, struct buf *out, struct err *err);

/* At the start: the log's name. */
MUST_CHECK bool log_fix_origin(struct proctor *pr, struct err *err);
/* At the start: enters the results from before the log, in order. */
MUST_CHECK bool log_start(struct proctor *pr, struct err *err);
