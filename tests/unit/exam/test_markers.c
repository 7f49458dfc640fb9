/* What becomes of the marks of one, two or three people: as tables. */
#include "../test.h"
#include "base/mem.h"
#include "exam/markers.h"

struct case_ {
	const char *what;
	int markers;
	int64_t tolerance_m;
	bool percent;
	int64_t max_m;
	struct given_mark given[5];
	size_t n;
	enum marked_how how;
	int64_t points_m;
	enum mark_part next;
};

#define BLIND(who, points)      \
	{                           \
		PART_BLIND, points, who \
	}
#define ONLY(who, points)      \
	{                          \
		PART_ONLY, points, who \
	}
#define THIRD(who, points)      \
	{                           \
		PART_THIRD, points, who \
	}
#define DECIDED(who, points)       \
	{                              \
		PART_DECISION, points, who \
	}

static const struct case_ cases[] = {
    {"nobody has marked", 1, 0, false, 10000, {{0}}, 0, MARKED_NOT, 0, PART_ONLY},
    {"an exam from before there were markers", 0, 0, false, 10000, {ONLY("a", 3000)}, 1, MARKED_BY_ONE, 3000, PART_ONLY},
    {"one marker", 1, 0, false, 10000, {ONLY("a", 3000)}, 1, MARKED_BY_ONE, 3000, PART_ONLY},
    {"the newest of one marker's", 1, 0, false, 10000, {ONLY("a", 3000), ONLY("b", 7000)}, 2, MARKED_BY_ONE, 7000, PART_ONLY},
    {"decided", 1, 0, false, 10000, {ONLY("a", 3000), DECIDED("c", 5000)}, 2, MARKED_BY_DECISION, 5000, PART_ONLY},
    {"nobody of two", 2, 1000, false, 10000, {{0}}, 0, MARKED_NOT, 0, PART_BLIND},
    {"one of two", 2, 1000, false, 10000, {BLIND("a", 3000)}, 1, MARKED_NOT, 0, PART_BLIND},
    {"one of two, changed", 2, 1000, false, 10000, {BLIND("a", 3000), BLIND("a", 9000)}, 2, MARKED_NOT, 0, PART_BLIND},
    {"the same person by another spelling", 2, 1000, false, 10000, {BLIND("ada", 3000), BLIND(" Ada", 3000)}, 2, MARKED_NOT, 0, PART_BLIND},
    {"two agree", 2, 0, false, 10000, {BLIND("a", 3000), BLIND("b", 3000)}, 2, MARKED_BY_TWO, 3000, PART_THIRD},
    {"two within the tolerance", 2, 1000, false, 10000, {BLIND("a", 3000), BLIND("b", 4000)}, 2, MARKED_BY_TWO, 3500, PART_THIRD},
    {"half a thousandth goes up", 2, 1000, false, 10000, {BLIND("a", 3000), BLIND("b", 3001)}, 2, MARKED_BY_TWO, 3001, PART_THIRD},
    {"a thousandth beyond", 2, 1000, false, 10000, {BLIND("a", 3000), BLIND("b", 4001)}, 2, MARKED_NOT, 0, PART_THIRD},
    {"no tolerance, a thousandth apart", 2, 0, false, 10000, {BLIND("a", 3000), BLIND("b", 3001)}, 2, MARKED_NOT, 0, PART_THIRD},
    {"ten percent of ten", 2, 10000, true, 10000, {BLIND("a", 3000), BLIND("b", 4000)}, 2, MARKED_BY_TWO, 3500, PART_THIRD},
    {"more than ten percent of ten", 2, 10000, true, 10000, {BLIND("a", 4001), BLIND("b", 3000)}, 2, MARKED_NOT, 0, PART_THIRD},
    {"ten percent of one", 2, 10000, true, 1000, {BLIND("a", 1000), BLIND("b", 900)}, 2, MARKED_BY_TWO, 950, PART_THIRD},
    {"a third of the points", 2, 33333, true, 3000, {BLIND("a", 2000), BLIND("b", 1000)}, 2, MARKED_NOT, 0, PART_THIRD},
    {"first changed theirs in time",
     2,
     0,
     false,
     10000,
     {BLIND("a", 3000), BLIND("a", 5000), BLIND("b", 5000)},
     3,
     MARKED_BY_TWO,
     5000,
     PART_THIRD},
    {"the third decides", 2, 1000, false, 10000, {BLIND("a", 0), BLIND("b", 9000), THIRD("c", 2000)}, 3, MARKED_BY_THIRD, 2000, PART_THIRD},
    {"decided after the third",
     2,
     1000,
     false,
     10000,
     {BLIND("a", 0), BLIND("b", 9000), THIRD("c", 2000), DECIDED("a", 7000)},
     4,
     MARKED_BY_DECISION,
     7000,
     PART_THIRD},
    {"the newest decision",
     2,
     1000,
     false,
     10000,
     {BLIND("a", 0), BLIND("b", 0), DECIDED("c", 2000), DECIDED("d", 7000)},
     4,
     MARKED_BY_DECISION,
     7000,
     PART_THIRD},
    {"decided before anybody", 2, 1000, false, 10000, {DECIDED("c", 2000)}, 1, MARKED_BY_DECISION, 2000, PART_BLIND},
};

static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct case_ *c = &cases[i];
		const struct blueprint bp = {.markers = c->markers, .tolerance_m = c->tolerance_m, .tolerance_percent = c->percent};
		struct agreed_mark got;
		markers_agree(&bp, c->max_m, c->given, c->n, &got);
		if (got.how != c->how || got.points_m != c->points_m || got.next != c->next)
			fail_msg("%s: %s %lld, next %d", c->what, marked_how_name(got.how), (long long)got.points_m, got.next);
	}
}

/* Which of the two came first makes no difference to the mark. */
static void test_order(void **state)
{
	(void)state;
	const struct blueprint bp = {.markers = 2, .tolerance_m = 2000};
	for (int64_t a = 0; a <= 5000; a += 250)
		for (int64_t b = 0; b <= 5000; b += 125) {
			const struct given_mark one[] = {BLIND("a", a), BLIND("b", b)}, other[] = {BLIND("b", b), BLIND("a", a)};
			struct agreed_mark x, y;
			markers_agree(&bp, 5000, one, 2, &x);
			markers_agree(&bp, 5000, other, 2, &y);
			assert_true(x.how == y.how && x.points_m == y.points_m);
			assert_true((x.how == MARKED_BY_TWO) == (llabs(a - b) <= 2000));
			if (x.how == MARKED_BY_TWO)
				assert_true(x.points_m >= (a < b ? a : b) && x.points_m <= (a > b ? a : b));
		}
}

/* A hands-on task that a person decides needs one, whatever the exam says. */
static void test_tasks(void **state)
{
	(void)state;
	const struct given_mark given[] = {ONLY("a", 700)};
	struct agreed_mark got;
	markers_agree(NULL, 1000, given, 1, &got);
	assert_true(got.how == MARKED_BY_ONE && got.points_m == 700);
	markers_agree(NULL, 1000, given, 0, &got);
	assert_true(got.how == MARKED_NOT && got.next == PART_ONLY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_order), cmocka_unit_test(test_tasks)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
