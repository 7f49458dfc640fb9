/* R/exams exercises without R code: in Markdown ("Question", "Answerlist", "Solution" and "Meta-information" under lines of = and -), and
 * in LaTeX (environments of these names, and commands like \extype{}). */
#include "bank/exchange/intake.h"
#include "bank/exchange/latex.h"

#define LIST_MAX 64

struct exercise {
	struct intake *in;
	struct plain *q;
	struct buf question, solution;
	struct strings options, feedback; /* Markdown or HTML, as it says: */
	bool latex;
	struct str type, solution_key, tolerance, name, section, shuffle;
};

static bool is_rule(struct str line, char c)
{
	line = str_trim(line);
	for (size_t i = 0; i < line.len; i++)
		if (line.p[i] != c)
			return false;
	return line.len >= 3;
}

/* The entries of an Answerlist: "* text", with what is indented below. */
static void add_entry(struct strings *list, struct str line)
{
	struct str s = str_trim(line);
	bool begins = s.len > 1 && (s.p[0] == '*' || s.p[0] == '-') && s.p[1] == ' ' && line.p[0] == s.p[0];
	if (begins && list->n < LIST_MAX) {
		strings_add(list, str_dup(str_trim(str_sub(s, 2, s.len))));
	} else if (list->n && s.len) {
		char *longer = xasprintf("%s\n%.*s", list->list[list->n - 1], STR_ARG(s));
		free(list->list[list->n - 1]);
		list->list[list->n - 1] = longer;
	}
}

static void take_field(struct exercise *e, struct str name, struct str value)
{
	static const char *const names[] = {"extype", "exsolution", "extol", "exname", "exsection", "exshuffle", "extitle"};
	struct str *places[] = {&e->type, &e->solution_key, &e->tolerance, &e->name, &e->section, &e->shuffle, &e->name};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_is(name, names[i]))
			*places[i] = str_trim(value);
}

static void take_line(struct exercise *e, struct str line)
{
	const char *colon = memchr(line.p, ':', line.len);
	if (colon)
		take_field(e, str_trim(str_sub(line, 0, (size_t)(colon - line.p))), str_sub(line, (size_t)(colon - line.p) + 1, line.len));
}

static void read_parts(struct exercise *e, struct str text)
{
	enum { BEFORE, QUESTION, QUESTION_LIST, SOLUTION, SOLUTION_LIST, META } part = BEFORE;
	struct str line, next = {"", 0}, rest = text;
	bool more = str_next_line(&rest, &line);
	while (more) {
		bool follows = str_next_line(&rest, &next);
		struct str s = str_trim(line);
		bool head = follows && (is_rule(next, '=') || is_rule(next, '-'));
		bool known = true;
		if (head && str_is(s, "Question"))
			part = QUESTION;
		else if (head && str_is(s, "Solution"))
			part = SOLUTION;
		else if (head && str_is(s, "Meta-information"))
			part = META;
		else if (head && str_is(s, "Answerlist") && part != BEFORE)
			part = part >= SOLUTION ? SOLUTION_LIST : QUESTION_LIST;
		else
			known = false;
		if (known) {
			more = str_next_line(&rest, &line);
			continue;
		}
		if (part == QUESTION || part == SOLUTION) {
			struct buf *to = part == QUESTION ? &e->question : &e->solution;
			buf_addv(to, line);
			buf_addc(to, '\n');
		} else if (part == QUESTION_LIST || part == SOLUTION_LIST) {
			add_entry(part == QUESTION_LIST ? &e->options : &e->feedback, line);
		} else if (part == META) {
			take_line(e, line);
		}
		line = next;
		more = follows;
	}
}

static char *text_of(struct exercise *e, struct str s, bool option)
{
	return e->latex ? intake_html(e->in, s, option) : intake_markdown(e->in, s, option);
}

/* "0100", or "2" and "b" as R/exams allows. */
static void take_keys(struct exercise *e)
{
	struct plain *q = e->q;
	struct str s = e->solution_key;
	for (size_t i = 0; i < e->options.n; i++) {
		struct plain_option *o = plain_add_option(&q->options, text_of(e, str_of(e->options.list[i]), true));
		o->key = i < s.len && s.p[i] == '1';
		if (i < e->feedback.n)
			plain_set(&o->feedback, text_of(e, str_of(e->feedback.list[i]), false));
	}
	bool binary = s.len == e->options.n;
	for (size_t i = 0; i < s.len; i++)
		binary &= s.p[i] == '0' || s.p[i] == '1';
	if (!binary)
		(void)plain_reject(q, "its exsolution '%.*s' does not say 0 or 1 for each option", (int)str_cut(s, 60).len, s.p);
	if (str_is(e->type, "mchoice"))
		q->kind = ITEM_MULTIPLE;
	(void)plain_choice(q);
}

static void take_number(struct exercise *e)
{
	double v, t = 0;
	e->q->kind = ITEM_NUMERIC;
	if (!str_to_double(e->solution_key, &v) || (e->tolerance.len && !str_to_double(e->tolerance, &t)) || t < 0)
		(void)plain_reject(e->q, "its exsolution or extol is no number");
	else
		strings_add(&e->q->numbers, plain_number(v - t, v + t, NULL));
}

