/* Certificates: issued when an exam with a `certificate` is passed, kept, renewed, corrected, revoked, shared by their holders. */
#pragma once
#include "proctor/proctor.h"
#include "store/certificate.h"

/* Called by finish.c for each signed and logged result: issues, or, when a result was corrected, issues again or revokes what no longer
 * follows from it. What cannot be done now is done by the tick. Writer, inside the savepoint of the result. */
struct finished;
MUST_CHECK bool certificate_after_result(struct proctor *pr, struct store *wr, const struct finished *f, struct err *err);

/* The holder's wallet. */
MUST_CHECK bool certificate_list_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err);
MUST_CHECK bool certificate_show_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, struct buf *out,
                                      struct err *err);
/* {shared?, replay_shared?, hidden?} */
MUST_CHECK bool certificate_change(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, const cJSON *body,
                                   struct buf *out, struct err *err);
/* {name}: issues again; the reply is the new one. */
MUST_CHECK bool certificate_name(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, const cJSON *body,
                                 struct buf *out, struct err *err);
/* Withdraws: name, bytes and sharing are gone, the status list says revoked. */
MUST_CHECK bool certificate_delete(struct proctor *pr, struct store *wr, const struct caller *who, const char *id, struct err *err);
/* "certificate": {id, state} of an attempt's result, for its owner; nothing when there is none. */
MUST_CHECK bool certificate_of_result(struct proctor *pr, struct store *rd, int64_t attempt, cJSON *result, struct err *err);

/* What everybody may see when the holder shares it (the holder, examiners and operators always): the signed bytes, and what the page shows.
 * ERR_NOT_FOUND otherwise, the same as for an id that does not exist. */
struct certificate_public {
	struct certificate_row row;
	struct str bytes; /* of the signed credential; owned */
	char link[512];   /* what its QR code says */
	bool holder_view; /* the caller is its holder */
};
MUST_CHECK bool certificate_public(struct proctor *pr, struct store *rd, const struct caller *who, const char *id,
                                   struct certificate_public *ret, struct err *err);
void certificate_public_finish(struct certificate_public *c);
#define _cleanup_certificate_public_ __attribute__((cleanup(certificate_public_finish)))
/* What the page /verify/{id} shows. *ret_shared: it may be shown to anybody. */
MUST_CHECK bool certificate_page_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, bool *ret_shared,
                                      struct buf *out, struct err *err);
/* All that is needed to verify it without any network; "logProof" is null within the second after its issue. */
MUST_CHECK bool certificate_bundle_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, bool *ret_shared,
                                        struct buf *out, struct err *err);
/* A recording of its hands-on work, as task_recording_open(): for its holder, and for everybody when it is shared. */
MUST_CHECK bool certificate_replay_open(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, const char *item,
                                        int shell, bool *ret_shared, int *ret_fd, int64_t *ret_size, struct err *err);

/* The operator: CERTIFICATE_REVOKED, CERTIFICATE_SUSPENDED, and CERTIFICATE_VALID for the end of a suspension. ERR_CONFLICT where that
 * makes no sense. */
MUST_CHECK bool certificate_set_status(struct proctor *pr, struct store *wr, const char *id, enum certificate_state state,
                                       const char *reason, struct err *err);
/* Issues it again with another name (NULL: none). */
MUST_CHECK bool certificate_rename(struct proctor *pr, struct store *wr, const char *id, const char *name, char ret_id[CERTIFICATE_ID_SIZE],
                                   struct err *err);
/* {"certificates":[…],"waiting":n,"why":text or null} for the operator; `account` NULL: everybody's. Names of accounts are in it. */
MUST_CHECK bool certificate_all_json(struct proctor *pr, struct store *rd, const char *account, struct buf *out, struct err *err);
