/* The queue of gradings: turns, leases, fences, tries; and boxes with their ceilings. */
#include "kit.h"

#include "store/account.h"
#include "store/attempt.h"
#include "store/bank_version.h"
#include "store/grading.h"

static int64_t account(struct kit *k, const char *name)
{
	struct account_row row = {.role = 1, .extra_time_m = 1000};
	int64_t id = 0;
	snprintf(row.name, sizeof row.name, "%s", name);
	MUST(store_account_add(k->wr, &row, &id, err));
	return id;
}

static int64_t attempt(struct kit *k, int64_t who, const char *id)
{
	struct attempt_row row = {.account = who, .items = 3, .extra_m = 1000, .lease = 1, .begun_service_ms = 1, .started_ms = 1};
	int64_t key = 0;
	MUST(store_version_add(k->wr, "h", "bank", STR("x"), 1, &row.version, err));
	snprintf(row.id, sizeof row.id, "%s", id);
	snprintf(row.bank_id, sizeof row.bank_id, "bank");
	snprintf(row.exam, sizeof row.exam, "exam");
	MUST(store_attempt_add(k->wr, &row, "title", STR("form"), "hash", &key, err));
	return key;
}

static bool claim(struct kit *k, int64_t now, struct grading_claim *ret)
{
	_cleanup_buf_ struct buf seen = BUF(1000);
	bool found = false;
	MUST(store_grading_claim(k->wr, now, 1000, ret, &seen, &found, err));
	return found;
}

static void finish(struct kit *k, const struct grading_claim *c, enum grading_state state, int tries, int64_t not_before)
{
	struct grading_outcome o = {
	    .state = state, .tries = tries, .not_before_ms = not_before, .finished_ms = state >= GRADING_DONE ? 5 : 0, .result = "{}"};
	MUST(store_grading_finish(k->wr, c, &o, err));
}

static void test_accounts_take_turns(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	int64_t ada = account(&k, "ada"), bob = account(&k, "bob");
	int64_t hers = attempt(&k, ada, "a"), his = attempt(&k, bob, "b");
	for (int i = 0; i < 3; i++)
		MUST(store_grading_add(k.wr, hers, i, ada, 1, err));
	for (int i = 0; i < 2; i++)
		MUST(store_grading_add(k.wr, his, i, bob, 2, err));
	static const char *const order[] = {"a0", "b0", "a1", "b1", "a2"};
	struct grading_claim c;
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		char got[40];
		assert_true(claim(&k, 10, &c));
		snprintf(got, sizeof got, "%s%d", c.attempt_id, c.item);
		assert_string_equal(got, order[i]);
	}
	assert_false(claim(&k, 10, &c));
	kit_close(&k);
}

static void test_a_lost_claim_changes_nothing(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	int64_t ada = account(&k, "ada"), hers = attempt(&k, ada, "a");
	struct grading_claim first, second;
	MUST(store_grading_add(k.wr, hers, 0, ada, 1, err));
	assert_true(claim(&k, 10, &first));
	assert_false(claim(&k, 1009, &second));
	MUST(store_grading_renew(k.wr, &first, 500, 1000, err));
	assert_false(claim(&k, 1400, &second));
	MUST(store_grading_snapshot(k.wr, &first, "snap", err));
	assert_true(claim(&k, 1500, &second)); /* the lease has run out */
	assert_string_equal(second.snapshot, "snap");
	assert_int_equal(second.fence, first.fence + 1);
	struct grading_outcome o = {.state = GRADING_DONE, .finished_ms = 1};
	MUST_NOT(store_grading_finish(k.wr, &first, &o, err), ERR_CONFLICT);
	MUST_NOT(store_grading_renew(k.wr, &first, 1600, 1000, err), ERR_CONFLICT);
	MUST_NOT(store_grading_snapshot(k.wr, &first, "other", err), ERR_CONFLICT);
	finish(&k, &second, GRADING_DONE, 0, 0);
	MUST_NOT(store_grading_finish(k.wr, &second, &o, err), ERR_CONFLICT); /* not twice */
	assert_false(claim(&k, 1000000, &first));
	kit_close(&k);
}

static void test_tries_wait_and_end_with_a_person(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	int64_t ada = account(&k, "ada"), hers = attempt(&k, ada, "a"), next;
	struct grading_claim c;
	MUST(store_grading_add(k.wr, hers, 0, ada, 1, err));
	assert_true(claim(&k, 10, &c));
	finish(&k, &c, GRADING_QUEUED, 1, 500);
	MUST(store_grading_next(k.wr, &next, err));
	assert_int_equal(next, 500);
	assert_false(claim(&k, 499, &c));
	assert_true(claim(&k, 500, &c));
	assert_int_equal(c.tries, 1);
	MUST(store_grading_release(k.wr, err)); /* a start of the server */
	assert_true(claim(&k, 500, &c));
	MUST_NOT(store_grading_again(k.wr, hers, 0, err), ERR_CONFLICT);
	finish(&k, &c, GRADING_REVIEW, 4, 0);
	assert_false(claim(&k, 1000000, &c));
	MUST(store_grading_again(k.wr, hers, 0, err));
	assert_true(claim(&k, 1000000, &c));
	assert_int_equal(c.tries, 0);
	kit_close(&k);
}

static void test_one_that_never_comes_back_goes_to_a_person(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	int64_t ada = account(&k, "ada"), hers = attempt(&k, ada, "a"), next;
	struct grading_claim c;
	int claims = 0;
	MUST(store_grading_add(k.wr, hers, 0, ada, 1, err));
	while (claims < 1000 && claim(&k, 10, &c)) {
		claims++;
		MUST(store_grading_release(k.wr, err));
	}
	assert_int_equal(claims, 20);
	MUST(store_grading_next(k.wr, &next, err));
	assert_true(next == INT64_MAX);
	kit_close(&k);
}

static void test_boxes(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	int64_t ada = account(&k, "ada"), hers = attempt(&k, ada, "a");
	struct box_row row = {.attempt = hers, .item = 1, .name = "a-1-0", .state = BOX_OPENING, .opened_ms = 7}, got;
	struct box_counts n;
	bool found;
	_cleanup_buf_ struct buf check = BUF(100);
	MUST(store_box_get(k.rd, hers, 1, &got, &found, NULL, err));
	assert_false(found);
	MUST(store_box_put(k.wr, &row, err));
	row.hints = 2;
	row.gave_up = true;
	row.state = BOX_OPEN;
	MUST(store_box_put(k.wr, &row, err));
	MUST(store_box_check(k.wr, hers, 1, "{}", err));
	MUST(store_box_get(k.rd, hers, 1, &got, &found, &check, err));
	assert_true(found && got.gave_up && got.hints == 2 && got.state == BOX_OPEN);
	assert_string_equal(check.p, "{}");
	MUST(store_box_counts(k.rd, ada, &n, err));
	assert_true(n.all == 1 && n.account == 1);
	MUST(store_box_counts(k.rd, 999, &n, err));
	assert_true(n.all == 1 && n.account == 0);
	MUST(store_box_closed(k.wr, "a-1-0", err));
	MUST(store_box_counts(k.rd, ada, &n, err));
	assert_int_equal(n.all, 0);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_accounts_take_turns),
	    cmocka_unit_test(test_a_lost_claim_changes_nothing),
	    cmocka_unit_test(test_tries_wait_and_end_with_a_person),
	    cmocka_unit_test(test_one_that_never_comes_back_goes_to_a_person),
	    cmocka_unit_test(test_boxes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
