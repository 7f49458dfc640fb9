/* The two layouts of control groups, on folders of plain files that stand in for them: which files are written, with what. */
#include "base/mem.h"
#include "sandbox/cgroup.h"
#include "test.h"
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/assay-cgroup-XXXXXX";
static struct err err;
static struct limits limits;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *f)
{
	(void)st;
	(void)type;
	(void)f;
	return remove(path);
}

static int setup(void **state)
{
	(void)state;
	memcpy(top + sizeof top - 7, "XXXXXX", 6);
	limits_init(&limits);
	return mkdtemp(top) ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	return nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *path, const char *text)
{
	_cleanup_free_ char *whole = xasprintf("%s/%s", top, path);
	for (char *at = whole + strlen(top) + 1; (at = strchr(at, '/')); at++) {
		*at = 0;
		mkdir(whole, 0755);
		*at = '/';
	}
	FILE *f = fopen(whole, "we");
	fputs(text, f);
	fclose(f);
}

static void expect(const char *path, const char *text)
{
	_cleanup_free_ char *whole = xasprintf("%s/%s", top, path);
	char got[256] = "";
	FILE *f = fopen(whole, "re");
	if (!f || !fgets(got, sizeof got, f) || strncmp(got, text, strlen(text)) != 0)
		fail_msg("%s holds '%s', not '%s'", path, got, text);
	fclose(f);
}

static void files(const char *folder, const char *const *names)
{
	for (; *names; names++) {
		_cleanup_free_ char *path = xasprintf("%s/%s", folder, *names);
		put(path, "");
	}
}

