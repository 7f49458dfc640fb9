/* The rules of docs/authors/scoring.md, one row a rule. */
#include "kit.h"

#define N PARTIAL_NONE
#define P PARTIAL_PER_OPTION
#define T PARTIAL_NET_CORRECT
#define C PARTIAL_COVERAGE

struct row {
	const char *response;
	int64_t points_m[4]; /* by rule: none, per-option, net-correct, coverage */
};

static enum mark_outcome outcome_of(int64_t points_m, int64_t max_m)
{
	return points_m == max_m ? MARK_RIGHT : points_m > 0 ? MARK_PARTIAL : MARK_WRONG;
}

static void check_rows(const struct item *it, const struct row *rows, size_t n)
{
	static const enum partial_rule rules[] = {N, P, T, C};
	struct form form = kit_item(it);
	for (size_t i = 0; i < n; i++)
		for (size_t r = 0; r < ARRAY_SIZE(rules); r++) {
			_cleanup_json_ cJSON *response = kit_json(rows[i].response);
			struct err err;
			struct mark m;
			if (!response_check(&form.items[0], response, &err))
				fail_msg("%s: %s", rows[i].response, err.msg);
			mark_item(&form.items[0], response, rules[r], 0.25, &m);
			int64_t want = rows[i].points_m[r];
			enum mark_outcome outcome = outcome_of(want, it->points_m);
			if (outcome == MARK_WRONG)
				want = -it->points_m / 4;
			if (m.points_m != want || m.outcome != outcome)
				fail_msg("%s, rule %d: %s %lld, not %s %lld", rows[i].response, rules[r], mark_outcome_name(m.outcome),
				         (long long)m.points_m, mark_outcome_name(outcome), (long long)want);
			assert_int_equal(m.max_m, it->points_m);
		}
	kit_item_finish(&form);
}
#define CHECK(item, ...)                                       \
	do {                                                       \
		static const struct row rows_[] = {__VA_ARGS__};       \
		check_rows(item, rows_, sizeof rows_ / sizeof *rows_); \
	} while (0)

static void test_single(void **state)
{
	(void)state;
	static struct item_option o[] = {{.key = true}, {.key = false}, {.key = false}};
	static const struct item it = {.kind = ITEM_SINGLE, .points_m = 1000, .select = 1, .options = o, .n_options = 3};
	CHECK(&it, {"{\"choose\":[\"oa\"]}", {1000, 1000, 1000, 1000}}, {"{\"choose\":[\"ob\"]}", {0, 0, 0, 0}},
	      {"{\"choose\":[\"oc\"]}", {0, 0, 0, 0}});
}

/* Five options, two keys: a and b. */
static void test_multiple(void **state)
{
	(void)state;
	static struct item_option o[] = {{.key = true}, {.key = true}, {.key = false}, {.key = false}, {.key = false}};
	static const struct item it = {.kind = ITEM_MULTIPLE, .points_m = 6000, .select = 2, .options = o, .n_options = 5};
	CHECK(&it, {"{\"choose\":[\"oa\",\"ob\"]}", {6000, 6000, 6000, 6000}}, {"{\"choose\":[\"ob\",\"oa\"]}", {6000, 6000, 6000, 6000}},
	      {"{\"choose\":[\"oa\"]}", {0, 3000, 3000, 3000}}, {"{\"choose\":[\"oa\",\"oc\"]}", {0, 3000, 0, 1000}},
	      {"{\"choose\":[\"oc\"]}", {0, 0, 0, 0}}, {"{\"choose\":[\"oc\",\"od\"]}", {0, 0, 0, 0}},
	      {"{\"choose\":[\"oa\",\"ob\",\"oc\"]}", {0, 0, 3000, 4000}}, {"{\"choose\":[\"oa\",\"ob\",\"oc\",\"od\"]}", {0, 0, 0, 2000}},
	      {"{\"choose\":[\"oa\",\"ob\",\"oc\",\"od\",\"oe\"]}", {0, 0, 0, 0}}, {"{\"choose\":[\"oc\",\"od\",\"oe\"]}", {0, 0, 0, 0}});
}

