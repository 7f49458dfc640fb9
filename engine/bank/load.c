/* Reading a bank's folder. See bank.h for what it promises, load.h for the parts. */
#include "bank/load.h"
#include "base/file.h"
#include "base/mem.h"
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>

void text_file_finish(struct text_file *f)
{
	buf_finish(&f->bytes);
	source_finish(&f->source);
}

/* Where the text holds one of the three characters that markdown.h uses for itself; NULL if nowhere. */
static const char *find_private(struct str s)
{
	const char *p = s.p, *end = s.p + s.len;
	while (p < end && (p = memchr(p, '\xee', (size_t)(end - p))) && end - p >= 3) {
		if (p[1] == '\x80' && (p[2] == '\x80' || p[2] == '\x81' || p[2] == '\x82'))
			return p;
		p++;
	}
	return NULL;
}

bool load_draft(const struct loader *l, const char *path, struct str *ret)
{
	if (!l->draft || !l->draft->path || strcmp(l->draft->path, path) != 0)
		return false;
	*ret = l->draft->text;
	return true;
}

static bool read_bytes(const struct loader *l, const char *path, size_t size_max, struct buf *out, struct err *err)
{
	struct str text;
	if (!load_draft(l, path, &text))
		return file_read_beneath(l->dir_fd, path, size_max, out, err);
	buf_addv(out, text);
	return buf_check(out, path, err);
}

bool load_text(struct loader *l, const char *path, size_t size_max, struct text_file *ret)
{
	struct err err;
	struct text_file f = {.bytes = BUF(size_max), .source = {.path = path}};
	if (!read_bytes(l, path, size_max, &f.bytes, &err)) {
		text_file_finish(&f);
		diags_add_place(l->diags, DIAG_ERROR, "unreadable", path, 0, "%s", err.msg);
		return false;
	}
	f.source.bytes = buf_str(&f.bytes);
	l->text_total += f.bytes.len;
	size_t bad;
	const char *private = find_private(f.source.bytes);
	if (l->text_total > SCAN_TEXT_TOTAL_MAX) {
		diags_add_place(l->diags, DIAG_ERROR, "too-large", path, 0, "the texts of the bank are larger than %d MiB",
		                SCAN_TEXT_TOTAL_MAX >> 20);
	} else if (!str_is_utf8(f.source.bytes, &bad)) {
		diags_add(l->diags, DIAG_ERROR, "not-utf8", &f.source, f.source.bytes.p + bad, "this is not UTF-8 text");
		diags_help(l->diags, "save the file as UTF-8");
	} else if (private) {
		diags_add(l->diags, DIAG_ERROR, "private-character", &f.source, private, "the characters U+E000 to U+E002 cannot be used");
	} else {
		if (str_starts(f.source.bytes, "\xef\xbb\xbf"))
			f.source.bytes = str_sub(f.source.bytes, 3, f.source.bytes.len);
		*ret = f;
		return true;
	}
	text_file_finish(&f);
	return false;
}

bool load_front_matter(struct loader *l, struct source *source, const struct lines *lines, size_t *at, struct str *ret_yaml)
{
	if (!lines->n || !str_is(str_trim(line_str(&lines->list[0])), "---") || lines->list[0].indent)
		return false;
	for (size_t i = 1; i < lines->n; i++) {
		struct str s = line_str(&lines->list[i]);
		if (lines->list[i].indent || (!str_is(str_trim(s), "---") && !str_is(str_trim(s), "...")))
			continue;
		const char *from = lines->list[0].p + lines->list[0].len;
		from += from < s.p && *from == '\r';
		from += from < s.p && *from == '\n';
		*ret_yaml = (struct str){from, (size_t)(s.p - from)};
		*at = i + 1;
		return true;
	}
	diags_add(l->diags, DIAG_ERROR, "front-matter", source, lines->list[0].p, "the front matter is not closed");
	diags_help(l->diags, "end it with a line that is only ---");
	*at = lines->n;
	return false;
}

static bool below(const char *path, const char *folder, const char *ending)
{
	return str_starts(str_of(path), folder) && str_ends(str_of(path), ending);
}

static void each_file(struct loader *l, const char *folder, const char *ending, void (*load)(struct loader *, const char *))
{
	for (size_t i = 0; i < l->files.n; i++)
		if (below(l->files.paths[i], folder, ending))
			load(l, l->files.paths[i]);
}

