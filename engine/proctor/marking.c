/* Marks by people: what waits for them, and what they give. See proctor.h. Essays, and answers at which a pattern ran into its limits. The
 * candidate's name is left out: marking is blind. Tasks that no run could grade get their points here, too; review.c lists them. */
#include "proctor/task.h"
#include <sodium.h>
#include <stdio.h>

#define WAITING_MAX 200
#define MARKER_MAX 64
#define COMMENT_MAX 4000
#define RUBRIC_MAX (4u << 20)

/* *ret: whether the rules leave this answer to a person. */
static bool is_for_people(const struct form_entry *fe, const struct answer *answers, size_t i, bool *ret, struct err *err)
{
	struct mark by_rules;
	*ret = false;
	if (!answers[i].body || fe->form->items[i].item->kind == ITEM_TASK) /* tasks: see review.c */
		return true;
	if (!finish_mark_one(fe, &answers[i], i, &by_rules, err))
		return false;
	*ret = by_rules.outcome == MARK_UNGRADED;
	return true;
}

/* ---- What waits ---- */

struct given {
	struct {
		bool there;
		int64_t points_m;
	} * marks;
	size_t n;
};

static bool take_mark(void *arg, const struct human_mark *mark, struct err *err)
{
	(void)err;
	struct given *g = arg;
	if (mark->item >= 0 && (size_t)mark->item < g->n) {
		g->marks[mark->item].there = true;
		g->marks[mark->item].points_m = mark->points_m;
	}
	return true;
}

/* What an answer is held against: an essay's rubric, or the answers that are accepted. */
static void add_rubric(const struct item *it, struct buf *out)
{
	_cleanup_buf_ struct buf html = BUF(RUBRIC_MAX);
	if (it->rubric_html)
		buf_adds(&html, it->rubric_html);
	for (size_t i = 0; i < it->n_texts; i++) {
		const struct item_text *t = &it->texts[i];
		buf_addf(&html, "<p>%g %%: <code>%s", (double)t->credit_m / 10, t->regex ? "/" : "");
		buf_add_html(&html, str_of(t->pattern));
		buf_addf(&html, "%s</code></p>\n", t->regex ? "/" : "");
	}
	buf_add_json(out, buf_str(&html));
}

static void add_item(const struct form_entry *fe, size_t i, const struct answer *a, const struct given *g, bool first, struct buf *out)
{
	const struct form_item *fi = &fe->form->items[i];
	buf_addf(out, "%s{\"item\":\"%s\",\"n\":%zu,\"title\":", first ? "" : ",", fi->id, i + 1);
	buf_add_json(out, str_of(fi->item->title ? fi->item->title : ""));
	buf_adds(out, ",\"max\":");
	add_points(out, fi->item->points_m);
	buf_adds(out, ",\"mark\":");
	if (g->marks[i].there)
		add_points(out, g->marks[i].points_m);
	else
		buf_adds(out, "null");
	buf_adds(out, ",\"stem\":");
	buf_add_json(out, str_of(fi->item->stem_html));
	buf_adds(out, ",\"rubric\":");
	add_rubric(fi->item, out);
	buf_adds(out, ",\"response\":");
	buf_add(out, a->body, a->body_len);
	buf_addc(out, '}');
}

static bool add_attempt(struct store *rd, const struct attempt_row *row, const struct form_entry *fe, bool first, bool optional,
                        struct buf *out, struct err *err)
{
	size_t n = fe->form->n_items;
	struct answer *answers = NULL;
	struct given g = {xcalloc(n + 1, sizeof *g.marks), n};
	size_t before = out->len;
	bool ok = answers_load(rd, row->key, n, &answers, err) && store_human_mark_each(rd, row->key, take_mark, &g, err), none = true;
	if (ok) {
		buf_addf(out, "%s{\"attempt\":\"%s\",\"exam\":\"%s/%s\",\"ended_at\":", first ? "" : ",", row->id, row->bank_id, row->exam);
		add_time(out, row->ended_ms);
		buf_adds(out, ",\"items\":[");
		for (size_t i = 0; ok && i < n; i++) {
			bool waits;
			ok = is_for_people(fe, answers, i, &waits, err);
			if (!ok || !waits)
				continue;
			add_item(fe, i, &answers[i], &g, none, out);
			none = false;
		}
		buf_adds(out, "]}");
	}
	if (none && optional)
		buf_cut(out, before); /* it waits for graders */
	answers_free(answers, n);
	free(g.marks);
	return ok;
}

