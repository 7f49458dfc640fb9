/* Pinned keys. See trust.h. */
#include "credential/trust.h"
#include "base/clock.h"
#include "credential/did.h"
#include "credential/multibase.h"

#define TEXT_MAX 512
#define ISSUERS_MAX 1000
#define KEYS_MAX 1000

static const struct {
	const char *name;
	enum trust_purpose purpose;
} purposes[] = {{"results", TRUST_RESULTS}, {"credentials", TRUST_CREDENTIALS}, {"status", TRUST_STATUS}, {"log", TRUST_LOG}};
static const char *const states[] = {"active", "retired", "compromised"};

const char *trust_purpose_name(enum trust_purpose purpose)
{
	for (size_t i = 0; i < ARRAY_SIZE(purposes); i++)
		if (purposes[i].purpose == purpose)
			return purposes[i].name;
	abort();
}

static void finish_issuer(struct trust_issuer *i)
{
	free(i->id);
	free(i->name);
	free(i->log_key);
	free(i->keys);
	*i = (struct trust_issuer){0};
}

void trust_finish(struct trust *t)
{
	for (size_t i = 0; i < t->n; i++)
		finish_issuer(&t->issuers[i]);
	free(t->issuers);
	*t = (struct trust){0};
}

/* Drops what was added after the first n. */
static bool undo(struct trust *t, size_t n)
{
	while (t->n > n)
		finish_issuer(&t->issuers[--t->n]);
	return false;
}

static struct trust_issuer *add_issuer(struct trust *t, const char *id, const char *how, size_t keys)
{
	t->issuers = xgrow(t->issuers, t->n, &t->cap, sizeof *t->issuers);
	struct trust_issuer *i = &t->issuers[t->n++];
	*i = (struct trust_issuer){.id = xstrdup(id), .how = how, .keys = xcalloc(keys + 1, sizeof *i->keys)};
	return i;
}

/* ---- Reading ---- */

static bool read_time(const cJSON *o, const char *path, const char *key, int64_t *ret, struct err *err)
{
	const char *text = NULL;
	if (!json_opt_str(o, path, key, TEXT_MAX, &text, err))
		return false;
	return !text || clock_parse_rfc3339(text, ret, err) ? true : err_prefix(err, "%s.%s", path, key);
}

static bool read_key(const cJSON *o, const char *path, struct trust_key *ret, struct err *err)
{
	static const char *const known[] = {"purpose", "publicKeyMultibase", "state", "created_at", "retired_at", "compromised_at", NULL};
	const char *purpose = NULL, *key = NULL, *state = "active";
	struct trust_key k = {0};
	if (!json_only_keys(o, path, known, err) || !json_get_str(o, path, "purpose", TEXT_MAX, &purpose, err) ||
	    !json_get_str(o, path, "publicKeyMultibase", TEXT_MAX, &key, err) || !json_opt_str(o, path, "state", TEXT_MAX, &state, err) ||
	    !read_time(o, path, "retired_at", &k.retired_ms, err) || !read_time(o, path, "compromised_at", &k.compromised_ms, err))
		return false;
	if (!multikey_read(str_of(key), k.key, err))
		return err_prefix(err, "%s.publicKeyMultibase", path);
	for (size_t i = 0; i < ARRAY_SIZE(purposes); i++)
		if (strcmp(purpose, purposes[i].name) == 0)
			k.purposes = purposes[i].purpose;
	if (!k.purposes)
		return err_set(err, ERR_INVALID, "%s.purpose is none of results, credentials, status, log", path);
	size_t s = 0;
	while (s < ARRAY_SIZE(states) && strcmp(state, states[s]) != 0)
		s++;
	if (s == ARRAY_SIZE(states))
		return err_set(err, ERR_INVALID, "%s.state is none of active, retired, compromised", path);
	k.state = k.compromised_ms ? TRUST_COMPROMISED : (enum trust_state)s;
	*ret = k;
	return true;
}

static bool read_log(const cJSON *o, struct trust_issuer *i, struct err *err)
{
	const cJSON *log = cJSON_GetObjectItemCaseSensitive(o, "log");
	const char *key = NULL;
	if (!log || cJSON_IsNull(log))
		return true;
	if (!json_get_str(log, "log", "key", TEXT_MAX, &key, err))
		return false;
	i->log_key = xstrdup(key);
	return true;
}

