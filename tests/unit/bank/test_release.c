/* Releases: what they list, what does not fit them, and what may not be in a bank. */
#include "bank/opaque.h"
#include "bank/release.h"
#include "base/clock.h"
#include "kit.h"

#define NOW (1000 * MS_DAY)
#define BANK "bank.yml", "id: birds\n", "questions/q.md", "Which?\n\n- [x] one\n- [ ] two\n"

static struct minisign_secret ana;

static void make(struct kit *k, struct release *ret)
{
	_cleanup_release_says_ struct release_says says = {0};
	struct err err;
	if (!release_make(k->dir, &ana, 0, NOW + MS_DAY, NOW, &says, ret, &err))
		fail_msg("%s", err.msg);
}

static void verify(struct kit *k, struct release_view *ret)
{
	struct err err;
	if (!release_verify(k->dir, NULL, NOW, ret, &err))
		fail_msg("%s", err.msg);
}

static void refuses(struct kit *k, int64_t now, const char *reason)
{
	_cleanup_release_view_ struct release_view v = {0};
	struct err err;
	assert_false(release_verify(k->dir, NULL, now, &v, &err));
	assert_int_equal(err.code, ERR_SIGNATURE);
	if (!strstr(err.msg, reason))
		fail_msg("'%s' is not about '%s'", err.msg, reason);
}

static void test_made_and_read(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	_cleanup_release_ struct release r = {0}, again = {0};
	_cleanup_release_view_ struct release_view v = {0}, none = {0};
	struct err err;
	KIT(&k, BANK);
	assert_true(release_verify(k.dir, NULL, NOW, &none, &err));
	assert_int_equal(none.state, RELEASE_NONE);
	make(&k, &r);
	assert_string_equal(r.bank, "birds");
	assert_int_equal(r.number, 1);
	assert_int_equal(r.n, 2);
	verify(&k, &v);
	assert_int_equal(v.state, RELEASE_UNROOTED);
	assert_true(v.author_signed);
	assert_true(release_fits(&v, k.dir, k.bank, &err));
	make(&k, &again);
	assert_int_equal(again.number, 2);
	refuses(&k, NOW + MS_DAY, "expired");
	/* Touched between the check and the load, even with the same bytes. */
	kit_write(k.dir, "bank.yml", STR("id: birds\n"));
	assert_false(release_fits(&v, k.dir, k.bank, &err));
	assert_non_null(strstr(err.msg, "changed while it was read"));
}

static void test_another_bank(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k, other;
	_cleanup_release_ struct release r = {0};
	_cleanup_release_view_ struct release_view v = {0};
	struct err err;
	KIT(&k, BANK);
	KIT(&other, "bank.yml", "id: fish\n", "questions/q.md", "Which?\n\n- [x] one\n- [ ] two\n");
	make(&k, &r);
	verify(&k, &v);
	assert_false(release_fits(&v, k.dir, other.bank, &err));
	assert_non_null(strstr(err.msg, "is of the bank 'birds'"));
	free(v.release.programs);
	v.release.programs = xstrdup("[\"q\"]");
	assert_false(release_fits(&v, k.dir, k.bank, &err));
	assert_non_null(strstr(err.msg, "does not list"));
}

/* A bank whose errors nobody has seen is not signed, and what fails leaves no file behind. */
static void test_not_made(void **state)
{
	(void)state;
	static const char *const bad[][2] = {{"questions/bad.md", "Which?\n"}, {"docs/a.md", "# A\n\n\\x1bLua\n"}, {"x", "\x1bLuaT"}};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_release_ struct release r = {0};
		_cleanup_release_says_ struct release_says says = {0};
		struct err err;
		KIT(&k, BANK);
		kit_write(k.dir, bad[i][0], str_of(bad[i][1]));
		assert_false(release_make(k.dir, &ana, 0, NOW + MS_DAY, NOW, &says, &r, &err));
		assert_int_equal(err.code, ERR_INVALID);
		_cleanup_free_ char *path = xasprintf("%s/" RELEASE_NAME, k.dir);
		assert_int_not_equal(access(path, F_OK), 0);
	}
}