/* Files that stand where they mean nothing are more likely a slip than a wish. */
static void warn_stray(struct loader *l)
{
	static const struct {
		const char *folder, *ending;
	} expected[] = {{"questions/", ".md"}, {"cases/", ".md"}, {"docs/", ".md"}, {"exams/", ".yml"}};
	for (size_t i = 0; i < l->files.n; i++) {
		const char *path = l->files.paths[i];
		for (size_t k = 0; k < ARRAY_SIZE(expected); k++) {
			if (!str_starts(str_of(path), expected[k].folder) || str_ends(str_of(path), expected[k].ending))
				continue;
			diags_add_place(l->diags, DIAG_WARNING, "stray-file", path, 0, "this file is not read: %s holds *%s files", expected[k].folder,
			                expected[k].ending);
			diags_help(l->diags, "rename or move it; pictures belong into media/");
		}
		if (strcmp(path, "bank.yaml") == 0) {
			diags_add_place(l->diags, DIAG_WARNING, "stray-file", path, 0, "this file is not read");
			diags_help(l->diags, "rename it to bank.yml");
		}
	}
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorts elements that begin with a pointer to their id. */
static void sort_by_id(void *list, size_t n, size_t size)
{
	if (n)
		qsort(list, n, size, compare_ids);
}

static int compare_items(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;
	int c = strcmp(a->id, b->id);
	if (!c)
		c = strcmp(a->file, b->file);
	return c ? c : (a->line > b->line) - (a->line < b->line);
}
/* Sorts the items; of several with one id the first stays, the others are reported. */
static void sort_items(struct loader *l)
{
	struct bank *bank = l->bank;
	size_t kept = 0;
	if (bank->n_items)
		qsort(bank->items, bank->n_items, sizeof *bank->items, compare_items);
	for (size_t i = 0; i < bank->n_items; i++) {
		struct item *one = &bank->items[i], *before = kept ? &bank->items[kept - 1] : NULL;
		if (before && strcmp(one->id, before->id) == 0) {
			diags_add_place(l->diags, DIAG_ERROR, "duplicate-id", one->file, one->line, "the id '%s' is taken by %s:%d", one->id,
			                before->file, before->line);
			diags_help(l->diags, "give one of them another id: ## Title {#id}");
			item_finish(one);
		} else {
			if (kept != i)
				bank->items[kept] = *one;
			kept++;
		}
	}
	bank->n_items = kept;
}

static void load_all(struct loader *l, const char *dir)
{
	struct bank *bank = l->bank;
	load_bank_file(l, dir);
	warn_stray(l);
	each_file(l, "media/", "", load_media);
	each_file(l, "docs/", ".md", load_doc);
	sort_by_id(bank->docs, bank->n_docs, sizeof *bank->docs);
	for (size_t i = 0; i < bank->n_docs; i++)
		load_doc_text(l, &bank->docs[i]);
	each_file(l, "cases/", ".md", load_case);
	sort_by_id(bank->cases, bank->n_cases, sizeof *bank->cases);
	for (size_t i = 0; i < l->files.n; i++)
		if (strcmp(l->files.paths[i], "questions.md") == 0)
			load_questions(l, "questions.md");
	each_file(l, "questions/", ".md", load_questions);
	load_tasks(l);
	sort_items(l);
	each_file(l, "exams/", ".yml", load_exam);
	load_check_references(l);
	load_reviews(l);
}

/* A lone Markdown file stands for the folder with nothing else in it. */
static bool open_target(const char *dir, char **ret_dir, char **ret_file, struct err *err)
{
	struct stat st;
	if (stat(dir, &st) < 0)
		return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", dir, strerror(errno));
	if (S_ISDIR(st.st_mode)) {
		*ret_dir = xstrdup(dir);
		return true;
	}
	if (!S_ISREG(st.st_mode) || !str_ends(str_of(dir), ".md"))
		return err_set(err, ERR_INVALID, "%s is neither a folder nor a Markdown file", dir);
	_cleanup_free_ char *a = xstrdup(dir), *b = xstrdup(dir);
	*ret_dir = xstrdup(dirname(a));
	*ret_file = xstrdup(basename(b));
	return true;
}

/* A file that is not saved yet takes its place among the others. */
static void add_draft(struct loader *l)
{
	const char *path = l->draft ? l->draft->path : NULL;
	struct file_list *f = &l->files;
	size_t at = 0;
	if (!path || !scan_belongs(path) || f->n >= SCAN_FILES_MAX)
		return;
	while (at < f->n && strcmp(f->paths[at], path) < 0)
		at++;
	if (at < f->n && strcmp(f->paths[at], path) == 0)
		return;
	f->paths = xgrow(f->paths, f->n, &f->cap, sizeof *f->paths);
	memmove(f->paths + at + 1, f->paths + at, (f->n++ - at) * sizeof *f->paths);
	f->paths[at] = xstrdup(path);
}

static bool load(const char *dir, struct loader l, struct bank **ret, struct err *err)
{
	struct diags *diags = l.diags;
	_cleanup_free_ char *folder = NULL, *file = NULL;
	if (!open_target(dir, &folder, &file, err))
		return false;
	assert(folder);
	_cleanup_close_ int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open %s: %s", folder, strerror(errno));
	l.dir_fd = fd;
	if (!file && !scan_folder(fd, &l.files, diags, err))
		return false;
	add_draft(&l);
	l.bank = xcalloc(1, sizeof *l.bank);
	l.md = (struct markdown){.bank = l.bank, .diags = diags};
	char resolved[PATH_MAX];
	const char *name = realpath(folder, resolved) ? resolved : folder;
	if (file) {
		load_bank_file(&l, name);
		load_questions(&l, file);
		sort_items(&l);
		load_check_references(&l);
	} else {
		load_all(&l, name);
	}
	markdown_finish(&l.md);
	file_list_finish(&l.files);
	if (l.bank->n_items == 0 && l.bank->n_exams == 0 && diags->n_errors == 0) {
		diags_add_place(diags, DIAG_ERROR, "no-questions", "questions", 0, "the bank has no questions");
		diags_help(diags, "write them into questions/*.md or questions.md");
	}
	*ret = l.bank;
	return true;
}

bool bank_load(const char *dir, struct diags *diags, struct bank **ret, struct err *err)
{
	return load(dir, (struct loader){.diags = diags}, ret, err);
}

bool bank_load_unreviewed(const char *dir, struct diags *diags, struct bank **ret, struct err *err)
{
	return load(dir, (struct loader){.diags = diags, .unreviewed = true}, ret, err);
}

bool bank_load_draft(const char *dir, const struct bank_draft *draft, struct diags *diags, struct bank **ret, struct err *err)
{
	return load(dir, (struct loader){.diags = diags, .draft = draft}, ret, err);
}

/* The bank's folder and the task's name, from the path of a task's folder. */
static bool split_task(const char *dir, char **ret_bank, char **ret_slug, struct err *err)
{
	char resolved[PATH_MAX];
	if (!realpath(dir, resolved))
		return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", dir, strerror(errno));
	struct str path = str_of(resolved);
	char *slash = strrchr(resolved, '/');
	struct str parent = str_sub(path, 0, (size_t)(slash - resolved));
	if (!str_ends(parent, "/tasks"))
		return err_set(err, ERR_INVALID, "%s is not in the folder tasks of a bank", dir);
	*ret_slug = xstrdup(slash + 1);
	*ret_bank = str_dup(str_sub(parent, 0, parent.len - strlen("/tasks")));
	return true;
}

bool bank_load_task(const char *dir, struct diags *diags, struct bank **ret, struct err *err)
{
	_cleanup_free_ char *folder = NULL, *slug = NULL;
	struct diags others = {0}; /* about the rest of the bank: that is bank check's */
	if (!split_task(dir, &folder, &slug, err))
		return false;
	_cleanup_close_ int fd = open(*folder ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open %s: %s", folder, strerror(errno));
	struct loader l = {.diags = &others, .dir_fd = fd};
	if (!scan_folder(fd, &l.files, &others, err)) {
		diags_finish(&others);
		return false;
	}
	l.bank = xcalloc(1, sizeof *l.bank);
	l.md = (struct markdown){.bank = l.bank, .diags = &others};
	load_bank_file(&l, folder);
	each_file(&l, "media/", "", load_media);
	each_file(&l, "docs/", ".md", load_doc);
	sort_by_id(l.bank->docs, l.bank->n_docs, sizeof *l.bank->docs);
	for (size_t i = 0; i < l.bank->n_docs; i++)
		load_doc_text(&l, &l.bank->docs[i]);
	l.diags = l.md.diags = diags;
	load_task(&l, slug, false);
	markdown_finish(&l.md);
	file_list_finish(&l.files);
	diags_finish(&others);
	*ret = l.bank;
	return true;
}

void bank_place(const char *dir, struct diags *diags)
{
	bank_place_draft(dir, NULL, diags);
}

void bank_place_draft(const char *dir, const struct bank_draft *draft, struct diags *diags)
{
	_cleanup_free_ char *folder = NULL, *file = NULL;
	struct err err;
	if (!open_target(dir, &folder, &file, &err))
		return;
	assert(folder);
	_cleanup_close_ int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct loader l = {.dir_fd = fd, .draft = draft};
	_cleanup_text_file_ struct text_file f = {.bytes = BUF(TEXT_FILE_MAX)};
	for (size_t i = 0; fd >= 0 && i < diags->n; i++) {
		struct diag *one = &diags->list[i];
		if (!one->line || one->column)
			continue;
		if (!f.source.path || strcmp(f.source.path, one->file) != 0) {
			text_file_finish(&f);
			f = (struct text_file){.bytes = BUF(TEXT_FILE_MAX), .source = {.path = one->file}};
			if (!read_bytes(&l, one->file, TEXT_FILE_MAX, &f.bytes, &err) || !str_is_utf8(buf_str(&f.bytes), NULL))
				buf_clear(&f.bytes);
			f.source.bytes = buf_str(&f.bytes);
		}
		diag_locate(one, &f.source);
	}
}
