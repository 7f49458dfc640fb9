/* Markdown to HTML. See markdown.h. */
#include "bank/markdown.h"
#include "base/mem.h"
#include <md4c.h>
#include <stdio.h>

struct render {
	struct markdown *md;
	const struct passage *in;
	struct buf *html, *text;
	int depth;            /* of open blocks */
	int n_top;            /* blocks at the top, … */
	bool first_paragraph; /* … and whether the first of them is a paragraph */
	bool unwrap;
	bool in_cell; /* of a table */
	int image;    /* open images: what is inside is the alternative text */
	const struct bank_media *media;
	const char *image_at;
	bool link_open;
	size_t heading_at; /* docs: where the heading's id goes */
	bool failed;       /* reported */
};

/* ---- attributes ---- */

/* The character that a numeric or one of the five basic entities stands for, as UTF-8; 0 bytes for others. */
static size_t entity_text(struct str entity, char out[5])
{
	static const struct {
		const char *name, *text;
	} basic[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&#39;", "'"}, {"&nbsp;", "\xc2\xa0"}};
	for (size_t i = 0; i < ARRAY_SIZE(basic); i++)
		if (str_is(entity, basic[i].name))
			return (size_t)snprintf(out, 5, "%s", basic[i].text);
	if (entity.len < 4 || entity.p[1] != '#' || entity.len > 12)
		return 0;
	char digits[16];
	bool hex = entity.p[2] == 'x' || entity.p[2] == 'X';
	struct str number = str_sub(entity, hex ? 3 : 2, entity.len - 1);
	memcpy(digits, number.p, number.len);
	digits[number.len] = 0;
	unsigned long c = strtoul(digits, NULL, hex ? 16 : 10);
	if (c < 0x20 || c == 0x7f || c > 0x10ffff || (c >= 0xd800 && c < 0xe000) || (c >= 0xe000 && c <= 0xe002))
		return (size_t)snprintf(out, 5, "\xef\xbf\xbd");
	if (c < 0x80)
		return (size_t)snprintf(out, 5, "%c", (int)c);
	if (c < 0x800)
		return (size_t)snprintf(out, 5, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 63)));
	if (c < 0x10000)
		return (size_t)snprintf(out, 5, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 63)), (int)(0x80 | (c & 63)));
	return (size_t)snprintf(out, 5, "%c%c%c%c", (int)(0xf0 | c >> 18), (int)(0x80 | (c >> 12 & 63)), (int)(0x80 | (c >> 6 & 63)),
	                        (int)(0x80 | (c & 63)));
}

/* An attribute of md4c with its entities decoded. */
static void attribute_text(const MD_ATTRIBUTE *a, struct buf *out)
{
	buf_clear(out);
	for (size_t i = 0; a->text && a->substr_offsets[i] < a->size; i++) {
		struct str part = {a->text + a->substr_offsets[i], a->substr_offsets[i + 1] - a->substr_offsets[i]};
		char decoded[5];
		size_t n = a->substr_types[i] == MD_TEXT_ENTITY ? entity_text(part, decoded) : 0;
		if (n)
			buf_add(out, decoded, n);
		else
			buf_addv(out, part);
	}
}

static const char *position(const struct render *r, const char *at)
{
	const char *p = passage_at(r->in, at);
	return p ? p : passage_at(r->in, r->in->text.p);
}

static bool warn_link(struct render *r, const char *at, const char *code, const char *message, struct str url, const char *help)
{
	diags_add(r->md->diags, DIAG_WARNING, code, r->in->source, position(r, at), "%s: %.*s", message, (int)(url.len > 200 ? 200 : url.len),
	          url.p);
	diags_help(r->md->diags, "%s", help);
	return false;
}

