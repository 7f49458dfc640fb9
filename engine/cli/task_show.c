/* What `assay task test` prints: a table of variants and checks for each task, or all of it as JSON. */
#include "cli/task.h"
#include <stdio.h>
#include <string.h>

static const char *outcome_word(const struct grade_check *c)
{
	return c->outcome == GRADE_PASS ? "pass" : c->outcome == GRADE_FAIL ? "fail" : "?";
}

/* The check of a trial; NULL when it has no such result. */
static const struct grade_check *check_of(const struct trial *t, const char *id)
{
	for (size_t i = 0; i < t->result.n_checks; i++)
		if (strcmp(t->result.checks[i].id, id) == 0)
			return &t->result.checks[i];
	return NULL;
}

/* Whether this is what the rules ask for. */
static bool is_right(const struct trial *t, const struct grade_check *c)
{
	if (c->outcome == GRADE_UNGRADED)
		return false;
	if (t->kind == TRIAL_SOLUTION || t->kind == TRIAL_ALT)
		return c->outcome == GRADE_PASS;
	if (t->kind == TRIAL_UNTOUCHED)
		return c->outcome == GRADE_FAIL || c->max_m == 0;
	bool named = false;
	for (size_t i = 0; i < t->variant->n_fails; i++)
		named |= strcmp(t->variant->fails[i], c->id) == 0;
	return named == (c->outcome == GRADE_FAIL);
}

/* The worst of all draws. */
static void add_cell(const struct proving *p, size_t variant, const char *id, size_t width, bool color, struct buf *out)
{
	const struct grade_check *shown = NULL;
	bool right = true;
	for (size_t seed = 0; seed < p->n_seeds; seed++) {
		const struct trial *t = &p->trials[seed * p->n_variants + variant];
		const struct grade_check *c = check_of(t, id);
		bool good = c && is_right(t, c);
		if (!shown || (right && !good))
			shown = c;
		right &= good;
	}
	const char *word = shown ? outcome_word(shown) : "-";
	char text[16];
	snprintf(text, sizeof text, "%s%s", word, right ? "" : "!");
	const char *paint = !color ? "" : !right ? "\033[31m" : strcmp(word, "pass") == 0 ? "\033[32m" : "\033[2m";
	buf_addf(out, "  %s%-*s%s", paint, (int)width, text, color ? "\033[0m" : "");
}

static size_t widest_name(const struct proving *p)
{
	size_t widest = 9;
	for (size_t i = 0; i < p->n_variants; i++)
		if (strlen(p->trials[i].name) > widest)
			widest = strlen(p->trials[i].name);
	return widest;
}

static size_t width_of(const char *id)
{
	size_t n = strlen(id);
	return n < 5 ? 5 : n;
}

static void add_rows(const struct proving *p, const struct grade_result *checks, bool color, struct buf *out)
{
	int first = (int)widest_name(p);
	buf_addf(out, "  %-*s", first, "");
	for (size_t i = 0; i < checks->n_checks; i++)
		buf_addf(out, "  %-*s", (int)width_of(checks->checks[i].id), checks->checks[i].id);
	buf_adds(out, "  points\n");
	for (size_t v = 0; v < p->n_variants; v++) {
		buf_addf(out, "  %-*s", first, p->trials[v].name);
		for (size_t i = 0; i < checks->n_checks; i++)
			add_cell(p, v, checks->checks[i].id, width_of(checks->checks[i].id), color, out);
		buf_addf(out, "  %g\n", (double)p->trials[v].result.points_m / 1000);
	}
}

void proving_table(const struct proving *p, bool color, struct buf *out)
{
	const struct grade_result *checks = proving_checks(p);
	buf_addf(out, "%s", p->item ? p->item->id : p->dir);
	if (checks)
		buf_addf(out, ": %g points, %zu check%s, %zu variants", (double)checks->max_m / 1000, checks->n_checks,
		         checks->n_checks == 1 ? "" : "s", p->n_variants);
	if (p->n_seeds > 1)
		buf_addf(out, ", %zu draws", p->n_seeds);
	buf_addf(out, " (%.1f s of work)\n", (double)p->ms / 1000);
	if (checks)
		add_rows(p, checks, color, out);
	for (size_t i = 0; i < p->n_problems; i++)
		buf_addf(out, "  %s! %s%s\n", color ? "\033[31m" : "", p->problems[i], color ? "\033[0m" : "");
	if (p->n_problems)
		buf_adds(out, "  NOT PROVED\n\n");
	else
		buf_addf(out, "  proved%s\n\n", p->written ? ": proof.json is written" : "");
}

static void add_trial(const struct trial *t, struct buf *out)
{
	buf_adds(out, "{\"name\":");
	buf_add_json(out, str_of(t->name));
	buf_addf(out, ",\"draw\":%zu,\"ms\":%lld,\"points\":%.10g,\"max\":%.10g,\"failure\":", t->seed + 1, (long long)t->ms,
	         (double)t->result.points_m / 1000, (double)t->result.max_m / 1000);
	if (t->failure)
		buf_add_json(out, str_of(t->failure));
	else
		buf_adds(out, "null");
	buf_adds(out, ",\"checks\":[");
	for (size_t i = 0; i < t->result.n_checks; i++) {
		const struct grade_check *c = &t->result.checks[i];
		buf_adds(out, i ? ",{\"id\":" : "{\"id\":");
		buf_add_json(out, str_of(c->id));
		buf_addf(out, ",\"outcome\":\"%s\",\"points\":%.10g,\"max\":%.10g,\"as_expected\":%s,\"message\":", grade_outcome_name(c->outcome),
		         (double)c->points_m / 1000, (double)c->max_m / 1000, is_right(t, c) ? "true" : "false");
		buf_add_json(out, str_of(c->message));
		buf_addc(out, '}');
	}
	buf_adds(out, "]}");
}

void proving_json(const struct proving *p, struct buf *out)
{
	buf_adds(out, "{\"task\":");
	if (p->item)
		buf_add_json(out, str_of(p->item->id));
	else
		buf_adds(out, "null");
	buf_adds(out, ",\"folder\":");
	buf_add_json(out, str_of(p->dir));
	buf_addf(out, ",\"proved\":%s,\"written\":%s,\"draws\":%zu,\"problems\":[", p->n_problems ? "false" : "true",
	         p->written ? "true" : "false", p->n_seeds);
	for (size_t i = 0; i < p->n_problems; i++) {
		buf_adds(out, i ? "," : "");
		buf_add_json(out, str_of(p->problems[i]));
	}
	buf_adds(out, "],\"variants\":[");
	for (size_t i = 0; i < p->n_trials; i++) {
		buf_adds(out, i ? "," : "");
		add_trial(&p->trials[i], out);
	}
	buf_adds(out, "]}");
}
