/* The list of files of a signed bank: refused whole, or it is its own canonical text. */
#include "bank/release.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_release_ struct release r = {0};
	_cleanup_buf_ struct buf again = BUF(RELEASE_SIZE_MAX);
	struct str text = {(const char *)data, size};
	struct err err;
	if (!release_parse(text, &r, &err)) {
		if (r.bank || r.n)
			abort();
		return 0;
	}
	release_print(&r, &again);
	if (!str_eq(buf_str(&again), text))
		abort();
	for (size_t i = 0; i < r.n; i++)
		if (r.files[i].path[0] == '/' || strncmp(r.files[i].path, "../", 3) == 0 || strstr(r.files[i].path, "/../"))
			abort();
	return 0;
}
