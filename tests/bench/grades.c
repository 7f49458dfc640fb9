/* Measures gradings end to end: open a judge box with a snapshot, look, run a command, close. Lines: what, median, note, with tabs between.
 * Usage: bench_grades ASSAY-SANDBOX ASSAY-GRADER [COUNT] */
#include "base/clock.h"
#include "base/mem.h"
#include "graders/client/grade.h"
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

static int64_t now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* CPU time of this process, the launcher and all that they have waited for, in milliseconds: what a busy machine does not change. */
static double cpu_ms(struct sandbox *s)
{
	struct ucred peer = {0};
	socklen_t size = sizeof peer;
	char path[64], text[1024] = "";
	unsigned long t[4] = {0};
	struct rusage self, children;
	getsockopt(sandbox_fd(s), SOL_SOCKET, SO_PEERCRED, &peer, &size);
	snprintf(path, sizeof path, "/proc/%d/stat", (int)peer.pid);
	FILE *f = fopen(path, "r");
	if (f && fgets(text, sizeof text, f) && strrchr(text, ')'))
		sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu", &t[0], &t[1], &t[2], &t[3]);
	if (f)
		fclose(f);
	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &children);
	const struct timeval *times[] = {&self.ru_utime, &self.ru_stime, &children.ru_utime, &children.ru_stime};
	double ms = (double)(t[0] + t[1] + t[2] + t[3]) * 1000 / (double)sysconf(_SC_CLK_TCK);
	for (size_t i = 0; i < ARRAY_SIZE(times); i++)
		ms += (double)times[i]->tv_sec * 1000 + (double)times[i]->tv_usec / 1000;
	return ms;
}

static int die(const struct err *err)
{
	fprintf(stderr, "%s\n", err->msg);
	return 1;
}

static bool measure(struct sandbox *s, const char *name, struct grade_job *job, const char *lua, size_t n, struct err *err)
{
	int64_t *took = xcalloc(n, sizeof *took), begin = now_us();
	double cpu = cpu_ms(s);
	job->lua = str_of(lua);
	for (size_t i = 0; i < n; i++) {
		struct grade_result r;
		int64_t from = now_us();
		if (!grade_run(s, job, &r, err))
			return false;
		took[i] = now_us() - from;
		bool ok = !r.ungraded && r.points_m == r.max_m;
		if (!ok)
			err_set(err, ERR_INTERNAL, "%s: %s", name, r.error ? r.error : r.checks[0].message);
		grade_result_finish(&r);
		if (!ok)
			return false;
	}
	int64_t all = now_us() - begin;
	qsort(took, n, sizeof *took, compare);
	printf("grading: %s\t%.2f ms\tp90 %.2f ms, %.0f/s one after the other, CPU %.2f ms each\n", name, (double)took[n / 2] / 1000,
	       (double)took[n * 9 / 10] / 1000, (double)n * 1e6 / (double)all, (cpu_ms(s) - cpu) / (double)n);
	free(took);
	return true;
}

/* What starting any program costs on this machine, now. */
static void baseline(size_t n)
{
	int64_t *took = xcalloc(n, sizeof *took);
	for (size_t i = 0; i < n; i++) {
		char name[] = "true", *args[] = {name, NULL}, *env[] = {NULL};
		pid_t pid;
		int64_t from = now_us();
		if (posix_spawn(&pid, "/bin/true", NULL, NULL, args, env) == 0)
			waitpid(pid, NULL, 0);
		took[i] = now_us() - from;
	}
	qsort(took, n, sizeof *took, compare);
	printf("posix_spawn /bin/true, for comparison\t%.2f ms\tp90 %.2f ms\n", (double)took[n / 2] / 1000, (double)took[n * 9 / 10] / 1000);
	free(took);
}

int main(int argc, char **argv)
{
	struct err err;
	struct sandbox *s;
	struct sandbox_snapshot snapshot;
	char dir[] = "/tmp/assay-grades-XXXXXX";
	size_t n = argc > 3 ? (size_t)strtoul(argv[3], NULL, 10) : 200;
	if (argc < 3 || !mkdtemp(dir))
		return 2;
	if (!sandbox_connect(dir, argv[1], &s, &err))
		return die(&err);
	const char *prepare[] = {
	    "/bin/sh", "-c",
	    "mkdir -p /srv/a; echo x >/srv/a/b; sqlite3 /srv/a.db 'create table t(x); insert into t values(1)'; cd /srv; git init -q r", NULL};
	struct sandbox_exec x = {.argv = prepare, .time_ms = 10000};
	struct sandbox_box box = {.name = "candidate"};
	struct sandbox_result r;
	if (!sandbox_open(s, &box, &err) || !sandbox_run(s, "candidate", &x, STR(""), 1000, &r, &err) ||
	    !sandbox_snapshot(s, "candidate", &snapshot, &err))
		return die(&err);
	baseline(n);
	struct grade_job job = {.program = argv[2], .image = "host", .snapshot = snapshot.path};
	bool ok =
	    measure(s, "grader without a look", &job, "check('a', 1, 'A', function() end)", n, &err) &&
	    measure(s, "one file", &job, "check('a', 1, 'A', function() expect(file.read('/srv/a/b') == 'x\\n') end)", n, &err) &&
	    measure(s, "ten files, one command", &job,
	            "for i = 1, 10 do check('f' .. i, 1, 'F', function() expect(file.stat('/srv/a/b').user == 'root') end) end\n"
	            "check('r', 1, 'R', function() expect(run{ 'cat', subject '/srv/a/b' }.out == 'x\\n') end)",
	            n, &err) &&
	    measure(s, "a query", &job, "check('a', 1, 'A', function() expect(sql.value('/srv/a.db', 'select x from t') == 1) end)", n, &err) &&
	    measure(s, "git status", &job, "check('a', 1, 'A', function() expect(git.clean('/srv/r')) end)", n, &err);
	struct err ignored;
	if (!sandbox_stop(s, &ignored))
		fprintf(stderr, "%s\n", ignored.msg);
	sandbox_disconnect(s);
	return ok ? 0 : die(&err);
}
