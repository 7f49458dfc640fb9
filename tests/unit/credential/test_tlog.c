/* The tree against RFC 6962's definitions written down as they stand, for all small sizes; against vectors; and what must be rejected. */
#include "../test.h"

#include "credential/tiles.h"
#include <sodium.h>
#include <stdio.h>

#define SIZE 600

static struct tlog_hash leaves[SIZE];

static void must(bool ok, const struct err *err)
{
	if (!ok)
		fail_msg("%s: %s", err_name(err->code), err->msg);
}

/* ---- The definitions: MTH, PATH, PROOF and SUBPROOF of section 2.1 ---- */

static int64_t largest_power_below(int64_t n)
{
	int64_t k = 1;
	while (2 * k < n)
		k *= 2;
	return k;
}

static void naive_mth(int64_t lo, int64_t n, struct tlog_hash *ret)
{
	if (n == 1) {
		*ret = leaves[lo];
		return;
	}
	struct tlog_hash left, right;
	int64_t k = largest_power_below(n);
	naive_mth(lo, k, &left);
	naive_mth(lo + k, n - k, &right);
	tlog_node(&left, &right, ret);
}

static void naive_path(int64_t m, int64_t lo, int64_t n, struct tlog_proof *p)
{
	if (n == 1)
		return;
	int64_t k = largest_power_below(n);
	naive_path(m < k ? m : m - k, m < k ? lo : lo + k, m < k ? k : n - k, p);
	naive_mth(m < k ? lo + k : lo, m < k ? n - k : k, &p->hashes[p->n++]);
}

static void naive_subproof(int64_t m, int64_t lo, int64_t n, bool b, struct tlog_proof *p)
{
	if (m == n) {
		if (!b)
			naive_mth(lo, n, &p->hashes[p->n++]);
		return;
	}
	int64_t k = largest_power_below(n);
	if (m <= k) {
		naive_subproof(m, lo, k, b, p);
		naive_mth(lo + k, n - k, &p->hashes[p->n++]);
	} else {
		naive_subproof(m - k, lo + k, n - k, false, p);
		naive_mth(lo, k, &p->hashes[p->n++]);
	}
}

/* ---- Ours, over tiles ---- */

static bool read_tile(void *arg, unsigned level, int64_t n, int width, unsigned char ret[TILE_SIZE_MAX], struct err *err)
{
	(void)arg;
	(void)err;
	for (int i = 0; i < width; i++) {
		struct tlog_hash h;
		int64_t span = INT64_C(1) << (8 * level);
		naive_mth((n * TILE_WIDTH + i) * span, span, &h);
		memcpy(ret + i * HASH_SIZE, h.b, HASH_SIZE);
	}
	return true;
}

static bool same_proof(const struct tlog_proof *a, const struct tlog_proof *b)
{
	return a->n == b->n && memcmp(a->hashes, b->hashes, a->n * sizeof a->hashes[0]) == 0;
}

static int set_up(void **state)
{
	(void)state;
	for (int i = 0; i < SIZE; i++) {
		char entry[16];
		snprintf(entry, sizeof entry, "entry %d", i);
		tlog_leaf(str_of(entry), &leaves[i]);
	}
	return sodium_init() < 0;
}

static void test_all_sizes(void **state)
{
	(void)state;
	struct err err;
	for (int64_t size = 1; size <= SIZE; size++) {
		struct tiles *tiles = tiles_create(size, read_tile, NULL);
		struct tlog_hash root, naive;
		must(tlog_root(size, tiles_hash, tiles, &root, &err), &err);
		naive_mth(0, size, &naive);
		assert_true(tlog_hash_eq(&root, &naive));
		/* Every index of every small size, and some of the others. */
		for (int64_t i = 0; i < size; i += size < 70 ? 1 : 1 + size / 7) {
			struct tlog_proof p, q = {0};
			must(tlog_prove_inclusion(i, size, tiles_hash, tiles, &p, &err), &err);
			naive_path(i, 0, size, &q);
			assert_true(same_proof(&p, &q));
			must(tlog_check_inclusion(i, size, &leaves[i], &p, &root, &err), &err);
		}
		for (int64_t old = 1; old <= size; old += size < 70 ? 1 : 1 + size / 7) {
			struct tlog_proof p, q = {0};
			struct tlog_hash old_root;
			naive_mth(0, old, &old_root);
			must(tlog_prove_consistency(old, size, tiles_hash, tiles, &p, &err), &err);
			naive_subproof(old, 0, size, true, &q);
			assert_true(same_proof(&p, &q));
			must(tlog_check_consistency(old, size, &old_root, &root, &p, &err), &err);
		}
		tiles_destroy(tiles);
	}
}

