/* An author's folder. See workspace.h. */
#include "bank/workspace.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/rng.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>

struct workspace {
	char *dir, *trash;
	int fd;
};

/* ---- Paths ---- */

/* What stands at the top of a bank; a repository may hold other things beside it. */
static const struct {
	const char *name;
	enum workspace_kind kind;
	bool folder;
} places[] = {
    {"bank.yml", FILE_MANIFEST, false}, {"questions.md", FILE_QUESTION, false},
    {"questions", FILE_QUESTION, true}, {"exams", FILE_EXAM, true},
    {"cases", FILE_CASE, true},         {"tasks", FILE_TASK, true},
    {"docs", FILE_DOC, true},           {"media", FILE_MEDIA, true},
    {"reviews", FILE_REVIEW, true},     {"bank.yaml", FILE_OTHER, false},
    {"README.md", FILE_OTHER, false},   {"CHANGELOG.md", FILE_OTHER, false},
    {"LICENSE", FILE_OTHER, false},     {"LICENSE.md", FILE_OTHER, false},
};

const char *workspace_kind_name(enum workspace_kind kind)
{
	static const char *const names[] = {"manifest", "question", "exam", "case", "task", "doc", "media", "review", "other"};
	return names[kind];
}

/* The place that a path begins with, or -1. */
static int place_of(struct str path)
{
	struct str rest = path, first = {0};
	(void)str_next_field(&rest, '/', &first);
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		if (str_is(first, places[i].name))
			return (int)i;
	return -1;
}

static bool ends_in(const char *path, const char *const *endings, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_ends(str_of(path), endings[i]))
			return true;
	return false;
}

enum workspace_kind workspace_kind_of(const char *path)
{
	static const char *const md[] = {".md"}, *const yml[] = {".yml"}, *const pictures[] = {".png", ".jpg",  ".jpeg",
	                                                                                       ".gif", ".webp", ".svg"};
	int at = place_of(str_of(path));
	enum workspace_kind kind = at < 0 ? FILE_OTHER : places[at].kind;
	bool named = kind == FILE_QUESTION || kind == FILE_CASE || kind == FILE_DOC ? ends_in(path, md, 1)
	             : kind == FILE_EXAM || kind == FILE_REVIEW                     ? ends_in(path, yml, 1)
	             : kind == FILE_MEDIA                                           ? ends_in(path, pictures, ARRAY_SIZE(pictures))
	                                                                            : true;
	return named ? kind : FILE_OTHER;
}

/* Below tasks/SLUG/files/ the box's own files stand, hidden ones too. */
static bool may_be_hidden(struct str path)
{
	struct str rest = path, name;
	for (int i = 0; i < 3; i++)
		if (!str_next_field(&rest, '/', &name) || (i == 0 && !str_is(name, "tasks")) || (i == 2 && !str_is(name, "files")))
			return false;
	return rest.p != NULL;
}

static bool is_plain(struct str name)
{
	for (size_t i = 0; i < name.len; i++)
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == 0x7f)
			return false;
	return name.len > 0 && name.len <= 200 && !str_is(name, ".") && !str_is(name, "..");
}

bool workspace_check_path(const char *path, struct err *err)
{
	struct str all = str_of(path), rest = all, name;
	int depth = 0, place = place_of(all);
	if (!all.len || all.len > WORKSPACE_PATH_MAX || !str_is_utf8(all, NULL))
		return err_set(err, ERR_USAGE, "a path has 1 to %d bytes of UTF-8", WORKSPACE_PATH_MAX);
	bool attributes = str_is(all, WORKSPACE_REVIEW_ATTRIBUTES);
	for (; str_next_field(&rest, '/', &name); depth++)
		if (!is_plain(name) || (name.p[0] == '.' && !(depth >= 3 && may_be_hidden(all)) && !attributes))
			return err_set(err, ERR_USAGE, "'%.200s' is not a path in the bank", path);
	if (depth > WORKSPACE_DEPTH_MAX)
		return err_set(err, ERR_USAGE, "folders are nested more than %d deep", WORKSPACE_DEPTH_MAX);
	if (place < 0 || places[place].folder != (depth > 1))
		return err_set(err, ERR_USAGE,
		               "'%.200s' does not belong to a bank: its files are bank.yml, questions.md, and those below questions, exams, cases, "
		               "docs, media, reviews and tasks",
		               path);
	return true;
}

