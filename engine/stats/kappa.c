/* Do two markers agree? See kappa.h.
 *
 * Cohen, J. (1960), "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20, 37-46; Cohen, J. (1968),
 * "Weighted kappa", Psychological Bulletin 70, 213-220. The standard error is that of Fleiss, J. L., Cohen, J. and Everitt, B. S. (1969),
 * "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin 72, 323-327, their formula for kappa other than 0. */
#include "stats/kappa.h"
#include "base/mem.h"
#include <math.h>

static double weight(const double *weights, size_t k, size_t i, size_t j)
{
	return weights ? weights[i * k + j] : i == j;
}

/* The shares of each row and column, and the weights' means over the other marker's shares. */
struct margins {
	double *row, *column, *row_weight, *column_weight;
};

static void margins_of(const double *counts, const double *weights, size_t k, double n, struct margins *m)
{
	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < k; j++) {
			m->row[i] += counts[i * k + j] / n;
			m->column[j] += counts[i * k + j] / n;
		}
	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < k; j++) {
			m->row_weight[i] += m->column[j] * weight(weights, k, i, j);
			m->column_weight[j] += m->row[i] * weight(weights, k, i, j);
		}
}

static double error_of(const double *counts, const double *weights, size_t k, const struct margins *m, const struct kappa *kappa)
{
	double po = kappa->observed, pe = kappa->expected, sum = 0, middle = po * pe - 2 * pe + po;
	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < k; j++) {
			double term = weight(weights, k, i, j) * (1 - pe) - (m->row_weight[i] + m->column_weight[j]) * (1 - po);
			sum += counts[i * k + j] / kappa->n * term * term;
		}
	double variance = (sum - middle * middle) / kappa->n;
	return variance > 1e-15 ? sqrt(variance) / ((1 - pe) * (1 - pe)) : 0;
}

void kappa_of(const double *counts, const double *weights, size_t k, struct kappa *ret)
{
	*ret = (struct kappa){0};
	for (size_t i = 0; i < k * k; i++)
		ret->n += counts[i];
	if (ret->n <= 0)
		return;
	double *room = xcalloc(4 * k, sizeof *room);
	struct margins m = {room, room + k, room + 2 * k, room + 3 * k};
	margins_of(counts, weights, k, ret->n, &m);
	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < k; j++) {
			ret->observed += weight(weights, k, i, j) * counts[i * k + j] / ret->n;
			ret->expected += weight(weights, k, i, j) * m.row[i] * m.column[j];
		}
	ret->defined = 1 - ret->expected > 1e-12;
	if (ret->defined) {
		ret->value = (ret->observed - ret->expected) / (1 - ret->expected);
		ret->error = error_of(counts, weights, k, &m, ret);
	}
	free(room);
}

void kappa_quadratic(const double *values, size_t k, double *ret_weights)
{
	double low = k ? values[0] : 0, high = low;
	for (size_t i = 1; i < k; i++) {
		low = fmin(low, values[i]);
		high = fmax(high, values[i]);
	}
	for (size_t i = 0; i < k; i++)
		for (size_t j = 0; j < k; j++) {
			double apart = high > low ? (values[i] - values[j]) / (high - low) : 0;
			ret_weights[i * k + j] = 1 - apart * apart;
		}
}
