/* A string view: bytes that belong to somebody else, not terminated. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t len;
};

#define STR(literal) ((struct str){("" literal ""), sizeof(literal) - 1})
#define STR_ARG(s) (int)(s).len, (s).p /* for "%.*s" */

static inline struct str str_of(const char *s)
{
	return (struct str){s, s ? strlen(s) : 0};
}
static inline bool str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}
static inline bool str_is(struct str a, const char *b)
{
	return str_eq(a, str_of(b));
}
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
bool str_eq_nocase(struct str a, struct str b);           /* ASCII only */
struct str str_trim(struct str s);                        /* without ASCII white space at both ends */
struct str str_sub(struct str s, size_t from, size_t to); /* clamped */
/* Cuts the next line off *rest (without its \n or \r\n); false at the end. */
bool str_next_line(struct str *rest, struct str *ret_line);
/* Cuts up to the next `sep` off *rest; false when *rest is used up. */
bool str_next_field(struct str *rest, char sep, struct str *ret_field);
char *str_dup(struct str s);
/* A whole decimal number within [min, max] and nothing else. */
bool str_to_i64(struct str s, int64_t min, int64_t max, int64_t *ret);
/* A finite decimal number (sign, point, exponent) and nothing else; locale-free. */
bool str_to_double(struct str s, double *ret);
/* Valid UTF-8 without surrogates, overlong forms or NUL. On failure *ret_at (may be NULL) is the offset of the first bad byte. */
bool str_is_utf8(struct str s, size_t *ret_at);
/* Lower-case a-z 0-9 and single '-', from any title; at most max bytes; never empty ("x"). */
char *str_slug(struct str s, size_t max);
/* a-z, 0-9 and '-', starting with a letter or digit, 1 to 64 bytes. */
bool str_is_id(struct str s);
/* Levenshtein distance of bytes, up to `max` (then max + 1): for "did you mean". */
size_t str_distance(struct str a, struct str b, size_t max);
