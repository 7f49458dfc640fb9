/* A tree of HTML as Markdown. See html.h. */
#include "bank/exchange/html.h"
#include <stdio.h>

struct writer {
	const struct html_context *c;
	const struct html_tree *t;
	size_t max;
	bool one_line; /* a heading, a cell: line ends are spaces */
	bool in_cell;
};

static const struct html_node *node(const struct writer *w, int i)
{
	return &w->t->nodes[i];
}

static void lose(const struct writer *w, const char *what)
{
	if (w->c->q)
		plain_lose(w->c->q, "%s", what);
}

static bool is_inline(enum html_tag tag)
{
	return tag == HTML_TEXT || tag == HTML_NONE || tag == HTML_CODE || tag == HTML_BR || (tag >= HTML_EM && tag <= HTML_SUP);
}

/* Whether there is a block in it; then an inline tag around it counts for nothing. */
static bool has_block(const struct writer *w, int i)
{
	if (!is_inline(node(w, i)->tag))
		return true;
	for (int k = node(w, i)->first; k >= 0; k = node(w, k)->next)
		if (has_block(w, k))
			return true;
	return false;
}

/* All text in it, as it is. */
static void raw_text(const struct writer *w, int i, struct buf *out)
{
	const struct html_node *n = node(w, i);
	if (n->tag == HTML_TEXT)
		buf_adds(out, n->text);
	else if (n->tag == HTML_BR)
		buf_addc(out, '\n');
	for (int k = n->first; k >= 0; k = node(w, k)->next)
		raw_text(w, k, out);
}

/* ---- inline ---- */

static void add_inlines(struct writer *w, int first, int end, enum html_tag around, struct buf *out);

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* Runs of white space become one space, or one line end if there is one in it. */
static char *collapse(const char *text, bool one_line)
{
	size_t n = strlen(text), k = 0;
	char *out = xmalloc(n + 1);
	for (size_t i = 0; i < n;) {
		if (!is_space(text[i])) {
			out[k++] = text[i++];
			continue;
		}
		bool line = false;
		for (; i < n && is_space(text[i]); i++)
			line |= text[i] == '\n';
		out[k++] = line && !one_line ? '\n' : ' ';
	}
	out[k] = 0;
	return out;
}

static void add_escaped(const char *text, struct buf *out)
{
	struct str rest = str_of(text), line;
	if (rest.len && rest.p[0] == '\n') {
		buf_addc(out, '\n');
		rest = str_sub(rest, 1, rest.len);
	}
	while (rest.len) {
		const char *end = memchr(rest.p, '\n', rest.len);
		line = str_sub(rest, 0, end ? (size_t)(end - rest.p) : rest.len);
		size_t lead = line.len && line.p[0] == ' ';
		if (lead)
			buf_addc(out, ' ');
		size_t trail = line.len > 1 && line.p[line.len - 1] == ' ';
		struct str body = str_sub(line, lead, line.len - trail);
		escape_span(body, out);
		if (trail)
			buf_addc(out, ' ');
		rest = str_sub(rest, line.len, rest.len);
		if (end) {
			buf_addc(out, '\n');
			rest = str_sub(rest, 1, rest.len);
		}
	}
}

static void add_text(struct writer *w, const struct html_node *n, struct buf *out)
{
	_cleanup_free_ char *text = collapse(n->text, w->one_line);
	const char *p = text;
	if (is_space(*p) && (!out->len || is_space(out->p[out->len - 1])))
		p++;
	add_escaped(p, out);
}

static void add_code(struct writer *w, int i, struct buf *out)
{
	_cleanup_buf_ struct buf raw = BUF(w->max);
	raw_text(w, i, &raw);
	if (!raw.len)
		return;
	size_t run = 0;
	for (size_t k = 0; k < raw.len; k++) {
		if (raw.p[k] == '\n' || raw.p[k] == '\t')
			raw.p[k] = ' ';
	}
	bool blank = str_trim(buf_str(&raw)).len == 0;
	if (blank) {
		buf_addc(out, ' ');
		return;
	}
	bool pad = raw.p[0] == '`' || raw.p[raw.len - 1] == '`' || (raw.p[0] == ' ' && raw.p[raw.len - 1] == ' ');
	size_t ticks = 1; /* the shortest run that is not in it */
	for (bool found = true; found; ticks += found) {
		found = false;
		run = 0;
		for (size_t k = 0; k <= raw.len && !found; k++) {
			if (k < raw.len && raw.p[k] == '`') {
				run++;
			} else {
				found = run == ticks;
				run = 0;
			}
		}
	}
	for (size_t k = 0; k < ticks; k++)
		buf_addc(out, '`');
	buf_adds(out, pad ? " " : "");
	for (size_t k = 0; k < raw.len; k++) {
		if (w->in_cell && raw.p[k] == '|')
			buf_addc(out, '\\');
		buf_addc(out, raw.p[k]);
	}
	buf_adds(out, pad ? " " : "");
	for (size_t k = 0; k < ticks; k++)
		buf_addc(out, '`');
}

