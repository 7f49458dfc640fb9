/* Drawing a form from a blueprint.
 *
 *  1. pool: what may be drawn; one member of each family is chosen, so that two of a family never meet.   (pool.c)
 *  2. counts: how many items each domain gives, and how many of them are hands-on tasks.                (count.c)
 *  3. seating: how many of them in which section.                                                         (sections.c)
 *  4. counted items: in random order, a case whole where it fits; then parts of cases for what is still missing. One case never
 *     stands in two sections.
 *  5. unscored items: of families that are not on the form yet, pretest items first.
 *  6. order: cases stay together, in the written order inside; the rest is shuffled.
 *  7. options and opaque ids.                                                                             (arrange.c)
 *
 * Steps 3 to 5 are random and greedy where cases, sections and unscored items meet, so they are tried several times before
 * anybody hears that it cannot be done; without sections the first try succeeds. Everything follows from the generator: the same seed
 * gives the same form. */
#include "exam/draw.h"
#include <assert.h>
#include <limits.h>
#include <stdio.h>

#define TRIES 16

static void draw_finish(struct draw *d)
{
	pool_finish(&d->pool);
	choice_finish(&d->choice);
	seating_finish(&d->seating);
	free(d->allowed);
	free(d->counts);
	free(d->taken);
	free(d->section);
	free(d->is_unscored);
	free(d->case_section);
}

/* ---- 1: the pool ---- */

static void draw_init(struct draw *d)
{
	pool_init(d->bank, d->bp, d->focus, &d->pool);
	size_t n = d->pool.n_cells;
	d->allowed = xcalloc(n + 1, sizeof *d->allowed);
	d->counts = xcalloc(n + 1, sizeof *d->counts);
	for (size_t i = 0; i < n; i++) {
		const struct blueprint_weight *w = draw_uses_weights(d) ? draw_weight(d->bp, cell_domain(&d->pool.domains, i)) : NULL;
		d->allowed[i] = !draw_uses_weights(d) || (w && (w->lo < 0 || w->hi > 0));
		if (d->bp->tasks_max == INT_MAX && !cell_is_tasks(&d->pool.domains, i))
			d->allowed[i] = false;
	}
	choice_init(&d->pool, d->allowed, d->rng, &d->choice);
	d->taken = xcalloc(d->pool.n_families + 1, sizeof *d->taken);
	d->section = xcalloc(d->pool.n_families + 1, sizeof *d->section);
	d->is_unscored = xcalloc(d->pool.n_families + 1, sizeof *d->is_unscored);
	d->case_section = xcalloc(d->pool.n_cases + 1, sizeof *d->case_section);
}

/* ---- 4: counted items ---- */

/* Members of one case, or one item on its own. */
struct unit {
	size_t first, n; /* range of draw_units.members */
	size_t kase;     /* NONE: a single item */
};
struct draw_units {
	struct unit *list;
	size_t n;
	size_t *members; /* families */
};

static void units_init(const struct draw *d, struct draw_units *u)
{
	size_t n = d->pool.n_families, k = 0;
	*u = (struct draw_units){.list = xcalloc(n + 1, sizeof *u->list), .members = xcalloc(n + 1, sizeof *u->members)};
	size_t *at = xcalloc(d->pool.n_cases + 1, sizeof *at); /* first counts, then where the case's next member goes */
	size_t *size = xcalloc(d->pool.n_cases + 1, sizeof *size);
	for (size_t f = 0; f < n; f++)
		if (d->choice.member[f] != NONE && d->pool.list[d->choice.member[f]].kase != NONE)
			size[d->pool.list[d->choice.member[f]].kase]++;
	for (size_t c = 0; c < d->pool.n_cases; c++) {
		at[c] = k;
		k += size[c];
		if (size[c])
			u->list[u->n++] = (struct unit){.first = at[c], .n = size[c], .kase = c};
	}
	for (size_t f = 0; f < n; f++) {
		if (d->choice.member[f] == NONE)
			continue;
		size_t c = d->pool.list[d->choice.member[f]].kase;
		if (c != NONE) {
			u->members[at[c]++] = f;
		} else {
			u->list[u->n++] = (struct unit){.first = k, .n = 1, .kase = NONE};
			u->members[k++] = f;
		}
	}
	free(at);
	free(size);
}

