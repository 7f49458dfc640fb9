/* Shades, and the word across a specimen. See face.h. */
#include "pictures/face.h"
#include <math.h>

#define READABLE (COLOR_CONTRAST_AA + 0.1)

struct color color_mix(struct color a, struct color b, double t)
{
	return (struct color){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

void color_set(cairo_t *cr, struct color c, double alpha)
{
	cairo_set_source_rgba(cr, c.r, c.g, c.b, alpha);
}

void face_shades(struct face *f)
{
	double t = 0.42;
	while (t > 0 && color_contrast(color_mix(f->ink, f->background, t), f->background) < READABLE)
		t -= 0.02;
	f->muted = color_mix(f->ink, f->background, fmax(t, 0));
	f->faint = color_mix(f->ink, f->background, 0.8);
}

void face_specimen(struct face *f)
{
	struct text style = {.family = SANS, .weight = 700, .size = f->width * 0.13, .spacing = 0.08, .color = f->accent};
	double width, height = text_measure(f->cr, &style, "SPECIMEN", &width);
	cairo_save(f->cr);
	cairo_translate(f->cr, f->width / 2, f->height / 2);
	cairo_rotate(f->cr, -atan2(f->height, f->width) * 0.8);
	cairo_push_group(f->cr);
	text_draw(f->cr, -width / 2, -height / 2, &style, "SPECIMEN");
	cairo_pop_group_to_source(f->cr);
	cairo_paint_with_alpha(f->cr, 0.22);
	cairo_restore(f->cr);
}
