/* What becomes of the marks that people give. See markers.h. */
#include "exam/markers.h"
#include "base/name.h"
#include <stdlib.h>

const char *marked_how_name(enum marked_how how)
{
	static const char *const names[] = {"not", "one", "two", "third", "decision"};
	return names[how];
}

bool markers_same(const char *a, const char *b)
{
	return name_same(a, b);
}

bool markers_within(const struct blueprint *bp, int64_t max_m, int64_t a_m, int64_t b_m)
{
	int64_t apart = llabs(a_m - b_m);
	return bp->tolerance_percent ? apart * 100000 <= max_m * bp->tolerance_m : apart <= bp->tolerance_m;
}

static void agree_of_two(const struct blueprint *bp, int64_t max_m, const struct given_mark *given, size_t n, struct agreed_mark *ret)
{
	for (size_t i = 0; i < n; i++) {
		if (!ret->first || markers_same(given[i].marker, ret->first->marker))
			ret->first = &given[i];
		else if (!ret->second || markers_same(given[i].marker, ret->second->marker))
			ret->second = &given[i];
	}
	ret->next = ret->second ? PART_THIRD : PART_BLIND;
	if (!ret->second || !markers_within(bp, max_m, ret->first->points_m, ret->second->points_m))
		return;
	ret->how = MARKED_BY_TWO;
	ret->points_m = (ret->first->points_m + ret->second->points_m + 1) / 2;
}

void markers_agree(const struct blueprint *bp, int64_t max_m, const struct given_mark *given, size_t n, struct agreed_mark *ret)
{
	bool two = bp && bp->markers == 2;
	const struct given_mark *last = NULL;
	*ret = (struct agreed_mark){.next = two ? PART_BLIND : PART_ONLY};
	size_t plain = n;
	for (size_t i = 0; i < n; i++) {
		if (given[i].part < PART_THIRD)
			continue;
		last = &given[i];
		plain = plain < i ? plain : i; /* the two come before whoever decides */
	}
	if (two)
		agree_of_two(bp, max_m, given, plain, ret);
	else if (n)
		last = &given[n - 1];
	if (!last)
		return;
	ret->how = last->part == PART_DECISION ? MARKED_BY_DECISION : last->part == PART_THIRD ? MARKED_BY_THIRD : MARKED_BY_ONE;
	ret->points_m = last->points_m;
	if (!two)
		ret->first = last;
}
