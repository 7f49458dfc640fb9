/* Two blind markers, a third, decisions: who may mark what, who sees what, and what the result says of it. */
#include "kit.h"

#include "proctor/audit.h"
#include "proctor/marking.h"
#include <sqlite3.h>

static char bank_dir[] = "/tmp/assay-bank-XXXXXX";
static char id[RNG_ID_SIZE], essay[8], free_essay[8];
static struct caller candidate;

static void put_file(const char *name, const char *text)
{
	char path[200];
	struct err err;
	snprintf(path, sizeof path, "%s/%s", bank_dir, name);
	char *slash = strrchr(path, '/');
	*slash = 0;
	(void)mkdir(path, 0755);
	*slash = '/';
	must(file_write_durable(path, str_of(text), 0644, &err), &err);
}

static int make_bank(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(bank_dir));
	put_file("bank.yml", "id: essays\ntitle: Essays\n");
	put_file("questions/e.md",
	         "## First {#e-1}\n```yaml item\ntype: essay\npoints: 10\n```\nWhy?\n\n### Rubric\n"
	         "| Criterion | Points | Full marks when |\n|---|---|---|\n| Depth | 3 | RUBRIC-TEXT deep |\n| Form | 2 | clear |\n\n"
	         "## Second {#e-2}\n```yaml item\ntype: essay\npoints: 4\n```\nHow?\n\n### Rubric\nAs a whole.\n");
	put_file("exams/two.yml", "items: 2\nessays: true\nscoring: {method: percent, cut: 50}\nreport: {show: questions}\n"
	                          "marking: {markers: 2, tolerance: 1}\n");
	put_file("exams/one.yml", "items: 2\nessays: true\nscoring: {method: percent, cut: 50}\nreport: {show: questions}\n");
	return 0;
}

