/* assay-grader: runs one grader, the Lua of a task's author, in a process that can do nothing but compute and ask.
 *
 * Reads a job from the socket on descriptor 0, gives up every right that it does not need, runs grader.lua from top to bottom (that
 * declares the checks), then each check in that order, and reports each result as soon as it is known. What a check wants to see it asks of
 * the client library (client/grade.c) and waits for the answer. See message.h.
 *
 * The state has no pcall, so a limit's error, or the end of a check, cannot be caught. The interpreter's count hook ends loops of Lua with
 * the line's number; loops in C (patterns) end by the CPU limit's signal, whose handler still says which line it was. */
#include "graders/grader.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/mem.h"
#include "graders/client/grade.h"
#include "graders/client/grader_library.h"
#include <errno.h>
#include <lauxlib.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define ADDRESS_SPACE_EXTRA (512UL << 20)
#define FILE_SIZE_NONE 0

static struct grader grader = {.in = {.fd = STDIN_FILENO, .in = BUF(MESSAGE_MAX + 4 + MESSAGE_CHUNK)},
                               .out = STDOUT_FILENO,
                               .message = BUF(TEXT_MAX),
                               .detail = BUF(TEXT_MAX)};

void grader_send(struct grader *g, const struct buf *b)
{
	struct err err;
	g->writing = true;
	if (b->overflow || !message_send(g->out, buf_str(b), 0, &err))
		_exit(3);
	g->writing = false;
}

static void send_failed(struct grader *g, int line, struct str text)
{
	_cleanup_buf_ struct buf b = BUF(TEXT_MAX + 100);
	size_t begin = message_begin(&b, MESSAGE_FAILED);
	message_u32(&b, (uint32_t)line);
	message_text(&b, text);
	message_end(&b, begin);
	grader_send(g, &b);
}

/* The interpreter was interrupted inside one of its own C functions (in Lua code, the hook would have been first), so its chain of calls
 * is whole. If that is wrong after all, the process dies of it, and nothing but the line is lost. */
static void on_cpu_limit(int sig)
{
	static const char text[] = "the grader takes too long: its CPU time is used up";
	(void)sig;
	if (!grader.writing && grader.host.L) {
		unsigned line = (unsigned)host_line(grader.host.L, GRADER_CHUNK), len = sizeof text - 1;
		unsigned char head[13] = {(unsigned char)(len + 9), 0, 0, 0, MESSAGE_FAILED};
		for (int i = 0; i < 4; i++) {
			head[5 + i] = (unsigned char)(line >> (8 * i));
			head[9 + i] = (unsigned char)(len >> (8 * i));
		}
		ssize_t n = write(grader.out, head, sizeof head);
		n = n < 0 ? n : write(grader.out, text, len);
		(void)n;
	}
	_exit(4);
}

/* ---- giving up rights ---- */

static bool limit(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit r = {soft, hard};
	return setrlimit((__rlimit_resource_t)resource, &r) == 0;
}

static bool filter_calls(void)
{
	static const int calls[] = {SCMP_SYS(brk),          SCMP_SYS(munmap),     SCMP_SYS(mremap), SCMP_SYS(madvise),
	                            SCMP_SYS(rt_sigreturn), SCMP_SYS(exit_group), SCMP_SYS(exit),   SCMP_SYS(clock_gettime)};
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool ok = f != NULL;
	for (size_t i = 0; i < ARRAY_SIZE(calls) && ok; i++)
		ok = seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	ok = ok && seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, SCMP_A0(SCMP_CMP_EQ, STDIN_FILENO)) == 0 &&
	     seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_EQ, STDOUT_FILENO)) == 0 &&
	     /* memory only: not executable, no file */
	     seccomp_rule_add(f, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
	                      SCMP_A4(SCMP_CMP_MASKED_EQ, UINT32_MAX, UINT32_MAX)) == 0 &&
	     seccomp_load(f) == 0;
	if (f)
		seccomp_release(f);
	return ok;
}

