/* The API's handlers: certificates, for their holders and for everybody. See api.h.
 *
 * What is shared may be read by pages of any origin; what is not gets no such header, so that a page elsewhere cannot read a local person's
 * own. Who may see what is the proctor's to say (certificate.h). */
#include "api.h"
#include "proctor/certificate.h"
#include "proctor/log.h"

#define PROCTOR rq->server->proctor
#define OUT &rq->reply.body

static bool ok_json(struct request *rq, bool ok)
{
	if (ok)
		reply_json(rq, MHD_HTTP_OK);
	return ok;
}

static void reply_shared(struct request *rq, bool shared)
{
	if (shared)
		reply_header(rq, "Access-Control-Allow-Origin", xstrdup("*"));
}

/* ---- The holder ---- */

bool api_certificate_list(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, certificate_list_json(PROCTOR, st, &rq->who, OUT, err));
}
bool api_certificate_show(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, certificate_show_json(PROCTOR, st, &rq->who, rq->params[0], OUT, err));
}
bool api_certificate_change(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, certificate_change(PROCTOR, st, &rq->who, rq->params[0], rq->json, OUT, err));
}
bool api_certificate_name(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, certificate_name(PROCTOR, st, &rq->who, rq->params[0], rq->json, OUT, err));
}

bool api_certificate_delete(struct request *rq, struct store *st, struct err *err)
{
	rq->reply.status = MHD_HTTP_NO_CONTENT;
	return certificate_delete(PROCTOR, st, &rq->who, rq->params[0], err);
}

/* ---- Everybody ---- */

bool api_credential(struct request *rq, struct store *st, struct err *err)
{
	_cleanup_certificate_public_ struct certificate_public c = {0};
	if (!certificate_public(PROCTOR, st, &rq->who, rq->params[0], &c, err))
		return false;
	buf_addv(OUT, c.bytes);
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = "application/vc";
	if (c.row.shared)
		reply_vc(rq, "no-cache"); /* it may be shared no more */
	return true;
}

bool api_credential_page(struct request *rq, struct store *st, struct err *err)
{
	bool shared;
	if (!certificate_page_json(PROCTOR, st, &rq->who, rq->params[0], &shared, OUT, err))
		return false;
	reply_json(rq, MHD_HTTP_OK);
	reply_shared(rq, shared);
	return true;
}

bool api_credential_log_proof(struct request *rq, struct store *st, struct err *err)
{
	_cleanup_certificate_public_ struct certificate_public c = {0};
	if (!certificate_public(PROCTOR, st, &rq->who, rq->params[0], &c, err) || !log_proof(PROCTOR, st, c.row.log_index, OUT, err))
		return false;
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = "text/plain; charset=utf-8";
	reply_shared(rq, c.row.shared);
	return true;
}

bool api_credential_bundle(struct request *rq, struct store *st, struct err *err)
{
	bool shared;
	if (!certificate_bundle_json(PROCTOR, st, &rq->who, rq->params[0], &shared, OUT, err))
		return false;
	reply_json(rq, MHD_HTTP_OK);
	reply_header(rq, "Content-Disposition", xasprintf("attachment; filename=\"certificate-%.8s.json\"", rq->params[0]));
	reply_shared(rq, shared);
	return true;
}

bool api_credential_replay(struct request *rq, struct store *st, struct err *err)
{
	int64_t shell, size;
	bool shared;
	int fd;
	if (!str_to_i64(str_of(rq->params[2]), 1, TASK_SHELLS_MAX, &shell))
		return err_set(err, ERR_NOT_FOUND, "there is no such recording");
	if (!certificate_replay_open(PROCTOR, st, &rq->who, rq->params[0], rq->params[1], (int)shell, &shared, &fd, &size, err))
		return false;
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = "application/x-asciicast";
	rq->reply.fd = fd;
	rq->reply.fd_size = (uint64_t)size;
	reply_header(rq, "Content-Security-Policy", xstrdup("default-src 'none'; sandbox"));
	reply_shared(rq, shared);
	return true;
}