static void rejected(bool ok, const struct err *err)
{
	assert_false(ok);
	assert_int_equal(err->code, ERR_SIGNATURE);
	assert_true(strlen(err->msg) > 10);
}

static void test_wrong_inclusion(void **state)
{
	(void)state;
	struct err err;
	for (int64_t size = 1; size <= 40; size++) {
		struct tlog_hash root, other = leaves[SIZE - 1];
		naive_mth(0, size, &root);
		for (int64_t i = 0; i < size; i++) {
			struct tlog_proof p = {0};
			naive_path(i, 0, size, &p);
			rejected(tlog_check_inclusion(i, size, &other, &p, &root, &err), &err);
			rejected(tlog_check_inclusion(i, size, &leaves[i], &p, &other, &err), &err);
			rejected(tlog_check_inclusion(-1, size, &leaves[i], &p, &root, &err), &err);
			rejected(tlog_check_inclusion(size, size, &leaves[i], &p, &root, &err), &err);
			rejected(tlog_check_inclusion(i, TLOG_SIZE_MAX, &leaves[i], &p, &root, &err), &err);
			for (int64_t j = 0; j < size; j++)
				if (j != i)
					rejected(tlog_check_inclusion(j, size, &leaves[i], &p, &root, &err), &err);
			for (size_t h = 0; h < p.n; h++) {
				struct tlog_proof q = p;
				q.hashes[h].b[h % 32] ^= 1;
				rejected(tlog_check_inclusion(i, size, &leaves[i], &q, &root, &err), &err);
			}
			struct tlog_proof q = p;
			q.hashes[q.n++] = other;
			rejected(tlog_check_inclusion(i, size, &leaves[i], &q, &root, &err), &err);
			q.n = p.n - 1;
			if (p.n)
				rejected(tlog_check_inclusion(i, size, &leaves[i], &q, &root, &err), &err);
		}
	}
}

static void test_wrong_consistency(void **state)
{
	(void)state;
	struct err err;
	for (int64_t size = 1; size <= 40; size++) {
		struct tlog_hash root, other = leaves[SIZE - 1];
		naive_mth(0, size, &root);
		for (int64_t old = 1; old <= size; old++) {
			struct tlog_proof p = {0}, q;
			struct tlog_hash old_root;
			naive_mth(0, old, &old_root);
			naive_subproof(old, 0, size, true, &p);
			rejected(tlog_check_consistency(old, size, &other, &root, &p, &err), &err);
			rejected(tlog_check_consistency(old, size, &old_root, &other, &p, &err), &err);
			rejected(tlog_check_consistency(size + 1, size, &old_root, &root, &p, &err), &err);
			for (size_t h = 0; h < p.n; h++) {
				q = p;
				q.hashes[h].b[0] ^= 0x80;
				rejected(tlog_check_consistency(old, size, &old_root, &root, &q, &err), &err);
			}
			q = p;
			q.hashes[q.n++] = other;
			rejected(tlog_check_consistency(old, size, &old_root, &root, &q, &err), &err);
			q.n = p.n - 1;
			if (p.n)
				rejected(tlog_check_consistency(old, size, &old_root, &root, &q, &err), &err);
		}
	}
	struct tlog_proof none = {0};
	struct tlog_hash empty;
	hash_sha256(STR(""), empty.b);
	must(tlog_check_consistency(0, 5, &empty, &leaves[0], &none, &err), &err);
	rejected(tlog_check_consistency(0, 5, &leaves[1], &leaves[0], &none, &err), &err);
}

/* The eight entries that implementations of Certificate Transparency are commonly tried with, and the roots of the trees of the first 1 to
 * 8; the judge in Go checks the same ones (tests/api/log-judge). */
