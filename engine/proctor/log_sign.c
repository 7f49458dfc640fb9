/* Checkpoints: signed on the writer, in a transaction, and served from the store. See log_tree.h.
 *
 * What is served was committed together with the entries that it covers, so it cannot be rolled back. A new checkpoint is signed only when
 * the old one's root comes out of the tree again: a log whose past was changed is never signed anew. Of each day one checkpoint is kept, so
 * that an audit can say from when on something is different; and those that witnesses have cosigned.
 *
 * The log's name is that of the server at its first start, for good: under another name it would be another log. */
#include "base/log.h"
#include "proctor/keys.h"
#include "proctor/log_tree.h"
#include "store/key.h"
#include <stdio.h>

/* ---- Who signs ---- */

static bool signer(struct proctor *pr, const char *name, enum note_type type, struct note_key *ret_key, const struct sign_key **ret_secret,
                   struct err *err)
{
	unsigned char public_key[SIGN_KEY_SIZE];
	const struct sign_key *secret = NULL;
	if (ret_secret && !key_active(pr, KEY_LOG, &secret, err))
		return false;
	keys_public(pr, KEY_LOG, public_key);
	if (!note_key_make(str_of(name), type, secret ? secret->public_key : public_key, ret_key, err))
		return false;
	if (ret_secret)
		*ret_secret = secret;
	return true;
}

/* "HOST/log", or "did:key:z6Mk…/log" without a public address. */
static bool own_name(struct proctor *pr, const char *what, char ret[LOG_REFERENCE_SIZE], struct err *err)
{
	const struct issuer *issuer;
	if (!issuer_get(pr, &issuer, err))
		return false;
	const char *place = issuer->base_url ? issuer->base_url + strlen("https://") : issuer->id;
	int len = snprintf(ret, LOG_REFERENCE_SIZE, "%s/%s", place, what);
	return len < LOG_REFERENCE_SIZE ? true : err_set(err, ERR_INVALID, "the server's address is too long for the name of a log");
}

bool log_signer(struct proctor *pr, struct note_key *ret_key, const struct sign_key **ret_secret, struct err *err)
{
	char name[LOG_REFERENCE_SIZE];
	if (!*pr->log_origin && !own_name(pr, "log", name, err))
		return false;
	return signer(pr, *pr->log_origin ? pr->log_origin : name, NOTE_ED25519, ret_key, ret_secret, err);
}

/* The log's key signs both: what is signed cannot be mistaken, since no origin is "cosignature/v1". */
bool log_witness_signer(struct proctor *pr, struct note_key *ret_key, const struct sign_key **ret_secret, struct err *err)
{
	char name[LOG_REFERENCE_SIZE];
	return own_name(pr, "witness", name, err) && signer(pr, name, NOTE_COSIGNATURE, ret_key, ret_secret, err);
}

bool log_own_policy(struct proctor *pr, struct store *st, struct log_policy *ret, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	struct note_key newest;
	size_t n;
	struct log_policy policy = {.quorum = -1};
	if (!log_signer(pr, &newest, NULL, err) || !store_keys(st, &rows, &n, err))
		return false;
	for (size_t i = n; i-- > 0 && policy.n_logs < LOG_POLICY_MAX;) /* the newest ones, if there were more */
		if (rows[i].purpose == KEY_LOG && rows[i].state != KEY_NEXT &&
		    !note_key_make(str_of(newest.name), NOTE_ED25519, rows[i].public_key, &policy.logs[policy.n_logs++], err))
			return false;
	*ret = policy;
	return true;
}

bool log_fix_origin(struct proctor *pr, struct err *err)
{
	char name[LOG_REFERENCE_SIZE];
	if (!store_log_origin(pr->wr, pr->log_origin, err))
		return false;
	if (*pr->log_origin || pr->beside)
		return true;
	if (!own_name(pr, "log", name, err) || !store_begin(pr->wr, err))
		return false;
	if (!store_log_origin_put(pr->wr, name, err) || !store_commit(pr->wr, err)) {
		store_rollback(pr->wr);
		return false;
	}
	memcpy(pr->log_origin, name, sizeof name);
	return true;
}

