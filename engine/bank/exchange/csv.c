/* CSV: one question a row, the columns named in the first one. See csv.h. */
#include "bank/exchange/csv.h"
#include "bank/exchange/intake.h"

#define FIELDS_MAX 300

const char *const csv_columns[CSV_COLUMNS] = {"id",       "title",       "type",       "question",   "correct",
                                              "answer",   "explanation", "references", "hint",       "rubric",
                                              "category", "tags",        "points",     "difficulty", "format"};

struct table {
	struct intake *in;
	struct str rest;
	char separator;
	int line;         /* of the next row */
	struct buf bytes; /* of the row's fields, unquoted; the fields are offsets in it */
	size_t from[FIELDS_MAX], len[FIELDS_MAX];
	size_t n;
	bool damaged;            /* a quote that does not end */
	int column[CSV_COLUMNS]; /* or -1 */
	int option[CSV_OPTIONS_MAX], feedback[CSV_OPTIONS_MAX];
	struct plain *q;
	bool markdown;
};

/* ---- rows ---- */

static char find_separator(struct str line)
{
	static const char signs[] = ",;\t";
	size_t best = 0, most = 0;
	for (size_t k = 0; k < 3; k++) {
		size_t n = 0;
		bool quoted = false;
		for (size_t i = 0; i < line.len; i++) {
			quoted ^= line.p[i] == '"';
			n += !quoted && line.p[i] == signs[k];
		}
		if (n > most) {
			most = n;
			best = k;
		}
	}
	return signs[best];
}

/* A field off the front, into t->bytes; true if another one follows in the row. */
static bool next_field(struct table *t)
{
	struct str s = t->rest;
	size_t i = 0, start = t->bytes.len;
	if (s.len && s.p[0] == '"') {
		for (i = 1; i < s.len; i++) {
			if (s.p[i] == '"' && i + 1 < s.len && s.p[i + 1] == '"')
				i++;
			else if (s.p[i] == '"')
				break;
			t->line += s.p[i] == '\n';
			buf_addc(&t->bytes, s.p[i]);
		}
		t->damaged |= i >= s.len;
		i += i < s.len;
	}
	while (i < s.len && s.p[i] != t->separator && s.p[i] != '\n')
		buf_addc(&t->bytes, s.p[i++]);
	if (t->n < FIELDS_MAX) {
		t->from[t->n] = start;
		t->len[t->n++] = t->bytes.len - start;
	}
	bool more = i < s.len && s.p[i] == t->separator;
	if (i < s.len && !more)
		t->line++;
	t->rest = str_sub(s, i < s.len ? i + 1 : i, s.len);
	return more;
}

static bool next_row(struct table *t)
{
	buf_clear(&t->bytes);
	t->n = 0;
	if (!t->rest.len)
		return false;
	while (next_field(t))
		;
	return true;
}

static struct str at(const struct table *t, int column)
{
	if (column < 0 || (size_t)column >= t->n || !t->len[column])
		return (struct str){"", 0};
	return str_trim((struct str){t->bytes.p + t->from[column], t->len[column]});
}
static struct str field(const struct table *t, enum csv_column c)
{
	return at(t, t->column[c]);
}

/* ---- the head ---- */

static bool named(struct str s, const char *prefix, const char *suffix, int *ret_number)
{
	int64_t n;
	size_t head = strlen(prefix), tail = strlen(suffix);
	if (s.len <= head + tail || !str_eq_nocase(str_sub(s, 0, head), str_of(prefix)) ||
	    !str_eq_nocase(str_sub(s, s.len - tail, s.len), str_of(suffix)))
		return false;
	struct str middle = str_trim(str_sub(s, head, s.len - tail));
	while (middle.len && strchr("_- ", middle.p[0]))
		middle = str_sub(middle, 1, middle.len);
	if (middle.len == 1 && ((middle.p[0] | 32) >= 'a' && (middle.p[0] | 32) <= 'l')) {
		*ret_number = (middle.p[0] | 32) - 'a';
		return true;
	}
	if (!str_to_i64(middle, 1, CSV_OPTIONS_MAX, &n))
		return false;
	*ret_number = (int)n - 1;
	return true;
}

