#include "../test.h"
#include "base/buf.h"
#include <stdlib.h>
#include <unistd.h>

static void test_ceiling_is_sticky(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf b = BUF(5);
	struct err err;
	buf_adds(&b, "abc");
	buf_adds(&b, "def"); /* above: nothing of it is kept */
	buf_adds(&b, "g");
	assert_true(b.overflow);
	assert_string_equal(b.p, "abc");
	assert_false(buf_check(&b, "the thing", &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	buf_clear(&b);
	buf_adds(&b, "fives");
	assert_true(buf_check(&b, "the thing", &err));
	assert_int_equal(b.len, 5);
}

static void test_escapes(void **state)
{
	(void)state;
	static const struct {
		const char *in, *html, *json;
	} cases[] = {
	    {"plain", "plain", "\"plain\""},
	    {"<a href=\"x\">&'", "&lt;a href=&quot;x&quot;&gt;&amp;&#39;", "\"<a href=\\\"x\\\">&'\""},
	    {"a\n\t\x01\x1f\\", "a\n\t\x01\x1f\\", "\"a\\n\\t\\u0001\\u001f\\\\\""},
	    {"\xc3\xa9", "\xc3\xa9", "\"\xc3\xa9\""},
	    {"", "", "\"\""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		_cleanup_buf_ struct buf html = BUF(1000), json = BUF(1000);
		buf_add_html(&html, str_of(cases[i].in));
		buf_add_json(&json, str_of(cases[i].in));
		assert_string_equal(buf_str(&html).p, cases[i].html);
		assert_string_equal(json.p, cases[i].json);
	}
}

static void test_formats_long_text(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf b = BUF(5000);
	char text[1000];
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = 0;
	buf_addf(&b, "[%s]", text);
	assert_int_equal(b.len, sizeof text + 1);
	assert_int_equal(b.p[b.len - 1], ']');
	buf_add_hex(&b, "\x00\xff", 2);
	assert_string_equal(b.p + sizeof text + 1, "00ff");
	size_t len;
	char *taken = buf_take(&b, &len);
	assert_int_equal(strlen(taken), len);
	assert_int_equal(b.len, 0);
	free(taken);
}

static void test_reads_to_the_end(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf whole = BUF(5), cut = BUF(4), closed = BUF(5);
	int ends[2];
	for (int i = 0; i < 2; i++) {
		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], "abcde", 5), 5);
		close(ends[1]);
		assert_int_equal(buf_read(i ? &cut : &whole, ends[0]), i == 0);
		close(ends[0]);
	}
	assert_string_equal(whole.p, "abcde");
	assert_true(cut.overflow);
	assert_false(buf_read(&closed, ends[0]));
	assert_false(closed.overflow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_ceiling_is_sticky), cmocka_unit_test(test_escapes),
	                                   cmocka_unit_test(test_formats_long_text), cmocka_unit_test(test_reads_to_the_end)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
