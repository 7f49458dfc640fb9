/* From weights to whole numbers. */
#include "kit.h"

#define FIXED(share, has)        \
	{                            \
		share, share, false, has \
	}
#define RANGE(lo, hi, has) \
	{                      \
		lo, hi, false, has \
	}
#define REST(has)         \
	{                     \
		-1, -1, true, has \
	}

static void check(const struct quota *q, size_t n, int total, bool soft, const int *want)
{
	int got[16], sum = 0;
	apportion(q, n, total, soft, got);
	for (size_t i = 0; i < n; i++) {
		sum += got[i];
		if (got[i] != want[i])
			fail_msg("quota %zu of %d: %d, not %d", i, total, got[i], want[i]);
	}
	assert_int_equal(sum, total);
}
#define CHECK(total, soft, want, ...)                   \
	do {                                                \
		static const struct quota q_[] = {__VA_ARGS__}; \
		static const int want_[] = want;                \
		check(q_, ARRAY_SIZE(q_), total, soft, want_);  \
	} while (0)
#define W(...)      \
	{               \
		__VA_ARGS__ \
	}

static void test_largest_remainder(void **state)
{
	(void)state;
	CHECK(65, false, W(19, 17, 16, 13), FIXED(0.30, 99), FIXED(0.26, 99), FIXED(0.24, 99), FIXED(0.20, 99)); /* 19.5, 16.9, 15.6, 13 */
	CHECK(50, false, W(15, 13, 12, 10), FIXED(0.30, 99), FIXED(0.26, 99), FIXED(0.24, 99), FIXED(0.20, 99));
	CHECK(10, false, W(4, 3, 3), FIXED(1.0 / 3, 99), FIXED(1.0 / 3, 99), FIXED(1.0 / 3, 99)); /* ties go to the first */
	CHECK(1, false, W(0, 1), FIXED(0.4, 99), FIXED(0.6, 99));
	CHECK(0, false, W(0, 0), FIXED(0.5, 99), FIXED(0.5, 99));
	CHECK(100, false, W(10, 90), FIXED(0.1, 99), FIXED(0.9, 99)); /* 0.1 * 100 must not become 9.999… */
	CHECK(30, false, W(9, 21), FIXED(0.3, 99), FIXED(0.7, 99));
}

static void test_weights_that_do_not_sum_to_one(void **state)
{
	(void)state;
	CHECK(12, false, W(8, 4), FIXED(0.8, 99), FIXED(0.4, 99));
	CHECK(10, false, W(7, 3, 0), FIXED(0.35, 99), FIXED(0.15, 99), FIXED(0, 99));
	CHECK(10, false, W(5, 5), FIXED(0, 99), FIXED(0, 99)); /* none given any: equal parts */
}

static void test_ranges(void **state)
{
	(void)state;
	CHECK(40, false, W(9, 31), RANGE(0.20, 0.25, 99), REST(99));               /* in the middle, the rest takes the difference */
	CHECK(40, false, W(10, 30), RANGE(0.20, 0.30, 99), RANGE(0.70, 0.80, 99)); /* both at the same point, sum 1 */
	CHECK(40, false, W(8, 32), RANGE(0.20, 0.25, 8), REST(99));                /* 8 are enough for 20 % */
	CHECK(40, false, W(10, 30), RANGE(0.20, 0.25, 99), REST(30));              /* the range stretches where the rest has too few */
	CHECK(40, false, W(8, 32), RANGE(0.20, 0.25, 5), REST(99));                /* not below its range: 3 are missing */
	CHECK(40, false, W(12, 8, 20), FIXED(0.30, 99), RANGE(0.20, 0.25, 99), RANGE(0.5, 0.6, 99));
	CHECK(20, false, W(12, 8), RANGE(0.6, 0.7, 99), RANGE(0.4, 0.5, 99));  /* the lower ends already sum to 1 */
	CHECK(20, false, W(12, 8), RANGE(0.9, 0.95, 99), RANGE(0.6, 0.7, 99)); /* lower ends above 1: scaled */
}

