/* Snapshots: probe whether anything has changed, stop the box, pack its upper layers, let it go on. See daemon.c.
 *
 * The snapshot of a box is the file snapshots/NAME.layer. It is written beside it, synced and renamed, so that it is always whole,
 * and a link to an older one stays what it was. */
#include "base/mem.h"
#include "sandbox/daemon.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

void snapshot_path(const struct kept *k, char ret[BOX_NAME_MAX + 32])
{
	snprintf(ret, BOX_NAME_MAX + 32, "snapshots/%s.layer", k->name);
}

static void temporary_path(const struct kept *k, char ret[BOX_NAME_MAX + 32])
{
	snprintf(ret, BOX_NAME_MAX + 32, "snapshots/%s.new", k->name);
}

static bool pack(struct kept *k, struct err *err)
{
	char path[BOX_NAME_MAX + 32];
	temporary_path(k, path);
	unlink(path);
	k->packing_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (k->packing_fd < 0)
		return err_set(err, ERR_IO, "creating %s: %s", path, strerror(errno));
	k->packer = box_pack_upper(&k->box, k->packing_fd, k->force, k->shared);
	if (k->packer < 0)
		return err_set(err, ERR_BUSY, "fork: %s", strerror(errno));
	k->snapshot = SNAPSHOT_PACKING;
	return true;
}

static bool stop_and_pack(struct kept *k, struct err *err)
{
	k->thaw_after = false;
	if (k->ended || k->box.frozen)
		return pack(k, err);
	if (!box_freeze(&k->box, true, err))
		return false;
	k->thaw_after = true;
	if (cgroup_can_freeze(&k->box.cgroup))
		return pack(k, err);
	k->snapshot = SNAPSHOT_STOPPING; /* init answers */
	return true;
}

static void go_on(struct kept *k)
{
	struct err err;
	if (k->thaw_after && !k->ended && !box_freeze(&k->box, false, &err))
		fprintf(stderr, "assay-sandbox: box '%s': %s\n", k->name, err.msg);
	k->thaw_after = false;
}

static void finish(struct daemon *d, struct kept *k, bool changed, const struct err *err)
{
	char path[BOX_NAME_MAX + 32];
	snapshot_path(k, path);
	k->snapshot = SNAPSHOT_NONE;
	k->force = false;
	go_on(k);
	if (err) {
		fprintf(stderr, "assay-sandbox: box '%s': snapshot: %s\n", k->name, err->msg);
		daemon_refuse(d, k->snapshotter, err);
	} else {
		_cleanup_buf_ struct buf m = BUF(1024);
		_cleanup_free_ char *whole = xasprintf("%s/%s", d->host.dir, path);
		wire_cstr(&m, whole);
		wire_u32(&m, changed);
		wire_u64(&m, k->shared->bytes);
		wire_u32(&m, k->shared->entries);
		wire_u32(&m, k->shared->skipped);
		daemon_answer(d, k->snapshotter, &m, -1);
	}
	k->snapshotter = (struct asker){0};
	if (k->closing) {
		struct asker closer = k->closer;
		k->closer = (struct asker){0};
		daemon_forget(d, k);
		daemon_answer(d, closer, NULL, -1);
	}
}

bool snapshot_start(struct daemon *d, struct kept *k, bool force, struct err *err)
{
	if (k->box.upper < 0)
		return err_set(err, ERR_CONFLICT, "box '%s' is not open yet", k->name);
	if (k->snapshot != SNAPSHOT_NONE)
		return err_set(err, ERR_BUSY, "a snapshot of box '%s' is being taken", k->name);
	k->force = force || !k->has_snapshot;
	if (k->force)
		return stop_and_pack(k, err);
	k->packer = box_probe_upper(&k->box, k->shared);
	if (k->packer < 0)
		return err_set(err, ERR_BUSY, "fork: %s", strerror(errno));
	k->snapshot = SNAPSHOT_PROBING;
	(void)d;
	return true;
}

void snapshot_stopped(struct daemon *d, struct kept *k, bool all)
{
	struct err err;
	if (k->freezer.client) {
		if (all) {
			daemon_answer(d, k->freezer, NULL, -1);
		} else {
			err_set(&err, ERR_IO, "box '%s' could not be stopped", k->name);
			daemon_refuse(d, k->freezer, &err);
		}
		k->freezer = (struct asker){0};
	}
	if (k->snapshot != SNAPSHOT_STOPPING)
		return;
	/* A process that cannot be stopped (it waits for the kernel) changes nothing meanwhile: go on. */
	if (!pack(k, &err))
		finish(d, k, false, &err);
}

static void packed(struct daemon *d, struct kept *k, int status)
{
	char path[BOX_NAME_MAX + 32], fresh[BOX_NAME_MAX + 32];
	struct err err;
	bool same = WIFEXITED(status) && WEXITSTATUS(status) == 3;
	snapshot_path(k, path);
	temporary_path(k, fresh);
	close_fdp(&k->packing_fd);
	k->packing_fd = -1;
	if (status == 0 && rename(fresh, path) == 0) {
		_cleanup_close_ int dir = open("snapshots", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		k->has_snapshot = dir >= 0 && fsync(dir) == 0;
		if (!k->has_snapshot)
			err_set(&err, ERR_IO, "the folder of snapshots: %s", strerror(errno));
		finish(d, k, k->has_snapshot, k->has_snapshot ? NULL : &err);
		return;
	}
	unlink(fresh);
	if (same) {
		finish(d, k, false, NULL);
	} else {
		err_set(&err, ERR_IO, "%s", WIFEXITED(status) ? k->shared->message : "the packing process was killed");
		finish(d, k, false, &err);
	}
}

static void probed(struct daemon *d, struct kept *k, int status)
{
	struct err err;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 3)
		finish(d, k, false, NULL);
	else if (!stop_and_pack(k, &err))
		finish(d, k, false, &err);
}

void snapshot_reap(struct daemon *d)
{
	for (struct kept *k = d->boxes, *next; k; k = next) {
		int status;
		next = k->next;
		if (k->packer <= 0 || waitpid(k->packer, &status, WNOHANG) != k->packer)
			continue;
		k->packer = 0;
		if (k->snapshot == SNAPSHOT_PROBING)
			probed(d, k, status);
		else
			packed(d, k, status);
	}
}
