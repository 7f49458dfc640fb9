/* The online copy, and the checks that find damage. */
#include "kit.h"

#include "base/file.h"
#include "store/account.h"
#include "store/backup.h"
#include "store/bank_version.h"
#include <fcntl.h>

static void count(void *arg, const char *finding)
{
	assert_true(*finding);
	++*(int *)arg;
}

static void fill(struct kit *k, int n)
{
	char bytes[3000];
	memset(bytes, 'x', sizeof bytes);
	MUST(store_begin(k->wr, err));
	for (int i = 0; i < n; i++) {
		char hash[20];
		snprintf(hash, sizeof hash, "h%d", i);
		MUST(store_media_add(k->wr, hash, "image/png", (struct str){bytes, sizeof bytes}, err));
	}
	MUST(store_commit(k->wr, err));
}

static void test_copy_in_use(void **state)
{
	(void)state;
	struct kit k;
	struct store *st;
	char copy[128], mime[32];
	int findings = 0;
	_cleanup_buf_ struct buf bytes = BUF(5000);
	kit_open(&k);
	fill(&k, 50);
	snprintf(copy, sizeof copy, "%s/copy.db", k.dir);
	/* A transaction is open: what it has written is not in the copy, and it is not held up. */
	MUST(store_begin(k.wr, err));
	MUST(store_media_add(k.wr, "uncommitted", "image/png", STR("x"), err));
	MUST(store_copy(k.path, copy, err));
	MUST(store_commit(k.wr, err));
	MUST_NOT(store_copy(k.path, copy, err), ERR_IO); /* nothing is overwritten */
	char log[140];
	snprintf(log, sizeof log, "%s-wal", copy);
	assert_int_not_equal(access(log, F_OK), 0); /* one file */
	MUST(store_open(copy, STORE_READ, &st, err));
	MUST(store_media_get(st, "h49", mime, sizeof mime, &bytes, err));
	MUST_NOT(store_media_get(st, "uncommitted", mime, sizeof mime, &bytes, err), ERR_NOT_FOUND);
	MUST(store_check(st, count, &findings, err));
	assert_int_equal(findings, 0);
	store_close(st);
	kit_close(&k);
}

static void test_damage_is_found(void **state)
{
	(void)state;
	struct kit k;
	struct store *st;
	char copy[128], junk[4096];
	int found = 0;
	kit_open(&k);
	fill(&k, 50);
	snprintf(copy, sizeof copy, "%s/copy.db", k.dir);
	memset(junk, 0x5a, sizeof junk);
	MUST(store_copy(k.path, copy, err));
	int fd = open(copy, O_RDWR);
	struct stat info;
	assert_int_equal(fstat(fd, &info), 0);
	for (off_t at = 4096 * 8; at < info.st_size; at += 4096 * 7)
		assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
	close(fd);
	struct err why;
	if (store_open(copy, STORE_READ, &st, &why)) {
		if (!store_check(st, count, &found, &why))
			found++;
		store_close(st);
	} else {
		found++;
	}
	assert_true(found > 0);
	kit_close(&k);
}

static void test_dangling_keys_are_found(void **state)
{
	(void)state;
	struct kit k;
	int found = 0;
	kit_open(&k);
	MUST(sql_exec(k.wr, "PRAGMA foreign_keys = OFF; INSERT INTO token (account, hash, created_ms) VALUES (999, x'00', 1)", err));
	MUST(store_check(k.rd, count, &found, err));
	assert_int_equal(found, 1);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_copy_in_use),
	    cmocka_unit_test(test_damage_is_found),
	    cmocka_unit_test(test_dangling_keys_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
