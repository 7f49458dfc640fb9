/* A growing byte buffer with a mandatory ceiling.
 *
 * Appending above the ceiling sets a sticky overflow flag and appends nothing more; callers check once, at the end. The
 * bytes are always followed by a NUL that is not counted. */
#pragma once
#include "base/err.h"
#include "base/str.h"

struct buf {
	char *p;
	size_t len, cap, max;
	bool overflow;
};

#define BUF(size_max) ((struct buf){.max = (size_max)})
void buf_init(struct buf *b, size_t size_max);
void buf_finish(struct buf *b); /* frees the bytes; b may be used again */
#define _cleanup_buf_ __attribute__((cleanup(buf_finish)))

void buf_add(struct buf *b, const void *p, size_t len);
void buf_addc(struct buf *b, char c);
void buf_adds(struct buf *b, const char *s);
void buf_addv(struct buf *b, struct str s);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_add_html(struct buf *b, struct str s); /* with & < > " ' escaped */
void buf_add_json(struct buf *b, struct str s); /* quoted and escaped as RFC 8785 does; the bytes must be valid UTF-8 */
void buf_add_hex(struct buf *b, const void *p, size_t len);
MUST_CHECK bool buf_read(struct buf *b, int fd); /* to its end; false when reading fails, or at the ceiling */
void buf_clear(struct buf *b);
void buf_cut(struct buf *b, size_t len);        /* drops what was appended beyond the first len bytes; an overflow stays */
char *buf_take(struct buf *b, size_t *ret_len); /* the bytes now belong to the caller; ret_len may be NULL; never NULL */
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){b->p ? b->p : "", b->len};
}
MUST_CHECK bool buf_check(const struct buf *b, const char *what, struct err *err); /* ERR_TOO_LARGE after an overflow */
