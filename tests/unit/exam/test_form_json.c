/* What candidates see before an answer, and after it. */
#include "kit.h"

static struct form *drawn(unsigned seed)
{
	const struct blueprint bp = {.id = S("x"),
	                             .items_min = 12,
	                             .items_max = 12,
	                             .unscored = 3,
	                             .tasks_min = 1,
	                             .tasks_max = 1,
	                             .essays = true,
	                             .shuffle_items = true,
	                             .shuffle_options = true};
	struct form *form = NULL;
	struct rng rng;
	struct err err;
	kit_rng(&rng, seed);
	if (!draw_form(kit_bank(), &bp, NULL, &rng, NULL, NULL, &form, &err))
		fail_msg("%s", err.msg);
	return form;
}

static size_t find_kind(const struct form *form, enum item_kind kind)
{
	for (size_t i = 0; i < form->n_items; i++)
		if (form->items[i].item->kind == kind)
			return i;
	fail();
	return 0;
}

/* No author's text but what is meant to be seen, and no member that is not known: something new that tells the key must be noticed here. */
static void test_nothing_leaks(void **state)
{
	(void)state;
	static const char *const known[] = {"id",     "kind",  "stem",  "select", "points", "options", "left", "right", "rows", "columns",
	                                    "blanks", "units", "image", "width",  "height", "areas",   "case", "task",  NULL};
	static const char *const option[] = {"id", "html", NULL}, *const area[] = {"label", "x", "y", NULL},
	                         *const blank[] = {"id", "choices", NULL}, *const of_case[] = {"id", "title", "html", NULL};
	static const char *const of_task[] = {"user", "time_ms", "image", "checklist", "ports", "docs", "hints", NULL};
	static const char *const lists[] = {"options", "left", "right", "rows", "columns"};
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *form = drawn(seed);
		for (size_t i = 0; i < form->n_items; i++) {
			_cleanup_json_ cJSON *out = json_object();
			_cleanup_buf_ struct buf b = BUF(1 << 20);
			struct err err = {0};
			form_item_json(form, kit_bank(), i, out);
			json_print(out, &b);
			if (strstr(b.p, "SECRET") || strstr(b.p, "4711") || strstr(b.p, "correct") || strstr(b.p, "unscored") || strstr(b.p, "\"key\""))
				fail_msg("%s", b.p);
			bool ok = json_only_keys(out, "", known, &err);
			const cJSON *c;
			for (size_t k = 0; ok && k < ARRAY_SIZE(lists); k++)
				cJSON_ArrayForEach(c, cJSON_GetObjectItem(out, lists[k])) ok = ok && json_only_keys(c, lists[k], option, &err);
			cJSON_ArrayForEach(c, cJSON_GetObjectItem(out, "areas")) ok = ok && json_only_keys(c, "areas", area, &err);
			cJSON_ArrayForEach(c, cJSON_GetObjectItem(out, "blanks")) ok = ok && json_only_keys(c, "blanks", blank, &err);
			if (cJSON_GetObjectItem(out, "case"))
				ok = ok && json_only_keys(cJSON_GetObjectItem(out, "case"), "case", of_case, &err);
			if (cJSON_GetObjectItem(out, "task"))
				ok = ok && json_only_keys(cJSON_GetObjectItem(out, "task"), "task", of_task, &err);
			if (!ok)
				fail_msg("%s", err.msg);
		}
	}
}

/* An unscored item looks like any other. */
static void test_unscored_looks_alike(void **state)
{
	(void)state;
	_cleanup_(form_destroyp) struct form *form = drawn(1);
	for (size_t i = 0; i < form->n_items; i++) {
		_cleanup_json_ cJSON *a = json_object(), *b = json_object();
		_cleanup_buf_ struct buf x = BUF(1 << 20), y = BUF(1 << 20);
		form_item_json(form, kit_bank(), i, a);
		form->items[i].unscored = !form->items[i].unscored;
		form_item_json(form, kit_bank(), i, b);
		json_print(a, &x);
		json_print(b, &y);
		assert_string_equal(x.p, y.p);
	}
}

