/* Slots. See slot.h. */
#include "sandbox/slot.h"
#include "base/buf.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

bool slot_dir(char **ret, struct err *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	struct stat st;
	_cleanup_free_ char *dir = NULL;
	if (geteuid() == 0)
		dir = xstrdup("/run/assay-sandbox");
	else if (runtime && *runtime == '/' && stat(runtime, &st) == 0 && st.st_uid == geteuid())
		dir = xasprintf("%s/assay-sandbox", runtime);
	else
		dir = xasprintf("/tmp/assay-sandbox-%u", (unsigned)geteuid());
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return err_set(err, ERR_IO, "making %s: %s", dir, strerror(errno));
	if (lstat(dir, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 022))
		return err_set(err, ERR_FORBIDDEN, "%s is not a folder that only this user can write to; remove it", dir);
	*ret = take_ptr(dir);
	return true;
}

/* Removes the control groups that a slot's file lists: lines "HIERARCHY PATH". */
static bool clean(const struct slot *s)
{
	char text[4096];
	ssize_t n = pread(s->fd, text, sizeof text - 1, 0);
	if (n <= 0)
		return false;
	text[n] = 0;
	struct cgroup c;
	cgroup_init(&c);
	struct str rest = str_of(text), line, number;
	while (str_next_line(&rest, &line)) {
		int64_t i;
		if (str_next_field(&line, ' ', &number) && str_to_i64(number, 0, CGROUP_HIERARCHIES - 1, &i) && str_ends(line, s->name) &&
		    !c.dir[i])
			c.dir[i] = str_dup(line);
	}
	cgroup_remove(&c);
	cgroup_finish(&c);
	return ftruncate(s->fd, 0) == 0;
}

/* Takes slot n if it is free. *ret_cleaned (may be NULL): a crash had left something. */
static bool try(const char *dir, unsigned n, bool create, struct slot *ret, bool *ret_cleaned)
{
	struct slot s = {.n = n};
	struct stat there, ours;
	snprintf(s.name, sizeof s.name, "assay-box-%u", n);
	s.path = xasprintf("%s/%s", dir, s.name);
	s.fd = open(s.path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (create ? O_CREAT : 0), 0600);
	/* Whoever releases a slot deletes its file under the lock: a lock on a deleted file is worth nothing. */
	if (s.fd < 0 || flock(s.fd, LOCK_EX | LOCK_NB) < 0 || fstat(s.fd, &ours) < 0 || stat(s.path, &there) < 0 ||
	    ours.st_ino != there.st_ino) {
		if (s.fd >= 0)
			close(s.fd);
		free(s.path);
		return false;
	}
	bool cleaned = clean(&s);
	if (ret_cleaned)
		*ret_cleaned = cleaned;
	*ret = s;
	return true;
}

bool slot_claim(const char *dir, struct slot *ret, struct err *err)
{
	static unsigned next;
	if (!next)
		next = (unsigned)getpid() * 61;
	for (unsigned i = 0; i < SLOTS; i++, next++)
		if (try(dir, next % SLOTS + 1, true, ret, NULL)) {
			next++;
			return true;
		}
	return err_set(err, ERR_BUSY, "all %d boxes of this machine are in use", SLOTS);
}

void slot_record(const struct slot *s, const struct cgroup *c)
{
	_cleanup_buf_ struct buf text = BUF(4095);
	for (int i = 0; i < CGROUP_HIERARCHIES; i++)
		if (c->dir[i])
			buf_addf(&text, "%d %s\n", i, c->dir[i]);
	if (text.len && pwrite(s->fd, text.p, text.len, 0) != (ssize_t)text.len)
		(void)!ftruncate(s->fd, 0);
}

void slot_release(struct slot *s)
{
	if (s->fd < 0)
		return;
	unlink(s->path);
	close(s->fd);
	free(s->path);
	*s = (struct slot){.fd = -1};
}

unsigned slots_clean(const char *dir, unsigned most)
{
	unsigned cleaned = 0, seen = 0;
	DIR *d = opendir(dir);
	for (struct dirent *e; d && seen < most && (e = readdir(d));) {
		int64_t n;
		struct slot s;
		bool left;
		if (strncmp(e->d_name, "assay-box-", 10) != 0 || !str_to_i64(str_of(e->d_name + 10), 1, SLOTS, &n))
			continue;
		seen++;
		if (!try(dir, (unsigned)n, false, &s, &left))
			continue; /* in use */
		cleaned += left;
		slot_release(&s);
	}
	if (d)
		closedir(d);
	return cleaned;
}
