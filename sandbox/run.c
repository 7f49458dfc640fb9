/* assay-sandbox run: opens a box, copies files in, runs a command, relays its streams, closes the box. See run.h.
 *
 * The command gets pipes, never this process's own descriptors: through /proc/self/fd it could reopen a file that the shell has
 * redirected output to, and read or cut it. */
#include "sandbox/run.h"
#include "base/mem.h"
#include "sandbox/box.h"
#include "sandbox/layer.h"
#include "sandbox/proto.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/wait.h>
#include <time.h>

#define COPIES_MAX 64
#define CLEAN_MAX 32        /* slots that are looked at for what a crash left; the daemon looks at all */
#define DRAIN_MAX (1 << 20) /* bytes that are read after the command has ended */

static const char help[] =
    "Usage: assay-sandbox run --dir DIR [--image NAME] [--copy-in SRC:DST]... [--limit KEY=VALUE]... [--user USER]\n"
    "                         [--cwd PATH] [--env NAME=VALUE]... [--restore FILE] [--subject FILE] [--time TIME] -- COMMAND...\n\n"
    "Runs one command in a fresh box and returns its output and status. See `assay box run --help`.\n";

struct relay {
	int from, to;
	char data[16384];
	size_t at, len;
};

struct run {
	const char *dir, *image, *user, *cwd, *restore, *subject;
	struct limits limits;
	const char *copies[COPIES_MAX], *env[COPIES_MAX + 1];
	size_t n_copies, n_env;
	char **argv;

	struct host host;
	struct box box;
	char *space;
	int signals;
	int in, out, err; /* our ends of the command's pipes */
	struct relay input;
	uint64_t printed;
	uint64_t deadline_ms; /* 0: none */
	enum limit ended_by;
	uint32_t status;
	int signal; /* that told us to end */
	bool tty_out, tty_err;
};

static uint64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool parse(int argc, char **argv, struct run *r, struct err *err)
{
	static const struct option options[] = {{"dir", 1, NULL, 'd'},     {"image", 1, NULL, 'i'}, {"copy-in", 1, NULL, 'c'},
	                                        {"limit", 1, NULL, 'l'},   {"user", 1, NULL, 'u'},  {"time", 1, NULL, 't'},
	                                        {"cwd", 1, NULL, 'w'},     {"env", 1, NULL, 'e'},   {"restore", 1, NULL, 'r'},
	                                        {"subject", 1, NULL, 's'}, {"help", 0, NULL, 'h'},  {0}};
	int option;
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		switch (option) {
		case 'd':
			r->dir = optarg;
			break;
		case 'i':
			r->image = optarg;
			break;
		case 'u':
			r->user = optarg;
			break;
		case 'w':
			r->cwd = optarg;
			break;
		case 'r':
			r->restore = optarg;
			break;
		case 's':
			r->subject = optarg;
			break;
		case 'l':
			if (!limits_set(&r->limits, str_of(optarg), err))
				return false;
			break;
		case 't':
			if (!limits_time(str_of(optarg), &r->limits.time_ms, err))
				return false;
			break;
		case 'c':
		case 'e':
			if (r->n_copies == COPIES_MAX || r->n_env == COPIES_MAX)
				return err_set(err, ERR_USAGE, "--%s is given more than %d times", option == 'c' ? "copy-in" : "env", COPIES_MAX);
			if (!strchr(optarg, option == 'c' ? ':' : '='))
				return err_set(err, ERR_USAGE, option == 'c' ? "--copy-in takes SRC:DST" : "--env takes NAME=VALUE");
			if (option == 'c')
				r->copies[r->n_copies++] = optarg;
			else
				r->env[r->n_env++] = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			exit(0);
		default:
			return err_set(err, ERR_USAGE, "see --help");
		}
	}
	r->argv = argv + optind;
	if (!r->argv[0])
		return err_set(err, ERR_USAGE, "no command is given");
	if (!r->dir)
		return err_set(err, ERR_USAGE, "--dir is missing");
	return true;
}

/* What a hostile program prints must not reach the terminal of whoever watches as commands: control characters but line ends and
 * tabs are shown as ^X. Bytes above 127 are left alone but those of the C1 set in UTF-8. Only used when the output is a terminal. */
static size_t harmless(const char *from, size_t n, char *to)
{
	size_t len = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)from[i];
		if ((c < 32 && c != '\n' && c != '\t' && c != '\r') || c == 127) {
			to[len++] = '^';
			to[len++] = (char)(c ^ 64);
		} else if (c == 0xc2 && i + 1 < n && (unsigned char)from[i + 1] < 0xa0) {
			to[len++] = '?';
			i++;
		} else {
			to[len++] = (char)c;
		}
	}
	return len;
}