static int drop_bank(void **state)
{
	(void)state;
	nftw(bank_dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}

static struct caller account(struct kit *k, const char *name, enum role role)
{
	struct caller who = someone(k, name, 1000);
	who.role = role;
	return who;
}

/* An ended attempt of a candidate named "cand" (NULL: of the one local person), whose two essays wait. */
static void open_exam(struct kit *k, const char *exam, const char *name)
{
	char body[100];
	kit_open_bank(k, bank_dir, false);
	candidate = name ? account(k, name, ROLE_CANDIDATE) : LOCAL;
	snprintf(body, sizeof body, "{\"exam\":\"essays/%s\",\"mode\":\"exam\"}", exam);
	_cleanup_reply_ struct reply r = begin_as(k, &candidate, body);
	assert_works(r);
	snprintf(id, sizeof id, "%s", text_at(&r, "id"));
	candidate.lease = (int64_t)number_at(&r, "lease");
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(k, id);
	memcpy(essay, fe->form->items[index_of(fe, "e-1")].id, 8);
	memcpy(free_essay, fe->form->items[index_of(fe, "e-2")].id, 8);
	_cleanup_reply_ struct reply one = answer_as(k, &candidate, id, essay, "{\"seq\":1,\"response\":{\"text\":\"ANSWER-ONE\"}}");
	_cleanup_reply_ struct reply two = answer_as(k, &candidate, id, free_essay, "{\"seq\":1,\"response\":{\"text\":\"ANSWER-TWO\"}}");
	assert_works(one);
	assert_works(two);
	_cleanup_reply_ struct reply end = WRITE(k, attempt_submit(pr, wr, &candidate, id, out, err));
	assert_works(end);
}

static struct reply give(struct kit *k, const struct marking *m)
{
	struct marking_done done;
	return WRITE(k, marking_give(pr, wr, m, &done, err) && (buf_addf(out, "{\"points_m\":%lld,\"left\":%d,\"undo\":%s}",
	                                                                 (long long)done.points_m, done.left, done.undo ? "true" : "false"),
	                                                        true));
}

static struct reply shell(struct kit *k, const char *item, int64_t points_m, const char *by)
{
	return give(k, &(struct marking){.attempt = id, .item = item, .points_m = points_m, .marker = by});
}

static struct reply page(struct kit *k, const struct caller *who, const char *item, const char *body)
{
	_cleanup_json_ cJSON *json = json_of(body);
	return WRITE(k, marking_put_json(pr, wr, who, id, item, json, out, err));
}

static struct reply undo(struct kit *k, const struct caller *who, const char *item)
{
	return WRITE(k, marking_delete(pr, wr, who, id, item, err) && (buf_adds(out, "{}"), true));
}

static struct reply queue(struct kit *k, const struct caller *who)
{
	return READ(k, marking_queue_json(pr, rd, who, out, err));
}

/* The newest whole result. */
static struct reply document(struct kit *k)
{
	struct attempt_row row;
	struct result_row result;
	struct err bad;
	must(store_attempt_get(k->rd, id, &row, &bad), &bad);
	return READ(k, store_result_get(rd, row.key, &result, out, NULL, err));
}

static struct reply public_result(struct kit *k)
{
	return READ(k, result_signed(pr, rd, &candidate, id, out, err));
}

static void finding(void *arg, const char *text)
{
	(void)arg;
	fail_msg("%s", text);
}

static void audit_finds_nothing(struct kit *k)
{
	struct audit audit;
	struct err bad;
	must(audit_run(k->rd, finding, NULL, &audit, &bad), &bad);
}

static void assert_says(const struct reply *r, const char *what, bool wanted)
{
	if (!strstr(r->text, what) == wanted)
		fail_msg("%s %s: %.3000s", wanted ? "no" : "there is", what, r->text);
}

/* ---- Two markers ---- */

static void test_two_agree(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "two", "cand");
	_cleanup_reply_ struct reply a = shell(&k, essay, 6000, "ada"), b = shell(&k, essay, 7000, "ben");
	assert_works(a);
	assert_works(b);
	assert_true(number_at(&a, "left") == 2 && number_at(&b, "left") == 1);
	_cleanup_reply_ struct reply c = shell(&k, free_essay, 4000, "ada"), d = shell(&k, free_essay, 4000, "ben");
	assert_works(c);
	assert_works(d);
	assert_int_equal(number_at(&d, "left"), 0);
	_cleanup_reply_ struct reply doc = document(&k), shown = public_result(&k);
	assert_int_equal(number_at(&doc, "score.points_m"), 6500 + 4000);
	assert_int_equal(number_at(&doc, "marking.answers"), 2);
	assert_int_equal(number_at(&doc, "marking.markers"), 2);
	assert_int_equal(number_at(&doc, "marking.two"), 2);
	assert_int_equal(number_at(&doc, "marking.third"), 0);
	assert_int_equal(number_at(&doc, "marking.tolerance.points_m"), 1000);
	assert_says(&doc, "\"by\":\"ada\"", true);
	assert_int_equal(number_at(&shown, "payload.marking.two"), 2);
	assert_string_equal(text_at(&shown, "payload.items.0.marking.how"), "two");
	assert_says(&shown, "\"marking\":{\"answers\"", true);
	assert_says(&shown, "\"by\"", false); /* the candidate's copy names no marker */
	bool pending;
	_cleanup_reply_ struct reply r = READ(&k, result_json(pr, rd, &candidate, id, &pending, out, err));
	assert_int_equal(number_at(&r, "marking.tolerance.points"), 1);
	assert_string_equal(text_at(&r, "items.0.marked_by"), "two");
	audit_finds_nothing(&k);
	kit_close(&k);
}

