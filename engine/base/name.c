/* Names of people, compared. See name.h. */
#include "base/name.h"
#include "base/mem.h"
#include "base/str.h"

/* The next code point; a byte where it is not UTF-8. 0 at the end. */
static uint32_t next_code_point(struct str *s)
{
	if (!s->len)
		return 0;
	const unsigned char *p = (const unsigned char *)s->p;
	size_t n = *p < 0xc0 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	n = n <= s->len ? n : 1;
	uint32_t c = n == 1 ? *p : *p & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++)
		c = c << 6 | (p[i] & 0x3f);
	*s = str_sub(*s, n, s->len);
	return c;
}

static bool is_between(uint32_t c, const uint32_t (*ranges)[2], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

static bool is_wide_space(uint32_t c)
{
	static const uint32_t spaces[][2] = {{9, 13},          {' ', ' '},       {0xa0, 0xa0},     {0x2000, 0x200a},
	                                     {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000}};
	return is_between(c, spaces, ARRAY_SIZE(spaces));
}

static bool is_invisible(uint32_t c)
{
	static const uint32_t none[][2] = {{1, 8},           {14, 31},         {0x7f, 0x9f},     {0xad, 0xad},
	                                   {0x34f, 0x34f},   {0x61c, 0x61c},   {0x115f, 0x1160}, {0x180b, 0x180f},
	                                   {0x200b, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
	                                   {0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xe0000, 0xe0fff}};
	return is_between(c, none, ARRAY_SIZE(none));
}

static uint32_t small_letter(uint32_t c)
{
	static const uint32_t capitals[][2] = {{'A', 'Z'}, {0xc0, 0xd6}, {0xd8, 0xde}, {0x391, 0x3a9}, {0x410, 0x42f}};
	if (is_between(c, capitals, ARRAY_SIZE(capitals)))
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	return c >= 0x100 && c <= 0x137 ? c | 1 : c;
}

/* What counts of a name, one at a time; one space between words; 0 at the end. */
static uint32_t next_of_name(struct str *s, bool first)
{
	bool space = false;
	struct str before = *s;
	for (uint32_t c; (c = next_code_point(s)); before = *s) {
		if (is_wide_space(c)) {
			space = true;
			continue;
		}
		if (is_invisible(c))
			continue;
		if (!space || first)
			return small_letter(c);
		*s = before; /* the space now, the letter the next time */
		return ' ';
	}
	return 0;
}

bool name_same(const char *x_name, const char *y_name)
{
	struct str a = str_of(x_name), b = str_of(y_name);
	uint32_t x, y;
	bool first = true;
	do {
		x = next_of_name(&a, first);
		y = next_of_name(&b, first);
		first = false;
	} while (x && x == y);
	return x == y;
}
