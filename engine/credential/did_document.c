/* DID documents: written, and read strictly. See did.h.
 *
 * Of what a document may hold, only this counts: entries of verificationMethod (or written out in assertionMethod) of type Multikey, with
 * an Ed25519 key, controlled by the DID itself. Others may be there and are left out; a document that says two things of one method is
 * refused. */
#include "base/clock.h"
#include "credential/did.h"
#include "credential/multibase.h"
#include <stdio.h>

static const char *const contexts[] = {"https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"};

cJSON *did_document_json(const char *did, const struct did_method *methods, size_t n)
{
	cJSON *doc = json_object(), *context = json_array(), *list = json_array(), *asserts = json_array();
	for (size_t i = 0; i < ARRAY_SIZE(contexts); i++)
		json_add_str(context, contexts[i]);
	json_set(doc, "@context", context);
	json_set_str(doc, "id", did);
	for (size_t i = 0; i < n; i++) {
		char key[MULTIKEY_SIZE], time[CLOCK_RFC3339_SIZE];
		cJSON *m = json_object();
		multikey_write(methods[i].key, key);
		_cleanup_free_ char *id = xasprintf("%s#%s", did, key);
		json_set_str(m, "id", id);
		json_set_str(m, "type", "Multikey");
		json_set_str(m, "controller", did);
		json_set_str(m, "publicKeyMultibase", key);
		if (methods[i].expires_ms)
			json_set_str(m, "expires", clock_rfc3339(methods[i].expires_ms, time));
		if (methods[i].revoked_ms)
			json_set_str(m, "revoked", clock_rfc3339(methods[i].revoked_ms, time));
		json_add(list, m);
		if (methods[i].asserts)
			json_add_str(asserts, id);
	}
	json_set(doc, "verificationMethod", list);
	json_set(doc, "assertionMethod", asserts);
	return doc;
}

/* ---- Reading ---- */

static struct did_method *find(const struct did_document *d, const char *id)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->methods[i].id, id) == 0)
			return &d->methods[i];
	return NULL;
}

/* The whole name of a method that may be written as its fragment alone; false when it is no name of this DID's. */
static bool absolute(const struct did_document *d, const char *id, char out[DID_SIZE_MAX])
{
	struct str did, fragment;
	struct err ignored;
	int n = snprintf(out, DID_SIZE_MAX, "%s%s", id[0] == '#' ? d->id : "", id);
	return n > 0 && n < DID_SIZE_MAX && did_split(out, &did, &fragment, &ignored) && str_is(did, d->id);
}

static const char *member(const cJSON *o, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, key));
	return s ? s : "";
}

/* False when there is something else than a time. */
static bool read_time(const cJSON *o, const char *key, int64_t *ret)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, key);
	struct err ignored;
	if (!v)
		return true;
	return cJSON_IsString(v) && clock_parse_rfc3339(v->valuestring, ret, &ignored) && *ret > 0;
}

/* Takes a method that counts; others are left out. */
static bool take_method(struct did_document *d, const cJSON *o, bool asserts, struct err *err)
{
	struct did_method m = {.asserts = asserts};
	struct err ignored;
	if (!cJSON_IsObject(o))
		return err_set(err, ERR_INVALID, "a verification method is not an object");
	if (!absolute(d, member(o, "id"), m.id) || strcmp(member(o, "controller"), d->id) != 0 || strcmp(member(o, "type"), "Multikey") != 0 ||
	    !multikey_read(str_of(member(o, "publicKeyMultibase")), m.key, &ignored) || !read_time(o, "revoked", &m.revoked_ms) ||
	    !read_time(o, "expires", &m.expires_ms))
		return true;
	if (find(d, m.id))
		return err_set(err, ERR_INVALID, "the verification method %.100s is there twice", m.id);
	d->methods[d->n++] = m;
	return true;
}

static bool take_list(struct did_document *d, const cJSON *doc, const char *key, const cJSON **ret, struct err *err)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(doc, key);
	*ret = list;
	if (list && !cJSON_IsArray(list))
		return err_set(err, ERR_INVALID, "%s is not a list", key);
	if (cJSON_GetArraySize(list) > DID_METHODS_MAX)
		return err_set(err, ERR_INVALID, "%s has more than %d entries", key, DID_METHODS_MAX);
	return true;
}

