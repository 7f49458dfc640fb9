/* Files of a task's box for its candidate's editor. See proctor.h.
 *
 * All of it is done inside the box by commands that run as the task's user, so a path is what it is there: links, "..", and permissions are
 * the box's, and nothing outside can be named. The commands are the box's own and may have been replaced by its candidate, who then
 * fools nobody else: what they print is bounded, and taken for nothing but names and bytes. */
#include "base/base64.h"
#include "proctor/task_internal.h"
#include <stdio.h>
#include <sys/wait.h>

#define LIST_BYTES_MAX (TASK_ENTRIES_MAX * 600u)
#define LOCK_WAIT_MS (20 * MS_SECOND)
#define NOT_THERE 44 /* what our small scripts exit with */
#define NOT_A_FILE 45
#define NOT_OURS 46

/* ---- A command in the box ---- */

struct visit {
	struct task_ref t;
	struct sandbox *s;
	struct borrowed b;
	char box[BOX_NAME_SIZE];
};

static void visit_finish(struct visit *v)
{
	borrowed_finish(&v->b);
	task_ref_finish(&v->t);
}
#define _cleanup_visit_ __attribute__((cleanup(visit_finish)))

/* The box has to be open: it is the terminal's page that opens it. */
static bool visit(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                  enum task_need need, struct visit *ret, struct err *err)
{
	struct box_row row;
	bool found;
	if (!task_find(pr, rd, who, attempt, item, need, &ret->t, err) ||
	    !store_box_get(rd, ret->t.v.row.key, ret->t.index, &row, &found, NULL, err))
		return false;
	if (!found || row.state != BOX_OPEN)
		return err_set(err, ERR_CONFLICT, "the box of this task is not open");
	if (!box_lock(pr, ret->t.v.row.key, ret->t.index, LOCK_WAIT_MS, err))
		return false;
	struct box_hold hold = {pr, ret->t.v.row.key, ret->t.index};
	ret->b = (struct borrowed){.pr = pr};
	bool ok = boxes_borrow(pr, &ret->b.s, err) && box_ensure(pr, rd, ret->b.s, who, &ret->t, &row, err);
	box_hold_finish(&hold);
	ret->s = ret->b.s;
	memcpy(ret->box, row.name, sizeof ret->box);
	return ok;
}

static bool check_path(const char *path, struct err *err)
{
	if (!path || path[0] != '/' || strlen(path) > TASK_PATH_MAX || !str_is_utf8(str_of(path), NULL))
		return err_set(err, ERR_USAGE, "path must be an absolute path of at most %d bytes", TASK_PATH_MAX);
	return true;
}

/* Runs a small script on a path, $1. Its exit codes above say what is wrong with the path. */
static bool run_on(struct visit *v, const char *script, const char *path, struct str input, size_t output_max, struct sandbox_result *ret,
                   struct err *err)
{
	const char *const argv[] = {"/bin/sh", "-c", script, "sh", path, NULL}, *const env[] = {"LC_ALL=C", "PATH=/usr/bin:/bin", NULL};
	struct sandbox_exec x = {.user = v->t.task->user, .cwd = "/", .argv = argv, .env = env, .time_ms = TASK_COMMAND_MS};
	struct sandbox_result r = {0};
	if (!sandbox_run(v->s, v->box, &x, input, output_max, &r, err))
		return false;
	int code = WIFEXITED(r.status) ? WEXITSTATUS(r.status) : 128;
	bool ok = code == 0 && !r.limit;
	if (r.limit)
		err_set(err, ERR_TOO_LARGE, "the box is at a limit: %s", limit_name(r.limit));
	else if (code == NOT_THERE)
		err_set(err, ERR_NOT_FOUND, "there is no such file or folder in the box");
	else if (code == NOT_A_FILE)
		err_set(err, ERR_CONFLICT, "that is not a regular file");
	else if (code == NOT_OURS)
		err_set(err, ERR_FORBIDDEN, "in the box, %s may not do that", v->t.task->user);
	else if (code)
		err_set(err, ERR_CONFLICT, "the box could not do it (exit code %d)", code);
	if (ok)
		*ret = r;
	else
		sandbox_result_finish(&r);
	return ok;
}

static const char read_script[] =
    "[ -e \"$1\" ] || exit 44; [ -f \"$1\" ] || exit 45; [ -r \"$1\" ] || exit 46; exec head -c 8388609 -- \"$1\"";
