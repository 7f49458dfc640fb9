/* Status lists: as they come (the text), and the bytes behind the text, packed here, so that gzip is reached. What is read can be written
 * and read again; no text makes more than the ceiling. */
#include "base/mem.h"
#include "credential/multibase.h"
#include "credential/status.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check(struct str text, int64_t index)
{
	unsigned char *bytes, *again;
	size_t len, again_len;
	unsigned value;
	struct err err;
	_cleanup_buf_ struct buf written = BUF(STATUS_ENCODED_MAX);
	if (!status_decode(text, &bytes, &len, &err)) {
		require(err.code == ERR_INVALID || err.code == ERR_TOO_LARGE);
		return;
	}
	require(len >= STATUS_BITS_MIN / 8 && len <= STATUS_BYTES_MAX);
	for (unsigned width = 0; width <= STATUS_WIDTH_MAX + 1; width++)
		if (status_read(bytes, len, width, index, &value, &err))
			require(width && value < 1u << width && index >= 0 && (uint64_t)index < len * 8 / width);
	if (len < 2 * STATUS_BITS_MIN / 8)
		status_encode(bytes, len, &written);
	if (written.len) {
		require(status_decode(buf_str(&written), &again, &again_len, &err) && again_len == len && memcmp(again, bytes, len) == 0);
		free(again);
	}
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t index = 0;
	_cleanup_buf_ struct buf packed = BUF(STATUS_ENCODED_MAX);
	memcpy(&index, data, size < sizeof index ? size : sizeof index);
	check((struct str){(const char *)data, size}, index);
	if (size < 100000) {
		multibase_base64url(data, size, &packed);
		check(buf_str(&packed), index);
	}
	return 0;
}
