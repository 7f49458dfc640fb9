/* Status lists: places, values, and the signed lists that come of them. */
#include "credential/proof.h"
#include "credential/status.h"
#include "keys_kit.h"
#include "store/status_list.h"

#define HOST "https://exam.example.org"

static void start(struct kit *k)
{
	kit_prepare(k);
	k->config.public_url = HOST;
	kit_start(k);
}

static const char *text_of(const cJSON *o, const char *key)
{
	const char *s = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, key));
	assert_non_null(s);
	return s;
}

static bool find_key(void *arg, const char *method, int64_t created_ms, unsigned char ret[SIGN_KEY_SIZE], struct proof_result *result)
{
	const char *code;
	struct err err;
	(void)result;
	return did_find(arg, method, created_ms, ret, &code, &err);
}

/* Checks the signed list with what the DID document says, and gives the value at a place. */
static unsigned look(struct kit *k, const char *name, int64_t place)
{
	_cleanup_buf_ struct buf text = BUF(1 << 20), did = BUF(1 << 20);
	_cleanup_json_ cJSON *doc = NULL;
	struct did_document d;
	struct proof_result results[2];
	struct err err;
	size_t n, len;
	unsigned char *bytes;
	unsigned value;
	must(status_list_by_name(k->pr, k->rd, name, &text, &err) && json_parse(buf_str(&text), &doc, &err), &err);
	must(keys_did_json(k->pr, k->rd, &did, &err) && did_document_read(buf_str(&did), text_of(doc, "issuer"), &d, &err), &err);
	must(proof_check(doc, find_key, &d, results, 2, &n, &err), &err);
	assert_true(n == 2 && results[0].valid && results[1].valid);
	did_document_finish(&d);
	const cJSON *subject = cJSON_GetObjectItemCaseSensitive(doc, "credentialSubject");
	assert_string_equal(text_of(subject, "statusPurpose"), strchr(name, '-') ? "suspension" : "revocation");
	must(status_decode(str_of(text_of(subject, "encodedList")), &bytes, &len, &err), &err);
	assert_int_equal(len, STATUS_BITS_MIN / 8);
	must(status_read(bytes, len, 1, place, &value, &err), &err);
	free(bytes);
	return value;
}

static void test_values(void **state)
{
	(void)state;
	struct kit k;
	int64_t list, a, b;
	enum status_value value;
	struct err err;
	start(&k);
	CHANGE(&k, status_draw(k.pr, tx, &list, &a, why));
	CHANGE(&k, status_draw(k.pr, tx, &list, &b, why));
	assert_true(list == 1 && a != b);
	assert_true(look(&k, "1", a) == 0 && look(&k, "1-suspension", a) == 0);
	CHANGE(&k, status_set(k.pr, tx, list, a, STATUS_SUSPENDED, why));
	assert_true(look(&k, "1", a) == 1 && look(&k, "1-suspension", a) == 1 && look(&k, "1", b) == 0);
	CHANGE(&k, status_set(k.pr, tx, list, a, STATUS_VALID, why));
	assert_true(look(&k, "1", a) == 0 && look(&k, "1-suspension", a) == 0);
	CHANGE(&k, status_set(k.pr, tx, list, a, STATUS_REVOKED, why));
	assert_true(look(&k, "1", a) == 1 && look(&k, "1-suspension", a) == 0);
	must(status_get(k.rd, list, a, &value, &err), &err);
	assert_int_equal(value, STATUS_REVOKED);
	REFUSED(&k, status_set(k.pr, tx, list, (a + 1) % 7 == b ? a + 2 : (a + 1) % STATUS_BITS_MIN, STATUS_REVOKED, why), ERR_NOT_FOUND);
	REFUSED(&k, status_set(k.pr, tx, 9, a, STATUS_REVOKED, why), ERR_NOT_FOUND);
	kit_close(&k);
}

