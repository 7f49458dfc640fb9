/* assay-look: looks at files inside a box, on behalf of a grader. See look.h for what it is asked.
 *
 * The client library hands it into a box as a sealed, unnamed file on descriptor 0 and talks to it over a socket on descriptor 1; so it
 * needs no file of the box, leaves none, and sees owners and permissions as the box does. Argument: the folder that is the root of all
 * paths, or "-" to do nothing but talk to sockets (in a candidate's own box).
 *
 * The tree is the work of somebody hostile. It cannot change while we look (the mount is read-only and the snapshot is private), so it is
 * enough to resolve each path beneath the root, and to open nothing but regular files and folders. */
#include "graders/look.h"
#include "base/mem.h"
#include "graders/look_internal.h"
#include "graders/message.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <signal.h>
#include <sodium/crypto_hash_sha256.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#define CHANNEL 1
#define BLOCK 65536
#define OPEN_TRIES 100000

static int root = -1;

bool look_none(struct buf *out, const char *what, const char *why)
{
	out->len = 0;
	out->overflow = false;
	size_t begin = message_begin(out, MESSAGE_ANSWER);
	message_u8(out, LOOK_NONE);
	_cleanup_free_ char *text = xasprintf("%s%s%s", what, *what ? ": " : "", why);
	message_text(out, str_of(text));
	message_end(out, begin);
	return false;
}

/* O_NONBLOCK: a FIFO opens at once. Never a terminal. */
int look_open(const char *path, int flags)
{
	struct open_how how = {.flags = (uint64_t)(flags | O_CLOEXEC | (flags & O_PATH ? 0 : O_NONBLOCK | O_NOCTTY)),
	                       .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
	/* A rename or mount anywhere on the machine makes a walk over ".." uncertain: the kernel says EAGAIN, and wants to be asked again. */
	for (int tries = 0;; tries++) {
		int fd = (int)syscall(SYS_openat2, root, path, &how, sizeof how);
		if (fd >= 0 || errno != EAGAIN || tries == OPEN_TRIES)
			return fd;
	}
}

static const char *reason(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return "there is no such file or folder";
	case ELOOP:
		return "it leads through too many links";
	case ENAMETOOLONG:
		return "the path is too long";
	default:
		return "it cannot be opened";
	}
}

enum look_type look_type(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return LOOK_FILE;
	case S_IFDIR:
		return LOOK_FOLDER;
	case S_IFLNK:
		return LOOK_LINK;
	case S_IFIFO:
		return LOOK_PIPE;
	case S_IFSOCK:
		return LOOK_SOCKET;
	default:
		return LOOK_DEVICE;
	}
}

void look_entry(struct buf *out, const struct stat *st)
{
	message_u8(out, look_type(st->st_mode));
	message_u32(out, st->st_mode & 07777);
	message_u32(out, st->st_uid);
	message_u32(out, st->st_gid);
	message_u32(out, (uint32_t)st->st_nlink);
	message_u64(out, (uint64_t)st->st_size);
}

/* Opens a regular file or folder that `want` names; says why not. */
int look_open_kind(const char *path, mode_t want, struct buf *out)
{
	struct stat st;
	_cleanup_close_ int at = look_open(path, O_PATH);
	if (at < 0 || fstat(at, &st) < 0) {
		look_none(out, path, reason(errno));
		return -1;
	}
	if ((st.st_mode & S_IFMT) != want) {
		look_none(out, path, want == S_IFDIR ? "it is not a folder" : "it is not a regular file");
		return -1;
	}
	int fd = look_open(path, O_RDONLY | (want == S_IFDIR ? O_DIRECTORY : 0));
	if (fd < 0)
		look_none(out, path, reason(errno));
	return fd;
}

static bool do_stat(const char *path, struct message *m, struct buf *out)
{
	struct stat st;
	char target[LOOK_PATH_MAX + 1];
	ssize_t n = 0;
	bool follow = message_get_u8(m);
	_cleanup_close_ int at = look_open(path, O_PATH | (follow ? 0 : O_NOFOLLOW));
	if (at < 0 || fstat(at, &st) < 0)
		return look_none(out, path, reason(errno));
	if (S_ISLNK(st.st_mode) && (n = readlinkat(at, "", target, sizeof target)) < 0)
		n = 0;
	look_entry(out, &st);
	message_u64(out, (uint64_t)st.st_mtim.tv_sec);
	message_text(out, (struct str){target, (size_t)n});
	return true;
}

static bool do_read(const char *path, struct message *m, struct buf *out)
{
	struct stat st;
	char block[BLOCK];
	uint32_t max = message_get_u32(m);
	_cleanup_close_ int fd = look_open_kind(path, S_IFREG, out);
	if (fd < 0)
		return false;
	max = max < LOOK_READ_MAX ? max : LOOK_READ_MAX;
	if (fstat(fd, &st) < 0 || st.st_size > (off_t)max)
		return look_none(out, path, "it is too large to be read");
	message_u32(out, (uint32_t)st.st_size);
	for (off_t left = st.st_size; left;) {
		ssize_t n = read(fd, block, left < BLOCK ? (size_t)left : BLOCK);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return look_none(out, path, "it cannot be read");
		buf_add(out, block, (size_t)n);
		left -= n;
	}
	return true;
}

