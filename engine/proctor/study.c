/* What study sessions choose from, and what they keep to themselves. See internal.h.
 *
 * An item is missed when its last outcome that the candidate may know was not right; flagged when it was flagged then; new when it was
 * never in a result. Results that are not released yet, and exams that do not tell how single items went, count only as "seen". */
#include "proctor/internal.h"
#include "store/outcome.h"

bool hidden_load(struct proctor *pr, struct store *st, int64_t account, const char *bank_id, struct hidden *ret, struct err *err)
{
	char ids[ARRAY_SIZE(ret->exams)][RNG_ID_SIZE];
	size_t n;
	if (!store_attempt_running_exams(st, account, bank_id, ids, ARRAY_SIZE(ids), &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct attempt_row row;
		if (!store_attempt_get(st, ids[i], &row, err) || !form_cache_get(pr, st, &row, &ret->exams[ret->n], err))
			return false;
		ret->n++;
	}
	return true;
}

bool hidden_has(const struct hidden *h, const struct item *item)
{
	for (size_t e = 0; e < h->n; e++) {
		const struct form *form = h->exams[e]->form;
		for (size_t i = 0; i < form->n_items; i++)
			if (strcmp(form->items[i].item->id, item->id) == 0 || strcmp(form->items[i].item->family, item->family) == 0)
				return true;
	}
	return false;
}

void hidden_finish(struct hidden *h)
{
	for (size_t i = 0; i < h->n; i++)
		form_entry_unref(h->exams[i]);
	h->n = 0;
}

/* ---- Pools ---- */

struct seen_item {
	const char *id; /* the bank's */
	size_t index;   /* in the bank */
	bool seen, missed, flagged;
};
struct sorting {
	struct seen_item *items; /* by id */
	size_t n;
	int64_t now_ms;
};

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct seen_item *)a)->id, ((const struct seen_item *)b)->id);
}

/* Rows come by item and time: the last one that may be known decides. */
static bool take_outcome(void *arg, const struct outcome_row *row, struct err *err)
{
	(void)err;
	struct sorting *s = arg;
	struct seen_item key = {.id = row->item_id};
	struct seen_item *found = bsearch(&key, s->items, s->n, sizeof *s->items, by_id);
	if (!found)
		return true; /* not in this version of the bank any more */
	found->seen = true;
	found->flagged = row->flagged;
	if (row->told && row->release_ms <= s->now_ms)
		found->missed = row->outcome != MARK_RIGHT && row->outcome != MARK_UNGRADED;
	return true;
}

static bool in_pool(const struct seen_item *i, enum study_pool pool)
{
	return pool == POOL_ALL || (pool == POOL_MISSED && i->missed) || (pool == POOL_FLAGGED && i->flagged) || (pool == POOL_NEW && !i->seen);
}

static void count(struct study_counts *c, const struct seen_item *i)
{
	c->total++;
	c->fresh += !i->seen;
	c->missed += i->missed;
	c->flagged += i->flagged;
}

static void count_domain(const struct bank *bank, struct study_counts *by_domain, const struct seen_item *i)
{
	for (size_t d = 0; d < bank->n_domains; d++)
		if (strcmp(bank->domains[d].id, bank->items[i->index].domain) == 0)
			count(&by_domain[d], i);
}

bool study_items(struct proctor *pr, struct store *st, int64_t account, const struct bank *bank, enum study_pool pool, const char **ids,
                 size_t *ret_n, struct study_counts *counts, struct study_counts *by_domain, struct err *err)
{
	struct sorting s = {.items = xcalloc(bank->n_items + 1, sizeof *s.items), .now_ms = proctor_wall_ms(pr)};
	for (size_t i = 0; i < bank->n_items; i++)
		if (bank->items[i].status == ITEM_ACTIVE)
			s.items[s.n++] = (struct seen_item){.id = bank->items[i].id, .index = i};
	qsort(s.items, s.n, sizeof *s.items, by_id);
	bool ok = store_outcome_each(st, account, bank->id, take_outcome, &s, err);
	size_t n = 0;
	for (size_t i = 0; ok && i < s.n; i++) {
		if (in_pool(&s.items[i], pool))
			ids[n++] = s.items[i].id;
		if (counts)
			count(counts, &s.items[i]);
		if (by_domain)
			count_domain(bank, by_domain, &s.items[i]);
	}
	free(s.items);
	if (ok)
		*ret_n = n;
	return ok;
}
