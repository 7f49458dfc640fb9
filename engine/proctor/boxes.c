/* Connections to the launcher of boxes, and a lock for each task. See task.h.
 *
 * Connections are kept when nobody uses them. The launcher tells every connection every event; it hangs up on one that does not read them,
 * so a kept one is emptied when it is taken, and replaced when it is gone. */
#include "base/log.h"
#include "proctor/certify.h"
#include "proctor/task_internal.h"
#include <errno.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <time.h>

struct boxes *boxes_create(const struct proctor_config *config)
{
	struct boxes *b = xcalloc(1, sizeof *b);
	b->program = config->sandbox_program ? xstrdup(config->sandbox_program) : NULL;
	b->grader = config->grader_program ? xstrdup(config->grader_program) : NULL;
	b->builder = config->image_program ? xstrdup(config->image_program) : NULL;
	b->dir = xasprintf("%s/sandbox", config->data_dir);
	b->max = config->boxes_max > 0 ? config->boxes_max : BOXES_MAX;
	b->per_account = config->boxes_per_account > 0 ? config->boxes_per_account : BOXES_PER_ACCOUNT;
	b->gone = config->box_gone;
	b->program_ended = config->program_ended;
	b->gone_arg = config->box_arg;
	b->grade = config->grade;
	static const int64_t waits[GRADING_WAITS] = {5 * MS_SECOND, 30 * MS_SECOND, 3 * MS_MINUTE};
	memcpy(b->waits_ms, config->grading_waits_ms ? config->grading_waits_ms : waits, sizeof b->waits_ms);
	b->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_condattr_t monotonic;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->freed, &monotonic);
	pthread_cond_init(&b->work, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return b;
}

void boxes_destroy(struct boxes *b)
{
	if (!b)
		return;
	while (b->n_idle)
		sandbox_disconnect(b->idle[--b->n_idle]);
	if (b->wake_fd >= 0)
		close(b->wake_fd);
	pthread_cond_destroy(&b->work);
	pthread_cond_destroy(&b->freed);
	pthread_mutex_destroy(&b->lock);
	free(b->program);
	free(b->grader);
	free(b->builder);
	free(b->dir);
	free(b);
}

/* ---- Changes ---- */

struct change {
	struct writer_job job;
	struct proctor *pr;
	task_change_fn *fn;
	void *arg;
};

static bool run_change(struct writer_job *job, struct store *wr, struct err *err)
{
	struct change *c = (struct change *)job;
	return c->fn(c->pr, wr, c->arg, err);
}

static bool change_alone(struct proctor *pr, task_change_fn *fn, void *arg, struct err *err)
{
	if (!store_begin(pr->wr, err))
		return false;
	if (fn(pr, pr->wr, arg, err) && store_commit(pr->wr, err))
		return true;
	store_rollback(pr->wr);
	proctor_forget(pr);
	return false;
}

bool task_change(struct proctor *pr, task_change_fn *fn, void *arg, struct err *err)
{
	if (!pr->boxes->writer)
		return change_alone(pr, fn, arg, err);
	struct change c = {.job.run = run_change, .pr = pr, .fn = fn, .arg = arg};
	return writer_call(pr->boxes->writer, &c.job, err);
}

/* ---- Connections ---- */

/* Takes what it was told while nobody listened; false when the launcher has gone. */
static bool is_alive(struct sandbox *s)
{
	struct sandbox_event e;
	while (sandbox_next_event(s, &e))
		if (e.what == SANDBOX_GONE)
			return false;
	return true;
}

static struct sandbox *take_idle(struct boxes *b)
{
	pthread_mutex_lock(&b->lock);
	struct sandbox *s = b->n_idle ? b->idle[--b->n_idle] : NULL;
	pthread_mutex_unlock(&b->lock);
	return s;
}

