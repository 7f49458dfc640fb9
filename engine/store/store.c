/* Opening, migrating and transactions. See store.h.
 *
 * Migrations are the numbered files of store/sql/; PRAGMA user_version says how many have run. Each runs in a BEGIN IMMEDIATE of
 * its own, so two programs that open a new database at once do not run one twice. */
#include "store/internal.h"
#include "store/migrations.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#define BUSY_MS 5000
#define WRITER_CACHE_KIB 16384
#define READER_CACHE_KIB 4096
#define CHECKPOINT_PAGES 4000 /* 16 MiB of log */

static bool pragma_i64(struct store *st, const char *text, int64_t *ret, struct err *err)
{
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v2(st->db, text, -1, &s, NULL) != SQLITE_OK)
		return sql_error(st, err);
	bool ok = sqlite3_step(s) == SQLITE_ROW;
	if (ok)
		*ret = sqlite3_column_int64(s, 0);
	else
		sql_error(st, err);
	sqlite3_finalize(s);
	return ok;
}

bool store_schema_version(struct store *st, int64_t *ret, struct err *err)
{
	return pragma_i64(st, "PRAGMA user_version", ret, err);
}
int64_t store_schema_newest(void)
{
	return (int64_t)ARRAY_SIZE(migrations);
}

static bool check_version(struct store *st, int64_t *ret, struct err *err)
{
	if (!store_schema_version(st, ret, err))
		return false;
	if (*ret < 0 || *ret > store_schema_newest())
		return err_set(err, ERR_STORE, "the database has version %lld, this program knows up to %lld: use a newer program", (long long)*ret,
		               (long long)store_schema_newest());
	return true;
}

static bool migrate_one(struct store *st, int64_t from, struct err *err)
{
	char done[64];
	int64_t version;
	snprintf(done, sizeof done, "PRAGMA user_version = %lld", (long long)from + 1);
	if (!store_begin(st, err))
		return false;
	bool ok = check_version(st, &version, err);
	if (ok && version == from)
		ok = sql_exec(st, migrations[from], err) && sql_exec(st, done, err);
	if (ok && store_commit(st, err))
		return true;
	store_rollback(st);
	return err_prefix(err, "migration %lld", (long long)from + 1);
}

static bool migrate(struct store *st, struct err *err)
{
	int64_t version;
	if (!check_version(st, &version, err))
		return false;
	for (; version < store_schema_newest(); version++)
		if (!migrate_one(st, version, err))
			return false;
	return true;
}

/* Carries the log over after a commit that made it long. SQLite's own hook takes no notice of errors, but after a failed sync nobody knows
 * what the database holds: store_commit() reports it. */
static int carry_over(void *arg, sqlite3 *db, const char *name, int pages)
{
	if (pages >= CHECKPOINT_PAGES && (sqlite3_wal_checkpoint_v2(db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL) & 0xff) == SQLITE_IOERR)
		sql_broken(arg, ERR_READ_ONLY);
	return SQLITE_OK;
}

