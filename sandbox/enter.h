/* The way into a box: what the new process does between clone3 and becoming the box's init. */
#pragma once
#include "sandbox/cgroup.h"
#include "sandbox/image.h"
#include "sandbox/limit.h"

struct entrance {
	int sock;    /* to the launcher; becomes descriptor 3 of init */
	int init_fd; /* the sealed program of init */
	const struct image *image;
	const struct limits *limits;
	const struct cgroup *cgroup;
	int restore_fd, subject_fd; /* layers to start from and to mount at /subject; -1 */
	bool as_root;               /* the launcher is root: it hands over mounts of the image with shifted owners, and /dev */
};
/* Waits for the launcher's word (whether more than one user id is mapped; the trees, if as_root), enters, execs. Returns never: on failure
 * it reports BOX_ERROR and exits. */
_Noreturn void enter(const struct entrance *e);