static const char write_script[] = "if [ -e \"$1\" ]; then [ -f \"$1\" ] || exit 45; [ -w \"$1\" ] || exit 46; "
                                   "else d=$(dirname -- \"$1\"); [ -d \"$d\" ] || exit 44; [ -w \"$d\" ] || exit 46; fi; exec cat >\"$1\"";
static const char list_script[] = "[ -e \"$1\" ] || exit 44; [ -d \"$1\" ] || exit 45; cd -- \"$1\" 2>/dev/null || exit 46; "
                                  "exec find . -mindepth 1 -maxdepth 1 -printf '%y\\t%s\\t%m\\t%u\\t%f\\0'";

/* A file's bytes, at most size_max. */
static bool read_file(struct visit *v, const char *path, size_t size_max, struct buf *out, struct err *err)
{
	struct sandbox_result r = {0};
	if (!run_on(v, read_script, path, STR(""), size_max + 1, &r, err))
		return false;
	bool ok = !r.out.overflow && r.out.len <= size_max;
	if (ok)
		buf_addv(out, buf_str(&r.out));
	sandbox_result_finish(&r);
	return ok ? buf_check(out, "the file", err) : err_set(err, ERR_TOO_LARGE, "the file has more than %zu KiB", size_max >> 10);
}

/* ---- A folder ---- */

static const char *type_name(struct str type)
{
	return str_is(type, "f") ? "file" : str_is(type, "d") ? "folder" : str_is(type, "l") ? "link" : "other";
}

/* Bytes that are no UTF-8, and control characters, become U+FFFD: such a name can be seen, and not opened. */
static void add_name(struct buf *out, struct str name)
{
	_cleanup_buf_ struct buf clean = BUF(4 * 4096);
	while (name.len) {
		size_t n = 1;
		while (n < 4 && n < name.len && !str_is_utf8(str_sub(name, 0, n), NULL))
			n++;
		bool good = str_is_utf8(str_sub(name, 0, n), NULL) && (unsigned char)name.p[0] >= ' ' && name.p[0] != 0x7f;
		if (good)
			buf_add(&clean, name.p, n);
		else
			buf_adds(&clean, "\xef\xbf\xbd");
		name = str_sub(name, good ? n : 1, name.len);
	}
	buf_add_json(out, buf_str(&clean));
}

/* "f\t12\t644\troot\tname"; what does not look so is left out. */
static bool add_entry(struct buf *out, struct str entry, bool first)
{
	struct str type, size, mode, user;
	int64_t bytes, bits;
	if (!str_next_field(&entry, '\t', &type) || !str_next_field(&entry, '\t', &size) || !str_next_field(&entry, '\t', &mode) ||
	    !str_next_field(&entry, '\t', &user) || !entry.p || !entry.len || entry.len > 4096 || user.len > 64 ||
	    !str_to_i64(size, 0, INT64_C(1) << 50, &bytes) || !str_to_i64(mode, 0, 7777, &bits))
		return false;
	buf_addf(out, "%s{\"name\":", first ? "" : ",");
	add_name(out, entry);
	buf_addf(out, ",\"kind\":\"%s\",\"size\":%lld,\"mode\":\"%04lld\",\"user\":", type_name(type), (long long)bytes, (long long)bits);
	add_name(out, user);
	buf_addc(out, '}');
	return true;
}

bool task_files_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                     const char *path, struct buf *out, struct err *err)
{
	_cleanup_visit_ struct visit v = {0};
	struct sandbox_result r = {0};
	if (!check_path(path, err) || !visit(pr, rd, who, attempt, item, TASK_WORK, &v, err) ||
	    !run_on(&v, list_script, path, STR(""), LIST_BYTES_MAX, &r, err))
		return false;
	struct str rest = buf_str(&r.out), entry;
	size_t n = 0;
	buf_adds(out, "{\"path\":");
	buf_add_json(out, str_of(path));
	buf_adds(out, ",\"entries\":[");
	/* The last one may be cut. */
	while (n < TASK_ENTRIES_MAX && rest.p && memchr(rest.p, 0, rest.len) && str_next_field(&rest, 0, &entry))
		n += add_entry(out, entry, n == 0);
	buf_addc(out, ']');
	buf_addf(out, ",\"more\":%s}", r.out.overflow || (rest.p && rest.len) ? "true" : "false");
	sandbox_result_finish(&r);
	return buf_check(out, "the folder", err);
}

/* ---- One file ---- */

