/* Markdown of practice-question collections on Git hosts, in its three dialects:
 *
 *   ### Question?              1. Question?                  #### Q1. Question?
 *   - [ ] wrong                   - A. one                   - [ ] A
 *   - [x] right                   - B. two                     (a code block)
 *                                 <details>…Answer: B        - [x] B
 *
 * A question begins at a heading or a number; what follows is its text until the first option, then options with what is indented below
 * them or, as a code block, stands behind them; what follows the options explains. A heading without options is a section, unless it asks
 * (ends in "?"): then it is a question that is rejected. See tasklist_marks.c for the lines. */
#include "bank/exchange/tasklist.h"

#define PART_MAX (1u << 20)

struct reader {
	struct intake *in;
	struct str *lines;
	bool *code; /* the line is inside a code block, or its fence */
	size_t n;
	char *section;
	int section_level, question_level;
	struct buf references;
};

/* A question being put together. */
struct parts {
	struct plain *q;
	struct buf stem, option, after;
	struct str answer;
	bool in_option, has_option, box, fenced, gap, key, has_answer, in_answer;
	bool code_mine; /* the code block belongs to the option */
	int heading;    /* level of the heading it began with; 0: a number */
	int indent;
};

static size_t indent_of(struct str line)
{
	size_t n = 0;
	while (n < line.len && (line.p[n] == ' ' || line.p[n] == '\t'))
		n++;
	return n;
}

/* The line without up to n spaces. */
static struct str dedent(struct str line, size_t n)
{
	size_t have = indent_of(line);
	return str_sub(line, have < n ? have : n, line.len);
}

static void find_code(struct reader *r)
{
	char fence = 0;
	for (size_t i = 0; i < r->n; i++) {
		struct str s = str_trim(r->lines[i]), rest = s;
		struct mark m;
		if (!fence && mark_option(s, &m))
			rest = m.text; /* "- [ ] ```" */
		bool opens = str_starts(rest, "```") || str_starts(rest, "~~~");
		if (!fence && opens && !memchr(rest.p + 3, '`', rest.len - 3)) {
			fence = rest.p[0];
			r->code[i] = rest.p == s.p;
		} else if (fence) {
			r->code[i] = true;
			if (s.len >= 3 && s.p[0] == fence && s.p[1] == fence && s.p[2] == fence && !str_trim(str_sub(s, 3, s.len)).len)
				fence = 0;
		}
	}
}

/* Whether an option follows line i before the next question begins. */
static bool has_options(const struct reader *r, size_t i, bool numbered)
{
	struct mark m;
	struct str text;
	int level;
	bool numbers = false;
	for (size_t k = i + 1; k < r->n; k++) {
		if (r->code[k])
			continue;
		bool number = indent_of(r->lines[k]) < 2 && mark_number(str_trim(r->lines[k]), &text);
		if (mark_heading(r->lines[k], &level, &text) || (numbered && number))
			return false;
		numbers |= number;
		if (mark_option(r->lines[k], &m) && (m.is_box || m.letter == 0))
			return m.is_box || !numbers; /* letters below a number are that one's */
	}
	return false;
}

static bool asks(struct str text)
{
	while (text.len && strchr("*_ ", text.p[text.len - 1]))
		text.len--;
	return str_ends(text, "?") && !mark_is_link(text);
}

/* ---- the parts of a question ---- */

static void add_line(struct buf *out, struct str line)
{
	if (out->len)
		buf_addc(out, '\n');
	buf_addv(out, line);
}

static void end_option(struct parts *p, struct intake *in)
{
	if (!p->in_option)
		return;
	plain_add_option(&p->q->options, intake_markdown(in, buf_str(&p->option), true))->key = p->key;
	buf_clear(&p->option);
	p->in_option = false;
}

