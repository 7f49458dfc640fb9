/* Signing keys. See key.h. */
#include "store/key.h"
#include "store/internal.h"

bool store_keyring_get(struct store *st, struct keyring_row *ret, bool *ret_found, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT salt, ops, mem FROM keyring WHERE id = 1", err);
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc < 0)
		return false;
	*ret_found = rc == 1;
	if (rc == 0)
		return true;
	struct str salt = column_bytes(s, 0);
	bool whole = salt.len == STORE_SALT_SIZE;
	if (whole)
		memcpy(ret->salt, salt.p, STORE_SALT_SIZE);
	ret->ops = sqlite3_column_int64(s, 1);
	ret->mem = sqlite3_column_int64(s, 2);
	sqlite3_reset(s);
	return whole ? true : err_set(err, ERR_STORE, "the salt of the keys is damaged");
}

bool store_keyring_put(struct store *st, const struct keyring_row *row, struct err *err)
{
	sqlite3_stmt *s = sql(st, "INSERT OR REPLACE INTO keyring (id, salt, ops, mem) VALUES (1, :salt, :ops, :mem)", err);
	if (!s)
		return false;
	bind_blob(s, ":salt", (struct str){(const char *)row->salt, STORE_SALT_SIZE});
	bind_i64(s, ":ops", row->ops);
	bind_i64(s, ":mem", row->mem);
	return sql_run(st, s, err);
}

static void bind_time(sqlite3_stmt *s, const char *name, int64_t ms)
{
	if (ms)
		bind_i64(s, name, ms); /* else it stays NULL */
}

static void bind_state(sqlite3_stmt *s, const struct key_row *row)
{
	bind_i64(s, ":state", row->state);
	if (row->sealed_len)
		bind_blob(s, ":sealed", (struct str){(const char *)row->sealed, row->sealed_len});
	bind_time(s, ":retired", row->retired_ms);
	bind_time(s, ":compromised", row->compromised_ms);
}

bool store_key_add(struct store *st, const struct key_row *row, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO signing_key (purpose, state, public_key, sealed, created_ms, retired_ms, compromised_ms, signed, "
	                      "needed_ms) VALUES (:purpose, :state, :public_key, :sealed, :created, :retired, :compromised, :signed, :needed)",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":purpose", row->purpose);
	bind_blob(s, ":public_key", (struct str){(const char *)row->public_key, STORE_KEY_SIZE});
	bind_i64(s, ":created", row->created_ms);
	bind_i64(s, ":signed", row->n_signed);
	bind_i64(s, ":needed", row->needed_ms);
	bind_state(s, row);
	if (!sql_run(st, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(st->db);
	return true;
}

bool store_key_update(struct store *st, const struct key_row *row, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "UPDATE signing_key SET state = :state, sealed = :sealed, retired_ms = :retired, compromised_ms = :compromised "
	                      "WHERE id = :id",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":id", row->id);
	bind_state(s, row);
	return sql_run(st, s, err);
}

bool store_key_used(struct store *st, int64_t id, int64_t until_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE signing_key SET signed = signed + 1, needed_ms = max(needed_ms, :until) WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	bind_i64(s, ":until", until_ms);
	return sql_run(st, s, err);
}

static bool read_key(sqlite3_stmt *s, struct key_row *ret)
{
	*ret = (struct key_row){.id = sqlite3_column_int64(s, 0),
	                        .purpose = sqlite3_column_int(s, 1),
	                        .state = sqlite3_column_int(s, 2),
	                        .created_ms = sqlite3_column_int64(s, 5),
	                        .retired_ms = sqlite3_column_int64(s, 6),
	                        .compromised_ms = sqlite3_column_int64(s, 7),
	                        .n_signed = sqlite3_column_int64(s, 8),
	                        .needed_ms = sqlite3_column_int64(s, 9)};
	struct str public_key = column_bytes(s, 3);
	if (public_key.len != STORE_KEY_SIZE)
		return false;
	memcpy(ret->public_key, public_key.p, STORE_KEY_SIZE);
	struct str sealed = column_bytes(s, 4);
	if (sealed.len > STORE_SEALED_MAX)
		return false;
	memcpy(ret->sealed, sealed.p, sealed.len);
	ret->sealed_len = sealed.len;
	return true;
}

bool store_keys(struct store *st, struct key_row **ret, size_t *ret_n, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT id, purpose, state, public_key, sealed, created_ms, retired_ms, compromised_ms, signed, needed_ms "
	                      "FROM signing_key ORDER BY purpose, id",
	                      err);
	struct key_row *rows = NULL;
	size_t n = 0, cap = 0;
	int rc = -1;
	while (s && (rc = sql_step(st, s, err)) == 1) {
		rows = xgrow(rows, n, &cap, sizeof *rows);
		if (n == STORE_KEYS_MAX || !read_key(s, &rows[n++])) {
			sqlite3_reset(s);
			free(rows);
			return err_set(err, ERR_STORE, "the keys in the database are damaged");
		}
	}
	if (rc < 0) {
		free(rows);
		return false;
	}
	*ret = rows;
	*ret_n = n;
	return true;
}

bool store_key_epoch(struct store *st, int64_t *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT value FROM meta WHERE key = 'key_epoch'", err);
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc != 1)
		return rc < 0 ? false : err_set(err, ERR_STORE, "the database has no key epoch");
	*ret = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return true;
}

bool store_key_epoch_next(struct store *st, struct err *err)
{
	return sql_run(st, sql(st, "UPDATE meta SET value = value + 1 WHERE key = 'key_epoch'", err), err);
}

/* ---- Texts in meta ---- */

static bool get_text(struct store *st, sqlite3_stmt *s, char *ret, size_t size, struct err *err)
{
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc < 0)
		return false;
	*ret = 0;
	if (rc == 1) {
		column_copy(s, 0, ret, size);
		sqlite3_reset(s);
	}
	return true;
}

static bool put_text(struct store *st, sqlite3_stmt *s, const char *value, struct err *err)
{
	if (!s)
		return false;
	bind_str(s, ":value", value);
	return sql_run(st, s, err);
}

bool store_did_hash_get(struct store *st, char ret[HASH_HEX_SIZE], struct err *err)
{
	return get_text(st, sql(st, "SELECT value FROM meta WHERE key = 'did_sha256'", err), ret, HASH_HEX_SIZE, err);
}
bool store_did_hash_put(struct store *st, const char *hash, struct err *err)
{
	return put_text(st, sql(st, "INSERT OR REPLACE INTO meta (key, value) VALUES ('did_sha256', :value)", err), hash, err);
}

bool store_public_url_get(struct store *st, char *ret, size_t size, struct err *err)
{
	return get_text(st, sql(st, "SELECT value FROM meta WHERE key = 'public_url'", err), ret, size, err);
}
bool store_public_url_put(struct store *st, const char *url, struct err *err)
{
	return put_text(st, sql(st, "INSERT OR REPLACE INTO meta (key, value) VALUES ('public_url', :value)", err), url, err);
}
