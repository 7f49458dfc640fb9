/* Which section takes how many items of which cell: a domain's questions, or its tasks.
 *
 * Every counted item is a place to be found for its cell, every unscored one a place for any domain. Places are taken at random in
 * proportion to what is free; when a cell finds all its sections full, an augmenting path moves others on (a small
 * transportation problem), so that an arrangement is found whenever there is one. */
#include "exam/internal.h"
#include <assert.h>

struct tables {
	size_t n_sections, n_kinds; /* kinds: the cells, and one more for the unscored */
	const bool *allowed;        /* [section * (n_kinds - 1) + cell] */
	int *placed;                /* [section * n_kinds + kind] */
	int *free_places;
};

static bool may_sit(const struct tables *t, size_t section, size_t kind)
{
	return kind == t->n_kinds - 1 || t->allowed[section * (t->n_kinds - 1) + kind];
}

static bool take_free(struct tables *t, size_t kind, struct rng *rng)
{
	uint64_t total = 0;
	for (size_t s = 0; s < t->n_sections; s++)
		total += may_sit(t, s, kind) ? (uint64_t)t->free_places[s] : 0;
	if (!total)
		return false;
	uint64_t at = rng_below(rng, total);
	for (size_t s = 0; s < t->n_sections; s++) {
		uint64_t here = may_sit(t, s, kind) ? (uint64_t)t->free_places[s] : 0;
		if (at < here) {
			t->free_places[s]--;
			t->placed[s * t->n_kinds + kind]++;
			return true;
		}
		at -= here;
	}
	assert(false);
	return false;
}

/* From the full sections that `kind` may use, over kinds that could move on, to a section with a free place. */
static bool take_by_moving(struct tables *t, size_t kind)
{
	size_t n = t->n_sections, head = 0, tail = 0, found = NONE;
	size_t queue[FORM_SECTIONS_MAX], from[FORM_SECTIONS_MAX], moved[FORM_SECTIONS_MAX];
	bool seen[FORM_SECTIONS_MAX] = {false};
	for (size_t s = 0; s < n; s++)
		if (may_sit(t, s, kind)) {
			seen[s] = true;
			from[s] = NONE;
			moved[s] = kind;
			queue[tail++] = s;
		}
	while (head < tail && found == NONE) {
		size_t s = queue[head++];
		for (size_t k = 0; k < t->n_kinds && found == NONE; k++) {
			if (!t->placed[s * t->n_kinds + k])
				continue;
			for (size_t to = 0; to < n && found == NONE; to++) {
				if (seen[to] || !may_sit(t, to, k))
					continue;
				seen[to] = true;
				from[to] = s;
				moved[to] = k;
				queue[tail++] = to;
				if (t->free_places[to] > 0)
					found = to;
			}
		}
	}
	if (found == NONE)
		return false;
	t->free_places[found]--;
	for (size_t s = found; s != NONE; s = from[s]) {
		t->placed[s * t->n_kinds + moved[s]]++;
		if (from[s] != NONE)
			t->placed[from[s] * t->n_kinds + moved[s]]--;
	}
	return true;
}

/* How many items each section holds: as written; sections without a number share what the others leave. */
static bool section_sizes(const struct blueprint *bp, int total, int *sizes, size_t *ret_n, struct err *err)
{
	size_t n = 0, open = 0;
	int64_t written = 0;
	if (bp->n_sections > FORM_SECTIONS_MAX)
		return err_set(err, ERR_TOO_LARGE, "exam '%s' has more than %d sections and breaks", bp->id, FORM_SECTIONS_MAX);
	for (size_t i = 0; i < bp->n_sections; i++) {
		if (bp->sections[i].is_break)
			continue;
		sizes[n++] = bp->sections[i].items;
		written += bp->sections[i].items;
		open += bp->sections[i].items == 0;
	}
	int64_t left = total - written;
	long long least = (long long)written + (long long)open; /* a section has at least one item */
	if (left < 0 || (left > 0 && !open) || left < (int64_t)open)
		return err_set(err, ERR_INVALID, "the sections of exam '%s' hold %lld items and the exam has %d: make them equal", bp->id, least,
		               total);
	for (size_t i = 0; i < n; i++)
		if (sizes[i] == 0) {
			sizes[i] = (int)((left + (int64_t)open - 1) / (int64_t)open);
			left -= sizes[i];
			open--;
		}
	*ret_n = n;
	return true;
}

