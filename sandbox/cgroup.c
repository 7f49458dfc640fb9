/* Groups of one box: limits, freezing, killing, counting. See cgroup.h; finding the hierarchies is in cgroup_find.c. */
#include "sandbox/cgroup.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define WAIT_MS 5000
#define CPU_PERIOD_US 100000

static bool write_file(const char *dir, const char *name, const char *value)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", dir, name);
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);
}

static bool write_number(const char *dir, const char *name, uint64_t v)
{
	char text[32];
	snprintf(text, sizeof text, "%" PRIu64, v);
	return write_file(dir, name, text);
}

static bool read_file(const char *dir, const char *name, char *ret, size_t size)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", dir, name);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, ret, size - 1);
	ret[n > 0 ? n : 0] = 0;
	return n > 0;
}

/* The number after a key at the start of a line, or the whole file's when key is "". */
static uint64_t read_count(const char *dir, const char *name, const char *key)
{
	char text[4096];
	if (!dir || !read_file(dir, name, text, sizeof text))
		return 0;
	struct str rest = str_of(text), line;
	while (str_next_line(&rest, &line)) {
		int64_t n;
		if (str_starts(line, key) && str_to_i64(str_trim(str_sub(line, strlen(key), line.len)), 0, INT64_MAX, &n))
			return (uint64_t)n;
	}
	return 0;
}

void cgroup_init(struct cgroup *c)
{
	*c = (struct cgroup){0};
	for (int i = 0; i < CGROUP_HIERARCHIES; i++)
		c->join[i] = -1;
}

void cgroup_close(struct cgroup *c)
{
	for (int i = 0; i < CGROUP_HIERARCHIES; i++) {
		if (c->join[i] >= 0)
			close(c->join[i]);
		c->join[i] = -1;
	}
}

void cgroup_finish(struct cgroup *c)
{
	cgroup_close(c);
	for (int i = 0; i < CGROUP_HIERARCHIES; i++)
		free(c->dir[i]);
	cgroup_init(c);
}

void cgroup_of(const struct cgroup_host *h, const char *name, struct cgroup *c)
{
	cgroup_init(c);
	c->kind = h->kind;
	for (int i = 0; i < CGROUP_HIERARCHIES; i++)
		c->dir[i] = h->base[i] ? xasprintf("%s/%s", h->base[i], name) : NULL;
}

bool cgroup_exists(const struct cgroup *c)
{
	for (int i = 0; i < CGROUP_HIERARCHIES; i++)
		if (c->dir[i] && access(c->dir[i], F_OK) == 0)
			return true;
	return false;
}

static bool limit_v1(const struct cgroup *c, const struct limits *l)
{
	if (!write_number(c->dir[CGROUP_MEMORY], "memory.limit_in_bytes", l->memory))
		return false;
	write_number(c->dir[CGROUP_MEMORY], "memory.memsw.limit_in_bytes", l->memory); /* absent where swap is not counted */
	write_file(c->dir[CGROUP_MEMORY], "memory.swappiness", "0");
	if (!write_number(c->dir[CGROUP_PIDS], "pids.max", l->processes))
		return false;
	return !c->dir[CGROUP_CPU] || (write_number(c->dir[CGROUP_CPU], "cpu.cfs_period_us", CPU_PERIOD_US) &&
	                               write_number(c->dir[CGROUP_CPU], "cpu.cfs_quota_us", (uint64_t)l->cpu_percent * CPU_PERIOD_US / 100));
}

static bool limit_v2(const struct cgroup *c, const struct limits *l)
{
	const char *dir = c->dir[CGROUP_UNIFIED];
	char cpu[64];
	snprintf(cpu, sizeof cpu, "%" PRIu64 " %d", (uint64_t)l->cpu_percent * CPU_PERIOD_US / 100, CPU_PERIOD_US);
	if (!write_number(dir, "memory.max", l->memory) || !write_number(dir, "pids.max", l->processes))
		return false;
	write_number(dir, "memory.swap.max", 0); /* absent where there is no swap */
	write_number(dir, "memory.oom.group", 1);
	write_file(dir, "cpu.max", cpu); /* the controller may not be delegated; doctor says so */
	return true;
}

bool cgroup_create(const struct cgroup_host *h, const char *name, const struct limits *l, struct cgroup *c, struct err *err)
{
	cgroup_of(h, name, c);
	for (int i = 0; i < CGROUP_HIERARCHIES; i++) {
		if (!c->dir[i])
			continue;
		_cleanup_free_ char *tasks = xasprintf("%s/tasks", c->dir[i]);
		if (mkdir(c->dir[i], 0755) < 0 && errno != EEXIST)
			return err_set(err, ERR_IO, "making the control group %s: %s", c->dir[i], strerror(errno));
		c->join[i] =
		    open(i == CGROUP_UNIFIED ? c->dir[i] : tasks, i == CGROUP_UNIFIED ? O_RDONLY | O_DIRECTORY | O_CLOEXEC : O_WRONLY | O_CLOEXEC);
		if (c->join[i] < 0)
			return err_set(err, ERR_IO, "opening the control group %s: %s", c->dir[i], strerror(errno));
	}
	bool ok = h->kind == CGROUP_V1 ? limit_v1(c, l) : h->kind == CGROUP_V2 ? limit_v2(c, l) : true;
	return ok || err_set(err, ERR_IO, "setting the limits of the control group '%s': %s", name, strerror(errno));
}

