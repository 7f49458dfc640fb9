/* A growing byte buffer with a ceiling. See buf.h. */
#include "base/buf.h"
#include "base/mem.h"
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void buf_init(struct buf *b, size_t size_max)
{
	*b = BUF(size_max);
}

void buf_finish(struct buf *b)
{
	free(b->p);
	*b = BUF(b->max);
}

/* Room for `more` bytes and a NUL; false above the ceiling. */
static bool reserve(struct buf *b, size_t more)
{
	if (b->overflow || more > b->max - b->len) {
		b->overflow = true;
		return false;
	}
	size_t wanted = b->len + more + 1;
	if (wanted > b->cap) {
		size_t cap = b->cap ? b->cap : 64;
		while (cap < wanted)
			cap *= 2;
		if (cap > b->max + 1)
			cap = b->max + 1;
		b->p = xrealloc(b->p, cap, 1);
		b->cap = cap;
	}
	return true;
}

void buf_add(struct buf *b, const void *p, size_t len)
{
	if (!reserve(b, len))
		return;
	if (len)
		memcpy(b->p + b->len, p, len);
	b->len += len;
	b->p[b->len] = 0;
}

void buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}
void buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}
void buf_addv(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.len);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	char small[256];
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(small, sizeof small, fmt, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < sizeof small) {
		buf_add(b, small, (size_t)n);
	} else if (n >= 0 && reserve(b, (size_t)n)) {
		vsnprintf(b->p + b->len, (size_t)n + 1, fmt, again);
		b->len += (size_t)n;
	}
	va_end(again);
}

void buf_add_html(struct buf *b, struct str s)
{
	size_t from = 0;
	for (size_t i = 0; i < s.len; i++) {
		const char *e = s.p[i] == '&'    ? "&amp;"
		                : s.p[i] == '<'  ? "&lt;"
		                : s.p[i] == '>'  ? "&gt;"
		                : s.p[i] == '"'  ? "&quot;"
		                : s.p[i] == '\'' ? "&#39;"
		                                 : NULL;
		if (!e)
			continue;
		buf_add(b, s.p + from, i - from);
		buf_adds(b, e);
		from = i + 1;
	}
	buf_add(b, s.p + from, s.len - from);
}

void buf_add_json(struct buf *b, struct str s)
{
	buf_addc(b, '"');
	size_t from = 0;
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		buf_add(b, s.p + from, i - from);
		from = i + 1;
		const char *short_forms = "\b\t\n\f\r\"\\", *letters = "btnfr\"\\";
		const char *at = c ? strchr(short_forms, c) : NULL;
		if (at)
			buf_addf(b, "\\%c", letters[at - short_forms]);
		else
			buf_addf(b, "\\u%04x", c);
	}
	buf_add(b, s.p + from, s.len - from);
	buf_addc(b, '"');
}

void buf_add_hex(struct buf *b, const void *p, size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *bytes = p;
	for (size_t i = 0; i < len; i++) {
		char pair[2] = {digits[bytes[i] >> 4], digits[bytes[i] & 15]};
		buf_add(b, pair, 2);
	}
}

void buf_cut(struct buf *b, size_t len)
{
	if (len < b->len) {
		b->len = len;
		b->p[len] = 0;
	}
}

bool buf_read(struct buf *b, int fd)
{
	char block[16384];
	for (;;) {
		ssize_t n = read(fd, block, sizeof block);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n == 0 && !b->overflow;
		buf_add(b, block, (size_t)n);
		if (b->overflow)
			return false;
	}
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->overflow = false;
	if (b->p)
		b->p[0] = 0;
}

char *buf_take(struct buf *b, size_t *ret_len)
{
	char *p = b->p ? b->p : xstrdup("");
	if (ret_len)
		*ret_len = b->len;
	*b = BUF(b->max);
	return p;
}

bool buf_check(const struct buf *b, const char *what, struct err *err)
{
	return b->overflow ? err_set(err, ERR_TOO_LARGE, "%s is larger than %zu bytes", what, b->max) : true;
}
