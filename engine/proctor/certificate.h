/* Certificates: issued when an exam with a `certificate` is passed, kept, renewed, corrected, revoked, shared by their holders. */
#pragma once
#include "proctor/proctor.h"

/* Called by finish.c for each signed result of an exam attempt: issues, or, when a result was corrected, revokes what no longer follows
 * from it. Writer, inside the savepoint of the result. */
struct finished;
MUST_CHECK bool certificate_after_result(struct proctor *pr, struct store *wr, const struct finished *f, const char *result_hash,
                                         struct err *err);

/* The holder's wallet. */
MUST_CHECK bool certificate_list_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err);
MUST_CHECK bool certificate_show_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, struct buf *out,
                                      struct err *err);
MUST_CHECK bool certificate_change(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, const cJSON *body,
                                   struct buf *out, struct err *err);
MUST_CHECK bool certificate_name(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, const cJSON *body,
                                 struct buf *out, struct err *err);
MUST_CHECK bool certificate_delete(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, struct err *err);

/* What everybody may see when the holder shares it (the holder, examiners and operators always): the signed bytes, and what the page shows.
 * ERR_NOT_FOUND otherwise. */
struct certificate_public {
	struct str bytes;  /* of the signed credential; owned */
	char link[512];    /* what its QR code says */
	int64_t log_index; /* of the certificate; -1: not logged */
	int64_t status_list, status_index;
	bool replay_shared;
};
MUST_CHECK bool certificate_public(struct proctor *pr, struct store *rd, const struct caller *who, const char *id,
                                   struct certificate_public *ret, struct err *err);
void certificate_public_finish(struct certificate_public *c);

/* The operator (assay revoke). */
MUST_CHECK bool certificate_set_status(struct proctor *pr, struct store *wr, const char *id, int status, const char *reason,
                                       struct err *err);
