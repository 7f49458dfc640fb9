/* What the input is: JSON, a picture with a credential inside, a bundle, the text behind a QR code, or an exported result. */
#include "base/hash.h"
#include "credential/jcs.h"
#include "credential/verify_internal.h"
#include <stdio.h>

#define LINK_MAX 1000

static const char hash_mark[] = "#sha256=";

bool verify_parse(struct verify_work *w, struct str text, cJSON **ret)
{
	struct err err;
	bool twice;
	if (text.len > CREDENTIAL_MAX && !w->bundle.tree)
		return verify_add(w, "document", VERIFY_FAIL, true, "too-large", "a certificate has at most %u bytes", CREDENTIAL_MAX), false;
	if (!json_parse_once(text, ret, &twice, &err))
		return verify_add(w, "document", VERIFY_FAIL, true, twice ? "duplicate-key" : "not-json", "%s", err.msg), false;
	return true;
}

/* The document is there: its canonical bytes, and what a link says of them. */
static bool take_document(struct verify_work *w, cJSON *document)
{
	struct err err;
	if (!cJSON_IsObject(document)) {
		cJSON_Delete(document);
		return verify_add(w, "document", VERIFY_FAIL, true, "wrong-type", "a certificate is a JSON object"), false;
	}
	w->v->document = document;
	if (!jcs_canonical(document, &w->canonical, &err))
		return verify_add(w, "document", VERIFY_FAIL, true, "too-large", "%s", err.msg), false;
	hash_sha256_hex(buf_str(&w->canonical), w->hash);
	if (*w->link_hash && strcmp(w->hash, w->link_hash) != 0)
		return verify_add(w, "document", VERIFY_FAIL, true, "hash-mismatch",
		                  "the link is about other bytes: the certificate at its address hashes to %.16s…, the link says %.16s…", w->hash,
		                  w->link_hash),
		       false;
	return true;
}

/* ---- JSON and bundles ---- */

static bool take_bundle(struct verify_work *w, cJSON *tree)
{
	struct err err;
	w->v->format = "bundle";
	if (!bundle_take(tree, &w->bundle, &err)) {
		cJSON_Delete(tree);
		return verify_add(w, "format", VERIFY_FAIL, true, "wrong-type", "not a bundle that is known here: %s", err.msg), false;
	}
	cJSON *document = cJSON_DetachItemViaPointer(tree, (cJSON *)w->bundle.credential);
	w->bundle.credential = NULL;
	verify_add(w, "format", VERIFY_PASS, true, "ok", "a bundle: a certificate with what its check needs")->as_of_ms = w->bundle.made_ms;
	return take_document(w, document);
}

static bool open_json(struct verify_work *w, struct str text, bool *ret_is_result)
{
	cJSON *tree = NULL;
	struct err err;
	bool twice;
	if (!json_parse_once(text, &tree, &twice, &err))
		return verify_add(w, "format", VERIFY_FAIL, true, twice ? "duplicate-key" : "not-json", "%s", err.msg), false;
	if (verify_get(tree, "payload") && verify_get(tree, "signature")) {
		cJSON_Delete(tree);
		w->v->format = "result";
		return *ret_is_result = true;
	}
	if (bundle_is(tree))
		return take_bundle(w, tree);
	if (text.len > CREDENTIAL_MAX) {
		cJSON_Delete(tree);
		return verify_add(w, "format", VERIFY_FAIL, true, "too-large", "a certificate has at most %u bytes", CREDENTIAL_MAX), false;
	}
	verify_add(w, "format", VERIFY_PASS, true, "ok", "a certificate as JSON, %zu bytes", text.len);
	return take_document(w, tree);
}

/* ---- Pictures ---- */

static bool open_picture(struct verify_work *w, struct str file, const char *format, const char *name)
{
	struct err err;
	cJSON *tree = NULL;
	w->v->format = format;
	if (!picture_read(file, &w->picture, &err))
		return verify_add(w, "format", VERIFY_FAIL, true, "no-credential", "no certificate can be taken out of this %s: %s", name, err.msg),
		       false;
	w->has_picture = true;
	verify_add(w, "format", VERIFY_PASS, true, "ok", "a picture (%s) with a certificate inside", name);
	return verify_parse(w, str_of(w->picture.credential), &tree) && take_document(w, tree);
}

