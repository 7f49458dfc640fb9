/* RDFC-1.0: examples of the standard, graphs whose nodes look alike under every renaming, and poison. rdf-canonize is the judge of
 * thousands of graphs in tests/api/credential-judges.test.mjs. */
#include "../test.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/rng.h"
#include "credential/rdfc.h"
#include <stdio.h>
#include <stdlib.h>

static bool canonical(const char *nquads, struct buf *out, struct err *err)
{
	_cleanup_rdf_ struct rdf r;
	rdf_init(&r);
	return rdf_parse(str_of(nquads), &r, err) && rdfc_canonical(&r, out, err);
}

#define E "<http://example.com/#"

/* Those of W3C "RDF Dataset Canonicalization", sections 4.5 to 4.8 and appendix A; rdf-canonize says the same of them. */
static void test_examples(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} rows[] = {
	    /* Unique hashes. */
	    {E "p> " E "q> _:e0 .\n" E "p> " E "r> _:e1 .\n_:e0 " E "s> " E "u> .\n_:e1 " E "t> " E "u> .\n",
	     E "p> " E "q> _:c14n0 .\n" E "p> " E "r> _:c14n1 .\n_:c14n0 " E "s> " E "u> .\n_:c14n1 " E "t> " E "u> .\n"},
	    /* Shared hashes. */
	    {E "p> " E "q> _:e0 .\n" E "p> " E "q> _:e1 .\n_:e0 " E "p> _:e2 .\n_:e1 " E "p> _:e3 .\n_:e2 " E "r> _:e3 .\n",
	     E "p> " E "q> _:c14n2 .\n" E "p> " E "q> _:c14n3 .\n_:c14n0 " E "r> _:c14n1 .\n_:c14n2 " E "p> _:c14n1 .\n"
	       "_:c14n3 " E "p> _:c14n0 .\n"},
	    /* Duplicate paths. */
	    {"_:e0 " E "p1> _:e1 .\n_:e1 " E "p2> \"Foo\" .\n_:e2 " E "p1> _:e3 .\n_:e3 " E "p2> \"Foo\" .\n",
	     "_:c14n0 " E "p1> _:c14n1 .\n_:c14n1 " E "p2> \"Foo\" .\n_:c14n2 " E "p1> _:c14n3 .\n_:c14n3 " E "p2> \"Foo\" .\n"},
	    /* Blank nodes as graphs. */
	    {"_:e0 " E "p> _:e1 _:g .\n_:e1 " E "p> _:e0 _:h .\n_:g " E "in> _:h .\n_:h " E "in> _:g .\n",
	     "_:c14n0 " E "in> _:c14n1 .\n_:c14n1 " E "in> _:c14n0 .\n_:c14n2 " E "p> _:c14n3 _:c14n0 .\n_:c14n3 " E "p> _:c14n2 _:c14n1 .\n"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_buf_ struct buf out = BUF(10000);
		struct err err = {0};
		if (!canonical(rows[i].in, &out, &err))
			fail_msg("%s", err.msg);
		assert_string_equal(out.p, rows[i].out);
	}
}

/* The credential of the EdDSA cryptosuites' test vectors (W3C, appendix B.1): its canonical form's SHA-256 is published. */
static void test_published_hash(void **state)
{
	(void)state;
#define ID "<urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33>"
#define VC "<https://www.w3.org/2018/credentials#"
#define EXAMPLES "<https://www.w3.org/ns/credentials/examples#"
	static const char nquads[] =
	    ID " " VC "validFrom> \"2023-01-01T00:00:00Z\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n" ID " " VC
	       "issuer> <https://vc.example/issuers/5678> .\n" ID " " VC "credentialSubject> <did:example:abcdefgh> .\n" ID
	       " <https://schema.org/name> \"Alumni Credential\" .\n" ID
	       " <https://schema.org/description> \"A minimum viable example of an Alumni Credential.\" .\n" ID
	       " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> " EXAMPLES "AlumniCredential> .\n" ID
	       " <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> " VC "VerifiableCredential> .\n<did:example:abcdefgh> " EXAMPLES
	       "alumniOf> \"The School of Examples\" .\n";
	_cleanup_buf_ struct buf out = BUF(10000);
	struct err err = {0};
	char hash[HASH_HEX_SIZE];
	assert_true(canonical(nquads, &out, &err));
	assert_string_equal(hash_sha256_hex(buf_str(&out), hash), "517744132ae165a5349155bef0bb0cf2258fff99dfe1dbd914b938d775a36017");
}

/* n nodes, and edges between some of them; `names` gives each its label, and `order` the lines theirs. */
static void write_graph(const int (*edges)[2], size_t n_edges, const size_t *names, const size_t *order, struct buf *out)
{
	for (size_t i = 0; i < n_edges; i++)
		buf_addf(out, "_:x%zu <urn:p> _:x%zu .\n", names[edges[order[i]][0]], names[edges[order[i]][1]]);
}

