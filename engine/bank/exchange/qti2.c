/* One item of QTI 2.1, 2.2 or 3.0 (whose names have "qti-" in front and '-' in them). Only what a bank can say is taken: one interaction,
 * or several in a text; its key from <correctResponse> or the mapping. */
#include "bank/exchange/qti.h"
#include "bank/markdown.h"
#include <math.h>

struct item2 {
	struct intake *in;
	struct plain *q;
	const xmlNode *root, *body;
	const xmlNode *interaction; /* the one that is a block */
	size_t n_blocks, n_inline;
};

static bool is_inline(const xmlNode *n)
{
	return xml_is(n, "textEntryInteraction") || xml_is(n, "inlineChoiceInteraction");
}
static bool is_interaction(const xmlNode *n)
{
	const char *name = (const char *)n->name;
	return str_ends(str_of(name), "Interaction") || str_ends(str_of(name), "-interaction");
}

static const xmlNode *declaration(const struct item2 *it, const char *id)
{
	for (const xmlNode *d = xml_child(it->root, "responseDeclaration"); d; d = xml_next_named(d, "responseDeclaration")) {
		_cleanup_free_ char *name = xml_attribute(d, "identifier");
		if (name && id && strcmp(name, id) == 0)
			return d;
	}
	return NULL;
}
static const xmlNode *declaration_of(const struct item2 *it, const xmlNode *interaction)
{
	_cleanup_free_ char *id = xml_attribute(interaction, "responseIdentifier");
	return declaration(it, id);
}

static bool attribute_is(const xmlNode *n, const char *name, const char *value)
{
	_cleanup_free_ char *text = xml_attribute(n, name);
	return text && strcmp(text, value) == 0;
}

/* ---- texts ---- */

/* What is no text of the question: interactions, feedback, rubrics. */
static bool skip(void *arg, const xmlNode *n, struct buf *out)
{
	const struct item2 *it = arg;
	if (xml_is(n, "object") || xml_is(n, "picture")) {
		_cleanup_free_ char *data = xml_attribute(n, "data"), *alt = xml_text(n);
		if (data && it->interaction != n->parent) {
			buf_adds(out, "<img src=\"");
			buf_add_html(out, str_of(data));
			buf_adds(out, "\" alt=\"");
			buf_add_html(out, str_of(alt));
			buf_adds(out, "\">");
		}
		return true;
	}
	return xml_is(n, "rubricBlock") || xml_is(n, "feedbackInline") || xml_is(n, "feedbackBlock") || xml_is(n, "modalFeedback") ||
	       xml_is(n, "hottext") || (is_interaction(n) && !is_inline(n));
}

static char *inner(struct item2 *it, const xmlNode *n, bool option)
{
	_cleanup_buf_ struct buf html = BUF(1u << 22);
	xml_inner(n, skip, it, &html);
	return intake_html(it->in, buf_str(&html), option);
}

static void add_blank(struct item2 *it, const xmlNode *n, struct buf *out);

static bool stem_part(void *arg, const xmlNode *n, struct buf *out)
{
	struct item2 *it = arg;
	if (is_inline(n) && it->q->kind == ITEM_CLOZE) {
		add_blank(it, n, out);
		return true;
	}
	return is_inline(n) || skip(arg, n, out);
}

static void read_stem(struct item2 *it)
{
	_cleanup_buf_ struct buf html = BUF(1u << 22);
	xml_inner(it->body, stem_part, it, &html);
	const xmlNode *prompt = xml_child(it->interaction, "prompt");
	if (prompt) {
		buf_adds(&html, "<div>");
		xml_inner(prompt, skip, it, &html);
		buf_adds(&html, "</div>");
	}
	plain_set(&it->q->stem, intake_html(it->in, buf_str(&html), false));
}

/* ---- keys ---- */

static void correct_values(const xmlNode *d, struct strings *values)
{
	for (const xmlNode *v = xml_child(xml_child(d, "correctResponse"), "value"); v; v = xml_next_named(v, "value"))
		strings_add(values, xml_text(v));
}

/* Keys by the mapping where there is no correct response: what earns the most. */
static void mapped_values(const xmlNode *d, struct strings *values)
{
	if (values->n)
		return;
	for (const xmlNode *e = xml_child(xml_child(d, "mapping"), "mapEntry"); e; e = xml_next_named(e, "mapEntry")) {
		_cleanup_free_ char *value = xml_attribute(e, "mappedValue"), *key = xml_attribute(e, "mapKey");
		double v;
		if (value && key && str_to_double(str_of(value), &v) && v > 0)
			strings_add(values, take_ptr(key));
	}
}

