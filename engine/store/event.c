/* Events and notes. See event.h. */
#include "store/event.h"
#include "store/internal.h"

bool store_event_add(struct store *st, const struct event *e, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO event (attempt, n, kind, at_ms, service_ms, item, seq, late_ms, flagged, confidence, spent_ms, body) "
	        "VALUES (:attempt, :n, :kind, :at, :service, :item, :seq, :late, :flagged, :confidence, :spent, :body)",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", e->attempt);
	bind_i64(s, ":n", e->n);
	bind_i64(s, ":kind", e->kind);
	bind_i64(s, ":at", e->at_ms);
	bind_i64(s, ":service", e->service_ms);
	bind_i64(s, ":item", e->item);
	if (e->kind == EVENT_ANSWER) {
		bind_i64(s, ":seq", e->seq);
		if (e->late_ms)
			bind_i64(s, ":late", e->late_ms);
		bind_i64(s, ":flagged", e->flagged);
		if (e->confidence != EVENT_NONE)
			bind_i64(s, ":confidence", e->confidence);
		bind_i64(s, ":spent", e->spent_ms);
	}
	bind_blob(s, ":body", e->body);
	return sql_run(st, s, err);
}

bool store_event_totals(struct store *st, int64_t attempt, int64_t *ret_n, int64_t *ret_bytes, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT ifnull(max(n), 0), ifnull(sum(length(body)), 0) FROM event WHERE attempt = :attempt", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	if (sql_step(st, s, err) != 1)
		return false;
	*ret_n = sqlite3_column_int64(s, 0);
	*ret_bytes = sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return true;
}

/* Columns: n, at_ms, service_ms, item, seq, late_ms, flagged, confidence, spent_ms, body. */
static void read_answer(sqlite3_stmt *s, int64_t attempt, struct event *ret)
{
	*ret = (struct event){
	    .attempt = attempt,
	    .n = sqlite3_column_int64(s, 0),
	    .kind = EVENT_ANSWER,
	    .at_ms = sqlite3_column_int64(s, 1),
	    .service_ms = sqlite3_column_int64(s, 2),
	    .item = sqlite3_column_int(s, 3),
	    .seq = sqlite3_column_int64(s, 4),
	    .late_ms = sqlite3_column_int64(s, 5),
	    .flagged = sqlite3_column_int(s, 6) != 0,
	    .confidence = sqlite3_column_type(s, 7) == SQLITE_NULL ? EVENT_NONE : sqlite3_column_int(s, 7),
	    .spent_ms = sqlite3_column_int64(s, 8),
	};
	if (sqlite3_column_type(s, 9) != SQLITE_NULL)
		ret->body = column_bytes(s, 9);
}

/* The number of the last answer of each item, 0 for none. Reads two columns a row: an attempt may have thousands. */
static bool latest_numbers(struct store *st, int64_t attempt, size_t n_items, int64_t *ret, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT n, item FROM event WHERE attempt = :attempt AND kind = :answer ORDER BY n DESC", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":answer", EVENT_ANSWER);
	size_t left = n_items;
	int rc = 0;
	while (left && (rc = sql_step(st, s, err)) == 1) {
		int64_t item = sqlite3_column_int64(s, 1);
		if (item < 0 || (size_t)item >= n_items || ret[item])
			continue;
		ret[item] = sqlite3_column_int64(s, 0);
		left--;
	}
	sqlite3_reset(s);
	return rc >= 0;
}

static bool one_answer(struct store *st, int64_t attempt, int64_t n, store_event_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT n, at_ms, service_ms, item, seq, late_ms, flagged, confidence, spent_ms, body FROM event "
	                      "WHERE attempt = :attempt AND n = :n",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":n", n);
	if (sql_step(st, s, err) != 1)
		return false;
	struct event e;
	read_answer(s, attempt, &e);
	bool ok = fn(arg, &e, err);
	sqlite3_reset(s);
	return ok;
}

bool store_event_latest(struct store *st, int64_t attempt, size_t n_items, store_event_fn *fn, void *arg, struct err *err)
{
	int64_t *numbers = xcalloc(n_items + 1, sizeof *numbers);
	bool ok = latest_numbers(st, attempt, n_items, numbers, err);
	for (size_t i = 0; ok && i < n_items; i++)
		if (numbers[i])
			ok = one_answer(st, attempt, numbers[i], fn, arg, err);
	free(numbers);
	return ok;
}

static bool mark_answered(void *arg, const struct event *e, struct err *err)
{
	(void)err;
	((bool *)arg)[e->item] = e->body.p != NULL;
	return true;
}

/* A task that was opened counts, ticked off or not. */
static bool mark_opened(struct store *st, int64_t attempt, size_t n_items, bool *answered, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT item FROM box WHERE attempt = :attempt ORDER BY item", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		int64_t item = sqlite3_column_int64(s, 0);
		if (item >= 0 && (size_t)item < n_items)
			answered[item] = true;
	}
	return rc == 0;
}

bool store_event_answered(struct store *st, int64_t attempt, size_t n_items, int *ret, struct err *err)
{
	bool *answered = xcalloc(n_items + 1, sizeof *answered);
	bool ok = store_event_latest(st, attempt, n_items, mark_answered, answered, err) && mark_opened(st, attempt, n_items, answered, err);
	*ret = 0;
	for (size_t i = 0; ok && i < n_items; i++)
		*ret += answered[i];
	free(answered);
	return ok;
}

bool store_event_find(struct store *st, int64_t attempt, int item, int64_t seq, int64_t depth, int64_t *ret_at_ms, int64_t *ret_late_ms,
                      struct buf *body, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "SELECT at_ms, late_ms, body FROM event WHERE attempt = :attempt AND item = :item AND seq = :seq AND kind = :answer AND n > "
	        "(SELECT max(n) - :depth FROM event WHERE attempt = :attempt) ORDER BY n DESC LIMIT 1",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", item);
	bind_i64(s, ":seq", seq);
	bind_i64(s, ":answer", EVENT_ANSWER);
	bind_i64(s, ":depth", depth);
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	*ret_at_ms = rc == 1 ? sqlite3_column_int64(s, 0) : 0;
	*ret_late_ms = rc == 1 ? sqlite3_column_int64(s, 1) : 0;
	if (rc == 1 && body)
		buf_addv(body, column_bytes(s, 2));
	sqlite3_reset(s);
	return !body || buf_check(body, "the response", err);
}

bool store_event_late(struct store *st, int64_t attempt, store_event_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT n, at_ms, service_ms, item, seq, late_ms, flagged, confidence, spent_ms, body FROM event "
	                      "WHERE attempt = :attempt AND kind = :answer AND late_ms > 0 ORDER BY n",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":answer", EVENT_ANSWER);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct event e;
		read_answer(s, attempt, &e);
		if (!fn(arg, &e, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_note_put(struct store *st, int64_t attempt, int item, struct str body, int64_t at_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO note (attempt, item, body, at_ms) VALUES (:attempt, :item, :body, :at) "
	                      "ON CONFLICT (attempt, item) DO UPDATE SET body = :body, at_ms = :at",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":item", item);
	bind_blob(s, ":body", body);
	bind_i64(s, ":at", at_ms);
	return sql_run(st, s, err);
}

bool store_note_each(struct store *st, int64_t attempt, store_note_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT item, body FROM note WHERE attempt = :attempt ORDER BY item", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		if (!fn(arg, sqlite3_column_int(s, 0), column_bytes(s, 1), err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}
