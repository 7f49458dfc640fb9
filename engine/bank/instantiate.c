/* Drawing a parametrised item: its text with values put in, read again as a question. See bank_instantiate() in bank.h. */
#include "bank/question.h"
#include "base/json.h"
#include "base/mem.h"
#include <math.h>
#include <stdio.h>

#define INSTANCE_MAX (1024u << 10)

/* The values' text as it is put in: whole numbers without a point, others with up to 14 digits, as Lua prints them. */
static bool value_text(const cJSON *value, const char *name, struct buf *out, struct err *err)
{
	if (cJSON_IsString(value)) {
		buf_adds(out, value->valuestring);
		return true;
	}
	double v = value->valuedouble;
	if (!cJSON_IsNumber(value) || !isfinite(v))
		return err_set(err, ERR_INVALID, "the value of '%s' is neither a text nor a number", name);
	if (v == floor(v) && fabs(v) < 1e15)
		buf_addf(out, "%.0f", v == 0 ? 0.0 : v);
	else
		buf_addf(out, "%.14g", v);
	return true;
}

/* "@{" that no name and "}" follow stays as it is. */
static bool put_values_in(const char *source, const cJSON *values, struct buf *out, struct err *err)
{
	const char *p = source, *end = source + strlen(source);
	for (const char *mark = p; (mark = strstr(mark, "@{"));) {
		size_t n = question_mark(mark, (size_t)(end - mark));
		if (!n) {
			mark += 2;
			continue;
		}
		_cleanup_free_ char *name = xstrndup(mark + 2, n - 3);
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(values, name);
		if (!value)
			return err_set(err, ERR_INVALID, "the program returns no value '%s'", name);
		buf_add(out, p, (size_t)(mark - p));
		if (!value_text(value, name, out, err))
			return false;
		p = mark = mark + n;
	}
	buf_adds(out, p);
	return buf_check(out, "the drawn question", err);
}

/* The fields of the drawn item are those of the parametrised one. */
static struct item *copy_fields(const struct item *from)
{
	struct item *item = xcalloc(1, sizeof *item);
	item->id = xstrdup(from->id);
	item->title = xstrdup(from->title);
	item->domain = xstrdup(from->domain);
	item->objective = from->objective ? xstrdup(from->objective) : NULL;
	item->family = xstrdup(from->family);
	item->case_id = from->case_id ? xstrdup(from->case_id) : NULL;
	item->n_tags = from->n_tags;
	item->tags = from->n_tags ? xcalloc(from->n_tags, sizeof *item->tags) : NULL;
	for (size_t i = 0; i < from->n_tags; i++)
		item->tags[i] = xstrdup(from->tags[i]);
	item->kind = from->kind;
	item->status = from->status;
	item->partial = from->partial;
	item->difficulty = from->difficulty;
	item->points_m = from->points_m;
	item->shuffle = from->shuffle;
	item->select = from->select;
	item->ignore_case = from->ignore_case;
	item->image_html = from->image_html ? xstrdup(from->image_html) : NULL;
	item->image_w = from->image_w;
	item->image_h = from->image_h;
	item->n_regions = from->n_regions;
	item->regions = from->n_regions ? xcalloc(from->n_regions, sizeof *item->regions) : NULL;
	for (size_t i = 0; i < from->n_regions; i++) {
		item->regions[i] = from->regions[i];
		item->regions[i].id = xstrdup(from->regions[i].id);
		item->regions[i].label = xstrdup(from->regions[i].label);
	}
	item->task = from->task ? task_copy(from->task) : NULL;
	item->file = xstrdup(from->file);
	item->line = from->line;
	item->place = from->place;
	return item;
}

/* Two options that a candidate cannot tell apart: the same text, or the same number. */
static bool same_option(const struct item_option *a, const struct item_option *b)
{
	double x, y;
	if (strcmp(a->html, b->html) == 0)
		return true;
	return str_to_double(str_of(a->text), &x) && str_to_double(str_of(b->text), &y) && x == y;
}

static const char *find_same(const struct item_option *options, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			if (same_option(&options[i], &options[k]))
				return options[i].text;
	return NULL;
}

static bool check_distinct(const struct item *item, const struct item *original, struct err *err)
{
	const char *same = find_same(item->options, item->n_options);
	if (!same)
		same = find_same(item->targets, item->n_targets);
	for (size_t i = 0; i < item->n_blanks && !same; i++)
		same = find_same(item->blanks[i].options, item->blanks[i].n_options);
	if (same)
		return err_set(err, ERR_CONFLICT, "two options are equal: %s", same);
	if (item->n_targets != original->n_targets) /* matching: equal right sides fell into one */
		return err_set(err, ERR_CONFLICT, "two right sides are equal");
	return true;
}

static bool read_again(const struct bank *bank, const struct item *original, struct str text, struct item *item, struct err *err)
{
	struct diags diags = {0};
	struct source source = {.path = original->file, .bytes = text};
	struct lines lines = {0};
	struct markdown md = {.bank = bank, .diags = &diags, .file = original->file};
	lines_split(text, &lines);
	struct question q = {.bank = (struct bank *)bank,
	                     .diags = &diags,
	                     .md = &md,
	                     .source = &source,
	                     .lines = lines.list,
	                     .n_lines = lines.n,
	                     .item = item,
	                     .has_kind = true,
	                     .is_instance = true,
	                     .select = original->select,
	                     .at = text.p};
	bool ok = question_read_text(&q);
	if (!ok && diags.n)
		err_set(err, ERR_INVALID, "the drawn question: %s%s%s", diags.list[0].message, diags.list[0].source_line ? ": " : "",
		        diags.list[0].source_line ? diags.list[0].source_line : "");
	else if (!ok)
		err_set(err, ERR_INVALID, "the drawn question cannot be read");
	diags_finish(&diags);
	source_finish(&source);
	markdown_finish(&md);
	free(lines.list);
	return ok;
}

bool bank_instantiate(const struct bank *bank, const struct item *item, const char *values_json, struct item **ret, struct err *err)
{
	_cleanup_json_ cJSON *values = NULL;
	_cleanup_buf_ struct buf text = BUF(INSTANCE_MAX);
	if (!item->source)
		return err_set(err, ERR_INVALID, "the item '%s' has no parameters", item->id);
	if (!json_parse(str_of(values_json), &values, err))
		return false;
	if (!cJSON_IsObject(values))
		return err_set(err, ERR_INVALID, "the values are not an object");
	if (!put_values_in(item->source, values, &text, err))
		return false;
	if (memmem(text.p, text.len, "\xee\x80", 2))
		return err_set(err, ERR_INVALID, "a value holds a character of the private use area");
	_cleanup_(item_destroyp) struct item *drawn = copy_fields(item);
	if (!read_again(bank, item, buf_str(&text), drawn, err) || !check_distinct(drawn, item, err))
		return false;
	if (drawn->task)
		drawn->task->values = xstrdup(values_json);
	*ret = take_ptr(drawn);
	return true;
}
