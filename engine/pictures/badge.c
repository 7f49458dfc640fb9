/* The badge: a medal with a guilloche as its rim, transparent around it; its title is readable at 128 pixels. */
#include "pictures/face.h"
#include <math.h>

/* Parts of the side. */
#define RING_OUTER 0.49
#define RING_INNER 0.40
#define TEXT_WIDTH 0.6

struct line {
	struct text style;
	const char *s;
	double before; /* room above, in sides */
};

static void stack(struct face *f, const struct line *lines, size_t n, double middle)
{
	double height = 0, side = f->width, y;
	for (size_t i = 0; i < n; i++)
		height += lines[i].before * side + text_measure(f->cr, &lines[i].style, lines[i].s, NULL);
	y = middle - height / 2;
	for (size_t i = 0; i < n; i++) {
		y += lines[i].before * side;
		y += text_draw(f->cr, (side - lines[i].style.width) / 2, y, &lines[i].style, lines[i].s);
	}
}

static void medal(struct face *f)
{
	double side = f->width, c = side / 2;
	cairo_arc(f->cr, c, c, side * RING_OUTER, 0, 2 * G_PI);
	color_set(f->cr, f->background, 1);
	cairo_fill(f->cr);
	cairo_set_line_width(f->cr, side * 0.0011);
	motif_ring(f->cr, f->claims->hash, c, c, side * RING_INNER, side * (RING_OUTER - 0.01), 8, f->accent, 0.85);
	cairo_set_line_width(f->cr, side * 0.006);
	color_set(f->cr, f->accent, 1);
	cairo_arc(f->cr, c, c, side * (RING_OUTER - 0.003), 0, 2 * G_PI);
	cairo_stroke(f->cr);
	cairo_set_line_width(f->cr, side * 0.003);
	cairo_arc(f->cr, c, c, side * (RING_INNER - 0.008), 0, 2 * G_PI);
	cairo_stroke(f->cr);
}

void face_badge(struct face *f)
{
	const struct claims *cl = f->claims;
	double side = f->width, width = side * TEXT_WIDTH;
	medal(f);
	struct text small = {.family = SANS,
	                     .weight = 600,
	                     .size = side * 0.027,
	                     .size_min = side * 0.018,
	                     .lines = 2,
	                     .width = width * 0.86,
	                     .align = ALIGN_CENTER,
	                     .color = f->accent};
	struct text title = {.family = SERIF,
	                     .weight = 600,
	                     .size = side * 0.082,
	                     .size_min = side * 0.036,
	                     .lines = 4,
	                     .height = side * 0.25,
	                     .width = width,
	                     .leading = 0.92,
	                     .align = ALIGN_CENTER,
	                     .color = f->ink};
	struct text figure = {
	    .family = SERIF, .weight = 500, .size = side * 0.07, .width = width, .lines = 1, .align = ALIGN_CENTER, .color = f->ink};
	struct text fine = {.family = SANS,
	                    .size = side * 0.023,
	                    .size_min = side * 0.018,
	                    .lines = 1,
	                    .width = width * 0.8,
	                    .align = ALIGN_CENTER,
	                    .color = f->muted};
	struct text name = {.family = SERIF,
	                    .italic = true,
	                    .size = side * 0.042,
	                    .size_min = side * 0.026,
	                    .lines = 1,
	                    .width = width,
	                    .align = ALIGN_CENTER,
	                    .color = f->ink};
	_cleanup_free_ char *figures = cl->total.text && cl->error_text ? xasprintf("%s \u00b1\u2009%s", cl->total.text, cl->error_text)
	                                                                : xstrdup(cl->total.text ? cl->total.text : "Passed");
	_cleanup_free_ char *dates = cl->valid_until ? xasprintf("valid until %s", cl->valid_until) : xasprintf("issued %s", cl->awarded);
	struct line lines[5] = {{small, cl->issuer, 0}};
	size_t n = 1;
	lines[n++] = (struct line){title, cl->title, 0.018};
	if (cl->holder)
		lines[n++] = (struct line){name, cl->holder, 0.012};
	lines[n++] = (struct line){figure, figures, 0.01};
	lines[n++] = (struct line){fine, dates, 0.008};
	stack(f, lines, n, side * 0.465);
	motif_punches(f, PUNCHES_MIDDLE, side / 2, side * 0.765, side * 0.05, false);
	if (f->specimen)
		face_specimen(f);
}
