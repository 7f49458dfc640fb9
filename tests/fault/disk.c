/* A disk that fails on command, and one that forgets: preloaded into the server by the fault tests.
 *
 * Files below $ASSAY_DISK_ROOT are watched. What is written to them goes to the real file at once and is remembered as a range; a sync
 * copies the remembered ranges to the twin of the file below $ASSAY_DISK_TWIN. So the twin folder always holds what a power cut
 * would leave: exactly what was synced. The first byte of the file $ASSAY_DISK_CONTROL, shared by mmap, says how the disk behaves:
 * 0 well, 'f' full (ENOSPC), 'r' read-only (EROFS), 's' a sync fails (EIO), 'd' one of the database file itself does. With
 * $ASSAY_DISK_NO_SYNC set, SQLite is told synchronous=OFF: the control run, which must lose data or the test proves nothing.
 *
 * The memory map of SQLite's -shm file is not followed: it is rebuilt after a crash and never synced. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define FDS_MAX 4096

struct range {
	off_t from, to;
};

struct watched {
	char *twin; /* path; NULL: not watched */
	struct range *ranges;
	size_t n, cap;
	bool truncated;
	off_t size;
};

static struct watched fds[FDS_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const volatile char *control;
static const char *root, *twin_root;
static __thread bool inside;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void start(void)
{
	root = getenv("ASSAY_DISK_ROOT");
	twin_root = getenv("ASSAY_DISK_TWIN");
	const char *path = getenv("ASSAY_DISK_CONTROL");
	int fd = path ? REAL(open)(path, O_RDONLY | O_CLOEXEC) : -1;
	if (fd >= 0) {
		void *p = mmap(NULL, 1, PROT_READ, MAP_SHARED, fd, 0);
		control = p == MAP_FAILED ? NULL : p;
		close(fd);
	}
}

static char mode(void)
{
	return control ? *control : 0;
}

/* errno for a write or a sync in the present mode; 0: it works. */
static int fault(bool sync)
{
	switch (mode()) {
	case 'f':
		return sync ? 0 : ENOSPC;
	case 'r':
		return sync ? 0 : EROFS;
	case 's':
		return sync ? EIO : 0;
	default:
		return 0;
	}
}

static struct watched *watched(int fd)
{
	return fd >= 0 && fd < FDS_MAX && fds[fd].twin ? &fds[fd] : NULL;
}

static void forget(int fd)
{
	if (fd < 0 || fd >= FDS_MAX)
		return;
	free(fds[fd].twin);
	free(fds[fd].ranges);
	memset(&fds[fd], 0, sizeof fds[fd]);
}

static void watch(int fd, const char *path)
{
	char full[PATH_MAX];
	if (fd < 0 || fd >= FDS_MAX || !root || !twin_root || inside || !realpath(path, full))
		return;
	size_t n = strlen(root);
	if (strncmp(full, root, n) != 0 || full[n] != '/' || strstr(full, "-shm"))
		return;
	pthread_mutex_lock(&lock);
	forget(fd);
	char *twin = malloc(strlen(twin_root) + strlen(full + n) + 1);
	memcpy(twin, twin_root, strlen(twin_root) + 1);
	memcpy(twin + strlen(twin_root), full + n, strlen(full + n) + 1);
	fds[fd].twin = twin;
	pthread_mutex_unlock(&lock);
}

static void remember(int fd, off_t from, off_t to)
{
	pthread_mutex_lock(&lock);
	struct watched *w = watched(fd);
	if (w && w->n && w->ranges[w->n - 1].to == from) {
		w->ranges[w->n - 1].to = to;
	} else if (w) {
		if (w->n == w->cap)
			w->ranges = realloc(w->ranges, (w->cap = w->cap ? 2 * w->cap : 64) * sizeof *w->ranges);
		w->ranges[w->n++] = (struct range){from, to};
	}
	pthread_mutex_unlock(&lock);
}

static void copy_range(int from_fd, int to_fd, struct range r)
{
	char block[65536];
	while (r.from < r.to) {
		size_t want = (size_t)(r.to - r.from) < sizeof block ? (size_t)(r.to - r.from) : sizeof block;
		ssize_t got = pread(from_fd, block, want, r.from);
		if (got <= 0 || REAL(pwrite)(to_fd, block, (size_t)got, r.from) != got)
			return;
		r.from += got;
	}
}

static void make_folders(const char *path)
{
	char folder[PATH_MAX];
	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
		mkdir(folder, 0700);
	}
}

