/* Each noun of the store: what goes in comes out. */
#include "kit.h"

#include "store/account.h"
#include "store/attempt.h"
#include "store/bank_version.h"
#include "store/event.h"
#include "store/internal.h"
#include "store/outcome.h"
#include "store/result.h"
#include "store/service_clock.h"

static void test_heartbeat_and_outages(void **state)
{
	(void)state;
	struct kit k;
	struct heartbeat beat = {1, 2, 3, "boot"}, got;
	bool found = true;
	kit_open(&k);
	MUST(store_heartbeat_get(k.rd, &got, &found, err));
	assert_false(found);
	for (int i = 0; i < 2; i++, beat.service_ms += 1000)
		MUST(store_heartbeat_put(k.wr, &beat, err));
	MUST(store_heartbeat_get(k.rd, &got, &found, err));
	assert_true(found && got.service_ms == 1001 && got.wall_ms == 2 && got.boot_ms == 3 && strcmp(got.boot_id, "boot") == 0);

	const struct outage outages[] = {{OUTAGE_STOP, 100, 1, 2, 1}, {OUTAGE_SUSPEND, 200, 5, 15, 10}, {OUTAGE_STOP, 300, 20, 120, 100}};
	for (size_t i = 0; i < ARRAY_SIZE(outages); i++)
		MUST(store_outage_add(k.wr, &outages[i], err));
	const struct {
		int64_t from, to, total;
		size_t n;
	} ranges[] = {{0, 99, 0, 0}, {0, 100, 1, 1}, {100, 200, 11, 2}, {101, 299, 10, 1}, {0, 1000, 111, 3}, {301, 1000, 0, 0}};
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++) {
		struct outage list[2];
		size_t n;
		int64_t total;
		MUST(store_outages(k.rd, ranges[i].from, ranges[i].to, list, 2, &n, &total, err));
		assert_int_equal(n, ranges[i].n);
		assert_int_equal(total, ranges[i].total);
		if (n > 0 && ranges[i].from == 100)
			assert_true(list[0].kind == OUTAGE_STOP && list[1].kind == OUTAGE_SUSPEND && list[1].to_ms == 15);
	}
	kit_close(&k);
}

static bool collect(void *arg, const struct account_row *row, struct err *err)
{
	(void)err;
	char *names = arg;
	strncat(names, row->name, 100);
	strncat(names, " ", 2);
	return true;
}

static void test_accounts(void **state)
{
	(void)state;
	struct kit k;
	struct account_row row = {.name = "ada", .role = 1, .password = "hash", .extra_time_m = 1250, .created_ms = 7}, got;
	int64_t id, epoch, next;
	bool any = true;
	kit_open(&k);
	MUST(store_account_any(k.rd, &any, err));
	assert_false(any); /* the local person does not count */
	MUST(store_account_get(k.rd, ACCOUNT_LOCAL, &got, err));
	assert_string_equal(got.name, "local");
	MUST(store_account_add(k.wr, &row, &id, err));
	MUST_NOT(store_account_add(k.wr, &row, &id, err), ERR_CONFLICT);
	MUST(store_account_any(k.rd, &any, err));
	assert_true(any);
	MUST(store_account_by_name(k.rd, "ada", &got, err));
	assert_true(got.id == id && got.role == 1 && got.extra_time_m == 1250 && got.created_ms == 7 && !got.disabled);
	assert_string_equal(got.password, "hash");
	got.disabled = true;
	got.password[0] = 0;
	MUST(store_account_update(k.wr, &got, err));
	MUST(store_account_get(k.rd, id, &got, err));
	assert_true(got.disabled && !*got.password);
	MUST_NOT(store_account_by_name(k.rd, "Ada", &got, err), ERR_NOT_FOUND);
	char names[300] = "";
	MUST(store_account_each(k.rd, collect, names, err));
	assert_string_equal(names, "ada local ");
	MUST(store_account_epoch(k.rd, &epoch, err));
	MUST(store_account_epoch_next(k.wr, err));
	MUST(store_account_epoch(k.rd, &next, err));
	assert_int_equal(next, epoch + 1);
	kit_close(&k);
}

