/* Blueprints: exams/NAME.yml. See docs/authors/bank-format.md for the fields. */
#include "bank/draft.h"
#include "base/clock.h"
#include "base/mem.h"
#include <limits.h>
#include <math.h>

#define EXAMS_MAX 500
#define SECTIONS_MAX 50
#define ITEMS_MAX 1000

/* ---- how many items ---- */

/* One number, or two in a list. */
static bool read_range(struct draft *d, int node, const char *name, int min, int max, int *ret_lo, int *ret_hi)
{
	int64_t lo, hi;
	struct diags *diags = d->l->diags;
	if (d->y->nodes[node].type == YAML_LIST) {
		int first = d->y->nodes[node].first, second = first < 0 ? -1 : d->y->nodes[first].next;
		if (second < 0 || d->y->nodes[second].next >= 0) {
			diags_add(diags, DIAG_ERROR, "field-value", d->y->source, yaml_at(d->y, node), "%s: a range has two numbers", name);
			diags_help(diags, "for example [50, 60]");
			d->ok = false;
			return false;
		}
		d->ok &= yaml_int(d->y, first, name, min, max, &lo, diags) && yaml_int(d->y, second, name, lo, max, &hi, diags);
	} else {
		d->ok &= yaml_int(d->y, node, name, min, max, &lo, diags);
		hi = lo;
	}
	if (!d->ok)
		return false;
	*ret_lo = (int)lo;
	*ret_hi = (int)hi;
	return true;
}

static void read_items(struct draft *d)
{
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "items");
	if (node < 0)
		draft_wrong(d, -1, "blueprint", "a blueprint needs the field 'items'",
		            "how many questions a candidate gets, for example 40 or [50, 60]");
	else if (read_range(d, node, "items", 1, ITEMS_MAX, &bp->items_min, &bp->items_max))
		draft_int(d, 0, "unscored", 0, bp->items_min - 1, &bp->unscored);
}

/* `tasks: 2`, `tasks: [1, 3]`, `tasks: all` */
static void read_tasks(struct draft *d)
{
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "tasks");
	struct str text;
	if (node < 0 || !d->ok)
		return;
	if (d->y->nodes[node].type == YAML_TEXT && yaml_text(d->y, node, "tasks", 100, &text, d->l->diags) && str_is(text, "all")) {
		bp->tasks_min = bp->items_min;
		bp->tasks_max = INT_MAX;
		if (bp->unscored)
			draft_wrong(d, node, "field-value", "tasks are not tried out: with 'tasks: all' there are no unscored items",
			            "remove 'unscored'");
		return;
	}
	int counted = bp->items_min - bp->unscored;
	if (read_range(d, node, "tasks", 0, bp->items_max - bp->unscored, &bp->tasks_min, &bp->tasks_max) && bp->tasks_min > counted)
		draft_wrong(d, node, "field-value", "there are more tasks than counted items",
		            "'tasks' says how many of the items are hands-on tasks");
}

static void read_modes(struct draft *d)
{
	static const char *const names[] = {"exam", "study"};
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "modes"), mode;
	if (node < 0) {
		bp->mode_exam = bp->mode_study = true;
		return;
	}
	bool list = d->y->nodes[node].type == YAML_LIST;
	for (int child = list ? d->y->nodes[node].first : node; child >= 0; child = list ? d->y->nodes[child].next : -1) {
		if (!draft_choice(d, child, "modes", names, ARRAY_SIZE(names), &mode))
			return;
		bp->mode_exam |= mode == 0;
		bp->mode_study |= mode == 1;
	}
	if (!bp->mode_exam && !bp->mode_study)
		draft_wrong(d, node, "field-empty", "modes is empty", "write exam, study or both");
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
		draft_wrong(d, value, "weight", "this is not a weight", "a number, a range in percent (20-25), a fraction (0.3 or 3/10), or rest");
		return;
	}
	bp->weights = xrealloc(bp->weights, bp->n_weights + 1, sizeof *bp->weights);
	weights[bp->n_weights] = weight;
	bp->weights[bp->n_weights++] = (struct blueprint_weight){str_dup(id), lo, hi};
}

