/* What is taken out of a credential for its picture; and every byte of one changed, with sanitizers looking. */
#include "../test.h"
#include "pictures/claims.h"
#include "proctor/keys.h"
#include "proctor/picture.h"

static void specimen(struct buf *out)
{
	struct issuer issuer = {.name = (char[]){"Example"}, .id = (char[]){"did:web:example"}};
	picture_specimen(&issuer, out);
}

static void test_specimen(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf text = BUF(1 << 20);
	struct claims c;
	struct err err = {0};
	specimen(&text);
	assert_true(claims_read(buf_str(&text), &c, &err));
	assert_string_equal(c.title, "Specimen of a certificate");
	assert_string_equal(c.holder, "Ada Example");
	assert_string_equal(c.issuer, "Example");
	assert_string_equal(c.awarded, "1 January 2026");
	assert_string_equal(c.valid_until, "1 January 2029");
	assert_string_equal(c.year, "2026");
	assert_string_equal(c.total.text, "842");
	assert_string_equal(c.error_text, "31");
	assert_string_equal(c.chance, "99.8 %");
	assert_string_equal(c.range_text, "100 to 1000");
	assert_true(c.has_cut && c.cut == 700 && c.total.has_scale && c.total.has_error && c.total.error == 31);
	assert_int_equal(c.n_domains, 4);
	assert_string_equal(c.domains[3].name, "Networks");
	assert_string_equal(c.domains[3].text, "66 %");
	assert_true(c.domains[3].has_error && c.domains[3].error == 12);
	assert_string_equal(c.by_hand.text, "62 %");
	assert_null(strstr(c.rules, "\n"));
	claims_finish(&c);
}

static void test_plain_text(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
	    {"Ada  Lovelace ", "Ada Lovelace"},
	    {"a\nb\tc\x01"
	     "d\x7f",
	     "a b c d"},
	    {"x\u2028y\xc2\x85z", "x y z"},
	    {"\u202eevil\u202c \u2066iso\u2069", "evil iso"},
	    {"e\u0301\u200d\u0646", "e\u0301\u200d\u0646"},
	    {"\U0001f600", "\U0001f600"},
	    {"", ""},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_free_ char *plain = claims_plain(rows[i][0], 100);
		assert_string_equal(plain, rows[i][1]);
	}
	_cleanup_free_ char *cut = claims_plain("\U0001f600\U0001f600\U0001f600", 5);
	assert_string_equal(cut, "\U0001f600\U0001f600"); /* never within a character */
}

static void test_words_and_dates(void **state)
{
	(void)state;
	static const char text[] =
	    "{\"id\":\"urn:x\",\"issuer\":{\"name\":\"I\"},\"validFrom\":\"2026-02-03T00:00:00Z\",\"credentialSubject\":{\"identifier\":["
	    "{\"hashed\":true,\"identityType\":\"name\",\"identityHash\":\"sha256$00\"}],\"achievement\":{\"name\":\"T\",\"description\":\"T\","
	    "\"criteria\":{\"narrative\":\"# One\\n\\n- *two* `three`.\\n\\nValid until 2027-01-01.\"},\"resultDescription\":["
	    "{\"id\":\"a#domain-x\",\"name\":\"X\",\"resultType\":\"PerformanceLevel\",\"allowedValue\":[\"weak\",\"adequate\",\"strong\"]}]},"
	    "\"result\":[{\"resultDescription\":\"a#domain-x\",\"value\":\"adequate\"}]}}";
	struct claims c;
	struct err err = {0};
	assert_true(claims_read(str_of(text), &c, &err));
	assert_null(c.holder); /* a hash is no name */
	assert_null(c.valid_until);
	assert_null(c.total.text);
	assert_string_equal(c.rules, "One two three.");
	assert_string_equal(c.description, ""); /* says no more than the title */
	assert_string_equal(c.awarded, "3 February 2026");
	assert_string_equal(c.domains[0].text, "adequate");
	assert_true(c.domains[0].has_scale && c.domains[0].value == 2 && c.domains[0].max == 3);
	claims_finish(&c);
}

static void test_every_byte(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf text = BUF(1 << 20);
	specimen(&text);
	for (size_t i = 0; i < text.len; i++) {
		static const char others[] = {'"', '0', ',', '}', 'x', '-', '#'};
		char was = text.p[i];
		for (size_t k = 0; k < sizeof others; k++) {
			struct claims c;
			struct err err;
			text.p[i] = others[k];
			if (claims_read(buf_str(&text), &c, &err))
				claims_finish(&c);
		}
		text.p[i] = was;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_specimen),
	    cmocka_unit_test(test_plain_text),
	    cmocka_unit_test(test_words_and_dates),
	    cmocka_unit_test(test_every_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
