/* Pictures of a bank: recognised by their content, measured from their header. */
#pragma once
#include "base/err.h"
#include "base/str.h"

#define MEDIA_SIZE_MAX (8u << 20)
#define MEDIA_TOTAL_MAX (64u << 20)
#define MEDIA_SIDE_MAX 16384

struct media_info {
	const char *mime, *extension; /* "image/png", "png" */
	int width, height;            /* pixels */
};

/* ERR_INVALID says why the bytes are not a picture that may be shown; an SVG must not hold scripts or refer to anything outside itself. */
MUST_CHECK bool media_inspect(struct str bytes, struct media_info *ret, struct err *err);
/* The mime type for an extension as media_inspect() gives it; NULL for others. */
const char *media_mime(const char *extension);
/* svg.c */
MUST_CHECK bool svg_inspect(struct str bytes, int *ret_width, int *ret_height, struct err *err);
