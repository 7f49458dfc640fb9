/* The box that an author has open on a task: runs a script of the task's folder in it, and the grader on it, both as the folder has them
 * now. See author.h.
 *
 * The box itself is that of a study session, opened, reset and entered through the ordinary routes. What an author adds is that they need
 * not begin anew for each change of a script or of the grader, and that they are told everything: what a script printed, and where a
 * grader broke. */
#include "graders/client/prepare.h"
#include "proctor/author_internal.h"
#include "proctor/task_internal.h"
#include "store/event.h"
#include <stdio.h>
#include <sys/wait.h>

#define LOCK_WAIT_MS (70 * MS_SECOND)
#define SCRIPT_MS 60000
#define SCRIPT_SIZE_MAX (256u << 10)
#define OUTPUT_MAX (256u << 10)

/* The box, ours alone. */
struct bench {
	struct task_ref t;
	struct box_hold hold;
	struct borrowed b;
	struct box_row row;
};

static void bench_finish(struct bench *b)
{
	borrowed_finish(&b->b);
	box_hold_finish(&b->hold);
	task_ref_finish(&b->t);
}
#define _cleanup_bench_ __attribute__((cleanup(bench_finish)))

static bool take(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, struct bench *ret,
                 struct err *err)
{
	ret->b.pr = pr;
	if (!task_find(pr, rd, who, attempt, item, TASK_STUDY, &ret->t, err) ||
	    !box_lock(pr, ret->t.v.row.key, ret->t.index, LOCK_WAIT_MS, err))
		return false;
	ret->hold = (struct box_hold){pr, ret->t.v.row.key, ret->t.index};
	return boxes_borrow(pr, &ret->b.s, err) && box_ensure(pr, rd, ret->b.s, who, &ret->t, &ret->row, err);
}

/* A file of the task's folder, as it is now. */
static bool read_part(const struct author *a, const struct bench *b, const char *name, size_t size_max, struct buf *out, struct err *err)
{
	struct str folder = str_of(b->t.item->file);
	const char *slash = strrchr(b->t.item->file, '/');
	if (!slash)
		return err_set(err, ERR_NOT_FOUND, "the task has no folder");
	_cleanup_free_ char *path = xasprintf("%.*s/%s", (int)(slash - folder.p), folder.p, name);
	*out = BUF(size_max);
	return workspace_read(a->workspace, path, out, NULL, err) && buf_check(out, path, err);
}

/* ---- Scripts ---- */

/* "solution", "alt/WAY", "wrong/WHY": the folders that hold a run.sh. */
static bool is_variant(const char *name)
{
	struct str s = str_of(name);
	if (str_is(s, "solution"))
		return true;
	size_t skip = str_starts(s, "alt/") ? 4 : str_starts(s, "wrong/") ? 6 : 0;
	return skip && str_is_id(str_sub(s, skip, s.len));
}

/* What a program in a box printed, as text that can be shown. */
static void add_shown(struct buf *out, struct str text)
{
	while (text.len) {
		size_t good = text.len;
		if (str_is_utf8(text, &good))
			good = text.len;
		for (size_t i = 0; i < good; i++) {
			unsigned char c = (unsigned char)text.p[i];
			if ((c >= ' ' && c != 0x7f) || c == '\n' || c == '\t')
				buf_addc(out, (char)c);
		}
		if (good < text.len)
			buf_adds(out, "\xef\xbf\xbd");
		text = str_sub(text, good + (good < text.len), text.len);
	}
}

static void script_json(const struct prepare_result *r, struct buf *out)
{
	_cleanup_buf_ struct buf shown = BUF(OUTPUT_MAX), ended = BUF(1024);
	bool ok = r->script.status == 0 && !r->script.limit;
	add_shown(&shown, buf_str(&r->script.out));
	add_shown(&shown, buf_str(&r->script.err));
	if (!ok)
		prepare_describe(r, &ended);
	_cleanup_json_ cJSON *json = json_object();
	json_set_bool(json, "ok", ok);
	json_set_str(json, "ended", ok ? NULL : ended.p);
	json_set_str(json, "output", shown.len ? shown.p : "");
	json_set_i64(json, "ms", r->ms);
	json_print(json, out);
}

bool author_bench_run(struct author *a, struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt,
                      const char *item, const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"variant", NULL};
	_cleanup_bench_ struct bench b = {0};
	_cleanup_buf_ struct buf script = {0};
	_cleanup_(prepare_result_finish) struct prepare_result r = {0};
	const char *variant;
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "variant", 80, &variant, err))
		return false;
	if (!is_variant(variant))
		return err_set(err, ERR_INVALID, "variant must be solution, alt/WAY or wrong/WHY");
	_cleanup_free_ char *name = xasprintf("%s/run.sh", variant);
	if (!take(pr, rd, who, attempt, item, &b, err) || !read_part(a, &b, name, SCRIPT_SIZE_MAX, &script, err))
		return false;
	struct str text = buf_str(&script);
	if (!prepare_run(b.b.s, b.row.name, text, prepare_user(text, b.t.task->user), b.t.task->values, SCRIPT_MS, &r, err))
		return false;
	script_json(&r, out);
	return buf_check(out, "what the script printed", err);
}

/* ---- The grader ---- */

bool author_bench_grade(struct author *a, struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt,
                        const char *item, struct buf *out, struct err *err)
{
	_cleanup_bench_ struct bench b = {0};
	_cleanup_buf_ struct buf lua = {0};
	struct grade_result result = {0};
	if (!take(pr, rd, who, attempt, item, &b, err) || !read_part(a, &b, "grader.lua", GRADE_LUA_MAX, &lua, err) ||
	    !task_grade_now(pr, b.b.s, &b.t, b.row.name, buf_str(&lua), &result, err))
		return false;
	grade_result_json(&result, out);
	grade_result_finish(&result);
	return buf_check(out, "what the grader said", err);
}
