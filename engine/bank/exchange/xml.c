/* XML. See xml.h. */
#include "bank/exchange/xml.h"
#include <libxml/parser.h>
#include <libxml/xmlerror.h>
#include <stdio.h>

static void keep_quiet(void *arg, xmlErrorPtr error)
{
	(void)arg, (void)error;
}

/* Deeper than any real document, or with a document type: refused. */
static bool check(const xmlDoc *doc, struct err *err)
{
	size_t depth = 0, nodes = 0;
	if (doc->intSubset || doc->extSubset)
		return err_set(err, ERR_INVALID, "XML with a document type is refused");
	for (const xmlNode *n = xmlDocGetRootElement(doc); n;) {
		if (depth > XML_DEPTH_MAX || ++nodes > XML_NODES_MAX)
			return err_set(err, ERR_INVALID, "the XML is nested too deeply or too large");
		if (n->type == XML_ENTITY_REF_NODE)
			return err_set(err, ERR_INVALID, "line %ld: XML with entities of its own is refused", xmlGetLineNo(n));
		if (n->children && n->type == XML_ELEMENT_NODE) {
			n = n->children;
			depth++;
			continue;
		}
		while (n && !n->next) {
			n = n->parent;
			depth -= depth > 0;
			if (n == (const xmlNode *)doc)
				return true;
		}
		n = n ? n->next : NULL;
	}
	return true;
}

/* Moodle and others put "<!DOCTYPE" nowhere; whoever does wants something. */
static bool has_doctype(struct str s)
{
	return memmem(s.p, s.len, "<!DOCTYPE", 9) != NULL || memmem(s.p, s.len, "<!ENTITY", 8) != NULL;
}

/* Outside of CDATA sections and comments. */
static bool has_live_doctype(struct str s)
{
	if (!has_doctype(s))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		struct str rest = str_sub(s, i, s.len);
		const char *end = NULL;
		if (s.p[i] != '<')
			continue;
		if (str_starts(rest, "<![CDATA["))
			end = memmem(rest.p, rest.len, "]]>", 3);
		else if (str_starts(rest, "<!--"))
			end = memmem(rest.p, rest.len, "-->", 3);
		else if (str_starts(rest, "<!DOCTYPE") || str_starts(rest, "<!ENTITY"))
			return true;
		else
			continue;
		if (!end)
			return false;
		i = (size_t)(end - s.p) + 2;
	}
	return false;
}

bool xml_parse(struct str text, xmlDoc **ret, struct err *err)
{
	if (text.len > INT32_MAX / 2)
		return err_set(err, ERR_TOO_LARGE, "the XML is too large");
	if (has_live_doctype(text))
		return err_set(err, ERR_INVALID, "XML with a document type is refused");
	xmlParserCtxt *ctx = xmlNewParserCtxt();
	if (!ctx)
		abort(); /* memory is out */
	xmlSetStructuredErrorFunc(ctx, keep_quiet);
	xmlDoc *doc = xmlCtxtReadMemory(ctx, text.p, (int)text.len, NULL, "UTF-8",
	                                XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
	                                    XML_PARSE_BIG_LINES | XML_PARSE_HUGE);
	xmlSetStructuredErrorFunc(NULL, NULL);
	const xmlError *error = xmlCtxtGetLastError(ctx);
	bool ok = doc && ctx->wellFormed;
	if (!ok) {
		struct str message = str_trim(str_of(error && error->message ? error->message : "it is damaged"));
		err_set(err, ERR_INVALID, "line %d: this is no XML: %.*s", error ? error->line : 1, (int)(message.len > 200 ? 200 : message.len),
		        message.p);
	}
	xmlFreeParserCtxt(ctx);
	ok = ok && (xmlDocGetRootElement(doc) != NULL || err_set(err, ERR_INVALID, "the XML is empty")) && check(doc, err);
	if (!ok) {
		if (doc)
			xmlFreeDoc(doc);
		return false;
	}
	*ret = doc;
	return true;
}

