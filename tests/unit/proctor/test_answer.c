/* Saving answers: numbers, repetitions, leases, owners, shapes, ceilings, and what is there after a crash. */
#include "kit.h"

static char id[RNG_ID_SIZE], item[8];

static struct reply put(struct kit *k, const char *body)
{
	return answer(k, id, item, body);
}

/* An exam with all items, and one of them that has four options. */
static void open_exam(struct kit *k)
{
	kit_open(k);
	begin_id(k, "all", "exam", id);
	*item = 0;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(k, id);
	for (size_t i = 0; i < fe->form->n_items; i++)
		if (strcmp(fe->form->items[i].item_id, "single-1") == 0)
			memcpy(item, fe->form->items[i].id, 8);
	assert_true(*item);
}

static char *choose(struct kit *k, int seq, size_t option, const char *more)
{
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(k, id);
	int index = form_find(fe->form, item);
	return xasprintf("{\"seq\":%d,\"response\":{\"choose\":[\"%s\"]}%s}", seq, fe->form->items[index].option_ids[option], more);
}

static void test_numbers(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	_cleanup_free_ char *first = choose(&k, 3, 0, ""), *second = choose(&k, 5, 1, ""), *other = choose(&k, 5, 2, ""),
	                    *old = choose(&k, 4, 2, "");
	_cleanup_reply_ struct reply a = put(&k, first);
	assert_works(a);
	assert_int_equal(number_at(&a, "seq"), 3);
	pass(1000);
	_cleanup_reply_ struct reply b = put(&k, second);
	assert_works(b);
	pass(1000);
	/* The same number again: the same answer, whatever it says, and nothing changes. */
	_cleanup_reply_ struct reply c = put(&k, other), d = put(&k, first);
	assert_works(c);
	assert_works(d);
	assert_string_equal(text_at(&c, "saved_at"), text_at(&b, "saved_at"));
	assert_string_equal(text_at(&d, "saved_at"), text_at(&a, "saved_at"));
	/* A number that was left out comes too late. */
	_cleanup_reply_ struct reply e = put(&k, old);
	assert_fails(e, ERR_STALE_SEQ);
	assert_string_equal(e.err.extra, ",\"seq\":5");
	_cleanup_reply_ struct reply shown = show(&k, id);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	char path[60];
	snprintf(path, sizeof path, "sections.0.items.%d.response.choose.0", form_find(fe->form, item));
	assert_string_equal(text_at(&shown, path), fe->form->items[form_find(fe->form, item)].option_ids[1]);
	kit_close(&k);
}

static void test_what_is_refused(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	const struct {
		const char *body;
		enum err_code code;
	} cases[] = {
	    {"[]", ERR_INVALID},
	    {"{}", ERR_INVALID},
	    {"{\"seq\":1}", ERR_RESPONSE},
	    {"{\"seq\":0,\"response\":null}", ERR_INVALID},
	    {"{\"seq\":-1,\"response\":null}", ERR_INVALID},
	    {"{\"seq\":1.5,\"response\":null}", ERR_INVALID},
	    {"{\"seq\":\"1\",\"response\":null}", ERR_INVALID},
	    {"{\"seq\":2147483648,\"response\":null}", ERR_INVALID},
	    {"{\"seq\":1,\"response\":null,\"extra\":1}", ERR_INVALID},
	    {"{\"seq\":1,\"response\":null,\"flagged\":1}", ERR_INVALID},
	    {"{\"seq\":1,\"response\":null,\"confidence\":101}", ERR_INVALID},
	    {"{\"seq\":1,\"response\":null,\"spent_ms\":-5}", ERR_INVALID},
	    {"{\"seq\":1,\"response\":null,\"spent_ms\":99999999999}", ERR_INVALID},
	    {"{\"seq\":1,\"response\":{\"choose\":[\"nope\"]}}", ERR_RESPONSE},
	    {"{\"seq\":1,\"response\":{\"text\":\"x\"}}", ERR_RESPONSE},
	    {"{\"seq\":1,\"response\":{\"choose\":[],\"more\":1}}", ERR_RESPONSE},
	    {"{\"seq\":1,\"response\":7}", ERR_RESPONSE},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_reply_ struct reply r = put(&k, cases[i].body);
		if (r.ok || r.err.code != cases[i].code)
			fail_msg("%s: %s", cases[i].body, r.ok ? "accepted" : err_name(r.err.code));
	}
	_cleanup_reply_ struct reply elsewhere = answer(&k, id, "izzzz", "{\"seq\":1,\"response\":null}");
	assert_fails(elsewhere, ERR_NOT_ON_FORM);
	_cleanup_reply_ struct reply nowhere = answer(&k, "nope", item, "{\"seq\":1,\"response\":null}");
	assert_fails(nowhere, ERR_NOT_FOUND);
	_cleanup_reply_ struct reply shown = show(&k, id);
	for (int i = 0; i < 4; i++) {
		char path[40];
		snprintf(path, sizeof path, "sections.0.items.%d.seq", i);
		assert_int_equal(number_at(&shown, path), 0); /* nothing was saved */
	}
	kit_close(&k);
}

