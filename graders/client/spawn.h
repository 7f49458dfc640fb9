/* Starting a program that works on what others wrote: with one socket as its standard input and output, and nothing else of ours. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include <sys/types.h>

/* *ret_fd is our end of the socket, the caller's to close; *ret_pid the caller's to wait for. ERR_INTERNAL. Its standard error stays ours.
 */
MUST_CHECK bool spawn_confined(const char *program, const char *name, pid_t *ret_pid, int *ret_fd, struct err *err);
/* Gives such a program all of `in`, reads all that it writes up to out's ceiling, and waits for its end, at most wall_ms; *ret_status is as
 * waitpid() has it. ERR_INTERNAL, also when it took longer or wrote more. */
MUST_CHECK bool spawn_talk(const char *program, const char *name, struct str in, int64_t wall_ms, struct buf *out, int *ret_status,
                           struct err *err);