static void read_choice(struct item2 *it)
{
	struct plain *q = it->q;
	struct choices ids = {0};
	struct strings keys = {0};
	const xmlNode *d = declaration_of(it, it->interaction);
	for (const xmlNode *c = xml_child(it->interaction, "simpleChoice"); c && ids.n <= BANK_OPTIONS_MAX;
	     c = xml_next_named(c, "simpleChoice")) {
		struct plain_option *o = plain_add_option(&q->options, inner(it, c, true));
		o->pin = attribute_is(c, "fixed", "true") && attribute_is(it->interaction, "shuffle", "true");
		choices_add(&ids, xml_attribute(c, "identifier"));
		const xmlNode *feedback = xml_child(c, "feedbackInline");
		if (feedback) {
			_cleanup_buf_ struct buf html = BUF(1u << 22);
			xml_inner(feedback, NULL, NULL, &html);
			plain_set(&q->options.list[q->options.n - 1].feedback, intake_html(it->in, buf_str(&html), false));
		}
	}
	correct_values(d, &keys);
	mapped_values(d, &keys);
	for (size_t i = 0; i < keys.n; i++) {
		int k = choices_find(&ids, keys.list[i]);
		if (k < 0)
			(void)plain_reject(q, "its key '%.60s' is not among its options", keys.list[i]);
		else
			q->options.list[k].key = true;
	}
	q->fixed = !attribute_is(it->interaction, "shuffle", "true");
	if (attribute_is(d, "cardinality", "multiple"))
		q->kind = ITEM_MULTIPLE;
	else if (keys.n > 1)
		(void)plain_reject(q, "several options are each fully right alone, of which one may be chosen: that cannot be expressed");
	(void)plain_choice(q);
	choices_finish(&ids);
	strings_finish(&keys);
}

static void read_order(struct item2 *it)
{
	struct plain *q = it->q;
	struct choices ids = {0};
	struct strings keys = {0};
	struct plain_options written = {0};
	q->kind = ITEM_ORDERING;
	for (const xmlNode *c = xml_child(it->interaction, "simpleChoice"); c && ids.n <= BANK_OPTIONS_MAX;
	     c = xml_next_named(c, "simpleChoice")) {
		plain_add_option(&written, inner(it, c, true));
		choices_add(&ids, xml_attribute(c, "identifier"));
	}
	correct_values(declaration_of(it, it->interaction), &keys);
	if (keys.n != written.n || !keys.n)
		(void)plain_reject(q, keys.n ? "its key does not name each entry once" : "it has no key: the right order is not said");
	for (size_t i = 0; i < keys.n; i++) {
		int k = choices_find(&ids, keys.list[i]);
		if (k < 0 || !written.list[k].text)
			(void)plain_reject(q, "its key does not name each entry once");
		else
			plain_add_option(&q->options, take_ptr(written.list[k].text));
	}
	for (size_t i = 0; i < written.n; i++)
		free(written.list[i].text);
	free(written.list);
	choices_finish(&ids);
	strings_finish(&keys);
}

static void read_match(struct item2 *it)
{
	struct plain *q = it->q;
	struct choices left = {0}, right = {0};
	struct strings keys = {0};
	q->kind = ITEM_MATCHING;
	q->fixed = !attribute_is(it->interaction, "shuffle", "true");
	const xmlNode *first = xml_child(it->interaction, "simpleMatchSet"), *second = first ? xml_next_named(first, "simpleMatchSet") : NULL;
	for (const xmlNode *c = xml_child(first, "simpleAssociableChoice"); c && left.n <= BANK_OPTIONS_MAX;
	     c = xml_next_named(c, "simpleAssociableChoice")) {
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		xml_inner(c, skip, it, &html);
		plain_add_option(&q->options, intake_line(it->in, buf_str(&html)));
		choices_add(&left, xml_attribute(c, "identifier"));
	}
	for (const xmlNode *c = xml_child(second, "simpleAssociableChoice"); c && right.n <= BANK_OPTIONS_MAX;
	     c = xml_next_named(c, "simpleAssociableChoice")) {
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		xml_inner(c, skip, it, &html);
		plain_add_option(&q->targets, intake_line(it->in, buf_str(&html)));
		choices_add(&right, xml_attribute(c, "identifier"));
	}
	correct_values(declaration_of(it, it->interaction), &keys);
	for (size_t i = 0; i < keys.n; i++) {
		char *space = strchr(keys.list[i], ' ');
		if (space)
			*space = 0;
		int a = choices_find(&left, keys.list[i]), b = space ? choices_find(&right, space + 1) : -1;
		if (a < 0 || b < 0)
			(void)plain_reject(q, "its key names a pair that is not there");
		else if (q->options.list[a].match >= 0)
			(void)plain_reject(q, "a left side has several right sides: that cannot be expressed");
		else
			q->options.list[a].match = b;
	}
	for (size_t i = 0; i < q->options.n; i++)
		if (q->options.list[i].match < 0)
			(void)plain_reject(q, "a left side has no right side");
	choices_finish(&left);
	choices_finish(&right);
	strings_finish(&keys);
}

