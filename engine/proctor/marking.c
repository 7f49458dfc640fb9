/* Marks by people: what waits for them, and what they give. See proctor.h. The candidate's name is left out: marking is blind. */
#include "proctor/internal.h"
#include <sodium.h>
#include <stdio.h>

#define WAITING_MAX 200
#define MARKER_MAX 64
#define COMMENT_MAX 4000

static bool is_for_people(const struct form_item *fi)
{
	return fi->item->kind == ITEM_ESSAY;
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

static void add_essay(const struct form_entry *fe, size_t i, const struct answer *a, const struct given *g, bool first, struct buf *out)
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
	buf_add_json(out, str_of(fi->item->rubric_html ? fi->item->rubric_html : ""));
	buf_adds(out, ",\"response\":");
	buf_add(out, a->body, a->body_len);
	buf_addc(out, '}');
}

static bool add_attempt(struct store *rd, const struct attempt_row *row, const struct form_entry *fe, bool first, struct buf *out,
                        struct err *err)
{
	size_t n = fe->form->n_items;
	struct answer *answers = NULL;
	struct given g = {xcalloc(n + 1, sizeof *g.marks), n};
	bool ok = answers_load(rd, row->key, n, &answers, err) && store_human_mark_each(rd, row->key, take_mark, &g, err);
	if (ok) {
		buf_addf(out, "%s{\"attempt\":\"%s\",\"exam\":\"%s/%s\",\"ended_at\":", first ? "" : ",", row->id, row->bank_id, row->exam);
		add_time(out, row->ended_ms);
		buf_adds(out, ",\"items\":[");
		bool none = true;
		for (size_t i = 0; i < n; i++) {
			if (!is_for_people(&fe->form->items[i]) || !answers[i].body)
				continue;
			add_essay(fe, i, &answers[i], &g, none, out);
			none = false;
		}
		buf_adds(out, "]}");
	}
	answers_free(answers, n);
	free(g.marks);
	return ok;
}

bool marking_list_json(struct proctor *pr, struct store *rd, const char *attempt, struct buf *out, struct err *err)
{
	char(*ids)[RNG_ID_SIZE] = xcalloc(WAITING_MAX, sizeof *ids);
	size_t n = 1;
	bool ok = true;
	if (attempt)
		snprintf(ids[0], RNG_ID_SIZE, "%s", attempt);
	else
		ok = store_attempt_reviewing(rd, ids, WAITING_MAX, &n, err);
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

/* ---- Marking ---- */

/* By its opaque id, or by its number on the form. */
static bool find_item(const struct form *form, const char *item, int *ret, struct err *err)
{
	int64_t number;
	int index = form_find(form, item);
	if (index < 0 && str_to_i64(str_of(item), 1, (int64_t)form->n_items, &number))
		index = (int)number - 1;
	if (index < 0)
		return err_set(err, ERR_NOT_ON_FORM, "item '%.40s' is not on the form of this attempt", item);
	if (!is_for_people(&form->items[index]))
		return err_set(err, ERR_CONFLICT, "item %d is not an essay: it is marked by its rules", index + 1);
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

static bool has_answer(struct store *wr, const struct attempt_row *row, int index, struct err *err)
{
	struct answer *answers;
	if (!answers_load(wr, row->key, (size_t)row->items, &answers, err))
		return false;
	bool there = answers[index].body != NULL;
	answers_free(answers, (size_t)row->items);
	return there ? true : err_set(err, ERR_CONFLICT, "item %d was not answered: there is nothing to mark", index + 1);
}

bool marking_put(struct proctor *pr, struct store *wr, const char *attempt, const char *item, int64_t points_m, const char *marker,
                 const char *comment, int *ret_left, struct err *err)
{
	struct attempt_row row;
	_cleanup_(form_entry_unrefp) struct form_entry *fe = NULL;
	struct human_mark mark = {.points_m = points_m, .marker = marker, .comment = comment, .at_ms = proctor_wall_ms(pr)};
	int64_t bytes;
	if (!store_attempt_get(wr, attempt, &row, err) || !form_cache_get(pr, wr, &row, &fe, err) ||
	    !find_item(fe->form, item, &mark.item, err) || !check_mark(&row, &fe->form->items[mark.item], &mark, err) ||
	    !has_answer(wr, &row, mark.item, err))
		return false;
	struct event e = {.attempt = row.key, .kind = EVENT_REMARK, .item = mark.item, .at_ms = mark.at_ms, .service_ms = row.ended_service_ms};
	if (!store_event_totals(wr, row.key, &e.n, &bytes, err))
		return false;
	e.n++;
	return store_human_mark_add(wr, row.key, &mark, err) && store_event_add(wr, &e, err) && finish_result(pr, wr, &row, fe, ret_left, err);
}
