/* Each kind of question: what its text becomes. */
#include "kit.h"

static void test_single(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k,
	             "---\nid: sticky\ndifficulty: 2\npoints: 1.5\ntags: [a, b]\n---\n"
	             "Which **one** keeps `x`?\n\n"
	             "- [ ] The first\n  > Wrong, *because*.\n"
	             "- [x] The second\n\n  More of it.\n\n  ```sh\n  - [ ] not an option\n  ### Explanation\n  ```\n"
	             "- [ ] None of these {pin}\n\n"
	             "### Explanation\nSo.\n\n### References\n- ls(1)\n- https://example.org/a\n\n### Hint\nLook.\n\n### Hint\nLook again.\n");
	kit_clean(&k);
	const struct item *it = kit_item(&k, "sticky");
	assert_int_equal(it->kind, ITEM_SINGLE);
	assert_string_equal(it->title, "sticky");
	assert_string_equal(it->family, "sticky");
	assert_string_equal(it->domain, "general");
	assert_null(it->objective);
	assert_int_equal(it->difficulty, 2);
	assert_int_equal(it->points_m, 1500);
	assert_int_equal(it->select, 1);
	assert_int_equal(it->n_tags, 2);
	assert_true(it->shuffle);
	assert_string_equal(it->stem_html, "<p>Which <strong>one</strong> keeps <code>x</code>?</p>");
	assert_int_equal(it->n_options, 3);
	assert_string_equal(it->options[0].html, "The first");
	assert_string_equal(it->options[0].feedback_html, "Wrong, <em>because</em>.");
	assert_false(it->options[0].key);
	assert_true(it->options[1].key);
	assert_string_equal(
	    it->options[1].html,
	    "<p>The second</p><p>More of it.</p><pre><code class=\"language-sh\">- [ ] not an option\n### Explanation\n</code></pre>");
	assert_string_equal(it->options[2].html, "None of these");
	assert_true(it->options[2].pin);
	assert_string_equal(it->explanation_html, "<p>So.</p>");
	assert_string_equal(it->references_html,
	                    "<ul><li>ls(1)</li><li><a href=\"https://example.org/a\" target=\"_blank\" rel=\"noopener noreferrer\">"
	                    "https://example.org/a</a></li></ul>");
	assert_int_equal(it->n_hints, 2);
	assert_string_equal(it->hints_html[1], "<p>Look again.</p>");
	assert_string_equal(it->file, "questions/q.md");
}

/* The text of an option may begin below its box, and is then any block. */
static void test_block_option(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "Which?\n\n- [x]\n  ```c\n  int x;\n  ```\n  > Right.\n- [ ] {pin}\n  # y\n");
	kit_clean(&k);
	const struct item *it = kit_item(&k, "q");
	assert_int_equal(it->n_options, 2);
	assert_string_equal(it->options[0].html, "<pre><code class=\"language-c\">int x;\n</code></pre>");
	assert_string_equal(it->options[0].feedback_html, "Right.");
	assert_string_equal(it->options[1].html, "<h3>y</h3>");
	assert_true(it->options[1].pin);
}

static void test_multiple(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(
	    &k, "## Two {#two}\nW?\n\n* [x] a\n* [X] b\n* [ ] c\n"
	        "## Any {#any}\n```yaml item\nselect: any\nshuffle: false\npartial: coverage\nstatus: pretest\n```\nW?\n\n- [x] a\n- [ ] b\n"
	        "## One of many {#one}\n```yaml item\ntype: multiple\n```\nW?\n\n- [x] a\n- [ ] b\n");
	kit_clean(&k);
	assert_int_equal(kit_item(&k, "two")->kind, ITEM_MULTIPLE);
	assert_int_equal(kit_item(&k, "two")->select, 2);
	assert_string_equal(kit_item(&k, "two")->title, "Two");
	assert_int_equal(kit_item(&k, "any")->kind, ITEM_MULTIPLE);
	assert_int_equal(kit_item(&k, "any")->select, 0);
	assert_false(kit_item(&k, "any")->shuffle);
	assert_int_equal(kit_item(&k, "any")->partial, PARTIAL_COVERAGE);
	assert_int_equal(kit_item(&k, "any")->status, ITEM_PRETEST);
	assert_int_equal(kit_item(&k, "one")->kind, ITEM_MULTIPLE);
	assert_int_equal(kit_item(&k, "one")->select, 1);
}

static void test_true_false(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "---\ntype: true-false\n---\nIt is.\n\n- [ ] True\n- [x] False\n");
	kit_clean(&k);
	assert_int_equal(kit_item(&k, "q")->kind, ITEM_TRUE_FALSE);
	assert_true(kit_item(&k, "q")->options[1].key);
}

