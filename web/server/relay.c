/* The relay's thread: its epoll, what other threads have said, its ticks. See relay.h. */
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "relay_internal.h"
#include <errno.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#define EVENTS_MAX 128
#define BUSY_TURN 4
#define STOP_WAIT_MS 3000
#define TICK_MS 250
#define TICK_IDLE_MS 1000

enum word_kind { WORD_ATTACH, WORD_GONE, WORD_ENDED, WORD_STOP, WORD_QUIT };
struct word {
	struct word *next;
	enum word_kind kind;
	struct terminal *terminal;
	char box[65], why[16];
	uint32_t exec, status;
	bool *done; /* under the lock: set when it is heard */
};

void relay_config_init(struct relay_config *config)
{
	*config = (struct relay_config){.sockets_max = 1000,
	                                .sockets_per_attempt = 3 * TASK_SHELLS_MAX,
	                                .ping_ms = 20 * MS_SECOND,
	                                .silence_ms = 60 * MS_SECOND,
	                                .close_ms = 30 * MS_SECOND};
}

/* ---- Sources ---- */

/* There are two sets. A shell that prints much, and the socket that shows it, are in the busy one; of it a turn serves a few, and of the
 * other all. So a keystroke elsewhere waits for a few of them, however many there are. The busy set is a source of the other. */
static int set_of(const struct relay *relay, const struct source *source)
{
	return source->in_busy ? relay->busy_fd : relay->epoll_fd;
}

/* What is not watched is not in the set: a hang-up would be told again and again. The launcher holds every terminal, too, so an entry would
 * outlive the descriptor. */
void relay_watch(struct relay *relay, struct source *source, unsigned events)
{
	struct epoll_event e = {.events = events, .data.ptr = source};
	if (source->fd < 0 || (events == source->watched && (!events || source->busy == source->in_busy)))
		return;
	if (source->watched && source->busy != source->in_busy) {
		epoll_ctl(set_of(relay, source), EPOLL_CTL_DEL, source->fd, &e);
		source->watched = 0;
		if (!events)
			return;
	}
	if (!source->watched)
		source->in_busy = source->busy;
	int what = !source->watched ? EPOLL_CTL_ADD : events ? EPOLL_CTL_MOD : EPOLL_CTL_DEL;
	if (epoll_ctl(set_of(relay, source), what, source->fd, &e) < 0)
		log_error("relay: epoll: %s", strerror(errno));
	source->watched = events;
}

int64_t relay_wall_ms(const struct relay *relay)
{
	return relay->now_ms + relay->wall_offset_ms;
}

/* ---- Words of other threads ---- */

static void say(struct relay *relay, struct word word)
{
	struct word *w = xmalloc(sizeof *w);
	*w = word;
	pthread_mutex_lock(&relay->lock);
	*relay->words_end = w;
	relay->words_end = &w->next;
	pthread_mutex_unlock(&relay->lock);
	eventfd_write(relay->wake_fd, 1);
}

static void shells_of(struct relay *relay, const struct word *w)
{
	for (struct shell *sh = relay->shells, *next; sh; sh = next) {
		next = sh->next;
		if (sh->dead || strcmp(sh->box, w->box) != 0)
			continue;
		if (w->kind == WORD_GONE)
			shell_gone(relay, sh, w->why);
		else if (sh->exec == w->exec)
			shell_program_ended(relay, sh, w->status);
	}
}

static bool is_attached(const struct terminal *t)
{
	return atomic_load(&t->attached);
}

/* The next attached terminal behind `t`; NULL: the first. What is not attached may be dismissed by another thread as soon as the lock is
 * let go; what is attached only this thread frees. */
static struct terminal *next_terminal(struct relay *relay, const struct terminal *t)
{
	pthread_mutex_lock(&relay->lock);
	struct terminal *next = t ? t->next : relay->terminals;
	while (next && !is_attached(next))
		next = next->next;
	pthread_mutex_unlock(&relay->lock);
	return next;
}

/* All of them, and none of them for long. */
static void stop_sockets(struct relay *relay)
{
	relay->stops = true;
	for (struct terminal *t = NULL; (t = next_terminal(relay, t));)
		if (!t->finished) {
			websocket_close(&t->ws, WEBSOCKET_GOING_AWAY, "the server stops");
			t->close_ms = relay->now_ms + STOP_WAIT_MS;
			terminal_pump(relay, t);
		}
}

/* False: the thread is to end. */
static bool hear(struct relay *relay, struct word *w)
{
	switch (w->kind) {
	case WORD_ATTACH:
		terminal_begin(relay, w->terminal);
		if (relay->stops)
			stop_sockets(relay);
		break;
	case WORD_GONE:
	case WORD_ENDED:
		shells_of(relay, w);
		break;
	case WORD_STOP:
		stop_sockets(relay);
		break;
	case WORD_QUIT:
		return false;
	}
	return true;
}

