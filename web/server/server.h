/* The HTTP server: one loop thread, one writer, a small pool.
 *
 * The loop waits on its own epoll for libmicrohttpd's descriptor, the writer's and the pool's finished work, and signals; libmicrohttpd
 * runs only when called (its internal epoll thread stalls when exactly k x 128 events are ready). Reads are answered
 * on the loop, changes go to the writer whole, slow work to the pool; their connections are suspended meanwhile. */
#pragma once
#include "base/err.h"
#include "proctor/proctor.h"

struct server_config {
	const char *data_dir;
	const char *const *bank_dirs;
	size_t n_bank_dirs;
	const char *params_program, *sandbox_program, *grader_program; /* paths; NULL: not there */
	const char *picture_program;                                   /* see proctor_config */
	bool require_signed;
	const char *witness_logs;              /* see proctor_config */
	const char *image_program;             /* see proctor_config */
	unsigned boxes_max, boxes_per_account; /* 0: the proctor's defaults */
	const int64_t *grading_waits_ms;       /* see proctor_config, as for the next one */
	bool (*grade)(struct sandbox *s, const struct grade_job *job, struct grade_result *ret, struct err *err);
	const char *author_by;    /* who that is */
	const char *author_dir;   /* the bank whose author this server is for; NULL: an ordinary server */
	const char *listen;       /* "127.0.0.1:8080", "[::1]:0" */
	const char *const *hosts; /* names that the server goes by, beside the loopback names */
	size_t n_hosts;
	const char *public_url, *passphrase_file; /* see proctor_config */
	bool metrics;                             /* serve /metrics on this listener */
	bool rate_limits;
	bool forwarded; /* a proxy in front names the client's address in X-Forwarded-For */
	unsigned connections_max, connections_per_address;
	int64_t header_deadline_ms, body_deadline_ms, idle_deadline_ms;
};

/* Defaults for everything but the folders. */
void server_config_init(struct server_config *config);
/* Runs until SIGINT or SIGTERM; prints one line with its address on stdout once it answers. */
MUST_CHECK bool server_run(const struct server_config *config, struct err *err);
/* The table of routes as JSON, for documentation tests. */
void server_routes_json(struct buf *out);
