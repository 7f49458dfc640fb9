/* Questions as forms: reading. See model.h, and model_parts.h for how a question is cut. */
#include "bank/load.h"
#include "bank/model_parts.h"

const char *const model_section_names[] = {"Explanation", "References", "Hint", "Rubric", "Checklist"};

void model_parts_finish(struct model_parts *p)
{
	free(p->lines.list);
	p->lines = (struct lines){0};
}

/* ---- Cutting ---- */

static struct str between(const char *from, const char *to)
{
	return (struct str){from, to > from ? (size_t)(to - from) : 0};
}

/* The bytes of lines [from, to), without blank lines at both ends. */
static struct str trimmed(const struct model_parts *p, size_t from, size_t to)
{
	while (from < to && (p->lines.list[from].flags & LINE_BLANK))
		from++;
	while (to > from && (p->lines.list[to - 1].flags & LINE_BLANK))
		to--;
	if (from == to)
		return (struct str){from < p->lines.n ? p->lines.list[from].p : p->whole.p + p->whole.len, 0};
	return between(p->lines.list[from].p, p->lines.list[to - 1].p + p->lines.list[to - 1].len);
}

static int section_of(const struct line *l)
{
	if ((l->flags & LINE_CODE) || l->indent || !str_starts(line_str(l), "### "))
		return -1;
	struct str name = str_trim(str_sub(line_str(l), 4, l->len));
	for (int i = 0; i <= SECTION_OTHER; i++)
		if (str_is(name, model_section_names[i]))
			return i;
	return -1;
}

/* Takes a fenced block of this kind that begins at line *at; moves *at behind it. */
static bool take_fence(const struct model_parts *p, size_t *at, const char *info, struct str *ret)
{
	size_t i = *at;
	while (i < p->lines.n && (p->lines.list[i].flags & LINE_BLANK))
		i++;
	if (i >= p->lines.n || !(p->lines.list[i].flags & LINE_FENCE_OPEN))
		return false;
	struct str open = line_str(&p->lines.list[i]);
	size_t ticks = 0;
	while (ticks < open.len && (open.p[ticks] == '`' || open.p[ticks] == '~'))
		ticks++;
	if (!str_is(str_trim(str_sub(open, ticks, open.len)), info))
		return false;
	size_t end = i + 1;
	while (end < p->lines.n && !(p->lines.list[end].flags & LINE_FENCE_CLOSE))
		end++;
	if (end >= p->lines.n)
		return false;
	*ret = between(p->lines.list[i + 1].p, p->lines.list[end].p);
	*at = end + 1;
	return true;
}

static bool is_box(const struct line *l)
{
	bool key;
	return !(l->flags & LINE_CODE) && !l->indent && question_box(l, &key);
}
static bool is_typed(const struct line *l)
{
	return !(l->flags & LINE_CODE) && !l->indent && kind_is_answer(l);
}
static bool is_pair(const struct line *l)
{
	size_t at, len;
	struct str s = line_str(l);
	return !(l->flags & LINE_CODE) && !l->indent && str_starts(s, "- ") && kind_has_arrow(str_sub(s, 2, s.len), &at, &len);
}
static bool is_step(const struct line *l)
{
	bool ordered = false;
	return !(l->flags & LINE_CODE) && !l->indent && list_marker(line_str(l), &ordered) && ordered;
}
static bool is_row(const struct line *l)
{
	return !(l->flags & LINE_CODE) && str_starts(str_trim(line_str(l)), "|");
}

static size_t first_that(const struct model_parts *p, size_t from, size_t to, bool (*is)(const struct line *l))
{
	while (from < to && !is(&p->lines.list[from]))
		from++;
	return from;
}

/* Text between the entries of a list, which belongs to none of them: no form can show it. */
static bool has_stray(const struct model_parts *p, size_t from, size_t to)
{
	bool ordered;
	for (size_t i = from; i < to; i++)
		if (!(p->lines.list[i].flags & (LINE_BLANK | LINE_CODE)) && !p->lines.list[i].indent &&
		    !list_marker(line_str(&p->lines.list[i]), &ordered))
			return true;
	return false;
}

