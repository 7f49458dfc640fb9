/* The shape of a response: what a candidate may send for each kind of item.
 *
 * Every id must be on the form, every text has a ceiling, and nothing else may stand beside it. Empty answers ({"choose":[]}, {"text":""},
 * …) have a right shape and count as unanswered. What passes here is stored as canonical bytes, and marked from them. */
#include "exam/internal.h"
#include <math.h>

#define SHAPE(err, ...) err_set(err, ERR_RESPONSE, __VA_ARGS__)

static size_t find_id(char (*ids)[8], size_t n, const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(ids[i], id) == 0)
			return i;
	return NONE;
}

/* The one member that the response must have. */
static const cJSON *sole_member(const cJSON *response, const char *key, struct err *err)
{
	const cJSON *v = cJSON_GetObjectItemCaseSensitive(response, key);
	if (v && response->child == v && !v->next)
		return v;
	SHAPE(err, "this item takes {\"%s\": …} and nothing else", key);
	return NULL;
}

/* A list of ids without repetition. */
static bool check_ids(const cJSON *list, const char *key, char (*ids)[8], size_t n, size_t count_max, struct err *err)
{
	if (!cJSON_IsArray(list))
		return SHAPE(err, "\"%s\" must be a list of ids", key);
	size_t count = 0;
	for (const cJSON *c = list->child; c; c = c->next) {
		if (!cJSON_IsString(c) || find_id(ids, n, c->valuestring) == NONE)
			return SHAPE(err, "\"%s\" names something that this item does not have", key);
		if (++count > count_max)
			return SHAPE(err, "\"%s\" has more than %zu ids", key, count_max);
		for (const cJSON *before = list->child; before != c; before = before->next)
			if (strcmp(before->valuestring, c->valuestring) == 0)
				return SHAPE(err, "\"%s\" names '%s' twice", key, c->valuestring);
	}
	return true;
}

static bool check_choose(const struct form_item *fi, const cJSON *response, struct err *err)
{
	const cJSON *v = sole_member(response, "choose", err);
	return v && check_ids(v, "choose", fi->option_ids, fi->item->n_options, fi->item->kind == ITEM_MULTIPLE ? fi->item->n_options : 1, err);
}

static bool check_order(const struct form_item *fi, const cJSON *response, struct err *err)
{
	const cJSON *v = sole_member(response, "order", err);
	size_t n = fi->item->n_options;
	if (!v || !check_ids(v, "order", fi->option_ids, n, n, err))
		return false;
	if (v->child && (size_t)cJSON_GetArraySize(v) != n)
		return SHAPE(err, "\"order\" must name all %zu lines", n);
	return true;
}

/* matching and grid: an object from ids on the left to ids on the right. */
static bool check_pairs(const struct form_item *fi, const cJSON *response, const char *key, struct err *err)
{
	const cJSON *v = sole_member(response, key, err);
	if (!v)
		return false;
	if (!cJSON_IsObject(v))
		return SHAPE(err, "\"%s\" must be an object of ids", key);
	size_t count = 0;
	for (const cJSON *c = v->child; c; c = c->next) {
		if (++count > fi->item->n_options || find_id(fi->option_ids, fi->item->n_options, c->string) == NONE)
			return SHAPE(err, "\"%s\" names something that this item does not have", key);
		if (!cJSON_IsString(c) || find_id(fi->target_ids, fi->item->n_targets, c->valuestring) == NONE)
			return SHAPE(err, "\"%s\".%s must be an id from the other side", key, c->string);
		for (const cJSON *before = v->child; before != c; before = before->next)
			if (strcmp(before->string, c->string) == 0)
				return SHAPE(err, "\"%s\" names '%s' twice", key, c->string);
	}
	return true;
}

static bool has_unit(const struct item *it, const char *unit)
{
	for (size_t i = 0; i < it->n_units; i++)
		if (strcmp(it->units[i], unit) == 0)
			return true;
	return false;
}