/* A link to a page of the bank's docs or to one of its pictures: writes the opening tag. */
static bool open_bank_link(struct render *r, struct str url, const char *at)
{
	static const char help[] = "pages in docs/ and files in media/ can be linked; the link is shown as plain text";
	const char *hash = memchr(url.p, '#', url.len);
	struct str path_part = hash ? str_sub(url, 0, (size_t)(hash - url.p)) : url;
	struct str anchor = hash ? str_sub(url, path_part.len + 1, url.len) : (struct str){"", 0};
	_cleanup_free_ char *slug = anchor.len ? str_slug(anchor, 80) : NULL;
	if (path_part.len == 0) {
		if (!r->md->is_doc || !slug)
			return warn_link(r, at, "dead-link", "a link to a heading works only inside docs/", url, help);
		buf_addf(r->html, "<a href=\"#doc-%s\">", slug);
		return true;
	}
	_cleanup_free_ char *path = bank_path_resolve(r->md->file, path_part);
	if (!path)
		return warn_link(r, at, "dead-link", "a link that leaves the bank", url, help);
	const struct bank_media *media = bank_media(r->md->bank, path);
	if (media) {
		buf_addf(r->html, "<a href=\"/media/%s.%s\" target=\"_blank\" rel=\"noopener noreferrer\">", media->hash,
		         strrchr(media->path, '.') + 1);
		return true;
	}
	if (strncmp(path, "docs/", 5) == 0 && str_ends(str_of(path), ".md")) {
		path[strlen(path) - 3] = 0;
		const struct bank_doc *doc = bank_doc(r->md->bank, path + 5);
		if (doc) {
			buf_adds(r->html, "<a data-doc=\"");
			buf_add_html(r->html, str_of(doc->id));
			buf_addf(r->html, "\" href=\"#%s%s\">", slug ? "doc-" : "", slug ? slug : "");
			return true;
		}
	}
	return warn_link(r, at, "dead-link", "nothing to link to", url, help);
}

static void open_link(struct render *r, const MD_SPAN_A_DETAIL *detail)
{
	struct buf *scratch = &r->md->scratch;
	attribute_text(&detail->href, scratch);
	struct str url = str_trim(buf_str(scratch));
	bool open;
	if (url_is_web(url)) {
		buf_adds(r->html, "<a href=\"");
		url_add(r->html, url);
		buf_adds(r->html, "\" target=\"_blank\" rel=\"noopener noreferrer\">");
		open = true;
	} else if (url_has_scheme(url) || str_starts(url, "//")) {
		open = warn_link(r, detail->href.text, "link-scheme", "a link must be http, https, mailto or relative", url,
		                 "the link is shown as plain text");
	} else {
		open = open_bank_link(r, url, detail->href.text);
	}
	r->link_open = open;
}

/* ---- pictures ---- */

void markdown_image(const struct bank_media *m, struct str alt, struct buf *out)
{
	buf_addf(out, "<img src=\"/media/%s.%s\" alt=\"", m->hash, strrchr(m->path, '.') + 1);
	buf_add_html(out, alt);
	buf_adds(out, "\"");
	if (m->width > 0 && m->height > 0)
		buf_addf(out, " width=\"%d\" height=\"%d\"", m->width, m->height);
	buf_adds(out, " loading=\"lazy\">");
}

static void open_image(struct render *r, const MD_SPAN_IMG_DETAIL *detail)
{
	struct buf *scratch = &r->md->scratch;
	attribute_text(&detail->src, scratch);
	struct str url = str_trim(buf_str(scratch));
	r->image_at = detail->src.text;
	buf_clear(&r->md->alt);
	_cleanup_free_ char *path = bank_path_resolve(r->md->file, url);
	r->media = path ? bank_media(r->md->bank, path) : NULL;
	if (r->media)
		return;
	diags_add(r->md->diags, DIAG_ERROR, "dead-picture", r->in->source, position(r, r->image_at), "there is no such picture in media/: %.*s",
	          (int)(url.len > 200 ? 200 : url.len), url.p);
	if (url_has_scheme(url) || str_starts(url, "//"))
		diags_help(r->md->diags, "pictures are part of the bank: put the file into media/");
	else
		diags_help(r->md->diags, "the address is relative to %s", r->md->file);
	r->failed = true;
}

