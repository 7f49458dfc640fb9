/* Shapes of responses: what is taken, what is refused, and the bytes that are stored. */
#include "kit.h"

enum { SINGLE, MULTIPLE, TRUTH, GRID, ORDERING, MATCHING, NUMERIC, TEXT, CLOZE, HOTSPOT, ESSAY, TASK };

static bool check(size_t item, const char *text, char *ret_message, size_t size)
{
	struct form form = kit_item(&kit_bank()->items[item]);
	_cleanup_json_ cJSON *response = kit_json(text);
	struct err err = {0};
	bool ok = response_check(&form.items[0], response, &err);
	if (!ok)
		assert_int_equal(err.code, ERR_RESPONSE);
	snprintf(ret_message, size, "%s", err.msg);
	kit_item_finish(&form);
	return ok;
}

static void test_right_shapes(void **state)
{
	(void)state;
	static const struct {
		size_t item;
		const char *text;
	} rows[] = {
	    {SINGLE, "null"},
	    {SINGLE, "{\"choose\":[]}"},
	    {SINGLE, "{\"choose\":[\"oa\"]}"},
	    {TRUTH, "{\"choose\":[\"ob\"]}"},
	    {MULTIPLE, "{\"choose\":[\"oe\",\"oa\",\"ob\",\"oc\",\"od\"]}"}, /* more than asked for: worth nothing, but a shape */
	    {GRID, "{\"rows\":{}}"},
	    {GRID, "{\"rows\":{\"oa\":\"ta\",\"ob\":\"ta\",\"oc\":\"tb\"}}"},
	    {ORDERING, "{\"order\":[]}"},
	    {ORDERING, "{\"order\":[\"od\",\"oa\",\"ob\",\"oc\"]}"},
	    {MATCHING, "{\"match\":{\"oa\":\"ta\",\"ob\":\"ta\"}}"},
	    {NUMERIC, "{\"value\":\"3.14\"}"},
	    {NUMERIC, "{\"value\":\"-1e3\",\"unit\":\"KiB\"}"},
	    {NUMERIC, "{\"value\":\"\",\"unit\":null}"},
	    {NUMERIC, "{\"unit\":\"B\",\"value\":\"\\u22123\"}"},
	    {TEXT, "{\"text\":\"ls -l\"}"},
	    {TEXT, "{\"text\":\"\\u0001\\n\\uffff\"}"},
	    {CLOZE, "{\"blanks\":{}}"},
	    {CLOZE, "{\"blanks\":{\"2\":\"anything\",\"1\":\"x1a\"}}"},
	    {CLOZE, "{\"blanks\":{\"1\":\"\"}}"},
	    {HOTSPOT, "{\"points\":[]}"},
	    {HOTSPOT, "{\"points\":[[0,0],[320,120],[77,115.0]]}"},
	    {ESSAY, "{\"text\":\"because\"}"},
	    {TASK, "null"},
	    {TASK, "{\"done\":true}"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char message[600];
		if (!check(rows[i].item, rows[i].text, message, sizeof message))
			fail_msg("%s: %s", rows[i].text, message);
	}
}

static void test_wrong_shapes(void **state)
{
	(void)state;
	static const struct {
		size_t item;
		const char *text, *says;
	} rows[] = {
	    {SINGLE, "[]", "must be an object"},
	    {SINGLE, "\"oa\"", "must be an object"},
	    {SINGLE, "1", "must be an object"},
	    {SINGLE, "{}", "{\"choose\": "},
	    {SINGLE, "true", "must be an object"},
	    {SINGLE, "{\"choose\":\"oa\"}", "list of ids"},
	    {SINGLE, "{\"choose\":[\"oa\",\"ob\"]}", "more than 1"},
	    {SINGLE, "{\"choose\":[1]}", "does not have"},
	    {SINGLE, "{\"choose\":[null]}", "does not have"},
	    {SINGLE, "{\"choose\":[\"oz\"]}", "does not have"},
	    {SINGLE, "{\"choose\":null}", "list of ids"},
	    {SINGLE, "{\"choose\":{\"0\":\"oa\"}}", "list of ids"},
	    {SINGLE, "{\"Choose\":[\"oa\"]}", "{\"choose\": "},
	    {SINGLE, "{\"choose\":[\"oa\"],\"x\":1}", "nothing else"},
	    {SINGLE, "{\"text\":\"oa\"}", "{\"choose\": "},
	    {SINGLE, "{\"choose\":[\"ext4\"]}", "does not have"},
	    {SINGLE, "{\"choose\":[\"OA\"]}", "does not have"},
	    {MULTIPLE, "{\"choose\":[\"oa\",\"oa\"]}", "twice"},
	    {MULTIPLE, "{\"choose\":[\"of\"]}", "does not have"},
	    {TRUTH, "{\"choose\":[true]}", "does not have"},
	    {GRID, "{\"rows\":[]}", "object of ids"},
	    {GRID, "{\"rows\":{\"oa\":\"oa\"}}", "other side"},
	    {GRID, "{\"rows\":{\"ta\":\"oa\"}}", "does not have"},
	    {GRID, "{\"rows\":{\"oa\":[\"ta\"]}}", "other side"},
	    {GRID, "{\"match\":{\"oa\":\"ta\"}}", "{\"rows\": "},
	    {GRID, "{\"rows\":{\"oa\":null}}", "other side"},
	    {ORDERING, "{\"order\":[\"oa\",\"ob\"]}", "all 4"},
	    {ORDERING, "{\"order\":[\"oa\",\"ob\",\"oc\",\"oc\"]}", "twice"},
	    {ORDERING, "{\"order\":[\"oa\",\"ob\",\"oc\",\"od\",\"oe\"]}", "does not have"},
	    {MATCHING, "{\"match\":{\"oa\":\"td\"}}", "other side"},
	    {MATCHING, "{\"match\":{\"od\":\"ta\"}}", "does not have"},
	    {NUMERIC, "{\"value\":3.14}", "must be a string"},
	    {NUMERIC, "{\"unit\":\"B\"}", "must be a string"},
	    {NUMERIC, "{\"value\":\"1,024\"}", "without grouping"},
	    {NUMERIC, "{\"value\":\"ten\"}", "not a number"},
	    {NUMERIC, "{\"value\":\"1\",\"unit\":\"GiB\"}", "one of those"},
	    {NUMERIC, "{\"value\":\"1\",\"unit\":7}", "one of those"},
	    {NUMERIC, "{\"value\":\"1\",\"Unit\":\"B\"}", "nothing else"},
	    {NUMERIC, "{\"value\":\"11111111111111111111111111111111111111111111111111111111111111111\"}", "longer than 64"},
	    {TEXT, "{\"text\":null}", "must be a string"},
	    {TEXT, "{\"text\":[\"a\"]}", "must be a string"},
	    {CLOZE, "{\"blanks\":[\"a\"]}", "must be an object"},
	    {CLOZE, "{\"blanks\":{\"3\":\"a\"}}", "does not have"},
	    {CLOZE, "{\"blanks\":{\"0\":\"a\"}}", "does not have"},
	    {CLOZE, "{\"blanks\":{\"01\":\"x1a\"}}", "does not have"},
	    {CLOZE, "{\"blanks\":{\"-1\":\"a\"}}", "does not have"},
	    {CLOZE, "{\"blanks\":{\"\":\"a\"}}", "does not have"},
	    {CLOZE, "{\"blanks\":{\"1\":\"apply\"}}", "one of its choices"},
	    {CLOZE, "{\"blanks\":{\"2\":7}}", "must be a string"},
	    {CLOZE, "{\"blanks\":{\"18446744073709551617\":\"x1a\"}}", "does not have"},
	    {HOTSPOT, "{\"points\":[[1]]}", "must be [x, y]"},
	    {HOTSPOT, "{\"points\":[[1,2,3]]}", "must be [x, y]"},
	    {HOTSPOT, "{\"points\":[1,2]}", "must be [x, y]"},
	    {HOTSPOT, "{\"points\":[[-1,2]]}", "must be [x, y]"},
	    {HOTSPOT, "{\"points\":[[321,2]]}", "must be [x, y]"},
	    {HOTSPOT, "{\"points\":[[1,121]]}", "must be [x, y]"},
	    {HOTSPOT, "{\"points\":[[1.5,2]]}", "must be [x, y]"},
	    {HOTSPOT, "{\"points\":[[\"1\",2]]}", "must be [x, y]"},
	    {HOTSPOT, "{\"points\":[{\"x\":1,\"y\":2}]}", "must be [x, y]"},
	    {HOTSPOT, "{\"points\":{}}", "must be a list"},
	    {HOTSPOT, "{\"points\":[[1,2],[1,2],[1]]}", "\"points\"[2] must be"},
	    {CLOZE, "{\"text\":\"a\"}", "{\"blanks\": "},
	    {HOTSPOT, "{\"points\":[[1e300,2]]}", "must be [x, y]"},
	    {ESSAY, "{\"text\":1}", "must be a string"},
	    {ESSAY, "{\"choose\":[]}", "{\"text\": "},
	    {TASK, "{\"text\":\"done\"}", "{\"done\": "},
	    {TASK, "{\"done\":false}", "must be true"},
	    {TASK, "{\"done\":1}", "must be true"},
	    {TASK, "{\"done\":true,\"points\":9}", "nothing else"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char message[600];
		if (check(rows[i].item, rows[i].text, message, sizeof message))
			fail_msg("%s is taken", rows[i].text);
		if (!strstr(message, rows[i].says))
			fail_msg("%s says: %s", rows[i].text, message);
	}
}

static void check_length(size_t item, const char *before, size_t len, const char *after, bool want)
{
	char message[600], *text = xmalloc(strlen(before) + len + strlen(after) + 1), *p = text;
	p = stpcpy(p, before);
	memset(p, 'x', len);
	memcpy(p + len, after, strlen(after) + 1);
	assert_int_equal(check(item, text, message, sizeof message), want);
	free(text);
}

static void test_ceilings(void **state)
{
	(void)state;
	check_length(TEXT, "{\"text\":\"", RESPONSE_SHORT_MAX, "\"}", true);
	check_length(TEXT, "{\"text\":\"", RESPONSE_SHORT_MAX + 1, "\"}", false);
	check_length(CLOZE, "{\"blanks\":{\"2\":\"", RESPONSE_SHORT_MAX, "\"}}", true);
	check_length(CLOZE, "{\"blanks\":{\"2\":\"", RESPONSE_SHORT_MAX + 1, "\"}}", false);
	check_length(ESSAY, "{\"text\":\"", RESPONSE_TEXT_MAX, "\"}", true);
	check_length(ESSAY, "{\"text\":\"", RESPONSE_TEXT_MAX + 1, "\"}", false);
	char digits[200] = "{\"value\":\"", message[600];
	memset(digits + 10, '7', RESPONSE_NUMBER_MAX);
	memcpy(digits + 10 + RESPONSE_NUMBER_MAX, "\"}", 3);
	assert_true(check(NUMERIC, digits, message, sizeof message));
	for (size_t n = RESPONSE_POINTS_MAX; n <= RESPONSE_POINTS_MAX + 1; n++) {
		_cleanup_buf_ struct buf b = BUF(10000);
		buf_adds(&b, "{\"points\":[");
		for (size_t i = 0; i < n; i++)
			buf_addf(&b, "%s[%zu,1]", i ? "," : "", i);
		buf_adds(&b, "]}");
		assert_int_equal(check(HOTSPOT, b.p, message, sizeof message), n == RESPONSE_POINTS_MAX);
	}
}

/* Trees that json_parse() would not let through: the same key twice. */
static void test_keys_that_stand_twice(void **state)
{
	(void)state;
	static const struct {
		size_t item;
		const char *key, *name, *value;
	} rows[] = {{MATCHING, "match", "oa", "ta"}, {GRID, "rows", "oa", "ta"}, {CLOZE, "blanks", "2", "x"}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct form form = kit_item(&kit_bank()->items[rows[i].item]);
		_cleanup_json_ cJSON *response = json_object();
		cJSON *pairs = cJSON_AddObjectToObject(response, rows[i].key);
		struct err err = {0};
		cJSON_AddStringToObject(pairs, rows[i].name, rows[i].value);
		assert_true(response_check(&form.items[0], response, &err));
		cJSON_AddStringToObject(pairs, rows[i].name, rows[i].value);
		assert_false(response_check(&form.items[0], response, &err));
		assert_non_null(strstr(err.msg, "twice"));
		kit_item_finish(&form);
	}
}

/* A picture whose size is not known. */
static void test_points_without_size(void **state)
{
	(void)state;
	struct item it = {.kind = ITEM_HOTSPOT};
	struct form form = kit_item(&it);
	_cleanup_json_ cJSON *near = kit_json("{\"points\":[[100000,5000]]}"), *far = kit_json("{\"points\":[[100001,5000]]}");
	struct err err;
	assert_true(response_check(&form.items[0], near, &err));
	assert_false(response_check(&form.items[0], far, &err));
	kit_item_finish(&form);
}

static void test_canonical_bytes(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
	    {"null", "null"},
	    {" { \"choose\" : [ \"ob\" , \"oa\" ] } ", "{\"choose\":[\"ob\",\"oa\"]}"},
	    {"{\"match\":{\"ob\":\"ta\",\"oa\":\"tb\"}}", "{\"match\":{\"oa\":\"tb\",\"ob\":\"ta\"}}"},
	    {"{\"value\":\"3\",\"unit\":null}", "{\"value\":\"3\"}"},
	    {"{\"value\":\"3.0\",\"unit\":\"B\"}", "{\"unit\":\"B\",\"value\":\"3.0\"}"},
	    {"{\"points\":[[1.0,2e1]]}", "{\"points\":[[1,20]]}"},
	    {"{\"text\":\"\\u0041\\/\\t\\u001f\\\"\"}", "{\"text\":\"A/\\t\\u001f\\\"\"}"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_json_ cJSON *v = kit_json(rows[i][0]);
		_cleanup_buf_ struct buf b = BUF(1000), again = BUF(1000);
		response_encode(v, &b);
		assert_string_equal(b.p, rows[i][1]);
		_cleanup_json_ cJSON *back = kit_json(b.p);
		response_encode(back, &again);
		assert_string_equal(again.p, b.p);
	}
	_cleanup_buf_ struct buf b = BUF(10);
	response_encode(NULL, &b);
	assert_string_equal(b.p, "null");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_right_shapes),          cmocka_unit_test(test_wrong_shapes),        cmocka_unit_test(test_ceilings),
	    cmocka_unit_test(test_keys_that_stand_twice), cmocka_unit_test(test_points_without_size), cmocka_unit_test(test_canonical_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