/* The words of HTML that wrap answers: <details>, <summary>; *line is what is left of it. True: an answer follows. */
static bool take_details(struct str *line, struct buf *scratch)
{
	bool answer = false;
	struct str s = *line;
	if (!memmem(s.p, s.len, "<details", 8) && !memmem(s.p, s.len, "</details", 9) && !memmem(s.p, s.len, "summary>", 8) &&
	    !memmem(s.p, s.len, "<summary", 8))
		return false;
	buf_clear(scratch);
	while (s.len) {
		static const char *const tags[] = {"<details", "</details", "<summary", "</summary"};
		bool tag = false;
		for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
			tag |= str_starts(s, tags[i]);
		const char *end = tag ? memchr(s.p, '>', s.len) : NULL;
		answer |= str_starts(s, "<summary");
		if (end) {
			s = str_sub(s, (size_t)(end - s.p) + 1, s.len);
			buf_addc(scratch, ' ');
			continue;
		}
		buf_addc(scratch, s.p[0]);
		s = str_sub(s, 1, s.len);
	}
	*line = str_trim(buf_str(scratch));
	return answer;
}

static bool says_answer(struct str s)
{
	struct str rest;
	static const char *const words[] = {"Show answer",     "Show",        "Answer",       "Answers", "Solution",
	                                    "Click to reveal", "View answer", "Reveal answer"};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (str_eq_nocase(s, str_of(words[i])))
			return true;
	return mark_answer(s, &rest) && !rest.len;
}

/* An answer, with or without its word; false: the line is something else. */
static bool take_answer(struct parts *p, struct intake *in, struct str line, bool bare)
{
	struct str rest = line, more;
	bool said = mark_answer(line, &rest);
	if ((!said && !bare) || p->has_answer)
		return false;
	end_option(p, in);
	if (said && !rest.len) {
		p->in_answer = true;
		return true;
	}
	bool had_keys = false, before[BANK_OPTIONS_MAX] = {false};
	for (size_t i = 0; i < p->q->options.n && i < BANK_OPTIONS_MAX; i++)
		had_keys |= before[i] = p->q->options.list[i].key;
	if (!mark_take_keys(p->q, rest, &more)) {
		if (!said || had_keys)
			return false;
		(void)plain_reject(p->q, "its answer '%.*s' names none of its options", (int)str_cut(rest, 60).len, rest.p);
		p->has_answer = true;
		return true;
	}
	for (size_t i = 0; i < p->q->options.n && had_keys && i < BANK_OPTIONS_MAX; i++)
		if (before[i] != p->q->options.list[i].key)
			(void)plain_reject(p->q, "its boxes and its answer say different things");
	p->has_answer = true;
	p->in_answer = false;
	if (more.len)
		add_line(&p->after, more);
	return true;
}

static void begin_option(struct parts *p, struct intake *in, const struct mark *m)
{
	if (p->in_option && p->after.len) { /* it was between two options after all */
		add_line(&p->option, (struct str){"", 0});
		add_line(&p->option, buf_str(&p->after));
		buf_clear(&p->after);
	}
	end_option(p, in);
	buf_addv(&p->option, m->text);
	p->key = m->key;
	p->in_option = p->has_option = true;
	p->box = m->is_box;
	p->gap = false;
}

static bool is_option(const struct parts *p, struct str line, struct mark *m)
{
	if (!mark_option(line, m))
		return false;
	if (m->is_box)
		return !p->has_option || p->box;
	int due = (int)(p->q->options.n + p->in_option);
	return m->letter == due && !(p->has_option && p->box);
}