/* ---- Signing ---- */

/* The log is what was signed of it. */
static bool check_continues(struct store *wr, const struct log_checkpoint *before, struct err *err)
{
	struct checkpoint c;
	unsigned char root[HASH_SIZE];
	if (!checkpoint_parse(str_of(before->body), &c, err) || !log_root(wr, before->size, root, err))
		return err_set(err, ERR_CONFLICT, "the log is damaged, and is not signed any more (see assay log check): %s", err->msg);
	if (c.size != before->size || memcmp(c.root, root, sizeof root) != 0)
		return err_set(err, ERR_CONFLICT,
		               "the log is not what was signed of it at %lld entries, and is not signed any more: see assay log check",
		               (long long)before->size);
	return true;
}

static bool make_checkpoint(struct proctor *pr, struct store *wr, int64_t size, struct log_checkpoint *ret, struct err *err)
{
	struct note_key key;
	const struct sign_key *secret;
	struct checkpoint c = {.size = size};
	_cleanup_buf_ struct buf body = BUF(LOG_TEXT_SIZE - 1), signature = BUF(LOG_TEXT_SIZE - 1);
	if (!log_signer(pr, &key, &secret, err) || !log_root(wr, size, c.root, err))
		return false;
	c.origin = str_of(key.name);
	checkpoint_write(&c, &body);
	note_sign(buf_str(&body), &key, secret, 0, &signature);
	if (!buf_check(&body, "the checkpoint", err) || !buf_check(&signature, "the checkpoint", err))
		return false;
	*ret = (struct log_checkpoint){.size = size, .created_ms = proctor_wall_ms(pr)};
	snprintf(ret->body, sizeof ret->body, "%s", body.p);
	snprintf(ret->signature, sizeof ret->signature, "%s", signature.p);
	return true;
}

bool log_sign(struct proctor *pr, struct store *wr, struct err *err)
{
	int64_t size, signed_size;
	struct log_checkpoint before, c;
	bool any;
	if (!store_log_sizes(wr, &size, &signed_size, err))
		return false;
	if (size == signed_size || !*pr->log_origin) /* it gets its name from the first server that runs, not from a command */
		return true;
	if (size < signed_size)
		return err_set(err, ERR_CONFLICT, "the log has %lld entries, and %lld were signed: entries were removed, see assay log check",
		               (long long)size, (long long)signed_size);
	if (!store_log_newest(wr, &before, &any, err) || (any && !check_continues(wr, &before, err)) ||
	    !make_checkpoint(pr, wr, size, &c, err) || !store_log_checkpoint_put(wr, &c, err))
		return false;
	bool same_day = any && before.created_ms / MS_DAY == c.created_ms / MS_DAY;
	return !same_day || store_log_checkpoint_drop(wr, before.size, err);
}

void log_tick(struct proctor *pr, struct store *wr)
{
	struct err err;
	int64_t size, signed_size;
	if ((store_log_sizes(wr, &size, &signed_size, &err) && size == signed_size) || !keys_ready(pr) || !store_savepoint(wr, &err))
		return;
	if (log_sign(pr, wr, &err) && store_release(wr, &err)) {
		pr->log_refused = false;
		return;
	}
	store_rollback_savepoint(wr);
	if (!pr->log_refused)
		log_error("log: %s", err.msg);
	pr->log_refused = true;
}

bool log_checkpoint_text(struct store *st, const struct log_checkpoint *c, struct buf *out, struct err *err)
{
	buf_addf(out, "%s\n%s", c->body, c->signature);
	return store_log_cosignatures(st, c->size, out, err) && buf_check(out, "the checkpoint", err);
}
