/* Plain questions. See plain.h. */
#include "bank/exchange/plain.h"
#include "bank/unit.h"
#include <math.h>
#include <stdio.h>

void plain_init(struct plain *q, const char *file, int line)
{
	*q = (struct plain){.file = file, .line = line, .points_m = 1000, .select = -1};
}

static void options_finish(struct plain_options *o)
{
	for (size_t i = 0; i < o->n; i++) {
		free(o->list[i].text);
		free(o->list[i].feedback);
	}
	free(o->list);
}

static void texts_finish(struct plain_texts *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->list[i].pattern);
		free(t->list[i].reason);
	}
	free(t->list);
}

void strings_finish(struct strings *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->list[i]);
	free(s->list);
	*s = (struct strings){0};
}

void plain_finish(struct plain *q)
{
	char *texts[] = {q->id,         q->title,   q->stem,   q->image,        q->image_alt, q->explanation,
	                 q->references, q->rubric,  q->domain, q->domain_title, q->objective, q->objective_title,
	                 q->family,     q->case_id, q->params, q->source,       q->rejected};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		free(texts[i]);
	options_finish(&q->options);
	options_finish(&q->targets);
	texts_finish(&q->texts);
	strings_finish(&q->numbers);
	strings_finish(&q->hints);
	strings_finish(&q->tags);
	strings_finish(&q->losses);
	for (size_t i = 0; i < q->n_blanks; i++) {
		options_finish(&q->blanks[i].options);
		texts_finish(&q->blanks[i].texts);
	}
	free(q->blanks);
	for (size_t i = 0; i < q->n_regions; i++) {
		free(q->regions[i].id);
		free(q->regions[i].label);
	}
	free(q->regions);
	*q = (struct plain){0};
}

struct plain_option *plain_add_option(struct plain_options *o, char *text)
{
	o->list = xgrow(o->list, o->n, &o->cap, sizeof *o->list);
	o->list[o->n] = (struct plain_option){.text = text, .match = -1};
	return &o->list[o->n++];
}

struct plain_text *plain_add_text(struct plain_texts *t, char *pattern)
{
	t->list = xgrow(t->list, t->n, &t->cap, sizeof *t->list);
	t->list[t->n] = (struct plain_text){.pattern = pattern, .credit_m = 1000};
	return &t->list[t->n++];
}

struct plain_blank *plain_add_blank(struct plain *q)
{
	q->blanks = xgrow(q->blanks, q->n_blanks, &q->cap_blanks, sizeof *q->blanks);
	q->blanks[q->n_blanks] = (struct plain_blank){0};
	return &q->blanks[q->n_blanks++];
}

void strings_add(struct strings *s, char *text)
{
	s->list = xgrow(s->list, s->n, &s->cap, sizeof *s->list);
	s->list[s->n++] = text;
}

bool strings_has(const struct strings *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->list[i], text) == 0)
			return true;
	return false;
}

static char *format(const char *fmt, va_list ap)
{
	char text[512];
	vsnprintf(text, sizeof text, fmt, ap);
	size_t n = strlen(text), bad;
	if (!str_is_utf8((struct str){text, n}, &bad))
		text[bad] = 0;
	return xstrdup(text);
}

void plain_lose(struct plain *q, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	char *text = format(fmt, ap);
	va_end(ap);
	if (q->losses.n < 20 && !strings_has(&q->losses, text))
		strings_add(&q->losses, text);
	else
		free(text);
}

bool plain_reject(struct plain *q, const char *fmt, ...)
{
	if (q->rejected)
		return false;
	va_list ap;
	va_start(ap, fmt);
	q->rejected = format(fmt, ap);
	va_end(ap);
	return false;
}

bool plain_choice(struct plain *q)
{
	size_t keys = 0;
	for (size_t i = 0; i < q->options.n; i++)
		keys += q->options.list[i].key;
	if (q->options.n < 2)
		return plain_reject(q, q->options.n ? "it has only one option" : "it has no options");
	if (!keys)
		return plain_reject(q, "it has no key: nothing says which option is right");
	if (q->kind != ITEM_TRUE_FALSE && q->kind != ITEM_MULTIPLE)
		q->kind = keys > 1 ? ITEM_MULTIPLE : ITEM_SINGLE;
	return true;
}