/* ---- typed ---- */

/* Accepted texts: the mapping's entries, and what is correct. */
static void read_texts(struct item2 *it, const xmlNode *d, struct plain_texts *texts)
{
	struct plain *q = it->q;
	struct strings keys = {0};
	bool mapped = false;
	for (const xmlNode *e = xml_child(xml_child(d, "mapping"), "mapEntry"); e; e = xml_next_named(e, "mapEntry")) {
		_cleanup_free_ char *value = xml_attribute(e, "mappedValue"), *key = xml_attribute(e, "mapKey");
		double v;
		if (!key || !value || !str_to_double(str_of(value), &v) || v <= 0)
			continue;
		struct plain_text *t = plain_add_text(texts, take_ptr(key));
		t->credit_m = v >= 0.9995 ? 1000 : (int)lround(v * 1000);
		t->credit_m = t->credit_m < 1 ? 1 : t->credit_m;
		mapped = true;
		q->ignore_case = attribute_is(e, "caseSensitive", "false");
	}
	correct_values(d, &keys);
	for (size_t i = 0; i < keys.n; i++) {
		bool known = false;
		for (size_t k = 0; k < texts->n && !known; k++)
			known = strcmp(texts->list[k].pattern, keys.list[i]) == 0;
		if (!known && !mapped)
			plain_add_text(texts, xstrdup(keys.list[i]));
	}
	for (size_t i = 0; i < texts->n; i++)
		texts->list[i].ignore_case = q->ignore_case;
	strings_finish(&keys);
}

static bool base_number(const xmlNode *n, double *ret)
{
	_cleanup_free_ char *text = xml_text(xml_child(n, "baseValue"));
	return xml_child(n, "variable") && str_to_double(str_of(text), ret);
}

/* <and><gte>…</gte><lte>…</lte></and> in the response processing. */
static void read_ranges(struct item2 *it)
{
	const xmlNode *p = xml_child(it->root, "responseProcessing");
	for (const xmlNode *a = xml_find(p, NULL, "and"); a; a = xml_find(p, a, "and")) {
		double lo, hi;
		if (base_number(xml_child(a, "gte"), &lo) && base_number(xml_child(a, "lte"), &hi))
			strings_add(&it->q->numbers, plain_number(lo, hi, NULL));
	}
	for (const xmlNode *e = xml_find(p, NULL, "equal"); e; e = xml_find(p, e, "equal")) {
		_cleanup_free_ char *tolerance = xml_attribute(e, "tolerance"), *mode = xml_attribute(e, "toleranceMode");
		double t = 0, v;
		struct strings values = {0};
		correct_values(xml_child(it->root, "responseDeclaration"), &values);
		bool ok = values.n == 1 && str_to_double(str_of(values.list[0]), &v) &&
		          (!mode || strcmp(mode, "exact") == 0 || (tolerance && str_to_double(str_of(tolerance), &t)));
		if (ok && mode && strcmp(mode, "relative") == 0)
			t = fabs(v) * t / 100;
		if (ok && !it->q->numbers.n)
			strings_add(&it->q->numbers, plain_number(v - t, v + t, NULL));
		strings_finish(&values);
	}
}

static void read_entry(struct item2 *it, const xmlNode *entry)
{
	struct plain *q = it->q;
	const xmlNode *d = declaration_of(it, entry);
	struct strings values = {0};
	if (!attribute_is(d, "baseType", "float") && !attribute_is(d, "baseType", "integer")) {
		q->kind = ITEM_TEXT;
		read_texts(it, d, &q->texts);
		intake_check_typed(q);
		return;
	}
	q->kind = ITEM_NUMERIC;
	read_ranges(it);
	correct_values(d, &values);
	for (size_t i = 0; i < values.n && !q->numbers.n; i++) {
		double v;
		if (str_to_double(str_of(values.list[i]), &v))
			strings_add(&q->numbers, plain_number(v, v, NULL));
	}
	if (!q->numbers.n)
		(void)plain_reject(q, "it has no key: no number is right");
	strings_finish(&values);
}

