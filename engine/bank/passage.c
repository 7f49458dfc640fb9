/* Lines and passages. See passage.h.
 *
 * Fences follow CommonMark where it matters for authors: a fence inside a list item ends with the item, a fence of backticks has no
 * backtick in its info string, and it is closed by at least as many of the same character. */
#include "bank/passage.h"
#include "base/mem.h"

static bool is_blank_char(char c)
{
	return c == ' ' || c == '\t';
}

static void measure(struct line *l)
{
	unsigned indent = 0;
	size_t i = 0;
	for (; i < l->len && is_blank_char(l->p[i]); i++)
		indent = l->p[i] == '\t' ? (indent + 4) & ~3u : indent + 1;
	if (i == l->len)
		l->flags |= LINE_BLANK;
	l->indent = (uint16_t)(indent > 1000 ? 1000 : indent);
}

struct str line_body(const struct line *l)
{
	size_t i = 0;
	while (i < l->len && is_blank_char(l->p[i]))
		i++;
	return (struct str){l->p + i, l->len - i};
}

size_t list_marker(struct str s, bool *ret_ordered)
{
	size_t i = 0;
	bool ordered = false;
	if (s.len && (s.p[0] == '-' || s.p[0] == '*' || s.p[0] == '+')) {
		i = 1;
	} else {
		while (i < s.len && i < 9 && s.p[i] >= '0' && s.p[i] <= '9')
			i++;
		if (i == 0 || i == s.len || (s.p[i] != '.' && s.p[i] != ')'))
			return 0;
		ordered = true;
		i++;
	}
	if (i < s.len && !is_blank_char(s.p[i]))
		return 0;
	size_t marker = i;
	while (i < s.len && s.p[i] == ' ')
		i++;
	if (ret_ordered)
		*ret_ordered = ordered;
	return i == s.len || i - marker > 4 ? marker + 1 : i;
}

/* The length of the fence that begins at s, or 0. */
static size_t fence_run(struct str s)
{
	if (!s.len || (s.p[0] != '`' && s.p[0] != '~'))
		return 0;
	size_t n = 0;
	while (n < s.len && s.p[n] == s.p[0])
		n++;
	return n >= 3 ? n : 0;
}

static bool opens_fence(struct str s, size_t *ret_run)
{
	size_t n = fence_run(s);
	if (!n || (s.p[0] == '`' && memchr(s.p + n, '`', s.len - n)))
		return false;
	*ret_run = n;
	return true;
}

struct fence_state {
	size_t run; /* of the open fence; 0: none */
	char c;
	unsigned container; /* indent of the list item that it stands in */
	unsigned item;      /* content indent of the open top-level list item; 0: none */
};

/* Sets the state's item from a line at the left edge; true and the rest if the line begins with a list marker. */
static bool enter_item(struct fence_state *st, struct str *body)
{
	size_t marker = list_marker(*body, NULL);
	if (!marker)
		return false;
	st->item = (unsigned)marker;
	for (int depth = 0; marker && depth < 8; depth++) {
		*body = str_sub(*body, marker, body->len);
		marker = list_marker(*body, NULL);
	}
	return true;
}

static void scan_line(struct fence_state *st, struct line *l)
{
	struct str body = line_body(l);
	if (st->run && st->container && !(l->flags & LINE_BLANK) && l->indent < st->container)
		st->run = 0; /* the list item ends, and its fence with it */
	if (st->run) {
		l->flags |= LINE_CODE;
		size_t n = fence_run(body);
		if (n >= st->run && body.p[0] == st->c && l->indent < st->container + 4 && str_trim(str_sub(body, n, body.len)).len == 0) {
			l->flags |= LINE_FENCE_CLOSE;
			st->run = 0;
		}
		return;
	}
	if (l->flags & LINE_BLANK)
		return;
	unsigned nested = l->indent >= 2 && st->item ? (st->item < l->indent ? st->item : l->indent) : 0;
	if (l->indent < 2) {
		st->item = 0;
		if (enter_item(st, &body))
			nested = st->item;
	} else if (st->item) {
		unsigned item = st->item;
		enter_item(st, &body);
		st->item = item;
	}
	size_t run;
	if (l->indent < st->item + 4 && opens_fence(body, &run)) {
		st->run = run;
		st->c = body.p[0];
		st->container = nested;
		l->flags |= LINE_CODE | LINE_FENCE_OPEN | (nested ? LINE_NESTED : 0);
	}
}

