/* The file of a recording: its header, its events, its end. See recording.h. */
#include "base/json.h"
#include "base/mem.h"
#include "recorder.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LINE_MAX_BYTES (512 * 1024)
#define TAIL_READ (1024 * 1024)
#define HEADER_MAX 512
#define MARKER_MAX 256

static bool failed(const char *what, struct err *err)
{
	return err_set(err, ERR_IO, "%s: %s", what, strerror(errno));
}

/* The last `max` bytes of a file. */
static bool read_end(int fd, uint64_t size, size_t max, struct buf *out)
{
	size_t wanted = size < max ? (size_t)size : max;
	_cleanup_free_ char *bytes = xmalloc(wanted + 1);
	ssize_t n = pread(fd, bytes, wanted, (off_t)(size - wanted));
	if (n < 0)
		return false;
	buf_add(out, bytes, (size_t)n);
	return true;
}

/* [1.234567, "o", "text"]; *ret_text is NULL for other events. */
static bool parse_event(struct str line, double *ret_at, cJSON **ret_tree, const char **ret_text)
{
	struct err ignored;
	if (!json_parse(line, ret_tree, &ignored))
		return false;
	const cJSON *at = cJSON_GetArrayItem(*ret_tree, 0), *kind = cJSON_GetArrayItem(*ret_tree, 1), *text = cJSON_GetArrayItem(*ret_tree, 2);
	bool ok = cJSON_IsNumber(at) && cJSON_IsString(kind) && cJSON_IsString(text);
	if (ok) {
		*ret_at = at->valuedouble;
		*ret_text = strcmp(kind->valuestring, "o") == 0 ? text->valuestring : NULL;
	}
	return ok;
}

