/* Items as the interface shows them: what may be seen before an answer, and what after. docs/openapi.yaml has the shapes.
 *
 * Before: never a key, feedback, explanation, hint or the author's ids; areas of a hotspot are listed without telling which are right. */
#include "bank/unit.h"
#include "exam/internal.h"
#include <math.h>
#include <stdio.h>

static double points(int64_t m)
{
	return (double)m / 1000;
}

/* ---- Before ---- */

static void add_option(cJSON *list, const char *id, const struct item_option *o)
{
	cJSON *entry = json_object();
	json_set_str(entry, "id", id);
	json_set_str(entry, "html", o->html);
	json_add(list, entry);
}

static cJSON *options_json(const struct item_option *options, const size_t *order, char (*ids)[8], size_t n)
{
	cJSON *list = json_array();
	for (size_t k = 0; k < n; k++)
		add_option(list, ids[k], &options[order[k]]);
	return list;
}

static cJSON *blanks_json(const struct form_item *fi)
{
	cJSON *list = json_array();
	for (size_t b = 0; b < fi->item->n_blanks; b++) {
		const struct item_blank *blank = &fi->item->blanks[b];
		_cleanup_free_ char *id = xasprintf("%zu", b + 1);
		cJSON *entry = json_object();
		json_set_str(entry, "id", id);
		if (blank->n_options)
			json_set(entry, "choices", options_json(blank->options, fi->blank_orders[b], fi->blank_ids[b], blank->n_options));
		else
			json_set(entry, "choices", cJSON_CreateNull());
		json_add(list, entry);
	}
	return list;
}

/* Every region as a point that stands for it, for people who cannot see the picture. */
static cJSON *areas_json(const struct form_item *fi)
{
	cJSON *list = json_array();
	int x, y;
	for (size_t k = 0; k < fi->item->n_regions; k++) {
		if (!region_centre(fi->item, fi->order[k], &x, &y))
			continue;
		cJSON *entry = json_object();
		json_set_str(entry, "label", fi->item->regions[fi->order[k]].label);
		json_set_i64(entry, "x", x);
		json_set_i64(entry, "y", y);
		json_add(list, entry);
	}
	return list;
}

static cJSON *strings_json(char *const *list, size_t n)
{
	cJSON *out = json_array();
	for (size_t i = 0; i < n; i++)
		json_add_str(out, list[i]);
	return out;
}

/* What the candidate is told of a hands-on task; nothing of how it is prepared or checked. */
static cJSON *task_json(const struct form *form, const struct item *it)
{
	const struct task *task = it->task;
	cJSON *out = json_object(), *ports = json_array();
	for (size_t i = 0; i < task->n_ports; i++)
		json_add(ports, cJSON_CreateNumber(task->ports[i]));
	json_set_str(out, "user", task->user);
	json_set(out, "time_ms", task->time_ms ? cJSON_CreateNumber((double)task->time_ms) : cJSON_CreateNull());
	json_set_str(out, "image", task->image);
	json_set(out, "checklist", strings_json(task->checklist_html, task->n_checklist));
	json_set(out, "ports", ports);
	json_set(out, "docs", strings_json(task->docs, task->n_docs));
	json_set_i64(out, "hints", form->study ? (int64_t)it->n_hints : 0);
	return out;
}

/* Opaque: the number of the case on the form. A case's items stand together. */
static cJSON *case_json(const struct form *form, const struct bank *bank, size_t index)
{
	const char *id = form->items[index].item->case_id;
	const struct bank_case *c = id ? bank_case(bank, id) : NULL;
	if (!c)
		return NULL;
	size_t number = 0;
	for (size_t i = 0; i <= index; i++) {
		const char *here = form->items[i].item->case_id, *before = i ? form->items[i - 1].item->case_id : NULL;
		number += here && (!before || strcmp(here, before) != 0);
	}
	_cleanup_free_ char *opaque = xasprintf("c%zu", number);
	cJSON *entry = json_object();
	json_set_str(entry, "id", opaque);
	json_set_str(entry, "title", c->title);
	json_set_str(entry, "html", c->html);
	return entry;
}

static int to_select(const struct item *it)
{
	return it->kind == ITEM_SINGLE || it->kind == ITEM_TRUE_FALSE  ? 1
	       : it->kind == ITEM_MULTIPLE || it->kind == ITEM_HOTSPOT ? it->select
	                                                               : 0;
}

