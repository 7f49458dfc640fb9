/* For tests that compare with other people's software: reads requests, one JSON object a line, and prints one JSON object for each.
 *
 *   {"op":"canonical","document":…,"without":"proof"}   {"nquads"}          the canonical RDF of a credential
 *   {"op":"rdfc","nquads":…}                             {"nquads"}          the canonical form of any dataset
 *   {"op":"jcs","document":…}                            {"json"}
 *   {"op":"sign","document":…,"seed":hex,"method":…,"created":…}  {"document"}
 *   {"op":"check","document":…,"keys":{method: multikey}}         {"proofs":[{suite, valid, code, reason}]}
 *   {"op":"terms"}                                       {"contexts":[{url, published, canonical, protected, terms}]}
 *
 * What fails is {"error": message, "code": name, "check": word}. */
#include "base/clock.h"
#include "credential/expand.h"
#include "credential/jcs.h"
#include "credential/multibase.h"
#include "credential/proof.h"
#include "credential/rdfc.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT_MAX (64u << 20)

static cJSON *text(const struct buf *b)
{
	return cJSON_CreateString(b->p ? b->p : "");
}

static bool op_canonical(const cJSON *request, cJSON *reply, struct err *err)
{
	const cJSON *document = cJSON_GetObjectItemCaseSensitive(request, "document");
	const char *without = NULL;
	struct contexts contexts;
	_cleanup_rdf_ struct rdf r;
	_cleanup_buf_ struct buf out = BUF(TEXT_MAX);
	rdf_init(&r);
	if (!json_opt_str(request, "", "without", 100, &without, err) || !contexts_read(document, &contexts, err) ||
	    !expand(document, &contexts, without, &r, err) || !rdfc_canonical(&r, &out, err))
		return false;
	json_set(reply, "nquads", text(&out));
	return true;
}

static bool op_rdfc(const cJSON *request, cJSON *reply, struct err *err)
{
	const char *nquads = NULL;
	_cleanup_rdf_ struct rdf r;
	_cleanup_buf_ struct buf out = BUF(TEXT_MAX);
	rdf_init(&r);
	if (!json_get_str(request, "", "nquads", TEXT_MAX, &nquads, err) || !rdf_parse(str_of(nquads), &r, err) ||
	    !rdfc_canonical(&r, &out, err))
		return false;
	json_set(reply, "nquads", text(&out));
	return true;
}

static bool op_jcs(const cJSON *request, cJSON *reply, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(TEXT_MAX);
	if (!jcs_canonical(cJSON_GetObjectItemCaseSensitive(request, "document"), &out, err))
		return false;
	json_set(reply, "json", text(&out));
	return true;
}

static bool op_sign(const cJSON *request, cJSON *reply, struct err *err)
{
	const char *seed_hex = NULL, *method = NULL, *created = NULL;
	unsigned char seed[SIGN_SEED_SIZE];
	int64_t created_ms;
	struct sign_key key;
	if (!json_get_str(request, "", "seed", 64, &seed_hex, err) || !json_get_str(request, "", "method", 500, &method, err) ||
	    !json_get_str(request, "", "created", 40, &created, err) || !clock_parse(created, &created_ms, err))
		return false;
	if (sodium_hex2bin(seed, sizeof seed, seed_hex, strlen(seed_hex), NULL, NULL, NULL) != 0)
		return err_set(err, ERR_USAGE, "seed");
	sign_key_from_seed(seed, &key);
	_cleanup_json_ cJSON *document = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(request, "document"), true);
	if (!proof_add(document, &key, method, created_ms, err))
		return false;
	json_set(reply, "document", take_ptr(document));
	return true;
}

static bool find_key(void *arg, const char *method, int64_t created_ms, unsigned char ret_key[SIGN_KEY_SIZE], struct proof_result *ret)
{
	(void)created_ms;
	const cJSON *key = cJSON_GetObjectItemCaseSensitive(arg, method);
	if (cJSON_IsString(key) && multikey_read(str_of(key->valuestring), ret_key, NULL))
		return true;
	snprintf(ret->code, sizeof ret->code, "key-not-found");
	snprintf(ret->reason, sizeof ret->reason, "no key %.100s", method);
	return false;
}