static void test_grid(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "See:\n\n| n | m |\n|---|---|\n| 1 | 2 |\n\nEach?\n\n| Statement | `a\\|b` | No |\n|:--|:-:|--:|\n| *One* | | x |\n| "
	                 "Two | X | |\n");
	kit_clean(&k);
	const struct item *it = kit_item(&k, "q");
	assert_int_equal(it->kind, ITEM_GRID);
	assert_non_null(strstr(it->stem_html, "<table>"));
	assert_int_equal(it->n_targets, 2);
	assert_string_equal(it->targets[0].html, "<code>a|b</code>");
	assert_int_equal(it->n_options, 2);
	assert_string_equal(it->options[0].html, "<em>One</em>");
	assert_int_equal(it->options[0].match, 1);
	assert_int_equal(it->options[1].match, 0);
}

static void test_ordering(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "---\ntype: ordering\n---\nFirst:\n\n1. in the stem\n2. too\n\nOrder these.\n\n1. a\n2. `b`\n   c\n3. ```\n   d\n   "
	                 "```\n10. # e\n");
	kit_clean(&k);
	const struct item *it = kit_item(&k, "q");
	assert_int_equal(it->kind, ITEM_ORDERING);
	assert_non_null(strstr(it->stem_html, "<ol><li>in the stem"));
	assert_int_equal(it->n_options, 4);
	assert_string_equal(it->options[1].html, "<code>b</code>\nc");
	assert_string_equal(it->options[2].html, "<pre><code>d\n</code></pre>");
	assert_string_equal(it->options[3].html, "# e");
}

static void test_matching(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "Match.\n\n- `a => b` => one\n- c => two\n- d => one\n- => three\n");
	kit_clean(&k);
	const struct item *it = kit_item(&k, "q");
	assert_int_equal(it->kind, ITEM_MATCHING);
	assert_int_equal(it->n_options, 3);
	assert_string_equal(it->options[0].html, "<code>a =&gt; b</code>");
	assert_int_equal(it->n_targets, 3);
	assert_int_equal(it->options[0].match, 0);
	assert_int_equal(it->options[1].match, 1);
	assert_int_equal(it->options[2].match, 0);
	assert_string_equal(it->targets[2].html, "three");
}

static void test_numeric(void **state)
{
	(void)state;
	static const struct {
		const char *answer;
		double lo, hi;
		const char *unit;
		size_t n_units;
	} rows[] = {
	    {"= 3.14 +- 0.01", 3.13, 3.15, NULL, 0},
	    {"= 250 +- 2%", 245, 255, NULL, 0},
	    {"= [3.1, 3.2]", 3.1, 3.2, NULL, 0},
	    {"= 10 GiB", 10737418240.0, 10737418240.0, "GiB", 9},
	    {"= 1 GiB +- 512 MiB", 536870912.0, 1610612736.0, "GiB", 9},
	    {"= [100, 250] ms", 0.1, 0.25, "ms", 7},
	    {"= 50 %", 50, 50, "%", 1},
	    {"= [48, 52] %", 48, 52, "%", 1},
	    {"= -1.5e3", -1500, -1500, NULL, 0},
	    {"= \xe2\x88\x92"
	     "40 \xc2\xb1 0.5",
	     -40.5, -39.5, NULL, 0},
	    {"= 100 Mbit/s +- 10%", 90e6, 110e6, "Mbit/s", 4},
	    {"= 2 +/- 1", 1, 3, NULL, 0},
	    {"= -100 +- 10%", -110, -90, NULL, 0},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text = xasprintf("How much?\n\n%s\n", rows[i].answer);
		KIT_QUESTION(&k, text);
		if (k.diags.n_errors)
			kit_fail(&k, rows[i].answer);
		const struct item *it = kit_item(&k, "q");
		assert_int_equal(it->kind, ITEM_NUMERIC);
		double slack = 2e-9 * (1 + (rows[i].hi > -rows[i].lo ? rows[i].hi : -rows[i].lo));
		assert_float_equal(it->numbers[0].lo, rows[i].lo, slack);
		assert_float_equal(it->numbers[0].hi, rows[i].hi, slack);
		if (rows[i].unit)
			assert_string_equal(it->numbers[0].unit, rows[i].unit);
		else
			assert_null(it->numbers[0].unit);
		assert_int_equal(it->n_units, rows[i].n_units);
	}
}

static void test_numeric_wrong(void **state)
{
	(void)state;
	static const char *const answers[] = {"= 5 +- -1", "= [3, 2]",     "= 10 GiB +- 5 ms", "= 50 % +- 2%",
	                                      "= 1e999",   "= 1\n= 2 GiB", "= 1 s\n= 2 GiB",   "= [1 s, 2 GiB]",
	                                      "~ 5 : 50%", "= 1,000",      "= 1 furlong",      "= 0x10"};
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text = xasprintf("---\ntype: numeric\n---\nHow much?\n\n%s\n", answers[i]);
		KIT_QUESTION(&k, text);
		if (!kit_find(&k, "number"))
			kit_fail(&k, answers[i]);
		assert_int_equal(k.bank->n_items, 0);
	}
}

