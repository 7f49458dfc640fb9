/* Inside the audit of the log: what its files share. See log_check.h. */
#pragma once
#include "proctor/log_check.h"
#include "proctor/log_tree.h"

struct checking;
__attribute__((format(printf, 2, 3))) void log_finding(struct checking *c, const char *fmt, ...);
bool log_commits_to(const struct log_row *row, struct str bytes);
/* What was logged last of a certificate's state or a key's; *ret is NULL when nothing was, or what was is not as it was logged: that is
 * named when the walk comes past it. */
MUST_CHECK bool log_last(struct store *st, enum log_kind kind, const char *reference, cJSON **ret, struct err *err);

/* What an entry says of a certificate (log_check_certificates.c). *ret_withdrawn: its holder has withdrawn it, so the bytes are gone. */
MUST_CHECK bool log_check_certificate(struct checking *c, struct store *st, const struct log_row *row, bool *ret_withdrawn,
                                      struct err *err);
/* The other way round: each certificate is in the log, and its state is the one that was logged last. */
MUST_CHECK bool log_check_certificates(struct checking *c, struct store *st, struct err *err);

/* Keys are what was logged of them (log_check_keys.c). */
MUST_CHECK bool log_check_key(struct checking *c, struct store *st, const struct log_row *row, struct err *err);
/* `logged`: changes of keys are in the log; keys may be older than that. */
MUST_CHECK bool log_check_keys(struct checking *c, struct store *st, bool logged, struct err *err);
