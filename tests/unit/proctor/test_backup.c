/* Backups: made while the server runs, checked, restored; damage and forgery are noticed, and nothing is overwritten. */
#include "kit.h"

#include "proctor/backup.h"
#include <fcntl.h>
#include <sqlite3.h>

static char id[RNG_ID_SIZE], backup[100], target[100];

static void open_with_result(struct kit *k)
{
	kit_open(k);
	begin_id(k, "all", "exam", id);
	answer_right(k, id, 5);
	_cleanup_reply_ struct reply end = submit(k, id);
	assert_works(end);
	begin_id(k, "late", "exam", id); /* one that runs */
	snprintf(backup, sizeof backup, "%s/backup", k->dir);
	snprintf(target, sizeof target, "%s/target", k->dir);
}

static void test_round_trip(void **state)
{
	(void)state;
	struct kit k;
	struct backup_summary sum;
	struct err err;
	struct stat st;
	open_with_result(&k);
	pass(MS_MINUTE);
	tick(&k);
	must(backup_make(k.dir, backup, true, &sum, &err), &err);
	assert_true(sum.passphrase && sum.attempts == 2 && sum.results == 1 && sum.size > 4096);
	assert_int_equal(stat(backup, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_false(backup_make(k.dir, backup, false, &sum, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	must(backup_check(backup, &sum, &err), &err);
	/* The attempt goes on in the restored folder, where it was at the time of the backup. */
	_cleanup_reply_ struct reply before = show(&k, id);
	must(backup_restore(backup, target, &sum, &err), &err);
	assert_false(backup_restore(backup, target, &sum, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	kit_stop(&k);
	pass(MS_HOUR);
	struct kit other = k;
	other.config.data_dir = target;
	kit_start(&other);
	_cleanup_reply_ struct reply after = show(&other, id);
	assert_works(after);
	assert_in_range(number_at(&after, "clock.left_ms"), number_at(&before, "clock.left_ms") - 1,
	                number_at(&before, "clock.left_ms") + 1000);
	assert_string_equal(strstr(after.text, "\"sections\""), strstr(before.text, "\"sections\""));
	kit_close(&other);
}

static void test_what_is_there_stays(void **state)
{
	(void)state;
	struct kit k;
	struct backup_summary sum;
	struct err err;
	open_with_result(&k);
	must(backup_make(k.dir, backup, false, &sum, &err), &err);
	assert_int_equal(mkdir(target, 0700), 0);
	must(backup_restore(backup, target, &sum, &err), &err); /* an empty folder will do */
	char file[120];
	snprintf(file, sizeof file, "%s2", target);
	int fd = open(file, O_CREAT | O_WRONLY, 0600);
	close(fd);
	assert_false(backup_restore(backup, file, &sum, &err)); /* a file will not */
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_false(backup_make(backup + 1, target, false, &sum, &err));
	assert_false(backup_check(target, &sum, &err)); /* a data folder is no backup */
	kit_close(&k);
}

static void change_database(const char *text)
{
	sqlite3 *db;
	char path[120];
	snprintf(path, sizeof path, "%s/assay.db", backup);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

/* Makes the manifest agree with the changed database: what a forger would do. */
static void forge_manifest(void)
{
	char path[120], hash[HASH_HEX_SIZE];
	struct err err;
	_cleanup_buf_ struct buf db = BUF(64 << 20), text = BUF(65536), out = BUF(65536);
	_cleanup_json_ cJSON *m = NULL;
	snprintf(path, sizeof path, "%s/assay.db", backup);
	must(file_read(path, 64 << 20, &db, &err), &err);
	snprintf(path, sizeof path, "%s/manifest.json", backup);
	must(file_read(path, 65536, &text, &err) && json_parse(buf_str(&text), &m, &err), &err);
	cJSON *entry = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(m, "files"), "assay.db");
	cJSON_SetValuestring(cJSON_GetObjectItemCaseSensitive(entry, "sha256"), hash_sha256_hex(buf_str(&db), hash));
	json_print(m, &out);
	must(file_write_durable(path, buf_str(&out), 0600, &err), &err);
}

static void test_damage(void **state)
{
	(void)state;
	static const char *const names[] = {"assay.db", "keys/secret.key", "manifest.json"};
	for (size_t i = 0; i < ARRAY_SIZE(names) * 2; i++) {
		struct kit k;
		struct backup_summary sum;
		struct err err;
		char path[130];
		open_with_result(&k);
		must(backup_make(k.dir, backup, false, &sum, &err), &err);
		snprintf(path, sizeof path, "%s/%s", backup, names[i / 2]);
		if (i % 2) {
			assert_int_equal(unlink(path), 0);
		} else {
			int fd = open(path, O_RDWR);
			char c;
			assert_int_equal(pread(fd, &c, 1, 20), 1);
			c ^= 1;
			assert_int_equal(pwrite(fd, &c, 1, 20), 1);
			close(fd);
		}
		assert_false(backup_check(backup, &sum, &err));
		assert_false(backup_restore(backup, target, &sum, &err));
		struct stat st;
		assert_int_not_equal(stat(target, &st), 0); /* and nothing half-made is left */
		kit_close(&k);
	}
}

static void test_forgery(void **state)
{
	(void)state;
	struct kit k;
	struct backup_summary sum;
	struct err err;
	open_with_result(&k);
	must(backup_make(k.dir, backup, false, &sum, &err), &err);
	change_database("UPDATE result SET body = CAST(replace(CAST(body AS TEXT), '\"fail\"', '\"pass\"') AS BLOB)");
	assert_false(backup_check(backup, &sum, &err));
	assert_int_equal(err.code, ERR_INVALID); /* the manifest says so */
	forge_manifest();
	assert_false(backup_restore(backup, target, &sum, &err));
	assert_int_equal(err.code, ERR_SIGNATURE); /* and if it does not, the signatures do */
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip),
	    cmocka_unit_test(test_what_is_there_stays),
	    cmocka_unit_test(test_damage),
	    cmocka_unit_test(test_forgery),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
