/* proof.json: what `assay task test --write` found out in real boxes. See docs/authors/tasks.md.
 *
 * A proof is about a folder's content, by its hash. It also says what the grader's checks are, which nothing in the engine can find out by
 * itself: it runs no Lua. */
#include "bank/task.h"
#include "base/json.h"
#include <math.h>

struct proof {
	const cJSON *checks, *variants;
	double points;
};

static bool is_check_id(const char *s)
{
	size_t n = strlen(s);
	return n >= 1 && n <= 64 && strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == n;
}

/* "owner=1 content=3", and the sum. */
static bool read_checks(struct proof *p, struct task *task, struct err *err)
{
	_cleanup_buf_ struct buf ids = BUF((size_t)TASK_CHECKS_MAX * 100);
	for (const cJSON *c = p->checks->child; c; c = c->next) {
		const char *id;
		double points = -1;
		if (!json_get_str(c, "checks", "id", 64, &id, err) || !json_opt_double(c, "checks", "points", 0, BANK_POINTS_MAX, &points, err))
			return false;
		if (!is_check_id(id) || points < 0)
			return err_set(err, ERR_INVALID, "checks: each has an id and its points");
		buf_addf(&ids, "%s%s=%.10g", ids.len ? " " : "", id, points);
		p->points += points;
	}
	if (!(p->points > 0) || p->points > BANK_POINTS_MAX)
		return err_set(err, ERR_INVALID, "the points of the checks must be above 0, and at most %d", BANK_POINTS_MAX);
	task->check_ids = buf_take(&ids, NULL);
	return true;
}

static bool has_check(const struct proof *p, const char *id)
{
	for (const cJSON *c = p->checks->child; c; c = c->next) {
		const cJSON *own = cJSON_GetObjectItemCaseSensitive(c, "id");
		if (cJSON_IsString(own) && strcmp(own->valuestring, id) == 0)
			return true;
	}
	return false;
}

static const cJSON *variant(const struct proof *p, const char *name)
{
	for (const cJSON *v = p->variants->child; v; v = v->next) {
		const cJSON *own = cJSON_GetObjectItemCaseSensitive(v, "name");
		if (cJSON_IsString(own) && strcmp(own->valuestring, name) == 0)
			return v;
	}
	return NULL;
}

static bool has_points(const struct proof *p, const char *name, double points, struct err *err)
{
	const cJSON *v = variant(p, name);
	double earned = -1;
	if (!v)
		return err_set(err, ERR_INVALID, "it does not say what '%s' earned", name);
	if (!json_opt_double(v, name, "points", 0, BANK_POINTS_MAX, &earned, err))
		return false;
	return fabs(earned - points) < 1e-9 || err_set(err, ERR_INVALID, "'%s' earned %.10g of %.10g points", name, earned, p->points);
}

static bool fails_exactly(const struct proof *p, const struct task_variant *v, struct err *err)
{
	const cJSON *one = variant(p, v->name), *fails;
	if (!one)
		return err_set(err, ERR_INVALID, "it does not say what '%s' failed", v->name);
	if (!json_get_array(one, v->name, "fails", TASK_CHECKS_MAX, &fails, err))
		return false;
	bool same = (size_t)cJSON_GetArraySize(fails) == v->n_fails;
	for (const cJSON *f = fails->child; f && same; f = f->next) {
		same = false;
		for (size_t i = 0; i < v->n_fails && cJSON_IsString(f); i++)
			same |= strcmp(f->valuestring, v->fails[i]) == 0;
	}
	return same || err_set(err, ERR_INVALID, "'%s' did not fail what its expect.yml says", v->name);
}

