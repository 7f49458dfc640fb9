/* Control groups: what bounds memory, processes and CPU of a box, and what freezes and kills it, where the machine offers them.
 *
 * Two layouts are known: the old one (version 1, a hierarchy per controller, with or without a `unified` mount of version 2
 * beside them) and version 2 alone. Without permission for either there are none, and rlimits and a watcher take their place.
 * Every box has a group of its own, named after its slot, in each hierarchy. */
#pragma once
#include "base/err.h"
#include "sandbox/limit.h"
#include <stdbool.h>
#include <stdint.h>

enum cgroup_kind { CGROUP_NONE, CGROUP_V1, CGROUP_V2 };
enum { CGROUP_MEMORY, CGROUP_PIDS, CGROUP_CPU, CGROUP_FREEZER, CGROUP_UNIFIED, CGROUP_HIERARCHIES };

struct cgroup_host {
	enum cgroup_kind kind;
	char *base[CGROUP_HIERARCHIES]; /* folders that boxes' groups are made in; NULL where there is none. V2 uses CGROUP_UNIFIED only */
};

/* Finds the hierarchies in the text of /proc/self/mountinfo and /proc/self/cgroup, which must be those of this process. With
 * `prepare`, version 2 is set up for boxes (controllers enabled, the launcher moved into a leaf). Never fails: kind says what is. */
void cgroup_find(const char *mountinfo, const char *self, bool is_root, bool prepare, struct cgroup_host *ret);
void cgroup_find_here(bool prepare, struct cgroup_host *ret);
void cgroup_host_finish(struct cgroup_host *h);

struct cgroup {
	enum cgroup_kind kind;
	char *dir[CGROUP_HIERARCHIES];
	int join[CGROUP_HIERARCHIES]; /* v1: `tasks`, for the child to write "0" to; unified: the folder, for CLONE_INTO_CGROUP; else -1 */
};
void cgroup_init(struct cgroup *c);
/* Makes the groups and sets their limits. */
MUST_CHECK bool cgroup_create(const struct cgroup_host *h, const char *name, const struct limits *l, struct cgroup *c, struct err *err);
void cgroup_close(struct cgroup *c);  /* the descriptors only */
bool cgroup_remove(struct cgroup *c); /* kills what is inside, removes the groups, waits up to 5 s; false: something stayed */
void cgroup_finish(struct cgroup *c);
/* For cleaning: the groups of a name, without creating any. */
void cgroup_of(const struct cgroup_host *h, const char *name, struct cgroup *c);
bool cgroup_exists(const struct cgroup *c);

bool cgroup_can_freeze(const struct cgroup *c);
MUST_CHECK bool cgroup_freeze(struct cgroup *c, bool freeze, struct err *err); /* waits until all have stopped, up to 5 s */
bool cgroup_kill(struct cgroup *c);                                            /* thaws where that is needed */

struct cgroup_counts {
	uint64_t oom_kills, processes_refused; /* since it was made */
	uint64_t memory, memory_peak, processes, cpu_us;
};
void cgroup_read(const struct cgroup *c, struct cgroup_counts *ret);
