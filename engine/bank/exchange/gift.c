/* GIFT: "::title:: [format] text {answers} more text".
 *
 * A blank line ends a question, "//" begins a comment line, "$CATEGORY: path" says where what follows belongs; \ takes the meaning from
 * ~ = # { } : and \n is a line end. A comment may carry [id:…] and [tag:…]. */
#include "bank/exchange/intake.h"

enum text_format { TEXT_MOODLE, TEXT_PLAIN, TEXT_HTML, TEXT_MARKDOWN };

struct gift {
	struct intake *in;
	struct plain *q;
	struct strings marks;
	char *category;
	enum text_format format; /* of the question, which its answers have too */
};

/* ---- text ---- */

/* Where the first of the bytes stands that has no backslash before it; s.len if nowhere. */
static size_t find(struct str s, const char *bytes)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (strchr(bytes, s.p[i]))
			return i;
	}
	return s.len;
}

static void unescape(struct str s, bool keep_lines, struct buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && i + 1 < s.len && strchr("~=#{}:\\n", s.p[i + 1])) {
			i++;
			buf_addc(out, s.p[i] == 'n' ? '\n' : s.p[i]);
		} else {
			buf_addc(out, s.p[i] == '\n' && !keep_lines ? ' ' : s.p[i]);
		}
	}
}

static enum text_format take_format(struct str *s, enum text_format otherwise)
{
	static const char *const names[] = {"[moodle]", "[plain]", "[html]", "[markdown]"};
	*s = str_trim(*s);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq_nocase(str_sub(*s, 0, strlen(names[i])), str_of(names[i]))) {
			*s = str_trim(str_sub(*s, strlen(names[i]), s->len));
			return (enum text_format)i;
		}
	return otherwise;
}

/* A text as Markdown; `option`: of an option, where a quote has a meaning. */
static char *text_of(struct gift *g, struct str s, bool option)
{
	enum text_format format = take_format(&s, g->format);
	_cleanup_buf_ struct buf text = BUF(s.len + 1);
	unescape(s, format >= TEXT_HTML, &text);
	struct str plain = str_trim(buf_str(&text));
	if (format == TEXT_HTML)
		return intake_html(g->in, plain, option);
	if (format == TEXT_MARKDOWN)
		return intake_markdown(g->in, plain, option);
	if (format == TEXT_PLAIN || !html_is(plain))
		return escape_text(plain);
	_cleanup_buf_ struct buf html = BUF(plain.len * 5 + 1);
	for (size_t i = 0; i < plain.len; i++)
		if (plain.p[i] == '\n')
			buf_adds(&html, "<br>");
		else
			buf_addc(&html, plain.p[i]);
	return intake_html(g->in, buf_str(&html), option);
}

/* Plain text of an answer that is typed. */
static char *plain_of(struct str s)
{
	_cleanup_buf_ struct buf text = BUF(s.len + 1);
	(void)take_format(&s, TEXT_PLAIN);
	unescape(s, false, &text);
	return str_dup(str_trim(buf_str(&text)));
}

/* ---- answers ---- */

struct answer {
	char sign; /* '=' or '~' */
	double weight;
	bool weighted;
	struct str text, feedback;
	bool has_feedback;
};
#define ANSWERS_MAX 200

/* "%50%" off the front. */
static bool take_weight(struct str *s, struct answer *a)
{
	*s = str_trim(*s);
	const char *end = s->len > 1 && s->p[0] == '%' ? memchr(s->p + 1, '%', s->len - 1) : NULL;
	double weight;
	if (!end || !str_to_double(str_trim((struct str){s->p + 1, (size_t)(end - s->p) - 1}), &weight))
		return false;
	a->weight = weight;
	a->weighted = true;
	*s = str_sub(*s, (size_t)(end - s->p) + 1, s->len);
	return true;
}

static size_t split_answers(struct gift *g, struct str s, const char *signs, struct answer *list)
{
	size_t n = 0;
	s = str_sub(s, find(s, signs), s.len);
	while (s.len) {
		if (n == ANSWERS_MAX) {
			(void)plain_reject(g->q, "it has more than %d answers", ANSWERS_MAX);
			return n;
		}
		struct answer *a = &list[n++];
		*a = (struct answer){.sign = s.p[0], .weight = s.p[0] == '=' ? 100 : 0};
		s = str_sub(s, 1, s.len);
		struct str one = str_sub(s, 0, find(s, signs));
		s = str_sub(s, one.len, s.len);
		take_weight(&one, a);
		size_t hash = find(one, "#");
		a->text = str_trim(str_sub(one, 0, hash));
		a->has_feedback = hash < one.len;
		a->feedback = str_trim(str_sub(one, hash + 1, one.len));
	}
	return n;
}

