/* Errors and probabilities of one score. Reference values of the beta function: mpmath with 30 digits. */
#include "../test.h"
#include "base/mem.h"
#include "stats/binomial.h"
#include <math.h>

static void near(double got, double want, double relative)
{
	if (!(fabs(got - want) <= relative * fabs(want)))
		fail_msg("%.17g, not %.17g", got, want);
}

static void test_lord(void **state)
{
	(void)state;
	near(binomial_error(36, 50), 3.2071349029490928, 1e-15); /* sqrt(36 * 14 / 49) */
	near(binomial_error(25, 50), sqrt(625.0 / 49), 1e-15);
	assert_true(binomial_error(0, 50) == 0 && binomial_error(50, 50) == 0);
	assert_true(binomial_error(1, 1) == 0 && binomial_error(0, 0) == 0);
	assert_true(binomial_error(60, 50) == 0 && binomial_error(-1, 50) == 0); /* clamped, never NaN */
	for (int x = 0; x <= 50; x++)
		near(binomial_error(x, 50), binomial_error(50 - x, 50), 1e-15);
}

static void test_compound_of_equal_weights_is_lord(void **state)
{
	(void)state;
	for (size_t n = 2; n < 80; n += 7)
		for (size_t x = 0; x <= n; x++) {
			double w[80], s[80];
			for (size_t i = 0; i < n; i++) {
				w[i] = 3;
				s[i] = i < x;
			}
			double got = binomial_error_compound(w, s, n), want = binomial_error((double)x, (double)n) / (double)n;
			assert_true(fabs(got - want) < 1e-14);
		}
}

static void test_compound(void **state)
{
	(void)state;
	/* By hand: 4 items of weight 1, 2 of weight 2, and one of weight 5 that borrows the variance of all. */
	const double w[] = {1, 5, 1, 2, 1, 2, 1}, s[] = {1, 0.6, 0, 1, 1, 0.25, 0.5};
	near(binomial_error_compound(w, s, 7), 0.20648304861663244, 1e-14);
	/* Doubling all weights changes nothing. */
	const double twice[] = {2, 10, 2, 4, 2, 4, 2};
	near(binomial_error_compound(twice, s, 7), 0.20648304861663244, 1e-14);
	assert_true(binomial_error_compound(w, s, 1) == 0 && binomial_error_compound(w, s, 0) == 0);
	const double zero[] = {0, 0, 0};
	assert_true(binomial_error_compound(zero, s, 3) == 0); /* no weight at all: no NaN */
}

static void test_beta(void **state)
{
	(void)state;
	static const double rows[][4] = {
	    {0.5, 0.5, 0.5, 0.5},
	    {0.1, 2, 3, 0.052300000000000005},
	    {0.9, 2, 3, 0.9963},
	    {0.72, 36.5, 14.5, 0.50931607104925022},
	    {0.7, 45.5, 15.5, 0.20059447820924498},
	    {0.01, 0.5, 60.5, 0.7288816845164206},
	    {0.999, 60.5, 0.5, 0.72842643461384022},
	    {0.3, 300.5, 700.5, 0.49816370676489746},
	    {0.31, 300.5, 700.5, 0.75219369065613177},
	    {0.5, 1000.5, 1000.5, 0.5},
	    {1e-10, 3, 4, 1.9999999995500002e-29},
	    {0.66, 12.5, 5.5, 0.3543978394454947},
	    {0.7, 1000.5, 500.5, 0.99738783151274892},
	    {0.6666, 10000.5, 5000.5, 0.4934744057822876},
	    {0.25, 1, 1, 0.25},
	    {0.2, 0.5, 8, 0.93722803648539666},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		near(beta_cdf(rows[i][0], rows[i][1], rows[i][2]), rows[i][3], 1e-10);
	assert_true(beta_cdf(0, 2, 3) == 0 && beta_cdf(1, 2, 3) == 1 && beta_cdf(-1, 2, 3) == 0 && beta_cdf(2, 2, 3) == 1 &&
	            beta_cdf(NAN, 2, 3) == 0);
	for (double x = 0.01; x < 1; x += 0.01) /* I_x(a, b) = 1 - I_1-x(b, a), and it grows */
		for (double a = 0.5; a < 40; a *= 3) {
			assert_true(fabs(beta_cdf(x, a, 7.5) + beta_cdf(1 - x, 7.5, a) - 1) < 1e-12);
			assert_true(beta_cdf(x + 0.005, a, 7.5) >= beta_cdf(x, a, 7.5));
		}
}

static void test_pass_probability(void **state)
{
	(void)state;
	static const double rows[][4] = {
	    {36, 50, 0.72, 0.49068392895074978}, {40, 50, 0.72, 0.89919808588481393},   {30, 50, 0.72, 0.032614337003719596},
	    {50, 50, 0.72, 0.99999999087635875}, {0, 50, 0.72, 1.1217442954312247e-29}, {45, 65, 0.7, 0.43920816232594821},
	    {45.5, 65, 0.7, 0.4927426032371832}, {1, 1, 0.5, 0.81830988618379067},      {0, 0, 0.5, 0.5},
	    {12, 17, 0.66, 0.6456021605545053},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		near(binomial_pass_probability(rows[i][0], rows[i][1], rows[i][2]), rows[i][3], 1e-10);
	assert_true(binomial_pass_probability(10, 20, 0) == 1 && binomial_pass_probability(10, 20, 1) == 0);
	near(binomial_pass_probability(30, 20, 0.5), binomial_pass_probability(20, 20, 0.5), 1e-15); /* clamped */
}

/* The posterior means what it says: of candidates with a uniformly drawn true share who got 36 of 50, about so many are above the cut.
 * (Under Jeffreys' prior, drawn as sin^2.) */
static void test_posterior_by_simulation(void **state)
{
	(void)state;
	unsigned long long seed = 42;
	int got = 0, above = 0;
	for (int i = 0; i < 400000; i++) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		double u = (double)(seed >> 11) * 0x1p-53, share = pow(sin(M_PI_2 * u), 2);
		int right = 0;
		for (int k = 0; k < 20; k++) {
			seed = seed * 6364136223846793005ull + 1442695040888963407ull;
			right += (double)(seed >> 11) * 0x1p-53 < share;
		}
		if (right == 14) {
			got++;
			above += share >= 0.66;
		}
	}
	double simulated = (double)above / got, error = sqrt(simulated * (1 - simulated) / got);
	assert_true(got > 5000);
	assert_true(fabs(simulated - binomial_pass_probability(14, 20, 0.66)) < 4 * error);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lord),
	    cmocka_unit_test(test_compound_of_equal_weights_is_lord),
	    cmocka_unit_test(test_compound),
	    cmocka_unit_test(test_beta),
	    cmocka_unit_test(test_pass_probability),
	    cmocka_unit_test(test_posterior_by_simulation),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
