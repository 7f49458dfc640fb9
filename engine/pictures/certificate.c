/* The certificate: one page, landscape. On the left who has shown what and who says so, on the right what was measured and how sure that
 * is; a guilloche along the edge, punches in the corner as on silver. */
#include "pictures/face.h"
#include <math.h>

#define RIBBON 50.0 /* width, at the left edge */
#define MARGIN 46.0
#define PANEL 218.0 /* width of the column at the right */
#define GUTTER 40.0
#define QR_SIZE 92.0

struct column {
	struct face *f;
	double x, y, width;
};

static double put(struct column *c, const struct text *style, const char *s)
{
	struct text t = *style;
	t.width = c->width;
	double height = text_draw(c->f->cr, c->x, c->y, &t, s);
	c->y += height;
	return height;
}

/* A small heading of its own colour. */
static void heading(struct column *c, const char *s)
{
	put(c, &(struct text){.family = SANS, .weight = 600, .size = 7, .spacing = 0.03, .color = c->f->accent}, s);
}

static void rule(const struct face *f, double x, double y, double width)
{
	color_set(f->cr, f->faint, 1);
	cairo_set_line_width(f->cr, 0.5);
	cairo_move_to(f->cr, x, y);
	cairo_line_to(f->cr, x + width, y);
	cairo_stroke(f->cr);
}

/* ---- The panel: what was measured ---- */

static double at_share(const struct measure *m, double value)
{
	return fmin(fmax((value - m->min) / (m->max - m->min), 0), 1);
}

/* A bar for a value on its scale, with the reach of its error as a whisker and the cut as a notch. */
static void bar(const struct face *f, double x, double y, double width, double height, const struct measure *m, const double *cut)
{
	cairo_t *cr = f->cr;
	double middle = y + height / 2, end = x + width * at_share(m, m->value);
	color_set(cr, f->faint, 0.7);
	cairo_rectangle(cr, x, y, width, height);
	cairo_fill(cr);
	color_set(cr, f->accent, 1);
	cairo_rectangle(cr, x, y, end - x, height);
	cairo_fill(cr);
	color_set(cr, f->ink, 1);
	if (m->has_error) {
		double from = x + width * at_share(m, m->value - m->error), to = x + width * at_share(m, m->value + m->error);
		cairo_set_line_width(cr, 0.7);
		cairo_move_to(cr, from, middle);
		cairo_line_to(cr, to, middle);
		cairo_move_to(cr, from, middle - height * 0.9);
		cairo_line_to(cr, from, middle + height * 0.9);
		cairo_move_to(cr, to, middle - height * 0.9);
		cairo_line_to(cr, to, middle + height * 0.9);
		cairo_stroke(cr);
	}
	if (cut) {
		double c = x + width * at_share(m, *cut);
		cairo_move_to(cr, c, y - 1.5);
		cairo_line_to(cr, c - 2.4, y - 5.5);
		cairo_line_to(cr, c + 2.4, y - 5.5);
		cairo_close_path(cr);
		cairo_fill(cr);
	}
}

/* Two texts on one line, the second at the right edge. */
static double pair(struct column *c, const char *left, const char *right, double size, bool strong)
{
	const struct face *f = c->f;
	double width = 0;
	struct text value = {.family = SANS, .weight = 600, .size = size, .color = f->ink};
	text_measure(f->cr, &value, right, &width);
	struct text label = {.family = SANS,
	                     .weight = strong ? 600 : 400,
	                     .size = size,
	                     .color = f->ink,
	                     .width = c->width - width - 10,
	                     .lines = 1,
	                     .size_min = size * 0.86};
	double height = text_draw(f->cr, c->x, c->y, &label, left);
	text_draw(f->cr, c->x + c->width - width, c->y, &value, right);
	c->y += height;
	return height;
}

static void score(struct column *c)
{
	struct face *f = c->f;
	const struct claims *cl = f->claims;
	const struct text small = {.family = SANS, .size = 7.6, .color = f->muted, .leading = 1.25};
	double width = 0;
	if (!cl->total.text) {
		c->y += 4;
		put(c, &(struct text){.family = SERIF, .weight = 500, .size = 34, .color = f->ink}, "Passed");
		c->y += 2;
		put(c, &small,
		    cl->n_domains ? "Passed or not passed: this exam reports its areas, and no total."
		                  : "Passed or not passed: this exam reports no numbers.");
		return;
	}
	struct text large = {.family = SERIF, .weight = 500, .size = 46, .color = f->ink};
	double height = text_measure(f->cr, &large, cl->total.text, &width);
	c->y += 3;
	text_draw(f->cr, c->x, c->y, &large, cl->total.text);
	if (cl->error_text) {
		_cleanup_free_ char *error = xasprintf("\u00b1\u2009%s", cl->error_text);
		struct text t = {.family = SERIF, .size = 22, .color = f->muted};
		double error_height = text_measure(f->cr, &t, error, NULL);
		text_draw(f->cr, c->x + width + 9, c->y + (height - error_height) * 0.72, &t, error);
	}
	c->y += height - 2;
	if (cl->total.has_scale) {
		c->y += cl->has_cut ? 7 : 2;
		bar(f, c->x, c->y, c->width, 5, &cl->total, cl->has_cut ? &cl->cut : NULL);
		c->y += 11;
	}
	_cleanup_buf_ struct buf b = BUF(1000);
	if (cl->range_text)
		buf_addf(&b, "On a scale of %s. ", cl->range_text);
	if (cl->cut_text)
		buf_addf(&b, "%s is needed to pass. ", cl->cut_text);
	if (cl->chance)
		buf_addf(&b, "The chance that the true score is that high is %s.", cl->chance);
	if (b.len)
		put(c, &small, b.p);
}

