/* The API's handlers: pictures of certificates. See api.h.
 *
 * What is shared may be shown by pages of any origin. An SVG that somebody opens runs nothing: it has no scripts, and its policy would let
 * none run. Only the page of a few lines that is made for it may be framed. */
#include "api.h"
#include "proctor/certificate.h"
#include "proctor/keys.h"
#include "proctor/picture.h"

#define PROCTOR rq->server->proctor

/* Browsers show a PDF in a viewer of their own, which a stricter policy would break. */
static const char *policy(enum picture_format format)
{
	bool pdf = format == PICTURE_PDF_A4 || format == PICTURE_PDF_LETTER;
	return pdf ? "frame-ancestors 'self'" : "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";
}

/* Key and time of a seal. */
static bool tell_key_used(struct request *rq, struct store *wr, void *arg, struct err *err)
{
	const struct certificate_picture *p = arg;
	return key_used(PROCTOR, wr, KEY_CREDENTIALS, p->fresh_key, p->valid_until_ms, err);
}

static bool reply_picture(struct request *rq, struct store *st, enum picture_format format, const char *name, struct err *err)
{
	__attribute__((cleanup(certificate_picture_finish))) struct certificate_picture p = {0};
	if (!certificate_picture(PROCTOR, st, &rq->who, rq->params[0], format, &p, err) ||
	    (p.fresh_key && !request_on_writer(rq, tell_key_used, &p, err)))
		return false;
	rq->reply.body = p.bytes;
	p.bytes = (struct buf){0};
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = picture_media_type(format);
	reply_header(rq, "Content-Security-Policy", xstrdup(policy(format)));
	reply_header(rq, "Content-Disposition", xasprintf("inline; filename=\"%s\"", name));
	if (p.shared) {
		reply_header(rq, "Access-Control-Allow-Origin", xstrdup("*"));
		reply_header(rq, "Cross-Origin-Resource-Policy", xstrdup("cross-origin"));
	}
	return true;
}

bool api_picture_png(struct request *rq, struct store *st, struct err *err)
{
	return reply_picture(rq, st, PICTURE_PNG, "badge.png", err);
}
bool api_picture_svg(struct request *rq, struct store *st, struct err *err)
{
	return reply_picture(rq, st, PICTURE_SVG, "badge.svg", err);
}

bool api_picture_pdf(struct request *rq, struct store *st, struct err *err)
{
	const char *paper = request_query(rq, "paper");
	if (paper && strcmp(paper, "a4") != 0 && strcmp(paper, "letter") != 0)
		return err_set(err, ERR_USAGE, "paper is a4 or letter");
	return reply_picture(rq, st, paper && strcmp(paper, "letter") == 0 ? PICTURE_PDF_LETTER : PICTURE_PDF_A4, "certificate.pdf", err);
}

bool api_picture_embed(struct request *rq, struct store *st, struct err *err)
{
	if (!certificate_embed_html(PROCTOR, st, &rq->who, rq->params[0], &rq->reply.body, err))
		return false;
	rq->reply.status = MHD_HTTP_OK;
	rq->reply.type = "text/html; charset=utf-8";
	reply_header(rq, "Content-Security-Policy",
	             xstrdup("default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
	                     "frame-ancestors *"));
	return true;
}