bool boxes_borrow(struct proctor *pr, struct sandbox **ret, struct err *err)
{
	struct boxes *b = pr->boxes;
	struct err why;
	if (!b->program)
		return err_set(err, ERR_NOT_OFFERED, "this server has no boxes for hands-on tasks: the program assay-sandbox is not there");
	for (struct sandbox *s; (s = take_idle(b));) {
		if (is_alive(s)) {
			*ret = s;
			return true;
		}
		sandbox_disconnect(s);
	}
	if (sandbox_connect(b->dir, b->program, ret, &why)) {
		boxes_wake(pr); /* the keeper listens from now on */
		return true;
	}
	log_warn("boxes: %s", why.msg);
	return err_set(err, ERR_BUSY, "no box can be had now: the launcher does not answer");
}

void boxes_return(struct proctor *pr, struct sandbox *s)
{
	struct boxes *b = pr->boxes;
	pthread_mutex_lock(&b->lock);
	bool room = b->n_idle < ARRAY_SIZE(b->idle);
	if (room)
		b->idle[b->n_idle++] = s;
	pthread_mutex_unlock(&b->lock);
	if (!room)
		sandbox_disconnect(s);
}

/* ---- Locks ---- */

static bool is_held(const struct boxes *b, int64_t attempt, int item)
{
	for (size_t i = 0; i < b->n_held; i++)
		if (b->held[i].attempt == attempt && b->held[i].item == item)
			return true;
	return false;
}

bool box_lock(struct proctor *pr, int64_t attempt, int item, int64_t wait_ms, struct err *err)
{
	struct boxes *b = pr->boxes;
	int64_t end = clock_monotonic_ms() + wait_ms;
	struct timespec until = {.tv_sec = end / 1000, .tv_nsec = end % 1000 * 1000000};
	pthread_mutex_lock(&b->lock);
	bool ok;
	while (!(ok = b->n_held < ARRAY_SIZE(b->held) && !is_held(b, attempt, item)))
		if (pthread_cond_timedwait(&b->freed, &b->lock, &until) != 0)
			break;
	if (ok)
		b->held[b->n_held++] = (struct held){attempt, item};
	pthread_mutex_unlock(&b->lock);
	return ok ? true : err_set(err, ERR_BUSY, "something else is being done with this task's box: try again");
}

void box_unlock(struct proctor *pr, int64_t attempt, int item)
{
	struct boxes *b = pr->boxes;
	pthread_mutex_lock(&b->lock);
	for (size_t i = 0; i < b->n_held; i++)
		if (b->held[i].attempt == attempt && b->held[i].item == item) {
			b->held[i] = b->held[--b->n_held];
			break;
		}
	pthread_cond_broadcast(&b->freed);
	pthread_mutex_unlock(&b->lock);
}

/* ---- What others are told ---- */

void boxes_gone(struct proctor *pr, const char *box, const char *why)
{
	if (pr->boxes->gone)
		pr->boxes->gone(pr->boxes->gone_arg, box, why);
}

void boxes_wake(struct proctor *pr)
{
	eventfd_write(pr->boxes->wake_fd, 1);
	grading_wake(pr);
}

char *boxes_layer(const struct proctor *pr, const char *box)
{
	return xasprintf("%s/snapshots/%s.layer", pr->boxes->dir, box);
}

int64_t boxes_layer_ms(const struct proctor *pr, const char *box)
{
	_cleanup_free_ char *path = boxes_layer(pr, box);
	struct stat st;
	return stat(path, &st) == 0 ? (int64_t)st.st_mtim.tv_sec * 1000 + st.st_mtim.tv_nsec / 1000000 : 0;
}

static void *hash_main(void *arg)
{
	(void)arg;
	(void)engine_sha256();
	return NULL;
}

/* Before a certificate needs it on the writer, and while the server starts: the program has some megabytes. */
static void hash_engine_meanwhile(void)
{
	pthread_t thread;
	if (pthread_create(&thread, NULL, hash_main, NULL) == 0)
		pthread_detach(thread);
	else
		(void)engine_sha256();
}

bool proctor_work_start(struct proctor *pr, struct writer *writer, struct err *err)
{
	pr->boxes->writer = writer;
	hash_engine_meanwhile();
	return keeper_start(pr, err) && grading_start(pr, err) && builder_start(pr, err);
}

void proctor_work_stop(struct proctor *pr)
{
	if (!pr || !pr->boxes)
		return;
	builder_stop(pr);
	grading_stop(pr);
	keeper_stop(pr);
	pr->boxes->writer = NULL;
}
