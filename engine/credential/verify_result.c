/* An exported result: one signed envelope, checked so that a person reads what was looked at and, when something was changed, what.
 *
 * The signature decides. The digests inside the payload (a short hash of each of its members) only help to say which member was changed:
 * who changes a digest, too, still breaks the signature. */
#include "base/hash.h"
#include "credential/jcs.h"
#include "credential/verify_internal.h"
#include <sodium.h>
#include <stdio.h>

static bool digest_matches(const cJSON *member, const char *digest)
{
	_cleanup_buf_ struct buf bytes = BUF(SIGNED_SIZE_MAX);
	char hex[HASH_HEX_SIZE];
	struct err err;
	if (!jcs_canonical(member, &bytes, &err))
		return false;
	hash_sha256_hex(buf_str(&bytes), hex)[16] = 0;
	return strcmp(hex, digest) == 0;
}

/* The members that are not what their digests say; NULL when all are. */
static char *changed_members(const cJSON *payload)
{
	const cJSON *digests = verify_get(payload, "digests"), *c;
	if (!cJSON_IsObject(digests))
		return xstrdup("digests (missing)");
	_cleanup_buf_ struct buf list = BUF(2000);
	cJSON_ArrayForEach(c, payload)
	{
		if (c == digests)
			continue;
		const char *digest = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(digests, c->string));
		if (!digest || !digest_matches(c, digest))
			buf_addf(&list, "%s%.60s", list.len ? ", " : "", c->string);
	}
	cJSON_ArrayForEach(c, digests) if (!cJSON_GetObjectItemCaseSensitive(payload, c->string))
	    buf_addf(&list, "%s%.60s (missing)", list.len ? ", " : "", c->string);
	return list.len ? buf_take(&list, NULL) : NULL;
}

static bool check_document(struct verify_work *w, const cJSON *payload, const char *key_hex)
{
	const cJSON *format = verify_get(payload, "format");
	if (strcmp(verify_text(payload, "type"), "assay-result") != 0 || !cJSON_IsNumber(format) || format->valuedouble != 1)
		return verify_add(w, "document", VERIFY_FAIL, true, "wrong-type", "this is not an Assay result of a format that is known here"),
		       false;
	_cleanup_free_ char *changed = changed_members(payload);
	if (changed)
		return verify_add(w, "document", VERIFY_FAIL, true, "changed", "changed after it was signed: %s", changed), false;
	if (strcmp(verify_text(payload, "key"), key_hex) != 0)
		return verify_add(w, "document", VERIFY_FAIL, true, "did-mismatch", "it names another key than the one that signed it"), false;
	verify_add(w, "document", VERIFY_PASS, true, "ok", "a result of an Assay exam, format 1; each part is what its digest says");
	return true;
}

/* The key stands in the file, so whose it is only a pin can say. */
static void check_issuer(struct verify_work *w, const char *key_hex)
{
	unsigned char key[SIGN_KEY_SIZE] = {0};
	const struct trust_issuer *issuer = NULL;
	size_t len = 0;
	bool read = sodium_hex2bin(key, sizeof key, key_hex, strlen(key_hex), NULL, &len, NULL) == 0 && len == sizeof key;
	const struct trust_key *k = read ? trust_key(w->options->trust, NULL, key, &issuer) : NULL;
	if (w->options->result_key && memcmp(w->options->result_key, key, sizeof key) != 0)
		verify_add(w, "issuer", VERIFY_FAIL, true, "key-not-trusted", "it is signed with the key %s, not with the one that was expected",
		           key_hex);
	else if (k && k->state == TRUST_COMPROMISED)
		verify_add(w, "issuer", VERIFY_FAIL, true, "key-compromised", "the key %s was stolen, says what is %s", key_hex, issuer->how);
	else if (w->options->result_key)
		verify_add(w, "issuer", VERIFY_PASS, true, "ok", "it is the key that was expected");
	else if (k && k->purposes & TRUST_RESULTS)
		verify_add(w, "issuer", VERIFY_PASS, true, "ok", "signed with the key %s of %s, which is %s", key_hex,
		           issuer->name ? issuer->name : issuer->id, issuer->how);
	else /* required only when somebody has said whom they trust */
		verify_add(w, "issuer", VERIFY_UNKNOWN, w->options->trust && w->options->trust->n, "key-not-trusted",
		           "signed with the key %s: whether that is the issuer's, the file cannot prove; compare it with what the issuer says",
		           key_hex);
}

