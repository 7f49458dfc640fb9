/* Requests and replies. See internal.h. */
#include "internal.h"
#include "relay.h"
#include <stdio.h>

void request_destroy(struct request *rq)
{
	if (!rq)
		return;
	buf_finish(&rq->body);
	buf_finish(&rq->reply.body);
	for (size_t i = 0; i < rq->reply.n_headers; i++)
		free(rq->reply.values[i]);
	if (rq->reply.fd > 0)
		close(rq->reply.fd);
	cJSON_Delete(rq->json);
	relay_dismiss(rq->server->relay, rq->terminal);
	free(rq);
}

const char *request_header(const struct request *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->connection, MHD_HEADER_KIND, name);
}
const char *request_query(const struct request *rq, const char *name)
{
	return MHD_lookup_connection_value(rq->connection, MHD_GET_ARGUMENT_KIND, name);
}

void reply_json(struct request *rq, unsigned status)
{
	rq->reply.status = status;
	rq->reply.type = "application/json";
}

void reply_public(struct request *rq, const char *type, const char *cache)
{
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = type;
	rq->reply.cache = cache;
	reply_header(rq, "Access-Control-Allow-Origin", xstrdup("*"));
}

/* Many verifiers take a reply for JSON only when its type says so, and ask for it. */
void reply_vc(struct request *rq, const char *cache)
{
	const char *accept = request_header(rq, "Accept");
	bool json = accept && strstr(accept, "json") && !strstr(accept, "application/vc");
	reply_public(rq, json ? "application/json" : "application/vc", cache);
	reply_header(rq, "Vary", xstrdup("Accept"));
}

void reply_header(struct request *rq, const char *name, char *value)
{
	struct reply *r = &rq->reply;
	if (r->n_headers == REPLY_HEADERS_MAX)
		abort();
	r->names[r->n_headers] = name;
	r->values[r->n_headers++] = value;
}

/* RFC 9457. */
void reply_problem(struct request *rq, const struct err *err)
{
	struct buf *b = &rq->reply.body;
	buf_clear(b);
	rq->server->errors++;
	int status = err_http_status(err->code);
	buf_adds(b, "{\"type\":\"about:blank\",\"title\":");
	buf_add_json(b, str_of(err_title(err->code)));
	buf_addf(b, ",\"status\":%d,\"code\":\"%s\",\"detail\":", status, err_name(err->code));
	bool hidden = err->code == ERR_INTERNAL || err->code == ERR_STORE || err->code == ERR_IO; /* paths and SQL stay in the log */
	buf_add_json(b, str_of(hidden ? "The details are in the server's log." : err->msg));
	buf_adds(b, err->extra);
	buf_addc(b, '}');
	rq->reply.status = (unsigned)status;
	rq->reply.type = "application/problem+json";
	if (err->code == ERR_BUSY || err->code == ERR_READ_ONLY || err->code == ERR_RATE_LIMIT)
		reply_header(rq, "Retry-After", xstrdup(err->code == ERR_BUSY ? "1" : "10"));
}

static const char *cache_rule(const struct request *rq)
{
	if (rq->reply.status != MHD_HTTP_OK || rq->failed)
		return "no-store";
	if (rq->reply.cache)
		return rq->reply.cache;
	return rq->route && strcmp(rq->route->path, "/media/{hash}") == 0 ? "public, max-age=31536000, immutable" : "no-store";
}

static struct MHD_Response *make_response(struct reply *r, bool failed)
{
	struct MHD_Response *response;
	if (r->fd > 0 && !failed) {
		response = MHD_create_response_from_fd64(r->fd_size, r->fd);
		if (response)
			r->fd = 0; /* its own */
		return response;
	}
	size_t len;
	char *bytes = buf_take(&r->body, &len);
	response = MHD_create_response_from_buffer(len, bytes, MHD_RESPMEM_MUST_FREE);
	if (!response)
		free(bytes);
	return response;
}

enum MHD_Result reply_send(struct request *rq)
{
	if (!rq->failed && rq->terminal)
		return handshake_send(rq);
	struct reply *r = &rq->reply;
	struct err err = {0};
	if (!rq->failed && !buf_check(&r->body, "the reply", &err)) {
		rq->failed = true;
		reply_problem(rq, &err);
	}
	struct MHD_Response *response = make_response(r, rq->failed);
	if (!response)
		return MHD_NO;
	if (r->type)
		MHD_add_response_header(response, "Content-Type", r->type);
	MHD_add_response_header(response, "Cache-Control", cache_rule(rq));
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	for (size_t i = 0; i < r->n_headers; i++)
		MHD_add_response_header(response, r->names[i], r->values[i]);
	enum MHD_Result queued = MHD_queue_response(rq->connection, r->status, response);
	MHD_destroy_response(response);
	return queued;
}

struct call {
	struct writer_job job;
	struct request *rq;
	bool (*fn)(struct request *rq, struct store *wr, void *arg, struct err *err);
	void *arg;
};

static bool run_call(struct writer_job *job, struct store *wr, struct err *err)
{
	struct call *call = (struct call *)job;
	return call->fn(call->rq, wr, call->arg, err);
}

bool request_on_writer(struct request *rq, bool (*fn)(struct request *rq, struct store *wr, void *arg, struct err *err), void *arg,
                       struct err *err)
{
	struct call call = {.job.run = run_call, .rq = rq, .fn = fn, .arg = arg};
	return writer_call(rq->server->writer, &call.job, err);
}
