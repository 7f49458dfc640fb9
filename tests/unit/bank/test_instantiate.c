/* Parametrised items: values put into the text, and the text read again. */
#include "kit.h"

#define PROGRAM "```lua params\nreturn {}\n```\n"

static struct item *draw(const struct kit *k, const char *values, struct err *err)
{
	struct item *drawn = NULL;
	if (!bank_instantiate(k->bank, kit_item(k, "q"), values, &drawn, err))
		assert_null(drawn);
	return drawn;
}

static struct item *must_draw(const struct kit *k, const char *values)
{
	struct err err;
	struct item *drawn = draw(k, values, &err);
	if (!drawn)
		fail_msg("%s: %s", values, err.msg);
	return drawn;
}

static void test_numeric(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "---\ndifficulty: 4\nfamily: f\ntags: [a]\npoints: 2\n---\n" PROGRAM
	                 "There are @{count} of @{size} MiB, and `@{count}`:\n\n```\n@{count}\n```\n\n= @{total} MiB\n\n### "
	                 "Explanation\n@{count} × @{size} = @{total}\n");
	kit_clean(&k);
	const struct item *template = kit_item(&k, "q");
	assert_int_equal(template->kind, ITEM_NUMERIC);
	assert_non_null(template->params_lua);
	assert_string_equal(template->params_lua, "return {}\n");
	assert_null(strstr(template->source, "lua params"));
	_cleanup_(item_destroyp) struct item *it = must_draw(&k, "{\"count\":3,\"size\":4,\"total\":12}");
	assert_string_equal(it->stem_html, "<p>There are 3 of 4 MiB, and <code>3</code>:</p><pre><code>3\n</code></pre>");
	assert_string_equal(it->explanation_html, "<p>3 × 4 = 12</p>");
	assert_float_equal(it->numbers[0].lo, 12 * 1048576.0, 1);
	assert_string_equal(it->family, "f");
	assert_int_equal(it->points_m, 2000);
	assert_int_equal(it->difficulty, 4);
	assert_null(it->params_lua);
	assert_null(it->source);
}

static void test_values(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, PROGRAM "Is it @{v}, @{v}? And @{ v } or @{V} or @{9}?\n\n- [x] yes\n- [ ] no\n");
	kit_clean(&k);
	static const struct {
		const char *value, *text;
	} rows[] = {{"7", "7"},
	            {"-0.0", "0"},
	            {"0.30000000000000004", "0.3"},
	            {"2.5", "2.5"},
	            {"3.0", "3"},
	            {"1e20", "1e+20"},
	            {"123456789012", "123456789012"},
	            {"\"a b\"", "a b"},
	            {"\"9007199254740993\"", "9007199254740993"},
	            {"\"<b>\"", "&lt;b&gt;"},
	            {"\"\"", ""}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *values = xasprintf("{\"v\":%s}", rows[i].value);
		_cleanup_free_ char *want = xasprintf("<p>Is it %s, %s? And @{ v } or @{V} or @{9}?</p>", rows[i].text, rows[i].text);
		_cleanup_(item_destroyp) struct item *it = must_draw(&k, values);
		assert_string_equal(it->stem_html, want);
	}
}

static void test_refused(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, PROGRAM "How many?\n\n= @{total}\n");
	static const char *const values[] = {"{}",
	                                     "{\"total\":true}",
	                                     "{\"total\":null}",
	                                     "{\"total\":[1]}",
	                                     "{\"total\":\"many\"}",
	                                     "[]",
	                                     "",
	                                     "{\"total\":\"1\\n\\nmore\"}",
	                                     "{\"total\":\"\xee\x80\x80\"}"};
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		struct err err;
		struct item *it = draw(&k, values[i], &err);
		if (it)
			fail_msg("taken: %s", values[i]);
		assert_int_equal(err.code, ERR_INVALID);
	}
}

static void expect_conflict(const char *text, const char *good, const char *bad)
{
	struct err err;
	_cleanup_kit_ struct kit k;
	_cleanup_free_ char *whole = xasprintf("%s", text);
	KIT_QUESTION(&k, whole);
	kit_clean(&k);
	item_destroy(must_draw(&k, good));
	struct item *it = draw(&k, bad, &err);
	if (it)
		fail_msg("taken: %s", bad);
	assert_int_equal(err.code, ERR_CONFLICT);
}

