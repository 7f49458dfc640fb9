/* Blueprints: exams/NAME.yml. See docs/authors/bank-format.md for the fields. */
#include "bank/load.h"
#include "base/clock.h"
#include "base/mem.h"
#include <math.h>

#define EXAMS_MAX 500
#define SECTIONS_MAX 50
#define ITEMS_MAX 1000
#define WAITS_MAX 20
#define SPAN_MS_MAX (INT64_C(100) * 366 * MS_DAY)

/* One blueprint being read. */
struct draft {
	struct loader *l;
	const struct yaml *y;
	struct blueprint *bp;
	const char *path;
	bool ok;
};

static int field(struct draft *d, int map, const char *name)
{
	return yaml_find(d->y, map, name);
}

static void wrong(struct draft *d, int node, const char *code, const char *message, const char *help)
{
	diags_add(d->l->diags, DIAG_ERROR, code, d->y->source, yaml_at(d->y, node), "%s", message);
	if (help)
		diags_help(d->l->diags, "%s", help);
	d->ok = false;
}

static void read_string(struct draft *d, int map, const char *name, size_t len_max, char **place)
{
	struct str text;
	int node = field(d, map, name);
	if (node < 0)
		return;
	if (!yaml_text(d->y, node, name, len_max, &text, d->l->diags)) {
		d->ok = false;
		return;
	}
	free(*place);
	*place = str_dup(text);
}

static void read_bool(struct draft *d, int map, const char *name, bool *place)
{
	int node = field(d, map, name);
	if (node >= 0 && !yaml_bool(d->y, node, name, place, d->l->diags))
		d->ok = false;
}

static void read_int(struct draft *d, int map, const char *name, int min, int max, int *place)
{
	int64_t v = *place;
	int node = field(d, map, name);
	if (node >= 0 && !yaml_int(d->y, node, name, min, max, &v, d->l->diags))
		d->ok = false;
	*place = (int)v;
}

static bool read_choice(struct draft *d, int node, const char *name, const char *const *names, size_t n, int *ret)
{
	if (yaml_choice(d->y, node, name, names, n, ret, d->l->diags))
		return true;
	d->ok = false;
	return false;
}

static bool is_map(struct draft *d, int node, const char *name, const char *const *fields, size_t n)
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

static void read_span(struct draft *d, int node, const char *name, struct span *ret)
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

static void read_ms(struct draft *d, int map, const char *name, int64_t *ret)
{
	struct span s = {*ret, 0};
	int node = field(d, map, name);
	read_span(d, node, name, &s);
	if (s.months)
		wrong(d, node, "duration", "months and years have no exact length", "write it in days");
	else
		*ret = s.ms;
}

static void read_date(struct draft *d, int map, const char *name, int64_t *ret)
{
	struct str text;
	struct err err;
	int node = field(d, map, name);
	if (node < 0)
		return;
	if (!yaml_text(d->y, node, name, 100, &text, d->l->diags)) {
		d->ok = false;
		return;
	}
	if (!clock_parse(text.p, ret, &err))
		wrong(d, node, "date", "this is not a date", "write it as 2026-01-31, or as 2026-01-31T12:00:00Z");
}

/* ---- how many items ---- */

static void read_items(struct draft *d)
{
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "items");
	int64_t lo = 0, hi = 0;
	if (node < 0) {
		wrong(d, -1, "blueprint", "a blueprint needs the field 'items'", "how many questions a candidate gets, for example 40 or [50, 60]");
		return;
	}
	if (d->y->nodes[node].type == YAML_LIST) {
		int first = d->y->nodes[node].first, second = first < 0 ? -1 : d->y->nodes[first].next;
		if (second < 0 || d->y->nodes[second].next >= 0) {
			wrong(d, node, "field-value", "items: a range has two numbers", "for example [50, 60]");
			return;
		}
		if (!yaml_int(d->y, first, "items", 1, ITEMS_MAX, &lo, d->l->diags) ||
		    !yaml_int(d->y, second, "items", lo, ITEMS_MAX, &hi, d->l->diags))
			d->ok = false;
	} else if (yaml_int(d->y, node, "items", 1, ITEMS_MAX, &lo, d->l->diags)) {
		hi = lo;
	} else {
		d->ok = false;
	}
	bp->items_min = (int)lo;
	bp->items_max = (int)hi;
	if (!d->ok)
		return;
	read_int(d, 0, "unscored", 0, bp->items_min - 1, &bp->unscored);
}

