/* XML of other tools, by libxml2: no document types, no entities but the five, nothing from outside, and not too deep. Internal to
 * exchange/. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include <libxml/tree.h>

#define XML_DEPTH_MAX 200
#define XML_NODES_MAX 10000000

/* UTF-8 text, whatever its declaration says of its encoding. ERR_INVALID with the line. */
MUST_CHECK bool xml_parse(struct str text, xmlDoc **ret, struct err *err);
static inline void xml_free(xmlDoc **p)
{
	if (*p)
		xmlFreeDoc(*p);
}
#define _cleanup_xml_ _cleanup_(xml_free)
/* The name without its namespace and without "qti-", in camel case as QTI 2 has it: "qti-item-body" is "itemBody". */
bool xml_is(const xmlNode *n, const char *name);
xmlNode *xml_first(const xmlNode *parent);                   /* element; NULL at the end */
xmlNode *xml_next(const xmlNode *n);                         /* element */
xmlNode *xml_child(const xmlNode *parent, const char *name); /* or NULL */
xmlNode *xml_next_named(const xmlNode *n, const char *name);
/* The next element of this name below `root`, in document order behind `after` (NULL: the first). */
xmlNode *xml_find(const xmlNode *root, const xmlNode *after, const char *name);
char *xml_attribute(const xmlNode *n,
                    const char *name); /* or NULL; the caller frees. "response-identifier" is found as "responseIdentifier" */
char *xml_text(const xmlNode *n);      /* all text in it, trimmed; never NULL */
/* Its content as HTML; what `replace` writes something for (and returns true) is not looked into. `replace` may be NULL. */
void xml_inner(const xmlNode *n, bool (*replace)(void *arg, const xmlNode *n, struct buf *out), void *arg, struct buf *out);
int xml_line(const xmlNode *n);
