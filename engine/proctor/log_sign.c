/* Checkpoints: signed on the writer, in a transaction, and served from the store. See log_tree.h.
 *
 * What is served was committed together with the entries that it covers, so it cannot be rolled back. A new checkpoint is signed only when
 * the old one's root comes out of the tree again: a log whose past was changed is never signed anew. Of each day one checkpoint is kept, so
 * that an audit can say from when on something is different; and those that witnesses have cosigned. */
#include "base/log.h"
#include "proctor/log_tree.h"
#include <stdio.h>

/* ---- Who signs ---- */

/* Until there are keys of several purposes, the log's is derived from the server's secret. */
static void derive_key(struct proctor *pr)
{
	struct rng r;
	unsigned char seed[SIGN_SEED_SIZE];
	rng_init(&r, pr->secret, "transparency log");
	for (size_t i = 0; i < sizeof seed; i++)
		seed[i] = (unsigned char)rng_below(&r, 256);
	sign_key_from_seed(seed, &pr->log_key);
}

static bool signer(struct proctor *pr, const char *suffix, enum note_type type, struct note_key *ret_key,
                   const struct sign_key **ret_secret, struct err *err)
{
	char name[LOG_REFERENCE_SIZE];
	derive_key(pr);
	snprintf(name, sizeof name, "assay.invalid%s", suffix);
	if (type == NOTE_ED25519 && *pr->log_origin)
		snprintf(name, sizeof name, "%s", pr->log_origin);
	if (!note_key_make(str_of(name), type, pr->log_key.public_key, ret_key, err))
		return false;
	*ret_secret = &pr->log_key;
	return true;
}

bool log_signer(struct proctor *pr, struct note_key *ret_key, const struct sign_key **ret_secret, struct err *err)
{
	return signer(pr, "/log", NOTE_ED25519, ret_key, ret_secret, err);
}

/* The log's key signs both: what is signed cannot be mistaken, since no origin is "cosignature/v1". */
bool log_witness_signer(struct proctor *pr, struct note_key *ret_key, const struct sign_key **ret_secret, struct err *err)
{
	return signer(pr, "/witness", NOTE_COSIGNATURE, ret_key, ret_secret, err);
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

/* The first one fixes the origin for good: a log that changes its name is another log. */
static bool keep_origin(struct store *wr, const struct log_checkpoint *c, struct err *err)
{
	char origin[LOG_REFERENCE_SIZE];
	struct checkpoint parsed;
	if (!store_log_origin(wr, origin, err) || !checkpoint_parse(str_of(c->body), &parsed, err))
		return false;
	if (*origin)
		return str_is(parsed.origin, origin) ? true
		                                     : err_set(err, ERR_CONFLICT, "the log is called '%s' since its first checkpoint", origin);
	snprintf(origin, sizeof origin, "%.*s", STR_ARG(parsed.origin));
	return store_log_origin_put(wr, origin, err);
}

bool log_sign(struct proctor *pr, struct store *wr, struct err *err)
{
	int64_t size, signed_size;
	struct log_checkpoint before, c;
	bool any;
	if (!store_log_sizes(wr, &size, &signed_size, err))
		return false;
	if (size == signed_size)
		return true;
	if (size < signed_size)
		return err_set(err, ERR_CONFLICT, "the log has %lld entries, and %lld were signed: entries were removed, see assay log check",
		               (long long)size, (long long)signed_size);
	if (!store_log_newest(wr, &before, &any, err) || (any && !check_continues(wr, &before, err)) ||
	    !make_checkpoint(pr, wr, size, &c, err) || !keep_origin(wr, &c, err) || !store_log_checkpoint_put(wr, &c, err))
		return false;
	bool same_day = any && before.created_ms / MS_DAY == c.created_ms / MS_DAY;
	return !same_day || store_log_checkpoint_drop(wr, before.size, err);
}

void log_tick(struct proctor *pr, struct store *wr)
{
	struct err err;
	int64_t size, signed_size;
	if ((store_log_sizes(wr, &size, &signed_size, &err) && size == signed_size) || !store_savepoint(wr, &err))
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
