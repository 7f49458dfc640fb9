/* One item of QTI 1.2, as Canvas and others write it. Its key is in the conditions that set a score; conditions that only show feedback
 * come first and say nothing of it. Keys of several options are an <and> of what is chosen and, in <not>, of what is not. */
#include "bank/exchange/qti.h"
#include "bank/markdown.h"

#define RESPONSES_MAX 64

/* One <response_lid> or <response_str>: where a part of the answer is given. */
struct response {
	const xmlNode *node;
	char *id;
	struct choices choices;
	struct plain_options options;
};

struct item12 {
	struct intake *in;
	struct plain *q;
	const xmlNode *root;
	struct response responses[RESPONSES_MAX];
	size_t n;
};

/* ---- texts ---- */

void qti12_material(const xmlNode *material, struct buf *html)
{
	for (const xmlNode *n = xml_first(material); n; n = xml_next(n)) {
		_cleanup_free_ char *type = xml_attribute(n, "texttype"), *text = xml_text(n), *uri = xml_attribute(n, "uri"),
		                    *label = xml_attribute(n, "label");
		if (xml_is(n, "matimage") && uri) {
			buf_adds(html, "<img src=\"");
			buf_add_html(html, str_of(uri));
			buf_adds(html, "\" alt=\"");
			buf_add_html(html, str_of(label ? label : ""));
			buf_adds(html, "\">");
		} else if (xml_is(n, "mattext") || xml_is(n, "mat_formattedtext")) {
			bool plain = type && strcmp(type, "text/plain") == 0 && !html_is(str_of(text));
			if (html->len)
				buf_adds(html, "<br>");
			if (plain || (!type && !html_is(str_of(text))))
				buf_add_html(html, str_of(text));
			else
				buf_adds(html, text);
		} else {
			qti12_material(n, html);
		}
	}
}

static char *material(struct item12 *it, const xmlNode *parent, bool line)
{
	_cleanup_buf_ struct buf html = BUF(1u << 22);
	for (const xmlNode *m = xml_child(parent, "material"); m; m = xml_next_named(m, "material"))
		qti12_material(m, &html);
	return line ? intake_line(it->in, buf_str(&html)) : intake_html(it->in, buf_str(&html), true);
}

/* A field of the item's metadata; the caller frees. */
static char *metadata(const struct item12 *it, const char *label)
{
	for (const xmlNode *f = xml_find(it->root, NULL, "qtimetadatafield"); f; f = xml_find(it->root, f, "qtimetadatafield")) {
		_cleanup_free_ char *name = xml_text(xml_child(f, "fieldlabel"));
		if (strcmp(name, label) == 0)
			return xml_text(xml_child(f, "fieldentry"));
	}
	return NULL;
}

/* ---- conditions ---- */

/* The score that a condition sets; 0 when it only shows feedback. */
static double score_of(const xmlNode *condition)
{
	for (const xmlNode *s = xml_child(condition, "setvar"); s; s = xml_next_named(s, "setvar")) {
		_cleanup_free_ char *text = xml_text(s), *action = xml_attribute(s, "action");
		double v;
		if (action && strcmp(action, "Subtract") == 0)
			continue;
		if (str_to_double(str_of(text), &v) && v > 0)
			return v;
		if (strcmp(text, "SCORE.max") == 0)
			return 100;
	}
	return 0;
}

static const xmlNode *next_scored(const struct item12 *it, const xmlNode *after)
{
	const xmlNode *p = xml_child(it->root, "resprocessing");
	const xmlNode *c = after ? xml_next_named(after, "respcondition") : xml_child(p, "respcondition");
	while (c && score_of(c) <= 0)
		c = xml_next_named(c, "respcondition");
	return c;
}

static bool is_under_not(const xmlNode *n, const xmlNode *top)
{
	for (; n && n != top; n = n->parent)
		if (xml_is(n, "not"))
			return true;
	return false;
}

