/* A bank as Moodle XML. See moodle.c. */
#include "bank/exchange/export.h"

static void add_html(struct exporter *x, const char *html, struct buf *out)
{
	_cleanup_buf_ struct buf text = BUF(1u << 26);
	x->n_used = 0;
	export_html(x, html, &text);
	buf_adds(out, "<text>");
	export_xml(buf_str(&text), out);
	buf_adds(out, "</text>");
	for (size_t i = 0; i < x->n_used; i++) {
		const struct bank_media *m = x->used[i];
		_cleanup_free_ char *bytes = base64_encode((struct str){m->bytes, m->size});
		buf_adds(out, "<file name=\"");
		export_xml(str_of(export_media_name(m)), out);
		buf_adds(out, "\" path=\"/\" encoding=\"base64\">");
		buf_adds(out, bytes);
		buf_adds(out, "</file>");
	}
}

static void add_element(struct exporter *x, const char *name, const char *html, struct buf *out)
{
	buf_addf(out, "    <%s format=\"html\">", name);
	add_html(x, html ? html : "", out);
	buf_addf(out, "</%s>\n", name);
}

static void add_plain(const char *name, const char *text, struct buf *out)
{
	buf_addf(out, "    <%s><text>", name);
	export_xml(str_of(text), out);
	buf_addf(out, "</text></%s>\n", name);
}

static void add_answer(struct exporter *x, double fraction, const char *html, const char *feedback, struct buf *out)
{
	buf_addf(out, "    <answer fraction=\"%.7g\" format=\"html\">", fraction);
	add_html(x, html, out);
	buf_adds(out, "<feedback format=\"html\">");
	add_html(x, feedback ? feedback : "", out);
	buf_adds(out, "</feedback></answer>\n");
}

static void add_options(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	size_t keys = 0;
	for (size_t i = 0; i < item->n_options; i++)
		keys += item->options[i].key;
	buf_addf(out, "    <single>%s</single>\n", item->kind == ITEM_MULTIPLE ? "false" : "true");
	buf_addf(out, "    <shuffleanswers>%s</shuffleanswers>\n    <answernumbering>abc</answernumbering>\n",
	         item->shuffle ? "true" : "false");
	for (size_t i = 0; i < item->n_options; i++) {
		const struct item_option *o = &item->options[i];
		add_answer(x, !o->key ? 0 : item->kind == ITEM_MULTIPLE ? 100.0 / (double)keys : 100, o->html, o->feedback_html, out);
	}
}

static void add_true_false(struct exporter *x, struct buf *out)
{
	static const char *const words[] = {"true", "false"};
	for (size_t i = 0; i < 2; i++) {
		const struct item_option *o = &x->item->options[i];
		add_answer(x, o->key ? 100 : 0, words[i], o->feedback_html, out);
	}
}

static void add_pair(struct exporter *x, const char *left, const char *right, struct buf *out)
{
	buf_adds(out, "    <subquestion format=\"html\">");
	add_html(x, left, out);
	buf_adds(out, "<answer>");
	add_html(x, right, out);
	buf_adds(out, "</answer></subquestion>\n");
}

static void add_pairs(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	for (size_t k = 0; k < item->n_targets; k++)
		if (strchr(item->targets[k].html, '<')) {
			export_lose(x, "the right sides of pairs are plain text there");
			break;
		}
	for (size_t i = 0; i < item->n_options; i++) {
		if (item->options[i].feedback_html)
			export_lose(x, "feedback for a pair has no place there");
		add_pair(x, item->options[i].html, item->targets[item->options[i].match].html, out);
	}
	for (size_t k = 0; k < item->n_targets; k++) {
		bool used = false;
		for (size_t i = 0; i < item->n_options && !used; i++)
			used = item->options[i].match == (int)k;
		if (!used)
			add_pair(x, "", item->targets[k].html, out);
	}
}