static void test_entries(void **state)
{
	(void)state;
	struct kit k;
	struct err err;
	_cleanup_json_ cJSON *entry = NULL;
	start(&k);
	must(status_entry_json(k.pr, 3, 94567, &entry, &err), &err);
	assert_string_equal(text_of(entry, "type"), "BitstringStatusListEntry");
	assert_string_equal(text_of(entry, "statusListIndex"), "94567");
	assert_string_equal(text_of(entry, "statusListCredential"), HOST "/status/3");
	assert_string_equal(text_of(entry, "statusReference"), HOST "/status/3-suspension");
	kit_close(&k);
	/* Without an address there is nowhere to look. */
	cJSON *none = entry;
	kit_prepare(&k);
	kit_start(&k);
	must(status_entry_json(k.pr, 3, 94567, &none, &err), &err);
	assert_null(none);
	_cleanup_buf_ struct buf text = BUF(1 << 20);
	assert_false(status_list_json(k.pr, k.rd, 1, &text, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
	kit_close(&k);
}

static void test_drawing(void **state)
{
	(void)state;
	struct kit k;
	int64_t list, place, sum = 0;
	struct status_list_row row;
	struct err err;
	start(&k);
	struct store *wr = proctor_writer_store(k.pr);
	must(store_begin(wr, &err), &err);
	for (int i = 0; i < 2000; i++) { /* each is another place, or the statement that counts them fails below */
		must(status_draw(k.pr, wr, &list, &place, &err), &err);
		assert_in_range(place, 0, STATUS_BITS_MIN - 1);
		sum += place;
	}
	must(store_commit(wr, &err), &err);
	must(store_status_list_get(k.rd, 1, &row, &err), &err);
	assert_int_equal(row.drawn, 2000);
	assert_in_range(sum / 2000, STATUS_BITS_MIN / 2 - 8000, STATUS_BITS_MIN / 2 + 8000); /* nine standard errors */
	kit_close(&k);
}

static void test_a_full_list(void **state)
{
	(void)state;
	struct kit k;
	int64_t list = 0, place;
	struct err err;
	start(&k);
	struct store *wr = proctor_writer_store(k.pr);
	must(store_begin(wr, &err), &err);
	for (int i = 0; i < STATUS_BITS_MIN / 2; i++) {
		bool taken;
		must(store_status_take(wr, 1, 2 * i, &taken, &err), &err);
		assert_true(taken);
		must(store_status_take(wr, 1, 2 * i, &taken, &err), &err);
		assert_false(taken);
	}
	must(status_draw(k.pr, wr, &list, &place, &err), &err);
	must(store_commit(wr, &err), &err);
	assert_int_equal(list, 2);
	CHANGE(&k, status_set(k.pr, tx, 2, place, STATUS_REVOKED, why));
	assert_true(look(&k, "2", place) == 1 && look(&k, "1", place) == 0);
	kit_close(&k);
}

static void read_list(struct kit *k, struct buf *out)
{
	struct err err;
	buf_clear(out);
	must(status_list_json(k->pr, k->rd, 1, out, &err), &err);
}

static void test_signed_again(void **state)
{
	(void)state;
	struct kit k;
	int64_t list, place;
	char name[MULTIKEY_SIZE];
	_cleanup_buf_ struct buf first = BUF(1 << 20), second = BUF(1 << 20);
	start(&k);
	CHANGE(&k, status_draw(k.pr, tx, &list, &place, why));
	read_list(&k, &first);
	pass(11 * MS_HOUR);
	read_list(&k, &second);
	assert_string_equal(first.p, second.p);
	pass(2 * MS_HOUR);
	read_list(&k, &second);
	assert_string_not_equal(first.p, second.p); /* older than half of its validity */
	read_list(&k, &first);
	CHANGE(&k, status_set(k.pr, tx, list, place, STATUS_REVOKED, why));
	read_list(&k, &second);
	assert_string_not_equal(first.p, second.p);
	CHANGE(&k, key_rotate(k.pr, tx, KEY_STATUS, name, why));
	read_list(&k, &first);
	assert_non_null(strstr(first.p, name));
	kit_close(&k);
}

static void test_names(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "", "0", "-1", "2", "1x", "x", "1-", "1-suspended", "-suspension", "99999999999999999999", "+1", "1-suspension-suspension"};
	struct kit k;
	struct err err;
	start(&k);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_buf_ struct buf text = BUF(1 << 20);
		if (status_list_by_name(k.pr, k.rd, bad[i], &text, &err))
			fail_msg("%s", bad[i]);
		assert_int_equal(err.code, ERR_NOT_FOUND);
	}
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),      cmocka_unit_test(test_entries),      cmocka_unit_test(test_drawing),
	    cmocka_unit_test(test_a_full_list), cmocka_unit_test(test_signed_again), cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
