/* Roots of trust for banks. See roots.h. */
#include "bank/roots.h"
#include "base/json.h"
#include "base/mem.h"

#define FORMAT "assay-bank-roots/v1"

void roots_finish(struct roots *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->people[i].name);
	*r = (struct roots){0};
}

int roots_person(const struct roots *r, const unsigned char id[8], const struct minisign_key **ret_key)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->people[i].n_keys; k++)
			if (memcmp(r->people[i].keys[k].id, id, 8) == 0) {
				*ret_key = &r->people[i].keys[k];
				return (int)i;
			}
	return -1;
}

int roots_person_of(const struct roots *r, const struct minisign_key *key)
{
	const struct minisign_key *found;
	int i = roots_person(r, key->id, &found);
	return i >= 0 && memcmp(found->key, key->key, sizeof key->key) == 0 ? i : -1;
}

/* Two keys with one number, or one key under two numbers, would let one person count twice or pass for another. */
static int owner(const struct roots *r, const struct minisign_key *key)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->people[i].n_keys; k++)
			if (memcmp(r->people[i].keys[k].id, key->id, sizeof key->id) == 0 ||
			    memcmp(r->people[i].keys[k].key, key->key, sizeof key->key) == 0)
				return (int)i;
	return -1;
}

static bool is_name(const char *name)
{
	struct str s = str_of(name);
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	return s.len && s.len <= ROOTS_NAME_MAX && str_is_utf8(s, NULL) && str_eq(str_trim(s), s);
}

bool roots_add(struct roots *r, const char *name, const struct minisign_key *key, struct err *err)
{
	size_t i = 0;
	int taken = owner(r, key);
	if (taken >= 0)
		return err_set(err, ERR_INVALID, "the key of %.100s is %.100s's already: two people, two keys", name, r->people[taken].name);
	if (!is_name(name))
		return err_set(err, ERR_INVALID, "a person's name has 1 to %d bytes, without control characters", ROOTS_NAME_MAX);
	while (i < r->n && strcmp(r->people[i].name, name) != 0)
		i++;
	if (i == ROOTS_PEOPLE_MAX || (i < r->n && r->people[i].n_keys == ROOTS_KEYS_MAX))
		return err_set(err, ERR_TOO_LARGE, "at most %d people with %d keys each", ROOTS_PEOPLE_MAX, ROOTS_KEYS_MAX);
	if (i == r->n)
		r->people[r->n++] = (struct roots_person){.name = xstrdup(name)};
	r->people[i].keys[r->people[i].n_keys++] = *key;
	return true;
}

bool roots_check(const struct roots *r, struct err *err)
{
	if (r->threshold < 1 || (size_t)r->threshold > r->n)
		return err_set(err, ERR_INVALID, "%lld people have to sign, and %zu are named", (long long)r->threshold, r->n);
	if (r->author_alone && r->threshold != 1)
		return err_set(err, ERR_INVALID, "the author alone is enough only where one person is");
	if (!r->author_alone && r->n < 2)
		return err_set(err, ERR_INVALID, "the author is not to be the only approver: name a second person");
	return true;
}

static bool add_person(struct roots *r, const cJSON *one, struct err *err)
{
	static const char *const keys[] = {"name", "keys", NULL};
	const char *name;
	const cJSON *list, *key;
	size_t before = r->n;
	if (!json_only_keys(one, "people", keys, err) || !json_get_str(one, "people", "name", ROOTS_NAME_MAX, &name, err) ||
	    !json_get_array(one, "people", "keys", ROOTS_KEYS_MAX, &list, err))
		return false;
	cJSON_ArrayForEach(key, list)
	{
		struct minisign_key k;
		if (!cJSON_IsString(key) || !minisign_key_parse(str_of(key->valuestring), &k, err))
			return cJSON_IsString(key) ? err_prefix(err, "%.100s", name) : err_set(err, ERR_INVALID, "a key of %.100s is no text", name);
		if (!roots_add(r, name, &k, err))
			return false;
	}
	return r->n == before + 1 ? true : err_set(err, ERR_INVALID, "%.100s has no key, or stands twice", name);
}