static bool add_numbers(struct exporter *x, struct buf *out)
{
	for (size_t i = 0; i < x->item->n_numbers; i++) {
		const struct item_number *n = &x->item->numbers[i];
		double middle = n->lo + (n->hi - n->lo) / 2, tolerance = (n->hi - n->lo) / 2;
		if (n->unit)
			return export_reject(x, "units that convert into each other cannot be written there");
		if (middle - tolerance != n->lo || middle + tolerance != n->hi)
			export_lose(x, "the ends of its range are off by rounding");
		buf_adds(out, "    <answer fraction=\"100\" format=\"plain_text\"><text>");
		number_add(middle, out);
		buf_adds(out, "</text><feedback format=\"html\"><text></text></feedback><tolerance>");
		number_add(tolerance, out);
		buf_adds(out, "</tolerance></answer>\n");
	}
	return true;
}

static bool add_texts(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	buf_addf(out, "    <usecase>%d</usecase>\n", !item->ignore_case);
	for (size_t i = 0; i < item->n_texts; i++) {
		const struct item_text *t = &item->texts[i];
		if (t->regex)
			return export_reject(x, "Moodle has no regular expressions");
		_cleanup_buf_ struct buf pattern = BUF(8192);
		for (const char *p = t->pattern; *p; p++) {
			if (*p == '*')
				buf_addc(&pattern, '\\');
			buf_addc(&pattern, *p);
		}
		buf_addf(out, "    <answer fraction=\"%.5g\" format=\"plain_text\"><text>", (double)t->credit_m / 10);
		export_xml(buf_str(&pattern), out);
		buf_adds(out, "</text><feedback format=\"html\">");
		add_html(x, t->reason_html ? t->reason_html : "", out);
		buf_adds(out, "</feedback></answer>\n");
	}
	return true;
}

static void escape_cloze(struct str s, struct buf *out)
{
	if (s.len && (s.p[0] == '=' || s.p[0] == '%')) { /* at the beginning they would say that it is right */
		buf_addf(out, "&\\#%d;", s.p[0]);
		s = str_sub(s, 1, s.len);
	}
	for (size_t i = 0; i < s.len; i++) {
		if (strchr("}#~/\"\\", s.p[i]))
			buf_addc(out, '\\');
		buf_addc(out, s.p[i]);
	}
}

static void blank(struct exporter *x, size_t n, struct buf *out)
{
	const struct item *item = x->item;
	const struct item_blank *b = &item->blanks[n - 1];
	buf_adds(out, b->n_options ? "{1:MULTICHOICE:" : item->ignore_case ? "{1:SHORTANSWER:" : "{1:SHORTANSWER_C:");
	for (size_t i = 0; i < b->n_options; i++) {
		_cleanup_buf_ struct buf html = BUF(1u << 20);
		export_html(x, b->options[i].html, &html);
		buf_adds(out, i ? "~" : "");
		buf_adds(out, b->options[i].key ? "=" : "");
		escape_cloze(buf_str(&html), out);
	}
	for (size_t i = 0; i < b->n_texts; i++) {
		_cleanup_buf_ struct buf html = BUF(8192);
		buf_add_html(&html, str_of(b->texts[i].pattern));
		buf_adds(out, i ? "~=" : "=");
		escape_cloze(buf_str(&html), out);
	}
	buf_addc(out, '}');
}

static void add_order(struct exporter *x, struct buf *out)
{
	for (size_t i = 0; i < x->item->n_options; i++)
		add_answer(x, (double)i + 1, x->item->options[i].html, NULL, out);
}

