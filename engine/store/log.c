/* The transparency log's rows. See log.h. */
#include "store/log.h"
#include "store/internal.h"
#include <stdio.h>

/* ---- Entries ---- */

bool store_log_sizes(struct store *st, int64_t *ret_size, int64_t *ret_signed, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT coalesce((SELECT max(n) FROM log_entry), -1) + 1, "
	                      "coalesce((SELECT max(size) FROM log_checkpoint), -1)",
	                      err);
	if (!s || sql_step(st, s, err) != 1)
		return false;
	*ret_size = sqlite3_column_int64(s, 0);
	*ret_signed = sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return true;
}

bool store_log_append(struct store *st, const struct log_row *row, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO log_entry (n, kind, reference, salt, commitment, bytes) "
	                      "VALUES (:n, :kind, :reference, :salt, :commitment, :bytes)",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":n", row->n);
	bind_i64(s, ":kind", row->kind);
	bind_str(s, ":reference", row->reference);
	bind_blob(s, ":salt", (struct str){(const char *)row->salt, sizeof row->salt});
	bind_blob(s, ":commitment", (struct str){(const char *)row->commitment, sizeof row->commitment});
	bind_blob(s, ":bytes", row->bytes);
	return sql_run(st, s, err);
}

static bool take_hash(sqlite3_stmt *s, int column, unsigned char ret[HASH_SIZE])
{
	struct str bytes = column_bytes(s, column);
	memset(ret, 0, HASH_SIZE);
	memcpy(ret, bytes.p, bytes.len < HASH_SIZE ? bytes.len : HASH_SIZE);
	return bytes.len == HASH_SIZE;
}

/* Columns: n, kind, reference, salt, commitment. */
static void read_row(sqlite3_stmt *s, struct log_row *ret)
{
	*ret = (struct log_row){.n = sqlite3_column_int64(s, 0), .kind = sqlite3_column_int(s, 1)};
	column_copy(s, 2, ret->reference, sizeof ret->reference);
	bool salt = take_hash(s, 3, ret->salt), commitment = take_hash(s, 4, ret->commitment);
	ret->whole = salt && commitment;
}

bool store_log_entry(struct store *st, int64_t n, struct log_row *ret, struct buf *bytes, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT n, kind, reference, salt, commitment, bytes FROM log_entry WHERE n = :n", err);
	if (!s)
		return false;
	bind_i64(s, ":n", n);
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "the log has no entry %lld", (long long)n);
	if (rc < 0)
		return false;
	read_row(s, ret);
	if (bytes && sqlite3_column_type(s, 5) != SQLITE_NULL) {
		buf_addv(bytes, column_bytes(s, 5));
		ret->bytes = buf_str(bytes);
	}
	sqlite3_reset(s);
	return !bytes || buf_check(bytes, "the entry", err);
}

bool store_log_find(struct store *st, int kind, const char *reference, int64_t *ret_n, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "SELECT n FROM log_entry WHERE kind = :kind AND kind <> 1 AND reference = :reference ORDER BY n DESC LIMIT 1", err);
	if (!s)
		return false;
	bind_i64(s, ":kind", kind);
	bind_str(s, ":reference", reference);
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "'%s' is not in the log", reference);
	if (rc < 0)
		return false;
	*ret_n = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return true;
}

bool store_log_each(struct store *st, int64_t from, int64_t to, store_log_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT n, kind, reference, salt, commitment, bytes FROM log_entry WHERE n >= :from AND n < :to "
	                      "ORDER BY n",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":from", from);
	bind_i64(s, ":to", to);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct log_row row;
		read_row(s, &row);
		if (sqlite3_column_type(s, 5) != SQLITE_NULL)
			row.bytes = column_bytes(s, 5);
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

/* ---- Tiles ---- */