/* From here on: compute, allocate, talk over the socket, end. */
static bool lock_down(uint32_t cpu_ms, uint32_t memory_mib)
{
	rlim_t seconds = cpu_ms / 1000 + 1, bytes = ((rlim_t)memory_mib << 20) + ADDRESS_SPACE_EXTRA;
	struct sigaction action = {.sa_handler = on_cpu_limit};
	return sigaction(SIGXCPU, &action, NULL) == 0 && limit(RLIMIT_CPU, seconds, seconds + 1) && limit(RLIMIT_AS, bytes, bytes) &&
	       limit(RLIMIT_FSIZE, FILE_SIZE_NONE, FILE_SIZE_NONE) && limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_NOFILE, 3, 3) &&
	       limit(RLIMIT_NPROC, 0, 0) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       filter_calls();
}

/* ---- the library, and the author's program ---- */

/* Runs protected. Leaves the table of host functions, and sets the global `params`. */
static int prepare(lua_State *L)
{
	struct grader *g = lua_touserdata(L, 1);
	lua_settop(L, 2); /* the values, as JSON */
	grader_add_functions(g);
	if (lua_rawlen(L, 2)) {
		lua_getfield(L, 3, "json_decode");
		lua_pushvalue(L, 2);
		lua_call(L, 1, 1);
	} else {
		lua_newtable(L);
	}
	lua_setglobal(L, "params");
	return 1;
}

/* Each file of the library gets the table of host functions, and adds its globals. */
static bool load_library(struct grader *g, struct str values, struct err *err)
{
	lua_State *L = g->host.L;
	int line;
	lua_pushcfunction(L, prepare);
	lua_pushlightuserdata(L, g);
	lua_pushlstring(L, values.p, values.len);
	if (!host_call(&g->host, 2, 1, GRADER_CHUNK, &line, err))
		return err_prefix(err, "preparing");
	for (size_t i = 0; i < ARRAY_SIZE(grader_library); i++) {
		if (!host_load(&g->host, str_of(grader_library[i].text), grader_library[i].name, &line, err))
			return err_prefix(err, "%s:%d", grader_library[i].name, line);
		lua_pushvalue(L, -2);
		if (!host_call(&g->host, 1, 0, grader_library[i].name, &line, err))
			return err_prefix(err, "%s:%d", grader_library[i].name, line);
	}
	lua_pop(L, 1);
	return true;
}

static void send_declared(struct grader *g)
{
	_cleanup_buf_ struct buf b = BUF(MESSAGE_MAX);
	size_t begin = message_begin(&b, MESSAGE_DECLARED);
	message_u32(&b, (uint32_t)g->n_checks);
	for (size_t i = 0; i < g->n_checks; i++) {
		const struct check *c = &g->checks[i];
		message_text(&b, str_of(c->id));
		message_text(&b, str_of(c->title));
		message_u64(&b, (uint64_t)c->points_m);
		message_u8(&b, c->live);
		message_text(&b, str_of(c->hint));
	}
	message_end(&b, begin);
	grader_send(g, &b);
}

static void send_result(struct grader *g, size_t index, int line)
{
	_cleanup_buf_ struct buf b = BUF(2 * TEXT_MAX + 100);
	size_t begin = message_begin(&b, MESSAGE_RESULT);
	message_u32(&b, (uint32_t)index);
	message_u8(&b, g->outcome);
	message_text(&b, buf_str(&g->message));
	message_u8(&b, g->has_detail);
	message_text(&b, buf_str(&g->detail));
	message_u32(&b, (uint32_t)line);
	message_end(&b, begin);
	g->checks[index].outcome = g->outcome;
	grader_send(g, &b);
}

