/* A response in words. It leaves the form's ids behind: they mean nothing without the form. */
#include "exam/internal.h"

/* The text of a place on the form: an option, a target, a choice. NULL when it is none. */
static const char *text_of(const struct item_option *options, const size_t *order, char (*ids)[8], size_t n, const cJSON *id)
{
	for (size_t k = 0; k < n && cJSON_IsString(id); k++)
		if (strcmp(ids[k], id->valuestring) == 0)
			return options[order[k]].text ? options[order[k]].text : options[order[k]].html;
	return NULL;
}

static const char *option_text(const struct form_item *fi, const cJSON *id)
{
	const char *text = text_of(fi->item->options, fi->order, fi->option_ids, fi->item->n_options, id);
	return text ? text : "?";
}

static void add_list(const struct form_item *fi, const cJSON *list, const char *between, struct buf *out)
{
	const cJSON *c;
	cJSON_ArrayForEach(c, list) buf_addf(out, "%s%s", c == list->child ? "" : between, option_text(fi, c));
}

static void add_pairs(const struct form_item *fi, const cJSON *pairs, struct buf *out)
{
	const cJSON *c;
	cJSON_ArrayForEach(c, pairs)
	{
		const cJSON left = {.type = cJSON_String, .valuestring = c->string};
		const char *right = text_of(fi->item->targets, fi->target_order, fi->target_ids, fi->item->n_targets, c);
		buf_addf(out, "%s%s => %s", c == pairs->child ? "" : "; ", option_text(fi, &left), right ? right : "?");
	}
}

static void add_blanks(const struct form_item *fi, const cJSON *blanks, struct buf *out)
{
	int64_t b;
	const cJSON *c;
	cJSON_ArrayForEach(c, blanks)
	{
		const char *text = c->valuestring;
		if (str_to_i64(str_of(c->string), 1, (int64_t)fi->item->n_blanks, &b) && fi->item->blanks[b - 1].n_options)
			text = text_of(fi->item->blanks[b - 1].options, fi->blank_orders[b - 1], fi->blank_ids[b - 1],
			               fi->item->blanks[b - 1].n_options, c);
		buf_addf(out, "%s%s: %s", c == blanks->child ? "" : "; ", c->string, text ? text : "");
	}
}

static void add_points(const struct form_item *fi, const cJSON *points, struct buf *out)
{
	const cJSON *c;
	cJSON_ArrayForEach(c, points)
	{
		const cJSON *x = cJSON_GetArrayItem(c, 0), *y = cJSON_GetArrayItem(c, 1);
		size_t r = region_at(fi->item, cJSON_GetNumberValue(x), cJSON_GetNumberValue(y));
		buf_adds(out, c == points->child ? "" : "; ");
		if (r != NONE)
			buf_adds(out, fi->item->regions[r].label);
		else
			buf_addf(out, "%.0f, %.0f", cJSON_GetNumberValue(x), cJSON_GetNumberValue(y));
	}
}

void response_words(const struct form_item *fi, const cJSON *response, struct buf *out)
{
	const cJSON *c = response && !cJSON_IsNull(response) ? response->child : NULL;
	if (!c)
		return;
	if (!strcmp(c->string, "choose"))
		add_list(fi, c, "; ", out);
	else if (!strcmp(c->string, "order"))
		add_list(fi, c, " > ", out);
	else if (!strcmp(c->string, "rows") || !strcmp(c->string, "match"))
		add_pairs(fi, c, out);
	else if (!strcmp(c->string, "blanks"))
		add_blanks(fi, c, out);
	else if (!strcmp(c->string, "points"))
		add_points(fi, c, out);
	else if (fi->item->kind == ITEM_NUMERIC)
		buf_addf(out, "%s%s%s", json_text(response, "value"), *json_text(response, "unit") ? " " : "", json_text(response, "unit"));
	else
		buf_adds(out, json_text(response, "text"));
}
