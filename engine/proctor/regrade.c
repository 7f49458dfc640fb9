/* Grading kept snapshots again, with the graders of today. See proctor.h.
 *
 * A grading is never changed: the new one stands beside it with its reason, and the attempt's next result, signed and naming the one
 * before, has both hashes. A run that gives no grade changes nothing. */
#include "proctor/task_internal.h"
#include "store/bank_version.h"
#include <stdio.h>

struct redo {
	int item;
	const struct task *task; /* of today */
	struct grading_row row;  /* the grading before; its strings are not to be used */
	bool lost;               /* a person was to say what the loss of its box cost */
	struct buf observations;
	struct grade_result result;
	struct buf json;
};

struct again {
	struct proctor *pr;
	const struct regrade *what;
	struct version *version; /* of today */
	struct attempt_row row;
	struct form_entry *fe;
	struct redo *list;
	size_t n, cap;
	int left;
};

static void again_finish(struct again *a)
{
	for (size_t i = 0; i < a->n; i++) {
		buf_finish(&a->list[i].observations);
		buf_finish(&a->list[i].json);
		grade_result_finish(&a->list[i].result);
	}
	free(a->list);
	form_entry_unref(a->fe);
	version_unref(a->version);
}

static bool take(void *arg, const struct grading_row *row, struct err *err)
{
	struct again *a = arg;
	if (row->item < 0 || (size_t)row->item >= a->fe->form->n_items)
		return err_set(err, ERR_STORE, "a grading of item %d, which is not on the form", row->item);
	const struct form_item *fi = &a->fe->form->items[row->item];
	const struct item *now = bank_item(a->version->bank, fi->item_id);
	if (row->state < GRADING_DONE || !*row->snapshot || (a->what->task && strcmp(a->what->task, fi->item_id) != 0) || !now || !now->task)
		return true;
	a->list = xgrow(a->list, a->n, &a->cap, sizeof *a->list);
	struct redo *r = &a->list[a->n++];
	*r = (struct redo){
	    .item = row->item, .task = now->task, .row = *row, .observations = BUF(GRADING_OBSERVATIONS_MAX), .json = BUF(GRADING_RESULT_MAX)};
	buf_addv(&r->observations, row->observations);
	r->lost = row->state == GRADING_REVIEW && row->result && strstr(row->result, GRADING_LOST_NOTE);
	return true;
}

static void tell(const struct again *a, const struct redo *r, const char *outcome)
{
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	buf_addf(&out, "{\"attempt\":\"%s\",\"item\":\"%s\",\"task\":", a->row.id, a->fe->form->items[r->item].id);
	buf_add_json(&out, str_of(a->fe->form->items[r->item].item_id));
	buf_adds(&out, ",\"before\":");
	if (r->row.state == GRADING_DONE)
		add_points(&out, r->row.points_m);
	else
		buf_adds(&out, "null");
	buf_adds(&out, ",\"now\":");
	if (r->result.ungraded)
		buf_adds(&out, "null");
	else
		add_points(&out, r->result.points_m);
	buf_adds(&out, ",\"max\":");
	add_points(&out, r->result.max_m);
	buf_addf(&out, ",\"grader\":\"%s\",\"outcome\":\"%s\"}", r->result.grader_hash, outcome);
	a->what->tell(a->what->arg, out.p);
}

static bool grade(struct again *a, struct sandbox *s, struct redo *r, struct err *err)
{
	const struct task *drawn = a->fe->form->items[r->item].item->task;
	_cleanup_free_ char *path = snapshot_path_of(a->pr, r->row.snapshot);
	struct grade_job job;
	grading_job(a->pr, r->task, &job);
	/* The numbers that were drawn, and the image that was worked in. */
	job.values = drawn ? drawn->values : NULL;
	job.image = drawn ? drawn->box_image : job.image;
	job.snapshot = path;
	job.observations = buf_str(&r->observations);
	if (!grading_run(a->pr, s, &job, &r->result, err))
		return false;
	grade_result_json(&r->result, &r->json);
	if (r->lost && !r->json.overflow) {
		buf_cut(&r->json, r->json.len - 1);
		buf_adds(&r->json, ",\"note\":\"" GRADING_LOST_NOTE "\"}");
	}
	return buf_check(&r->json, "what the grader said", err);
}