static bool hear_all(struct relay *relay)
{
	eventfd_t ignored;
	eventfd_read(relay->wake_fd, &ignored);
	pthread_mutex_lock(&relay->lock);
	struct word *w = relay->words;
	relay->words = NULL;
	relay->words_end = &relay->words;
	pthread_mutex_unlock(&relay->lock);
	bool go_on = true;
	for (struct word *next; w; w = next) {
		next = w->next;
		go_on &= hear(relay, w);
		if (w->done) {
			pthread_mutex_lock(&relay->lock);
			*w->done = true;
			pthread_cond_broadcast(&relay->heard);
			pthread_mutex_unlock(&relay->lock);
		}
		free(w);
	}
	return go_on;
}

/* ---- The turn ---- */

static void free_terminal(struct terminal *t)
{
	if (is_attached(t))
		websocket_finish(&t->ws);
	close_fdp(&t->task.master_fd);
	buf_finish(&t->extra);
	free(t);
}

static void give_back(struct relay *relay, void *handle)
{
	relay->returned = xgrow(relay->returned, relay->n_returned, &relay->cap_returned, sizeof *relay->returned);
	relay->returned[relay->n_returned++] = handle;
}

/* What this turn has ended is freed now that no event can name it. */
static void reap(struct relay *relay)
{
	relay->reap = false;
	pthread_mutex_lock(&relay->lock);
	bool any = false;
	for (struct terminal **at = &relay->terminals, *t; (t = *at);) {
		if (!is_attached(t) || !t->finished) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		give_back(relay, t->handle);
		free_terminal(t);
		any = true;
	}
	pthread_mutex_unlock(&relay->lock);
	if (any)
		eventfd_write(relay->returned_fd, 1);
	for (struct shell **at = &relay->shells, *sh; (sh = *at);) {
		if (!sh->dead) {
			at = &sh->next;
			continue;
		}
		*at = sh->next;
		shell_free(relay, sh);
	}
}

static void tick(struct relay *relay)
{
	for (struct terminal *t = NULL; (t = next_terminal(relay, t));)
		if (!t->finished)
			terminal_tick(relay, t);
	for (struct shell *sh = relay->shells, *next; sh; sh = next) {
		next = sh->next;
		if (!sh->dead)
			shell_tick(relay, sh);
	}
	relay->tick_ms = relay->now_ms + (relay->shells ? TICK_MS : TICK_IDLE_MS);
}

/* Sockets first: a keystroke does not wait until all output of this turn has been read. False: the thread is to end. */
static bool serve(struct relay *relay, const struct epoll_event *events, int n)
{
	bool go_on = true;
	for (int pass = 0; pass < 2; pass++)
		for (int i = 0; i < n; i++) {
			struct source *source = events[i].data.ptr;
			if (source == &relay->wake)
				go_on &= pass == 1 || hear_all(relay);
			else if (source != &relay->busy && (pass == 1) == source->is_shell)
				source->ready(relay, source, events[i].events);
		}
	return go_on;
}

bool relay_turn(struct relay *relay, int timeout_ms)
{
	struct epoll_event events[EVENTS_MAX];
	int64_t left = relay->tick_ms - clock_monotonic_ms();
	int wait = timeout_ms < left ? timeout_ms : (int)(left > 0 ? left : 0);
	int n = epoll_wait(relay->epoll_fd, events, EVENTS_MAX, wait);
	relay->now_ms = clock_monotonic_ms();
	bool go_on = serve(relay, events, n);
	n = epoll_wait(relay->busy_fd, events, BUSY_TURN, 0);
	serve(relay, events, n);
	if (relay->now_ms >= relay->tick_ms)
		tick(relay);
	if (relay->reap)
		reap(relay);
	return go_on;
}

static void *relay_main(void *arg)
{
	struct relay *relay = arg;
	while (relay_turn(relay, (int)TICK_IDLE_MS))
		;
	return NULL;
}

/* ---- For other threads ---- */

bool relay_create(const struct relay_config *config, struct relay **ret, struct err *err)
{
	struct relay *relay = xcalloc(1, sizeof *relay);
	relay->config = *config;
	relay->words_end = &relay->words;
	pthread_mutex_init(&relay->lock, NULL);
	pthread_cond_init(&relay->heard, NULL);
	relay->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	relay->busy_fd = epoll_create1(EPOLL_CLOEXEC);
	relay->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	relay->returned_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	relay->wake.fd = relay->wake_fd;
	relay->busy.fd = relay->busy_fd;
	relay->now_ms = clock_monotonic_ms();
	relay->wall_offset_ms = clock_wall_ms() - relay->now_ms;
	bool ok = relay->epoll_fd >= 0 && relay->busy_fd >= 0 && relay->wake_fd >= 0 && relay->returned_fd >= 0;
	if (!ok)
		err_set(err, ERR_INTERNAL, "relay: %s", strerror(errno));
	if (ok) {
		relay_watch(relay, &relay->wake, EPOLLIN);
		relay_watch(relay, &relay->busy, EPOLLIN);
	}
	if (!ok || !recorder_create(&relay->recorder, err)) {
		relay_destroy(relay);
		return false;
	}
	*ret = relay;
	return true;
}

