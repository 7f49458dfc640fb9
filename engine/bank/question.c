/* The parts and the fields of a question. See question.h. */
#include "bank/question.h"
#include "base/mem.h"
#include <assert.h>

enum section { SECTION_EXPLANATION, SECTION_REFERENCES, SECTION_HINT, SECTION_RUBRIC, SECTION_CHECKLIST, SECTIONS };
static const char *const section_names[SECTIONS] = {"Explanation", "References", "Hint", "Rubric", "Checklist"};
#define HINTS_MAX 16

const char *const question_fields[] = {"id",     "title",  "objective", "difficulty",  "family",  "type",
                                       "select", "points", "partial",   "status",      "shuffle", "case",
                                       "tags",   "image",  "image-alt", "ignore-case", "regions"};
const size_t n_question_fields = ARRAY_SIZE(question_fields);

bool question_error(struct question *q, const char *code, const char *at, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diags_vadd(q->diags, DIAG_ERROR, code, q->source, at, fmt, ap);
	va_end(ap);
	return false;
}

size_t question_mark(const char *s, size_t len)
{
	size_t n = 2;
	if (len < 4 || s[0] != '@' || s[1] != '{')
		return 0;
	while (n < len && n < 66 && ((s[n] >= 'a' && s[n] <= 'z') || s[n] == '_' || (n > 2 && s[n] >= '0' && s[n] <= '9')))
		n++;
	return n > 2 && n < len && s[n] == '}' ? n + 1 : 0;
}

/* ---- fields ---- */

int question_field(const struct question *q, const char *name, const struct yaml **ret_yaml)
{
	const struct yaml *places[] = {q->own, q->defaults};
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		int node = places[i] ? yaml_find(places[i], 0, name) : -1;
		if (node >= 0) {
			*ret_yaml = places[i];
			return node;
		}
	}
	return -1;
}

static bool read_objective(struct question *q)
{
	const struct yaml *y;
	int node = question_field(q, "objective", &y);
	struct item *item = q->item;
	if (node < 0) {
		item->domain = xstrdup(q->bank->domains[0].id);
		return true;
	}
	struct str text;
	if (!yaml_text(y, node, "objective", 200, &text, q->diags))
		return false;
	const char *dot = memchr(text.p, '.', text.len);
	struct str name = dot ? str_sub(text, 0, (size_t)(dot - text.p)) : text;
	_cleanup_free_ char *domain_id = str_dup(name);
	const struct bank_domain *domain = bank_domain(q->bank, domain_id);
	if (!domain) {
		question_error(q, "unknown-domain", yaml_at(y, node), "bank.yml has no domain '%s'", domain_id);
		const char *names[256];
		size_t n = 0;
		for (; n < q->bank->n_domains && n < ARRAY_SIZE(names); n++)
			names[n] = q->bank->domains[n].id;
		diags_did_you_mean(q->diags, name, names, n);
		return false;
	}
	item->domain = xstrdup(domain->id);
	if (!dot)
		return true;
	struct str objective = str_sub(text, name.len + 1, text.len);
	const char *names[256];
	size_t n = 0;
	for (; n < domain->n_objectives && n < ARRAY_SIZE(names); n++) {
		names[n] = domain->objectives[n].id;
		if (str_is(objective, names[n])) {
			item->objective = str_dup(text);
			return true;
		}
	}
	question_error(q, "unknown-objective", yaml_at(y, node), "the domain '%s' has no objective '%.*s'", domain_id, STR_ARG(objective));
	diags_did_you_mean(q->diags, objective, names, n);
	return false;
}

static bool read_points(struct question *q)
{
	const struct yaml *y;
	double points = 1;
	int node = question_field(q, "points", &y);
	if (node >= 0 && !yaml_number(y, node, "points", 0.001, BANK_POINTS_MAX, &points, q->diags))
		return false;
	q->item->points_m = (int64_t)(points * 1000 + 0.5);
	return true;
}

static bool read_select(struct question *q)
{
	const struct yaml *y;
	q->select = -1;
	int node = question_field(q, "select", &y);
	if (node < 0)
		return true;
	struct str text;
	int64_t n;
	if (!yaml_text(y, node, "select", 100, &text, q->diags))
		return false;
	if (str_is(text, "any")) {
		q->select = 0;
		return true;
	}
	if (!yaml_int(y, node, "select", 1, BANK_OPTIONS_MAX, &n, q->diags)) {
		diags_help(q->diags, "a number, or 'any' when the candidate is not told how many");
		return false;
	}
	q->select = (int)n;
	return true;
}

static bool read_choice(struct question *q, const char *name, const char *const *names, size_t n, int *ret)
{
	const struct yaml *y;
	int node = question_field(q, name, &y);
	return node < 0 || yaml_choice(y, node, name, names, n, ret, q->diags);
}

