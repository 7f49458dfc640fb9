/* HTTP with libcurl. See fetch.h.
 *
 * The library is loaded when something is fetched, not when the program starts: it brings some thirty others along, and the server, which
 * fetches nothing, has no use for 6 MB of them. */
#include "cli/fetch.h"
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>

#define LIBRARY "libcurl.so.4"
#define TIMEOUT_MS 15000L
#define CONNECT_TIMEOUT_MS 5000L
#define REDIRECTS_MAX 3
#define USER_AGENT "assay/" ASSAY_VERSION

static struct {
	__typeof__(curl_global_init) *global_init;
	__typeof__(curl_global_cleanup) *global_cleanup;
	__typeof__(curl_free) *free;
	__typeof__(curl_url) *url;
	__typeof__(curl_url_set) *url_set;
	__typeof__(curl_url_get) *url_get;
	__typeof__(curl_url_cleanup) *url_cleanup;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_perform) *easy_perform;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_easy_strerror) *easy_strerror;
} curl;
static bool loaded;

static bool load(struct err *err)
{
	const struct {
		const char *name;
		void *place;
	} functions[] = {
	    {"curl_global_init", &curl.global_init},
	    {"curl_global_cleanup", &curl.global_cleanup},
	    {"curl_free", &curl.free},
	    {"curl_url", &curl.url},
	    {"curl_url_set", &curl.url_set},
	    {"curl_url_get", &curl.url_get},
	    {"curl_url_cleanup", &curl.url_cleanup},
	    {"curl_easy_init", &curl.easy_init},
	    {"curl_easy_setopt", &curl.easy_setopt},
	    {"curl_easy_perform", &curl.easy_perform},
	    {"curl_easy_getinfo", &curl.easy_getinfo},
	    {"curl_easy_cleanup", &curl.easy_cleanup},
	    {"curl_easy_strerror", &curl.easy_strerror},
	};
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL); /* until the program ends */
	bool ok = library != NULL;
	for (size_t i = 0; ok && i < ARRAY_SIZE(functions); i++) {
		void *f = dlsym(library, functions[i].name);
		memcpy(functions[i].place, &f, sizeof f);
		ok = f != NULL;
	}
	if (!ok || curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ERR_IO, "nothing can be fetched, since " LIBRARY " is missing or too old");
	return loaded = true;
}

void fetch_stop(void)
{
	if (loaded)
		curl.global_cleanup();
	loaded = false;
}

/* ---- Addresses ---- */

struct address {
	char *scheme, *host, *user, *port;
};

static void address_finish(struct address *a)
{
	curl.free(a->scheme);
	curl.free(a->host);
	curl.free(a->user);
	curl.free(a->port);
}

static bool address_read(const char *url, struct address *ret, struct err *err)
{
	CURLU *u = curl.url();
	if (!u)
		abort();
	*ret = (struct address){0};
	bool ok = curl.url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK && curl.url_get(u, CURLUPART_SCHEME, &ret->scheme, 0) == CURLUE_OK &&
	          curl.url_get(u, CURLUPART_HOST, &ret->host, 0) == CURLUE_OK &&
	          curl.url_get(u, CURLUPART_PORT, &ret->port, CURLU_DEFAULT_PORT) == CURLUE_OK;
	if (ok && curl.url_get(u, CURLUPART_USER, &ret->user, 0) == CURLUE_OK)
		ok = false;
	curl.url_cleanup(u);
	if (ok)
		return true;
	address_finish(ret);
	return err_set(err, ERR_INVALID, "'%.100s' is not an address that can be fetched", url);
}

static bool is_loopback(const char *host)
{
	static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcasecmp(host, names[i]) == 0)
			return true;
	return false;
}

/* https, or http on this machine. */
static bool may_fetch(const char *url, struct address *ret, struct err *err)
{
	if (!address_read(url, ret, err))
		return false;
	bool secure = strcmp(ret->scheme, "https") == 0, plain = strcmp(ret->scheme, "http") == 0;
	if (secure || (plain && is_loopback(ret->host)))
		return true;
	err_set(err, ERR_IO, plain ? "%s is not fetched without encryption" : "%s is not fetched: only https is", url);
	address_finish(ret);
	return false;
}

/* ---- One request ---- */

struct answer {
	struct buf *out;
	char next[VERIFY_URL_SIZE]; /* of a redirect */
	long status;
};

static size_t take(char *bytes, size_t size, size_t n, void *arg)
{
	struct answer *a = arg;
	buf_add(a->out, bytes, size * n);
	return a->out->overflow ? 0 : size * n;
}

