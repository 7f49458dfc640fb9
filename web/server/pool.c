/* The pool: a few threads for requests that are slow and need no transaction, each with a reading connection of its own. */
#include "internal.h"
#include <pthread.h>
#include <sys/eventfd.h>

#define POOL_QUEUE_MAX 256
#define POOL_THREADS_MAX 8

struct pool {
	struct server *server;
	pthread_t threads[POOL_THREADS_MAX];
	struct store *readers[POOL_THREADS_MAX];
	unsigned n_threads, n_started;
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct request *waiting, **waiting_end, *finished;
	size_t n_waiting;
	bool stopping;
	int event_fd;
};

static struct request *take(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	while (!p->waiting && !p->stopping)
		pthread_cond_wait(&p->work, &p->lock);
	struct request *rq = p->waiting;
	if (rq) {
		p->waiting = rq->next;
		p->n_waiting--;
		if (!p->waiting)
			p->waiting_end = &p->waiting;
	}
	pthread_mutex_unlock(&p->lock);
	return rq;
}

static void give_back(struct pool *p, struct request *rq)
{
	pthread_mutex_lock(&p->lock);
	rq->next = p->finished;
	p->finished = rq;
	pthread_mutex_unlock(&p->lock);
	eventfd_write(p->event_fd, 1);
}

struct start {
	struct pool *pool;
	struct store *reader;
};

static void *pool_main(void *arg)
{
	struct start start = *(struct start *)arg;
	free(arg);
	struct request *rq;
	while ((rq = take(start.pool))) {
		rq->failed = !rq->route->handler(rq, start.reader, &rq->err);
		give_back(start.pool, rq);
	}
	return NULL;
}

static bool start_thread(struct pool *p, struct err *err)
{
	if (!proctor_reader(p->server->proctor, &p->readers[p->n_started], err))
		return false;
	struct start *start = xcalloc(1, sizeof *start);
	*start = (struct start){p, p->readers[p->n_started]};
	if (pthread_create(&p->threads[p->n_started], NULL, pool_main, start) != 0) {
		free(start);
		store_close(take_ptr(p->readers[p->n_started]));
		return err_set(err, ERR_INTERNAL, "cannot start a pool thread");
	}
	p->n_started++;
	return true;
}

bool pool_create(struct server *server, unsigned threads, struct pool **ret, struct err *err)
{
	struct pool *p = xcalloc(1, sizeof *p);
	p->server = server;
	p->n_threads = threads > POOL_THREADS_MAX ? POOL_THREADS_MAX : threads;
	p->waiting_end = &p->waiting;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	p->event_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	bool ok = p->event_fd >= 0 ? true : err_set(err, ERR_INTERNAL, "cannot make an eventfd");
	while (ok && p->n_started < p->n_threads)
		ok = start_thread(p, err);
	if (!ok) {
		pool_destroy(p);
		return false;
	}
	*ret = p;
	return true;
}

void pool_destroy(struct pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->n_started; i++) {
		pthread_join(p->threads[i], NULL);
		store_close(p->readers[i]);
	}
	if (p->event_fd >= 0)
		close(p->event_fd);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

bool pool_submit(struct pool *p, struct request *rq, struct err *err)
{
	pthread_mutex_lock(&p->lock);
	bool room = p->n_waiting < POOL_QUEUE_MAX;
	if (room) {
		rq->next = NULL;
		*p->waiting_end = rq;
		p->waiting_end = &rq->next;
		p->n_waiting++;
		pthread_cond_signal(&p->work);
	}
	pthread_mutex_unlock(&p->lock);
	return room ? true : err_set(err, ERR_BUSY, "too many requests are waiting: try again in a second");
}

int pool_event_fd(const struct pool *p)
{
	return p->event_fd;
}

struct request *pool_finished(struct pool *p)
{
	eventfd_t ignored;
	eventfd_read(p->event_fd, &ignored);
	pthread_mutex_lock(&p->lock);
	struct request *rq = p->finished;
	p->finished = NULL;
	pthread_mutex_unlock(&p->lock);
	return rq;
}
