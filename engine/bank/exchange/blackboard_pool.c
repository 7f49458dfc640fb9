/* One item of a Blackboard pool, test or survey: QTI 1.2 with a dialect of its own, in the .dat files of an archive. Its kind is named in
 * its metadata, its key is the condition with the title "correct", texts are in <mat_formattedtext>, and the right sides of pairs stand
 * beside the response that they belong to. */
#include "bank/exchange/qti.h"
#include "bank/markdown.h"

#define BLANKS_MAX 100
#define NAME_MAX_LEN 100 /* of a blank */

struct pool_item {
	struct intake *in;
	struct plain *q;
	const xmlNode *root, *presentation, *correct;
};

/* ---- texts ---- */

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Files of the archive by the numbers that Blackboard keeps them under: "NAME__xid-123_1.png". */
static void find_numbered(struct intake *in)
{
	in->has_numbered = true;
	for (size_t i = 0; in->package && i < in->package->n; i++) {
		const char *path = in->package->paths[i], *mark = strstr(path, "__xid-"), *dot = mark ? strchr(mark, '.') : NULL;
		if (dot)
			strings_add(&in->numbered, xasprintf("%.*s %s", (int)(dot - mark - 6), mark + 6, path));
	}
	if (in->numbered.n)
		qsort(in->numbered.list, in->numbered.n, sizeof *in->numbered.list, compare);
}

