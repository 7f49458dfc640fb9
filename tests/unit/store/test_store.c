/* Opening, migrating, transactions, and what happens when the storage takes a transaction away. */
#include "kit.h"

#include "store/account.h"

static int64_t pragma(struct store *st, const char *text)
{
	sqlite3_stmt *s;
	assert_int_equal(sqlite3_prepare_v2(st->db, text, -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	int64_t v = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return v;
}

static void test_opening(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	struct stat st;
	assert_int_equal(stat(k.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(pragma(k.wr, "PRAGMA synchronous"), 2); /* FULL */
	assert_int_equal(pragma(k.wr, "PRAGMA foreign_keys"), 1);
	assert_int_equal(pragma(k.wr, "PRAGMA user_version"), store_schema_newest());
	sqlite3_stmt *s;
	assert_int_equal(sqlite3_prepare_v2(k.wr->db, "PRAGMA journal_mode", -1, &s, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	assert_string_equal((const char *)sqlite3_column_text(s, 0), "wal");
	sqlite3_finalize(s);
	/* Every table is strict: a text where a number belongs is refused. */
	assert_int_equal(
	    pragma(
	        k.wr,
	        "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT strict"),
	    0);
	kit_close(&k);
}

static void test_versions(void **state)
{
	(void)state;
	struct kit k;
	struct store *st;
	kit_open(&k);
	MUST(sql_exec(k.wr, "PRAGMA user_version = 99", err));
	MUST_NOT(store_open(k.path, STORE_WRITE, &st, err), ERR_STORE);
	MUST_NOT(store_open(k.path, STORE_READ, &st, err), ERR_STORE);
	MUST(sql_exec(k.wr, "PRAGMA user_version = 0", err));
	MUST_NOT(store_open(k.path, STORE_READ, &st, err), ERR_STORE); /* a reader does not migrate */
	kit_close(&k);
}

static void test_migrating_once(void **state)
{
	(void)state;
	struct kit k;
	struct store *again;
	kit_open(&k);
	MUST(store_open(k.path, STORE_WRITE, &again, err)); /* nothing is created twice */
	store_close(again);
	kit_close(&k);
}

static void test_what_is_no_database(void **state)
{
	(void)state;
	struct kit k;
	struct store *st;
	kit_open(&k);
	char path[128];
	snprintf(path, sizeof path, "%s/other.db", k.dir);
	FILE *f = fopen(path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("this is no database", f);
	fclose(f);
	MUST_NOT(store_open(path, STORE_WRITE, &st, err), ERR_READ_ONLY);
	MUST_NOT(store_open(path, STORE_READ, &st, err), ERR_READ_ONLY);
	snprintf(path, sizeof path, "%s/missing/assay.db", k.dir);
	MUST_NOT(store_open(path, STORE_WRITE, &st, err), ERR_IO);
	kit_close(&k);
}

static void add(struct store *st, const char *name)
{
	struct account_row row = {.role = 1, .extra_time_m = 1000};
	int64_t id;
	snprintf(row.name, sizeof row.name, "%s", name);
	MUST(store_account_add(st, &row, &id, err));
}

static bool there(struct store *st, const char *name)
{
	struct account_row row;
	struct err why;
	return store_account_by_name(st, name, &row, &why);
}

static void test_savepoints(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	MUST(store_begin(k.wr, err));
	uint64_t first = store_first_job(k.wr);
	MUST(store_savepoint(k.wr, err));
	uint64_t one = store_job(k.wr);
	add(k.wr, "one");
	MUST(store_release(k.wr, err));
	MUST(store_savepoint(k.wr, err));
	assert_true(store_job(k.wr) > one && one > first);
	add(k.wr, "two");
	store_rollback_savepoint(k.wr); /* alone */
	MUST(store_savepoint(k.wr, err));
	add(k.wr, "three");
	MUST(store_release(k.wr, err));
	assert_false(there(k.rd, "one")); /* not before the commit */
	MUST(store_commit(k.wr, err));
	assert_true(there(k.rd, "one") && !there(k.rd, "two") && there(k.rd, "three"));
	assert_false(store_in_transaction(k.wr));
	kit_close(&k);
}

/* What SQLite does by itself after some errors: the transaction is gone. Nothing may take what follows for a whole. */
static void test_a_lost_transaction(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	MUST(store_begin(k.wr, err));
	MUST(store_savepoint(k.wr, err));
	add(k.wr, "early");
	MUST(store_release(k.wr, err));
	sqlite3_exec(k.wr->db, "ROLLBACK", NULL, NULL, NULL);
	MUST_NOT(store_savepoint(k.wr, err), ERR_STORE);
	MUST_NOT(store_release(k.wr, err), ERR_STORE);
	store_rollback_savepoint(k.wr);
	MUST_NOT(store_commit(k.wr, err), ERR_STORE);
	MUST(store_begin(k.wr, err));
	add(k.wr, "late");
	MUST(store_commit(k.wr, err));
	assert_true(!there(k.rd, "early") && there(k.rd, "late"));
	kit_close(&k);
}

static void test_a_full_disk(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	add(k.wr, "before");
	int64_t pages = pragma(k.wr, "PRAGMA page_count");
	char text[64];
	snprintf(text, sizeof text, "PRAGMA max_page_count = %lld", (long long)pages);
	MUST(sql_exec(k.wr, text, err));
	MUST(store_begin(k.wr, err));
	struct err why = {0};
	char big[4000];
	memset(big, 'x', sizeof big);
	bool ok = true;
	for (int i = 0; ok && i < 100; i++) {
		sqlite3_stmt *s = sql(k.wr, "INSERT INTO media (hash, mime, bytes) VALUES (:hash, 'x', :bytes)", &why);
		char hash[32];
		snprintf(hash, sizeof hash, "%d", i);
		bind_str(s, ":hash", hash);
		bind_blob(s, ":bytes", (struct str){big, sizeof big});
		ok = sql_run(k.wr, s, &why);
	}
	assert_false(ok);
	assert_int_equal(why.code, ERR_STORE);
	MUST_NOT(store_commit(k.wr, err), ERR_STORE); /* full, and said to be: a later one may work */
	MUST(sql_exec(k.wr, "PRAGMA max_page_count = 100000", err));
	MUST(store_begin(k.wr, err));
	add(k.wr, "after");
	MUST(store_commit(k.wr, err));
	assert_true(there(k.rd, "before") && there(k.rd, "after"));
	assert_int_equal(pragma(k.wr, "SELECT count(*) FROM media"), 0);
	kit_close(&k);
}

static void test_readers_only_read(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	struct account_row row = {.name = "x", .role = 1, .extra_time_m = 1000};
	int64_t id;
	MUST_NOT(store_account_add(k.rd, &row, &id, err), ERR_READ_ONLY);
	kit_close(&k);
}

/* A reader has the view of its transaction's beginning; the writer goes on meanwhile. */
static void test_snapshots(void **state)
{
	(void)state;
	struct kit k;
	kit_open(&k);
	MUST(store_begin(k.rd, err));
	assert_false(there(k.rd, "new"));
	add(k.wr, "new");
	assert_false(there(k.rd, "new"));
	MUST(store_commit(k.rd, err));
	assert_true(there(k.rd, "new"));
	kit_close(&k);
}

static void test_two_writers(void **state)
{
	(void)state;
	struct kit k;
	struct store *other;
	kit_open(&k);
	MUST(store_open(k.path, STORE_WRITE, &other, err));
	sqlite3_busy_timeout(other->db, 1);
	MUST(store_begin(k.wr, err));
	MUST_NOT(store_begin(other, err), ERR_BUSY);
	MUST(store_commit(k.wr, err));
	MUST(store_begin(other, err));
	MUST(store_commit(other, err));
	store_close(other);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_opening),        cmocka_unit_test(test_versions),
	    cmocka_unit_test(test_migrating_once), cmocka_unit_test(test_what_is_no_database),
	    cmocka_unit_test(test_savepoints),     cmocka_unit_test(test_a_lost_transaction),
	    cmocka_unit_test(test_a_full_disk),    cmocka_unit_test(test_readers_only_read),
	    cmocka_unit_test(test_snapshots),      cmocka_unit_test(test_two_writers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
