/* Group commit. See writer.h.
 *
 * Callers push jobs on a list under a mutex; the thread takes the whole list, without lingering for more: while it commits, the next
 * crowd gathers by itself. Finished jobs go to a second list, announced by one eventfd write a group. A job handed in by
 * writer_call() is not put there; its caller is woken instead. */
#include "store/writer.h"
#include "base/clock.h"
#include "base/mem.h"
#include <assert.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <time.h>

struct list {
	struct writer_job *first, **end;
	size_t n;
};

struct writer {
	struct writer_config config;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work, called; /* for the thread; for writer_call */
	struct list waiting, finished;
	bool stopping, healthy;
	bool broken; /* an I/O error: what is on the disk is unknown, so only a new start may write again */
	int event_fd;
};

static void list_reset(struct list *l)
{
	*l = (struct list){.end = &l->first};
}

static void list_push(struct list *l, struct writer_job *job)
{
	job->next = NULL;
	*l->end = job;
	l->end = &job->next;
	l->n++;
}

static struct writer_job *list_take(struct list *l)
{
	struct writer_job *first = l->first;
	list_reset(l);
	return first;
}

/* A job of writer_call(): wrapped, so that the thread can tell whom to wake. */
struct call {
	struct writer_job job;
	struct writer_job *inner;
	bool done;
};

static bool run_call(struct writer_job *job, struct store *wr, struct err *err)
{
	struct call *call = (struct call *)job;
	return call->inner->run(call->inner, wr, err);
}

static void run_job(struct writer *w, struct writer_job *job)
{
	struct store *st = w->config.store;
	job->ok = store_savepoint(st, &job->err);
	if (!job->ok)
		return;
	int64_t before = store_changes(st);
	job->ok = job->run(job, st, &job->err) && store_release(st, &job->err);
	if (!job->ok) {
		store_rollback_savepoint(st);
		if (store_changes(st) != before) /* a refusal that changed nothing costs the others nothing */
			w->config.forget(w->config.arg);
	}
}

static void fail_all(struct writer *w, struct writer_job *jobs, const struct err *why)
{
	w->config.forget(w->config.arg);
	for (struct writer_job *job = jobs; job; job = job->next) {
		job->ok = false;
		err_set(&job->err, ERR_READ_ONLY, "nothing was saved: %s", why->msg);
	}
}

static void set_health(struct writer *w, bool committed, const struct err *why)
{
	pthread_mutex_lock(&w->lock);
	w->broken |= !committed && why->code == ERR_READ_ONLY;
	w->healthy = committed && !w->broken;
	pthread_mutex_unlock(&w->lock);
}

static void run_group(struct writer *w, struct writer_job *jobs)
{
	struct err err = {0};
	bool ok = store_begin(w->config.store, &err);
	for (struct writer_job *job = jobs; ok && job; job = job->next)
		run_job(w, job);
	if (ok && w->config.seal)
		w->config.seal(w->config.arg, w->config.store);
	ok = ok && store_commit(w->config.store, &err);
	if (!ok)
		fail_all(w, jobs, &err);
	set_health(w, ok, &err);
}

/* Puts the jobs where their callers look; one wake-up for all. */
static void hand_back(struct writer *w, struct writer_job *jobs)
{
	bool any = false, calls = false;
	pthread_mutex_lock(&w->lock);
	for (struct writer_job *job = jobs, *next; job; job = next) {
		next = job->next;
		if (job->run == run_call) {
			((struct call *)job)->done = true;
			calls = true;
		} else {
			list_push(&w->finished, job);
			any = true;
		}
	}
	if (calls)
		pthread_cond_broadcast(&w->called);
	pthread_mutex_unlock(&w->lock);
	if (any)
		eventfd_write(w->event_fd, 1);
}

/* Returns when to tick next (monotonic milliseconds). */
static int64_t tick(struct writer *w)
{
	struct err err = {0};
	int64_t wait_ms = MS_SECOND;
	bool ok = store_begin(w->config.store, &err);
	if (ok) {
		struct err inner = {0};
		wait_ms = w->config.tick(w->config.arg, w->config.store, &inner);
		ok = store_commit(w->config.store, &err);
	}
	if (!ok) {
		w->config.forget(w->config.arg);
		wait_ms = MS_SECOND;
	}
	set_health(w, ok, &err);
	return clock_monotonic_ms() + wait_ms;
}

