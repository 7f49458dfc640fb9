/* Files of questions: front matter, then one question, or many that begin with "## Title {#id}". */
#include "bank/load.h"
#include "base/mem.h"

struct question_file {
	struct loader *l;
	struct text_file text;
	struct lines lines;
	struct yaml defaults;
	bool has_defaults, bad_defaults; /* questions without their defaults are left out, like all with an error */
	size_t start;                    /* line after the front matter */
	int count;                       /* questions so far */
};

/* A heading's title and, in {#…} at its end, its id. */
struct heading {
	struct str title, id;
	const char *id_at;
	bool alone; /* one question a file: the front matter is its own */
};

static struct heading read_heading(struct str s, size_t hashes)
{
	struct heading h = {.title = str_trim(str_sub(s, hashes, s.len))};
	size_t end = h.title.len;
	while (end && h.title.p[end - 1] == '#')
		end--;
	if (end < h.title.len && (end == 0 || h.title.p[end - 1] == ' ')) /* "## Title ##" */
		h.title = str_trim(str_sub(h.title, 0, end));
	if (!str_ends(h.title, "}"))
		return h;
	for (size_t i = h.title.len; i-- > 1;) {
		if (h.title.p[i - 1] == '{' && h.title.p[i] == '#') {
			h.id = str_sub(h.title, i + 1, h.title.len - 1);
			h.id_at = h.id.p;
			h.title = str_trim(str_sub(h.title, 0, i - 1));
			break;
		}
	}
	return h;
}

static bool is_split(const struct line *l)
{
	return !(l->flags & LINE_CODE) && l->indent == 0 && str_starts(line_str(l), "## ");
}

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

struct parts {
	struct str fields, program;
	bool has_fields, has_program;
	struct line *lines; /* without both */
	size_t n;
	bool ok;
};

/* Takes the fields and the program out of lines [from, to). */
static struct parts take_parts(struct question_file *f, size_t from, size_t to)
{
	struct parts p = {.ok = true, .lines = xcalloc(to - from + 1, sizeof *p.lines)};
	for (size_t i = from; i < to;) {
		const struct line *l = &f->lines.list[i];
		bool fields = opens(l, "yaml", "item"), program = opens(l, "lua", "params");
		if (!fields && !program) {
			p.lines[p.n++] = *l;
			i++;
			continue;
		}
		bool again = fields ? p.has_fields : p.has_program, late = false;
		for (size_t k = 0; k < p.n && fields; k++)
			late |= !(p.lines[k].flags & LINE_BLANK);
		struct str body = fence_body(&f->lines, &i, to);
		if (again || late) {
			diags_add(f->l->diags, DIAG_ERROR, again ? "repeated-block" : "fields-late", &f->text.source, l->p, "%s",
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
	return p;
}

static bool set_id(struct question_file *f, struct question *q, const struct heading *h, const char *name)
{
	struct item *item = q->item;
	const struct yaml *y;
	int node = q->own ? yaml_find(q->own, 0, "id") : -1;
	y = q->own;
	if (node < 0 && h->alone && q->defaults) {
		node = yaml_find(q->defaults, 0, "id");
		y = q->defaults;
	}
	struct str id;
	if (node >= 0) {
		if (!yaml_id(y, node, "id", &id, q->diags)) {
			item->id = str_slug(h->title.len ? h->title : str_of(name), 64);
			return false;
		}
		item->id = str_dup(id);
	} else if (h->id_at) {
		item->id = str_is_id(h->id) ? str_dup(h->id) : str_slug(h->id, 64);
		if (!str_is_id(h->id)) {
			diags_add(q->diags, DIAG_ERROR, "bad-id", &f->text.source, h->id_at, "'%.*s' is not an id (a-z, 0-9 and '-', at most 64)",
			          (int)(h->id.len > 100 ? 100 : h->id.len), h->id.p);
			diags_help(q->diags, "for example {#%s}", item->id);
			return false;
		}
	} else {
		item->id = str_slug(h->title.len ? h->title : str_of(name), 64);
	}
	return true;
}

/* What is kept of a parametrised question: its text, and its program. */
static void keep_source(struct item *item, const struct parts *p)
{
	_cleanup_buf_ struct buf text = BUF((size_t)QUESTION_MAX * 2);
	for (size_t i = 0; i < p->n; i++) {
		buf_addv(&text, line_str(&p->lines[i]));
		buf_addc(&text, '\n');
	}
	item->source = str_dup(buf_str(&text));
	item->params_lua = str_dup(p->program);
}

static void warn_names_without_program(struct question_file *f, const struct parts *p)
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
			diags_add(f->l->diags, DIAG_WARNING, "no-program", &f->text.source, at,
			          "'%.*s' is shown as it is: this question has no 'lua params' block", (int)n, at);
			return;
		}
	}
}

