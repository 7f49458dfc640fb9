/* Baking, reading and sealing pictures. See picture.h. */
#include "credential/picture.h"
#include "base/base64.h"
#include "base/hash.h"
#include "credential/picture_parts.h"
#include <assert.h>
#include <sodium.h>

#define SEAL_NAME "assay-picture/v1"
#define METHOD_MAX 1024
#define SIGNATURE_SIZE (SIGN_SIZE * 4 / 3 + 4) /* base64url, with its NUL */

typedef bool join_fn(struct str drawn, struct str credential, struct str seal, struct buf *out, struct err *err);
typedef bool split_fn(struct str file, struct parts *ret, struct err *err);

static const struct {
	const char *media_type;
	join_fn *join;
	split_fn *split;
} formats[] = {
    [PICTURE_PDF_A4] = {"application/pdf", pdf_join, pdf_split},
    [PICTURE_PDF_LETTER] = {"application/pdf", pdf_join, pdf_split},
    [PICTURE_PNG] = {"image/png", png_join, png_split},
    [PICTURE_SVG] = {"image/svg+xml", svg_join, svg_split},
};

const char *picture_media_type(enum picture_format format)
{
	assert((size_t)format < ARRAY_SIZE(formats));
	return formats[format].media_type;
}

/* ---- Sealing ---- */

static void seal_text(const char *picture_hash, const char *media_type, struct str credential, struct buf *out)
{
	char hash[HASH_HEX_SIZE];
	buf_addf(out, SEAL_NAME "\n%s\n%s\n%s\n", hash_sha256_hex(credential, hash), picture_hash, media_type);
}

/* The canonical JSON of a seal: members in order, without white space. */
static void seal_write(const char *picture_hash, const char *signature, struct str method, struct buf *out)
{
	buf_addf(out, "{\"picture\":\"%s\",\"seal\":\"" SEAL_NAME "\",\"signature\":\"%s\",\"verificationMethod\":", picture_hash, signature);
	buf_add_json(out, method);
	buf_addc(out, '}');
}

