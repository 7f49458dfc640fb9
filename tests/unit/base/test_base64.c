#include "../test.h"
#include "base/base64.h"

static void test_reads(void **state)
{
	(void)state;
	unsigned char out[8];
	size_t len = 9;
	assert_true(base64_read(STR(""), BASE64_PADDED, out, sizeof out, &len) && len == 0);
	assert_true(base64_read(STR("//8="), BASE64_PADDED, out, sizeof out, &len) && len == 2 && out[0] == 0xff && out[1] == 0xff);
	assert_true(base64_read(STR("__8"), BASE64_URL_SAFE, out, sizeof out, &len) && len == 2 && out[0] == 0xff && out[1] == 0xff);
	assert_true(base64_read(STR("AAAAAAAAAAA"), BASE64_URL_SAFE, out, sizeof out, &len) && len == sizeof out);
}

static void test_refuses(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum base64 kind;
	} bad[] = {{"\u00e98", BASE64_URL_SAFE}, /* libsodium reads "__8" */
	           {"\u00e98=", BASE64_PADDED},  {"__8=", BASE64_URL_SAFE}, {"//8", BASE64_PADDED},      {"__9", BASE64_URL_SAFE},
	           {"//8", BASE64_URL_SAFE},     {"__8=", BASE64_PADDED},   {"_", BASE64_URL_SAFE},      {"__8 ", BASE64_URL_SAFE},
	           {"A\nAA", BASE64_URL_SAFE},   {"====", BASE64_PADDED},   {"AA==AA==", BASE64_PADDED}, {"AAAAAAAAAAAA", BASE64_URL_SAFE}};
	unsigned char out[8] = {7};
	size_t len = 5;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (base64_read(str_of(bad[i].text), bad[i].kind, out, sizeof out, &len))
			fail_msg("accepted: %s", bad[i].text);
	assert_true(len == 5 && out[0] == 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_reads), cmocka_unit_test(test_refuses)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
