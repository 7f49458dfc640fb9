/* HTML as a tree, leniently. See html.h. */
#include "bank/exchange/html.h"
#include <libxml/HTMLparser.h>

#define ENDLESS_MAX 100

static const struct {
	const char *name;
	enum html_tag tag;
	int level;
} tags[] = {
    {"p", HTML_P},           {"br", HTML_BR},         {"b", HTML_STRONG},         {"strong", HTML_STRONG}, {"i", HTML_EM},
    {"em", HTML_EM},         {"cite", HTML_EM},       {"dfn", HTML_EM},           {"var", HTML_EM},        {"code", HTML_CODE},
    {"kbd", HTML_CODE},      {"samp", HTML_CODE},     {"tt", HTML_CODE},          {"pre", HTML_PRE},       {"ul", HTML_UL},
    {"ol", HTML_OL},         {"li", HTML_LI},         {"blockquote", HTML_QUOTE}, {"hr", HTML_HR},         {"h1", HTML_H, 3},
    {"h2", HTML_H, 3},       {"h3", HTML_H, 3},       {"h4", HTML_H, 4},          {"h5", HTML_H, 5},       {"h6", HTML_H, 6},
    {"table", HTML_TABLE},   {"thead", HTML_ROWS},    {"tbody", HTML_ROWS},       {"tfoot", HTML_ROWS},    {"tr", HTML_TR},
    {"td", HTML_CELL},       {"th", HTML_CELL},       {"del", HTML_DEL},          {"s", HTML_DEL},         {"strike", HTML_DEL},
    {"a", HTML_A},           {"img", HTML_IMG},       {"sub", HTML_SUB},          {"sup", HTML_SUP},       {"div", HTML_BLOCK},
    {"section", HTML_BLOCK}, {"article", HTML_BLOCK}, {"center", HTML_BLOCK},     {"figure", HTML_BLOCK},  {"figcaption", HTML_BLOCK},
    {"main", HTML_BLOCK},    {"header", HTML_BLOCK},  {"footer", HTML_BLOCK},     {"details", HTML_BLOCK}, {"summary", HTML_BLOCK},
    {"dl", HTML_BLOCK},      {"dt", HTML_BLOCK},      {"dd", HTML_BLOCK},         {"address", HTML_BLOCK}, {"body", HTML_BLOCK},
    {"html", HTML_BLOCK},    {"caption", HTML_BLOCK}, {"span", HTML_NONE},        {"font", HTML_NONE},     {"u", HTML_NONE},
    {"small", HTML_NONE},    {"big", HTML_NONE},      {"mark", HTML_NONE},        {"abbr", HTML_NONE},     {"acronym", HTML_NONE},
    {"q", HTML_NONE},        {"ins", HTML_NONE},      {"label", HTML_NONE},       {"time", HTML_NONE},     {"wbr", HTML_NONE},
    {"nobr", HTML_NONE},     {"bdi", HTML_NONE},      {"bdo", HTML_NONE},         {"colgroup", HTML_NONE}, {"col", HTML_NONE},
    {"script", HTML_DROP},   {"style", HTML_DROP},    {"iframe", HTML_DROP},      {"object", HTML_DROP},   {"embed", HTML_DROP},
    {"applet", HTML_DROP},   {"svg", HTML_DROP},      {"math", HTML_DROP},        {"video", HTML_DROP},    {"audio", HTML_DROP},
    {"canvas", HTML_DROP},   {"head", HTML_DROP},     {"title", HTML_DROP},       {"noscript", HTML_DROP}, {"template", HTML_DROP},
    {"form", HTML_BLOCK},    {"input", HTML_DROP},    {"button", HTML_DROP},      {"select", HTML_DROP},   {"textarea", HTML_DROP},
    {"link", HTML_DROP},     {"meta", HTML_DROP},
};

static int find_tag(struct str name)
{
	for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
		if (str_eq_nocase(name, str_of(tags[i].name)))
			return (int)i;
	return -1;
}

