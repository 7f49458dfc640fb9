#include "../test.h"
#include "base/file.h"
#include "base/mem.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

static char dir[64];

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/assay-file-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	static const char *const names[] = {"a", "link", "fifo"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_free_ char *path = xasprintf("%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static void test_writes_and_reads(void **state)
{
	(void)state;
	struct err err;
	_cleanup_free_ char *path = xasprintf("%s/a", dir);
	_cleanup_buf_ struct buf b = BUF(0);
	assert_true(file_write_durable(path, STR("one\n"), 0600, &err));
	assert_true(file_write_durable(path, STR("two\n"), 0600, &err));
	assert_true(file_read(path, 100, &b, &err));
	assert_string_equal(b.p, "two\n");
	assert_false(file_read(path, 3, &b, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(file_write_durable("/nonexistent/a", STR("x"), 0600, &err));
}

static void test_refuses_what_is_no_file(void **state)
{
	(void)state;
	struct err err;
	_cleanup_free_ char *fifo = xasprintf("%s/fifo", dir);
	_cleanup_free_ char *link = xasprintf("%s/link", dir);
	_cleanup_free_ char *missing = xasprintf("%s/missing", dir);
	_cleanup_buf_ struct buf b = BUF(0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(symlink("/etc/passwd", link), 0);
	assert_false(file_read(fifo, 100, &b, &err)); /* and does not block */
	assert_false(file_read(dir, 100, &b, &err));
	assert_false(file_read(missing, 100, &b, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY);
	assert_true(file_read_beneath(fd, "a", 100, &b, &err));
	assert_false(file_read_beneath(fd, "link", 1 << 20, &b, &err));
	assert_false(file_read_beneath(fd, "../../etc/passwd", 1 << 20, &b, &err));
	assert_false(file_read_beneath(fd, "/etc/passwd", 1 << 20, &b, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_writes_and_reads), cmocka_unit_test(test_refuses_what_is_no_file)};
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
