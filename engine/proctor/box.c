/* The box of a task: opened and prepared when the candidate first asks for it, opened again from its last snapshot when it was lost. See
 * task.h. All of it runs under the box's lock.
 *
 * The row says BOX_OPENING before anything is done in the launcher and BOX_OPEN when the box is ready: whatever a crash leaves in between
 * is thrown away and prepared anew, since nobody has worked in it. */
#include "base/log.h"
#include "graders/client/prepare.h"
#include "proctor/images.h"
#include "proctor/task_internal.h"
#include "store/bank_version.h"
#include <stdio.h>

static void name_of(const struct task_ref *t, int resets, char ret[BOX_NAME_SIZE])
{
	snprintf(ret, BOX_NAME_SIZE, "%.20s-%d-%d", t->v.row.id, t->index, resets);
}

/* ---- What is recorded ---- */

struct record {
	const struct caller *who;
	const struct task_ref *t;
	enum event_kind kind;
	const struct box_row *row; /* or NULL */
	bool opens;                /* it takes a box: the ceilings hold */
};

static bool has_room(struct proctor *pr, struct store *wr, const struct record *r, struct err *err)
{
	const struct boxes *b = pr->boxes;
	struct box_counts n;
	if (!store_box_counts(wr, r->t->v.row.account, &n, err))
		return false;
	if (n.all >= b->max)
		return err_set(err, ERR_BUSY, "all %d boxes of this server are in use: try again in a while", b->max);
	if (n.account >= b->per_account)
		return err_set(err, ERR_BUSY, "you have %d boxes open, as many as one may have: they are free again when their attempts have ended",
		               b->per_account);
	return true;
}

/* The attempt may have ended, or have been taken over, since the request was looked at. */
static bool still_working(struct proctor *pr, struct store *wr, const struct record *r, struct live **ret, struct err *err)
{
	struct live *l;
	int64_t now = proctor_service_ms(pr), late_ms;
	if (!live_get(pr, wr, r->who, r->t->v.row.id, &l, err))
		return false;
	if (l->row.phase != PHASE_RUNNING)
		return err_set(err, ERR_ATTEMPT_ENDED, "the attempt has ended");
	if (l->n_events >= ATTEMPT_EVENTS_MAX)
		return err_set(err, ERR_TOO_LARGE, "in this attempt has happened as much as may happen in one");
	struct progress p = l->row.progress;
	progress_advance(&p, r->t->v.fe->form, l->row.extra_m, now);
	*ret = l;
	return progress_may_answer(&p, r->t->v.fe->form, (size_t)r->t->index, 0, now, &late_ms, err);
}

static bool record(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct record *r = arg;
	struct live *l;
	struct event e = {.kind = r->kind, .item = r->t->index};
	return still_working(pr, wr, r, &l, err) && (!r->opens || has_room(pr, wr, r, err)) && live_append(pr, wr, l, &e, err) &&
	       (!r->row || store_box_put(wr, r->row, err));
}

bool task_record(struct proctor *pr, const struct caller *who, const struct task_ref *t, enum event_kind kind, const struct box_row *row,
                 struct err *err)
{
	struct record r = {who, t, kind, row, false};
	return task_change(pr, record, &r, err);
}

static bool put_row(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	(void)pr;
	return store_box_put(wr, arg, err);
}

/* ---- Preparing ---- */

struct material {
	struct prepare_file *files;
	struct buf *bytes;
	size_t n;
};

static void material_finish(struct material *m)
{
	for (size_t i = 0; i < m->n; i++)
		buf_finish(&m->bytes[i]);
	free(m->bytes);
	free(m->files);
}

