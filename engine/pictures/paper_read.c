/* The page as it comes in, by expat: tags become blocks, and a question is put on paper when it ends. See paper.h. */
#include "pictures/paper.h"
#include <errno.h>
#include <expat.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#define CHUNK (1u << 20)
#define DEPTH_MAX 256
#define TEXT_MAX (16u << 20) /* of a paragraph */
#define INDENT 20.0
#define ART_MAX (16u << 20)
#define TABLE_MAX 20000   /* cells and rows of a table; each takes some 40 microseconds */
#define TABLES_MAX 200000 /* of all */

struct open_element {
	enum element what;
	size_t from;   /* of its text */
	double indent; /* before it */
	int number;    /* of a list: the next entry; -1: bullets */
	bool letters;
	char *href;
};
struct reader {
	struct paper paper;
	XML_Parser parser;
	struct open_element stack[DEPTH_MAX];
	size_t depth;
	struct group group;
	struct buf text; /* of the paragraph that is being read */
	PangoAttrList *attributes;
	char *marker; /* what stands before the next block */
	struct table table;
	size_t n_cells; /* and rows of all tables */
	double indent, before;
	bool fresh; /* a list whose first entry comes */
	cairo_write_func_t write;
	void *arg;
	struct err err; /* code 0: none */
	bool failed;
};

static const char *attribute(const XML_Char **list, const char *name)
{
	for (size_t i = 0; list[i]; i += 2)
		if (strcmp(list[i], name) == 0)
			return list[i + 1];
	return "";
}

static bool in(const struct reader *r, enum element what)
{
	for (size_t i = 0; i < r->depth; i++)
		if (r->stack[i].what == what)
			return true;
	return false;
}

/* ---- Text ---- */

static void add_text(struct reader *r, struct str s)
{
	if (in(r, E_PRE)) {
		buf_addv(&r->text, s);
		return;
	}
	for (size_t i = 0; i < s.len; i++) {
		bool space = strchr(" \t\n\r", s.p[i]) && s.p[i];
		if (!space)
			buf_addc(&r->text, s.p[i]);
		else if (r->text.len && !strchr(" \n", r->text.p[r->text.len - 1]))
			buf_addc(&r->text, ' ');
	}
}

static void mark(struct reader *r, PangoAttribute *a, size_t from)
{
	a->start_index = (guint)from;
	a->end_index = (guint)r->text.len;
	pango_attr_list_insert(r->attributes, a);
}

static PangoLayout *take_text(struct reader *r, enum family family, double size)
{
	PangoLayout *layout = paper_layout(&r->paper, family, size);
	size_t len = r->text.len;
	while (len && strchr(" \n", r->text.p[len - 1]))
		len--;
	pango_layout_set_text(layout, r->text.p ? r->text.p : "", (int)len);
	/* No ligatures that join "->" to an arrow: what is printed is what is meant. */
	pango_attr_list_insert(r->attributes, pango_attr_font_features_new("calt=0, liga=0, clig=0"));
	pango_layout_set_attributes(layout, r->attributes);
	pango_attr_list_unref(r->attributes);
	r->attributes = pango_attr_list_new();
	buf_cut(&r->text, 0);
	return layout;
}

/* ---- Blocks ---- */

static double line_width(const struct reader *r)
{
	double width = paper_measure(&r->paper) - r->indent;
	return width > 60 ? width : 60;
}
static double left(const struct reader *r)
{
	return paper_left(&r->paper) + paper_measure(&r->paper) - line_width(r);
}

static struct block *begin_block(struct reader *r)
{
	struct block *b = group_add(&r->group);
	b->before = r->before;
	b->x = left(r);
	b->width = line_width(r);
	r->before = 5;
	return b;
}

static void add_marker(struct reader *r, struct block *b)
{
	if (!r->marker)
		return;
	PangoLayout *layout = paper_layout(&r->paper, SANS, PAPER_SIZE);
	pango_layout_set_text(layout, r->marker, -1);
	block_add(b, layout, left(r) - INDENT, 0);
	free(r->marker);
	r->marker = NULL;
}

/* Ends the paragraph, if there is one. */
static struct block *flush(struct reader *r, double size, bool bold)
{
	if (!str_trim(buf_str(&r->text)).len) {
		buf_cut(&r->text, 0);
		return NULL;
	}
	if (bold)
		mark(r, pango_attr_weight_new(PANGO_WEIGHT_BOLD), 0);
	struct block *b = begin_block(r);
	add_marker(r, b);
	block_add(b, take_text(r, SANS, size), b->x, b->width);
	return b;
}

