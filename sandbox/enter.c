/* The way into a box. See enter.h.
 *
 * This runs in the new namespaces, as root of the new user namespace. Everything is put together below a tmpfs that no path
 * inside the box leads to: upper layers, work folders, and the overlay that becomes the root. */
#include "sandbox/enter.h"
#include "base/mem.h"
#include "sandbox/confine.h"
#include "sandbox/layer.h"
#include "sandbox/proto.h"
#include "sandbox/wire.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STAGE_INODES 16
#define STAGE "/tmp" /* any folder that every system has; what was there stays outside */

struct way {
	const struct entrance *e;
	struct err *err;
	int sock;
	int root_lower, usr_lower, dev_tree; /* folders of the image; as root, detached mounts from the launcher */
	bool ids;                            /* more than one user id is mapped */
	bool sysv_open;
};

static bool failed(struct way *w, const char *what)
{
	return err_set(w->err, ERR_IO, "%s: %s", what, strerror(errno));
}

static _Noreturn void report(int sock, const struct err *err)
{
	_cleanup_buf_ struct buf b = BUF(WIRE_MAX);
	wire_u32(&b, BOX_ERROR);
	wire_cstr(&b, err->msg);
	if (!wire_send(sock, &b, NULL, 0, NULL))
		_exit(126);
	_exit(125);
}

static bool wait_for_word(struct way *w)
{
	char *space = xmalloc(WIRE_MAX);
	struct wire m;
	bool again;
	if (wire_receive(w->e->sock, space, &m, &again, w->err) <= 0)
		_exit(126); /* the launcher is gone */
	w->ids = wire_get_u32(&m);
	if (w->e->as_root) {
		w->root_lower = wire_take_fd(&m);
		w->dev_tree = wire_take_fd(&m);
		if (w->e->image->usr)
			w->usr_lower = wire_take_fd(&m);
	}
	free(space);
	return !m.bad || err_set(w->err, ERR_INTERNAL, "the launcher handed over too little");
}

/* The child moves itself: the kernel then needs no lock that waits for every processor. */
static bool join_cgroups(struct way *w)
{
	for (int i = 0; i < CGROUP_HIERARCHIES; i++)
		if (i != CGROUP_UNIFIED && w->e->cgroup->join[i] >= 0 && write(w->e->cgroup->join[i], "0", 1) != 1)
			return failed(w, "joining the control group");
	return true;
}

static bool become_root(struct way *w)
{
	if (w->ids && setgroups(0, NULL) < 0)
		return failed(w, "leaving groups");
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return failed(w, "becoming root of the box");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0) /* after setresuid, which clears it */
		return failed(w, "asking to end with the launcher");
	umask(022);
	return true;
}

static bool sysctl(const char *name, const char *value)
{
	char path[128];
	snprintf(path, sizeof path, "/proc/sys/%s", name);
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);
}

/* Quotas of the new namespaces. Those that matter must be set; older kernels let only the real root set some of ipc's. */
static bool set_quotas(struct way *w)
{
	static const struct {
		const char *name, *value;
		bool must;
	} table[] = {
	    {"user/max_user_namespaces", "0", true},
	    {"user/max_inotify_instances", "64", true},
	    {"user/max_inotify_watches", "8192", true},
	    {"user/max_fanotify_groups", "0", false},
	    {"kernel/msgmni", "16", false},
	    {"kernel/sem", "250 4000 32 16", false},
	    {"net/ipv4/ip_unprivileged_port_start", "0", false},
	    {"net/ipv4/ping_group_range", "0 65535", false},
	};
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (!sysctl(table[i].name, table[i].value) && table[i].must)
			return err_set(w->err, ERR_IO, "setting %s: %s", table[i].name, strerror(errno));
	char pages[32], bytes[32];
	snprintf(pages, sizeof pages, "%" PRIu64, w->e->limits->memory / 4 / 4096);
	snprintf(bytes, sizeof bytes, "%" PRIu64, w->e->limits->memory / 4);
	w->sysv_open = sysctl("kernel/shmall", pages) && sysctl("kernel/shmmax", bytes);
	return true;
}

static bool loopback(struct way *w)
{
	_cleanup_close_ int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq r = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &r) < 0)
		return failed(w, "starting the loopback interface");
	return true;
}

static bool folder(struct way *w, const char *path, mode_t mode)
{
	if (mkdir(path, mode) < 0)
		return failed(w, path);
	return true;
}