static void fill_allowed(const struct blueprint *bp, const struct names *domains, bool one_section, struct seating *s)
{
	size_t k = 0;
	if (one_section || !bp->n_sections) {
		memset(s->allowed, 1, s->n_cells);
		return;
	}
	for (size_t i = 0; i < bp->n_sections; i++) {
		const struct blueprint_section *sec = &bp->sections[i];
		if (sec->is_break)
			continue;
		bool *row = s->allowed + k++ * s->n_cells;
		memset(row, !sec->n_domains, s->n_cells);
		for (size_t d = 0; d < sec->n_domains; d++) {
			size_t at = names_find(domains, sec->domains[d]);
			for (; at < s->n_cells; at += domains->n) /* its questions and its tasks */
				row[at] = true;
		}
	}
}

static bool no_place(const struct blueprint *bp, const struct names *domains, const int *counts, size_t kind, const struct tables *t,
                     const int *sizes, struct err *err)
{
	if (kind == t->n_kinds - 1)
		return err_set(err, ERR_INVALID, "exam '%s': the sections have no place for all unscored items", bp->id);
	int places = 0;
	for (size_t s = 0; s < t->n_sections; s++)
		places += may_sit(t, s, kind) ? sizes[s] : 0;
	return err_set(err, ERR_INVALID,
	               "exam '%s': the sections cannot hold all %d %s of domain '%s' (%d places in sections that allow it, shared with other "
	               "domains): change the sections' items or domains, or the weights",
	               bp->id, counts[kind], cell_is_tasks(domains, kind) ? "tasks" : "items", cell_domain(domains, kind), places);
}

static bool place_all(const struct blueprint *bp, const struct names *domains, const int *counts, int unscored, struct rng *rng,
                      struct tables *t, const int *sizes, struct err *err)
{
	size_t total = (size_t)unscored, k = 0, n_cells = t->n_kinds - 1;
	for (size_t d = 0; d < n_cells; d++)
		total += (size_t)counts[d];
	size_t *kinds = xcalloc(total + 1, sizeof *kinds);
	for (size_t d = 0; d < n_cells; d++)
		for (int i = 0; i < counts[d]; i++)
			kinds[k++] = d;
	while (k < total)
		kinds[k++] = n_cells;
	rng_shuffle(rng, kinds, total);
	bool ok = true;
	for (size_t i = 0; ok && i < total; i++)
		ok = take_free(t, kinds[i], rng) || take_by_moving(t, kinds[i]) || no_place(bp, domains, counts, kinds[i], t, sizes, err);
	free(kinds);
	return ok;
}

bool seating_init(const struct blueprint *bp, const struct names *domains, size_t n_cells, const int *counts, int unscored,
                  bool one_section, struct rng *rng, struct seating *ret, struct err *err)
{
	int sizes[FORM_SECTIONS_MAX] = {0}, total = unscored;
	size_t n = 1;
	for (size_t d = 0; d < n_cells; d++)
		total += counts[d];
	if (one_section || !bp->n_sections)
		sizes[0] = total;
	else if (!section_sizes(bp, total, sizes, &n, err))
		return false;
	struct seating s = {.n_sections = n, .n_cells = n_cells};
	s.need = xcalloc(n * n_cells + 1, sizeof *s.need);
	s.room = xcalloc(n + 1, sizeof *s.room);
	s.allowed = xcalloc(n * n_cells + 1, sizeof *s.allowed);
	fill_allowed(bp, domains, one_section, &s);
	struct tables t = {.n_sections = n, .n_kinds = n_cells + 1, .allowed = s.allowed};
	t.placed = xcalloc(n * t.n_kinds + 1, sizeof *t.placed);
	int free_places[FORM_SECTIONS_MAX];
	memcpy(free_places, sizes, sizeof sizes);
	t.free_places = free_places;
	bool ok = place_all(bp, domains, counts, unscored, rng, &t, sizes, err);
	for (size_t i = 0; i < n; i++) {
		memcpy(s.need + i * s.n_cells, t.placed + i * t.n_kinds, s.n_cells * sizeof *s.need);
		s.room[i] = t.placed[i * t.n_kinds + s.n_cells];
	}
	free(t.placed);
	if (!ok) {
		seating_finish(&s);
		return false;
	}
	*ret = s;
	return true;
}

void seating_finish(struct seating *s)
{
	free(s->need);
	free(s->room);
	free(s->allowed);
	*s = (struct seating){0};
}
