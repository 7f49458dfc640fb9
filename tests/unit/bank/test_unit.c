/* Units and their families. */
#include "../test.h"
#include "bank/unit.h"
#include "base/mem.h"
#include <math.h>

static void test_units(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		double ratio;
	} rows[] = {{"GiB", "MiB", 1024}, {"MB", "kB", 1000}, {"MiB", "kB", 1048.576},    {"h", "min", 60},     {"s", "ms", 1000},
	            {"d", "h", 24},       {"us", "ns", 1000}, {"Gbit/s", "Mbit/s", 1000}, {"GHz", "MHz", 1000}, {"%", "%", 1}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct unit *a = unit_find(str_of(rows[i].a)), *b = unit_find(str_of(rows[i].b));
		assert_non_null(a);
		assert_non_null(b);
		assert_int_equal(a->family, b->family);
		assert_true(fabs(a->factor / b->factor - rows[i].ratio) < 1e-9 * rows[i].ratio);
	}
	static const char *const unknown[] = {"", "mb", "GB ", "KB", "mbit/s", "furlong"};
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
		assert_null(unit_find(str_of(unknown[i])));
	size_t n;
	const struct unit *list = unit_list(&n);
	for (size_t i = 1; i < n; i++)
		assert_true(list[i].family == list[i - 1].family || list[i].family == list[i - 1].family + 1);
	assert_true(unit_find(STR("MiB"))->family != unit_find(STR("Mbit/s"))->family);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_units)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
