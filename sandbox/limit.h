/* The limits of a box: what `--limit key=value` and a task's `limits` say.
 *
 * memory      bytes of memory, files of the box included (they are kept in memory): at most three quarters can be files
 * processes   processes and threads, the init of the box included
 * cpu         per cent of one processor: 200% is two
 * disk        bytes of files beyond the image's; also the largest size of one file
 * inodes      files and folders beyond the image's
 * output      bytes that a command may print, both streams together
 * time        how long a command may run by the clock on the wall; 0 is no bound */
#pragma once
#include "base/err.h"
#include "base/str.h"
#include <stdint.h>

struct limits {
	uint64_t memory, disk, inodes, output;
	uint32_t processes, cpu_percent;
	uint64_t time_ms;
};

/* Which limit ended something; names are the keys. */
enum limit { LIMIT_NONE, LIMIT_MEMORY, LIMIT_PROCESSES, LIMIT_CPU, LIMIT_DISK, LIMIT_INODES, LIMIT_OUTPUT, LIMIT_TIME, LIMIT_COUNT };

#define NOFILE_MAX 1024 /* descriptors of one process */

void limits_init(struct limits *l); /* memory=512M processes=256 cpu=100% disk=512M inodes=50000 output=64M, time=30s */
/* "memory=64M"; ERR_USAGE names the key and what it takes. */
MUST_CHECK bool limits_set(struct limits *l, struct str assignment, struct err *err);
const char *limit_name(enum limit which); /* "memory"; "" for LIMIT_NONE */
/* Bytes that the files of the box may take: `disk`, and at most three quarters of `memory`. */
uint64_t limits_disk(const struct limits *l);
/* "30s", "500ms", "5m" or plain seconds, in milliseconds. */
MUST_CHECK bool limits_time(struct str text, uint64_t *ret_ms, struct err *err);
