/* The life of a request: head, body, guard, work on its thread, reply.
 *
 * libmicrohttpd calls http_access() first with the head, then with each piece of the body, then without one; after a suspended
 * connection is resumed it calls once more, and the reply is sent. A request that is refused by its head is answered
 * at once and its body is not read. */
#include "internal.h"

static enum MHD_Result refuse(struct request *rq, const struct err *err)
{
	rq->done = true;
	reply_problem(rq, err);
	connection_working(rq->connection);
	return reply_send(rq);
}

/* Sends what the handler made, or the problem. */
static enum MHD_Result answer(struct request *rq)
{
	if (rq->failed)
		reply_problem(rq, &rq->err);
	return reply_send(rq);
}

static bool run_on_writer(struct writer_job *job, struct store *wr, struct err *err)
{
	struct request *rq = (struct request *)job;
	return rq->route->handler(rq, wr, err);
}

/* Runs the request here, or gives it whole to its thread and suspends the connection; only this thread resumes it, so the order of the two
 * does not matter. */
static enum MHD_Result dispatch(struct request *rq)
{
	struct server *server = rq->server;
	const struct route *route = rq->route;
	bool ok;
	rq->job.run = run_on_writer;
	if (route->where == ON_LOOP)
		ok = route->handler(rq, server->reader, &rq->err);
	else if (route->where == ON_WRITER)
		ok = writer_submit(server->writer, &rq->job, &rq->err);
	else
		ok = pool_submit(route->where == ON_POOL ? server->pool : route->where == ON_WAIT ? server->waits : server->boxes, rq, &rq->err);
	if (ok && route->where != ON_LOOP) {
		MHD_suspend_connection(rq->connection);
		server->in_flight++;
		return MHD_YES;
	}
	rq->failed = !ok;
	rq->done = true;
	return answer(rq);
}

/* "application/json", with or without parameters. */
static bool is_json(const char *type)
{
	struct str rest = str_of(type ? type : ""), name;
	return str_next_field(&rest, ';', &name) && str_eq_nocase(str_trim(name), str_of("application/json"));
}

static bool parse_body(struct request *rq, struct err *err)
{
	if (!rq->route->body_max)
		return rq->body.len ? err_set(err, ERR_USAGE, "this address takes no body") : true;
	if (!buf_check(&rq->body, "the body", err))
		return false;
	if (!rq->body.len && !strcmp(rq->route->method, "POST") && rq->route->where != ON_POOL)
		return true; /* handlers with optional bodies see NULL */
	if (rq->route->raw)
		return true;
	if (!is_json(request_header(rq, "Content-Type")))
		return err_set(err, ERR_UNSUPPORTED, "the body must be application/json");
	if (!json_parse(buf_str(&rq->body), &rq->json, err))
		return false;
	return cJSON_IsObject(rq->json) ? true : err_set(err, ERR_INVALID, "the body must be a JSON object");
}

static enum MHD_Result body_complete(struct request *rq)
{
	connection_working(rq->connection);
	if (!rq->failed)
		rq->failed = !parse_body(rq, &rq->err);
	rq->accepted = true;
	rq->done = rq->failed;
	return rq->failed ? answer(rq) : dispatch(rq);
}

#define DISCARD_MAX 65536

/* What the head promises; a body of unknown length (chunked) is bounded as it arrives. */
static int64_t body_length(const struct request *rq)
{
	const char *length = request_header(rq, "Content-Length");
	int64_t n = 0;
	return length && !str_to_i64(str_of(length), 0, INT64_MAX, &n) ? INT64_MAX : n;
}

struct framing {
	unsigned lengths, encodings;
	bool odd;
};

static enum MHD_Result look_at_framing(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	struct framing *f = arg;
	struct str n = str_of(name), trimmed = str_trim(n);
	f->odd |= trimmed.len != n.len; /* "Transfer-Encoding :" */
	f->lengths += str_eq_nocase(n, str_of("Content-Length"));
	if (str_eq_nocase(n, str_of("Transfer-Encoding"))) {
		f->encodings++;
		f->odd |= !value || !str_eq_nocase(str_of(value), str_of("chunked"));
	}
	return MHD_YES;
}

