/* Requests about boxes. See sandbox.h. */
#include "base/mem.h"
#include "sandbox/client/internal.h"
#include <stdio.h>
#include <string.h>

static void about(struct sandbox *s, struct buf *m, uint32_t what, const char *box)
{
	sandbox_request(s, m, what);
	wire_cstr(m, box);
}

/* What happened to an earlier box of that name is not to be taken for what happens to this one. */
static void forget_events(struct sandbox *s, const char *box)
{
	size_t kept = 0;
	for (size_t i = 0; i < s->n_events; i++)
		if (strcmp(s->events[i].box, box) != 0)
			s->events[kept++] = s->events[i];
	s->n_events = kept;
}

bool sandbox_open(struct sandbox *s, const struct sandbox_box *b, struct err *err)
{
	while (sandbox_pump(s, 0))
		;
	forget_events(s, b->name);
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	about(s, &m, REQ_OPEN, b->name);
	wire_cstr(&m, b->image ? b->image : "host");
	wire_u32(&m, (b->keep ? OPEN_KEEP : 0) | (b->bound ? OPEN_BOUND : 0));
	wire_list(&m, b->limits);
	wire_cstr(&m, b->restore);
	wire_cstr(&m, b->subject);
	return sandbox_ask(s, &m, NULL, 0, err);
}

static bool start(struct sandbox *s, const char *box, const struct sandbox_exec *x, bool pty, uint32_t *ret_exec, int *ret_master,
                  struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	struct wire answer;
	about(s, &m, REQ_EXEC, box);
	wire_u32(&m, pty ? EXEC_PTY : 0);
	wire_u32(&m, x->rows ? x->rows : 24);
	wire_u32(&m, x->cols ? x->cols : 80);
	wire_u64(&m, x->time_ms);
	wire_cstr(&m, x->user);
	wire_cstr(&m, x->cwd);
	wire_list(&m, x->argv);
	wire_list(&m, x->env);
	if (!sandbox_call(s, &m, x->fds, pty ? 0 : 3, &answer, err))
		return false;
	uint32_t id = wire_get_u32(&answer);
	int master = pty ? wire_take_fd(&answer) : -1;
	bool ok = wire_done(&answer, err);
	wire_finish(&answer);
	if (!ok) {
		close_fdp(&master);
		return false;
	}
	*ret_exec = id;
	if (pty)
		*ret_master = master;
	return true;
}

bool sandbox_exec(struct sandbox *s, const char *box, const struct sandbox_exec *x, uint32_t *ret_exec, struct err *err)
{
	return start(s, box, x, false, ret_exec, NULL, err);
}

bool sandbox_terminal(struct sandbox *s, const char *box, const struct sandbox_exec *x, uint32_t *ret_exec, int *ret_master,
                      struct err *err)
{
	return start(s, box, x, true, ret_exec, ret_master, err);
}

bool sandbox_attach(struct sandbox *s, const char *box, uint32_t exec, int *ret_master, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(1024);
	struct wire answer;
	about(s, &m, REQ_ATTACH, box);
	wire_u32(&m, exec);
	if (!sandbox_call(s, &m, NULL, 0, &answer, err))
		return false;
	int master = wire_take_fd(&answer);
	bool ok = wire_done(&answer, err);
	wire_finish(&answer);
	if (ok)
		*ret_master = master;
	else
		close_fdp(&master);
	return ok;
}

bool sandbox_kill(struct sandbox *s, const char *box, uint32_t exec, int sig, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(1024);
	about(s, &m, REQ_KILL, box);
	wire_u32(&m, exec);
	wire_u32(&m, (uint32_t)sig);
	return sandbox_ask(s, &m, NULL, 0, err);
}

bool sandbox_freeze(struct sandbox *s, const char *box, bool freeze, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(1024);
	about(s, &m, REQ_FREEZE, box);
	wire_u32(&m, freeze);
	return sandbox_ask(s, &m, NULL, 0, err);
}