/* ---- Opening ---- */

bool workspace_open(const char *dir, const char *trash, struct workspace **ret, struct err *err)
{
	char *whole = realpath(dir, NULL);
	int fd = whole ? open(whole, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (fd < 0) {
		free(whole);
		return err_set(err, errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_IO, "cannot open the folder %s: %s", dir,
		               strerror(errno));
	}
	struct workspace *w = xcalloc(1, sizeof *w);
	*w = (struct workspace){.dir = whole, .trash = xstrdup(trash), .fd = fd};
	*ret = w;
	return true;
}

void workspace_close(struct workspace *w)
{
	if (!w)
		return;
	close(w->fd);
	free(w->dir);
	free(w->trash);
	free(w);
}

const char *workspace_dir(const struct workspace *w)
{
	return w->dir;
}

static int open_beneath(int fd, const char *path, uint64_t flags)
{
	struct open_how how = {.flags = flags | O_CLOEXEC | O_NOCTTY, .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
	return (int)syscall(SYS_openat2, fd, path, &how, sizeof how);
}

static bool io_error(struct err *err, const char *what, const char *path)
{
	enum err_code code = errno == ENOENT ? ERR_NOT_FOUND : errno == EEXIST || errno == ENOTEMPTY ? ERR_CONFLICT : ERR_IO;
	return err_set(err, code, "cannot %s %.300s: %s", what, path, strerror(errno));
}

/* The folder that holds a path, made if need be; and the name in it. */
static bool open_parent(const struct workspace *w, const char *path, bool make, int *ret_fd, const char **ret_name, struct err *err)
{
	const char *slash = strrchr(path, '/');
	*ret_name = slash ? slash + 1 : path;
	_cleanup_close_ int fd = fcntl(w->fd, F_DUPFD_CLOEXEC, 0);
	struct str rest = {path, slash ? (size_t)(slash - path) : 0}, name;
	while (fd >= 0 && rest.len && str_next_field(&rest, '/', &name)) {
		_cleanup_free_ char *one = str_dup(name);
		if (make && mkdirat(fd, one, 0777) < 0 && errno != EEXIST)
			return io_error(err, "make the folder of", path);
		int next = open_beneath(fd, one, O_RDONLY | O_DIRECTORY);
		close(fd);
		fd = next;
	}
	if (fd < 0)
		return errno == ENOENT ? err_set(err, ERR_NOT_FOUND, "there is no file %.300s", path) : io_error(err, "open the folder of", path);
	*ret_fd = take_fd(fd);
	return true;
}

/* ---- Reading ---- */

bool workspace_read(const struct workspace *w, const char *path, struct buf *out, char ret_version[HASH_HEX_SIZE], struct err *err)
{
	struct buf bytes = BUF(WORKSPACE_FILE_MAX);
	struct err why;
	if (!workspace_check_path(path, err))
		return false;
	if (!file_read_beneath(w->fd, path, WORKSPACE_FILE_MAX, &bytes, &why))
		return err_set(err, why.code, why.code == ERR_NOT_FOUND ? "there is no file %s" : "%.400s",
		               why.code == ERR_NOT_FOUND ? path : why.msg);
	if (ret_version)
		hash_sha256_hex(buf_str(&bytes), ret_version);
	buf_finish(out);
	*out = bytes;
	return true;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct workspace_file *)a)->path, ((const struct workspace_file *)b)->path);
}

static bool walk(int fd, const char *prefix, int depth, struct workspace_list *l, struct err *err);

