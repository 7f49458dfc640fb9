/* The parts of a question and of a file: headings, fields, fences, places in messages. */
#include "kit.h"

#define OPTIONS "\n- [x] one\n- [ ] two\n"

static void test_many_in_one_file(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "bank.yml", "id: b\ndomains:\n  files: Files\n  users:\n    title: Users\n    objectives: {sudo: Sudo}\n", "questions/a.md",
	    "---\nobjective: users.sudo\ndifficulty: 3\n---\n# All about sudo\n\n## The First One\nWhich?\n" OPTIONS
	    "\n## Second {#two}\n```yaml item\nobjective: files\ndifficulty: 5\n```\n\nWhich?\n" OPTIONS
	    "## Third {#three} ##\nWhich?\n" OPTIONS);
	kit_clean(&k);
	assert_int_equal(k.bank->n_items, 3);
	const struct item *it = kit_item(&k, "the-first-one");
	assert_string_equal(it->domain, "users");
	assert_string_equal(it->objective, "users.sudo");
	assert_int_equal(it->difficulty, 3);
	assert_int_equal(it->line, 7);
	assert_int_equal(it->place, 1);
	it = kit_item(&k, "two");
	assert_string_equal(it->domain, "files");
	assert_null(it->objective);
	assert_int_equal(it->difficulty, 5);
	assert_int_equal(it->place, 2);
	assert_string_equal(kit_item(&k, "three")->title, "Third");
}

static void test_one_file_each(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "questions/My Question.md", "Which?\n" OPTIONS, "questions/b.md", "# A title {#named}\n\nWhich?\n" OPTIONS, "questions/c.md",
	    "---\nid: own\n---\n# Another\nWhich?\n" OPTIONS, "questions/d/e.md",
	    "\xef\xbb\xbf---\r\ntitle: T\r\n---\r\nWhich?\r\n\r\n- [x] one\r\n- [ ] two\r\n");
	kit_clean(&k);
	assert_string_equal(kit_item(&k, "my-question")->title, "my-question");
	assert_string_equal(kit_item(&k, "named")->title, "A title");
	assert_string_equal(kit_item(&k, "named")->stem_html, "<p>Which?</p>");
	assert_string_equal(kit_item(&k, "own")->title, "Another");
	assert_string_equal(kit_item(&k, "e")->title, "T");
	assert_string_equal(kit_item(&k, "e")->options[1].text, "two");
}

/* Markers inside code are text. */
static void test_code_is_inert(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k,
	             "## One {#one}\nWhat does this print?\n\n```md\n## Not a question\n- [x] not an option\n### Explanation\n= 5\n@{x} {{y}}\n"
	             "```yaml item\n```\n\n~~~\n```\n## no\n~~~\n\n    - [x] not here either\n" OPTIONS
	             "  > ```\n  > ## no\n  > ```\n\n### Explanation\n```\n### References\n```\n");
	kit_clean(&k);
	assert_int_equal(k.bank->n_items, 1);
	const struct item *it = kit_item(&k, "one");
	assert_int_equal(it->n_options, 2);
	assert_null(it->references_html);
	assert_non_null(strstr(it->stem_html, "@{x} {{y}}"));
}

/* A fence inside an option ends with the option. */
static void test_fence_in_option(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "W?\n\n- [x] one\n  ```\n  open\n- [ ] two\n- [ ] three\n\n### Explanation\nx\n");
	kit_clean(&k);
	assert_int_equal(kit_item(&k, "q")->n_options, 3);
}

static void test_other_headings_are_text(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "### The machine\n\nW?\n" OPTIONS "\n### Explanation\n### Details\nx\n");
	kit_clean(&k);
	assert_string_equal(kit_item(&k, "q")->stem_html, "<h3>The machine</h3><p>W?</p>");
	assert_string_equal(kit_item(&k, "q")->explanation_html, "<h3>Details</h3><p>x</p>");
}

