/* Reads what encode.c wrote. The bytes may have been changed since: everything is checked that code which uses a bank relies on.
 *
 * The readers carry a sticky failure: the first mistake is kept, and nothing is stored after it. */
#include "bank/bank.h"
#include "bank/load.h"
#include "bank/media.h"
#include "bank/task_tree.h"
#include "base/json.h"
#include <limits.h>
#include <math.h>

struct reader {
	struct err *err;
	bool ok;
};

static void fail(struct reader *r, const char *key, const char *what)
{
	if (r->ok)
		err_set(r->err, ERR_INVALID, "stored bank: %s %s", key, what);
	r->ok = false;
}

static const cJSON *get(const cJSON *obj, const char *key)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(obj, key);
	return v && !cJSON_IsNull(v) ? v : NULL;
}

static char *get_str(struct reader *r, const cJSON *obj, const char *key)
{
	const cJSON *v = get(obj, key);
	if (!v)
		return NULL;
	if (!cJSON_IsString(v)) {
		fail(r, key, "must be a string");
		return NULL;
	}
	return xstrdup(v->valuestring);
}

/* Never NULL. */
static char *need_str(struct reader *r, const cJSON *obj, const char *key)
{
	char *s = get_str(r, obj, key);
	if (s)
		return s;
	fail(r, key, "is missing");
	return xstrdup("");
}

static int64_t get_int(struct reader *r, const cJSON *obj, const char *key, int64_t min, int64_t max, int64_t otherwise)
{
	const cJSON *v = get(obj, key);
	if (!v)
		return otherwise;
	if (cJSON_IsNumber(v) && v->valuedouble == floor(v->valuedouble) && v->valuedouble >= (double)min && v->valuedouble <= (double)max)
		return (int64_t)v->valuedouble;
	fail(r, key, "must be a whole number in its range");
	return otherwise;
}

static double get_double(struct reader *r, const cJSON *obj, const char *key, double otherwise)
{
	const cJSON *v = get(obj, key);
	if (v && !cJSON_IsNumber(v))
		fail(r, key, "must be a number");
	return v && cJSON_IsNumber(v) ? v->valuedouble : otherwise;
}

static bool get_bool(struct reader *r, const cJSON *obj, const char *key, bool otherwise)
{
	const cJSON *v = get(obj, key);
	if (v && !cJSON_IsBool(v))
		fail(r, key, "must be true or false");
	return v && cJSON_IsBool(v) ? cJSON_IsTrue(v) : otherwise;
}

/* The array's zeroed storage of `size` bytes an element; NULL and 0 when it is missing or empty. */
static void *get_array(struct reader *r, const cJSON *obj, const char *key, size_t max, size_t size, const cJSON **ret_first, size_t *ret_n)
{
	const cJSON *v = get(obj, key);
	size_t n = 0;
	*ret_first = NULL;
	*ret_n = 0;
	if (v && !cJSON_IsArray(v))
		fail(r, key, "must be an array");
	if (!v || !cJSON_IsArray(v))
		return NULL;
	for (const cJSON *c = v->child; c; c = c->next)
		n++;
	if (n > max) {
		fail(r, key, "has too many elements");
		return NULL;
	}
	if (!n)
		return NULL;
	*ret_first = v->child;
	*ret_n = n;
	return xcalloc(n, size);
}

static char **get_strings(struct reader *r, const cJSON *obj, const char *key, size_t max, size_t *ret_n)
{
	const cJSON *c;
	char **list = get_array(r, obj, key, max, sizeof *list, &c, ret_n);
	for (size_t i = 0; i < *ret_n; i++, c = c->next) {
		if (!cJSON_IsString(c))
			fail(r, key, "must hold strings");
		list[i] = xstrdup(cJSON_IsString(c) ? c->valuestring : "");
	}
	return list;
}

/* ---- items ---- */

