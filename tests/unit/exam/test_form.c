/* Forms as they are stored: back and forth, and bytes that are not a form. */
#include "bank/question.h"
#include "kit.h"

static struct form *drawn(unsigned seed)
{
	static struct blueprint_section sections[] = {
	    {.id = S("one"), .title = S("The \"first\""), .items = 7, .duration_ms = 60000, .no_return = true},
	    {.id = S("pause"), .is_break = true, .clock_stopped = true, .duration_ms = 1000},
	    {.id = S("two"), .items = 5}};
	const struct blueprint bp = {.id = S("x"),
	                             .items_min = 12,
	                             .items_max = 12,
	                             .unscored = 2,
	                             .tasks_min = 1,
	                             .tasks_max = 1,
	                             .essays = true,
	                             .shuffle_items = true,
	                             .shuffle_options = true,
	                             .sections = sections,
	                             .n_sections = 3};
	struct form *form = NULL;
	struct rng rng;
	struct err err;
	kit_rng(&rng, seed);
	if (!draw_form(kit_bank(), &bp, NULL, &rng, NULL, NULL, &form, &err))
		fail_msg("%s", err.msg);
	return form;
}

static void test_back_and_forth(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 50; seed++) {
		_cleanup_(form_destroyp) struct form *form = drawn(seed), *back = NULL;
		_cleanup_buf_ struct buf a = BUF(1 << 20), b = BUF(1 << 20);
		struct err err;
		form_encode(form, &a);
		if (!form_decode(kit_bank(), buf_str(&a), &back, &err))
			fail_msg("%s in %s", err.msg, a.p);
		form_encode(back, &b);
		assert_string_equal(a.p, b.p);
		assert_int_equal(back->n_items, 12);
		for (size_t i = 0; i < 12; i++) {
			assert_ptr_equal(back->items[i].item, form->items[i].item);
			assert_int_equal(form_find(back, form->items[i].id), i);
			assert_int_equal(back->items[i].unscored, form->items[i].unscored);
		}
		assert_string_equal(back->sections[0].title, "The \"first\"");
		assert_int_equal(back->sections[2].first, 7);
	}
	_cleanup_(form_destroyp) struct form *form = drawn(1);
	assert_int_equal(form_find(form, "izzzz"), -1);
	assert_int_equal(form_find(form, ""), -1);
}

/* A drawn instance goes with the form. */
static void test_instances(void **state)
{
	(void)state;
	_cleanup_(form_destroyp) struct form *form = drawn(3), *back = NULL;
	struct form_item *fi = NULL;
	for (size_t i = 0; i < form->n_items; i++)
		if (form->items[i].item->kind == ITEM_TASK)
			fi = &form->items[i];
	assert_non_null(fi);
	struct item *copy = xcalloc(1, sizeof *copy);
	copy->id = xstrdup(fi->item->id);
	copy->title = xstrdup("");
	copy->domain = xstrdup("files");
	copy->family = xstrdup("f");
	copy->kind = ITEM_TASK;
	copy->points_m = 1000;
	copy->stem_html = xstrdup("<p>seventeen</p>");
	copy->file = xstrdup("x.md");
	copy->task = task_copy(fi->item->task);
	copy->task->values = xstrdup("{\"n\":17}");
	fi->item = fi->instance = copy;
	_cleanup_buf_ struct buf a = BUF(1 << 20), b = BUF(1 << 20);
	struct err err;
	form_encode(form, &a);
	if (!form_decode(kit_bank(), buf_str(&a), &back, &err))
		fail_msg("%s", err.msg);
	form_encode(back, &b);
	assert_string_equal(a.p, b.p);
	const struct form_item *again = &back->items[fi - form->items];
	assert_non_null(again->instance);
	assert_ptr_equal(again->item, again->instance);
	assert_non_null(strstr(again->item->stem_html, "seventeen"));
}