/* The task's files: the bank's version names them by hash, the store has them. */
static bool load_files(struct store *rd, const struct task *task, struct material *m, struct err *err)
{
	char mime[64];
	m->files = xcalloc(task->n_files + 1, sizeof *m->files);
	m->bytes = xcalloc(task->n_files + 1, sizeof *m->bytes);
	for (; m->n < task->n_files; m->n++) {
		const struct task_file *f = &task->files[m->n];
		struct buf *bytes = &m->bytes[m->n];
		*bytes = BUF(PREPARE_FILES_MAX);
		if (!f->bytes && !store_media_get(rd, f->hash, mime, sizeof mime, bytes, err))
			return err_prefix(err, "the task's file %s", f->path);
		m->files[m->n] = (struct prepare_file){f->path, f->bytes ? (struct str){f->bytes, f->size} : buf_str(bytes), f->executable};
	}
	return true;
}

static bool prepare(struct proctor *pr, struct store *rd, struct sandbox *s, const struct task_ref *t, const char *name, struct err *err)
{
	const struct task *task = t->task;
	__attribute__((cleanup(material_finish))) struct material m = {0};
	struct err why;
	if (!load_files(rd, task, &m, err))
		return false;
	struct prepare job = {
	    .box = name,
	    .image = task->box_image,
	    .limits = (const char *const *)task->limits,
	    .keep = true,
	    .files = m.files,
	    .n_files = m.n,
	    .setup = task->setup_sh ? str_of(task->setup_sh) : STR(""),
	    .values = task->values,
	};
	(void)pr;
	if (prepare_box(s, &job, NULL, &why))
		return true;
	log_warn("box %s of task %s: %s", name, t->item->id, why.msg);
	return err_set(err, why.code == ERR_BUSY ? ERR_BUSY : ERR_INTERNAL, "the box of this task could not be prepared: %s", why.msg);
}

/* Closes a box that may be there or not, and deletes its last snapshot. */
static bool discard(struct proctor *pr, struct sandbox *s, const char *name, struct err *err)
{
	struct err why;
	_cleanup_free_ char *layer = boxes_layer(pr, name);
	if (!sandbox_close(s, name, false, &why) && why.code != ERR_NOT_FOUND)
		return err_set(err, ERR_BUSY, "the box cannot be closed: %s", why.msg);
	unlink(layer);
	return true;
}

static bool open_fresh(struct proctor *pr, struct store *rd, struct sandbox *s, const struct caller *who, const struct task_ref *t,
                       enum event_kind kind, bool opens, struct box_row *row, struct err *err)
{
	row->attempt = t->v.row.key;
	row->item = t->index;
	row->state = BOX_OPENING;
	row->restored_ms = 0;
	row->opened_ms = proctor_wall_ms(pr);
	name_of(t, row->resets, row->name);
	struct record r = {who, t, kind, row, opens};
	if (!task_change(pr, record, &r, err) || !discard(pr, s, row->name, err) || !prepare(pr, rd, s, t, row->name, err))
		return false;
	row->state = BOX_OPEN;
	return task_change(pr, put_row, row, err);
}

/* ---- Losing and finding ---- */

static bool restore(struct proctor *pr, struct store *rd, struct sandbox *s, const struct caller *who, const struct task_ref *t,
                    struct box_row *row, struct err *err)
{
	const struct task *task = t->task;
	_cleanup_free_ char *layer = boxes_layer(pr, row->name);
	bool there = boxes_layer_ms(pr, row->name) > 0;
	struct sandbox_box box = {.name = row->name,
	                          .image = task->box_image,
	                          .limits = (const char *const *)task->limits,
	                          .keep = true,
	                          .restore = there ? layer : NULL};
	boxes_gone(pr, row->name, "lost");
	/* A box that was lost before its first snapshot is as it was when it was opened. */
	if (!(there ? sandbox_open(s, &box, err) : prepare(pr, rd, s, t, row->name, err)))
		return false;
	row->restored++;
	row->restored_ms = proctor_wall_ms(pr);
	log_warn("box %s was lost; it goes on from %s", row->name, there ? "its last snapshot" : "its beginning");
	return task_record(pr, who, t, EVENT_BOX_RESTORED, row, err);
}

