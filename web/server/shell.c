/* A shell's side of a terminal: the PTY, the ring of its output, what waits to be typed, its recording, its end. See relay.h. */
#include "base/clock.h"
#include "base/mem.h"
#include "relay_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#define READ_TURN SCRATCH_SIZE       /* bytes a turn, so that others have theirs */
#define PACE_PER_SECOND (256 * 1024) /* of output that nobody sees */
#define STATUS_WAIT_MS 500           /* for a program's status after its terminal has closed */
#define END_WAIT_MS 2000             /* for the end of output after the program's end */
#define DRAIN_TURNS 8
#define BUSY_BYTES (8 * 1024) /* in a tick */
#define INPUT_MAX (2 * INPUT_WINDOW)

struct shell *shell_find(struct relay *relay, int64_t attempt_key, int item, int number)
{
	for (struct shell *sh = relay->shells; sh; sh = sh->next)
		if (!sh->dead && sh->attempt_key == attempt_key && sh->item == item && sh->number == number)
			return sh;
	return NULL;
}

/* ---- Output ---- */

static void program_over(struct relay *relay, struct shell *sh)
{
	relay_watch(relay, &sh->source, 0);
	close_fdp(&sh->source.fd);
	sh->source.fd = -1;
	sh->pauses |= PAUSE_OVER;
	sh->over_ms = relay->now_ms;
	buf_clear(&sh->input);
	sh->input_sent = 0;
	if (sh->recording)
		recording_flush(sh->recording);
}

static void set_busy(struct shell *sh, bool busy)
{
	sh->source.busy = busy;
	if (sh->terminal)
		sh->terminal->source.busy = busy;
}

/* Reads a turn's worth. The master gives at most 4 KiB at a time. EIO: the last user of the terminal has closed it, and all is read. */
static void read_output(struct relay *relay, struct shell *sh)
{
	size_t len = 0;
	ssize_t n = 0;
	while (len < READ_TURN && (n = read(sh->source.fd, relay->scratch + len, READ_TURN - len)) > 0)
		len += (size_t)n;
	bool over = n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR);
	if (len) {
		ring_add(&sh->ring, relay->scratch, len);
		if (sh->recording)
			recording_output(sh->recording, relay_wall_ms(relay), relay->scratch, len);
		if (!sh->terminal)
			sh->pace -= (int64_t)len;
		sh->recent += len;
		set_busy(sh, sh->source.busy || sh->recent >= BUSY_BYTES);
	}
	if (over && len < READ_TURN)
		program_over(relay, sh);
}

/* Takes what is there to read, and no more. */
static void end_program(struct relay *relay, struct shell *sh)
{
	for (int i = 0; i < DRAIN_TURNS && sh->source.fd >= 0; i++)
		read_output(relay, sh);
	if (sh->source.fd >= 0)
		program_over(relay, sh);
}

void shell_update(struct relay *relay, struct shell *sh)
{
	struct terminal *t = sh->terminal;
	uint64_t room = t ? RING_MAX - (sh->ring.end - t->position) : RING_MAX;
	sh->pauses &= (unsigned)PAUSE_OVER;
	sh->pauses |= room < READ_TURN ? PAUSE_READER : 0u;
	sh->pauses |= !t && sh->pace <= 0 ? PAUSE_PACE : 0u;
	bool writes = sh->input.len > sh->input_sent;
	if (sh->pauses & PAUSE_OVER)
		return;
	relay_watch(relay, &sh->source, (sh->pauses ? 0u : EPOLLIN) | (writes ? EPOLLOUT : 0u));
}

/* ---- Input ---- */

static void write_input(struct shell *sh)
{
	size_t sent = sh->input_sent;
	while (sh->source.fd >= 0 && sh->input_sent < sh->input.len) {
		ssize_t n = write(sh->source.fd, sh->input.p + sh->input_sent, sh->input.len - sh->input_sent);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break; /* full, or over: reading will tell */
		sh->input_sent += (size_t)n;
	}
	sent = sh->input_sent - sent;
	if (sh->input_sent == sh->input.len) {
		buf_clear(&sh->input);
		sh->input_sent = 0;
	}
	if (sent && sh->terminal)
		terminal_accepted(sh->terminal, sent);
}

void shell_input(struct relay *relay, struct shell *sh, const unsigned char *p, size_t len)
{
	if (sh->source.fd < 0)
		return;
	if (sh->input_sent > INPUT_WINDOW) {
		memmove(sh->input.p, sh->input.p + sh->input_sent, sh->input.len - sh->input_sent);
		sh->input.len -= sh->input_sent;
		sh->input_sent = 0;
	}
	buf_add(&sh->input, p, len);
	write_input(sh);
	shell_update(relay, sh);
}

static void ready(struct relay *relay, struct source *source, unsigned events)
{
	struct shell *sh = (struct shell *)source;
	if (sh->dead || sh->source.fd < 0)
		return;
	if (events & EPOLLOUT)
		write_input(sh);
	/* A hang-up cannot be masked: while reading is paused it says nothing that reading would not say later. */
	if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) && !sh->pauses)
		read_output(relay, sh);
	if (sh->terminal)
		terminal_pump(relay, sh->terminal);
	if (!sh->dead)
		shell_update(relay, sh);
}

void shell_resize(struct relay *relay, struct shell *sh, unsigned rows, unsigned cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	if (sh->source.fd >= 0)
		ioctl(sh->source.fd, TIOCSWINSZ, &size);
	if (rows == sh->rows && cols == sh->cols)
		return;
	sh->rows = rows;
	sh->cols = cols;
	if (sh->recording)
		recording_resize(sh->recording, relay_wall_ms(relay), rows, cols);
}

