/* Whether the certificate is in the issuer's transparency log: then it was made when the log says, and cannot be made to have never been.
 */
#include "credential/log_proof.h"
#include "credential/verify_internal.h"

/* The index of the result in the log, which certificates name among their evidence. */
static bool names_log(const cJSON *document)
{
	const cJSON *evidence = verify_get(document, "evidence"), *e;
	if (cJSON_IsObject(evidence))
		return strcmp(verify_text(evidence, "identifierType"), "ext:logIndex") == 0;
	cJSON_ArrayForEach(e, evidence) if (strcmp(verify_text(e, "identifierType"), "ext:logIndex") == 0) return true;
	return false;
}

/* The keys of the issuer's logs in a trust file. */
static void take_logs(const struct trust *trust, const char *issuer, struct log_policy *policy)
{
	const struct trust_issuer *one;
	struct log_policy of_key;
	struct err ignored;
	for (size_t i = 0; (one = trust_issuer(trust, issuer, i)); i++)
		if (one->log_key && policy->n_logs < LOG_POLICY_MAX && log_policy_of(str_of(one->log_key), &of_key, &ignored))
			policy->logs[policy->n_logs++] = of_key.logs[0];
}

/* What the issuer says of its log at its own address, where its DID document was found, too. */
static void ask_issuer(struct verify_work *w, struct log_policy *policy)
{
	static const char place[] = "/.well-known/did.json";
	_cleanup_free_ char *did = NULL, *url = NULL;
	_cleanup_buf_ struct buf text = BUF(TRUST_SIZE_MAX);
	char from[VERIFY_URL_SIZE] = "";
	struct trust trust = {0};
	struct err ignored;
	if (w->did_source != DID_FETCHED || !did_web_url(w->issuer, &did, &ignored) || !str_ends(str_of(did), place))
		return;
	url = xasprintf("%.*s/.well-known/assay-trust.json", (int)(strlen(did) - strlen(place)), did);
	if (w->options->fetch(w->options->fetch_arg, url, TRUST_SIZE_MAX, &text, from, &ignored) &&
	    trust_add(&trust, buf_str(&text), "fetched", &ignored))
		take_logs(&trust, w->issuer, policy);
	trust_finish(&trust);
}

static void check_proof(struct verify_work *w, const char *proof)
{
	struct log_policy policy = {.quorum = -1};
	struct log_proof_seen seen;
	struct err err;
	take_logs(w->options->trust, w->issuer, &policy);
	if (!policy.n_logs)
		ask_issuer(w, &policy);
	bool known = policy.n_logs > 0;
	if (!known && (!w->bundle.log_key || !log_policy_of(str_of(w->bundle.log_key), &policy, &err))) {
		verify_add(w, "log", VERIFY_UNKNOWN, false, "key-not-trusted", "the key of the issuer's log is not known");
		return;
	}
	if (!log_proof_check(str_of(proof), "certificate", buf_str(&w->canonical), &policy, &seen, &err)) {
		verify_add(w, "log", VERIFY_FAIL, true, "log-mismatch", "it is not in the log as its proof says: %s", err.msg);
		return;
	}
	struct verify_check *c =
	    known ? verify_add(w, "log", VERIFY_PASS, true, "ok", "it is entry %lld of the log %s, which had %lld entries then",
	                       (long long)seen.index, seen.checkpoint.origin, (long long)seen.checkpoint.size)
	          : verify_add(w, "log", VERIFY_UNKNOWN, false, "key-not-trusted",
	                       "it is in the log %s, says a proof whose key came in the bundle and is not pinned", seen.checkpoint.origin);
	c->as_of_ms = seen.checkpoint.cosigned_s ? seen.checkpoint.cosigned_s * 1000 : w->bundle.made_ms ? w->bundle.made_ms : w->v->now_ms;
}

/* The proof beside the certificate, where the issuer keeps it. */
static bool fetch_proof(struct verify_work *w, struct buf *out)
{
	const char *id = verify_text(w->v->document, "id");
	char from[VERIFY_URL_SIZE] = "";
	struct err ignored;
	if (!w->options->fetch || !w->proofs_hold || !verify_is_issuers(w, id))
		return false;
	_cleanup_free_ char *url = xasprintf("%s/log-proof", id);
	return w->options->fetch(w->options->fetch_arg, url, LOG_PROOF_SIZE_MAX, out, from, &ignored) && out->len > 0;
}

void verify_log(struct verify_work *w)
{
	_cleanup_buf_ struct buf proof = BUF(LOG_PROOF_SIZE_MAX);
	if (w->bundle.log_proof)
		check_proof(w, w->bundle.log_proof);
	else if (fetch_proof(w, &proof))
		check_proof(w, proof.p);
	else if (names_log(w->v->document))
		verify_add(w, "log", VERIFY_UNKNOWN, false, "log-missing", "its result was logged; that it was, too, no proof is at hand for");
	else
		verify_add(w, "log", VERIFY_ABSENT, false, "log-missing", "it names no log");
}
