/* The Merkle tree. See tlog.h.
 *
 * Ranges: mth(lo, hi) is the Merkle Tree Hash of the entries from lo up to and without hi. Each range that comes up starts at a multiple of
 * the smallest power of two that is not below its length, so a range whose length is a power of two is a whole subtree. */
#include "credential/tlog.h"
#include <assert.h>

bool tlog_hash_eq(const struct tlog_hash *a, const struct tlog_hash *b)
{
	return memcmp(a->b, b->b, sizeof a->b) == 0; /* public values */
}

void tlog_leaf(struct str entry, struct tlog_hash *ret)
{
	hash_sha256_two((struct str){"\0", 1}, entry, ret->b);
}

void tlog_node(const struct tlog_hash *left, const struct tlog_hash *right, struct tlog_hash *ret)
{
	unsigned char bytes[1 + 2 * HASH_SIZE] = {1};
	memcpy(bytes + 1, left->b, HASH_SIZE);
	memcpy(bytes + 1 + HASH_SIZE, right->b, HASH_SIZE);
	hash_sha256((struct str){(const char *)bytes, sizeof bytes}, ret->b);
}

struct reading {
	tlog_read_fn *read;
	void *arg;
};

/* The largest power of two below n; n > 1. */
static int64_t split(int64_t n)
{
	return INT64_C(1) << (63 - __builtin_clzll((uint64_t)n - 1));
}

static bool mth(const struct reading *r, int64_t lo, int64_t hi, struct tlog_hash *ret, struct err *err)
{
	int64_t n = hi - lo;
	struct tlog_hash left, right;
	if ((n & (n - 1)) == 0) {
		unsigned level = (unsigned)__builtin_ctzll((uint64_t)n);
		return r->read(r->arg, level, lo >> level, ret, err);
	}
	if (!mth(r, lo, lo + split(n), &left, err) || !mth(r, lo + split(n), hi, &right, err))
		return false;
	tlog_node(&left, &right, ret);
	return true;
}

bool tlog_root(int64_t size, tlog_read_fn *read, void *arg, struct tlog_hash *ret, struct err *err)
{
	struct reading r = {read, arg};
	assert(size >= 0 && size < TLOG_SIZE_MAX);
	if (size == 0) {
		hash_sha256(STR(""), ret->b);
		return true;
	}
	return mth(&r, 0, size, ret, err);
}

/* The halves from the root down, and the proof backwards: each step adds the hash of the half that is left. */
static void reverse(struct tlog_proof *p)
{
	for (size_t i = 0; i < p->n / 2; i++) {
		struct tlog_hash h = p->hashes[i];
		p->hashes[i] = p->hashes[p->n - 1 - i];
		p->hashes[p->n - 1 - i] = h;
	}
}

bool tlog_prove_inclusion(int64_t index, int64_t size, tlog_read_fn *read, void *arg, struct tlog_proof *ret, struct err *err)
{
	struct reading r = {read, arg};
	struct tlog_proof p = {0};
	int64_t lo = 0, hi = size;
	assert(size < TLOG_SIZE_MAX);
	if (index < 0 || index >= size)
		return err_set(err, ERR_NOT_FOUND, "the log of %lld entries has no entry %lld", (long long)size, (long long)index);
	while (hi - lo > 1) {
		int64_t middle = lo + split(hi - lo);
		bool left = index < middle;
		if (!mth(&r, left ? middle : lo, left ? hi : middle, &p.hashes[p.n++], err))
			return false;
		*(left ? &hi : &lo) = middle;
	}
	reverse(&p);
	*ret = p;
	return true;
}

