/* The cache of pictures, and assay-picture itself: what it draws from good credentials, and what it says to bad ones. */
#include "../test.h"
#include "base/hash.h"
#include "credential/jcs.h"
#include "proctor/issuer_style.h"
#include "proctor/keys.h"
#include "proctor/picture.h"
#include "proctor/picture_cache.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static const unsigned char *key_of(int n)
{
	static _Thread_local unsigned char hash[HASH_SIZE];
	hash_sha256((struct str){(const char *)&n, sizeof n}, hash);
	return hash;
}

static void test_cache(void **state)
{
	(void)state;
	struct picture_cache *c = picture_cache_create();
	_cleanup_buf_ struct buf out = BUF(8u << 20);
	assert_false(picture_cache_get(c, key_of(1), &out));
	picture_cache_put(c, key_of(1), STR("one"));
	picture_cache_put(c, key_of(2), STR("two"));
	picture_cache_put(c, key_of(1), STR("one again"));
	assert_true(picture_cache_get(c, key_of(1), &out));
	assert_string_equal(out.p, "one again");
	picture_cache_destroy(c);
}

/* The ones that were not asked for longest go, and never so many that it grows above its ceiling. */
static void test_cache_is_bounded(void **state)
{
	(void)state;
	struct picture_cache *c = picture_cache_create();
	_cleanup_free_ char *block = xcalloc(1, 1u << 20);
	_cleanup_buf_ struct buf out = BUF(64u << 20);
	for (int n = 0; n < 40; n++) {
		picture_cache_put(c, key_of(n), (struct str){block, 1u << 20});
		buf_clear(&out);
		assert_true(picture_cache_get(c, key_of(0), &out)); /* always in use */
	}
	int kept = 0;
	for (int n = 0; n < 40; n++) {
		buf_clear(&out);
		kept += picture_cache_get(c, key_of(n), &out);
	}
	assert_int_equal(kept, 6);
	_cleanup_free_ char *large = xcalloc(1, 7u << 20);
	picture_cache_put(c, key_of(99), (struct str){large, 7u << 20});
	assert_false(picture_cache_get(c, key_of(99), &out));
	picture_cache_destroy(c);
}

static void *hammer(void *arg)
{
	struct buf out = BUF(1 << 20);
	for (int n = 0; n < 2000; n++) {
		buf_clear(&out);
		if (!picture_cache_get(arg, key_of(n % 7), &out))
			picture_cache_put(arg, key_of(n % 7), STR("x"));
	}
	buf_finish(&out);
	return NULL;
}

static void test_cache_threads(void **state)
{
	(void)state;
	pthread_t threads[3];
	struct picture_cache *c = picture_cache_create();
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, hammer, c), 0);
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	picture_cache_destroy(c);
}

/* ---- The program ---- */

static bool draw(enum picture_format format, struct str credential, const struct picture_style *style, struct buf *out, struct err *err)
{
	return picture_draw(getenv("ASSAY_PICTURE"), format, credential, "https://exam.example/verify/x", style, false, out, err);
}

static void specimen(struct buf *out)
{
	struct issuer issuer = {.name = (char[]){"Example"}};
	picture_specimen(&issuer, out);
}

static void test_draws_the_same_twice(void **state)
{
	(void)state;
	static const char *const begins[] = {"%PDF-1.4", "%PDF-1.4", "\x89PNG", "<?xml"};
	struct picture_style style;
	_cleanup_buf_ struct buf credential = BUF(1 << 20);
	issuer_style_default(&style);
	specimen(&credential);
	for (int format = PICTURE_PDF_A4; format <= PICTURE_SVG; format++) {
		_cleanup_buf_ struct buf one = BUF(8u << 20), two = BUF(8u << 20), baked = BUF(8u << 20);
		struct err err = {0};
		if (!draw((enum picture_format)format, buf_str(&credential), &style, &one, &err))
			fail_msg("%s", err.msg);
		assert_true(draw((enum picture_format)format, buf_str(&credential), &style, &two, &err));
		assert_true(str_eq(buf_str(&one), buf_str(&two)));
		assert_true(str_starts(buf_str(&one), begins[format]));
		assert_true(picture_bake((enum picture_format)format, buf_str(&one), buf_str(&credential), STR(""), &baked, &err));
	}
}

static void fails(struct str credential, const struct picture_style *style, const char *words)
{
	_cleanup_buf_ struct buf out = BUF(8u << 20);
	struct err err = {0};
	assert_false(draw(PICTURE_SVG, credential, style, &out, &err));
	if (!strstr(err.msg, words))
		fail_msg("'%s' instead of '%s'", err.msg, words);
}

