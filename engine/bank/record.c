/* Review records: reading, writing and adding. See record.h. */
#include "bank/record.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/name.h"
#include <assert.h>

#define APPEND_TRIES 50 /* when others write the same file at the same time */

const char *const record_did_names[RECORD_DIDS] = {"submitted", "answered",  "judged",    "approved", "returned",
                                                   "commented", "pretested", "activated", "retired"};

/* ---- Names ---- */

/* In one line, and without control characters. */
static bool is_plain(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i], next = i + 1 < s.len ? (unsigned char)s.p[i + 1] : 0;
		if (c < 0x20 || c == 0x7f || (c == 0xc2 && next < 0xa0)) /* U+0080 to U+009F, too: terminals obey them */
			return false;
	}
	return str_is_utf8(s, NULL);
}

bool record_check_name(const char *name, struct err *err)
{
	struct str s = str_trim(str_of(name));
	if (s.len && s.len <= RECORD_NAME_MAX && is_plain(s) && !name_same(name, ""))
		return true;
	return err_set(err, ERR_INVALID, "a name has 1 to %d bytes, in one line", RECORD_NAME_MAX);
}

bool record_same_name(const char *a, const char *b)
{
	return name_same(a, b);
}

/* ---- Reading ---- */

static void entry_finish(struct record_entry *e)
{
	free(e->by);
	free(e->response);
	free(e->comment);
	free(e->despite);
}

void record_finish(struct record *r)
{
	for (size_t i = 0; i < r->n; i++)
		entry_finish(&r->list[i]);
	free(r->list);
	*r = (struct record){0};
}

static bool wrong(const struct yaml *y, int node, struct diags *diags, const char *message)
{
	diags_add(diags, DIAG_ERROR, "bad-review", y->source, yaml_at(y, node), "%s", message);
	return false;
}

static bool read_at(const struct yaml *y, int map, struct record_entry *e, struct diags *diags)
{
	struct str text;
	struct err why;
	int node = yaml_find(y, map, "at");
	if (node < 0)
		return wrong(y, map, diags, "an entry needs a time (at)");
	if (!yaml_text(y, node, "at", 40, &text, diags))
		return false;
	_cleanup_free_ char *copy = str_dup(text);
	return clock_parse_rfc3339(copy, &e->at_ms, &why) || wrong(y, node, diags, "at: not a time, such as 2026-11-27T17:10:00Z");
}

static bool read_by(const struct yaml *y, int map, struct record_entry *e, struct diags *diags)
{
	struct str text;
	struct err why;
	int node = yaml_find(y, map, "by");
	if (node < 0)
		return wrong(y, map, diags, "an entry needs a name (by)");
	if (!yaml_text(y, node, "by", 1000, &text, diags))
		return false;
	e->by = str_dup(text);
	return record_check_name(e->by, &why) || wrong(y, node, diags, why.msg);
}

static bool read_text(const struct yaml *y, int map, struct record_entry *e, struct diags *diags)
{
	struct str text;
	int node = yaml_find(y, map, "text");
	bool optional = e->did == DID_COMMENTED || e->did >= DID_PRETESTED;
	if (node < 0)
		return optional || wrong(y, map, diags, "an entry needs the hash of the question's text (text)");
	if (!yaml_text(y, node, "text", 1000, &text, diags))
		return false;
	bool ok = text.len == HASH_HEX_SIZE - 1;
	for (size_t i = 0; i < text.len && ok; i++)
		ok = strchr("0123456789abcdef", text.p[i]) != NULL;
	if (!ok)
		return wrong(y, node, diags, "text: not a SHA-256, 64 hexadecimal digits");
	memcpy(e->text, text.p, text.len);
	return true;
}

/* A text that may be missing, or may be empty: an answer of nothing is one. */
static bool read_words(const struct yaml *y, int map, const char *name, char **ret, struct diags *diags)
{
	int node = yaml_find(y, map, name);
	struct str text;
	if (node < 0)
		return true;
	if (y->nodes[node].type == YAML_TEXT && y->nodes[node].quoted && !y->nodes[node].len)
		text = STR("");
	else if (!yaml_text(y, node, name, RECORD_TEXT_MAX, &text, diags))
		return false;
	*ret = str_dup(text);
	return true;
}

