/* What clients ask of the daemon: a table of requests. See proto.h for their fields. */
#include "base/mem.h"
#include "sandbox/daemon.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/statfs.h>

struct request {
	struct daemon *d;
	struct asker asker;
	struct wire *m;
	struct kept *k; /* the box that it names, for requests that do */
	struct err err;
	bool later; /* the answer comes later */
	struct buf answer;
	int fd; /* beside the answer; not closed */
};

static struct exec *free_exec(struct kept *k)
{
	struct exec *oldest = NULL;
	for (size_t i = 0; i < BOX_EXECS_MAX; i++) {
		struct exec *x = &k->execs[i];
		if (x->state == EXEC_FREE) {
			oldest = x;
			break;
		}
		if (x->state == EXEC_ENDED && (!oldest || x->id < oldest->id))
			oldest = x;
	}
	if (oldest) {
		close_fdp(&oldest->master);
		*oldest = (struct exec){.master = -1};
	}
	return oldest;
}

static bool hello(struct request *r)
{
	uint32_t version = wire_get_u32(r->m);
	if (!wire_done(r->m, &r->err))
		return false;
	wire_u32(&r->answer, SANDBOX_VERSION);
	return version == SANDBOX_VERSION ||
	       err_set(&r->err, ERR_UNSUPPORTED, "the launcher speaks version %d, not %u; restart it", SANDBOX_VERSION, version);
}

