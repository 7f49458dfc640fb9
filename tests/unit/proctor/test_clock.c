/* Time: deadlines count only what the server ran. Outages, sleep and jumps of the wall clock change nothing; what ends by itself does. */
#include "kit.h"

static char id[RNG_ID_SIZE], item[8];

static int64_t left(struct kit *k)
{
	_cleanup_reply_ struct reply r = show(k, id);
	assert_works(r);
	return (int64_t)number_at(&r, "clock.left_ms");
}

static double outages(struct kit *k)
{
	_cleanup_reply_ struct reply r = show(k, id);
	return number_at(&r, "clock.outages_ms");
}

static const char *state_of(struct kit *k)
{
	static char state[20];
	_cleanup_reply_ struct reply r = show(k, id);
	snprintf(state, sizeof state, "%s", text_at(&r, "state"));
	return state;
}

/* "late" lasts 30 minutes. */
#define LIMIT (30 * MS_MINUTE)

static void test_time_runs(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	begin_id(&k, "late", "exam", id);
	assert_int_equal(left(&k), LIMIT);
	pass(10 * MS_MINUTE);
	assert_int_equal(left(&k), 20 * MS_MINUTE);
	_cleanup_reply_ struct reply r = show(&k, id);
	char expected[CLOCK_RFC3339_SIZE];
	assert_string_equal(text_at(&r, "clock.ends_at"), clock_rfc3339(kit_wall + 20 * MS_MINUTE, expected));
	kit_close(&k);
}

/* What happens to the machine, and what is left of 30 minutes after ten of them. */
static void test_what_does_not_count(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		int64_t wall, mono, boot; /* beside the ten minutes */
		bool restart, crash;
		int64_t outages_ms;
	} cases[] = {
	    {"nothing", 0, 0, 0, false, false, 0},
	    {"the wall clock jumps forward", MS_DAY, 0, 0, false, false, 0},
	    {"the wall clock jumps back", -400 * MS_DAY, 0, 0, false, false, 0},
	    {"the machine sleeps", 2 * MS_HOUR, 0, 2 * MS_HOUR, false, false, 2 * MS_HOUR},
	    {"a stop in order", MS_HOUR, MS_HOUR, MS_HOUR, true, false, MS_HOUR},
	    {"a crash", MS_HOUR, MS_HOUR, MS_HOUR, false, true, MS_HOUR},
	    {"a crash, and the wall clock is a year behind afterwards", -365 * MS_DAY, MS_HOUR, MS_HOUR, false, true, MS_HOUR},
	    {"a stop, and the wall clock is a year ahead afterwards", 365 * MS_DAY, MS_HOUR, MS_HOUR, true, false, MS_HOUR},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kit k;
		int64_t before = kit_wall;
		kit_open(&k);
		begin_id(&k, "late", "exam", id);
		for (int s = 0; s < 60; s++) {
			pass(10 * MS_SECOND);
			tick(&k);
		}
		if (cases[i].restart)
			kit_stop(&k);
		if (cases[i].crash) {
			store_close(k.rd);
			k.pr->beside = true;
			proctor_close(k.pr);
		}
		kit_wall += cases[i].wall;
		kit_mono += cases[i].mono;
		kit_boot += cases[i].boot;
		if (cases[i].restart || cases[i].crash)
			kit_start(&k);
		tick(&k);
		int64_t l = left(&k);
		if (l < 20 * MS_MINUTE - 1 || l > 20 * MS_MINUTE + MS_SECOND)
			fail_msg("%s: %lld ms left", cases[i].what, (long long)l);
		double o = outages(&k);
		if (o < (double)cases[i].outages_ms || o > (double)cases[i].outages_ms + 1000)
			fail_msg("%s: outages %.0f ms", cases[i].what, o);
		assert_string_equal(state_of(&k), "running");
		kit_close(&k);
		kit_wall = before + MS_DAY;
	}
}

