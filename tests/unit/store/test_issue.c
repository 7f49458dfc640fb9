/* Reports, the queue, corrections and what they did. */
#include "kit.h"

#include "store/account.h"
#include "store/attempt.h"
#include "store/bank_version.h"
#include "store/correction.h"
#include "store/issue.h"

static int64_t account(struct kit *k, const char *name)
{
	struct account_row row = {.role = 1, .extra_time_m = 1000};
	int64_t id = 0;
	snprintf(row.name, sizeof row.name, "%s", name);
	MUST(store_account_add(k->wr, &row, &id, err));
	return id;
}

static int64_t attempt(struct kit *k, int64_t who, const char *id, const char *form)
{
	struct attempt_row row = {.account = who, .items = 3, .extra_m = 1000, .lease = 1, .begun_service_ms = 1, .started_ms = 1};
	int64_t key = 0;
	MUST(store_version_add(k->wr, "h", "bank", STR("x"), 1, &row.version, err));
	snprintf(row.id, sizeof row.id, "%s", id);
	snprintf(row.bank_id, sizeof row.bank_id, "bank");
	snprintf(row.exam, sizeof row.exam, "exam");
	MUST(store_attempt_add(k->wr, &row, "title", str_of(form), "hash", &key, err));
	return key;
}

struct seen {
	int n, reports, open_reports, wrong_keys;
	enum issue_state state;
	char answer[40];
	bool closed;
};

static bool take_issue(void *arg, const struct issue_row *row, struct err *err)
{
	(void)err;
	struct seen *s = arg;
	s->n++;
	s->reports = row->reports;
	s->open_reports = row->open_reports;
	s->wrong_keys = row->kinds[PROBLEM_WRONG_KEY];
	s->state = row->state;
	return true;
}

static bool take_problem(void *arg, const struct problem_row *row, struct err *err)
{
	(void)err;
	struct seen *s = arg;
	s->n++;
	s->state = row->state;
	s->closed = row->closed;
	snprintf(s->answer, sizeof s->answer, "%s", row->answer ? row->answer : "-");
	return true;
}

static void test_reports(void **state)
{
	(void)state;
	struct kit k;
	enum issue_state issue_state;
	int64_t issue, again;
	kit_open(&k);
	int64_t ada = account(&k, "ada"), ben = account(&k, "ben"), a = attempt(&k, ada, "a", "f"), b = attempt(&k, ben, "b", "f");
	MUST(store_issue_make(k.wr, "bank", "q", 10, &issue, &issue_state, err));
	MUST(store_issue_make(k.wr, "bank", "q", 11, &again, &issue_state, err));
	assert_int_equal(issue, again);
	struct seen s = {0};
	MUST(store_issue_each(k.wr, NULL, ISSUE_STATES, 10, take_issue, &s, err));
	assert_int_equal(s.n, 0); /* nobody has said anything */
	struct problem_row row = {.issue = issue, .account = ada, .attempt = a, .kind = PROBLEM_WRONG_KEY, .text = "why", .changed_ms = 12};
	MUST(store_problem_put(k.wr, &row, err));
	MUST_NOT(store_problem_put(k.wr, &row, err), ERR_STORE); /* one that is open */
	row = (struct problem_row){.issue = issue, .account = ben, .attempt = b, .kind = PROBLEM_UNCLEAR, .text = "", .changed_ms = 13};
	MUST(store_problem_put(k.wr, &row, err));
	MUST(store_issue_each(k.wr, "bank", ISSUE_OPEN, 10, take_issue, &s, err));
	assert_int_equal(s.n, 1);
	assert_int_equal(s.reports, 2);
	assert_int_equal(s.wrong_keys, 1);
	s = (struct seen){0};
	MUST(store_issue_each(k.wr, "bank", ISSUE_FIXED, 10, take_issue, &s, err));
	MUST(store_issue_each(k.wr, "other", ISSUE_STATES, 10, take_issue, &s, err));
	assert_int_equal(s.n, 0);
	MUST(store_issue_change(k.wr, issue, ISSUE_FIXED, "me", "Thanks.", 14, err));
	MUST(store_problem_close(k.wr, issue, ISSUE_FIXED, "Thanks.", err));
	MUST(store_issue_change(k.wr, issue, ISSUE_OPEN, NULL, NULL, 15, err));
	MUST(store_problem_of_account(k.wr, ada, a, take_problem, &s, err));
	assert_int_equal(s.n, 1);
	assert_true(s.closed);
	assert_int_equal(s.state, ISSUE_FIXED); /* as it was closed, whatever came of the issue */
	assert_string_equal(s.answer, "Thanks.");
	row.id = 0;
	MUST(store_problem_put(k.wr, &row, err)); /* then there may be another one */
	int64_t since, here;
	MUST(store_problem_counts(k.wr, ben, b, 12, &since, &here, err));
	assert_int_equal(since, 2);
	assert_int_equal(here, 2);
	MUST(store_problem_counts(k.wr, ben, a, 13, &since, &here, err));
	assert_int_equal(since, 0);
	assert_int_equal(here, 0);
	kit_close(&k);
}