static void test_equal_options(void **state)
{
	(void)state;
	expect_conflict(PROGRAM "W?\n\n- [x] @{a}\n- [ ] @{b}\n- [ ] 9\n", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":1}");
	expect_conflict(PROGRAM "W?\n\n- [x] @{a}\n- [ ] @{b}\n- [ ] 9\n", "{\"a\":1,\"b\":2}", "{\"a\":\"1.0\",\"b\":\"1\"}");
	expect_conflict(PROGRAM "W?\n\n- [x] @{a}\n- [x] @{b}\n- [ ] 9\n", "{\"a\":1,\"b\":2}", "{\"a\":9,\"b\":1}");
	expect_conflict("---\ntype: ordering\n---\n" PROGRAM "W?\n\n1. @{a}\n2. @{b}\n", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":1}");
	expect_conflict(PROGRAM "W?\n\n- x => @{a}\n- y => @{b}\n- => 9\n", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":1}");
	expect_conflict(PROGRAM "W?\n\n- x => @{a}\n- y => @{b}\n- => 9\n", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":9}");
	expect_conflict(PROGRAM "W?\n\n| S | @{a} | @{b} |\n|---|---|---|\n| s | x | |\n", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":1}");
	expect_conflict("---\ntype: cloze\n---\n" PROGRAM "W {{~@{a}|=@{b}}}\n", "{\"a\":1,\"b\":2}", "{\"a\":1,\"b\":1}");
}

static void test_other_kinds(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "questions/q.md",
	    "---\ntype: hotspot\nimage: ../media/a.svg\nimage-alt: x\nregions:\n  - {id: a, label: A, shape: rect, at: [1, 2, 3, 4], correct: "
	    "true}\n"
	    "  - {id: b, label: B, shape: circle, at: [4, 4, 2]}\n---\n" PROGRAM "Where is @{what}?\n",
	    "media/a.svg", "<svg width=\"9\" height=\"9\"></svg>");
	kit_clean(&k);
	_cleanup_(item_destroyp) struct item *it = must_draw(&k, "{\"what\":\"it\"}");
	assert_string_equal(it->stem_html, "<p>Where is it?</p>");
	assert_int_equal(it->n_regions, 2);
	assert_int_equal(it->select, 1);
	assert_non_null(it->image_html);
}

static void test_text(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k,
	             "---\ntype: text\nignore-case: true\n---\n" PROGRAM "Type it.\n\n= @{a}\n= /^@{a}\\s+-l$/\n~ @{b} : 50% \"not @{a}\"\n");
	kit_clean(&k);
	_cleanup_(item_destroyp) struct item *it = must_draw(&k, "{\"a\":12,\"b\":\"ls\"}");
	assert_int_equal(it->kind, ITEM_TEXT);
	assert_string_equal(it->texts[0].pattern, "12");
	assert_true(it->texts[0].ignore_case);
	assert_string_equal(it->texts[1].pattern, "^12\\s+-l$");
	assert_string_equal(it->texts[2].reason_html, "not 12");
	struct err err;
	assert_null(draw(&k, "{\"a\":\"(\",\"b\":\"x\"}", &err)); /* the pattern does not compile any more */
}

/* A picture is found again when the bank comes from the store. */
static void test_from_store(void **state)
{
	(void)state;
	struct err err;
	_cleanup_kit_ struct kit k;
	_cleanup_bank_ struct bank *stored = NULL;
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	_cleanup_(item_destroyp) struct item *a = NULL, *b = NULL;
	KIT(&k, "questions/q.md", PROGRAM "![x](../media/a.svg) [d](../docs/d.md) @{n}?\n\n- [x] one\n- [ ] two\n", "media/a.svg",
	    "<svg width=\"9\" height=\"8\"></svg>", "docs/d.md", "# D\n");
	kit_clean(&k);
	bank_encode(k.bank, &out);
	assert_true(bank_decode(buf_str(&out), &stored, &err));
	assert_true(bank_instantiate(k.bank, kit_item(&k, "q"), "{\"n\":1}", &a, &err));
	assert_true(bank_instantiate(stored, bank_item(stored, "q"), "{\"n\":1}", &b, &err));
	assert_string_equal(a->stem_html, b->stem_html);
	assert_non_null(strstr(b->stem_html, "width=\"9\" height=\"8\""));
	assert_non_null(strstr(b->stem_html, "data-doc=\"d\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numeric),       cmocka_unit_test(test_values),      cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_equal_options), cmocka_unit_test(test_other_kinds), cmocka_unit_test(test_text),
	    cmocka_unit_test(test_from_store),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
