/* Attacks that run inside a box, as a static program. Each returns 0 when the box held, and says why not and returns 1 when it did
 * not; bombs go on until something stops them. */
#pragma once
#include <stddef.h>

struct attack {
	const char *name;
	int (*run)(int argc, char **argv);
};
extern const struct attack attacks_syscalls[], attacks_files[], attacks_bombs[]; /* ended by a NULL name */

int held(const char *what);                                        /* 0 */
int broke(const char *what) __attribute__((format(printf, 1, 0))); /* 1, and says it */
/* 0 if result is -1 with one of the errors (ended by 0); else broke(). */
int refused(const char *what, long result, ...);
