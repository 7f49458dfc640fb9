/* Diagnostics. See diag.h. */
#include "bank/diag.h"
#include "base/mem.h"
#include <assert.h>
#include <stdint.h>
#include <stdio.h>

#define EXCERPT_BEFORE 70 /* bytes of a long line that are kept before the column … */
#define EXCERPT_AFTER 90  /* … and after it */

const char *const diag_codes[] = {
    "all-keys",
    "all-of-above",
    "answer-long",
    "answer-ticks",
    "answers-late",
    "bad-blank",
    "bad-id",
    "bad-picture",
    "bad-proof",
    "bad-regex",
    "bad-review",
    "blank-in-code",
    "blueprint",
    "date",
    "dead-link",
    "dead-picture",
    "default-id",
    "duplicate-id",
    "duplicate-options",
    "duration",
    "empty-option",
    "empty-section",
    "exam-impossible",
    "few-options",
    "few-wrong",
    "field-empty",
    "field-long",
    "field-type",
    "field-value",
    "fields-late",
    "front-matter",
    "grid-head",
    "grid-row",
    "hotspot-image",
    "key-position",
    "link-scheme",
    "long-key",
    "long-line",
    "longest-is-key",
    "missing-alt",
    "near-heading",
    "no-alt",
    "no-answer",
    "no-arrow",
    "no-box",
    "no-checklist",
    "no-expect",
    "no-explanation",
    "no-hints",
    "no-key",
    "no-program",
    "no-proof",
    "no-questions",
    "no-reference",
    "no-rubric",
    "no-shebang",
    "no-stem",
    "no-title",
    "no-tolerance",
    "not-a-file",
    "not-utf8",
    "number",
    "old-proof",
    "opaque-file",
    "plain-negative",
    "plain-regex",
    "private-character",
    "program",
    "program-constant",
    "program-equal",
    "program-text",
    "region",
    "repeated-block",
    "repeated-heading",
    "report",
    "review-disagreement",
    "review-missing",
    "review-own",
    "scoring",
    "section",
    "select-mismatch",
    "several-keys",
    "share",
    "similar",
    "stray-file",
    "task-missing",
    "task-script",
    "text-after-answers",
    "text-before",
    "too-complex",
    "too-large",
    "too-many-options",
    "true-false-options",
    "undrawn-task",
    "unfailed-check",
    "unknown-case",
    "unknown-check",
    "unknown-doc",
    "unknown-domain",
    "unknown-exam",
    "unknown-field",
    "unknown-image",
    "unknown-objective",
    "unpinned",
    "unreadable",
    "unused-case",
    "unused-media",
    "unused-objective",
    "unused-review",
    "weight",
    "yaml-alias",
    "yaml-documents",
    "yaml-duplicate",
    "yaml-key",
    "yaml-limit",
    "yaml-syntax",
    "yaml-tag",
    "yaml-type",
};
const size_t n_diag_codes = ARRAY_SIZE(diag_codes);

/* The table's own string, so that every code that is used is a documented one. */
static const char *known_code(const char *code)
{
	size_t lo = 0, hi = n_diag_codes;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int c = strcmp(code, diag_codes[mid]);
		if (c == 0)
			return diag_codes[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	assert(!"a diagnostic's code is missing from the table");
	return code;
}

void diags_finish(struct diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->list[i].file);
		free(d->list[i].message);
		free(d->list[i].suggestion);
		free(d->list[i].source_line);
		free(d->list[i].wrong);
		free(d->list[i].right);
	}
	free(d->list);
	*d = (struct diags){0};
}

void source_finish(struct source *s)
{
	free(s->lines);
	s->lines = NULL;
	s->n_lines = 0;
}

static void index_lines(struct source *s)
{
	size_t cap = 0;
	s->lines = xgrow(NULL, 0, &cap, sizeof *s->lines);
	s->lines[s->n_lines++] = 0;
	const char *p = s->bytes.p, *end = p + s->bytes.len;
	while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
		s->lines = xgrow(s->lines, s->n_lines, &cap, sizeof *s->lines);
		s->lines[s->n_lines++] = (uint32_t)(++p - s->bytes.p);
	}
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static int count_characters(const char *p, size_t len)
{
	int n = 0;
	for (size_t i = 0; i < len; i++)
		n += !is_continuation(p[i]);
	return n;
}

