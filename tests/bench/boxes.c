/* What boxes cost: opening one and running a command in it, against posix_spawn of /bin/true in the same run; a command in an open
 * box; boxes a second; memory of idle boxes. Run it on a quiet machine.
 *
 * Usage: boxes DIR [ROUNDS [IDLE [LAUNCHER]]] */
#include "base/mem.h"
#include "sandbox/box.h"
#include "sandbox/proto.h"
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static char space[WIRE_MAX];
static int null_fd;

static double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

static void print(const char *what, double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, by_value);
	printf("%-32s p10 %7.3f   p50 %7.3f   p99 %7.3f ms\n", what, v[n / 10], v[n / 2], v[n * 99 / 100]);
}

static void must(bool ok, const struct err *err)
{
	if (ok)
		return;
	fprintf(stderr, "boxes: %s\n", err->msg);
	exit(1);
}

/* The next report of a kind; its descriptor, if it has one, is the caller's. */
static int wait_for(struct box *b, uint32_t what)
{
	struct box_report r;
	for (;;) {
		poll(&(struct pollfd){.fd = b->sock, .events = POLLIN}, 1, -1);
		if (!box_report(b, space, &r))
			continue;
		if (r.what == what)
			return r.fd;
		if (r.what == 0 || r.what == BOX_ERROR || r.what == INIT_FAILED) {
			fprintf(stderr, "boxes: a box failed: %u %s\n", r.what, r.text);
			box_close(b);
			exit(1);
		}
		close_fdp(&r.fd);
	}
}

static double spawn_once(const char *const *argv)
{
	double start = now_ms();
	pid_t pid;
	int status = 1;
	if (posix_spawn(&pid, argv[0], NULL, NULL, (char *const *)argv, environ) == 0)
		waitpid(pid, &status, 0);
	if (status) {
		fprintf(stderr, "boxes: %s failed\n", argv[0]);
		exit(1);
	}
	return now_ms() - start;
}

/* From the command line, against bubblewrap in turn. */
static void command_line(const char *launcher, const char *dir, int rounds)
{
	static const char bubblewrap[] = "/usr/bin/bwrap";
	const char *ours[] = {launcher, "run", "--dir", dir, "--", "/bin/true", NULL},
	           *theirs[] = {bubblewrap, "--unshare-all", "--ro-bind", "/usr",          "/usr",   "--symlink", "usr/lib",
	                        "/lib",     "--symlink",     "usr/lib64", "/lib64",        "--proc", "/proc",     "--dev",
	                        "/dev",     "--tmpfs",       "/tmp",      "/usr/bin/true", NULL};
	double *a = xcalloc((size_t)rounds, sizeof *a), *b = xcalloc((size_t)rounds, sizeof *b);
	bool compare = access(bubblewrap, X_OK) == 0;
	for (int i = 0; i < rounds; i++) {
		a[i] = spawn_once(ours);
		if (compare)
			b[i] = spawn_once(theirs);
	}
	print("assay-sandbox run /bin/true", a, rounds);
	if (compare)
		print("bwrap /bin/true", b, rounds);
	else
		puts("bwrap is not compared with: the package bubblewrap is missing");
}

static void exec_true(struct box *b)
{
	const char *argv[] = {"/bin/true", NULL};
	struct box_exec x = {.user = "root", .argv = argv, .fds = {null_fd, null_fd, null_fd}};
	uint32_t id;
	struct err err;
	must(box_exec(b, &x, &id, &err), &err);
	wait_for(b, INIT_EXITED);
}

static long memory_available(void)
{
	char line[128];
	long kib = 0;
	FILE *f = fopen("/proc/meminfo", "re");
	while (f && fgets(line, sizeof line, f))
		if (!strncmp(line, "MemAvailable:", 13))
			kib = strtol(line + 13, NULL, 10);
	if (f)
		fclose(f);
	return kib;
}

static void idle(struct host *h, const struct limits *l, int n)
{
	struct box *boxes = xcalloc((size_t)n, sizeof *boxes);
	struct box_options o = {.image = "host", .limits = l, .restore_fd = -1, .subject_fd = -1};
	const char *argv[] = {"/bin/bash", NULL};
	struct err err;
	struct rlimit files = {65536, 65536};
	setrlimit(RLIMIT_NOFILE, &files);
	int *masters = xcalloc((size_t)n, sizeof *masters);
	long before = memory_available();
	double start = now_ms();
	for (int i = 0; i < n; i++) {
		uint32_t id;
		struct box_exec x = {.user = "root", .argv = argv, .pty = true, .rows = 24, .cols = 80};
		must(box_open(h, &o, &boxes[i], &err) && box_exec(&boxes[i], &x, &id, &err), &err);
		masters[i] = wait_for(&boxes[i], INIT_STARTED);
	}
	double opened = now_ms();
	poll(NULL, 0, 2000);
	long after = memory_available();
	printf("%d idle boxes with bash on a terminal: %.0f a second, %.0f KiB each\n", n, n * 1e3 / (opened - start),
	       (double)(before - after) / n);
	start = now_ms();
	for (int i = 0; i < n; i++) {
		close(masters[i]);
		box_close(&boxes[i]);
	}
	printf("closed: %.0f a second\n", n * 1e3 / (now_ms() - start));
	free(boxes);
	free(masters);
}

int main(int argc, char **argv)
{
	struct host h;
	struct limits l;
	struct err err;
	int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 300, n_idle = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0;
	if (argc < 2 || rounds < 1) {
		fprintf(stderr, "usage: boxes DIR [ROUNDS [IDLE [LAUNCHER]]]\n");
		return 2;
	}
	limits_init(&l);
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	must(host_init(&h, argv[1], &err), &err);
	double *spawn = xcalloc((size_t)rounds, sizeof *spawn), *init = xcalloc((size_t)rounds, sizeof *init),
	       *done = xcalloc((size_t)rounds, sizeof *done), *again = xcalloc((size_t)rounds, sizeof *again),
	       *closed = xcalloc((size_t)rounds, sizeof *closed);
	struct box_options o = {.image = "host", .limits = &l, .restore_fd = -1, .subject_fd = -1};
	for (int i = 0; i < rounds; i++) {
		struct box b;
		spawn[i] = spawn_once((const char *[]){"/bin/true", NULL});
		double start = now_ms();
		must(box_open(&h, &o, &b, &err), &err);
		wait_for(&b, INIT_READY);
		init[i] = now_ms() - start;
		exec_true(&b);
		done[i] = now_ms() - start;
		start = now_ms();
		exec_true(&b);
		again[i] = now_ms() - start;
		start = now_ms();
		box_close(&b);
		closed[i] = now_ms() - start;
	}
	print("posix_spawn /bin/true", spawn, rounds);
	double base = spawn[rounds / 2];
	print("box open, init ready", init, rounds);
	print("box open, /bin/true done", done, rounds);
	print("/bin/true in an open box", again, rounds);
	print("box close", closed, rounds);
	printf("box open to /bin/true done: %.2f x posix_spawn; in an open box: %.2f x\n", done[rounds / 2] / base, again[rounds / 2] / base);
	if (argc > 4)
		command_line(argv[4], argv[1], rounds);
	if (n_idle)
		idle(&h, &l, n_idle);
	host_finish(&h);
	return 0;
}