static void read_head(struct table *t)
{
	static const char *const other[][2] = {
	    {"stem", "question"},          {"text", "question"},        {"key", "correct"},     {"correct answer", "correct"},
	    {"answers", "answer"},         {"feedback", "explanation"}, {"domain", "category"}, {"topic", "category"},
	    {"correct_answer", "correct"}, {"name", "title"},           {"kind", "type"},       {"reference", "references"},
	    {"objective", "category"}};
	for (size_t c = 0; c < CSV_COLUMNS; c++)
		t->column[c] = -1;
	for (size_t i = 0; i < CSV_OPTIONS_MAX; i++)
		t->option[i] = t->feedback[i] = -1;
	for (size_t i = 0; i < t->n; i++) {
		struct str s = at(t, (int)i);
		int number;
		for (size_t k = 0; k < ARRAY_SIZE(other); k++)
			if (str_eq_nocase(s, str_of(other[k][0])))
				s = str_of(other[k][1]);
		for (size_t c = 0; c < CSV_COLUMNS; c++)
			if (str_eq_nocase(s, str_of(csv_columns[c])) && t->column[c] < 0)
				t->column[c] = (int)i;
		if (named(s, "feedback", "", &number))
			t->feedback[number] = (int)i;
		else if (named(s, "option", "", &number) || named(s, "choice", "", &number) || named(s, "answer", "", &number))
			t->option[number] = (int)i;
		else if (s.len == 1 && (s.p[0] | 32) >= 'a' && (s.p[0] | 32) <= 'l')
			t->option[(s.p[0] | 32) - 'a'] = (int)i;
	}
}

/* ---- cells ---- */

static char *text_of(struct table *t, struct str s, bool option)
{
	return t->markdown ? intake_markdown(t->in, s, option) : escape_text(s);
}

static bool find_kind(struct table *t, enum item_kind *ret)
{
	static const char *const other[][2] = {{"mc", "single"},
	                                       {"multiple choice", "single"},
	                                       {"multiple-choice", "single"},
	                                       {"sc", "single"},
	                                       {"ma", "multiple"},
	                                       {"multiple answer", "multiple"},
	                                       {"multiple response", "multiple"},
	                                       {"multi", "multiple"},
	                                       {"tf", "true-false"},
	                                       {"true/false", "true-false"},
	                                       {"short answer", "text"},
	                                       {"short", "text"},
	                                       {"sa", "text"},
	                                       {"num", "numeric"},
	                                       {"number", "numeric"},
	                                       {"match", "matching"},
	                                       {"order", "ordering"}};
	struct str s = field(t, CSV_TYPE);
	for (size_t k = 0; k < ARRAY_SIZE(other); k++)
		if (str_eq_nocase(s, str_of(other[k][0])))
			s = str_of(other[k][1]);
	for (int k = 0; k < ITEM_KINDS; k++)
		if (str_eq_nocase(s, str_of(item_kind_name((enum item_kind)k)))) {
			*ret = (enum item_kind)k;
			return true;
		}
	if (s.len)
		return plain_reject(t->q, "there is no type '%.*s'", (int)str_cut(s, 60).len, s.p);
	*ret = t->q->options.n ? ITEM_SINGLE : ITEM_TEXT;
	return true;
}

/* One part of "correct": a letter, a number, or an option's text; what could be two of these is not clear. */
static int find_option(struct table *t, struct str s)
{
	struct plain *q = t->q;
	int64_t n;
	int text = -1, place = -1;
	_cleanup_free_ char *want = text_of(t, s, true);
	for (size_t i = 0; i < q->options.n && text < 0; i++)
		if (strcmp(q->options.list[i].text, want) == 0 || (q->kind == ITEM_TRUE_FALSE && str_eq_nocase(str_of(q->options.list[i].text), s)))
			text = (int)i;
	if (s.len == 1 && (s.p[0] | 32) >= 'a' && (s.p[0] | 32) <= 'z')
		place = (s.p[0] | 32) - 'a';
	else if (str_to_i64(s, 1, CSV_OPTIONS_MAX, &n))
		place = (int)n - 1;
	if (place >= (int)q->options.n)
		place = -1;
	if (text >= 0 && place >= 0 && text != place) {
		(void)plain_reject(q, "its key '%.*s' is an option's text, and another one's place", (int)str_cut(s, 60).len, s.p);
		return -1;
	}
	return text >= 0 ? text : place;
}

