/* Strict JSON over cJSON. See json.h.
 *
 * cJSON accepts duplicate keys, trailing bytes, invalid UTF-8, deep nesting and numbers such as 01; a quick scan of the text refuses depth,
 * NUL and such numbers before the tree is built, and a walk over the tree refuses duplicate keys after. Duplicates are found by sorting
 * each object's keys, so a hostile object costs n log n. */
#include "base/json.h"
#include <assert.h>
#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>

#define JSON_DEPTH_MAX 64
#define JSON_INT_MAX (INT64_C(1) << 53)

static size_t digits(struct str text, size_t i)
{
	size_t n = 0;
	while (i + n < text.len && text.p[i + n] >= '0' && text.p[i + n] <= '9')
		n++;
	return n;
}

/* Moves *i over a number (RFC 8259, section 6) to its last byte. */
static bool scan_number(struct str text, size_t *i, struct err *err)
{
	size_t at = *i, n;
	at += text.p[at] == '-';
	n = digits(text, at);
	bool ok = n == 1 || (n > 1 && text.p[at] != '0');
	at += n;
	if (ok && at < text.len && text.p[at] == '.') {
		n = digits(text, at + 1);
		ok = n > 0;
		at += 1 + n;
	}
	if (ok && at < text.len && (text.p[at] == 'e' || text.p[at] == 'E')) {
		at++;
		at += at < text.len && (text.p[at] == '+' || text.p[at] == '-');
		n = digits(text, at);
		ok = n > 0;
		at += n;
	}
	if (!ok)
		return err_set(err, ERR_INVALID, "JSON: not a number, at byte %zu", *i);
	*i = at - 1;
	return true;
}

/* Moves *i over an escape (RFC 8259, section 7) to its last byte. cJSON takes "\\uZZZZ" for U+0000, which would end the string. */
static bool scan_escape(struct str text, size_t *i, struct err *err)
{
	struct str rest = str_sub(text, *i + 1, text.len);
	bool letter = rest.len && rest.p[0] && strchr("\"\\/bfnrt", rest.p[0]);
	if (letter) {
		++*i;
		return true;
	}
	bool ok = rest.len >= 5 && rest.p[0] == 'u';
	for (size_t n = 1; ok && n < 5; n++)
		ok = isxdigit((unsigned char)rest.p[n]) != 0;
	if (!ok)
		return err_set(err, ERR_INVALID, "JSON: an escape that is none, at byte %zu", *i);
	if (str_starts(rest, "u0000"))
		return err_set(err, ERR_INVALID, "JSON: a string holds U+0000");
	*i += 5;
	return true;
}