static void test_a_third_decides(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "two", "cand");
	_cleanup_reply_ struct reply a = shell(&k, essay, 2000, "ada"), b = shell(&k, essay, 3001, "ben");
	assert_works(a);
	assert_works(b);
	assert_int_equal(number_at(&b, "left"), 2);
	/* Nobody is two markers, however the name is written. */
	_cleanup_reply_ struct reply again = shell(&k, essay, 3000, "ada"), other = shell(&k, essay, 3000, " BEN ");
	assert_fails(again, ERR_CONFLICT);
	assert_fails(other, ERR_CONFLICT);
	/* The third sees what the first saw. */
	_cleanup_reply_ struct reply list = READ(&k, marking_list_for(pr, rd, NULL, "cyd", out, err)),
	                             mine = READ(&k, marking_list_for(pr, rd, NULL, "Ada", out, err));
	assert_int_equal(cJSON_GetArraySize(at(list.json, "attempts.0.items")), 2);
	assert_says(&list, "\"marks\":[]", true);
	assert_says(&list, "3.001", false);
	assert_says(&list, "cand", false);
	assert_int_equal(cJSON_GetArraySize(at(mine.json, "attempts.0.items")), 1);
	_cleanup_reply_ struct reply c = shell(&k, essay, 9000, "cyd");
	assert_works(c);
	assert_int_equal(number_at(&c, "left"), 1);
	_cleanup_reply_ struct reply late = shell(&k, essay, 9000, "dan");
	assert_fails(late, ERR_CONFLICT);
	_cleanup_reply_ struct reply d = shell(&k, free_essay, 1000, "ada"), e = shell(&k, free_essay, 2000, "ben"), doc = document(&k);
	assert_works(d);
	assert_works(e);
	assert_int_equal(number_at(&doc, "score.points_m"), 9000 + 1500);
	assert_int_equal(number_at(&doc, "marking.third"), 1);
	assert_int_equal(number_at(&doc, "marking.two"), 1);
	assert_says(&doc, "\"as\":\"third\"", true);
	audit_finds_nothing(&k);
	kit_close(&k);
}

static void test_decisions(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "two", "cand");
	_cleanup_reply_ struct reply a = shell(&k, essay, 2000, "ada"), b = shell(&k, essay, 2000, "ben"), c = shell(&k, free_essay, 0, "ada"),
	                             d = shell(&k, free_essay, 0, "ben"), first = document(&k);
	assert_works(d);
	_cleanup_reply_ struct reply no = shell(&k, essay, 9000, "ada"), stranger = shell(&k, essay, 9000, "cyd");
	assert_fails(no, ERR_CONFLICT);
	assert_fails(stranger, ERR_CONFLICT);
	const struct marking m = {.attempt = id, .item = essay, .points_m = 8000, .marker = "ada", .comment = "appeal", .decide = true};
	_cleanup_reply_ struct reply decided = give(&k, &m), second = document(&k);
	assert_works(decided);
	assert_int_equal(number_at(&first, "number"), 1);
	assert_int_equal(number_at(&second, "number"), 2);
	assert_int_equal(number_at(&second, "score.points_m"), 8000);
	assert_int_equal(number_at(&second, "marking.decision"), 1);
	_cleanup_reply_ struct reply plain = shell(&k, essay, 1000, "dan");
	assert_fails(plain, ERR_CONFLICT);
	audit_finds_nothing(&k);
	kit_close(&k);
}

/* ---- By criterion ---- */

static void test_criteria(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "one", "cand");
	const int64_t given[] = {1500, 2000, 0}, more[] = {3001, 0};
	struct marking m = {.attempt = id, .item = essay, .marker = "ada", .criteria_m = given, .n_criteria = 3};
	_cleanup_reply_ struct reply three = give(&k, &m);
	assert_fails(three, ERR_INVALID);
	m.n_criteria = 2;
	_cleanup_reply_ struct reply two = give(&k, &m);
	assert_works(two);
	assert_int_equal(number_at(&two, "points_m"), 7000); /* 3.5 of 5, of a question worth 10 */
	m.criteria_m = more;
	_cleanup_reply_ struct reply high = give(&k, &m);
	assert_fails(high, ERR_INVALID);
	m.item = free_essay;
	_cleanup_reply_ struct reply whole = give(&k, &m);
	assert_fails(whole, ERR_INVALID); /* its rubric has no points */
	_cleanup_reply_ struct reply list = READ(&k, marking_list_json(pr, rd, id, out, err));
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	char path[60];
	snprintf(path, sizeof path, "attempts.0.items.%zu.marks.0.criteria_m.1", index_of(fe, "e-1"));
	assert_int_equal(number_at(&list, path), 2000);
	kit_close(&k);
}

/* ---- On the page ---- */