/* Where a body ends must not be a matter of opinion: a proxy in front that reads it otherwise would take a part of it for the next request
 * (RFC 9112, section 6.3). */
static bool check_framing(const struct request *rq, struct err *err)
{
	struct framing f = {0};
	MHD_get_connection_values(rq->connection, MHD_HEADER_KIND, look_at_framing, &f);
	if (f.odd || f.lengths + f.encodings > 1)
		return err_set(err, ERR_USAGE, "the headers do not say in one way where the body ends");
	return true;
}

/* The head is there: is there such a route, may this caller use it, and is the body small enough? */
static bool check_head(struct request *rq, const char *method, const char *path, struct err *err)
{
	if (!route_find(rq, method, path, err) || !guard_request(rq, method, err))
		return false;
	size_t max = rq->route->body_max;
	if (body_length(rq) > (int64_t)max)
		return max ? err_set(err, ERR_TOO_LARGE, "the body may have at most %zu bytes", max)
		           : err_set(err, ERR_USAGE, "this address takes no body");
	buf_init(&rq->body, max);
	return true;
}

static enum MHD_Result serve_asset(struct server *server, struct MHD_Connection *connection, const char *path)
{
	unsigned status;
	struct MHD_Response *response = assets_find(server->assets, connection, path, &status);
	return response ? MHD_queue_response(connection, status, response) : MHD_NO;
}

static bool is_asset(const char *path, const char *method)
{
	bool reads = !strcmp(method, "GET") || !strcmp(method, "HEAD");
	return reads && strncmp(path, "/api/", 5) != 0 && strncmp(path, "/media/", 7) != 0 && !route_known(path);
}

static bool check_asset(struct request *rq, const char *method, struct err *err)
{
	if (!guard_request(rq, method, err))
		return false;
	return body_length(rq) == 0 ? true : err_set(err, ERR_USAGE, "this address takes no body");
}

static enum MHD_Result first_call(struct server *server, struct MHD_Connection *connection, const char *path, const char *method,
                                  void **context)
{
	server->requests++;
	struct request *rq = xcalloc(1, sizeof *rq);
	rq->server = server;
	rq->connection = connection;
	rq->head = !strcmp(method, "HEAD");
	buf_init(&rq->body, 0);
	buf_init(&rq->reply.body, 64 << 20);
	*context = rq;
	connection_reading_body(connection);
	struct err err = {0};
	if (!check_framing(rq, &err)) {
		reply_header(rq, "Connection", xstrdup("close"));
		return refuse(rq, &err);
	}
	rq->asset = is_asset(path, method);
	if (rq->asset ? check_asset(rq, method, &err) : check_head(rq, method, path, &err))
		return MHD_YES;
	if (body_length(rq) > DISCARD_MAX)
		return refuse(rq, &err);
	rq->err = err; /* answered once the small body is read: some clients do not look before they have sent it */
	rq->failed = true;
	return MHD_YES;
}

enum MHD_Result http_access(void *arg, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
                            const char *upload, size_t *upload_size, void **context)
{
	(void)version;
	struct request *rq = *context;
	if (!rq)
		return first_call(arg, connection, path, method, context);
	if (*upload_size) {
		buf_add(&rq->body, upload, *upload_size); /* above the ceiling: found when the body is complete, nothing is kept */
		*upload_size = 0;
		return MHD_YES;
	}
	if (rq->done)
		return answer(rq);
	if (rq->asset && !rq->failed) { /* not in the first call: libmicrohttpd would close the connection behind it */
		rq->done = true;
		connection_working(connection);
		return serve_asset(rq->server, connection, path);
	}
	return rq->accepted ? MHD_YES : body_complete(rq);
}

void http_completed(void *arg, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode how)
{
	(void)arg;
	(void)how;
	connection_idle(connection);
	request_destroy(*context);
	*context = NULL;
}

void http_resume(struct request *rq)
{
	if (rq->route->where == ON_WRITER) {
		rq->failed = !rq->job.ok;
		rq->err = rq->job.err;
	}
	if (!rq->failed && rq->route->rate == RATE_SIGN_IN)
		guard_refund(rq);
	rq->done = true;
	rq->server->in_flight--;
	MHD_resume_connection(rq->connection);
}
