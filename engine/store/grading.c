/* The queue of gradings, and what came of them. See grading.h. */
#include "store/grading.h"
#include "store/internal.h"

#define CLAIMS_MAX 20 /* of one grading: one that never comes back goes to a person */

bool store_grading_add(struct store *st, int64_t attempt, int item, int64_t account, int64_t now_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO grading (attempt, item, n, account, state, queued_ms) SELECT :attempt, :item, "
	                      "(SELECT ifnull(max(n), 0) + 1 FROM grading WHERE attempt = :attempt AND item = :item), :account, 0, :now",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", item);
	bind_i64(s, ":account", account);
	bind_i64(s, ":now", now_ms);
	return sql_run(st, s, err);
}

/* ---- The queue ---- */

/* Accounts take turns: the one that was served longest ago comes first; within it the oldest grading. 0: none. */
static bool next_id(struct store *st, int64_t now_service_ms, int64_t *ret_id, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "SELECT id FROM grading g WHERE state < 2 AND ((state = 0 AND not_before_ms <= :now) OR "
	        "(state = 1 AND lease_ms <= :now)) ORDER BY (SELECT max(turn) FROM grading WHERE account = g.account), id LIMIT 1",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":now", now_service_ms);
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	*ret_id = rc == 1 ? sqlite3_column_int64(s, 0) : 0;
	sqlite3_reset(s);
	return true;
}

static bool take(struct store *st, int64_t id, int64_t now_service_ms, int64_t lease_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "UPDATE grading SET state = CASE WHEN fence >= :claims THEN 3 ELSE 1 END, fence = fence + 1, "
	                      "turn = (SELECT max(turn) + 1 FROM grading), lease_ms = :lease, heartbeat_ms = :now WHERE id = :id",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":claims", CLAIMS_MAX);
	bind_i64(s, ":lease", now_service_ms + lease_ms);
	bind_i64(s, ":now", now_service_ms);
	bind_i64(s, ":id", id);
	return sql_run(st, s, err);
}

bool store_grading_claim(struct store *st, int64_t now_service_ms, int64_t lease_ms, struct grading_claim *ret, struct buf *observations,
                         bool *ret_found, struct err *err)
{
	int64_t id;
	*ret_found = false;
	if (!next_id(st, now_service_ms, &id, err))
		return false;
	if (!id)
		return true;
	sqlite3_stmt *s =
	    take(st, id, now_service_ms, lease_ms, err)
	        ? sql(st,
	              "SELECT g.attempt, g.item, g.fence, g.tries, a.id, g.snapshot, ifnull(b.name, ''), g.observations, g.state FROM grading "
	              "g "
	              "JOIN attempt a ON a.key = g.attempt LEFT JOIN box b ON b.attempt = g.attempt AND b.item = g.item WHERE g.id = :id",
	              err)
	        : NULL;
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	if (sql_step(st, s, err) != 1)
		return false;
	*ret = (struct grading_claim){
	    .id = id,
	    .attempt = sqlite3_column_int64(s, 0),
	    .item = sqlite3_column_int(s, 1),
	    .fence = sqlite3_column_int64(s, 2),
	    .tries = sqlite3_column_int(s, 3),
	};
	column_copy(s, 4, ret->attempt_id, sizeof ret->attempt_id);
	column_copy(s, 5, ret->snapshot, sizeof ret->snapshot);
	column_copy(s, 6, ret->box, sizeof ret->box);
	buf_addv(observations, column_bytes(s, 7));
	*ret_found = sqlite3_column_int(s, 8) == GRADING_RUNNING;
	sqlite3_reset(s);
	return buf_check(observations, "what live checks saw", err);
}

/* A statement that changes the claimed row, and only it, while the claim is still the last one. */
static bool fenced(struct store *st, sqlite3_stmt *s, const struct grading_claim *c, struct err *err)
{
	bind_i64(s, ":id", c->id);
	bind_i64(s, ":fence", c->fence);
	if (!sql_run(st, s, err))
		return false;
	return sqlite3_changes(st->db) == 1 ? true : err_set(err, ERR_CONFLICT, "another worker has taken this grading over");
}

