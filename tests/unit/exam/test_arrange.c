/* The order of options and the opaque ids. */
#include "kit.h"

/* A form with every item of the kit's bank, arranged. */
static struct form *arranged(unsigned seed, bool shuffle_options)
{
	const struct bank *bank = kit_bank();
	struct form *form = xcalloc(1, sizeof *form);
	struct rng rng;
	kit_rng(&rng, seed);
	form->items = xcalloc(bank->n_items, sizeof *form->items);
	form->n_items = bank->n_items;
	for (size_t i = 0; i < bank->n_items; i++) {
		form->items[i].item = &bank->items[i];
		form->items[i].item_id = xstrdup(bank->items[i].id);
	}
	arrange_form(form, shuffle_options, &rng);
	return form;
}

static bool is_identity(const size_t *order, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (order[i] != i)
			return false;
	return true;
}

static void test_ids_are_opaque_and_unique(void **state)
{
	(void)state;
	_cleanup_(form_destroyp) struct form *form = arranged(1, true), *other = arranged(2, true);
	struct names known = {0};
	for (size_t i = 0; i < form->n_items; i++) {
		const struct form_item *fi = &form->items[i];
		assert_true(fi->id[0] == 'i' && strlen(fi->id) == 5);
		assert_string_not_equal(fi->id, other->items[i].id);
		names_add(&known, fi->id);
		for (size_t k = 0; fi->option_ids && k < fi->item->n_options; k++) {
			assert_true(fi->option_ids[k][0] == 'o' && strlen(fi->option_ids[k]) == 4);
			size_t n = known.n;
			assert_int_equal(names_add(&known, fi->option_ids[k]), n);
		}
	}
	names_finish(&known);
}

/* So many options that three letters no longer do. */
static void test_ids_of_a_very_long_form(void **state)
{
	(void)state;
	static struct item_option options[64];
	struct item it = {.kind = ITEM_MULTIPLE, .shuffle = true, .options = options, .n_options = 64};
	struct form *form = xcalloc(1, sizeof *form);
	struct rng rng;
	kit_rng(&rng, 1);
	form->n_items = FORM_ITEMS_MAX;
	form->items = xcalloc(form->n_items, sizeof *form->items);
	for (size_t i = 0; i < form->n_items; i++)
		form->items[i].item = &it;
	arrange_form(form, true, &rng);
	struct names known = {0};
	for (size_t i = 0; i < form->n_items; i++)
		for (size_t k = 0; k < 64; k++)
			names_add(&known, form->items[i].option_ids[k]);
	assert_int_equal(known.n, 64 * FORM_ITEMS_MAX);
	names_finish(&known);
	form_destroy(form);
}

static void test_what_is_shuffled(void **state)
{
	(void)state;
	const struct bank *bank = kit_bank();
	bool moved[2][ITEM_KINDS] = {{false}}, targets_moved[2][ITEM_KINDS] = {{false}}, choices_moved[2] = {false};
	for (int shuffle = 0; shuffle < 2; shuffle++)
		for (unsigned seed = 0; seed < 50; seed++) {
			_cleanup_(form_destroyp) struct form *form = arranged(seed, shuffle);
			for (size_t i = 0; i < bank->n_items; i++) {
				const struct form_item *fi = &form->items[i];
				enum item_kind kind = fi->item->kind;
				moved[shuffle][kind] |= !is_identity(fi->order, arrange_count(fi->item));
				targets_moved[shuffle][kind] |= !is_identity(fi->target_order, fi->item->n_targets);
				if (kind == ITEM_CLOZE)
					choices_moved[shuffle] |= !is_identity(fi->blank_orders[0], 3);
			}
		}
	assert_true(moved[1][ITEM_SINGLE] && moved[1][ITEM_MULTIPLE] && moved[1][ITEM_GRID] && moved[1][ITEM_MATCHING]);
	assert_false(moved[0][ITEM_SINGLE] || moved[0][ITEM_MULTIPLE] || moved[0][ITEM_GRID] || moved[0][ITEM_MATCHING]);
	assert_false(moved[1][ITEM_TRUE_FALSE]);
	assert_false(targets_moved[1][ITEM_GRID]); /* columns */
	assert_true(choices_moved[1] && !choices_moved[0]);
	/* As written these would be the key. */
	assert_true(moved[0][ITEM_ORDERING] && moved[1][ITEM_ORDERING] && targets_moved[0][ITEM_MATCHING] && targets_moved[1][ITEM_MATCHING]);
	assert_true(moved[0][ITEM_HOTSPOT] && moved[1][ITEM_HOTSPOT]);
}

static void test_pins(void **state)
{
	(void)state;
	struct item_option options[] = {{.pin = true}, {.pin = false}, {.pin = false}, {.pin = true}, {.pin = false}};
	struct item it = {.kind = ITEM_SINGLE, .shuffle = true, .options = options, .n_options = 5};
	int at[5][5] = {{0}};
	struct rng rng;
	kit_rng(&rng, 3);
	for (int i = 0; i < 6000; i++) {
		struct form_item fi = {.item = &it};
		struct form form = {.items = &fi, .n_items = 1};
		arrange_form(&form, true, &rng);
		for (size_t k = 0; k < 5; k++)
			at[fi.order[k]][k]++;
		free(fi.order);
		free(fi.target_order);
		free(fi.option_ids);
		free(fi.target_ids);
	}
	assert_int_equal(at[0][0], 6000);
	assert_int_equal(at[3][3], 6000);
	static const size_t others[] = {1, 2, 4};
	for (size_t a = 0; a < 3; a++)
		for (size_t b = 0; b < 3; b++)
			assert_in_range(at[others[a]][others[b]], 1800, 2200); /* 2,000 each */
	it.shuffle = false;
	struct form_item fi = {.item = &it};
	struct form form = {.items = &fi, .n_items = 1};
	arrange_form(&form, true, &rng);
	assert_true(is_identity(fi.order, 5));
	free(fi.order);
	free(fi.target_order);
	free(fi.option_ids);
	free(fi.target_ids);
}

/* Where the key stands tells nothing, and neither does how its id sorts. */
static void test_key_has_no_place(void **state)
{
	(void)state;
	int place[4] = {0}, sorted[4] = {0};
	for (unsigned seed = 0; seed < 4000; seed++) {
		_cleanup_(form_destroyp) struct form *form = arranged(seed, true);
		const struct form_item *fi = &form->items[0];
		size_t key = 0, before = 0;
		while (!fi->item->options[fi->order[key]].key)
			key++;
		for (size_t k = 0; k < 4; k++)
			before += strcmp(fi->option_ids[k], fi->option_ids[key]) < 0;
		place[key]++;
		sorted[before]++;
	}
	for (int i = 0; i < 4; i++) {
		assert_in_range(place[i], 880, 1120);
		assert_in_range(sorted[i], 880, 1120);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ids_are_opaque_and_unique), cmocka_unit_test(test_ids_of_a_very_long_form),
	    cmocka_unit_test(test_what_is_shuffled),          cmocka_unit_test(test_pins),
	    cmocka_unit_test(test_key_has_no_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
