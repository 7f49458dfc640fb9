/* Reports of candidates. See problem.h.
 *
 * What a candidate is told of a report is its state and the authors' answer. An answer may explain a question, so it is told no
 * earlier than the exam's report, and in study sessions not while an exam of the same person has the question. */
#include "proctor/problem.h"
#include "proctor/internal.h"
#include "proctor/issue.h"

static bool may_report(const struct view *v, struct err *err)
{
	if (v->row.study || v->row.phase != PHASE_RUNNING)
		return true;
	return err_set(err, ERR_CONFLICT,
	               v->row.progress.state == ATTEMPT_ENDED ? "answers that were sent in time may still arrive: try again in a moment"
	                                                      : "the exam is still running: report it afterwards, from its result");
}

static bool read_body(const cJSON *body, struct problem_row *row, struct err *err)
{
	static const char *const keys[] = {"kind", "text", NULL};
	const char *kind, *text = "";
	if (!cJSON_IsObject(body))
		return err_set(err, ERR_INVALID, "the body must be an object with kind and text");
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "kind", 40, &kind, err) ||
	    !json_opt_str(body, "", "text", PROBLEM_TEXT_MAX, &text, err) || !problem_kind_parse(kind, &row->kind, err) ||
	    !issue_check_text(text, "text", err))
		return false;
	row->text = text;
	if (row->kind == PROBLEM_OTHER && str_trim(str_of(text)).len == 0)
		return err_set(err, ERR_INVALID, "say in text what is wrong");
	return true;
}

static bool within_limits(struct proctor *pr, struct store *wr, const struct view *v, struct err *err)
{
	int64_t today, here;
	if (!store_problem_counts(wr, v->row.account, v->row.key, proctor_wall_ms(pr) - MS_DAY, &today, &here, err))
		return false;
	if (here >= PROBLEMS_PER_ATTEMPT)
		return err_set(err, ERR_RATE_LIMIT, "there are %d reports from this attempt already", PROBLEMS_PER_ATTEMPT);
	return today < PROBLEMS_PER_DAY ? true
	                                : err_set(err, ERR_RATE_LIMIT, "%d reports a day are enough; try again tomorrow", PROBLEMS_PER_DAY);
}

/* A decided report stays as it is. From a later attempt there may be another one: then the question is looked at again. */
static bool add(struct proctor *pr, struct store *wr, const struct view *v, const char *item_id, struct problem_row *row, struct err *err)
{
	struct problem_row before;
	enum issue_state state;
	bool there;
	if (!store_issue_make(wr, v->row.bank_id, item_id, row->changed_ms, &row->issue, &state, err) ||
	    !store_problem_latest(wr, row->issue, v->row.account, &before, &there, err))
		return false;
	if (there && !before.closed)
		row->id = before.id;
	else if (there && before.attempt >= v->row.key)
		return err_set(err, ERR_CONFLICT, "this report was decided: it cannot be changed any more");
	if (!row->id && !within_limits(pr, wr, v, err))
		return false;
	return store_problem_put(wr, row, err) && issue_reported(pr, wr, row->issue, v->row.bank_id, item_id, err);
}

bool problem_put(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item, const cJSON *body,
                 struct buf *out, struct err *err)
{
	_cleanup_view_ struct view v = {0};
	struct problem_row row = {.changed_ms = proctor_wall_ms(pr)};
	if (!view_load(pr, wr, who, attempt, &v, err) || !marking_item(v.fe->form, item, &row.item, err) || !may_report(&v, err) ||
	    !read_body(body, &row, err))
		return false;
	row.account = v.row.account;
	row.attempt = v.row.key;
	return add(pr, wr, &v, v.fe->form->items[row.item].item_id, &row, err) && problem_list_json(pr, wr, who, attempt, out, err);
}

bool problem_delete(struct proctor *pr, struct store *wr, const struct caller *who, const char *attempt, const char *item, struct err *err)
{
	_cleanup_view_ struct view v = {0};
	struct problem_row row;
	int64_t issue;
	enum issue_state state;
	bool there;
	int index;
	if (!view_load(pr, wr, who, attempt, &v, err) || !marking_item(v.fe->form, item, &index, err) ||
	    !store_issue_make(wr, v.row.bank_id, v.fe->form->items[index].item_id, proctor_wall_ms(pr), &issue, &state, err) ||
	    !store_problem_latest(wr, issue, v.row.account, &row, &there, err))
		return false;
	if (!there || row.attempt != v.row.key)
		return err_set(err, ERR_NOT_FOUND, "there is no report of this question from this attempt");
	if (row.closed)
		return err_set(err, ERR_CONFLICT, "this report was decided: it cannot be withdrawn any more");
	return store_problem_delete(wr, row.id, err);
}

/* ---- What became of them ---- */

struct listing {
	const struct view *v;
	const struct hidden *hidden;
	bool released;
	cJSON *list;
};

static bool take(void *arg, const struct problem_row *row, struct err *err)
{
	struct listing *l = arg;
	const struct form *form = l->v->fe->form;
	char time[CLOCK_RFC3339_SIZE];
	if (row->item < 0 || (size_t)row->item >= form->n_items)
		return err_set(err, ERR_STORE, "a report of item %d, which is not on the form", row->item);
	bool told = l->released && !hidden_has(l->hidden, form->items[row->item].item);
	cJSON *o = json_object();
	json_set_str(o, "item", form->items[row->item].id);
	json_set_i64(o, "number", row->item + 1);
	json_set_str(o, "kind", problem_kind_name(row->kind));
	json_set_str(o, "text", row->text);
	json_set_str(o, "at", clock_rfc3339(row->changed_ms, time));
	json_set_str(o, "state", issue_state_name(row->state));
	json_set_bool(o, "open", !row->closed);
	json_set_str(o, "answer", told ? row->answer : NULL);
	json_add(l->list, o);
	return true;
}

bool problem_list_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, struct buf *out,
                       struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	_cleanup_view_ struct view v = {0};
	_cleanup_hidden_ struct hidden hidden = {0};
	_cleanup_json_ cJSON *o = json_object();
	struct listing l = {.v = &v, .hidden = &hidden, .list = json_array()};
	json_set(o, "problems", l.list);
	if (!view_load(pr, rd, who, attempt, &v, err) || (v.row.study && !hidden_load(pr, rd, v.row.account, v.row.bank_id, &hidden, err)))
		return false;
	l.released = v.row.study || (v.row.phase == PHASE_FINAL && v.now_wall_ms >= v.row.ended_ms + v.fe->bp->release_after_ms);
	if (!store_problem_of_account(rd, v.row.account, v.row.key, take, &l, err))
		return false;
	json_set_i64(o, "items", (int64_t)v.fe->form->n_items);
	json_print(o, out);
	return buf_check(out, "the list", err);
}
