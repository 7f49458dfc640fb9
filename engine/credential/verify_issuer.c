/* Whose key it is. A key counts when it is pinned (a trust file, or this server's own), or when the DID document says so that was fetched
 * now from the issuer's own address. What a certificate or a bundle brings along says only which key is meant. */
#include "credential/multibase.h"
#include "credential/verify_internal.h"
#include <stdio.h>

static void conclude(struct key_finding *f, enum standing standing, const char *code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
static void conclude(struct key_finding *f, enum standing standing, const char *code, const char *fmt, ...)
{
	va_list ap;
	f->standing = standing;
	snprintf(f->code, sizeof f->code, "%s", code);
	va_start(ap, fmt);
	vsnprintf(f->reason, sizeof f->reason, fmt, ap);
	va_end(ap);
}

/* ---- The DID document ---- */

static bool fetch_did(struct verify_work *w, struct buf *out, struct err *err)
{
	_cleanup_free_ char *url = NULL;
	if (!did_web_url(w->issuer, &url, err))
		return false;
	snprintf(w->did_from, sizeof w->did_from, "%s", url);
	return w->options->fetch(w->options->fetch_arg, url, DID_DOCUMENT_MAX, out, w->did_from, err);
}

/* "https://HOST[:PORT]" of an address; 0 when it is none. */
static size_t origin_length(const char *url)
{
	size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
	return scheme ? scheme + strcspn(url + scheme, "/?#\\") : 0;
}

bool verify_is_issuers(const struct verify_work *w, const char *url)
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

/* Once for each input: from the issuer's address, else what the bundle brings. */
static void load_did(struct verify_work *w)
{
	_cleanup_buf_ struct buf text = BUF(DID_DOCUMENT_MAX);
	if (w->did_source != DID_NONE)
		return;
	if (str_starts(str_of(w->issuer), "did:key:")) {
		w->did_source = did_document_of_key(w->issuer, &w->did, &w->did_err) ? DID_IS_KEY : DID_BROKEN;
		return;
	}
	w->did_source = DID_UNREACHABLE;
	if (!w->options->fetch)
		err_set(&w->did_err, ERR_IO, "offline");
	else if (fetch_did(w, &text, &w->did_err) && did_document_read(buf_str(&text), w->issuer, &w->did, &w->did_err))
		w->did_source = DID_FETCHED;
	if (w->did_source != DID_FETCHED && w->bundle.did_document)
		w->did_source = did_document_from(w->bundle.did_document, w->issuer, &w->did, &w->did_err) ? DID_BUNDLED : DID_BROKEN;
}

/* ---- Pins ---- */

/* Also for a did:key issuer, whose other keys have names of their own. False: nothing is said of the key. */
static bool ask_trust(struct verify_work *w, enum trust_purpose purpose, int64_t signed_ms, struct key_finding *f)
{
	const struct trust_issuer *issuer = NULL;
	const struct trust_key *k = trust_key(w->options->trust, w->issuer, f->key, &issuer);
	if (!k)
		return false;
	const char *how = issuer->how;
	if (k->state == TRUST_COMPROMISED)
		conclude(f, STANDING_REFUSED, "key-compromised",
		         "the key was stolen, says what is %s: nothing that it signed counts, whenever that was", how);
	else if (!(k->purposes & purpose))
		conclude(f, STANDING_REFUSED, "key-not-trusted", "the key is %s, but not for %s", how, trust_purpose_name(purpose));
	else if (k->retired_ms && signed_ms >= k->retired_ms)
		conclude(f, STANDING_REFUSED, "key-retired-after", "the key was not in use any more when this was signed");
	else
		conclude(f, STANDING_TRUSTED, "ok", "signed with a key of %s that is %s", issuer->name ? issuer->name : w->issuer, how);
	return true;
}

static void ask_did(struct verify_work *w, const char *method, int64_t signed_ms, struct key_finding *f)
{
	unsigned char key[SIGN_KEY_SIZE];
	const char *code = "key-not-found";
	struct err err;
	bool found = did_find(&w->did, method, signed_ms, key, &code, &err);
	if (!found)
		conclude(f, STANDING_REFUSED, code, "%s", err.msg);
	else if (memcmp(key, f->key, SIGN_KEY_SIZE) != 0)
		conclude(f, STANDING_REFUSED, "did-mismatch", "the issuer's DID document has another key under this name");
	else if (w->did_source == DID_FETCHED)
		conclude(f, STANDING_TRUSTED, "ok", "signed with a key that was found at %s, where %s keeps its own", w->did_from, w->issuer);
	else if (w->did_source == DID_IS_KEY)
		conclude(f, STANDING_UNKNOWN, "key-not-trusted",
		         "whoever holds this key made it; who that is, it cannot say, and the key is not pinned (--trust)");
	else
		conclude(f, STANDING_UNKNOWN, "key-not-trusted",
		         "the DID document in the bundle names the key, but anybody could have packed it, and nothing was looked up (%s)",
		         w->did_err.msg);
}

/* The name of the key is one of the issuer's, and holds a key. */
static bool read_method(struct verify_work *w, const char *method, struct key_finding *f)
{
	struct str did, fragment;
	struct err err;
	bool key_issuer = str_starts(str_of(w->issuer), "did:key:");
	if (!did_split(method, &did, &fragment, &err))
		return conclude(f, STANDING_REFUSED, "key-not-found", "%s", err.msg), false;
	if (!multikey_read(fragment, f->key, &err))
		return conclude(f, STANDING_REFUSED, "key-not-found", "the name of the key holds none: %s", err.msg), false;
	f->has_key = true;
	if (str_is(did, w->issuer))
		return true;
	if (key_issuer && str_starts(did, "did:key:") && str_eq(str_sub(did, 8, did.len), fragment))
		return true; /* each key of such an issuer has a name of its own: a pin has to say that it is the issuer's */
	return conclude(f, STANDING_REFUSED, "did-mismatch", "the key is one of %.*s, the issuer is %s", STR_ARG(str_sub(did, 0, 120)),
	                w->issuer),
	       false;
}

void verify_key(struct verify_work *w, enum trust_purpose purpose, const char *method, int64_t signed_ms, struct key_finding *f)
{
	*f = (struct key_finding){0};
	if (!read_method(w, method, f))
		return;
	bool pinned = ask_trust(w, purpose, signed_ms, f);
	bool web = str_starts(str_of(w->issuer), "did:web:");
	if (pinned && (f->standing == STANDING_REFUSED || !web || !w->options->fetch))
		return;
	struct key_finding said = *f;
	load_did(w);
	if (w->did_source == DID_FETCHED || (!pinned && w->did_source != DID_UNREACHABLE && w->did_source != DID_BROKEN))
		ask_did(w, method, signed_ms, f);
	else if (!pinned && w->did_source == DID_BROKEN)
		conclude(f, STANDING_REFUSED, "did-mismatch", "%s", w->did_err.msg);
	else if (!pinned)
		conclude(f, STANDING_UNKNOWN, "key-not-trusted", "the keys of %s were not looked up, and none is pinned: %s", w->issuer,
		         w->did_err.msg);
	/* An issuer whose keys are pinned has no others, unless its own address says so now; an old pin does not bring a revoked one back. */
	if (pinned && (f->standing == STANDING_TRUSTED || strcmp(f->code, "key-not-found") == 0))
		*f = said;
	if (!pinned && f->standing == STANDING_UNKNOWN && trust_issuer(w->options->trust, w->issuer, 0))
		conclude(f, STANDING_REFUSED, "key-not-found", "the key is none of those that are pinned for %s", w->issuer);
}
