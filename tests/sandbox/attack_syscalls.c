/* Attacks on the kernel's interface: what the filter, the capabilities and the namespaces must refuse. */
#include "attack.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define ATTACK(name) static int name(int argc, char **argv)
#define HIGH ((uint64_t)1 << 32)
#define ALL(...)                                                             \
	do {                                                                     \
		const int results_[] = {__VA_ARGS__};                                \
		int bad_ = 0;                                                        \
		for (size_t i_ = 0; i_ < sizeof results_ / sizeof results_[0]; i_++) \
			bad_ |= results_[i_];                                            \
		return bad_;                                                         \
	} while (0)

ATTACK(mounting)
{
	ALL(refused("mount", mount("none", "/mnt", "tmpfs", 0, NULL), EPERM, 0),
	    refused("bind", mount("/", "/mnt", NULL, MS_BIND, NULL), EPERM, 0),
	    refused("remount", mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL), EPERM, 0),
	    refused("umount", umount2("/proc/sys", MNT_DETACH), EPERM, 0), refused("umount mask", umount2("/proc/keys", MNT_DETACH), EPERM, 0),
	    refused("pivot_root", syscall(SYS_pivot_root, ".", "."), EPERM, 0),
	    refused("open_tree", syscall(SYS_open_tree, -100, "/", 1), EPERM, 0),
	    refused("move_mount", syscall(SYS_move_mount, 0, "", -100, "/mnt", 4), EPERM, 0),
	    refused("fsopen", syscall(SYS_fsopen, "tmpfs", 0), EPERM, 0), refused("fspick", syscall(SYS_fspick, -100, "/", 0), EPERM, 0),
	    refused("mount_setattr", syscall(442, -100, "/", 0, NULL, 0), EPERM, 0));
}

ATTACK(namespaces)
{
	static const int flags[] = {CLONE_NEWUSER, CLONE_NEWNS, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP, 0x80};
	int bad = 0;
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		bad |= refused("unshare", unshare(flags[i]), EPERM, 0);
		if (flags[i] != 0x80)
			bad |= refused("clone", syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0), EPERM, 0);
	}
	bad |= refused("clone3", syscall(SYS_clone3, NULL, 0), ENOSYS, 0);
	int fd = open("/proc/self/ns/user", O_RDONLY);
	return bad | refused("setns", setns(fd, 0), EPERM, 0);
}

ATTACK(kernel_doors)
{
	ALL(refused("bpf", syscall(SYS_bpf, 0, NULL, 0), EPERM, 0), refused("io_uring", syscall(SYS_io_uring_setup, 8, NULL), EPERM, 0),
	    refused("userfaultfd", syscall(SYS_userfaultfd, 1), EPERM, 0),
	    refused("perf_event_open", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0), EPERM, 0),
	    refused("init_module", syscall(SYS_init_module, NULL, 0, ""), EPERM, 0),
	    refused("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0), EPERM, 0),
	    refused("reboot", syscall(SYS_reboot, 0xfee1dead, 672274793, 0x1234567, NULL), EPERM, 0),
	    refused("swapon", syscall(SYS_swapon, "/", 0), EPERM, 0), refused("syslog", syscall(SYS_syslog, 3, NULL, 0), EPERM, 0),
	    refused("iopl", syscall(SYS_iopl, 3), EPERM, 0), refused("acct", syscall(SYS_acct, "/acct"), EPERM, 0),
	    refused("quotactl", syscall(SYS_quotactl, 0, NULL, 0, NULL), EPERM, 0),
	    refused("fanotify", syscall(SYS_fanotify_init, 0, 0), EPERM, 0), refused("io_setup", syscall(SYS_io_setup, 1, NULL), EPERM, 0),
	    refused("memfd_secret", syscall(447, 0), EPERM, ENOSYS, 0), refused("modify_ldt", syscall(SYS_modify_ldt, 0, NULL, 0), EPERM, 0),
	    refused("vhangup", syscall(SYS_vhangup), EPERM, 0), refused("a call that nobody knows", syscall(9999), ENOSYS, 0));
}