static void test_sessions_and_tokens(void **state)
{
	(void)state;
	struct kit k;
	struct session_row row = {.account = ACCOUNT_LOCAL, .csrf = "token", .created_ms = 100, .seen_ms = 100}, got;
	unsigned char one[HASH_SIZE] = "one", two[HASH_SIZE] = "two", three[HASH_SIZE] = "three";
	int64_t id, account;
	kit_open(&k);
	MUST(store_session_add(k.wr, &row, one, &id, err));
	MUST(store_session_get(k.rd, one, &got, err));
	assert_true(got.id == id && got.account == ACCOUNT_LOCAL && got.seen_ms == 100 && strcmp(got.csrf, "token") == 0);
	MUST_NOT(store_session_get(k.rd, two, &got, err), ERR_NOT_FOUND);
	MUST(store_session_seen(k.wr, id, 500, err));
	MUST(store_session_seen(k.wr, id, 300, err)); /* never back */
	MUST(store_session_get(k.rd, one, &got, err));
	assert_int_equal(got.seen_ms, 500);
	row.created_ms = row.seen_ms = 50;
	MUST(store_session_add(k.wr, &row, two, &id, err));
	MUST(store_session_delete_old(k.wr, 60, 60, err));
	MUST_NOT(store_session_get(k.rd, two, &got, err), ERR_NOT_FOUND);
	MUST(store_session_get(k.rd, one, &got, err));
	MUST(store_session_delete_all(k.wr, ACCOUNT_LOCAL, err));
	MUST_NOT(store_session_get(k.rd, one, &got, err), ERR_NOT_FOUND);
	MUST(store_token_add(k.wr, ACCOUNT_LOCAL, three, 1, err));
	MUST(store_token_get(k.rd, three, &account, err));
	assert_int_equal(account, ACCOUNT_LOCAL);
	MUST(store_token_delete_all(k.wr, ACCOUNT_LOCAL, err));
	MUST_NOT(store_token_get(k.rd, three, &account, err), ERR_NOT_FOUND);
	kit_close(&k);
}

static void test_versions_and_media(void **state)
{
	(void)state;
	struct kit k;
	int64_t id, again, none;
	char hash[HASH_HEX_SIZE], mime[32];
	_cleanup_buf_ struct buf bytes = BUF(1000), small = BUF(3), picture = BUF(1000);
	kit_open(&k);
	MUST(store_version_add(k.wr, "abc", "bank", STR("compiled"), 1, &id, err));
	MUST(store_version_add(k.wr, "abc", "bank", STR("other"), 2, &again, err));
	assert_int_equal(id, again); /* immutable */
	MUST(store_version_find(k.rd, "xyz", &none, err));
	assert_int_equal(none, 0);
	MUST(store_version_get(k.rd, id, hash, &bytes, err));
	assert_string_equal(hash, "abc");
	assert_string_equal(bytes.p, "compiled");
	MUST_NOT(store_version_get(k.rd, id, hash, &small, err), ERR_TOO_LARGE);
	MUST_NOT(store_version_get(k.rd, 77, hash, &bytes, err), ERR_STORE);
	MUST(store_media_add(k.wr, "h", "image/png", (struct str){"\0\1\2", 3}, err));
	MUST(store_media_add(k.wr, "h", "image/gif", STR("other"), err));
	MUST(store_media_get(k.rd, "h", mime, sizeof mime, &picture, err));
	assert_string_equal(mime, "image/png");
	assert_int_equal(picture.len, 3);
	MUST_NOT(store_media_get(k.rd, "i", mime, sizeof mime, &picture, err), ERR_NOT_FOUND);
	kit_close(&k);
}

/* ---- Attempts ---- */

static bool first_item(void *arg, const struct attempt_item *item, struct err *err)
{
	(void)err;
	struct attempt_item *out = arg;
	if (!out->id)
		*out = *item;
	out->items += 100; /* counts the calls */
	return true;
}

