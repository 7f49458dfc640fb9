/* Help with a task in a study session: checks while one works, hints one by one, the solution after giving up. See proctor.h. All of it is
 * recorded. */
#include "proctor/task_internal.h"
#include <stdio.h>

#define LOCK_WAIT_MS (70 * MS_SECOND)

struct checked {
	const struct caller *who;
	const struct task_ref *t;
	const char *json;
};

static bool put_check(struct proctor *pr, struct store *wr, void *arg, struct err *err)
{
	(void)pr;
	const struct checked *c = arg;
	return store_box_check(wr, c->t->v.row.key, c->t->index, c->json, err);
}

bool task_grade_now(struct proctor *pr, struct sandbox *s, const struct task_ref *t, const char *box, struct str lua,
                    struct grade_result *ret, struct err *err)
{
	struct sandbox_snapshot snapshot = {0};
	struct grade_job job;
	/* Under a name of its own: the launcher's next snapshot takes the place of this one. */
	_cleanup_free_ char *path = xasprintf("%s/sandbox/snapshots/%s.check", pr->data_dir, box);
	if (!sandbox_snapshot(s, box, &snapshot, err))
		return false;
	unlink(path);
	bool ok = link(snapshot.path, path) == 0 ? true : err_set(err, ERR_IO, "cannot keep the snapshot %s: %m", path);
	sandbox_snapshot_finish(&snapshot);
	grading_job(pr, t->task, &job);
	job.snapshot = path;
	job.box = box;
	job.hints = true;
	job.lua = lua;
	ok = ok && grading_run(pr, s, &job, ret, err);
	unlink(path);
	return ok;
}

/* As the interface says it: how long checks took and where a grader broke is for authors. */
static bool check_json(const struct grade_result *result, struct buf *out, struct err *err)
{
	static const char *const inner[] = {"error", "grader", NULL};
	_cleanup_buf_ struct buf whole = BUF(GRADING_RESULT_MAX);
	_cleanup_json_ cJSON *o = NULL;
	cJSON *c;
	grade_result_json(result, &whole);
	if (!buf_check(&whole, "what the grader said", err) || !json_parse(buf_str(&whole), &o, err))
		return false;
	for (size_t i = 0; inner[i]; i++)
		cJSON_DeleteItemFromObjectCaseSensitive(o, inner[i]);
	cJSON_ArrayForEach(c, cJSON_GetObjectItemCaseSensitive(o, "checks"))
	{
		static const char *const texts[] = {"message", "detail", "hint"};
		cJSON_DeleteItemFromObjectCaseSensitive(c, "ms");
		for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
			cJSON *said = cJSON_DetachItemFromObjectCaseSensitive(c, texts[i]);
			task_set_text(c, texts[i], cJSON_GetStringValue(said));
			cJSON_Delete(said);
		}
		if (cJSON_IsString(cJSON_GetObjectItemCaseSensitive(c, "message")))
			continue;
		cJSON_DeleteItemFromObjectCaseSensitive(c, "message");
		json_set_str(c, "message", "");
	}
	json_print(o, out);
	return buf_check(out, "what the grader said", err);
}

bool task_check(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, struct buf *out,
                struct err *err)
{
	_cleanup_task_ struct task_ref t = {0};
	_cleanup_hold_ struct box_hold hold = {0};
	_cleanup_borrowed_ struct borrowed b = {.pr = pr};
	_cleanup_buf_ struct buf json = BUF(BOX_CHECK_MAX);
	struct box_row row;
	struct grade_result result = {0};
	if (!task_find(pr, rd, who, attempt, item, TASK_STUDY, &t, err) || !box_lock(pr, t.v.row.key, t.index, LOCK_WAIT_MS, err))
		return false;
	hold = (struct box_hold){pr, t.v.row.key, t.index};
	if (!boxes_borrow(pr, &b.s, err) || !box_ensure(pr, rd, b.s, who, &t, &row, err) || !task_record(pr, who, &t, EVENT_CHECK, NULL, err) ||
	    !task_grade_now(pr, b.s, &t, row.name, str_of(t.task->grader_lua), &result, err))
		return false;
	bool ok = check_json(&result, &json, err);
	grade_result_finish(&result);
	struct checked c = {who, &t, json.p};
	if (!ok || !task_change(pr, put_check, &c, err))
		return false;
	buf_addv(out, buf_str(&json));
	return true;
}

/* ---- Hints and the solution: rows only, but in turn with what else changes the row ---- */

static bool help(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                 enum event_kind kind, struct buf *out, struct err *err)
{
	_cleanup_task_ struct task_ref t = {0};
	_cleanup_hold_ struct box_hold hold = {0};
	struct box_row row = {0};
	bool found;
	if (!task_find(pr, rd, who, attempt, item, TASK_STUDY, &t, err) || !box_lock(pr, t.v.row.key, t.index, LOCK_WAIT_MS, err))
		return false;
	hold = (struct box_hold){pr, t.v.row.key, t.index};
	if (!store_box_get(rd, t.v.row.key, t.index, &row, &found, NULL, err))
		return false;
	if (!found)
		return err_set(err, ERR_CONFLICT, "open the task first");
	bool more = kind == EVENT_HINT ? (size_t)row.hints < t.item->n_hints : !row.gave_up;
	if (kind == EVENT_HINT && !more)
		return err_set(err, ERR_CONFLICT, "there are no more hints");
	row.hints += kind == EVENT_HINT;
	row.gave_up |= kind == EVENT_SOLUTION;
	return (!more || task_record(pr, who, &t, kind, &row, err)) && task_state(pr, rd, &t, out, err);
}

bool task_hint(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, struct buf *out,
               struct err *err)
{
	return help(pr, rd, who, attempt, item, EVENT_HINT, out, err);
}
bool task_solution(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, struct buf *out,
                   struct err *err)
{
	return help(pr, rd, who, attempt, item, EVENT_SOLUTION, out, err);
}
