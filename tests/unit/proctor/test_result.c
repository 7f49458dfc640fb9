/* The signed result: what it says, what each level of report leaves out, and that no changed byte goes unnoticed. */
#include "kit.h"

#include "credential/verify.h"
#include "proctor/audit.h"
#include <sqlite3.h>

static char id[RNG_ID_SIZE];

static struct reply signed_result(struct kit *k)
{
	struct caller who = LOCAL;
	return READ(k, result_signed(pr, rd, &who, id, out, err));
}

static void take(struct kit *k, const char *exam, size_t right)
{
	begin_id(k, exam, "exam", id);
	answer_right(k, id, right);
	pass(65 * MS_SECOND);
	_cleanup_reply_ struct reply r = submit(k, id);
	assert_works(r);
}

static struct verification *verify(struct str text, const unsigned char *key)
{
	struct verify_options options = {.result_key = key, .now_ms = 0};
	return verify_input(text, &options);
}

static bool has(const struct verification *v, const char *check, enum verify_outcome outcome, const char *part)
{
	size_t n;
	const struct verify_check *c = verification_checks(v, &n);
	for (size_t i = 0; i < n; i++)
		if (strcmp(c[i].id, check) == 0)
			return c[i].outcome == outcome && strstr(c[i].reason, part);
	return false;
}

static void expect(struct str text, const unsigned char *key, enum verify_verdict verdict)
{
	_cleanup_(verification_destroyp) struct verification *v = verify(text, key);
	assert_int_equal(verification_verdict(v), verdict);
}

static void test_what_it_says(void **state)
{
	(void)state;
	struct kit k;
	bool pending;
	char hash[HASH_HEX_SIZE];
	kit_open(&k);
	take(&k, "all", 100);
	_cleanup_reply_ struct reply r = result(&k, id, &pending), s = signed_result(&k);
	assert_works(r);
	assert_works(s);
	assert_false(pending);
	assert_string_equal(text_at(&r, "verdict"), "pass");
	assert_int_equal(number_at(&r, "score.value"), 1000);
	assert_int_equal(number_at(&r, "counts.items"), 14);
	assert_int_equal(number_at(&r, "counts.right"), 14);
	assert_int_equal(number_at(&r, "counts.unscored"), 1);
	assert_int_equal(cJSON_GetArraySize(at(r.json, "items")), 14);
	assert_int_equal(number_at(&r, "time.used_ms"), 65 * MS_SECOND);
	assert_int_equal(number_at(&r, "time.limit_ms"), MS_HOUR);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	_cleanup_buf_ struct buf form = BUF(1 << 20);
	form_encode(fe->form, &form);
	assert_string_equal(text_at(&s, "payload.form_sha256"), hash_sha256_hex(buf_str(&form), hash));
	assert_string_equal(text_at(&s, "payload.previous_sha256"), hash); /* the first one follows on the form */
	blueprint_hash(fe->bp, hash);
	assert_string_equal(text_at(&s, "payload.blueprint_sha256"), hash);
	assert_string_equal(text_at(&s, "payload.bank.sha256"), fe->version->hash);
	assert_string_equal(text_at(&s, "payload.rules.retake"), "none");
	assert_string_equal(text_at(&s, "payload.candidate"), "local");
	assert_string_equal(text_at(&s, "payload.engine"), "assay " ASSAY_VERSION);
	kit_close(&k);
}

static void test_verifying(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	unsigned char key[32];
	kit_open(&k);
	take(&k, "all", 5);
	_cleanup_reply_ struct reply s = signed_result(&k);
	must(proctor_public_key(k.dir, key, &err), &err);
	expect(str_of(s.text), key, VERDICT_VALID);
	expect(str_of(s.text), NULL, VERDICT_VALID);
	key[0] ^= 1;
	expect(str_of(s.text), key, VERDICT_INVALID);
	/* White space between the tokens has no meaning. */
	_cleanup_json_ cJSON *tree = json_of(s.text);
	char *pretty = cJSON_Print(tree);
	expect(str_of(pretty), NULL, VERDICT_VALID);
	cJSON_free(pretty);
	expect(STR("{}"), NULL, VERDICT_INVALID);
	expect(STR("nonsense"), NULL, VERDICT_INVALID);
	kit_close(&k);
}

/* Every byte of the file, changed in two ways: never valid. */
static void test_every_byte(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	take(&k, "secret", 3);
	_cleanup_reply_ struct reply s = signed_result(&k);
	size_t len = strlen(s.text);
	for (size_t i = 0; i < len; i++) {
		static const char changes[] = {1, 0x20};
		for (size_t c = 0; c < ARRAY_SIZE(changes); c++) {
			s.text[i] ^= changes[c];
			_cleanup_(verification_destroyp) struct verification *v = verify((struct str){s.text, len}, NULL);
			if (verification_verdict(v) == VERDICT_VALID)
				fail_msg("byte %zu changed to '%c', and it is valid", i, s.text[i]);
			s.text[i] ^= changes[c];
		}
	}
	kit_close(&k);
}

