/* A browser's side of a terminal: the frames of assay.terminal.v1.
 *
 * Binary messages, whose first byte says what they are. To the server: 0 data, 1 size (u16 rows, u16 columns), 2 credit (u32: so many more
 * bytes of output have been consumed), 3 ping (8 bytes, echoed). To the client: 0 data, 2 credit (u32: so many more bytes of input may be
 * sent), 3 ping, 4 notice (JSON). Numbers are big endian. Both directions begin with a window, so nobody has to wait for the first credit.
 */
#include "base/clock.h"
#include "base/mem.h"
#include "relay_internal.h"
#include <stdio.h>
#include <sys/epoll.h>

#define FRAME_MAX SCRATCH_SIZE
#define CREDIT_MAX (UINT64_C(1) << 40)
#define INPUT_GIVE (INPUT_WINDOW / 4) /* credit for input is given in pieces of at least so much */

static uint32_t get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void add_u32(struct terminal *t, enum frame frame, uint64_t n)
{
	unsigned char m[5] = {(unsigned char)frame, (unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8),
	                      (unsigned char)n};
	websocket_add(&t->ws, m, sizeof m);
}

void terminal_notice(struct terminal *t, const char *kind, int status, const char *message)
{
	_cleanup_buf_ struct buf m = BUF(1024);
	buf_addc(&m, FRAME_NOTICE);
	buf_addf(&m, "{\"kind\":\"%s\"", kind);
	if (status >= 0)
		buf_addf(&m, ",\"status\":%d", status);
	buf_adds(&m, ",\"message\":");
	buf_add_json(&m, str_of(message));
	buf_addc(&m, '}');
	websocket_add(&t->ws, m.p, m.len);
}

/* ---- From the client ---- */

static bool wrong(struct terminal *t, const char *why)
{
	websocket_close(&t->ws, WEBSOCKET_POLICY, why);
	return false;
}

static bool take_data(struct terminal *t, const unsigned char *p, size_t len)
{
	if (len > t->input_left)
		return wrong(t, "more input than there was credit for");
	t->input_left -= len;
	shell_input(t->relay, t->shell, p, len);
	return true;
}

static bool take_size(struct terminal *t, const unsigned char *p, size_t len)
{
	unsigned rows = len == 4 ? (unsigned)p[0] << 8 | p[1] : 0, cols = len == 4 ? (unsigned)p[2] << 8 | p[3] : 0;
	if (rows < 1 || rows > TERMINAL_SIZE_MAX || cols < 1 || cols > TERMINAL_SIZE_MAX)
		return wrong(t, "a size has 1 to 1000 rows and columns");
	shell_resize(t->relay, t->shell, rows, cols);
	return true;
}

static bool take_credit(struct terminal *t, const unsigned char *p, size_t len)
{
	if (len != 4)
		return wrong(t, "credit has four bytes");
	t->credit += get_u32(p);
	if (t->credit > CREDIT_MAX)
		t->credit = CREDIT_MAX;
	return true;
}

static void on_message(void *arg, const unsigned char *p, size_t len)
{
	struct terminal *t = arg;
	if (!t->shell) /* on its way out */
		return;
	switch (len ? *p : 0xff) {
	case FRAME_DATA:
		take_data(t, p + 1, len - 1);
		break;
	case FRAME_SIZE:
		take_size(t, p + 1, len - 1);
		break;
	case FRAME_CREDIT:
		take_credit(t, p + 1, len - 1);
		break;
	case FRAME_PING:
		if (len != 9)
			wrong(t, "a ping has eight bytes");
		else
			websocket_add(&t->ws, p, len);
		break;
	default:
		wrong(t, "there is no such frame");
	}
}

void terminal_accepted(struct terminal *t, size_t len)
{
	t->input_owed += len;
	if (t->input_owed < INPUT_GIVE)
		return;
	add_u32(t, FRAME_CREDIT, t->input_owed);
	t->input_left += t->input_owed;
	t->input_owed = 0;
}

/* ---- To the client ---- */

/* The replay's end is told when its last byte is in the buffer. */
static void end_replay(struct terminal *t)
{
	if (t->replaying && t->position >= t->replay_end) {
		t->replaying = false;
		terminal_notice(t, "replay-end", -1, "");
	}
}

/* One frame of output, if there is some, and credit, and room. */
static bool add_output(struct relay *relay, struct terminal *t)
{
	struct shell *sh = t->shell;
	uint64_t left = sh->ring.end - t->position;
	if (t->replaying && left > t->replay_end - t->position)
		left = t->replay_end - t->position;
	if (left > t->credit)
		left = t->credit;
	if (left > FRAME_MAX)
		left = FRAME_MAX;
	t->holds = (t->credit ? 0 : HOLD_CREDIT) | (websocket_waiting(&t->ws) < WEBSOCKET_OUT_HIGH ? 0 : HOLD_SOCKET) |
	           (t->position < sh->ring.end ? 0 : HOLD_NOTHING);
	if (t->holds)
		return false;
	size_t len = 1;
	relay->scratch[0] = FRAME_DATA;
	while (len < left + 1) {
		struct str piece = str_sub(ring_from(&sh->ring, t->position), 0, (size_t)left + 1 - len);
		memcpy(relay->scratch + len, piece.p, piece.len);
		len += piece.len;
		t->position += piece.len;
	}
	t->credit -= len - 1;
	websocket_add(&t->ws, relay->scratch, len);
	end_replay(t);
	return true;
}

