/* How sure is a score from one attempt? Lord's binomial error model, and the Beta posterior of the true share. */
#pragma once
#include <stddef.h>

/* Standard error of a number-right score x of n items, in items: sqrt(x (n - x) / (n - 1)). 0 for n < 2. Lord (1955, 1957). */
double binomial_error(double x, double n);
/* Standard error of the share earned over items with weights w[i] and shares s[i] (0 to 1): the compound binomial model,
 * strata by weight; partial credit through its observed variance within a stratum. Result as a share, 0 to 1. */
double binomial_error_compound(const double *w, const double *s, size_t n);
/* P(true share >= cut) for x of n under the Beta(x + 1/2, n - x + 1/2) posterior (Jeffreys). cut in 0 to 1. */
double binomial_pass_probability(double x, double n, double cut);
/* Regularised incomplete beta function I_x(a, b), relative error below 1e-10. */
double beta_cdf(double x, double a, double b);
