/* A bank as GIFT. See gift.c for the format, docs/authors/export.md for what it can hold. */
#include "bank/exchange/export.h"

static void escape(struct str s, struct buf *out)
{
	for (size_t i = 0; i < s.len; i++) {
		if (strchr("~=#{}:\\", s.p[i]))
			buf_addc(out, '\\');
		if (s.p[i] == '\n')
			buf_adds(out, "\\n");
		else
			buf_addc(out, s.p[i]);
	}
}

/* A text that begins like a format's name is none. */
static void add_html(struct exporter *x, const char *html, struct buf *out)
{
	_cleanup_buf_ struct buf text = BUF(1u << 26);
	if (export_is_text(html, &text)) {
		buf_adds(out, "[plain]");
	} else {
		buf_adds(out, "[html]");
		buf_clear(&text);
		export_html(x, html, &text);
	}
	escape(buf_str(&text), out);
}

static void add_feedback(struct exporter *x, const char *html, struct buf *out)
{
	if (!html)
		return;
	buf_addc(out, '#');
	add_html(x, html, out);
}

static void add_choice(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	size_t keys = 0;
	for (size_t i = 0; i < item->n_options; i++)
		keys += item->options[i].key;
	for (size_t i = 0; i < item->n_options; i++) {
		const struct item_option *o = &item->options[i];
		bool single = item->kind != ITEM_MULTIPLE;
		buf_addc(out, '\t');
		if (single)
			buf_addc(out, o->key ? '=' : '~');
		else if (o->key)
			buf_addf(out, "~%%%.5g%%", 100.0 / (double)keys);
		else
			buf_addc(out, '~');
		add_html(x, o->html, out);
		add_feedback(x, o->feedback_html, out);
		buf_addc(out, '\n');
	}
}

static void add_true_false(struct exporter *x, struct buf *out)
{
	const struct item_option *o = x->item->options;
	bool answer = o[0].key;
	const char *wrong = o[answer ? 1 : 0].feedback_html, *right = o[answer ? 0 : 1].feedback_html;
	buf_adds(out, answer ? "TRUE" : "FALSE");
	if (wrong || right)
		buf_addc(out, '#');
	if (wrong)
		add_html(x, wrong, out);
	add_feedback(x, right, out);
	buf_addc(out, '\n');
}

/* Moodle's right sides are plain text. */
static bool add_pair(struct exporter *x, const char *left, const char *right, struct buf *out)
{
	buf_adds(out, "\t=");
	size_t before = out->len;
	if (left)
		add_html(x, left, out);
	_cleanup_buf_ struct buf both = BUF(1u << 20);
	buf_addv(&both, str_sub(buf_str(out), before, out->len));
	buf_adds(out, " -> ");
	before = out->len;
	add_html(x, right, out);
	buf_addv(&both, str_sub(buf_str(out), before, out->len));
	buf_addc(out, '\n');
	return !memmem(both.p, both.len, "->", 2) || export_reject(x, "GIFT cannot hold '->' in a pair");
}

static bool add_pairs(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	bool ok = true;
	for (size_t i = 0; i < item->n_options; i++) {
		if (item->options[i].feedback_html)
			export_lose(x, "feedback for a pair has no place there");
		ok &= add_pair(x, item->options[i].html, item->targets[item->options[i].match].html, out);
	}
	for (size_t k = 0; k < item->n_targets; k++) {
		bool used = false;
		for (size_t i = 0; i < item->n_options && !used; i++)
			used = item->options[i].match == (int)k;
		if (!used)
			ok &= add_pair(x, NULL, item->targets[k].html, out);
	}
	return ok;
}

static bool add_numbers(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	buf_adds(out, "#");
	for (size_t i = 0; i < item->n_numbers; i++) {
		const struct item_number *n = &item->numbers[i];
		if (n->unit)
			return export_reject(x, "GIFT has no units");
		buf_adds(out, "\n\t=");
		number_add(n->lo, out);
		if (n->lo != n->hi) {
			buf_adds(out, "..");
			number_add(n->hi, out);
		}
	}
	buf_addc(out, '\n');
	return true;
}

