/* HTML as Markdown: what stands in a line. See html_writer.h. */
#include "bank/exchange/html_writer.h"
#include <stdio.h>

void html_lose(const struct html_writer *w, const char *what)
{
	if (w->c->q)
		plain_lose(w->c->q, "%s", what);
}

bool html_is_inline(enum html_tag tag)
{
	return tag == HTML_TEXT || tag == HTML_NONE || tag == HTML_CODE || tag == HTML_BR || (tag >= HTML_EM && tag <= HTML_SUP);
}

/* All text in it, as it is. */
void html_raw_text(const struct html_writer *w, int i, struct buf *out)
{
	const struct html_node *n = html_node(w, i);
	if (n->tag == HTML_TEXT)
		buf_adds(out, n->text);
	else if (n->tag == HTML_BR)
		buf_addc(out, '\n');
	for (int k = n->first; k >= 0; k = html_node(w, k)->next)
		html_raw_text(w, k, out);
}

/* ---- inline ---- */

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* Runs of white space become one space, or one line end if there is one in it. */
char *html_collapse(const char *text, bool one_line)
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

static void add_text(struct html_writer *w, const struct html_node *n, struct buf *out)
{
	_cleanup_free_ char *text = html_collapse(n->text, w->one_line);
	const char *p = text;
	if (is_space(*p) && (!out->len || is_space(out->p[out->len - 1])))
		p++;
	add_escaped(p, out);
}

static void add_code(struct html_writer *w, int i, struct buf *out)
{
	_cleanup_buf_ struct buf raw = BUF(w->max);
	html_raw_text(w, i, &raw);
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

static void add_emphasis(struct html_writer *w, int i, enum html_tag around, struct buf *out)
{
	const struct html_node *n = html_node(w, i);
	_cleanup_buf_ struct buf inner = BUF(w->max);
	if (around == n->tag) { /* bold in bold is bold */
		html_add_inlines(w, n->first, -1, around, out);
		return;
	}
	html_add_inlines(w, n->first, -1, n->tag, &inner);
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

static void add_link(struct html_writer *w, int i, enum html_tag around, struct buf *out)
{
	const struct html_node *n = html_node(w, i);
	struct str href = str_trim(str_of(n->href ? n->href : ""));
	_cleanup_free_ char *own = !is_web(href) && w->c->link ? w->c->link(w->c->arg, str_of(n->doc), href) : NULL;
	_cleanup_buf_ struct buf inner = BUF(w->max), raw = BUF(w->max);
	if (!own && !is_web(href)) {
		if (href.len && href.p[0] != '#')
			html_lose(w, "a link that leads nowhere is only its text");
		html_add_inlines(w, n->first, -1, around, out);
		return;
	}
	html_raw_text(w, i, &raw);
	struct str address = own ? str_of(own) : href;
	if (!own && str_eq(buf_str(&raw), address) && !memchr(address.p, ' ', address.len) && !str_starts(address, "mailto:") &&
	    !strpbrk(href.p, "<>&\\`")) {
		buf_addc(out, '<');
		buf_addv(out, address);
		buf_addc(out, '>');
		return;
	}
	html_add_inlines(w, n->first, -1, around, &inner);
	struct str text = str_trim(buf_str(&inner));
	if (!text.len)
		return;
	open_bracket(out);
	buf_addv(out, text);
	buf_adds(out, "](");
	add_address(address, out);
	buf_addc(out, ')');
}

static void add_picture(struct html_writer *w, const struct html_node *n, struct buf *out)
{
	struct str src = str_of(n->href ? n->href : "");
	_cleanup_free_ char *address = w->c->picture ? w->c->picture(w->c->arg, src) : NULL;
	_cleanup_free_ char *alt = html_collapse(n->alt ? n->alt : "", true);
	if (!address) {
		char what[300];
		snprintf(what, sizeof what, "the picture %.200s is not there: only its description is kept",
		         src.len > 200 || !src.len ? "in it" : src.p);
		html_lose(w, what);
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

static void add_raised(struct html_writer *w, int i, struct buf *out)
{
	static const char *const up[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
	static const char *const down[] = {"₀", "₁", "₂", "₃", "₄", "₅", "₆", "₇", "₈", "₉"};
	_cleanup_buf_ struct buf raw = BUF(w->max);
	html_raw_text(w, i, &raw);
	bool sub = html_node(w, i)->tag == HTML_SUB, digits = raw.len > 0;
	for (size_t k = 0; k < raw.len; k++)
		digits &= raw.p[k] >= '0' && raw.p[k] <= '9';
	for (size_t k = 0; k < raw.len && digits; k++)
		buf_adds(out, (sub ? down : up)[raw.p[k] - '0']);
	if (digits)
		return;
	html_lose(w, sub ? "a subscript is written on the line" : "a superscript is written on the line");
	buf_adds(out, sub ? "\\_" : "^");
	html_add_inlines(w, html_node(w, i)->first, -1, HTML_NONE, out);
}

static void add_break(struct html_writer *w, struct buf *out)
{
	while (out->len && out->p[out->len - 1] == ' ')
		buf_cut(out, out->len - 1);
	if (w->one_line)
		buf_addc(out, ' ');
	else if (out->len && out->p[out->len - 1] != '\n')
		buf_adds(out, "\\\n");
}

void html_add_inline(struct html_writer *w, int i, enum html_tag around, struct buf *out)
{
	const struct html_node *n = html_node(w, i);
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
		if (!html_is_inline(n->tag) && out->len && !is_space(out->p[out->len - 1]))
			buf_addc(out, ' ');
		html_add_inlines(w, n->first, -1, around, out);
	}
}

/* Nodes from `first` up to `end`. */
void html_add_inlines(struct html_writer *w, int first, int end, enum html_tag around, struct buf *out)
{
	for (int i = first; i >= 0 && i != end; i = html_node(w, i)->next)
		html_add_inline(w, i, around, out);
}
