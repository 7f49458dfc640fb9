/* Nothing leaks: every view of an attempt, in every state, is searched for what a candidate must not see yet. The fixture marks its
 * secrets. */
#include "kit.h"

/* Words that stand only where keys, feedback, explanations, hints, rubrics and references stand; and what would tell an unscored item or
 * the author's side. */
static const char *const secrets[] = {"FEEDBACK-", "EXPLANATION-TEXT", "HINT-TEXT",    "REFERENCE-TEXT", "RUBRIC-TEXT", "REASON-TEXT",
                                      "\"key\":",  "unscored\":true",  "\"unscored\"", "item_id",        "single-1",    "multiple-1",
                                      "pretest",   "params",           "\"feedback\"", "correct"};

static void must_hide(const char *what, const char *text, bool unscored_count)
{
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++) {
		if (unscored_count && strcmp(secrets[i], "\"unscored\"") == 0)
			continue; /* how many there are is one of the exam's rules */
		if (strstr(text, secrets[i]))
			fail_msg("%s shows %s: %.3000s", what, secrets[i], text);
	}
}

static void look(struct kit *k, const char *what, const char *id, const char *exam)
{
	struct caller who = LOCAL;
	bool pending;
	char name[60];
	snprintf(name, sizeof name, "fixture/%s", exam);
	_cleanup_reply_ struct reply a = show(k, id), b = READ(k, attempt_clock_json(pr, rd, &who, id, out, err)),
	                             c = READ(k, attempt_list_json(pr, rd, &who, out, err)),
	                             d = READ(k, exam_list_json(pr, rd, &who, out, err)),
	                             e = READ(k, exam_show_json(pr, rd, &who, name, out, err)),
	                             f = READ(k, progress_json(pr, rd, &who, out, err)), g = result(k, id, &pending),
	                             h = READ(k, result_signed(pr, rd, &who, id, out, err)),
	                             i = READ(k, attempt_docs_json(pr, rd, &who, id, NULL, out, err));
	const struct reply *replies[] = {&a, &b, &c, &d, &e, &f, &g, &h, &i};
	for (size_t r = 0; r < ARRAY_SIZE(replies); r++)
		must_hide(what, replies[r]->ok ? replies[r]->text : replies[r]->err.msg, r == 4);
}

static const char *const exams[] = {"all", "essay", "late", "retakes", "secret", "sections", "short"};

static void test_exam_mode(void **state)
{
	(void)state;
	for (size_t e = 0; e < ARRAY_SIZE(exams); e++) {
		struct kit k;
		struct caller who = LOCAL;
		char id[RNG_ID_SIZE];
		kit_open(&k);
		begin_id(&k, exams[e], "exam", id);
		look(&k, "a new attempt", id, exams[e]);
		_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
		for (size_t i = 0; i < fe->form->n_items; i++) {
			_cleanup_free_ char *body =
			    fe->form->items[i].item->kind == ITEM_ESSAY ? xstrdup("{\"seq\":1,\"response\":{\"text\":\"x\"}}") : right_body(fe, i, 1);
			_cleanup_reply_ struct reply r = answer(&k, id, fe->form->items[i].id, body);
			must_hide("an answer", r.ok ? r.text : r.err.msg, false);
		}
		look(&k, "an answered attempt", id, exams[e]);
		_cleanup_reply_ struct reply claim = WRITE(&k, attempt_claim(pr, wr, &who, id, out, err));
		must_hide("a claim", claim.text, false);
		if (fe->form->n_sections > 1) {
			_cleanup_reply_ struct reply left = WRITE(&k, attempt_section(pr, wr, &who, id, out, err));
			must_hide("a break", left.text, false);
			look(&k, "a break", id, exams[e]);
			_cleanup_reply_ struct reply again = WRITE(&k, attempt_section(pr, wr, &who, id, out, err));
			must_hide("the next section", again.text, false);
		}
		_cleanup_reply_ struct reply end = submit(&k, id);
		must_hide("the end", end.text, false);
		_cleanup_reply_ struct reply after = show(&k, id);
		must_hide("an ended attempt", after.text, false);
		kit_close(&k);
	}
}

/* The report that hides everything hides it; one that is released later, until then. */
static void test_results(void **state)
{
	(void)state;
	static const char *const hiding[] = {"late", "essay"};
	for (size_t e = 0; e < ARRAY_SIZE(hiding); e++) {
		struct kit k;
		char id[RNG_ID_SIZE];
		kit_open(&k);
		begin_id(&k, hiding[e], "exam", id);
		answer_right(&k, id, 100);
		_cleanup_reply_ struct reply end = submit(&k, id);
		assert_works(end);
		look(&k, "an attempt whose report is not there", id, hiding[e]);
		kit_close(&k);
	}
	struct kit k;
	char id[RNG_ID_SIZE];
	bool pending;
	kit_open(&k);
	begin_id(&k, "secret", "exam", id);
	answer_right(&k, id, 100);
	_cleanup_reply_ struct reply end = submit(&k, id), r = result(&k, id, &pending);
	assert_works(end);
	assert_works(r);
	assert_string_equal(text_at(&r, "verdict"), "pass");
	static const char *const numbers[] = {"\"value\"", "\"share\"", "points_m", "\"right\"", "outcome", "EXPLANATION"};
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (strstr(r.text, numbers[i]))
			fail_msg("pass or fail only, and it shows %s: %s", numbers[i], r.text);
	kit_close(&k);
}

