/* Limits, Landlock, seccomp. See confine.h. */
#include "pictures/confine.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <fontconfig/fontconfig.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#define MEMORY_MAX (2UL << 30)
#define FILES_MAX 256
#define LANDLOCK_ALL ((UINT64_C(1) << 13) - 1) /* version 1 */

static bool limit(int resource, rlim_t value)
{
	struct rlimit r = {value, value};
	return setrlimit((__rlimit_resource_t)resource, &r) == 0;
}

static bool allow_folder(int rules, const char *path)
{
	_cleanup_close_ int fd = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr one = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR, .parent_fd = fd};
	return fd < 0 || syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &one, 0) == 0;
}

static bool allow_folders(int rules, FcStrList *list)
{
	bool ok = true;
	for (FcChar8 *path; list && ok && (path = FcStrListNext(list));)
		ok = allow_folder(rules, (const char *)path);
	if (list)
		FcStrListDone(list);
	return ok;
}

/* Only what fontconfig names can be read; a kernel without Landlock leaves it to seccomp. */
static bool restrict_files(void)
{
	struct landlock_ruleset_attr all = {.handled_access_fs = LANDLOCK_ALL};
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1)
		return true;
	_cleanup_close_ int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
	return rules >= 0 && allow_folder(rules, "/etc/fonts") && allow_folders(rules, FcConfigGetFontDirs(NULL)) &&
	       allow_folders(rules, FcConfigGetCacheDirs(NULL)) && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}

/* Refused calls fail, for libraries ask for much that they can do without; no program, socket, or file to write is among the allowed. */
static bool filter_calls(void)
{
	static const int calls[] = {
	    SCMP_SYS(read),
	    SCMP_SYS(pread64),
	    SCMP_SYS(readv),
	    SCMP_SYS(close),
	    SCMP_SYS(fstat),
	    SCMP_SYS(newfstatat),
	    SCMP_SYS(stat),
	    SCMP_SYS(lstat),
	    SCMP_SYS(statx),
	    SCMP_SYS(statfs),
	    SCMP_SYS(fstatfs),
	    SCMP_SYS(lseek),
	    SCMP_SYS(getdents64),
	    SCMP_SYS(access),
	    SCMP_SYS(faccessat),
	    SCMP_SYS(faccessat2),
	    SCMP_SYS(readlink),
	    SCMP_SYS(readlinkat),
	    SCMP_SYS(fcntl),
	    SCMP_SYS(fadvise64),
	    SCMP_SYS(brk),
	    SCMP_SYS(munmap),
	    SCMP_SYS(mremap),
	    SCMP_SYS(madvise),
	    SCMP_SYS(futex),
	    SCMP_SYS(clock_gettime),
	    SCMP_SYS(gettimeofday),
	    SCMP_SYS(clock_nanosleep),
	    SCMP_SYS(getrandom),
	    SCMP_SYS(getpid),
	    SCMP_SYS(gettid),
	    SCMP_SYS(getuid),
	    SCMP_SYS(geteuid),
	    SCMP_SYS(getgid),
	    SCMP_SYS(getegid),
	    SCMP_SYS(uname),
	    SCMP_SYS(sysinfo),
	    SCMP_SYS(sched_getaffinity),
	    SCMP_SYS(sched_yield),
	    SCMP_SYS(set_robust_list),
	    SCMP_SYS(rseq),
	    SCMP_SYS(poll),
	    SCMP_SYS(ppoll),
	    SCMP_SYS(rt_sigaction),
	    SCMP_SYS(rt_sigprocmask),
	    SCMP_SYS(rt_sigreturn),
	    SCMP_SYS(sigaltstack),
	    SCMP_SYS(exit),
	    SCMP_SYS(exit_group),
	    SCMP_SYS(tgkill),
	    SCMP_SYS(eventfd2),
	    SCMP_SYS(getcwd),
	    SCMP_SYS(restart_syscall),
	};
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool ok = filter;
	for (size_t i = 0; i < ARRAY_SIZE(calls) && ok; i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	ok =
	    ok && seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, SCMP_A0(SCMP_CMP_LE, STDERR_FILENO)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, 0)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, 0)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0 &&
	    /* Threads, which pango starts; not processes. What clone3 is asked cannot be seen: libc then takes clone. */
	    seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) == 0 &&
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 && seccomp_load(filter) == 0;
	if (filter)
		seccomp_release(filter);
	return ok;
}

bool confine(unsigned cpu_seconds, struct err *err)
{
	if (!FcInit())
		return err_set(err, ERR_INTERNAL, "fontconfig cannot read its configuration");
	if (!limit(RLIMIT_CPU, cpu_seconds) || !limit(RLIMIT_AS, MEMORY_MAX) || !limit(RLIMIT_FSIZE, 0) || !limit(RLIMIT_CORE, 0) ||
	    !limit(RLIMIT_NOFILE, FILES_MAX) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
	    !restrict_files() || !filter_calls())
		return err_set(err, ERR_INTERNAL, "cannot limit the process: %s", strerror(errno));
	return true;
}
