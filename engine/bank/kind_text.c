/* Answers that are typed: the lines of the answer part ("= …", "~ …"), text, cloze ("{{…}}"). */
#include "bank/question.h"
#include "base/mem.h"
#include <math.h>
#include <stdio.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define ANSWERS_MAX 64
#define ANSWER_LEN_MAX 1000
#define CODE_RUN_MAX 32 /* md4c's own limit: longer runs of backticks never make code */

bool kind_is_answer(const struct line *l)
{
	return !(l->flags & LINE_CODE) && l->indent == 0 && l->len > 1 && (l->p[0] == '=' || l->p[0] == '~') && l->p[1] == ' ';
}

size_t kind_answer_lines(const struct question *q)
{
	size_t i = 0;
	while (i < q->body_end && !kind_is_answer(&q->lines[i]))
		i++;
	return i;
}

struct str kind_answer(const struct line *l)
{
	return str_trim(str_sub(line_str(l), 2, l->len));
}

bool kind_check_answers(struct question *q, size_t start)
{
	if (start >= q->body_end)
		return question_no_answer(q, "the question has no answer", "add a line '= answer'");
	size_t n = 0;
	for (size_t i = start; i < q->body_end; i++) {
		const struct line *l = &q->lines[i];
		if (l->flags & LINE_BLANK)
			continue;
		if (!kind_is_answer(l)) {
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

static bool is_plain(char c)
{
	return strchr("/-_ ", c) || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Answers that are valid, but hardly meant as they are written. */
static void warn_odd_answer(struct question *q, struct str s, const struct str *regex)
{
	size_t plain = 0;
	while (regex && plain < regex->len && is_plain(regex->p[plain]))
		plain++;
	if (regex && plain == regex->len) {
		diags_add(q->diags, DIAG_WARNING, "plain-regex", q->source, s.p, "this is a regular expression that accepts only '%.*s'",
		          (int)(regex->len > 200 ? 200 : regex->len), regex->p);
		diags_help(q->diags, "if it is a path, write it as \\%.*s", (int)(s.len > 200 ? 200 : s.len), s.p);
	} else if (s.len > 2 && s.p[0] == '`' && s.p[s.len - 1] == '`') {
		diags_add(q->diags, DIAG_WARNING, "answer-ticks", q->source, s.p, "the answer is accepted only with its backticks");
		diags_help(q->diags, "leave them out: answers are plain text");
	}
}

static bool set_pattern(struct question *q, struct str s, struct item_text *t)
{
	struct str regex;
	bool nocase = false;
	t->ignore_case = q->item->ignore_case;
	t->regex = is_regex(s, &regex, &nocase);
	if (!q->is_instance)
		warn_odd_answer(q, s, t->regex ? &regex : NULL);
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
	if (!kind_check_answers(q, start))
		return false;
	for (size_t i = start; i < q->body_end; i++) {
		const struct line *l = &q->lines[i];
		if (l->flags & LINE_BLANK)
			continue;
		struct item_text *t = add_text(&item->texts, &item->n_texts);
		struct str answer = kind_answer(l);
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
	if (!q->item->n_blanks)
		return question_no_answer(q, "a cloze needs at least one blank", "write {{answer}}, or {{~wrong|=right|~wrong}}");
	return render_cloze(q, &p);
}
