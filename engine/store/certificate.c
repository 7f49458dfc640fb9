/* Certificates. See certificate.h. */
#include "store/certificate.h"
#include "store/internal.h"

static void bind_opt_i64(sqlite3_stmt *s, const char *name, int64_t v)
{
	if (v)
		bind_i64(s, name, v); /* a parameter that is not bound is NULL */
}
static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

bool store_certificate_add(struct store *st, const struct certificate_row *row, struct str body, int64_t *ret_key, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO certificate (id, account, attempt, bank_id, exam, title, result_n, claims, state, reason, body, sha256, name, "
	        "status_list, status_index, result_log, log_index, issued_ms, awarded_ms, valid_until_ms, renew_exam, renew_opens_ms, "
	        "renew_expiry, valid_span_ms, valid_span_months, renews, supersedes, shared, replay_shared, hidden) "
	        "VALUES (:id, :account, :attempt, :bank_id, :exam, :title, :result_n, :claims, :state, :reason, :body, :sha256, :name, "
	        ":status_list, :status_index, :result_log, :log_index, :issued, :awarded, :valid_until, :renew_exam, :renew_opens, "
	        ":renew_expiry, :span_ms, :span_months, :renews, :supersedes, :shared, :replay_shared, :hidden)",
	        err);
	if (!s)
		return false;
	bind_str(s, ":id", row->id);
	bind_i64(s, ":account", row->account);
	bind_i64(s, ":attempt", row->attempt);
	bind_str(s, ":bank_id", row->bank_id);
	bind_str(s, ":exam", row->exam);
	bind_str(s, ":title", row->title);
	bind_i64(s, ":result_n", row->result_n);
	bind_str(s, ":claims", row->claims);
	bind_i64(s, ":state", row->state);
	bind_str(s, ":reason", or_null(row->reason));
	bind_blob(s, ":body", body);
	bind_str(s, ":sha256", row->sha256);
	bind_str(s, ":name", or_null(row->name));
	bind_i64(s, ":status_list", row->status_list);
	bind_i64(s, ":status_index", row->status_index);
	bind_i64(s, ":result_log", row->result_log);
	bind_i64(s, ":log_index", row->log_index);
	bind_i64(s, ":issued", row->issued_ms);
	bind_i64(s, ":awarded", row->awarded_ms);
	bind_opt_i64(s, ":valid_until", row->valid_until_ms);
	bind_str(s, ":renew_exam", or_null(row->renew_exam));
	bind_opt_i64(s, ":renew_opens", row->renew_opens_ms);
	bind_i64(s, ":renew_expiry", row->renew_expiry);
	bind_i64(s, ":span_ms", row->valid_span_ms);
	bind_i64(s, ":span_months", row->valid_span_months);
	bind_opt_i64(s, ":renews", row->renews);
	bind_opt_i64(s, ":supersedes", row->supersedes);
	bind_i64(s, ":shared", row->shared);
	bind_i64(s, ":replay_shared", row->replay_shared);
	bind_i64(s, ":hidden", row->hidden);
	if (!sql_run(st, s, err))
		return false;
	*ret_key = sqlite3_last_insert_rowid(st->db);
	s = sql(st, "UPDATE certificate SET renews = :new WHERE renews = :old AND state <> 4", err);
	if (!s)
		return false;
	bind_i64(s, ":new", *ret_key);
	bind_i64(s, ":old", row->supersedes);
	return sql_run(st, s, err);
}

#define COLUMNS                                                                                                                     \
	"c.key, c.id, c.account, c.attempt, a.id, c.bank_id, c.exam, c.title, c.result_n, c.claims, c.state, c.reason, c.sha256, "      \
	"c.name, c.status_list, c.status_index, c.result_log, c.log_index, c.issued_ms, c.awarded_ms, c.valid_until_ms, c.renew_exam, " \
	"c.renew_opens_ms, c.renew_expiry, c.valid_span_ms, c.valid_span_months, c.renews, c.supersedes, c.shared, c.replay_shared, "   \
	"c.hidden, (SELECT r.id FROM certificate r WHERE r.renews = c.key AND r.state = 0 ORDER BY r.key DESC LIMIT 1), "               \
	"(SELECT n.id FROM certificate n WHERE n.supersedes = c.key ORDER BY n.key DESC LIMIT 1), "                                     \
	"(SELECT o.id FROM certificate o WHERE o.key = c.supersedes), c.body "                                                          \
	"FROM certificate c JOIN attempt a ON a.key = c.attempt "
#define BODY_COLUMN 34

