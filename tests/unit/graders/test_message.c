/* Messages between the programs of a grading, and the texts that come out of them. */
#include "../test.h"
#include "base/clock.h"
#include "base/mem.h"
#include "graders/client/say.h"
#include "graders/message.h"
#include <sys/socket.h>
#include <unistd.h>

static void test_fields(void **state)
{
	_cleanup_buf_ struct buf b = BUF(1000);
	struct message m;
	struct err err;
	size_t used, begin = message_begin(&b, MESSAGE_RESULT);
	(void)state;
	message_u8(&b, 200);
	message_u32(&b, UINT32_MAX);
	message_u64(&b, UINT64_C(0x0102030405060708));
	message_text(&b, STR("text"));
	message_end(&b, begin);
	for (size_t n = 0; n < b.len; n++)
		assert_int_equal(message_take((struct str){b.p, n}, &m, &used), 0);
	assert_int_equal(message_take(buf_str(&b), &m, &used), 1);
	assert_int_equal(used, b.len);
	assert_int_equal(m.type, MESSAGE_RESULT);
	assert_int_equal(message_get_u8(&m), 200);
	assert_int_equal(message_get_u32(&m), UINT32_MAX);
	assert_true(message_get_u64(&m) == UINT64_C(0x0102030405060708));
	assert_true(str_is(message_get_text(&m), "text"));
	assert_true(message_done(&m, &err));
	/* One more is not there: nothing is read beyond the end, and the message is bad. */
	assert_int_equal(message_get_u32(&m), 0);
	assert_false(message_done(&m, &err));
}

static void test_lengths(void **state)
{
	struct message m;
	struct err err;
	size_t used;
	(void)state;
	assert_int_equal(message_take(STR("\0\0\0\0"), &m, &used), -1);
	assert_int_equal(message_take(STR("\xff\xff\xff\x7fx"), &m, &used), -1);
	/* A text that claims to be longer than the message. */
	m = (struct message){.rest = STR("\xff\xff\xff\xffxx")};
	assert_int_equal(message_get_text(&m).len, 0);
	assert_false(message_done(&m, &err));
}

static void test_streams(void **state)
{
	int fds[2];
	struct message m;
	struct err err;
	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	struct message_stream in = {.fd = fds[0], .in = BUF(MESSAGE_MAX + 4 + MESSAGE_CHUNK)};
	_cleanup_buf_ struct buf b = BUF(1000);
	for (unsigned i = 0; i < 3; i++) {
		size_t begin = message_begin(&b, MESSAGE_ANSWER);
		message_u32(&b, i);
		message_end(&b, begin);
	}
	assert_true(message_send(fds[1], buf_str(&b), clock_monotonic_ms() + 10000, &err));
	for (unsigned i = 0; i < 3; i++) {
		assert_true(message_receive(&in, clock_monotonic_ms() + 10000, &m, &err));
		assert_int_equal(message_get_u32(&m), i);
	}
	assert_false(message_receive(&in, clock_monotonic_ms() + 20, &m, &err));
	assert_int_equal(err.code, ERR_BUSY);
	close(fds[1]);
	assert_false(message_receive(&in, clock_monotonic_ms() + 10000, &m, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	assert_false(message_send(fds[0], STR("x"), clock_monotonic_ms() + 10000, &err));
	close(fds[0]);
	buf_finish(&in.in);
}

static void expect_said(struct str text, size_t max, const char *said)
{
	_cleanup_free_ char *s = grade_say(text, max);
	assert_string_equal(s, said);
}

static void test_said(void **state)
{
	(void)state;
	expect_said(STR("a\tb\nc \xc3\xa4 \xf0\x9f\x98\x80"), 100, "a\tb\nc \xc3\xa4 \xf0\x9f\x98\x80");
	expect_said(STR("\x1b[2J\r\0\x7f\xc2\x9b"), 100, "\xef\xbf\xbd[2J\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	expect_said(STR("\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80"), 300,
	            "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	expect_said(STR("\xe2\x80\xae\xe2\x81\xa6x"), 100, "\xef\xbf\xbd\xef\xbf\xbdx");
	expect_said(STR("\xc3"), 100, "\xef\xbf\xbd");
	expect_said(STR("ab\xc3\xa4"), 3, "ab"); /* never half a character */
	expect_said(STR(""), 10, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_lengths),
	    cmocka_unit_test(test_streams),
	    cmocka_unit_test(test_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
