/* What a grader's process says to the client library: any bytes. Whatever they are, there is a result, with points between 0 and their
 * maximum and texts that can be shown. */
#include "base/json.h"
#include "graders/client/internal.h"
#include <assert.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fds[2];
	struct grade_result r = {0};
	struct err err;
	struct grade_job job = {.lua = STR("x"), .image = "host", .observations = STR("[{\"q\":\"x\",\"a\":\"AAAA\"}]"), .hints = true};
	if (size > 16384 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return 0;
	ssize_t n = send(fds[1], data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
	assert(n == (ssize_t)size || size == 0);
	shutdown(fds[1], SHUT_WR);
	grade_hear(&job, fds[0], &r);
	close(fds[0]);
	close(fds[1]);
	assert(r.points_m >= 0 && r.points_m <= r.max_m && r.n_checks <= GRADE_CHECKS_MAX);
	for (size_t i = 0; i < r.n_checks; i++) {
		const struct grade_check *c = &r.checks[i];
		assert(c->points_m == 0 || c->outcome == GRADE_PASS);
		assert(c->message && strlen(c->message) <= GRADE_MESSAGE_MAX && str_is_utf8(str_of(c->message), NULL));
		assert(c->outcome != GRADE_UNGRADED || r.ungraded);
	}
	_cleanup_buf_ struct buf out = BUF(64u << 20);
	grade_result_json(&r, &out);
	_cleanup_json_ cJSON *json = NULL;
	assert(json_parse(buf_str(&out), &json, &err));
	grade_result_finish(&r);
	return 0;
}
