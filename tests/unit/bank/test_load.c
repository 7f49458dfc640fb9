/* The folder: what is read, what is refused, what is a ceiling. */
#include "bank/media.h"
#include "kit.h"

#define QUESTION "Which?\n\n- [x] one\n- [ ] two\n"

static void test_lone_file(void **state)
{
	(void)state;
	struct err err;
	_cleanup_kit_ struct kit k;
	kit_folder(&k);
	kit_write(k.dir, "questions.md", STR(QUESTION));
	kit_write(k.dir, "README.md", STR("not read"));
	kit_load(&k);
	kit_clean(&k);
	assert_int_equal(k.bank->n_items, 1);
	assert_int_equal(k.bank->n_domains, 1);
	assert_string_equal(k.bank->domains[0].id, "general");
	assert_string_equal(k.bank->language, "en");
	bank_destroy(take_ptr(k.bank));
	_cleanup_free_ char *file = xasprintf("%s/README.md", k.dir);
	if (!bank_load(file, &k.diags, &k.bank, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(k.bank->n_items, 0); /* it has no answers; but it was looked at */
	assert_int_equal(k.diags.n_errors, 1);
}

static void test_cannot_look(void **state)
{
	(void)state;
	struct err err;
	struct diags diags = {0};
	struct bank *bank = NULL;
	assert_false(bank_load("/nowhere/at/all", &diags, &bank, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_false(bank_load("/dev/null", &diags, &bank, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_null(bank);
	diags_finish(&diags);
}

static void test_links_are_refused(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	kit_folder(&k);
	kit_write(k.dir, "questions/q.md", STR(QUESTION));
	kit_write(k.dir, "elsewhere/x.md", STR(QUESTION));
	_cleanup_free_ char *file = xasprintf("%s/questions/link.md", k.dir), *folder = xasprintf("%s/docs", k.dir);
	_cleanup_free_ char *fifo = xasprintf("%s/questions/fifo.md", k.dir), *deep = xasprintf("%s/questions/deep", k.dir);
	assert_int_equal(symlink("/etc/passwd", file), 0);
	assert_int_equal(symlink("elsewhere", folder), 0);
	assert_int_equal(symlink("../elsewhere", deep), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	kit_load(&k);
	assert_int_equal(k.bank->n_items, 1);
	assert_int_equal(k.diags.n_errors, 4);
	for (size_t i = 0; i < k.diags.n; i++)
		assert_string_equal(k.diags.list[i].code, "not-a-file");
}

static void test_too_deep(void **state)
{
	(void)state;
	struct err err;
	_cleanup_kit_ struct kit k;
	kit_folder(&k);
	kit_write(k.dir, "questions/1/2/3/4/5/6/7/8/9/a/b/c/d/e/q.md", STR(QUESTION));
	assert_false(bank_load(k.dir, &k.diags, &k.bank, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

static void test_too_large(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	_cleanup_buf_ struct buf text = BUF(32 << 20);
	kit_folder(&k);
	buf_adds(&text, "## Long\n");
	for (int i = 0; i < 6000; i++)
		buf_adds(&text, "Word after word after word after word after word.\n");
	buf_adds(&text, "\n- [x] one\n- [ ] two\n## Next\n" QUESTION);
	kit_write(k.dir, "questions/a.md", buf_str(&text));
	buf_clear(&text);
	for (int i = 0; i < 70000; i++)
		buf_addc(&text, 'x');
	buf_adds(&text, "\n\n- [x] one\n- [ ] two\n");
	kit_write(k.dir, "questions/b.md", buf_str(&text));
	buf_clear(&text);
	while (text.len < 17 << 20)
		buf_adds(&text, "the same line, many times\n");
	kit_write(k.dir, "questions/c.md", buf_str(&text));
	kit_write(k.dir, "questions/d.md",
	          STR("---\ntags: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, a, b, c, d, e, f, "
	              "g]\n---\n" QUESTION));
	buf_clear(&text);
	buf_adds(&text, "W?\n\n= ");
	for (int i = 0; i < 2000; i++)
		buf_addc(&text, 'x');
	kit_write(k.dir, "questions/e.md", buf_str(&text));
	kit_load(&k);
	assert_int_equal(k.bank->n_items, 1);
	assert_string_equal(kit_find(&k, "too-large")->file, "questions/a.md");
	assert_string_equal(kit_find(&k, "long-line")->file, "questions/b.md");
	assert_string_equal(kit_find(&k, "unreadable")->file, "questions/c.md");
	assert_string_equal(kit_find(&k, "field-long")->file, "questions/d.md");
	assert_string_equal(kit_find(&k, "answer-long")->file, "questions/e.md");
}

static void test_empty(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	kit_folder(&k);
	kit_load(&k);
	assert_non_null(kit_find(&k, "no-questions"));
}

static void test_manifest(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "bank.yml",
	    "id: my-bank\ntitle: 'My: bank'\ndescription: >-\n  Two\n  lines.\nversion: 1.10\nlicense: CC0-1.0\nlanguage: de\nauthors: [A, "
	    "\"B, C\"]\n"
	    "domains:\n  b: B\n  a:\n    title: A\n    objectives:\n      z: Z\n      y: Y\n",
	    "questions.md", QUESTION);
	kit_clean(&k);
	assert_string_equal(k.bank->id, "my-bank");
	assert_string_equal(k.bank->title, "My: bank");
	assert_string_equal(k.bank->description, "Two lines.");
	assert_string_equal(k.bank->version, "1.10");
	assert_int_equal(k.bank->n_authors, 2);
	assert_string_equal(k.bank->authors[1], "B, C");
	assert_string_equal(k.bank->domains[0].id, "b");
	assert_string_equal(bank_domain(k.bank, "a")->objectives[0].id, "z");
	assert_string_equal(k.bank->items[0].domain, "b");
}

static void test_docs(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "questions.md", "See [that](docs/a-b.md).\n\nWhich?\n\n- [x] one\n- [ ] two\n", "docs/a.md", "# A\n\nText with `code`.\n",
	    "docs/a-b.md", "---\ntitle: Named\n---\n[back](a.md), [down](sub/c.md#part)\n", "docs/sub/c.md",
	    "[up](../a.md)\n\n## Part\nhttps://example.org/ is one.\n");
	kit_clean(&k);
	assert_int_equal(k.diags.n_warnings, 0);
	assert_int_equal(k.bank->n_docs, 3);
	assert_string_equal(k.bank->docs[0].id, "a");
	assert_string_equal(k.bank->docs[0].title, "A");
	assert_string_equal(k.bank->docs[0].text, "A\nText with code.");
	assert_string_equal(k.bank->docs[1].title, "Named");
	assert_non_null(strstr(k.bank->docs[2].html, "<a data-doc=\"a\" href=\"#\">up</a>"));
	assert_non_null(strstr(k.bank->docs[2].html, "<a href=\"https://example.org/\""));
	assert_non_null(strstr(k.bank->docs[1].html, "<a data-doc=\"sub/c\" href=\"#doc-part\">"));
}

/* Equal input gives equal output, and the names of files do not matter to the order. */
static void test_deterministic(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit a, b;
	_cleanup_buf_ struct buf x = BUF(1 << 20), y = BUF(1 << 20);
	const char *const files[] = {"bank.yml",        "id: b\n", "questions/b.md", "## B\n" QUESTION "## A\n" QUESTION, "questions/a.md",
	                             "## C\n" QUESTION, NULL};
	kit_bank(&a, files);
	kit_bank(&b, files);
	bank_encode(a.bank, &x);
	bank_encode(b.bank, &y);
	assert_string_equal(x.p, y.p);
	assert_string_equal(a.bank->items[0].id, "a");
	assert_string_equal(a.bank->items[2].id, "c");
}

static void test_media(void **state)
{
	(void)state;
	static const unsigned char png[] = "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x20\0\0\0\x10\x08\2\0\0\0\0\0\0\0";
	_cleanup_kit_ struct kit k;
	kit_folder(&k);
	kit_write(k.dir, "questions/sub/q.md",
	          STR("![A picture](../../media/p.png)\n\nWhich?\n\n- [x] ![a \"b\"](../../media/p.png)\n- [ ] two\n"));
	kit_write(k.dir, "media/p.png", (struct str){(const char *)png, sizeof png - 1});
	kit_write(k.dir, "media/wrong.gif", (struct str){(const char *)png, sizeof png - 1});
	kit_load(&k);
	assert_int_equal(k.bank->n_media, 1);
	assert_string_equal(kit_find(&k, "bad-picture")->file, "media/wrong.gif");
	const struct bank_media *m = &k.bank->media[0];
	assert_string_equal(m->mime, "image/png");
	assert_int_equal(m->width, 32);
	assert_int_equal(m->height, 16);
	assert_int_equal(m->size, sizeof png - 1);
	_cleanup_free_ char *img =
	    xasprintf("<p><img src=\"/media/%s.png\" alt=\"A picture\" width=\"32\" height=\"16\" loading=\"lazy\"></p><p>Which?</p>", m->hash);
	assert_string_equal(kit_item(&k, "q")->stem_html, img);
	assert_non_null(strstr(kit_item(&k, "q")->options[0].html, "alt=\"a &quot;b&quot;\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lone_file), cmocka_unit_test(test_cannot_look), cmocka_unit_test(test_links_are_refused),
	    cmocka_unit_test(test_too_deep),  cmocka_unit_test(test_too_large),   cmocka_unit_test(test_empty),
	    cmocka_unit_test(test_manifest),  cmocka_unit_test(test_docs),        cmocka_unit_test(test_deterministic),
	    cmocka_unit_test(test_media),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
