/* Who may: the checks before any handler runs.
 *
 * Host: a loopback name with our port, or a configured name; so a page elsewhere cannot reach a local server by rebinding DNS.
 * Origin: a browser says where a changing request comes from; it must be this server. A browser's changes also carry the
 * session's token. Rates: token buckets in a fixed table, keyed by a hash of address or account. All of it on the loop thread. */
#include "base/clock.h"
#include "internal.h"
#include <arpa/inet.h>
#include <sodium.h>
#include <stdio.h>
#include <strings.h>

#define BUCKETS 4096
#define SIGN_INS 10.0  /* a minute and an address, failed ones */
#define BEGINS 30.0    /* a minute and an account */
#define BOXES 60.0     /* a minute and an account: openings, resets and checks */
#define VERIFIES 120.0 /* a minute and an address: it shares the pool with what begins exams */

struct bucket {
	uint64_t key;
	double tokens;
	int64_t at_ms;
};

struct guard {
	bool rate_limits;
	unsigned char key[crypto_shorthash_KEYBYTES];
	struct bucket buckets[BUCKETS];
};

struct guard *guard_create(bool rate_limits)
{
	struct guard *g = xcalloc(1, sizeof *g);
	g->rate_limits = rate_limits;
	randombytes_buf(g->key, sizeof g->key);
	return g;
}

void guard_destroy(struct guard *g)
{
	free(g);
}

/* ---- Host and origin ---- */

static bool is_loopback_name(struct str name)
{
	return str_eq_nocase(name, str_of("localhost")) || str_is(name, "127.0.0.1") || str_is(name, "[::1]");
}

static bool is_our_name(const struct server *server, struct str name)
{
	for (size_t i = 0; i < server->config.n_hosts; i++)
		if (str_eq_nocase(name, str_of(server->config.hosts[i])))
			return true;
	return is_loopback_name(name);
}

/* host[:port], where host may be [v6]. */
static struct str without_port(struct str host)
{
	size_t end = host.len;
	while (end > 0 && host.p[end - 1] != ':' && host.p[end - 1] != ']')
		end--;
	return end > 0 && host.p[end - 1] == ':' ? str_sub(host, 0, end - 1) : host;
}

static bool check_host(const struct request *rq, struct err *err)
{
	const char *host = request_header(rq, "Host");
	if (!host)
		return err_set(err, ERR_HOST, "the request has no Host");
	if (!is_our_name(rq->server, without_port(str_of(host))))
		return err_set(err, ERR_HOST, "this server does not go by '%.80s'; see --host", host);
	return true;
}

static bool origin_is_ours(const struct request *rq, const char *origin)
{
	struct str o = str_of(origin);
	if (str_starts(o, "https://"))
		o = str_sub(o, 8, o.len);
	else if (str_starts(o, "http://"))
		o = str_sub(o, 7, o.len);
	else
		return false; /* "null" and the like */
	const char *host = request_header(rq, "Host");
	return host && str_eq_nocase(o, str_of(host));
}

/* ---- Who ---- */

const char *guard_cookie(const struct request *rq, char out[64])
{
	const char *value = MHD_lookup_connection_value(rq->connection, MHD_COOKIE_KIND, SESSION_COOKIE);
	if (!value || strlen(value) >= 64)
		return NULL;
	memcpy(out, value, strlen(value) + 1);
	return out;
}

static bool identify(struct request *rq, struct err *err)
{
	struct server *server = rq->server;
	struct caller *who = &rq->who;
	char cookie[64];
	const char *bearer = request_header(rq, "Authorization");
	if (bearer && strncmp(bearer, "Bearer ", 7) == 0) {
		if (!account_by_token(server->proctor, server->reader, bearer + 7, who, err))
			return false;
	} else if (!account_any(server->proctor, server->reader)) {
		if (server->loopback) {
			account_local(server->proctor, who);
			memcpy(who->csrf, server->local_csrf, sizeof who->csrf);
		}
	} else if (guard_cookie(rq, cookie)) {
		struct err ignored;
		if (!account_by_cookie(server->proctor, server->reader, cookie, who, &ignored))
			*who = (struct caller){0}; /* an old cookie is nobody, so that signing in still works */
	}
	const char *lease = request_header(rq, "Assay-Lease");
	if (lease && !str_to_i64(str_of(lease), 1, INT64_MAX, &who->lease))
		return err_set(err, ERR_USAGE, "Assay-Lease is not a number");
	return true;
}

