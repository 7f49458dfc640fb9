/* Randomness: the system's for secrets and ids, and a seeded generator for what must be drawn the same again.
 *
 * The seeded generator is ChaCha20 keystream over a 32-byte seed (libsodium), so that a form cannot be predicted without the
 * server's secret. Bounded numbers are drawn by rejection: without bias. */
#pragma once
#include <stddef.h>
#include <stdint.h>

#define RNG_SEED_SIZE 32

struct rng {
	unsigned char key[RNG_SEED_SIZE];
	unsigned char block[256];
	size_t used;
	uint64_t counter;
};

void rng_secret(void *out, size_t size); /* from the system */
/* Seed = BLAKE2b(secret, label): different labels give independent generators. */
void rng_init(struct rng *r, const unsigned char secret[RNG_SEED_SIZE], const char *label);
uint64_t rng_u64(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t n); /* uniform in [0, n); n > 0 */
double rng_unit(struct rng *r);                /* uniform in [0, 1) */
void rng_shuffle(struct rng *r, size_t *a, size_t n);
#define RNG_ID_SIZE 27
/* 130 random bits as 26 characters a-z 2-7: for attempt ids and the like. */
char *rng_id(char out[RNG_ID_SIZE]);