/* `inner` between marks; white space at its ends goes outside of them. */
static void add_marked(const char *mark, struct str inner, struct buf *out)
{
	size_t from = 0, to = inner.len;
	while (from < to && is_space(inner.p[from]))
		from++;
	while (to > from && is_space(inner.p[to - 1]))
		to--;
	buf_addv(out, str_sub(inner, 0, from));
	if (to > from) {
		buf_adds(out, mark);
		buf_addv(out, str_sub(inner, from, to));
		buf_adds(out, mark);
	}
	buf_addv(out, str_sub(inner, to, inner.len));
}

static void add_emphasis(struct writer *w, int i, enum html_tag around, struct buf *out)
{
	const struct html_node *n = node(w, i);
	_cleanup_buf_ struct buf inner = BUF(w->max);
	if (around == n->tag) { /* bold in bold is bold */
		add_inlines(w, n->first, -1, around, out);
		return;
	}
	add_inlines(w, n->first, -1, n->tag, &inner);
	bool beside = out->len && out->p[out->len - 1] == '*'; /* another one that just ended, or begins here */
	const char *mark = n->tag == HTML_STRONG ? "**" : n->tag == HTML_DEL ? "~~" : around == HTML_STRONG || beside ? "_" : "*";
	add_marked(mark, buf_str(&inner), out);
}

static void add_address(struct str url, struct buf *out)
{
	bool plain = url.len > 0 && !(memchr(url.p, '&', url.len) && memchr(url.p, ';', url.len));
	for (size_t i = 0; i < url.len && plain; i++)
		plain = (unsigned char)url.p[i] > ' ' && !strchr("()<>\\`", url.p[i]);
	if (plain) {
		buf_addv(out, url);
		return;
	}
	buf_addc(out, '<');
	for (size_t i = 0; i < url.len; i++) {
		char c = url.p[i];
		if (c == '<' || c == '>' || c == '\\' || (unsigned char)c < 0x20)
			buf_addf(out, "%%%02X", (unsigned char)c);
		else if (c == '&')
			buf_adds(out, "\\&");
		else
			buf_addc(out, c);
	}
	buf_addc(out, '>');
}

static bool is_web(struct str url)
{
	static const char *const schemes[] = {"http://", "https://", "mailto:"};
	for (size_t i = 0; i < ARRAY_SIZE(schemes); i++)
		if (url.len > strlen(schemes[i]) && str_eq_nocase(str_sub(url, 0, strlen(schemes[i])), str_of(schemes[i])))
			return true;
	return false;
}

static void open_bracket(struct buf *out)
{
	if (out->len && out->p[out->len - 1] == '!' && (out->len < 2 || out->p[out->len - 2] != '\\')) {
		buf_cut(out, out->len - 1);
		buf_adds(out, "\\!");
	}
	buf_addc(out, '[');
}

static void add_link(struct writer *w, int i, enum html_tag around, struct buf *out)
{
	const struct html_node *n = node(w, i);
	struct str href = str_trim(str_of(n->href ? n->href : ""));
	_cleanup_free_ char *own = !is_web(href) && w->c->link ? w->c->link(w->c->arg, str_of(n->doc), href) : NULL;
	_cleanup_buf_ struct buf inner = BUF(w->max), raw = BUF(w->max);
	if (!own && !is_web(href)) {
		if (href.len && href.p[0] != '#')
			lose(w, "a link that leads nowhere is only its text");
		add_inlines(w, n->first, -1, around, out);
		return;
	}
	raw_text(w, i, &raw);
	struct str address = own ? str_of(own) : href;
	if (!own && str_eq(buf_str(&raw), address) && !memchr(address.p, ' ', address.len) && !str_starts(address, "mailto:") &&
	    !strpbrk(href.p, "<>&\\`")) {
		buf_addc(out, '<');
		buf_addv(out, address);
		buf_addc(out, '>');
		return;
	}
	add_inlines(w, n->first, -1, around, &inner);
	struct str text = str_trim(buf_str(&inner));
	if (!text.len)
		return;
	open_bracket(out);
	buf_addv(out, text);
	buf_adds(out, "](");
	add_address(address, out);
	buf_addc(out, ')');
}

