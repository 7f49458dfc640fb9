/* Certificates and time: renewal windows to the millisecond, reports that are released later, what is kept back and tried again, and what
 * may be called a name. tests/api/certificates.test.mjs has the rest. */
#include "kit.h"

#include "proctor/certify.h"
#include <sqlite3.h>

#define QUESTIONS \
	"## First {#first}\nWhich one?\n\n- [x] This\n- [ ] That\n\n## Second {#second}\nWhich other one?\n\n- [x] The other\n- [ ] The one\n"
#define EXAM(id, kind, rest)                                                                                               \
	"id: " id "\ntitle: The " id "\nitems: 2\nkind: " kind "\nmodes: [exam, study]\nscoring: {method: percent, cut: 50}\n" \
	"report: {show: score}\n" rest

static const char *const files[][2] = {
    {"bank.yml", "id: fixture\ntitle: Mine\nversion: 1.0.0\nlanguage: en\ndomains: {one: {title: One}}\n"},
    {"questions.md", QUESTIONS},
    {"exams/expiry.yml", EXAM("expiry", "practice", "certificate: {valid: 12mo, renew: {exam: renewal, window: 60d, extends: expiry}}\n")},
    {"exams/pass.yml", EXAM("pass", "practice", "certificate: {valid: 365d, renew: {exam: renewal, window: 60d, extends: pass}}\n")},
    {"exams/late.yml", "id: late\ntitle: Late\nitems: 2\nmodes: [exam]\nscoring: {method: percent, cut: 50}\n"
                       "report: {show: score, release: delayed, after: 7d}\nretake: {waits: [1d]}\ncertificate: {}\n"},
    {"exams/locked.yml",
     EXAM("locked", "practice", "retake: {lock_after_pass: 100d}\ncertificate: {valid: 30d, renew: {exam: lock-renewal}}\n")},
    {"exams/self.yml", EXAM("self", "practice", "certificate: {valid: 30d, renew: {exam: self, window: 10d, extends: expiry}}\n")},
    {"exams/renewal.yml", EXAM("renewal", "renewal", "")},
    {"exams/lock-renewal.yml", EXAM("lock-renewal", "renewal", "")},
};

static void open_own(struct kit *k)
{
	char path[300];
	struct err err;
	kit_open(k);
	kit_stop(k);
	snprintf(k->bank, sizeof k->bank, "%s/bank", k->dir);
	mkdir(k->bank, 0700);
	snprintf(path, sizeof path, "%s/bank/exams", k->dir);
	mkdir(path, 0700);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof path, "%s/bank/%s", k->dir, files[i][0]);
		must(file_write_durable(path, str_of(files[i][1]), 0600, &err), &err);
	}
	kit_start(k);
}

/* Sits an exam; everything right, or nothing. */
static void sit(struct kit *k, const struct caller *who, const char *exam, bool right, char id[RNG_ID_SIZE])
{
	char body[200];
	snprintf(body, sizeof body, "{\"exam\":\"fixture/%s\",\"mode\":\"exam\"}", exam);
	_cleanup_reply_ struct reply begun = begin_as(k, who, body);
	assert_works(begun);
	snprintf(id, RNG_ID_SIZE, "%s", text_at(&begun, "id"));
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(k, id);
	for (size_t i = 0; right && i < fe->form->n_items; i++) {
		_cleanup_free_ char *response = right_body(fe, i, 1);
		_cleanup_reply_ struct reply r = answer_as(k, who, id, fe->form->items[i].id, response);
		assert_works(r);
	}
	_cleanup_reply_ struct reply r = WRITE(k, attempt_submit(pr, wr, who, id, out, err));
	assert_works(r);
}

static struct reply wallet(struct kit *k, const struct caller *who)
{
	return READ(k, certificate_list_json(pr, rd, who, out, err));
}
static int count(struct kit *k, const struct caller *who)
{
	_cleanup_reply_ struct reply r = wallet(k, who);
	assert_works(r);
	return cJSON_GetArraySize(at(r.json, "certificates"));
}

/* The newest certificate. */
static struct certificate_row newest(struct kit *k, const struct caller *who)
{
	_cleanup_reply_ struct reply r = wallet(k, who);
	struct certificate_row row;
	struct err err;
	must(store_certificate_get(k->rd, text_at(&r, "certificates.0.id"), &row, NULL, &err), &err);
	return row;
}

static struct reply begin_exam(struct kit *k, const struct caller *who, const char *exam)
{
	char body[200];
	snprintf(body, sizeof body, "{\"exam\":\"fixture/%s\",\"mode\":\"exam\"}", exam);
	return begin_as(k, who, body);
}

