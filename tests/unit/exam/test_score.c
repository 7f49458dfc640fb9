/* From marks to values, thresholds, groups. */
#include "kit.h"
#include "stats/binomial.h"
#include <math.h>

static struct item items[4] = {
    {.domain = S("files"), .objective = S("files.links"), .points_m = 1000},
    {.domain = S("files"), .objective = S("files.modes"), .points_m = 1000},
    {.domain = S("users"), .points_m = 1000},
    {.domain = S("files"), .objective = S("files.links"), .points_m = 1000},
};
static struct bank_objective objectives[] = {{S("links"), S("Links")}, {S("modes"), S("Modes")}, {S("acl"), S("ACLs")}};
static struct bank_domain domains[] = {
    {S("files"), S("Files"), objectives, 3}, {S("empty"), S("Nothing"), NULL, 0}, {S("users"), S("Users"), NULL, 0}};
static const struct bank bank = {.domains = domains, .n_domains = 3};

/* A form of n items of one kind with the given points and maxima. */
static void score(const struct blueprint *bp, const int64_t (*points)[2], size_t n, struct score *ret)
{
	struct form_item *fi = xcalloc(n + 1, sizeof *fi);
	struct mark *marks = xcalloc(n + 1, sizeof *marks);
	struct form form = {.items = fi, .n_items = n};
	for (size_t i = 0; i < n; i++) {
		fi[i].item = &items[2];
		marks[i] = (struct mark){.outcome = points[i][0] == points[i][1] ? MARK_RIGHT
		                                    : points[i][0] > 0           ? MARK_PARTIAL
		                                                                 : MARK_WRONG,
		                         .points_m = points[i][0],
		                         .max_m = points[i][1]};
	}
	score_form(&bank, bp, &form, marks, ret);
	free(fi);
	free(marks);
}

/* `right` of `n` items of a point each. */
static void score_right(const struct blueprint *bp, int right, int n, struct score *ret)
{
	int64_t(*points)[2] = xcalloc((size_t)n + 1, sizeof *points);
	for (int i = 0; i < n; i++) {
		points[i][0] = i < right ? 1000 : 0;
		points[i][1] = 1000;
	}
	score(bp, points, (size_t)n, ret);
	free(points);
}

static void test_methods(void **state)
{
	(void)state;
	static const struct {
		struct blueprint bp;
		int right, n;
		double value, min, max;
		bool passed;
	} rows[] = {
	    {{.method = SCORE_SCALED, .score_min = 100, .score_max = 1000, .cut = 720}, 50, 50, 1000, 100, 1000, true},
	    {{.method = SCORE_SCALED, .score_min = 100, .score_max = 1000, .cut = 720}, 0, 50, 100, 100, 1000, false},
	    {{.method = SCORE_SCALED, .score_min = 100, .score_max = 1000, .cut = 720}, 34, 50, 712, 100, 1000, false},
	    {{.method = SCORE_SCALED, .score_min = 100, .score_max = 1000, .cut = 720}, 35, 50, 730, 100, 1000, true},
	    {{.method = SCORE_SCALED, .score_min = 1, .score_max = 1000, .cut = 700}, 7, 10, 700, 1, 1000, true}, /* 700.3 */
	    {{.method = SCORE_SCALED, .score_min = 0, .score_max = 1000, .cut = 750}, 75, 100, 750, 0, 1000, true},
	    {{.method = SCORE_PERCENT, .cut = 70}, 7, 10, 70, 0, 100, true},
	    {{.method = SCORE_PERCENT, .cut = 66.7}, 2, 3, 66.7, 0, 100, true},
	    {{.method = SCORE_PERCENT, .cut = 66.8}, 2, 3, 66.7, 0, 100, false},
	    {{.method = SCORE_PERCENT, .cut = 33.3}, 1, 3, 33.3, 0, 100, true},
	    {{.method = SCORE_PASS_FAIL, .cut = 70}, 39, 57, 68.4, 0, 100, false},
	    {{.method = SCORE_PASS_FAIL, .cut = 70}, 40, 57, 70.2, 0, 100, true},
	    {{.method = SCORE_POINTS, .score_max = 300, .cut = 210}, 14, 20, 210, 0, 300, true},
	    {{.method = SCORE_POINTS, .score_max = 300, .cut = 210}, 13, 20, 195, 0, 300, false},
	    {{.method = SCORE_POINTS, .score_min = 50, .score_max = 10, .cut = 7}, 2, 3, 7, 0, 10, true}, /* 6.67; a minimum has no meaning here
	                                                                                                   */
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct score s;
		score_right(&rows[i].bp, rows[i].right, rows[i].n, &s);
		if (s.value != rows[i].value || s.passed != rows[i].passed || s.min != rows[i].min || s.max != rows[i].max ||
		    s.cut != rows[i].bp.cut)
			fail_msg("row %zu: %g of %g to %g, %s", i, s.value, s.min, s.max, s.passed ? "passed" : "failed");
		score_finish(&s);
	}
}