static void add_feedback(struct gift *g, struct plain_option *o, const struct answer *a)
{
	if (a->has_feedback && a->feedback.len)
		plain_set(&o->feedback, text_of(g, a->feedback, false));
}

static void read_choice(struct gift *g, const struct answer *list, size_t n)
{
	struct plain *q = g->q;
	size_t equals = 0;
	double sum = 0, first = 0;
	bool negative = false, uneven = false;
	for (size_t i = 0; i < n; i++) {
		equals += list[i].sign == '=';
		negative |= list[i].weight < 0;
		if (list[i].weight <= 0)
			continue;
		sum += list[i].weight;
		uneven |= first > 0 && (list[i].weight - first > 0.1 || first - list[i].weight > 0.1);
		first = first > 0 ? first : list[i].weight;
	}
	if (equals > 1) {
		(void)plain_reject(q, "several options are each fully right alone, of which one may be chosen: that cannot be expressed");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct plain_option *o = plain_add_option(&q->options, text_of(g, list[i].text, true));
		o->key = equals ? list[i].sign == '=' : list[i].weight > 0;
		if (equals && list[i].sign == '~' && list[i].weight > 0)
			plain_lose(q, "an option that is worth a part of the points counts as wrong");
		add_feedback(g, o, &list[i]);
	}
	if (!equals && sum > 0)
		q->kind = ITEM_MULTIPLE;
	if (!equals && sum > 0 && (sum < 99 || sum > 101)) {
		(void)plain_reject(q, "its weights add up to %.4g %%, not to 100: which options are right together is not said", sum);
		return;
	}
	if (!equals && uneven)
		plain_lose(q, "its right options have different weights: they count the same");
	if (negative)
		plain_lose(q, "points off for wrong options are the exam's rule, not the question's");
	(void)plain_choice(q);
}

static size_t find_arrow(struct str s)
{
	for (size_t i = 0; i + 1 < s.len; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '-' && s.p[i + 1] == '>')
			return i;
	}
	return s.len;
}

static int target_of(struct plain *q, char *text)
{
	for (size_t i = 0; i < q->targets.n; i++)
		if (strcmp(q->targets.list[i].text, text) == 0) {
			free(text);
			return (int)i;
		}
	plain_add_option(&q->targets, text);
	return (int)q->targets.n - 1;
}

static void read_matching(struct gift *g, const struct answer *list, size_t n)
{
	struct plain *q = g->q;
	q->kind = ITEM_MATCHING;
	for (size_t i = 0; i < n; i++) {
		size_t at = find_arrow(list[i].text);
		struct str left = str_trim(str_sub(list[i].text, 0, at));
		int target = target_of(q, text_of(g, str_sub(list[i].text, at + 2, list[i].text.len), true));
		if (!left.len)
			continue;
		struct plain_option *o = plain_add_option(&q->options, text_of(g, left, true));
		o->match = target;
		add_feedback(g, o, &list[i]);
	}
}

static void read_texts(struct gift *g, const struct answer *list, size_t n)
{
	struct plain *q = g->q;
	q->kind = ITEM_TEXT;
	q->ignore_case = true; /* GIFT has no other */
	for (size_t i = 0; i < n; i++) {
		char *pattern = plain_of(list[i].text);
		intake_add_typed(q, pattern, list[i].weight * 10,
		                 list[i].has_feedback && list[i].feedback.len ? text_of(g, list[i].feedback, true) : NULL);
	}
	intake_check_typed(q);
}

static bool is_true_false(struct str word, bool *ret)
{
	if (str_eq_nocase(word, STR("T")) || str_eq_nocase(word, STR("TRUE")))
		*ret = true;
	else if (str_eq_nocase(word, STR("F")) || str_eq_nocase(word, STR("FALSE")))
		*ret = false;
	else
		return false;
	return true;
}

static void read_true_false(struct gift *g, bool answer, struct str rest)
{
	struct plain *q = g->q;
	q->kind = ITEM_TRUE_FALSE;
	q->fixed = false;
	plain_add_option(&q->options, xstrdup("True"))->key = answer;
	plain_add_option(&q->options, xstrdup("False"))->key = !answer;
	size_t hash = find(rest, "#");
	struct str wrong = str_trim(str_sub(rest, 0, hash)), right = str_trim(str_sub(rest, hash + 1, rest.len));
	if (wrong.len)
		plain_set(&q->options.list[answer ? 1 : 0].feedback, text_of(g, wrong, false));
	if (right.len)
		plain_set(&q->options.list[answer ? 0 : 1].feedback, text_of(g, right, false));
}