static const char *file_of(struct intake *in, struct str number)
{
	if (!in->has_numbered)
		find_numbered(in);
	size_t lo = 0, hi = in->numbered.n;
	_cleanup_free_ char *key = xasprintf("%.*s ", STR_ARG(number));
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (strcmp(in->numbered.list[mid], key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	bool found = lo < in->numbered.n && strncmp(in->numbered.list[lo], key, strlen(key)) == 0;
	return found ? in->numbered.list[lo] + strlen(key) : NULL;
}

/* Its addresses of files in the archive, as they are there. */
static void add_html(struct intake *in, struct str html, struct buf *out)
{
	static const char stub[] = "@X@EmbeddedFile.requestUrlStub@X@bbcswebdav/xid-", place[] = "@X@EmbeddedFile.location@X@";
	for (size_t i = 0; i < html.len;) {
		struct str rest = str_sub(html, i, html.len);
		if (str_starts(rest, stub)) {
			size_t from = i + strlen(stub), to = from;
			while (to < html.len && ((html.p[to] >= '0' && html.p[to] <= '9') || html.p[to] == '_'))
				to++;
			const char *file = file_of(in, str_sub(html, from, to));
			buf_add_html(out, file ? str_of(file) : STR("missing"));
			i = to;
		} else if (str_starts(rest, place)) {
			const char *dot = strrchr(in->file, '.');
			buf_add(out, in->file, dot ? (size_t)(dot - in->file) : strlen(in->file));
			buf_addc(out, '/');
			i += strlen(place);
		} else {
			buf_addc(out, html.p[i++]);
		}
	}
}

/* All material below a node that is in no response. */
static void collect(const struct pool_item *it, const xmlNode *parent, struct buf *html)
{
	for (const xmlNode *n = xml_first(parent); n; n = xml_next(n)) {
		if (xml_is(n, "material")) {
			_cleanup_buf_ struct buf text = BUF(1u << 22);
			qti12_material(n, &text);
			add_html(it->in, buf_str(&text), html);
		} else if (strncmp((const char *)n->name, "response_", 9) != 0) {
			collect(it, n, html);
		}
	}
}

static char *text_of(const struct pool_item *it, const xmlNode *n, bool line)
{
	_cleanup_buf_ struct buf html = BUF(1u << 22);
	collect(it, n, &html);
	return line ? intake_line(it->in, buf_str(&html)) : intake_html(it->in, buf_str(&html), true);
}

static const xmlNode *block(const xmlNode *root, const char *class)
{
	for (const xmlNode *f = xml_find(root, NULL, "flow"); f; f = xml_find(root, f, "flow")) {
		_cleanup_free_ char *name = xml_attribute(f, "class");
		if (name && strcmp(name, class) == 0)
			return f;
	}
	return NULL;
}

static char *metadata(const struct pool_item *it, const char *name)
{
	const xmlNode *n = xml_find(xml_child(it->root, "itemmetadata"), NULL, name);
	return n ? xml_text(n) : NULL;
}

/* ---- keys ---- */

static const xmlNode *find_correct(const struct pool_item *it)
{
	const xmlNode *list = xml_child(it->root, "resprocessing");
	for (const xmlNode *c = xml_child(list, "respcondition"); c; c = xml_next_named(c, "respcondition")) {
		_cleanup_free_ char *title = xml_attribute(c, "title");
		if (title && strcmp(title, "correct") == 0)
			return xml_child(c, "conditionvar");
	}
	return NULL;
}

static bool is_denied(const xmlNode *n, const xmlNode *top)
{
	for (; n && n != top; n = n->parent)
		if (xml_is(n, "not"))
			return true;
	return false;
}

/* The next thing that must be so for the answer to be right. */
static const xmlNode *next_equal(const struct pool_item *it, const xmlNode *after)
{
	const xmlNode *e = xml_find(it->correct, after, "varequal");
	while (e && is_denied(e, it->correct))
		e = xml_find(it->correct, e, "varequal");
	return e;
}

static void read_labels(const struct pool_item *it, const xmlNode *response, struct plain_options *options, struct choices *ids)
{
	for (const xmlNode *l = xml_find(response, NULL, "response_label"); l && options->n <= BANK_OPTIONS_MAX;
	     l = xml_find(response, l, "response_label")) {
		plain_add_option(options, text_of(it, l, false));
		choices_add(ids, xml_attribute(l, "ident"));
	}
}

/* ---- kinds ---- */

static void read_options(struct pool_item *it, bool several)
{
	struct plain *q = it->q;
	struct choices ids = {0};
	size_t keys = 0;
	read_labels(it, xml_find(it->presentation, NULL, "response_lid"), &q->options, &ids);
	for (const xmlNode *e = next_equal(it, NULL); e; e = next_equal(it, e), keys++) {
		_cleanup_free_ char *id = xml_text(e);
		int k = choices_find(&ids, id);
		if (k < 0)
			(void)plain_reject(q, "its key '%.60s' is not among its options", id);
		else
			q->options.list[k].key = true;
	}
	if (!several && keys > 1)
		(void)plain_reject(q, "several options are each right, of which one may be chosen: that cannot be expressed");
	for (const xmlNode *f = xml_child(it->root, "itemfeedback"); f; f = xml_next_named(f, "itemfeedback")) {
		_cleanup_free_ char *id = xml_attribute(f, "ident");
		int k = choices_find(&ids, id);
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		collect(it, f, &html);
		if (k >= 0 && html.len)
			plain_set(&q->options.list[k].feedback, intake_html(it->in, buf_str(&html), false));
	}
	choices_finish(&ids);
	if (several)
		q->kind = ITEM_MULTIPLE;
	(void)plain_choice(q);
}

static void read_single(struct pool_item *it)
{
	read_options(it, false);
}
static void read_multiple(struct pool_item *it)
{
	read_options(it, true);
}

/* True/False, and Either/Or: their options are names. */
static void read_either(struct pool_item *it)
{
	static const char *const names[][2] = {{"true", "True"},
	                                       {"false", "False"},
	                                       {"yes_no.true", "Yes"},
	                                       {"yes_no.false", "No"},
	                                       {"agree_disagree.true", "Agree"},
	                                       {"agree_disagree.false", "Disagree"},
	                                       {"right_wrong.true", "Right"},
	                                       {"right_wrong.false", "Wrong"},
	                                       {"true_false.true", "True"},
	                                       {"true_false.false", "False"}};
	struct plain *q = it->q;
	const xmlNode *response = xml_find(it->presentation, NULL, "response_lid");
	_cleanup_free_ char *key = next_equal(it, NULL) ? xml_text(next_equal(it, NULL)) : xstrdup("");
	for (const xmlNode *l = xml_find(response, NULL, "response_label"); l; l = xml_find(response, l, "response_label")) {
		_cleanup_free_ char *id = xml_attribute(l, "ident");
		size_t i = 0;
		while (i < ARRAY_SIZE(names) && (!id || strcmp(names[i][0], id) != 0))
			i++;
		char *text = i < ARRAY_SIZE(names) ? xstrdup(names[i][1]) : text_of(it, l, false);
		plain_add_option(&q->options, text)->key = id && strcmp(id, key) == 0;
	}
	(void)plain_choice(q);
	if (q->options.n == 2 && strcmp(q->options.list[0].text, "True") == 0 && strcmp(q->options.list[1].text, "False") == 0)
		q->kind = ITEM_TRUE_FALSE;
}

static void read_order(struct pool_item *it)
{
	struct plain *q = it->q;
	struct choices ids = {0};
	struct plain_options found = {0};
	bool *used = NULL;
	q->kind = ITEM_ORDERING;
	read_labels(it, xml_find(it->presentation, NULL, "response_lid"), &found, &ids);
	used = xcalloc(found.n + 1, sizeof *used);
	for (const xmlNode *e = next_equal(it, NULL); e; e = next_equal(it, e)) {
		_cleanup_free_ char *id = xml_text(e);
		int k = choices_find(&ids, id);
		if (k < 0 || used[k]) {
			(void)plain_reject(q, "its order names '%.60s', which is not among its entries, or there twice", id);
			continue;
		}
		used[k] = true;
		plain_add_option(&q->options, xstrdup(found.list[k].text));
	}
	if (q->options.n != found.n)
		(void)plain_reject(q, "its order does not name all of its entries");
	for (size_t i = 0; i < found.n; i++)
		free(found.list[i].text);
	free(found.list);
	free(used);
	choices_finish(&ids);
}

/* The place of the right side that belongs to a left one, among the labels of its response; -1: none. */
static int partner(const struct pool_item *it, const xmlNode *response)
{
	_cleanup_free_ char *left = xml_attribute(response, "ident");
	const xmlNode *list = xml_child(it->root, "resprocessing");
	for (const xmlNode *e = xml_find(list, NULL, "varequal"); e && left; e = xml_find(list, e, "varequal")) {
		_cleanup_free_ char *of = xml_attribute(e, "respident"), *right = xml_text(e);
		if (!of || strcmp(of, left) != 0 || is_denied(e, list))
			continue;
		int place = 0;
		for (const xmlNode *l = xml_find(response, NULL, "response_label"); l; l = xml_find(response, l, "response_label"), place++) {
			_cleanup_free_ char *id = xml_attribute(l, "ident");
			if (id && strcmp(id, right) == 0)
				return place;
		}
	}
	return -1;
}

static void read_matching(struct pool_item *it)
{
	struct plain *q = it->q;
	q->kind = ITEM_MATCHING;
	const xmlNode *right = block(it->presentation, "RIGHT_MATCH_BLOCK");
	for (const xmlNode *f = xml_child(right, "flow"); f && q->targets.n <= BANK_OPTIONS_MAX; f = xml_next_named(f, "flow"))
		plain_add_option(&q->targets, text_of(it, f, true));
	for (const xmlNode *r = xml_find(it->presentation, NULL, "response_lid"); r && q->options.n <= BANK_OPTIONS_MAX;
	     r = xml_find(it->presentation, r, "response_lid")) {
		struct plain_option *o = plain_add_option(&q->options, text_of(it, r->parent, true));
		o->match = partner(it, r);
		if (o->match < 0 || (size_t)o->match >= q->targets.n)
			(void)plain_reject(q, "a left side has no right side");
	}
}

static void read_number(struct pool_item *it)
{
	static const char *const names[] = {"vargte", "varlte", "varequal"};
	double v[3];
	bool has[3];
	it->q->kind = ITEM_NUMERIC;
	for (size_t i = 0; i < 3; i++) {
		const xmlNode *n = xml_find(it->correct, NULL, names[i]);
		_cleanup_free_ char *text = n ? xml_text(n) : NULL;
		has[i] = text && str_to_double(str_of(text), &v[i]);
	}
	if (has[0] && has[1] && v[0] <= v[1])
		strings_add(&it->q->numbers, plain_number(v[0], v[1], NULL));
	else if (has[2] && !has[0] && !has[1])
		strings_add(&it->q->numbers, plain_number(v[2], v[2], NULL));
	else
		(void)plain_reject(it->q, "it has no key that is a number or a range");
}

/* What is accepted for one response (NULL: for any). */
static void read_typed(struct pool_item *it, const char *response, struct plain_texts *texts)
{
	static const char *const names[] = {"varequal", "varsubset", "varsubstring"};
	const xmlNode *list = xml_child(it->root, "resprocessing");
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (const xmlNode *e = xml_find(list, NULL, names[i]); e; e = xml_find(list, e, names[i])) {
			_cleanup_free_ char *of = xml_attribute(e, "respident"), *cased = xml_attribute(e, "case"), *text = xml_text(e);
			if (!*text || is_denied(e, list) || (response && (!of || strcmp(of, response) != 0)))
				continue;
			if (i > 0) {
				(void)plain_reject(it->q, "an answer that is only a part of what is typed, or a pattern, cannot be expressed");
				return;
			}
			struct plain_text *t = plain_add_text(texts, take_ptr(text));
			t->ignore_case = !cased || str_eq_nocase(str_of(cased), STR("No"));
		}
}

static void read_text(struct pool_item *it)
{
	struct plain *q = it->q;
	q->kind = ITEM_TEXT;
	q->ignore_case = true;
	read_typed(it, NULL, &q->texts);
	for (size_t i = 0; i < q->texts.n; i++)
		q->ignore_case &= q->texts.list[i].ignore_case;
	intake_check_typed(q);
}

/* The key among the choices of one blank. */
static void read_chosen(struct pool_item *it, const xmlNode *response, const char *name, struct plain_blank *b)
{
	struct choices ids = {0};
	read_labels(it, response, &b->options, &ids);
	for (const xmlNode *e = next_equal(it, NULL); e; e = next_equal(it, e)) {
		_cleanup_free_ char *of = xml_attribute(e, "respident"), *id = xml_text(e);
		int k = of && strcmp(of, name) == 0 ? choices_find(&ids, id) : -1;
		if (k >= 0)
			b->options.list[k].key = true;
	}
	choices_finish(&ids);
}

static bool has_key(const struct plain_blank *b)
{
	for (size_t i = 0; i < b->options.n; i++)
		if (b->options.list[i].key)
			return true;
	return b->texts.n > 0;
}

struct responses {
	struct choices ids;
	const xmlNode *nodes[BLANKS_MAX];
};

static void find_responses(const struct pool_item *it, struct responses *r)
{
	static const char *const kinds[] = {"response_str", "response_lid"};
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		for (const xmlNode *n = xml_find(it->presentation, NULL, kinds[i]); n && r->ids.n < BLANKS_MAX;
		     n = xml_find(it->presentation, n, kinds[i])) {
			r->nodes[r->ids.n] = n;
			choices_add(&r->ids, xml_attribute(n, "ident"));
		}
}

/* Capital and small letters count in all blanks, or in none. */
static void take_case(struct plain *q)
{
	size_t all = 0, ignoring = 0;
	for (size_t i = 0; i < q->n_blanks; i++)
		for (size_t k = 0; k < q->blanks[i].texts.n; k++, all++)
			ignoring += q->blanks[i].texts.list[k].ignore_case;
	q->ignore_case = all && ignoring == all;
	if (ignoring && ignoring < all)
		plain_lose(q, "capital and small letters count in all of its blanks, not only in some");
}

/* "[name]" in the text is a blank: typed, or chosen. */
static void read_blanks(struct pool_item *it)
{
	struct plain *q = it->q;
	_cleanup_buf_ struct buf html = BUF(1u << 22), out = BUF(1u << 23);
	collect(it, block(it->presentation, "QUESTION_BLOCK"), &html);
	struct str s = buf_str(&html);
	struct responses r = {0};
	find_responses(it, &r);
	q->kind = ITEM_CLOZE;
	for (size_t i = 0; i < s.len;) {
		struct str near = str_sub(s, i + 1, i + NAME_MAX_LEN);
		const char *end = s.p[i] == '[' && near.len ? memchr(near.p, ']', near.len) : NULL;
		_cleanup_free_ char *id = end ? xstrndup(near.p, (size_t)(end - near.p)) : NULL;
		int k = id && *id && q->n_blanks < BLANKS_MAX ? choices_find(&r.ids, id) : -1;
		if (k < 0) {
			buf_addc(&out, s.p[i++]);
			continue;
		}
		struct plain_blank *b = plain_add_blank(q);
		if (xml_is(r.nodes[k], "response_lid"))
			read_chosen(it, r.nodes[k], id, b);
		else
			read_typed(it, id, &b->texts);
		if (!has_key(b))
			(void)plain_reject(q, "blank %zu has no key", q->n_blanks);
		buf_addf(&out, BLANK_OPEN "%zu" BLANK_CLOSE, q->n_blanks);
		i += strlen(id) + 2;
	}
	choices_finish(&r.ids);
	take_case(q);
	if (!q->n_blanks)
		(void)plain_reject(q, "its blanks do not stand in its text");
	plain_set(&q->stem, intake_html(it->in, buf_str(&out), false));
}

static void read_essay(struct pool_item *it)
{
	it->q->kind = ITEM_ESSAY;
	intake_rubric(it->q);
}

/* ---- the item ---- */

/* What is said of right answers, or a model answer, explains; of wrong ones there is no place to say anything. */
static void read_feedback(struct pool_item *it)
{
	bool wrong = false;
	_cleanup_buf_ struct buf right = BUF(1u << 23);
	for (const xmlNode *f = xml_child(it->root, "itemfeedback"); f; f = xml_next_named(f, "itemfeedback")) {
		_cleanup_free_ char *id = xml_attribute(f, "ident");
		_cleanup_buf_ struct buf html = BUF(1u << 22);
		collect(it, f, &html);
		_cleanup_free_ char *plain = html_plain(buf_str(&html));
		if (!id || !*plain)
			continue;
		if (strcmp(id, "correct") == 0 || strcmp(id, "solution") == 0)
			buf_addv(&right, buf_str(&html));
		wrong |= strcmp(id, "incorrect") == 0;
	}
	if (right.len)
		intake_explanation(it->in, buf_str(&right));
	if (wrong)
		plain_lose(it->q, "what it says of wrong answers as a whole has no place");
}

static void read_kind(struct pool_item *it, const char *type)
{
	static const struct {
		const char *name;
		void (*read)(struct pool_item *it);
		const char *why; /* it is not taken */
	} kinds[] = {{"Multiple Choice", read_single, NULL},
	             {"Multiple Answer", read_multiple, NULL},
	             {"True/False", read_either, NULL},
	             {"Either/Or", read_either, NULL},
	             {"Ordering", read_order, NULL},
	             {"Matching", read_matching, NULL},
	             {"Numeric", read_number, NULL},
	             {"Fill in the Blank", read_text, NULL},
	             {"Fill in the Blank Plus", read_blanks, NULL},
	             {"Jumbled Sentence", read_blanks, NULL},
	             {"Essay", read_essay, NULL},
	             {"Short Response", read_essay, NULL},
	             {"Opinion Scale", NULL, "nothing says which answer is right"},
	             {"Calculated", NULL, "a formula makes it"}};
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(type, kinds[i].name) == 0) {
			if (kinds[i].read)
				kinds[i].read(it);
			else
				(void)plain_reject(it->q, "questions of the kind '%s' cannot be expressed: %s", type, kinds[i].why);
			return;
		}
	(void)plain_reject(it->q, "questions of the kind '%.60s' cannot be expressed", type);
}

bool blackboard_is_item(const xmlNode *root)
{
	return xml_find(xml_child(root, "itemmetadata"), NULL, "bbmd_questiontype") != NULL;
}

void blackboard_read_item(struct intake *in, const xmlNode *root, const char *category)
{
	struct pool_item it = {.in = in, .root = root, .presentation = xml_child(root, "presentation")};
	struct plain *q = it.q = intake_add(in, xml_line(root));
	_cleanup_free_ char *type = metadata(&it, "bbmd_questiontype"), *points = metadata(&it, "qmd_absolutescore_max"),
	                    *title = xml_attribute(root, "title");
	double v;
	it.correct = find_correct(&it);
	if (category)
		intake_category(q, str_of(category));
	plain_set(&q->title, title ? str_dup(str_cut(str_of(title), 400)) : NULL);
	if (points && str_to_double(str_of(points), &v) && v >= 0.001 && v <= BANK_POINTS_MAX)
		q->points_m = (int64_t)(v * 1000 + 0.5);
	_cleanup_buf_ struct buf html = BUF(1u << 22);
	collect(&it, block(it.presentation, "QUESTION_BLOCK"), &html);
	plain_set(&q->stem, intake_html(in, buf_str(&html), false));
	read_kind(&it, type);
	if (!q->stem)
		(void)plain_reject(q, "it has no text");
	read_feedback(&it);
}
