/* The transparency log as c2sp.org/tlog-tiles has it, and this server as a witness (c2sp.org/tlog-witness). Anybody reads both, from any
 * page. */
#include "api.h"
#include "proctor/log_read.h"

#define PROCTOR rq->server->proctor
#define OUT &rq->reply.body

static bool answer(struct request *rq, const char *type, const char *cache, bool ok)
{
	if (!ok)
		return false;
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = type;
	rq->reply.cache = cache;
	reply_header(rq, "Access-Control-Allow-Origin", xstrdup("*"));
	return true;
}

bool api_log_checkpoint(struct request *rq, struct store *st, struct err *err)
{
	return answer(rq, "text/plain; charset=utf-8", NULL, log_checkpoint(PROCTOR, st, OUT, err));
}

/* A tile is named by the first entry and its width: what is answered once never changes. */
bool api_log_tile(struct request *rq, struct store *st, struct err *err)
{
	return answer(rq, "application/octet-stream", "public, max-age=31536000, immutable", log_tile(PROCTOR, st, rq->params[0], OUT, err));
}

bool api_add_checkpoint(struct request *rq, struct store *st, struct err *err)
{
	int status;
	if (!witness_add_checkpoint(PROCTOR, st, buf_str(&rq->body), &status, OUT, err))
		return false;
	rq->reply.status = (unsigned)status;
	rq->reply.type = status == MHD_HTTP_CONFLICT ? "text/x.tlog.size" : "text/plain; charset=utf-8";
	return true;
}
