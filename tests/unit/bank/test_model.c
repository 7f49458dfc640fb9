/* Where questions stand in a file; and forms over their text: what is not changed stays byte by byte, whatever the text is. */
#include "bank/model.h"
#include "kit.h"

static const char many[] = "---\ndifficulty: 2\n---\n# All\n\n## One {#uno}\n```yaml item\nid: first # own\nfamily: f\n```\nStem\n\n- [x] "
                           "a {pin}\n  > why\n- [ ] b\n"
                           "\n### Explanation\nbecause\n\n## Two\n\n```sh\n## not a heading\n```\n\n= 5\n";

static void test_outline(void **state)
{
	(void)state;
	_cleanup_outline_ struct outline o;
	outline_read("questions/x.md", str_of(many), &o);
	assert_int_equal(o.n, 2);
	assert_false(o.alone);
	assert_string_equal(o.list[0].id, "first");
	assert_string_equal(o.list[0].title, "One");
	assert_int_equal(o.list[0].line, 6);
	assert_int_equal(o.list[0].end_line, 18);
	assert_string_equal(o.list[1].id, "two");
	assert_int_equal(o.list[1].line, 20);
	assert_int_equal(o.list[1].to, strlen(many));
	_cleanup_outline_ struct outline alone;
	outline_read("questions/my-file.md", STR("\xef\xbb\xbf---\nid: 'x'\n---\n\nStem\n"), &alone);
	assert_true(alone.alone);
	assert_string_equal(alone.list[0].id, "x");
	assert_int_equal(alone.list[0].line, 5);
	static const char *const empty[] = {"", "\n\n", "---\n", "---\nid: x\n---\n", "---\nid: x\n"};
	for (size_t i = 0; i < ARRAY_SIZE(empty); i++) {
		_cleanup_outline_ struct outline none;
		outline_read("questions/e.md", str_of(empty[i]), &none);
		assert_int_equal(none.n, 0);
	}
}

/* Reads question `index` and puts it back with one member changed (NULL: none). */
static char *put(const char *text, size_t index, const char *name, const char *json)
{
	struct err err;
	_cleanup_outline_ struct outline o;
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	outline_read("questions/x.md", str_of(text), &o);
	_cleanup_json_ cJSON *model = model_read(str_of(text), &o, index, NULL);
	if (name) {
		cJSON *value;
		assert_true(json_parse(str_of(json), &value, &err));
		cJSON_DeleteItemFromObjectCaseSensitive(model, name);
		json_set(model, name, value);
	}
	if (!model_write(str_of(text), &o, index, NULL, model, &out, &err))
		fail_msg("%s", err.msg);
	return buf_take(&out, NULL);
}

static void assert_put(const char *text, size_t index, const char *name, const char *json, const char *wanted)
{
	_cleanup_free_ char *after = put(text, index, name, json);
	assert_string_equal(after, wanted);
}

static void test_untouched(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "Stem\n\n- [x] a\n- [ ] b\n",
	    "---\r\nid: x\r\n---\r\nStem\r\n\r\n- [x] a\r\n- [ ] b\r\n",
	    "---\nid: x\n---\n\nStem",
	    "# Title\n\nStem\n\n1. a\n2. b\n\n### Hint\nh\n\n### Hint\ni\n",
	    "Stem\n\n- [x] a\n\n      code\n- [ ] ```\n  fence\n  ```\n\n### References\n- a\n- b\n",
	    "Stem\n\n| |a|b|\n|---|---|---|\n|x|x||\n",
	    "---\ntags: [a, b]\nregions:\n  - {id: a}\n  - {id: b}\n---\nStem\n",
	    "### Explanation\nonly\n",
	    "Stem\n\n- a => b\n\xdb\xbe is in no entry\n",
	};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_put(texts[i], 0, NULL, NULL, texts[i]);
	assert_put(many, 0, NULL, NULL, many);
	assert_put(many, 1, NULL, NULL, many);
}

