/* Signed documents. See signed.h.
 *
 * Verifying rebuilds the envelope from what was read and compares it with the text byte by byte (white space between tokens aside): so a
 * document has one form only, and a change that a JSON reader would not notice, such as another spelling of the same number, is noticed and
 * named. */
#include "credential/signed.h"
#include "base/base64.h"
#include "base/hash.h"
#include "credential/jcs.h"
#include <assert.h>
#include <sodium.h>
#include <stdio.h>

#define BASE64_SIZE(n) (((n)*4 + 2) / 3 + 1) /* without padding, with its NUL */

static const int url_safe = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

void sign_key_from_seed(const unsigned char seed[SIGN_SEED_SIZE], struct sign_key *ret)
{
	static_assert(crypto_sign_SECRETKEYBYTES == sizeof ret->secret_key && crypto_sign_PUBLICKEYBYTES == SIGN_KEY_SIZE, "sizes");
	static_assert(crypto_sign_SEEDBYTES == SIGN_SEED_SIZE && crypto_sign_BYTES == SIGN_SIZE, "sizes");
	crypto_sign_seed_keypair(ret->public_key, ret->secret_key, seed);
}

void sign_bytes(const struct sign_key *key, struct str bytes, unsigned char ret_signature[SIGN_SIZE])
{
	crypto_sign_detached(ret_signature, NULL, (const unsigned char *)bytes.p, bytes.len, key->secret_key);
}

void signed_export(struct str canonical, const unsigned char signature[SIGN_SIZE], const unsigned char public_key[SIGN_KEY_SIZE],
                   struct buf *out)
{
	char key[BASE64_SIZE(SIGN_KEY_SIZE) + 4], value[BASE64_SIZE(SIGN_SIZE) + 4], hash[HASH_HEX_SIZE];
	sodium_bin2base64(key, sizeof key, public_key, SIGN_KEY_SIZE, url_safe);
	sodium_bin2base64(value, sizeof value, signature, SIGN_SIZE, url_safe);
	buf_adds(out, "{\"payload\":");
	buf_addv(out, canonical);
	buf_addf(out, ",\"signature\":{\"alg\":\"Ed25519\",\"key\":\"%s\",\"sha256\":\"%s\",\"value\":\"%s\"}}", key,
	         hash_sha256_hex(canonical, hash), value);
}

/* ---- Verifying ---- */

/* What an envelope holds, once its members have been read. */
struct envelope {
	const char *hash;
	unsigned char key[SIGN_KEY_SIZE], signature[SIGN_SIZE];
};

/* Both return NULL, or what is wrong, owned by the caller. */
static char *extra_member(const cJSON *object, const char *path, const char *const *known)
{
	assert(object);
	for (const cJSON *c = object->child; c; c = c->next) {
		const char *const *k = known;
		while (*k && strcmp(*k, c->string) != 0)
			k++;
		if (!*k)
			return xasprintf("%s has the member \"%.100s\", which does not belong there and is not signed", path, c->string);
	}
	return NULL;
}

static char *decode(const cJSON *signature, const char *name, unsigned char *out, size_t size)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(signature, name);
	size_t len = 0;
	if (!cJSON_IsString(v))
		return xasprintf("signature.%s is missing", name);
	if (!base64_read(str_of(v->valuestring), BASE64_URL_SAFE, out, size, &len) || len != size)
		return xasprintf("signature.%s is not %zu bytes in base64url without padding", name, size);
	return NULL;
}

static char *read_envelope(const cJSON *root, const cJSON *signature, struct envelope *ret)
{
	static const char *const members[] = {"payload", "signature", NULL};
	static const char *const signature_members[] = {"alg", "key", "value", "sha256", NULL};
	char *wrong = extra_member(root, "the envelope", members);
	if (!wrong)
		wrong = extra_member(signature, "signature", signature_members);
	if (wrong)
		return wrong;
	const cJSON *alg = cJSON_GetObjectItemCaseSensitive(signature, "alg"), *hash = cJSON_GetObjectItemCaseSensitive(signature, "sha256");
	if (!cJSON_IsString(alg) || strcmp(alg->valuestring, "Ed25519") != 0)
		return xasprintf("signature.alg is %s%.40s: only Ed25519 is known", cJSON_IsString(alg) ? "" : "missing",
		                 cJSON_IsString(alg) ? alg->valuestring : "");
	if (!cJSON_IsString(hash))
		return xstrdup("signature.sha256 is missing");
	ret->hash = hash->valuestring;
	wrong = decode(signature, "key", ret->key, sizeof ret->key);
	return wrong ? wrong : decode(signature, "value", ret->signature, sizeof ret->signature);
}

