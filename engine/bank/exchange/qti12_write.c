/* A bank as a QTI 1.2 package in Canvas's dialect: a zip with a manifest, one assessment with all items, and the pictures. See qti12.c. */
#include "bank/exchange/archive.h"
#include "bank/exchange/export.h"
#include <stdio.h>

static void add_material(struct exporter *x, const char *html, struct buf *out)
{
	_cleanup_buf_ struct buf text = BUF(1u << 24);
	export_html(x, html, &text);
	buf_adds(out, "<material><mattext texttype=\"text/html\">");
	export_xml(buf_str(&text), out);
	buf_adds(out, "</mattext></material>");
}

static void add_field(const char *label, const char *value, struct buf *out)
{
	buf_addf(out, "<qtimetadatafield><fieldlabel>%s</fieldlabel><fieldentry>", label);
	export_xml(str_of(value), out);
	buf_adds(out, "</fieldentry></qtimetadatafield>\n");
}

static void open_condition(struct buf *out)
{
	buf_adds(out, "<respcondition continue=\"No\"><conditionvar>");
}
static void close_condition(double score, const char *action, struct buf *out)
{
	buf_addf(out, "</conditionvar><setvar action=\"%s\" varname=\"SCORE\">", action);
	number_add(score, out);
	buf_adds(out, "</setvar></respcondition>\n");
}

static void add_labels(struct exporter *x, const struct item_option *list, size_t n, const char *prefix, struct buf *out)
{
	buf_adds(out, "<render_choice>\n");
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "<response_label ident=\"%s%zu\">", prefix, i + 1);
		add_material(x, list[i].html, out);
		buf_adds(out, "</response_label>\n");
	}
	buf_adds(out, "</render_choice>");
}

static void add_choice(struct exporter *x, struct buf *out, struct buf *rules)
{
	const struct item *item = x->item;
	bool several = item->kind == ITEM_MULTIPLE;
	buf_addf(out, "<response_lid ident=\"response1\" rcardinality=\"%s\">", several ? "Multiple" : "Single");
	add_labels(x, item->options, item->n_options, "c", out);
	buf_adds(out, "</response_lid>\n");
	for (size_t i = 0; i < item->n_options; i++) /* what only shows feedback comes first */
		if (item->options[i].feedback_html)
			buf_addf(rules,
			         "<respcondition continue=\"Yes\"><conditionvar><varequal "
			         "respident=\"response1\">c%zu</varequal></conditionvar><displayfeedback "
			         "feedbacktype=\"Response\" linkrefid=\"c%zu_fb\"/></respcondition>\n",
			         i + 1, i + 1);
	open_condition(rules);
	buf_adds(rules, several ? "<and>" : "");
	for (size_t i = 0; i < item->n_options; i++) {
		bool key = item->options[i].key;
		if (key || several)
			buf_addf(rules, "%s<varequal respident=\"response1\">c%zu</varequal>%s", key ? "" : "<not>", i + 1, key ? "" : "</not>");
	}
	buf_adds(rules, several ? "</and>" : "");
	close_condition(100, "Set", rules);
}

static void add_matching(struct exporter *x, struct buf *out, struct buf *rules)
{
	const struct item *item = x->item;
	for (size_t i = 0; i < item->n_options; i++) {
		if (item->options[i].feedback_html)
			export_lose(x, "feedback for a pair has no place there");
		buf_addf(out, "<response_lid ident=\"response_l%zu\">", i + 1);
		add_material(x, item->options[i].html, out);
		add_labels(x, item->targets, item->n_targets, "r", out);
		buf_adds(out, "</response_lid>\n");
		open_condition(rules);
		buf_addf(rules, "<varequal respident=\"response_l%zu\">r%d</varequal>", i + 1, item->options[i].match + 1);
		close_condition(100.0 / (double)item->n_options, "Add", rules);
	}
}

