/* Regions of a picture. */
#include "kit.h"
#include <math.h>

#define INSIDE 0

static size_t at(const struct item_region *r, size_t n, double x, double y)
{
	struct item it = {.image_w = 1000, .image_h = 1000, .regions = (struct item_region *)(uintptr_t)r, .n_regions = n};
	return region_at(&it, x, y);
}

static void test_edges_belong(void **state)
{
	(void)state;
	static const struct item_region rect = {.shape = REGION_RECT, .at = {10, 20, 30, 40}, .n_at = 4};
	static const struct item_region turned = {.shape = REGION_RECT, .at = {30, 40, 10, 20}, .n_at = 4};
	static const struct item_region circle = {.shape = REGION_CIRCLE, .at = {50, 50, 5}, .n_at = 3};
	static const struct item_region triangle = {.shape = REGION_POLY, .at = {0, 0, 40, 0, 20, 30}, .n_at = 6};
	static const struct item_region l_shape = {.shape = REGION_POLY, .at = {0, 0, 10, 0, 10, 20, 30, 20, 30, 30, 0, 30}, .n_at = 12};
	static const struct {
		const struct item_region *r;
		int x, y;
		bool in;
	} rows[] = {{&rect, 10, 20, true},      {&rect, 30, 40, true},     {&rect, 20, 40, true},     {&rect, 9, 30, false},
	            {&rect, 31, 30, false},     {&rect, 20, 41, false},    {&turned, 10, 20, true},   {&turned, 20, 30, true},
	            {&turned, 31, 30, false},   {&circle, 55, 50, true},   {&circle, 53, 54, true},   {&circle, 54, 54, false},
	            {&circle, 56, 50, false},   {&triangle, 0, 0, true},   {&triangle, 20, 0, true},  {&triangle, 20, 30, true},
	            {&triangle, 10, 15, true},  {&triangle, 20, 15, true}, {&triangle, 9, 15, false}, {&triangle, 31, 15, false},
	            {&triangle, 20, 31, false}, {&l_shape, 5, 5, true},    {&l_shape, 20, 10, false}, {&l_shape, 10, 10, true},
	            {&l_shape, 20, 20, true},   {&l_shape, 25, 25, true},  {&l_shape, 30, 20, true},  {&l_shape, 11, 19, false},
	            {&l_shape, 0, 30, true}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if ((at(rows[i].r, 1, rows[i].x, rows[i].y) == INSIDE) != rows[i].in)
			fail_msg("row %zu", i);
}

/* The polygon test against an independent one: a point is in a convex polygon when it is on one side of all edges. */
static void test_convex_polygons(void **state)
{
	(void)state;
	static const struct item_region r = {.shape = REGION_POLY, .at = {10, 0, 30, 5, 40, 20, 25, 40, 5, 25}, .n_at = 10};
	for (int x = -1; x < 45; x++)
		for (int y = -1; y < 45; y++) {
			bool in = true;
			for (int i = 0; i < 5; i++) {
				const int *a = &r.at[2 * i], *b = &r.at[2 * ((i + 1) % 5)];
				in = in && (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]) >= 0;
			}
			assert_int_equal(at(&r, 1, x, y) == INSIDE, in);
		}
}

static void test_smallest_wins_then_first(void **state)
{
	(void)state;
	static const struct item_region r[] = {{.shape = REGION_RECT, .at = {0, 0, 100, 100}, .n_at = 4},
	                                       {.shape = REGION_RECT, .at = {10, 10, 20, 20}, .n_at = 4},
	                                       {.shape = REGION_RECT, .at = {20, 10, 30, 20}, .n_at = 4}};
	assert_int_equal(at(r, 3, 50, 50), 0);
	assert_int_equal(at(r, 3, 15, 15), 1);
	assert_int_equal(at(r, 3, 20, 15), 1); /* on the common edge of two equals */
	assert_int_equal(at(r, 3, 25, 15), 2);
	assert_int_equal(at(r, 3, 500, 500), NONE);
}

static void test_areas_of_all_shapes(void **state)
{
	(void)state;
	const struct item_region wide = {.shape = REGION_RECT, .at = {100, 200, 110, 210}, .n_at = 4};               /* 100 */
	const struct item_region disc = {.shape = REGION_CIRCLE, .at = {105, 205, 5}, .n_at = 3};                    /* 78.5 */
	const struct item_region square = {.shape = REGION_RECT, .at = {101, 201, 109, 209}, .n_at = 4};             /* 64 */
	const struct item_region triangle = {.shape = REGION_POLY, .at = {100, 200, 112, 200, 105, 210}, .n_at = 6}; /* 60 */
	const struct item_region turned = {.shape = REGION_POLY, .at = {105, 210, 111, 200, 100, 200}, .n_at = 6}; /* 55, the other way round */
	const struct item_region order[] = {turned, triangle, square, disc, wide}; /* by size: each beats all after it, whichever comes first */
	for (size_t a = 0; a < ARRAY_SIZE(order); a++)
		for (size_t b = a + 1; b < ARRAY_SIZE(order); b++) {
			const struct item_region one[] = {order[a], order[b]}, other[] = {order[b], order[a]};
			assert_int_equal(at(one, 2, 105, 204), 0);
			assert_int_equal(at(other, 2, 105, 204), 1);
		}
}

