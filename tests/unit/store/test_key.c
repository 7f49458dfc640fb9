/* Rows of keys and status lists: what goes in comes out, one key of a purpose signs, and damage is named. */
#include "kit.h"
#include "store/key.h"
#include "store/status_list.h"

static void test_keys(void **state)
{
	(void)state;
	struct kit k;
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n;
	int64_t id, other, before, after;
	kit_open(&k);
	MUST(store_key_epoch(k.rd, &before, err));
	struct key_row row = {.purpose = 1, .public_key = {1}, .sealed = {7, 8, 9}, .sealed_len = 72, .created_ms = 5};
	MUST(store_key_add(k.wr, &row, &id, err));
	struct key_row second = {.purpose = 1, .public_key = {2}, .sealed_len = 72, .created_ms = 6};
	MUST_NOT(store_key_add(k.wr, &second, &other, err), ERR_STORE); /* two would sign */
	second.state = 3;
	MUST(store_key_add(k.wr, &second, &other, err));
	second.public_key[0] = 1;
	MUST_NOT(store_key_add(k.wr, &second, &other, err), ERR_STORE); /* the same key twice */
	row.id = id;
	row.state = 2;
	row.sealed_len = 0;
	row.retired_ms = 10;
	row.compromised_ms = 9;
	MUST(store_key_update(k.wr, &row, err));
	MUST(store_key_used(k.wr, id, INT64_MAX, err));
	MUST(store_key_used(k.wr, id, 4, err));
	MUST(store_key_epoch_next(k.wr, err));
	MUST(store_key_epoch(k.rd, &after, err));
	assert_int_equal(after, before + 1);
	MUST(store_keys(k.rd, &rows, &n, err));
	assert_int_equal(n, 2);
	assert_true(rows[0].id == id && rows[0].state == 2 && rows[0].sealed_len == 0 && rows[0].public_key[0] == 1);
	assert_true(rows[0].retired_ms == 10 && rows[0].compromised_ms == 9 && rows[0].n_signed == 2 && rows[0].needed_ms == INT64_MAX);
	assert_true(rows[1].sealed_len == 72 && rows[1].retired_ms == 0 && rows[1].compromised_ms == 0);
	kit_close(&k);
}

static void test_damage(void **state)
{
	(void)state;
	struct kit k;
	struct keyring_row ring = {.salt = {1}, .ops = 3, .mem = 1 << 26}, back;
	struct key_row row = {.created_ms = 1}, *rows = NULL;
	bool found;
	size_t n;
	int64_t id;
	kit_open(&k);
	MUST(store_keyring_get(k.rd, &back, &found, err));
	assert_false(found);
	MUST(store_keyring_put(k.wr, &ring, err));
	MUST(store_keyring_get(k.rd, &back, &found, err));
	assert_true(found && back.ops == 3 && back.mem == 1 << 26);
	assert_memory_equal(back.salt, ring.salt, sizeof ring.salt);
	MUST(sql_exec(k.wr, "UPDATE keyring SET salt = x'00'", err));
	MUST_NOT(store_keyring_get(k.rd, &back, &found, err), ERR_STORE);
	MUST(store_key_add(k.wr, &row, &id, err));
	MUST(sql_exec(k.wr, "UPDATE signing_key SET public_key = x'00'", err));
	MUST_NOT(store_keys(k.rd, &rows, &n, err), ERR_STORE);
	kit_close(&k);
}

static void count(void *arg, int64_t place, int value)
{
	*(int64_t *)arg += place * value;
}

static void test_status(void **state)
{
	(void)state;
	struct kit k;
	struct status_list_row row;
	bool taken;
	int value;
	int64_t list, sum = 0;
	kit_open(&k);
	MUST(store_status_list_add(k.wr, 77, &list, err));
	assert_int_equal(list, 2); /* the first one is there from the start */
	MUST(store_status_take(k.wr, list, 40, &taken, err));
	assert_true(taken);
	MUST(store_status_take(k.wr, list, 40, &taken, err));
	assert_false(taken);
	MUST(store_status_set(k.wr, list, 40, 2, err));
	MUST(store_status_set(k.wr, list, 40, 2, err));
	MUST_NOT(store_status_set(k.wr, list, 41, 1, err), ERR_NOT_FOUND);
	MUST(store_status_get(k.rd, list, 40, &value, err));
	assert_int_equal(value, 2);
	MUST(store_status_list_get(k.rd, list, &row, err));
	assert_true(row.drawn == 1 && row.changes == 1 && row.created_ms == 77);
	MUST(store_status_each(k.rd, list, count, &sum, err));
	assert_int_equal(sum, 80);
	MUST_NOT(store_status_list_get(k.rd, 9, &row, err), ERR_NOT_FOUND);
	kit_close(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_keys), cmocka_unit_test(test_damage), cmocka_unit_test(test_status)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