static void cut_answers(struct model_parts *p, size_t from, size_t to, const char *kind)
{
	static const struct {
		enum model_answers sort;
		bool (*is)(const struct line *l);
		const char *kind; /* the only one that reads it; NULL: any */
	} sorts[] = {{ANSWERS_BOXES, is_box, NULL},
	             {ANSWERS_TYPED, is_typed, NULL},
	             {ANSWERS_STEPS, is_step, "ordering"},
	             {ANSWERS_PAIRS, is_pair, NULL},
	             {ANSWERS_RAW, is_row, "grid"}};
	size_t at = to;
	if (kind && (!strcmp(kind, "cloze") || !strcmp(kind, "essay") || !strcmp(kind, "hotspot") || !strcmp(kind, "task")))
		kind = "none";
	for (size_t i = 0; i < ARRAY_SIZE(sorts) && at == to && !(kind && !strcmp(kind, "none")); i++) {
		if (sorts[i].kind && (!kind || strcmp(kind, sorts[i].kind) != 0))
			continue;
		at = first_that(p, from, to, sorts[i].is);
		if (at < to)
			p->sort = sorts[i].sort;
	}
	if (p->sort != ANSWERS_TYPED && has_stray(p, at, to))
		p->sort = ANSWERS_RAW;
	p->stem = trimmed(p, from, at);
	p->answers = trimmed(p, at, to);
}

static void cut_sections(struct model_parts *p, size_t at)
{
	while (at < p->lines.n && p->n_sections < MODEL_SECTIONS_MAX) {
		size_t end = at + 1;
		while (end < p->lines.n && section_of(&p->lines.list[end]) < 0)
			end++;
		p->sections[p->n_sections].kind = (enum model_section)section_of(&p->lines.list[at]);
		p->sections[p->n_sections].all = trimmed(p, at, end);
		p->sections[p->n_sections++].text = trimmed(p, at + 1, end);
		at = end;
	}
}

/* Inside of the front matter, which ends before byte `to`; p NULL when there is none. */
static struct str front_matter(struct str text, size_t to)
{
	if (!str_starts(text, "---\n") && !str_starts(text, "---\r\n"))
		return (struct str){0};
	const char *from = memchr(text.p, '\n', text.len), *end = NULL;
	struct str rest = str_sub(text, (size_t)(from + 1 - text.p), to), line;
	while (!end && str_next_line(&rest, &line))
		end = str_is(str_trim(line), "---") || str_is(str_trim(line), "...") ? line.p : NULL;
	return end ? between(from + 1, end) : (struct str){0};
}

static char *plain_value(struct str s);

/* The type that is written for the question, or for all of the file; NULL when none is. */
static char *written_type(struct str text, const struct outline *o, const struct model_parts *p)
{
	struct str type = model_field(p->has_fields ? p->fields : p->front, "type", NULL);
	if (!type.p && !o->alone)
		type = model_field(front_matter(text, o->n ? o->list[0].from : 0), "type", NULL);
	return type.p ? plain_value(type) : NULL;
}

void model_cut(struct str text, const struct outline *o, size_t index, const char *kind, struct model_parts *ret)
{
	const struct outline_entry *e = &o->list[index];
	*ret = (struct model_parts){.whole = str_sub(text, e->from, e->to)};
	struct model_parts *p = ret;
	p->front = o->alone ? front_matter(text, e->from) : (struct str){0};
	p->has_front = p->front.p != NULL;
	lines_split(p->whole, &p->lines);
	size_t at = 0;
	if (p->lines.n && !(p->lines.list[0].flags & LINE_CODE) && str_starts(line_str(&p->lines.list[0]), o->alone ? "# " : "## ")) {
		struct heading h = question_heading(line_str(&p->lines.list[0]), o->alone ? 1 : 3);
		p->heading = line_str(&p->lines.list[0]);
		p->title = h.title;
		p->id = h.id;
		at = 1;
	}
	bool more = true;
	for (int i = 0; i < 2 && more; i++) {
		more = !p->has_fields && take_fence(p, &at, "yaml item", &p->fields);
		p->has_fields |= more;
		more |= !p->params.p && take_fence(p, &at, "lua params", &p->params);
	}
	_cleanup_free_ char *written = kind ? NULL : written_type(text, o, p);
	size_t sections = at;
	while (sections < p->lines.n && section_of(&p->lines.list[sections]) < 0)
		sections++;
	cut_answers(p, at, sections, kind ? kind : written);
	struct str body = trimmed(p, at, sections);
	p->body_end = body.p + body.len;
	cut_sections(p, sections);
}

/* ---- Fields ---- */

