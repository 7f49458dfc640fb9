/* How the hands-on tasks of an ended attempt went: its boxes and gradings as marks. See task.h. */
#include "proctor/task.h"
#include <stdio.h>

static struct task_mark *at(struct task_marks *m, int item)
{
	return item >= 0 && (size_t)item < m->n ? &m->items[item] : NULL;
}

static bool take_box(void *arg, const struct box_row *row, struct err *err)
{
	struct task_mark *tm = at(arg, row->item);
	if (!tm)
		return err_set(err, ERR_STORE, "a box of item %d, which is not on the form", row->item);
	tm->opened = true;
	tm->box = *row;
	return true;
}

static bool take_grading(void *arg, const struct grading_row *row, struct err *err)
{
	struct task_mark *tm = at(arg, row->item);
	if (!tm)
		return err_set(err, ERR_STORE, "a grading of item %d, which is not on the form", row->item);
	tm->graded = true;
	tm->state = row->state;
	tm->row = *row;
	tm->result = row->result ? xstrdup(row->result) : NULL;
	tm->reason = row->reason ? xstrdup(row->reason) : NULL;
	tm->row.result = tm->row.reason = NULL;
	tm->row.observations = (struct str){0};
	return true;
}

static bool take_recording(void *arg, const struct recording_row *row, struct err *err)
{
	struct task_mark *tm = at(arg, row->item);
	if (!tm)
		return err_set(err, ERR_STORE, "a recording of item %d, which is not on the form", row->item);
	tm->recordings = xgrow(tm->recordings, tm->n_recordings, &tm->cap_recordings, sizeof *tm->recordings);
	struct task_recording *r = &tm->recordings[tm->n_recordings++];
	*r = (struct task_recording){.name = xstrdup(row->name)};
	snprintf(r->sha256, sizeof r->sha256, "%s", row->sha256);
	return true;
}

bool task_marks_load(struct store *st, int64_t attempt, size_t n_items, struct task_marks *ret, struct err *err)
{
	ret->items = xcalloc(n_items + 1, sizeof *ret->items);
	ret->n = n_items;
	return store_box_each(st, attempt, take_box, ret, err) && store_grading_each(st, attempt, take_grading, ret, err) &&
	       store_recording_each(st, attempt, take_recording, ret, err);
}

void task_marks_finish(struct task_marks *m)
{
	for (size_t i = 0; i < m->n; i++) {
		free(m->items[i].result);
		free(m->items[i].reason);
		for (size_t k = 0; k < m->items[i].n_recordings; k++)
			free(m->items[i].recordings[k].name);
		free(m->items[i].recordings);
	}
	free(m->items);
	*m = (struct task_marks){0};
}

void task_mark_item(const struct form_item *fi, const struct task_mark *tm, struct mark *ret)
{
	const struct grading_row *g = &tm->row;
	*ret = (struct mark){.outcome = MARK_UNGRADED, .max_m = fi->item->points_m};
	if (!tm->opened && !tm->graded) {
		ret->outcome = MARK_UNANSWERED;
	} else if (tm->graded && tm->state == GRADING_DONE && g->max_m > 0) {
		/* Rounded half up; what is whole stays whole, and nothing stays nothing. */
		ret->points_m = (2 * fi->item->points_m * g->points_m + g->max_m) / (2 * g->max_m);
		ret->outcome = g->points_m >= g->max_m ? MARK_RIGHT : g->points_m <= 0 ? MARK_WRONG : MARK_PARTIAL;
	}
}

void task_set_text(cJSON *o, const char *key, const char *text)
{
	size_t len = text ? strlen(text) : 0;
	if (len <= SHOWN_TEXT_MAX) {
		json_set_str(o, key, len ? text : NULL);
		return;
	}
	len = SHOWN_TEXT_MAX;
	while (len && ((unsigned char)text[len] & 0xc0) == 0x80)
		len--; /* not in the middle of a character */
	_cleanup_free_ char *cut = xasprintf("%.*s…", (int)len, text);
	json_set_str(o, key, cut);
}
