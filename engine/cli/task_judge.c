/* Whether a task is proved: the rules of publishing, applied to what the trials gave; and the proof of it. See docs/authors/tasks.md. */
#include "cli/task.h"
#include <stdio.h>
#include <string.h>

void proving_problem(struct proving *p, const char *fmt, ...)
{
	char text[1000];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	for (size_t i = 0; i < p->n_problems; i++)
		if (strcmp(p->problems[i], text) == 0)
			return; /* another draw says the same */
	p->problems = xgrow(p->problems, p->n_problems, &p->cap_problems, sizeof *p->problems);
	p->problems[p->n_problems++] = xstrdup(text);
}

const struct grade_result *proving_checks(const struct proving *p)
{
	for (size_t i = 0; i < p->n_trials; i++)
		if (p->trials[i].result.n_checks)
			return &p->trials[i].result;
	return NULL;
}

/* "wrong/owner", and which draw when there are several. */
static const char *name_of(const struct trial *t, char buffer[160])
{
	if (t->proving->n_seeds == 1)
		return t->name;
	snprintf(buffer, 160, "%s (draw %zu)", t->name, t->seed + 1);
	return buffer;
}

static bool must_fail(const struct trial *t, const char *check)
{
	for (size_t i = 0; t->variant && i < t->variant->n_fails; i++)
		if (strcmp(t->variant->fails[i], check) == 0)
			return true;
	return false;
}

static void judge_check(struct proving *p, const struct trial *t, const struct grade_check *c)
{
	char name[160];
	if (c->outcome == GRADE_UNGRADED)
		proving_problem(p, "%s: the check '%s' was not graded: %s", name_of(t, name), c->id, c->message);
	else if (t->kind == TRIAL_UNTOUCHED && c->outcome == GRADE_PASS && c->max_m > 0)
		proving_problem(p, "untouched: the check '%s' passes although nothing was done", c->id);
	else if ((t->kind == TRIAL_SOLUTION || t->kind == TRIAL_ALT) && c->outcome == GRADE_FAIL)
		proving_problem(p, "%s: fails the check '%s': %s", name_of(t, name), c->id, c->message);
	else if (t->kind == TRIAL_WRONG && c->outcome == GRADE_FAIL && !must_fail(t, c->id))
		proving_problem(p, "%s: fails the check '%s', which its expect.yml does not name: %s", name_of(t, name), c->id, c->message);
	else if (t->kind == TRIAL_WRONG && c->outcome == GRADE_PASS && must_fail(t, c->id))
		proving_problem(p, "%s: passes the check '%s', which its expect.yml says that it fails", name_of(t, name), c->id);
}

static bool same_checks(const struct grade_result *a, const struct grade_result *b)
{
	bool same = a->n_checks == b->n_checks;
	for (size_t i = 0; same && i < a->n_checks; i++)
		same = strcmp(a->checks[i].id, b->checks[i].id) == 0 && a->checks[i].max_m == b->checks[i].max_m;
	return same;
}

static void judge_trial(struct proving *p, const struct trial *t, const struct grade_result *checks)
{
	char name[160];
	const struct grade_result *r = &t->result;
	if (t->failure) {
		proving_problem(p, "%s: %s", name_of(t, name), t->failure);
		p->blind |= t->blind;
		return;
	}
	bool said = false; /* by the check in which it failed */
	for (size_t i = 0; r->error && i < r->n_checks; i++)
		said |= strcmp(r->checks[i].message, r->error) == 0;
	if (r->error && !said)
		proving_problem(p, "%s: the grader failed: %s", name_of(t, name), r->error);
	if (t->differs)
		proving_problem(p, "%s: grading twice does not give the same", name_of(t, name));
	if (checks && r->n_checks && !same_checks(checks, r))
		proving_problem(p, "%s: the grader declares other checks than for %s", name_of(t, name), p->trials[0].name);
	for (size_t i = 0; i < r->n_checks; i++)
		judge_check(p, t, &r->checks[i]);
}

static bool is_check(const struct grade_result *checks, const char *id)
{
	for (size_t i = 0; i < checks->n_checks; i++)
		if (strcmp(checks->checks[i].id, id) == 0)
			return true;
	return false;
}

/* What expect.yml names must be a check, and each check must be named by one. */
static void judge_expectations(struct proving *p, const struct grade_result *checks)
{
	const struct task *task = p->item->task;
	for (size_t i = 0; i < task->n_variants; i++)
		for (size_t k = 0; k < task->variants[i].n_fails; k++)
			if (!is_check(checks, task->variants[i].fails[k]))
				proving_problem(p, "%s: its expect.yml names '%s', and the grader has no such check", task->variants[i].name,
				                task->variants[i].fails[k]);
	for (size_t i = 0; i < checks->n_checks; i++) {
		bool failed = false;
		for (size_t k = 0; k < task->n_variants; k++)
			for (size_t f = 0; f < task->variants[k].n_fails; f++)
				failed |= strcmp(task->variants[k].fails[f], checks->checks[i].id) == 0;
		if (!failed)
			proving_problem(p, "no wrong variant fails the check '%s': write one that does", checks->checks[i].id);
	}
}

void proving_judge(struct proving *p)
{
	const struct grade_result *checks = proving_checks(p);
	for (size_t i = 0; i < p->n_trials; i++)
		judge_trial(p, &p->trials[i], checks);
	if (!checks) {
		if (!p->n_problems)
			proving_problem(p, "the grader has no checks");
		return;
	}
	if (checks->max_m <= 0 || checks->max_m > INT64_C(1000) * BANK_POINTS_MAX)
		proving_problem(p, "the checks carry %g points in all; it must be more than 0, and at most %d", (double)checks->max_m / 1000,
		                BANK_POINTS_MAX);
	judge_expectations(p, checks);
}

/* ---- the proof ---- */

static void add_fails(const struct grade_result *r, struct buf *out)
{
	bool first = true;
	for (size_t i = 0; i < r->n_checks; i++) {
		if (r->checks[i].outcome != GRADE_FAIL)
			continue;
		buf_adds(out, first ? "" : ", ");
		buf_add_json(out, str_of(r->checks[i].id));
		first = false;
	}
}

/* All draws gave the same: the first stands for them. One line for each check and variant, for those who read differences. */
void proving_proof(const struct proving *p, struct buf *out)
{
	const struct grade_result *checks = proving_checks(p);
	buf_addf(out, "{\n  \"format\": 1,\n  \"task\": \"%s\",\n  \"grader\": \"%s\",\n  \"image\": ", p->item->task->hash,
	         checks->grader_hash);
	buf_add_json(out, str_of(p->image));
	buf_adds(out, ",\n  \"checks\": [");
	for (size_t i = 0; i < checks->n_checks; i++) {
		buf_adds(out, i ? ",\n    {\"id\": " : "\n    {\"id\": ");
		buf_add_json(out, str_of(checks->checks[i].id));
		buf_addf(out, ", \"points\": %.10g}", (double)checks->checks[i].max_m / 1000);
	}
	buf_adds(out, "\n  ],\n  \"variants\": [");
	for (size_t i = 0; i < p->n_variants; i++) {
		const struct trial *t = &p->trials[i];
		buf_adds(out, i ? ",\n    {\"name\": " : "\n    {\"name\": ");
		buf_add_json(out, str_of(t->name));
		buf_addf(out, ", \"points\": %.10g, \"fails\": [", (double)t->result.points_m / 1000);
		add_fails(&t->result, out);
		buf_adds(out, "]}");
	}
	buf_addf(out, "\n  ],\n  \"seeds\": %zu\n}\n", p->n_seeds);
}
