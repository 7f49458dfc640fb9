/* Marks by people: giving one, taking it back. See marking.h. Essays, and answers at which a pattern ran into its limits. Tasks that no run
 * could grade get their points here, too; review.c lists them. */
#include "proctor/marking.h"
#include "exam/rubric.h"
#include "proctor/task.h"
#include <math.h>

#define MARKER_MAX 64
#define COMMENT_MAX 4000
#define MARKS_A_DAY 10 /* of one answer, from the pages, when the result is made: each makes another, and an entry in the log */
#define DAY_MS (24 * 3600 * INT64_C(1000))

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

bool marking_points(double points, int64_t *ret_m, struct err *err)
{
	if (!(points >= 0 && points <= 1e6) || fabs(points * 1000 - round(points * 1000)) > 1e-6)
		return err_set(err, ERR_INVALID, "points are from 0 on, in steps of 0.001");
	*ret_m = llround(points * 1000);
	return true;
}

/* ---- What an answer's mark is ---- */

struct giving {
	const struct marking *m;
	struct attempt_row row;
	struct form_entry *fe;
	int index;
	struct person_marks marks;
	int64_t points_m;
	enum mark_part part;
	int64_t account; /* of the marker, if the name is an account's */
	struct buf criteria;
};

static void giving_finish(struct giving *g)
{
	form_entry_unref(g->fe);
	person_marks_finish(&g->marks);
	buf_finish(&g->criteria);
}

static bool by_criteria(struct giving *g, const struct item *it, struct err *err)
{
	struct rubric r;
	int64_t sum = 0;
	if (!rubric_read(it->rubric_html, &r))
		return err_set(err, ERR_INVALID, "the rubric of this question has no points by criterion: give points for the whole answer");
	if (g->m->n_criteria != r.n)
		return err_set(err, ERR_INVALID, "the rubric has %zu criteria, not %zu", r.n, g->m->n_criteria);
	for (size_t i = 0; i < r.n; i++) {
		int64_t given = g->m->criteria_m[i];
		if (given < 0 || given > r.lines[i].points_m)
			return err_set(err, ERR_INVALID, "criterion %zu: points must be from 0 to %g", i + 1, (double)r.lines[i].points_m / 1000);
		buf_addf(&g->criteria, "%s%lld", i ? "," : "[", (long long)given);
		sum += given;
	}
	buf_addc(&g->criteria, ']');
	g->points_m = rubric_scale(&r, sum, it->points_m);
	return true;
}

static bool has_controls(const char *s)
{
	while (*s && (unsigned char)*s >= ' ' && *s != 0x7f)
		s++;
	return *s != 0;
}

static bool check_mark(struct giving *g, struct err *err)
{
	const struct marking *m = g->m;
	const struct item *it = g->fe->form->items[g->index].item;
	if (g->row.phase == PHASE_RUNNING)
		return err_set(err, ERR_CONFLICT, "the attempt is still running");
	if (g->row.study)
		return err_set(err, ERR_CONFLICT, "this is a study session: its essays are for the candidate to judge");
	g->points_m = m->points_m;
	if (m->n_criteria && !by_criteria(g, it, err))
		return false;
	if (g->points_m < 0 || g->points_m > it->points_m)
		return err_set(err, ERR_INVALID, "points must be from 0 to %g", (double)it->points_m / 1000);
	if (markers_same(m->marker, "") || strlen(m->marker) > MARKER_MAX || !str_is_utf8(str_of(m->marker), NULL) || has_controls(m->marker))
		return err_set(err, ERR_INVALID, "the marker's name has 1 to %d bytes of UTF-8, in one line", MARKER_MAX);
	if (m->comment && (strlen(m->comment) > COMMENT_MAX || !str_is_utf8(str_of(m->comment), NULL)))
		return err_set(err, ERR_INVALID, "the comment has at most %d bytes of UTF-8", COMMENT_MAX);
	return true;
}

/* ---- Who may ---- */

/* To a marker of the pages their own exam is not there. By a name from the shell it is refused, however the name is written. The one local
 * person is all candidates at once: only where two are asked for is that not enough. */
