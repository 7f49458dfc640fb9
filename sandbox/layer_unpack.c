/* Making a tree from a layer. See layer.h. */
#include "base/mem.h"
#include "sandbox/layer.h"
#include "sandbox/layer_internal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

bool layer_keeps_xattr(const char *name)
{
	if (!strcmp(name, "system.posix_acl_access") || !strcmp(name, "system.posix_acl_default"))
		return true;
	return !strncmp(name, "user.", 5) && strncmp(name, "user.overlay.", 13) != 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **layer_names(int dir_fd, size_t *ret_n)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	char **names = xcalloc(1, sizeof *names);
	size_t n = 0, cap = 0;
	for (struct dirent *e; (e = readdir(dir));) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (n == 0 && cap == 0) {
			free(names);
			names = NULL;
		}
		names = xgrow(names, n, &cap, sizeof *names);
		names[n++] = xstrdup(e->d_name);
	}
	closedir(dir);
	qsort(names, n, sizeof *names, by_name);
	*ret_n = n;
	return names;
}

struct head {
	char name[256];
	uint32_t mode, uid, gid;
	struct timespec times[2];
	unsigned n_xattrs;
	struct {
		char name[256];
		char *value;
		uint32_t size;
	} xattrs[LAYER_XATTRS_MAX];
};

struct unpacker {
	int in, root;
	unsigned flags;
	const char *rename;
	const struct layer_owner *owner;
	struct layer_stats stats;
	struct err *err;
	char buffer[64 * 1024];
	size_t at, end;
};

static bool take(struct unpacker *u, void *ret, size_t len)
{
	for (char *to = ret; len;) {
		if (u->at == u->end) {
			ssize_t n = read(u->in, u->buffer, sizeof u->buffer);
			if (n < 0 && errno == EINTR)
				continue;
			if (n < 0)
				return err_set(u->err, ERR_IO, "reading a layer: %s", strerror(errno));
			if (n == 0)
				return err_set(u->err, ERR_INVALID, "a layer ends too early");
			u->at = 0;
			u->end = (size_t)n;
		}
		size_t there = u->end - u->at, n = len < there ? len : there;
		memcpy(to, u->buffer + u->at, n);
		u->at += n;
		to += n;
		len -= n;
		u->stats.bytes += n;
	}
	return true;
}
#define TAKE(u, p) take(u, p, sizeof *(p))

static bool bad(struct unpacker *u, const char *what)
{
	return err_set(u->err, ERR_INVALID, "a layer is damaged: %s", what);
}

static bool take_string(struct unpacker *u, char *ret, size_t size)
{
	uint16_t len = 0;
	if (!TAKE(u, &len))
		return false;
	if (len == 0 || len >= size)
		return bad(u, "a name is empty or too long");
	if (!take(u, ret, len))
		return false;
	ret[len] = 0;
	return strlen(ret) == len || bad(u, "a name holds a NUL");
}

static void free_head(struct head **h)
{
	for (unsigned i = 0; i < (*h)->n_xattrs; i++)
		free((*h)->xattrs[i].value);
	free(*h);
}

static bool take_head(struct unpacker *u, struct head *h)
{
	uint64_t seconds = 0;
	uint32_t nanoseconds = 0;
	uint16_t n = 0;
	if (!take_string(u, h->name, sizeof h->name) || !TAKE(u, &h->mode) || !TAKE(u, &h->uid) || !TAKE(u, &h->gid) || !TAKE(u, &seconds) ||
	    !TAKE(u, &nanoseconds) || !TAKE(u, &n))
		return false;
	if (strchr(h->name, '/') || !strcmp(h->name, ".") || !strcmp(h->name, ".."))
		return bad(u, "a name leaves its folder");
	if (n > LAYER_XATTRS_MAX || nanoseconds >= 1000000000 || h->mode > 07777)
		return bad(u, "a number is out of range");
	if (u->owner) {
		h->uid = u->owner->uid;
		h->gid = u->owner->gid;
	}
	h->times[0].tv_nsec = UTIME_OMIT;
	h->times[1] = (struct timespec){(time_t)seconds, nanoseconds};
	for (; h->n_xattrs < n; h->n_xattrs++) {
		uint32_t size = 0;
		if (!take_string(u, h->xattrs[h->n_xattrs].name, 256) || !TAKE(u, &size))
			return false;
		if (size > LAYER_XATTR_MAX || !layer_keeps_xattr(h->xattrs[h->n_xattrs].name))
			return bad(u, "an attribute that layers do not keep");
		h->xattrs[h->n_xattrs].size = size;
		h->xattrs[h->n_xattrs].value = xmalloc(size);
		if (!take(u, h->xattrs[h->n_xattrs].value, size)) {
			h->n_xattrs++;
			return false;
		}
	}
	if (++u->stats.entries > LAYER_ENTRIES_MAX)
		return err_set(u->err, ERR_TOO_LARGE, "a layer holds more than %d files", LAYER_ENTRIES_MAX);
	return true;
}

