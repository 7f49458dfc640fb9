/* What the tests of gradings share: a candidate's box, its snapshot, and a grading of it. */
#pragma once
#include "common.h"
#include "graders/client/grade.h"

/* Opens a box, runs `script` in it as root, takes a snapshot of it; closes the box unless live. The path is the caller's. */
char *snapshot_of(const char *script, bool live);
#define LIVE_BOX "candidate"
/* Grades a snapshot (or NULL) with a program. The caller finishes *ret. */
void grade(const char *snapshot, const char *lua, struct grade_result *ret);
void grade_live(const char *snapshot, const char *box, struct str observations, const char *lua, struct grade_result *ret);
const struct grade_check *check_of(const struct grade_result *r, const char *id);
/* The check has this outcome, and its message holds the text; prints what it has otherwise. */
void expect_outcome(const struct grade_result *r, const char *id, enum grade_outcome outcome, const char *text);
/* All checks of this program pass on a box in which the script was run. */
void expect_passes(const char *script, const char *lua);
const char *grader_program(void);
