/* Certificates as documents. See badge.h. */
#include "credential/badge.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/rng.h"
#include <assert.h>
#include <sodium.h>
#include <stdio.h>

static cJSON *strings(const char *const *list)
{
	cJSON *a = json_array();
	for (; *list; list++)
		json_add_str(a, *list);
	return a;
}

static cJSON *typed(const char *type)
{
	cJSON *o = json_object();
	json_set(o, "type", strings((const char *const[]){type, NULL}));
	return o;
}

/* Left out when there is none. */
static void set_opt(cJSON *o, const char *key, const char *value)
{
	if (value && *value)
		json_set_str(o, key, value);
}

static void set_time(cJSON *o, const char *key, int64_t ms)
{
	char time[CLOCK_RFC3339_SIZE];
	if (ms)
		json_set_str(o, key, clock_rfc3339(ms, time));
}

char *badge_ni(const char *sha256_hex, char out[BADGE_NI_SIZE])
{
	unsigned char hash[HASH_SIZE];
	size_t len = 0;
	int n = snprintf(out, BADGE_NI_SIZE, "ni:///sha-256;");
	bool ok = sodium_hex2bin(hash, sizeof hash, sha256_hex, strlen(sha256_hex), NULL, &len, NULL) == 0 && len == sizeof hash;
	assert(ok); /* our own */
	sodium_bin2base64(out + n, BADGE_NI_SIZE - (size_t)n, hash, sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return out;
}

char *badge_identity_hash(const char *identity, const char *salt, char out[BADGE_IDENTITY_SIZE])
{
	_cleanup_buf_ struct buf bytes = BUF(4096);
	char hex[HASH_HEX_SIZE];
	buf_adds(&bytes, identity);
	buf_adds(&bytes, salt);
	assert(!bytes.overflow); /* names have ceilings */
	snprintf(out, BADGE_IDENTITY_SIZE, "sha256$%s", hash_sha256_hex(buf_str(&bytes), hex));
	return out;
}

char *badge_uuid(char out[BADGE_UUID_SIZE])
{
	unsigned char b[16];
	rng_secret(b, sizeof b);
	b[6] = (unsigned char)((b[6] & 0x0f) | 0x40);
	b[8] = (unsigned char)((b[8] & 0x3f) | 0x80);
	snprintf(out, BADGE_UUID_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2], b[3], b[4],
	         b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
	return out;
}

/* ---- Parts ---- */

static cJSON *issuer_json(const struct badge *b)
{
	cJSON *o = typed("Profile");
	json_set_str(o, "id", b->issuer.id);
	json_set_str(o, "name", b->issuer.name);
	set_opt(o, "url", b->issuer.url);
	set_opt(o, "description", b->issuer.description);
	return o;
}

static void set_fragment(const struct badge *b, cJSON *o, const char *key, const char *fragment)
{
	_cleanup_free_ char *id = xasprintf("%s#%s", b->achievement.id, fragment);
	json_set_str(o, key, id);
}

static cJSON *description_json(const struct badge *b, const struct badge_measure *m)
{
	cJSON *o = typed("ResultDescription");
	set_fragment(b, o, "id", m->id);
	json_set_str(o, "name", m->name);
	json_set_str(o, "resultType", m->type);
	set_opt(o, "valueMin", m->min);
	set_opt(o, "valueMax", m->max);
	set_opt(o, "requiredValue", m->required);
	if (m->allowed)
		json_set(o, "allowedValue", strings(m->allowed));
	return o;
}

static cJSON *result_json(const struct badge *b, const struct badge_measure *m)
{
	cJSON *o = typed("Result");
	set_fragment(b, o, "resultDescription", m->id);
	set_opt(o, "value", m->value);
	set_opt(o, "status", m->status);
	return o;
}

static void add_identifier(cJSON *list, const char *value, const char *type)
{
	cJSON *o = json_object();
	if (!value)
		return cJSON_Delete(o);
	json_set_str(o, "type", "IdentifierEntry");
	json_set_str(o, "identifier", value);
	json_set_str(o, "identifierType", type);
	json_add(list, o);
}

static cJSON *achievement_json(const struct badge *b)
{
	cJSON *o = typed("Achievement"), *criteria = json_object(), *descriptions = json_array(), *others = json_array();
	json_set_str(o, "id", b->achievement.id);
	json_set_str(o, "achievementType", "Assessment");
	json_set_str(o, "name", b->achievement.name);
	json_set_str(o, "description", b->achievement.description);
	_cleanup_free_ char *words =
	    b->achievement.notice ? xasprintf("%s\n\n%s", b->achievement.notice, b->achievement.criteria) : xstrdup(b->achievement.criteria);
	json_set_str(criteria, "narrative", words);
	json_set(o, "criteria", criteria);
	set_opt(o, "humanCode", b->achievement.human_code);
	set_opt(o, "inLanguage", b->achievement.language);
	set_opt(o, "version", b->achievement.version);
	add_identifier(others, b->achievement.bank_sha256, "ext:bankSha256");
	add_identifier(others, b->achievement.blueprint_sha256, "ext:blueprintSha256");
	json_set(o, "otherIdentifier", others);
	for (size_t i = 0; i < b->n_measures; i++)
		json_add(descriptions, description_json(b, &b->measures[i]));
	json_set(o, "resultDescription", descriptions);
	return o;
}

static cJSON *identity_json(const char *value, const char *type, bool hashed, const char *salt)
{
	cJSON *o = json_object();
	json_set_str(o, "type", "IdentityObject");
	json_set_bool(o, "hashed", hashed);
	json_set_str(o, "identityHash", value);
	json_set_str(o, "identityType", type);
	set_opt(o, "salt", salt);
	return o;
}

static cJSON *subject_json(const struct badge *b)
{
	char hash[BADGE_IDENTITY_SIZE];
	cJSON *o = typed("AchievementSubject"), *holder = json_array(), *results = json_array();
	badge_identity_hash(b->holder.identity, b->holder.salt, hash);
	json_add(holder, identity_json(hash, b->holder.type, true, b->holder.salt));
	if (b->holder.name)
		json_add(holder, identity_json(b->holder.name, "name", false, NULL));
	json_set(o, "identifier", holder);
	json_set(o, "achievement", achievement_json(b));
	for (size_t i = 0; i < b->n_measures; i++)
		json_add(results, result_json(b, &b->measures[i]));
	json_set(o, "result", results);
	return o;
}

static cJSON *evidence_json(const struct badge_evidence *e)
{
	char ni[BADGE_NI_SIZE];
	cJSON *o = typed("Evidence");
	if (e->sha256)
		json_set_str(o, "id", badge_ni(e->sha256, ni));
	json_set_str(o, "genre", e->genre);
	json_set_str(o, "name", e->name);
	set_opt(o, "narrative", e->narrative);
	if (e->log_index) {
		json_add_str(cJSON_GetObjectItemCaseSensitive(o, "type"), "IdentifierEntry");
		json_set_str(o, "identifier", e->log_index);
		json_set_str(o, "identifierType", "ext:logIndex");
	}
	return o;
}

cJSON *badge_json(const struct badge *b)
{
	static const char *const contexts[] = {BADGE_CONTEXT_CREDENTIALS, BADGE_CONTEXT_BADGES, BADGE_CONTEXT_EXTENSIONS, NULL};
	static const char *const types[] = {"VerifiableCredential", "OpenBadgeCredential", NULL};
	cJSON *o = json_object(), *evidence = json_array();
	json_set(o, "@context", strings(contexts));
	json_set_str(o, "id", b->id);
	json_set(o, "type", strings(types));
	json_set_str(o, "name", b->achievement.name);
	json_set(o, "issuer", issuer_json(b));
	set_time(o, "validFrom", b->valid_from_ms);
	set_time(o, "awardedDate", b->awarded_ms);
	set_time(o, "validUntil", b->valid_until_ms);
	json_set(o, "credentialSubject", subject_json(b));
	for (size_t i = 0; i < b->n_evidence; i++)
		json_add(evidence, evidence_json(&b->evidence[i]));
	json_set(o, "evidence", evidence);
	if (b->status)
		json_set(o, "credentialStatus", cJSON_Duplicate(b->status, true));
	return o;
}

/* ---- Reading ---- */

static const cJSON *get(const cJSON *o, const char *key)
{
	return cJSON_GetObjectItemCaseSensitive(o, key);
}

static const char *name_of(const cJSON *descriptions, const char *id)
{
	const cJSON *d;
	cJSON_ArrayForEach(d, descriptions)
	{
		const char *own = cJSON_GetStringValue(get(d, "id"));
		if (own && id && strcmp(own, id) == 0)
			return cJSON_GetStringValue(get(d, "name"));
	}
	return NULL;
}

cJSON *badge_scores(const cJSON *credential)
{
	const cJSON *subject = get(credential, "credentialSubject"), *r;
	const cJSON *descriptions = get(get(subject, "achievement"), "resultDescription");
	cJSON *list = json_array();
	cJSON_ArrayForEach(r, get(subject, "result"))
	{
		const char *value = cJSON_GetStringValue(get(r, "value")), *status = cJSON_GetStringValue(get(r, "status"));
		const char *name = name_of(descriptions, cJSON_GetStringValue(get(r, "resultDescription")));
		if (!name || (!value && !status))
			continue;
		cJSON *o = json_object();
		json_set_str(o, "name", name);
		json_set_str(o, "value", value ? value : status);
		json_add(list, o);
	}
	return list;
}
