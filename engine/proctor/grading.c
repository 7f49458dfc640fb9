/* Grading: threads that take ended tasks from the queue, one after the other. See task.h and docs/internals/grading.md.
 *
 * A run claims a row (with a lease and a fencing number), keeps the candidate's layer under its hash, lets the grader look at it, and
 * stores what it said. Every change goes through the writer and is refused when the row was claimed by somebody else since. So a crash at
 * any point costs one run: the row is claimed again, from the kept snapshot if there is one. */
#include "base/log.h"
#include "proctor/task_internal.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#define LEASE_MS (5 * MS_MINUTE) /* longer than any step between two signs of life */
#define LOOK_EVERY_MS MS_SECOND  /* for what a command beside the server puts into the queue */
#define LOCK_WAIT_MS (2 * MS_MINUTE)
#define OBSERVATIONS_MAX GRADING_OBSERVATIONS_MAX

void grading_job(const struct proctor *pr, const struct task *task, struct grade_job *ret)
{
	*ret = (struct grade_job){
	    .program = pr->boxes->grader,
	    .lua = str_of(task->grader_lua),
	    .image = task->box_image,
	    .user = task->user,
	    .values = task->values,
	};
}

bool grading_run(struct proctor *pr, struct sandbox *s, const struct grade_job *job, struct grade_result *ret, struct err *err)
{
	if (!pr->boxes->grade || !job->program)
		return err_set(err, ERR_NOT_OFFERED, "this server cannot grade: the program assay-grader is not there");
	return pr->boxes->grade(s, job, ret, err);
}

/* ---- The queue ---- */

struct opened_list {
	int items[FORM_ITEMS_MAX];
	size_t n;
};

static bool take_opened(void *arg, const struct box_row *box, struct err *err)
{
	struct opened_list *o = arg;
	if (o->n == ARRAY_SIZE(o->items))
		return err_set(err, ERR_STORE, "an attempt with more boxes than items");
	o->items[o->n++] = box->item;
	return true;
}

bool grading_enqueue(struct proctor *pr, struct store *wr, const struct attempt_row *row, const struct form_entry *fe, struct err *err)
{
	struct opened_list *o = xcalloc(1, sizeof *o);
	bool ok = store_box_each(wr, row->key, take_opened, o, err);
	for (size_t i = 0; ok && i < o->n; i++)
		if (o->items[i] >= 0 && (size_t)o->items[i] < fe->form->n_items)
			ok = store_grading_add(wr, row->key, o->items[i], row->account, proctor_wall_ms(pr), err);
	if (ok && o->n)
		boxes_wake(pr);
	free(o);
	return ok;
}

/* ---- One run ---- */

struct run {
	struct proctor *pr;
	struct store *rd;
	struct sandbox *s;
	struct grading_claim claim;
	struct attempt_row row;
	struct form_entry *fe;
	const struct item *item;
	struct buf observations; /* of an earlier run */
	bool box_there;
	bool stale; /* the box was lost before its end state was kept: the snapshot is older */
	struct grade_result result;
	bool failed; /* there is no result */
	char why[512];
};

struct claiming {
	struct run *run;
	bool found;
};

static bool claim(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct claiming *c = arg;
	return service_beat(pr, wr, err) &&
	       store_grading_claim(wr, proctor_service_ms(pr), LEASE_MS, &c->run->claim, &c->run->observations, &c->found, err);
}

static bool renew(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	return store_grading_renew(wr, &((struct run *)arg)->claim, proctor_service_ms(pr), LEASE_MS, err);
}

static bool put_snapshot(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct run *r = arg;
	return store_grading_snapshot(wr, &r->claim, r->claim.snapshot, err) && renew(pr, wr, r, err);
}