static bool check_role(const struct request *rq, struct err *err)
{
	static const enum role least[] = {[ANYONE] = ROLE_NONE,       [CANDIDATE] = ROLE_CANDIDATE, [AUTHOR] = ROLE_AUTHOR,
	                                  [EXAMINER] = ROLE_EXAMINER, [OPERATOR] = ROLE_OPERATOR,   [AUTHOR_HERE] = ROLE_OPERATOR};
	enum role wanted = least[rq->route->access];
	if (wanted != ROLE_NONE && rq->who.account == 0)
		return err_set(err, ERR_UNAUTHENTICATED, "sign in first");
	return rq->who.role >= wanted ? true : err_set(err, ERR_FORBIDDEN, "this needs another role");
}

static bool check_origin(const struct request *rq, struct err *err)
{
	const char *origin = request_header(rq, "Origin"), *site = request_header(rq, "Sec-Fetch-Site");
	if (origin && !origin_is_ours(rq, origin))
		return err_set(err, ERR_CSRF, "the request comes from another origin");
	if (site && strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0)
		return err_set(err, ERR_CSRF, "the request comes from another site");
	return true;
}

/* Browsers let any page open a WebSocket to anywhere, with cookies and without asking: Origin is all that there is, and they always send
 * it. */
static bool check_socket(struct request *rq, struct err *err)
{
	char cookie[64];
	const char *lease = request_query(rq, "lease");
	if (!check_origin(rq, err))
		return false;
	if (guard_cookie(rq, cookie) && !request_header(rq, "Origin"))
		return err_set(err, ERR_CSRF, "a browser's WebSocket has an Origin");
	if (lease && !str_to_i64(str_of(lease), 1, INT64_MAX, &rq->who.lease))
		return err_set(err, ERR_USAGE, "lease is not a number");
	return handshake_check(rq, err);
}

/* A browser shows itself by Origin or by its cookie; other programs need no token. */
static bool check_csrf(const struct request *rq, struct err *err)
{
	char cookie[64];
	const char *origin = request_header(rq, "Origin"), *site = request_header(rq, "Sec-Fetch-Site");
	if (!check_origin(rq, err))
		return false;
	bool browser = origin || site || guard_cookie(rq, cookie);
	if (!browser || rq->route->access == ANYONE)
		return true; /* signing in has no session yet; Origin was checked */
	const char *token = request_header(rq, "X-CSRF-Token");
	size_t len = strlen(rq->who.csrf);
	if (!token || strlen(token) != len || len == 0 || sodium_memcmp(token, rq->who.csrf, len) != 0)
		return err_set(err, ERR_CSRF, "the session's token is missing or old; load the page again");
	return true;
}

/* ---- Rates ---- */

static uint64_t bucket_key(const struct guard *g, char kind, const void *p, size_t len)
{
	unsigned char input[64] = {(unsigned char)kind};
	uint64_t key;
	memcpy(input + 1, p, len < 63 ? len : 63);
	crypto_shorthash((unsigned char *)&key, input, sizeof input, g->key);
	return key;
}

static bool take_token(struct guard *g, uint64_t key, double per_minute, double burst)
{
	struct bucket *b = &g->buckets[key % BUCKETS];
	int64_t now = clock_monotonic_ms();
	if (b->key != key)
		*b = (struct bucket){key, burst, now};
	b->tokens += (double)(now - b->at_ms) * per_minute / (double)MS_MINUTE;
	if (b->tokens > burst)
		b->tokens = burst;
	b->at_ms = now;
	if (b->tokens < 1)
		return false;
	b->tokens -= 1;
	return true;
}

