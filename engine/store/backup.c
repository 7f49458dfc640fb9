/* Online copy and integrity checks. See backup.h.
 *
 * The copy is one step of SQLite's backup interface, inside one read transaction: a snapshot, during which the writer goes on. */
#include "store/backup.h"
#include "store/internal.h"
#include <fcntl.h>
#include <stdio.h>

static bool copy_pages(sqlite3 *from, sqlite3 *to, struct err *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
	if (!backup)
		return err_set(err, ERR_STORE, "cannot copy the database: %s", sqlite3_errmsg(to));
	int rc = sqlite3_backup_step(backup, -1);
	int finished = sqlite3_backup_finish(backup);
	if (rc != SQLITE_DONE || finished != SQLITE_OK)
		return err_set(err, ERR_IO, "cannot copy the database: %s", sqlite3_errstr(rc != SQLITE_DONE ? rc : finished));
	/* One file, without a log beside it. */
	if (sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
		return err_set(err, ERR_IO, "cannot finish the copy: %s", sqlite3_errmsg(to));
	return true;
}

bool store_copy(const char *path, const char *copy, struct err *err)
{
	_cleanup_close_ int fd = open(copy, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot create %s: %m", copy);
	sqlite3 *from = NULL, *to = NULL;
	bool ok = false;
	if (sqlite3_open_v2(path, &from, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		err_set(err, ERR_STORE, "cannot open %s: %s", path, sqlite3_errmsg(from));
	else if (sqlite3_open_v2(copy, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		err_set(err, ERR_STORE, "cannot open %s: %s", copy, sqlite3_errmsg(to));
	else
		ok = sqlite3_busy_timeout(from, 5000) == SQLITE_OK && copy_pages(from, to, err);
	sqlite3_close(to);
	sqlite3_close(from);
	if (ok && fsync(fd) < 0)
		ok = err_set(err, ERR_IO, "cannot sync %s: %m", copy);
	return ok;
}

/* Runs a check whose rows are findings; a lone "ok" is none. */
static bool findings(struct store *st, sqlite3_stmt *s, bool foreign, store_finding_fn *fn, void *arg, struct err *err)
{
	int rc = -1;
	while (s && (rc = sql_step(st, s, err)) == 1) {
		char text[256];
		if (foreign)
			snprintf(text, sizeof text, "table %s, row %lld points at a row of %s that is not there", column_text(s, 0),
			         (long long)sqlite3_column_int64(s, 1), column_text(s, 2));
		else
			snprintf(text, sizeof text, "%s", column_text(s, 0));
		if (foreign || strcmp(text, "ok") != 0)
			fn(arg, text);
	}
	return rc == 0;
}

bool store_check(struct store *st, store_finding_fn *fn, void *arg, struct err *err)
{
	return findings(st, sql(st, "PRAGMA integrity_check(20)", err), false, fn, arg, err) &&
	       findings(st, sql(st, "PRAGMA foreign_key_check", err), true, fn, arg, err);
}
