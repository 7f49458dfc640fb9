/* The text of a release: parsing, printing, and what a bank uses. See release.h. */
#include "bank/release.h"
#include "base/clock.h"
#include "base/json.h"

#define FORMAT "assay-release/v1"
#define USES_MAX (8u << 20)

void release_finish(struct release *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->files[i].path);
	free(r->files);
	free(r->bank);
	free(r->graders);
	free(r->programs);
	*r = (struct release){0};
}

/* ---- What a bank uses ---- */

static void add_list(struct buf *out, const char *key, char *const *list, size_t n)
{
	buf_addf(out, "\"%s\":[", key);
	for (size_t i = 0; i < n; i++) {
		buf_adds(out, i ? "," : "");
		buf_add_json(out, str_of(list[i]));
	}
	buf_adds(out, "],");
}

static void add_grader(const struct item *item, struct buf *out)
{
	const struct task *task = item->task;
	size_t n_limits = 0;
	while (task->limits && task->limits[n_limits])
		n_limits++;
	buf_addc(out, '{');
	add_list(out, "commands", task->commands, task->n_commands);
	buf_adds(out, "\"image\":");
	buf_add_json(out, str_of(task->image));
	buf_addc(out, ',');
	add_list(out, "limits", task->limits, n_limits);
	buf_adds(out, "\"ports\":[");
	for (size_t i = 0; i < task->n_ports; i++)
		buf_addf(out, "%s%d", i ? "," : "", task->ports[i]);
	buf_adds(out, "],\"task\":");
	buf_add_json(out, str_of(item->id));
	buf_adds(out, ",\"user\":");
	buf_add_json(out, str_of(task->user));
	buf_addc(out, '}');
}

void release_uses(const struct bank *bank, struct buf *graders, struct buf *programs)
{
	buf_addc(graders, '[');
	buf_addc(programs, '[');
	for (size_t i = 0; i < bank->n_items; i++) { /* sorted by id */
		const struct item *item = &bank->items[i];
		if (item->task) {
			buf_adds(graders, graders->len > 1 ? "," : "");
			add_grader(item, graders);
		}
		if (item->params_lua) {
			buf_adds(programs, programs->len > 1 ? "," : "");
			buf_add_json(programs, str_of(item->id));
		}
	}
	buf_addc(graders, ']');
	buf_addc(programs, ']');
}

/* ---- Text ---- */

void release_print(const struct release *r, struct buf *out)
{
	char author[MINISIGN_KEY_SIZE], expires[CLOCK_RFC3339_SIZE];
	minisign_key_print(&r->author, author);
	buf_addf(out, "{\"author\":\"%s\",\"bank\":", author);
	buf_add_json(out, str_of(r->bank));
	buf_addf(out, ",\"expires\":\"%s\",\"files\":[", clock_rfc3339(r->expires_ms, expires));
	for (size_t i = 0; i < r->n; i++) {
		const struct release_file *f = &r->files[i];
		buf_addf(out, "%s{%s\"path\":", i ? "," : "", f->executable ? "\"executable\":true," : "");
		buf_add_json(out, str_of(f->path));
		buf_addf(out, ",\"sha256\":\"%s\",\"size\":%lld}", f->sha256, (long long)f->size);
	}
	buf_addf(out, "],\"format\":\"" FORMAT "\",\"graders\":%s,\"number\":%lld,\"programs\":%s}", r->graders, (long long)r->number,
	         r->programs);
}

/* Whether a path stays below the folder and has one spelling. */
static bool is_path(const char *path)
{
	struct str rest = str_of(path), part;
	if (!rest.len || rest.p[rest.len - 1] == '/' || strchr(path, '\\'))
		return false;
	while (str_next_field(&rest, '/', &part))
		if (!part.len || str_is(part, ".") || str_is(part, ".."))
			return false;
	return true;
}

static bool is_hash(const char *hex)
{
	return strlen(hex) == HASH_HEX_SIZE - 1 && strspn(hex, "0123456789abcdef") == HASH_HEX_SIZE - 1;
}