/* The tmpfs that holds all that the box writes. */
static bool stage(struct way *w)
{
	static const char *const folders[] = {STAGE "/u",     STAGE "/u/root", STAGE "/u/usr",  STAGE "/w",     STAGE "/w/root",
	                                      STAGE "/w/usr", STAGE "/l",      STAGE "/l/root", STAGE "/l/usr", STAGE "/m"};
	char options[128];
	/* A cgroup counts these pages as the box's memory. The folders here, and what overlayfs works with, are not the box's inodes. */
	snprintf(options, sizeof options, "mode=700,size=%" PRIu64 ",nr_inodes=%" PRIu64, limits_disk(w->e->limits),
	         w->e->limits->inodes + STAGE_INODES);
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return failed(w, "making mounts private");
	if (mount("box", STAGE, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0)
		return failed(w, "mounting the tmpfs of the box");
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++)
		if (!folder(w, folders[i], 0755))
			return false;
	if (!folder(w, STAGE "/shm", 0) || chmod(STAGE "/shm", 01777) < 0)
		return failed(w, "/dev/shm");
	return true;
}

static bool unpack(struct way *w, int fd, const char *to, const char *what)
{
	struct layer_stats stats;
	_cleanup_close_ int dir = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return failed(w, to);
	if (!layer_unpack(fd, dir, NULL, LAYER_OVERLAY, NULL, &stats, w->err))
		return err_prefix(w->err, "%s", what);
	return true;
}

/* Hands the launcher the upper layers, for snapshots. */
static bool hand_over(struct way *w)
{
	_cleanup_close_ int fd = open(STAGE "/u", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_buf_ struct buf b = BUF(64);
	wire_u32(&b, BOX_OPENED);
	return fd < 0 ? failed(w, "opening the upper layer") : wire_send(w->e->sock, &b, &fd, 1, w->err);
}

/* The lower layer is named "." in the options, so that no path of the machine shows in the box's /proc/mounts. */
static bool overlay(struct way *w, int lower, const char *options, const char *target, unsigned long flags)
{
	if (fchdir(lower) < 0)
		return failed(w, "entering the image");
	if (mount("box", target, "overlay", flags | MS_NODEV | MS_NOSUID, options) < 0)
		return err_set(w->err, ERR_IO, "mounting the overlay on %s: %s", target, strerror(errno));
	return true;
}

static bool attach(struct way *w, int tree, const char *target)
{
	if (syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) < 0)
		return failed(w, "attaching what the launcher has prepared");
	return true;
}

static bool root_layers(struct way *w)
{
	bool usr = w->e->image->usr;
	if (w->e->as_root && (!attach(w, w->root_lower, STAGE "/l/root") || (usr && !attach(w, w->usr_lower, STAGE "/l/usr"))))
		return false;
	if (!overlay(w, w->root_lower, "lowerdir=.,upperdir=" STAGE "/u/root,workdir=" STAGE "/w/root,userxattr", STAGE "/m", 0))
		return false;
	return !usr || overlay(w, w->usr_lower, "lowerdir=.,upperdir=" STAGE "/u/usr,workdir=" STAGE "/w/usr,userxattr", STAGE "/m/usr", 0);
}

/* A plain user's images belong to that user, who is root inside. So that the candidate can work, the home is theirs where there are ids for
 * it; in a box that is restored, the snapshot says whose it is. */
static void give_home(const struct way *w)
{
	if (!w->e->as_root && w->ids && w->e->restore_fd < 0)
		(void)!lchown(STAGE "/m/home/candidate", 1000, 1000);
}

/* A candidate's files over the same image, to look at and nothing else. The trees of the image are attached by now. */
static bool subject(struct way *w)
{
	if (w->e->subject_fd < 0)
		return true;
	const unsigned long flags = MS_RDONLY | MS_NOEXEC;
	if (!folder(w, STAGE "/s", 0755) || !folder(w, STAGE "/s/root", 0755) || !folder(w, STAGE "/s/usr", 0755) ||
	    !unpack(w, w->e->subject_fd, STAGE "/s", "the subject's snapshot"))
		return false;
	if (mkdir(STAGE "/m/subject", 0755) < 0 && errno != EEXIST)
		return failed(w, "/subject");
	if (!overlay(w, w->root_lower, "lowerdir=" STAGE "/s/root:.,userxattr", STAGE "/m/subject", flags))
		return false;
	return !w->e->image->usr || overlay(w, w->usr_lower, "lowerdir=" STAGE "/s/usr:.,userxattr", STAGE "/m/subject/usr", flags);
}

