/* The API's handlers: sign-in, health, metrics, pictures. See api.h. */
#include "api.h"
#include "base/clock.h"
#include "proctor/author.h"

bool api_session_show(struct request *rq, struct store *st, struct err *err)
{
	if (!account_session_json(rq->server->proctor, st, &rq->who, &rq->reply.body, err))
		return false;
	reply_json(rq, MHD_HTTP_OK);
	return true;
}

struct opening {
	int64_t account;
	char cookie[44];
};

static bool open_on_writer(struct request *rq, struct store *wr, void *arg, struct err *err)
{
	struct opening *o = arg;
	return account_session_open(rq->server->proctor, wr, o->account, o->cookie, err);
}

bool api_session_open(struct request *rq, struct store *st, struct err *err)
{
	const char *name = NULL, *password = NULL;
	struct opening o = {0};
	if (!json_get_str(rq->json, "", "name", 64, &name, err) || !json_get_str(rq->json, "", "password", 256, &password, err))
		return false;
	bool ok = account_verify(rq->server->proctor, st, name, password, &o.account, err) && request_on_writer(rq, open_on_writer, &o, err) &&
	          account_by_cookie(rq->server->proctor, st, o.cookie, &rq->who, err) &&
	          account_session_json(rq->server->proctor, st, &rq->who, &rq->reply.body, err);
	if (!ok)
		return false;
	reply_json(rq, MHD_HTTP_OK);
	reply_header(rq, "Set-Cookie", xasprintf("%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict", SESSION_COOKIE, o.cookie));
	return true;
}

bool api_session_close(struct request *rq, struct store *st, struct err *err)
{
	if (!account_session_close(rq->server->proctor, st, &rq->who, err))
		return false;
	rq->reply.status = MHD_HTTP_NO_CONTENT;
	reply_header(rq, "Set-Cookie", xasprintf("%s=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0", SESSION_COOKIE));
	return true;
}

bool api_health(struct request *rq, struct store *st, struct err *err)
{
	bool writable = writer_healthy(rq->server->writer);
	if (!proctor_health_json(rq->server->proctor, st, writable, &rq->reply.body, err))
		return false;
	reply_json(rq, writable ? MHD_HTTP_OK : MHD_HTTP_SERVICE_UNAVAILABLE);
	return true;
}

/* Prometheus' text format, version 0.0.4. */
bool api_metrics(struct request *rq, struct store *st, struct err *err)
{
	struct server *s = rq->server;
	struct work_counts work;
	if (!s->config.metrics)
		return err_set(err, ERR_NOT_FOUND, "metrics are off; see --metrics");
	if (!proctor_work_counts(s->proctor, st, &work, err))
		return false;
	struct buf *b = &rq->reply.body;
	buf_addf(b, "# TYPE assay_requests_total counter\nassay_requests_total %llu\n", (unsigned long long)s->requests);
	buf_addf(b, "# TYPE assay_problems_total counter\nassay_problems_total %llu\n", (unsigned long long)s->errors);
	buf_addf(b, "# TYPE assay_changes_total counter\nassay_changes_total %llu\n", (unsigned long long)s->saves);
	buf_addf(b, "# TYPE assay_connections gauge\nassay_connections %zu\n", connections_count(s->connections));
	buf_addf(b, "# TYPE assay_in_flight gauge\nassay_in_flight %zu\n", s->in_flight);
	buf_addf(b, "# TYPE assay_writable gauge\nassay_writable %d\n", writer_healthy(s->writer));
	buf_addf(b, "# TYPE assay_boxes_open gauge\nassay_boxes_open %lld\n", (long long)work.boxes);
	buf_addf(b, "# TYPE assay_gradings gauge\nassay_gradings{state=\"queued\"} %lld\n", (long long)work.queued);
	buf_addf(b, "assay_gradings{state=\"running\"} %lld\nassay_gradings{state=\"review\"} %lld\n", (long long)work.running,
	         (long long)work.review);
	buf_addf(b, "# TYPE assay_uptime_seconds gauge\nassay_uptime_seconds %lld\n",
	         (long long)((clock_monotonic_ms() - s->started_ms) / 1000));
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = "text/plain; version=0.0.4; charset=utf-8";
	return true;
}

/* /media/HASH.EXT: the name is the content, so it never changes. */
bool api_media(struct request *rq, struct store *st, struct err *err)
{
	char *dot = strchr(rq->params[0], '.');
	if (dot)
		*dot = 0;
	/* A picture that was just pasted is in the author's folder before it is in the store. */
	if (!media_get(rq->server->proctor, st, rq->params[0], &rq->reply.type, &rq->reply.body, err) &&
	    !(rq->server->author && author_media_get(rq->server->author, rq->params[0], &rq->reply.type, &rq->reply.body, err)))
		return false;
	rq->reply.status = MHD_HTTP_OK;
	reply_header(rq, "Content-Security-Policy", xstrdup("default-src 'none'; style-src 'unsafe-inline'; sandbox"));
	return true;
}
