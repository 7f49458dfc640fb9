/* Typed answers: folding, literals, patterns, and patterns that never end. */
#include "base/clock.h"
#include "kit.h"

static int credit(const struct item_text *texts, size_t n, const char *answer)
{
	int credit_m;
	const char *reason;
	return text_credit(texts, n, answer, &credit_m, &reason) ? credit_m : -1;
}

static void test_folding(void **state)
{
	(void)state;
	static const char *const rows[][2] = {{"", ""},
	                                      {" \t\r\n", ""},
	                                      {"a", "a"},
	                                      {"  a  b\tc ", "a b c"},
	                                      {"\xC2\xA0 a\xC2\xA0\xE2\x80\x83\xE3\x80\x80z\xE2\x80\xAF", "a z"},
	                                      {"\xC3\xA9 \xE2\x82\xAC", "\xC3\xA9 \xE2\x82\xAC"},
	                                      {"\xC2\x85x\xE1\x9A\x80y\xE2\x81\x9Fz\xE2\x80\xA8", "x y z"}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *folded = text_fold(rows[i][0]);
		assert_string_equal(folded, rows[i][1]);
	}
}

/* Every character below U+3100: white space is exactly Unicode's White_Space (PropList.txt). */
static void test_all_white_space(void **state)
{
	(void)state;
	static const unsigned spaces[] = {0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000};
	for (unsigned c = 1; c < 0x3100; c++) {
		bool space = (c >= 9 && c <= 13) || (c >= 0x2000 && c <= 0x200A);
		for (size_t i = 0; i < ARRAY_SIZE(spaces); i++)
			space = space || c == spaces[i];
		char text[8] = "a", *p = text + 1;
		if (c < 0x80) {
			*p++ = (char)c;
		} else if (c < 0x800) {
			*p++ = (char)(0xC0 | c >> 6);
			*p++ = (char)(0x80 | (c & 63));
		} else {
			*p++ = (char)(0xE0 | c >> 12);
			*p++ = (char)(0x80 | (c >> 6 & 63));
			*p++ = (char)(0x80 | (c & 63));
		}
		*p++ = 'b';
		_cleanup_free_ char *folded = text_fold(text);
		if ((strcmp(folded, "a b") == 0) != space || (!space && strcmp(folded, text) != 0))
			fail_msg("U+%04X becomes '%s'", c, folded);
	}
}

static void test_literals(void **state)
{
	(void)state;
	struct item_text t = {.pattern = S(" kubectl  get pods"), .credit_m = 1000};
	assert_int_equal(credit(&t, 1, "kubectl get  pods\n"), 1000);
	assert_int_equal(credit(&t, 1, "Kubectl get pods"), 0);
	assert_int_equal(credit(&t, 1, "kubectl get pod"), 0);
	assert_int_equal(credit(&t, 1, "kubectl get pods -A"), 0);
	t.ignore_case = true;
	assert_int_equal(credit(&t, 1, "KUBECTL GET PODS"), 1000);
	struct item_text special = {.pattern = S("a.*(b)\\E"), .ignore_case = true, .credit_m = 1000}; /* nothing in a literal is special */
	assert_int_equal(credit(&special, 1, "A.*(B)\\e"), 1000);
	assert_int_equal(credit(&special, 1, "axx(b)\\E"), 0);
	struct item_text umlaut = {.pattern = S("\xC3\xBC\x62\x65r"), .ignore_case = true, .credit_m = 1000};
	assert_int_equal(credit(&umlaut, 1, "\xC3\x9C\x42\x45R"), 1000);
}

static void test_patterns_match_the_whole_answer(void **state)
{
	(void)state;
	struct item_text t = {.pattern = S("cat|dog"), .regex = true, .credit_m = 1000};
	assert_int_equal(credit(&t, 1, "cat"), 1000);
	assert_int_equal(credit(&t, 1, " dog "), 1000);
	assert_int_equal(credit(&t, 1, "cats"), 0);
	assert_int_equal(credit(&t, 1, "hotdog"), 0);
	assert_int_equal(credit(&t, 1, "DOG"), 0);
	t.ignore_case = true;
	assert_int_equal(credit(&t, 1, "DOG"), 1000);
}

static void test_best_match_counts(void **state)
{
	(void)state;
	struct item_text t[] = {{.pattern = S("l.*"), .regex = true, .credit_m = 250},
	                        {.pattern = S("ls"), .credit_m = 500},
	                        {.pattern = S("ls -l"), .credit_m = 1000}};
	assert_int_equal(credit(t, 3, "ls -l"), 1000);
	assert_int_equal(credit(t, 3, "ls"), 500);
	assert_int_equal(credit(t, 3, "lx"), 250);
	assert_int_equal(credit(t, 3, "x"), 0);
}

/* Catastrophic patterns end soon, and nobody is told that the answer is wrong. */
static void test_limits(void **state)
{
	(void)state;
	char many[RESPONSE_SHORT_MAX + 1];
	memset(many, 'a', sizeof many - 1);
	many[sizeof many - 2] = 'b';
	many[sizeof many - 1] = 0;
	static const char *const hostile[] = {
	    "(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*a){20}$", "((a{0,30}){0,30}){0,30}$", "(?:a?){500}a{500}$", "(?R)?a(?R)?$"};
	for (size_t i = 0; i < ARRAY_SIZE(hostile); i++) {
		struct item_text t = {.pattern = (char *)(uintptr_t)hostile[i], .regex = true, .credit_m = 1000};
		int64_t before = clock_cpu_us();
		int got = credit(&t, 1, many);
		int64_t spent = clock_cpu_us() - before;
		if (got > 0 || spent > 2000000) /* generous: the tests run under sanitizers */
			fail_msg("%s: %d after %lld us", hostile[i], got, (long long)spent);
	}
	struct item_text endless = {.pattern = S("(a+)+$"), .regex = true, .credit_m = 1000};
	assert_int_equal(credit(&endless, 1, many), -1);
	struct item_text good[] = {{.pattern = S("(a+)+$"), .regex = true, .credit_m = 500}, {.pattern = many, .credit_m = 1000}};
	assert_int_equal(credit(good, 2, many), 1000); /* what is in doubt could not make it better */
	good[0].credit_m = 1000;
	good[1].credit_m = 500;
	assert_int_equal(credit(good, 2, many), -1);
}

static void test_broken_pattern_is_not_the_candidates_fault(void **state)
{
	(void)state;
	static const char *const broken[] = {"(", "[a", "a{2,1}", "\\C", "(?<n>a)(?<n>b)"};
	for (size_t i = 0; i < ARRAY_SIZE(broken); i++) {
		struct item_text t = {.pattern = (char *)(uintptr_t)broken[i], .regex = true, .credit_m = 1000};
		assert_int_equal(credit(&t, 1, "a"), -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_folding),
	    cmocka_unit_test(test_all_white_space),
	    cmocka_unit_test(test_literals),
	    cmocka_unit_test(test_patterns_match_the_whole_answer),
	    cmocka_unit_test(test_best_match_counts),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_broken_pattern_is_not_the_candidates_fault),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
