/* What a line of a collection is. See tasklist.h. */
#include "bank/exchange/tasklist.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static int letter_of(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' : -1;
}

static struct str skip_marks(struct str s, const char *marks)
{
	while (s.len && strchr(marks, s.p[0]))
		s = str_sub(s, 1, s.len);
	return s;
}

/* "[x]" at s: its bytes. "[]" is an empty one. */
static size_t box(struct str s, bool *ret_key)
{
	if (str_starts(s, "[]")) {
		*ret_key = false;
		return 2;
	}
	if (s.len < 3 || s.p[0] != '[' || s.p[2] != ']' || !strchr(" xX", s.p[1]) || (s.len > 3 && s.p[3] == '('))
		return 0;
	*ret_key = s.p[1] != ' ';
	return 3;
}

bool mark_option(struct str line, struct mark *ret)
{
	struct str s = str_trim(line), rest = s;
	bool bullet = s.len > 1 && strchr("-*+", s.p[0]) && (s.p[1] == ' ' || s.p[1] == '\t' || s.p[1] == '[');
	if (bullet)
		rest = str_trim(str_sub(s, 1, s.len));
	*ret = (struct mark){.letter = -1};
	size_t n = box(rest, &ret->key);
	if (n && (bullet || rest.len == s.len)) {
		ret->is_box = bullet;
		ret->text = str_trim(str_sub(rest, n, rest.len));
		return bullet;
	}
	struct str bare = skip_marks(rest, "*_");
	size_t stars = rest.len - bare.len;
	if (bare.len < 3 || letter_of(bare.p[0]) < 0 || letter_of(bare.p[0]) > 11 || !strchr(".):", bare.p[1]))
		return false;
	struct str text = str_sub(bare, 2, bare.len);
	if (stars) { /* "**A.** text", or "**A. text**" */
		struct str after = skip_marks(text, "*_");
		if (after.len < text.len)
			text = after;
		else
			while (text.len && strchr("*_", text.p[text.len - 1]))
				text.len--;
	}
	if (text.len && text.p[0] != ' ' && text.p[0] != '\t')
		return false;
	ret->letter = letter_of(bare.p[0]);
	ret->text = str_trim(text);
	return true;
}

bool mark_heading(struct str line, int *ret_level, struct str *ret_text)
{
	int level = 0;
	while ((size_t)level < line.len && line.p[level] == '#')
		level++;
	if (!level || level > 6 || ((size_t)level < line.len && line.p[level] != ' ' && line.p[level] != '\t'))
		return false;
	struct str s = str_trim(str_sub(line, (size_t)level, line.len));
	while (s.len && s.p[s.len - 1] == '#')
		s.len--;
	*ret_level = level;
	*ret_text = str_trim(s);
	return true;
}

bool mark_number(struct str line, struct str *ret_text)
{
	struct str s = skip_marks(line, "*_");
	size_t i = 0;
	while (i < s.len && i < 6 && is_digit(s.p[i]))
		i++;
	if (!i || i + 1 >= s.len || (s.p[i] != '.' && s.p[i] != ')') || (s.p[i + 1] != ' ' && s.p[i + 1] != '\t' && s.p[i + 1] != '*'))
		return false;
	struct str text = str_trim(str_sub(s, i + 1, s.len));
	if (s.len < line.len) { /* "**1. text**" or "**1.** text" */
		if (str_starts(text, "**"))
			text = str_trim(str_sub(text, 2, text.len));
		else if (str_ends(text, "**"))
			text = str_trim(str_sub(text, 0, text.len - 2));
	}
	*ret_text = text;
	return text.len > 0;
}

static bool take_word(struct str *s, const char *word)
{
	size_t n = strlen(word);
	if (!str_eq_nocase(str_sub(*s, 0, n), str_of(word)) || (s->len > n && letter_of(s->p[n]) >= 0))
		return false;
	*s = str_trim(str_sub(*s, n, s->len));
	return true;
}