/* Depth, numbers and white space outside of strings, and escapes inside them. */
static bool scan(struct str text, struct err *err)
{
	int depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		if (in_string && c == '\\') {
			if (!scan_escape(text, &i, err))
				return false;
		} else if (c == '"') {
			in_string = !in_string;
		} else if (in_string) {
			if ((unsigned char)c < 0x20)
				return err_set(err, ERR_INVALID, "JSON: a control character in a string, at byte %zu", i);
		} else if (c == '{' || c == '[') {
			if (++depth > JSON_DEPTH_MAX)
				return err_set(err, ERR_INVALID, "JSON: nested deeper than %d", JSON_DEPTH_MAX);
		} else if (c == '}' || c == ']') {
			depth--;
		} else if ((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r') {
			return err_set(err, ERR_INVALID, "JSON: a control character, at byte %zu", i); /* cJSON skips them as white space */
		} else if ((c == '-' || (c >= '0' && c <= '9')) && !scan_number(text, &i, err)) {
			return false;
		}
	}
	return true;
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool unique_keys(const cJSON *object, struct err *err)
{
	size_t n = 0, cap = 0;
	const char **keys = NULL;
	for (const cJSON *c = object->child; c; c = c->next) {
		keys = xgrow(keys, n, &cap, sizeof *keys);
		keys[n++] = c->string;
	}
	qsort(keys, n, sizeof *keys, compare_keys);
	bool ok = true;
	for (size_t i = 1; ok && i < n; i++)
		if (strcmp(keys[i - 1], keys[i]) == 0)
			ok = err_set(err, ERR_INVALID, "JSON: the key \"%s\" stands twice in one object", keys[i]);
	free(keys);
	return ok;
}

static bool check_tree(const cJSON *v, bool *ret_twice, struct err *err)
{
	if (cJSON_IsNumber(v) && !isfinite(v->valuedouble))
		return err_set(err, ERR_INVALID, "JSON: a number is out of range");
	if (cJSON_IsObject(v) && v->child && v->child->next && !unique_keys(v, err)) {
		*ret_twice = true;
		return false;
	}
	for (const cJSON *c = v->child; c; c = c->next)
		if (!check_tree(c, ret_twice, err)) /* at most JSON_DEPTH_MAX deep */
			return false;
	return true;
}

bool json_parse_once(struct str text, cJSON **ret, bool *ret_twice, struct err *err)
{
	size_t at;
	*ret_twice = false;
	if (str_starts(text, "\xEF\xBB\xBF"))
		return err_set(err, ERR_INVALID, "JSON: a byte order mark before the value");
	if (!str_is_utf8(text, &at))
		return err_set(err, ERR_INVALID, "JSON: not UTF-8 at byte %zu", at);
	if (!scan(text, err))
		return false;
	const char *end = NULL;
	_cleanup_json_ cJSON *tree = cJSON_ParseWithLengthOpts(text.p ? text.p : "", text.len, &end, false);
	if (!tree)
		return err_set(err, ERR_INVALID, "JSON: cannot be read at byte %zu", end && text.p ? (size_t)(end - text.p) : 0);
	struct str rest = str_trim((struct str){end, text.len - (size_t)(end - text.p)});
	if (rest.len)
		return err_set(err, ERR_INVALID, "JSON: more bytes after the value, at byte %zu", (size_t)(rest.p - text.p));
	if (!check_tree(tree, ret_twice, err))
		return false;
	*ret = take_ptr(tree);
	return true;
}

bool json_parse(struct str text, cJSON **ret, struct err *err)
{
	bool twice;
	return json_parse_once(text, ret, &twice, err);
}

void json_print(const cJSON *value, struct buf *out)
{
	char *text = cJSON_PrintUnformatted(value);
	assert(text);
	buf_adds(out, text);
	cJSON_free(text);
}

static bool wrong(struct err *err, const char *path, const char *key, const char *what)
{
	return err_set(err, ERR_INVALID, "%s%s%s %s", path, *path ? "." : "", key, what);
}

static bool missing(const cJSON *v)
{
	return !v || cJSON_IsNull(v);
}

bool json_opt_str(const cJSON *obj, const char *path, const char *key, size_t len_max, const char **ret, struct err *err)
{
	const cJSON *v = json_member(obj, key);
	if (missing(v))
		return true;
	if (!cJSON_IsString(v))
		return wrong(err, path, key, "must be a string");
	if (strlen(v->valuestring) > len_max)
		return err_set(err, ERR_TOO_LARGE, "%s%s%s is longer than %zu bytes", path, *path ? "." : "", key, len_max);
	*ret = v->valuestring;
	return true;
}

bool json_get_str(const cJSON *obj, const char *path, const char *key, size_t len_max, const char **ret, struct err *err)
{
	return missing(json_member(obj, key)) ? wrong(err, path, key, "is missing") : json_opt_str(obj, path, key, len_max, ret, err);
}

bool json_opt_i64(const cJSON *obj, const char *path, const char *key, int64_t min, int64_t max, int64_t *ret, struct err *err)
{
	const cJSON *v = json_member(obj, key);
	if (missing(v))
		return true;
	if (!cJSON_IsNumber(v) || v->valuedouble != floor(v->valuedouble) || fabs(v->valuedouble) > (double)JSON_INT_MAX)
		return wrong(err, path, key, "must be a whole number");
	int64_t n = (int64_t)v->valuedouble;
	if (n < min || n > max)
		return err_set(err, ERR_INVALID, "%s%s%s must be from %lld to %lld", path, *path ? "." : "", key, (long long)min, (long long)max);
	*ret = n;
	return true;
}

bool json_get_i64(const cJSON *obj, const char *path, const char *key, int64_t min, int64_t max, int64_t *ret, struct err *err)
{
	return missing(json_member(obj, key)) ? wrong(err, path, key, "is missing") : json_opt_i64(obj, path, key, min, max, ret, err);
}

bool json_opt_double(const cJSON *obj, const char *path, const char *key, double min, double max, double *ret, struct err *err)
{
	const cJSON *v = json_member(obj, key);
	if (missing(v))
		return true;
	if (!cJSON_IsNumber(v))
		return wrong(err, path, key, "must be a number");
	if (!(v->valuedouble >= min && v->valuedouble <= max))
		return err_set(err, ERR_INVALID, "%s%s%s must be from %g to %g", path, *path ? "." : "", key, min, max);
	*ret = v->valuedouble;
	return true;
}

bool json_opt_bool(const cJSON *obj, const char *path, const char *key, bool *ret, struct err *err)
{
	const cJSON *v = json_member(obj, key);
	if (missing(v))
		return true;
	if (!cJSON_IsBool(v))
		return wrong(err, path, key, "must be true or false");
	*ret = cJSON_IsTrue(v);
	return true;
}

bool json_get_object(const cJSON *obj, const char *path, const char *key, const cJSON **ret, struct err *err)
{
	const cJSON *v = json_member(obj, key);
	if (!cJSON_IsObject(v))
		return wrong(err, path, key, "must be an object");
	*ret = v;
	return true;
}

bool json_get_array(const cJSON *obj, const char *path, const char *key, int count_max, const cJSON **ret, struct err *err)
{
	const cJSON *v = json_member(obj, key);
	if (!cJSON_IsArray(v))
		return wrong(err, path, key, "must be a list");
	int n = 0;
	for (const cJSON *c = v->child; c; c = c->next)
		if (++n > count_max)
			return err_set(err, ERR_TOO_LARGE, "%s%s%s has more than %d elements", path, *path ? "." : "", key, count_max);
	*ret = v;
	return true;
}

bool json_only_keys(const cJSON *obj, const char *path, const char *const *keys, struct err *err)
{
	if (obj && !cJSON_IsObject(obj)) /* the members of a list have no names */
		return err_set(err, ERR_INVALID, "%s must be an object", *path ? path : "this");
	for (const cJSON *c = obj ? obj->child : NULL; c; c = c->next) {
		const char *const *k = keys;
		while (*k && strcmp(*k, c->string) != 0)
			k++;
		if (!*k)
			return wrong(err, path, c->string, "is not known here");
	}
	return true;
}

static cJSON *made(cJSON *v)
{
	if (!v)
		abort();
	return v;
}

const char *json_text(const cJSON *obj, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(obj, key));
	return s ? s : "";
}

