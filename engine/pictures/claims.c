/* Reading claims. See claims.h; engine/credential/badge.h describes where things stand. */
#include "pictures/claims.h"
#include "base/hash.h"
#include <math.h>
#include <stdio.h>

static const cJSON *get(const cJSON *o, const char *key)
{
	return cJSON_IsObject(o) ? cJSON_GetObjectItemCaseSensitive(o, key) : NULL;
}

static const char *text_of(const cJSON *o, const char *key)
{
	return cJSON_GetStringValue(get(o, key));
}

/* The bytes of the UTF-8 character that begins at p. */
static size_t character(const char *p)
{
	unsigned char c = (unsigned char)*p;
	return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* C0, DEL, C1, the separators of lines and paragraphs. */
static bool breaks_line(const char *p, size_t n)
{
	unsigned char a = (unsigned char)p[0], b = n > 1 ? (unsigned char)p[1] : 0, c = n > 2 ? (unsigned char)p[2] : 0;
	return (n == 1 && (a < 0x20 || a == 0x7f)) || (n == 2 && a == 0xc2 && b < 0xa0) ||
	       (n == 3 && a == 0xe2 && b == 0x80 && (c == 0xa8 || c == 0xa9));
}

/* U+202A to U+202E and U+2066 to U+2069 would turn what follows around: "live" for "evil". Scripts find their direction without them. */
static bool turns_around(const char *p, size_t n)
{
	unsigned char c = n == 3 ? (unsigned char)p[2] : 0;
	return n == 3 && (unsigned char)p[0] == 0xe2 &&
	       (((unsigned char)p[1] == 0x80 && c >= 0xaa && c <= 0xae) || ((unsigned char)p[1] == 0x81 && c >= 0xa6 && c <= 0xa9));
}

char *claims_plain(const char *s, size_t max)
{
	_cleanup_buf_ struct buf out = BUF(max + 8);
	while (*s && out.len < max) {
		size_t n = character(s);
		bool space = breaks_line(s, n) || *s == ' ';
		if (!space && !turns_around(s, n))
			buf_add(&out, s, n);
		else if (space && out.len && out.p[out.len - 1] != ' ')
			buf_addc(&out, ' ');
		s += n;
	}
	return str_dup(str_trim(buf_str(&out)));
}

/* One line of Markdown, without its marks, as a sentence behind those before. */
static void add_unmarked(struct str line, struct buf *out)
{
	while (line.len && strchr("-*#>+", line.p[0]))
		line = str_trim(str_sub(line, 1, line.len));
	if (line.len && out->len)
		buf_addc(out, ' ');
	for (size_t i = 0; i < line.len; i++)
		if (!strchr("*`<>", line.p[i]))
			buf_addc(out, line.p[i]);
}

/* The rules in words, paragraphs one after the other; without the one that says until when, for the dates stand elsewhere. */
static char *unmark(const char *markdown)
{
	_cleanup_buf_ struct buf out = BUF(CLAIMS_TEXT_MAX);
	struct str rest = str_of(markdown), line;
	while (str_next_line(&rest, &line))
		if (!str_starts(str_trim(line), "Valid until "))
			add_unmarked(str_trim(line), &out);
	return claims_plain(out.len ? out.p : "", CLAIMS_TEXT_MAX - 8);
}

static char *date_words(const char *rfc3339, char ret_year[5])
{
	static const char *const months[] = {"January", "February", "March",     "April",   "May",      "June",
	                                     "July",    "August",   "September", "October", "November", "December"};
	struct str s = str_of(rfc3339);
	int64_t year, month, day;
	if (s.len < 10 || !str_to_i64(str_sub(s, 0, 4), 1000, 9999, &year) || !str_to_i64(str_sub(s, 5, 7), 1, 12, &month) ||
	    !str_to_i64(str_sub(s, 8, 10), 1, 31, &day))
		return NULL;
	if (ret_year)
		snprintf(ret_year, 5, "%04d", (int)year);
	return xasprintf("%d %s %d", (int)day, months[month - 1], (int)year);
}

/* ---- Measures ---- */

static bool number(const cJSON *o, const char *key, double *ret)
{
	const char *s = text_of(o, key);
	return s && str_to_double(str_of(s), ret);
}

static const char *fragment_of(const char *id)
{
	const char *hash = id ? strrchr(id, '#') : NULL;
	return hash ? hash + 1 : "";
}

static const cJSON *find(const cJSON *list, const char *key, const char *value)
{
	const cJSON *o;
	cJSON_ArrayForEach(o, list)
	{
		const char *own = text_of(o, key);
		if (own && value && strcmp(own, value) == 0)
			return o;
	}
	return NULL;
}

/* "Networks (percent of its points)": the value has its own sign. */
static char *short_name(const char *name)
{
	_cleanup_free_ char *plain = claims_plain(name ? name : "", 200);
	char *unit = strstr(plain, " (percent");
	if (unit && str_ends(str_of(plain), ")"))
		*unit = 0;
	return take_ptr(plain);
}

/* A word of a scale of words: "strong", the third of three. */
static bool read_level(const cJSON *allowed, const char *value, struct measure *m)
{
	const cJSON *one;
	int n = 0;
	cJSON_ArrayForEach(one, allowed)
	{
		n++;
		if (cJSON_IsString(one) && strcmp(one->valuestring, value) == 0)
			m->value = n;
	}
	m->max = n;
	return m->value > 0;
}

static void read_measure(const cJSON *description, const cJSON *result, struct measure *m)
{
	const char *value = text_of(result, "value"), *type = text_of(description, "resultType");
	bool percent = type && (strcmp(type, "Percent") == 0 || strcmp(type, "ext:ByHand") == 0);
	*m = (struct measure){.id = text_of(description, "id"), .name = short_name(text_of(description, "name"))};
	if (!value)
		return;
	_cleanup_free_ char *plain = claims_plain(value, 40);
	m->text = percent && !strchr(plain, '%') ? xasprintf("%s %%", plain) : take_ptr(plain);
	if (get(description, "allowedValue")) {
		m->has_scale = read_level(get(description, "allowedValue"), value, m);
		return;
	}
	m->max = percent ? 100 : 0;
	bool bounds = number(description, "valueMax", &m->max) || percent;
	(void)number(description, "valueMin", &m->min);
	m->has_scale = bounds && m->max > m->min && number(result, "value", &m->value) && m->value >= m->min && m->value <= m->max;
}

static void read_total(const cJSON *description, const cJSON *result, struct claims *c)
{
	const char *cut = text_of(description, "requiredValue"), *min = text_of(description, "valueMin"),
	           *max = text_of(description, "valueMax");
	if (c->total.name)
		return;
	read_measure(description, result, &c->total);
	c->has_cut = c->total.has_scale && number(description, "requiredValue", &c->cut) && c->cut >= c->total.min && c->cut <= c->total.max;
	c->cut_text = cut ? claims_plain(cut, 40) : NULL;
	_cleanup_free_ char *from = claims_plain(min ? min : "0", 40), *to = claims_plain(max ? max : "", 40);
	c->range_text = max ? xasprintf("%s to %s", from, to) : NULL;
}

/* The error belongs to the measure whose id it continues: "domain-shell-error" to "domain-shell". */
static void read_error(const char *id, const cJSON *result, struct claims *c)
{
	double error;
	size_t len = strlen(id);
	if (!number(result, "value", &error) || error < 0 || len < 6 || strcmp(id + len - 6, "-error") != 0)
		return;
	struct str base = {id, len - 6};
	for (size_t i = 0; i < c->n_domains; i++) {
		if (c->domains[i].id && str_eq(base, str_of(c->domains[i].id))) {
			c->domains[i].error = error;
			c->domains[i].has_error = true;
			return;
		}
	}
	if (!c->total.id || !str_eq(base, str_of(c->total.id)))
		return;
	c->total.error = error;
	c->total.has_error = true;
	c->error_text = claims_plain(text_of(result, "value"), 40);
}

static void read_domain(const cJSON *description, const cJSON *result, struct claims *c)
{
	if (c->n_domains == CLAIMS_DOMAINS_MAX)
		c->n_domains_left_out++;
	else
		read_measure(description, result, &c->domains[c->n_domains++]);
}

/* A chance, from 0 to 1 or from 0 to whatever is said, in percent. */
static char *chance_text(const cJSON *description, const cJSON *result)
{
	double value, max = 1;
	(void)number(description, "valueMax", &max);
	if (!number(result, "value", &value) || max <= 0 || value < 0 || value > max)
		return NULL;
	return xasprintf("%.3g %%", value / max * 100);
}

/* First what is measured, then what is said about it: they may come in any order. */
static void read_measures(const cJSON *descriptions, const cJSON *results, struct claims *c)
{
	for (int pass = 0; pass < 2; pass++) {
		const cJSON *d;
		cJSON_ArrayForEach(d, descriptions)
		{
			const char *id = text_of(d, "id"), *type = text_of(d, "resultType"), *fragment = fragment_of(id);
			const cJSON *result = find(results, "resultDescription", id);
			if (!id || !type || !result)
				continue;
			bool about = strncmp(type, "ext:", 4) == 0;
			if (pass == 0 && !about && str_starts(str_of(fragment), "domain-"))
				read_domain(d, result, c);
			else if (pass == 0 && !about && strcmp(fragment, "total") == 0)
				read_total(d, result, c);
			else if (pass == 1 && strcmp(type, "ext:StandardError") == 0)
				read_error(id, result, c);
			else if (pass == 1 && strcmp(type, "ext:ChanceAtOrAboveCut") == 0 && !c->chance)
				c->chance = chance_text(d, result);
			else if (pass == 1 && strcmp(type, "ext:ByHand") == 0 && !c->by_hand.name)
				read_measure(d, result, &c->by_hand);
			else if (pass == 1 && !about && strcmp(fragment, "by-hand-score") == 0 && !c->by_hand_score.name)
				read_measure(d, result, &c->by_hand_score);
		}
	}
}

/* ---- The whole ---- */

/* The name that the holder chose to show: in clear, beside the hash of who they are. */
static char *holder_of(const cJSON *subject)
{
	const cJSON *one;
	cJSON_ArrayForEach(one, get(subject, "identifier"))
	{
		const char *type = text_of(one, "identityType"), *name = text_of(one, "identityHash");
		if (!type || !name || strcmp(type, "name") != 0 || !cJSON_IsFalse(get(one, "hashed")))
			continue;
		_cleanup_free_ char *plain = claims_plain(name, 400);
		return *plain ? take_ptr(plain) : NULL;
	}
	return NULL;
}

static void read_all(const cJSON *root, struct claims *c)
{
	const cJSON *subject = get(root, "credentialSubject"), *achievement = get(subject, "achievement"), *issuer = get(root, "issuer");
	const char *awarded = text_of(root, "awardedDate"), *title = text_of(achievement, "name"), *until = text_of(root, "validUntil");
	const char *description = text_of(achievement, "description"), *rules = text_of(get(achievement, "criteria"), "narrative");
	const char *url = text_of(issuer, "url"), *id = text_of(root, "id"), *name = text_of(issuer, "name"),
	           *language = text_of(achievement, "inLanguage");
	if (!awarded)
		awarded = text_of(root, "validFrom");
	if (!name)
		name = text_of(issuer, "id");
	c->title = claims_plain(title ? title : "", 500);
	c->description = claims_plain(description && title && strcmp(description, title) != 0 ? description : "", CLAIMS_TEXT_MAX);
	c->rules = unmark(rules ? rules : "");
	c->language = language ? claims_plain(language, 30) : NULL;
	c->holder = holder_of(subject);
	c->issuer = claims_plain(name ? name : "", 300);
	c->issuer_url = url ? claims_plain(url, 300) : NULL;
	c->awarded = awarded ? date_words(awarded, c->year) : NULL;
	c->created = awarded ? claims_plain(awarded, 40) : NULL;
	c->valid_until = until ? date_words(until, NULL) : NULL;
	c->id = claims_plain(id ? id : "", 300);
	read_measures(get(achievement, "resultDescription"), get(subject, "result"), c);
}

bool claims_read(struct str credential, struct claims *ret, struct err *err)
{
	struct claims c = {0};
	cJSON *root = NULL; /* measures point into it until the end */
	if (!json_parse(credential, &root, err))
		return err_prefix(err, "the credential");
	read_all(root, &c);
	for (size_t i = 0; i < c.n_domains; i++)
		c.domains[i].id = NULL;
	c.total.id = c.by_hand.id = c.by_hand_score.id = NULL;
	cJSON_Delete(root);
	hash_sha256_hex(credential, c.hash);
	if (!*c.title || !*c.issuer || !c.awarded) {
		claims_finish(&c);
		return err_set(err, ERR_INVALID, "the credential has no title, no issuer or no date");
	}
	*ret = c;
	return true;
}

void claims_finish(struct claims *c)
{
	char *owned[] = {c->title,       c->description, c->rules, c->language, c->holder,     c->issuer, c->issuer_url, c->awarded,
	                 c->valid_until, c->created,     c->id,    c->cut_text, c->error_text, c->chance, c->range_text};
	for (size_t i = 0; i < ARRAY_SIZE(owned); i++)
		free(owned[i]);
	for (size_t i = 0; i < c->n_domains; i++) {
		free(c->domains[i].name);
		free(c->domains[i].text);
	}
	free(c->total.name);
	free(c->total.text);
	free(c->by_hand.name);
	free(c->by_hand.text);
	free(c->by_hand_score.name);
	free(c->by_hand_score.text);
	*c = (struct claims){0};
}
