/* Pictures of certificates: drawn by assay-picture (a program of its own, see pictures/), sealed, baked, and kept in memory for a while. */
#pragma once
#include "credential/picture.h"
#include "proctor/proctor.h"

/* Draws without sealing or baking. Takes a tenth of a second and a process. `program`: its path; ERR_UNSUPPORTED when NULL. */
MUST_CHECK bool picture_draw(const char *program, enum picture_format format, struct str credential, const char *link,
                             const struct picture_style *style, bool specimen, struct buf *out, struct err *err);

/* The picture of a certificate that the caller may see (certificate_public), from the cache or anew. *ret_shared: everybody may. Pool.
 * *ret_key is the key that sealed it, NULL when it came from the cache: key_used() has to know it, until *ret_until_ms. */
struct sign_key;
struct certificate_picture {
	struct buf bytes;
	bool shared;
	const struct sign_key *fresh_key; /* it was sealed just now, with this: tell key_used(); NULL: it came from the cache */
	int64_t valid_until_ms;           /* of the certificate; 0: for good */
};
MUST_CHECK bool certificate_picture(struct proctor *pr, struct store *rd, const struct caller *who, const char *id,
                                    enum picture_format format, struct certificate_picture *ret, struct err *err);
void certificate_picture_finish(struct certificate_picture *p);
/* A page of a few lines with the badge, for other sites to frame. */
MUST_CHECK bool certificate_embed_html(struct proctor *pr, struct store *rd, const struct caller *who, const char *id, struct buf *out,
                                       struct err *err);

/* What was drawn lately. */
struct picture_cache;
struct picture_cache *picture_cache_create(void);
void picture_cache_destroy(struct picture_cache *c);
