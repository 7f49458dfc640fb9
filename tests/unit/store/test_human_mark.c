/* Marks by people: those of an only marker, of two who mark blind, and of databases from before there were two. */
#include "kit.h"

#include "base/file.h"
#include "store/human_mark.h"

static bool take_mark(void *arg, const struct human_mark *mark, struct err *err)
{
	(void)err;
	char *text = arg;
	size_t n = strlen(text);
	snprintf(text + n, 400 - n, "%d:%lld:%s:%s:%d:%lld:%s:%s:%lld ", mark->item, (long long)mark->points_m, mark->marker,
	         mark->comment ? mark->comment : "-", mark->part, (long long)mark->account, mark->criteria ? mark->criteria : "-",
	         mark->item_id ? mark->item_id : "-", (long long)mark->max_m);
	return true;
}

static bool take_mark_id(void *arg, const struct human_mark *mark, struct err *err)
{
	(void)err;
	*(int64_t *)arg = mark->id;
	return true;
}

static bool take_count(void *arg, const char *bank_id, const char *exam, const char *item_id, int64_t n, struct err *err)
{
	(void)err;
	char *text = arg;
	size_t len = strlen(text);
	snprintf(text + len, 400 - len, "%s/%s.%s:%lld ", bank_id, exam, item_id, (long long)n);
	return true;
}

static bool take_blind(void *arg, int64_t attempt, const char *bank_id, const char *exam, const struct human_mark *mark, struct err *err)
{
	(void)err;
	char *text = arg;
	size_t len = strlen(text);
	snprintf(text + len, 400 - len, "%lld %s/%s %s %lld ", (long long)attempt, bank_id, exam, mark->marker, (long long)mark->points_m);
	return true;
}

/* A database of version 6 with marks in it: they are there as an only marker's, and say no more than they did. */
static void test_marks_from_before(void **state)
{
	(void)state;
	struct kit k;
	struct store *old;
	char text[400] = "";
	kit_open(&k);
	store_close(k.rd);
	store_close(k.wr);
	assert_int_equal(remove(k.path), 0);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(k.path, &db), SQLITE_OK);
	for (int n = 1; n <= 6; n++) {
		_cleanup_free_ char *path = xasprintf("%s/engine/store/sql/%03d.sql", getenv("ASSAY_SOURCE_ROOT"), n);
		_cleanup_buf_ struct buf migration = BUF(1 << 20);
		MUST(file_read(path, 1 << 20, &migration, err));
		assert_int_equal(sqlite3_exec(db, migration.p, NULL, NULL, NULL), SQLITE_OK);
	}
	assert_int_equal(sqlite3_exec(db,
	                              "PRAGMA user_version = 6; INSERT INTO human_mark (attempt, item, points_m, marker, comment, at_ms) "
	                              "VALUES (1, 3, 500, 'ada', 'why', 1), (1, 3, 750, 'grace', NULL, 2)",
	                              NULL, NULL, NULL),
	                 SQLITE_OK);
	sqlite3_close(db);
	MUST(store_open(k.path, STORE_WRITE, &old, err));
	MUST(store_human_mark_each(old, 1, take_mark, text, err));
	assert_string_equal(text, "3:500:ada:why:0:0:-:-:0 3:750:grace:-:0:0:-:-:0 ");
	k.wr = old;
	k.rd = NULL;
	kit_close(&k);
}

/* Also those from before version 8, which say less. */
static void test_marks(void **state)
{
	(void)state;
	struct kit k;
	char text[400] = "";
	int64_t last;
	kit_open(&k);
	struct attempt_row row = kit_attempt(&k, "aaaa");
	MUST(sql_exec(k.wr, "INSERT INTO human_mark (attempt, item, points_m, marker, comment, at_ms) VALUES (1, 3, 500, 'ada', 'why', 1)",
	              err));
	const struct human_mark blind = {.item = 3,
	                                 .points_m = 750,
	                                 .at_ms = 2,
	                                 .marker = "Grace",
	                                 .part = 1,
	                                 .account = 1,
	                                 .criteria = "[750]",
	                                 .item_id = "e-1",
	                                 .max_m = 1000};
	MUST(store_human_mark_add(k.wr, row.key, &blind, err));
	MUST(store_human_mark_each(k.rd, row.key, take_mark, text, err));
	assert_string_equal(text, "3:500:ada:why:0:0:-:-:0 3:750:Grace:-:1:1:[750]:e-1:1000 ");
	text[0] = 0;
	MUST(store_human_mark_counts(k.rd, "grace", take_count, text, err));
	MUST(store_human_mark_counts(k.rd, "ada", take_count, text, err)); /* of which question is not known */
	assert_string_equal(text, "bank/exam.e-1:1 ");
	text[0] = 0;
	MUST(store_human_mark_blind(k.rd, take_blind, text, err));
	assert_string_equal(text, ""); /* there is no result yet */
	MUST(sql_exec(k.wr, "UPDATE attempt SET phase = 2", err));
	MUST(store_human_mark_blind(k.rd, take_blind, text, err));
	assert_string_equal(text, "1 bank/exam Grace 750 ");
	MUST(store_human_mark_each(k.rd, row.key, take_mark_id, &last, err));
	MUST(store_human_mark_withdraw(k.wr, last, 9, err));
	text[0] = 0;
	MUST(store_human_mark_each(k.rd, row.key, take_mark, text, err));
	MUST(store_human_mark_counts(k.rd, "grace", take_count, text, err));
	MUST(store_human_mark_blind(k.rd, take_blind, text, err));
	assert_string_equal(text, "3:500:ada:why:0:0:-:-:0 ");
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_marks), cmocka_unit_test(test_marks_from_before)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
