/* Memory: allocation that cannot fail, and ownership that ends with the scope.
 *
 * Sizes that come from outside are bounded where they are read, so running out of memory is not an outcome that callers
 * handle: it aborts. `_cleanup_(f)` runs f at the end of the scope; take_ptr() hands ownership on. */
#pragma once
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f) __attribute__((cleanup(f)))

void *xmalloc(size_t size);
void *xcalloc(size_t n, size_t size); /* zeroed; aborts on overflow of n * size */
void *xrealloc(void *p, size_t n, size_t size);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t len);
char *xasprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Makes room for one more element in an array of `count` elements with capacity *cap; doubles when full. */
void *xgrow(void *p, size_t count, size_t *cap, size_t size);

static inline void free_charp(char **p)
{
	free(*p);
}
static inline void close_fdp(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define _cleanup_free_ _cleanup_(free_charp)
#define _cleanup_close_ _cleanup_(close_fdp)

/* Defines destroy_typep() for _cleanup_ from a destructor that accepts NULL. */
#define DEFINE_CLEANUP(type, destroy)       \
	static inline void destroy##p(type **p) \
	{                                       \
		destroy(*p);                        \
	}

#define take_ptr(p)                       \
	({                                    \
		__typeof__(p) *take_p_ = &(p);    \
		__typeof__(p) take_v_ = *take_p_; \
		*take_p_ = NULL;                  \
		take_v_;                          \
	})
#define take_fd(fd)             \
	({                          \
		int *take_p_ = &(fd);   \
		int take_v_ = *take_p_; \
		*take_p_ = -1;          \
		take_v_;                \
	})
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