static bool add_texts(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	if (!item->ignore_case)
		export_lose(x, "capital and small letters are the same there");
	for (size_t i = 0; i < item->n_texts; i++) {
		const struct item_text *t = &item->texts[i];
		if (t->regex)
			return export_reject(x, "GIFT has no regular expressions");
		buf_adds(out, "\t=");
		if (t->credit_m < 1000)
			buf_addf(out, "%%%.5g%%", (double)t->credit_m / 10);
		_cleanup_buf_ struct buf pattern = BUF(8192);
		for (const char *p = t->pattern; *p; p++) {
			if (*p == '*')
				buf_addc(&pattern, '\\');
			buf_addc(&pattern, *p);
		}
		escape(buf_str(&pattern), out);
		add_feedback(x, t->reason_html, out);
		buf_addc(out, '\n');
	}
	return true;
}

static bool add_answers(struct exporter *x, struct buf *out)
{
	switch (x->item->kind) {
	case ITEM_SINGLE:
	case ITEM_MULTIPLE:
		add_choice(x, out);
		return true;
	case ITEM_TRUE_FALSE:
		add_true_false(x, out);
		return true;
	case ITEM_GRID:
		export_lose(x, "a grid is written as pairs to match");
		return add_pairs(x, out);
	case ITEM_MATCHING:
		return add_pairs(x, out);
	case ITEM_NUMERIC:
		return add_numbers(x, out);
	case ITEM_TEXT:
		return add_texts(x, out);
	case ITEM_ESSAY:
		return true;
	case ITEM_ORDERING:
		return export_reject(x, "GIFT has no questions of order");
	case ITEM_CLOZE:
		return export_reject(x, "GIFT has no text with several blanks");
	default:
		return export_reject(x, "GIFT has no questions of this kind");
	}
}

static void add_marks(const struct item *item, struct buf *out)
{
	struct strings marks = {0};
	plain_marks(item, &marks);
	for (size_t i = 0; i < item->n_tags; i++)
		strings_add(&marks, xstrdup(item->tags[i]));
	buf_adds(out, "//");
	for (size_t i = 0; i < marks.n; i++) {
		buf_adds(out, " [tag:");
		for (const char *p = marks.list[i]; *p; p++) {
			if (*p == ']' || *p == '\\')
				buf_addc(out, '\\');
			buf_addc(out, (unsigned char)*p < 0x20 ? ' ' : *p);
		}
		buf_addc(out, ']');
	}
	buf_addc(out, '\n');
	strings_finish(&marks);
}

static bool write_item(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	_cleanup_buf_ struct buf category = BUF(8192);
	export_category(x, item, &category);
	struct buf *last = x->arg;
	if (!str_eq(buf_str(&category), buf_str(last))) {
		buf_clear(last);
		buf_addv(last, buf_str(&category));
		buf_adds(out, "$CATEGORY: ");
		buf_addv(out, buf_str(&category));
		buf_adds(out, "\n\n");
	}
	export_lose_sections(x, true, true);
	add_marks(item, out);
	buf_adds(out, "::");
	escape(str_of(item->title), out);
	buf_adds(out, "::");
	add_html(x, item->stem_html, out);
	buf_adds(out, "{");
	if (item->kind != ITEM_ESSAY && item->kind != ITEM_TRUE_FALSE && item->kind != ITEM_NUMERIC)
		buf_addc(out, '\n');
	bool ok = add_answers(x, out);
	if (export_has_explanation(item)) {
		_cleanup_buf_ struct buf html = BUF(1u << 26);
		export_explanation(x, &html);
		buf_adds(out, "####[html]");
		escape(buf_str(&html), out);
		buf_addc(out, '\n');
	}
	buf_adds(out, "}\n\n");
	if (!ok)
		buf_clear(last); /* its category is taken back too */
	return ok;
}

void gift_write(struct exporter *x, struct buf *out)
{
	_cleanup_buf_ struct buf category = BUF(8192);
	x->arg = &category;
	export_each(x, write_item, out);
	x->arg = NULL;
}
