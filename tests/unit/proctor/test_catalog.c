/* The catalogue: a changed bank becomes a new version for new attempts, and nothing changes for those that exist. */
#include "kit.h"

#include <sqlite3.h>

static char bank_dir[128];

static void write_file(const char *name, const char *text)
{
	char path[200];
	struct err err;
	snprintf(path, sizeof path, "%s/%s", bank_dir, name);
	must(file_write_durable(path, str_of(text), 0600, &err), &err);
}

#define MANIFEST "id: mine\ntitle: Mine\nversion: 1.0.0\nlanguage: en\ndomains: {one: {title: One}}\n"
#define EXAM "id: quiz\ntitle: A quiz\nitems: 2\nmodes: [exam, study]\nscoring: {method: percent, cut: 50}\n"
#define QUESTIONS \
	"## First {#first}\nWhich one?\n\n- [x] This\n- [ ] That\n\n## Second {#second}\nWhich other one?\n\n- [x] The other\n- [ ] The one\n"

/* The kit's folder of data, beside a bank of our own. */
static void open_own(struct kit *k)
{
	kit_open(k);
	kit_stop(k);
	snprintf(bank_dir, sizeof bank_dir, "%s/banks/mine", k->dir);
	char path[160];
	snprintf(path, sizeof path, "%s/banks", k->dir);
	mkdir(path, 0700);
	mkdir(bank_dir, 0700);
	snprintf(k->bank, sizeof k->bank, "%s", path);
	snprintf(path, sizeof path, "%s/exams", bank_dir);
	mkdir(path, 0700);
	write_file("bank.yml", MANIFEST);
	write_file("exams/quiz.yml", EXAM);
	write_file("questions.md", QUESTIONS);
	kit_start(k);
}

static void poll_banks(struct kit *k)
{
	struct err err;
	must(catalog_poll(k->pr, kit_put, k->pr, &err), &err);
}

static int versions(struct kit *k)
{
	sqlite3_stmt *s;
	sqlite3 *db;
	char path[100];
	snprintf(path, sizeof path, "%s/assay.db", k->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM bank_version WHERE bank_id = 'mine'", -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	int n = sqlite3_column_int(s, 0);
	sqlite3_finalize(s);
	sqlite3_close(db);
	return n;
}

static struct reply begin_own(struct kit *k, const char *mode)
{
	char body[100];
	snprintf(body, sizeof body, "{\"exam\":\"mine/quiz\",\"mode\":\"%s\"}", mode);
	return begin(k, body);
}

static void test_a_changed_bank(void **state)
{
	(void)state;
	struct kit k;
	open_own(&k);
	_cleanup_reply_ struct reply before = begin_own(&k, "exam");
	assert_works(before);
	struct caller ada = someone(&k, "ada", 1000);
	const char *id = text_at(&before, "id");
	for (int i = 0; i < 3; i++)
		poll_banks(&k); /* nothing has changed */
	assert_int_equal(versions(&k), 1);
	write_file(
	    "questions.md",
	    "## First {#first}\nWhich one, NEWLY?\n\n- [x] This\n- [ ] That\n\n## Third {#third}\nWhich third one?\n\n- [x] A\n- [ ] B\n");
	poll_banks(&k);
	assert_int_equal(versions(&k), 2);
	_cleanup_reply_ struct reply now = show(&k, id), fresh = begin_as(&k, &ada, "{\"exam\":\"mine/quiz\",\"mode\":\"study\"}");
	assert_string_equal(now.text, before.text);
	assert_non_null(strstr(fresh.text, "NEWLY"));
	crash(&k, 1000);
	_cleanup_reply_ struct reply again = show(&k, id);
	assert_null(strstr(again.text, "NEWLY"));
	answer_right(&k, id, 2); /* marked by the version that it was begun with */
	_cleanup_reply_ struct reply end = submit(&k, id);
	bool pending;
	_cleanup_reply_ struct reply r = result(&k, id, &pending);
	assert_works(end);
	assert_int_equal(number_at(&r, "score.value"), 100);
	/* Back to what it was: the first version again, and no third one. */
	write_file("questions.md", QUESTIONS);
	poll_banks(&k);
	assert_int_equal(versions(&k), 2);
	kit_close(&k);
}

static void test_a_broken_bank(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	open_own(&k);
	write_file("questions.md",
	           "## First {#first}\nNo key here\n\n- [ ] This\n- [ ] That\n\n## Second {#second}\nGood?\n\n- [x] Yes\n- [ ] No\n");
	poll_banks(&k); /* one question is left out, so the exam lacks one: it is offered no more, and says why */
	_cleanup_reply_ struct reply list = READ(&k, exam_list_json(pr, rd, &who, out, err));
	assert_true(cJSON_IsFalse(at(list.json, "exams.0.available")));
	assert_true(strlen(text_at(&list, "exams.0.unavailable_reason")) > 10);
	_cleanup_reply_ struct reply refused = begin_own(&k, "exam");
	assert_false(refused.ok);
	write_file("questions.md", QUESTIONS);
	poll_banks(&k);
	_cleanup_reply_ struct reply good = begin_own(&k, "exam");
	assert_works(good);
	kit_close(&k);
}

static void test_a_bank_that_goes(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	open_own(&k);
	_cleanup_reply_ struct reply a = begin_own(&k, "exam");
	assert_works(a);
	char gone[160];
	snprintf(gone, sizeof gone, "%s/moved", k.dir);
	assert_int_equal(rename(bank_dir, gone), 0);
	poll_banks(&k);
	_cleanup_reply_ struct reply list = READ(&k, exam_list_json(pr, rd, &who, out, err)), still = show(&k, text_at(&a, "id")),
	                             end = submit(&k, text_at(&a, "id"));
	assert_int_equal(cJSON_GetArraySize(at(list.json, "exams")), 0);
	assert_works(still);
	assert_works(end);
	kit_close(&k);
}

/* A folder that cannot be looked into, as while a disk is away, takes nothing from the catalogue. */
static void test_a_folder_that_is_away(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	struct err bad;
	open_own(&k);
	char away[160];
	snprintf(away, sizeof away, "%s/away", k.dir);
	assert_int_equal(rename(k.bank, away), 0);
	assert_false(catalog_poll(k.pr, kit_put, k.pr, &bad));
	_cleanup_reply_ struct reply list = READ(&k, exam_list_json(pr, rd, &who, out, err)), r = begin_own(&k, "exam");
	assert_int_equal(cJSON_GetArraySize(at(list.json, "exams")), 1);
	assert_works(r);
	assert_int_equal(rename(away, k.bank), 0);
	poll_banks(&k);
	kit_close(&k);
}

static void test_two_banks_with_one_id(void **state)
{
	(void)state;
	struct kit k;
	struct caller who = LOCAL;
	open_own(&k);
	snprintf(bank_dir, sizeof bank_dir, "%s/banks/other", k.dir);
	mkdir(bank_dir, 0700);
	write_file("bank.yml", MANIFEST);
	write_file("questions.md", "Another?\n\n- [x] Yes\n- [ ] No\n");
	poll_banks(&k);
	_cleanup_reply_ struct reply list = READ(&k, exam_list_json(pr, rd, &who, out, err));
	assert_int_equal(cJSON_GetArraySize(at(list.json, "exams")), 1); /* the first one's */
	kit_close(&k);
}

/* Many versions that attempts refer to, more than are kept in memory. */
static void test_many_versions(void **state)
{
	(void)state;
	struct kit k;
	enum { N = 20 };
	char ids[N][RNG_ID_SIZE];
	open_own(&k);
	for (int i = 0; i < N; i++) {
		char text[500], name[20];
		snprintf(text, sizeof text,
		         "## First {#first}\nStem number %d?\n\n- [x] This\n- [ ] That\n\n## Second {#second}\nMore %d?\n\n- [x] A\n- [ ] B\n", i,
		         i);
		write_file("questions.md", text);
		poll_banks(&k);
		snprintf(name, sizeof name, "user%d", i);
		struct caller who = someone(&k, name, 1000);
		_cleanup_reply_ struct reply r = begin_as(&k, &who, "{\"exam\":\"mine/quiz\",\"mode\":\"exam\"}");
		assert_works(r);
		snprintf(ids[i], RNG_ID_SIZE, "%s", text_at(&r, "id"));
	}
	crash(&k, 10);
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < N; i++) {
			struct caller who = {.account = i + 2};
			char expected[40];
			snprintf(expected, sizeof expected, "Stem number %d?", i);
			_cleanup_reply_ struct reply r = READ(&k, attempt_show_json(pr, rd, &who, ids[i], out, err));
			assert_works(r);
			assert_non_null(strstr(r.text, expected));
		}
	kit_close(&k);
}

