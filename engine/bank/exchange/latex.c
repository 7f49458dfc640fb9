/* LaTeX as HTML. See latex.h. */
#include "bank/exchange/latex.h"

#define DEPTH_MAX 40
#define OPTION_MAX 1000 /* bytes */

struct latex {
	struct plain *q;
	struct str rest;
	struct buf *out;
	int depth;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void skip(struct latex *l, size_t n)
{
	l->rest = str_sub(l->rest, n, l->rest.len);
}

/* ---- Parts ---- */

struct str latex_argument(struct str s)
{
	int depth = 0;
	for (size_t i = 0; i < s.len && (i > 0 || s.p[0] == '{'); i++) {
		if (s.p[i] == '\\')
			i++;
		else if (s.p[i] == '{')
			depth++;
		else if (s.p[i] == '}' && --depth == 0)
			return str_sub(s, 1, i);
	}
	return (struct str){0};
}

struct str latex_environment(struct str tex, const char *name, struct str *ret_rest)
{
	_cleanup_free_ char *begin = xasprintf("\\begin{%s}", name), *end = xasprintf("\\end{%s}", name);
	const char *from = memmem(tex.p, tex.len, begin, strlen(begin));
	if (!from)
		return (struct str){0};
	struct str inside = str_sub(tex, (size_t)(from - tex.p) + strlen(begin), tex.len);
	const char *to = memmem(inside.p, inside.len, end, strlen(end));
	if (!to)
		return (struct str){0};
	*ret_rest = str_sub(inside, (size_t)(to - inside.p) + strlen(end), inside.len);
	return str_sub(inside, 0, (size_t)(to - inside.p));
}

static struct str take_argument(struct latex *l)
{
	while (l->rest.len && strchr(" \t\n", l->rest.p[0]))
		skip(l, 1);
	if (str_starts(l->rest, "[")) { /* an option */
		const char *end = memchr(l->rest.p, ']', str_sub(l->rest, 0, OPTION_MAX).len);
		skip(l, end ? (size_t)(end - l->rest.p) + 1 : 0);
	}
	struct str s = latex_argument(l->rest);
	if (s.p)
		skip(l, s.len + 2);
	else if (str_starts(l->rest, "{"))
		(void)plain_reject(l->q, "a brace of its LaTeX is not closed");
	return s.p ? s : (struct str){"", 0};
}

static void convert(struct latex *l);

/* Another text, put where this one is. */
static void nested(struct latex *l, struct str tex)
{
	struct latex in = {.q = l->q, .rest = tex, .out = l->out, .depth = l->depth + 1};
	if (in.depth > DEPTH_MAX)
		(void)plain_reject(l->q, "its LaTeX is nested too deeply");
	else
		convert(&in);
}

static void wrap(struct latex *l, const char *tag)
{
	struct str s = take_argument(l);
	buf_addf(l->out, "<%s>", tag);
	nested(l, s);
	buf_addf(l->out, "</%s>", tag);
}

static void add_code(struct latex *l, struct str s, bool block)
{
	buf_adds(l->out, block ? "<pre><code>" : "<code>");
	buf_add_html(l->out, str_starts(s, "\n") ? str_sub(s, 1, s.len) : s);
	buf_adds(l->out, block ? "</code></pre>" : "</code>");
}

/* ---- Formulas: they stay as they are written ---- */

static void add_formula(struct latex *l, struct str s, bool block)
{
	plain_lose(l->q, "formulas are kept as they are written in LaTeX");
	if (block) {
		add_code(l, str_trim(s), true);
		return;
	}
	buf_addc(l->out, '$');
	buf_add_html(l->out, s);
	buf_addc(l->out, '$');
}

static void take_formula(struct latex *l, const char *end, bool block)
{
	const char *at = memmem(l->rest.p, l->rest.len, end, strlen(end));
	if (!at) {
		(void)plain_reject(l->q, "a formula does not end");
		l->rest.len = 0;
		return;
	}
	size_t n = (size_t)(at - l->rest.p);
	add_formula(l, str_sub(l->rest, 0, n), block);
	skip(l, n + strlen(end));
}

/* ---- Environments ---- */

static void add_list(struct latex *l, struct str s, const char *tag)
{
	static const char item[] = "\\item";
	int depth = 0;
	const char *from = NULL;
	buf_addf(l->out, "<%s>", tag);
	for (size_t i = 0; i <= s.len; i++) { /* items of this list, not of one inside it */
		struct str at = str_sub(s, i, s.len);
		depth += str_starts(at, "\\begin{") - str_starts(at, "\\end{");
		bool begins = depth == 0 && str_starts(at, item) && (at.len == strlen(item) || !is_letter(at.p[strlen(item)]));
		if ((begins || i == s.len) && from) {
			buf_adds(l->out, "<li>");
			nested(l, str_trim((struct str){from, (size_t)(s.p + i - from)}));
			buf_adds(l->out, "</li>");
		}
		if (begins)
			from = at.p + strlen(item);
	}
	buf_addf(l->out, "</%s>", tag);
}

static bool is_one_of(struct str name, const char *const *names)
{
	for (; *names; names++)
		if (str_is(name, *names))
			return true;
	return false;
}

/* Behind "\begin{name}": up to the \end that belongs to it. */
static struct str take_environment(struct latex *l, struct str name)
{
	_cleanup_free_ char *begin = xasprintf("\\begin{%.*s}", STR_ARG(name)), *end = xasprintf("\\end{%.*s}", STR_ARG(name));
	size_t i = 0;
	for (int depth = 1; i < l->rest.len; i++) {
		struct str at = str_sub(l->rest, i, l->rest.len);
		depth += str_starts(at, begin);
		if (str_starts(at, end) && --depth == 0)
			break;
	}
	if (i == l->rest.len)
		(void)plain_reject(l->q, "the environment '%.*s' does not end", STR_ARG(str_cut(name, 40)));
	struct str inside = str_sub(l->rest, 0, i);
	skip(l, i + strlen(end));
	return inside;
}

static void environment(struct latex *l)
{
	static const char *const verbatim[] = {"verbatim", "Verbatim",  "lstlisting", "Sinput", "Soutput",
	                                       "Code",     "CodeInput", "CodeOutput", NULL};
	static const char *const formulas[] = {"equation",  "equation*",   "align", "align*", "eqnarray",
	                                       "eqnarray*", "displaymath", "math",  NULL};
	static const char *const plain[] = {"center", "flushleft", "flushright", "Schunk", "CodeChunk", "small", "figure", NULL};
	struct str name = take_argument(l);
	struct str inside = take_environment(l, name);
	if (is_one_of(name, verbatim))
		add_code(l, inside, true);
	else if (is_one_of(name, formulas))
		add_formula(l, inside, true);
	else if (is_one_of(name, plain))
		nested(l, inside);
	else if (str_is(name, "itemize") || str_is(name, "enumerate"))
		add_list(l, inside, str_is(name, "itemize") ? "ul" : "ol");
	else if (str_is(name, "quote") || str_is(name, "quotation")) {
		buf_adds(l->out, "<blockquote>");
		nested(l, inside);
		buf_adds(l->out, "</blockquote>");
	} else {
		(void)plain_reject(l->q, "the environment '%.*s' of LaTeX cannot be expressed", STR_ARG(str_cut(name, 40)));
	}
}

/* ---- Commands ---- */

static void verb(struct latex *l)
{
	const char *end = l->rest.len > 1 ? memchr(l->rest.p + 1, l->rest.p[0], l->rest.len - 1) : NULL;
	size_t n = end ? (size_t)(end - l->rest.p) : 0;
	if (!end)
		(void)plain_reject(l->q, "a \\verb does not end");
	else
		add_code(l, str_sub(l->rest, 1, n), false);
	skip(l, n + 1);
}

static void link_to(struct latex *l, bool named)
{
	struct str address = take_argument(l);
	buf_adds(l->out, "<a href=\"");
	buf_add_html(l->out, address);
	buf_adds(l->out, "\">");
	if (named)
		nested(l, take_argument(l));
	else
		buf_add_html(l->out, address);
	buf_adds(l->out, "</a>");
}

static void picture(struct latex *l)
{
	struct str file = str_trim(take_argument(l));
	bool ending = memchr(file.p, '.', file.len) != NULL;
	buf_adds(l->out, "<img src=\"");
	buf_add_html(l->out, file);
	buf_adds(l->out, ending ? "\" alt=\"" : ".png\" alt=\"");
	buf_add_html(l->out, file);
	buf_adds(l->out, "\">");
}

static void command(struct latex *l)
{
	static const struct {
		const char *name, *tag;
	} tags[] = {{"textbf", "strong"}, {"emph", "em"},   {"textit", "em"},       {"textsl", "em"},   {"texttt", "code"},  {"code", "code"},
	            {"file", "code"},     {"fct", "code"},  {"underline", "span"},  {"textrm", "span"}, {"textsf", "span"},  {"textsc", "span"},
	            {"mbox", "span"},     {"text", "span"}, {"textnormal", "span"}, {"pkg", "span"},    {"proglang", "span"}};
	static const char *const texts[][2] = {{"ldots", "…"},
	                                       {"dots", "…"},
	                                       {"ss", "ß"},
	                                       {"ae", "æ"},
	                                       {"AE", "Æ"},
	                                       {"oe", "œ"},
	                                       {"OE", "Œ"},
	                                       {"o", "ø"},
	                                       {"O", "Ø"},
	                                       {"aa", "å"},
	                                       {"AA", "Å"},
	                                       {"i", "ı"},
	                                       {"textbackslash", "\\"},
	                                       {"textdollar", "$"},
	                                       {"quad", " "},
	                                       {"qquad", " "},
	                                       {"TeX", "TeX"},
	                                       {"LaTeX", "LaTeX"},
	                                       {"textasciitilde", "~"},
	                                       {"textasciicircum", "^"},
	                                       {"textgreater", ">"},
	                                       {"textless", "<"},
	                                       {"euro", "€"},
	                                       {"textunderscore", "_"},
	                                       {"S", "§"},
	                                       {"copyright", "©"}};
	static const char *const nothing[] = {"noindent",  "medskip", "bigskip",      "smallskip",    "centering",
	                                      "small",     "large",   "normalsize",   "footnotesize", "newpage",
	                                      "clearpage", "protect", "displaystyle", "hfill",        NULL};
	static const char *const dropped[] = {"label", "vspace", "hspace", "setkeys", NULL}; /* with their argument */
	size_t n = 1;
	while (n < l->rest.len && is_letter(l->rest.p[n]))
		n++;
	struct str name = str_sub(l->rest, 1, n);
	skip(l, n);
	if (str_is(name, "verb")) {
		verb(l);
		return;
	}
	if (l->rest.len && l->rest.p[0] == '*')
		skip(l, 1);
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (str_is(name, tags[i].name)) {
			wrap(l, tags[i].tag);
			return;
		}
	if (str_is(name, "begin")) {
		environment(l);
	} else if (str_is(name, "url")) {
		link_to(l, false);
	} else if (str_is(name, "href")) {
		link_to(l, true);
	} else if (str_is(name, "includegraphics")) {
		picture(l);
	} else if (is_one_of(name, dropped)) {
		(void)take_argument(l);
	} else if (str_is(name, "newline") || str_is(name, "linebreak")) {
		buf_adds(l->out, "<br>");
	} else if (str_is(name, "par")) {
		buf_adds(l->out, "<p>");
	} else if (!is_one_of(name, nothing)) {
		size_t i = 0;
		while (i < ARRAY_SIZE(texts) && !str_is(name, texts[i][0]))
			i++;
		if (i < ARRAY_SIZE(texts))
			buf_add_html(l->out, str_of(texts[i][1]));
		else
			plain_lose(l->q, "the command \\%.*s of LaTeX is not known: what follows it is kept as text", STR_ARG(str_cut(name, 40)));
	}
	if (l->rest.len && l->rest.p[0] == ' ' && l->out->len && is_letter(l->out->p[l->out->len - 1]))
		skip(l, 1);
	else if (str_starts(l->rest, "{}"))
		skip(l, 2);
}

/* \"a and the like: the letter, and the mark behind it as Unicode combines them. */
static void accent(struct latex *l, const char *mark)
{
	skip(l, 2);
	struct str braced = latex_argument(str_sub(l->rest, 0, OPTION_MAX));
	struct str letter = braced.p ? str_trim(braced) : str_sub(l->rest, 0, 1);
	skip(l, braced.p ? braced.len + 2 : 1);
	static const char *const composed[] = {"\xcc\x88"
	                                       "aäoöuüAÄOÖUÜeëiï",
	                                       "\xcc\x81"
	                                       "aáeéiíoóuúAÁEÉIÍOÓUÚ",
	                                       "\xcc\x80"
	                                       "aàeèiìoòuùAÀEÈ",
	                                       "\xcc\x82"
	                                       "aâeêiîoôuû",
	                                       "\xcc\x83"
	                                       "aãnñoõNÑ"};
	for (size_t i = 0; i < ARRAY_SIZE(composed); i++)
		for (const char *p = composed[i] + 2; letter.len == 1 && strncmp(composed[i], mark, 2) == 0 && *p; p += 3)
			if (*p == letter.p[0]) {
				buf_add(l->out, p + 1, 2);
				return;
			}
	buf_add_html(l->out, letter);
	buf_adds(l->out, mark);
}

static void backslash(struct latex *l)
{
	static const char *const accents[][2] = {
	    {"\"", "\xcc\x88"}, {"'", "\xcc\x81"}, {"`", "\xcc\x80"}, {"^", "\xcc\x82"}, {"~", "\xcc\x83"}};
	char next = l->rest.len > 1 ? l->rest.p[1] : 0;
	if (is_letter(next)) {
		command(l);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(accents); i++)
		if (next == accents[i][0][0]) {
			accent(l, accents[i][1]);
			return;
		}
	skip(l, next ? 2 : 1);
	if (next == '[')
		take_formula(l, "\\]", true);
	else if (next == '(')
		take_formula(l, "\\)", false);
	else if (next == '\\')
		buf_adds(l->out, "<br>");
	else if (next && strchr(" ,;:\n", next))
		buf_addc(l->out, ' ');
	else if (next && strchr("%&$#_{}", next))
		buf_add_html(l->out, (struct str){&next, 1});
}

/* What is written in another way than it is printed: its length, or 0. */
static size_t sign(struct latex *l)
{
	static const char *const signs[][2] = {{"---", "—"}, {"--", "–"}, {"``", "“"}, {"''", "”"},
	                                       {",,", "„"},  {"`", "‘"},  {"'", "’"},  {"~", "&#160;"}};
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (str_starts(l->rest, signs[i][0])) {
			buf_adds(l->out, signs[i][1]);
			return strlen(signs[i][0]);
		}
	return 0;
}

/* A comment ends with its line, and takes the blanks before the next with it. */
static void comment(struct latex *l)
{
	const char *end = memchr(l->rest.p, '\n', l->rest.len);
	skip(l, end ? (size_t)(end - l->rest.p) + 1 : l->rest.len);
	while (l->rest.len && strchr(" \t", l->rest.p[0]))
		skip(l, 1);
}

static void convert(struct latex *l)
{
	while (l->rest.len && !l->q->rejected) {
		char c = l->rest.p[0];
		size_t n;
		if (c == '\\') {
			backslash(l);
		} else if (c == '%') {
			comment(l);
		} else if (c == '$') {
			bool block = str_starts(l->rest, "$$");
			skip(l, block ? 2 : 1);
			take_formula(l, block ? "$$" : "$", block);
		} else if (c == '\n') {
			struct str line = l->rest;
			size_t blank = 1;
			while (blank < line.len && strchr(" \t", line.p[blank]))
				blank++;
			bool ends = blank < line.len && line.p[blank] == '\n';
			buf_adds(l->out, ends ? "<p>" : "\n");
			skip(l, ends ? blank : 1);
		} else if (c == '{' || c == '}') {
			skip(l, 1); /* groups have no meaning of their own here */
		} else if ((n = sign(l)) > 0) {
			skip(l, n);
		} else {
			buf_add_html(l->out, str_sub(l->rest, 0, 1));
			skip(l, 1);
		}
	}
}

void latex_to_html(struct plain *q, struct str tex, struct buf *html)
{
	struct latex l = {.q = q, .rest = str_trim(tex), .out = html};
	buf_adds(html, "<p>");
	convert(&l);
}