/* Not told how many: the number of keys is the limit. Three keys of four, so that choosing all must not pay. */
static void test_multiple_any(void **state)
{
	(void)state;
	static struct item_option o[] = {{.key = true}, {.key = true}, {.key = true}, {.key = false}};
	static const struct item it = {.kind = ITEM_MULTIPLE, .points_m = 3000, .options = o, .n_options = 4};
	CHECK(&it, {"{\"choose\":[\"oa\",\"ob\",\"oc\"]}", {3000, 3000, 3000, 3000}},
	      {"{\"choose\":[\"oa\",\"ob\",\"oc\",\"od\"]}", {0, 0, 2000, 0}}, {"{\"choose\":[\"oa\",\"ob\",\"od\"]}", {0, 2000, 1000, 0}},
	      {"{\"choose\":[\"oa\",\"ob\"]}", {0, 2000, 2000, 2000}});
}

/* All options are keys: there is no wrong one to count against. */
static void test_multiple_all_keys(void **state)
{
	(void)state;
	static struct item_option o[] = {{.key = true}, {.key = true}};
	static const struct item it = {.kind = ITEM_MULTIPLE, .points_m = 1000, .options = o, .n_options = 2};
	CHECK(&it, {"{\"choose\":[\"oa\",\"ob\"]}", {1000, 1000, 1000, 1000}}, {"{\"choose\":[\"oa\"]}", {0, 500, 500, 500}});
}

static void test_grid(void **state)
{
	(void)state;
	static struct item_option rows[] = {{.match = 0}, {.match = 1}, {.match = 1}, {.match = 0}}, columns[2];
	static const struct item it = {
	    .kind = ITEM_GRID, .points_m = 4000, .options = rows, .n_options = 4, .targets = columns, .n_targets = 2};
	CHECK(&it, {"{\"rows\":{\"oa\":\"ta\",\"ob\":\"tb\",\"oc\":\"tb\",\"od\":\"ta\"}}", {4000, 4000, 4000, 4000}},
	      {"{\"rows\":{\"oa\":\"ta\",\"ob\":\"tb\",\"oc\":\"tb\",\"od\":\"tb\"}}", {0, 3000, 2000, 3000}},
	      {"{\"rows\":{\"oa\":\"ta\",\"ob\":\"tb\",\"oc\":\"tb\"}}", {0, 3000, 3000, 3000}}, /* unanswered rows are neutral */
	      {"{\"rows\":{\"oa\":\"ta\",\"ob\":\"ta\"}}", {0, 1000, 0, 1000}},
	      {"{\"rows\":{\"oa\":\"tb\",\"ob\":\"ta\",\"oc\":\"tb\"}}", {0, 1000, 0, 1000}}, {"{\"rows\":{\"ob\":\"ta\"}}", {0, 0, 0, 0}});
}

/* Two left sides have the same right side; target c is a distractor. */
static void test_matching(void **state)
{
	(void)state;
	static struct item_option left[] = {{.match = 1}, {.match = 0}, {.match = 0}}, right[3];
	static const struct item it = {
	    .kind = ITEM_MATCHING, .points_m = 1000, .options = left, .n_options = 3, .targets = right, .n_targets = 3};
	CHECK(&it, {"{\"match\":{\"oa\":\"tb\",\"ob\":\"ta\",\"oc\":\"ta\"}}", {1000, 1000, 1000, 1000}},
	      {"{\"match\":{\"oa\":\"tb\",\"ob\":\"ta\",\"oc\":\"tc\"}}", {0, 667, 333, 667}},
	      {"{\"match\":{\"oa\":\"tb\"}}", {0, 333, 333, 333}}, {"{\"match\":{\"oa\":\"tc\",\"ob\":\"tc\",\"oc\":\"tc\"}}", {0, 0, 0, 0}});
}

