/* Other people's Markdown as the bank's: rendered to HTML, with the HTML that stands in it, and taken back through the allow-list of
 * html.c. So headings, pictures, links and tags are treated as they are in HTML, and reference links are resolved. */
#include "bank/exchange/intake.h"
#include "bank/load.h"
#include <md4c-html.h>

/* What takes md4c more than linear time has a ceiling before it is called. */
static bool is_bounded(struct str text)
{
	struct str line;
	if (text.len > QUESTION_MAX)
		return false;
	while (str_next_line(&text, &line))
		if (line.len > LINE_MAX_BYTES)
			return false;
	return true;
}

/* The definitions of the file whose labels occur in the text. */
static void add_references(const struct intake *in, struct str text, struct buf *out)
{
	struct str rest = in->references, line;
	buf_adds(out, "\n\n");
	while (str_next_line(&rest, &line)) {
		const char *end = memchr(line.p, ']', line.len);
		if (!end || !memmem(text.p, text.len, line.p, (size_t)(end - line.p) + 1))
			continue;
		buf_addv(out, line);
		buf_addc(out, '\n');
	}
}

static void append(const MD_CHAR *text, MD_SIZE size, void *out)
{
	buf_add(out, text, size);
}

/* In a table's cell \| is a | also inside code (GitHub Flavored Markdown, example 200); md4c leaves the backslash there. */
static void mend_cells(struct buf *html)
{
	bool cell = false, code = false;
	size_t n = 0;
	if (!html->p)
		return;
	for (size_t i = 0; i < html->len; i++) {
		struct str s = str_sub(buf_str(html), i, html->len);
		if (str_starts(s, "<td") || str_starts(s, "<th"))
			cell = true;
		else if (str_starts(s, "</td>") || str_starts(s, "</th>"))
			cell = false;
		else if (str_starts(s, "<code>") || str_starts(s, "</code>"))
			code = s.p[1] == 'c';
		else if (cell && code && str_starts(s, "\\|"))
			continue;
		html->p[n++] = html->p[i];
	}
	html->len = n;
	html->p[n] = 0;
}

char *intake_markdown(struct intake *in, struct str text, bool option)
{
	text = str_trim(text);
	if (!memchr(text.p, '\n', text.len) && escape_is_plain(text))
		return str_dup(text);
	if (!is_bounded(text)) {
		if (in->q)
			(void)plain_reject(in->q, "a text of it is larger, or has longer lines, than a bank can hold");
		return xstrdup("");
	}
	_cleanup_buf_ struct buf source = BUF(text.len + in->references.len + 64), html = BUF(text.len * 12 + (64u << 10));
	size_t mark = option ? escape_line_start(text) : 0; /* an option's first line is text */
	bool fence = str_starts(text, "```") || str_starts(text, "|");
	if (mark && !fence) {
		buf_addv(&source, str_sub(text, 0, mark - 1));
		buf_addc(&source, '\\');
		buf_addv(&source, str_sub(text, mark - 1, text.len));
	} else {
		buf_addv(&source, text);
	}
	if (in->references.len && memchr(text.p, '[', text.len))
		add_references(in, text, &source);
	if (md_html(source.p, (MD_SIZE)source.len, append, &html, MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH, 0) < 0)
		abort(); /* only when memory is out */
	if (html.overflow && in->q) {
		(void)plain_reject(in->q, "its Markdown grows too large");
		return xstrdup("");
	}
	if (memmem(text.p, text.len, "\\|", 2))
		mend_cells(&html);
	return intake_html(in, buf_str(&html), option);
}
