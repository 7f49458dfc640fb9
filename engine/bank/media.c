/* Raster pictures: type and size from their first bytes. See media.h. */
#include "bank/media.h"
#include "base/mem.h"

static unsigned be16(const unsigned char *p)
{
	return (unsigned)p[0] << 8 | p[1];
}
static unsigned be32(const unsigned char *p)
{
	return be16(p) << 16 | be16(p + 2);
}
static unsigned le16(const unsigned char *p)
{
	return (unsigned)p[1] << 8 | p[0];
}
static unsigned le24(const unsigned char *p)
{
	return (unsigned)p[2] << 16 | le16(p);
}

/* PNG (ISO/IEC 15948, 11.2.2): the IHDR chunk comes first. */
static bool inspect_png(const unsigned char *p, size_t len, struct media_info *ret)
{
	if (len < 33 || memcmp(p + 12, "IHDR", 4) != 0)
		return false;
	*ret = (struct media_info){"image/png", "png", (int)(be32(p + 16) & INT32_MAX), (int)(be32(p + 20) & INT32_MAX)};
	return true;
}

static bool inspect_gif(const unsigned char *p, size_t len, struct media_info *ret)
{
	if (len < 13)
		return false;
	*ret = (struct media_info){"image/gif", "gif", (int)le16(p + 6), (int)le16(p + 8)};
	return true;
}

/* JPEG (ITU T.81, B.1): segments up to the first start of frame. */
static bool inspect_jpeg(const unsigned char *p, size_t len, struct media_info *ret)
{
	size_t at = 2;
	while (at + 9 <= len && p[at] == 0xff) {
		unsigned char marker = p[at + 1];
		if (marker == 0xff) {
			at++;
			continue;
		}
		bool frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
		if (frame) {
			*ret = (struct media_info){"image/jpeg", "jpg", (int)be16(p + at + 7), (int)be16(p + at + 5)};
			return true;
		}
		if (marker == 0xda || marker == 0xd9)
			return false;
		at += 2 + be16(p + at + 2);
	}
	return false;
}

/* WebP: lossy (RFC 6386, 9.1), lossless and extended (RFC 9649). */
static bool inspect_webp(const unsigned char *p, size_t len, struct media_info *ret)
{
	if (len < 30)
		return false;
	*ret = (struct media_info){"image/webp", "webp", 0, 0};
	if (memcmp(p + 12, "VP8 ", 4) == 0) {
		ret->width = (int)(le16(p + 26) & 0x3fff);
		ret->height = (int)(le16(p + 28) & 0x3fff);
	} else if (memcmp(p + 12, "VP8L", 4) == 0) {
		ret->width = (int)(1 + ((p[21] | (unsigned)p[22] << 8) & 0x3fff));
		ret->height = (int)(1 + ((p[22] >> 6 | (unsigned)p[23] << 2 | (unsigned)p[24] << 10) & 0x3fff));
	} else if (memcmp(p + 12, "VP8X", 4) == 0) {
		ret->width = (int)(1 + le24(p + 24));
		ret->height = (int)(1 + le24(p + 27));
	}
	return true;
}

bool media_inspect(struct str bytes, struct media_info *ret, struct err *err)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	struct media_info info = {0};
	bool ok;
	if (str_starts(bytes, "\x89PNG\r\n\x1a\n"))
		ok = inspect_png(p, bytes.len, &info);
	else if (str_starts(bytes, "GIF87a") || str_starts(bytes, "GIF89a"))
		ok = inspect_gif(p, bytes.len, &info);
	else if (str_starts(bytes, "\xff\xd8\xff"))
		ok = inspect_jpeg(p, bytes.len, &info);
	else if (str_starts(bytes, "RIFF") && bytes.len > 12 && memcmp(p + 8, "WEBP", 4) == 0)
		ok = inspect_webp(p, bytes.len, &info);
	else {
		info = (struct media_info){"image/svg+xml", "svg", 0, 0};
		if (!svg_inspect(bytes, &info.width, &info.height, err))
			return false;
		ok = true;
	}
	if (!ok || info.width < 1 || info.height < 1)
		return err_set(err, ERR_INVALID, "the picture is cut off or damaged: it has no size");
	if (info.width > MEDIA_SIDE_MAX || info.height > MEDIA_SIDE_MAX)
		return err_set(err, ERR_INVALID, "the picture is %d × %d pixels; at most %d a side", info.width, info.height, MEDIA_SIDE_MAX);
	*ret = info;
	return true;
}

const char *media_mime(const char *extension)
{
	static const char *const table[][2] = {
	    {"png", "image/png"}, {"jpg", "image/jpeg"}, {"gif", "image/gif"}, {"webp", "image/webp"}, {"svg", "image/svg+xml"}};
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (strcmp(extension, table[i][0]) == 0)
			return table[i][1];
	return NULL;
}