static bool visit(int fd, const char *path, const char *name, int depth, struct workspace_list *l, struct err *err)
{
	struct stat st;
	struct err ignored;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return true; /* it has just gone */
	if (S_ISDIR(st.st_mode)) {
		int at = place_of(str_of(path));
		_cleanup_free_ char *inner = xasprintf("%s/", path);
		_cleanup_close_ int sub = -1;
		if (at < 0 || !places[at].folder || depth >= WORKSPACE_DEPTH_MAX)
			return true;
		sub = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		return sub < 0 || walk(sub, inner, depth + 1, l, err);
	}
	if (!S_ISREG(st.st_mode) || !workspace_check_path(path, &ignored))
		return true;
	if (l->n >= WORKSPACE_FILES_MAX)
		return err_set(err, ERR_TOO_LARGE, "the bank has more than %d files", WORKSPACE_FILES_MAX);
	l->files = xgrow(l->files, l->n, &l->cap, sizeof *l->files);
	l->files[l->n++] = (struct workspace_file){.path = xstrdup(path),
	                                           .kind = workspace_kind_of(path),
	                                           .size = st.st_size,
	                                           .mtime_ns = st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec,
	                                           .ctime_ns = st.st_ctim.tv_sec * INT64_C(1000000000) + st.st_ctim.tv_nsec,
	                                           .inode = st.st_ino};
	return true;
}

static bool walk(int fd, const char *prefix, int depth, struct workspace_list *l, struct err *err)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = own < 0 ? NULL : fdopendir(own);
	if (!dir) {
		if (own >= 0)
			close(own);
		return io_error(err, "read the folder", *prefix ? prefix : ".");
	}
	bool ok = true;
	const struct dirent *e;
	while (ok && (e = readdir(dir))) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		_cleanup_free_ char *path = xasprintf("%s%s", prefix, e->d_name);
		if ((e->d_name[0] != '.' || may_be_hidden(str_of(path))) && (depth > 0 || place_of(str_of(path)) >= 0))
			ok = visit(fd, path, e->d_name, depth, l, err);
	}
	closedir(dir);
	return ok;
}

bool workspace_scan(const struct workspace *w, struct workspace_list *ret, struct err *err)
{
	struct workspace_list l = {0};
	if (!walk(w->fd, "", 0, &l, err)) {
		workspace_list_finish(&l);
		return false;
	}
	if (l.n)
		qsort(l.files, l.n, sizeof *l.files, by_path);
	*ret = l;
	return true;
}

void workspace_list_finish(struct workspace_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->files[i].path);
	free(l->files);
	*l = (struct workspace_list){0};
}

/* ---- Writing ---- */

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.p, bytes.len);
		if (n < 0 && errno != EINTR)
			return false;
		bytes = str_sub(bytes, n > 0 ? (size_t)n : 0, bytes.len);
	}
	return fsync(fd) == 0;
}

