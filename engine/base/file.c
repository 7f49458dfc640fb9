/* Whole-file reads and durable writes. See file.h. */
#include "base/file.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/openat2.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static bool io_error(struct err *err, const char *what, const char *path)
{
	return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s %s: %s", what, path, strerror(errno));
}

static bool read_all(int fd, const char *path, size_t size_max, struct buf *out, struct err *err)
{
	struct stat st;
	if (fstat(fd, &st) < 0)
		return io_error(err, "cannot look at", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_IO, "%s is not a regular file", path);
	struct buf bytes = BUF(size_max);
	char block[65536];
	for (;;) {
		ssize_t n = read(fd, block, sizeof block);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			buf_finish(&bytes);
			return io_error(err, "cannot read", path);
		}
		if (n == 0)
			break;
		buf_add(&bytes, block, (size_t)n);
		if (!buf_check(&bytes, path, err)) {
			buf_finish(&bytes);
			return false;
		}
	}
	buf_finish(out);
	*out = bytes;
	return true;
}

bool file_read(const char *path, size_t size_max, struct buf *out, struct err *err)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? io_error(err, "cannot open", path) : read_all(fd, path, size_max, out, err);
}

bool file_read_beneath(int dir_fd, const char *path, size_t size_max, struct buf *out, struct err *err)
{
	struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
	                       .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
	_cleanup_close_ int fd = (int)syscall(SYS_openat2, dir_fd, path, &how, sizeof how);
	return fd < 0 ? io_error(err, "cannot open", path) : read_all(fd, path, size_max, out, err);
}

bool file_read_hex(const char *path, unsigned char *ret, size_t size, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(200);
	if (!file_read(path, 200, &text, err))
		return false;
	struct str hex = str_trim(buf_str(&text));
	unsigned char bytes[64];
	size_t len = 0;
	bool ok =
	    size <= sizeof bytes && hex.len == 2 * size && sodium_hex2bin(bytes, size, hex.p, hex.len, NULL, &len, NULL) == 0 && len == size;
	if (ok)
		memcpy(ret, bytes, size);
	sodium_memzero(bytes, sizeof bytes);
	if (text.p)
		sodium_memzero(text.p, text.cap);
	return ok ? true : err_set(err, ERR_INVALID, "%s does not hold %zu hexadecimal digits", path, 2 * size);
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.p, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.len);
	}
	return fsync(fd) == 0;
}

static bool sync_folder_of(const char *path)
{
	_cleanup_free_ char *copy = xstrdup(path);
	_cleanup_close_ int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0;
}

bool file_write_durable(const char *path, struct str bytes, unsigned mode, struct err *err)
{
	_cleanup_free_ char *temporary = xasprintf("%s.%ld.tmp", path, (long)getpid());
	_cleanup_close_ int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return io_error(err, "cannot create", temporary);
	if (!write_all(fd, bytes) || rename(temporary, path) < 0) {
		io_error(err, "cannot write", path);
		unlink(temporary);
		return false;
	}
	return sync_folder_of(path) ? true : io_error(err, "cannot sync the folder of", path);
}
