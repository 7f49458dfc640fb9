/* Tasks that no run could grade: what a person sees of them, and another run. See proctor.h. The candidate's name is left out. */
#include "proctor/task.h"
#include <stdio.h>

#define WAITING_MAX 200

static void add_task(const struct form_entry *fe, size_t i, const struct task_mark *tm, bool first, struct buf *out)
{
	const struct form_item *fi = &fe->form->items[i];
	buf_addf(out, "%s{\"item\":\"%s\",\"n\":%zu,\"task\":", first ? "" : ",", fi->id, i + 1);
	buf_add_json(out, str_of(fi->item_id));
	buf_adds(out, ",\"title\":");
	buf_add_json(out, str_of(fi->item->title ? fi->item->title : ""));
	buf_adds(out, ",\"max\":");
	add_points(out, fi->item->points_m);
	buf_addf(out, ",\"tries\":%d,\"snapshot\":", tm->row.tries);
	buf_add_json(out, str_of(tm->row.snapshot));
	buf_addf(out, ",\"result\":%s}", tm->result ? tm->result : "null");
}

static bool add_attempt(struct store *rd, const struct attempt_row *row, const struct form_entry *fe, bool first, struct buf *out,
                        struct err *err)
{
	_cleanup_task_marks_ struct task_marks tasks = {0};
	bool none = true;
	if (!task_marks_load(rd, row->key, fe->form->n_items, &tasks, err))
		return false;
	buf_addf(out, "%s{\"attempt\":\"%s\",\"exam\":\"%s/%s\",\"ended_at\":", first ? "" : ",", row->id, row->bank_id, row->exam);
	add_time(out, row->ended_ms);
	buf_adds(out, ",\"tasks\":[");
	for (size_t i = 0; i < tasks.n; i++) {
		if (!tasks.items[i].graded || tasks.items[i].state != GRADING_REVIEW)
			continue;
		add_task(fe, i, &tasks.items[i], none, out);
		none = false;
	}
	buf_adds(out, "]}");
	return true;
}

bool review_list_json(struct proctor *pr, struct store *rd, const char *attempt, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	char(*ids)[RNG_ID_SIZE] = xcalloc(WAITING_MAX, sizeof *ids);
	size_t n = 1;
	bool ok = true;
	if (attempt)
		snprintf(ids[0], RNG_ID_SIZE, "%s", attempt);
	else
		ok = store_grading_reviews(rd, ids, WAITING_MAX, &n, err);
	buf_adds(out, "{\"attempts\":[");
	for (size_t i = 0; ok && i < n; i++) {
		struct attempt_row row;
		_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
		ok = store_attempt_get(rd, ids[i], &row, err) && form_cache_get(pr, rd, &row, &fe, err) &&
		     add_attempt(rd, &row, fe, i == 0, out, err);
	}
	buf_adds(out, "]}");
	free(ids);
	return ok && buf_check(out, "the list", err);
}

bool review_again(struct proctor *pr, struct store *wr, const char *attempt, const char *item, struct err *err)
{
	struct attempt_row row;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	int index;
	return store_attempt_get(wr, attempt, &row, err) && form_cache_get(pr, wr, &row, &fe, err) &&
	       marking_item(fe->form, item, &index, err) && store_grading_again(wr, row.key, index, err);
}
