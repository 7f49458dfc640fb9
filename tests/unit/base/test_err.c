#include "../test.h"
#include "base/err.h"
#include <stdio.h>

static void test_fills_and_returns_false(void **state)
{
	(void)state;
	struct err err;
	assert_false(err_set(&err, ERR_NOT_FOUND, "exam '%s'", "x"));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_string_equal(err.msg, "exam 'x'");
	assert_false(err_prefix(&err, "bank %d", 7));
	assert_string_equal(err.msg, "bank 7: exam 'x'");
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_false(err_set(NULL, ERR_INVALID, "nobody listens"));
}

static void test_long_message_is_cut_between_characters(void **state)
{
	(void)state;
	char text[2000];
	for (size_t i = 0; i + 1 < sizeof text; i += 2) {
		text[i] = (char)0xc3;
		text[i + 1] = (char)0xa9;
	}
	text[sizeof text - 1] = 0;
	text[sizeof text - 2] = 0;
	struct err err;
	for (int shift = 0; shift < 2; shift++) {
		err_set(&err, ERR_INVALID, "%s%s", shift ? "x" : "", text);
		size_t len = strlen(err.msg);
		assert_true(len < sizeof err.msg);
		assert_int_equal((unsigned char)err.msg[len - 1], 0xa9);
	}
}

static void test_members_for_programs(void **state)
{
	(void)state;
	struct err err;
	err_set(&err, ERR_STALE_SEQ, "old");
	assert_string_equal(err.extra, "");
	assert_false(err_add_i64(&err, "seq", 7));
	assert_false(err_add_str(&err, "attempt", "abc"));
	assert_false(err_prefix(&err, "item"));
	assert_string_equal(err.extra, ",\"seq\":7,\"attempt\":\"abc\"");
	assert_string_equal(err.msg, "item: old");
	err_set(&err, ERR_INVALID, "another");
	assert_string_equal(err.extra, "");
	assert_false(err_add_i64(NULL, "seq", 7));
}

static void test_every_code_has_a_row_of_its_own(void **state)
{
	(void)state;
	for (int a = 0; a < ERR_COUNT; a++) {
		assert_true(strlen(err_title((enum err_code)a)) > 0);
		assert_in_range(err_exit_code((enum err_code)a), a == ERR_NONE ? 0 : 1, 3);
		assert_in_range(err_http_status((enum err_code)a), a == ERR_NONE ? 200 : 400, 503);
		for (int b = 0; b < a; b++)
			assert_string_not_equal(err_name((enum err_code)a), err_name((enum err_code)b));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fills_and_returns_false),
	    cmocka_unit_test(test_long_message_is_cut_between_characters),
	    cmocka_unit_test(test_members_for_programs),
	    cmocka_unit_test(test_every_code_has_a_row_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