static void version_1(void **state)
{
	struct cgroup_host h;
	struct cgroup c;
	struct cgroup_counts counts;
	(void)state;
	_cleanup_free_ char *mounts =
	    xasprintf("30 1 0:1 / %s/memory rw - cgroup cgroup rw,memory\n31 1 0:2 / %s/pids rw shared:1 - cgroup cgroup rw,pids\n"
	              "32 1 0:3 / %s/cpu rw - cgroup cgroup rw,cpu,cpuacct\n33 1 0:4 / %s/freezer rw - cgroup cgroup rw,freezer\n",
	              top, top, top, top);
	put("memory/own/x", "");
	put("pids/x", "");
	put("cpu/x", "");
	put("freezer/x", "");
	cgroup_find(mounts, "4:memory:/own\n3:pids:/\n2:cpuacct,cpu:/\n1:freezer:/\n0::/\n", true, true, &h);
	assert_int_equal(h.kind, CGROUP_V1);
	assert_non_null(strstr(h.base[CGROUP_MEMORY], "/memory/own"));
	assert_null(h.base[CGROUP_UNIFIED]);
	assert_non_null(h.base[CGROUP_FREEZER]);
	files("memory/own/assay-box-9",
	      (const char *[]){"tasks", "memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.swappiness", NULL});
	files("pids/assay-box-9", (const char *[]){"tasks", "pids.max", NULL});
	files("cpu/assay-box-9", (const char *[]){"tasks", "cpu.cfs_period_us", "cpu.cfs_quota_us", NULL});
	files("freezer/assay-box-9", (const char *[]){"tasks", "freezer.state", NULL});
	assert_true(cgroup_create(&h, "assay-box-9", &limits, &c, &err));
	expect("memory/own/assay-box-9/memory.limit_in_bytes", "536870912");
	expect("memory/own/assay-box-9/memory.memsw.limit_in_bytes", "536870912");
	expect("pids/assay-box-9/pids.max", "256");
	expect("cpu/assay-box-9/cpu.cfs_quota_us", "100000");
	put("freezer/assay-box-9/freezer.state", "FROZEN\n"); /* what the kernel would show after some time */
	assert_true(cgroup_can_freeze(&c));
	assert_true(cgroup_freeze(&c, false, &err));
	expect("freezer/assay-box-9/freezer.state", "THAWED");
	put("memory/own/assay-box-9/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
	put("pids/assay-box-9/pids.events", "max 17\n");
	cgroup_read(&c, &counts);
	assert_int_equal(counts.oom_kills, 3);
	assert_int_equal(counts.processes_refused, 17);
	cgroup_finish(&c);
	cgroup_host_finish(&h);
}

static void version_2(void **state)
{
	struct cgroup_host h;
	struct cgroup c;
	struct cgroup_counts counts;
	(void)state;
	_cleanup_free_ char *mounts = xasprintf("30 1 0:1 / %s rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n", top);
	put("cgroup.controllers", "cpuset cpu io memory pids\n");
	put("cgroup.subtree_control", "");
	put("assay/cgroup.controllers", "cpu memory pids\n");
	put("assay/cgroup.subtree_control", "");
	cgroup_find(mounts, "0::/user.slice/session-1.scope\n", true, true, &h);
	assert_int_equal(h.kind, CGROUP_V2);
	assert_string_equal(h.base[CGROUP_UNIFIED] + strlen(top), "/assay");
	expect("cgroup.subtree_control", "+memory +pids");
	expect("assay/cgroup.subtree_control", "+memory +pids");
	files("assay/assay-box-9", (const char *[]){"memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cpu.max", "cgroup.freeze",
	                                            "cgroup.kill", NULL});
	limits.cpu_percent = 250;
	assert_true(cgroup_create(&h, "assay-box-9", &limits, &c, &err));
	expect("assay/assay-box-9/memory.max", "536870912");
	expect("assay/assay-box-9/memory.swap.max", "0");
	expect("assay/assay-box-9/memory.oom.group", "1");
	expect("assay/assay-box-9/pids.max", "256");
	expect("assay/assay-box-9/cpu.max", "250000 100000");
	put("assay/assay-box-9/cgroup.events", "populated 1\nfrozen 1\n");
	assert_true(cgroup_freeze(&c, true, &err));
	expect("assay/assay-box-9/cgroup.freeze", "1");
	assert_true(cgroup_kill(&c));
	expect("assay/assay-box-9/cgroup.kill", "1");
	put("assay/assay-box-9/memory.events", "low 0\nhigh 0\nmax 5\noom 1\noom_kill 2\noom_group_kill 1\n");
	put("assay/assay-box-9/pids.events", "max 4\n");
	cgroup_read(&c, &counts);
	assert_int_equal(counts.oom_kills, 2);
	assert_int_equal(counts.processes_refused, 4);
	cgroup_finish(&c);
	cgroup_host_finish(&h);
}

/* A user with a subtree of their own: the launcher moves into a leaf, and boxes stand beside it. */
static void delegated(void **state)
{
	struct cgroup_host h;
	(void)state;
	_cleanup_free_ char *mounts = xasprintf("30 1 0:1 / %s rw - cgroup2 cgroup2 rw\n", top);
	put("user.slice/mine/cgroup.controllers", "memory pids\n");
	put("user.slice/mine/cgroup.subtree_control", "");
	put("user.slice/mine/assay-launcher/cgroup.procs", "");
	cgroup_find(mounts, "0::/user.slice/mine\n", false, true, &h);
	assert_int_equal(h.kind, CGROUP_V2);
	assert_string_equal(h.base[CGROUP_UNIFIED] + strlen(top), "/user.slice/mine");
	expect("user.slice/mine/assay-launcher/cgroup.procs", "0");
	expect("user.slice/mine/cgroup.subtree_control", "+memory +pids");
	cgroup_host_finish(&h);
}

static void nothing(void **state)
{
	struct cgroup_host h;
	(void)state;
	_cleanup_free_ char *no_pids = xasprintf("30 1 0:1 / %s rw - cgroup2 cgroup2 rw\n", top);
	put("cgroup.controllers", "memory\n");
	cgroup_find(no_pids, "0::/\n", false, true, &h);
	assert_int_equal(h.kind, CGROUP_NONE);
	cgroup_host_finish(&h);
	static const char *const odd[] = {"", "x", "30 1 0:1 / /nowhere rw - cgroup2", "1 2 3 4 5 6 7 8 9\n",
	                                  "30 1 0:1 / /nowhere rw - cgroup cgroup rw,memory\n"};
	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		cgroup_find(odd[i], i % 2 ? "" : "4:memory:/../../etc\n0::\n", true, true, &h);
		assert_int_equal(h.kind, CGROUP_NONE);
		cgroup_host_finish(&h);
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(version_1), T(version_2), T(delegated), T(nothing)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