static cJSON *claims(const cJSON *payload)
{
	const cJSON *score = verify_get(payload, "score"), *exam = verify_get(payload, "exam");
	const char *verdict = verify_text(payload, "verdict");
	cJSON *o = json_object(), *issuer = json_object(), *holder = json_object(), *list = json_array(), *says = json_array(),
	      *not = json_array();
	json_set_str(o, "title", verify_text(exam, "title"));
	json_set_str(issuer, "id", verify_text(payload, "key"));
	json_set_str(issuer, "name", NULL);
	json_set(o, "issuer", issuer);
	json_set_str(holder, "name", verify_text(payload, "candidate"));
	json_set_bool(holder, "hashed", false);
	json_set(o, "holder", holder);
	json_set_str(o, "issued_at", verify_text(payload, "issued_at"));
	json_set_str(o, "valid_from", verify_text(verify_get(payload, "time"), "ended_at"));
	json_set_str(o, "valid_until", NULL);
	json_set_str(o, "verdict", *verdict ? verdict : NULL);
	if (cJSON_IsObject(score)) {
		_cleanup_buf_ struct buf text = BUF(300);
		cJSON *s = json_object();
		buf_addf(&text, "%g of %g to %g %s, standard error %g, cut %g", cJSON_GetNumberValue(verify_get(score, "value")),
		         cJSON_GetNumberValue(verify_get(score, "min")), cJSON_GetNumberValue(verify_get(score, "max")), verify_text(score, "unit"),
		         cJSON_GetNumberValue(verify_get(score, "error")), cJSON_GetNumberValue(verify_get(score, "cut")));
		json_set_str(s, "name", "Score");
		json_set_str(s, "value", text.p);
		json_add(list, s);
	}
	json_set(o, "score", list);
	json_set_str(o, "by_hand", NULL);
	json_set_str(o, "rules", NULL);
	_cleanup_free_ char *first =
	    xasprintf("'%s' took '%s' in %s mode and ended it on %s.", verify_text(payload, "candidate"), verify_text(exam, "title"),
	              verify_text(payload, "mode"), verify_text(verify_get(payload, "time"), "ended_at"));
	json_add_str(says, first);
	json_add_str(not, "Who sat in front of the screen, or that anybody watched.");
	json_add_str(not, "Whose key signed it, unless that key is pinned.");
	json_set(o, "says", says);
	json_set(o, "does_not_say", not );
	return o;
}

void verify_result(struct verify_work *w, struct str text)
{
	struct signed_report report;
	_cleanup_json_ cJSON *envelope = NULL;
	struct err err;
	if (!signed_verify(text, NULL, &report, &err)) {
		verify_add(w, "format", VERIFY_FAIL, true, "wrong-type", "%s", err.msg);
		return;
	}
	verify_add(w, "format", VERIFY_PASS, true, "ok", "an exported result, %zu bytes", text.len);
	if (!json_parse(text, &envelope, &err))
		abort(); /* signed_verify() has read it */
	w->v->document = cJSON_DetachItemFromObjectCaseSensitive(envelope, "payload");
	bool shape = check_document(w, w->v->document, report.key_hex);
	if (report.valid)
		verify_add(w, "signature", VERIFY_PASS, true, "ok", "these are exactly the bytes that were signed with this key");
	else
		verify_add(w, "signature", VERIFY_FAIL, true, "changed", "%s", report.reason);
	check_issuer(w, report.key_hex);
	if (shape && report.valid)
		w->v->claims = claims(w->v->document);
	signed_report_finish(&report);
}