static bool is_open(struct sandbox *s, const char *name, bool *ret, struct err *err)
{
	struct sandbox_stat stat;
	struct err why;
	*ret = sandbox_stat(s, name, &stat, &why);
	return *ret || why.code == ERR_NOT_FOUND ? true : err_set(err, ERR_BUSY, "the launcher of boxes does not answer: try again");
}

/* The image may have been removed since the form was drawn. */
static bool has_image(struct proctor *pr, const struct task *task, struct err *err)
{
	char sha256[HASH_HEX_SIZE];
	struct err why;
	return strcmp(task->box_image, "host") == 0 || image_built(pr->boxes->dir, task->box_image, sha256, &why) ||
	       err_set(err, ERR_NOT_OFFERED,
	               "the image '%s' of this task is not built on this server: ask its operator to run assay image build", task->image);
}

bool box_ensure(struct proctor *pr, struct store *rd, struct sandbox *s, const struct caller *who, const struct task_ref *t,
                struct box_row *ret, struct err *err)
{
	struct box_row row = {0};
	bool found, open = false;
	if (!store_box_get(rd, t->v.row.key, t->index, &row, &found, NULL, err))
		return false;
	bool ready = found && row.state == BOX_OPEN;
	if (ready && !is_open(s, row.name, &open, err))
		return false;
	bool ok = open;
	if (!open && has_image(pr, t->task, err))
		ok = ready ? restore(pr, rd, s, who, t, &row, err) : open_fresh(pr, rd, s, who, t, EVENT_BOX_OPEN, !found, &row, err);
	if (ok)
		*ret = row;
	boxes_wake(pr);
	return ok;
}

/* ---- Use cases ---- */

#define LOCK_WAIT_MS (70 * MS_SECOND) /* setup may take a minute */

bool task_open(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, struct buf *out,
               struct err *err)
{
	_cleanup_task_ struct task_ref t = {0};
	_cleanup_hold_ struct box_hold hold = {0};
	_cleanup_borrowed_ struct borrowed b = {.pr = pr};
	struct box_row row;
	if (!task_find(pr, rd, who, attempt, item, TASK_WORK, &t, err) || !box_lock(pr, t.v.row.key, t.index, LOCK_WAIT_MS, err))
		return false;
	hold = (struct box_hold){pr, t.v.row.key, t.index};
	return boxes_borrow(pr, &b.s, err) && box_ensure(pr, rd, b.s, who, &t, &row, err) && task_state(pr, rd, &t, out, err);
}

bool task_reset(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, struct buf *out,
                struct err *err)
{
	_cleanup_task_ struct task_ref t = {0};
	_cleanup_hold_ struct box_hold hold = {0};
	_cleanup_borrowed_ struct borrowed b = {.pr = pr};
	struct box_row row = {0};
	bool found;
	if (!task_find(pr, rd, who, attempt, item, TASK_WORK, &t, err) || !box_lock(pr, t.v.row.key, t.index, LOCK_WAIT_MS, err))
		return false;
	hold = (struct box_hold){pr, t.v.row.key, t.index};
	if (!boxes_borrow(pr, &b.s, err) || !store_box_get(rd, t.v.row.key, t.index, &row, &found, NULL, err))
		return false;
	if (!found)
		return err_set(err, ERR_CONFLICT, "the box of this task has not been opened: there is nothing to reset");
	char before[BOX_NAME_SIZE];
	memcpy(before, row.name, sizeof before);
	row.resets++;
	boxes_gone(pr, before, "reset");
	/* The new row first: after it nobody looks for the old box, which the keeper closes if this does not come to it. */
	bool ok = open_fresh(pr, rd, b.s, who, &t, EVENT_BOX_RESET, false, &row, err) && discard(pr, b.s, before, err) &&
	          task_state(pr, rd, &t, out, err);
	boxes_wake(pr);
	return ok;
}