static bool op_check(const cJSON *request, cJSON *reply, struct err *err)
{
	struct proof_result results[4];
	size_t n;
	if (!proof_check(cJSON_GetObjectItemCaseSensitive(request, "document"), find_key, cJSON_GetObjectItemCaseSensitive(request, "keys"),
	                 results, ARRAY_SIZE(results), &n, err))
		return false;
	cJSON *list = json_array();
	for (size_t i = 0; i < n; i++) {
		cJSON *one = json_object();
		json_set_str(one, "suite", proof_suite_name(results[i].suite));
		json_set_bool(one, "valid", results[i].valid);
		json_set_str(one, "code", results[i].code);
		json_set_str(one, "reason", results[i].reason);
		json_add(list, one);
	}
	json_set(reply, "proofs", list);
	return true;
}

/* As a JSON-LD context would write it, so that the test compares values. */
static cJSON *context_of(const struct terms *t)
{
	static const char *const types[] = {NULL, "@id", "@vocab", "@json"}, *const containers[] = {NULL, "@set", "@list", "@graph"};
	cJSON *all = json_object();
	for (size_t i = 0; i < t->n; i++) {
		const struct term *term = &t->terms[i];
		const char *type = term->values == TERM_TYPED ? term->datatype : types[term->values];
		cJSON *one = json_object();
		json_set_str(one, "@id", term->iri);
		if (type)
			json_set_str(one, "@type", type);
		if (term->container != TERM_SINGLE)
			json_set_str(one, "@container", containers[term->container]);
		if (term->scope)
			json_set(one, "@context", context_of(term->scope));
		json_set(all, term->name, one);
	}
	return all;
}

static bool op_terms(const cJSON *request, cJSON *reply, struct err *err)
{
	(void)request;
	(void)err;
	static const struct context *const contexts[] = {&context_vc, &context_ob, &context_extensions};
	cJSON *list = json_array();
	for (size_t i = 0; i < ARRAY_SIZE(contexts); i++) {
		cJSON *one = json_object();
		json_set_str(one, "url", contexts[i]->url);
		json_set_str(one, "published", contexts[i]->published_sha256);
		json_set_str(one, "canonical", contexts[i]->canonical_sha256);
		json_set_bool(one, "protected", contexts[i]->is_protected);
		json_set(one, "terms", context_of(contexts[i]->terms));
		json_add(list, one);
	}
	json_set(reply, "contexts", list);
	return true;
}

static bool answer(const cJSON *request, cJSON *reply, struct err *err)
{
	static const struct {
		const char *name;
		bool (*run)(const cJSON *, cJSON *, struct err *);
	} ops[] = {{"canonical", op_canonical}, {"rdfc", op_rdfc},   {"jcs", op_jcs},
	           {"sign", op_sign},           {"check", op_check}, {"terms", op_terms}};
	const char *op = "";
	if (!json_get_str(request, "", "op", 20, &op, err))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(ops); i++)
		if (strcmp(ops[i].name, op) == 0)
			return ops[i].run(request, reply, err);
	return err_set(err, ERR_USAGE, "no operation '%s'", op);
}

int main(void)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t len;
	if (sodium_init() < 0)
		return 1;
	while ((len = getline(&line, &cap, stdin)) >= 0) {
		_cleanup_json_ cJSON *request = NULL, *reply = json_object();
		_cleanup_buf_ struct buf out = BUF(TEXT_MAX);
		struct err err = {0};
		char word[32];
		if (!json_parse((struct str){line, (size_t)len}, &request, &err) || !answer(request, reply, &err)) {
			json_set_str(reply, "error", err.msg);
			json_set_str(reply, "code", err_name(err.code));
			json_set_str(reply, "check", expand_word(&err, word));
		}
		json_print(reply, &out);
		puts(out.p);
		fflush(stdout);
	}
	free(line);
	return 0;
}
