/* POST /api/v1/verify: what `assay verify` says, with the keys of this server as those that are trusted. See proctor/verify.h. */
#include "api.h"
#include "proctor/verify.h"

bool api_verify(struct request *rq, struct store *st, struct err *err)
{
	if (!verify_for_others(rq->server->proctor, st, &rq->who, buf_str(&rq->body), &rq->reply.body, err))
		return false;
	reply_json(rq, MHD_HTTP_OK);
	return true;
}