/* A hidden file at the top of the bank, with these bytes. */
static bool make_hidden(const struct workspace *w, struct str bytes, mode_t mode, char ret_name[64], struct err *err)
{
	char id[RNG_ID_SIZE];
	snprintf(ret_name, 64, ".assay-%s.tmp", rng_id(id));
	_cleanup_close_ int fd = openat(w->fd, ret_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	bool ok = fd >= 0 && (mode == 0 || fchmod(fd, mode) == 0) && write_all(fd, bytes);
	if (ok)
		return true;
	io_error(err, "write", ret_name);
	if (fd >= 0)
		unlinkat(w->fd, ret_name, 0);
	return false;
}

static bool swap(const struct workspace *w, const char *hidden, int parent, const char *name)
{
	return renameat2(w->fd, hidden, parent, name, RENAME_EXCHANGE) == 0;
}

static bool conflict(struct err *err, const char *path, const char *what)
{
	return err_set(err, ERR_CONFLICT, "%.300s %s", path, what);
}

/* Whether the hidden file is of this version. */
static bool is_version(const struct workspace *w, const char *hidden, const char *base, struct err *err)
{
	_cleanup_buf_ struct buf bytes = BUF(WORKSPACE_FILE_MAX);
	char version[HASH_HEX_SIZE];
	if (!file_read_beneath(w->fd, hidden, WORKSPACE_FILE_MAX, &bytes, err))
		return false;
	return strcmp(hash_sha256_hex(buf_str(&bytes), version), base) == 0;
}

/* The file at `name` becomes the hidden one, if it is of the version `base`. */
static bool replace(const struct workspace *w, const char *path, int parent, const char *name, const char *hidden, const char *base,
                    struct err *err)
{
	struct err ignored;
	if (!swap(w, hidden, parent, name))
		return errno == ENOENT ? conflict(err, path, "is not there any more") : io_error(err, "write", path);
	if (is_version(w, hidden, base, &ignored))
		return true;
	if (!swap(w, hidden, parent, name))
		return io_error(err, "put back", path);
	return conflict(err, path, "was changed by somebody else since it was read");
}

/* Two that write at the same moment must see each other's: three exchanges at once could put back what nobody expects. Editors, which know
 * nothing of it, are told apart by the version alone, and so is everybody where a file system has no locks. Closing it lets others in. */
static int lock(const struct workspace *w)
{
	int fd = openat(w->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (fd >= 0 && flock(fd, LOCK_EX) < 0 && errno == EINTR)
		;
	return fd;
}

static mode_t mode_of(int parent, const char *name)
{
	struct stat st;
	return fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) ? st.st_mode & 0777 : 0;
}

bool workspace_write(const struct workspace *w, const char *path, struct str bytes, const char *base, char ret_version[HASH_HEX_SIZE],
                     struct err *err)
{
	const char *name;
	char hidden[64];
	_cleanup_close_ int parent = -1, locked = -1;
	if (bytes.len > WORKSPACE_FILE_MAX)
		return err_set(err, ERR_TOO_LARGE, "a file has at most %d MiB", WORKSPACE_FILE_MAX >> 20);
	if (!workspace_check_path(path, err))
		return false;
	if (!open_parent(w, path, base == NULL, &parent, &name, err))
		return base && err->code == ERR_NOT_FOUND ? conflict(err, path, "is not there any more") : false;
	if (!make_hidden(w, bytes, base ? mode_of(parent, name) : 0, hidden, err))
		return false;
	locked = lock(w);
	bool ok = base ? replace(w, path, parent, name, hidden, base, err)
	               : renameat2(w->fd, hidden, parent, name, RENAME_NOREPLACE) == 0 ||
	                     (errno == EEXIST ? conflict(err, path, "is there already") : io_error(err, "write", path));
	if (base || !ok)
		unlinkat(w->fd, hidden, 0);
	if (!ok)
		return false;
	hash_sha256_hex(bytes, ret_version);
	return fsync(parent) == 0 ? true : io_error(err, "sync the folder of", path);
}

bool workspace_move(const struct workspace *w, const char *from, const char *to, struct err *err)
{
	const char *from_name, *to_name;
	_cleanup_close_ int from_fd = -1, to_fd = -1;
	if (!workspace_check_path(from, err) || !workspace_check_path(to, err) || !open_parent(w, from, false, &from_fd, &from_name, err) ||
	    !open_parent(w, to, true, &to_fd, &to_name, err))
		return false;
	if (renameat2(from_fd, from_name, to_fd, to_name, RENAME_NOREPLACE) < 0)
		return errno == EEXIST ? conflict(err, to, "is there already") : io_error(err, "rename", from);
	return fsync(to_fd) == 0 && fsync(from_fd) == 0 ? true : io_error(err, "sync the folder of", to);
}

/* ---- The trash: for each removed file its bytes at TOKEN.file, and its path at TOKEN.json ---- */

static int newest_first(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*b)->d_name, (*a)->d_name);
}
static int is_record(const struct dirent *e)
{
	return str_ends(str_of(e->d_name), ".json");
}

static void forget(const struct workspace *w, const char *token)
{
	_cleanup_free_ char *record = xasprintf("%s/%s.json", w->trash, token), *bytes = xasprintf("%s/%s.file", w->trash, token);
	unlink(record);
	unlink(bytes);
}

/* Tokens begin with the time, so the newest are the last by name. */
static void purge(const struct workspace *w)
{
	struct dirent **list = NULL;
	int n = scandir(w->trash, &list, is_record, newest_first);
	for (int i = 0; i < n; i++) {
		if (i >= WORKSPACE_TRASH_MAX) {
			_cleanup_free_ char *token = xstrndup(list[i]->d_name, strlen(list[i]->d_name) - strlen(".json"));
			forget(w, token);
		}
		free(list[i]);
	}
	free(list);
}

