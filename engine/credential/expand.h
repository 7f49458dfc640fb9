/* From a credential's JSON to RDF, as JSON-LD 1.1 does it with the contexts of terms.h (expansion, then "deserialize to RDF").
 *
 * What JSON-LD would leave out in silence, or what two processors understand differently, is refused: then everything in the document is in
 * the dataset, and so under the signature. Refused are: terms and types that are not known, contexts inside, keywords other than those of
 * value objects, null, lists in lists, addresses that are not absolute or name blank nodes, @direction, and numbers that have no exact
 * spelling of 16 digits. Messages name the place: "credentialSubject.achievement.tag[2]". */
#pragma once
#include "base/json.h"
#include "credential/rdf.h"
#include "credential/terms.h"

/* Adds what `node` says. Its member `without` (may be NULL) and its `@context` are left out; `contexts` stand for the latter. ERR_INVALID:
 * see above; expand_word() of the error says which it is. ERR_TOO_LARGE: more than rdf.h holds. */
MUST_CHECK bool expand(const cJSON *node, const struct contexts *contexts, const char *without, struct rdf *out, struct err *err);
/* Whether a document's contexts are known, and all in it but its `proof` can be said under them: contexts_read() and expand(). */
MUST_CHECK bool expand_check(const cJSON *document, struct err *err);
/* The stable word for what an error of contexts_read(), expand() or proof_check() complains about: "unknown-term", "wrong-context" …;
 * NULL: it has none. */
const char *expand_word(const struct err *err, char out[32]);
