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
bool api_task_check(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_check(PROCTOR, st, &rq->who, WHERE, OUT, err));
}
bool api_task_hint(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_hint(PROCTOR, st, &rq->who, WHERE, OUT, err));
}
bool api_task_solution(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_solution(PROCTOR, st, &rq->who, WHERE, OUT, err));
}

bool api_task_files(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_files_json(PROCTOR, st, &rq->who, WHERE, request_query(rq, "path"), OUT, err));
}
bool api_task_file(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_file_json(PROCTOR, st, &rq->who, WHERE, request_query(rq, "path"), OUT, err));
}
bool api_task_file_put(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_file_put(PROCTOR, st, &rq->who, WHERE, rq->json, OUT, err));
}
bool api_task_upload(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, task_upload(PROCTOR, st, &rq->who, WHERE, rq->json, OUT, err));
}

/* The browser is to save it, whatever it is: it comes from a box. */
bool api_task_download(struct request *rq, struct store *st, struct err *err)
{
	if (!task_download(PROCTOR, st, &rq->who, WHERE, request_query(rq, "path"), OUT, err))
		return false;
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = "application/octet-stream";
	reply_header(rq, "Content-Disposition", xstrdup("attachment"));
	reply_header(rq, "Content-Security-Policy", xstrdup("default-src 'none'; sandbox"));
	return true;
}
