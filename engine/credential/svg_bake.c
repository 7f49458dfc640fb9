/* SVG: as Open Badges 3.0, section 5.3.2.2, an element <openbadges:credential> right behind the root's start, its JSON in CDATA; the seal's
 * element behind it.
 *
 * Expat reads (namespaces resolved, so that another prefix is no way around; comments and attributes never count); a document type is
 * refused, and with it every entity. Elements are cut out by their places in the file. */
#include "base/mem.h"
#include "credential/picture_parts.h"
#include <expat.h>

#define SEPARATOR "\x01"
#define ROOT "http://www.w3.org/2000/svg" SEPARATOR "svg"
#define OPENBADGES "https://purl.imsglobal.org/ob/v3p0"
#define CREDENTIAL OPENBADGES SEPARATOR "credential"
#define SEAL_NAMESPACE "urn:assay:picture"
#define SEAL SEAL_NAMESPACE SEPARATOR "seal"
#define DEPTH_MAX 256

struct reader {
	XML_Parser parser;
	struct str file;
	struct parts *parts;
	struct err *err;
	struct buf *open;        /* what the text belongs to, inside one of our elements */
	size_t from, drawn_upto; /* where that element begins; how much of the file was taken as drawn */
	size_t root_end;         /* behind the root's start tag; 0: not there yet */
	int depth;
	bool failed;
};

__attribute__((format(printf, 2, 3))) static void fail(struct reader *r, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	if (!r->failed)
		err_vset(r->err, ERR_INVALID, fmt, ap);
	va_end(ap);
	r->failed = true;
	XML_StopParser(r->parser, XML_FALSE);
}

static size_t event_end(struct reader *r)
{
	return (size_t)XML_GetCurrentByteIndex(r->parser) + (size_t)XML_GetCurrentByteCount(r->parser);
}

static void on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = arg;
	if (r->open)
		return fail(r, "the credential in the SVG has elements inside; it must be text");
	if (++r->depth > DEPTH_MAX)
		return fail(r, "the SVG is nested more than %d deep", DEPTH_MAX);
	if (r->depth == 1) {
		r->root_end = event_end(r);
		if (strcmp(name, ROOT) != 0)
			fail(r, "this is XML, but not an SVG");
		else if (r->file.p[r->root_end - 2] == '/')
			fail(r, "the SVG is empty");
		return;
	}
	bool credential = strcmp(name, CREDENTIAL) == 0;
	if (!credential && strcmp(name, SEAL) != 0)
		return;
	struct buf *part = credential ? &r->parts->credential : &r->parts->seal;
	if (r->depth != 2)
		return fail(r, "the credential in the SVG is not directly below its root");
	if (part->len)
		return fail(r, "the SVG holds two credentials or two seals");
	if (attributes[0])
		return fail(r, "the credential in the SVG is a JWT; only JSON with an embedded proof is known");
	r->open = part;
	r->from = (size_t)XML_GetCurrentByteIndex(r->parser);
}

static void trim(struct buf *b)
{
	_cleanup_free_ char *text = str_dup(str_trim(buf_str(b)));
	buf_clear(b);
	buf_adds(b, text);
}

static void on_end(void *arg, const XML_Char *name)
{
	struct reader *r = arg;
	(void)name;
	r->depth--;
	if (!r->open || r->failed)
		return;
	trim(r->open);
	if (r->open->len == 0)
		return fail(r, "the credential or the seal in the SVG is empty");
	r->open = NULL;
	buf_addv(&r->parts->drawn, str_sub(r->file, r->drawn_upto, r->from));
	r->drawn_upto = event_end(r);
}

static void on_text(void *arg, const XML_Char *text, int len)
{
	struct reader *r = arg;
	if (r->open)
		buf_add(r->open, text, (size_t)len);
}

static void on_doctype(void *arg, const XML_Char *name, const XML_Char *system, const XML_Char *public, int has_subset)
{
	(void)name, (void)system, (void)public, (void)has_subset;
	fail(arg, "the SVG has a document type, which could change what it says");
}

static bool parse(struct reader *r)
{
	if (r->file.len > INT32_MAX || !str_is_utf8(r->file, NULL))
		return err_set(r->err, ERR_INVALID, "the SVG is not UTF-8 text");
	r->parser = XML_ParserCreateNS("UTF-8", SEPARATOR[0]);
	if (!r->parser)
		abort();
	XML_SetUserData(r->parser, r);
	XML_SetElementHandler(r->parser, on_start, on_end);
	XML_SetCharacterDataHandler(r->parser, on_text);
	XML_SetStartDoctypeDeclHandler(r->parser, on_doctype);
	bool ok = XML_Parse(r->parser, r->file.p, (int)r->file.len, 1) == XML_STATUS_OK;
	if (!ok && !r->failed)
		err_set(r->err, ERR_INVALID, "the SVG is not well-formed at line %lu: %s", XML_GetCurrentLineNumber(r->parser),
		        XML_ErrorString(XML_GetErrorCode(r->parser)));
	XML_ParserFree(r->parser);
	return ok && !r->failed;
}

bool svg_split(struct str file, struct parts *ret, struct err *err)
{
	struct reader r = {.file = file, .parts = ret, .err = err};
	if (!parse(&r))
		return false;
	buf_addv(&ret->drawn, str_sub(file, r.drawn_upto, file.len));
	return true;
}

/* CDATA cannot hold its own end: it is cut in two there. XML has no characters U+FFFE and U+FFFF. */
static bool add_cdata(struct buf *out, struct str text, struct err *err)
{
	if (memmem(text.p, text.len, "\xef\xbf\xbe", 3) || memmem(text.p, text.len, "\xef\xbf\xbf", 3))
		return err_set(err, ERR_INVALID, "the credential has a character that XML cannot hold");
	buf_adds(out, "<![CDATA[");
	for (const char *end; (end = memmem(text.p, text.len, "]]>", 3));) {
		size_t upto = (size_t)(end - text.p) + 2;
		buf_addv(out, str_sub(text, 0, upto));
		buf_adds(out, "]]><![CDATA[");
		text = str_sub(text, upto, text.len);
	}
	buf_addv(out, text);
	buf_adds(out, "]]>");
	return true;
}

static bool add_element(struct buf *out, const char *name, const char *namespace_declaration, struct str text, struct err *err)
{
	buf_addf(out, "<%s %s>", name, namespace_declaration);
	if (!add_cdata(out, text, err))
		return false;
	buf_addf(out, "</%s>", name);
	return true;
}

bool svg_join(struct str drawn, struct str credential, struct str seal, struct buf *out, struct err *err)
{
	struct parts parts = {.drawn = BUF(drawn.len + 1), .credential = BUF(1 << 20), .seal = BUF(1 << 20)};
	struct reader r = {.file = drawn, .parts = &parts, .err = err};
	bool ok = parse(&r);
	if (ok && (parts.credential.len || parts.seal.len))
		ok = err_set(err, ERR_INVALID, "the SVG holds a credential already");
	buf_finish(&parts.drawn);
	buf_finish(&parts.credential);
	buf_finish(&parts.seal);
	if (!ok)
		return false;
	buf_addv(out, str_sub(drawn, 0, r.root_end));
	if (!add_element(out, "openbadges:credential", "xmlns:openbadges=\"" OPENBADGES "\"", credential, err))
		return false;
	if (seal.len && !add_element(out, "assay:seal", "xmlns:assay=\"" SEAL_NAMESPACE "\"", seal, err))
		return false;
	buf_addv(out, str_sub(drawn, r.root_end, drawn.len));
	return true;
}
