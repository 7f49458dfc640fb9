/* Draws the values of parametrised items: runs the authors' programs in a process of its own, assay-params, with limits on CPU time,
 * memory, output, wall time and system calls. */
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct params_job {
	const char *lua;  /* the program */
	uint64_t seed;
	char *values;     /* out: a JSON object, owned by the caller; NULL when it failed */
	char *error;      /* out: what went wrong, with the program's line; owned by the caller */
};
/* Runs all jobs in one process, each in a fresh interpreter. A program that fails fails alone (job->error). ERR_INTERNAL when the
 * process itself could not run or was killed. `program` is the path of assay-params. */
MUST_CHECK bool params_draw(const char *program, struct params_job *jobs, size_t n, struct err *err);
