/* The other side of a WebSocket, byte by byte: what a client sends, well-formed or not, and the frames that come back. */
#pragma once
#include "base/buf.h"
#include "base/mem.h"
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { OP_MORE = 0, OP_TEXT = 1, OP_BINARY = 2, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

/* A frame as a client sends it: masked. */
static inline void put_frame(struct buf *out, bool fin, int opcode, const void *payload, size_t len)
{
	static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
	buf_addc(out, (char)((fin ? 0x80 : 0) | opcode));
	if (len < 126) {
		buf_addc(out, (char)(0x80 | len));
	} else if (len < 65536) {
		buf_addc(out, (char)(0x80 | 126));
		buf_addc(out, (char)(len >> 8));
		buf_addc(out, (char)len);
	} else {
		buf_addc(out, (char)(0x80 | 127));
		for (int i = 7; i >= 0; i--)
			buf_addc(out, (char)((uint64_t)len >> (8 * i)));
	}
	buf_add(out, mask, 4);
	for (size_t i = 0; i < len; i++)
		buf_addc(out, (char)(((const unsigned char *)payload)[i] ^ mask[i % 4]));
}

/* A message of the terminal's protocol: its type, then its bytes. */
static inline void put_message(struct buf *out, int type, const void *bytes, size_t len)
{
	_cleanup_buf_ struct buf m = BUF(len + 1);
	buf_addc(&m, (char)type);
	buf_add(&m, bytes, len);
	put_frame(out, true, OP_BINARY, m.p, m.len);
}

/* What has come back. */
struct peer {
	int fd;
	struct buf in; /* not yet taken apart */
	struct buf data, notices;
	uint64_t credit, data_bytes, pings, pongs;
	int close_code;        /* 0: no close frame yet */
	bool eof, after_close; /* after_close: something followed the close frame */
};

static inline void peer_init(struct peer *p, int fd)
{
	*p = (struct peer){.fd = fd};
	fcntl(fd, F_SETFL, O_NONBLOCK);
	buf_init(&p->in, 4 << 20);
	buf_init(&p->data, 4 << 20);
	buf_init(&p->notices, 1 << 20);
}

static inline void peer_finish(struct peer *p)
{
	close_fdp(&p->fd);
	buf_finish(&p->in);
	buf_finish(&p->data);
	buf_finish(&p->notices);
}

static inline void peer_message(struct peer *p, const unsigned char *m, size_t len)
{
	assert_true(len >= 1);
	if (m[0] == 0) {
		p->data_bytes += len - 1;
		buf_add(&p->data, m + 1, len - 1);
	} else if (m[0] == 2) {
		assert_int_equal(len, 5);
		p->credit += (uint64_t)m[1] << 24 | (uint64_t)m[2] << 16 | (uint64_t)m[3] << 8 | m[4];
	} else if (m[0] == 3) {
		p->pings++;
	} else {
		assert_int_equal(m[0], 4);
		buf_add(&p->notices, m + 1, len - 1);
	}
}

/* One whole frame off the input. */
static inline bool peer_frame(struct peer *p)
{
	const unsigned char *b = (const unsigned char *)buf_str(&p->in).p;
	size_t head = 2, len;
	if (p->in.len < 2)
		return false;
	len = b[1] & 0x7f;
	if (len == 126) {
		head = 4;
		if (p->in.len < head)
			return false;
		len = (size_t)b[2] << 8 | b[3];
	}
	assert_true((b[1] & 0x80) == 0 && len != 127);
	if (p->in.len < head + len)
		return false;
	p->after_close |= p->close_code != 0;
	if (b[0] == (0x80 | OP_BINARY))
		peer_message(p, b + head, len);
	else if (b[0] == (0x80 | OP_CLOSE))
		p->close_code = len >= 2 ? b[head] << 8 | b[head + 1] : 1005;
	else if (b[0] == (0x80 | OP_PONG))
		p->pongs++;
	else
		assert_int_equal(b[0], 0x80 | OP_PING);
	memmove(p->in.p, p->in.p + head + len, p->in.len - head - len);
	p->in.len -= head + len;
	return true;
}

static inline void peer_read(struct peer *p)
{
	char bytes[65536];
	ssize_t n;
	while ((n = read(p->fd, bytes, sizeof bytes)) > 0) {
		buf_add(&p->in, bytes, (size_t)n);
		while (peer_frame(p))
			;
	}
	p->eof |= n == 0;
}

static inline void peer_write(struct peer *p, struct buf *out)
{
	for (size_t at = 0; at < out->len;) {
		ssize_t n = send(p->fd, out->p + at, out->len - at, MSG_NOSIGNAL);
		assert_true(n > 0);
		at += (size_t)n;
	}
	buf_clear(out);
}
