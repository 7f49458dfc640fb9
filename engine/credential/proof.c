/* Data Integrity proofs. See proof.h; W3C "Data Integrity EdDSA Cryptosuites v1.0", sections 3.2 and 3.3. */
#include "credential/proof.h"
#include "base/clock.h"
#include "base/hash.h"
#include "credential/expand.h"
#include "credential/jcs.h"
#include "credential/multibase.h"
#include "credential/rdfc.h"
#include <assert.h>
#include <sodium.h>
#include <stdio.h>

static const char *const suite_names[PROOF_SUITES] = {"eddsa-rdfc-2022", "eddsa-jcs-2022"};

const char *proof_suite_name(enum proof_suite s)
{
	return suite_names[s];
}

/* ---- What is signed ---- */

static bool rdfc_hash(const cJSON *node, const char *without, const struct contexts *contexts, unsigned char ret[HASH_SIZE],
                      struct err *err)
{
	_cleanup_rdf_ struct rdf r;
	_cleanup_buf_ struct buf canonical = BUF(PROOF_DOCUMENT_MAX);
	rdf_init(&r);
	if (!expand(node, contexts, without, &r, err) || !rdfc_canonical(&r, &canonical, err))
		return false;
	hash_sha256(buf_str(&canonical), ret);
	return true;
}

static bool jcs_hash(const cJSON *node, const char *without, unsigned char ret[HASH_SIZE], struct err *err)
{
	_cleanup_buf_ struct buf canonical = BUF(PROOF_DOCUMENT_MAX);
	if (!jcs_canonical_without(node, without, &canonical, err))
		return false;
	hash_sha256(buf_str(&canonical), ret);
	return true;
}

bool proof_hash(enum proof_suite suite, const cJSON *document, const cJSON *options, unsigned char ret[PROOF_HASH_SIZE], struct err *err)
{
	unsigned char hashes[2 * HASH_SIZE];
	struct contexts contexts;
	static_assert(sizeof hashes == PROOF_HASH_SIZE, "sizes");
	bool ok;
	if (suite == PROOF_JCS)
		ok = jcs_hash(options, "proofValue", hashes, err) && jcs_hash(document, "proof", hashes + HASH_SIZE, err);
	else
		ok = contexts_read(document, &contexts, err) && rdfc_hash(options, "proofValue", &contexts, hashes, err) &&
		     rdfc_hash(document, "proof", &contexts, hashes + HASH_SIZE, err);
	if (ok)
		memcpy(ret, hashes, sizeof hashes);
	return ok;
}

/* ---- Signing ---- */

static cJSON *new_options(enum proof_suite suite, const cJSON *document, const char *verification_method, const char *created)
{
	const cJSON *context = cJSON_GetObjectItemCaseSensitive(document, "@context");
	cJSON *options = json_object();
	if (suite == PROOF_JCS && context)
		json_set(options, "@context", cJSON_Duplicate(context, true));
	json_set_str(options, "type", "DataIntegrityProof");
	json_set_str(options, "cryptosuite", proof_suite_name(suite));
	json_set_str(options, "created", created);
	json_set_str(options, "verificationMethod", verification_method);
	json_set_str(options, "proofPurpose", "assertionMethod");
	return options;
}

bool proof_make(enum proof_suite suite, const cJSON *document, const struct sign_key *key, const char *verification_method,
                int64_t created_ms, cJSON **ret, struct err *err)
{
	unsigned char hash[PROOF_HASH_SIZE], signature[SIGN_SIZE];
	char created[CLOCK_RFC3339_SIZE];
	clock_rfc3339(created_ms, created);
	char *dot = strchr(created, '.'); /* whole seconds: what every verifier reads */
	if (dot)
		memcpy(dot, "Z", 2);
	_cleanup_json_ cJSON *proof = new_options(suite, document, verification_method, created);
	_cleanup_buf_ struct buf value = BUF(PROOF_VALUE_SIZE);
	if (!proof_hash(suite, document, proof, hash, err))
		return false;
	sign_bytes(key, (struct str){(const char *)hash, sizeof hash}, signature);
	multibase_base58(signature, sizeof signature, &value);
	assert(!value.overflow);
	json_set_str(proof, "proofValue", value.p);
	*ret = take_ptr(proof);
	return true;
}

bool proof_add(cJSON *document, const struct sign_key *key, const char *verification_method, int64_t created_ms, struct err *err)
{
	_cleanup_json_ cJSON *set = json_array();
	if (!cJSON_IsObject(document))
		return err_set(err, ERR_INVALID, "a document to sign is an object");
	for (enum proof_suite s = 0; s < PROOF_SUITES; s++) {
		cJSON *proof = NULL;
		if (!proof_make(s, document, key, verification_method, created_ms, &proof, err))
			return false;
		json_add(set, proof);
	}
	cJSON_DeleteItemFromObjectCaseSensitive(document, "proof");
	json_set(document, "proof", take_ptr(set));
	return true;
}

/* ---- Checking ---- */