ATTACK(clock_and_name)
{
	struct timespec t = {0};
	ALL(refused("clock_settime", syscall(SYS_clock_settime, 0, &t), EPERM, 0),
	    refused("settimeofday", syscall(SYS_settimeofday, NULL, NULL), EPERM, 0),
	    refused("adjtimex", syscall(SYS_adjtimex, NULL), EPERM, 0), refused("sethostname", sethostname("x", 1), EPERM, 0));
}

ATTACK(keys)
{
	ALL(refused("keyctl", syscall(SYS_keyctl, 0, -4, 0), EPERM, 0),
	    refused("add_key", syscall(SYS_add_key, "user", "x", "x", 1, -4), EPERM, 0),
	    refused("request_key", syscall(SYS_request_key, "user", "x", NULL, -4), EPERM, 0));
}

ATTACK(file_handles)
{
	char handle[256] = {8};
	ALL(refused("open_by_handle_at", syscall(SYS_open_by_handle_at, AT_FDCWD, handle, O_RDONLY), EPERM, 0),
	    refused("name_to_handle_at", syscall(SYS_name_to_handle_at, AT_FDCWD, "/", handle, NULL, 0), EPERM, 0));
}

/* The old ways into the kernel, past a filter that looks at numbers of one of them only. */
ATTACK(other_abis)
{
	long x32 = syscall(0x40000000 | SYS_getpid), i386;
	int saved = errno;
	__asm__ volatile("int $0x80" : "=a"(i386) : "a"(20L) : "memory", "r8", "r9", "r10", "r11"); /* getpid of i386 */
	errno = saved;
	int bad = refused("x32", x32, ENOSYS, 0);
	return bad | (i386 == -ENOSYS ? held("int 0x80") : broke("int 0x80 was answered"));
}

ATTACK(families)
{
	static const int wrong[] = {AF_PACKET, AF_ALG, AF_VSOCK, AF_BLUETOOTH, AF_CAN, AF_TIPC, AF_XDP,
	                            AF_RDS,    AF_KCM, AF_NFC,   AF_PPPOX,     AF_X25, AF_AX25, AF_SMC};
	int bad = 0;
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		bad |= refused("socket", syscall(SYS_socket, wrong[i], SOCK_STREAM, 0), EAFNOSUPPORT, 0);
		bad |= refused("socket, high bits", syscall(SYS_socket, HIGH | (uint64_t)wrong[i], SOCK_STREAM, 0), EAFNOSUPPORT, 0);
		bad |= refused("socketpair", syscall(SYS_socketpair, wrong[i], SOCK_STREAM, 0, NULL), EAFNOSUPPORT, 0);
	}
	bad |= refused("netfilter", socket(AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER), EPROTONOSUPPORT, 0);
	bad |= refused("uevents", socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT), EPROTONOSUPPORT, 0);
	bad |= refused("SCTP", socket(AF_INET, SOCK_STREAM, 132), EPROTONOSUPPORT, 0);
	bad |= refused("MPTCP", socket(AF_INET, SOCK_STREAM, 262), EPROTONOSUPPORT, 0);
	return bad | refused("raw socket", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), EPERM, 0);
}

ATTACK(typing)
{
	char c = 'x';
	int fd = open("/dev/tty", O_RDWR);
	fd = fd < 0 ? 0 : fd;
	ALL(refused("TIOCSTI", ioctl(fd, TIOCSTI, &c), EPERM, 0),
	    refused("TIOCSTI, high bits", syscall(SYS_ioctl, fd, HIGH | TIOCSTI, &c), EPERM, 0),
	    refused("TIOCLINUX", ioctl(fd, TIOCLINUX, &c), EPERM, 0),
	    refused("TIOCLINUX, high bits", syscall(SYS_ioctl, fd, HIGH | TIOCLINUX, &c), EPERM, 0),
	    refused("TIOCCONS", ioctl(fd, TIOCCONS, 0), EPERM, 0), refused("TIOCSETD", ioctl(fd, TIOCSETD, &(int){13}), EPERM, 0));
}

