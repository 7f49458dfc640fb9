/* What the files of the server share: the server itself, a request with its reply, and the route table. */
#pragma once
#include "server.h"
#include "store/writer.h"
#include <microhttpd.h>
#include <netinet/in.h>

#define PARAMS_MAX 3
#define PARAM_SIZE 160
#define REPLY_HEADERS_MAX 4

struct server;
struct request;
struct pool;
struct relay;
struct terminal;

/* ---- Routes (routes.c) ---- */

enum where { ON_LOOP, ON_WRITER, ON_POOL, ON_BOXES, ON_SOCKET, ON_WAIT };
/* ON_SOCKET: with the boxes, and then the connection is a WebSocket. ON_WAIT: on threads that may wait for long; an author's server only */
enum access { ANYONE, CANDIDATE, AUTHOR, EXAMINER, OPERATOR, AUTHOR_HERE }; /* AUTHOR_HERE: not there but on an author's own server */
enum rate { RATE_NONE, RATE_SIGN_IN, RATE_BEGIN, RATE_BOX, RATE_VERIFY };

/* Fills rq->reply from rq->params, rq->json and rq->who on the store connection of its thread. */
typedef bool handler_fn(struct request *rq, struct store *st, struct err *err);

struct route {
	const char *method, *path; /* {name} takes one segment, {name…} the rest */
	enum access access;
	enum where where;
	enum rate rate;
	size_t body_max; /* 0: no body; else JSON, unless raw */
	handler_fn *handler;
	bool raw; /* the body's bytes are the handler's to read, whatever their type */
};
extern const struct route routes[];
extern const size_t n_routes;
/* Finds the route and fills rq->route and rq->params; ERR_NOT_FOUND or ERR_METHOD. */
MUST_CHECK bool route_find(struct request *rq, const char *method, const char *path, struct err *err);

bool route_known(const char *path); /* whether any method has a route there */

/* ---- A request and its reply (request.c) ---- */

struct reply {
	unsigned status;
	const char *type;  /* Content-Type, static */
	const char *cache; /* Cache-Control of a 200, static; NULL: nothing is kept */
	struct buf body;
	const char *names[REPLY_HEADERS_MAX];
	char *values[REPLY_HEADERS_MAX]; /* owned */
	size_t n_headers;
	int fd; /* instead of body, if not 0: the first fd_size bytes of a file; owned */
	uint64_t fd_size;
	struct MHD_Response *shared; /* instead of body: an asset, one for everybody */
};

struct request {
	struct writer_job job; /* must be first: the writer hands jobs back */
	struct request *next;  /* in the pool's lists */
	struct server *server;
	struct MHD_Connection *connection;
	const struct route *route;
	char params[PARAMS_MAX][PARAM_SIZE];
	struct buf body;
	cJSON *json;
	struct caller who;
	struct reply reply;
	struct err err;
	struct terminal *terminal; /* what the socket will be, until it is there; owned */
	uint64_t rate_key;         /* of the bucket that it took a token from; 0: none */
	bool head, asset, accepted, done, failed;
};

void request_destroy(struct request *rq);
/* A 200 with the JSON in rq->reply.body. */
void reply_json(struct request *rq, unsigned status);
/* A 200 that anybody may read from any page, and keep for a while: the public record. */
void reply_public(struct request *rq, const char *type, const char *cache);
/* The same for a credential: as application/vc, or as JSON to whoever asks for JSON. */
void reply_vc(struct request *rq, const char *cache);
void reply_header(struct request *rq, const char *name, char *value); /* takes value */
void reply_problem(struct request *rq, const struct err *err);
enum MHD_Result reply_send(struct request *rq);
/* A header of the request, or NULL. */
const char *request_header(const struct request *rq, const char *name);
const char *request_query(const struct request *rq, const char *name);
/* On the pool: runs fn on the writer and waits. */
MUST_CHECK bool request_on_writer(struct request *rq, bool (*fn)(struct request *rq, struct store *wr, void *arg, struct err *err),
                                  void *arg, struct err *err);

