/* The connection to the launcher: starting it, requests and answers, events. See sandbox.h. */
#include "base/clock.h"
#include "base/mem.h"
#include "sandbox/client/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#define START_WAIT_MS 10000
#define ANSWER_WAIT_MS 60000

static int dial(const char *dir)
{
	/* By descriptor: the whole path may be longer than a socket's address. */
	_cleanup_close_ int folder = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/sandbox.sock", folder);
	if (folder < 0 || fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
		return -1;
	return take_fd(fd);
}

/* The launcher gets a session of its own and no descriptor of ours, so that it can outlive us and whoever reads what we print. It says what
 * it has to say in DIR/launcher.log. */
static bool start_launcher(const char *dir, const char *program, struct err *err)
{
	if (mkdir(dir, 0700) < 0 && errno != EEXIST)
		return err_set(err, ERR_IO, "making %s: %s", dir, strerror(errno));
	_cleanup_free_ char *log_path = xasprintf("%s/launcher.log", dir);
	pid_t pid = fork();
	if (pid == 0) {
		if (setsid() < 0 || fork() != 0)
			_exit(0);
		sigset_t none;
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		int null = open("/dev/null", O_RDWR);
		int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
		dup2(null, 0);
		dup2(null, 1);
		dup2(log < 0 ? null : log, 2);
		close_range(3, ~0u, 0);
		execl(program, program, "serve", "--dir", dir, (char *)NULL);
		_exit(127);
	}
	if (pid < 0)
		return err_set(err, ERR_BUSY, "fork: %s", strerror(errno));
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return true;
}

static bool greet(struct sandbox *s, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(64);
	struct wire answer;
	sandbox_request(s, &m, REQ_HELLO);
	wire_u32(&m, SANDBOX_VERSION);
	if (!sandbox_call(s, &m, NULL, 0, &answer, err))
		return false;
	wire_finish(&answer);
	return true;
}

bool sandbox_connect(const char *dir, const char *program, struct sandbox **ret, struct err *err)
{
	int fd = dial(dir);
	if (fd < 0 && program) {
		int64_t end = clock_monotonic_ms() + START_WAIT_MS;
		if (!start_launcher(dir, program, err))
			return false;
		while ((fd = dial(dir)) < 0 && clock_monotonic_ms() < end)
			poll(NULL, 0, 5);
	}
	if (fd < 0)
		return err_set(err, ERR_IO, "no launcher of boxes answers in %s%s", dir, program ? "; its message is in launcher.log there" : "");
	struct sandbox *s = xcalloc(1, sizeof *s);
	*s = (struct sandbox){.fd = fd, .space = xmalloc(WIRE_MAX)};
	if (!greet(s, err)) {
		sandbox_disconnect(s);
		return false;
	}
	*ret = s;
	return true;
}

void sandbox_disconnect(struct sandbox *s)
{
	if (!s)
		return;
	close(s->fd);
	free(s->events);
	free(s->space);
	free(s);
}

int sandbox_fd(const struct sandbox *s)
{
	return s->fd;
}

void sandbox_request(struct sandbox *s, struct buf *m, uint32_t what)
{
	wire_u32(m, what);
	wire_u32(m, ++s->number);
}

static void keep_event(struct sandbox *s, const struct sandbox_event *e)
{
	if (s->n_events == EVENTS_MAX)
		memmove(s->events, s->events + 1, --s->n_events * sizeof *s->events);
	s->events = xgrow(s->events, s->n_events, &s->cap_events, sizeof *s->events);
	s->events[s->n_events++] = *e;
}

static void put(char *to, size_t size, struct str s)
{
	snprintf(to, size, "%.*s", STR_ARG(s));
}

static void read_event(struct sandbox *s, uint32_t what, struct wire *m)
{
	struct sandbox_event e = {.what = what == EVT_BOX ? SANDBOX_ENDED : SANDBOX_EXITED};
	struct err ignored;
	wire_get_u32(m);
	put(e.box, sizeof e.box, wire_get_str(m, sizeof e.box - 1));
	if (what == EVT_EXITED) {
		e.exec = wire_get_u32(m);
		e.status = wire_get_u32(m);
	}
	uint32_t limit = wire_get_u32(m);
	e.limit = limit < LIMIT_COUNT ? (enum limit)limit : LIMIT_NONE;
	if (what == EVT_BOX)
		put(e.message, sizeof e.message, wire_get_str(m, sizeof e.message - 1));
	if (wire_done(m, &ignored))
		keep_event(s, &e);
}

/* One message: an event is kept and *ret_what is 0; an answer is given in *ret. False: nothing came. */
static bool take(struct sandbox *s, int timeout_ms, uint32_t *ret_what, struct wire *ret)
{
	bool again;
	struct err err;
	struct wire m;
	if (s->gone || poll(&(struct pollfd){.fd = s->fd, .events = POLLIN}, 1, timeout_ms) <= 0)
		return false;
	if (wire_receive(s->fd, s->space, &m, &again, &err) <= 0) {
		s->gone = !again;
		return false;
	}
	*ret_what = wire_get_u32(&m);
	if (*ret_what == EVT_EXITED || *ret_what == EVT_BOX) {
		read_event(s, *ret_what, &m);
		wire_finish(&m);
		*ret_what = 0;
	} else {
		*ret = m;
	}
	return true;
}

bool sandbox_pump(struct sandbox *s, int timeout_ms)
{
	uint32_t what;
	struct wire m;
	if (!take(s, timeout_ms, &what, &m))
		return false;
	if (what)
		wire_finish(&m); /* an answer that nobody waits for any more */
	return true;
}

static bool refused(struct wire *m, struct err *err)
{
	uint32_t code = wire_get_u32(m);
	struct str text = wire_get_str(m, sizeof err->msg - 1);
	err_set(err, code > 0 && code < ERR_COUNT ? (enum err_code)code : ERR_INTERNAL, "%.*s", STR_ARG(text));
	wire_finish(m);
	return false;
}

bool sandbox_call(struct sandbox *s, const struct buf *m, const int *fds, unsigned n_fds, struct wire *ret, struct err *err)
{
	uint32_t number = s->number;
	int64_t end = clock_monotonic_ms() + ANSWER_WAIT_MS;
	if (s->gone)
		return err_set(err, ERR_IO, "the launcher of boxes is gone");
	if (!wire_send(s->fd, m, fds, n_fds, err))
		return false;
	for (;;) {
		int64_t left = end - clock_monotonic_ms();
		uint32_t what;
		struct wire answer;
		if (left <= 0)
			return err_set(err, ERR_BUSY, "the launcher of boxes has not answered for %d s", ANSWER_WAIT_MS / 1000);
		if (!take(s, (int)left, &what, &answer)) {
			if (s->gone)
				return err_set(err, ERR_IO, "the launcher of boxes has ended");
			continue;
		}
		if (!what)
			continue;
		if (wire_get_u32(&answer) != number) {
			wire_finish(&answer); /* of a call that was given up */
			continue;
		}
		if (what == ANS_ERROR)
			return refused(&answer, err);
		*ret = answer;
		return true;
	}
}

bool sandbox_ask(struct sandbox *s, const struct buf *m, const int *fds, unsigned n_fds, struct err *err)
{
	struct wire answer;
	if (!sandbox_call(s, m, fds, n_fds, &answer, err))
		return false;
	wire_finish(&answer);
	return true;
}

bool sandbox_next_event(struct sandbox *s, struct sandbox_event *ret)
{
	while (sandbox_pump(s, 0))
		;
	if (s->n_events) {
		*ret = s->events[0];
		memmove(s->events, s->events + 1, --s->n_events * sizeof *s->events);
		return true;
	}
	if (s->gone && !s->told) {
		s->told = true;
		*ret = (struct sandbox_event){.what = SANDBOX_GONE};
		return true;
	}
	return false;
}
