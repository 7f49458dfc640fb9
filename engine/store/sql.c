/* Prepared statements and their errors. See internal.h.
 *
 * An error of the storage (no space, a failed read, write or sync) may make SQLite roll back the whole transaction by itself. That is
 * remembered here, so that neither a later savepoint nor the commit can take the remains for a whole. */
#include "base/str.h"
#include "store/internal.h"
#include <assert.h>
#include <stdio.h>

void sql_broken(struct store *st, enum err_code code)
{
	st->broken = code;
	snprintf(st->broken_why, sizeof st->broken_why, "%s", sqlite3_errmsg(st->db));
	/* The log then stays for the next start to carry over: a sync that is tried again may succeed without having written anything. */
	if (code == ERR_READ_ONLY)
		sqlite3_db_config(st->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
}

bool sql_error(struct store *st, struct err *err)
{
	int extended = sqlite3_extended_errcode(st->db), rc = extended & 0xff; /* sqlite3_errcode() is extended, too, once that is asked for */
	enum err_code code = ERR_STORE;
	if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
		code = ERR_BUSY;
	else if (rc == SQLITE_IOERR || rc == SQLITE_READONLY || rc == SQLITE_CORRUPT || rc == SQLITE_CANTOPEN || rc == SQLITE_NOTADB)
		code = ERR_READ_ONLY;
	err_set(err, code, "database: %s (%s, %d)", sqlite3_errmsg(st->db), sqlite3_errstr(rc), extended);
	if (st->mode == STORE_WRITE && (code == ERR_READ_ONLY || rc == SQLITE_FULL) && st->broken != ERR_READ_ONLY)
		sql_broken(st, code);
	return false;
}

static struct statement *slot(struct store *st, const char *literal)
{
	size_t at = ((uintptr_t)literal >> 3) * UINT64_C(0x9e3779b97f4a7c15) >> 56;
	while (st->statements[at].text && st->statements[at].text != literal)
		at = (at + 1) % STATEMENTS_MAX;
	return &st->statements[at];
}

sqlite3_stmt *sql(struct store *st, const char *literal, struct err *err)
{
	struct statement *found = slot(st, literal);
	if (!found->text) {
		assert(st->n_statements < STATEMENTS_MAX - 1);
		if (sqlite3_prepare_v3(st->db, literal, -1, SQLITE_PREPARE_PERSISTENT, &found->stmt, NULL) != SQLITE_OK) {
			sql_error(st, err);
			return NULL;
		}
		found->text = literal;
		st->n_statements++;
	}
	sqlite3_reset(found->stmt);
	sqlite3_clear_bindings(found->stmt);
	return found->stmt;
}

static int parameter(sqlite3_stmt *s, const char *name)
{
	int index = sqlite3_bind_parameter_index(s, name);
	assert(index > 0);
	return index;
}

void bind_i64(sqlite3_stmt *s, const char *name, int64_t v)
{
	int rc = sqlite3_bind_int64(s, parameter(s, name), v);
	assert(rc == SQLITE_OK);
	(void)rc;
}

void bind_str(sqlite3_stmt *s, const char *name, const char *v)
{
	int rc = v ? sqlite3_bind_text(s, parameter(s, name), v, -1, SQLITE_STATIC) : sqlite3_bind_null(s, parameter(s, name));
	assert(rc == SQLITE_OK);
	(void)rc;
}

void bind_blob(sqlite3_stmt *s, const char *name, struct str v)
{
	int rc = v.p ? sqlite3_bind_blob64(s, parameter(s, name), v.p, v.len, SQLITE_STATIC) : sqlite3_bind_null(s, parameter(s, name));
	assert(rc == SQLITE_OK);
	(void)rc;
}

int sql_step(struct store *st, sqlite3_stmt *s, struct err *err)
{
	int rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc != SQLITE_DONE)
		sql_error(st, err); /* before the reset, which may change the message */
	sqlite3_reset(s);
	return rc == SQLITE_DONE ? 0 : -1;
}

bool sql_run(struct store *st, sqlite3_stmt *s, struct err *err)
{
	return s && sql_step(st, s, err) == 0;
}

bool sql_exec(struct store *st, const char *text, struct err *err)
{
	return sqlite3_exec(st->db, text, NULL, NULL, NULL) == SQLITE_OK ? true : sql_error(st, err);
}

const char *column_text(sqlite3_stmt *s, int column)
{
	const unsigned char *text = sqlite3_column_text(s, column);
	return text ? (const char *)text : "";
}

struct str column_bytes(sqlite3_stmt *s, int column)
{
	const char *p = sqlite3_column_blob(s, column);
	return (struct str){p ? p : "", p ? (size_t)sqlite3_column_bytes(s, column) : 0};
}

void column_copy(sqlite3_stmt *s, int column, char *out, size_t size)
{
	snprintf(out, size, "%s", column_text(s, column));
}