static bool add_numbers(struct exporter *x, struct buf *out, struct buf *rules)
{
	const struct item *item = x->item;
	buf_adds(out, "<response_str ident=\"response1\" rcardinality=\"Single\"><render_fib fibtype=\"Decimal\"><response_label "
	              "ident=\"answer1\"/></render_fib></response_str>\n");
	for (size_t i = 0; i < item->n_numbers; i++) {
		const struct item_number *n = &item->numbers[i];
		if (n->unit)
			return export_reject(x, "Canvas has no units");
		open_condition(rules);
		if (n->lo == n->hi) {
			buf_adds(rules, "<varequal respident=\"response1\">");
			number_add(n->lo, rules);
			buf_adds(rules, "</varequal>");
		} else {
			buf_adds(rules, "<vargte respident=\"response1\">");
			number_add(n->lo, rules);
			buf_adds(rules, "</vargte><varlte respident=\"response1\">");
			number_add(n->hi, rules);
			buf_adds(rules, "</varlte>");
		}
		close_condition(100, "Set", rules);
	}
	return true;
}

static bool add_texts(struct exporter *x, struct buf *out, struct buf *rules)
{
	const struct item *item = x->item;
	if (!item->ignore_case)
		export_lose(x, "capital and small letters are the same there");
	buf_adds(out, "<response_str ident=\"response1\" rcardinality=\"Single\"><render_fib><response_label "
	              "ident=\"answer1\"/></render_fib></response_str>\n");
	for (size_t i = 0; i < item->n_texts; i++) {
		const struct item_text *t = &item->texts[i];
		if (t->regex)
			return export_reject(x, "Canvas has no regular expressions");
		if (t->reason_html)
			export_lose(x, "the reason of a partly right answer has no place there");
		open_condition(rules);
		buf_adds(rules, "<varequal respident=\"response1\">");
		export_xml(str_of(t->pattern), rules);
		buf_adds(rules, "</varequal>");
		close_condition((double)t->credit_m / 10, "Set", rules);
	}
	return true;
}

static void blank(struct exporter *x, size_t n, struct buf *out)
{
	(void)x;
	buf_addf(out, "[blank%zu]", n);
}

/* Canvas has texts whose blanks are all typed, or all chosen. */
static bool add_blanks(struct exporter *x, bool chosen, struct buf *out, struct buf *rules)
{
	const struct item *item = x->item;
	if (!chosen && !item->ignore_case)
		export_lose(x, "capital and small letters are the same there");
	for (size_t i = 0; i < item->n_blanks; i++) {
		const struct item_blank *b = &item->blanks[i];
		if ((b->n_options > 0) != chosen)
			return export_reject(x, "Canvas has no text with typed and chosen blanks");
		buf_addf(out, "<response_lid ident=\"response_blank%zu\">", i + 1);
		if (chosen) {
			add_labels(x, b->options, b->n_options, "c", out);
		} else {
			buf_adds(out, "<render_choice>\n");
			for (size_t k = 0; k < b->n_texts; k++) {
				buf_addf(out, "<response_label ident=\"t%zu\"><material><mattext texttype=\"text/plain\">", k + 1);
				export_xml(str_of(b->texts[k].pattern), out);
				buf_adds(out, "</mattext></material></response_label>\n");
			}
			buf_adds(out, "</render_choice>");
		}
		buf_adds(out, "</response_lid>\n");
		for (size_t k = 0; k < (chosen ? b->n_options : b->n_texts); k++) {
			if (chosen && !b->options[k].key)
				continue;
			open_condition(rules);
			buf_addf(rules, "<varequal respident=\"response_blank%zu\">%c%zu</varequal>", i + 1, chosen ? 'c' : 't', k + 1);
			close_condition(100.0 / (double)item->n_blanks, "Add", rules);
		}
	}
	return true;
}

