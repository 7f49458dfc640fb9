/* Questions as forms: putting one back. See model.h.
 *
 * The text is changed by edits, one for each part that the form has changed: the new model is compared with the one that is read from the
 * text. Lines of other parts are not touched. */
#include "bank/model_parts.h"
#include "bank/question.h"
#include <stdio.h>

#define EDITS_MAX 160

struct edit {
	const char *at;
	size_t len, order;
	char *text; /* owned */
};
struct writing {
	struct str text;
	const struct outline *outline;
	size_t index;
	const char *kind; /* what the question is; NULL: nobody knows */
	struct model_parts parts;
	const cJSON *before, *model;
	struct edit edits[EDITS_MAX];
	size_t n;
	struct err *err;
	bool ok;
};

static void add_edit(struct writing *w, struct str what, char *text)
{
	if (w->n == EDITS_MAX) {
		free(text);
		w->ok = err_set(w->err, ERR_TOO_LARGE, "too many changes at once");
		return;
	}
	w->edits[w->n] = (struct edit){what.p, what.len, w->n, text};
	w->n++;
}

/* What the form has: *ret is NULL for null and empty texts. False when it says nothing of it, or the same as before. */
static bool changed(const struct writing *w, const char *name, const cJSON **ret)
{
	const cJSON *now = cJSON_GetObjectItemCaseSensitive(w->model, name), *old = cJSON_GetObjectItemCaseSensitive(w->before, name);
	if (!now || cJSON_Compare(now, old, true))
		return false;
	*ret = now;
	return true;
}

static const char *text_of(struct writing *w, const cJSON *c, const char *name)
{
	if (cJSON_IsNull(c))
		return NULL;
	if (!cJSON_IsString(c)) {
		w->ok = err_set(w->err, ERR_INVALID, "model.%s must be a text or null", name);
		return NULL;
	}
	return str_trim(str_of(c->valuestring)).len ? c->valuestring : NULL;
}

/* ---- Fields ---- */

static bool needs_quotes(struct str s)
{
	if (!s.len || strchr(" -?:,&*!|>'\"%@`#", s.p[0]) || s.p[s.len - 1] == ' ' || s.p[s.len - 1] == ':')
		return true;
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20 || (i && s.p[i] == '#' && s.p[i - 1] == ' ') ||
		    (i + 1 < s.len && s.p[i] == ':' && s.p[i + 1] == ' '))
			return true;
	return false;
}

/* Flow lists and maps ("[a, b]") are written as they come. */
static char *field_line(const char *name, const char *value)
{
	_cleanup_buf_ struct buf out = BUF(64u << 10);
	struct str s = str_trim(str_of(value));
	bool flow = s.len > 1 && ((s.p[0] == '[' && s.p[s.len - 1] == ']') || (s.p[0] == '{' && s.p[s.len - 1] == '}'));
	buf_addf(&out, "%s: ", name);
	if (flow || !needs_quotes(s)) {
		buf_addv(&out, s);
	} else {
		buf_addc(&out, '"');
		for (size_t i = 0; i < s.len; i++) {
			if (strchr("\"\\", s.p[i]))
				buf_addc(&out, '\\');
			buf_addc(&out, (unsigned char)s.p[i] < 0x20 ? ' ' : s.p[i]);
		}
		buf_addc(&out, '"');
	}
	return buf_take(&out, NULL);
}

/* The lines of a list, each an entry of its own. */
static char *list_lines(struct writing *w, const char *name, const char *value)
{
	_cleanup_buf_ struct buf out = BUF(64u << 10);
	struct str rest = str_of(value), line;
	buf_addf(&out, "%s:", name);
	while (str_next_line(&rest, &line)) {
		line = str_trim(line);
		if (line.len && !str_starts(line, "- {")) {
			w->ok = err_set(w->err, ERR_INVALID, "model.%s must be lines that begin with '- {'", name);
			break;
		}
		if (line.len) {
			buf_adds(&out, "\n  ");
			buf_addv(&out, line);
		}
	}
	return buf_take(&out, NULL);
}

static char *field_lines(struct writing *w, const char *name, const char *value)
{
	return strcmp(name, "regions") ? field_line(name, value) : list_lines(w, name, value);
}

