/* A copy of the whole database while it is in use, and checks of one that is not. */
#pragma once
#include "store/store.h"

/* Copies the database at `path` as of one moment into a new file `copy` (which must not exist), and syncs it. Readers and the writer go on.
 */
MUST_CHECK bool store_copy(const char *path, const char *copy, struct err *err);

/* Runs SQLite's integrity and foreign key checks; each finding is one call. Returns false only when it could not look. */
typedef void store_finding_fn(void *arg, const char *finding);
MUST_CHECK bool store_check(struct store *st, store_finding_fn *fn, void *arg, struct err *err);
