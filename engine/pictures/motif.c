/* Guilloches, punches, QR codes. See face.h. */
#include "pictures/face.h"
#include <math.h>
#include <qrencode.h>
#include <stdio.h>

#define TAU (2 * G_PI)

/* The n-th byte of a hash in hexadecimal, as 0 to 1. */
static double share_at(const char *hash, int n)
{
	unsigned v = 0;
	for (int i = 0; i < 2; i++) {
		char c = hash[2 * (n % 32) + i];
		v = v * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return v / 255.0;
}

/* A smooth curve through points that a function gives for 0 to n. */
struct point {
	double x, y;
};
typedef struct point curve_fn(const void *arg, double t);

static void smooth(cairo_t *cr, curve_fn *f, const void *arg, int n)
{
	struct point p = f(arg, 0);
	cairo_move_to(cr, p.x, p.y);
	for (int i = 0; i < n; i++) {
		/* Catmull-Rom as Bézier: the tangents are those of the chords. */
		struct point a = f(arg, i - 1), b = f(arg, i), c = f(arg, i + 1), d = f(arg, i + 2);
		cairo_curve_to(cr, b.x + (c.x - a.x) / 6, b.y + (c.y - a.y) / 6, c.x - (d.x - b.x) / 6, c.y - (d.y - b.y) / 6, c.x, c.y);
	}
}

struct wave {
	double x, y, width, height, phase, turns, second;
	int n;
};

static struct point on_ribbon(const void *arg, double t)
{
	const struct wave *w = arg;
	double s = t / w->n, swell = 0.8 + 0.2 * sin(TAU * s * 3 + w->second);
	return (struct point){w->x + w->width / 2 + w->width / 2 * swell * sin(TAU * s * w->turns + w->phase), w->y + s * w->height};
}

void motif_ribbon(cairo_t *cr, const char *hash, double x, double y, double width, double height, struct color c)
{
	double turns = 5 + floor(share_at(hash, 0) * 4), second = TAU * share_at(hash, 1);
	cairo_save(cr);
	cairo_set_line_width(cr, 0.35);
	color_set(cr, c, 0.8);
	for (int family = 0; family < 2; family++) {
		for (int i = 0; i < 14; i++) {
			struct wave w = {x, y, width, height, TAU * i / 14, family ? turns : -(turns + 2), second, 110};
			smooth(cr, on_ribbon, &w, w.n);
			cairo_stroke(cr);
		}
	}
	cairo_restore(cr);
}

struct ring {
	double x, y, middle, swing, phase, lobes, second, lobes_second;
	int n;
};

static struct point on_ring(const void *arg, double t)
{
	const struct ring *r = arg;
	double a = TAU * t / r->n;
	double radius = r->middle + r->swing * sin(r->lobes * a + r->phase) * (0.7 + 0.3 * cos(r->lobes_second * a + r->second));
	return (struct point){r->x + radius * cos(a), r->y + radius * sin(a)};
}

void motif_ring(cairo_t *cr, const char *hash, double x, double y, double inner, double outer, int curves, struct color c, double alpha)
{
	double lobes = 16 + floor(share_at(hash, 2) * 9), second = 3 + floor(share_at(hash, 3) * 4);
	cairo_save(cr);
	color_set(cr, c, alpha);
	for (int i = 0; i < curves; i++) {
		struct ring r = {
		    x, y, (inner + outer) / 2, (outer - inner) / 2, TAU * i / curves, lobes, TAU * share_at(hash, 4), second, (int)lobes * 6};
		smooth(cr, on_ring, &r, r.n);
		cairo_close_path(cr);
		cairo_stroke(cr);
	}
	cairo_restore(cr);
}

/* ---- Punches ---- */

static void outline_octagon(cairo_t *cr, double x, double y, double w, double h)
{
	double cut = h * 0.24;
	cairo_move_to(cr, x + cut, y);
	cairo_line_to(cr, x + w - cut, y);
	cairo_line_to(cr, x + w, y + cut);
	cairo_line_to(cr, x + w, y + h - cut);
	cairo_line_to(cr, x + w - cut, y + h);
	cairo_line_to(cr, x + cut, y + h);
	cairo_line_to(cr, x, y + h - cut);
	cairo_line_to(cr, x, y + cut);
	cairo_close_path(cr);
}

static void outline_shield(cairo_t *cr, double x, double y, double w, double h)
{
	cairo_move_to(cr, x, y);
	cairo_line_to(cr, x + w, y);
	cairo_line_to(cr, x + w, y + h * 0.55);
	cairo_curve_to(cr, x + w, y + h * 0.82, x + w * 0.7, y + h * 0.94, x + w / 2, y + h);
	cairo_curve_to(cr, x + w * 0.3, y + h * 0.94, x, y + h * 0.82, x, y + h * 0.55);
	cairo_close_path(cr);
}

static void outline_barrel(cairo_t *cr, double x, double y, double w, double h)
{
	double r = h / 2;
	cairo_new_sub_path(cr);
	cairo_arc(cr, x + r, y + r, r, TAU / 4, 3 * TAU / 4);
	cairo_arc(cr, x + w - r, y + r, r, -TAU / 4, TAU / 4);
	cairo_close_path(cr);
}

/* The first letters of the issuer's first words, at most two. */
static char *initials(const char *name)
{
	GString *s = g_string_new(NULL);
	int n = 0;
	bool begins = true;
	for (const char *p = name; *p && n < 2; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);
		if (g_unichar_isalnum(c) && begins) {
			g_string_append_unichar(s, g_unichar_toupper(c));
			n++;
		}
		begins = !g_unichar_isalnum(c) && !g_unichar_ismark(c) && c != '\'' && c != 0x2019;
	}
	return g_string_free(s, FALSE);
}

