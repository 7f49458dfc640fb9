/* Writing a tree as a layer. See layer.h. */
#include "base/mem.h"
#include "sandbox/layer.h"
#include "sandbox/layer_internal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

struct seen { /* a file with several names, by inode */
	ino_t ino;
	dev_t dev;
	char *path;
};

struct packer {
	int out;
	unsigned flags;
	uint64_t size_max;
	struct layer_stats stats;
	struct err *err;
	char buffer[64 * 1024];
	size_t buffered;
	char path[LAYER_PATH_MAX + 1]; /* of the entry at hand, from the top */
	size_t path_len;
	struct seen *seen;
	size_t n_seen, cap_seen;
};

static bool flush(struct packer *p)
{
	for (size_t at = 0; at < p->buffered;) {
		ssize_t n = write(p->out, p->buffer + at, p->buffered - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(p->err, ERR_IO, "writing a layer: %s", strerror(errno));
		at += (size_t)n;
	}
	p->buffered = 0;
	return true;
}

static bool put(struct packer *p, const void *bytes, size_t len)
{
	p->stats.bytes += len;
	if (p->stats.bytes > p->size_max)
		return err_set(p->err, ERR_TOO_LARGE, "the files make more than %llu bytes", (unsigned long long)p->size_max);
	for (const char *from = bytes; len;) {
		if (p->buffered == sizeof p->buffer && !flush(p))
			return false;
		size_t room = sizeof p->buffer - p->buffered, n = len < room ? len : room;
		memcpy(p->buffer + p->buffered, from, n);
		p->buffered += n;
		from += n;
		len -= n;
	}
	return true;
}
static bool put_u16(struct packer *p, size_t v)
{
	uint16_t x = (uint16_t)v;
	return put(p, &x, sizeof x);
}
static bool put_u32(struct packer *p, uint32_t v)
{
	return put(p, &v, sizeof v);
}
static bool put_u64(struct packer *p, uint64_t v)
{
	return put(p, &v, sizeof v);
}

/* ACLs and user.* of an open file; overlayfs's own marks are not the candidate's. */
static __attribute__((noinline)) bool put_xattrs(struct packer *p, int fd)
{
	char names[8192];
	ssize_t len = fd < 0 || (p->flags & LAYER_PLAIN) ? 0 : flistxattr(fd, names, sizeof names);
	uint16_t n = 0;
	const char *keep[LAYER_XATTRS_MAX];
	for (ssize_t at = 0; at < len && n < LAYER_XATTRS_MAX; at += (ssize_t)strlen(names + at) + 1)
		if (layer_keeps_xattr(names + at) && fgetxattr(fd, names + at, NULL, 0) >= 0)
			keep[n++] = names + at;
	if (!put_u16(p, n))
		return false;
	for (uint16_t i = 0; i < n; i++) {
		_cleanup_free_ char *value = xmalloc(LAYER_XATTR_MAX);
		ssize_t size = fgetxattr(fd, keep[i], value, LAYER_XATTR_MAX);
		if (size < 0)
			size = 0;
		if (!put_u16(p, strlen(keep[i])) || !put(p, keep[i], strlen(keep[i])) || !put_u32(p, (uint32_t)size) ||
		    !put(p, value, (size_t)size))
			return false;
	}
	return true;
}

static bool put_head(struct packer *p, char type, const char *name, const struct stat *st, int fd)
{
	bool own = p->flags & LAYER_PLAIN;
	p->stats.entries++;
	if (p->stats.entries > LAYER_ENTRIES_MAX)
		return err_set(p->err, ERR_TOO_LARGE, "there are more than %d files", LAYER_ENTRIES_MAX);
	return put(p, &type, 1) && put_u16(p, strlen(name)) && put(p, name, strlen(name)) && put_u32(p, st->st_mode & (own ? 0777 : 07777)) &&
	       put_u32(p, own ? 0 : st->st_uid) && put_u32(p, own ? 0 : st->st_gid) && put_u64(p, (uint64_t)st->st_mtim.tv_sec) &&
	       put_u32(p, (uint32_t)st->st_mtim.tv_nsec) && put_xattrs(p, fd);
}

/* The parts of a file that hold data: offset, length, bytes; ended by a length of 0. */
static __attribute__((noinline)) bool put_extents(struct packer *p, int fd, uint64_t size)
{
	char chunk[32 * 1024];
	off_t at = 0;
	if (!put_u64(p, size))
		return false;
	while ((uint64_t)at < size) {
		off_t data = lseek(fd, at, SEEK_DATA);
		if (data < 0 && errno == ENXIO)
			break;
		if (data < 0)
			data = at; /* a filesystem that does not know holes */
		off_t hole = lseek(fd, data, SEEK_HOLE);
		if (hole < 0 || (uint64_t)hole > size)
			hole = (off_t)size;
		for (at = data; at < hole;) {
			size_t want = (uint64_t)(hole - at) < sizeof chunk ? (size_t)(hole - at) : sizeof chunk;
			ssize_t n = pread(fd, chunk, want, at);
			if (n < 0)
				return err_set(p->err, ERR_IO, "reading '%s': %s", p->path, strerror(errno));
			if (n == 0)
				break; /* cut meanwhile */
			if (!put_u64(p, (uint64_t)at) || !put_u32(p, (uint32_t)n) || !put(p, chunk, (size_t)n))
				return false;
			at += n;
		}
		if (at < hole)
			break;
	}
	return put_u64(p, size) && put_u32(p, 0);
}

static struct seen *find_seen(struct packer *p, const struct stat *st)
{
	for (size_t i = 0; i < p->n_seen; i++)
		if (p->seen[i].ino == st->st_ino && p->seen[i].dev == st->st_dev)
			return &p->seen[i];
	return NULL;
}

static bool pack_file(struct packer *p, int dir, const char *name, const struct stat *st)
{
	if (st->st_nlink > 1) {
		struct seen *first = find_seen(p, st);
		if (first)
			return put_head(p, LAYER_HARD_LINK, name, st, -1) && put_u16(p, strlen(first->path)) &&
			       put(p, first->path, strlen(first->path));
		if (p->n_seen < 10000) { /* more are kept as copies; the search is linear */
			p->seen = xgrow(p->seen, p->n_seen, &p->cap_seen, sizeof *p->seen);
			p->seen[p->n_seen++] = (struct seen){st->st_ino, st->st_dev, xstrdup(p->path)};
		}
	}
	_cleanup_close_ int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat opened;
	if (fd < 0 || fstat(fd, &opened) < 0 || !S_ISREG(opened.st_mode)) {
		p->stats.skipped++;
		return true;
	}
	return put_head(p, LAYER_FILE, name, &opened, fd) && put_extents(p, fd, (uint64_t)opened.st_size);
}

static __attribute__((noinline)) bool pack_link(struct packer *p, int dir, const char *name, const struct stat *st)
{
	char target[4096];
	ssize_t n = readlinkat(dir, name, target, sizeof target);
	if (n <= 0 || (size_t)n == sizeof target) {
		p->stats.skipped++;
		return true;
	}
	return put_head(p, LAYER_SYMLINK, name, st, -1) && put_u16(p, (size_t)n) && put(p, target, (size_t)n);
}

static bool pack_entry(struct packer *p, int dir, const char *name, unsigned depth);

static bool pack_children(struct packer *p, int fd, unsigned depth)
{
	size_t n = 0;
	char **names = layer_names(fd, &n);
	bool ok = names || err_set(p->err, ERR_IO, "reading the folder '%s': %s", p->path, strerror(errno));
	for (size_t i = 0; names && i < n; i++) {
		ok = ok && pack_entry(p, fd, names[i], depth);
		free(names[i]);
	}
	free(names);
	return ok;
}

static bool pack_dir(struct packer *p, int dir, const char *name, unsigned depth)
{
	_cleanup_close_ int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	if (fd < 0 || fstat(fd, &st) < 0 || depth >= LAYER_DEPTH_MAX) {
		p->stats.skipped++;
		return true;
	}
	char opaque = 0, value = 0;
	if ((p->flags & LAYER_OVERLAY) && fgetxattr(fd, LAYER_OPAQUE, &value, 1) == 1 && value == 'y')
		opaque = 1;
	char up = LAYER_UP;
	return put_head(p, LAYER_DIR, name, &st, fd) && put(p, &opaque, 1) && pack_children(p, fd, depth + 1) && put(p, &up, 1);
}

static bool pack_kind(struct packer *p, int dir, const char *name, const struct stat *st, unsigned depth)
{
	switch (st->st_mode & S_IFMT) {
	case S_IFREG:
		return pack_file(p, dir, name, st);
	case S_IFDIR:
		return pack_dir(p, dir, name, depth);
	case S_IFLNK:
		return pack_link(p, dir, name, st);
	case S_IFIFO:
		return put_head(p, LAYER_FIFO, name, st, -1);
	case S_IFCHR:
		if ((p->flags & LAYER_OVERLAY) && st->st_rdev == makedev(0, 0))
			return put_head(p, LAYER_WHITEOUT, name, st, -1);
		break;
	default: /* sockets mean nothing without their process; devices are not ours to copy */
		break;
	}
	p->stats.skipped++;
	return true;
}

static bool pack_entry(struct packer *p, int dir, const char *name, unsigned depth)
{
	struct stat st;
	size_t before = p->path_len, len = strlen(name);
	if (before + 1 + len > LAYER_PATH_MAX || fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		p->stats.skipped++;
		return true;
	}
	if (before)
		p->path[p->path_len++] = '/';
	memcpy(p->path + p->path_len, name, len + 1);
	p->path_len += len;
	bool ok = pack_kind(p, dir, name, &st, depth);
	p->path_len = before;
	p->path[before] = 0;
	return ok;
}

bool layer_pack(int dir_fd, const char *name, int out_fd, unsigned flags, uint64_t size_max, struct layer_stats *ret, struct err *err)
{
	struct packer *p = xcalloc(1, sizeof *p);
	*p = (struct packer){.out = out_fd, .flags = flags, .size_max = size_max, .err = err};
	char end = LAYER_END;
	bool ok = put(p, LAYER_MAGIC, strlen(LAYER_MAGIC));
	if (ok && name)
		ok = pack_entry(p, dir_fd, name, 0);
	else if (ok)
		ok = pack_children(p, dir_fd, 0);
	ok = ok && put(p, &end, 1) && flush(p);
	if (ok)
		*ret = p->stats;
	for (size_t i = 0; i < p->n_seen; i++)
		free(p->seen[i].path);
	free(p->seen);
	free(p);
	return ok;
}

static void mix(uint64_t *h, const void *bytes, size_t len)
{
	for (const unsigned char *p = bytes; len--; p++)
		*h = (*h ^ *p) * UINT64_C(1099511628211);
}

static void fingerprint_dir(int fd, unsigned depth, uint64_t *h)
{
	size_t n = 0;
	char **names = layer_names(fd, &n);
	for (size_t i = 0; names && i < n; i++) {
		struct stat st;
		if (fstatat(fd, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0) {
			uint64_t facts[] = {st.st_ino, st.st_mode, (uint64_t)st.st_size, (uint64_t)st.st_ctim.tv_sec, (uint64_t)st.st_ctim.tv_nsec};
			mix(h, names[i], strlen(names[i]) + 1);
			mix(h, facts, sizeof facts);
			if (S_ISDIR(st.st_mode) && depth < LAYER_DEPTH_MAX) {
				_cleanup_close_ int sub = openat(fd, names[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
				if (sub >= 0)
					fingerprint_dir(sub, depth + 1, h);
			}
		}
		free(names[i]);
	}
	free(names);
}

uint64_t layer_fingerprint(int dir_fd)
{
	uint64_t h = UINT64_C(14695981039346656037);
	fingerprint_dir(dir_fd, 0, &h);
	return h;
}