static bool read_proof(struct task_reader *r, const cJSON *json, struct proof *p, const char **ret_hash, struct err *err)
{
	const char *image;
	int64_t format;
	struct task *task = r->item.task;
	if (!cJSON_IsObject(json))
		return err_set(err, ERR_INVALID, "not an object");
	if (!json_get_i64(json, "proof", "format", 1, 1, &format, err) || !json_get_str(json, "proof", "task", 64, ret_hash, err) ||
	    !json_get_str(json, "proof", "image", 64, &image, err) ||
	    !json_get_array(json, "proof", "checks", TASK_CHECKS_MAX, &p->checks, err) ||
	    !json_get_array(json, "proof", "variants", TASK_VARIANTS_MAX + 2, &p->variants, err))
		return false;
	return read_checks(p, task, err);
}

static bool check_rules(struct task_reader *r, const struct proof *p, struct err *err)
{
	const struct task *task = r->item.task;
	if (!has_points(p, "solution", p->points, err) || !has_points(p, "untouched", 0, err))
		return false;
	for (size_t i = 0; i < task->n_variants; i++) {
		const struct task_variant *v = &task->variants[i];
		bool wrong = str_starts(str_of(v->name), "wrong/");
		if (wrong ? !fails_exactly(p, v, err) : !has_points(p, v->name, p->points, err))
			return false;
	}
	return true;
}

static bool is_expected(const struct task *task, const char *id)
{
	for (size_t i = 0; i < task->n_variants; i++)
		for (size_t k = 0; k < task->variants[i].n_fails; k++)
			if (strcmp(task->variants[i].fails[k], id) == 0)
				return true;
	return false;
}

/* What expect.yml names must be a check, and each check must be named. */
static void compare_with_checks(struct task_reader *r, const struct proof *p)
{
	const struct task *task = r->item.task;
	const char *names[TASK_CHECKS_MAX];
	size_t n = 0;
	for (const cJSON *c = p->checks->child; c && n < ARRAY_SIZE(names); c = c->next)
		names[n++] = cJSON_GetObjectItemCaseSensitive(c, "id")->valuestring;
	for (size_t i = 0; i < task->n_variants; i++)
		for (size_t k = 0; k < task->variants[i].n_fails; k++) {
			const char *id = task->variants[i].fails[k];
			if (has_check(p, id))
				continue;
			_cleanup_free_ char *path = xasprintf("%s/expect.yml", task->variants[i].name);
			task_wrong(r, "unknown-check", path, "the grader has no check '%.100s'", id);
			diags_did_you_mean(r->l->diags, str_of(id), names, n);
		}
	for (size_t i = 0; i < n; i++)
		if (!is_expected(task, names[i])) {
			task_warn(r, "unfailed-check", "grader.lua", "no wrong variant fails the check '%s': does it check anything?", names[i]);
			diags_help(r->l->diags, "write a wrong/WHY/run.sh that fails it");
		}
}

/* Nobody takes the task; its author may. */
static void unproved(struct task_reader *r, const char *code, const char *path, const char *why)
{
	if (r->l->draft)
		task_warn(r, code, path, "%s", why);
	else
		task_wrong(r, code, path, "%s", why);
	diags_help(r->l->diags, "run: assay task test --write %s", r->folder);
}

void task_read_proof(struct task_reader *r, bool needed)
{
	struct item *item = &r->item;
	struct tree_file *f = task_tree_find(&r->tree, "proof.json");
	struct proof p = {0};
	struct err err;
	const char *hash = NULL;
	_cleanup_json_ cJSON *json = NULL;
	if (!f) {
		if (needed)
			unproved(r, "no-proof", NULL, "nobody has proved that the grader is right about this task");
		return;
	}
	bool ok = json_parse((struct str){f->bytes, f->size}, &json, &err) && read_proof(r, json, &p, &hash, &err);
	if (needed && ok && strcmp(hash, item->task->hash) != 0)
		unproved(r, "old-proof", "proof.json", "the task has changed since it was proved");
	else if (needed && !(ok && check_rules(r, &p, &err)))
		unproved(r, "bad-proof", "proof.json", err.msg);
	if (!ok || strcmp(hash, item->task->hash) != 0)
		return;
	compare_with_checks(r, &p);
	if (!r->own_points)
		item->points_m = llround(p.points * 1000);
}
