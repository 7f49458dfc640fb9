/* Boxes of attempts. See box.h. */
#include "store/box.h"
#include "exam/exam.h"
#include "store/internal.h"

/* Columns: attempt, item, name, state, resets, restored, restored_ms, opened_ms, hints, gave_up. */
static void read_box(sqlite3_stmt *s, struct box_row *ret)
{
	*ret = (struct box_row){
	    .attempt = sqlite3_column_int64(s, 0),
	    .item = sqlite3_column_int(s, 1),
	    .state = (enum box_state)sqlite3_column_int(s, 3),
	    .resets = sqlite3_column_int(s, 4),
	    .restored = sqlite3_column_int(s, 5),
	    .restored_ms = sqlite3_column_int64(s, 6),
	    .opened_ms = sqlite3_column_int64(s, 7),
	    .hints = sqlite3_column_int(s, 8),
	    .gave_up = sqlite3_column_int(s, 9) != 0,
	};
	column_copy(s, 2, ret->name, sizeof ret->name);
}

bool store_box_get(struct store *st, int64_t attempt, int item, struct box_row *ret, bool *ret_found, struct buf *check, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT attempt, item, name, state, resets, restored, restored_ms, opened_ms, hints, gave_up, last_check "
	                      "FROM box WHERE attempt = :attempt AND item = :item",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", item);
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	*ret_found = rc == 1;
	if (rc == 1) {
		read_box(s, ret);
		if (check)
			buf_addv(check, column_bytes(s, 10));
		sqlite3_reset(s);
	}
	return !check || buf_check(check, "the last check", err);
}

bool store_box_put(struct store *st, const struct box_row *row, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO box (attempt, item, name, state, resets, restored, restored_ms, opened_ms, hints, gave_up) "
	                      "VALUES (:attempt, :item, :name, :state, :resets, :restored, :restored_ms, :opened, :hints, :gave_up) "
	                      "ON CONFLICT (attempt, item) DO UPDATE SET name = :name, state = :state, resets = :resets, restored = :restored, "
	                      "restored_ms = :restored_ms, opened_ms = :opened, hints = :hints, gave_up = :gave_up",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", row->attempt);
	bind_i64(s, ":item", row->item);
	bind_str(s, ":name", row->name);
	bind_i64(s, ":state", row->state);
	bind_i64(s, ":resets", row->resets);
	bind_i64(s, ":restored", row->restored);
	bind_i64(s, ":restored_ms", row->restored_ms);
	bind_i64(s, ":opened", row->opened_ms);
	bind_i64(s, ":hints", row->hints);
	bind_i64(s, ":gave_up", row->gave_up);
	return sql_run(st, s, err);
}

bool store_box_check(struct store *st, int64_t attempt, int item, const char *json, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE box SET last_check = :json WHERE attempt = :attempt AND item = :item", err);
	if (!s)
		return false;
	bind_str(s, ":json", json);
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", item);
	return sql_run(st, s, err);
}

bool store_box_closed(struct store *st, const char *name, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE box SET state = 2 WHERE name = :name", err);
	if (!s)
		return false;
	bind_str(s, ":name", name);
	return sql_run(st, s, err);
}

bool store_box_counts(struct store *st, int64_t account, struct box_counts *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT count(*), ifnull(sum(a.account = :account), 0) FROM box b JOIN attempt a ON a.key = b.attempt "
	                      "WHERE b.state < 2",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	if (sql_step(st, s, err) != 1)
		return false;
	*ret = (struct box_counts){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1)};
	sqlite3_reset(s);
	return true;
}

bool store_box_each(struct store *st, int64_t attempt, store_box_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT attempt, item, name, state, resets, restored, restored_ms, opened_ms, hints, gave_up FROM box "
	                      "WHERE attempt = :attempt ORDER BY item",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct box_row row;
		read_box(s, &row);
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_shell_put(struct store *st, int64_t attempt, int item, const struct shell_row *row, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO shell (attempt, item, shell, box, exec, started_ms) VALUES (:attempt, :item, :shell, :box, :exec, "
	                      ":started) ON CONFLICT (attempt, item, shell) DO UPDATE SET box = :box, exec = :exec",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", item);
	bind_i64(s, ":shell", row->shell);
	bind_str(s, ":box", row->box);
	bind_i64(s, ":exec", row->exec);
	bind_i64(s, ":started", row->started_ms);
	return sql_run(st, s, err);
}

bool store_shells(struct store *st, int64_t attempt, int item, struct shell_row *ret, size_t max, size_t *ret_n, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "SELECT shell, box, exec, started_ms FROM shell WHERE attempt = :attempt AND item = :item ORDER BY shell LIMIT :max", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", item);
	bind_i64(s, ":max", (int64_t)max);
	size_t n = 0;
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		ret[n] = (struct shell_row){
		    .shell = sqlite3_column_int(s, 0), .exec = (uint32_t)sqlite3_column_int64(s, 2), .started_ms = sqlite3_column_int64(s, 3)};
		column_copy(s, 1, ret[n++].box, BOX_NAME_SIZE);
	}
	*ret_n = n;
	return rc == 0;
}

bool store_box_live_each(struct store *st, store_box_live_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "SELECT b.attempt, b.item, b.name, b.state, b.resets, b.restored, b.restored_ms, b.opened_ms, b.hints, b.gave_up, a.id, "
	        "a.phase = 0, ifnull(g.state < 2, 0), g.snapshot IS NOT NULL, a.phase = 0 AND a.state = :over FROM box b JOIN attempt a ON "
	        "a.key = b.attempt LEFT JOIN grading g "
	        "ON g.attempt = b.attempt AND g.item = b.item AND g.state < 2 WHERE b.state < 2 ORDER BY b.name",
	        err);
	int rc = -1;
	if (s)
		bind_i64(s, ":over", ATTEMPT_ENDED);
	while (s && (rc = sql_step(st, s, err)) == 1) {
		struct box_live box = {
		    .running = sqlite3_column_int(s, 11) != 0,
		    .awaited = sqlite3_column_int(s, 12) != 0,
		    .snapshot = sqlite3_column_int(s, 13) != 0,
		    .over = sqlite3_column_int(s, 14) != 0,
		};
		read_box(s, &box.row);
		column_copy(s, 10, box.attempt_id, sizeof box.attempt_id);
		if (!fn(arg, &box, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_recording_put(struct store *st, int64_t attempt, const struct recording_row *row, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO recording (attempt, item, name, sha256, size) VALUES (:attempt, :item, :name, :sha256, :size) "
	                      "ON CONFLICT (attempt, item, name) DO UPDATE SET sha256 = :sha256, size = :size",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", row->item);
	bind_str(s, ":name", row->name);
	bind_str(s, ":sha256", row->sha256);
	bind_i64(s, ":size", row->size);
	return sql_run(st, s, err);
}

bool store_recording_each(struct store *st, int64_t attempt, store_recording_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT item, name, sha256, size FROM recording WHERE attempt = :attempt ORDER BY item, name", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct recording_row row = {sqlite3_column_int(s, 0), column_text(s, 1), column_text(s, 2), sqlite3_column_int64(s, 3)};
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_recordings_all(struct store *st, store_recording_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT item, name, sha256, size FROM recording ORDER BY name", err);
	int rc = -1;
	while (s && (rc = sql_step(st, s, err)) == 1) {
		struct recording_row row = {sqlite3_column_int(s, 0), column_text(s, 1), column_text(s, 2), sqlite3_column_int64(s, 3)};
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}