static bool read_bool(struct question *q, const char *name, bool *ret)
{
	const struct yaml *y;
	int node = question_field(q, name, &y);
	return node < 0 || yaml_bool(y, node, name, ret, q->diags);
}

static bool read_id(struct question *q, const char *name, char **ret)
{
	const struct yaml *y;
	struct str text;
	int node = question_field(q, name, &y);
	if (node < 0)
		return true;
	if (!yaml_id(y, node, name, &text, q->diags))
		return false;
	free(*ret);
	*ret = str_dup(text);
	return true;
}

static bool read_rules(struct question *q)
{
	static const char *const rules[] = {"none", "per-option", "net-correct", "coverage"};
	static const char *const kinds[] = {"single",  "multiple", "true-false", "grid",    "ordering", "matching",
	                                    "numeric", "text",     "cloze",      "hotspot", "essay"};
	struct item *item = q->item;
	int status = ITEM_ACTIVE, rule = -1, kind = -1;
	bool ok = read_choice(q, "status", item_status_names, ITEM_STATUSES, &status);
	ok &= read_choice(q, "partial", rules, ARRAY_SIZE(rules), &rule);
	ok &= read_choice(q, "type", kinds, ARRAY_SIZE(kinds), &kind);
	item->status = (enum item_status)status;
	item->partial = rule < 0 ? PARTIAL_UNSET : (enum partial_rule)(rule + 1);
	if (kind >= 0) {
		item->kind = (enum item_kind)kind;
		q->has_kind = true;
	}
	return ok;
}

static bool read_fields(struct question *q)
{
	const struct yaml *y;
	struct item *item = q->item;
	bool ok = true;
	int node = question_field(q, "title", &y);
	struct str text;
	if (node >= 0 && (ok = yaml_text(y, node, "title", 500, &text, q->diags))) {
		free(item->title);
		item->title = str_dup(text);
	}
	ok &= read_id(q, "family", &item->family);
	ok &= read_id(q, "case", &item->case_id);
	ok &= read_objective(q);
	ok &= read_points(q);
	ok &= read_select(q);
	ok &= read_rules(q);
	item->shuffle = true;
	ok &= read_bool(q, "shuffle", &item->shuffle);
	ok &= read_bool(q, "ignore-case", &item->ignore_case);
	int64_t difficulty = 0;
	node = question_field(q, "difficulty", &y);
	ok &= node < 0 || yaml_int(y, node, "difficulty", 1, 5, &difficulty, q->diags);
	item->difficulty = (int)difficulty;
	node = question_field(q, "tags", &y);
	ok &= node < 0 || yaml_texts(y, node, "tags", 32, &item->tags, &item->n_tags, q->diags);
	if (!item->family)
		item->family = xstrdup(item->id);
	return ok;
}

/* ---- parts ---- */

/* Tasks have a checklist, questions may have a rubric. */
static bool has_section(const struct question *q, int section)
{
	return section != (q->item->kind == ITEM_TASK ? SECTION_RUBRIC : SECTION_CHECKLIST);
}

/* The reserved heading on this line, or -1. */
static int section_of(const struct question *q, const struct line *l)
{
	struct str s = line_body(l);
	if ((l->flags & LINE_CODE) || l->indent > 1 || !str_starts(s, "### "))
		return -1;
	s = str_trim(str_sub(s, 4, s.len));
	while (s.len && s.p[s.len - 1] == '#')
		s.len--;
	s = str_trim(s);
	for (int i = 0; i < SECTIONS; i++)
		if (has_section(q, i) && str_is(s, section_names[i]))
			return i;
	return -1;
}

/* A heading that is nearly a reserved one is more likely a slip than a part of the text. */
static void warn_near_heading(struct question *q, const struct line *l)
{
	struct str s = line_body(l);
	if ((l->flags & LINE_CODE) || l->indent > 1 || !str_starts(s, "###"))
		return;
	struct str name = str_trim(str_sub(s, 3, s.len));
	for (int i = 0; i < SECTIONS; i++) {
		struct str reserved = str_of(section_names[i]);
		if (!has_section(q, i) || (!str_eq_nocase(name, reserved) && str_distance(name, reserved, 2) > 2))
			continue;
		diags_add(q->diags, DIAG_WARNING, "near-heading", q->source, s.p, "'%.*s' is shown as part of the text", STR_ARG(s));
		diags_help(q->diags, "did you mean '### %s'?", section_names[i]);
	}
}

