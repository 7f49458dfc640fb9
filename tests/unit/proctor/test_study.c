/* Study sessions: what they choose from, how they end, and what is learnt from them. */
#include "kit.h"

static char id[RNG_ID_SIZE];

static void answer_one(struct kit *k, const char *author_id, bool right, bool flag)
{
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(k, id);
	size_t i = index_of(fe, author_id);
	const struct form_item *fi = &fe->form->items[i];
	size_t pick = 0;
	while (fi->item->options[fi->order[pick]].key != right)
		pick++;
	_cleanup_free_ char *body = xasprintf("{\"seq\":1,\"response\":{\"choose\":[\"%s\"]},\"flagged\":%s,\"confidence\":75}",
	                                      fi->option_ids[pick], flag ? "true" : "false");
	_cleanup_reply_ struct reply r = answer(k, id, fi->id, body);
	assert_works(r);
}

static void count(struct kit *k, int total, int fresh, int missed, int flagged)
{
	struct caller who = LOCAL;
	_cleanup_reply_ struct reply r = READ(k, exam_show_json(pr, rd, &who, "fixture/all", out, err));
	assert_works(r);
	if (number_at(&r, "study.total") != total || number_at(&r, "study.new") != fresh || number_at(&r, "study.missed") != missed ||
	    number_at(&r, "study.flagged") != flagged)
		fail_msg("%s", strstr(r.text, "\"study\""));
}

static struct reply study(struct kit *k, const char *focus)
{
	char body[300];
	snprintf(body, sizeof body, "{\"exam\":\"fixture/all\",\"mode\":\"study\",\"focus\":%s}", focus);
	return begin(k, body);
}

/* 15 items that count; what was not answered in a session stays unseen. */
static void test_pools(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	count(&k, 15, 15, 0, 0);
	begin_id(&k, "all", "study", id);
	answer_one(&k, "single-1", false, true);
	answer_one(&k, "single-2", true, false);
	count(&k, 15, 15, 0, 0); /* a session counts when it has ended */
	_cleanup_reply_ struct reply end = submit(&k, id);
	assert_works(end);
	count(&k, 15, 13, 1, 1);
	const struct {
		const char *focus;
		int items;
	} cases[] = {{"{\"pool\":\"missed\"}", 1},   {"{\"pool\":\"flagged\"}", 1},
	             {"{\"pool\":\"new\"}", 13},     {"{\"pool\":\"all\"}", 15},
	             {"{\"items\":4}", 4},           {"{}", 15},
	             {"{\"domains\":[\"two\"]}", 7}, {"{\"domains\":[\"one\"],\"pool\":\"new\"}", 5}};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_reply_ struct reply r = study(&k, cases[i].focus);
		assert_works(r);
		if (number_at(&r, "sections.0.count") != cases[i].items)
			fail_msg("%s: %g items", cases[i].focus, number_at(&r, "sections.0.count"));
		assert_true(cJSON_IsNull(at(r.json, "clock.left_ms")));
	}
	/* What is right at last is not missed any more. */
	_cleanup_reply_ struct reply again = study(&k, "{\"pool\":\"missed\"}");
	snprintf(id, sizeof id, "%s", text_at(&again, "id"));
	answer_one(&k, "single-1", true, false);
	_cleanup_reply_ struct reply done = submit(&k, id);
	assert_works(done);
	count(&k, 15, 13, 0, 0);
	_cleanup_reply_ struct reply none = study(&k, "{\"pool\":\"missed\"}");
	assert_fails(none, ERR_INVALID);
	kit_close(&k);
}

