/* SHA-256, as the bytes that are signed and as the hexadecimal that names things. */
#pragma once
#include "base/str.h"

#define HASH_SIZE 32
#define HASH_HEX_SIZE 65

void hash_sha256(struct str bytes, unsigned char out[HASH_SIZE]);
void hash_sha256_two(struct str a, struct str b, unsigned char out[HASH_SIZE]); /* of a, followed by b */
char *hash_hex(const unsigned char hash[HASH_SIZE], char out[HASH_HEX_SIZE]);
char *hash_sha256_hex(struct str bytes, char out[HASH_HEX_SIZE]);
