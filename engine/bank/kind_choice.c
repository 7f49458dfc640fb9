/* Answer parts that are lists of options: single, multiple, true-false; ordering; matching. */
#include "bank/question.h"
#include "base/mem.h"

static struct item_option *add_option(struct item_option **list, size_t *n)
{
	*list = xrealloc(*list, *n + 1, sizeof **list);
	struct item_option *o = &(*list)[(*n)++];
	*o = (struct item_option){.match = -1};
	return o;
}

/* A quote's line without its ">" and one space. */
static struct str unquoted(struct str s)
{
	s = str_sub(s, 1, s.len);
	return str_starts(s, " ") ? str_sub(s, 1, s.len) : s;
}

/* Splits an entry into its text and its feedback (the block quotes in it). The first line's marker is left out, further lines are moved
 * left by `dedent` columns. */
static void cut_entry(struct question *q, const struct entry *e, struct str first, unsigned dedent, struct passage *text,
                      struct passage *feedback)
{
	bool quoted = false;
	if (e->to == e->from + 1) {
		*text = passage_view(q->source, first);
		return;
	}
	passage_append(text, q->source, first);
	for (size_t i = e->from + 1; i < e->to; i++) {
		const struct line *l = &q->lines[i];
		struct str s = line_dedented(l, dedent);
		struct str body = str_trim(s);
		bool quote = !(l->flags & LINE_CODE) && l->indent < dedent + 4 && str_starts(body, ">");
		if (quote && !quoted && feedback->text.len)
			passage_append(feedback, q->source, (struct str){l->p, 0});
		quoted = quote || (quoted && body.len);
		if (quote)
			passage_append(feedback, q->source, unquoted(body));
		else
			passage_append(quoted ? feedback : text, q->source, s);
	}
}

/* Takes "{pin}" off the end of an option's first line. */
static bool take_pin(struct str *first)
{
	struct str s = str_trim(*first);
	if (!str_ends(s, "{pin}"))
		return false;
	*first = str_sub(*first, 0, (size_t)(s.p - first->p) + s.len - 5);
	return true;
}

bool question_entry(struct question *q, const struct entry *e, struct str first, unsigned dedent, struct item_option *o)
{
	_cleanup_passage_ struct passage text = {0}, feedback = {0};
	const struct line *l = &q->lines[e->from];
	cut_entry(q, e, first, dedent, &text, &feedback);
	if (str_trim(text.text).len == 0)
		return question_error(q, "empty-option", l->p, "this entry has no text");
	bool below = str_trim(first).len == 0;                   /* its text begins on the next line, and may be any block */
	bool block = (l->flags & LINE_FENCE_OPEN) != 0 || below; /* "1. ```" */
	bool ok = block ? markdown_render(q->md, &text, true, &o->html, &o->text) : markdown_inline(q->md, &text, &o->html, &o->text);
	if (ok && feedback.text.len)
		ok = markdown_render(q->md, &feedback, true, &o->feedback_html, NULL);
	return ok;
}

/* ---- single, multiple, true-false ---- */

static size_t first_box(const struct question *q)
{
	bool key;
	size_t i = 0;
	while (i < q->body_end && !question_box(&q->lines[i], &key))
		i++;
	return i;
}

static bool read_options(struct question *q, const struct entry *entries, size_t n)
{
	bool ok = true;
	for (size_t i = 0; i < n; i++) {
		const struct line *l = &q->lines[entries[i].from];
		bool key;
		size_t skip = question_box(l, &key);
		if (!skip) {
			ok = question_error(q, "no-box", l->p, "this option has no box");
			diags_help(q->diags, "write '- [ ] …' for a wrong option, '- [x] …' for a right one");
			continue;
		}
		struct item_option *o = add_option(&q->item->options, &q->item->n_options);
		struct str first = str_sub(line_str(l), skip, l->len);
		o->key = key;
		o->pin = take_pin(&first);
		ok &= question_entry(q, &entries[i], first, (unsigned)entries[i].marker, o);
	}
	return ok;
}

static bool check_keys(struct question *q, size_t keys)
{
	struct item *item = q->item;
	if (keys == 0) {
		question_error(q, "no-key", q->at, "no option is marked as right");
		diags_help(q->diags, "put an x into the box of each right option: - [x]");
		return false;
	}
	if (item->kind != ITEM_MULTIPLE && keys > 1) {
		question_error(q, "several-keys", q->at, "a question of type %s has %zu options marked as right", item_kind_name(item->kind), keys);
		diags_help(q->diags, "mark one, or write 'type: multiple'");
		return false;
	}
	if (q->select > 0 && (size_t)q->select != keys) {
		const struct yaml *y = NULL;
		int node = question_field(q, "select", &y);
		question_error(q, "select-mismatch", node >= 0 ? yaml_at(y, node) : q->at, "select is %d, but %zu options are marked as right",
		               q->select, keys);
		return false;
	}
	if (!q->is_instance)
		item->select = item->kind != ITEM_MULTIPLE ? 1 : q->select == 0 ? 0 : (int)keys;
	return true;
}

static bool check_true_false(struct question *q)
{
	const struct item *item = q->item;
	bool ok = item->n_options == 2 && str_eq_nocase(str_of(item->options[0].text), STR("true")) &&
	          str_eq_nocase(str_of(item->options[1].text), STR("false"));
	if (ok)
		return true;
	question_error(q, "true-false-options", q->at, "a true-false question has exactly the options True and False, in this order");
	return false;
}