/* Four lines; (longest run - 1) / 3. */
static void test_ordering(void **state)
{
	(void)state;
	static struct item_option o[4];
	static const struct item it = {.kind = ITEM_ORDERING, .points_m = 3000, .options = o, .n_options = 4};
	CHECK(&it, {"{\"order\":[\"oa\",\"ob\",\"oc\",\"od\"]}", {3000, 3000, 3000, 3000}},
	      {"{\"order\":[\"ob\",\"oc\",\"od\",\"oa\"]}", {0, 2000, 2000, 2000}},
	      {"{\"order\":[\"ob\",\"oa\",\"od\",\"oc\"]}", {0, 1000, 1000, 1000}}, {"{\"order\":[\"od\",\"oc\",\"ob\",\"oa\"]}", {0, 0, 0, 0}},
	      {"{\"order\":[\"oa\",\"oc\",\"ob\",\"od\"]}", {0, 2000, 2000, 2000}});
}

static void test_cloze(void **state)
{
	(void)state;
	static struct item_option choices[] = {{.key = false}, {.key = true}};
	static struct item_text typed[] = {{.pattern = S("init"), .credit_m = 1000, .ignore_case = true}};
	static struct item_blank blanks[] = {
	    {.options = choices, .n_options = 2}, {.texts = typed, .n_texts = 1}, {.texts = typed, .n_texts = 1}};
	static const struct item it = {.kind = ITEM_CLOZE, .points_m = 3000, .blanks = blanks, .n_blanks = 3};
	CHECK(&it, {"{\"blanks\":{\"1\":\"x1b\",\"2\":\"init\",\"3\":\" INIT \"}}", {3000, 3000, 3000, 3000}},
	      {"{\"blanks\":{\"1\":\"x1b\",\"2\":\"init\",\"3\":\"get\"}}", {0, 2000, 1000, 2000}},
	      {"{\"blanks\":{\"1\":\"x1b\",\"2\":\"init\",\"3\":\"  \"}}", {0, 2000, 2000, 2000}},
	      {"{\"blanks\":{\"1\":\"x1a\",\"2\":\"plan\"}}", {0, 0, 0, 0}});
}

/* Two right regions, two wrong ones. */
static void test_hotspot(void **state)
{
	(void)state;
	static struct item_region r[] = {{.shape = REGION_RECT, .at = {0, 0, 10, 10}, .n_at = 4, .correct = true},
	                                 {.shape = REGION_RECT, .at = {20, 0, 30, 10}, .n_at = 4, .correct = true},
	                                 {.shape = REGION_RECT, .at = {40, 0, 50, 10}, .n_at = 4},
	                                 {.shape = REGION_RECT, .at = {60, 0, 70, 10}, .n_at = 4}};
	static const struct item it = {
	    .kind = ITEM_HOTSPOT, .points_m = 2000, .select = 2, .image_w = 100, .image_h = 50, .regions = r, .n_regions = 4};
	CHECK(&it, {"{\"points\":[[5,5],[25,5]]}", {2000, 2000, 2000, 2000}}, {"{\"points\":[[0,0],[30,10]]}", {2000, 2000, 2000, 2000}},
	      {"{\"points\":[[5,5],[6,6],[25,5]]}", {2000, 2000, 2000, 2000}}, /* two points in one region are one choice */
	      {"{\"points\":[[5,5]]}", {0, 1000, 1000, 1000}}, {"{\"points\":[[5,5],[6,6]]}", {0, 1000, 1000, 1000}},
	      {"{\"points\":[[5,5],[45,5]]}", {0, 1000, 0, 0}}, {"{\"points\":[[5,5],[99,49]]}", {0, 1000, 0, 0}},
	      {"{\"points\":[[5,5],[25,5],[45,5]]}", {0, 0, 1000, 1000}}, {"{\"points\":[[99,49]]}", {0, 0, 0, 0}},
	      {"{\"points\":[[11,5]]}", {0, 0, 0, 0}});
}

