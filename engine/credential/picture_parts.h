/* A picture apart: what was drawn, and what was baked in. One file a format; see png_chunks.c, svg_bake.c, pdf_attach.c. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

struct parts {
	struct buf drawn, credential, seal; /* the seal may be empty */
};

/* Takes a file apart. ERR_INVALID when it is broken, or holds two credentials; an empty credential: none was found. */
MUST_CHECK bool png_split(struct str file, struct parts *ret, struct err *err);
MUST_CHECK bool svg_split(struct str file, struct parts *ret, struct err *err);
MUST_CHECK bool pdf_split(struct str file, struct parts *ret, struct err *err);
/* Puts it together; the same parts give the same bytes. */
MUST_CHECK bool png_join(struct str drawn, struct str credential, struct str seal, struct buf *out, struct err *err);
MUST_CHECK bool svg_join(struct str drawn, struct str credential, struct str seal, struct buf *out, struct err *err);
MUST_CHECK bool pdf_join(struct str drawn, struct str credential, struct str seal, struct buf *out, struct err *err);
