/* Blackboard's text format for uploads: a question a line, its fields parted by tabs, the first of them the kind. */
#include "bank/exchange/intake.h"

#define FIELDS_MAX 210

struct row {
	struct intake *in;
	struct plain *q;
	struct str fields[FIELDS_MAX];
	size_t n;
};

static char *text_of(struct row *r, struct str s, bool option)
{
	s = str_trim(s);
	return html_is(s) ? intake_html(r->in, s, option) : escape_text(s);
}

static bool is_word(struct str s, const char *word)
{
	return str_eq_nocase(str_trim(s), str_of(word));
}

static void read_choice(struct row *r)
{
	struct plain *q = r->q;
	if (is_word(r->fields[0], "MA"))
		q->kind = ITEM_MULTIPLE;
	for (size_t i = 2; i + 1 < r->n; i += 2) {
		struct plain_option *o = plain_add_option(&q->options, text_of(r, r->fields[i], true));
		o->key = is_word(r->fields[i + 1], "correct");
		if (!o->key && !is_word(r->fields[i + 1], "incorrect"))
			(void)plain_reject(q, "option %zu is neither 'correct' nor 'incorrect'", i / 2);
	}
	(void)plain_choice(q);
}

static void read_true_false(struct row *r)
{
	struct plain *q = r->q;
	q->kind = ITEM_TRUE_FALSE;
	bool yes = r->n > 2 && is_word(r->fields[2], "true"), no = r->n > 2 && is_word(r->fields[2], "false");
	plain_add_option(&q->options, xstrdup("True"))->key = yes;
	plain_add_option(&q->options, xstrdup("False"))->key = no;
	if (!yes && !no)
		(void)plain_reject(q, "it has no key: neither 'true' nor 'false' follows");
}

static void read_order(struct row *r)
{
	r->q->kind = ITEM_ORDERING;
	for (size_t i = 2; i < r->n; i++)
		if (str_trim(r->fields[i]).len)
			plain_add_option(&r->q->options, text_of(r, r->fields[i], true));
}

static void read_matching(struct row *r)
{
	struct plain *q = r->q;
	q->kind = ITEM_MATCHING;
	for (size_t i = 2; i + 1 < r->n; i += 2) {
		char *right = text_of(r, r->fields[i + 1], true);
		size_t k = 0;
		while (k < q->targets.n && strcmp(q->targets.list[k].text, right) != 0)
			k++;
		if (k == q->targets.n)
			plain_add_option(&q->targets, right);
		else
			free(right);
		if (str_trim(r->fields[i]).len)
			plain_add_option(&q->options, text_of(r, r->fields[i], true))->match = (int)k;
	}
}

static void read_texts(struct row *r)
{
	struct plain *q = r->q;
	q->kind = ITEM_TEXT;
	q->ignore_case = true;
	for (size_t i = 2; i < r->n; i++)
		if (str_trim(r->fields[i]).len)
			plain_add_text(&q->texts, str_dup(str_trim(r->fields[i])))->ignore_case = true;
	intake_check_typed(q);
}

static void read_number(struct row *r)
{
	double v, t = 0;
	r->q->kind = ITEM_NUMERIC;
	if (r->n < 3 || !str_to_double(str_trim(r->fields[2]), &v) ||
	    (r->n > 3 && str_trim(r->fields[3]).len && !str_to_double(str_trim(r->fields[3]), &t)) || t < 0)
		(void)plain_reject(r->q, "its answer or its tolerance is no number");
	else
		strings_add(&r->q->numbers, plain_number(v - t, v + t, NULL));
}

static void read_essay(struct row *r)
{
	r->q->kind = ITEM_ESSAY;
	if (r->n > 2 && str_trim(r->fields[2]).len)
		plain_set(&r->q->explanation, text_of(r, r->fields[2], false));
	intake_rubric(r->q);
}

static void read_row(struct row *r)
{
	static const struct {
		const char *kind;
		void (*read)(struct row *r);
	} kinds[] = {{"MC", read_choice}, {"MA", read_choice},  {"TF", read_true_false}, {"ORD", read_order}, {"MAT", read_matching},
	             {"FIB", read_texts}, {"NUM", read_number}, {"ESS", read_essay},     {"SR", read_essay}};
	struct plain *q = r->q;
	plain_set(&q->stem, r->n > 1 ? text_of(r, r->fields[1], false) : NULL);
	if (!q->stem)
		(void)plain_reject(q, "it has no text");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (is_word(r->fields[0], kinds[i].kind)) {
			kinds[i].read(r);
			return;
		}
	(void)plain_reject(q, "questions of the kind '%.*s' cannot be expressed", (int)str_cut(r->fields[0], 40).len, r->fields[0].p);
}

void blackboard_read(struct intake *in, struct str text)
{
	struct str line;
	for (int number = 1; str_next_line(&text, &line); number++) {
		struct row *r = xcalloc(1, sizeof *r);
		struct str rest = line;
		while (r->n < FIELDS_MAX && str_next_field(&rest, '\t', &r->fields[r->n]))
			r->n++;
		if (str_trim(line).len) {
			r->in = in;
			r->q = intake_add(in, number);
			if (r->n == FIELDS_MAX)
				(void)plain_reject(r->q, "the line has too many fields");
			else
				read_row(r);
		}
		free(r);
	}
}
