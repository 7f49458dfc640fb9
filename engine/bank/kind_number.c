/* Numeric answers: "= 3.14 +- 0.01", "= 250 +- 2%", "= [3.1, 3.2]", "= 10 GiB". */
#include "bank/question.h"
#include "bank/unit.h"
#include "base/mem.h"
#include <math.h>

char *kind_stand_in(struct str s)
{
	char *out = xmalloc(s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len;) {
		size_t mark = question_mark(s.p + i, s.len - i);
		out[n++] = mark ? '1' : s.p[i];
		i += mark ? mark : 1;
	}
	out[n] = 0;
	return out;
}

struct number_parts {
	double value, tolerance, hi;
	bool range, relative;
	const struct unit *unit, *tolerance_unit;
	bool has_tolerance, bad_percent, mixed_units;
};

/* A number off the front; false if there is none. A typographic minus counts. */
static bool take_number(struct str *s, double *ret)
{
	char digits[64];
	size_t n = 0, i = 0;
	*s = str_trim(*s);
	if (str_starts(*s, "\xe2\x88\x92")) {
		digits[n++] = '-';
		i = 3;
	}
	while (i < s->len && n < sizeof digits) {
		char c = s->p[i];
		bool exponent = (c == 'e' || c == 'E') && n && i + 1 < s->len && strchr("0123456789+-", s->p[i + 1]);
		bool sign = (c == '+' || c == '-') && (n == 0 || digits[n - 1] == 'e' || digits[n - 1] == 'E');
		if (!(c >= '0' && c <= '9') && c != '.' && !exponent && !sign)
			break;
		digits[n++] = c;
		i++;
	}
	if (n == sizeof digits || !str_to_double((struct str){digits, n}, ret))
		return false;
	*s = str_trim(str_sub(*s, i, s->len));
	return true;
}

/* A unit off the front, if there is one. */
static const struct unit *take_unit(struct str *s)
{
	size_t n = 0;
	while (n < s->len && s->p[n] != ' ' && s->p[n] != ',' && s->p[n] != ']' && s->p[n] != '+' && (unsigned char)s->p[n] != 0xc2)
		n++;
	const struct unit *unit = unit_find(str_sub(*s, 0, n));
	if (unit)
		*s = str_trim(str_sub(*s, n, s->len));
	return unit;
}

static bool parse_range(struct str s, struct number_parts *n)
{
	s = str_sub(s, 1, s.len);
	if (!take_number(&s, &n->value))
		return false;
	n->unit = take_unit(&s);
	if (!str_starts(s, ","))
		return false;
	s = str_sub(s, 1, s.len);
	if (!take_number(&s, &n->hi))
		return false;
	const struct unit *second = take_unit(&s);
	if (!str_starts(s, "]"))
		return false;
	s = str_trim(str_sub(s, 1, s.len));
	const struct unit *third = take_unit(&s);
	n->mixed_units = (n->unit && n->unit != second) || (second && third);
	n->unit = n->unit ? n->unit : second ? second : third;
	n->range = true;
	return s.len == 0;
}

/* number [unit] [(+-|±) number [% | unit]], or [number, number] [unit]. */
static bool parse_number(struct str s, struct number_parts *n)
{
	*n = (struct number_parts){0};
	s = str_trim(s);
	if (str_starts(s, "["))
		return parse_range(s, n);
	if (!take_number(&s, &n->value))
		return false;
	n->unit = take_unit(&s);
	size_t sign = str_starts(s, "+-") || str_starts(s, "\xc2\xb1") ? 2 : str_starts(s, "+/-") ? 3 : 0;
	if (!sign)
		return s.len == 0;
	s = str_sub(s, sign, s.len);
	n->has_tolerance = true;
	if (!take_number(&s, &n->tolerance))
		return false;
	const struct unit *unit = take_unit(&s);
	bool percent = unit && strcmp(unit->name, "%") == 0;
	n->bad_percent = percent && n->unit == unit;
	n->relative = percent;
	if (!percent && unit && !n->unit)
		n->unit = unit;
	n->tolerance_unit = percent || !unit ? n->unit : unit;
	return s.len == 0;
}