/* Changes, adds or removes one field; lines that are new are collected in `added`. */
static void write_field(struct writing *w, const char *name, const char *value, struct buf *added)
{
	struct str yaml = w->parts.has_fields ? w->parts.fields : w->parts.front, line = {0};
	struct str old = model_field(yaml, name, &line);
	if (old.p && !value) {
		if (line.p + line.len < yaml.p + yaml.len)
			line.len++; /* its line feed */
		add_edit(w, line, xstrdup(""));
	} else if (old.p) {
		add_edit(w, line, field_lines(w, name, value));
	} else if (value) {
		_cleanup_free_ char *text = field_lines(w, name, value);
		buf_addf(added, "%s\n", text);
	}
}

static const char *field_text(struct writing *w, const cJSON *c, const char *name, char scratch[64])
{
	if (cJSON_IsNumber(c)) {
		snprintf(scratch, 64, "%.10g", c->valuedouble);
		return scratch;
	}
	if (cJSON_IsBool(c))
		return cJSON_IsTrue(c) ? "true" : "false";
	return text_of(w, c, name);
}

/* Whether typed answers would be taken for those of the other kind: "= twelve" of a number is a text, "= 12" of a text a number. */
static bool answers_mislead(const struct writing *w, const char *kind)
{
	const cJSON *answers, *c;
	bool numeric = true;
	if (!kind || (strcmp(kind, "numeric") && strcmp(kind, "text")) || !changed(w, "answers", &answers) || !cJSON_GetArraySize(answers))
		return false;
	cJSON_ArrayForEach(c, answers)
	{
		struct str s = str_trim(str_of(cJSON_IsString(c) ? c->valuestring : ""));
		numeric &= !str_starts(s, "~ ") && kind_looks_numeric(s);
	}
	return numeric == !strcmp(kind, "text");
}

/* The type is written where it does not follow from the rest, or was written. */
static void write_type(struct writing *w, struct buf *added)
{
	const cJSON *c;
	struct str yaml = w->parts.has_fields ? w->parts.fields : w->parts.front;
	const char *type = changed(w, "type", &c) ? text_of(w, c, "type") : NULL;
	if (!type && w->ok && !model_field(yaml, "type", NULL).p && answers_mislead(w, w->kind))
		write_field(w, "type", w->kind, added); /* somebody is in the middle of it: the kind stays */
	if (!type)
		return;
	bool plain = !strcmp(type, "single") || !strcmp(type, "multiple") || !strcmp(type, "matching");
	write_field(w, "type", plain && !model_field(yaml, "type", NULL).p ? NULL : plain ? NULL : type, added);
}