static void close_image(struct render *r)
{
	struct str alt = str_trim(buf_str(&r->md->alt));
	if (!r->media)
		return;
	if (alt.len == 0) {
		diags_add(r->md->diags, DIAG_WARNING, "missing-alt", r->in->source, position(r, r->image_at),
		          "the picture has no alternative text");
		diags_help(r->md->diags, "say in the square brackets what a person who cannot see it needs to know: ![…](%s)", r->media->path);
	}
	markdown_image(r->media, alt, r->html);
	if (r->text)
		buf_addv(r->text, alt);
}

/* ---- md4c's callbacks ---- */

static void add_code_class(struct render *r, const MD_BLOCK_CODE_DETAIL *detail)
{
	struct buf *scratch = &r->md->scratch;
	attribute_text(&detail->lang, scratch);
	struct str lang = buf_str(scratch);
	bool ok = lang.len > 0 && lang.len <= 32;
	for (size_t i = 0; i < lang.len && ok; i++) {
		char c = lang.p[i];
		ok = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '#' || c == '_' ||
		     c == '.';
	}
	if (ok)
		buf_addf(r->html, " class=\"language-%.*s\"", STR_ARG(lang));
}

static unsigned heading_level(const struct render *r, unsigned level)
{
	if (r->md->is_doc)
		return level < 6 ? level + 1 : 6; /* the page's own heading is the first level */
	return level < 3 ? 3 : level;
}

/* Blocks whose tags say nothing but their name. */
static const char *const plain_blocks[][2] = {
    [MD_BLOCK_QUOTE] = {"<blockquote>", "</blockquote>"},
    [MD_BLOCK_UL] = {"<ul>", "</ul>"},
    [MD_BLOCK_OL] = {NULL, "</ol>"},
    [MD_BLOCK_LI] = {NULL, "</li>"},
    [MD_BLOCK_HR] = {"<hr>", NULL},
    [MD_BLOCK_CODE] = {NULL, "</code></pre>"},
    [MD_BLOCK_P] = {"<p>", "</p>"},
    [MD_BLOCK_TABLE] = {"<table>", "</table>"},
    [MD_BLOCK_THEAD] = {"<thead>", "</thead>"},
    [MD_BLOCK_TBODY] = {"<tbody>", "</tbody>"},
    [MD_BLOCK_TR] = {"<tr>", "</tr>"},
    [MD_BLOCK_TH] = {NULL, "</th>"},
    [MD_BLOCK_TD] = {NULL, "</td>"},
};

static void open_cell(struct render *r, const char *tag, const MD_BLOCK_TD_DETAIL *detail)
{
	static const char *const classes[] = {"", " class=\"left\"", " class=\"center\"", " class=\"right\""};
	buf_addf(r->html, "<%s%s>", tag, classes[detail->align & 3]);
}

static void open_list_item(struct render *r, const MD_BLOCK_LI_DETAIL *detail)
{
	buf_adds(r->html, "<li>");
	if (detail->is_task)
		buf_adds(r->html, detail->task_mark == ' ' ? "☐ " : "☑ ");
}

static void open_numbered_list(struct render *r, const MD_BLOCK_OL_DETAIL *detail)
{
	if (detail->start == 1)
		buf_adds(r->html, "<ol>");
	else
		buf_addf(r->html, "<ol start=\"%u\">", detail->start);
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct render *r = arg;
	if (type == MD_BLOCK_DOC)
		return 0;
	if (++r->depth > MARKDOWN_DEPTH_MAX) {
		diags_add(r->md->diags, DIAG_ERROR, "too-complex", r->in->source, position(r, r->in->text.p),
		          "lists and quotes are nested too deeply");
		r->failed = true;
		return 1;
	}
	if (r->depth == 1 && r->n_top++ == 0)
		r->first_paragraph = type == MD_BLOCK_P;
	if (type == MD_BLOCK_OL) {
		open_numbered_list(r, detail);
	} else if (type == MD_BLOCK_LI) {
		open_list_item(r, detail);
	} else if (type == MD_BLOCK_H) {
		buf_addf(r->html, "<h%u", heading_level(r, ((MD_BLOCK_H_DETAIL *)detail)->level));
		r->heading_at = r->html->len;
		buf_addc(r->html, '>');
	} else if (type == MD_BLOCK_CODE) {
		buf_adds(r->html, "<pre><code");
		add_code_class(r, detail);
		buf_addc(r->html, '>');
	} else if (type == MD_BLOCK_TH || type == MD_BLOCK_TD) {
		r->in_cell = true;
		open_cell(r, type == MD_BLOCK_TH ? "th" : "td", detail);
	} else if (type < ARRAY_SIZE(plain_blocks) && plain_blocks[type][0]) {
		buf_adds(r->html, plain_blocks[type][0]);
	}
	return r->html->overflow;
}

