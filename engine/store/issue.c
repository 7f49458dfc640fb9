/* Issues and reports. See issue.h. */
#include "store/issue.h"
#include "store/internal.h"

static const char *text_or_null(sqlite3_stmt *s, int column)
{
	return sqlite3_column_type(s, column) == SQLITE_NULL ? NULL : column_text(s, column);
}

/* ---- Issues ---- */

#define ISSUE_COLUMNS                                                                            \
	"SELECT i.id, i.bank_id, i.item_id, i.state, i.owner, i.answer, i.opened_ms, i.changed_ms, " \
	"(SELECT count(*) FROM problem p WHERE p.issue = i.id AND p.closed IS NULL), "               \
	"(SELECT count(*) FROM issue_entry e WHERE e.issue = i.id AND e.what = 0), "                 \
	"(SELECT count(*) FROM problem p WHERE p.issue = i.id AND p.kind = 0), "                     \
	"(SELECT count(*) FROM problem p WHERE p.issue = i.id AND p.kind = 1), "                     \
	"(SELECT count(*) FROM problem p WHERE p.issue = i.id AND p.kind = 2), "                     \
	"(SELECT count(*) FROM problem p WHERE p.issue = i.id AND p.kind = 3), "                     \
	"(SELECT count(*) FROM problem p WHERE p.issue = i.id AND p.kind = 4), "                     \
	"(SELECT count(*) FROM problem p WHERE p.issue = i.id AND p.kind = 5), "                     \
	"(SELECT count(*) FROM problem p WHERE p.issue = i.id AND p.kind = 6) FROM issue i "

static void read_issue(sqlite3_stmt *s, struct issue_row *ret)
{
	*ret = (struct issue_row){
	    .id = sqlite3_column_int64(s, 0),
	    .bank_id = column_text(s, 1),
	    .item_id = column_text(s, 2),
	    .state = (enum issue_state)sqlite3_column_int(s, 3),
	    .owner = text_or_null(s, 4),
	    .answer = text_or_null(s, 5),
	    .opened_ms = sqlite3_column_int64(s, 6),
	    .changed_ms = sqlite3_column_int64(s, 7),
	    .open_reports = sqlite3_column_int(s, 8),
	    .comments = sqlite3_column_int(s, 9),
	};
	for (int k = 0; k < PROBLEM_KINDS; k++)
		ret->reports += ret->kinds[k] = sqlite3_column_int(s, 10 + k);
}

