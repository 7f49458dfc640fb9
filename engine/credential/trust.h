/* Whom a verifier trusts: issuers with their keys, pinned by a trust file, by a DID document that somebody vouches for, or the verifying
 * server's own.
 *
 * Trust file: {"trust":"assay-trust/v1","issuers":[{"id","name","keys":[{"purpose","publicKeyMultibase","state","compromised_at",
 * "retired_at"}],"log":{"origin","key"}}]}. What a certificate or a bundle brings along is never trust. */
#pragma once
#include "base/json.h"
#include "credential/signed.h"

#define TRUST_SIZE_MAX (1u << 20)

enum trust_purpose { TRUST_RESULTS = 1, TRUST_CREDENTIALS = 2, TRUST_STATUS = 4, TRUST_LOG = 8 };
enum trust_state { TRUST_ACTIVE, TRUST_RETIRED, TRUST_COMPROMISED };

struct trust_key {
	unsigned char key[SIGN_KEY_SIZE];
	unsigned purposes; /* of enum trust_purpose; a DID document does not tell certificates, lists and results apart */
	enum trust_state state;
	int64_t retired_ms, compromised_ms; /* 0: not said */
};
struct trust_issuer {
	char *id, *name, *log_key; /* name, log_key: or NULL; log_key is a verifier key of signed notes */
	const char *how;           /* "pinned", "this server's own" */
	struct trust_key *keys;
	size_t n;
};
struct trust {
	struct trust_issuer *issuers;
	size_t n, cap;
};

/* Adds what a trust file or a DID document says. `how` is static: how it came to be trusted. ERR_INVALID, and nothing is added, when it is
 * neither, or not right. */
MUST_CHECK bool trust_add(struct trust *t, struct str text, const char *how, struct err *err);
void trust_finish(struct trust *t);

/* The n-th entry of an issuer; several files may speak of the same one. NULL: no more. */
const struct trust_issuer *trust_issuer(const struct trust *t, const char *id, size_t n);
/* What is said of a key: the worst of all entries, so that one file is enough to say that a key was stolen. `id` NULL: of any issuer.
 * *ret_issuer (may be NULL) gets the entry. NULL: nothing is said of it for any purpose. */
const struct trust_key *trust_key(const struct trust *t, const char *id, const unsigned char key[SIGN_KEY_SIZE],
                                  const struct trust_issuer **ret_issuer);
const char *trust_purpose_name(enum trust_purpose purpose); /* "credentials" */
