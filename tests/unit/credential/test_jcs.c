/* RFC 8785: the vectors of its appendix B, the examples of its section 3.2, and what must be refused. jcs_oracle.mjs compares with Node. */
#include "../test.h"
#include "base/rng.h"
#include "credential/jcs.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static double from_bits(uint64_t bits)
{
	double v;
	memcpy(&v, &bits, sizeof v);
	return v;
}

static void test_appendix_b(void **state)
{
	(void)state;
	static const struct {
		uint64_t bits;
		const char *text;
	} rows[] = {
	    {0x0000000000000000, "0"},
	    {0x8000000000000000, "0"},
	    {0x0000000000000001, "5e-324"},
	    {0x8000000000000001, "-5e-324"},
	    {0x7fefffffffffffff, "1.7976931348623157e+308"},
	    {0xffefffffffffffff, "-1.7976931348623157e+308"},
	    {0x4340000000000000, "9007199254740992"},
	    {0xc340000000000000, "-9007199254740992"},
	    {0x4430000000000000, "295147905179352830000"},
	    {0x44b52d02c7e14af5, "9.999999999999997e+22"},
	    {0x44b52d02c7e14af6, "1e+23"},
	    {0x44b52d02c7e14af7, "1.0000000000000001e+23"},
	    {0x444b1ae4d6e2ef4e, "999999999999999700000"},
	    {0x444b1ae4d6e2ef4f, "999999999999999900000"},
	    {0x444b1ae4d6e2ef50, "1e+21"},
	    {0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7"},
	    {0x3eb0c6f7a0b5ed8d, "0.000001"},
	    {0x41b3de4355555553, "333333333.3333332"},
	    {0x41b3de4355555554, "333333333.33333325"},
	    {0x41b3de4355555555, "333333333.3333333"},
	    {0x41b3de4355555556, "333333333.3333334"},
	    {0x41b3de4355555557, "333333333.33333343"},
	    {0xbecbf647612f3696, "-0.0000033333333333333333"},
	    {0x43143ff3c1cb0959, "1424953923781206.2"},
	    /* Below a power of two the rounded 16 digits do not read back, and their neighbour does. */
	    {0x3d30000000000000, "5.684341886080802e-14"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char out[32];
		jcs_number(from_bits(rows[i].bits), out);
		assert_string_equal(out, rows[i].text);
	}
}

/* Every double comes back from its text, and the text fits. */
static void test_numbers_read_back(void **state)
{
	(void)state;
	struct rng rng;
	unsigned char secret[RNG_SEED_SIZE] = {7};
	rng_init(&rng, secret, "jcs");
	for (int i = 0; i < 20000; i++) {
		uint64_t bits = i < 4094 ? (uint64_t)(i / 2 + 1) << 52 | (i % 2 ? 1 : 0) : rng_u64(&rng);
		double v = from_bits(bits);
		char out[32];
		if (!isfinite(v))
			continue;
		memset(out, 'x', sizeof out);
		jcs_number(v, out);
		assert_non_null(memchr(out, 0, sizeof out));
		if (strtod(out, NULL) != v)
			fail_msg("%016" PRIx64 " is %s", bits, out);
	}
}

static void check(const char *in, const char *want)
{
	_cleanup_json_ cJSON *v = NULL;
	_cleanup_buf_ struct buf b = BUF(10000), again = BUF(10000);
	struct err err;
	if (!json_parse(str_of(in), &v, &err) || !jcs_canonical(v, &b, &err))
		fail_msg("%s: %s", in, err.msg);
	assert_string_equal(b.p, want);
	cJSON_Delete(v);
	v = NULL;
	assert_true(json_parse(buf_str(&b), &v, &err) && jcs_canonical(v, &again, &err));
	assert_string_equal(again.p, want); /* canonical stays canonical */
}

static void test_values(void **state)
{
	(void)state;
	check(" [ ] ", "[]");
	check("{ }", "{}");
	check("null", "null");
	check("[true , false,null]", "[true,false,null]");
	check("\"\\u20ac$\\u000f\\nA'\\u0042\\u0022\\u005c\\\\\\\"\\/\"", "\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
	check("\"\\u0008\\u0009\\u000a\\u000c\\u000d\\u007f\\u2028\"", "\"\\b\\t\\n\\f\\r\x7f\xE2\x80\xA8\"");
	check("[333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001]", "[333333333.3333333,1e+30,4.5,0.002,1e-27]");
	check("[56.0, -0, -0.0, 1e0, 100, 1e21, 123456789012345678]", "[56,0,0,1,100,1e+21,123456789012345680]");
	check("{\"b\":{\"z\":1,\"y\":[{\"d\":1,\"c\":2}]},\"a\":1,\"\":0,\"aa\":2,\"A\":3}",
	      "{\"\":0,\"A\":3,\"a\":1,\"aa\":2,\"b\":{\"y\":[{\"c\":2,\"d\":1}],\"z\":1}}");
}

/* Section 3.2.3: by UTF-16 code units, so that U+1F600 (D83D DE00) stands before U+FB33. */
static void test_order_of_keys(void **state)
{
	(void)state;
	check("{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew Letter Dalet With "
	      "Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning "
	      "Face\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}",
	      "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\",\"\xC3\xB6\":\"Latin Small Letter O With "
	      "Diaeresis\",\"\xE2\x82\xAC\":\"Euro "
	      "Sign\",\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
	check("{\"\\uffff\":1,\"\\ue000\":2,\"\\ud7ff\":3,\"\\udbff\\udfff\":4,\"\\ud800\\udc00\":5,\"\\ue000a\":6,"
	      "\"\\ud800\\udc00\\ud800\\udc00\":7}",
	      "{\"\xED\x9F\xBF\":3,\"\xF0\x90\x80\x80\":5,\"\xF0\x90\x80\x80\xF0\x90\x80\x80\":7,\"\xF4\x8F\xBF\xBF\":4,\"\xEE\x80\x80\":2,"
	      "\"\xEE\x80\x80\x61\":6,\"\xEF\xBF\xBF\":1}");
}

static void refuse(cJSON *v, const char *says)
{
	_cleanup_buf_ struct buf b = BUF(100000);
	struct err err = {0};
	assert_false(jcs_canonical(v, &b, &err));
	if (!strstr(err.msg, says))
		fail_msg("%s", err.msg);
	cJSON_Delete(v);
}

static void test_refused(void **state)
{
	(void)state;
	refuse(NULL, "no value");
	refuse(cJSON_CreateNumber(NAN), "not finite");
	refuse(cJSON_CreateNumber(INFINITY), "not finite");
	refuse(cJSON_CreateNumber(-INFINITY), "not finite");
	refuse(cJSON_CreateString("\xff"), "not valid UTF-8");
	refuse(cJSON_CreateString("\xED\xA0\x80"), "not valid UTF-8"); /* a lone surrogate */
	refuse(cJSON_CreateRaw("{}"), "unknown type");
	cJSON *twice = cJSON_CreateObject();
	cJSON_AddNumberToObject(twice, "a", 1);
	cJSON_AddNumberToObject(twice, "b", 1);
	cJSON_AddNumberToObject(twice, "a", 1);
	refuse(twice, "\"a\" stands twice");
	cJSON *key = cJSON_CreateObject();
	cJSON_AddNumberToObject(key, "\xC0\x80", 1);
	refuse(key, "a key is not valid UTF-8");
	cJSON *deep = cJSON_CreateArray(), *at = deep;
	for (int i = 0; i < 200; i++) {
		cJSON *inner = cJSON_CreateArray();
		cJSON_AddItemToArray(at, inner);
		at = inner;
	}
	refuse(deep, "nested deeper");
	_cleanup_buf_ struct buf small = BUF(3);
	struct err err;
	_cleanup_json_ cJSON *text = cJSON_CreateString("too long");
	assert_false(jcs_canonical(text, &small, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

/* Of the object itself, not of those in it. */
static void test_without_a_member(void **state)
{
	(void)state;
	_cleanup_json_ cJSON *v = NULL, *list = json_array();
	_cleanup_buf_ struct buf out = BUF(1000);
	struct err err = {0};
	assert_true(json_parse(STR("{\"b\":{\"proof\":1},\"proof\":[2],\"a\":3}"), &v, &err));
	assert_true(jcs_canonical_without(v, "proof", &out, &err));
	assert_string_equal(out.p, "{\"a\":3,\"b\":{\"proof\":1}}");
	buf_clear(&out);
	assert_true(jcs_canonical_without(v, "nothing", &out, &err));
	assert_string_equal(out.p, "{\"a\":3,\"b\":{\"proof\":1},\"proof\":[2]}");
	assert_false(jcs_canonical_without(list, "proof", &out, &err));
	assert_int_equal(err.code, ERR_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_appendix_b),    cmocka_unit_test(test_numbers_read_back), cmocka_unit_test(test_values),
	    cmocka_unit_test(test_order_of_keys), cmocka_unit_test(test_refused),           cmocka_unit_test(test_without_a_member),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