static bool check_marker(struct store *st, struct giving *g, struct err *err)
{
	const struct marking *m = g->m;
	struct account_row row;
	if (!store_account_get(st, g->row.account, &row, err))
		return false;
	g->account = m->account;
	if (m->account == ACCOUNT_LOCAL)
		return g->fe->bp->markers != 2 ? true
		                               : err_set(err, ERR_CONFLICT,
		                                         "this exam has two markers, and a server without accounts knows one person: the operator "
		                                         "gives the marks of each by name, with 'assay mark --by NAME'");
	if (m->account)
		return g->row.account != m->account ? true : err_set(err, ERR_NOT_FOUND, "there is no such attempt");
	if (g->row.account != ACCOUNT_LOCAL && markers_same(row.name, m->marker))
		return err_set(err, ERR_FORBIDDEN, "nobody marks their own answers");
	struct err ignored;
	if (store_account_by_name(st, m->marker, &row, &ignored) && row.id != ACCOUNT_LOCAL)
		g->account = row.id;
	return true;
}

static bool task_waits(struct store *wr, const struct giving *g, struct err *err)
{
	_cleanup_task_marks_ struct task_marks tasks = {0};
	if (!task_marks_load(wr, g->row.key, g->fe->form->n_items, &tasks, err))
		return false;
	return tasks.items[g->index].graded && tasks.items[g->index].state == GRADING_REVIEW
	           ? true
	           : err_set(err, ERR_CONFLICT, "item %d is a task that no person has to grade", g->index + 1);
}

static bool waits_for_people(struct store *wr, const struct giving *g, struct err *err)
{
	struct answer *answers;
	bool waits = false;
	if (g->fe->form->items[g->index].item->kind == ITEM_TASK)
		return task_waits(wr, g, err);
	if (!answers_load(wr, g->row.key, g->fe->form->n_items, &answers, err))
		return false;
	bool there = answers[g->index].body != NULL, ok = marking_is_for_people(g->fe, answers, (size_t)g->index, &waits, err);
	answers_free(answers, g->fe->form->n_items);
	if (!ok || waits)
		return ok;
	return err_set(err, ERR_CONFLICT, there ? "item %d is marked by its rules" : "item %d was not answered: there is nothing to mark",
	               g->index + 1);
}

/* With one marker the newest mark counts: from the pages one's own may be changed, from the shell anybody's. With two, a mark stands as
 * soon as another has marked the answer: after that only a decision changes it. */
static bool choose_part(struct giving *g, struct err *err)
{
	const struct item_marks *im = &g->marks.items[g->index];
	const struct marking *m = g->m;
	bool two = g->fe->bp->markers == 2 && g->fe->form->items[g->index].item->kind != ITEM_TASK;
	if (m->decide) {
		g->part = PART_DECISION;
		return true;
	}
	if (person_may_mark(im, m->marker, &g->part))
		return true;
	if (person_is_alone(im, m->marker) || (!two && !m->account && im->agreed.how != MARKED_BY_DECISION)) {
		g->part = two ? PART_BLIND : PART_ONLY;
		return true;
	}
	if (im->agreed.how == MARKED_BY_DECISION)
		return err_set(err, ERR_CONFLICT, "this answer's mark was decided; another decision can change it");
	if (im->agreed.how != MARKED_NOT)
		return err_set(err, ERR_CONFLICT,
		               m->account ? "somebody else has marked this answer meanwhile"
		                          : "this answer is marked as the exam asks; --decide changes that");
	return err_set(err, ERR_CONFLICT, "%s has marked this answer, and so has another: what is given stands, and nobody is two markers",
	               m->marker);
}

/* Whoever may mark from the shell may do so without end. */
static bool check_pace(const struct giving *g, int64_t now_ms, struct err *err)
{
	const struct item_marks *im = &g->marks.items[g->index];
	int today = 0;
	for (size_t i = 0; g->m->account && g->row.phase == PHASE_FINAL && i < im->n; i++)
		today += im->by[i].at_ms > now_ms - DAY_MS;
	return today < MARKS_A_DAY ||
	       err_set(
	           err, ERR_RATE_LIMIT,
	           "this answer was marked %d times within a day, and each mark makes another result: try again tomorrow, or ask the operator",
	           MARKS_A_DAY);
}

