/* assay-picture: draws one certificate.
 *
 * Reads a JSON object from stdin up to its end, gives up what it does not need, draws, and writes "+" and the picture, or "-" and a
 * sentence, to stdout. It is a program of its own because cairo, pango, librsvg and the fonts would stay in the server's memory for good,
 * and because fonts and logos are files of others. Equal input gives equal output. The caller is engine/proctor/picture.c. */
#include "pictures/confine.h"
#include "pictures/face.h"
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <unistd.h>

#define INPUT_MAX (8u << 20)
#define OUTPUT_MAX (8u << 20)
#define CREDENTIAL_MAX (1u << 20)
#define ART_MAX (1u << 20)
#define LINK_MAX 1000
#define BADGE_SIZE 600
#define CPU_SECONDS 20
#define POINTS_PER_MM (72 / 25.4)

static const struct format {
	const char *name;
	double width, height;
} formats[] = {
    {"pdf-a4", 297 * POINTS_PER_MM, 210 * POINTS_PER_MM},
    {"pdf-letter", 792, 612},
    {"png", BADGE_SIZE, BADGE_SIZE},
    {"svg", BADGE_SIZE, BADGE_SIZE},
};

/* ---- The request ---- */

static bool read_art(const cJSON *o, const char *key, struct art *ret, struct err *err)
{
	const char *text = "";
	if (!json_opt_str(o, "style", key, ART_MAX * 4 / 3 + 8, &text, err))
		return false;
	size_t max = strlen(text), len = 0;
	_cleanup_free_ char *bytes = xmalloc(max);
	if (sodium_base642bin((unsigned char *)bytes, max, text, strlen(text), NULL, &len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0)
		return err_set(err, ERR_INVALID, "style.%s is not base64", key);
	return art_read((struct str){bytes, len}, ret, err) || err_prefix(err, "the %s", key);
}

static bool read_color(const cJSON *o, const char *key, struct color *ret, struct err *err)
{
	const char *text = NULL;
	if (!json_get_str(o, "style", key, 7, &text, err))
		return false;
	return color_read(text, ret) || err_set(err, ERR_INVALID, "style.%s is not a colour", key);
}

static bool read_signers(const cJSON *style, struct face *f, struct err *err)
{
	const cJSON *list = NULL, *one;
	if (!json_get_array(style, "style", "signers", ARRAY_SIZE(f->signers), &list, err))
		return false;
	cJSON_ArrayForEach(one, list)
	{
		size_t i = f->n_signers;
		if (!json_get_str(one, "signer", "name", 200, &f->signers[i].name, err) ||
		    !json_get_str(one, "signer", "title", 200, &f->signers[i].title, err) ||
		    !read_art(one, "signature", &f->signers[i].signature, err))
			return false;
		f->n_signers++;
	}
	return true;
}

static bool read_style(const cJSON *root, struct face *f, struct err *err)
{
	const cJSON *style = NULL;
	return json_get_object(root, "request", "style", &style, err) && read_color(style, "background", &f->background, err) &&
	       read_color(style, "ink", &f->ink, err) && read_color(style, "accent", &f->accent, err) &&
	       read_art(style, "logo", &f->logo, err) && read_signers(style, f, err);
}

static bool read_format(const cJSON *root, const struct format **ret, struct err *err)
{
	const char *name = NULL;
	if (!json_get_str(root, "request", "format", 20, &name, err))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		if (strcmp(formats[i].name, name) == 0) {
			*ret = &formats[i];
			return true;
		}
	}
	return err_set(err, ERR_INVALID, "there is no format '%s'", name);
}

/* ---- Drawing ---- */

static cairo_status_t add_bytes(void *arg, const unsigned char *p, unsigned len)
{
	buf_add(arg, p, len);
	return CAIRO_STATUS_SUCCESS;
}

static void describe_pdf(cairo_surface_t *s, const struct claims *c)
{
	_cleanup_free_ char *title = c->holder ? xasprintf("%s: %s", c->title, c->holder) : xstrdup(c->title);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_AUTHOR, c->issuer);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_SUBJECT, c->id);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Assay");
	/* The credential's own times: equal credentials give equal files. */
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, c->created);
	cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_MOD_DATE, c->created);
}

static cairo_surface_t *surface_for(const struct format *format, const struct claims *claims, struct buf *out)
{
	if (strcmp(format->name, "png") == 0)
		return cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)format->width, (int)format->height);
	if (strcmp(format->name, "svg") == 0) {
		cairo_surface_t *s = cairo_svg_surface_create_for_stream(add_bytes, out, format->width, format->height);
		cairo_svg_surface_set_document_unit(s, CAIRO_SVG_UNIT_PX);
		return s;
	}
	cairo_surface_t *s = cairo_pdf_surface_create_for_stream(add_bytes, out, format->width, format->height);
	cairo_pdf_surface_restrict_to_version(s, CAIRO_PDF_VERSION_1_4);
	describe_pdf(s, claims);
	return s;
}