static bool load(struct run *r, struct err *err)
{
	if (!store_attempt_get(r->rd, r->claim.attempt_id, &r->row, err) || !form_cache_get(r->pr, r->rd, &r->row, &r->fe, err))
		return false;
	if (r->claim.item < 0 || (size_t)r->claim.item >= r->fe->form->n_items)
		return err_set(err, ERR_STORE, "a grading of item %d, which is not on the form", r->claim.item);
	r->item = r->fe->form->items[r->claim.item].item;
	return r->item->task ? true : err_set(err, ERR_STORE, "a grading of item %d, which is not a task", r->claim.item);
}

/* The layer that is looked at: of the stopped box, or what the launcher kept last when the box is gone. */
static bool keep_layer(struct run *r, struct err *err)
{
	_cleanup_free_ char *last = boxes_layer(r->pr, r->claim.box);
	struct sandbox_snapshot snapshot = {0};
	bool ok;
	if (r->box_there) {
		ok = sandbox_freeze(r->s, r->claim.box, true, err) && sandbox_snapshot(r->s, r->claim.box, &snapshot, err) &&
		     snapshot_keep(r->pr, snapshot.path, r->claim.snapshot, err);
		sandbox_snapshot_finish(&snapshot);
	} else {
		int64_t at_ms = boxes_layer_ms(r->pr, r->claim.box);
		if (!at_ms)
			return err_set(err, ERR_NOT_FOUND, "the box was lost, and no snapshot of it had been taken");
		r->stale = at_ms < r->row.ended_ms;
		ok = snapshot_keep(r->pr, last, r->claim.snapshot, err);
	}
	return ok && task_change(r->pr, put_snapshot, r, err);
}

static bool look_for_box(struct run *r, struct err *err)
{
	struct sandbox_stat stat;
	struct err why;
	r->box_there = *r->claim.box && sandbox_stat(r->s, r->claim.box, &stat, &why);
	return r->box_there || !*r->claim.box || why.code == ERR_NOT_FOUND ? true : err_set(err, why.code, "%s", why.msg);
}

static bool grade(struct run *r, struct err *err)
{
	struct grade_job job;
	if (!look_for_box(r, err) || (!*r->claim.snapshot && !keep_layer(r, err)))
		return false;
	if (r->box_there && !sandbox_freeze(r->s, r->claim.box, false, err))
		return false;
	_cleanup_free_ char *path = snapshot_path_of(r->pr, r->claim.snapshot);
	grading_job(r->pr, r->item->task, &job);
	job.snapshot = path;
	job.box = r->box_there ? r->claim.box : NULL;
	job.observations = r->box_there ? (struct str){0} : buf_str(&r->observations);
	job.hints = r->row.study;
	return grading_run(r->pr, r->s, &job, &r->result, err);
}

/* ---- What came of it ---- */

static void add_result(const struct run *r, struct buf *out)
{
	if (!r->failed) {
		grade_result_json(&r->result, out);
		if (r->stale && !out->overflow) {
			buf_cut(out, out->len - 1);
			buf_adds(out, ",\"note\":\"" GRADING_LOST_NOTE "\"}");
		}
		return;
	}
	buf_adds(out, "{\"checks\":[],\"points\":0,\"max\":0,\"ungraded\":true,\"error\":");
	buf_add_json(out, str_of(r->why));
	buf_adds(out, ",\"grader\":null}");
}

/* A grade, another try, or a person. What a box that was lost cost the candidate is not for a program to say. */
static void decide(const struct run *r, struct grading_outcome *o)
{
	const struct boxes *b = r->pr->boxes;
	bool graded = !r->failed && !r->result.ungraded, whole = graded && r->result.points_m == r->result.max_m;
	o->points_m = r->failed ? 0 : r->result.points_m;
	o->max_m = r->failed ? 0 : r->result.max_m;
	o->tries = r->claim.tries + !graded;
	if (graded && (!r->stale || whole))
		o->state = GRADING_DONE;
	else if (graded || o->tries > GRADING_WAITS)
		o->state = GRADING_REVIEW;
	else
		o->state = GRADING_QUEUED;
	if (o->state == GRADING_QUEUED)
		o->not_before_ms = proctor_service_ms(r->pr) + b->waits_ms[o->tries - 1];
	else
		o->finished_ms = proctor_wall_ms(r->pr);
}

