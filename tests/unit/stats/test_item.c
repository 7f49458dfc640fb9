/* Item analysis, against numbers from elsewhere: Python's statistics module and the formulas as they stand in textbooks. */
#include "../test.h"

#include "base/mem.h"
#include "stats/item.h"
#include <math.h>
#include <stdlib.h>

#define N 40

static const double shares[N] = {0, 0,   0, 0, 0, 1,   0, 0.5, 0.5, 0, 0, 0, 1, 0, 1, 1, 0,   1, 0, 1,
                                 1, 0.5, 1, 0, 0, 0.5, 0, 0,   0.5, 0, 1, 0, 0, 0, 0, 0, 0.5, 1, 1, 1};
static const double rests[N] = {0.547, 0.686, 0.301, 0.334, 0.536, 0.568, 0.371, 0.895, 0.436, 0.448, 0.532, 0.42,  0.562, 0.565,
                                0.674, 0.492, 0.599, 0.781, 0.348, 0.684, 0.678, 0.732, 0.827, 0.292, 0.809, 0.485, 0.252, 0.344,
                                0.366, 0.44,  0.712, 0.315, 0.667, 0.221, 0.284, 0.315, 0.258, 0.458, 0.84,  0.809};
static const int64_t times[N] = {20300, 20600, 20700, 0,     5600,  24900, 20800, 3400,  10000, 0,     10900, 22800, 8600,  5900,
                                 17700, 2900,  5500,  300,   29300, 8000,  27700, 5400,  18900, 1600,  3900,  10900, 19500, 7900,
                                 13200, 18000, 18900, 24500, 6500,  6200,  25200, 24100, 24800, 25000, 16200, 4600};

static void near(double a, double b)
{
	if (fabs(a - b) > 1e-9)
		fail_msg("%.12g is not %.12g", a, b);
}

static void test_reference(void **state)
{
	(void)state;
	struct item_case cases[N];
	struct item_figures f;
	for (size_t i = 0; i < N; i++)
		cases[i] = (struct item_case){.share = shares[i], .rest = rests[i], .spent_ms = times[i], .flagged = i % 4 == 0};
	item_figures(cases, N, &f);
	assert_int_equal(f.n, N);
	near(f.facility.value, 0.375);
	near(f.facility.lo, 0.24222979167233266);
	near(f.facility.hi, 0.5296756086269889);
	assert_true(f.discriminates);
	near(f.discrimination.value, 0.5468570276505739);
	near(f.discrimination.lo, 0.28367140853787987);
	near(f.discrimination.hi, 0.7334263997705347);
	assert_int_equal(f.median_ms, 14700);
	near(f.flagged, 0.25);
	assert_int_equal(f.group_n[0] + f.group_n[1] + f.group_n[2], N);
	for (size_t i = 0; i < N; i++) /* nobody stands in a lower third than somebody who did worse */
		for (size_t k = 0; k < N; k++)
			assert_true(rests[i] <= rests[k] ? cases[i].group <= cases[k].group : true);
	for (int g = 0; g < ITEM_GROUPS; g++)
		assert_in_range(f.group_n[g], 12, 15);
}

static void test_nobody_and_few(void **state)
{
	(void)state;
	struct item_figures f;
	item_figures(NULL, 0, &f);
	assert_int_equal(f.n, 0);
	assert_false(f.discriminates);
	assert_int_equal(f.median_ms, -1);
	struct item_case two[] = {{.share = 1, .rest = 0.4}, {.share = 0, .rest = 0.6}};
	item_figures(two, 2, &f);
	assert_false(f.discriminates);
	assert_true(f.facility.lo > 0 && f.facility.lo < 0.5 && f.facility.hi > 0.5 && f.facility.hi < 1);
	struct item_case three[] = {{.share = 1, .rest = 0.9}, {.share = 0, .rest = 0.6}, {.share = 0, .rest = 0.1}};
	item_figures(three, 3, &f);
	assert_true(f.discriminates);
	near(f.discrimination.lo, -1); /* three say nothing about how sure it is */
	near(f.discrimination.hi, 1);
}

static void test_what_does_not_vary(void **state)
{
	(void)state;
	struct item_case all[9];
	struct item_figures f;
	for (size_t i = 0; i < 9; i++)
		all[i] = (struct item_case){.share = 1, .rest = (double)i / 10};
	item_figures(all, 9, &f);
	assert_false(f.discriminates);
	near(f.facility.value, 1);
	near(f.facility.hi, 1);
	assert_true(f.facility.lo > 0.6 && f.facility.lo < 0.75); /* nine of nine: 0.70 */
	for (size_t i = 0; i < 9; i++)
		all[i] = (struct item_case){.share = i % 2 ? 1 : 0, .rest = 0.5};
	item_figures(all, 9, &f);
	assert_false(f.discriminates);
	assert_int_equal(f.group_n[1], 9); /* equal people stay together, in the middle */
}

static void test_ties_stay_together(void **state)
{
	(void)state;
	struct item_case cases[12];
	struct item_figures f;
	for (size_t i = 0; i < 12; i++)
		cases[i] = (struct item_case){.share = 0, .rest = i < 5 ? 0.2 : i < 7 ? 0.5 : 0.9};
	item_figures(cases, 12, &f);
	assert_int_equal(f.group_n[0], 5);
	assert_int_equal(f.group_n[1], 2);
	assert_int_equal(f.group_n[2], 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reference),
	    cmocka_unit_test(test_nobody_and_few),
	    cmocka_unit_test(test_what_does_not_vary),
	    cmocka_unit_test(test_ties_stay_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
