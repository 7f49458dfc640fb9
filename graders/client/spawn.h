/* Starting a program that runs authors' Lua: with one socket as its standard input and output, and nothing else of ours. */
#pragma once
#include "base/err.h"
#include <sys/types.h>

/* *ret_fd is our end of the socket, the caller's to close; *ret_pid the caller's to wait for. ERR_INTERNAL. Its standard error stays ours.
 */
MUST_CHECK bool spawn_confined(const char *program, const char *name, pid_t *ret_pid, int *ret_fd, struct err *err);