static long entries(const char *folder)
{
	char space[4096];
	int fd = open(folder, O_RDONLY | O_DIRECTORY);
	return fd < 0 ? -1 : syscall(SYS_getdents64, fd, space, sizeof space);
}

ATTACK(tracing_init)
{
	char b[8];
	struct iovec here = {b, 8}, there = {(void *)0x1000, 8};
	ALL(refused("attach", ptrace(PTRACE_ATTACH, 1, 0, 0), EPERM, 0), refused("seize", ptrace(PTRACE_SEIZE, 1, 0, 0), EPERM, 0),
	    refused("attach, high bits", syscall(SYS_ptrace, PTRACE_ATTACH, HIGH | 1, 0, 0), EPERM, 0),
	    refused("read", process_vm_readv(1, &here, 1, &there, 1, 0), EPERM, 0),
	    refused("write", process_vm_writev(1, &here, 1, &there, 1, 0), EPERM, 0),
	    refused("mem", open("/proc/1/mem", O_RDWR), EACCES, EPERM, 0), refused("exe", open("/proc/1/exe", O_RDONLY), EACCES, EPERM, 0),
	    refused("environ", open("/proc/1/environ", O_RDONLY), EACCES, EPERM, 0),
	    refused("fd", open("/proc/1/fd/3", O_RDWR), EACCES, EPERM, ENXIO, 0),
	    refused("root", open("/proc/1/root/etc", O_RDONLY), EACCES, EPERM, 0),
	    refused("cwd", open("/proc/1/cwd", O_RDONLY), EACCES, EPERM, 0),
	    refused("fd, by name", readlink("/proc/1/fd/3", b, sizeof b), EACCES, EPERM, 0),
	    entries("/proc/1/map_files") <= 48 ? held("map_files") : broke("what init has mapped shows")); /* 48: "." and ".." */
}

ATTACK(pidfd_of_init)
{
	int fd = (int)syscall(SYS_pidfd_open, 1, 0);
	return refused("pidfd_getfd", syscall(SYS_pidfd_getfd, fd, 3, 0), EPERM, 0);
}

/* Signals to process 1 of a namespace do nothing from inside. */
ATTACK(killing_init)
{
	for (int s = 1; s < 65; s++)
		kill(1, s);
	usleep(100000);
	return kill(1, 0) == 0 ? held("init is alive") : broke("init has been killed");
}

ATTACK(raising_limits)
{
	static const __rlimit_resource_t what[] = {RLIMIT_NOFILE,   RLIMIT_FSIZE,      RLIMIT_MEMLOCK, RLIMIT_CORE,
	                                           RLIMIT_MSGQUEUE, RLIMIT_SIGPENDING, RLIMIT_NICE,    RLIMIT_RTPRIO};
	struct rlimit r = {RLIM_INFINITY, RLIM_INFINITY};
	struct sched_param p = {.sched_priority = 1};
	int bad = 0;
	for (size_t i = 0; i < sizeof what / sizeof what[0]; i++)
		bad |= refused("setrlimit", setrlimit(what[i], &r), EPERM, 0);
	bad |= refused("nice", setpriority(PRIO_PROCESS, 0, -10), EACCES, EPERM, 0);
	return bad | refused("real time", sched_setscheduler(0, SCHED_FIFO, &p), EPERM, 0);
}

ATTACK(capabilities)
{
	uint32_t header[2] = {0x20080522, 0}, data[6] = {~0u, ~0u, 0, ~0u, ~0u, 0};
	ALL(refused("capset", syscall(SYS_capset, header, data), EPERM, 0),
	    refused("ambient", prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0), EPERM, 0),
	    refused("securebits", prctl(PR_SET_SECUREBITS, 0, 0, 0, 0), EPERM, 0),
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? held("no_new_privs") : broke("no_new_privs"),
	    prctl(PR_CAPBSET_READ, 21, 0, 0, 0) == 0 ? held("bounding set") : broke("CAP_SYS_ADMIN is in the bounding set"));
}