/* Not told how many regions: the correct ones are the limit. */
static void test_hotspot_any(void **state)
{
	(void)state;
	static struct item_region r[] = {{.shape = REGION_RECT, .at = {0, 0, 10, 10}, .n_at = 4, .correct = true},
	                                 {.shape = REGION_RECT, .at = {20, 0, 30, 10}, .n_at = 4}};
	static const struct item it = {.kind = ITEM_HOTSPOT, .points_m = 1000, .image_w = 100, .image_h = 50, .regions = r, .n_regions = 2};
	CHECK(&it, {"{\"points\":[[5,5]]}", {1000, 1000, 1000, 1000}}, {"{\"points\":[[5,5],[25,5]]}", {0, 0, 0, 0}});
}

static void test_text(void **state)
{
	(void)state;
	static struct item_text t[] = {{.pattern = S("ls"), .credit_m = 500, .reason_html = S("add -l")},
	                               {.pattern = S("ls  -l"), .credit_m = 1000},
	                               {.pattern = S("^ls\\s+-la?$"), .regex = true, .credit_m = 1000},
	                               {.pattern = S("l.*"), .regex = true, .credit_m = 250, .reason_html = S("it begins so")}};
	static const struct item it = {.kind = ITEM_TEXT, .points_m = 2000, .texts = t, .n_texts = 4};
	/* What an answer is worth is written beside it: the partial rule does not change it. */
	CHECK(&it, {"{\"text\":\"ls -l\"}", {2000, 2000, 2000, 2000}}, {"{\"text\":\"\\u00a0 ls\\t \\n -l \"}", {2000, 2000, 2000, 2000}},
	      {"{\"text\":\"ls -la\"}", {2000, 2000, 2000, 2000}}, {"{\"text\":\"ls\"}", {1000, 1000, 1000, 1000}},
	      {"{\"text\":\"lsblk\"}", {500, 500, 500, 500}}, {"{\"text\":\"LS -l\"}", {0, 0, 0, 0}}, {"{\"text\":\"xls -l\"}", {0, 0, 0, 0}});
	struct form form = kit_item(&it);
	_cleanup_json_ cJSON *part = kit_json("{\"text\":\"ls\"}"), *right = kit_json("{\"text\":\"ls -l\"}");
	struct mark m;
	mark_item(&form.items[0], part, P, 0, &m);
	assert_string_equal(m.reason_html, "add -l");
	mark_item(&form.items[0], right, P, 0, &m);
	assert_null(m.reason_html);
	kit_item_finish(&form);
}

static void test_numeric(void **state)
{
	(void)state;
	static struct item_number numbers[] = {{3.14 - 0.01, 3.14 + 0.01, NULL}, {10 * 0x1p30, 10 * 0x1p30, S("GiB")}};
	static char *units[] = {S("GiB"), S("MiB"), S("GB"), S("s")};
	static const struct item plain = {.kind = ITEM_NUMERIC, .points_m = 1000, .numbers = numbers, .n_numbers = 1};
	static const struct item with_unit = {
	    .kind = ITEM_NUMERIC, .points_m = 1000, .numbers = numbers + 1, .n_numbers = 1, .units = units, .n_units = 4};
	CHECK(&plain, {"{\"value\":\"3.14\"}", {1000, 1000, 1000, 1000}}, {"{\"value\":\"3.15\"}", {1000, 1000, 1000, 1000}},
	      {"{\"value\":\"3.13\"}", {1000, 1000, 1000, 1000}}, {"{\"value\":\"3.1500001\"}", {0, 0, 0, 0}},
	      {"{\"value\":\"3.1299999\"}", {0, 0, 0, 0}}, {"{\"value\":\" +31.4e-1 \"}", {1000, 1000, 1000, 1000}},
	      {"{\"value\":\"-3.14\"}", {0, 0, 0, 0}});
	CHECK(&with_unit, {"{\"value\":\"10\",\"unit\":\"GiB\"}", {1000, 1000, 1000, 1000}},
	      {"{\"value\":\"10240\",\"unit\":\"MiB\"}", {1000, 1000, 1000, 1000}},
	      {"{\"value\":\"10.73741824\",\"unit\":\"GB\"}", {1000, 1000, 1000, 1000}}, {"{\"value\":\"10\",\"unit\":\"GB\"}", {0, 0, 0, 0}},
	      {"{\"value\":\"10\",\"unit\":\"s\"}", {0, 0, 0, 0}}, {"{\"value\":\"10\"}", {0, 0, 0, 0}},
	      {"{\"value\":\"10\",\"unit\":null}", {0, 0, 0, 0}});
}

