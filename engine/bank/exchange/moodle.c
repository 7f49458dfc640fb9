/* Moodle XML: <quiz> of <question type="…">. Texts are HTML, plain text or Markdown, as their format says. */
#include "bank/exchange/intake.h"
#include "bank/exchange/xml.h"
#include "bank/markdown.h"
#include <math.h>

/* A text element's <text>, in its format, as Markdown. */
static struct str raw_text(const xmlNode *n, char **ret)
{
	const xmlNode *text = xml_child(n, "text");
	*ret = xml_text(text ? text : n);
	return str_of(*ret);
}

static bool is_html(const xmlNode *n)
{
	_cleanup_free_ char *format = xml_attribute(n, "format");
	return !format || strcmp(format, "html") == 0 || strcmp(format, "moodle_auto_format") == 0 || !*format;
}

/* Pictures that the element brings with it. */
static void embed_files(struct intake *in, const xmlNode *n)
{
	for (const xmlNode *f = n ? xml_child(n, "file") : NULL; f; f = xml_next_named(f, "file")) {
		_cleanup_free_ char *name = xml_attribute(f, "name"), *encoding = xml_attribute(f, "encoding"), *text = xml_text(f);
		size_t size;
		char *bytes = encoding && strcmp(encoding, "base64") == 0 ? base64_decode(str_of(text), &size) : NULL;
		if (bytes && name)
			intake_embed(in, name, bytes, size);
		else
			free(bytes);
	}
}

static char *text_of(struct intake *in, const xmlNode *n, bool option)
{
	_cleanup_free_ char *raw = NULL, *format = n ? xml_attribute(n, "format") : NULL;
	if (!n)
		return NULL;
	struct str s = raw_text(n, &raw);
	embed_files(in, n);
	if (is_html(n))
		return intake_html(in, s, option);
	return strcmp(format, "markdown") == 0 ? intake_markdown(in, s, option) : escape_text(s);
}

static char *line_text(struct intake *in, const xmlNode *n)
{
	_cleanup_free_ char *raw = NULL;
	if (!n)
		return xstrdup("");
	embed_files(in, n);
	struct str s = raw_text(n, &raw);
	return is_html(n) && html_is(s) ? intake_line(in, s) : escape_text(s);
}

static char *plain_child(const xmlNode *n, const char *name)
{
	_cleanup_free_ char *raw = NULL;
	const xmlNode *child = xml_child(n, name);
	return child ? str_dup(str_trim(raw_text(child, &raw))) : xstrdup("");
}

static double number_of(const char *text, double otherwise)
{
	double v;
	return text && str_to_double(str_trim(str_of(text)), &v) ? v : otherwise;
}
static double fraction_of(const xmlNode *answer)
{
	_cleanup_free_ char *text = xml_attribute(answer, "fraction");
	return number_of(text, 0);
}
static bool flag(const xmlNode *n, const char *name, bool otherwise)
{
	_cleanup_free_ char *text = plain_child(n, name);
	return !*text ? otherwise : strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
}

/* ---- kinds ---- */

static void read_choice(struct intake *in, const xmlNode *n)
{
	struct plain *q = in->q;
	bool single = flag(n, "single", true), negative = false, uneven = false;
	size_t full = 0;
	double sum = 0, first = 0;
	for (const xmlNode *a = xml_child(n, "answer"); a; a = xml_next_named(a, "answer")) {
		double fraction = fraction_of(a);
		struct plain_option *o = plain_add_option(&q->options, text_of(in, a, true));
		o->key = single ? fraction > 99.9 : fraction > 0;
		plain_set(&o->feedback, text_of(in, xml_child(a, "feedback"), false));
		full += fraction > 99.9;
		negative |= fraction < 0;
		if (single && fraction > 0 && fraction <= 99.9)
			plain_lose(q, "an option that is worth a part of the points counts as wrong");
		if (fraction <= 0)
			continue;
		uneven |= first > 0 && fabs(fraction - first) > 0.1;
		first = first > 0 ? first : fraction;
		sum += fraction;
	}
	q->fixed = !flag(n, "shuffleanswers", true);
	if (single && full > 1)
		(void)plain_reject(q, "several options are each fully right alone, of which one may be chosen: that cannot be expressed");
	if (!single && sum > 0 && fabs(sum - 100) > 1)
		(void)plain_reject(q, "its weights add up to %.4g %%, not to 100: which options are right together is not said", sum);
	if (!single && uneven)
		plain_lose(q, "its right options have different weights: they count the same");
	if (negative)
		plain_lose(q, "points off for wrong options are the exam's rule, not the question's");
	if (!single)
		q->kind = ITEM_MULTIPLE;
	(void)plain_choice(q);
}

