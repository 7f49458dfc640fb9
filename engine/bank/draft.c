/* Reading the fields of a blueprint. See draft.h. */
#include "bank/draft.h"
#include "base/clock.h"
#include "base/mem.h"
#include <math.h>

#define SPAN_MS_MAX (INT64_C(100) * 366 * MS_DAY)

int draft_field(struct draft *d, int map, const char *name)
{
	return yaml_find(d->y, map, name);
}

void draft_wrong(struct draft *d, int node, const char *code, const char *message, const char *help)
{
	diags_add(d->l->diags, DIAG_ERROR, code, d->y->source, yaml_at(d->y, node), "%s", message);
	if (help)
		diags_help(d->l->diags, "%s", help);
	d->ok = false;
}

void draft_string(struct draft *d, int map, const char *name, size_t len_max, char **place)
{
	struct str text;
	int node = draft_field(d, map, name);
	if (node < 0)
		return;
	if (!yaml_text(d->y, node, name, len_max, &text, d->l->diags)) {
		d->ok = false;
		return;
	}
	free(*place);
	*place = str_dup(text);
}

void draft_bool(struct draft *d, int map, const char *name, bool *place)
{
	int node = draft_field(d, map, name);
	if (node >= 0 && !yaml_bool(d->y, node, name, place, d->l->diags))
		d->ok = false;
}

void draft_int(struct draft *d, int map, const char *name, int min, int max, int *place)
{
	int64_t v = *place;
	int node = draft_field(d, map, name);
	if (node >= 0 && !yaml_int(d->y, node, name, min, max, &v, d->l->diags))
		d->ok = false;
	*place = (int)v;
}

bool draft_choice(struct draft *d, int node, const char *name, const char *const *names, size_t n, int *ret)
{
	if (yaml_choice(d->y, node, name, names, n, ret, d->l->diags))
		return true;
	d->ok = false;
	return false;
}

bool draft_is_map(struct draft *d, int node, const char *name, const char *const *fields, size_t n)
{
	if (!yaml_is(d->y, node, YAML_MAP, name, d->l->diags)) {
		d->ok = false;
		return false;
	}
	yaml_only(d->y, node, fields, n, d->l->diags);
	return true;
}

/* "90m", "14d", "24mo", "3y". */
static bool parse_span(struct str s, struct span *ret)
{
	static const struct {
		const char *unit;
		int64_t ms;
		int months;
	} units[] = {{"s", MS_SECOND, 0}, {"m", MS_MINUTE, 0}, {"h", MS_HOUR, 0}, {"d", MS_DAY, 0}, {"mo", 0, 1}, {"y", 0, 12}};
	size_t digits = 0;
	double number;
	while (digits < s.len && ((s.p[digits] >= '0' && s.p[digits] <= '9') || s.p[digits] == '.'))
		digits++;
	struct str unit = str_trim(str_sub(s, digits, s.len));
	if (!str_to_double(str_sub(s, 0, digits), &number))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (!str_is(unit, units[i].unit))
			continue;
		double ms = number * (double)units[i].ms, months = number * units[i].months;
		if (ms > (double)SPAN_MS_MAX || months > 1200 || months != floor(months))
			return false;
		*ret = (struct span){(int64_t)llround(ms), (int)months};
		return true;
	}
	return false;
}

void draft_span(struct draft *d, int node, const char *name, struct span *ret)
{
	struct str text;
	if (node < 0)
		return;
	if (!yaml_text(d->y, node, name, 100, &text, d->l->diags)) {
		d->ok = false;
		return;
	}
	if (!parse_span(text, ret)) {
		diags_add(d->l->diags, DIAG_ERROR, "duration", d->y->source, yaml_at(d->y, node), "%s: '%.*s' is not a length of time", name,
		          STR_ARG(text));
		diags_help(d->l->diags, "a number with s, m, h, d, mo (whole months) or y, for example 90m");
		d->ok = false;
	}
}

void draft_ms(struct draft *d, int map, const char *name, int64_t *ret)
{
	struct span s = {*ret, 0};
	int node = draft_field(d, map, name);
	draft_span(d, node, name, &s);
	if (s.months)
		draft_wrong(d, node, "duration", "months and years have no exact length", "write it in days");
	else
		*ret = s.ms;
}

void draft_date(struct draft *d, int map, const char *name, int64_t *ret)
{
	struct str text;
	struct err err;
	int node = draft_field(d, map, name);
	if (node < 0)
		return;
	if (!yaml_text(d->y, node, name, 100, &text, d->l->diags)) {
		d->ok = false;
		return;
	}
	if (!clock_parse(text.p, ret, &err))
		draft_wrong(d, node, "date", "this is not a date", "write it as 2026-01-31, or as 2026-01-31T12:00:00Z");
}