static void units_shuffle(struct draw_units *u, struct rng *rng)
{
	for (size_t i = u->n; i > 1; i--) {
		size_t j = (size_t)rng_below(rng, i);
		struct unit t = u->list[i - 1];
		u->list[i - 1] = u->list[j];
		u->list[j] = t;
	}
}

static void units_finish(struct draw_units *u)
{
	free(u->list);
	free(u->members);
}

static int *need_of(struct draw *d, size_t section, size_t candidate)
{
	return &d->seating.need[section * d->seating.n_cells + d->pool.list[candidate].cell];
}

/* How many of the unit's members the section still needs; they are put there if `take`. */
static size_t seat_unit(struct draw *d, const struct draw_units *u, const struct unit *unit, size_t section, bool take)
{
	size_t fits = 0;
	for (size_t i = 0; i < unit->n; i++) {
		size_t f = u->members[unit->first + i];
		int *need = need_of(d, section, d->choice.member[f]);
		if (*need > 0) {
			--*need;
			fits++;
			d->taken[f] = d->choice.member[f];
			d->section[f] = section;
		}
	}
	if (take) {
		if (fits && unit->kase != NONE)
			d->case_section[unit->kase] = section;
		return fits;
	}
	for (size_t i = 0; i < unit->n; i++) {
		size_t f = u->members[unit->first + i];
		if (d->taken[f] != NONE)
			++*need_of(d, section, d->taken[f]);
		d->taken[f] = NONE;
	}
	return fits;
}

/* The section that needs most of the unit's members (all of them, if `whole`), at random among equals; or NONE. */
static size_t section_for(struct draw *d, const struct draw_units *u, const struct unit *unit, bool whole)
{
	size_t best = NONE, best_fits = whole ? unit->n : 1, equals = 0;
	for (size_t s = 0; s < d->seating.n_sections; s++) {
		size_t fits = seat_unit(d, u, unit, s, false);
		if (fits < best_fits)
			continue;
		if (fits > best_fits)
			equals = 0;
		best_fits = fits;
		if (equals++ == 0 || rng_below(d->rng, equals) == 0)
			best = s;
	}
	return best;
}

/* For single items: a section that needs its domain, in proportion to how much. */
static size_t section_for_one(struct draw *d, size_t candidate)
{
	uint64_t total = 0;
	for (size_t s = 0; s < d->seating.n_sections; s++)
		total += (uint64_t)*need_of(d, s, candidate);
	if (!total)
		return NONE;
	uint64_t at = rng_below(d->rng, total);
	for (size_t s = 0; s < d->seating.n_sections; s++) {
		uint64_t here = (uint64_t)*need_of(d, s, candidate);
		if (at < here)
			return s;
		at -= here;
	}
	return NONE;
}

static int still_needed(const struct draw *d)
{
	int n = 0;
	for (size_t i = 0; i < d->seating.n_sections * d->seating.n_cells; i++)
		n += d->seating.need[i];
	return n;
}

static bool take_counted(struct draw *d, struct err *err)
{
	struct draw_units u;
	units_init(d, &u);
	units_shuffle(&u, d->rng);
	int needed = still_needed(d);
	for (int pass = 0; pass < 2 && needed > 0; pass++) /* whole units, then parts of cases */
		for (size_t i = 0; i < u.n && needed > 0; i++) {
			const struct unit *unit = &u.list[i];
			if (unit->kase != NONE ? d->case_section[unit->kase] != NONE : pass > 0)
				continue;
			size_t s =
			    unit->kase == NONE ? section_for_one(d, d->choice.member[u.members[unit->first]]) : section_for(d, &u, unit, pass == 0);
			if (s != NONE)
				needed -= (int)seat_unit(d, &u, unit, s, true);
		}
	units_finish(&u);
	if (needed == 0)
		return true;
	for (size_t i = 0; i < d->seating.n_sections * d->seating.n_cells; i++)
		if (d->seating.need[i])
			return err_set(
			    err, ERR_INVALID,
			    "exam '%s': domain '%s' lacks %d items for a section once each case is kept in one section: add items without a case",
			    d->bp->id, cell_domain(&d->pool.domains, i % d->seating.n_cells), d->seating.need[i]);
	return true;
}

