/* Writes the system call policy of a box as compiled BPF, when Assay is built.
 *
 * libseccomp compiles the lists below once, here; the launcher only installs the result, so that opening a box does not pay
 * for compiling and the launcher links no library. The kernel takes the strictest answer of the programs that are installed:
 *
 *   calls      which system calls exist at all: allowed, refused (EPERM), pretended (sync), or unknown (ENOSYS, so that
 *              programs fall back; clone3 is among these because its flags cannot be read by a filter)
 *   arguments  refusals that depend on arguments: families of sockets, flags of clone, terminal injection, ptrace of PID 1
 *   unbounded  only where no memory cgroup counts: memory that no rlimit bounds
 *   sysv       only where the quotas of System V memory could not be set
 *
 * Usage: policy_gen OUTPUT.inc, or policy_gen --embed FILE OUTPUT.S (an assembler file that embeds FILE as `init_image`). */
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOW32 0xffffffffu

static const char *const allowed[] = {"accept",
                                      "accept4",
                                      "access",
                                      "alarm",
                                      "arch_prctl",
                                      "bind",
                                      "brk",
                                      "cachestat",
                                      "capget",
                                      "capset",
                                      "chdir",
                                      "chmod",
                                      "chown",
                                      "chroot",
                                      "clock_getres",
                                      "clock_gettime",
                                      "clock_nanosleep",
                                      "clone",
                                      "close",
                                      "close_range",
                                      "connect",
                                      "copy_file_range",
                                      "creat",
                                      "dup",
                                      "dup2",
                                      "dup3",
                                      "epoll_create",
                                      "epoll_create1",
                                      "epoll_ctl",
                                      "epoll_ctl_old",
                                      "epoll_pwait",
                                      "epoll_pwait2",
                                      "epoll_wait",
                                      "epoll_wait_old",
                                      "eventfd",
                                      "eventfd2",
                                      "execve",
                                      "execveat",
                                      "exit",
                                      "exit_group",
                                      "faccessat",
                                      "faccessat2",
                                      "fadvise64",
                                      "fallocate",
                                      "fchdir",
                                      "fchmod",
                                      "fchmodat",
                                      "fchmodat2",
                                      "fchown",
                                      "fchownat",
                                      "fcntl",
                                      "fdatasync",
                                      "fgetxattr",
                                      "flistxattr",
                                      "flock",
                                      "fork",
                                      "fremovexattr",
                                      "fsetxattr",
                                      "fstat",
                                      "fstatfs",
                                      "fsync",
                                      "ftruncate",
                                      "futex",
                                      "futex_requeue",
                                      "futex_wait",
                                      "futex_waitv",
                                      "futex_wake",
                                      "futimesat",
                                      "get_robust_list",
                                      "get_thread_area",
                                      "getcpu",
                                      "getcwd",
                                      "getdents",
                                      "getdents64",
                                      "getegid",
                                      "geteuid",
                                      "getgid",
                                      "getgroups",
                                      "getitimer",
                                      "getpeername",
                                      "getpgid",
                                      "getpgrp",
                                      "getpid",
                                      "getppid",
                                      "getpriority",
                                      "getrandom",
                                      "getresgid",
                                      "getresuid",
                                      "getrlimit",
                                      "getrusage",
                                      "getsid",
                                      "getsockname",
                                      "getsockopt",
                                      "gettid",
                                      "gettimeofday",
                                      "getuid",
                                      "getxattr",
                                      "inotify_add_watch",
                                      "inotify_init",
                                      "inotify_init1",
                                      "inotify_rm_watch",
                                      "ioctl",
                                      "ioprio_get",
                                      "kill",
                                      "landlock_add_rule",
                                      "landlock_create_ruleset",
                                      "landlock_restrict_self",
                                      "lchown",
                                      "lgetxattr",
                                      "link",
                                      "linkat",
                                      "listen",
                                      "listxattr",
                                      "llistxattr",
                                      "lremovexattr",
                                      "lseek",
                                      "lsetxattr",
                                      "lstat",
                                      "madvise",
                                      "membarrier",
                                      "memfd_create",
                                      "mincore",
                                      "mkdir",
                                      "mkdirat",
                                      "mknod",
                                      "mknodat",
                                      "mlock",
                                      "mlock2",
                                      "mlockall",
                                      "mmap",
                                      "mprotect",
                                      "mq_getsetattr",
                                      "mq_notify",
                                      "mq_open",
                                      "mq_timedreceive",
                                      "mq_timedsend",
                                      "mq_unlink",
                                      "mremap",
                                      "msgctl",
                                      "msgget",
                                      "msgrcv",
                                      "msgsnd",
                                      "msync",
                                      "munlock",
                                      "munlockall",
                                      "munmap",
                                      "nanosleep",
                                      "newfstatat",
                                      "open",
                                      "openat",
                                      "openat2",
                                      "pause",
                                      "pidfd_open",
                                      "pidfd_send_signal",
                                      "pipe",
                                      "pipe2",
                                      "pkey_alloc",
                                      "pkey_free",
                                      "pkey_mprotect",
                                      "poll",
                                      "ppoll",
                                      "prctl",
                                      "pread64",
                                      "preadv",
                                      "preadv2",
                                      "prlimit64",
                                      "process_vm_readv",
                                      "process_vm_writev",
                                      "pselect6",
                                      "ptrace",
                                      "pwrite64",
                                      "pwritev",
                                      "pwritev2",
                                      "read",
                                      "readahead",
                                      "readlink",
                                      "readlinkat",
                                      "readv",
                                      "recvfrom",
                                      "recvmmsg",
                                      "recvmsg",
                                      "remap_file_pages",
                                      "removexattr",
                                      "rename",
                                      "renameat",
                                      "renameat2",
                                      "restart_syscall",
                                      "rmdir",
                                      "rseq",
                                      "rt_sigaction",
                                      "rt_sigpending",
                                      "rt_sigprocmask",
                                      "rt_sigqueueinfo",
                                      "rt_sigreturn",
                                      "rt_sigsuspend",
                                      "rt_sigtimedwait",
                                      "rt_tgsigqueueinfo",
                                      "sched_get_priority_max",
                                      "sched_get_priority_min",
                                      "sched_getaffinity",
                                      "sched_getattr",
                                      "sched_getparam",
                                      "sched_getscheduler",
                                      "sched_rr_get_interval",
                                      "sched_setaffinity",
                                      "sched_setattr",
                                      "sched_setparam",
                                      "sched_setscheduler",
                                      "sched_yield",
                                      "seccomp",
                                      "select",
                                      "semctl",
                                      "semget",
                                      "semop",
                                      "semtimedop",
                                      "sendfile",
                                      "sendmmsg",
                                      "sendmsg",
                                      "sendto",
                                      "set_robust_list",
                                      "set_thread_area",
                                      "set_tid_address",
                                      "setfsgid",
                                      "setfsuid",
                                      "setgid",
                                      "setgroups",
                                      "setitimer",
                                      "setpgid",
                                      "setpriority",
                                      "setregid",
                                      "setresgid",
                                      "setresuid",
                                      "setreuid",
                                      "setrlimit",
                                      "setsid",
                                      "setsockopt",
                                      "setuid",
                                      "setxattr",
                                      "shmat",
                                      "shmctl",
                                      "shmdt",
                                      "shmget",
                                      "shutdown",
                                      "sigaltstack",
                                      "signalfd",
                                      "signalfd4",
                                      "socket",
                                      "socketpair",
                                      "splice",
                                      "stat",
                                      "statfs",
                                      "statx",
                                      "symlink",
                                      "symlinkat",
                                      "sync_file_range",
                                      "syncfs",
                                      "sysinfo",
                                      "tee",
                                      "tgkill",
                                      "time",
                                      "timer_create",
                                      "timer_delete",
                                      "timer_getoverrun",
                                      "timer_gettime",
                                      "timer_settime",
                                      "timerfd_create",
                                      "timerfd_gettime",
                                      "timerfd_settime",
                                      "times",
                                      "tkill",
                                      "truncate",
                                      "umask",
                                      "uname",
                                      "unlink",
                                      "unlinkat",
                                      "utime",
                                      "utimensat",
                                      "utimes",
                                      "vfork",
                                      "vmsplice",
                                      "wait4",
                                      "waitid",
                                      "write",
                                      "writev"};