static int exit_status(const struct shell *sh)
{
	if (!sh->status_known)
		return -1;
	return (sh->status & 0x7f) ? 128 + (int)(sh->status & 0x7f) : (int)(sh->status >> 8 & 0xff);
}

/* Everything is said: why it is over, and the close frame. */
static void say_goodbye(struct relay *relay, struct terminal *t)
{
	struct shell *sh = t->shell;
	if (t->position < sh->ring.end || t->replaying || !shell_over(relay, sh) || t->ws.state != WEBSOCKET_OPEN)
		return;
	if (*sh->gone) {
		terminal_notice(t, sh->gone, -1, "The machine of this task is gone.");
		websocket_close(&t->ws, WEBSOCKET_ENDED, sh->gone);
	} else {
		terminal_notice(t, "exited", exit_status(sh), "The shell has ended.");
		websocket_close(&t->ws, WEBSOCKET_NORMAL, "exited");
	}
}

/* Gives the socket back. */
static void finish(struct relay *relay, struct terminal *t)
{
	if (t->finished)
		return;
	t->finished = relay->reap = true;
	relay_watch(relay, &t->source, 0);
	struct shell *sh = t->shell;
	t->shell = NULL;
	if (sh)
		shell_left(relay, sh);
}

void terminal_pump(struct relay *relay, struct terminal *t)
{
	if (t->finished)
		return;
	do {
		while (t->shell && t->ws.state == WEBSOCKET_OPEN && add_output(relay, t))
			;
		if (t->shell)
			say_goodbye(relay, t);
	} while (websocket_flush(&t->ws) && t->shell && t->ws.state == WEBSOCKET_OPEN && t->credit && t->position < t->shell->ring.end);
	if (t->ws.sent != t->sent || !websocket_waiting(&t->ws)) {
		t->sent = t->ws.sent;
		t->moved_ms = relay->now_ms;
	}
	if (t->ws.state == WEBSOCKET_LINGERING && !t->close_ms)
		t->close_ms = relay->now_ms + relay->config.close_ms;
	if (t->ws.state == WEBSOCKET_GONE) {
		finish(relay, t);
		return;
	}
	relay_watch(relay, &t->source, websocket_events(&t->ws));
	if (t->shell && t->ws.state != WEBSOCKET_OPEN) {
		struct shell *sh = t->shell;
		t->shell = NULL;
		shell_left(relay, sh);
	} else if (t->shell) {
		shell_update(relay, t->shell);
	}
}

static void ready(struct relay *relay, struct source *source, unsigned events)
{
	struct terminal *t = (struct terminal *)source;
	if (t->finished)
		return;
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		websocket_read(&t->ws);
	if (t->ws.frames != t->frames) {
		t->frames = t->ws.frames;
		t->heard_ms = relay->now_ms;
	}
	terminal_pump(relay, t);
}

/* ---- Life ---- */

void terminal_begin(struct relay *relay, struct terminal *t)
{
	t->source.ready = ready;
	t->heard_ms = t->pinged_ms = t->moved_ms = relay->now_ms;
	t->credit = OUTPUT_WINDOW;
	t->input_left = INPUT_WINDOW;
	websocket_init(&t->ws, t->source.fd, buf_str(&t->extra), on_message, t);
	buf_finish(&t->extra);
	atomic_store(&t->attached, true);
	t->shell = shell_join(relay, t);
	t->position = ring_clean_start(&t->shell->ring);
	t->replay_end = t->shell->ring.end;
	t->replaying = true;
	terminal_notice(t, "replay-begin", -1, "");
	end_replay(t);
	ready(relay, &t->source, EPOLLIN);
}

void terminal_supersede(struct relay *relay, struct terminal *t)
{
	t->shell = NULL;
	t->source.busy = false;
	terminal_notice(t, "superseded", -1, "This terminal has been opened somewhere else.");
	websocket_close(&t->ws, WEBSOCKET_SUPERSEDED, "superseded");
	terminal_pump(relay, t);
}

void terminal_tick(struct relay *relay, struct terminal *t)
{
	const struct relay_config *c = &relay->config;
	bool late = t->close_ms && relay->now_ms >= t->close_ms;
	bool silent = relay->now_ms - t->heard_ms >= c->silence_ms;
	bool stuck = websocket_waiting(&t->ws) && relay->now_ms - t->moved_ms >= c->silence_ms;
	if (late || silent || stuck) {
		t->ws.state = WEBSOCKET_GONE;
	} else if (relay->now_ms - t->heard_ms >= c->ping_ms && relay->now_ms - t->pinged_ms >= c->ping_ms) {
		t->pinged_ms = relay->now_ms;
		websocket_ping(&t->ws);
	}
	terminal_pump(relay, t);
}