/* Waits for work, the next tick or the end; false at the end. */
static bool wait_for_work(struct writer *w, int64_t tick_at, struct writer_job **ret_jobs)
{
	struct timespec until = {.tv_sec = tick_at / 1000, .tv_nsec = tick_at % 1000 * 1000000};
	pthread_mutex_lock(&w->lock);
	while (!w->waiting.first && !w->stopping)
		if (pthread_cond_timedwait(&w->work, &w->lock, &until) != 0)
			break;
	*ret_jobs = list_take(&w->waiting);
	bool go_on = *ret_jobs || !w->stopping;
	pthread_mutex_unlock(&w->lock);
	return go_on;
}

static void *writer_main(void *arg)
{
	struct writer *w = arg;
	struct writer_job *jobs;
	int64_t tick_at = tick(w);
	while (wait_for_work(w, tick_at, &jobs)) {
		if (jobs) {
			run_group(w, jobs);
			hand_back(w, jobs);
		}
		if (!w->broken && clock_monotonic_ms() >= tick_at)
			tick_at = tick(w);
		else if (w->broken)
			tick_at = clock_monotonic_ms() + MS_SECOND;
	}
	if (!w->broken)
		tick(w);
	return NULL;
}

bool writer_create(const struct writer_config *config, struct writer **ret, struct err *err)
{
	struct writer *w = xcalloc(1, sizeof *w);
	w->config = *config;
	w->healthy = true;
	list_reset(&w->waiting);
	list_reset(&w->finished);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->work, &monotonic);
	pthread_cond_init(&w->called, NULL);
	pthread_condattr_destroy(&monotonic);
	w->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->event_fd < 0 || pthread_create(&w->thread, NULL, writer_main, w) != 0) {
		if (w->event_fd >= 0)
			close(w->event_fd);
		free(w);
		return err_set(err, ERR_INTERNAL, "cannot start the writer thread");
	}
	*ret = w;
	return true;
}

void writer_destroy(struct writer *w)
{
	if (!w)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->work);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	close(w->event_fd);
	pthread_cond_destroy(&w->work);
	pthread_cond_destroy(&w->called);
	pthread_mutex_destroy(&w->lock);
	free(w);
}

bool writer_submit(struct writer *w, struct writer_job *job, struct err *err)
{
	pthread_mutex_lock(&w->lock);
	bool healthy = w->healthy, room = w->waiting.n < w->config.queue_max;
	if (healthy && room) {
		bool idle = !w->waiting.first;
		list_push(&w->waiting, job);
		if (idle)
			pthread_cond_signal(&w->work);
	}
	pthread_mutex_unlock(&w->lock);
	if (!healthy)
		return err_set(err, ERR_READ_ONLY, "the storage failed: nothing is accepted until it works again");
	return room ? true : err_set(err, ERR_BUSY, "too many changes are waiting: try again in a second");
}

int writer_event_fd(const struct writer *w)
{
	return w->event_fd;
}

struct writer_job *writer_finished(struct writer *w)
{
	eventfd_t ignored;
	eventfd_read(w->event_fd, &ignored);
	pthread_mutex_lock(&w->lock);
	struct writer_job *jobs = list_take(&w->finished);
	pthread_mutex_unlock(&w->lock);
	return jobs;
}

bool writer_call(struct writer *w, struct writer_job *job, struct err *err)
{
	struct call call = {.job.run = run_call, .inner = job};
	if (!writer_submit(w, &call.job, err))
		return false;
	pthread_mutex_lock(&w->lock);
	while (!call.done)
		pthread_cond_wait(&w->called, &w->lock);
	pthread_mutex_unlock(&w->lock);
	job->ok = call.job.ok;
	job->err = call.job.err;
	if (!job->ok && err)
		*err = job->err;
	return job->ok;
}

bool writer_healthy(const struct writer *w)
{
	struct writer *mutable = (struct writer *)w;
	pthread_mutex_lock(&mutable->lock);
	bool healthy = w->healthy;
	pthread_mutex_unlock(&mutable->lock);
	return healthy;
}
