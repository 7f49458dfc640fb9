/* Randomness. See rng.h. */
#include "base/rng.h"
#include <assert.h>
#include <sodium.h>
#include <string.h>

void rng_secret(void *out, size_t size)
{
	randombytes_buf(out, size);
}

void rng_init(struct rng *r, const unsigned char secret[RNG_SEED_SIZE], const char *label)
{
	memset(r, 0, sizeof *r);
	int rc = crypto_generichash(r->key, sizeof r->key, (const unsigned char *)label, strlen(label), secret, RNG_SEED_SIZE);
	assert(rc == 0);
	(void)rc;
	r->used = sizeof r->block;
}

uint64_t rng_u64(struct rng *r)
{
	if (r->used == sizeof r->block) {
		static const unsigned char zeros[sizeof r->block], nonce[crypto_stream_chacha20_NONCEBYTES];
		crypto_stream_chacha20_xor_ic(r->block, zeros, sizeof r->block, nonce, r->counter, r->key);
		r->counter += sizeof r->block / 64;
		r->used = 0;
	}
	uint64_t v;
	memcpy(&v, r->block + r->used, sizeof v);
	r->used += sizeof v;
	return v;
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
	assert(n > 0);
	uint64_t threshold = -n % n; /* 2^64 mod n: draws below it would favour small numbers */
	for (;;) {
		uint64_t v = rng_u64(r);
		if (v >= threshold)
			return v % n;
	}
}

double rng_unit(struct rng *r)
{
	return (double)(rng_u64(r) >> 11) * 0x1p-53;
}

void rng_shuffle(struct rng *r, size_t *a, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)rng_below(r, i), t = a[i - 1];
		a[i - 1] = a[j];
		a[j] = t;
	}
}

char *rng_id(char out[RNG_ID_SIZE])
{
	static const char letters[33] = "abcdefghijklmnopqrstuvwxyz234567";
	unsigned char bytes[26];
	rng_secret(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++)
		out[i] = letters[bytes[i] & 31];
	out[26] = 0;
	return out;
}
