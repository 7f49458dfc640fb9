/* The API's handlers: an author's folder. See api.h and proctor/author.h. There is one only on a server that `assay author` runs; on any
 * other its addresses are not there (routes.c). */
#include "api.h"
#include "proctor/author.h"
#include "watch.h"

#define AUTHOR rq->server->author
#define OUT &rq->reply.body

static bool ok_json(struct request *rq, bool ok)
{
	if (ok)
		reply_json(rq, MHD_HTTP_OK);
	return ok;
}

/* The folder has changed: its exams are offered as they are now a moment later. */
static bool ok_changed(struct request *rq, bool ok)
{
	if (ok)
		watch_poke(rq->server->watch);
	return ok_json(rq, ok);
}

static bool get_path(struct request *rq, const char **ret, struct err *err)
{
	const char *path = request_query(rq, "path");
	if (!path || !*path)
		return err_set(err, ERR_USAGE, "path names a file of the bank");
	*ret = path;
	return true;
}

/* A conflict also tells what the folder has: a problem with one member more. */
static bool ok_or_theirs(struct request *rq, bool ok, const struct buf *theirs, struct err *err)
{
	if (ok || err->code != ERR_CONFLICT || !theirs->len)
		return ok_changed(rq, ok);
	reply_problem(rq, err);
	buf_cut(OUT, rq->reply.body.len - 1);
	buf_addf(OUT, ",\"theirs\":");
	buf_addv(OUT, buf_str(theirs));
	buf_addc(OUT, '}');
	return true;
}

bool api_author_show(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_show_json(AUTHOR, OUT, err));
}

bool api_author_change(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	const char *text = request_query(rq, "since");
	int64_t since;
	if (!text || !str_to_i64(str_of(text), 0, INT64_MAX, &since))
		return err_set(err, ERR_USAGE, "since is the number of the last change that is known");
	return ok_json(rq, author_change_json(AUTHOR, since, OUT, err));
}

bool api_author_file(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	const char *path;
	return get_path(rq, &path, err) && ok_json(rq, author_file_json(AUTHOR, path, OUT, err));
}

bool api_author_file_put(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	const char *path;
	_cleanup_buf_ struct buf theirs = BUF(AUTHOR_BODY_MAX);
	return get_path(rq, &path, err) && ok_or_theirs(rq, author_file_put(AUTHOR, path, rq->json, OUT, &theirs, err), &theirs, err);
}

bool api_author_file_delete(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	const char *path;
	_cleanup_buf_ struct buf theirs = BUF(AUTHOR_BODY_MAX);
	return get_path(rq, &path, err) && ok_or_theirs(rq, author_file_delete(AUTHOR, path, rq->json, OUT, &theirs, err), &theirs, err);
}

bool api_author_undo(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_changed(rq, author_undo(AUTHOR, rq->json, OUT, err));
}

bool api_author_check(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_check(AUTHOR, rq->json, OUT, err));
}

bool api_author_preview(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_preview(AUTHOR, rq->json, OUT, err));
}

bool api_author_order(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	_cleanup_buf_ struct buf theirs = BUF(AUTHOR_BODY_MAX);
	return ok_or_theirs(rq, author_order(AUTHOR, rq->json, OUT, &theirs, err), &theirs, err);
}

bool api_author_media(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_media_put(AUTHOR, rq->json, OUT, err));
}

bool api_author_feasible(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_feasible(AUTHOR, rq->json, OUT, err));
}

bool api_author_sample(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_sample(AUTHOR, rq->json, OUT, err));
}

bool api_author_task_run(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	if (!author_task_run(AUTHOR, rq->params[0], rq->json, OUT, err))
		return false;
	reply_json(rq, MHD_HTTP_ACCEPTED);
	return true;
}

bool api_author_job(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_job_json(AUTHOR, rq->params[0], OUT, err));
}

bool api_author_bench_run(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, author_bench_run(AUTHOR, rq->server->proctor, st, &rq->who, rq->params[0], rq->params[1], rq->json, OUT, err));
}

bool api_author_bench_grade(struct request *rq, struct store *st, struct err *err)
{
	return ok_json(rq, author_bench_grade(AUTHOR, rq->server->proctor, st, &rq->who, rq->params[0], rq->params[1], OUT, err));
}

bool api_author_parse(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_parse(AUTHOR, rq->json, OUT, err));
}

bool api_author_write(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_json(rq, author_write(AUTHOR, rq->json, OUT, err));
}

bool api_author_rename(struct request *rq, struct store *st, struct err *err)
{
	(void)st;
	return ok_changed(rq, author_rename(AUTHOR, rq->json, OUT, err));
}
