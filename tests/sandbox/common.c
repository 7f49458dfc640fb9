/* Helpers for tests of real boxes. See common.h. */
#include "common.h"
#include "base/clock.h"
#include "sandbox/slot.h"
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

char *launcher, *attack, *folder;
struct sandbox *sandbox;
struct err why;

int common_setup(void **state)
{
	char template[] = "/tmp/assay-boxes-XXXXXX";
	struct err err;
	(void)state;
	launcher = getenv("ASSAY_SANDBOX");
	attack = getenv("ASSAY_ATTACK");
	if (!launcher || !mkdtemp(template)) {
		fprintf(stderr, "set ASSAY_SANDBOX\n");
		return -1;
	}
	folder = xstrdup(template);
	if (!sandbox_connect(folder, launcher, &sandbox, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return -1;
	}
	return 0;
}

static void remove_tree(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	for (struct dirent *e; d && (e = readdir(d));)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && unlinkat(fd, e->d_name, 0) < 0)
			remove_tree(fd, e->d_name);
	if (d)
		closedir(d);
	unlinkat(dir, name, AT_REMOVEDIR);
}

int common_teardown(void **state)
{
	struct err err;
	(void)state;
	if (sandbox && !sandbox_stop(sandbox, &err))
		fprintf(stderr, "stopping: %s\n", err.msg);
	sandbox_disconnect(sandbox);
	remove_tree(AT_FDCWD, folder);
	free(folder);
	return 0;
}

void open_box(const char *name, bool keep, ...)
{
	const char *limits[16];
	size_t n = 0;
	va_list ap;
	va_start(ap, keep);
	while (n < 15 && (limits[n] = va_arg(ap, const char *)))
		n++;
	va_end(ap);
	limits[n] = NULL;
	struct sandbox_box b = {.name = name, .image = "host", .limits = limits, .keep = keep};
	must(sandbox_open(sandbox, &b, &why));
}

void run_in(const char *box, const char *user, const char *script, uint64_t time_ms, struct sandbox_result *ret)
{
	const char *argv[] = {"/bin/sh", "-c", script, NULL};
	struct sandbox_exec x = {.user = user, .argv = argv, .time_ms = time_ms};
	must(sandbox_run(sandbox, box, &x, STR(""), 1 << 20, ret, &why));
}

void expect_output(const char *box, const char *script, const char *output)
{
	struct sandbox_result r;
	run_in(box, NULL, script, 20000, &r);
	buf_addc(&r.out, 0);
	buf_addc(&r.err, 0);
	if (r.status != 0 || strcmp(r.out.p, output) != 0)
		fail_msg("%s\nprinted '%s', not '%s'; status %u, stderr '%s'", script, r.out.p, output, r.status, r.err.p);
	sandbox_result_finish(&r);
}

struct sandbox_event wait_event(const char *box, int what)
{
	struct sandbox_event e;
	int64_t end = clock_monotonic_ms() + 10000;
	while (clock_monotonic_ms() < end) {
		while (sandbox_next_event(sandbox, &e))
			if ((int)e.what == what && (!box || !strcmp(e.box, box)))
				return e;
		poll(&(struct pollfd){.fd = sandbox_fd(sandbox), .events = POLLIN}, 1, 100);
	}
	fail_msg("no event %d about box '%s'", what, box ? box : "");
	return e;
}

pid_t launcher_pid(void)
{
	struct ucred peer;
	socklen_t size = sizeof peer;
	assert_int_equal(getsockopt(sandbox_fd(sandbox), SOL_SOCKET, SO_PEERCRED, &peer, &size), 0);
	return peer.pid;
}

/* Slots in use belong to a launcher that lives: only files whose lock can be taken are leftovers. */
void assert_no_leftovers(void)
{
	char *dir;
	must(slot_dir(&dir, &why));
	unsigned left = slots_clean(dir, SLOTS);
	free(dir);
	assert_int_equal(left, 0);
}

int count_processes(const char *pattern)
{
	int n = 0;
	DIR *d = opendir("/proc");
	for (struct dirent *e; d && (e = readdir(d));) {
		char path[300], text[4096];
		if (e->d_name[0] < '1' || e->d_name[0] > '9')
			continue;
		snprintf(path, sizeof path, "/proc/%s/cmdline", e->d_name);
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t len = fd < 0 ? 0 : read(fd, text, sizeof text);
		if (fd >= 0)
			close(fd);
		n += len > 0 && memmem(text, (size_t)len, pattern, strlen(pattern)) != NULL;
	}
	if (d)
		closedir(d);
	return n;
}

bool many_ids(void)
{
	static int known = -1;
	if (known < 0) {
		struct sandbox_result r;
		open_box("ids", false, NULL);
		run_in("ids", NULL, "wc -l </proc/self/uid_map; awk '{s+=$3} END {exit s<2}' /proc/self/uid_map", 10000, &r);
		known = r.status == 0;
		sandbox_result_finish(&r);
		must(sandbox_close(sandbox, "ids", false, &why));
	}
	return known;
}