static void test_unanswered_costs_nothing(void **state)
{
	(void)state;
	static const struct {
		size_t item;
		const char *response;
	} rows[] = {{0, "null"},
	            {0, "{\"choose\":[]}"},
	            {1, "{\"choose\":[]}"},
	            {3, "{\"rows\":{}}"},
	            {4, "{\"order\":[]}"},
	            {5, "{\"match\":{}}"},
	            {6, "{\"value\":\"\"}"},
	            {6, "{\"value\":\" \",\"unit\":\"KiB\"}"},
	            {7, "{\"text\":\" \\n\\u00a0\"}"},
	            {8, "{\"blanks\":{}}"},
	            {8, "{\"blanks\":{\"1\":\"\",\"2\":\"  \"}}"},
	            {9, "{\"points\":[]}"},
	            {10, "{\"text\":\"\"}"}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct item *it = &kit_bank()->items[rows[i].item];
		struct form form = kit_item(it);
		_cleanup_json_ cJSON *response = kit_json(rows[i].response);
		struct err err;
		struct mark m;
		assert_true(response_check(&form.items[0], response, &err));
		mark_item(&form.items[0], response, P, 1, &m);
		assert_int_equal(m.outcome, MARK_UNANSWERED);
		assert_int_equal(m.points_m, 0);
		mark_item(&form.items[0], NULL, P, 1, &m);
		assert_int_equal(m.outcome, MARK_UNANSWERED);
		kit_item_finish(&form);
	}
}

static void test_people_mark_essays_and_graders_tasks(void **state)
{
	(void)state;
	struct form essay = kit_item(&kit_bank()->items[10]), task = kit_item(&kit_bank()->items[11]);
	_cleanup_json_ cJSON *text = kit_json("{\"text\":\"because\"}");
	struct mark m;
	mark_item(&essay.items[0], text, P, 1, &m);
	assert_int_equal(m.outcome, MARK_UNGRADED);
	assert_int_equal(m.points_m, 0);
	assert_int_equal(m.max_m, 1000);
	mark_item(&task.items[0], NULL, P, 1, &m); /* the work is in the box, not in a response */
	assert_int_equal(m.outcome, MARK_UNGRADED);
	kit_item_finish(&essay);
	kit_item_finish(&task);
}

/* A pattern that runs into its limits is nobody's mistake but the author's. */
static void test_patterns_without_end(void **state)
{
	(void)state;
	static struct item_text t[] = {{.pattern = S("(a+)+$"), .regex = true, .credit_m = 1000}};
	static struct item_blank blanks[] = {{.texts = t, .n_texts = 1}, {.texts = t, .n_texts = 1}};
	static const struct item text = {.kind = ITEM_TEXT, .points_m = 1000, .texts = t, .n_texts = 1};
	static const struct item cloze = {.kind = ITEM_CLOZE, .points_m = 1000, .blanks = blanks, .n_blanks = 2};
	struct form a = kit_item(&text), b = kit_item(&cloze);
	_cleanup_json_ cJSON *typed = kit_json("{\"text\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"}");
	_cleanup_json_ cJSON *filled = kit_json("{\"blanks\":{\"1\":\"a\",\"2\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\"}}");
	struct mark m;
	mark_item(&a.items[0], typed, PARTIAL_NONE, 1, &m);
	assert_int_equal(m.outcome, MARK_UNGRADED);
	assert_int_equal(m.points_m, 0);
	mark_item(&b.items[0], filled, PARTIAL_PER_OPTION, 1, &m);
	assert_int_equal(m.outcome, MARK_UNGRADED);
	assert_int_equal(m.points_m, 0);
	kit_item_finish(&a);
	kit_item_finish(&b);
}

