/* Certificates in the store: what goes in comes out, who points to whom, what a withdrawal leaves, and the queue. */
#include "kit.h"

#include "store/account.h"
#include "store/attempt.h"
#include "store/bank_version.h"
#include "store/certificate.h"

static int64_t attempt(struct kit *k, const char *id)
{
	struct attempt_row row = {.account = ACCOUNT_LOCAL, .items = 3, .extra_m = 1000, .lease = 1, .begun_service_ms = 1, .started_ms = 1};
	int64_t key = 0;
	MUST(store_version_add(k->wr, "h", "bank", STR("x"), 1, &row.version, err));
	snprintf(row.id, sizeof row.id, "%s", id);
	snprintf(row.bank_id, sizeof row.bank_id, "bank");
	snprintf(row.exam, sizeof row.exam, "exam");
	MUST(store_attempt_add(k->wr, &row, "title", STR("form"), "hash", &key, err));
	return key;
}

static struct certificate_row example(int64_t attempt_key, const char *id)
{
	struct certificate_row row = {
	    .account = ACCOUNT_LOCAL,
	    .attempt = attempt_key,
	    .bank_id = "bank",
	    .exam = "exam",
	    .title = "An exam",
	    .result_n = 2,
	    .claims = "c1",
	    .sha256 = "abcd",
	    .name = "Ada",
	    .status_list = 1,
	    .status_index = 77,
	    .result_log = 5,
	    .log_index = 6,
	    .issued_ms = 10,
	    .awarded_ms = 9,
	    .valid_until_ms = 99,
	    .renew_exam = "renewal",
	    .renew_opens_ms = 50,
	    .renew_expiry = true,
	    .valid_span_months = 24,
	    .shared = true,
	};
	snprintf(row.id, sizeof row.id, "%s", id);
	return row;
}

static int64_t add(struct kit *k, const struct certificate_row *row)
{
	int64_t key = 0;
	MUST(store_certificate_add(k->wr, row, STR("{\"signed\":true}"), &key, err));
	return key;
}

static struct certificate_row get(struct kit *k, const char *id)
{
	struct certificate_row row;
	MUST(store_certificate_get(k->rd, id, &row, NULL, err));
	return row;
}

static void test_all_columns(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	int64_t a = attempt(&k, "attempt-one");
	struct certificate_row in = example(a, "one"), out;
	_cleanup_buf_ struct buf body = BUF(CERTIFICATE_BYTES_MAX);
	in.key = add(&k, &in);
	MUST(store_certificate_get(k.rd, "one", &out, &body, err));
	assert_string_equal(body.p, "{\"signed\":true}");
	assert_string_equal(out.attempt_id, "attempt-one");
	snprintf(in.attempt_id, sizeof in.attempt_id, "attempt-one");
	assert_memory_equal(&in.key, &out.key, 3 * sizeof in.key);
	assert_true(out.result_n == 2 && out.status_list == 1 && out.status_index == 77 && out.result_log == 5 && out.log_index == 6);
	assert_true(out.issued_ms == 10 && out.awarded_ms == 9 && out.valid_until_ms == 99 && out.renew_opens_ms == 50 && out.renew_expiry);
	assert_true(out.valid_span_months == 24 && out.valid_span_ms == 0 && out.shared && !out.replay_shared && !out.hidden);
	assert_string_equal(out.title, "An exam");
	assert_string_equal(out.name, "Ada");
	assert_string_equal(out.claims, "c1");
	assert_string_equal(out.renew_exam, "renewal");
	MUST_NOT(store_certificate_get(k.rd, "two", &out, NULL, err), ERR_NOT_FOUND);
	struct certificate_row bare = example(a, "bare");
	bare.valid_until_ms = bare.renew_opens_ms = 0;
	*bare.name = *bare.renew_exam = 0;
	add(&k, &bare);
	out = get(&k, "bare");
	assert_true(!out.valid_until_ms && !out.renew_opens_ms && !*out.name && !*out.renew_exam && !*out.reason);
	struct certificate_access access;
	bool found;
	MUST(store_certificate_access(k.rd, "one", &access, &found, err));
	assert_true(found && access.account == ACCOUNT_LOCAL && access.shared && !access.replay_shared);
	MUST(store_certificate_access(k.rd, "none", &access, &found, err));
	assert_false(found);
	kit_close(&k);
}

