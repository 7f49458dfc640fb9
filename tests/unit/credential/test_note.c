/* Notes, keys, checkpoints, policies and proofs: what is written reads back, what is not written so is refused, and what was changed does
 * not hold. */
#include "../test.h"

#include "base/mem.h"
#include "credential/log_proof.h"
#include <sodium.h>
#include <stdio.h>

static void must(bool ok, const struct err *err)
{
	if (!ok)
		fail_msg("%s: %s", err_name(err->code), err->msg);
}
#define MUST(call)                           \
	do {                                     \
		struct err err_ = {0}, *err = &err_; \
		must(call, err);                     \
	} while (0)
#define MUST_NOT(call, with)                                      \
	do {                                                          \
		struct err err_ = {0}, *err = &err_;                      \
		assert_false(call);                                       \
		assert_string_equal(err_name(err->code), err_name(with)); \
		assert_true(strlen(err->msg) > 10);                       \
	} while (0)

static struct sign_key secret(unsigned char n)
{
	unsigned char seed[SIGN_SEED_SIZE] = {n};
	struct sign_key key;
	sign_key_from_seed(seed, &key);
	return key;
}

static struct note_key public(const char *name, enum note_type type, unsigned char n)
{
	struct sign_key key = secret(n);
	struct note_key ret;
	MUST(note_key_make(str_of(name), type, key.public_key, &ret, err));
	return ret;
}

