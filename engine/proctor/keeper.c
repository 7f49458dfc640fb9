/* The keeper: a thread that holds boxes and their attempts together. See task.h.
 *
 * It listens to the launcher, and looks at every box that is not closed when something has happened: a box or the launcher has ended, an
 * attempt has ended, a grading is over; and every ten seconds, for what it was not told. A box of an ended attempt is frozen until its
 * snapshot is kept, and closed when no grading needs it. A box of a running attempt that is lost is only told of: the next use opens it
 * again. What it finds decides, never what it remembers, so a start of the server is like any other look. */
#include "base/log.h"
#include "proctor/task_internal.h"
#include <ctype.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>

#define LOOK_EVERY_MS (10 * MS_SECOND)
#define AGAIN_MS 50

struct found {
	struct box_live *boxes;
	size_t n, cap;
};

struct keeper {
	struct proctor *pr;
	struct store *rd;
	struct sandbox *s; /* or NULL: not connected */
	bool woken;        /* a moment ago */
	struct found told; /* boxes whose end or loss was told */
};

static bool collect(void *arg, const struct box_live *box, struct err *err)
{
	(void)err;
	struct found *f = arg;
	f->boxes = xgrow(f->boxes, f->n, &f->cap, sizeof *f->boxes);
	f->boxes[f->n++] = *box;
	return true;
}

static bool has(const struct found *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->boxes[i].row.name, name) == 0)
			return true;
	return false;
}

static void tell(struct keeper *k, const struct box_live *box, const char *why)
{
	if (has(&k->told, box->row.name))
		return;
	struct err ignored;
	(void)collect(&k->told, box, &ignored);
	boxes_gone(k->pr, box->row.name, why);
}

/* What was told of boxes that are open again, or closed, is forgotten. */
static void forget_told(struct keeper *k, const char *name)
{
	for (size_t i = 0; i < k->told.n; i++)
		if (strcmp(k->told.boxes[i].row.name, name) == 0)
			k->told.boxes[i--] = k->told.boxes[--k->told.n];
}

static bool is_listed(const struct sandbox_listed *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return true;
	return false;
}

/* ---- Boxes of ended attempts ---- */

static bool mark_closed(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	(void)pr;
	return store_box_closed(wr, arg, err);
}

static bool close_box(struct keeper *k, const char *name, struct err *err)
{
	struct err why;
	_cleanup_free_ char *layer = boxes_layer(k->pr, name);
	if (k->s && !sandbox_close(k->s, name, false, &why) && why.code != ERR_NOT_FOUND)
		return err_set(err, why.code, "%s", why.msg);
	unlink(layer);
	return true;
}

struct renewed {
	const char *name;
	struct box_live box;
	bool found;
};

static bool take_same(void *arg, const struct box_live *box, struct err *err)
{
	(void)err;
	struct renewed *r = arg;
	if (strcmp(box->row.name, r->name) == 0) {
		r->box = *box;
		r->found = true;
	}
	return true;
}

/* Under the box's lock, by what the store says then. */
static bool after_end(struct keeper *k, const struct box_live *before, bool there, struct err *err)
{
	_cleanup_hold_ struct box_hold hold = {0};
	struct err busy;
	if (!box_lock(k->pr, before->row.attempt, before->row.item, 0, &busy))
		return true; /* somebody is at it; who lets go wakes us */
	hold = (struct box_hold){k->pr, before->row.attempt, before->row.item};
	struct renewed now = {.name = before->row.name};
	if (!store_box_live_each(k->rd, take_same, &now, err))
		return false;
	if (!now.found)
		return true;
	if (!now.box.awaited && !now.box.running) {
		char name[BOX_NAME_SIZE];
		memcpy(name, before->row.name, sizeof name);
		forget_told(k, name);
		return close_box(k, name, err) && task_change(k->pr, mark_closed, name, err);
	}
	if (there && !now.box.snapshot)
		return sandbox_freeze(k->s, before->row.name, true, err);
	return true;
}

/* ---- A look ---- */

/* "ATTEMPT-ITEM-RESETS": no other box has such a name. */
static bool is_ours(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz234567");
	int dashes = 0;
	if (n != 20)
		return false;
	for (const char *p = name + n; *p; p++) {
		if (*p == '-' ? !isdigit((unsigned char)p[1]) : !isdigit((unsigned char)*p))
			return false;
		dashes += *p == '-';
	}
	return dashes == 2;
}

/* A reset that was interrupted leaves one. The list is older than the rows: what is in neither is nobody's. */
static void close_strays(struct keeper *k, const struct sandbox_listed *list, size_t n, const struct found *rows)
{
	struct err err;
	for (size_t i = 0; i < n; i++)
		if (is_ours(list[i].name) && !has(rows, list[i].name) && !close_box(k, list[i].name, &err))
			log_warn("box %s: %s", list[i].name, err.msg);
}