static bool keep(const struct workspace *w, const char *path, struct str bytes, mode_t mode, char token[WORKSPACE_TOKEN_SIZE],
                 struct err *err)
{
	char id[RNG_ID_SIZE];
	snprintf(token, WORKSPACE_TOKEN_SIZE, "%012llx%.14s", (unsigned long long)clock_wall_ms() & 0xffffffffffff, rng_id(id));
	_cleanup_free_ char *record = xasprintf("%s/%s.json", w->trash, token), *file = xasprintf("%s/%s.file", w->trash, token);
	_cleanup_buf_ struct buf json = BUF(8192);
	buf_adds(&json, "{\"path\":");
	buf_add_json(&json, str_of(path));
	buf_addf(&json, ",\"mode\":%d}\n", (int)mode);
	if (mkdir(w->trash, 0700) < 0 && errno != EEXIST)
		return io_error(err, "make the folder", w->trash);
	return file_write_durable(file, bytes, 0600, err) && file_write_durable(record, buf_str(&json), 0600, err);
}

bool workspace_remove(const struct workspace *w, const char *path, const char *base, char ret_token[WORKSPACE_TOKEN_SIZE], struct err *err)
{
	const char *name;
	char hidden[64], id[RNG_ID_SIZE], token[WORKSPACE_TOKEN_SIZE], version[HASH_HEX_SIZE];
	_cleanup_close_ int parent = -1;
	_cleanup_buf_ struct buf bytes = BUF(WORKSPACE_FILE_MAX);
	if (!workspace_check_path(path, err) || !open_parent(w, path, false, &parent, &name, err) ||
	    !workspace_read(w, path, &bytes, version, err))
		return false;
	if (strcmp(version, base) != 0)
		return conflict(err, path, "was changed by somebody else since it was read");
	if (!keep(w, path, buf_str(&bytes), mode_of(parent, name), token, err))
		return false;
	snprintf(hidden, sizeof hidden, ".assay-%s.tmp", rng_id(id));
	struct err ignored;
	bool ok = renameat2(parent, name, w->fd, hidden, RENAME_NOREPLACE) == 0 || io_error(err, "remove", path);
	if (ok && !is_version(w, hidden, base, &ignored)) {
		ok = renameat2(w->fd, hidden, parent, name, RENAME_NOREPLACE) == 0 ? conflict(err, path, "was changed by somebody else just now")
		                                                                   : io_error(err, "put back", path);
	} else if (ok) {
		unlinkat(w->fd, hidden, 0);
		memcpy(ret_token, token, sizeof token);
		purge(w);
	}
	if (!ok)
		forget(w, token);
	return ok;
}

bool workspace_undo(const struct workspace *w, const char *token, char **ret_path, char ret_version[HASH_HEX_SIZE], struct err *err)
{
	struct str t = str_of(token);
	struct err ignored;
	int64_t mode = 0;
	const char *path = NULL;
	_cleanup_json_ cJSON *json = NULL;
	_cleanup_buf_ struct buf record = BUF(8192), bytes = BUF(WORKSPACE_FILE_MAX);
	_cleanup_free_ char *record_path = xasprintf("%s/%.40s.json", w->trash, token), *file = xasprintf("%s/%.40s.file", w->trash, token);
	if (!str_is_id(t) || t.len != WORKSPACE_TOKEN_SIZE - 1 || !file_read(record_path, 8192, &record, &ignored) ||
	    !file_read(file, WORKSPACE_FILE_MAX, &bytes, &ignored) || !json_parse(buf_str(&record), &json, &ignored) ||
	    !json_get_str(json, "", "path", WORKSPACE_PATH_MAX, &path, &ignored) || !json_get_i64(json, "", "mode", 0, 0777, &mode, &ignored))
		return err_set(err, ERR_NOT_FOUND, "there is nothing to bring back");
	if (!workspace_write(w, path, buf_str(&bytes), NULL, ret_version, err))
		return false;
	_cleanup_close_ int fd = open_beneath(w->fd, path, O_RDONLY | O_NONBLOCK);
	if (fd >= 0 && mode)
		(void)!fchmod(fd, (mode_t)mode);
	*ret_path = xstrdup(path);
	forget(w, token);
	return true;
}
