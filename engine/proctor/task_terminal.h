/* What the proctor and the terminals of tasks say to each other. */
#pragma once
#include "proctor/proctor.h"
#include <limits.h>

#define TASK_SHELLS_MAX 8

/* A shell of a task's box, running. */
struct task_terminal {
	int master_fd; /* of its PTY; the receiver's to close */
	char box[65];
	uint32_t exec;
	char recording[PATH_MAX]; /* the asciicast to append to; its folder exists */
	int64_t attempt_key;
	int item;
	bool fresh; /* the shell was started by this call */
};

/* Makes sure that the box is open and the shell (1 to TASK_SHELLS_MAX) runs. Slow: pool. The errors of an answer to an item
 * (ERR_ATTEMPT_ENDED, ERR_SUPERSEDED …), and ERR_NOT_FOUND when the item is no task. */
MUST_CHECK bool task_terminal(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item, int shell,
                              unsigned rows, unsigned cols, struct task_terminal *ret, struct err *err);

/* {"recordings":[{shell,started_at,duration_ms,bytes,sha256|null}]}; the owner after the attempt, examiners always. */
MUST_CHECK bool task_recordings_json(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                                     struct buf *out, struct err *err);
/* The asciicast itself. */
MUST_CHECK bool task_recording_text(struct proctor *pr, struct store *rd, const struct caller *who, const char *attempt, const char *item,
                                    int shell, struct buf *out, struct err *err);