static void read_modes(struct draft *d)
{
	static const char *const names[] = {"exam", "study"};
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "modes"), mode;
	if (node < 0) {
		bp->mode_exam = bp->mode_study = true;
		return;
	}
	bool list = d->y->nodes[node].type == YAML_LIST;
	for (int child = list ? d->y->nodes[node].first : node; child >= 0; child = list ? d->y->nodes[child].next : -1) {
		if (!read_choice(d, child, "modes", names, ARRAY_SIZE(names), &mode))
			return;
		bp->mode_exam |= mode == 0;
		bp->mode_study |= mode == 1;
	}
	if (!bp->mode_exam && !bp->mode_study)
		wrong(d, node, "field-empty", "modes is empty", "write exam, study or both");
}

/* ---- domains ---- */

static bool known_domain(struct draft *d, int node, struct str id)
{
	const char *names[256];
	size_t n = 0;
	for (; n < d->l->bank->n_domains && n < ARRAY_SIZE(names); n++) {
		names[n] = d->l->bank->domains[n].id;
		if (str_is(id, names[n]))
			return true;
	}
	diags_add(d->l->diags, DIAG_ERROR, "unknown-domain", d->y->source, yaml_at(d->y, node), "bank.yml has no domain '%.*s'",
	          (int)(id.len > 100 ? 100 : id.len), id.p);
	diags_did_you_mean(d->l->diags, id, names, n);
	d->ok = false;
	return false;
}

/* A weight as it is written; `weight` is its number where it is one in proportion to others, else -1. */
static bool parse_weight(struct str s, double *ret_lo, double *ret_hi, double *ret_weight)
{
	double a, b;
	*ret_weight = -1;
	if (str_is(s, "rest")) {
		*ret_lo = *ret_hi = -1;
		return true;
	}
	const char *dash = memchr(s.p, '-', s.len), *slash = memchr(s.p, '/', s.len);
	if (dash || slash) {
		size_t at = (size_t)((dash ? dash : slash) - s.p);
		struct str right = str_trim(str_sub(s, at + 1, s.len));
		if (str_ends(right, "%"))
			right.len--;
		if (!str_to_double(str_trim(str_sub(s, 0, at)), &a) || !str_to_double(right, &b))
			return false;
		*ret_lo = dash ? a / 100 : a / b;
		*ret_hi = dash ? b / 100 : a / b;
		return a >= 0 && b > 0 && *ret_lo <= *ret_hi && *ret_hi <= 1;
	}
	if (str_ends(s, "%"))
		s.len--;
	if (!str_to_double(str_trim(s), &a) || a <= 0 || a > 1e6)
		return false;
	*ret_weight = a;
	return true;
}

static void add_weight(struct draft *d, int key, int value, double *weights)
{
	struct blueprint *bp = d->bp;
	struct str id, text;
	double lo = 0, hi = 0, weight = -1;
	if (!yaml_id(d->y, key, "domain", &id, d->l->diags) || !yaml_text(d->y, value, "weight", 100, &text, d->l->diags)) {
		d->ok = false;
		return;
	}
	if (!known_domain(d, key, id))
		return;
	if (!parse_weight(text, &lo, &hi, &weight)) {
		wrong(d, value, "weight", "this is not a weight", "a number, a range in percent (20-25), a fraction (0.3 or 3/10), or rest");
		return;
	}
	bp->weights = xrealloc(bp->weights, bp->n_weights + 1, sizeof *bp->weights);
	weights[bp->n_weights] = weight;
	bp->weights[bp->n_weights++] = (struct blueprint_weight){str_dup(id), lo, hi};
}

/* Plain numbers: percent if there are ranges, fractions or a rest and they are above 1; fractions if all are at most 1; else in proportion.
 */