static void test_what_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *body;
		enum err_code code;
	} cases[] = {
	    {"[]", ERR_INVALID},
	    {"{}", ERR_INVALID},
	    {"{\"exam\":\"fixture/all\"}", ERR_INVALID},
	    {"{\"exam\":\"fixture/all\",\"mode\":\"cheat\"}", ERR_INVALID},
	    {"{\"exam\":\"fixture/all\",\"mode\":\"exam\",\"x\":1}", ERR_INVALID},
	    {"{\"exam\":\"fixture/all\",\"mode\":\"exam\",\"focus\":{}}", ERR_INVALID},
	    {"{\"exam\":\"fixture/all\",\"mode\":\"study\",\"focus\":7}", ERR_INVALID},
	    {"{\"exam\":\"fixture/all\",\"mode\":\"study\",\"focus\":{\"pool\":\"easy\"}}", ERR_INVALID},
	    {"{\"exam\":\"fixture/all\",\"mode\":\"study\",\"focus\":{\"items\":0}}", ERR_INVALID},
	    {"{\"exam\":\"fixture/all\",\"mode\":\"study\",\"focus\":{\"domains\":[\"nope\"]}}", ERR_INVALID},
	    {"{\"exam\":\"fixture/all\",\"mode\":\"study\",\"focus\":{\"domains\":[7]}}", ERR_INVALID},
	    {"{\"exam\":\"fixture/nope\",\"mode\":\"exam\"}", ERR_NOT_FOUND},
	    {"{\"exam\":\"nope/all\",\"mode\":\"exam\"}", ERR_NOT_FOUND},
	    {"{\"exam\":\"all\",\"mode\":\"exam\"}", ERR_NOT_FOUND},
	    {"{\"exam\":\"fixture/late\",\"mode\":\"study\"}", ERR_NOT_OFFERED},
	};
	struct kit k;
	kit_open(&k);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_reply_ struct reply r = begin(&k, cases[i].body);
		if (r.ok || r.err.code != cases[i].code)
			fail_msg("%s: %s", cases[i].body, r.ok ? "accepted" : err_name(r.err.code));
	}
	kit_close(&k);
}

/* A new session of the same exam ends the one before; an exam beside it goes on, and a second exam does not begin. */
static void test_one_at_a_time(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	char first[RNG_ID_SIZE], exam[RNG_ID_SIZE];
	kit_open(&k);
	begin_id(&k, "essay", "study", first);
	begin_id(&k, "late", "exam", exam);
	begin_id(&k, "essay", "study", id);
	_cleanup_reply_ struct reply a = show(&k, first), b = show(&k, exam), c = show(&k, id);
	assert_string_equal(text_at(&a, "state"), "ended");
	assert_string_equal(text_at(&b, "state"), "running");
	assert_string_equal(text_at(&c, "state"), "running");
	_cleanup_reply_ struct reply second = begin(&k, "{\"exam\":\"fixture/late\",\"mode\":\"exam\"}");
	assert_fails(second, ERR_ATTEMPT_RUNNING);
	assert_non_null(strstr(second.err.extra, exam));
	_cleanup_reply_ struct reply e = READ(&k, exam_show_json(pr, rd, &who, "fixture/late", out, err));
	assert_string_equal(text_at(&e, "attempts.running"), exam);
	kit_close(&k);
}

/* Two plans made at the same time: only one begins. */
static void test_a_race(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	struct attempt_plan *plans[2];
	struct err why;
	kit_open(&k);
	_cleanup_json_ cJSON *body = json_of("{\"exam\":\"fixture/late\",\"mode\":\"exam\"}");
	for (int i = 0; i < 2; i++)
		must(attempt_plan(k.pr, k.rd, &who, body, &plans[i], &why), &why);
	_cleanup_reply_ struct reply a = WRITE(&k, attempt_begin(pr, wr, &who, plans[0], out, err)),
	                             b = WRITE(&k, attempt_begin(pr, wr, &who, plans[1], out, err));
	assert_works(a);
	assert_fails(b, ERR_ATTEMPT_RUNNING);
	for (int i = 0; i < 2; i++)
		attempt_plan_destroy(plans[i]);
	kit_close(&k);
}

/* An exam that does not tell how single items went does not tell it through a pool either. */
static void test_untold_exams(void **state)
{
	(void)state;
	static const struct {
		const char *exam;
		int seen, missed;
	} cases[] = {{"secret", 6, 0}, {"retakes", 3, 0}, {"all", 14, 14}};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kit k;
		kit_open(&k);
		begin_id(&k, cases[i].exam, "exam", id);
		_cleanup_reply_ struct reply end = submit(&k, id);
		assert_works(end);
		count(&k, 15, 15 - cases[i].seen, cases[i].missed, 0);
		kit_close(&k);
	}
}

