/* Status lists as bit strings: order of the bits, and what is refused. */
#include "../test.h"
#include "base/mem.h"
#include "credential/multibase.h"
#include "credential/status.h"
#include <sodium.h>
#include <stdlib.h>
#include <zlib.h>

#define LEN (STATUS_BITS_MIN / 8)

/* gzip of `len` times `byte`, `members` times over, as multibase; `tail` bytes follow. */
static void pack(size_t len, int byte, int members, size_t tail, struct buf *out)
{
	unsigned char *bytes = xmalloc(len + 1), *packed = xmalloc(2 * len + 4096);
	size_t n = 0;
	memset(bytes, byte, len);
	for (int i = 0; i < members; i++) {
		z_stream z = {.next_in = bytes, .avail_in = (unsigned)len, .next_out = packed + n, .avail_out = (unsigned)(len + 2000)};
		assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
		assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
		n += z.total_out;
		deflateEnd(&z);
	}
	memset(packed + n, 0, tail);
	multibase_base64url(packed, n + tail, out);
	free(bytes);
	free(packed);
}

static enum err_code decode_code(struct str text)
{
	unsigned char *bytes = NULL;
	size_t len;
	struct err err = {0};
	if (status_decode(text, &bytes, &len, &err))
		free(bytes);
	return err.code;
}

static void test_there_and_back(void **state)
{
	(void)state;
	static const size_t set[] = {0, 1, 7, 8, 4711, STATUS_BITS_MIN - 1};
	unsigned char bits[LEN] = {0}, *back;
	_cleanup_buf_ struct buf a = BUF(STATUS_ENCODED_MAX), b = BUF(STATUS_ENCODED_MAX);
	size_t len, ones = 0;
	struct err err;
	for (size_t i = 0; i < ARRAY_SIZE(set); i++)
		status_set_bit(bits, set[i]);
	assert_int_equal(bits[0], 0xc1); /* index 0 is the leftmost bit */
	status_encode(bits, sizeof bits, &a);
	status_encode(bits, sizeof bits, &b);
	assert_string_equal(a.p, b.p);
	assert_int_equal(a.p[0], 'u');
	assert_true(status_decode(buf_str(&a), &back, &len, &err));
	assert_int_equal(len, LEN);
	assert_memory_equal(back, bits, LEN);
	for (int64_t i = 0; i < STATUS_BITS_MIN; i++) {
		unsigned v;
		assert_true(status_read(back, len, 1, i, &v, &err));
		ones += v;
	}
	assert_int_equal(ones, ARRAY_SIZE(set));
	free(back);
}

static void test_places(void **state)
{
	(void)state;
	static const unsigned char bytes[] = {0x1b, 0xf0}; /* 00 01 10 11 11 11 00 00 */
	static const int64_t outside[] = {-1, 16, INT64_MAX, INT64_MIN};
	unsigned v;
	struct err err;
	for (unsigned i = 0; i < 4; i++) {
		assert_true(status_read(bytes, sizeof bytes, 2, i, &v, &err));
		assert_int_equal(v, i);
	}
	assert_true(status_read(bytes, sizeof bytes, 8, 1, &v, &err) && v == 0xf0);
	assert_true(status_read(bytes, sizeof bytes, 3, 1, &v, &err) && v == 6);
	for (size_t i = 0; i < ARRAY_SIZE(outside); i++)
		assert_false(status_read(bytes, sizeof bytes, 1, outside[i], &v, &err));
	assert_false(status_read(bytes, sizeof bytes, 2, 8, &v, &err));
	assert_false(status_read(bytes, sizeof bytes, 3, 5, &v, &err)); /* half inside */
	assert_false(status_read(bytes, sizeof bytes, 0, 0, &v, &err));
	assert_false(status_read(bytes, sizeof bytes, 9, 0, &v, &err));
}

/* The list of the standard's own example (Bitstring Status List v1.0, example 4): 131,072 zeros. */
static void test_published_list(void **state)
{
	(void)state;
	static const char text[] = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA";
	unsigned char *bytes;
	size_t len;
	struct err err;
	assert_true(status_decode(str_of(text), &bytes, &len, &err));
	assert_int_equal(len, LEN);
	assert_true(sodium_is_zero(bytes, len));
	free(bytes);
}

static void test_hostile(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf text = BUF(STATUS_ENCODED_MAX * 2);
	pack(LEN, 0, 1, 0, &text);
	assert_int_equal(decode_code(buf_str(&text)), ERR_NONE);
	for (size_t i = 1; i < text.len; i++)
		assert_int_equal(decode_code((struct str){text.p, i}), ERR_INVALID); /* cut off */
	text.p[0] = 'z';
	assert_int_equal(decode_code(buf_str(&text)), ERR_INVALID);
	text.p[0] = 'u';
	text.p[20] = '!';
	assert_int_equal(decode_code(buf_str(&text)), ERR_INVALID);
	assert_int_equal(decode_code(STR("")), ERR_INVALID);
	static const struct {
		size_t len;
		int members;
		size_t tail;
		enum err_code code;
	} rows[] = {
	    {LEN, 2, 0, ERR_INVALID},
	    {LEN, 1, 1, ERR_INVALID},
	    {LEN - 1, 1, 0, ERR_INVALID},
	    {0, 1, 0, ERR_INVALID},
	    {LEN, 1, 5000, ERR_INVALID},
	    {STATUS_BYTES_MAX, 1, 0, ERR_NONE},
	    {STATUS_BYTES_MAX + 1, 1, 0, ERR_TOO_LARGE},
	    {(size_t)64 << 20, 1, 0, ERR_TOO_LARGE},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		buf_clear(&text);
		pack(rows[i].len, 0, rows[i].members, rows[i].tail, &text);
		if (decode_code(buf_str(&text)) != rows[i].code)
			fail_msg("row %zu", i);
	}
	char *large = xmalloc(STATUS_ENCODED_MAX + 1);
	memset(large, 'u', STATUS_ENCODED_MAX + 1);
	assert_int_equal(decode_code((struct str){large, STATUS_ENCODED_MAX + 1}), ERR_TOO_LARGE);
	free(large);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_there_and_back),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_published_list),
	    cmocka_unit_test(test_hostile),
	};
	return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
