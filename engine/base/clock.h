/* Time: the wall clock for people, the monotonic clock for durations. All in milliseconds. */
#pragma once
#include "base/err.h"
#include <stdint.h>

#define MS_SECOND INT64_C(1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR (60 * MS_MINUTE)
#define MS_DAY (24 * MS_HOUR)

int64_t clock_wall_ms(void);      /* UTC since 1970; may jump */
int64_t clock_monotonic_ms(void); /* never jumps, stands still while the machine is suspended */
int64_t clock_boottime_ms(void);  /* never jumps, goes on while the machine is suspended */
int64_t clock_cpu_us(void);       /* CPU time of this process */

#define CLOCK_RFC3339_SIZE 32
/* "2026-11-23T12:03:04.123Z"; writes and returns `out`. Years 0001 to 9999. */
char *clock_rfc3339(int64_t wall_ms, char out[CLOCK_RFC3339_SIZE]);
/* "2026-11-23" (midnight UTC) or a full RFC 3339 time. */
MUST_CHECK bool clock_parse(const char *text, int64_t *ret_wall_ms, struct err *err);
/* Only a full time with 'T' and at most nine digits of a fraction, and no leap second: what programs in other languages read, too. For
 * signed documents: who verifies with another program must not come to another time. */
MUST_CHECK bool clock_parse_rfc3339(const char *text, int64_t *ret_wall_ms, struct err *err);