/* Essays of a session are for the candidate to judge: they count neither way. */
static void test_essays(void **state)
{
	(void)state;
	struct kit k;
	bool pending;
	kit_open(&k);
	begin_id(&k, "essay", "study", id);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	_cleanup_reply_ struct reply r =
	    answer(&k, id, fe->form->items[index_of(fe, "essay-1")].id, "{\"seq\":1,\"response\":{\"text\":\"Because.\"}}");
	assert_works(r);
	assert_string_equal(text_at(&r, "feedback.outcome"), "ungraded");
	assert_non_null(strstr(r.text, "RUBRIC-TEXT"));
	answer_one(&k, "single-1", true, false);
	_cleanup_reply_ struct reply end = submit(&k, id), res = result(&k, id, &pending);
	assert_works(end);
	assert_works(res);
	assert_false(pending);
	assert_true(cJSON_IsNull(at(res.json, "verdict")));
	const cJSON *d, *domains = at(res.json, "domains");
	cJSON_ArrayForEach(d, domains) if (strcmp(at(d, "id")->valuestring, "three") == 0) assert_true(at(d, "max")->valuedouble <= 1);
	kit_close(&k);
}

static void test_progress(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	kit_open(&k);
	for (int week = 0; week < 30; week++) {
		begin_id(&k, "all", "study", id);
		answer_one(&k, "single-1", week % 2 == 0, false);
		_cleanup_reply_ struct reply end = submit(&k, id);
		assert_works(end);
		pass(7 * MS_DAY);
	}
	_cleanup_reply_ struct reply p = READ(&k, progress_json(pr, rd, &who, out, err));
	assert_works(p);
	assert_int_equal(cJSON_GetArraySize(at(p.json, "exams.0.attempts")), 30);
	assert_int_equal(cJSON_GetArraySize(at(p.json, "domains.0.by_week")), 26); /* half a year */
	assert_true(number_at(&p, "domains.0.right_share") == 0.5);
	assert_int_equal(number_at(&p, "items.seen"), 1);
	assert_int_equal(number_at(&p, "calibration.0.confidence"), 75);
	assert_int_equal(number_at(&p, "calibration.0.n"), 30);
	const cJSON *weeks = at(p.json, "domains.0.by_week"), *w;
	const char *before = "";
	cJSON_ArrayForEach(w, weeks)
	{
		assert_true(strcmp(at(w, "week")->valuestring, before) > 0);
		before = at(w, "week")->valuestring;
	}
	kit_close(&k);
}

static void test_documents(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	kit_open(&k);
	begin_id(&k, "all", "exam", id); /* bundled */
	_cleanup_reply_ struct reply list = READ(&k, attempt_docs_json(pr, rd, &who, id, NULL, out, err)),
	                             one = READ(&k, attempt_docs_json(pr, rd, &who, id, "colours", out, err)),
	                             none = READ(&k, attempt_docs_json(pr, rd, &who, id, "../bank", out, err)),
	                             found = READ(&k, attempt_docs_search_json(pr, rd, &who, id, "COLOURS", out, err)),
	                             nothing = READ(&k, attempt_docs_search_json(pr, rd, &who, id, "colours xyzzy", out, err)),
	                             blank = READ(&k, attempt_docs_search_json(pr, rd, &who, id, " \t ", out, err));
	assert_int_equal(cJSON_GetArraySize(at(list.json, "docs")), 2);
	assert_string_equal(text_at(&one, "title"), "Colours");
	assert_fails(none, ERR_NOT_FOUND);
	assert_string_equal(text_at(&found, "hits.0.id"), "colours");
	assert_int_equal(cJSON_GetArraySize(at(nothing.json, "hits")), 0);
	assert_int_equal(cJSON_GetArraySize(at(blank.json, "hits")), 0);
	_cleanup_reply_ struct reply end = submit(&k, id), after = READ(&k, attempt_docs_json(pr, rd, &who, id, NULL, out, err));
	assert_works(end);
	assert_fails(after, ERR_FORBIDDEN);
	begin_id(&k, "late", "exam", id); /* closed */
	_cleanup_reply_ struct reply closed = READ(&k, attempt_docs_json(pr, rd, &who, id, NULL, out, err));
	assert_fails(closed, ERR_FORBIDDEN);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_pools),    cmocka_unit_test(test_what_is_refused), cmocka_unit_test(test_one_at_a_time),
	    cmocka_unit_test(test_a_race),   cmocka_unit_test(test_untold_exams),    cmocka_unit_test(test_essays),
	    cmocka_unit_test(test_progress), cmocka_unit_test(test_documents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