bool store_log_tile(struct store *st, unsigned level, int64_t n, unsigned char ret[LOG_TILE_BYTES], size_t *ret_len, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT hashes FROM log_tile WHERE level = :level AND n = :n", err);
	if (!s)
		return false;
	bind_i64(s, ":level", level);
	bind_i64(s, ":n", n);
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	struct str bytes = rc ? column_bytes(s, 0) : STR("");
	bool fits = bytes.len <= LOG_TILE_BYTES && bytes.len % HASH_SIZE == 0;
	if (fits) {
		memcpy(ret, bytes.p, bytes.len);
		*ret_len = bytes.len;
	}
	sqlite3_reset(s);
	return fits ? true : err_set(err, ERR_STORE, "tile %u/%lld of the log is damaged", level, (long long)n);
}

bool store_log_tile_put(struct store *st, unsigned level, int64_t n, struct str hashes, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO log_tile (level, n, hashes) VALUES (:level, :n, :hashes) "
	                      "ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":level", level);
	bind_i64(s, ":n", n);
	bind_blob(s, ":hashes", hashes);
	return sql_run(st, s, err);
}

bool store_log_tile_count(struct store *st, unsigned level, int64_t *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT count(*) FROM log_tile WHERE level = :level", err);
	if (!s)
		return false;
	bind_i64(s, ":level", level);
	if (sql_step(st, s, err) != 1)
		return false;
	*ret = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return true;
}

/* ---- Checkpoints ---- */

/* Columns: size, body, signatures, created_ms. */
static void read_checkpoint(sqlite3_stmt *s, struct log_checkpoint *ret)
{
	*ret = (struct log_checkpoint){.size = sqlite3_column_int64(s, 0), .created_ms = sqlite3_column_int64(s, 3)};
	column_copy(s, 1, ret->body, sizeof ret->body);
	column_copy(s, 2, ret->signature, sizeof ret->signature);
}

static bool maybe_checkpoint(struct store *st, sqlite3_stmt *s, struct log_checkpoint *ret, bool *ret_found, struct err *err)
{
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc < 0)
		return false;
	if (rc) {
		read_checkpoint(s, ret);
		sqlite3_reset(s);
	}
	*ret_found = rc;
	return true;
}

bool store_log_newest(struct store *st, struct log_checkpoint *ret, bool *ret_found, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT size, body, signatures, created_ms FROM log_checkpoint ORDER BY size DESC LIMIT 1", err);
	return maybe_checkpoint(st, s, ret, ret_found, err);
}

bool store_log_cosigned(struct store *st, int64_t n, struct log_checkpoint *ret, bool *ret_found, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT c.size, c.body, c.signatures, c.created_ms FROM log_checkpoint c WHERE c.size > :n AND "
	                      "c.size = (SELECT max(size) FROM log_cosignature)",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":n", n);
	return maybe_checkpoint(st, s, ret, ret_found, err);
}

bool store_log_checkpoint(struct store *st, int64_t size, struct log_checkpoint *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT size, body, signatures, created_ms FROM log_checkpoint WHERE size = :size", err);
	bool found;
	if (!s)
		return false;
	bind_i64(s, ":size", size);
	if (!maybe_checkpoint(st, s, ret, &found, err))
		return false;
	return found ? true : err_set(err, ERR_NOT_FOUND, "no checkpoint of %lld entries is kept", (long long)size);
}

bool store_log_checkpoint_put(struct store *st, const struct log_checkpoint *c, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "INSERT INTO log_checkpoint (size, body, signatures, created_ms) VALUES (:size, :body, :signatures, :created)", err);
	if (!s)
		return false;
	bind_i64(s, ":size", c->size);
	bind_str(s, ":body", c->body);
	bind_str(s, ":signatures", c->signature);
	bind_i64(s, ":created", c->created_ms);
	return sql_run(st, s, err);
}

bool store_log_checkpoint_drop(struct store *st, int64_t size, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "DELETE FROM log_checkpoint WHERE size = :size AND "
	                      "NOT EXISTS (SELECT 1 FROM log_cosignature c WHERE c.size = :size)",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":size", size);
	return sql_run(st, s, err);
}

