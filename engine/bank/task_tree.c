/* Walking a task's folder. See task_tree.h. Links are never followed: what a box should hold as a link, setup.sh makes. */
#include "bank/task_tree.h"
#include "base/file.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

struct walk {
	int bank_fd;
	const char *folder;
	struct diags *diags;
	struct task_tree tree;
	bool ok;
};

void task_tree_finish(struct task_tree *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->files[i].path);
		free(t->files[i].bytes);
	}
	free(t->files);
	*t = (struct task_tree){0};
}

static void refuse(struct walk *w, const char *code, const char *path, const char *what, const char *help)
{
	_cleanup_free_ char *full = *path ? xasprintf("%s/%s", w->folder, path) : xstrdup(w->folder);
	diags_add_place(w->diags, DIAG_ERROR, code, full, 0, "%s", what);
	if (help)
		diags_help(w->diags, "%s", help);
	w->ok = false;
}

static bool is_plain_name(const char *name)
{
	if (!str_is_utf8(str_of(name), NULL))
		return false;
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return false;
	return true;
}

static void take_file(struct walk *w, const char *path, bool executable)
{
	struct err err;
	struct task_tree *t = &w->tree;
	_cleanup_buf_ struct buf bytes = BUF(TASK_FILE_MAX);
	_cleanup_free_ char *full = xasprintf("%s/%s", w->folder, path);
	if (!file_read_beneath(w->bank_fd, full, TASK_FILE_MAX, &bytes, &err)) {
		refuse(w, err.code == ERR_TOO_LARGE ? "too-large" : "unreadable", path, err.msg, NULL);
		return;
	}
	t->total += bytes.len;
	if (t->n >= TASK_FILES_MAX || t->total > TASK_TREE_MAX) {
		if (w->ok)
			refuse(w, "too-large", "", "the task has more than 4,000 files, or than 64 MiB of them", "make what is large in setup.sh");
		w->ok = false;
		return;
	}
	t->files = xgrow(t->files, t->n, &t->cap, sizeof *t->files);
	struct tree_file *f = &t->files[t->n++];
	*f = (struct tree_file){.path = xstrdup(path), .executable = executable};
	hash_sha256_hex(buf_str(&bytes), f->hash);
	f->bytes = buf_take(&bytes, &f->size);
}

static void walk_folder(struct walk *w, int fd, const char *prefix, int depth);

static void visit(struct walk *w, int dir_fd, const char *prefix, const char *name, int depth)
{
	struct stat st;
	_cleanup_free_ char *path = xasprintf("%s%s", prefix, name);
	if (!is_plain_name(name)) {
		refuse(w, "not-a-file", prefix, "a file here has a name that is not UTF-8, or holds control characters", "rename it");
	} else if (strlen(path) > TASK_PATH_MAX || depth > TASK_DEPTH_MAX) {
		refuse(w, "too-large", "", "folders are nested too deeply, or their names are too long", "make what is so deep in setup.sh");
	} else if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			refuse(w, "unreadable", path, strerror(errno), NULL);
	} else if (S_ISLNK(st.st_mode)) {
		refuse(w, "not-a-file", path, "symbolic links are not followed", "make the link in setup.sh");
	} else if (S_ISDIR(st.st_mode)) {
		_cleanup_close_ int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		_cleanup_free_ char *inner = xasprintf("%s/", path);
		if (fd < 0)
			refuse(w, "unreadable", path, strerror(errno), NULL);
		else
			walk_folder(w, fd, inner, depth + 1);
	} else if (!S_ISREG(st.st_mode)) {
		refuse(w, "not-a-file", path, "neither a file nor a folder", "remove it; setup.sh can make such things");
	} else {
		take_file(w, path, st.st_mode & 0111);
	}
}

static void walk_folder(struct walk *w, int fd, const char *prefix, int depth)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	DIR *dir = own < 0 ? NULL : fdopendir(own);
	bool hidden = str_starts(str_of(prefix), "files/");
	const struct dirent *e;
	if (!dir) {
		if (own >= 0)
			close(own);
		refuse(w, "unreadable", prefix, strerror(errno), NULL);
		return;
	}
	while (w->tree.total <= TASK_TREE_MAX && w->tree.n < TASK_FILES_MAX + 1 && (e = readdir(dir)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 && (hidden || e->d_name[0] != '.'))
			visit(w, fd, prefix, e->d_name, depth);
	closedir(dir);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct tree_file *)a)->path, ((const struct tree_file *)b)->path);
}

bool task_tree_read(int bank_fd, const char *folder, struct diags *diags, struct task_tree *ret)
{
	struct walk w = {.bank_fd = bank_fd, .folder = folder, .diags = diags, .ok = true};
	_cleanup_close_ int fd = openat(bank_fd, folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		refuse(&w, "unreadable", "", strerror(errno), NULL);
	else
		walk_folder(&w, fd, "", 0);
	if (!w.ok) {
		task_tree_finish(&w.tree);
		return false;
	}
	if (w.tree.n)
		qsort(w.tree.files, w.tree.n, sizeof *w.tree.files, by_path);
	*ret = w.tree;
	return true;
}

void task_tree_put(struct task_tree *t, const char *path, struct str text)
{
	struct tree_file *f = task_tree_find(t, path);
	if (!f) {
		size_t at = 0;
		while (at < t->n && strcmp(t->files[at].path, path) < 0)
			at++;
		t->files = xgrow(t->files, t->n, &t->cap, sizeof *t->files);
		memmove(t->files + at + 1, t->files + at, (t->n++ - at) * sizeof *t->files);
		f = &t->files[at];
		*f = (struct tree_file){.path = xstrdup(path)};
	}
	free(f->bytes);
	f->bytes = str_dup(text);
	f->size = text.len;
	hash_sha256_hex(text, f->hash);
}

struct tree_file *task_tree_find(const struct task_tree *t, const char *path)
{
	struct tree_file key = {.path = (char *)path};
	return t->n ? bsearch(&key, t->files, t->n, sizeof *t->files, by_path) : NULL;
}

/* task.md without the line of its status. */
static void hash_task_md(const struct tree_file *f, char ret[HASH_HEX_SIZE])
{
	struct str text = {f->bytes, f->size}, rest = text, line;
	bool first = true;
	memcpy(ret, f->hash, HASH_HEX_SIZE);
	while (str_next_line(&rest, &line)) {
		if (first ? !str_is(str_trim(line), "---") : str_is(str_trim(line), "---") || str_is(str_trim(line), "..."))
			return;
		first = false;
		if (!str_starts(line, "status:"))
			continue;
		_cleanup_buf_ struct buf out = BUF(TASK_FILE_MAX);
		buf_addv(&out, str_sub(text, 0, (size_t)(line.p - text.p)));
		buf_addv(&out, rest);
		hash_sha256_hex(buf_str(&out), ret);
		return;
	}
}

void task_tree_hash(const struct task_tree *t, char ret[HASH_HEX_SIZE])
{
	_cleanup_buf_ struct buf lines = BUF((size_t)TASK_FILES_MAX * (TASK_PATH_MAX + HASH_HEX_SIZE + 4));
	for (size_t i = 0; i < t->n; i++) {
		const struct tree_file *f = &t->files[i];
		char hash[HASH_HEX_SIZE];
		memcpy(hash, f->hash, sizeof hash);
		if (strcmp(f->path, "task.md") == 0)
			hash_task_md(f, hash);
		if (strcmp(f->path, "proof.json") != 0)
			buf_addf(&lines, "%s %c %s\n", hash, f->executable ? 'x' : '-', f->path);
	}
	hash_sha256_hex(buf_str(&lines), ret);
}