static bool is_void(struct str name)
{
	static const char *const names[] = {"br", "hr", "img", "wbr", "col", "embed", "input", "link", "meta"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (str_eq_nocase(name, str_of(names[i])))
			return true;
	return false;
}

static bool is_block(enum html_tag tag)
{
	return (tag >= HTML_BLOCK && tag <= HTML_PRE) || tag == HTML_HR || (tag >= HTML_TABLE && tag <= HTML_CELL);
}

/* ---- text ---- */

static void add_utf8(unsigned long c, struct buf *out)
{
	if (c < 0x20 ? c != '\n' && c != '\t'
	             : (c >= 0x7f && c < 0xa0) || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || (c >= 0xe000 && c <= 0xe002))
		c = 0xfffd;
	if (c < 0x80)
		buf_addc(out, (char)c);
	else if (c < 0x800)
		buf_addf(out, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 63)));
	else if (c < 0x10000)
		buf_addf(out, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
	else
		buf_addf(out, "%c%c%c%c", (int)(0xf0 | c >> 18), (int)(0x80 | (c >> 12 & 63)), (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
}

/* The entity at s: how many bytes it takes, 0 if it is none. */
static size_t take_entity(struct str s, unsigned long *ret)
{
	char name[16];
	size_t i = 1;
	bool number = s.len > 2 && s.p[1] == '#';
	if (number)
		i++;
	bool hex = number && i < s.len && (s.p[i] == 'x' || s.p[i] == 'X');
	i += hex;
	size_t from = i;
	while (i < s.len && i - from < sizeof name - 1 &&
	       ((s.p[i] >= '0' && s.p[i] <= '9') || (s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z'))) {
		name[i - from] = s.p[i];
		i++;
	}
	name[i - from] = 0;
	if (i == from || i >= s.len || s.p[i] != ';')
		return 0;
	if (number) {
		char *end;
		*ret = strtoul(name, &end, hex ? 16 : 10);
		return *end ? 0 : i + 1;
	}
	if (strcmp(name, "apos") == 0) {
		*ret = '\'';
		return i + 1;
	}
	const htmlEntityDesc *e = htmlEntityLookup((const xmlChar *)name);
	if (!e)
		return 0;
	*ret = e->value;
	return i + 1;
}

void html_decode(struct str s, struct buf *out)
{
	while (s.len) {
		const char *amp = memchr(s.p, '&', s.len);
		size_t plain = amp ? (size_t)(amp - s.p) : s.len;
		buf_add(out, s.p, plain);
		s = str_sub(s, plain, s.len);
		unsigned long c;
		size_t n = s.len ? take_entity(s, &c) : 0;
		if (n)
			add_utf8(c, out);
		else if (s.len)
			buf_addc(out, '&');
		s = str_sub(s, n ? n : 1, s.len);
	}
}

static char *decoded(struct str s)
{
	struct buf out = BUF(s.len + 64);
	html_decode(s, &out);
	return buf_take(&out, NULL);
}

/* ---- the tree ---- */

struct parser {
	struct html_tree *t;
	int open[HTML_DEPTH_MAX + 1];   /* nodes; open[0] is the whole */
	int tag_of[HTML_DEPTH_MAX + 1]; /* rows of `tags` */
	int depth;
	int skipped; /* open tags beyond the depth */
	int endless; /* tags that never end: after some of them, '<' is text */
	struct buf text;
};

static int add_node(struct parser *p, enum html_tag tag)
{
	struct html_tree *t = p->t;
	if (t->n >= HTML_NODES_MAX) {
		t->cut = true;
		return -1;
	}
	t->nodes = xgrow(t->nodes, (size_t)t->n, &t->cap, sizeof *t->nodes);
	int i = t->n++, parent = t->n > 1 ? p->open[p->depth] : -1;
	t->nodes[i] = (struct html_node){.tag = tag, .first = -1, .last = -1, .next = -1};
	if (parent >= 0) {
		if (t->nodes[parent].last >= 0)
			t->nodes[t->nodes[parent].last].next = i;
		else
			t->nodes[parent].first = i;
		t->nodes[parent].last = i;
	}
	return i;
}

static void flush_text(struct parser *p)
{
	if (!p->text.len)
		return;
	int i = add_node(p, HTML_TEXT);
	if (i >= 0)
		p->t->nodes[i].text = decoded(buf_str(&p->text));
	buf_clear(&p->text);
}

static void close_to(struct parser *p, int depth)
{
	flush_text(p);
	p->depth = depth;
}

/* The innermost open tag of this kind above a barrier, or -1. */
static int find_open(const struct parser *p, enum html_tag tag, enum html_tag barrier)
{
	for (int d = p->depth; d > 0; d--) {
		enum html_tag open = p->t->nodes[p->open[d]].tag;
		if (open == tag)
			return d;
		if (open == barrier || open == HTML_TABLE)
			return -1;
	}
	return -1;
}

/* Tags that end when others begin. */
static void close_implied(struct parser *p, enum html_tag tag)
{
	int d = -1;
	if (tag == HTML_LI) {
		d = -1;
		for (int k = p->depth; k > 0 && d < 0; k--) {
			enum html_tag open = p->t->nodes[p->open[k]].tag;
			if (open == HTML_LI)
				d = k;
			else if (open == HTML_UL || open == HTML_OL || open == HTML_TABLE)
				break;
		}
	} else if (tag == HTML_CELL) {
		d = find_open(p, HTML_CELL, HTML_TR);
	} else if (tag == HTML_TR) {
		d = find_open(p, HTML_TR, HTML_ROWS);
	} else if (tag == HTML_ROWS) {
		d = find_open(p, HTML_ROWS, HTML_TABLE);
	} else if (is_block(tag)) {
		d = find_open(p, HTML_P, HTML_CELL);
	}
	if (d > 0)
		close_to(p, d - 1);
}

static struct str next_attribute(struct str *rest, struct str *ret_value)
{
	struct str s = *rest;
	size_t i = 0;
	while (i < s.len && strchr(" \t\n/", s.p[i]))
		i++;
	size_t from = i;
	while (i < s.len && !strchr(" \t\n=/", s.p[i]))
		i++;
	struct str name = str_sub(s, from, i);
	while (i < s.len && strchr(" \t\n", s.p[i]))
		i++;
	*ret_value = (struct str){"", 0};
	if (i < s.len && s.p[i] == '=') {
		i++;
		while (i < s.len && strchr(" \t\n", s.p[i]))
			i++;
		char quote = i < s.len && (s.p[i] == '"' || s.p[i] == '\'') ? s.p[i] : 0;
		size_t at = i += quote != 0;
		while (i < s.len && (quote ? s.p[i] != quote : !strchr(" \t\n", s.p[i])))
			i++;
		*ret_value = str_sub(s, at, i);
		i += quote && i < s.len;
	} else if (i == from && i < s.len) {
		i++; /* a stray "=" */
	}
	*rest = str_sub(s, i, s.len);
	return name;
}

static int alignment(struct str value)
{
	static const char *const names[] = {"left", "center", "right"};
	for (int i = 0; i < 3; i++)
		if (str_eq_nocase(value, str_of(names[i])))
			return i + 1;
	return 0;
}

static void set_attributes(struct html_tree *t, int i, struct str rest)
{
	struct html_node *n = &t->nodes[i];
	struct str value;
	while (rest.len) {
		struct str name = next_attribute(&rest, &value);
		int64_t number;
		bool address = str_eq_nocase(name, STR("href")) || str_eq_nocase(name, STR("src"));
		if (address && !n->href)
			n->href = decoded(value);
		else if (str_eq_nocase(name, STR("alt")) && !n->alt)
			n->alt = decoded(value);
		else if (str_eq_nocase(name, STR("data-doc")) && !n->doc)
			n->doc = decoded(value);
		else if (str_eq_nocase(name, STR("start")) && n->tag == HTML_OL && str_to_i64(value, 0, 999999999, &number))
			n->level = (int)number;
		else if (n->tag == HTML_CELL && (str_eq_nocase(name, STR("class")) || str_eq_nocase(name, STR("align"))))
			n->level = alignment(value) ? alignment(value) : n->level;
		else if (n->tag == HTML_CODE && str_eq_nocase(name, STR("class")) && str_starts(value, "language-") && !n->text)
			n->text = str_dup(str_sub(value, 9, value.len));
		else if (n->tag == HTML_CELL && (str_eq_nocase(name, STR("colspan")) || str_eq_nocase(name, STR("rowspan"))) && !str_is(value, "1"))
			t->spans = true;
	}
}

/* Where the dropped element ends. */
static size_t skip_dropped(struct str s, size_t at, struct str name)
{
	for (size_t i = at; i + 2 + name.len < s.len; i++) {
		if (s.p[i] != '<' || s.p[i + 1] != '/' || !str_eq_nocase(str_sub(s, i + 2, i + 2 + name.len), name))
			continue;
		const char *end = memchr(s.p + i, '>', s.len - i);
		return end ? (size_t)(end - s.p) + 1 : s.len;
	}
	return s.len;
}

static void open_tag(struct parser *p, int row, struct str attributes, bool closed)
{
	enum html_tag tag = tags[row].tag;
	flush_text(p);
	close_implied(p, tag);
	if (!closed && p->depth >= HTML_DEPTH_MAX) {
		p->t->cut = true;
		p->skipped++;
		return;
	}
	int i = add_node(p, tag);
	if (i < 0)
		return;
	struct html_node *n = &p->t->nodes[i];
	n->level = tag == HTML_OL ? 1 : tags[row].level;
	n->head = strcmp(tags[row].name, "th") == 0 || strcmp(tags[row].name, "thead") == 0;
	set_attributes(p->t, i, attributes);
	if (closed)
		return;
	p->open[++p->depth] = i;
	p->tag_of[p->depth] = row;
}

static void close_tag(struct parser *p, int row)
{
	for (int d = p->depth; d > 0; d--) {
		if (tags[p->tag_of[d]].tag == tags[row].tag && (p->tag_of[d] == row || !is_block(tags[row].tag))) {
			close_to(p, d - 1);
			return;
		}
		enum html_tag open = tags[p->tag_of[d]].tag;
		if ((open == HTML_CELL || open == HTML_LI) && !is_block(tags[row].tag))
			return; /* an inline end does not close these */
	}
}

/* The end of the tag that begins at s: behind its '>', 0 if there is none. */
static size_t tag_end(struct parser *p, struct str s)
{
	char quote = 0;
	if (p->endless > ENDLESS_MAX)
		return 0;
	for (size_t i = 1; i < s.len; i++) {
		char c = s.p[i];
		if (quote) {
			if (c == quote)
				quote = 0;
		} else if ((c == '"' || c == '\'') && s.p[i - 1] == '=') {
			quote = c;
		} else if (c == '>') {
			return i + 1;
		} else if (c == '<') {
			return 0;
		}
	}
	p->endless++;
	return 0;
}

/* A tag, a comment or the like at s: its length, 0 if it is text. */
static size_t take_tag(struct parser *p, struct str s)
{
	if (str_starts(s, "<!--")) {
		const char *end = memmem(s.p + 4, s.len - 4, "-->", 3);
		return end ? (size_t)(end - s.p) + 3 : s.len;
	}
	if (str_starts(s, "<![CDATA[") || str_starts(s, "<!DOCTYPE") || str_starts(s, "<!doctype") || str_starts(s, "<?")) {
		const char *end = memchr(s.p, '>', s.len);
		return end ? (size_t)(end - s.p) + 1 : 0;
	}
	bool closing = s.len > 1 && s.p[1] == '/';
	size_t from = closing ? 2 : 1, i = from;
	while (i < s.len && i - from < 12 &&
	       ((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') || (i > from && s.p[i] >= '0' && s.p[i] <= '9')))
		i++;
	struct str name = str_sub(s, from, i);
	int row = name.len && i < s.len && strchr(" \t\n/>", s.p[i]) ? find_tag(name) : -1;
	size_t end = row >= 0 ? tag_end(p, s) : 0;
	if (!end)
		return 0;
	if (tags[row].tag == HTML_DROP) {
		p->t->dropped = true;
		return closing || is_void(name) || s.p[end - 2] == '/' ? end : skip_dropped(s, end, name);
	}
	if (closing && p->skipped && tags[row].tag != HTML_BR)
		p->skipped--;
	else if (closing)
		close_tag(p, row);
	else
		open_tag(p, row, str_sub(s, i, end - 1), is_void(name) || s.p[end - 2] == '/');
	return end;
}

void html_parse(struct str s, struct html_tree *ret)
{
	*ret = (struct html_tree){0};
	struct parser p = {.t = ret, .text = BUF(s.len + 1)};
	p.open[0] = add_node(&p, HTML_BLOCK);
	while (s.len) {
		const char *lt = memchr(s.p, '<', s.len);
		size_t plain = lt ? (size_t)(lt - s.p) : s.len;
		buf_add(&p.text, s.p, plain);
		s = str_sub(s, plain, s.len);
		size_t n = s.len ? take_tag(&p, s) : 0;
		if (s.len && !n) {
			buf_addc(&p.text, '<');
			n = 1;
		}
		s = str_sub(s, n, s.len);
	}
	flush_text(&p);
	buf_finish(&p.text);
}

void html_finish(struct html_tree *t)
{
	for (int i = 0; i < t->n; i++) {
		free(t->nodes[i].text);
		free(t->nodes[i].href);
		free(t->nodes[i].alt);
		free(t->nodes[i].doc);
	}
	free(t->nodes);
}

bool html_is(struct str s)
{
	int tries = 0;
	for (size_t i = 0; i < s.len && tries < 1000; i++) {
		unsigned long c;
		if (s.p[i] == '&' && take_entity(str_sub(s, i, s.len), &c))
			return true;
		if (s.p[i] != '<')
			continue;
		tries++;
		struct html_tree t = {0};
		struct parser p = {.t = &t, .text = BUF(1)};
		p.open[0] = add_node(&p, HTML_BLOCK);
		bool tag = take_tag(&p, str_sub(s, i, s.len)) > 0;
		html_finish(&t);
		buf_finish(&p.text);
		if (tag)
			return true;
	}
	return false;
}
