/* The shape of a certificate: contexts, members, their types, and what Open Badges 3.0 asks for.
 *
 * What counts as a certificate here is a part of Open Badges 3.0 (badge.h writes it). A member that is not in the tables below is refused,
 * also when a context knows the word: nobody would be shown what it says. Numbers are strings in certificates. */
#include "base/clock.h"
#include "credential/badge.h"
#include "credential/verify_internal.h"

#define VALUE_MAX (64u << 10)
#define LIST_MAX 2000

enum kind { TEXT, URI, TIME, BOOL, OBJECT, TYPES, SKIP };
enum { REQUIRED = 1, LIST = 2, ONLY_LIST = 4 }; /* LIST: one or a list of them */

struct shape;
struct shape_member {
	const char *name;
	enum kind kind;
	int flags;
	const struct shape *shape; /* of OBJECT */
	const char *type;          /* of TYPES: must be among them */
};
struct shape {
	const struct shape_member *members;
	size_t n;
};
#define SHAPE(name, ...)                                               \
	static const struct shape_member name##_members[] = {__VA_ARGS__}; \
	static const struct shape name = {name##_members, ARRAY_SIZE(name##_members)}

SHAPE(image, {"id", URI, REQUIRED}, {"type", TYPES, REQUIRED, NULL, "Image"}, {"caption", TEXT});
SHAPE(identity, {"type", TYPES, REQUIRED, NULL, "IdentityObject"}, {"hashed", BOOL, REQUIRED}, {"identityHash", TEXT, REQUIRED},
      {"identityType", TEXT, REQUIRED}, {"salt", TEXT});
SHAPE(identifier, {"type", TYPES, REQUIRED, NULL, "IdentifierEntry"}, {"identifier", TEXT, REQUIRED}, {"identifierType", TEXT, REQUIRED});
SHAPE(profile, {"id", URI, REQUIRED}, {"type", TYPES, REQUIRED, NULL, "Profile"}, {"name", TEXT}, {"url", URI}, {"description", TEXT},
      {"image", OBJECT, 0, &image}, {"email", TEXT}, {"phone", TEXT}, {"otherIdentifier", OBJECT, LIST, &identifier});
SHAPE(criteria, {"id", URI}, {"narrative", TEXT});
SHAPE(alignment, {"type", TYPES, REQUIRED, NULL, "Alignment"}, {"targetCode", TEXT}, {"targetDescription", TEXT},
      {"targetName", TEXT, REQUIRED}, {"targetFramework", TEXT}, {"targetType", TEXT}, {"targetUrl", URI, REQUIRED});
SHAPE(description, {"id", URI, REQUIRED}, {"type", TYPES, REQUIRED, NULL, "ResultDescription"}, {"name", TEXT, REQUIRED},
      {"resultType", TEXT, REQUIRED}, {"valueMin", TEXT}, {"valueMax", TEXT}, {"requiredValue", TEXT}, {"allowedValue", TEXT, LIST},
      {"requiredLevel", URI}, {"alignment", OBJECT, LIST, &alignment});
SHAPE(achievement, {"id", URI, REQUIRED}, {"type", TYPES, REQUIRED, NULL, "Achievement"}, {"name", TEXT, REQUIRED},
      {"description", TEXT, REQUIRED}, {"criteria", OBJECT, REQUIRED, &criteria}, {"achievementType", TEXT}, {"humanCode", TEXT},
      {"inLanguage", TEXT}, {"version", TEXT}, {"fieldOfStudy", TEXT}, {"specialization", TEXT}, {"tag", TEXT, LIST},
      {"image", OBJECT, 0, &image}, {"creator", OBJECT, 0, &profile}, {"alignment", OBJECT, LIST, &alignment},
      {"otherIdentifier", OBJECT, LIST, &identifier}, {"resultDescription", OBJECT, LIST, &description});
SHAPE(result, {"type", TYPES, REQUIRED, NULL, "Result"}, {"resultDescription", URI}, {"value", TEXT}, {"status", TEXT},
      {"achievedLevel", URI}, {"alignment", OBJECT, LIST, &alignment});
SHAPE(subject, {"id", URI}, {"type", TYPES, REQUIRED, NULL, "AchievementSubject"}, {"identifier", OBJECT, LIST, &identity},
      {"achievement", OBJECT, REQUIRED, &achievement}, {"result", OBJECT, LIST, &result}, {"narrative", TEXT}, {"role", TEXT},
      {"term", TEXT}, {"licenseNumber", TEXT}, {"activityStartDate", TIME}, {"activityEndDate", TIME}, {"image", OBJECT, 0, &image},
      {"source", OBJECT, 0, &profile});
SHAPE(evidence, {"id", URI}, {"type", TYPES, REQUIRED, NULL, "Evidence"}, {"genre", TEXT}, {"name", TEXT}, {"narrative", TEXT},
      {"description", TEXT}, {"audience", TEXT}, {"identifier", TEXT}, {"identifierType", TEXT});
SHAPE(status, {"id", URI}, {"type", TYPES, REQUIRED, NULL, "BitstringStatusListEntry"}, {"statusPurpose", TEXT, REQUIRED},
      {"statusListIndex", TEXT, REQUIRED}, {"statusListCredential", URI, REQUIRED}, {"statusSize", SKIP}, {"statusMessage", SKIP},
      {"statusReference", URI, LIST});
SHAPE(credential, {"@context", SKIP, REQUIRED}, {"id", URI, REQUIRED}, {"type", TYPES, REQUIRED, NULL, "VerifiableCredential"},
      {"name", TEXT}, {"description", TEXT}, {"image", OBJECT, 0, &image}, {"issuer", OBJECT, REQUIRED, &profile},
      {"validFrom", TIME, REQUIRED}, {"validUntil", TIME}, {"awardedDate", TIME}, {"credentialSubject", OBJECT, REQUIRED, &subject},
      {"evidence", OBJECT, LIST, &evidence}, {"credentialStatus", OBJECT, 0, &status}, {"proof", SKIP});

/* What is wrong, for the report. */
struct fault {
	const char *code;
	char text[400];
};

static bool wrong(struct fault *f, const char *code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
static bool wrong(struct fault *f, const char *code, const char *fmt, ...)
{
	struct err text;
	va_list ap;
	va_start(ap, fmt);
	err_vset(&text, ERR_INVALID, fmt, ap);
	va_end(ap);
	f->code = code;
	memcpy(f->text, text.msg, sizeof f->text - 1);
	f->text[sizeof f->text - 1] = 0;
	return false;
}

static bool is_uri(const char *s)
{
	const char *colon = strchr(s, ':');
	if (!colon || colon == s || !((s[0] | 0x20) >= 'a' && (s[0] | 0x20) <= 'z'))
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || strchr("<>\"{}|\\^`", *s))
			return false;
	return true;
}

static bool check_shape(const cJSON *o, const char *path, const struct shape *shape, struct fault *f);

/* One value, not a list. */
static bool check_value(const cJSON *v, const char *path, const struct shape_member *m, struct fault *f)
{
	struct err ignored;
	int64_t ms;
	if (m->kind == OBJECT)
		return cJSON_IsObject(v) ? check_shape(v, path, m->shape, f) : wrong(f, "wrong-type", "%s must be an object", path);
	if (m->kind == BOOL)
		return cJSON_IsBool(v) ? true : wrong(f, "wrong-type", "%s must be true or false", path);
	if (!cJSON_IsString(v))
		return wrong(f, "wrong-type", "%s must be text%s", path, cJSON_IsNumber(v) ? ", and is a number" : "");
	if (strlen(v->valuestring) > VALUE_MAX)
		return wrong(f, "too-large", "%s is longer than %u bytes", path, VALUE_MAX);
	if (m->kind == URI && !is_uri(v->valuestring))
		return wrong(f, "wrong-type", "%s must be an address (a URI)", path);
	if (m->kind == TIME && !clock_parse_rfc3339(v->valuestring, &ms, &ignored))
		return wrong(f, "wrong-type", "%s must be a time with its zone, as 2026-11-27T12:00:00Z", path);
	return true;
}

static bool check_types(const cJSON *v, const char *path, const char *type, struct fault *f)
{
	bool found = cJSON_IsString(v) && strcmp(v->valuestring, type) == 0;
	int n = 0;
	if (!cJSON_IsString(v) && !cJSON_IsArray(v))
		return wrong(f, "wrong-type", "%s must be text or a list of texts", path);
	const cJSON *t;
	cJSON_ArrayForEach(t, v)
	{
		if (!cJSON_IsString(t) || ++n > LIST_MAX)
			return wrong(f, "wrong-type", "%s must be a list of texts", path);
		found |= strcmp(t->valuestring, type) == 0;
	}
	return found ? true : wrong(f, "wrong-type", "%s does not say %s", path, type);
}

static bool check_member(const cJSON *v, const char *path, const struct shape_member *m, struct fault *f)
{
	int n = 0;
	if (m->kind == SKIP)
		return true;
	if (m->kind == TYPES)
		return check_types(v, path, m->type, f);
	if (!cJSON_IsArray(v))
		return check_value(v, path, m, f);
	if (!(m->flags & LIST))
		return wrong(f, "wrong-type", "%s must be one, not a list", path);
	const cJSON *one;
	cJSON_ArrayForEach(one, v)
	{
		_cleanup_free_ char *at = xasprintf("%s[%d]", path, n++);
		if (n > LIST_MAX)
			return wrong(f, "too-large", "%s has more than %d entries", path, LIST_MAX);
		if (!check_value(one, at, m, f))
			return false;
	}
	return true;
}

static const struct shape_member *find_member(const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->n; i++)
		if (strcmp(shape->members[i].name, name) == 0)
			return &shape->members[i];
	return NULL;
}

