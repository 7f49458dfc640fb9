/* A certificate of an issuer with known keys, for tests and fuzzers of the verifier. */
#pragma once
#include "base/clock.h"
#include "credential/badge.h"
#include "credential/did.h"
#include "credential/jcs.h"
#include "credential/multibase.h"
#include "credential/proof.h"
#include "credential/status.h"
#include "credential/verify.h"
#include <stdlib.h>

#define KIT_ISSUER "did:web:exam.example.org"
#define KIT_HOST "https://exam.example.org"
#define KIT_NOW_MS INT64_C(1795780800000) /* 2026-11-27T12:00:00Z */

static inline void kit_key(unsigned char n, struct sign_key *ret)
{
	unsigned char seed[SIGN_SEED_SIZE] = {n};
	sign_key_from_seed(seed, ret);
}

static inline char *kit_method(const char *issuer, const struct sign_key *key)
{
	char name[MULTIKEY_SIZE];
	return xasprintf("%s#%s", issuer, multikey_write(key->public_key, name));
}

static inline void kit_sign(cJSON *document, const struct sign_key *key, struct buf *out)
{
	struct err err;
	_cleanup_free_ char *method = kit_method(KIT_ISSUER, key);
	if (!proof_add(document, key, method, KIT_NOW_MS - MS_HOUR, &err) || !jcs_canonical(document, out, &err))
		abort();
}

static inline cJSON *kit_badge(void)
{
	static const struct badge_measure measures[] = {
	    {.id = "outcome", .name = "Passed", .type = "Status", .status = "Completed"},
	    {.id = "total", .name = "Total score", .type = "ScaledScore", .value = "742", .min = "100", .max = "900", .required = "700"},
	};
	static const struct badge_evidence evidence[] = {{.genre = "log", .name = "The log", .log_index = "17"}};
	_cleanup_json_ cJSON *status = json_object();
	json_set_str(status, "id", KIT_HOST "/status/1#7");
	json_set_str(status, "type", "BitstringStatusListEntry");
	json_set_str(status, "statusPurpose", "revocation");
	json_set_str(status, "statusListIndex", "7");
	json_set_str(status, "statusListCredential", KIT_HOST "/status/1");
	const struct badge b = {
	    .id = KIT_HOST "/credentials/1",
	    .issuer = {.id = KIT_ISSUER, .name = "Example Academy"},
	    .achievement = {.id = KIT_HOST "/exams/1",
	                    .name = "Linux",
	                    .description = "Runs a server.",
	                    .criteria = "40 questions.",
	                    .bank_sha256 = "00",
	                    .blueprint_sha256 = "00"},
	    .valid_from_ms = KIT_NOW_MS - MS_HOUR,
	    .awarded_ms = KIT_NOW_MS - MS_HOUR,
	    .valid_until_ms = KIT_NOW_MS + 365 * MS_DAY,
	    .holder = {.identity = "ada", .type = "userName", .salt = "00ff", .name = "Ada"},
	    .measures = measures,
	    .n_measures = ARRAY_SIZE(measures),
	    .evidence = evidence,
	    .n_evidence = ARRAY_SIZE(evidence),
	    .status = status,
	};
	return badge_json(&b);
}

/* A status list in which `index` is set, unless it is negative. */
static inline void kit_list(int index, const struct sign_key *key, struct buf *out)
{
	unsigned char bits[STATUS_BITS_MIN / 8] = {0};
	_cleanup_buf_ struct buf encoded = BUF(STATUS_ENCODED_MAX);
	char from[CLOCK_RFC3339_SIZE], until[CLOCK_RFC3339_SIZE];
	_cleanup_json_ cJSON *d = json_object();
	cJSON *contexts = json_array(), *types = json_array(), *subject = json_object();
	if (index >= 0)
		status_set_bit(bits, (size_t)index);
	status_encode(bits, sizeof bits, &encoded);
	json_add_str(contexts, BADGE_CONTEXT_CREDENTIALS);
	json_set(d, "@context", contexts);
	json_set_str(d, "id", KIT_HOST "/status/1");
	json_add_str(types, "VerifiableCredential");
	json_add_str(types, "BitstringStatusListCredential");
	json_set(d, "type", types);
	json_set_str(d, "issuer", KIT_ISSUER);
	json_set_str(d, "validFrom", clock_rfc3339(KIT_NOW_MS - MS_HOUR, from));
	json_set_str(d, "validUntil", clock_rfc3339(KIT_NOW_MS + MS_DAY, until));
	json_set_str(subject, "id", KIT_HOST "/status/1#list");
	json_set_str(subject, "type", "BitstringStatusList");
	json_set_str(subject, "statusPurpose", "revocation");
	json_set_str(subject, "encodedList", encoded.p);
	json_set(d, "credentialSubject", subject);
	kit_sign(d, key, out);
}

/* Pins the key 1 for certificates and the key 2 for lists. */
static inline void kit_trust(struct trust *ret)
{
	_cleanup_buf_ struct buf text = BUF(4000);
	struct sign_key credentials, status;
	char a[MULTIKEY_SIZE], b[MULTIKEY_SIZE];
	struct err err;
	kit_key(1, &credentials);
	kit_key(2, &status);
	buf_addf(&text,
	         "{\"trust\":\"assay-trust/v1\",\"issuers\":[{\"id\":\"" KIT_ISSUER "\",\"name\":\"Academy\",\"keys\":["
	         "{\"purpose\":\"credentials\",\"publicKeyMultibase\":\"%s\"},{\"purpose\":\"status\",\"publicKeyMultibase\":\"%s\"}]}]}",
	         multikey_write(credentials.public_key, a), multikey_write(status.public_key, b));
	if (!trust_add(ret, buf_str(&text), "pinned", &err))
		abort();
}