static bool look_up(struct proctor *pr, struct store *wr, struct giving *g, struct err *err)
{
	return store_attempt_get(wr, g->m->attempt, &g->row, err) && form_cache_get(pr, wr, &g->row, &g->fe, err) &&
	       marking_item(g->fe->form, g->m->item, &g->index, err) && check_marker(wr, g, err) &&
	       person_marks_load(wr, &g->row, g->fe, &g->marks, err);
}

/* ---- Giving and taking back ---- */

static bool note_event(struct store *wr, const struct giving *g, int64_t now_ms, struct err *err)
{
	struct event e = {
	    .attempt = g->row.key, .kind = EVENT_REMARK, .item = g->index, .at_ms = now_ms, .service_ms = g->row.ended_service_ms};
	int64_t bytes;
	if (!store_event_totals(wr, g->row.key, &e.n, &bytes, err))
		return false;
	e.n++;
	return store_event_add(wr, &e, err);
}

bool marking_give(struct proctor *pr, struct store *wr, const struct marking *m, struct marking_done *ret, struct err *err)
{
	__attribute__((cleanup(giving_finish))) struct giving g = {.m = m, .criteria = BUF(4096)};
	if (!look_up(pr, wr, &g, err) || !check_mark(&g, err) || !waits_for_people(wr, &g, err) || !choose_part(&g, err) ||
	    !check_pace(&g, proctor_wall_ms(pr), err))
		return false;
	const struct form_item *fi = &g.fe->form->items[g.index];
	const struct human_mark mark = {
	    .item = g.index,
	    .points_m = g.points_m,
	    .at_ms = proctor_wall_ms(pr),
	    .marker = m->marker,
	    .comment = m->comment && *m->comment ? m->comment : NULL,
	    .part = g.part,
	    .account = g.account,
	    .criteria = m->n_criteria ? g.criteria.p : NULL,
	    .item_id = fi->item_id,
	    .max_m = fi->item->points_m,
	};
	if (!buf_check(&g.criteria, "the marks", err) || !store_human_mark_add(wr, g.row.key, &mark, err) ||
	    !note_event(wr, &g, mark.at_ms, err) || !finish_result(pr, wr, &g.row, g.fe, &ret->left, err))
		return false;
	ret->points_m = g.points_m;
	ret->undo = g.row.phase == PHASE_REVIEWING && (g.marks.items[g.index].n == 0 || person_is_alone(&g.marks.items[g.index], m->marker));
	return true;
}

bool marking_undo(struct proctor *pr, struct store *wr, const struct marking *m, struct err *err)
{
	__attribute__((cleanup(giving_finish))) struct giving g = {.m = m};
	if (!look_up(pr, wr, &g, err))
		return false;
	const struct item_marks *im = &g.marks.items[g.index];
	bool mine = false;
	for (size_t i = 0; i < im->n; i++)
		mine |= markers_same(im->given[i].marker, m->marker);
	if (!mine)
		return err_set(err, ERR_NOT_FOUND, "there is no mark of yours to take back");
	if (!person_is_alone(im, m->marker))
		return err_set(err, ERR_CONFLICT, "another has marked this answer too: both marks stand");
	if (g.row.phase != PHASE_REVIEWING)
		return err_set(err, ERR_CONFLICT, "the result is made: mark the answer again for a corrected one");
	int64_t now_ms = proctor_wall_ms(pr);
	for (size_t i = 0; i < im->n; i++)
		if (!store_human_mark_withdraw(wr, im->by[i].id, now_ms, err))
			return false;
	return note_event(wr, &g, now_ms, err);
}

bool marking_put(struct proctor *pr, struct store *wr, const char *attempt, const char *item, int64_t points_m, const char *marker,
                 const char *comment, int *ret_left, struct err *err)
{
	const struct marking m = {.attempt = attempt, .item = item, .points_m = points_m, .marker = marker, .comment = comment};
	struct marking_done done;
	if (!marking_give(pr, wr, &m, &done, err))
		return false;
	*ret_left = done.left;
	return true;
}
