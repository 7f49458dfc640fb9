/* The log on a real store: what is rolled back leaves no trace, tiles of three levels, proofs against the checkpoint, and no signature for
 * a changed past. */
#include "kit.h"

#include "proctor/log_check.h"
#include "proctor/log_tree.h"

static void append(struct kit *k, const char *name)
{
	struct err err;
	must(log_append(k->pr, k->pr->wr, LOG_REVOCATION, name, str_of(name), NULL, &err), &err);
}

static int64_t signed_size(struct kit *k)
{
	int64_t size, signed_entries;
	struct err err;
	must(store_log_sizes(k->pr->wr, &size, &signed_entries, &err), &err);
	return signed_entries;
}

static void count(void *arg, const char *finding)
{
	fprintf(stderr, "%s\n", finding);
	++*(int *)arg;
}

static struct log_audit audit(struct kit *k)
{
	struct log_policy policy;
	struct log_audit ret;
	struct err err;
	int findings = 0;
	must(log_own_policy(k->pr, k->rd, &policy, &err), &err);
	must(log_check(k->rd, &policy, NULL, 0, count, &findings, &ret, &err), &err);
	assert_int_equal(findings, 0);
	return ret;
}

static void test_rollback(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	int64_t index, before;
	kit_open(&k);
	must(store_begin(k.pr->wr, &err), &err);
	append(&k, "first");
	must(log_find(k.pr->wr, LOG_REVOCATION, "first", &before, &err), &err);
	must(store_savepoint(k.pr->wr, &err), &err);
	for (int i = 0; i < 300; i++) /* over the end of a tile */
		append(&k, "undone");
	store_rollback_savepoint(k.pr->wr);
	append(&k, "second");
	must(log_find(k.pr->wr, LOG_REVOCATION, "second", &index, &err), &err);
	assert_int_equal(index, before + 1);
	assert_false(log_find(k.pr->wr, LOG_REVOCATION, "undone", &index, &err));
	proctor_seal(k.pr, k.pr->wr);
	must(store_commit(k.pr->wr, &err), &err);
	assert_int_equal(signed_size(&k), before + 2);
	/* A whole transaction, signature and all. */
	must(store_begin(k.pr->wr, &err), &err);
	append(&k, "third");
	proctor_seal(k.pr, k.pr->wr);
	assert_int_equal(signed_size(&k), before + 3);
	store_rollback(k.pr->wr);
	assert_int_equal(signed_size(&k), before + 2);
	assert_int_equal(audit(&k).entries, before + 2);
	kit_close(&k);
}

static void test_twice(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	kit_open(&k);
	must(store_begin(k.pr->wr, &err), &err);
	must(log_append(k.pr, k.pr->wr, LOG_RESULT, "1 1", STR("a"), NULL, &err), &err);
	assert_false(log_append(k.pr, k.pr->wr, LOG_RESULT, "1 1", STR("b"), NULL, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	must(log_append(k.pr, k.pr->wr, LOG_RESULT, "1 2", STR("b"), NULL, &err), &err);
	assert_false(log_append(k.pr, k.pr->wr, LOG_KEY, "", STR("b"), NULL, &err));
	store_rollback(k.pr->wr);
	kit_close(&k);
}

/* 256^2 entries and some: a tile of level 2 begins. */
static void test_three_levels(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	struct log_policy policy;
	const int64_t many = 65536 + 300;
	kit_open(&k);
	must(store_begin(k.pr->wr, &err), &err);
	for (int64_t i = 0; i < many; i++) {
		char name[24];
		snprintf(name, sizeof name, "entry %lld", (long long)i);
		append(&k, name);
	}
	proctor_seal(k.pr, k.pr->wr);
	must(store_commit(k.pr->wr, &err), &err);
	struct log_audit a = audit(&k);
	assert_int_equal(a.entries, signed_size(&k));
	assert_int_equal(a.tiles, 257 + 2 + 1); /* 0/0 to 0/256, 1/0, the beginning of 1/1, and of 2/0 */
	must(log_own_policy(k.pr, k.rd, &policy, &err), &err);
	int64_t first = a.entries - many;
	static const int64_t some[] = {0, 1, 255, 256, 65279, 65280, 65535, 65536, 65835};
	for (size_t i = 0; i < ARRAY_SIZE(some); i++) {
		_cleanup_buf_ struct buf proof = BUF(1 << 16);
		struct log_proof_seen seen;
		char name[24];
		snprintf(name, sizeof name, "entry %lld", (long long)some[i]);
		must(log_proof(k.pr, k.rd, first + some[i], &proof, &err), &err);
		must(log_proof_check(buf_str(&proof), "revocation", str_of(name), &policy, &seen, &err), &err);
		assert_int_equal(seen.index, first + some[i]);
		assert_false(log_proof_check(buf_str(&proof), "revocation", STR("another"), &policy, &seen, &err));
	}
	kit_close(&k);
}

static void test_changed_past(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	kit_open(&k);
	must(store_begin(k.pr->wr, &err), &err);
	append(&k, "first");
	proctor_seal(k.pr, k.pr->wr);
	int64_t before = signed_size(&k);
	/* A tile that is not what its entries say, where the next signature looks. */
	static const char wrong[256 * 32] = "x";
	must(store_log_tile_put(k.pr->wr, 0, 0, (struct str){wrong, sizeof wrong}, &err), &err);
	append(&k, "second");
	assert_false(log_sign(k.pr, k.pr->wr, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	proctor_seal(k.pr, k.pr->wr); /* says so, and signs nothing */
	assert_int_equal(signed_size(&k), before);
	store_rollback(k.pr->wr);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rollback),
	    cmocka_unit_test(test_twice),
	    cmocka_unit_test(test_three_levels),
	    cmocka_unit_test(test_changed_past),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