static bool read_entry(const struct yaml *y, int map, struct record_entry *e, struct diags *diags)
{
	static const char *const fields[] = {"at", "by", "did", "text", "response", "agrees", "comment", "despite"};
	int did = 0;
	size_t errors = diags->n_errors;
	if (!yaml_is(y, map, YAML_MAP, "an entry", diags))
		return false;
	yaml_only(y, map, fields, ARRAY_SIZE(fields), diags);
	int node = yaml_find(y, map, "did");
	if (node < 0)
		return wrong(y, map, diags, "an entry says what was done (did)");
	bool ok = yaml_choice(y, node, "did", record_did_names, RECORD_DIDS, &did, diags);
	e->did = (enum record_did)did;
	e->line = source_line(y->source, yaml_at(y, map));
	ok = ok && read_at(y, map, e, diags) && read_by(y, map, e, diags) && read_text(y, map, e, diags);
	ok = ok && read_words(y, map, "response", &e->response, diags) && read_words(y, map, "comment", &e->comment, diags) &&
	     read_words(y, map, "despite", &e->despite, diags);
	bool agrees = false;
	node = yaml_find(y, map, "agrees");
	ok = ok && (node < 0 || yaml_bool(y, node, "agrees", &agrees, diags));
	e->verdict = node < 0 ? VERDICT_NONE : agrees ? VERDICT_AGREES : VERDICT_DISAGREES;
	if (ok && node >= 0 && e->did != DID_ANSWERED && e->did != DID_JUDGED)
		return wrong(y, node, diags, "agrees: only a reader who answered agrees or disagrees");
	if (ok && node < 0 && e->did == DID_JUDGED)
		return wrong(y, map, diags, "who judges their answer agrees or not (agrees)");
	return ok && diags->n_errors == errors;
}