struct finishing {
	struct run *run;
	struct grading_outcome outcome;
	struct {
		bool there;
		int64_t size;
		char sha256[HASH_HEX_SIZE];
	} recordings[TASK_SHELLS_MAX + 1]; /* by shell */
	int left;
};

/* Here and not on the writer: recordings can be long, and answers wait for the writer. */
static bool hash_recordings(struct finishing *f, struct err *err)
{
	for (int shell = 1; shell <= TASK_SHELLS_MAX; shell++) {
		_cleanup_free_ char *path = recording_path_of(f->run->pr, f->run->row.id, f->run->claim.item, shell);
		struct err why;
		f->recordings[shell].there = file_hash(path, f->recordings[shell].sha256, &f->recordings[shell].size, &why);
		if (!f->recordings[shell].there && why.code != ERR_NOT_FOUND)
			return err_set(err, why.code, "%s", why.msg);
	}
	return true;
}

static bool put_recordings(const struct finishing *f, struct store *wr, struct err *err)
{
	for (int shell = 1; shell <= TASK_SHELLS_MAX; shell++) {
		_cleanup_free_ char *path = recording_path_of(f->run->pr, f->run->row.id, f->run->claim.item, shell);
		struct recording_row rec = {.item = f->run->claim.item,
		                            .name = strrchr(path, '/') + 1,
		                            .sha256 = f->recordings[shell].sha256,
		                            .size = f->recordings[shell].size};
		if (f->recordings[shell].there && !store_recording_put(wr, f->run->row.key, &rec, err))
			return false;
	}
	return true;
}

/* The grade, and the attempt's result when it was the last one: both or neither. */
static bool finish(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct finishing *f = arg;
	struct run *r = f->run;
	struct attempt_row row;
	if (!store_grading_finish(wr, &r->claim, &f->outcome, err) || (f->outcome.state != GRADING_QUEUED && !put_recordings(f, wr, err)) ||
	    !store_attempt_get(wr, r->row.id, &row, err))
		return false;
	return row.phase != PHASE_REVIEWING || f->outcome.state == GRADING_QUEUED || finish_result(pr, wr, &row, r->fe, &f->left, err);
}

static bool conclude(struct run *r, struct err *err)
{
	_cleanup_buf_ struct buf result = BUF(GRADING_RESULT_MAX);
	struct finishing f = {.run = r};
	decide(r, &f.outcome);
	add_result(r, &result);
	f.outcome.task = r->item->task->hash;
	f.outcome.grader = r->result.grader_hash;
	f.outcome.image = r->item->task->box_image;
	f.outcome.engine = "assay " ASSAY_VERSION;
	f.outcome.result = result.p;
	if (!r->failed && r->result.observations.len)
		f.outcome.observations = buf_str(&r->result.observations);
	if (!buf_check(&result, "what the grader said", err) || (f.outcome.state != GRADING_QUEUED && !hash_recordings(&f, err)) ||
	    !task_change(r->pr, finish, &f, err))
		return false;
	log_info("grading attempt=%.8s item=%d %s%s%s", r->row.id, r->claim.item,
	         f.outcome.state == GRADING_DONE     ? "done"
	         : f.outcome.state == GRADING_REVIEW ? "goes to a person"
	                                             : "is tried again",
	         r->failed ? ": " : "", r->failed ? r->why : "");
	return true;
}

static void run_finish(struct run *r)
{
	form_entry_unref(r->fe);
	buf_finish(&r->observations);
	grade_result_finish(&r->result);
}

