/* Inside the store: prepared statements. Only the files of this folder include it.
 *
 * sql() gives the statement of a literal, prepared on first use and kept with its connection; values are bound by name; every
 * function that fails says what SQLite said. A statement is reset by the next sql() of the same literal, and by sql_run() and sql_step() at
 * its end. */
#pragma once
#include "base/str.h"
#include "store/store.h"
#include <sqlite3.h>

struct statement {
	const char *text; /* the literal's address is the key */
	sqlite3_stmt *stmt;
};

#define STATEMENTS_MAX 256

struct store {
	sqlite3 *db;
	enum store_mode mode;
	uint64_t transaction;    /* counts store_begin() */
	uint64_t job, first_job; /* counts savepoints, too; its value at store_begin() */
	enum err_code broken;    /* why the storage ended a transaction by itself; ERR_NONE */
	char broken_why[160];
	size_t n_statements;
	struct statement statements[STATEMENTS_MAX];
};

/* A statement, reset and without bound values; NULL with err. */
sqlite3_stmt *sql(struct store *st, const char *literal, struct err *err);
void bind_i64(sqlite3_stmt *s, const char *name, int64_t v);
void bind_str(sqlite3_stmt *s, const char *name, const char *v); /* NULL: SQL NULL. Not copied: must live until the statement has run */
void bind_blob(sqlite3_stmt *s, const char *name, struct str v); /* the same */
/* 1: a row; 0: no more; -1: err is set. At 0 and -1 the statement is reset. */
int sql_step(struct store *st, sqlite3_stmt *s, struct err *err);
/* Runs a statement that gives no rows. */
MUST_CHECK bool sql_run(struct store *st, sqlite3_stmt *s, struct err *err);
/* One statement without values. */
MUST_CHECK bool sql_exec(struct store *st, const char *text, struct err *err);
/* Fills err from the connection's last error; returns false. */
bool sql_error(struct store *st, struct err *err);
/* Remembers that the storage failed, and how. */
void sql_broken(struct store *st, enum err_code code);
const char *column_text(sqlite3_stmt *s, int column);                  /* never NULL; valid until the next step */
struct str column_bytes(sqlite3_stmt *s, int column);                  /* valid until the next step */
void column_copy(sqlite3_stmt *s, int column, char *out, size_t size); /* cut to size */