void plain_set(char **place, char *text)
{
	free(*place);
	*place = NULL;
	if (text && str_trim(str_of(text)).len)
		*place = text;
	else
		free(text);
}

struct str str_cut(struct str s, size_t max)
{
	if (s.len <= max)
		return s;
	while (max && ((unsigned char)s.p[max] & 0xc0) == 0x80)
		max--;
	return str_sub(s, 0, max);
}

/* ---- marks ---- */

static bool take_name(struct str value, const char *const *names, size_t n, int *ret)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(value, names[i])) {
			*ret = (int)i;
			return true;
		}
	return false;
}
static const char *const rules[] = {"none", "per-option", "net-correct", "coverage"};

static void take_objective(struct plain *q, struct str value)
{
	const char *dot = memchr(value.p, '.', value.len);
	struct str domain = dot ? str_sub(value, 0, (size_t)(dot - value.p)) : value;
	struct str objective = dot ? str_sub(value, domain.len + 1, value.len) : (struct str){"", 0};
	if (!str_is_id(domain) || (dot && !str_is_id(objective)))
		return;
	plain_set(&q->domain, str_dup(domain));
	plain_set(&q->objective, dot ? str_dup(objective) : NULL);
}

/* Kinds that other formats write as another one of the same shape. */
static void take_type(struct plain *q, struct str value)
{
	if (str_is(value, "grid") && q->kind == ITEM_MATCHING)
		q->kind = ITEM_GRID;
	else if (str_is(value, "true-false") && q->options.n == 2 && q->kind != ITEM_MATCHING)
		q->kind = ITEM_TRUE_FALSE;
	else if (str_is(value, "multiple") && q->kind == ITEM_SINGLE)
		q->kind = ITEM_MULTIPLE;
	else if (str_is(value, "cloze") && q->kind == ITEM_TEXT)
		q->kind = ITEM_CLOZE;
}

bool plain_take_mark(struct plain *q, struct str tag)
{
	if (!str_starts(tag, PLAIN_MARK))
		return false;
	tag = str_sub(tag, strlen(PLAIN_MARK), tag.len);
	const char *eq = memchr(tag.p, '=', tag.len);
	struct str name = eq ? str_sub(tag, 0, (size_t)(eq - tag.p)) : tag, value = eq ? str_sub(tag, name.len + 1, tag.len) : STR("");
	int64_t n;
	int which;
	if (str_is(name, "id") && str_is_id(value))
		plain_set(&q->id, str_dup(value));
	else if (str_is(name, "family") && str_is_id(value))
		plain_set(&q->family, str_dup(value));
	else if (str_is(name, "case") && str_is_id(value))
		plain_lose(q, "the case '%.*s' is not part of the file", STR_ARG(value));
	else if (str_is(name, "objective"))
		take_objective(q, value);
	else if (str_is(name, "difficulty") && str_to_i64(value, 1, 5, &n))
		q->difficulty = (int)n;
	else if (str_is(name, "points") && str_to_i64(value, 1, BANK_POINTS_MAX * 1000, &n))
		q->points_m = n;
	else if (str_is(name, "select") && str_to_i64(value, 0, BANK_OPTIONS_MAX, &n))
		q->select = (int)n;
	else if (str_is(name, "status") && take_name(value, item_status_names, ITEM_STATUSES, &which))
		q->status = (enum item_status)which;
	else if (str_is(name, "partial") && take_name(value, rules, ARRAY_SIZE(rules), &which))
		q->partial = (enum partial_rule)(which + 1);
	else if (str_is(name, "type"))
		take_type(q, value);
	else if (str_is(name, "fixed"))
		q->fixed = true;
	else if (str_is(name, "ignore-case") || str_is(name, "exact"))
		q->ignore_case = str_is(name, "ignore-case");
	else if (str_is(name, "pin") && str_to_i64(value, 1, (int64_t)q->options.n, &n))
		q->options.list[n - 1].pin = true;
	return true;
}