bool mark_answer(struct str line, struct str *ret_rest)
{
	struct str s = skip_marks(str_trim(line), "*_> -");
	bool correct = take_word(&s, "the") || true;
	correct = take_word(&s, "correct") || take_word(&s, "right");
	bool answer = take_word(&s, "answer") || take_word(&s, "answers") || take_word(&s, "answer(s)") || take_word(&s, "ans") ||
	              (correct && (take_word(&s, "option") || take_word(&s, "options") || take_word(&s, "choice")));
	if (!answer && !correct)
		return false;
	struct str before = s;
	s = skip_marks(s, "*_ ");
	bool sign = s.len && strchr(":-=", s.p[0]);
	if (sign)
		s = str_sub(s, 1, s.len);
	else if (str_starts(s, "\xe2\x80\x93") || str_starts(s, "\xe2\x80\x94")) /* – — */
		s = str_sub(s, 3, s.len);
	else if (!take_word(&s, "is") && !take_word(&s, "are") && before.len)
		return false;
	*ret_rest = str_trim(skip_marks(s, "*_ :"));
	return true;
}

struct str mark_without_number(struct str text)
{
	struct str s = skip_marks(str_trim(text), "*_");
	size_t stars = str_trim(text).len - s.len, i = 0;
	bool word = false;
	if (s.len > 1 && (s.p[0] == 'Q' || s.p[0] == 'q') && (is_digit(s.p[1]) || s.p[1] == '.' || s.p[1] == ':'))
		s = str_sub(s, 1, s.len), word = true;
	else if (take_word(&s, "Question"))
		word = true, s = skip_marks(s, "# ");
	while (i < s.len && is_digit(s.p[i]))
		i++;
	size_t sign = i;
	while (sign < s.len && strchr(".):*-", s.p[sign]))
		sign++;
	if ((!i && !word) || (sign == i && !word) || (sign < s.len && s.p[sign] != ' '))
		return str_trim(text);
	s = str_trim(str_sub(s, sign, s.len));
	if (stars && str_ends(s, "**") && !memmem(s.p, s.len - 2, "**", 2))
		s = str_trim(str_sub(s, 0, s.len - 2));
	return s;
}

bool mark_is_link(struct str text)
{
	text = str_trim(skip_marks(str_trim(text), "*-+ "));
	const char *middle = text.len && text.p[0] == '[' ? memmem(text.p, text.len, "](#", 3) : NULL;
	return middle && memchr(middle, ')', text.len - (size_t)(middle - text.p));
}

bool mark_is_stray(struct str line)
{
	struct str s = str_trim(line);
	bool rule = s.len >= 3;
	for (size_t i = 0; i < s.len && rule; i++)
		rule = strchr("-*_ ", s.p[i]) != NULL;
	if (rule)
		return true;
	s = skip_marks(s, "*_ ");
	while (s.len && strchr("*_ ", s.p[s.len - 1]))
		s.len--;
	return mark_is_link(s) && s.p[s.len - 1] == ')' && s.p[0] == '[';
}

bool mark_is_definition(struct str line)
{
	struct str s = str_trim(line);
	const char *end = s.len > 4 && s.p[0] == '[' && s.p[1] != '^' ? memmem(s.p, s.len, "]:", 2) : NULL;
	return end && end > s.p + 1 && str_trim((struct str){end + 2, s.len - (size_t)(end - s.p) - 2}).len > 0;
}

bool mark_is_reference(struct str line)
{
	struct str s = str_trim(line), rest = skip_marks(s, "*_- ");
	if (mark_number(rest, &s))
		rest = s;
	static const char *const words[] = {"reference", "references", "source", "sources", "docs", "documentation", "link", "links"};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct str r = rest;
		if (take_word(&r, words[i]) && skip_marks(r, "*_ ").len && skip_marks(r, "*_ ").p[0] == ':')
			return true;
	}
	if (rest.len && rest.p[0] == '[' && rest.p[rest.len - 1] == ')' && memmem(rest.p, rest.len, "](http", 6))
		return true;
	return (str_starts(rest, "http://") || str_starts(rest, "https://")) && !memchr(rest.p, ' ', rest.len);
}

