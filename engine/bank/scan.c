/* Walking a bank's folder. See scan.h. */
#include "bank/scan.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

struct walk {
	struct file_list files;
	struct diags *diags;
	struct err *err;
};

void file_list_finish(struct file_list *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->paths[i]);
	free(f->paths);
	*f = (struct file_list){0};
}

static void refuse(struct walk *w, const char *path, const char *what, const char *help)
{
	diags_add_place(w->diags, DIAG_ERROR, "not-a-file", path, 0, "%s", what);
	diags_help(w->diags, "%s", help);
}

static bool walk_folder(struct walk *w, int fd, const char *prefix, int depth);

static bool visit(struct walk *w, int dir_fd, const char *prefix, const struct dirent *e, int depth)
{
	struct stat st = {.st_mode = DTTOIF(e->d_type)}; /* most file systems tell the type with the name */
	if (e->d_type == DT_UNKNOWN && fstatat(dir_fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT || err_set(w->err, ERR_IO, "cannot look at %s%s: %s", prefix, e->d_name, strerror(errno));
	_cleanup_free_ char *path = xasprintf("%s%s", prefix, e->d_name);
	if (!str_is_utf8(str_of(path), NULL)) {
		refuse(w, prefix, "a file here has a name that is not UTF-8", "rename it");
	} else if (S_ISLNK(st.st_mode)) {
		refuse(w, path, "symbolic links are not followed", "put the file itself into the bank");
	} else if (S_ISDIR(st.st_mode)) {
		if (depth >= SCAN_DEPTH_MAX)
			return err_set(w->err, ERR_TOO_LARGE, "%s: folders are nested more than %d deep", path, SCAN_DEPTH_MAX);
		_cleanup_close_ int fd = openat(dir_fd, e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return err_set(w->err, ERR_IO, "cannot open %s: %s", path, strerror(errno));
		_cleanup_free_ char *inner = xasprintf("%s/", path);
		return walk_folder(w, fd, inner, depth + 1);
	} else if (!S_ISREG(st.st_mode)) {
		refuse(w, path, "neither a file nor a folder", "remove it");
	} else {
		if (w->files.n >= SCAN_FILES_MAX)
			return err_set(w->err, ERR_TOO_LARGE, "more than %d files", SCAN_FILES_MAX);
		w->files.paths = xgrow(w->files.paths, w->files.n, &w->files.cap, sizeof *w->files.paths);
		w->files.paths[w->files.n++] = take_ptr(path);
	}
	return true;
}

/* At the top, only what belongs to a bank is looked at: a repository may hold other things beside it. */
static bool belongs(const char *name, int depth)
{
	static const char *const top[] = {"bank.yml", "bank.yaml", "questions.md", "exams", "questions", "cases", "media", "docs"};
	if (name[0] == '.')
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(top) && depth == 0; i++)
		if (strcmp(name, top[i]) == 0)
			return true;
	return depth > 0;
}

bool scan_belongs(const char *path)
{
	struct str rest = str_of(path), name;
	int depth = 0;
	for (; str_next_field(&rest, '/', &name); depth++) {
		_cleanup_free_ char *one = str_dup(name);
		if (!belongs(one, depth))
			return false;
	}
	return depth <= SCAN_DEPTH_MAX;
}

static bool walk_folder(struct walk *w, int fd, const char *prefix, int depth)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	DIR *dir = own < 0 ? NULL : fdopendir(own);
	if (!dir) {
		if (own >= 0)
			close(own);
		return err_set(w->err, ERR_IO, "cannot read %s: %s", depth ? prefix : "the folder", strerror(errno));
	}
	bool ok = true;
	const struct dirent *e;
	while (ok && (e = readdir(dir)))
		if (belongs(e->d_name, depth))
			ok = visit(w, fd, prefix, e, depth);
	closedir(dir);
	return ok;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool scan_folder(int dir_fd, struct file_list *ret, struct diags *diags, struct err *err)
{
	struct walk w = {.diags = diags, .err = err};
	if (!walk_folder(&w, dir_fd, "", 0)) {
		file_list_finish(&w.files);
		return false;
	}
	if (w.files.n)
		qsort(w.files.paths, w.files.n, sizeof *w.files.paths, compare);
	*ret = w.files;
	return true;
}
