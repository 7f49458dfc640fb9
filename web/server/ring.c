/* See ring.h. */
#include "ring.h"
#include "base/mem.h"

#define CAP_FIRST 4096
#define CLEAN_LOOK 8192

void ring_finish(struct ring *r)
{
	free(r->p);
	*r = (struct ring){0};
}

void ring_clear(struct ring *r)
{
	free(r->p);
	*r = (struct ring){.start = r->end, .end = r->end};
}

struct str ring_from(const struct ring *r, uint64_t at)
{
	if (at == r->end)
		return (struct str){"", 0};
	size_t offset = (size_t)(at & (r->cap - 1)), len = (size_t)(r->end - at);
	return (struct str){r->p + offset, len < r->cap - offset ? len : r->cap - offset};
}

static void grow(struct ring *r, size_t wanted)
{
	struct ring bigger = {.cap = r->cap ? r->cap : CAP_FIRST, .start = r->start, .end = r->start};
	while (bigger.cap < wanted && bigger.cap < RING_MAX)
		bigger.cap *= 2;
	if (bigger.cap == r->cap)
		return;
	bigger.p = xmalloc(bigger.cap);
	while (bigger.end < r->end) {
		struct str piece = ring_from(r, bigger.end);
		ring_add(&bigger, piece.p, piece.len);
	}
	free(r->p);
	*r = bigger;
}

void ring_add(struct ring *r, const void *bytes, size_t len)
{
	const char *from = bytes;
	if (len == 0)
		return;
	if ((size_t)(r->end - r->start) + len > r->cap)
		grow(r, (size_t)(r->end - r->start) + len);
	if (len > r->cap) { /* only its end stays */
		r->end += len - r->cap;
		from += len - r->cap;
		len = r->cap;
	}
	size_t offset = (size_t)(r->end & (r->cap - 1));
	size_t first = len < r->cap - offset ? len : r->cap - offset;
	memcpy(r->p + offset, from, first);
	memcpy(r->p, from + first, len - first);
	r->end += len;
	if (r->end - r->start > r->cap)
		r->start = r->end - r->cap;
}

uint64_t ring_clean_start(const struct ring *r)
{
	if (r->start == 0 || r->end - r->start < r->cap)
		return r->start;
	for (uint64_t at = r->start; at < r->end && at < r->start + CLEAN_LOOK; at++)
		if (r->p[at & (r->cap - 1)] == '\n')
			return at + 1;
	return r->start;
}
