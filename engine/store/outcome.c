/* Outcomes of items. See outcome.h. */
#include "store/outcome.h"
#include "store/event.h"
#include "store/internal.h"

bool store_outcome_put(struct store *st, const struct outcome_row *row, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO item_outcome (account, bank_id, item_id, attempt, domain, at_ms, release_ms, told, outcome, share_m, "
	        "confidence, spent_ms, flagged) VALUES (:account, :bank_id, :item_id, :attempt, :domain, :at, :release, :told, "
	        ":outcome, :share, nullif(:confidence, -1), :spent, :flagged) "
	        "ON CONFLICT (account, bank_id, item_id, attempt) DO UPDATE SET outcome = :outcome, share_m = :share",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":account", row->account);
	bind_str(s, ":bank_id", row->bank_id);
	bind_str(s, ":item_id", row->item_id);
	bind_i64(s, ":attempt", row->attempt);
	bind_str(s, ":domain", row->domain);
	bind_i64(s, ":at", row->at_ms);
	bind_i64(s, ":release", row->release_ms);
	bind_i64(s, ":told", row->told);
	bind_i64(s, ":outcome", row->outcome);
	bind_i64(s, ":share", row->share_m);
	bind_i64(s, ":confidence", row->confidence);
	bind_i64(s, ":spent", row->spent_ms);
	bind_i64(s, ":flagged", row->flagged);
	return sql_run(st, s, err);
}

bool store_outcome_drop(struct store *st, int64_t account, const char *bank_id, const char *item_id, int64_t attempt, struct err *err)
{
	sqlite3_stmt *s = sql(st,
	                      "DELETE FROM item_outcome WHERE account = :account AND bank_id = :bank_id AND item_id = :item_id "
	                      "AND attempt = :attempt",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	bind_str(s, ":bank_id", bank_id);
	bind_str(s, ":item_id", item_id);
	bind_i64(s, ":attempt", attempt);
	return sql_run(st, s, err);
}

static bool each(struct store *st, sqlite3_stmt *s, int64_t account, store_outcome_fn *fn, void *arg, struct err *err)
{
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		struct outcome_row row = {
		    .account = account,
		    .bank_id = column_text(s, 0),
		    .item_id = column_text(s, 1),
		    .attempt = sqlite3_column_int64(s, 2),
		    .domain = column_text(s, 3),
		    .at_ms = sqlite3_column_int64(s, 4),
		    .release_ms = sqlite3_column_int64(s, 5),
		    .told = sqlite3_column_int(s, 6) != 0,
		    .outcome = (enum mark_outcome)sqlite3_column_int(s, 7),
		    .share_m = sqlite3_column_int(s, 8),
		    .confidence = sqlite3_column_type(s, 9) == SQLITE_NULL ? EVENT_NONE : sqlite3_column_int(s, 9),
		    .spent_ms = sqlite3_column_int64(s, 10),
		    .flagged = sqlite3_column_int(s, 11) != 0,
		};
		if (!fn(arg, &row, err)) {
			sqlite3_reset(s);
			return false;
		}
	}
	return rc == 0;
}

#define OUTCOME_COLUMNS                                                                                                   \
	"SELECT bank_id, item_id, attempt, domain, at_ms, release_ms, told, outcome, share_m, confidence, spent_ms, flagged " \
	"FROM item_outcome WHERE account = :account "
#define OUTCOME_ORDER "ORDER BY bank_id, item_id, at_ms, attempt"

bool store_outcome_each(struct store *st, int64_t account, const char *bank_id, store_outcome_fn *fn, void *arg, struct err *err)
{
	sqlite3_stmt *s =
	    bank_id ? sql(st, OUTCOME_COLUMNS "AND bank_id = :bank_id " OUTCOME_ORDER, err) : sql(st, OUTCOME_COLUMNS OUTCOME_ORDER, err);
	if (!s)
		return false;
	bind_i64(s, ":account", account);
	if (bank_id)
		bind_str(s, ":bank_id", bank_id);
	return each(st, s, account, fn, arg, err);
}