static void take_line(struct parts *p, struct reader *r, size_t i, struct buf *scratch)
{
	struct str line = r->lines[i], s = str_trim(line);
	struct mark m;
	if (r->code[i]) {
		if (!i || !r->code[i - 1]) /* once for the block: it looks ahead */
			p->code_mine = p->in_option && (!p->gap || indent_of(line) >= 2 || p->fenced || has_options(r, i, false));
		bool mine = p->code_mine;
		p->fenced |= mine;
		add_line(mine && !p->after.len ? &p->option
		         : p->has_option       ? &p->after
		                               : &p->stem,
		         dedent(line, mine ? indent_of(line) < 6 ? indent_of(line) : 6 : (size_t)p->indent));
		return;
	}
	if (!s.len) {
		p->gap = true;
		add_line(p->after.len || p->in_answer || p->has_answer ? &p->after : p->in_option ? &p->option : &p->stem, s);
		return;
	}
	if (mark_is_stray(line) || mark_is_definition(line))
		return;
	bool summary = take_details(&s, scratch);
	if (summary && says_answer(s)) {
		end_option(p, r->in);
		p->in_answer = true;
		return;
	}
	if (!s.len || (p->has_option && take_answer(p, r->in, s, p->in_answer)))
		return;
	if (!p->in_answer && !p->has_answer && is_option(p, s, &m)) {
		begin_option(p, r->in, &m);
		return;
	}
	bool inside = p->in_option && !p->after.len && (!p->gap || indent_of(line) >= 2 + (size_t)p->indent);
	if (inside)
		add_line(&p->option, s);
	else
		add_line(p->has_option || p->in_answer ? &p->after : &p->stem, dedent(line, p->has_option ? 8 : (size_t)p->indent));
	p->gap = p->gap && !inside;
}

/* Splits what follows the options: links to references, the rest explains. */
static void take_after(struct parts *p, struct intake *in)
{
	_cleanup_buf_ struct buf text = BUF(p->after.len + 1), references = BUF(p->after.len * 2 + 64);
	struct str rest = buf_str(&p->after), line;
	bool code = false;
	while (str_next_line(&rest, &line)) {
		struct str s = str_trim(line);
		code ^= str_starts(s, "```");
		if (!code && s.len && mark_is_reference(line)) {
			buf_adds(&references, "- ");
			buf_addv(&references, str_starts(s, "- ") ? str_sub(s, 2, s.len) : s);
			buf_addc(&references, '\n');
		} else {
			struct str label = s;
			while (label.len && strchr("*_> ", label.p[0]))
				label = str_sub(label, 1, label.len);
			if (!text.len && str_eq_nocase(str_sub(label, 0, 12), STR("explanation:")))
				line = str_trim(str_sub(label, str_starts(str_sub(label, 12, label.len), "**") ? 14 : 12, label.len));
			add_line(&text, line);
		}
	}
	plain_set(&p->q->explanation, intake_markdown(in, buf_str(&text), false));
	plain_set(&p->q->references, intake_markdown(in, buf_str(&references), false));
}

/* "- [x] A. text": letters that only count are left out. */
static void drop_letters(struct plain *q)
{
	struct mark m;
	for (size_t i = 0; i < q->options.n; i++)
		if (!mark_option(str_of(q->options.list[i].text), &m) || m.is_box || m.letter != (int)i || !m.text.len)
			return;
	for (size_t i = 0; i < q->options.n; i++) {
		(void)mark_option(str_of(q->options.list[i].text), &m);
		char *text = str_dup(m.text);
		plain_set(&q->options.list[i].text, text);
	}
}

static bool is_picture_alone(struct str s)
{
	s = str_trim(s);
	return str_starts(s, "![") && s.p[s.len - 1] == ')' && !memchr(s.p, '\n', s.len) && !memmem(s.p + 1, s.len - 1, "![", 2);
}

static void end_question(struct parts *p, struct reader *r)
{
	struct plain *q = p->q;
	if (p->stem.overflow || p->option.overflow || p->after.overflow)
		(void)plain_reject(q, "it is larger than %u KiB", PART_MAX >> 10);
	end_option(p, r->in);
	plain_set(&q->stem, intake_markdown(r->in, buf_str(&p->stem), false));
	if (!q->stem)
		(void)plain_reject(q, "it has no text");
	else if (is_picture_alone(buf_str(&p->stem)) && q->losses.n)
		(void)plain_reject(q, "its text is a picture that is not there");
	drop_letters(q);
	take_after(p, r->in);
	(void)plain_choice(q);
	for (size_t i = 0; i < q->options.n; i++)
		if (!str_trim(str_of(q->options.list[i].text)).len)
			(void)plain_reject(q, "one of its options is empty");
	buf_finish(&p->stem);
	buf_finish(&p->option);
	buf_finish(&p->after);
}