static void test_own_rule_overrides(void **state)
{
	(void)state;
	static struct item_option o[] = {{.key = true}, {.key = true}, {.key = false}};
	struct item it = {.kind = ITEM_MULTIPLE, .points_m = 1000, .options = o, .n_options = 3, .partial = PARTIAL_PER_OPTION};
	struct form form = kit_item(&it);
	_cleanup_json_ cJSON *half = kit_json("{\"choose\":[\"oa\"]}");
	struct mark m;
	mark_item(&form.items[0], half, PARTIAL_NONE, 1, &m);
	assert_int_equal(m.points_m, 500);
	it.partial = PARTIAL_NONE;
	mark_item(&form.items[0], half, PARTIAL_PER_OPTION, 1, &m);
	assert_int_equal(m.points_m, -1000);
	it.partial = PARTIAL_UNSET;
	mark_item(&form.items[0], half, PARTIAL_UNSET, 0, &m); /* nothing said anywhere: all or nothing */
	assert_int_equal(m.outcome, MARK_WRONG);
	assert_int_equal(m.points_m, 0);
	kit_item_finish(&form);
}

/* Half away from zero, once. */
static void test_rounding(void **state)
{
	(void)state;
	static struct item_option o[] = {{.key = true}, {.key = true}, {.key = false}};
	struct item it = {.kind = ITEM_MULTIPLE, .options = o, .n_options = 3};
	struct form form = kit_item(&it);
	_cleanup_json_ cJSON *half = kit_json("{\"choose\":[\"oa\"]}"), *wrong = kit_json("{\"choose\":[\"oc\"]}");
	static const struct {
		int64_t points_m;
		double negative;
		int64_t half_m, wrong_m;
	} rows[] = {{1000, 0.25, 500, -250},        {1, 0.5, 1, -1}, {3, 0.5, 2, -2}, {5, 0.3, 3, -2}, {333, 1.0 / 3, 167, -111},
	            {1000000, 1, 500000, -1000000}, {5, 0.1, 3, -1}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct mark m;
		it.points_m = rows[i].points_m;
		mark_item(&form.items[0], half, P, rows[i].negative, &m);
		assert_int_equal(m.points_m, rows[i].half_m);
		mark_item(&form.items[0], wrong, P, rows[i].negative, &m);
		assert_int_equal(m.points_m, rows[i].wrong_m);
	}
	kit_item_finish(&form);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_single),
	    cmocka_unit_test(test_multiple),
	    cmocka_unit_test(test_multiple_any),
	    cmocka_unit_test(test_multiple_all_keys),
	    cmocka_unit_test(test_grid),
	    cmocka_unit_test(test_matching),
	    cmocka_unit_test(test_ordering),
	    cmocka_unit_test(test_cloze),
	    cmocka_unit_test(test_hotspot),
	    cmocka_unit_test(test_hotspot_any),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_numeric),
	    cmocka_unit_test(test_unanswered_costs_nothing),
	    cmocka_unit_test(test_people_mark_essays_and_graders_tasks),
	    cmocka_unit_test(test_patterns_without_end),
	    cmocka_unit_test(test_own_rule_overrides),
	    cmocka_unit_test(test_rounding),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