static bool check_number(const struct form_item *fi, const cJSON *response, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(response, "value"), *unit = cJSON_GetObjectItemCaseSensitive(response, "unit");
	for (const cJSON *c = response->child; c; c = c->next)
		if (c != value && c != unit)
			return SHAPE(err, "this item takes {\"value\": …}, with \"unit\" where it offers units, and nothing else");
	if (!cJSON_IsString(value))
		return SHAPE(err, "\"value\" must be a string of decimal digits");
	double v;
	if (strlen(value->valuestring) > RESPONSE_NUMBER_MAX)
		return SHAPE(err, "\"value\" is longer than %d bytes", RESPONSE_NUMBER_MAX);
	if (str_trim(str_of(value->valuestring)).len && !number_parse(value->valuestring, &v))
		return SHAPE(err, "'%s' is not a number: write 1024, -3.5 or 1.5e3, with a decimal point and without grouping", value->valuestring);
	if (unit && !cJSON_IsNull(unit) && (!cJSON_IsString(unit) || !has_unit(fi->item, unit->valuestring)))
		return SHAPE(err, "\"unit\" must be one of those that this item offers");
	return true;
}

static bool check_text(const struct form_item *fi, const cJSON *response, struct err *err)
{
	const cJSON *v = sole_member(response, "text", err);
	size_t max = fi->item->kind == ITEM_ESSAY ? RESPONSE_TEXT_MAX : RESPONSE_SHORT_MAX;
	if (!v)
		return false;
	if (!cJSON_IsString(v))
		return SHAPE(err, "\"text\" must be a string");
	return strlen(v->valuestring) <= max || SHAPE(err, "\"text\" is longer than %zu bytes", max);
}

/* Blanks are named by their number, "1", "2" …, as in the stem. NONE for anything else. */
static size_t blank_index(const struct item *it, const char *name)
{
	int64_t n;
	return name[0] != '0' && str_to_i64(str_of(name), 1, (int64_t)it->n_blanks, &n) ? (size_t)n - 1 : NONE;
}

static bool check_blanks(const struct form_item *fi, const cJSON *response, struct err *err)
{
	const cJSON *v = sole_member(response, "blanks", err);
	if (!v)
		return false;
	if (!cJSON_IsObject(v))
		return SHAPE(err, "\"blanks\" must be an object");
	size_t count = 0;
	for (const cJSON *c = v->child; c; c = c->next) {
		size_t b = blank_index(fi->item, c->string);
		if (++count > fi->item->n_blanks || b == NONE)
			return SHAPE(err, "\"blanks\" names a blank that this item does not have");
		if (!cJSON_IsString(c))
			return SHAPE(err, "\"blanks\".%s must be a string", c->string);
		const struct item_blank *blank = &fi->item->blanks[b];
		if (blank->n_options && *c->valuestring && find_id(fi->blank_ids[b], blank->n_options, c->valuestring) == NONE)
			return SHAPE(err, "\"blanks\".%s must be one of its choices", c->string);
		if (strlen(c->valuestring) > RESPONSE_SHORT_MAX)
			return SHAPE(err, "\"blanks\".%s is longer than %d bytes", c->string, RESPONSE_SHORT_MAX);
		for (const cJSON *before = v->child; before != c; before = before->next)
			if (strcmp(before->string, c->string) == 0)
				return SHAPE(err, "\"blanks\" names '%s' twice", c->string);
	}
	return true;
}

static bool is_coordinate(const cJSON *v, int size)
{
	double max = size > 0 ? size : 100000;
	return cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble <= max && v->valuedouble == floor(v->valuedouble);
}

