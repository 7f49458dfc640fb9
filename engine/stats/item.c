/* Item analysis. See item.h.
 *
 * Facility with Wilson's interval (1927), which needs no normality and stays within 0 and 1; with partial credit the variance is at most
 * that of right and wrong, so the interval is then rather too wide than too narrow. Discrimination is the corrected item-rest correlation:
 * the rest leaves the question itself out, which would otherwise correlate with itself. */
#include "stats/item.h"
#include "base/mem.h"
#include <math.h>
#include <stdlib.h>

#define Z 1.959963984540054 /* 97.5 % of the normal distribution */

static double clamp(double v, double lo, double hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

static struct item_interval wilson(double p, size_t n)
{
	if (!n)
		return (struct item_interval){0, 0, 1};
	double z2 = Z * Z / (double)n, centre = (p + z2 / 2) / (1 + z2);
	double half = Z * sqrt(p * (1 - p) / (double)n + z2 / (4 * (double)n)) / (1 + z2);
	return (struct item_interval){p, clamp(centre - half, 0, p), clamp(centre + half, p, 1)};
}

static struct item_interval fisher(double r, size_t n)
{
	if (n < 4)
		return (struct item_interval){r, -1, 1};
	double limited = clamp(r, -0.999999, 0.999999), half = Z / sqrt((double)n - 3);
	return (struct item_interval){r, clamp(tanh(atanh(limited) - half), -1, r), clamp(tanh(atanh(limited) + half), r, 1)};
}

/* False where one of the two does not vary. */
static bool correlation(const struct item_case *c, size_t n, double *ret)
{
	double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
	for (size_t i = 0; i < n; i++) {
		x += c[i].share / (double)n;
		y += c[i].rest / (double)n;
	}
	for (size_t i = 0; i < n; i++) {
		double dx = c[i].share - x, dy = c[i].rest - y;
		xx += dx * dx;
		yy += dy * dy;
		xy += dx * dy;
	}
	if (n < 3 || xx < 1e-12 || yy < 1e-12)
		return false;
	*ret = clamp(xy / sqrt(xx * yy), -1, 1);
	return true;
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* How many of the sorted values are below v, and how many are not above it. */
static void places(const double *sorted, size_t n, double v, size_t *ret_below, size_t *ret_upto)
{
	size_t below = 0, upto = 0;
	for (size_t lo = 0, hi = n; lo < hi;) {
		size_t mid = lo + (hi - lo) / 2;
		if (sorted[mid] < v)
			below = lo = mid + 1;
		else
			hi = mid;
	}
	upto = below;
	for (size_t lo = below, hi = n; lo < hi;) {
		size_t mid = lo + (hi - lo) / 2;
		if (sorted[mid] <= v)
			upto = lo = mid + 1;
		else
			hi = mid;
	}
	*ret_below = below;
	*ret_upto = upto;
}

void item_groups(struct item_case *cases, size_t n)
{
	double *sorted = xcalloc(n + 1, sizeof *sorted);
	for (size_t i = 0; i < n; i++)
		sorted[i] = cases[i].rest;
	qsort(sorted, n, sizeof *sorted, by_number);
	for (size_t i = 0; i < n; i++) {
		size_t below, upto;
		places(sorted, n, cases[i].rest, &below, &upto);
		size_t middle = (below + upto - 1) / 2; /* of those that are equal */
		cases[i].group = (int)(middle * ITEM_GROUPS / n);
	}
	free(sorted);
}

static int64_t median_time(const struct item_case *cases, size_t n)
{
	double *times = xcalloc(n + 1, sizeof *times);
	size_t known = 0;
	for (size_t i = 0; i < n; i++)
		if (cases[i].spent_ms > 0)
			times[known++] = (double)cases[i].spent_ms;
	qsort(times, known, sizeof *times, by_number);
	double median = !known ? -1 : known % 2 ? times[known / 2] : (times[known / 2 - 1] + times[known / 2]) / 2;
	free(times);
	return (int64_t)llround(median);
}

void item_figures(struct item_case *cases, size_t n, struct item_figures *ret)
{
	struct item_figures f = {.n = n};
	double sum = 0, r = 0;
	size_t flagged = 0;
	item_groups(cases, n);
	for (size_t i = 0; i < n; i++) {
		sum += cases[i].share;
		flagged += cases[i].flagged;
		f.group_n[cases[i].group]++;
		f.group_mean[cases[i].group] += cases[i].share;
	}
	for (int g = 0; g < ITEM_GROUPS; g++)
		f.group_mean[g] = f.group_n[g] ? f.group_mean[g] / (double)f.group_n[g] : 0;
	f.facility = wilson(n ? sum / (double)n : 0, n);
	f.discriminates = correlation(cases, n, &r);
	f.discrimination = f.discriminates ? fisher(r, n) : (struct item_interval){0, -1, 1};
	f.flagged = n ? (double)flagged / (double)n : 0;
	f.median_ms = median_time(cases, n);
	*ret = f;
}
