/* Markdown to HTML: an allow-list of tags, whatever the text holds. */
#include "bank/markdown.h"
#include "kit.h"

static struct bank_media media[] = {{.path = (char *)"media/a.png", .hash = (char *)"00", .mime = "image/png", .width = 3, .height = 4}};
static struct bank_doc docs[] = {{.id = (char *)"guide/intro", .title = (char *)"Intro"}};
static const struct bank bank = {.media = media, .n_media = 1, .docs = docs, .n_docs = 1};

static char *render(const char *text, bool is_doc, bool inline_text, struct diags *diags)
{
	struct source source = {.path = "questions/sub/q.md", .bytes = str_of(text)};
	struct markdown md = {.bank = &bank, .diags = diags, .file = source.path, .is_doc = is_doc};
	struct passage p = passage_view(&source, source.bytes);
	char *html = NULL;
	bool ok = inline_text ? markdown_inline(&md, &p, &html, NULL) : markdown_render(&md, &p, false, &html, NULL);
	assert_true(ok == (html != NULL));
	markdown_finish(&md);
	source_finish(&source);
	return html;
}

struct row {
	const char *text, *html;
};

static void check_rows(const struct row *rows, size_t n, bool is_doc, bool inline_text)
{
	for (size_t i = 0; i < n; i++) {
		struct diags diags = {0};
		_cleanup_free_ char *html = render(rows[i].text, is_doc, inline_text, &diags);
		assert_non_null(html);
		assert_string_equal(html, rows[i].html);
		diags_finish(&diags);
	}
}

#define REL " target=\"_blank\" rel=\"noopener noreferrer\""

static void test_blocks(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"a\nb  \nc", "<p>a\nb<br>c</p>"},
	    {"# a\n\n#### b\n", "<h3>a</h3><h4>b</h4>"},
	    {"```c++ title\na < b\n```", "<pre><code class=\"language-c++\">a &lt; b\n</code></pre>"},
	    {"```a\"b\nx\n```", "<pre><code>x\n</code></pre>"},
	    {"> a\n\n---\n", "<blockquote><p>a</p></blockquote><hr>"},
	    {"3. a\n4. b\n", "<ol start=\"3\"><li>a</li><li>b</li></ol>"},
	    {"| a | b |\n|:---|---:|\n| 1 | 2 |\n",
	     "<table><thead><tr><th class=\"left\">a</th><th class=\"right\">b</th></tr></thead><tbody><tr>"
	     "<td class=\"left\">1</td><td class=\"right\">2</td></tr></tbody></table>"},
	    {"| a |\n|---|\n| `x \\|\\| y` `\\\\|` \\| `z` |",
	     "<table><thead><tr><th>a</th></tr></thead><tbody><tr>"
	     "<td><code>x || y</code> <code>\\|</code> | <code>z</code></td></tr></tbody></table>"},
	    {"`x \\| y`", "<p><code>x \\| y</code></p>"},
	    {"~~a~~ *b* __c__ `d`", "<p><del>a</del> <em>b</em> <strong>c</strong> <code>d</code></p>"},
	    {"a &amp; &copy; &#65; &nope;", "<p>a &amp; &copy; A &nope;</p>"},
	    {"&#0; &#xE000;1&#xE001;", "<p>\xef\xbf\xbd \xef\xbf\xbd"
	                               "1\xef\xbf\xbd</p>"},
	};
	check_rows(rows, ARRAY_SIZE(rows), false, false);
}

static void test_html_is_text(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"},
	    {"a <b onclick=\"x\">b</b> <!-- c -->", "<p>a &lt;b onclick=&quot;x&quot;&gt;b&lt;/b&gt; &lt;!-- c --&gt;</p>"},
	    {"<div>\n*a*\n</div>", "<p>&lt;div&gt;\n<em>a</em>\n&lt;/div&gt;</p>"},
	    {"![\"><script>](../../media/a.png)",
	     "<p><img src=\"/media/00.png\" alt=\"&quot;&gt;&lt;script&gt;\" width=\"3\" height=\"4\" loading=\"lazy\"></p>"},
	    {"[a](https://x/\"onclick=\"b 'c')", "<p><a href=\"https://x/%22onclick=%22b\"" REL ">a</a></p>"},
	    {"[a](<https://x/\" onclick=\"b>)", "<p><a href=\"https://x/%22%20onclick=%22b\"" REL ">a</a></p>"},
	    {"<https://x/?a=1&b=2>", "<p><a href=\"https://x/?a=1&amp;b=2\"" REL ">https://x/?a=1&amp;b=2</a></p>"},
	};
	check_rows(rows, ARRAY_SIZE(rows), false, false);
}

static void test_links(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"[a](HTTPS://x/)", "<p><a href=\"HTTPS://x/\"" REL ">a</a></p>"},
	    {"[a](mailto:x@y)", "<p><a href=\"mailto:x@y\"" REL ">a</a></p>"},
	    {"[a](https://x/\xc3\xa9)", "<p><a href=\"https://x/%C3%A9\"" REL ">a</a></p>"},
	    {"[a](../../docs/guide/intro.md)", "<p><a data-doc=\"guide/intro\" href=\"#\">a</a></p>"},
	    {"[a](../../docs/guide/intro.md#Some-Part)", "<p><a data-doc=\"guide/intro\" href=\"#doc-some-part\">a</a></p>"},
	    {"[a](../../media/a.png)", "<p><a href=\"/media/00.png\"" REL ">a</a></p>"},
	};
	check_rows(rows, ARRAY_SIZE(rows), false, false);
}