static void add_blank(struct item2 *it, const xmlNode *n, struct buf *out)
{
	struct plain *q = it->q;
	const xmlNode *d = declaration_of(it, n);
	if (q->n_blanks >= BANK_OPTIONS_MAX) {
		(void)plain_reject(q, "it has more than %d blanks", BANK_OPTIONS_MAX);
		return;
	}
	struct plain_blank *b = plain_add_blank(q);
	if (xml_is(n, "textEntryInteraction")) {
		read_texts(it, d, &b->texts);
		for (size_t i = 0; i < b->texts.n; i++)
			if (b->texts.list[i].credit_m < 1000)
				plain_lose(q, "an answer of a blank that is worth a part of the points counts in full");
	} else {
		struct strings keys = {0};
		correct_values(d, &keys);
		for (const xmlNode *c = xml_child(n, "inlineChoice"); c; c = xml_next_named(c, "inlineChoice")) {
			_cleanup_free_ char *id = xml_attribute(c, "identifier");
			_cleanup_buf_ struct buf html = BUF(1u << 20);
			xml_inner(c, skip, it, &html);
			plain_add_option(&b->options, intake_line(it->in, buf_str(&html)))->key = keys.n == 1 && id && strcmp(id, keys.list[0]) == 0;
		}
		strings_finish(&keys);
	}
	size_t keys = b->texts.n;
	for (size_t i = 0; i < b->options.n; i++)
		keys += b->options.list[i].key;
	if (!keys)
		(void)plain_reject(q, "blank %zu has no key", q->n_blanks);
	buf_addf(out, BLANK_OPEN "%zu" BLANK_CLOSE, q->n_blanks);
}

/* ---- hotspots ---- */

static bool read_coordinates(struct item_region *r, const char *text)
{
	struct str rest = str_of(text ? text : ""), part;
	while (str_next_field(&rest, ',', &part)) {
		double v;
		if (r->n_at >= (int)ARRAY_SIZE(r->at) || !str_to_double(str_trim(part), &v) || v < 0 || v > 16384)
			return false;
		r->at[r->n_at++] = (int)v;
	}
	return r->n_at >= 3;
}

static void read_hotspot(struct item2 *it)
{
	static const char *const shapes[] = {"rect", "circle", "poly"};
	struct plain *q = it->q;
	struct strings keys = {0};
	q->kind = ITEM_HOTSPOT;
	const xmlNode *object = xml_child(it->interaction, "object");
	object = object ? object : xml_child(it->interaction, "img");
	_cleanup_free_ char *data = object ? xml_attribute(object, "data") : NULL, *src = object ? xml_attribute(object, "src") : NULL;
	q->image = data || src ? intake_picture(it->in, str_of(data ? data : src)) : NULL;
	char *alt = object ? xml_text(object) : NULL;
	if (alt && !*alt) {
		free(alt);
		alt = xml_attribute(object, "alt");
	}
	q->image_alt = alt;
	if (!q->image)
		(void)plain_reject(q, "its picture is not there");
	if (!alt || !*alt)
		(void)plain_reject(q, "its picture has no description");
	correct_values(declaration_of(it, it->interaction), &keys);
	for (const xmlNode *c = xml_child(it->interaction, "hotspotChoice"); c; c = xml_next_named(c, "hotspotChoice")) {
		_cleanup_free_ char *id = xml_attribute(c, "identifier"), *label = xml_attribute(c, "hotspotLabel"),
		                    *shape = xml_attribute(c, "shape"), *at = xml_attribute(c, "coords");
		struct item_region r = {.shape = REGION_RECT};
		bool known = false;
		for (size_t i = 0; i < ARRAY_SIZE(shapes); i++)
			if (shape && strcmp(shape, shapes[i]) == 0) {
				r.shape = (enum region_shape)i;
				known = true;
			}
		if (!known || !read_coordinates(&r, at) || !label)
			(void)plain_reject(q, "a place in its picture has no label, or a shape that cannot be expressed");
		r.correct = id && strings_has(&keys, id);
		r.id = str_slug(str_of(id ? id : "x"), 60);
		r.label = xstrdup(label ? label : "");
		q->regions = xgrow(q->regions, q->n_regions, &q->cap_regions, sizeof *q->regions);
		q->regions[q->n_regions++] = r;
	}
	if (!keys.n)
		(void)plain_reject(q, "it has no key");
	strings_finish(&keys);
}

