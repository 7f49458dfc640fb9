/* Which control groups this machine offers to this process. See cgroup.h. */
#include "base/buf.h"
#include "base/mem.h"
#include "sandbox/cgroup.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct mounted { /* one line of mountinfo that is a cgroup mount */
	struct str root, point, options;
	bool v2;
};

/* "36 35 98:0 /root /mount/point rw,noatime master:1 - cgroup cgroup rw,memory" */
static bool read_mount(struct str line, struct mounted *m)
{
	struct str field, rest = line;
	for (int i = 0; i < 5; i++) {
		if (!str_next_field(&rest, ' ', &field))
			return false;
		if (i == 3)
			m->root = field;
		if (i == 4)
			m->point = field;
	}
	const char *dash = memmem(rest.p, rest.len, " - ", 3);
	if (!dash)
		return false;
	rest = str_sub(rest, (size_t)(dash - rest.p) + 3, rest.len);
	struct str type, source;
	if (!str_next_field(&rest, ' ', &type) || !str_next_field(&rest, ' ', &source))
		return false;
	m->options = rest;
	m->v2 = str_is(type, "cgroup2");
	return m->v2 || str_is(type, "cgroup");
}

static bool has_word(struct str list, char sep, const char *word)
{
	struct str field;
	while (str_next_field(&list, sep, &field))
		if (str_is(str_trim(field), word))
			return true;
	return false;
}

/* This process's path in the hierarchy of a controller ("" for version 2): "4:memory:/a/b". */
static bool own_path(const char *self, const char *controller, struct str *ret)
{
	struct str rest = str_of(self), line, number, names;
	while (str_next_line(&rest, &line)) {
		if (!str_next_field(&line, ':', &number) || !str_next_field(&line, ':', &names))
			continue;
		if (*controller ? has_word(names, ',', controller) : names.len == 0) {
			*ret = line;
			return true;
		}
	}
	return false;
}

/* Folder of this process's group: the mount point and what of the path lies below the mount's root. */
static char *folder(const struct mounted *m, struct str path)
{
	if (!str_is(m->root, "/")) {
		if (path.len < m->root.len || memcmp(path.p, m->root.p, m->root.len) != 0)
			return NULL;
		path = str_sub(path, m->root.len, path.len);
	}
	if (str_is(path, "/"))
		path = STR("");
	return xasprintf("%.*s%.*s", STR_ARG(m->point), STR_ARG(path));
}

static bool write_control(const char *dir, const char *name, const char *value)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", dir, name);
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, value, strlen(value)) == (ssize_t)strlen(value);
}

static bool has_controllers(const char *dir, const char *file)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", dir, file);
	char text[512] = "";
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof text - 1) < 0)
		return false;
	return has_word(str_of(text), ' ', "memory") && has_word(str_of(text), ' ', "pids");
}

/* Gives the children of `dir` their controllers; cpu alone may be missing. */
static bool enable(const char *dir)
{
	if (!has_controllers(dir, "cgroup.controllers"))
		return false;
	write_control(dir, "cgroup.subtree_control", "+cpu");
	return has_controllers(dir, "cgroup.subtree_control") || write_control(dir, "cgroup.subtree_control", "+memory +pids");
}

/* The folder for boxes under version 2: /assay at the top for root; else this process's own group, which must hand its processes
 * to a leaf first, as a group with controllers may not hold any itself. */
static char *prepare_v2(const char *top, const char *own, bool is_root, bool prepare)
{
	if (!prepare)
		return has_controllers(own, "cgroup.controllers") && access(own, W_OK) == 0 ? xstrdup(own) : NULL;
	if (is_root) {
		_cleanup_free_ char *dir = xasprintf("%s/assay", top);
		if (enable(top) && (mkdir(dir, 0755) == 0 || errno == EEXIST) && enable(dir))
			return take_ptr(dir);
	}
	_cleanup_free_ char *leaf = xasprintf("%s/assay-launcher", own);
	if (mkdir(leaf, 0755) < 0 && errno != EEXIST)
		return NULL;
	if (write_control(leaf, "cgroup.procs", "0") && enable(own))
		return xstrdup(own);
	rmdir(leaf);
	return NULL;
}

static void find_v1(const struct mounted *m, const char *self, struct cgroup_host *h)
{
	static const char *const names[] = {
	    [CGROUP_MEMORY] = "memory", [CGROUP_PIDS] = "pids", [CGROUP_CPU] = "cpu", [CGROUP_FREEZER] = "freezer"};
	for (int i = CGROUP_MEMORY; i <= CGROUP_FREEZER; i++) {
		struct str path;
		if (h->base[i] || !has_word(m->options, ',', names[i]) || !own_path(self, names[i], &path))
			continue;
		h->base[i] = folder(m, path);
		if (h->base[i] && access(h->base[i], W_OK) < 0) {
			free(h->base[i]);
			h->base[i] = NULL;
		}
	}
}

static bool can_freeze(const char *dir)
{
	/* Only groups below the top have cgroup.freeze; try with one. */
	_cleanup_free_ char *probe = xasprintf("%s/assay-probe-%d", dir, (int)getpid()), *file = xasprintf("%s/cgroup.freeze", probe);
	if (mkdir(probe, 0755) < 0)
		return false;
	bool ok = access(file, W_OK) == 0;
	rmdir(probe);
	return ok;
}

void cgroup_find(const char *mountinfo, const char *self, bool is_root, bool prepare, struct cgroup_host *ret)
{
	struct cgroup_host h = {0};
	_cleanup_free_ char *unified_top = NULL, *unified = NULL;
	struct str rest = str_of(mountinfo), line, path;
	while (str_next_line(&rest, &line)) {
		struct mounted m;
		if (!read_mount(line, &m))
			continue;
		if (m.v2 && !unified && own_path(self, "", &path)) {
			unified = folder(&m, path);
			unified_top = str_dup(m.point);
		} else if (!m.v2) {
			find_v1(&m, self, &h);
		}
	}
	if (h.base[CGROUP_MEMORY] && h.base[CGROUP_PIDS]) {
		h.kind = CGROUP_V1;
		if (unified && access(unified, W_OK) == 0 && can_freeze(unified)) {
			h.base[CGROUP_UNIFIED] = take_ptr(unified);
			free(h.base[CGROUP_FREEZER]);
			h.base[CGROUP_FREEZER] = NULL;
		}
	} else {
		cgroup_host_finish(&h);
		if (unified && (h.base[CGROUP_UNIFIED] = prepare_v2(unified_top, unified, is_root, prepare)))
			h.kind = CGROUP_V2;
	}
	*ret = h;
}

static bool read_whole(const char *path, struct buf *out)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char chunk[4096];
	ssize_t n;
	while (fd >= 0 && (n = read(fd, chunk, sizeof chunk)) > 0)
		buf_add(out, chunk, (size_t)n);
	buf_addc(out, 0);
	return !out->overflow;
}

void cgroup_find_here(bool prepare, struct cgroup_host *ret)
{
	_cleanup_buf_ struct buf mounts = BUF(1 << 20), self = BUF(1 << 16);
	*ret = (struct cgroup_host){0};
	if (read_whole("/proc/self/mountinfo", &mounts) && read_whole("/proc/self/cgroup", &self))
		cgroup_find(mounts.p, self.p, geteuid() == 0, prepare, ret);
}

void cgroup_host_finish(struct cgroup_host *h)
{
	for (int i = 0; i < CGROUP_HIERARCHIES; i++)
		free(h->base[i]);
	*h = (struct cgroup_host){0};
}
