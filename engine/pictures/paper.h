/* What the parts of assay-paper share: blocks of a page, read (paper_read.c) and put on sheets (paper_flow.c). Lengths are points. */
#pragma once
#include "pictures/face.h"

#define PAPER_SIZE 10.5 /* of text */

/* Text that may be cut between its lines. */
struct cell {
	PangoLayout *layout;
	double x, width;
	int next; /* the line that is to be drawn next */
};
/* What stands below each other: a paragraph (with the marker of its list as another cell), a row of a table, code, a picture, room to
 * write. */
struct block {
	struct cell *cells;
	size_t n, cap;
	struct art art;
	double x, width;
	double before;       /* space above */
	double art_w, art_h; /* as it is drawn; or an empty frame of this height */
	bool shaded, framed; /* code; a row of a table */
	bool keep;           /* together with the next */
	const char *tag;     /* its role for readers of the PDF */
};
struct group { /* what stays on one sheet if it can */
	struct block *list;
	size_t n, cap;
};
struct block *group_add(struct group *g);
struct cell *block_add(struct block *b, PangoLayout *layout, double x, double width); /* takes layout */
void group_finish(struct group *g);

/* A table being read: its cells, row after row. */
struct table {
	PangoLayout **cells;
	size_t n, cap;
	size_t *rows, n_rows, cap_rows; /* where each begins */
};
void table_begin_row(struct table *t);
void table_add(struct table *t, PangoLayout *cell); /* takes cell; without a row it is dropped */
/* Adds a block for each row, as wide as they need to be and at most `width`; empties the table. */
void table_put(struct table *t, struct group *g, double before, double x, double width);
void table_finish(struct table *t);

struct paper {
	cairo_surface_t *surface;
	cairo_t *cr;
	PangoContext *context;
	double width, height, y;
	int page;
	bool key;             /* the part that is being drawn */
	int outline;          /* its bookmark */
	char *title, *number; /* number: of the question that comes */
};
void paper_begin(struct paper *p, bool letter, cairo_write_func_t write, void *arg);
double paper_left(const struct paper *p);
double paper_measure(const struct paper *p); /* width of a line */
double paper_full(const struct paper *p);    /* height of a sheet's text */
PangoLayout *paper_layout(const struct paper *p, enum family family, double size);
void paper_break(struct paper *p);                  /* a new sheet, unless this one is empty */
void paper_part(struct paper *p, const char *name); /* a bookmark that those of questions go below */
void paper_put(struct paper *p, struct group *g);   /* and empties the group */
MUST_CHECK bool paper_end(struct paper *p, struct err *err);

/* What is known of the page's tags (paper_element.c). */
enum element {
	E_OTHER, /* only what is in it counts */
	E_TITLE,
	E_STYLE,
	E_BODY,
	E_H1,
	E_HEADING,
	E_QUESTION,
	E_KEY,
	E_DIV, /* in the key: of a question */
	E_NUMBER,
	E_P,
	E_ROOM,
	E_UL,
	E_OL,
	E_LI,
	E_INSIDE, /* moved to the right: quotes, explanations, cases */
	E_PRE,
	E_TABLE,
	E_TR,
	E_TH,
	E_TD,
	E_HR,
	E_BR,
	E_IMG,
	E_A,
	E_STRONG,
	E_EM,
	E_DEL,
	E_CODE,
	E_LINE,
};
enum element paper_element(const char *tag, const char *class);

/* Reads the page and puts it on paper, as it comes in: of all that is read no more is kept than a question. */
MUST_CHECK bool paper_read(int fd, cairo_write_func_t write, void *arg, struct err *err);