/* R code, in a block or in a line: where it begins, or NULL. */
static const char *find_code(struct str text, bool latex)
{
	static const char *const markdown[] = {"```{r", "```{R", "`r "};
	struct str rest = text, line;
	const char *first = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(markdown) && !latex; i++) {
		const char *at = memmem(text.p, text.len, markdown[i], strlen(markdown[i]));
		first = at && (!first || at < first) ? at : first;
	}
	while (!first && str_next_line(&rest, &line)) {
		const char *inside = latex ? memmem(line.p, line.len, "\\Sexpr{", 7) : NULL;
		if (str_starts(line, "<<") && memmem(line.p, line.len, ">>=", 3))
			first = line.p;
		else if (inside)
			first = inside;
	}
	return first;
}

/* ---- LaTeX ---- */

/* Text, and what an answerlist in it holds. */
static void read_environment(struct exercise *e, struct str tex, struct buf *text, struct strings *list)
{
	struct str rest = {0}, before = tex, entries = latex_environment(tex, "answerlist", &rest);
	if (entries.p) {
		const char *begin = memmem(tex.p, tex.len, "\\begin{answerlist}", 18);
		before = str_sub(tex, 0, (size_t)(begin - tex.p));
	}
	latex_to_html(e->q, before, text);
	if (str_trim(rest).len)
		latex_to_html(e->q, rest, text);
	static const char item[] = "\\item";
	const char *from = entries.p ? memmem(entries.p, entries.len, item, strlen(item)) : NULL;
	while (from && list->n < LIST_MAX) {
		struct str s = str_sub(entries, (size_t)(from - entries.p) + strlen(item), entries.len);
		const char *next = memmem(s.p, s.len, item, strlen(item));
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		latex_to_html(e->q, str_sub(s, 0, next ? (size_t)(next - s.p) : s.len), &html);
		strings_add(list, str_dup(buf_str(&html)));
		from = next;
	}
}

/* "\extype{schoice}", perhaps as a comment. */
static void read_commands(struct exercise *e, struct str text)
{
	for (const char *at; (at = memmem(text.p, text.len, "\\ex", 3));) {
		size_t n = 1;
		text = str_sub(text, (size_t)(at - text.p), text.len);
		while (n < text.len && text.p[n] >= 'a' && text.p[n] <= 'z')
			n++;
		struct str name = str_sub(text, 1, n), value = latex_argument(str_sub(text, n, n + 4096));
		if (value.p)
			take_field(e, name, value);
		text = str_sub(text, n, text.len);
	}
}

static void read_latex(struct exercise *e, struct str text)
{
	struct str rest = text, part = latex_environment(text, "question", &rest);
	e->latex = true;
	if (part.p)
		read_environment(e, part, &e->question, &e->options);
	part = latex_environment(text, "solution", &rest);
	if (part.p)
		read_environment(e, part, &e->solution, &e->feedback);
	read_commands(e, rest);
}

/* ---- an exercise ---- */

void rexams_read(struct intake *in, struct str text)
{
	const char *latex = memmem(text.p, text.len, "\\begin{question}", 16), *code = find_code(text, latex != NULL);
	size_t size = text.len * 12 + 1024; /* of HTML at most */
	struct exercise e = {.in = in, .q = intake_add(in, 1), .question = BUF(size), .solution = BUF(size)};
	struct plain *q = e.q;
	if (code) {
		q->line = line_of(text, code);
		(void)plain_reject(q, "R code makes it: nothing of a source is executed");
	}
	if (latex)
		read_latex(&e, text);
	else
		read_parts(&e, text);
	plain_set(&q->stem, text_of(&e, buf_str(&e.question), false));
	plain_set(&q->explanation, text_of(&e, buf_str(&e.solution), false));
	plain_set(&q->title, e.name.len ? str_dup(str_cut(e.name, 400)) : NULL);
	if (e.section.len)
		intake_category(q, e.section);
	q->fixed = str_eq_nocase(e.shuffle, STR("FALSE"));
	if (!q->stem)
		(void)plain_reject(q, "it has no text under 'Question'");
	if (!e.solution_key.len)
		(void)plain_reject(q, "it has no key: exsolution is missing");
	if (str_is(e.type, "schoice") || str_is(e.type, "mchoice")) {
		take_keys(&e);
	} else if (str_is(e.type, "num")) {
		take_number(&e);
	} else if (str_is(e.type, "string")) {
		q->kind = ITEM_TEXT;
		if (e.solution_key.len)
			plain_add_text(&q->texts, str_dup(e.solution_key));
	} else {
		(void)plain_reject(q, "exercises of the type '%.*s' cannot be expressed", (int)str_cut(e.type, 40).len, e.type.p);
	}
	buf_finish(&e.question);
	buf_finish(&e.solution);
	strings_finish(&e.options);
	strings_finish(&e.feedback);
}