/* Members that are absent keep what was there. */
static void test_flags_and_confidence(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	_cleanup_free_ char *one = choose(&k, 1, 0, ",\"flagged\":true,\"confidence\":75,\"spent_ms\":1234"), *two = choose(&k, 2, 1, "");
	_cleanup_reply_ struct reply a = put(&k, one), b = put(&k, two),
	                             c = put(&k, "{\"seq\":3,\"response\":null,\"flagged\":false,\"spent_ms\":2000}");
	assert_works(a);
	assert_works(b);
	assert_works(c);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	_cleanup_reply_ struct reply shown = show(&k, id);
	const cJSON *i = cJSON_GetArrayItem(at(shown.json, "sections.0.items"), form_find(fe->form, item));
	assert_true(cJSON_IsNull(at(i, "response")) && cJSON_IsFalse(at(i, "flagged")));
	assert_int_equal(at(i, "confidence")->valuedouble, 75);
	assert_int_equal(at(i, "spent_ms")->valuedouble, 2000);
	assert_int_equal(at(i, "seq")->valuedouble, 3);
	kit_close(&k);
}

static void test_owners(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	struct caller ada = someone(&k, "ada", 1000), grace = someone(&k, "grace", 1000);
	_cleanup_reply_ struct reply mine = begin_as(&k, &ada, "{\"exam\":\"fixture/late\",\"mode\":\"exam\"}");
	assert_works(mine);
	const char *hers = text_at(&mine, "id"), *first = text_at(&mine, "sections.0.items.0.id");
	struct caller callers[] = {grace, LOCAL, {.account = 0}};
	for (size_t i = 0; i < ARRAY_SIZE(callers); i++) {
		struct caller *who = &callers[i];
		bool pending;
		_cleanup_json_ cJSON *note = json_of("{\"note\":{}}"), *move = json_of("{\"item\":\"x\"}");
		struct reply replies[] = {
		    answer_as(&k, who, hers, first, "{\"seq\":1,\"response\":null}"),
		    READ(&k, attempt_show_json(pr, rd, who, hers, out, err)),
		    READ(&k, attempt_clock_json(pr, rd, who, hers, out, err)),
		    READ(&k, result_json(pr, rd, who, hers, &pending, out, err)),
		    READ(&k, result_signed(pr, rd, who, hers, out, err)),
		    READ(&k, attempt_docs_json(pr, rd, who, hers, NULL, out, err)),
		    READ(&k, attempt_docs_search_json(pr, rd, who, hers, "x", out, err)),
		    WRITE(&k, attempt_note(pr, wr, who, hers, first, note, out, err)),
		    WRITE(&k, attempt_claim(pr, wr, who, hers, out, err)),
		    WRITE(&k, attempt_move(pr, wr, who, hers, move, out, err)),
		    WRITE(&k, attempt_section(pr, wr, who, hers, out, err)),
		    WRITE(&k, attempt_submit(pr, wr, who, hers, out, err)),
		    WRITE(&k, attempt_expectation(pr, wr, who, hers, note, err)),
		};
		for (size_t r = 0; r < ARRAY_SIZE(replies); r++) {
			assert_fails(replies[r], ERR_NOT_FOUND); /* not "forbidden": that it exists is not told */
			assert_string_equal(replies[r].err.msg, "there is no such attempt");
			reply_finish(&replies[r]);
		}
	}
	_cleanup_reply_ struct reply list = READ(&k, attempt_list_json(pr, rd, &grace, out, err));
	assert_int_equal(cJSON_GetArraySize(at(list.json, "attempts")), 0);
	kit_close(&k);
}

