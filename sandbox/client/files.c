/* Commands that run to their end, and files in and out of boxes. See sandbox.h. */
#include "base/clock.h"
#include "base/mem.h"
#include "sandbox/client/internal.h"
#include "sandbox/layer.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define NEVER_MS (10 * MS_MINUTE) /* for a command without a time limit */
#define GRACE_MS (5 * MS_SECOND)  /* for the launcher to report an end that is due */

void sandbox_result_finish(struct sandbox_result *r)
{
	buf_finish(&r->out);
	buf_finish(&r->err);
}

static bool pipes(int p[3][2], struct err *err)
{
	for (int i = 0; i < 3; i++)
		/* Open to all: in the box they have no owner, and programs open /dev/stdout. Who may reach them is decided by /proc. */
		if (pipe2(p[i], O_CLOEXEC) < 0 || fchmod(p[i][0], 0666) < 0)
			return err_set(err, ERR_IO, "pipe: %s", strerror(errno));
	return true;
}

static void close_end(int *fd)
{
	close_fdp(fd);
	*fd = -1;
}

/* Reads a stream; what is over the ceiling is read and dropped, so that the command is not held up. False at its end. */
static bool collect(int fd, struct buf *to)
{
	char chunk[16384];
	ssize_t n = read(fd, chunk, sizeof chunk);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	buf_add(to, chunk, (size_t)n);
	return n > 0;
}

static void feed(int *fd, struct str *input)
{
	ssize_t n = input->len ? write(*fd, input->p, input->len) : 0;
	if (n > 0) {
		input->p += n;
		input->len -= (size_t)n;
	}
	if (input->len == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		close_end(fd);
}

/* The end of one command, or of its box, among the kept events. */
static bool take_end(struct sandbox *s, const char *box, uint32_t exec, struct sandbox_event *ret)
{
	for (size_t i = 0; i < s->n_events; i++) {
		struct sandbox_event *e = &s->events[i];
		if (strcmp(e->box, box) != 0 || (e->what == SANDBOX_EXITED && e->exec != exec))
			continue;
		*ret = *e;
		if (e->what == SANDBOX_EXITED)
			memmove(e, e + 1, (--s->n_events - i) * sizeof *e);
		return true;
	}
	return false;
}

static bool relay(struct sandbox *s, const char *box, uint32_t exec, uint64_t time_ms, int p[3][2], struct str input,
                  struct sandbox_result *r, struct err *err)
{
	int64_t end = clock_monotonic_ms() + (time_ms ? (int64_t)time_ms + GRACE_MS : NEVER_MS);
	struct sandbox_event event;
	struct buf *const outs[] = {NULL, &r->out, &r->err};
	while (!take_end(s, box, exec, &event)) {
		struct pollfd f[] = {{.fd = p[0][1], .events = POLLOUT},
		                     {.fd = p[1][0], .events = POLLIN},
		                     {.fd = p[2][0], .events = POLLIN},
		                     {.fd = s->fd, .events = POLLIN}};
		int64_t left = end - clock_monotonic_ms();
		if (s->gone)
			return err_set(err, ERR_IO, "the launcher of boxes has ended");
		if (left <= 0)
			return err_set(err, ERR_IO, "a command in box '%s' did not end in time", box);
		if (poll(f, 4, (int)left) < 0)
			continue;
		if (f[0].revents)
			feed(&p[0][1], &input);
		for (int i = 1; i < 3; i++)
			if (f[i].revents && !collect(p[i][0], outs[i]))
				close_end(&p[i][0]);
		if (f[3].revents)
			sandbox_pump(s, 0);
	}
	if (event.what != SANDBOX_EXITED)
		return err_set(err, ERR_IO, "box '%s' has ended: %s", box, event.message);
	/* What it had printed; not what it left behind goes on printing. */
	for (int i = 1; i < 3; i++)
		for (int rounds = 0; rounds < 64 && p[i][0] >= 0 && poll(&(struct pollfd){.fd = p[i][0], .events = POLLIN}, 1, 0) == 1; rounds++)
			if (!collect(p[i][0], outs[i]))
				break;
	r->status = event.status;
	r->limit = event.limit;
	return true;
}

bool sandbox_run(struct sandbox *s, const char *box, const struct sandbox_exec *x, struct str input, size_t output_max,
                 struct sandbox_result *ret, struct err *err)
{
	int p[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
	struct sandbox_exec command = *x;
	struct sandbox_result r = {.out = BUF(output_max), .err = BUF(output_max)};
	uint32_t exec;
	bool ok = pipes(p, err);
	if (ok) {
		command.fds[0] = p[0][0];
		command.fds[1] = p[1][1];
		command.fds[2] = p[2][1];
		ok = sandbox_exec(s, box, &command, &exec, err);
		close_end(&p[0][0]);
		close_end(&p[1][1]);
		close_end(&p[2][1]);
		fcntl(p[0][1], F_SETFL, O_NONBLOCK);
		ok = ok && relay(s, box, exec, x->time_ms, p, input, &r, err);
	}
	for (int i = 0; i < 6; i++)
		close_end(&p[i / 2][i % 2]);
	if (ok)
		*ret = r;
	else
		sandbox_result_finish(&r);
	return ok;
}

bool sandbox_put(struct sandbox *s, const char *box, const char *from, const char *user, const char *to, struct err *err)
{
	char path[PATH_MAX];
	struct layer_stats stats;
	if (!realpath(from, path))
		return err_set(err, ERR_NOT_FOUND, "%s: %s", from, strerror(errno));
	char *slash = strrchr(path, '/');
	_cleanup_free_ char *name = xstrdup(slash + 1);
	slash[slash == path] = 0;
	_cleanup_close_ int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Through an unnamed file: a pipe would need a thread to fill it while the box empties it. */
	_cleanup_close_ int file = memfd_create("layer", MFD_CLOEXEC);
	if (dir < 0 || file < 0)
		return err_set(err, ERR_IO, "%s: %s", from, strerror(errno));
	if (!layer_pack(dir, name, file, LAYER_PLAIN, UINT64_C(1) << 32, &stats, err))
		return false;
	lseek(file, 0, SEEK_SET);
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	sandbox_request(s, &m, REQ_PUT);
	wire_cstr(&m, box);
	wire_cstr(&m, user);
	wire_cstr(&m, to);
	return sandbox_ask(s, &m, &file, 1, err);
}

bool sandbox_get(struct sandbox *s, const char *box, const char *path, size_t size_max, struct buf *out, struct err *err)
{
	_cleanup_close_ int file = memfd_create("layer", MFD_CLOEXEC);
	if (file < 0)
		return err_set(err, ERR_IO, "memfd_create: %s", strerror(errno));
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	sandbox_request(s, &m, REQ_GET);
	wire_cstr(&m, box);
	wire_cstr(&m, path);
	wire_u64(&m, (uint64_t)size_max + size_max / 256 + 65536);
	if (!sandbox_ask(s, &m, &file, 1, err))
		return err_prefix(err, "%s", path);
	lseek(file, 0, SEEK_SET);
	return layer_read_single(file, size_max, out, err) || err_prefix(err, "%s", path);
}
