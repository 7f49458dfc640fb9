/* Issuing again what a key signed that somebody else may have. See keys.h.
 *
 * A few at a time, so that a running server is not held up; each in a savepoint, so that one that cannot be made again does not keep the
 * others back. */
#include "proctor/certify.h"
#include "proctor/internal.h"
#include "proctor/keys.h"
#include "store/certificate.h"
#include "store/key.h"
#include <stdio.h>

#define BATCH 20

struct found {
	struct certificate_row rows[BATCH];
	size_t n;
	char method[MULTIKEY_SIZE + 2]; /* how a verification method with this key ends, in JSON */
	int64_t after;
};

static bool take(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	struct found *f = arg;
	(void)err;
	bool valid = row->state == CERTIFICATE_VALID || row->state == CERTIFICATE_SUSPENDED;
	if (f->n < BATCH && valid && row->key > f->after && body.len && memmem(body.p, body.len, f->method, strlen(f->method)))
		f->rows[f->n++] = *row;
	return true;
}

static bool again(struct proctor *pr, struct store *wr, const struct certificate_row *row, struct key_reissue *r, struct err *err)
{
	struct err why;
	if (!store_savepoint(wr, err))
		return false;
	if (certify_rename(pr, wr, row, *row->name ? row->name : NULL, NULL, &why) && store_release(wr, &why)) {
		r->done++;
		return true;
	}
	store_rollback_savepoint(wr);
	if (r->failed++ == 0)
		snprintf(r->why, sizeof r->why, "%s: %.400s", row->id, why.msg);
	return true;
}

bool key_reissue(struct proctor *pr, struct store *wr, const char *name, struct key_reissue *r, struct err *err)
{
	struct key_row key;
	char text[MULTIKEY_SIZE];
	if (!key_find(wr, name, &key, err))
		return false;
	if (key.purpose != KEY_CREDENTIALS)
		return err_set(err, ERR_USAGE, "this key signs no certificates: it is one for %s", key_purpose_name((enum key_purpose)key.purpose));
	if (key.state == KEY_ACTIVE || key.state == KEY_NEXT)
		return err_set(err, ERR_CONFLICT, "this key is in use: they would be signed with it again");
	struct found *f = xcalloc(1, sizeof *f);
	snprintf(f->method, sizeof f->method, "#%s\"", multikey_write(key.public_key, text));
	f->after = r->after;
	bool ok = store_certificate_all(wr, take, f, err);
	for (size_t i = 0; ok && i < f->n; i++) {
		ok = again(pr, wr, &f->rows[i], r, err);
		r->after = f->rows[i].key;
	}
	r->more = f->n == BATCH;
	free(f);
	return ok;
}
