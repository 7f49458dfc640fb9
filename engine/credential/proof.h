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
	char reason[256]; /* one sentence when it is not valid */
};
/* Finds the public key of a verification method; false with a code and a reason in *ret when there is none that counts. */
typedef bool proof_key_fn(void *arg, const char *verification_method, int64_t created_ms, unsigned char ret_key[SIGN_KEY_SIZE],
                          struct proof_result *ret);
/* Checks every proof of the document, at most `max`. ERR_INVALID when there is no proof at all, or one of another suite, with members that
 * it does not know, twice the same suite, or with another purpose than assertionMethod: names it. */
MUST_CHECK bool proof_check(const cJSON *document, proof_key_fn *find, void *arg, struct proof_result *ret, size_t max, size_t *ret_n,
                            struct err *err);
