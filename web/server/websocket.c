/* See websocket.h. */
#include "websocket.h"
#include "base/mem.h"
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#define OUT_MAX (512 * 1024)
#define READ_BUDGET (64 * 1024)
#define SEND_BUFFER (256 * 1024)

static ssize_t take_extra(struct websocket *ws, uint8_t *buf, size_t len)
{
	size_t left = ws->extra.len - ws->extra_used;
	if (len > left)
		len = left;
	memcpy(buf, ws->extra.p + ws->extra_used, len);
	ws->extra_used += len;
	if (ws->extra_used == ws->extra.len)
		buf_finish(&ws->extra);
	return (ssize_t)len;
}

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t len, int flags, void *arg)
{
	(void)flags;
	struct websocket *ws = arg;
	if (ws->extra.len)
		return take_extra(ws, buf, len);
	if (len > ws->budget)
		len = ws->budget;
	ssize_t n = len ? recv(ws->fd, buf, len, 0) : -1;
	if (n > 0) {
		ws->budget -= (size_t)n;
		return n;
	}
	bool again = len == 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
	if (!again)
		ws->state = WEBSOCKET_GONE;
	wslay_event_set_error(ctx, again ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
	return -1;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *data, size_t len, int flags, void *arg)
{
	(void)ctx;
	(void)flags;
	struct websocket *ws = arg;
	buf_add(&ws->out, data, len);
	return (ssize_t)len;
}

static void on_frame_start(wslay_event_context_ptr ctx, const struct wslay_event_on_frame_recv_start_arg *frame, void *arg)
{
	(void)ctx;
	struct websocket *ws = arg;
	ws->in_control = wslay_is_ctrl_frame(frame->opcode);
	if (ws->in_control || ws->state != WEBSOCKET_OPEN)
		return;
	if (frame->opcode == WSLAY_TEXT_FRAME)
		websocket_close(ws, WEBSOCKET_UNSUPPORTED, "binary messages only");
	else if (frame->payload_length > WEBSOCKET_MESSAGE_MAX - ws->message.len)
		websocket_close(ws, WEBSOCKET_TOO_BIG, "the message is too long");
}

static void on_chunk(wslay_event_context_ptr ctx, const struct wslay_event_on_frame_recv_chunk_arg *chunk, void *arg)
{
	(void)ctx;
	struct websocket *ws = arg;
	if (!ws->in_control && ws->state == WEBSOCKET_OPEN)
		buf_add(&ws->message, chunk->data, chunk->data_length);
}

static void on_frame_end(wslay_event_context_ptr ctx, void *arg)
{
	(void)ctx;
	((struct websocket *)arg)->frames++;
}

static void on_whole(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *m, void *arg)
{
	(void)ctx;
	struct websocket *ws = arg;
	if (wslay_is_ctrl_frame(m->opcode) || ws->state != WEBSOCKET_OPEN)
		return;
	ws->on_message(ws->arg, (const unsigned char *)buf_str(&ws->message).p, ws->message.len);
	buf_clear(&ws->message);
}

void websocket_init(struct websocket *ws, int fd, struct str extra, void (*on_message)(void *arg, const unsigned char *p, size_t len),
                    void *arg)
{
	static const struct wslay_event_callbacks callbacks = {.recv_callback = on_recv,
	                                                       .send_callback = on_send,
	                                                       .on_frame_recv_start_callback = on_frame_start,
	                                                       .on_frame_recv_chunk_callback = on_chunk,
	                                                       .on_frame_recv_end_callback = on_frame_end,
	                                                       .on_msg_recv_callback = on_whole};
	*ws = (struct websocket){.fd = fd, .on_message = on_message, .arg = arg};
	buf_init(&ws->extra, extra.len);
	buf_addv(&ws->extra, extra);
	buf_init(&ws->message, WEBSOCKET_MESSAGE_MAX);
	buf_init(&ws->out, OUT_MAX);
	if (wslay_event_context_server_init(&ws->ctx, &callbacks, ws) != 0)
		abort();
	/* Messages are put together here: wslay would allocate for each fragment, however small. */
	wslay_event_config_set_no_buffering(ws->ctx, 1);
	wslay_event_config_set_max_recv_msg_length(ws->ctx, WEBSOCKET_MESSAGE_MAX);
	int on = 1, size = SEND_BUFFER; /* both fail on sockets that are not TCP's, and need not succeed */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

void websocket_finish(struct websocket *ws)
{
	wslay_event_context_free(ws->ctx);
	ws->ctx = NULL;
	buf_finish(&ws->extra);
	buf_finish(&ws->message);
	buf_finish(&ws->out);
}

/* What wslay has queued (answers to pings and close frames, too) goes to the buffer at once. */
static void collect(struct websocket *ws)
{
	if (wslay_event_send(ws->ctx) != 0 || ws->out.overflow)
		ws->state = WEBSOCKET_GONE;
	else if (ws->state == WEBSOCKET_OPEN && wslay_event_get_close_sent(ws->ctx))
		ws->state = WEBSOCKET_CLOSING;
}

/* Nothing of it is looked at any more. */
static void discard(struct websocket *ws)
{
	char bytes[16384];
	ssize_t n = recv(ws->fd, bytes, sizeof bytes, 0);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		ws->state = WEBSOCKET_GONE;
}

void websocket_read(struct websocket *ws)
{
	if (ws->state == WEBSOCKET_GONE)
		return;
	if (ws->state != WEBSOCKET_OPEN) {
		discard(ws);
		return;
	}
	ws->budget = READ_BUDGET;
	/* It fails for a frame that cannot be, too, and has then queued a close frame without a code. */
	if (wslay_event_recv(ws->ctx) == WSLAY_ERR_NOMEM)
		abort();
	if (ws->state != WEBSOCKET_GONE)
		collect(ws);
}

static void add(struct websocket *ws, uint8_t opcode, const void *message, size_t len)
{
	struct wslay_event_msg m = {.opcode = opcode, .msg = message, .msg_length = len};
	if (ws->state != WEBSOCKET_OPEN)
		return;
	if (wslay_event_queue_msg(ws->ctx, &m) == WSLAY_ERR_NOMEM)
		abort();
	collect(ws);
}

void websocket_add(struct websocket *ws, const void *message, size_t len)
{
	add(ws, WSLAY_BINARY_FRAME, message, len);
}
void websocket_ping(struct websocket *ws)
{
	add(ws, WSLAY_PING, NULL, 0);
}

void websocket_close(struct websocket *ws, enum websocket_code code, const char *reason)
{
	if (ws->state != WEBSOCKET_OPEN)
		return;
	wslay_event_shutdown_read(ws->ctx);
	if (wslay_event_queue_close(ws->ctx, (uint16_t)code, (const uint8_t *)reason, strlen(reason)) == WSLAY_ERR_NOMEM)
		abort();
	collect(ws);
	if (ws->state == WEBSOCKET_OPEN)
		ws->state = WEBSOCKET_CLOSING;
}

size_t websocket_waiting(const struct websocket *ws)
{
	return ws->out.len - ws->out_sent;
}

bool websocket_flush(struct websocket *ws)
{
	while (ws->state != WEBSOCKET_GONE && websocket_waiting(ws)) {
		ssize_t n = send(ws->fd, ws->out.p + ws->out_sent, websocket_waiting(ws), MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return false;
		if (n < 0) {
			ws->state = WEBSOCKET_GONE;
			break;
		}
		ws->out_sent += (size_t)n;
		ws->sent += (uint64_t)n;
	}
	ws->out_sent = 0;
	buf_clear(&ws->out);
	if (ws->state == WEBSOCKET_CLOSING) {
		shutdown(ws->fd, SHUT_WR);
		ws->state = WEBSOCKET_LINGERING;
	}
	return true;
}

unsigned websocket_events(const struct websocket *ws)
{
	if (ws->state == WEBSOCKET_GONE)
		return 0;
	bool reads = ws->state != WEBSOCKET_OPEN || websocket_waiting(ws) < WEBSOCKET_OUT_HIGH;
	return (reads ? EPOLLIN : 0u) | (websocket_waiting(ws) ? EPOLLOUT : 0u);
}