ATTACK(listener)
{
	unsigned char program[16] = {6, 0, 0, 0, 0, 0, 0xff, 0x7f};
	struct {
		unsigned short len;
		void *filter;
	} p = {1, program};
	return refused("seccomp listener", syscall(SYS_seccomp, 1, 8, &p), EPERM, 0);
}

ATTACK(devices)
{
	int bad = 0;
	bad |= refused("disk", mknod("/srv/disk", S_IFBLK | 0600, makedev(254, 0)), EPERM, EACCES, 0);
	bad |= refused("memory", mknod("/srv/mem", S_IFCHR | 0600, makedev(1, 1)), EPERM, EACCES, 0);
	bad |= refused("in /dev", mknod("/dev/kmsg", S_IFCHR | 0600, makedev(1, 11)), EPERM, EACCES, 0);
	bad |= refused("in /dev/shm", mknod("/dev/shm/mem", S_IFCHR | 0600, makedev(1, 1)), EPERM, EACCES, 0);
	static const char *const absent[] = {"/dev/mem",  "/dev/kmsg",    "/dev/vda",     "/dev/sda",  "/dev/kvm",
	                                     "/dev/fuse", "/dev/net/tun", "/dev/console", "/dev/tty0", "/dev/loop0"};
	for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
		bad |= refused(absent[i], open(absent[i], O_RDONLY), ENOENT, 0);
	return bad;
}

ATTACK(host_process)
{
	int pid = (int)strtol(argv[1], NULL, 10);
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/status", pid);
	ALL(refused("signal", kill(pid, 0), ESRCH, 0), refused("status", open(path, O_RDONLY), ENOENT, 0),
	    refused("pidfd", syscall(SYS_pidfd_open, pid, 0), ESRCH, EINVAL, 0));
}

ATTACK(connect_out)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(int)strtol(argv[2], NULL, 10))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	inet_pton(AF_INET, argv[1], &a.sin_addr);
	return refused("connect", connect(fd, (struct sockaddr *)&a, sizeof a), ENETUNREACH, ECONNREFUSED, 0);
}

ATTACK(connect_abstract)
{
	struct {
		unsigned short family;
		char path[108];
	} a = {AF_UNIX, ""};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	strncpy(a.path + 1, argv[1], 100);
	return refused("connect", connect(fd, (struct sockaddr *)&a, (socklen_t)(3 + strlen(argv[1]))), ECONNREFUSED, EPERM, 0);
}

ATTACK(personalities)
{
	ALL(refused("READ_IMPLIES_EXEC", syscall(SYS_personality, 0x400000), EPERM, ENOSYS, 0),
	    refused("low addresses", syscall(SYS_personality, 0x100000), EPERM, ENOSYS, 0));
}

const struct attack attacks_syscalls[] = {{"mounting", mounting},
                                          {"namespaces", namespaces},
                                          {"kernel_doors", kernel_doors},
                                          {"clock_and_name", clock_and_name},
                                          {"keys", keys},
                                          {"file_handles", file_handles},
                                          {"other_abis", other_abis},
                                          {"families", families},
                                          {"typing", typing},
                                          {"tracing_init", tracing_init},
                                          {"pidfd_of_init", pidfd_of_init},
                                          {"killing_init", killing_init},
                                          {"raising_limits", raising_limits},
                                          {"capabilities", capabilities},
                                          {"listener", listener},
                                          {"devices", devices},
                                          {"host_process", host_process},
                                          {"connect_out", connect_out},
                                          {"connect_abstract", connect_abstract},
                                          {"personalities", personalities},
                                          {NULL, NULL}};