/* ---- Links ---- */

static bool is_link(struct str text)
{
	if (text.len > LINK_MAX || !(str_starts(text, "https://") || str_starts(text, "http://") || str_starts(text, "urn:uuid:")))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] <= ' ' || (unsigned char)text.p[i] >= 127)
			return false;
	return true;
}

/* Where the page https://HOST/verify/ID has its certificate as JSON; NULL: it is no such address. */
static char *document_address(struct str link)
{
	static const char *const places[] = {"/verify/", "/credentials/"};
	_cleanup_free_ char *text = str_dup(link);
	char *path = strchr(text + (str_starts(link, "https") ? 8 : 7), '/');
	if (!path || strpbrk(path, "?%\\"))
		return NULL;
	const char *id = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (strncmp(path, places[i], strlen(places[i])) == 0)
			id = path + strlen(places[i]);
	if (!id || !*id || strchr(id, '/'))
		return NULL;
	return xasprintf("%.*s/credentials/%s", (int)(path - text), text, id);
}

static bool read_link_hash(struct verify_work *w, struct str link, struct str *ret_address)
{
	for (size_t at = 0; at + strlen(hash_mark) + 64 <= link.len; at++) {
		struct str rest = str_sub(link, at, link.len);
		if (!str_starts(rest, hash_mark) || rest.len != strlen(hash_mark) + 64)
			continue;
		for (size_t i = 0; i < 64; i++) {
			char c = rest.p[strlen(hash_mark) + i];
			if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
				return false;
			w->link_hash[i] = c;
		}
		*ret_address = str_sub(link, 0, at);
		return true;
	}
	return false;
}

static bool open_link(struct verify_work *w, struct str link)
{
	_cleanup_buf_ struct buf text = BUF(CREDENTIAL_MAX);
	char from[VERIFY_URL_SIZE] = "";
	struct str address;
	struct err err;
	cJSON *tree = NULL;
	w->v->format = "link";
	if (!read_link_hash(w, link, &address))
		return verify_add(w, "format", VERIFY_FAIL, true, "hash-missing",
		                  "the link does not end in #sha256= and 64 hexadecimal digits: it cannot say which certificate it means"),
		       false;
	if (str_starts(address, "urn:"))
		return verify_add(w, "format", VERIFY_UNKNOWN, true, "not-fetched",
		                  "this names a certificate without saying where it is: give the file itself"),
		       false;
	_cleanup_free_ char *url = document_address(address);
	if (!url)
		return verify_add(w, "format", VERIFY_FAIL, true, "no-credential", "the link is not the address of a certificate"), false;
	if (!w->options->fetch)
		return verify_add(w, "format", VERIFY_UNKNOWN, true, "not-fetched", "the certificate behind the link was not fetched: offline"),
		       false;
	if (!w->options->fetch(w->options->fetch_arg, url, CREDENTIAL_MAX, &text, from, &err))
		return verify_add(w, "format", VERIFY_UNKNOWN, true, "not-fetched", "the certificate behind the link cannot be had: %s", err.msg),
		       false;
	verify_add(w, "format", VERIFY_PASS, true, "ok", "a link; the certificate was fetched from %s", *from ? from : url)->as_of_ms =
	    w->v->now_ms;
	return verify_parse(w, buf_str(&text), &tree) && take_document(w, tree);
}

bool verify_open(struct verify_work *w, struct str input, bool *ret_is_result)
{
	struct str text = str_trim(input);
	if (input.len > VERIFY_SIZE_MAX)
		return verify_add(w, "format", VERIFY_FAIL, true, "too-large", "at most %u bytes are looked at", VERIFY_SIZE_MAX), false;
	if (str_starts(input, "\x89PNG\r\n\x1a\n"))
		return open_picture(w, input, "png", "PNG");
	if (str_starts(input, "%PDF-"))
		return open_picture(w, input, "pdf", "PDF");
	if (str_starts(text, "<"))
		return open_picture(w, input, "svg", "SVG");
	if (is_link(text))
		return open_link(w, text);
	return open_json(w, input, ret_is_result);
}