/* ---- 5: unscored items ---- */

/* A member that may be tried out: a pretest item, or (`pretest` false) an active one. */
static size_t unscored_member(struct draw *d, size_t family, bool pretest)
{
	size_t picked = NONE, seen = 0;
	for (size_t c = d->pool.first[family]; c != NONE; c = d->pool.list[c].next)
		if ((d->pool.list[c].item->status == ITEM_PRETEST) == pretest && d->pool.list[c].item->kind != ITEM_TASK &&
		    d->allowed[d->pool.list[c].cell] && rng_below(d->rng, ++seen) == 0)
			picked = c;
	return picked;
}

static bool seat_unscored(struct draw *d, size_t family, size_t candidate)
{
	const struct candidate *c = &d->pool.list[candidate];
	size_t best = NONE;
	for (size_t s = 0; s < d->seating.n_sections; s++) {
		if (!d->seating.room[s] || !d->seating.allowed[s * d->seating.n_cells + c->cell])
			continue;
		if (c->kase != NONE && d->case_section[c->kase] != NONE && d->case_section[c->kase] != s)
			continue;
		if (best == NONE || d->seating.room[s] > d->seating.room[best])
			best = s;
	}
	if (best == NONE)
		return false;
	d->seating.room[best]--;
	d->taken[family] = candidate;
	d->section[family] = best;
	d->is_unscored[family] = true;
	if (c->kase != NONE)
		d->case_section[c->kase] = best;
	return true;
}

static bool needs_new_case(const struct draw *d, size_t candidate)
{
	size_t kase = d->pool.list[candidate].kase;
	return kase != NONE && d->case_section[kase] == NONE;
}

static bool take_unscored(struct draw *d, struct err *err)
{
	int left = d->unscored;
	if (!left)
		return true;
	size_t *order = xcalloc(d->pool.n_families + 1, sizeof *order);
	for (size_t f = 0; f < d->pool.n_families; f++)
		order[f] = f;
	rng_shuffle(d->rng, order, d->pool.n_families);
	for (int pass = 0; pass < 4; pass++) /* pretest items, then active ones; of each first those for which no new case has to be read */
		for (size_t i = 0; i < d->pool.n_families && left; i++) {
			size_t member = d->taken[order[i]] == NONE ? unscored_member(d, order[i], pass < 2) : NONE;
			if (member != NONE && (pass % 2 == 1 || !needs_new_case(d, member)))
				left -= seat_unscored(d, order[i], member);
		}
	free(order);
	return left == 0 ||
	       err_set(err, ERR_INVALID,
	               "exam '%s' needs %d unscored items and has %d (pretest items, or active ones that are not drawn; families counted "
	               "once): %d %s missing",
	               d->bp->id, d->unscored, d->unscored - left, left, left == 1 ? "is" : "are");
}

/* ---- Steps 2 to 5 for a number of items ---- */

static void forget(struct draw *d)
{
	for (size_t f = 0; f < d->pool.n_families; f++) {
		d->taken[f] = NONE;
		d->is_unscored[f] = false;
	}
	for (size_t c = 0; c < d->pool.n_cases; c++)
		d->case_section[c] = NONE;
	seating_finish(&d->seating);
}

static bool try_draw(struct draw *d, struct err *err)
{
	forget(d);
	return seating_init(d->bp, &d->pool.domains, d->pool.n_cells, d->counts, d->unscored, d->focus, d->rng, &d->seating, err) &&
	       take_counted(d, err) && take_unscored(d, err);
}

