/* Pictures of certificates, and what shows one on other sites. See picture.h. */
#include "proctor/picture.h"
#include "credential/badge.h"
#include "proctor/certificate.h"
#include "proctor/internal.h"
#include "proctor/keys.h"
#include "proctor/picture_cache.h"
#include <sodium.h>

/* Of everything that a picture is made of: two servers with the same draw the same. */
static void cache_key(enum picture_format format, const struct certificate_public *c, const struct issuer *issuer, const char *method,
                      unsigned char ret[HASH_SIZE])
{
	const struct picture_style *s = &issuer->style;
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	struct str parts[7 + 3 * PICTURE_SIGNERS_MAX] = {{(const char *)&format, sizeof format},
	                                                 c->bytes,
	                                                 str_of(c->link),
	                                                 str_of(method),
	                                                 str_of(s->background),
	                                                 str_of(s->ink),
	                                                 str_of(s->accent)};
	size_t n = 7;
	for (size_t i = 0; i < s->n_signers; i++) {
		parts[n++] = str_of(s->signers[i].name);
		parts[n++] = str_of(s->signers[i].title);
		parts[n++] = s->signers[i].signature;
	}
	for (size_t i = 0; i <= n; i++) {
		struct str part = i < n ? parts[i] : s->logo;
		crypto_hash_sha256_update(&state, (const unsigned char *)&part.len, sizeof part.len);
		crypto_hash_sha256_update(&state, (const unsigned char *)part.p, part.len);
	}
	crypto_hash_sha256_final(&state, ret);
}

static bool make(struct proctor *pr, enum picture_format format, const struct certificate_public *c, const struct issuer *issuer,
                 const struct sign_key *key, const char *method, struct buf *out, struct err *err)
{
	_cleanup_buf_ struct buf drawn = BUF(PICTURE_SIZE_MAX);
	return picture_draw(pr->picture_program, format, c->bytes, c->link, &issuer->style, false, &drawn, err) &&
	       picture_finish(format, buf_str(&drawn), c->bytes, key, method, out, err);
}

bool certificate_picture(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, enum picture_format format,
                         struct certificate_picture *ret, struct err *err)
{
	_cleanup_certificate_public_ struct certificate_public c = {0};
	const struct issuer *issuer;
	const struct sign_key *key;
	unsigned char hash[HASH_SIZE];
	struct certificate_picture p = {.bytes = BUF(PICTURE_SIZE_MAX)};
	if (!certificate_public(pr, rd, who, id, &c, err) || !issuer_get(pr, &issuer, err) || !key_active(pr, KEY_CREDENTIALS, &key, err))
		return false;
	_cleanup_free_ char *method = key_method(pr, key);
	p.shared = c.row.shared;
	p.valid_until_ms = c.row.valid_until_ms ? c.row.valid_until_ms : INT64_MAX;
	cache_key(format, &c, issuer, method, hash);
	if (!picture_cache_get(pr->pictures, hash, &p.bytes)) {
		if (!make(pr, format, &c, issuer, key, method, &p.bytes, err)) {
			certificate_picture_finish(&p);
			return false;
		}
		picture_cache_put(pr->pictures, hash, buf_str(&p.bytes));
		p.fresh_key = key;
	}
	*ret = p;
	return true;
}

void certificate_picture_finish(struct certificate_picture *p)
{
	buf_finish(&p->bytes);
}

/* ---- On other sites ---- */

bool certificate_embed_html(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, struct buf *out,
                            struct err *err)
{
	_cleanup_certificate_public_ struct certificate_public c = {0};
	const struct issuer *issuer;
	if (!certificate_public(pr, rd, who, id, &c, err) || !issuer_get(pr, &issuer, err))
		return false;
	buf_adds(out, "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>");
	buf_add_html(out, str_of(c.row.title));
	buf_addf(out,
	         "</title>\n<style>\nhtml, body { margin: 0; height: 100%%; background: transparent }\n"
	         "a { display: block; height: 100%% }\na:focus-visible { outline: 3px solid %s; outline-offset: -3px }\n"
	         "img { display: block; margin: auto; max-width: 100%%; max-height: 100%%; width: 600px }\n</style>\n",
	         issuer->style.accent);
	buf_addf(out, "<a href=\"%s/verify/%s\" target=\"_blank\" rel=\"noopener\"><img src=\"badge.svg\" alt=\"",
	         issuer->base_url ? issuer->base_url : "", c.row.id);
	buf_add_html(out, str_of(c.row.title));
	if (*c.row.name) {
		buf_adds(out, ": ");
		buf_add_html(out, str_of(c.row.name));
	}
	buf_adds(out, ", by ");
	buf_add_html(out, str_of(issuer->name));
	buf_adds(out, ". Opens the page that checks it.\"></a>\n</html>\n");
	return true;
}

/* ---- Specimen ---- */

void picture_specimen(const struct issuer *issuer, struct buf *out)
{
	static const struct badge_measure m[] = {
	    {.id = "total", .name = "Total score", .type = "ScaledScore", .value = "842", .min = "100", .max = "1000", .required = "700"},
	    {.id = "total-error", .name = "Standard error of the total score", .type = "ext:StandardError", .value = "31"},
	    {.id = "chance", .name = "Chance", .type = "ext:ChanceAtOrAboveCut", .value = "0.998", .min = "0", .max = "1"},
	    {.id = "domain-files", .name = "Files and permissions", .type = "Percent", .value = "91", .min = "0", .max = "100"},
	    {.id = "domain-files-error", .name = "Standard error", .type = "ext:StandardError", .value = "4"},
	    {.id = "domain-access", .name = "Users and access", .type = "Percent", .value = "84", .min = "0", .max = "100"},
	    {.id = "domain-access-error", .name = "Standard error", .type = "ext:StandardError", .value = "7"},
	    {.id = "domain-storage", .name = "Storage and file systems", .type = "Percent", .value = "78.5", .min = "0", .max = "100"},
	    {.id = "domain-storage-error", .name = "Standard error", .type = "ext:StandardError", .value = "9"},
	    {.id = "domain-networks", .name = "Networks", .type = "Percent", .value = "66", .min = "0", .max = "100"},
	    {.id = "domain-networks-error", .name = "Standard error", .type = "ext:StandardError", .value = "12"},
	    {.id = "by-hand", .name = "Share by hand (percent)", .type = "ext:ByHand", .value = "62", .min = "0", .max = "100"},
	};
	struct badge b = {
	    .id = "urn:uuid:00000000-0000-4000-8000-000000000000",
	    .issuer = {issuer->id ? issuer->id : "did:key:z", issuer->name, issuer->url, issuer->description},
	    .achievement =
	        {"urn:uuid:00000000-0000-4000-8000-000000000001", "Specimen of a certificate",
	         "What a certificate of this issuer looks like: nobody has earned this one.",
	         "Passed an exam of 46 questions and tasks, 6 of them hands-on tasks in a real shell, judged by what was there at the "
	         "end.\n\nTo pass: at least 700 on a scale from 100 to 1000.\n\n90 minutes for the whole. No documentation was "
	         "allowed.\n\nNot supervised: nobody watched, and nobody checked who answered, or with whose help.",
	         NULL, "en", NULL, NULL, NULL},
	    .valid_from_ms = INT64_C(1767225600000),
	    .awarded_ms = INT64_C(1767225600000),
	    .valid_until_ms = INT64_C(1861920000000),
	    .holder = {"nobody", "userName", "00", "Ada Example"},
	    .measures = m,
	    .n_measures = ARRAY_SIZE(m),
	};
	_cleanup_json_ cJSON *json = badge_json(&b);
	json_print(json, out);
}
