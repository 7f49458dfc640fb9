/* Status lists. See status_list.h. */
#include "store/status_list.h"
#include "store/internal.h"

static void read_list(sqlite3_stmt *s, struct status_list_row *ret)
{
	*ret = (struct status_list_row){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2),
	                                sqlite3_column_int64(s, 3)};
	sqlite3_reset(s);
}

bool store_status_list_get(struct store *st, int64_t id, struct status_list_row *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT id, drawn, changes, created_ms FROM status_list WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	int rc = sql_step(st, s, err);
	if (rc == 1)
		read_list(s, ret);
	return rc == 1 || (rc == 0 && err_set(err, ERR_NOT_FOUND, "there is no such status list"));
}

bool store_status_list_last(struct store *st, struct status_list_row *ret, bool *ret_found, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT id, drawn, changes, created_ms FROM status_list ORDER BY id DESC LIMIT 1", err);
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc < 0)
		return false;
	*ret_found = rc == 1;
	if (rc == 1)
		read_list(s, ret);
	return true;
}

bool store_status_list_add(struct store *st, int64_t now_ms, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql(st, "INSERT INTO status_list (created_ms) VALUES (:now)", err);
	if (!s)
		return false;
	bind_i64(s, ":now", now_ms);
	if (!sql_run(st, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(st->db);
	return true;
}

bool store_status_take(struct store *st, int64_t list, int64_t place, bool *ret_taken, struct err *err)
{
	sqlite3_stmt *s = sql(st, "INSERT OR IGNORE INTO status_entry (list, place) VALUES (:list, :place)", err);
	if (!s)
		return false;
	bind_i64(s, ":list", list);
	bind_i64(s, ":place", place);
	if (!sql_run(st, s, err))
		return false;
	*ret_taken = sqlite3_changes(st->db) == 1;
	if (!*ret_taken)
		return true;
	s = sql(st, "UPDATE status_list SET drawn = drawn + 1 WHERE id = :list", err);
	if (!s)
		return false;
	bind_i64(s, ":list", list);
	return sql_run(st, s, err);
}

bool store_status_get(struct store *st, int64_t list, int64_t place, int *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT value FROM status_entry WHERE list = :list AND place = :place", err);
	if (!s)
		return false;
	bind_i64(s, ":list", list);
	bind_i64(s, ":place", place);
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "the place %lld of the status list %lld is not in use", (long long)place, (long long)list);
	*ret = sqlite3_column_int(s, 0);
	sqlite3_reset(s);
	return true;
}

bool store_status_set(struct store *st, int64_t list, int64_t place, int value, struct err *err)
{
	int before;
	if (!store_status_get(st, list, place, &before, err))
		return false;
	if (before == value)
		return true;
	sqlite3_stmt *s = sql(st, "UPDATE status_entry SET value = :value WHERE list = :list AND place = :place", err);
	if (!s)
		return false;
	bind_i64(s, ":value", value);
	bind_i64(s, ":list", list);
	bind_i64(s, ":place", place);
	if (!sql_run(st, s, err))
		return false;
	s = sql(st, "UPDATE status_list SET changes = changes + 1 WHERE id = :list", err);
	if (!s)
		return false;
	bind_i64(s, ":list", list);
	return sql_run(st, s, err);
}

bool store_status_each(struct store *st, int64_t list, store_status_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT place, value FROM status_entry WHERE list = :list AND value > 0 ORDER BY place", err);
	if (!s)
		return false;
	bind_i64(s, ":list", list);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1)
		fn(arg, sqlite3_column_int64(s, 0), sqlite3_column_int(s, 1));
	return rc == 0;
}