static bool read_section(struct question *q, enum section section, size_t heading, size_t to)
{
	struct item *item = q->item;
	const char *at = q->lines[heading].p;
	char *none = NULL; /* hints have no single place */
	char **places[SECTIONS] = {&item->explanation_html, &item->references_html, &none, &item->rubric_html, &none};
	char *html;
	if (section == SECTION_CHECKLIST)
		return kind_read_checklist(q, heading, to);
	if (section == SECTION_HINT ? item->n_hints >= HINTS_MAX : *places[section] != NULL)
		return question_error(q, "repeated-heading", at, "'### %s' is here a second time", section_names[section]);
	_cleanup_passage_ struct passage p = passage_of_lines(q->source, q->lines, heading + 1, to, 0);
	if (p.text.len == 0)
		return question_error(q, "empty-section", at, "nothing follows '### %s'", section_names[section]);
	q->md->bare_links = section == SECTION_REFERENCES;
	bool ok = markdown_render(q->md, &p, false, &html, NULL);
	q->md->bare_links = false;
	if (!ok)
		return false;
	if (section == SECTION_HINT) {
		item->hints_html = xrealloc(item->hints_html, item->n_hints + 1, sizeof *item->hints_html);
		item->hints_html[item->n_hints++] = html;
	} else {
		*places[section] = html;
	}
	return true;
}

static bool read_sections(struct question *q)
{
	bool ok = true;
	for (size_t i = q->body_end; i < q->n_lines;) {
		int section = section_of(q, &q->lines[i]);
		assert(section >= 0); /* body_end is such a heading, and so is every `to` */
		size_t to = i + 1;
		while (to < q->n_lines && section_of(q, &q->lines[to]) < 0) {
			warn_near_heading(q, &q->lines[to]);
			to++;
		}
		ok &= read_section(q, (enum section)section, i, to);
		i = to;
	}
	return ok;
}

bool question_stem(struct question *q, size_t to)
{
	_cleanup_passage_ struct passage p = passage_of_lines(q->source, q->lines, 0, to, 0);
	if (p.text.len == 0)
		return question_error(q, "no-stem", q->at, "the question has no text before its answers");
	return markdown_render(q->md, &p, false, &q->item->stem_html, NULL);
}

/* ---- lists ---- */

size_t question_box(const struct line *l, bool *ret_key)
{
	struct str s = line_body(l);
	bool ordered = false;
	size_t marker = l->indent > 1 || (l->flags & LINE_CODE) ? 0 : list_marker(s, &ordered);
	if (!marker || ordered)
		return 0;
	struct str box = str_sub(s, marker, s.len);
	if (box.len < 3 || box.p[0] != '[' || box.p[2] != ']' || !strchr(" xX", box.p[1]) ||
	    (box.len > 3 && box.p[3] != ' ' && box.p[3] != '\t'))
		return 0;
	*ret_key = box.p[1] != ' ';
	return (size_t)(s.p - l->p) + marker + (box.len > 3 ? 4 : 3);
}

static size_t entry_marker(const struct line *l, bool ordered)
{
	bool is_ordered;
	struct str s = line_body(l);
	size_t n = l->indent > 1 ? 0 : list_marker(s, &is_ordered);
	bool inside_code = (l->flags & LINE_CODE) && !(l->flags & LINE_FENCE_OPEN);
	return n && is_ordered == ordered && !inside_code ? (size_t)(s.p - l->p) + n : 0;
}

/* The line belongs to no entry. */
static bool report_stray(struct question *q, const struct line *l)
{
	question_error(q, "text-after-answers", l->p, "this text stands after the answer part");
	diags_help(q->diags, "move it before the answers, indent it by two spaces to continue an entry, or begin '### Explanation'");
	return false;
}

bool question_entries(struct question *q, size_t from, size_t to, bool ordered, struct entry **ret, size_t *ret_n)
{
	struct entry *list = NULL;
	size_t n = 0, cap = 0;
	bool ok = true;
	for (size_t i = from; ok && i < to; i++) {
		const struct line *l = &q->lines[i];
		size_t marker = entry_marker(l, ordered);
		if (marker && n >= BANK_OPTIONS_MAX) {
			ok = question_error(q, "too-many-options", l->p, "more than %d entries", BANK_OPTIONS_MAX);
		} else if (marker) {
			list = xgrow(list, n, &cap, sizeof *list);
			list[n++] = (struct entry){i, i + 1, marker};
		} else if (n && ((l->flags & (LINE_BLANK | LINE_CODE)) || l->indent >= 2)) {
			list[n - 1].to = i + 1;
		} else {
			ok = report_stray(q, l);
		}
	}
	if (!ok) {
		free(list);
		return false;
	}
	*ret = list;
	*ret_n = n;
	return true;
}

size_t question_last_list(const struct question *q, bool ordered)
{
	size_t start = q->n_lines;
	bool open = false;
	for (size_t i = 0; i < q->body_end; i++) {
		const struct line *l = &q->lines[i];
		if (entry_marker(l, ordered)) {
			if (!open)
				start = i;
			open = true;
		} else if (!(l->flags & (LINE_BLANK | LINE_CODE)) && l->indent < 2) {
			open = false;
		}
	}
	return start;
}

