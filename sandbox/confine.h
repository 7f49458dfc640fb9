/* Taking rights away for good: what the process that becomes a box's init does last. */
#pragma once
#include "base/err.h"
#include "sandbox/limit.h"

struct confinement {
	const struct limits *limits;
	bool counted;   /* a memory cgroup bounds this box; else rlimits have to */
	bool sysv_open; /* the quotas of System V memory are set; else it is refused */
};
/* Resource limits, capabilities, no_new_privs, Landlock, seccomp, in this order. After it, the process may exec. */
MUST_CHECK bool confine(const struct confinement *c, struct err *err);
/* Version of Landlock that the kernel offers; 0: none. */
int confine_landlock_abi(void);
