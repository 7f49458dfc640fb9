/* The API's handlers: hands-on tasks. See api.h. They run on the threads for boxes, since each may wait for the launcher. */
#include "api.h"
#include <stdio.h>

#define PROCTOR rq->server->proctor
#define OUT &rq->reply.body
#define WHERE rq->params[0], rq->params[1]

static bool ok_json(struct request *rq, bool ok)
{
	if (ok)
		reply_json(rq, MHD_HTTP_OK);
	return ok;
}

bool api_task_show(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_state_json(PROCTOR, st, &rq->who, WHERE, OUT, err));
}
bool api_task_open(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_open(PROCTOR, st, &rq->who, WHERE, OUT, err));
}
bool api_task_reset(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_reset(PROCTOR, st, &rq->who, WHERE, OUT, err));
}
