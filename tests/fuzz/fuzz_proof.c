/* Proofs: any JSON may be shown to proof_check(); what can be signed is valid then, also when it was written and read, and under another
 * key it is not. And multibase: a text has one meaning, and bytes one text. */
#include "credential/expand.h"
#include "credential/multibase.h"
#include "credential/proof.h"
#include <sodium.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static bool find(void *arg, const char *method, int64_t created_ms, unsigned char ret_key[SIGN_KEY_SIZE], struct proof_result *ret)
{
	const struct sign_key *key = arg;
	(void)method;
	(void)created_ms;
	(void)ret;
	memcpy(ret_key, key->public_key, SIGN_KEY_SIZE);
	return true;
}

static size_t count_valid(const cJSON *document, struct sign_key *key)
{
	struct proof_result results[3];
	struct err err = {0};
	size_t n = 0, valid = 0;
	if (!proof_check(document, find, key, results, ARRAY_SIZE(results), &n, &err)) {
		require(err.msg[0]);
		return 0;
	}
	require(n > 0);
	for (size_t i = 0; i < n; i++) {
		require(results[i].valid == (strcmp(results[i].code, "ok") == 0) && results[i].valid == !results[i].reason[0]);
		valid += results[i].valid;
	}
	return valid;
}

static void check_signing(cJSON *document, struct sign_key *key, struct sign_key *other)
{
	struct err err = {0};
	_cleanup_buf_ struct buf text = BUF(64 << 20);
	_cleanup_json_ cJSON *again = NULL;
	if (!cJSON_GetObjectItemCaseSensitive(document, "@context"))
		json_set(document, "@context", contexts_of_certificate());
	if (!proof_add(document, key, "did:web:exam.example#k", INT64_C(1700000000000), &err)) {
		require(err.msg[0]);
		return;
	}
	require(count_valid(document, key) == 2 && count_valid(document, other) == 0);
	json_print(document, &text);
	if (json_parse(buf_str(&text), &again, &err)) /* or it is one level deeper than may be read */
		require(count_valid(again, key) == 2);
}

static void check_multibase(struct str text)
{
	unsigned char bytes[1024], key[SIGN_KEY_SIZE];
	size_t len = 0;
	struct err err = {0};
	char written[MULTIKEY_SIZE];
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	if (multikey_read(text, key, &err))
		require(str_is(text, multikey_write(key, written)));
	if (!multibase_decode(text, bytes, sizeof bytes, &len, &err))
		return;
	if (text.p[0] == 'z')
		multibase_base58(bytes, len, &out);
	else
		multibase_base64url(bytes, len, &out);
	require(str_eq(buf_str(&out), text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	static const unsigned char seed[SIGN_SEED_SIZE] = {1}, other_seed[SIGN_SEED_SIZE] = {2};
	struct sign_key key, other;
	_cleanup_json_ cJSON *document = NULL;
	if (sodium_init() < 0)
		return 0;
	sign_key_from_seed(seed, &key);
	sign_key_from_seed(other_seed, &other);
	check_multibase(text);
	if (!json_parse(text, &document, NULL))
		return 0;
	count_valid(document, &key);
	if (cJSON_IsObject(document))
		check_signing(document, &key, &other);
	return 0;
}
