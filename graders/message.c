/* Messages. See message.h. */
#include "graders/message.h"
#include "base/clock.h"
#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

size_t message_begin(struct buf *b, enum message_type type)
{
	size_t begin = b->len;
	message_u32(b, 0);
	message_u8(b, type);
	return begin;
}

void message_u8(struct buf *b, unsigned v)
{
	buf_addc(b, (char)v);
}

void message_u32(struct buf *b, uint32_t v)
{
	unsigned char bytes[4] = {(unsigned char)v, (unsigned char)(v >> 8), (unsigned char)(v >> 16), (unsigned char)(v >> 24)};
	buf_add(b, bytes, sizeof bytes);
}

void message_u64(struct buf *b, uint64_t v)
{
	message_u32(b, (uint32_t)v);
	message_u32(b, (uint32_t)(v >> 32));
}

void message_text(struct buf *b, struct str s)
{
	message_u32(b, (uint32_t)s.len);
	buf_addv(b, s);
}

void message_end(struct buf *b, size_t begin)
{
	if (b->overflow)
		return;
	size_t len = b->len - begin - 4;
	for (size_t i = 0; i < 4; i++)
		b->p[begin + i] = (char)(len >> (8 * i));
}

static struct str cut(struct message *m, size_t n)
{
	if (m->bad || m->rest.len < n) {
		m->bad = true;
		return STR("");
	}
	struct str s = {m->rest.p, n};
	m->rest = str_sub(m->rest, n, m->rest.len);
	return s;
}

static uint64_t number(struct message *m, size_t n)
{
	struct str s = cut(m, n);
	uint64_t v = 0;
	for (size_t i = 0; i < s.len; i++)
		v |= (uint64_t)(unsigned char)s.p[i] << (8 * i);
	return v;
}

uint8_t message_get_u8(struct message *m)
{
	return (uint8_t)number(m, 1);
}

uint32_t message_get_u32(struct message *m)
{
	return (uint32_t)number(m, 4);
}

uint64_t message_get_u64(struct message *m)
{
	return number(m, 8);
}

struct str message_get_text(struct message *m)
{
	return cut(m, message_get_u32(m));
}

bool message_done(const struct message *m, struct err *err)
{
	return (!m->bad && m->rest.len == 0) || err_set(err, ERR_INVALID, "a message '%c' that is not whole", m->type);
}

int message_take(struct str bytes, struct message *ret, size_t *ret_used)
{
	struct message head = {.rest = bytes};
	uint32_t len = message_get_u32(&head);
	if (head.bad)
		return 0;
	if (len == 0 || len > MESSAGE_MAX)
		return -1;
	if (head.rest.len < len)
		return 0;
	*ret = (struct message){.type = (enum message_type)(unsigned char)head.rest.p[0], .rest = str_sub(head.rest, 1, len)};
	*ret_used = (size_t)len + 4;
	return 1;
}

/* Waits until the descriptor is ready. */
static bool ready(int fd, short events, int64_t deadline_ms, struct err *err)
{
	while (deadline_ms) {
		int64_t left = deadline_ms - clock_monotonic_ms();
		if (left <= 0)
			return err_set(err, ERR_BUSY, "no answer in time");
		int n = poll(&(struct pollfd){.fd = fd, .events = events}, 1, (int)(left < 60000 ? left : 60000));
		if (n > 0)
			break;
		if (n < 0 && errno != EINTR)
			return err_set(err, ERR_IO, "poll: %s", strerror(errno));
	}
	return true;
}

bool message_send(int fd, struct str bytes, int64_t deadline_ms, struct err *err)
{
	while (bytes.len) {
		if (!ready(fd, POLLOUT, deadline_ms, err))
			return false;
		/* write, where the filter of a confined process allows nothing else; there SIGPIPE ends it, as it should. */
		ssize_t n = deadline_ms ? send(fd, bytes.p, bytes.len, MSG_NOSIGNAL | MSG_DONTWAIT) : write(fd, bytes.p, bytes.len);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return err_set(err, errno == EPIPE ? ERR_NOT_FOUND : ERR_IO, "sending a message: %s", strerror(errno));
		if (n > 0)
			bytes = str_sub(bytes, (size_t)n, bytes.len);
	}
	return true;
}

bool message_receive(struct message_stream *s, int64_t deadline_ms, struct message *ret, struct err *err)
{
	if (s->used) {
		memmove(s->in.p, s->in.p + s->used, s->in.len - s->used);
		s->in.len -= s->used;
		s->used = 0;
	}
	for (;;) {
		char chunk[MESSAGE_CHUNK];
		int taken = message_take(buf_str(&s->in), ret, &s->used);
		if (taken > 0)
			return true;
		if (taken < 0)
			return err_set(err, ERR_INVALID, "a message that is too long");
		if (!ready(s->fd, POLLIN, deadline_ms, err))
			return false;
		ssize_t n = read(s->fd, chunk, sizeof chunk);
		if (n == 0)
			return err_set(err, ERR_NOT_FOUND, "the other side has ended");
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return err_set(err, errno == ECONNRESET ? ERR_NOT_FOUND : ERR_IO, "reading a message: %s", strerror(errno));
		if (n > 0)
			buf_add(&s->in, chunk, (size_t)n);
		assert(!s->in.overflow); /* its ceiling is above MESSAGE_MAX by more than a chunk */
	}
}
