/* Bitstring Status Lists (W3C Bitstring Status List v1.0): one bit a certificate, in a compressed string.
 *
 * Index 0 is the leftmost bit. The string is "u" and the base64url of the gzip of at least 131,072 bits, so that one certificate hides
 * among many. Lists of other people's may have entries of several bits. */
#pragma once
#include "base/buf.h"
#include "base/err.h"

#define STATUS_BITS_MIN 131072
#define STATUS_BYTES_MAX (4u << 20)   /* of a list when it is unpacked */
#define STATUS_ENCODED_MAX (8u << 20) /* of its text */
#define STATUS_WIDTH_MAX 8            /* bits an entry */

static inline void status_set_bit(unsigned char *bytes, size_t index)
{
	bytes[index / 8] |= (unsigned char)(0x80 >> index % 8);
}
/* The same bits give the same text. len: a multiple of what it takes, at least STATUS_BITS_MIN / 8 bytes. */
void status_encode(const unsigned char *bytes, size_t len, struct buf *out);
/* The bytes are the caller's. ERR_INVALID for another alphabet, what is not one gzip member and nothing else, or less than the least
 * length; ERR_TOO_LARGE above the ceilings, without unpacking further. Hostile input. */
MUST_CHECK bool status_decode(struct str encoded, unsigned char **ret, size_t *ret_len, struct err *err);
/* The entry at an index, of `width` bits (1 unless the list says otherwise). ERR_INVALID when it lies outside. */
MUST_CHECK bool status_read(const unsigned char *bytes, size_t len, unsigned width, int64_t index, unsigned *ret, struct err *err);
