/* task.md: its fields, its text, and the copy of a task that an instance of a parametrised one has. See task.h. */
#include "bank/draft.h"
#include "bank/task.h"
#include "base/mem.h"

#define HINTS_MAX 16
#define HINT_MAX 4000
#define PORTS_MAX 20
#define COMMANDS_MAX 50
#define DOCS_MAX 50
#define LIMITS_MAX 8
#define TIME_MAX_MS (INT64_C(24) * 3600 * 1000)

/* ---- the text ---- */

bool kind_read_task(struct question *q)
{
	_cleanup_passage_ struct passage p = passage_of_lines(q->source, q->lines, 0, q->body_end, 0);
	if (p.text.len == 0)
		return question_error(q, "no-stem", q->at, "the task does not say what is to be done");
	return markdown_render(q->md, &p, false, &q->item->stem_html, NULL);
}

bool kind_read_checklist(struct question *q, size_t heading, size_t to)
{
	struct task *task = q->item->task;
	struct entry *entries = NULL;
	size_t n = 0, from = heading + 1;
	const char *at = q->lines[heading].p;
	if (task->n_checklist)
		return question_error(q, "repeated-heading", at, "'### Checklist' is here a second time");
	while (from < to && (q->lines[from].flags & LINE_BLANK))
		from++;
	if (from == to)
		return question_error(q, "empty-section", at, "nothing follows '### Checklist'");
	if (!question_entries(q, from, to, false, &entries, &n))
		return false;
	bool ok = true;
	task->checklist_html = xcalloc(n + 1, sizeof *task->checklist_html);
	for (size_t i = 0; i < n && ok; i++) {
		const struct line *l = &q->lines[entries[i].from];
		bool ticked;
		size_t skip = question_box(l, &ticked);
		struct item_option o = {0};
		ok = question_entry(q, &entries[i], str_sub(line_str(l), skip ? skip : entries[i].marker, l->len), (unsigned)entries[i].marker, &o);
		if (ok)
			task->checklist_html[task->n_checklist++] = take_ptr(o.html);
		free(o.html);
		free(o.text);
		free(o.feedback_html);
	}
	free(entries);
	return ok;
}

/* ---- fields ---- */

static void read_image(struct task_reader *r, struct draft *d)
{
	struct bank *bank = r->l->bank;
	struct task *task = r->item.task;
	static const char *const users[] = {"candidate", "root"};
	int node = draft_field(d, 0, "user"), user = 0;
	if (node >= 0)
		draft_choice(d, node, "user", users, ARRAY_SIZE(users), &user);
	task->user = xstrdup(users[user]);
	draft_string(d, 0, "image", 64, &task->image);
	if (!task->image)
		task->image = xstrdup("host");
	if (strcmp(task->image, "host") == 0 || bank_image(bank, task->image))
		return;
	const char *names[32] = {"host"};
	size_t n = 1;
	for (size_t i = 0; i < bank->n_images && n < ARRAY_SIZE(names); i++)
		names[n++] = bank->images[i].name;
	diags_add(r->l->diags, DIAG_ERROR, "unknown-image", d->y->source, yaml_at(d->y, draft_field(d, 0, "image")), "there is no image '%s'",
	          task->image);
	diags_help(r->l->diags, "write 'host', or describe it in bank.yml: images: {%s: {suite: bookworm, packages: [...]}}", task->image);
	diags_did_you_mean(r->l->diags, str_of(task->image), names, n);
	d->ok = false;
}

/* "256M", "50%", "1000" */
static bool is_limit(struct str s)
{
	size_t n = 0;
	while (n < s.len && n < 12 && s.p[n] >= '0' && s.p[n] <= '9')
		n++;
	return n > 0 && (n == s.len || (n + 1 == s.len && strchr("KMG%", s.p[n])));
}

