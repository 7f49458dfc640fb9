#include "../test.h"
#include "base/str.h"
#include <stdlib.h>

static void test_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} whole[] = {{"0", true, 0},
	             {"-1", true, -1},
	             {"9223372036854775807", true, INT64_MAX},
	             {"-9223372036854775808", true, INT64_MIN},
	             {"9223372036854775808", false, 0},
	             {"", false, 0},
	             {"-", false, 0},
	             {"1 ", false, 0},
	             {"+1", false, 0},
	             {"1x", false, 0},
	             {"0x10", false, 0}};
	for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
		int64_t v = 77;
		assert_int_equal(str_to_i64(str_of(whole[i].text), INT64_MIN, INT64_MAX, &v), whole[i].ok);
		assert_true(v == (whole[i].ok ? whole[i].value : 77));
	}
	static const struct {
		const char *text;
		bool ok;
		double value;
	} real[] = {{"3.5", true, 3.5},  {"-.5e1", true, -5}, {"+2.", true, 2}, {"1e400", false, 0}, {"nan", false, 0}, {"inf", false, 0},
	            {"0x1p3", false, 0}, {"1,5", false, 0},   {".", false, 0},  {"1e", false, 0},    {"", false, 0}};
	for (size_t i = 0; i < sizeof real / sizeof *real; i++) {
		double v = 77;
		assert_int_equal(str_to_double(str_of(real[i].text), &v), real[i].ok);
		assert_true(v == (real[i].ok ? real[i].value : 77));
	}
	int64_t v;
	assert_false(str_to_i64(STR("5"), 6, 9, &v));
}

static void test_utf8(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t len;
		bool ok;
		size_t at;
	} cases[] = {{"a\xc3\xa9", 3, true, 0},
	             {"\xf0\x9f\x98\x80", 4, true, 0},
	             {"a\xc0\xaf", 3, false, 1},
	             {"\xed\xa0\x80", 3, false, 0},
	             {"ab\xe2\x82", 4, false, 2},
	             {"\xf4\x90\x80\x80", 4, false, 0},
	             {"a\0b", 3, false, 1},
	             {"\x80", 1, false, 0},
	             {"", 0, true, 0}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t at = 0;
		assert_int_equal(str_is_utf8((struct str){cases[i].text, cases[i].len}, &at), cases[i].ok);
		assert_int_equal(at, cases[i].at);
	}
}

static void test_lines_and_fields(void **state)
{
	(void)state;
	struct str rest = STR("one\r\ntwo\n\nlast"), line;
	const char *wanted[] = {"one", "two", "", "last"};
	for (size_t i = 0; i < 4; i++) {
		assert_true(str_next_line(&rest, &line));
		assert_true(str_is(line, wanted[i]));
	}
	assert_false(str_next_line(&rest, &line));
	rest = STR("a//b/");
	const char *fields[] = {"a", "", "b", ""};
	for (size_t i = 0; i < 4; i++) {
		assert_true(str_next_field(&rest, '/', &line));
		assert_true(str_is(line, fields[i]));
	}
	assert_false(str_next_field(&rest, '/', &line));
}

static void test_slugs_and_ids(void **state)
{
	(void)state;
	static const char *const cases[][2] = {
	    {"The Sticky Bit!", "the-sticky-bit"}, {"  --  ", "x"}, {"\xc3\xa9t\xc3\xa9", "t"}, {"A  B", "a-b"}, {"", "x"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *slug = str_slug(str_of(cases[i][0]), 64);
		assert_string_equal(slug, cases[i][1]);
		assert_true(str_is_id(str_of(slug)));
		free(slug);
	}
	assert_false(str_is_id(STR("-a")));
	assert_false(str_is_id(STR("A")));
	assert_false(str_is_id(STR("")));
	assert_false(str_is_id(STR("a_b")));
}

static void test_distance(void **state)
{
	(void)state;
	assert_int_equal(str_distance(STR("kitten"), STR("sitting"), 5), 3);
	assert_int_equal(str_distance(STR("same"), STR("same"), 5), 0);
	assert_int_equal(str_distance(STR("abc"), STR("xyz"), 2), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_numbers), cmocka_unit_test(test_utf8), cmocka_unit_test(test_lines_and_fields),
	                                   cmocka_unit_test(test_slugs_and_ids), cmocka_unit_test(test_distance)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