/* "3", "3:0.1", "1..5". */
static void read_number(struct gift *g, struct str s)
{
	_cleanup_free_ char *text = plain_of(s);
	double lo, hi, tolerance = 0;
	const char *dots = strstr(text, ".."), *colon = strchr(text, ':');
	struct str all = str_of(text);
	bool ok;
	if (dots) {
		ok = str_to_double(str_trim(str_sub(all, 0, (size_t)(dots - text))), &lo) && str_to_double(str_trim(str_of(dots + 2)), &hi);
	} else {
		ok = str_to_double(str_trim(str_sub(all, 0, colon ? (size_t)(colon - text) : all.len)), &lo) &&
		     (!colon || str_to_double(str_trim(str_of(colon + 1)), &tolerance));
		hi = ok ? lo + tolerance : 0;
		lo = ok ? lo - tolerance : 0;
	}
	if (!ok || tolerance < 0 || lo > hi)
		(void)plain_reject(g->q, "its answer '%.60s' is no number or range", text);
	else
		strings_add(&g->q->numbers, plain_number(lo, hi, NULL));
}

static void read_numeric(struct gift *g, struct str s)
{
	struct answer *list = xcalloc(ANSWERS_MAX, sizeof *list);
	struct plain *q = g->q;
	q->kind = ITEM_NUMERIC;
	bool several = find(s, "=~") < s.len;
	size_t n = several ? split_answers(g, s, "=~", list) : 1;
	if (!several) {
		size_t hash = find(s, "#");
		list[0] = (struct answer){.weight = 100, .text = str_sub(s, 0, hash), .has_feedback = hash < s.len};
	}
	for (size_t i = 0; i < n; i++) {
		if (list[i].has_feedback)
			plain_lose(q, "feedback for a number is left out");
		if (list[i].weight >= 100)
			read_number(g, list[i].text);
		else if (list[i].weight > 0)
			plain_lose(q, "a number that is worth a part of the points counts as wrong");
	}
	if (!q->numbers.n)
		(void)plain_reject(q, "it has no key: no number is fully right");
	free(list);
}

static void read_answers(struct gift *g, struct str s)
{
	struct plain *q = g->q;
	bool answer;
	const char *general = NULL;
	for (size_t i = 0; i + 3 < s.len && !general; i++) { /* "####" */
		if (s.p[i] == '\\')
			i++;
		else if (memcmp(s.p + i, "####", 4) == 0)
			general = s.p + i;
	}
	if (general) {
		_cleanup_free_ char *text = NULL;
		struct str rest = str_sub(s, (size_t)(general - s.p) + 4, s.len);
		enum text_format format = take_format(&rest, g->format);
		_cleanup_buf_ struct buf html = BUF(rest.len + 1);
		unescape(rest, true, &html);
		if (format == TEXT_HTML)
			intake_explanation(g->in, buf_str(&html));
		else
			plain_set(&q->explanation, text_of(g, str_sub(s, (size_t)(general - s.p) + 4, s.len), false));
		s = str_sub(s, 0, (size_t)(general - s.p));
	}
	s = str_trim(s);
	struct str word = str_trim(str_sub(s, 0, find(s, "#")));
	if (!s.len) {
		q->kind = ITEM_ESSAY;
		intake_rubric(q);
	} else if (s.p[0] == '#') {
		read_numeric(g, str_trim(str_sub(s, 1, s.len)));
	} else if (is_true_false(word, &answer)) {
		read_true_false(g, answer, str_sub(s, find(s, "#") + 1, s.len));
	} else {
		struct answer *list = xcalloc(ANSWERS_MAX, sizeof *list);
		size_t n = split_answers(g, s, "=~", list), tildes = 0, arrows = 0;
		for (size_t i = 0; i < n; i++) {
			tildes += list[i].sign == '~';
			arrows += find_arrow(list[i].text) < list[i].text.len;
		}
		if (!n)
			(void)plain_reject(q, "what stands in its braces is no answer: '%.*s'", (int)str_cut(s, 60).len, s.p);
		else if (tildes)
			read_choice(g, list, n);
		else if (arrows == n)
			read_matching(g, list, n);
		else
			read_texts(g, list, n);
		free(list);
	}
}

/* ---- questions ---- */

static void read_title(struct gift *g, struct str *s)
{
	if (!str_starts(*s, "::"))
		return;
	struct str rest = str_sub(*s, 2, s->len);
	for (size_t i = 0; i + 1 < rest.len; i++) {
		if (rest.p[i] == '\\') {
			i++;
		} else if (rest.p[i] == ':' && rest.p[i + 1] == ':') {
			_cleanup_free_ char *title = plain_of(str_sub(rest, 0, i));
			plain_set(&g->q->title, str_dup(str_cut(str_of(title), 400)));
			*s = str_trim(str_sub(rest, i + 2, rest.len));
			return;
		}
	}
}

