/* The API's handlers: marks by people. See api.h. Who is whose marker is the proctor's to say (proctor/marking.h). */
#include "api.h"
#include "proctor/marking.h"

#define PROCTOR rq->server->proctor
#define OUT &rq->reply.body
#define WHERE rq->params[0], rq->params[1]

static bool ok_json(struct request *rq, bool ok)
{
	if (ok)
		reply_json(rq, MHD_HTTP_OK);
	return ok;
}

bool api_marking_queue(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, marking_queue_json(PROCTOR, st, &rq->who, OUT, err));
}
bool api_marking_agreement(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, marking_agreement_json(PROCTOR, st, OUT, err));
}
bool api_marking_answer(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, marking_answer_json(PROCTOR, st, &rq->who, WHERE, OUT, err));
}
bool api_marking_give(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, marking_put_json(PROCTOR, st, &rq->who, WHERE, rq->json, OUT, err));
}

bool api_marking_undo(struct request *rq, struct store *st, struct err *err)
{
	rq->reply.status = MHD_HTTP_NO_CONTENT;
	return marking_delete(PROCTOR, st, &rq->who, WHERE, err);
}
