/* RDF datasets in memory (RDF 1.1), and N-Quads.
 *
 * Each part of a quad is kept as the text that canonical N-Quads has for it (RDFC-1.0, section 5), or as the number of a blank node. Adding
 * never fails: too much of it sets a flag that rdf_check() reports. */
#pragma once
#include "base/buf.h"
#include "base/err.h"

#define RDF_QUADS_MAX 20000
#define RDF_TEXT_MAX (16u << 20)

#define RDF_TYPE "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
#define RDF_FIRST "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"
#define RDF_REST "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
#define RDF_NIL "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"
#define RDF_JSON "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"
#define XSD_STRING "http://www.w3.org/2001/XMLSchema#string"
#define XSD_BOOLEAN "http://www.w3.org/2001/XMLSchema#boolean"
#define XSD_INTEGER "http://www.w3.org/2001/XMLSchema#integer"
#define XSD_DOUBLE "http://www.w3.org/2001/XMLSchema#double"

/* A part of a quad. `len` 0: the default graph. */
struct rdf_term {
	bool is_blank;
	uint32_t blank; /* from 0 */
	uint32_t at, len;
};
struct rdf_quad {
	struct rdf_term subject, predicate, object, graph;
};
struct rdf {
	struct buf text;
	struct rdf_quad *quads;
	size_t n, cap;
	uint32_t n_blanks;
	bool too_many;
};
void rdf_init(struct rdf *r);
void rdf_finish(struct rdf *r);
#define _cleanup_rdf_ __attribute__((cleanup(rdf_finish)))

struct rdf_term rdf_blank(struct rdf *r); /* a new one */
struct rdf_term rdf_iri(struct rdf *r, const char *iri);
/* `datatype` NULL: text, of `language` unless that is NULL. All are UTF-8. */
struct rdf_term rdf_literal(struct rdf *r, struct str value, const char *datatype, const char *language);
static inline struct rdf_term rdf_default_graph(void)
{
	return (struct rdf_term){.is_blank = false};
}
void rdf_add(struct rdf *r, struct rdf_term subject, struct rdf_term predicate, struct rdf_term object, struct rdf_term graph);
MUST_CHECK bool rdf_check(const struct rdf *r, struct err *err); /* ERR_TOO_LARGE */
static inline struct str rdf_text(const struct rdf *r, struct rdf_term t)
{
	return (struct str){r->text.p ? r->text.p + t.at : "", t.len};
}

/* N-Quads (W3C RDF 1.1 N-Quads), with labels of at most 100 bytes for blank nodes. ERR_INVALID names the line. */
MUST_CHECK bool rdf_parse(struct str nquads, struct rdf *r, struct err *err);
