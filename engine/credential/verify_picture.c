/* Whether the picture is the one that the issuer made for this certificate, and whether the certificate is about whom it is said to be. */
#include "credential/badge.h"
#include "credential/verify_internal.h"
#include <sodium.h>

void verify_picture(struct verify_work *w)
{
	struct key_finding key;
	struct err err;
	if (!w->has_picture) {
		verify_add(w, "picture", VERIFY_ABSENT, false, "ok", "this is no picture");
		return;
	}
	if (!w->picture.canonical) {
		verify_add(w, "picture", VERIFY_FAIL, true, "picture-changed", "the picture was changed, or saved again by another program");
		return;
	}
	_cleanup_free_ char *method = picture_seal_method(&w->picture);
	if (!w->picture.seal || !method) {
		verify_add(
		    w, "picture", VERIFY_FAIL, true, "picture-missing-seal",
		    "nothing says that the issuer made this picture for this certificate: believe what the certificate says, not what is drawn");
		return;
	}
	verify_key(w, TRUST_CREDENTIALS, method, w->signed_ms, &key); /* a seal has no time of its own, and is younger */
	if (key.standing == STANDING_REFUSED)
		verify_add(w, "picture", VERIFY_FAIL, true, key.code, "the picture was sealed with a key that does not count: %s", key.reason);
	else if (!picture_seal_check(&w->picture, key.key, &err))
		verify_add(w, "picture", VERIFY_FAIL, true, "picture-changed", "%s", err.msg);
	else if (key.standing == STANDING_UNKNOWN)
		verify_add(w, "picture", VERIFY_UNKNOWN, true, key.code, "the picture was made for this certificate by whoever holds the key: %s",
		           key.reason);
	else
		verify_add(w, "picture", VERIFY_PASS, true, "ok", "the issuer made exactly this picture for this certificate");
}

/* ---- Holder ---- */

static bool matches(const cJSON *identity, const char *name)
{
	const char *hash = verify_text(identity, "identityHash"), *salt = verify_text(identity, "salt");
	char own[BADGE_IDENTITY_SIZE];
	if (!cJSON_IsTrue(verify_get(identity, "hashed")))
		return strcmp(hash, name) == 0;
	return strlen(name) + strlen(salt) < 4000 && strcmp(badge_identity_hash(name, salt, own), hash) == 0;
}

void verify_holder(struct verify_work *w)
{
	const char *name = w->options->holder;
	const cJSON *list = verify_get(verify_get(w->v->document, "credentialSubject"), "identifier"), *one;
	bool found = false;
	if (!name) {
		verify_add(w, "holder", VERIFY_ABSENT, false, "ok", "nobody was named whom it should be about (--holder)");
		return;
	}
	if (cJSON_IsObject(list))
		found = matches(list, name);
	else
		cJSON_ArrayForEach(one, list) found |= matches(one, name);
	if (found)
		verify_add(w, "holder", VERIFY_PASS, true, "ok", "it is about '%.100s'", name);
	else
		verify_add(w, "holder", VERIFY_FAIL, true, "holder-mismatch", "it is not about '%.100s', spelled like this", name);
}