/* Puts id="doc-SLUG" into the heading that was just closed. */
static void name_heading(struct render *r)
{
	_cleanup_buf_ struct buf rest = BUF(r->html->max), text = BUF(r->html->max);
	if (r->html->overflow || r->html->len <= r->heading_at)
		return;
	buf_add(&rest, r->html->p + r->heading_at, r->html->len - r->heading_at);
	html_text(rest.p + 1, &text);
	_cleanup_free_ char *slug = str_slug(buf_str(&text), 80);
	r->html->len = r->heading_at;
	buf_addf(r->html, " id=\"doc-%s\"", slug);
	buf_addv(r->html, buf_str(&rest));
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *arg)
{
	struct render *r = arg;
	if (type == MD_BLOCK_DOC)
		return 0;
	r->depth--;
	r->in_cell = false; /* a cell holds no blocks */
	if (type == MD_BLOCK_H) {
		if (r->md->is_doc)
			name_heading(r);
		buf_addf(r->html, "</h%u>", heading_level(r, ((MD_BLOCK_H_DETAIL *)detail)->level));
	} else if (type < ARRAY_SIZE(plain_blocks) && plain_blocks[type][1]) {
		buf_adds(r->html, plain_blocks[type][1]);
	}
	if (r->text && r->text->len && r->text->p[r->text->len - 1] != '\n')
		buf_addc(r->text, type == MD_BLOCK_TD || type == MD_BLOCK_TH ? ' ' : '\n');
	return r->html->overflow;
}

static int enter_span(MD_SPANTYPE type, void *detail, void *arg)
{
	struct render *r = arg;
	if (type == MD_SPAN_IMG && r->image++ == 0)
		open_image(r, detail);
	if (r->image)
		return 0;
	if (type == MD_SPAN_EM)
		buf_adds(r->html, "<em>");
	else if (type == MD_SPAN_STRONG)
		buf_adds(r->html, "<strong>");
	else if (type == MD_SPAN_CODE)
		buf_adds(r->html, "<code>");
	else if (type == MD_SPAN_DEL)
		buf_adds(r->html, "<del>");
	else if (type == MD_SPAN_A)
		open_link(r, detail);
	return 0;
}

static int leave_span(MD_SPANTYPE type, void *detail, void *arg)
{
	(void)detail;
	struct render *r = arg;
	if (type == MD_SPAN_IMG && --r->image == 0)
		close_image(r);
	if (r->image)
		return 0;
	if (type == MD_SPAN_EM)
		buf_adds(r->html, "</em>");
	else if (type == MD_SPAN_STRONG)
		buf_adds(r->html, "</strong>");
	else if (type == MD_SPAN_CODE)
		buf_adds(r->html, "</code>");
	else if (type == MD_SPAN_DEL)
		buf_adds(r->html, "</del>");
	else if (type == MD_SPAN_A && r->link_open) {
		buf_adds(r->html, "</a>");
		r->link_open = false;
	}
	return 0;
}

/* The blank whose mark begins at s ("U+E000 digits U+E001"): its number and the mark's length, or 0. */
static size_t blank_mark(struct str s, size_t *ret_len)
{
	size_t n = 0, i = 3;
	while (i < s.len && i < 10 && s.p[i] >= '0' && s.p[i] <= '9')
		n = n * 10 + (size_t)(s.p[i++] - '0');
	if (i == 3 || i + 3 > s.len || memcmp(s.p + i, BLANK_CLOSE, 3) != 0)
		return 0;
	*ret_len = i + 3;
	return n;
}

