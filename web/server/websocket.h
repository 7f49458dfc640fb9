/* One WebSocket (RFC 6455), the server's side, on a socket that does not block.
 *
 * wslay reads and writes the frames; this adds what it leaves open: ceilings, one output buffer so that a keystroke's echo is one packet,
 * and an end that loses nothing. A close frame overtakes data in wslay's queues, so all data is in the buffer before one is made; after it
 * the writing side is shut down, and what still arrives is read and dropped until the other side closes: closing at once would reset the
 * connection, and data under way would be lost.
 *
 * Not for threads: one context belongs to one. */
#pragma once
#include "base/buf.h"
#include <wslay/wslay.h>

#define WEBSOCKET_MESSAGE_MAX (64 * 1024 + 1)
#define WEBSOCKET_OUT_HIGH (64 * 1024) /* above this nothing is read, and callers should add nothing */

/* Close codes of RFC 6455, section 7.4.1, and ours. */
enum websocket_code {
	WEBSOCKET_NORMAL = 1000,
	WEBSOCKET_GOING_AWAY = 1001,
	WEBSOCKET_UNSUPPORTED = 1003,
	WEBSOCKET_POLICY = 1008,
	WEBSOCKET_TOO_BIG = 1009,
	WEBSOCKET_INTERNAL = 1011,
	WEBSOCKET_SUPERSEDED = 4001,
	WEBSOCKET_ENDED = 4002
};

enum websocket_state {
	WEBSOCKET_OPEN,
	WEBSOCKET_CLOSING,   /* a close frame is the last thing in the buffer */
	WEBSOCKET_LINGERING, /* it is sent; waiting for the other side to close */
	WEBSOCKET_GONE
};

struct websocket {
	int fd; /* borrowed */
	enum websocket_state state;
	wslay_event_context_ptr ctx;
	struct buf extra; /* came with the handshake; read first */
	size_t extra_used;
	size_t budget; /* bytes that may still be read in this turn */
	bool in_control;
	uint64_t frames; /* whole ones that have arrived */
	uint64_t sent;   /* bytes */
	struct buf message, out;
	size_t out_sent;
	void (*on_message)(void *arg, const unsigned char *p, size_t len);
	void *arg;
};

void websocket_init(struct websocket *ws, int fd, struct str extra, void (*on_message)(void *arg, const unsigned char *p, size_t len),
                    void *arg);
void websocket_finish(struct websocket *ws);
/* Reads what is there, a bounded number of bytes, and calls on_message for each whole binary message. */
void websocket_read(struct websocket *ws);
/* Adds a binary message to the buffer; websocket_flush() sends. */
void websocket_add(struct websocket *ws, const void *message, size_t len);
void websocket_ping(struct websocket *ws);
/* Adds a close frame: the last thing that is sent. */
void websocket_close(struct websocket *ws, enum websocket_code code, const char *reason);
/* Sends what the socket takes; true when nothing is left. */
bool websocket_flush(struct websocket *ws);
size_t websocket_waiting(const struct websocket *ws);  /* bytes that are not sent yet */
unsigned websocket_events(const struct websocket *ws); /* what to wait for: EPOLLIN, EPOLLOUT */
