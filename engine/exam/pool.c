/* What may be drawn: the bank's items by domain, family and case.
 *
 * Names are turned into ordinals once, through a hash table, so that drawing costs time in proportion to the bank. Of each family one
 * member is chosen at random before anything is counted: two of one family can then never meet, and "is there enough?" is a
 * plain comparison. Only a family with members in several cells leaves a choice open; choice_rebalance() settles it with
 * augmenting paths (a bipartite matching between families and cells), so that a form is found whenever there is one. */
#include "exam/internal.h"
#include <assert.h>

static uint64_t hash_name(const char *s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return h ^ (h >> 29);
}

static size_t *slot_of(const struct names *t, const char *name)
{
	assert(t->slots && t->list);
	for (size_t i = hash_name(name) & (t->n_slots - 1);; i = (i + 1) & (t->n_slots - 1))
		if (!t->slots[i] || strcmp(t->list[t->slots[i] - 1], name) == 0)
			return &t->slots[i];
}

static void names_double(struct names *t)
{
	free(t->slots);
	t->n_slots = t->n_slots ? 2 * t->n_slots : 64;
	t->slots = xcalloc(t->n_slots, sizeof *t->slots);
	for (size_t i = 0; i < t->n; i++)
		*slot_of(t, t->list[i]) = i + 1;
}

size_t names_add(struct names *t, const char *name)
{
	t->list = xgrow(t->list, t->n, &t->cap, sizeof *t->list);
	if (2 * (t->n + 1) > t->n_slots)
		names_double(t);
	size_t *slot = slot_of(t, name);
	if (!*slot) {
		t->list[t->n++] = name;
		*slot = t->n;
	}
	return *slot - 1;
}

size_t names_find(const struct names *t, const char *name)
{
	size_t slot = t->n ? *slot_of(t, name) : 0;
	return slot ? slot - 1 : NONE;
}

void names_finish(struct names *t)
{
	free(t->list);
	free(t->slots);
	*t = (struct names){0};
}

static void names_add_all(struct names *t, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		names_add(t, list[i]);
}

static bool may_be_drawn(const struct item *it, const struct blueprint *bp, const struct draw_focus *focus, const struct names *domains,
                         const struct names *ids)
{
	bool any = focus && focus->any_status;
	if (!any && !item_status_is_drawn(it->status))
		return false;
	if (it->kind == ITEM_TASK && (!bp->tasks_max || (!any && it->status == ITEM_PRETEST) || (it->task && it->task->missing)))
		return false;
	if (!focus)
		return it->kind != ITEM_ESSAY || bp->essays;
	if (!any && it->status == ITEM_PRETEST)
		return false;
	return (!focus->n_domains || names_find(domains, it->domain) != NONE) && (!focus->pool || names_find(ids, it->id) != NONE);
}

void pool_init(const struct bank *bank, const struct blueprint *bp, const struct draw_focus *focus, struct pool *ret)
{
	*ret = (struct pool){0};
	struct names families = {0}, cases = {0}, only_domains = {0}, only_ids = {0};
	if (focus) {
		names_add_all(&only_domains, focus->domains, focus->n_domains);
		names_add_all(&only_ids, focus->pool, focus->pool ? focus->n_pool : 0);
	}
	for (size_t i = 0; i < bank->n_domains; i++)
		names_add(&ret->domains, bank->domains[i].id);
	for (size_t i = 0; i < bank->n_items; i++)
		names_add(&ret->domains, bank->items[i].domain);
	ret->n_cells = ret->domains.n * (bp->tasks_max ? 2 : 1);
	ret->list = xcalloc(bank->n_items ? bank->n_items : 1, sizeof *ret->list);
	ret->first = xcalloc(bank->n_items ? bank->n_items : 1, sizeof *ret->first);
	for (size_t i = 0; i < bank->n_items; i++) {
		const struct item *it = &bank->items[i];
		if (!may_be_drawn(it, bp, focus, &only_domains, &only_ids))
			continue;
		size_t known = families.n, family = names_add(&families, it->family);
		size_t cell = names_find(&ret->domains, it->domain) + (it->kind == ITEM_TASK ? ret->domains.n : 0);
		ret->list[ret->n] = (struct candidate){.item = it,
		                                       .cell = cell,
		                                       .family = family,
		                                       .counts = it->status == ITEM_ACTIVE || (focus && focus->any_status),
		                                       .kase = it->case_id ? names_add(&cases, it->case_id) : NONE,
		                                       .next = family < known ? ret->first[family] : NONE};
		ret->first[family] = ret->n++;
	}
	ret->n_families = families.n;
	ret->n_cases = cases.n;
	names_finish(&families);
	names_finish(&cases);
	names_finish(&only_domains);
	names_finish(&only_ids);
}