static void test_changes(void **state)
{
	(void)state;
	assert_put("Stem\n\n- [x] a\n- [ ] b\n", 0, "stem", "\"New\"", "New\n\n- [x] a\n- [ ] b\n");
	assert_put("Stem\n\n- [x] a\n- [ ] b\n", 0, "difficulty", "3", "---\ndifficulty: 3\n---\nStem\n\n- [x] a\n- [ ] b\n");
	assert_put("---\nid: x\n---\nStem\n", 0, "objective", "\"a.b\"", "---\nid: x\nobjective: a.b\n---\nStem\n");
	assert_put("---\nid: x\nfamily: f\n---\nStem\n", 0, "family", "null", "---\nid: x\n---\nStem\n");
	assert_put("---\nid: x\n---\nStem\n", 0, "id", "\"y\"", "---\nid: y\n---\nStem\n");
	assert_put("---\nid: x\n---\nStem\n", 0, "case", "\"a: b\"", "---\nid: x\ncase: \"a: b\"\n---\nStem\n");
	assert_put("Stem\n\n- [x] a\n", 0, "explanation", "\"Why\"", "Stem\n\n- [x] a\n\n### Explanation\nWhy\n");
	assert_put("Stem\n\n= 5\n", 0, "answers", "[\"6\",\"~ 7 : 50% \\\"near\\\"\"]", "Stem\n\n= 6\n~ 7 : 50% \"near\"\n");
	assert_put("S\n\n### Explanation\nb\n\n### Hint\nh\n", 0, "explanation", "null", "S\n\n### Hint\nh\n");
	assert_put("---\nid: x\n---\nS\n", 0, "regions", "\"- {id: a, at: [1, 2]}\\n  - {id: b}\"",
	           "---\nid: x\nregions:\n  - {id: a, at: [1, 2]}\n  - {id: b}\n---\nS\n");
	assert_put("---\nid: x\nregions:\n  - {id: a}\n  - {id: b}\nimage: i\n---\nS\n", 0, "regions", "\"- {id: a}\"",
	           "---\nid: x\nregions:\n  - {id: a}\nimage: i\n---\nS\n");
	assert_put("---\nid: x\n---\nS\n\n= 1\n", 0, "params", "\"return {}\"", "---\nid: x\n---\n```lua params\nreturn {}\n```\nS\n\n= 1\n");
	assert_put("---\nid: x\n---\n```lua params\nreturn {}\n```\nS\n", 0, "params", "\"a\\n\"",
	           "---\nid: x\n---\n```lua params\na\n```\nS\n");
	assert_put("---\nid: x\n---\n```lua params\nreturn {}\n```\nS\n", 0, "params", "null", "---\nid: x\n---\nS\n");
	assert_put(many, 1, "title", "\"Deux\"",
	           "---\ndifficulty: 2\n---\n# All\n\n## One {#uno}\n```yaml item\nid: first # own\nfamily: f\n```\nStem\n\n- [x] a {pin}\n  > "
	           "why\n- [ ] b\n"
	           "\n### Explanation\nbecause\n\n## Deux {#two}\n\n```sh\n## not a heading\n```\n\n= 5\n");
}

static void assert_refused(const char *name, const char *json)
{
	static const char text[] = "---\nid: x\n---\nS\n";
	struct err err;
	_cleanup_outline_ struct outline o;
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	outline_read("questions/x.md", str_of(text), &o);
	_cleanup_json_ cJSON *model = json_object();
	cJSON *value;
	assert_true(json_parse(str_of(json), &value, &err));
	json_set(model, name, value);
	assert_false(model_write(str_of(text), &o, 0, NULL, model, &out, &err));
}

/* What would get out of the place it is written in. */
static void test_refused(void **state)
{
	(void)state;
	assert_refused("regions", "\"- {id: a}\\nstatus: draft\"");
	assert_refused("params", "\"return {}\\n```\\nstem\"");
}

static const char *place_of(const cJSON *places, const char *field, int index, char scratch[32])
{
	const cJSON *c;
	cJSON_ArrayForEach(c, places)
	{
		const cJSON *at = cJSON_GetObjectItemCaseSensitive(c, "index");
		if (!strcmp(cJSON_GetObjectItemCaseSensitive(c, "field")->valuestring, field) && (cJSON_IsNull(at) ? -1 : at->valueint) == index) {
			snprintf(scratch, 32, "%d-%d", cJSON_GetObjectItemCaseSensitive(c, "line")->valueint,
			         cJSON_GetObjectItemCaseSensitive(c, "end_line")->valueint);
			return scratch;
		}
	}
	return "nowhere";
}

