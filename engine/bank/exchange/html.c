/* A tree of HTML as Markdown: blocks, and the entrances. See html.h. */
#include "bank/exchange/html_writer.h"
#include <stdio.h>

/* Whether there is a block in it; then an inline tag around it counts for nothing. */
static bool has_block(const struct html_writer *w, int i)
{
	if (!html_is_inline(html_node(w, i)->tag))
		return true;
	for (int k = html_node(w, i)->first; k >= 0; k = html_node(w, k)->next)
		if (has_block(w, k))
			return true;
	return false;
}

/* ---- blocks ---- */

static void add_blocks(struct html_writer *w, int parent, bool tight, struct buf *out);

struct blocks {
	struct html_writer *w;
	struct buf *out;
	bool tight, any, after_text; /* the last block was a paragraph */
	enum html_tag last;
	bool other_marker; /* the last list's */
};

static void begin_block(struct blocks *b, enum html_tag tag)
{
	bool interrupts = tag == HTML_UL || tag == HTML_OL || tag == HTML_PRE;
	if (b->any)
		buf_adds(b->out, b->tight && interrupts ? "\n" : "\n\n");
	b->any = true;
	b->other_marker = b->last == tag && !b->other_marker;
	b->last = tag;
}

/* A paragraph's text with what must not begin a line escaped. */
static void add_paragraph(struct str text, struct buf *out)
{
	struct str line;
	bool first = true;
	text = str_trim(text);
	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		if (!line.len)
			continue;
		size_t mark = escape_line_start(line);
		if (!first)
			buf_addc(out, '\n');
		buf_addv(out, str_sub(line, 0, mark ? mark - 1 : 0));
		if (mark)
			buf_addc(out, '\\');
		buf_addv(out, str_sub(line, mark ? mark - 1 : 0, line.len));
		first = false;
	}
	if (str_ends(buf_str(out), "\\") && !str_ends(buf_str(out), "\\\\"))
		buf_cut(out, out->len - 1); /* a line break at the end breaks nothing */
}

static void inline_block(struct blocks *b, int first, int end)
{
	_cleanup_buf_ struct buf text = BUF(b->w->max);
	html_add_inlines(b->w, first, end, HTML_NONE, &text);
	if (!str_trim(buf_str(&text)).len)
		return;
	begin_block(b, HTML_P);
	add_paragraph(buf_str(&text), b->out);
}

/* Lines of `text`, all but the first indented. */
static void add_indented(struct str text, const char *first, const char *further, struct buf *out)
{
	struct str line;
	bool begin = true;
	buf_adds(out, first);
	while (str_next_line(&text, &line)) {
		if (!begin)
			buf_addc(out, '\n');
		if (!begin && (line.len || further[0] == '>'))
			buf_adds(out, line.len ? further : ">");
		buf_addv(out, line);
		begin = false;
	}
}

static bool is_loose(const struct html_writer *w, int list)
{
	for (int i = html_node(w, list)->first; i >= 0; i = html_node(w, i)->next)
		for (int k = html_node(w, i)->tag == HTML_LI ? html_node(w, i)->first : -1; k >= 0; k = html_node(w, k)->next)
			if (html_node(w, k)->tag == HTML_P)
				return true;
	return false;
}

static void add_list(struct blocks *b, int i)
{
	struct html_writer *w = b->w;
	const struct html_node *list = html_node(w, i);
	bool loose = is_loose(w, i), first = true;
	long number = list->level;
	if (list->tag == HTML_OL && number != 1 && b->last == HTML_P && b->tight)
		buf_addc(b->out, '\n'); /* such a list does not interrupt a paragraph */
	begin_block(b, list->tag);
	bool other = b->other_marker;
	for (int k = list->first; k >= 0; k = html_node(w, k)->next) {
		_cleanup_buf_ struct buf inner = BUF(w->max);
		char marker[32], indent[32];
		if (html_node(w, k)->tag == HTML_TEXT && !str_trim(str_of(html_node(w, k)->text)).len)
			continue;
		if (html_node(w, k)->tag == HTML_LI)
			add_blocks(w, k, !loose, &inner);
		else
			html_add_inline(w, k, HTML_NONE, &inner);
		if (list->tag == HTML_OL)
			snprintf(marker, sizeof marker, "%ld%s ", number++, other ? ")" : ".");
		else
			snprintf(marker, sizeof marker, "%s ", other ? "*" : "-");
		snprintf(indent, sizeof indent, "%*s", (int)strlen(marker), "");
		if (!first)
			buf_adds(b->out, loose ? "\n\n" : "\n");
		add_indented(buf_str(&inner), marker, indent, b->out);
		first = false;
	}
}

