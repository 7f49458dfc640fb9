/* Moodle's embedded answers: "{1:SHORTANSWER:=plan~%50%show#why}" in a question's text. */
#include "bank/exchange/intake.h"
#include "bank/exchange/xml.h"
#include "bank/markdown.h"

struct cloze {
	struct intake *in;
	struct buf out; /* the HTML with marks in place of the blanks */
};

/* '\' takes the meaning from } # ~ / " and \. */
static size_t find(struct str s, const char *bytes)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\')
			i++;
		else if (strchr(bytes, s.p[i]))
			return i;
	}
	return s.len;
}

static char *unescape(struct str s)
{
	_cleanup_buf_ struct buf html = BUF(s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && i + 1 < s.len)
			i++;
		buf_addc(&html, s.p[i]);
	}
	return buf_take(&html, NULL);
}

/* "{2:TYPE:" at s: its length and the type; 0: it is text. */
static size_t head(struct str s, struct str *ret_type)
{
	size_t i = 1, from;
	while (i < s.len && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	if (i >= s.len || s.p[i] != ':')
		return 0;
	from = ++i;
	while (i < s.len && ((s.p[i] >= 'A' && s.p[i] <= 'Z') || s.p[i] == '_'))
		i++;
	if (i == from || i >= s.len || s.p[i] != ':')
		return 0;
	*ret_type = str_sub(s, from, i);
	return i + 1;
}

static bool is_one_of(struct str s, const char *const *names)
{
	for (; *names; names++)
		if (str_is(s, *names))
			return true;
	return false;
}

static void add_answer(struct plain_blank *b, struct intake *in, struct str s, bool chosen)
{
	struct plain *q = in->q;
	double weight = 0;
	s = str_trim(s);
	if (!s.len)
		return; /* "{1:MC:~a~=b}" */
	bool key = s.len && s.p[0] == '=';
	if (key)
		s = str_sub(s, 1, s.len);
	const char *end = s.len > 1 && s.p[0] == '%' ? memchr(s.p + 1, '%', s.len - 1) : NULL;
	if (end && str_to_double((struct str){s.p + 1, (size_t)(end - s.p) - 1}, &weight)) {
		s = str_sub(s, (size_t)(end - s.p) + 1, s.len);
		key = weight > 99.9;
		if (weight > 0 && !key)
			plain_lose(q, "an answer of a blank that is worth a part of the points counts as wrong");
	}
	size_t hash = find(s, "#");
	if (hash < s.len && str_trim(str_sub(s, hash + 1, s.len)).len)
		plain_lose(q, "feedback for a blank is left out");
	_cleanup_free_ char *html = unescape(str_sub(s, 0, hash));
	if (chosen) {
		plain_add_option(&b->options, intake_line(in, str_of(html)))->key = key;
	} else if (key) {
		char *text = html_plain(str_of(html));
		if (strchr(text, '|') || strstr(text, "}}"))
			(void)plain_reject(q, "an answer of a blank has '|' or '}}' in it");
		plain_add_text(&b->texts, text);
	}
}

static void add_blank(struct cloze *c, struct str type, struct str body)
{
	static const char *const chosen[] = {"MULTICHOICE",
	                                     "MC",
	                                     "MULTICHOICE_V",
	                                     "MCV",
	                                     "MULTICHOICE_H",
	                                     "MCH",
	                                     "MULTICHOICE_S",
	                                     "MCS",
	                                     "MULTICHOICE_VS",
	                                     "MCVS",
	                                     "MULTICHOICE_HS",
	                                     "MCHS",
	                                     NULL};
	static const char *const exact[] = {"SHORTANSWER_C", "SAC", "MWC", NULL};
	static const char *const typed[] = {"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC", NULL};
	struct plain *q = c->in->q;
	bool choose = is_one_of(type, chosen);
	if (!choose && !is_one_of(type, typed)) {
		(void)plain_reject(q, "a blank of the type %.*s cannot be expressed", STR_ARG(type));
		return;
	}
	if (q->n_blanks >= BANK_OPTIONS_MAX) {
		(void)plain_reject(q, "it has more than %d blanks", BANK_OPTIONS_MAX);
		return;
	}
	if (!choose)
		q->ignore_case = !is_one_of(type, exact);
	struct plain_blank *b = plain_add_blank(q);
	while (body.len) {
		size_t n = find(body, "~");
		add_answer(b, c->in, str_sub(body, 0, n), choose);
		body = str_sub(body, n + 1, body.len);
	}
	size_t keys = 0;
	for (size_t i = 0; i < b->options.n; i++)
		keys += b->options.list[i].key;
	if (choose ? keys != 1 : !b->texts.n)
		(void)plain_reject(q, "blank %zu has %s", q->n_blanks, keys ? "several keys" : "no key");
	buf_addf(&c->out, BLANK_OPEN "%zu" BLANK_CLOSE, q->n_blanks);
}

void moodle_read_cloze(struct intake *in, const struct _xmlNode *n)
{
	const xmlNode *body = xml_child(n, "questiontext");
	_cleanup_free_ char *raw = xml_text(xml_child(body, "text"));
	struct str s = str_of(raw), type;
	struct cloze c = {.in = in, .out = BUF(s.len * 2 + 64)};
	in->q->kind = ITEM_CLOZE;
	while (s.len) {
		size_t n_head = s.p[0] == '{' ? head(s, &type) : 0;
		size_t end = n_head ? n_head + find(str_sub(s, n_head, s.len), "}") : 0;
		if (n_head && end < s.len) {
			add_blank(&c, type, str_sub(s, n_head, end));
			s = str_sub(s, end + 1, s.len);
			continue;
		}
		buf_addc(&c.out, s.p[0]);
		s = str_sub(s, 1, s.len);
	}
	if (!in->q->n_blanks)
		(void)plain_reject(in->q, "it has no key: there is no blank in it");
	plain_set(&in->q->stem, intake_html(in, buf_str(&c.out), false));
	buf_finish(&c.out);
}