static void test_refused_links(void **state)
{
	(void)state;
	static const char *const urls[] = {"javascript:alert(1)",
	                                   "JaVaScRiPt:x",
	                                   "java&#115;cript:x",
	                                   "&#x6A;avascript:x",
	                                   "data:text/html,x",
	                                   "vbscript:x",
	                                   "//evil/x",
	                                   "/media/x.png",
	                                   "../../../etc/x",
	                                   "../../questions/sub/q.md",
	                                   "file:///etc/x",
	                                   "#part",
	                                   "\x01javascript:x",
	                                   "http:x",
	                                   "https:/x",
	                                   "../../docs/none.md",
	                                   "blob:x",
	                                   "a\\b"};
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
		struct diags diags = {0};
		_cleanup_free_ char *text = xasprintf("[a](<%s>)", urls[i]);
		_cleanup_free_ char *html = render(text, false, false, &diags);
		if (strcmp(html, "<p>a</p>") != 0)
			fail_msg("%s: %s", urls[i], html);
		assert_int_equal(diags.n_warnings, 1);
		diags_finish(&diags);
	}
}

static void test_refused_pictures(void **state)
{
	(void)state;
	static const char *const urls[] = {
	    "https://x/a.png", "/media/a.png", "../../media/b.png", "../../../media/a.png", "data:image/png;base64,x", "a.png", ""};
	for (size_t i = 0; i < ARRAY_SIZE(urls); i++) {
		struct diags diags = {0};
		_cleanup_free_ char *text = xasprintf("![a](<%s>)", urls[i]);
		_cleanup_free_ char *html = render(text, false, false, &diags);
		assert_null(html);
		assert_string_equal(diags.list[0].code, "dead-picture");
		diags_finish(&diags);
	}
}

/* The first line of an option or a cell is text, whatever it looks like elsewhere. */
static void test_inline(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"# a", "# a"},
	    {"- a", "- a"},
	    {"1. a", "1. a"},
	    {"> a", "&gt; a"},
	    {"    a", "a"},
	    {"```", "```"},
	    {"---", "---"},
	    {"[x] a", "[x] a"},
	    {"a & b", "a &amp; b"},
	    {"`a`", "<code>a</code>"},
	    {"| a |", "| a |"},
	    {"*a*", "<em>a</em>"},
	    {"&lt;", "&lt;"},
	    {"a\\*b", "a*b"},
	    {"_a_ b", "<em>a</em> b"},
	    {"___", "___"},
	    {"_**a**_", "<em><strong>a</strong></em>"},
	};
	check_rows(rows, ARRAY_SIZE(rows), false, true);
}

static void test_docs(void **state)
{
	(void)state;
	static const struct row rows[] = {
	    {"# The Title\n\n## `ls` & co\n\n[x](#the-title)\n", "<h2 id=\"doc-the-title\">The Title</h2><h3 id=\"doc-ls-co\"><code>ls</code> "
	                                                         "&amp; co</h3><p><a href=\"#doc-the-title\">x</a></p>"},
	};
	check_rows(rows, ARRAY_SIZE(rows), true, false);
}

static void test_bounds(void **state)
{
	(void)state;
	struct diags diags = {0};
	_cleanup_buf_ struct buf text = BUF(1 << 20);
	buf_adds(&text, "[x]: https://a/");
	for (int i = 0; i < 20000; i++)
		buf_addc(&text, 'b');
	buf_adds(&text, "\n\n");
	for (int i = 0; i < 20000; i++)
		buf_adds(&text, "[x]");
	_cleanup_free_ char *html = render(text.p, false, false, &diags);
	assert_null(html);
	assert_string_equal(diags.list[0].code, "too-complex");
	diags_finish(&diags);
}

static void test_paths(void **state)
{
	(void)state;
	static const struct {
		const char *from, *address, *path;
	} rows[] = {
	    {"questions/a/b.md", "../../media/x.png", "media/x.png"},
	    {"questions.md", "media/x.png", "media/x.png"},
	    {"questions.md", "./media//x.png", "media/x.png"},
	    {"docs/a.md", "b.md", "docs/b.md"},
	    {"docs/a.md", "../..", NULL},
	    {"docs/a.md", "../../x", NULL},
	    {"docs/a.md", "/x", NULL},
	    {"docs/a.md", "", NULL},
	    {"docs/a.md", "..", NULL},
	    {"docs/a.md", "a\\b", NULL},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *path = bank_path_resolve(rows[i].from, str_of(rows[i].address));
		if (rows[i].path ? !path || strcmp(path, rows[i].path) != 0 : path != NULL)
			fail_msg("%s, %s: %s", rows[i].from, rows[i].address, path ? path : "NULL");
	}
}

static void test_html_text(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf out = BUF(1000);
	html_text("<p>a<em>b</em>c &lt;d&gt; &amp;amp; &copy;</p><ul><li>e</li></ul><img alt=\"a &gt; b\">f", &out);
	assert_string_equal(out.p, " abc <d> &amp; &copy;   e   f");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_blocks),        cmocka_unit_test(test_html_is_text),     cmocka_unit_test(test_links),
	    cmocka_unit_test(test_refused_links), cmocka_unit_test(test_refused_pictures), cmocka_unit_test(test_inline),
	    cmocka_unit_test(test_docs),          cmocka_unit_test(test_bounds),           cmocka_unit_test(test_paths),
	    cmocka_unit_test(test_html_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
