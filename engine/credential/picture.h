/* What a certificate looks like: PDF, PNG and SVG, drawn from the credential alone, with the credential and a seal baked in.
 *
 * The seal says that the issuer made exactly this picture for exactly this credential: otherwise other numbers could stand in the picture
 * than in the JSON inside. Baking is canonical: whoever takes the parts out and bakes them again gets the same bytes. Drawing is a program
 * of its own (engine/pictures/), run by proctor/picture.h. */
#pragma once
#include "base/json.h"
#include "credential/signed.h"

enum picture_format { PICTURE_PDF_A4, PICTURE_PDF_LETTER, PICTURE_PNG, PICTURE_SVG };
#define PICTURE_SIZE_MAX (8u << 20)
#define PICTURE_CREDENTIAL_MAX (1u << 20)
#define PICTURE_SEAL_MAX 4096
#define PICTURE_SIGNERS_MAX 3

/* How an issuer wants to look; from issuer.yml. Strings are owned by whoever made it. */
struct picture_style {
	char background[8], ink[8], accent[8]; /* "#rrggbb" */
	struct str logo;                       /* PNG or SVG bytes; empty: none */
	struct {
		char *name, *title;
		struct str signature; /* PNG or SVG bytes; empty: the name alone */
	} signers[PICTURE_SIGNERS_MAX];
	size_t n_signers;
};

const char *picture_media_type(enum picture_format format);

/* Seals what was drawn for the credential (its stored bytes), and bakes both in. */
MUST_CHECK bool picture_finish(enum picture_format format, struct str drawn, struct str credential, const struct sign_key *key,
                               const char *verification_method, struct buf *out, struct err *err);
/* Bakes in what is given; an empty seal: none. ERR_INVALID when `drawn` is not what this program draws, or holds a credential already, or
 * when the credential has characters that XML cannot hold (U+FFFE, U+FFFF) and the format is SVG. */
MUST_CHECK bool picture_bake(enum picture_format format, struct str drawn, struct str credential, struct str seal, struct buf *out,
                             struct err *err);

/* What was baked into a file. */
struct picture_baked {
	enum picture_format format; /* PDF_A4 for any PDF */
	char *credential, *seal;    /* JSON text, owned; seal NULL: none */
	bool canonical;             /* baking again gives these bytes */
	char picture_hash[65];      /* of the file without what was baked in */
};
/* ERR_INVALID with what is wrong when the file is none of the formats, is broken, or holds no credential, or two. Hostile input. */
MUST_CHECK bool picture_read(struct str file, struct picture_baked *ret, struct err *err);
void picture_baked_finish(struct picture_baked *b);
/* Whether the seal holds: false with a reason when it does not (ERR_NOT_FOUND: there is none). */
MUST_CHECK bool picture_seal_check(const struct picture_baked *b, const unsigned char key[SIGN_KEY_SIZE], struct err *err);
/* Which key the seal names: within the seal's text, NULL when there is none or it is not a seal. Owned by the caller. */
char *picture_seal_method(const struct picture_baked *b);