struct str model_field(struct str yaml, const char *name, struct str *ret_line)
{
	struct str rest = yaml, line;
	size_t len = strlen(name);
	while (yaml.p && str_next_line(&rest, &line)) {
		if (!str_starts(line, name) || line.len <= len || line.p[len] != ':')
			continue;
		/* Its value may go on in indented lines. */
		struct str value = str_sub(line, len + 1, line.len), next, peek = rest;
		const char *end = line.p + line.len;
		while (str_next_line(&peek, &next) && next.len && (next.p[0] == ' ' || next.p[0] == '\t' || next.p[0] == '-')) {
			end = next.p + next.len;
			rest = peek;
		}
		if (ret_line)
			*ret_line = between(line.p, end);
		return str_trim(between(value.p, end));
	}
	return (struct str){0};
}

/* A scalar without its quotes and comment; what is more than that stays as it is written. */
static char *plain_value(struct str s)
{
	if (s.len > 1 && s.p[0] == '\'' && s.p[s.len - 1] == '\'')
		return str_dup(str_sub(s, 1, s.len - 1));
	if (s.len > 1 && s.p[0] == '"' && s.p[s.len - 1] == '"' && !memchr(s.p, '\\', s.len))
		return str_dup(str_sub(s, 1, s.len - 1));
	for (size_t i = 1; i + 1 < s.len && s.p[0] != '"' && s.p[0] != '\''; i++)
		if (s.p[i] == '#' && s.p[i - 1] == ' ')
			return str_dup(str_trim(str_sub(s, 0, i)));
	return str_dup(s);
}

static void add_fields(struct str yaml, cJSON *out)
{
	for (size_t i = 0; i < n_question_fields; i++) {
		const char *name = question_fields[i];
		struct str value = model_field(yaml, name, NULL);
		if (!strcmp(name, "id") || !strcmp(name, "title") || !strcmp(name, "type"))
			continue;
		_cleanup_free_ char *text = value.p ? plain_value(value) : NULL;
		json_set_str(out, name, text);
	}
}

/* ---- Texts ---- */

static void set_text(cJSON *out, const char *name, struct str s)
{
	_cleanup_free_ char *text = s.p && s.len ? str_dup(s) : NULL;
	json_set_str(out, name, text);
}

/* An entry of a list: its lines, the first without its marker, the others without the indent; a quote at the end is why. */
static cJSON *entry_json(struct str entry, size_t marker, bool boxes, bool key)
{
	_cleanup_buf_ struct buf text = BUF(1u << 20), why = BUF(1u << 20);
	struct str rest = entry, line;
	bool first = true, pin = false, quoted = false;
	while (str_next_line(&rest, &line)) {
		size_t cut = first ? marker : 0, width = boxes ? 2 : marker;
		while (!first && cut < line.len && cut < width && line.p[cut] == ' ')
			cut++;
		line = str_sub(line, cut, line.len);
		if (first && boxes) {
			struct str trim = str_trim(line);
			pin = str_ends(trim, "{pin}");
			line = pin ? str_trim(str_sub(trim, 0, trim.len - 5)) : trim;
		}
		quoted = !first && (str_starts(line, ">") || (quoted && line.len));
		if (quoted && str_starts(line, ">"))
			line = str_sub(line, str_starts(line, "> ") ? 2 : 1, line.len);
		struct buf *to = quoted ? &why : &text;
		if (to->len)
			buf_addc(to, '\n');
		buf_addv(to, line);
		first = false;
	}
	cJSON *out = json_object();
	set_text(out, "text", str_trim(buf_str(&text)));
	json_set_bool(out, "right", key);
	set_text(out, "why", str_trim(buf_str(&why)));
	json_set_bool(out, "pin", pin);
	json_set(out, "match", cJSON_CreateNull());
	return out;
}

static void split_pair(cJSON *entry)
{
	const cJSON *c = cJSON_GetObjectItemCaseSensitive(entry, "text");
	size_t at, len;
	_cleanup_free_ char *whole = cJSON_IsString(c) ? xstrdup(c->valuestring) : xstrdup("");
	struct str s = str_of(whole);
	if (str_starts(s, "=>")) {
		at = 0;
		len = 2;
	} else if (!kind_has_arrow(s, &at, &len)) {
		return;
	}
	cJSON_DeleteItemFromObjectCaseSensitive(entry, "text");
	cJSON_DeleteItemFromObjectCaseSensitive(entry, "match");
	set_text(entry, "text", str_trim(str_sub(s, 0, at)));
	set_text(entry, "match", str_trim(str_sub(s, at + len, s.len)));
}

size_t model_entry_end(const struct lines *lines, size_t at)
{
	size_t end = at + 1;
	while (end < lines->n && ((lines->list[end].flags & (LINE_BLANK | LINE_CODE)) || lines->list[end].indent))
		end++;
	return end;
}

