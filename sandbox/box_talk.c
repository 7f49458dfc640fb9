/* What the launcher asks of a box's init, and hears from it. See box.h. */
#include "base/mem.h"
#include "sandbox/box.h"
#include "sandbox/layer.h"
#include "sandbox/proto.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#define STOP_WAIT_MS 5000

bool box_exec(struct box *b, const struct box_exec *x, uint32_t *ret_id, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	wire_u32(&m, INIT_EXEC);
	wire_u32(&m, b->next_exec);
	wire_u32(&m, x->pty ? EXEC_PTY : 0);
	wire_u32(&m, x->rows);
	wire_u32(&m, x->cols);
	wire_cstr(&m, x->user);
	wire_cstr(&m, x->cwd);
	wire_list(&m, x->argv);
	wire_list(&m, x->env);
	if (!wire_send(b->sock, &m, x->fds, x->pty ? 0 : 3, err))
		return false;
	*ret_id = b->next_exec++;
	return true;
}

bool box_kill(struct box *b, uint32_t exec, int sig, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(64);
	wire_u32(&m, INIT_KILL);
	wire_u32(&m, exec);
	wire_u32(&m, (uint32_t)sig);
	return wire_send(b->sock, &m, NULL, 0, err);
}

bool box_put(struct box *b, const char *user, const char *path, int layer_fd, uint32_t *ret_id, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	wire_u32(&m, INIT_UNPACK);
	wire_u32(&m, b->next_exec);
	wire_cstr(&m, user);
	wire_cstr(&m, path);
	if (!wire_send(b->sock, &m, &layer_fd, 1, err))
		return false;
	*ret_id = b->next_exec++;
	return true;
}

bool box_get(struct box *b, const char *path, uint64_t size_max, int layer_fd, uint32_t *ret_id, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(WIRE_MAX);
	wire_u32(&m, INIT_PACK);
	wire_u32(&m, b->next_exec);
	wire_u64(&m, size_max);
	wire_cstr(&m, path);
	if (!wire_send(b->sock, &m, &layer_fd, 1, err))
		return false;
	*ret_id = b->next_exec++;
	return true;
}

bool box_freeze(struct box *b, bool freeze, struct err *err)
{
	if (b->frozen == freeze)
		return true;
	if (cgroup_can_freeze(&b->cgroup)) {
		if (!cgroup_freeze(&b->cgroup, freeze, err)) {
			struct err ignored;
			(void)!cgroup_freeze(&b->cgroup, !freeze, &ignored);
			return false;
		}
	} else {
		_cleanup_buf_ struct buf m = BUF(64);
		wire_u32(&m, freeze ? INIT_STOP : INIT_CONT);
		if (!wire_send(b->sock, &m, NULL, 0, err))
			return false;
	}
	b->frozen = freeze;
	return true;
}

/* The master of a PTY, and nothing else that a box could have sent in its place. */
static bool is_pty_master(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(5, 2);
}

static bool opened(struct box *b, struct wire *m)
{
	struct stat st;
	int fd = wire_take_fd(m);
	if (fd < 0 || b->upper >= 0 || fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode)) {
		close_fdp(&fd);
		return false;
	}
	b->upper = fd;
	return true;
}

static bool configure(struct box *b)
{
	_cleanup_buf_ struct buf m = BUF(64);
	wire_u32(&m, INIT_CONFIG);
	wire_u32(&m, b->cgroup.kind == CGROUP_NONE);
	wire_u64(&m, b->limits.memory);
	b->ready = true;
	return wire_send(b->sock, &m, NULL, 0, NULL);
}

static bool understand(struct box *b, struct wire *m, struct box_report *r)
{
	struct str text;
	r->what = wire_get_u32(m);
	switch (r->what) {
	case BOX_OPENED:
		return opened(b, m);
	case INIT_READY:
		return !b->ready && configure(b);
	case INIT_STOPPED:
		r->status = wire_get_u32(m);
		return true;
	case INIT_OVER:
		r->bytes = wire_get_u64(m);
		return true;
	case INIT_EXITED:
		r->exec = wire_get_u32(m);
		r->status = wire_get_u32(m);
		return true;
	case INIT_STARTED:
		r->exec = wire_get_u32(m);
		if (m->n_fds)
			r->fd = wire_take_fd(m);
		return r->fd < 0 || is_pty_master(r->fd);
	case INIT_FAILED:
		r->exec = wire_get_u32(m);
		/* fall through */
	case BOX_ERROR:
		text = wire_get_str(m, sizeof r->text - 1);
		snprintf(r->text, sizeof r->text, "%.*s", STR_ARG(text));
		return true;
	default:
		return false;
	}
}

bool box_report(struct box *b, char *space, struct box_report *ret)
{
	struct wire m;
	struct err err;
	bool again;
	int got = wire_receive(b->sock, space, &m, &again, &err);
	*ret = (struct box_report){.fd = -1};
	if (again)
		return false;
	if (got > 0) {
		bool ok = understand(b, &m, ret) && wire_done(&m, &err);
		wire_finish(&m);
		if (!ok) {
			close_fdp(&ret->fd);
			*ret = (struct box_report){.fd = -1, .text = "its first process does not keep to the protocol"};
		}
	}
	return true;
}

/* In the box's user namespace, where owners are the box's and its root may read everything; outside of its pid and mount
 * namespaces, where nothing of the box can see or name this process. */
static bool join_user_namespace(struct box *b, struct err *err)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	if (setns(b->userns, CLONE_NEWUSER) < 0)
		return err_set(err, ERR_IO, "entering the user namespace: %s", strerror(errno));
	return true;
}

pid_t box_probe_upper(struct box *b, const struct box_snapshot *shared)
{
	struct err err;
	pid_t pid = fork();
	if (pid)
		return pid;
	_exit(!join_user_namespace(b, &err) ? 1 : layer_fingerprint(b->upper) == shared->fingerprint ? 3 : 0);
}

pid_t box_pack_upper(struct box *b, int out_fd, bool force, struct box_snapshot *shared)
{
	pid_t pid = fork();
	if (pid)
		return pid;
	struct err err;
	struct layer_stats stats;
	int code = 1;
	if (join_user_namespace(b, &err)) {
		uint64_t now = layer_fingerprint(b->upper);
		if (!force && now == shared->fingerprint)
			_exit(3);
		if (layer_pack(b->upper, NULL, out_fd, LAYER_OVERLAY, limits_disk(&b->limits) * 2 + (64 << 20), &stats, &err)) {
			if (fsync(out_fd) == 0) {
				shared->fingerprint = now;
				shared->bytes = stats.bytes;
				shared->entries = stats.entries;
				shared->skipped = stats.skipped;
				code = 0;
			} else {
				err_set(&err, ERR_IO, "writing the snapshot: %s", strerror(errno));
			}
		}
	}
	if (code)
		snprintf(shared->message, sizeof shared->message, "%.255s", err.msg);
	_exit(code);
}