/* Plain numbers alone are in proportion to each other. Beside ranges, fractions written with / or a rest they are shares of the whole: in
 * percent, or as fractions when one of them is below 1. */
static void settle_weights(struct draft *d, int node, const double *weights)
{
	struct blueprint *bp = d->bp;
	double sum = 0, fixed_lo = 0, fixed_hi = 0;
	bool others = false, rest = false, fractions = false;
	for (size_t i = 0; i < bp->n_weights; i++) {
		bool plain = weights[i] >= 0, is_rest = !plain && bp->weights[i].lo < 0;
		sum += plain ? weights[i] : 0;
		others |= !plain;
		rest |= is_rest;
		fractions |= plain && weights[i] < 1;
		fixed_lo += plain || is_rest ? 0 : bp->weights[i].lo;
		fixed_hi += plain || is_rest ? 0 : bp->weights[i].hi;
	}
	double whole = !others ? sum : fractions ? 1 : 100;
	for (size_t i = 0; i < bp->n_weights; i++)
		if (weights[i] >= 0)
			bp->weights[i].lo = bp->weights[i].hi = weights[i] / (whole > 0 ? whole : 1);
	double share = whole > 0 ? sum / whole : 0;
	if (fixed_lo + share > 1 + 1e-9)
		draft_wrong(d, node, "weight", "the domains are more than the whole exam", NULL);
	else if (!rest && fixed_hi + share < 1 - 1e-9)
		draft_wrong(d, node, "weight", "the domains are less than the whole exam", "raise a weight, or give one domain the weight rest");
}

static void read_weights(struct draft *d)
{
	int node = draft_field(d, 0, "domains");
	if (node < 0)
		return;
	if (!yaml_is(d->y, node, YAML_MAP, "domains", d->l->diags)) {
		d->ok = false;
		return;
	}
	size_t n = 0;
	for (int child = yaml_first(d->y, node); child >= 0; child = yaml_next(d->y, child))
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
	int node = draft_field(d, map, "domains");
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
	int clock = 0, node = draft_field(d, map, "clock");
	yaml_only(d->y, map, fields, ARRAY_SIZE(fields), d->l->diags);
	s->is_break = true;
	draft_ms(d, map, "break", &s->duration_ms);
	if (node >= 0)
		draft_choice(d, node, "clock", clocks, ARRAY_SIZE(clocks), &clock);
	s->clock_stopped = clock == 1;
	draft_string(d, map, "id", 64, &s->id);
	draft_string(d, map, "title", 500, &s->title);
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
	if (draft_field(d, map, "break") >= 0) {
		read_break(d, map, s);
	} else {
		yaml_only(d->y, map, fields, ARRAY_SIZE(fields), d->l->diags);
		bool may_return = !bp->no_return;
		draft_string(d, map, "id", 64, &s->id);
		draft_string(d, map, "title", 500, &s->title);
		if (draft_field(d, map, "items") < 0)
			draft_wrong(d, map, "section", "a section needs the field 'items'", NULL);
		draft_int(d, map, "items", 1, ITEMS_MAX, &s->items);
		draft_ms(d, map, "duration", &s->duration_ms);
		draft_bool(d, map, "return", &may_return);
		s->no_return = !may_return;
		read_section_domains(d, map, s);
	}
	if (!s->id)
		s->id = xasprintf("s%zu", bp->n_sections);
	if (!s->title)
		s->title = xasprintf("Section %zu", bp->n_sections);
	if (!str_is_id(str_of(s->id)))
		draft_wrong(d, map, "bad-id", "the section's id is not one (a-z, 0-9 and '-')", NULL);
	for (size_t i = 0; i + 1 < bp->n_sections; i++)
		if (strcmp(bp->sections[i].id, s->id) == 0)
			draft_wrong(d, map, "duplicate-id", "two sections have the same id", NULL);
}