static void test_blind_queue(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "two", "cand");
	struct caller ada = account(&k, "ada", ROLE_EXAMINER), ben = account(&k, "ben", ROLE_EXAMINER), cyd = account(&k, "cyd", ROLE_OPERATOR);
	_cleanup_reply_ struct reply before = queue(&k, &cyd), look = READ(&k, marking_answer_json(pr, rd, &cyd, id, essay, out, err));
	assert_works(before);
	assert_works(look);
	assert_int_equal(number_at(&before, "waiting"), 2);
	assert_says(&look, "RUBRIC-TEXT", true);
	assert_string_equal(text_at(&look, "response.text"), "ANSWER-ONE");
	assert_says(&look, "cand", false);
	_cleanup_reply_ struct reply a = page(&k, &ada, essay, "{\"criteria\":[3,2],\"comment\":\"COMMENT-OF-ADA\"}");
	assert_works(a);
	assert_int_equal(number_at(&a, "points"), 10);
	assert_true(cJSON_IsTrue(at(a.json, "undo")));
	_cleanup_reply_ struct reply of_ada = queue(&k, &ada), again = READ(&k, marking_answer_json(pr, rd, &ada, id, essay, out, err));
	assert_int_equal(number_at(&of_ada, "waiting"), 1);
	assert_int_equal(number_at(&of_ada, "groups.0.marked"), 0); /* e-1 does not wait for her, e-2 she has not marked */
	assert_fails(again, ERR_CONFLICT);
	_cleanup_reply_ struct reply b = page(&k, &ben, essay, "{\"points\":0}");
	assert_works(b);
	assert_true(cJSON_IsFalse(at(b.json, "undo")));
	/* Byte for byte what the first was shown. */
	_cleanup_reply_ struct reply after = queue(&k, &cyd), third = READ(&k, marking_answer_json(pr, rd, &cyd, id, essay, out, err));
	assert_string_equal(before.text, after.text);
	assert_string_equal(look.text, third.text);
	_cleanup_reply_ struct reply c = page(&k, &cyd, essay, "{\"points\":5}"), late = page(&k, &cyd, essay, "{\"points\":6}");
	assert_works(c);
	assert_fails(late, ERR_CONFLICT);
	static const char *const bad[] = {"{}",
	                                  "{\"points\":1,\"criteria\":[1,1]}",
	                                  "{\"points\":\"1\"}",
	                                  "{\"points\":0.0001}",
	                                  "{\"points\":5}",
	                                  "{\"points\":-1}",
	                                  "{\"criteria\":[]}",
	                                  "{\"criteria\":[1,null]}",
	                                  "{\"points\":1,\"by\":\"ben\"}"};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_reply_ struct reply r = page(&k, &ada, free_essay, bad[i]);
		assert_fails(r, ERR_INVALID);
	}
	kit_close(&k);
}

static void test_taking_back(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "two", "cand");
	struct caller ada = account(&k, "ada", ROLE_EXAMINER), ben = account(&k, "ben", ROLE_EXAMINER);
	_cleanup_reply_ struct reply none = undo(&k, &ada, essay);
	assert_fails(none, ERR_NOT_FOUND);
	_cleanup_reply_ struct reply a = page(&k, &ada, essay, "{\"points\":1}"), back = undo(&k, &ada, essay), waits = queue(&k, &ada);
	assert_works(a);
	assert_works(back);
	assert_int_equal(number_at(&waits, "waiting"), 2);
	_cleanup_reply_ struct reply twice = undo(&k, &ada, essay), b = page(&k, &ada, essay, "{\"points\":8}"),
	                             changed = page(&k, &ada, essay, "{\"points\":9}"), of_ben = undo(&k, &ben, essay);
	assert_fails(twice, ERR_NOT_FOUND);
	assert_works(b);
	assert_works(changed); /* nobody else has marked it */
	assert_fails(of_ben, ERR_NOT_FOUND);
	_cleanup_reply_ struct reply c = page(&k, &ben, essay, "{\"points\":2}"), too_late = undo(&k, &ada, essay),
	                             mine = undo(&k, &ben, essay), over = page(&k, &ada, essay, "{\"points\":2}");
	assert_works(c);
	assert_fails(too_late, ERR_CONFLICT);
	assert_fails(mine, ERR_CONFLICT); /* or it could be tried out how far from the other's it is */
	assert_fails(over, ERR_CONFLICT);
	kit_close(&k);
}