void sandbox_snapshot_finish(struct sandbox_snapshot *snapshot)
{
	free(snapshot->path);
	*snapshot = (struct sandbox_snapshot){0};
}

bool sandbox_snapshot(struct sandbox *s, const char *box, struct sandbox_snapshot *ret, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(1024);
	struct wire a;
	about(s, &m, REQ_SNAPSHOT, box);
	wire_u32(&m, 0);
	if (!sandbox_call(s, &m, NULL, 0, &a, err))
		return false;
	struct sandbox_snapshot snapshot = {.path = wire_get_cstr(&a, BOX_PATH_MAX)};
	snapshot.changed = wire_get_u32(&a);
	snapshot.bytes = wire_get_u64(&a);
	snapshot.entries = wire_get_u32(&a);
	snapshot.skipped = wire_get_u32(&a);
	bool ok = wire_done(&a, err);
	wire_finish(&a);
	if (ok)
		*ret = snapshot;
	else
		sandbox_snapshot_finish(&snapshot);
	return ok;
}

bool sandbox_stat(struct sandbox *s, const char *box, struct sandbox_stat *ret, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(1024);
	struct wire a;
	about(s, &m, REQ_STAT, box);
	if (!sandbox_call(s, &m, NULL, 0, &a, err))
		return false;
	struct sandbox_stat st = {0};
	st.memory = wire_get_u64(&a);
	st.processes = wire_get_u64(&a);
	st.cpu_us = wire_get_u64(&a);
	st.oom_kills = wire_get_u64(&a);
	st.disk = wire_get_u64(&a);
	st.inodes = wire_get_u64(&a);
	st.frozen = wire_get_u32(&a);
	bool ok = wire_done(&a, err);
	wire_finish(&a);
	if (ok)
		*ret = st;
	return ok;
}

bool sandbox_close(struct sandbox *s, const char *box, bool keep_snapshot, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(1024);
	about(s, &m, REQ_CLOSE, box);
	wire_u32(&m, keep_snapshot);
	return sandbox_ask(s, &m, NULL, 0, err);
}

bool sandbox_stop(struct sandbox *s, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(64);
	sandbox_request(s, &m, REQ_STOP);
	return sandbox_ask(s, &m, NULL, 0, err);
}

void sandbox_list_finish(struct sandbox_listed *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].name);
		free(list[i].execs);
	}
	free(list);
}

static void read_listed(struct wire *a, struct sandbox_listed *l)
{
	l->name = wire_get_cstr(a, BOX_NAME_MAX);
	uint32_t n = wire_get_u32(a);
	if (a->bad || n > a->rest.len)
		n = 0;
	l->execs = xcalloc(n, sizeof *l->execs);
	for (; l->n_execs < n; l->n_execs++) {
		l->execs[l->n_execs].id = wire_get_u32(a);
		l->execs[l->n_execs].running = wire_get_u32(a);
		l->execs[l->n_execs].status = wire_get_u32(a);
		uint32_t limit = wire_get_u32(a);
		l->execs[l->n_execs].limit = limit < LIMIT_COUNT ? (enum limit)limit : LIMIT_NONE;
		l->execs[l->n_execs].terminal = wire_get_u32(a);
	}
}

bool sandbox_list(struct sandbox *s, struct sandbox_listed **ret, size_t *ret_n, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(64);
	struct wire a;
	sandbox_request(s, &m, REQ_LIST);
	if (!sandbox_call(s, &m, NULL, 0, &a, err))
		return false;
	uint32_t n = wire_get_u32(&a);
	if (n > a.rest.len)
		n = 0;
	struct sandbox_listed *list = xcalloc(n, sizeof *list);
	for (uint32_t i = 0; i < n; i++)
		read_listed(&a, &list[i]);
	bool ok = wire_done(&a, err);
	wire_finish(&a);
	if (!ok) {
		sandbox_list_finish(list, n);
		return false;
	}
	*ret = list;
	*ret_n = n;
	return true;
}