static const char *type_of(const struct item *item)
{
	static const char *const types[ITEM_KINDS] = {[ITEM_SINGLE] = "multiple_choice_question", [ITEM_MULTIPLE] = "multiple_answers_question",
	                                              [ITEM_TRUE_FALSE] = "true_false_question",  [ITEM_GRID] = "matching_question",
	                                              [ITEM_MATCHING] = "matching_question",      [ITEM_NUMERIC] = "numerical_question",
	                                              [ITEM_TEXT] = "short_answer_question",      [ITEM_ESSAY] = "essay_question"};
	if (item->kind == ITEM_CLOZE)
		return item->n_blanks && item->blanks[0].n_options ? "multiple_dropdowns_question" : "fill_in_multiple_blanks_question";
	return types[item->kind];
}

static bool add_answers(struct exporter *x, struct buf *out, struct buf *rules)
{
	switch (x->item->kind) {
	case ITEM_GRID:
		export_lose(x, "a grid is written as pairs to match");
		add_matching(x, out, rules);
		return true;
	case ITEM_MATCHING:
		add_matching(x, out, rules);
		return true;
	case ITEM_NUMERIC:
		return add_numbers(x, out, rules);
	case ITEM_TEXT:
		return add_texts(x, out, rules);
	case ITEM_CLOZE:
		return add_blanks(x, x->item->blanks[0].n_options > 0, out, rules);
	case ITEM_ESSAY:
		buf_adds(out, "<response_str ident=\"response1\" rcardinality=\"Single\"><render_fib><response_label "
		              "ident=\"answer1\"/></render_fib></response_str>\n");
		return true;
	case ITEM_ORDERING:
		return export_reject(x, "Canvas has no questions of order in QTI 1.2");
	case ITEM_HOTSPOT:
		return export_reject(x, "Canvas has no questions about places in a picture in QTI 1.2");
	default:
		add_choice(x, out, rules);
		return true;
	}
}

static void add_metadata(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	struct strings marks = {0};
	_cleanup_buf_ struct buf category = BUF(8192), points = BUF(64);
	buf_adds(&category, PLAIN_MARK "category=");
	export_category(x, item, &category);
	number_add((double)item->points_m / 1000, &points);
	buf_adds(out, "<itemmetadata><qtimetadata>\n");
	add_field("question_type", type_of(item), out);
	add_field("points_possible", points.p, out);
	add_field("assay_mark", category.p, out);
	if (item->kind == ITEM_TRUE_FALSE)
		add_field("assay_mark", PLAIN_MARK "type=true-false", out);
	plain_marks(item, &marks);
	for (size_t i = 0; i < item->n_tags; i++)
		strings_add(&marks, xstrdup(item->tags[i]));
	for (size_t i = 0; i < marks.n; i++)
		add_field("assay_mark", marks.list[i], out);
	for (size_t i = 0; i < item->n_hints; i++) {
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		export_html(x, item->hints_html[i], &html);
		add_field("assay_hint", html.p ? html.p : "", out);
	}
	if (item->rubric_html) {
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		export_html(x, item->rubric_html, &html);
		add_field("assay_rubric", html.p ? html.p : "", out);
	}
	strings_finish(&marks);
	buf_adds(out, "</qtimetadata></itemmetadata>\n");
}

static void add_feedback(struct exporter *x, const char *id, const char *html, struct buf *out)
{
	buf_addf(out, "<itemfeedback ident=\"%s_fb\"><flow_mat>", id);
	add_material(x, html, out);
	buf_adds(out, "</flow_mat></itemfeedback>\n");
}