/* What renewed the superseded one renews the new one. */
static void test_who_points_to_whom(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	int64_t a = attempt(&k, "a"), b = attempt(&k, "b");
	struct certificate_row first = example(a, "first"), renewal = example(b, "renewal"), named = example(a, "named");
	first.key = add(&k, &first);
	renewal.renews = first.key;
	renewal.key = add(&k, &renewal);
	assert_string_equal(get(&k, "first").renewed_by, "renewal");
	named.supersedes = first.key;
	named.key = add(&k, &named);
	MUST(store_certificate_state(k.wr, first.key, CERTIFICATE_SUPERSEDED, NULL, err));
	assert_string_equal(get(&k, "first").superseded_by, "named");
	assert_string_equal(get(&k, "first").renewed_by, "");
	assert_string_equal(get(&k, "named").supersedes_id, "first");
	assert_string_equal(get(&k, "named").renewed_by, "renewal");
	assert_true(get(&k, "renewal").renews == named.key);
	MUST(store_certificate_state(k.wr, renewal.key, CERTIFICATE_REVOKED, "why", err));
	assert_string_equal(get(&k, "named").renewed_by, ""); /* it may be renewed again */
	assert_string_equal(get(&k, "renewal").reason, "why");
	kit_close(&k);
}

struct seen {
	char ids[200];
};
static bool note(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	(void)err;
	struct seen *s = arg;
	size_t n = strlen(s->ids);
	snprintf(s->ids + n, sizeof s->ids - n, "%s%s ", row->id, body.len ? "" : "-");
	return true;
}

static void test_withdrawal_and_lists(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	int64_t a = attempt(&k, "a");
	struct certificate_row one = example(a, "one"), two = example(a, "two");
	one.key = add(&k, &one);
	two.key = add(&k, &two);
	MUST(store_certificate_flags(k.wr, one.key, true, true, false, err));
	MUST(store_certificate_withdraw(k.wr, one.key, err));
	struct certificate_row gone = get(&k, "one");
	assert_true(gone.state == CERTIFICATE_WITHDRAWN && !*gone.name && !gone.shared && !gone.replay_shared);
	assert_true(gone.status_index == 77 && gone.log_index == 6);
	assert_string_equal(gone.sha256, "abcd");
	struct seen all = {""}, mine = {""}, of = {""}, elsewhere = {""};
	MUST(store_certificate_all(k.rd, note, &all, err));
	MUST(store_certificate_each(k.rd, ACCOUNT_LOCAL, NULL, note, &mine, err));
	MUST(store_certificate_each(k.rd, ACCOUNT_LOCAL, "other", note, &elsewhere, err));
	MUST(store_certificate_of_attempt(k.rd, a, note, &of, err));
	assert_string_equal(all.ids, "one- two ");
	assert_string_equal(mine.ids, "two ");
	assert_string_equal(elsewhere.ids, "");
	assert_string_equal(of.ids, "one- two ");
	kit_close(&k);
}

static void test_queue(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	int64_t a = attempt(&k, "a"), b = attempt(&k, "b");
	struct certificate_due due;
	struct certificate_waiting waiting;
	bool found;
	MUST(store_certificate_due_put(k.wr, a, 100, err));
	MUST(store_certificate_due_put(k.wr, b, 50, err));
	MUST(store_certificate_due_next(k.rd, 49, &due, &found, err));
	assert_false(found);
	MUST(store_certificate_waiting(k.rd, 49, &waiting, err));
	assert_int_equal(waiting.n, 0); /* nothing that could be done yet */
	MUST(store_certificate_due_next(k.rd, 200, &due, &found, err));
	assert_true(found && due.attempt == b && due.tries == 0);
	assert_string_equal(due.attempt_id, "b");
	MUST(store_certificate_due_later(k.wr, b, 300, "no keys", err));
	MUST(store_certificate_due_next(k.rd, 200, &due, &found, err));
	assert_true(found && due.attempt == a);
	MUST(store_certificate_due_done(k.wr, a, err));
	MUST(store_certificate_due_next(k.rd, 200, &due, &found, err));
	assert_false(found);
	MUST(store_certificate_waiting(k.rd, 200, &waiting, err));
	assert_int_equal(waiting.n, 1);
	assert_string_equal(waiting.why, "no keys");
	MUST(store_certificate_due_next(k.rd, 300, &due, &found, err));
	assert_true(found && due.tries == 1);
	MUST(store_certificate_due_put(k.wr, b, 10, err)); /* a newer result: from the start */
	MUST(store_certificate_due_next(k.rd, 10, &due, &found, err));
	assert_true(found && due.attempt == b && due.tries == 0);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_columns),
	    cmocka_unit_test(test_who_points_to_whom),
	    cmocka_unit_test(test_withdrawal_and_lists),
	    cmocka_unit_test(test_queue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
