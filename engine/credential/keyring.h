/* Sealing the seeds of signing keys: crypto_secretbox under a key that Argon2id makes of a passphrase.
 *
 * Salt and cost stand beside what is sealed. A passphrase that people chose costs whoever guesses it 64 MiB and a good part of a second a
 * guess; one that was drawn at random (256 bits) cannot be guessed at any price, and costs nothing to use. The key lives in locked memory
 * that is left out of core dumps; it is wiped when it is closed. */
#pragma once
#include "base/err.h"
#include "base/str.h"
#include "credential/signed.h"

#define KEYRING_SALT_SIZE 16
#define KEYRING_SEALED_SIZE (24 + 16 + SIGN_SEED_SIZE) /* nonce, authenticator, seed */
#define KEYRING_PASSPHRASE_MAX 1024
#define KEYRING_MADE_SIZE 44 /* a passphrase drawn at random, with its NUL */

struct keyring_params {
	unsigned char salt[KEYRING_SALT_SIZE];
	int64_t ops, mem; /* of crypto_pwhash, Argon2id version 1.3; mem in bytes */
};
/* A new salt, with the cost for a passphrase of people's, or for one that was drawn at random. */
void keyring_params_make(bool random, struct keyring_params *ret);
bool keyring_is_cheap(const struct keyring_params *params); /* takes no time worth speaking of */
/* 256 random bits as text. */
char *keyring_passphrase(char out[KEYRING_MADE_SIZE]);

struct keyring;
/* Slow unless it is cheap. ERR_INVALID for a cost outside of what is sensible, ERR_INTERNAL when there is no memory for it. */
MUST_CHECK bool keyring_open(struct str passphrase, const struct keyring_params *params, struct keyring **ret, struct err *err);
void keyring_close(struct keyring *k);
void keyring_seal(const struct keyring *k, const unsigned char seed[SIGN_SEED_SIZE], unsigned char out[KEYRING_SEALED_SIZE]);
/* ERR_CREDENTIALS when it was sealed with another passphrase, or changed. */
MUST_CHECK bool keyring_unseal(const struct keyring *k, struct str sealed, unsigned char ret_seed[SIGN_SEED_SIZE], struct err *err);

/* Locked memory for a key pair; wiped when it is freed. */
struct sign_key *sign_key_alloc(void);
void sign_key_free(struct sign_key *key);
