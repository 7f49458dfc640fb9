/* One box in the daemon: what its init reports, deadlines of its commands, and its end. See daemon.c. */
#include "base/mem.h"
#include "sandbox/daemon.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>

static struct exec *find_exec(struct kept *k, uint32_t id)
{
	for (size_t i = 0; i < BOX_EXECS_MAX; i++)
		if (k->execs[i].state != EXEC_FREE && k->execs[i].id == id)
			return &k->execs[i];
	return NULL;
}

static uint64_t oom_kills(const struct kept *k)
{
	struct cgroup_counts counts;
	cgroup_read(&k->box.cgroup, &counts);
	return counts.oom_kills;
}

static void started(struct daemon *d, struct kept *k, struct exec *x, int master)
{
	_cleanup_buf_ struct buf m = BUF(64);
	x->state = EXEC_RUNNING;
	x->master = master;
	x->oom_before = oom_kills(k);
	x->deadline_ms = x->time_ms ? daemon_now_ms() + x->time_ms : 0;
	if (x->kind == EXEC_FILES)
		return; /* answered when it has ended */
	wire_u32(&m, x->id);
	daemon_answer(d, x->asker, &m, master);
	x->asker = (struct asker){0};
}

static void files_ended(struct daemon *d, struct exec *x)
{
	static const char *const reasons[] = {"the files cannot be moved into or out of the box",
	                                      "there is no such place in the box, or it is not an absolute path",
	                                      "there is no room for the files"};
	unsigned code = WIFEXITED(x->status) ? (unsigned)WEXITSTATUS(x->status) : 1;
	struct err err;
	if (x->status == 0) {
		daemon_answer(d, x->asker, NULL, -1);
	} else {
		err_set(&err, code == 2 ? ERR_NOT_FOUND : code == 3 ? ERR_TOO_LARGE : ERR_IO, "%s", reasons[code >= 1 && code <= 3 ? code - 1 : 0]);
		daemon_refuse(d, x->asker, &err);
	}
	x->state = EXEC_FREE;
}

static void exited(struct daemon *d, struct kept *k, struct exec *x, uint32_t status)
{
	x->status = status;
	if (!x->limit && status && oom_kills(k) > x->oom_before)
		x->limit = LIMIT_MEMORY;
	x->state = EXEC_ENDED;
	x->deadline_ms = 0;
	if (x->kind == EXEC_FILES) {
		files_ended(d, x);
		return;
	}
	_cleanup_buf_ struct buf m = BUF(256);
	wire_u32(&m, EVT_EXITED);
	wire_u32(&m, 0);
	wire_cstr(&m, k->name);
	wire_u32(&m, x->id);
	wire_u32(&m, status);
	wire_u32(&m, x->limit);
	daemon_event(d, &m);
	/* The master stays: what was printed last may not have been read. It goes with the box, or when its place is needed. */
}

static void opened(struct daemon *d, struct kept *k)
{
	daemon_answer(d, k->opener, NULL, -1);
	k->opener = (struct asker){0};
}

static void failed(struct daemon *d, struct exec *x, const char *text)
{
	struct err err;
	err_set(&err, ERR_INVALID, "%s", text);
	daemon_refuse(d, x->asker, &err);
	x->state = EXEC_FREE;
}

/* The watcher of a box without cgroups has killed what was largest. */
static void over(struct kept *k)
{
	for (size_t i = 0; i < BOX_EXECS_MAX; i++)
		if (k->execs[i].state == EXEC_RUNNING)
			k->execs[i].limit = LIMIT_MEMORY;
}