/* The disk keeps what was written until now. */
static void keep(int fd)
{
	pthread_mutex_lock(&lock);
	struct watched *w = watched(fd);
	if (w) {
		int saved = errno;
		inside = true;
		make_folders(w->twin);
		char self[64];
		snprintf(self, sizeof self, "/proc/self/fd/%d", fd); /* again, for reading: the program may have it for writing only */
		int from = REAL(open)(self, O_RDONLY | O_CLOEXEC);
		int to = REAL(open)(w->twin, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		inside = false;
		if (from < 0 || to < 0)
			abort();
		if (w->truncated && REAL(ftruncate)(to, w->size) < 0)
			abort();
		for (size_t i = 0; i < w->n; i++)
			copy_range(from, to, w->ranges[i]);
		w->n = 0;
		w->truncated = false;
		REAL(close)(from);
		REAL(close)(to);
		errno = saved;
	}
	pthread_mutex_unlock(&lock);
}

/* ---- What the program calls ---- */

int open(const char *path, int flags, ...)
{
	va_list ap;
	va_start(ap, flags);
	mode_t m = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	int fd = REAL(open)(path, flags, m);
	if ((flags & O_ACCMODE) != O_RDONLY)
		watch(fd, path);
	return fd;
}

int open64(const char *path, int flags, ...)
{
	va_list ap;
	va_start(ap, flags);
	mode_t m = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return open(path, flags, m);
}

int close(int fd)
{
	pthread_mutex_lock(&lock);
	forget(fd);
	pthread_mutex_unlock(&lock);
	return REAL(close)(fd);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (watched(fd) && fault(false)) {
		errno = fault(false);
		return -1;
	}
	ssize_t done = REAL(pwrite)(fd, p, n, at);
	if (done > 0 && watched(fd))
		remember(fd, at, at + done);
	return done;
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	return pwrite(fd, p, n, at);
}

ssize_t write(int fd, const void *p, size_t n)
{
	if (!watched(fd))
		return REAL(write)(fd, p, n);
	if (fault(false)) {
		errno = fault(false);
		return -1;
	}
	off_t at = lseek(fd, 0, SEEK_CUR);
	ssize_t done = REAL(write)(fd, p, n);
	if (done > 0)
		remember(fd, at, at + done);
	return done;
}

int ftruncate(int fd, off_t size)
{
	int rc = REAL(ftruncate)(fd, size);
	pthread_mutex_lock(&lock);
	struct watched *w = watched(fd);
	if (rc == 0 && w) {
		w->truncated = true;
		w->size = size;
	}
	pthread_mutex_unlock(&lock);
	return rc;
}

int ftruncate64(int fd, off64_t size)
{
	return ftruncate(fd, size);
}

static bool is_database(const struct watched *w)
{
	static const char name[] = "/assay.db";
	size_t n = strlen(w->twin);
	return n > strlen(name) && strcmp(w->twin + n - strlen(name), name) == 0;
}

static int sync_with(int fd, int (*real)(int))
{
	const struct watched *w = watched(fd);
	if (w && (fault(true) || (mode() == 'd' && is_database(w)))) {
		errno = EIO;
		return -1;
	}
	int rc = real(fd);
	if (rc == 0)
		keep(fd);
	return rc;
}

int fsync(int fd)
{
	return sync_with(fd, REAL(fsync));
}
int fdatasync(int fd)
{
	return sync_with(fd, REAL(fdatasync));
}

/* Names change on the disk at once: the harder case for the program would be later, but no file of ours depends on it. */
static void twin_of(const char *path, char out[PATH_MAX])
{
	size_t n = root ? strlen(root) : 0;
	*out = 0;
	if (root && strncmp(path, root, n) == 0)
		snprintf(out, PATH_MAX, "%s%s", twin_root, path + n);
}

int rename(const char *from, const char *to)
{
	char a[PATH_MAX], b[PATH_MAX];
	int rc = REAL(rename)(from, to);
	twin_of(from, a);
	twin_of(to, b);
	if (rc == 0 && *a && *b)
		REAL(rename)(a, b);
	return rc;
}

int unlink(const char *path)
{
	char twin[PATH_MAX];
	int rc = REAL(unlink)(path);
	twin_of(path, twin);
	if (rc == 0 && *twin)
		REAL(unlink)(twin);
	return rc;
}

/* The control run: the same program with synchronous=OFF. The text keeps its length, so that what follows it keeps its place. */
static const char *weakened(const char *sql, char *out, size_t size)
{
	const char *at = sql && getenv("ASSAY_DISK_NO_SYNC") ? strcasestr(sql, "synchronous") : NULL;
	const char *full = at ? strcasestr(at, "FULL") : NULL;
	if (!full || strlen(sql) >= size)
		return sql;
	memcpy(out, sql, strlen(sql) + 1);
	memcpy(out + (full - sql), "OFF ", 4);
	return out;
}

int sqlite3_exec(sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *arg, char **message)
{
	char weak[2048];
	return REAL(sqlite3_exec)(db, weakened(sql, weak, sizeof weak), row, arg, message);
}

int sqlite3_prepare_v2(sqlite3 *db, const char *sql, int n, sqlite3_stmt **statement, const char **tail)
{
	char weak[2048];
	const char *use = weakened(sql, weak, sizeof weak);
	int rc = REAL(sqlite3_prepare_v2)(db, use, n, statement, tail);
	if (use != sql && tail && *tail)
		*tail = sql + (*tail - use);
	return rc;
}