/* Anything in a condition but these cannot be told as a key. */
static bool is_simple(const xmlNode *v)
{
	for (const xmlNode *n = xml_first(v); n; n = xml_next(n)) {
		bool group = xml_is(n, "and") || xml_is(n, "or") || xml_is(n, "not");
		if (!group && !xml_is(n, "varequal") && !xml_is(n, "vargte") && !xml_is(n, "varlte") && !xml_is(n, "vargt") && !xml_is(n, "varlt"))
			return false;
		if (group && !is_simple(n))
			return false;
	}
	return true;
}

static struct response *response_of(struct item12 *it, const xmlNode *test)
{
	_cleanup_free_ char *id = xml_attribute(test, "respident");
	for (size_t i = 0; i < it->n; i++)
		if (id && strcmp(it->responses[i].id, id) == 0)
			return &it->responses[i];
	return NULL;
}

/* ---- kinds ---- */

static void read_choice(struct item12 *it)
{
	struct plain *q = it->q;
	struct response *r = &it->responses[0];
	_cleanup_free_ char *cardinality = xml_attribute(r->node, "rcardinality");
	bool several = cardinality && strcmp(cardinality, "Multiple") == 0;
	size_t conditions = 0;
	q->options = r->options;
	r->options = (struct plain_options){0};
	for (const xmlNode *c = next_scored(it, NULL); c; c = next_scored(it, c)) {
		const xmlNode *v = xml_child(c, "conditionvar");
		size_t keys = 0;
		bool alternatives = false;
		if (!is_simple(v))
			(void)plain_reject(q, "the condition of its score cannot be told as a key");
		for (const xmlNode *e = xml_find(v, NULL, "varequal"); e; e = xml_find(v, e, "varequal")) {
			_cleanup_free_ char *id = xml_text(e);
			if (is_under_not(e, v))
				continue;
			int k = choices_find(&r->choices, id);
			alternatives |= xml_is(e->parent, "or");
			if (k < 0)
				(void)plain_reject(q, "its key '%.60s' is not among its options", id);
			else
				q->options.list[k].key = true;
			keys++;
		}
		conditions += keys > 0;
		if (alternatives && keys > 1)
			(void)plain_reject(q, "several answers are each fully right: that cannot be expressed");
	}
	if (!several && conditions > 1)
		(void)plain_reject(q, "several options earn points, of which one may be chosen: that cannot be expressed");
	else if (several && conditions > 1)
		plain_lose(q, "its right options earn points one by one: how partly right answers count is the exam's rule");
	if (several)
		q->kind = ITEM_MULTIPLE;
	(void)plain_choice(q);
}

static void read_texts(struct item12 *it, struct response *r, struct plain_texts *texts)
{
	struct plain *q = it->q;
	q->ignore_case = true;
	for (const xmlNode *c = next_scored(it, NULL); c; c = next_scored(it, c)) {
		const xmlNode *v = xml_child(c, "conditionvar");
		double score = score_of(c);
		for (const xmlNode *e = xml_find(v, NULL, "varequal"); e; e = xml_find(v, e, "varequal")) {
			if (response_of(it, e) != r || is_under_not(e, v))
				continue;
			struct plain_text *t = plain_add_text(texts, xml_text(e));
			t->ignore_case = true;
			t->credit_m = it->n == 1 && score < 99.9 && score >= 0.1 ? (int)(score * 10) : 1000;
		}
	}
}

static bool number_in(const xmlNode *v, const char *a, const char *b, double *ret)
{
	const xmlNode *n = xml_find(v, NULL, a);
	n = n ? n : xml_find(v, NULL, b);
	_cleanup_free_ char *text = n ? xml_text(n) : NULL;
	return text && str_to_double(str_of(text), ret);
}

