#include "../test.h"
#include "base/json.h"

static void test_refuses_what_is_not_strict(void **state)
{
	(void)state;
	static const char *const bad[] = {"",
	                                  "{",
	                                  "{\"a\":1,\"a\":2}",
	                                  "{\"b\":{\"a\":1,\"c\":2,\"a\":2}}",
	                                  "[1] x",
	                                  "nul",
	                                  "\"a\\u0000b\"",
	                                  "\"a\\uZZZZb\"", /* cJSON ends the string there */
	                                  "\"a\\u12\"",
	                                  "\"a\\x41\"",
	                                  "{\"a\\uGGGG\":1}",
	                                  "[1,\f2]", /* cJSON skips every control character */
	                                  "\x01{}",
	                                  "{}\v",
	                                  "\"a\nb\"",
	                                  "\xff",
	                                  "1e999",
	                                  "{\"a\" 1}",
	                                  "[1,]",
	                                  "'a'",
	                                  "01",
	                                  "[-]",
	                                  "[1.]",
	                                  "[.5]",
	                                  "[1e]",
	                                  "[1e+]",
	                                  "[-01]",
	                                  "[1.2.3]",
	                                  "[1-2]",
	                                  "\xEF\xBB\xBF[1]"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err err;
		cJSON *v = NULL;
		if (json_parse(str_of(bad[i]), &v, &err))
			fail_msg("accepted: %s", bad[i]);
		assert_int_equal(err.code, ERR_INVALID);
		assert_null(v);
	}
}

static void test_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double value;
	} good[] = {{"0", 0}, {"-0", 0}, {"10", 10}, {"-1.50", -1.5}, {"2e3", 2000}, {"2E-1", 0.2}, {"0.5e+1", 5}};
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		struct err err;
		_cleanup_json_ cJSON *v = NULL;
		if (!json_parse(str_of(good[i].text), &v, &err))
			fail_msg("refused: %s: %s", good[i].text, err.msg);
		assert_true(v->valuedouble == good[i].value);
	}
}

static void test_depth(void **state)
{
	(void)state;
	struct err err;
	for (int depth = 60; depth <= 100000; depth = depth == 60 ? 65 : depth * 40) {
		_cleanup_buf_ struct buf b = BUF(1 << 20);
		for (int i = 0; i < depth; i++)
			buf_addc(&b, '[');
		for (int i = 0; i < depth; i++)
			buf_addc(&b, ']');
		_cleanup_json_ cJSON *v = NULL;
		assert_int_equal(json_parse(buf_str(&b), &v, &err), depth <= 64);
	}
}

static void test_getters(void **state)
{
	(void)state;
	struct err err = {0};
	_cleanup_json_ cJSON *v = NULL;
	assert_true(json_parse(STR("{\"s\":\"text\",\"n\":5,\"f\":1.5,\"b\":true,\"z\":null,\"a\":[1,2,3],\"o\":{}}"), &v, &err));
	const char *s = NULL;
	int64_t n = 0;
	double f = 0;
	bool b = false;
	const cJSON *child;
	assert_true(json_get_str(v, "", "s", 10, &s, &err));
	assert_string_equal(s, "text");
	assert_false(json_get_str(v, "x", "s", 3, &s, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_false(json_get_str(v, "x", "missing", 3, &s, &err));
	assert_string_equal(err.msg, "x.missing is missing");
	assert_true(json_get_i64(v, "", "n", 0, 9, &n, &err));
	assert_int_equal(n, 5);
	assert_false(json_get_i64(v, "", "n", 6, 9, &n, &err));
	assert_false(json_get_i64(v, "", "f", 0, 9, &n, &err));
	assert_false(json_get_i64(v, "", "z", 0, 9, &n, &err));
	assert_true(json_opt_i64(v, "", "z", 0, 9, &n, &err));
	assert_true(json_opt_double(v, "", "f", 0, 9, &f, &err));
	assert_true(f == 1.5);
	assert_true(json_opt_bool(v, "", "b", &b, &err));
	assert_true(b);
	assert_false(json_opt_bool(v, "", "n", &b, &err));
	assert_false(json_get_array(v, "", "a", 2, &child, &err));
	assert_true(json_get_array(v, "", "a", 3, &child, &err));
	assert_true(json_get_object(v, "", "o", &child, &err));
	assert_false(json_get_object(v, "", "a", &child, &err));
	const char *const keys[] = {"s", "n", NULL};
	assert_false(json_only_keys(v, "body", keys, &err));
	assert_string_equal(err.msg, "body.f is not known here");
}

/* Of a tree that is our own: what is missing or of another kind is nothing. */
static void test_members(void **state)
{
	(void)state;
	_cleanup_json_ cJSON *v = NULL;
	struct err err = {0};
	assert_true(json_parse(STR("{\"s\":\"text\",\"n\":5,\"f\":1.5,\"far\":1e300,\"a\":[7],\"o\":{\"n\":-2}}"), &v, &err));
	assert_string_equal(json_text(v, "s"), "text");
	assert_string_equal(json_text(v, "n"), "");
	assert_int_equal(json_count(v, "n"), 5);
	assert_int_equal(json_count(json_member(v, "o"), "n"), -2);
	static const char *const none[] = {"s", "f", "far", "a", "o", "z"};
	for (size_t i = 0; i < ARRAY_SIZE(none); i++)
		assert_int_equal(json_count(v, none[i]), 0);
	assert_null(json_member(v, "z"));
	assert_null(json_member(json_member(v, "z"), "z"));
	assert_null(json_member(json_member(v, "a"), "n"));
	assert_int_equal(json_count(NULL, "n"), 0);
}

/* A list has members, too, but they have no names. */
static void test_keys_of_a_list(void **state)
{
	(void)state;
	static const char *const keys[] = {"a", NULL}, *const texts[] = {"[[]]", "[\"f\"]", "[]", "1", "null"};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_json_ cJSON *v = NULL;
		struct err err = {0};
		assert_true(json_parse(str_of(texts[i]), &v, &err));
		assert_false(json_only_keys(v, "release", keys, &err));
		assert_string_equal(err.msg, "release must be an object");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_refuses_what_is_not_strict),
	                                   cmocka_unit_test(test_numbers),
	                                   cmocka_unit_test(test_depth),
	                                   cmocka_unit_test(test_getters),
	                                   cmocka_unit_test(test_members),
	                                   cmocka_unit_test(test_keys_of_a_list)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
