/* Rings: what is kept, and where it lies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/mem.h"
#include "web/server/ring.h"
#include <cmocka.h>

static void read_all(const struct ring *r, struct buf *out)
{
	for (uint64_t at = r->start; at < r->end;) {
		struct str piece = ring_from(r, at);
		assert_true(piece.len > 0);
		buf_addv(out, piece);
		at += piece.len;
	}
}

static void test_keeps_the_last(void **state)
{
	(void)state;
	struct ring r = {0};
	_cleanup_buf_ struct buf all = BUF(4 << 20), kept = BUF(RING_MAX);
	unsigned seed = 7;
	for (int i = 0; i < 400; i++) {
		char bytes[9000];
		seed = seed * 1103515245 + 12345;
		size_t len = seed >> 16 & 8191;
		for (size_t k = 0; k < len; k++)
			bytes[k] = (char)(all.len + k + (all.len + k) / 251);
		ring_add(&r, bytes, len);
		buf_add(&all, bytes, len);
		assert_int_equal(r.end, all.len);
		assert_true(r.cap <= RING_MAX && r.end - r.start <= r.cap);
		assert_true(all.len > RING_MAX || r.start == 0);
	}
	read_all(&r, &kept);
	assert_int_equal(kept.len, RING_MAX);
	assert_memory_equal(kept.p, all.p + all.len - RING_MAX, RING_MAX);
	ring_finish(&r);
}

static void test_more_than_it_holds(void **state)
{
	(void)state;
	struct ring r = {0};
	_cleanup_free_ char *big = xmalloc(3 * RING_MAX + 5);
	_cleanup_buf_ struct buf kept = BUF(RING_MAX);
	for (size_t i = 0; i < 3 * RING_MAX + 5; i++)
		big[i] = (char)(i * 31 + i / 997);
	ring_add(&r, "abc", 3);
	ring_add(&r, big, 3 * RING_MAX + 5);
	assert_int_equal(r.end, 3 * RING_MAX + 8);
	read_all(&r, &kept);
	assert_memory_equal(kept.p, big + 2 * RING_MAX + 5, RING_MAX);
	ring_finish(&r);
}

static void test_little_memory(void **state)
{
	(void)state;
	struct ring r = {0};
	assert_int_equal(ring_from(&r, 0).len, 0);
	ring_add(&r, "$ ", 2);
	assert_int_equal(r.cap, 4096);
	ring_clear(&r);
	assert_int_equal(r.end, 2);
	assert_int_equal(r.start, 2);
	assert_int_equal(ring_from(&r, 2).len, 0);
	ring_add(&r, "x", 1);
	assert_int_equal(ring_clean_start(&r), 2);
	assert_memory_equal(ring_from(&r, 2).p, "x", 1);
	ring_finish(&r);
}

static void test_clean_start(void **state)
{
	(void)state;
	struct ring r = {0};
	char line[100];
	memset(line, 'x', sizeof line);
	line[99] = '\n';
	for (int i = 0; i < 3000; i++)
		ring_add(&r, line, sizeof line);
	uint64_t at = ring_clean_start(&r);
	assert_true(at > r.start && at % 100 == 0);
	ring_finish(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keeps_the_last),
	    cmocka_unit_test(test_more_than_it_holds),
	    cmocka_unit_test(test_little_memory),
	    cmocka_unit_test(test_clean_start),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