/* JSON text without the white space between its tokens. */
static void squeeze(struct str text, struct buf *out)
{
	bool in_string = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		if (!in_string && (c == ' ' || c == '\t' || c == '\n' || c == '\r'))
			continue;
		buf_addc(out, c);
		if (in_string && c == '\\' && i + 1 < text.len)
			buf_addc(out, text.p[++i]);
		else if (c == '"')
			in_string = !in_string;
	}
}

/* NULL, or where the text differs from what signed_export() writes. */
static char *other_spelling(struct str text, struct str canonical, const struct envelope *e)
{
	_cleanup_buf_ struct buf found = BUF(text.len + 1), expected = BUF(canonical.len + 1000);
	squeeze(text, &found);
	signed_export(canonical, e->signature, e->key, &expected);
	size_t at = 0;
	while (at < found.len && at < expected.len && found.p[at] == expected.p[at])
		at++;
	if (at == found.len && at == expected.len)
		return NULL;
	const size_t payload = strlen("{\"payload\":");
	if (at >= payload && at - payload < canonical.len)
		return xasprintf("the payload is not canonical JSON (RFC 8785): at its byte %zu", at - payload);
	return xasprintf("the envelope is not spelled as it was exported: at byte %zu, white space not counted", at);
}

static char *check_all(struct str text, const cJSON *root, const cJSON *payload, const cJSON *signature, const unsigned char *key,
                       struct buf *canonical, struct signed_report *report)
{
	struct envelope e = {.hash = ""};
	struct err err = {0};
	char hash[HASH_HEX_SIZE] = "";
	char *wrong = read_envelope(root, signature, &e);
	if (wrong)
		return wrong;
	sodium_bin2hex(report->key_hex, sizeof report->key_hex, e.key, sizeof e.key);
	if (!jcs_canonical(payload, canonical, &err))
		return xasprintf("the payload has no canonical form: %s", err.msg);
	if (strcmp(hash_sha256_hex(buf_str(canonical), hash), e.hash) != 0)
		return xasprintf("the payload was changed after it was signed: its SHA-256 is %s, the signature names %.64s", hash, e.hash);
	wrong = other_spelling(text, buf_str(canonical), &e);
	if (wrong)
		return wrong;
	if (key && sodium_memcmp(key, e.key, sizeof e.key) != 0)
		return xasprintf("it is signed with the key %s, not with the one that was expected", report->key_hex);
	if (crypto_sign_verify_detached(e.signature, (const unsigned char *)canonical->p, canonical->len, e.key) != 0)
		return xasprintf("the signature does not match the payload and the key %s", report->key_hex);
	return NULL;
}

bool signed_verify(struct str text, const unsigned char *key, struct signed_report *ret, struct err *err)
{
	if (text.len > SIGNED_SIZE_MAX)
		return err_set(err, ERR_TOO_LARGE, "a signed document has at most %u bytes", SIGNED_SIZE_MAX);
	_cleanup_json_ cJSON *root = NULL;
	if (!json_parse(text, &root, err))
		return err_prefix(err, "not a signed document");
	const cJSON *payload = cJSON_IsObject(root) ? cJSON_GetObjectItemCaseSensitive(root, "payload") : NULL;
	const cJSON *signature = cJSON_IsObject(root) ? cJSON_GetObjectItemCaseSensitive(root, "signature") : NULL;
	if (!payload || !cJSON_IsObject(signature))
		return err_set(err, ERR_INVALID, "not a signed document: an envelope has the members \"payload\" and \"signature\"");
	struct signed_report report = {0};
	_cleanup_buf_ struct buf canonical = BUF(2 * (size_t)SIGNED_SIZE_MAX);
	report.reason = check_all(text, root, payload, signature, key, &canonical, &report);
	report.valid = !report.reason;
	report.canonical = buf_take(&canonical, &report.canonical_len);
	*ret = report;
	return true;
}

void signed_report_finish(struct signed_report *r)
{
	free(r->canonical);
	free(r->reason);
	*r = (struct signed_report){0};
}
