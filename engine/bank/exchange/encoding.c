/* Encodings of text files, by iconv. See encoding.h. */
#include "bank/exchange/encoding.h"
#include "base/mem.h"
#include <errno.h>
#include <iconv.h>

static bool convert(struct buf *bytes, size_t skip, const char *from, struct err *err)
{
	iconv_t cd = iconv_open("UTF-8", from);
	if (cd == (iconv_t)-1)
		return err_set(err, ERR_UNSUPPORTED, "this system cannot read %s", from);
	struct buf out = BUF(bytes->max * 3);
	char *in = bytes->p + skip, block[8192];
	size_t left = bytes->len - skip;
	bool ok = true;
	while (ok && left) {
		char *to = block;
		size_t room = sizeof block;
		size_t rc = iconv(cd, &in, &left, &to, &room);
		buf_add(&out, block, sizeof block - room);
		if (rc != (size_t)-1 || errno == E2BIG)
			continue;
		if (errno == EILSEQ && from[0] == 'W') { /* the five bytes that Windows-1252 has no character for */
			buf_adds(&out, "\xef\xbf\xbd");
			in++;
			left--;
		} else {
			ok = err_set(err, ERR_INVALID, "the text is not valid %s at byte %zu", from, bytes->len - left);
		}
	}
	iconv_close(cd);
	ok = ok && buf_check(&out, "the text", err);
	if (!ok) {
		buf_finish(&out);
		return false;
	}
	buf_finish(bytes);
	*bytes = out;
	return true;
}

/* UTF-16 without a mark: nearly all of one half of the bytes are zero. */
static const char *zeros(const struct buf *b)
{
	size_t even = 0, odd = 0, n = b->len > 4096 ? 4096 : b->len & ~(size_t)1;
	for (size_t i = 0; i < n; i++)
		if (!b->p[i])
			*(i % 2 ? &odd : &even) += 1;
	if (n < 8 || even + odd == 0)
		return NULL;
	return odd > n / 4 && even < n / 40 ? "UTF-16LE" : even > n / 4 && odd < n / 40 ? "UTF-16BE" : NULL;
}

/* In place: \r\n and \r become \n; what is no text becomes a space. */
static void clean(struct buf *b)
{
	size_t n = 0;
	for (size_t i = 0; i < b->len; i++) {
		unsigned char c = (unsigned char)b->p[i];
		if (c == '\r') {
			if (i + 1 < b->len && b->p[i + 1] == '\n')
				continue;
			c = '\n';
		} else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
			c = ' ';
		} else if (c == 0xee && i + 2 < b->len && (unsigned char)b->p[i + 1] == 0x80 && (unsigned char)b->p[i + 2] <= 0x82) {
			i += 2;
			c = ' ';
		}
		b->p[n++] = (char)c;
	}
	b->len = n;
	if (b->p)
		b->p[n] = 0;
}

bool encoding_to_utf8(struct buf *bytes, const char **ret_name, struct err *err)
{
	struct str s = buf_str(bytes);
	const char *name = "UTF-8", *found = zeros(bytes);
	size_t skip = 0, bad;
	if (str_starts(s, "\xef\xbb\xbf"))
		skip = 3;
	else if (str_starts(s, "\xff\xfe"))
		name = "UTF-16LE", skip = 2;
	else if (str_starts(s, "\xfe\xff"))
		name = "UTF-16BE", skip = 2;
	else if (found)
		name = found;
	else if (memchr(s.p, 0, s.len))
		return err_set(err, ERR_INVALID, "this is not text");
	else if (!str_is_utf8(s, NULL))
		name = "WINDOWS-1252";
	if (strcmp(name, "UTF-8") != 0) {
		if (!convert(bytes, skip, name, err))
			return false;
	} else if (!str_is_utf8(str_sub(s, skip, s.len), &bad)) {
		return err_set(err, ERR_INVALID, "the text begins as UTF-8 and is not valid at byte %zu", bad + skip);
	} else if (skip) {
		memmove(bytes->p, bytes->p + skip, bytes->len - skip + 1);
		bytes->len -= skip;
	}
	clean(bytes);
	*ret_name = name;
	return true;
}