/* Items that were only tried out are nowhere in a report, and leave no gap. */
static void test_unscored_items(void **state)
{
	(void)state;
	struct kit k;
	char id[RNG_ID_SIZE];
	bool pending;
	kit_open(&k);
	begin_id(&k, "all", "exam", id);
	answer_right(&k, id, 100);
	_cleanup_reply_ struct reply end = submit(&k, id), r = result(&k, id, &pending),
	                             s = READ(&k, result_signed(pr, rd, &(struct caller){.account = ACCOUNT_LOCAL}, id, out, err));
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	int n = 0;
	for (size_t i = 0; i < fe->form->n_items; i++) {
		bool in_result = strstr(r.text, fe->form->items[i].id) != NULL, in_payload = strstr(s.text, fe->form->items[i].id) != NULL;
		assert_true(in_result != fe->form->items[i].unscored && in_payload != fe->form->items[i].unscored);
		n += fe->form->items[i].unscored;
	}
	assert_int_equal(n, 1);
	const cJSON *item;
	n = 0;
	cJSON_ArrayForEach(item, at(r.json, "items")) assert_int_equal(at(item, "n")->valuedouble, ++n);
	kit_close(&k);
}

/* Study: an item's secrets come with its own answer, and only then; clearing the answer hides them again. */
static void test_study_mode(void **state)
{
	(void)state;
	struct kit k;
	char id[RNG_ID_SIZE];
	kit_open(&k);
	begin_id(&k, "essay", "study", id);
	_cleanup_reply_ struct reply fresh = show(&k, id);
	must_hide("a new session", fresh.text, false);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	size_t one = index_of(fe, "single-1");
	_cleanup_free_ char *right = right_body(fe, one, 1);
	_cleanup_reply_ struct reply r = answer(&k, id, fe->form->items[one].id, right);
	assert_works(r);
	assert_string_equal(text_at(&r, "feedback.outcome"), "right");
	assert_non_null(strstr(r.text, "EXPLANATION-TEXT: B follows A"));
	assert_non_null(strstr(r.text, "HINT-TEXT"));
	_cleanup_reply_ struct reply shown = show(&k, id);
	assert_non_null(strstr(shown.text, "EXPLANATION-TEXT: B follows A"));
	assert_null(strstr(shown.text, "EXPLANATION-TEXT: counting on")); /* that of another item */
	assert_null(strstr(shown.text, "RUBRIC-TEXT"));
	_cleanup_reply_ struct reply again = answer(&k, id, fe->form->items[one].id, right); /* the same again, with its feedback */
	assert_string_equal(again.text, r.text);
	_cleanup_reply_ struct reply cleared = answer(&k, id, fe->form->items[one].id, "{\"seq\":2,\"response\":null}"), hidden = show(&k, id);
	must_hide("a cleared answer", cleared.text, false);
	must_hide("a session with a cleared answer", hidden.text, false);
	kit_close(&k);
}

/* While an exam runs, a study session at the same bank neither draws its items nor tells anything about those that it has already. */
static void test_study_beside_an_exam(void **state)
{
	(void)state;
	struct kit k;
	char study[RNG_ID_SIZE], exam[RNG_ID_SIZE];
	kit_open(&k);
	begin_id(&k, "all", "study", study);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, study);
	size_t one = index_of(fe, "single-1"), two = index_of(fe, "single-2");
	_cleanup_free_ char *before = right_body(fe, one, 1);
	_cleanup_reply_ struct reply a = answer(&k, study, fe->form->items[one].id, before);
	assert_non_null(at(a.json, "feedback"));
	begin_id(&k, "all", "exam", exam); /* all items of the bank but the essay */
	_cleanup_reply_ struct reply b = show(&k, study);
	must_hide("a session beside an exam", b.text, false);
	_cleanup_free_ char *during = right_body(fe, two, 1);
	_cleanup_reply_ struct reply c = answer(&k, study, fe->form->items[two].id, during);
	assert_works(c);
	must_hide("an answer beside an exam", c.text, false);
	_cleanup_reply_ struct reply d = begin(&k, "{\"exam\":\"fixture/all\",\"mode\":\"study\"}");
	assert_works(d);
	assert_int_equal(number_at(&d, "sections.0.count"), 1);
	assert_string_equal(text_at(&d, "sections.0.items.0.kind"), "essay"); /* which is not on the exam */
	_cleanup_reply_ struct reply end = submit(&k, exam), e = show(&k, study);
	assert_works(end);
	assert_non_null(strstr(e.text, "EXPLANATION-TEXT")); /* now it may be told */
	kit_close(&k);
}

/* Ids are drawn for each attempt: neither the author's nor the same twice. */
static void test_ids(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	struct caller ada = someone(&k, "ada", 1000), grace = someone(&k, "grace", 1000);
	_cleanup_reply_ struct reply a = begin_as(&k, &ada, "{\"exam\":\"fixture/all\",\"mode\":\"exam\"}"),
	                             b = begin_as(&k, &grace, "{\"exam\":\"fixture/all\",\"mode\":\"exam\"}");
	const cJSON *items = at(a.json, "sections.0.items"), *i;
	int same = 0;
	cJSON_ArrayForEach(i, items)
	{
		char quoted[20];
		snprintf(quoted, sizeof quoted, "\"%s\"", at(i, "id")->valuestring);
		same += strstr(b.text, quoted) != NULL;
	}
	assert_true(same <= 1); /* by chance */
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_exam_mode),
	    cmocka_unit_test(test_results),
	    cmocka_unit_test(test_unscored_items),
	    cmocka_unit_test(test_study_mode),
	    cmocka_unit_test(test_study_beside_an_exam),
	    cmocka_unit_test(test_ids),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
