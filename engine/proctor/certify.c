/* Issuing certificates, and what corrected results do to them. See certify.h.
 *
 * A result that passes gives a certificate for its own exam, when that has one, and one for each certificate that it renews. A result that
 * is corrected later is looked at again: other numbers make a new certificate in place of the old one, a pass that is none any more
 * revokes. What its operator revoked or its holder withdrew stays so. */
#include "proctor/certify.h"
#include "credential/badge.h"
#include "credential/jcs.h"
#include "credential/proof.h"
#include "proctor/log.h"
#include <stdio.h>

#define DUE_MAX 8        /* looked at in one tick … */
#define DUE_BUDGET_MS 10 /* … and how long: answers wait meanwhile */
#define RETRY_MS (10 * MS_SECOND)
#define RETRY_MAX_MS MS_HOUR

/* ---- States ---- */

static const char *status_word(enum certificate_state state)
{
	static const char *const words[] = {"valid", "revoked", "revoked", "suspended", "revoked", "revoked"};
	return words[state];
}

static enum status_value status_of(enum certificate_state state)
{
	return state == CERTIFICATE_VALID ? STATUS_VALID : state == CERTIFICATE_SUSPENDED ? STATUS_SUSPENDED : STATUS_REVOKED;
}

static const char *why_of(enum certificate_state state, const char *reason)
{
	switch (state) {
	case CERTIFICATE_CORRECTED:
		return "corrected";
	case CERTIFICATE_SUPERSEDED:
		return "superseded";
	case CERTIFICATE_WITHDRAWN:
		return "withdrawn";
	default:
		return reason;
	}
}

static bool log_state(struct proctor *pr, struct store *wr, const struct certificate_row *row, enum certificate_state state,
                      const char *reason, struct err *err)
{
	char time[CLOCK_RFC3339_SIZE];
	int64_t index;
	_cleanup_json_ cJSON *o = json_object();
	_cleanup_buf_ struct buf bytes = BUF(4096);
	json_set_str(o, "certificate", row->id);
	json_set_str(o, "status", status_word(state));
	json_set_str(o, "reason", why_of(state, reason));
	json_set_str(o, "at", clock_rfc3339(proctor_wall_ms(pr), time));
	return jcs_canonical(o, &bytes, err) && buf_check(&bytes, "the revocation", err) &&
	       log_append(pr, wr, LOG_REVOCATION, row->id, buf_str(&bytes), &index, err);
}

bool certify_set_state(struct proctor *pr, struct store *wr, const struct certificate_row *row, enum certificate_state state,
                       const char *reason, struct err *err)
{
	return status_set(pr, wr, row->status_list, row->status_index, status_of(state), err) &&
	       store_certificate_state(wr, row->key, state, reason, err) && log_state(pr, wr, row, state, reason, err);
}

/* ---- Issuing ---- */

/* Signs and logs it. `row` is complete but for its id, its places in the status list and the log, and its hash. */
static bool issue(struct proctor *pr, struct store *wr, const struct award *a, struct certificate_row *row, int64_t *ret_key,
                  struct err *err)
{
	const struct sign_key *key;
	_cleanup_json_ cJSON *credential = NULL;
	_cleanup_buf_ struct buf bytes = BUF(CERTIFICATE_BYTES_MAX);
	if (!key_active(pr, KEY_CREDENTIALS, &key, err))
		return false;
	badge_uuid(row->id);
	row->issued_ms = proctor_wall_ms(pr);
	row->result_n = a->result_n;
	row->result_log = a->result_log;
	snprintf(row->claims, sizeof row->claims, "%s", a->claims);
	_cleanup_free_ char *method = key_method(pr, key);
	if (!status_draw(pr, wr, &row->status_list, &row->status_index, err) || !award_credential(pr, wr, a, row, &credential, err) ||
	    !proof_add(credential, key, method, row->issued_ms, err) || !jcs_canonical(credential, &bytes, err) ||
	    !buf_check(&bytes, "the certificate", err))
		return err_prefix(err, "certificate of '%s/%s'", row->bank_id, row->exam);
	hash_sha256_hex(buf_str(&bytes), row->sha256);
	if (!key_used(pr, wr, KEY_CREDENTIALS, key, row->valid_until_ms ? row->valid_until_ms : INT64_MAX, err) ||
	    !log_append(pr, wr, LOG_CERTIFICATE, row->id, buf_str(&bytes), &row->log_index, err) ||
	    !store_certificate_add(wr, row, buf_str(&bytes), ret_key, err))
		return false;
	return row->state == CERTIFICATE_VALID || certify_set_state(pr, wr, row, row->state, row->reason, err);
}