static void test_what_cannot_be_drawn(void **state)
{
	(void)state;
	struct picture_style style;
	struct err err = {0};
	_cleanup_buf_ struct buf credential = BUF(1 << 20), out = BUF(1 << 20);
	issuer_style_default(&style);
	fails(STR("{"), &style, "the credential");
	fails(STR("[]"), &style, "no title");
	fails(STR("{\"issuer\":{\"name\":\"x\"}}"), &style, "no title");
	fails(STR("{\"issuer\":7,\"credentialSubject\":[1],\"awardedDate\":\"x\"}"), &style, "no title");
	specimen(&credential);
	style.logo = STR("\x89PNG\r\n\x1a\n");
	fails(buf_str(&credential), &style, "PNG");
	style.logo = (struct str){"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff", 24};
	fails(buf_str(&credential), &style, "larger than");
	style.logo = STR("<svg");
	fails(buf_str(&credential), &style, "SVG");
	assert_false(picture_draw(NULL, PICTURE_PNG, buf_str(&credential), "", &style, false, &out, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_false(picture_draw("/bin/false", PICTURE_PNG, buf_str(&credential), "", &style, false, &out, &err));
	assert_int_equal(err.code, ERR_INTERNAL);
}

/* A logo that names files of this machine shows nothing of them: the same as one that names a file that is not there. */
static void test_reads_no_files(void **state)
{
	(void)state;
	static const char *const logos[] = {
	    "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='file:///etc/hostname' width='9' height='9'/></svg>",
	    "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><image href='file:///no/such' width='9' height='9'/></svg>",
	};
	_cleanup_buf_ struct buf credential = BUF(1 << 20);
	struct buf drawn[2] = {BUF(8u << 20), BUF(8u << 20)};
	specimen(&credential);
	for (int i = 0; i < 2; i++) {
		struct picture_style style;
		struct err err = {0};
		issuer_style_default(&style);
		style.logo = str_of(logos[i]);
		if (!draw(PICTURE_PDF_A4, buf_str(&credential), &style, &drawn[i], &err))
			fail_msg("%s", err.msg);
	}
	assert_true(str_eq(buf_str(&drawn[0]), buf_str(&drawn[1])));
	buf_finish(&drawn[0]);
	buf_finish(&drawn[1]);
}

/* Anything in a credential that is a title, an issuer and a date is drawn, whatever else is in it. */
static void test_odd_credentials(void **state)
{
	(void)state;
	static const char *const subjects[] = {
	    "\"achievement\":{\"name\":\"T\"}",
	    "\"achievement\":{\"name\":\"T\",\"resultDescription\":7,\"criteria\":[]},\"result\":{}",
	    "\"achievement\":{\"name\":\"T\",\"resultDescription\":[7,{\"id\":\"a#total\",\"resultType\":\"Percent\"},{\"id\":\"a#domain-x\","
	    "\"resultType\":\"Percent\",\"name\":\"\\u202e\\u0001\"}]},\"result\":[{\"resultDescription\":\"a#total\",\"value\":\"1e999\"},"
	    "{\"resultDescription\":\"a#domain-x\",\"value\":\"-5\"}]",
	    "\"achievement\":{\"name\":\"T\",\"resultDescription\":[{\"id\":\"a#total\",\"resultType\":\"ScaledScore\",\"name\":\"n\","
	    "\"valueMin\":\"5\",\"valueMax\":\"5\",\"requiredValue\":\"nan\"},{\"id\":\"a#total-error\",\"resultType\":\"ext:StandardError\"}]}"
	    ","
	    "\"result\":[{\"resultDescription\":\"a#total\",\"value\":\"5\"},{\"resultDescription\":\"a#total-error\",\"value\":\"1e300\"}]",
	    "\"identifier\":[{\"hashed\":false,\"identityType\":\"name\",\"identityHash\":\"\\u0300\\u0301\\u200d\\ufdfd\\ud83d\\ude00\"}],"
	    "\"achievement\":{\"name\":\"\\ud800\\udc00\",\"resultDescription\":[{\"id\":\"a#domain-y\",\"resultType\":\"PerformanceLevel\","
	    "\"allowedValue\":[1,\"x\",null]}]},\"result\":[{\"resultDescription\":\"a#domain-y\",\"value\":\"y\"}]",
	};
	struct picture_style style;
	issuer_style_default(&style);
	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++) {
		_cleanup_buf_ struct buf credential = BUF(1 << 20), out = BUF(8u << 20);
		struct err err = {0};
		buf_addf(&credential,
		         "{\"id\":\"x\",\"issuer\":{\"id\":\"did:key:z\"},\"validFrom\":\"2026-11-27T00:00:00Z\",\"credentialSubject\":{%s}}",
		         subjects[i]);
		if (!draw(PICTURE_PDF_LETTER, buf_str(&credential), &style, &out, &err))
			fail_msg("%zu: %s", i, err.msg);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cache),
	    cmocka_unit_test(test_cache_is_bounded),
	    cmocka_unit_test(test_cache_threads),
	    cmocka_unit_test(test_draws_the_same_twice),
	    cmocka_unit_test(test_what_cannot_be_drawn),
	    cmocka_unit_test(test_reads_no_files),
	    cmocka_unit_test(test_odd_credentials),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