/* A crash gives back at most what passed since the last heartbeat, and events never lie in the future of the clock. */
static void test_a_crash_after_an_answer(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	begin_id(&k, "late", "exam", id);
	tick(&k);
	pass(900); /* no tick in between */
	item_id(&k, id, 0, item);
	_cleanup_reply_ struct reply a = answer(&k, id, item, "{\"seq\":1,\"response\":null}");
	assert_works(a);
	int64_t before = left(&k), service = proctor_service_ms(k.pr);
	crash(&k, 5000);
	assert_true(proctor_service_ms(k.pr) >= service);
	assert_true(left(&k) <= before);
	kit_close(&k);
}

static void test_a_boot_in_between(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	begin_id(&k, "late", "exam", id);
	pass(10 * MS_MINUTE);
	tick(&k);
	kit_stop(&k);
	kit_clock.boot_id = "boot-2"; /* the boot's clock says nothing now; the wall clock is believed */
	kit_boot = 100;
	kit_mono = 100;
	kit_wall += 3 * MS_HOUR;
	kit_start(&k);
	assert_in_range(left(&k), 20 * MS_MINUTE - 1, 20 * MS_MINUTE);
	assert_in_range(outages(&k), 3 * MS_HOUR, 3 * MS_HOUR + 1000);
	kit_clock.boot_id = "boot-1";
	kit_close(&k);
}

static void test_the_end_by_time(void **state)
{
	(void)state;
	struct kit k;
	bool pending;
	kit_open(&k);
	begin_id(&k, "late", "exam", id); /* grace: 10 s by default */
	answer_right(&k, id, 2);
	pass(LIMIT - 1);
	tick(&k);
	assert_string_equal(state_of(&k), "running");
	pass(1);
	assert_string_equal(state_of(&k), "ended"); /* also before the clock is tended */
	tick(&k);
	assert_string_equal(state_of(&k), "ended");
	_cleanup_reply_ struct reply r = result(&k, id, &pending); /* answers that were sent in time may still come */
	assert_works(r);
	assert_true(pending);
	pass(10 * MS_SECOND + 1);
	tick(&k);
	_cleanup_reply_ struct reply list = READ(&k, attempt_list_json(pr, rd, &(struct caller){.account = ACCOUNT_LOCAL}, out, err));
	assert_string_equal(text_at(&list, "attempts.0.ended_by"), "time");
	assert_int_equal(number_at(&list, "attempts.0.answered"), 2);
	_cleanup_reply_ struct reply q = result(&k, id, &pending);
	assert_fails(q, ERR_NOT_RELEASED);
	kit_close(&k);
}

static void test_grace(void **state)
{
	(void)state;
	static const struct {
		int64_t late;
		bool tick, ok;
	} cases[] = {{0, false, true},      {1, false, true},     {1, true, true},       {10000, true, true},
	             {10001, false, false}, {10001, true, false}, {20000, false, false}, {20000, true, false}};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kit k;
		kit_open(&k);
		begin_id(&k, "late", "exam", id);
		item_id(&k, id, 0, item);
		pass(LIMIT + cases[i].late);
		if (cases[i].tick)
			tick(&k);
		_cleanup_reply_ struct reply r = answer(&k, id, item, "{\"seq\":1,\"response\":null}");
		if (r.ok != cases[i].ok)
			fail_msg("%lld ms late: %s", (long long)cases[i].late, r.ok ? "accepted" : r.err.msg);
		if (!r.ok)
			assert_int_equal(r.err.code, ERR_ATTEMPT_ENDED);
		if (r.ok && cases[i].late)
			assert_int_equal(number_at(&r, "late_ms"), cases[i].late);
		pass(20000);
		tick(&k);
		/* The same again is still the same answer. */
		_cleanup_reply_ struct reply again = answer(&k, id, item, "{\"seq\":1,\"response\":null}");
		assert_true(again.ok == cases[i].ok);
		kit_close(&k);
	}
}