/* The line around `column` (in bytes), cut at characters, with "…" where something is missing. */
static void excerpt(struct str line, size_t column, struct diag *ret)
{
	size_t from = column > EXCERPT_BEFORE + 10 ? column - EXCERPT_BEFORE : 0;
	size_t to = line.len > column + EXCERPT_AFTER + 10 ? column + EXCERPT_AFTER : line.len;
	while (from && is_continuation(line.p[from]))
		from--;
	while (to < line.len && is_continuation(line.p[to]))
		to++;
	ret->source_line = xasprintf("%s%.*s%s", from ? "…" : "", (int)(to - from), line.p + from, to < line.len ? "…" : "");
	ret->caret = (from ? 1 : 0) + count_characters(line.p + from, column - from) + 1;
}

static size_t find_line(struct source *s, size_t offset)
{
	if (!s->lines)
		index_lines(s);
	size_t lo = 0, hi = s->n_lines;
	while (hi - lo > 1) {
		size_t mid = (lo + hi) / 2;
		if (s->lines[mid] <= offset)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

int source_line(struct source *s, const char *at)
{
	return (int)find_line(s, (size_t)(at - s->bytes.p)) + 1;
}

static void locate(struct source *s, const char *at, struct diag *ret)
{
	size_t offset = (size_t)(at - s->bytes.p);
	if (offset > s->bytes.len)
		return;
	size_t lo = find_line(s, offset);
	size_t start = s->lines[lo], end = lo + 1 < s->n_lines ? s->lines[lo + 1] - 1 : s->bytes.len;
	struct str line = {s->bytes.p + start, end - start};
	if (line.len && line.p[line.len - 1] == '\r')
		line.len--;
	size_t column = offset - start > line.len ? line.len : offset - start;
	ret->line = (int)lo + 1;
	ret->column = count_characters(line.p, column) + 1;
	excerpt(line, column, ret);
}

void diag_locate(struct diag *one, struct source *source)
{
	find_line(source, 0);
	if (one->line > 0 && !one->column && (size_t)one->line <= source->n_lines)
		locate(source, source->bytes.p + source->lines[one->line - 1], one);
}

/* A new entry, or NULL when there are too many; counts it either way. */
static struct diag *append(struct diags *d, enum diag_level level, const char *code)
{
	if (level == DIAG_ERROR)
		d->n_errors++;
	else
		d->n_warnings++;
	d->last_kept = d->n < DIAGS_MAX;
	if (!d->last_kept)
		return NULL;
	d->list = xgrow(d->list, d->n, &d->cap, sizeof *d->list);
	struct diag *one = &d->list[d->n++];
	*one = (struct diag){.level = level, .code = known_code(code)};
	return one;
}

static char *format(const char *fmt, va_list ap)
{
	char *text;
	return vasprintf(&text, fmt, ap) < 0 ? xstrdup("") : text;
}

void diags_vadd(struct diags *d, enum diag_level level, const char *code, struct source *source, const char *at, const char *fmt,
                va_list ap)
{
	struct diag *one = append(d, level, code);
	if (!one)
		return;
	one->message = format(fmt, ap);
	one->file = xstrdup(source->path);
	if (at)
		locate(source, at, one);
}

void diags_add(struct diags *d, enum diag_level level, const char *code, struct source *source, const char *at, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diags_vadd(d, level, code, source, at, fmt, ap);
	va_end(ap);
}

void diags_add_place(struct diags *d, enum diag_level level, const char *code, const char *file, int line, const char *fmt, ...)
{
	struct diag *one = append(d, level, code);
	if (!one)
		return;
	va_list ap;
	va_start(ap, fmt);
	one->message = format(fmt, ap);
	va_end(ap);
	one->file = xstrdup(file);
	one->line = line;
}

void diags_help(struct diags *d, const char *fmt, ...)
{
	if (!d->last_kept || !d->n)
		return;
	va_list ap;
	va_start(ap, fmt);
	char *text = format(fmt, ap);
	va_end(ap);
	free(d->list[d->n - 1].suggestion);
	d->list[d->n - 1].suggestion = text;
}

void diags_did_you_mean(struct diags *d, struct str given, const char *const *names, size_t n)
{
	size_t limit = given.len < 4 ? 1 : given.len < 9 ? 2 : 3, best = limit + 1, best_at = 0;
	for (size_t i = 0; i < n && d->last_kept; i++) {
		size_t distance = str_eq_nocase(given, str_of(names[i])) ? 0 : str_distance(given, str_of(names[i]), limit);
		if (distance < best) {
			best = distance;
			best_at = i;
		}
	}
	if (best <= limit) {
		struct diag *one = &d->list[d->n - 1];
		diags_help(d, "did you mean '%s'?", names[best_at]);
		free(one->wrong);
		free(one->right);
		one->wrong = str_dup(given);
		one->right = xstrdup(names[best_at]);
	} else if (n && n <= 24 && d->last_kept) {
		_cleanup_buf_ struct buf list = BUF(4096);
		for (size_t i = 0; i < n; i++)
			buf_addf(&list, "%s%s", i ? ", " : "", names[i]);
		diags_help(d, "there are: %s", list.p);
	}
}

static int compare(const void *pa, const void *pb)
{
	const struct diag *a = pa, *b = pb;
	int c = strcmp(a->file, b->file);
	if (!c)
		c = (a->line > b->line) - (a->line < b->line);
	if (!c)
		c = (a->column > b->column) - (a->column < b->column);
	if (!c)
		c = strcmp(a->code, b->code);
	return c ? c : strcmp(a->message, b->message);
}

void diags_sort(struct diags *d)
{
	if (d->n == 0)
		return;
	qsort(d->list, d->n, sizeof *d->list, compare);
	size_t kept = 1;
	for (size_t i = 1; i < d->n; i++) {
		struct diag *one = &d->list[i];
		if (compare(one, &d->list[kept - 1]) != 0) {
			d->list[kept++] = *one;
			continue;
		}
		if (one->level == DIAG_ERROR)
			d->n_errors--;
		else
			d->n_warnings--;
		free(one->file);
		free(one->message);
		free(one->suggestion);
		free(one->source_line);
		free(one->wrong);
		free(one->right);
	}
	d->n = kept;
	d->last_kept = false;
}

/* Control characters would let a file write to the reader's terminal. */
static void add_plain(struct buf *out, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c < 0x20 || c == 0x7f)
			buf_addc(out, c == '\t' ? ' ' : '?');
		else if (c == 0xc2 && (unsigned char)s[1] >= 0x80 && (unsigned char)s[1] < 0xa0)
			s++; /* C1 controls */
		else
			buf_addc(out, *s);
	}
}

