/* The canonical form of an RDF dataset: RDFC-1.0 (W3C RDF Dataset Canonicalization), with SHA-256.
 *
 * Complete: blank nodes that look alike by their own quads are told apart by the paths to others, in every order of those that look alike.
 * That takes exponential time for graphs made to poison it, so work and depth have ceilings. */
#pragma once
#include "credential/rdf.h"

#define RDFC_WORK_MAX 500000 /* hashes, and steps on paths: well under a second */
#define RDFC_DEPTH_MAX 500   /* of paths through blank nodes that look alike */

/* Canonical N-Quads. ERR_TOO_LARGE: above a ceiling, which the message names. ERR_INVALID: the standard's order of lines, by code points,
 * and that of widespread software, by UTF-16 units, are not the same for this dataset, so that a signature would not hold everywhere. */
MUST_CHECK bool rdfc_canonical(const struct rdf *r, struct buf *out, struct err *err);