/* With one marker: somebody else's mark stands, one's own may be changed after the result, too. */
static void test_one_marker(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "one", "cand");
	struct caller ada = account(&k, "ada", ROLE_EXAMINER), ben = account(&k, "ben", ROLE_EXAMINER);
	_cleanup_reply_ struct reply a = page(&k, &ada, essay, "{\"points\":1}"), b = page(&k, &ben, essay, "{\"points\":2}"),
	                             c = page(&k, &ada, free_essay, "{\"points\":4}"), first = document(&k), back = undo(&k, &ada, essay),
	                             d = page(&k, &ada, essay, "{\"points\":3}"), second = document(&k);
	assert_works(a);
	assert_fails(b, ERR_CONFLICT);
	assert_works(c);
	assert_true(cJSON_IsFalse(at(c.json, "undo")));
	assert_fails(back, ERR_CONFLICT);
	assert_works(d);
	assert_int_equal(number_at(&first, "score.points_m"), 5000);
	assert_int_equal(number_at(&second, "score.points_m"), 7000);
	assert_int_equal(number_at(&second, "marking.one"), 2);
	assert_true(cJSON_IsFalse(at(second.json, "marking.self")));
	kit_close(&k);
}

/* Each change after the result makes another one and an entry in the log: ten marks of an answer a day from the pages. */
static void test_marks_a_day(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "one", "cand");
	struct caller ada = account(&k, "ada", ROLE_EXAMINER);
	for (int i = 0; i < 12; i++) { /* nothing is made of these yet */
		_cleanup_reply_ struct reply early = page(&k, &ada, essay, "{\"points\":1}");
		assert_works(early);
	}
	pass(24 * 3600000LL);
	_cleanup_reply_ struct reply last = page(&k, &ada, free_essay, "{\"points\":4}");
	assert_works(last);
	for (int i = 0; i < 10; i++) {
		_cleanup_reply_ struct reply again = page(&k, &ada, essay, "{\"points\":2}");
		assert_works(again);
		pass(3600000);
	}
	_cleanup_reply_ struct reply much = page(&k, &ada, essay, "{\"points\":3}"), other = page(&k, &ada, free_essay, "{\"points\":3}");
	assert_fails(much, ERR_RATE_LIMIT);
	assert_non_null(strstr(much.err.msg, "10 times"));
	assert_works(other);
	_cleanup_reply_ struct reply operators = shell(&k, essay, 3000, "ada");
	assert_works(operators);
	pass(15 * 3600000LL);
	_cleanup_reply_ struct reply later = page(&k, &ada, essay, "{\"points\":4}");
	assert_works(later);
	kit_close(&k);
}

/* ---- Nobody marks themselves ---- */

static void test_own_answers(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "two", "ada");
	candidate.role = ROLE_EXAMINER; /* an examiner who sat the exam */
	_cleanup_reply_ struct reply none = queue(&k, &candidate),
	                             look = READ(&k, marking_answer_json(pr, rd, &candidate, id, essay, out, err)),
	                             mark = page(&k, &candidate, essay, "{\"points\":9}"), by_name = shell(&k, essay, 9000, "Ada"),
	                             list = READ(&k, marking_list_for(pr, rd, NULL, "ada", out, err)),
	                             one = READ(&k, marking_list_for(pr, rd, id, "ada", out, err));
	assert_int_equal(number_at(&none, "waiting"), 0);
	assert_fails(look, ERR_NOT_FOUND);
	assert_fails(mark, ERR_NOT_FOUND);
	assert_fails(by_name, ERR_FORBIDDEN);
	assert_int_equal(cJSON_GetArraySize(at(list.json, "attempts")), 0);
	assert_fails(one, ERR_FORBIDDEN);
	kit_close(&k);
}

/* Without accounts there is one person. They may be the one marker, and the result says so; they are never two. */
static void test_one_local_person(void **state)
{
	(void)state;
	struct kit k;
	struct caller local = LOCAL;
	open_exam(&k, "one", NULL);
	_cleanup_reply_ struct reply waits = queue(&k, &local), a = page(&k, &local, essay, "{\"points\":10}"),
	                             b = page(&k, &local, free_essay, "{\"points\":4}"), shown = public_result(&k);
	assert_int_equal(number_at(&waits, "waiting"), 2);
	assert_works(a);
	assert_works(b);
	assert_true(cJSON_IsTrue(at(shown.json, "payload.marking.self")));
	kit_close(&k);
	open_exam(&k, "two", NULL);
	_cleanup_reply_ struct reply nameless = queue(&k, &local), no = page(&k, &local, essay, "{\"points\":10}"),
	                             look = READ(&k, marking_answer_json(pr, rd, &local, id, essay, out, err)),
	                             by_name = shell(&k, essay, 9000, "ada");
	assert_int_equal(number_at(&nameless, "waiting"), 0);
	assert_int_equal(number_at(&nameless, "nameless"), 2);
	assert_fails(no, ERR_CONFLICT);
	assert_fails(look, ERR_CONFLICT);
	assert_works(by_name);
	kit_close(&k);
}

