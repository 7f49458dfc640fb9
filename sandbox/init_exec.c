/* Running commands in a box, with or without a PTY, and packing and unpacking files. See init.c. */
#include "base/mem.h"
#include "sandbox/init.h"
#include "sandbox/layer.h"
#include "sandbox/proto.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>

#define START_MS 5000
#define PATH_DEFAULT "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct command {
	uint32_t exec, flags, rows, cols;
	char *user, *cwd, **argv, **env;
	int fds[3]; /* the standard streams; with a PTY, its slave three times */
	int master;
	struct account account;
};

static void finish(struct command *c)
{
	free(c->user);
	free(c->cwd);
	free(c->argv);
	free(c->env);
	if (c->flags & EXEC_PTY)
		close_fdp(&c->fds[0]);
	else
		for (int i = 0; i < 3; i++)
			close_fdp(&c->fds[i]);
	close_fdp(&c->master);
}

/* A pair of the box's own devpts, by a descriptor from before the candidate could replace anything. */
static bool open_pty(struct command *c, struct err *err)
{
	int unlock = 0;
	struct winsize size = {.ws_row = (unsigned short)c->rows, .ws_col = (unsigned short)c->cols};
	c->master = openat(init.pts, "ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (c->master < 0 || ioctl(c->master, TIOCSPTLCK, &unlock) < 0)
		return err_set(err, ERR_IO, "opening a terminal: %s", errno == ENOSPC ? "this box has as many as it may" : strerror(errno));
	int slave = ioctl(c->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (slave < 0)
		return err_set(err, ERR_IO, "opening a terminal: %s", strerror(errno));
	for (int i = 0; i < 3; i++)
		c->fds[i] = slave;
	struct termios t;
	if (tcgetattr(slave, &t) == 0) {
		t.c_iflag |= IUTF8;
		tcsetattr(slave, TCSANOW, &t);
	}
	if (ioctl(slave, TIOCSWINSZ, &size) < 0 || (c->account.uid && fchown(slave, c->account.uid, (gid_t)-1) < 0))
		return err_set(err, ERR_IO, "setting up a terminal: %s", strerror(errno));
	return true;
}

static bool become(const struct account *a)
{
	gid_t groups[ARRAY_SIZE(a->groups)];
	for (unsigned i = 0; i < a->n_groups; i++)
		groups[i] = a->groups[i];
	/* A box with a single id may not change groups at all; it has root only. */
	if (setgroups(a->n_groups, groups) < 0 && (errno != EPERM || a->uid))
		return false;
	return setresgid(a->gid, a->gid, a->gid) == 0 && setresuid(a->uid, a->uid, a->uid) == 0;
}

static const char *env_of(char **env, const char *name)
{
	size_t n = strlen(name);
	for (; *env; env++)
		if (!strncmp(*env, name, n) && (*env)[n] == '=')
			return *env + n + 1;
	return NULL;
}

/* What was asked for, and defaults for what every program expects. */
static char **environment(const struct command *c)
{
	const struct account *a = &c->account;
	const struct {
		const char *name, *value;
	} defaults[] = {{"PATH", PATH_DEFAULT},
	                {"HOME", a->home},
	                {"USER", a->name},
	                {"LOGNAME", a->name},
	                {"SHELL", a->shell},
	                {"LANG", "C.UTF-8"},
	                {"TERM", c->flags & EXEC_PTY ? "xterm-256color" : "dumb"}};
	size_t n = 0, asked = 0;
	while (c->env[asked])
		asked++;
	char **env = xcalloc(asked + ARRAY_SIZE(defaults) + 1, sizeof *env);
	for (size_t i = 0; i < asked; i++)
		env[n++] = c->env[i];
	for (size_t i = 0; i < ARRAY_SIZE(defaults); i++)
		if (!env_of(c->env, defaults[i].name))
			env[n++] = xasprintf("%s=%s", defaults[i].name, defaults[i].value);
	return env;
}

static void exec_in_path(char **argv, char **env)
{
	const char *path = env_of(env, "PATH");
	struct str rest = str_of(path ? path : PATH_DEFAULT), dir;
	int seen = ENOENT;
	if (strchr(argv[0], '/')) {
		execve(argv[0], argv, env);
		return;
	}
	while (str_next_field(&rest, ':', &dir)) {
		_cleanup_free_ char *file = xasprintf("%.*s/%s", STR_ARG(dir), argv[0]);
		execve(file, argv, env);
		if (errno != ENOENT && errno != ENOTDIR)
			seen = errno;
	}
	errno = seen;
}

static void fresh_process(void)
{
	sigset_t none;
	sigemptyset(&none);
	for (int s = 1; s < NSIG; s++)
		signal(s, SIG_DFL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0);
}

static _Noreturn void child(struct command *c, int report)
{
	char msg[256] = "";
	char **env = environment(c);
	/* The standard streams may have numbers below 3 only after they were moved: copy them out of the way first. */
	int fds[3];
	for (int i = 0; i < 3; i++)
		fds[i] = fcntl(c->fds[i], F_DUPFD_CLOEXEC, 10);
	setsid();
	for (int i = 0; i < 3; i++)
		dup2(fds[i], i);
	if ((c->flags & EXEC_PTY) && ioctl(0, TIOCSCTTY, 0) < 0)
		snprintf(msg, sizeof msg, "taking the terminal: %s", strerror(errno));
	else if (!become(&c->account))
		snprintf(msg, sizeof msg, "becoming user '%s': %s%s", c->account.name, strerror(errno),
		         errno == EINVAL || errno == EPERM ? " (this box has no ids but root's: no newuidmap, or no range in /etc/subuid)" : "");
	else if (*c->cwd && chdir(c->cwd) < 0)
		snprintf(msg, sizeof msg, "entering '%s': %s", c->cwd, strerror(errno));
	if (!*msg) {
		if (!*c->cwd && chdir(c->account.home) < 0 && chdir("/") < 0)
			_exit(126);
		fresh_process();
		exec_in_path(c->argv, env);
		snprintf(msg, sizeof msg, "%s: %s", c->argv[0], strerror(errno));
	}
	ssize_t n = write(report, msg, strlen(msg));
	_exit(n < 0 ? 126 : 127);
}

/* Starts it; waits until it runs, or has said why not. */
static bool launch(struct command *c, struct err *err)
{
	int report[2];
	if (!account_find(c->user, &c->account, err) || ((c->flags & EXEC_PTY) && !open_pty(c, err)))
		return false;
	if (pipe2(report, O_CLOEXEC) < 0)
		return err_set(err, ERR_IO, "pipe: %s", strerror(errno));
	pid_t pid = fork();
	if (pid == 0)
		child(c, report[1]);
	int fork_errno = errno;
	close(report[1]);
	_cleanup_close_ int reading = report[0];
	if (pid < 0)
		return err_set(err, ERR_BUSY, "the box cannot start a process: %s", strerror(fork_errno));
	char msg[256];
	/* What the candidate runs may stop the child before it execs; init must not wait for ever. */
	ssize_t n = poll(&(struct pollfd){.fd = reading, .events = POLLIN}, 1, START_MS) == 1 ? read(reading, msg, sizeof msg - 1) : -1;
	if (n < 0) {
		kill(pid, SIGKILL);
		return err_set(err, ERR_BUSY, "the command did not start within %d ms", START_MS);
	}
	if (n > 0) {
		msg[n] = 0;
		return err_set(err, ERR_INVALID, "%s", msg);
	}
	if (!init_remember(c->exec, pid)) {
		kill(-pid, SIGKILL);
		return err_set(err, ERR_BUSY, "more than %d commands run in this box", COMMANDS_MAX);
	}
	return true;
}

bool init_exec(struct wire *m, struct err *err)
{
	struct command c = {.fds = {-1, -1, -1}, .master = -1};
	c.exec = wire_get_u32(m);
	c.flags = wire_get_u32(m);
	c.rows = wire_get_u32(m);
	c.cols = wire_get_u32(m);
	c.user = wire_get_cstr(m, USER_NAME_MAX);
	c.cwd = wire_get_cstr(m, BOX_PATH_MAX);
	c.argv = wire_get_list(m);
	c.env = wire_get_list(m);
	for (int i = 0; i < 3 && !(c.flags & EXEC_PTY); i++)
		c.fds[i] = wire_take_fd(m);
	bool ok = wire_done(m, err);
	if (ok && !c.argv[0])
		ok = err_set(err, ERR_INVALID, "no command");
	if (ok) {
		struct err why;
		if (launch(&c, &why))
			init_report(INIT_STARTED, c.exec, NULL, NULL, c.master);
		else
			init_report(INIT_FAILED, c.exec, NULL, why.msg, -1);
	}
	finish(&c);
	return ok;
}

/* The folder that holds `path`, made if missing, and its last name. */
static int parent_of(const char *path, bool make, const struct account *a, const char **ret_name)
{
	_cleanup_free_ char *copy = xstrdup(path);
	for (size_t n = strlen(copy); n > 1 && copy[n - 1] == '/';)
		copy[--n] = 0;
	char *slash = strrchr(copy, '/');
	if (copy[0] != '/' || !slash[1] || !strcmp(slash + 1, ".") || !strcmp(slash + 1, "..")) {
		errno = EINVAL;
		return -1;
	}
	for (char *at = copy + 1; make && at <= slash; at++) {
		if (*at != '/')
			continue;
		*at = 0;
		if (mkdir(copy, 0755) == 0 && chown(copy, a->uid, a->gid) < 0)
			return -1;
		*at = '/';
	}
	*ret_name = path + (slash + 1 - copy);
	*slash = 0;
	return open(*copy ? copy : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static _Noreturn void move_files(bool pack, const char *path, int fd, uint64_t size_max, const struct account *a)
{
	struct err err;
	struct layer_stats stats;
	struct layer_owner owner = {a->uid, a->gid};
	const char *last = NULL;
	fresh_process();
	umask(022);
	int dir = parent_of(path, !pack, a, &last);
	if (dir < 0)
		_exit(2);
	_cleanup_free_ char *name = xstrndup(last, strcspn(last, "/"));
	bool ok = pack ? layer_pack(dir, name, fd, 0, size_max, &stats, &err) : layer_unpack(fd, dir, name, 0, &owner, &stats, &err);
	_exit(ok ? (pack && stats.entries == 0 ? 2 : 0) : err.code == ERR_TOO_LARGE ? 3 : 1);
}

bool init_files(struct wire *m, bool pack, struct err *err)
{
	uint32_t exec = wire_get_u32(m);
	uint64_t size_max = pack ? wire_get_u64(m) : 0;
	_cleanup_free_ char *user = pack ? xstrdup("") : wire_get_cstr(m, USER_NAME_MAX);
	_cleanup_free_ char *path = wire_get_cstr(m, BOX_PATH_MAX);
	_cleanup_close_ int fd = wire_take_fd(m);
	struct account a;
	struct err why;
	if (!wire_done(m, err))
		return false;
	bool ok = account_find(user, &a, &why);
	pid_t pid = ok ? fork() : 0;
	if (ok && pid == 0)
		move_files(pack, path, fd, size_max, &a);
	if (ok && (pid < 0 || !init_remember(exec, pid)))
		ok = err_set(&why, ERR_BUSY, "the box cannot start a process: %s", strerror(errno));
	if (ok)
		init_report(INIT_STARTED, exec, NULL, NULL, -1);
	else
		init_report(INIT_FAILED, exec, NULL, why.msg, -1);
	return true;
}
