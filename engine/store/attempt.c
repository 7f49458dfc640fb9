/* Attempts. See attempt.h. */
#include "store/attempt.h"
#include "store/internal.h"

static void bind_progress(sqlite3_stmt *s, const struct progress *p)
{
	bind_i64(s, ":state", p->state);
	bind_i64(s, ":section", (int64_t)p->section);
	bind_i64(s, ":deadline", p->deadline_ms);
	bind_i64(s, ":section_deadline", p->section_deadline_ms);
	bind_i64(s, ":cursor", (int64_t)p->cursor);
	bind_i64(s, ":closed_section", (int64_t)p->closed_section);
	bind_i64(s, ":closed_cursor", (int64_t)p->closed_cursor);
	bind_i64(s, ":closed", p->closed_ms);
}

static bool add_form(struct store *st, int64_t key, struct str form, const char *form_hash, struct err *err)
{
	sqlite3_stmt *s = sql(st, "INSERT INTO form (attempt, bytes, hash) VALUES (:attempt, :bytes, :hash)", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", key);
	bind_blob(s, ":bytes", form);
	bind_str(s, ":hash", form_hash);
	return sql_run(st, s, err);
}

bool store_attempt_add(struct store *st, const struct attempt_row *row, const char *title, struct str form, const char *form_hash,
                       int64_t *ret_key, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO attempt (id, account, version, bank_id, exam, title, study, items, extra_m, relaxed, lease, state, section, "
	        "deadline_ms, section_deadline_ms, cursor, closed_section, closed_cursor, closed_ms, next_ms, begun_service_ms, "
	        "started_ms) VALUES (:id, :account, :version, :bank_id, :exam, :title, :study, :items, :extra, :relaxed, :lease, :state, "
	        ":section, :deadline, :section_deadline, :cursor, :closed_section, :closed_cursor, :closed, nullif(:next, 0), "
	        ":begun, :started)",
	        err);
	if (!s)
		return false;
	bind_str(s, ":id", row->id);
	bind_i64(s, ":account", row->account);
	bind_i64(s, ":version", row->version);
	bind_str(s, ":bank_id", row->bank_id);
	bind_str(s, ":exam", row->exam);
	bind_str(s, ":title", title);
	bind_i64(s, ":study", row->study);
	bind_i64(s, ":items", row->items);
	bind_i64(s, ":extra", row->extra_m);
	bind_i64(s, ":relaxed", row->relaxed);
	bind_i64(s, ":lease", row->lease);
	bind_progress(s, &row->progress);
	bind_i64(s, ":next", row->next_ms);
	bind_i64(s, ":begun", row->begun_service_ms);
	bind_i64(s, ":started", row->started_ms);
	if (!sql_run(st, s, err))
		return false;
	int64_t key = sqlite3_last_insert_rowid(st->db);
	if (!add_form(st, key, form, form_hash, err))
		return false;
	*ret_key = key;
	return true;
}

static void read_attempt(sqlite3_stmt *s, struct attempt_row *ret)
{
	*ret = (struct attempt_row){
	    .key = sqlite3_column_int64(s, 0),
	    .account = sqlite3_column_int64(s, 1),
	    .version = sqlite3_column_int64(s, 2),
	    .study = sqlite3_column_int(s, 5) != 0,
	    .items = sqlite3_column_int(s, 6),
	    .extra_m = sqlite3_column_int(s, 7),
	    .relaxed = sqlite3_column_int(s, 8) != 0,
	    .lease = sqlite3_column_int64(s, 9),
	    .progress =
	        {
	            .state = (enum attempt_state)sqlite3_column_int(s, 10),
	            .section = (size_t)sqlite3_column_int64(s, 11),
	            .deadline_ms = sqlite3_column_int64(s, 12),
	            .section_deadline_ms = sqlite3_column_int64(s, 13),
	            .cursor = (size_t)sqlite3_column_int64(s, 14),
	            .closed_section = (size_t)sqlite3_column_int64(s, 15),
	            .closed_cursor = (size_t)sqlite3_column_int64(s, 16),
	            .closed_ms = sqlite3_column_int64(s, 17),
	        },
	    .next_ms = sqlite3_column_int64(s, 18),
	    .begun_service_ms = sqlite3_column_int64(s, 19),
	    .started_ms = sqlite3_column_int64(s, 20),
	    .phase = (enum attempt_phase)sqlite3_column_int(s, 21),
	    .ended_by = (enum ended_by)sqlite3_column_int(s, 22),
	    .ended_ms = sqlite3_column_int64(s, 23),
	    .ended_service_ms = sqlite3_column_int64(s, 24),
	    .answered = sqlite3_column_int(s, 25),
	};
	column_copy(s, 3, ret->bank_id, sizeof ret->bank_id);
	column_copy(s, 4, ret->exam, sizeof ret->exam);
	column_copy(s, 26, ret->id, sizeof ret->id);
}

bool store_attempt_get(struct store *st, const char *id, struct attempt_row *ret, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "SELECT key, account, version, bank_id, exam, study, items, extra_m, relaxed, lease, state, section, deadline_ms, "
	        "section_deadline_ms, cursor, closed_section, closed_cursor, closed_ms, next_ms, begun_service_ms, started_ms, "
	        "phase, ended_by, ended_ms, ended_service_ms, answered, id FROM attempt WHERE id = :id",
	        err);
	if (!s)
		return false;
	bind_str(s, ":id", id);
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_NOT_FOUND, "there is no such attempt");
	if (rc < 0)
		return false;
	read_attempt(s, ret);
	sqlite3_reset(s);
	return true;
}