static void begin_question(struct parts *p, struct reader *r, size_t i, struct str text, int heading)
{
	*p = (struct parts){.stem = BUF(PART_MAX), .option = BUF(PART_MAX), .after = BUF(PART_MAX), .heading = heading};
	p->q = intake_add(r->in, (int)i + 1);
	p->indent = heading ? 0 : 4;
	if (r->section)
		intake_category(p->q, str_of(r->section));
	buf_addv(&p->stem, mark_without_number(text));
	if (heading)
		buf_addc(&p->stem, '\n');
}

/* A heading above questions: where they belong. '/' is no path here. */
static void enter_section(struct reader *r, struct str text, int level)
{
	free(r->section);
	r->section = NULL;
	r->section_level = level;
	_cleanup_free_ char *plain = html_plain(text);
	struct str s = str_trim(mark_without_number(str_of(plain)));
	bool contents = str_eq_nocase(s, STR("Table of Contents")) || str_eq_nocase(s, STR("Contents")) || str_eq_nocase(s, STR("TOC")) ||
	                str_eq_nocase(s, STR("Questions"));
	if (level < 2 || !s.len || contents)
		return;
	_cleanup_buf_ struct buf name = BUF(s.len * 2 + 1);
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '/')
			buf_addc(&name, '/');
		if (!strchr("*`", s.p[i]))
			buf_addc(&name, s.p[i]);
	}
	r->section = buf_take(&name, NULL);
}

static size_t front_matter(const struct reader *r)
{
	if (!r->n || !str_is(str_trim(r->lines[0]), "---"))
		return 0;
	for (size_t i = 1; i < r->n && i < 200; i++)
		if (str_is(str_trim(r->lines[i]), "---"))
			return i + 1;
	return 0;
}

static void read_lines(struct reader *r)
{
	struct parts p = {0};
	_cleanup_buf_ struct buf scratch = BUF(1u << 20);
	for (size_t i = front_matter(r); i < r->n; i++) {
		struct str line = r->lines[i], text;
		int level = 0;
		bool heading = !r->code[i] && mark_heading(line, &level, &text);
		bool numbered = !heading && !r->code[i] && indent_of(line) < 2 && (!p.q || !p.heading || p.has_answer || !p.has_option) &&
		                !(p.q && p.heading && !p.has_option) && mark_number(str_trim(line), &text) && !mark_is_link(text);
		bool options = (heading || numbered) && has_options(r, i, numbered);
		bool begins = (heading || numbered) && (options || (asks(text) && (heading || !p.q || !p.heading)));
		if (heading && !begins && p.q && !p.has_option && level > p.heading && p.heading)
			heading = false; /* a small heading in a question's text */
		if ((heading || begins) && p.q) {
			end_question(&p, r);
			p.q = NULL;
		}
		if (begins)
			begin_question(&p, r, i, text, level);
		else if (heading)
			enter_section(r, text, level);
		else if (p.q)
			take_line(&p, r, i, &scratch);
	}
	if (p.q)
		end_question(&p, r);
}

void tasklist_read(struct intake *in, struct str text)
{
	struct reader r = {.in = in, .references = BUF(text.len + 1)};
	size_t cap = 0;
	struct str line;
	while (str_next_line(&text, &line)) {
		r.lines = xgrow(r.lines, r.n, &cap, sizeof *r.lines);
		r.lines[r.n++] = line;
	}
	r.code = xcalloc(r.n + 1, sizeof *r.code);
	find_code(&r);
	for (size_t i = 0; i < r.n; i++)
		if (!r.code[i] && mark_is_definition(r.lines[i]) && r.references.len < (1u << 16)) {
			buf_addv(&r.references, str_trim(r.lines[i]));
			buf_addc(&r.references, '\n');
		}
	in->references = buf_str(&r.references);
	read_lines(&r);
	in->references = (struct str){0};
	buf_finish(&r.references);
	free(r.section);
	free(r.lines);
	free(r.code);
}
