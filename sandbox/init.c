/* Init: process 1 of a box.
 *
 * A small static program without configuration or environment, sealed, not dumpable. It reaps, runs commands on the launcher's
 * request (descriptor 3), opens PTYs inside the box's own devpts, and packs and unpacks files from inside, where a path can lead
 * no further than the box. It ends when the launcher does, and the box with it. Everything it reads from the box is hostile. */
#include "sandbox/init.h"
#include "base/mem.h"
#include "sandbox/proto.h"
#include "sandbox/wire.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#define WATCH_MS 100
#define STOP_ROUNDS 200
#define PATIENT_ROUNDS 10

struct init init = {.watch = false};

static void send_or_end(const struct buf *m, const int *fds, unsigned n)
{
	struct err err;
	if (!wire_send(LAUNCHER, m, fds, n, &err))
		_exit(0); /* the launcher is gone, and the kernel ends everything with us */
}

void init_report(uint32_t what, uint32_t exec, const uint32_t *status, const char *text, int fd)
{
	_cleanup_buf_ struct buf m = BUF(4096);
	wire_u32(&m, what);
	if (what != INIT_READY)
		wire_u32(&m, exec);
	if (status)
		wire_u32(&m, *status);
	if (text)
		wire_cstr(&m, text);
	send_or_end(&m, &fd, fd >= 0 ? 1 : 0);
}

bool init_remember(uint32_t exec, pid_t pid)
{
	for (size_t i = 0; i < COMMANDS_MAX; i++)
		if (!init.commands[i].pid) {
			init.commands[i].exec = exec;
			init.commands[i].pid = pid;
			return true;
		}
	return false;
}

static void reap(void)
{
	int status;
	for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
		for (size_t i = 0; i < COMMANDS_MAX; i++)
			if (init.commands[i].pid == pid) {
				init.commands[i].pid = 0;
				init_report(INIT_EXITED, init.commands[i].exec, &(uint32_t){(uint32_t)status}, NULL, -1);
			}
}

static void kill_command(uint32_t exec, int sig)
{
	if (exec == 0) {
		kill(-1, sig);
		return;
	}
	for (size_t i = 0; i < COMMANDS_MAX; i++)
		if (init.commands[i].pid && init.commands[i].exec == exec) {
			kill(-init.commands[i].pid, sig);
			kill(init.commands[i].pid, sig);
		}
}

/* Calls f for every process but init. Stops when f returns false. */
static void each_process(bool (*f)(int proc, const char *pid, void *arg), void *arg)
{
	int fd = openat(init.proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	for (struct dirent *e; d && (e = readdir(d));)
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9' && strcmp(e->d_name, "1") != 0 && !f(init.proc, e->d_name, arg))
			break;
	if (d)
		closedir(d);
	else
		close_fdp(&fd);
}

static ssize_t read_of(int proc, const char *pid, const char *name, char *ret, size_t size)
{
	char path[64];
	snprintf(path, sizeof path, "%s/%s", pid, name);
	_cleanup_close_ int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret, size - 1);
	ret[n > 0 ? n : 0] = 0;
	return n;
}

struct stopping {
	int round;
	bool all;
};

static bool is_stopped(int proc, const char *pid, void *arg)
{
	char text[512];
	if (read_of(proc, pid, "stat", text, sizeof text) <= 0)
		return true; /* ended meanwhile */
	struct stopping *s = arg;
	const char *paren = strrchr(text, ')');
	/* A process that waits in vfork for a child that is stopped shows D, for as long as that is so. */
	bool stopped = paren && paren[1] && strchr(s->round > PATIENT_ROUNDS ? "TtZXD" : "TtZX", paren[2]) != NULL;
	s->all = s->all && stopped;
	return stopped;
}

/* A process that forks while the signals go out is seen running and gets the next round. */
static void stop_all(void)
{
	struct stopping s = {0};
	for (; s.round < STOP_ROUNDS && !s.all; s.round++) {
		if (s.round)
			poll(NULL, 0, 5);
		kill(-1, SIGSTOP);
		s.all = true;
		each_process(is_stopped, &s);
	}
	init_report(INIT_STOPPED, s.all, NULL, NULL, -1);
}

