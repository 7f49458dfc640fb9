/* The two halves of HTML to Markdown: what stands in a line (html_inline.c), and blocks (html.c). */
#pragma once
#include "bank/exchange/html.h"

struct html_writer {
	const struct html_context *c;
	const struct html_tree *t;
	size_t max;
	bool one_line; /* a heading, a cell: line ends are spaces */
	bool in_cell;
};
static inline const struct html_node *html_node(const struct html_writer *w, int i)
{
	return &w->t->nodes[i];
}
void html_lose(const struct html_writer *w, const char *what);
bool html_is_inline(enum html_tag tag);
/* All text in it, as it is. */
void html_raw_text(const struct html_writer *w, int i, struct buf *out);
/* Nodes from `first` up to `end`, within `around`; and one of them. */
void html_add_inlines(struct html_writer *w, int first, int end, enum html_tag around, struct buf *out);
void html_add_inline(struct html_writer *w, int i, enum html_tag around, struct buf *out);
/* Runs of white space as one space, or as one line end if there is one in it. */
char *html_collapse(const char *text, bool one_line);