static bool configure(struct store *st, struct err *err)
{
	char text[256];
	sqlite3_extended_result_codes(st->db, 1);
	sqlite3_busy_timeout(st->db, BUSY_MS);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(st->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (st->mode == STORE_READ) {
		snprintf(text, sizeof text, "PRAGMA query_only = ON; PRAGMA cache_size = -%d; PRAGMA temp_store = MEMORY", READER_CACHE_KIB);
		return sql_exec(st, text, err);
	}
	snprintf(text, sizeof text,
	         "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -%d; "
	         "PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864",
	         WRITER_CACHE_KIB);
	if (!sql_exec(st, text, err))
		return false;
	sqlite3_wal_hook(st->db, carry_over, st);
	return true;
}

bool store_open(const char *path, enum store_mode mode, struct store **ret, struct err *err)
{
	_cleanup_(store_closep) struct store *st = xcalloc(1, sizeof *st);
	st->mode = mode;
	if (mode == STORE_WRITE) {
		/* Made here, so that its mode does not depend on the umask. */
		_cleanup_close_ int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0)
			return err_set(err, ERR_IO, "cannot open %s: %m", path);
	}
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE | (mode == STORE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
	if (sqlite3_open_v2(path, &st->db, flags, NULL) != SQLITE_OK) {
		struct err inner;
		sql_error(st, &inner);
		return err_set(err, ERR_STORE, "cannot open %s: %s", path, inner.msg);
	}
	int64_t version = 0;
	if (!configure(st, err) || !(mode == STORE_WRITE ? migrate(st, err) : check_version(st, &version, err)))
		return err_prefix(err, "%s", path);
	if (mode == STORE_READ && version != store_schema_newest())
		return err_set(err, ERR_STORE, "%s has version %lld and has not been migrated to %lld", path, (long long)version,
		               (long long)store_schema_newest());
	*ret = take_ptr(st);
	return true;
}

void store_close(struct store *st)
{
	if (!st)
		return;
	for (size_t i = 0; i < STATEMENTS_MAX; i++)
		sqlite3_finalize(st->statements[i].stmt);
	sqlite3_close(st->db);
	free(st);
}

/* Whether the transaction that should be open is gone, because the storage failed. */
static bool lost(struct store *st, struct err *err)
{
	if (st->broken == ERR_NONE && !sqlite3_get_autocommit(st->db))
		return false;
	err_set(err, st->broken ? st->broken : ERR_STORE, "the transaction was rolled back: %s",
	        st->broken ? st->broken_why : "it is not open");
	return true;
}

bool store_begin(struct store *st, struct err *err)
{
	st->transaction++;
	st->first_job = ++st->job;
	st->broken = ERR_NONE;
	return sql_run(st, st->mode == STORE_WRITE ? sql(st, "BEGIN IMMEDIATE", err) : sql(st, "BEGIN", err), err);
}

bool store_commit(struct store *st, struct err *err)
{
	if (lost(st, err) || !sql_run(st, sql(st, "COMMIT", err), err)) {
		store_rollback(st);
		return false;
	}
	return !st->broken || err_set(err, st->broken, "the log could not be carried over: %s", st->broken_why);
}

void store_rollback(struct store *st)
{
	sqlite3_stmt *s = sqlite3_get_autocommit(st->db) ? NULL : sql(st, "ROLLBACK", NULL);
	if (s)
		(void)sql_step(st, s, NULL);
}

int64_t store_changes(const struct store *st)
{
	return sqlite3_total_changes64(st->db);
}

struct store *store_snapshot(struct store *st)
{
	return !store_in_transaction(st) && store_begin(st, NULL) ? st : NULL;
}

void store_snapshot_end(struct store **st)
{
	if (*st)
		store_rollback(*st); /* nothing was written */
}

bool store_savepoint(struct store *st, struct err *err)
{
	st->job++;
	return !lost(st, err) && sql_run(st, sql(st, "SAVEPOINT job", err), err);
}

bool store_release(struct store *st, struct err *err)
{
	return !lost(st, err) && sql_run(st, sql(st, "RELEASE job", err), err);
}

void store_rollback_savepoint(struct store *st)
{
	if (!sqlite3_get_autocommit(st->db))
		sqlite3_exec(st->db, "ROLLBACK TO job; RELEASE job", NULL, NULL, NULL);
}

bool store_part(struct store *st, struct err *err)
{
	return !lost(st, err) && sql_run(st, sql(st, "SAVEPOINT part", err), err);
}

bool store_part_release(struct store *st, struct err *err)
{
	return !lost(st, err) && sql_run(st, sql(st, "RELEASE part", err), err);
}

void store_part_rollback(struct store *st)
{
	if (!sqlite3_get_autocommit(st->db))
		sqlite3_exec(st->db, "ROLLBACK TO part; RELEASE part", NULL, NULL, NULL);
}

uint64_t store_transaction(const struct store *st)
{
	return st->transaction;
}
uint64_t store_job(const struct store *st)
{
	return st->job;
}
uint64_t store_first_job(const struct store *st)
{
	return st->first_job;
}
bool store_in_transaction(const struct store *st)
{
	return !sqlite3_get_autocommit(st->db);
}
