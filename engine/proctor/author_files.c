/* Files of an author's bank: read, written, removed, brought back, put in order. See author.h. */
#include "bank/media.h"
#include "bank/rename.h"
#include "proctor/author_internal.h"
#include <sodium.h>
#include <stdio.h>

#define NAME_TRIES 1000 /* for a free name of a picture */

/* ---- One file ---- */

static bool add_file(const struct author *a, const char *path, bool with_path, struct buf *out, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(WORKSPACE_FILE_MAX);
	char version[HASH_HEX_SIZE];
	if (!workspace_read(a->workspace, path, &text, version, err))
		return false;
	if (!str_is_utf8(buf_str(&text), NULL))
		return err_set(err, ERR_UNSUPPORTED, "%.300s is not a text in UTF-8", path);
	buf_addc(out, '{');
	if (with_path) {
		buf_adds(out, "\"path\":");
		buf_add_json(out, str_of(path));
		buf_addc(out, ',');
	}
	buf_adds(out, "\"text\":");
	buf_add_json(out, buf_str(&text));
	buf_addf(out, ",\"version\":\"%s\"}", version);
	return buf_check(out, "the file", err);
}

bool author_file_json(struct author *a, const char *path, struct buf *out, struct err *err)
{
	return add_file(a, path, true, out, err);
}

/* After a conflict: what the folder has. */
static bool tell_theirs(const struct author *a, const char *path, struct buf *theirs, struct err *err)
{
	struct err ignored;
	if (err->code == ERR_CONFLICT) {
		buf_clear(theirs);
		if (!add_file(a, path, false, theirs, &ignored)) {
			buf_clear(theirs);
			buf_adds(theirs, "null");
		}
	}
	return false;
}

static bool version_or_null(const cJSON *body, bool needed, const char **ret, struct err *err)
{
	const char *base = NULL;
	if (needed ? !json_get_str(body, "", "base", HASH_HEX_SIZE, &base, err) : !json_opt_str(body, "", "base", HASH_HEX_SIZE, &base, err))
		return false;
	if (base && strlen(base) != HASH_HEX_SIZE - 1)
		return err_set(err, ERR_INVALID, "base is the version that was read, 64 hexadecimal digits");
	*ret = base;
	return true;
}

bool author_file_put(struct author *a, const char *path, const cJSON *body, struct buf *out, struct buf *theirs, struct err *err)
{
	static const char *const keys[] = {"text", "base", NULL};
	const char *text, *base;
	char version[HASH_HEX_SIZE];
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "text", WORKSPACE_FILE_MAX, &text, err) ||
	    !version_or_null(body, false, &base, err))
		return false;
	if (!workspace_write(a->workspace, path, str_of(text), base, version, err))
		return tell_theirs(a, path, theirs, err);
	_cleanup_author_bank_ struct author_bank b = {0};
	if (!author_look(a, err) || !author_load(a, NULL, &b, err))
		return false;
	_cleanup_json_ cJSON *json = json_object();
	json_set_str(json, "version", version);
	author_set_problems(a, NULL, &b.diags, path, json);
	json_print(json, out);
	return buf_check(out, "the problems", err);
}

bool author_file_delete(struct author *a, const char *path, const cJSON *body, struct buf *out, struct buf *theirs, struct err *err)
{
	static const char *const keys[] = {"base", NULL};
	const char *base;
	char token[WORKSPACE_TOKEN_SIZE];
	if (!json_only_keys(body, "", keys, err) || !version_or_null(body, true, &base, err))
		return false;
	if (!workspace_remove(a->workspace, path, base, token, err))
		return tell_theirs(a, path, theirs, err);
	buf_addf(out, "{\"undo\":\"%s\"}", token);
	return author_look(a, err);
}

bool author_undo(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"token", NULL};
	const char *token;
	char version[HASH_HEX_SIZE];
	_cleanup_free_ char *path = NULL;
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "token", 64, &token, err) ||
	    !workspace_undo(a->workspace, token, &path, version, err))
		return false;
	buf_adds(out, "{\"path\":");
	buf_add_json(out, str_of(path));
	buf_addf(out, ",\"version\":\"%s\"}", version);
	return author_look(a, err);
}

/* ---- The order of a file's questions ---- */

static const struct outline_entry *take_entry(const struct outline *o, const char *id, bool *taken)
{
	for (size_t i = 0; i < o->n; i++)
		if (!taken[i] && strcmp(o->list[i].id, id) == 0) {
			taken[i] = true;
			return &o->list[i];
		}
	return NULL;
}

/* One blank line between questions, whatever stood there. */
static void add_question(struct str text, const struct outline_entry *e, bool last, struct buf *out)
{
	struct str s = str_sub(text, e->from, e->to);
	while (s.len && strchr("\n\r\t ", s.p[s.len - 1]))
		s.len--;
	buf_addv(out, s);
	buf_adds(out, last ? "\n" : "\n\n");
}

static bool reorder(const char *path, struct str text, const cJSON *ids, struct buf *out, struct err *err)
{
	_cleanup_outline_ struct outline o;
	outline_read(path, text, &o);
	if (o.alone || (size_t)cJSON_GetArraySize(ids) != o.n)
		return err_set(err, ERR_INVALID, "items must name each of the file's %zu questions once", o.n);
	bool *taken = xcalloc(o.n + 1, sizeof *taken), ok = true;
	buf_addv(out, str_sub(text, 0, o.list[0].from));
	for (const cJSON *c = ids->child; ok && c; c = c->next) {
		const struct outline_entry *e = cJSON_IsString(c) ? take_entry(&o, c->valuestring, taken) : NULL;
		ok = e || err_set(err, ERR_INVALID, "items must name each of the file's questions once");
		if (e)
			add_question(text, e, !c->next, out);
	}
	free(taken);
	return ok && buf_check(out, "the file", err);
}