/* Nothing late is taken after the candidate has ended it. */
static void test_no_grace_after_submitting(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	begin_id(&k, "late", "exam", id);
	item_id(&k, id, 0, item);
	pass(LIMIT - 5);
	_cleanup_reply_ struct reply end = submit(&k, id);
	assert_works(end);
	assert_string_equal(text_at(&end, "state"), "ended");
	_cleanup_reply_ struct reply r = answer(&k, id, item, "{\"seq\":1,\"response\":null}"), again = submit(&k, id);
	assert_fails(r, ERR_ATTEMPT_ENDED);
	assert_works(again); /* a lost reply may be asked for again */
	kit_close(&k);
}

/* While the server was down, nothing ended; many that end at once are ended in several ticks. */
static void test_many_ends(void **state)
{
	(void)state;
	struct kit k;
	char ids[60][RNG_ID_SIZE];
	kit_open(&k);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		char name[20];
		snprintf(name, sizeof name, "user %zu", i);
		struct caller who = someone(&k, name, 1000);
		_cleanup_reply_ struct reply r = begin_as(&k, &who, "{\"exam\":\"fixture/short\",\"mode\":\"exam\"}");
		assert_works(r);
		snprintf(ids[i], RNG_ID_SIZE, "%s", text_at(&r, "id"));
	}
	struct attempt_counts counts;
	struct err err;
	crash(&k, MS_DAY);
	must(store_attempt_counts(k.rd, &counts, &err), &err);
	assert_int_equal(counts.running, 60);
	pass(3100);
	tick(&k);
	must(store_attempt_counts(k.rd, &counts, &err), &err);
	assert_int_equal(counts.running, 0);
	assert_int_equal(counts.final, 60);
	kit_close(&k);
}

static void test_extra_time(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	struct caller ada = someone(&k, "ada", 1250);
	_cleanup_reply_ struct reply r = begin_as(&k, &ada, "{\"exam\":\"fixture/late\",\"mode\":\"exam\"}");
	assert_works(r);
	assert_int_equal(number_at(&r, "clock.left_ms"), LIMIT * 5 / 4);
	assert_int_equal(number_at(&r, "clock.extra_time_ms"), LIMIT / 4);
	kit_close(&k);
}

/* "sections": 4 items without a way back in 20 minutes, a break of 5 with the clock stopped, 3 items in 20 minutes; 40 in all. */
static void test_sections(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	char first[8], second[8], last[8], body[60];
	kit_open(&k);
	begin_id(&k, "sections", "exam", id);
	item_id(&k, id, 0, first);
	item_id(&k, id, 1, second);
	item_id(&k, id, 4, last);
	_cleanup_reply_ struct reply early = answer(&k, id, last, "{\"seq\":1,\"response\":null}");
	assert_fails(early, ERR_SECTION_CLOSED);
	snprintf(body, sizeof body, "{\"item\":\"%s\"}", second);
	_cleanup_json_ cJSON *to_second = json_of(body);
	_cleanup_reply_ struct reply moved = WRITE(&k, attempt_move(pr, wr, &who, id, to_second, out, err));
	assert_works(moved);
	assert_int_equal(number_at(&moved, "cursor"), 1);
	_cleanup_reply_ struct reply back = answer(&k, id, first, "{\"seq\":1,\"response\":null}");
	assert_fails(back, ERR_NO_RETURN);
	_cleanup_reply_ struct reply closed = show(&k, id);
	assert_true(cJSON_IsTrue(at(closed.json, "sections.0.items.0.closed")) && cJSON_IsFalse(at(closed.json, "sections.0.items.1.closed")));
	assert_string_equal(text_at(&closed, "sections.0.items.0.stem"), ""); /* not seen again */
	assert_null(at(closed.json, "sections.2.items"));                     /* nor before its time */
	crash(&k, MS_HOUR);
	_cleanup_reply_ struct reply still = answer(&k, id, first, "{\"seq\":1,\"response\":null}");
	assert_fails(still, ERR_NO_RETURN);

	pass(20 * MS_MINUTE);
	tick(&k);
	assert_string_equal(state_of(&k), "on-break");
	_cleanup_reply_ struct reply during = answer(&k, id, last, "{\"seq\":1,\"response\":null}");
	assert_fails(during, ERR_ON_BREAK);
	int64_t before = left(&k);
	pass(2 * MS_MINUTE);
	assert_int_equal(left(&k), before); /* the clock stands still */
	_cleanup_reply_ struct reply resumed = WRITE(&k, attempt_section(pr, wr, &who, id, NULL, out, err));
	assert_works(resumed);
	assert_string_equal(text_at(&resumed, "state"), "running");
	assert_int_equal(left(&k), before);
	_cleanup_reply_ struct reply now = answer(&k, id, last, "{\"seq\":1,\"response\":null}");
	assert_works(now);
	_cleanup_reply_ struct reply end = WRITE(&k, attempt_section(pr, wr, &who, id, NULL, out, err)); /* the last one: that ends it */
	assert_works(end);
	assert_string_equal(text_at(&end, "state"), "ended");
	kit_close(&k);
}

