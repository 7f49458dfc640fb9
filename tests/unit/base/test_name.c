#include "../test.h"
#include "base/name.h"

static void test_names(void **state)
{
	(void)state;
	static const char *const same[][2] = {{"Ada", " ada "},           {"Ada Lovelace", "ADA \t lovelace"},
	                                      {"Ada", "A\u200bda\ufeff"}, {"Ada L", "Ada\u00a0L"},
	                                      {"JOS\u00c9", "jos\u00e9"}, {"\u0410\u043d\u043d\u0430", "\u0430\u041d\u041d\u0430"},
	                                      {"", "\u200b \u2060"},      {"a\u200b b", "a \u200bb"}};
	static const char *const other[][2] = {{"Ada", "Ida"}, {"AdaL", "Ada L"}, {"Ada", "Ad"}, {"", "a"}, {"Ada", "\u0410da"}};
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		assert_true(name_same(same[i][0], same[i][1]));
	for (size_t i = 0; i < sizeof other / sizeof *other; i++)
		assert_false(name_same(other[i][0], other[i][1]));
	assert_true(name_same("a \x80", "a  \x80")); /* no UTF-8: it ends all the same */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_names)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