static cJSON *options_json(const struct model_parts *p)
{
	cJSON *list = json_array();
	struct lines lines = {0};
	lines_split(p->answers, &lines);
	for (size_t i = 0; i < lines.n;) {
		bool key = false, ordered;
		struct str s = line_str(&lines.list[i]);
		size_t marker = p->sort == ANSWERS_BOXES ? question_box(&lines.list[i], &key) : 0;
		size_t end = model_entry_end(&lines, i);
		if (!marker)
			marker = list_marker(s, &ordered);
		struct str last = line_str(&lines.list[end - 1]);
		cJSON *entry = entry_json(between(s.p, last.p + last.len), marker, p->sort == ANSWERS_BOXES, key);
		if (p->sort == ANSWERS_PAIRS)
			split_pair(entry);
		json_add(list, entry);
		i = end;
	}
	free(lines.list);
	return list;
}

static cJSON *typed_json(const struct model_parts *p)
{
	cJSON *list = json_array();
	struct str rest = p->answers, line;
	while (str_next_line(&rest, &line)) {
		struct str s = str_trim(line);
		_cleanup_free_ char *text = str_dup(str_starts(s, "= ") ? str_sub(s, 2, s.len) : s);
		if (*text)
			json_add_str(list, text);
	}
	return list;
}

/* The entries of a plain list; NULL when it is something else. */
static cJSON *references_json(struct str text)
{
	cJSON *list = json_array();
	struct str line;
	while (str_next_line(&text, &line)) {
		_cleanup_free_ char *one = str_starts(line, "- ") ? str_dup(str_trim(str_sub(line, 2, line.len))) : NULL;
		if (one) {
			json_add_str(list, one);
		} else if (str_trim(line).len) {
			cJSON_Delete(list);
			return NULL;
		}
	}
	return list;
}

static void add_sections(const struct model_parts *p, cJSON *out)
{
	cJSON *hints = json_array(), *references = json_array();
	struct str texts[SECTION_OTHER + 1] = {{0}};
	for (size_t i = 0; i < p->n_sections; i++) {
		_cleanup_free_ char *text = str_dup(p->sections[i].text);
		texts[p->sections[i].kind] = p->sections[i].text;
		if (p->sections[i].kind == SECTION_HINT)
			json_add_str(hints, text);
	}
	set_text(out, "explanation", texts[SECTION_EXPLANATION]);
	set_text(out, "rubric", texts[SECTION_RUBRIC]);
	if (texts[SECTION_REFERENCES].p) {
		cJSON_Delete(references);
		references = references_json(texts[SECTION_REFERENCES]);
	}
	json_set(out, "references", references ? references : cJSON_CreateNull());
	json_set(out, "hints", hints);
}

/* What follows from the way it is written, as the loader would have it. */
static const char *type_of(const struct model_parts *p, const cJSON *options)
{
	size_t keys = 0;
	const cJSON *c;
	cJSON_ArrayForEach(c, options) keys += cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(c, "right"));
	switch (p->sort) {
	case ANSWERS_PAIRS:
		return "matching";
	case ANSWERS_STEPS:
		return "ordering";
	case ANSWERS_TYPED:
		return "text";
	case ANSWERS_RAW:
		return str_starts(str_trim(p->answers), "|") ? "grid" : "single";
	default:
		return keys > 1 ? "multiple" : "single";
	}
}

cJSON *model_read(struct str text, const struct outline *o, size_t index, const char *kind)
{
	_cleanup_model_parts_ struct model_parts p;
	cJSON *out = json_object(), *options = NULL;
	model_cut(text, o, index, kind, &p);
	struct str yaml = p.has_fields ? p.fields : p.front, type = model_field(yaml, "type", NULL);
	bool listed = p.sort == ANSWERS_BOXES || p.sort == ANSWERS_STEPS || p.sort == ANSWERS_PAIRS;
	_cleanup_free_ char *written = type.p ? plain_value(type) : NULL;
	if (listed)
		options = options_json(&p);
	json_set_str(out, "id", o->list[index].id);
	set_text(out, "title", p.title);
	json_set_str(out, "type", kind ? kind : written ? written : type_of(&p, options));
	set_text(out, "stem", p.stem);
	json_set(out, "options", options ? options : cJSON_CreateNull());
	json_set(out, "answers", p.sort == ANSWERS_TYPED ? typed_json(&p) : cJSON_CreateNull());
	set_text(out, "answer_text", p.sort == ANSWERS_RAW ? p.answers : (struct str){0});
	add_sections(&p, out);
	set_text(out, "params", p.params);
	add_fields(yaml, out);
	return out;
}
