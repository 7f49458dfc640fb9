/* Resource limits, capabilities, Landlock and seccomp. See confine.h; the policy is written by policy_gen.c. */
#include "sandbox/confine.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "policy.inc"

#define BIT(n) (UINT64_C(1) << (n))

/* What root in a box needs for the work of an exam. Not among them: everything that reaches beyond files and processes of the
 * box, mounts, the network's configuration, raw sockets, raising limits, tracing what is not one's own. */
static const uint64_t kept = BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_FOWNER) | BIT(CAP_FSETID) | BIT(CAP_KILL) | BIT(CAP_SETGID) |
                             BIT(CAP_SETUID) | BIT(CAP_NET_BIND_SERVICE) | BIT(CAP_SYS_CHROOT);

static bool limit_resources(const struct confinement *c, struct err *err)
{
	const struct limits *l = c->limits;
	struct {
		__rlimit_resource_t what;
		rlim_t value;
	} limits[] = {
	    {RLIMIT_CORE, 1}, /* 1, not 0: at 0 the kernel still starts a core_pattern program, on the host and as its root */
	    {RLIMIT_NOFILE, NOFILE_MAX},
	    {RLIMIT_FSIZE, limits_disk(l)},
	    {RLIMIT_MEMLOCK, 1 << 20},
	    {RLIMIT_MSGQUEUE, 256 << 10},
	    {RLIMIT_SIGPENDING, 1024},
	    {RLIMIT_NICE, 0},
	    {RLIMIT_RTPRIO, 0},
	    {RLIMIT_NPROC, c->counted ? RLIM_INFINITY : l->processes}, /* a cgroup also says that it has refused */
	    {RLIMIT_AS, c->counted ? RLIM_INFINITY : l->memory},
	    {RLIMIT_CPU, c->counted || !l->time_ms ? RLIM_INFINITY : l->time_ms / 1000 + 2},
	};
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		struct rlimit old, r = {limits[i].value, limits[i].value};
		/* Never above what this process has: it may not raise. */
		if (getrlimit(limits[i].what, &old) == 0 && old.rlim_max < r.rlim_max)
			r.rlim_cur = r.rlim_max = old.rlim_max;
		if (setrlimit(limits[i].what, &r) < 0)
			return err_set(err, ERR_IO, "setting resource limit %d: %s", (int)limits[i].what, strerror(errno));
	}
	return true;
}

static bool drop_capabilities(struct err *err)
{
	for (int cap = 0; cap <= 63; cap++) {
		if (kept & BIT(cap))
			continue;
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0) {
			if (errno == EINVAL)
				break; /* the kernel knows no more */
			return err_set(err, ERR_IO, "dropping capability %d: %s", cap, strerror(errno));
		}
	}
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct data[2] = {{(uint32_t)kept, (uint32_t)kept, 0}, {(uint32_t)(kept >> 32), (uint32_t)(kept >> 32), 0}};
	if (syscall(SYS_capset, &header, data) < 0)
		return err_set(err, ERR_IO, "dropping capabilities: %s", strerror(errno));
	return true;
}

int confine_landlock_abi(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	return abi < 0 ? 0 : (int)abi;
}

/* Landlock beside the namespaces: no devices can be made, and from version 6 on no abstract socket and no signal leads out, whatever
 * hole the namespaces may have. The sizes of rights and struct follow the kernel's version. */
static bool landlock(struct err *err)
{
	struct { /* of version 6; older kernels take a shorter one */
		uint64_t fs, net, scoped;
	} rules = {0};
	int abi = confine_landlock_abi();
	if (abi < 1)
		return true;
	rules.fs = BIT(13) - 1; /* version 1 */
	if (abi >= 2)
		rules.fs |= BIT(13); /* REFER: without it, no file could be moved between folders */
	if (abi >= 3)
		rules.fs |= BIT(14); /* TRUNCATE */
	if (abi >= 5)
		rules.fs |= BIT(15); /* IOCTL_DEV */
	if (abi >= 6)
		rules.scoped = 3; /* abstract sockets, signals */
	if (abi == 1)
		return true; /* version 1 forbids moving files between folders altogether */
	_cleanup_close_ int fd = (int)syscall(SYS_landlock_create_ruleset, &rules, abi >= 6 ? 24 : abi >= 4 ? 16 : 8, 0);
	_cleanup_close_ int root = open("/", O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr all = {
	    .allowed_access = rules.fs & ~(uint64_t)(LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK), .parent_fd = root};
	if (fd < 0 || root < 0 || syscall(SYS_landlock_add_rule, fd, LANDLOCK_RULE_PATH_BENEATH, &all, 0) < 0 ||
	    syscall(SYS_landlock_restrict_self, fd, 0) < 0)
		return err_set(err, ERR_IO, "Landlock: %s", strerror(errno));
	return true;
}

static bool filter(const struct sock_filter *program, size_t n, struct err *err)
{
	struct sock_fprog p = {.len = (unsigned short)n, .filter = (struct sock_filter *)(uintptr_t)program};
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p) < 0)
		return err_set(err, ERR_IO, "seccomp: %s", strerror(errno));
	return true;
}
#define FILTER(program, err) filter(program, ARRAY_SIZE(program), err)

bool confine(const struct confinement *c, struct err *err)
{
	if (!limit_resources(c, err) || !drop_capabilities(err))
		return false;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, ERR_IO, "no_new_privs: %s", strerror(errno));
	if (!landlock(err))
		return false;
	if (!c->counted && !FILTER(policy_unbounded, err))
		return false;
	if (!c->sysv_open && !FILTER(policy_sysv, err))
		return false;
	return FILTER(policy_arguments, err) && FILTER(policy_calls, err);
}
