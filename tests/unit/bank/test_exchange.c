/* Out and in again: what a format can hold comes back the same, and what it cannot is said. */
#include "exchange_kit.h"
#include <math.h>

static bool has_note(const struct exchange_report *r, const char *id, enum exchange_level level)
{
	for (size_t i = 0; i < r->n_notes; i++)
		if (r->notes[i].level == level && strcmp(r->notes[i].name, id) == 0)
			return true;
	return false;
}

/* An item as text, without where it stands. */
static char *text_of(const struct item *item)
{
	struct item copy = *item;
	struct buf out = BUF(8 << 20);
	copy.file = (char *)"";
	copy.place = 0;
	item_encode(&copy, &out);
	return buf_take(&out, NULL);
}

static void same_keys(const struct item *a, const struct item *b)
{
	if (a->kind != b->kind) /* a grid as pairs */
		return;
	assert_int_equal(a->n_options, b->n_options);
	for (size_t i = 0; i < a->n_options; i++) {
		assert_int_equal(a->options[i].key, b->options[i].key);
		assert_int_equal(a->options[i].match, b->options[i].match);
	}
	assert_int_equal(a->n_numbers, b->n_numbers);
	for (size_t i = 0; i < a->n_numbers; i++) {
		assert_true(fabs(a->numbers[i].lo - b->numbers[i].lo) <= 1e-12 * fabs(a->numbers[i].lo));
		assert_true(fabs(a->numbers[i].hi - b->numbers[i].hi) <= 1e-12 * fabs(a->numbers[i].hi));
	}
	assert_int_equal(a->n_blanks, b->n_blanks);
}

static void round_trip(unsigned seed, enum exchange_format to, enum exchange_format from, const char *name)
{
	struct kit k, back = {0};
	struct exchange_report out = {0}, in = {0};
	struct err err;
	random_bank(&k, seed, 60);
	_cleanup_free_ char *file = xasprintf("%s/%s", k.dir, name), *dir = xasprintf("%s/back", k.dir);
	if (!exchange_export(k.dir, to, file, &out, &err))
		fail_msg("export: %s", err.msg);
	assert_int_equal(out.read, 60);
	assert_int_equal(out.done + out.rejected, 60);
	if (to == EXCHANGE_NATIVE) {
		rename(file, dir);
	} else {
		if (!exchange_import(file, from, dir, &in, &err))
			fail_msg("import: %s", err.msg);
		for (size_t i = 0; i < in.n_notes; i++)
			if (in.notes[i].level == EXCHANGE_REJECTED)
				fail_msg("seed %u: %s:%d: %s: %s", seed, in.notes[i].file, in.notes[i].line, in.notes[i].name, in.notes[i].reason);
		assert_int_equal(in.done, out.done);
	}
	if (!bank_load(dir, &back.diags, &back.bank, &err))
		fail_msg("load: %s", err.msg);
	size_t equal = 0;
	for (size_t i = 0; i < k.bank->n_items; i++) {
		const struct item *item = &k.bank->items[i], *other = bank_item(back.bank, item->id);
		if (has_note(&out, item->id, EXCHANGE_REJECTED)) {
			assert_null(other);
			continue;
		}
		if (!other)
			fail_msg("seed %u: %s is gone", seed, item->id);
		_cleanup_free_ char *a = text_of(item), *b = text_of(other);
		if (has_note(&out, item->id, EXCHANGE_DEGRADED))
			same_keys(item, other);
		else if (strcmp(a, b) != 0)
			fail_msg("seed %u:\n%s\n%s", seed, a, b);
		equal += strcmp(a, b) == 0;
	}
	assert_true(equal >= 12); /* of 60: more than degraded ones are compared */
	exchange_report_finish(&out);
	exchange_report_finish(&in);
	bank_destroy(back.bank);
	diags_finish(&back.diags);
	kit_finish(&k);
}

static void test_native(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++)
		round_trip(seed, EXCHANGE_NATIVE, EXCHANGE_AUTO, "out");
}
static void test_gift(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++)
		round_trip(seed, EXCHANGE_GIFT, EXCHANGE_GIFT, "out.gift");
}

static void test_csv(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++)
		round_trip(seed, EXCHANGE_CSV, EXCHANGE_CSV, "out.csv");
}

static void test_moodle(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++)
		round_trip(seed, EXCHANGE_MOODLE_XML, EXCHANGE_MOODLE_XML, "out.xml");
}

static void test_qti21(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++)
		round_trip(seed, EXCHANGE_QTI21, EXCHANGE_QTI, "out.zip");
}

static void test_qti12(void **state)
{
	(void)state;
	for (unsigned seed = 1; seed <= 20; seed++)
		round_trip(seed, EXCHANGE_QTI12, EXCHANGE_QTI, "out.zip");
}

/* Written once more, nothing changes any more. */
static void test_stable(void **state)
{
	(void)state;
	struct kit k;
	struct exchange_report r = {0};
	struct err err;
	struct buf a = BUF(64 << 20), b = BUF(64 << 20);
	random_bank(&k, 5, 80);
	_cleanup_free_ char *one = xasprintf("%s/one", k.dir), *two = xasprintf("%s/two", k.dir);
	assert_true(exchange_export(k.dir, EXCHANGE_NATIVE, one, &r, &err));
	assert_true(exchange_export(one, EXCHANGE_NATIVE, two, &r, &err));
	_cleanup_free_ char *first = xasprintf("%s/questions/all.md", one), *second = xasprintf("%s/questions/all.md", two);
	assert_true(file_read(first, a.max, &a, &err));
	assert_true(file_read(second, b.max, &b, &err));
	assert_string_equal(a.p, b.p);
	buf_finish(&a);
	buf_finish(&b);
	exchange_report_finish(&r);
	kit_finish(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_native), cmocka_unit_test(test_gift),  cmocka_unit_test(test_csv),    cmocka_unit_test(test_moodle),
	    cmocka_unit_test(test_qti21),  cmocka_unit_test(test_qti12), cmocka_unit_test(test_stable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