static struct item_option *get_options(struct reader *r, const cJSON *obj, const char *key, size_t *ret_n)
{
	const cJSON *c;
	struct item_option *list = get_array(r, obj, key, BANK_OPTIONS_MAX, sizeof *list, &c, ret_n);
	for (size_t i = 0; i < *ret_n; i++, c = c->next) {
		struct item_option *o = &list[i];
		o->html = need_str(r, c, "html");
		o->text = get_str(r, c, "text");
		if (!o->text)
			o->text = xstrdup(o->html);
		o->feedback_html = get_str(r, c, "feedback");
		o->key = get_bool(r, c, "key", false);
		o->pin = get_bool(r, c, "pin", false);
		o->match = (int)get_int(r, c, "match", -1, BANK_OPTIONS_MAX, -1);
	}
	return list;
}

static struct item_text *get_texts(struct reader *r, const cJSON *obj, const char *key, size_t *ret_n)
{
	const cJSON *c;
	struct item_text *list = get_array(r, obj, key, BANK_OPTIONS_MAX, sizeof *list, &c, ret_n);
	for (size_t i = 0; i < *ret_n; i++, c = c->next) {
		list[i].pattern = need_str(r, c, "pattern");
		list[i].regex = get_bool(r, c, "regex", false);
		list[i].ignore_case = get_bool(r, c, "ignore_case", false);
		list[i].credit_m = (int)get_int(r, c, "credit_m", 1, 1000, 1000);
		list[i].reason_html = get_str(r, c, "reason");
	}
	return list;
}

static void get_numbers(struct reader *r, const cJSON *obj, struct item *item)
{
	const cJSON *c;
	item->numbers = get_array(r, obj, "numbers", BANK_OPTIONS_MAX, sizeof *item->numbers, &c, &item->n_numbers);
	for (size_t i = 0; i < item->n_numbers; i++, c = c->next) {
		item->numbers[i].lo = get_double(r, c, "lo", 0);
		item->numbers[i].hi = get_double(r, c, "hi", 0);
		item->numbers[i].unit = get_str(r, c, "unit");
	}
}

static void get_blanks(struct reader *r, const cJSON *obj, struct item *item)
{
	const cJSON *c;
	item->blanks = get_array(r, obj, "blanks", BANK_OPTIONS_MAX, sizeof *item->blanks, &c, &item->n_blanks);
	for (size_t i = 0; i < item->n_blanks; i++, c = c->next) {
		item->blanks[i].options = get_options(r, c, "options", &item->blanks[i].n_options);
		item->blanks[i].texts = get_texts(r, c, "texts", &item->blanks[i].n_texts);
	}
}

static void get_regions(struct reader *r, const cJSON *obj, struct item *item)
{
	const cJSON *c;
	item->regions = get_array(r, obj, "regions", BANK_OPTIONS_MAX, sizeof *item->regions, &c, &item->n_regions);
	for (size_t i = 0; i < item->n_regions; i++, c = c->next) {
		struct item_region *region = &item->regions[i];
		region->id = need_str(r, c, "id");
		region->label = need_str(r, c, "label");
		region->shape = (enum region_shape)get_int(r, c, "shape", REGION_RECT, REGION_POLY, REGION_RECT);
		region->correct = get_bool(r, c, "correct", false);
		const cJSON *at = get(c, "at");
		for (const cJSON *v = cJSON_IsArray(at) ? at->child : NULL; v; v = v->next) {
			if (!cJSON_IsNumber(v) || v->valuedouble < 0 || v->valuedouble > 1 << 20 || region->n_at >= (int)ARRAY_SIZE(region->at)) {
				fail(r, "at", "must hold few whole numbers");
				break;
			}
			region->at[region->n_at++] = (int)v->valuedouble;
		}
		int least = region->shape == REGION_RECT ? 4 : region->shape == REGION_CIRCLE ? 3 : 6;
		if (region->n_at < least)
			fail(r, "at", "has too few numbers");
	}
}