static bool read_issuer(struct trust *t, const cJSON *o, const char *how, struct err *err)
{
	static const char *const known[] = {"id", "name", "keys", "log", NULL};
	const char *id = NULL, *name = NULL;
	const cJSON *keys, *k;
	if (!cJSON_IsObject(o))
		return err_set(err, ERR_INVALID, "an issuer must be an object");
	if (!json_only_keys(o, "issuer", known, err) || !json_get_str(o, "issuer", "id", DID_SIZE_MAX - 1, &id, err) ||
	    !json_opt_str(o, "issuer", "name", TEXT_MAX, &name, err) || !json_get_array(o, "issuer", "keys", KEYS_MAX, &keys, err))
		return false;
	struct trust_issuer *i = add_issuer(t, id, how, (size_t)cJSON_GetArraySize(keys));
	i->name = name ? xstrdup(name) : NULL;
	cJSON_ArrayForEach(k, keys) if (!read_key(k, "key", &i->keys[i->n++], err)) return err_prefix(err, "issuer %.100s", id);
	return read_log(o, i, err);
}

static bool read_trust_file(struct trust *t, const cJSON *tree, const char *how, struct err *err)
{
	static const char *const known[] = {"trust", "issuers", "made", NULL};
	const char *version = NULL;
	const cJSON *issuers, *o;
	if (!json_only_keys(tree, "", known, err) || !json_get_str(tree, "", "trust", TEXT_MAX, &version, err) ||
	    !json_get_array(tree, "", "issuers", ISSUERS_MAX, &issuers, err))
		return false;
	if (strcmp(version, "assay-trust/v1") != 0)
		return err_set(err, ERR_UNSUPPORTED, "the version '%.40s' is not known here", version);
	size_t before = t->n;
	cJSON_ArrayForEach(o, issuers) if (!read_issuer(t, o, how, err)) return undo(t, before);
	return true;
}

/* A DID document that somebody vouches for by giving it. */
static bool read_did_document(struct trust *t, const cJSON *tree, const char *how, struct err *err)
{
	const char *id = NULL;
	struct did_document d;
	if (!json_get_str(tree, "", "id", DID_SIZE_MAX - 1, &id, err) || !did_document_from(tree, id, &d, err))
		return false;
	struct trust_issuer *i = add_issuer(t, id, how, d.n);
	for (size_t m = 0; m < d.n; m++) {
		struct trust_key *k = &i->keys[i->n++];
		*k = (struct trust_key){.purposes = d.methods[m].asserts ? TRUST_RESULTS | TRUST_CREDENTIALS | TRUST_STATUS : 0,
		                        .state = d.methods[m].revoked_ms   ? TRUST_COMPROMISED
		                                 : d.methods[m].expires_ms ? TRUST_RETIRED
		                                                           : TRUST_ACTIVE,
		                        .retired_ms = d.methods[m].expires_ms,
		                        .compromised_ms = d.methods[m].revoked_ms};
		memcpy(k->key, d.methods[m].key, SIGN_KEY_SIZE);
	}
	did_document_finish(&d);
	return true;
}

bool trust_add(struct trust *t, struct str text, const char *how, struct err *err)
{
	_cleanup_json_ cJSON *tree = NULL;
	if (text.len > TRUST_SIZE_MAX)
		return err_set(err, ERR_TOO_LARGE, "a trust file has at most %u bytes", TRUST_SIZE_MAX);
	if (!json_parse(text, &tree, err))
		return err_prefix(err, "trust file");
	if (cJSON_GetObjectItemCaseSensitive(tree, "trust"))
		return read_trust_file(t, tree, how, err) ? true : err_prefix(err, "trust file");
	if (cJSON_GetObjectItemCaseSensitive(tree, "verificationMethod") || cJSON_GetObjectItemCaseSensitive(tree, "assertionMethod"))
		return read_did_document(t, tree, how, err);
	return err_set(err, ERR_INVALID, "this is neither a trust file nor a DID document");
}

/* ---- Asking ---- */

const struct trust_issuer *trust_issuer(const struct trust *t, const char *id, size_t n)
{
	for (size_t i = 0; t && i < t->n; i++)
		if (strcmp(t->issuers[i].id, id) == 0 && n-- == 0)
			return &t->issuers[i];
	return NULL;
}

const struct trust_key *trust_key(const struct trust *t, const char *id, const unsigned char key[SIGN_KEY_SIZE],
                                  const struct trust_issuer **ret_issuer)
{
	const struct trust_key *found = NULL;
	for (size_t i = 0; t && i < t->n; i++) {
		const struct trust_issuer *issuer = &t->issuers[i];
		if (id && strcmp(issuer->id, id) != 0)
			continue;
		for (size_t k = 0; k < issuer->n; k++) {
			const struct trust_key *one = &issuer->keys[k];
			if (memcmp(one->key, key, SIGN_KEY_SIZE) != 0 || (found && one->state <= found->state))
				continue;
			found = one;
			if (ret_issuer)
				*ret_issuer = issuer;
		}
	}
	return found;
}
