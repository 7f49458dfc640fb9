/* Renaming. See rename.h. Text is changed at the places that hold the id, and nowhere else. */
#include "bank/diag.h"
#include "bank/outline.h"
#include "bank/record.h"
#include "bank/rename_parts.h"

static const char *const what_names[] = {"question", "task", "case", "exam", "domain", "objective"};

static void renaming_finish(struct renaming *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->changes[i].path);
		buf_finish(&r->changes[i].before);
		buf_finish(&r->changes[i].after);
	}
	free(r->changes);
	free(r->old_path);
	free(r->new_path);
}

/* ---- References in fields ---- */

/* "name: from", with or without quotes, braces around or a comment behind: the id in it. */
static bool find_value(struct str line, const char *name, const char *id, bool dotted, size_t *ret_at)
{
	for (size_t at = 0; at + strlen(name) < line.len; at++) {
		bool begins = at == 0 || strchr(" {,-", line.p[at - 1]);
		struct str rest = str_sub(line, at, line.len);
		if (!begins || !str_starts(rest, name) || rest.p[strlen(name)] != ':')
			continue;
		size_t i = strlen(name) + 1;
		while (i < rest.len && strchr(" \"'", rest.p[i]))
			i++;
		struct str value = str_sub(rest, i, rest.len);
		if (!str_starts(value, id))
			continue;
		size_t end = strlen(id);
		if (end < value.len && !strchr(dotted ? " \t\r\"',}]#." : " \t\r\"',}]#", value.p[end]))
			continue;
		*ret_at = at + i;
		return true;
	}
	return false;
}

/* Copies a text, with the id replaced where a field among the YAML names it. All of a .yml file is YAML; of Markdown it is the front matter
 * and the blocks "yaml item". */
static bool replace_fields(struct str text, bool yaml_file, const char *name, bool dotted, const char *from, const char *to,
                           struct buf *out)
{
	bool yaml = yaml_file, front = false, any = false;
	struct str rest = text, line;
	size_t number = 0;
	const char *at = text.p, *end = text.p + text.len;
	while (str_next_line(&rest, &line)) {
		struct str s = str_trim(line);
		size_t where = 0;
		number++;
		if (!yaml_file && number == 1 && str_is(s, "---"))
			yaml = front = true;
		else if (front && (str_is(s, "---") || str_is(s, "...")))
			yaml = front = false;
		else if (!yaml_file && !front && str_starts(s, "```yaml item"))
			yaml = true;
		else if (!yaml_file && !front && str_starts(s, "```"))
			yaml = false;
		else if (yaml && find_value(line, name, from, dotted, &where)) {
			buf_add(out, at, (size_t)(line.p + where - at));
			buf_adds(out, to);
			at = line.p + where + strlen(from);
			any = true;
		}
	}
	buf_add(out, at, (size_t)(end - at));
	return any;
}

/* ---- Changes ---- */

struct change *rename_change(struct renaming *r, const char *path)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->changes[i].path, path) == 0)
			return &r->changes[i];
	struct change c = {.before = BUF(WORKSPACE_FILE_MAX), .after = BUF(WORKSPACE_FILE_MAX)};
	if (!workspace_read(r->w, path, &c.before, c.version, r->err))
		return NULL;
	buf_addv(&c.after, buf_str(&c.before));
	c.path = xstrdup(path);
	r->changes = xgrow(r->changes, r->n, &r->cap, sizeof *r->changes);
	r->changes[r->n] = c;
	return &r->changes[r->n++];
}

bool rename_put(struct change *c, struct buf *text, struct err *err)
{
	bool ok = buf_check(text, c->path, err);
	struct buf old = c->after;
	c->after = *text;
	*text = old;
	return ok;
}

static bool change_fields(struct renaming *r, const char *path, const char *name, bool dotted, const char *from, const char *to)
{
	_cleanup_buf_ struct buf text = BUF(WORKSPACE_FILE_MAX);
	struct change *c = rename_change(r, path);
	if (!c)
		return false;
	return !replace_fields(buf_str(&c->after), str_ends(str_of(path), ".yml"), name, dotted, from, to, &text) ||
	       rename_put(c, &text, r->err);
}

bool rename_references(struct renaming *r, enum workspace_kind kind, const char *name, bool dotted, const char *from, const char *to)
{
	_cleanup_workspace_list_ struct workspace_list files = {0};
	bool ok = workspace_scan(r->w, &files, r->err);
	for (size_t i = 0; i < files.n && ok; i++) {
		const char *path = files.files[i].path;
		bool text = files.files[i].kind == kind && (kind != FILE_TASK || str_ends(str_of(path), "/task.md"));
		ok = !text || change_fields(r, path, name, dotted, from, to);
	}
	return ok;
}

