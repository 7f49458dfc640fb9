/* Preparing the box of a hands-on task, and running a task's scripts in it: the same for the candidate's box and for an author's proof.
 *
 * A box is prepared in three steps: it is opened, the task's files are laid over its root, setup runs in it as root. The parameters of
 * a drawn task reach every script as ASSAY_PARAM_<NAME>. What scripts print comes from a box: it is bounded, and only ever shown. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "sandbox/client/sandbox.h"
#include <stdint.h>

#define PREPARE_SETUP_MS 60000       /* how long setup may take, if the job does not say */
#define PREPARE_OUTPUT_MAX 65536     /* bytes kept of what a script prints, a stream */
#define PREPARE_PATH_MAX 1024        /* bytes of a file's path */
#define PREPARE_FILES_MAX (64 << 20) /* bytes of all files of a task */

struct prepare_file {
	const char *path; /* in the box, absolute: root's there, 0644, or 0755 if executable */
	struct str bytes;
	bool executable;
};

struct prepare {
	const char *box, *image;
	const char *const *limits; /* as sandbox_open takes them */
	bool keep, bound;          /* as sandbox_open takes them */
	const struct prepare_file *files;
	size_t n_files;
	struct str setup;   /* setup.sh; empty: none */
	const char *values; /* of a drawn task: a JSON object; or NULL */
	uint64_t setup_ms;  /* 0: PREPARE_SETUP_MS */
};

/* What came of a script (of setup: all zero when there is none). */
struct prepare_result {
	struct sandbox_result script;
	int64_t ms;
};
void prepare_result_finish(struct prepare_result *r);

/* Opens the box and prepares it. When anything fails the box is closed again: ERR_INVALID when setup itself failed (the message has the
 * last line that it printed), else what the sandbox said. *ret (it may be NULL) is filled in both cases when setup has run. */
MUST_CHECK bool prepare_box(struct sandbox *s, const struct prepare *job, struct prepare_result *ret, struct err *err);

/* Runs a script (it starts with #!/bin/sh or #!/bin/bash) to its end in an open box, as `user` in that user's home. Fails only when it
 * could not run at all: its own failure is in ret->script.status. */
MUST_CHECK bool prepare_run(struct sandbox *s, const char *box, struct str script, const char *user, const char *values, uint64_t time_ms,
                            struct prepare_result *ret, struct err *err);

/* The user that a script's second line asks for ("# user: root"), or `otherwise`. */
const char *prepare_user(struct str script, const char *otherwise);
/* What ended a script that failed, in words, with the last line that it printed: "exit code 2: sh: x: not found". */
void prepare_describe(const struct prepare_result *r, struct buf *out);