/* The box is ours from here on; who else has it (a check that was running when the attempt ended) is waited for. */
static bool run_locked(struct run *r, struct err *err)
{
	_cleanup_hold_ struct box_hold hold = {0};
	_cleanup_borrowed_ struct borrowed b = {.pr = r->pr};
	struct err why = {0};
	if (!box_lock(r->pr, r->claim.attempt, r->claim.item, LOCK_WAIT_MS, err))
		return false;
	hold = (struct box_hold){r->pr, r->claim.attempt, r->claim.item};
	if (!load(r, err))
		return false;
	if (*r->claim.box)
		boxes_gone(r->pr, r->claim.box, "ended"); /* the keeper may not have come to it; what is hashed below must be whole */
	bool ok = boxes_borrow(r->pr, &b.s, &why);
	r->s = b.s;
	if (ok && grade(r, &why))
		return conclude(r, err);
	r->failed = true;
	snprintf(r->why, sizeof r->why, "%s", why.msg);
	return conclude(r, err);
}

/* True when there was something to do. */
static bool run_one(struct proctor *pr, struct store *rd)
{
	__attribute__((cleanup(run_finish))) struct run r = {.pr = pr, .rd = rd, .observations = BUF(OBSERVATIONS_MAX)};
	struct claiming c = {.run = &r};
	struct err err;
	int64_t next;
	if (!store_grading_next(rd, &next, &err) || next > proctor_service_ms(pr) || !task_change(pr, claim, &c, &err) || !c.found)
		return false;
	if (!run_locked(&r, &err))
		log_warn("grading of attempt %.8s, item %d: %s", r.claim.attempt_id, r.claim.item, err.msg);
	boxes_wake(pr);
	return true;
}

/* ---- The threads ---- */

struct worker {
	struct proctor *pr;
	struct store *rd;
};

/* False at the end. */
static bool wait_for_work(struct boxes *b)
{
	int64_t end = clock_monotonic_ms() + LOOK_EVERY_MS;
	struct timespec until = {.tv_sec = end / 1000, .tv_nsec = end % 1000 * 1000000};
	pthread_mutex_lock(&b->lock);
	if (!b->stopping)
		pthread_cond_timedwait(&b->work, &b->lock, &until);
	bool go_on = !b->stopping;
	pthread_mutex_unlock(&b->lock);
	return go_on;
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	struct boxes *b = w->pr->boxes;
	while (wait_for_work(b))
		while (run_one(w->pr, w->rd)) {
			pthread_mutex_lock(&b->lock);
			bool stopping = b->stopping;
			pthread_mutex_unlock(&b->lock);
			if (stopping)
				break;
		}
	store_close(w->rd);
	free(w);
	return NULL;
}

static bool release(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	(void)pr;
	(void)arg;
	return store_grading_release(wr, err);
}

bool grading_start(struct proctor *pr, struct err *err)
{
	struct boxes *b = pr->boxes;
	if (!task_change(pr, release, NULL, err))
		return false;
	while (b->grade && b->grader && b->n_workers < GRADING_WORKERS) {
		struct worker *w = xcalloc(1, sizeof *w);
		w->pr = pr;
		bool ok = proctor_reader(pr, &w->rd, err);
		if (ok && pthread_create(&b->workers[b->n_workers], NULL, worker_main, w) != 0)
			ok = err_set(err, ERR_INTERNAL, "cannot start a thread that grades");
		if (!ok) {
			store_close(w->rd);
			free(w);
			return false;
		}
		b->n_workers++;
	}
	return true;
}

void grading_stop(struct proctor *pr)
{
	struct boxes *b = pr->boxes;
	pthread_mutex_lock(&b->lock);
	b->stopping = true;
	pthread_cond_broadcast(&b->work);
	pthread_mutex_unlock(&b->lock);
	while (b->n_workers)
		pthread_join(b->workers[--b->n_workers], NULL);
}

void grading_wake(struct proctor *pr)
{
	pthread_mutex_lock(&pr->boxes->lock);
	pthread_cond_signal(&pr->boxes->work);
	pthread_mutex_unlock(&pr->boxes->lock);
}
