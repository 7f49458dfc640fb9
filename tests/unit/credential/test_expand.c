/* Credentials as RDF: what each kind of value becomes, and everything that is refused, by its place. jsonld's opinion on thousands of
 * credentials is asked in tests/api/credential-judges.test.mjs. */
#include "../test.h"
#include "credential/expand.h"
#include "credential/rdfc.h"
#include <stdio.h>
#include <stdlib.h>

#define VC "https://www.w3.org/2018/credentials#"
#define OB "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"
#define TYPE "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
#define FIRST "<http://www.w3.org/1999/02/22-rdf-syntax-ns#first>"
#define REST "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>"
#define NIL "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>"

/* The canonical statements of an object under the three contexts. */
static bool statements(const char *json, const char *without, struct buf *out, struct err *err)
{
	_cleanup_json_ cJSON *document = NULL, *context = json_object();
	_cleanup_rdf_ struct rdf r;
	struct contexts contexts;
	rdf_init(&r);
	json_set(context, "@context", contexts_of_certificate());
	if (!json_parse(str_of(json), &document, err))
		fail_msg("%s: %s", json, err->msg);
	return contexts_read(context, &contexts, err) && expand(document, &contexts, without, &r, err) && rdfc_canonical(&r, out, err);
}

static void expect(const char *json, const char *want)
{
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	struct err err = {0};
	if (!statements(json, "proof", &out, &err))
		fail_msg("%s: %s", json, err.msg);
	assert_string_equal(out.p, want);
}

static void test_literals(void **state)
{
	(void)state;
	expect("{\"id\":\"urn:a\",\"name\":\"N\"}", "<urn:a> <https://schema.org/name> \"N\" .\n");
	expect("{\"id\":\"urn:a\",\"name\":[\"N\",\"M\",\"N\"]}",
	       "<urn:a> <https://schema.org/name> \"M\" .\n<urn:a> <https://schema.org/name> \"N\" .\n");
	expect("{\"id\":\"urn:a\",\"name\":{\"@value\":\"N\",\"@language\":\"de-AT\"}}", "<urn:a> <https://schema.org/name> \"N\"@de-at .\n");
	expect("{\"id\":\"urn:a\",\"name\":{\"@value\":7,\"@type\":\"urn:t\"}}", "<urn:a> <https://schema.org/name> \"7\"^^<urn:t> .\n");
	expect("{\"id\":\"urn:a\",\"name\":\"\\\" \\\\ \\n \\r \\t \\b \\f \\u0001 \\u007f é\"}",
	       "<urn:a> <https://schema.org/name> \"\\\" \\\\ \\n \\r \\t \\b \\f \\u0001 \\u007F é\" .\n");
	expect("{\"id\":\"urn:a\",\"awardedDate\":\"2026-11-23T12:00:00Z\"}",
	       "<urn:a> <" OB "awardedDate> \"2026-11-23T12:00:00Z\"^^<xsd:dateTime> .\n");
	expect("{\"id\":\"urn:a\",\"type\":\"AchievementSubject\",\"creditsEarned\":3.5}",
	       "<urn:a> " TYPE " <" OB "AchievementSubject> .\n"
	       "<urn:a> <" OB "creditsEarned> \"3.5E0\"^^<https://www.w3.org/2001/XMLSchema#float> .\n");
	expect("{\"id\":\"urn:a\",\"type\":\"IdentityObject\",\"hashed\":true}",
	       "<urn:a> " TYPE " <" OB "IdentityObject> .\n"
	       "<urn:a> <" OB "hashed> \"true\"^^<https://www.w3.org/2001/XMLSchema#boolean> .\n");
}

