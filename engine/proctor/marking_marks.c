/* The marks of an attempt, as people gave them. See marking.h. */
#include "exam/rubric.h"
#include "proctor/marking.h"
#include <stdio.h>

#define RUBRIC_HTML_MAX (4u << 20)

static bool take_mark(void *arg, const struct human_mark *mark, struct err *err)
{
	struct person_marks *m = arg;
	if (mark->item < 0 || (size_t)mark->item >= m->n)
		return err_set(err, ERR_STORE, "a mark for item %d, which is not on the form", mark->item);
	if (mark->part < PART_ONLY || mark->part > PART_DECISION)
		return err_set(err, ERR_STORE, "a mark of item %d is of an unknown kind", mark->item);
	struct item_marks *im = &m->items[mark->item];
	im->given = xgrow(im->given, im->n, &im->cap_given, sizeof *im->given);
	im->by = xgrow(im->by, im->n, &im->cap_by, sizeof *im->by);
	im->by[im->n] = (struct person_mark){
	    .id = mark->id,
	    .at_ms = mark->at_ms,
	    .account = mark->account,
	    .marker = xstrdup(mark->marker),
	    .comment = mark->comment ? xstrdup(mark->comment) : NULL,
	    .criteria = mark->criteria ? xstrdup(mark->criteria) : NULL,
	};
	im->given[im->n] = (struct given_mark){(enum mark_part)mark->part, mark->points_m, im->by[im->n].marker};
	im->n++;
	return true;
}

bool person_marks_load(struct store *st, const struct attempt_row *row, const struct form_entry *fe, struct person_marks *ret,
                       struct err *err)
{
	ret->n = fe->form->n_items;
	ret->items = xcalloc(ret->n + 1, sizeof *ret->items);
	if (!store_human_mark_each(st, row->key, take_mark, ret, err))
		return false;
	for (size_t i = 0; i < ret->n; i++) {
		const struct item *it = fe->form->items[i].item;
		markers_agree(it->kind == ITEM_TASK ? NULL : fe->bp, it->points_m, ret->items[i].given, ret->items[i].n, &ret->items[i].agreed);
	}
	return true;
}

void person_marks_finish(struct person_marks *m)
{
	for (size_t i = 0; m->items && i < m->n; i++) {
		struct item_marks *im = &m->items[i];
		for (size_t k = 0; k < im->n; k++) {
			free(im->by[k].marker);
			free(im->by[k].comment);
			free(im->by[k].criteria);
		}
		free(im->given);
		free(im->by);
	}
	free(m->items);
	*m = (struct person_marks){0};
}

void person_marks_apply(struct person_marks *m, struct mark *marks)
{
	for (size_t i = 0; i < m->n; i++) {
		struct mark *mark = &marks[i];
		const struct agreed_mark *agreed = &m->items[i].agreed;
		if (mark->outcome != MARK_UNGRADED || agreed->how == MARKED_NOT)
			continue;
		mark->points_m = agreed->points_m < 0 ? 0 : agreed->points_m > mark->max_m ? mark->max_m : agreed->points_m;
		mark->outcome = mark->points_m == mark->max_m ? MARK_RIGHT : mark->points_m == 0 ? MARK_WRONG : MARK_PARTIAL;
		m->items[i].counts = true;
	}
}

bool person_may_mark(const struct item_marks *m, const char *marker, enum mark_part *ret_part)
{
	if (m->agreed.how != MARKED_NOT)
		return false;
	for (size_t i = 0; i < m->n; i++)
		if (markers_same(m->given[i].marker, marker))
			return false;
	*ret_part = m->agreed.next;
	return true;
}

bool person_is_alone(const struct item_marks *m, const char *marker)
{
	for (size_t i = 0; i < m->n; i++)
		if (!markers_same(m->given[i].marker, marker) || m->given[i].part == PART_DECISION)
			return false;
	return m->n > 0;
}

bool marking_is_for_people(const struct form_entry *fe, const struct answer *answers, size_t i, bool *ret, struct err *err)
{
	struct mark by_rules;
	*ret = false;
	if (!answers[i].body || fe->form->items[i].item->kind == ITEM_TASK)
		return true;
	if (!finish_mark_one(fe, &answers[i], i, &by_rules, err))
		return false;
	*ret = by_rules.outcome == MARK_UNGRADED;
	return true;
}

/* ---- What an answer is held against ---- */

cJSON *marking_rules_json(const struct blueprint *bp)
{
	cJSON *o = json_object();
	json_set_i64(o, "markers", bp->markers);
	json_set_i64(o, "tolerance_m", bp->tolerance_m);
	json_set_bool(o, "tolerance_percent", bp->tolerance_percent);
	return o;
}

/* An essay's rubric, or the answers that are accepted. */
void marking_rubric_html(const struct item *it, struct buf *out)
{
	if (it->rubric_html)
		buf_adds(out, it->rubric_html);
	for (size_t i = 0; i < it->n_texts; i++) {
		const struct item_text *t = &it->texts[i];
		buf_addf(out, "<p>%g %%: <code>%s", (double)t->credit_m / 10, t->regex ? "/" : "");
		buf_add_html(out, str_of(t->pattern));
		buf_addf(out, "%s</code></p>\n", t->regex ? "/" : "");
	}
}

cJSON *marking_criteria_json(const struct item *it)
{
	struct rubric r;
	if (!rubric_read(it->rubric_html, &r))
		return NULL;
	cJSON *list = json_array();
	for (size_t i = 0; i < r.n; i++) {
		_cleanup_free_ char *text = str_dup(r.lines[i].text), *when = str_dup(r.lines[i].when);
		cJSON *o = json_object();
		json_set_str(o, "text", text);
		json_set_str(o, "when", when);
		json_set_double(o, "points", (double)r.lines[i].points_m / 1000);
		json_add(list, o);
	}
	return list;
}
