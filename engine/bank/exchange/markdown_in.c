/* Other people's Markdown as the bank's: rendered to HTML, with the HTML that stands in it, and taken back through the allow-list of
 * html.c. So headings, pictures, links and tags are treated as they are in HTML, and reference links are resolved. */
#include "bank/exchange/intake.h"
#include <md4c-html.h>

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
	if (in->references.len && memchr(text.p, '[', text.len)) {
		buf_adds(&source, "\n\n");
		buf_addv(&source, in->references);
	}
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