/* Reads the question at lines [from, to); its heading is the line before, if it has one. */
static void read_question(struct question_file *f, size_t from, size_t to, const struct heading *h, const char *name, const char *at)
{
	struct loader *l = f->l;
	struct bank *bank = l->bank;
	size_t errors = l->diags->n_errors;
	if (bank->n_items >= BANK_ITEMS_MAX) {
		diags_add(l->diags, DIAG_ERROR, "too-large", &f->text.source, at, "more than %d questions", BANK_ITEMS_MAX);
		return;
	}
	struct item item = {.kind = ITEM_SINGLE};
	f->count++;
	struct parts parts = take_parts(f, from, to);
	struct yaml own = {0};
	struct question q = {.bank = bank,
	                     .diags = l->diags,
	                     .md = &l->md,
	                     .source = &f->text.source,
	                     .lines = parts.lines,
	                     .n_lines = parts.n,
	                     .item = &item,
	                     .at = at,
	                     .defaults = f->has_defaults ? &f->defaults : NULL,
	                     .is_template = parts.has_program};
	if (parts.has_fields) {
		if (yaml_parse(&f->text.source, parts.fields, l->diags, &own))
			yaml_only(&own, 0, question_fields, n_question_fields, l->diags);
		q.own = &own;
	}
	bool ok = set_id(f, &q, h, name);
	item.title = h->title.len ? str_dup(h->title) : xstrdup(item.id);
	item.file = xstrdup(f->text.source.path);
	if (to > from && at && f->lines.list[to - 1].p - at > QUESTION_MAX) {
		diags_add(l->diags, DIAG_ERROR, "too-large", &f->text.source, at, "a question of more than %d bytes", QUESTION_MAX);
		ok = false;
	} else {
		ok &= question_read(&q);
	}
	ok = ok && parts.ok && !f->bad_defaults && l->diags->n_errors == errors;
	if (parts.has_program)
		keep_source(&item, &parts);
	else if (ok)
		warn_names_without_program(f, &parts);
	yaml_finish(&own);
	free(parts.lines);
	if (!ok) {
		item_finish(&item);
		return;
	}
	item.line = source_line(&f->text.source, at);
	item.place = f->count;
	item.params_line = parts.has_program ? source_line(&f->text.source, parts.program.p) : 0;
	bank->items = xgrow(bank->items, bank->n_items, &l->cap_items, sizeof *bank->items);
	bank->items[bank->n_items++] = item;
}

static size_t next_split(const struct question_file *f, size_t from)
{
	while (from < f->lines.n && !is_split(&f->lines.list[from]))
		from++;
	return from;
}

/* The file's name without folders and ending. */
static char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	return xstrndup(name, strlen(name) - 3);
}

static void read_single(struct question_file *f, const char *name)
{
	struct heading h = {0};
	size_t from = f->start;
	while (from < f->lines.n && (f->lines.list[from].flags & LINE_BLANK))
		from++;
	const char *at = from < f->lines.n ? f->lines.list[from].p : f->text.source.bytes.p;
	if (from < f->lines.n && !(f->lines.list[from].flags & LINE_CODE) && str_starts(line_str(&f->lines.list[from]), "# ")) {
		h = read_heading(line_str(&f->lines.list[from]), 1);
		from++;
	}
	h.alone = true;
	read_question(f, from, f->lines.n, &h, name, at);
}

static void read_many(struct question_file *f, size_t first, const char *name)
{
	struct diags *diags = f->l->diags;
	static const char *const own_fields[] = {"id", "title"};
	for (size_t i = 0; i < ARRAY_SIZE(own_fields) && f->has_defaults; i++) {
		int node = yaml_find(&f->defaults, 0, own_fields[i]);
		if (node < 0)
			continue;
		diags_add(diags, DIAG_ERROR, "default-id", &f->text.source, yaml_at(&f->defaults, node),
		          "'%s' in the front matter of a file with several questions", own_fields[i]);
		diags_help(diags, "each question has its own: ## Title {#id}");
	}
	for (size_t i = f->start; i < first; i++) {
		const struct line *l = &f->lines.list[i];
		if ((l->flags & LINE_BLANK) || str_starts(line_str(l), "# "))
			continue;
		diags_add(diags, DIAG_WARNING, "text-before", &f->text.source, l->p, "text before the first question is not shown to anybody");
		break;
	}
	for (size_t i = first; i < f->lines.n;) {
		size_t to = next_split(f, i + 1);
		struct str s = line_str(&f->lines.list[i]);
		struct heading h = read_heading(s, 3);
		if (!h.title.len)
			diags_add(diags, DIAG_ERROR, "no-title", &f->text.source, s.p, "a question without a title");
		else
			read_question(f, i + 1, to, &h, name, s.p);
		i = to;
	}
}

void load_questions(struct loader *l, const char *path)
{
	struct question_file f = {.l = l};
	if (!load_text(l, path, TEXT_FILE_MAX, &f.text))
		return;
	lines_split(f.text.source.bytes, &f.lines);
	struct str front;
	size_t errors = l->diags->n_errors;
	if (load_front_matter(l, &f.text.source, &f.lines, &f.start, &front)) {
		f.has_defaults = true;
		if (yaml_parse(&f.text.source, front, l->diags, &f.defaults))
			yaml_only(&f.defaults, 0, question_fields, n_question_fields, l->diags);
		/* Fences inside the front matter are not Markdown's: the rest is looked at afresh. */
		const char *rest = f.start < f.lines.n ? f.lines.list[f.start].p : f.text.source.bytes.p + f.text.source.bytes.len;
		f.lines.n = f.start = 0;
		lines_split((struct str){rest, (size_t)(f.text.source.bytes.p + f.text.source.bytes.len - rest)}, &f.lines);
	}
	f.bad_defaults = l->diags->n_errors != errors;
	_cleanup_free_ char *name = base_name(path);
	l->md.file = path;
	size_t first = next_split(&f, f.start);
	if (first < f.lines.n)
		read_many(&f, first, name);
	else if (f.lines.n)
		read_single(&f, name);
	else
		diags_add_place(l->diags, DIAG_WARNING, "stray-file", path, 0, "the file holds no question");
	yaml_finish(&f.defaults);
	free(f.lines.list);
	text_file_finish(&f.text);
}