/* Everything that a certificate has from its exam's rules. */
static void set_terms(const struct award *a, struct certificate_row *row)
{
	const struct blueprint *bp = a->fe->bp;
	bool ends = bp->valid.ms || bp->valid.months, window = bp->renew_window.ms || bp->renew_window.months;
	row->awarded_ms = a->row.ended_ms;
	row->valid_span_ms = bp->valid.ms;
	row->valid_span_months = bp->valid.months;
	if (!ends)
		return;
	row->valid_until_ms = span_add(row->awarded_ms, &bp->valid);
	if (!bp->renew_exam)
		return;
	struct span back = {-bp->renew_window.ms, -bp->renew_window.months};
	snprintf(row->renew_exam, sizeof row->renew_exam, "%s", bp->renew_exam);
	row->renew_opens_ms = window ? span_add(row->valid_until_ms, &back) : row->awarded_ms;
	row->renew_expiry = bp->renew_extends_expiry;
}

/* Those of a renewal: by the rules of the certificate that it renews. */
static void set_renewed_terms(const struct award *a, const struct certificate_row *old, struct certificate_row *row)
{
	struct span valid = {old->valid_span_ms, old->valid_span_months};
	int64_t window_ms = old->valid_until_ms - old->renew_opens_ms;
	row->awarded_ms = a->row.ended_ms;
	row->valid_span_ms = valid.ms;
	row->valid_span_months = valid.months;
	row->valid_until_ms = span_add(old->renew_expiry ? old->valid_until_ms : a->row.ended_ms, &valid);
	snprintf(row->renew_exam, sizeof row->renew_exam, "%s", old->renew_exam);
	row->renew_opens_ms = row->valid_until_ms - window_ms;
	row->renew_expiry = old->renew_expiry;
}

static void set_exam(const struct award *a, const char *exam, const char *title, struct certificate_row *row)
{
	row->account = a->row.account;
	row->attempt = a->row.key;
	snprintf(row->bank_id, sizeof row->bank_id, "%s", a->row.bank_id);
	snprintf(row->exam, sizeof row->exam, "%s", exam);
	snprintf(row->title, sizeof row->title, "%s", title);
}

/* In place of `old`, which is revoked as superseded; `name` may be another one. */
static bool reissue(struct proctor *pr, struct store *wr, const struct award *a, const struct certificate_row *old, const char *name,
                    int64_t *ret_key, struct err *err)
{
	struct certificate_row row = *old;
	row.supersedes = old->key;
	snprintf(row.name, sizeof row.name, "%s", name ? name : "");
	return issue(pr, wr, a, &row, ret_key, err) && certify_set_state(pr, wr, old, CERTIFICATE_SUPERSEDED, NULL, err);
}

bool certify_rename(struct proctor *pr, struct store *wr, const struct certificate_row *old, const char *name, int64_t *ret_key,
                    struct err *err)
{
	_cleanup_award_ struct award a = {0};
	int64_t key;
	if (old->state != CERTIFICATE_VALID && old->state != CERTIFICATE_SUSPENDED)
		return err_set(err, ERR_CONFLICT, "this certificate is not valid any more: its name cannot be changed");
	if (!award_load(pr, wr, old->attempt_id, &a, err) || !reissue(pr, wr, &a, old, name, &key, err))
		return false;
	if (ret_key)
		*ret_key = key;
	return true;
}