bool kind_read_choice(struct question *q)
{
	struct entry *entries = NULL;
	size_t n = 0, start = first_box(q);
	if (start == q->body_end)
		return question_no_answer(q, "the question has no options", "add lines '- [x] …' and '- [ ] …'");
	bool ok = question_stem(q, start);
	if (!question_entries(q, start, q->body_end, false, &entries, &n))
		return false;
	ok &= read_options(q, entries, n);
	free(entries);
	if (!ok)
		return false;
	if (n < 2)
		return question_error(q, "few-options", q->lines[start].p, "a question needs at least two options");
	size_t keys = 0;
	for (size_t i = 0; i < q->item->n_options; i++)
		keys += q->item->options[i].key;
	return check_keys(q, keys) && (q->item->kind != ITEM_TRUE_FALSE || check_true_false(q));
}

/* ---- ordering ---- */

bool kind_read_ordering(struct question *q)
{
	struct item *item = q->item;
	struct entry *entries = NULL;
	size_t n = 0, start = question_last_list(q, true);
	if (start >= q->body_end)
		return question_no_answer(q, "an ordering question needs a numbered list", "write the entries in the right order: 1. …, 2. …");
	bool ok = question_stem(q, start);
	if (!question_entries(q, start, q->body_end, true, &entries, &n))
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct line *l = &q->lines[entries[i].from];
		struct item_option *o = add_option(&item->options, &item->n_options);
		ok &= question_entry(q, &entries[i], str_sub(line_str(l), entries[i].marker, l->len), (unsigned)entries[i].marker, o);
	}
	free(entries);
	if (ok && n < 2)
		return question_error(q, "few-options", q->lines[start].p, "an ordering question needs at least two entries");
	return ok;
}

/* ---- matching ---- */

bool kind_has_arrow(struct str s, size_t *ret_at, size_t *ret_len)
{
	size_t ticks = 0;
	for (size_t i = 0; i + 2 <= s.len; i++) {
		if (s.p[i] == '`') {
			size_t run = 1;
			while (i + run < s.len && s.p[i + run] == '`')
				run++;
			ticks = ticks == 0 ? run : ticks == run ? 0 : ticks;
			i += run - 1;
			continue;
		}
		bool spaced = (i == 0 || s.p[i - 1] == ' ') && (i + 2 == s.len || s.p[i + 2] == ' ');
		if (!ticks && s.p[i] == '=' && s.p[i + 1] == '>' && spaced) {
			*ret_at = i;
			*ret_len = 2;
			return true;
		}
	}
	return false;
}

/* The index of the target with this text, added if it is new. */
static bool target_index(struct question *q, const struct passage *p, int *ret)
{
	struct item *item = q->item;
	char *html, *text;
	if (!markdown_inline(q->md, p, &html, &text))
		return false;
	for (size_t i = 0; i < item->n_targets; i++) {
		if (strcmp(item->targets[i].html, html) == 0) {
			free(html);
			free(text);
			*ret = (int)i;
			return true;
		}
	}
	struct item_option *t = add_option(&item->targets, &item->n_targets);
	t->html = html;
	t->text = text;
	*ret = (int)item->n_targets - 1;
	return true;
}

static bool read_pair(struct question *q, const struct entry *e)
{
	struct item *item = q->item;
	const struct line *l = &q->lines[e->from];
	_cleanup_passage_ struct passage text = {0}, feedback = {0};
	cut_entry(q, e, str_sub(line_str(l), e->marker, l->len), (unsigned)e->marker, &text, &feedback);
	size_t at, len;
	if (!kind_has_arrow(text.text, &at, &len)) {
		question_error(q, "no-arrow", l->p, "this entry has no ' => '");
		diags_help(q->diags, "write '- left => right', or '- => right' for a distractor");
		return false;
	}
	struct str left = str_trim(str_sub(text.text, 0, at)), right = str_trim(str_sub(text.text, at + len, text.text.len));
	if (!right.len)
		return question_error(q, "empty-option", l->p, "nothing follows '=>'");
	int target;
	struct passage right_part = passage_view(q->source, right), left_part = passage_view(q->source, left);
	if (!target_index(q, &right_part, &target))
		return false;
	if (!left.len)
		return true;
	struct item_option *o = add_option(&item->options, &item->n_options);
	o->match = target;
	bool ok = markdown_inline(q->md, &left_part, &o->html, &o->text);
	if (ok && feedback.text.len)
		ok = markdown_render(q->md, &feedback, true, &o->feedback_html, NULL);
	return ok;
}

bool kind_read_matching(struct question *q)
{
	struct entry *entries = NULL;
	size_t n = 0, start = question_last_list(q, false);
	if (start >= q->body_end)
		return question_no_answer(q, "a matching question needs a list",
		                          "write '- left => right' for a pair, '- => right' for a distractor");
	bool ok = question_stem(q, start);
	if (!question_entries(q, start, q->body_end, false, &entries, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		ok &= read_pair(q, &entries[i]);
	free(entries);
	if (ok && (q->item->n_options < 2 || q->item->n_targets < 2))
		return question_error(q, "few-options", q->lines[start].p,
		                      "a matching question needs at least two pairs with two different right sides");
	return ok;
}