static void end_code(struct reader *r)
{
	struct block *b = begin_block(r);
	b->shaded = true;
	add_marker(r, b);
	block_add(b, take_text(r, MONO, PAPER_SIZE * 0.86), b->x + 6, b->width - 12);
}

static void end_heading(struct reader *r, double size, const char *tag)
{
	r->before = size;
	struct block *b = flush(r, size, true);
	if (!b)
		return;
	b->keep = true;
	b->tag = tag;
}

/* A picture of a data: address at its own size or as wide as a line; one that is none is its description. */
static bool add_picture(struct reader *r, const char *src, const char *alt)
{
	const char *data = strstr(src, ";base64,");
	if (!data) {
		buf_addf(&r->text, "[%s]", alt);
		return true;
	}
	size_t max = strlen(data), len = 0;
	_cleanup_free_ char *bytes = xmalloc(max);
	struct art art;
	if (max > ART_MAX * 4 / 3 ||
	    sodium_base642bin((unsigned char *)bytes, max, data + 8, max - 8, NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return err_set(&r->err, ERR_INVALID, "a picture is larger than %u bytes, or damaged", ART_MAX);
	flush(r, PAPER_SIZE, false);
	struct str picture = {bytes, len};
	struct err err;
	if (str_starts(picture, "\xff\xd8\xff") ? !art_read_jpeg(picture, &art, &err) : !art_read(picture, &art, &err)) {
		buf_addf(&r->text, "[%s: this picture is damaged]", alt);
		fprintf(stderr, "the picture '%.200s' is not printed: %s\n", alt, err.msg);
		return true;
	}
	struct block *b = begin_block(r);
	double scale = 0.75, high = paper_full(&r->paper) * 0.6; /* 96 pixels an inch */
	if (art.width * scale > b->width)
		scale = b->width / art.width;
	if (art.height * scale > high)
		scale = high / art.height;
	b->art = art;
	b->art_w = art.width * scale;
	b->art_h = art.height * scale;
	b->tag = "Figure";
	add_marker(r, b);
	return true;
}

/* One more cell or row. */
static bool count_cell(struct reader *r)
{
	const char *number = r->paper.number ? r->paper.number : "?";
	if (r->table.n + r->table.n_rows >= TABLE_MAX)
		return err_set(&r->err, ERR_TOO_LARGE, "question %s: a table of more than %d cells and rows cannot be printed", number, TABLE_MAX);
	return r->n_cells++ < TABLES_MAX ||
	       err_set(&r->err, ERR_TOO_LARGE,
	               "question %s: the tables so far have more than %d cells and rows together: print fewer questions", number, TABLES_MAX);
}

static void stop(struct reader *r)
{
	r->failed = true;
	XML_StopParser(r->parser, XML_FALSE);
}

static void end_cell(struct reader *r, bool head)
{
	if (!count_cell(r)) {
		stop(r);
		return;
	}
	if (head)
		mark(r, pango_attr_weight_new(PANGO_WEIGHT_BOLD), 0);
	table_add(&r->table, take_text(r, SANS, PAPER_SIZE * 0.95));
}

static void end_table(struct reader *r)
{
	size_t first = r->group.n;
	table_put(&r->table, &r->group, r->before, left(r), line_width(r));
	if (r->group.n > first)
		add_marker(r, &r->group.list[first]);
	r->before = 5;
}

/* ---- Elements ---- */

static void put(struct reader *r)
{
	flush(r, PAPER_SIZE, false);
	if (r->group.n)
		paper_put(&r->paper, &r->group);
	r->before = 14;
}

static char *marker_of(struct open_element *list)
{
	if (list->what == E_UL || list->number < 0)
		return xstrdup("\xe2\x80\xa2");
	int n = list->number++;
	return list->letters ? xasprintf("%c.", n <= 26 ? 'A' + n - 1 : 'a' + (n - 27) % 26) : xasprintf("%d.", n);
}

static struct open_element *list_of(struct reader *r)
{
	for (size_t i = r->depth; i-- > 0;)
		if (r->stack[i].what == E_UL || r->stack[i].what == E_OL)
			return &r->stack[i];
	return NULL;
}

static void begin_list(struct reader *r, struct open_element *e, const XML_Char **attributes)
{
	int64_t start = 1;
	(void)str_to_i64(str_of(attribute(attributes, "start")), 0, 999999999, &start);
	e->number = e->what == E_UL ? -1 : (int)start;
	e->letters = strcmp(attribute(attributes, "class"), "o") == 0;
	r->indent += INDENT;
	r->fresh = true;
}

static void begin_entry(struct reader *r)
{
	struct open_element *list = list_of(r);
	free(r->marker);
	r->marker = list ? marker_of(list) : NULL;
	r->before = r->fresh ? 6 : 3;
	r->fresh = false;
}

static bool begin_element(struct reader *r, struct open_element *e, const XML_Char **attributes)
{
	if (e->what >= E_H1 && e->what <= E_TABLE && !in(r, E_TD) && !in(r, E_TH))
		flush(r, PAPER_SIZE, false);
	e->from = r->text.len;
	e->indent = r->indent;
	switch (e->what) {
	case E_BODY:
		paper_begin(&r->paper, strcmp(attribute(attributes, "class"), "letter") == 0, r->write, r->arg);
		paper_part(&r->paper, "Questions");
		break;
	case E_KEY:
		put(r);
		paper_break(&r->paper);
		r->paper.key = true;
		paper_part(&r->paper, "Key");
		break;
	case E_QUESTION:
		put(r);
		r->indent = INDENT + 6;
		break;
	case E_DIV:
		put(r);
		break;
	case E_UL:
	case E_OL:
		begin_list(r, e, attributes);
		break;
	case E_INSIDE:
		r->indent += INDENT;
		break;
	case E_LI:
		begin_entry(r);
		break;
	case E_TR:
		if (!count_cell(r))
			return false;
		table_begin_row(&r->table);
		break;
	case E_BR:
		buf_addc(&r->text, '\n');
		break;
	case E_A:
		e->href = xstrdup(attribute(attributes, "href"));
		break;
	case E_IMG:
		if (in(r, E_TABLE) && !strstr(attribute(attributes, "src"), ";base64,"))
			break;
		return add_picture(r, attribute(attributes, "src"), attribute(attributes, "alt"));
	default:
		break;
	}
	return true;
}

static void on_start(void *arg, const XML_Char *tag, const XML_Char **attributes)
{
	struct reader *r = arg;
	if (r->failed)
		return;
	if (r->depth == DEPTH_MAX) {
		err_set(&r->err, ERR_INVALID, "it is nested deeper than %d", DEPTH_MAX);
		stop(r);
		return;
	}
	struct open_element e = {.what = paper_element(tag, attribute(attributes, "class"))};
	if (e.what == E_CODE && in(r, E_PRE))
		e.what = E_OTHER;
	bool ok = begin_element(r, &e, attributes);
	r->stack[r->depth++] = e;
	if (!ok)
		stop(r);
}

/* On paper a link's address is read, not followed. */
static void end_link(struct reader *r, const struct open_element *e)
{
	struct str shown = str_sub(buf_str(&r->text), e->from, r->text.len);
	if (*e->href && !str_is(shown, e->href) && strncmp(e->href, "mailto:", 7) != 0)
		buf_addf(&r->text, " (%s)", e->href);
}

static void end_number(struct reader *r)
{
	_cleanup_free_ char *text = str_dup(str_trim(buf_str(&r->text)));
	buf_cut(&r->text, 0);
	size_t len = strlen(text);
	free(r->paper.number);
	r->paper.number = xstrndup(text, len && text[len - 1] == '.' ? len - 1 : len);
	free(r->marker);
	r->marker = xstrdup(text);
}

/* In the key: "<div><strong>3.</strong> …". */
static void end_strong(struct reader *r, const struct open_element *e)
{
	mark(r, pango_attr_weight_new(PANGO_WEIGHT_BOLD), e->from);
	if (r->depth < 2 || r->stack[r->depth - 1].what != E_DIV || r->stack[r->depth - 2].what != E_KEY || r->paper.number)
		return;
	struct str s = str_trim(buf_str(&r->text));
	r->paper.number = str_dup(str_sub(s, 0, s.len && s.p[s.len - 1] == '.' ? s.len - 1 : s.len));
}

static void end_room(struct reader *r)
{
	struct block *b = begin_block(r);
	b->art_h = 120;
}

static void end_element(struct reader *r, struct open_element *e)
{
	switch (e->what) {
	case E_TITLE:
		r->paper.title = str_dup(str_trim(buf_str(&r->text)));
		buf_cut(&r->text, 0);
		break;
	case E_STYLE:
		buf_cut(&r->text, e->from);
		break;
	case E_H1:
		end_heading(r, 17, "H1");
		break;
	case E_HEADING:
		end_heading(r, PAPER_SIZE, "H2");
		break;
	case E_QUESTION:
	case E_BODY:
	case E_KEY:
		put(r);
		break;
	case E_DIV:
	case E_P:
	case E_UL:
	case E_OL:
	case E_INSIDE:
		flush(r, PAPER_SIZE, false);
		break;
	case E_LI:
		flush(r, PAPER_SIZE, false);
		free(r->marker);
		r->marker = NULL;
		break;
	case E_NUMBER:
		end_number(r);
		break;
	case E_ROOM:
		end_room(r);
		break;
	case E_PRE:
		end_code(r);
		break;
	case E_TABLE:
		end_table(r);
		break;
	case E_TD:
	case E_TH:
		end_cell(r, e->what == E_TH);
		break;
	case E_HR:
		buf_adds(&r->text, "\xe2\x81\x82"); /* asterism: three stars part texts */
		flush(r, PAPER_SIZE, false);
		break;
	case E_A:
		end_link(r, e);
		break;
	case E_STRONG:
		end_strong(r, e);
		break;
	case E_EM:
		mark(r, pango_attr_style_new(PANGO_STYLE_ITALIC), e->from);
		break;
	case E_DEL:
		mark(r, pango_attr_strikethrough_new(TRUE), e->from);
		break;
	case E_CODE:
		mark(r, pango_attr_family_new(text_families[MONO]), e->from);
		mark(r, pango_attr_scale_new(0.92), e->from);
		break;
	case E_LINE:
		buf_adds(&r->text, r->text.len > e->from + 2 ? " ____________" : "________________________");
		break;
	default:
		break;
	}
	r->indent = e->indent;
}

static void on_end(void *arg, const XML_Char *tag)
{
	struct reader *r = arg;
	(void)tag;
	if (r->failed || !r->depth)
		return;
	struct open_element e = r->stack[--r->depth];
	if (e.what == E_PRE) /* its text is kept as it is until here */
		r->depth++;
	end_element(r, &e);
	if (e.what == E_PRE)
		r->depth--;
	free(e.href);
}

static void on_text(void *arg, const XML_Char *s, int len)
{
	struct reader *r = arg;
	if (!r->failed)
		add_text(r, (struct str){s, (size_t)len});
	if (!r->failed && r->text.overflow) {
		err_set(&r->err, ERR_TOO_LARGE, "a paragraph is longer than %u bytes", TEXT_MAX);
		stop(r);
	}
}

static void on_entity(void *arg, const XML_Char *name, int is_parameter, const XML_Char *value, int len, const XML_Char *base,
                      const XML_Char *system, const XML_Char *public, const XML_Char *notation)
{
	(void)name, (void)is_parameter, (void)value, (void)len, (void)base, (void)system, (void)public, (void)notation;
	struct reader *r = arg;
	err_set(&r->err, ERR_INVALID, "it declares an entity");
	stop(r);
}

/* ---- All of it ---- */

static bool parse(struct reader *r, int fd, struct err *err)
{
	for (ssize_t n = 1; n > 0;) {
		size_t len = 0;
		char *place = XML_GetBuffer(r->parser, CHUNK);
		if (!place)
			return err_set(err, ERR_TOO_LARGE, "out of memory");
		while (len < CHUNK && ((n = read(fd, place + len, CHUNK - len)) > 0 || (n < 0 && errno == EINTR)))
			len += n > 0 ? (size_t)n : 0;
		if (n < 0)
			return err_set(err, ERR_IO, "it cannot be read: %s", strerror(errno));
		if (XML_ParseBuffer(r->parser, (int)len, n == 0) == XML_STATUS_ERROR) {
			if (r->failed)
				*err = r->err;
			return r->failed ? false
			                 : err_set(err, ERR_INVALID, "line %lu: %s", XML_GetCurrentLineNumber(r->parser),
			                           XML_ErrorString(XML_GetErrorCode(r->parser)));
		}
	}
	return r->paper.cr || err_set(err, ERR_INVALID, "there is no page in it");
}

static void finish(struct reader *r)
{
	for (size_t i = 0; i < r->depth; i++)
		free(r->stack[i].href);
	table_finish(&r->table);
	group_finish(&r->group);
	pango_attr_list_unref(r->attributes);
	XML_ParserFree(r->parser);
	buf_finish(&r->text);
	free(r->marker);
	free(r);
}

bool paper_read(int fd, cairo_write_func_t write, void *arg, struct err *err)
{
	struct reader *r = xcalloc(1, sizeof *r);
	struct err ignored;
	r->text = BUF(TEXT_MAX);
	r->attributes = pango_attr_list_new();
	r->parser = XML_ParserCreate("UTF-8");
	r->write = write;
	r->arg = arg;
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_start, on_end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetEntityDeclHandler(r->parser, on_entity);
	bool ok = parse(r, fd, err);
	ok = paper_end(&r->paper, ok ? err : &ignored) && ok;
	finish(r);
	return ok;
}