static void test_keys(void **state)
{
	(void)state;
	struct note_key key;
	char out[NOTE_VKEY_SIZE];
	/* The example key of Go's sumdb/note documentation: a fact by which the id is known. */
	static const char peter[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
	MUST(note_key_read(str_of(peter), &key, err));
	assert_string_equal(key.name, "PeterNeumann");
	assert_string_equal(note_key_write(&key, out), peter);
	key = public("example.com/log", NOTE_COSIGNATURE, 1);
	note_key_write(&key, out);
	struct note_key again;
	MUST(note_key_read(str_of(out), &again, err));
	assert_memory_equal(&key, &again, sizeof key);
	static const char *const bad[] = {"",
	                                  "+",
	                                  "++",
	                                  "name",
	                                  "name+c74f20a3",
	                                  "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	                                  "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	                                  "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	                                  "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
	                                  "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
	                                  "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
	                                  "PeterNeumann+c74f20a3+"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		MUST_NOT(note_key_read(str_of(bad[i]), &key, err), ERR_INVALID);
	MUST_NOT(note_key_read(STR("PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), &key, err), ERR_UNSUPPORTED);
	unsigned char bytes[32] = {0};
	static const char *const names[] = {"",
	                                    "a b",
	                                    "a+b",
	                                    "a\nb",
	                                    "a\x7f",
	                                    "a\xc2\xa0"
	                                    "b",
	                                    "a\xe3\x80\x80",
	                                    "\xff",
	                                    "a\tb"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		MUST_NOT(note_key_make(str_of(names[i]), NOTE_ED25519, bytes, &key, err), ERR_INVALID);
}

/* The note that Go's documentation of sumdb/note shows, and that its own tests open. */
static void test_known_note(void **state)
{
	(void)state;
	static const char text[] =
	    "If you think cryptography is the answer to your problem,\n"
	    "then you don't know what your problem is.\n"
	    "\n"
	    "\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
	struct note_key key;
	struct note note;
	struct str line;
	MUST(note_key_read(STR("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), &key, err));
	MUST(note_parse(str_of(text), &note, err));
	assert_int_equal(note.n, 1);
	MUST(note_verify(&note, &key, &line, NULL, err));
	assert_true(str_starts(line, "\xe2\x80\x94 PeterNeumann x08go"));
	for (size_t i = 0; i + 1 < sizeof text; i++) { /* any changed byte */
		char changed[sizeof text];
		memcpy(changed, text, sizeof text);
		changed[i] ^= 1;
		struct err err;
		if (note_parse((struct str){changed, sizeof text - 1}, &note, &err))
			assert_false(note_verify(&note, &key, NULL, NULL, &err));
	}
}

static void test_shapes(void **state)
{
	(void)state;
	struct note note;
	static const char *const bad[] = {"",
	                                  "text\n",
	                                  "text\n\n",
	                                  "text\n\n\xe2\x80\x94 a AAAAAAA=",
	                                  "text\n\n- a AAAAAAA=\n",
	                                  "text\n\n\xe2\x80\x94 a AAAAAAA=\nmore\n",
	                                  "text\n\n\xe2\x80\x94  AAAAAAA=\n",
	                                  "text\n\n\xe2\x80\x94 a b AAAAAAA=\n",
	                                  "text\n\n\xe2\x80\x94 a AAAA\n", /* three bytes */
	                                  "text\n\n\xe2\x80\x94 a AAAAAAB=\n",
	                                  "te\rxt\n\n\xe2\x80\x94 a AAAAAAA=\n",
	                                  "te\xffxt\n\n\xe2\x80\x94 a AAAAAAA=\n",
	                                  "text\n\xe2\x80\x94 a AAAAAAA=\n"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		MUST_NOT(note_parse(str_of(bad[i]), &note, err), ERR_INVALID);
	MUST(note_parse(STR("text\n\n\nmore\n\n\xe2\x80\x94 a AAAAAAA=\n\xe2\x80\x94 b AAAAAAAAAAAA\n"), &note, err));
	assert_true(str_is(note.text, "text\n\n\nmore\n") && note.n == 2);
	struct checkpoint c;
	static const char root[] = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
	_cleanup_free_ char *good = xasprintf("o\n7\n%s\n", root), *more = xasprintf("o\n7\n%s\nextra line\n", root);
	MUST(checkpoint_parse(str_of(good), &c, err));
	assert_true(c.size == 7 && str_is(c.origin, "o"));
	MUST(checkpoint_parse(str_of(more), &c, err));
	static const char *const forms[] = {"\n7\n%s\n",    "o\n07\n%s\n",        "o\n-7\n%s\n",
	                                    "o\n+7\n%s\n",  "o\n7 \n%s\n",        "o\n7\n%s",
	                                    "o\n7\n%s\n\n", "o\n7\n%sA\n",        "o\n9223372036854775807\n%s\n",
	                                    "o\n\n%s\n",    "o\n7\n%s\nx\n\ny\n", "o\n7\nAAAA\n%s\n"};
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		_cleanup_free_ char *text = xasprintf(forms[i], root);
#pragma GCC diagnostic pop
		MUST_NOT(checkpoint_parse(str_of(text), &c, err), ERR_INVALID);
	}
}

/* ---- A log of nine entries, and two witnesses ---- */

struct fixture {
	struct tlog_hash leaves[9];
	struct buf body, checkpoint, proof, policy;
	char log[NOTE_VKEY_SIZE], w1[NOTE_VKEY_SIZE], w2[NOTE_VKEY_SIZE];
	unsigned char salt[LOG_SALT_SIZE];
};

static bool read_leaf(void *arg, unsigned level, int64_t n, struct tlog_hash *ret, struct err *err)
{
	struct fixture *f = arg;
	if (level == 0) {
		*ret = f->leaves[n];
		return true;
	}
	struct tlog_hash a, b;
	if (!read_leaf(arg, level - 1, 2 * n, &a, err) || !read_leaf(arg, level - 1, 2 * n + 1, &b, err))
		return false;
	tlog_node(&a, &b, ret);
	return true;
}

static void fixture_make(struct fixture *f, bool w1, bool w2)
{
	static const struct buf empty = {.max = NOTE_SIZE_MAX};
	struct note_key log = public("log.example/x", NOTE_ED25519, 1), k1 = public("w.example/1", NOTE_COSIGNATURE, 2),
	                k2 = public("w.example/2", NOTE_COSIGNATURE, 3);
	struct sign_key s = secret(1), s1 = secret(2), s2 = secret(3);
	unsigned char commitment[32];
	char entry[LOG_ENTRY_SIZE];
	struct tlog_proof proof;
	struct tlog_hash root;
	f->body = f->checkpoint = f->proof = f->policy = empty;
	memset(f->salt, 7, sizeof f->salt);
	for (int i = 0; i < 9; i++)
		tlog_leaf((struct str){(const char *)&i, sizeof i}, &f->leaves[i]);
	log_commitment(f->salt, STR("a certificate"), commitment);
	tlog_leaf((struct str){entry, log_entry_write("certificate", commitment, entry)}, &f->leaves[5]);
	MUST(tlog_root(9, read_leaf, f, &root, err));
	struct checkpoint c = {.origin = STR("log.example/x"), .size = 9};
	memcpy(c.root, root.b, 32);
	checkpoint_write(&c, &f->body);
	buf_addf(&f->checkpoint, "%s\n", f->body.p);
	note_sign(buf_str(&f->body), &log, &s, 0, &f->checkpoint);
	if (w1)
		note_sign(buf_str(&f->body), &k1, &s1, 1700000001, &f->checkpoint);
	if (w2)
		note_sign(buf_str(&f->body), &k2, &s2, 1700000002, &f->checkpoint);
	MUST(tlog_prove_inclusion(5, 9, read_leaf, f, &proof, err));
	log_proof_write(5, &proof, "certificate", f->salt, buf_str(&f->checkpoint), &f->proof);
	note_key_write(&log, f->log);
	note_key_write(&k1, f->w1);
	note_key_write(&k2, f->w2);
}

static void fixture_free(struct fixture *f)
{
	buf_finish(&f->body);
	buf_finish(&f->checkpoint);
	buf_finish(&f->proof);
	buf_finish(&f->policy);
}

static void policy_with(struct fixture *f, const char *rest)
{
	buf_clear(&f->policy);
	buf_addf(&f->policy, "# whom we believe\n\n log %s https://log.example/x\nwitness one %s\n\twitness two\t%s url\n%s", f->log, f->w1,
	         f->w2, rest);
}

static void test_proofs(void **state)
{
	(void)state;
	struct fixture f;
	struct log_policy policy;
	struct log_proof_seen seen;
	fixture_make(&f, false, false);
	MUST(log_policy_of(str_of(f.log), &policy, err));
	MUST(log_proof_check(buf_str(&f.proof), "certificate", STR("a certificate"), &policy, &seen, err));
	assert_true(seen.index == 5 && seen.checkpoint.size == 9 && seen.checkpoint.cosigned == 0);
	assert_string_equal(seen.checkpoint.origin, "log.example/x");
	MUST_NOT(log_proof_check(buf_str(&f.proof), "certificate", STR("another certificate"), &policy, &seen, err), ERR_SIGNATURE);
	MUST_NOT(log_proof_check(buf_str(&f.proof), "result", STR("a certificate"), &policy, &seen, err), ERR_SIGNATURE);
	MUST_NOT(tlog_proof_check(buf_str(&f.proof), STR("a certificate"), &policy, &seen, err), ERR_SIGNATURE);
	/* Any changed byte. */
	for (size_t i = 0; i < f.proof.len; i++) {
		struct err err;
		f.proof.p[i] ^= 1;
		if (log_proof_check(buf_str(&f.proof), "certificate", STR("a certificate"), &policy, &seen, &err))
			fail_msg("byte %zu of the proof may be changed", i);
		f.proof.p[i] ^= 1;
		assert_true(err.code == ERR_INVALID || err.code == ERR_SIGNATURE);
	}
	/* Any shortening; and more behind. */
	for (size_t len = 0; len < f.proof.len; len++) {
		struct err err;
		assert_false(log_proof_check((struct str){f.proof.p, len}, "certificate", STR("a certificate"), &policy, &seen, &err));
	}
	buf_addc(&f.proof, '\n');
	MUST_NOT(log_proof_check(buf_str(&f.proof), "certificate", STR("a certificate"), &policy, &seen, err), ERR_INVALID);
	struct note_key other = public("log.example/x", NOTE_ED25519, 9);
	char vkey[NOTE_VKEY_SIZE];
	MUST(log_policy_of(str_of(note_key_write(&other, vkey)), &policy, err));
	MUST_NOT(log_policy_check(&policy, buf_str(&f.checkpoint), &seen.checkpoint, err), ERR_SIGNATURE);
	fixture_free(&f);
}

static void test_policies(void **state)
{
	(void)state;
	static const struct {
		const char *rules;
		bool none, first, both;
	} cases[] = {
	    {"quorum none\n", true, true, true},
	    {"quorum one\n", false, true, true},
	    {"quorum two\n", false, false, true},
	    {"group g any one two\nquorum g\n", false, true, true},
	    {"group g all one two\nquorum g\n", false, false, true},
	    {"group g 2 one two\nquorum g\n", false, false, true},
	    {"group g 1 one\ngroup h all g two\nquorum h\n", false, false, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int n = 0; n < 3; n++) {
			struct fixture f;
			struct log_policy policy;
			struct log_seen seen;
			struct err why = {0};
			fixture_make(&f, n > 0, n > 1);
			policy_with(&f, cases[i].rules);
			MUST(log_policy_read(buf_str(&f.policy), &policy, err));
			bool expected = n == 0 ? cases[i].none : n == 1 ? cases[i].first : cases[i].both;
			assert_int_equal(log_policy_check(&policy, buf_str(&f.checkpoint), &seen, &why), expected);
			if (expected) {
				assert_int_equal(seen.cosigned, n);
				assert_int_equal(seen.cosigned_s, n ? 1700000000 + n : 0);
			}
			fixture_free(&f);
		}
	static const char *const bad[] = {"",
	                                  "quorum three\n",
	                                  "quorum none\nquorum none\n",
	                                  "quorum none",
	                                  "group g 3 one two\nquorum g\n",
	                                  "group g 0 one two\nquorum g\n",
	                                  "group g any\nquorum g\n",
	                                  "group g any one one\nquorum g\n",
	                                  "group g any one\ngroup h any one\nquorum h\n",
	                                  "group one any two\nquorum one\n",
	                                  "group none any two\nquorum none\n",
	                                  "group g any h\ngroup h any one\nquorum g\n",
	                                  "what\nquorum none\n",
	                                  "log\nquorum none\n",
	                                  "witness x y\nquorum none\n",
	                                  "quorum\n",
	                                  "quorum none\r\n"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct fixture f;
		struct log_policy policy;
		fixture_make(&f, false, false);
		policy_with(&f, bad[i]);
		MUST_NOT(log_policy_read(buf_str(&f.policy), &policy, err), ERR_INVALID);
		fixture_free(&f);
	}
}

/* A cosignature that does not hold spoils the checkpoint, one by somebody unknown does not. */
static void test_false_cosignature(void **state)
{
	(void)state;
	struct fixture f;
	struct log_policy policy;
	struct log_seen seen;
	struct note_key k1 = public("w.example/1", NOTE_COSIGNATURE, 2), stranger = public("w.example/9", NOTE_COSIGNATURE, 9);
	struct sign_key wrong = secret(9);
	fixture_make(&f, false, false);
	policy_with(&f, "quorum none\n");
	MUST(log_policy_read(buf_str(&f.policy), &policy, err));
	note_sign(buf_str(&f.body), &stranger, &wrong, 5, &f.checkpoint);
	MUST(log_policy_check(&policy, buf_str(&f.checkpoint), &seen, err));
	note_sign(buf_str(&f.body), &k1, &wrong, 5, &f.checkpoint);
	MUST_NOT(log_policy_check(&policy, buf_str(&f.checkpoint), &seen, err), ERR_SIGNATURE);
	fixture_free(&f);
}

static void test_witness_requests(void **state)
{
	(void)state;
	struct witness_request r;
	struct tlog_proof proof = {.n = 2};
	_cleanup_buf_ struct buf out = BUF(1000);
	proof.hashes[1].b[3] = 9;
	witness_request_write(17, &proof, STR("o\n20\n\n"), &out);
	MUST(witness_request_parse(buf_str(&out), &r, err));
	assert_true(r.old == 17 && r.proof.n == 2 && r.proof.hashes[1].b[3] == 9 && str_is(r.checkpoint, "o\n20\n\n"));
	static const char *const bad[] = {"",
	                                  "old\n\n",
	                                  "old \n\n",
	                                  "old 01\n\n",
	                                  "old -1\n\n",
	                                  "old 1",
	                                  "old 1\n",
	                                  "new 1\n\n",
	                                  "old 1\nCsUYapGGPo4dkMgIAU\xe2\x80\x80/Xajj7h2fB2MPA3j2jxq2I=\n\n",
	                                  "old 1\nAAAA\n\n",
	                                  "old 1 \n\n"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		MUST_NOT(witness_request_parse(str_of(bad[i]), &r, err), ERR_INVALID);
	buf_clear(&out);
	proof.n = TLOG_PROOF_MAX;
	_cleanup_buf_ struct buf many = BUF(10000);
	witness_request_write(17, &proof, STR("o\n"), &many);
	MUST_NOT(witness_request_parse(buf_str(&many), &r, err), ERR_TOO_LARGE);
}

static int set_up(void **state)
{
	(void)state;
	return sodium_init() < 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_keys),
	    cmocka_unit_test(test_known_note),
	    cmocka_unit_test(test_shapes),
	    cmocka_unit_test(test_proofs),
	    cmocka_unit_test(test_policies),
	    cmocka_unit_test(test_false_cosignature),
	    cmocka_unit_test(test_witness_requests),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