static void add_blank(struct render *r, size_t n, bool code, const char *at)
{
	if (n == 0 || n > r->md->n_blanks)
		return;
	if (code) {
		diags_add(r->md->diags, DIAG_ERROR, "blank-in-code", r->in->source, position(r, at), "a blank cannot stand inside code");
		r->failed = true;
	}
	r->md->blank_seen[n] = 1;
	buf_addf(r->html, "<span data-blank=\"%zu\"></span>", n);
	if (r->text)
		buf_adds(r->text, "____");
}

static void add_text(struct render *r, struct str s, bool code)
{
	while (s.len) {
		const char *mark = memchr(s.p, '\xee', s.len);
		size_t plain = mark ? (size_t)(mark - s.p) : s.len;
		struct str part = {s.p, plain};
		size_t skip = 0, n = 0;
		if (mark) {
			struct str rest = str_sub(s, plain, s.len);
			if (str_starts(rest, BLANK_OPEN) && r->md->n_blanks && !r->image)
				n = blank_mark(rest, &skip);
			else if (str_starts(rest, TEXT_GUARD))
				skip = 3;
			if (!skip)
				part.len++, skip = 0; /* some other character that begins alike */
		}
		if (r->image) {
			buf_addv(&r->md->alt, part);
		} else {
			buf_add_html(r->html, part);
			if (r->text)
				buf_addv(r->text, part);
			if (n)
				add_blank(r, n, code, mark);
		}
		s = str_sub(s, part.len + skip, s.len);
	}
}

/* In a table's cell \| is a | also inside code (GitHub Flavored Markdown, example 200); md4c leaves the backslash there. */
static void add_cell_code(struct render *r, struct str code)
{
	const char *at;
	while (code.len > 1 && (at = memmem(code.p, code.len, "\\|", 2))) {
		add_text(r, (struct str){code.p, (size_t)(at - code.p)}, true);
		add_text(r, STR("|"), true);
		code = str_sub(code, (size_t)(at - code.p) + 2, code.len);
	}
	add_text(r, code, true);
}

static int on_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *arg)
{
	struct render *r = arg;
	struct str s = {text, size};
	if (type == MD_TEXT_BR || type == MD_TEXT_SOFTBR) {
		if (r->image)
			buf_addc(&r->md->alt, ' ');
		else
			buf_adds(r->html, type == MD_TEXT_BR ? "<br>" : "\n");
		if (r->text && !r->image)
			buf_addc(r->text, ' ');
	} else if (type == MD_TEXT_NULLCHAR) {
		add_text(r, STR("\xef\xbf\xbd"), false);
	} else if (type == MD_TEXT_ENTITY) {
		char decoded[5];
		size_t n = entity_text(s, decoded);
		if (n)
			add_text(r, (struct str){decoded, n}, false);
		else if (r->image)
			buf_addv(&r->md->alt, s);
		else {
			buf_addv(r->html, s); /* &name; with letters and digits only */
			if (r->text)
				buf_addv(r->text, s);
		}
	} else if (type == MD_TEXT_CODE && r->in_cell) {
		add_cell_code(r, s);
	} else {
		add_text(r, s, type == MD_TEXT_CODE);
	}
	return r->html->overflow;
}

/* ---- the entrances ---- */

void markdown_finish(struct markdown *md)
{
	buf_finish(&md->scratch);
	buf_finish(&md->alt);
}

/* One line without any character that Markdown gives a meaning inside a paragraph. */
static bool is_plain_line(struct str s)
{
	static const bool special[256] = {['\\'] = true, ['`'] = true, ['*'] = true, ['_'] = true, ['['] = true, [']'] = true,
	                                  ['!'] = true,  ['<'] = true, ['&'] = true, ['~'] = true, [0xee] = true};
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < 0x20 || special[(unsigned char)s.p[i]])
			return false;
	return true;
}

