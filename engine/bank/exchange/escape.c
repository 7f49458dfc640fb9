/* Plain text as Markdown that shows just that text, with as few backslashes as will do. */
#include "bank/exchange/plain.h"

#define RUN_MAX 64 /* a longer run is looked at byte by byte and escaped */

static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool begins_entity(struct str s)
{
	return s.len > 2 && (s.p[1] == '#' || is_word(s.p[1]));
}

/* A run of * or _ between spaces is text. */
static bool stands_alone(struct str s, size_t i)
{
	size_t from = i, to = i + 1;
	while (from && s.p[from - 1] == s.p[i] && i - from < RUN_MAX)
		from--;
	while (to < s.len && s.p[to] == s.p[i] && to - i < RUN_MAX)
		to++;
	return (from == 0 || s.p[from - 1] == ' ') && (to == s.len || s.p[to] == ' ');
}

/* Whether the byte at i means something inside a paragraph. */
static bool is_special(struct str s, size_t i)
{
	char c = s.p[i], before = i ? s.p[i - 1] : ' ', after = i + 1 < s.len ? s.p[i + 1] : ' ';
	switch (c) {
	case '\\':
		return i + 1 == s.len || (after != ' ' && !is_word(after));
	case '`':
	case '[':
	case ']':
		return true;
	case '*':
		return !stands_alone(s, i);
	case '_':
		return !(is_word(before) && is_word(after)) && !stands_alone(s, i);
	case '<':
		return is_word(after) || after == '/' || after == '!' || after == '?';
	case '&':
		return begins_entity(str_sub(s, i, s.len));
	case '~':
		return true;
	case '{':
		return after == '{';
	default:
		return false;
	}
}

static bool only(struct str s, const char *bytes)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr(bytes, s.p[i]))
			return false;
	return s.len > 0;
}

size_t escape_line_start(struct str line)
{
	size_t i = 0;
	if (!line.len)
		return 0;
	if (only(line, "|-: \t") || only(line, "= \t"))
		return 1;
	if (strchr("#>", line.p[0]))
		return 1;
	if (strchr("-+=~*|", line.p[0]) && (line.len == 1 || line.p[1] == ' ' || line.p[1] == '\t' || line.p[0] == '|'))
		return 1;
	if (only(line, "-_* \t"))
		return 1;
	while (i < line.len && i < 9 && line.p[i] >= '0' && line.p[i] <= '9')
		i++;
	if (i && i < line.len && (line.p[i] == '.' || line.p[i] == ')') && (i + 1 == line.len || line.p[i + 1] == ' ' || line.p[i + 1] == '\t'))
		return i + 1;
	return 0;
}

static void add_escaped(struct str line, size_t mark, struct buf *out)
{
	size_t from = 0;
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.p[i];
		bool control = c < 0x20 || c == 0x7f;
		if (!control && !is_special(line, i) && i + 1 != mark)
			continue;
		buf_add(out, line.p + from, i - from);
		buf_addc(out, control ? ' ' : '\\');
		from = control ? i + 1 : i;
	}
	buf_add(out, line.p + from, line.len - from);
}

void escape_span(struct str text, struct buf *out)
{
	add_escaped(text, 0, out);
}

void escape_add(struct str text, struct buf *out)
{
	struct str line;
	bool first = true, gap = false;
	text = str_trim(text);
	while (str_next_line(&text, &line)) {
		line = str_trim(line);
		if (!line.len) {
			gap = !first;
			continue;
		}
		if (!first)
			buf_adds(out, gap ? "\n\n" : "\\\n");
		add_escaped(line, escape_line_start(line), out);
		first = gap = false;
	}
}

char *escape_text(struct str text)
{
	struct buf out = BUF(text.len * 2 + 64);
	escape_add(text, &out);
	return buf_take(&out, NULL);
}

bool escape_is_plain(struct str text)
{
	if (escape_line_start(text))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] < 0x20 || text.p[i] == '\\' || is_special(text, i))
			return false;
	return true;
}
