/* Whose logs are believed, and which witnesses must have cosigned: c2sp.org/tlog-policy.
 *
 *     log VKEY [URL]
 *     witness NAME VKEY [URL]
 *     group NAME all|any|COUNT NAME…
 *     quorum NAME|none */
#pragma once
#include "credential/note.h"

#define LOG_POLICY_SIZE_MAX (64u << 10)
#define LOG_POLICY_MAX 32 /* logs; and as many witnesses, and groups */

struct log_policy_node {
	char name[64];
	int witness;      /* index of its key, or -1: a group */
	int least;        /* of a group: how many of its members */
	uint64_t members; /* bits: nodes before this one */
};
struct log_policy {
	struct note_key logs[LOG_POLICY_MAX], witnesses[LOG_POLICY_MAX];
	size_t n_logs, n_witnesses, n_nodes;
	struct log_policy_node nodes[2 * LOG_POLICY_MAX];
	int quorum; /* a node; -1: none */
};
/* ERR_INVALID with the number of the line and what is wrong there. */
MUST_CHECK bool log_policy_read(struct str text, struct log_policy *ret, struct err *err);
/* One log, and no witnesses: ERR_INVALID when it is no verifier key. */
MUST_CHECK bool log_policy_of(struct str vkey, struct log_policy *ret, struct err *err);

/* What a checkpoint was found to be. */
struct log_seen {
	char origin[NOTE_NAME_MAX + 1];
	int64_t size;
	unsigned char root[32];
	int cosigned;       /* by how many witnesses of the policy */
	int64_t cosigned_s; /* when the last of them did, in seconds since 1970; 0: none */
};
/* A signed checkpoint. ERR_SIGNATURE when it is not signed by a log of the policy whose name is its origin, when a signature of a known key
 * does not hold, or when too few have cosigned; ERR_INVALID when it is not a checkpoint. */
MUST_CHECK bool log_policy_check(const struct log_policy *policy, struct str checkpoint, struct log_seen *ret, struct err *err);
