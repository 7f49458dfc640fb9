/* Keys and signatures as minisign keeps them, so that its program makes and checks ours and we make and check its.
 *
 * Only prehashed signatures ('ED': Ed25519 over BLAKE2b-512 of the file) are taken, with the trusted comment and its own signature. Secret
 * keys are sealed with scrypt, or plain. Format: https://jedisct1.github.io/minisign/ */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define MINISIGN_FILE_MAX 4096u
#define MINISIGN_KEY_SIZE 57     /* a public key in base64: 56 characters */
#define MINISIGN_ID_SIZE 17      /* its number, 16 hexadecimal digits as minisign prints them */
#define MINISIGN_COMMENT_MAX 400 /* bytes of a trusted comment */
#define MINISIGN_PASSPHRASE_MAX 1000

struct minisign_key {
	unsigned char id[8], key[32];
};
struct minisign_secret {
	struct minisign_key public;
	unsigned char key[64];
};
struct minisign_signature {
	unsigned char id[8], signature[64], global[64];
	char comment[MINISIGN_COMMENT_MAX + 1];
};
void minisign_secret_finish(struct minisign_secret *s); /* wipes it */
#define _cleanup_minisign_secret_ __attribute__((cleanup(minisign_secret_finish)))

/* A public key: the line itself, or a whole file of minisign. ERR_INVALID. */
MUST_CHECK bool minisign_key_parse(struct str text, struct minisign_key *ret, struct err *err);
void minisign_key_print(const struct minisign_key *k, char out[MINISIGN_KEY_SIZE]);
void minisign_id_print(const unsigned char id[8], char out[MINISIGN_ID_SIZE]);
void minisign_key_file(const struct minisign_key *k, struct buf *out);

void minisign_generate(struct minisign_secret *ret);
/* The file of a secret key; an empty passphrase leaves it plain. Sealing takes seconds and a GiB, as in minisign. */
MUST_CHECK bool minisign_secret_file(const struct minisign_secret *s, struct str passphrase, struct buf *out, struct err *err);
/* ERR_INVALID: not such a file. */
MUST_CHECK bool minisign_secret_is_sealed(struct str text, bool *ret, struct err *err);
/* ERR_CREDENTIALS: the passphrase is wrong. */
MUST_CHECK bool minisign_secret_open(struct str text, struct str passphrase, struct minisign_secret *ret, struct err *err);

/* Appends the text of a signature file; `comment` is signed, too: one line. */
void minisign_sign(const struct minisign_secret *s, struct str bytes, const char *comment, struct buf *out);
MUST_CHECK bool minisign_signature_parse(struct str text, struct minisign_signature *ret, struct err *err);
/* ERR_SIGNATURE unless it is this key's, over these bytes. */
MUST_CHECK bool minisign_check(const struct minisign_signature *s, const struct minisign_key *k, struct str bytes, struct err *err);