/* ---- the kind ---- */

bool question_no_answer(struct question *q, const char *message, const char *help)
{
	for (size_t i = q->body_end; i < q->n_lines; i++) {
		bool key;
		if (!question_box(&q->lines[i], &key) && !kind_is_answer(&q->lines[i]))
			continue;
		question_error(q, "answers-late", q->lines[i].p, "answers after a reserved heading");
		diags_help(q->diags, "move them before '%.*s'", STR_ARG(line_str(&q->lines[q->body_end])));
		return false;
	}
	question_error(q, "no-answer", q->at, "%s", message);
	diags_help(q->diags, "%s", help);
	return false;
}

static bool has_blank_marks(const struct question *q)
{
	for (size_t i = 0; i < q->body_end; i++)
		if (!(q->lines[i].flags & LINE_CODE) && memmem(q->lines[i].p, q->lines[i].len, "{{", 2))
			return true;
	return false;
}

static bool is_arrow_list(const struct question *q)
{
	size_t from = question_last_list(q, false), at, len;
	for (size_t i = from; i < q->body_end; i++) {
		size_t marker = entry_marker(&q->lines[i], false);
		if (marker && !kind_has_arrow(str_sub(line_str(&q->lines[i]), marker, q->lines[i].len), &at, &len))
			return false;
	}
	return from < q->body_end;
}

/* No type was written: the kind follows from the answer part. */
static bool infer_kind(struct question *q)
{
	struct item *item = q->item;
	const struct yaml *y;
	size_t keys = 0, boxes = 0;
	for (size_t i = 0; i < q->body_end; i++) {
		bool key;
		if (!question_box(&q->lines[i], &key))
			continue;
		boxes++;
		keys += key;
	}
	size_t answers = kind_answer_lines(q);
	if (boxes)
		item->kind = keys > 1 || q->select == 0 || q->select > 1 ? ITEM_MULTIPLE : ITEM_SINGLE;
	else if (answers < q->body_end)
		item->kind = kind_is_numeric(q, answers) ? ITEM_NUMERIC : ITEM_TEXT;
	else if (question_field(q, "regions", &y) >= 0)
		item->kind = ITEM_HOTSPOT;
	else if (is_arrow_list(q))
		item->kind = ITEM_MATCHING;
	else if (kind_is_grid(q))
		item->kind = ITEM_GRID;
	else {
		const char *help = "add options ('- [x] …', '- [ ] …'), a line '= answer', or a type";
		if (has_blank_marks(q))
			help = "write 'type: cloze' in its fields if {{…}} are its blanks";
		else if (question_last_list(q, true) < q->body_end)
			help = "write 'type: ordering' in its fields if the numbered list is the answer";
		else if (kind_last_table(q) < q->body_end)
			help = "write 'type: grid' in its fields if the table is the answer";
		return question_no_answer(q, "the question has no answer part", help);
	}
	return true;
}

static bool read_answers(struct question *q)
{
	static bool (*const readers[ITEM_KINDS])(struct question *) = {
	    [ITEM_SINGLE] = kind_read_choice,   [ITEM_MULTIPLE] = kind_read_choice,   [ITEM_TRUE_FALSE] = kind_read_choice,
	    [ITEM_GRID] = kind_read_grid,       [ITEM_ORDERING] = kind_read_ordering, [ITEM_MATCHING] = kind_read_matching,
	    [ITEM_NUMERIC] = kind_read_numeric, [ITEM_TEXT] = kind_read_text,         [ITEM_CLOZE] = kind_read_cloze,
	    [ITEM_HOTSPOT] = kind_read_hotspot, [ITEM_ESSAY] = kind_read_essay,       [ITEM_TASK] = kind_read_task,
	};
	return readers[q->item->kind] && readers[q->item->kind](q);
}

bool question_read_text(struct question *q)
{
	for (size_t i = 0; i < q->n_lines; i++) {
		if (q->lines[i].len <= LINE_MAX_BYTES)
			continue;
		question_error(q, "long-line", q->lines[i].p, "a line of more than %d bytes", LINE_MAX_BYTES);
		diags_help(q->diags, "break it: a line end inside a paragraph is shown as a space");
		return false;
	}
	q->body_end = 0;
	while (q->body_end < q->n_lines && section_of(q, &q->lines[q->body_end]) < 0) {
		warn_near_heading(q, &q->lines[q->body_end]);
		q->body_end++;
	}
	bool ok = q->has_kind || infer_kind(q);
	if (ok)
		ok = read_answers(q);
	return read_sections(q) && ok;
}

bool question_read(struct question *q)
{
	bool ok = read_fields(q);
	return question_read_text(q) && ok;
}