void form_item_json(const struct form *form, const struct bank *bank, size_t index, cJSON *out)
{
	const struct form_item *fi = &form->items[index];
	const struct item *it = fi->item;
	json_set_str(out, "id", fi->id);
	json_set_str(out, "kind", item_kind_name(it->kind));
	json_set_str(out, "stem", it->stem_html);
	json_set_i64(out, "select", to_select(it));
	json_set_double(out, "points", points(it->points_m));
	if (it->kind == ITEM_MATCHING || it->kind == ITEM_GRID) {
		json_set(out, it->kind == ITEM_GRID ? "rows" : "left", options_json(it->options, fi->order, fi->option_ids, it->n_options));
		json_set(out, it->kind == ITEM_GRID ? "columns" : "right",
		         options_json(it->targets, fi->target_order, fi->target_ids, it->n_targets));
	} else if (it->kind == ITEM_CLOZE) {
		json_set(out, "blanks", blanks_json(fi));
	} else if (it->kind == ITEM_NUMERIC) {
		json_set(out, "units", strings_json(it->units, it->n_units));
	} else if (it->kind == ITEM_HOTSPOT) {
		json_set_str(out, "image", it->image_html);
		json_set_i64(out, "width", it->image_w);
		json_set_i64(out, "height", it->image_h);
		json_set(out, "areas", areas_json(fi));
	} else if (it->task) {
		json_set(out, "task", task_json(form, it));
	} else if (it->n_options) {
		json_set(out, "options", options_json(it->options, fi->order, fi->option_ids, it->n_options));
	}
	cJSON *of_case = case_json(form, bank, index);
	if (of_case)
		json_set(out, "case", of_case);
}

/* ---- After ---- */

/* Position on the form of an option (or target) of the bank. */
static size_t shown_at(const size_t *order, size_t n, size_t index)
{
	for (size_t k = 0; k < n; k++)
		if (order[k] == index)
			return k;
	return NONE;
}

/* At most 15 digits: those that survive a double. */
static char *number_text(double v)
{
	char *text = xasprintf("%.15g", v);
	for (char *c = text; *c; c++)
		if (*c == ',')
			*c = '.'; /* whatever the locale */
	return text;
}

static double factor_of(const char *unit)
{
	const struct unit *u = unit ? unit_find(str_of(unit)) : NULL;
	return u ? u->factor : 1;
}

static cJSON *number_key(const struct item *it)
{
	if (!it->n_numbers)
		return NULL;
	const struct item_number *n = &it->numbers[0];
	_cleanup_free_ char *text = number_text((n->lo + n->hi) / 2 / factor_of(n->unit));
	cJSON *key = json_object();
	json_set_str(key, "value", text);
	if (n->unit)
		json_set_str(key, "unit", n->unit);
	return key;
}

/* The first literal that is wholly right, or NULL when only patterns are. */
static const char *right_literal(const struct item_text *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!texts[i].regex && texts[i].credit_m >= 1000)
			return texts[i].pattern;
	return NULL;
}

static cJSON *choose_key(const struct form_item *fi)
{
	cJSON *list = json_array();
	for (size_t k = 0; k < fi->item->n_options; k++)
		if (fi->item->options[fi->order[k]].key)
			json_add_str(list, fi->option_ids[k]);
	return list;
}

static cJSON *order_key(const struct form_item *fi)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < fi->item->n_options; i++)
		json_add_str(list, fi->option_ids[shown_at(fi->order, fi->item->n_options, i)]);
	return list;
}

static cJSON *pairs_key(const struct form_item *fi)
{
	cJSON *pairs = json_object();
	for (size_t k = 0; k < fi->item->n_options; k++) {
		int match = fi->item->options[fi->order[k]].match;
		size_t at = match < 0 ? NONE : shown_at(fi->target_order, fi->item->n_targets, (size_t)match);
		if (at != NONE)
			json_set_str(pairs, fi->option_ids[k], fi->target_ids[at]);
	}
	return pairs;
}

static cJSON *blanks_key(const struct form_item *fi)
{
	cJSON *blanks = json_object();
	for (size_t b = 0; b < fi->item->n_blanks; b++) {
		const struct item_blank *blank = &fi->item->blanks[b];
		_cleanup_free_ char *id = xasprintf("%zu", b + 1);
		const char *answer = right_literal(blank->texts, blank->n_texts);
		for (size_t k = 0; k < blank->n_options; k++)
			if (blank->options[fi->blank_orders[b][k]].key)
				answer = fi->blank_ids[b][k];
		if (answer)
			json_set_str(blanks, id, answer);
	}
	return blanks;
}

