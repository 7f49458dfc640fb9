/* The server's keys: made, taken over, unsealed, rotated, retired, compromised, sealed anew; and the issuer. */
#include "keys_kit.h"
#include "proctor/log.h"
#include <sodium.h>
#include <sqlite3.h>

static void test_first_start(void **state)
{
	(void)state;
	struct kit k;
	struct stat st;
	char path[100];
	unsigned char key[SIGN_KEY_SIZE];
	struct err err;
	kit_prepare(&k);
	kit_start(&k);
	snprintf(path, sizeof path, "%s/passphrase", k.dir);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	for (int p = 0; p < KEY_PURPOSES; p++)
		for (int q = 0; q < p; q++)
			assert_memory_not_equal(active(&k, p)->public_key, active(&k, q)->public_key, SIGN_KEY_SIZE);
	must(proctor_public_key(k.dir, key, &err), &err);
	assert_memory_equal(active(&k, KEY_RESULTS)->public_key, key, sizeof key);
	struct key_row row = row_of(&k, active(&k, KEY_LOG));
	assert_null(memmem(row.sealed, row.sealed_len, active(&k, KEY_LOG)->secret_key, SIGN_SEED_SIZE));
	kit_stop(&k);
	kit_start(&k);
	assert_memory_equal(active(&k, KEY_RESULTS)->public_key, key, sizeof key); /* the same ones */
	kit_close(&k);
}

/* ---- A data folder from before keys were sealed ---- */

static void run_sql(const struct kit *k, const char *text)
{
	sqlite3 *db;
	char path[100], *message = NULL;
	snprintf(path, sizeof path, "%s/assay.db", k->dir);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, text, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s", message);
	sqlite3_close(db);
}