/* ---- Old marks, agreement ---- */

/* As they were stored before version 8: they count as before, and can be changed as before. */
static void test_old_marks(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "one", "cand");
	struct attempt_row row;
	struct err bad;
	must(store_attempt_get(k.rd, id, &row, &bad), &bad);
	_cleanup_(form_entry_unrefp) struct form_entry *fe = form_of(&k, id);
	const struct human_mark old = {.item = (int)index_of(fe, "e-1"), .points_m = 6000, .at_ms = 1, .marker = "ada"};
	must(store_human_mark_add(proctor_writer_store(k.pr), row.key, &old, &bad), &bad);
	_cleanup_reply_ struct reply b = shell(&k, free_essay, 0, "ben"), first = document(&k),
	                             agreement = READ(&k, marking_agreement_json(pr, rd, out, err));
	assert_works(b);
	assert_int_equal(number_at(&first, "score.points_m"), 6000);
	assert_int_equal(cJSON_GetArraySize(at(agreement.json, "lines")), 0);
	_cleanup_reply_ struct reply c = shell(&k, essay, 7000, "ben"), second = document(&k);
	assert_works(c);
	assert_int_equal(number_at(&second, "score.points_m"), 7000);
	kit_close(&k);
}

static void test_agreement(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "two", "cand");
	_cleanup_reply_ struct reply a = shell(&k, essay, 2000, "ben"), b = shell(&k, essay, 9000, "ada"),
	                             c = shell(&k, free_essay, 4000, "ada"), d = shell(&k, free_essay, 4000, "ben"),
	                             early = READ(&k, marking_agreement_json(pr, rd, out, err));
	assert_works(d);
	assert_int_equal(cJSON_GetArraySize(at(early.json, "lines")), 0); /* the third still marks */
	_cleanup_reply_ struct reply e = shell(&k, essay, 5000, "cyd"), r = READ(&k, marking_agreement_json(pr, rd, out, err));
	assert_works(e);
	assert_int_equal(cJSON_GetArraySize(at(r.json, "lines")), 6); /* the exam, two questions; the pair, twice by question */
	assert_string_equal(text_at(&r, "lines.0.exam"), "essays/two");
	assert_int_equal(number_at(&r, "lines.0.n"), 2);
	assert_true(number_at(&r, "lines.0.observed") == 0.5);
	assert_true(cJSON_IsNull(at(r.json, "lines.0.max"))); /* 10 and 4 points */
	assert_string_equal(text_at(&r, "lines.3.markers.0"), "ada");
	/* By name: ada gave 90 % and 100 %, ben 20 % and 100 %. */
	assert_int_equal(number_at(&r, "lines.3.matrix.labels.0"), 20);
	assert_int_equal(number_at(&r, "lines.3.matrix.counts.1.0"), 1);
	assert_int_equal(number_at(&r, "lines.3.matrix.counts.2.2"), 1);
	assert_says(&r, "cyd", false);
	assert_says(&r, "cand", false);
	kit_close(&k);
}

/* ---- Ceilings ---- */

static void change_sql(const struct kit *k, const char *text)
{
	_cleanup_free_ char *path = xasprintf("%s/assay.db", k->dir);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", text, sqlite3_errmsg(db));
	sqlite3_close(db);
}