static bool is_news(const struct redo *r)
{
	return !r->result.ungraded && (r->row.state != GRADING_DONE || r->result.points_m != r->row.points_m ||
	                               r->result.max_m != r->row.max_m || strcmp(r->result.grader_hash, r->row.grader) != 0);
}

static bool store_one(struct again *a, struct store *wr, struct redo *r, struct err *err)
{
	struct grading_outcome o = {
	    .state = r->lost && r->result.points_m < r->result.max_m ? GRADING_REVIEW : GRADING_DONE,
	    .tries = 0,
	    .finished_ms = proctor_wall_ms(a->pr),
	    .points_m = r->result.points_m,
	    .max_m = r->result.max_m,
	    .task = r->task->hash,
	    .grader = r->result.grader_hash,
	    .image = r->row.image,
	    .engine = "assay " ASSAY_VERSION,
	    .result = r->json.p,
	    .observations = buf_str(&r->observations),
	};
	return store_grading_redo(wr, a->row.key, r->item, a->row.account, r->row.snapshot, a->what->reason, &o, err);
}

static bool store_all(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	struct again *a = arg;
	struct event e = {.attempt = a->row.key, .kind = EVENT_REMARK, .at_ms = proctor_wall_ms(pr), .service_ms = a->row.ended_service_ms};
	int64_t bytes;
	for (size_t i = 0; i < a->n; i++)
		if (is_news(&a->list[i]) && !store_one(a, wr, &a->list[i], err))
			return false;
	if (!store_event_totals(wr, a->row.key, &e.n, &bytes, err))
		return false;
	e.n++;
	return store_event_add(wr, &e, err) && finish_result(pr, wr, &a->row, a->fe, &a->left, err);
}

static bool one_attempt(struct proctor *pr, const struct regrade *what, const char *id, struct err *err)
{
	__attribute__((cleanup(again_finish))) struct again a = {.pr = pr, .what = what};
	_cleanup_borrowed_ struct borrowed b = {.pr = pr};
	int64_t newest;
	bool news = false;
	if (!store_attempt_get(pr->wr, id, &a.row, err))
		return false;
	if (a.row.phase == PHASE_RUNNING)
		return err_set(err, ERR_CONFLICT, "the attempt is still running");
	if (a.row.study)
		return true;
	if (!form_cache_get(pr, pr->wr, &a.row, &a.fe, err) || !store_version_newest(pr->wr, a.row.bank_id, &newest, err) ||
	    !catalog_version(pr, pr->wr, newest, &a.version, err) || !store_grading_each(pr->wr, a.row.key, take, &a, err) ||
	    (a.n && !boxes_borrow(pr, &b.s, err)))
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (!grade(&a, b.s, &a.list[i], err))
			return false;
		bool changes = is_news(&a.list[i]);
		tell(&a, &a.list[i], a.list[i].result.ungraded ? "ungraded" : !changes ? "same" : what->dry_run ? "would change" : "changed");
		news |= changes;
	}
	return !news || what->dry_run || task_change(pr, store_all, &a, err);
}

struct ids {
	char (*list)[RNG_ID_SIZE];
	size_t n, cap;
};

static bool take_id(void *arg, const char *id, struct err *err)
{
	(void)err;
	struct ids *ids = arg;
	ids->list = xgrow(ids->list, ids->n, &ids->cap, sizeof *ids->list);
	snprintf(ids->list[ids->n++], RNG_ID_SIZE, "%s", id);
	return true;
}

bool regrade_run(struct proctor *pr, const struct regrade *what, struct err *err)
{
	struct ids ids = {0};
	if (what->attempt)
		return one_attempt(pr, what, what->attempt, err);
	bool ok = store_grading_attempts(pr->wr, what->bank, take_id, &ids, err);
	for (size_t i = 0; ok && i < ids.n; i++)
		ok = one_attempt(pr, what, ids.list[i], err) || err_prefix(err, "attempt %s", ids.list[i]);
	free(ids.list);
	return ok;
}
