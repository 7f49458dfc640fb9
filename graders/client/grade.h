/* Grading one task: runs its author's Lua in a process of its own, assay-grader, and answers what it asks to see.
 *
 * The grader process has neither files nor network: through a pipe it asks for observations, and this side makes them, in a judge box (an
 * untouched image with the candidate's snapshot read-only at /subject) or, for live ones, in the candidate's own box. Calls wait and are
 * bounded by the limits of grader-api; one sandbox connection belongs to one thread. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "sandbox/client/sandbox.h"
#include <stdint.h>

#define GRADE_CHECKS_MAX 100
#define GRADE_LUA_MAX (1u << 20)
#define GRADE_MESSAGE_MAX (64u << 10)

enum grade_outcome { GRADE_PASS, GRADE_FAIL, GRADE_UNGRADED };
const char *grade_outcome_name(enum grade_outcome o); /* "pass", "fail", "ungraded" */

struct grade_job {
	const char *program;     /* path of assay-grader */
	struct str lua;          /* grader.lua */
	const char *image;       /* of the judge boxes */
	const char *snapshot;    /* path of the candidate's layer; NULL: an untouched box, with nothing of setup in it */
	const char *box;         /* the candidate's own box, thawed, for live.*; NULL: there is none */
	const char *user;        /* who live.run is in it by default */
	const char *values;      /* parameters of the task, a JSON object: the global `params`; or NULL */
	struct str observations; /* what live.* saw at an earlier grading of this snapshot, to be used again when box is NULL; or empty */
	bool live_only;          /* a check while the candidate works: only checks with live = true run, others are left out */
	bool hints;              /* hint texts are put into the results: study mode */
	uint32_t cpu_ms, wall_ms, memory_mib; /* limits of the grading; 0: 10 s, 30 s, 64 MiB */
};

/* What one check of the grader said. Strings are owned, valid UTF-8 without control characters (newline and tab excepted). */
struct grade_check {
	char *id, *title;
	int64_t points_m, max_m; /* thousandths; points_m is max_m or 0 */
	enum grade_outcome outcome;
	char *message; /* why it failed or was not graded; "" for a pass without one */
	char *detail;  /* or NULL */
	char *hint;    /* or NULL */
	int64_t ms;
};

struct grade_result {
	struct grade_check *checks;
	size_t n_checks;
	int64_t points_m, max_m;
	bool ungraded;           /* some check is, or the grader itself failed */
	char *error;             /* the grader's own failure, "grader.lua:12: …"; or NULL */
	int error_line;          /* of grader.lua; 0: none */
	struct buf observations; /* JSON: what live.* saw, to be kept with the snapshot */
	char grader_hash[65];    /* SHA-256 of lua and of the library it ran with */
	int64_t ms;
};
void grade_result_finish(struct grade_result *r);
/* {"checks":[{"id","title","points","max","outcome","message","detail","hint","ms"}],"points","max","ungraded","error","grader"} */
void grade_result_json(const struct grade_result *r, struct buf *out);
/* `s` may be NULL: then nothing can be looked at, and checks that look are ungraded.
 * Fails (ERR_BUSY, ERR_INTERNAL) only when nothing could be started at all; an error in the grader, a missing tool, a judge box that did
 * not start, or a limit of ours gives checks that are ungraded. */
MUST_CHECK bool grade_run(struct sandbox *s, const struct grade_job *job, struct grade_result *ret, struct err *err);
/* The checks that a grader declares, without looking at anything (all outcomes ungraded): for the linter and proofs. ERR_INVALID with
 * "grader.lua:LINE: …" when it does not even load. */
MUST_CHECK bool grade_declared(const char *program, struct str lua, struct grade_result *ret, struct err *err);