/* A check whose needs did not pass is not run. True: it may run. */
static bool needs_passed(struct grader *g, const struct check *c)
{
	for (size_t i = 0; i < c->n_needs; i++) {
		const struct check *need = &g->checks[c->needs[i]];
		if (need->outcome == GRADE_PASS)
			continue;
		g->outcome = need->outcome == GRADE_FAIL ? GRADE_FAIL : GRADE_UNGRADED;
		buf_addf(&g->message, g->outcome == GRADE_FAIL ? "This needs “%s”, which failed." : "This needs “%s”, which could not be graded.",
		         need->title);
		return false;
	}
	return true;
}

static void run_check(struct grader *g, size_t index)
{
	struct check *c = &g->checks[index];
	struct err err;
	int line = 0;
	g->stopped = g->has_detail = false;
	g->outcome = GRADE_PASS;
	buf_clear(&g->message);
	buf_clear(&g->detail);
	if (g->live_only && !c->live) {
		g->outcome = LEFT_OUT;
	} else if (needs_passed(g, c)) {
		lua_rawgeti(g->host.L, LUA_REGISTRYINDEX, c->function);
		if (!host_call(&g->host, 0, 0, GRADER_CHUNK, &line, &err) && !g->stopped) {
			g->outcome = GRADE_UNGRADED;
			buf_addf(&g->message, GRADER_CHUNK ":%d: %s", line, err.msg);
		} else {
			line = g->stopped && g->outcome == GRADE_UNGRADED ? line : 0;
		}
	}
	send_result(g, index, line);
}

static bool declare_checks(struct grader *g, struct str lua, struct err *err)
{
	int line;
	if (!host_load(&g->host, lua, GRADER_CHUNK, &line, err) || !host_call(&g->host, 0, 0, GRADER_CHUNK, &line, err)) {
		send_declared(g);
		send_failed(g, line, str_of(err->msg));
		return false;
	}
	send_declared(g);
	if (g->n_checks == 0) {
		send_failed(g, 0, STR("no check is declared"));
		return err_set(err, ERR_INVALID, "no check");
	}
	return true;
}

static int complain(const char *message)
{
	fprintf(stderr, "assay-grader: %s\n", message);
	return 3;
}

int main(int argc, char **argv)
{
	struct grader *g = &grader;
	struct message m;
	struct err err;
	if (argc > 1) {
		fputs("assay-grader runs the grader of a task for assay; it is not meant to be run by hand.\n",
		      strcmp(argv[1], "--help") == 0 ? stdout : stderr);
		return strcmp(argv[1], "--help") == 0 ? 0 : 2;
	}
	if (close_range(3, UINT32_MAX, 0) < 0 || !message_receive(&g->in, 0, &m, &err) || m.type != MESSAGE_JOB)
		return complain("cannot read the job");
	struct str lua = message_get_text(&m), values = message_get_text(&m);
	g->live_only = message_get_u8(&m);
	bool declare_only = message_get_u8(&m);
	uint32_t cpu_ms = message_get_u32(&m), memory_mib = message_get_u32(&m);
	_cleanup_free_ char *kept = str_dup(lua); /* the message goes away with the first answer; what was compiled stays */
	if (!message_done(&m, &err) || cpu_ms > 600000 || memory_mib > 4096 || !lock_down(cpu_ms, memory_mib))
		return complain("cannot limit the process");
	const struct host_limits limits = {
	    .memory_max = (size_t)memory_mib << 20, .steps_max = UINT64_MAX, .cpu_us_max = (int64_t)cpu_ms * 1000};
	g->declaring = true;
	bool ok = host_open(&g->host, &limits, &err);
	if (ok)
		host_start(&g->host);
	if (!ok || !load_library(g, values, &err))
		send_failed(g, 0, str_of(err.msg));
	else if (declare_checks(g, (struct str){kept, lua.len}, &err) && !declare_only) {
		g->declaring = false;
		for (size_t i = 0; i < g->n_checks; i++)
			run_check(g, i);
	}
	struct buf done = BUF(16);
	message_end(&done, message_begin(&done, MESSAGE_DONE));
	grader_send(g, &done);
	_exit(0);
}