static bool do_sha256(const char *path, struct message *m, struct buf *out)
{
	struct stat st;
	char block[BLOCK];
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	(void)m;
	_cleanup_close_ int fd = look_open_kind(path, S_IFREG, out);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) < 0 || st.st_size > (off_t)LOOK_HASH_MAX)
		return look_none(out, path, "it is too large to be hashed");
	crypto_hash_sha256_init(&state);
	for (ssize_t n; (n = read(fd, block, sizeof block)) != 0;) {
		if (n < 0)
			return look_none(out, path, "it cannot be read");
		crypto_hash_sha256_update(&state, (unsigned char *)block, (unsigned long long)n);
	}
	crypto_hash_sha256_final(&state, hash);
	message_text(out, (struct str){(char *)hash, sizeof hash});
	return true;
}

/* What the kernel says an open descriptor's path is, without the root's own. */
static bool do_real(const char *path, struct message *m, struct buf *out)
{
	struct stat st;
	char link[64], whole[LOOK_PATH_MAX + 1], top[LOOK_PATH_MAX + 1];
	(void)m;
	_cleanup_close_ int at = look_open(path, O_PATH);
	if (at < 0 || fstat(at, &st) < 0)
		return look_none(out, path, reason(errno));
	snprintf(link, sizeof link, "/proc/self/fd/%d", at);
	ssize_t n = readlink(link, whole, sizeof whole);
	snprintf(link, sizeof link, "/proc/self/fd/%d", root);
	ssize_t top_len = readlink(link, top, sizeof top);
	if (n < 0 || n == sizeof whole || top_len < 0 || n < top_len || memcmp(whole, top, (size_t)top_len) != 0)
		return look_none(out, path, "it cannot be resolved");
	message_text(out, (struct str){whole + top_len, (size_t)(n - top_len)});
	message_u8(out, look_type(st.st_mode));
	return true;
}

static bool do_acl(const char *path, struct message *m, struct buf *out)
{
	static const char *const names[] = {"system.posix_acl_access", "system.posix_acl_default"};
	char link[64], value[8192];
	(void)m;
	_cleanup_close_ int at = look_open(path, O_PATH);
	if (at < 0)
		return look_none(out, path, reason(errno));
	snprintf(link, sizeof link, "/proc/self/fd/%d", at);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		ssize_t n = getxattr(link, names[i], value, sizeof value);
		message_text(out, (struct str){value, n < 0 ? 0 : (size_t)n});
	}
	return true;
}

static bool write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool copy_to(int from, const char *to)
{
	char block[BLOCK];
	_cleanup_close_ int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	for (ssize_t n; (n = read(from, block, sizeof block)) != 0;)
		if (n < 0 || !write_all(fd, block, (size_t)n))
			return false;
	return true;
}

static bool do_copy(const char *path, struct message *m, struct buf *out)
{
	struct stat st;
	_cleanup_free_ char *to = str_dup(message_get_text(m));
	_cleanup_close_ int fd = look_open_kind(path, S_IFREG, out);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) < 0 || st.st_size > (off_t)LOOK_COPY_MAX)
		return look_none(out, path, "it is too large to be copied");
	return copy_to(fd, to) || look_none(out, path, "it cannot be copied");
}

static bool do_write(const char *path, struct message *m, struct buf *out)
{
	struct str bytes = message_get_text(m);
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	return (fd >= 0 && write_all(fd, bytes.p, bytes.len)) || look_none(out, path, "it cannot be written");
}

static const struct {
	enum look_op op;
	bool (*f)(const char *path, struct message *m, struct buf *out);
} table[] = {{LOOK_STAT, do_stat}, {LOOK_READ, do_read}, {LOOK_LIST, look_list}, {LOOK_WALK, look_walk}, {LOOK_SHA256, do_sha256},
             {LOOK_REAL, do_real}, {LOOK_COPY, do_copy}, {LOOK_ACL, do_acl},     {LOOK_WRITE, do_write}, {LOOK_TALK, look_talk}};

static void answer(struct message *m, struct buf *out)
{
	struct str text = message_get_text(m);
	_cleanup_free_ char *path = str_dup(text);
	size_t begin = message_begin(out, MESSAGE_ANSWER);
	message_u8(out, LOOK_OK);
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if ((unsigned)table[i].op != (unsigned)m->type || (root < 0 && table[i].op != LOOK_TALK))
			continue;
		if (text.len > LOOK_PATH_MAX || strlen(path) != text.len || text.len == 0)
			look_none(out, path, "it is not a path");
		else if (table[i].f(path, m, out))
			message_end(out, begin);
		if (out->overflow)
			look_none(out, path, "there is too much of it");
		return;
	}
	look_none(out, "", "that is not a request");
}

int main(int argc, char **argv)
{
	struct message_stream in = {.fd = CHANNEL, .in = BUF(MESSAGE_MAX + 4 + MESSAGE_CHUNK)};
	struct message m;
	struct err err;
	close(STDIN_FILENO); /* this program */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	signal(SIGPIPE, SIG_IGN);
	if (argc != 2)
		return 2;
	if (strcmp(argv[1], "-") != 0 && (root = open(argv[1], O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0)
		return 1;
	while (message_receive(&in, 0, &m, &err)) {
		_cleanup_buf_ struct buf out = BUF(MESSAGE_MAX);
		answer(&m, &out);
		if (!message_send(CHANNEL, buf_str(&out), 0, &err))
			return 1;
	}
	return err.code == ERR_NOT_FOUND ? 0 : 1;
}
