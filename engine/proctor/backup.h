/* Backups: a folder with the database as of one moment, which holds the sealed keys, and a manifest of their hashes. See
 * docs/operators/backup.md. */
#pragma once
#include "base/err.h"
#include <stdint.h>

struct backup_summary {
	int64_t attempts, results, size; /* size: of the database, in bytes */
	int64_t logged;                  /* entries of its transparency log */
	bool passphrase;                 /* is in it */
	int64_t kept, missing;           /* snapshots and recordings of tasks; missing: named by the database, and not there any more */
};
/* Copies data_dir into the new folder `out` (ERR_CONFLICT when there is something) while a server may be running, and checks the copy. The
 * passphrase that the signing keys are sealed with is left out unless it is asked for. */
MUST_CHECK bool backup_make(const char *data_dir, const char *out, bool passphrase, struct backup_summary *ret, struct err *err);
/* Checks a backup: hashes, integrity, every signature. ERR_SIGNATURE or ERR_INVALID name the first thing that is wrong. */
MUST_CHECK bool backup_check(const char *backup, struct backup_summary *ret, struct err *err);
/* Checks a backup and copies it into data_dir, which must be empty or missing (ERR_CONFLICT). */
MUST_CHECK bool backup_restore(const char *backup, const char *data_dir, struct backup_summary *ret, struct err *err);