static void expect_centre(const struct item_region *r, size_t n, int x, int y, double within)
{
	struct item it = {.image_w = 1000, .image_h = 1000, .regions = (struct item_region *)(uintptr_t)r, .n_regions = n};
	int got_x = -1, got_y = -1;
	assert_true(region_centre(&it, 0, &got_x, &got_y));
	if (hypot(got_x - x, got_y - y) > within)
		fail_msg("%d, %d instead of %d, %d", got_x, got_y, x, y);
}

static void test_centres(void **state)
{
	(void)state;
	const struct item_region rect = {.shape = REGION_RECT, .at = {10, 20, 30, 60}, .n_at = 4},
	                         turned = {.shape = REGION_RECT, .at = {30, 60, 10, 20}, .n_at = 4};
	const struct item_region circle = {.shape = REGION_CIRCLE, .at = {350, 270, 20}, .n_at = 3},
	                         cut = {.shape = REGION_CIRCLE, .at = {990, 5, 20}, .n_at = 3};
	const struct item_region poly = {.shape = REGION_POLY, .at = {200, 300, 260, 320, 240, 400, 210, 380}, .n_at = 8};
	expect_centre(&rect, 1, 20, 40, 0);
	expect_centre(&turned, 1, 20, 40, 0);
	expect_centre(&circle, 1, 350, 270, 0);
	expect_centre(&cut, 1, 985, 12, 0); /* of the part that is in the picture: 970 to 1000, 0 to 25 */
	expect_centre(&poly, 1, 230, 350, 0);
	/* The middle is covered: as close to it as the rest allows (the grid of tries is 6 pixels wide here). */
	const struct item_region covered[] = {{.shape = REGION_RECT, .at = {100, 200, 500, 600}, .n_at = 4},
	                                      {.shape = REGION_RECT, .at = {280, 380, 320, 420}, .n_at = 4}};
	expect_centre(covered, 2, 300, 400, 27);
	const struct item_region narrow[] = {{.shape = REGION_RECT, .at = {100, 200, 120, 600}, .n_at = 4},
	                                     {.shape = REGION_RECT, .at = {50, 380, 150, 420}, .n_at = 4}};
	expect_centre(narrow, 2, 110, 400, 27);
	/* All but the last row is covered. */
	const struct item_region row[] = {{.shape = REGION_RECT, .at = {100, 200, 130, 240}, .n_at = 4},
	                                  {.shape = REGION_RECT, .at = {100, 200, 130, 239}, .n_at = 4}};
	expect_centre(row, 2, 115, 240, 0);
	const struct item_region column[] = {{.shape = REGION_RECT, .at = {100, 200, 130, 240}, .n_at = 4},
	                                     {.shape = REGION_RECT, .at = {100, 200, 129, 240}, .n_at = 4}};
	expect_centre(column, 2, 130, 220, 0);
	const struct item_region first_row[] = {{.shape = REGION_RECT, .at = {100, 200, 130, 240}, .n_at = 4},
	                                        {.shape = REGION_RECT, .at = {100, 201, 130, 240}, .n_at = 4}};
	expect_centre(first_row, 2, 115, 200, 0);
	const struct item_region first_column[] = {{.shape = REGION_RECT, .at = {100, 200, 130, 240}, .n_at = 4},
	                                           {.shape = REGION_RECT, .at = {101, 200, 130, 240}, .n_at = 4}};
	expect_centre(first_column, 2, 100, 220, 0);
}

static void test_centre_stands_for_its_region(void **state)
{
	(void)state;
	static struct item_region r[] = {
	    {.shape = REGION_RECT, .at = {0, 0, 100, 100}, .n_at = 4},
	    {.shape = REGION_RECT, .at = {40, 40, 60, 60}, .n_at = 4}, /* covers the middle of the first */
	    {.shape = REGION_POLY, .at = {200, 0, 300, 0, 300, 100, 290, 100, 290, 10, 200, 10}, .n_at = 12}, /* its middle is outside */
	    {.shape = REGION_CIRCLE, .at = {0, 500, 10}, .n_at = 3},                                          /* half outside of the picture */
	    {.shape = REGION_RECT, .at = {700, 700, 700, 700}, .n_at = 4},                                    /* one pixel */
	    {.shape = REGION_RECT, .at = {800, 800, 900, 900}, .n_at = 4},
	    {.shape = REGION_RECT, .at = {800, 800, 900, 900}, .n_at = 4}}; /* covered wholly */
	struct item it = {.image_w = 1000, .image_h = 1000, .regions = r, .n_regions = ARRAY_SIZE(r)};
	for (size_t i = 0; i + 1 < ARRAY_SIZE(r); i++) {
		int x = -1, y = -1;
		assert_true(region_centre(&it, i, &x, &y));
		assert_int_equal(region_at(&it, x, y), i);
		assert_in_range(x, 0, 1000);
		assert_in_range(y, 0, 1000);
	}
	int x, y;
	assert_false(region_centre(&it, ARRAY_SIZE(r) - 1, &x, &y));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_edges_belong),
	    cmocka_unit_test(test_convex_polygons),
	    cmocka_unit_test(test_smallest_wins_then_first),
	    cmocka_unit_test(test_areas_of_all_shapes),
	    cmocka_unit_test(test_centres),
	    cmocka_unit_test(test_centre_stands_for_its_region),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