/* The clock's heartbeat is written only as often as somebody's deadline needs it. */
static void test_heartbeats(void **state)
{
	(void)state;
	struct kit k;
	struct heartbeat beat;
	struct err err;
	bool found;
	kit_open(&k);
	tick(&k);
	must(store_heartbeat_get(k.rd, &beat, &found, &err), &err);
	int64_t idle = beat.service_ms;
	pass(30 * MS_SECOND);
	tick(&k);
	must(store_heartbeat_get(k.rd, &beat, &found, &err), &err);
	assert_int_equal(beat.service_ms, idle); /* a disk may sleep */
	begin_id(&k, "late", "exam", id);
	pass(MS_SECOND);
	tick(&k);
	must(store_heartbeat_get(k.rd, &beat, &found, &err), &err);
	assert_int_equal(beat.service_ms, proctor_service_ms(k.pr));
	kit_close(&k);
}

static void test_one_server(void **state)
{
	(void)state;
	struct kit k;
	struct proctor *second;
	struct err err;
	kit_open(&k);
	assert_false(proctor_open(&k.config, &second, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	k.config.beside = true;
	must(proctor_open(&k.config, &second, &err), &err); /* a command may look in */
	proctor_close(second);
	kit_close(&k);
}

static void test_keys_are_not_replaced(void **state)
{
	(void)state;
	struct kit k;
	struct proctor *pr;
	struct err err;
	char path[100];
	kit_open(&k);
	begin_id(&k, "late", "exam", id);
	kit_stop(&k);
	snprintf(path, sizeof path, "%s/passphrase", k.dir);
	assert_int_equal(unlink(path), 0);
	assert_false(proctor_open(&k.config, &pr, &err));
	assert_int_equal(err.code, ERR_STORE);
	assert_int_equal(access(path, F_OK), -1);
	snprintf(path, sizeof path, "%s/keys/secret.key", k.dir);
	assert_int_equal(unlink(path), 0);
	assert_false(proctor_open(&k.config, &pr, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	nftw(k.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_time_runs),
	    cmocka_unit_test(test_what_does_not_count),
	    cmocka_unit_test(test_a_crash_after_an_answer),
	    cmocka_unit_test(test_a_boot_in_between),
	    cmocka_unit_test(test_the_end_by_time),
	    cmocka_unit_test(test_grace),
	    cmocka_unit_test(test_no_grace_after_submitting),
	    cmocka_unit_test(test_many_ends),
	    cmocka_unit_test(test_extra_time),
	    cmocka_unit_test(test_sections),
	    cmocka_unit_test(test_heartbeats),
	    cmocka_unit_test(test_one_server),
	    cmocka_unit_test(test_keys_are_not_replaced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