static void test_text(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "---\nignore-case: true\n---\nWhich command?\n\n= ls -a\n= /^ls\\s+-l?a$/\n= \\/etc/\n"
	                 "~ ls : 50% \"Show *hidden* files too: add -a\"\n~ a: b : 12.5%\n");
	kit_clean(&k);
	const struct item *it = kit_item(&k, "q");
	assert_int_equal(it->kind, ITEM_TEXT);
	assert_int_equal(it->n_texts, 5);
	assert_string_equal(it->texts[0].pattern, "ls -a");
	assert_true(it->texts[0].ignore_case);
	assert_true(it->texts[1].regex);
	assert_string_equal(it->texts[1].pattern, "^ls\\s+-l?a$");
	assert_string_equal(it->texts[2].pattern, "/etc/");
	assert_false(it->texts[2].regex);
	assert_string_equal(it->texts[3].pattern, "ls");
	assert_int_equal(it->texts[3].credit_m, 500);
	assert_string_equal(it->texts[3].reason_html, "Show <em>hidden</em> files too: add -a");
	assert_string_equal(it->texts[4].pattern, "a: b");
	assert_int_equal(it->texts[4].credit_m, 125);
}

static void test_text_by_type(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(
	    &k, "## A {#a}\n```yaml item\ntype: text\n```\nWhich port?\n\n= 22\n## B {#b}\nWhich?\n\n= 22\n= SSH\n## C {#c}\nW?\n\n= /a/i\n");
	kit_clean(&k);
	assert_int_equal(kit_item(&k, "a")->kind, ITEM_TEXT);
	assert_int_equal(kit_item(&k, "b")->kind, ITEM_TEXT);
	assert_true(kit_item(&k, "c")->texts[0].ignore_case);
}

static void test_cloze(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "---\ntype: cloze\nignore-case: true\n---\n"
	                 "Run {{terraform|tf}} *and* {{~plan|=apply|~get}}, not \\{{this}}.\n\n"
	                 "| a | b |\n|---|---|\n| {{x\\|y}} | {{=*one*\\|~two}} |\n\n```\n{{code}}\n```\n");
	if (k.diags.n)
		kit_fail(&k, "cloze");
	const struct item *it = kit_item(&k, "q");
	assert_int_equal(it->n_blanks, 4);
	assert_string_equal(it->stem_html,
	                    "<p>Run <span data-blank=\"1\"></span> <em>and</em> <span data-blank=\"2\"></span>, not {{this}}.</p>"
	                    "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td><span data-blank=\"3\"></span></td>"
	                    "<td><span data-blank=\"4\"></span></td></tr></tbody></table><pre><code>{{code}}\n</code></pre>");
	assert_int_equal(it->blanks[0].n_texts, 2);
	assert_string_equal(it->blanks[0].texts[1].pattern, "tf");
	assert_true(it->blanks[0].texts[0].ignore_case);
	assert_int_equal(it->blanks[1].n_options, 3);
	assert_true(it->blanks[1].options[1].key);
	assert_string_equal(it->blanks[1].options[1].text, "apply");
	assert_int_equal(it->blanks[2].n_texts, 2);
	assert_string_equal(it->blanks[2].texts[0].pattern, "x");
	assert_string_equal(it->blanks[3].options[0].html, "<em>one</em>");
	assert_string_equal(it->blanks[3].options[1].text, "two");
}

static void test_cloze_wrong(void **state)
{
	(void)state;
	static const char *const stems[] = {
	    "{{}}", "{{a", "{{a|}}", "{{~a|~b}}", "{{=a|=b}}", "{{=a}}x{{", "[a](http://x/{{b}})", "![{{a}}](../media/a.svg)"};
	for (size_t i = 0; i < ARRAY_SIZE(stems); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text = xasprintf("---\ntype: cloze\n---\nRun %s now.\n", stems[i]);
		KIT(&k, "questions/q.md", text, "media/a.svg", "<svg width=\"9\" height=\"9\"></svg>");
		if (!k.diags.n_errors)
			kit_fail(&k, stems[i]);
		assert_int_equal(k.bank->n_items, 0);
	}
}