static void test_leases(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	struct caller old = LOCAL, none = LOCAL;
	old.lease = 1;
	_cleanup_free_ char *one = choose(&k, 1, 0, ""), *two = choose(&k, 2, 0, ""), *three = choose(&k, 3, 0, "");
	_cleanup_reply_ struct reply a = answer_as(&k, &old, id, item, one);
	assert_works(a);
	_cleanup_reply_ struct reply claim = WRITE(&k, attempt_claim(pr, wr, &old, id, out, err));
	assert_works(claim);
	assert_int_equal(number_at(&claim, "lease"), 2);
	assert_int_equal(number_at(&claim, "attempt.lease"), 2);
	_cleanup_reply_ struct reply b = answer_as(&k, &old, id, item, two), c = READ(&k, attempt_clock_json(pr, rd, &old, id, out, err)),
	                             d = WRITE(&k, attempt_submit(pr, wr, &old, id, out, err));
	assert_fails(b, ERR_SUPERSEDED);
	assert_fails(c, ERR_SUPERSEDED);
	assert_fails(d, ERR_SUPERSEDED);
	struct caller ahead = LOCAL;
	ahead.lease = 3; /* never given */
	_cleanup_reply_ struct reply e = answer_as(&k, &ahead, id, item, two), f = answer_as(&k, &none, id, item, two);
	assert_fails(e, ERR_SUPERSEDED);
	assert_works(f); /* programs need none */
	old.lease = 2;
	crash(&k, 1000);
	_cleanup_reply_ struct reply g = answer_as(&k, &old, id, item, three); /* leases outlive the server */
	assert_works(g);
	kit_close(&k);
}

/* What was committed is there after a crash; numbers and repetitions go on as if nothing had been. */
static void test_after_a_crash(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	_cleanup_free_ char *one = choose(&k, 1, 0, ""), *two = choose(&k, 2, 1, ",\"flagged\":true"), *three = choose(&k, 3, 2, "");
	_cleanup_reply_ struct reply a = put(&k, one), b = put(&k, two);
	assert_works(a);
	assert_works(b);
	crash(&k, 60000);
	_cleanup_reply_ struct reply again = put(&k, two), first = put(&k, one), next = put(&k, three);
	assert_works(again);
	assert_works(first);
	assert_string_equal(text_at(&again, "saved_at"), text_at(&b, "saved_at"));
	assert_string_equal(text_at(&first, "saved_at"), text_at(&a, "saved_at"));
	assert_works(next);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	_cleanup_reply_ struct reply shown = show(&k, id);
	const cJSON *i = cJSON_GetArrayItem(at(shown.json, "sections.0.items"), form_find(fe->form, item));
	assert_true(cJSON_IsTrue(at(i, "flagged")));
	assert_int_equal(at(i, "seq")->valuedouble, 3);
	kit_close(&k);
}

/* A rollback takes back exactly what it should, in memory, too. */
static void test_rollbacks(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	struct store *wr = proctor_writer_store(k.pr);
	struct caller who = LOCAL;
	_cleanup_free_ char *one = choose(&k, 1, 0, ""), *two = choose(&k, 2, 1, "");
	_cleanup_json_ cJSON *first = json_of(one), *second = json_of(two);
	_cleanup_buf_ struct buf out = BUF(10000);
	struct err err;
	/* The whole transaction fails: nothing of it was saved. */
	must(store_begin(wr, &err) && store_savepoint(wr, &err), &err);
	must(attempt_answer(k.pr, wr, &who, id, item, first, &out, &err) && store_release(wr, &err), &err);
	store_rollback(wr);
	proctor_forget(k.pr);
	/* One request of two fails after it has written: the other one stays. */
	must(store_begin(wr, &err) && store_savepoint(wr, &err), &err);
	must(attempt_answer(k.pr, wr, &who, id, item, first, &out, &err) && store_release(wr, &err), &err);
	must(store_savepoint(wr, &err), &err);
	must(attempt_answer(k.pr, wr, &who, id, item, second, &out, &err), &err);
	store_rollback_savepoint(wr);
	proctor_forget(k.pr);
	must(store_commit(wr, &err), &err);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	_cleanup_reply_ struct reply shown = show(&k, id);
	const cJSON *i = cJSON_GetArrayItem(at(shown.json, "sections.0.items"), form_find(fe->form, item));
	assert_int_equal(at(i, "seq")->valuedouble, 1);
	_cleanup_reply_ struct reply then = put(&k, two);
	assert_works(then);
	/* A request that fails leaves the others in memory. */
	size_t live = live_count(k.pr->live);
	_cleanup_reply_ struct reply bad = put(&k, "{}");
	assert_fails(bad, ERR_INVALID);
	assert_int_equal(live_count(k.pr->live), live);
	kit_close(&k);
}