static void pause_ms(int ms)
{
	poll(NULL, 0, ms);
}

bool cgroup_can_freeze(const struct cgroup *c)
{
	_cleanup_free_ char *file = c->dir[CGROUP_UNIFIED] ? xasprintf("%s/cgroup.freeze", c->dir[CGROUP_UNIFIED]) : NULL;
	return c->dir[CGROUP_FREEZER] || (file && access(file, W_OK) == 0);
}

static bool unified_freezes(const struct cgroup *c)
{
	return c->dir[CGROUP_UNIFIED] && read_count(c->dir[CGROUP_UNIFIED], "cgroup.freeze", "") <= 1 && !c->dir[CGROUP_FREEZER];
}

static bool frozen(const struct cgroup *c)
{
	char state[64];
	if (unified_freezes(c))
		return read_count(c->dir[CGROUP_UNIFIED], "cgroup.events", "frozen ") == 1;
	return read_file(c->dir[CGROUP_FREEZER], "freezer.state", state, sizeof state) && !strncmp(state, "FROZEN", 6);
}

bool cgroup_freeze(struct cgroup *c, bool freeze, struct err *err)
{
	if (!cgroup_can_freeze(c))
		return err_set(err, ERR_UNSUPPORTED, "this machine has no control group that freezes");
	bool ok = unified_freezes(c) ? write_file(c->dir[CGROUP_UNIFIED], "cgroup.freeze", freeze ? "1" : "0")
	                             : write_file(c->dir[CGROUP_FREEZER], "freezer.state", freeze ? "FROZEN" : "THAWED");
	if (!ok)
		return err_set(err, ERR_IO, "%s a control group: %s", freeze ? "freezing" : "thawing", strerror(errno));
	for (int waited = 0; freeze && !frozen(c); waited++) {
		if (waited >= WAIT_MS)
			return err_set(err, ERR_IO, "a control group did not freeze within %d ms", WAIT_MS);
		pause_ms(1);
	}
	return true;
}

static unsigned signal_all(const char *dir, int sig)
{
	_cleanup_free_ char *path = xasprintf("%s/cgroup.procs", dir);
	FILE *f = fopen(path, "re");
	unsigned n = 0;
	char line[32];
	while (f && fgets(line, sizeof line, f)) {
		int64_t pid;
		if (str_to_i64(str_trim(str_of(line)), 2, INT32_MAX, &pid) && kill((pid_t)pid, sig) == 0)
			n++;
	}
	if (f)
		fclose(f);
	return n;
}

bool cgroup_kill(struct cgroup *c)
{
	if (c->dir[CGROUP_FREEZER])
		write_file(c->dir[CGROUP_FREEZER], "freezer.state", "THAWED"); /* SIGKILL waits for it */
	if (c->dir[CGROUP_UNIFIED] && write_file(c->dir[CGROUP_UNIFIED], "cgroup.kill", "1"))
		return true;
	const char *dir = c->dir[CGROUP_PIDS] ? c->dir[CGROUP_PIDS] : c->dir[CGROUP_UNIFIED];
	for (int tries = 0; dir && tries < 100; tries++)
		if (signal_all(dir, SIGKILL) == 0)
			return true;
	return false;
}

bool cgroup_remove(struct cgroup *c)
{
	bool killed = false;
	for (int waited = 0; waited <= WAIT_MS; waited++) {
		bool left = false;
		for (int i = 0; i < CGROUP_HIERARCHIES; i++)
			if (c->dir[i] && rmdir(c->dir[i]) < 0 && errno != ENOENT)
				left = true;
		if (!left)
			return true;
		if (!killed)
			killed = cgroup_kill(c);
		pause_ms(1);
	}
	return false;
}

void cgroup_read(const struct cgroup *c, struct cgroup_counts *ret)
{
	*ret = (struct cgroup_counts){0};
	const char *v2 = c->dir[CGROUP_UNIFIED];
	if (c->kind == CGROUP_V1) {
		ret->oom_kills = read_count(c->dir[CGROUP_MEMORY], "memory.oom_control", "oom_kill ");
		ret->memory = read_count(c->dir[CGROUP_MEMORY], "memory.usage_in_bytes", "");
		ret->memory_peak = read_count(c->dir[CGROUP_MEMORY], "memory.max_usage_in_bytes", "");
		ret->processes_refused = read_count(c->dir[CGROUP_PIDS], "pids.events", "max ");
		ret->processes = read_count(c->dir[CGROUP_PIDS], "pids.current", "");
		ret->cpu_us = v2 ? read_count(v2, "cpu.stat", "usage_usec ") : 0;
	} else if (c->kind == CGROUP_V2) {
		ret->oom_kills = read_count(v2, "memory.events", "oom_kill ");
		ret->memory = read_count(v2, "memory.current", "");
		ret->memory_peak = read_count(v2, "memory.peak", "");
		ret->processes_refused = read_count(v2, "pids.events", "max ");
		ret->processes = read_count(v2, "pids.current", "");
		ret->cpu_us = read_count(v2, "cpu.stat", "usage_usec ");
	}
}
