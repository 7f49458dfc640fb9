/* Opening and closing a box, from the launcher's side. See box.h; the other side is enter.c, then init.c. */
#include "sandbox/box.h"
#include "base/mem.h"
#include "sandbox/enter.h"
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
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

extern const char init_image[], init_image_end[];

static bool seal_init(int *ret, struct err *err)
{
	_cleanup_close_ int fd = memfd_create("init", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t size = (size_t)(init_image_end - init_image);
	if (fd < 0 || write(fd, init_image, size) != (ssize_t)size || fchmod(fd, 0555) < 0 ||
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return err_set(err, ERR_IO, "preparing init: %s", strerror(errno));
	/* Executing needs that nobody has it open for writing: open it again. */
	char path[32];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	*ret = open(path, O_RDONLY | O_CLOEXEC);
	return *ret >= 0 || err_set(err, ERR_IO, "preparing init: %s", strerror(errno));
}

static bool make_dirs(const char *path, struct err *err)
{
	_cleanup_free_ char *copy = xstrdup(path);
	for (char *at = copy + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = 0;
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return err_set(err, ERR_IO, "making %s: %s", copy, strerror(errno));
		*at = '/';
	}
	if (mkdir(copy, 0700) < 0 && errno != EEXIST)
		return err_set(err, ERR_IO, "making %s: %s", copy, strerror(errno));
	return true;
}

bool host_init(struct host *h, const char *dir, struct err *err)
{
	struct host host = {.init_fd = -1};
	if (!make_dirs(dir, err) || !slot_dir(&host.slots, err) || !seal_init(&host.init_fd, err)) {
		free(host.slots);
		return false;
	}
	host.dir = realpath(dir, NULL);
	cgroup_find_here(true, &host.cgroups);
	*h = host;
	return true;
}

void host_finish(struct host *h)
{
	cgroup_host_finish(&h->cgroups);
	close_fdp(&h->init_fd);
	free(h->dir);
	free(h->slots);
}

static bool write_proc(pid_t pid, const char *name, const char *text)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

/* This user's name in /etc/passwd (by hand: a static program has no other way); their number if it is not there. */
static char *own_name(void)
{
	FILE *f = fopen("/etc/passwd", "re");
	char line[1024], *found = NULL;
	while (f && !found && fgets(line, sizeof line, f)) {
		struct str rest = str_of(line), name, x, uid;
		int64_t n;
		if (str_next_field(&rest, ':', &name) && str_next_field(&rest, ':', &x) && str_next_field(&rest, ':', &uid) &&
		    str_to_i64(uid, 0, UINT32_MAX, &n) && (uid_t)n == geteuid())
			found = str_dup(name);
	}
	if (f)
		fclose(f);
	return found ? found : xasprintf("%u", (unsigned)geteuid());
}

/* This user's first range of at least 65,535 ids in /etc/subuid or /etc/subgid: "name:first:count". */
static bool subordinate(const char *file, uint32_t *ret)
{
	if (getenv("ASSAY_SANDBOX_ONE_ID"))
		return false;
	FILE *f = fopen(file, "re");
	_cleanup_free_ char *me = own_name();
	char line[256];
	bool found = false;
	while (f && !found && fgets(line, sizeof line, f)) {
		struct str rest = str_trim(str_of(line)), name, first, count;
		int64_t from, n;
		if (str_next_field(&rest, ':', &name) && str_next_field(&rest, ':', &first) && str_next_field(&rest, ':', &count) &&
		    str_is(name, me) && str_to_i64(first, 1, INT32_MAX, &from) && str_to_i64(count, 65535, INT32_MAX, &n)) {
			*ret = (uint32_t)from;
			found = true;
		}
	}
	if (f)
		fclose(f);
	return found;
}

static bool run_mapper(const char *program, pid_t pid, uint32_t own, uint32_t first)
{
	char p[16], o[16], f[16];
	snprintf(p, sizeof p, "%d", (int)pid);
	snprintf(o, sizeof o, "%u", own);
	snprintf(f, sizeof f, "%u", first);
	pid_t child = fork();
	if (child == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, 2);
		execl(program, program, p, "0", o, "1", "1", f, "65535", (char *)NULL);
		_exit(127);
	}
	int status = -1;
	return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* Root gives each box its own range. Anybody else maps root of the box to themselves, and with newuidmap and an entry in
 * /etc/subuid the other ids too. */
static bool map_ids(struct box *b, struct err *err)
{
	char map[64];
	uint32_t uid = geteuid(), gid = getegid(), first_uid, first_gid;
	if (uid == 0) {
		snprintf(map, sizeof map, "0 %u %u", slot_uid(&b->slot), SLOT_UIDS);
		b->ids = true;
		if (!write_proc(b->pid, "uid_map", map) || !write_proc(b->pid, "gid_map", map))
			return err_set(err, ERR_IO, "mapping user ids: %s", strerror(errno));
		return true;
	}
	if (access("/usr/bin/newuidmap", X_OK) == 0 && subordinate("/etc/subuid", &first_uid) && subordinate("/etc/subgid", &first_gid) &&
	    run_mapper("/usr/bin/newuidmap", b->pid, uid, first_uid) && run_mapper("/usr/bin/newgidmap", b->pid, gid, first_gid)) {
		b->ids = true;
		return true;
	}
	snprintf(map, sizeof map, "0 %u 1", uid);
	if (!write_proc(b->pid, "uid_map", map) || !write_proc(b->pid, "setgroups", "deny"))
		return err_set(err, ERR_IO, "mapping the user id: %s", strerror(errno));
	snprintf(map, sizeof map, "0 %u 1", gid);
	return write_proc(b->pid, "gid_map", map) || err_set(err, ERR_IO, "mapping the group id: %s", strerror(errno));
}

/* A detached mount of a folder of the image, its owners shifted into the box's range where the filesystem can do that. */
static int shifted_tree(const char *path, int userns)
{
	int fd = (int)syscall(SYS_open_tree, AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	struct mount_attr attr = {.attr_set = MOUNT_ATTR_IDMAP | MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID,
	                          .userns_fd = (uint64_t)userns};
	if (fd >= 0 && syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attr, sizeof attr) < 0) {
		attr = (struct mount_attr){.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID};
		syscall(SYS_mount_setattr, fd, "", AT_EMPTY_PATH, &attr, sizeof attr);
	}
	return fd;
}

/* A /dev of the box's own: with nodes that belong to the machine, two boxes could signal each other by locking /dev/null. */
static int device_tree(uint32_t uid)
{
	static const struct {
		const char *name;
		unsigned major, minor;
	} nodes[] = {{"null", 1, 3}, {"zero", 1, 5}, {"full", 1, 7}, {"random", 1, 8}, {"urandom", 1, 9}, {"tty", 5, 0}};
	static const char *const options[][2] = {{"size", "64k"}, {"nr_inodes", "64"}, {"mode", "0755"}};
	_cleanup_close_ int fs = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC);
	char id[16];
	snprintf(id, sizeof id, "%u", uid);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, options[i][0], options[i][1], 0) < 0)
			return -1;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "uid", id, 0) < 0 ||
	    syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, "gid", id, 0) < 0 ||
	    syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	_cleanup_close_ int fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
	mode_t old = umask(0);
	bool ok = fd >= 0;
	for (size_t i = 0; ok && i < ARRAY_SIZE(nodes); i++)
		ok = mknodat(fd, nodes[i].name, S_IFCHR | 0666, makedev(nodes[i].major, nodes[i].minor)) == 0 &&
		     fchownat(fd, nodes[i].name, uid, uid, AT_SYMLINK_NOFOLLOW) == 0;
	umask(old);
	return ok ? take_fd(fd) : -1;
}