static void read_row(sqlite3_stmt *s, struct certificate_row *ret)
{
	*ret = (struct certificate_row){
	    .key = sqlite3_column_int64(s, 0),
	    .account = sqlite3_column_int64(s, 2),
	    .attempt = sqlite3_column_int64(s, 3),
	    .result_n = sqlite3_column_int(s, 8),
	    .state = (enum certificate_state)sqlite3_column_int(s, 10),
	    .status_list = sqlite3_column_int64(s, 14),
	    .status_index = sqlite3_column_int64(s, 15),
	    .result_log = sqlite3_column_int64(s, 16),
	    .log_index = sqlite3_column_int64(s, 17),
	    .issued_ms = sqlite3_column_int64(s, 18),
	    .awarded_ms = sqlite3_column_int64(s, 19),
	    .valid_until_ms = sqlite3_column_int64(s, 20),
	    .renew_opens_ms = sqlite3_column_int64(s, 22),
	    .renew_expiry = sqlite3_column_int(s, 23) != 0,
	    .valid_span_ms = sqlite3_column_int64(s, 24),
	    .valid_span_months = sqlite3_column_int(s, 25),
	    .renews = sqlite3_column_int64(s, 26),
	    .supersedes = sqlite3_column_int64(s, 27),
	    .shared = sqlite3_column_int(s, 28) != 0,
	    .replay_shared = sqlite3_column_int(s, 29) != 0,
	    .hidden = sqlite3_column_int(s, 30) != 0,
	};
	column_copy(s, 1, ret->id, sizeof ret->id);
	column_copy(s, 4, ret->attempt_id, sizeof ret->attempt_id);
	column_copy(s, 5, ret->bank_id, sizeof ret->bank_id);
	column_copy(s, 6, ret->exam, sizeof ret->exam);
	column_copy(s, 7, ret->title, sizeof ret->title);
	column_copy(s, 9, ret->claims, sizeof ret->claims);
	column_copy(s, 11, ret->reason, sizeof ret->reason);
	column_copy(s, 12, ret->sha256, sizeof ret->sha256);
	column_copy(s, 13, ret->name, sizeof ret->name);
	column_copy(s, 21, ret->renew_exam, sizeof ret->renew_exam);
	column_copy(s, 31, ret->renewed_by, sizeof ret->renewed_by);
	column_copy(s, 32, ret->superseded_by, sizeof ret->superseded_by);
	column_copy(s, 33, ret->supersedes_id, sizeof ret->supersedes_id);
}

static bool read_one(struct store *st, sqlite3_stmt *s, struct certificate_row *ret, struct buf *body, struct err *err)
{
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no such certificate");
	read_row(s, ret);
	if (body)
		buf_addv(body, column_bytes(s, BODY_COLUMN));
	sqlite3_reset(s);
	return !body || buf_check(body, "the certificate", err);
}

bool store_certificate_access(struct store *st, const char *id, struct certificate_access *ret, bool *ret_found, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT account, state, shared, replay_shared FROM certificate WHERE id = :id", err);
	if (!s)
		return false;
	bind_str(s, ":id", id);
	int rc = sql_step(st, s, err);
	if (rc == 1) {
		*ret = (struct certificate_access){.account = sqlite3_column_int64(s, 0),
		                                   .state = (enum certificate_state)sqlite3_column_int(s, 1),
		                                   .shared = sqlite3_column_int(s, 2) != 0,
		                                   .replay_shared = sqlite3_column_int(s, 3) != 0};
		sqlite3_reset(s);
	}
	*ret_found = rc == 1;
	return rc >= 0;
}

bool store_certificate_get(struct store *st, const char *id, struct certificate_row *ret, struct buf *body, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT " COLUMNS "WHERE c.id = :id", err);
	if (!s)
		return false;
	bind_str(s, ":id", id);
	return read_one(st, s, ret, body, err);
}

bool store_certificate_by_key(struct store *st, int64_t key, struct certificate_row *ret, struct buf *body, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT " COLUMNS "WHERE c.key = :key", err);
	if (!s)
		return false;
	bind_i64(s, ":key", key);
	return read_one(st, s, ret, body, err);
}

bool store_certificate_state(struct store *st, int64_t key, enum certificate_state state, const char *reason, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE certificate SET state = :state, reason = :reason WHERE key = :key", err);
	if (!s)
		return false;
	bind_i64(s, ":state", state);
	bind_str(s, ":reason", reason);
	bind_i64(s, ":key", key);
	return sql_run(st, s, err);
}

bool store_certificate_flags(struct store *st, int64_t key, bool shared, bool replay_shared, bool hidden, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "UPDATE certificate SET shared = :shared, replay_shared = :replay_shared, hidden = :hidden WHERE key = :key", err);
	if (!s)
		return false;
	bind_i64(s, ":shared", shared);
	bind_i64(s, ":replay_shared", replay_shared);
	bind_i64(s, ":hidden", hidden);
	bind_i64(s, ":key", key);
	return sql_run(st, s, err);
}