static void test_shapes(void **state)
{
	(void)state;
	static const char *const rows[ITEM_KINDS] = {
	    [ITEM_SINGLE] =
	        "{\"id\":\"ibcdf\",\"kind\":\"single\",\"stem\":\"<p>one</"
	        "p>\",\"select\":1,\"points\":1,\"options\":[{\"id\":\"od\",\"html\":\"<p>none of them</p>\"},"
	        "{\"id\":\"oc\",\"html\":\"<p>btrfs</p>\"},{\"id\":\"ob\",\"html\":\"<p>xfs</p>\"},{\"id\":\"oa\",\"html\":\"<p>ext4</p>\"}]}",
	    [ITEM_TRUE_FALSE] = "{\"id\":\"ibcdf\",\"kind\":\"true-false\",\"stem\":\"<p>true?</"
	                        "p>\",\"select\":1,\"points\":1,\"options\":[{\"id\":\"ob\",\"html\":\"<p>False</p>\"},"
	                        "{\"id\":\"oa\",\"html\":\"<p>True</p>\"}]}",
	    [ITEM_GRID] = "{\"id\":\"ibcdf\",\"kind\":\"grid\",\"stem\":\"<p>grid</"
	                  "p>\",\"select\":0,\"points\":1,\"rows\":[{\"id\":\"oc\",\"html\":\"<p>directories link</p>\"},"
	                  "{\"id\":\"ob\",\"html\":\"<p>symbolic links dangle</p>\"},{\"id\":\"oa\",\"html\":\"<p>hard links cross</p>\"}],"
	                  "\"columns\":[{\"id\":\"tb\",\"html\":\"No\"},{\"id\":\"ta\",\"html\":\"Yes\"}]}",
	    [ITEM_MATCHING] =
	        "{\"id\":\"ibcdf\",\"kind\":\"matching\",\"stem\":\"<p>match</"
	        "p>\",\"select\":0,\"points\":1,\"left\":[{\"id\":\"oc\",\"html\":\"<p>chgrp</p>\"},"
	        "{\"id\":\"ob\",\"html\":\"<p>chown</p>\"},{\"id\":\"oa\",\"html\":\"<p>chmod</p>\"}],"
	        "\"right\":[{\"id\":\"tc\",\"html\":\"mode\"},{\"id\":\"tb\",\"html\":\"time\"},{\"id\":\"ta\",\"html\":\"owner\"}]}",
	    [ITEM_NUMERIC] = "{\"id\":\"ibcdf\",\"kind\":\"numeric\",\"stem\":\"<p>how "
	                     "many</p>\",\"select\":0,\"points\":1,\"units\":[\"B\",\"KiB\",\"MiB\"]}",
	    [ITEM_TEXT] = "{\"id\":\"ibcdf\",\"kind\":\"text\",\"stem\":\"<p>type</p>\",\"select\":0,\"points\":1}",
	    [ITEM_CLOZE] = "{\"id\":\"ibcdf\",\"kind\":\"cloze\",\"stem\":\"<p>terraform <span data-blank=\\\"1\\\"></span>, <span "
	                   "data-blank=\\\"2\\\"></span></p>\",\"select\":0,"
	                   "\"points\":1,\"blanks\":[{\"id\":\"1\",\"choices\":[{\"id\":\"x1c\",\"html\":\"<p>get</"
	                   "p>\"},{\"id\":\"x1b\",\"html\":\"<p>apply</p>\"},"
	                   "{\"id\":\"x1a\",\"html\":\"<p>plan</p>\"}]},{\"id\":\"2\",\"choices\":null}]}",
	    [ITEM_HOTSPOT] = "{\"id\":\"ibcdf\",\"kind\":\"hotspot\",\"stem\":\"<p>where</p>\",\"select\":1,\"points\":1,\"image\":\"<img "
	                     "alt=\\\"disks\\\">\",\"width\":320,\"height\":120,"
	                     "\"areas\":[{\"label\":\"the mark\",\"x\":40,\"y\":20},{\"label\":\"the root "
	                     "line\",\"x\":155,\"y\":60},{\"label\":\"the swap line\",\"x\":155,\"y\":90}]}",
	    [ITEM_ESSAY] = "{\"id\":\"ibcdf\",\"kind\":\"essay\",\"stem\":\"<p>explain</"
	                   "p>\",\"select\":0,\"points\":1,\"case\":{\"id\":\"c1\",\"title\":\"A company\",\"html\":\"<p>has a server</p>\"}}",
	    [ITEM_TASK] =
	        "{\"id\":\"ibcdf\",\"kind\":\"task\",\"stem\":\"<p>do "
	        "it</p>\",\"select\":0,\"points\":1,\"task\":{\"user\":\"candidate\",\"time_ms\":300000,"
	        "\"image\":\"host\",\"checklist\":[\"<p>first</p>\",\"<p>second</p>\"],\"ports\":[8080],\"docs\":[\"disks\"],\"hints\":0}}",
	};
	for (size_t i = 0; i < kit_bank()->n_items; i++) {
		const struct item *it = &kit_bank()->items[i];
		struct form form = kit_item(it);
		_cleanup_json_ cJSON *out = json_object();
		_cleanup_buf_ struct buf b = BUF(1 << 20);
		form_item_json(&form, kit_bank(), 0, out);
		json_print(out, &b);
		if (rows[it->kind])
			assert_string_equal(b.p, rows[it->kind]);
		kit_item_finish(&form);
	}
}

