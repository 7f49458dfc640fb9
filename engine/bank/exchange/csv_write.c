/* A bank as CSV, its texts as Markdown. See csv.h. */
#include "bank/exchange/csv.h"
#include "bank/exchange/export.h"

static void add_field(struct buf *out, const char *text)
{
	buf_addc(out, ',');
	if (!text)
		return;
	bool quote = strpbrk(text, ",;\"\n\t") || text[0] == ' ' || strchr("=+-@", text[0] ? text[0] : ' ');
	if (!quote) {
		buf_adds(out, text);
		return;
	}
	buf_addc(out, '"');
	for (const char *p = text; *p; p++) {
		if (*p == '"')
			buf_addc(out, '"');
		buf_addc(out, *p);
	}
	buf_addc(out, '"');
}

struct columns {
	size_t options;
	bool feedback;
};

static char *join_tags(struct exporter *x)
{
	struct strings marks = {0};
	_cleanup_buf_ struct buf out = BUF(1u << 16);
	plain_marks(x->item, &marks);
	for (size_t i = 0; i < x->item->n_tags; i++) {
		if (strchr(x->item->tags[i], ';'))
			export_lose(x, "a tag with ';' is cut in two");
		strings_add(&marks, xstrdup(x->item->tags[i]));
	}
	for (size_t i = 0; i < marks.n; i++) {
		buf_adds(&out, i ? "; " : "");
		buf_adds(&out, marks.list[i]);
	}
	strings_finish(&marks);
	return buf_take(&out, NULL);
}

static void add_keys(const struct plain *q, struct buf *out)
{
	bool first = true;
	for (size_t i = 0; i < q->options.n; i++)
		if (q->options.list[i].key) {
			buf_addf(out, "%s%zu", first ? "" : "; ", i + 1);
			first = false;
		}
}

static bool add_answers(struct exporter *x, const struct plain *q, struct buf *out)
{
	for (size_t i = 0; i < q->numbers.n; i++)
		buf_addf(out, "%s%s", i ? "\n" : "", q->numbers.list[i]);
	for (size_t i = 0; i < q->texts.n; i++) {
		const struct plain_text *t = &q->texts.list[i];
		if (t->regex || t->credit_m < 1000)
			return export_reject(x, "the table holds only answers that are fully right, and no expressions");
		buf_addf(out, "%s%s", i ? "\n" : "", t->pattern);
	}
	return true;
}

static void add_pictures(struct exporter *x, const char *html)
{
	if (html && strstr(html, "<img "))
		export_lose(x, "its pictures are not in the table");
}

static void add_option(const struct plain *q, size_t i, struct buf *out)
{
	if (q->kind != ITEM_MATCHING) {
		add_field(out, i < q->options.n ? q->options.list[i].text : NULL);
		return;
	}
	_cleanup_buf_ struct buf pair = BUF(1u << 20);
	size_t k = 0, spare = q->options.n;
	if (i < q->options.n) {
		buf_addf(&pair, "%s => %s", q->options.list[i].text, q->targets.list[q->options.list[i].match].text);
	} else {
		for (; k < q->targets.n; k++) {
			bool used = false;
			for (size_t o = 0; o < q->options.n && !used; o++)
				used = q->options.list[o].match == (int)k;
			if (!used && spare++ == i) {
				buf_addf(&pair, "=> %s", q->targets.list[k].text);
				break;
			}
		}
	}
	add_field(out, pair.len ? pair.p : NULL);
}

static bool write_item(struct exporter *x, struct buf *out)
{
	const struct columns *c = x->arg;
	const struct item *item = x->item;
	struct plain q;
	if (item->kind == ITEM_CLOZE || item->kind == ITEM_HOTSPOT || item->kind == ITEM_GRID)
		return export_reject(x, "a table has no questions of this kind");
	for (size_t i = 0; item->kind == ITEM_MATCHING && i < item->n_options; i++)
		if (strstr(item->options[i].text, "=>"))
			return export_reject(x, "the table cannot hold '=>' in a pair");
	export_plain(x->bank, item, "questions/x.md", &q);
	add_pictures(x, item->stem_html);
	add_pictures(x, item->explanation_html);
	add_pictures(x, item->references_html);
	if (item->n_hints)
		add_pictures(x, item->hints_html[0]);
	for (size_t i = 0; i < item->n_options; i++) {
		add_pictures(x, item->options[i].html);
		add_pictures(x, item->options[i].feedback_html);
	}
	export_lose_sections(x, false, false);
	if (item->n_hints > 1)
		export_lose(x, "only its first hint is written");
	_cleanup_free_ char *tags = join_tags(x);
	_cleanup_buf_ struct buf keys = BUF(4096), answers = BUF(1u << 20), category = BUF(8192);
	if (item->kind == ITEM_SINGLE || item->kind == ITEM_MULTIPLE || item->kind == ITEM_TRUE_FALSE)
		add_keys(&q, &keys);
	bool ok = add_answers(x, &q, &answers);
	export_category(x, item, &category);
	const char *fields[] = {item->title,  item_kind_name(item->kind),
	                        q.stem,       keys.p,
	                        answers.p,    q.explanation,
	                        q.references, q.hints.n ? q.hints.list[0] : NULL,
	                        q.rubric,     category.p,
	                        tags,         NULL,
	                        NULL,         "markdown"};
	buf_adds(out, item->id);
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		add_field(out, fields[i]);
	for (size_t i = 0; i < c->options; i++)
		add_option(&q, i, out);
	for (size_t i = 0; i < c->options && c->feedback; i++)
		add_field(out, i < q.options.n ? q.options.list[i].feedback : NULL);
	if (item->kind == ITEM_MATCHING || item->kind == ITEM_ORDERING)
		for (size_t i = 0; i < q.options.n; i++)
			if (q.options.list[i].feedback && item->kind == ITEM_MATCHING)
				export_lose(x, "feedback for a pair has no place there");
	buf_addc(out, '\n');
	plain_finish(&q);
	return ok;
}

void csv_write(struct exporter *x, struct buf *out)
{
	struct columns c = {.options = 2};
	for (size_t i = 0; i < x->bank->n_items; i++) {
		const struct item *item = &x->bank->items[i];
		size_t n = item->kind == ITEM_MATCHING ? item->n_options + item->n_targets : item->n_options;
		c.options = n > c.options ? n : c.options;
		for (size_t k = 0; k < item->n_options; k++)
			c.feedback |= item->options[k].feedback_html != NULL;
	}
	c.options = c.options > CSV_OPTIONS_MAX ? CSV_OPTIONS_MAX : c.options;
	buf_adds(out, csv_columns[0]);
	for (size_t i = 1; i < CSV_COLUMNS; i++)
		buf_addf(out, ",%s", csv_columns[i]);
	for (size_t i = 0; i < c.options; i++)
		buf_addf(out, ",option%zu", i + 1);
	for (size_t i = 0; i < c.options && c.feedback; i++)
		buf_addf(out, ",feedback%zu", i + 1);
	buf_addc(out, '\n');
	x->arg = &c;
	export_each(x, write_item, out);
	x->arg = NULL;
}
