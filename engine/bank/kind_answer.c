/* Answer parts that are typed: numeric and text ("= …", "~ …"), cloze ("{{…}}"). */
#include "bank/question.h"
#include "bank/unit.h"
#include "base/mem.h"
#include <math.h>
#include <stdio.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define ANSWERS_MAX 64
#define ANSWER_LEN_MAX 1000
#define CODE_RUN_MAX 32 /* md4c's own limit: longer runs of backticks never make code */

static bool is_answer(const struct line *l)
{
	return !(l->flags & LINE_CODE) && l->indent == 0 && l->len > 1 && (l->p[0] == '=' || l->p[0] == '~') && l->p[1] == ' ';
}

size_t kind_answer_lines(const struct question *q)
{
	size_t i = 0;
	while (i < q->body_end && !is_answer(&q->lines[i]))
		i++;
	return i;
}

static struct str answer_of(const struct line *l)
{
	return str_trim(str_sub(line_str(l), 2, l->len));
}

/* ---- numbers ---- */

char *kind_stand_in(struct str s)
{
	char *out = xmalloc(s.len + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.len;) {
		size_t mark = question_mark(s.p + i, s.len - i);
		out[n++] = mark ? '1' : s.p[i];
		i += mark ? mark : 1;
	}
	out[n] = 0;
	return out;
}

struct number_parts {
	double value, tolerance, hi;
	bool range, relative;
	const struct unit *unit, *tolerance_unit;
	bool has_tolerance, bad_percent, mixed_units;
};

/* A number off the front; false if there is none. A typographic minus counts. */
static bool take_number(struct str *s, double *ret)
{
	char digits[64];
	size_t n = 0, i = 0;
	*s = str_trim(*s);
	if (str_starts(*s, "\xe2\x88\x92")) {
		digits[n++] = '-';
		i = 3;
	}
	while (i < s->len && n < sizeof digits) {
		char c = s->p[i];
		bool exponent = (c == 'e' || c == 'E') && n && i + 1 < s->len && strchr("0123456789+-", s->p[i + 1]);
		bool sign = (c == '+' || c == '-') && (n == 0 || digits[n - 1] == 'e' || digits[n - 1] == 'E');
		if (!(c >= '0' && c <= '9') && c != '.' && !exponent && !sign)
			break;
		digits[n++] = c;
		i++;
	}
	if (n == sizeof digits || !str_to_double((struct str){digits, n}, ret))
		return false;
	*s = str_trim(str_sub(*s, i, s->len));
	return true;
}

/* A unit off the front, if there is one. */
static const struct unit *take_unit(struct str *s)
{
	size_t n = 0;
	while (n < s->len && s->p[n] != ' ' && s->p[n] != ',' && s->p[n] != ']' && s->p[n] != '+' && (unsigned char)s->p[n] != 0xc2)
		n++;
	const struct unit *unit = unit_find(str_sub(*s, 0, n));
	if (unit)
		*s = str_trim(str_sub(*s, n, s->len));
	return unit;
}

static bool parse_range(struct str s, struct number_parts *n)
{
	s = str_sub(s, 1, s.len);
	if (!take_number(&s, &n->value))
		return false;
	n->unit = take_unit(&s);
	if (!str_starts(s, ","))
		return false;
	s = str_sub(s, 1, s.len);
	if (!take_number(&s, &n->hi))
		return false;
	const struct unit *second = take_unit(&s);
	if (!str_starts(s, "]"))
		return false;
	s = str_trim(str_sub(s, 1, s.len));
	const struct unit *third = take_unit(&s);
	n->mixed_units = (n->unit && n->unit != second) || (second && third);
	n->unit = n->unit ? n->unit : second ? second : third;
	n->range = true;
	return s.len == 0;
}

/* number [unit] [(+-|±) number [% | unit]], or [number, number] [unit]. */
static bool parse_number(struct str s, struct number_parts *n)
{
	*n = (struct number_parts){0};
	s = str_trim(s);
	if (str_starts(s, "["))
		return parse_range(s, n);
	if (!take_number(&s, &n->value))
		return false;
	n->unit = take_unit(&s);
	size_t sign = str_starts(s, "+-") || str_starts(s, "\xc2\xb1") ? 2 : str_starts(s, "+/-") ? 3 : 0;
	if (!sign)
		return s.len == 0;
	s = str_sub(s, sign, s.len);
	n->has_tolerance = true;
	if (!take_number(&s, &n->tolerance))
		return false;
	const struct unit *unit = take_unit(&s);
	bool percent = unit && strcmp(unit->name, "%") == 0;
	n->bad_percent = percent && n->unit == unit;
	n->relative = percent;
	if (!percent && unit && !n->unit)
		n->unit = unit;
	n->tolerance_unit = percent || !unit ? n->unit : unit;
	return s.len == 0;
}

