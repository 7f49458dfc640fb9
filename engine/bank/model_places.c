/* Questions as forms: where the fields stand in the text, so that a form shows a mistake at its field. See model.h. */
#include "bank/load.h"
#include "bank/model_parts.h"

struct places {
	const char *from; /* the first byte of line `line` */
	int line;
	cJSON *list;
};

static int line_at(const struct places *pl, const char *p)
{
	int line = pl->line;
	for (const char *at = pl->from; at < p && (at = memchr(at, '\n', (size_t)(p - at))); at++)
		line++;
	return line;
}

/* `index` -1: the field has no entries. */
static void add(struct places *pl, const char *field, int index, struct str s)
{
	if (!s.p || !s.len)
		return;
	cJSON *place = json_object();
	json_set_str(place, "field", field);
	json_set(place, "index", index < 0 ? cJSON_CreateNull() : cJSON_CreateNumber(index));
	json_set_i64(place, "line", line_at(pl, s.p));
	json_set_i64(place, "end_line", line_at(pl, s.p + s.len - 1));
	json_add(pl->list, place);
}

static void add_options(struct places *pl, struct str answers)
{
	struct lines lines = {0};
	lines_split(answers, &lines);
	int n = 0;
	for (size_t i = 0, end; i < lines.n; i = end) {
		end = model_entry_end(&lines, i);
		struct str last = line_str(&lines.list[end - 1]);
		add(pl, "options", n++, (struct str){lines.list[i].p, (size_t)(last.p + last.len - lines.list[i].p)});
	}
	free(lines.list);
}

static void add_typed(struct places *pl, struct str answers)
{
	struct str line;
	int n = 0;
	while (str_next_line(&answers, &line))
		if (str_trim(line).len)
			add(pl, "answers", n++, line);
}

cJSON *model_places(struct str text, const struct outline *o, size_t index, const char *kind)
{
	static const char *const sections[] = {"explanation", "references", "hints", "rubric"};
	const struct outline_entry *e = &o->list[index];
	_cleanup_model_parts_ struct model_parts p;
	model_cut(text, o, index, kind, &p);
	struct places pl = {.from = o->alone ? text.p : text.p + e->from, .line = o->alone ? 1 : e->line, .list = json_array()};
	struct str yaml = p.has_fields ? p.fields : p.front;
	for (size_t i = 0; i < n_question_fields; i++) {
		struct str line = {0};
		if (model_field(yaml, question_fields[i], &line).p)
			add(&pl, question_fields[i], -1, line);
	}
	add(&pl, "title", -1, p.heading);
	add(&pl, "params", -1, p.params);
	add(&pl, "stem", -1, p.stem);
	if (p.sort == ANSWERS_TYPED)
		add_typed(&pl, p.answers);
	else if (p.sort == ANSWERS_RAW)
		add(&pl, "answer_text", -1, p.answers);
	else
		add_options(&pl, p.answers);
	int hints = 0;
	for (size_t i = 0; i < p.n_sections; i++) {
		enum model_section s = p.sections[i].kind;
		if (s < SECTION_OTHER)
			add(&pl, sections[s], s == SECTION_HINT ? hints++ : -1, p.sections[i].all);
	}
	return pl.list;
}
