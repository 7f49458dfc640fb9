/* SHA-256. See hash.h. */
#include "base/hash.h"
#include <sodium.h>

void hash_sha256(struct str bytes, unsigned char out[HASH_SIZE])
{
	crypto_hash_sha256(out, (const unsigned char *)bytes.p, bytes.len);
}
void hash_sha256_two(struct str a, struct str b, unsigned char out[HASH_SIZE])
{
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, (const unsigned char *)a.p, a.len);
	crypto_hash_sha256_update(&state, (const unsigned char *)b.p, b.len);
	crypto_hash_sha256_final(&state, out);
}
char *hash_hex(const unsigned char hash[HASH_SIZE], char out[HASH_HEX_SIZE])
{
	return sodium_bin2hex(out, HASH_HEX_SIZE, hash, HASH_SIZE);
}

char *hash_sha256_hex(struct str bytes, char out[HASH_HEX_SIZE])
{
	unsigned char hash[HASH_SIZE];
	hash_sha256(bytes, hash);
	return hash_hex(hash, out);
}
