/* Answer parts that are not lists: grid (a table), hotspot (fields), essay (a rubric). */
#include "bank/question.h"
#include "base/mem.h"

/* ---- grid ---- */

static bool is_row(const struct line *l)
{
	return !(l->flags & (LINE_CODE | LINE_BLANK)) && l->indent < 2 && str_starts(line_body(l), "|");
}

static bool is_delimiter_row(const struct line *l)
{
	struct str s = str_trim(line_str(l));
	if (!is_row(l))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!strchr("|-: \t", s.p[i]))
			return false;
	return memchr(s.p, '-', s.len) != NULL;
}

size_t kind_last_table(const struct question *q)
{
	size_t start = q->n_lines;
	for (size_t i = 0; i + 1 < q->body_end; i++)
		if (is_row(&q->lines[i]) && is_delimiter_row(&q->lines[i + 1]))
			start = i;
	return start;
}

/* The next cell off a row, without its outer white space; `\|` stays in it. */
static bool next_cell(struct str *rest, struct str *ret)
{
	if (!rest->len)
		return false;
	size_t i = 0;
	while (i < rest->len && rest->p[i] != '|')
		i += rest->p[i] == '\\' && i + 1 < rest->len ? 2 : 1;
	*ret = str_trim(str_sub(*rest, 0, i));
	*rest = str_sub(*rest, i + 1, rest->len);
	return true;
}

static struct str row_cells(const struct line *l)
{
	struct str s = str_trim(line_str(l));
	s = str_sub(s, 1, s.len);
	return s.len && s.p[s.len - 1] == '|' && !(s.len > 1 && s.p[s.len - 2] == '\\') ? str_sub(s, 0, s.len - 1) : s;
}

bool kind_is_grid(const struct question *q)
{
	size_t start = kind_last_table(q), rows = 0;
	for (size_t i = start + 2; i < q->body_end; i++) {
		if (q->lines[i].flags & LINE_BLANK)
			continue;
		if (!is_row(&q->lines[i]))
			return false;
		struct str rest = row_cells(&q->lines[i]), cell;
		size_t marks = 0;
		(void)next_cell(&rest, &cell);
		while (next_cell(&rest, &cell)) {
			if (cell.len && !str_eq_nocase(cell, STR("x")))
				return false;
			marks += cell.len > 0;
		}
		if (marks != 1)
			return false;
		rows++;
	}
	return rows > 0;
}

static bool render_cell(struct question *q, struct str cell, struct item_option **list, size_t *n, struct item_option **ret)
{
	_cleanup_passage_ struct passage p = {0};
	size_t from = 0; /* GFM: \| in a cell is |, in code too */
	for (size_t i = 0; i + 1 < cell.len; i++) {
		if (cell.p[i] != '\\' || cell.p[i + 1] != '|')
			continue;
		passage_add(&p, q->source, str_sub(cell, from, i));
		from = i + 1;
	}
	if (from)
		passage_append(&p, q->source, str_sub(cell, from, cell.len));
	else
		p = passage_view(q->source, cell);
	*list = xrealloc(*list, *n + 1, sizeof **list);
	struct item_option *o = &(*list)[(*n)++];
	*o = (struct item_option){.match = -1};
	*ret = o;
	return markdown_inline(q->md, &p, &o->html, &o->text);
}

static bool read_head(struct question *q, const struct line *l)
{
	struct item *item = q->item;
	struct item_option *column;
	struct str rest = row_cells(l), cell;
	bool ok = next_cell(&rest, &cell);
	while (next_cell(&rest, &cell)) {
		if (!cell.len)
			return question_error(q, "grid-head", cell.p, "a column without a name");
		if (item->n_targets >= BANK_OPTIONS_MAX)
			return question_error(q, "too-many-options", cell.p, "more than %d columns", BANK_OPTIONS_MAX);
		ok &= render_cell(q, cell, &item->targets, &item->n_targets, &column);
	}
	if (ok && item->n_targets < 2)
		return question_error(q, "few-options", l->p, "a grid needs at least two columns to choose from");
	return ok;
}