static void test_numbers(void **state)
{
	(void)state;
	static const struct {
		const char *json, *literal;
	} rows[] = {
	    {"0", "\"0\"^^<http://www.w3.org/2001/XMLSchema#integer>"},
	    {"-0", "\"0\"^^<http://www.w3.org/2001/XMLSchema#integer>"},
	    {"-12", "\"-12\"^^<http://www.w3.org/2001/XMLSchema#integer>"},
	    {"5.0", "\"5\"^^<http://www.w3.org/2001/XMLSchema#integer>"},
	    {"123456789012345680000", "\"123456789012345683968\"^^<http://www.w3.org/2001/XMLSchema#integer>"},
	    {"1e21", "\"1.0E21\"^^<http://www.w3.org/2001/XMLSchema#double>"},
	    {"-0.1", "\"-1.0E-1\"^^<http://www.w3.org/2001/XMLSchema#double>"},
	    {"123456.789", "\"1.23456789E5\"^^<http://www.w3.org/2001/XMLSchema#double>"},
	    {"100.5", "\"1.005E2\"^^<http://www.w3.org/2001/XMLSchema#double>"},
	    {"0.3333333333333333", "\"3.333333333333333E-1\"^^<http://www.w3.org/2001/XMLSchema#double>"},
	    {"false", "\"false\"^^<http://www.w3.org/2001/XMLSchema#boolean>"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char json[100], want[200];
		snprintf(json, sizeof json, "{\"id\":\"urn:a\",\"name\":%s}", rows[i].json);
		snprintf(want, sizeof want, "<urn:a> <https://schema.org/name> %s .\n", rows[i].literal);
		expect(json, want);
	}
}

static void test_objects(void **state)
{
	(void)state;
	expect("{\"id\":\"urn:a\",\"image\":\"https://example.org/i.png\"}", "<urn:a> <" OB "image> <https://example.org/i.png> .\n");
	expect("{\"id\":\"urn:a\",\"image\":{\"id\":\"urn:b\"}}", "<urn:a> <" OB "image> <urn:b> .\n");
	expect("{\"id\":\"urn:a\",\"image\":{}}", "<urn:a> <" OB "image> _:c14n0 .\n");
	expect("{\"type\":[\"Achievement\"],\"criteria\":{\"narrative\":\"x\"},\"tag\":[]}",
	       "_:c14n0 " TYPE " <" OB "Achievement> .\n_:c14n0 <" OB "Criteria> _:c14n1 .\n_:c14n1 <" OB "narrative> \"x\" .\n");
	expect("{\"id\":\"urn:a\",\"type\":[\"urn:T\",\"Profile\",\"Profile\"]}",
	       "<urn:a> " TYPE " <" OB "Profile> .\n<urn:a> " TYPE " <urn:T> .\n");
}

static void test_lists(void **state)
{
	(void)state;
	expect("{\"id\":\"urn:a\",\"type\":\"ResultDescription\",\"allowedValue\":[\"B\",\"A\",\"B\"]}",
	       "<urn:a> " TYPE " <" OB "ResultDescription> .\n<urn:a> <" OB "allowedValue> _:c14n2 .\n"
	       "_:c14n0 " FIRST " \"B\" .\n_:c14n0 " REST " " NIL " .\n"
	       "_:c14n1 " FIRST " \"A\" .\n_:c14n1 " REST " _:c14n0 .\n"
	       "_:c14n2 " FIRST " \"B\" .\n_:c14n2 " REST " _:c14n1 .\n");
	expect("{\"id\":\"urn:a\",\"type\":\"ResultDescription\",\"allowedValue\":[]}",
	       "<urn:a> " TYPE " <" OB "ResultDescription> .\n<urn:a> <" OB "allowedValue> " NIL " .\n");
	expect("{\"id\":\"urn:a\",\"type\":\"ResultDescription\",\"allowedValue\":\"A\"}",
	       "<urn:a> " TYPE " <" OB "ResultDescription> .\n<urn:a> <" OB "allowedValue> _:c14n0 .\n"
	       "_:c14n0 " FIRST " \"A\" .\n_:c14n0 " REST " " NIL " .\n");
}

static void test_scopes(void **state)
{
	(void)state;
	/* A property's scope. */
	expect("{\"id\":\"urn:a\",\"type\":\"DataIntegrityProof\",\"proofPurpose\":\"authentication\"}",
	       "<urn:a> " TYPE " <https://w3id.org/security#DataIntegrityProof> .\n"
	       "<urn:a> <https://w3id.org/security#proofPurpose> <https://w3id.org/security#authenticationMethod> .\n");
	expect("{\"id\":\"urn:a\",\"type\":\"BitstringStatusListEntry\",\"statusMessage\":{\"id\":\"urn:m\",\"status\":\"0x0\"}}",
	       "<urn:a> " TYPE " <https://www.w3.org/ns/credentials/status#BitstringStatusListEntry> .\n"
	       "<urn:a> <https://www.w3.org/ns/credentials/status#statusMessage> <urn:m> .\n"
	       "<urn:m> <https://www.w3.org/ns/credentials/status#status> \"0x0\" .\n");
	/* The same name under another type. */
	expect("{\"id\":\"urn:a\",\"type\":\"Result\",\"status\":\"Completed\"}",
	       "<urn:a> " TYPE " <" OB "Result> .\n<urn:a> <" OB "status> \"Completed\" .\n");
	/* A graph of its own. */
	expect("{\"id\":\"urn:a\",\"endorsement\":{\"id\":\"urn:e\",\"type\":\"VerifiableCredential\",\"proof\":{\"id\":\"urn:p\",\"name\":"
	       "\"x\"}}}",
	       "<urn:a> <" OB "endorsement> <urn:e> .\n<urn:e> " TYPE " <" VC "VerifiableCredential> .\n"
	       "<urn:e> <https://w3id.org/security#proof> _:c14n0 .\n<urn:p> <https://schema.org/name> \"x\" _:c14n0 .\n");
	/* JSON as it is. */
	expect("{\"id\":\"urn:a\",\"_sd\":[1.50,{\"b\":null,\"a\":\"\\\"\"}]}",
	       "<urn:a> <https://www.iana.org/assignments/jwt#_sd> "
	       "\"[1.5,{\\\"a\\\":\\\"\\\\\\\"\\\",\\\"b\\\":null}]\"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .\n");
}

static void test_left_out(void **state)
{
	(void)state;
	expect("{\"@context\":7,\"id\":\"urn:a\",\"name\":\"N\",\"proof\":{\"anything\":1}}", "<urn:a> <https://schema.org/name> \"N\" .\n");
}

static void test_refused(void **state)
{
	(void)state;
	static const struct {
		const char *json, *word, *says;
	} rows[] = {
	    {"[]", "wrong-type", "the document: must be an object"},
	    {"{}", "wrong-type", "the document: says nothing"},
	    {"{\"id\":\"urn:a\"}", "wrong-type", "says nothing"},
	    {"{\"colour\":\"red\"}", "unknown-term", "colour: is not known"},
	    {"{\"targetUrl\":\"https://example.org/\"}", "unknown-term", "targetUrl: is not known"},
	    {"{\"type\":\"Achievement\",\"creator\":{\"humanCode\":\"x\"}}", "unknown-term", "creator.humanCode: is not known"},
	    {"{\"name\":[\"a\",{\"colour\":1}]}", "unknown-term", "name[1].colour: is not known"},
	    {"{\"type\":\"Diploma\"}", "unknown-term", "type: 'Diploma' is not known"},
	    {"{\"type\":[\"id\"]}", "unknown-term", "'id' is no type"},
	    {"{\"type\":[\"Profile\",7]}", "wrong-type", "type[1]: a type is a name"},
	    {"{\"type\":{}}", "wrong-type", "type: a type is a name"},
	    {"{\"type\":[\"AchievementSubject\",\"IdentifierEntry\"]}", "wrong-type", "gives 'identifier' another meaning"},
	    {"{\"name\":{\"@context\":{},\"name\":1}}", "wrong-context", "name.@context: contexts stand at the begin"},
	    {"{\"@id\":\"urn:a\"}", "unknown-term", "@id: does not belong here"},
	    {"{\"@graph\":[]}", "unknown-term", "@graph: does not"},
	    {"{\"name\":{\"@list\":[]}}", "unknown-term", "name.@list: does not"},
	    {"{\"name\":{\"@set\":[]}}", "unknown-term", "name.@set: does not"},
	    {"{\"@odd\":1}", "unknown-term", "@odd: does not"},
	    {"{\"name\":null}", "wrong-type", "name: null says nothing"},
	    {"{\"name\":[[\"a\"]]}", "wrong-type", "name[0]: a list in a list"},
	    {"{\"type\":\"ResultDescription\",\"allowedValue\":[[1]]}", "wrong-type", "allowedValue[0]: a list in a list"},
	    {"{\"id\":7,\"name\":\"N\"}", "wrong-type", "id: must be an address"},
	    {"{\"id\":\"a\",\"name\":\"N\"}", "wrong-type", "id: 'a' is not an absolute address"},
	    {"{\"id\":\"_:b0\",\"name\":\"N\"}", "wrong-type", "id: '_:b0' is not"},
	    {"{\"id\":\"\",\"name\":\"N\"}", "wrong-type", "id: '' is not"},
	    {"{\"id\":\"1a:b\",\"name\":\"N\"}", "wrong-type", "id: '1a:b' is not"},
	    {"{\"id\":\"urn:a b\",\"name\":\"N\"}", "wrong-type", "id: 'urn:a b' is not"},
	    {"{\"id\":\"urn:<a>\",\"name\":\"N\"}", "wrong-type", "id: 'urn:<a>' is not"},
	    {"{\"image\":\"logo.png\"}", "wrong-type", "image: 'logo.png' is not"},
	    {"{\"image\":true}", "wrong-type", "image: must be an address"},
	    {"{\"type\":\"DataIntegrityProof\",\"proofPurpose\":\"fun\"}", "unknown-term", "proofPurpose: 'fun' is not known"},
	    {"{\"name\":{\"@value\":\"x\",\"@direction\":\"rtl\"}}", "wrong-type", "name.@direction: beside @value"},
	    {"{\"name\":{\"@value\":\"x\",\"name\":\"y\"}}", "wrong-type", "name.name: beside @value"},
	    {"{\"name\":{\"@value\":\"x\",\"@type\":\"Profile\"}}", "wrong-type", "name.@type: beside @value"},
	    {"{\"name\":{\"@value\":\"x\",\"@type\":\"@json\"}}", "wrong-type", "name.@type: beside @value"},
	    {"{\"name\":{\"@value\":null}}", "wrong-type", "name.@value: must be text, a number"},
	    {"{\"name\":{\"@value\":[]}}", "wrong-type", "name.@value: must be text, a number"},
	    {"{\"name\":{\"@value\":7,\"@language\":\"en\"}}", "wrong-type", "name.@value: must be text, as it has"},
	    {"{\"name\":{\"@value\":\"x\",\"@language\":\"en\",\"@type\":\"urn:t\"}}", "wrong-type", "name: has both"},
	    {"{\"name\":{\"@value\":\"x\",\"@language\":\"en_US\"}}", "wrong-type", "name: 'en_US' is not a language"},
	    {"{\"name\":{\"@value\":\"x\",\"@language\":\"\"}}", "wrong-type", "is not a language"},
	    {"{\"name\":{\"@value\":\"x\",\"@language\":\"1a\"}}", "wrong-type", "is not a language"},
	    {"{\"name\":{\"@value\":\"x\",\"@language\":\"en-\"}}", "wrong-type", "is not a language"},
	    {"{\"name\":{\"@value\":\"x\",\"@language\":\"abcdefghi\"}}", "wrong-type", "is not a language"},
	    {"{\"name\":0.0000001}", "wrong-type", "name: the number has no spelling"},
	    {"{\"name\":9.0000152587890625}", "wrong-type", "name: the number has no spelling"}, /* halfway between two */
	    {"{\"type\":\"VerifiableCredential\",\"validFrom\":\"2026\",\"credentialSubject\":{\"type\":\"VerifiableCredential\",\"proof\":"
	     "\"urn:p\"}}",
	     "wrong-type", "credentialSubject.proof: must be an object"},
	    {"{\"name\":{\"type\":\"VerifiableCredential\",\"proof\":{}}}", "wrong-type", "name.proof: says nothing"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_buf_ struct buf out = BUF(1 << 20);
		struct err err = {0};
		char word[32];
		if (statements(rows[i].json, "proof", &out, &err))
			fail_msg("%s was taken: %s", rows[i].json, out.p);
		assert_int_equal(err.code, ERR_INVALID);
		if (!strstr(err.msg, rows[i].says) || !expand_word(&err, word) || strcmp(word, rows[i].word) != 0)
			fail_msg("%s: %s (%s)", rows[i].json, err.msg, err.extra);
	}
}

static void test_check(void **state)
{
	(void)state;
	_cleanup_json_ cJSON *document = NULL;
	struct err err = {0};
	char word[32];
	assert_true(json_parse(STR("{\"name\":\"N\",\"proof\":7}"), &document, &err));
	assert_false(expand_check(document, &err));
	assert_string_equal(expand_word(&err, word), "wrong-context");
	json_set(document, "@context", contexts_of_status_list());
	assert_true(expand_check(document, &err));
	json_set_str(document, "narrative", "a term of Open Badges");
	assert_false(expand_check(document, &err));
	assert_string_equal(expand_word(&err, word), "unknown-term");
}

/* Without somewhere to put the message. */
static void test_nobody_listens(void **state)
{
	(void)state;
	_cleanup_json_ cJSON *document = NULL;
	_cleanup_rdf_ struct rdf r;
	struct contexts contexts = {{&context_vc}, 1};
	rdf_init(&r);
	assert_true(json_parse(STR("{\"colour\":1}"), &document, NULL));
	assert_false(expand(document, &contexts, NULL, &r, NULL));
}

static void test_ceilings(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf json = BUF(1 << 24), out = BUF(1 << 24);
	struct err err = {0};
	buf_adds(&json, "{\"id\":\"urn:a\",\"name\":[\"\"");
	for (int i = 0; i < RDF_QUADS_MAX; i++)
		buf_addf(&json, ",%d", i);
	buf_adds(&json, "]}");
	assert_false(statements(json.p, NULL, &out, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	assert_non_null(strstr(err.msg, "more than 20000 statements"));
	/* Nested as deep as JSON may be. */
	buf_clear(&json);
	for (int i = 0; i < 64; i++)
		buf_adds(&json, "{\"name\":");
	buf_cut(&json, json.len - strlen("{\"name\":"));
	buf_adds(&json, "{\"name\":\"x\"");
	for (int i = 0; i < 64; i++)
		buf_adds(&json, "}");
	if (!statements(json.p, NULL, &out, &err))
		fail_msg("%s", err.msg);
	/* More scopes than there is room for: the type and its property are in each other. */
	buf_clear(&json);
	for (int i = 0; i < 30; i++)
		buf_adds(&json, "{\"type\":\"BitstringStatusListEntry\",\"statusMessage\":");
	buf_adds(&json, "1");
	for (int i = 0; i < 30; i++)
		buf_adds(&json, "}");
	assert_false(statements(json.p, NULL, &out, &err));
	assert_non_null(strstr(err.msg, "scopes of terms"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_literals), cmocka_unit_test(test_numbers),        cmocka_unit_test(test_objects),
	    cmocka_unit_test(test_lists),    cmocka_unit_test(test_scopes),         cmocka_unit_test(test_left_out),
	    cmocka_unit_test(test_refused),  cmocka_unit_test(test_nobody_listens), cmocka_unit_test(test_ceilings),
	    cmocka_unit_test(test_check),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
