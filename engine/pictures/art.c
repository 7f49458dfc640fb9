/* Logos and signatures: PNG by cairo, SVG by librsvg, which is given bytes alone and so reads no other file. See face.h. */
#include "pictures/face.h"
#include <librsvg/rsvg.h>
#include <math.h>

#define SIDE_MAX 8192 /* pixels */

static cairo_status_t read_bytes(void *arg, unsigned char *out, unsigned len)
{
	struct str *rest = arg;
	if (len > rest->len)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(out, rest->p, len);
	*rest = str_sub(*rest, len, rest->len);
	return CAIRO_STATUS_SUCCESS;
}

static bool read_vector(struct str bytes, struct art *ret, struct err *err)
{
	GError *wrong = NULL;
	RsvgHandle *handle = rsvg_handle_new_from_data((const guint8 *)bytes.p, bytes.len, &wrong);
	if (!handle) {
		err_set(err, ERR_INVALID, "the SVG cannot be read: %.200s", wrong->message);
		g_error_free(wrong);
		return false;
	}
	double width = 0, height = 0;
	rsvg_handle_set_dpi(handle, 96);
	if (!rsvg_handle_get_intrinsic_size_in_pixels(handle, &width, &height)) {
		gboolean has_box = FALSE, ignored;
		RsvgLength w, h;
		RsvgRectangle box = {0};
		rsvg_handle_get_intrinsic_dimensions(handle, &ignored, &w, &ignored, &h, &has_box, &box);
		width = has_box ? box.width : 100;
		height = has_box ? box.height : 100;
	}
	if (!(width > 0 && height > 0 && width < 1e6 && height < 1e6)) {
		g_object_unref(handle);
		return err_set(err, ERR_INVALID, "the SVG has no size");
	}
	*ret = (struct art){.vector = handle, .width = width, .height = height};
	return true;
}

/* Its size, from the start of its frame (ITU T.81, B.2.2). */
static bool jpeg_size(struct str s, int *ret_width, int *ret_height)
{
	const unsigned char *p = (const unsigned char *)s.p;
	for (size_t at = 2; at + 9 <= s.len && p[at] == 0xff;) {
		unsigned char marker = p[at + 1];
		if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
			*ret_height = p[at + 5] << 8 | p[at + 6];
			*ret_width = p[at + 7] << 8 | p[at + 8];
			return *ret_width > 0 && *ret_height > 0 && *ret_width <= SIDE_MAX && *ret_height <= SIDE_MAX;
		}
		at += marker == 0xff ? 1 : 2 + (size_t)(p[at + 2] << 8 | p[at + 3]);
	}
	return false;
}

bool art_read_jpeg(struct str bytes, struct art *ret, struct err *err)
{
	int width = 0, height = 0;
	if (!jpeg_size(bytes, &width, &height))
		return err_set(err, ERR_INVALID, "the JPEG is damaged, or larger than %d by %d pixels", SIDE_MAX, SIDE_MAX);
	/* Never unpacked: the surface is only as large as it. */
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	unsigned char *copy = xmalloc(bytes.len);
	memcpy(copy, bytes.p, bytes.len);
	if (cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, copy, bytes.len, free, copy) != CAIRO_STATUS_SUCCESS) {
		free(copy);
		cairo_surface_destroy(surface);
		return err_set(err, ERR_INVALID, "the JPEG cannot be read");
	}
	*ret = (struct art){.raster = surface, .width = width, .height = height};
	return true;
}

bool art_read(struct str bytes, struct art *ret, struct err *err)
{
	*ret = (struct art){0};
	if (bytes.len == 0)
		return true;
	if (!str_starts(bytes, "\x89PNG"))
		return read_vector(bytes, ret, err);
	/* Its size before it is unpacked. */
	const unsigned char *u = (const unsigned char *)bytes.p;
	if (bytes.len < 24 || u[16] || u[17] || u[20] || u[21] || (unsigned)u[18] * 256 + u[19] > SIDE_MAX ||
	    (unsigned)u[22] * 256 + u[23] > SIDE_MAX)
		return err_set(err, ERR_TOO_LARGE, "the PNG is cut off, or larger than %d by %d pixels", SIDE_MAX, SIDE_MAX);
	struct str rest = bytes;
	cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_bytes, &rest);
	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(surface);
		return err_set(err, ERR_INVALID, "the PNG cannot be read");
	}
	*ret =
	    (struct art){.raster = surface, .width = cairo_image_surface_get_width(surface), .height = cairo_image_surface_get_height(surface)};
	return true;
}

void art_finish(struct art *a)
{
	if (a->raster)
		cairo_surface_destroy(a->raster);
	if (a->vector)
		g_object_unref(a->vector);
	*a = (struct art){0};
}

double art_draw(cairo_t *cr, const struct art *a, double x, double y, double width, double height)
{
	if (a->width <= 0)
		return 0;
	double scale = fmin(width / a->width, height / a->height), w = a->width * scale, h = a->height * scale;
	cairo_save(cr);
	cairo_translate(cr, x, y + height - h);
	if (a->raster) {
		cairo_scale(cr, scale, scale);
		cairo_set_source_surface(cr, a->raster, 0, 0);
		cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BEST);
		cairo_paint(cr);
	} else {
		RsvgRectangle box = {0, 0, w, h};
		(void)rsvg_handle_render_document(a->vector, cr, &box, NULL);
	}
	cairo_restore(cr);
	return w;
}
