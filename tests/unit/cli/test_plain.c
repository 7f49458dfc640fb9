/* HTML as plain text for a terminal. */
#include "../test.h"

#include "base/mem.h"
#include "cli/plain.h"

static void assert_plain(const char *html, const char *indent, const char *text)
{
	_cleanup_buf_ struct buf out = BUF(1u << 20);
	plain_html(html, indent, &out);
	assert_string_equal(buf_str(&out).p, text);
}

static void test_text(void **state)
{
	(void)state;
	assert_plain("", "", "");
	assert_plain("<p>One\ntwo &lt;b&gt; &amp;amp; &quot;x&quot; &#39;y&#39; &nbsp;</p>\n<p>Three</p>\n", "> ",
	             "> One two <b> &amp; \"x\" 'y' &nbsp;\n> Three\n");
	assert_plain("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td></td></tr></table>", "", "a | b\n1 | \n");
	assert_plain("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "  ", "  - a\n  - b\n");
	assert_plain("<pre><code class=\"x\">if a\n\n\tb\n</code></pre>\n<p>c</p>", "  ", "  if a\n\n  \tb\n  c\n");
	assert_plain("<p>a <span data-blank=\"12\"></span> b<br>c</p>", "", "a [12] b\nc\n");
	assert_plain("<p><img src=\"x\" alt=\"two &lt; three\"></p><preface>x", "", "[picture: two < three]\nx\n");
	assert_plain("<p>cut <span data-blank=\"1", "", "cut [1]\n");
	assert_plain("<img alt=\"cut", "", "[picture: cut]\n");
}

/* What a terminal obeys is no text, wherever it stands. */
static void test_controls(void **state)
{
	(void)state;
	assert_plain("<p>a\x1b[31mb\x07\x7f\r\xc2\x9b"
	             "1m\xe2\x80\xae\xe2\x81\xa6\xc2\xa0"
	             "c</p>",
	             "",
	             "a[31mb1m\xc2\xa0"
	             "c\n");
	assert_plain("<pre>a\x1b]0;x\x07\n\x08"
	             "b</pre>",
	             "", "a]0;x\nb\n");
	assert_plain("<img alt=\"a\x1b[2Jb\xc2\x9b\">", "", "[picture: a[2Jb]\n");
}

static void test_line(void **state)
{
	(void)state;
	_cleanup_free_ char *line = plain_line("<p>a</p><pre>b\n\tc\n</pre><p>\x1b</p>"), *empty = plain_line("<p></p>");
	assert_string_equal(line, "a b  c");
	assert_string_equal(empty, "");
}

static void test_cell(void **state)
{
	(void)state;
	static const struct {
		const char *text, *cell;
	} rows[] = {{"", "   "},
	            {"ab", "ab "},
	            {"abcd", "abc"},
	            {"\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac "},
	            {"a\xc3\xa4\xf0\x9f\xa6\x89\xc3\xb6", "a\xc3\xa4\xf0\x9f\xa6\x89"}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_buf_ struct buf out = BUF(64);
		plain_cell(rows[i].text, 3, &out);
		assert_string_equal(out.p, rows[i].cell);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_text), cmocka_unit_test(test_controls), cmocka_unit_test(test_line),
	                                   cmocka_unit_test(test_cell)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