static bool write_all(struct recording *rec, struct str bytes, struct err *err)
{
	while (bytes.len) {
		ssize_t n = write(rec->fd, bytes.p, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return failed("writing", err);
		bytes = str_sub(bytes, (size_t)n, bytes.len);
		rec->size += (uint64_t)n;
	}
	return true;
}

static bool write_header(struct recording *rec, int64_t now_ms, struct err *err)
{
	_cleanup_buf_ struct buf line = BUF(HEADER_MAX);
	rec->base_ms = now_ms - now_ms % 1000;
	buf_addf(&line, "{\"version\":2,\"width\":%u,\"height\":%u,\"timestamp\":%lld,\"env\":{\"TERM\":\"xterm-256color\"}}\n", rec->cols,
	         rec->rows, (long long)(rec->base_ms / 1000));
	return write_all(rec, buf_str(&line), err);
}

/* Goes on with a file that is there: its time, its last event, and a whole last line. */
static bool go_on(struct recording *rec, struct err *err)
{
	char header[HEADER_MAX + 1];
	ssize_t n = pread(rec->fd, header, HEADER_MAX, 0);
	_cleanup_json_ cJSON *tree = NULL;
	struct str rest = {header, n > 0 ? (size_t)n : 0}, line;
	int64_t seconds;
	if (!str_next_line(&rest, &line) || !json_parse(line, &tree, err) ||
	    !json_get_i64(tree, "header", "timestamp", 0, INT64_C(1) << 40, &seconds, err))
		return err_set(err, ERR_INVALID, "not a recording");
	rec->base_ms = seconds * 1000;
	_cleanup_buf_ struct buf tail = BUF(TAIL_READ);
	if (!read_end(rec->fd, rec->size, TAIL_READ, &tail))
		return failed("reading", err);
	size_t whole = tail.len;
	while (whole && tail.p[whole - 1] != '\n')
		whole--;
	if (whole == 0)
		return err_set(err, ERR_INVALID, "not a recording");
	if (whole < tail.len && ftruncate(rec->fd, (off_t)(rec->size -= tail.len - whole)) < 0)
		return failed("cutting a torn line off", err);
	size_t from = whole - 1;
	while (from && tail.p[from - 1] != '\n')
		from--;
	_cleanup_json_ cJSON *event = NULL;
	const char *text;
	double at;
	if (parse_event((struct str){tail.p + from, whole - 1 - from}, &at, &event, &text) && at >= 0 && at < 1e9)
		rec->last_ms = (int64_t)(at * 1000);
	return true;
}

bool recorder_file_open(struct recording *rec, int64_t now_ms, struct err *err)
{
	struct stat st;
	if (rec->opened)
		return rec->fd >= 0 ? true : err_set(err, ERR_IO, "it could not be opened");
	rec->opened = true;
	rec->fd = open(rec->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (rec->fd < 0 || fstat(rec->fd, &st) < 0)
		return failed("opening", err);
	rec->size = (uint64_t)st.st_size;
	bool ok = rec->size ? go_on(rec, err) : write_header(rec, now_ms, err);
	if (!ok)
		close(take_fd(rec->fd));
	return ok;
}

/* ---- Events ---- */

/* Valid UTF-8 of what is held and what follows; the beginning of a character at the end is held back, other bytes become U+FFFD. */
static void add_text(struct recording *rec, struct str bytes, struct buf *out)
{
	_cleanup_buf_ struct buf joined = BUF(bytes.len + sizeof rec->held);
	buf_add(&joined, rec->held, rec->n_held);
	buf_addv(&joined, bytes);
	rec->n_held = 0;
	struct str rest = buf_str(&joined);
	size_t bad;
	while (!str_is_utf8(rest, &bad)) {
		buf_add(out, rest.p, bad);
		unsigned char c = (unsigned char)rest.p[bad];
		size_t needs = c >= 0xf0 && c < 0xf5 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 1, left = rest.len - bad, i = 1;
		while (i < left && i < needs && ((unsigned char)rest.p[bad + i] & 0xc0) == 0x80)
			i++;
		if (i == left && left < needs) {
			memcpy(rec->held, rest.p + bad, left);
			rec->n_held = left;
			return;
		}
		buf_adds(out, c == 0 ? "" : "\xef\xbf\xbd"); /* U+0000 shows nothing */
		rest = str_sub(rest, bad + 1, rest.len);
	}
	buf_addv(out, rest);
}

/* A JSON string; DEL and the control characters from U+0080 on are written out like the others, so that a recording that is printed on a
 * terminal does nothing there. */
static void add_quoted(struct buf *line, struct str text)
{
	_cleanup_buf_ struct buf json = BUF(6 * text.len + 8);
	buf_add_json(&json, text);
	size_t from = 0;
	for (size_t i = 0; i < json.len; i++) {
		unsigned char c = (unsigned char)json.p[i], next = (unsigned char)json.p[i + 1];
		bool c1 = c == 0xc2 && next >= 0x80 && next < 0xa0;
		if (!c1 && c != 0x7f)
			continue;
		buf_add(line, json.p + from, i - from);
		buf_addf(line, "\\u%04x", c1 ? next : c);
		i += c1;
		from = i + 1;
	}
	buf_add(line, json.p + from, json.len - from);
}

static void format_event(struct buf *line, int64_t at_ms, char kind, struct str text)
{
	buf_addf(line, "[%lld.%03lld,\"%c\",", (long long)(at_ms / 1000), (long long)(at_ms % 1000), kind);
	add_quoted(line, text);
	buf_adds(line, "]\n");
}

/* One line, unless the ceiling is reached: then a marker once, and nothing more. */
static bool write_event(struct recording *rec, int64_t at_ms, char kind, struct str text, struct err *err)
{
	_cleanup_buf_ struct buf line = BUF(LINE_MAX_BYTES);
	int64_t at = at_ms - rec->base_ms;
	rec->last_ms = at > rec->last_ms ? at : rec->last_ms;
	format_event(&line, rec->last_ms, kind, text);
	if (rec->size + line.len + MARKER_MAX > RECORDING_SIZE_MAX) {
		rec->full = true;
		buf_clear(&line);
		format_event(&line, rec->last_ms, 'm', STR("the recording has reached its size limit; what follows is not recorded"));
	}
	if (!buf_check(&line, "an event", err))
		return false;
	return write_all(rec, buf_str(&line), err);
}

static bool write_note(struct recording *rec, const struct note *n, const char *bytes, struct err *err)
{
	char text[96];
	uint32_t size[2];
	uint64_t omitted;
	if (n->kind == NOTE_OUTPUT) {
		_cleanup_buf_ struct buf out = BUF(3 * (size_t)n->len + 16);
		add_text(rec, (struct str){bytes, n->len}, &out);
		return out.len == 0 || write_event(rec, n->at_ms, 'o', buf_str(&out), err);
	}
	if (n->kind == NOTE_SIZE) {
		memcpy(size, bytes, sizeof size);
		snprintf(text, sizeof text, "%ux%u", size[1], size[0]);
		return write_event(rec, n->at_ms, 'r', str_of(text), err);
	}
	memcpy(&omitted, bytes, sizeof omitted);
	snprintf(text, sizeof text, "%llu bytes that went by too fast are left out", (unsigned long long)omitted);
	return write_event(rec, n->at_ms, 'm', str_of(text), err);
}

bool recorder_file_write(struct recording *rec, const struct buf *notes, struct err *err)
{
	for (size_t at = 0; at + sizeof(struct note) <= notes->len && !rec->full;) {
		struct note n;
		memcpy(&n, notes->p + at, sizeof n);
		if (!write_note(rec, &n, notes->p + at + sizeof n, err))
			return false;
		at += sizeof n + n.len;
		at += (_Alignof(struct note) - at % _Alignof(struct note)) % _Alignof(struct note);
	}
	return true;
}

void recording_tail(const char *path, struct buf *out)
{
	struct stat st;
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	_cleanup_buf_ struct buf tail = BUF(TAIL_READ), text = BUF(TAIL_READ);
	if (fd < 0 || fstat(fd, &st) < 0 || !read_end(fd, (uint64_t)st.st_size, TAIL_READ, &tail))
		return;
	struct str rest = buf_str(&tail), line;
	for (bool first = true; str_next_line(&rest, &line); first = false) {
		_cleanup_json_ cJSON *event = NULL;
		const char *output = NULL;
		double at;
		/* The first line is the header, or the rest of a line. */
		if (!first && parse_event(line, &at, &event, &output) && output)
			buf_adds(&text, output);
	}
	struct str all = buf_str(&text);
	buf_addv(out, all.len > out->max ? str_sub(all, all.len - out->max, all.len) : all);
}