static void test_ranges_at_their_ends(void **state)
{
	(void)state;
	CHECK(1000, false, W(225, 775), RANGE(0.20, 0.25, 999), REST(999));
	CHECK(40, false, W(24, 16, 0), FIXED(0.6, 99), RANGE(0.3, 0.7, 99), REST(99)); /* the middle would be too much: 0.4 is left */
	CHECK(8, false, W(3, 5), RANGE(0.2, 0.3, 99), FIXED(0.5, 99));                 /* upper ends below 1: scaled */
	CHECK(40, false, W(10, 30), RANGE(0.20, 0.25, 99), REST(5));                   /* not above its range: 25 are missing in the rest */
}

static void test_what_is_missing_is_shared(void **state)
{
	(void)state;
	CHECK(8, true, W(0, 4, 4), FIXED(0.5, 0), FIXED(0.25, 99), FIXED(0.25, 99));
	CHECK(12, true, W(0, 4, 8), FIXED(0.25, 0), FIXED(0.25, 99),
	      FIXED(0.5, 99)); /* 3 to move: 3 and 6 become 4 and 8, whoever is furthest behind */
	CHECK(10, false, W(2, 4, 4), REST(2), RANGE(0.2, 0.4, 99), RANGE(0.2, 0.4, 99));
}

static void test_rest(void **state)
{
	(void)state;
	CHECK(40, false, W(12, 8, 20), FIXED(0.3, 99), FIXED(0.2, 99), REST(99));
	CHECK(40, false, W(20, 5, 15), FIXED(0.5, 99), REST(10), REST(30)); /* several rests share in proportion to what they have */
	CHECK(40, false, W(20, 1, 19), FIXED(0.5, 99), REST(2), REST(30));
	CHECK(10, false, W(10, 0), FIXED(1.0, 99), REST(99));
	CHECK(10, false, W(5, 3, 2), FIXED(0.5, 99), REST(0), REST(0)); /* nothing anywhere: somebody will report it */
	CHECK(30, false, W(10, 20), REST(100), REST(200));              /* no weights at all: in proportion to the bank */
	CHECK(7, false, W(1, 6), REST(1), REST(6));
}

static void test_fixed_weights_do_not_bend(void **state)
{
	(void)state;
	CHECK(40, false, W(12, 28), FIXED(0.3, 9), REST(99));
	CHECK(40, true, W(9, 31), FIXED(0.3, 9), REST(99)); /* but in a study session they do */
	CHECK(40, true, W(9, 2, 29), FIXED(0.3, 9), FIXED(0.3, 2), FIXED(0.4, 99));
}

/* Any quotas: the sum is right, nobody is below zero, and nothing is above what is available as long as somebody could take it. */
static void test_properties(void **state)
{
	(void)state;
	struct rng rng;
	kit_rng(&rng, 1);
	for (int round = 0; round < 20000; round++) {
		struct quota q[8];
		size_t n = 1 + rng_below(&rng, 8);
		int counts[8], sum = 0, available = 0, total = (int)rng_below(&rng, 60);
		for (size_t i = 0; i < n; i++) {
			double lo = (double)rng_below(&rng, 101) / 100, width = rng_below(&rng, 2) ? (double)rng_below(&rng, 20) / 100 : 0;
			q[i] = (struct quota){lo, lo + width, rng_below(&rng, 3) == 0, (int)rng_below(&rng, 30)};
			available += q[i].available;
		}
		bool soft = rng_below(&rng, 2);
		apportion(q, n, total, soft, counts);
		bool lacking = false;
		for (size_t i = 0; i < n; i++) {
			assert_true(counts[i] >= 0);
			sum += counts[i];
			lacking = lacking || counts[i] > q[i].available;
		}
		assert_int_equal(sum, total);
		if (soft && available >= total)
			assert_false(lacking);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_largest_remainder),
	    cmocka_unit_test(test_weights_that_do_not_sum_to_one),
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_ranges_at_their_ends),
	    cmocka_unit_test(test_what_is_missing_is_shared),
	    cmocka_unit_test(test_rest),
	    cmocka_unit_test(test_fixed_weights_do_not_bend),
	    cmocka_unit_test(test_properties),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
