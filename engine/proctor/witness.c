/* This server as a witness of other logs. See log_read.h.
 *
 * Of each log the newest checkpoint that was cosigned is kept. The next one is cosigned when it is signed by the log and proved to continue
 * it. The row is changed in the writer's transaction that checks it, and the answer is sent after the commit: nothing comes between, and
 * nothing that was cosigned is forgotten. */
#include "store/witness.h"
#include "proctor/log_read.h"
#include "proctor/log_tree.h"
#include <stdio.h>

#define LOGS_MAX 256

struct witness {
	struct note_key logs[LOGS_MAX];
	size_t n;
};

bool witness_create(struct str logs, struct witness **ret, struct err *err)
{
	struct witness *w = xcalloc(1, sizeof *w);
	struct str rest = logs, line;
	bool ok = true;
	for (int n = 1; ok && str_next_line(&rest, &line); n++) {
		line = str_trim(line);
		if (str_starts(line, "log "))
			line = str_trim(str_sub(line, 4, line.len));
		if (!line.len || line.p[0] == '#')
			continue;
		struct str words = line, vkey;
		(void)str_next_field(&words, ' ', &vkey); /* an address may follow */
		ok = w->n < LOGS_MAX ? note_key_read(vkey, &w->logs[w->n], err) : err_set(err, ERR_TOO_LARGE, "more than %d logs", LOGS_MAX);
		if (ok && w->logs[w->n].type != NOTE_ED25519)
			ok = err_set(err, ERR_INVALID, "the key of a log is of type 1");
		if (!ok)
			err_prefix(err, "line %d", n);
		w->n++;
	}
	if (ok && !w->n)
		ok = err_set(err, ERR_INVALID, "no log is named");
	if (ok)
		*ret = take_ptr(w);
	free(w);
	return ok;
}

void witness_destroy(struct witness *w)
{
	free(w);
}

bool witness_vkey(struct proctor *pr, char *ret, size_t size, struct err *err)
{
	struct note_key key;
	char text[NOTE_VKEY_SIZE];
	if (!log_witness_signer(pr, &key, NULL, err))
		return false;
	snprintf(ret, size, "%s", note_key_write(&key, text));
	return true;
}

/* 200 when one of the log's keys has signed, 403, or 404 when no such log is known. */
static int who_signed(const struct witness *w, const struct note *note, struct str origin, struct err *why)
{
	int status = 404;
	err_set(why, ERR_NOT_FOUND, "this log is not one that is witnessed here");
	for (size_t i = 0; w && i < w->n; i++) {
		struct err inner;
		if (!str_is(origin, w->logs[i].name))
			continue;
		if (note_verify(note, &w->logs[i], NULL, NULL, &inner))
			return 200;
		status = 403;
		err_set(why, ERR_SIGNATURE, "%s", inner.msg);
	}
	return status;
}

/* What the protocol says of a checkpoint, given what was cosigned before. */
static int judge(const struct witness_request *r, const struct checkpoint *c, const struct witnessed_row *before, struct err *why)
{
	struct tlog_hash old_root, root;
	memcpy(root.b, c->root, sizeof root.b);
	memcpy(old_root.b, before->root, sizeof old_root.b);
	if (r->old > c->size) {
		err_set(why, ERR_INVALID, "the old size is above that of the checkpoint");
		return 400;
	}
	if (r->old != before->size)
		return 409;
	if (r->old == c->size && c->size && !tlog_hash_eq(&old_root, &root))
		return 409;
	if (r->old == 0) {
		hash_sha256(STR(""), old_root.b);
		if (c->size == 0 && !tlog_hash_eq(&old_root, &root)) {
			err_set(why, ERR_SIGNATURE, "the root of an empty log is another one");
			return 422;
		}
	}
	return tlog_check_consistency(r->old, c->size, &old_root, &root, &r->proof, why) ? 200 : 422;
}

static bool cosign(struct proctor *pr, struct store *wr, const struct checkpoint *c, struct str text, struct buf *out, struct err *err)
{
	struct note_key key;
	const struct sign_key *secret;
	struct witnessed_row row = {.size = c->size, .at_ms = proctor_wall_ms(pr)};
	_cleanup_free_ char *origin = str_dup(c->origin);
	memcpy(row.root, c->root, sizeof row.root);
	if (!log_witness_signer(pr, &key, &secret, err) || !store_witnessed_put(wr, origin, &row, err))
		return false;
	note_sign(text, &key, secret, row.at_ms / MS_SECOND, out);
	return true;
}

bool witness_add_checkpoint(struct proctor *pr, struct store *wr, struct str request, int *ret_status, struct buf *out, struct err *err)
{
	struct witness_request r;
	struct note note;
	struct checkpoint c;
	struct witnessed_row before = {0};
	struct err why = {0};
	int status = 400;
	if (witness_request_parse(request, &r, &why) && note_parse(r.checkpoint, &note, &why) && checkpoint_parse(note.text, &c, &why))
		status = who_signed(pr->witness, &note, c.origin, &why);
	if (status == 200) {
		_cleanup_free_ char *origin = str_dup(c.origin);
		if (!store_witnessed_get(wr, origin, &before, err))
			return false;
		status = judge(&r, &c, &before, &why);
	}
	if (status == 200 && !cosign(pr, wr, &c, note.text, out, err))
		return false;
	if (status == 409)
		buf_addf(out, "%lld\n", (long long)before.size);
	else if (status != 200)
		buf_addf(out, "%s\n", why.msg);
	*ret_status = status;
	return true;
}
