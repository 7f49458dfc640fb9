/* Routes: a method, a space, and the path as a client sends it.
 *
 * What is found must match its pattern again when it is put together from its parameters, and no parameter is empty or cut. */
#include "web/server/internal.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

/* The pattern with its parameters put in. */
static void rebuild(const struct request *rq, struct buf *out)
{
	struct str pattern = str_of(rq->route->path), part;
	size_t n = 0;
	for (bool first = true; str_next_field(&pattern, '/', &part); first = false) {
		if (!first)
			buf_addc(out, '/');
		if (!str_starts(part, "{")) {
			buf_addv(out, part);
			continue;
		}
		require(n < PARAMS_MAX && rq->params[n][0]);
		buf_adds(out, rq->params[n++]);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	char *space = strchr(text, ' ');
	if (!space)
		return 0;
	*space = 0;
	struct request *rq = xcalloc(1, sizeof *rq);
	struct err err = {0};
	if (route_find(rq, text, space + 1, &err)) {
		_cleanup_buf_ struct buf again = BUF(size + 64);
		rebuild(rq, &again);
		require(strcmp(again.p, space + 1) == 0);
	} else {
		require(err.code == ERR_NOT_FOUND || err.code == ERR_METHOD);
	}
	free(rq);
	return 0;
}
