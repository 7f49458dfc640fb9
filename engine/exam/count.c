/* How many items of a form come from which domain, and how many of them are hands-on tasks. See draw.c, step 2.
 *
 * Weights are about domains, whatever its items are. So the domains' counts come first, from all that each has; then the tasks are spread
 * over the domains, within what each has of questions and of tasks. */
#include "exam/draw.h"
#include <limits.h>
#include <stdio.h>

const struct blueprint_weight *draw_weight(const struct blueprint *bp, const char *domain)
{
	for (size_t i = 0; i < bp->n_weights; i++)
		if (strcmp(bp->weights[i].domain, domain) == 0)
			return &bp->weights[i];
	return NULL;
}

bool draw_uses_weights(const struct draw *d)
{
	return d->bp->n_weights && !(d->focus && (d->focus->n_domains || d->focus->pool));
}

int draw_available(const struct draw *d)
{
	int n = 0;
	for (size_t i = 0; i < d->pool.n_cells; i++)
		n += d->choice.available[i];
	return n;
}

/* Why there are fewer tasks than the bank has. */
static const char *what_is_missing(struct draw *d)
{
	for (size_t i = 0; d->bp->tasks_max && i < d->bank->n_items; i++) {
		const struct item *it = &d->bank->items[i];
		if (!it->task || !it->task->missing)
			continue;
		snprintf(d->reason, sizeof d->reason, "; task '%s' needs %s", it->id, it->task->missing);
		return d->reason;
	}
	return "";
}

/* Adds "domain 'storage' needs 12 items and has 9 (families counted once): 3 are missing" for each cell that lacks some. */
static bool check_counts(struct draw *d, struct err *err)
{
	_cleanup_buf_ struct buf b = BUF(400);
	bool ok = true;
	for (size_t i = 0; i < d->pool.n_cells; i++) {
		int missing = d->counts[i] - d->choice.available[i];
		if (missing <= 0)
			continue;
		buf_addf(&b, "%sdomain '%s' needs %d %s and has %d (families counted once): %d %s missing", ok ? "" : "; ",
		         cell_domain(&d->pool.domains, i), d->counts[i], cell_is_tasks(&d->pool.domains, i) ? "hands-on tasks" : "items",
		         d->choice.available[i], missing, missing == 1 ? "is" : "are");
		ok = false;
	}
	return ok || err_set(err, ERR_INVALID, "exam '%s': %s%s", d->bp->id, b.p ? b.p : "items are missing", what_is_missing(d));
}

bool draw_check_weights(const struct draw *d, struct err *err)
{
	for (size_t i = 0; draw_uses_weights(d) && i < d->bp->n_weights; i++)
		if (names_find(&d->pool.domains, d->bp->weights[i].domain) == NONE)
			return err_set(err, ERR_INVALID, "exam '%s' gives weight to the domain '%s', which the bank does not have", d->bp->id,
			               d->bp->weights[i].domain);
	return true;
}

/* What the domains can give, for apportion(): by position in the list of allowed domains. */
struct supply {
	size_t n;
	size_t *domain;
	struct quota *quotas;
	int *counts, *questions, *tasks, *n_tasks;
};

static void supply_finish(struct supply *s)
{
	free(s->domain);
	free(s->quotas);
	free(s->counts);
}

static int supply_of(const struct draw *d, size_t cell, bool movable)
{
	if (cell >= d->pool.n_cells || !d->allowed[cell])
		return 0;
	return movable && !d->focus ? d->choice.reachable[cell] : d->choice.available[cell];
}

/* `movable`: families count wherever they have a member. */
static void supply_init(const struct draw *d, int tasks_max, bool movable, struct supply *s)
{
	size_t n_domains = d->pool.domains.n;
	*s = (struct supply){.domain = xcalloc(n_domains + 1, sizeof *s->domain), .quotas = xcalloc(n_domains + 1, sizeof *s->quotas)};
	s->counts = xcalloc(4 * (n_domains + 1), sizeof *s->counts);
	s->questions = s->counts + n_domains + 1;
	s->tasks = s->questions + n_domains + 1;
	s->n_tasks = s->tasks + n_domains + 1;
	for (size_t i = 0; i < n_domains; i++) {
		if (!d->allowed[i] && !(i + n_domains < d->pool.n_cells && d->allowed[i + n_domains]))
			continue;
		const struct blueprint_weight *w = draw_uses_weights(d) ? draw_weight(d->bp, d->pool.domains.list[i]) : NULL;
		int questions = supply_of(d, i, w || movable), tasks = supply_of(d, i + n_domains, w || movable);
		s->domain[s->n] = i;
		s->questions[s->n] = questions;
		s->tasks[s->n] = tasks;
		s->quotas[s->n++] = (struct quota){.lo = w ? w->lo : 0,
		                                   .hi = w ? w->hi : 0,
		                                   .rest = !w || w->lo < 0,
		                                   .available = questions + (tasks < tasks_max ? tasks : tasks_max)};
	}
}

