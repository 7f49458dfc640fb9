#include "../test.h"
#include "base/rng.h"

static void test_same_seed_same_numbers(void **state)
{
	(void)state;
	unsigned char secret[RNG_SEED_SIZE] = {1, 2, 3};
	struct rng a, b, c;
	rng_init(&a, secret, "form:x");
	rng_init(&b, secret, "form:x");
	rng_init(&c, secret, "form:y");
	int equal = 0;
	for (int i = 0; i < 1000; i++) {
		uint64_t v = rng_u64(&a);
		assert_true(v == rng_u64(&b));
		equal += v == rng_u64(&c);
	}
	assert_int_equal(equal, 0);
}

/* Chi-squared over 10 cells, 100,000 draws of a fixed seed: below 27.9 (p = 0.001 at 9 degrees of freedom). */
static void test_bounded_draws_are_even(void **state)
{
	(void)state;
	unsigned char secret[RNG_SEED_SIZE] = {9};
	struct rng r;
	rng_init(&r, secret, "even");
	int cells[10] = {0};
	for (int i = 0; i < 100000; i++)
		cells[rng_below(&r, 10)]++;
	double chi = 0;
	for (int i = 0; i < 10; i++)
		chi += (cells[i] - 10000.0) * (cells[i] - 10000.0) / 10000.0;
	assert_true(chi < 27.9);
	assert_int_equal(rng_below(&r, 1), 0);
	for (int i = 0; i < 1000; i++) {
		double u = rng_unit(&r);
		assert_true(u >= 0 && u < 1);
	}
}

static void test_shuffle_keeps_all(void **state)
{
	(void)state;
	unsigned char secret[RNG_SEED_SIZE] = {7};
	struct rng r;
	rng_init(&r, secret, "shuffle");
	size_t a[100], seen[100] = {0}, moved = 0;
	for (size_t i = 0; i < 100; i++)
		a[i] = i;
	rng_shuffle(&r, a, 100);
	for (size_t i = 0; i < 100; i++) {
		seen[a[i]]++;
		moved += a[i] != i;
	}
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(seen[i], 1);
	assert_true(moved > 80);
}

static void test_ids(void **state)
{
	(void)state;
	char a[RNG_ID_SIZE], b[RNG_ID_SIZE];
	assert_string_not_equal(rng_id(a), rng_id(b));
	assert_int_equal(strlen(a), 26);
	assert_int_equal(strspn(a, "abcdefghijklmnopqrstuvwxyz234567"), 26);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_same_seed_same_numbers), cmocka_unit_test(test_bounded_draws_are_even),
	                                   cmocka_unit_test(test_shuffle_keeps_all), cmocka_unit_test(test_ids)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
