/* A bank as a QTI 2.1 package: a zip with a manifest, one file for each item, and the pictures. What QTI has no place for is carried as
 * keywords of the item in the manifest. See qti2.c. */
#include "bank/exchange/archive.h"
#include "bank/exchange/export.h"
#include <stdio.h>

static void add_text(struct exporter *x, const char *html, struct buf *out)
{
	export_html(x, html, out);
}

/* Block content: what is no block stands in a paragraph. */
static void add_block(struct exporter *x, const char *html, struct buf *out)
{
	bool block = html[0] == '<' && (strncmp(html, "<p>", 3) == 0 || strncmp(html, "<ul>", 4) == 0 || strncmp(html, "<ol", 3) == 0 ||
	                                strncmp(html, "<pre>", 5) == 0 || strncmp(html, "<table>", 7) == 0 ||
	                                strncmp(html, "<blockquote>", 12) == 0 || strncmp(html, "<h", 2) == 0);
	buf_adds(out, block ? "" : "<p>");
	add_text(x, html, out);
	buf_adds(out, block ? "" : "</p>");
}

static void declare(const char *id, const char *cardinality, const char *type, struct buf *out)
{
	buf_addf(out, "  <responseDeclaration identifier=\"%s\" cardinality=\"%s\" baseType=\"%s\">\n", id, cardinality, type);
}

static void add_choice(struct exporter *x, struct buf *body, struct buf *head)
{
	const struct item *item = x->item;
	bool several = item->kind == ITEM_MULTIPLE;
	declare("RESPONSE", several ? "multiple" : "single", "identifier", head);
	buf_adds(head, "    <correctResponse>");
	for (size_t i = 0; i < item->n_options; i++)
		if (item->options[i].key)
			buf_addf(head, "<value>c%zu</value>", i + 1);
	buf_adds(head, "</correctResponse>\n  </responseDeclaration>\n");
	buf_addf(body, "    <choiceInteraction responseIdentifier=\"RESPONSE\" shuffle=\"%s\" maxChoices=\"%d\">\n",
	         item->shuffle ? "true" : "false", several ? item->select : 1);
	for (size_t i = 0; i < item->n_options; i++) {
		const struct item_option *o = &item->options[i];
		buf_addf(body, "      <simpleChoice identifier=\"c%zu\"%s>", i + 1, o->pin ? " fixed=\"true\"" : "");
		add_text(x, o->html, body);
		if (o->feedback_html) {
			buf_addf(body, "<feedbackInline outcomeIdentifier=\"FEEDBACK\" identifier=\"c%zu\" showHide=\"show\">", i + 1);
			add_text(x, o->feedback_html, body);
			buf_adds(body, "</feedbackInline>");
		}
		buf_adds(body, "</simpleChoice>\n");
	}
	buf_adds(body, "    </choiceInteraction>\n");
}

static void add_order(struct exporter *x, struct buf *body, struct buf *head)
{
	declare("RESPONSE", "ordered", "identifier", head);
	buf_adds(head, "    <correctResponse>");
	for (size_t i = 0; i < x->item->n_options; i++)
		buf_addf(head, "<value>c%zu</value>", i + 1);
	buf_adds(head, "</correctResponse>\n  </responseDeclaration>\n");
	buf_adds(body, "    <orderInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\">\n");
	for (size_t i = 0; i < x->item->n_options; i++) {
		if (x->item->options[i].feedback_html)
			export_lose(x, "feedback for an entry has no place there");
		buf_addf(body, "      <simpleChoice identifier=\"c%zu\">", i + 1);
		add_text(x, x->item->options[i].html, body);
		buf_adds(body, "</simpleChoice>\n");
	}
	buf_adds(body, "    </orderInteraction>\n");
}

static void add_set(struct exporter *x, const struct item_option *list, size_t n, char prefix, size_t most, struct buf *out)
{
	buf_adds(out, "      <simpleMatchSet>\n");
	for (size_t i = 0; i < n; i++) {
		buf_addf(out, "        <simpleAssociableChoice identifier=\"%c%zu\" matchMax=\"%zu\">", prefix, i + 1, most);
		add_text(x, list[i].html, out);
		buf_adds(out, "</simpleAssociableChoice>\n");
	}
	buf_adds(out, "      </simpleMatchSet>\n");
}

static void add_match(struct exporter *x, struct buf *body, struct buf *head)
{
	const struct item *item = x->item;
	declare("RESPONSE", "multiple", "directedPair", head);
	buf_adds(head, "    <correctResponse>");
	for (size_t i = 0; i < item->n_options; i++) {
		buf_addf(head, "<value>l%zu r%d</value>", i + 1, item->options[i].match + 1);
		if (item->options[i].feedback_html)
			export_lose(x, "feedback for a pair has no place there");
	}
	buf_adds(head, "</correctResponse>\n  </responseDeclaration>\n");
	buf_addf(body, "    <matchInteraction responseIdentifier=\"RESPONSE\" shuffle=\"%s\" maxAssociations=\"%zu\">\n",
	         item->shuffle ? "true" : "false", item->n_options);
	add_set(x, item->options, item->n_options, 'l', 1, body);
	add_set(x, item->targets, item->n_targets, 'r', 0, body);
	buf_adds(body, "    </matchInteraction>\n");
}