static void test_window(void **state)
{
	(void)state;
	struct kit k;
	open_own(&k);
	struct caller ada = someone(&k, "ada", 1000);
	char id[RNG_ID_SIZE];
	_cleanup_reply_ struct reply none = begin_exam(&k, &ada, "renewal");
	assert_fails(none, ERR_NOT_OFFERED);
	sit(&k, &ada, "expiry", true, id);
	struct certificate_row first = newest(&k, &ada);
	assert_int_equal(first.renew_opens_ms, first.valid_until_ms - 60 * MS_DAY);

	pass(first.renew_opens_ms - kit_wall - 1);
	_cleanup_reply_ struct reply early = begin_exam(&k, &ada, "renewal");
	assert_fails(early, ERR_RETAKE);
	assert_non_null(strstr(early.err.msg, "too early"));
	assert_non_null(strstr(early.err.extra, "next_at"));
	pass(1);
	sit(&k, &ada, "renewal", true, id);
	struct certificate_row second = newest(&k, &ada);
	assert_int_equal(second.valid_until_ms, span_add(first.valid_until_ms, &(struct span){.months = 12}));
	assert_int_equal(second.renews, first.key);
	assert_string_equal(second.title, "The expiry");
	_cleanup_reply_ struct reply again = begin_exam(&k, &ada, "renewal"); /* renewed already: the next window is far */
	assert_fails(again, ERR_RETAKE);

	/* Begun inside the window and passed after its end: it counts. */
	pass(second.valid_until_ms - kit_wall - 1);
	_cleanup_reply_ struct reply begun = begin_exam(&k, &ada, "renewal");
	assert_works(begun);
	pass(MS_MINUTE);
	const char *last = text_at(&begun, "id");
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, last);
	for (size_t i = 0; i < fe->form->n_items; i++) {
		_cleanup_free_ char *body = right_body(fe, i, 1);
		_cleanup_reply_ struct reply r = answer_as(&k, &ada, last, fe->form->items[i].id, body);
		assert_works(r);
	}
	_cleanup_reply_ struct reply ended = WRITE(&k, attempt_submit(pr, wr, &ada, last, out, err));
	assert_works(ended);
	assert_int_equal(newest(&k, &ada).renews, second.key);

	pass(newest(&k, &ada).valid_until_ms - kit_wall);
	_cleanup_reply_ struct reply over = begin_exam(&k, &ada, "renewal");
	assert_fails(over, ERR_NOT_OFFERED);
	assert_non_null(strstr(over.err.msg, "expired"));
	assert_non_null(strstr(over.err.msg, "The expiry"));
	_cleanup_reply_ struct reply list = wallet(&k, &ada);
	assert_string_equal(text_at(&list, "certificates.0.state"), "expired");
	assert_string_equal(text_at(&list, "certificates.0.renew.state"), "over");
	kit_close(&k);
}

/* One renewal exam for two: each by its own rule. */
static void test_one_renewal_for_all(void **state)
{
	(void)state;
	struct kit k;
	open_own(&k);
	struct caller ada = someone(&k, "ada", 1000);
	char id[RNG_ID_SIZE];
	sit(&k, &ada, "expiry", true, id);
	pass(MS_DAY);
	sit(&k, &ada, "pass", true, id);
	pass(330 * MS_DAY);
	_cleanup_reply_ struct reply before = wallet(&k, &ada);
	assert_int_equal(cJSON_GetArraySize(at(before.json, "reminders")), 2);
	sit(&k, &ada, "renewal", false, id);
	assert_int_equal(count(&k, &ada), 2);
	sit(&k, &ada, "renewal", true, id);
	_cleanup_reply_ struct reply after = wallet(&k, &ada);
	assert_int_equal(cJSON_GetArraySize(at(after.json, "certificates")), 4);
	assert_int_equal(cJSON_GetArraySize(at(after.json, "reminders")), 0);
	for (int i = 0; i < 2; i++) {
		struct certificate_row row, old;
		struct err err;
		char path[60];
		snprintf(path, sizeof path, "certificates.%d.id", i);
		must(store_certificate_get(k.rd, text_at(&after, path), &row, NULL, &err) &&
		         store_certificate_by_key(k.rd, row.renews, &old, NULL, &err),
		     &err);
		bool expiry = strcmp(row.exam, "expiry") == 0;
		assert_int_equal(row.valid_until_ms, expiry ? span_add(old.valid_until_ms, &(struct span){.months = 12}) : kit_wall + 365 * MS_DAY);
	}
	kit_close(&k);
}