/* One broken question never blocks the rest, and every mistake is reported. */
static void test_all_at_once(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "## A\n```yaml item\ndificulty: 2\nselect: many\npoints: -1\n```\nW?\n\n- [ ] one\n- [ ] two\n"
	                 "## B\nW?\n" OPTIONS "## C\nno answers\n## D\n```yaml item\ntitle: [\n```\nW?\n" OPTIONS "## E\nW?\n" OPTIONS);
	assert_int_equal(k.bank->n_items, 2);
	assert_non_null(bank_item(k.bank, "b"));
	assert_non_null(bank_item(k.bank, "e"));
	assert_int_equal(k.diags.n_errors, 6);
	assert_non_null(kit_find(&k, "unknown-field"));
	assert_non_null(kit_find(&k, "no-key"));
	assert_non_null(kit_find(&k, "no-answer"));
	assert_non_null(kit_find(&k, "yaml-syntax"));
}

static void expect_place(const char *text, const char *code, int line, int column, const char *help)
{
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, text);
	const struct diag *d = kit_find(&k, code);
	if (!d)
		kit_fail(&k, code);
	if (d->line != line || d->column != column || (help && (!d->suggestion || strcmp(d->suggestion, help) != 0)))
		fail_msg("%s: %d:%d, %s", code, d->line, d->column, d->suggestion ? d->suggestion : "no help");
}

static void test_places(void **state)
{
	(void)state;
	expect_place("---\ntags: [a]\ndificulty: 2\n---\nW?\n" OPTIONS, "unknown-field", 3, 1, "did you mean 'difficulty'?");
	expect_place("---\nobjective: genral\n---\nW?\n" OPTIONS, "unknown-domain", 2, 12, "did you mean 'general'?");
	expect_place("---\ntype: singel\n---\nW?\n" OPTIONS, "field-value", 2, 7, "did you mean 'single'?");
	expect_place("W?\n\n- [x] one ![é](none.png)\n- [ ] two\n", "dead-picture", 3, 16, NULL);
	expect_place("W?\n\n- [x] one\n\n  é [two](none.md)\n- [ ] two\n", "dead-link", 5, 11, NULL);
	expect_place("W?\n\n= é/a(/\n= /é(/\n", "bad-regex", 4, 6, NULL);
	expect_place("---\ntype: cloze\n---\nRun {{é}} and\n[a](none.md)\n", "dead-link", 5, 5, NULL);
	expect_place("## A\nW?\n" OPTIONS "- three\n", "no-box", 6, 1, NULL);
	expect_place("## A {#B!}\nW?\n" OPTIONS, "bad-id", 1, 8, "for example {#b}");
	expect_place("W?\n" OPTIONS "\n> quote\n", "text-after-answers", 6, 1, NULL);
}

static void test_front_matter_is_not_markdown(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, "---\ntitle: |\n  ```\n  ## not a heading\n---\nW?\n" OPTIONS);
	kit_clean(&k);
	assert_int_equal(k.bank->n_items, 1);
}

static void test_cases(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "cases/shop.md", "# The shop\n\nIt *sells* things.\n", "cases/bad Name.md", "x\n", "questions/q.md",
	    "## A\n```yaml item\ncase: shop\n```\nW?\n" OPTIONS "## B\n```yaml item\ncase: shpo\n```\nW?\n" OPTIONS);
	assert_int_equal(k.bank->n_items, 1);
	assert_string_equal(bank_case(k.bank, "shop")->title, "The shop");
	assert_string_equal(bank_case(k.bank, "shop")->html, "<p>It <em>sells</em> things.</p>");
	assert_string_equal(kit_find(&k, "unknown-case")->suggestion, "did you mean 'shop'?");
	assert_non_null(kit_find(&k, "bad-id"));
}

static void test_duplicates(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "questions/a.md", "\n## A {#same}\nFirst?\n" OPTIONS, "questions/b.md",
	    "## B {#same}\nW?\n" OPTIONS "## C {#same}\nW?\n" OPTIONS);
	assert_int_equal(k.bank->n_items, 1);
	assert_string_equal(kit_item(&k, "same")->stem_html, "<p>First?</p>");
	assert_int_equal(k.diags.n_errors, 2);
	assert_string_equal(k.diags.list[0].message, "the id 'same' is taken by questions/a.md:2");
	assert_string_equal(k.diags.list[0].file, "questions/b.md");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_many_in_one_file),
	    cmocka_unit_test(test_one_file_each),
	    cmocka_unit_test(test_code_is_inert),
	    cmocka_unit_test(test_fence_in_option),
	    cmocka_unit_test(test_other_headings_are_text),
	    cmocka_unit_test(test_all_at_once),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_front_matter_is_not_markdown),
	    cmocka_unit_test(test_cases),
	    cmocka_unit_test(test_duplicates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