static bool looks_numeric(struct str answer)
{
	_cleanup_free_ char *text = kind_stand_in(answer);
	struct number_parts n;
	return parse_number(str_of(text), &n);
}

bool kind_is_numeric(const struct question *q, size_t from)
{
	for (size_t i = from; i < q->body_end; i++) {
		const struct line *l = &q->lines[i];
		if (is_answer(l) && (l->p[0] == '~' || !looks_numeric(answer_of(l))))
			return false;
	}
	return true;
}

/* Outwards by a billionth: binary numbers do not hit decimal ends exactly. */
static void widen(struct item_number *number)
{
	double slack = 1e-9 * fmax(fabs(number->lo), fabs(number->hi));
	number->lo -= slack;
	number->hi += slack;
}

static bool add_number(struct question *q, const struct number_parts *n, const char *at)
{
	double factor = n->unit ? n->unit->factor : 1, lo = n->value * factor, hi = n->range ? n->hi * factor : lo;
	if (n->bad_percent) {
		question_error(q, "number", at, "'%%' after +- is relative, and the answer is in percent too: that can be read two ways");
		diags_help(q->diags, "write a range: = [48, 52] %%");
		return false;
	}
	bool families = n->tolerance_unit && n->unit && n->tolerance_unit->family != n->unit->family;
	if (n->mixed_units || families)
		return question_error(q, "number", at, "units that do not go together");
	if (n->has_tolerance) {
		double tolerance = n->relative ? fabs(lo) * n->tolerance / 100 : n->tolerance * (n->tolerance_unit ? n->tolerance_unit->factor : 1);
		if (tolerance < 0)
			return question_error(q, "number", at, "a tolerance below zero");
		lo -= tolerance;
		hi += tolerance;
	}
	if (lo > hi && !q->is_template)
		return question_error(q, "number", at, "the range ends before it begins");
	if (!isfinite(lo) || !isfinite(hi))
		return question_error(q, "number", at, "the number is too large");
	struct item *item = q->item;
	item->numbers = xrealloc(item->numbers, item->n_numbers + 1, sizeof *item->numbers);
	struct item_number *number = &item->numbers[item->n_numbers++];
	*number = (struct item_number){.lo = lo, .hi = hi, .unit = n->unit ? xstrdup(n->unit->name) : NULL};
	widen(number);
	return true;
}

/* The whole family of the units in the answers, to pick from. */
static bool set_units(struct question *q)
{
	struct item *item = q->item;
	const struct unit *first = item->numbers[0].unit ? unit_find(str_of(item->numbers[0].unit)) : NULL;
	for (size_t i = 1; i < item->n_numbers; i++) {
		const struct unit *u = item->numbers[i].unit ? unit_find(str_of(item->numbers[i].unit)) : NULL;
		if ((u == NULL) != (first == NULL) || (u && u->family != first->family))
			return question_error(q, "number", q->at, "the answers' units do not go together");
	}
	if (!first)
		return true;
	size_t n;
	const struct unit *all = unit_list(&n);
	item->units = xcalloc(n, sizeof *item->units);
	for (size_t i = 0; i < n; i++)
		if (all[i].family == first->family)
			item->units[item->n_units++] = xstrdup(all[i].name);
	return true;
}

static bool check_answer_lines(struct question *q, size_t start)
{
	if (start >= q->body_end) {
		question_error(q, "no-answer", q->at, "a question of type %s needs a line '= answer'", item_kind_name(q->item->kind));
		return false;
	}
	size_t n = 0;
	for (size_t i = start; i < q->body_end; i++) {
		const struct line *l = &q->lines[i];
		if (l->flags & LINE_BLANK)
			continue;
		if (!is_answer(l)) {
			question_error(q, "text-after-answers", l->p, "this text stands after the answer part");
			diags_help(q->diags, "answers are lines that begin with '= ' or '~ '; move other text before them");
			return false;
		}
		if (++n > ANSWERS_MAX)
			return question_error(q, "too-many-options", l->p, "more than %d answers", ANSWERS_MAX);
		if (l->len > ANSWER_LEN_MAX)
			return question_error(q, "answer-long", l->p, "an answer of more than %d bytes", ANSWER_LEN_MAX);
	}
	return true;
}

