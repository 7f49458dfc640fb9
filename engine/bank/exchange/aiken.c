/* Aiken: a question, lettered options ("A. " or "A) "), "ANSWER: B".
 *
 * What is found in real files: no space behind the letter's sign, small letters, blank lines between the options, questions over several
 * lines, options that go on over lines, "ANSWER: A, C" for several, a "FEEDBACK:" line. A question without an answer is rejected. */
#include "bank/exchange/intake.h"

struct aiken {
	struct intake *in;
	struct plain *q;
	struct buf stem;
	struct buf option;
	int next;     /* letter that is expected, from 0 */
	size_t gap;   /* bytes of the option before a blank line; 0: none */
	int gap_line; /* of the text behind it */
	bool answered;
};

static int take_letter(struct str *line)
{
	struct str s = str_trim(*line);
	if (s.len < 2 || (s.p[1] != '.' && s.p[1] != ')'))
		return -1;
	char c = s.p[0];
	int letter = c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' : -1;
	if (letter >= 0)
		*line = str_trim(str_sub(s, 2, s.len));
	return letter;
}

static bool take_word(struct str *line, const char *word)
{
	struct str s = str_trim(*line);
	size_t n = strlen(word);
	if (!str_eq_nocase(str_sub(s, 0, n), str_of(word)))
		return false;
	*line = str_trim(str_sub(s, n, s.len));
	return true;
}

static void end_option(struct aiken *a)
{
	if (!a->option.len)
		return;
	plain_add_option(&a->q->options, escape_text(buf_str(&a->option)));
	buf_clear(&a->option);
	a->gap = 0;
}

static void end_question(struct aiken *a)
{
	struct plain *q = a->q;
	if (!q)
		return;
	end_option(a);
	plain_set(&q->stem, escape_text(buf_str(&a->stem)));
	if (!q->stem)
		(void)plain_reject(q, "it has no text before its options");
	if (!a->answered)
		(void)plain_reject(q, "it has no key: there is no line ANSWER:");
	(void)plain_choice(q);
	buf_clear(&a->stem);
	a->q = NULL;
	a->next = 0;
	a->answered = false;
}

/* "B", "A, C" or "AC". */
static void take_answer(struct aiken *a, struct str line)
{
	struct plain *q = a->q;
	end_option(a);
	a->answered = true;
	bool any = false;
	for (size_t i = 0; i < line.len; i++) {
		char c = line.p[i];
		int letter = c >= 'A' && c <= 'Z' ? c - 'A' : c >= 'a' && c <= 'z' ? c - 'a' : -1;
		if (letter < 0 && strchr(" ,;.)&", c))
			continue;
		if (letter < 0 || (size_t)letter >= q->options.n) {
			(void)plain_reject(q, "its key '%.*s' is not among its options", (int)(line.len > 40 ? 40 : line.len), line.p);
			return;
		}
		q->options.list[letter].key = any = true;
	}
	if (!any)
		(void)plain_reject(q, "it has no key: nothing follows ANSWER:");
}

/* A question without an answer is followed by another one: its text stands in the last option, behind a blank line. */
static void begin_anew(struct aiken *a)
{
	_cleanup_free_ char *stem = str_dup(str_trim(str_sub(buf_str(&a->option), a->gap, a->option.len)));
	int line = a->gap_line;
	buf_cut(&a->option, a->gap);
	end_question(a);
	a->q = intake_add(a->in, line);
	buf_adds(&a->stem, stem);
}

static void take_line(struct aiken *a, struct str line, int number)
{
	struct str rest = line;
	int letter = -1;
	if (!str_trim(line).len) {
		if (!a->gap) {
			a->gap = a->option.len;
			a->gap_line = 0;
		}
		return;
	}
	if (a->gap && !a->gap_line)
		a->gap_line = number;
	if (a->answered && take_word(&rest, "FEEDBACK:")) {
		plain_set(&a->q->explanation, escape_text(rest));
		return;
	}
	if (a->q && take_word(&rest, "ANSWER:")) {
		take_answer(a, rest);
		return;
	}
	if (a->answered)
		end_question(a);
	if (a->q && (letter = take_letter(&rest)) == a->next && letter >= 0) {
		end_option(a);
		buf_addv(&a->option, rest.len ? rest : STR(" "));
		a->next++;
		return;
	}
	if (a->next > 1 && letter == 0 && a->gap && a->option.len > a->gap)
		begin_anew(a);
	if (a->q && letter == 0 && a->next == 0) {
		buf_addv(&a->option, rest.len ? rest : STR(" "));
		a->next++;
		return;
	}
	if (a->next > 0 && (letter = take_letter(&rest)) >= 0) {
		(void)plain_reject(a->q, "its options are not in the order of their letters: %c where %c is due", 'A' + letter, 'A' + a->next);
		return;
	}
	if (!a->q)
		a->q = intake_add(a->in, number);
	struct buf *to = a->next ? &a->option : &a->stem;
	if (to->len)
		buf_addc(to, '\n');
	buf_addv(to, str_trim(line));
}

void aiken_read(struct intake *in, struct str text)
{
	struct aiken a = {.in = in, .stem = BUF(text.len + 1), .option = BUF(text.len + 1)};
	struct str line;
	for (int number = 1; str_next_line(&text, &line); number++)
		take_line(&a, line, number);
	end_question(&a);
	buf_finish(&a.stem);
	buf_finish(&a.option);
}