static void test_cases_are_numbered(void **state)
{
	(void)state;
	struct bank_case cases[] = {{S("secret-a"), S("A"), S("a")}, {S("secret-b"), S("B"), S("b")}};
	struct item items[] = {
	    {.case_id = NULL}, {.case_id = S("secret-b")}, {.case_id = S("secret-b")}, {.case_id = S("secret-a")}, {.case_id = NULL}};
	struct bank bank = {.cases = cases, .n_cases = 2};
	struct form_item fi[5];
	struct form form = {.items = fi, .n_items = 5};
	static const char *const want[] = {NULL, "c1", "c1", "c2", NULL};
	memset(fi, 0, sizeof fi);
	for (size_t i = 0; i < 5; i++) {
		fi[i].item = &items[i];
		items[i].stem_html = S("");
	}
	for (size_t i = 0; i < 5; i++) {
		_cleanup_json_ cJSON *out = json_object();
		form_item_json(&form, &bank, i, out);
		const cJSON *c = cJSON_GetObjectItem(out, "case");
		assert_int_equal(c != NULL, want[i] != NULL);
		if (c)
			assert_string_equal(cJSON_GetObjectItem(c, "id")->valuestring, want[i]);
	}
}

/* The key that feedback shows has the shape of a response, and marks as right under every rule. */
static void test_key_is_right(void **state)
{
	(void)state;
	static const enum partial_rule rules[] = {PARTIAL_NONE, PARTIAL_PER_OPTION, PARTIAL_NET_CORRECT, PARTIAL_COVERAGE};
	for (unsigned seed = 0; seed < 30; seed++) {
		_cleanup_(form_destroyp) struct form *form = drawn(seed);
		for (size_t i = 0; i < form->n_items; i++) {
			_cleanup_json_ cJSON *out = json_object();
			form_feedback_json(form, i, NULL, out);
			const cJSON *key = cJSON_GetObjectItem(out, "key");
			enum item_kind kind = form->items[i].item->kind;
			if (kind == ITEM_ESSAY || kind == ITEM_TASK) {
				assert_true(cJSON_IsNull(key));
				continue;
			}
			struct err err;
			if (!response_check(&form->items[i], key, &err))
				fail_msg("%s: %s", item_kind_name(kind), err.msg);
			_cleanup_buf_ struct buf b = BUF(10000);
			response_encode(key, &b);
			_cleanup_json_ cJSON *stored = kit_json(b.p);
			for (size_t r = 0; r < ARRAY_SIZE(rules); r++) {
				struct mark m;
				mark_item(&form->items[i], stored, rules[r], 1, &m);
				if (m.outcome != MARK_RIGHT || m.points_m != m.max_m)
					fail_msg("%s by rule %d: %s", b.p, rules[r], mark_outcome_name(m.outcome));
			}
		}
	}
}

static void has_string(const cJSON *obj, const char *key, const char *want)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(obj, key);
	assert_non_null(v);
	if (!want) {
		assert_true(cJSON_IsNull(v));
		return;
	}
	assert_true(cJSON_IsString(v));
	assert_string_equal(v->valuestring, want);
}

static void test_feedback(void **state)
{
	(void)state;
	_cleanup_(form_destroyp) struct form *form = drawn(4);
	const struct mark mark = {MARK_PARTIAL, -250, 1500, "SECRET reason"};
	for (size_t i = 0; i < form->n_items; i++) {
		const struct form_item *fi = &form->items[i];
		_cleanup_json_ cJSON *out = json_object();
		form_feedback_json(form, i, &mark, out);
		has_string(out, "outcome", "partial");
		has_string(out, "reason", "SECRET reason");
		has_string(out, "explanation", "<p>SECRET explanation</p>");
		has_string(out, "references", "<p>SECRET references</p>");
		assert_string_equal(cJSON_GetObjectItem(out, "hints")->child->valuestring, "<p>SECRET hint</p>");
		has_string(out, "rubric", fi->item->kind == ITEM_ESSAY ? "SECRET rubric" : NULL);
		assert_true(cJSON_GetObjectItem(out, "points")->valuedouble == -0.25 && cJSON_GetObjectItem(out, "max")->valuedouble == 1.5);
		const cJSON *options = cJSON_GetObjectItem(out, "options");
		for (size_t k = 0; fi->option_ids && k < fi->item->n_options; k++)
			has_string(options, fi->option_ids[k], fi->item->options[fi->order[k]].feedback_html);
	}
	_cleanup_json_ cJSON *without = json_object(), *number = json_object(), *text = json_object(), *cloze = json_object();
	form_feedback_json(form, 0, NULL, without);
	assert_null(cJSON_GetObjectItem(without, "outcome"));
	assert_null(cJSON_GetObjectItem(without, "points"));
	form_feedback_json(form, find_kind(form, ITEM_NUMERIC), &mark, number);
	has_string(cJSON_GetObjectItem(number, "key"), "value", "4711.5");
	has_string(cJSON_GetObjectItem(number, "key"), "unit", "KiB");
	assert_string_equal(cJSON_GetObjectItem(number, "answers")->child->valuestring, "4711.25 … 4711.75 KiB");
	form_feedback_json(form, find_kind(form, ITEM_TEXT), &mark, text);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(text, "answers")), 2); /* what is only worth part is not an answer */
	assert_string_equal(cJSON_GetObjectItem(text, "answers")->child->next->valuestring, "/SECRET\\s+pattern/i");
	form_feedback_json(form, find_kind(form, ITEM_CLOZE), &mark, cloze);
	has_string(cJSON_GetObjectItem(cJSON_GetObjectItem(cloze, "key"), "blanks"), "2", "SECRETinit");
}