static void add_picture(struct writer *w, const struct html_node *n, struct buf *out)
{
	struct str src = str_of(n->href ? n->href : "");
	_cleanup_free_ char *address = w->c->picture ? w->c->picture(w->c->arg, src) : NULL;
	_cleanup_free_ char *alt = collapse(n->alt ? n->alt : "", true);
	if (!address) {
		char what[300];
		snprintf(what, sizeof what, "the picture %.200s is not there: only its description is kept",
		         src.len > 200 || !src.len ? "in it" : src.p);
		lose(w, what);
		buf_adds(out, "(");
		add_escaped(*alt ? alt : "picture", out);
		buf_adds(out, ")");
		return;
	}
	buf_adds(out, "![");
	add_escaped(str_trim(str_of(alt)).len ? alt : "", out);
	buf_adds(out, "](");
	add_address(str_of(address), out);
	buf_addc(out, ')');
}

static void add_raised(struct writer *w, int i, struct buf *out)
{
	static const char *const up[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
	static const char *const down[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
	_cleanup_buf_ struct buf raw = BUF(w->max);
	raw_text(w, i, &raw);
	bool sub = node(w, i)->tag == HTML_SUB, digits = raw.len > 0;
	for (size_t k = 0; k < raw.len; k++)
		digits &= raw.p[k] >= '0' && raw.p[k] <= '9';
	for (size_t k = 0; k < raw.len && digits; k++)
		buf_adds(out, (sub ? down : up)[raw.p[k] - '0']);
	if (digits)
		return;
	lose(w, sub ? "a subscript is written on the line" : "a superscript is written on the line");
	buf_adds(out, sub ? "\\_" : "^");
	add_inlines(w, node(w, i)->first, -1, HTML_NONE, out);
}

static void add_break(struct writer *w, struct buf *out)
{
	while (out->len && out->p[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
	if (w->one_line)
		buf_addc(out, ' ');
	else if (out->len && out->p[out->len - 1] != '\n')
		buf_adds(out, "\\\n");
}

static void add_inline(struct writer *w, int i, enum html_tag around, struct buf *out)
{
	const struct html_node *n = node(w, i);
	switch (n->tag) {
	case HTML_TEXT:
		add_text(w, n, out);
		break;
	case HTML_CODE:
	case HTML_PRE:
		add_code(w, i, out);
		break;
	case HTML_BR:
		add_break(w, out);
		break;
	case HTML_EM:
	case HTML_STRONG:
	case HTML_DEL:
		add_emphasis(w, i, around, out);
		break;
	case HTML_A:
		add_link(w, i, around, out);
		break;
	case HTML_IMG:
		add_picture(w, n, out);
		break;
	case HTML_SUB:
	case HTML_SUP:
		add_raised(w, i, out);
		break;
	default: /* layout; or a block where none can stand */
		if (!is_inline(n->tag) && out->len && !is_space(out->p[out->len - 1]))
			buf_addc(out, ' ');
		add_inlines(w, n->first, -1, around, out);
	}
}

/* Nodes from `first` up to `end`. */
static void add_inlines(struct writer *w, int first, int end, enum html_tag around, struct buf *out)
{
	for (int i = first; i >= 0 && i != end; i = node(w, i)->next)
		add_inline(w, i, around, out);
}

/* ---- blocks ---- */

static void add_blocks(struct writer *w, int parent, bool tight, struct buf *out);

struct blocks {
	struct writer *w;
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
	add_inlines(b->w, first, end, HTML_NONE, &text);
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

static bool is_loose(const struct writer *w, int list)
{
	for (int i = node(w, list)->first; i >= 0; i = node(w, i)->next)
		for (int k = node(w, i)->tag == HTML_LI ? node(w, i)->first : -1; k >= 0; k = node(w, k)->next)
			if (node(w, k)->tag == HTML_P)
				return true;
	return false;
}

static void add_list(struct blocks *b, int i)
{
	struct writer *w = b->w;
	const struct html_node *list = node(w, i);
	bool loose = is_loose(w, i), first = true;
	long number = list->level;
	if (list->tag == HTML_OL && number != 1 && b->last == HTML_P && b->tight)
		buf_addc(b->out, '\n'); /* such a list does not interrupt a paragraph */
	begin_block(b, list->tag);
	bool other = b->other_marker;
	for (int k = list->first; k >= 0; k = node(w, k)->next) {
		_cleanup_buf_ struct buf inner = BUF(w->max);
		char marker[32], indent[32];
		if (node(w, k)->tag == HTML_TEXT && !str_trim(str_of(node(w, k)->text)).len)
			continue;
		if (node(w, k)->tag == HTML_LI)
			add_blocks(w, k, !loose, &inner);
		else
			add_inline(w, k, HTML_NONE, &inner);
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
	struct writer *w = b->w;
	_cleanup_buf_ struct buf raw = BUF(w->max);
	const char *language = NULL;
	raw_text(w, i, &raw);
	for (int k = node(w, i)->first; k >= 0 && !language; k = node(w, k)->next)
		language = node(w, k)->tag == HTML_CODE ? node(w, k)->text : NULL;
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
	struct writer *w = b->w;
	_cleanup_buf_ struct buf text = BUF(w->max);
	bool before = w->one_line;
	w->one_line = true;
	add_inlines(w, node(w, i)->first, -1, HTML_NONE, &text);
	w->one_line = before;
	struct str s = str_trim(buf_str(&text));
	if (!s.len)
		return;
	int level = node(w, i)->level;
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

static void add_cell(struct writer *w, int i, struct buf *out)
{
	_cleanup_buf_ struct buf text = BUF(w->max);
	for (int k = node(w, i)->first; k >= 0; k = node(w, k)->next)
		if (has_block(w, k) && node(w, k)->tag != HTML_P)
			lose(w, "a table's cell holds more than a line: it is written as one");
	bool before = w->one_line, cell = w->in_cell;
	w->one_line = w->in_cell = true;
	add_inlines(w, node(w, i)->first, -1, HTML_NONE, &text);
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

static void find_rows(const struct writer *w, int i, struct rows *rows)
{
	for (int k = node(w, i)->first; k >= 0; k = node(w, k)->next) {
		if (node(w, k)->tag == HTML_ROWS)
			find_rows(w, k, rows);
		if (node(w, k)->tag != HTML_TR || rows->n >= ARRAY_SIZE(rows->list))
			continue;
		size_t cells = 0;
		for (int c = node(w, k)->first; c >= 0; c = node(w, c)->next)
			cells += node(w, c)->tag == HTML_CELL;
		rows->columns = cells > rows->columns ? cells : rows->columns;
		rows->list[rows->n++] = k;
	}
}

static void add_row(struct writer *w, int row, size_t columns, struct buf *out)
{
	size_t n = 0;
	buf_addc(out, '|');
	for (int c = node(w, row)->first; c >= 0; c = node(w, c)->next) {
		if (node(w, c)->tag != HTML_CELL)
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
	struct writer *w = b->w;
	struct rows rows = {0};
	find_rows(w, i, &rows);
	if (!rows.n || !rows.columns || rows.columns > 100)
		return;
	if (w->t->spans)
		lose(w, "cells that go over several rows or columns are written once");
	begin_block(b, HTML_TABLE);
	for (size_t r = 0; r < rows.n; r++) {
		if (r)
			buf_addc(b->out, '\n');
		add_row(w, rows.list[r], rows.columns, b->out);
		if (r)
			continue;
		buf_adds(b->out, "\n|");
		size_t n = 0;
		for (int c = node(w, rows.list[0])->first; c >= 0; c = node(w, c)->next)
			if (node(w, c)->tag == HTML_CELL && n++ < rows.columns)
				buf_addf(b->out, "%s|", marks[node(w, c)->level & 3]);
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
		lose(b->w, "a quote in an option is written without its mark");
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
	switch (node(b->w, i)->tag) {
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
	for (int i = node(b->w, parent)->first; i >= 0;) {
		if (has_block(b->w, i)) {
			add_block(b, i);
			i = node(b->w, i)->next;
			continue;
		}
		int end = i;
		while (end >= 0 && !has_block(b->w, end))
			end = node(b->w, end)->next;
		inline_block(b, i, end);
		i = end;
	}
}

static void add_blocks(struct writer *w, int parent, bool tight, struct buf *out)
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
	struct writer w = {.c = c, .t = &t, .max = max};
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
	struct writer w = {.c = &c, .t = &t, .max = html.len * 4 + 64};
	for (int i = t.nodes[0].first; i >= 0; i = t.nodes[i].next) {
		if (raw.len && !is_inline(t.nodes[i].tag))
			buf_addc(&raw, ' ');
		raw_text(&w, i, &raw);
	}
	_cleanup_free_ char *text = collapse(raw.p ? raw.p : "", true);
	return str_dup(str_trim(str_of(text)));
}