static void read_number(struct item12 *it)
{
	struct plain *q = it->q;
	q->kind = ITEM_NUMERIC;
	for (const xmlNode *c = next_scored(it, NULL); c; c = next_scored(it, c)) {
		const xmlNode *v = xml_child(c, "conditionvar");
		double lo, hi;
		if (number_in(v, "vargte", "vargt", &lo) && number_in(v, "varlte", "varlt", &hi) && lo <= hi)
			strings_add(&q->numbers, plain_number(lo, hi, NULL));
		else if (number_in(v, "varequal", "varequal", &lo))
			strings_add(&q->numbers, plain_number(lo, lo, NULL));
		else
			(void)plain_reject(q, "the condition of its score cannot be told as a number or a range");
	}
	if (!q->numbers.n)
		(void)plain_reject(q, "it has no key: no number is right");
}

/* The choice that earns points for one response, or -1. */
static int key_of(struct item12 *it, struct response *r)
{
	int key = -1;
	for (const xmlNode *c = next_scored(it, NULL); c; c = next_scored(it, c)) {
		const xmlNode *v = xml_child(c, "conditionvar");
		for (const xmlNode *e = xml_find(v, NULL, "varequal"); e; e = xml_find(v, e, "varequal")) {
			_cleanup_free_ char *id = xml_text(e);
			if (response_of(it, e) == r && !is_under_not(e, v))
				key = choices_find(&r->choices, id);
		}
	}
	return key;
}

static void read_matching(struct item12 *it)
{
	struct plain *q = it->q;
	q->kind = ITEM_MATCHING;
	for (size_t i = 0; i < it->n; i++) {
		struct response *r = &it->responses[i];
		int key = key_of(it, r);
		if (key < 0)
			(void)plain_reject(q, "a left side has no right side");
		for (size_t k = 0; k < r->options.n && i == 0; k++)
			plain_add_option(&q->targets, xstrdup(r->options.list[k].text));
		struct plain_option *o = plain_add_option(&q->options, material(it, r->node, true));
		for (size_t k = 0; k < q->targets.n && key >= 0; k++)
			if (strcmp(q->targets.list[k].text, r->options.list[key].text) == 0)
				o->match = (int)k;
		if (o->match < 0)
			(void)plain_reject(q, "its left sides have different right sides to choose from");
	}
}

/* Canvas: "[name]" in the text stands for response_name. */
static void read_blanks(struct item12 *it, bool chosen)
{
	struct plain *q = it->q;
	_cleanup_buf_ struct buf html = BUF(1u << 22), out = BUF(1u << 23);
	for (const xmlNode *m = xml_child(xml_child(it->root, "presentation"), "material"); m; m = xml_next_named(m, "material"))
		qti12_material(m, &html);
	q->kind = ITEM_CLOZE;
	bool seen[RESPONSES_MAX] = {false};
	for (size_t at = 0; at < html.len;) {
		size_t found = it->n, len = 0;
		for (size_t i = 0; i < it->n && html.p[at] == '[' && found == it->n; i++) {
			const char *name = strncmp(it->responses[i].id, "response_", 9) == 0 ? it->responses[i].id + 9 : it->responses[i].id;
			len = strlen(name);
			if (!seen[i] && at + len + 1 < html.len && strncmp(html.p + at + 1, name, len) == 0 && html.p[at + 1 + len] == ']')
				found = i;
		}
		if (found == it->n) {
			buf_addc(&out, html.p[at++]);
			continue;
		}
		struct response *r = &it->responses[found];
		struct plain_blank *b = plain_add_blank(q);
		seen[found] = true;
		if (chosen) {
			int key = key_of(it, r);
			b->options = r->options;
			r->options = (struct plain_options){0};
			if (key < 0)
				(void)plain_reject(q, "blank %zu has no key", q->n_blanks);
			else
				b->options.list[key].key = true;
		} else {
			read_texts(it, r, &b->texts);
			for (size_t k = 0; k < r->options.n && !b->texts.n; k++) /* Canvas lists what is accepted as choices */
				plain_add_text(&b->texts, html_plain(str_of(r->options.list[k].text)));
			for (size_t k = 0; k < b->texts.n; k++) {
				int label = choices_find(&r->choices, b->texts.list[k].pattern);
				if (label < 0)
					continue;
				free(b->texts.list[k].pattern);
				b->texts.list[k].pattern = html_plain(str_of(r->options.list[label].text));
			}
			if (!b->texts.n)
				(void)plain_reject(q, "blank %zu has no key", q->n_blanks);
		}
		buf_addf(&out, BLANK_OPEN "%zu" BLANK_CLOSE, q->n_blanks);
		at += len + 2;
	}
	if (q->n_blanks != it->n || !it->n)
		(void)plain_reject(q, "its blanks do not stand in its text");
	plain_set(&q->stem, intake_html(it->in, buf_str(&out), false));
}

