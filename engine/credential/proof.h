/* Data Integrity proofs of our credentials: a set of eddsa-rdfc-2022 and eddsa-jcs-2022 (W3C VC Data Integrity EdDSA Cryptosuites 1.0).
 *
 * Both sign SHA-256(canonical proof options) ‖ SHA-256(canonical document without proof) with Ed25519; they differ in the canonical form:
 * RDFC-1.0 of the document as RDF (see rdfc.h), or RFC 8785. Proof options are the proof without proofValue, with the document's @context.
 */
#pragma once
#include "base/json.h"
#include "credential/signed.h"

enum proof_suite { PROOF_RDFC, PROOF_JCS, PROOF_SUITES };
const char *proof_suite_name(enum proof_suite s); /* "eddsa-rdfc-2022" */

#define PROOF_DOCUMENT_MAX (8u << 20) /* of canonical bytes */
#define PROOF_HASH_SIZE 64

/* What is signed: see above. `options` is a proof, with or without its proofValue; an @context in it stays in the form that is hashed by
 * PROOF_JCS, and says nothing to PROOF_RDFC. */
MUST_CHECK bool proof_hash(enum proof_suite suite, const cJSON *document, const cJSON *options, unsigned char ret[PROOF_HASH_SIZE],
                           struct err *err);

/* One proof of a document, whose `proof` it ignores. */
MUST_CHECK bool proof_make(enum proof_suite suite, const cJSON *document, const struct sign_key *key, const char *verification_method,
                           int64_t created_ms, cJSON **ret, struct err *err);
/* Replaces the document's `proof` by the set of both. The document is only changed on success. ERR_INVALID when it cannot be expressed: an
 * unknown term, another context. */
MUST_CHECK bool proof_add(cJSON *document, const struct sign_key *key, const char *verification_method, int64_t created_ms,
                          struct err *err);

/* One proof of a document, checked. */
struct proof_result {
	enum proof_suite suite;
	bool valid;
	char verification_method[512], purpose[64];
	int64_t created_ms;
	char code[32];    /* "ok", or the stable word of what is wrong */
	char reason[512]; /* one sentence when it is not valid */
};
/* Finds the public key of a verification method; false with a code and a reason in *ret when there is none that counts. */
typedef bool proof_key_fn(void *arg, const char *verification_method, int64_t created_ms, unsigned char ret_key[SIGN_KEY_SIZE],
                          struct proof_result *ret);
/* Checks every proof of the document, at most `max`. ERR_INVALID when there is no proof at all, or one of another suite, with members that
 * it does not know, twice the same suite, or with another purpose than assertionMethod: names it; expand_word() has the stable word. A
 * proof of PROOF_RDFC fails for unknown terms and contexts; one of PROOF_JCS alone does not look at them: see expand(). */
MUST_CHECK bool proof_check(const cJSON *document, proof_key_fn *find, void *arg, struct proof_result *ret, size_t max, size_t *ret_n,
                            struct err *err);