static void test_hotspot(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "questions/q.md",
	    "---\ntype: hotspot\nimage: ../media/a.svg\nimage-alt: \"A \\\"screen\\\"\"\nselect: 1\nregions:\n"
	    "  - {id: a, label: \"The first\", shape: rect, at: [10, 8, 30, 40], correct: true}\n"
	    "  - {id: b, label: B, shape: circle, at: [40, 40, 12]}\n  - {id: c, label: C, shape: poly, at: [0, 0, 40, 0, 20, "
	    "30]}\n---\nWhere?\n",
	    "media/a.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 50\"></svg>");
	kit_clean(&k);
	const struct item *it = kit_item(&k, "q");
	assert_int_equal(it->kind, ITEM_HOTSPOT);
	assert_int_equal(it->image_w, 100);
	assert_int_equal(it->image_h, 50);
	assert_non_null(strstr(it->image_html, " alt=\"A &quot;screen&quot;\" width=\"100\" height=\"50\" loading=\"lazy\">"));
	assert_int_equal(it->n_regions, 3);
	assert_true(it->regions[0].correct);
	assert_int_equal(it->regions[1].shape, REGION_CIRCLE);
	assert_int_equal(it->regions[2].n_at, 6);
	assert_int_equal(it->select, 1);
}

static void test_hotspot_wrong(void **state)
{
	(void)state;
	static const char *const regions[] = {
	    "  - {id: a, label: A, shape: rect, at: [10, 8, 5, 40], correct: true}\n",
	    "  - {id: a, label: A, shape: rect, at: [10, 8, 500, 40], correct: true}\n",
	    "  - {id: a, label: A, shape: circle, at: [10, 8], correct: true}\n",
	    "  - {id: a, label: A, shape: poly, at: [1, 2, 3, 4, 5], correct: true}\n",
	    "  - {id: b, label: A, shape: rect, at: [1, 2, 3, 4], correct: true}\n",
	    "  - {id: a, shape: rect, at: [1, 2, 3, 4], correct: true}\n",
	    "  - {id: a, label: A, shape: star, at: [1, 2, 3, 4], correct: true}\n",
	    "  - {id: a, label: A, shape: rect, at: [1, 2, 3, 4]}\n",
	    "  - 7\n",
	};
	for (size_t i = 0; i < ARRAY_SIZE(regions); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text = xasprintf("---\ntype: hotspot\nimage: ../media/a.svg\nimage-alt: x\nregions:\n"
		                                      "  - {id: b, label: B, shape: circle, at: [40, 40, 12]}\n%s---\nWhere?\n",
		                                      regions[i]);
		KIT(&k, "questions/q.md", text, "media/a.svg", "<svg width=\"100\" height=\"50\"></svg>");
		if (!k.diags.n_errors)
			kit_fail(&k, regions[i]);
		assert_int_equal(k.bank->n_items, 0);
	}
}

static void test_essay(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "---\ntype: essay\n---\nWhy?\n\n### Rubric\n| Criterion | Points | Full marks when |\n|---|---|---|\n| a | 2 | b |\n");
	kit_clean(&k);
	const struct item *it = kit_item(&k, "q");
	assert_int_equal(it->kind, ITEM_ESSAY);
	assert_non_null(strstr(it->rubric_html, "<table>"));
}

/* Too many of anything is an error, not a crash. */
static void test_too_many(void **state)
{
	(void)state;
	static const struct {
		const char *head, *one;
	} rows[] = {{"W?\n\n- [x] k\n", "- [ ] a\n"},
	            {"---\ntype: ordering\n---\nW?\n\n", "1. a\n"},
	            {"---\ntype: matching\n---\nW?\n\n", "- a => b\n"},
	            {"---\ntype: grid\n---\nW?\n\n| a | b | c |\n|---|---|---|\n", "| a | x | |\n"},
	            {"W?\n\n", "= a\n"},
	            {"---\ntype: cloze\n---\nW?\n\n", "{{a}}\n"},
	            {"---\ntype: cloze\n---\nW?\n\n{{a", "|a"},
	            {"---\ntype: cloze\n---\nW?\n\n{{=a", "|~a"}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_buf_ struct buf text = BUF(1 << 16);
		buf_adds(&text, rows[i].head);
		for (int n = 0; n < 70; n++)
			buf_adds(&text, rows[i].one);
		buf_adds(&text, i >= 6 ? "}}\n" : "");
		KIT_QUESTION(&k, text.p);
		if (!kit_find(&k, "too-many-options"))
			kit_fail(&k, rows[i].head);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_single),      cmocka_unit_test(test_block_option), cmocka_unit_test(test_multiple),
	    cmocka_unit_test(test_true_false),  cmocka_unit_test(test_grid),         cmocka_unit_test(test_ordering),
	    cmocka_unit_test(test_matching),    cmocka_unit_test(test_numeric),      cmocka_unit_test(test_numeric_wrong),
	    cmocka_unit_test(test_text),        cmocka_unit_test(test_text_by_type), cmocka_unit_test(test_cloze),
	    cmocka_unit_test(test_cloze_wrong), cmocka_unit_test(test_hotspot),      cmocka_unit_test(test_hotspot_wrong),
	    cmocka_unit_test(test_essay),       cmocka_unit_test(test_too_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