struct usage {
	uint64_t total, largest;
	pid_t pid;
};

/* Proportional set size; where the process hides it, what it alone has resident. Files in tmpfs have their own bound. */
static bool add_usage(int proc, const char *pid, void *arg)
{
	struct usage *u = arg;
	char text[1024];
	uint64_t bytes = 0;
	const char *at = read_of(proc, pid, "smaps_rollup", text, sizeof text) > 0 ? strstr(text, "\nPss:") : NULL;
	struct str field, rest;
	int64_t n, shared;
	if (at) {
		rest = str_trim(str_of(at + 5));
		if (str_next_field(&rest, ' ', &field) && str_to_i64(field, 0, INT64_C(1) << 40, &n))
			bytes = (uint64_t)n * 1024;
	} else if (read_of(proc, pid, "statm", text, sizeof text) > 0) {
		rest = str_of(text);
		if (str_next_field(&rest, ' ', &field) && str_next_field(&rest, ' ', &field) && str_to_i64(field, 0, INT64_C(1) << 40, &n) &&
		    str_next_field(&rest, ' ', &field) && str_to_i64(field, 0, n, &shared))
			bytes = (uint64_t)(n - shared) * 4096;
	}
	u->total += bytes;
	if (bytes > u->largest && str_to_i64(str_of(pid), 2, INT32_MAX, &n)) {
		u->largest = bytes;
		u->pid = (pid_t)n;
	}
	return true;
}

static void watch(void)
{
	struct usage u = {0};
	each_process(add_usage, &u);
	if (u.total <= init.memory || u.pid < 2)
		return;
	kill(u.pid, SIGKILL);
	_cleanup_buf_ struct buf m = BUF(64);
	wire_u32(&m, INIT_OVER);
	wire_u64(&m, u.total);
	send_or_end(&m, NULL, 0);
}

static bool obey(struct wire *m, struct err *err)
{
	uint32_t what = wire_get_u32(m), exec;
	switch (what) {
	case INIT_CONFIG:
		init.watch = wire_get_u32(m);
		init.memory = wire_get_u64(m);
		break;
	case INIT_EXEC:
		return init_exec(m, err);
	case INIT_UNPACK:
	case INIT_PACK:
		return init_files(m, what == INIT_PACK, err);
	case INIT_KILL:
		exec = wire_get_u32(m);
		kill_command(exec, (int)wire_get_u32(m));
		break;
	case INIT_STOP:
		stop_all();
		break;
	case INIT_CONT:
		kill(-1, SIGCONT);
		break;
	default:
		return err_set(err, ERR_INVALID, "an unknown request");
	}
	return wire_done(m, err);
}

static bool setup(void)
{
	sigset_t all;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	sigemptyset(&all);
	sigaddset(&all, SIGCHLD);
	init.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	init.pts = open("/dev/pts", O_PATH | O_DIRECTORY | O_CLOEXEC);
	init.proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fcntl(LAUNCHER, F_SETFD, FD_CLOEXEC) == 0 && init.signals >= 0 && init.pts >= 0 && init.proc >= 0;
}

static bool serve_one(char *space)
{
	struct wire m;
	struct err err;
	bool again;
	int got = wire_receive(LAUNCHER, space, &m, &again, &err);
	if (got <= 0)
		return false;
	bool ok = obey(&m, &err);
	wire_finish(&m);
	return ok;
}

int main(void)
{
	static char space[WIRE_MAX];
	if (!setup())
		return 1;
	init_report(INIT_READY, 0, NULL, NULL, -1);
	for (;;) {
		struct pollfd fds[] = {{.fd = LAUNCHER, .events = POLLIN}, {.fd = init.signals, .events = POLLIN}};
		int n = poll(fds, 2, init.watch ? WATCH_MS : -1);
		if (n < 0 && errno != EINTR)
			return 1;
		if (n == 0)
			watch();
		if (fds[1].revents) {
			struct signalfd_siginfo info[16];
			while (read(init.signals, info, sizeof info) > 0)
				;
			reap();
		}
		if (fds[0].revents && !serve_one(space))
			return 0;
	}
}
