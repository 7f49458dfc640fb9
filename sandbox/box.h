/* A box, as the launcher sees it. */
#pragma once
#include "sandbox/cgroup.h"
#include "sandbox/image.h"
#include "sandbox/limit.h"
#include "sandbox/slot.h"
#include "sandbox/wire.h"
#include <sys/types.h>

/* What boxes of this launcher have in common. */
struct host {
	char *dir;   /* images and snapshots */
	char *slots; /* see slot.h */
	struct cgroup_host cgroups;
	int init_fd; /* the sealed program of init */
};
MUST_CHECK bool host_init(struct host *h, const char *dir, struct err *err);
void host_finish(struct host *h);

struct box {
	struct slot slot;
	struct limits limits;
	struct cgroup cgroup;
	pid_t pid; /* of init, in our pid namespace */
	int pidfd, sock, userns;
	int upper; /* the folder of upper layers, once init has reported; else -1 */
	bool ids;  /* more than one user id is mapped */
	bool ready, frozen;
	uint32_t next_exec;
};

struct box_options {
	const char *image;
	const struct limits *limits;
	int restore_fd, subject_fd; /* layers, or -1; not closed */
};
/* Starts a box. It is usable at once: what is asked is answered once init runs. A failure on the way in arrives as BOX_ERROR. */
MUST_CHECK bool box_open(struct host *h, const struct box_options *o, struct box *ret, struct err *err);
/* Kills what is in it, waits for its end, removes its groups. Safe on a box that failed half way. False: something stayed. */
bool box_close(struct box *b);

struct box_exec {
	const char *user, *cwd;               /* cwd NULL: the user's home */
	const char *const *argv, *const *env; /* env on top of PATH, HOME, USER, LOGNAME, SHELL, LANG, TERM */
	bool pty;
	uint32_t rows, cols;
	int fds[3]; /* without a PTY: for the command's standard streams; not closed */
};
MUST_CHECK bool box_exec(struct box *b, const struct box_exec *x, uint32_t *ret_id, struct err *err);
MUST_CHECK bool box_kill(struct box *b, uint32_t exec, int sig, struct err *err);
MUST_CHECK bool box_put(struct box *b, const char *user, const char *path, int layer_fd, uint32_t *ret_id, struct err *err);
MUST_CHECK bool box_get(struct box *b, const char *path, uint64_t size_max, int layer_fd, uint32_t *ret_id, struct err *err);
/* Stops or continues everything but init. Without a cgroup that freezes, init does it by signals: the answer is waited for. */
MUST_CHECK bool box_freeze(struct box *b, bool freeze, struct err *err);

/* One report of init, read from the box's socket. */
struct box_report {
	uint32_t what; /* enum init_report; 0: init has ended, or does not keep to the protocol (then text says so) */
	uint32_t exec, status;
	int fd;         /* INIT_STARTED with a PTY: its master, checked; the caller closes it */
	char text[512]; /* INIT_FAILED, BOX_ERROR */
	uint64_t bytes; /* INIT_OVER */
};
/* Takes the next report; false when none waits (then *err is untouched) . A box whose init does not keep to the protocol is
 * reported as ended. */
bool box_report(struct box *b, char *space, struct box_report *ret);

/* Forks a process that packs the upper layers to out_fd in the box's own user namespace; the caller waits for the pid. Its exit
 * status: 0 done, 1 failed, 3 nothing has changed since fingerprint *last (written through `shared`, mapped MAP_SHARED). */
struct box_snapshot {
	uint64_t fingerprint, bytes;
	uint32_t entries, skipped;
	char message[256];
};
pid_t box_pack_upper(struct box *b, int out_fd, bool force, struct box_snapshot *shared);
/* Forks a process that only looks whether anything has changed: exit status 0 yes, 3 no. */
pid_t box_probe_upper(struct box *b, const struct box_snapshot *shared);
