/* The API's handlers: review of an author's questions. See api.h and proctor/author.h. */
#include "api.h"
#include "proctor/author.h"

static bool ok_json(struct request *rq, bool ok)
{
	if (ok)
		reply_json(rq, MHD_HTTP_OK);
	return ok;
}

bool api_author_review(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_review_json(rq->server->author, rq->params[0], &rq->reply.body, err));
}

bool api_author_review_next(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_review_next(rq->server->author, rq->json, &rq->reply.body, err));
}

bool api_author_review_answer(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_review_answer(rq->server->author, rq->json, &rq->reply.body, err));
}

bool api_author_review_record(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_review_record(rq->server->author, rq->json, &rq->reply.body, err));
}
