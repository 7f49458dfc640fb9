/* Rubrics by criterion, from the HTML that Markdown becomes. */
#include "../test.h"
#include "base/mem.h"
#include "exam/rubric.h"

#define HEAD "<table><thead><tr><th>Criterion</th><th>Points</th><th>Full marks when</th></tr></thead><tbody>"
#define ROW(a, b, c) "<tr><td>" a "</td><td>" b "</td><td>" c "</td></tr>\n"
#define END "</tbody></table>"

static bool is_str(struct str s, const char *want)
{
	return str_is(s, want);
}

static void test_three_columns(void **state)
{
	(void)state;
	struct rubric r;
	assert_true(rubric_read("\n" HEAD ROW("One &amp; two", "2", "it is <em>so</em>") ROW("Three", " 0.5 ", "") END "\n", &r));
	assert_int_equal(r.n, 2);
	assert_true(is_str(r.lines[0].text, "One &amp; two") && is_str(r.lines[0].when, "it is <em>so</em>"));
	assert_true(is_str(r.lines[1].text, "Three") && is_str(r.lines[1].when, ""));
	assert_int_equal(r.lines[0].points_m, 2000);
	assert_int_equal(r.lines[1].points_m, 500);
	assert_int_equal(r.max_m, 2500);
	assert_true(r.whole);
}

static void test_other_shapes(void **state)
{
	(void)state;
	struct rubric r;
	/* Points first, aligned, with text around the table. */
	assert_true(rubric_read("<p>Be kind.</p><table><thead><tr><th align=\"right\">P</th><th>For</th></tr></thead><tbody>"
	                        "<tr><td align=\"right\">3</td><td>Depth</td></tr></tbody></table>",
	                        &r));
	assert_true(r.n == 1 && r.lines[0].points_m == 3000 && is_str(r.lines[0].text, "Depth") && !r.whole);
	/* A fourth column. */
	assert_true(rubric_read(HEAD "<tr><td>A</td><td>1</td><td>when</td><td>but</td></tr>" END, &r));
	assert_false(r.whole);
	/* A line that only names: two columns are numbers, the first counts. */
	assert_true(rubric_read(HEAD ROW("A", "1", "2") END, &r));
	assert_int_equal(r.max_m, 1000);
}

static void test_none(void **state)
{
	(void)state;
	static const char *const htmls[] = {
	    NULL,
	    "",
	    "<p>As you like.</p>",
	    HEAD END,
	    HEAD ROW("A", "many", "") END,
	    HEAD ROW("A", "1", "") ROW("B", "", "") END,
	    HEAD ROW("A", "0", "") END,
	    HEAD ROW("A", "-1", "") END,
	    HEAD ROW("A", "1e9", "") END,
	    HEAD ROW("A", "0.0001", "") END,
	    "<table><tbody><tr><td>1",
	    "<table",
	    "<table><tbody><tr></tr></tbody></table>",
	};
	for (size_t i = 0; i < ARRAY_SIZE(htmls); i++) {
		struct rubric r;
		if (rubric_read(htmls[i], &r))
			fail_msg("case %zu has %zu lines", i, r.n);
	}
}

static void test_too_many(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf html = BUF(1 << 20);
	struct rubric r;
	buf_adds(&html, HEAD);
	for (int i = 0; i < RUBRIC_LINES_MAX; i++)
		buf_adds(&html, ROW("A", "1", ""));
	_cleanup_free_ char *most = xasprintf("%s" END, html.p), *more = xasprintf("%s" ROW("A", "1", "") END, html.p);
	assert_true(rubric_read(most, &r) && r.n == RUBRIC_LINES_MAX);
	assert_false(rubric_read(more, &r));
}

static void test_scale(void **state)
{
	(void)state;
	struct rubric r = {.n = 1, .max_m = 3000};
	assert_int_equal(rubric_scale(&r, 3000, 10000), 10000);
	assert_int_equal(rubric_scale(&r, 0, 10000), 0);
	assert_int_equal(rubric_scale(&r, 1000, 10000), 3333);
	assert_int_equal(rubric_scale(&r, 2000, 10000), 6667);
	assert_int_equal(rubric_scale(&r, 1500, 1), 1); /* a half goes up */
	r.max_m = 10000;
	for (int64_t m = 0; m <= 10000; m++)
		assert_int_equal(rubric_scale(&r, m, 10000), m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_three_columns), cmocka_unit_test(test_other_shapes), cmocka_unit_test(test_none),
	    cmocka_unit_test(test_too_many),      cmocka_unit_test(test_scale),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