/* Refused with EPERM: what programs ask for and must see refused. All that is in neither list is ENOSYS. */
static const char *const refused[] = {"mount",
                                      "umount2",
                                      "umount",
                                      "pivot_root",
                                      "open_tree",
                                      "move_mount",
                                      "fsopen",
                                      "fsconfig",
                                      "fsmount",
                                      "fspick",
                                      "mount_setattr",
                                      "open_tree_attr",
                                      "unshare",
                                      "setns",
                                      "keyctl",
                                      "add_key",
                                      "request_key",
                                      "bpf",
                                      "io_uring_setup",
                                      "io_uring_enter",
                                      "io_uring_register",
                                      "userfaultfd",
                                      "perf_event_open",
                                      "init_module",
                                      "finit_module",
                                      "delete_module",
                                      "kexec_load",
                                      "kexec_file_load",
                                      "reboot",
                                      "swapon",
                                      "swapoff",
                                      "acct",
                                      "quotactl",
                                      "quotactl_fd",
                                      "syslog",
                                      "settimeofday",
                                      "clock_settime",
                                      "clock_adjtime",
                                      "adjtimex",
                                      "sethostname",
                                      "setdomainname",
                                      "iopl",
                                      "ioperm",
                                      "open_by_handle_at",
                                      "name_to_handle_at",
                                      "fanotify_init",
                                      "fanotify_mark",
                                      "lookup_dcookie",
                                      "pidfd_getfd",
                                      "kcmp",
                                      "process_madvise",
                                      "process_mrelease",
                                      "vhangup",
                                      "nfsservctl",
                                      "mbind",
                                      "set_mempolicy",
                                      "migrate_pages",
                                      "move_pages",
                                      "ioprio_set",
                                      "statmount",
                                      "listmount",
                                      "io_setup",
                                      "io_submit",
                                      "io_destroy",
                                      "io_cancel",
                                      "io_getevents",
                                      "io_pgetevents",
                                      "memfd_secret",
                                      "vm86",
                                      "vm86old",
                                      "modify_ldt"};