static bool is_hash(const char *s)
{
	return strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

static void get_task_files(struct reader *r, const cJSON *obj, struct task *task)
{
	const cJSON *c;
	task->files = get_array(r, obj, "files", TASK_FILES_MAX, sizeof *task->files, &c, &task->n_files);
	for (size_t i = 0; i < task->n_files; i++, c = c->next) {
		struct task_file *f = &task->files[i];
		f->path = need_str(r, c, "path");
		f->hash = need_str(r, c, "hash");
		f->executable = get_bool(r, c, "executable", false);
		f->size = (size_t)get_int(r, c, "size", 0, TASK_FILE_MAX, 0);
		if (f->path[0] != '/' || strlen(f->path) > TASK_PATH_MAX || strstr(f->path, "/../") || !is_hash(f->hash))
			fail(r, "files", "are not files of a task");
	}
}

static void get_ports(struct reader *r, const cJSON *obj, struct task *task)
{
	const cJSON *c;
	task->ports = get_array(r, obj, "ports", 100, sizeof *task->ports, &c, &task->n_ports);
	for (size_t i = 0; i < task->n_ports; i++, c = c->next) {
		if (!cJSON_IsNumber(c) || !(c->valuedouble >= 1 && c->valuedouble <= 65535))
			fail(r, "ports", "must hold numbers of ports");
		else
			task->ports[i] = (int)c->valuedouble;
	}
}

/* Values become environment and the grader's globals: an object of texts and numbers. */
static bool is_values(const char *text)
{
	struct err err;
	_cleanup_json_ cJSON *json = NULL;
	if (!json_parse(str_of(text), &json, &err) || !cJSON_IsObject(json))
		return false;
	for (const cJSON *v = json->child; v; v = v->next)
		if (!cJSON_IsString(v) && !cJSON_IsNumber(v))
			return false;
	return true;
}

static struct task *get_task(struct reader *r, const cJSON *obj)
{
	const cJSON *own = get(obj, "task");
	size_t n;
	if (!own)
		return NULL;
	struct task *task = xcalloc(1, sizeof *task);
	task->image = need_str(r, own, "image");
	task->user = need_str(r, own, "user");
	char **limits = get_strings(r, own, "limits", 16, &n);
	if (n)
		limits = xrealloc(limits, n + 1, sizeof *limits);
	if (n)
		limits[n] = NULL;
	task->limits = limits;
	task->time_ms = get_int(r, own, "time_ms", 0, INT64_C(7) * 24 * 3600 * 1000, 0);
	task->commands = get_strings(r, own, "commands", 100, &task->n_commands);
	task->checklist_html = get_strings(r, own, "checklist", BANK_OPTIONS_MAX, &task->n_checklist);
	task->docs = get_strings(r, own, "docs", 100, &task->n_docs);
	get_ports(r, own, task);
	task->setup_sh = get_str(r, own, "setup");
	task->grader_lua = need_str(r, own, "grader");
	task->solution_sh = need_str(r, own, "solution");
	get_task_files(r, own, task);
	task->values = get_str(r, own, "values");
	if (task->values && !is_values(task->values))
		fail(r, "values", "are not an object of texts and numbers");
	task->check_ids = get_str(r, own, "checks");
	_cleanup_free_ char *hash = need_str(r, own, "hash");
	if (is_hash(hash))
		memcpy(task->hash, hash, sizeof task->hash);
	else
		fail(r, "hash", "is not one");
	return task;
}

/* What marking and drawing take for granted. */
static void check_item(struct reader *r, const struct item *item)
{
	bool matches = item->kind == ITEM_MATCHING || item->kind == ITEM_GRID;
	for (size_t i = 0; i < item->n_options; i++)
		if (item->options[i].match >= (int)item->n_targets || (matches && item->options[i].match < 0))
			fail(r, "match", "is out of range");
	if ((item->kind == ITEM_TASK) != (item->task != NULL))
		fail(r, "task", "belongs to hands-on tasks");
	if (item->kind == ITEM_NUMERIC && !item->n_numbers)
		fail(r, "numbers", "are missing");
	if (item->kind == ITEM_TEXT && !item->n_texts)
		fail(r, "texts", "are missing");
	if (item->kind == ITEM_CLOZE && !item->n_blanks)
		fail(r, "blanks", "are missing");
	if (item->kind == ITEM_HOTSPOT && (!item->n_regions || !item->image_html))
		fail(r, "regions", "are missing");
	if ((item->kind <= ITEM_MATCHING) && !item->n_options)
		fail(r, "options", "are missing");
	for (size_t i = 0; i < item->n_blanks; i++)
		if (!item->blanks[i].n_options == !item->blanks[i].n_texts)
			fail(r, "blanks", "must have either options or texts");
}

static void read_item(struct reader *r, const cJSON *obj, struct item *item)
{
	item->id = need_str(r, obj, "id");
	item->title = need_str(r, obj, "title");
	item->domain = need_str(r, obj, "domain");
	item->objective = get_str(r, obj, "objective");
	item->family = need_str(r, obj, "family");
	item->case_id = get_str(r, obj, "case");
	item->tags = get_strings(r, obj, "tags", 64, &item->n_tags);
	const cJSON *kind = get(obj, "kind");
	int k = ITEM_KINDS;
	while (cJSON_IsString(kind) && k > 0 && strcmp(item_kind_name((enum item_kind)(k - 1)), kind->valuestring) != 0)
		k--;
	if (!cJSON_IsString(kind) || k == 0) {
		fail(r, "kind", "is not known");
		k = 1;
	}
	item->kind = (enum item_kind)(k - 1);
	item->status = (enum item_status)get_int(r, obj, "status", ITEM_ACTIVE, ITEM_STATUSES - 1, ITEM_ACTIVE);
	item->partial = (enum partial_rule)get_int(r, obj, "partial", PARTIAL_UNSET, PARTIAL_COVERAGE, PARTIAL_UNSET);
	item->difficulty = (int)get_int(r, obj, "difficulty", 0, 5, 0);
	item->points_m = get_int(r, obj, "points_m", 1, INT64_C(1000) * BANK_POINTS_MAX, 1000);
	item->shuffle = get_bool(r, obj, "shuffle", true);
	item->select = (int)get_int(r, obj, "select", 0, BANK_OPTIONS_MAX, 0);
	item->ignore_case = get_bool(r, obj, "ignore_case", false);
	item->stem_html = need_str(r, obj, "stem");
	item->options = get_options(r, obj, "options", &item->n_options);
	item->targets = get_options(r, obj, "targets", &item->n_targets);
	get_numbers(r, obj, item);
	item->units = get_strings(r, obj, "units", BANK_OPTIONS_MAX, &item->n_units);
	item->texts = get_texts(r, obj, "texts", &item->n_texts);
	get_blanks(r, obj, item);
	item->image_html = get_str(r, obj, "image");
	item->image_w = (int)get_int(r, obj, "image_w", 0, MEDIA_SIDE_MAX, 0);
	item->image_h = (int)get_int(r, obj, "image_h", 0, MEDIA_SIDE_MAX, 0);
	get_regions(r, obj, item);
	item->task = get_task(r, obj);
	item->rubric_html = get_str(r, obj, "rubric");
	item->explanation_html = get_str(r, obj, "explanation");
	item->references_html = get_str(r, obj, "references");
	item->hints_html = get_strings(r, obj, "hints", 64, &item->n_hints);
	item->params_lua = get_str(r, obj, "params");
	item->source = get_str(r, obj, "source");
	item->file = need_str(r, obj, "file");
	item->line = item->place = (int)get_int(r, obj, "place", 0, BANK_ITEMS_MAX, 0);
	check_item(r, item);
}

bool item_decode(struct str bytes, struct item **ret, struct err *err)
{
	_cleanup_json_ cJSON *json = NULL;
	if (!json_parse(bytes, &json, err))
		return false;
	if (!cJSON_IsObject(json))
		return err_set(err, ERR_INVALID, "stored item: not an object");
	struct reader r = {err, true};
	_cleanup_(item_destroyp) struct item *item = xcalloc(1, sizeof *item);
	read_item(&r, json, item);
	if (!r.ok)
		return false;
	*ret = take_ptr(item);
	return true;
}

/* ---- blueprints ---- */

#define MS_MAX (INT64_C(1) << 52)

static struct span read_span(struct reader *r, const cJSON *obj)
{
	return (struct span){get_int(r, obj, "ms", 0, MS_MAX, 0), (int)get_int(r, obj, "months", 0, 12000, 0)};
}

static void read_sections(struct reader *r, const cJSON *obj, struct blueprint *bp)
{
	const cJSON *c;
	bp->sections = get_array(r, obj, "sections", 100, sizeof *bp->sections, &c, &bp->n_sections);
	for (size_t i = 0; i < bp->n_sections; i++, c = c->next) {
		struct blueprint_section *s = &bp->sections[i];
		s->id = need_str(r, c, "id");
		s->title = need_str(r, c, "title");
		s->is_break = get_bool(r, c, "is_break", false);
		s->clock_stopped = get_bool(r, c, "clock_stopped", false);
		s->no_return = get_bool(r, c, "no_return", false);
		s->items = (int)get_int(r, c, "items", 0, 10000, 0);
		s->duration_ms = get_int(r, c, "duration_ms", 0, MS_MAX, 0);
		s->domains = get_strings(r, c, "domains", 256, &s->n_domains);
	}
}

static void read_scoring(struct reader *r, const cJSON *obj, struct blueprint *bp)
{
	bp->method = (enum score_method)get_int(r, obj, "method", SCORE_PERCENT, SCORE_PASS_FAIL, SCORE_PERCENT);
	bp->score_min = get_double(r, obj, "score_min", 0);
	bp->score_max = get_double(r, obj, "score_max", 0);
	bp->cut = get_double(r, obj, "cut", 0);
	bp->partial = (int)get_int(r, obj, "partial", PARTIAL_UNSET, PARTIAL_COVERAGE, PARTIAL_UNSET);
	bp->negative = get_double(r, obj, "negative", 0);
	bp->shuffle_items = get_bool(r, obj, "shuffle_items", false);
	bp->shuffle_options = get_bool(r, obj, "shuffle_options", false);
	bp->docs = (enum docs_rule)get_int(r, obj, "docs", DOCS_CLOSED, DOCS_OPEN, DOCS_CLOSED);
	bp->doc_urls = get_strings(r, obj, "doc_urls", 100, &bp->n_doc_urls);
	bp->confidence = get_bool(r, obj, "confidence", false);
	bp->essays = get_bool(r, obj, "essays", false);
	bp->markers = (int)get_int(r, obj, "markers", 1, 2, 1);
	bp->tolerance_m = get_int(r, obj, "tolerance_m", 0, 1000000, 0);
	bp->tolerance_percent = get_bool(r, obj, "tolerance_percent", false);
	bp->show = (enum report_show)get_int(r, obj, "show", REPORT_PASS_FAIL, REPORT_QUESTIONS, REPORT_PASS_FAIL);
	bp->explanations = get_bool(r, obj, "explanations", false);
	bp->release_after_ms = get_int(r, obj, "release_after_ms", 0, MS_MAX, 0);
	if (!(bp->negative >= 0 && bp->negative <= 1) || !(bp->score_max >= bp->score_min))
		fail(r, "scoring", "is out of range");
}

static void read_rules(struct reader *r, const cJSON *obj, struct blueprint *bp)
{
	const cJSON *c;
	bp->retake_waits = get_array(r, obj, "retake_waits", 100, sizeof *bp->retake_waits, &c, &bp->n_retake_waits);
	for (size_t i = 0; i < bp->n_retake_waits; i++, c = c->next)
		bp->retake_waits[i] = read_span(r, c);
	bp->retake_max = (int)get_int(r, obj, "retake_max", 0, 10000, 0);
	bp->retake_per = read_span(r, get(obj, "retake_per"));
	bp->lock_after_pass = read_span(r, get(obj, "lock_after_pass"));
	bp->certificate = get_bool(r, obj, "certificate", false);
	bp->valid = read_span(r, get(obj, "valid"));
	bp->renew_window = read_span(r, get(obj, "renew_window"));
	bp->renew_exam = get_str(r, obj, "renew_exam");
	bp->renew_extends_expiry = get_bool(r, obj, "renew_extends_expiry", false);
	bp->effective_from_ms = get_int(r, obj, "effective_from_ms", -MS_MAX, MS_MAX, 0);
	bp->effective_until_ms = get_int(r, obj, "effective_until_ms", -MS_MAX, MS_MAX, 0);
}

static void read_exam(struct reader *r, const cJSON *obj, struct blueprint *bp)
{
	const cJSON *c;
	bp->id = need_str(r, obj, "id");
	bp->title = need_str(r, obj, "title");
	bp->description = get_str(r, obj, "description");
	bp->note = get_str(r, obj, "note");
	bp->kind = (enum blueprint_kind)get_int(r, obj, "kind", BLUEPRINT_PRACTICE, BLUEPRINT_PRESET, BLUEPRINT_PRACTICE);
	bp->items_min = (int)get_int(r, obj, "items_min", 0, 10000, 0);
	bp->items_max = (int)get_int(r, obj, "items_max", 0, 10000, 0);
	bp->unscored = (int)get_int(r, obj, "unscored", 0, 10000, 0);
	bp->tasks_min = (int)get_int(r, obj, "tasks_min", 0, 10000, 0);
	bp->tasks_max = (int)get_int(r, obj, "tasks_max", 0, INT_MAX, 0);
	bp->duration_ms = get_int(r, obj, "duration_ms", 0, MS_MAX, 0);
	bp->grace_ms = get_int(r, obj, "grace_ms", 0, MS_MAX, 0);
	bp->mode_exam = get_bool(r, obj, "mode_exam", false);
	bp->mode_study = get_bool(r, obj, "mode_study", false);
	bp->no_return = get_bool(r, obj, "no_return", false);
	bp->weights = get_array(r, obj, "weights", 256, sizeof *bp->weights, &c, &bp->n_weights);
	for (size_t i = 0; i < bp->n_weights; i++, c = c->next)
		bp->weights[i] = (struct blueprint_weight){need_str(r, c, "domain"), get_double(r, c, "lo", -1), get_double(r, c, "hi", -1)};
	read_sections(r, obj, bp);
	read_scoring(r, obj, bp);
	read_rules(r, obj, bp);
	if (bp->items_max < bp->items_min || bp->unscored > bp->items_min || bp->tasks_max < bp->tasks_min)
		fail(r, "items", "is out of range");
}

/* ---- the bank ---- */

static void read_domains(struct reader *r, const cJSON *obj, struct bank *bank)
{
	const cJSON *c, *o;
	bank->domains = get_array(r, obj, "domains", 256, sizeof *bank->domains, &c, &bank->n_domains);
	for (size_t i = 0; i < bank->n_domains; i++, c = c->next) {
		struct bank_domain *d = &bank->domains[i];
		d->id = need_str(r, c, "id");
		d->title = need_str(r, c, "title");
		d->objectives = get_array(r, c, "objectives", 256, sizeof *d->objectives, &o, &d->n_objectives);
		for (size_t k = 0; k < d->n_objectives; k++, o = o->next)
			d->objectives[k] = (struct bank_objective){need_str(r, o, "id"), need_str(r, o, "title")};
	}
}

static void read_media(struct reader *r, const cJSON *obj, struct bank *bank)
{
	const cJSON *c;
	bank->media = get_array(r, obj, "media", SCAN_FILES_MAX, sizeof *bank->media, &c, &bank->n_media);
	for (size_t i = 0; i < bank->n_media; i++, c = c->next) {
		struct bank_media *m = &bank->media[i];
		m->path = need_str(r, c, "path");
		m->hash = need_str(r, c, "hash");
		m->width = (int)get_int(r, c, "width", 0, MEDIA_SIDE_MAX, 0);
		m->height = (int)get_int(r, c, "height", 0, MEDIA_SIDE_MAX, 0);
		m->size = (size_t)get_int(r, c, "size", 0, MEDIA_SIZE_MAX, 0);
		const char *dot = strrchr(m->path, '.');
		m->mime = dot ? media_mime(strcmp(dot + 1, "jpeg") == 0 ? "jpg" : dot + 1) : NULL;
		if (!m->mime || !is_hash(m->hash))
			fail(r, "media", "is not a picture");
	}
}

static void read_images(struct reader *r, const cJSON *obj, struct bank *bank)
{
	const cJSON *c;
	bank->images = get_array(r, obj, "images", 20, sizeof *bank->images, &c, &bank->n_images);
	for (size_t i = 0; i < bank->n_images; i++, c = c->next) {
		bank->images[i].name = need_str(r, c, "name");
		bank->images[i].suite = need_str(r, c, "suite");
		bank->images[i].packages = get_strings(r, c, "packages", 64, &bank->images[i].n_packages);
	}
}

static void read_pages(struct reader *r, const cJSON *obj, struct bank *bank)
{
	const cJSON *c;
	bank->cases = get_array(r, obj, "cases", SCAN_FILES_MAX, sizeof *bank->cases, &c, &bank->n_cases);
	for (size_t i = 0; i < bank->n_cases; i++, c = c->next)
		bank->cases[i] = (struct bank_case){need_str(r, c, "id"), need_str(r, c, "title"), need_str(r, c, "html")};
	bank->docs = get_array(r, obj, "docs", SCAN_FILES_MAX, sizeof *bank->docs, &c, &bank->n_docs);
	for (size_t i = 0; i < bank->n_docs; i++, c = c->next)
		bank->docs[i] = (struct bank_doc){need_str(r, c, "id"), need_str(r, c, "title"), need_str(r, c, "html"), need_str(r, c, "text")};
	bank->exams = get_array(r, obj, "exams", 1000, sizeof *bank->exams, &c, &bank->n_exams);
	for (size_t i = 0; i < bank->n_exams; i++, c = c->next)
		read_exam(r, c, &bank->exams[i]);
}

/* Lookups search in sorted arrays. */
static void check_order(struct reader *r, const void *list, size_t n, size_t size, const char *what)
{
	const char *p = list;
	for (size_t i = 1; i < n; i++)
		if (strcmp(*(char *const *)(p + (i - 1) * size), *(char *const *)(p + i * size)) >= 0)
			fail(r, what, "are not in order");
}

static void read_bank(struct reader *r, const cJSON *obj, struct bank *bank)
{
	const cJSON *c;
	if (get_int(r, obj, "format", 1, 1, 0) != 1)
		fail(r, "format", "is another one");
	bank->id = need_str(r, obj, "id");
	bank->title = need_str(r, obj, "title");
	bank->description = get_str(r, obj, "description");
	bank->version = get_str(r, obj, "version");
	bank->license = get_str(r, obj, "license");
	bank->language = need_str(r, obj, "language");
	bank->authors = get_strings(r, obj, "authors", 256, &bank->n_authors);
	read_domains(r, obj, bank);
	read_media(r, obj, bank);
	read_images(r, obj, bank);
	read_pages(r, obj, bank);
	bank->items = get_array(r, obj, "items", BANK_ITEMS_MAX, sizeof *bank->items, &c, &bank->n_items);
	for (size_t i = 0; i < bank->n_items; i++, c = c->next)
		read_item(r, c, &bank->items[i]);
	check_order(r, bank->items, bank->n_items, sizeof *bank->items, "items");
	check_order(r, bank->cases, bank->n_cases, sizeof *bank->cases, "cases");
	check_order(r, bank->docs, bank->n_docs, sizeof *bank->docs, "docs");
	check_order(r, bank->exams, bank->n_exams, sizeof *bank->exams, "exams");
	check_order(r, bank->media, bank->n_media, sizeof *bank->media, "media");
	for (size_t i = 0; i < bank->n_items && r->ok; i++)
		if (!bank_domain(bank, bank->items[i].domain) || (bank->items[i].case_id && !bank_case(bank, bank->items[i].case_id)))
			fail(r, bank->items[i].id, "names a domain or a case that is not there");
}

bool bank_decode(struct str bytes, struct bank **ret, struct err *err)
{
	_cleanup_json_ cJSON *json = NULL;
	if (!json_parse(bytes, &json, err))
		return false;
	if (!cJSON_IsObject(json))
		return err_set(err, ERR_INVALID, "stored bank: not an object");
	struct reader r = {err, true};
	_cleanup_bank_ struct bank *bank = xcalloc(1, sizeof *bank);
	read_bank(&r, json, bank);
	if (!r.ok)
		return false;
	*ret = take_ptr(bank);
	return true;
}