/* The rounded value decides: what a candidate reads. Halves go up, and exactly so. */
static void test_thresholds(void **state)
{
	(void)state;
	static const struct {
		struct blueprint bp;
		int64_t points_m, max_m;
		double value;
		bool passed;
	} rows[] = {
	    {{.method = SCORE_PERCENT, .cut = 70}, 6995, 10000, 70, true}, /* 69.95 */
	    {{.method = SCORE_PERCENT, .cut = 70}, 69949, 100000, 69.9, false},
	    {{.method = SCORE_PERCENT, .cut = 70}, 69950, 100000, 70, true},
	    {{.method = SCORE_PERCENT, .cut = 70}, 699499, 1000000, 69.9, false},
	    {{.method = SCORE_PERCENT, .cut = 0.1}, 1, 2000, 0.1, true}, /* 0.05 */
	    {{.method = SCORE_PERCENT, .cut = 0.1}, 1, 2001, 0, false},
	    {{.method = SCORE_SCALED, .score_min = 100, .score_max = 1000, .cut = 720}, 6888, 10000, 720, true},   /* 719.92 */
	    {{.method = SCORE_SCALED, .score_min = 100, .score_max = 1000, .cut = 720}, 12390, 18000, 720, true},  /* 719.5 */
	    {{.method = SCORE_SCALED, .score_min = 100, .score_max = 1000, .cut = 720}, 12389, 18000, 719, false}, /* 719.45 */
	    {{.method = SCORE_SCALED, .score_min = -10, .score_max = 10, .cut = 0}, 5000, 10000, 0, true},
	    {{.method = SCORE_SCALED, .score_min = -10, .score_max = 10, .cut = 0}, 4750, 10000, -1, false}, /* -0.5: away from zero */
	    {{.method = SCORE_SCALED, .score_min = -10, .score_max = 10, .cut = 0}, 4751, 10000, 0, true},
	    {{.method = SCORE_POINTS, .score_max = 300, .cut = 210}, 20950, 30000, 210, true}, /* 209.5 */
	    {{.method = SCORE_POINTS, .score_max = 300, .cut = 210}, 20949, 30000, 209, false},
	    {{.method = SCORE_SCALED, .score_min = 0, .score_max = 1e9, .cut = 1},
	     999999999,
	     1000000000,
	     999999999,
	     true},                                                     /* no double in between */
	    {{.method = SCORE_PERCENT, .cut = 0}, -500, 1000, 0, true}, /* below nothing counts as nothing */
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const int64_t points[1][2] = {{rows[i].points_m, rows[i].max_m}};
		struct score s;
		score(&rows[i].bp, points, 1, &s);
		if (s.value != rows[i].value || s.passed != rows[i].passed)
			fail_msg("row %zu: %.17g, %s", i, s.value, s.passed ? "passed" : "failed");
		score_finish(&s);
	}
}

