/* Pictures by hand, small: what the tests of baking bake into. */
#pragma once
#include "base/buf.h"
#include <stdio.h>
#include <zlib.h>

static inline void fixture_chunk(struct buf *b, const char *type, struct str data)
{
	const unsigned n = (unsigned)data.len;
	const unsigned char len[] = {(unsigned char)(n >> 24), (unsigned char)(n >> 16), (unsigned char)(n >> 8), (unsigned char)n};
	buf_add(b, len, 4);
	size_t start = b->len;
	buf_adds(b, type);
	buf_addv(b, data);
	unsigned long crc = crc32(0, (const Bytef *)b->p + start, (uInt)(b->len - start));
	const unsigned char sum[] = {(unsigned char)(crc >> 24), (unsigned char)(crc >> 16), (unsigned char)(crc >> 8), (unsigned char)crc};
	buf_add(b, sum, 4);
}

/* One grey pixel, with an extra chunk behind IHDR unless type is NULL. */
static inline void fixture_png(struct buf *b, const char *type, struct str data)
{
	buf_adds(b, "\x89PNG\r\n\x1a\n");
	fixture_chunk(b, "IHDR", (struct str){"\0\0\0\1\0\0\0\1\x08\0\0\0\0", 13});
	if (type)
		fixture_chunk(b, type, data);
	fixture_chunk(b, "IDAT", (struct str){"\x78\x9c\x63\x68\x00\x00\x00\x82\x00\x81", 10});
	fixture_chunk(b, "IEND", (struct str){"", 0});
}

#define FIXTURE_SVG                                                                                                                   \
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"><g><path d=\"M0 " \
	"0\"/></g></svg>\n"

/* One empty page, written as cairo writes. */
static inline void fixture_pdf(struct buf *b)
{
	static const char *const objects[] = {
	    "<< /Type /Pages\n   /Kids [ 2 0 R ]\n   /Count 1\n>>",
	    "<< /Type /Page\n   /Parent 1 0 R\n   /MediaBox [ 0 0 100 100 ]\n   /Resources << >>\n>>",
	    "<< /Producer (by hand)\n>>",
	    "<< /Type /Catalog\n   /Pages 1 0 R\n>>",
	};
	size_t offsets[4];
	buf_adds(b, "%PDF-1.5\n%\xb5\xed\xae\xfb\n");
	for (int i = 0; i < 4; i++) {
		offsets[i] = b->len;
		buf_addf(b, "%d 0 obj\n%s\nendobj\n", i + 1, objects[i]);
	}
	size_t start = b->len;
	buf_adds(b, "xref\n0 5\n0000000000 65535 f \n");
	for (int i = 0; i < 4; i++)
		buf_addf(b, "%010zu 00000 n \n", offsets[i]);
	buf_addf(b, "trailer\n<< /Size 5\n   /Root 4 0 R\n   /Info 3 0 R\n>>\nstartxref\n%zu\n%%%%EOF\n", start);
}
