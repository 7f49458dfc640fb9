/* Cohen's kappa: worked examples from the literature, and two oracles that share nothing with it: agreement counted answer by answer, and
 * the standard error by the delta method with numeric derivatives. */
#include "../test.h"
#include "base/mem.h"
#include "base/rng.h"
#include "stats/kappa.h"
#include <math.h>

static void near(double got, double want, double apart)
{
	if (!(fabs(got - want) <= apart))
		fail_msg("%.10g, not %.10g", got, want);
}

/* Fleiss, Levin and Paik (2003), "Statistical Methods for Rates and Proportions", chapter 18: 100 diagnoses, psychosis, neurosis, organic.
 * Agreement .89 against .66 by chance; kappa .68, standard error .087. */
static void test_fleiss(void **state)
{
	(void)state;
	static const double counts[] = {75, 1, 4, 5, 4, 1, 0, 0, 10};
	struct kappa k;
	kappa_of(counts, NULL, 3, &k);
	near(k.n, 100, 0);
	near(k.observed, .89, 1e-12);
	near(k.expected, .66, 1e-12);
	near(k.value, .23 / .34, 1e-12);
	near(k.error, .0877, 5e-5);
}

/* Cohen (1968), table 1: 200 diagnoses by two judges, disagreements weighed 1, 3 and 6. Kappa .492, weighted .348. */
static void test_cohen(void **state)
{
	(void)state;
	static const double counts[] = {88, 14, 18, 10, 40, 10, 2, 6, 12};
	static const double weights[] = {1, 1 - 1 / 6., 1 - 3 / 6., 1 - 1 / 6., 1, 0, 1 - 3 / 6., 0, 1};
	struct kappa plain, weighted;
	kappa_of(counts, NULL, 3, &plain);
	kappa_of(counts, weights, 3, &weighted);
	near(plain.value, .492, 5e-4);
	near(weighted.value, .348, 5e-4);
}

/* The skin condition study in the manual of SAS's FREQ procedure: two dermatologists, 88 patients. Kappa .3449, standard error .0724. */
static void test_skin(void **state)
{
	(void)state;
	static const double counts[] = {10, 4, 1, 0, 5, 10, 12, 2, 2, 4, 12, 5, 0, 2, 6, 13};
	struct kappa k;
	kappa_of(counts, NULL, 4, &k);
	near(k.value, .3449, 5e-5);
	near(k.error, .0724, 5e-5);
}

/* ---- Oracles ---- */

#define K 5

/* Every answer by itself, and every pair of answers for what chance gives: no table of shares anywhere. */
static double by_answers(const int *a, const int *b, size_t n, const double *weights)
{
	double observed = 0, expected = 0;
	for (size_t i = 0; i < n; i++)
		observed += weights ? weights[a[i] * K + b[i]] : a[i] == b[i];
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			expected += weights ? weights[a[i] * K + b[j]] : a[i] == b[j];
	observed /= (double)n;
	expected /= (double)n * (double)n;
	return (observed - expected) / (1 - expected);
}

/* sqrt((sum p g^2 - (sum p g)^2) / n), where g is the derivative of kappa by each cell's share. */
static double by_derivatives(const double *counts, const double *weights, double n)
{
	double mean = 0, square = 0;
	for (size_t c = 0; c < K * K; c++) {
		double moved[K * K], step = 1e-4 * n, p = counts[c] / n;
		struct kappa up, down;
		memcpy(moved, counts, sizeof moved);
		moved[c] = counts[c] + step; /* kappa takes shares of the whole: homogeneous, so the sum may change */
		kappa_of(moved, weights, K, &up);
		moved[c] = counts[c] - step;
		kappa_of(moved, weights, K, &down);
		double g = (up.value - down.value) / (2 * step / n);
		mean += p * g;
		square += p * g * g;
	}
	return sqrt(fmax(0, square - mean * mean) / n);
}

static void test_oracles(void **state)
{
	(void)state;
	static const double values[K] = {0, 1, 2.5, 4, 10};
	double weights[K * K];
	struct rng rng;
	unsigned char seed[RNG_SEED_SIZE] = {7};
	rng_init(&rng, seed, "kappa");
	kappa_quadratic(values, K, weights);
	for (int round = 0; round < 300; round++) {
		int a[120], b[120];
		size_t n = 20 + (size_t)rng_below(&rng, 100);
		double counts[K * K] = {0};
		for (size_t i = 0; i < n; i++) {
			a[i] = (int)rng_below(&rng, K);
			b[i] = rng_below(&rng, 3) ? a[i] : (int)rng_below(&rng, K);
			counts[a[i] * K + b[i]]++;
		}
		for (int weighted = 0; weighted < 2; weighted++) {
			const double *w = weighted ? weights : NULL;
			struct kappa k;
			kappa_of(counts, w, K, &k);
			assert_true(k.defined);
			near(k.value, by_answers(a, b, n, w), 1e-12);
			near(k.error, by_derivatives(counts, w, (double)n), 1e-5);
		}
	}
}

/* Quadratic weights on equal steps: for the same margins, kappa is the intraclass correlation (Fleiss and Cohen 1973); and it does not
 * depend on the unit. */
static void test_quadratic(void **state)
{
	(void)state;
	static const double counts[] = {4, 1, 0, 1, 3, 1, 0, 1, 4}, points[] = {0, 1, 2}, percents[] = {0, 50, 100}, one[] = {3};
	double w[9], v[9];
	struct kappa k, other;
	kappa_quadratic(points, 3, w);
	kappa_quadratic(percents, 3, v);
	assert_true(w[0] == 1 && w[1] == .75 && w[2] == 0 && w[3] == .75);
	kappa_of(counts, w, 3, &k);
	kappa_of(counts, v, 3, &other);
	near(k.value, other.value, 0);
	near(k.value, 8 / 10., 1e-12); /* covariance 8/15 over the mean of the variances, 10/15 */
	kappa_quadratic(one, 1, w);
	assert_true(w[0] == 1);
}

static void test_degenerate(void **state)
{
	(void)state;
	static const double none[4] = {0}, same[] = {5, 0, 0, 0}, perfect[] = {5, 0, 0, 3}, opposed[] = {0, 4, 4, 0}, margin[] = {5, 3, 0, 0};
	struct kappa k;
	kappa_of(none, NULL, 2, &k);
	assert_true(!k.defined && k.n == 0 && k.value == 0 && k.error == 0);
	kappa_of(NULL, NULL, 0, &k);
	assert_false(k.defined);
	kappa_of(same, NULL, 2, &k); /* both always the same mark: 0/0 */
	assert_true(!k.defined && k.observed == 1 && k.expected == 1 && k.value == 0);
	kappa_of(perfect, NULL, 2, &k);
	assert_true(k.defined && k.error == 0);
	near(k.value, 1, 1e-12);
	kappa_of(opposed, NULL, 2, &k);
	assert_true(k.defined && k.error == 0);
	near(k.value, -1, 1e-12);
	kappa_of(margin, NULL, 2, &k); /* one of them knows one mark only: no better than chance */
	assert_true(k.defined);
	near(k.value, 0, 1e-12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fleiss),  cmocka_unit_test(test_cohen),     cmocka_unit_test(test_skin),
	    cmocka_unit_test(test_oracles), cmocka_unit_test(test_quadratic), cmocka_unit_test(test_degenerate),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