static bool failed(struct unpacker *u, const struct head *h, const char *doing)
{
	enum err_code code = errno == ENOSPC || errno == EDQUOT ? ERR_TOO_LARGE : ERR_IO;
	return err_set(u->err, code, "%s '%s': %s", doing, h->name, strerror(errno));
}

/* Owner first: changing it takes setuid bits away. */
static bool finish_fd(struct unpacker *u, const struct head *h, int fd)
{
	if (fchown(fd, h->uid, h->gid) < 0)
		return failed(u, h, "giving away");
	if (fchmod(fd, h->mode) < 0)
		return failed(u, h, "setting the mode of");
	for (unsigned i = 0; i < h->n_xattrs; i++)
		if (fsetxattr(fd, h->xattrs[i].name, h->xattrs[i].value, h->xattrs[i].size, 0) < 0 && errno != ENOTSUP)
			return failed(u, h, "setting the attributes of");
	if (futimens(fd, h->times) < 0)
		return failed(u, h, "setting the time of");
	return true;
}

static bool finish_at(struct unpacker *u, const struct head *h, int dir, bool mode)
{
	if (fchownat(dir, h->name, h->uid, h->gid, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(u, h, "giving away");
	if (mode && fchmodat(dir, h->name, h->mode, 0) < 0)
		return failed(u, h, "setting the mode of");
	if (utimensat(dir, h->name, h->times, AT_SYMLINK_NOFOLLOW) < 0)
		return failed(u, h, "setting the time of");
	return true;
}

static bool clear(struct unpacker *u, const struct head *h, int dir)
{
	if (unlinkat(dir, h->name, 0) < 0 && errno != ENOENT)
		return failed(u, h, "replacing");
	return true;
}

static bool unpack_file(struct unpacker *u, int dir, const struct head *h)
{
	uint64_t size = 0;
	if (!TAKE(u, &size) || !clear(u, h, dir))
		return false;
	_cleanup_close_ int fd = openat(dir, h->name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return failed(u, h, "creating");
	char chunk[32 * 1024];
	for (;;) {
		uint64_t at = 0;
		uint32_t len = 0;
		if (!TAKE(u, &at) || !TAKE(u, &len))
			return false;
		if (len == 0)
			break;
		if (len > sizeof chunk || at > (uint64_t)INT64_MAX - len || at + len > size)
			return bad(u, "a part of a file is outside of it");
		if (!take(u, chunk, len))
			return false;
		for (uint32_t done = 0; done < len;) {
			ssize_t n = pwrite(fd, chunk + done, len - done, (off_t)(at + done));
			if (n < 0)
				return failed(u, h, "writing");
			done += (uint32_t)n;
		}
	}
	if (size > (uint64_t)INT64_MAX || ftruncate(fd, (off_t)size) < 0)
		return failed(u, h, "setting the size of");
	return finish_fd(u, h, fd);
}

static bool unpack_hard_link(struct unpacker *u, int dir, const struct head *h)
{
	char target[LAYER_PATH_MAX + 1];
	if (!take_string(u, target, sizeof target) || !clear(u, h, dir))
		return false;
	char *slash = strrchr(target, '/');
	const char *last = slash ? slash + 1 : target;
	int parent = u->root;
	_cleanup_close_ int opened = -1;
	if (slash) {
		*slash = 0;
		struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
		opened = (int)syscall(SYS_openat2, u->root, target, &how, sizeof how);
		if (opened < 0)
			return failed(u, h, "linking");
		parent = opened;
	}
	if (!*last || !strcmp(last, ".") || !strcmp(last, ".."))
		return bad(u, "a link leaves its folder");
	if (linkat(parent, last, dir, h->name, 0) < 0)
		return failed(u, h, "linking");
	return true;
}

static bool unpack_symlink(struct unpacker *u, int dir, const struct head *h)
{
	char target[4096];
	if (!take_string(u, target, sizeof target) || !clear(u, h, dir))
		return false;
	if (symlinkat(target, dir, h->name) < 0)
		return failed(u, h, "linking");
	return finish_at(u, h, dir, false);
}

static bool unpack_node(struct unpacker *u, int dir, const struct head *h, bool whiteout)
{
	if (whiteout && !(u->flags & LAYER_OVERLAY))
		return bad(u, "a deletion where there is no layer below");
	if (!clear(u, h, dir))
		return false;
	if (whiteout ? mknodat(dir, h->name, S_IFCHR | 0600, makedev(0, 0)) < 0 : mkfifoat(dir, h->name, 0600) < 0)
		return failed(u, h, "creating");
	return whiteout || finish_at(u, h, dir, true);
}

static bool unpack_dir(struct unpacker *u, int dir, const struct head *h, int *ret_fd)
{
	char opaque = 0;
	if (!TAKE(u, &opaque))
		return false;
	if (mkdirat(dir, h->name, 0700) < 0 && errno != EEXIST)
		return failed(u, h, "creating");
	_cleanup_close_ int fd = openat(dir, h->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return failed(u, h, "entering");
	if (opaque && !(u->flags & LAYER_OVERLAY))
		return bad(u, "an opaque folder where there is no layer below");
	if (opaque && fsetxattr(fd, LAYER_OPAQUE, "y", 1, 0) < 0)
		return failed(u, h, "marking");
	*ret_fd = take_fd(fd);
	return true;
}

static bool unpack_entries(struct unpacker *u, int dir, unsigned depth);

static bool unpack_entry(struct unpacker *u, int dir, char type, unsigned depth)
{
	_cleanup_(free_head) struct head *h = xcalloc(1, sizeof *h);
	if (!take_head(u, h))
		return false;
	if (u->rename && depth == 0) {
		if (u->stats.entries > 1)
			return bad(u, "more than one entry");
		snprintf(h->name, sizeof h->name, "%s", u->rename);
	}
	switch (type) {
	case LAYER_FILE:
		return unpack_file(u, dir, h);
	case LAYER_SYMLINK:
		return unpack_symlink(u, dir, h);
	case LAYER_HARD_LINK:
		return unpack_hard_link(u, dir, h);
	case LAYER_FIFO:
	case LAYER_WHITEOUT:
		return unpack_node(u, dir, h, type == LAYER_WHITEOUT);
	case LAYER_DIR: {
		_cleanup_close_ int fd = -1;
		if (depth >= LAYER_DEPTH_MAX)
			return bad(u, "too deep");
		return unpack_dir(u, dir, h, &fd) && unpack_entries(u, fd, depth + 1) && finish_fd(u, h, fd);
	}
	default:
		return bad(u, "an unknown kind of entry");
	}
}

/* Up to the end of a folder, or of the stream at depth 0. */
static bool unpack_entries(struct unpacker *u, int dir, unsigned depth)
{
	for (;;) {
		char type = 0;
		if (!TAKE(u, &type))
			return false;
		if (type == (depth ? LAYER_UP : LAYER_END))
			return true;
		if (!unpack_entry(u, dir, type, depth))
			return false;
	}
}

static bool take_magic(struct unpacker *u)
{
	char magic[sizeof LAYER_MAGIC - 1];
	return take(u, magic, sizeof magic) && (!memcmp(magic, LAYER_MAGIC, sizeof magic) || bad(u, "it does not begin like one"));
}

bool layer_unpack(int in_fd, int dir_fd, const char *name, unsigned flags, const struct layer_owner *owner, struct layer_stats *ret,
                  struct err *err)
{
	struct unpacker *u = xcalloc(1, sizeof *u);
	*u = (struct unpacker){.in = in_fd, .root = dir_fd, .flags = flags, .rename = name, .owner = owner, .err = err};
	bool ok = take_magic(u) && unpack_entries(u, dir_fd, 0);
	if (ok)
		*ret = u->stats;
	free(u);
	return ok;
}

/* Extents in rising order into a buffer, holes as zeros. */
static bool read_extents(struct unpacker *u, size_t size_max, struct buf *out)
{
	uint64_t size = 0, at = 0;
	uint32_t len = 0;
	if (!TAKE(u, &size))
		return false;
	if (size > size_max)
		return err_set(u->err, ERR_TOO_LARGE, "it holds more than %zu bytes", size_max);
	_cleanup_free_ char *bytes = xcalloc(1, size);
	for (;;) {
		if (!TAKE(u, &at) || !TAKE(u, &len))
			return false;
		if (len == 0)
			break;
		if (at > size || len > size - at)
			return bad(u, "a part of a file is outside of it");
		if (!take(u, bytes + at, len))
			return false;
	}
	buf_add(out, bytes, size);
	return buf_check(out, "a file of a box", u->err);
}

bool layer_read_single(int in_fd, size_t size_max, struct buf *out, struct err *err)
{
	struct unpacker *u = xcalloc(1, sizeof *u);
	_cleanup_(free_head) struct head *h = xcalloc(1, sizeof *h);
	char type = 0, end = 0;
	*u = (struct unpacker){.in = in_fd, .err = err};
	bool ok = take_magic(u) && TAKE(u, &type);
	if (ok && type != LAYER_FILE)
		ok = err_set(err, ERR_INVALID, "it is not a regular file");
	ok = ok && take_head(u, h) && read_extents(u, size_max, out) && TAKE(u, &end) && (end == LAYER_END || bad(u, "more than one file"));
	free(u);
	return ok;
}