struct corrections {
	int n;
	enum correction_how how;
	int64_t id, cursor, until, done;
	char list[100];
};

static bool take_correction(void *arg, const struct correction_row *row, struct err *err)
{
	(void)err;
	struct corrections *c = arg;
	c->n++;
	c->how = row->how;
	c->id = row->id;
	c->cursor = row->cursor;
	c->until = row->until;
	c->done = row->done_ms;
	return true;
}

static bool take_attempt(void *arg, int64_t key, const char *id, struct err *err)
{
	(void)err;
	(void)key;
	struct corrections *c = arg;
	strncat(c->list, id, sizeof c->list - strlen(c->list) - 1);
	return true;
}

static bool take_corrected(void *arg, const struct corrected_row *row, struct err *err)
{
	(void)err;
	((struct corrections *)arg)->n += row->outcome == CORRECTED_CHANGED;
	return true;
}

static void test_corrections(void **state)
{
	(void)state;
	struct kit k;
	int64_t first, second, waiting;
	kit_open(&k);
	int64_t ada = account(&k, "ada"), a = attempt(&k, ada, "a", "[{\"item\":\"q\"}]");
	attempt(&k, ada, "b", "[{\"item\":\"q-2\"},{\"item\":\"aq\"}]");
	attempt(&k, ada, "c", "[{\"item\":\"q-2\"},{\"item\":\"q\"}]");
	struct correction_row row = {
	    .bank_id = "bank", .item_id = "q", .how = CORRECTION_KEY, .version = 1, .item = STR("{}"), .reason = "r", .who = "w", .at_ms = 1};
	MUST(store_correction_add(k.wr, &row, &first, err));
	row.how = CORRECTION_DROP;
	row.item = (struct str){NULL, 0};
	MUST(store_correction_add(k.wr, &row, &second, err));
	struct corrections c = {0};
	MUST(store_correction_in_force(k.wr, "bank", take_correction, &c, err));
	assert_int_equal(c.n, 1);
	assert_int_equal(c.how, CORRECTION_DROP);
	assert_int_equal(c.until, a + 2);
	MUST(store_correction_of_item(k.wr, "bank", "q", take_correction, &c, err));
	assert_int_equal(c.n, 3);
	MUST(store_correction_waiting(k.wr, &waiting, err));
	assert_int_equal(waiting, second); /* the one before has ended with it */
	MUST(store_correction_moved(k.wr, second, 99, 5, err));
	MUST(store_correction_waiting(k.wr, &waiting, err));
	assert_int_equal(waiting, 0);
	MUST_NOT(store_correction_get(k.wr, 99, take_correction, &c, err), ERR_NOT_FOUND);
	MUST(store_correction_candidates(k.wr, "bank", "q", 0, 100, take_attempt, &c, err));
	assert_string_equal(c.list, "ac");
	*c.list = 0;
	MUST(store_correction_candidates(k.wr, "bank", "q", a, 1, take_attempt, &c, err));
	MUST(store_correction_candidates(k.wr, "other", "q", 0, 100, take_attempt, &c, err));
	assert_string_equal(c.list, "");
	struct corrected_row did = {.correction = first, .attempt = a, .outcome = CORRECTED_CHANGED, .result_n = 2};
	MUST(store_corrected_put(k.wr, &did, err));
	did.outcome = CORRECTED_SAME;
	MUST(store_corrected_put(k.wr, &did, err)); /* what changed once stays noted */
	c.n = 0;
	MUST(store_corrected_each(k.wr, first, take_corrected, &c, err));
	assert_int_equal(c.n, 1);
	MUST(store_correction_again(k.wr, first, err));
	MUST(store_correction_get(k.wr, first, take_correction, &c, err));
	assert_int_equal(c.cursor + c.done, 0);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reports),
	    cmocka_unit_test(test_corrections),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
