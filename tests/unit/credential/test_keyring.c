/* Sealed seeds: back with the right passphrase alone, whole or not at all. */
#include "../test.h"
#include "credential/keyring.h"
#include <sodium.h>

static struct keyring *open_with(const char *passphrase, const struct keyring_params *params)
{
	struct keyring *k;
	struct err err;
	assert_true(keyring_open(str_of(passphrase), params, &k, &err));
	return k;
}

static void test_there_and_back(void **state)
{
	(void)state;
	for (int random = 0; random < 2; random++) {
		struct keyring_params params;
		unsigned char seed[SIGN_SEED_SIZE] = {1, 2, 3}, back[SIGN_SEED_SIZE], sealed[KEYRING_SEALED_SIZE], again[KEYRING_SEALED_SIZE];
		struct err err;
		keyring_params_make(random, &params);
		assert_int_equal(keyring_is_cheap(&params), random);
		struct keyring *k = open_with("correct horse", &params);
		keyring_seal(k, seed, sealed);
		keyring_seal(k, seed, again);
		assert_memory_not_equal(sealed, again, sizeof sealed); /* another nonce */
		keyring_close(k);
		k = open_with("correct horse", &params);
		assert_true(keyring_unseal(k, (struct str){(char *)sealed, sizeof sealed}, back, &err));
		assert_memory_equal(back, seed, sizeof seed);
		keyring_close(k);
		k = open_with("correct horsf", &params);
		assert_false(keyring_unseal(k, (struct str){(char *)sealed, sizeof sealed}, back, &err));
		assert_int_equal(err.code, ERR_CREDENTIALS);
		keyring_close(k);
	}
}

static void test_each_byte_counts(void **state)
{
	(void)state;
	struct keyring_params params;
	unsigned char seed[SIGN_SEED_SIZE] = {9}, back[SIGN_SEED_SIZE], sealed[KEYRING_SEALED_SIZE + 1] = {0};
	struct err err;
	keyring_params_make(true, &params);
	struct keyring *k = open_with("x", &params);
	keyring_seal(k, seed, sealed);
	for (size_t i = 0; i < KEYRING_SEALED_SIZE; i++) {
		sealed[i] ^= 1;
		assert_false(keyring_unseal(k, (struct str){(char *)sealed, KEYRING_SEALED_SIZE}, back, &err));
		sealed[i] ^= 1;
		assert_false(keyring_unseal(k, (struct str){(char *)sealed, i}, back, &err));
	}
	assert_false(keyring_unseal(k, (struct str){(char *)sealed, KEYRING_SEALED_SIZE + 1}, back, &err));
	assert_true(keyring_unseal(k, (struct str){(char *)sealed, KEYRING_SEALED_SIZE}, back, &err));
	keyring_close(k);
	/* The salt and the cost are part of it. */
	struct keyring_params other = params;
	other.salt[0] ^= 1;
	k = open_with("x", &other);
	assert_false(keyring_unseal(k, (struct str){(char *)sealed, KEYRING_SEALED_SIZE}, back, &err));
	keyring_close(k);
}

/* What stands in a database may come from anywhere. */
static void test_costs_have_bounds(void **state)
{
	(void)state;
	static const struct {
		int64_t ops, mem;
	} rows[] = {{0, 8192}, {-1, 8192}, {17, 8192}, {1, 8191}, {1, -1}, {1, (INT64_C(1) << 30) + 1}, {INT64_MAX, INT64_MAX}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct keyring_params params = {.ops = rows[i].ops, .mem = rows[i].mem};
		struct keyring *k;
		struct err err;
		assert_false(keyring_open(STR("x"), &params, &k, &err));
		assert_int_equal(err.code, ERR_INVALID);
	}
}

static void test_made_passphrases(void **state)
{
	(void)state;
	char a[KEYRING_MADE_SIZE], b[KEYRING_MADE_SIZE];
	assert_int_equal(strlen(keyring_passphrase(a)), 43);
	assert_string_not_equal(a, keyring_passphrase(b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_there_and_back),
	    cmocka_unit_test(test_each_byte_counts),
	    cmocka_unit_test(test_costs_have_bounds),
	    cmocka_unit_test(test_made_passphrases),
	};
	return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