bool kind_read_numeric(struct question *q)
{
	size_t start = kind_answer_lines(q);
	bool ok = question_stem(q, start < q->body_end ? start : q->body_end);
	if (!check_answer_lines(q, start))
		return false;
	for (size_t i = start; i < q->body_end; i++) {
		const struct line *l = &q->lines[i];
		if (l->flags & LINE_BLANK)
			continue;
		if (l->p[0] == '~') {
			ok = question_error(q, "number", l->p, "a numeric question has no partly right answers");
			continue;
		}
		struct str answer = answer_of(l);
		_cleanup_free_ char *stand_in = q->is_template ? kind_stand_in(answer) : NULL;
		struct number_parts n;
		if (!parse_number(stand_in ? str_of(stand_in) : answer, &n)) {
			ok = question_error(q, "number", answer.p, "'%.*s' is not a number that can be checked", STR_ARG(answer));
			diags_help(q->diags, "for example: = 3.14 +- 0.01, = 250 +- 2%%, = [3.1, 3.2], = 10 GiB");
			continue;
		}
		ok &= add_number(q, &n, answer.p);
	}
	return ok && set_units(q);
}

/* ---- texts ---- */

static struct item_text *add_text(struct item_text **list, size_t *n)
{
	*list = xrealloc(*list, *n + 1, sizeof **list);
	struct item_text *t = &(*list)[(*n)++];
	*t = (struct item_text){.credit_m = 1000};
	return t;
}

/* PCRE2's flags are those of marking: the whole answer must match. */
static bool check_regex(struct question *q, const struct item_text *t, const char *at)
{
	int code;
	PCRE2_SIZE offset;
	uint32_t flags = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | (t->ignore_case ? PCRE2_CASELESS : 0);
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)t->pattern, PCRE2_ZERO_TERMINATED, flags, &code, &offset, NULL);
	if (re) {
		pcre2_code_free(re);
		return true;
	}
	PCRE2_UCHAR message[200];
	pcre2_get_error_message(code, message, sizeof message);
	return question_error(q, "bad-regex", at + offset, "the regular expression: %s", (char *)message);
}

/* "/…/" or "/…/i": the pattern without its slashes. */
static bool is_regex(struct str s, struct str *ret, bool *ret_nocase)
{
	if (s.len < 2 || s.p[0] != '/')
		return false;
	*ret_nocase = str_ends(s, "/i") && s.len > 2;
	size_t end = s.len - (*ret_nocase ? 2 : 1);
	if (end < 1 || s.p[end] != '/' || end == 0)
		return false;
	*ret = str_sub(s, 1, end);
	return ret->len > 0;
}

static bool set_pattern(struct question *q, struct str s, struct item_text *t)
{
	struct str regex;
	bool nocase = false;
	t->ignore_case = q->item->ignore_case;
	t->regex = is_regex(s, &regex, &nocase);
	if (!t->regex) {
		if (s.len > 1 && s.p[0] == '\\' && strchr("/=~", s.p[1]))
			s = str_sub(s, 1, s.len);
		t->pattern = str_dup(s);
		return s.len > 0 || question_error(q, "empty-option", s.p, "an empty answer");
	}
	t->ignore_case |= nocase;
	t->pattern = str_dup(regex);
	if (q->is_template && memmem(regex.p, regex.len, "@{", 2))
		return true; /* checked when it is drawn */
	return check_regex(q, t, regex.p);
}

/* `ls : 50% "why"`: cuts share and reason off the end. */
static bool cut_share(struct question *q, struct str *s, struct item_text *t)
{
	struct str reason = {0};
	struct str rest = *s;
	if (str_ends(rest, "\"")) {
		size_t i = rest.len - 1;
		while (i && !(rest.p[i - 1] == '"' && (i < 2 || rest.p[i - 2] == ' ')))
			i--;
		if (i) {
			reason = str_sub(rest, i, rest.len - 1);
			rest = str_trim(str_sub(rest, 0, i - 1));
		}
	}
	size_t colon = rest.len;
	while (colon && rest.p[colon - 1] != ':')
		colon--;
	struct str share = colon ? str_trim(str_sub(rest, colon, rest.len)) : (struct str){"", 0};
	double percent;
	if (!str_ends(share, "%") || !str_to_double(str_trim(str_sub(share, 0, share.len - 1)), &percent) || percent <= 0 || percent >= 100) {
		question_error(q, "share", s->p, "a partly right answer says how much it is worth, more than 0 and less than 100 percent");
		diags_help(q->diags, "for example: ~ ls : 50%% \"Show hidden files too: add -a\"");
		return false;
	}
	t->credit_m = (int)lround(percent * 10);
	if (t->credit_m < 1)
		t->credit_m = 1;
	*s = str_trim(str_sub(rest, 0, colon - 1));
	if (!reason.len)
		return true;
	struct passage p = passage_view(q->source, reason);
	return markdown_inline(q->md, &p, &t->reason_html, NULL);
}