/* An exam that is renewed by passing it again: one certificate a pass. */
static void test_renewed_by_itself(void **state)
{
	(void)state;
	struct kit k;
	open_own(&k);
	struct caller ada = someone(&k, "ada", 1000);
	char id[RNG_ID_SIZE];
	sit(&k, &ada, "self", true, id);
	struct certificate_row first = newest(&k, &ada);
	pass(MS_DAY);
	sit(&k, &ada, "self", true, id); /* too early for a renewal: another one of its own */
	assert_int_equal(count(&k, &ada), 2);
	assert_int_equal(newest(&k, &ada).renews, 0);
	struct certificate_row second = newest(&k, &ada);
	pass(20 * MS_DAY - 1);
	_cleanup_reply_ struct reply before = wallet(&k, &ada);
	assert_int_equal(cJSON_GetArraySize(at(before.json, "reminders")), 0); /* of the longer one it is too early */
	pass(1);
	_cleanup_reply_ struct reply now = wallet(&k, &ada);
	assert_int_equal(cJSON_GetArraySize(at(now.json, "reminders")), 1);
	sit(&k, &ada, "self", true, id);
	assert_int_equal(count(&k, &ada), 3); /* of the two, the one that is valid longer */
	assert_int_equal(newest(&k, &ada).renews, second.key);
	assert_int_equal(newest(&k, &ada).valid_until_ms, second.valid_until_ms + 30 * MS_DAY);
	assert_true(first.valid_until_ms < second.valid_until_ms);
	kit_close(&k);
}

static void test_renewals_count_for_the_lock(void **state)
{
	(void)state;
	struct kit k;
	open_own(&k);
	struct caller ada = someone(&k, "ada", 1000);
	char id[RNG_ID_SIZE];
	sit(&k, &ada, "locked", true, id);
	pass(20 * MS_DAY);
	sit(&k, &ada, "lock-renewal", true, id); /* without a window: at any time */
	pass(99 * MS_DAY);
	_cleanup_reply_ struct reply locked = begin_exam(&k, &ada, "locked");
	assert_fails(locked, ERR_RETAKE);
	assert_non_null(strstr(locked.err.msg, "passed already"));
	pass(MS_DAY);
	_cleanup_reply_ struct reply open = begin_exam(&k, &ada, "locked");
	assert_works(open);
	kit_close(&k);
}

/* Neither the certificate nor the rules tell before the report does. */
static void test_release(void **state)
{
	(void)state;
	struct kit k;
	open_own(&k);
	struct caller ada = someone(&k, "ada", 1000), bob = someone(&k, "bob", 1000);
	char id[RNG_ID_SIZE];
	sit(&k, &ada, "late", true, id);
	sit(&k, &bob, "late", false, id);
	tick(&k);
	assert_int_equal(count(&k, &ada), 0);
	pass(2 * MS_DAY); /* the wait after a failure is over: it would tell who failed */
	_cleanup_reply_ struct reply hers = begin_exam(&k, &ada, "late"), his = begin_exam(&k, &bob, "late");
	assert_fails(hers, ERR_RETAKE);
	assert_fails(his, ERR_RETAKE);
	assert_string_equal(hers.err.msg, his.err.msg);
	assert_string_equal(hers.err.extra, his.err.extra);
	pass(5 * MS_DAY - 1);
	tick(&k);
	assert_int_equal(count(&k, &ada), 0);
	pass(1);
	tick(&k);
	assert_int_equal(count(&k, &ada), 1);
	assert_int_equal(count(&k, &bob), 0);
	_cleanup_reply_ struct reply now = begin_exam(&k, &bob, "late");
	assert_works(now);
	kit_close(&k);
}

