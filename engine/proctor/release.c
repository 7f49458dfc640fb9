/* Releases of banks on this server. See release.h. */
#include "proctor/release.h"
#include "base/file.h"
#include "store/bank_trust.h"
#include "store/bank_version.h"
#include <stdio.h>

void trusted_finish(struct trusted *t)
{
	roots_finish(&t->roots);
	*t = (struct trusted){0};
}

bool trusted_read(const char *path, int64_t now_ms, struct trusted *ret, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(ROOTS_SIZE_MAX);
	struct trusted t = {.now_ms = now_ms};
	struct err why;
	t.there = file_read(path, ROOTS_SIZE_MAX, &text, &why);
	if (!t.there && why.code != ERR_NOT_FOUND)
		return err_set(err, why.code, "%s", why.msg);
	if (t.there && !roots_parse(buf_str(&text), &t.roots, err))
		return err_prefix(err, "%s", path);
	hash_sha256_hex(buf_str(&text), t.sha256);
	*ret = t;
	return true;
}

bool trusted_verify(const struct trusted *t, const char *dir, struct release_view *ret, struct err *err)
{
	return release_verify(dir, t->there ? &t->roots : NULL, t->now_ms, ret, err);
}

bool release_is_same(const struct version_release *r, const struct release_view *view)
{
	if (view->state != RELEASE_OFFICIAL)
		return r->number == 0;
	return r->number == view->release.number && strcmp(r->sha256, view->sha256) == 0;
}

bool release_is_wanted(const struct release_view *view, bool signed_only, struct err *err)
{
	return !signed_only || view->state == RELEASE_OFFICIAL ||
	       err_set(err, ERR_SIGNATURE, "nobody who is trusted here has signed it, and this server takes no other bank (--require-signed)");
}

void release_take(struct version *v, const struct release_view *view, const struct trusted *t)
{
	if (view->state != RELEASE_OFFICIAL)
		return;
	v->release = (struct version_release){.number = view->release.number, .expires_ms = view->release.expires_ms};
	memcpy(v->release.sha256, view->sha256, sizeof v->release.sha256);
	memcpy(v->release.roots, t->sha256, sizeof v->release.roots);
	v->release.signers = str_dup(buf_str(&view->signers));
}

bool release_expired(const struct version_release *r, const struct trusted *t)
{
	return r->number && r->expires_ms <= t->now_ms;
}

bool release_store(struct proctor *pr, struct store *wr, struct version *v, struct err *err)
{
	struct bank_trust_row seen, row = {.number = v->release.number};
	if (!store_bank_trust_get(wr, v->bank->id, &seen, err))
		return false;
	if (!row.number)
		return !seen.number ||
		       err_set(err, ERR_SIGNATURE, "the bank %s was official (release %lld), and is not any more; see assay bank trust forget",
		               v->bank->id, (long long)seen.number);
	memcpy(row.sha256, v->release.sha256, sizeof row.sha256);
	if (row.number < seen.number)
		return err_set(err, ERR_SIGNATURE, "release %lld of the bank %s is older than release %lld, which was seen here",
		               (long long)row.number, v->bank->id, (long long)seen.number);
	if (row.number == seen.number && strcmp(row.sha256, seen.sha256) != 0)
		return err_set(err, ERR_SIGNATURE, "there are two releases %lld of the bank %s with different content", (long long)row.number,
		               v->bank->id);
	struct bank_good_row good = {.version = v->row, .expires_ms = v->release.expires_ms};
	memcpy(good.roots, v->release.roots, sizeof good.roots);
	return store_bank_trust_put(wr, v->bank->id, &row, proctor_wall_ms(pr), err) &&
	       store_bank_release_put(wr, v->row, &row, v->release.signers, err) && store_bank_good_put(wr, v->bank->id, v->dir, &good, err);
}

bool release_recall(struct proctor *pr, struct store *wr, struct version *v, struct buf *compiled, struct err *err)
{
	struct bank_good_row good;
	struct bank_trust_row release;
	_cleanup_free_ char *signers = NULL;
	if (!store_bank_good_get(wr, v->dir, &good, &release, &signers, err))
		return false;
	if (!good.version || strcmp(good.roots, v->release.roots) != 0 || good.expires_ms <= proctor_wall_ms(pr))
		return err_set(err, ERR_SIGNATURE, "no release from before can be offered in its place");
	if (!store_version_get(wr, good.version, v->hash, compiled, err))
		return false;
	v->row = good.version;
	v->release.number = release.number;
	v->release.expires_ms = good.expires_ms;
	memcpy(v->release.sha256, release.sha256, sizeof v->release.sha256);
	v->release.signers = take_ptr(signers);
	return true;
}

bool release_stored(struct store *st, struct version *v, struct err *err)
{
	struct bank_trust_row row;
	if (!store_bank_release_get(st, v->row, &row, err))
		return false;
	v->release.number = row.number;
	memcpy(v->release.sha256, row.sha256, sizeof row.sha256);
	return true;
}
