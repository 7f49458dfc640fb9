/* Noticing changed banks. See watch.h. */
#include "watch.h"
#include "base/clock.h"
#include "base/log.h"
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>

#define LOOK_EVERY_MS (2 * MS_SECOND)

struct watch {
	struct proctor *proctor;
	struct writer *writer;
	pthread_t thread;
	int stop_fd, poke_fd;
};

struct put {
	struct writer_job job;
	struct proctor *proctor;
	const void *version;
};

static bool run_put(struct writer_job *job, struct store *wr, struct err *err)
{
	struct put *put = (struct put *)job;
	return catalog_put(put->proctor, wr, put->version, err);
}

static bool put_version(void *arg, const void *version, struct err *err)
{
	struct watch *w = arg;
	struct put put = {.job.run = run_put, .proctor = w->proctor, .version = version};
	return writer_call(w->writer, &put.job, err);
}

static void *watch_main(void *arg)
{
	struct watch *w = arg;
	struct pollfd p[] = {{.fd = w->stop_fd, .events = POLLIN}, {.fd = w->poke_fd, .events = POLLIN}};
	while (poll(p, ARRAY_SIZE(p), (int)LOOK_EVERY_MS) >= 0 && !p[0].revents) {
		struct err err;
		eventfd_t pokes;
		if (p[1].revents)
			eventfd_read(w->poke_fd, &pokes);
		if (!catalog_poll(w->proctor, put_version, w, &err))
			log_warn("banks: %s", err.msg);
	}
	return NULL;
}

bool watch_create(struct proctor *pr, struct writer *writer, struct watch **ret, struct err *err)
{
	struct watch *w = xcalloc(1, sizeof *w);
	w->proctor = pr;
	w->writer = writer;
	w->stop_fd = eventfd(0, EFD_CLOEXEC);
	w->poke_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	bool ok = catalog_poll(pr, put_version, w, err);
	if (ok && (w->stop_fd < 0 || w->poke_fd < 0 || pthread_create(&w->thread, NULL, watch_main, w) != 0))
		ok = err_set(err, ERR_INTERNAL, "cannot start the thread that watches the banks");
	if (!ok) {
		if (w->stop_fd >= 0)
			close(w->stop_fd);
		if (w->poke_fd >= 0)
			close(w->poke_fd);
		free(w);
		return false;
	}
	*ret = w;
	return true;
}

bool watch_look(struct watch *w, struct err *err)
{
	return catalog_poll(w->proctor, put_version, w, err);
}

void watch_destroy(struct watch *w)
{
	if (!w)
		return;
	eventfd_write(w->stop_fd, 1);
	pthread_join(w->thread, NULL);
	close(w->stop_fd);
	close(w->poke_fd);
	free(w);
}

void watch_poke(struct watch *w)
{
	eventfd_write(w->poke_fd, 1);
}