static bool each_issue(struct store *st, sqlite3_stmt *s, store_issue_fn *fn, void *arg, int *ret_n, struct err *err)
{
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct issue_row row;
		read_issue(s, &row);
		(*ret_n)++;
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_issue_each(struct store *st, const char *bank_id, enum issue_state state, int max, store_issue_fn *fn, void *arg,
                      struct err *err)
{
	int n = 0;
	sqlite3_stmt *s = sql(st,
	                      ISSUE_COLUMNS "WHERE (:bank_id IS NULL OR i.bank_id = :bank_id) AND (:state = 4 OR i.state = :state) "
	                                    "AND (EXISTS (SELECT 1 FROM problem WHERE issue = i.id) OR "
	                                    "EXISTS (SELECT 1 FROM issue_entry WHERE issue = i.id)) "
	                                    "ORDER BY i.changed_ms DESC, i.id DESC LIMIT :max",
	                      err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	bind_i64(s, ":state", state);
	bind_i64(s, ":max", max);
	return each_issue(st, s, fn, arg, &n, err);
}

bool store_issue_get(struct store *st, const char *bank_id, const char *item_id, store_issue_fn *fn, void *arg, bool *ret_there,
                     struct err *err)
{
	int n = 0;
	sqlite3_stmt *s = sql(st, ISSUE_COLUMNS "WHERE i.bank_id = :bank_id AND i.item_id = :item_id", err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	bind_str(s, ":item_id", item_id);
	bool ok = each_issue(st, s, fn, arg, &n, err);
	*ret_there = n > 0;
	return ok;
}

bool store_issue_make(struct store *st, const char *bank_id, const char *item_id, int64_t now_ms, int64_t *ret_id,
                      enum issue_state *ret_state, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO issue (bank_id, item_id, opened_ms, changed_ms) VALUES (:bank_id, :item_id, :now, :now) "
	                      "ON CONFLICT (bank_id, item_id) DO NOTHING",
	                      err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	bind_str(s, ":item_id", item_id);
	bind_i64(s, ":now", now_ms);
	if (!sql_run(st, s, err))
		return false;
	s = sql(st, "SELECT id, state FROM issue WHERE bank_id = :bank_id AND item_id = :item_id", err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	bind_str(s, ":item_id", item_id);
	if (sql_step(st, s, err) != 1)
		return false;
	*ret_id = sqlite3_column_int64(s, 0);
	*ret_state = (enum issue_state)sqlite3_column_int(s, 1);
	sqlite3_reset(s);
	return true;
}

bool store_issue_change(struct store *st, int64_t id, enum issue_state state, const char *owner, const char *answer, int64_t now_ms,
                        struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE issue SET state = :state, owner = :owner, answer = :answer, changed_ms = :now WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":state", state);
	bind_str(s, ":owner", owner);
	bind_str(s, ":answer", answer);
	bind_i64(s, ":now", now_ms);
	bind_i64(s, ":id", id);
	return sql_run(st, s, err);
}

/* ---- What was done ---- */

bool store_issue_entry_add(struct store *st, int64_t issue, const struct issue_entry *entry, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "INSERT INTO issue_entry (issue, n, at_ms, who, what, text) SELECT :issue, "
	                      "(SELECT ifnull(max(n), 0) + 1 FROM issue_entry WHERE issue = :issue), :at, :who, :what, :text",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":issue", issue);
	bind_i64(s, ":at", entry->at_ms);
	bind_str(s, ":who", entry->who);
	bind_i64(s, ":what", entry->what);
	bind_str(s, ":text", entry->text);
	return sql_run(st, s, err);
}

bool store_issue_entry_each(struct store *st, int64_t issue, store_issue_entry_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT at_ms, who, what, text FROM issue_entry WHERE issue = :issue ORDER BY n", err);
	if (!s)
		return false;
	bind_i64(s, ":issue", issue);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct issue_entry entry = {.at_ms = sqlite3_column_int64(s, 0),
		                            .who = column_text(s, 1),
		                            .what = (enum issue_what)sqlite3_column_int(s, 2),
		                            .text = column_text(s, 3)};
		if (!fn(arg, &entry, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_issue_entries(struct store *st, int64_t issue, int64_t *ret_n, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT ifnull(max(n), 0) FROM issue_entry WHERE issue = :issue", err);
	if (!s)
		return false;
	bind_i64(s, ":issue", issue);
	if (sql_step(st, s, err) != 1)
		return false;
	*ret_n = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return true;
}

/* ---- Reports ---- */

#define PROBLEM_COLUMNS                                                                                                \
	"SELECT p.id, p.issue, p.account, p.attempt, p.item, p.kind, p.text, p.made_ms, p.changed_ms, p.closed, i.state, " \
	"CASE WHEN p.closed IS NULL THEN i.answer ELSE p.answer END, a.id, a.study "                                       \
	"FROM problem p JOIN issue i ON i.id = p.issue JOIN attempt a ON a.key = p.attempt "

static void read_problem(sqlite3_stmt *s, struct problem_row *ret)
{
	bool closed = sqlite3_column_type(s, 9) != SQLITE_NULL;
	*ret = (struct problem_row){
	    .id = sqlite3_column_int64(s, 0),
	    .issue = sqlite3_column_int64(s, 1),
	    .account = sqlite3_column_int64(s, 2),
	    .attempt = sqlite3_column_int64(s, 3),
	    .item = sqlite3_column_int(s, 4),
	    .kind = (enum problem_kind)sqlite3_column_int(s, 5),
	    .text = column_text(s, 6),
	    .made_ms = sqlite3_column_int64(s, 7),
	    .changed_ms = sqlite3_column_int64(s, 8),
	    .closed = closed,
	    .state = (enum issue_state)sqlite3_column_int(s, closed ? 9 : 10),
	    .answer = text_or_null(s, 11),
	    .study = sqlite3_column_int(s, 13) != 0,
	};
	column_copy(s, 12, ret->attempt_id, sizeof ret->attempt_id);
}

static bool each_problem(struct store *st, sqlite3_stmt *s, store_problem_fn *fn, void *arg, struct err *err)
{
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct problem_row row;
		read_problem(s, &row);
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_problem_of_issue(struct store *st, int64_t issue, store_problem_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, PROBLEM_COLUMNS "WHERE p.issue = :issue ORDER BY p.changed_ms DESC, p.id DESC LIMIT 500", err);
	if (!s)
		return false;
	bind_i64(s, ":issue", issue);
	return each_problem(st, s, fn, arg, err);
}

bool store_problem_of_account(struct store *st, int64_t account, int64_t attempt, store_problem_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st, PROBLEM_COLUMNS "WHERE p.attempt = :attempt AND p.account = :account ORDER BY p.item, p.id", err);
	if (!s)
		return false;
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":account", account);
	return each_problem(st, s, fn, arg, err);
}

bool store_problem_latest(struct store *st, int64_t issue, int64_t account, struct problem_row *ret, bool *ret_there, struct err *err)
{
	sqlite3_stmt *s = sql(st, PROBLEM_COLUMNS "WHERE p.issue = :issue AND p.account = :account ORDER BY p.id DESC LIMIT 1", err);
	if (!s)
		return false;
	bind_i64(s, ":issue", issue);
	bind_i64(s, ":account", account);
	int rc = sql_step(st, s, err);
	if (rc < 0)
		return false;
	*ret_there = rc == 1;
	if (rc == 1) {
		read_problem(s, ret);
		ret->text = ret->answer = NULL;
		sqlite3_reset(s);
	}
	return true;
}

bool store_problem_counts(struct store *st, int64_t account, int64_t attempt, int64_t since_ms, int64_t *ret_since, int64_t *ret_attempt,
                          struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT (SELECT count(*) FROM problem WHERE account = :account AND made_ms > :since), "
	                      "(SELECT count(*) FROM problem WHERE attempt = :attempt AND account = :account)",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	bind_i64(s, ":attempt", attempt);
	bind_i64(s, ":since", since_ms);
	if (sql_step(st, s, err) != 1)
		return false;
	*ret_since = sqlite3_column_int64(s, 0);
	*ret_attempt = sqlite3_column_int64(s, 1);
	sqlite3_reset(s);
	return true;
}

bool store_problem_put(struct store *st, const struct problem_row *row, struct err *err)
{
	sqlite3_stmt *s = row->id ? sql(st,
	                                "UPDATE problem SET attempt = :attempt, item = :item, kind = :kind, text = :text, "
	                                "changed_ms = :changed WHERE id = :id",
	                                err)
	                          : sql(st,
	                                "INSERT INTO problem (issue, account, attempt, item, kind, text, made_ms, changed_ms) VALUES "
	                                "(:issue, :account, :attempt, :item, :kind, :text, :changed, :changed)",
	                                err);
	if (!s)
		return false;
	if (row->id) {
		bind_i64(s, ":id", row->id);
	} else {
		bind_i64(s, ":issue", row->issue);
		bind_i64(s, ":account", row->account);
	}
	bind_i64(s, ":attempt", row->attempt);
	bind_i64(s, ":item", row->item);
	bind_i64(s, ":kind", row->kind);
	bind_str(s, ":text", row->text);
	bind_i64(s, ":changed", row->changed_ms);
	return sql_run(st, s, err);
}

bool store_problem_delete(struct store *st, int64_t id, struct err *err)
{
	sqlite3_stmt *s = sql(st, "DELETE FROM problem WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	return sql_run(st, s, err);
}

bool store_problem_close(struct store *st, int64_t issue, enum issue_state state, const char *answer, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE problem SET closed = :state, answer = :answer WHERE issue = :issue AND closed IS NULL", err);
	if (!s)
		return false;
	bind_i64(s, ":state", state);
	bind_str(s, ":answer", answer);
	bind_i64(s, ":issue", issue);
	return sql_run(st, s, err);
}