/* What was changed is named. */
static void test_changes_are_named(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	take(&k, "all", 3);
	_cleanup_reply_ struct reply s = signed_result(&k);
	static const struct {
		const char *member;
		const char *from, *to;
	} cases[] = {
	    {"verdict", "\"verdict\":\"fail\"", "\"verdict\":\"pass\""},
	    {"candidate", "\"candidate\":\"local\"", "\"candidate\":\"loca1\""},
	    {"time", "\"used_ms\":65000", "\"used_ms\":55000"},
	    {"counts", "\"counts\":{\"items\":14", "\"counts\":{\"items\":15"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char *found = strstr(s.text, cases[i].from);
		assert_non_null(found);
		memcpy(found, cases[i].to, strlen(cases[i].to));
		_cleanup_(verification_destroyp) struct verification *v = verify(str_of(s.text), NULL);
		assert_int_equal(verification_verdict(v), VERDICT_INVALID);
		assert_true(has(v, "document", VERIFY_FAIL, cases[i].member));
		assert_true(has(v, "signature", VERIFY_FAIL, "changed"));
		memcpy(found, cases[i].from, strlen(cases[i].from));
	}
	kit_close(&k);
}

/* What each level shows; api and payload alike. */
static void test_levels(void **state)
{
	(void)state;
	static const struct {
		const char *exam;
		bool score, bands, domains, objectives, items;
	} cases[] = {
	    {"secret", false, false, false, false, false}, /* pass-fail */
	    {"retakes", true, true, false, false, false},  /* bands */
	    {"sections", true, false, true, true, false},  /* objectives */
	    {"all", true, false, true, true, true},        /* questions */
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kit k;
		bool pending;
		kit_open(&k);
		take(&k, cases[i].exam, 2);
		_cleanup_reply_ struct reply r = result(&k, id, &pending), s = signed_result(&k);
		assert_works(r);
		assert_works(s);
		const struct {
			const char *name;
			bool there;
		} parts[] = {{"score", cases[i].score},
		             {"bands", cases[i].bands},
		             {"domains", cases[i].domains},
		             {"objectives", cases[i].objectives},
		             {"items", cases[i].items}};
		for (size_t p = 0; p < ARRAY_SIZE(parts); p++) {
			const cJSON *in_api = at(r.json, parts[p].name),
			            *in_payload = cJSON_GetObjectItemCaseSensitive(at(s.json, "payload"), parts[p].name);
			if ((in_api && !cJSON_IsNull(in_api)) != parts[p].there || (in_payload != NULL) != parts[p].there)
				fail_msg("%s: %s", cases[i].exam, parts[p].name);
		}
		kit_close(&k);
	}
}

static void test_bands(void **state)
{
	(void)state;
	static const struct {
		double share, cut;
		const char *band;
	} cases[] = {{0, 0.7, "weak"},      {0.699, 0.7, "weak"}, {0.7, 0.7, "adequate"}, {0.849, 0.7, "adequate"},
	             {0.85, 0.7, "strong"}, {1, 1, "strong"},     {0.99, 1, "weak"}};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(band_name(cases[i].share, cases[i].cut), cases[i].band);
}

static void test_release(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	bool pending;
	kit_open(&k);
	take(&k, "late", 4);
	for (int day = 0; day < 7; day++) {
		_cleanup_reply_ struct reply r = result(&k, id, &pending), s = signed_result(&k),
		                             l = READ(&k, attempt_list_json(pr, rd, &who, out, err)),
		                             e = READ(&k, exam_show_json(pr, rd, &who, "fixture/late", out, err)),
		                             p = READ(&k, progress_json(pr, rd, &who, out, err));
		assert_fails(r, ERR_NOT_RELEASED);
		assert_fails(s, ERR_NOT_RELEASED);
		assert_true(cJSON_IsNull(at(l.json, "attempts.0.result")));
		assert_true(cJSON_IsNull(at(e.json, "attempts.best")));
		assert_int_equal(number_at(&e, "attempts.done"), 1);
		assert_int_equal(number_at(&e, "study.missed"), 0);
		assert_int_equal(cJSON_GetArraySize(at(p.json, "exams")), 0);
		pass(MS_DAY);
	}
	_cleanup_reply_ struct reply r = result(&k, id, &pending), s = signed_result(&k),
	                             l = READ(&k, attempt_list_json(pr, rd, &who, out, err));
	assert_works(r);
	assert_works(s);
	assert_string_equal(text_at(&l, "attempts.0.result.verdict"), "pass");
	kit_close(&k);
}

/* Outages and late packets are in the result. */
static void test_outages_and_late_packets(void **state)
{
	(void)state;
	struct kit k;
	char item[8];
	kit_open(&k);
	begin_id(&k, "all", "exam", id);
	pass(MS_MINUTE);
	tick(&k);
	crash(&k, 90 * MS_SECOND);
	pass(MS_MINUTE);
	sleep_ms(5 * MS_MINUTE);
	tick(&k);
	pass(58 * MS_MINUTE + 3000);
	item_id(&k, id, 0, item);
	_cleanup_reply_ struct reply late = answer(&k, id, item, "{\"seq\":1,\"response\":null}");
	assert_works(late);
	pass(20 * MS_SECOND);
	tick(&k);
	_cleanup_reply_ struct reply s = signed_result(&k);
	assert_works(s);
	assert_int_equal(number_at(&s, "payload.time.outages_ms"), 390 * MS_SECOND);
	assert_string_equal(text_at(&s, "payload.time.outages.0.kind"), "stop");
	assert_string_equal(text_at(&s, "payload.time.outages.1.kind"), "suspend");
	assert_int_equal(number_at(&s, "payload.time.outages.1.ms"), 300 * MS_SECOND);
	assert_string_equal(text_at(&s, "payload.time.ended_by"), "time");
	assert_string_equal(text_at(&s, "payload.time.late.0.item"), item);
	assert_in_range(number_at(&s, "payload.time.late.0.late_ms"), 3000, 3001);
	assert_int_equal(number_at(&s, "payload.time.used_ms"), MS_HOUR); /* not the outages */
	kit_close(&k);
}

static void test_the_same_exam_again(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	bool pending;
	kit_open(&k);
	take(&k, "all", 3);
	take(&k, "all", 15);
	_cleanup_reply_ struct reply r = result(&k, id, &pending), e = READ(&k, exam_show_json(pr, rd, &who, "fixture/all", out, err));
	assert_int_equal(cJSON_GetArraySize(at(r.json, "history")), 2);
	assert_int_equal(number_at(&r, "history.1.value"), 1000);
	assert_string_equal(text_at(&e, "attempts.best.verdict"), "pass");
	assert_int_equal(number_at(&e, "attempts.done"), 2);
	kit_close(&k);
}

/* ---- The audit ---- */

static int findings;
static char last_finding[300];
static void count(void *arg, const char *finding)
{
	(void)arg;
	findings++;
	snprintf(last_finding, sizeof last_finding, "%s", finding);
}

static size_t audit(struct kit *k)
{
	struct audit done;
	struct err err;
	findings = 0;
	must(audit_run(k->rd, count, NULL, &done, &err), &err);
	return done.findings;
}

static void execute_sql(const char *path, const char *text)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_total_changes(db) > 0, 1);
	sqlite3_close(db);
}