static bool request(const char *url, struct answer *a, bool *ret_unreachable, struct err *err)
{
	char why[CURL_ERROR_SIZE] = "";
	char *next = NULL;
	CURL *c = curl.easy_init();
	if (!c)
		abort();
	*ret_unreachable = false;
	curl.easy_setopt(c, CURLOPT_URL, url);
	curl.easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https,http");
	curl.easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl.easy_setopt(c, CURLOPT_PROXY, ""); /* none, whatever the environment says */
	curl.easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl.easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl.easy_setopt(c, CURLOPT_USERAGENT, USER_AGENT);
	curl.easy_setopt(c, CURLOPT_ACCEPT_ENCODING, ""); /* the ceiling counts unpacked bytes */
	curl.easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_TIMEOUT_MS);
	curl.easy_setopt(c, CURLOPT_TIMEOUT_MS, TIMEOUT_MS);
	curl.easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl.easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	curl.easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
	curl.easy_setopt(c, CURLOPT_WRITEDATA, a);
	CURLcode code = curl.easy_perform(c);
	curl.easy_getinfo(c, CURLINFO_RESPONSE_CODE, &a->status);
	curl.easy_getinfo(c, CURLINFO_REDIRECT_URL, &next);
	snprintf(a->next, sizeof a->next, "%s", next && strlen(next) < sizeof a->next ? next : "");
	curl.easy_cleanup(c);
	if (code == CURLE_OK)
		return true;
	*ret_unreachable = code == CURLE_SSL_CONNECT_ERROR || code == CURLE_COULDNT_CONNECT;
	if (a->out->overflow)
		return err_set(err, ERR_TOO_LARGE, "%s has more than %zu bytes", url, a->out->max);
	return err_set(err, ERR_IO, "%s cannot be fetched: %s", url, *why ? why : curl.easy_strerror(code));
}

/* To the same host, encrypted as before. */
static bool may_follow(const char *from, const char *to, struct err *err)
{
	struct address a, b;
	if (!may_fetch(from, &a, err))
		return false;
	if (!may_fetch(to, &b, err)) {
		address_finish(&a);
		return false;
	}
	bool same = strcmp(a.scheme, b.scheme) == 0 && strcasecmp(a.host, b.host) == 0 && strcmp(a.port, b.port) == 0;
	address_finish(&a);
	address_finish(&b);
	return same ? true : err_set(err, ERR_IO, "%s points elsewhere, to %.200s: that is not followed", from, to);
}

static bool follow(const char *url, size_t size_max, struct buf *out, char ret_from[VERIFY_URL_SIZE], bool *ret_unreachable,
                   struct err *err)
{
	char at[VERIFY_URL_SIZE];
	snprintf(at, sizeof at, "%s", url);
	for (int i = 0; i <= REDIRECTS_MAX; i++) {
		_cleanup_buf_ struct buf body = BUF(size_max);
		struct answer a = {.out = &body};
		if (!request(at, &a, ret_unreachable, err))
			return false;
		if (a.status == 200) {
			buf_addv(out, buf_str(&body));
			snprintf(ret_from, VERIFY_URL_SIZE, "%s", at);
			return buf_check(out, at, err);
		}
		if (a.status < 300 || a.status > 399 || !*a.next)
			return err_set(err, ERR_IO, "%s answers %ld", at, a.status);
		if (!may_follow(at, a.next, err))
			return false;
		memcpy(at, a.next, sizeof at);
	}
	return err_set(err, ERR_IO, "%s: too many redirects", url);
}

bool fetch_url(void *arg, const char *url, size_t size_max, struct buf *out, char ret_from[VERIFY_URL_SIZE], struct err *err)
{
	(void)arg;
	struct address a;
	bool unreachable, local;
	if (!loaded && !load(err))
		return false;
	if (strlen(url) >= VERIFY_URL_SIZE - 40)
		return err_set(err, ERR_TOO_LARGE, "the address is too long");
	if (!may_fetch(url, &a, err))
		return false;
	local = is_loopback(a.host) && strcmp(a.scheme, "https") == 0;
	address_finish(&a);
	if (follow(url, size_max, out, ret_from, &unreachable, err))
		return true;
	if (!local || !unreachable)
		return false;
	/* A server on this machine that has no TLS in front of it. */
	char plain[VERIFY_URL_SIZE];
	snprintf(plain, sizeof plain, "http%s", url + strlen("https"));
	if (!follow(plain, size_max, out, ret_from, &unreachable, err))
		return false;
	size_t len = strlen(ret_from);
	snprintf(ret_from + len, VERIFY_URL_SIZE - len, " (not encrypted: this machine)");
	return true;
}