static void take_marks(struct gift *g)
{
	struct plain *q = g->q;
	for (size_t i = 0; i < g->marks.n; i++) {
		struct str mark = str_of(g->marks.list[i]);
		if (!plain_take_mark(q, mark) && q->tags.n < 32 && mark.len)
			strings_add(&q->tags, str_dup(str_cut(mark, 200)));
	}
	strings_finish(&g->marks);
}

static void read_question(struct gift *g, struct str s, int line)
{
	struct plain *q = g->q = intake_add(g->in, line);
	s = str_trim(s);
	g->format = TEXT_MOODLE;
	if (g->category)
		intake_category(q, str_of(g->category));
	read_title(g, &s);
	g->format = take_format(&s, TEXT_MOODLE);
	size_t open = find(s, "{"), close = open < s.len ? open + 1 + find(str_sub(s, open + 1, s.len), "}") : s.len;
	struct str before = str_trim(str_sub(s, 0, open)), after = str_trim(str_sub(s, close + 1, s.len));
	if (open == s.len) {
		(void)plain_reject(q, "it has no answers: nothing stands in braces");
		take_marks(g);
		return;
	}
	if (close >= s.len) {
		(void)plain_reject(q, "its answers are not closed: a blank line ends a question, also inside braces");
		return;
	}
	if (find(after, "{") < after.len)
		(void)plain_reject(q, "it holds several sets of answers");
	_cleanup_buf_ struct buf stem = BUF(s.len * 2 + 64);
	buf_addv(&stem, before);
	if (after.len) {
		buf_adds(&stem, before.len ? " _____" : "_____");
		buf_adds(&stem, strchr(".,;:!?", after.p[0]) ? "" : " ");
		buf_addv(&stem, after);
	}
	plain_set(&q->stem, text_of(g, buf_str(&stem), false));
	if (!q->stem)
		(void)plain_reject(q, "it has no text");
	read_answers(g, str_sub(s, open + 1, close));
	take_marks(g);
}

/* [id:…] and [tag:…] of a comment. */
static void read_comment(struct gift *g, struct str line)
{
	const char *at;
	while ((at = memchr(line.p, '[', line.len))) {
		line = str_sub(line, (size_t)(at - line.p) + 1, line.len);
		size_t end = 0;
		while (end < line.len && line.p[end] != ']')
			end += line.p[end] == '\\' ? 2 : 1;
		struct str inner = str_sub(line, 0, end);
		bool id = str_starts(inner, "id:"), tag = str_starts(inner, "tag:");
		if ((id || tag) && end < line.len && g->marks.n < 64) {
			_cleanup_buf_ struct buf text = BUF(inner.len + 16);
			for (size_t i = id ? 3 : 4; i < inner.len; i++)
				if (inner.p[i] != '\\' || ++i < inner.len)
					buf_addc(&text, inner.p[i]);
			struct str value = str_trim(buf_str(&text));
			strings_add(&g->marks, id ? xasprintf(PLAIN_MARK "id=%.*s", STR_ARG(value)) : str_dup(value));
		}
		line = str_sub(line, end, line.len);
	}
}

static bool opens(struct str s)
{
	size_t open = find(s, "{");
	return open < s.len && find(str_sub(s, open + 1, s.len), "}") + open + 1 >= s.len;
}

void gift_read(struct intake *in, struct str text)
{
	struct gift g = {.in = in};
	_cleanup_buf_ struct buf block = BUF(text.len + 1);
	struct str line;
	int number = 0, first = 0;
	bool more = true;
	while (more) {
		more = str_next_line(&text, &line);
		number++;
		struct str s = more ? str_trim(line) : (struct str){"", 0};
		if (str_starts(s, "//")) {
			read_comment(&g, s);
		} else if (str_eq_nocase(str_sub(s, 0, 10), STR("$CATEGORY:"))) {
			free(g.category);
			g.category = str_dup(str_trim(str_sub(s, 10, s.len)));
		} else if (s.len) {
			if (!block.len)
				first = number;
			else
				buf_addc(&block, '\n');
			buf_addv(&block, s);
		} else if (block.len) {
			bool open = opens(buf_str(&block));
			struct str rest = text, next = {"", 0};
			while (open && !str_trim(next).len && str_next_line(&rest, &next))
				;
			next = str_trim(next);
			/* What a blank line cut off belongs to the question that it broke: both are rejected as one. */
			if (open && next.len && strchr("=~}#", next.p[0])) {
				bool closed = false;
				while (!closed && (more = str_next_line(&text, &line))) {
					number++;
					closed = find(line, "}") < line.len;
				}
				g.q = intake_add(in, first);
				(void)plain_reject(g.q, "a blank line ends a question, and here it stands inside the braces");
			} else {
				read_question(&g, buf_str(&block), first);
			}
			buf_clear(&block);
			strings_finish(&g.marks);
		}
	}
	strings_finish(&g.marks);
	free(g.category);
}