void plain_marks(const struct item *item, struct strings *marks)
{
	strings_add(marks, xasprintf(PLAIN_MARK "id=%s", item->id));
	strings_add(marks, xasprintf(PLAIN_MARK "objective=%s", item->objective ? item->objective : item->domain));
	if (strcmp(item->family, item->id) != 0)
		strings_add(marks, xasprintf(PLAIN_MARK "family=%s", item->family));
	if (item->difficulty)
		strings_add(marks, xasprintf(PLAIN_MARK "difficulty=%d", item->difficulty));
	if (item->points_m != 1000)
		strings_add(marks, xasprintf(PLAIN_MARK "points=%lld", (long long)item->points_m));
	if (item->status != ITEM_ACTIVE)
		strings_add(marks, xasprintf(PLAIN_MARK "status=%s", item_status_names[item->status]));
	if (item->partial != PARTIAL_UNSET)
		strings_add(marks, xasprintf(PLAIN_MARK "partial=%s", rules[item->partial - 1]));
	if ((item->kind == ITEM_MULTIPLE && item->select == 0) || item->kind == ITEM_HOTSPOT)
		strings_add(marks, xasprintf(PLAIN_MARK "select=%d", item->select));
	if (!item->shuffle)
		strings_add(marks, xstrdup(PLAIN_MARK "fixed"));
	if (item->ignore_case)
		strings_add(marks, xstrdup(PLAIN_MARK "ignore-case"));
	else if (item->kind == ITEM_TEXT || item->kind == ITEM_CLOZE)
		strings_add(marks, xstrdup(PLAIN_MARK "exact"));
	for (size_t i = 0; i < item->n_options; i++)
		if (item->options[i].pin)
			strings_add(marks, xasprintf(PLAIN_MARK "pin=%zu", i + 1));
}

/* ---- numbers ---- */

void number_add(double v, struct buf *out)
{
	char text[40];
	double back;
	for (int digits = 1; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, v);
		if (str_to_double(str_of(text), &back) && back == v)
			break;
	}
	/* 1e+02 is 100 to people */
	if (fabs(v) < 1e15 && v == floor(v))
		snprintf(text, sizeof text, "%.0f", v);
	buf_adds(out, text);
}

/* v so that v * factor is `base`, exactly if that is possible. */
static double in_unit(double base, double factor)
{
	double v = base / factor;
	for (int digits = 1; digits <= 17; digits++) {
		char text[40];
		double shorter;
		snprintf(text, sizeof text, "%.*g", digits, v);
		if (str_to_double(str_of(text), &shorter) && shorter * factor == base)
			return shorter;
	}
	return v;
}

/* lo and hi as a middle and a tolerance, if these are short and give just them. */
static bool with_tolerance(double lo, double hi, double factor, struct buf *out)
{
	for (int digits = 1; digits <= 12; digits++) {
		char text[40];
		double middle, tolerance;
		snprintf(text, sizeof text, "%.*g", digits, (lo + hi) / 2 / factor);
		bool ok = str_to_double(str_of(text), &middle);
		snprintf(text, sizeof text, "%.*g", digits, (hi - lo) / 2 / factor);
		if (!ok || !str_to_double(str_of(text), &tolerance) || middle * factor - tolerance * factor != lo ||
		    middle * factor + tolerance * factor != hi)
			continue;
		number_add(middle, out);
		buf_adds(out, " +- ");
		number_add(tolerance, out);
		return true;
	}
	return false;
}

char *plain_number(double lo, double hi, const char *unit)
{
	_cleanup_buf_ struct buf out = BUF(400);
	const struct unit *u = unit ? unit_find(str_of(unit)) : NULL;
	double factor = u ? u->factor : 1;
	bool percent = u && strcmp(u->name, "%") == 0;
	if (lo == hi) {
		number_add(in_unit(lo, factor), &out);
	} else if (percent || !with_tolerance(lo, hi, factor, &out)) {
		buf_addc(&out, '[');
		number_add(in_unit(lo, factor), &out);
		buf_adds(&out, ", ");
		number_add(in_unit(hi, factor), &out);
		buf_addc(&out, ']');
	}
	if (u)
		buf_addf(&out, " %s", u->name);
	return buf_take(&out, NULL);
}