static void take_keys(struct table *t)
{
	struct plain *q = t->q;
	struct str s = field(t, CSV_CORRECT).len ? field(t, CSV_CORRECT) : field(t, CSV_ANSWER), rest = s, part;
	int whole = s.len ? find_option(t, s) : -1;
	if (!s.len) {
		(void)plain_reject(q, "it has no key: 'correct' is empty");
	} else if (whole >= 0) {
		q->options.list[whole].key = true;
	} else {
		char sign = memchr(s.p, '|', s.len) ? '|' : memchr(s.p, ';', s.len) ? ';' : memchr(s.p, ',', s.len) ? ',' : ' ';
		while (str_next_field(&rest, sign, &part)) {
			part = str_trim(part);
			int i = part.len ? find_option(t, part) : -1;
			if (i >= 0)
				q->options.list[i].key = true;
			else if (part.len)
				(void)plain_reject(q, "its key '%.*s' is not among its options", (int)str_cut(part, 60).len, part.p);
		}
	}
}

static void take_options(struct table *t)
{
	bool gap = false;
	for (size_t i = 0; i < CSV_OPTIONS_MAX; i++) {
		struct str s = at(t, t->option[i]), feedback = at(t, t->feedback[i]);
		if (!s.len) {
			gap = true;
			continue;
		}
		if (gap && t->q->options.n && field(t, CSV_CORRECT).len)
			(void)plain_reject(t->q, "an empty option stands before others: which one its key means is not clear");
		struct plain_option *o = plain_add_option(&t->q->options, text_of(t, s, true));
		if (feedback.len)
			plain_set(&o->feedback, text_of(t, feedback, false));
	}
}

static void take_pairs(struct table *t)
{
	struct plain *q = t->q;
	for (size_t i = 0; i < CSV_OPTIONS_MAX; i++) {
		struct str s = at(t, t->option[i]);
		const char *arrow = memmem(s.p, s.len, "=>", 2);
		if (!s.len)
			continue;
		if (!arrow) {
			(void)plain_reject(q, "a pair has no '=>': '%.*s'", (int)str_cut(s, 60).len, s.p);
			return;
		}
		struct str left = str_trim(str_sub(s, 0, (size_t)(arrow - s.p))),
		           right = str_trim(str_sub(s, left.len ? (size_t)(arrow - s.p) + 2 : 2, s.len));
		char *target = text_of(t, right, true);
		size_t k = 0;
		while (k < q->targets.n && strcmp(q->targets.list[k].text, target) != 0)
			k++;
		if (k == q->targets.n)
			plain_add_option(&q->targets, target);
		else
			free(target);
		if (left.len)
			plain_add_option(&q->options, text_of(t, left, true))->match = (int)k;
	}
}

/* Answers that are typed: one a line, as in the bank's format but for "= ". */
static void take_answers(struct table *t)
{
	struct str rest = field(t, CSV_ANSWER).len ? field(t, CSV_ANSWER) : field(t, CSV_CORRECT), line;
	struct plain *q = t->q;
	while (str_next_line(&rest, &line)) {
		line = str_trim(line);
		if (!line.len)
			continue;
		if (q->kind == ITEM_NUMERIC)
			strings_add(&q->numbers, str_dup(line));
		else
			plain_add_text(&q->texts, str_dup(line))->ignore_case = q->ignore_case;
	}
	if (!q->numbers.n && !q->texts.n)
		(void)plain_reject(q, "it has no key: 'answer' is empty");
}

static void take_tags(struct table *t)
{
	struct str rest = field(t, CSV_TAGS), tag;
	while (str_next_field(&rest, ';', &tag)) {
		tag = str_trim(tag);
		if (tag.len && !plain_take_mark(t->q, tag) && t->q->tags.n < 32)
			strings_add(&t->q->tags, str_dup(tag));
	}
}

