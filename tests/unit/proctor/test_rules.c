/* Retake rules, calendar spans, and the hash of a blueprint. */
#include "kit.h"

static void test_spans(void **state)
{
	(void)state;
	static const struct {
		const char *from;
		struct span span;
		const char *to;
	} cases[] = {
	    {"2026-01-15T10:00:00Z", {.ms = MS_DAY}, "2026-01-16T10:00:00.000Z"},
	    {"2026-01-31T10:00:00Z", {.months = 1}, "2026-02-28T10:00:00.000Z"},
	    {"2028-01-31T10:00:00Z", {.months = 1}, "2028-02-29T10:00:00.000Z"},
	    {"2028-02-29T23:59:59Z", {.months = 12}, "2029-02-28T23:59:59.000Z"},
	    {"2026-08-31T00:00:00Z", {.months = 6}, "2027-02-28T00:00:00.000Z"},
	    {"2026-10-31T12:30:00Z", {.months = 24}, "2028-10-31T12:30:00.000Z"},
	    {"2026-05-31T12:00:00.250Z", {.months = 1}, "2026-06-30T12:00:00.250Z"},
	    {"2026-12-15T00:00:00Z", {.months = 1, .ms = MS_HOUR}, "2027-01-15T01:00:00.000Z"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int64_t from;
		struct err bad;
		char to[CLOCK_RFC3339_SIZE];
		must(clock_parse(cases[i].from, &from, &bad), &bad);
		assert_string_equal(clock_rfc3339(span_add(from, &cases[i].span), to), cases[i].to);
	}
}

/* A history is a string, oldest first: f failed, p passed, one a day, the last one a day ago. */
static void test_retakes(void **state)
{
	(void)state;
	struct span waits[] = {{.ms = 2 * MS_DAY}, {.ms = 10 * MS_DAY}};
	static const struct {
		const char *history;
		int max, per_days, lock_days;
		size_t n_waits;
		bool allowed;
		int next_days; /* from now; 0: never */
	} cases[] = {
	    {"", 2, 30, 30, 2, true, 0},     {"f", 0, 0, 0, 0, true, 0},     {"f", 0, 0, 0, 2, false, 1}, /* waits two days */
	    {"ff", 0, 0, 0, 2, false, 9},                                                                 /* then ten */
	    {"ffff", 0, 0, 0, 2, false, 9},                                                               /* the last one repeats */
	    {"p", 0, 0, 0, 2, true, 0},      {"pf", 0, 0, 0, 2, false, 1},                                /* a pass begins anew */
	    {"p", 0, 0, 30, 2, false, 29},   {"pf", 0, 0, 30, 2, false, 28}, {"ff", 3, 30, 0, 0, true, 0},
	    {"fff", 3, 30, 0, 0, false, 27}, /* the oldest of three leaves the period */
	    {"fff", 3, 0, 0, 0, false, 0},   /* never */
	    {"fff", 3, 30, 0, 2, false, 27}, /* the stricter one of two */
	    {"ffff", 3, 3, 0, 0, true, 0},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kit k;
		struct err bad;
		char why[128];
		bool allowed;
		int64_t next;
		kit_open(&k);
		size_t n = strlen(cases[i].history);
		for (size_t h = 0; h < n; h++) {
			char id[RNG_ID_SIZE];
			begin_id(&k, "secret", "exam", id);
			answer_right(&k, id, cases[i].history[h] == 'p' ? 100 : 0);
			_cleanup_reply_ struct reply end = submit(&k, id);
			assert_works(end);
			pass(MS_DAY);
		}
		struct blueprint bp = {.id = (char[]){"secret"},
		                       .retake_waits = waits,
		                       .n_retake_waits = cases[i].n_waits,
		                       .retake_max = cases[i].max,
		                       .retake_per.ms = cases[i].per_days * MS_DAY,
		                       .lock_after_pass.ms = cases[i].lock_days * MS_DAY};
		must(retake_check(k.pr, k.rd, ACCOUNT_LOCAL, "fixture", &bp, &allowed, &next, why, sizeof why, &bad), &bad);
		int64_t expected = cases[i].next_days ? kit_wall + cases[i].next_days * MS_DAY : 0;
		if (allowed != cases[i].allowed || next != expected)
			fail_msg("case %zu '%s': %s, in %g days", i, cases[i].history, allowed ? "allowed" : why,
			         next ? (double)(next - kit_wall) / MS_DAY : 0);
		assert_int_equal(*why == 0, allowed);
		kit_close(&k);
	}
}

/* Rules hold for accounts, and for the local person only when the server says so; the result tells which it was. */
static void test_who_is_held_to_them(void **state)
{
	(void)state;
	for (int enforce = 0; enforce < 2; enforce++) {
		struct kit k;
		struct caller local = LOCAL;
		char id[RNG_ID_SIZE];
		kit_open_with(&k, enforce);
		struct caller ada = someone(&k, "ada", 1000);
		begin_id(&k, "retakes", "exam", id);
		_cleanup_reply_ struct reply end = submit(&k, id), again = begin(&k, "{\"exam\":\"fixture/retakes\",\"mode\":\"exam\"}");
		assert_works(end);
		assert_int_equal(again.ok, !enforce);
		if (enforce) {
			assert_int_equal(again.err.code, ERR_RETAKE);
			assert_non_null(strstr(again.err.extra, "next_at"));
		}
		_cleanup_reply_ struct reply s = READ(&k, result_signed(pr, rd, &local, id, out, err)),
		                             shown = READ(&k, exam_show_json(pr, rd, &local, "fixture/retakes", out, err));
		assert_string_equal(text_at(&s, "payload.rules.retake"), enforce ? "enforced" : "not enforced");
		assert_true(cJSON_IsBool(at(shown.json, "rules.retake.enforced")) &&
		            cJSON_IsTrue(at(shown.json, "rules.retake.enforced")) == enforce);
		_cleanup_reply_ struct reply hers = begin_as(&k, &ada, "{\"exam\":\"fixture/retakes\",\"mode\":\"exam\"}");
		assert_works(hers);
		_cleanup_reply_ struct reply her_end = WRITE(&k, attempt_submit(pr, wr, &ada, text_at(&hers, "id"), out, err));
		assert_works(her_end);
		_cleanup_reply_ struct reply her_second = begin_as(&k, &ada, "{\"exam\":\"fixture/retakes\",\"mode\":\"exam\"}");
		assert_fails(her_second, ERR_RETAKE);
		pass(MS_DAY + 1);
		_cleanup_reply_ struct reply her_third = begin_as(&k, &ada, "{\"exam\":\"fixture/retakes\",\"mode\":\"exam\"}");
		assert_works(her_third);
		kit_close(&k);
	}
}

static void test_blueprint_hash(void **state)
{
	(void)state;
	struct blueprint bp = {.id = (char[]){"x"}, .items_min = 3, .items_max = 3, .cut = 70};
	char one[HASH_HEX_SIZE], two[HASH_HEX_SIZE];
	blueprint_hash(&bp, one);
	bp.title = (char[]){"another title"}; /* decides nothing */
	blueprint_hash(&bp, two);
	assert_string_equal(one, two);
	bp.cut = 70.5;
	blueprint_hash(&bp, two);
	assert_string_not_equal(one, two);
}

/* An exam that is not offered at this time. */
static void test_effective(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	int64_t before = kit_wall;
	kit_open(&k);
	struct version *v;
	const struct blueprint *bp;
	struct err bad;
	must(catalog_exam(k.pr, "fixture/late", &v, &bp, &bad), &bad);
	((struct blueprint *)(uintptr_t)bp)->effective_from_ms = kit_wall + MS_DAY;
	((struct blueprint *)(uintptr_t)bp)->effective_until_ms = kit_wall + 3 * MS_DAY;
	for (int day = 0; day < 5; day++) {
		bool open = day == 1 || day == 2;
		_cleanup_reply_ struct reply e = READ(&k, exam_show_json(pr, rd, &who, "fixture/late", out, err));
		assert_int_equal(cJSON_IsTrue(at(e.json, "available")), open);
		_cleanup_reply_ struct reply r = begin(&k, "{\"exam\":\"fixture/late\",\"mode\":\"exam\"}");
		if (open) {
			assert_works(r);
			_cleanup_reply_ struct reply end = submit(&k, text_at(&r, "id"));
		} else {
			assert_fails(r, ERR_NOT_OFFERED);
		}
		pass(MS_DAY);
	}
	version_unref(v);
	kit_close(&k);
	kit_wall = before;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_spans),          cmocka_unit_test(test_retakes),   cmocka_unit_test(test_who_is_held_to_them),
	    cmocka_unit_test(test_blueprint_hash), cmocka_unit_test(test_effective),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