/* ---- the item ---- */

static void find_responses(struct item12 *it)
{
	static const char *const names[] = {"response_lid", "response_str", "response_num"};
	const xmlNode *p = xml_child(it->root, "presentation");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (const xmlNode *n = xml_find(p, NULL, names[i]); n; n = xml_find(p, n, names[i])) {
			if (it->n == RESPONSES_MAX) {
				(void)plain_reject(it->q, "it asks for more than %d things", RESPONSES_MAX);
				return;
			}
			struct response *r = &it->responses[it->n++];
			char *id = xml_attribute(n, "ident");
			*r = (struct response){.node = n, .id = id ? id : xstrdup("")};
			for (const xmlNode *l = xml_find(n, NULL, "response_label"); l && r->options.n <= BANK_OPTIONS_MAX;
			     l = xml_find(n, l, "response_label")) {
				plain_add_option(&r->options, material(it, l, i > 0));
				choices_add(&r->choices, xml_attribute(l, "ident"));
			}
		}
}

/* Feedback by its identifier: general, or of an option ("ID_fb"). */
static void read_feedback(struct item12 *it, const struct choices *ids)
{
	bool other = false;
	for (const xmlNode *f = xml_child(it->root, "itemfeedback"); f; f = xml_next_named(f, "itemfeedback")) {
		_cleanup_free_ char *id = xml_attribute(f, "ident");
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		for (const xmlNode *m = xml_find(f, NULL, "material"); m; m = xml_find(f, m, "material"))
			qti12_material(m, &html);
		size_t n = id ? strlen(id) : 0;
		if (!html.len || !id)
			continue;
		if (n > 3 && strcmp(id + n - 3, "_fb") == 0 && strcmp(id, "general_fb") != 0) {
			id[n - 3] = 0;
			int k = choices_find(ids, id);
			if (k >= 0 && (size_t)k < it->q->options.n && it->q->kind != ITEM_MATCHING) {
				plain_set(&it->q->options.list[k].feedback, intake_html(it->in, buf_str(&html), false));
				continue;
			}
			other = true;
		} else if (!it->q->explanation && !it->q->references) {
			intake_explanation(it->in, buf_str(&html));
		} else {
			other = true;
		}
	}
	if (other)
		plain_lose(it->q, "only one of its feedback texts for the whole is kept, as the explanation");
}