static void test_places(void **state)
{
	(void)state;
	char at[32];
	_cleanup_outline_ struct outline o;
	outline_read("questions/x.md", str_of(many), &o);
	_cleanup_json_ cJSON *first = model_places(str_of(many), &o, 0, NULL), *second = model_places(str_of(many), &o, 1, NULL);
	assert_string_equal(place_of(first, "title", -1, at), "6-6");
	assert_string_equal(place_of(first, "family", -1, at), "9-9");
	assert_string_equal(place_of(first, "stem", -1, at), "11-11");
	assert_string_equal(place_of(first, "options", 0, at), "13-14");
	assert_string_equal(place_of(first, "options", 1, at), "15-15");
	assert_string_equal(place_of(first, "explanation", -1, at), "17-18");
	assert_string_equal(place_of(second, "answers", 0, at), "26-26");
	assert_string_equal(place_of(second, "options", 0, at), "nowhere");
}

/* What stands between the entries of a list and belongs to none is no option: the form shows such answers as they are written. */
static void test_stray(void **state)
{
	(void)state;
	static const char *const texts[] = {"Stem\n\n- a => b\n\xdb\xbe is in no entry\n", "Stem\n\n- [x] a\n\nbetween\n- [ ] b\n"};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_outline_ struct outline o;
		outline_read("questions/x.md", str_of(texts[i]), &o);
		_cleanup_json_ cJSON *model = model_read(str_of(texts[i]), &o, 0, NULL);
		assert_true(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(model, "options")));
		_cleanup_free_ char *answers = str_dup(str_trim(str_sub(str_of(texts[i]), 6, strlen(texts[i]))));
		assert_string_equal(json_text(model, "answer_text"), answers);
	}
}

/* Random texts out of what matters: reading and putting back never changes them, and never reads what is not theirs. */
static void test_random(void **state)
{
	(void)state;
	static const char *const pieces[] = {"---\n",
	                                     "id: x\n",
	                                     "## ",
	                                     "# ",
	                                     "Title {#t}",
	                                     "\n",
	                                     "\n\n",
	                                     "- [x] ",
	                                     "- [ ] ",
	                                     "a",
	                                     "  > w\n",
	                                     "```\n",
	                                     "```yaml item\n",
	                                     "```lua params\n",
	                                     "### Hint\n",
	                                     "### Explanation\n",
	                                     "### References\n- r\n",
	                                     "= 1\n",
	                                     "- a => b\n",
	                                     "1. s\n",
	                                     "| a | b |\n",
	                                     "\r\n",
	                                     "\t",
	                                     "{pin}",
	                                     "…",
	                                     "    code\n",
	                                     "type: ordering\n"};
	unsigned seed = 7;
	for (int round = 0; round < 4000; round++) {
		_cleanup_buf_ struct buf text = BUF(1 << 16);
		for (int i = 0; i < 24; i++) {
			seed = seed * 1103515245u + 12345u;
			buf_adds(&text, pieces[(seed >> 16) % ARRAY_SIZE(pieces)]);
		}
		char *exact = xmalloc(text.len); /* no byte behind it: a read beyond is found */
		memcpy(exact, text.p, text.len);
		struct str s = {exact, text.len};
		_cleanup_outline_ struct outline o;
		outline_read("questions/r.md", s, &o);
		for (size_t k = 0; k < o.n; k++) {
			struct err err;
			_cleanup_buf_ struct buf out = BUF(1 << 20);
			_cleanup_json_ cJSON *model = model_read(s, &o, k, NULL);
			if (!model_write(s, &o, k, NULL, model, &out, &err))
				fail_msg("%s", err.msg);
			assert_true(str_eq(buf_str(&out), s));
			_cleanup_json_ cJSON *places = model_places(s, &o, k, NULL);
			assert_non_null(places);
		}
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_outline), cmocka_unit_test(test_untouched), cmocka_unit_test(test_changes),
	                                   cmocka_unit_test(test_stray),   cmocka_unit_test(test_refused),   cmocka_unit_test(test_places),
	                                   cmocka_unit_test(test_random)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
