/* String views. See str.h. */
#include "base/str.h"
#include "base/mem.h"
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}
static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_starts(struct str s, const char *prefix)
{
	size_t n = strlen(prefix);
	return s.len >= n && memcmp(s.p, prefix, n) == 0;
}

bool str_ends(struct str s, const char *suffix)
{
	size_t n = strlen(suffix);
	return s.len >= n && memcmp(s.p + s.len - n, suffix, n) == 0;
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

struct str str_trim(struct str s)
{
	while (s.len && is_space(s.p[0])) {
		s.p++;
		s.len--;
	}
	while (s.len && is_space(s.p[s.len - 1]))
		s.len--;
	return s;
}

struct str str_sub(struct str s, size_t from, size_t to)
{
	if (to > s.len)
		to = s.len;
	if (from > to)
		from = to;
	return (struct str){s.p + from, to - from};
}

bool str_next_line(struct str *rest, struct str *ret_line)
{
	if (!rest->len)
		return false;
	const char *nl = memchr(rest->p, '\n', rest->len);
	size_t len = nl ? (size_t)(nl - rest->p) : rest->len;
	size_t used = nl ? len + 1 : len;
	struct str line = {rest->p, len};
	if (nl && line.len && line.p[line.len - 1] == '\r')
		line.len--;
	rest->p += used;
	rest->len -= used;
	*ret_line = line;
	return true;
}

bool str_next_field(struct str *rest, char sep, struct str *ret_field)
{
	if (!rest->p)
		return false;
	const char *at = rest->len ? memchr(rest->p, sep, rest->len) : NULL;
	if (at) {
		*ret_field = (struct str){rest->p, (size_t)(at - rest->p)};
		rest->len -= ret_field->len + 1;
		rest->p = at + 1;
	} else {
		*ret_field = *rest;
		*rest = (struct str){NULL, 0};
	}
	return true;
}

char *str_dup(struct str s)
{
	return xstrndup(s.len ? s.p : "", s.len);
}

bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *ret)
{
	size_t i = s.len && s.p[0] == '-' ? 1 : 0;
	bool negative = i == 1;
	if (i == s.len)
		return false;
	int64_t v = 0;
	for (; i < s.len; i++) {
		if (!is_digit(s.p[i]))
			return false;
		int digit = s.p[i] - '0';
		if (__builtin_mul_overflow(v, INT64_C(10), &v) || __builtin_sub_overflow(v, (int64_t)digit, &v))
			return false; /* kept negative: its range is the larger one */
	}
	if (!negative && __builtin_sub_overflow(INT64_C(0), v, &v))
		return false;
	if (v < min || v > max)
		return false;
	*ret = v;
	return true;
}

static size_t skip_digits(struct str s, size_t i)
{
	while (i < s.len && is_digit(s.p[i]))
		i++;
	return i;
}

/* [+-] digits [. digits] [e [+-] digits], with a digit somewhere before the exponent. */
static bool is_decimal(struct str s)
{
	size_t i = s.len && (s.p[0] == '-' || s.p[0] == '+') ? 1 : 0;
	size_t whole = skip_digits(s, i);
	size_t digits = whole - i;
	i = whole;
	if (i < s.len && s.p[i] == '.') {
		size_t end = skip_digits(s, i + 1);
		digits += end - i - 1;
		i = end;
	}
	if (!digits)
		return false;
	if (i < s.len && (s.p[i] == 'e' || s.p[i] == 'E')) {
		i++;
		if (i < s.len && (s.p[i] == '-' || s.p[i] == '+'))
			i++;
		size_t end = skip_digits(s, i);
		if (end == i)
			return false;
		i = end;
	}
	return i == s.len;
}

bool str_to_double(struct str s, double *ret)
{
	char text[128];
	if (s.len == 0 || s.len >= sizeof text || !is_decimal(s))
		return false;
	memcpy(text, s.p, s.len);
	text[s.len] = 0;
	double v = strtod(text, NULL); /* the program never calls setlocale: "C" */
	if (!isfinite(v))
		return false;
	*ret = v;
	return true;
}

/* Length of the valid UTF-8 sequence at p, or 0. Unicode 15, table 3-7. */
static size_t utf8_length(const unsigned char *p, size_t left)
{
	if (p[0] < 0x80)
		return p[0] != 0;
	size_t n = p[0] >= 0xc2 && p[0] <= 0xdf ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 : p[0] >= 0xf0 && p[0] <= 0xf4 ? 4 : 0;
	if (n == 0 || n > left)
		return 0;
	unsigned char lo = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
	unsigned char hi = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
	if (p[1] < lo || p[1] > hi)
		return 0;
	for (size_t i = 2; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* How many bytes from p on are ASCII without NUL, in whole words of eight: most text is. */
static size_t ascii_run(const unsigned char *p, size_t left)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	size_t i = 0;
	for (uint64_t word; left - i >= sizeof word; i += sizeof word) {
		memcpy(&word, p + i, sizeof word);
		if ((word | (word - ones)) & tops)
			break;
	}
	return i;
}

bool str_is_utf8(struct str s, size_t *ret_at)
{
	const unsigned char *p = (const unsigned char *)s.p;
	for (size_t i = 0; i < s.len;) {
		i += ascii_run(p + i, s.len - i);
		if (i == s.len)
			break;
		size_t n = utf8_length(p + i, s.len - i);
		if (n == 0) {
			if (ret_at)
				*ret_at = i;
			return false;
		}
		i += n;
	}
	return true;
}

char *str_slug(struct str s, size_t max)
{
	char *slug = xmalloc(max + 2);
	size_t n = 0;
	for (size_t i = 0; i < s.len && n < max; i++) {
		char c = lower(s.p[i]);
		if ((c >= 'a' && c <= 'z') || is_digit(c))
			slug[n++] = c;
		else if (n && slug[n - 1] != '-')
			slug[n++] = '-';
	}
	while (n && slug[n - 1] == '-')
		n--;
	if (n == 0)
		slug[n++] = 'x';
	slug[n] = 0;
	return slug;
}

bool str_is_id(struct str s)
{
	if (s.len == 0 || s.len > 64 || s.p[0] == '-')
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || is_digit(s.p[i]) || s.p[i] == '-'))
			return false;
	return true;
}

size_t str_distance(struct str a, struct str b, size_t max)
{
	size_t row[65];
	if (a.len > 64 || b.len > 64)
		return str_eq(a, b) ? 0 : max + 1;
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t change = diagonal + (a.p[i - 1] != b.p[j - 1]);
			size_t gap = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			diagonal = row[j];
			row[j] = change < gap ? change : gap;
		}
	}
	return row[b.len] > max ? max + 1 : row[b.len];
}