static void test_pictures(void **state)
{
	(void)state;
	struct kit k;
	const char *mime = NULL;
	char id[RNG_ID_SIZE];
	struct err err;
	kit_open(&k);
	begin_id(&k, "all", "exam", id);
	_cleanup_reply_ struct reply r = show(&k, id);
	const char *link = strstr(r.text, "/media/");
	assert_non_null(link);
	_cleanup_free_ char *hash = xstrndup(link + 7, 64);
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	must(media_get(k.pr, k.rd, hash, &mime, &out, &err), &err);
	assert_string_equal(mime, "image/svg+xml");
	char found[HASH_HEX_SIZE];
	assert_string_equal(hash_sha256_hex(buf_str(&out), found), hash);
	static const char *const wrong[] = {"", "x", "../../etc/passwd", "0000000000000000000000000000000000000000000000000000000000000000",
	                                    "ZZ00000000000000000000000000000000000000000000000000000000000000"};
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_false(media_get(k.pr, k.rd, wrong[i], &mime, &out, &err));
		assert_int_equal(err.code, ERR_NOT_FOUND);
	}
	kit_close(&k);
}

/* Parametrised items get values of their own for each attempt, and keep them. */
static void test_parameters(void **state)
{
	(void)state;
	struct kit k;
	char id[RNG_ID_SIZE];
	if (!getenv("ASSAY_PARAMS") || access(getenv("ASSAY_PARAMS"), X_OK) != 0)
		skip();
	kit_open(&k);
	begin_id(&k, "all", "exam", id);
	_cleanup_reply_ struct reply before = show(&k, id);
	assert_null(strstr(before.text, "@{"));
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	size_t instances = 0;
	for (size_t i = 0; i < fe->form->n_items; i++)
		instances += fe->form->items[i].instance != NULL;
	assert_true(instances > 0);
	crash(&k, 10);
	_cleanup_reply_ struct reply after = show(&k, id);
	assert_string_equal(strstr(after.text, "\"sections\""), strstr(before.text, "\"sections\""));
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_changed_bank),
	    cmocka_unit_test(test_a_broken_bank),
	    cmocka_unit_test(test_a_bank_that_goes),
	    cmocka_unit_test(test_a_folder_that_is_away),
	    cmocka_unit_test(test_two_banks_with_one_id),
	    cmocka_unit_test(test_many_versions),
	    cmocka_unit_test(test_pictures),
	    cmocka_unit_test(test_parameters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