/* The attempt again, under other ids, until there are n of them. */
static void copy_attempt(const struct kit *k, int n)
{
	_cleanup_buf_ struct buf sql = BUF(1u << 16);
	buf_addf(&sql,
	         "BEGIN; CREATE TEMP TABLE n AS WITH RECURSIVE c (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM c WHERE n < %d) SELECT n FROM c;",
	         n);
	static const char *const tables[] = {"attempt", "form", "event"};
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		const char *t = tables[i], *key = i ? "attempt" : "key";
		buf_addf(&sql,
		         "CREATE TEMP TABLE copy_%s AS SELECT n.n AS copy_n, t.* FROM %s t, n WHERE t.%s = 1;"
		         "UPDATE copy_%s SET %s = copy_n%s; ALTER TABLE copy_%s DROP COLUMN copy_n; INSERT INTO %s SELECT * FROM copy_%s;",
		         t, t, key, t, key, i ? "" : ", id = substr(id, 1, 21) || printf('%05d', copy_n)", t, t, t);
	}
	buf_adds(&sql, "COMMIT;");
	change_sql(k, sql.p);
}

/* A list that does not hold all of it says so. */
static void test_there_is_more(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "one", "cand");
	struct caller ada = account(&k, "ada", ROLE_EXAMINER);
	copy_attempt(&k, 200);
	_cleanup_reply_ struct reply list = READ(&k, marking_list_json(pr, rd, NULL, out, err)), waits = queue(&k, &ada);
	assert_works(list);
	assert_works(waits);
	assert_int_equal(cJSON_GetArraySize(at(list.json, "attempts")), 200);
	assert_true(cJSON_IsFalse(at(list.json, "more")));
	assert_int_equal(number_at(&waits, "waiting"), 400);
	assert_true(cJSON_IsFalse(at(waits.json, "more")));
	kit_close(&k);
	open_exam(&k, "one", "cand");
	ada = account(&k, "ada", ROLE_EXAMINER);
	copy_attempt(&k, 501);
	_cleanup_reply_ struct reply longer = READ(&k, marking_list_json(pr, rd, NULL, out, err)), more = queue(&k, &ada);
	assert_int_equal(cJSON_GetArraySize(at(longer.json, "attempts")), 200);
	assert_true(cJSON_IsTrue(at(longer.json, "more")));
	assert_int_equal(number_at(&more, "waiting"), 1000);
	assert_true(cJSON_IsTrue(at(more.json, "more")));
	kit_close(&k);
}

/* Of 1000 questions with a pair each: the exam, the questions, the pair; the questions by pair are cut. */
static void test_more_agreement(void **state)
{
	(void)state;
	struct kit k;
	open_exam(&k, "two", "cand");
	_cleanup_reply_ struct reply a = shell(&k, essay, 2000, "ben"), b = shell(&k, essay, 2000, "ada"),
	                             c = shell(&k, free_essay, 4000, "ada"), d = shell(&k, free_essay, 4000, "ben");
	assert_works(d);
	for (int n = 999; n <= 1000; n++) {
		_cleanup_free_ char *sql =
		    xasprintf("DELETE FROM human_mark;"
		              "INSERT INTO human_mark (attempt, item, points_m, marker, at_ms, part, item_id, max_m) "
		              "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < %d) "
		              "SELECT 1, n, 1000, marker, 1, 1, 'q-' || n, 2000 FROM c, (SELECT 'ada' AS marker UNION SELECT 'ben')",
		              n);
		change_sql(&k, sql);
		_cleanup_reply_ struct reply r = READ(&k, marking_agreement_json(pr, rd, out, err));
		assert_works(r);
		assert_int_equal(cJSON_GetArraySize(at(r.json, "lines")), 2000);
		assert_int_equal(cJSON_IsTrue(at(r.json, "more")), n == 1000);
	}
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_two_agree),   cmocka_unit_test(test_a_third_decides), cmocka_unit_test(test_decisions),
	    cmocka_unit_test(test_criteria),    cmocka_unit_test(test_blind_queue),     cmocka_unit_test(test_taking_back),
	    cmocka_unit_test(test_one_marker),  cmocka_unit_test(test_own_answers),     cmocka_unit_test(test_one_local_person),
	    cmocka_unit_test(test_old_marks),   cmocka_unit_test(test_agreement),       cmocka_unit_test(test_there_is_more),
	    cmocka_unit_test(test_marks_a_day), cmocka_unit_test(test_more_agreement),
	};
	return cmocka_run_group_tests(tests, make_bank, drop_bank);
}
