/* Signed results. See result.h. */
#include "store/result.h"
#include "store/internal.h"

bool store_result_add(struct store *st, const struct result_row *row, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO result (attempt, n, body, signature, hash, previous, public_body, public_signature, public_key, "
	                      "created_ms) VALUES (:attempt, :n, :body, :signature, :hash, :previous, :public_body, :public_signature, "
	                      ":public_key, :created)",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", row->attempt);
	bind_i64(s, ":n", row->n);
	bind_blob(s, ":body", row->body);
	bind_blob(s, ":signature", (struct str){(const char *)row->signature, RESULT_SIGNATURE_SIZE});
	bind_str(s, ":hash", row->hash);
	bind_str(s, ":previous", row->previous);
	bind_blob(s, ":public_body", row->public_body);
	bind_blob(s, ":public_signature", (struct str){(const char *)row->public_signature, RESULT_SIGNATURE_SIZE});
	bind_blob(s, ":public_key", (struct str){(const char *)row->public_key, RESULT_KEY_SIZE});
	bind_i64(s, ":created", row->created_ms);
	return sql_run(st, s, err);
}

/* False when a blob has another size than it must: somebody else wrote it. */
static bool read_fixed(sqlite3_stmt *s, int column, unsigned char *out, size_t size)
{
	struct str bytes = column_bytes(s, column);
	memset(out, 0, size);
	if (bytes.len != size)
		return false;
	memcpy(out, bytes.p, size);
	return true;
}

/* Columns: attempt, n, body, signature, hash, previous, public_body, public_signature, public_key, created_ms. */
static bool read_result(sqlite3_stmt *s, struct result_row *ret)
{
	*ret = (struct result_row){
	    .attempt = sqlite3_column_int64(s, 0),
	    .n = sqlite3_column_int(s, 1),
	    .body = column_bytes(s, 2),
	    .public_body = column_bytes(s, 6),
	    .created_ms = sqlite3_column_int64(s, 9),
	};
	column_copy(s, 4, ret->hash, sizeof ret->hash);
	column_copy(s, 5, ret->previous, sizeof ret->previous);
	bool whole = read_fixed(s, 3, ret->signature, RESULT_SIGNATURE_SIZE);
	whole &= read_fixed(s, 7, ret->public_signature, RESULT_SIGNATURE_SIZE);
	return read_fixed(s, 8, ret->public_key, RESULT_KEY_SIZE) && whole;
}

bool store_result_get(struct store *st, int64_t attempt, struct result_row *ret, struct buf *body, struct buf *public_body, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT attempt, n, body, signature, hash, previous, public_body, public_signature, public_key, created_ms "
	                      "FROM result WHERE attempt = :attempt ORDER BY n DESC LIMIT 1",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no result yet");
	if (rc < 0)
		return false;
	bool whole = read_result(s, ret);
	if (body)
		buf_addv(body, ret->body);
	if (public_body)
		buf_addv(public_body, ret->public_body);
	sqlite3_reset(s);
	ret->body = body ? buf_str(body) : STR("");
	ret->public_body = public_body ? buf_str(public_body) : STR("");
	if (!whole)
		return err_set(err, ERR_STORE, "the result of attempt %lld is damaged", (long long)attempt);
	return (!body || buf_check(body, "the result", err)) && (!public_body || buf_check(public_body, "the result", err));
}

bool store_result_body(struct store *st, int64_t attempt, int n, struct buf *body, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT body FROM result WHERE attempt = :attempt AND n = :n", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":n", n);
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no such result");
	if (rc < 0)
		return false;
	buf_addv(body, column_bytes(s, 0));
	sqlite3_reset(s);
	return buf_check(body, "the result", err);
}

bool store_result_each(struct store *st, store_result_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "SELECT r.attempt, r.n, r.body, r.signature, r.hash, r.previous, r.public_body, r.public_signature, r.public_key, "
	        "r.created_ms, a.id, f.hash, f.bytes FROM result r JOIN attempt a ON a.key = r.attempt "
	        "JOIN form f ON f.attempt = r.attempt ORDER BY r.attempt, r.n",
	        err);
	int rc = -1;
	while (s && (rc = sql_step(st, s, err)) == 1) {
		struct result_check check;
		(void)read_result(s, &check.row); /* a damaged signature reads as zeros, which verify as nothing */
		check.attempt_id = column_text(s, 10);
		check.form_hash = column_text(s, 11);
		check.form = column_bytes(s, 12);
		if (!fn(arg, &check, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}