static int open_layer(const char *path, struct err *err)
{
	if (!*path)
		return -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		err_set(err, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
	return fd;
}

static void keep(struct daemon *d, struct kept *k, const char *name)
{
	k->watched = WATCH_BOX;
	k->packing_fd = -1;
	k->next_snapshot_ms = daemon_now_ms() + SNAPSHOT_EVERY_MS;
	snprintf(k->name, sizeof k->name, "%s", name);
	for (size_t i = 0; i < BOX_EXECS_MAX; i++)
		k->execs[i].master = -1;
	k->next = d->boxes;
	d->boxes = k;
	struct epoll_event e = {.events = EPOLLIN, .data.ptr = k};
	epoll_ctl(d->epoll, EPOLL_CTL_ADD, k->box.sock, &e);
}

static bool open_box(struct request *r)
{
	struct limits limits;
	_cleanup_free_ char *name = wire_get_cstr(r->m, BOX_NAME_MAX), *image = wire_get_cstr(r->m, BOX_NAME_MAX);
	uint32_t flags = wire_get_u32(r->m);
	_cleanup_(free_listp) char **list = wire_get_list(r->m);
	_cleanup_free_ char *restore = wire_get_cstr(r->m, BOX_PATH_MAX), *subject = wire_get_cstr(r->m, BOX_PATH_MAX);
	if (!wire_done(r->m, &r->err))
		return false;
	if (!str_is_id(str_of(name)))
		return err_set(&r->err, ERR_USAGE, "'%s' is not a name for a box: a-z, 0-9 and -", name);
	if (daemon_find(r->d, str_of(name)))
		return err_set(&r->err, ERR_CONFLICT, "there is a box '%s' already", name);
	if (r->d->stopping)
		return err_set(&r->err, ERR_BUSY, "the launcher is ending");
	limits_init(&limits);
	limits.time_ms = 0;
	for (char **l = list; *l; l++)
		if (!limits_set(&limits, str_of(*l), &r->err))
			return false;
	_cleanup_close_ int restore_fd = open_layer(restore, &r->err), subject_fd = open_layer(subject, &r->err);
	if ((*restore && restore_fd < 0) || (*subject && subject_fd < 0))
		return false;
	struct box_options o = {.image = image, .limits = &limits, .restore_fd = restore_fd, .subject_fd = subject_fd};
	struct kept *k = xcalloc(1, sizeof *k);
	k->shared = mmap(NULL, sizeof *k->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	bool ok = k->shared != MAP_FAILED || err_set(&r->err, ERR_BUSY, "mmap: %s", strerror(errno));
	if (!ok || !box_open(&r->d->host, &o, &k->box, &r->err)) {
		if (ok)
			munmap(k->shared, sizeof *k->shared);
		free(k);
		return false;
	}
	k->keep = flags & OPEN_KEEP;
	k->bound_to = flags & OPEN_BOUND ? r->asker.client : 0;
	k->opener = r->asker;
	keep(r->d, k, name);
	r->later = true;
	return true;
}

/* A frozen init would answer only when the box goes on. */
static bool thawed(struct request *r)
{
	if (r->k->box.frozen && !r->k->thaw_after)
		return err_set(&r->err, ERR_CONFLICT, "box '%s' is frozen", r->k->name);
	return true;
}

static bool exec(struct request *r)
{
	struct box_exec b = {.fds = {-1, -1, -1}};
	b.pty = wire_get_u32(r->m) & EXEC_PTY;
	b.rows = wire_get_u32(r->m);
	b.cols = wire_get_u32(r->m);
	uint64_t time_ms = wire_get_u64(r->m);
	_cleanup_free_ char *user = wire_get_cstr(r->m, USER_NAME_MAX), *cwd = wire_get_cstr(r->m, BOX_PATH_MAX);
	_cleanup_(free_listp) char **argv = wire_get_list(r->m);
	_cleanup_(free_listp) char **env = wire_get_list(r->m);
	for (int i = 0; i < 3 && !b.pty; i++)
		b.fds[i] = wire_take_fd(r->m);
	bool ok = wire_done(r->m, &r->err) && thawed(r);
	struct exec *x = ok ? free_exec(r->k) : NULL;
	if (ok && !x)
		ok = err_set(&r->err, ERR_BUSY, "%d commands run in box '%s'", BOX_EXECS_MAX, r->k->name);
	b.user = user;
	b.cwd = cwd;
	b.argv = (const char *const *)argv;
	b.env = (const char *const *)env;
	ok = ok && box_exec(&r->k->box, &b, &x->id, &r->err);
	if (ok && x) {
		x->state = EXEC_STARTING;
		x->kind = EXEC_COMMAND;
		x->time_ms = time_ms;
		x->asker = r->asker;
		r->later = true;
	}
	for (int i = 0; i < 3; i++)
		close_fdp(&b.fds[i]);
	return ok;
}

static bool files(struct request *r, bool put)
{
	_cleanup_free_ char *user = put ? wire_get_cstr(r->m, USER_NAME_MAX) : NULL, *path = wire_get_cstr(r->m, BOX_PATH_MAX);
	uint64_t size_max = put ? 0 : wire_get_u64(r->m);
	_cleanup_close_ int fd = wire_take_fd(r->m);
	if (!wire_done(r->m, &r->err) || !thawed(r))
		return false;
	struct exec *x = free_exec(r->k);
	if (!x)
		return err_set(&r->err, ERR_BUSY, "%d commands run in box '%s'", BOX_EXECS_MAX, r->k->name);
	if (!(put ? box_put(&r->k->box, user, path, fd, &x->id, &r->err) : box_get(&r->k->box, path, size_max, fd, &x->id, &r->err)))
		return false;
	x->state = EXEC_STARTING;
	x->kind = EXEC_FILES;
	x->asker = r->asker;
	r->later = true;
	return true;
}
static bool put_files(struct request *r)
{
	return files(r, true);
}
static bool get_files(struct request *r)
{
	return files(r, false);
}

static bool send_signal(struct request *r)
{
	uint32_t id = wire_get_u32(r->m), sig = wire_get_u32(r->m);
	if (!wire_done(r->m, &r->err))
		return false;
	if (sig < 1 || sig > 64)
		return err_set(&r->err, ERR_USAGE, "there is no signal %u", sig);
	return box_kill(&r->k->box, id, (int)sig, &r->err);
}

static bool freeze(struct request *r)
{
	bool on = wire_get_u32(r->m);
	if (!wire_done(r->m, &r->err))
		return false;
	if (r->k->snapshot == SNAPSHOT_STOPPING || r->k->snapshot == SNAPSHOT_PACKING) {
		/* It is stopped now; what it is afterwards is for this request to say. */
		r->k->thaw_after = !on;
		return true;
	}
	bool waits = on && !r->k->box.frozen && !cgroup_can_freeze(&r->k->box.cgroup);
	if (!box_freeze(&r->k->box, on, &r->err))
		return false;
	if (waits) {
		r->k->freezer = r->asker;
		r->later = true;
	}
	return true;
}

static bool take_snapshot(struct request *r)
{
	bool force = wire_get_u32(r->m);
	if (!wire_done(r->m, &r->err))
		return false;
	if (r->k->snapshotter.client)
		return err_set(&r->err, ERR_BUSY, "a snapshot of box '%s' is being taken", r->k->name);
	r->k->snapshotter = r->asker;
	r->later = true;
	if (r->k->snapshot != SNAPSHOT_NONE)
		return true; /* the one that runs answers both */
	if (snapshot_start(r->d, r->k, force, &r->err))
		return true;
	r->k->snapshotter = (struct asker){0};
	return false;
}

static bool close_box(struct request *r)
{
	bool keep_snapshot = wire_get_u32(r->m);
	char path[BOX_NAME_MAX + 32];
	if (!wire_done(r->m, &r->err))
		return false;
	if (!keep_snapshot) {
		snapshot_path(r->k, path);
		unlink(path);
		daemon_forget(r->d, r->k);
		return true;
	}
	r->k->closing = true;
	r->k->closer = r->asker;
	r->later = true;
	if (r->k->snapshot == SNAPSHOT_NONE && !snapshot_start(r->d, r->k, false, &r->err)) {
		r->k->closer = (struct asker){0};
		daemon_forget(r->d, r->k);
		r->later = false;
		return false;
	}
	return true;
}

static bool attach(struct request *r)
{
	uint32_t id = wire_get_u32(r->m);
	if (!wire_done(r->m, &r->err))
		return false;
	for (size_t i = 0; i < BOX_EXECS_MAX; i++)
		if (r->k->execs[i].state != EXEC_FREE && r->k->execs[i].id == id && r->k->execs[i].master >= 0) {
			r->fd = r->k->execs[i].master;
			return true;
		}
	return err_set(&r->err, ERR_NOT_FOUND, "box '%s' has no terminal %u", r->k->name, id);
}

static bool list(struct request *r)
{
	uint32_t n = 0;
	if (!wire_done(r->m, &r->err))
		return false;
	for (struct kept *k = r->d->boxes; k; k = k->next)
		n++;
	wire_u32(&r->answer, n);
	for (struct kept *k = r->d->boxes; k; k = k->next) {
		wire_cstr(&r->answer, k->name);
		uint32_t execs = 0;
		for (size_t i = 0; i < BOX_EXECS_MAX; i++)
			execs += k->execs[i].kind == EXEC_COMMAND && k->execs[i].state >= EXEC_RUNNING;
		wire_u32(&r->answer, execs);
		for (size_t i = 0; i < BOX_EXECS_MAX; i++) {
			struct exec *x = &k->execs[i];
			if (x->kind != EXEC_COMMAND || x->state < EXEC_RUNNING)
				continue;
			wire_u32(&r->answer, x->id);
			wire_u32(&r->answer, x->state == EXEC_RUNNING);
			wire_u32(&r->answer, x->status);
			wire_u32(&r->answer, x->limit);
			wire_u32(&r->answer, x->master >= 0);
		}
	}
	return buf_check(&r->answer, "the list of boxes", &r->err);
}

static bool stat_box(struct request *r)
{
	struct cgroup_counts c;
	struct statfs fs = {0};
	if (!wire_done(r->m, &r->err))
		return false;
	cgroup_read(&r->k->box.cgroup, &c);
	if (r->k->box.upper >= 0)
		(void)!fstatfs(r->k->box.upper, &fs);
	wire_u64(&r->answer, c.memory);
	wire_u64(&r->answer, c.processes);
	wire_u64(&r->answer, c.cpu_us);
	wire_u64(&r->answer, c.oom_kills);
	wire_u64(&r->answer, (uint64_t)(fs.f_blocks - fs.f_bfree) * (uint64_t)fs.f_bsize);
	wire_u64(&r->answer, (uint64_t)(fs.f_files - fs.f_ffree));
	wire_u32(&r->answer, r->k->box.frozen);
	return true;
}

static bool stop(struct request *r)
{
	if (!wire_done(r->m, &r->err))
		return false;
	r->d->stopping = true;
	r->d->stopper = r->asker;
	r->later = true;
	return true;
}

static const struct {
	uint32_t what;
	bool box; /* the next field names one */
	bool (*serve)(struct request *r);
} requests[] = {
    {REQ_HELLO, false, hello},     {REQ_OPEN, false, open_box}, {REQ_EXEC, true, exec},
    {REQ_KILL, true, send_signal}, {REQ_FREEZE, true, freeze},  {REQ_SNAPSHOT, true, take_snapshot},
    {REQ_PUT, true, put_files},    {REQ_GET, true, get_files},  {REQ_CLOSE, true, close_box},
    {REQ_LIST, false, list},       {REQ_ATTACH, true, attach},  {REQ_STAT, true, stat_box},
    {REQ_STOP, false, stop},
};

bool daemon_request(struct daemon *d, struct client *c, struct wire *m)
{
	uint32_t what = wire_get_u32(m), number = wire_get_u32(m);
	struct request r = {.d = d, .asker = {c->id, number}, .m = m, .answer = BUF(WIRE_MAX - 64), .fd = -1};
	if (m->bad)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		if (requests[i].what != what)
			continue;
		bool ok = true;
		if (requests[i].box) {
			struct str name = wire_get_str(m, BOX_NAME_MAX);
			r.k = daemon_find(d, name);
			if (!r.k || r.k->closing)
				ok = err_set(&r.err, ERR_NOT_FOUND, "there is no box '%.*s'", STR_ARG(name));
		}
		ok = ok && requests[i].serve(&r);
		if (!ok)
			daemon_refuse(d, r.asker, &r.err);
		else if (!r.later)
			daemon_answer(d, r.asker, &r.answer, r.fd);
		buf_finish(&r.answer);
		return true;
	}
	return false;
}