static bool draw_items(struct draw *d, int total, struct err *err)
{
	d->unscored = d->focus ? 0 : d->bp->unscored;
	d->total = total;
	if (total > FORM_ITEMS_MAX)
		return err_set(err, ERR_TOO_LARGE, "exam '%s' asks for %d items; a form has at most %d", d->bp->id, total, FORM_ITEMS_MAX);
	if (total <= d->unscored)
		return err_set(err, ERR_INVALID, "exam '%s' has %d items, %d of them unscored: nothing is left to count", d->bp->id, total,
		               d->unscored);
	if (!draw_check_weights(d, err) || !draw_count(d, total - d->unscored, err))
		return false;
	bool ok = false;
	for (int i = 0; i < TRIES && !ok; i++)
		ok = try_draw(d, err);
	return ok;
}

/* ---- 6: the order, and the form ---- */

struct block {
	uint64_t key; /* shuffled, or the place in the written order */
	const struct item *item;
	size_t family;
};

/* As the author wrote them: by file and line (the bank itself is sorted by id). */
static int compare_written(const void *a, const void *b)
{
	const struct block *x = a, *y = b;
	const char *x_file = x->item->file ? x->item->file : "", *y_file = y->item->file ? y->item->file : "";
	int c = strcmp(x_file, y_file);
	if (c == 0)
		c = x->item->line < y->item->line ? -1 : x->item->line > y->item->line;
	return c ? c : x->item < y->item ? -1 : x->item > y->item;
}

static int compare_blocks(const void *a, const void *b)
{
	const struct block *x = a, *y = b;
	return x->key != y->key ? (x->key < y->key ? -1 : 1) : compare_written(a, b);
}

/* The families of one section in the order in which they are shown. All of a case have one key, so they stand together. */
static size_t order_section(struct draw *d, size_t section, struct block *blocks, uint64_t *case_key)
{
	size_t n = 0;
	for (size_t c = 0; c < d->pool.n_cases; c++)
		case_key[c] = UINT64_MAX;
	for (size_t f = 0; f < d->pool.n_families; f++)
		if (d->taken[f] != NONE && d->section[f] == section)
			blocks[n++] = (struct block){.item = d->pool.list[d->taken[f]].item, .family = f};
	qsort(blocks, n, sizeof *blocks, compare_written);
	for (size_t i = 0; i < n; i++) {
		size_t kase = d->pool.list[d->taken[blocks[i].family]].kase;
		blocks[i].key = d->bp->shuffle_items || d->focus ? rng_u64(d->rng) : i;
		if (kase != NONE && blocks[i].key < case_key[kase])
			case_key[kase] = blocks[i].key;
	}
	for (size_t i = 0; i < n; i++) {
		size_t kase = d->pool.list[d->taken[blocks[i].family]].kase;
		if (kase != NONE)
			blocks[i].key = case_key[kase];
	}
	qsort(blocks, n, sizeof *blocks, compare_blocks);
	return n;
}

static void add_section(struct draw *d, struct form *form, const struct blueprint_section *sec, size_t section, struct block *blocks,
                        uint64_t *case_key)
{
	struct form_section *fs = &form->sections[form->n_sections];
	*fs = (struct form_section){.id = sec ? xstrdup(sec->id) : xasprintf("s%zu", form->n_sections + 1),
	                            .title = xstrdup(sec && sec->title ? sec->title : ""),
	                            .is_break = sec && sec->is_break,
	                            .clock_stopped = sec && sec->clock_stopped,
	                            .no_return = !d->focus && (d->bp->no_return || (sec && sec->no_return)),
	                            .duration_ms = sec ? sec->duration_ms : 0,
	                            .first = form->n_items};
	form->n_sections++;
	if (fs->is_break)
		return;
	fs->count = order_section(d, section, blocks, case_key);
	for (size_t i = 0; i < fs->count; i++) {
		const struct item *it = d->pool.list[d->taken[blocks[i].family]].item;
		form->items[form->n_items++] =
		    (struct form_item){.item_id = xstrdup(it->id), .item = it, .unscored = d->is_unscored[blocks[i].family]};
	}
}

