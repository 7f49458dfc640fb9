/* Checking an exported result, check by check, so that a person reads what was looked at and, when something was changed, what.
 *
 * The signature decides. The digests inside the payload (a short hash of each of its members) only help to say which member was changed:
 * who changes a digest, too, still breaks the signature. */
#include "proctor/verify.h"
#include "base/hash.h"
#include "credential/jcs.h"
#include "credential/signed.h"
#include <assert.h>

static void add_check(struct verify_report *r, const char *name, bool ok, char *detail)
{
	assert(r->n < ARRAY_SIZE(r->checks));
	r->checks[r->n++] = (struct verify_check){name, ok, detail};
	r->valid &= ok;
}

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
	const cJSON *digests = cJSON_GetObjectItemCaseSensitive(payload, "digests"), *c;
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

static bool is_text(const cJSON *payload, const char *key, const char *text)
{
	const char *v = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(payload, key));
	return v && strcmp(v, text) == 0;
}

static void check_document(struct verify_report *r, const cJSON *payload)
{
	const cJSON *format = cJSON_GetObjectItemCaseSensitive(payload, "format");
	bool known = is_text(payload, "type", "assay-result") && cJSON_IsNumber(format) && format->valuedouble == 1;
	add_check(r, "type", known,
	          xstrdup(known ? "A result of an Assay exam, format 1." : "This is not an Assay result of a format that is known here."));
	char *changed = changed_members(payload);
	add_check(r, "members", !changed,
	          changed ? xasprintf("Changed after it was signed: %s.", changed) : xstrdup("Each part is what its digest says."));
	free(changed);
	bool same = is_text(payload, "key", r->key_hex);
	add_check(r, "key", same,
	          same ? xasprintf("The document names the key that signed it: %s", r->key_hex)
	               : xstrdup("The document names another key than the one that signed it."));
}

bool result_verify(struct str text, const unsigned char *key, struct verify_report *ret, struct err *err)
{
	struct signed_report report;
	_cleanup_json_ cJSON *envelope = NULL;
	if (!signed_verify(text, key, &report, err))
		return false;
	struct verify_report r = {.valid = true};
	memcpy(r.key_hex, report.key_hex, sizeof r.key_hex);
	add_check(&r, "signature", report.valid,
	          report.valid ? xstrdup("These are exactly the bytes that were signed with this key.") : xasprintf("%s.", report.reason));
	if (key && report.valid)
		add_check(&r, "issuer", true, xstrdup("It is the key that was expected."));
	signed_report_finish(&report);
	if (json_parse(text, &envelope, NULL)) {
		r.payload = cJSON_DetachItemFromObjectCaseSensitive(envelope, "payload");
		check_document(&r, r.payload);
	}
	*ret = r;
	return true;
}

void verify_report_finish(struct verify_report *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->checks[i].detail);
	cJSON_Delete(r->payload);
	*r = (struct verify_report){0};
}

void verify_report_json(const struct verify_report *r, struct buf *out)
{
	buf_addf(out, "{\"valid\":%s,\"key\":\"%s\",\"checks\":[", r->valid ? "true" : "false", r->key_hex);
	for (size_t i = 0; i < r->n; i++) {
		buf_addf(out, "%s{\"name\":\"%s\",\"ok\":%s,\"detail\":", i ? "," : "", r->checks[i].name, r->checks[i].ok ? "true" : "false");
		buf_add_json(out, str_of(r->checks[i].detail));
		buf_addc(out, '}');
	}
	buf_adds(out, "]}");
}