bool store_grading_renew(struct store *st, const struct grading_claim *c, int64_t now_service_ms, int64_t lease_ms, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "UPDATE grading SET lease_ms = :lease, heartbeat_ms = :now WHERE id = :id AND fence = :fence AND state = 1", err);
	if (!s)
		return false;
	bind_i64(s, ":lease", now_service_ms + lease_ms);
	bind_i64(s, ":now", now_service_ms);
	return fenced(st, s, c, err);
}

bool store_grading_snapshot(struct store *st, const struct grading_claim *c, const char *snapshot, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE grading SET snapshot = :snapshot WHERE id = :id AND fence = :fence AND state = 1", err);
	if (!s)
		return false;
	bind_str(s, ":snapshot", snapshot);
	return fenced(st, s, c, err);
}

static void bind_outcome(sqlite3_stmt *s, const struct grading_outcome *o)
{
	bind_i64(s, ":state", o->state);
	bind_i64(s, ":tries", o->tries);
	if (o->finished_ms)
		bind_i64(s, ":finished", o->finished_ms);
	bind_i64(s, ":points", o->points_m);
	bind_i64(s, ":max", o->max_m);
	bind_str(s, ":task", o->task);
	bind_str(s, ":grader", o->grader);
	bind_str(s, ":image", o->image);
	bind_str(s, ":engine", o->engine);
	bind_str(s, ":result", o->result);
	bind_blob(s, ":observations", o->observations);
}

bool store_grading_finish(struct store *st, const struct grading_claim *c, const struct grading_outcome *o, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "UPDATE grading SET state = :state, tries = :tries, not_before_ms = :not_before, finished_ms = :finished, points_m = :points, "
	        "max_m = :max, task = :task, grader = :grader, image = :image, engine = :engine, result = :result, "
	        "observations = ifnull(:observations, observations) WHERE id = :id AND fence = :fence AND state = 1",
	        err);
	if (!s)
		return false;
	bind_outcome(s, o);
	bind_i64(s, ":not_before", o->not_before_ms);
	return fenced(st, s, c, err);
}

bool store_grading_release(struct store *st, struct err *err)
{
	return sql_run(st, sql(st, "UPDATE grading SET state = 0 WHERE state = 1", err), err);
}

bool store_grading_again(struct store *st, int64_t attempt, int item, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "UPDATE grading SET state = 0, tries = 0, fence = 0, not_before_ms = 0, finished_ms = NULL "
	                      "WHERE attempt = :attempt AND item = :item AND state = 3",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", item);
	if (!sql_run(st, s, err))
		return false;
	return sqlite3_changes(st->db) == 1 ? true : err_set(err, ERR_CONFLICT, "this task does not wait for a person");
}

bool store_grading_next(struct store *st, int64_t *ret_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT min(CASE state WHEN 0 THEN not_before_ms ELSE lease_ms END) FROM grading WHERE state < 2", err);
	if (!s || sql_step(st, s, err) != 1)
		return false;
	*ret_ms = sqlite3_column_type(s, 0) == SQLITE_NULL ? INT64_MAX : sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return true;
}

/* ---- Results ---- */

static const char *text_or_null(sqlite3_stmt *s, int column)
{
	return sqlite3_column_type(s, column) == SQLITE_NULL ? NULL : column_text(s, column);
}

static void read_grading(sqlite3_stmt *s, struct grading_row *ret)
{
	*ret = (struct grading_row){
	    .id = sqlite3_column_int64(s, 0),
	    .attempt = sqlite3_column_int64(s, 1),
	    .item = sqlite3_column_int(s, 2),
	    .n = sqlite3_column_int(s, 3),
	    .state = (enum grading_state)sqlite3_column_int(s, 4),
	    .tries = sqlite3_column_int(s, 5),
	    .queued_ms = sqlite3_column_int64(s, 6),
	    .finished_ms = sqlite3_column_int64(s, 7),
	    .points_m = sqlite3_column_int64(s, 8),
	    .max_m = sqlite3_column_int64(s, 9),
	    .reason = text_or_null(s, 15),
	    .result = text_or_null(s, 16),
	    .observations = column_bytes(s, 17),
	    .ahead = sqlite3_column_int64(s, 18),
	};
	column_copy(s, 10, ret->snapshot, sizeof ret->snapshot);
	column_copy(s, 11, ret->task, sizeof ret->task);
	column_copy(s, 12, ret->grader, sizeof ret->grader);
	column_copy(s, 13, ret->image, sizeof ret->image);
	column_copy(s, 14, ret->engine, sizeof ret->engine);
}

