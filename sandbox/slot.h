/* Slots: the number of a box on this machine.
 *
 * A slot is a locked file in a folder of this user; the kernel drops the lock when the launcher ends, however it ends. Its number
 * gives the box its range of user ids (as root) and its control groups their name. The file lists what would have to be cleaned:
 * a slot whose lock can be taken and whose file is not empty was left by a launcher that crashed. */
#pragma once
#include "base/err.h"
#include "sandbox/cgroup.h"
#include <stdint.h>

#define SLOTS 4095
#define SLOT_UID_FIRST 0x70000000u /* ranges of 65,536 ids from here on, above those of containers and below 2^31 */
#define SLOT_UIDS 65536u

struct slot {
	unsigned n; /* 1 to SLOTS */
	int fd;     /* -1 when there is none */
	char name[32];
	char *path;
};

/* The folder: /run/assay-sandbox for root, else in $XDG_RUNTIME_DIR, else /tmp/assay-sandbox-UID. Made if missing; refused if
 * somebody else could write there. The caller frees it. */
MUST_CHECK bool slot_dir(char **ret, struct err *err);
MUST_CHECK bool slot_claim(const char *dir, struct slot *ret, struct err *err); /* cleans what it finds in the slot */
void slot_record(const struct slot *s, const struct cgroup *c);
void slot_release(struct slot *s);
static inline uint32_t slot_uid(const struct slot *s)
{
	return SLOT_UID_FIRST + s->n * SLOT_UIDS;
}
/* Cleans slots that a crash left, looking at `most` slots; returns how many it cleaned. */
unsigned slots_clean(const char *dir, unsigned most);