/* ---- What a result does ---- */

/* The one that counts of those that this attempt gave for an exam: the newest that was not superseded. */
static const struct certificate_row *current(const struct certificate_rows *mine, const char *exam)
{
	for (size_t i = mine->n; i-- > 0;)
		if (mine->list[i].state != CERTIFICATE_SUPERSEDED && strcmp(mine->list[i].exam, exam) == 0)
			return &mine->list[i];
	return NULL;
}

/* What was renewed on the strength of one that should not have been there goes with it. */
static bool correct(struct proctor *pr, struct store *wr, const struct certificate_row *row, struct err *err)
{
	struct certificate_row next;
	if (row->state != CERTIFICATE_VALID && row->state != CERTIFICATE_SUSPENDED)
		return true;
	if (!certify_set_state(pr, wr, row, CERTIFICATE_CORRECTED, "The result was corrected, and does not pass any more.", err))
		return false;
	if (!*row->renewed_by)
		return true;
	return store_certificate_get(wr, row->renewed_by, &next, NULL, err) && correct(pr, wr, &next, err);
}

/* One certificate that this result is to give: *existing is the one that it gave before, old the one that it renews; or NULL. */
static bool settle_one(struct proctor *pr, struct store *wr, const struct award *a, const struct certificate_row *existing,
                       const struct certificate_row *old, const char *exam, struct err *err)
{
	struct certificate_row row = {0};
	int64_t key;
	if (existing && (existing->state == CERTIFICATE_VALID || existing->state == CERTIFICATE_SUSPENDED))
		return strcmp(existing->claims, a->claims) == 0 || reissue(pr, wr, a, existing, existing->name, &key, err);
	if (existing && existing->state != CERTIFICATE_CORRECTED)
		return true;
	set_exam(a, exam, old ? old->title : a->fe->bp->title, &row);
	if (old)
		set_renewed_terms(a, old, &row);
	else
		set_terms(a, &row);
	if (old) {
		row.renews = old->key;
		snprintf(row.name, sizeof row.name, "%s", old->name);
	}
	row.supersedes = existing ? existing->key : 0;
	return issue(pr, wr, a, &row, &key, err);
}

/* *ret_own: one of its own exam was renewed: it is not issued twice. */
static bool settle_renewals(struct proctor *pr, struct store *wr, const struct award *a, const struct certificate_rows *mine, bool *ret_own,
                            struct err *err)
{
	_cleanup_rows_ struct certificate_rows all = {0};
	if (!store_certificate_each(wr, a->row.account, a->row.bank_id, certificate_rows_take, &all, err))
		return false;
	for (size_t i = 0; i < all.n; i++) {
		const struct certificate_row *old = &all.list[i], *existing = current(mine, old->exam);
		bool ours = existing && existing->renews == old->key;
		if (old->attempt == a->row.key || strcmp(old->renew_exam, a->row.exam) != 0 || (*old->renewed_by && !ours))
			continue;
		if (!ours &&
		    (old->state != CERTIFICATE_VALID || !certificate_renewable(old, a->row.started_ms) || !certificate_rows_latest(&all, old)))
			continue;
		*ret_own |= strcmp(old->exam, a->row.exam) == 0;
		if (!settle_one(pr, wr, a, existing, old, old->exam, err))
			return false;
	}
	return true;
}

