/* Where questions stand in a file: whatever the text is, they stand in order, follow each other without a gap, and lie in it. */
#include "bank/bank.h"
#include "bank/outline.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check(const struct outline *o, struct str text)
{
	size_t at = 0;
	int line = 0;
	for (size_t i = 0; i < o->n; i++) {
		const struct outline_entry *e = &o->list[i];
		require(e->from < e->to && e->to <= text.len && (i ? e->from == at : e->from >= at));
		require(e->line > line && e->end_line >= e->line);
		require(str_is_id(str_of(e->id)) && *e->title && str_is_utf8(str_of(e->title), NULL));
		require(!e->own_id.p || (e->own_id.p >= text.p && e->own_id.p + e->own_id.len <= text.p + text.len));
		require(!e->own_id.p || str_is(e->own_id, e->id));
		at = e->to;
		line = e->end_line;
	}
	require(!o->n || at == text.len);
	require(!o->alone || o->n <= 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	_cleanup_outline_ struct outline o = {0};
	if (!str_is_utf8(text, NULL))
		return 0;
	outline_read("questions/A File.md", text, &o);
	check(&o, text);
	return 0;
}