/* ---- Life ---- */

/* The recording of this program: the one there is, if it is the same file. */
static void set_recording(struct relay *relay, struct shell *sh, const struct terminal *t)
{
	const struct task_terminal *task = &t->task;
	if (sh->recording && strcmp(sh->recording_path, task->recording) == 0)
		return;
	recording_close(sh->recording);
	free(sh->recording_path);
	sh->recording_path = xstrdup(task->recording);
	sh->recording = recording_open(relay->recorder, task->recording, t->rows, t->cols);
	sh->rows = t->rows;
	sh->cols = t->cols;
}

static void take_program(struct relay *relay, struct shell *sh, struct terminal *t)
{
	end_program(relay, sh);
	if (strcmp(sh->box, t->task.box) != 0)
		ring_clear(&sh->ring); /* another machine */
	snprintf(sh->box, sizeof sh->box, "%s", t->task.box);
	sh->exec = t->task.exec;
	sh->source.fd = take_fd(t->task.master_fd);
	sh->pauses = 0;
	sh->status_known = false;
	sh->over_ms = sh->ending_ms = 0;
	sh->gone[0] = 0;
	fcntl(sh->source.fd, F_SETFL, fcntl(sh->source.fd, F_GETFL) | O_NONBLOCK);
	set_recording(relay, sh, t);
}

static struct shell *create(struct relay *relay, const struct terminal *t)
{
	struct shell *sh = xcalloc(1, sizeof *sh);
	*sh = (struct shell){.source = {.ready = ready, .fd = -1, .is_shell = true},
	                     .next = relay->shells,
	                     .attempt_key = t->task.attempt_key,
	                     .item = t->task.item,
	                     .number = t->number,
	                     .pace = PACE_PER_SECOND};
	buf_init(&sh->input, INPUT_MAX);
	relay->shells = sh;
	snprintf(sh->box, sizeof sh->box, "%s", t->task.box);
	if (!t->task.fresh) { /* it ran before this server did */
		_cleanup_buf_ struct buf tail = BUF(RING_MAX);
		recording_tail(t->task.recording, &tail);
		ring_add(&sh->ring, buf_str(&tail).p, tail.len);
	}
	return sh;
}

struct shell *shell_join(struct relay *relay, struct terminal *t)
{
	struct shell *sh = shell_find(relay, t->task.attempt_key, t->task.item, t->number);
	if (!sh)
		sh = create(relay, t);
	/* After a crash of the launcher the numbers of programs begin again: a fresh one is never the one from before. */
	bool same = !t->task.fresh && sh->exec == t->task.exec && strcmp(sh->box, t->task.box) == 0 && sh->recording;
	if (!same)
		take_program(relay, sh, t);
	close_fdp(&t->task.master_fd);
	t->task.master_fd = -1;
	struct terminal *older = sh->terminal;
	sh->terminal = t;
	if (older) {
		buf_clear(&sh->input); /* what it typed and nobody has read */
		sh->input_sent = 0;
		terminal_supersede(relay, older);
	}
	shell_resize(relay, sh, t->rows, t->cols);
	return sh;
}

void shell_left(struct relay *relay, struct shell *sh)
{
	sh->terminal = NULL;
	shell_update(relay, sh);
}

bool shell_over(const struct relay *relay, const struct shell *sh)
{
	if (!(sh->pauses & PAUSE_OVER))
		return false;
	return sh->status_known || *sh->gone || relay->now_ms - sh->over_ms >= STATUS_WAIT_MS;
}

void shell_gone(struct relay *relay, struct shell *sh, const char *why)
{
	snprintf(sh->gone, sizeof sh->gone, "%s", why);
	end_program(relay, sh);
	recording_close(take_ptr(sh->recording));
	if (sh->terminal)
		terminal_pump(relay, sh->terminal);
}

void shell_program_ended(struct relay *relay, struct shell *sh, uint32_t status)
{
	sh->status_known = true;
	sh->status = status;
	sh->ending_ms = relay->now_ms;
	if (sh->terminal)
		terminal_pump(relay, sh->terminal);
}

void shell_free(struct relay *relay, struct shell *sh)
{
	relay_watch(relay, &sh->source, 0);
	close_fdp(&sh->source.fd);
	recording_close(sh->recording);
	ring_finish(&sh->ring);
	buf_finish(&sh->input);
	free(sh->recording_path);
	free(sh);
}

/* Something keeps the terminal open, though its program has ended. */
static bool overdue(const struct relay *relay, const struct shell *sh)
{
	return sh->status_known && sh->source.fd >= 0 && !sh->pauses && relay->now_ms - sh->ending_ms >= END_WAIT_MS;
}

void shell_tick(struct relay *relay, struct shell *sh)
{
	if (relay->now_ms - sh->paced_ms >= MS_SECOND) {
		sh->pace = PACE_PER_SECOND;
		sh->paced_ms = relay->now_ms;
	}
	set_busy(sh, sh->recent >= BUSY_BYTES);
	sh->recent = 0;
	if (sh->recording)
		recording_flush(sh->recording);
	if (overdue(relay, sh))
		program_over(relay, sh);
	if (sh->terminal)
		terminal_pump(relay, sh->terminal); /* may have waited for a status */
	bool over = sh->pauses & PAUSE_OVER;
	sh->dead = *sh->gone && over && !sh->terminal;
	relay->reap |= sh->dead;
	if (!sh->dead)
		shell_update(relay, sh);
}