static void die(const char *what, int rc)
{
	fprintf(stderr, "policy_gen: %s: %s\n", what, strerror(rc < 0 ? -rc : errno));
	exit(1);
}

static scmp_filter_ctx start(uint32_t default_action)
{
	scmp_filter_ctx c = seccomp_init(default_action);
	if (!c)
		die("seccomp_init", 0);
	int rc = seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
	if (rc == 0)
		rc = seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (rc < 0)
		die("attributes", rc);
	return c;
}

static void rule(scmp_filter_ctx c, uint32_t action, const char *name, unsigned n, const struct scmp_arg_cmp *args)
{
	int nr = seccomp_syscall_resolve_name(name);
	if (nr == __NR_SCMP_ERROR || nr < 0)
		return; /* newer than this libseccomp, or of another architecture: unknown calls are ENOSYS anyway */
	int rc = seccomp_rule_add_array(c, action, nr, n, args);
	if (rc < 0)
		die(name, rc);
}
#define RULE(c, action, name, ...)                           \
	do {                                                     \
		struct scmp_arg_cmp a_[] = {__VA_ARGS__};            \
		rule(c, action, name, sizeof a_ / sizeof a_[0], a_); \
	} while (0)

static void emit(FILE *out, scmp_filter_ctx c, const char *name)
{
	int fd = memfd_create("bpf", 0);
	int rc = seccomp_export_bpf(c, fd);
	if (fd < 0 || rc < 0)
		die(name, rc);
	off_t size = lseek(fd, 0, SEEK_END);
	unsigned char *p = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		die(name, 0);
	fprintf(out, "static const struct sock_filter policy_%s[] = {\n", name);
	for (off_t i = 0; i + 8 <= size; i += 8) {
		unsigned k = (unsigned)p[i + 4] | (unsigned)p[i + 5] << 8 | (unsigned)p[i + 6] << 16 | (unsigned)p[i + 7] << 24;
		fprintf(out, "\t{0x%02x%02x, %u, %u, 0x%08x},\n", p[i + 1], p[i], p[i + 2], p[i + 3], k);
	}
	fprintf(out, "};\n");
	seccomp_release(c);
	close(fd);
}

static scmp_filter_ctx calls(void)
{
	scmp_filter_ctx c = start(SCMP_ACT_ERRNO(ENOSYS));
	for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++)
		rule(c, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		rule(c, SCMP_ACT_ERRNO(EPERM), refused[i], 0, NULL);
	rule(c, SCMP_ACT_ERRNO(0), "sync", 0, NULL); /* would write out every filesystem of the machine */
	static const unsigned personalities[] = {0, 8 /* PER_LINUX32 */, 0x40000 /* ADDR_NO_RANDOMIZE */, 0xffffffff};
	for (size_t i = 0; i < sizeof personalities / sizeof personalities[0]; i++)
		RULE(c, SCMP_ACT_ALLOW, "personality", SCMP_A0(SCMP_CMP_EQ, personalities[i]));
	return c;
}