static void take_fields(struct table *t)
{
	struct plain *q = t->q;
	double points;
	int64_t difficulty;
	if (field(t, CSV_ID).len)
		q->id = str_dup(field(t, CSV_ID));
	plain_set(&q->title, str_dup(str_cut(field(t, CSV_TITLE), 400)));
	plain_set(&q->explanation, text_of(t, field(t, CSV_EXPLANATION), false));
	plain_set(&q->references, text_of(t, field(t, CSV_REFERENCES), false));
	plain_set(&q->rubric, text_of(t, field(t, CSV_RUBRIC), false));
	if (field(t, CSV_HINT).len)
		strings_add(&q->hints, text_of(t, field(t, CSV_HINT), false));
	if (field(t, CSV_CATEGORY).len)
		intake_category(q, field(t, CSV_CATEGORY));
	if (field(t, CSV_POINTS).len && str_to_double(field(t, CSV_POINTS), &points) && points >= 0.001 && points <= BANK_POINTS_MAX)
		q->points_m = (int64_t)(points * 1000 + 0.5);
	else if (field(t, CSV_POINTS).len)
		plain_lose(q, "its points are no number from 0.001 to %d", BANK_POINTS_MAX);
	if (field(t, CSV_DIFFICULTY).len && str_to_i64(field(t, CSV_DIFFICULTY), 1, 5, &difficulty))
		q->difficulty = (int)difficulty;
	else if (field(t, CSV_DIFFICULTY).len)
		plain_lose(q, "its difficulty is no number from 1 to 5");
}

static void read_row(struct table *t, int line)
{
	struct plain *q = t->q = intake_add(t->in, line);
	struct str format = field(t, CSV_FORMAT), type = field(t, CSV_TYPE);
	t->markdown = str_eq_nocase(format, STR("markdown"));
	if (format.len && !t->markdown && !str_eq_nocase(format, STR("plain")))
		(void)plain_reject(q, "its format is neither plain nor markdown");
	plain_set(&q->stem, text_of(t, field(t, CSV_QUESTION), false));
	if (!q->stem)
		(void)plain_reject(q, "it has no text: 'question' is empty");
	bool pairs = str_eq_nocase(type, STR("matching")) || str_eq_nocase(type, STR("match"));
	if (pairs)
		take_pairs(t);
	else
		take_options(t);
	take_fields(t);
	if (!find_kind(t, &q->kind))
		return;
	q->ignore_case = q->kind == ITEM_TEXT;
	take_tags(t);
	if (q->kind == ITEM_TRUE_FALSE && !q->options.n) {
		plain_add_option(&q->options, xstrdup("True"));
		plain_add_option(&q->options, xstrdup("False"));
	}
	if (q->kind == ITEM_SINGLE || q->kind == ITEM_MULTIPLE || q->kind == ITEM_TRUE_FALSE) {
		take_keys(t);
		(void)plain_choice(q);
	} else if (q->kind == ITEM_NUMERIC || q->kind == ITEM_TEXT) {
		take_answers(t);
	} else if (q->kind == ITEM_ESSAY && !q->rubric) {
		intake_rubric(q);
	} else if (q->kind != ITEM_ESSAY && q->kind != ITEM_ORDERING && q->kind != ITEM_MATCHING) {
		(void)plain_reject(q, "a table cannot hold questions of the type %s", item_kind_name(q->kind));
	}
}

void csv_read(struct intake *in, struct str text)
{
	struct str first, rest = text;
	struct table *t = xcalloc(1, sizeof *t);
	*t = (struct table){.in = in, .rest = text, .line = 1, .bytes = BUF(text.len * 2 + 1)};
	t->separator = str_next_line(&rest, &first) ? find_separator(first) : ',';
	bool head = next_row(t);
	read_head(t);
	if (!head || t->column[CSV_QUESTION] < 0)
		(void)plain_reject(intake_add(in, 1), "the first row names no column 'question'");
	for (int line = t->line; head && t->column[CSV_QUESTION] >= 0 && next_row(t); line = t->line) {
		bool empty = true;
		for (size_t i = 0; i < t->n; i++)
			empty &= at(t, (int)i).len == 0;
		if (empty)
			continue;
		read_row(t, line);
		if (t->damaged)
			(void)plain_reject(t->q, "a quote in this row does not end");
	}
	buf_finish(&t->bytes);
	free(t);
}