static void test_ceilings(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	struct store *wr = proctor_writer_store(k.pr);
	struct caller who = LOCAL;
	struct err err;
	_cleanup_buf_ struct buf out = BUF(1000);
	must(store_begin(wr, &err), &err);
	bool ok = true;
	int n = 0;
	for (; ok && n <= ATTEMPT_EVENTS_MAX; n++) {
		_cleanup_free_ char *body = xasprintf("{\"seq\":%d,\"response\":null}", n + 1);
		_cleanup_json_ cJSON *json = json_of(body);
		buf_clear(&out);
		ok = attempt_answer(k.pr, wr, &who, id, item, json, &out, &err);
	}
	must(store_commit(wr, &(struct err){0}), &err);
	assert_false(ok);
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_int_equal(n, ATTEMPT_EVENTS_MAX);           /* the beginning is an event, too */
	_cleanup_reply_ struct reply end = submit(&k, id); /* it can always be ended */
	assert_works(end);
	kit_close(&k);
}

static void test_notes(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	struct caller who = LOCAL;
	_cleanup_json_ cJSON *good = json_of("{\"note\":{\"text\":\"mine \\u0001\",\"struck\":[\"o1\"],\"highlights\":[]}}"),
	                     *wrong = json_of("{\"note\":7}"), *extra = json_of("{\"note\":{},\"x\":1}"), *long_note = json_object();
	char big[NOTE_MAX + 1];
	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = 0;
	cJSON *inner = json_object();
	json_set_str(inner, "text", big);
	json_set(long_note, "note", inner);
	_cleanup_reply_ struct reply a = WRITE(&k, attempt_note(pr, wr, &who, id, item, good, out, err)),
	                             b = WRITE(&k, attempt_note(pr, wr, &who, id, item, wrong, out, err)),
	                             c = WRITE(&k, attempt_note(pr, wr, &who, id, item, extra, out, err)),
	                             d = WRITE(&k, attempt_note(pr, wr, &who, id, item, long_note, out, err)),
	                             e = WRITE(&k, attempt_note(pr, wr, &who, id, "izzzz", good, out, err));
	assert_works(a);
	assert_fails(b, ERR_INVALID);
	assert_fails(c, ERR_INVALID);
	assert_fails(d, ERR_TOO_LARGE);
	assert_fails(e, ERR_NOT_ON_FORM);
	crash(&k, 10);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	_cleanup_reply_ struct reply shown = show(&k, id);
	const cJSON *i = cJSON_GetArrayItem(at(shown.json, "sections.0.items"), form_find(fe->form, item));
	assert_string_equal(cJSON_GetStringValue(at(i, "note.text")), "mine \x01");
	_cleanup_reply_ struct reply end = submit(&k, id), late = WRITE(&k, attempt_note(pr, wr, &who, id, item, good, out, err));
	assert_works(end);
	assert_fails(late, ERR_ATTEMPT_ENDED);
	kit_close(&k);
}

static void test_expectations(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k);
	struct caller who = LOCAL;
	const struct {
		const char *body;
		enum err_code code; /* ERR_NONE: accepted */
	} cases[] = {
	    {"[]", ERR_INVALID},
	    {"{\"goal\":\"fame\"}", ERR_INVALID},
	    {"{\"expected_share\":1.1}", ERR_INVALID},
	    {"{\"years\":-1}", ERR_INVALID},
	    {"{\"x\":1}", ERR_INVALID},
	    {"{\"goal\":\"pass\",\"expected_share\":0.8,\"years\":3.5}", ERR_NONE},
	    {"{\"goal\":\"pass\",\"expected_share\":0.8,\"years\":3.5}", ERR_NONE}, /* the same again */
	    {"{\"goal\":\"learn\"}", ERR_CONFLICT},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_json_ cJSON *body = json_of(cases[i].body);
		struct store *wr = proctor_writer_store(k.pr);
		struct err err = {0};
		must(store_begin(wr, &err), &err);
		bool ok = attempt_expectation(k.pr, wr, &who, id, body, &err);
		if (ok != (cases[i].code == ERR_NONE) || (!ok && err.code != cases[i].code))
			fail_msg("%s: %s", cases[i].body, ok ? "accepted" : err_name(err.code));
		must(store_commit(wr, &err), &err);
	}
	_cleanup_reply_ struct reply shown = show(&k, id);
	assert_string_equal(text_at(&shown, "expectation.goal"), "pass");
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_numbers),      cmocka_unit_test(test_what_is_refused), cmocka_unit_test(test_flags_and_confidence),
	    cmocka_unit_test(test_owners),       cmocka_unit_test(test_leases),          cmocka_unit_test(test_after_a_crash),
	    cmocka_unit_test(test_rollbacks),    cmocka_unit_test(test_ceilings),        cmocka_unit_test(test_notes),
	    cmocka_unit_test(test_expectations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