static void test_attempts(void **state)
{
	(void)state;
	struct kit k;
	struct attempt_row got;
	char hash[HASH_HEX_SIZE], id[RNG_ID_SIZE], ids[4][RNG_ID_SIZE];
	size_t n;
	int64_t next;
	_cleanup_buf_ struct buf form = BUF(100), expectation = BUF(100);
	kit_open(&k);
	struct attempt_row row = kit_attempt(&k, "aaaa");
	MUST(store_attempt_get(k.rd, "aaaa", &got, err));
	assert_memory_equal(&got, &row, sizeof row);
	MUST_NOT(store_attempt_get(k.rd, "bbbb", &got, err), ERR_NOT_FOUND);
	MUST(store_attempt_form(k.rd, row.key, &form, hash, err));
	assert_string_equal(form.p, "form");
	assert_string_equal(hash, "hash");

	MUST(store_attempt_running(k.rd, ACCOUNT_LOCAL, "bank", "exam", false, id, err));
	assert_string_equal(id, "aaaa");
	MUST(store_attempt_running(k.rd, ACCOUNT_LOCAL, "bank", "exam", true, id, err));
	assert_string_equal(id, "");
	MUST(store_attempt_running_exams(k.rd, ACCOUNT_LOCAL, "bank", ids, 4, &n, err));
	assert_int_equal(n, 1);

	MUST(store_attempt_next(k.rd, &next, err));
	assert_int_equal(next, 1500);
	MUST(store_attempt_due(k.rd, 1499, ids, 4, &n, err));
	assert_int_equal(n, 0);
	MUST(store_attempt_due(k.rd, 1500, ids, 4, &n, err));
	assert_int_equal(n, 1);

	row.progress = (struct progress){ATTEMPT_RUNNING, 2, 0, 0, 1, 0, 0, 0};
	MUST(store_attempt_progress(k.wr, row.key, &row.progress, ATTEMPT_NEVER, err));
	MUST(store_attempt_lease(k.wr, row.key, 5, err));
	row.lease = 5;
	row.next_ms = 0;
	MUST(store_attempt_get(k.rd, "aaaa", &got, err));
	assert_memory_equal(&got, &row, sizeof row);
	MUST(store_attempt_next(k.rd, &next, err));
	assert_true(next == INT64_MAX);

	MUST(store_attempt_expectation_get(k.rd, row.key, &expectation, err));
	assert_int_equal(expectation.len, 0);
	MUST(store_attempt_expectation(k.wr, row.key, "{}", err));
	MUST(store_attempt_expectation_get(k.rd, row.key, &expectation, err));
	assert_string_equal(expectation.p, "{}");
	kit_close(&k);
}

static void test_ended_attempts(void **state)
{
	(void)state;
	struct kit k;
	struct attempt_row got;
	char id[RNG_ID_SIZE], ids[4][RNG_ID_SIZE];
	size_t n;
	struct attempt_counts counts;
	kit_open(&k);
	struct attempt_row row = kit_attempt(&k, "aaaa"), other = kit_attempt(&k, "bbbb");
	(void)other;
	row.progress.state = ATTEMPT_ENDED;
	row.phase = PHASE_REVIEWING;
	row.ended_by = ENDED_BY_TIME;
	row.ended_ms = 99;
	row.ended_service_ms = 98;
	row.answered = 3;
	row.next_ms = 0;
	MUST(store_attempt_end(k.wr, &row, err));
	MUST(store_attempt_get(k.rd, "aaaa", &got, err));
	assert_memory_equal(&got, &row, sizeof row);
	MUST(store_attempt_reviewing(k.rd, ids, 4, &n, err));
	assert_int_equal(n, 1);
	const struct attempt_brief brief = {1, 812, 500, "{\"verdict\":\"pass\"}"};
	MUST(store_attempt_brief(k.wr, row.key, &brief, err));
	MUST(store_attempt_running(k.rd, ACCOUNT_LOCAL, "bank", "exam", false, id, err));
	assert_string_equal(id, "bbbb");
	struct attempt_item item = {0};
	MUST(store_attempt_each(k.rd, ACCOUNT_LOCAL, 10, first_item, &item, err));
	assert_int_equal(item.items, 204); /* two, the newest first */
	assert_int_equal(item.phase, PHASE_RUNNING);
	assert_int_equal(item.passed, -1);
	MUST(store_attempt_counts(k.rd, &counts, err));
	assert_true(counts.running == 1 && counts.reviewing == 0 && counts.final == 1);
	kit_close(&k);
}

struct sums {
	int n, done;
	char running[RNG_ID_SIZE], best[100];
};
static bool take_sum(void *arg, const struct attempt_sum *sum, struct err *err)
{
	(void)err;
	struct sums *s = arg;
	s->n++;
	s->done = sum->done;
	snprintf(s->running, sizeof s->running, "%s", sum->running ? sum->running : "");
	snprintf(s->best, sizeof s->best, "%s", sum->best ? sum->best : "");
	return true;
}

