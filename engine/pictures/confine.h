/* Giving up rights before anything of others is read. */
#pragma once
#include "base/err.h"

/* Limits, Landlock (only fonts and their configuration can be read), seccomp (no other program, no network, no file to write). Finds the
 * fonts first. ERR_INTERNAL. */
MUST_CHECK bool confine(unsigned cpu_seconds, struct err *err);