/* ---- Guards (guard.c) ---- */

/* Host, origin, sign-in, role, CSRF token and rates, in this order; fills rq->who. */
MUST_CHECK bool guard_request(struct request *rq, const char *method, struct err *err);
/* Gives the token back: a sign-in that succeeds costs nothing, so that a class behind one address can sign in at once. */
void guard_refund(struct request *rq);
struct guard;
struct guard *guard_create(bool rate_limits);
void guard_destroy(struct guard *g);
const char *guard_cookie(const struct request *rq, char out[64]); /* the session cookie's value, or NULL */
#define SESSION_COOKIE "__Host-assay"

/* ---- The handshake of a WebSocket (handshake.c) ---- */

MUST_CHECK bool handshake_check(struct request *rq, struct err *err);
/* The answer; when it is sent, rq->terminal gets the socket. */
enum MHD_Result handshake_send(struct request *rq);

/* ---- Deadlines of connections (deadline.c) ---- */

struct connections;
struct connections *connections_create(const struct server_config *config);
void connections_destroy(struct connections *c);
void connections_notify(void *arg, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode what);
void connection_reading_body(struct MHD_Connection *connection);
void connection_working(struct MHD_Connection *connection); /* ours: no deadline */
void connection_idle(struct MHD_Connection *connection);
void connection_upgraded(struct MHD_Connection *connection);   /* a WebSocket: the relay has its own */
void connections_sweep(struct connections *c, int64_t now_ms); /* shuts down what is overdue */
size_t connections_count(const struct connections *c);

/* ---- Pool (pool.c) ---- */

MUST_CHECK bool pool_create(struct server *server, unsigned threads, struct pool **ret, struct err *err);
void pool_destroy(struct pool *pool); /* finishes what is queued */
MUST_CHECK bool pool_submit(struct pool *pool, struct request *rq, struct err *err);
int pool_event_fd(const struct pool *pool);
struct request *pool_finished(struct pool *pool);

/* ---- Assets (assets.c; the table itself is made by the build) ---- */

struct embedded {
	const char *path, *type;
	bool immutable;
	const unsigned char *plain, *plain_end, *gz, *gz_end, *br, *br_end; /* gz, br: or NULL */
};
extern const struct embedded embedded_assets[];
extern const size_t n_embedded_assets;
struct assets;
struct assets *assets_create(void);
void assets_destroy(struct assets *a);
/* An asset, or the page shell for the client's own addresses; NULL when there is none. *ret_status is 200, 304 or 404. */
struct MHD_Response *assets_find(struct assets *a, struct MHD_Connection *connection, const char *path, unsigned *ret_status);

/* ---- The server ---- */

struct server {
	struct server_config config;
	struct proctor *proctor;
	struct store *reader; /* the loop's */
	struct writer *writer;
	struct pool *pool, *boxes; /* boxes: for what waits for the launcher of boxes */
	struct author *author;     /* on an author's server, else NULL; with the pool for what waits */
	struct pool *waits;
	struct watch *watch;
	struct relay *relay;
	struct guard *guard;
	struct connections *connections;
	struct assets *assets;
	struct MHD_Daemon *daemon;
	struct sockaddr_storage address;
	char url[80];
	unsigned port;
	bool loopback;
	char local_csrf[44];
	size_t in_flight;                 /* suspended requests */
	uint64_t requests, saves, errors; /* for /metrics; loop thread */
	bool storage_failed;              /* as last said in the log */
	struct err failure;               /* why it has to stop, or ERR_NONE */
	int64_t started_ms;
};

enum MHD_Result http_access(void *arg, struct MHD_Connection *connection, const char *path, const char *method, const char *version,
                            const char *upload, size_t *upload_size, void **context);
void http_completed(void *arg, struct MHD_Connection *connection, void **context, enum MHD_RequestTerminationCode how);
/* A finished request of the writer or the pool: its connection goes on. */
void http_resume(struct request *rq);