static bool read_row(struct question *q, const struct line *l)
{
	struct item *item = q->item;
	struct item_option *row;
	struct str rest = row_cells(l), cell = {0};
	if (!next_cell(&rest, &cell) || !cell.len)
		return question_error(q, "grid-row", l->p, "a row without a statement");
	if (item->n_options >= BANK_OPTIONS_MAX)
		return question_error(q, "too-many-options", l->p, "more than %d rows", BANK_OPTIONS_MAX);
	if (!render_cell(q, cell, &item->options, &item->n_options, &row))
		return false;
	for (size_t column = 0; next_cell(&rest, &cell); column++) {
		bool marked = str_eq_nocase(cell, STR("x")) || str_eq_nocase(cell, STR("[x]"));
		if (!marked && cell.len && !str_is(cell, "[ ]"))
			return question_error(q, "grid-row", cell.p, "a cell of a grid holds x or nothing");
		if (marked && (row->match >= 0 || column >= item->n_targets))
			return question_error(q, "grid-row", cell.p, "a second x in this row");
		if (marked)
			row->match = (int)column;
	}
	return row->match >= 0 || question_error(q, "grid-row", l->p, "this row has no x");
}

bool kind_read_grid(struct question *q)
{
	size_t start = kind_last_table(q), end;
	if (start >= q->body_end)
		return question_no_answer(q, "a grid question needs a table", "write the columns in its head, a statement and one x in each row");
	bool ok = question_stem(q, start);
	ok &= read_head(q, &q->lines[start]);
	for (end = start + 2; end < q->body_end && is_row(&q->lines[end]); end++)
		ok &= read_row(q, &q->lines[end]);
	if (ok && end == start + 2)
		ok = question_error(q, "few-options", q->lines[start].p, "the grid has no rows");
	for (size_t i = end; i < q->body_end; i++)
		if (!(q->lines[i].flags & LINE_BLANK))
			return question_error(q, "text-after-answers", q->lines[i].p, "this text stands after the answer part");
	return ok;
}

/* ---- hotspot ---- */

static const struct bank_media *hotspot_picture(struct question *q, struct str *ret_alt)
{
	const struct yaml *y, *alt_yaml;
	struct str address;
	int node = question_field(q, "image", &y), alt = question_field(q, "image-alt", &alt_yaml);
	if (node < 0) {
		(void)question_error(q, "hotspot-image", q->at, "a hotspot needs the field 'image'");
		return NULL;
	}
	if (!yaml_text(y, node, "image", 1000, &address, q->diags))
		return NULL;
	_cleanup_free_ char *path = bank_path_resolve(q->source->path, address);
	const struct bank_media *media = path ? bank_media(q->bank, path) : NULL;
	if (!media) {
		(void)question_error(q, "dead-picture", yaml_at(y, node), "there is no such picture in media/: %.*s", STR_ARG(address));
		diags_help(q->diags, "the address is relative to %s", q->source->path);
		return NULL;
	}
	if (alt < 0) {
		(void)question_error(q, "missing-alt", yaml_at(y, node), "a hotspot needs the field 'image-alt'");
		diags_help(q->diags, "say what a person who cannot see the picture needs to know to choose from the labels");
		return NULL;
	}
	return yaml_text(alt_yaml, alt, "image-alt", 2000, ret_alt, q->diags) ? media : NULL;
}

static bool read_coordinates(struct question *q, const struct yaml *y, int node, struct item_region *region)
{
	if (!yaml_is(y, node, YAML_LIST, "at", q->diags))
		return false;
	for (int child = yaml_first(y, node); child >= 0; child = yaml_next(y, child)) {
		int64_t v;
		if (region->n_at >= (int)ARRAY_SIZE(region->at))
			return question_error(q, "region", yaml_at(y, child), "more than %zu numbers", ARRAY_SIZE(region->at));
		bool radius = region->shape == REGION_CIRCLE && region->n_at == 2;
		int side = radius ? 1 << 20 : region->n_at % 2 ? q->item->image_h : q->item->image_w;
		if (!yaml_int(y, child, "at", radius ? 1 : 0, side, &v, q->diags)) {
			diags_help(q->diags, "pixels of the picture, which is %d × %d", q->item->image_w, q->item->image_h);
			return false;
		}
		region->at[region->n_at++] = (int)v;
	}
	int n = region->n_at;
	bool ok = region->shape == REGION_RECT     ? n == 4 && region->at[0] < region->at[2] && region->at[1] < region->at[3]
	          : region->shape == REGION_CIRCLE ? n == 3
	                                           : n >= 6 && n % 2 == 0;
	if (!ok) {
		question_error(q, "region", yaml_at(y, node), "these numbers make no %s",
		               region->shape == REGION_RECT     ? "rectangle"
		               : region->shape == REGION_CIRCLE ? "circle"
		                                                : "polygon");
		diags_help(q->diags, "rect: [left, top, right, bottom]; circle: [x, y, radius]; poly: [x, y, x, y, x, y, …]");
	}
	return ok;
}

