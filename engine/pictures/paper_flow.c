/* Blocks on sheets: a question is not torn apart where it fits on one; what is longer is cut between lines. See paper.h. */
#include "pictures/paper.h"
#include <cairo-pdf.h>
#include <math.h>
#include <stdio.h>

#define MARGIN 56.0
#define FOOT 24.0   /* below the text: the footer */
#define PAD 4.0     /* around code and in tables */
#define LAST_MIN 40 /* of a heading's next block */

static const struct color black = {0, 0, 0}, gray = {0.4, 0.4, 0.4}, line_gray = {0.6, 0.6, 0.6}, shade = {0.95, 0.95, 0.95};

struct block *group_add(struct group *g)
{
	g->list = xgrow(g->list, g->n, &g->cap, sizeof *g->list);
	struct block *b = &g->list[g->n++];
	*b = (struct block){.tag = "P"};
	return b;
}

struct cell *block_add(struct block *b, PangoLayout *layout, double x, double width)
{
	b->cells = xgrow(b->cells, b->n, &b->cap, sizeof *b->cells);
	struct cell *c = &b->cells[b->n++];
	*c = (struct cell){.layout = layout, .x = x, .width = width};
	if (width > 0)
		pango_layout_set_width(layout, (int)(fmax(width, 1) * PANGO_SCALE));
	return c;
}

void group_finish(struct group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		for (size_t k = 0; k < g->list[i].n; k++)
			g_object_unref(g->list[i].cells[k].layout);
		free(g->list[i].cells);
		art_finish(&g->list[i].art);
	}
	free(g->list);
	*g = (struct group){0};
}

double paper_left(const struct paper *p)
{
	(void)p;
	return MARGIN;
}
double paper_measure(const struct paper *p)
{
	return p->width - 2 * MARGIN;
}
double paper_full(const struct paper *p)
{
	return p->height - 2 * MARGIN - FOOT;
}

PangoLayout *paper_layout(const struct paper *p, enum family family, double size)
{
	PangoLayout *layout = pango_layout_new(p->context);
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family(font, text_families[family]);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_line_spacing(layout, family == MONO ? 1.1F : 1.25F);
	return layout;
}

void paper_begin(struct paper *p, bool letter, cairo_write_func_t write, void *arg)
{
	p->width = letter ? 612 : 210 * 72 / 25.4;
	p->height = letter ? 792 : 297 * 72 / 25.4;
	p->surface = cairo_pdf_surface_create_for_stream(write, arg, p->width, p->height);
	cairo_pdf_surface_restrict_to_version(p->surface, CAIRO_PDF_VERSION_1_5);
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "Assay");
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, ""); /* equal input, equal output */
	p->cr = cairo_create(p->surface);
	p->context = pango_cairo_create_context(p->cr);
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(p->context, options);
	pango_cairo_context_set_resolution(p->context, 72);
	cairo_font_options_destroy(options);
	p->y = MARGIN;
	p->page = 1;
}

/* ---- Sheets ---- */

static void foot_text(const struct paper *p, const char *text, bool right)
{
	PangoLayout *layout = paper_layout(p, SANS, 8.5);
	double width = right ? 60 : paper_measure(p) - 70;
	pango_layout_set_text(layout, text, -1);
	pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
	pango_layout_set_height(layout, -1);
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	if (right)
		pango_layout_set_alignment(layout, PANGO_ALIGN_RIGHT);
	cairo_move_to(p->cr, right ? p->width - MARGIN - width : MARGIN, p->height - MARGIN - 8.5);
	color_set(p->cr, gray, 1);
	pango_cairo_show_layout(p->cr, layout);
	g_object_unref(layout);
}

static void end_sheet(struct paper *p)
{
	char number[16];
	snprintf(number, sizeof number, "%d", p->page);
	_cleanup_free_ char *left = xasprintf("%s%s", p->key ? "Key: " : "", p->title ? p->title : "");
	foot_text(p, left, false);
	foot_text(p, number, true);
	cairo_show_page(p->cr);
}

static void next_sheet(struct paper *p)
{
	end_sheet(p);
	p->page++;
	p->y = MARGIN;
}

void paper_break(struct paper *p)
{
	if (p->y > MARGIN)
		next_sheet(p);
}

static double left_over(const struct paper *p)
{
	return MARGIN + paper_full(p) - p->y;
}

/* ---- Bookmarks ---- */

static int bookmark(struct paper *p, int parent, const char *name)
{
	char place[64];
	snprintf(place, sizeof place, "page=%d pos=[%d %d]", p->page, (int)MARGIN, (int)fmax(p->y - 8, 0));
	return cairo_pdf_surface_add_outline(p->surface, parent, name, place, 0);
}

void paper_part(struct paper *p, const char *name)
{
	p->outline = bookmark(p, CAIRO_PDF_OUTLINE_ROOT, name);
}

/* ---- Blocks ---- */