static void add_size_and_hash(struct buf *out, struct str bytes)
{
	char hash[HASH_HEX_SIZE];
	buf_addf(out, ",\"size\":%zu,\"sha256\":\"%s\"}", bytes.len, hash_sha256_hex(bytes, hash));
}

bool task_file_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, const char *path,
                    struct buf *out, struct err *err)
{
	_cleanup_visit_ struct visit v = {0};
	_cleanup_buf_ struct buf text = BUF(TASK_FILE_MAX + 1);
	if (!check_path(path, err) || !visit(pr, rd, who, attempt, item, TASK_WORK, &v, err) || !read_file(&v, path, TASK_FILE_MAX, &text, err))
		return false;
	if (!str_is_utf8(buf_str(&text), NULL))
		return err_set(err, ERR_UNSUPPORTED, "that is not text in UTF-8: the editor cannot show it");
	buf_adds(out, "{\"path\":");
	buf_add_json(out, str_of(path));
	buf_adds(out, ",\"text\":");
	buf_add_json(out, buf_str(&text));
	add_size_and_hash(out, buf_str(&text));
	return buf_check(out, "the file", err);
}

/* Whoever saves knows what they change: the file must be the one that they read. */
static bool check_unchanged(struct visit *v, const char *path, const char *sha256, struct err *err)
{
	_cleanup_buf_ struct buf now = BUF(TASK_DOWNLOAD_MAX + 1);
	char hash[HASH_HEX_SIZE];
	struct err why;
	if (!sha256)
		return true;
	if (!read_file(v, path, TASK_DOWNLOAD_MAX, &now, &why) && why.code != ERR_NOT_FOUND)
		return err_set(err, why.code, "%s", why.msg);
	if (strcmp(hash_sha256_hex(buf_str(&now), hash), sha256) == 0)
		return true;
	return err_set(err, ERR_CONFLICT, "the file has been changed in the box since it was read");
}

static bool write_file(struct visit *v, const char *path, struct str bytes, struct buf *out, struct err *err)
{
	struct sandbox_result r = {0};
	if (!run_on(v, write_script, path, bytes, 4096, &r, err))
		return false;
	sandbox_result_finish(&r);
	buf_adds(out, "{\"path\":");
	buf_add_json(out, str_of(path));
	add_size_and_hash(out, bytes);
	return buf_check(out, "the reply", err);
}

bool task_file_put(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, const cJSON *body,
                   struct buf *out, struct err *err)
{
	static const char *const keys[] = {"path", "text", "sha256", NULL};
	_cleanup_visit_ struct visit v = {0};
	const char *path = NULL, *text = NULL, *sha256 = NULL;
	return json_only_keys(body, "", keys, err) && json_get_str(body, "", "path", TASK_PATH_MAX, &path, err) &&
	       json_get_str(body, "", "text", TASK_FILE_MAX, &text, err) && json_opt_str(body, "", "sha256", 64, &sha256, err) &&
	       check_path(path, err) && visit(pr, rd, who, attempt, item, TASK_WORK, &v, err) && check_unchanged(&v, path, sha256, err) &&
	       write_file(&v, path, str_of(text), out, err);
}

/* ---- In and out whole: study sessions ---- */

bool task_upload(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, const cJSON *body,
                 struct buf *out, struct err *err)
{
	static const char *const keys[] = {"path", "base64", NULL};
	_cleanup_visit_ struct visit v = {0};
	const char *path = NULL, *text = NULL;
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "path", TASK_PATH_MAX, &path, err) ||
	    !json_get_str(body, "", "base64", 2 * TASK_FILE_MAX, &text, err) || !check_path(path, err))
		return false;
	size_t max = strlen(text) / 4 * 3 + 3, len = 0;
	_cleanup_free_ char *bytes = xmalloc(max);
	if (!base64_read(str_of(text), BASE64_PADDED, bytes, max, &len))
		return err_set(err, ERR_INVALID, "base64 is not base64");
	return visit(pr, rd, who, attempt, item, TASK_STUDY, &v, err) && write_file(&v, path, (struct str){bytes, len}, out, err);
}

bool task_download(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, const char *path,
                   struct buf *out, struct err *err)
{
	_cleanup_visit_ struct visit v = {0};
	return check_path(path, err) && visit(pr, rd, who, attempt, item, TASK_STUDY, &v, err) &&
	       read_file(&v, path, TASK_DOWNLOAD_MAX, out, err);
}