static void read_limits(struct task_reader *r, struct draft *d)
{
	static const char *const names[] = {"memory", "processes", "cpu", "disk", "inodes", "output"};
	int node = draft_field(d, 0, "limits");
	size_t n = 0;
	if (node < 0 || !draft_is_map(d, node, "limits", names, ARRAY_SIZE(names)))
		return;
	r->item.task->limits = xcalloc(LIMITS_MAX + 1, sizeof(char *));
	for (int key = yaml_first(d->y, node); key >= 0 && n < LIMITS_MAX; key = yaml_next(d->y, yaml_next(d->y, key))) {
		struct str value;
		int at = yaml_next(d->y, key);
		if (!yaml_text(d->y, at, "limits", 20, &value, r->l->diags))
			d->ok = false;
		else if (!is_limit(value))
			draft_wrong(d, at, "field-value", "this is not a limit", "for example memory: 256M, cpu: 50%, processes: 100");
		else
			r->item.task->limits[n++] = xasprintf("%s=%.*s", d->y->nodes[key].text, STR_ARG(value));
	}
}

static bool is_command(const char *name)
{
	size_t len = strlen(name);
	return len > 0 && len <= 100 && *name != '-' &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-[") == len;
}

static void read_lists(struct task_reader *r, struct draft *d)
{
	struct task *task = r->item.task;
	int node = draft_field(d, 0, "commands");
	if (node >= 0 && !yaml_texts(d->y, node, "commands", COMMANDS_MAX, &task->commands, &task->n_commands, r->l->diags))
		d->ok = false;
	for (size_t i = 0; i < task->n_commands; i++)
		if (!is_command(task->commands[i]))
			draft_wrong(d, node, "field-value", "commands: a command is a name without a path", "for example [git, sqlite3]");
	node = draft_field(d, 0, "docs");
	if (node >= 0 && !yaml_texts(d->y, node, "docs", DOCS_MAX, &task->docs, &task->n_docs, r->l->diags))
		d->ok = false;
	for (size_t i = 0; i < task->n_docs; i++) {
		if (bank_doc(r->l->bank, task->docs[i]))
			continue;
		const char *names[256];
		size_t n = 0;
		for (; n < r->l->bank->n_docs && n < ARRAY_SIZE(names); n++)
			names[n] = r->l->bank->docs[n].id;
		diags_add(r->l->diags, DIAG_ERROR, "unknown-doc", d->y->source, yaml_at(d->y, node), "there is no page '%s'", task->docs[i]);
		diags_help(r->l->diags, "a page is a file docs/%s.md", task->docs[i]);
		diags_did_you_mean(r->l->diags, str_of(task->docs[i]), names, n);
		d->ok = false;
	}
}

static void read_ports(struct task_reader *r, struct draft *d)
{
	struct task *task = r->item.task;
	int node = draft_field(d, 0, "ports");
	if (node < 0)
		return;
	bool list = d->y->nodes[node].type == YAML_LIST;
	task->ports = xcalloc(PORTS_MAX, sizeof *task->ports);
	for (int child = list ? yaml_first(d->y, node) : node; child >= 0; child = list ? yaml_next(d->y, child) : -1) {
		int64_t port;
		if (task->n_ports == PORTS_MAX) {
			draft_wrong(d, child, "field-long", "too many ports", NULL);
			return;
		}
		if (yaml_int(d->y, child, "ports", 1, 65535, &port, r->l->diags))
			task->ports[task->n_ports++] = (int)port;
		else
			d->ok = false;
	}
}

/* One hint of the front matter. Its text may be folded or escaped there, so messages about it can only point to where it begins. */
static bool render_hint(struct task_reader *r, struct source *source, const char *at, struct str text)
{
	struct item *item = &r->item;
	struct passage_line map = {0, at};
	struct passage p = {.source = source, .text = text, .map = &map, .n_map = 1};
	char *html;
	if (!markdown_render(&r->l->md, &p, false, &html, NULL))
		return false;
	item->hints_html = xrealloc(item->hints_html, item->n_hints + 1, sizeof *item->hints_html);
	item->hints_html[item->n_hints++] = html;
	return true;
}

/* Hints are rendered; a parametrised task keeps their text as sections of its source, so that values are put in. */
static void read_hints(struct task_reader *r, struct draft *d, struct buf *source)
{
	int node = draft_field(d, 0, "hints");
	if (node < 0)
		return;
	bool list = d->y->nodes[node].type == YAML_LIST;
	for (int child = list ? yaml_first(d->y, node) : node; child >= 0; child = list ? yaml_next(d->y, child) : -1) {
		struct str text;
		if (r->item.n_hints >= HINTS_MAX) {
			draft_wrong(d, child, "field-long", "too many hints", NULL);
			return;
		}
		if (!yaml_text(d->y, child, "hints", HINT_MAX, &text, r->l->diags) || !render_hint(r, d->y->source, yaml_at(d->y, child), text)) {
			d->ok = false;
			continue;
		}
		buf_adds(source, "\n### Hint\n\n");
		buf_addv(source, text);
		buf_addc(source, '\n');
	}
}

static void read_id(struct task_reader *r, struct draft *d)
{
	struct str id;
	int node = draft_field(d, 0, "id");
	if (node >= 0 && !yaml_id(d->y, node, "id", &id, r->l->diags))
		d->ok = false;
	r->item.id = node >= 0 && d->ok ? str_dup(id) : xstrdup(r->slug);
}

static void read_fields(struct task_reader *r, const struct yaml *y, const char *path, struct buf *hints)
{
	static const char *const fields[] = {"id",   "title", "objective", "difficulty", "family",   "points", "status", "tags",
	                                     "time", "image", "user",      "limits",     "commands", "docs",   "ports",  "hints"};
	struct draft d = {.l = r->l, .y = y, .path = path, .ok = true};
	size_t errors = r->l->diags->n_errors;
	yaml_only(y, 0, fields, ARRAY_SIZE(fields), r->l->diags);
	read_id(r, &d);
	read_image(r, &d);
	read_limits(r, &d);
	read_lists(r, &d);
	read_ports(r, &d);
	draft_ms(&d, 0, "time", &r->item.task->time_ms);
	if (r->item.task->time_ms > TIME_MAX_MS)
		draft_wrong(&d, draft_field(&d, 0, "time"), "field-value", "a task takes at most a day", NULL);
	read_hints(r, &d, hints);
	r->own_points = draft_field(&d, 0, "points") >= 0;
	if (!d.ok || r->l->diags->n_errors != errors)
		r->ok = false;
}

/* ---- task.md ---- */

/* The first line with something on it, if it is "# Title". */
static bool take_title(const struct lines *lines, size_t *at, struct str *ret)
{
	while (*at < lines->n && (lines->list[*at].flags & LINE_BLANK))
		++*at;
	if (*at >= lines->n || (lines->list[*at].flags & LINE_CODE) || !str_starts(line_str(&lines->list[*at]), "# "))
		return false;
	struct str s = line_str(&lines->list[*at]);
	*ret = str_trim(str_sub(s, 2, s.len));
	++*at;
	return ret->len > 0;
}

static void read_body(struct task_reader *r, struct text_file *f, const struct lines *lines, size_t from, const struct yaml *front,
                      const struct buf *hints)
{
	struct loader *l = r->l;
	struct item *item = &r->item;
	struct str title;
	struct parts parts;
	const char *at = from < lines->n ? lines->list[from].p : f->source.bytes.p;
	item->title = take_title(lines, &from, &title) ? str_dup(title) : xstrdup(r->slug);
	parts_take(l, &f->source, lines, from, lines->n, &parts);
	if (parts.has_fields) {
		diags_add(l->diags, DIAG_ERROR, "fields-late", &f->source, parts.fields.p, "the fields of a task stand between --- at the top");
		parts.ok = false;
	}
	struct question q = {.bank = l->bank,
	                     .diags = l->diags,
	                     .md = &l->md,
	                     .source = &f->source,
	                     .lines = parts.lines,
	                     .n_lines = parts.n,
	                     .own = front,
	                     .item = item,
	                     .has_kind = true,
	                     .at = at,
	                     .is_template = parts.has_program};
	bool ok = question_read(&q) && parts.ok;
	if (parts.has_program) {
		parts_keep(item, &parts);
		_cleanup_free_ char *text = take_ptr(item->source);
		item->source = xasprintf("%s%.*s", text, STR_ARG(buf_str(hints)));
		item->params_line = source_line(&f->source, parts.program.p);
	} else if (ok) {
		parts_warn_names(l, &f->source, &parts);
	}
	free(parts.lines);
	if (!ok)
		r->ok = false;
}

void task_read_text(struct task_reader *r)
{
	struct loader *l = r->l;
	struct item *item = &r->item;
	_cleanup_free_ char *path = xasprintf("%s/task.md", r->folder);
	_cleanup_text_file_ struct text_file f = {0};
	_cleanup_buf_ struct buf hints = BUF((size_t)HINTS_MAX * (HINT_MAX + 32));
	struct lines lines = {0};
	struct yaml front = {0};
	struct str text;
	size_t start = 0;
	if (!load_text(l, path, QUESTION_MAX, &f)) {
		r->ok = false;
		return;
	}
	lines_split(f.source.bytes, &lines);
	item->kind = ITEM_TASK;
	item->file = xstrdup(path);
	item->line = item->place = 1;
	l->md.file = item->file;
	size_t errors = l->diags->n_errors;
	bool has_front = load_front_matter(l, &f.source, &lines, &start, &text);
	if (!has_front)
		text = (struct str){f.source.bytes.p, 0};
	if (l->diags->n_errors == errors && yaml_parse(&f.source, text, l->diags, &front)) {
		read_fields(r, &front, path, &hints);
		/* Fences inside the front matter are not Markdown's: the rest is looked at afresh. */
		const char *rest = start < lines.n ? lines.list[start].p : f.source.bytes.p + f.source.bytes.len;
		lines.n = 0;
		lines_split((struct str){rest, (size_t)(f.source.bytes.p + f.source.bytes.len - rest)}, &lines);
		read_body(r, &f, &lines, 0, &front, &hints);
	} else {
		r->ok = false;
	}
	yaml_finish(&front);
	free(lines.list);
}

/* ---- instances ---- */

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static char **copy_list(char *const *list, size_t n)
{
	char **to = n ? xcalloc(n, sizeof *to) : NULL;
	for (size_t i = 0; i < n; i++)
		to[i] = xstrdup(list[i]);
	return to;
}

struct task *task_copy(const struct task *from)
{
	struct task *task = xcalloc(1, sizeof *task);
	size_t n = 0;
	*task = (struct task){.image = copy(from->image),
	                      .user = copy(from->user),
	                      .time_ms = from->time_ms,
	                      .commands = copy_list(from->commands, from->n_commands),
	                      .n_commands = from->n_commands,
	                      .docs = copy_list(from->docs, from->n_docs),
	                      .n_docs = from->n_docs,
	                      .n_ports = from->n_ports,
	                      .setup_sh = copy(from->setup_sh),
	                      .grader_lua = copy(from->grader_lua),
	                      .solution_sh = copy(from->solution_sh),
	                      .n_files = from->n_files,
	                      .check_ids = copy(from->check_ids)};
	while (from->limits && from->limits[n])
		n++;
	if (n) {
		task->limits = xcalloc(n + 1, sizeof *task->limits);
		for (size_t i = 0; i < n; i++)
			task->limits[i] = xstrdup(from->limits[i]);
	}
	if (from->n_ports) {
		task->ports = xcalloc(from->n_ports, sizeof *task->ports);
		memcpy(task->ports, from->ports, from->n_ports * sizeof *task->ports);
	}
	task->files = from->n_files ? xcalloc(from->n_files, sizeof *task->files) : NULL;
	for (size_t i = 0; i < from->n_files; i++) {
		const struct task_file *f = &from->files[i];
		task->files[i] =
		    (struct task_file){.path = xstrdup(f->path), .hash = xstrdup(f->hash), .executable = f->executable, .size = f->size};
	}
	memcpy(task->hash, from->hash, sizeof task->hash);
	return task;
}
