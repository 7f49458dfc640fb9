/* The order of options on a form, and the opaque ids that name them.
 *
 * Pinned options keep their written index, the others are shuffled over the places that are left. True and False, and a grid's columns,
 * keep their order; what is to be put in order, and the right sides of a matching, never do: as they are written they would be
 * the key. Ids are drawn without vowels, so that they spell nothing, and tell nothing about author's ids or keys. */
#include "exam/internal.h"
#include <assert.h>

#define ID_LETTERS "bcdfghjkmnpqrstvwxz23456789"
#define N_LETTERS (sizeof ID_LETTERS - 1)

size_t arrange_count(const struct item *item)
{
	return item->kind == ITEM_HOTSPOT ? item->n_regions : item->n_options;
}

static size_t *new_order(size_t n)
{
	size_t *order = xcalloc(n + 1, sizeof *order);
	for (size_t i = 0; i < n; i++)
		order[i] = i;
	return order;
}

static void shuffle_unpinned(const struct item_option *options, size_t *order, size_t n, struct rng *rng)
{
	size_t *places = xcalloc(n + 1, sizeof *places), *shuffled = xcalloc(n + 1, sizeof *shuffled), k = 0;
	for (size_t i = 0; i < n; i++)
		if (!options[i].pin) {
			places[k] = i;
			shuffled[k++] = i;
		}
	rng_shuffle(rng, shuffled, k);
	for (size_t i = 0; i < k; i++)
		order[places[i]] = shuffled[i];
	free(places);
	free(shuffled);
}

static size_t *option_order(const struct item *it, bool shuffle, struct rng *rng)
{
	size_t n = arrange_count(it), *order = new_order(n);
	if (it->kind == ITEM_ORDERING || it->kind == ITEM_HOTSPOT)
		rng_shuffle(rng, order, n);
	else if (shuffle && it->kind != ITEM_TRUE_FALSE)
		shuffle_unpinned(it->options, order, n, rng);
	return order;
}

/* ---- Ids, unique within a form ---- */

struct id_set {
	size_t length;  /* of the ids that it draws */
	uint64_t range; /* how many such ids there are */
	uint64_t *seen; /* open addressing; 0: empty, else number + 1 */
	size_t n_slots;
};

static void id_set_init(struct id_set *s, size_t length_min, size_t n)
{
	s->length = length_min;
	s->range = 1;
	for (size_t i = 0; i < length_min; i++)
		s->range *= N_LETTERS;
	while (s->range < 2 * (uint64_t)n) {
		s->range *= N_LETTERS;
		s->length++;
	}
	assert(s->length <= 6);
	for (s->n_slots = 64; s->n_slots < 2 * n;)
		s->n_slots *= 2;
	s->seen = xcalloc(s->n_slots, sizeof *s->seen);
}

static bool id_set_add(struct id_set *s, uint64_t number)
{
	size_t i = (number * UINT64_C(0x9e3779b97f4a7c15)) >> 20 & (s->n_slots - 1);
	for (; s->seen[i]; i = (i + 1) & (s->n_slots - 1))
		if (s->seen[i] == number + 1)
			return false;
	s->seen[i] = number + 1;
	return true;
}

static void draw_id(struct id_set *s, char prefix, struct rng *rng, char out[8])
{
	uint64_t number;
	do
		number = rng_below(rng, s->range);
	while (!id_set_add(s, number));
	memset(out, 0, 8);
	out[0] = prefix;
	for (size_t i = 1; i <= s->length; i++, number /= N_LETTERS)
		out[i] = ID_LETTERS[number % N_LETTERS];
}

static char (*draw_ids(struct id_set *s, size_t n, struct rng *rng))[8]
{
	char(*ids)[8] = xcalloc(n + 1, sizeof *ids);
	for (size_t i = 0; i < n; i++)
		draw_id(s, 'o', rng, ids[i]);
	return ids;
}

static size_t count_option_ids(const struct form *form)
{
	size_t n = 0;
	for (size_t i = 0; i < form->n_items; i++) {
		const struct item *it = form->items[i].item;
		n += it->n_options + it->n_targets;
		for (size_t b = 0; b < it->n_blanks; b++)
			n += it->blanks[b].n_options;
	}
	return n;
}

static void arrange_blanks(struct form_item *fi, bool shuffle, struct id_set *ids, struct rng *rng)
{
	const struct item *it = fi->item;
	if (!it->n_blanks)
		return;
	fi->n_blanks = it->n_blanks;
	fi->blank_orders = xcalloc(it->n_blanks, sizeof *fi->blank_orders);
	fi->blank_ids = xcalloc(it->n_blanks, sizeof(char(*)[8]));
	for (size_t b = 0; b < it->n_blanks; b++) {
		const struct item_blank *blank = &it->blanks[b];
		if (!blank->n_options)
			continue;
		fi->blank_orders[b] = new_order(blank->n_options);
		if (shuffle)
			shuffle_unpinned(blank->options, fi->blank_orders[b], blank->n_options, rng);
		fi->blank_ids[b] = draw_ids(ids, blank->n_options, rng);
	}
}

void arrange_form(struct form *form, bool shuffle_options, struct rng *rng)
{
	struct id_set items, options;
	id_set_init(&items, 4, form->n_items);
	id_set_init(&options, 3, count_option_ids(form));
	for (size_t i = 0; i < form->n_items; i++) {
		struct form_item *fi = &form->items[i];
		const struct item *it = fi->item;
		bool shuffle = shuffle_options && it->shuffle;
		draw_id(&items, 'i', rng, fi->id);
		fi->order = option_order(it, shuffle, rng);
		if (it->kind != ITEM_HOTSPOT)
			fi->option_ids = draw_ids(&options, it->n_options, rng);
		fi->target_order = new_order(it->n_targets);
		if (it->kind == ITEM_MATCHING)
			rng_shuffle(rng, fi->target_order, it->n_targets);
		fi->target_ids = draw_ids(&options, it->n_targets, rng);
		arrange_blanks(fi, shuffle, &options, rng);
	}
	free(items.seen);
	free(options.seen);
}
