/* Pictures of certificates: drawn by assay-picture (a program of its own, see engine/pictures/), sealed, baked, and kept in memory for a
 * while. */
#pragma once
#include "credential/picture.h"
#include "proctor/proctor.h"

/* Draws without sealing or baking. Takes a tenth of a second and a process; `program` is its path, NULL: ERR_UNSUPPORTED. */
MUST_CHECK bool picture_draw(const char *program, enum picture_format format, struct str credential, const char *link,
                             const struct picture_style *style, bool specimen, struct buf *out, struct err *err);

struct certificate_picture {
	struct buf bytes;
	bool shared;                      /* everybody may see it */
	const struct sign_key *fresh_key; /* it was sealed just now, with this: key_used() is to be told; NULL: it was made before */
	int64_t valid_until_ms;           /* of the certificate; INT64_MAX: for good */
};
/* The picture of a certificate that the caller may see (certificate_public), from the cache or anew. Pool. */
MUST_CHECK bool certificate_picture(struct proctor *pr, struct store *rd, const struct caller *who, const char *id,
                                    enum picture_format format, struct certificate_picture *ret, struct err *err);
void certificate_picture_finish(struct certificate_picture *p);
/* A page of a few lines with the badge, for other sites to frame. */
MUST_CHECK bool certificate_embed_html(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, struct buf *out,
                                       struct err *err);

/* A certificate of nobody, unsigned, as this issuer would give it, for looking at. */
struct issuer;
void picture_specimen(const struct issuer *issuer, struct buf *out);
