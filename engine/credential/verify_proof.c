/* The two proofs of a document, and the key that they name. Both must be there: with one of them taken away or exchanged, software that
 * looks at the other would see something else than we do. */
#include "credential/expand.h"
#include "credential/verify_internal.h"
#include <stdio.h>

struct finder {
	struct verify_work *w;
	enum trust_purpose purpose;
	struct proof_set *set;
	bool any;
};

/* Gives the key that the name holds, also when it does not count: whether the bytes were changed is another question than whose key it is.
 */
static bool find_key(void *arg, const char *method, int64_t created_ms, unsigned char ret_key[SIGN_KEY_SIZE], struct proof_result *ret)
{
	struct finder *f = arg;
	struct key_finding found;
	verify_key(f->w, f->purpose, method, created_ms, &found);
	if (!f->any || found.standing > f->set->key.standing)
		f->set->key = found;
	f->any = true;
	if (created_ms > f->set->created_ms)
		f->set->created_ms = created_ms;
	if (found.has_key) {
		memcpy(ret_key, found.key, SIGN_KEY_SIZE);
		return true;
	}
	snprintf(ret->code, sizeof ret->code, "%s", found.code);
	snprintf(ret->reason, sizeof ret->reason, "%.255s", found.reason);
	return false;
}

static void fail(struct proof_set *set, enum proof_suite suite, const char *code, const char *reason)
{
	set->ok[suite] = false;
	snprintf(set->code[suite], sizeof set->code[suite], "%s", code);
	snprintf(set->reason[suite], sizeof set->reason[suite], "%s", reason);
}

/* A suite without a proof. */
static void look_for_missing(const cJSON *proofs, struct proof_set *set)
{
	for (int s = 0; s < PROOF_SUITES; s++) {
		bool seen = false;
		for (const cJSON *p = cJSON_IsArray(proofs) ? proofs->child : proofs; p; p = cJSON_IsArray(proofs) ? p->next : NULL)
			seen |= strcmp(verify_text(p, "cryptosuite"), proof_suite_name((enum proof_suite)s)) == 0;
		if (!seen)
			fail(set, (enum proof_suite)s, "proof-missing", "there is no such proof: it was taken away, or never made");
	}
}

void verify_proof_set(struct verify_work *w, const cJSON *document, enum trust_purpose purpose, struct proof_set *ret)
{
	struct proof_result results[PROOF_SUITES];
	struct err err = {0};
	char word[32];
	size_t n = 0;
	memset(ret, 0, sizeof *ret);
	ret->key.standing = STANDING_REFUSED;
	snprintf(ret->key.code, sizeof ret->key.code, "key-not-found");
	snprintf(ret->key.reason, sizeof ret->key.reason, "there is no proof whose key could be looked for");
	struct finder finder = {w, purpose, ret, false};
	if (!proof_check(document, find_key, &finder, results, PROOF_SUITES, &n, &err)) {
		const char *code = expand_word(&err, word);
		for (int s = 0; s < PROOF_SUITES; s++)
			fail(ret, (enum proof_suite)s, code ? code : "proof-suite", err.msg);
		n = 0;
	}
	for (size_t i = 0; i < n; i++) {
		const struct proof_result *r = &results[i];
		ret->ok[r->suite] = r->valid;
		if (!r->valid)
			fail(ret, r->suite, r->code, r->reason);
	}
	if (n)
		look_for_missing(verify_get(document, "proof"), ret);
}

/* ---- Of the certificate ---- */

static void add_issuer(struct verify_work *w, const struct proof_set *set)
{
	static const enum verify_outcome outcomes[] = {VERIFY_PASS, VERIFY_UNKNOWN, VERIFY_FAIL};
	struct verify_check *c = verify_add(w, "issuer", outcomes[set->key.standing], true, set->key.code, "%s", set->key.reason);
	if (w->did_source == DID_FETCHED)
		c->as_of_ms = w->v->now_ms;
}

void verify_proofs(struct verify_work *w)
{
	static const char *const ids[] = {"proof-rdfc", "proof-jcs"};
	struct proof_set set;
	verify_proof_set(w, w->v->document, TRUST_CREDENTIALS, &set);
	add_issuer(w, &set);
	for (int s = 0; s < PROOF_SUITES; s++) {
		struct verify_check *c =
		    set.ok[s] ? verify_add(w, ids[s], VERIFY_PASS, true, "ok", "these are the %s that were signed with the key that it names",
		                           s == PROOF_RDFC ? "statements" : "bytes")
		              : verify_add(w, ids[s], VERIFY_FAIL, true, set.code[s], "%s", set.reason[s]);
		if (set.ok[s])
			c->as_of_ms = set.created_ms;
	}
	w->signed_ms = set.created_ms;
	w->proofs_hold = set.ok[PROOF_RDFC] && set.ok[PROOF_JCS];
}
