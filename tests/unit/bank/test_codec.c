/* The stored form of a bank: back and forth without loss, and no harm from bytes that were changed. */
#include "base/hash.h"
#include "kit.h"

static struct bank *load_fixture(struct diags *diags)
{
	const char *root = getenv("ASSAY_SOURCE_ROOT");
	_cleanup_free_ char *dir = xasprintf("%s/tests/fixtures/bank", root ? root : ".");
	struct bank *bank;
	struct err err;
	if (!bank_load(dir, diags, &bank, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(diags->n_errors, 0);
	return bank;
}

static void test_round_trip(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct err err;
	_cleanup_bank_ struct bank *bank = load_fixture(&diags), *again = NULL;
	_cleanup_buf_ struct buf first = BUF(1 << 24), second = BUF(1 << 24);
	bank_encode(bank, &first);
	if (!bank_decode(buf_str(&first), &again, &err))
		fail_msg("%s", err.msg);
	bank_encode(again, &second);
	assert_string_equal(first.p, second.p);
	assert_int_equal(again->n_items, bank->n_items);
	for (size_t i = 0; i < bank->n_items; i++) {
		const struct item *a = &bank->items[i], *b = bank_item(again, a->id);
		assert_non_null(b);
		assert_int_equal(a->kind, b->kind);
		assert_int_equal(a->place, b->line);
	}
	assert_null(again->n_media ? again->media[0].bytes : NULL);
	diags_finish(&diags);
}

static void test_every_item(void **state)
{
	(void)state;
	struct diags diags = {0};
	struct err err;
	_cleanup_bank_ struct bank *bank = load_fixture(&diags);
	bool kinds[ITEM_KINDS] = {false};
	for (size_t i = 0; i < bank->n_items; i++) {
		_cleanup_buf_ struct buf first = BUF(1 << 20), second = BUF(1 << 20);
		_cleanup_(item_destroyp) struct item *again = NULL;
		item_encode(&bank->items[i], &first);
		if (!item_decode(buf_str(&first), &again, &err))
			fail_msg("%s: %s", bank->items[i].id, err.msg);
		item_encode(again, &second);
		assert_string_equal(first.p, second.p);
		kinds[again->kind] = true;
	}
	for (int k = 0; k < ITEM_TASK; k++)
		if (!kinds[k])
			fail_msg("the fixture has no %s", item_kind_name((enum item_kind)k));
	diags_finish(&diags);
}

/* Lines that move do not change the version; words do. */
static void test_version(void **state)
{
	(void)state;
	static const char *const texts[] = {"## A\nW?\n\n- [x] one\n- [ ] two\n", "\n\n## A\nW?\n\n\n- [x] one\n\n- [ ] two\n\n",
	                                    "## A\nW?\n\n- [ ] one\n- [x] two\n"};
	char hashes[3][HASH_HEX_SIZE];
	for (size_t i = 0; i < 3; i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_buf_ struct buf out = BUF(1 << 20);
		KIT(&k, "bank.yml", "id: b\n", "questions/q.md", texts[i]);
		bank_encode(k.bank, &out);
		hash_sha256_hex(buf_str(&out), hashes[i]);
	}
	assert_string_equal(hashes[0], hashes[1]);
	assert_string_not_equal(hashes[0], hashes[2]);
}

static void test_mistakes(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "",
	    "[]",
	    "{}",
	    "{\"format\":2}",
	    "{\"format\":1,\"id\":\"b\"}",
	    "{\"format\":1,\"id\":\"b\",\"title\":\"t\",\"language\":\"en\",\"items\":[{}]}",
	    "{\"format\":1,\"id\":\"b\",\"title\":\"t\",\"language\":\"en\",\"items\":[7]}",
	    "{\"format\":1,\"id\":\"b\",\"title\":\"t\",\"language\":\"en\",\"items\":{}}",
	    "{\"format\":1,\"id\":\"b\",\"title\":\"t\",\"language\":\"en\",\"media\":[{\"path\":\"x\",\"hash\":\"../..\"}]}",
	    "{\"format\":1,\"id\":\"b\",\"title\":\"t\",\"language\":\"en\",\"exams\":[{\"id\":\"b\",\"title\":\"t\"},{\"id\":\"a\",\"title\":"
	    "\"t\"}]}",
	    "{\"format\":1,\"id\":\"b\",\"title\":\"t\",\"language\":\"en\",\"exams\":[{\"id\":\"b\",\"title\":\"t\",\"items_min\":5,\"items_"
	    "max\":4}]}",
	};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct bank *bank = NULL;
		struct err err;
		if (bank_decode(str_of(texts[i]), &bank, &err))
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(err.code, ERR_INVALID);
		assert_null(bank);
	}
}

static void test_item_mistakes(void **state)
{
	(void)state;
#define ITEM(rest) "{\"id\":\"a\",\"title\":\"t\",\"domain\":\"d\",\"family\":\"a\",\"stem\":\"s\",\"file\":\"f\"," rest "}"
	static const char *const texts[] = {
	    ITEM("\"kind\":\"single\""),
	    ITEM("\"kind\":\"unknown\",\"options\":[{\"html\":\"x\"}]"),
	    ITEM("\"kind\":1"),
	    ITEM("\"kind\":\"matching\",\"options\":[{\"html\":\"x\",\"match\":1}],\"targets\":[{\"html\":\"y\"}]"),
	    ITEM("\"kind\":\"matching\",\"options\":[{\"html\":\"x\"}],\"targets\":[{\"html\":\"y\"}]"),
	    ITEM("\"kind\":\"numeric\""),
	    ITEM("\"kind\":\"cloze\",\"blanks\":[{}]"),
	    ITEM("\"kind\":\"hotspot\",\"image\":\"x\",\"regions\":[{\"id\":\"a\",\"label\":\"b\",\"at\":[1,2,3]}]"),
	    ITEM("\"kind\":\"hotspot\",\"image\":\"x\",\"regions\":[{\"id\":\"a\",\"label\":\"b\",\"at\":[1,2,3,-4]}]"),
	    ITEM("\"kind\":\"essay\",\"points_m\":0"),
	    ITEM("\"kind\":\"essay\",\"points_m\":1.5"),
	    ITEM("\"kind\":\"essay\",\"difficulty\":9"),
	    ITEM("\"kind\":\"essay\",\"tags\":[1]"),
	    "null",
	};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct item *item = NULL;
		struct err err;
		if (item_decode(str_of(texts[i]), &item, &err))
			fail_msg("taken: %s", texts[i]);
	}
	struct item *item = NULL;
	struct err err;
	assert_true(item_decode(STR(ITEM("\"kind\":\"essay\"")), &item, &err));
	item_destroy(item);
}

/* Cut at every byte: refused, nothing worse. */
static void test_cut(void **state)
{
	(void)state;
	struct diags diags = {0};
	_cleanup_bank_ struct bank *bank = load_fixture(&diags);
	_cleanup_buf_ struct buf out = BUF(1 << 24);
	bank_encode(bank, &out);
	for (size_t n = 0; n < out.len; n += 97) {
		struct bank *cut = NULL;
		struct err err;
		assert_false(bank_decode(str_sub(buf_str(&out), 0, n), &cut, &err));
	}
	diags_finish(&diags);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trip), cmocka_unit_test(test_every_item),    cmocka_unit_test(test_version),
	    cmocka_unit_test(test_mistakes),   cmocka_unit_test(test_item_mistakes), cmocka_unit_test(test_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