static int by_time(const void *pa, const void *pb)
{
	const struct record_entry *a = pa, *b = pb;
	int c = (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
	return c ? c : (a->line > b->line) - (a->line < b->line);
}

static void read_list(const struct yaml *y, int list, struct diags *diags, struct record *r)
{
	for (int node = yaml_first(y, list); node >= 0; node = yaml_next(y, node)) {
		struct record_entry e = {0};
		if (r->n >= RECORD_ENTRIES_MAX) {
			diags_add(diags, DIAG_ERROR, "field-long", y->source, yaml_at(y, node), "record: more than %d entries", RECORD_ENTRIES_MAX);
			return;
		}
		if (!read_entry(y, node, &e, diags)) {
			entry_finish(&e);
			continue;
		}
		r->list = xgrow(r->list, r->n, &r->cap, sizeof *r->list);
		r->list[r->n++] = e;
	}
}

void record_parse(struct source *source, struct diags *diags, struct record *ret)
{
	static const char *const fields[] = {"record"};
	struct record r = {0};
	struct yaml y;
	if (yaml_parse(source, source->bytes, diags, &y)) {
		int list = yaml_find(&y, 0, "record");
		bool empty = list >= 0 && y.nodes[list].type == YAML_TEXT && !y.nodes[list].len && !y.nodes[list].quoted;
		yaml_only(&y, 0, fields, ARRAY_SIZE(fields), diags);
		if (list >= 0 && !empty && yaml_is(&y, list, YAML_LIST, "record", diags))
			read_list(&y, list, diags, &r);
	}
	yaml_finish(&y);
	if (r.n)
		qsort(r.list, r.n, sizeof *r.list, by_time);
	*ret = r;
}

/* ---- Writing ---- */

/* What YAML takes for a line end or refuses, though JSON does not escape it. */
static bool needs_escape(unsigned c)
{
	return (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029 || c == 0xfeff || (c >= 0xe000 && c <= 0xe002) || c == 0xfffe ||
	       c == 0xffff;
}

static unsigned code_point(const unsigned char *p, size_t *ret_len)
{
	*ret_len = *p < 0x80 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	unsigned c = *p < 0x80 ? *p : *p < 0xe0 ? *p & 0x1f : *p < 0xf0 ? *p & 0x0f : *p & 0x07;
	for (size_t i = 1; i < *ret_len; i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

/* A text in double quotes, on one line. JSON's escapes are YAML's, too. */
static void write_text(const char *name, const char *text, struct buf *out)
{
	_cleanup_buf_ struct buf json = BUF(6 * RECORD_TEXT_MAX + 2);
	if (!text)
		return;
	buf_add_json(&json, str_of(text));
	buf_addf(out, ", %s: ", name);
	for (size_t i = 0, len = 0; i < json.len; i += len) {
		unsigned c = code_point((const unsigned char *)json.p + i, &len);
		if (needs_escape(c))
			buf_addf(out, "\\u%04x", c);
		else
			buf_add(out, json.p + i, len);
	}
}

void record_write_entry(const struct record_entry *e, struct buf *out)
{
	char at[CLOCK_RFC3339_SIZE];
	buf_addf(out, "- {at: \"%s\"", clock_rfc3339(e->at_ms, at));
	write_text("by", e->by, out);
	buf_addf(out, ", did: %s", record_did_names[e->did]);
	if (*e->text)
		buf_addf(out, ", text: \"%s\"", e->text);
	write_text("response", e->response, out);
	if (e->verdict)
		buf_addf(out, ", agrees: %s", e->verdict == VERDICT_AGREES ? "true" : "false");
	write_text("comment", e->comment, out);
	write_text("despite", e->despite, out);
	buf_adds(out, "}\n");
}

static const char header[] =
    "# Who submitted, read, approved, returned or retired this question. Entries are only ever added, one a line.\nrecord:\n";

static void write_all(const struct record *r, struct buf *out)
{
	buf_adds(out, header);
	for (size_t i = 0; i < r->n; i++)
		record_write_entry(&r->list[i], out);
}

/* ---- Files ---- */

char *record_path(const char *item)
{
	return xasprintf("reviews/%s.yml", item);
}

/* The file's text, "" when there is none; and its version, "" then. */
static bool read_file(const struct workspace *w, const char *path, struct buf *bytes, char version[HASH_HEX_SIZE], struct err *err)
{
	*version = 0;
	if (!workspace_read(w, path, bytes, version, err))
		return err->code == ERR_NOT_FOUND;
	if (bytes->len > RECORD_FILE_MAX)
		return err_set(err, ERR_TOO_LARGE, "%s is larger than %d KiB", path, RECORD_FILE_MAX >> 10);
	return str_is_utf8(buf_str(bytes), NULL) || err_set(err, ERR_INVALID, "%s is not a text in UTF-8", path);
}

static bool parse_strictly(const char *path, struct str text, struct record *ret, struct err *err)
{
	struct diags diags = {0};
	struct source source = {.path = path, .bytes = text};
	record_parse(&source, &diags, ret);
	bool ok = !diags.n_errors;
	if (!ok) {
		err_set(err, ERR_INVALID, "%s:%d: %.300s", path, diags.list[0].line, diags.list[0].message);
		record_finish(ret);
	}
	source_finish(&source);
	diags_finish(&diags);
	return ok;
}

bool record_read(const struct workspace *w, const char *item, struct record *ret, struct err *err)
{
	_cleanup_free_ char *path = record_path(item);
	_cleanup_buf_ struct buf bytes = BUF(WORKSPACE_FILE_MAX);
	char version[HASH_HEX_SIZE];
	return read_file(w, path, &bytes, version, err) && parse_strictly(path, buf_str(&bytes), ret, err);
}

/* The text with one entry more: a line behind it; or, where that is not how somebody has laid it out, all of it anew. */
static bool add_entry(const char *path, struct str text, const struct record_entry *e, struct buf *out, struct err *err)
{
	_cleanup_record_ struct record before = {0}, after = {0};
	struct err ignored;
	if (!parse_strictly(path, text, &before, err))
		return false;
	if (before.n >= RECORD_ENTRIES_MAX)
		return err_set(err, ERR_TOO_LARGE, "%s has %d entries: no more fit", path, RECORD_ENTRIES_MAX);
	if (before.n)
		buf_addv(out, text);
	else
		buf_adds(out, header);
	if (out->len && out->p[out->len - 1] != '\n')
		buf_addc(out, '\n');
	record_write_entry(e, out);
	if (!parse_strictly(path, buf_str(out), &after, &ignored) || after.n != before.n + 1) {
		buf_clear(out);
		write_all(&before, out);
		record_write_entry(e, out);
	}
	if (out->len > RECORD_FILE_MAX)
		return err_set(err, ERR_TOO_LARGE, "%s would be larger than %d KiB", path, RECORD_FILE_MAX >> 10);
	return buf_check(out, path, err);
}

/* Git keeps the lines of both sides, where two people have added some: entries are whole lines, in whatever order. A file that is there
 * stays as it is. */
static bool write_attributes(const struct workspace *w, struct err *err)
{
	char written[HASH_HEX_SIZE];
	return workspace_write(w, WORKSPACE_REVIEW_ATTRIBUTES, STR("*.yml merge=union\n"), NULL, written, err) || err->code == ERR_CONFLICT;
}

bool record_append(const struct workspace *w, const char *item, const struct record_entry *e, struct err *err)
{
	_cleanup_free_ char *path = record_path(item);
	for (int i = 0; i < APPEND_TRIES; i++) {
		_cleanup_buf_ struct buf bytes = BUF(WORKSPACE_FILE_MAX), text = BUF(WORKSPACE_FILE_MAX);
		char version[HASH_HEX_SIZE], written[HASH_HEX_SIZE];
		if (!read_file(w, path, &bytes, version, err) || (!*version && !write_attributes(w, err)) ||
		    !add_entry(path, buf_str(&bytes), e, &text, err))
			return false;
		if (workspace_write(w, path, buf_str(&text), *version ? version : NULL, written, err))
			return true;
		if (err->code != ERR_CONFLICT)
			return false;
	}
	return err_set(err, ERR_CONFLICT, "%s is being changed by others all the time", path);
}