static void read_sections(struct draft *d)
{
	struct blueprint *bp = d->bp;
	int node = draft_field(d, 0, "sections"), sum = 0;
	if (node < 0)
		return;
	if (!yaml_is(d->y, node, YAML_LIST, "sections", d->l->diags)) {
		d->ok = false;
		return;
	}
	for (int child = yaml_first(d->y, node); child >= 0; child = yaml_next(d->y, child)) {
		if (bp->n_sections >= SECTIONS_MAX) {
			draft_wrong(d, child, "section", "too many sections", NULL);
			return;
		}
		read_section(d, child);
		if (!d->ok)
			return;
		sum += bp->sections[bp->n_sections - 1].items;
	}
	if (bp->n_sections && (bp->sections[0].is_break || bp->sections[bp->n_sections - 1].is_break))
		draft_wrong(d, node, "section", "an exam neither begins nor ends with a break", NULL);
	else if (bp->n_sections && (bp->items_min != bp->items_max || sum != bp->items_min)) {
		diags_add(d->l->diags, DIAG_ERROR, "section", d->y->source, yaml_at(d->y, node), "the sections hold %d items, the exam %d", sum,
		          bp->items_min);
		diags_help(d->l->diags, "'items' of the exam counts all, unscored ones too");
		d->ok = false;
	}
}

static void read_identity(struct draft *d)
{
	static const char *const kinds[] = {"practice", "quiz", "renewal", "preset"};
	struct blueprint *bp = d->bp;
	struct str id;
	int node = draft_field(d, 0, "id"), kind = 0;
	const char *slash = strrchr(d->path, '/'), *name = slash ? slash + 1 : d->path;
	bp->id = xstrndup(name, strlen(name) - 4);
	if (node >= 0 && yaml_id(d->y, node, "id", &id, d->l->diags)) {
		free(bp->id);
		bp->id = str_dup(id);
	} else if (node >= 0 || !str_is_id(str_of(bp->id))) {
		if (node < 0)
			draft_wrong(d, -1, "bad-id", "the file's name is the exam's id: a-z, 0-9 and '-'", "rename the file, or write the field 'id'");
		d->ok = false;
	}
	draft_string(d, 0, "title", 500, &bp->title);
	draft_string(d, 0, "description", 4000, &bp->description);
	draft_string(d, 0, "note", 1000, &bp->note);
	if (!bp->title)
		bp->title = xstrdup(bp->id);
	node = draft_field(d, 0, "kind");
	if (node >= 0)
		draft_choice(d, node, "kind", kinds, ARRAY_SIZE(kinds), &kind);
	bp->kind = (enum blueprint_kind)kind;
	if (bank_exam(d->l->bank, bp->id)) {
		diags_add(d->l->diags, DIAG_ERROR, "duplicate-id", d->y->source, yaml_at(d->y, node), "there is another exam '%s'", bp->id);
		d->ok = false;
	}
}

static void read_blueprint(struct draft *d)
{
	static const char *const fields[] = {"id",          "title",     "description", "note",    "kind",       "items",      "unscored",
	                                     "duration",    "grace",     "modes",       "domains", "sections",   "navigation", "scoring",
	                                     "partial",     "negative",  "shuffle",     "docs",    "confidence", "report",     "retake",
	                                     "certificate", "effective", "essays",      "tasks",   "marking"};
	struct blueprint *bp = d->bp;
	size_t errors = d->l->diags->n_errors;
	yaml_only(d->y, 0, fields, ARRAY_SIZE(fields), d->l->diags);
	read_identity(d);
	read_items(d);
	read_tasks(d);
	draft_ms(d, 0, "duration", &bp->duration_ms);
	bp->grace_ms = 10 * MS_SECOND;
	draft_ms(d, 0, "grace", &bp->grace_ms);
	read_modes(d);
	draft_marking(d);
	read_weights(d);
	read_sections(d);
	draft_scoring(d);
	draft_docs(d);
	draft_bool(d, 0, "confidence", &bp->confidence);
	draft_bool(d, 0, "essays", &bp->essays);
	draft_markers(d);
	draft_report(d);
	draft_retake(d);
	draft_certificate(d);
	draft_effective(d);
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