static bool add_answers(struct exporter *x, struct buf *out)
{
	switch (x->item->kind) {
	case ITEM_TRUE_FALSE:
		add_true_false(x, out);
		return true;
	case ITEM_GRID:
		export_lose(x, "a grid is written as pairs to match");
		add_pairs(x, out);
		return true;
	case ITEM_MATCHING:
		buf_addf(out, "    <shuffleanswers>%s</shuffleanswers>\n", x->item->shuffle ? "true" : "false");
		add_pairs(x, out);
		return true;
	case ITEM_NUMERIC:
		return add_numbers(x, out);
	case ITEM_TEXT:
		return add_texts(x, out);
	case ITEM_ORDERING:
		add_order(x, out);
		return true;
	case ITEM_ESSAY:
		buf_adds(out, "    <responseformat>editor</responseformat>\n");
		add_element(x, "graderinfo", x->item->rubric_html, out);
		return true;
	case ITEM_CLOZE:
		return true;
	case ITEM_HOTSPOT:
		return export_reject(x, "questions about places in a picture are not written there");
	default:
		add_options(x, out);
		return true;
	}
}

static void add_category(struct exporter *x, struct buf *out)
{
	struct buf *last = x->arg;
	_cleanup_buf_ struct buf category = BUF(8192);
	export_category(x, x->item, &category);
	if (str_eq(buf_str(&category), buf_str(last)))
		return;
	buf_clear(last);
	buf_addv(last, buf_str(&category));
	buf_adds(out, "  <question type=\"category\"><category><text>$course$/top/");
	export_xml(buf_str(last), out);
	buf_adds(out, "</text></category></question>\n");
}

static void add_tags(const struct item *item, struct buf *out)
{
	struct strings marks = {0};
	plain_marks(item, &marks);
	for (size_t i = 0; i < item->n_tags; i++)
		strings_add(&marks, xstrdup(item->tags[i]));
	buf_adds(out, "    <tags>");
	for (size_t i = 0; i < marks.n; i++) {
		buf_adds(out, "<tag><text>");
		export_xml(str_of(marks.list[i]), out);
		buf_adds(out, "</text></tag>");
	}
	buf_adds(out, "</tags>\n");
	strings_finish(&marks);
}

static bool write_item(struct exporter *x, struct buf *out)
{
	static const char *const types[ITEM_KINDS] = {"multichoice", "multichoice", "truefalse", "matching", "ordering", "matching",
	                                              "numerical",   "shortanswer", "cloze",     "",         "essay"};
	const struct item *item = x->item;
	add_category(x, out);
	export_lose_sections(x, false, false);
	if (item->rubric_html && item->kind != ITEM_ESSAY)
		export_lose(x, "the rubric has no place there");
	buf_addf(out, "  <question type=\"%s\">\n", types[item->kind]);
	add_plain("name", item->title, out);
	add_element(x, "questiontext", item->stem_html, out);
	_cleanup_buf_ struct buf general = BUF(1u << 26);
	if (item->explanation_html)
		buf_adds(&general, item->explanation_html);
	if (item->references_html)
		buf_addf(&general, "<h3>References</h3>%s", item->references_html);
	add_element(x, "generalfeedback", general.p, out);
	buf_adds(out, "    <defaultgrade>");
	number_add((double)item->points_m / 1000, out);
	buf_adds(out, "</defaultgrade>\n    <penalty>0</penalty>\n    <hidden>0</hidden>\n    <idnumber>");
	buf_addf(out, "%s</idnumber>\n", item->id);
	bool ok = add_answers(x, out);
	for (size_t i = 0; i < item->n_hints; i++)
		add_element(x, "hint", item->hints_html[i], out);
	add_tags(item, out);
	buf_adds(out, "  </question>\n");
	if (!ok || x->rejected)
		buf_clear(x->arg); /* its category is taken back too */
	return ok;
}

void moodle_write(struct exporter *x, struct buf *out)
{
	_cleanup_buf_ struct buf category = BUF(8192);
	x->media = EXPORT_MEDIA_PLUGIN;
	x->blank = blank;
	x->arg = &category;
	buf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n");
	export_each(x, write_item, out);
	buf_adds(out, "</quiz>\n");
	x->arg = NULL;
}