static void settle_weights(struct draft *d, int node, const double *weights)
{
	struct blueprint *bp = d->bp;
	double sum = 0, fixed_lo = 0, fixed_hi = 0;
	bool others = false, rest = false, fractions = true;
	for (size_t i = 0; i < bp->n_weights; i++) {
		bool plain = weights[i] >= 0;
		sum += plain ? weights[i] : 0;
		others |= !plain;
		rest |= !plain && bp->weights[i].lo < 0;
		fractions &= !plain || weights[i] <= 1;
		fixed_lo += plain || bp->weights[i].lo < 0 ? 0 : bp->weights[i].lo;
		fixed_hi += plain || bp->weights[i].lo < 0 ? 0 : bp->weights[i].hi;
	}
	double whole = fractions ? 1 : others ? 100 : sum;
	for (size_t i = 0; i < bp->n_weights; i++)
		if (weights[i] >= 0)
			bp->weights[i].lo = bp->weights[i].hi = weights[i] / (whole > 0 ? whole : 1);
	double share = whole > 0 ? sum / whole : 0;
	if (fixed_lo + share > 1 + 1e-9)
		wrong(d, node, "weight", "the domains are more than the whole exam", NULL);
	else if (!rest && fixed_hi + share < 1 - 1e-9)
		wrong(d, node, "weight", "the domains are less than the whole exam", "raise a weight, or give one domain the weight rest");
}

static void read_weights(struct draft *d)
{
	int node = field(d, 0, "domains");
	if (node < 0)
		return;
	if (!yaml_is(d->y, node, YAML_MAP, "domains", d->l->diags)) {
		d->ok = false;
		return;
	}
	size_t n = 0;
	YAML_EACH(d->y, node, child)
	n++;
	double *weights = xcalloc(n + 1, sizeof *weights);
	for (int key = d->y->nodes[node].first; key >= 0; key = d->y->nodes[d->y->nodes[key].next].next)
		add_weight(d, key, d->y->nodes[key].next, weights);
	if (d->ok)
		settle_weights(d, node, weights);
	free(weights);
}

/* ---- sections ---- */

static void read_section_domains(struct draft *d, int map, struct blueprint_section *s)
{
	int node = field(d, map, "domains");
	if (node < 0)
		return;
	if (!yaml_texts(d->y, node, "domains", 100, &s->domains, &s->n_domains, d->l->diags)) {
		d->ok = false;
		return;
	}
	bool list = d->y->nodes[node].type == YAML_LIST;
	int child = list ? d->y->nodes[node].first : node;
	for (size_t i = 0; i < s->n_domains; i++, child = d->y->nodes[child].next)
		known_domain(d, child, str_of(s->domains[i]));
}

static void read_break(struct draft *d, int map, struct blueprint_section *s)
{
	static const char *const fields[] = {"break", "clock", "id", "title"};
	static const char *const clocks[] = {"running", "stopped"};
	int clock = 0, node = field(d, map, "clock");
	yaml_only(d->y, map, fields, ARRAY_SIZE(fields), d->l->diags);
	s->is_break = true;
	read_ms(d, map, "break", &s->duration_ms);
	if (node >= 0)
		read_choice(d, node, "clock", clocks, ARRAY_SIZE(clocks), &clock);
	s->clock_stopped = clock == 1;
	read_string(d, map, "id", 64, &s->id);
	read_string(d, map, "title", 500, &s->title);
	if (!s->title)
		s->title = xstrdup("Break");
}

