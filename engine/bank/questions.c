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

struct heading question_heading(struct str s, size_t hashes)
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

bool question_begins(const struct line *l)
{
	return !(l->flags & LINE_CODE) && l->indent == 0 && str_starts(line_str(l), "## ");
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
	struct parts parts;
	parts_take(l, &f->text.source, &f->lines, from, to, &parts);
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
		parts_keep(&item, &parts);
	else if (ok)
		parts_warn_names(l, &f->text.source, &parts);
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
	while (from < f->lines.n && !question_begins(&f->lines.list[from]))
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
		h = question_heading(line_str(&f->lines.list[from]), 1);
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
		struct heading h = question_heading(s, 3);
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
