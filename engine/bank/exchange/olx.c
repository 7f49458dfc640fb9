/* Open edX's OLX: <problem>s, in files of their own or within a course. A problem with one kind of answer is taken; with several, with a
 * script, or of a kind that computes, it is rejected. */
#include "bank/exchange/intake.h"
#include "bank/exchange/xml.h"
#include <math.h>

struct problem {
	struct intake *in;
	struct plain *q;
	const xmlNode *root;
	const xmlNode *response;
	size_t n_responses;
};

static bool is_response(const xmlNode *n)
{
	return str_ends(str_of((const char *)n->name), "response");
}

/* Parts of a problem that are not its text. */
static bool skip(void *arg, const xmlNode *n, struct buf *out)
{
	(void)arg, (void)out;
	static const char *const names[] = {
	    "solution",   "demandhint",           "script",        "choicegroup",       "checkboxgroup", "optioninput",
	    "textline",   "formulaequationinput", "responseparam", "additional_answer", "correcthint",   "stringequalhint",
	    "choicehint", "optionhint",           "compoundhint",  "textbox",           "inputfields",   "regexphint"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (xml_is(n, names[i]))
			return true;
	return false;
}

/* <label>, <description> and the like are only layout to us; responses hold text too. */
static bool stem_part(void *arg, const xmlNode *n, struct buf *out)
{
	if (skip(arg, n, out))
		return true;
	if (!is_response(n) && !xml_is(n, "label") && !xml_is(n, "description") && !xml_is(n, "legend") && !xml_is(n, "fieldset"))
		return false;
	buf_adds(out, "<div>");
	xml_inner(n, stem_part, arg, out);
	buf_adds(out, "</div>");
	return true;
}

static char *inner(struct problem *p, const xmlNode *n, bool option)
{
	_cleanup_buf_ struct buf html = BUF(1u << 22);
	xml_inner(n, skip, NULL, &html);
	return intake_html(p->in, buf_str(&html), option);
}

static bool is_true(const xmlNode *n, const char *name)
{
	_cleanup_free_ char *text = xml_attribute(n, name);
	return text && strcasecmp(text, "true") == 0;
}

static void add_choice(struct problem *p, const xmlNode *n)
{
	struct plain_option *o = plain_add_option(&p->q->options, inner(p, n, true));
	_cleanup_free_ char *correct = xml_attribute(n, "correct");
	o->key = is_true(n, "correct");
	if (correct && strcasecmp(correct, "partial") == 0)
		plain_lose(p->q, "an option that is right in part counts as wrong");
	const xmlNode *hint = xml_child(n, "choicehint");
	hint = hint ? hint : xml_child(n, "optionhint");
	if (hint) {
		_cleanup_free_ char *selected = xml_attribute(hint, "selected");
		if (!selected || strcasecmp(selected, "true") == 0)
			plain_set(&o->feedback, inner(p, hint, false));
		else
			plain_lose(p->q, "feedback for an option that is not chosen is left out");
	}
}

static void read_choices(struct problem *p, const char *group)
{
	const xmlNode *g = xml_find(p->response, NULL, group);
	for (const xmlNode *c = xml_child(g, "choice"); c; c = xml_next_named(c, "choice"))
		add_choice(p, c);
	if (strcmp(group, "checkboxgroup") == 0)
		p->q->kind = ITEM_MULTIPLE;
	else if (xml_find(g, NULL, "choice") && p->q->options.n) {
		size_t keys = 0;
		for (size_t i = 0; i < p->q->options.n; i++)
			keys += p->q->options.list[i].key;
		if (keys > 1)
			(void)plain_reject(p->q, "several options are each fully right, of which one may be chosen: that cannot be expressed");
	}
	(void)plain_choice(p->q);
}
static void read_single(struct problem *p)
{
	read_choices(p, "choicegroup");
}
static void read_multiple(struct problem *p)
{
	read_choices(p, "checkboxgroup");
}

/* options="('a','b')" */
static void read_option_list(struct problem *p, const char *list, const char *correct)
{
	struct str s = str_of(list);
	while (s.len) {
		const char *open = memchr(s.p, '\'', s.len), *other = memchr(s.p, '"', s.len);
		if (!open || (other && other < open))
			open = other;
		if (!open)
			return;
		struct str rest = str_sub(s, (size_t)(open - s.p) + 1, s.len);
		const char *end = memchr(rest.p, *open, rest.len);
		if (!end)
			return;
		struct str text = str_sub(rest, 0, (size_t)(end - rest.p));
		plain_add_option(&p->q->options, escape_text(text))->key = correct && str_is(text, correct);
		s = str_sub(rest, text.len + 1, rest.len);
	}
}

static void read_dropdown(struct problem *p)
{
	const xmlNode *n = xml_find(p->response, NULL, "optioninput");
	_cleanup_free_ char *list = xml_attribute(n, "options"), *correct = xml_attribute(n, "correct");
	if (n && xml_find(p->response, n, "optioninput"))
		(void)plain_reject(p->q, "it holds several questions");
	for (const xmlNode *o = xml_child(n, "option"); o; o = xml_next_named(o, "option"))
		add_choice(p, o);
	if (!p->q->options.n && list)
		read_option_list(p, list, correct);
	(void)plain_choice(p->q);
}

static void read_string(struct problem *p)
{
	struct plain *q = p->q;
	q->kind = ITEM_TEXT;
	_cleanup_free_ char *type = xml_attribute(p->response, "type");
	char *answer = xml_attribute(p->response, "answer");
	bool regex = type && strstr(type, "regexp");
	q->ignore_case = type && strstr(type, "ci") != NULL;
	if (answer)
		*plain_add_text(&q->texts, answer) =
		    (struct plain_text){.pattern = answer, .regex = regex, .ignore_case = q->ignore_case, .credit_m = 1000};
	for (const xmlNode *a = xml_child(p->response, "additional_answer"); a; a = xml_next_named(a, "additional_answer")) {
		char *more = xml_attribute(a, "answer");
		more = more ? more : xml_text(a);
		*plain_add_text(&q->texts, more) =
		    (struct plain_text){.pattern = more, .regex = regex, .ignore_case = q->ignore_case, .credit_m = 1000};
	}
	intake_check_typed(q);
}

static void read_number(struct problem *p)
{
	struct plain *q = p->q;
	q->kind = ITEM_NUMERIC;
	_cleanup_free_ char *answer = xml_attribute(p->response, "answer"), *tolerance = NULL;
	for (const xmlNode *r = xml_find(p->response, NULL, "responseparam"); r; r = xml_find(p->response, r, "responseparam")) {
		_cleanup_free_ char *type = xml_attribute(r, "type");
		if (type && strcmp(type, "tolerance") == 0 && !tolerance)
			tolerance = xml_attribute(r, "default");
	}
	struct str a = str_trim(str_of(answer ? answer : "")), t = str_trim(str_of(tolerance ? tolerance : "0"));
	double v, w = 0, hi;
	bool percent = str_ends(t, "%");
	bool ok_tolerance = str_to_double(str_trim(percent ? str_sub(t, 0, t.len - 1) : t), &w) && w >= 0;
	const char *comma = a.len > 4 && a.p[0] == '[' && a.p[a.len - 1] == ']' ? memchr(a.p, ',', a.len) : NULL;
	if (comma && str_to_double(str_trim(str_sub(a, 1, (size_t)(comma - a.p))), &v) &&
	    str_to_double(str_trim(str_sub(a, (size_t)(comma - a.p) + 1, a.len - 1)), &hi) && v <= hi)
		strings_add(&q->numbers, plain_number(v, hi, NULL));
	else if (str_to_double(a, &v) && ok_tolerance) {
		w = percent ? fabs(v) * w / 100 : w;
		strings_add(&q->numbers, plain_number(v - w, v + w, NULL));
	} else {
		(void)plain_reject(q, "its answer '%.60s' is no number, or its tolerance none", answer ? answer : "");
	}
}

static void find_responses(struct problem *p)
{
	for (const xmlNode *n = xml_first(p->root); n;) {
		bool found = is_response(n);
		if (found && p->n_responses++ == 0)
			p->response = n;
		const xmlNode *next = found ? NULL : xml_first(n);
		while (!next && n != p->root) {
			next = xml_next(n);
			if (!next)
				n = n->parent;
		}
		n = n == p->root ? NULL : next;
	}
}

static void read_texts(struct problem *p)
{
	struct plain *q = p->q;
	_cleanup_buf_ struct buf html = BUF(1u << 22);
	xml_inner(p->root, stem_part, NULL, &html);
	plain_set(&q->stem, intake_html(p->in, buf_str(&html), false));
	const xmlNode *solution = xml_find(p->root, NULL, "solution");
	if (solution) {
		buf_clear(&html);
		xml_inner(solution, NULL, NULL, &html);
		intake_explanation(p->in, buf_str(&html));
	}
	const xmlNode *hints = xml_find(p->root, NULL, "demandhint");
	for (const xmlNode *h = xml_child(hints, "hint"); h; h = xml_next_named(h, "hint")) {
		char *text = NULL;
		plain_set(&text, inner(p, h, false));
		if (text)
			strings_add(&q->hints, text);
	}
	if (xml_find(p->root, NULL, "correcthint") || xml_find(p->root, NULL, "stringequalhint") || xml_find(p->root, NULL, "compoundhint"))
		plain_lose(q, "feedback for typed or combined answers is left out");
}

static void read_problem(struct intake *in, const xmlNode *root)
{
	static const struct {
		const char *name;
		void (*read)(struct problem *p);
	} readers[] = {{"multiplechoiceresponse", read_single},
	               {"choiceresponse", read_multiple},
	               {"optionresponse", read_dropdown},
	               {"stringresponse", read_string},
	               {"numericalresponse", read_number}};
	struct problem p = {.in = in, .root = root};
	struct plain *q = p.q = intake_add(in, xml_line(root));
	_cleanup_free_ char *title = xml_attribute(root, "display_name"), *weight = xml_attribute(root, "weight"),
	                    *id = xml_attribute(root, "url_name");
	double points;
	bool known = false;
	plain_set(&q->title, title ? str_dup(str_cut(str_of(title), 400)) : NULL);
	q->id = id && str_is_id(str_of(id)) ? take_ptr(id) : NULL;
	if (weight && str_to_double(str_of(weight), &points) && points >= 0.001 && points <= BANK_POINTS_MAX)
		q->points_m = (int64_t)(points * 1000 + 0.5);
	find_responses(&p);
	if (xml_find(root, NULL, "script"))
		(void)plain_reject(q, "a script makes it: nothing of a source is executed");
	if (p.n_responses > 1)
		(void)plain_reject(q, "it holds several questions");
	for (size_t i = 0; i < ARRAY_SIZE(readers) && p.n_responses == 1; i++)
		if (xml_is(p.response, readers[i].name)) {
			readers[i].read(&p);
			known = true;
		}
	if (!known)
		(void)plain_reject(q, p.n_responses ? "questions by <%.60s> cannot be expressed" : "it asks nothing%.0s",
		                   p.n_responses ? (const char *)p.response->name : "");
	read_texts(&p);
	if (!q->stem)
		(void)plain_reject(q, "it has no text");
}

bool olx_read(struct intake *in, struct str text, struct err *err)
{
	_cleanup_xml_ xmlDoc *doc = NULL;
	if (!xml_parse(text, &doc, err))
		return false;
	const xmlNode *root = xmlDocGetRootElement(doc);
	if (xml_is(root, "problem")) {
		if (xml_first(root)) /* <problem url_name="…"/> only refers to another file */
			read_problem(in, root);
		return true;
	}
	for (const xmlNode *n = xml_find(root, NULL, "problem"); n; n = xml_find(root, n, "problem"))
		if (xml_first(n))
			read_problem(in, n);
	return true;
}
