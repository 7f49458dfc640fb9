/* HTML of our own making as plain text. See plain.h. It knows the tags and the five entities that engine/bank writes, and lets every other
 * tag go. */
#include "cli/plain.h"
#include "base/mem.h"
#include <stdio.h>

#define PLAIN_MAX (64u << 20)

struct plain {
	struct buf *out;
	const char *indent;
	bool code, begins; /* begins: nothing stands on the line yet */
};

size_t plain_control(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	if (s[0] < ' ' || s[0] == 0x7f)
		return 1;
	if (s[0] == 0xC2 && s[1] < 0xA0)
		return 2;
	bool turns = s[0] == 0xE2 && ((s[1] == 0x80 && s[2] >= 0xAA && s[2] <= 0xAE) || (s[1] == 0x81 && s[2] >= 0xA6 && s[2] <= 0xA9));
	return turns ? 3 : 0;
}

/* One character or entity, without line feeds; returns how many bytes it was. */
static size_t add_one(struct plain *p, const char *html)
{
	static const char *const entities[][2] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}};
	for (size_t i = 0; *html == '&' && i < ARRAY_SIZE(entities); i++)
		if (strncmp(html, entities[i][0], strlen(entities[i][0])) == 0) {
			buf_adds(p->out, entities[i][1]);
			return strlen(entities[i][0]);
		}
	bool space = *html == '\n' || *html == '\t';
	size_t n = space ? 0 : plain_control(html);
	if (n)
		return n;
	buf_addc(p->out, space && !(p->code && *html == '\t') ? ' ' : *html);
	return 1;
}

static void begin_line(struct plain *p)
{
	if (p->begins)
		buf_adds(p->out, p->indent);
	p->begins = false;
}

static void end_line(struct plain *p)
{
	if (!p->begins)
		buf_addc(p->out, '\n');
	p->begins = true;
}

static size_t add_text(struct plain *p, const char *html)
{
	if (p->code && *html == '\n') { /* empty lines, too */
		buf_addc(p->out, '\n');
		p->begins = true;
		return 1;
	}
	if (p->begins && !p->code && strchr(" \t\n", *html))
		return 1;
	begin_line(p);
	return add_one(p, html);
}

static bool is_tag(const char *html, const char *name)
{
	return strncmp(html, name, strlen(name)) == 0 && html[strlen(name)] && strchr("> ", html[strlen(name)]);
}

static const char *attribute(const char *tag, size_t len, const char *name)
{
	const char *at = memmem(tag, len, name, strlen(name));
	return at ? at + strlen(name) : NULL;
}

static void add_blank(struct plain *p, const char *tag, size_t len)
{
	const char *number = attribute(tag, len, " data-blank=\"");
	if (!number)
		return;
	begin_line(p);
	buf_addf(p->out, "[%.*s]", (int)strspn(number, "0123456789"), number);
}

static void add_alt(struct plain *p, const char *tag, size_t len)
{
	const char *alt = attribute(tag, len, " alt=\"");
	if (!alt)
		return;
	begin_line(p);
	buf_adds(p->out, "[picture: ");
	while (alt < tag + len && *alt != '"')
		alt += add_one(p, alt);
	buf_addc(p->out, ']');
}

static void add_tag(struct plain *p, const char *tag, size_t len)
{
	static const char *const ends[] = {"</p", "</tr", "</li", "</pre", "<br", "</ul", "</ol"};
	if (is_tag(tag, "<pre") || is_tag(tag, "</pre"))
		p->code = tag[1] == 'p';
	if (is_tag(tag, "<li") || is_tag(tag, "<td") || is_tag(tag, "<th")) {
		bool first = p->begins;
		begin_line(p);
		buf_adds(p->out, is_tag(tag, "<li") ? "- " : first ? "" : " | ");
	}
	if (is_tag(tag, "<span"))
		add_blank(p, tag, len);
	if (is_tag(tag, "<img"))
		add_alt(p, tag, len);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (is_tag(tag, ends[i]))
			end_line(p);
}

void plain_html(const char *html, const char *indent, struct buf *out)
{
	struct plain p = {.out = out, .indent = indent, .begins = true};
	while (*html) {
		if (*html != '<') {
			html += add_text(&p, html);
			continue;
		}
		size_t len = strcspn(html, ">");
		add_tag(&p, html, len);
		html += len + (html[len] == '>');
	}
	end_line(&p);
}

char *plain_line(const char *html)
{
	_cleanup_buf_ struct buf out = BUF(PLAIN_MAX);
	plain_html(html, "", &out);
	for (size_t i = 0; i < out.len; i++)
		if (out.p[i] == '\n' || out.p[i] == '\t')
			out.p[i] = ' ';
	return str_dup(str_trim(buf_str(&out)));
}

void plain_print(const char *html, const char *indent)
{
	_cleanup_buf_ struct buf out = BUF(PLAIN_MAX);
	plain_html(html, indent, &out);
	fwrite(buf_str(&out).p, 1, out.len, stdout);
}

static bool is_inside(char c) /* of a character in UTF-8 */
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

void plain_cell(const char *text, size_t width, struct buf *out)
{
	size_t n = 0;
	for (; *text && (n < width || is_inside(*text)); text++) {
		n += !is_inside(*text);
		buf_addc(out, *text);
	}
	while (n++ < width)
		buf_addc(out, ' ');
}
