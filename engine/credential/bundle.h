/* A bundle: a certificate with all that its check needs, so that it can be checked without a network, also when the issuer is gone.
 *
 * {"bundle":"assay-bundle/v1","credential":{…},"didDocument":{…}|null,"statusList":{…}|null,"logProof":"…"|null,"logKey":"…"|null,
 * "made":"RFC 3339"}. Its DID document and its log key are what somebody packed: they are not trusted. */
#pragma once
#include "base/json.h"

struct bundle {
	cJSON *tree;                                          /* owned */
	const cJSON *credential, *did_document, *status_list; /* did_document, status_list: or NULL */
	const char *log_proof, *log_key;                      /* or NULL */
	int64_t made_ms;
};
bool bundle_is(const cJSON *tree);
/* Takes the tree, on success. ERR_INVALID; ERR_UNSUPPORTED for another version. */
MUST_CHECK bool bundle_take(cJSON *tree, struct bundle *ret, struct err *err);
void bundle_finish(struct bundle *b);
/* Writes one, canonical (RFC 8785). What is NULL is null. */
struct bundle_parts {
	struct str credential, did_document, status_list; /* JSON; empty: none */
	struct str log_proof, log_key;
	int64_t made_ms;
};
MUST_CHECK bool bundle_write(const struct bundle_parts *parts, struct buf *out, struct err *err);
