/* Where questions stand in a file. See outline.h. It cuts as questions.c does, and reports nothing. */
#include "bank/outline.h"
#include "bank/load.h"

struct cutting {
	struct loader loader;
	struct diags diags; /* what loading reports; nobody looks here */
	struct source source;
	struct lines lines;
	struct outline *out;
	const char *path;
};

/* The value of "id: x" among the fields: all that is needed of them. */
static struct str field_id(struct str yaml)
{
	struct str line;
	while (str_next_line(&yaml, &line)) {
		if (!str_starts(line, "id:"))
			continue;
		struct str value = str_trim(str_sub(line, 3, line.len));
		const char *comment = memchr(value.p, '#', value.len);
		value = str_trim(str_sub(value, 0, comment ? (size_t)(comment - value.p) : value.len));
		if (value.len > 1 && (value.p[0] == '"' || value.p[0] == '\'') && value.p[value.len - 1] == value.p[0])
			value = str_sub(value, 1, value.len - 1);
		return str_is_id(value) ? value : (struct str){0};
	}
	return (struct str){0};
}

static char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
	return dot && dot > name ? xstrndup(name, (size_t)(dot - name)) : xstrdup(name);
}

static int last_line(struct cutting *c, size_t from, size_t to)
{
	while (to > from && (c->lines.list[to - 1].flags & LINE_BLANK))
		to--;
	return source_line(&c->source, c->lines.list[to > from ? to - 1 : from].p);
}

/* One question at lines [from, to), the first of them its heading if `h` has a title. */
static void add(struct cutting *c, size_t from, size_t to, const struct heading *h, struct str front)
{
	struct outline *o = c->out;
	struct parts parts;
	parts_take(&c->loader, &c->source, &c->lines, h->title.p ? from + 1 : from, to, &parts);
	struct str id = parts.has_fields ? field_id(parts.fields) : (struct str){0};
	free(parts.lines);
	if (!id.p && h->alone)
		id = field_id(front);
	if (!id.p && str_is_id(h->id))
		id = h->id;
	_cleanup_free_ char *name = base_name(c->path);
	const char *bytes = c->source.bytes.p;
	o->list = xgrow(o->list, o->n, &o->cap, sizeof *o->list);
	struct outline_entry *e = &o->list[o->n++];
	*e = (struct outline_entry){.own_id = id,
	                            .from = (size_t)(c->lines.list[from].p - bytes),
	                            .to = to < c->lines.n ? (size_t)(c->lines.list[to].p - bytes) : c->source.bytes.len,
	                            .line = source_line(&c->source, c->lines.list[from].p),
	                            .end_line = last_line(c, from, to)};
	e->id = id.p ? str_dup(id) : str_slug(h->title.len ? h->title : str_of(name), 64);
	e->title = h->title.len ? str_dup(h->title) : xstrdup(e->id);
}

static size_t next_question(const struct cutting *c, size_t from)
{
	while (from < c->lines.n && !question_begins(&c->lines.list[from]))
		from++;
	return from;
}

static void cut(struct cutting *c, size_t start, struct str front)
{
	size_t first = next_question(c, start);
	c->out->alone = first == c->lines.n;
	if (c->out->alone) {
		while (start < c->lines.n && (c->lines.list[start].flags & LINE_BLANK))
			start++;
		if (start == c->lines.n)
			return;
		struct str s = line_str(&c->lines.list[start]);
		bool titled = !(c->lines.list[start].flags & LINE_CODE) && str_starts(s, "# ");
		struct heading h = titled ? question_heading(s, 1) : (struct heading){0};
		h.alone = true;
		add(c, start, c->lines.n, &h, front);
		return;
	}
	for (size_t i = first; i < c->lines.n;) {
		size_t to = next_question(c, i + 1);
		struct heading h = question_heading(line_str(&c->lines.list[i]), 3);
		add(c, i, to, &h, front);
		i = to;
	}
}

void outline_read(const char *path, struct str text, struct outline *ret)
{
	*ret = (struct outline){0};
	struct cutting c = {.source = {.path = path, .bytes = text}, .out = ret, .path = path};
	c.loader = (struct loader){.diags = &c.diags};
	struct str rest = str_starts(text, "\xef\xbb\xbf") ? str_sub(text, 3, text.len) : text, front = {0};
	size_t start = 0;
	lines_split(rest, &c.lines);
	if (load_front_matter(&c.loader, &c.source, &c.lines, &start, &front)) {
		const char *after = start < c.lines.n ? c.lines.list[start].p : text.p + text.len;
		c.lines.n = start = 0;
		lines_split((struct str){after, (size_t)(text.p + text.len - after)}, &c.lines);
	}
	cut(&c, start, front);
	free(c.lines.list);
	source_finish(&c.source);
	diags_finish(&c.diags);
}

void outline_finish(struct outline *o)
{
	for (size_t i = 0; i < o->n; i++) {
		free(o->list[i].id);
		free(o->list[i].title);
	}
	free(o->list);
	*o = (struct outline){0};
}
