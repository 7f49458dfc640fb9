/* Keys of a later text for questions that were drawn before: what is taken over, and what cannot be. */
#include "kit.h"

#include "exam/rekey.h"

/* Marks the response on the form of `was`, with the key of `now`. */
static int64_t marked(const struct item *was, const struct item *now, const char *response)
{
	struct form form = kit_item(was);
	struct rekeyed r;
	struct err err;
	struct mark mark;
	if (!rekey_item(&form.items[0], was, now, &r, &err))
		fail_msg("%s", err.msg);
	_cleanup_json_ cJSON *v = kit_json(response);
	mark_item(&r.fi, v, PARTIAL_PER_OPTION, 0, &mark);
	rekeyed_finish(&r);
	kit_item_finish(&form);
	return mark.points_m;
}

static void refused(const struct item *was, const struct item *now, const char *why)
{
	struct form form = kit_item(was);
	struct rekeyed r;
	struct err err;
	assert_false(rekey_item(&form.items[0], was, now, &r, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	if (!strstr(err.msg, why))
		fail_msg("'%s' says nothing of '%s'", err.msg, why);
	kit_item_finish(&form);
}

#define HEAD                                                                                                                    \
	.id = S("x"), .title = S(""), .domain = S("d"), .family = S("x"), .file = S("q.md"), .stem_html = S("?"), .points_m = 1000, \
	.shuffle = true

static struct item choices(enum item_kind kind, struct item_option *options, size_t n)
{
	for (size_t i = 0; i < n && kind != ITEM_GRID; i++)
		options[i].match = -1;
	return (struct item){HEAD, .kind = kind, .options = options, .n_options = n};
}

static void test_choices(void **state)
{
	(void)state;
	struct item_option before[] = {
	    {.html = S("A"), .text = S("A"), .key = true}, {.html = S("B"), .text = S("B")}, {.html = S("C"), .text = S("C")}};
	struct item_option after[] = {{.html = S("new"), .text = S("new")},
	                              {.html = S("C"), .text = S("C")},
	                              {.html = S("B"), .text = S("B"), .key = true},
	                              {.html = S("A"), .text = S("A")}};
	struct item was = choices(ITEM_SINGLE, before, 3), now = choices(ITEM_SINGLE, after, 4);
	assert_int_equal(marked(&was, &now, "{\"choose\":[\"ob\"]}"), 1000); /* wherever it stands today */
	assert_int_equal(marked(&was, &now, "{\"choose\":[\"oa\"]}"), 0);
	struct form form = kit_item(&was);
	struct mark mark;
	_cleanup_json_ cJSON *a = kit_json("{\"choose\":[\"oa\"]}");
	mark_item(&form.items[0], a, PARTIAL_NONE, 0, &mark);
	assert_int_equal(mark.points_m, 1000); /* the form stays as it was drawn */
	kit_item_finish(&form);
	struct item short_now = choices(ITEM_SINGLE, after, 3);
	refused(&was, &short_now, "'A' is not an option any more");
	struct item_option only_new[] = {{.html = S("A"), .text = S("A")},
	                                 {.html = S("B"), .text = S("B")},
	                                 {.html = S("C"), .text = S("C")},
	                                 {.html = S("D"), .text = S("D"), .key = true}};
	struct item right_is_new = choices(ITEM_SINGLE, only_new, 4);
	refused(&was, &right_is_new, "none of the options");
}

static void test_several_right_where_one_was_asked_for(void **state)
{
	(void)state;
	struct item_option before[] = {
	    {.html = S("A"), .text = S("A"), .key = true}, {.html = S("B"), .text = S("B")}, {.html = S("C"), .text = S("C")}};
	struct item_option after[] = {
	    {.html = S("A"), .text = S("A"), .key = true}, {.html = S("B"), .text = S("B"), .key = true}, {.html = S("C"), .text = S("C")}};
	struct item was = choices(ITEM_SINGLE, before, 3), now = choices(ITEM_MULTIPLE, after, 3);
	assert_int_equal(marked(&was, &now, "{\"choose\":[\"oa\"]}"), 1000);
	assert_int_equal(marked(&was, &now, "{\"choose\":[\"ob\"]}"), 1000);
	assert_int_equal(marked(&was, &now, "{\"choose\":[\"oc\"]}"), 0);
	was = choices(ITEM_MULTIPLE, before, 3);
	was.select = 1;
	assert_int_equal(marked(&was, &now, "{\"choose\":[\"ob\"]}"), 1000);
	was.select = 0;
	assert_int_equal(marked(&was, &now, "{\"choose\":[\"ob\"]}"), 500); /* nothing said how many: all of them */
}

static void test_equal_texts(void **state)
{
	(void)state;
	struct item_option before[] = {{.html = S("x"), .text = S("x")}, {.html = S("x"), .text = S("x")}, {.html = S("y"), .text = S("y")}};
	struct item_option after[] = {{.html = S("y"), .text = S("y")}, {.html = S("x"), .text = S("x")}, {.html = S("x"), .text = S("x")}};
	struct item was = choices(ITEM_ORDERING, before, 3), now = choices(ITEM_ORDERING, after, 3);
	assert_int_equal(marked(&was, &now, "{\"order\":[\"oc\",\"oa\",\"ob\"]}"), 1000);
	struct item_option other[] = {{.html = S("y"), .text = S("y")}, {.html = S("y"), .text = S("y")}, {.html = S("x"), .text = S("x")}};
	now = choices(ITEM_ORDERING, other, 3);
	refused(&was, &now, "'x' is not an option any more");
	struct item_option one_right[] = {
	    {.html = S("x"), .text = S("x"), .key = true}, {.html = S("x"), .text = S("x")}, {.html = S("y"), .text = S("y")}};
	was = choices(ITEM_SINGLE, before, 3);
	now = choices(ITEM_SINGLE, one_right, 3);
	refused(&was, &now, "two options are 'x' today");
}

static void test_orders_and_pairs(void **state)
{
	(void)state;
	struct item_option before[] = {{.html = S("1"), .text = S("1")}, {.html = S("2"), .text = S("2")}, {.html = S("3"), .text = S("3")}};
	struct item_option after[] = {{.html = S("3"), .text = S("3")}, {.html = S("1"), .text = S("1")}, {.html = S("2"), .text = S("2")}};
	struct item was = choices(ITEM_ORDERING, before, 3), now = choices(ITEM_ORDERING, after, 3);
	assert_int_equal(marked(&was, &now, "{\"order\":[\"oc\",\"oa\",\"ob\"]}"), 1000);
	assert_int_equal(marked(&was, &now, "{\"order\":[\"oa\",\"ob\",\"oc\"]}"), 500);
	struct item fewer = choices(ITEM_ORDERING, after, 2);
	refused(&was, &fewer, "other lines");

	struct item_option yes_no[] = {{.html = S("yes")}, {.html = S("no")}}, no_yes[] = {{.html = S("no")}, {.html = S("yes")}},
	                   other[] = {{.html = S("maybe")}};
	struct item_option rows[] = {{.html = S("p"), .match = 0}, {.html = S("q"), .match = 1}},
	                   turned[] = {{.html = S("q"), .match = 1}, {.html = S("p"), .match = 1}};
	was = choices(ITEM_GRID, rows, 2);
	was.targets = yes_no;
	was.n_targets = 2;
	now = choices(ITEM_GRID, turned, 2);
	now.targets = no_yes;
	now.n_targets = 2;
	assert_int_equal(marked(&was, &now, "{\"rows\":{\"oa\":\"ta\",\"ob\":\"ta\"}}"), 1000);
	assert_int_equal(marked(&was, &now, "{\"rows\":{\"oa\":\"ta\",\"ob\":\"tb\"}}"), 500);
	struct item_option one[] = {{.html = S("p"), .match = 0}, {.html = S("q"), .match = 0}};
	struct item strange = choices(ITEM_GRID, one, 2);
	strange.targets = other;
	strange.n_targets = 1;
	refused(&was, &strange, "was not on the form");
}

static void test_numbers_texts_and_what_was_drawn(void **state)
{
	(void)state;
	struct item_number four[] = {{4, 4, NULL}}, five[] = {{5, 5, NULL}, {6, 7, NULL}};
	struct item was = {HEAD, .kind = ITEM_NUMERIC, .numbers = four, .n_numbers = 1},
	            now = {HEAD, .kind = ITEM_NUMERIC, .numbers = five, .n_numbers = 2};
	assert_int_equal(marked(&was, &now, "{\"value\":\"4\"}"), 0);
	assert_int_equal(marked(&was, &now, "{\"value\":\"6.5\"}"), 1000);
	now.params_lua = S("return {}");
	refused(&was, &now, "numbers that were drawn");
	now.params_lua = NULL;
	char *units[] = {S("B"), S("kB")};
	now.units = units;
	now.n_units = 2;
	refused(&was, &now, "another unit");

	struct item_text ls[] = {{.pattern = S("ls"), .credit_m = 1000}},
	                 both[] = {{.pattern = S("ls"), .credit_m = 1000}, {.pattern = S("dir"), .credit_m = 500}};
	struct item text_was = {HEAD, .kind = ITEM_TEXT, .texts = ls, .n_texts = 1},
	            text_now = {HEAD, .kind = ITEM_TEXT, .texts = both, .n_texts = 2};
	assert_int_equal(marked(&text_was, &text_now, "{\"text\":\"dir\"}"), 500);
	refused(&text_was, &now, "was a text one, and is a numeric one today");
	struct item essay = {HEAD, .kind = ITEM_ESSAY};
	refused(&essay, &essay, "assay mark");
}

static void test_other_forms(void **state)
{
	(void)state;
	struct item_option options[] = {{.html = S("a"), .text = S("a"), .key = true}, {.html = S("b"), .text = S("b")}};
	struct item was = choices(ITEM_SINGLE, options, 2), fewer = choices(ITEM_SINGLE, options, 1);
	struct form form = kit_item(&was);
	struct rekeyed r;
	struct err err;
	assert_false(rekey_item(&form.items[0], &fewer, &was, &r, &err));
	kit_item_finish(&form);
	struct item_region left[] = {{.id = S("l"), .label = S("L"), .shape = REGION_RECT, .at = {0, 0, 10, 10}, .n_at = 4, .correct = true}};
	struct item_region right[] = {{.id = S("r"), .label = S("R"), .shape = REGION_RECT, .at = {50, 0, 60, 10}, .n_at = 4, .correct = true},
	                              {.id = S("l"), .label = S("L"), .shape = REGION_RECT, .at = {0, 0, 10, 10}, .n_at = 4}};
	struct item spot = {HEAD,          .kind = ITEM_HOTSPOT, .image_html = S("<img>"), .image_w = 100, .image_h = 20, .regions = left,
	                    .n_regions = 1};
	struct item moved = {HEAD,          .kind = ITEM_HOTSPOT, .image_html = S("<img>"), .image_w = 100, .image_h = 20, .regions = right,
	                     .n_regions = 2};
	assert_int_equal(marked(&spot, &moved, "{\"points\":[[55,5]]}"), 1000);
	assert_int_equal(marked(&spot, &moved, "{\"points\":[[5,5]]}"), 0);
	moved.image_w = 101;
	refused(&spot, &moved, "another picture");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_choices),
	    cmocka_unit_test(test_several_right_where_one_was_asked_for),
	    cmocka_unit_test(test_equal_texts),
	    cmocka_unit_test(test_orders_and_pairs),
	    cmocka_unit_test(test_numbers_texts_and_what_was_drawn),
	    cmocka_unit_test(test_other_forms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