bool kind_looks_numeric(struct str answer)
{
	_cleanup_free_ char *text = kind_stand_in(answer);
	struct number_parts n;
	return parse_number(str_of(text), &n);
}

bool kind_is_numeric(const struct question *q, size_t from)
{
	for (size_t i = from; i < q->body_end; i++) {
		const struct line *l = &q->lines[i];
		if (kind_is_answer(l) && (l->p[0] == '~' || !kind_looks_numeric(kind_answer(l))))
			return false;
	}
	return true;
}

static bool add_number(struct question *q, const struct number_parts *n, const char *at)
{
	double factor = n->unit ? n->unit->factor : 1, lo = n->value * factor, hi = n->range ? n->hi * factor : lo;
	if (n->bad_percent) {
		question_error(q, "number", at, "'%%' after +- is relative, and the answer is in percent too: that can be read two ways");
		diags_help(q->diags, "write a range: = [48, 52] %%");
		return false;
	}
	bool families = n->tolerance_unit && n->unit && n->tolerance_unit->family != n->unit->family;
	if (n->mixed_units || families)
		return question_error(q, "number", at, "units that do not go together");
	if (n->has_tolerance) {
		double tolerance = n->relative ? fabs(lo) * n->tolerance / 100 : n->tolerance * (n->tolerance_unit ? n->tolerance_unit->factor : 1);
		if (tolerance < 0)
			return question_error(q, "number", at, "a tolerance below zero");
		lo -= tolerance;
		hi += tolerance;
	}
	if (lo > hi && !q->is_template)
		return question_error(q, "number", at, "the range ends before it begins");
	if (!isfinite(lo) || !isfinite(hi))
		return question_error(q, "number", at, "the number is too large");
	struct item *item = q->item;
	item->numbers = xrealloc(item->numbers, item->n_numbers + 1, sizeof *item->numbers);
	item->numbers[item->n_numbers++] = (struct item_number){.lo = lo, .hi = hi, .unit = n->unit ? xstrdup(n->unit->name) : NULL};
	return true;
}

/* The whole family of the units in the answers, to pick from. */
static bool set_units(struct question *q)
{
	struct item *item = q->item;
	const struct unit *first = item->numbers[0].unit ? unit_find(str_of(item->numbers[0].unit)) : NULL;
	for (size_t i = 1; i < item->n_numbers; i++) {
		const struct unit *u = item->numbers[i].unit ? unit_find(str_of(item->numbers[i].unit)) : NULL;
		if ((u == NULL) != (first == NULL) || (u && u->family != first->family))
			return question_error(q, "number", q->at, "the answers' units do not go together");
	}
	if (!first)
		return true;
	size_t n;
	const struct unit *all = unit_list(&n);
	item->units = xcalloc(n, sizeof *item->units);
	for (size_t i = 0; i < n; i++)
		if (all[i].family == first->family)
			item->units[item->n_units++] = xstrdup(all[i].name);
	return true;
}

bool kind_read_numeric(struct question *q)
{
	size_t start = kind_answer_lines(q);
	bool ok = question_stem(q, start < q->body_end ? start : q->body_end);
	if (!kind_check_answers(q, start))
		return false;
	for (size_t i = start; i < q->body_end; i++) {
		const struct line *l = &q->lines[i];
		if (l->flags & LINE_BLANK)
			continue;
		if (l->p[0] == '~') {
			ok = question_error(q, "number", l->p, "a numeric question has no partly right answers");
			continue;
		}
		struct str answer = kind_answer(l);
		_cleanup_free_ char *stand_in = q->is_template ? kind_stand_in(answer) : NULL;
		struct number_parts n;
		if (!parse_number(stand_in ? str_of(stand_in) : answer, &n)) {
			ok = question_error(q, "number", answer.p, "'%.*s' is not a number that can be checked", STR_ARG(answer));
			diags_help(q->diags, "for example: = 3.14 +- 0.01, = 250 +- 2%%, = [3.1, 3.2], = 10 GiB");
			continue;
		}
		ok &= add_number(q, &n, answer.p);
	}
	return ok && set_units(q);
}
