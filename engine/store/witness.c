/* What was cosigned last. See witness.h. */
#include "store/witness.h"
#include "store/internal.h"

bool store_witnessed_get(struct store *st, const char *origin, struct witnessed_row *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT size, at_ms, root FROM witnessed WHERE origin = :origin", err);
	if (!s)
		return false;
	bind_str(s, ":origin", origin);
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	*ret = (struct witnessed_row){0};
	if (rc == 0)
		return true;
	struct str root = column_bytes(s, 2);
	bool whole = root.len == HASH_SIZE;
	ret->size = sqlite3_column_int64(s, 0);
	ret->at_ms = sqlite3_column_int64(s, 1);
	if (whole)
		memcpy(ret->root, root.p, HASH_SIZE);
	sqlite3_reset(s);
	return whole ? true : err_set(err, ERR_STORE, "what was cosigned of %s is damaged", origin);
}

bool store_witnessed_put(struct store *st, const char *origin, const struct witnessed_row *row, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO witnessed (origin, size, root, at_ms) VALUES (:origin, :size, :root, :at) "
	                      "ON CONFLICT (origin) DO UPDATE SET size = excluded.size, root = excluded.root, at_ms = excluded.at_ms",
	                      err);
	if (!s)
		return false;
	bind_str(s, ":origin", origin);
	bind_i64(s, ":size", row->size);
	bind_blob(s, ":root", (struct str){(const char *)row->root, sizeof row->root});
	bind_i64(s, ":at", row->at_ms);
	return sql_run(st, s, err);
}