static void look_at(struct keeper *k, const struct box_live *box, const struct sandbox_listed *list, size_t n)
{
	struct err err;
	bool there = is_listed(list, n, box->row.name);
	if (box->over)
		tell(k, box, "ended");
	else if (box->running && there)
		forget_told(k, box->row.name);
	else if (box->running && box->row.state == BOX_OPEN)
		tell(k, box, "lost");
	else if (!box->running)
		tell(k, box, "ended");
	if ((!box->running || box->over) && !after_end(k, box, there, &err))
		log_warn("box %s: %s", box->row.name, err.msg);
}

static void look(struct keeper *k)
{
	struct found rows = {0};
	struct sandbox_listed *list = NULL;
	size_t n = 0;
	struct err err;
	/* The list first: a box that is opened meanwhile is in the rows. Both may be behind the other; the next look puts it right. */
	bool listed = k->s && sandbox_list(k->s, &list, &n, &err);
	if (!store_box_live_each(k->rd, collect, &rows, &err)) {
		log_warn("boxes: %s", err.msg);
	} else if (k->s && !listed) {
		log_warn("boxes: %s", err.msg);
	} else {
		for (size_t i = 0; i < rows.n; i++)
			look_at(k, &rows.boxes[i], list, n);
		close_strays(k, list, n, &rows);
	}
	sandbox_list_finish(list, n);
	free(rows.boxes);
}

/* ---- The thread ---- */

/* Connects while there is something to look after; the launcher is started by whoever opens a box. */
static void connect_if_needed(struct keeper *k)
{
	struct err err;
	if (k->s)
		return;
	/* Only to a launcher that runs: without one every box is lost, which needs no launcher to be said. */
	if (k->pr->boxes->program && !sandbox_connect(k->pr->boxes->dir, NULL, &k->s, &err))
		k->s = NULL;
}

/* True when a box or the launcher has ended; commands end all the time. */
static bool take_events(struct keeper *k)
{
	struct sandbox_event e;
	bool news = false;
	while (k->s && sandbox_next_event(k->s, &e)) {
		news |= e.what != SANDBOX_EXITED;
		if (e.what == SANDBOX_EXITED && k->pr->boxes->program_ended)
			k->pr->boxes->program_ended(k->pr->boxes->gone_arg, e.box, e.exec, e.status);
		if (e.what == SANDBOX_ENDED)
			log_warn("box %s has ended: %s", e.box, e.message);
		if (e.what != SANDBOX_GONE)
			continue;
		log_warn("the launcher of boxes has ended");
		sandbox_disconnect(k->s);
		k->s = NULL;
	}
	return news;
}

/* Until something has happened, or it is time to look anyway. Who wakes us may do so before its change is committed: then there is a second
 * look a moment later, and what waits to be graded is looked for, too. */
static void wait_for_news(struct keeper *k)
{
	int64_t until = clock_monotonic_ms() + (k->woken ? AGAIN_MS : LOOK_EVERY_MS), left;
	bool news = false;
	if (k->woken)
		grading_wake(k->pr);
	while (!news && (left = until - clock_monotonic_ms()) > 0) {
		struct pollfd fds[] = {{.fd = k->pr->boxes->wake_fd, .events = POLLIN}, {.fd = k->s ? sandbox_fd(k->s) : -1, .events = POLLIN}};
		eventfd_t ignored;
		poll(fds, 2, (int)left);
		news = eventfd_read(k->pr->boxes->wake_fd, &ignored) == 0;
		k->woken = news;
		news |= take_events(k);
	}
	if (!news && k->woken)
		k->woken = false;
}

static bool is_stopping(struct boxes *b)
{
	pthread_mutex_lock(&b->lock);
	bool stopping = b->stopping;
	pthread_mutex_unlock(&b->lock);
	return stopping;
}

static void *keeper_main(void *arg)
{
	struct keeper *k = arg;
	struct boxes *b = k->pr->boxes;
	while (!is_stopping(b)) {
		connect_if_needed(k);
		look(k);
		wait_for_news(k);
	}
	sandbox_disconnect(k->s);
	store_close(k->rd);
	free(k->told.boxes);
	free(k);
	return NULL;
}

bool keeper_start(struct proctor *pr, struct err *err)
{
	struct keeper *k = xcalloc(1, sizeof *k);
	k->pr = pr;
	bool ok = proctor_reader(pr, &k->rd, err);
	if (ok && (pr->boxes->wake_fd < 0 || pthread_create(&pr->boxes->keeper, NULL, keeper_main, k) != 0))
		ok = err_set(err, ERR_INTERNAL, "cannot start the thread that keeps boxes");
	if (!ok) {
		store_close(k->rd);
		free(k);
		return false;
	}
	pr->boxes->keeper_runs = true;
	return true;
}

void keeper_stop(struct proctor *pr)
{
	struct boxes *b = pr->boxes;
	if (!b->keeper_runs)
		return;
	pthread_mutex_lock(&b->lock);
	b->stopping = true;
	pthread_mutex_unlock(&b->lock);
	eventfd_write(b->wake_fd, 1);
	pthread_join(b->keeper, NULL);
	b->keeper_runs = false;
}
