/* Versions of banks and media. See bank_version.h. */
#include "store/bank_version.h"
#include "store/internal.h"

bool store_version_find(struct store *st, const char *hash, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT id FROM bank_version WHERE hash = :hash", err);
	if (!s)
		return false;
	bind_str(s, ":hash", hash);
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	*ret_id = rc == 1 ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return true;
}

bool store_version_add(struct store *st, const char *hash, const char *bank_id, struct str compiled, int64_t now_ms, int64_t *ret_id,
                       struct err *err)
{
	if (!store_version_find(st, hash, ret_id, err))
		return false;
	if (*ret_id)
		return true;
	sqlite3_stmt *s =
	    sql(st, "INSERT INTO bank_version (hash, bank_id, compiled, created_ms) VALUES (:hash, :bank_id, :compiled, :now)", err);
	if (!s)
		return false;
	bind_str(s, ":hash", hash);
	bind_str(s, ":bank_id", bank_id);
	bind_blob(s, ":compiled", compiled);
	bind_i64(s, ":now", now_ms);
	if (!sql_run(st, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(st->db);
	return true;
}

bool store_version_newest(struct store *st, const char *bank_id, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT ifnull(max(id), 0) FROM bank_version WHERE bank_id = :bank_id", err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	if (sql_step(st, s, err) != 1)
		return false;
	*ret_id = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return true;
}

bool store_version_get(struct store *st, int64_t id, char ret_hash[HASH_HEX_SIZE], struct buf *compiled, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT hash, compiled FROM bank_version WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_STORE, "bank version %lld is not in the database", (long long)id);
	if (rc < 0)
		return false;
	column_copy(s, 0, ret_hash, HASH_HEX_SIZE);
	buf_addv(compiled, column_bytes(s, 1));
	sqlite3_reset(s);
	return buf_check(compiled, "the bank version", err);
}

bool store_media_add(struct store *st, const char *hash, const char *mime, struct str bytes, struct err *err)
{
	/* The same bytes may be a file of a task and a picture: then a picture, which may be shown. */
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO media (hash, mime, bytes) VALUES (:hash, :mime, :bytes) "
	                      "ON CONFLICT (hash) DO UPDATE SET mime = :mime WHERE mime = 'application/octet-stream'",
	                      err);
	if (!s)
		return false;
	bind_str(s, ":hash", hash);
	bind_str(s, ":mime", mime);
	bind_blob(s, ":bytes", bytes.p ? bytes : STR(""));
	return sql_run(st, s, err);
}

bool store_media_get(struct store *st, const char *hash, char *ret_mime, size_t mime_size, struct buf *out, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT mime, bytes FROM media WHERE hash = :hash", err);
	if (!s)
		return false;
	bind_str(s, ":hash", hash);
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no such picture");
	if (rc < 0)
		return false;
	column_copy(s, 0, ret_mime, mime_size);
	buf_addv(out, column_bytes(s, 1));
	sqlite3_reset(s);
	return buf_check(out, "the picture", err);
}

bool store_hashed_each(struct store *st, store_hashed_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT 'form of attempt ' || a.id, f.bytes, f.hash FROM form f JOIN attempt a ON a.key = f.attempt "
	                      "UNION ALL SELECT 'version of bank ' || bank_id, compiled, hash FROM bank_version",
	                      err);
	int rc = -1;
	while (s && (rc = sql_step(st, s, err)) == 1)
		if (!fn(arg, column_text(s, 0), column_bytes(s, 1), column_text(s, 2), err)) {
			sqlite3_reset(s);
			return false;
		}
	return rc == 0;
}
