/* Essays: an attempt waits for people's marks, then gets its result; marking again makes a new one, which names the one before. */
#include "kit.h"

#include "proctor/audit.h"

static char id[RNG_ID_SIZE];

static struct reply mark(struct kit *k, const char *item, int64_t points_m, const char *by)
{
	int left = -1;
	struct reply r =
	    WRITE(k, marking_put(pr, wr, id, item, points_m, by, "a comment", &left, err) && (buf_addf(out, "{\"left\":%d}", left), true));
	return r;
}

static void open_essay(struct kit *k, char item[8])
{
	kit_open(k);
	begin_id(k, "essay", "exam", id);
	answer_right(k, id, 100);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(k, id);
	memcpy(item, fe->form->items[index_of(fe, "essay-1")].id, 8);
}

static void finding(void *arg, const char *text)
{
	(void)arg;
	fail_msg("%s", text);
}

static void test_waiting_and_marking(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	char item[8];
	bool pending;
	open_essay(&k, item);
	_cleanup_reply_ struct reply early = mark(&k, item, 500, "ada");
	assert_fails(early, ERR_CONFLICT); /* it still runs */
	_cleanup_reply_ struct reply end = submit(&k, id);
	assert_works(end);
	assert_string_equal(text_at(&end, "state"), "reviewing");
	_cleanup_reply_ struct reply waits = result(&k, id, &pending), none = READ(&k, result_signed(pr, rd, &who, id, out, err));
	assert_true(pending);
	assert_int_equal(number_at(&waits, "ungraded"), 1);
	assert_fails(none, ERR_CONFLICT);
	_cleanup_reply_ struct reply list = READ(&k, marking_list_json(pr, rd, NULL, out, err));
	assert_string_equal(text_at(&list, "attempts.0.attempt"), id);
	assert_string_equal(text_at(&list, "attempts.0.items.0.item"), item);
	assert_string_equal(text_at(&list, "attempts.0.items.0.response.text"), "Because.");
	assert_non_null(strstr(list.text, "RUBRIC-TEXT"));
	assert_null(strstr(list.text, "local")); /* blind */
	crash(&k, 1000);
	_cleanup_reply_ struct reply marked = mark(&k, item, 500, "ada");
	assert_works(marked);
	assert_int_equal(number_at(&marked, "left"), 0);
	_cleanup_reply_ struct reply r = result(&k, id, &pending), empty = READ(&k, marking_list_json(pr, rd, NULL, out, err));
	assert_works(r);
	assert_false(pending);
	assert_int_equal(number_at(&r, "counts.partial"), 1);
	assert_int_equal(cJSON_GetArraySize(at(empty.json, "attempts")), 0);
	kit_close(&k);
}

static void test_what_is_refused(void **state)
{
	(void)state;
	struct kit k;
	char item[8], single[8];
	open_essay(&k, item);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	memcpy(single, fe->form->items[index_of(fe, "single-1")].id, 8);
	_cleanup_reply_ struct reply end = submit(&k, id);
	assert_works(end);
	char long_name[100];
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = 0;
	const struct {
		const char *item;
		int64_t points_m;
		const char *by;
		enum err_code code;
	} cases[] = {
	    {"izzzz", 0, "ada", ERR_NOT_ON_FORM}, {"0", 0, "ada", ERR_NOT_ON_FORM},  {"99", 0, "ada", ERR_NOT_ON_FORM},
	    {single, 0, "ada", ERR_CONFLICT},     {item, -1, "ada", ERR_INVALID},    {item, 1001, "ada", ERR_INVALID},
	    {item, 0, "", ERR_INVALID},           {item, 0, long_name, ERR_INVALID}, {item, 0, "\xff", ERR_INVALID},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_reply_ struct reply r = mark(&k, cases[i].item, cases[i].points_m, cases[i].by);
		if (r.ok || r.err.code != cases[i].code)
			fail_msg("case %zu: %s", i, r.ok ? "accepted" : err_name(r.err.code));
	}
	kit_close(&k);
}

/* An essay that was not answered waits for nobody. */
static void test_an_empty_essay(void **state)
{
	(void)state;
	struct kit k;
	bool pending;
	kit_open(&k);
	begin_id(&k, "essay", "exam", id);
	_cleanup_reply_ struct reply end = submit(&k, id), r = result(&k, id, &pending);
	assert_works(end);
	assert_works(r);
	assert_false(pending);
	kit_close(&k);
}

static void test_marking_again(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	char item[8];
	bool pending;
	struct audit audit;
	struct err bad;
	open_essay(&k, item);
	_cleanup_reply_ struct reply end = submit(&k, id), one = mark(&k, item, 0, "ada");
	assert_works(end);
	assert_works(one);
	_cleanup_reply_ struct reply first = READ(&k, result_signed(pr, rd, &who, id, out, err)), before = result(&k, id, &pending);
	_cleanup_reply_ struct reply two = mark(&k, item, 1000, "grace");
	assert_works(two);
	_cleanup_reply_ struct reply second = READ(&k, result_signed(pr, rd, &who, id, out, err)), after = result(&k, id, &pending);
	assert_int_equal(number_at(&first, "payload.number"), 1);
	assert_int_equal(number_at(&second, "payload.number"), 2);
	assert_string_equal(text_at(&second, "payload.previous_sha256"), text_at(&first, "payload.full_sha256"));
	assert_string_equal(text_at(&second, "payload.form_sha256"), text_at(&first, "payload.form_sha256"));
	assert_true(number_at(&after, "score.value") > number_at(&before, "score.value"));
	must(audit_run(k.rd, finding, NULL, &audit, &bad), &bad);
	assert_int_equal(audit.results, 2);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_waiting_and_marking),
	    cmocka_unit_test(test_what_is_refused),
	    cmocka_unit_test(test_an_empty_essay),
	    cmocka_unit_test(test_marking_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
