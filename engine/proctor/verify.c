/* See verify.h. What the verifier would fetch is looked up here, if it is this server's own. */
#include "proctor/verify.h"
#include "credential/verify.h"
#include "proctor/certificate.h"
#include "proctor/internal.h"
#include "proctor/keys.h"
#include "proctor/log.h"

struct own {
	struct proctor *pr;
	struct store *rd;
	const struct caller *who;
	const struct issuer *issuer;
};

/* "/credentials/ID" and "/credentials/ID/log-proof". */
static bool own_certificate(struct own *o, struct str path, struct buf *out, struct err *err)
{
	_cleanup_certificate_public_ struct certificate_public c = {0};
	static const char proof[] = "/log-proof";
	bool of_log = str_ends(path, proof);
	_cleanup_free_ char *id = str_dup(str_sub(path, 0, path.len - (of_log ? strlen(proof) : 0)));
	if (!certificate_public(o->pr, o->rd, o->who, id, &c, err))
		return false;
	if (of_log)
		return log_proof(o->pr, o->rd, c.row.log_index, out, err);
	buf_addv(out, c.bytes);
	return true;
}

/* A verify_fetch_fn that goes nowhere. */
static bool own_document(void *arg, const char *url, size_t size_max, struct buf *out, char ret_from[VERIFY_URL_SIZE], struct err *err)
{
	struct own *o = arg;
	(void)size_max;
	(void)ret_from;
	size_t n = o->issuer->base_url ? strlen(o->issuer->base_url) : 0;
	if (n == 0 || strncmp(url, o->issuer->base_url, n) != 0 || url[n] != '/')
		return err_set(err, ERR_IO, "this server asks nobody else");
	struct str path = str_of(url + n);
	if (str_is(path, "/.well-known/did.json"))
		return keys_did_json(o->pr, o->rd, out, err);
	if (str_starts(path, "/status/"))
		return status_list_by_name(o->pr, o->rd, path.p + strlen("/status/"), out, err);
	if (str_starts(path, "/credentials/"))
		return own_certificate(o, str_sub(path, strlen("/credentials/"), path.len), out, err);
	return err_set(err, ERR_NOT_FOUND, "there is nothing at this address");
}

bool verify_for_others(struct proctor *pr, struct store *rd, const struct caller *who, struct str input, struct buf *out, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(TRUST_SIZE_MAX);
	struct own own = {.pr = pr, .rd = rd, .who = who};
	struct trust trust = {0};
	if (!issuer_get(pr, &own.issuer, err) || !keys_trust_json(pr, rd, &text, err) ||
	    !trust_add(&trust, buf_str(&text), "this server's own", err))
		return false;
	struct verify_options options = {.trust = &trust, .fetch = own_document, .fetch_arg = &own, .now_ms = proctor_wall_ms(pr)};
	struct verification *v = verify_input(input, &options);
	verification_json(v, out);
	verification_destroy(v);
	trust_finish(&trust);
	return buf_check(out, "the report", err);
}
