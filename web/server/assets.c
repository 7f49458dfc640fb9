/* The browser's files, embedded by the build: one shared response per asset and encoding, made at start.
 *
 * Names with a hash in them never change and are cached for ever; the page shell is revalidated by its ETag. Addresses of the client's
 * own pages get the shell. */
#include "base/hash.h"
#include "internal.h"
#include <stdio.h>

#define CSP                                                                                                                             \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src " \
	"'self'; "                                                                                                                          \
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

enum encoding { PLAIN, GZIP, BROTLI, ENCODINGS };

struct asset {
	const struct embedded *embedded;
	struct MHD_Response *responses[ENCODINGS];
	char etag[2 + HASH_HEX_SIZE];
};

struct assets {
	struct asset *list;
	size_t n;
	const struct asset *shell;
	struct asset camera; /* the shell once more, for the page that scans codes: no other may use the camera */
	struct MHD_Response *not_modified;
};

static struct MHD_Response *make(const struct asset *a, const unsigned char *from, const unsigned char *to, const char *encoding,
                                 bool camera)
{
	struct MHD_Response *r = MHD_create_response_from_buffer((size_t)(to - from), (void *)from, MHD_RESPMEM_PERSISTENT);
	if (!r)
		abort();
	MHD_add_response_header(r, "Content-Type", a->embedded->type);
	MHD_add_response_header(r, "Cache-Control", a->embedded->immutable ? "public, max-age=31536000, immutable" : "no-cache");
	MHD_add_response_header(r, "ETag", a->etag);
	MHD_add_response_header(r, "Vary", "Accept-Encoding");
	MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	if (encoding)
		MHD_add_response_header(r, "Content-Encoding", encoding);
	if (str_starts(str_of(a->embedded->type), "text/html")) {
		MHD_add_response_header(r, "Content-Security-Policy", CSP);
		MHD_add_response_header(r, "Referrer-Policy", "same-origin");
		MHD_add_response_header(r, "Cross-Origin-Opener-Policy", "same-origin");
		MHD_add_response_header(r, "Permissions-Policy",
		                        camera ? "camera=(self), microphone=(), geolocation=()" : "camera=(), microphone=(), geolocation=()");
	}
	return r;
}

static void prepare(struct asset *a, const struct embedded *e, bool camera)
{
	char hex[HASH_HEX_SIZE];
	a->embedded = e;
	hash_sha256_hex((struct str){(const char *)e->plain, (size_t)(e->plain_end - e->plain)}, hex);
	snprintf(a->etag, sizeof a->etag, "\"%.32s\"", hex);
	a->responses[PLAIN] = make(a, e->plain, e->plain_end, NULL, camera);
	if (e->gz)
		a->responses[GZIP] = make(a, e->gz, e->gz_end, "gzip", camera);
	if (e->br)
		a->responses[BROTLI] = make(a, e->br, e->br_end, "br", camera);
}

struct assets *assets_create(void)
{
	struct assets *a = xcalloc(1, sizeof *a);
	a->n = n_embedded_assets;
	a->list = xcalloc(a->n, sizeof *a->list);
	for (size_t i = 0; i < a->n; i++) {
		prepare(&a->list[i], &embedded_assets[i], false);
		if (strcmp(embedded_assets[i].path, "/") == 0)
			a->shell = &a->list[i];
	}
	prepare(&a->camera, a->shell->embedded, true);
	a->not_modified = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);
	return a;
}

static void destroy(struct asset *a)
{
	for (int e = 0; e < ENCODINGS; e++)
		if (a->responses[e])
			MHD_destroy_response(a->responses[e]);
}

void assets_destroy(struct assets *a)
{
	if (!a)
		return;
	for (size_t i = 0; i < a->n; i++)
		destroy(&a->list[i]);
	destroy(&a->camera);
	MHD_destroy_response(a->not_modified);
	free(a->list);
	free(a);
}

/* Addresses that the client draws itself. */
static bool is_page(const char *path)
{
	static const char *const pages[] = {"/exams/",  "/attempts/", "/study/", "/history", "/scoring",
	                                    "/sign-in", "/verify/",   "/author", "/marking"};
	for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
		if (strncmp(path, pages[i], strlen(pages[i])) == 0)
			return true;
	return false;
}

static const struct asset *find(const struct assets *a, const char *path, unsigned *ret_status)
{
	*ret_status = MHD_HTTP_OK;
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->list[i].embedded->path, path) == 0)
			return &a->list[i];
	if (strcmp(path, "/verify") == 0)
		return &a->camera;
	if (!is_page(path))
		*ret_status = MHD_HTTP_NOT_FOUND;
	return a->shell;
}

static bool accepts(const char *header, const char *encoding)
{
	const char *at = header ? strstr(header, encoding) : NULL;
	return at && strncmp(at + strlen(encoding), ";q=0", 4) != 0;
}

struct MHD_Response *assets_find(struct assets *assets, struct MHD_Connection *connection, const char *path, unsigned *ret_status)
{
	const struct asset *a = find(assets, path, ret_status);
	if (!a)
		return NULL;
	const char *known = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "If-None-Match");
	if (known && *ret_status == MHD_HTTP_OK && strstr(known, a->etag)) {
		*ret_status = MHD_HTTP_NOT_MODIFIED;
		return assets->not_modified;
	}
	const char *accept = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");
	if (a->responses[BROTLI] && accepts(accept, "br"))
		return a->responses[BROTLI];
	if (a->responses[GZIP] && accepts(accept, "gzip"))
		return a->responses[GZIP];
	return a->responses[PLAIN];
}
