/* The heartbeat of the service clock, and the outages that it left out. */
#pragma once
#include "store/store.h"
#include <stdint.h>

#define BOOT_ID_SIZE 40

struct heartbeat {
	int64_t service_ms, wall_ms, boot_ms;
	char boot_id[BOOT_ID_SIZE];
};
/* *ret_found is false before the first heartbeat. */
MUST_CHECK bool store_heartbeat_get(struct store *st, struct heartbeat *ret, bool *ret_found, struct err *err);
MUST_CHECK bool store_heartbeat_put(struct store *st, const struct heartbeat *beat, struct err *err);

enum outage_kind { OUTAGE_STOP, OUTAGE_SUSPEND };
struct outage {
	enum outage_kind kind;
	int64_t service_ms; /* where the service clock stood still */
	int64_t from_ms, to_ms, duration_ms;
};
MUST_CHECK bool store_outage_add(struct store *st, const struct outage *o, struct err *err);
/* Outages with from <= service_ms <= to, in order, at most `max` of them; *ret_total_ms and *ret_n are of all. `ret` may be NULL with max
 * 0. */
MUST_CHECK bool store_outages(struct store *st, int64_t from_service_ms, int64_t to_service_ms, struct outage *ret, size_t max,
                              size_t *ret_n, int64_t *ret_total_ms, struct err *err);
