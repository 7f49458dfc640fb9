/* The store: the only place that knows SQL. Opened here; each noun has its own header (store/attempt.h, store/account.h …) with domain
 * verbs, never a generic SQL wrapper. Times are int64 milliseconds UTC; signed bytes are stored verbatim. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

struct store; /* one connection, used by one thread at a time */

enum store_mode { STORE_READ, STORE_WRITE };
/* Opens DIR/assay.db. STORE_WRITE creates it if missing, migrates it (ERR_STORE for a newer one), sets WAL and synchronous=FULL. */
MUST_CHECK bool store_open(const char *path, enum store_mode mode, struct store **ret, struct err *err);
void store_close(struct store *st);
DEFINE_CLEANUP(struct store, store_close)

MUST_CHECK bool store_begin(struct store *st, struct err *err); /* BEGIN IMMEDIATE (writer) or BEGIN (reader) */
/* On failure it is rolled back: ERR_STORE when the disk is full (it may work again later), ERR_READ_ONLY after an I/O or fsync error (what
 * is on the disk is unknown until the next start). */
MUST_CHECK bool store_commit(struct store *st, struct err *err);
void store_rollback(struct store *st);
/* How many rows this connection has changed so far. */
int64_t store_changes(const struct store *st);
MUST_CHECK bool store_savepoint(struct store *st, struct err *err);
MUST_CHECK bool store_release(struct store *st, struct err *err);
void store_rollback_savepoint(struct store *st);
/* A part of a job that may fail without the rest: it must change nothing but the database. Ends by one of the other two. */
MUST_CHECK bool store_part(struct store *st, struct err *err);
MUST_CHECK bool store_part_release(struct store *st, struct err *err);
void store_part_rollback(struct store *st);

/* One view of the database for several reads, until the end of the scope: begins a transaction unless one is open. A reader that cannot
 * begin reads statement by statement, as without it. */
struct store *store_snapshot(struct store *st);
void store_snapshot_end(struct store **st);
#define _cleanup_snapshot_ __attribute__((cleanup(store_snapshot_end), unused))

/* Counts store_begin(): tells one transaction of this connection from another. */
uint64_t store_transaction(const struct store *st);
/* Counts store_begin() and store_savepoint(): what was changed under a number n is undone by a rollback of the savepoint if n is the
 * present number, and by a rollback of the transaction if n >= store_first_job(). */
uint64_t store_job(const struct store *st);
uint64_t store_first_job(const struct store *st);
bool store_in_transaction(const struct store *st);
MUST_CHECK bool store_schema_version(struct store *st, int64_t *ret, struct err *err);
int64_t store_schema_newest(void);