const cJSON *json_member(const cJSON *obj, const char *key)
{
	return cJSON_IsObject(obj) ? cJSON_GetObjectItemCaseSensitive(obj, key) : NULL;
}

int json_count(const cJSON *obj, const char *key)
{
	const cJSON *v = json_member(obj, key);
	bool whole = cJSON_IsNumber(v) && v->valuedouble == floor(v->valuedouble) && fabs(v->valuedouble) <= INT_MAX;
	return whole ? (int)v->valuedouble : 0;
}

cJSON *json_object(void)
{
	return made(cJSON_CreateObject());
}
cJSON *json_array(void)
{
	return made(cJSON_CreateArray());
}

void json_set(cJSON *obj, const char *key, cJSON *value)
{
	if (!cJSON_AddItemToObject(obj, key, made(value)))
		abort();
}

void json_set_str(cJSON *obj, const char *key, const char *s)
{
	json_set(obj, key, s ? cJSON_CreateString(s) : cJSON_CreateNull());
}

void json_set_i64(cJSON *obj, const char *key, int64_t v)
{
	assert(v > -JSON_INT_MAX && v < JSON_INT_MAX);
	json_set(obj, key, cJSON_CreateNumber((double)v));
}

void json_set_double(cJSON *obj, const char *key, double v)
{
	json_set(obj, key, cJSON_CreateNumber(v));
}
void json_set_bool(cJSON *obj, const char *key, bool v)
{
	json_set(obj, key, cJSON_CreateBool(v));
}

void json_add(cJSON *array, cJSON *value)
{
	if (!cJSON_AddItemToArray(array, made(value)))
		abort();
}

void json_add_str(cJSON *array, const char *s)
{
	json_add(array, cJSON_CreateString(s));
}
