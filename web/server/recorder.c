/* The thread that writes recordings. See recording.h. */
#include "recorder.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include <errno.h>
#include <pthread.h>
#include <string.h>

#define QUEUED_MAX (16u << 20)

struct job {
	struct job *next;
	struct recording *rec;
	struct buf notes;
	bool last;
};

struct recorder {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t work, idle;
	struct job *first, **end;
	size_t queued;           /* bytes */
	uint64_t taken, written; /* jobs */
	bool stopping;
};

static void recording_free(struct recording *rec)
{
	close_fdp(&rec->fd);
	buf_finish(&rec->notes);
	free(rec->path);
	free(rec);
}

static struct job *next_job(struct recorder *r)
{
	pthread_mutex_lock(&r->lock);
	while (!r->first && !r->stopping)
		pthread_cond_wait(&r->work, &r->lock);
	struct job *job = r->first;
	if (job) {
		r->first = job->next;
		r->queued -= job->notes.len;
		if (!r->first)
			r->end = &r->first;
	}
	pthread_mutex_unlock(&r->lock);
	return job;
}

/* A recording begins with its first event. */
static int64_t begun_at(const struct buf *notes)
{
	struct note first = {.at_ms = clock_wall_ms()};
	if (notes->len >= sizeof first)
		memcpy(&first, notes->p, sizeof first);
	return first.at_ms;
}

static void run(struct recorder *r, struct job *job)
{
	struct recording *rec = job->rec;
	struct err err;
	/* A recording that cannot be written is no reason to take the terminal away. */
	if (!recorder_file_open(rec, begun_at(&job->notes), &err) || !recorder_file_write(rec, &job->notes, &err)) {
		if (!rec->full)
			log_error("recording %s: %s", rec->path, err.msg);
		rec->full = true;
	}
	if (job->last && rec->fd >= 0 && fdatasync(rec->fd) < 0 && errno != EINVAL)
		log_error("recording %s: syncing: %s", rec->path, strerror(errno));
	if (job->last)
		recording_free(rec);
	buf_finish(&job->notes);
	free(job);
	pthread_mutex_lock(&r->lock);
	r->written++;
	pthread_cond_broadcast(&r->idle);
	pthread_mutex_unlock(&r->lock);
}

static void *recorder_main(void *arg)
{
	struct recorder *r = arg;
	struct job *job;
	while ((job = next_job(r)))
		run(r, job);
	return NULL;
}

bool recorder_create(struct recorder **ret, struct err *err)
{
	struct recorder *r = xcalloc(1, sizeof *r);
	r->end = &r->first;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->work, NULL);
	pthread_cond_init(&r->idle, NULL);
	if (pthread_create(&r->thread, NULL, recorder_main, r) != 0) {
		free(r);
		return err_set(err, ERR_INTERNAL, "cannot start the thread that writes recordings");
	}
	*ret = r;
	return true;
}

void recorder_destroy(struct recorder *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->stopping = true;
	pthread_cond_signal(&r->work);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	pthread_cond_destroy(&r->work);
	pthread_cond_destroy(&r->idle);
	pthread_mutex_destroy(&r->lock);
	free(r);
}

void recorder_wait(struct recorder *r)
{
	pthread_mutex_lock(&r->lock);
	uint64_t all = r->taken;
	while (r->written < all)
		pthread_cond_wait(&r->idle, &r->lock);
	pthread_mutex_unlock(&r->lock);
}

void recorder_take(struct recording *rec, struct buf *notes, bool last)
{
	struct recorder *r = rec->recorder;
	struct job *job = xcalloc(1, sizeof *job);
	*job = (struct job){.rec = rec, .last = last};
	pthread_mutex_lock(&r->lock);
	bool room = r->queued + notes->len <= QUEUED_MAX;
	if (room || last) {
		job->notes = *notes;
		*notes = BUF(notes->max);
		r->queued += job->notes.len;
		r->taken++;
		*r->end = job;
		r->end = &job->next;
		pthread_cond_signal(&r->work);
	}
	pthread_mutex_unlock(&r->lock);
	if (!room && !last)
		free(job); /* the disk is behind: they stay with the relay, which leaves out what comes on top */
}
