/* N-Quads: what is read, and what is not. */
#include "../test.h"
#include "base/mem.h"
#include "credential/rdfc.h"
#include <stdlib.h>

/* Read, and written in canonical form. */
static bool reread(struct str nquads, struct buf *out, struct err *err)
{
	_cleanup_rdf_ struct rdf r;
	rdf_init(&r);
	return rdf_parse(nquads, &r, err) && rdfc_canonical(&r, out, err);
}

static void test_read(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out;
	} rows[] = {
	    {"", ""},
	    {"\n\n  \t\n# a comment\r\n", ""},
	    {"<urn:a> <urn:b> <urn:c> .", "<urn:a> <urn:b> <urn:c> .\n"},
	    {"  <urn:a>\t<urn:b><urn:c>  <urn:g>.  # c\r\n", "<urn:a> <urn:b> <urn:c> <urn:g> .\n"},
	    {"<urn:a> <urn:b> \"x\"^^<http://www.w3.org/2001/XMLSchema#string> .", "<urn:a> <urn:b> \"x\" .\n"},
	    {"<urn:a> <urn:b> \"x\"@en-GB .", "<urn:a> <urn:b> \"x\"@en-GB .\n"},
	    {"<urn:a> <urn:b> \"x\"^^<urn:t> _:g .", "<urn:a> <urn:b> \"x\"^^<urn:t> _:c14n0 .\n"},
	    {"<urn:a> <urn:b> \"\\t\\b\\n\\r\\f\\\"\\'\\\\\\u00e9\\U0001F600\" .",
	     "<urn:a> <urn:b> \"\\t\\b\\n\\r\\f\\\"'\\\\\xc3\xa9\xf0\x9f\x98\x80\" .\n"},
	    {"<urn:\\u00e9> <urn:b> \"\t\" .", "<urn:\xc3\xa9> <urn:b> \"\\t\" .\n"},
	    {"_:a.b <urn:b> _:a.b.", "_:c14n0 <urn:b> _:c14n0 .\n"},
	    {"_:a.b <urn:b> _:a.b .", "_:c14n0 <urn:b> _:c14n0 .\n"},
	    {"<urn:a> <urn:b> _:x .\n<urn:a> <urn:b> _:x .\n", "<urn:a> <urn:b> _:c14n0 .\n"}, /* a set */
	    {"<urn:a> <urn:b> \"b\" .\n<urn:a> <urn:b> \"a\" .", "<urn:a> <urn:b> \"a\" .\n<urn:a> <urn:b> \"b\" .\n"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_buf_ struct buf out = BUF(10000);
		struct err err = {0};
		if (!reread(str_of(rows[i].in), &out, &err))
			fail_msg("%s: %s", rows[i].in, err.msg);
		assert_string_equal(buf_str(&out).p, rows[i].out);
	}
}

static void test_refused(void **state)
{
	(void)state;
	static const struct str rows[] = {
	    STR("<urn:a> <urn:b> <urn:c>"),         STR("<urn:a> <urn:b> ."),
	    STR("<urn:a> _:b <urn:c> ."),           STR("\"a\" <urn:b> <urn:c> ."),
	    STR("<urn:a> <urn:b> <urn:c> \"g\" ."), STR("<urn:a> <urn:b> <urn:c> <urn:g> <urn:h> ."),
	    STR("<urn:a> <urn:b> <urn:c> . x"),     STR("<urn:a <urn:b> <urn:c> ."),
	    STR("<a> <urn:b> <urn:c> ."),           STR("<> <urn:b> <urn:c> ."),
	    STR("<urn:a b> <urn:b> <urn:c> ."),     STR("<urn:a> <urn:b> \"x ."),
	    STR("<urn:a> <urn:b> \"x\\q\" ."),      STR("<urn:a> <urn:b> \"x\\u12\" ."),
	    STR("<urn:a> <urn:b> \"x\\ud800\" ."),  STR("<urn:a> <urn:b> \"x\\U00110000\" ."),
	    STR("<urn:a> <urn:b> \"x\\u0000\" ."),  STR("<urn:a> <urn:b> \"x\"@ ."),
	    STR("<urn:a> <urn:b> \"x\"@1n ."),      STR("<urn:a> <urn:b> \"x\"@en- ."),
	    STR("<urn:a> <urn:b> \"x\"^^ ."),       STR("<urn:a> <urn:b> \"x\"^^\"y\" ."),
	    STR("<urn:a> <urn:b> \"x\\"),           STR("<urn:a> <urn:b> \"x\0y\" ."),
	    STR("<urn:\\n> <urn:b> \"x\" ."),       STR("_: <urn:b> <urn:c> ."),
	    STR("_:-a <urn:b> <urn:c> ."),          STR("\xff"),
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_buf_ struct buf out = BUF(10000);
		struct err err = {0};
		if (reread(rows[i], &out, &err))
			fail_msg("%s was taken", rows[i].p);
		assert_int_equal(err.code, ERR_INVALID);
		assert_non_null(strstr(err.msg, "N-Quads"));
	}
}

static void test_many_labels(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf in = BUF(1 << 22), out = BUF(1 << 22);
	struct err err = {0};
	for (int i = 0; i < 5000; i++)
		buf_addf(&in, "_:n%d <urn:p> \"%d\" .\n", i, i);
	if (!reread(buf_str(&in), &out, &err))
		fail_msg("%s", err.msg);
	for (int i = 5000; i <= RDF_QUADS_MAX; i++)
		buf_addf(&in, "_:n%d <urn:p> \"%d\" .\n", i, i);
	assert_false(reread(buf_str(&in), &out, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_read), cmocka_unit_test(test_refused), cmocka_unit_test(test_many_labels)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