static bool write_item(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	_cleanup_buf_ struct buf body = BUF(1u << 25), rules = BUF(1u << 25);
	if (item->case_id)
		export_lose(x, "the case that it belongs to is not written");
	if (item->rubric_html && item->kind != ITEM_ESSAY)
		export_lose(x, "the rubric has no place there");
	if (item->n_hints)
		export_lose(x, "hints are not shown there");
	bool ok = add_answers(x, &body, &rules);
	if (!ok)
		return false;
	buf_addf(out, "<item ident=\"%s\" title=\"", item->id);
	export_xml(str_of(item->title), out);
	buf_adds(out, "\">\n");
	add_metadata(x, out);
	buf_adds(out, "<presentation>");
	add_material(x, item->stem_html, out);
	buf_addc(out, '\n');
	buf_addv(out, buf_str(&body));
	buf_adds(out, "</presentation>\n<resprocessing><outcomes><decvar maxvalue=\"100\" minvalue=\"0\" varname=\"SCORE\" "
	              "vartype=\"Decimal\"/></outcomes>\n");
	if (export_has_explanation(item))
		buf_adds(out, "<respcondition continue=\"Yes\"><conditionvar><other/></conditionvar><displayfeedback feedbacktype=\"Response\" "
		              "linkrefid=\"general_fb\"/></respcondition>\n");
	buf_addv(out, buf_str(&rules));
	buf_adds(out, "</resprocessing>\n");
	if (export_has_explanation(item)) {
		_cleanup_buf_ struct buf html = BUF(1u << 24);
		if (item->explanation_html)
			buf_adds(&html, item->explanation_html);
		if (item->references_html)
			buf_addf(&html, "<h3>References</h3>%s", item->references_html);
		add_feedback(x, "general", html.p, out);
	}
	for (size_t i = 0; i < item->n_options; i++) {
		char id[32];
		snprintf(id, sizeof id, "c%zu", i + 1);
		if (item->options[i].feedback_html && item->kind != ITEM_MATCHING && item->kind != ITEM_GRID)
			add_feedback(x, id, item->options[i].feedback_html, out);
	}
	buf_adds(out, "</item>\n");
	for (size_t i = 0; i < x->n_used; i++)
		archive_add_media(x->arg, x->used[i]);
	return true;
}

bool qti12_write(struct exporter *x, const char *out, struct err *err)
{
	struct archive archive = {0};
	_cleanup_buf_ struct buf text = BUF(1u << 28), manifest = BUF(1u << 20);
	x->media = EXPORT_MEDIA_FILE;
	x->blank = blank;
	x->arg = &archive;
	buf_addf(&text,
	         "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<questestinterop "
	         "xmlns=\"http://www.imsglobal.org/xsd/ims_qtiasiv1p2\">\n<assessment ident=\"%s\" title=\"",
	         x->bank->id);
	export_xml(str_of(x->bank->title), &text);
	buf_adds(&text, "\">\n<section ident=\"root_section\">\n");
	export_each(x, write_item, &text);
	buf_adds(&text, "</section>\n</assessment>\n</questestinterop>\n");
	buf_addf(&manifest,
	         "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1\" "
	         "identifier=\"%s\">\n  <metadata><schema>IMS "
	         "Content</schema><schemaversion>1.1.3</schemaversion></metadata>\n  <organizations/>\n  <resources>\n    <resource "
	         "identifier=\"questions\" "
	         "type=\"imsqti_xmlv1p2\" href=\"questions.xml\"><file href=\"questions.xml\"/></resource>\n",
	         x->bank->id);
	for (size_t i = 0; i < archive.n_media; i++) {
		buf_addf(&manifest, "    <resource identifier=\"media-%zu\" type=\"webcontent\" href=\"media/", i + 1);
		export_xml(str_of(export_media_name(archive.media[i])), &manifest);
		buf_adds(&manifest, "\"><file href=\"media/");
		export_xml(str_of(export_media_name(archive.media[i])), &manifest);
		buf_adds(&manifest, "\"/></resource>\n");
	}
	buf_adds(&manifest, "  </resources>\n</manifest>\n");
	bool ok = buf_check(&text, "the export", err) && buf_check(&manifest, "the manifest", err);
	archive_add(&archive, "imsmanifest.xml", buf_str(&manifest));
	archive_add(&archive, "questions.xml", buf_str(&text));
	ok = ok && archive_write(&archive, out, err);
	archive_finish(&archive);
	x->arg = NULL;
	return ok;
}
