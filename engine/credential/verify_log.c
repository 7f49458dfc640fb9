/* Whether the certificate is in the issuer's transparency log: then it was made when the log says, and cannot be made to have never been. */
#include "credential/verify_internal.h"
#include "credential/log_proof.h"

/* The index of the result in the log, which certificates name among their evidence. */
static bool names_log(const cJSON *document)
{
	const cJSON *evidence = verify_get(document, "evidence"), *e;
	if (cJSON_IsObject(evidence))
		return strcmp(verify_text(evidence, "identifierType"), "ext:logIndex") == 0;
	cJSON_ArrayForEach(e, evidence) if (strcmp(verify_text(e, "identifierType"), "ext:logIndex") == 0) return true;
	return false;
}

/* The keys of the logs that are believed: the pinned ones of the issuer. */
static bool pinned_log(const struct verify_work *w, struct log_policy *ret)
{
	const struct trust_issuer *issuer;
	struct log_policy one;
	struct err ignored;
	*ret = (struct log_policy){.quorum = -1};
	for (size_t i = 0; (issuer = trust_issuer(w->options->trust, w->issuer, i)); i++)
		if (issuer->log_key && ret->n_logs < LOG_POLICY_MAX && log_policy_of(str_of(issuer->log_key), &one, &ignored))
			ret->logs[ret->n_logs++] = one.logs[0];
	return ret->n_logs > 0;
}

static void check_proof(struct verify_work *w, const char *proof)
{
	struct log_policy policy;
	struct log_proof_seen seen;
	struct err err;
	bool pinned = pinned_log(w, &policy);
	if (!pinned && (!w->bundle.log_key || !log_policy_of(str_of(w->bundle.log_key), &policy, &err))) {
		verify_add(w, "log", VERIFY_UNKNOWN, false, "key-not-trusted", "the key of the issuer's log is not known");
		return;
	}
	if (!log_proof_check(str_of(proof), "certificate", buf_str(&w->canonical), &policy, &seen, &err)) {
		verify_add(w, "log", VERIFY_FAIL, true, "log-mismatch", "it is not in the log as its proof says: %s", err.msg);
		return;
	}
	struct verify_check *c =
	    pinned ? verify_add(w, "log", VERIFY_PASS, true, "ok", "it is entry %lld of the log %s, which had %lld entries then",
	                        (long long)seen.index, seen.checkpoint.origin, (long long)seen.checkpoint.size)
	           : verify_add(w, "log", VERIFY_UNKNOWN, false, "key-not-trusted",
	                        "it is in the log %s, says a proof whose key came in the bundle and is not pinned", seen.checkpoint.origin);
	if (seen.checkpoint.cosigned_s)
		c->as_of_ms = seen.checkpoint.cosigned_s * 1000;
	else if (w->bundle.made_ms)
		c->as_of_ms = w->bundle.made_ms;
}

void verify_log(struct verify_work *w)
{
	if (w->bundle.log_proof)
		check_proof(w, w->bundle.log_proof);
	else if (names_log(w->v->document))
		verify_add(w, "log", VERIFY_UNKNOWN, false, "log-missing", "its result was logged; that it was, too, no proof is at hand for");
	else
		verify_add(w, "log", VERIFY_ABSENT, false, "log-missing", "it names no log");
}
