/* How sure is a score from one attempt? See binomial.h.
 *
 * Lord, F. M. (1955), "Estimating test reliability", Educational and Psychological Measurement 15, 325-336; Lord, F. M. (1957), "Do tests
 * of the same length have the same standard error of measurement?", EPM 17, 510-521; Lord and Novick (1968), "Statistical Theories of
 * Mental Test Scores", chapter 23, for the compound model. For a stratum of n items marked 0 or 1, n times the sample variance of the marks
 * is x (n - x) / (n - 1): Lord's formula. So the compound form below is a sum of n_h w_h^2 s_h^2 over strata of equal weight, and takes
 * partial credit as it comes. */
#include "stats/binomial.h"
#include "base/mem.h"
#include <math.h>
#include <stdlib.h>

double binomial_error(double x, double n)
{
	if (n < 2)
		return 0;
	x = fmin(fmax(x, 0), n);
	return sqrt(x * (n - x) / (n - 1));
}

struct weighted {
	double w, s;
};

static int compare_weights(const void *a, const void *b)
{
	const struct weighted *x = a, *y = b;
	return (x->w > y->w) - (x->w < y->w);
}

static double sample_variance(const struct weighted *v, size_t n)
{
	double mean = 0, sum = 0;
	if (n < 2)
		return 0;
	for (size_t i = 0; i < n; i++)
		mean += v[i].s / (double)n;
	for (size_t i = 0; i < n; i++)
		sum += (v[i].s - mean) * (v[i].s - mean);
	return sum / (double)(n - 1);
}

double binomial_error_compound(const double *w, const double *s, size_t n)
{
	double weight = 0, variance = 0;
	if (n < 2)
		return 0;
	struct weighted *v = xcalloc(n, sizeof *v);
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct weighted){w[i], s[i]};
		weight += w[i];
	}
	qsort(v, n, sizeof *v, compare_weights);
	double pooled = sample_variance(v, n); /* for strata of one item, which have no variance of their own */
	for (size_t from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && v[to].w == v[from].w;)
			to++;
		double here = to - from > 1 ? sample_variance(v + from, to - from) : pooled;
		variance += (double)(to - from) * v[from].w * v[from].w * here;
	}
	free(v);
	return weight > 0 ? sqrt(variance) / weight : 0;
}

/* The continued fraction of the incomplete beta function by Lentz's method (DLMF 8.17.22); converges fast for x < (a + 1) / (a + b + 2). */
static double beta_fraction(double x, double a, double b)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1);
	d = 1 / (fabs(d) < tiny ? tiny : d);
	double f = d;
	for (int m = 1; m < 100000; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		f *= d * c;
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		double step = d * c;
		f *= step;
		if (fabs(step - 1) < 1e-15)
			break;
	}
	return f;
}

static double log_gamma(double v)
{
	int sign;
	return lgamma_r(v, &sign); /* lgamma() writes to a global */
}

double beta_cdf(double x, double a, double b)
{
	if (!(x > 0))
		return 0;
	if (x >= 1)
		return 1;
	double front = exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log1p(-x));
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(x, a, b) / a;
	return 1 - front * beta_fraction(1 - x, b, a) / b;
}

double binomial_pass_probability(double x, double n, double cut)
{
	x = fmin(fmax(x, 0), n);
	if (cut <= 0)
		return 1;
	if (cut >= 1)
		return 0;
	return beta_cdf(1 - cut, n - x + 0.5, x + 0.5); /* the upper tail itself: no cancellation */
}