bool store_attempt_form(struct store *st, int64_t key, struct buf *bytes, char ret_hash[HASH_HEX_SIZE], struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT bytes, hash FROM form WHERE attempt = :attempt", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", key);
	int rc = sql_step(st, s, err);
	if (rc == 0)
		return err_set(err, ERR_STORE, "the form of attempt %lld is not in the database", (long long)key);
	if (rc < 0)
		return false;
	buf_addv(bytes, column_bytes(s, 0));
	column_copy(s, 1, ret_hash, HASH_HEX_SIZE);
	sqlite3_reset(s);
	return buf_check(bytes, "the form", err);
}

bool store_attempt_progress(struct store *st, int64_t key, const struct progress *p, int64_t next_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "UPDATE attempt SET state = :state, section = :section, deadline_ms = :deadline, "
	                      "section_deadline_ms = :section_deadline, cursor = :cursor, closed_section = :closed_section, "
	                      "closed_cursor = :closed_cursor, closed_ms = :closed, next_ms = nullif(:next, 0) WHERE key = :key",
	                      err);
	if (!s)
		return false;
	bind_progress(s, p);
	bind_i64(s, ":next", next_ms);
	bind_i64(s, ":key", key);
	return sql_run(st, s, err);
}

bool store_attempt_lease(struct store *st, int64_t key, int64_t lease, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE attempt SET lease = :lease WHERE key = :key", err);
	if (!s)
		return false;
	bind_i64(s, ":lease", lease);
	bind_i64(s, ":key", key);
	return sql_run(st, s, err);
}

bool store_attempt_end(struct store *st, const struct attempt_row *row, struct err *err)
{
	if (!store_attempt_progress(st, row->key, &row->progress, ATTEMPT_NEVER, err))
		return false;
	sqlite3_stmt *s = sql(st,
	                      "UPDATE attempt SET phase = :phase, ended_by = :ended_by, ended_ms = :ended, ended_service_ms = :ended_service, "
	                      "answered = :answered WHERE key = :key",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":phase", row->phase);
	bind_i64(s, ":ended_by", row->ended_by);
	bind_i64(s, ":ended", row->ended_ms);
	bind_i64(s, ":ended_service", row->ended_service_ms);
	bind_i64(s, ":answered", row->answered);
	bind_i64(s, ":key", row->key);
	return sql_run(st, s, err);
}

