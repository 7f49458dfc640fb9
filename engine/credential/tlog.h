/* The Merkle tree of a transparency log: RFC 6962, section 2.1, over SHA-256.
 *
 * Proofs are made from stored hashes of whole subtrees, which a callback gives: nothing here knows how they are stored (see tiles.h).
 * Checking takes hashes from anywhere. Sizes and indices are below 2^62. */
#pragma once
#include "base/err.h"
#include "base/hash.h"
#include "base/str.h"
#include <stddef.h>

#define TLOG_PROOF_MAX 64
#define TLOG_SIZE_MAX (INT64_C(1) << 62)

struct tlog_hash {
	unsigned char b[HASH_SIZE];
};
bool tlog_hash_eq(const struct tlog_hash *a, const struct tlog_hash *b);
void tlog_leaf(struct str entry, struct tlog_hash *ret);
void tlog_node(const struct tlog_hash *left, const struct tlog_hash *right, struct tlog_hash *ret);

/* The hash of the n-th whole subtree of 2^level entries. */
typedef bool tlog_read_fn(void *arg, unsigned level, int64_t n, struct tlog_hash *ret, struct err *err);

struct tlog_proof {
	struct tlog_hash hashes[TLOG_PROOF_MAX];
	size_t n;
};
/* The root of the first `size` entries; of none it is SHA-256(""). Fails as `read` fails. */
MUST_CHECK bool tlog_root(int64_t size, tlog_read_fn *read, void *arg, struct tlog_hash *ret, struct err *err);
/* ERR_NOT_FOUND unless 0 <= index < size. */
MUST_CHECK bool tlog_prove_inclusion(int64_t index, int64_t size, tlog_read_fn *read, void *arg, struct tlog_proof *ret, struct err *err);
/* That the tree of `old` entries is the beginning of that of `size`; empty when old is 0 or size. ERR_NOT_FOUND unless 0 <= old <= size. */
MUST_CHECK bool tlog_prove_consistency(int64_t old, int64_t size, tlog_read_fn *read, void *arg, struct tlog_proof *ret, struct err *err);

/* ERR_SIGNATURE when the proof does not hold; then nothing is known. A proof has exactly one right length. */
MUST_CHECK bool tlog_check_inclusion(int64_t index, int64_t size, const struct tlog_hash *leaf, const struct tlog_proof *proof,
                                     const struct tlog_hash *root, struct err *err);
MUST_CHECK bool tlog_check_consistency(int64_t old, int64_t size, const struct tlog_hash *old_root, const struct tlog_hash *root,
                                       const struct tlog_proof *proof, struct err *err);