/* ---- keys ---- */

/* Which options may be named: plain comparison of their text. */
static int option_with_text(const struct plain *q, struct str s)
{
	for (size_t i = 0; i < q->options.n; i++) {
		_cleanup_free_ char *a = html_plain(str_of(q->options.list[i].text));
		if (str_eq_nocase(str_trim(str_of(a)), s))
			return (int)i;
	}
	return -1;
}

static bool set_keys(struct plain *q, const bool *keys)
{
	for (size_t i = 0; i < q->options.n; i++)
		q->options.list[i].key = keys[i];
	return true;
}

/* "B", "A, C", "A and C", "B) text", "B. Because …". */
static bool take_letters(const struct plain *q, struct str s, bool *keys, struct str *ret_rest)
{
	size_t n = 0;
	while (s.len) {
		struct str rest = skip_marks(s, "*_`([ ");
		int letter = rest.len ? letter_of(rest.p[0]) : -1;
		bool alone =
		    letter >= 0 && (rest.len == 1 || (!is_digit(rest.p[1]) && letter_of(rest.p[1]) < 0 && (unsigned char)rest.p[1] < 0x80));
		if (!alone || (size_t)letter >= q->options.n)
			return false;
		rest = skip_marks(str_sub(rest, 1, rest.len), "*_`)]");
		n++;
		keys[letter] = true;
		struct str more = str_trim(rest);
		bool go_on = take_word(&more, "and") || take_word(&more, "or");
		if (more.len && strchr(",&/+;", more.p[0])) {
			more = str_trim(str_sub(more, 1, more.len));
			take_word(&more, "and");
			go_on = true;
		}
		if (!go_on) {
			if (more.len && !strchr(".:-)", more.p[0]) && (unsigned char)more.p[0] != 0xe2) {
				/* "A B C", or "A cat": letters with spaces, if all that follows are such */
				struct str next = more;
				bool others = next.p[0] >= 'A' && next.p[0] <= 'Z' && (next.len == 1 || next.p[1] == ' ');
				if (!others)
					return false;
				s = more;
				continue;
			}
			*ret_rest = str_trim(skip_marks(more, ".:-) "));
			return true;
		}
		s = more;
	}
	return n > 0;
}

/* "BD": capital letters without anything between them, and nothing else. */
static bool take_run(const struct plain *q, struct str s, bool *keys)
{
	s = skip_marks(s, "*_`");
	while (s.len && strchr("*_`.", s.p[s.len - 1]))
		s.len--;
	for (size_t i = 0; i < s.len; i++) {
		int letter = s.p[i] >= 'A' && s.p[i] <= 'Z' ? s.p[i] - 'A' : -1;
		if (letter < 0 || (size_t)letter >= q->options.n || keys[letter])
			return false;
		keys[letter] = true;
	}
	return s.len > 1;
}

bool mark_take_keys(struct plain *q, struct str answer, struct str *ret_rest)
{
	bool letters[BANK_OPTIONS_MAX] = {false}, run[BANK_OPTIONS_MAX] = {false}, text[BANK_OPTIONS_MAX] = {false};
	struct str rest = {"", 0};
	answer = str_trim(answer);
	*ret_rest = rest;
	if (q->options.n > BANK_OPTIONS_MAX || !answer.len)
		return false;
	struct str bare = skip_marks(answer, "*_`\"");
	while (bare.len && strchr("*_`\".", bare.p[bare.len - 1]))
		bare.len--;
	int same = option_with_text(q, bare);
	if (same >= 0) {
		text[same] = true;
		return set_keys(q, text);
	}
	if (take_letters(q, answer, letters, &rest)) {
		*ret_rest = rest;
		return set_keys(q, letters);
	}
	return take_run(q, answer, run) && set_keys(q, run);
}
