/* Roots of trust: who counts, and how they change; and minisign's files. */
#include "../test.h"
#include "bank/roots.h"
#include "base/mem.h"

static struct minisign_secret ana, ben, cem, dora;

static void text_of(const struct roots *r, struct buf *out)
{
	*out = (struct buf){.max = ROOTS_SIZE_MAX};
	roots_print(r, out);
}

static void roots_of(struct roots *r, int64_t number, int64_t threshold, struct minisign_secret *const *people, size_t n)
{
	static const char *const names[] = {"A", "B", "C", "D"};
	struct err err;
	*r = (struct roots){.number = number, .threshold = threshold};
	for (size_t i = 0; i < n; i++)
		assert_true(roots_add(r, names[i], &people[i]->public, &err));
}

static void test_rotation(void **state)
{
	(void)state;
	_cleanup_roots_ struct roots old = {0}, new = {0}, ret = {0};
	_cleanup_buf_ struct buf text = {0}, sa = BUF(4096), sb = BUF(4096), sc = BUF(4096), sd = BUF(4096);
	struct err err;
	roots_of(&old, 1, 2, (struct minisign_secret *const[]){&ana, &ben}, 2);
	roots_of(&new, 2, 2, (struct minisign_secret *const[]){&ben, &cem, &dora}, 3);
	text_of(&new, &text);
	minisign_sign(&ana, buf_str(&text), "x", &sa);
	minisign_sign(&ben, buf_str(&text), "x", &sb);
	minisign_sign(&cem, buf_str(&text), "x", &sc);
	minisign_sign(&dora, STR("other"), "x", &sd);
	const struct str a = buf_str(&sa), b = buf_str(&sb), c = buf_str(&sc), d = buf_str(&sd);
	assert_false(roots_rotate(&old, buf_str(&text), (struct str[]){a, a}, 2, &ret, &err));       /* one person twice */
	assert_false(roots_rotate(&old, buf_str(&text), (struct str[]){a, b}, 2, &ret, &err));       /* the new ones have one */
	assert_false(roots_rotate(&old, buf_str(&text), (struct str[]){b, c}, 2, &ret, &err));       /* the old ones have one */
	assert_false(roots_rotate(&old, buf_str(&text), (struct str[]){a, b, c, d}, 4, &ret, &err)); /* and one is wrong */
	assert_int_equal(err.code, ERR_SIGNATURE);
	assert_true(roots_rotate(&old, buf_str(&text), (struct str[]){a, b, c}, 3, &ret, &err));
	assert_int_equal(ret.number, 2);
	assert_false(roots_rotate(&new, buf_str(&text), (struct str[]){a, b, c}, 3, &old, &err)); /* not twice */
}

static void test_parse(void **state)
{
	(void)state;
	char a[MINISIGN_KEY_SIZE], b[MINISIGN_KEY_SIZE];
	static const struct {
		const char *head, *people, *reason;
	} rows[] = {
	    {"\"number\":1,\"threshold\":2", "{\"name\":\"A\",\"keys\":[\"%1$s\"]},{\"name\":\"B\",\"keys\":[\"%2$s\"]}", NULL},
	    {"\"number\":1,\"threshold\":3", "{\"name\":\"A\",\"keys\":[\"%1$s\"]},{\"name\":\"B\",\"keys\":[\"%2$s\"]}", "3 people"},
	    {"\"number\":1,\"threshold\":0", "{\"name\":\"A\",\"keys\":[\"%1$s\"]},{\"name\":\"B\",\"keys\":[\"%2$s\"]}", "threshold"},
	    {"\"number\":1,\"threshold\":2", "{\"name\":\"A\",\"keys\":[\"%1$s\"]},{\"name\":\"B\",\"keys\":[\"%1$s\"]}", "already"},
	    {"\"number\":1,\"threshold\":2", "{\"name\":\"A\",\"keys\":[\"%1$s\"]},{\"name\":\"A\",\"keys\":[\"%2$s\"]}", "stands twice"},
	    {"\"number\":1,\"threshold\":1", "{\"name\":\"A\",\"keys\":[\"%1$s\",\"%2$s\"]}", "only approver"},
	    {"\"number\":1,\"threshold\":1,\"author_alone\":true", "{\"name\":\"A\",\"keys\":[\"%1$s\"]}", NULL},
	    {"\"number\":1,\"threshold\":2", "{\"name\":\"A\",\"keys\":[\"RW\"]}", "public key"},
	    {"\"number\":1,\"threshold\":2", "{\"name\":\"A\",\"keys\":[]}", "no key"},
	};
	minisign_key_print(&ana.public, a);
	minisign_key_print(&ben.public, b);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_roots_ struct roots r = {0};
		_cleanup_buf_ struct buf text = BUF(4096);
		struct err err;
		buf_addf(&text, "{\"format\":\"assay-bank-roots/v1\",%s,\"people\":[", rows[i].head);
		for (const char *p = rows[i].people; *p; p++)
			if (*p == '%') {
				buf_adds(&text, p[1] == '1' ? a : b);
				p += 3;
			} else {
				buf_addc(&text, *p);
			}
		buf_adds(&text, "]}");
		bool ok = roots_parse(buf_str(&text), &r, &err);
		if (ok != !rows[i].reason || (!ok && !strstr(err.msg, rows[i].reason)))
			fail_msg("%zu: %s", i, ok ? "taken" : err.msg);
	}
}

static void test_keys_and_signatures(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf plain = BUF(4096), signature = BUF(4096);
	struct minisign_secret opened;
	struct minisign_signature s;
	struct err err;
	assert_true(minisign_secret_file(&ana, STR(""), &plain, &err));
	assert_true(minisign_secret_open(buf_str(&plain), STR(""), &opened, &err));
	assert_memory_equal(&opened, &ana, sizeof ana);
	/* A file whose public half is another's would give the secret away with its first signature. */
	struct minisign_secret mixed = ana;
	memcpy(mixed.key + 32, ben.public.key, 32);
	buf_clear(&plain);
	assert_true(minisign_secret_file(&mixed, STR(""), &plain, &err));
	assert_false(minisign_secret_open(buf_str(&plain), STR(""), &opened, &err));
	minisign_sign(&ana, STR("text"), "comment", &signature);
	assert_true(minisign_signature_parse(buf_str(&signature), &s, &err));
	assert_true(minisign_check(&s, &ana.public, STR("text"), &err));
	assert_false(minisign_check(&s, &ana.public, STR("texts"), &err));
	assert_false(minisign_check(&s, &ben.public, STR("text"), &err));
	s.comment[0] ^= 1;
	assert_false(minisign_check(&s, &ana.public, STR("text"), &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rotation), cmocka_unit_test(test_parse),
	                                   cmocka_unit_test(test_keys_and_signatures)};
	minisign_generate(&ana);
	minisign_generate(&ben);
	minisign_generate(&cem);
	minisign_generate(&dora);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