static void test_sums(void **state)
{
	(void)state;
	struct kit k;
	const int shares[] = {300, 900, 600};
	kit_open(&k);
	for (int i = 0; i < 3; i++) {
		char id[8] = {(char)('a' + i), 'x', 0}, json[40];
		struct attempt_row row = kit_attempt(&k, id);
		row.phase = PHASE_REVIEWING;
		MUST(store_attempt_end(k.wr, &row, err));
		snprintf(json, sizeof json, "{\"share\":%d}", shares[i]);
		const struct attempt_brief brief = {0, shares[i], shares[i] == 900 ? 5000 : 10, json};
		MUST(store_attempt_brief(k.wr, row.key, &brief, err));
	}
	kit_attempt(&k, "running");
	struct sums s = {0};
	MUST(store_attempt_sums(k.rd, ACCOUNT_LOCAL, 100, take_sum, &s, err));
	assert_true(s.n == 1 && s.done == 3);
	assert_string_equal(s.running, "running");
	assert_string_equal(s.best, "{\"share\":600}"); /* the better one is not released */
	MUST(store_attempt_sums(k.rd, ACCOUNT_LOCAL, 5000, take_sum, &s, err));
	assert_string_equal(s.best, "{\"share\":900}");
	MUST(store_attempt_sums(k.rd, 2, 5000, take_sum, &s, err));
	assert_int_equal(s.n, 2); /* no more than before */
	kit_close(&k);
}

/* ---- Events ---- */

struct seen {
	int64_t seq[4], spent[4];
	char body[4][20];
	int calls;
};
static bool take_event(void *arg, const struct event *e, struct err *err)
{
	(void)err;
	struct seen *s = arg;
	s->seq[e->item] = e->seq;
	s->spent[e->item] = e->spent_ms;
	snprintf(s->body[e->item], sizeof s->body[0], "%.*s", e->body.p ? (int)e->body.len : 1, e->body.p ? e->body.p : "-");
	s->calls++;
	return true;
}

static void test_events(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	struct attempt_row row = kit_attempt(&k, "aaaa");
	const struct {
		int item;
		int64_t seq, late;
		const char *body;
	} answers[] = {{0, 1, 0, "a"}, {1, 1, 0, "b"}, {0, 2, 0, "c"}, {2, 9, 40, "d"}, {1, 4, 0, NULL}, {0, 3, 7, "e"}};
	struct event e = {.attempt = row.key, .n = 1, .kind = EVENT_BEGIN};
	MUST(store_event_add(k.wr, &e, err));
	for (size_t i = 0; i < ARRAY_SIZE(answers); i++) {
		e = (struct event){.attempt = row.key,
		                   .n = (int64_t)i + 2,
		                   .kind = EVENT_ANSWER,
		                   .at_ms = 100 + (int64_t)i,
		                   .item = answers[i].item,
		                   .seq = answers[i].seq,
		                   .late_ms = answers[i].late,
		                   .confidence = EVENT_NONE,
		                   .spent_ms = 5};
		if (answers[i].body)
			e.body = str_of(answers[i].body);
		MUST(store_event_add(k.wr, &e, err));
	}
	MUST_NOT(store_event_add(k.wr, &e, err), ERR_STORE); /* a number is used once */

	int64_t n, bytes, at, late;
	int answered;
	MUST(store_event_totals(k.rd, row.key, &n, &bytes, err));
	assert_true(n == 7 && bytes == 5);
	struct seen s = {0};
	MUST(store_event_latest(k.rd, row.key, 4, take_event, &s, err));
	assert_int_equal(s.calls, 3);
	assert_true(s.seq[0] == 3 && s.seq[1] == 4 && s.seq[2] == 9 && s.seq[3] == 0);
	assert_string_equal(s.body[0], "e");
	assert_string_equal(s.body[1], "-");
	MUST(store_event_answered(k.rd, row.key, 4, &answered, err));
	assert_int_equal(answered, 2);
	s.calls = 0;
	MUST(store_event_late(k.rd, row.key, take_event, &s, err));
	assert_int_equal(s.calls, 2);

	_cleanup_buf_ struct buf body = BUF(100);
	MUST(store_event_find(k.rd, row.key, 0, 2, 100, &at, &late, &body, err));
	assert_int_equal(at, 102);
	assert_string_equal(body.p, "c");
	MUST(store_event_find(k.rd, row.key, 0, 3, 100, &at, &late, NULL, err));
	assert_true(at == 105 && late == 7);
	MUST(store_event_find(k.rd, row.key, 0, 5, 100, &at, &late, NULL, err));
	assert_int_equal(at, 0); /* never saved */
	MUST(store_event_find(k.rd, row.key, 0, 1, 3, &at, &late, NULL, err));
	assert_int_equal(at, 0); /* too long ago */
	kit_close(&k);
}

static bool take_note(void *arg, int item, struct str body, struct err *err)
{
	(void)err;
	snprintf(arg, 20, "%d:%.*s", item, STR_ARG(body));
	return true;
}

static void test_notes(void **state)
{
	(void)state;
	struct kit k;
	char text[40] = "";
	kit_open(&k);
	struct attempt_row row = kit_attempt(&k, "aaaa");
	MUST(store_note_put(k.wr, row.key, 2, STR("one"), 1, err));
	MUST(store_note_put(k.wr, row.key, 2, STR("two"), 2, err));
	MUST(store_note_each(k.rd, row.key, take_note, text, err));
	assert_string_equal(text, "2:two");
	kit_close(&k);
}

