/* Marks that people gave. See human_mark.h. */
#include "store/human_mark.h"
#include "store/internal.h"

#define COLUMNS "m.id, m.item, m.points_m, m.marker, m.comment, m.at_ms, m.part, m.account, m.criteria, m.item_id, m.max_m"

bool store_human_mark_add(struct store *st, int64_t attempt, const struct human_mark *mark, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO human_mark (attempt, item, points_m, marker, comment, at_ms, part, account, criteria, item_id, max_m) "
	        "VALUES (:attempt, :item, :points, :marker, :comment, :at, :part, :account, :criteria, :item_id, :max)",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", mark->item);
	bind_i64(s, ":points", mark->points_m);
	bind_str(s, ":marker", mark->marker);
	bind_str(s, ":comment", mark->comment);
	bind_i64(s, ":at", mark->at_ms);
	bind_i64(s, ":part", mark->part);
	if (mark->account)
		bind_i64(s, ":account", mark->account);
	bind_str(s, ":criteria", mark->criteria);
	bind_str(s, ":item_id", mark->item_id);
	if (mark->item_id)
		bind_i64(s, ":max", mark->max_m);
	return sql_run(st, s, err);
}

static const char *text_or_null(sqlite3_stmt *s, int column)
{
	return sqlite3_column_type(s, column) == SQLITE_NULL ? NULL : column_text(s, column);
}

/* From the column `at` on, as in COLUMNS. */
static void read_mark(sqlite3_stmt *s, int at, struct human_mark *ret)
{
	*ret = (struct human_mark){
	    .id = sqlite3_column_int64(s, at),
	    .item = sqlite3_column_int(s, at + 1),
	    .points_m = sqlite3_column_int64(s, at + 2),
	    .marker = column_text(s, at + 3),
	    .comment = text_or_null(s, at + 4),
	    .at_ms = sqlite3_column_int64(s, at + 5),
	    .part = sqlite3_column_int(s, at + 6),
	    .account = sqlite3_column_int64(s, at + 7),
	    .criteria = text_or_null(s, at + 8),
	    .item_id = text_or_null(s, at + 9),
	    .max_m = sqlite3_column_int64(s, at + 10),
	};
}

bool store_human_mark_each(struct store *st, int64_t attempt, store_human_mark_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT " COLUMNS " FROM human_mark m WHERE attempt = :attempt AND withdrawn_ms IS NULL ORDER BY id", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct human_mark mark;
		read_mark(s, 0, &mark);
		if (!fn(arg, &mark, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_human_mark_withdraw(struct store *st, int64_t id, int64_t at_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE human_mark SET withdrawn_ms = :at WHERE id = :id AND withdrawn_ms IS NULL", err);
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	bind_i64(s, ":at", at_ms);
	return sql_run(st, s, err);
}

bool store_human_mark_counts(struct store *st, const char *marker, store_human_mark_count_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT a.bank_id, a.exam, m.item_id, count(DISTINCT m.attempt) FROM human_mark m JOIN attempt a ON a.key = "
	                      "m.attempt WHERE m.marker = :marker COLLATE NOCASE AND m.withdrawn_ms IS NULL AND m.item_id IS NOT NULL "
	                      "GROUP BY a.bank_id, a.exam, m.item_id ORDER BY a.bank_id, a.exam, m.item_id",
	                      err);
	if (!s)
		return false;
	bind_str(s, ":marker", marker);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		if (!fn(arg, column_text(s, 0), column_text(s, 1), column_text(s, 2), sqlite3_column_int64(s, 3), err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_human_mark_blind(struct store *st, store_human_mark_blind_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT m.attempt, a.bank_id, a.exam, " COLUMNS " FROM human_mark m JOIN attempt a ON a.key = m.attempt "
	                      "WHERE m.part = 1 AND m.withdrawn_ms IS NULL AND a.phase = 2 ORDER BY m.attempt, m.item, m.id",
	                      err);
	if (!s)
		return false;
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct human_mark mark;
		read_mark(s, 3, &mark);
		if (!fn(arg, sqlite3_column_int64(s, 0), column_text(s, 1), column_text(s, 2), &mark, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}