static bool add_file(struct release *r, const cJSON *one, struct err *err)
{
	static const char *const keys[] = {"executable", "path", "sha256", "size", NULL};
	const char *path, *sha256;
	struct release_file f = {0};
	if (!json_only_keys(one, "files", keys, err) || !json_get_str(one, "files", "path", RELEASE_PATH_MAX, &path, err) ||
	    !json_get_str(one, "files", "sha256", HASH_HEX_SIZE, &sha256, err) ||
	    !json_get_i64(one, "files", "size", 0, RELEASE_FILE_MAX, &f.size, err) ||
	    !json_opt_bool(one, "files", "executable", &f.executable, err))
		return false;
	if (!is_path(path) || !is_hash(sha256))
		return err_set(err, ERR_INVALID, RELEASE_NAME ": files: '%.200s' is no path below the bank, or its hash is none", path);
	if (r->n && strcmp(r->files[r->n - 1].path, path) >= 0)
		return err_set(err, ERR_INVALID, RELEASE_NAME ": files: '%.200s' stands twice or out of order", path);
	memcpy(f.sha256, sha256, sizeof f.sha256);
	f.path = xstrdup(path);
	r->files = xgrow(r->files, r->n, &r->cap, sizeof *r->files);
	r->files[r->n++] = f;
	return true;
}

static char *take_text(const cJSON *value)
{
	struct buf out = BUF(USES_MAX);
	json_print(value, &out);
	return buf_take(&out, NULL);
}

static bool take_members(const cJSON *doc, struct release *r, struct err *err)
{
	static const char *const keys[] = {"author", "bank", "expires", "files", "format", "graders", "number", "programs", NULL};
	const char *author, *bank, *expires, *format;
	const cJSON *files, *graders, *programs, *one;
	if (!json_only_keys(doc, "release", keys, err) || !json_get_str(doc, "release", "author", MINISIGN_KEY_SIZE, &author, err) ||
	    !json_get_str(doc, "release", "bank", 64, &bank, err) || !json_get_str(doc, "release", "expires", 40, &expires, err) ||
	    !json_get_str(doc, "release", "format", 40, &format, err) ||
	    !json_get_i64(doc, "release", "number", 1, RELEASE_NUMBER_MAX, &r->number, err) ||
	    !json_get_array(doc, "release", "files", RELEASE_FILES_MAX, &files, err) ||
	    !json_get_array(doc, "release", "graders", BANK_ITEMS_MAX, &graders, err) ||
	    !json_get_array(doc, "release", "programs", BANK_ITEMS_MAX, &programs, err) || !clock_parse(expires, &r->expires_ms, err) ||
	    !minisign_key_parse(str_of(author), &r->author, err))
		return false;
	if (strcmp(format, FORMAT) != 0 || !str_is_id(str_of(bank)))
		return err_set(err, ERR_INVALID, "the format is not " FORMAT ", or the bank has no id");
	r->bank = xstrdup(bank);
	cJSON_ArrayForEach(one, files) if (!add_file(r, one, err)) return false;
	r->graders = take_text(graders);
	r->programs = take_text(programs);
	return true;
}

bool release_parse(struct str text, struct release *ret, struct err *err)
{
	_cleanup_json_ cJSON *doc = NULL;
	_cleanup_release_ struct release r = {0};
	_cleanup_buf_ struct buf again = BUF(RELEASE_SIZE_MAX);
	if (text.len > RELEASE_SIZE_MAX)
		return err_set(err, ERR_TOO_LARGE, RELEASE_NAME " is larger than %u MiB", RELEASE_SIZE_MAX >> 20);
	if (!json_parse(text, &doc, err) || !take_members(doc, &r, err))
		return err_prefix(err, RELEASE_NAME);
	release_print(&r, &again);
	if (!str_eq(buf_str(&again), text))
		return err_set(err, ERR_INVALID, RELEASE_NAME " is not in its canonical form (RFC 8785)");
	*ret = r;
	r = (struct release){0};
	return true;
}