struct address {
	unsigned char bytes[8];
	size_t len;
};

static void set_address(struct address *a, int family, const void *bytes)
{
	a->len = family == AF_INET6 ? 8 : 4; /* of IPv6 the /64 that one customer gets */
	memcpy(a->bytes, bytes, a->len);
}

static enum MHD_Result take_forwarded(void *arg, enum MHD_ValueKind kind, const char *name, const char *value)
{
	(void)kind;
	struct address *a = arg;
	if (!value || strcasecmp(name, "X-Forwarded-For") != 0)
		return MHD_YES;
	const char *comma = strrchr(value, ',');
	_cleanup_free_ char *text = str_dup(str_trim(str_of(comma ? comma + 1 : value)));
	unsigned char bytes[16];
	if (inet_pton(AF_INET, text, bytes) == 1)
		set_address(a, AF_INET, bytes);
	else if (inet_pton(AF_INET6, text, bytes) == 1)
		set_address(a, AF_INET6, bytes);
	return MHD_YES;
}

/* The client's: the peer's, or the last one that the proxy in front names. */
static void client_address(const struct request *rq, struct address *ret)
{
	const struct sockaddr *peer = MHD_get_connection_info(rq->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;
	if (peer->sa_family == AF_INET6)
		set_address(ret, AF_INET6, &((const struct sockaddr_in6 *)peer)->sin6_addr);
	else
		set_address(ret, AF_INET, &((const struct sockaddr_in *)peer)->sin_addr);
	if (rq->server->config.forwarded)
		MHD_get_connection_values(rq->connection, MHD_HEADER_KIND, take_forwarded, ret);
}

static bool check_rate(struct request *rq, struct err *err)
{
	struct guard *g = rq->server->guard;
	if (!g->rate_limits || rq->route->rate == RATE_NONE)
		return true;
	struct address a;
	bool ok;
	if (rq->route->rate == RATE_SIGN_IN) {
		client_address(rq, &a);
		rq->rate_key = bucket_key(g, 's', a.bytes, a.len);
		ok = take_token(g, rq->rate_key, SIGN_INS, SIGN_INS);
	} else if (rq->route->rate == RATE_VERIFY) {
		client_address(rq, &a);
		ok = take_token(g, bucket_key(g, 'v', a.bytes, a.len), VERIFIES, VERIFIES);
	} else if (rq->route->rate == RATE_BOX) {
		ok = take_token(g, bucket_key(g, 'x', &rq->who.account, sizeof rq->who.account), BOXES, BOXES);
	} else {
		ok = take_token(g, bucket_key(g, 'b', &rq->who.account, sizeof rq->who.account), BEGINS, BEGINS);
	}
	return ok ? true : err_set(err, ERR_RATE_LIMIT, "too many of these; wait a little");
}

void guard_refund(struct request *rq)
{
	struct guard *g = rq->server->guard;
	struct bucket *b = &g->buckets[rq->rate_key % BUCKETS];
	if (rq->rate_key && b->key == rq->rate_key && b->tokens + 1 <= SIGN_INS)
		b->tokens += 1;
}

bool guard_request(struct request *rq, const char *method, struct err *err)
{
	if (!check_host(rq, err))
		return false;
	if (!rq->route)
		return true; /* an asset */
	if (!identify(rq, err) || !check_role(rq, err))
		return false;
	if (rq->route->where == ON_SOCKET)
		return check_socket(rq, err);
	bool reads = !strcmp(method, "GET") || !strcmp(method, "HEAD");
	if (reads && rq->route->access == AUTHOR_HERE && !check_origin(rq, err))
		return false; /* nobody else's page has anything to do here */
	return (reads || check_csrf(rq, err)) && check_rate(rq, err);
}
