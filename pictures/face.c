/* Colours. See face.h. */
#include "pictures/face.h"
#include <math.h>
#include <stdio.h>

#define READABLE 4.6 /* WCAG asks for 4.5 */

bool color_read(const char *hex, struct color *ret)
{
	unsigned v[3];
	if (strlen(hex) != 7 || hex[0] != '#')
		return false;
	for (int i = 0; i < 3; i++) {
		const char digits[] = "0123456789abcdef", *high = strchr(digits, hex[1 + 2 * i] | 0x20),
		           *low = strchr(digits, hex[2 + 2 * i] | 0x20);
		if (!high || !low)
			return false;
		v[i] = (unsigned)(high - digits) * 16 + (unsigned)(low - digits);
	}
	*ret = (struct color){v[0] / 255.0, v[1] / 255.0, v[2] / 255.0};
	return true;
}

struct color color_mix(struct color a, struct color b, double t)
{
	return (struct color){a.r + (b.r - a.r) * t, a.g + (b.g - a.g) * t, a.b + (b.b - a.b) * t};
}

static double linear(double v)
{
	return v <= 0.04045 ? v / 12.92 : pow((v + 0.055) / 1.055, 2.4);
}

double color_contrast(struct color a, struct color b)
{
	double la = 0.2126 * linear(a.r) + 0.7152 * linear(a.g) + 0.0722 * linear(a.b);
	double lb = 0.2126 * linear(b.r) + 0.7152 * linear(b.g) + 0.0722 * linear(b.b);
	return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
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