static void add_fence(struct blocks *b, int i)
{
	struct html_writer *w = b->w;
	_cleanup_buf_ struct buf raw = BUF(w->max);
	const char *language = NULL;
	html_raw_text(w, i, &raw);
	for (int k = html_node(w, i)->first; k >= 0 && !language; k = html_node(w, k)->next)
		language = html_node(w, k)->tag == HTML_CODE ? html_node(w, k)->text : NULL;
	size_t run = 0, ticks = 3;
	for (size_t k = 0; k < raw.len; k++) {
		run = raw.p[k] == '`' ? run + 1 : 0;
		ticks = run >= ticks ? run + 1 : ticks;
	}
	begin_block(b, HTML_PRE);
	for (size_t k = 0; k < ticks; k++)
		buf_addc(b->out, '`');
	for (const char *c = language; c && *c; c++)
		if (!strchr("` \t\n", *c))
			buf_addc(b->out, *c);
	buf_addc(b->out, '\n');
	buf_addv(b->out, buf_str(&raw));
	if (raw.len && raw.p[raw.len - 1] != '\n')
		buf_addc(b->out, '\n');
	for (size_t k = 0; k < ticks; k++)
		buf_addc(b->out, '`');
}

static void add_heading(struct blocks *b, int i)
{
	static const char *const reserved[] = {"Explanation", "References", "Hint", "Rubric", "Checklist"};
	struct html_writer *w = b->w;
	_cleanup_buf_ struct buf text = BUF(w->max);
	bool before = w->one_line;
	w->one_line = true;
	html_add_inlines(w, html_node(w, i)->first, -1, HTML_NONE, &text);
	w->one_line = before;
	struct str s = str_trim(buf_str(&text));
	if (!s.len)
		return;
	int level = html_node(w, i)->level;
	for (size_t k = 0; k < ARRAY_SIZE(reserved) && level == 3; k++)
		if (str_eq_nocase(s, str_of(reserved[k])) || str_distance(s, str_of(reserved[k]), 2) <= 2)
			level = 1; /* shown the same, and not a part of the question */
	begin_block(b, HTML_H);
	for (int k = 0; k < level; k++)
		buf_addc(b->out, '#');
	buf_addc(b->out, ' ');
	size_t hashes = s.len;
	while (hashes && s.p[hashes - 1] == '#')
		hashes--;
	buf_addv(b->out, str_sub(s, 0, hashes));
	if (hashes < s.len)
		buf_addc(b->out, '\\');
	buf_addv(b->out, str_sub(s, hashes, s.len));
}

static void add_cell(struct html_writer *w, int i, struct buf *out)
{
	_cleanup_buf_ struct buf text = BUF(w->max);
	for (int k = html_node(w, i)->first; k >= 0; k = html_node(w, k)->next)
		if (has_block(w, k) && html_node(w, k)->tag != HTML_P)
			html_lose(w, "a table's cell holds more than a line: it is written as one");
	bool before = w->one_line, cell = w->in_cell;
	w->one_line = w->in_cell = true;
	html_add_inlines(w, html_node(w, i)->first, -1, HTML_NONE, &text);
	w->one_line = before;
	w->in_cell = cell;
	struct str s = str_trim(buf_str(&text));
	for (size_t k = 0; k < s.len; k++) {
		if (s.p[k] == '|' && (k == 0 || s.p[k - 1] != '\\'))
			buf_addc(out, '\\');
		buf_addc(out, s.p[k]);
	}
}

struct rows {
	int list[1000];
	size_t n;
	size_t columns;
	int aligned; /* the row that says how columns are aligned */
};

static void find_rows(const struct html_writer *w, int i, struct rows *rows)
{
	for (int k = html_node(w, i)->first; k >= 0; k = html_node(w, k)->next) {
		if (html_node(w, k)->tag == HTML_ROWS)
			find_rows(w, k, rows);
		if (html_node(w, k)->tag != HTML_TR || rows->n >= ARRAY_SIZE(rows->list))
			continue;
		size_t cells = 0;
		for (int c = html_node(w, k)->first; c >= 0; c = html_node(w, c)->next)
			cells += html_node(w, c)->tag == HTML_CELL;
		rows->columns = cells > rows->columns ? cells : rows->columns;
		rows->list[rows->n++] = k;
	}
}

static void add_row(struct html_writer *w, int row, size_t columns, struct buf *out)
{
	size_t n = 0;
	buf_addc(out, '|');
	for (int c = html_node(w, row)->first; c >= 0; c = html_node(w, c)->next) {
		if (html_node(w, c)->tag != HTML_CELL)
			continue;
		buf_addc(out, ' ');
		add_cell(w, c, out);
		buf_adds(out, " |");
		n++;
	}
	for (; n < columns; n++)
		buf_adds(out, " |");
}