/* How many of `counted` items are to be tasks: at least, at most, and best. */
static void wanted_tasks(const struct draw *d, int counted, int *ret_min, int *ret_max, int *ret_wanted)
{
	const struct blueprint *bp = d->bp;
	int lo = bp->tasks_min < counted ? bp->tasks_min : counted, hi = bp->tasks_max < counted ? bp->tasks_max : counted;
	if (bp->tasks_max == INT_MAX)
		lo = hi = counted;
	*ret_min = d->focus ? 0 : lo;
	*ret_max = d->focus ? counted : hi;
	*ret_wanted = hi > lo ? lo + (int)rng_below(d->rng, (uint64_t)(hi - lo) + 1) : lo;
	if (!d->focus || !d->focus->chosen)
		return;
	int tasks = 0, all = draw_available(d); /* a session about chosen items takes tasks as they come */
	for (size_t i = d->pool.domains.n; i < d->pool.n_cells; i++)
		tasks += d->choice.available[i];
	*ret_wanted = all ? (int)((int64_t)counted * tasks / all) : 0;
}

static bool too_few_tasks(struct draw *d, int least, int most, int min, int max, struct err *err)
{
	if (most < min)
		return err_set(err, ERR_INVALID, "exam '%s' needs %d hands-on tasks and %s %d (families counted once): %d %s missing%s", d->bp->id,
		               min, draw_uses_weights(d) ? "its domains have room for" : "the bank has", most, min - most,
		               min - most == 1 ? "is" : "are", what_is_missing(d));
	return err_set(err, ERR_INVALID,
	               "exam '%s' has at most %d hands-on tasks, and needs %d, because there are too few questions: %d %s missing", d->bp->id,
	               max, least, least - max, least - max == 1 ? "is" : "are");
}

static bool count_cells(struct draw *d, int counted, bool movable, struct err *err)
{
	__attribute__((cleanup(supply_finish))) struct supply s;
	int min = 0, max = 0, wanted = 0, least = 0, most = 0;
	size_t n_domains = d->pool.domains.n;
	bool has_tasks = d->pool.n_cells > n_domains;
	if (has_tasks)
		wanted_tasks(d, counted, &min, &max, &wanted);
	supply_init(d, max, movable, &s);
	memset(d->counts, 0, d->pool.n_cells * sizeof *d->counts);
	if (s.n)
		apportion(s.quotas, s.n, counted, d->focus, s.counts);
	bool all = d->bp->tasks_max == INT_MAX; /* then each domain's count is one of tasks */
	bool fits =
	    !has_tasks || all ||
	    apportion_tasks(s.quotas, s.n, d->focus, s.questions, s.tasks, min, max, wanted, d->rng, s.counts, s.n_tasks, &least, &most);
	if (all)
		memcpy(s.n_tasks, s.counts, s.n * sizeof *s.n_tasks);
	for (size_t k = 0; k < s.n; k++) {
		d->counts[s.domain[k]] = s.counts[k] - s.n_tasks[k];
		if (has_tasks)
			d->counts[s.domain[k] + n_domains] = s.n_tasks[k];
	}
	choice_rebalance(&d->pool, d->allowed, d->counts, &d->choice);
	int missing = counted - draw_available(d);
	if (missing > 0 && !draw_uses_weights(d))
		return err_set(err, ERR_INVALID, "exam '%s' needs %d counted items and the bank has %d (families counted once): %d %s missing%s",
		               d->bp->id, counted, counted - missing, missing, missing == 1 ? "is" : "are", what_is_missing(d));
	return fits ? check_counts(d, err) : too_few_tasks(d, least, most, min, max, err);
}

/* Without weights, a family that may move is first counted where its member stands, so that none is counted twice; that may leave too few
 * tasks or questions although others of the family would do. */
bool draw_count(struct draw *d, int counted, struct err *err)
{
	bool has_tasks = d->pool.n_cells > d->pool.domains.n;
	return count_cells(d, counted, false, err) || (has_tasks && !d->focus && count_cells(d, counted, true, err));
}