static void read_kind(struct item12 *it, const char *type)
{
	struct plain *q = it->q;
	bool lists = it->n && xml_is(it->responses[0].node, "response_lid");
	if (strcmp(type, "text_only_question") == 0 || (!it->n && !*type))
		(void)plain_reject(q, "it asks nothing: it is only a text");
	else if (strcmp(type, "calculated_question") == 0 || strcmp(type, "file_upload_question") == 0)
		(void)plain_reject(q, "questions of the type %s cannot be expressed", type);
	else if (strcmp(type, "matching_question") == 0)
		read_matching(it);
	else if (strcmp(type, "fill_in_multiple_blanks_question") == 0 || strcmp(type, "multiple_dropdowns_question") == 0)
		read_blanks(it, strcmp(type, "multiple_dropdowns_question") == 0);
	else if (strcmp(type, "essay_question") == 0) {
		q->kind = ITEM_ESSAY;
		_cleanup_free_ char *rubric = metadata(it, "assay_rubric");
		plain_set(&q->rubric, rubric ? intake_html(it->in, str_of(rubric), false) : NULL);
		if (!q->rubric)
			intake_rubric(q);
	} else if (it->n > 1)
		(void)plain_reject(q, "it holds several questions");
	else if (lists)
		read_choice(it);
	else if (strcmp(type, "numerical_question") == 0 || (it->n && xml_is(it->responses[0].node, "response_num")))
		read_number(it);
	else if (it->n) {
		q->kind = ITEM_TEXT;
		read_texts(it, &it->responses[0], &q->texts);
		intake_check_typed(q);
	} else {
		(void)plain_reject(q, "it asks nothing that can be read");
	}
}

static void read_marks(struct item12 *it)
{
	struct plain *q = it->q;
	double points;
	_cleanup_free_ char *text = metadata(it, "points_possible");
	if (text && str_to_double(str_of(text), &points) && points >= 0.001 && points <= BANK_POINTS_MAX)
		q->points_m = (int64_t)(points * 1000 + 0.5);
	for (const xmlNode *f = xml_find(it->root, NULL, "qtimetadatafield"); f; f = xml_find(it->root, f, "qtimetadatafield")) {
		_cleanup_free_ char *name = xml_text(xml_child(f, "fieldlabel")), *value = xml_text(xml_child(f, "fieldentry"));
		struct str v = str_of(value);
		if (strcmp(name, "assay_hint") == 0)
			strings_add(&q->hints, intake_html(it->in, v, false));
		if (strcmp(name, "assay_mark") != 0)
			continue;
		if (str_starts(v, PLAIN_MARK "category="))
			intake_category(q, str_sub(v, strlen(PLAIN_MARK "category="), v.len));
		else if (!plain_take_mark(q, v) && q->tags.n < 32 && v.len)
			strings_add(&q->tags, str_dup(str_cut(v, 200)));
	}
}

void qti12_read_item(struct intake *in, const xmlNode *root, const char *category)
{
	struct item12 it = {.in = in, .root = root};
	struct plain *q = it.q = intake_add(in, xml_line(root));
	_cleanup_free_ char *title = xml_attribute(root, "title"), *type = metadata(&it, "question_type"), *id = xml_attribute(root, "ident");
	if (category)
		intake_category(q, str_of(category));
	q->id = id && str_is_id(str_of(id)) ? take_ptr(id) : NULL;
	plain_set(&q->title, title ? str_dup(str_cut(str_of(title), 400)) : NULL);
	find_responses(&it);
	_cleanup_buf_ struct buf html = BUF(1u << 22);
	for (const xmlNode *m = xml_find(xml_child(root, "presentation"), NULL, "material"); m;
	     m = xml_find(xml_child(root, "presentation"), m, "material")) {
		bool inside = false; /* of a response */
		for (const xmlNode *p = m->parent; p && p != root; p = p->parent)
			inside |= strncmp((const char *)p->name, "response_", 9) == 0 || xml_is(p, "response_label");
		if (!inside)
			qti12_material(m, &html);
	}
	plain_set(&q->stem, intake_html(in, buf_str(&html), false));
	read_kind(&it, type ? type : "");
	if (!q->stem)
		(void)plain_reject(q, "it has no text");
	read_feedback(&it, &it.responses[0].choices);
	read_marks(&it);
	for (size_t i = 0; i < it.n; i++) {
		free(it.responses[i].id);
		choices_finish(&it.responses[i].choices);
		for (size_t k = 0; k < it.responses[i].options.n; k++)
			free(it.responses[i].options.list[k].text);
		free(it.responses[i].options.list);
	}
}
