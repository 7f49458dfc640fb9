/* Releases of banks. See bank_trust.h. */
#include "store/bank_trust.h"
#include "store/internal.h"

static bool take_row(struct store *st, sqlite3_stmt *s, struct bank_trust_row *ret, struct err *err)
{
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	*ret = (struct bank_trust_row){0};
	if (rc == 0)
		return true;
	ret->number = sqlite3_column_int64(s, 0);
	column_copy(s, 1, ret->sha256, sizeof ret->sha256);
	sqlite3_reset(s);
	return true;
}

bool store_bank_trust_get(struct store *st, const char *bank_id, struct bank_trust_row *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT number, sha256 FROM bank_trust WHERE bank_id = :bank_id", err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	return take_row(st, s, ret, err);
}

bool store_bank_trust_put(struct store *st, const char *bank_id, const struct bank_trust_row *row, int64_t now_ms, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO bank_trust (bank_id, number, sha256, seen_ms) VALUES (:bank_id, :number, :sha256, :now) "
	        "ON CONFLICT (bank_id) DO UPDATE SET number = excluded.number, sha256 = excluded.sha256, seen_ms = excluded.seen_ms",
	        err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	bind_i64(s, ":number", row->number);
	bind_str(s, ":sha256", row->sha256);
	bind_i64(s, ":now", now_ms);
	return sql_run(st, s, err);
}

bool store_bank_trust_forget(struct store *st, const char *bank_id, struct err *err)
{
	struct bank_trust_row row;
	if (!store_bank_trust_get(st, bank_id, &row, err))
		return false;
	if (!row.number)
		return err_set(err, ERR_NOT_FOUND, "no release of the bank '%.100s' was seen here", bank_id);
	sqlite3_stmt *s = sql(st, "DELETE FROM bank_trust WHERE bank_id = :bank_id", err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	return sql_run(st, s, err);
}

bool store_bank_release_get(struct store *st, int64_t version, struct bank_trust_row *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT number, sha256 FROM bank_release WHERE version_id = :version", err);
	if (!s)
		return false;
	bind_i64(s, ":version", version);
	return take_row(st, s, ret, err);
}

bool store_bank_release_put(struct store *st, int64_t version, const struct bank_trust_row *row, const char *signers, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO bank_release (version_id, number, sha256, signers) VALUES (:version, :number, :sha256, :signers) "
	        "ON CONFLICT (version_id) DO UPDATE SET number = excluded.number, sha256 = excluded.sha256, signers = excluded.signers",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":version", version);
	bind_i64(s, ":number", row->number);
	bind_str(s, ":sha256", row->sha256);
	bind_str(s, ":signers", signers);
	return sql_run(st, s, err);
}

bool store_bank_good_put(struct store *st, const char *bank_id, const char *dir, const struct bank_good_row *row, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO bank_good (bank_id, dir, version_id, expires_ms, roots) "
	                      "VALUES (:bank_id, :dir, :version, :expires, :roots) ON CONFLICT (bank_id) DO UPDATE SET "
	                      "dir = excluded.dir, version_id = excluded.version_id, expires_ms = excluded.expires_ms, roots = excluded.roots",
	                      err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	bind_str(s, ":dir", dir);
	bind_i64(s, ":version", row->version);
	bind_i64(s, ":expires", row->expires_ms);
	bind_str(s, ":roots", row->roots);
	return sql_run(st, s, err);
}

bool store_bank_good_get(struct store *st, const char *dir, struct bank_good_row *ret, struct bank_trust_row *ret_release,
                         char **ret_signers, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT version_id, expires_ms, roots, r.number, r.sha256, signers FROM bank_good g "
	                      "JOIN bank_trust t USING (bank_id) JOIN bank_release r USING (version_id) "
	                      "WHERE dir = :dir AND r.number = t.number AND r.sha256 = t.sha256 ORDER BY bank_id LIMIT 1",
	                      err);
	if (!s)
		return false;
	bind_str(s, ":dir", dir);
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	*ret = (struct bank_good_row){0};
	*ret_release = (struct bank_trust_row){0};
	*ret_signers = NULL;
	if (rc == 0)
		return true;
	ret->version = sqlite3_column_int64(s, 0);
	ret->expires_ms = sqlite3_column_int64(s, 1);
	column_copy(s, 2, ret->roots, sizeof ret->roots);
	ret_release->number = sqlite3_column_int64(s, 3);
	column_copy(s, 4, ret_release->sha256, sizeof ret_release->sha256);
	*ret_signers = str_dup(column_bytes(s, 5));
	sqlite3_reset(s);
	return true;
}
