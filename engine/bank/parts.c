/* The blocks of a question or a task that are not its text: its fields, and the program that draws it. See load.h. */
#include "bank/load.h"
#include "base/mem.h"

static bool opens(const struct line *l, const char *first, const char *second)
{
	if (!(l->flags & LINE_FENCE_OPEN) || (l->flags & LINE_NESTED))
		return false;
	struct str s = line_body(l), word;
	while (s.len && (s.p[0] == '`' || s.p[0] == '~'))
		s = str_sub(s, 1, s.len);
	s = str_trim(s);
	size_t n = 0;
	while (n < s.len && s.p[n] != ' ')
		n++;
	word = str_sub(s, 0, n);
	return str_is(word, first) && str_is(str_trim(str_sub(s, n, s.len)), second);
}

/* The bytes between a fence's lines; *at (its first line) is moved behind it. */
static struct str fence_body(const struct lines *lines, size_t *at, size_t end)
{
	size_t i = *at + 1;
	while (i < end && !(lines->list[i].flags & LINE_FENCE_CLOSE))
		i++;
	const struct line *open = &lines->list[*at];
	const char *from = *at + 1 < lines->n ? lines->list[*at + 1].p : open->p + open->len;
	const char *to = i < lines->n ? lines->list[i].p : lines->list[lines->n - 1].p + lines->list[lines->n - 1].len;
	*at = i < end ? i + 1 : end;
	return (struct str){from, to > from ? (size_t)(to - from) : 0};
}

void parts_take(struct loader *loader, struct source *source, const struct lines *lines, size_t from, size_t to, struct parts *ret)
{
	struct parts p = {.ok = true, .lines = xcalloc(to - from + 1, sizeof *p.lines)};
	for (size_t i = from; i < to;) {
		const struct line *l = &lines->list[i];
		bool fields = opens(l, "yaml", "item"), program = opens(l, "lua", "params");
		if (!fields && !program) {
			p.lines[p.n++] = *l;
			i++;
			continue;
		}
		bool again = fields ? p.has_fields : p.has_program, late = false;
		for (size_t k = 0; k < p.n && fields; k++)
			late |= !(p.lines[k].flags & LINE_BLANK);
		struct str body = fence_body(lines, &i, to);
		if (again || late) {
			diags_add(loader->diags, DIAG_ERROR, again ? "repeated-block" : "fields-late", source, l->p, "%s",
			          again ? "a second block of this sort in one question" : "the fields of a question stand right below its heading");
			p.ok = false;
		} else if (fields) {
			p.fields = body;
			p.has_fields = true;
		} else {
			p.program = body;
			p.has_program = true;
		}
	}
	*ret = p;
}

void parts_keep(struct item *item, const struct parts *p)
{
	_cleanup_buf_ struct buf text = BUF((size_t)QUESTION_MAX * 2);
	for (size_t i = 0; i < p->n; i++) {
		buf_addv(&text, line_str(&p->lines[i]));
		buf_addc(&text, '\n');
	}
	item->source = str_dup(buf_str(&text));
	item->params_lua = str_dup(p->program);
}

void parts_warn_names(struct loader *loader, struct source *source, const struct parts *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct str rest = line_str(&p->lines[i]);
		const char *at;
		while (!(p->lines[i].flags & LINE_CODE) && (at = memmem(rest.p, rest.len, "@{", 2))) {
			rest = str_sub(rest, (size_t)(at - rest.p), rest.len);
			size_t n = question_mark(rest.p, rest.len), ticks = 0;
			rest = str_sub(rest, 2, rest.len);
			for (const char *c = p->lines[i].p; c < at; c++)
				ticks += *c == '`';
			if (!n || ticks % 2) /* main@{u} in code is Git's */
				continue;
			diags_add(loader->diags, DIAG_WARNING, "no-program", source, at,
			          "'%.*s' is shown as it is: this question has no 'lua params' block", (int)n, at);
			return;
		}
	}
}