static void make_old(struct kit *k, const unsigned char seed[SIGN_SEED_SIZE])
{
	char path[600], hex[2 * SIGN_SEED_SIZE + 2];
	struct err err;
	kit_prepare(k);
	for (int i = 1; i <= 2; i++) {
		_cleanup_buf_ struct buf text = BUF(1 << 20);
		snprintf(path, sizeof path, "%s/engine/store/sql/00%d.sql", getenv("ASSAY_SOURCE_ROOT"), i);
		must(file_read(path, 1 << 20, &text, &err), &err);
		run_sql(k, text.p);
	}
	run_sql(k, "PRAGMA user_version = 2; INSERT INTO bank_version (hash, bank_id, compiled, created_ms) VALUES ('h', 'b', x'00', 0);"
	           "INSERT INTO attempt (id, account, version, bank_id, exam, title, study, items, extra_m, relaxed, lease, state, section, "
	           "deadline_ms, section_deadline_ms, cursor, closed_section, closed_cursor, closed_ms, begun_service_ms, started_ms, phase) "
	           "VALUES ('a', 1, 1, 'b', 'e', 't', 0, 1, 1000, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 2)");
	snprintf(path, sizeof path, "%s/keys", k->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	sodium_bin2hex(hex, sizeof hex - 1, seed, SIGN_SEED_SIZE);
	hex[64] = '\n';
	hex[65] = 0;
	put_file(k, "keys/secret.key", hex);
	put_file(k, "keys/result.key", hex);
}

static void test_taking_over(void **state)
{
	(void)state;
	static const unsigned char seed[SIGN_SEED_SIZE] = {4, 7, 11};
	struct kit k;
	struct sign_key key;
	make_old(&k, seed);
	sign_key_from_seed(seed, &key);
	kit_start(&k);
	assert_memory_equal(active(&k, KEY_RESULTS)->secret_key, key.secret_key, sizeof key.secret_key);
	assert_false(has_file(&k, "keys/result.key"));
	kit_stop(&k);
	/* A crash before the file was removed, or one that was put back. */
	char hex[2 * SIGN_SEED_SIZE + 1];
	put_file(&k, "keys/result.key", sodium_bin2hex(hex, sizeof hex, seed, sizeof seed));
	kit_start(&k);
	assert_false(has_file(&k, "keys/result.key"));
	assert_memory_equal(active(&k, KEY_RESULTS)->secret_key, key.secret_key, sizeof key.secret_key);
	kit_stop(&k);
	/* One that we do not know stays where it is. */
	hex[0] = 'f';
	put_file(&k, "keys/result.key", hex);
	kit_start(&k);
	assert_true(has_file(&k, "keys/result.key"));
	kit_close(&k);
}

static void test_an_old_folder_without_its_key(void **state)
{
	(void)state;
	static const unsigned char seed[SIGN_SEED_SIZE] = {4};
	struct kit k;
	struct err err;
	make_old(&k, seed);
	remove_file(&k, "keys/result.key");
	assert_false(proctor_open(&k.config, &k.pr, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	put_file(&k, "keys/result.key", "not a key");
	assert_false(proctor_open(&k.config, &k.pr, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_true(has_file(&k, "keys/result.key"));
	nftw(k.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- Changes ---- */

static void test_rotation(void **state)
{
	(void)state;
	struct kit k;
	char name[MULTIKEY_SIZE], before[MULTIKEY_SIZE], waiting[MULTIKEY_SIZE];
	kit_prepare(&k);
	kit_start(&k);
	const struct sign_key *old = active(&k, KEY_CREDENTIALS);
	name_of(old, before);
	CHANGE(&k, key_rotate(k.pr, tx, KEY_CREDENTIALS, name, why));
	const struct sign_key *now = active(&k, KEY_CREDENTIALS);
	assert_ptr_not_equal(old, now);
	assert_int_equal(row_of(&k, old).state, KEY_RETIRED);
	assert_int_equal(row_of(&k, old).sealed_len, 0); /* nobody signs with it again */
	assert_int_equal(row_of(&k, old).retired_ms, kit_wall);
	char text[MULTIKEY_SIZE];
	name_of(now, text);
	assert_string_equal(text, name);
	/* A key that waits is the next one. */
	CHANGE(&k, key_new(k.pr, tx, KEY_CREDENTIALS, waiting, why));
	assert_ptr_equal(active(&k, KEY_CREDENTIALS), now);
	REFUSED(&k, key_new(k.pr, tx, KEY_CREDENTIALS, waiting, why), ERR_CONFLICT);
	CHANGE(&k, key_rotate(k.pr, tx, KEY_CREDENTIALS, name, why));
	assert_string_equal(name, waiting);
	/* Names. */
	REFUSED(&k, key_retire(k.pr, tx, "z6Mk", why), ERR_USAGE);
	REFUSED(&k, key_retire(k.pr, tx, "z6Mkxxxxxxxxxxxxxxxx", why), ERR_NOT_FOUND);
	REFUSED(&k, key_retire(k.pr, tx, before, why), ERR_CONFLICT);
	before[14] = 0;
	REFUSED(&k, key_retire(k.pr, tx, before, why), ERR_CONFLICT);
	/* Retiring the active one brings another. */
	CHANGE(&k, key_retire(k.pr, tx, name, why));
	assert_ptr_not_equal(active(&k, KEY_CREDENTIALS), now);
	kit_stop(&k);
	kit_start(&k);
	name_of(active(&k, KEY_CREDENTIALS), text);
	assert_string_not_equal(text, name);
	kit_close(&k);
}

static void test_a_rollback(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	char name[MULTIKEY_SIZE];
	kit_prepare(&k);
	kit_start(&k);
	const struct sign_key *key = active(&k, KEY_STATUS);
	struct store *wr = proctor_writer_store(k.pr);
	must(store_begin(wr, &err) && key_rotate(k.pr, wr, KEY_STATUS, name, &err), &err);
	assert_ptr_not_equal(active(&k, KEY_STATUS), key);
	store_rollback(wr);
	must(keys_refresh(k.pr, wr, &err), &err);
	assert_ptr_equal(active(&k, KEY_STATUS), key);
	kit_close(&k);
}

static void test_beside_a_server(void **state)
{
	(void)state;
	struct kit k, other;
	struct err err;
	char name[MULTIKEY_SIZE], text[MULTIKEY_SIZE];
	kit_prepare(&k);
	k.config.public_url = "https://exam.example.org";
	kit_start(&k);
	other = k;
	other.config.beside = true;
	other.config.public_url = NULL;
	kit_start(&other);
	_cleanup_free_ char *method = key_method(other.pr, active(&other, KEY_STATUS));
	assert_true(str_starts(str_of(method), "did:web:exam.example.org#z6Mk")); /* as the server was started */
	CHANGE(&other, key_rotate(other.pr, tx, KEY_STATUS, name, why));
	must(keys_refresh(k.pr, proctor_writer_store(k.pr), &err), &err);
	name_of(active(&k, KEY_STATUS), text);
	assert_string_equal(text, name);
	kit_stop(&other);
	kit_close(&k);
}

static void test_use_is_counted(void **state)
{
	(void)state;
	struct kit k;
	kit_prepare(&k);
	kit_start(&k);
	const struct sign_key *key = active(&k, KEY_CREDENTIALS);
	CHANGE(&k, key_used(k.pr, tx, KEY_CREDENTIALS, key, 500, why));
	CHANGE(&k, key_used(k.pr, tx, KEY_CREDENTIALS, key, 400, why));
	assert_int_equal(row_of(&k, key).n_signed, 2);
	assert_int_equal(row_of(&k, key).needed_ms, 500);
	REFUSED(&k, key_used(k.pr, tx, KEY_STATUS, key, 1, why), ERR_INTERNAL);
	kit_close(&k);
}

/* ---- Public documents ---- */

static bool in_document(struct kit *k, const struct sign_key *key, int64_t signed_ms, const char **ret_code)
{
	_cleanup_buf_ struct buf text = BUF(1 << 20);
	struct did_document d;
	struct err err;
	unsigned char found[SIGN_KEY_SIZE];
	must(keys_did_json(k->pr, k->rd, &text, &err), &err);
	must(did_document_read(buf_str(&text), "did:web:exam.example.org", &d, &err), &err);
	_cleanup_free_ char *method = key_method(k->pr, key);
	*ret_code = "ok";
	bool ok = did_find(&d, method, signed_ms, found, ret_code, &err);
	did_document_finish(&d);
	return ok;
}

static void test_published(void **state)
{
	(void)state;
	struct kit k;
	const char *code;
	char name[MULTIKEY_SIZE];
	kit_prepare(&k);
	k.config.public_url = "https://exam.example.org";
	kit_start(&k);
	const struct sign_key *first = active(&k, KEY_CREDENTIALS), *status = active(&k, KEY_STATUS);
	int64_t then = kit_wall;
	assert_true(in_document(&k, first, then, &code) && in_document(&k, status, then, &code));
	assert_false(in_document(&k, active(&k, KEY_RESULTS), then, &code));
	assert_false(in_document(&k, active(&k, KEY_LOG), then, &code));
	CHANGE(&k, key_used(k.pr, tx, KEY_CREDENTIALS, first, kit_wall + 30 * MS_DAY, why));
	CHANGE(&k, key_rotate(k.pr, tx, KEY_CREDENTIALS, name, why));
	CHANGE(&k, key_rotate(k.pr, tx, KEY_STATUS, name, why));
	pass(29 * MS_DAY);
	assert_true(in_document(&k, first, then, &code)); /* as long as its certificate is valid */
	assert_false(in_document(&k, status, then, &code));
	pass(2 * MS_DAY);
	assert_false(in_document(&k, first, then, &code));
	assert_string_equal(code, "key-not-found");
	/* Compromised: published as that, and nothing that it signed counts for who only reads this. */
	const struct sign_key *second = active(&k, KEY_CREDENTIALS);
	then = kit_wall;
	CHANGE(&k, key_used(k.pr, tx, KEY_CREDENTIALS, second, INT64_MAX, why));
	name_of(second, name);
	REFUSED(&k, key_compromise(k.pr, tx, name, kit_wall + 1, why), ERR_USAGE);
	CHANGE(&k, key_compromise(k.pr, tx, name, kit_wall - 5, why));
	assert_ptr_not_equal(active(&k, KEY_CREDENTIALS), second);
	assert_false(in_document(&k, second, then - MS_DAY, &code));
	assert_string_equal(code, "key-compromised");
	REFUSED(&k, key_compromise(k.pr, tx, name, kit_wall, why), ERR_CONFLICT);
	REFUSED(&k, key_retire(k.pr, tx, name, why), ERR_CONFLICT);
	CHANGE(&k, key_compromise(k.pr, tx, name, kit_wall - 10, why)); /* it was earlier than thought */
	assert_int_equal(row_of(&k, second).compromised_ms, kit_wall - 10);
	kit_close(&k);
}

static void test_trust_file(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	char name[MULTIKEY_SIZE];
	kit_prepare(&k);
	kit_start(&k); /* a did:key: each key for certificates was an issuer */
	const struct issuer *before, *after;
	must(issuer_get(k.pr, &before, &err), &err);
	CHANGE(&k, key_rotate(k.pr, tx, KEY_CREDENTIALS, name, why));
	must(issuer_get(k.pr, &after, &err), &err);
	assert_string_not_equal(before->id, after->id);
	assert_string_equal(after->id + strlen("did:key:"), name);
	assert_null(after->base_url);
	_cleanup_free_ char *method = key_method(k.pr, active(&k, KEY_CREDENTIALS));
	assert_true(str_starts(str_of(method), after->id));
	_cleanup_buf_ struct buf text = BUF(1 << 20), none = BUF(1 << 20);
	_cleanup_json_ cJSON *tree = NULL;
	must(keys_trust_json(k.pr, k.rd, &text, &err) && json_parse(buf_str(&text), &tree, &err), &err);
	const cJSON *issuers = cJSON_GetObjectItemCaseSensitive(tree, "issuers");
	assert_int_equal(cJSON_GetArraySize(issuers), 2);
	const cJSON *one = cJSON_GetArrayItem(issuers, 0), *two = cJSON_GetArrayItem(issuers, 1);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, "id")), after->id);
	assert_string_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(two, "id")), before->id);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(one, "keys")), 4);
	assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(two, "keys")), 1);
	assert_non_null(cJSON_GetObjectItemCaseSensitive(one, "log"));
	assert_false(keys_did_json(k.pr, k.rd, &none, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	kit_close(&k);
}

/* ---- Sealing ---- */

static void test_another_passphrase(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	const struct sign_key *key;
	char name[MULTIKEY_SIZE], text[MULTIKEY_SIZE];
	kit_prepare(&k);
	kit_start(&k);
	name_of(active(&k, KEY_CREDENTIALS), name);
	REFUSED(&k, keys_reseal(k.pr, tx, STR(""), why), ERR_USAGE);
	CHANGE(&k, keys_reseal(k.pr, tx, STR("correct horse"), why));
	kit_stop(&k);
	/* The old one: noticed in the background, and nothing is lost. */
	kit_start(&k);
	assert_false(key_active(k.pr, KEY_CREDENTIALS, &key, &err));
	assert_int_equal(err.code, ERR_STORE);
	assert_non_null(strstr(err.msg, "passphrase"));
	assert_true(keys_failed(k.pr, &err));
	kit_stop(&k);
	k.config.beside = true;
	kit_start(&k); /* a command that needs no key does not notice */
	assert_false(keys_failed(k.pr, &err));
	REFUSED(&k, key_rotate(k.pr, tx, KEY_LOG, text, why), ERR_STORE);
	kit_stop(&k);
	k.config.beside = false;
	/* The new one, from a file of its own. */
	char path[100];
	snprintf(path, sizeof path, "%s/elsewhere", k.dir);
	put_file(&k, "elsewhere", "correct horse\r\nand more\n");
	k.config.passphrase_file = path;
	kit_start(&k);
	name_of(active(&k, KEY_CREDENTIALS), text);
	assert_string_equal(text, name);
	assert_false(keys_failed(k.pr, &err));
	kit_close(&k);
}

static void test_where_it_is_looked_for(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	char path[100];
	_cleanup_free_ char *where = NULL;
	bool beside;
	kit_prepare(&k);
	kit_start(&k);
	must(keys_check(k.dir, k.rd, &where, &beside, &err), &err);
	assert_true(beside && str_ends(str_of(where), "/passphrase"));
	kit_stop(&k);
	/* systemd's credential, then one that was named. */
	char from[100], to[120];
	snprintf(path, sizeof path, "%s/credentials", k.dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(from, sizeof from, "%s/passphrase", k.dir);
	snprintf(to, sizeof to, "%s/assay-passphrase", path);
	assert_int_equal(rename(from, to), 0);
	assert_false(proctor_open(&k.config, &k.pr, &err)); /* none is made where keys are there already */
	assert_int_equal(err.code, ERR_STORE);
	assert_false(has_file(&k, "passphrase"));
	setenv("CREDENTIALS_DIRECTORY", path, 1);
	kit_start(&k);
	free(where);
	where = NULL;
	must(keys_check(k.dir, k.rd, &where, &beside, &err), &err);
	assert_true(!beside && strcmp(where, to) == 0);
	kit_stop(&k);
	setenv("ASSAY_PASSPHRASE_FILE", "/nothing/here", 1);
	assert_false(proctor_open(&k.config, &k.pr, &err));
	k.config.passphrase_file = to;
	kit_start(&k);
	unsetenv("ASSAY_PASSPHRASE_FILE");
	unsetenv("CREDENTIALS_DIRECTORY");
	kit_stop(&k);
	put_file(&k, "credentials/assay-passphrase", "\n");
	assert_false(proctor_open(&k.config, &k.pr, &err));
	assert_non_null(strstr(err.msg, "no passphrase"));
	nftw(k.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Rows that were exchanged in the database: a key for status lists must not sign certificates. */
static void test_exchanged_seeds(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	kit_prepare(&k);
	kit_start(&k);
	kit_stop(&k);
	run_sql(&k, "UPDATE signing_key SET sealed = (SELECT sealed FROM signing_key WHERE purpose = 2) WHERE purpose = 1");
	assert_false(proctor_open(&k.config, &k.pr, &err));
	assert_non_null(strstr(err.msg, "exchanged"));
	nftw(k.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- The issuer ---- */

static void test_issuer(void **state)
{
	(void)state;
	static const struct {
		const char *yaml, *says; /* NULL: it is good */
	} rows[] = {
	    {"name: Example Academy\nurl: https://academy.example/about\ndescription: |\n  Two\n  lines.\n", NULL},
	    {"", NULL},
	    {"id: did:web:academy.example\n", NULL},
	    {"id: did:key:z6Mk\n", "issuer.yml:1:"},
	    {"name: A\nid: academy\n", "issuer.yml:2:"},
	    {"url: javascript:alert(1)\n", "url"},
	    {"url: \"https://a b\"\n", "url"},
	    {"name: [a]\n", "name"},
	    {"nmae: A\n", "nmae"},
	    {"name: A\nname: B\n", "name"},
	    {"name: \"\n", "issuer.yml"},
	    {"name: \xff\n", "UTF-8"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kit k;
		struct err err;
		kit_prepare(&k);
		k.config.public_url = "https://exam.example.org:8443";
		put_file(&k, "issuer.yml", rows[i].yaml);
		if (rows[i].says) {
			assert_false(proctor_open(&k.config, &k.pr, &err));
			if (!strstr(err.msg, rows[i].says))
				fail_msg("row %zu: %s", i, err.msg);
			nftw(k.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
			continue;
		}
		const struct issuer *issuer;
		kit_start(&k);
		must(issuer_get(k.pr, &issuer, &err), &err);
		assert_string_equal(issuer->base_url, "https://exam.example.org:8443");
		assert_string_equal(issuer->id, i == 2 ? "did:web:academy.example" : "did:web:exam.example.org%3A8443");
		assert_string_equal(issuer->name, i == 0 ? "Example Academy" : "exam.example.org:8443");
		kit_close(&k);
	}
}

/* Each change is in the log, and so is each DID document that differs from the one before. */
static void test_changes_are_logged(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	char name[MULTIKEY_SIZE];
	int64_t first, second;
	kit_prepare(&k);
	k.config.public_url = "https://exam.example.org";
	kit_start(&k);
	name_of(active(&k, KEY_CREDENTIALS), name);
	must(log_find(k.rd, LOG_KEY, name, &first, &err), &err);
	CHANGE(&k, key_retire(k.pr, tx, name, why));
	must(log_find(k.rd, LOG_KEY, name, &second, &err), &err);
	assert_true(second > first);
	char before[HASH_HEX_SIZE], after[HASH_HEX_SIZE];
	must(store_did_hash_get(k.rd, before, &err), &err);
	must(log_find(k.rd, LOG_DID, before, &first, &err), &err);
	kit_stop(&k);
	k.config.public_url = "https://other.example.org";
	kit_start(&k);
	must(store_did_hash_get(k.rd, after, &err), &err);
	assert_string_not_equal(before, after);
	must(log_find(k.rd, LOG_DID, after, &second, &err), &err);
	assert_true(second > first);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_first_start),
	    cmocka_unit_test(test_taking_over),
	    cmocka_unit_test(test_an_old_folder_without_its_key),
	    cmocka_unit_test(test_rotation),
	    cmocka_unit_test(test_a_rollback),
	    cmocka_unit_test(test_beside_a_server),
	    cmocka_unit_test(test_use_is_counted),
	    cmocka_unit_test(test_published),
	    cmocka_unit_test(test_trust_file),
	    cmocka_unit_test(test_another_passphrase),
	    cmocka_unit_test(test_where_it_is_looked_for),
	    cmocka_unit_test(test_exchanged_seeds),
	    cmocka_unit_test(test_issuer),
	    cmocka_unit_test(test_changes_are_logged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
