/* Finding a task of an attempt, and what its page is told about it. See task.h. */
#include "proctor/task_internal.h"
#include <stdio.h>

static bool may_work(struct proctor *pr, const struct caller *who, const struct task_ref *t, struct err *err)
{
	const struct view *v = &t->v;
	int64_t late_ms;
	if (who->lease && who->lease != v->row.lease)
		return err_set(err, ERR_SUPERSEDED, "this attempt has been opened in another window or on another device since");
	if (v->row.phase != PHASE_RUNNING || v->row.progress.state == ATTEMPT_ENDED)
		return err_set(err, ERR_ATTEMPT_ENDED, "the attempt has ended");
	return progress_may_answer(&v->row.progress, v->fe->form, (size_t)t->index, 0, proctor_service_ms(pr), &late_ms, err);
}

/* Help with an item that is on a running exam of the same person would be help with that exam. */
static bool may_be_helped(struct proctor *pr, struct store *rd, const struct task_ref *t, struct err *err)
{
	_cleanup_hidden_ struct hidden hidden = {0};
	if (!t->v.row.study)
		return err_set(err, ERR_CONFLICT, "this is for study sessions: an exam tells nothing before its end");
	if (!hidden_load(pr, rd, t->v.row.account, t->v.row.bank_id, &hidden, err))
		return false;
	return hidden_has(&hidden, t->item) ? err_set(err, ERR_NOT_RELEASED, "this task is on an exam of yours that is running") : true;
}

bool task_find(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, enum task_need need,
               struct task_ref *ret, struct err *err)
{
	if (!view_load(pr, rd, who, attempt, &ret->v, err))
		return false;
	const struct form *form = ret->v.fe->form;
	ret->index = form_find(form, item);
	if (ret->index < 0)
		return err_set(err, ERR_NOT_ON_FORM, "item '%.40s' is not on the form of this attempt", item);
	ret->item = form->items[ret->index].item;
	ret->item_id = form->items[ret->index].id;
	ret->task = ret->item->task;
	if (ret->item->kind != ITEM_TASK || !ret->task)
		return err_set(err, ERR_NOT_FOUND, "item '%.40s' is not a hands-on task", item);
	return (need < TASK_WORK || may_work(pr, who, ret, err)) && (need < TASK_STUDY || may_be_helped(pr, rd, ret, err));
}

/* ---- Its state ---- */

/* What the launcher knows about the box of a row that is open. */
struct seen {
	bool there;
	struct sandbox_listed *list;
	size_t n, at;
};

static void seen_finish(struct seen *s)
{
	sandbox_list_finish(s->list, s->n);
}

/* When the launcher cannot be asked, the box counts as lost: opening it again finds it, or goes on from its snapshot. */
static void look(struct proctor *pr, const struct box_row *row, struct seen *ret)
{
	_cleanup_borrowed_ struct borrowed b = {.pr = pr};
	struct err ignored;
	if (!boxes_borrow(pr, &b.s, &ignored) || !sandbox_list(b.s, &ret->list, &ret->n, &ignored))
		return;
	for (size_t i = 0; i < ret->n && !ret->there; i++)
		if (strcmp(ret->list[i].name, row->name) == 0) {
			ret->there = true;
			ret->at = i;
		}
}

static bool runs(const struct seen *s, uint32_t exec)
{
	const struct sandbox_listed *l = &s->list[s->at];
	for (uint32_t i = 0; i < l->n_execs; i++)
		if (l->execs[i].id == exec)
			return l->execs[i].running;
	return false;
}

static bool add_shells(struct store *rd, const struct task_ref *t, const struct box_row *row, const struct seen *seen, struct buf *out,
                       struct err *err)
{
	struct shell_row shells[TASK_SHELLS_MAX];
	size_t n;
	bool any = false;
	if (!store_shells(rd, t->v.row.key, t->index, shells, ARRAY_SIZE(shells), &n, err))
		return false;
	buf_adds(out, ",\"shells\":[");
	for (size_t i = 0; seen->there && i < n; i++) {
		if (strcmp(shells[i].box, row->name) != 0)
			continue;
		buf_addf(out, "%s{\"id\":%d,\"running\":%s}", any ? "," : "", shells[i].shell, runs(seen, shells[i].exec) ? "true" : "false");
		any = true;
	}
	buf_addc(out, ']');
	return true;
}

static void add_hints(const struct task_ref *t, const struct box_row *row, struct buf *out)
{
	size_t n = t->v.row.study ? t->item->n_hints : 0, shown = (size_t)row->hints < n ? (size_t)row->hints : n;
	buf_adds(out, ",\"hints\":[");
	for (size_t i = 0; i < shown; i++) {
		buf_adds(out, i ? "," : "");
		buf_add_json(out, str_of(t->item->hints_html[i]));
	}
	buf_addf(out, "],\"hints_left\":%zu,\"solution\":", n - shown);
	if (t->v.row.study && row->gave_up && t->task->solution_sh)
		buf_add_json(out, str_of(t->task->solution_sh));
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"gave_up\":%s", t->v.row.study && row->gave_up ? "true" : "false");
}

static void add_notice(const struct box_row *row, struct buf *out)
{
	char time[CLOCK_RFC3339_SIZE];
	buf_adds(out, ",\"notice\":");
	if (row->restored_ms)
		buf_addf(out,
		         "\"The box was lost, and at %s it was opened again from its last snapshot. Files are as they were up to a minute before; "
		         "programs that ran have to be started again.\"",
		         clock_rfc3339(row->restored_ms, time));
	else
		buf_adds(out, "null");
}

static const char *state_name(const struct task_ref *t, bool found, const struct box_row *row, const struct seen *seen)
{
	if (t->v.row.phase != PHASE_RUNNING || t->v.row.progress.state == ATTEMPT_ENDED)
		return "ended";
	if (!found || row->state == BOX_CLOSED)
		return "closed";
	if (row->state == BOX_OPENING)
		return "opening";
	return seen->there ? "open" : "lost";
}

bool task_state(struct proctor *pr, struct store *rd, const struct task_ref *t, struct buf *out, struct err *err)
{
	struct box_row row = {0};
	_cleanup_buf_ struct buf check = BUF(BOX_CHECK_MAX);
	__attribute__((cleanup(seen_finish))) struct seen seen = {0};
	bool found;
	if (!store_box_get(rd, t->v.row.key, t->index, &row, &found, &check, err))
		return false;
	if (found && row.state == BOX_OPEN && t->v.row.phase == PHASE_RUNNING)
		look(pr, &row, &seen);
	buf_addf(out, "{\"state\":\"%s\",\"user\":", state_name(t, found, &row, &seen));
	buf_add_json(out, str_of(t->task->user));
	if (!add_shells(rd, t, &row, &seen, out, err))
		return false;
	buf_addf(out, ",\"resets\":%d", row.resets);
	add_hints(t, &row, out);
	add_notice(&row, out);
	buf_addf(out, ",\"last_check\":%s,\"snapshot_at\":", check.len && t->v.row.study ? check.p : "null");
	add_time(out, found ? boxes_layer_ms(pr, row.name) : 0);
	buf_addc(out, '}');
	return buf_check(out, "the task", err);
}

bool task_state_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, struct buf *out,
                     struct err *err)
{
	_cleanup_task_ struct task_ref t = {0};
	return task_find(pr, rd, who, attempt, item, TASK_SEE, &t, err) && task_state(pr, rd, &t, out, err);
}