static bool write_all(int fd, const char *p, size_t n)
{
	while (n) {
		ssize_t w = write(fd, p, n);
		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0 && errno == EAGAIN) {
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
			continue;
		}
		if (w < 0)
			return false;
		p += w;
		n -= (size_t)w;
	}
	return true;
}

/* Passes on what a stream holds. False at its end. */
static bool pass_output(struct run *r, int from, int to, bool tty)
{
	char data[65536], shown[sizeof data * 2];
	ssize_t n = read(from, data, sizeof data);
	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	if (n == 0)
		return false;
	if (r->printed + (uint64_t)n > r->limits.output) {
		n = (ssize_t)(r->limits.output - r->printed);
		r->ended_by = LIMIT_OUTPUT;
	}
	r->printed += (uint64_t)n;
	size_t len = tty ? harmless(data, (size_t)n, shown) : (size_t)n;
	if (!write_all(to, tty ? shown : data, len)) {
		r->signal = SIGPIPE; /* nobody reads any more */
		return false;
	}
	return true;
}

static void pass_input(struct run *r, short in_ready, short out_ready)
{
	struct relay *i = &r->input;
	if (i->at == i->len && in_ready) {
		ssize_t n = read(i->from, i->data, sizeof i->data);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			return;
		i->at = 0;
		i->len = n > 0 ? (size_t)n : 0;
		if (n <= 0)
			close_fdp(&r->in), r->in = -1;
	}
	if (r->in >= 0 && i->at < i->len && (out_ready || in_ready)) {
		ssize_t n = write(r->in, i->data + i->at, i->len - i->at);
		if (n > 0)
			i->at += (size_t)n;
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			close_fdp(&r->in), r->in = -1;
	}
}

static void take_signals(struct run *r)
{
	struct signalfd_siginfo info;
	while (read(r->signals, &info, sizeof info) == sizeof info)
		if (info.ssi_signo != SIGCHLD)
			r->signal = (int)info.ssi_signo;
}

/* Waits for one thing to happen; takes a report of init if there is one. False: nothing to report yet. */
static bool step(struct run *r, struct box_report *report)
{
	struct relay *i = &r->input;
	bool want_in = r->in >= 0 && i->at == i->len, want_out = r->in >= 0 && i->at < i->len;
	struct pollfd fds[] = {{.fd = r->box.sock, .events = POLLIN},
	                       {.fd = r->signals, .events = POLLIN},
	                       {.fd = r->out, .events = POLLIN},
	                       {.fd = r->err, .events = POLLIN},
	                       {.fd = want_in ? i->from : -1, .events = POLLIN},
	                       {.fd = want_out ? r->in : -1, .events = POLLOUT}};
	uint64_t now = now_ms();
	int wait = !r->deadline_ms ? -1 : r->deadline_ms <= now ? 0 : (int)(r->deadline_ms - now);
	if (poll(fds, ARRAY_SIZE(fds), wait) < 0)
		return false;
	if (fds[1].revents)
		take_signals(r);
	if (fds[2].revents && !pass_output(r, r->out, STDOUT_FILENO, r->tty_out))
		close_fdp(&r->out), r->out = -1;
	if (fds[3].revents && !pass_output(r, r->err, STDERR_FILENO, r->tty_err))
		close_fdp(&r->err), r->err = -1;
	if (fds[4].revents || fds[5].revents)
		pass_input(r, fds[4].revents, fds[5].revents);
	if (r->deadline_ms && now_ms() >= r->deadline_ms && !r->ended_by)
		r->ended_by = LIMIT_TIME;
	return fds[0].revents && box_report(&r->box, r->space, report);
}

/* Until `exec` has ended, something else ends us, or the box fails. */
static bool await(struct run *r, uint32_t exec, struct err *err)
{
	for (;;) {
		struct box_report report;
		bool got = step(r, &report);
		if (r->signal || r->ended_by)
			return true;
		if (!got)
			continue;
		close_fdp(&report.fd);
		if (report.what == INIT_EXITED && report.exec == exec) {
			r->status = report.status;
			return true;
		}
		if (report.what == INIT_OVER)
			r->ended_by = LIMIT_MEMORY;
		else if (report.what == INIT_FAILED)
			return err_set(err, ERR_INVALID, "%s", report.text);
		else if (report.what == BOX_ERROR)
			return err_set(err, ERR_IO, "opening a box: %s", report.text);
		else if (report.what == 0) {
			struct cgroup_counts counts;
			cgroup_read(&r->box.cgroup, &counts);
			if (!counts.oom_kills)
				return err_set(err, ERR_INTERNAL, "the box ended by itself");
			r->ended_by = LIMIT_MEMORY;
		}
		if (r->ended_by)
			return true;
	}
}