enum shape { SHIELD, OCTAGON, BARREL };

/* Struck into the metal: filled, the letters left out. */
static void punch(struct face *f, double x, double y, double w, double h, enum shape shape, const char *letters)
{
	struct text style = {.family = SANS, .weight = 700, .size = h * 0.4, .color = f->background};
	if (shape == SHIELD)
		outline_shield(f->cr, x, y, w, h);
	else if (shape == OCTAGON)
		outline_octagon(f->cr, x, y, w, h);
	else
		outline_barrel(f->cr, x, y, w, h);
	color_set(f->cr, f->accent, 1);
	cairo_fill(f->cr);
	text_center(f->cr, x + w / 2, y + h / 2 - (shape == SHIELD ? h * 0.05 : 0), w * 0.76, &style, letters);
}

void motif_punches(struct face *f, enum punches where, double x, double y, double size, bool with_score)
{
	const struct claims *c = f->claims;
	char *letters = initials(c->issuer);
	const char *const marks[] = {letters, with_score && c->total.text ? c->total.text : "", c->year};
	double widths[] = {size, size * 1.6, size * 1.6}, gap = size * 0.2, width = -gap;
	for (int i = 0; i < 3; i++)
		width += *marks[i] ? widths[i] + gap : 0;
	x -= where == PUNCHES_END ? width : width / 2;
	for (int i = 0; i < 3; i++) {
		if (!*marks[i])
			continue;
		punch(f, x, y, widths[i], i == 0 ? size * 1.1 : size, (enum shape)i, marks[i]);
		x += widths[i] + gap;
	}
	g_free(letters);
}

/* ---- QR ---- */

bool motif_qr(cairo_t *cr, const char *text, double x, double y, double size)
{
	QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
	if (!code)
		return false;
	const int quiet = 4;
	double module = size / (code->width + 2 * quiet);
	cairo_save(cr);
	cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_rectangle(cr, x, y, size, size);
	cairo_fill(cr);
	cairo_set_source_rgb(cr, 0, 0, 0);
	for (int row = 0; row < code->width; row++) {
		for (int from = 0; from < code->width; from++) {
			int to = from;
			while (to < code->width && (code->data[row * code->width + to] & 1))
				to++;
			if (to > from)
				cairo_rectangle(cr, x + (from + quiet) * module, y + (row + quiet) * module, (to - from) * module, module);
			from = to > from ? to : from;
		}
	}
	cairo_fill(cr);
	cairo_restore(cr);
	QRcode_free(code);
	return true;
}