/* Somebody with the database but without the key: whatever they change is found. */
static void test_audit(void **state)
{
	(void)state;
	static const char *const forgeries[] = {
	    "UPDATE result SET body = CAST(replace(CAST(body AS TEXT), '\"fail\"', '\"pass\"') AS BLOB)",
	    "UPDATE result SET public_body = CAST(replace(CAST(public_body AS TEXT), '\"fail\"', '\"pass\"') AS BLOB)",
	    "UPDATE result SET signature = zeroblob(64)",
	    "UPDATE result SET public_signature = zeroblob(3)",
	    "UPDATE result SET hash = 'x' || substr(hash, 2)",
	    "UPDATE result SET previous = 'x' || substr(previous, 2)",
	    "UPDATE result SET n = 2",
	    "UPDATE form SET bytes = CAST(CAST(bytes AS TEXT) || ' ' AS BLOB)",
	    "UPDATE bank_version SET compiled = CAST(CAST(compiled AS TEXT) || ' ' AS BLOB)",
	    "UPDATE attempt SET id = 'another'",
	};
	for (size_t i = 0; i < ARRAY_SIZE(forgeries); i++) {
		struct kit k;
		char path[100];
		kit_open(&k);
		take(&k, "all", 3);
		assert_int_equal(audit(&k), 0);
		kit_stop(&k);
		snprintf(path, sizeof path, "%s/assay.db", k.dir);
		execute_sql(path, forgeries[i]);
		kit_start(&k);
		if (audit(&k) == 0)
			fail_msg("not found: %s", forgeries[i]);
		kit_close(&k);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_it_says),
	    cmocka_unit_test(test_verifying),
	    cmocka_unit_test(test_every_byte),
	    cmocka_unit_test(test_changes_are_named),
	    cmocka_unit_test(test_levels),
	    cmocka_unit_test(test_bands),
	    cmocka_unit_test(test_release),
	    cmocka_unit_test(test_outages_and_late_packets),
	    cmocka_unit_test(test_the_same_exam_again),
	    cmocka_unit_test(test_audit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
