#include "base/mem.h"
#include "sandbox/layer.h"
#include "test.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static char from_path[] = "/tmp/assay-layer-a-XXXXXX", to_path[] = "/tmp/assay-layer-b-XXXXXX";
static int from, to;
static struct err err;
static struct layer_stats stats;
static struct layer_owner own;

static int setup(void **state)
{
	(void)state;
	own = (struct layer_owner){geteuid(), getegid()};
	memcpy(from_path + sizeof from_path - 7, "XXXXXX", 6);
	memcpy(to_path + sizeof to_path - 7, "XXXXXX", 6);
	if (!mkdtemp(from_path) || !mkdtemp(to_path))
		return -1;
	from = open(from_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = open(to_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return 0;
}

static void clear(int dir)
{
	static const char *const names[] = {"d/e/f", "d/e/g", "d/e",    "d/x",     "d",      "file", "hard",
	                                    "link",  "fifo",  "sparse", "renamed", "victim", "big"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (unlinkat(dir, names[i], 0) < 0)
			unlinkat(dir, names[i], AT_REMOVEDIR);
}

static int teardown(void **state)
{
	(void)state;
	clear(from);
	clear(to);
	close(from);
	close(to);
	rmdir(from_path);
	rmdir(to_path);
	return 0;
}

static void put(int dir, const char *name, const char *text)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static int packed(unsigned flags)
{
	int fd = memfd_create("layer", MFD_CLOEXEC);
	assert_true(layer_pack(from, NULL, fd, flags, 1 << 20, &stats, &err));
	assert_int_equal(lseek(fd, 0, SEEK_END), stats.bytes);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void there_and_back(void **state)
{
	struct stat a, b;
	char text[64] = "";
	(void)state;
	mkdirat(from, "d", 0711);
	mkdirat(from, "d/e", 02750);
	fchmodat(from, "d/e", 02750, 0);
	put(from, "d/e/f", "contents");
	fchmodat(from, "d/e/f", 04751, 0);
	put(from, "file", "");
	linkat(from, "file", from, "hard", 0);
	symlinkat("/etc/passwd", from, "link");
	mkfifoat(from, "fifo", 0600);
	put(from, "sparse", "start");
	int sparse = openat(from, "sparse", O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(sparse, "end", 3, 40 << 20), 3);
	close(sparse);
	int layer = packed(0);
	assert_int_equal(stats.entries, 8);
	assert_int_equal(stats.skipped, 0);
	assert_true(stats.bytes < 20000);
	assert_true(layer_unpack(layer, to, NULL, 0, &own, &stats, &err));
	close(layer);
	static const char *const names[] = {"d", "d/e", "d/e/f", "file", "hard", "link", "fifo", "sparse"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		assert_int_equal(fstatat(from, names[i], &a, AT_SYMLINK_NOFOLLOW), 0);
		assert_int_equal(fstatat(to, names[i], &b, AT_SYMLINK_NOFOLLOW), 0);
		assert_int_equal(a.st_mode, b.st_mode);
		assert_int_equal(a.st_nlink, b.st_nlink);
		assert_int_equal(a.st_mtim.tv_sec, b.st_mtim.tv_sec);
		assert_int_equal(a.st_mtim.tv_nsec, b.st_mtim.tv_nsec);
		if (!S_ISDIR(a.st_mode))
			assert_int_equal(a.st_size, b.st_size);
	}
	int fd = openat(to, "d/e/f", O_RDONLY | O_CLOEXEC);
	assert_int_equal(read(fd, text, sizeof text), 8);
	close(fd);
	assert_string_equal(text, "contents");
	assert_true(b.st_blocks < 1000); /* holes stay holes */
}

static void same_tree_same_bytes(void **state)
{
	char a[4096], b[4096];
	(void)state;
	mkdirat(from, "d", 0755);
	put(from, "d/x", "1");
	put(from, "file", "2");
	int one = packed(0), two = packed(0);
	ssize_t n = read(one, a, sizeof a);
	assert_int_equal(read(two, b, sizeof b), n);
	assert_memory_equal(a, b, (size_t)n);
	close(one);
	close(two);
	uint64_t before = layer_fingerprint(from);
	assert_true(layer_fingerprint(from) == before);
	put(from, "d/x", "3");
	assert_true(layer_fingerprint(from) != before);
}

static void plain(void **state)
{
	struct stat st;
	(void)state;
	put(from, "file", "x");
	fchmodat(from, "file", 06755, 0);
	int layer = packed(LAYER_PLAIN);
	assert_true(layer_unpack(layer, to, "renamed", 0, &own, &stats, &err));
	close(layer);
	assert_int_equal(fstatat(to, "renamed", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
}

static void ceiling(void **state)
{
	(void)state;
	put(from, "big", "0123456789");
	int fd = memfd_create("layer", MFD_CLOEXEC);
	assert_false(layer_pack(from, NULL, fd, 0, 40, &stats, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	close(fd);
}

/* A stream built by hand: type, name, mode, ids, times, no attributes; then what follows. */
static int forged(char type, const char *name, const char *rest, size_t rest_len)
{
	int fd = memfd_create("layer", MFD_CLOEXEC);
	struct __attribute__((packed)) {
		uint32_t mode, uid, gid;
		uint64_t seconds;
		uint32_t nanoseconds;
		uint16_t xattrs;
	} head = {0644, own.uid, own.gid, 0, 0, 0};
	uint16_t len = (uint16_t)strlen(name);
	assert_true(write(fd, LAYER_MAGIC, strlen(LAYER_MAGIC)) > 0 && write(fd, &type, 1) == 1 && write(fd, &len, 2) == 2 &&
	            write(fd, name, len) == len && write(fd, &head, sizeof head) == sizeof head &&
	            write(fd, rest, rest_len) == (ssize_t)rest_len);
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static void hostile_streams(void **state)
{
	static const char *const names[] = {"..", ".", "a/b", "/etc/passwd", "../victim"};
	static const char link_out[] = "\x09\0../victimu", link_abs[] = "\x0b\0/etc/passwde", link_dots[] = "\x05\0d/../e";
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		int fd = forged('f', names[i], "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0e", 21);
		assert_false(layer_unpack(fd, to, NULL, 0, &own, &stats, &err));
		assert_int_equal(err.code, ERR_INVALID);
		close(fd);
	}
	const struct {
		char type;
		const char *rest;
		size_t len;
	} rows[] = {{'h', link_out, sizeof link_out - 1},
	            {'h', link_abs, sizeof link_abs - 1},
	            {'h', link_dots, sizeof link_dots - 1},
	            {'w', "e", 1},                                                           /* a whiteout where there is no layer below */
	            {'d', "\1ue", 3},                                                        /* an opaque folder likewise */
	            {'c', "e", 1},                                                           /* no such kind */
	            {'f', "\1\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0\1\0\0\0xe", 22},                 /* data beyond the size */
	            {'f', "\1\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\1\0\0\0xe", 22}, /* an offset that wraps */
	            {'f', "\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0e", 21},  /* an endless file */
	            {'f', "\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xff\xff\xff\xffxe", 22}};        /* an endless part */
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int fd = forged(rows[i].type, "file", rows[i].rest, rows[i].len);
		if (layer_unpack(fd, to, NULL, 0, &own, &stats, &err))
			fail_msg("stream %zu was taken", i);
		close(fd);
	}
	assert_int_equal(faccessat(to, "../victim", F_OK, 0), -1);
}

/* A folder that is a link by now is replaced or refused, never followed. */
static void no_following(void **state)
{
	struct stat st;
	(void)state;
	symlinkat(from_path, to, "d");
	symlinkat("/nonexistent/target", to, "file");
	int fd = forged('d', "d", "\0ue", 3);
	assert_false(layer_unpack(fd, to, NULL, 0, &own, &stats, &err));
	close(fd);
	fd = forged('f', "file", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0e", 21);
	assert_true(layer_unpack(fd, to, NULL, 0, &own, &stats, &err));
	close(fd);
	assert_int_equal(fstatat(to, "file", &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(S_ISREG(st.st_mode));
}

/* Every cut and many changed bytes of a real stream: an answer, never a crash, and nothing outside. */
static void damaged(void **state)
{
	char bytes[4096];
	(void)state;
	mkdirat(from, "d", 0755);
	put(from, "d/x", "some text");
	symlinkat("x", from, "link");
	int layer = packed(LAYER_OVERLAY);
	ssize_t n = read(layer, bytes, sizeof bytes);
	close(layer);
	for (ssize_t i = 0; i < n * 4; i++) {
		int fd = memfd_create("layer", MFD_CLOEXEC);
		char old = bytes[i % n];
		if (i >= n)
			bytes[i % n] = (char)(old ^ (1 << (i / n * 2)));
		assert_true(write(fd, bytes, (size_t)(i < n ? i : n)) >= 0);
		bytes[i % n] = old;
		lseek(fd, 0, SEEK_SET);
		bool ok = layer_unpack(fd, to, NULL, 0, &own, &stats, &err);
		assert_true(i >= n || !ok);
		close(fd);
	}
	/* Names that a changed byte has made. */
	char command[128];
	snprintf(command, sizeof command, "%s", to_path);
	assert_int_equal(faccessat(from, "d/x", F_OK, 0), 0);
}

static void single(void **state)
{
	_cleanup_buf_ struct buf out = BUF(100);
	(void)state;
	put(from, "file", "bytes");
	int layer = packed(0);
	assert_true(layer_read_single(layer, 100, &out, &err));
	assert_string_equal(out.p, "bytes");
	lseek(layer, 0, SEEK_SET);
	assert_false(layer_read_single(layer, 4, &out, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	close(layer);
	put(from, "hard", "second");
	layer = packed(0);
	assert_false(layer_read_single(layer, 100, &out, &err));
	close(layer);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(there_and_back),  T(same_tree_same_bytes), T(plain),   T(ceiling),
	                                   T(hostile_streams), T(no_following),         T(damaged), T(single)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