bool store_log_checkpoint_each(struct store *st, store_log_checkpoint_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT size, body, signatures, created_ms FROM log_checkpoint ORDER BY size", err);
	int rc = -1;
	while (s && (rc = sql_step(st, s, err)) == 1) {
		struct log_checkpoint c;
		read_checkpoint(s, &c);
		if (!fn(arg, &c, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_log_cosignatures(struct store *st, int64_t size, struct buf *out, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT line FROM log_cosignature WHERE size = :size ORDER BY name", err);
	if (!s)
		return false;
	bind_i64(s, ":size", size);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		buf_addv(out, column_bytes(s, 0));
		buf_addc(out, '\n');
	}
	return rc == 0;
}

bool store_log_cosignature_put(struct store *st, int64_t size, const char *name, const char *line, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO log_cosignature (size, name, line) VALUES (:size, :name, :line) "
	                      "ON CONFLICT (size, name) DO UPDATE SET line = excluded.line",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":size", size);
	bind_str(s, ":name", name);
	bind_str(s, ":line", line);
	return sql_run(st, s, err);
}

/* ---- What is kept beside ---- */

bool store_log_origin(struct store *st, char ret[LOG_REFERENCE_SIZE], struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT value FROM meta WHERE key = 'log_origin'", err);
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc < 0)
		return false;
	*ret = 0;
	if (rc) {
		column_copy(s, 0, ret, LOG_REFERENCE_SIZE);
		sqlite3_reset(s);
	}
	return true;
}

bool store_log_origin_put(struct store *st, const char *origin, struct err *err)
{
	sqlite3_stmt *s = sql(st, "INSERT INTO meta (key, value) VALUES ('log_origin', :origin)", err);
	if (!s)
		return false;
	bind_str(s, ":origin", origin);
	return sql_run(st, s, err);
}

bool store_log_backlog(struct store *st, int64_t *ret_entered, int64_t *ret_backlog, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT e.value, b.value FROM meta e, meta b WHERE e.key = 'log_entered' AND b.key = 'log_backlog'", err);
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc == 0)
		return err_set(err, ERR_STORE, "the database does not say which results are older than the log");
	if (rc < 0)
		return false;
	*ret_entered = sqlite3_column_int64(s, 0);
	*ret_backlog = sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return true;
}

bool store_log_entered(struct store *st, int64_t row, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE meta SET value = :row WHERE key = 'log_entered'", err);
	if (!s)
		return false;
	bind_i64(s, ":row", row);
	return sql_run(st, s, err);
}

/* ---- Results ---- */

/* Columns: row, attempt, n, body, attempt's id. */
static bool give_results(struct store *st, sqlite3_stmt *s, store_log_result_fn *fn, void *arg, int *ret_n, struct err *err)
{
	int rc;
	for (*ret_n = 0; (rc = sql_step(st, s, err)) == 1; ++*ret_n) {
		struct log_result r = {
		    .row = sqlite3_column_int64(s, 0),
		    .attempt = sqlite3_column_int64(s, 1),
		    .n = sqlite3_column_int(s, 2),
		    .body = column_bytes(s, 3),
		    .attempt_id = column_text(s, 4),
		};
		if (!fn(arg, &r, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_log_results(struct store *st, int64_t after, int64_t to, int max, store_log_result_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "SELECT r.rowid, r.attempt, r.n, r.body, coalesce(a.id, '?') FROM result r LEFT JOIN attempt a ON a.key = r.attempt "
	        "WHERE r.rowid > :after AND r.rowid <= :to ORDER BY r.rowid LIMIT :max",
	        err);
	int n;
	if (!s)
		return false;
	bind_i64(s, ":after", after);
	bind_i64(s, ":to", to);
	bind_i64(s, ":max", max);
	return give_results(st, s, fn, arg, &n, err);
}

bool store_log_result(struct store *st, int64_t attempt, int n, store_log_result_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "SELECT r.rowid, r.attempt, r.n, r.body, coalesce(a.id, '?') FROM result r LEFT JOIN attempt a ON a.key = r.attempt "
	        "WHERE r.attempt = :attempt AND r.n = :n",
	        err);
	int found;
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":n", n);
	if (!give_results(st, s, fn, arg, &found, err))
		return false;
	return found ? true : err_set(err, ERR_NOT_FOUND, "there is no such result");
}
