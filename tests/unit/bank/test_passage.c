/* Lines with their fences, list markers, and passages that remember where they came from. */
#include "../test.h"
#include "bank/passage.h"
#include "base/mem.h"

/* One letter a line: . text, - blank, c code, [ and ] the fences of a block; small brackets would be nested ones: ( and ). */
static void check(const char *text, const char *want)
{
	struct lines lines = {0};
	lines_split(str_of(text), &lines);
	char got[64] = {0};
	for (size_t i = 0; i < lines.n && i < 63; i++) {
		unsigned f = lines.list[i].flags;
		bool nested = f & LINE_NESTED;
		got[i] = f & LINE_FENCE_OPEN ? (nested ? '(' : '[') : f & LINE_FENCE_CLOSE ? ']' : f & LINE_CODE ? 'c' : f & LINE_BLANK ? '-' : '.';
	}
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s, not %s", text, got, want);
	free(lines.list);
}

static void test_fences(void **state)
{
	(void)state;
	check("a\n\nb\r\n", ".-.");
	check("```\na\n\n```\nb\n", "[cc].");
	check("```\n~~~\n``\n ```` \nb", "[cc].");
	check("~~~ `x`\n```\n~~~", "[c]");
	check("``` a`b\nc\n", "..");
	check("``\na\n", "..");
	check("    ```\na\n", "..");
	check("   ```\na\n   ```\nb", "[c].");
	check("```\na", "[c");
	check("- a\n  ```\n  b\n  ```\nc", ".(c].");
	check("- a\n  ```\n  b\nc", ".(c.");
	check("- a\n  ```\n\n  b\n- c", ".(cc.");
	check("- ```\n  a\n  ```\nb", "(c].");
	check("1. ```\n   a\n   ```\n2. b", "(c].");
	check("- a\n\n      ```\n      b\n      ```\n- c", ".-....");
	check("> ```\n> a\n> ```\nb", "....");
	check("a\n  ```\nb\n```\nc", ".[c].");
}

static void test_markers(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t n;
		bool ordered;
	} rows[] = {
	    {"- a", 2, false},  {"* a", 2, false}, {"+  a", 3, false},          {"-a", 0, false},       {"-", 2, false}, {"1. a", 3, true},
	    {"12) a", 4, true}, {"1.a", 0, false}, {"1234567890. a", 0, false}, {"-      a", 2, false}, {"", 0, false},  {"a", 0, false}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		bool ordered = false;
		size_t n = list_marker(str_of(rows[i].text), &ordered);
		if (n != rows[i].n || (n && ordered != rows[i].ordered))
			fail_msg("'%s': %zu", rows[i].text, n);
	}
}

static void test_passages(void **state)
{
	(void)state;
	struct source s = {.path = "x", .bytes = STR("\n  ab\n\tcd\n e\n\n")};
	struct lines lines = {0};
	lines_split(s.bytes, &lines);
	_cleanup_passage_ struct passage whole = passage_of_lines(&s, lines.list, 0, lines.n, 0);
	assert_true(str_is(whole.text, "  ab\n\tcd\n e"));
	assert_null(whole.copy);
	assert_ptr_equal(passage_at(&whole, whole.text.p + 2), s.bytes.p + 3);
	_cleanup_passage_ struct passage moved = passage_of_lines(&s, lines.list, 0, lines.n, 2);
	assert_true(str_is(moved.text, "ab\ncd\ne\n"));
	assert_ptr_equal(passage_at(&moved, moved.text.p), s.bytes.p + 3);
	assert_ptr_equal(passage_at(&moved, moved.text.p + 4), s.bytes.p + 8);
	assert_ptr_equal(passage_at(&moved, moved.text.p + 6), s.bytes.p + 11);
	assert_null(passage_at(&moved, s.bytes.p));
	/* a line that was taken out is not in it */
	struct line some[] = {lines.list[1], lines.list[3]};
	_cleanup_passage_ struct passage cut = passage_of_lines(&s, some, 0, 2, 0);
	assert_true(str_is(cut.text, "  ab\n e\n"));
	_cleanup_passage_ struct passage empty = passage_of_lines(&s, lines.list, 4, 5, 0);
	assert_int_equal(empty.text.len, 0);
	free(lines.list);
	source_finish(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_fences), cmocka_unit_test(test_markers), cmocka_unit_test(test_passages)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
