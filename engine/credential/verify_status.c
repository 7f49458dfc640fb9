/* Whether the certificate was revoked or suspended: W3C Bitstring Status List 1.0.
 *
 * Only a list that was read, is the issuer's, is signed with a key for it, and is still fresh says "not revoked". Whatever else happens is
 * "unknown": an issuer that is gone, or somebody in between, does not turn a revoked certificate into a valid one. */
#include "base/clock.h"
#include "credential/status.h"
#include "credential/verify_internal.h"
#include <stdio.h>

#define LIST_DOCUMENT_MAX (4u << 20)
#define LIST_INDEX_MAX ((int64_t)STATUS_BYTES_MAX * 8 - 1)

/* The list, and what the report says when it cannot be used. */
struct list {
	const cJSON *document;
	char from[VERIFY_URL_SIZE];
	int64_t from_ms, until_ms;
};

static void unknown(struct verify_work *w, const char *code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static void unknown(struct verify_work *w, const char *code, const char *fmt, ...)
{
	struct err text;
	va_list ap;
	va_start(ap, fmt);
	err_vset(&text, ERR_INVALID, fmt, ap);
	va_end(ap);
	verify_add(w, "status", VERIFY_UNKNOWN, true, code, "whether it was revoked is not known: %s", text.msg);
}

/* ---- Getting it ---- */

/* "https://HOST[:PORT]" of an address; 0 when it is none. */
static size_t origin_length(const char *url)
{
	size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
	return scheme ? scheme + strcspn(url + scheme, "/?#\\") : 0;
}

/* The list of a did:web issuer is on the issuer's own host: no certificate makes a verifier ask somebody else. */
static bool is_issuers(const struct verify_work *w, const char *url)
{
	_cleanup_free_ char *own = NULL;
	struct err ignored;
	if (!str_starts(str_of(w->issuer), "did:web:"))
		return strncmp(url, "https://", 8) == 0;
	if (!did_web_url(w->issuer, &own, &ignored))
		return false;
	size_t n = origin_length(own);
	return n && n == origin_length(url) && strncmp(own, url, n) == 0;
}

static bool fetch_list(struct verify_work *w, const char *url, cJSON **ret, char ret_from[VERIFY_URL_SIZE], struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(LIST_DOCUMENT_MAX);
	snprintf(ret_from, VERIFY_URL_SIZE, "%s", url);
	if (!w->options->fetch)
		return err_set(err, ERR_IO, "the issuer's list was not looked up (offline)");
	if (!is_issuers(w, url))
		return err_set(err, ERR_IO, "its list is not on the issuer's own host, and was not asked for");
	return w->options->fetch(w->options->fetch_arg, url, LIST_DOCUMENT_MAX, &text, ret_from, err) && json_parse(buf_str(&text), ret, err);
}

/* ---- Believing it ---- */

static bool has_type(const cJSON *document, const char *type)
{
	const cJSON *types = verify_get(document, "type"), *t;
	if (cJSON_IsString(types))
		return strcmp(types->valuestring, type) == 0;
	cJSON_ArrayForEach(t, types) if (cJSON_IsString(t) && strcmp(t->valuestring, type) == 0) return true;
	return false;
}

/* Its own proofs, by a key of the same issuer that may sign lists. */
static bool check_signature(struct verify_work *w, const cJSON *list)
{
	static const char *const names[] = {"RDF", "JCS"};
	struct proof_set set;
	const cJSON *issuer = verify_get(list, "issuer");
	const char *id = cJSON_IsString(issuer) ? issuer->valuestring : verify_text(issuer, "id");
	if (strcmp(id, w->issuer) != 0)
		return unknown(w, "status-signature", "the list is one of %.120s, not of the certificate's issuer", *id ? id : "nobody"), false;
	verify_proof_set(w, list, TRUST_STATUS, &set);
	for (int s = 0; s < PROOF_SUITES; s++)
		if (!set.ok[s])
			return unknown(w, "status-signature", "the list's %s proof does not hold: %s", names[s], set.reason[s]), false;
	if (set.key.standing != STANDING_TRUSTED)
		return unknown(w, set.key.standing == STANDING_UNKNOWN ? set.key.code : "status-signature", "the list's key does not count: %s",
		               set.key.reason),
		       false;
	return true;
}

static bool check_times(struct verify_work *w, struct list *l)
{
	struct err err;
	int64_t now = w->v->now_ms;
	const char *until = verify_text(l->document, "validUntil");
	if (!clock_parse(verify_text(l->document, "validFrom"), &l->from_ms, &err) || (*until && !clock_parse(until, &l->until_ms, &err)))
		return unknown(w, "status-signature", "the list's times cannot be read"), false;
	if (now + VERIFY_CLOCK_SKEW_MS < l->from_ms)
		return unknown(w, "status-stale", "the list is from the future, %s", verify_text(l->document, "validFrom")), false;
	if (*until && now >= l->until_ms) {
		unknown(w, "status-stale", "the list at hand is of %s, and counted until %s", verify_text(l->document, "validFrom"), until);
		w->v->checks[w->v->n - 1].as_of_ms = l->from_ms;
		return false;
	}
	return true;
}

/* ---- Reading it ---- */

static bool read_bit(const cJSON *subject, int64_t index, bool *ret_set, struct err *err)
{
	const char *encoded = NULL;
	unsigned char *bits = NULL;
	unsigned value = 0;
	size_t len = 0;
	if (!json_get_str(subject, "credentialSubject", "encodedList", LIST_DOCUMENT_MAX, &encoded, err) ||
	    !status_decode(str_of(encoded), &bits, &len, err))
		return false;
	bool ok = status_read(bits, len, 1, index, &value, err);
	free(bits);
	*ret_set = value != 0;
	return ok;
}

static bool has_purpose(const cJSON *subject, const char *purpose)
{
	const cJSON *p = verify_get(subject, "statusPurpose"), *one;
	if (cJSON_IsString(p))
		return strcmp(p->valuestring, purpose) == 0;
	cJSON_ArrayForEach(one, p) if (cJSON_IsString(one) && strcmp(one->valuestring, purpose) == 0) return true;
	return false;
}

/* The list is the one that the certificate names, and has its entry; *ret_set: the bit. */
static bool read_entry(struct verify_work *w, const cJSON *entry, const struct list *l, bool *ret_set)
{
	const cJSON *subject = verify_get(l->document, "credentialSubject");
	const char *url = verify_text(entry, "statusListCredential"), *purpose = verify_text(entry, "statusPurpose");
	int64_t index;
	struct err err;
	if (!has_type(l->document, "BitstringStatusListCredential") || strcmp(verify_text(subject, "type"), "BitstringStatusList") != 0)
		return unknown(w, "status-signature", "what is at the list's address is no status list"), false;
	if (strcmp(verify_text(l->document, "id"), url) != 0)
		return unknown(w, "status-signature", "the list is %.160s, and the certificate names another", verify_text(l->document, "id")), false;
	if (!has_purpose(subject, purpose))
		return unknown(w, "status-signature", "the list is not about %.40s", purpose), false;
	if (!str_to_i64(str_of(verify_text(entry, "statusListIndex")), 0, LIST_INDEX_MAX, &index) || verify_get(entry, "statusSize"))
		return unknown(w, "status-signature", "the certificate's entry in the list cannot be read"), false;
	if (!read_bit(subject, index, ret_set, &err))
		return unknown(w, "status-signature", "%s", err.msg), false;
	return true;
}

void verify_status(struct verify_work *w)
{
	const cJSON *entry = verify_get(w->v->document, "credentialStatus");
	_cleanup_json_ cJSON *fetched = NULL;
	struct list l = {.document = w->bundle.status_list};
	bool set = false;
	struct err err;
	if (!entry) {
		verify_add(w, "status", VERIFY_ABSENT, false, "ok", "it names no status list: its issuer cannot revoke it");
		return;
	}
	const char *purpose = verify_text(entry, "statusPurpose");
	bool suspension = strcmp(purpose, "suspension") == 0;
	if (!suspension && strcmp(purpose, "revocation") != 0) {
		unknown(w, "status-signature", "a status of the kind '%.40s' is not known here", purpose);
		return;
	}
	if (!w->proofs_hold) {
		unknown(w, "status-unreachable", "as its proofs do not hold, nobody was asked");
		return;
	}
	/* What is fetched is fresher than what was packed. */
	if ((w->options->fetch || !l.document) && fetch_list(w, verify_text(entry, "statusListCredential"), &fetched, l.from, &err))
		l.document = fetched;
	if (!l.document) {
		unknown(w, "status-unreachable", "%s", err.msg);
		return;
	}
	if (!check_signature(w, l.document) || !check_times(w, &l) || !read_entry(w, entry, &l, &set))
		return;
	struct verify_check *c =
	    set ? verify_add(w, "status", VERIFY_FAIL, true, suspension ? "suspended" : "revoked", "its issuer has %s it",
	                     suspension ? "suspended" : "revoked")
	        : verify_add(w, "status", VERIFY_PASS, true, "ok", "not %s, says the issuer's list%s%s", suspension ? "suspended" : "revoked",
	                     fetched ? ", fetched from " : " in the bundle", fetched ? l.from : "");
	c->as_of_ms = l.from_ms;
}