static void read_section(struct draft *d, int map)
{
	static const char *const fields[] = {"id", "title", "items", "duration", "return", "domains"};
	struct blueprint *bp = d->bp;
	if (!yaml_is(d->y, map, YAML_MAP, "sections", d->l->diags)) {
		d->ok = false;
		return;
	}
	bp->sections = xrealloc(bp->sections, bp->n_sections + 1, sizeof *bp->sections);
	struct blueprint_section *s = &bp->sections[bp->n_sections++];
	*s = (struct blueprint_section){.no_return = bp->no_return};
	if (field(d, map, "break") >= 0) {
		read_break(d, map, s);
	} else {
		yaml_only(d->y, map, fields, ARRAY_SIZE(fields), d->l->diags);
		bool may_return = !bp->no_return;
		read_string(d, map, "id", 64, &s->id);
		read_string(d, map, "title", 500, &s->title);
		if (field(d, map, "items") < 0)
			wrong(d, map, "section", "a section needs the field 'items'", NULL);
		read_int(d, map, "items", 1, ITEMS_MAX, &s->items);
		read_ms(d, map, "duration", &s->duration_ms);
		read_bool(d, map, "return", &may_return);
		s->no_return = !may_return;
		read_section_domains(d, map, s);
	}
	if (!s->id)
		s->id = xasprintf("s%zu", bp->n_sections);
	if (!s->title)
		s->title = xasprintf("Section %zu", bp->n_sections);
	if (!str_is_id(str_of(s->id)))
		wrong(d, map, "bad-id", "the section's id is not one (a-z, 0-9 and '-')", NULL);
	for (size_t i = 0; i + 1 < bp->n_sections; i++)
		if (strcmp(bp->sections[i].id, s->id) == 0)
			wrong(d, map, "duplicate-id", "two sections have the same id", NULL);
}

static void read_sections(struct draft *d)
{
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "sections"), sum = 0;
	if (node < 0)
		return;
	if (!yaml_is(d->y, node, YAML_LIST, "sections", d->l->diags)) {
		d->ok = false;
		return;
	}
	YAML_EACH(d->y, node, child)
	{
		if (bp->n_sections >= SECTIONS_MAX) {
			wrong(d, child, "section", "too many sections", NULL);
			return;
		}
		read_section(d, child);
		if (!d->ok)
			return;
		sum += bp->sections[bp->n_sections - 1].items;
	}
	if (bp->n_sections && (bp->sections[0].is_break || bp->sections[bp->n_sections - 1].is_break))
		wrong(d, node, "section", "an exam neither begins nor ends with a break", NULL);
	else if (bp->n_sections && (bp->items_min != bp->items_max || sum != bp->items_min)) {
		diags_add(d->l->diags, DIAG_ERROR, "section", d->y->source, yaml_at(d->y, node), "the sections hold %d items, the exam %d", sum,
		          bp->items_min);
		diags_help(d->l->diags, "'items' of the exam counts all, unscored ones too");
		d->ok = false;
	}
}

/* ---- scoring, report, rules ---- */

static void read_scoring(struct draft *d)
{
	static const char *const fields[] = {"method", "min", "max", "cut"};
	static const char *const methods[] = {"percent", "points", "scaled", "pass-fail"};
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "scoring"), method = SCORE_PERCENT;
	bp->score_max = 100;
	bp->cut = 70;
	if (node < 0)
		return;
	if (d->y->nodes[node].type == YAML_TEXT) { /* "scoring: pass-fail" */
		if (read_choice(d, node, "scoring", methods, ARRAY_SIZE(methods), &method) && (method == SCORE_SCALED || method == SCORE_POINTS))
			wrong(d, node, "scoring", "this method needs its numbers", "for example {method: scaled, min: 100, max: 1000, cut: 720}");
		bp->method = (enum score_method)method;
		return;
	}
	if (!is_map(d, node, "scoring", fields, ARRAY_SIZE(fields)))
		return;
	int name = field(d, node, "method");
	if (name >= 0 && !read_choice(d, name, "method", methods, ARRAY_SIZE(methods), &method))
		return;
	bp->method = (enum score_method)method;
	int values[] = {field(d, node, "min"), field(d, node, "max"), field(d, node, "cut")};
	double *places[] = {&bp->score_min, &bp->score_max, &bp->cut};
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		if (values[i] >= 0 && !yaml_number(d->y, values[i], "scoring", 0, 1e6, places[i], d->l->diags))
			d->ok = false;
	bool own_scale = method == SCORE_SCALED || method == SCORE_POINTS;
	if (own_scale && (values[1] < 0 || values[2] < 0 || (method == SCORE_SCALED && values[0] < 0)))
		wrong(d, node, "scoring", "this method needs its numbers", "scaled: min, max and cut; points: max and cut");
	else if (!own_scale && (values[0] >= 0 || values[1] >= 0))
		wrong(d, node, "scoring", "only 'scaled' and 'points' have a scale of their own", "remove min and max; the cut is in percent");
	else if (!(bp->score_min < bp->score_max) || bp->cut < bp->score_min || bp->cut > bp->score_max)
		wrong(d, node, "scoring", "the numbers must be min < max, with the cut between them", NULL);
}

