/* The public record of keys: documents that anybody may read, from any page. See proctor/keys.h. */
#include "api.h"
#include "proctor/keys.h"

#define KEYS_CACHE "public, max-age=300"
#define STATUS_CACHE "public, max-age=60" /* a revocation is seen within a minute */

bool api_did(struct request *rq, struct store *st, struct err *err)
{
	if (!keys_did_json(rq->server->proctor, st, &rq->reply.body, err))
		return false;
	reply_public(rq, "application/did+ld+json", KEYS_CACHE);
	return true;
}

bool api_trust(struct request *rq, struct store *st, struct err *err)
{
	if (!keys_trust_json(rq->server->proctor, st, &rq->reply.body, err))
		return false;
	reply_public(rq, "application/json", KEYS_CACHE);
	return true;
}

bool api_status_list(struct request *rq, struct store *st, struct err *err)
{
	if (!status_list_by_name(rq->server->proctor, st, rq->params[0], &rq->reply.body, err))
		return false;
	reply_vc(rq, STATUS_CACHE);
	return true;
}