bool store_attempt_brief(struct store *st, int64_t key, const struct attempt_brief *brief, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "UPDATE attempt SET phase = 2, passed = nullif(:passed, -1), share_m = :share, release_ms = :release, "
	                      "brief = :brief WHERE key = :key",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":passed", brief->passed);
	bind_i64(s, ":share", brief->share_m);
	bind_i64(s, ":release", brief->release_ms);
	bind_str(s, ":brief", brief->json);
	bind_i64(s, ":key", key);
	return sql_run(st, s, err);
}

bool store_attempt_expectation(struct store *st, int64_t key, const char *json, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE attempt SET expectation = :json WHERE key = :key", err);
	if (!s)
		return false;
	bind_str(s, ":json", json);
	bind_i64(s, ":key", key);
	return sql_run(st, s, err);
}

bool store_attempt_expectation_get(struct store *st, int64_t key, struct buf *out, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT expectation FROM attempt WHERE key = :key", err);
	if (!s)
		return false;
	bind_i64(s, ":key", key);
	int rc = sql_step(st, s, err);
	if (rc == 1) {
		buf_adds(out, column_text(s, 0));
		sqlite3_reset(s);
	}
	return rc >= 0;
}

/* Ids, one a row, into an array. */
static bool read_ids(struct store *st, sqlite3_stmt *s, char (*ret_ids)[RNG_ID_SIZE], size_t max, size_t *ret_n, struct err *err)
{
	size_t n = 0;
	int rc;
	while ((rc = sql_step(st, s, err)) == 1 && n < max)
		column_copy(s, 0, ret_ids[n++], RNG_ID_SIZE);
	if (rc < 0)
		return false;
	sqlite3_reset(s);
	*ret_n = n;
	return true;
}

bool store_attempt_running(struct store *st, int64_t account, const char *bank_id, const char *exam, bool study, char ret_id[RNG_ID_SIZE],
                           struct err *err)
{
	size_t n;
	sqlite3_stmt *s = sql(st,
	                      "SELECT id FROM attempt WHERE account = :account AND bank_id = :bank_id AND exam = :exam AND study = :study "
	                      "AND phase = 0 ORDER BY key DESC LIMIT 1",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	bind_str(s, ":bank_id", bank_id);
	bind_str(s, ":exam", exam);
	bind_i64(s, ":study", study);
	ret_id[0] = 0;
	return read_ids(st, s, (char(*)[RNG_ID_SIZE])ret_id, 1, &n, err);
}

bool store_attempt_running_exams(struct store *st, int64_t account, const char *bank_id, char (*ret_ids)[RNG_ID_SIZE], size_t max,
                                 size_t *ret_n, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT id FROM attempt WHERE account = :account AND bank_id = :bank_id AND study = 0 AND phase = 0 "
	                      "ORDER BY key LIMIT :max",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	bind_str(s, ":bank_id", bank_id);
	bind_i64(s, ":max", (int64_t)max);
	return read_ids(st, s, ret_ids, max, ret_n, err);
}

bool store_attempt_reviewing(struct store *st, char (*ret_ids)[RNG_ID_SIZE], size_t max, size_t *ret_n, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT id FROM attempt WHERE phase < 2 AND phase = 1 ORDER BY key LIMIT :max", err);
	if (!s)
		return false;
	bind_i64(s, ":max", (int64_t)max);
	return read_ids(st, s, ret_ids, max, ret_n, err);
}

bool store_attempt_due(struct store *st, int64_t now_service_ms, char (*ret_ids)[RNG_ID_SIZE], size_t max, size_t *ret_n, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT id FROM attempt WHERE next_ms <= :now ORDER BY next_ms, key LIMIT :max", err);
	if (!s)
		return false;
	bind_i64(s, ":now", now_service_ms);
	bind_i64(s, ":max", (int64_t)max);
	return read_ids(st, s, ret_ids, max, ret_n, err);
}

bool store_attempt_next(struct store *st, int64_t *ret_next_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT next_ms FROM attempt WHERE next_ms IS NOT NULL ORDER BY next_ms LIMIT 1", err);
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc < 0)
		return false;
	*ret_next_ms = rc == 1 ? sqlite3_column_int64(s, 0) : INT64_MAX;
	sqlite3_reset(s);
	return true;
}