static cJSON *points_key(const struct item *it)
{
	cJSON *list = json_array();
	int x, y;
	for (size_t r = 0; r < it->n_regions; r++) {
		if (!it->regions[r].correct || !region_centre(it, r, &x, &y))
			continue;
		cJSON *point = json_array();
		json_add(point, cJSON_CreateNumber(x));
		json_add(point, cJSON_CreateNumber(y));
		json_add(list, point);
	}
	return list;
}

static cJSON *wrap(const char *name, cJSON *value)
{
	cJSON *object = json_object();
	json_set(object, name, value);
	return object;
}

/* A right response in the shape of a response, or NULL when there is none to show. */
static cJSON *key_json(const struct form_item *fi)
{
	const char *literal;
	switch (fi->item->kind) {
	case ITEM_SINGLE:
	case ITEM_MULTIPLE:
	case ITEM_TRUE_FALSE:
		return wrap("choose", choose_key(fi));
	case ITEM_ORDERING:
		return wrap("order", order_key(fi));
	case ITEM_MATCHING:
		return wrap("match", pairs_key(fi));
	case ITEM_GRID:
		return wrap("rows", pairs_key(fi));
	case ITEM_NUMERIC:
		return number_key(fi->item);
	case ITEM_TEXT:
		literal = right_literal(fi->item->texts, fi->item->n_texts);
		return literal ? wrap("text", cJSON_CreateString(literal)) : NULL;
	case ITEM_CLOZE:
		return wrap("blanks", blanks_key(fi));
	case ITEM_HOTSPOT:
		return wrap("points", points_key(fi->item));
	case ITEM_ESSAY:
	case ITEM_TASK:
	case ITEM_KINDS:
		break;
	}
	return NULL;
}

static void add_number_answer(cJSON *list, const struct item_number *n)
{
	double factor = factor_of(n->unit);
	_cleanup_free_ char *lo = number_text(n->lo / factor), *hi = number_text(n->hi / factor);
	const char *unit = n->unit ? n->unit : "", *space = n->unit ? " " : "";
	_cleanup_free_ char *text =
	    strcmp(lo, hi) == 0 ? xasprintf("%s%s%s", lo, space, unit) : xasprintf("%s \xE2\x80\xA6 %s%s%s", lo, hi, space, unit);
	json_add_str(list, text);
}

static cJSON *answers_json(const struct item *it)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < it->n_numbers; i++)
		add_number_answer(list, &it->numbers[i]);
	for (size_t i = 0; i < it->n_texts; i++) {
		const struct item_text *t = &it->texts[i];
		if (t->credit_m < 1000)
			continue;
		_cleanup_free_ char *text = t->regex ? xasprintf("/%s/%s", t->pattern, t->ignore_case ? "i" : "") : xstrdup(t->pattern);
		json_add_str(list, text);
	}
	return list;
}

static void add_feedback(cJSON *out, const struct item_option *options, const size_t *order, char (*ids)[8], size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (options[order[k]].feedback_html)
			json_set_str(out, ids[k], options[order[k]].feedback_html);
}

static cJSON *feedback_json(const struct form_item *fi)
{
	const struct item *it = fi->item;
	cJSON *out = json_object();
	if (it->kind == ITEM_HOTSPOT)
		return out;
	add_feedback(out, it->options, fi->order, fi->option_ids, it->n_options);
	add_feedback(out, it->targets, fi->target_order, fi->target_ids, it->n_targets);
	for (size_t b = 0; b < it->n_blanks; b++)
		if (it->blanks[b].n_options)
			add_feedback(out, it->blanks[b].options, fi->blank_orders[b], fi->blank_ids[b], it->blanks[b].n_options);
	return out;
}

void form_feedback_json(const struct form *form, size_t index, const struct mark *mark, cJSON *out)
{
	const struct form_item *fi = &form->items[index];
	cJSON *key = key_json(fi);
	if (mark) {
		json_set_str(out, "outcome", mark_outcome_name(mark->outcome));
		json_set_double(out, "points", points(mark->points_m));
		json_set_double(out, "max", points(mark->max_m));
		json_set_str(out, "reason", mark->reason_html);
	}
	json_set(out, "key", key ? key : cJSON_CreateNull());
	json_set(out, "answers", answers_json(fi->item));
	json_set(out, "options", feedback_json(fi));
	json_set_str(out, "explanation", fi->item->explanation_html);
	json_set_str(out, "references", fi->item->references_html);
	json_set_str(out, "rubric", fi->item->rubric_html);
	json_set(out, "hints", strings_json(fi->item->hints_html, fi->item->n_hints));
}