static void test_hostile_lists(void **state)
{
	(void)state;
	char key[MINISIGN_KEY_SIZE];
	static const char hash[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	static const struct {
		const char *files, *reason;
	} rows[] = {
	    {"{\"path\":\"../a\",\"sha256\":\"HASH\",\"size\":0}", "no path"},
	    {"{\"path\":\"/a\",\"sha256\":\"HASH\",\"size\":0}", "no path"},
	    {"{\"path\":\"a//b\",\"sha256\":\"HASH\",\"size\":0}", "no path"},
	    {"{\"path\":\"./a\",\"sha256\":\"HASH\",\"size\":0}", "no path"},
	    {"{\"path\":\"a\\\\b\",\"sha256\":\"HASH\",\"size\":0}", "no path"},
	    {"{\"path\":\"a\",\"sha256\":\"E3\",\"size\":0}", "no path"},
	    {"{\"path\":\"a\",\"sha256\":\"HASH\",\"size\":-1}", "size"},
	    {"{\"path\":\"b\",\"sha256\":\"HASH\",\"size\":0},{\"path\":\"a\",\"sha256\":\"HASH\",\"size\":0}", "out of order"},
	    {"{\"path\":\"a\",\"sha256\":\"HASH\",\"size\":0},{\"path\":\"a\",\"sha256\":\"HASH\",\"size\":0}", "twice"},
	    {"{\"executable\":false,\"path\":\"a\",\"sha256\":\"HASH\",\"size\":0}", "canonical"},
	    {"{\"path\":\"a\",\"sha256\":\"HASH\",\"size\":0.0}", "canonical"},
	    {"{\"path\":\"\\u0061\",\"sha256\":\"HASH\",\"size\":0}", "canonical"},
	    {"{\"path\":\"a\",\"sha256\":\"HASH\",\"size\":0,\"x\":1}", "x"},
	};
	minisign_key_print(&ana.public, key);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_release_ struct release r = {0};
		_cleanup_buf_ struct buf text = BUF(4096);
		struct err err;
		buf_addf(&text, "{\"author\":\"%s\",\"bank\":\"b\",\"expires\":\"2030-01-01T00:00:00.000Z\",\"files\":[", key);
		for (const char *p = rows[i].files; *p; p++)
			if (strncmp(p, "HASH", 4) == 0) {
				buf_adds(&text, hash);
				p += 3;
			} else {
				buf_addc(&text, *p);
			}
		buf_adds(&text, "],\"format\":\"assay-release/v1\",\"graders\":[],\"number\":1,\"programs\":[]}");
		assert_false(release_parse(buf_str(&text), &r, &err));
		if (!strstr(err.msg, rows[i].reason))
			fail_msg("%zu: '%s' is not about '%s'", i, err.msg, rows[i].reason);
	}
}

static void test_opaque(void **state)
{
	(void)state;
	static const char *const hidden[] = {"\x1bLua",      "a\x1bLJ",  "'\\27Lua'", "'\\027Lua'",           "'\\x1bLua'",
	                                     "'\\u{1b}Lua'", "G0x1YVQA", "1B4C7561",  "\\x1b\\x4c\\x75\\x61", "string.char(27, 76,117,97)"};
	static const char *const fine[] = {"", "Lua", "27 Lua scripts", "\x1b[1mbold\x1b[0m", "grün", "\\27 is ESC"};
	assert_string_equal(opaque_reason("media/x.png", STR("\x1bLuaS")), "compiled Lua");
	assert_non_null(opaque_reason("tasks/t/files/x", STR("\x7f"
	                                                     "ELF\x02\x01\xff")));
	assert_null(opaque_reason("media/x.png", STR("\x89PNG\r\n")));
	assert_non_null(opaque_reason("docs/media/x.png", STR("\x89PNG\r\n")));
	for (size_t i = 0; i < ARRAY_SIZE(hidden); i++)
		if (!opaque_reason("docs/x.md", str_of(hidden[i])))
			fail_msg("not seen: %s", hidden[i]);
	for (size_t i = 0; i < ARRAY_SIZE(fine); i++)
		assert_null(opaque_reason("docs/x.md", str_of(fine[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_made_and_read), cmocka_unit_test(test_another_bank), cmocka_unit_test(test_not_made),
	    cmocka_unit_test(test_hostile_lists), cmocka_unit_test(test_opaque),
	};
	minisign_generate(&ana);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