static void read_marking(struct draft *d)
{
	static const char *const rules[] = {"none", "per-option", "net-correct", "coverage"};
	static const char *const shuffle_fields[] = {"items", "options"};
	static const char *const navigation_fields[] = {"return"};
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "partial"), rule = 0;
	if (node >= 0)
		read_choice(d, node, "partial", rules, ARRAY_SIZE(rules), &rule);
	bp->partial = rule + PARTIAL_NONE;
	node = field(d, 0, "negative");
	if (node >= 0 && !yaml_number(d->y, node, "negative", 0, 1, &bp->negative, d->l->diags))
		d->ok = false;
	bp->shuffle_items = bp->shuffle_options = true;
	node = field(d, 0, "shuffle");
	if (node >= 0 && d->y->nodes[node].type == YAML_TEXT) {
		read_bool(d, 0, "shuffle", &bp->shuffle_items);
		bp->shuffle_options = bp->shuffle_items;
	} else if (node >= 0 && is_map(d, node, "shuffle", shuffle_fields, ARRAY_SIZE(shuffle_fields))) {
		read_bool(d, node, "items", &bp->shuffle_items);
		read_bool(d, node, "options", &bp->shuffle_options);
	}
	bool may_return = true;
	node = field(d, 0, "navigation");
	if (node >= 0 && is_map(d, node, "navigation", navigation_fields, ARRAY_SIZE(navigation_fields)))
		read_bool(d, node, "return", &may_return);
	bp->no_return = !may_return;
}

static void read_docs(struct draft *d)
{
	static const char *const rules[] = {"closed", "bundled", "open"};
	static const enum docs_rule values[] = {DOCS_CLOSED, DOCS_BUNDLED, DOCS_OPEN};
	static const char *const fields[] = {"urls"};
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "docs"), rule = 0;
	if (node < 0)
		return;
	if (d->y->nodes[node].type == YAML_TEXT) {
		if (read_choice(d, node, "docs", rules, ARRAY_SIZE(rules), &rule))
			bp->docs = values[rule];
		return;
	}
	if (!is_map(d, node, "docs", fields, ARRAY_SIZE(fields)))
		return;
	int urls = field(d, node, "urls");
	bp->docs = DOCS_URLS;
	if (urls < 0 || !yaml_texts(d->y, urls, "urls", 50, &bp->doc_urls, &bp->n_doc_urls, d->l->diags)) {
		d->ok = false;
		return;
	}
	for (size_t i = 0; i < bp->n_doc_urls; i++)
		if (strncmp(bp->doc_urls[i], "https://", 8) != 0 || strpbrk(bp->doc_urls[i], " \"'<>\\"))
			wrong(d, urls, "field-value", "a URL must begin with https:// and have no spaces or quotes", NULL);
}