/* The height of the lines from c->next on that fit into `max`; draws them and moves c->next when y is given. */
static double take_lines(const struct paper *p, struct cell *c, double max, const double *y)
{
	PangoLayoutIter *iter = pango_layout_get_iter(c->layout);
	double top = 0, height = 0;
	int i = 0, next = c->next;
	do {
		int y0, y1;
		pango_layout_iter_get_line_yrange(iter, &y0, &y1);
		if (i == c->next)
			top = (double)y0 / PANGO_SCALE;
		if (i < c->next)
			continue;
		if ((double)y1 / PANGO_SCALE - top > max + 0.01)
			break;
		height = (double)y1 / PANGO_SCALE - top;
		next = i + 1;
		if (y) {
			PangoRectangle box;
			pango_layout_iter_get_line_extents(iter, NULL, &box);
			cairo_move_to(p->cr, c->x + (double)box.x / PANGO_SCALE, *y - top + (double)pango_layout_iter_get_baseline(iter) / PANGO_SCALE);
			pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(iter));
		}
	} while (i++, pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
	if (y)
		c->next = next;
	return height;
}

static bool is_done(const struct block *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->cells[i].next < pango_layout_get_line_count(b->cells[i].layout))
			return false;
	return true;
}

static double pad(const struct block *b)
{
	return b->shaded || b->framed ? PAD : 0;
}

/* Of what is still to be drawn of it, what fits into `max`. */
static double height_of(const struct paper *p, const struct block *b, double max)
{
	double height = b->art_h;
	for (size_t i = 0; i < b->n; i++)
		height = fmax(height, take_lines(p, &b->cells[i], max - 2 * pad(b), NULL));
	return height + 2 * pad(b);
}

static void draw_frames(const struct paper *p, const struct block *b, double height)
{
	cairo_set_line_width(p->cr, 0.5);
	color_set(p->cr, b->shaded ? shade : line_gray, 1);
	if (b->shaded) {
		cairo_rectangle(p->cr, b->x, p->y, b->width, height);
		cairo_fill(p->cr);
	}
	for (size_t i = 0; b->framed && i < b->n; i++)
		if (b->cells[i].width > 0)
			cairo_rectangle(p->cr, b->cells[i].x - PAD, p->y, b->cells[i].width + 2 * PAD, height);
	if (b->art_h > 0 && b->art.width <= 0)
		cairo_rectangle(p->cr, b->x, p->y, b->width, b->art_h);
	cairo_stroke(p->cr);
}

/* One piece of it, here. */
static void draw_piece(struct paper *p, struct block *b, double height)
{
	double y = p->y + pad(b), max = height - 2 * pad(b);
	draw_frames(p, b, height);
	cairo_tag_begin(p->cr, b->tag, NULL);
	if (b->art.width > 0)
		art_draw(p->cr, &b->art, b->x, p->y, b->art_w, b->art_h);
	color_set(p->cr, black, 1);
	for (size_t i = 0; i < b->n; i++)
		(void)take_lines(p, &b->cells[i], max, &y);
	cairo_tag_end(p->cr, b->tag);
	art_finish(&b->art);
	b->art_h = 0;
	p->y += height;
}

static double whole(const struct paper *p, const struct block *b)
{
	return height_of(p, b, 1e9);
}

static void put_block(struct paper *p, struct block *b, const struct block *next)
{
	if (p->y > MARGIN)
		p->y += b->before;
	double height = whole(p, b), more = b->keep && next ? fmin(next->before + whole(p, next), LAST_MIN) : 0;
	if (height + more > left_over(p) && (height <= paper_full(p) * 0.2 || b->art_h > left_over(p)))
		paper_break(p);
	bool drawn = false;
	while (!drawn || !is_done(b)) {
		double piece = height_of(p, b, left_over(p));
		bool any = b->art_h > 0 || !b->n;
		for (size_t i = 0; i < b->n; i++)
			any |= take_lines(p, &b->cells[i], left_over(p) - 2 * pad(b), NULL) > 0;
		if (!any && p->y > MARGIN) {
			next_sheet(p);
			continue;
		}
		if (!any) /* a line that is higher than a sheet */
			piece = height_of(p, b, 1e9);
		draw_piece(p, b, piece);
		drawn = true;
	}
}

void paper_put(struct paper *p, struct group *g)
{
	double height = 0, full = paper_full(p);
	for (size_t i = 0; i < g->n; i++)
		height += g->list[i].before + whole(p, &g->list[i]);
	if (height > left_over(p) && (height <= full || left_over(p) < full / 3))
		paper_break(p);
	if (p->number)
		bookmark(p, p->outline, p->number);
	for (size_t i = 0; i < g->n; i++)
		put_block(p, &g->list[i], i + 1 < g->n ? &g->list[i + 1] : NULL);
	free(p->number);
	p->number = NULL;
	group_finish(g);
}

bool paper_end(struct paper *p, struct err *err)
{
	if (p->cr) {
		if (p->title)
			cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, p->title);
		end_sheet(p);
		cairo_surface_finish(p->surface);
	}
	cairo_status_t status = p->cr ? cairo_status(p->cr) : CAIRO_STATUS_SUCCESS;
	if (p->cr && status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(p->surface);
	if (p->context)
		g_object_unref(p->context);
	if (p->cr)
		cairo_destroy(p->cr);
	if (p->surface)
		cairo_surface_destroy(p->surface);
	free(p->title);
	free(p->number);
	*p = (struct paper){0};
	return status == CAIRO_STATUS_SUCCESS || err_set(err, ERR_INTERNAL, "it cannot be drawn: %s", cairo_status_to_string(status));
}
