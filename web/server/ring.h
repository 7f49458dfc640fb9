/* The last bytes of a stream, at most RING_MAX of them. A byte has a position, counted from the stream's beginning, so that readers keep
 * one number each; a ring that holds little takes little memory. */
#pragma once
#include "base/str.h"
#include <stdint.h>

#define RING_MAX (256 * 1024)

struct ring {
	char *p;
	size_t cap;          /* a power of two, or 0 */
	uint64_t start, end; /* positions of what is held */
};

void ring_finish(struct ring *r);
void ring_clear(struct ring *r); /* forgets the bytes; positions go on */
/* Appends; the oldest bytes make place. */
void ring_add(struct ring *r, const void *bytes, size_t len);
/* The bytes from `at` on, as far as they lie in one piece; `at` must be within [start, end]. */
struct str ring_from(const struct ring *r, uint64_t at);
/* Where reading may begin without the rest of a line, of a character or of a control sequence: after the first line end if something is
 * missing before it. */
uint64_t ring_clean_start(const struct ring *r);