static const char *text_or_null(sqlite3_stmt *s, int column)
{
	return sqlite3_column_type(s, column) == SQLITE_NULL ? NULL : column_text(s, column);
}

bool store_attempt_each(struct store *st, int64_t account, int max, store_attempt_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "SELECT key, id, bank_id, exam, version, study, state, phase, ended_by, started_ms, ended_ms, ended_service_ms, "
	        "begun_service_ms, items, answered, share_m, ifnull(passed, -1), release_ms, brief, title, deadline_ms, closed_ms FROM attempt "
	        "WHERE account = :account ORDER BY key DESC LIMIT :max",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	bind_i64(s, ":max", max);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct attempt_item item = {
		    .key = sqlite3_column_int64(s, 0),
		    .id = column_text(s, 1),
		    .bank_id = column_text(s, 2),
		    .exam = column_text(s, 3),
		    .version = sqlite3_column_int64(s, 4),
		    .study = sqlite3_column_int(s, 5) != 0,
		    .state = (enum attempt_state)sqlite3_column_int(s, 6),
		    .phase = (enum attempt_phase)sqlite3_column_int(s, 7),
		    .ended_by = (enum ended_by)sqlite3_column_int(s, 8),
		    .started_ms = sqlite3_column_int64(s, 9),
		    .ended_ms = sqlite3_column_int64(s, 10),
		    .ended_service_ms = sqlite3_column_int64(s, 11),
		    .begun_service_ms = sqlite3_column_int64(s, 12),
		    .items = sqlite3_column_int(s, 13),
		    .answered = sqlite3_column_int(s, 14),
		    .share_m = sqlite3_column_int(s, 15),
		    .passed = sqlite3_column_int(s, 16),
		    .release_ms = sqlite3_column_int64(s, 17),
		    .brief = text_or_null(s, 18),
		    .title = column_text(s, 19),
		    .deadline_ms = sqlite3_column_int64(s, 20),
		    .closed_ms = sqlite3_column_int64(s, 21),
		};
		if (!fn(arg, &item, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_attempt_sums(struct store *st, int64_t account, int64_t now_ms, store_attempt_sum_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT bank_id, exam, sum(phase > 0), max(CASE phase WHEN 0 THEN id END), "
	                      "(SELECT b.brief FROM attempt b WHERE b.account = a.account AND b.bank_id = a.bank_id AND b.exam = a.exam "
	                      "AND b.study = 0 AND b.phase = 2 AND b.release_ms <= :now ORDER BY b.share_m DESC, b.key DESC LIMIT 1) "
	                      "FROM attempt a WHERE account = :account AND study = 0 GROUP BY bank_id, exam ORDER BY bank_id, exam",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	bind_i64(s, ":now", now_ms);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct attempt_sum sum = {
		    .bank_id = column_text(s, 0),
		    .exam = column_text(s, 1),
		    .done = sqlite3_column_int(s, 2),
		    .running = text_or_null(s, 3),
		    .best = text_or_null(s, 4),
		};
		if (!fn(arg, &sum, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_attempt_counts(struct store *st, struct attempt_counts *ret, struct err *err)
{
	/* Counted by the partial index, so that finished attempts cost only a count of rows. */
	sqlite3_stmt *s = sql(st,
	                      "SELECT (SELECT count(*) FROM attempt WHERE phase < 2 AND phase = 0), "
	                      "(SELECT count(*) FROM attempt WHERE phase < 2 AND phase = 1), (SELECT ifnull(max(key), 0) FROM attempt)",
	                      err);
	if (!s || sql_step(st, s, err) != 1)
		return false;
	ret->running = sqlite3_column_int64(s, 0);
	ret->reviewing = sqlite3_column_int64(s, 1);
	ret->final = sqlite3_column_int64(s, 2) - ret->running - ret->reviewing; /* attempts are never deleted: the last key counts them */
	sqlite3_reset(s);
	return true;
}
