/* The terminal of a task, and its recordings. See api.h. */
#include "api.h"
#include "relay.h"

#define PROCTOR rq->server->proctor

static bool number_of(const struct request *rq, const char *name, int64_t max, int64_t otherwise, int64_t *ret, struct err *err)
{
	const char *text = request_query(rq, name);
	*ret = otherwise;
	if (!text || str_to_i64(str_of(text), 1, max, ret))
		return true;
	return err_set(err, ERR_USAGE, "%s must be a number from 1 to %lld", name, (long long)max);
}

/* On the pool: opening a box may take its time. The socket comes when the answer has been sent; see handshake.c. */
bool api_terminal(struct request *rq, struct store *st, struct err *err)
{
	int64_t shell, rows, cols;
	struct task_terminal task;
	if (!number_of(rq, "shell", TASK_SHELLS_MAX, 1, &shell, err) || !number_of(rq, "rows", TERMINAL_SIZE_MAX, 24, &rows, err) ||
	    !number_of(rq, "cols", TERMINAL_SIZE_MAX, 80, &cols, err))
		return false;
	if (!task_terminal(PROCTOR, st, &rq->who, rq->params[0], rq->params[1], (int)shell, (unsigned)rows, (unsigned)cols, &task, err))
		return false;
	return relay_admit(rq->server->relay, &task, (int)shell, (unsigned)rows, (unsigned)cols, &rq->terminal, err);
}

bool api_recording_list(struct request *rq, struct store *st, struct err *err)
{
	if (!task_recordings_json(PROCTOR, st, &rq->who, rq->params[0], rq->params[1], &rq->reply.body, err))
		return false;
	reply_json(rq, MHD_HTTP_OK);
	return true;
}

bool api_recording(struct request *rq, struct store *st, struct err *err)
{
	int64_t shell = 0, size;
	if (!str_to_i64(str_of(rq->params[2]), 1, TASK_SHELLS_MAX, &shell))
		shell = 0;
	if (!task_recording_open(PROCTOR, st, &rq->who, rq->params[0], rq->params[1], (int)shell, &rq->reply.fd, &size, err))
		return false;
	rq->reply.fd_size = (uint64_t)size;
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = "application/x-asciicast";
	return true;
}
