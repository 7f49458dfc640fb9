/* What a correction would do, does, and has done, as JSON. See rescore.h; the shape is "Rescoring" in docs/openapi.yaml. */
#include "proctor/rescore.h"
#include <stdio.h>

struct tally {
	int attempts, waiting, same, changed, up, down, newly_passed, no_longer_passed, left;
	int granted, reissued, revoked;
	cJSON *list; /* or NULL */
};

static void head(cJSON *o, const struct correction_row *row, const char *state)
{
	char time[CLOCK_RFC3339_SIZE];
	if (row->id)
		json_set_i64(o, "id", row->id);
	json_set_str(o, "bank", row->bank_id);
	json_set_str(o, "item", row->item_id);
	json_set_str(o, "how", correction_how_name(row->how));
	json_set_str(o, "otherwise", row->otherwise == CORRECTION_ORIGINAL ? NULL : correction_how_name(row->otherwise));
	json_set_str(o, "forms", row->old_only ? "old" : "all");
	json_set_str(o, "reason", row->reason);
	json_set_str(o, "by", row->who);
	json_set_str(o, "at", clock_rfc3339(row->at_ms, time));
	json_set_str(o, "state", state);
}

static void add_tally(cJSON *o, struct tally *t)
{
	cJSON *c = json_object();
	json_set_i64(o, "attempts", t->attempts);
	json_set_i64(o, "waiting", t->waiting);
	json_set_i64(o, "same", t->same);
	json_set_i64(o, "changed", t->changed);
	json_set_i64(o, "up", t->up);
	json_set_i64(o, "down", t->down);
	json_set_i64(o, "newly_passed", t->newly_passed);
	json_set_i64(o, "no_longer_passed", t->no_longer_passed);
	json_set_i64(o, "left", t->left);
	json_set_i64(c, "granted", t->granted);
	json_set_i64(c, "reissued", t->reissued);
	json_set_i64(c, "revoked", t->revoked);
	json_set(o, "certificates", c);
	if (t->list)
		json_set(o, "list", t->list);
}

static void tally_one(struct tally *t, const struct corrected_row *row, bool first)
{
	bool changed = row->outcome == CORRECTED_CHANGED;
	t->attempts++;
	t->same += row->outcome == CORRECTED_SAME;
	t->left += row->outcome == CORRECTED_LEFT;
	t->changed += changed;
	t->up += changed && !first && row->after_m > row->before_m;
	t->down += changed && !first && row->after_m < row->before_m;
	t->newly_passed += changed && !row->passed_before && row->passed_after;
	t->no_longer_passed += changed && row->passed_before && !row->passed_after;
	if (!t->list || row->outcome == CORRECTED_SAME)
		return;
	cJSON *o = json_object();
	json_set_str(o, "attempt", row->attempt_id);
	json_set_str(o, "outcome", changed ? "changed" : "left");
	json_set_str(o, "why", changed ? NULL : row->why);
	json_set(o, "before", changed && !first ? cJSON_CreateNumber((double)row->before_m / 1000) : cJSON_CreateNull());
	json_set(o, "after", changed ? cJSON_CreateNumber((double)row->after_m / 1000) : cJSON_CreateNull());
	json_set_bool(o, "passed_before", row->passed_before);
	json_set_bool(o, "passed_after", row->passed_after);
	json_add(t->list, o);
}

/* ---- What it would do ---- */

struct ids {
	struct {
		int64_t key;
		char id[RNG_ID_SIZE];
	} * list;
	size_t n, cap;
};

static bool take_id(void *arg, int64_t key, const char *id, struct err *err)
{
	(void)err;
	struct ids *ids = arg;
	ids->list = xgrow(ids->list, ids->n, &ids->cap, sizeof *ids->list);
	ids->list[ids->n].key = key;
	snprintf(ids->list[ids->n++].id, RNG_ID_SIZE, "%s", id);
	return true;
}

