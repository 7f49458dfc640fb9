/* Text by pango: any script, fonts found by fontconfig. See face.h. */
#include "pictures/face.h"
#include <math.h>

/* What script/setup installs; scripts that none of these has are found by fontconfig. */
const char *const text_families[] = {
    [SERIF] = "EB Garamond 12, EB Garamond, Noto Serif, Noto Naskh Arabic, Noto Serif Hebrew, Noto Serif Devanagari, Noto Serif Bengali, "
              "Noto Serif Tamil, Noto Serif Thai, Noto Serif Georgian, Noto Serif Armenian, Noto Serif Ethiopic, Noto Serif Khmer, "
              "Noto Serif Sinhala, WenQuanYi Micro Hei, serif",
    [SANS] =
        "Inter, Noto Sans, Noto Sans Arabic, Noto Sans Hebrew, Noto Sans Devanagari, Noto Sans Bengali, Noto Sans Tamil, Noto Sans Thai, "
        "Noto Sans Georgian, Noto Sans Armenian, WenQuanYi Micro Hei, sans-serif",
    [MONO] = "Noto Sans Mono, DejaVu Sans Mono, WenQuanYi Micro Hei Mono, monospace",
};

static void set_font(PangoLayout *layout, const struct text *t, double size)
{
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family(font, text_families[t->family]);
	pango_font_description_set_weight(font, (PangoWeight)(t->weight ? t->weight : 400));
	pango_font_description_set_style(font, t->italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	PangoAttrList *attributes = pango_attr_list_new();
	if (t->spacing != 0)
		pango_attr_list_insert(attributes, pango_attr_letter_spacing_new((int)(t->spacing * size * PANGO_SCALE)));
	/* Lining figures of one width: numbers stand below each other. */
	pango_attr_list_insert(attributes, pango_attr_font_features_new("lnum=1, tnum=1"));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
	if (t->leading > 0)
		pango_layout_set_line_spacing(layout, (float)t->leading);
}

/* Start and end are sides of the page here, for pango they are sides of the script. */
static PangoAlignment alignment(enum align align, PangoLayout *layout)
{
	bool rtl = pango_layout_get_direction(layout, 0) == PANGO_DIRECTION_RTL;
	if (align == ALIGN_CENTER)
		return PANGO_ALIGN_CENTER;
	return (align == ALIGN_END) != rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

static double height_of(PangoLayout *layout)
{
	PangoRectangle box;
	pango_layout_get_extents(layout, NULL, &box);
	return (double)box.height / PANGO_SCALE;
}

/* Whether a word had to be cut in two: lines should end at spaces, and scripts without spaces are not counted. */
static bool cuts_words(PangoLayout *layout, const char *s)
{
	for (GSList *l = pango_layout_get_lines_readonly(layout); l && l->next; l = l->next) {
		const PangoLayoutLine *line = l->data;
		const char *end = s + line->start_index + line->length;
		if (end > s && *end && (unsigned char)end[-1] < 0x80 && (unsigned char)*end < 0x80 && end[-1] != ' ' && *end != ' ' &&
		    end[-1] != '-')
			return true;
	}
	return false;
}

static bool fits(PangoLayout *layout, const struct text *t, const char *s)
{
	return (t->lines == 0 || pango_layout_get_line_count(layout) <= t->lines) && (t->height == 0 || height_of(layout) <= t->height) &&
	       !cuts_words(layout, s);
}

static PangoLayout *lay_out(cairo_t *cr, const struct text *t, const char *s)
{
	PangoLayout *layout = pango_cairo_create_layout(cr);
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(pango_layout_get_context(layout), options);
	cairo_font_options_destroy(options);
	pango_cairo_context_set_resolution(pango_layout_get_context(layout), 72);
	pango_layout_set_text(layout, s, -1);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(layout, alignment(t->align, layout));
	if (t->width > 0)
		pango_layout_set_width(layout, (int)(t->width * PANGO_SCALE));
	double size = t->size;
	set_font(layout, t, size);
	while (t->size_min > 0 && size > t->size_min && !fits(layout, t, s)) {
		size = fmax(size * 0.96, t->size_min);
		set_font(layout, t, size);
	}
	if ((t->lines || t->height > 0) && t->width > 0) {
		pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
		pango_layout_set_height(layout, t->lines ? -t->lines : (int)(t->height * PANGO_SCALE));
	}
	return layout;
}

double text_draw(cairo_t *cr, double x, double y, const struct text *t, const char *s)
{
	PangoLayout *layout = lay_out(cr, t, s);
	double height = height_of(layout);
	cairo_save(cr);
	/* Marks piled upon each other end where other text begins. */
	cairo_rectangle(cr, x - t->size, y - t->size * 0.6, t->width > 0 ? t->width + 2 * t->size : 1e4, height + t->size * 1.2);
	cairo_clip(cr);
	cairo_move_to(cr, x, y);
	color_set(cr, t->color, 1);
	pango_cairo_show_layout(cr, layout);
	cairo_restore(cr);
	cairo_new_path(cr);
	g_object_unref(layout);
	return height;
}

double text_measure(cairo_t *cr, const struct text *t, const char *s, double *ret_width)
{
	PangoLayout *layout = lay_out(cr, t, s);
	PangoRectangle box;
	pango_layout_get_extents(layout, NULL, &box);
	g_object_unref(layout);
	if (ret_width)
		*ret_width = (double)box.width / PANGO_SCALE;
	return (double)box.height / PANGO_SCALE;
}

void text_center(cairo_t *cr, double x, double y, double width, const struct text *style, const char *s)
{
	struct text t = *style;
	PangoRectangle ink, box;
	PangoLayout *layout = lay_out(cr, &t, s);
	pango_layout_get_extents(layout, &ink, &box);
	if ((double)ink.width / PANGO_SCALE > width) {
		t.size *= width * PANGO_SCALE / ink.width;
		set_font(layout, &t, t.size);
		pango_layout_get_extents(layout, &ink, &box);
	}
	cairo_move_to(cr, x - (ink.x + ink.width / 2.0) / PANGO_SCALE, y - (ink.y + ink.height / 2.0) / PANGO_SCALE);
	color_set(cr, t.color, 1);
	pango_cairo_show_layout(cr, layout);
	cairo_new_path(cr);
	g_object_unref(layout);
}
