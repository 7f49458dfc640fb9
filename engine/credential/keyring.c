/* Sealed seeds. See keyring.h. */
#include "credential/keyring.h"
#include "base/mem.h"
#include "base/rng.h"
#include <assert.h>
#include <sodium.h>

/* RFC 9106, section 4: the second recommended option, as far as libsodium has it (one lane). */
#define OPS 3
#define MEM (INT64_C(64) << 20)
/* Ceilings for what stands in a database that may come from anywhere. */
#define OPS_MAX 16
#define MEM_MAX (INT64_C(1) << 30)
#define CHEAP_MEM (INT64_C(1) << 20)

struct keyring {
	unsigned char key[crypto_secretbox_KEYBYTES];
};

void keyring_params_make(bool random, struct keyring_params *ret)
{
	static_assert(KEYRING_SALT_SIZE == crypto_pwhash_SALTBYTES, "sizes");
	rng_secret(ret->salt, sizeof ret->salt);
	ret->ops = random ? (int64_t)crypto_pwhash_OPSLIMIT_MIN : OPS;
	ret->mem = random ? (int64_t)crypto_pwhash_MEMLIMIT_MIN : MEM;
}

bool keyring_is_cheap(const struct keyring_params *params)
{
	return params->ops <= OPS && params->mem <= CHEAP_MEM;
}

char *keyring_passphrase(char out[KEYRING_MADE_SIZE])
{
	unsigned char bytes[32];
	rng_secret(bytes, sizeof bytes);
	sodium_bin2base64(out, KEYRING_MADE_SIZE, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof bytes);
	return out;
}

static void *locked(size_t size)
{
	void *p = sodium_malloc(size);
	assert(p); /* as with xmalloc(): too little memory is not an outcome */
	return p;
}

bool keyring_open(struct str passphrase, const struct keyring_params *params, struct keyring **ret, struct err *err)
{
	if (params->ops < (int64_t)crypto_pwhash_OPSLIMIT_MIN || params->ops > OPS_MAX || params->mem < (int64_t)crypto_pwhash_MEMLIMIT_MIN ||
	    params->mem > MEM_MAX)
		return err_set(err, ERR_INVALID, "the keys are sealed at a cost that makes no sense");
	struct keyring *k = locked(sizeof *k);
	if (crypto_pwhash(k->key, sizeof k->key, passphrase.p, passphrase.len, params->salt, (unsigned long long)params->ops,
	                  (size_t)params->mem, crypto_pwhash_ALG_ARGON2ID13) != 0) {
		keyring_close(k);
		return err_set(err, ERR_INTERNAL, "unsealing the keys takes %lld MiB of memory, which are not there",
		               (long long)(params->mem >> 20));
	}
	*ret = k;
	return true;
}

void keyring_close(struct keyring *k)
{
	sodium_free(k);
}

void keyring_seal(const struct keyring *k, const unsigned char seed[SIGN_SEED_SIZE], unsigned char out[KEYRING_SEALED_SIZE])
{
	static_assert(KEYRING_SEALED_SIZE == crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + SIGN_SEED_SIZE, "sizes");
	rng_secret(out, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(out + crypto_secretbox_NONCEBYTES, seed, SIGN_SEED_SIZE, out, k->key);
}

bool keyring_unseal(const struct keyring *k, struct str sealed, unsigned char ret_seed[SIGN_SEED_SIZE], struct err *err)
{
	const unsigned char *p = (const unsigned char *)sealed.p;
	if (sealed.len != KEYRING_SEALED_SIZE || crypto_secretbox_open_easy(ret_seed, p + crypto_secretbox_NONCEBYTES,
	                                                                    KEYRING_SEALED_SIZE - crypto_secretbox_NONCEBYTES, p, k->key) != 0)
		return err_set(err, ERR_CREDENTIALS, "this is not the passphrase that the keys are sealed with");
	return true;
}

struct sign_key *sign_key_alloc(void)
{
	return locked(sizeof(struct sign_key));
}

void sign_key_free(struct sign_key *key)
{
	sodium_free(key);
}