static void read_report(struct draft *d)
{
	static const char *const fields[] = {"show", "release", "after", "explanations"};
	static const char *const shows[] = {"pass-fail", "score", "bands", "domains", "objectives", "questions"};
	static const char *const releases[] = {"immediate", "delayed"};
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "report"), show = bp->method == SCORE_PASS_FAIL ? REPORT_PASS_FAIL : REPORT_DOMAINS, release = 0;
	bool text = node >= 0 && d->y->nodes[node].type == YAML_TEXT;
	if (text) {
		read_choice(d, node, "report", shows, ARRAY_SIZE(shows), &show);
	} else if (node >= 0 && is_map(d, node, "report", fields, ARRAY_SIZE(fields))) {
		int value = field(d, node, "show");
		if (value >= 0)
			read_choice(d, value, "show", shows, ARRAY_SIZE(shows), &show);
		value = field(d, node, "release");
		if (value >= 0)
			read_choice(d, value, "release", releases, ARRAY_SIZE(releases), &release);
		read_ms(d, node, "after", &bp->release_after_ms);
		read_bool(d, node, "explanations", &bp->explanations);
		if (d->ok && (release == 1) != (bp->release_after_ms > 0))
			wrong(d, node, "report", "'release: delayed' and 'after' go together", "for example {release: delayed, after: 7d}");
	}
	bp->show = (enum report_show)show;
	if (d->ok && node >= 0 && bp->method == SCORE_PASS_FAIL && show == REPORT_SCORE)
		wrong(d, node, "report", "with 'scoring: pass-fail' there is no score to show",
		      "show pass-fail, or bands for words in place of numbers");
}

static void read_retake(struct draft *d)
{
	static const char *const fields[] = {"waits", "max", "per", "lock_after_pass"};
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "retake");
	if (node < 0 || !is_map(d, node, "retake", fields, ARRAY_SIZE(fields)))
		return;
	int waits = field(d, node, "waits");
	bool list = waits >= 0 && d->y->nodes[waits].type == YAML_LIST;
	for (int child = list ? d->y->nodes[waits].first : waits; child >= 0; child = list ? d->y->nodes[child].next : -1) {
		if (bp->n_retake_waits >= WAITS_MAX) {
			wrong(d, child, "field-long", "too many waits", NULL);
			return;
		}
		bp->retake_waits = xrealloc(bp->retake_waits, bp->n_retake_waits + 1, sizeof *bp->retake_waits);
		bp->retake_waits[bp->n_retake_waits] = (struct span){0};
		read_span(d, child, "waits", &bp->retake_waits[bp->n_retake_waits++]);
	}
	read_int(d, node, "max", 1, 10000, &bp->retake_max);
	read_span(d, field(d, node, "per"), "per", &bp->retake_per);
	read_span(d, field(d, node, "lock_after_pass"), "lock_after_pass", &bp->lock_after_pass);
	if (d->ok && bp->retake_max == 0 && field(d, node, "per") >= 0)
		wrong(d, node, "field-value", "'per' needs 'max'", "for example {max: 5, per: 365d}");
}

static void read_certificate(struct draft *d)
{
	static const char *const fields[] = {"valid", "renew"}, *const renew_fields[] = {"exam", "window", "extends"};
	static const char *const extends[] = {"pass", "expiry"};
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "certificate"), from = 0;
	if (node < 0 || !is_map(d, node, "certificate", fields, ARRAY_SIZE(fields)))
		return;
	bp->certificate = true;
	read_span(d, field(d, node, "valid"), "valid", &bp->valid);
	int renew = field(d, node, "renew");
	if (renew < 0 || !is_map(d, renew, "renew", renew_fields, ARRAY_SIZE(renew_fields)))
		return;
	struct str exam;
	int name = field(d, renew, "exam");
	if (name >= 0 && yaml_id(d->y, name, "exam", &exam, d->l->diags))
		bp->renew_exam = str_dup(exam);
	else
		wrong(d, renew, "blueprint", "'renew' needs the id of an exam", NULL);
	read_span(d, field(d, renew, "window"), "window", &bp->renew_window);
	int value = field(d, renew, "extends");
	if (value >= 0)
		read_choice(d, value, "extends", extends, ARRAY_SIZE(extends), &from);
	bp->renew_extends_expiry = from == 1;
}

static void read_effective(struct draft *d)
{
	static const char *const fields[] = {"from", "until"};
	struct blueprint *bp = d->bp;
	int node = field(d, 0, "effective");
	if (node < 0 || !is_map(d, node, "effective", fields, ARRAY_SIZE(fields)))
		return;
	read_date(d, node, "from", &bp->effective_from_ms);
	read_date(d, node, "until", &bp->effective_until_ms);
	if (d->ok && bp->effective_until_ms && bp->effective_until_ms <= bp->effective_from_ms)
		wrong(d, node, "date", "the exam ends before it begins", NULL);
}

