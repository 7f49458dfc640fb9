/* Draws the values of parametrised items: runs the authors' programs in a process of its own, assay-params, with limits on CPU time,
 * memory, output, wall time and system calls. */
#pragma once
#include "base/err.h"
#include <stddef.h>
#include <stdint.h>

struct params_job {
	const char *lua; /* the program */
	uint64_t seed;
	char *values; /* out: a JSON object, owned by the caller; NULL when it failed */
	char *error;  /* out: what went wrong, with the program's line; owned by the caller */
};
/* Runs all jobs, each in a fresh interpreter, many in one process. A program that fails, or that is ended by a limit, fails alone
 * (job->error); every other one has its values. ERR_INTERNAL when the process itself cannot run, ERR_BUSY when there was no time to run all
 * of them within a minute; then no job has values. `program` is the path of assay-params. */
MUST_CHECK bool params_draw(const char *program, struct params_job *jobs, size_t n, struct err *err);