static bool check_points(const struct form_item *fi, const cJSON *response, struct err *err)
{
	const cJSON *v = sole_member(response, "points", err);
	if (!v)
		return false;
	if (!cJSON_IsArray(v))
		return SHAPE(err, "\"points\" must be a list of [x, y]");
	int count = 0;
	for (const cJSON *c = v->child; c; c = c->next) {
		if (++count > RESPONSE_POINTS_MAX)
			return SHAPE(err, "\"points\" has more than %d points", RESPONSE_POINTS_MAX);
		const cJSON *x = cJSON_IsArray(c) ? c->child : NULL, *y = x ? x->next : NULL;
		if (!y || y->next || !is_coordinate(x, fi->item->image_w) || !is_coordinate(y, fi->item->image_h))
			return SHAPE(err, "\"points\"[%d] must be [x, y] in whole pixels of the picture", count - 1);
	}
	return true;
}

/* What decides a task's mark is what its box holds; the candidate can only tick it off. */
static bool check_done(const cJSON *response, struct err *err)
{
	const cJSON *v = sole_member(response, "done", err);
	return v &&
	       (cJSON_IsTrue(v) || SHAPE(err, "\"done\" must be true: a hands-on task is worked on in its terminal, and can be ticked off"));
}

bool response_check(const struct form_item *fi, const cJSON *response, struct err *err)
{
	if (!response || cJSON_IsNull(response))
		return true;
	if (!cJSON_IsObject(response))
		return SHAPE(err, "a response must be an object, or null to clear it");
	switch (fi->item->kind) {
	case ITEM_SINGLE:
	case ITEM_MULTIPLE:
	case ITEM_TRUE_FALSE:
		return check_choose(fi, response, err);
	case ITEM_GRID:
		return check_pairs(fi, response, "rows", err);
	case ITEM_MATCHING:
		return check_pairs(fi, response, "match", err);
	case ITEM_ORDERING:
		return check_order(fi, response, err);
	case ITEM_NUMERIC:
		return check_number(fi, response, err);
	case ITEM_TEXT:
	case ITEM_ESSAY:
		return check_text(fi, response, err);
	case ITEM_CLOZE:
		return check_blanks(fi, response, err);
	case ITEM_HOTSPOT:
		return check_points(fi, response, err);
	case ITEM_TASK:
		return check_done(response, err);
	case ITEM_KINDS:
		break;
	}
	return SHAPE(err, "this item takes no response");
}

/* ---- Canonical bytes ---- */

static int compare_members(const void *a, const void *b)
{
	return strcmp((*(const cJSON *const *)a)->string, (*(const cJSON *const *)b)->string);
}

static void encode(const cJSON *v, struct buf *out);

static void encode_object(const cJSON *v, struct buf *out)
{
	size_t n = 0, cap = 0;
	const cJSON **members = NULL;
	for (const cJSON *c = v->child; c; c = c->next) {
		if (cJSON_IsNull(c))
			continue;
		members = xgrow(members, n, &cap, sizeof(const cJSON *));
		members[n++] = c;
	}
	if (n)
		qsort(members, n, sizeof(const cJSON *), compare_members);
	buf_addc(out, '{');
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i ? "," : "");
		buf_add_json(out, str_of(members[i]->string));
		buf_addc(out, ':');
		encode(members[i], out);
	}
	buf_addc(out, '}');
	free(members);
}

/* Depth is bounded by the shapes above, numbers are whole. */
static void encode(const cJSON *v, struct buf *out)
{
	if (cJSON_IsObject(v)) {
		encode_object(v, out);
	} else if (cJSON_IsArray(v)) {
		buf_addc(out, '[');
		for (const cJSON *c = v->child; c; c = c->next) {
			encode(c, out);
			buf_adds(out, c->next ? "," : "");
		}
		buf_addc(out, ']');
	} else if (cJSON_IsString(v)) {
		buf_add_json(out, str_of(v->valuestring));
	} else if (cJSON_IsNumber(v)) {
		buf_addf(out, "%lld", (long long)v->valuedouble);
	} else if (cJSON_IsTrue(v)) {
		buf_adds(out, "true");
	} else {
		buf_adds(out, "null");
	}
}

void response_encode(const cJSON *response, struct buf *out)
{
	if (response)
		encode(response, out);
	else
		buf_adds(out, "null");
}
