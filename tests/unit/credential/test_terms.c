/* Terms: tables in order, what surprises in the contexts, and which lists of contexts are known. The whole is compared with the documents,
 * term by term, in tests/api/credential-judges.test.mjs. */
#include "../test.h"
#include "credential/expand.h"
#include "credential/terms.h"

static void check_table(const struct terms *t)
{
	for (size_t i = 0; i < t->n; i++) {
		const struct term *term = &t->terms[i];
		assert_true(i == 0 || strcmp(t->terms[i - 1].name, term->name) < 0);
		assert_ptr_equal(terms_find(t, term->name), term);
		assert_int_equal(term->values == TERM_TYPED, term->datatype != NULL);
		if (term->scope)
			check_table(term->scope);
	}
	assert_null(terms_find(t, ""));
	assert_null(terms_find(t, "~"));
	assert_null(terms_find(t, "nothing of the kind"));
}

static void test_tables_are_in_order(void **state)
{
	(void)state;
	check_table(&terms_vc);
	check_table(&terms_ob);
	check_table(&terms_extensions);
}

static void test_surprises(void **state)
{
	(void)state;
	const struct terms *achievement = terms_find(&terms_ob, "Achievement")->scope;
	assert_string_equal(terms_find(&terms_ob, "awardedDate")->datatype, "xsd:dateTime");
	assert_string_equal(terms_find(terms_find(&terms_vc, "VerifiableCredential")->scope, "validFrom")->datatype,
	                    "http://www.w3.org/2001/XMLSchema#dateTime");
	assert_string_equal(terms_find(achievement, "creditsAvailable")->datatype, "https://www.w3.org/2001/XMLSchema#float");
	assert_string_equal(terms_find(achievement, "criteria")->iri, "https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria");
	assert_int_equal(terms_find(terms_find(&terms_ob, "ResultDescription")->scope, "allowedValue")->container, TERM_LIST);
	assert_string_equal(terms_find(&terms_ob, "AchievementCredential")->iri, terms_find(&terms_ob, "OpenBadgeCredential")->iri);
}

static void test_known_lists(void **state)
{
	(void)state;
	for (int list = 0; list < 2; list++) {
		_cleanup_json_ cJSON *document = json_object();
		struct contexts contexts;
		struct err err = {0};
		json_set(document, "@context", list ? contexts_of_certificate() : contexts_of_status_list());
		assert_true(contexts_read(document, &contexts, &err));
		assert_int_equal(contexts.n, list ? 3 : 1);
		assert_ptr_equal(contexts.list[0], &context_vc);
		if (list)
			assert_true(contexts.list[1] == &context_ob && contexts.list[2] == &context_extensions);
	}
}

#define VC "\"https://www.w3.org/ns/credentials/v2\""
#define OB "\"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json\""
#define EXTENSIONS "\"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json\""

static void test_other_contexts_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *json, *says;
	} rows[] = {
	    {"{}", "@context is missing"},
	    {"[]", "@context is missing"},
	    {"{\"@context\":" VC "}", "must be a list"},
	    {"{\"@context\":null}", "must be a list"},
	    {"{\"@context\":{}}", "must be a list"},
	    {"{\"@context\":[]}", "has 0 addresses"},
	    {"{\"@context\":[" VC "," OB "]}", "has 2 addresses"},
	    {"{\"@context\":[" OB "," VC "," EXTENSIONS "]}", "@context[0] is https://purl.imsglobal.org"},
	    {"{\"@context\":[" VC "," EXTENSIONS "," OB "]}", "@context[1] is https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"},
	    {"{\"@context\":[" VC "," VC "]}", "@context[1] is https://www.w3.org/ns/credentials/v2"},
	    {"{\"@context\":[" VC "," OB "," EXTENSIONS ",\"https://example.org/c\"]}", "@context[3] is https://example.org/c"},
	    {"{\"@context\":[" VC "," OB "," EXTENSIONS ",{}]}", "@context[3] is not an address"},
	    {"{\"@context\":[" VC ",{\"name\":\"https://example.org/\"}," EXTENSIONS "]}", "@context[1] is not an address"},
	    {"{\"@context\":[\"https://www.w3.org/2018/credentials/v1\"]}", "@context[0] is https://www.w3.org/2018/credentials/v1"},
	    {"{\"@context\":[\"https://www.w3.org/ns/credentials/v2 \"]}", "@context[0]"},
	    {"{\"@context\":[[" VC "]]}", "@context[0] is not an address"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_json_ cJSON *document = NULL;
		struct contexts contexts;
		struct err err = {0};
		char word[32];
		assert_true(json_parse(str_of(rows[i].json), &document, &err));
		assert_false(contexts_read(document, &contexts, &err));
		assert_int_equal(err.code, ERR_UNSUPPORTED);
		assert_string_equal(expand_word(&err, word), "wrong-context");
		if (!strstr(err.msg, rows[i].says))
			fail_msg("%s: %s", rows[i].json, err.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tables_are_in_order),
	    cmocka_unit_test(test_surprises),
	    cmocka_unit_test(test_known_lists),
	    cmocka_unit_test(test_other_contexts_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
