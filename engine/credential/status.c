/* Bitstring Status Lists. See status.h. */
#include "credential/status.h"
#include "base/mem.h"
#include "credential/multibase.h"
#include <assert.h>
#include <zlib.h>

#define GZIP 16 /* added to the window's bits: gzip rather than zlib */
#define GZIP_OS_UNKNOWN 255
#define BLOCK 16384

void status_encode(const unsigned char *bytes, size_t len, struct buf *out)
{
	z_stream z = {0};
	gz_header header = {.os = GZIP_OS_UNKNOWN}; /* no time, no name: the same bits give the same text */
	assert(len >= STATUS_BITS_MIN / 8 && len <= STATUS_BYTES_MAX);
	int rc = deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, MAX_WBITS + GZIP, 8, Z_DEFAULT_STRATEGY);
	if (rc == Z_OK)
		rc = deflateSetHeader(&z, &header);
	assert(rc == Z_OK);
	size_t size = deflateBound(&z, (unsigned long)len);
	_cleanup_free_ char *packed = xmalloc(size);
	z.next_in = (unsigned char *)(uintptr_t)bytes;
	z.avail_in = (unsigned)len;
	z.next_out = (unsigned char *)packed;
	z.avail_out = (unsigned)size;
	rc = deflate(&z, Z_FINISH);
	assert(rc == Z_STREAM_END);
	multibase_base64url(packed, z.total_out, out);
	deflateEnd(&z);
}

/* Unpacks one gzip member that takes all of `packed`, into at most STATUS_BYTES_MAX bytes; the buffer grows with what comes. */
static bool unpack(struct str packed, struct buf *out, struct err *err)
{
	unsigned char block[BLOCK];
	z_stream z = {.next_in = (unsigned char *)(uintptr_t)packed.p, .avail_in = (unsigned)packed.len};
	if (inflateInit2(&z, MAX_WBITS + GZIP) != Z_OK)
		return err_set(err, ERR_INTERNAL, "zlib did not start");
	int rc = Z_OK;
	while (rc == Z_OK && !out->overflow) {
		z.next_out = block;
		z.avail_out = sizeof block;
		rc = inflate(&z, Z_NO_FLUSH);
		buf_add(out, block, sizeof block - z.avail_out);
	}
	size_t left = z.avail_in;
	inflateEnd(&z);
	if (out->overflow)
		return err_set(err, ERR_TOO_LARGE, "a status list unpacks to more than %u bytes", STATUS_BYTES_MAX);
	if (rc != Z_STREAM_END)
		return err_set(err, ERR_INVALID, "a status list is not whole gzip data");
	return left == 0 || err_set(err, ERR_INVALID, "a status list has %zu bytes behind its gzip data", left);
}

bool status_decode(struct str encoded, unsigned char **ret, size_t *ret_len, struct err *err)
{
	if (encoded.len > STATUS_ENCODED_MAX)
		return err_set(err, ERR_TOO_LARGE, "a status list has at most %u characters", STATUS_ENCODED_MAX);
	if (!encoded.len || encoded.p[0] != 'u')
		return err_set(err, ERR_INVALID, "a status list is written as multibase base64url (\"u…\")");
	_cleanup_free_ char *packed = xmalloc(encoded.len + 1);
	_cleanup_buf_ struct buf bytes = BUF(STATUS_BYTES_MAX);
	size_t n = 0;
	if (!multibase_decode(encoded, packed, encoded.len, &n, err))
		return err_prefix(err, "status list");
	if (!unpack((struct str){packed, n}, &bytes, err))
		return false;
	if (bytes.len < STATUS_BITS_MIN / 8)
		return err_set(err, ERR_INVALID, "a status list has %zu bits; at least %d hide whom they are about", bytes.len * 8,
		               STATUS_BITS_MIN);
	*ret = (unsigned char *)buf_take(&bytes, ret_len);
	return true;
}

bool status_read(const unsigned char *bytes, size_t len, unsigned width, int64_t index, unsigned *ret, struct err *err)
{
	if (width < 1 || width > STATUS_WIDTH_MAX)
		return err_set(err, ERR_INVALID, "entries of %u bits are not known here", width);
	if (index < 0 || (uint64_t)index >= (uint64_t)len * 8 / width)
		return err_set(err, ERR_INVALID, "the index %lld lies outside of the status list", (long long)index);
	unsigned value = 0;
	for (size_t i = (size_t)index * width; i < ((size_t)index + 1) * width; i++)
		value = value << 1 | ((bytes[i / 8] >> (7 - i % 8)) & 1u);
	*ret = value;
	return true;
}