static void sockets(scmp_filter_ctx c)
{
	/* Unix, IPv4, IPv6 and two protocols of netlink. The kernel reads ints: a comparison of 64 bits with GT refuses whatever hides
	 * above the low half. */
	static const char *const names[] = {"socket", "socketpair"};
	for (size_t n = 0; n < 2; n++) {
		RULE(c, SCMP_ACT_ERRNO(EAFNOSUPPORT), names[n], SCMP_A0(SCMP_CMP_GT, AF_NETLINK));
		for (unsigned family = 0; family < AF_NETLINK; family++)
			if (family != AF_UNIX && family != AF_INET && family != AF_INET6)
				RULE(c, SCMP_ACT_ERRNO(EAFNOSUPPORT), names[n], SCMP_A0(SCMP_CMP_EQ, family));
	}
	for (unsigned protocol = 1; protocol < 4; protocol++) /* 0 is NETLINK_ROUTE, 4 is NETLINK_SOCK_DIAG (ss) */
		RULE(c, SCMP_ACT_ERRNO(EPROTONOSUPPORT), "socket", SCMP_A0(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2(SCMP_CMP_EQ, protocol));
	RULE(c, SCMP_ACT_ERRNO(EPROTONOSUPPORT), "socket", SCMP_A0(SCMP_CMP_EQ, AF_NETLINK), SCMP_A2(SCMP_CMP_GT, 4));
	static const unsigned families[] = {AF_INET, AF_INET6};
	for (size_t f = 0; f < 2; f++) { /* SCTP, MPTCP, UDP-Lite, DCCP, L2TP */
		RULE(c, SCMP_ACT_ERRNO(EPROTONOSUPPORT), "socket", SCMP_A0(SCMP_CMP_EQ, families[f]), SCMP_A2(SCMP_CMP_GT, 58));
		RULE(c, SCMP_ACT_ERRNO(EPROTONOSUPPORT), "socket", SCMP_A0(SCMP_CMP_EQ, families[f]), SCMP_A2(SCMP_CMP_EQ, 33));
	}
}

static scmp_filter_ctx arguments(void)
{
	scmp_filter_ctx c = start(SCMP_ACT_ALLOW);
	sockets(c);
	static const unsigned long namespaces[] = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
	                                           CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET};
	for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++)
		RULE(c, SCMP_ACT_ERRNO(EPERM), "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[i], namespaces[i]));
	/* Typing into somebody's terminal. The kernel reads 32 bits of the request. */
	RULE(c, SCMP_ACT_ERRNO(EPERM), "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, LOW32, TIOCSTI));
	RULE(c, SCMP_ACT_ERRNO(EPERM), "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, LOW32, TIOCLINUX));
	RULE(c, SCMP_ACT_ERRNO(EPERM), "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, LOW32, TIOCCONS));
	/* Line disciplines: kernel modules that are loaded by their number, and have been a way in more than once. */
	RULE(c, SCMP_ACT_ERRNO(EPERM), "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, LOW32, TIOCSETD));
	RULE(c, SCMP_ACT_ERRNO(EPERM), "ptrace", SCMP_A0(SCMP_CMP_NE, PTRACE_TRACEME), SCMP_A1(SCMP_CMP_MASKED_EQ, LOW32, 1));
	RULE(c, SCMP_ACT_ERRNO(EPERM), "process_vm_readv", SCMP_A0(SCMP_CMP_MASKED_EQ, LOW32, 1));
	RULE(c, SCMP_ACT_ERRNO(EPERM), "process_vm_writev", SCMP_A0(SCMP_CMP_MASKED_EQ, LOW32, 1));
	/* A filter that hands its decisions to another process (SECCOMP_FILTER_FLAG_NEW_LISTENER) is of no use to a candidate. */
	RULE(c, SCMP_ACT_ERRNO(EPERM), "seccomp",
	     SCMP_A1(SCMP_CMP_MASKED_EQ, SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_FILTER_FLAG_NEW_LISTENER));
	return c;
}

static int policy(const char *path)
{
	FILE *out = fopen(path, "w");
	if (!out)
		die(path, 0);
	fputs("/* Written by policy_gen.c. */\n", out);
	emit(out, calls(), "calls");
	emit(out, arguments(), "arguments");
	scmp_filter_ctx c = start(SCMP_ACT_ALLOW);
	rule(c, SCMP_ACT_ERRNO(EPERM), "memfd_create", 0, NULL);
	rule(c, SCMP_ACT_ERRNO(EPERM), "mq_open", 0, NULL);
	emit(out, c, "unbounded");
	c = start(SCMP_ACT_ALLOW);
	rule(c, SCMP_ACT_ERRNO(ENOSPC), "shmget", 0, NULL);
	rule(c, SCMP_ACT_ERRNO(ENOSPC), "msgget", 0, NULL);
	rule(c, SCMP_ACT_ERRNO(ENOSPC), "semget", 0, NULL);
	emit(out, c, "sysv");
	return fclose(out) ? 1 : 0;
}

static int embed(const char *file, const char *path)
{
	FILE *out = fopen(path, "w");
	if (!out)
		die(path, 0);
	fprintf(out,
	        ".section .rodata\n.balign 16\n.globl init_image\n.globl init_image_end\ninit_image:\n.incbin \"%s\"\n"
	        "init_image_end:\n.byte 0\n.section .note.GNU-stack,\"\",@progbits\n",
	        file);
	return fclose(out) ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "--embed"))
		return embed(argv[2], argv[3]);
	if (argc == 2)
		return policy(argv[1]);
	fprintf(stderr, "usage: policy_gen OUTPUT | policy_gen --embed FILE OUTPUT\n");
	return 2;
}