static void print_one(const struct diag *one, bool color, struct buf *out)
{
	bool error = one->level == DIAG_ERROR;
	const char *bold = color ? "\033[1m" : "", *off = color ? "\033[0m" : "";
	const char *hue = !color ? "" : error ? "\033[31m" : "\033[33m";
	buf_adds(out, bold);
	add_plain(out, one->file);
	if (one->line)
		buf_addf(out, ":%d", one->line);
	if (one->line && one->column)
		buf_addf(out, ":%d", one->column);
	buf_addf(out, ":%s %s%s[%s]%s: ", off, hue, error ? "error" : "warning", one->code, off);
	add_plain(out, one->message);
	buf_addc(out, '\n');
	if (one->source_line) {
		buf_addf(out, "%6d | ", one->line);
		add_plain(out, one->source_line);
		buf_addf(out, "\n       | %*s%s^%s\n", one->caret - 1, "", hue, off);
	}
	if (one->suggestion) {
		buf_adds(out, "       = help: ");
		add_plain(out, one->suggestion);
		buf_addc(out, '\n');
	}
}

void diags_print(const struct diags *d, bool color, struct buf *out)
{
	for (size_t i = 0; i < d->n; i++)
		print_one(&d->list[i], color, out);
	if (d->n >= DIAGS_MAX)
		buf_addf(out, "… and more: only the first %d are listed\n", DIAGS_MAX);
}

void diags_json(const struct diags *d, struct buf *out)
{
	buf_addf(out, "{\"errors\":%zu,\"warnings\":%zu,\"diagnostics\":[", d->n_errors, d->n_warnings);
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *one = &d->list[i];
		buf_addf(out, "%s\n{\"level\":\"%s\",\"code\":\"%s\",\"file\":", i ? "," : "", one->level == DIAG_ERROR ? "error" : "warning",
		         one->code);
		buf_add_json(out, str_of(one->file));
		if (one->line)
			buf_addf(out, ",\"line\":%d", one->line);
		if (one->line && one->column)
			buf_addf(out, ",\"column\":%d", one->column);
		buf_adds(out, ",\"message\":");
		buf_add_json(out, str_of(one->message));
		if (one->suggestion) {
			buf_adds(out, ",\"help\":");
			buf_add_json(out, str_of(one->suggestion));
		}
		buf_addc(out, '}');
	}
	buf_adds(out, "]}\n");
}
