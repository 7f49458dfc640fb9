/* Walking a bank's folder for a release. See release_tree.h. */
#include "bank/release_tree.h"
#include "bank/bank.h"
#include "bank/diag.h"
#include "bank/opaque.h"
#include "base/file.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define SAYS_MAX 200 /* lines that are kept */

struct walk {
	struct release_tree *tree;
	struct release_says *says;
	struct diags *diags; /* only looks for what cannot be reviewed, and says it here */
	struct err *err;
	struct buf stamps;
	int dir_fd;
	bool hash;
	size_t cap_signatures;
};

void release_say(struct release_says *s, const char *fmt, ...)
{
	char line[2048];
	va_list ap;
	if (s->n++ >= SAYS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	s->lines.max = SAYS_MAX * sizeof line;
	buf_adds(&s->lines, line);
	buf_addc(&s->lines, '\n');
}

void release_says_finish(struct release_says *s)
{
	buf_finish(&s->lines);
	s->n = 0;
}

bool release_says_check(const struct release_says *s, enum err_code code, struct err *err)
{
	struct str rest = buf_str(&s->lines), line;
	if (!s->n || !str_next_line(&rest, &line))
		return true;
	return s->n == 1 ? err_set(err, code, "%.*s", STR_ARG(line)) : err_set(err, code, "%.*s (and %zu more)", STR_ARG(line), s->n - 1);
}

void release_tree_finish(struct release_tree *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->files[i].path);
	for (size_t i = 0; i < t->n_signatures; i++)
		free(t->signatures[i]);
	free(t->files);
	free(t->signatures);
	*t = (struct release_tree){0};
}

static bool is_plain_path(const char *path)
{
	if (!str_is_utf8(str_of(path), NULL))
		return false;
	for (const char *p = path; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f || *p == '\\')
			return false;
	return true;
}

static bool is_signature(const char *path)
{
	return str_starts(str_of(path), RELEASE_NAME) && str_ends(str_of(path), ".minisig") && !strchr(path, '/');
}

static void say_opaque(struct walk *w, const char *path, const char *reason)
{
	if (!w->diags) {
		release_say(w->says, "%s: %s", path, reason);
		return;
	}
	diags_add_place(w->diags, DIAG_WARNING, "opaque-file", path, 0, "%s", reason);
	diags_help(w->diags, "make it in setup.sh from what can be read; a bank with it cannot be signed");
}

static bool take_hash(struct walk *w, const char *path, struct release_file *f)
{
	_cleanup_buf_ struct buf bytes = BUF(RELEASE_FILE_MAX);
	struct err why;
	if (!file_read_beneath(w->dir_fd, path, RELEASE_FILE_MAX, &bytes, &why)) {
		say_opaque(w, path, why.msg);
		return true;
	}
	w->tree->total += bytes.len;
	if (w->tree->total > RELEASE_TOTAL_MAX)
		return err_set(w->err, ERR_TOO_LARGE, "the bank is larger than %u MiB", RELEASE_TOTAL_MAX >> 20);
	const char *reason = opaque_reason(path, buf_str(&bytes));
	if (reason)
		say_opaque(w, path, reason);
	if (!w->diags)
		hash_sha256_hex(buf_str(&bytes), f->sha256);
	f->size = (int64_t)bytes.len;
	return true;
}

static bool take_file(struct walk *w, const char *path, const struct stat *st)
{
	struct release_tree *t = w->tree;
	if (strcmp(path, RELEASE_NAME) == 0) {
		t->has_release = true;
		return true;
	}
	if (is_signature(path)) {
		if (t->n_signatures >= RELEASE_SIGNATURES_MAX)
			return err_set(w->err, ERR_TOO_LARGE, "more than %d signatures", RELEASE_SIGNATURES_MAX);
		t->signatures = xgrow(t->signatures, t->n_signatures, &w->cap_signatures, sizeof *t->signatures);
		t->signatures[t->n_signatures++] = xstrdup(path);
		return true;
	}
	if (t->n >= RELEASE_FILES_MAX)
		return err_set(w->err, ERR_TOO_LARGE, "more than %d files", RELEASE_FILES_MAX);
	t->files = xgrow(t->files, t->n, &t->cap, sizeof *t->files);
	struct release_file *f = &t->files[t->n++];
	*f = (struct release_file){.path = xstrdup(path), .size = st->st_size, .executable = st->st_mode & 0111};
	return !w->hash || take_hash(w, path, f);
}

static bool walk_folder(struct walk *w, int fd, const char *prefix, int depth);

