/* The heartbeat and the outages. See service_clock.h. */
#include "store/service_clock.h"
#include "store/internal.h"

bool store_heartbeat_get(struct store *st, struct heartbeat *ret, bool *ret_found, struct err *err)
{
	sqlite3_stmt *s = sql(st, "SELECT service_ms, wall_ms, boot_ms, boot_id FROM service_clock WHERE id = 1", err);
	int rc = s ? sql_step(st, s, err) : -1;
	if (rc < 0)
		return false;
	*ret_found = rc == 1;
	if (rc == 1) {
		ret->service_ms = sqlite3_column_int64(s, 0);
		ret->wall_ms = sqlite3_column_int64(s, 1);
		ret->boot_ms = sqlite3_column_int64(s, 2);
		column_copy(s, 3, ret->boot_id, sizeof ret->boot_id);
		sqlite3_reset(s);
	}
	return true;
}

bool store_heartbeat_put(struct store *st, const struct heartbeat *beat, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st,
	        "INSERT INTO service_clock (id, service_ms, wall_ms, boot_ms, boot_id) VALUES (1, :service, :wall, :boot, :boot_id) "
	        "ON CONFLICT (id) DO UPDATE SET service_ms = :service, wall_ms = :wall, boot_ms = :boot, boot_id = :boot_id",
	        err);
	if (!s)
		return false;
	bind_i64(s, ":service", beat->service_ms);
	bind_i64(s, ":wall", beat->wall_ms);
	bind_i64(s, ":boot", beat->boot_ms);
	bind_str(s, ":boot_id", beat->boot_id);
	return sql_run(st, s, err);
}

bool store_outage_add(struct store *st, const struct outage *o, struct err *err)
{
	sqlite3_stmt *s =
	    sql(st, "INSERT INTO outage (kind, service_ms, from_ms, to_ms, duration_ms) VALUES (:kind, :service, :from, :to, :duration)", err);
	if (!s)
		return false;
	bind_str(s, ":kind", o->kind == OUTAGE_STOP ? "stop" : "suspend");
	bind_i64(s, ":service", o->service_ms);
	bind_i64(s, ":from", o->from_ms);
	bind_i64(s, ":to", o->to_ms);
	bind_i64(s, ":duration", o->duration_ms);
	return sql_run(st, s, err);
}

bool store_outages(struct store *st, int64_t from_service_ms, int64_t to_service_ms, struct outage *ret, size_t max, size_t *ret_n,
                   int64_t *ret_total_ms, struct err *err)
{
	size_t n = 0;
	int64_t total = 0;
	sqlite3_stmt *s = sql(st,
	                      "SELECT kind, service_ms, from_ms, to_ms, duration_ms FROM outage WHERE service_ms BETWEEN :from AND :to "
	                      "ORDER BY service_ms, id",
	                      err);
	if (!s)
		return false;
	bind_i64(s, ":from", from_service_ms);
	bind_i64(s, ":to", to_service_ms);
	int rc;
	while ((rc = sql_step(st, s, err)) == 1) {
		total += sqlite3_column_int64(s, 4);
		if (n++ >= max)
			continue;
		struct outage *o = &ret[n - 1];
		o->kind = column_text(s, 0)[1] == 't' ? OUTAGE_STOP : OUTAGE_SUSPEND; /* "stop", "suspend" */
		o->service_ms = sqlite3_column_int64(s, 1);
		o->from_ms = sqlite3_column_int64(s, 2);
		o->to_ms = sqlite3_column_int64(s, 3);
		o->duration_ms = sqlite3_column_int64(s, 4);
	}
	if (rc < 0)
		return false;
	*ret_n = n;
	*ret_total_ms = total;
	return true;
}