static void test_groups_and_counts(void **state)
{
	(void)state;
	struct form_item fi[] = {
	    {.item = &items[0]}, {.item = &items[1]}, {.item = &items[2]}, {.item = &items[3]}, {.item = &items[0], .unscored = true},
	    {.item = &items[2]}};
	struct form form = {.items = fi, .n_items = 6};
	const struct mark marks[] = {{MARK_RIGHT, 1000, 1000, NULL},   {MARK_PARTIAL, 500, 1000, NULL}, {MARK_WRONG, -250, 1000, NULL},
	                             {MARK_UNANSWERED, 0, 1000, NULL}, {MARK_RIGHT, 1000, 1000, NULL},  {MARK_UNGRADED, 0, 1000, NULL}};
	struct blueprint bp = {.method = SCORE_PERCENT, .cut = 70};
	struct score s;
	score_form(&bank, &bp, &form, marks, &s);
	assert_int_equal(s.items, 5);
	assert_int_equal(s.unscored, 1);
	assert_int_equal(s.right, 1);
	assert_int_equal(s.partial, 1);
	assert_int_equal(s.wrong, 1);
	assert_int_equal(s.unanswered, 1);
	assert_int_equal(s.ungraded, 1);
	assert_int_equal(s.points_m, 1250);
	assert_int_equal(s.max_m, 5000);
	assert_true(s.share == 0.25 && s.value == 25);
	assert_int_equal(s.n_domains, 2); /* those with scored items, in the bank's order */
	assert_string_equal(s.domains[0].id, "files");
	assert_string_equal(s.domains[0].title, "Files");
	assert_int_equal(s.domains[0].items, 3);
	assert_int_equal(s.domains[0].points_m, 1500);
	assert_true(s.domains[0].share == 0.5);
	assert_true(fabs(s.domains[0].error - sqrt(3 * 0.25) / 3) < 1e-15);
	assert_string_equal(s.domains[1].id, "users");
	assert_int_equal(s.domains[1].points_m, -250);
	assert_true(s.domains[1].share == 0);
	assert_int_equal(s.n_objectives, 2);
	assert_string_equal(s.objectives[0].id, "files.links");
	assert_string_equal(s.objectives[0].title, "Links");
	assert_int_equal(s.objectives[0].items, 2);
	assert_string_equal(s.objectives[1].id, "files.modes");
	assert_int_equal(s.objectives[1].items, 1);
	score_finish(&s);
}

static void test_errors(void **state)
{
	(void)state;
	struct blueprint bp = {.method = SCORE_SCALED, .score_min = 100, .score_max = 1000, .cut = 748};
	struct score s;
	score_right(&bp, 36, 50, &s);
	assert_true(fabs(s.share_error - binomial_error(36, 50) / 50) < 1e-15);
	assert_true(s.error == 57.7);                                        /* 900 * 0.06414 */
	assert_true(fabs(s.pass_probability - 0.49068392895074978) < 1e-12); /* (748 - 100) / 900 = 0.72 */
	score_finish(&s);
	score_right(&bp, 50, 50, &s);
	assert_true(s.error == 0 && s.pass_probability < 1 && s.pass_probability > 0.9999);
	score_finish(&s);
	/* Weights: one item of 8 points and two of 1 tell less than three equal ones. */
	const int64_t heavy[][2] = {{8000, 8000}, {0, 1000}, {0, 1000}}, even[][2] = {{1000, 1000}, {1000, 1000}, {0, 1000}};
	struct blueprint half = {.method = SCORE_PERCENT, .cut = 50};
	score(&half, heavy, 3, &s);
	double n = 100.0 / 66;
	assert_true(fabs(s.pass_probability - binomial_pass_probability(0.8 * n, n, 0.5)) < 1e-12);
	score_finish(&s);
	score(&half, even, 3, &s);
	assert_true(fabs(s.pass_probability - binomial_pass_probability(2, 3, 0.5)) < 1e-12);
	score_finish(&s);
}

static void test_nothing_to_score(void **state)
{
	(void)state;
	struct blueprint bp = {.method = SCORE_SCALED, .score_min = 100, .score_max = 1000, .cut = 50};
	struct score s;
	score(&bp, NULL, 0, &s);
	assert_int_equal(s.items, 0);
	assert_false(s.passed); /* also when the cut is below the least value */
	assert_true(s.value == 100 && s.error == 0 && isfinite(s.pass_probability) && s.n_domains == 0);
	score_finish(&s);
	score_finish(&s); /* twice does no harm */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_methods), cmocka_unit_test(test_thresholds),       cmocka_unit_test(test_groups_and_counts),
	    cmocka_unit_test(test_errors),  cmocka_unit_test(test_nothing_to_score),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