static bool preview_one(struct proctor *pr, struct store *rd, const struct rescore_plan *plan, const char *id, struct tally *t,
                        struct err *err)
{
	_cleanup_look_ struct rescore_look l = {0};
	bool ok = rescore_look(pr, rd, id, plan->row.item_id, plan->there ? NULL : &plan->row, &l, err);
	if (!ok && !rescore_leaves(err))
		return err_prefix(err, "attempt %s", id);
	if (!ok)
		l.why = xstrdup(err->msg);
	else if (!l.concerned)
		return true;
	if (l.waits) {
		t->waiting++;
		return true;
	}
	struct corrected_row row = {.outcome = l.why       ? CORRECTED_LEFT
	                                       : l.changes ? CORRECTED_CHANGED
	                                                   : CORRECTED_SAME,
	                            .why = l.why,
	                            .before_m = l.before_m,
	                            .after_m = l.after_m,
	                            .passed_before = l.passed_before,
	                            .passed_after = l.passed_after};
	snprintf(row.attempt_id, sizeof row.attempt_id, "%s", id);
	tally_one(t, &row, l.first);
	t->granted += l.granted;
	t->reissued += l.reissued;
	t->revoked += l.revoked;
	return true;
}

bool rescore_preview(struct proctor *pr, struct store *rd, const struct rescore_plan *plan, struct buf *out, struct err *err)
{
	_cleanup_json_ cJSON *o = json_object();
	struct tally t = {.list = json_array()};
	struct ids ids = {0};
	int64_t last;
	bool ok = store_correction_last_attempt(rd, &last, err) &&
	          store_correction_candidates(rd, plan->row.bank_id, plan->row.item_id, 0, last, take_id, &ids, err);
	for (size_t i = 0; ok && i < ids.n; i++)
		ok = preview_one(pr, rd, plan, ids.list[i].id, &t, err);
	free(ids.list);
	head(o, &plan->row, "preview");
	json_set_i64(o, "with_old_text", plan->old);
	json_set_i64(o, "with_text_of_today", plan->today);
	add_tally(o, &t);
	json_print(o, out);
	return ok && buf_check(out, "the list", err);
}

/* ---- What it has done ---- */

struct done {
	struct store *rd;
	struct tally t;
	cJSON *out;
	struct corrected_row *rows;
	size_t n, cap;
};

static bool take_head(void *arg, const struct correction_row *row, struct err *err)
{
	(void)err;
	head(arg, row, row->done_ms ? "done" : "running");
	return true;
}

static bool take_row(void *arg, const struct corrected_row *row, struct err *err)
{
	(void)err;
	struct done *d = arg;
	tally_one(&d->t, row, row->result_n == 1);
	if (row->outcome != CORRECTED_CHANGED)
		return true;
	d->rows = xgrow(d->rows, d->n, &d->cap, sizeof *d->rows);
	d->rows[d->n] = *row;
	d->rows[d->n++].why = NULL;
	return true;
}

/* Oldest first. What stands in the place of one that was revoked for a correction is granted again. */
struct counting {
	struct tally *t;
	int result_n;
	bool passes;
	int64_t taken_back; /* key of the last one that a correction took */
};

static bool take_certificate(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	(void)body;
	(void)err;
	struct counting *c = arg;
	bool of_it = row->result_n == c->result_n, anew = !row->supersedes || row->supersedes == c->taken_back;
	c->t->granted += of_it && anew;
	c->t->reissued += of_it && !anew;
	c->t->revoked += !c->passes && row->state == CERTIFICATE_CORRECTED && row->result_n < c->result_n;
	if (row->state == CERTIFICATE_CORRECTED)
		c->taken_back = row->key;
	return true;
}

bool rescore_report(struct proctor *pr, struct store *rd, int64_t id, bool list, struct buf *out, struct err *err)
{
	(void)pr;
	_cleanup_json_ cJSON *o = json_object();
	struct done d = {.rd = rd, .t.list = list ? json_array() : NULL, .out = o};
	bool ok = store_correction_get(rd, id, take_head, o, err) && store_corrected_each(rd, id, take_row, &d, err);
	for (size_t i = 0; ok && i < d.n; i++) {
		struct counting c = {.t = &d.t, .result_n = d.rows[i].result_n, .passes = d.rows[i].passed_after};
		ok = store_certificate_of_attempt(rd, d.rows[i].attempt, take_certificate, &c, err);
	}
	free(d.rows);
	add_tally(o, &d.t);
	json_print(o, out);
	return ok && buf_check(out, "what was corrected", err);
}