static bool refuse(struct err *err, const char *word, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static bool refuse(struct err *err, const char *word, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	err_vset(err, ERR_INVALID, fmt, ap);
	va_end(ap);
	return err_add_str(err, "check", word);
}

static bool get_text(const cJSON *proof, const char *path, const char *key, size_t max, const char **ret, struct err *err)
{
	if (!json_get_str(proof, path, key, max, ret, err))
		return err_add_str(err, "check", cJSON_GetObjectItemCaseSensitive(proof, key) ? "wrong-type" : "missing-member");
	return true;
}

static bool read_suite(const cJSON *proof, const char *path, enum proof_suite *ret, struct err *err)
{
	const char *type = NULL, *suite = NULL;
	if (!get_text(proof, path, "type", 100, &type, err))
		return false;
	if (strcmp(type, "DataIntegrityProof") != 0)
		return refuse(err, "proof-suite", "%s is of the type %s: only DataIntegrityProof is known", path, type);
	if (!get_text(proof, path, "cryptosuite", 100, &suite, err))
		return false;
	for (enum proof_suite s = 0; s < PROOF_SUITES; s++) {
		if (strcmp(suite, proof_suite_name(s)) == 0) {
			*ret = s;
			return true;
		}
	}
	return refuse(err, "proof-suite", "%s has the cryptosuite %s: known are eddsa-rdfc-2022 and eddsa-jcs-2022", path, suite);
}

/* The members of a proof; *ret_value is its proofValue. */
static bool read_proof(const cJSON *document, const cJSON *proof, const char *path, struct proof_result *ret, const char **ret_value,
                       struct err *err)
{
	static const char *const known[] = {"@context",           "type",         "cryptosuite", "created",
	                                    "verificationMethod", "proofPurpose", "proofValue",  NULL};
	const char *created = NULL, *method = NULL, *purpose = NULL;
	const cJSON *context = cJSON_GetObjectItemCaseSensitive(proof, "@context");
	if (!cJSON_IsObject(proof))
		return refuse(err, "wrong-type", "%s must be an object", path);
	if (!json_only_keys(proof, path, known, err))
		return err_add_str(err, "check", "unknown-term");
	if (!read_suite(proof, path, &ret->suite, err) || !get_text(proof, path, "created", 40, &created, err) ||
	    !get_text(proof, path, "verificationMethod", sizeof ret->verification_method - 1, &method, err) ||
	    !get_text(proof, path, "proofPurpose", sizeof ret->purpose - 1, &purpose, err) ||
	    !get_text(proof, path, "proofValue", PROOF_VALUE_SIZE - 1, ret_value, err))
		return false;
	if (strcmp(purpose, "assertionMethod") != 0)
		return refuse(err, "wrong-type", "%s.proofPurpose is %s: a credential is signed for assertionMethod", path, purpose);
	if (context && !cJSON_Compare(context, cJSON_GetObjectItemCaseSensitive(document, "@context"), true))
		return refuse(err, "wrong-context", "%s.@context is another than the document's", path);
	if (!clock_parse_rfc3339(created, &ret->created_ms, err))
		return refuse(err, "wrong-type", "%s.created is no time of RFC 3339", path);
	snprintf(ret->verification_method, sizeof ret->verification_method, "%s", method);
	snprintf(ret->purpose, sizeof ret->purpose, "%s", purpose);
	return true;
}

static void fail(struct proof_result *r, const char *code, const char *reason)
{
	r->valid = false;
	snprintf(r->code, sizeof r->code, "%s", code);
	snprintf(r->reason, sizeof r->reason, "%s", reason);
}

static void check_signature(const cJSON *document, const cJSON *proof, const char *value, proof_key_fn *find, void *arg,
                            struct proof_result *r)
{
	unsigned char hash[PROOF_HASH_SIZE], key[SIGN_KEY_SIZE], signature[SIGN_SIZE];
	char word[32];
	size_t len = 0;
	struct err err = {0};
	if (!proof_hash(r->suite, document, proof, hash, &err)) {
		const char *known = expand_word(&err, word);
		fail(r, known ? known : err.code == ERR_TOO_LARGE ? "too-large" : "wrong-type", err.msg);
		return;
	}
	if (value[0] != 'z' || !multibase_decode(str_of(value), signature, sizeof signature, &len, &err) || len != SIGN_SIZE) {
		fail(r, "changed", "The proof's value is not a signature of 64 bytes in base58btc.");
		return;
	}
	fail(r, "key-not-found", "No key was found for the proof's verification method.");
	if (!find(arg, r->verification_method, r->created_ms, key, r)) {
		r->valid = false;
		return;
	}
	if (crypto_sign_verify_detached(signature, hash, sizeof hash, key) != 0) {
		fail(r, "changed", "The document or its proof was changed after it was signed, or another key signed it.");
		return;
	}
	fail(r, "ok", "");
	r->valid = true;
}

bool proof_check(const cJSON *document, proof_key_fn *find, void *arg, struct proof_result *ret, size_t max, size_t *ret_n, struct err *err)
{
	const cJSON *proof = cJSON_GetObjectItemCaseSensitive(document, "proof");
	bool list = cJSON_IsArray(proof), seen[PROOF_SUITES] = {false};
	size_t n = 0;
	if (!proof || cJSON_IsNull(proof) || (list && !proof->child))
		return refuse(err, "proof-missing", "there is no proof: it is not signed");
	for (const cJSON *c = list ? proof->child : proof; c; c = list ? c->next : NULL) {
		struct proof_result r = {.suite = PROOF_RDFC};
		const char *value = NULL;
		char path[32] = "proof";
		if (list)
			snprintf(path, sizeof path, "proof[%zu]", n);
		if (n == max)
			return err_set(err, ERR_TOO_LARGE, "more than %zu proofs", max);
		if (!read_proof(document, c, path, &r, &value, err))
			return false;
		if (seen[r.suite])
			return refuse(err, "proof-suite", "%s: a second proof with %s", path, proof_suite_name(r.suite));
		seen[r.suite] = true;
		check_signature(document, c, value, find, arg, &r);
		ret[n++] = r;
	}
	*ret_n = n;
	return true;
}