struct rows {
	double height, size, thick;
};

static void row(struct column *c, const struct rows *rows, const struct measure *m, const char *name, bool strong)
{
	double top = c->y, height = pair(c, name, m->text ? m->text : "", rows->size, strong);
	if (m->has_scale && rows->height > height + rows->thick)
		bar(c->f, c->x, top + height + fmin(2.4, (rows->height - height - rows->thick) / 2), c->width, rows->thick, m, NULL);
	c->y = top + rows->height;
}

/* Down to `bottom` at most: rows come closer, then the bars go. */
static void domains(struct column *c, double bottom)
{
	const struct claims *cl = c->f->claims;
	int by_hand = (cl->by_hand.text != NULL) + (cl->by_hand_score.text != NULL), more = cl->n_domains_left_out > 0;
	int n = (int)cl->n_domains + by_hand + more;
	if (n == 0)
		return;
	c->y += 13;
	rule(c->f, c->x, c->y, c->width);
	c->y += 9;
	double height = fmin(21, (bottom - c->y - (by_hand ? 5 : 0)) / n);
	const struct rows rows = {height, height > 17 ? 7.8 : height > 14 ? 7.2 : 6.6, height > 17 ? 3 : 2.2};
	for (size_t i = 0; i < cl->n_domains; i++)
		row(c, &rows, &cl->domains[i], cl->domains[i].name, false);
	if (more) {
		_cleanup_free_ char *text = xasprintf("%zu", cl->n_domains_left_out);
		row(c, &rows, &(struct measure){.text = text}, "Further areas, in the credential", false);
	}
	c->y += by_hand && cl->n_domains ? 5 : 0;
	if (cl->by_hand.text)
		row(c, &rows, &cl->by_hand, "Done by hand: share of the exam", true);
	if (cl->by_hand_score.text)
		row(c, &rows, &cl->by_hand_score, "Done by hand: points reached", true);
}

static void check_box(struct face *f, double x, double bottom, double width)
{
	double y = bottom - QR_SIZE;
	struct column c = {f, x + QR_SIZE + 12, y + 8, width - QR_SIZE - 12};
	bool web = str_starts(str_of(f->link), "https://") || str_starts(str_of(f->link), "http://");
	bool linked = web && !strpbrk(f->link, "'\\");
	_cleanup_free_ char *attributes = xasprintf("uri='%s'", linked ? f->link : "");
	if (linked)
		cairo_tag_begin(f->cr, CAIRO_TAG_LINK, attributes);
	(void)motif_qr(f->cr, f->link, x, y, QR_SIZE);
	if (linked)
		cairo_tag_end(f->cr, CAIRO_TAG_LINK);
	heading(&c, "CHECK IT YOURSELF");
	c.y += 4;
	put(&c, &(struct text){.family = SANS, .size = 7.2, .color = f->muted, .leading = 1.3, .height = QR_SIZE - 22},
	    web ? "The code leads to this certificate at its issuer. The signed credential itself is attached to the PDF, and is checked "
	          "without asking anybody."
	        : "The code names this certificate and its SHA-256. The signed credential itself is attached to the PDF, and is checked "
	          "without asking anybody.");
}

static void panel(struct face *f)
{
	double x = f->width - MARGIN - PANEL, bottom = f->height - MARGIN;
	struct column c = {f, x, 112, PANEL};
	heading(&c, "WHAT WAS MEASURED");
	score(&c);
	domains(&c, bottom - QR_SIZE - 14);
	check_box(f, x, bottom, PANEL);
}

/* ---- The main column: who, what, by whom ---- */

static void masthead(struct face *f, double x, double width)
{
	struct column c = {f, x, MARGIN, width};
	if (f->logo.width > 0) {
		double w = art_draw(f->cr, &f->logo, x, MARGIN - 4, 150, 36);
		c.x += w + 14;
		c.width -= w + 14;
		c.y += 8;
	}
	put(&c, &(struct text){.family = SANS, .weight = 600, .size = 13, .size_min = 9, .lines = 2, .color = f->ink}, f->claims->issuer);
}

static void holder(struct column *c)
{
	struct face *f = c->f;
	if (f->claims->holder) {
		put(c, &(struct text){.family = SERIF, .weight = 500, .size = 42, .size_min = 20, .lines = 2, .height = 104, .color = f->ink},
		    f->claims->holder);
		return;
	}
	put(c, &(struct text){.family = SERIF, .italic = true, .size = 32, .color = f->ink}, "Holder not named");
	c->y += 3;
	put(c, &(struct text){.family = SANS, .size = 7.8, .color = f->muted, .leading = 1.3, .lines = 2},
	    "Who holds it is kept as a salted hash, which can be compared with what the holder says.");
}