void pool_finish(struct pool *p)
{
	free(p->list);
	free(p->first);
	names_finish(&p->domains);
	*p = (struct pool){0};
}

static bool eligible(const struct pool *p, size_t c, const bool *cell_allowed)
{
	return candidate_counts(&p->list[c]) && cell_allowed[p->list[c].cell];
}

/* A member of the family in `cell` (NONE: in any), each with the same chance when there is a generator, else the first; or NONE. */
static size_t pick_member(const struct pool *p, size_t family, size_t cell, const bool *cell_allowed, struct rng *rng)
{
	size_t picked = NONE, seen = 0;
	for (size_t c = p->first[family]; c != NONE; c = p->list[c].next)
		if (eligible(p, c, cell_allowed) && (cell == NONE || p->list[c].cell == cell))
			if (seen++ == 0 || (rng && rng_below(rng, seen) == 0))
				picked = c;
	return picked;
}

/* Counts the family once in each cell where it has a member; returns in how many. */
static size_t count_reachable(const struct pool *p, size_t family, const bool *cell_allowed, int *reachable, size_t *last_family)
{
	size_t n = 0;
	for (size_t c = p->first[family]; c != NONE; c = p->list[c].next) {
		size_t d = p->list[c].cell;
		if (!eligible(p, c, cell_allowed) || last_family[d] == family)
			continue;
		last_family[d] = family;
		reachable[d]++;
		n++;
	}
	return n;
}

void choice_init(const struct pool *p, const bool *cell_allowed, struct rng *rng, struct choice *ret)
{
	*ret = (struct choice){0};
	size_t n_cells = p->n_cells;
	ret->member = xcalloc(p->n_families + 1, sizeof *ret->member);
	ret->spread = xcalloc(p->n_families + 1, sizeof *ret->spread);
	ret->available = xcalloc(n_cells + 1, sizeof *ret->available);
	ret->reachable = xcalloc(n_cells + 1, sizeof *ret->reachable);
	size_t *last_family = xcalloc(n_cells + 1, sizeof *last_family);
	for (size_t d = 0; d < n_cells; d++)
		last_family[d] = NONE;
	for (size_t f = 0; f < p->n_families; f++) {
		ret->member[f] = pick_member(p, f, NONE, cell_allowed, rng);
		if (ret->member[f] == NONE)
			continue;
		ret->available[p->list[ret->member[f]].cell]++;
		if (count_reachable(p, f, cell_allowed, ret->reachable, last_family) > 1)
			ret->spread[ret->n_spread++] = f;
	}
	free(last_family);
}

/* Breadth first from a cell that lacks members, over families that could move there, to a cell with one to spare. */
static bool find_spare(const struct pool *p, const bool *cell_allowed, const int *counts, struct choice *c, size_t lacking)
{
	size_t n = p->n_cells, head = 0, tail = 0;
	size_t *queue = xcalloc(n + 1, sizeof *queue), *by_family = xcalloc(n + 1, sizeof *by_family), *to = xcalloc(n + 1, sizeof *to);
	bool *seen = xcalloc(n + 1, sizeof *seen);
	size_t found = NONE;
	seen[lacking] = true;
	queue[tail++] = lacking;
	while (head < tail && found == NONE) {
		size_t d = queue[head++];
		for (size_t k = 0; k < c->n_spread && found == NONE; k++) {
			size_t f = c->spread[k], from = p->list[c->member[f]].cell;
			if (seen[from] || pick_member(p, f, d, cell_allowed, NULL) == NONE)
				continue;
			seen[from] = true;
			by_family[from] = f;
			to[from] = d;
			queue[tail++] = from;
			if (c->available[from] > counts[from])
				found = from;
		}
	}
	for (size_t d = found; d != NONE && d != lacking; d = to[d]) {
		c->member[by_family[d]] = pick_member(p, by_family[d], to[d], cell_allowed, NULL);
		c->available[d]--;
		c->available[to[d]]++;
	}
	free(queue);
	free(by_family);
	free(to);
	free(seen);
	return found != NONE;
}

void choice_rebalance(const struct pool *p, const bool *cell_allowed, const int *counts, struct choice *c)
{
	for (size_t d = 0; d < p->n_cells; d++)
		while (c->n_spread && c->available[d] < counts[d] && find_spare(p, cell_allowed, counts, c, d))
			;
}

void choice_finish(struct choice *c)
{
	free(c->member);
	free(c->spread);
	free(c->available);
	free(c->reachable);
	*c = (struct choice){0};
}