/* Packs a file or folder of this machine into a pipe, from a process of its own. */
static pid_t pack(const char *src, int *ret_fd, struct err *err)
{
	char path[PATH_MAX];
	int ends[2];
	if (!realpath(src, path)) {
		err_set(err, ERR_NOT_FOUND, "--copy-in: %s: %s", src, strerror(errno));
		return -1;
	}
	if (pipe2(ends, O_CLOEXEC) < 0) {
		err_set(err, ERR_IO, "pipe: %s", strerror(errno));
		return -1;
	}
	pid_t pid = fork();
	if (pid == 0) {
		struct layer_stats stats;
		char *slash = strrchr(path, '/');
		int dir = slash == path ? open("/", O_RDONLY | O_DIRECTORY) : (*slash = 0, open(path, O_RDONLY | O_DIRECTORY));
		_exit(dir >= 0 && layer_pack(dir, slash + 1, ends[1], LAYER_PLAIN, UINT64_MAX, &stats, err) && stats.entries ? 0 : 1);
	}
	close(ends[1]);
	*ret_fd = ends[0];
	return pid;
}

static bool copy_in(struct run *r, const char *what, struct err *err)
{
	const char *colon = strrchr(what, ':');
	_cleanup_free_ char *src = xstrndup(what, (size_t)(colon - what));
	_cleanup_close_ int fd = -1;
	uint32_t id;
	pid_t packer = pack(src, &fd, err);
	if (packer < 0)
		return false;
	bool ok = box_put(&r->box, r->user, colon + 1, fd, &id, err) && await(r, id, err);
	int status;
	close_fdp(&fd);
	fd = -1;
	waitpid(packer, &status, 0);
	if (ok && !r->signal && (r->status || status))
		return err_set(err, ERR_IO, "--copy-in %s: %s", what,
		               status                        ? "it cannot be read"
		               : WEXITSTATUS(r->status) == 3 ? "the box has no room for it"
		               : WEXITSTATUS(r->status) == 2 ? "the place in the box is not an absolute path, or lies below a file"
		                                             : "it cannot be written in the box");
	return ok;
}

static bool start_command(struct run *r, uint32_t *ret_id, struct err *err)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, error[2] = {-1, -1};
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0 || pipe2(error, O_CLOEXEC) < 0)
		return err_set(err, ERR_IO, "pipe: %s", strerror(errno));
	r->in = in[1];
	r->out = out[0];
	r->err = error[0];
	fcntl(r->in, F_SETFL, O_NONBLOCK);
	fcntl(r->out, F_SETFL, O_NONBLOCK);
	fcntl(r->err, F_SETFL, O_NONBLOCK);
	/* For programs that open /dev/stdout: in the box, the pipes have no owner. Who may reach them is decided by /proc. */
	if (fchmod(in[0], 0666) < 0 || fchmod(out[1], 0666) < 0 || fchmod(error[1], 0666) < 0)
		return err_set(err, ERR_IO, "pipe: %s", strerror(errno));
	r->input.from = STDIN_FILENO;
	struct box_exec x = {
	    .user = r->user, .cwd = r->cwd, .argv = (const char *const *)r->argv, .env = r->env, .fds = {in[0], out[1], error[1]}};
	bool ok = box_exec(&r->box, &x, ret_id, err);
	close(in[0]);
	close(out[1]);
	close(error[1]);
	if (r->limits.time_ms)
		r->deadline_ms = now_ms() + r->limits.time_ms;
	return ok;
}

/* What the command had printed before it ended; not what some other process goes on printing. */
static void drain(struct run *r)
{
	const struct {
		int from, to;
		bool tty;
	} streams[] = {{r->out, STDOUT_FILENO, r->tty_out}, {r->err, STDERR_FILENO, r->tty_err}};
	for (size_t i = 0; i < 2; i++) {
		uint64_t stop = r->printed + DRAIN_MAX;
		for (;;) {
			struct pollfd p = {.fd = streams[i].from, .events = POLLIN};
			if (p.fd < 0 || r->ended_by || r->printed >= stop || poll(&p, 1, 0) <= 0 ||
			    !pass_output(r, p.fd, streams[i].to, streams[i].tty))
				break;
		}
	}
}