/* Renamed and in another order, a graph has the same form; and another graph has another. */
static void check_renamings(const int (*edges)[2], size_t n_edges, size_t n, struct buf *ret)
{
	static const unsigned char seed[RNG_SEED_SIZE] = {3};
	struct rng rng;
	size_t names[32], order[64];
	assert_true(n <= 32 && n_edges <= 64);
	for (size_t i = 0; i < n; i++)
		names[i] = i;
	for (size_t i = 0; i < n_edges; i++)
		order[i] = i;
	rng_init(&rng, seed, "renamings");
	for (int round = 0; round < 25; round++) {
		_cleanup_buf_ struct buf in = BUF(100000), out = BUF(100000);
		struct err err = {0};
		write_graph(edges, n_edges, names, order, &in);
		if (!canonical(in.p, &out, &err))
			fail_msg("%s", err.msg);
		if (round == 0)
			buf_addv(ret, buf_str(&out));
		assert_string_equal(out.p, ret->p);
		rng_shuffle(&rng, names, n);
		rng_shuffle(&rng, order, n_edges);
	}
}

static void test_renamings(void **state)
{
	(void)state;
	static const int ring[][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 0}};
	static const int triangles[][2] = {{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}, {5, 3}};
	static const int petersen[][2] = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 0}, {0, 5}, {1, 6}, {2, 7},
	                                  {3, 8}, {4, 9}, {5, 7}, {7, 9}, {9, 6}, {6, 8}, {8, 5}};
	static const int tree[][2] = {{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}, {2, 6}, {6, 7}};
	_cleanup_buf_ struct buf a = BUF(100000), b = BUF(100000), c = BUF(100000), d = BUF(100000);
	check_renamings(ring, ARRAY_SIZE(ring), 6, &a);
	check_renamings(triangles, ARRAY_SIZE(triangles), 6, &b);
	check_renamings(petersen, ARRAY_SIZE(petersen), 10, &c);
	check_renamings(tree, ARRAY_SIZE(tree), 8, &d);
	assert_string_not_equal(a.p, b.p); /* each node of both has one edge in and one out */
}

/* Everybody knows everybody: n! orders. A ring so long that its path would fill the stack. And few nodes, but long addresses between them:
 * what is hashed counts. */
static void test_poison(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf in = BUF(1 << 22), out = BUF(1 << 22);
	struct err err = {0};
	for (int i = 0; i < 20; i++)
		for (int k = 0; k < 20; k++)
			if (i != k)
				buf_addf(&in, "_:x%d <urn:p> _:x%d .\n", i, k);
	assert_false(canonical(in.p, &out, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_non_null(strstr(err.msg, "500000 steps"));
	buf_clear(&in);
	for (int i = 0; i < 5000; i++)
		buf_addf(&in, "_:x%d <urn:p> _:x%d .\n", i, (i + 1) % 5000);
	assert_false(canonical(in.p, &out, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	char *predicate = xmalloc(100001);
	memset(predicate, 'p', 100000);
	predicate[100000] = 0;
	buf_clear(&in);
	in.max = 1 << 24;
	for (int i = 0; i < 12; i++)
		for (int k = 0; k < 12; k++)
			if (i != k)
				buf_addf(&in, "_:x%d <urn:%s> _:x%d .\n", i, predicate, k);
	free(predicate);
	assert_false(canonical(in.p, &out, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_int_equal(out.len, 0);
}

static void test_many_that_are_no_poison(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf in = BUF(1 << 22), out = BUF(1 << 22);
	struct err err = {0};
	for (int i = 0; i < 300; i++)
		buf_addf(&in, "<urn:a> <urn:has> _:x%d .\n_:x%d <urn:name> \"the same\" .\n_:x%d <urn:of> _:y%d .\n_:y%d <urn:name> \"one\" .\n", i,
		         i, i, i, i);
	if (!canonical(in.p, &out, &err))
		fail_msg("%s", err.msg);
	size_t lines = 0;
	for (const char *c = out.p; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 1200);
	assert_non_null(strstr(out.p, "_:c14n599 "));
}

/* The standard sorts by code points, JavaScript and Java by UTF-16 units. */
static void test_disputed_order(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf out = BUF(10000);
	struct err err = {0};
	assert_true(canonical("<urn:a> <urn:b> \"\xf0\x9f\x98\x80\" .\n<urn:a> <urn:b> \"\xe5\x8c\x97\" .\n", &out, &err));
	assert_false(canonical("<urn:a> <urn:b> \"\xf0\x9f\x98\x80\" .\n<urn:a> <urn:b> \"\xef\xac\x80\" .\n", &out, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_false(canonical("_:a <urn:b> \"\xf0\x9f\x98\x80\" .\n_:a <urn:b> \"\xee\x80\x80\" .\n", &out, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_examples), cmocka_unit_test(test_published_hash),          cmocka_unit_test(test_renamings),
	    cmocka_unit_test(test_poison),   cmocka_unit_test(test_many_that_are_no_poison), cmocka_unit_test(test_disputed_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