static void add_entries(const struct item_text *texts, size_t n, bool ignore_case, struct buf *head)
{
	buf_adds(head, "    <correctResponse><value>");
	for (size_t i = 0; i < n; i++)
		if (texts[i].credit_m >= 1000) {
			export_xml(str_of(texts[i].pattern), head);
			break;
		}
	buf_adds(head, "</value></correctResponse>\n    <mapping defaultValue=\"0\">");
	for (size_t i = 0; i < n; i++) {
		buf_adds(head, "<mapEntry mapKey=\"");
		export_xml(str_of(texts[i].pattern), head);
		buf_adds(head, "\" mappedValue=\"");
		number_add((double)texts[i].credit_m / 1000, head);
		buf_addf(head, "\" caseSensitive=\"%s\"/>", ignore_case ? "false" : "true");
	}
	buf_adds(head, "</mapping>\n  </responseDeclaration>\n");
}

static bool add_texts(struct exporter *x, struct buf *body, struct buf *head)
{
	const struct item *item = x->item;
	for (size_t i = 0; i < item->n_texts; i++) {
		if (item->texts[i].regex)
			return export_reject(x, "regular expressions are not written there");
		if (item->texts[i].reason_html)
			export_lose(x, "the reason of a partly right answer has no place there");
	}
	declare("RESPONSE", "single", "string", head);
	add_entries(item->texts, item->n_texts, item->ignore_case, head);
	buf_adds(body, "    <div><textEntryInteraction responseIdentifier=\"RESPONSE\" expectedLength=\"40\"/></div>\n");
	return true;
}

static bool add_numbers(struct exporter *x, struct buf *body, struct buf *head, struct buf *rules)
{
	const struct item *item = x->item;
	declare("RESPONSE", "single", "float", head);
	buf_adds(head, "    <correctResponse><value>");
	number_add(item->numbers[0].lo, head);
	buf_adds(head, "</value></correctResponse>\n  </responseDeclaration>\n");
	buf_adds(body, "    <div><textEntryInteraction responseIdentifier=\"RESPONSE\" expectedLength=\"20\"/></div>\n");
	for (size_t i = 0; i < item->n_numbers; i++) {
		const struct item_number *n = &item->numbers[i];
		if (n->unit)
			return export_reject(x, "units that convert into each other cannot be written there");
		buf_addf(rules, "    <responseCondition><%s><and><gte><variable identifier=\"RESPONSE\"/><baseValue baseType=\"float\">",
		         "responseIf");
		number_add(n->lo, rules);
		buf_adds(rules, "</baseValue></gte><lte><variable identifier=\"RESPONSE\"/><baseValue baseType=\"float\">");
		number_add(n->hi, rules);
		buf_adds(rules, "</baseValue></lte></and><setOutcomeValue identifier=\"SCORE\"><baseValue "
		                "baseType=\"float\">1</baseValue></setOutcomeValue></responseIf></"
		                "responseCondition>\n");
	}
	return true;
}

static void blank(struct exporter *x, size_t n, struct buf *out)
{
	const struct item_blank *b = &x->item->blanks[n - 1];
	if (!b->n_options) {
		buf_addf(out, "<textEntryInteraction responseIdentifier=\"R%zu\" expectedLength=\"20\"/>", n);
		return;
	}
	buf_addf(out, "<inlineChoiceInteraction responseIdentifier=\"R%zu\" shuffle=\"true\">", n);
	for (size_t i = 0; i < b->n_options; i++) {
		buf_addf(out, "<inlineChoice identifier=\"c%zu\">", i + 1);
		export_html(x, b->options[i].html, out);
		buf_adds(out, "</inlineChoice>");
	}
	buf_adds(out, "</inlineChoiceInteraction>");
}

static void declare_blanks(struct exporter *x, struct buf *head)
{
	const struct item *item = x->item;
	for (size_t i = 0; i < item->n_blanks; i++) {
		const struct item_blank *b = &item->blanks[i];
		char id[32];
		snprintf(id, sizeof id, "R%zu", i + 1);
		declare(id, "single", b->n_options ? "identifier" : "string", head);
		if (!b->n_options) {
			add_entries(b->texts, b->n_texts, item->ignore_case, head);
			continue;
		}
		for (size_t k = 0; k < b->n_options; k++)
			if (b->options[k].key)
				buf_addf(head, "    <correctResponse><value>c%zu</value></correctResponse>\n  </responseDeclaration>\n", k + 1);
	}
}

