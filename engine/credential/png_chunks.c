/* PNG: chunks, as in the PNG specification (third edition, section 5); Open Badges 3.0, section 5.3.2.1 says where a credential goes: one
 * uncompressed iTXt chunk with the keyword "openbadgecredential". Ours stands behind IHDR, the seal's behind it. */
#include "base/mem.h"
#include "credential/picture_parts.h"
#include <zlib.h>

#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define SIGNATURE_LEN 8
#define CHUNK_EXTRA 12 /* length, type and CRC */
#define IHDR_END (SIGNATURE_LEN + CHUNK_EXTRA + 13)
#define KEYWORD_CREDENTIAL "openbadgecredential"
#define KEYWORD_SEAL "assaypicture"

static uint32_t get_u32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;
	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static void add_u32(struct buf *b, uint32_t v)
{
	const unsigned char bytes[] = {(unsigned char)(v >> 24), (unsigned char)(v >> 16), (unsigned char)(v >> 8), (unsigned char)v};
	buf_add(b, bytes, sizeof bytes);
}

static uint32_t crc_of(struct str s)
{
	return (uint32_t)crc32(0, (const Bytef *)s.p, (uInt)s.len);
}

struct chunk {
	struct str whole, type, data;
};

/* Cuts the next chunk off. */
static bool next_chunk(struct str *rest, struct chunk *ret, struct err *err)
{
	uint32_t len = rest->len >= CHUNK_EXTRA ? get_u32(rest->p) : 0;
	if (rest->len < CHUNK_EXTRA || len > rest->len - CHUNK_EXTRA)
		return err_set(err, ERR_INVALID, "the PNG is cut off: a chunk goes beyond its end");
	*ret = (struct chunk){str_sub(*rest, 0, (size_t)len + CHUNK_EXTRA), {rest->p + 4, 4}, {rest->p + 8, len}};
	for (int i = 0; i < 4; i++)
		if (!((ret->type.p[i] >= 'a' && ret->type.p[i] <= 'z') || (ret->type.p[i] >= 'A' && ret->type.p[i] <= 'Z')))
			return err_set(err, ERR_INVALID, "the PNG is broken: a chunk's type is not four letters");
	if (crc_of((struct str){ret->type.p, (size_t)len + 4}) != get_u32(ret->data.p + len))
		return err_set(err, ERR_INVALID, "the PNG is broken: the checksum of its chunk %.*s does not match", STR_ARG(ret->type));
	*rest = str_sub(*rest, ret->whole.len, rest->len);
	return true;
}

/* The text of an iTXt chunk behind its keyword: compression flag and method, language, translated keyword, text. */
static bool itxt_text(struct str data, struct buf *out, struct err *err)
{
	if (out->len)
		return err_set(err, ERR_INVALID, "the PNG holds two credentials or two seals");
	if (data.len < 2 || data.p[0] != 0 || data.p[1] != 0)
		return err_set(err, ERR_INVALID, "the credential in the PNG is compressed, which Open Badges does not allow");
	data = str_sub(data, 2, data.len);
	for (int field = 0; field < 2; field++) {
		const char *end = memchr(data.p, 0, data.len);
		if (!end)
			return err_set(err, ERR_INVALID, "the PNG is broken: a text chunk ends too early");
		data = str_sub(data, (size_t)(end - data.p) + 1, data.len);
	}
	if (data.len == 0)
		return err_set(err, ERR_INVALID, "the text of the credential or the seal in the PNG is empty");
	buf_addv(out, data);
	return true;
}

/* Takes a chunk as a part, or as something that was drawn. */
static bool take_chunk(const struct chunk *c, struct parts *ret, struct err *err)
{
	bool itxt = str_is(c->type, "iTXt"), text = itxt || str_is(c->type, "tEXt") || str_is(c->type, "zTXt");
	const char *end = text ? memchr(c->data.p, 0, c->data.len) : NULL;
	struct str keyword = end ? str_sub(c->data, 0, (size_t)(end - c->data.p)) : (struct str){0};
	bool credential = str_is(keyword, KEYWORD_CREDENTIAL), seal = str_is(keyword, KEYWORD_SEAL);
	if (str_is(keyword, "openbadges"))
		return err_set(err, ERR_INVALID, "the PNG holds an assertion of Open Badges 2.0 or earlier, not a credential of 3.0");
	if (!credential && !seal) {
		buf_addv(&ret->drawn, c->whole);
		return true;
	}
	if (!itxt)
		return err_set(err, ERR_INVALID, "the credential in the PNG is in a chunk of type %.*s; Open Badges says iTXt", STR_ARG(c->type));
	return itxt_text(str_sub(c->data, keyword.len + 1, c->data.len), credential ? &ret->credential : &ret->seal, err);
}

bool png_split(struct str file, struct parts *ret, struct err *err)
{
	struct str rest = str_sub(file, SIGNATURE_LEN, file.len);
	struct chunk c = {0};
	if (!str_starts(file, SIGNATURE))
		return err_set(err, ERR_INVALID, "not a PNG");
	buf_add(&ret->drawn, file.p, SIGNATURE_LEN);
	for (bool first = true;; first = false) {
		if (!next_chunk(&rest, &c, err))
			return false;
		if (first != str_is(c.type, "IHDR") || (first && c.data.len != 13))
			return err_set(err, ERR_INVALID, "the PNG is broken: it does not begin with one IHDR chunk");
		if (!take_chunk(&c, ret, err))
			return false;
		if (str_is(c.type, "IEND"))
			break;
	}
	if (rest.len)
		return err_set(err, ERR_INVALID, "the PNG has %zu bytes behind its end", rest.len);
	return true;
}

static void add_itxt(struct buf *out, const char *keyword, struct str text)
{
	size_t start = out->len + 4;
	add_u32(out, (uint32_t)(strlen(keyword) + 5 + text.len));
	buf_adds(out, "iTXt");
	buf_adds(out, keyword);
	buf_add(out, "\0\0\0\0\0", 5);
	buf_addv(out, text);
	if (!out->overflow)
		add_u32(out, crc_of(str_sub(buf_str(out), start, out->len)));
}

bool png_join(struct str drawn, struct str credential, struct str seal, struct buf *out, struct err *err)
{
	if (drawn.len < IHDR_END || !str_starts(drawn, SIGNATURE) || !str_is(str_sub(drawn, 12, 16), "IHDR") || get_u32(drawn.p + 8) != 13)
		return err_set(err, ERR_INVALID, "not a PNG");
	buf_add(out, drawn.p, IHDR_END);
	add_itxt(out, KEYWORD_CREDENTIAL, credential);
	if (seal.len)
		add_itxt(out, KEYWORD_SEAL, seal);
	buf_addv(out, str_sub(drawn, IHDR_END, drawn.len));
	return true;
}
