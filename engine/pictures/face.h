/* What the faces of a certificate share: colours, text, motifs, pictures of the issuer. Lengths are points (PDF) or pixels. */
#pragma once
#include "credential/picture_color.h"
#include "pictures/claims.h"
#include <pango/pangocairo.h>

/* A logo or a signature: a PNG or an SVG. */
struct art {
	cairo_surface_t *raster;
	struct _RsvgHandle *vector;
	double width, height; /* of its own; 0: there is none */
};

struct face {
	cairo_t *cr;
	const struct claims *claims;
	const char *link; /* what the QR code says */
	double width, height;
	struct color background, ink, accent, muted, faint; /* muted: for text; faint: for lines */
	struct art logo;
	struct {
		const char *name, *title;
		struct art signature;
	} signers[3];
	size_t n_signers;
	bool specimen;
};

void face_certificate(struct face *f); /* one page, landscape */
void face_badge(struct face *f);       /* a square */

/* ---- Colours (face.c) ---- */

struct color color_mix(struct color a, struct color b, double share_of_b);
void color_set(cairo_t *cr, struct color c, double alpha);
/* Muted and faint from ink and background. */
void face_shades(struct face *f);
void face_specimen(struct face *f);

/* ---- Text (text.c) ---- */

enum family { SERIF, SANS, MONO };
extern const char *const text_families[]; /* as fontconfig is asked for them */
enum align { ALIGN_START, ALIGN_CENTER, ALIGN_END };
struct text {
	enum family family;
	int weight; /* 400 to 700 */
	bool italic;
	double size, size_min; /* shrinks until it fits; size_min 0: does not shrink */
	double width;          /* 0: as wide as it gets */
	int lines;             /* at most; 0: any number */
	double height;         /* at most; 0: any */
	double spacing;        /* between letters, in ems */
	double leading;        /* of a line, in sizes; 0: the font's */
	enum align align;      /* on the page, whatever the script */
	struct color color;
};
/* Draws with its upper edge at y and gives its height. Text is plain; a text in any script has its words in order. */
double text_draw(cairo_t *cr, double x, double y, const struct text *style, const char *s);
/* The same without drawing; *ret_width may be NULL. */
double text_measure(cairo_t *cr, const struct text *style, const char *s, double *ret_width);

/* One line with the middle of its ink at the point; shrinks to width. */
void text_center(cairo_t *cr, double x, double y, double width, const struct text *style, const char *s);

/* ---- Motifs (motif.c) ---- */

/* A guilloche as on banknotes, its waves drawn from the certificate's hash: a ribbon, and a ring. */
void motif_ribbon(cairo_t *cr, const char *hash, double x, double y, double width, double height, struct color c);
void motif_ring(cairo_t *cr, const char *hash, double x, double y, double inner, double outer, int curves, struct color c, double alpha);
/* A row of punches as on silver: who assayed, how fine (unless the score is left out), in which year. Its right edge or its middle is at x.
 */
enum punches { PUNCHES_END, PUNCHES_MIDDLE };
void motif_punches(struct face *f, enum punches where, double x, double y, double size, bool with_score);
/* ERR_TOO_LARGE when the text does not fit. The quiet zone is within size. */
bool motif_qr(cairo_t *cr, const char *text, double x, double y, double size);

/* ---- The issuer's pictures (art.c) ---- */

MUST_CHECK bool art_read(struct str bytes, struct art *ret, struct err *err); /* empty bytes: none */
/* A JPEG, which goes as it is into a PDF and nowhere else. */
MUST_CHECK bool art_read_jpeg(struct str bytes, struct art *ret, struct err *err);
void art_finish(struct art *a);
/* Scaled into the box, at its left or centre, bottom aligned; gives its width. */
double art_draw(cairo_t *cr, const struct art *a, double x, double y, double width, double height);