static void add_table(struct blocks *b, int i)
{
	static const char *const marks[] = {"---", ":---", ":---:", "---:"};
	struct html_writer *w = b->w;
	struct rows rows = {0};
	find_rows(w, i, &rows);
	if (!rows.n || !rows.columns || rows.columns > 100)
		return;
	if (w->t->spans)
		html_lose(w, "cells that go over several rows or columns are written once");
	begin_block(b, HTML_TABLE);
	for (size_t r = 0; r < rows.n; r++) {
		if (r)
			buf_addc(b->out, '\n');
		add_row(w, rows.list[r], rows.columns, b->out);
		if (r)
			continue;
		buf_adds(b->out, "\n|");
		size_t n = 0;
		for (int c = html_node(w, rows.list[0])->first; c >= 0; c = html_node(w, c)->next)
			if (html_node(w, c)->tag == HTML_CELL && n++ < rows.columns)
				buf_addf(b->out, "%s|", marks[html_node(w, c)->level & 3]);
		for (; n < rows.columns; n++)
			buf_adds(b->out, "---|");
	}
}

static void add_quote(struct blocks *b, int i)
{
	_cleanup_buf_ struct buf inner = BUF(b->w->max);
	add_blocks(b->w, i, false, &inner);
	if (!inner.len)
		return;
	if (b->w->c->no_quote) {
		html_lose(b->w, "a quote in an option is written without its mark");
		begin_block(b, HTML_QUOTE);
		buf_addv(b->out, buf_str(&inner));
		return;
	}
	begin_block(b, HTML_QUOTE);
	add_indented(buf_str(&inner), "> ", "> ", b->out);
}

static void each_block(struct blocks *b, int parent);

static void add_block(struct blocks *b, int i)
{
	switch (html_node(b->w, i)->tag) {
	case HTML_UL:
	case HTML_OL:
		add_list(b, i);
		break;
	case HTML_PRE:
		add_fence(b, i);
		break;
	case HTML_H:
		add_heading(b, i);
		break;
	case HTML_HR:
		begin_block(b, HTML_HR);
		buf_adds(b->out, "***");
		break;
	case HTML_TABLE:
		add_table(b, i);
		break;
	case HTML_QUOTE:
		add_quote(b, i);
		break;
	default:
		each_block(b, i);
	}
}

static void each_block(struct blocks *b, int parent)
{
	for (int i = html_node(b->w, parent)->first; i >= 0;) {
		if (has_block(b->w, i)) {
			add_block(b, i);
			i = html_node(b->w, i)->next;
			continue;
		}
		int end = i;
		while (end >= 0 && !has_block(b->w, end))
			end = html_node(b->w, end)->next;
		inline_block(b, i, end);
		i = end;
	}
}

static void add_blocks(struct html_writer *w, int parent, bool tight, struct buf *out)
{
	struct blocks b = {.w = w, .out = out, .tight = tight, .last = HTML_TAGS};
	each_block(&b, parent);
}

/* ---- the entrances ---- */

static bool is_simple(struct str s)
{
	return !memchr(s.p, '<', s.len) && !memchr(s.p, '&', s.len) && !memchr(s.p, '\n', s.len) && escape_is_plain(s) &&
	       !memmem(s.p, s.len, "  ", 2);
}

char *html_to_markdown(const struct html_context *c, struct str html)
{
	html = str_trim(html);
	if (is_simple(html))
		return str_dup(html);
	_cleanup_html_ struct html_tree t;
	html_parse(html, &t);
	size_t max = html.len * 12 + 4096;
	struct html_writer w = {.c = c, .t = &t, .max = max};
	struct buf out = BUF(max);
	add_blocks(&w, 0, false, &out);
	if (c->q && t.dropped)
		plain_lose(c->q, "scripts, forms, films or drawings in its HTML are left out");
	if (c->q && t.cut)
		plain_lose(c->q, "its HTML is nested too deeply: the innermost is written flat");
	if (out.overflow && c->q)
		(void)plain_reject(c->q, "its HTML grows too large");
	return buf_take(&out, NULL);
}

char *html_plain(struct str html)
{
	_cleanup_html_ struct html_tree t;
	html_parse(html, &t);
	_cleanup_buf_ struct buf raw = BUF(html.len * 4 + 64);
	struct html_context c = {0};
	struct html_writer w = {.c = &c, .t = &t, .max = html.len * 4 + 64};
	for (int i = t.nodes[0].first; i >= 0; i = t.nodes[i].next) {
		if (raw.len && !html_is_inline(t.nodes[i].tag))
			buf_addc(&raw, ' ');
		html_raw_text(&w, i, &raw);
	}
	_cleanup_free_ char *text = html_collapse(raw.p ? raw.p : "", true);
	return str_dup(str_trim(str_of(text)));
}