bool marking_list_json(struct proctor *pr, struct store *rd, const char *attempt, struct buf *out, struct err *err)
{
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(rd);
	char(*ids)[RNG_ID_SIZE] = xcalloc(WAITING_MAX, sizeof *ids);
	size_t n = 1;
	bool ok = true;
	if (attempt)
		snprintf(ids[0], RNG_ID_SIZE, "%s", attempt);
	else
		ok = store_attempt_reviewing(rd, ids, WAITING_MAX, &n, err);
	buf_adds(out, "{\"attempts\":[");
	size_t start = out->len;
	for (size_t i = 0; ok && i < n; i++) {
		struct attempt_row row;
		_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
		ok = store_attempt_get(rd, ids[i], &row, err) && form_cache_get(pr, rd, &row, &fe, err) &&
		     add_attempt(rd, &row, fe, out->len == start, !attempt, out, err);
	}
	buf_adds(out, "]}");
	free(ids);
	return ok && buf_check(out, "the list", err);
}

/* ---- Marking ---- */

/* By its opaque id, or by its number on the form. */
bool marking_item(const struct form *form, const char *item, int *ret, struct err *err)
{
	int64_t number;
	int index = form_find(form, item);
	if (index < 0 && str_to_i64(str_of(item), 1, (int64_t)form->n_items, &number))
		index = (int)number - 1;
	if (index < 0)
		return err_set(err, ERR_NOT_ON_FORM, "item '%.40s' is not on the form of this attempt", item);
	*ret = index;
	return true;
}

static bool check_mark(const struct attempt_row *row, const struct form_item *fi, const struct human_mark *mark, struct err *err)
{
	if (row->phase == PHASE_RUNNING)
		return err_set(err, ERR_CONFLICT, "the attempt is still running");
	if (row->study)
		return err_set(err, ERR_CONFLICT, "this is a study session: its essays are for the candidate to judge");
	if (mark->points_m < 0 || mark->points_m > fi->item->points_m)
		return err_set(err, ERR_INVALID, "points must be from 0 to %g", (double)fi->item->points_m / 1000);
	if (!*mark->marker || strlen(mark->marker) > MARKER_MAX || !str_is_utf8(str_of(mark->marker), NULL))
		return err_set(err, ERR_INVALID, "the marker's name has 1 to %d bytes of UTF-8", MARKER_MAX);
	if (mark->comment && (strlen(mark->comment) > COMMENT_MAX || !str_is_utf8(str_of(mark->comment), NULL)))
		return err_set(err, ERR_INVALID, "the comment has at most %d bytes of UTF-8", COMMENT_MAX);
	return true;
}

static bool task_waits(struct store *wr, const struct attempt_row *row, const struct form_entry *fe, int index, struct err *err)
{
	_cleanup_task_marks_ struct task_marks tasks = {0};
	if (!task_marks_load(wr, row->key, fe->form->n_items, &tasks, err))
		return false;
	return tasks.items[index].graded && tasks.items[index].state == GRADING_REVIEW
	           ? true
	           : err_set(err, ERR_CONFLICT, "item %d is a task that no person has to grade", index + 1);
}

static bool waits_for_mark(struct store *wr, const struct attempt_row *row, const struct form_entry *fe, int index, struct err *err)
{
	struct answer *answers;
	bool waits = false;
	if (fe->form->items[index].item->kind == ITEM_TASK)
		return task_waits(wr, row, fe, index, err);
	if (!answers_load(wr, row->key, fe->form->n_items, &answers, err))
		return false;
	bool there = answers[index].body != NULL, ok = is_for_people(fe, answers, (size_t)index, &waits, err);
	answers_free(answers, fe->form->n_items);
	if (!ok || waits)
		return ok;
	return err_set(err, ERR_CONFLICT, there ? "item %d is marked by its rules" : "item %d was not answered: there is nothing to mark",
	               index + 1);
}

bool marking_put(struct proctor *pr, struct store *wr, const char *attempt, const char *item, int64_t points_m, const char *marker,
                 const char *comment, int *ret_left, struct err *err)
{
	struct attempt_row row;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	struct human_mark mark = {.points_m = points_m, .marker = marker, .comment = comment, .at_ms = proctor_wall_ms(pr)};
	int64_t bytes;
	if (!store_attempt_get(wr, attempt, &row, err) || !form_cache_get(pr, wr, &row, &fe, err) ||
	    !marking_item(fe->form, item, &mark.item, err) || !check_mark(&row, &fe->form->items[mark.item], &mark, err) ||
	    !waits_for_mark(wr, &row, fe, mark.item, err))
		return false;
	struct event e = {.attempt = row.key, .kind = EVENT_REMARK, .item = mark.item, .at_ms = mark.at_ms, .service_ms = row.ended_service_ms};
	if (!store_event_totals(wr, row.key, &e.n, &bytes, err))
		return false;
	e.n++;
	return store_human_mark_add(wr, row.key, &mark, err) && store_event_add(wr, &e, err) && finish_result(pr, wr, &row, fe, ret_left, err);
}