static bool finish(struct render *r, char **ret_html, char **ret_text)
{
	if (r->html->overflow) {
		diags_add(r->md->diags, DIAG_ERROR, "too-complex", r->in->source, position(r, r->in->text.p), "becomes more than %zu bytes of HTML",
		          r->html->max);
		r->failed = true;
	}
	if (r->failed)
		return false;
	struct str html = buf_str(r->html);
	if (r->unwrap && r->n_top == 1 && r->first_paragraph)
		html = str_sub(html, 3, html.len - 4); /* <p> … </p> */
	*ret_html = str_dup(html);
	if (ret_text)
		*ret_text = str_dup(str_trim(buf_str(r->text)));
	return true;
}

static bool render(struct markdown *md, const struct passage *p, bool unwrap, char **ret_html, char **ret_text)
{
	MD_PARSER parser = {
	    .flags = MD_FLAG_TABLES | MD_FLAG_STRIKETHROUGH | MD_FLAG_TASKLISTS | MD_FLAG_NOHTML,
	    .enter_block = enter_block,
	    .leave_block = leave_block,
	    .enter_span = enter_span,
	    .leave_span = leave_span,
	    .text = on_text,
	};
	size_t most = p->text.len * MARKDOWN_GROWTH + MARKDOWN_HTML_MORE;
	_cleanup_buf_ struct buf html = BUF(most), text = BUF(most);
	md->scratch.max = md->alt.max = most;
	struct render r = {.md = md, .in = p, .html = &html, .text = ret_text ? &text : NULL, .unwrap = unwrap};
	if (md->bare_links)
		parser.flags |= MD_FLAG_PERMISSIVEURLAUTOLINKS;
	int rc = md_parse(p->text.p, (MD_SIZE)p->text.len, &parser, &r);
	if (rc < 0)
		abort(); /* only when memory is out */
	return finish(&r, ret_html, ret_text);
}

bool markdown_render(struct markdown *md, const struct passage *p, bool unwrap, char **ret_html, char **ret_text)
{
	return render(md, p, unwrap, ret_html, ret_text);
}

/* "_x_": behind a guard the underscore would stand inside a word, and be shown. Nothing but a rule begins so, and "___" is none here. */
static bool begins_with_emphasis(struct str s)
{
	size_t i = 0;
	while (i < s.len && (s.p[i] == '_' || s.p[i] == ' ' || s.p[i] == '\t'))
		i++;
	return s.len && s.p[0] == '_' && i < s.len && s.p[i] != '\n';
}

bool markdown_inline(struct markdown *md, const struct passage *p, char **ret_html, char **ret_text)
{
	struct str s = str_trim(p->text);
	if (is_plain_line(s)) {
		_cleanup_buf_ struct buf html = BUF(s.len * 6);
		buf_add_html(&html, s);
		*ret_html = str_dup(buf_str(&html));
		if (ret_text)
			*ret_text = str_dup(s);
		return true;
	}
	if (begins_with_emphasis(s))
		return render(md, p, true, ret_html, ret_text);
	_cleanup_passage_ struct passage guarded = {.source = p->source};
	size_t size = s.len + 3;
	guarded.copy = xmalloc(size);
	memcpy(guarded.copy, TEXT_GUARD, 3);
	memcpy(guarded.copy + 3, s.p, s.len);
	guarded.text = (struct str){guarded.copy, size};
	size_t lead = (size_t)(s.p - p->text.p);
	guarded.n_map = p->n_map ? p->n_map : 1;
	guarded.map = xcalloc(guarded.n_map, sizeof *guarded.map);
	for (size_t i = 0; i < p->n_map; i++) /* what was trimmed has no line of its own */
		guarded.map[i] = (struct passage_line){p->map[i].at < lead ? 0 : (uint32_t)(p->map[i].at - lead + 3), p->map[i].from};
	if (!p->n_map)
		guarded.map[0] = (struct passage_line){3, s.p};
	else if (guarded.map[0].at < 3)
		guarded.map[0] = (struct passage_line){3, guarded.map[0].from + lead};
	return render(md, &guarded, true, ret_html, ret_text);
}