static void run_sql(struct kit *k, const char *text)
{
	sqlite3 *db;
	char path[100];
	snprintf(path, sizeof path, "%s/assay.db", k->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* The result is kept, signed and logged; the certificate comes later, also after a restart; nothing half done is left. */
static void test_kept_back(void **state)
{
	(void)state;
	struct kit k;
	open_own(&k);
	struct caller ada = someone(&k, "ada", 1000);
	char id[RNG_ID_SIZE];
	struct attempt_row attempt;
	struct result_row result;
	struct certificate_waiting waiting;
	struct err err = {0};
	run_sql(&k, "CREATE TRIGGER none BEFORE INSERT ON certificate BEGIN SELECT RAISE(ABORT, 'not now'); END");
	sit(&k, &ada, "pass", true, id);
	must(store_attempt_get(k.rd, id, &attempt, &err) && store_result_get(k.rd, attempt.key, &result, NULL, NULL, &err), &err);
	assert_int_equal(count(&k, &ada), 0);
	must(store_certificate_waiting(k.rd, kit_wall, &waiting, &err), &err);
	assert_int_equal(waiting.n, 1);
	assert_non_null(strstr(waiting.why, "not now"));
	kit_stop(&k);
	kit_start(&k);
	run_sql(&k, "DROP TRIGGER none");
	pass(MS_HOUR);
	tick(&k);
	assert_int_equal(count(&k, &ada), 1);
	must(store_certificate_waiting(k.rd, kit_wall, &waiting, &err), &err);
	assert_int_equal(waiting.n, 0);
	assert_int_equal(newest(&k, &ada).log_index, newest(&k, &ada).result_log + 1); /* no entry of the try that failed */
	kit_close(&k);
}

/* Each takes a place in a status list, for good: so not without end. */
static void test_reissues_end(void **state)
{
	(void)state;
	struct kit k;
	open_own(&k);
	struct caller ada = someone(&k, "ada", 1000);
	char id[RNG_ID_SIZE];
	sit(&k, &ada, "pass", true, id);
	for (int i = 1; i <= 50; i++) {
		char body[60];
		snprintf(body, sizeof body, "{\"name\":\"Ada %d\"}", i);
		_cleanup_json_ cJSON *json = json_of(body);
		struct certificate_row row = newest(&k, &ada);
		_cleanup_reply_ struct reply r = WRITE(&k, certificate_name(pr, wr, &ada, row.id, json, out, err));
		if (i < 50)
			assert_works(r);
		else
			assert_fails(r, ERR_CONFLICT);
	}
	kit_close(&k);
}

static void test_names(void **state)
{
	(void)state;
	static const struct {
		const char *name, *normal; /* NULL: refused */
	} rows[] = {
	    {"Ada Lovelace", "Ada Lovelace"},
	    {"E\xCC\x81lodie", "\xC3\x89lodie"},
	    {"\xE6\x9D\x8E\xE5\xB0\x8F\xE9\xBE\x8D", "\xE6\x9D\x8E\xE5\xB0\x8F\xE9\xBE\x8D"},
	    {"Zo\xC3\xAB \xE2\x80\x9CZ\xE2\x80\x9D O\xE2\x80\x99Neill-3", "Zo\xC3\xAB \xE2\x80\x9CZ\xE2\x80\x9D O\xE2\x80\x99Neill-3"},
	    {"\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7", "\xE0\xA4\x95\xE0\xA5\x8D\xE2\x80\x8D\xE0\xA4\xB7"}, /* with a joiner */
	    {"", NULL},
	    {" Ada", NULL},
	    {"Ada\xC2\xA0", NULL},
	    {"4711", NULL},
	    {"A\xE2\x80\xAE"
	     "b",
	     NULL}, /* right-to-left override */
	    {"A\xE2\x81\xA6"
	     "b",
	     NULL}, /* left-to-right isolate */
	    {"A\xEF\xBB\xBF"
	     "b",
	     NULL}, /* no-break space of no width */
	    {"A\x01", NULL},
	    {"A\x7F", NULL},
	    {"A\nB", NULL},
	    {"A\xE2\x80\xA8"
	     "b",
	     NULL},                      /* line separator */
	    {"A\xEE\x80\x80", NULL},     /* private use */
	    {"A\xF3\xA0\x81\xA1", NULL}, /* tag */
	    {"A\xFF", NULL},             /* not UTF-8 */
	    {"A\xED\xA0\x80", NULL},     /* a surrogate */
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *normal = NULL;
		struct err err;
		bool ok = certificate_check_name(rows[i].name, &normal, &err);
		if (ok != (rows[i].normal != NULL))
			fail_msg("name %zu: %s", i, ok ? "taken" : err.msg);
		if (ok)
			assert_string_equal(normal, rows[i].normal);
		else
			assert_int_equal(err.code, ERR_INVALID);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_window),  cmocka_unit_test(test_one_renewal_for_all), cmocka_unit_test(test_renewals_count_for_the_lock),
	    cmocka_unit_test(test_release), cmocka_unit_test(test_kept_back),           cmocka_unit_test(test_renewed_by_itself),
	    cmocka_unit_test(test_names),   cmocka_unit_test(test_reissues_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