static bool check_shape(const cJSON *o, const char *path, const struct shape *shape, struct fault *f)
{
	for (size_t i = 0; i < shape->n; i++)
		if (shape->members[i].flags & REQUIRED && !cJSON_GetObjectItemCaseSensitive(o, shape->members[i].name))
			return wrong(f, "missing-member", "%s%s%s is missing", path, *path ? "." : "", shape->members[i].name);
	for (const cJSON *c = o->child; c; c = c->next) {
		const struct shape_member *m = find_member(shape, c->string);
		_cleanup_free_ char *at = xasprintf("%.200s%s%.60s", path, *path ? "." : "", c->string);
		if (!m)
			return wrong(f, "unknown-term", "the member %s is not known: what it says could not be shown to anybody", at);
		if (!check_member(c, at, m, f))
			return false;
	}
	return true;
}

static bool check_contexts(const cJSON *document, struct fault *f)
{
	static const char *const contexts[] = {BADGE_CONTEXT_CREDENTIALS, BADGE_CONTEXT_BADGES, BADGE_CONTEXT_EXTENSIONS};
	const cJSON *list = verify_get(document, "@context"), *c;
	size_t n = 0;
	if (!list)
		return wrong(f, "missing-member", "@context is missing");
	cJSON_ArrayForEach(c, list)
	{
		const char *url = cJSON_GetStringValue(c);
		if (n == ARRAY_SIZE(contexts) || !url || strcmp(url, contexts[n]) != 0)
			return wrong(f, "wrong-context", "entry %zu of @context is not the one of our certificates", n + 1);
		n++;
	}
	return cJSON_IsArray(list) && n == ARRAY_SIZE(contexts)
	           ? true
	           : wrong(f, "wrong-context", "@context does not list the three contexts of our certificates");
}