bool kind_read_text(struct question *q)
{
	struct item *item = q->item;
	size_t start = kind_answer_lines(q), right = 0;
	bool ok = question_stem(q, start < q->body_end ? start : q->body_end);
	if (!check_answer_lines(q, start))
		return false;
	for (size_t i = start; i < q->body_end; i++) {
		const struct line *l = &q->lines[i];
		if (l->flags & LINE_BLANK)
			continue;
		struct item_text *t = add_text(&item->texts, &item->n_texts);
		struct str answer = answer_of(l);
		bool whole = l->p[0] == '=';
		right += whole;
		bool one = whole || cut_share(q, &answer, t);
		ok &= one && set_pattern(q, answer, t);
	}
	return right ? ok : question_error(q, "no-key", q->at, "no answer is fully right: add a line '= …'");
}

/* ---- cloze ---- */

static bool add_chosen(struct question *q, struct item_blank *blank, struct str s)
{
	size_t from = 1, keys = 0;
	char mark = s.p[0];
	for (size_t i = 1; i <= s.len; i++) {
		bool end = i == s.len || (s.p[i] == '|' && i + 1 < s.len && (s.p[i + 1] == '~' || s.p[i + 1] == '='));
		if (!end)
			continue;
		struct str text = str_trim(str_sub(s, from, i));
		if (str_ends(text, "\\")) /* "\|" in a table */
			text = str_trim(str_sub(text, 0, text.len - 1));
		if (!text.len)
			return question_error(q, "bad-blank", s.p, "a blank with an empty option");
		if (blank->n_options >= BANK_OPTIONS_MAX)
			return question_error(q, "too-many-options", s.p, "more than %d options", BANK_OPTIONS_MAX);
		blank->options = xrealloc(blank->options, blank->n_options + 1, sizeof *blank->options);
		struct item_option *o = &blank->options[blank->n_options++];
		*o = (struct item_option){.match = -1, .key = mark == '='};
		keys += o->key;
		struct passage p = passage_view(q->source, text);
		if (!markdown_inline(q->md, &p, &o->html, &o->text))
			return false;
		if (i < s.len) {
			mark = s.p[i + 1];
			from = i + 2;
			i++;
		}
	}
	if (keys != 1)
		return question_error(q, "bad-blank", s.p, "a blank with a list needs exactly one right option, marked with =; this one has %zu",
		                      keys);
	return blank->n_options > 1 || question_error(q, "few-options", s.p, "a blank with a list needs at least two options");
}

static bool add_typed(struct question *q, struct item_blank *blank, struct str s)
{
	struct str rest = s, text;
	while (str_next_field(&rest, '|', &text)) {
		text = str_trim(text);
		if (rest.p && str_ends(text, "\\"))
			text = str_trim(str_sub(text, 0, text.len - 1));
		if (text.len > 1 && text.p[0] == '\\' && (text.p[1] == '=' || text.p[1] == '~'))
			text = str_sub(text, 1, text.len);
		if (!text.len)
			return question_error(q, "bad-blank", s.p, "a blank with an empty answer");
		if (blank->n_texts >= ANSWERS_MAX)
			return question_error(q, "too-many-options", s.p, "more than %d answers", ANSWERS_MAX);
		struct item_text *t = add_text(&blank->texts, &blank->n_texts);
		t->pattern = str_dup(text);
		t->ignore_case = q->item->ignore_case;
	}
	return true;
}

static bool add_blank(struct question *q, struct str s)
{
	struct item *item = q->item;
	if (item->n_blanks >= BANK_OPTIONS_MAX)
		return question_error(q, "too-many-options", s.p, "more than %d blanks", BANK_OPTIONS_MAX);
	item->blanks = xrealloc(item->blanks, item->n_blanks + 1, sizeof *item->blanks);
	struct item_blank *blank = &item->blanks[item->n_blanks++];
	*blank = (struct item_blank){0};
	struct str inner = str_trim(s);
	if (!inner.len || inner.len > ANSWER_LEN_MAX)
		return question_error(q, "bad-blank", s.p, inner.len ? "the blank is too long" : "an empty blank");
	return inner.p[0] == '~' || inner.p[0] == '=' ? add_chosen(q, blank, inner) : add_typed(q, blank, inner);
}