/* Of a text that is not saved: the reply is that text in the new order. */
static bool order_text(const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"path", "text", "items", NULL};
	struct bank_draft draft;
	const cJSON *ids;
	_cleanup_buf_ struct buf moved = BUF(WORKSPACE_FILE_MAX);
	if (!json_only_keys(body, "", keys, err) || !author_draft(body, &draft, err) ||
	    !json_get_array(body, "", "items", BANK_ITEMS_MAX, &ids, err) || !reorder(draft.path, draft.text, ids, &moved, err))
		return false;
	buf_adds(out, "{\"text\":");
	buf_add_json(out, buf_str(&moved));
	buf_addc(out, '}');
	return buf_check(out, "the text", err);
}

bool author_order(struct author *a, const cJSON *body, struct buf *out, struct buf *theirs, struct err *err)
{
	static const char *const keys[] = {"path", "base", "items", NULL};
	const char *path, *base;
	const cJSON *ids;
	if (cJSON_HasObjectItem(body, "text"))
		return order_text(body, out, err);
	char version[HASH_HEX_SIZE];
	_cleanup_buf_ struct buf text = BUF(WORKSPACE_FILE_MAX), moved = BUF(WORKSPACE_FILE_MAX);
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "path", WORKSPACE_PATH_MAX, &path, err) ||
	    !version_or_null(body, true, &base, err) || !json_get_array(body, "", "items", BANK_ITEMS_MAX, &ids, err) ||
	    !author_text(a, NULL, path, &text, err))
		return false;
	if (strcmp(hash_sha256_hex(buf_str(&text), version), base) != 0) {
		err_set(err, ERR_CONFLICT, "%.300s was changed by somebody else since it was read", path);
		return tell_theirs(a, path, theirs, err);
	}
	if (!reorder(path, buf_str(&text), ids, &moved, err))
		return false;
	if (!workspace_write(a->workspace, path, buf_str(&moved), base, version, err))
		return tell_theirs(a, path, theirs, err);
	buf_addf(out, "{\"version\":\"%s\"}", version);
	return author_look(a, err);
}

/* ---- Names ---- */

bool author_rename(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"from", "to", NULL};
	const char *from, *to;
	char **paths;
	size_t n;
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "from", WORKSPACE_PATH_MAX, &from, err) ||
	    !json_get_str(body, "", "to", WORKSPACE_PATH_MAX, &to, err) || !bank_rename(a->workspace, from, to, &paths, &n, err))
		return false;
	buf_adds(out, "{\"paths\":[");
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i ? "," : "");
		buf_add_json(out, str_of(paths[i]));
		free(paths[i]);
	}
	free(paths);
	buf_adds(out, "]}");
	return author_look(a, err);
}

/* ---- Pictures ---- */

static bool decode(const char *base64, struct buf *out, struct err *err)
{
	size_t len = strlen(base64), n = 0;
	unsigned char *bytes = xmalloc(len + 1);
	bool ok = sodium_base642bin(bytes, len + 1, base64, len, "\r\n ", &n, NULL, sodium_base64_VARIANT_ORIGINAL) == 0;
	if (ok)
		buf_add(out, bytes, n);
	free(bytes);
	return ok ? buf_check(out, "the picture", err) : err_set(err, ERR_INVALID, "base64 is not Base64");
}

/* media/NAME.EXT, the first that is free or holds the same picture already. */
static bool place_picture(const struct author *a, const char *stem, const char *ending, struct str bytes, char **ret, struct err *err)
{
	char version[HASH_HEX_SIZE], theirs[HASH_HEX_SIZE];
	hash_sha256_hex(bytes, version);
	for (int i = 1; i < NAME_TRIES; i++) {
		_cleanup_buf_ struct buf there = BUF(WORKSPACE_FILE_MAX);
		_cleanup_free_ char *path = i == 1 ? xasprintf("media/%s.%s", stem, ending) : xasprintf("media/%s-%d.%s", stem, i, ending);
		bool written = workspace_write(a->workspace, path, bytes, NULL, version, err);
		if (!written && err->code != ERR_CONFLICT)
			return false;
		if (!written && !(workspace_read(a->workspace, path, &there, theirs, err) && strcmp(version, theirs) == 0))
			continue;
		*ret = take_ptr(path);
		return true;
	}
	return err_set(err, ERR_CONFLICT, "there are too many pictures of that name");
}

bool author_media_put(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"name", "base64", NULL};
	const char *name, *base64;
	struct media_info info;
	_cleanup_free_ char *path = NULL;
	_cleanup_buf_ struct buf bytes = BUF(MEDIA_SIZE_MAX);
	if (!json_only_keys(body, "", keys, err) || !json_get_str(body, "", "name", 200, &name, err) ||
	    !json_get_str(body, "", "base64", AUTHOR_BODY_MAX, &base64, err) || !decode(base64, &bytes, err) ||
	    !media_inspect(buf_str(&bytes), &info, err))
		return false;
	const char *dot = strrchr(name, '.');
	_cleanup_free_ char *stem = str_slug(str_sub(str_of(name), 0, dot && dot > name ? (size_t)(dot - name) : strlen(name)), 60);
	if (!place_picture(a, stem, info.extension, buf_str(&bytes), &path, err))
		return false;
	buf_adds(out, "{\"path\":");
	buf_add_json(out, str_of(path));
	buf_addc(out, '}');
	return author_look(a, err);
}
