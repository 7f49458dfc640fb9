#include "base/mem.h"
#include "sandbox/wire.h"
#include "test.h"
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static int pair[2];
static char space[WIRE_MAX];
static struct err err;

static int setup(void **state)
{
	(void)state;
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair);
}

static int teardown(void **state)
{
	(void)state;
	close(pair[0]);
	close(pair[1]);
	return 0;
}

static void there_and_back(void **state)
{
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	const char *list[] = {"one", "", "three", NULL};
	struct wire w;
	bool again;
	(void)state;
	wire_u32(&m, 7);
	wire_u64(&m, UINT64_MAX);
	wire_cstr(&m, "text");
	wire_cstr(&m, NULL);
	wire_list(&m, list);
	wire_list(&m, NULL);
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_true(wire_send(pair[0], &m, &fd, 1, &err));
	close(fd);
	assert_int_equal(wire_receive(pair[1], space, &w, &again, &err), 1);
	assert_int_equal(wire_get_u32(&w), 7);
	assert_true(wire_get_u64(&w) == UINT64_MAX);
	assert_true(str_is(wire_get_str(&w, 10), "text"));
	_cleanup_free_ char *empty = wire_get_cstr(&w, 10);
	assert_string_equal(empty, "");
	_cleanup_(free_listp) char **got = wire_get_list(&w);
	assert_string_equal(got[0], "one");
	assert_string_equal(got[1], "");
	assert_string_equal(got[2], "three");
	assert_null(got[3]);
	_cleanup_(free_listp) char **none = wire_get_list(&w);
	assert_null(none[0]);
	int taken = wire_take_fd(&w);
	assert_true(taken >= 0);
	close(taken);
	assert_true(wire_done(&w, &err));
	assert_int_equal(wire_take_fd(&w), -1);
	assert_false(wire_done(&w, &err));
	assert_int_equal(wire_receive(pair[1], space, &w, &again, &err), 0);
	assert_true(again);
}

/* Every cut of a message, and every byte of it changed, is read without harm. */
static void damaged(void **state)
{
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	const char *list[] = {"argument", "another", NULL};
	(void)state;
	wire_u32(&m, 1);
	wire_cstr(&m, "box");
	wire_list(&m, list);
	for (size_t round = 0; round < m.len * 257; round++) {
		_cleanup_free_ char *copy = xstrndup("", 0);
		copy = xrealloc(copy, m.len, 1);
		memcpy(copy, m.p, m.len);
		size_t len = round < m.len ? round : m.len;
		if (round >= m.len)
			copy[(round - m.len) / 256] = (char)((round - m.len) % 256);
		struct wire w = {.rest = {copy, len}};
		wire_get_u32(&w);
		_cleanup_free_ char *name = wire_get_cstr(&w, 64);
		_cleanup_(free_listp) char **got = wire_get_list(&w);
		assert_non_null(got);
		bool whole = wire_done(&w, &err);
		if (round < m.len)
			assert_false(whole);
	}
}

static void ceilings(void **state)
{
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX), over = BUF(WIRE_MAX);
	struct wire w;
	(void)state;
	wire_cstr(&m, "0123456789");
	w = (struct wire){.rest = buf_str(&m)};
	wire_get_str(&w, 9);
	assert_true(w.bad);
	buf_clear(&m);
	wire_str(&m, (struct str){"a\0b", 3});
	w = (struct wire){.rest = buf_str(&m)};
	_cleanup_free_ char *cut = wire_get_cstr(&w, 9);
	assert_true(w.bad);
	buf_clear(&m);
	wire_u32(&m, 0xffffffff);
	w = (struct wire){.rest = buf_str(&m)};
	_cleanup_(free_listp) char **list = wire_get_list(&w);
	assert_true(w.bad && !list[0]);
	for (int i = 0; i < 40000; i++)
		wire_u32(&over, 1);
	assert_false(wire_send(pair[0], &over, NULL, 0, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

/* More descriptors than a message may carry are closed, and the message is refused. */
static void too_many_descriptors(void **state)
{
	int fds[8];
	char byte = 1;
	struct iovec iov = {&byte, 1};
	union {
		char space[CMSG_SPACE(sizeof fds)];
		struct cmsghdr align;
	} control = {0};
	struct msghdr m = {.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof control.space};
	struct wire w;
	bool again;
	(void)state;
	int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (int i = 0; i < 8; i++)
		fds[i] = next;
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof fds);
	memcpy(CMSG_DATA(c), fds, sizeof fds);
	assert_int_equal(sendmsg(pair[0], &m, 0), 1);
	assert_int_equal(wire_receive(pair[1], space, &w, &again, &err), -1);
	close(next);
	assert_int_equal(open("/dev/null", O_RDONLY | O_CLOEXEC), next); /* nothing has leaked */
	close(next);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(there_and_back), cmocka_unit_test(damaged), cmocka_unit_test(ceilings),
	                                   cmocka_unit_test(too_many_descriptors)};
	return cmocka_run_group_tests(tests, setup, teardown);
}
