/* A signed document: canonical JSON with a detached Ed25519 signature inside one envelope, as results are exported.
 *
 * Envelope: {"payload": <the document>, "signature": {"alg": "Ed25519", "key": base64url, "sha256": hex, "value": base64url}}. The
 * signature is over the RFC 8785 bytes of `payload`; the whole envelope is written in that form, too. White space between its tokens has no
 * meaning; everything else is compared byte by byte. */
#pragma once
#include "base/json.h"

#define SIGN_SEED_SIZE 32
#define SIGN_KEY_SIZE 32
#define SIGN_SIZE 64
#define SIGNED_SIZE_MAX (16u << 20)

struct sign_key {
	unsigned char public_key[SIGN_KEY_SIZE];
	unsigned char secret_key[64];
};
void sign_key_from_seed(const unsigned char seed[SIGN_SEED_SIZE], struct sign_key *ret);
void sign_bytes(const struct sign_key *key, struct str bytes, unsigned char ret_signature[SIGN_SIZE]);
/* The envelope around canonical bytes that were signed. */
void signed_export(struct str canonical, const unsigned char signature[SIGN_SIZE], const unsigned char public_key[SIGN_KEY_SIZE],
                   struct buf *out);

struct signed_report {
	bool valid;
	char key_hex[65];
	char *canonical; /* the payload's canonical bytes, owned */
	size_t canonical_len;
	char *reason; /* why it is not valid: names the first thing that does not match; owned, or NULL */
};
/* Checks an envelope. `key` may be NULL: then the key in the envelope is used and the caller says so. ERR_INVALID only when the
 * text is not an envelope at all. Extra members, other algorithms, and payloads that are not canonical bytes are named. */
MUST_CHECK bool signed_verify(struct str text, const unsigned char *key, struct signed_report *ret, struct err *err);
void signed_report_finish(struct signed_report *r);
