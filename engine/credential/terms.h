/* What the JSON-LD contexts of our credentials say, as tables: nothing is fetched, nothing is read at run time.
 *
 * Two lists of contexts are known: W3C's credentials/v2 alone (status lists), and that one with Open Badges 3.0.3 and its extensions
 * (certificates). Each table is a scope: the terms of a context, or those that a type brings for the object that it stands on, or those
 * that a property brings for what is below it. terms_*.c hold them in the order of strcmp(); tests compare them, term by term, with the
 * documents that npm packages carry.
 *
 * Presentations are not credentials: their terms are not here. */
#pragma once
#include "base/err.h"
#include "base/json.h"

/* What a property's values are when they are text, numbers, or true and false. */
enum term_values {
	TERM_PLAIN, /* literals by their JSON type */
	TERM_ID,    /* addresses of other nodes */
	TERM_VOCAB, /* terms, or addresses */
	TERM_JSON,  /* JSON as it is */
	TERM_TYPED, /* literals of `datatype` */
};
enum term_container { TERM_SINGLE, TERM_SET, TERM_LIST, TERM_GRAPH };

struct terms;
struct term {
	const char *name, *iri; /* "@id" and "@type": the JSON-LD keywords */
	enum term_values values;
	const char *datatype;
	enum term_container container;
	const struct terms *scope; /* what it brings, or NULL */
};
struct terms {
	const struct term *terms;
	size_t n;
};
extern const struct terms terms_vc, terms_ob, terms_extensions;

/* One context document. */
struct context {
	const char *url;
	const char *published_sha256; /* of the document as it is served; NULL: nobody says */
	const char *canonical_sha256; /* of its RFC 8785 form: what npm's packages carry in other white space has the same */
	const struct terms *terms;
	bool is_protected;
};
extern const struct context context_vc, context_ob, context_extensions;

#define CONTEXTS_MAX 3
struct contexts {
	const struct context *list[CONTEXTS_MAX];
	size_t n;
};
/* What an `@context` names. ERR_UNSUPPORTED when it is anything but one of the two lists. */
MUST_CHECK bool contexts_read(const cJSON *document, struct contexts *ret, struct err *err);
/* The `@context` of a certificate, and that of a status list. */
cJSON *contexts_of_certificate(void);
cJSON *contexts_of_status_list(void);

const struct term *terms_find(const struct terms *t, const char *name); /* NULL: unknown */
