/* Corrections. See correction.h. */
#include "store/correction.h"
#include "store/internal.h"
#include <stdio.h>

/* One that is still gone through has nothing to do any more: the new one goes through everything. */
static bool end_earlier(struct store *st, const struct correction_row *row, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "UPDATE correction SET done_ms = :at WHERE bank_id = :bank_id AND item_id = :item_id AND done_ms IS NULL", err);
	if (!s)
		return false;
	bind_i64(s, ":at", row->at_ms);
	bind_str(s, ":bank_id", row->bank_id);
	bind_str(s, ":item_id", row->item_id);
	return sql_run(st, s, err);
}

bool store_correction_add(struct store *st, const struct correction_row *row, int64_t *ret_id, struct err *err)
{
	if (!end_earlier(st, row, err))
		return false;
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO correction (bank_id, item_id, how, otherwise, old_only, version, item, text_sha256, reason, who, "
	        "at_ms, until) SELECT :bank_id, :item_id, :how, :otherwise, :old_only, :version, :item, :text, :reason, :who, :at, "
	        "(SELECT ifnull(max(key), 0) FROM attempt)",
	        err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", row->bank_id);
	bind_str(s, ":item_id", row->item_id);
	bind_i64(s, ":how", row->how);
	bind_i64(s, ":otherwise", row->otherwise);
	bind_i64(s, ":old_only", row->old_only);
	bind_i64(s, ":version", row->version);
	if (row->item.p)
		bind_blob(s, ":item", row->item);
	bind_str(s, ":text", row->text_sha256);
	bind_str(s, ":reason", row->reason);
	bind_str(s, ":who", row->who);
	bind_i64(s, ":at", row->at_ms);
	if (!sql_run(st, s, err))
		return false;
	*ret_id = sqlite3_last_insert_rowid(st->db);
	return true;
}

#define CORRECTION_COLUMNS                                                                                                 \
	"SELECT id, bank_id, item_id, how, old_only, version, item, text_sha256, reason, who, at_ms, cursor, until, done_ms, " \
	"otherwise FROM correction "

static bool each(struct store *st, sqlite3_stmt *s, store_correction_fn *fn, void *arg, int *ret_n, struct err *err)
{
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct correction_row row = {
		    .id = sqlite3_column_int64(s, 0),
		    .bank_id = column_text(s, 1),
		    .item_id = column_text(s, 2),
		    .how = (enum correction_how)sqlite3_column_int(s, 3),
		    .old_only = sqlite3_column_int(s, 4) != 0,
		    .version = sqlite3_column_int64(s, 5),
		    .item = sqlite3_column_type(s, 6) == SQLITE_NULL ? (struct str){NULL, 0} : column_bytes(s, 6),
		    .reason = column_text(s, 8),
		    .who = column_text(s, 9),
		    .at_ms = sqlite3_column_int64(s, 10),
		    .cursor = sqlite3_column_int64(s, 11),
		    .until = sqlite3_column_int64(s, 12),
		    .done_ms = sqlite3_column_int64(s, 13),
		    .otherwise = (enum correction_how)sqlite3_column_int(s, 14),
		};
		column_copy(s, 7, row.text_sha256, sizeof row.text_sha256);
		if (ret_n)
			(*ret_n)++;
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

bool store_correction_in_force(struct store *st, const char *bank_id, store_correction_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(
	    st, CORRECTION_COLUMNS "WHERE id IN (SELECT max(id) FROM correction WHERE bank_id = :bank_id GROUP BY item_id) ORDER BY id", err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	return each(st, s, fn, arg, NULL, err);
}

bool store_correction_of_item(struct store *st, const char *bank_id, const char *item_id, store_correction_fn *fn, void *arg,
                              struct err *err)
{
	sqlite3_stmt *s = sql(st, CORRECTION_COLUMNS "WHERE bank_id = :bank_id AND item_id = :item_id ORDER BY id", err);
	if (!s)
		return false;
	bind_str(s, ":bank_id", bank_id);
	bind_str(s, ":item_id", item_id);
	return each(st, s, fn, arg, NULL, err);
}

bool store_correction_get(struct store *st, int64_t id, store_correction_fn *fn, void *arg, struct err *err)
{
	int n = 0;
	sqlite3_stmt *s = sql(st, CORRECTION_COLUMNS "WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	return each(st, s, fn, arg, &n, err) && (n || err_set(err, ERR_NOT_FOUND, "there is no such correction"));
}

static bool one_i64(struct store *st, sqlite3_stmt *s, int64_t *ret, struct err *err)
{
	if (!s || sql_step(st, s, err) != 1)
		return false;
	*ret = sqlite3_column_int64(s, 0);
	sqlite3_reset(s);
	return true;
}

bool store_correction_waiting(struct store *st, int64_t *ret_id, struct err *err)
{
	return one_i64(st, sql(st, "SELECT ifnull(min(id), 0) FROM correction WHERE done_ms IS NULL", err), ret_id, err);
}

bool store_correction_last_attempt(struct store *st, int64_t *ret_key, struct err *err)
{
	return one_i64(st, sql(st, "SELECT ifnull(max(key), 0) FROM attempt", err), ret_key, err);
}

bool store_correction_moved(struct store *st, int64_t id, int64_t cursor, int64_t done_ms, struct err *err)
{
	sqlite3_stmt *s = sql(st, "UPDATE correction SET cursor = :cursor, done_ms = nullif(:done, 0) WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":cursor", cursor);
	bind_i64(s, ":done", done_ms);
	bind_i64(s, ":id", id);
	return sql_run(st, s, err);
}

bool store_correction_again(struct store *st, int64_t id, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "UPDATE correction SET cursor = 0, done_ms = NULL, until = (SELECT ifnull(max(key), 0) FROM attempt) WHERE id = :id", err);
	if (!s)
		return false;
	bind_i64(s, ":id", id);
	return sql_run(st, s, err);
}

bool store_correction_candidates(struct store *st, const char *bank_id, const char *item_id, int64_t after, int64_t window,
                                 store_correction_attempt_fn *fn, void *arg, struct err *err)
{
	/* As form_encode() writes it; ids of items have nothing to escape. */
	char needle[128];
	int len = snprintf(needle, sizeof needle, "\"item\":\"%s\"", item_id);
	sqlite3_stmt *s = sql(st,
	                      "SELECT a.key, a.id FROM attempt a JOIN form f ON f.attempt = a.key WHERE a.key > :after AND a.key <= :last "
	                      "AND a.bank_id = :bank_id AND a.study = 0 AND instr(f.bytes, :needle) > 0 ORDER BY a.key",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":after", after);
	bind_i64(s, ":last", after + window);
	bind_str(s, ":bank_id", bank_id);
	bind_blob(s, ":needle", (struct str){needle, (size_t)len});
	int rc;
	while ((rc = sql_step(st, s, err)) == 1)
		if (!fn(arg, sqlite3_column_int64(s, 0), column_text(s, 1), err)) {
			sqlite3_reset(s);
			return false;
		}
	return rc == 0;
}

/* ---- What it did ---- */

bool store_corrected_put(struct store *st, const struct corrected_row *row, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO correction_attempt (correction, attempt, outcome, why, result_n, before_m, after_m, passed_before, passed_after) "
	        "VALUES (:correction, :attempt, :outcome, :why, nullif(:result, 0), :before, :after, :passed_before, :passed_after) "
	        "ON CONFLICT (correction, attempt) DO UPDATE SET outcome = :outcome, why = :why, result_n = nullif(:result, 0), "
	        "after_m = :after, passed_after = :passed_after WHERE :outcome = 1 OR outcome <> 1",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":correction", row->correction);
	bind_i64(s, ":attempt", row->attempt);
	bind_i64(s, ":outcome", row->outcome);
	bind_str(s, ":why", row->why);
	bind_i64(s, ":result", row->result_n);
	bind_i64(s, ":before", row->before_m);
	bind_i64(s, ":after", row->after_m);
	bind_i64(s, ":passed_before", row->passed_before);
	bind_i64(s, ":passed_after", row->passed_after);
	return sql_run(st, s, err);
}

bool store_corrected_each(struct store *st, int64_t correction, store_corrected_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "SELECT c.attempt, a.id, c.outcome, c.why, ifnull(c.result_n, 0), c.before_m, c.after_m, c.passed_before, "
	                      "c.passed_after FROM correction_attempt c JOIN attempt a ON a.key = c.attempt "
	                      "WHERE c.correction = :correction ORDER BY c.attempt",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":correction", correction);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct corrected_row row = {
		    .correction = correction,
		    .attempt = sqlite3_column_int64(s, 0),
		    .outcome = (enum correction_outcome)sqlite3_column_int(s, 2),
		    .why = column_text(s, 3),
		    .result_n = sqlite3_column_int(s, 4),
		    .before_m = sqlite3_column_int(s, 5),
		    .after_m = sqlite3_column_int(s, 6),
		    .passed_before = sqlite3_column_int(s, 7) != 0,
		    .passed_after = sqlite3_column_int(s, 8) != 0,
		};
		column_copy(s, 1, row.attempt_id, sizeof row.attempt_id);
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}
