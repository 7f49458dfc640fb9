/* HTML as Markdown, through an allow-list. Internal to exchange/.
 *
 * What the bank's own renderer writes (markdown.h) comes back as Markdown that renders to the same bytes. Other people's HTML is read
 * leniently: tags that mean something on the list keep their meaning, tags that only lay out are passed over, scripts and the like are
 * dropped with all that is in them, and what is no tag of HTML is text. */
#pragma once
#include "bank/exchange/plain.h"

#define HTML_DEPTH_MAX 24
#define HTML_NODES_MAX 200000

struct html_context {
	/* The address of a picture as it is written in the bank ("../media/a.png"), or NULL when there is no such picture. The caller frees. */
	char *(*picture)(void *arg, struct str src);
	/* The same for a link that is not http, https or mailto; may be NULL. */
	char *(*link)(void *arg, struct str doc, struct str href);
	void *arg;
	bool no_quote;   /* an option: quotes are feedback */
	struct plain *q; /* whose losses are noted; may be NULL */
};
/* Never NULL; at most 12 times the size of the HTML and some. */
char *html_to_markdown(const struct html_context *c, struct str html);
/* Whether a text has tags or entities of HTML in it. */
bool html_is(struct str text);
/* The plain text of any HTML: tags dropped, entities decoded, white space run together. */
char *html_plain(struct str html);

/* html_tree.c */
enum html_tag {
	HTML_TEXT,  /* not a tag: text */
	HTML_NONE,  /* layout: its content counts */
	HTML_BLOCK, /* div and the like: parts paragraphs */
	HTML_P,
	HTML_H,
	HTML_UL,
	HTML_OL,
	HTML_LI,
	HTML_QUOTE,
	HTML_PRE,
	HTML_CODE,
	HTML_HR,
	HTML_BR,
	HTML_TABLE,
	HTML_ROWS, /* thead, tbody, tfoot */
	HTML_TR,
	HTML_CELL,
	HTML_EM,
	HTML_STRONG,
	HTML_DEL,
	HTML_A,
	HTML_IMG,
	HTML_SUB,
	HTML_SUP,
	HTML_DROP,
	HTML_TAGS
};
struct html_node {
	enum html_tag tag;
	int level;                     /* of a heading; start of a numbered list; alignment of a cell: 1 left, 2 centre, 3 right */
	bool head;                     /* a cell: th; rows: thead */
	char *text, *href, *alt, *doc; /* decoded; href is src too, text of a code's class: the language */
	int first, last, next;         /* nodes, or -1 */
};
struct html_tree {
	struct html_node *nodes; /* nodes[0] is the whole */
	int n;
	size_t cap;
	bool cut;     /* too deep or too many: what was beyond is text of what it was in */
	bool dropped; /* something of no meaning here was left out */
	bool spans;   /* a cell goes over several rows or columns */
};
void html_parse(struct str html, struct html_tree *ret);
void html_finish(struct html_tree *t);
#define _cleanup_html_ __attribute__((cleanup(html_finish)))
/* Text with its entities decoded. */
void html_decode(struct str text, struct buf *out);