/* The length of the code span that begins at s (a run of backticks), or of the run alone if it is never closed in the paragraph. */
static size_t code_span(struct str s)
{
	size_t run = 0;
	while (run < s.len && s.p[run] == '`')
		run++;
	for (size_t i = run; i < s.len && run <= CODE_RUN_MAX;) {
		if (s.p[i] != '`') {
			i++;
			continue;
		}
		size_t other = 0;
		while (i + other < s.len && s.p[i + other] == '`')
			other++;
		i += other;
		if (other == run)
			return i;
	}
	return run;
}

/* Copies a paragraph with each {{…}} outside of code replaced by its mark. */
static bool mark_blanks(struct question *q, struct str s, struct passage *out)
{
	size_t from = 0, i = 0;
	while (i < s.len) {
		if (s.p[i] == '\\') {
			i += 2;
		} else if (s.p[i] == '`') {
			size_t span = code_span(str_sub(s, i, s.len));
			if (memmem(s.p + i, span, "{{", 2) && !q->is_instance) {
				diags_add(q->diags, DIAG_WARNING, "blank-in-code", q->source, s.p + i, "'{{' inside code is shown as it is");
				diags_help(q->diags, "end the code before the blank: `terraform ` {{plan}}");
			}
			i += span;
		} else if (i + 1 < s.len && s.p[i] == '{' && s.p[i + 1] == '{') {
			struct str rest = str_sub(s, i, s.len), line = rest;
			(void)str_next_line(&rest, &line);
			const char *end = memmem(line.p, line.len, "}}", 2);
			if (!end) {
				question_error(q, "bad-blank", s.p + i, "'{{' without '}}' on the same line");
				diags_help(q->diags, "write \\{{ for the characters themselves");
				return false;
			}
			struct str inner = str_sub(s, i + 2, (size_t)(end - s.p));
			if (!add_blank(q, inner))
				return false;
			char mark[32];
			int n = snprintf(mark, sizeof mark, BLANK_OPEN "%zu" BLANK_CLOSE, q->item->n_blanks);
			passage_add(out, q->source, str_sub(s, from, i));
			passage_add(out, q->source, (struct str){mark, (size_t)n});
			out->map[out->n_map - 1].from = s.p + i;
			i = from = (size_t)(end - s.p) + 2;
		} else {
			i++;
		}
	}
	passage_append(out, q->source, str_sub(s, from, s.len));
	return true;
}

static bool render_cloze(struct question *q, struct passage *p)
{
	struct item *item = q->item;
	_cleanup_free_ char *seen = xcalloc(item->n_blanks + 1, 1);
	q->md->n_blanks = item->n_blanks;
	q->md->blank_seen = (unsigned char *)seen;
	bool ok = markdown_render(q->md, p, false, &item->stem_html, NULL);
	q->md->n_blanks = 0;
	q->md->blank_seen = NULL;
	for (size_t i = 1; i <= item->n_blanks && ok; i++)
		if (!seen[i])
			ok = question_error(q, "bad-blank", q->at, "blank %zu cannot be shown where it stands (in a link's address, a picture or code)",
			                    i);
	return ok;
}

bool kind_read_cloze(struct question *q)
{
	_cleanup_passage_ struct passage p = {.source = q->source};
	bool ok = true;
	for (size_t i = 0; i < q->body_end;) {
		const struct line *l = &q->lines[i];
		size_t to = i + 1;
		if (!(l->flags & (LINE_CODE | LINE_BLANK))) {
			while (to < q->body_end && !(q->lines[to].flags & (LINE_CODE | LINE_BLANK)) &&
			       q->lines[to].p - (q->lines[to - 1].p + q->lines[to - 1].len) <= 2)
				to++;
			const struct line *last = &q->lines[to - 1];
			ok &= mark_blanks(q, (struct str){l->p, (size_t)(last->p + last->len - l->p)}, &p);
		} else {
			passage_append(&p, q->source, line_str(l));
		}
		i = to;
	}
	if (!ok)
		return false;
	if (!q->item->n_blanks) {
		question_error(q, "no-answer", q->at, "a cloze needs at least one blank");
		diags_help(q->diags, "write {{answer}}, or {{~wrong|=right|~wrong}}");
		return false;
	}
	return render_cloze(q, &p);
}