/* "item-body" is "itemBody"; "qti-" in front counts for nothing. */
static bool same_name(const char *have, const char *want)
{
	if (strncmp(have, "qti-", 4) == 0)
		have += 4;
	while (*have && *want) {
		char c = *have++;
		if (c == '-' && *have >= 'a' && *have <= 'z')
			c = (char)(*have++ - 32);
		if (c != *want++)
			return false;
	}
	return !*have && !*want;
}

bool xml_is(const xmlNode *n, const char *name)
{
	return n && n->type == XML_ELEMENT_NODE && (strcmp((const char *)n->name, name) == 0 || same_name((const char *)n->name, name));
}

static xmlNode *element(xmlNode *n)
{
	while (n && n->type != XML_ELEMENT_NODE)
		n = n->next;
	return n;
}
xmlNode *xml_first(const xmlNode *parent)
{
	return parent ? element(parent->children) : NULL;
}
xmlNode *xml_next(const xmlNode *n)
{
	return element(n->next);
}

xmlNode *xml_child(const xmlNode *parent, const char *name)
{
	xmlNode *n = xml_first(parent);
	while (n && !xml_is(n, name))
		n = xml_next(n);
	return n;
}
xmlNode *xml_next_named(const xmlNode *n, const char *name)
{
	xmlNode *k = xml_next(n);
	while (k && !xml_is(k, name))
		k = xml_next(k);
	return k;
}

xmlNode *xml_find(const xmlNode *root, const xmlNode *after, const char *name)
{
	const xmlNode *n = after ? after : root;
	if (!root)
		return NULL;
	for (;;) {
		xmlNode *next = xml_first(n);
		while (!next) {
			if (n == root)
				return NULL;
			next = xml_next(n);
			if (!next)
				n = n->parent;
		}
		if (xml_is(next, name))
			return next;
		n = next;
	}
}

char *xml_attribute(const xmlNode *n, const char *name)
{
	for (const xmlAttr *a = n ? n->properties : NULL; a; a = a->next) {
		if (strcmp((const char *)a->name, name) != 0 && !same_name((const char *)a->name, name))
			continue;
		xmlChar *value = xmlNodeListGetString(n->doc, a->children, 1);
		char *copy = xstrdup(value ? (const char *)value : "");
		xmlFree(value);
		return copy;
	}
	return NULL;
}

char *xml_text(const xmlNode *n)
{
	xmlChar *text = n ? xmlNodeGetContent(n) : NULL;
	char *copy = str_dup(str_trim(str_of(text ? (const char *)text : "")));
	xmlFree(text);
	return copy;
}

static void add_escaped(const char *s, struct buf *out)
{
	buf_add_html(out, str_of(s ? s : ""));
}

static void add_node(const xmlNode *n, bool (*replace)(void *arg, const xmlNode *n, struct buf *out), void *arg, struct buf *out)
{
	static const char *const empty[] = {"br", "hr", "img", "col", "input"};
	if (n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) {
		add_escaped((const char *)n->content, out);
		return;
	}
	if (n->type != XML_ELEMENT_NODE || (replace && replace(arg, n, out)))
		return;
	buf_addf(out, "<%s", (const char *)n->name);
	for (const xmlAttr *a = n->properties; a; a = a->next) {
		_cleanup_free_ char *value = xml_attribute(n, (const char *)a->name);
		buf_addf(out, " %s=\"", (const char *)a->name);
		add_escaped(value, out);
		buf_addc(out, '"');
	}
	buf_addc(out, '>');
	for (size_t i = 0; i < ARRAY_SIZE(empty); i++)
		if (strcmp((const char *)n->name, empty[i]) == 0)
			return;
	xml_inner(n, replace, arg, out);
	buf_addf(out, "</%s>", (const char *)n->name);
}

void xml_inner(const xmlNode *n, bool (*replace)(void *arg, const xmlNode *n, struct buf *out), void *arg, struct buf *out)
{
	for (const xmlNode *child = n ? n->children : NULL; child; child = child->next)
		add_node(child, replace, arg, out);
}

int xml_line(const xmlNode *n)
{
	long line = n ? xmlGetLineNo(n) : 0;
	return line > 0 ? (int)line : 0;
}