static bool devices(struct way *w)
{
	static const struct {
		const char *target, *path;
	} links[] = {{"pts/ptmx", "ptmx"},
	             {"/proc/self/fd", "fd"},
	             {"/proc/self/fd/0", "stdin"},
	             {"/proc/self/fd/1", "stdout"},
	             {"/proc/self/fd/2", "stderr"}};
	static const char *const bound[] = {"null", "zero", "full", "random", "urandom", "tty"};
	if (w->e->as_root) {
		if (!attach(w, w->dev_tree, STAGE "/m/dev"))
			return false;
	} else if (mount("dev", STAGE "/m/dev", "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k,nr_inodes=64") < 0) {
		return failed(w, "mounting /dev");
	}
	if (chdir(STAGE "/m/dev") < 0)
		return failed(w, "/dev");
	for (size_t i = 0; !w->e->as_root && i < ARRAY_SIZE(bound); i++) {
		char host[32];
		snprintf(host, sizeof host, "/dev/%s", bound[i]);
		int fd = open(bound[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
		if (fd < 0 || close(fd) < 0 || mount(host, bound[i], NULL, MS_BIND, NULL) < 0)
			return failed(w, host);
	}
	for (size_t i = 0; i < ARRAY_SIZE(links); i++)
		if (symlink(links[i].target, links[i].path) < 0)
			return failed(w, links[i].path);
	if (!folder(w, "pts", 0755) || !folder(w, "shm", 0755))
		return false;
	if (mount("devpts", "pts", "devpts", MS_NOSUID | MS_NOEXEC,
	          w->ids ? "newinstance,ptmxmode=0666,mode=620,gid=5,max=16" : "newinstance,ptmxmode=0666,mode=620,max=16") < 0)
		return failed(w, "mounting /dev/pts");
	if (mount(STAGE "/shm", "shm", NULL, MS_BIND, NULL) < 0)
		return failed(w, "mounting /dev/shm");
	return true;
}

static bool proc(struct way *w)
{
	static const char *const masked[] = {"keys",        "key-users", "kallsyms", "timer_list",   "config.gz",
	                                     "sched_debug", "modules",   "kcore",    "sysrq-trigger"};
	if (chdir(STAGE "/m") < 0 || mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return failed(w, "mounting /proc");
	if (mount("proc/sys", "proc/sys", NULL, MS_BIND, NULL) < 0 ||
	    mount(NULL, "proc/sys", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return failed(w, "making /proc/sys read-only");
	for (size_t i = 0; i < ARRAY_SIZE(masked); i++) {
		char path[32];
		snprintf(path, sizeof path, "proc/%s", masked[i]);
		if (mount("dev/null", path, NULL, MS_BIND, NULL) < 0 && errno != ENOENT)
			return failed(w, path);
	}
	return true;
}

static bool change_root(struct way *w)
{
	if (chdir(STAGE "/m") < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return failed(w, "changing the root");
	if (sethostname("box", 3) < 0)
		return failed(w, "naming the box");
	return true;
}

static bool pass(struct way *w)
{
	const struct entrance *e = w->e;
	if (!wait_for_word(w) || !join_cgroups(w) || !become_root(w) || !set_quotas(w) || !loopback(w))
		return false;
	/* The image's folder may lie where the stage will cover it: open it before. */
	if (!e->as_root) {
		w->root_lower = open(e->image->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
		w->usr_lower = open("/usr", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (w->root_lower < 0 || w->usr_lower < 0)
			return failed(w, "opening the image");
	}
	if (!stage(w) || (e->restore_fd >= 0 && !unpack(w, e->restore_fd, STAGE "/u", "the snapshot")) || !hand_over(w))
		return false;
	if (!root_layers(w))
		return false;
	give_home(w);
	return subject(w) && devices(w) && proc(w) && change_root(w);
}

static bool standard_streams(struct way *w)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return failed(w, "/dev/null");
	for (int i = 0; i < 3; i++)
		if (dup2(fd, i) < 0)
			return failed(w, "/dev/null");
	/* The launcher's other descriptors (of other boxes too) end here, and not only at exec: there may be more of them than this
	 * process will be allowed. Only 3, the socket, and 4, the program of init, go on. */
	int sock = fcntl(w->sock, F_DUPFD_CLOEXEC, 10), init = fcntl(w->e->init_fd, F_DUPFD_CLOEXEC, 10);
	if (sock < 0 || init < 0 || dup2(sock, 3) < 0)
		return failed(w, "arranging descriptors");
	w->sock = 3;
	if (dup3(init, 4, O_CLOEXEC) < 0 || syscall(SYS_close_range, 5, ~0u, 0) < 0)
		return failed(w, "arranging descriptors");
	char name[] = "init", *const argv[] = {name, NULL}, *const env[] = {NULL};
	struct confinement c = {.limits = w->e->limits, .counted = w->e->cgroup->kind != CGROUP_NONE, .sysv_open = w->sysv_open};
	if (!confine(&c, w->err))
		return false;
	syscall(SYS_execveat, 4, "", argv, env, AT_EMPTY_PATH);
	return failed(w, "starting init");
}

void enter(const struct entrance *e)
{
	struct err err;
	struct way w = {.e = e, .err = &err, .sock = e->sock, .root_lower = -1, .usr_lower = -1, .dev_tree = -1};
	if (pass(&w))
		(void)standard_streams(&w);
	report(w.sock, &err);
}