/* Replaces the first `from` in the encoded form by `to`. */
static char *broken(const char *encoded, const char *from, const char *to)
{
	const char *at = strstr(encoded, from);
	if (!at) {
		fail_msg("%s is not in %s", from, encoded);
		return NULL;
	}
	return xasprintf("%.*s%s%s", (int)(at - encoded), encoded, to, at + strlen(from));
}

static void test_what_is_not_a_form(void **state)
{
	(void)state;
	_cleanup_(form_destroyp) struct form *form = drawn(2);
	_cleanup_buf_ struct buf b = BUF(1 << 20);
	form_encode(form, &b);
	_cleanup_free_ char *first_id = xasprintf("\"id\":\"%s\"", form->items[0].id),
	                    *second_id = xasprintf("\"id\":\"%s\"", form->items[1].id);
	_cleanup_free_ char *item = xasprintf("\"item\":\"%s\"", form->items[0].item_id);
	const char *rows[][2] = {
	    {"\"v\":1", "\"v\":2"},
	    {"{\"v\":1,", "{"},
	    {second_id, first_id},
	    {first_id, "\"id\":\"x\""},
	    {first_id, "\"id\":\"ABCDE\""},
	    {first_id, "\"id\":7"},
	    {item, "\"item\":\"no-such-item\""},
	    {item, "\"item\":\"SECRET-b-multiple\",\"was\":1"}, /* another item: its options do not fit */
	    {"\"order\":[", "\"order\":[99,"},
	    {"\"order\":[", "\"order\":[0,0,0,0,0,0,0,"},
	    {"\"order\":[", "\"order\":[-1,"},
	    {"\"order\":[", "\"order\":[0.5,"},
	    {"\"order\":[", "\"order\":[\"0\","},
	    {"\"order\":[", "\"disorder\":["},
	    {"\"options\":[", "\"options\":[\"ozzz\","},
	    {"\"targets\":[", "\"targets\":[7,"},
	    {"\"blanks\":[", "\"blanks\":[null,"},
	    {"\"instance\":null", "\"instance\":7"},
	    {"\"unscored\":false", "\"unscored\":\"no\""},
	    {"\"first\":0", "\"first\":1"},
	    {"\"first\":7", "\"first\":6"},
	    {"\"count\":7", "\"count\":8"},
	    {"\"count\":5", "\"count\":4"},
	    {"\"count\":5", "\"count\":6"},
	    {"\"duration_ms\":60000", "\"duration_ms\":-1"},
	    {"\"sections\":[", "\"sections\":[],\"more\":["},
	    {"\"items\":[", "\"items\":[],\"more\":["},
	    {"\"items\":[", "\"items\":[7,"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *text = broken(b.p, rows[i][0], rows[i][1]);
		struct form *back = NULL;
		struct err err = {0};
		if (form_decode(kit_bank(), str_of(text), &back, &err))
			fail_msg("%s is taken", rows[i][1]);
		assert_true(err.code == ERR_INVALID || err.code == ERR_TOO_LARGE);
		assert_true(strncmp(err.msg, "form", 4) == 0);
		assert_null(back);
	}
}

/* One item with its orders and ids as given: five options (two of them keys), or a cloze with three choices and a typed blank. */
static bool decodes(const char *item, const char *order, const char *options, const char *blanks)
{
	_cleanup_free_ char *text = xasprintf("{\"v\":1,\"items\":[{\"id\":\"ibcdf\",\"item\":\"%s\",\"order\":%s,\"options\":%s,\"target_"
	                                      "order\":[],\"targets\":[],\"blanks\":%s}],"
	                                      "\"sections\":[{\"id\":\"s1\",\"duration_ms\":0,\"first\":0,\"count\":1}]}",
	                                      item, order, options, blanks);
	_cleanup_(form_destroyp) struct form *form = NULL;
	struct err err;
	return form_decode(kit_bank(), str_of(text), &form, &err);
}

static void test_orders_and_ids(void **state)
{
	(void)state;
	static const char *const multiple = "SECRET-b-multiple", *const cloze = "SECRET-i-cloze",
	                         *const ids = "[\"obbb\",\"occc\",\"oddd\",\"offf\",\"o234\"]";
	static const char *const wrong_orders[] = {
	    "[0,0,1,2,3]",   "[0,1,2,3,5]",    "[0,1,2,3,-1]", "[0,1,2,3]", "[0,1,2,3,4,0]", "[0,1,2,3,\"4\"]",
	    "[0,1,2,3,3.5]", "[0,1,2,3,null]", "[]",           "{}",        "null"};
	static const char *const wrong_ids[] = {"[\"obbb\",\"occc\",\"oddd\",\"offf\",\"obbb\"]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\",\"ibcdf\"]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\",\"xbcd\"]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\",\"ob\"]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\",\"obcdfghj\"]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\",\"oBCD\"]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\",\"ob-d\"]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\",\"ob1d\"]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\",7]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\"]",
	                                        "[\"obbb\",\"occc\",\"oddd\",\"offf\",\"oggg\",\"ohhh\"]",
	                                        "{}"};
	static const char *const wrong_blanks[] = {"[]",
	                                           "[null,null]",
	                                           "[{\"order\":[0,1,2],\"ids\":[\"obbb\",\"occc\",\"oddd\"]}]",
	                                           "[{\"order\":[0,1,2],\"ids\":[\"obbb\",\"occc\",\"oddd\"]},{\"order\":[],\"ids\":[]}]",
	                                           "[{\"order\":[0,1,1],\"ids\":[\"obbb\",\"occc\",\"oddd\"]},null]",
	                                           "[{\"order\":[0,1,2],\"ids\":[\"obbb\",\"occc\",\"occc\"]},null]",
	                                           "[{\"order\":[0,1,2],\"ids\":[\"obbb\",\"occc\"]},null]",
	                                           "[{\"order\":[0,1,2]},null]",
	                                           "[{\"ids\":[\"obbb\",\"occc\",\"oddd\"]},null]",
	                                           "[{\"order\":[0,1,2],\"ids\":[\"obbb\",\"occc\",\"oddd\"]},null,null]",
	                                           "null"};
	assert_true(decodes(multiple, "[4,0,3,1,2]", ids, "[]"));
	assert_true(decodes(multiple, "[4,0,3,1,2]", "[\"ozzz\",\"oaaa\",\"o999\",\"obcdfgh\",\"o222\"]", "[]"));
	for (size_t i = 0; i < ARRAY_SIZE(wrong_orders); i++)
		if (decodes(multiple, wrong_orders[i], ids, "[]"))
			fail_msg("%s", wrong_orders[i]);
	for (size_t i = 0; i < ARRAY_SIZE(wrong_ids); i++)
		if (decodes(multiple, "[4,0,3,1,2]", wrong_ids[i], "[]"))
			fail_msg("%s", wrong_ids[i]);
	assert_true(decodes(cloze, "[]", "[]", "[{\"order\":[2,0,1],\"ids\":[\"obbb\",\"occc\",\"oddd\"]},null]"));
	for (size_t i = 0; i < ARRAY_SIZE(wrong_blanks); i++)
		if (decodes(cloze, "[]", "[]", wrong_blanks[i]))
			fail_msg("%s", wrong_blanks[i]);
}

/* Cut anywhere: never a form, never a crash. */
static void test_cut_forms(void **state)
{
	(void)state;
	_cleanup_(form_destroyp) struct form *form = drawn(2);
	_cleanup_buf_ struct buf b = BUF(1 << 20);
	form_encode(form, &b);
	for (size_t len = 0; len < b.len; len++) {
		struct form *back = NULL;
		struct err err;
		assert_false(form_decode(kit_bank(), (struct str){b.p, len}, &back, &err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_back_and_forth), cmocka_unit_test(test_instances), cmocka_unit_test(test_what_is_not_a_form),
	    cmocka_unit_test(test_orders_and_ids), cmocka_unit_test(test_cut_forms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
