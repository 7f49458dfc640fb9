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

/* A list, and why it cannot be used. */
struct list {
	const cJSON *document;
	cJSON *fetched; /* owned */
	char from[VERIFY_URL_SIZE];
	int64_t from_ms, until_ms;
	const char *code;
	struct err err;
};

static bool fault(struct list *l, const char *code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static bool fault(struct list *l, const char *code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	err_vset(&l->err, ERR_INVALID, fmt, ap);
	va_end(ap);
	l->code = code;
	return false;
}

/* ---- Getting it ---- */

static bool fetch_list(struct verify_work *w, const char *url, cJSON **ret, char ret_from[VERIFY_URL_SIZE], struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(LIST_DOCUMENT_MAX);
	snprintf(ret_from, VERIFY_URL_SIZE, "%s", url);
	if (!w->options->fetch)
		return err_set(err, ERR_IO, "the issuer's list was not looked up (offline)");
	if (!verify_is_issuers(w, url))
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
static bool check_signature(struct verify_work *w, struct list *l)
{
	static const char *const names[] = {"RDF", "JCS"};
	struct proof_set set;
	const cJSON *issuer = verify_get(l->document, "issuer");
	const char *id = cJSON_IsString(issuer) ? issuer->valuestring : verify_text(issuer, "id");
	if (strcmp(id, w->issuer) != 0)
		return fault(l, "status-signature", "the list is one of %.120s, not of the certificate's issuer", *id ? id : "nobody");
	verify_proof_set(w, l->document, TRUST_STATUS, &set);
	for (int s = 0; s < PROOF_SUITES; s++)
		if (!set.ok[s])
			return fault(l, "status-signature", "the list's %s proof does not hold: %s", names[s], set.reason[s]);
	if (set.key.standing == STANDING_UNKNOWN)
		return fault(l, "key-not-trusted", "the list's key: %s", set.key.reason);
	return set.key.standing == STANDING_TRUSTED || fault(l, "status-signature", "the list's key does not count: %s", set.key.reason);
}

static bool check_times(struct verify_work *w, struct list *l)
{
	struct err err;
	int64_t now = w->v->now_ms;
	const char *from = verify_text(l->document, "validFrom"), *until = verify_text(l->document, "validUntil");
	if (!clock_parse_rfc3339(from, &l->from_ms, &err) || !clock_parse_rfc3339(until, &l->until_ms, &err))
		return fault(l, "status-signature", "the list does not say from when until when it counts");
	if (now + VERIFY_CLOCK_SKEW_MS < l->from_ms)
		return fault(l, "status-stale", "the list is from the future, %s", from);
	return now < l->until_ms || fault(l, "status-stale", "the list at hand is of %s, and counted until %s", from, until);
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

/* It is the list at this address, of this purpose, and has the certificate's entry; *ret_set: the bit. */
static bool read_entry(struct list *l, const cJSON *entry, const char *url, const char *purpose, bool *ret_set)
{
	const cJSON *subject = verify_get(l->document, "credentialSubject");
	int64_t index;
	struct err err;
	if (!has_type(l->document, "BitstringStatusListCredential") || strcmp(verify_text(subject, "type"), "BitstringStatusList") != 0)
		return fault(l, "status-signature", "what is at the list's address is no status list");
	if (strcmp(verify_text(l->document, "id"), url) != 0)
		return fault(l, "status-signature", "the list is %.160s, and the certificate names another", verify_text(l->document, "id"));
	if (!has_purpose(subject, purpose))
		return fault(l, "status-signature", "the list is not about %.40s", purpose);
	const char *text = verify_text(entry, "statusListIndex");
	if (!str_to_i64(str_of(text), 0, LIST_INDEX_MAX, &index) || text[0] == '-' || (text[0] == '0' && text[1]) ||
	    verify_get(entry, "statusSize"))
		return fault(l, "status-signature", "the certificate's entry in the list cannot be read");
	return read_bit(subject, index, ret_set, &err) || fault(l, "status-signature", "%s", err.msg);
}

/* What the list at an address says of the certificate: the one that is fetched, which is fresher, or else the one that was packed. */
static bool ask_list(struct verify_work *w, const cJSON *entry, const char *url, const char *purpose, const cJSON *packed, struct list *l,
                     bool *ret_set)
{
	struct err err;
	*l = (struct list){.document = packed};
	if ((w->options->fetch || !packed) && fetch_list(w, url, &l->fetched, l->from, &err))
		l->document = l->fetched;
	if (!l->document)
		return fault(l, "status-unreachable", "%s", err.msg);
	return check_signature(w, l) && check_times(w, l) && read_entry(l, entry, url, purpose, ret_set);
}

/* Our lists of revocations have the suspended ones, too; a second list tells a pause from the end. */
static bool is_paused(struct verify_work *w, const cJSON *entry, bool *ret_known)
{
	struct list l;
	bool set = false;
	const char *url = verify_text(entry, "statusReference");
	*ret_known = *url && ask_list(w, entry, url, "suspension", NULL, &l, &set);
	if (*url)
		cJSON_Delete(l.fetched);
	return *ret_known && set;
}

static void conclude(struct verify_work *w, const cJSON *entry, bool suspension, const struct list *l, bool set)
{
	bool known = true, paused = set && (suspension || is_paused(w, entry, &known));
	struct verify_check *c;
	if (paused)
		c = verify_add(w, "status", VERIFY_FAIL, true, "suspended", "its issuer has suspended it: it may count again");
	else if (set)
		c = verify_add(w, "status", VERIFY_FAIL, true, "revoked", "its issuer has revoked it%s",
		               known ? "" : ", or suspended: which of the two is in another list, which was not to be had");
	else
		c = verify_add(w, "status", VERIFY_PASS, true, "ok", "not %s, says the issuer's list%s%s", suspension ? "suspended" : "revoked",
		               l->fetched ? " at " : " in the bundle", l->fetched ? l->from : "");
	c->as_of_ms = l->from_ms;
}

void verify_status(struct verify_work *w)
{
	const cJSON *entry = verify_get(w->v->document, "credentialStatus");
	const char *purpose = verify_text(entry, "statusPurpose");
	bool suspension = strcmp(purpose, "suspension") == 0, set = false, read = false;
	struct list l = {0};
	if (!entry) {
		verify_add(w, "status", VERIFY_ABSENT, false, "ok", "it names no status list: its issuer cannot revoke it");
		return;
	}
	if (!suspension && strcmp(purpose, "revocation") != 0)
		fault(&l, "status-signature", "a status of the kind '%.40s' is not known here", purpose);
	else if (!w->proofs_hold)
		fault(&l, "status-unreachable", "as its proofs do not hold, nobody was asked");
	else
		read = ask_list(w, entry, verify_text(entry, "statusListCredential"), purpose, w->bundle.status_list, &l, &set);
	if (read)
		conclude(w, entry, suspension, &l, set);
	else
		verify_add(w, "status", VERIFY_UNKNOWN, true, l.code, "whether it was revoked is not known: %s", l.err.msg)->as_of_ms = l.from_ms;
	cJSON_Delete(l.fetched);
}