static bool change_references(struct renaming *r, enum workspace_kind kind, const char *name)
{
	return rename_references(r, kind, name, false, r->from, r->to);
}

/* ---- Questions ---- */

static const struct outline_entry *find_entry(const struct outline *o, const char *id)
{
	for (size_t i = 0; i < o->n; i++)
		if (strcmp(o->list[i].id, id) == 0)
			return &o->list[i];
	return NULL;
}

/* The id is written: it is replaced. It follows from the title: it is written behind it. From the file's name: the file gets another. */
static bool change_question(struct renaming *r, const char *path)
{
	struct change *c = rename_change(r, path);
	if (!c)
		return false;
	_cleanup_outline_ struct outline o;
	_cleanup_buf_ struct buf text = BUF(WORKSPACE_FILE_MAX);
	struct str before = buf_str(&c->after);
	outline_read(path, before, &o);
	const struct outline_entry *e = find_entry(&o, r->from);
	if (!e)
		return err_set(r->err, ERR_INVALID, "%s does not hold the question where it was: check the bank first", path);
	struct str first = str_sub(before, e->from, e->to), heading = {0};
	(void)str_next_line(&first, &heading);
	if (e->own_id.p) {
		size_t at = (size_t)(e->own_id.p - before.p);
		buf_addv(&text, str_sub(before, 0, at));
		buf_adds(&text, r->to);
		buf_addv(&text, str_sub(before, at + e->own_id.len, before.len));
	} else if (str_starts(heading, o.alone ? "# " : "## ")) {
		size_t at = (size_t)(heading.p + heading.len - before.p);
		buf_addv(&text, str_sub(before, 0, at));
		buf_addf(&text, " {#%s}", r->to);
		buf_addv(&text, str_sub(before, at, before.len));
	} else {
		const char *slash = strrchr(path, '/');
		r->old_path = xstrdup(path);
		r->new_path = slash ? xasprintf("%.*s%s.md", (int)(slash + 1 - path), path, r->to) : NULL;
		if (!r->new_path)
			return err_set(r->err, ERR_INVALID, "give the question in %s a title or an id first", path);
		return true;
	}
	return rename_put(c, &text, r->err);
}

/* ---- What is meant ---- */

static bool exists(const struct bank *bank, enum what what, const char *id)
{
	const struct item *it = bank_item(bank, id);
	return what == WHAT_QUESTION ? it && !it->task
	       : what == WHAT_TASK   ? it && it->task
	       : what == WHAT_CASE   ? bank_case(bank, id) != NULL
	       : what == WHAT_EXAM   ? bank_exam(bank, id) != NULL
	       : what == WHAT_DOMAIN ? bank_domain(bank, id) != NULL
	                             : rename_find_objective(bank, id) != NULL;
}

static bool choose(struct renaming *r, const char *from)
{
	const char *colon = strchr(from, ':');
	size_t found = 0;
	r->from = colon ? colon + 1 : from;
	for (int what = 0; what < WHATS; what++) {
		if (colon && !str_is((struct str){from, (size_t)(colon - from)}, what_names[what]))
			continue;
		if (!exists(r->bank, (enum what)what, r->from))
			continue;
		r->what = (enum what)what;
		found++;
	}
	if (found > 1)
		return err_set(r->err, ERR_INVALID, "several things are called '%.64s': say question:%.64s, task:…, case:…, exam:… or domain:…",
		               r->from, r->from);
	if (!found)
		return err_set(r->err, ERR_NOT_FOUND, "no question, task, case, exam, domain or objective is called '%.130s'", r->from);
	if (r->what == WHAT_DOMAIN || r->what == WHAT_OBJECTIVE)
		return rename_check_domain(r);
	if (!str_is_id(str_of(r->to)))
		return err_set(r->err, ERR_INVALID, "'%.100s' is not an id (a-z, 0-9 and '-', at most 64)", r->to);
	bool item = r->what <= WHAT_TASK;
	if (item ? bank_item(r->bank, r->to) != NULL : exists(r->bank, r->what, r->to))
		return err_set(r->err, ERR_CONFLICT, "'%.64s' is taken", r->to);
	return true;
}

