/* Inside the proctor: what the files about certificates share.
 *
 * A result of an exam with a certificate, or of one that renews others, is put into a queue (certificate_due) in its own transaction, and
 * looked at at once if that is possible. What is kept back (keys that cannot be had, a report that is not released yet) is looked at by the
 * server's tick. So a result never waits for its certificate, and no certificate is lost. */
#pragma once
#include "proctor/certificate.h"
#include "proctor/internal.h"
#include "proctor/keys.h"
#include "store/certificate.h"

/* ---- What a certificate would state (award.c) ---- */

/* The newest result of an attempt, with what it came from. */
struct award {
	struct attempt_row row;
	struct form_entry *fe;
	cJSON *doc, *shown; /* the whole result; what the exam reports of it */
	int result_n;
	int64_t result_log;
	char shown_sha256[HASH_HEX_SIZE];
	char claims[HASH_HEX_SIZE]; /* digest of what a certificate says of it in numbers */
	bool passed;
};
MUST_CHECK bool award_load(struct proctor *pr, struct store *st, const char *attempt, struct award *ret, struct err *err);
void award_finish(struct award *a);
#define _cleanup_award_ __attribute__((cleanup(award_finish)))

/* Unsigned. `row` has id, title, name, exam, dates, renewal, its place in the status list. */
MUST_CHECK bool award_credential(struct proctor *pr, struct store *st, const struct award *a, const struct certificate_row *row,
                                 cJSON **ret, struct err *err);

/* ---- Issuing (certify.c) ---- */

/* Issues `old` again, with another name. ERR_STORE when there is no key: nothing has changed. *ret_key may be NULL. */
MUST_CHECK bool certify_rename(struct proctor *pr, struct store *wr, const struct certificate_row *old, const char *name, int64_t *ret_key,
                               struct err *err);
/* Its state, its place in the status list, and the entry in the log. */
MUST_CHECK bool certify_set_state(struct proctor *pr, struct store *wr, const struct certificate_row *row, enum certificate_state state,
                                  const char *reason, struct err *err);
/* The tick's part: looks at what is due, for a bounded time. True when more is waiting. Writer, outside of savepoints. */
bool certify_tick(struct proctor *pr, struct store *wr, struct err *err);

/* ---- Several (certificate.c) ---- */

struct certificate_rows {
	struct certificate_row *list;
	size_t n, cap;
};
static inline void certificate_rows_finish(struct certificate_rows *r)
{
	free(r->list);
}
#define _cleanup_rows_ __attribute__((cleanup(certificate_rows_finish)))
store_certificate_fn certificate_rows_take; /* arg: the rows */
/* Whether no other valid one among them is of the same exam and valid longer: of several, one is renewed and reminded of. */
bool certificate_rows_latest(const struct certificate_rows *rows, const struct certificate_row *row);

/* ---- What may be done with one (certificate.c) ---- */

/* "valid", "not-yet", "expired", "revoked", "suspended", "superseded". */
const char *certificate_state_name(const struct certificate_row *row, int64_t now_ms);
/* ERR_INVALID with what is wrong; *ret is the name in Unicode's normal form C, owned. */
MUST_CHECK bool certificate_check_name(const char *name, char **ret, struct err *err);
MUST_CHECK bool certificate_check_reason(const char *reason, struct err *err);
/* Whether this certificate can be renewed by an attempt that begins at a time. */
bool certificate_renewable(const struct certificate_row *row, int64_t began_ms);
/* Whether a renewal exam may be begun: ERR_NOT_OFFERED without a certificate that it renews, or after its end; ERR_RETAKE before its
 * window, with next_at. */
MUST_CHECK bool renewal_check(struct proctor *pr, struct store *st, int64_t account, const struct bank *bank, const struct blueprint *bp,
                              struct err *err);
/* When an exam was last passed as its certificates say, renewals included; 0: never. */
MUST_CHECK bool certificate_last_pass(struct store *st, int64_t account, const char *bank_id, const char *exam, int64_t *ret_ms,
                                      struct err *err);

/* SHA-256 of the running program, hexadecimal; empty when it cannot be read. */
const char *engine_sha256(void);