/* Which limits the command ran into, when it did not end well. */
static void report_limits(struct run *r, bool *ret_limited)
{
	struct cgroup_counts counts;
	struct statfs fs;
	bool hit[LIMIT_COUNT] = {0};
	cgroup_read(&r->box.cgroup, &counts);
	hit[r->ended_by] = true;
	if (r->status || r->ended_by) {
		hit[LIMIT_MEMORY] |= counts.oom_kills > 0;
		hit[LIMIT_PROCESSES] |= counts.processes_refused > 0;
		if (r->box.upper >= 0 && fstatfs(r->box.upper, &fs) == 0) {
			hit[LIMIT_DISK] |= fs.f_bfree == 0;
			hit[LIMIT_INODES] |= fs.f_ffree == 0;
		}
	}
	if (WIFSIGNALED(r->status) && WTERMSIG(r->status) == SIGXFSZ)
		hit[LIMIT_DISK] = true;
	if (WIFSIGNALED(r->status) && WTERMSIG(r->status) == SIGXCPU)
		hit[LIMIT_TIME] = true;
	for (int i = LIMIT_NONE + 1; i < LIMIT_COUNT; i++)
		if (hit[i]) {
			fprintf(stderr, "assay: box: limit: %s\n", limit_name((enum limit)i));
			*ret_limited = true;
		}
}

static bool run(struct run *r, int *ret_code, struct err *err)
{
	struct box_options o = {.image = r->image, .limits = &r->limits, .restore_fd = -1, .subject_fd = -1};
	_cleanup_close_ int restore = r->restore ? open(r->restore, O_RDONLY | O_CLOEXEC) : -1;
	_cleanup_close_ int subject = r->subject ? open(r->subject, O_RDONLY | O_CLOEXEC) : -1;
	if ((r->restore && restore < 0) || (r->subject && subject < 0))
		return err_set(err, ERR_NOT_FOUND, "%s: %s", r->restore && restore < 0 ? r->restore : r->subject, strerror(errno));
	o.restore_fd = restore;
	o.subject_fd = subject;
	if (!box_open(&r->host, &o, &r->box, err))
		return false;
	bool ok = true, limited = false;
	uint32_t id = 0;
	for (size_t i = 0; ok && i < r->n_copies && !r->signal; i++)
		ok = copy_in(r, r->copies[i], err);
	ok = ok && (r->signal || (start_command(r, &id, err) && await(r, id, err)));
	if (ok) {
		drain(r);
		report_limits(r, &limited);
	}
	bool clean = box_close(&r->box);
	if (!ok)
		return false;
	if (!clean)
		fprintf(stderr, "assay: box: a control group of the box could not be removed\n");
	*ret_code = r->signal              ? 128 + r->signal
	            : limited              ? 3
	            : WIFEXITED(r->status) ? (int)WEXITSTATUS(r->status)
	                                   : 128 + (int)WTERMSIG(r->status);
	return true;
}

int run_main(int argc, char **argv)
{
	struct run *r = xcalloc(1, sizeof *r);
	struct err err;
	int code = 0;
	*r = (struct run){.image = "host", .user = "root", .in = -1, .out = -1, .err = -1};
	limits_init(&r->limits);
	if (!parse(argc, argv, r, &err)) {
		fprintf(stderr, "assay: box: %s\n", err.msg);
		return 2;
	}
	sigset_t set;
	sigemptyset(&set);
	static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	for (size_t i = 0; i < ARRAY_SIZE(caught); i++)
		sigaddset(&set, caught[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	r->space = xmalloc(WIRE_MAX);
	r->tty_out = isatty(STDOUT_FILENO);
	r->tty_err = isatty(STDERR_FILENO);
	bool ok = host_init(&r->host, r->dir, &err);
	if (ok) {
		unsigned cleaned = slots_clean(r->host.slots, CLEAN_MAX);
		if (cleaned)
			fprintf(stderr, "assay: box: cleaned up %u boxes that a crash had left\n", cleaned);
		ok = run(r, &code, &err);
		host_finish(&r->host);
	}
	if (!ok) {
		fprintf(stderr, "assay: box: %s\n", err.msg);
		code = err.code == ERR_INVALID ? 127 : err_exit_code(err.code) == 2 ? 2 : 3;
	}
	free(r->space);
	free(r);
	return code;
}