bool roots_parse(struct str text, struct roots *ret, struct err *err)
{
	static const char *const keys[] = {"format", "number", "threshold", "author_alone", "people", NULL};
	_cleanup_json_ cJSON *doc = NULL;
	_cleanup_roots_ struct roots r = {0};
	const char *format;
	const cJSON *people, *one;
	if (text.len > ROOTS_SIZE_MAX)
		return err_set(err, ERR_TOO_LARGE, "a file of roots has at most %u KiB", ROOTS_SIZE_MAX >> 10);
	if (!json_parse(text, &doc, err) || !json_only_keys(doc, "roots", keys, err) ||
	    !json_get_str(doc, "roots", "format", sizeof FORMAT, &format, err) ||
	    !json_get_i64(doc, "roots", "number", 1, 1000000000, &r.number, err) ||
	    !json_get_i64(doc, "roots", "threshold", 1, ROOTS_PEOPLE_MAX, &r.threshold, err) ||
	    !json_opt_bool(doc, "roots", "author_alone", &r.author_alone, err) ||
	    !json_get_array(doc, "roots", "people", ROOTS_PEOPLE_MAX, &people, err))
		return false;
	if (strcmp(format, FORMAT) != 0)
		return err_set(err, ERR_INVALID, "roots: the format is not " FORMAT);
	cJSON_ArrayForEach(one, people) if (!add_person(&r, one, err)) return false;
	if (!roots_check(&r, err))
		return false;
	*ret = r;
	r.n = 0;
	return true;
}

void roots_print(const struct roots *r, struct buf *out)
{
	buf_addf(out, "{\"author_alone\":%s,\"format\":\"" FORMAT "\",\"number\":%lld,\"people\":[", r->author_alone ? "true" : "false",
	         (long long)r->number);
	for (size_t i = 0; i < r->n; i++) {
		buf_adds(out, i ? ",{\"keys\":[" : "{\"keys\":[");
		for (size_t k = 0; k < r->people[i].n_keys; k++) {
			char text[MINISIGN_KEY_SIZE];
			minisign_key_print(&r->people[i].keys[k], text);
			buf_addf(out, "%s\"%s\"", k ? "," : "", text);
		}
		buf_adds(out, "],\"name\":");
		buf_add_json(out, str_of(r->people[i].name));
		buf_addc(out, '}');
	}
	buf_addf(out, "],\"threshold\":%lld}\n", (long long)r->threshold);
}

int roots_count(uint64_t people)
{
	return __builtin_popcountll(people);
}

void roots_names(const struct roots *r, uint64_t people, struct buf *out)
{
	bool first = true;
	for (size_t i = 0; i < r->n; i++)
		if (people >> i & 1) {
			buf_adds(out, first ? "" : ", ");
			buf_adds(out, r->people[i].name);
			first = false;
		}
}

static bool count_in(const struct roots *r, struct str text, const struct minisign_signature *s, uint64_t *people, struct err *err)
{
	const struct minisign_key *key;
	int i = roots_person(r, s->id, &key);
	if (i < 0)
		return true;
	if (!minisign_check(s, key, text, err))
		return err_prefix(err, "%.100s", r->people[i].name);
	*people |= UINT64_C(1) << i;
	return true;
}

bool roots_rotate(const struct roots *old, struct str text, const struct str *signatures, size_t n, struct roots *ret, struct err *err)
{
	_cleanup_roots_ struct roots new = {0};
	uint64_t by_old = 0, by_new = 0;
	if (!roots_parse(text, &new, err))
		return false;
	if (new.number != old->number + 1)
		return err_set(err, ERR_CONFLICT, "these are roots number %lld; the next ones are number %lld", (long long)new.number,
		               (long long)old->number + 1);
	for (size_t i = 0; i < n; i++) {
		struct minisign_signature s;
		if (!minisign_signature_parse(signatures[i], &s, err) || !count_in(old, text, &s, &by_old, err) ||
		    !count_in(&new, text, &s, &by_new, err))
			return false;
	}
	if (roots_count(by_old) < old->threshold)
		return err_set(err, ERR_SIGNATURE, "%d of the people who are trusted now have signed; %lld have to", roots_count(by_old),
		               (long long)old->threshold);
	if (roots_count(by_new) < new.threshold)
		return err_set(err, ERR_SIGNATURE, "%d of the new people have signed; %lld have to", roots_count(by_new), (long long)new.threshold);
	*ret = new;
	new.n = 0;
	return true;
}