static bool work_out(struct renaming *r)
{
	switch (r->what) {
	case WHAT_QUESTION:
		return change_question(r, bank_item(r->bank, r->from)->file) && change_references(r, FILE_QUESTION, "family") &&
		       change_references(r, FILE_TASK, "family");
	case WHAT_TASK:
		r->old_path = xasprintf("tasks/%s", r->from);
		r->new_path = xasprintf("tasks/%s", r->to);
		return change_references(r, FILE_QUESTION, "family") && change_references(r, FILE_TASK, "family");
	case WHAT_CASE:
		r->old_path = xasprintf("cases/%s.md", r->from);
		r->new_path = xasprintf("cases/%s.md", r->to);
		return change_references(r, FILE_QUESTION, "case") && change_references(r, FILE_TASK, "case");
	case WHAT_DOMAIN:
	case WHAT_OBJECTIVE:
		return rename_domain(r);
	default:
		r->old_path = xasprintf("exams/%s.yml", r->from);
		r->new_path = xasprintf("exams/%s.yml", r->to);
		return change_fields(r, r->old_path, "id", false, r->from, r->to) && change_references(r, FILE_EXAM, "exam");
	}
}

/* ---- Review records ---- */

/* Whether a file is there. */
static bool is_there(const struct workspace *w, const char *path)
{
	_cleanup_buf_ struct buf bytes = BUF(WORKSPACE_FILE_MAX);
	struct err ignored;
	return workspace_read(w, path, &bytes, NULL, &ignored);
}

/* A record of a question that is gone must not become that of another one. */
static bool check_record(const struct renaming *r)
{
	_cleanup_free_ char *path = record_path(r->to);
	if (r->what > WHAT_TASK || !is_there(r->w, path))
		return true;
	return err_set(r->err, ERR_CONFLICT, "%s is there: a record of an earlier question of that name", path);
}

/* ---- Doing it ---- */

static void add_path(char ***paths, size_t *n, char *path)
{
	*paths = xrealloc(*paths, *n + 1, sizeof **paths);
	(*paths)[(*n)++] = path;
}

static bool carry_out(struct renaming *r, char ***paths, size_t *n)
{
	for (size_t i = 0; i < r->n; i++) {
		struct change *c = &r->changes[i];
		char version[HASH_HEX_SIZE];
		if (str_eq(buf_str(&c->before), buf_str(&c->after)))
			continue;
		if (!workspace_write(r->w, c->path, buf_str(&c->after), c->version, version, r->err))
			return false;
		if (!r->old_path || strcmp(c->path, r->old_path) != 0)
			add_path(paths, n, xstrdup(c->path));
	}
	if (!r->old_path)
		return true;
	if (!workspace_move(r->w, r->old_path, r->new_path, r->err))
		return false;
	add_path(paths, n, xstrdup(r->new_path));
	return true;
}

/* A question's record follows it. */
static bool move_record(struct renaming *r, char ***paths, size_t *n)
{
	_cleanup_free_ char *from = record_path(r->from), *to = record_path(r->to);
	if (r->what > WHAT_TASK || !is_there(r->w, from))
		return true;
	if (!workspace_move(r->w, from, to, r->err))
		return false;
	add_path(paths, n, take_ptr(to));
	return true;
}

/* A file: nothing refers to it by its name but pictures and pages, which check reports. */
static bool move_file(const struct workspace *w, const char *from, const char *to, char ***paths, size_t *n, struct err *err)
{
	if (!workspace_move(w, from, to, err))
		return false;
	add_path(paths, n, xstrdup(to));
	return true;
}

bool bank_rename(const struct workspace *w, const char *from, const char *to, char ***ret_paths, size_t *ret_n, struct err *err)
{
	char **paths = NULL;
	size_t n = 0;
	struct diags diags = {0};
	struct bank *bank = NULL;
	const struct bank_draft unproved = {0}; /* tasks need no proof to get another name */
	bool file = strchr(from, '/') != NULL, ok = file || bank_load_draft(workspace_dir(w), &unproved, &diags, &bank, err);
	diags_finish(&diags);
	if (!ok)
		return false;
	struct renaming r = {.w = w, .bank = bank, .to = to, .err = err};
	file = file || (strchr(from, '.') && !strchr(from, ':') && !rename_find_objective(bank, from));
	ok = file ? move_file(w, from, to, &paths, &n, err)
	          : choose(&r, from) && check_record(&r) && work_out(&r) && carry_out(&r, &paths, &n) && move_record(&r, &paths, &n);
	renaming_finish(&r);
	bank_destroy(bank);
	if (ok) {
		*ret_paths = paths;
		*ret_n = n;
		return true;
	}
	for (size_t i = 0; i < n; i++)
		free(paths[i]);
	free(paths);
	return false;
}