/* Facts side by side, each below its heading. */
static void facts(struct face *f, double x, double y, double width)
{
	const struct claims *cl = f->claims;
	const char *const names[] = {"ISSUED", "VALID UNTIL"}, *const values[] = {cl->awarded, cl->valid_until ? cl->valid_until : "No end"};
	for (int i = 0; i < 2; i++) {
		struct column c = {f, x + i * fmin(150, width / 2), y, fmin(140, width / 2)};
		heading(&c, names[i]);
		c.y += 3;
		put(&c, &(struct text){.family = SERIF, .weight = 500, .size = 14, .lines = 1, .size_min = 10, .color = f->ink}, values[i]);
	}
}

static void signers(struct face *f, double x, double y, double width)
{
	double each = f->n_signers ? fmin(170, width / (double)f->n_signers) : 0;
	for (size_t i = 0; i < f->n_signers; i++) {
		struct column c = {f, x + (double)i * each, y, each - 18};
		art_draw(f->cr, &f->signers[i].signature, c.x, y - 32, c.width, 30);
		rule(f, c.x, y, c.width);
		c.y += 4;
		put(&c, &(struct text){.family = SANS, .weight = 600, .size = 8, .size_min = 6.5, .lines = 1, .color = f->ink}, f->signers[i].name);
		put(&c, &(struct text){.family = SANS, .size = 7.4, .size_min = 6, .lines = 1, .color = f->muted}, f->signers[i].title);
	}
}

static void identity(struct face *f, double x, double bottom, double width)
{
	_cleanup_free_ char *id = xasprintf("Certificate %s\nSHA-256 %s", f->claims->id, f->claims->hash);
	struct text t = {.family = SANS, .size = 6.4, .size_min = 5, .lines = 2, .width = width, .color = f->muted, .leading = 1.35};
	text_draw(f->cr, x, bottom - text_measure(f->cr, &t, id, NULL), &t, id);
}

/* Who has passed what, by which rules; ends above `bottom`. */
static void statement(struct column *c, double bottom)
{
	struct face *f = c->f;
	const struct claims *cl = f->claims;
	heading(c, "CERTIFICATE");
	c->y += 7;
	holder(c);
	c->y += 9;
	put(c, &(struct text){.family = SERIF, .italic = true, .size = 15, .color = f->muted}, "has passed the exam");
	c->y += 6;
	put(c,
	    &(struct text){
	        .family = SERIF, .weight = 500, .size = 28, .size_min = 13, .lines = 3, .height = 92, .leading = 0.95, .color = f->ink},
	    cl->title);
	if (*cl->description && c->y + 36 < bottom) {
		c->y += 9;
		put(c, &(struct text){.family = SANS, .size = 8.8, .color = f->ink, .leading = 1.3, .lines = 3}, cl->description);
	}
	if (*cl->rules && c->y + 45 < bottom) {
		c->y += 14;
		heading(c, "THE RULES");
		c->y += 4;
		put(c, &(struct text){.family = SANS, .size = 7.8, .size_min = 6, .color = f->muted, .leading = 1.3, .height = bottom - c->y},
		    cl->rules);
	}
}

/* From below: identity, signers, dates. What is left above is the statement's, which stands a little above its middle. */
static void main_column(struct face *f)
{
	double x = RIBBON + MARGIN, width = f->width - MARGIN - PANEL - GUTTER - x, bottom = f->height - MARGIN, top = 112;
	double signed_at = bottom - 54, dates_at = f->n_signers ? signed_at - 88 : bottom - 66;
	struct column c = {f, x, top, width};
	masthead(f, x, f->width - MARGIN - 150 - x);
	cairo_save(f->cr); /* once without a trace, to see how high it is */
	cairo_rectangle(f->cr, 0, 0, 0, 0);
	cairo_clip(f->cr);
	statement(&c, dates_at - 18);
	cairo_restore(f->cr);
	c.y = top + fmax(0, dates_at - 18 - c.y) * 0.42;
	statement(&c, dates_at - 18);
	facts(f, x, dates_at, width);
	signers(f, x, signed_at, width);
	identity(f, x, bottom, width);
}

void face_certificate(struct face *f)
{
	color_set(f->cr, f->background, 1);
	cairo_paint(f->cr);                       /* forgets all that was drawn before, tags too */
	cairo_tag_begin(f->cr, "Document", NULL); /* a link needs a structure to stand in */
	motif_ribbon(f->cr, f->claims->hash, 16, 0, RIBBON - 8, f->height, f->accent);
	motif_punches(f, PUNCHES_END, f->width - MARGIN, MARGIN - 4, 24, true);
	main_column(f);
	panel(f);
	if (f->specimen)
		face_specimen(f);
	cairo_tag_end(f->cr, "Document");
}