bool store_grading_each(struct store *st, int64_t attempt, store_grading_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "SELECT id, attempt, item, n, state, tries, queued_ms, finished_ms, points_m, max_m, snapshot, task, grader, image, engine, "
	        "reason, result, observations, CASE WHEN state < 2 THEN (SELECT count(*) FROM grading w WHERE w.state < 2 AND w.id < g.id) "
	        "ELSE 0 END FROM grading g WHERE attempt = :attempt AND n = (SELECT max(n) FROM grading WHERE attempt = g.attempt AND "
	        "item = g.item) ORDER BY item",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct grading_row row;
		read_grading(s, &row);
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_grading_redo(struct store *st, int64_t attempt, int item, int64_t account, const char *snapshot, const char *reason,
                        const struct grading_outcome *o, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO grading (attempt, item, n, account, state, tries, queued_ms, finished_ms, reason, snapshot, task, grader, image, "
	        "engine, points_m, max_m, result, observations) SELECT :attempt, :item, max(n) + 1, :account, :state, :tries, :finished, "
	        ":finished, :reason, :snapshot, :task, :grader, :image, :engine, :points, :max, :result, :observations FROM grading "
	        "WHERE attempt = :attempt AND item = :item",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", item);
	bind_i64(s, ":account", account);
	bind_str(s, ":snapshot", snapshot);
	bind_str(s, ":reason", reason);
	bind_outcome(s, o);
	return sql_run(st, s, err);
}

bool store_grading_reviews(struct store *st, char (*ret_ids)[RNG_ID_SIZE], size_t max, size_t *ret_n, struct err *err)
{
	size_t n = 0;
	int rc = -1;
	sqlite3_stmt *s = sql(st,
	                      "SELECT a.id FROM attempt a WHERE a.phase < 2 AND a.phase = 1 AND a.study = 0 AND EXISTS "
	                      "(SELECT 1 FROM grading g WHERE g.attempt = a.key AND g.state = 3 AND g.n = (SELECT max(n) FROM grading "
	                      "WHERE attempt = g.attempt AND item = g.item)) ORDER BY a.key LIMIT :max",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":max", (int64_t)max);
	while (n < max && (rc = sql_step(st, s, err)) == 1)
		column_copy(s, 0, ret_ids[n++], RNG_ID_SIZE);
	if (rc < 0)
		return false;
	sqlite3_reset(s);
	*ret_n = n;
	return true;
}

bool store_grading_attempts(struct store *st, const char *bank_id, store_attempt_id_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT a.id FROM attempt a WHERE a.bank_id = :bank AND a.phase > 0 AND EXISTS (SELECT 1 FROM grading g "
	                      "WHERE g.attempt = a.key AND g.state >= 2 AND g.snapshot IS NOT NULL) ORDER BY a.key",
	                      err);
	if (!s)
		return false;
	bind_str(s, ":bank", bank_id);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1)
		if (!fn(arg, column_text(s, 0), err)) {
			sqlite3_reset(s);
			return false;
		}
	return rc == 0;
}

bool store_grading_counts(struct store *st, struct grading_counts *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT (SELECT count(*) FROM grading WHERE state < 2 AND state = 0), "
	                      "(SELECT count(*) FROM grading WHERE state < 2 AND state = 1), (SELECT count(*) FROM grading g JOIN "
	                      "attempt a ON a.key = g.attempt WHERE g.state = 3 AND a.phase = 1 AND a.study = 0 AND g.n = (SELECT max(n) FROM "
	                      "grading WHERE attempt = g.attempt AND item = g.item))",
	                      err);
	if (!s || sql_step(st, s, err) != 1)
		return false;
	*ret = (struct grading_counts){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1), sqlite3_column_int64(s, 2)};
	sqlite3_reset(s);
	return true;
}

bool store_grading_snapshots(struct store *st, store_snapshot_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT DISTINCT snapshot FROM grading WHERE snapshot IS NOT NULL ORDER BY snapshot", err);
	int rc = -1;
	while (s && (rc = sql_step(st, s, err)) == 1)
		if (!fn(arg, column_text(s, 0), err)) {
			sqlite3_reset(s);
			return false;
		}
	return rc == 0;
}