static void read_true_false(struct intake *in, const xmlNode *n)
{
	struct plain *q = in->q;
	q->kind = ITEM_TRUE_FALSE;
	plain_add_option(&q->options, xstrdup("True"));
	plain_add_option(&q->options, xstrdup("False"));
	for (const xmlNode *a = xml_child(n, "answer"); a; a = xml_next_named(a, "answer")) {
		_cleanup_free_ char *word = plain_child(a, "text");
		struct plain_option *o = &q->options.list[strcasecmp(word, "true") != 0];
		o->key = fraction_of(a) > 99.9;
		plain_set(&o->feedback, text_of(in, xml_child(a, "feedback"), false));
	}
	if (q->options.list[0].key == q->options.list[1].key)
		(void)plain_reject(q, "it has no key: neither true nor false is the one right answer");
}

static void read_short(struct intake *in, const xmlNode *n)
{
	struct plain *q = in->q;
	q->kind = ITEM_TEXT;
	q->ignore_case = !flag(n, "usecase", false);
	for (const xmlNode *a = xml_child(n, "answer"); a; a = xml_next_named(a, "answer")) {
		char *feedback = NULL;
		plain_set(&feedback, text_of(in, xml_child(a, "feedback"), true));
		intake_add_typed(q, plain_child(a, "text"), fraction_of(a) * 10, feedback);
	}
	intake_check_typed(q);
}

static void read_number(struct intake *in, const xmlNode *n)
{
	struct plain *q = in->q;
	q->kind = ITEM_NUMERIC;
	for (const xmlNode *a = xml_child(n, "answer"); a; a = xml_next_named(a, "answer")) {
		_cleanup_free_ char *value = plain_child(a, "text"), *tolerance = plain_child(a, "tolerance");
		_cleanup_free_ char *feedback = text_of(in, xml_child(a, "feedback"), false);
		double v = number_of(value, NAN), t = fabs(number_of(tolerance, 0)), fraction = fraction_of(a);
		if (feedback && *feedback)
			plain_lose(q, "feedback for a number is left out");
		if (fraction < 99.9) {
			if (fraction > 0)
				plain_lose(q, "a number that is worth a part of the points counts as wrong");
		} else if (!isfinite(v) || !isfinite(t)) {
			(void)plain_reject(q, "its answer '%.60s' is no number", value);
		} else {
			strings_add(&q->numbers, plain_number(v - t, v + t, NULL));
		}
	}
	const xmlNode *units = xml_child(n, "units");
	if (xml_child(units, "unit"))
		(void)plain_reject(q, "its units and their factors cannot be expressed");
	if (!q->numbers.n)
		(void)plain_reject(q, "it has no key: no number is fully right");
}

static void read_matching(struct intake *in, const xmlNode *n)
{
	struct plain *q = in->q;
	q->kind = ITEM_MATCHING;
	q->fixed = !flag(n, "shuffleanswers", true);
	for (const xmlNode *s = xml_child(n, "subquestion"); s && q->targets.n <= BANK_OPTIONS_MAX; s = xml_next_named(s, "subquestion")) {
		char *left = line_text(in, s), *right = line_text(in, xml_child(s, "answer"));
		size_t k = 0;
		while (k < q->targets.n && strcmp(q->targets.list[k].text, right) != 0)
			k++;
		if (k == q->targets.n)
			plain_add_option(&q->targets, right);
		else
			free(right);
		if (*left)
			plain_add_option(&q->options, left)->match = (int)k;
		else
			free(left);
	}
}

static void read_ordering(struct intake *in, const xmlNode *n)
{
	in->q->kind = ITEM_ORDERING;
	for (const xmlNode *a = xml_child(n, "answer"); a; a = xml_next_named(a, "answer"))
		plain_add_option(&in->q->options, text_of(in, a, true));
}