static void test_vectors(void **state)
{
	(void)state;
	static const char *const inputs[] = {
	    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};
	static const char *const roots[] = {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	                                    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
	                                    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
	                                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
	                                    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
	                                    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
	                                    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
	                                    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
	struct tlog_hash saved[8], root;
	struct err err;
	char hex[HASH_HEX_SIZE];
	memcpy(saved, leaves, sizeof saved);
	for (int i = 0; i < 8; i++) {
		unsigned char bytes[16];
		size_t len;
		sodium_hex2bin(bytes, sizeof bytes, inputs[i], strlen(inputs[i]), NULL, &len, NULL);
		tlog_leaf((struct str){(const char *)bytes, len}, &leaves[i]);
	}
	for (int i = 0; i < 8; i++) {
		struct tiles *tiles = tiles_create(i + 1, read_tile, NULL);
		must(tlog_root(i + 1, tiles_hash, tiles, &root, &err), &err);
		assert_string_equal(hash_hex(root.b, hex), roots[i]);
		tiles_destroy(tiles);
	}
	must(tlog_root(0, tiles_hash, NULL, &root, &err), &err);
	assert_string_equal(hash_hex(root.b, hex), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	memcpy(leaves, saved, sizeof saved);
}

static void test_tile_widths(void **state)
{
	(void)state;
	/* The example of the format: a log of 70,000 entries. */
	assert_int_equal(tile_width(0, 272, 70000), 256);
	assert_int_equal(tile_width(0, 273, 70000), 112);
	assert_int_equal(tile_width(0, 274, 70000), 0);
	assert_int_equal(tile_width(1, 0, 70000), 256);
	assert_int_equal(tile_width(1, 1, 70000), 17);
	assert_int_equal(tile_width(2, 0, 70000), 1);
	assert_int_equal(tile_width(3, 0, 70000), 0);
	assert_int_equal(tile_width(0, 0, 256), 256);
	assert_int_equal(tile_width(0, 1, 256), 0);
	assert_int_equal(tile_width(1, 0, 256), 1);
	assert_int_equal(tile_width(0, -1, 256), 0);
	assert_int_equal(tile_width(63, 0, INT64_MAX), 0);
	assert_int_equal(tile_width(0, INT64_MAX, INT64_MAX), 0);
}

static void test_tile_paths(void **state)
{
	(void)state;
	static const char *const good[] = {
	    "0/000", "0/001", "0/255.p/1", "0/x001/x234/067", "7/x001/000.p/255", "entries/000", "entries/x123/456.p/17", "63/999"};
	static const char *const bad[] = {"",
	                                  "0",
	                                  "0/",
	                                  "00/000",
	                                  "-1/000",
	                                  "64/000",
	                                  "0/00",
	                                  "0/0000",
	                                  "0/1",
	                                  "0/000.p/",
	                                  "0/000.p/0",
	                                  "0/000.p/256",
	                                  "0/000.p/01",
	                                  "0/000.p/1/",
	                                  "0/000/",
	                                  "0/x000/001",
	                                  "0/x001",
	                                  "0/x001/",
	                                  "0/x001x002",
	                                  "0/001/002",
	                                  "0/x1/002",
	                                  "0/x001/x002",
	                                  "0/ 12",
	                                  "0/+12",
	                                  "entries",
	                                  "entries/",
	                                  "Entries/000",
	                                  "0/000.P/1",
	                                  "0/x001/x001/x001/x001/x001/x001/x001/001",
	                                  "0/000.p/-1",
	                                  "0/0x1"};
	struct tile t;
	struct err err;
	char out[TILE_PATH_SIZE];
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		must(tile_path_read(str_of(good[i]), &t, &err), &err);
		assert_string_equal(tile_path_write(&t, out), good[i]);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (tile_path_read(str_of(bad[i]), &t, &err))
			fail_msg("'%s' was taken for tile %s", bad[i], tile_path_write(&t, out));
	must(tile_path_read(STR("3/x001/x234/067.p/9"), &t, &err), &err);
	assert_true(t.level == 3 && t.n == 1234067 && t.width == 9 && !t.entries);
}

static void test_bundles(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf b = BUF(1 << 20);
	static char big[65536];
	struct str rest, e;
	struct err err;
	must(tile_add_entry(&b, STR("one"), &err) && tile_add_entry(&b, STR(""), &err), &err);
	must(tile_add_entry(&b, (struct str){big, 65535}, &err), &err);
	assert_false(tile_add_entry(&b, (struct str){big, 65536}, &err));
	rest = buf_str(&b);
	assert_true(tile_next_entry(&rest, &e) && str_is(e, "one"));
	assert_true(tile_next_entry(&rest, &e) && e.len == 0);
	assert_true(tile_next_entry(&rest, &e) && e.len == 65535);
	assert_true(!tile_next_entry(&rest, &e) && rest.len == 0);
	rest = str_sub(buf_str(&b), 0, 4);
	assert_true(!tile_next_entry(&rest, &e) && rest.len == 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_all_sizes), cmocka_unit_test(test_wrong_inclusion), cmocka_unit_test(test_wrong_consistency),
	    cmocka_unit_test(test_vectors),   cmocka_unit_test(test_tile_widths),     cmocka_unit_test(test_tile_paths),
	    cmocka_unit_test(test_bundles),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
