#include "../test.h"
#include "base/clock.h"

static void test_round_trip(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
	    {0, "1970-01-01T00:00:00.000Z"},  {1709164799999, "2024-02-28T23:59:59.999Z"},   {1709208000000, "2024-02-29T12:00:00.000Z"},
	    {-1, "1969-12-31T23:59:59.999Z"}, {253402300799999, "9999-12-31T23:59:59.999Z"}, {951782400000, "2000-02-29T00:00:00.000Z"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[CLOCK_RFC3339_SIZE];
		int64_t ms;
		struct err err;
		assert_string_equal(clock_rfc3339(cases[i].ms, out), cases[i].text);
		assert_true(clock_parse(out, &ms, &err));
		assert_true(ms == cases[i].ms);
	}
}

static void test_parses(void **state)
{
	(void)state;
	int64_t ms = 0;
	struct err err;
	assert_true(clock_parse("2026-11-23", &ms, &err));
	assert_true(ms == 1795392000000);
	assert_true(clock_parse("2026-11-23T01:00:00+01:00", &ms, &err));
	assert_true(ms == 1795392000000);
	assert_true(clock_parse("2026-11-23T00:00:00.5Z", &ms, &err));
	assert_true(ms == 1795392000500);
	static const char *const bad[] = {"",
	                                  "2026",
	                                  "2026-13-01",
	                                  "2026-02-29",
	                                  "2026-04-31",
	                                  "2026-11-23T",
	                                  "2026-11-23T25:00:00Z",
	                                  "2026-11-23T00:00:00",
	                                  "2026-11-23T00:00:00.Z",
	                                  "2026-11-23x",
	                                  "2026-11-23T00:00:00+1:00",
	                                  "0001-01-01T00:00:00+00:01", /* the year before, and cannot be written again */
	                                  "9999-12-31T23:59:59-00:01"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (clock_parse(bad[i], &ms, &err))
			fail_msg("accepted: %s", bad[i]);
}

static void test_parses_strictly(void **state)
{
	(void)state;
	int64_t ms = 0;
	struct err err;
	assert_true(clock_parse_rfc3339("2026-11-23t00:00:00.123456789z", &ms, &err));
	assert_true(ms == 1795392000123);
	static const char *const bad[] = {"2026-11-23", "2026-11-23 00:00:00Z", "2026-11-23T00:00:60Z", "2026-11-23T00:00:00.1234567890Z",
	                                  "2026-11-23T00:00:00"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (clock_parse_rfc3339(bad[i], &ms, &err))
			fail_msg("accepted: %s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_round_trip), cmocka_unit_test(test_parses),
	                                   cmocka_unit_test(test_parses_strictly)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
