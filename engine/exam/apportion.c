/* How many items each domain gives: weights, ranges and rests become whole numbers.
 *
 * Shares first: fixed weights as they are; ranges all at the same point between their ends, so that the sum is 1 (in the middle when
 * a rest takes the difference); rests share what is left in proportion to what they have. Shares that do not sum to 1 are scaled. Then
 * Hamilton's method of the largest remainder. Last, what a range or a rest cannot give is moved to others that can. */
#include "exam/internal.h"
#include <assert.h>
#include <math.h>

#define EPS 1e-9

static void sum_bounds(const struct quota *q, size_t n, double *ret_lo, double *ret_hi, size_t *ret_rests, double *ret_rest_available)
{
	*ret_lo = *ret_hi = *ret_rest_available = 0;
	*ret_rests = 0;
	for (size_t i = 0; i < n; i++) {
		if (q[i].rest) {
			++*ret_rests;
			*ret_rest_available += q[i].available;
		} else {
			*ret_lo += q[i].lo;
			*ret_hi += q[i].hi;
		}
	}
}

static void shares(const struct quota *q, size_t n, double *share)
{
	double lo, hi, rest_available, sum = 0;
	size_t rests;
	sum_bounds(q, n, &lo, &hi, &rests, &rest_available);
	double at = rests ? 0.5 : 1; /* where in their ranges all ranges stand */
	if (hi > lo && lo + at * (hi - lo) > 1)
		at = fmax(0, (1 - lo) / (hi - lo));
	double left = fmax(0, 1 - lo - at * (hi - lo));
	for (size_t i = 0; i < n; i++) {
		if (!q[i].rest)
			share[i] = q[i].lo + at * (q[i].hi - q[i].lo);
		else
			share[i] = rest_available > 0 ? left * q[i].available / rest_available : left / (double)rests;
		sum += share[i];
	}
	for (size_t i = 0; i < n; i++)
		share[i] = sum > 0 ? share[i] / sum : 1.0 / (double)n;
}

static void largest_remainder(const double *share, size_t n, int total, int *counts)
{
	int given = 0;
	for (size_t i = 0; i < n; i++) {
		counts[i] = (int)floor(share[i] * total + EPS);
		given += counts[i];
	}
	for (; given < total; given++) {
		size_t best = 0;
		for (size_t i = 1; i < n; i++)
			if (share[i] * total - counts[i] > share[best] * total - counts[best] + EPS)
				best = i;
		counts[best]++;
	}
}

static int least(const struct quota *q, int total, bool soft)
{
	return soft || q->rest ? 0 : (int)ceil(q->lo * total - EPS);
}

static int bound(const struct quota *q, int total, bool soft)
{
	return soft || q->rest ? total : (int)floor(q->hi * total + EPS);
}

static int most(const struct quota *q, int total, bool soft)
{
	int b = bound(q, total, soft);
	return b < q->available ? b : q->available;
}

static bool flexible(const struct quota *q, bool soft)
{
	return soft || q->rest || q->hi > q->lo;
}

/* Of the flexible quotas with room, the one that has least for its share (Webster's method); or NONE. */
static size_t taker(const struct quota *q, size_t n, const double *share, int total, bool soft, const int *counts)
{
	size_t best = NONE;
	double least_for_share = INFINITY;
	for (size_t i = 0; i < n; i++) {
		if (!flexible(&q[i], soft) || counts[i] >= most(&q[i], total, soft))
			continue;
		double has = share[i] > 0 ? (counts[i] + 0.5) / share[i] : INFINITY;
		if (best == NONE || has < least_for_share - EPS) {
			best = i;
			least_for_share = has;
		}
	}
	return best;
}

void apportion(const struct quota *q, size_t n, int total, bool soft, int *ret_counts)
{
	assert(n > 0 && total >= 0);
	double *share = xcalloc(n, sizeof *share);
	shares(q, n, share);
	largest_remainder(share, n, total, ret_counts);
	for (size_t i = 0; i < n; i++) {
		if (!flexible(&q[i], soft))
			continue;
		int floor_i = least(&q[i], total, soft);
		while (ret_counts[i] > q[i].available && ret_counts[i] > floor_i) {
			size_t k = taker(q, n, share, total, soft, ret_counts);
			if (k == NONE)
				break;
			ret_counts[i]--;
			ret_counts[k]++;
		}
	}
	free(share);
}

/* ---- Tasks among the items ---- */

static int least_tasks(int count, int questions)
{
	return count > questions ? count - questions : 0;
}
static int most_tasks(int count, int tasks)
{
	return count < tasks ? count : tasks;
}

static uint64_t room_for_tasks(int count, int tasks, int has)
{
	int most_here = most_tasks(count, tasks);
	return most_here > has ? (uint64_t)(most_here - has) : 0;
}

/* Moves one item to a quota that has room for a question (or a task) from one that can spare it; false when there is no such pair. */
static bool move_one(const struct quota *q, size_t n, bool soft, int total, const int *questions, const int *tasks, bool more_tasks,
                     int *counts)
{
	size_t from = NONE, to = NONE;
	for (size_t i = 0; i < n; i++) {
		if (!flexible(&q[i], soft))
			continue;
		bool gives = counts[i] > least(&q[i], total, soft), takes = counts[i] < bound(&q[i], total, soft);
		if (gives && (more_tasks ? counts[i] > tasks[i] : counts[i] > questions[i]))
			from = i;
		else if (takes && (more_tasks ? counts[i] < tasks[i] : counts[i] < questions[i]))
			to = i;
	}
	if (from == NONE || to == NONE)
		return false;
	counts[from]--;
	counts[to]++;
	return true;
}

bool apportion_tasks(const struct quota *q, size_t n, bool soft, const int *questions, const int *tasks, int min, int max, int wanted,
                     struct rng *rng, int *counts, int *ret_tasks, int *ret_least, int *ret_most)
{
	int total = 0, lo = 0, hi = 0;
	for (size_t i = 0; i < n; i++)
		total += counts[i];
	for (int moves = 0; moves <= 2 * total; moves++) {
		lo = hi = 0;
		for (size_t i = 0; i < n; i++) {
			lo += least_tasks(counts[i], questions[i]);
			hi += most_tasks(counts[i], tasks[i]);
		}
		if ((lo <= max && hi >= min) || !move_one(q, n, soft, total, questions, tasks, hi < min, counts))
			break;
	}
	*ret_least = lo;
	*ret_most = hi;
	if (lo > max || hi < min)
		return false;
	lo = lo > min ? lo : min;
	hi = hi < max ? hi : max;
	int left = wanted < lo ? lo : wanted > hi ? hi : wanted;
	for (size_t i = 0; i < n; i++)
		left -= ret_tasks[i] = least_tasks(counts[i], questions[i]);
	for (; left > 0; left--) { /* each further task at random, in proportion to what a quota can still take */
		uint64_t all = 0;
		for (size_t i = 0; i < n; i++)
			all += room_for_tasks(counts[i], tasks[i], ret_tasks[i]);
		if (!all)
			break; /* some count is above what is available: the caller sees that */
		uint64_t at = rng_below(rng, all);
		size_t i = 0;
		for (; at >= room_for_tasks(counts[i], tasks[i], ret_tasks[i]); i++)
			at -= room_for_tasks(counts[i], tasks[i], ret_tasks[i]);
		ret_tasks[i]++;
	}
	return true;
}
