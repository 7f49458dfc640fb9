/* Hands-on tasks in results: what each check found, and with what it was found. docs/verifiers/results.md describes it.
 *
 * The whole document has it all. What is handed on and shown has the checks where the exam reports its questions, and why they failed where
 * it shows explanations; the hashes always go with the checks, so that a snapshot can be graded again by whoever has it. */
#include "proctor/task.h"
#include <assert.h>
#include <math.h>

/* One check as the grader said it, points in thousandths. Strings were checked when it was graded. */
static cJSON *check_doc(const cJSON *said)
{
	static const char *const texts[] = {"id", "title", "outcome", "message", "detail"};
	cJSON *o = json_object();
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		task_set_text(o, texts[i], cJSON_GetStringValue(json_member(said, texts[i])));
	json_set_i64(o, "points_m", llround(cJSON_GetNumberValue(json_member(said, "points")) * 1000));
	json_set_i64(o, "max_m", llround(cJSON_GetNumberValue(json_member(said, "max")) * 1000));
	return o;
}

static cJSON *checks_doc(const struct task_mark *tm)
{
	cJSON *list = json_array();
	_cleanup_json_ cJSON *said = tm->result ? cJSON_Parse(tm->result) : NULL;
	const cJSON *c;
	cJSON_ArrayForEach(c, json_member(said, "checks")) json_add(list, check_doc(c));
	return list;
}

void result_task_item(const struct finished *f, size_t index, cJSON *item)
{
	const struct task_mark *tm = &f->tasks->items[index];
	const struct grading_row *g = &tm->row;
	if (f->fe->form->items[index].item->kind != ITEM_TASK)
		return;
	cJSON *o = json_object();
	json_set_bool(o, "opened", tm->opened);
	if (tm->opened) {
		json_set_i64(o, "resets", tm->box.resets);
		json_set_i64(o, "restored", tm->box.restored);
		json_set_bool(o, "helped", tm->box.gave_up);
	}
	if (tm->graded) {
		json_set(o, "checks", checks_doc(tm));
		json_set_str(o, "graded_by", tm->state == GRADING_DONE ? "grader" : "person");
		task_set_text(o, "task_sha256", g->task);
		task_set_text(o, "grader_sha256", g->grader);
		task_set_text(o, "image", g->image);
		task_set_text(o, "snapshot_sha256", g->snapshot);
		task_set_text(o, "engine", g->engine);
		json_set_i64(o, "grading", g->n);
		task_set_text(o, "reason", tm->reason);
	}
	cJSON *recordings = json_array(), *r;
	for (size_t i = 0; i < tm->n_recordings; i++) {
		json_add(recordings, r = json_object());
		json_set_str(r, "name", tm->recordings[i].name);
		json_set_str(r, "sha256", tm->recordings[i].sha256);
	}
	json_set(o, "recordings", recordings);
	json_set(item, "task", o);
}

/* Takes out of a task's member what is not to be shown. */
void result_task_public(cJSON *item, bool explained)
{
	cJSON *c;
	if (explained)
		return;
	cJSON_ArrayForEach(c, json_member(json_member(item, "task"), "checks"))
	{
		cJSON_DeleteItemFromObjectCaseSensitive(c, "message");
		cJSON_DeleteItemFromObjectCaseSensitive(c, "detail");
	}
}

static void points_api(cJSON *o, const char *from, const char *to)
{
	json_set_double(o, to, cJSON_GetNumberValue(json_member(o, from)) / 1000);
	cJSON_DeleteItemFromObjectCaseSensitive(o, from);
}

void result_task_api(const cJSON *item, bool explained, cJSON *out)
{
	cJSON *copy = cJSON_Duplicate(item, true), *c;
	result_task_public(copy, explained);
	cJSON *checks = cJSON_DetachItemFromObjectCaseSensitive(cJSON_GetObjectItemCaseSensitive(copy, "task"), "checks");
	cJSON *task = cJSON_DetachItemFromObjectCaseSensitive(copy, "task");
	cJSON_ArrayForEach(c, checks)
	{
		points_api(c, "points_m", "points");
		points_api(c, "max_m", "max");
		if (!cJSON_IsString(json_member(c, "message"))) {
			cJSON_DeleteItemFromObjectCaseSensitive(c, "message");
			json_set_str(c, "message", "");
		}
		if (!json_member(c, "detail"))
			json_set_str(c, "detail", NULL);
		json_set_str(c, "hint", NULL);
	}
	json_set(out, "checks", checks ? checks : json_array());
	json_set(out, "task", task ? task : json_object());
	cJSON_Delete(copy);
}

cJSON *result_hands_on_of(const struct finished *f)
{
	int64_t points_m = 0, max_m = 0, all_m = 0;
	int items = 0;
	for (size_t i = 0; i < f->fe->form->n_items; i++) {
		const struct form_item *fi = &f->fe->form->items[i];
		if (fi->unscored || f->marks[i].dropped)
			continue;
		all_m += f->marks[i].max_m;
		if (fi->item->kind != ITEM_TASK)
			continue;
		items++;
		points_m += f->marks[i].points_m;
		max_m += f->marks[i].max_m;
	}
	if (!items)
		return NULL;
	cJSON *o = json_object();
	json_set_double(o, "share", all_m ? round((double)max_m / (double)all_m * 1e6) / 1e6 : 0);
	json_set_i64(o, "items", items);
	json_set_i64(o, "points_m", points_m);
	json_set_i64(o, "max_m", max_m);
	return o;
}

cJSON *result_hands_on(const cJSON *doc, bool points, bool thousandths)
{
	cJSON *o = cJSON_Duplicate(json_member(doc, "hands_on"), true);
	assert(o);
	if (!points)
		cJSON_DeleteItemFromObjectCaseSensitive(o, "points_m");
	if (thousandths)
		return o;
	if (points)
		points_api(o, "points_m", "points");
	points_api(o, "max_m", "max");
	return o;
}