bool relay_start(struct relay *relay, struct err *err)
{
	relay->started = pthread_create(&relay->thread, NULL, relay_main, relay) == 0;
	return relay->started ? true : err_set(err, ERR_INTERNAL, "cannot start the relay's thread");
}

void relay_destroy(struct relay *relay)
{
	if (!relay)
		return;
	if (relay->started) {
		say(relay, (struct word){.kind = WORD_QUIT});
		pthread_join(relay->thread, NULL);
	}
	hear_all(relay);
	for (struct terminal *t = relay->terminals, *next; t; t = next) {
		next = t->next;
		free_terminal(t);
	}
	for (struct shell *sh = relay->shells, *next; sh; sh = next) {
		next = sh->next;
		shell_free(relay, sh);
	}
	recorder_destroy(relay->recorder);
	close_fdp(&relay->epoll_fd);
	close_fdp(&relay->busy_fd);
	close_fdp(&relay->wake_fd);
	close_fdp(&relay->returned_fd);
	pthread_mutex_destroy(&relay->lock);
	pthread_cond_destroy(&relay->heard);
	free(relay->returned);
	free(relay);
}

bool relay_admit(struct relay *relay, const struct task_terminal *task, int shell, unsigned rows, unsigned cols, struct terminal **ret,
                 struct err *err)
{
	size_t all = 0, own = 0;
	pthread_mutex_lock(&relay->lock);
	for (struct terminal *t = relay->terminals; t; t = t->next) {
		all++;
		own += t->task.attempt_key == task->attempt_key;
	}
	bool room = !relay->stopping && all < relay->config.sockets_max && own < relay->config.sockets_per_attempt;
	struct terminal *t = room ? xcalloc(1, sizeof *t) : NULL;
	if (t) {
		*t = (struct terminal){.relay = relay, .next = relay->terminals, .task = *task, .number = shell, .rows = rows, .cols = cols};
		relay->terminals = t;
	}
	pthread_mutex_unlock(&relay->lock);
	if (!t) {
		int fd = task->master_fd;
		close_fdp(&fd);
		return err_set(err, ERR_BUSY, "too many terminals are open%s", own < relay->config.sockets_per_attempt ? "" : " in this attempt");
	}
	*ret = t;
	return true;
}

void relay_dismiss(struct relay *relay, struct terminal *t)
{
	if (!relay || !t)
		return;
	pthread_mutex_lock(&relay->lock);
	struct terminal **at = &relay->terminals;
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	pthread_mutex_unlock(&relay->lock);
	free_terminal(t);
}

void relay_attach(struct relay *relay, struct terminal *t, int fd, struct str extra, void *handle)
{
	t->source.fd = fd;
	t->handle = handle;
	buf_init(&t->extra, extra.len);
	buf_addv(&t->extra, extra);
	say(relay, (struct word){.kind = WORD_ATTACH, .terminal = t});
}

int relay_event_fd(const struct relay *relay)
{
	return relay->returned_fd;
}

void *relay_returned(struct relay *relay)
{
	eventfd_t ignored;
	pthread_mutex_lock(&relay->lock);
	void *handle = relay->n_returned ? relay->returned[--relay->n_returned] : NULL;
	if (!handle)
		eventfd_read(relay->returned_fd, &ignored);
	pthread_mutex_unlock(&relay->lock);
	return handle;
}

void relay_box_gone(struct relay *relay, const char *box, const char *why)
{
	bool done = false;
	struct word w = {.kind = WORD_GONE, .done = &done};
	snprintf(w.box, sizeof w.box, "%s", box);
	snprintf(w.why, sizeof w.why, "%s", why);
	say(relay, w);
	pthread_mutex_lock(&relay->lock);
	while (!done)
		pthread_cond_wait(&relay->heard, &relay->lock);
	pthread_mutex_unlock(&relay->lock);
	recorder_wait(relay->recorder);
}

void relay_program_ended(struct relay *relay, const char *box, uint32_t exec, uint32_t status)
{
	struct word w = {.kind = WORD_ENDED, .exec = exec, .status = status};
	snprintf(w.box, sizeof w.box, "%s", box);
	say(relay, w);
}

void relay_stop(struct relay *relay)
{
	pthread_mutex_lock(&relay->lock);
	relay->stopping = true;
	pthread_mutex_unlock(&relay->lock);
	say(relay, (struct word){.kind = WORD_STOP});
}

size_t relay_sockets(struct relay *relay)
{
	size_t n = 0;
	pthread_mutex_lock(&relay->lock);
	for (struct terminal *t = relay->terminals; t; t = t->next)
		n++;
	pthread_mutex_unlock(&relay->lock);
	return n;
}
