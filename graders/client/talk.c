/* A program that is given all it needs at once and answers once. See spawn.h. */
#include "base/clock.h"
#include "graders/client/spawn.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct run {
	pid_t pid;
	int fd;
	struct str in; /* what was not sent yet */
	struct buf *out;
};

static void send_some(struct run *r)
{
	ssize_t n = send(r->fd, r->in.p, r->in.len, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		r->in = str_sub(r->in, (size_t)n, r->in.len);
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		r->in.len = 0; /* it has died: what it wrote before tells more */
	if (r->in.len == 0)
		shutdown(r->fd, SHUT_WR);
}

/* False at the end of the output. */
static bool receive_some(struct run *r)
{
	char block[65536];
	ssize_t n = recv(r->fd, block, sizeof block, MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	buf_add(r->out, block, (size_t)n);
	return n > 0 && !r->out->overflow;
}

static bool talk(struct run *r, int64_t wall_ms)
{
	int64_t deadline_ms = clock_monotonic_ms() + wall_ms;
	for (bool open = true; open;) {
		int64_t left = deadline_ms - clock_monotonic_ms();
		struct pollfd p = {r->fd, (short)(POLLIN | (r->in.len ? POLLOUT : 0)), 0};
		int rc = left > 0 ? poll(&p, 1, (int)left) : 0;
		if (rc == 0 || (rc < 0 && errno != EINTR))
			return false;
		if (rc > 0 && (p.revents & POLLOUT) && r->in.len)
			send_some(r);
		if (rc > 0 && (p.revents & (POLLIN | POLLHUP | POLLERR)))
			open = receive_some(r);
	}
	return !r->out->overflow;
}

bool spawn_talk(const char *program, const char *name, struct str in, int64_t wall_ms, struct buf *out, int *ret_status, struct err *err)
{
	struct run r = {.in = in, .out = out};
	if (!spawn_confined(program, name, &r.pid, &r.fd, err))
		return false;
	bool in_time = talk(&r, wall_ms);
	if (!in_time)
		kill(r.pid, SIGKILL);
	close(r.fd);
	while (waitpid(r.pid, ret_status, 0) < 0 && errno == EINTR)
		;
	if (out->overflow)
		return err_set(err, ERR_INTERNAL, "%s wrote more than %zu bytes", name, out->max);
	return in_time || err_set(err, ERR_INTERNAL, "%s took longer than %d seconds", name, (int)(wall_ms / 1000));
}
