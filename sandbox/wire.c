/* Messages over SOCK_SEQPACKET. See wire.h. */
#include "sandbox/wire.h"
#include "base/mem.h"
#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

void wire_u32(struct buf *b, uint32_t v)
{
	buf_add(b, &v, sizeof v);
}
void wire_u64(struct buf *b, uint64_t v)
{
	buf_add(b, &v, sizeof v);
}
void wire_str(struct buf *b, struct str s)
{
	wire_u32(b, (uint32_t)s.len);
	buf_addv(b, s);
}
void wire_cstr(struct buf *b, const char *s)
{
	wire_str(b, str_of(s));
}

void wire_list(struct buf *b, const char *const *strings)
{
	uint32_t n = 0;
	while (strings && strings[n])
		n++;
	wire_u32(b, n);
	for (uint32_t i = 0; i < n; i++)
		wire_cstr(b, strings[i]);
}

static const char *take(struct wire *w, size_t n)
{
	if (w->bad || w->rest.len < n) {
		w->bad = true;
		return NULL;
	}
	const char *p = w->rest.p;
	w->rest.p += n;
	w->rest.len -= n;
	return p;
}

uint32_t wire_get_u32(struct wire *w)
{
	uint32_t v = 0;
	const char *p = take(w, sizeof v);
	if (p)
		memcpy(&v, p, sizeof v);
	return v;
}

uint64_t wire_get_u64(struct wire *w)
{
	uint64_t v = 0;
	const char *p = take(w, sizeof v);
	if (p)
		memcpy(&v, p, sizeof v);
	return v;
}

struct str wire_get_str(struct wire *w, size_t len_max)
{
	size_t len = wire_get_u32(w);
	if (len > len_max)
		w->bad = true;
	const char *p = take(w, len);
	return p ? (struct str){p, len} : STR("");
}

char *wire_get_cstr(struct wire *w, size_t len_max)
{
	struct str s = wire_get_str(w, len_max);
	if (memchr(s.p, 0, s.len)) {
		w->bad = true;
		s = STR("");
	}
	return xstrndup(s.p, s.len);
}

char **wire_get_list(struct wire *w)
{
	size_t n = wire_get_u32(w);
	if (n > WIRE_LIST_MAX) {
		w->bad = true;
		n = 0;
	}
	/* One block: the pointers, then the bytes, which cannot be more than the rest of the message. */
	char **list = xcalloc(1, (n + 1) * sizeof *list + w->rest.len + n + 1);
	char *at = (char *)(list + n + 1);
	for (size_t i = 0; i < n; i++) {
		struct str s = wire_get_str(w, WIRE_MAX);
		if (memchr(s.p, 0, s.len))
			w->bad = true;
		if (w->bad)
			break;
		list[i] = at;
		memcpy(at, s.p, s.len);
		at[s.len] = 0;
		at += s.len + 1;
	}
	return list;
}

int wire_take_fd(struct wire *w)
{
	for (unsigned i = 0; i < w->n_fds; i++)
		if (w->fds[i] >= 0)
			return take_fd(w->fds[i]);
	w->bad = true;
	return -1;
}

void wire_finish(struct wire *w)
{
	for (unsigned i = 0; i < w->n_fds; i++)
		if (w->fds[i] >= 0)
			close(w->fds[i]);
	w->n_fds = 0;
}

bool wire_done(struct wire *w, struct err *err)
{
	if (w->bad || w->rest.len)
		return err_set(err, ERR_INVALID, "a message of the sandbox is not what its format says");
	return true;
}

bool wire_send(int fd, const struct buf *message, const int *fds, unsigned n_fds, struct err *err)
{
	assert(n_fds <= WIRE_FDS);
	if (!buf_check(message, "a message of the sandbox", err))
		return false;
	struct iovec iov = {message->p, message->len};
	union {
		char space[CMSG_SPACE(sizeof(int) * WIRE_FDS)];
		struct cmsghdr align;
	} control = {0};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1};
	if (n_fds) {
		m.msg_control = control.space;
		m.msg_controllen = CMSG_SPACE(sizeof(int) * n_fds);
		struct cmsghdr *c = CMSG_FIRSTHDR(&m);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * n_fds);
	}
	ssize_t n;
	do
		n = sendmsg(fd, &m, MSG_NOSIGNAL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return err_set(err, errno == EAGAIN ? ERR_BUSY : ERR_IO, "sending to the sandbox: %s", strerror(errno));
	return true;
}

int wire_receive(int fd, char *space, struct wire *ret, bool *ret_again, struct err *err)
{
	struct iovec iov = {space, WIRE_MAX};
	union {
		char space[CMSG_SPACE(sizeof(int) * WIRE_FDS)];
		struct cmsghdr align;
	} control;
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof control.space};
	ssize_t n;
	*ret_again = false;
	do
		n = recvmsg(fd, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
		*ret_again = true;
		return 0;
	}
	if (n < 0) {
		if (errno == ECONNRESET)
			return 0;
		err_set(err, ERR_IO, "receiving from the sandbox: %s", strerror(errno));
		return -1;
	}
	struct wire w = {.rest = {space, (size_t)n}};
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		unsigned count = (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		for (unsigned i = 0; i < count; i++) {
			int got;
			memcpy(&got, CMSG_DATA(c) + i * sizeof(int), sizeof got);
			if (w.n_fds < WIRE_FDS)
				w.fds[w.n_fds++] = got;
			else
				close(got);
		}
	}
	if (m.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		wire_finish(&w);
		err_set(err, ERR_TOO_LARGE, "a message of the sandbox is over %zu bytes", WIRE_MAX);
		return -1;
	}
	if (n == 0) {
		wire_finish(&w);
		return 0;
	}
	*ret = w;
	return 1;
}