static void seal_make(enum picture_format format, struct str drawn, struct str credential, const struct sign_key *key, const char *method,
                      struct buf *out)
{
	char hash[HASH_HEX_SIZE], text[SIGNATURE_SIZE];
	unsigned char signature[SIGN_SIZE];
	_cleanup_buf_ struct buf signed_text = BUF(1024);
	seal_text(hash_sha256_hex(drawn, hash), picture_media_type(format), credential, &signed_text);
	sign_bytes(key, buf_str(&signed_text), signature);
	sodium_bin2base64(text, sizeof text, signature, sizeof signature, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	seal_write(hash, text, str_of(method), out);
}

bool picture_finish(enum picture_format format, struct str drawn, struct str credential, const struct sign_key *key,
                    const char *verification_method, struct buf *out, struct err *err)
{
	assert(strlen(verification_method) <= METHOD_MAX);
	_cleanup_buf_ struct buf seal = BUF(PICTURE_SEAL_MAX);
	seal_make(format, drawn, credential, key, verification_method, &seal);
	return buf_check(&seal, "the seal", err) && picture_bake(format, drawn, credential, buf_str(&seal), out, err);
}

/* The members of a seal; the strings live as long as *ret_root. */
struct seal {
	const char *picture, *signature, *method;
};

static bool seal_read(const char *text, cJSON **ret_root, struct seal *ret, struct err *err)
{
	static const char *const members[] = {"picture", "seal", "signature", "verificationMethod", NULL};
	const char *name = "";
	if (!json_parse(str_of(text), ret_root, err))
		return err_prefix(err, "the seal");
	const cJSON *root = *ret_root;
	if (!cJSON_IsObject(root))
		return err_set(err, ERR_INVALID, "the seal is not a JSON object");
	if (!json_only_keys(root, "seal", members, err) || !json_get_str(root, "seal", "seal", 64, &name, err) ||
	    !json_get_str(root, "seal", "picture", HASH_HEX_SIZE, &ret->picture, err) ||
	    !json_get_str(root, "seal", "signature", SIGNATURE_SIZE, &ret->signature, err) ||
	    !json_get_str(root, "seal", "verificationMethod", METHOD_MAX, &ret->method, err))
		return false;
	if (strcmp(name, SEAL_NAME) != 0)
		return err_set(err, ERR_INVALID, "the seal is of another kind, '%s'", name);
	return true;
}

char *picture_seal_method(const struct picture_baked *b)
{
	_cleanup_json_ cJSON *root = NULL;
	struct seal seal;
	return b->seal && seal_read(b->seal, &root, &seal, NULL) ? xstrdup(seal.method) : NULL;
}

bool picture_seal_check(const struct picture_baked *b, const unsigned char key[SIGN_KEY_SIZE], struct err *err)
{
	_cleanup_json_ cJSON *root = NULL;
	_cleanup_buf_ struct buf again = BUF(PICTURE_SEAL_MAX), text = BUF(1024);
	unsigned char signature[SIGN_SIZE];
	struct seal seal;
	size_t len = 0;
	if (!b->seal)
		return err_set(err, ERR_NOT_FOUND, "the picture has no seal: nothing says that its issuer made it for this certificate");
	if (!b->canonical)
		return err_set(err, ERR_SIGNATURE, "the picture was changed, or saved again by another program");
	if (!seal_read(b->seal, &root, &seal, err))
		return false;
	seal_write(seal.picture, seal.signature, str_of(seal.method), &again);
	if (!str_is(buf_str(&again), b->seal))
		return err_set(err, ERR_SIGNATURE, "the seal is not spelled as it was made");
	if (strcmp(seal.picture, b->picture_hash) != 0)
		return err_set(err, ERR_SIGNATURE, "the picture is not the one that was sealed: its SHA-256 is %s, the seal names %s",
		               b->picture_hash, seal.picture);
	if (!base64_read(str_of(seal.signature), BASE64_URL_SAFE, signature, sizeof signature, &len) || len != sizeof signature)
		return err_set(err, ERR_SIGNATURE, "the seal's signature is not %d bytes in base64url", SIGN_SIZE);
	seal_text(b->picture_hash, picture_media_type(b->format), str_of(b->credential), &text);
	if (crypto_sign_verify_detached(signature, (const unsigned char *)text.p, text.len, key) != 0)
		return err_set(err, ERR_SIGNATURE, "the seal was made for another certificate or another picture, or with another key");
	return true;
}

/* ---- Baking and reading ---- */

bool picture_bake(enum picture_format format, struct str drawn, struct str credential, struct str seal, struct buf *out, struct err *err)
{
	assert((size_t)format < ARRAY_SIZE(formats));
	if (drawn.len > PICTURE_SIZE_MAX || credential.len > PICTURE_CREDENTIAL_MAX || seal.len > PICTURE_SEAL_MAX)
		return err_set(err, ERR_TOO_LARGE, "a picture has at most %u bytes, its credential %u", PICTURE_SIZE_MAX, PICTURE_CREDENTIAL_MAX);
	return formats[format].join(drawn, credential, seal, out, err) && buf_check(out, "the picture", err);
}

static bool recognise(struct str file, enum picture_format *ret, struct err *err)
{
	if (str_starts(file, "\x89PNG\r\n\x1a\n"))
		*ret = PICTURE_PNG;
	else if (str_starts(file, "%PDF-"))
		*ret = PICTURE_PDF_A4;
	else if (str_starts(str_trim(file), "<") || str_starts(file, "\xef\xbb\xbf<"))
		*ret = PICTURE_SVG;
	else
		return err_set(err, ERR_INVALID, "neither a PNG, nor an SVG, nor a PDF");
	return true;
}

static bool check_credential(struct str text, struct err *err)
{
	if (text.len == 0)
		return err_set(err, ERR_INVALID, "the picture holds no credential: it is a picture and no more");
	if (text.len > PICTURE_CREDENTIAL_MAX)
		return err_set(err, ERR_TOO_LARGE, "the credential in the picture has more than %u bytes", PICTURE_CREDENTIAL_MAX);
	if (str_starts(text, "eyJ"))
		return err_set(err, ERR_INVALID, "the credential in the picture is a JWT; only JSON with an embedded proof is known");
	if (!str_is_utf8(text, NULL) || text.p[0] != '{')
		return err_set(err, ERR_INVALID, "what the picture holds is not a credential in JSON");
	return true;
}

static void parts_init(struct parts *p)
{
	*p = (struct parts){.drawn = BUF(PICTURE_SIZE_MAX), .credential = BUF(PICTURE_SIZE_MAX), .seal = BUF(PICTURE_SIZE_MAX)};
}

static void parts_finish(struct parts *p)
{
	buf_finish(&p->drawn);
	buf_finish(&p->credential);
	buf_finish(&p->seal);
}

bool picture_read(struct str file, struct picture_baked *ret, struct err *err)
{
	enum picture_format format = PICTURE_PNG;
	_cleanup_(parts_finish) struct parts parts;
	_cleanup_buf_ struct buf again = BUF(PICTURE_SIZE_MAX + 65536);
	struct err ignored;
	parts_init(&parts);
	if (file.len > PICTURE_SIZE_MAX)
		return err_set(err, ERR_TOO_LARGE, "a picture has at most %u bytes", PICTURE_SIZE_MAX);
	if (!recognise(file, &format, err) || !formats[format].split(file, &parts, err) || !check_credential(buf_str(&parts.credential), err))
		return false;
	if (parts.seal.len > PICTURE_SEAL_MAX || !str_is_utf8(buf_str(&parts.seal), NULL))
		return err_set(err, ERR_INVALID, "the seal in the picture is not one: more than %d bytes, or not text", PICTURE_SEAL_MAX);
	struct picture_baked baked = {.format = format};
	baked.canonical = picture_bake(format, buf_str(&parts.drawn), buf_str(&parts.credential), buf_str(&parts.seal), &again, &ignored) &&
	                  str_eq(buf_str(&again), file);
	hash_sha256_hex(buf_str(&parts.drawn), baked.picture_hash);
	baked.credential = buf_take(&parts.credential, NULL);
	baked.seal = parts.seal.len ? buf_take(&parts.seal, NULL) : NULL;
	*ret = baked;
	return true;
}

void picture_baked_finish(struct picture_baked *b)
{
	free(b->credential);
	free(b->seal);
	*b = (struct picture_baked){0};
}