/* A pattern is no answer that could be shown as one; what is worth only part is none either. */
static void test_keys_of_texts(void **state)
{
	(void)state;
	static struct item_text texts[] = {{.pattern = S("l.*"), .regex = true, .credit_m = 1000},
	                                   {.pattern = S("ls"), .credit_m = 500},
	                                   {.pattern = S("ls -l"), .credit_m = 1000}};
	static struct item_blank blanks[] = {{.texts = texts, .n_texts = 2}, {.texts = texts, .n_texts = 3}};
	struct item text = {.kind = ITEM_TEXT, .texts = texts, .n_texts = 3}, cloze = {.kind = ITEM_CLOZE, .blanks = blanks, .n_blanks = 2};
	struct form a = kit_item(&text), b = kit_item(&cloze);
	_cleanup_json_ cJSON *out = json_object(), *patterns = json_object(), *filled = json_object();
	form_feedback_json(&a, 0, NULL, out);
	has_string(cJSON_GetObjectItem(out, "key"), "text", "ls -l");
	text.n_texts = 2;
	form_feedback_json(&a, 0, NULL, patterns);
	assert_true(cJSON_IsNull(cJSON_GetObjectItem(patterns, "key")));
	assert_string_equal(cJSON_GetObjectItem(patterns, "answers")->child->valuestring, "/l.*/");
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(patterns, "answers")), 1);
	form_feedback_json(&b, 0, NULL, filled);
	const cJSON *key = cJSON_GetObjectItem(cJSON_GetObjectItem(filled, "key"), "blanks");
	assert_int_equal(cJSON_GetArraySize(key), 1);
	has_string(key, "2", "ls -l");
	kit_item_finish(&a);
	kit_item_finish(&b);
}

/* Numbers are shown as an author would write them. */
static void test_numbers_in_keys(void **state)
{
	(void)state;
	static const struct {
		struct item_number n;
		const char *value, *answer;
	} rows[] = {
	    {{3.14 - 0.01, 3.14 + 0.01, NULL}, "3.14", "3.13 … 3.15"},
	    {{10, 10, NULL}, "10", "10"},
	    {{0.1 + 0.2, 0.1 + 0.2, NULL}, "0.3", "0.3"},
	    {{1099511627776.0, 1099511627776.0, NULL}, "1099511627776", "1099511627776"},
	    {{0.25, 0.25, S("ms")}, "250", "250 ms"},
	    {{10 * 0x1p30, 10 * 0x1p30, S("GiB")}, "10", "10 GiB"},
	    {{-5, 5, NULL}, "0", "-5 … 5"},
	    {{250e-9, 250e-9, S("ns")}, "250", "250 ns"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct item_number n = rows[i].n;
		struct item it = {.kind = ITEM_NUMERIC, .numbers = &n, .n_numbers = 1};
		struct form form = kit_item(&it);
		_cleanup_json_ cJSON *out = json_object();
		form_feedback_json(&form, 0, NULL, out);
		has_string(cJSON_GetObjectItem(out, "key"), "value", rows[i].value);
		assert_string_equal(cJSON_GetObjectItem(out, "answers")->child->valuestring, rows[i].answer);
		kit_item_finish(&form);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing_leaks),      cmocka_unit_test(test_unscored_looks_alike), cmocka_unit_test(test_shapes),
	    cmocka_unit_test(test_cases_are_numbered), cmocka_unit_test(test_key_is_right),         cmocka_unit_test(test_feedback),
	    cmocka_unit_test(test_keys_of_texts),      cmocka_unit_test(test_numbers_in_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