static void write_fields(struct writing *w)
{
	static const char *const names[] = {"objective", "difficulty", "family", "select", "points",    "partial",     "status",
	                                    "shuffle",   "case",       "tags",   "image",  "image-alt", "ignore-case", "regions"};
	_cleanup_buf_ struct buf added = BUF(64u << 10);
	const cJSON *c;
	char scratch[64];
	write_type(w, &added);
	if (w->outline->alone && !w->parts.id.p && changed(w, "id", &c)) {
		const char *id = text_of(w, c, "id");
		if (id)
			write_field(w, "id", id, &added);
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (changed(w, names[i], &c))
			write_field(w, names[i], field_text(w, c, names[i], scratch), &added);
	if (!added.len)
		return;
	const struct model_parts *p = &w->parts;
	if (p->has_fields || p->has_front) {
		struct str yaml = p->has_fields ? p->fields : p->front;
		add_edit(w, str_sub(yaml, yaml.len, yaml.len), xstrdup(added.p));
	} else if (w->outline->alone) {
		add_edit(w, str_sub(w->text, 0, 0), xasprintf("---\n%s---\n", added.p));
	} else {
		const char *end = p->heading.p + p->heading.len;
		end += end < w->text.p + w->text.len && *end == '\n';
		add_edit(w, (struct str){end, 0}, xasprintf("```yaml item\n%s```\n", added.p));
	}
}

/* ---- Heading ---- */

static void write_heading(struct writing *w)
{
	const cJSON *c;
	const struct model_parts *p = &w->parts;
	bool titled = changed(w, "title", &c);
	const char *title = titled ? text_of(w, c, "title") : NULL;
	bool named = changed(w, "id", &c) && !(w->outline->alone && !p->id.p);
	const char *id = named ? text_of(w, c, "id") : NULL;
	if (id && !str_is_id(str_of(id)))
		w->ok = err_set(w->err, ERR_INVALID, "model.id: '%.100s' is not an id (a-z, 0-9 and '-', at most 64)", id);
	if (!titled && !named)
		return;
	_cleanup_free_ char *old_title = str_dup(p->title), *old_id = p->id.p ? str_dup(p->id) : NULL;
	_cleanup_free_ char *kept = xstrdup(w->outline->list[w->index].id); /* a new title is no new question */
	if (!titled)
		title = old_title;
	const char *mark = named && id ? id : old_id ? old_id : !w->outline->alone || p->heading.p ? kept : NULL;
	struct str own = w->outline->list[w->index].own_id;
	if (!named && !old_id && own.p)
		mark = NULL; /* it is among the fields */
	if (title && strpbrk(title, "\r\n"))
		w->ok = err_set(w->err, ERR_INVALID, "model.title: a title is one line");
	if (!title && !w->outline->alone)
		w->ok = err_set(w->err, ERR_INVALID, "model.title: a question among others needs one");
	if (!w->ok)
		return;
	char *line = !title ? xstrdup("")
	             : mark ? xasprintf("%s %s {#%s}", w->outline->alone ? "#" : "##", title, mark)
	                    : xasprintf("%s %s", w->outline->alone ? "#" : "##", title);
	if (p->heading.p)
		add_edit(w, p->heading, line);
	else {
		add_edit(w, str_sub(p->whole, 0, 0), *line ? xasprintf("%s\n\n", line) : xstrdup(""));
		free(line);
	}
}

/* ---- Answers ---- */

/* Lines of a text behind a marker: the first as it is, the others indented. */
static void add_lines(struct str text, const char *indent, const char *mark, bool first_too, struct buf *out)
{
	struct str line;
	bool first = !first_too;
	while (str_next_line(&text, &line)) {
		if (!first)
			buf_addf(out, "\n%s%s", line.len || *mark ? indent : "", mark);
		buf_addv(out, line);
		first = false;
	}
}

static bool option_texts(struct writing *w, const cJSON *c, const char **text, const char **why, const char **match, bool *right, bool *pin)
{
	struct err *err = w->err;
	*text = *why = *match = NULL;
	*right = *pin = false;
	if (!cJSON_IsObject(c))
		return w->ok = err_set(err, ERR_INVALID, "model.options must hold objects");
	w->ok = w->ok && json_opt_str(c, "model.options", "text", 64u << 10, text, err) &&
	        json_opt_str(c, "model.options", "why", 64u << 10, why, err) &&
	        json_opt_str(c, "model.options", "match", 64u << 10, match, err) && json_opt_bool(c, "model.options", "right", right, err) &&
	        json_opt_bool(c, "model.options", "pin", pin, err);
	return w->ok;
}

static char *options_text(struct writing *w, const cJSON *list, const char *type)
{
	_cleanup_buf_ struct buf out = BUF(1u << 20);
	bool steps = !strcmp(type, "ordering"), pairs = !strcmp(type, "matching");
	int n = 0;
	const cJSON *c;
	cJSON_ArrayForEach(c, list)
	{
		const char *text, *why, *match;
		bool right, pin;
		char marker[24];
		if (!option_texts(w, c, &text, &why, &match, &right, &pin))
			break;
		snprintf(marker, sizeof marker, steps ? "%d. " : pairs ? "- " : right ? "- [x] " : "- [ ] ", ++n);
		const char *indent = steps ? (n > 9 ? "    " : "   ") : "  ";
		struct str body = str_trim(str_of(text ? text : ""));
		buf_addf(&out, "%s%s", out.len ? "\n" : "", marker);
		if (pairs) {
			buf_addv(&out, body);
			buf_addf(&out, "%s=> %s", body.len ? " " : "", match ? match : "");
		} else {
			const char *end = memchr(body.p, '\n', body.len);
			struct str first = str_sub(body, 0, end ? (size_t)(end - body.p) : body.len);
			buf_addv(&out, first);
			buf_adds(&out, pin ? " {pin}" : "");
			if (end)
				add_lines(str_sub(body, first.len + 1, body.len), indent, "", true, &out);
		}
		if (why && *why)
			add_lines(str_trim(str_of(why)), indent, "> ", true, &out);
	}
	if (cJSON_GetArraySize(list) > MODEL_OPTIONS_MAX)
		w->ok = err_set(w->err, ERR_INVALID, "model.options: at most %d", MODEL_OPTIONS_MAX);
	return buf_take(&out, NULL);
}

static char *typed_text(struct writing *w, const cJSON *list)
{
	_cleanup_buf_ struct buf out = BUF(1u << 20);
	const cJSON *c;
	cJSON_ArrayForEach(c, list)
	{
		if (!cJSON_IsString(c) || strpbrk(c->valuestring, "\r\n")) {
			w->ok = err_set(w->err, ERR_INVALID, "model.answers must hold lines");
			break;
		}
		struct str s = str_trim(str_of(c->valuestring));
		buf_addf(&out, "%s%s", out.len ? "\n" : "", str_starts(s, "~ ") ? "" : "= ");
		buf_addv(&out, s);
	}
	return buf_take(&out, NULL);
}

static void write_answers(struct writing *w)
{
	const cJSON *type = cJSON_GetObjectItemCaseSensitive(w->model, "type"), *c = NULL;
	const char *kind = cJSON_IsString(type) ? type->valuestring : cJSON_GetObjectItemCaseSensitive(w->before, "type")->valuestring;
	char *text = NULL;
	if (changed(w, "options", &c) && cJSON_IsArray(c))
		text = options_text(w, c, kind);
	else if (changed(w, "answers", &c) && cJSON_IsArray(c))
		text = typed_text(w, c);
	else if (changed(w, "answer_text", &c))
		text = xstrdup(text_of(w, c, "answer_text") ? c->valuestring : "");
	else
		return;
	if (w->parts.answers.len) {
		add_edit(w, w->parts.answers, text);
	} else {
		if (*text)
			add_edit(w, (struct str){w->parts.body_end, 0}, xasprintf("\n\n%s%s", text, w->parts.n_sections ? "" : "\n"));
		free(text);
	}
}

/* ---- Texts ---- */

static void write_stem(struct writing *w)
{
	const cJSON *c;
	const char *text;
	if (!changed(w, "stem", &c))
		return;
	text = text_of(w, c, "stem");
	_cleanup_free_ char *trimmed = str_dup(str_trim(str_of(text ? text : "")));
	if (w->parts.stem.len)
		add_edit(w, w->parts.stem, take_ptr(trimmed));
	else
		add_edit(w, w->parts.stem, xasprintf("%s\n\n", trimmed));
}

/* All sections of one kind become these texts; the first stays where it is. */
static void write_sections(struct writing *w, enum model_section kind, char **texts, size_t n)
{
	const struct model_parts *p = &w->parts;
	size_t used = 0;
	for (size_t i = 0; i < p->n_sections; i++) {
		if (p->sections[i].kind != kind)
			continue;
		struct str all = p->sections[i].all;
		if (used < n) {
			add_edit(w, all, xasprintf("### %s\n%s", model_section_names[kind], texts[used++]));
		} else {
			while (all.p > w->text.p && all.p[-1] == '\n' && all.p > p->whole.p) { /* with the blank lines before it */
				all.p--;
				all.len++;
			}
			add_edit(w, all, xstrdup(""));
		}
	}
	const char *end = p->n_sections    ? p->sections[p->n_sections - 1].all.p + p->sections[p->n_sections - 1].all.len
	                  : p->answers.len ? p->answers.p + p->answers.len
	                                   : p->body_end;
	for (; used < n; used++)
		add_edit(w, (struct str){end, 0}, xasprintf("\n\n### %s\n%s", model_section_names[kind], texts[used]));
}

static void write_text_section(struct writing *w, enum model_section kind, const char *name)
{
	const cJSON *c;
	if (!changed(w, name, &c))
		return;
	const char *text = text_of(w, c, name);
	_cleanup_free_ char *one = str_dup(str_trim(str_of(text ? text : "")));
	write_sections(w, kind, &one, text ? 1 : 0);
}

static void write_list(struct writing *w, enum model_section kind, const char *name, bool as_one)
{
	const cJSON *c, *e;
	char *texts[MODEL_SECTIONS_MAX];
	size_t n = 0;
	_cleanup_buf_ struct buf all = BUF(1u << 20);
	if (!changed(w, name, &c) || !cJSON_IsArray(c))
		return;
	cJSON_ArrayForEach(e, c)
	{
		if (!cJSON_IsString(e) || n == ARRAY_SIZE(texts) || (as_one && strpbrk(e->valuestring, "\r\n"))) {
			w->ok = err_set(w->err, ERR_INVALID, "model.%s must be a list of at most %zu texts", name, ARRAY_SIZE(texts));
			break;
		}
		struct str s = str_trim(str_of(e->valuestring));
		if (!s.len)
			continue;
		if (as_one)
			buf_addf(&all, "%s- %.*s", all.len ? "\n" : "", STR_ARG(s));
		else
			texts[n++] = str_dup(s);
	}
	if (as_one && all.len)
		texts[n++] = buf_take(&all, NULL);
	if (w->ok)
		write_sections(w, kind, texts, n);
	for (size_t i = 0; i < n; i++)
		free(texts[i]);
}

/* A block inside of a fence, with its fence. */
static struct str with_fence(const struct writing *w, struct str inside)
{
	const char *from = inside.p - 1, *end = memchr(inside.p + inside.len, '\n', (size_t)(w->text.p + w->text.len - inside.p) - inside.len);
	while (from > w->text.p && from[-1] != '\n')
		from--;
	return (struct str){from, (size_t)((end ? end + 1 : w->text.p + w->text.len) - from)};
}

static void write_params(struct writing *w)
{
	const cJSON *c;
	const struct model_parts *p = &w->parts;
	if (!changed(w, "params", &c))
		return;
	const char *text = text_of(w, c, "params");
	if (text && strstr(text, "```")) {
		w->ok = err_set(w->err, ERR_INVALID, "model.params: a program has no '```'");
		return;
	}
	_cleanup_free_ char *whole = text ? xasprintf("%s%s", text, text[strlen(text) - 1] == '\n' ? "" : "\n") : NULL;
	if (p->params.p && text)
		add_edit(w, p->params, take_ptr(whole));
	else if (p->params.p)
		add_edit(w, with_fence(w, p->params), xstrdup(""));
	else if (text)
		add_edit(w,
		         (struct str){p->stem.len      ? p->stem.p
		                      : p->answers.len ? p->answers.p
		                                       : p->body_end,
		                      0},
		         xasprintf("```lua params\n%s```\n", whole));
}

/* ---- All of it ---- */

static int by_place(const void *pa, const void *pb)
{
	const struct edit *a = pa, *b = pb;
	int c = (a->at > b->at) - (a->at < b->at);
	return c ? c : (a->order > b->order) - (a->order < b->order);
}

static bool apply(struct writing *w, struct buf *out)
{
	size_t at = 0;
	qsort(w->edits, w->n, sizeof *w->edits, by_place);
	for (size_t i = 0; i < w->n; i++) {
		size_t from = (size_t)(w->edits[i].at - w->text.p);
		if (from < at)
			return err_set(w->err, ERR_INVALID, "this question is written in a way that the form cannot change: use the editor");
		buf_addv(out, str_sub(w->text, at, from));
		buf_adds(out, w->edits[i].text);
		at = from + w->edits[i].len;
	}
	buf_addv(out, str_sub(w->text, at, w->text.len));
	return buf_check(out, "the text", w->err);
}

bool model_write(struct str text, const struct outline *o, size_t index, const char *kind, const cJSON *model, struct buf *out,
                 struct err *err)
{
	_cleanup_json_ cJSON *before = model_read(text, o, index, kind);
	struct writing *w = xcalloc(1, sizeof *w);
	*w = (struct writing){
	    .text = text, .outline = o, .index = index, .kind = kind, .before = before, .model = model, .err = err, .ok = true};
	model_cut(text, o, index, kind, &w->parts);
	write_fields(w);
	write_heading(w);
	write_params(w);
	write_stem(w);
	write_answers(w);
	write_list(w, SECTION_HINT, "hints", false);
	write_text_section(w, SECTION_RUBRIC, "rubric");
	write_text_section(w, SECTION_EXPLANATION, "explanation");
	write_list(w, SECTION_REFERENCES, "references", true);
	bool ok = w->ok && apply(w, out);
	for (size_t i = 0; i < w->n; i++)
		free(w->edits[i].text);
	model_parts_finish(&w->parts);
	free(w);
	return ok;
}
