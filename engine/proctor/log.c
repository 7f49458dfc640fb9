/* Appending, finding and proving. See log.h. */
#include "proctor/log.h"
#include "proctor/log_tree.h"
#include "store/certificate.h"
#include <assert.h>
#include <sodium.h>
#include <stdio.h>

const char *log_kind_name(int kind)
{
	static const char *const names[] = {"result", "certificate", "revocation", "key", "did"};
	return kind >= 0 && kind < LOG_KINDS ? names[kind] : NULL;
}

char *log_result_reference(int64_t attempt_key, int n)
{
	return xasprintf("%lld %d", (long long)attempt_key, n);
}

/* ---- Appending ---- */

static bool check_new(struct store *wr, enum log_kind kind, const char *reference, struct err *err)
{
	int64_t before;
	struct err none;
	if (strlen(reference) > LOG_REFERENCE_MAX || !*reference)
		return err_set(err, ERR_INTERNAL, "a reference of the log has 1 to %d bytes", LOG_REFERENCE_MAX);
	if (kind != LOG_RESULT)
		return true; /* a certificate's id is unique in its own table */
	if (store_log_find(wr, kind, reference, &before, &none))
		return err_set(err, ERR_CONFLICT, "%s '%s' is in the log already", log_kind_name(kind), reference);
	return none.code == ERR_NOT_FOUND ? true : err_set(err, none.code, "%s", none.msg);
}

bool log_append(struct proctor *pr, struct store *wr, enum log_kind kind, const char *reference, struct str bytes, int64_t *ret_index,
                struct err *err)
{
	bool kept = kind != LOG_RESULT && kind != LOG_CERTIFICATE;
	struct log_row row = {.kind = kind};
	int64_t signed_size;
	if (!check_new(wr, kind, reference, err) || !store_log_sizes(wr, &row.n, &signed_size, err))
		return false;
	if (row.n < signed_size)
		return err_set(err, ERR_STORE, "the log is shorter than what was signed of it: see assay log check");
	if (kept && bytes.len > LOG_BYTES_MAX)
		return err_set(err, ERR_TOO_LARGE, "what is logged has at most %d bytes", LOG_BYTES_MAX);
	snprintf(row.reference, sizeof row.reference, "%s", reference);
	rng_secret(row.salt, sizeof row.salt);
	log_commitment(row.salt, bytes, row.commitment);
	if (kept)
		row.bytes = bytes;
	if (!store_log_append(wr, &row, err) || !log_grow(wr, row.n, err))
		return false;
	pr->log_grown = true;
	if (ret_index)
		*ret_index = row.n;
	return true;
}

bool log_find(struct store *st, enum log_kind kind, const char *reference, int64_t *ret_index, struct err *err)
{
	struct certificate_row row;
	if (kind != LOG_CERTIFICATE)
		return store_log_find(st, kind, reference, ret_index, err);
	if (!store_certificate_get(st, reference, &row, NULL, err))
		return false;
	*ret_index = row.log_index;
	return true;
}

/* ---- Results from before the log ---- */

#define BATCH 256

struct entering {
	struct proctor *pr;
	int64_t last;
	int n;
};

static bool enter_one(void *arg, const struct log_result *r, struct err *err)
{
	struct entering *e = arg;
	_cleanup_free_ char *reference = log_result_reference(r->attempt, r->n);
	int64_t index;
	e->last = r->row;
	e->n++;
	return log_append(e->pr, e->pr->wr, LOG_RESULT, reference, r->body, &index, err);
}

/* One transaction; *ret_left: there may be more. */
static bool enter_batch(struct proctor *pr, int *ret_n, struct err *err)
{
	struct entering e = {.pr = pr};
	int64_t entered, backlog;
	if (!store_begin(pr->wr, err))
		return false;
	bool ok = store_log_backlog(pr->wr, &entered, &backlog, err) &&
	          store_log_results(pr->wr, entered, backlog, BATCH, enter_one, &e, err) &&
	          (e.n == 0 || store_log_entered(pr->wr, e.last, err));
	if (ok && store_commit(pr->wr, err)) {
		*ret_n = e.n;
		return true;
	}
	store_rollback(pr->wr);
	return false;
}

bool log_start(struct proctor *pr, struct err *err)
{
	int n = BATCH;
	while (n == BATCH)
		if (!enter_batch(pr, &n, err))
			return err_prefix(err, "entering earlier results into the log");
	return log_fix_origin(pr, err);
}

/* ---- Proving ---- */

/* Whether the key of now has signed it. */
static bool by_present_key(struct proctor *pr, struct store *rd, const struct log_checkpoint *c)
{
	struct note_key key;
	struct note note;
	struct err ignored;
	_cleanup_buf_ struct buf text = BUF(NOTE_SIZE_MAX);
	return log_signer(pr, &key, NULL, &ignored) && log_checkpoint_text(rd, c, &text, &ignored) &&
	       note_parse(buf_str(&text), &note, &ignored) && note_verify(&note, &key, NULL, NULL, &ignored);
}

/* The checkpoint that a proof is made against. */
static bool choose_checkpoint(struct proctor *pr, struct store *rd, int64_t index, struct log_checkpoint *ret, struct err *err)
{
	bool found;
	if (!store_log_cosigned(rd, index, ret, &found, err))
		return false;
	if ((!found || !by_present_key(pr, rd, ret)) && !store_log_newest(rd, ret, &found, err))
		return false;
	return found && index < ret->size
	           ? true
	           : err_set(err, ERR_BUSY, "entry %lld of the log is not covered by a signed checkpoint yet: ask again in a second",
	                     (long long)index);
}

bool log_proof(struct proctor *pr, struct store *rd, int64_t index, struct buf *out, struct err *err)
{
	struct log_row row;
	struct log_checkpoint c;
	struct tlog_proof proof;
	_cleanup_buf_ struct buf text = BUF(NOTE_SIZE_MAX);
	if (!store_log_entry(rd, index, &row, NULL, err) || !choose_checkpoint(pr, rd, index, &c, err) ||
	    !log_checkpoint_text(rd, &c, &text, err))
		return false;
	_cleanup_tiles_ struct tiles *tiles = log_tiles(rd, c.size);
	if (!tlog_prove_inclusion(index, c.size, tiles_hash, tiles, &proof, err))
		return false;
	log_proof_write(index, &proof, log_kind_name(row.kind), row.salt, buf_str(&text), out);
	return buf_check(out, "the proof", err);
}

bool log_vkey(struct proctor *pr, char *ret, size_t size, struct err *err)
{
	struct note_key key;
	char text[NOTE_VKEY_SIZE];
	if (!log_signer(pr, &key, NULL, err))
		return false;
	note_key_write(&key, text);
	if (strlen(text) >= size)
		return err_set(err, ERR_INTERNAL, "the verifier key does not fit");
	memcpy(ret, text, strlen(text) + 1);
	return true;
}
