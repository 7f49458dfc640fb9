/* The verifier as one file, /verify.html: made by the client's build, with this server's trust file put in where the page has a place for
 * it, so that a copy of it knows the issuer also when the server is gone. It is data to the page: nothing of it runs. */
#include "api.h"
#include "proctor/keys.h"

#define PLACE "\"assay-trust\"" /* web/client/standalone/standalone.html */

static struct str page_bytes(void)
{
	for (size_t i = 0; i < n_embedded_assets; i++)
		if (strcmp(embedded_assets[i].path, "/verify.html") == 0)
			return (struct str){(const char *)embedded_assets[i].plain, (size_t)(embedded_assets[i].plain_end - embedded_assets[i].plain)};
	abort(); /* the build has made it */
}

/* JSON inside of a script element: without "<" nothing ends it, and nothing begins a comment. "<" only stands in strings. */
static void add_json_data(struct buf *out, struct str json)
{
	for (size_t i = 0; i < json.len; i++) {
		if (json.p[i] == '<')
			buf_adds(out, "\\u003c");
		else
			buf_addc(out, json.p[i]);
	}
}

bool api_verify_page(struct request *rq, struct store *st, struct err *err)
{
	_cleanup_buf_ struct buf trust = BUF(1 << 20);
	struct str page = page_bytes();
	const char *place = memmem(page.p, page.len, PLACE, strlen(PLACE));
	if (!place)
		abort();
	if (!keys_trust_json(rq->server->proctor, st, &trust, err) || !buf_check(&trust, "the trust file", err))
		return false;
	size_t at = (size_t)(place - page.p);
	buf_addv(&rq->reply.body, str_sub(page, 0, at));
	add_json_data(&rq->reply.body, buf_str(&trust));
	buf_addv(&rq->reply.body, str_sub(page, at + strlen(PLACE), page.len));
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = "text/html; charset=utf-8";
	reply_header(rq, "Content-Disposition", xstrdup("attachment; filename=\"assay-verify.html\""));
	reply_header(rq, "Content-Security-Policy", xstrdup("sandbox")); /* for whoever shows it all the same: it is no page of this server */
	return true;
}
