/* Problems as an editor shows them: where they begin and end, and what would put them right. See author_internal.h. */
#include "proctor/author_internal.h"

/* The file that is being looked at: problems come sorted by file. */
struct place {
	const struct author *a;
	const struct bank_draft *draft;
	const char *path;
	struct buf text;
	struct source source;
	struct outline outline;
	bool outlined;
};

static void place_finish(struct place *p)
{
	buf_finish(&p->text);
	outline_finish(&p->outline);
	p->path = NULL;
	p->outlined = false;
}

static void place_go(struct place *p, const char *path)
{
	struct err ignored;
	if (p->path && strcmp(p->path, path) == 0)
		return;
	place_finish(p);
	p->text = BUF(WORKSPACE_FILE_MAX);
	p->path = path;
	if (!author_text(p->a, p->draft, path, &p->text, &ignored))
		buf_clear(&p->text);
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t characters(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += !is_continuation(s.p[i]);
	return n;
}

static struct str line_of(const struct place *p, int number)
{
	struct str rest = buf_str(&p->text), line = {"", 0};
	for (int i = 0; i < number; i++)
		if (!str_next_line(&rest, &line))
			return (struct str){"", 0};
	return line;
}

/* What follows the first `column` - 1 characters. */
static struct str from_column(struct str line, int column)
{
	size_t at = 0;
	for (int n = 1; n < column && at < line.len; n++)
		for (at++; at < line.len && is_continuation(line.p[at]); at++)
			;
	return str_sub(line, at, line.len);
}

/* To the end of the word that stands there; of the line when nobody knows better. */
static size_t width_of(const struct diag *one, struct str rest)
{
	size_t n = 0;
	if (one->wrong && str_starts(rest, one->wrong))
		return characters(str_of(one->wrong));
	if (!one->column)
		return characters(rest);
	while (n < rest.len && !strchr(" \t:,;|)]}\"'", rest.p[n]))
		n++;
	return n ? characters(str_sub(rest, 0, n)) : rest.len ? 1 : 0;
}

static void add_edit(cJSON *fixes, const char *title, int line, size_t column, int end_line, size_t end_column, const char *text)
{
	cJSON *fix = json_object(), *edits = json_array(), *edit = json_object();
	json_set_i64(edit, "line", line);
	json_set_i64(edit, "column", (int64_t)column);
	json_set_i64(edit, "end_line", end_line);
	json_set_i64(edit, "end_column", (int64_t)end_column);
	json_set_str(edit, "text", text);
	json_add(edits, edit);
	json_set_str(fix, "title", title);
	json_set(fix, "edits", edits);
	json_add(fixes, fix);
}

/* The last line with text of the question that this line belongs to; 0: none. */
static int end_of_question(struct place *p, int line)
{
	if (!p->outlined)
		outline_read(p->path, buf_str(&p->text), &p->outline);
	p->outlined = true;
	for (size_t i = 0; i < p->outline.n; i++)
		if (line >= p->outline.list[i].line && line <= p->outline.list[i].end_line)
			return p->outline.list[i].end_line;
	return 0;
}

/* Puts a section behind a question. */
static void add_section(struct place *p, int line, const char *title, const char *text, cJSON *fixes)
{
	int end = end_of_question(p, line);
	size_t column = characters(line_of(p, end)) + 1;
	if (end)
		add_edit(fixes, title, end, column, end, column, text);
}

/* "did you mean": only where what was read really stands there, in quotes or not. */
static void add_replacement(const struct diag *one, struct str line, cJSON *fixes)
{
	struct str rest = from_column(line, one->column ? one->column : 1);
	size_t skip = rest.len && (rest.p[0] == '"' || rest.p[0] == '\'') && !str_starts(rest, one->wrong);
	if (!one->column) { /* only the line is known: the one place where it stands in it */
		const char *at = memmem(line.p, line.len, one->wrong, strlen(one->wrong));
		size_t after = at ? (size_t)(at - line.p) + 1 : 0;
		if (!at || memmem(line.p + after, line.len - after, one->wrong, strlen(one->wrong)))
			return;
		rest = str_sub(line, after - 1, line.len);
	}
	if (!str_starts(str_sub(rest, skip, rest.len), one->wrong))
		return;
	size_t column = characters(str_sub(line, 0, (size_t)(rest.p - line.p) + skip)) + 1;
	_cleanup_free_ char *title = xasprintf("Write '%s'", one->right);
	add_edit(fixes, title, one->line, column, one->line, column + characters(str_of(one->wrong)), one->right);
}

static cJSON *fixes_of(struct place *p, const struct diag *one, struct str line)
{
	cJSON *fixes = json_array();
	if (one->wrong && one->line)
		add_replacement(one, line, fixes);
	else if (strcmp(one->code, "no-explanation") == 0 && one->line)
		add_section(p, one->line, "Add an explanation", "\n\n### Explanation\n", fixes);
	else if (strcmp(one->code, "no-reference") == 0 && one->line)
		add_section(p, one->line, "Add a reference", "\n\n### References\n- ", fixes);
	else if (strcmp(one->code, "no-rubric") == 0 && one->line)
		add_section(p, one->line, "Add a rubric", "\n\n### Rubric\n| Points | For |\n|---|---|\n| 1 | |\n", fixes);
	return fixes;
}

static cJSON *problem_json(struct place *p, const struct diag *one)
{
	cJSON *out = json_object();
	place_go(p, one->file);
	int line = one->line ? one->line : 1, column = one->line && one->column ? one->column : 1;
	struct str text = line_of(p, line);
	json_set_str(out, "path", one->file);
	json_set_i64(out, "line", line);
	json_set_i64(out, "column", column);
	json_set_i64(out, "end_column", column + (int64_t)width_of(one, from_column(text, column)));
	json_set_str(out, "severity", one->level == DIAG_ERROR ? "error" : "warning");
	json_set_str(out, "code", one->code);
	json_set_str(out, "message", one->message);
	json_set_str(out, "hint", one->suggestion);
	json_set(out, "fixes", fixes_of(p, one, text));
	return out;
}

cJSON *author_problems(const struct author *a, const struct bank_draft *draft, const struct diags *d, const char *path, int from, int to)
{
	cJSON *list = json_array();
	__attribute__((cleanup(place_finish))) struct place p = {.a = a, .draft = draft};
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *one = &d->list[i];
		if (strcmp(one->file, path) == 0 && one->line >= from && one->line <= to)
			json_add(list, problem_json(&p, one));
	}
	return list;
}

void author_set_problems(const struct author *a, const struct bank_draft *draft, const struct diags *d, const char *path, cJSON *out)
{
	cJSON *list = json_array(), *counts = json_object();
	__attribute__((cleanup(place_finish))) struct place p = {.a = a, .draft = draft};
	size_t left[] = {[DIAG_ERROR] = 0, [DIAG_WARNING] = AUTHOR_PROBLEMS_MAX}; /* of other files */
	for (size_t i = 0; i < d->n && left[DIAG_WARNING]; i++)
		if (d->list[i].level == DIAG_ERROR && !(path && strcmp(d->list[i].file, path) == 0)) {
			left[DIAG_ERROR]++;
			left[DIAG_WARNING]--;
		}
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *one = &d->list[i];
		bool own = path && strcmp(one->file, path) == 0;
		if (own || left[one->level])
			json_add(list, problem_json(&p, one));
		if (!own && left[one->level])
			left[one->level]--;
	}
	json_set(out, "problems", list);
	json_set_i64(counts, "errors", (int64_t)d->n_errors);
	json_set_i64(counts, "warnings", (int64_t)d->n_warnings);
	json_set(out, "counts", counts);
}
