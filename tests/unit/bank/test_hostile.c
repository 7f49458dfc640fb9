/* Hostile texts cost time in proportion to their size, and nothing else.
 *
 * Each pattern fills a bank of one size and of four times that size; the CPU time may grow by no more than eight times (twice what is
 * linear, for noise), once it is long enough to be measured at all. */
#include "base/clock.h"
#include "kit.h"

#define SMALL (100 * 1000)
#define LARGE (400 * 1000)
#define LEAST_US 80000 /* below this, time is noise */

static void fill(struct buf *out, const char *unit, size_t size, size_t line)
{
	size_t n = strlen(unit), start = out->len, width = 0;
	while (out->len - start < size) {
		buf_add(out, unit, n);
		width += n;
		if (line && width >= line) {
			buf_addc(out, '\n');
			width = 0;
		}
	}
}

static int64_t cost(const char *unit, size_t size, size_t line, bool many)
{
	_cleanup_kit_ struct kit k;
	_cleanup_buf_ struct buf text = BUF(1 << 24);
	size_t block = many ? 20000 : size;
	for (int i = 0; text.len < size; i++) {
		buf_addf(&text, "## T {#q-%d}\n", i);
		fill(&text, unit, block, line);
		buf_adds(&text, "\n\n- [x] a\n- [ ] b\n");
	}
	kit_folder(&k);
	kit_write(k.dir, "questions.md", buf_str(&text));
	int64_t start = clock_cpu_us();
	kit_load(&k);
	bank_lint(k.bank, &k.diags);
	return clock_cpu_us() - start;
}

static const char *const patterns[] = {
    "[",
    "[]",
    "![",
    "[a](",
    "[a](<b",
    "*a _b ",
    "a**b",
    "`a``b```c````d",
    "<a ",
    "&amp",
    "~a ~~b ",
    ">",
    "> ",
    "- ",
    "1. ",
    "|",
    "|a",
    "\\[",
    "[[[[[[a](b)](c)](d)",
    "{{",
    "{{a}}",
    "{{~a|=b|~c}}",
    "@{a}",
    "= 1\n",
    "- [x] a\n",
    "```\n",
    "- ```\n",
    "### Explanation\na\n",
    "## \n",
    "| a | b |\n|---|---|\n",
    "[a]: b\n",
    "&#65;",
    "- a => b\n",
    "1. a\n",
    "{pin} ",
    "> > > > > a\n",
    "> a\nb\n",
    "<!--",
    "---\n",
    "\xc3\xa9",
    "\n",
    " ",
    "\t",
    "```yaml item\na: [[[[\n```\n",
    "~ a : 50% \"b\"\n",
    "~~~yaml item\n~~~\n",
    "```lua params\n```\n",
    "  - [x] ",
    "<https://a",
    "https://a.b ",
};

static void test_linear(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(patterns); i++) {
		for (int shape = 0; shape < 3; shape++) { /* one line, lines of 4000 bytes, many questions */
			size_t line = shape ? 4000 : 0;
			int64_t large = cost(patterns[i], LARGE, line, shape == 2);
			if (large < LEAST_US)
				continue;
			int64_t small = cost(patterns[i], SMALL, line, shape == 2);
			for (int again = 0; again < 3 && large > 8 * small; again++) {
				int64_t one = cost(patterns[i], LARGE, line, shape == 2), other = cost(patterns[i], SMALL, line, shape == 2);
				large = one < large ? one : large;
				small = other > small ? other : small;
			}
			if (large > 8 * small)
				fail_msg("'%s', shape %d: %lld us for %d bytes, %lld us for %d", patterns[i], shape, (long long)small, SMALL,
				         (long long)large, LARGE);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_linear)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
