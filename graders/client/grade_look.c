/* Looking and running in a box. assay-look goes into the box as an unnamed, sealed file: it leaves nothing there, and a box cannot change
 * it. */
#include "base/clock.h"
#include "base/mem.h"
#include "graders/client/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define LIST_MAX 1000
#define OUTPUT_MAX (4u << 20)
#define NOT_STARTED 127u /* as a shell says it */

extern const char look_image[], look_image_end[]; /* assay-look, embedded by the build */

static int program = -1;

static void make_program(void)
{
	_cleanup_close_ int fd = memfd_create("assay-look", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t size = (size_t)(look_image_end - look_image);
	if (fd < 0 || write(fd, look_image, size) != (ssize_t)size || fchmod(fd, 0555) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return;
	program = take_fd(fd);
}

int64_t grade_left_ms(const struct grading *g)
{
	int64_t left = g->deadline_ms - clock_monotonic_ms();
	return left > 0 ? left : 0;
}

static bool start(struct grading *g, struct looker *l, const char *box, const char *root, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int fds[2], null = -1;
	const char *argv[] = {"/proc/self/fd/0", root, NULL};
	pthread_once(&once, make_program);
	if (program < 0)
		return err_set(err, ERR_INTERNAL, "cannot prepare the program that looks");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
		return err_set(err, ERR_INTERNAL, "cannot make a socket pair: %s", strerror(errno));
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct sandbox_exec x = {
	    .cwd = "/", .argv = argv, .time_ms = (uint64_t)grade_left_ms(g) + 1000, .fds = {program, fds[1], null >= 0 ? null : fds[1]}};
	bool ok = sandbox_exec(g->s, box, &x, &l->exec, err);
	close(fds[1]);
	close_fdp(&null);
	if (!ok) {
		close(fds[0]);
		return false;
	}
	l->stream = (struct message_stream){.fd = fds[0], .in = BUF(MESSAGE_MAX + 4 + MESSAGE_CHUNK)};
	return l->running = true;
}

void grade_looker_close(struct looker *l)
{
	if (!l->running)
		return;
	close(l->stream.fd); /* it ends then */
	buf_finish(&l->stream.in);
	l->running = false;
}

bool grade_looker_ask(struct grading *g, struct looker *l, const char *box, const char *root, struct str request, int64_t time_ms,
                      struct str *ret_answer, struct err *err)
{
	struct message m;
	if (l->failed)
		return err_set(err, ERR_IO, "%s", l->why);
	_cleanup_buf_ struct buf out = BUF(MESSAGE_MAX + 64);
	int64_t left = grade_left_ms(g), end = clock_monotonic_ms() + (time_ms < left ? time_ms : left);
	/* The request has its type as its first byte, as a message has. */
	message_u32(&out, (uint32_t)request.len);
	buf_addv(&out, request);
	bool ok = request.len && (l->running || start(g, l, box, root, err)) && message_send(l->stream.fd, buf_str(&out), end, err) &&
	          message_receive(&l->stream, end, &m, err);
	if (ok && (m.type != MESSAGE_ANSWER || m.rest.len == 0))
		ok = err_set(err, ERR_INVALID, "the program that looks does not answer as it should");
	if (ok) {
		*ret_answer = m.rest;
		return true;
	}
	l->failed = true; /* its stream is out of step now */
	snprintf(l->why, sizeof l->why, "looking into the box failed: %.150s", err->msg);
	return err_set(err, err->code, "%s", l->why);
}

void grade_command_finish(struct command *c)
{
	for (size_t i = 0; c->argv && c->argv[i]; i++)
		free((char *)c->argv[i]);
	for (size_t i = 0; c->env && c->env[i]; i++)
		free((char *)c->env[i]);
	free(c->argv);
	free(c->env);
	free(c->cwd);
	free(c->user);
}

static const char **read_list(struct message *m)
{
	uint32_t n = message_get_u32(m);
	if (n > LIST_MAX)
		m->bad = true;
	const char **list = xcalloc(m->bad ? 1 : n + 1, sizeof *list);
	for (uint32_t i = 0; !m->bad && i < n; i++) {
		struct str s = message_get_text(m);
		list[i] = str_dup(s);
		if (strlen(list[i]) != s.len)
			m->bad = true;
	}
	return list;
}

bool grade_command_read(struct message *m, struct command *ret, struct err *err)
{
	struct command c = {.argv = read_list(m), .env = read_list(m)};
	c.cwd = str_dup(message_get_text(m));
	c.input = message_get_text(m);
	c.time_ms = message_get_u32(m);
	c.user = str_dup(message_get_text(m));
	if (!message_done(m, err) || !c.argv[0]) {
		grade_command_finish(&c);
		return err_set(err, ERR_INVALID, "a command that cannot be read");
	}
	*ret = c;
	return true;
}

static void add_result(struct buf *out, uint32_t status, enum limit limit, bool cut, struct str printed, struct str complained)
{
	message_u32(out, status);
	message_u8(out, limit);
	message_u8(out, cut);
	message_text(out, printed);
	message_text(out, complained);
}

void grade_command_run(struct grading *g, const char *box, const struct command *c, bool live, struct buf *out)
{
	struct sandbox_result r;
	struct err err;
	int64_t left = grade_left_ms(g), time_ms = c->time_ms < left ? c->time_ms : left;
	struct sandbox_exec x = {.user = *c->user ? c->user : NULL,
	                         .cwd = *c->cwd ? c->cwd : NULL,
	                         .argv = c->argv,
	                         .env = c->env,
	                         .time_ms = time_ms > 0 ? (uint64_t)time_ms : 1};
	if (!sandbox_run(g->s, box, &x, c->input, OUTPUT_MAX, &r, &err)) {
		if (live && err.code == ERR_INVALID)
			add_result(out, NOT_STARTED << 8, LIMIT_NONE, false, STR(""), str_of(err.msg));
		else
			grade_refuse(out, ANSWER_UNGRADED, "%s", err.msg);
		return;
	}
	add_result(out, r.status, r.limit, r.out.overflow || r.err.overflow, buf_str(&r.out), buf_str(&r.err));
	sandbox_result_finish(&r);
}
