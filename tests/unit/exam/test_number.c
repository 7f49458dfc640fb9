/* Numbers as candidates write them, units, and the ends of intervals. */
#include "kit.h"

static void test_what_is_a_number(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double v;
	} good[] = {{"0", 0},      {"-0", 0},       {"1024", 1024},  {" 3.5 ", 3.5},           {"+7", 7}, {".5", 0.5}, {"5.", 5},
	            {"1e3", 1000}, {"1E-3", 0.001}, {"1.5e+2", 150}, {"\xE2\x88\x92\x33", -3}, {"007", 7}};
	static const char *const bad[] = {"",    " ",   "1,024",          "1 024",        "1_000",    "0x10", "1e",  "e3",
	                                  "--1", "+-1", "\xE2\x88\x92-1", "\xE2\x88\x92", "1.2.3",    "inf",  "nan", "1e999",
	                                  "NaN", "1/2", "10 GiB",         "1e1.5",        "\xD9\xA1", ".",    "-",   "1\x01"};
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		double v = -1;
		if (!number_parse(good[i].text, &v) || v != good[i].v)
			fail_msg("'%s' is %g", good[i].text, v);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		double v = 0;
		if (number_parse(bad[i], &v))
			fail_msg("'%s' is taken for %g", bad[i], v);
	}
	char longest[RESPONSE_NUMBER_MAX + 2];
	double v;
	memset(longest, '1', sizeof longest);
	longest[RESPONSE_NUMBER_MAX] = 0;
	assert_true(number_parse(longest, &v));
	longest[RESPONSE_NUMBER_MAX] = '1';
	longest[RESPONSE_NUMBER_MAX + 1] = 0;
	assert_false(number_parse(longest, &v));
}

static bool matches(double lo, double hi, const char *unit, double value, const char *given)
{
	struct item_number n = {lo, hi, (char *)(uintptr_t)unit};
	struct item it = {.kind = ITEM_NUMERIC, .numbers = &n, .n_numbers = 1};
	return number_matches(&it, value, given);
}

/* Decimal ends that no double hits exactly must still count, and whole numbers must still be told apart. */
static void test_ends_of_intervals(void **state)
{
	(void)state;
	for (int center = 1; center <= 2000; center++)
		for (int width = 0; width <= 20; width++) {
			double c = center / 100.0, w = width / 1000.0, end = (10 * center + width) / 1000.0,
			       beyond = (10 * center + width + 1) / 1000.0;
			if (!matches(c - w, c + w, NULL, end, NULL) || matches(c - w, c + w, NULL, beyond, NULL))
				fail_msg("%g +- %g", c, w);
		}
	assert_true(matches(0, 0, NULL, 0, NULL));
	assert_false(matches(0, 0, NULL, 1e-300, NULL));
	assert_false(matches(1e12, 1e12, NULL, 1e12 + 1, NULL));
	assert_false(matches(1099511627776.0, 1099511627776.0, NULL, 1099511627777.0, NULL));
	assert_true(matches(-3.15, -3.13, NULL, -3.15, NULL));
	assert_false(matches(-3.15, -3.13, NULL, -3.151, NULL));
	assert_true(matches(250 - 250 * 0.02, 250 + 250 * 0.02, NULL, 245, NULL));
	assert_false(matches(250 - 250 * 0.02, 250 + 250 * 0.02, NULL, 244.999, NULL));
}

static void test_units_convert_within_their_family(void **state)
{
	(void)state;
	assert_true(matches(0.25, 0.25, "ms", 250, "ms"));
	assert_true(matches(0.25, 0.25, "ms", 0.25, "s"));
	assert_true(matches(0.25, 0.25, "ms", 250000, "us"));
	assert_true(matches(0.25, 0.25, "ms", 250e6, "ns"));
	assert_true(matches(5400, 5400, "min", 1.5, "h"));
	assert_true(matches(1e9, 1e9, "Gbit/s", 1000, "Mbit/s"));
	assert_true(matches(2.4e9, 2.4e9, "GHz", 2400, "MHz"));
	assert_true(matches(12.5, 12.5, "%", 12.5, "%"));
	assert_false(matches(1024, 1024, "KiB", 1, "kB"));
	assert_false(matches(1, 1, "s", 1, "Hz"));
	assert_false(matches(1, 1, "s", 1, NULL));
	assert_false(matches(1, 1, NULL, 1, "s"));
	/* Every pair of one family, both ways. */
	static const char *const families[][10] = {{"B", "kB", "MB", "GB", "TB", "KiB", "MiB", "GiB", "TiB"},
	                                           {"ns", "us", "ms", "s", "min", "h", "d"}};
	static const double factors[][10] = {{1, 1e3, 1e6, 1e9, 1e12, 0x1p10, 0x1p20, 0x1p30, 0x1p40}, {1e-9, 1e-6, 1e-3, 1, 60, 3600, 86400}};
	for (size_t f = 0; f < 2; f++)
		for (size_t a = 0; a < 10 && families[f][a]; a++)
			for (size_t b = 0; b < 10 && families[f][b]; b++)
				assert_true(
				    matches(7.3 * factors[f][a], 7.3 * factors[f][a], families[f][a], 7.3 * factors[f][a] / factors[f][b], families[f][b]));
}

static void test_any_of_several_answers(void **state)
{
	(void)state;
	struct item_number n[] = {{1, 1, NULL}, {3, 4, NULL}};
	struct item it = {.kind = ITEM_NUMERIC, .numbers = n, .n_numbers = 2};
	assert_true(number_matches(&it, 1, NULL) && number_matches(&it, 3.5, NULL));
	assert_false(number_matches(&it, 2, NULL));
	it.n_numbers = 0;
	assert_false(number_matches(&it, 1, NULL));
}

static void test_the_only_unit_goes_without_saying(void **state)
{
	(void)state;
	char *units[] = {S("MiB"), S("GiB")};
	struct item_number n = {5 * 0x1p20, 5 * 0x1p20, S("MiB")};
	struct item it = {.kind = ITEM_NUMERIC, .numbers = &n, .n_numbers = 1, .units = units, .n_units = 1};
	assert_true(number_matches(&it, 5, NULL));
	it.n_units = 2;
	assert_false(number_matches(&it, 5, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_is_a_number),
	    cmocka_unit_test(test_ends_of_intervals),
	    cmocka_unit_test(test_units_convert_within_their_family),
	    cmocka_unit_test(test_any_of_several_answers),
	    cmocka_unit_test(test_the_only_unit_goes_without_saying),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