static void add_hotspot(struct exporter *x, struct buf *body, struct buf *head)
{
	static const char *const shapes[] = {"rect", "circle", "poly"};
	const struct item *item = x->item;
	declare("RESPONSE", "multiple", "identifier", head);
	buf_adds(head, "    <correctResponse>");
	for (size_t i = 0; i < item->n_regions; i++)
		if (item->regions[i].correct)
			buf_addf(head, "<value>%s</value>", item->regions[i].id);
	buf_adds(head, "</correctResponse>\n  </responseDeclaration>\n");
	_cleanup_buf_ struct buf image = BUF(65536);
	export_html(x, item->image_html, &image);
	struct str src = str_of(strstr(image.p, "src=\"") + 5), alt = str_of(strstr(image.p, "alt=\"") + 5);
	src.len = strcspn(src.p, "\"");
	alt.len = strcspn(alt.p, "\"");
	buf_addf(body,
	         "    <hotspotInteraction responseIdentifier=\"RESPONSE\" maxChoices=\"%d\">\n      <object data=\"%.*s\" type=\"%s\" "
	         "width=\"%d\" height=\"%d\">%.*s</object>\n",
	         item->select, STR_ARG(src), x->n_used ? x->used[x->n_used - 1]->mime : "image/png", item->image_w, item->image_h,
	         STR_ARG(alt));
	for (size_t i = 0; i < item->n_regions; i++) {
		const struct item_region *r = &item->regions[i];
		buf_addf(body, "      <hotspotChoice identifier=\"%s\" shape=\"%s\" coords=\"", r->id, shapes[r->shape]);
		for (int k = 0; k < r->n_at; k++)
			buf_addf(body, "%s%d", k ? "," : "", r->at[k]);
		buf_adds(body, "\" hotspotLabel=\"");
		export_xml(str_of(r->label), body);
		buf_adds(body, "\"/>\n");
	}
	buf_adds(body, "    </hotspotInteraction>\n");
}

static bool add_interaction(struct exporter *x, struct buf *body, struct buf *head, struct buf *rules)
{
	switch (x->item->kind) {
	case ITEM_ORDERING:
		add_order(x, body, head);
		return true;
	case ITEM_GRID:
	case ITEM_MATCHING:
		add_match(x, body, head);
		return true;
	case ITEM_NUMERIC:
		return add_numbers(x, body, head, rules);
	case ITEM_TEXT:
		return add_texts(x, body, head);
	case ITEM_CLOZE:
		declare_blanks(x, head);
		return true;
	case ITEM_HOTSPOT:
		add_hotspot(x, body, head);
		return true;
	case ITEM_ESSAY:
		buf_adds(head, "  <responseDeclaration identifier=\"RESPONSE\" cardinality=\"single\" baseType=\"string\"/>\n");
		buf_adds(body,
		         "    <extendedTextInteraction responseIdentifier=\"RESPONSE\" expectedLines=\"12\"/>\n    <rubricBlock view=\"scorer\">");
		add_block(x, x->item->rubric_html, body);
		buf_adds(body, "</rubricBlock>\n");
		return true;
	default:
		add_choice(x, body, head);
		return true;
	}
}

static void add_feedback(struct exporter *x, const char *id, const char *html, struct buf *out)
{
	buf_addf(out, "  <modalFeedback outcomeIdentifier=\"FEEDBACK\" identifier=\"%s\" showHide=\"show\">", id);
	buf_adds(out, html);
	buf_adds(out, "</modalFeedback>\n");
	(void)x;
}

