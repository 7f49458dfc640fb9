/* Texts that a grader says. See say.h. */
#include "graders/client/say.h"
#include "base/buf.h"

#define REPLACEMENT "\xef\xbf\xbd"

/* The length of the well-formed character at the front (Unicode, table 3-7), and its number; 0: there is none. */
static size_t character(struct str s, uint32_t *ret)
{
	unsigned char c = (unsigned char)s.p[0];
	size_t n = c < 0x80 ? 1 : c >= 0xc2 && c < 0xe0 ? 2 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xf0 && c < 0xf5 ? 4 : 0;
	if (n == 0 || n > s.len)
		return 0;
	uint32_t v = n == 1 ? c : c & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			return 0;
		v = v << 6 | ((unsigned char)s.p[i] & 0x3f);
	}
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	*ret = v;
	return v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000) ? 0 : n;
}

static bool shown(uint32_t c)
{
	if (c == '\n' || c == '\t')
		return true;
	return c >= 0x20 && !(c >= 0x7f && c < 0xa0) && !(c >= 0x202a && c <= 0x202e) && !(c >= 0x2066 && c <= 0x2069) && c != 0x200e &&
	       c != 0x200f && c != 0x2028 && c != 0x2029 && c != 0xfeff;
}

char *grade_say(struct str text, size_t len_max)
{
	struct buf out = BUF(len_max);
	while (text.len) {
		uint32_t c = 0;
		size_t n = character(text, &c);
		struct str one = n && shown(c) ? str_sub(text, 0, n) : STR(REPLACEMENT);
		if (out.len + one.len > len_max)
			break;
		buf_addv(&out, one);
		text = str_sub(text, n ? n : 1, text.len);
	}
	return buf_take(&out, NULL);
}