/* What the table cannot say. */
static bool check_rest(const cJSON *document, struct fault *f)
{
	const cJSON *s = verify_get(document, "credentialSubject");
	if (!check_types(verify_get(document, "type"), "type", "OpenBadgeCredential", f) &&
	    !check_types(verify_get(document, "type"), "type", "AchievementCredential", f))
		return wrong(f, "wrong-type", "type says neither OpenBadgeCredential nor AchievementCredential");
	if (!verify_get(s, "id") && !verify_get(s, "identifier"))
		return wrong(f, "missing-member", "credentialSubject names nobody: it has neither id nor identifier");
	if (!verify_get(verify_get(s, "achievement"), "criteria")->child)
		return wrong(f, "missing-member", "credentialSubject.achievement.criteria is empty");
	return true;
}

bool verify_document(struct verify_work *w)
{
	struct fault f;
	const cJSON *d = w->v->document;
	if (!check_contexts(d, &f) || !check_shape(d, "", &credential, &f) || !check_rest(d, &f))
		return verify_add(w, "document", VERIFY_FAIL, true, f.code, "%s", f.text), false;
	w->issuer = verify_text(verify_get(d, "issuer"), "id");
	if (strlen(w->issuer) >= DID_SIZE_MAX)
		return verify_add(w, "document", VERIFY_FAIL, true, "too-large", "the issuer's id is too long"), false;
	verify_add(w, "document", VERIFY_PASS, true, "ok", "an Open Badges 3.0 credential with all that belongs to it, and nothing else%s",
	           *w->link_hash ? "; it is the one that the link is about" : "");
	return true;
}