/* ---- Results ---- */

static bool take_result(void *arg, const struct result_check *c, struct err *err)
{
	(void)err;
	char *text = arg;
	size_t n = strlen(text);
	snprintf(text + n, 100 - n, "%s.%d:%s<%s ", c->attempt_id, c->row.n, c->row.hash, c->row.previous);
	return true;
}

static void test_results(void **state)
{
	(void)state;
	struct kit k;
	struct result_row got;
	char text[100] = "";
	_cleanup_buf_ struct buf body = BUF(100), public_body = BUF(100);
	kit_open(&k);
	struct attempt_row row = kit_attempt(&k, "aaaa");
	MUST_NOT(store_result_get(k.rd, row.key, &got, NULL, NULL, err), ERR_NOT_FOUND);
	struct result_row r = {.attempt = row.key,
	                       .n = 1,
	                       .body = STR("body"),
	                       .public_body = STR("public"),
	                       .signature = "s",
	                       .public_signature = "p",
	                       .public_key = "k",
	                       .hash = "h1",
	                       .previous = "form",
	                       .created_ms = 5};
	MUST(store_result_add(k.wr, &r, err));
	MUST_NOT(store_result_add(k.wr, &r, err), ERR_STORE);
	r.n = 2;
	r.body = STR("newer");
	snprintf(r.hash, sizeof r.hash, "h2");
	snprintf(r.previous, sizeof r.previous, "h1");
	MUST(store_result_add(k.wr, &r, err));
	MUST(store_result_get(k.rd, row.key, &got, &body, &public_body, err));
	assert_true(got.n == 2 && str_is(got.body, "newer") && str_is(got.public_body, "public"));
	assert_memory_equal(got.signature, r.signature, sizeof r.signature);
	assert_memory_equal(got.public_key, r.public_key, sizeof r.public_key);
	MUST(store_result_each(k.rd, take_result, text, err));
	assert_string_equal(text, "aaaa.1:h1<form aaaa.2:h2<h1 ");
	kit_close(&k);
}

static bool take_outcome(void *arg, const struct outcome_row *row, struct err *err)
{
	(void)err;
	char *text = arg;
	size_t n = strlen(text);
	snprintf(text + n, 100 - n, "%s/%s@%lld=%d,%d ", row->bank_id, row->item_id, (long long)row->at_ms, row->outcome, row->confidence);
	return true;
}

static void test_outcomes(void **state)
{
	(void)state;
	struct kit k;
	char text[100] = "", one[100] = "";
	kit_open(&k);
	struct attempt_row first = kit_attempt(&k, "aaaa"), second = kit_attempt(&k, "bbbb");
	struct outcome_row row = {.account = ACCOUNT_LOCAL,
	                          .attempt = second.key,
	                          .bank_id = "bank",
	                          .item_id = "q1",
	                          .domain = "d",
	                          .at_ms = 20,
	                          .outcome = MARK_RIGHT,
	                          .share_m = 1000,
	                          .confidence = 75};
	MUST(store_outcome_put(k.wr, &row, err));
	row.attempt = first.key;
	row.at_ms = 10;
	row.outcome = MARK_WRONG;
	row.confidence = EVENT_NONE;
	MUST(store_outcome_put(k.wr, &row, err));
	row.outcome = MARK_PARTIAL; /* marked again */
	MUST(store_outcome_put(k.wr, &row, err));
	row.bank_id = "other";
	MUST(store_outcome_put(k.wr, &row, err));
	MUST(store_outcome_each(k.rd, ACCOUNT_LOCAL, NULL, take_outcome, text, err));
	assert_string_equal(text, "bank/q1@10=1,-1 bank/q1@20=0,75 other/q1@10=1,-1 ");
	MUST(store_outcome_each(k.rd, ACCOUNT_LOCAL, "other", take_outcome, one, err));
	assert_string_equal(one, "other/q1@10=1,-1 ");
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_heartbeat_and_outages),
	    cmocka_unit_test(test_accounts),
	    cmocka_unit_test(test_sessions_and_tokens),
	    cmocka_unit_test(test_versions_and_media),
	    cmocka_unit_test(test_attempts),
	    cmocka_unit_test(test_ended_attempts),
	    cmocka_unit_test(test_sums),
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_notes),
	    cmocka_unit_test(test_results),
	    cmocka_unit_test(test_outcomes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