static bool write_item(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	bool explained = export_has_explanation(item);
	_cleanup_buf_ struct buf body = BUF(1u << 24), head = BUF(1u << 24), rules = BUF(1u << 20), html = BUF(1u << 24);
	if (item->case_id)
		export_lose(x, "the case that it belongs to is not written");
	if (item->rubric_html && item->kind != ITEM_ESSAY)
		export_lose(x, "the rubric has no place there");
	add_block(x, item->stem_html, &body);
	buf_addc(&body, '\n');
	bool ok = add_interaction(x, &body, &head, &rules);
	buf_adds(
	    out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" identifier=\"");
	buf_addf(out, "%s\" title=\"", item->id);
	export_xml(str_of(item->title), out);
	buf_adds(out, "\" adaptive=\"false\" timeDependent=\"false\">\n");
	buf_addv(out, buf_str(&head));
	buf_adds(out, "  <outcomeDeclaration identifier=\"SCORE\" cardinality=\"single\" baseType=\"float\"/>\n"
	              "  <outcomeDeclaration identifier=\"FEEDBACK\" cardinality=\"multiple\" baseType=\"identifier\"/>\n  <itemBody>\n    ");
	buf_addv(out, buf_str(&body));
	buf_adds(out, "  </itemBody>\n");
	bool mapped = item->kind == ITEM_TEXT;
	if (rules.len) {
		buf_adds(out, "  <responseProcessing>\n");
		buf_addv(out, buf_str(&rules));
		buf_adds(out, "  </responseProcessing>\n");
	} else if (item->kind != ITEM_CLOZE && item->kind != ITEM_ESSAY) {
		buf_addf(out, "  <responseProcessing template=\"http://www.imsglobal.org/question/qti_v2p1/rptemplates/%s\"/>\n",
		         mapped ? "map_response" : "match_correct");
	}
	if (explained) {
		export_explanation(x, &html);
		add_feedback(x, "explanation", html.p, out);
	}
	for (size_t i = 0; i < item->n_hints; i++) {
		char id[32];
		snprintf(id, sizeof id, "hint-%zu", i + 1);
		buf_clear(&html);
		export_html(x, item->hints_html[i], &html);
		add_feedback(x, id, html.p ? html.p : "", out);
	}
	buf_adds(out, "</assessmentItem>\n");
	return ok;
}

/* ---- the package ---- */

struct pack {
	struct archive *archive;
	struct buf resources;
	size_t number;
};

static void add_keywords(struct exporter *x, struct buf *out)
{
	const struct item *item = x->item;
	struct strings marks = {0};
	_cleanup_buf_ struct buf category = BUF(8192);
	buf_adds(&category, PLAIN_MARK "category=");
	export_category(x, item, &category);
	strings_add(&marks, str_dup(buf_str(&category)));
	if (item->kind == ITEM_GRID || item->kind == ITEM_TRUE_FALSE || item->kind == ITEM_CLOZE)
		strings_add(&marks, xasprintf(PLAIN_MARK "type=%s", item_kind_name(item->kind)));
	plain_marks(item, &marks);
	for (size_t i = 0; i < item->n_tags; i++)
		strings_add(&marks, xstrdup(item->tags[i]));
	for (size_t i = 0; i < marks.n; i++) {
		buf_adds(out, "<lom:keyword><lom:string>");
		export_xml(str_of(marks.list[i]), out);
		buf_adds(out, "</lom:string></lom:keyword>");
	}
	strings_finish(&marks);
}

static bool pack_item(struct exporter *x, struct buf *out)
{
	struct pack *p = x->arg;
	_cleanup_buf_ struct buf text = BUF(1u << 25);
	if (!write_item(x, &text))
		return false;
	(void)out;
	char name[32];
	snprintf(name, sizeof name, "item-%06zu.xml", ++p->number);
	buf_addf(&p->resources,
	         "    <resource identifier=\"item-%06zu\" type=\"imsqti_item_xmlv2p1\" href=\"%s\">\n      <metadata><lom:lom><lom:general>",
	         p->number, name);
	add_keywords(x, &p->resources);
	buf_addf(&p->resources, "</lom:general></lom:lom></metadata>\n      <file href=\"%s\"/>\n", name);
	for (size_t i = 0; i < x->n_used; i++) {
		buf_adds(&p->resources, "      <file href=\"media/");
		export_xml(str_of(export_media_name(x->used[i])), &p->resources);
		buf_adds(&p->resources, "\"/>\n");
		archive_add_media(p->archive, x->used[i]);
	}
	buf_adds(&p->resources, "    </resource>\n");
	archive_add(p->archive, name, buf_str(&text));
	return true;
}

bool qti21_write(struct exporter *x, const char *out, struct err *err)
{
	struct archive archive = {0};
	struct pack p = {.archive = &archive, .resources = BUF(1u << 27)};
	_cleanup_buf_ struct buf none = BUF(1), manifest = BUF(1u << 27);
	x->media = EXPORT_MEDIA_FILE;
	x->xml = true;
	x->blank = blank;
	x->arg = &p;
	export_each(x, pack_item, &none);
	x->arg = NULL;
	buf_adds(&manifest, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\" "
	                    "xmlns:lom=\"http://ltsc.ieee.org/xsd/LOM\" identifier=\"");
	buf_addf(&manifest,
	         "%s\">\n  <metadata><schema>QTIv2.1 Package</schema><schemaversion>1.0.0</schemaversion></metadata>\n  <organizations/>\n  "
	         "<resources>\n",
	         x->bank->id);
	buf_addv(&manifest, buf_str(&p.resources));
	buf_adds(&manifest, "  </resources>\n</manifest>\n");
	bool ok = buf_check(&manifest, "the manifest", err);
	archive_add(&archive, "imsmanifest.xml", buf_str(&manifest));
	ok = ok && archive_write(&archive, out, err);
	archive_finish(&archive);
	buf_finish(&p.resources);
	return ok;
}