static void read_essay(struct item2 *it)
{
	it->q->kind = ITEM_ESSAY;
	for (const xmlNode *r = xml_find(it->body, NULL, "rubricBlock"); r && !it->q->rubric; r = xml_find(it->body, r, "rubricBlock")) {
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		xml_inner(r, NULL, NULL, &html);
		plain_set(&it->q->rubric, intake_html(it->in, buf_str(&html), false));
	}
	if (!it->q->rubric)
		intake_rubric(it->q);
}

/* ---- the item ---- */

static void find_interactions(struct item2 *it)
{
	for (const xmlNode *n = xml_first(it->body); n;) {
		bool found = is_interaction(n);
		if (found && is_inline(n))
			it->n_inline++;
		else if (found && it->n_blocks++ == 0)
			it->interaction = n;
		const xmlNode *next = found ? NULL : xml_first(n);
		while (!next && n != it->body) {
			next = xml_next(n);
			if (!next)
				n = n->parent;
		}
		n = next;
	}
}

static void read_feedback(struct item2 *it)
{
	bool other = false;
	for (const xmlNode *f = xml_child(it->root, "modalFeedback"); f; f = xml_next_named(f, "modalFeedback")) {
		_cleanup_free_ char *id = xml_attribute(f, "identifier");
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		xml_inner(f, NULL, NULL, &html);
		bool hint = id && strncmp(id, "hint", 4) == 0;
		if (hint) {
			char *text = NULL;
			plain_set(&text, intake_html(it->in, buf_str(&html), false));
			if (text)
				strings_add(&it->q->hints, text);
		} else if (!it->q->explanation) {
			intake_explanation(it->in, buf_str(&html));
		} else {
			other = true;
		}
	}
	if (other)
		plain_lose(it->q, "only the first of its feedback texts is kept, as the explanation");
}

static void read_interaction(struct item2 *it)
{
	static const struct {
		const char *name;
		void (*read)(struct item2 *it);
	} readers[] = {{"choiceInteraction", read_choice},
	               {"orderInteraction", read_order},
	               {"matchInteraction", read_match},
	               {"hotspotInteraction", read_hotspot},
	               {"extendedTextInteraction", read_essay}};
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		if (xml_is(it->interaction, readers[i].name)) {
			readers[i].read(it);
			return;
		}
	(void)plain_reject(it->q, "questions by <%.60s> cannot be expressed", (const char *)it->interaction->name);
}

void qti2_read_item(struct intake *in, const xmlNode *root, const struct strings *marks)
{
	struct item2 it = {.in = in, .root = root, .body = xml_child(root, "itemBody")};
	struct plain *q = it.q = intake_add(in, xml_line(root));
	_cleanup_free_ char *id = xml_attribute(root, "identifier"), *title = xml_attribute(root, "title");
	bool cloze = false;
	q->id = id && str_is_id(str_of(id)) ? take_ptr(id) : NULL;
	plain_set(&q->title, title ? str_dup(str_cut(str_of(title), 400)) : NULL);
	find_interactions(&it);
	for (size_t i = 0; marks && i < marks->n; i++)
		cloze |= strcmp(marks->list[i], PLAIN_MARK "type=cloze") == 0;
	if (it.n_blocks + (it.n_inline > 0) > 1)
		(void)plain_reject(q, "it holds several questions");
	else if (it.n_blocks)
		read_interaction(&it);
	else if (it.n_inline > 1 || cloze || xml_find(it.body, NULL, "inlineChoiceInteraction"))
		q->kind = ITEM_CLOZE;
	else if (it.n_inline)
		read_entry(&it, xml_find(it.body, NULL, "textEntryInteraction"));
	else
		(void)plain_reject(q, "it asks nothing: there is no interaction in it");
	read_stem(&it);
	if (!q->stem)
		(void)plain_reject(q, "it has no text");
	read_feedback(&it);
	for (size_t i = 0; marks && i < marks->n; i++) {
		struct str category = str_of(marks->list[i]);
		if (str_starts(category, PLAIN_MARK "category="))
			intake_category(q, str_sub(category, strlen(PLAIN_MARK "category="), category.len));
		else if (!plain_take_mark(q, category) && q->tags.n < 32 && category.len)
			strings_add(&q->tags, str_dup(str_cut(category, 200)));
	}
}
