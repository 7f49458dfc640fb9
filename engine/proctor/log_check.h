/* The audit of the whole database against the log: `assay log check`. Changes nothing.
 *
 * Every commitment is computed again from what is stored and its salt, every tile from the entries, every signed checkpoint from the tiles.
 * It names what was altered, is missing, was added beside the log, or stands in another order. */
#pragma once
#include "credential/log_policy.h"
#include "store/store.h"

struct log_audit {
	int64_t entries, results, certificates, withdrawn, others, tiles, checkpoints;
	int64_t unsigned_entries; /* behind the newest checkpoint: a running server signs them within a second */
	int64_t signed_size;      /* of the newest checkpoint */
	char root[65];            /* there, as it comes out of what is stored */
	size_t findings;
};
typedef void log_audit_fn(void *arg, const char *finding);
#define LOG_FINDINGS_MAX 200 /* told; all are counted */

/* `logs`: the log's own keys, by which its checkpoints must be signed. `against`: checkpoints of this log that were kept elsewhere, each
 * checked for being the beginning of what is here; may be NULL. True also with findings: false when the store cannot be read. */
struct log_against {
	const char *name; /* of the file */
	struct str text;
};
MUST_CHECK bool log_check(struct store *st, const struct log_policy *logs, const struct log_against *against, size_t n_against,
                          log_audit_fn *fn, void *arg, struct log_audit *ret, struct err *err);