static bool read_region(struct question *q, const struct yaml *y, int node)
{
	static const char *const fields[] = {"id", "label", "shape", "at", "correct"};
	static const char *const shapes[] = {"rect", "circle", "poly"};
	struct item *item = q->item;
	if (!yaml_is(y, node, YAML_MAP, "regions", q->diags))
		return false;
	if (item->n_regions >= BANK_OPTIONS_MAX)
		return question_error(q, "too-many-options", yaml_at(y, node), "more than %d regions", BANK_OPTIONS_MAX);
	yaml_only(y, node, fields, ARRAY_SIZE(fields), q->diags);
	item->regions = xrealloc(item->regions, item->n_regions + 1, sizeof *item->regions);
	struct item_region *region = &item->regions[item->n_regions++];
	*region = (struct item_region){0};
	int values[ARRAY_SIZE(fields)];
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		values[i] = yaml_find(y, node, fields[i]);
		if (values[i] < 0 && i < 4)
			return question_error(q, "region", yaml_at(y, node), "a region without '%s'", fields[i]);
	}
	struct str id, label;
	int shape = 0;
	if (!yaml_id(y, values[0], "id", &id, q->diags) || !yaml_text(y, values[1], "label", 500, &label, q->diags) ||
	    !yaml_choice(y, values[2], "shape", shapes, ARRAY_SIZE(shapes), &shape, q->diags))
		return false;
	region->id = str_dup(id);
	region->label = str_dup(label);
	region->shape = (enum region_shape)shape;
	for (size_t i = 0; i + 1 < item->n_regions; i++)
		if (item->regions[i].id && strcmp(item->regions[i].id, region->id) == 0)
			return question_error(q, "region", yaml_at(y, values[0]), "two regions have the id '%s'", region->id);
	if (values[4] >= 0 && !yaml_bool(y, values[4], "correct", &region->correct, q->diags))
		return false;
	return read_coordinates(q, y, values[3], region);
}

static bool check_regions(struct question *q, const char *at)
{
	struct item *item = q->item;
	size_t right = 0;
	for (size_t i = 0; i < item->n_regions; i++)
		right += item->regions[i].correct;
	if (right == 0)
		return question_error(q, "no-key", at, "no region is correct");
	if (right == item->n_regions) {
		question_error(q, "region", at, "there are no wrong regions");
		diags_help(q->diags, "people who cannot see the picture choose from the labels: add some that are wrong");
		return false;
	}
	if (q->select > 0 && (size_t)q->select > right)
		return question_error(q, "select-mismatch", q->at, "select is %d, but %zu regions are correct", q->select, right);
	item->select = q->select < 0 ? (int)right : q->select;
	return true;
}

bool kind_read_hotspot(struct question *q)
{
	struct item *item = q->item;
	bool ok = question_stem(q, q->body_end);
	if (q->is_instance)
		return ok; /* the picture and its regions are fields */
	struct str alt;
	const struct bank_media *media = hotspot_picture(q, &alt);
	const struct yaml *y;
	int regions = question_field(q, "regions", &y);
	if (regions < 0)
		return question_no_answer(q, "a hotspot needs the field 'regions'",
		                          "list them: - {id: a, label: \"A\", shape: rect, at: [0, 0, 10, 10]}");
	if (!media || !yaml_is(y, regions, YAML_LIST, "regions", q->diags))
		return false;
	_cleanup_buf_ struct buf html = BUF(16384);
	markdown_image(media, alt, &html);
	item->image_html = str_dup(buf_str(&html));
	item->image_w = media->width;
	item->image_h = media->height;
	for (int child = yaml_first(y, regions); child >= 0; child = yaml_next(y, child))
		ok &= read_region(q, y, child);
	return ok && check_regions(q, yaml_at(y, regions));
}

/* ---- essay ---- */

bool kind_read_essay(struct question *q)
{
	bool rubric = false;
	for (size_t i = q->body_end; i < q->n_lines; i++)
		rubric |= !(q->lines[i].flags & LINE_CODE) && str_starts(line_body(&q->lines[i]), "### Rubric");
	if (!rubric) {
		question_error(q, "no-rubric", q->at, "an essay needs a '### Rubric'");
		diags_help(q->diags, "a table with the columns Criterion, Points, Full marks when");
		return false;
	}
	return question_stem(q, q->body_end);
}