static void read_essay(struct intake *in, const xmlNode *n)
{
	in->q->kind = ITEM_ESSAY;
	plain_set(&in->q->rubric, text_of(in, xml_child(n, "graderinfo"), false));
	if (!in->q->rubric)
		intake_rubric(in->q);
}

/* ---- what all have ---- */

static void read_tags(struct plain *q, const xmlNode *n)
{
	for (const xmlNode *t = xml_child(xml_child(n, "tags"), "tag"); t; t = xml_next_named(t, "tag")) {
		_cleanup_free_ char *text = plain_child(t, "text");
		if (*text && !plain_take_mark(q, str_of(text)) && q->tags.n < 32)
			strings_add(&q->tags, str_dup(str_cut(str_of(text), 200)));
	}
}

static void read_common(struct intake *in, const xmlNode *n)
{
	struct plain *q = in->q;
	_cleanup_free_ char *id = plain_child(n, "idnumber"), *name = plain_child(n, "name"), *grade = plain_child(n, "defaultgrade"),
	                    *raw = NULL;
	if (str_is_id(str_of(id)))
		q->id = take_ptr(id);
	plain_set(&q->title, str_dup(str_cut(str_of(name), 400)));
	double points = number_of(grade, 1);
	if (points >= 0.001 && points <= BANK_POINTS_MAX)
		q->points_m = (int64_t)(points * 1000 + 0.5);
	else
		plain_lose(q, "its default mark is no weight that a bank has");
	const xmlNode *general = xml_child(n, "generalfeedback");
	embed_files(in, general);
	if (general && is_html(general))
		intake_explanation(in, raw_text(general, &raw));
	else
		plain_set(&q->explanation, text_of(in, general, false));
	for (const xmlNode *h = xml_child(n, "hint"); h; h = xml_next_named(h, "hint")) {
		char *hint = NULL;
		plain_set(&hint, text_of(in, h, false));
		if (hint)
			strings_add(&q->hints, hint);
	}
}

static void read_question(struct intake *in, const xmlNode *n, const char *category)
{
	static const struct {
		const char *type;
		void (*read)(struct intake *in, const xmlNode *n);
	} types[] = {{"multichoice", read_choice}, {"truefalse", read_true_false}, {"shortanswer", read_short}, {"numerical", read_number},
	             {"matching", read_matching},  {"ordering", read_ordering},    {"essay", read_essay},       {"cloze", moodle_read_cloze}};
	_cleanup_free_ char *type = xml_attribute(n, "type");
	struct plain *q = intake_add(in, xml_line(n));
	if (category)
		intake_category(q, str_of(category));
	read_common(in, n);
	bool known = false, cloze = type && strcmp(type, "cloze") == 0;
	if (!cloze)
		plain_set(&q->stem, text_of(in, xml_child(n, "questiontext"), false));
	for (size_t i = 0; i < ARRAY_SIZE(types) && type; i++) {
		if (strcmp(type, types[i].type) != 0)
			continue;
		types[i].read(in, n);
		known = true;
	}
	if (!known)
		(void)plain_reject(q, "questions of the type '%.40s' cannot be expressed", type ? type : "");
	if (!q->stem)
		(void)plain_reject(q, "it has no text");
	read_tags(q, n);
	intake_forget_embedded(in);
}

bool moodle_read(struct intake *in, struct str text, struct err *err)
{
	_cleanup_xml_ xmlDoc *doc = NULL;
	if (!xml_parse(text, &doc, err))
		return false;
	const xmlNode *root = xmlDocGetRootElement(doc);
	if (!xml_is(root, "quiz"))
		return err_set(err, ERR_INVALID, "this is no Moodle XML: its root is not <quiz>");
	_cleanup_free_ char *category = NULL;
	for (const xmlNode *n = xml_child(root, "question"); n; n = xml_next_named(n, "question")) {
		_cleanup_free_ char *type = xml_attribute(n, "type");
		if (type && strcmp(type, "category") == 0) {
			free(category);
			category = plain_child(n, "category");
		} else {
			read_question(in, n, category);
		}
	}
	return true;
}
