/* Users of a box, from its own /etc/passwd and /etc/group, which belong to the candidate. */
#include "base/mem.h"
#include "sandbox/init.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX ((size_t)256 * 1024)

/* Never a FIFO or device, never more than FILE_MAX, never waiting. */
static bool read_table(const char *path, struct buf *out)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;
	char chunk[4096];
	ssize_t n;
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	while ((n = read(fd, chunk, sizeof chunk)) > 0 && !out->overflow)
		buf_add(out, chunk, (size_t)n);
	return n == 0 && !out->overflow;
}

static void put(char *to, size_t size, struct str s)
{
	snprintf(to, size, "%.*s", (int)(s.len < size ? s.len : 0), s.p);
}

/* "name:x:uid:gid:gecos:home:shell" */
static bool find_user(struct str rest, const char *name, struct account *a)
{
	struct str line, f[7];
	int64_t wanted, uid, gid;
	if (!str_to_i64(str_of(name), 0, UINT32_MAX - 1, &wanted))
		wanted = -1;
	while (str_next_line(&rest, &line)) {
		bool whole = true;
		for (int i = 0; i < 7 && whole; i++)
			whole = str_next_field(&line, ':', &f[i]) || i == 6;
		if (!whole || !str_to_i64(f[2], 0, UINT32_MAX - 1, &uid) || !str_to_i64(f[3], 0, UINT32_MAX - 1, &gid))
			continue;
		if (!str_is(f[0], name) && uid != wanted)
			continue;
		a->uid = (uint32_t)uid;
		a->gid = (uint32_t)gid;
		put(a->name, sizeof a->name, f[0]);
		put(a->home, sizeof a->home, f[5]);
		put(a->shell, sizeof a->shell, f[6]);
		return true;
	}
	return false;
}

/* "name:x:gid:a,b,c" */
static void find_groups(struct str rest, struct account *a)
{
	struct str line, f[4], member;
	int64_t gid;
	while (a->n_groups < ARRAY_SIZE(a->groups) && str_next_line(&rest, &line)) {
		bool whole = true;
		for (int i = 0; i < 4 && whole; i++)
			whole = str_next_field(&line, ':', &f[i]);
		if (!whole || !str_to_i64(f[2], 0, UINT32_MAX - 1, &gid))
			continue;
		while (str_next_field(&f[3], ',', &member))
			if (str_is(member, a->name)) {
				a->groups[a->n_groups++] = (uint32_t)gid;
				break;
			}
	}
}

bool account_find(const char *name, struct account *ret, struct err *err)
{
	struct account a = {.name = "root", .home = "/root", .shell = "/bin/bash"};
	_cleanup_buf_ struct buf users = BUF(FILE_MAX), groups = BUF(FILE_MAX);
	int64_t uid;
	if (*name && strcmp(name, "root") != 0) {
		if (read_table("/etc/passwd", &users) && find_user(buf_str(&users), name, &a)) {
			if (read_table("/etc/group", &groups))
				find_groups(buf_str(&groups), &a);
		} else if (str_to_i64(str_of(name), 0, 65535, &uid)) {
			a.uid = a.gid = (uint32_t)uid;
			snprintf(a.name, sizeof a.name, "%s", name);
			snprintf(a.home, sizeof a.home, "/");
		} else {
			return err_set(err, ERR_NOT_FOUND, "there is no user '%s' in the box", name);
		}
	}
	*ret = a;
	return true;
}