void kept_report(struct daemon *d, struct kept *k)
{
	struct box_report r;
	if (!box_report(&k->box, d->space, &r))
		return;
	struct exec *x = r.exec ? find_exec(k, r.exec) : NULL;
	switch (r.what) {
	case INIT_READY:
		opened(d, k);
		break;
	case BOX_OPENED:
		break;
	case INIT_STARTED:
		if (x && x->state == EXEC_STARTING) {
			started(d, k, x, r.fd);
			r.fd = -1;
		}
		break;
	case INIT_FAILED:
		if (x)
			failed(d, x, r.text);
		break;
	case INIT_EXITED:
		if (x && x->state == EXEC_RUNNING)
			exited(d, k, x, r.status);
		break;
	case INIT_STOPPED:
		snapshot_stopped(d, k, r.status);
		break;
	case INIT_OVER:
		over(k);
		break;
	case BOX_ERROR:
		kept_end(d, k, r.text);
		break;
	default:
		kept_end(d, k, *r.text ? r.text : "its first process has ended");
	}
	close_fdp(&r.fd);
}

void kept_end(struct daemon *d, struct kept *k, const char *reason)
{
	struct err err;
	k->ended = true;
	if (oom_kills(k))
		k->ended_by = LIMIT_MEMORY;
	snprintf(k->reason, sizeof k->reason, "%s", reason);
	fprintf(stderr, "assay-sandbox: box '%s' has ended: %s%s%s\n", k->name, reason, k->ended_by ? "; limit: " : "",
	        limit_name(k->ended_by));
	epoll_ctl(d->epoll, EPOLL_CTL_DEL, k->box.sock, NULL);
	err_set(&err, ERR_IO, "box '%s': %s", k->name, reason);
	daemon_refuse(d, k->opener, &err);
	daemon_refuse(d, k->freezer, &err);
	k->opener = k->freezer = (struct asker){0};
	for (size_t i = 0; i < BOX_EXECS_MAX; i++) {
		struct exec *x = &k->execs[i];
		if (x->state == EXEC_STARTING || (x->state == EXEC_RUNNING && x->kind == EXEC_FILES)) {
			daemon_refuse(d, x->asker, &err);
			x->state = EXEC_FREE;
		}
	}
	if (!k->closing) {
		_cleanup_buf_ struct buf m = BUF(1024);
		wire_u32(&m, EVT_BOX);
		wire_u32(&m, 0);
		wire_cstr(&m, k->name);
		wire_u32(&m, k->ended_by);
		wire_cstr(&m, k->reason);
		daemon_event(d, &m);
	}
	/* The upper layer is still there, held by our descriptor: what the candidate has done is not lost. */
	k->closing = true;
	bool packs = k->snapshot == SNAPSHOT_PROBING || k->snapshot == SNAPSHOT_PACKING;
	if (k->snapshot == SNAPSHOT_STOPPING)
		k->snapshot = SNAPSHOT_NONE;
	if (packs)
		return;
	if (!k->keep || k->box.upper < 0 || !snapshot_start(d, k, false, &err))
		daemon_forget(d, k);
}

void kept_deadlines(struct daemon *d, struct kept *k, uint64_t now, uint64_t *next)
{
	struct err err;
	for (size_t i = 0; i < BOX_EXECS_MAX; i++) {
		struct exec *x = &k->execs[i];
		if (x->state != EXEC_RUNNING || !x->deadline_ms)
			continue;
		if (now >= x->deadline_ms) {
			x->limit = LIMIT_TIME;
			x->deadline_ms = 0;
			if (!box_kill(&k->box, x->id, SIGKILL, &err))
				fprintf(stderr, "assay-sandbox: box '%s': %s\n", k->name, err.msg);
		} else if (x->deadline_ms < *next) {
			*next = x->deadline_ms;
		}
	}
	if (k->keep && !k->ended && !k->closing && k->snapshot == SNAPSHOT_NONE && k->box.ready && !k->box.frozen &&
	    now >= k->next_snapshot_ms) {
		k->next_snapshot_ms = now + SNAPSHOT_EVERY_MS;
		if (!snapshot_start(d, k, false, &err))
			fprintf(stderr, "assay-sandbox: box '%s': snapshot: %s\n", k->name, err.msg);
	}
}
