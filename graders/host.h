/* A Lua state for programs that nobody has reviewed: an allow-list as its globals, a cap on memory, a limit on steps, text chunks only.
 *
 * What a state alone cannot limit (loops inside the interpreter's own C functions, such as pattern matching) is limited by the process
 * that it runs in: see params.c. There is no pcall, no coroutine and no metatable in the globals, so a limit's error cannot be caught and
 * no finalizer runs unseen. */
#pragma once
#include "base/err.h"
#include "base/str.h"
#include <lua.h>
#include <stddef.h>
#include <stdint.h>

struct host_limits {
	size_t memory_max;  /* bytes */
	uint64_t steps_max; /* instructions of the virtual machine */
	int64_t cpu_us_max; /* CPU time of one run, looked at every few thousand steps; 0: only steps count */
};

struct host {
	lua_State *L;
	struct host_limits limits;
	size_t used; /* bytes */
	uint64_t steps;
	int64_t cpu_end_us;
	const char *name; /* of the chunk that errors are blamed on … */
	int line;         /* … and where */
	int memory_line;  /* where memory was refused last */
};

/* A fresh state with the allowed functions of the base, math, string, table and utf8 libraries as its globals. ERR_TOO_LARGE when not even
 * that fits into the memory. */
MUST_CHECK bool host_open(struct host *h, const struct host_limits *limits, struct err *err);
void host_close(struct host *h);
/* Adds a global function with one upvalue, the light userdata `arg`. */
void host_add(struct host *h, const char *name, lua_CFunction f, void *arg);
/* Compiles a text chunk and runs it; its results are on the stack then. On failure the message is without the chunk's name, and *ret_line
 * is the line of the program (0: not known). `name` is how messages of Lua name the chunk. Steps and CPU time count from here. */
MUST_CHECK bool host_run(struct host *h, struct str chunk, const char *name, int n_results, int *ret_line, struct err *err);

/* The same in steps, for a program that is called more than once: what it uses is counted from host_start. */
void host_start(struct host *h);
MUST_CHECK bool host_load(struct host *h, struct str chunk, const char *name, int *ret_line, struct err *err); /* pushes it */
/* Calls the function below n_args arguments. *ret_line is the innermost line of the chunk `name` that was running. */
MUST_CHECK bool host_call(struct host *h, int n_args, int n_results, const char *name, int *ret_line, struct err *err);
/* The innermost running line of the chunk; 0: none. */
int host_line(lua_State *L, const char *name);
