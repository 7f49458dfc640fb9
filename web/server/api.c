/* The API's handlers: exams, attempts, results. See api.h; sign-in and the rest are in api_session.c. */
#include "api.h"
#include "watch.h"
#include <stdio.h>

#define PROCTOR rq->server->proctor
#define OUT &rq->reply.body

static bool ok_json(struct request *rq, bool ok)
{
	if (ok)
		reply_json(rq, MHD_HTTP_OK);
	return ok;
}

bool api_exam_list(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, exam_list_json(PROCTOR, st, &rq->who, OUT, err));
}

bool api_exam_show(struct request *rq, struct store *st, struct err *err)
{
	char exam[2 * PARAM_SIZE + 2];
	snprintf(exam, sizeof exam, "%s/%s", rq->params[0], rq->params[1]);
	return ok_json(rq, exam_show_json(PROCTOR, st, &rq->who, exam, OUT, err));
}

static bool begin_on_writer(struct request *rq, struct store *wr, void *arg, struct err *err)
{
	return attempt_begin(PROCTOR, wr, &rq->who, arg, OUT, err);
}

/* The Location of what was made: its id is in the reply. */
static void add_location(struct request *rq)
{
	cJSON *tree = cJSON_ParseWithLength(rq->reply.body.p, rq->reply.body.len);
	const cJSON *id = cJSON_GetObjectItemCaseSensitive(tree, "id");
	if (cJSON_IsString(id))
		reply_header(rq, "Location", xasprintf("/api/v1/attempts/%s", id->valuestring));
	cJSON_Delete(tree);
}

bool api_attempt_begin(struct request *rq, struct store *st, struct err *err)
{
	struct attempt_plan *plan = NULL;
	/* Authors begin with what they have just saved. */
	bool ok = (!rq->server->author || watch_look(rq->server->watch, err)) && attempt_plan(PROCTOR, st, &rq->who, rq->json, &plan, err) &&
	          request_on_writer(rq, begin_on_writer, plan, err);
	attempt_plan_destroy(plan);
	if (!ok)
		return false;
	reply_json(rq, MHD_HTTP_CREATED);
	add_location(rq);
	return true;
}

bool api_attempt_list(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_list_json(PROCTOR, st, &rq->who, OUT, err));
}
bool api_attempt_show(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_show_json(PROCTOR, st, &rq->who, rq->params[0], OUT, err));
}
bool api_attempt_clock(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_clock_json(PROCTOR, st, &rq->who, rq->params[0], OUT, err));
}
bool api_attempt_answer(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_answer(PROCTOR, st, &rq->who, rq->params[0], rq->params[1], rq->json, OUT, err));
}
bool api_attempt_note(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_note(PROCTOR, st, &rq->who, rq->params[0], rq->params[1], rq->json, OUT, err));
}
bool api_attempt_claim(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_claim(PROCTOR, st, &rq->who, rq->params[0], OUT, err));
}
bool api_attempt_move(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_move(PROCTOR, st, &rq->who, rq->params[0], rq->json, OUT, err));
}
bool api_attempt_section(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_section(PROCTOR, st, &rq->who, rq->params[0], rq->json, OUT, err));
}
bool api_attempt_submit(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_submit(PROCTOR, st, &rq->who, rq->params[0], OUT, err));
}

bool api_attempt_expectation(struct request *rq, struct store *st, struct err *err)
{
	rq->reply.status = MHD_HTTP_NO_CONTENT;
	return attempt_expectation(PROCTOR, st, &rq->who, rq->params[0], rq->json, err);
}

bool api_result(struct request *rq, struct store *st, struct err *err)
{
	bool pending = false;
	if (!result_json(PROCTOR, st, &rq->who, rq->params[0], &pending, OUT, err))
		return false;
	reply_json(rq, pending ? MHD_HTTP_ACCEPTED : MHD_HTTP_OK);
	return true;
}

bool api_result_signed(struct request *rq, struct store *st, struct err *err)
{
	if (!result_signed(PROCTOR, st, &rq->who, rq->params[0], OUT, err))
		return false;
	reply_json(rq, MHD_HTTP_OK);
	reply_header(rq, "Content-Disposition", xasprintf("attachment; filename=\"assay-result-%.8s.json\"", rq->params[0]));
	return true;
}

bool api_docs(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, attempt_docs_json(PROCTOR, st, &rq->who, rq->params[0], *rq->params[1] ? rq->params[1] : NULL, OUT, err));
}

bool api_docs_search(struct request *rq, struct store *st, struct err *err)
{
	const char *query = request_query(rq, "q");
	if (!query || !*query || strlen(query) > 200)
		return err_set(err, ERR_USAGE, "q must have 1 to 200 bytes");
	return ok_json(rq, attempt_docs_search_json(PROCTOR, st, &rq->who, rq->params[0], query, OUT, err));
}

bool api_progress(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, progress_json(PROCTOR, st, &rq->who, OUT, err));
}
