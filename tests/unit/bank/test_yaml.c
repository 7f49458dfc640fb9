/* The part of YAML that banks use, and everything else refused. */
#include "../test.h"
#include "bank/yaml.h"
#include "base/mem.h"

static bool parse(const char *text, struct source *source, struct diags *diags, struct yaml *ret)
{
	*source = (struct source){.path = "x.yml", .bytes = str_of(text)};
	return yaml_parse(source, source->bytes, diags, ret);
}

static void test_values(void **state)
{
	(void)state;
	struct source source;
	struct diags d = {0};
	struct yaml y;
	struct str text;
	int64_t n;
	double v;
	bool b;
	char **list;
	size_t count;
	assert_true(parse("a: 1.10\nb: \"true\"\nc: [x, 'y: z', ~]\nd: {e: yes}\nf: |\n  one\n  two\ng: true\nh: 0x10\ni: -7\nj: 1e3\n",
	                  &source, &d, &y));
	assert_true(yaml_text(&y, yaml_find(&y, 0, "a"), "a", 10, &text, &d));
	assert_true(str_is(text, "1.10"));
	assert_true(yaml_number(&y, yaml_find(&y, 0, "a"), "a", 0, 2, &v, &d));
	assert_float_equal(v, 1.1, 1e-12);
	assert_true(yaml_text(&y, yaml_find(&y, 0, "b"), "b", 10, &text, &d));
	assert_true(yaml_text(&y, yaml_find(&y, 0, "f"), "f", 10, &text, &d));
	assert_true(str_is(text, "one\ntwo\n"));
	assert_true(yaml_bool(&y, yaml_find(&y, 0, "g"), "g", &b, &d) && b);
	assert_true(yaml_int(&y, yaml_find(&y, 0, "i"), "i", -10, 10, &n, &d) && n == -7);
	assert_int_equal(yaml_find(&y, 0, "z"), -1);
	assert_int_equal(d.n, 0);
	assert_false(yaml_texts(&y, yaml_find(&y, 0, "c"), "c", 10, &list, &count, &d)); /* ~ is nothing */
	assert_string_equal(d.list[0].code, "field-empty");
	assert_int_equal(d.list[0].line, 3);
	assert_int_equal(d.list[0].column, 16);
	assert_false(yaml_bool(&y, yaml_find(&y, yaml_find(&y, 0, "d"), "e"), "e", &b, &d));
	assert_string_equal(d.list[1].suggestion, "write true");
	assert_false(yaml_int(&y, yaml_find(&y, 0, "h"), "h", 0, 100, &n, &d));
	assert_false(yaml_int(&y, yaml_find(&y, 0, "j"), "j", 0, 10000, &n, &d));
	assert_false(yaml_text(&y, yaml_find(&y, 0, "d"), "d", 10, &text, &d));
	assert_false(yaml_text(&y, yaml_find(&y, 0, "f"), "f", 3, &text, &d));
	yaml_finish(&y);
	source_finish(&source);
	diags_finish(&d);
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text, *code;
	} rows[] = {
	    {"a: b: c", "yaml-syntax"},
	    {"a: [", "yaml-syntax"},
	    {"\ta: b", "yaml-syntax"},
	    {"a: @b", "yaml-syntax"},
	    {"a: \"\\x00\"", "yaml-syntax"},
	    {"- a", "yaml-type"},
	    {"a", "yaml-type"},
	    {"a: 1\na: 2", "yaml-duplicate"},
	    {"a: &x 1", "yaml-alias"},
	    {"a: *x", "yaml-alias"},
	    {"&x a: 1", "yaml-alias"},
	    {"a: !!int 1", "yaml-tag"},
	    {"a: !x {}", "yaml-tag"},
	    {"? [a]\n: b", "yaml-key"},
	    {"? {a: b}\n: c", "yaml-key"},
	    {"a: 1\n---\nb: 2", "yaml-documents"},
	    {"a: 1\n...\n---\nb: 2", "yaml-documents"},
	    {"a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}", "yaml-limit"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct source source;
		struct diags d = {0};
		struct yaml y;
		if (parse(rows[i].text, &source, &d, &y))
			fail_msg("taken: %s", rows[i].text);
		if (strcmp(d.list[0].code, rows[i].code) != 0)
			fail_msg("%s: %s", rows[i].text, d.list[0].code);
		assert_int_equal(yaml_find(&y, 0, "a"), -1); /* empty, and safe to look into */
		assert_true(d.list[0].line >= 1);
		yaml_finish(&y);
		source_finish(&source);
		diags_finish(&d);
	}
}

static void test_empty(void **state)
{
	(void)state;
	static const char *const texts[] = {"", "\n\n", "# nothing\n", "---\n", "{}"};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct source source;
		struct diags d = {0};
		struct yaml y;
		assert_true(parse(texts[i], &source, &d, &y));
		assert_int_equal(yaml_find(&y, 0, "a"), -1);
		yaml_finish(&y);
		source_finish(&source);
		diags_finish(&d);
	}
}

static void test_limits(void **state)
{
	(void)state;
	static const struct {
		const char *head, *one;
		int n;
	} rows[] = {{"a: [", "x, ", 30000}, {"a: \"", "xxxxxxxxxxxxxxxxxxxx", 20000}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct source source;
		struct diags d = {0};
		struct yaml y;
		struct buf text = BUF(1 << 20);
		buf_adds(&text, rows[i].head);
		for (int n = 0; n < rows[i].n; n++)
			buf_adds(&text, rows[i].one);
		assert_false(parse(text.p, &source, &d, &y));
		assert_string_equal(d.list[0].code, "yaml-limit");
		yaml_finish(&y);
		source_finish(&source);
		diags_finish(&d);
		buf_finish(&text);
	}
	struct source source;
	struct diags d = {0};
	struct yaml y;
	struct buf text = BUF(1 << 20);
	for (int n = 0; n < 300; n++)
		buf_addf(&text, "k%d: v\n", n);
	assert_false(parse(text.p, &source, &d, &y));
	assert_string_equal(d.list[0].code, "yaml-limit");
	yaml_finish(&y);
	source_finish(&source);
	diags_finish(&d);
	buf_finish(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_values), cmocka_unit_test(test_refused), cmocka_unit_test(test_empty),
	                                   cmocka_unit_test(test_limits)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