static bool settle(struct proctor *pr, struct store *wr, const char *attempt, struct err *err)
{
	_cleanup_award_ struct award a = {0};
	_cleanup_rows_ struct certificate_rows mine = {0};
	if (!award_load(pr, wr, attempt, &a, err) || !store_certificate_of_attempt(wr, a.row.key, certificate_rows_take, &mine, err))
		return false;
	if (!a.passed) {
		for (size_t i = 0; i < mine.n; i++)
			if (!correct(pr, wr, &mine.list[i], err))
				return false;
		return true;
	}
	bool renewed = false;
	if (!settle_renewals(pr, wr, &a, &mine, &renewed, err))
		return false;
	return !a.fe->bp->certificate || renewed || settle_one(pr, wr, &a, current(&mine, a.row.exam), NULL, a.row.exam, err);
}

/* ---- The queue ---- */

static int64_t retry_ms(int tries)
{
	int64_t ms = RETRY_MS << (tries < 9 ? tries : 9);
	return ms < RETRY_MAX_MS ? ms : RETRY_MAX_MS;
}

/* What cannot be done is put off, and takes nothing else with it. */
static void look_safely(struct proctor *pr, struct store *wr, const struct certificate_due *due, struct err *err)
{
	struct err inner;
	if (!store_part(wr, err))
		return;
	if (settle(pr, wr, due->attempt_id, &inner) && store_certificate_due_done(wr, due->attempt, &inner) && store_part_release(wr, &inner))
		return;
	store_part_rollback(wr);
	err_set(err, inner.code, "certificate: %s", inner.msg);
	if (!store_certificate_due_later(wr, due->attempt, proctor_wall_ms(pr) + retry_ms(due->tries), inner.msg, &inner))
		err_set(err, inner.code, "certificate: %s", inner.msg);
}

bool certify_tick(struct proctor *pr, struct store *wr, struct err *err)
{
	struct certificate_due due;
	const struct sign_key *key;
	struct err inner;
	bool found = true;
	int64_t stop_ms = pr->clock.monotonic_ms() + DUE_BUDGET_MS;
	if (!store_certificate_due_next(wr, proctor_wall_ms(pr), &due, &found, err) || !found || !key_active(pr, KEY_CREDENTIALS, &key, &inner))
		return false; /* without keys it waits as it is, and is done within a second of their coming */
	for (int i = 0; i < DUE_MAX && found && (i == 0 || pr->clock.monotonic_ms() < stop_ms); i++) {
		look_safely(pr, wr, &due, err);
		if (!store_certificate_due_next(wr, proctor_wall_ms(pr), &due, &found, err))
			return false;
	}
	return found;
}

static bool concerns(struct store *wr, const struct finished *f, bool *ret, struct err *err)
{
	_cleanup_rows_ struct certificate_rows mine = {0};
	const struct bank *bank = f->fe->version->bank;
	*ret = f->fe->bp->certificate || f->fe->bp->kind == BLUEPRINT_RENEWAL;
	for (size_t i = 0; i < bank->n_exams; i++)
		*ret |= bank->exams[i].renew_exam && strcmp(bank->exams[i].renew_exam, f->row->exam) == 0;
	if (*ret)
		return true;
	if (!store_certificate_of_attempt(wr, f->row->key, certificate_rows_take, &mine, err))
		return false;
	*ret = mine.n > 0;
	return true;
}

bool certificate_after_result(struct proctor *pr, struct store *wr, const struct finished *f, struct err *err)
{
	bool yes = false;
	struct certificate_due due = {0};
	const struct sign_key *key;
	struct err inner;
	int64_t release_ms = f->row->ended_ms + f->fe->bp->release_after_ms; /* a certificate would tell before the report does */
	if (f->row->study)
		return true;
	if (!concerns(wr, f, &yes, err))
		return false;
	if (!yes)
		return true;
	due.attempt = f->row->key;
	snprintf(due.attempt_id, sizeof due.attempt_id, "%s", f->row->id);
	if (!store_certificate_due_put(wr, due.attempt, release_ms, err))
		return false;
	if (release_ms <= proctor_wall_ms(pr) && key_active(pr, KEY_CREDENTIALS, &key, &inner))
		look_safely(pr, wr, &due, &inner);
	return true;
}
