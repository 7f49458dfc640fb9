/* Accounts, sessions, tokens. See account.h. */
#include "store/account.h"
#include "store/internal.h"

#define ACCOUNT_COLUMNS "SELECT id, name, role, password, extra_time_m, disabled, created_ms FROM account "

static void read_account(sqlite3_stmt *s, struct account_row *ret)
{
	*ret = (struct account_row){
	    .id = sqlite3_column_int64(s, 0),
	    .role = sqlite3_column_int(s, 2),
	    .extra_time_m = sqlite3_column_int(s, 4),
	    .disabled = sqlite3_column_int(s, 5) != 0,
	    .created_ms = sqlite3_column_int64(s, 6),
	};
	column_copy(s, 1, ret->name, sizeof ret->name);
	column_copy(s, 3, ret->password, sizeof ret->password);
}

static bool one_account(struct store *st, sqlite3_stmt *s, struct account_row *ret, struct err *err)
{
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no such account");
	if (rc < 0)
		return false;
	read_account(s, ret);
	sqlite3_reset(s);
	return true;
}

bool store_account_by_name(struct store *st, const char *name, struct account_row *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, ACCOUNT_COLUMNS "WHERE name = :name", err);
	if (!s)
		return false;
	bind_str(s, ":name", name);
	return one_account(st, s, ret, err);
}

bool store_account_get(struct store *st, int64_t id, struct account_row *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, ACCOUNT_COLUMNS "WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	return one_account(st, s, ret, err);
}

static void bind_account(sqlite3_stmt *s, const struct account_row *row)
{
	bind_i64(s, ":role", row->role);
	bind_str(s, ":password", *row->password ? row->password : NULL);
	bind_i64(s, ":extra", row->extra_time_m);
	bind_i64(s, ":disabled", row->disabled);
}

bool store_account_add(struct store *st, const struct account_row *row, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO account (name, role, password, extra_time_m, disabled, created_ms) "
	                      "VALUES (:name, :role, :password, :extra, :disabled, :created) ON CONFLICT (name) DO NOTHING",
	                      err);
	if (!s)
		return false;
	bind_account(s, row);
	bind_str(s, ":name", row->name);
	bind_i64(s, ":created", row->created_ms);
	if (!sql_run(st, s, err))
		return false;
	if (sqlite3_changes(st->db) == 0)
		return err_set(err, ERR_CONFLICT, "there is an account '%s' already", row->name);
	*ret_id = sqlite3_last_insert_rowid(st->db);
	return true;
}

bool store_account_update(struct store *st, const struct account_row *row, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "UPDATE account SET role = :role, password = :password, extra_time_m = :extra, disabled = :disabled WHERE id = :id", err);
	if (!s)
		return false;
	bind_account(s, row);
	bind_i64(s, ":id", row->id);
	return sql_run(st, s, err);
}

bool store_account_each(struct store *st, store_account_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, ACCOUNT_COLUMNS "ORDER BY name", err);
	int rc = -1;
	while (s && (rc = sql_step(st, s, err)) == 1) {
		struct account_row row;
		read_account(s, &row);
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

/* One number from a statement whose values are bound. */
static bool one_i64(struct store *st, sqlite3_stmt *s, int64_t *ret, struct err *err)
{
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no such thing");
	if (rc < 0)
		return false;
	*ret = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return true;
}

bool store_account_any(struct store *st, bool *ret, struct err *err)
{
	int64_t n;
	if (!one_i64(st, sql(st, "SELECT EXISTS (SELECT 1 FROM account WHERE id > 1)", err), &n, err))
		return false;
	*ret = n != 0;
	return true;
}

bool store_account_epoch(struct store *st, int64_t *ret, struct err *err)
{
	return one_i64(st, sql(st, "SELECT value FROM meta WHERE key = 'account_epoch'", err), ret, err);
}

bool store_account_epoch_next(struct store *st, struct err *err)
{
	return sql_run(st, sql(st, "UPDATE meta SET value = value + 1 WHERE key = 'account_epoch'", err), err);
}

static void bind_hash(sqlite3_stmt *s, const unsigned char hash[HASH_SIZE])
{
	bind_blob(s, ":hash", (struct str){(const char *)hash, HASH_SIZE});
}

bool store_session_add(struct store *st, const struct session_row *row, const unsigned char hash[HASH_SIZE], int64_t *ret_id,
                       struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "INSERT INTO session (account, hash, csrf, created_ms, seen_ms) VALUES (:account, :hash, :csrf, :created, :seen)", err);
	if (!s)
		return false;
	bind_i64(s, ":account", row->account);
	bind_hash(s, hash);
	bind_str(s, ":csrf", row->csrf);
	bind_i64(s, ":created", row->created_ms);
	bind_i64(s, ":seen", row->seen_ms);
	if (!sql_run(st, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(st->db);
	return true;
}

bool store_session_get(struct store *st, const unsigned char hash[HASH_SIZE], struct session_row *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT id, account, csrf, created_ms, seen_ms FROM session WHERE hash = :hash", err);
	if (!s)
		return false;
	bind_hash(s, hash);
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no such session");
	if (rc < 0)
		return false;
	ret->id = sqlite3_column_int64(s, 0);
	ret->account = sqlite3_column_int64(s, 1);
	column_copy(s, 2, ret->csrf, sizeof ret->csrf);
	ret->created_ms = sqlite3_column_int64(s, 3);
	ret->seen_ms = sqlite3_column_int64(s, 4);
	sqlite3_reset(s);
	return true;
}

bool store_session_seen(struct store *st, int64_t id, int64_t seen_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE session SET seen_ms = max(seen_ms, :seen) WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":seen", seen_ms);
	bind_i64(s, ":id", id);
	return sql_run(st, s, err);
}

bool store_session_delete(struct store *st, int64_t id, struct err *err)
{
	sqlite3_stmt *s = sql(st, "DELETE FROM session WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	return sql_run(st, s, err);
}

bool store_session_delete_all(struct store *st, int64_t account, struct err *err)
{
	sqlite3_stmt *s = sql(st, "DELETE FROM session WHERE account = :account", err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	return sql_run(st, s, err);
}

bool store_session_delete_old(struct store *st, int64_t created_before_ms, int64_t seen_before_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st, "DELETE FROM session WHERE created_ms < :created OR seen_ms < :seen", err);
	if (!s)
		return false;
	bind_i64(s, ":created", created_before_ms);
	bind_i64(s, ":seen", seen_before_ms);
	return sql_run(st, s, err);
}

bool store_token_add(struct store *st, int64_t account, const unsigned char hash[HASH_SIZE], int64_t now_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st, "INSERT INTO token (account, hash, created_ms) VALUES (:account, :hash, :now)", err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	bind_hash(s, hash);
	bind_i64(s, ":now", now_ms);
	return sql_run(st, s, err);
}

bool store_token_get(struct store *st, const unsigned char hash[HASH_SIZE], int64_t *ret_account, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT account FROM token WHERE hash = :hash", err);
	if (!s)
		return false;
	bind_hash(s, hash);
	return one_i64(st, s, ret_account, err);
}

bool store_token_delete_all(struct store *st, int64_t account, struct err *err)
{
	sqlite3_stmt *s = sql(st, "DELETE FROM token WHERE account = :account", err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	return sql_run(st, s, err);
}