bool tlog_prove_consistency(int64_t old, int64_t size, tlog_read_fn *read, void *arg, struct tlog_proof *ret, struct err *err)
{
	struct reading r = {read, arg};
	struct tlog_proof p = {0};
	int64_t lo = 0, hi = size;
	assert(size < TLOG_SIZE_MAX);
	if (old < 0 || old > size)
		return err_set(err, ERR_NOT_FOUND, "the log has %lld entries, not %lld", (long long)size, (long long)old);
	if (old > 0 && old < size) {
		/* Down to the whole subtree in which the old tree ends; its own hash is given only when it is not the whole old tree. */
		while (old < hi) {
			int64_t middle = lo + split(hi - lo);
			bool left = old <= middle;
			if (!mth(&r, left ? middle : lo, left ? hi : middle, &p.hashes[p.n++], err))
				return false;
			*(left ? &hi : &lo) = middle;
		}
		if (lo > 0 && !mth(&r, lo, hi, &p.hashes[p.n++], err))
			return false;
		reverse(&p);
	}
	*ret = p;
	return true;
}

/* ---- Checking ---- */

static bool wrong(struct err *err, const char *what)
{
	return err_set(err, ERR_SIGNATURE, "%s", what);
}

bool tlog_check_inclusion(int64_t index, int64_t size, const struct tlog_hash *leaf, const struct tlog_proof *proof,
                          const struct tlog_hash *root, struct err *err)
{
	if (index < 0 || index >= size || size >= TLOG_SIZE_MAX)
		return wrong(err, "the log of that size has no such entry");
	/* The node on the way up, and the last node of its level (RFC 9162, section 2.1.3.2). */
	int64_t node = index, last = size - 1;
	struct tlog_hash h = *leaf;
	for (size_t i = 0; i < proof->n; i++) {
		if (last == 0)
			return wrong(err, "the proof of inclusion has more hashes than it must");
		if ((node & 1) || node == last) {
			tlog_node(&proof->hashes[i], &h, &h);
			while (!(node & 1) && node) {
				node >>= 1;
				last >>= 1;
			}
		} else {
			tlog_node(&h, &proof->hashes[i], &h);
		}
		node >>= 1;
		last >>= 1;
	}
	if (last != 0)
		return wrong(err, "the proof of inclusion has fewer hashes than it must");
	return tlog_hash_eq(&h, root) ? true : wrong(err, "the entry is not in this log at this place: the proof leads to another root");
}

bool tlog_check_consistency(int64_t old, int64_t size, const struct tlog_hash *old_root, const struct tlog_hash *root,
                            const struct tlog_proof *proof, struct err *err)
{
	static const char changed[] = "the log is not a continuation of the older one: its history was changed";
	if (old < 0 || old > size || size >= TLOG_SIZE_MAX)
		return wrong(err, "the older log is longer than the newer one");
	if (old == 0 || old == size) {
		struct tlog_hash empty;
		hash_sha256(STR(""), empty.b);
		if (proof->n)
			return wrong(err, "the proof of consistency has more hashes than it must");
		return tlog_hash_eq(old_root, old ? root : &empty) ? true : wrong(err, changed);
	}
	/* RFC 9162, section 2.1.4.2. */
	int64_t node = old - 1, last = size - 1;
	while (node & 1) {
		node >>= 1;
		last >>= 1;
	}
	size_t i = 0;
	if (node && !proof->n)
		return wrong(err, "the proof of consistency has fewer hashes than it must");
	struct tlog_hash was = node ? proof->hashes[i++] : *old_root, is = was;
	for (; i < proof->n; i++) {
		const struct tlog_hash *h = &proof->hashes[i];
		if (last == 0)
			return wrong(err, "the proof of consistency has more hashes than it must");
		if ((node & 1) || node == last) {
			tlog_node(h, &was, &was);
			tlog_node(h, &is, &is);
			while (!(node & 1) && node) {
				node >>= 1;
				last >>= 1;
			}
		} else {
			tlog_node(&is, h, &is);
		}
		node >>= 1;
		last >>= 1;
	}
	if (last != 0)
		return wrong(err, "the proof of consistency has fewer hashes than it must");
	return tlog_hash_eq(&was, old_root) && tlog_hash_eq(&is, root) ? true : wrong(err, changed);
}