/* Tells the waiting child that its ids are mapped, and as root hands it the trees. */
static bool give_word(struct box *b, const struct image *image, struct err *err)
{
	_cleanup_buf_ struct buf m = BUF(64);
	_cleanup_close_ int root = -1, dev = -1, usr = -1;
	unsigned n = 0;
	wire_u32(&m, b->ids);
	if (geteuid() == 0) {
		root = shifted_tree(image->path, b->userns);
		dev = device_tree(slot_uid(&b->slot));
		usr = image->usr ? shifted_tree("/usr", b->userns) : -1;
		if (root < 0 || dev < 0 || (image->usr && usr < 0))
			return err_set(err, ERR_IO, "preparing the image's mounts: %s", strerror(errno));
		n = image->usr ? 3 : 2;
	}
	int fds[] = {root, dev, usr};
	return wire_send(b->sock, &m, fds, n, err);
}

static bool start(struct host *h, const struct box_options *o, const struct image *image, struct box *b, struct err *err)
{
	int pair[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(err, ERR_IO, "socketpair: %s", strerror(errno));
	b->sock = pair[0];
	fcntl(b->sock, F_SETFL, O_NONBLOCK); /* a box that does not read must not hold up the others */
	_cleanup_close_ int theirs = pair[1];
	int into = b->cgroup.join[CGROUP_UNIFIED];
	struct clone_args args = {
	    .flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP | CLONE_PIDFD |
	             (into >= 0 ? CLONE_INTO_CGROUP : 0),
	    .exit_signal = SIGCHLD,
	    .pidfd = (uint64_t)(uintptr_t)&b->pidfd,
	    .cgroup = into >= 0 ? (uint64_t)into : 0,
	};
	struct entrance e = {.sock = theirs,
	                     .init_fd = h->init_fd,
	                     .image = image,
	                     .limits = &b->limits,
	                     .cgroup = &b->cgroup,
	                     .restore_fd = o->restore_fd,
	                     .subject_fd = o->subject_fd,
	                     .as_root = geteuid() == 0};
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
	if (pid == 0) {
		close(pair[0]); /* or it would never see that the launcher is gone */
		enter(&e);
	}
	if (pid < 0)
		return err_set(err, ERR_IO, "clone3: %s%s", strerror(errno),
		               errno == EPERM || errno == ENOSPC ? " (are user namespaces allowed here? see sysctl user.max_user_namespaces)" : "");
	b->pid = pid;
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/ns/user", (int)pid);
	b->userns = open(path, O_RDONLY | O_CLOEXEC);
	if (b->userns < 0)
		return err_set(err, ERR_IO, "opening the user namespace of a box: %s", strerror(errno));
	return map_ids(b, err) && give_word(b, image, err);
}

bool box_open(struct host *h, const struct box_options *o, struct box *ret, struct err *err)
{
	struct box b = {.slot.fd = -1, .limits = *o->limits, .pidfd = -1, .sock = -1, .userns = -1, .upper = -1, .next_exec = 1};
	struct image image = {0};
	cgroup_init(&b.cgroup);
	bool ok = image_open(h->dir, o->image, &image, err) && slot_claim(h->slots, &b.slot, err);
	if (ok) {
		cgroup_of(&h->cgroups, b.slot.name, &b.cgroup);
		slot_record(&b.slot, &b.cgroup);
		cgroup_finish(&b.cgroup);
		ok = cgroup_create(&h->cgroups, b.slot.name, &b.limits, &b.cgroup, err) && start(h, o, &image, &b, err);
	}
	cgroup_close(&b.cgroup);
	image_finish(&image);
	if (!ok) {
		box_close(&b);
		return false;
	}
	*ret = b;
	return true;
}

bool box_close(struct box *b)
{
	bool clean = true;
	if (b->pid > 0) {
		if (b->frozen)
			cgroup_kill(&b->cgroup);
		if (b->pidfd >= 0)
			syscall(SYS_pidfd_send_signal, b->pidfd, SIGKILL, NULL, 0);
		/* The death of a pid namespace's init is reported after that of everything in it. */
		while (waitpid(b->pid, NULL, __WALL) < 0 && errno == EINTR)
			;
	}
	close_fdp(&b->pidfd);
	close_fdp(&b->sock);
	close_fdp(&b->userns);
	close_fdp(&b->upper);
	if (b->slot.fd >= 0)
		clean = cgroup_remove(&b->cgroup);
	cgroup_finish(&b->cgroup);
	slot_release(&b->slot);
	*b = (struct box){.slot.fd = -1, .pidfd = -1, .sock = -1, .userns = -1, .upper = -1};
	cgroup_init(&b->cgroup);
	return clean;
}