static bool enter(struct walk *w, int dir_fd, const char *path, const char *name, int depth)
{
	if (depth >= RELEASE_DEPTH_MAX)
		return err_set(w->err, ERR_TOO_LARGE, "%.200s: folders are nested more than %d deep", path, RELEASE_DEPTH_MAX);
	_cleanup_close_ int fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	_cleanup_free_ char *inner = xasprintf("%s/", path);
	return fd < 0 ? err_set(w->err, ERR_IO, "cannot open %.200s: %s", path, strerror(errno)) : walk_folder(w, fd, inner, depth + 1);
}

static bool visit(struct walk *w, int dir_fd, const char *prefix, const char *name, int depth)
{
	struct stat st;
	_cleanup_free_ char *path = xasprintf("%s%s", prefix, name);
	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return err_set(w->err, ERR_IO, "cannot look at %.200s: %s", path, strerror(errno));
	buf_addf(&w->stamps, "%s %o %llu %lld %lld.%09ld\n", path, st.st_mode, (unsigned long long)st.st_ino, (long long)st.st_size,
	         (long long)st.st_ctim.tv_sec, st.st_ctim.tv_nsec);
	if (strlen(path) > RELEASE_PATH_MAX)
		return err_set(w->err, ERR_TOO_LARGE, "a path is longer than %d bytes", RELEASE_PATH_MAX);
	if (!is_plain_path(name)) {
		release_say(w->says, "%s: a name here is not UTF-8, or holds control characters or a backslash", *prefix ? prefix : "./");
	} else if (S_ISDIR(st.st_mode)) {
		return enter(w, dir_fd, path, name, depth);
	} else if (S_ISLNK(st.st_mode)) {
		release_say(w->says, "%s: a link", path);
	} else if (!S_ISREG(st.st_mode)) {
		release_say(w->says, "%s: a special file", path);
	} else {
		return take_file(w, path, &st);
	}
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool walk_folder(struct walk *w, int fd, const char *prefix, int depth)
{
	int own = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	DIR *dir = own < 0 ? NULL : fdopendir(own);
	char **names = NULL;
	size_t n = 0, cap = 0;
	const struct dirent *e;
	if (!dir) {
		if (own >= 0)
			close(own);
		return err_set(w->err, ERR_IO, "cannot read %.200s: %s", depth ? prefix : "the folder", strerror(errno));
	}
	while (n <= RELEASE_FILES_MAX && (e = readdir(dir))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || (depth == 0 && e->d_name[0] == '.'))
			continue;
		names = xgrow(names, n, &cap, sizeof *names);
		names[n++] = xstrdup(e->d_name);
	}
	closedir(dir);
	if (n)
		qsort(names, n, sizeof *names, by_name);
	bool ok = n <= RELEASE_FILES_MAX || err_set(w->err, ERR_TOO_LARGE, "more than %d files", RELEASE_FILES_MAX);
	for (size_t i = 0; i < n; i++) {
		ok = ok && visit(w, fd, prefix, names[i], depth);
		free(names[i]);
	}
	free(names);
	return ok;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct release_file *)a)->path, ((const struct release_file *)b)->path);
}

bool release_tree_read(int dir_fd, bool hash, struct release_says *says, struct release_tree *ret, struct err *err)
{
	_cleanup_release_tree_ struct release_tree tree = {0};
	struct walk w = {.tree = &tree, .says = says, .err = err, .dir_fd = dir_fd, .hash = hash, .stamps = BUF(256u << 20)};
	bool ok = walk_folder(&w, dir_fd, "", 0) && buf_check(&w.stamps, "the list of files", err);
	if (ok) {
		hash_sha256_hex(buf_str(&w.stamps), tree.seal);
		if (tree.n)
			qsort(tree.files, tree.n, sizeof *tree.files, by_path);
		*ret = tree;
		tree = (struct release_tree){0};
	}
	buf_finish(&w.stamps);
	return ok;
}

bool bank_look_for_opaque(const char *dir, struct diags *diags, struct err *err)
{
	_cleanup_release_tree_ struct release_tree tree = {0};
	_cleanup_release_says_ struct release_says says = {0}; /* links and the like: bank_load() has said so */
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct err why;
	struct walk w = {.tree = &tree, .says = &says, .diags = diags, .err = &why, .dir_fd = fd, .hash = true, .stamps = BUF(256u << 20)};
	if (fd < 0)
		return errno == ENOTDIR || err_set(err, ERR_IO, "cannot open %.200s: %s", dir, strerror(errno)); /* a lone text */
	bool ok = walk_folder(&w, fd, "", 0);
	buf_finish(&w.stamps);
	if (!ok)
		diags_add_place(diags, DIAG_WARNING, "opaque-file", "bank.yml", 0, "not all files were looked at: %s", why.msg);
	return true;
}