static struct form *build_form(struct draw *d)
{
	bool one = d->focus || !d->bp->n_sections;
	struct form *form = xcalloc(1, sizeof *form);
	form->study = d->focus != NULL;
	form->items = xcalloc((size_t)d->total, sizeof *form->items);
	form->sections = xcalloc(one ? 1 : d->bp->n_sections, sizeof *form->sections);
	struct block *blocks = xcalloc((size_t)d->total, sizeof *blocks);
	uint64_t *case_key = xcalloc(d->pool.n_cases + 1, sizeof *case_key);
	size_t section = 0;
	for (size_t i = 0; i < (one ? 1 : d->bp->n_sections); i++) {
		const struct blueprint_section *sec = one ? NULL : &d->bp->sections[i];
		add_section(d, form, sec, section, blocks, case_key);
		section += !(sec && sec->is_break);
	}
	free(blocks);
	free(case_key);
	assert(form->n_items == (size_t)d->total);
	return form;
}

/* Puts drawn instances in the place of parametrised items. */
static bool draw_instances(struct draw *d, struct form *form, draw_params_fn *params, void *arg, struct err *err)
{
	size_t n = 0;
	const struct item **items = xcalloc(form->n_items + 1, sizeof(const struct item *));
	uint64_t *seeds = xcalloc(form->n_items + 1, sizeof *seeds);
	struct item **made = xcalloc(form->n_items + 1, sizeof(struct item *));
	for (size_t i = 0; i < form->n_items; i++)
		if (form->items[i].item->params_lua) {
			items[n] = form->items[i].item;
			seeds[n++] = rng_u64(d->rng);
		}
	bool ok =
	    n == 0 || (params ? params(arg, d->bank, items, seeds, n, made, err)
	                      : err_set(err, ERR_UNSUPPORTED, "item '%s' has parameters, and there is no program to draw them", items[0]->id));
	for (size_t i = 0, k = 0; ok && i < form->n_items; i++)
		if (form->items[i].item->params_lua)
			form->items[i].item = form->items[i].instance = made[k++];
	free(items);
	free(seeds);
	free(made);
	return ok;
}

/* ---- The two entrances ---- */

static bool is_study(const struct draw_focus *focus)
{
	return focus && (focus->study || focus->n_domains || focus->pool || focus->items > 0);
}

static int number_of_items(struct draw *d)
{
	int lo = d->bp->items_min, hi = d->bp->items_max > lo ? d->bp->items_max : lo;
	int n = lo + (int)rng_below(d->rng, (uint64_t)(hi - lo) + 1);
	if (!d->focus)
		return n;
	if (d->focus->items > 0)
		n = d->focus->items;
	int available = draw_available(d);
	return n < available ? n : available;
}

bool draw_form(const struct bank *bank, const struct blueprint *bp, const struct draw_focus *focus, struct rng *rng, draw_params_fn *params,
               void *params_arg, struct form **ret, struct err *err)
{
	struct draw d = {.bank = bank, .bp = bp, .focus = is_study(focus) ? focus : NULL, .rng = rng};
	draw_init(&d);
	int n = number_of_items(&d);
	bool ok;
	if (d.focus && n == 0)
		ok = err_set(err, ERR_INVALID, "no items of exam '%s' fit what this session is about", bp->id);
	else
		ok = draw_items(&d, n, err) || (n > bp->items_min && !d.focus && draw_items(&d, bp->items_min, err));
	struct form *form = NULL;
	if (ok) {
		form = build_form(&d);
		ok = draw_instances(&d, form, params, params_arg, err);
	}
	draw_finish(&d);
	if (!ok) {
		form_destroy(form);
		return false;
	}
	arrange_form(form, bp->shuffle_options, rng);
	*ret = form;
	return true;
}

bool draw_feasible(const struct bank *bank, const struct blueprint *bp, struct err *err)
{
	static const unsigned char secret[RNG_SEED_SIZE] = "feasible";
	struct rng rng;
	rng_init(&rng, secret, bp->id);
	struct draw d = {.bank = bank, .bp = bp, .rng = &rng};
	draw_init(&d);
	bool ok = draw_items(&d, bp->items_min, err) && (bp->items_max <= bp->items_min || draw_items(&d, bp->items_max, err));
	draw_finish(&d);
	return ok;
}