/* A title for those who do not see it, right behind the root's start; and the prefix that Open Badges wants there. */
static void finish_svg(const struct claims *c, struct str drawn, struct buf *out)
{
	const char *root = memmem(drawn.p, drawn.len, "<svg ", 5), *end = root ? memchr(root, '>', (size_t)(drawn.p + drawn.len - root)) : NULL;
	_cleanup_free_ char *title =
	    c->holder ? xasprintf("%s: %s, by %s", c->title, c->holder, c->issuer) : xasprintf("%s, by %s", c->title, c->issuer);
	if (!end)
		return buf_addv(out, drawn);
	buf_addv(out, (struct str){drawn.p, (size_t)(root - drawn.p) + 5});
	buf_adds(out, "xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\" role=\"img\" ");
	buf_addv(out, (struct str){root + 5, (size_t)(end - root) - 4});
	buf_adds(out, "\n<title>");
	buf_add_html(out, str_of(title));
	buf_adds(out, "</title>");
	buf_addv(out, (struct str){end + 1, (size_t)(drawn.p + drawn.len - end) - 1});
}

static bool draw(const struct format *format, struct face *f, struct buf *out, struct err *err)
{
	_cleanup_buf_ struct buf drawn = BUF(OUTPUT_MAX);
	bool png = strcmp(format->name, "png") == 0, svg = strcmp(format->name, "svg") == 0;
	cairo_surface_t *surface = surface_for(format, f->claims, &drawn);
	f->width = format->width;
	f->height = format->height;
	f->cr = cairo_create(surface);
	face_shades(f);
	if (png || svg)
		face_badge(f);
	else
		face_certificate(f);
	cairo_show_page(f->cr);
	cairo_status_t status = cairo_status(f->cr);
	cairo_destroy(f->cr);
	if (png && status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_write_to_png_stream(surface, add_bytes, &drawn);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, ERR_INTERNAL, "it cannot be drawn: %s", cairo_status_to_string(status));
	if (svg)
		finish_svg(f->claims, buf_str(&drawn), out);
	else
		buf_addv(out, buf_str(&drawn));
	return buf_check(&drawn, "the picture", err) && buf_check(out, "the picture", err);
}

static bool work(struct str request, struct buf *out, struct err *err)
{
	_cleanup_json_ cJSON *root = NULL;
	const struct format *format = NULL;
	const char *credential = NULL;
	struct claims claims = {0};
	struct face f = {.claims = &claims};
	bool ok = json_parse(request, &root, err) && read_format(root, &format, err) &&
	          json_get_str(root, "request", "credential", CREDENTIAL_MAX, &credential, err) &&
	          json_get_str(root, "request", "link", LINK_MAX, &f.link, err) &&
	          json_opt_bool(root, "request", "specimen", &f.specimen, err) && read_style(root, &f, err) &&
	          claims_read(str_of(credential), &claims, err) && draw(format, &f, out, err);
	claims_finish(&claims);
	art_finish(&f.logo);
	for (size_t i = 0; i < ARRAY_SIZE(f.signers); i++)
		art_finish(&f.signers[i].signature);
	return ok;
}

/* ---- In and out ---- */

static bool write_all(struct str s)
{
	while (s.len) {
		ssize_t n = write(STDOUT_FILENO, s.p, s.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		s = str_sub(s, (size_t)n, s.len);
	}
	return true;
}

int main(int argc, char **argv)
{
	struct buf in = BUF(INPUT_MAX), out = BUF(OUTPUT_MAX + 1);
	struct err err = {0};
	if (argc > 1) {
		fputs("assay-picture draws a certificate for assay; it is not meant to be run by hand.\n",
		      strcmp(argv[1], "--help") == 0 ? stdout : stderr);
		return strcmp(argv[1], "--help") == 0 ? 0 : 2;
	}
	if (!confine(CPU_SECONDS, &err)) {
		fprintf(stderr, "assay-picture: %s\n", err.msg);
		return 3;
	}
	buf_addc(&out, '+');
	if (!buf_read(&in, STDIN_FILENO))
		err_set(&err, ERR_TOO_LARGE, "what is to be drawn is more than %u bytes", INPUT_MAX);
	else if (work(buf_str(&in), &out, &err))
		return write_all(buf_str(&out)) ? 0 : 3;
	buf_finish(&out);
	out = BUF(1024);
	buf_addf(&out, "-%s", err.msg);
	return write_all(buf_str(&out)) ? 1 : 3;
}
