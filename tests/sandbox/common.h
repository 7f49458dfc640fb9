/* What the tests of real boxes share. Each test program gets the launcher's path in $ASSAY_SANDBOX and, for attacks, that of the
 * attacking program in $ASSAY_ATTACK; it works in a folder of its own. */
#pragma once
#include "base/mem.h"
#include "sandbox/client/sandbox.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

extern char *launcher, *attack, *folder; /* set by common_setup */
int common_setup(void **state);          /* also connects `sandbox` */
int common_teardown(void **state);
extern struct sandbox *sandbox;

extern struct err why;
#define must(call)                                                         \
	do {                                                                   \
		if (!(call))                                                       \
			fail_msg("%s:%d: %s: %s", __FILE__, __LINE__, #call, why.msg); \
	} while (0)

/* Opens a box with limits given as a NULL-terminated list of strings. */
void open_box(const char *name, bool keep, ...);
/* Runs `sh -c script` in a box; the caller finishes *ret. */
void run_in(const char *box, const char *user, const char *script, uint64_t time_ms, struct sandbox_result *ret);
/* The same, expecting exit status 0 and exactly this output. */
void expect_output(const char *box, const char *script, const char *output);
/* Waits for the event of one kind about a box; fails after ten seconds. */
struct sandbox_event wait_event(const char *box, int what);
pid_t launcher_pid(void);
/* Nothing of any box that is not listed is left on this machine: groups, slots. Waits a little for what is going away. */
void assert_no_leftovers(void);
int count_processes(const char *pattern); /* processes of the machine whose command line holds it */
bool many_ids(void);                      /* boxes here have users other than root */
