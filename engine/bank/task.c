/* Hands-on tasks: the folders tasks/SLUG/. A task with a mistake, or without a proof of what it holds, is left out; the others stay. */
#include "bank/task.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>

#define WRONG_WANTED 3

static char *below(const struct task_reader *r, const char *path)
{
	return path ? xasprintf("%s/%s", r->folder, path) : xstrdup(r->folder);
}

bool task_wrong(struct task_reader *r, const char *code, const char *path, const char *fmt, ...)
{
	_cleanup_free_ char *file = below(r, path);
	char message[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(message, sizeof message, fmt, ap);
	va_end(ap);
	diags_add_place(r->l->diags, DIAG_ERROR, code, file, 0, "%s", message);
	r->ok = false;
	return false;
}

void task_warn(struct task_reader *r, const char *code, const char *path, const char *fmt, ...)
{
	_cleanup_free_ char *file = below(r, path);
	char message[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(message, sizeof message, fmt, ap);
	va_end(ap);
	diags_add_place(r->l->diags, DIAG_WARNING, code, file, 0, "%s", message);
}

/* ---- scripts ---- */

/* A text of the folder; NULL after a report, or when it is missing. */
static char *read_text(struct task_reader *r, const char *path)
{
	_cleanup_free_ char *full = below(r, path);
	_cleanup_text_file_ struct text_file f = {0};
	if (!task_tree_find(&r->tree, path))
		return NULL;
	if (!load_text(r->l, full, TASK_SCRIPT_MAX, &f)) {
		r->ok = false;
		return NULL;
	}
	return str_dup(f.source.bytes);
}

/* Boxes run scripts with sh or bash; what the first line says decides which. */
static char *read_script(struct task_reader *r, const char *path)
{
	char *text = read_text(r, path);
	struct str rest = str_of(text), line = {0};
	if (!text || (str_next_line(&rest, &line) && (str_is(str_trim(line), "#!/bin/sh") || str_is(str_trim(line), "#!/bin/bash"))))
		return text;
	if (str_starts(line, "#!")) {
		task_wrong(r, "task-script", path, "scripts of a task are run by /bin/sh or /bin/bash");
		diags_help(r->l->diags, "begin it with #!/bin/bash, and start another interpreter from there");
	} else {
		task_warn(r, "no-shebang", path, "the first line does not say what runs the script; /bin/sh does");
		diags_help(r->l->diags, "begin it with #!/bin/sh or #!/bin/bash");
	}
	return text;
}

static char *need_text(struct task_reader *r, const char *path, const char *what, bool script)
{
	if (!task_tree_find(&r->tree, path)) {
		task_wrong(r, "task-missing", NULL, "there is no %s", path);
		diags_help(r->l->diags, "%s", what);
		return NULL;
	}
	return script ? read_script(r, path) : read_text(r, path);
}

/* ---- variants ---- */

static void read_expect(struct task_reader *r, struct task_variant *v)
{
	static const char *const fields[] = {"fails"};
	_cleanup_free_ char *path = xasprintf("%s/expect.yml", v->name), *full = below(r, path);
	_cleanup_text_file_ struct text_file f = {0};
	struct yaml y;
	if (!task_tree_find(&r->tree, path)) {
		task_wrong(r, "no-expect", v->name, "there is no expect.yml");
		diags_help(r->l->diags, "say there which checks it must fail: fails: [owner]");
		return;
	}
	if (!load_text(r->l, full, YAML_SIZE_MAX, &f)) {
		r->ok = false;
		return;
	}
	bool ok = yaml_parse(&f.source, f.source.bytes, r->l->diags, &y);
	int node = ok ? yaml_find(&y, 0, "fails") : -1;
	if (ok) {
		size_t errors = r->l->diags->n_errors;
		yaml_only(&y, 0, fields, ARRAY_SIZE(fields), r->l->diags);
		if (node < 0) {
			diags_add(r->l->diags, DIAG_ERROR, "field-empty", &f.source, NULL, "which checks must it fail?");
			diags_help(r->l->diags, "for example fails: [owner, content]");
		} else if (yaml_texts(&y, node, "fails", TASK_CHECKS_MAX, &v->fails, &v->n_fails, r->l->diags) && v->n_fails == 0) {
			diags_add(r->l->diags, DIAG_ERROR, "field-empty", &f.source, yaml_at(&y, node), "a wrong variant fails at least one check");
		}
		ok = r->l->diags->n_errors == errors;
	}
	yaml_finish(&y);
	if (!ok)
		r->ok = false;
}

/* True if there is a script in it. */
static bool add_variant(struct task_reader *r, struct str name)
{
	struct task *task = r->item.task;
	_cleanup_free_ char *text = str_dup(name), *run = xasprintf("%s/run.sh", text);
	const char *slash = strchr(text, '/');
	if (!str_is_id(str_of(slash + 1)))
		return task_wrong(r, "bad-id", text, "the name of a variant's folder is not an id (a-z, 0-9 and '-', at most 64)");
	if (task->n_variants >= TASK_VARIANTS_MAX)
		return task_wrong(r, "too-large", NULL, "more than %d variants", TASK_VARIANTS_MAX);
	task->variants = xrealloc(task->variants, task->n_variants + 1, sizeof *task->variants);
	struct task_variant *v = &task->variants[task->n_variants++];
	*v = (struct task_variant){.name = take_ptr(text)};
	if (!task_tree_find(&r->tree, run)) {
		task_wrong(r, "task-missing", v->name, "there is no run.sh");
		diags_help(r->l->diags, "it does the task as this variant does");
	}
	v->run_sh = read_script(r, run);
	if (str_starts(str_of(v->name), "wrong/"))
		read_expect(r, v);
	return v->run_sh != NULL;
}

/* The folders alt/X and wrong/X, in the order of the tree: by name. */
static void read_variants(struct task_reader *r)
{
	struct str last = {0};
	size_t wrong = 0, alt = 0;
	for (size_t i = 0; i < r->tree.n; i++) {
		struct str path = str_of(r->tree.files[i].path);
		bool is_alt = str_starts(path, "alt/"), is_wrong = str_starts(path, "wrong/");
		size_t prefix = is_alt ? 4 : 6;
		const char *slash = is_alt || is_wrong ? memchr(path.p + prefix, '/', path.len - prefix) : NULL;
		struct str name = slash ? str_sub(path, 0, (size_t)(slash - path.p)) : (struct str){0};
		if (!slash || str_eq(name, last))
			continue;
		last = name;
		if (!add_variant(r, name))
			continue;
		wrong += is_wrong;
		alt += is_alt;
	}
	if (wrong < WRONG_WANTED) {
		task_warn(r, "few-wrong", NULL, "%zu wrong variant%s; at least %d are worth having", wrong, wrong == 1 ? "" : "s", WRONG_WANTED);
		diags_help(r->l->diags, "write wrong/WHY/run.sh with its expect.yml for each likely mistake");
	}
	if (!alt) {
		task_warn(r, "no-alt", NULL, "there is no other right way: does the grader ask for a result, or for one way to it?");
		diags_help(r->l->diags, "write alt/WAY/run.sh");
	}
}

/* ---- files ---- */

static void take_files(struct task_reader *r)
{
	struct task *task = r->item.task;
	task->files = xcalloc(r->tree.n + 1, sizeof *task->files);
	for (size_t i = 0; i < r->tree.n; i++) {
		struct tree_file *f = &r->tree.files[i];
		if (!str_starts(str_of(f->path), "files/"))
			continue;
		task->files[task->n_files++] = (struct task_file){.path = xstrdup(f->path + strlen("files")),
		                                                  .hash = xstrdup(f->hash),
		                                                  .executable = f->executable,
		                                                  .bytes = take_ptr(f->bytes),
		                                                  .size = f->size};
	}
}

static bool is_known(struct str path)
{
	static const char *const whole[] = {"task.md", "setup.sh", "grader.lua", "proof.json", "solution/run.sh"};
	for (size_t i = 0; i < ARRAY_SIZE(whole); i++)
		if (str_is(path, whole[i]))
			return true;
	if (str_starts(path, "files/"))
		return true;
	size_t prefix = str_starts(path, "alt/") ? 4 : str_starts(path, "wrong/") ? 6 : 0;
	const char *slash = prefix ? memchr(path.p + prefix, '/', path.len - prefix) : NULL;
	struct str last = slash ? str_sub(path, (size_t)(slash - path.p) + 1, path.len) : (struct str){0};
	return str_is(last, "run.sh") || (prefix == 6 && str_is(last, "expect.yml"));
}

static void warn_stray(struct task_reader *r)
{
	for (size_t i = 0; i < r->tree.n; i++)
		if (!is_known(str_of(r->tree.files[i].path))) {
			task_warn(r, "stray-file", r->tree.files[i].path, "this file is not read");
			diags_help(r->l->diags, "what the box is to hold belongs into files/");
		}
}

/* ---- one task ---- */

static void read_task(struct task_reader *r, bool proved)
{
	struct task *task = r->item.task;
	if (task_tree_find(&r->tree, "task.md")) {
		task_read_text(r);
	} else {
		task_wrong(r, "task-missing", NULL, "there is no task.md");
		diags_help(r->l->diags, "it says what is to be done; assay task new makes an example");
	}
	task->setup_sh = read_script(r, "setup.sh");
	task->grader_lua = need_text(r, "grader.lua", "it checks what was done", false);
	task->solution_sh = need_text(r, "solution/run.sh", "it does the task right: without it nobody knows that it can be done", true);
	read_variants(r);
	warn_stray(r);
	task_tree_hash(&r->tree, task->hash);
	take_files(r);
	task_read_proof(r, proved);
	if (!r->item.n_hints && r->ok)
		task_warn(r, "no-hints", "task.md", "there are no hints for those who study");
	if (!task->n_checklist && r->ok) {
		task_warn(r, "no-checklist", "task.md", "there is no checklist");
		diags_help(r->l->diags, "list under '### Checklist' what is asked, point by point");
	}
}

void load_task(struct loader *l, const char *slug, bool proved)
{
	struct bank *bank = l->bank;
	_cleanup_free_ char *folder = xasprintf("tasks/%s", slug);
	struct task_reader r = {.l = l, .slug = slug, .folder = folder, .ok = true};
	if (!str_is_id(str_of(slug))) {
		task_wrong(&r, "bad-id", NULL, "the name of a task's folder is not an id (a-z, 0-9 and '-', at most 64)");
		return;
	}
	if (!task_tree_read(l->dir_fd, folder, l->diags, &r.tree))
		return;
	struct str text;
	const char *draft = l->draft && l->draft->path && str_starts(str_of(l->draft->path), folder) ? l->draft->path + strlen(folder) : "";
	if (*draft == '/' && load_draft(l, l->draft->path, &text))
		task_tree_put(&r.tree, draft + 1, text);
	l->tasks_total += r.tree.total;
	r.item.task = xcalloc(1, sizeof *r.item.task);
	if (l->tasks_total > TASKS_TOTAL_MAX)
		task_wrong(&r, "too-large", NULL, "the tasks of the bank are larger than %d MiB", TASKS_TOTAL_MAX >> 20);
	else if (bank->n_items >= BANK_ITEMS_MAX)
		task_wrong(&r, "too-large", NULL, "more than %d questions", BANK_ITEMS_MAX);
	else
		read_task(&r, proved);
	task_tree_finish(&r.tree);
	if (!r.ok) {
		item_finish(&r.item);
		return;
	}
	bank->items = xgrow(bank->items, bank->n_items, &l->cap_items, sizeof *bank->items);
	bank->items[bank->n_items++] = r.item;
}

/* ---- all of them ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void note_entry(struct loader *l, int fd, const char *name, struct file_list *slugs)
{
	struct stat st;
	_cleanup_free_ char *path = xasprintf("tasks/%s", name);
	bool readable = str_is_utf8(str_of(name), NULL) && fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
	if (!readable || S_ISLNK(st.st_mode)) {
		diags_add_place(l->diags, DIAG_ERROR, "not-a-file", readable ? path : "tasks", 0,
		                "neither a file nor a folder with a name in UTF-8");
		diags_help(l->diags, "put the folder itself into the bank");
	} else if (!S_ISDIR(st.st_mode)) {
		diags_add_place(l->diags, DIAG_WARNING, "stray-file", path, 0, "this file is not read: tasks holds a folder for each task");
	} else if (slugs->n >= TASKS_MAX) {
		diags_add_place(l->diags, DIAG_ERROR, "too-large", path, 0, "more than %d tasks", TASKS_MAX);
	} else {
		slugs->paths = xgrow(slugs->paths, slugs->n, &slugs->cap, sizeof *slugs->paths);
		slugs->paths[slugs->n++] = xstrdup(name);
	}
}

void load_tasks(struct loader *l)
{
	struct file_list slugs = {0};
	int fd = openat(l->dir_fd, "tasks", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 && errno != ENOENT) {
		diags_add_place(l->diags, DIAG_ERROR, "not-a-file", "tasks", 0, "cannot be looked into: %s", strerror(errno));
		diags_help(l->diags, "tasks is a folder with one folder for each task");
	}
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	while (dir && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			note_entry(l, fd, e->d_name, &slugs);
	if (slugs.n)
		qsort(slugs.paths, slugs.n, sizeof *slugs.paths, by_name);
	for (size_t i = 0; i < slugs.n; i++)
		load_task(l, slugs.paths[i], true);
	file_list_finish(&slugs);
	if (dir)
		closedir(dir);
}

/* ---- what this machine has ---- */

bool bank_has_command(const char *name)
{
	static const char *const places[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"};
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		_cleanup_free_ char *path = xasprintf("%s/%s", places[i], name);
		if (access(path, X_OK) == 0)
			return true;
	}
	return false;
}

void bank_look_for_commands(struct bank *bank)
{
	for (size_t i = 0; i < bank->n_items; i++) {
		struct task *task = bank->items[i].task;
		if (!task || strcmp(task->image, "host") != 0)
			continue;
		free(task->missing);
		task->missing = NULL;
		for (size_t k = 0; k < task->n_commands && !task->missing; k++)
			if (!bank_has_command(task->commands[k]))
				task->missing = xasprintf("the command '%s', which is not installed here", task->commands[k]);
	}
}
