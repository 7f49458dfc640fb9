/* Scoring: from marks to a value on the blueprint's scale, with its error, in all, by domain and by objective.
 *
 * The value is computed in whole numbers (128 bits), rounded half away from zero once, and the rounded value is what is compared with the
 * cut: what a candidate reads is what decides. Error and probability come from stats/binomial.c. */
#include "exam/internal.h"
#include "stats/binomial.h"
#include <math.h>

/* The scored items of a form as weights and shares. */
struct sample {
	double *w, *s;
	size_t n;
	int64_t points_m, max_m;
};

static void sample_add(struct sample *t, const struct mark *m)
{
	t->w[t->n] = (double)m->max_m;
	t->s[t->n++] = m->max_m > 0 ? (double)m->points_m / (double)m->max_m : 0;
	t->points_m += m->points_m;
	t->max_m += m->max_m;
}

static void sample_clear(struct sample *t)
{
	*t = (struct sample){.w = t->w, .s = t->s};
}

static double share_of(const struct sample *t)
{
	return t->max_m > 0 && t->points_m > 0 ? (double)t->points_m / (double)t->max_m : 0;
}

/* How many items of equal weight would be as telling: Kish's effective size. n itself when all weights are equal. */
static double effective_size(const struct sample *t)
{
	double sum = 0, squares = 0;
	for (size_t i = 0; i < t->n; i++) {
		sum += t->w[i];
		squares += t->w[i] * t->w[i];
	}
	return squares > 0 ? sum * sum / squares : 0;
}

static void tally(struct score *s, enum mark_outcome outcome)
{
	s->items++;
	s->right += outcome == MARK_RIGHT;
	s->partial += outcome == MARK_PARTIAL;
	s->wrong += outcome == MARK_WRONG;
	s->unanswered += outcome == MARK_UNANSWERED;
	s->ungraded += outcome == MARK_UNGRADED;
}

/* ---- The scale ---- */

/* round(a / b) for b > 0, half away from zero. */
static __int128 divide_rounded(__int128 a, __int128 b)
{
	return a < 0 ? -((-2 * a + b) / (2 * b)) : (2 * a + b) / (2 * b);
}

/* min + (max - min) * points / max points, in steps of 1 / per_unit. min and max count to the thousandth. */
static double on_scale(double min, double max, int64_t points_m, int64_t max_m, int per_unit)
{
	int64_t lo = llround(min * 1000), hi = llround(max * 1000);
	int64_t points = points_m > 0 ? points_m : 0, whole = max_m > 0 ? max_m : 1;
	__int128 thousandths = (__int128)lo * whole + (__int128)(hi - lo) * points; /* times whole */
	return (double)divide_rounded(thousandths * per_unit, (__int128)1000 * whole) / per_unit;
}

static void put_on_scale(const struct blueprint *bp, struct score *s)
{
	bool percent = bp->method == SCORE_PERCENT || bp->method == SCORE_PASS_FAIL;
	s->min = bp->method == SCORE_SCALED ? bp->score_min : 0;
	s->max = percent ? 100 : bp->score_max;
	s->cut = bp->cut;
	s->value = on_scale(s->min, s->max, s->points_m, s->max_m, percent ? 10 : 1);
	s->error = round(s->share_error * (s->max - s->min) * 10) / 10;
	s->passed = s->items > 0 && s->value >= s->cut;
}

/* ---- Groups ---- */

static void add_group(struct score_group **groups, size_t *n, size_t *cap, char *id, const char *title, const struct sample *t)
{
	*groups = xgrow(*groups, *n, cap, sizeof **groups);
	(*groups)[(*n)++] = (struct score_group){.id = id,
	                                         .title = xstrdup(title ? title : id),
	                                         .items = (int)t->n,
	                                         .points_m = t->points_m,
	                                         .max_m = t->max_m,
	                                         .share = share_of(t),
	                                         .error = binomial_error_compound(t->w, t->s, t->n)};
}

static bool counts(const struct form *form, const struct mark *marks, size_t i)
{
	return !form->items[i].unscored && !marks[i].dropped;
}

/* Fills t with the scored items whose domain (or objective) is `name`. */
static void collect(const struct form *form, const struct mark *marks, const char *name, bool objective, struct sample *t)
{
	sample_clear(t);
	for (size_t i = 0; i < form->n_items; i++) {
		const struct item *it = form->items[i].item;
		const char *of = objective ? it->objective : it->domain;
		if (counts(form, marks, i) && of && strcmp(of, name) == 0)
			sample_add(t, &marks[i]);
	}
}

static void score_objectives(const struct bank_domain *dom, const struct form *form, const struct mark *marks, struct sample *t,
                             size_t *cap, struct score *s)
{
	for (size_t i = 0; i < dom->n_objectives; i++) {
		_cleanup_free_ char *id = xasprintf("%s.%s", dom->id, dom->objectives[i].id);
		collect(form, marks, id, true, t);
		if (t->n)
			add_group(&s->objectives, &s->n_objectives, cap, take_ptr(id), dom->objectives[i].title, t);
	}
}

void score_form(const struct bank *bank, const struct blueprint *bp, const struct form *form, const struct mark *marks, struct score *ret)
{
	struct score s = {0};
	struct sample t = {.w = xcalloc(form->n_items + 1, sizeof *t.w), .s = xcalloc(form->n_items + 1, sizeof *t.s)};
	size_t domains_cap = 0, objectives_cap = 0;
	for (size_t i = 0; i < form->n_items; i++) {
		s.unscored += form->items[i].unscored;
		if (!counts(form, marks, i))
			continue;
		tally(&s, marks[i].outcome);
		sample_add(&t, &marks[i]);
	}
	s.points_m = t.points_m;
	s.max_m = t.max_m;
	s.share = share_of(&t);
	s.share_error = binomial_error_compound(t.w, t.s, t.n);
	put_on_scale(bp, &s);
	double n = effective_size(&t), cut_share = s.max > s.min ? (s.cut - s.min) / (s.max - s.min) : 0;
	s.pass_probability = binomial_pass_probability(s.share * n, n, cut_share);
	for (size_t i = 0; i < bank->n_domains; i++) {
		collect(form, marks, bank->domains[i].id, false, &t);
		if (!t.n)
			continue;
		add_group(&s.domains, &s.n_domains, &domains_cap, xstrdup(bank->domains[i].id), bank->domains[i].title, &t);
		score_objectives(&bank->domains[i], form, marks, &t, &objectives_cap, &s);
	}
	free(t.w);
	free(t.s);
	*ret = s;
}

static void groups_finish(struct score_group *groups, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(groups[i].id);
		free(groups[i].title);
	}
	free(groups);
}

void score_finish(struct score *s)
{
	groups_finish(s->domains, s->n_domains);
	groups_finish(s->objectives, s->n_objectives);
	*s = (struct score){0};
}