static void read_identity(struct draft *d)
{
	static const char *const kinds[] = {"practice", "quiz", "renewal", "preset"};
	struct blueprint *bp = d->bp;
	struct str id;
	int node = field(d, 0, "id"), kind = 0;
	const char *slash = strrchr(d->path, '/'), *name = slash ? slash + 1 : d->path;
	bp->id = xstrndup(name, strlen(name) - 4);
	if (node >= 0 && yaml_id(d->y, node, "id", &id, d->l->diags)) {
		free(bp->id);
		bp->id = str_dup(id);
	} else if (node >= 0 || !str_is_id(str_of(bp->id))) {
		if (node < 0)
			wrong(d, -1, "bad-id", "the file's name is the exam's id: a-z, 0-9 and '-'", "rename the file, or write the field 'id'");
		d->ok = false;
	}
	read_string(d, 0, "title", 500, &bp->title);
	read_string(d, 0, "description", 4000, &bp->description);
	read_string(d, 0, "note", 1000, &bp->note);
	if (!bp->title)
		bp->title = xstrdup(bp->id);
	node = field(d, 0, "kind");
	if (node >= 0)
		read_choice(d, node, "kind", kinds, ARRAY_SIZE(kinds), &kind);
	bp->kind = (enum blueprint_kind)kind;
	if (bank_exam(d->l->bank, bp->id)) {
		diags_add(d->l->diags, DIAG_ERROR, "duplicate-id", d->y->source, yaml_at(d->y, node), "there is another exam '%s'", bp->id);
		d->ok = false;
	}
}

static void read_blueprint(struct draft *d)
{
	static const char *const fields[] = {"id",         "title",    "description", "note",        "kind",      "items",
	                                     "unscored",   "duration", "grace",       "modes",       "domains",   "sections",
	                                     "navigation", "scoring",  "partial",     "negative",    "shuffle",   "docs",
	                                     "confidence", "report",   "retake",      "certificate", "effective", "essays"};
	struct blueprint *bp = d->bp;
	size_t errors = d->l->diags->n_errors;
	yaml_only(d->y, 0, fields, ARRAY_SIZE(fields), d->l->diags);
	read_identity(d);
	read_items(d);
	read_ms(d, 0, "duration", &bp->duration_ms);
	bp->grace_ms = 10 * MS_SECOND;
	read_ms(d, 0, "grace", &bp->grace_ms);
	read_modes(d);
	read_marking(d);
	read_weights(d);
	read_sections(d);
	read_scoring(d);
	read_docs(d);
	read_bool(d, 0, "confidence", &bp->confidence);
	read_bool(d, 0, "essays", &bp->essays);
	read_report(d);
	read_retake(d);
	read_certificate(d);
	read_effective(d);
	if (d->l->diags->n_errors != errors)
		d->ok = false;
}

void load_exam(struct loader *l, const char *path)
{
	struct bank *bank = l->bank;
	_cleanup_text_file_ struct text_file f = {0};
	struct yaml y;
	struct blueprint bp = {0};
	if (!load_text(l, path, YAML_SIZE_MAX, &f))
		return;
	bool parsed = yaml_parse(&f.source, f.source.bytes, l->diags, &y);
	struct draft d = {.l = l, .y = &y, .bp = &bp, .path = path, .ok = parsed};
	if (parsed)
		read_blueprint(&d);
	yaml_finish(&y);
	if (d.ok && bank->n_exams >= EXAMS_MAX) {
		diags_add_place(l->diags, DIAG_ERROR, "too-large", path, 0, "more than %d exams", EXAMS_MAX);
		d.ok = false;
	}
	if (!d.ok) {
		blueprint_finish(&bp);
		return;
	}
	size_t at = bank->n_exams;
	bank->exams = xgrow(bank->exams, bank->n_exams++, &l->cap_exams, sizeof *bank->exams);
	while (at && strcmp(bank->exams[at - 1].id, bp.id) > 0) { /* kept sorted: bank_exam() searches */
		bank->exams[at] = bank->exams[at - 1];
		at--;
	}
	bank->exams[at] = bp;
}
