/* Diagnostics: places, carets, order, and what is printed. */
#include "../test.h"
#include "bank/diag.h"
#include "base/mem.h"

static void add(struct diags *d, struct source *s, size_t at)
{
	diags_add(d, DIAG_ERROR, "no-key", s, s->bytes.p + at, "wrong here");
}

static void test_places(void **state)
{
	(void)state;
	struct source s = {.path = "a.md", .bytes = STR("one\n\xc3\xa9t\xc3\xa9 two\r\nthree")};
	static const struct {
		size_t at;
		int line, column;
	} rows[] = {{0, 1, 1}, {2, 1, 3}, {3, 1, 4}, {4, 2, 1}, {6, 2, 2}, {10, 2, 5}, {13, 2, 8}, {15, 3, 1}, {20, 3, 6}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct diags d = {0};
		add(&d, &s, rows[i].at);
		assert_int_equal(d.list[0].line, rows[i].line);
		assert_int_equal(d.list[0].column, rows[i].column);
		diags_finish(&d);
	}
	assert_int_equal(source_line(&s, s.bytes.p + 4), 2);
	source_finish(&s);
}

static void test_print(void **state)
{
	(void)state;
	struct diags d = {0};
	struct source s = {.path = "a.md", .bytes = STR("\xc3\xa9 = x\n")};
	_cleanup_buf_ struct buf out = BUF(10000);
	add(&d, &s, 5);
	diags_help(&d, "write %d", 7);
	diags_add_place(&d, DIAG_WARNING, "similar", "b.md", 3, "two \033[31m lines");
	diags_print(&d, false, &out);
	assert_string_equal(out.p, "a.md:1:5: error[no-key]: wrong here\n     1 | \xc3\xa9 = x\n       |     ^\n       = help: write 7\n"
	                           "b.md:3: warning[similar]: two ?[31m lines\n");
	buf_clear(&out);
	diags_print(&d, true, &out);
	assert_non_null(strstr(out.p, "\033[31merror[no-key]\033[0m"));
	buf_clear(&out);
	diags_json(&d, &out);
	assert_string_equal(
	    out.p, "{\"errors\":1,\"warnings\":1,\"diagnostics\":[\n"
	           "{\"level\":\"error\",\"code\":\"no-key\",\"file\":\"a.md\",\"line\":1,\"column\":5,\"message\":\"wrong "
	           "here\",\"help\":\"write 7\"},\n"
	           "{\"level\":\"warning\",\"code\":\"similar\",\"file\":\"b.md\",\"line\":3,\"message\":\"two \\u001b[31m lines\"}]}\n");
	diags_finish(&d);
	source_finish(&s);
}

/* A long line is cut on both sides, and the caret still stands under its character. */
static void test_long_line(void **state)
{
	(void)state;
	struct diags d = {0};
	struct buf text = BUF(100000);
	for (int i = 0; i < 5000; i++)
		buf_adds(&text, "\xc3\xa9");
	text.p[5001] = 'X'; /* the 2501st character becomes two bytes of ASCII */
	text.p[5000] = 'Y';
	struct source s = {.path = "a.md", .bytes = buf_str(&text)};
	add(&d, &s, 5000);
	assert_int_equal(d.list[0].column, 2501);
	assert_true(strlen(d.list[0].source_line) < 400);
	const char *p = d.list[0].source_line;
	for (int i = 1; i < d.list[0].caret; i++)
		for (p++; ((unsigned char)*p & 0xc0) == 0x80; p++)
			;
	assert_int_equal(*p, 'Y');
	diags_finish(&d);
	source_finish(&s);
	buf_finish(&text);
}

static void test_order(void **state)
{
	(void)state;
	struct diags d = {0};
	diags_add_place(&d, DIAG_ERROR, "no-key", "b", 1, "x");
	diags_add_place(&d, DIAG_WARNING, "similar", "a", 9, "x");
	diags_add_place(&d, DIAG_ERROR, "no-key", "a", 2, "y");
	diags_add_place(&d, DIAG_ERROR, "no-key", "a", 2, "y");
	diags_add_place(&d, DIAG_ERROR, "no-box", "a", 2, "y");
	diags_sort(&d);
	assert_int_equal(d.n, 4);
	assert_int_equal(d.n_errors, 3);
	assert_string_equal(d.list[0].code, "no-box");
	assert_string_equal(d.list[1].code, "no-key");
	assert_string_equal(d.list[2].code, "similar");
	assert_string_equal(d.list[3].file, "b");
	diags_finish(&d);
}

static void test_many(void **state)
{
	(void)state;
	struct diags d = {0};
	_cleanup_buf_ struct buf out = BUF(1 << 22);
	for (int i = 0; i < DIAGS_MAX + 500; i++) {
		diags_add_place(&d, DIAG_ERROR, "no-key", "a", i + 1, "x");
		diags_help(&d, "%d", i);
	}
	assert_int_equal(d.n, DIAGS_MAX);
	assert_int_equal(d.n_errors, DIAGS_MAX + 500);
	assert_string_equal(d.list[DIAGS_MAX - 1].suggestion, "9999"); /* not overwritten by the ones that were not kept */
	diags_sort(&d);
	assert_int_equal(d.n_errors, DIAGS_MAX + 500);
	diags_print(&d, false, &out);
	assert_non_null(strstr(out.p, "only the first 10000 are listed"));
	diags_finish(&d);
}

static void test_suggestions(void **state)
{
	(void)state;
	static const char *const names[] = {"difficulty", "family", "status"};
	static const struct {
		const char *given, *help;
	} rows[] = {{"dificulty", "did you mean 'difficulty'?"},
	            {"FAMILY", "did you mean 'family'?"},
	            {"stauts", "did you mean 'status'?"},
	            {"nothing-like-it", "there are: difficulty, family, status"}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct diags d = {0};
		diags_add_place(&d, DIAG_ERROR, "unknown-field", "a", 1, "x");
		diags_did_you_mean(&d, str_of(rows[i].given), names, ARRAY_SIZE(names));
		assert_string_equal(d.list[0].suggestion, rows[i].help);
		diags_finish(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_places), cmocka_unit_test(test_print), cmocka_unit_test(test_long_line),
	    cmocka_unit_test(test_order),  cmocka_unit_test(test_many),  cmocka_unit_test(test_suggestions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