static bool take_methods(struct did_document *d, const cJSON *doc, struct err *err)
{
	const cJSON *list, *asserts, *o;
	if (!take_list(d, doc, "verificationMethod", &list, err) || !take_list(d, doc, "assertionMethod", &asserts, err))
		return false;
	d->methods = xcalloc((size_t)cJSON_GetArraySize(list) + (size_t)cJSON_GetArraySize(asserts) + 1, sizeof *d->methods);
	cJSON_ArrayForEach(o, list) if (!take_method(d, o, false, err)) return false;
	cJSON_ArrayForEach(o, asserts)
	{
		char id[DID_SIZE_MAX];
		struct did_method *m;
		if (!cJSON_IsString(o)) {
			if (!take_method(d, o, true, err))
				return false;
		} else if (absolute(d, o->valuestring, id) && (m = find(d, id))) {
			m->asserts = true;
		}
	}
	return true;
}

bool did_document_from(const cJSON *document, const char *did, struct did_document *ret, struct err *err)
{
	struct did_document d = {0};
	const char *id = NULL;
	if (!cJSON_IsObject(document) || !json_get_str(document, "", "id", DID_SIZE_MAX - 1, &id, err))
		return err_set(err, ERR_INVALID, "not a DID document");
	if (strcmp(id, did) != 0)
		return err_set(err, ERR_INVALID, "this is the DID document of %.100s, not of %.100s", id, did);
	snprintf(d.id, sizeof d.id, "%s", id);
	if (!take_methods(&d, document, err)) {
		did_document_finish(&d);
		return err_prefix(err, "DID document");
	}
	*ret = d;
	return true;
}

bool did_document_read(struct str text, const char *did, struct did_document *ret, struct err *err)
{
	_cleanup_json_ cJSON *tree = NULL;
	if (text.len > DID_DOCUMENT_MAX)
		return err_set(err, ERR_TOO_LARGE, "a DID document has at most %u bytes", DID_DOCUMENT_MAX);
	if (!json_parse(text, &tree, err))
		return err_prefix(err, "DID document");
	return did_document_from(tree, did, ret, err);
}

bool did_document_of_key(const char *did, struct did_document *ret, struct err *err)
{
	struct did_method m = {.asserts = true};
	if (!did_key_read(did, m.key, err))
		return false;
	struct did_document d = {.methods = xcalloc(1, sizeof *d.methods), .n = 1};
	snprintf(d.id, sizeof d.id, "%s", did);
	snprintf(m.id, sizeof m.id, "%s#%s", did, did + strlen("did:key:"));
	d.methods[0] = m;
	*ret = d;
	return true;
}

void did_document_finish(struct did_document *d)
{
	free(d->methods);
	*d = (struct did_document){0};
}

static bool refuse(const char **ret_code, const char *code, struct err *err, const char *fmt, const char *method)
{
	*ret_code = code;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return err_set(err, ERR_SIGNATURE, fmt, method);
#pragma GCC diagnostic pop
}

bool did_find(const struct did_document *d, const char *method, int64_t signed_ms, unsigned char ret[SIGN_KEY_SIZE], const char **ret_code,
              struct err *err)
{
	struct str did, fragment;
	struct err ignored;
	if (!did_split(method, &did, &fragment, &ignored) || !str_is(did, d->id))
		return refuse(ret_code, "did-mismatch", err, "the key '%.200s' is not named as one of the issuer", method);
	const struct did_method *m = find(d, method);
	if (!m)
		return refuse(ret_code, "key-not-found", err, "the issuer's DID document has no key '%.200s' that counts", method);
	if (m->revoked_ms) /* whenever it says that it signed: who stole it writes that */
		return refuse(ret_code, "key-compromised", err,
		              "the issuer has revoked the key '%.200s', and whoever has it may give any time as that of signing", method);
	if (m->expires_ms && signed_ms >= m->expires_ms)
		return refuse(ret_code, "key-retired-after", err, "the key '%.200s' was not in use any more when this was signed", method);
	if (!m->asserts)
		return refuse(ret_code, "key-not-trusted", err, "the issuer does not let the key '%.200s' sign certificates", method);
	memcpy(ret, m->key, SIGN_KEY_SIZE);
	return true;
}