bool store_certificate_hide_before(struct store *st, int64_t key, bool shared, bool replay_shared, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "UPDATE certificate SET shared = min(shared, :shared), replay_shared = min(replay_shared, :replay_shared) "
	                      "WHERE key IN (WITH RECURSIVE before (key) AS (SELECT supersedes FROM certificate WHERE key = :key UNION "
	                      "SELECT c.supersedes FROM certificate c JOIN before b ON c.key = b.key) SELECT key FROM before)",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":shared", shared);
	bind_i64(s, ":replay_shared", replay_shared);
	bind_i64(s, ":key", key);
	return sql_run(st, s, err);
}

bool store_certificate_withdraw(struct store *st, int64_t key, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "UPDATE certificate SET state = 5, reason = NULL, name = NULL, body = NULL, shared = 0, replay_shared = 0, "
	                      "hidden = 1 WHERE key = :key",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":key", key);
	return sql_run(st, s, err);
}

static bool each(struct store *st, sqlite3_stmt *s, store_certificate_fn *fn, void *arg, struct err *err)
{
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct certificate_row row;
		read_row(s, &row);
		if (!fn(arg, &row, column_bytes(s, BODY_COLUMN), err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_certificate_each(struct store *st, int64_t account, const char *bank_id, store_certificate_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT " COLUMNS
	                      "WHERE c.account = :account AND (:bank_id IS NULL OR c.bank_id = :bank_id) AND c.state <> 5 ORDER BY c.key DESC",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	bind_str(s, ":bank_id", bank_id);
	return each(st, s, fn, arg, err);
}

bool store_certificate_of_attempt(struct store *st, int64_t attempt, store_certificate_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT " COLUMNS "WHERE c.attempt = :attempt ORDER BY c.key", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	return each(st, s, fn, arg, err);
}

bool store_certificate_all(struct store *st, store_certificate_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT " COLUMNS "ORDER BY c.key", err);
	return s && each(st, s, fn, arg, err);
}

/* ---- What waits ---- */

bool store_certificate_due_put(struct store *st, int64_t attempt, int64_t not_before_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO certificate_due (attempt, not_before_ms) VALUES (:attempt, :not_before) "
	                      "ON CONFLICT (attempt) DO UPDATE SET not_before_ms = :not_before, tries = 0, why = NULL",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":not_before", not_before_ms);
	return sql_run(st, s, err);
}

bool store_certificate_due_next(struct store *st, int64_t now_ms, struct certificate_due *ret, bool *ret_found, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT d.attempt, a.id, d.tries FROM certificate_due d JOIN attempt a ON a.key = d.attempt "
	                      "WHERE d.not_before_ms <= :now ORDER BY d.not_before_ms, d.attempt LIMIT 1",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":now", now_ms);
	int rc = sql_step(st, s, err);
	if (rc == 1) {
		*ret = (struct certificate_due){.attempt = sqlite3_column_int64(s, 0), .tries = sqlite3_column_int(s, 2)};
		column_copy(s, 1, ret->attempt_id, sizeof ret->attempt_id);
		sqlite3_reset(s);
	}
	*ret_found = rc == 1;
	return rc >= 0;
}

bool store_certificate_due_done(struct store *st, int64_t attempt, struct err *err)
{
	sqlite3_stmt *s = sql(st, "DELETE FROM certificate_due WHERE attempt = :attempt", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	return sql_run(st, s, err);
}

bool store_certificate_due_later(struct store *st, int64_t attempt, int64_t not_before_ms, const char *why, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "UPDATE certificate_due SET not_before_ms = :not_before, tries = tries + 1, why = :why WHERE attempt = :attempt", err);
	if (!s)
		return false;
	bind_i64(s, ":not_before", not_before_ms);
	bind_str(s, ":why", why);
	bind_i64(s, ":attempt", attempt);
	return sql_run(st, s, err);
}

bool store_certificate_waiting(struct store *st, int64_t now_ms, struct certificate_waiting *ret, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "SELECT count(*), ifnull(max(why), '') FROM certificate_due WHERE why IS NOT NULL OR not_before_ms <= :now", err);
	if (!s)
		return false;
	bind_i64(s, ":now", now_ms);
	if (sql_step(st, s, err) != 1)
		return false;
	ret->n = sqlite3_column_int64(s, 0);
	column_copy(s, 1, ret->why, sizeof ret->why);
	sqlite3_reset(s);
	return true;
}