void lines_split(struct str text, struct lines *lines)
{
	struct fence_state st = {0};
	struct str line;
	while (str_next_line(&text, &line)) {
		lines->list = xgrow(lines->list, lines->n, &lines->cap, sizeof *lines->list);
		struct line *l = &lines->list[lines->n++];
		*l = (struct line){.p = line.p, .len = (uint32_t)line.len};
		measure(l);
		scan_line(&st, l);
	}
}

void passage_finish(struct passage *p)
{
	free(p->copy);
	free(p->map);
	*p = (struct passage){0};
}

struct passage passage_view(struct source *source, struct str text)
{
	return (struct passage){.source = source, .text = text};
}

static void reserve(struct passage *p, size_t more)
{
	size_t need = p->text.len + more;
	if (need > p->cap_copy) {
		p->cap_copy = p->cap_copy ? p->cap_copy : 256;
		while (p->cap_copy < need)
			p->cap_copy *= 2;
		p->copy = xrealloc(p->copy, p->cap_copy, 1);
	}
	p->text.p = p->copy;
}

void passage_add(struct passage *p, struct source *source, struct str bytes)
{
	p->source = source;
	reserve(p, bytes.len + 1);
	p->map = xgrow(p->map, p->n_map, &p->cap_map, sizeof *p->map);
	p->map[p->n_map++] = (struct passage_line){(uint32_t)p->text.len, bytes.p};
	if (bytes.len)
		memcpy(p->copy + p->text.len, bytes.p, bytes.len);
	p->text.len += bytes.len;
}

void passage_append(struct passage *p, struct source *source, struct str bytes)
{
	passage_add(p, source, bytes);
	p->copy[p->text.len++] = '\n';
}

struct str line_dedented(const struct line *l, unsigned columns)
{
	unsigned column = 0;
	size_t i = 0;
	while (i < l->len && column < columns && is_blank_char(l->p[i])) {
		column = l->p[i] == '\t' ? (column + 4) & ~3u : column + 1;
		i++;
	}
	return (struct str){l->p + i, l->len - i};
}

/* Whether no line was taken out from between these. */
static bool is_contiguous(const struct line *lines, size_t from, size_t to)
{
	for (size_t i = from; i + 1 < to; i++)
		if (lines[i + 1].p - (lines[i].p + lines[i].len) > 2)
			return false;
	return true;
}

struct passage passage_of_lines(struct source *source, const struct line *lines, size_t from, size_t to, unsigned dedent)
{
	while (from < to && (lines[from].flags & LINE_BLANK))
		from++;
	while (to > from && (lines[to - 1].flags & LINE_BLANK))
		to--;
	if (from == to)
		return passage_view(source, (struct str){source->bytes.p, 0});
	if ((!dedent || (to == from + 1 && lines[from].indent == 0)) && is_contiguous(lines, from, to)) {
		const struct line *last = &lines[to - 1];
		return passage_view(source, (struct str){lines[from].p, (size_t)(last->p + last->len - lines[from].p)});
	}
	struct passage p = {0};
	for (size_t i = from; i < to; i++)
		passage_append(&p, source, line_dedented(&lines[i], dedent));
	return p;
}

const char *passage_at(const struct passage *p, const char *at)
{
	if (!at || at < p->text.p || at > p->text.p + p->text.len)
		return NULL;
	if (!p->n_map)
		return at;
	size_t offset = (size_t)(at - p->text.p), lo = 0, hi = p->n_map;
	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;
		if (p->map[mid].at <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return p->map[lo].from + (offset - p->map[lo].at);
}
