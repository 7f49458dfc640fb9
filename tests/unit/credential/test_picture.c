/* Pictures: baked and read back byte by byte, sealed, and everything that hostile files try. */
#include "../test.h"
#include "base/hash.h"
#include "credential/picture.h"
#include "picture_fixtures.h"
#include <stdlib.h>

#define CREDENTIAL "{\"@context\":[\"https://www.w3.org/ns/credentials/v2\"],\"name\":\"Zo\u00eb ]]> ]]]]>> <b>&amp;\",\"type\":\"x\"}"
static const enum picture_format formats[] = {PICTURE_PNG, PICTURE_SVG, PICTURE_PDF_A4, PICTURE_PDF_LETTER};

static void draw(enum picture_format format, struct buf *out)
{
	if (format == PICTURE_PNG)
		fixture_png(out, NULL, STR(""));
	else if (format == PICTURE_SVG)
		buf_adds(out, FIXTURE_SVG);
	else
		fixture_pdf(out);
}

static struct sign_key test_key(unsigned char first)
{
	unsigned char seed[SIGN_SEED_SIZE] = {first};
	struct sign_key key;
	sign_key_from_seed(seed, &key);
	return key;
}

static void finish(enum picture_format format, struct buf *out)
{
	_cleanup_buf_ struct buf drawn = BUF(1 << 20);
	struct sign_key key = test_key(1);
	struct err err;
	draw(format, &drawn);
	if (!picture_finish(format, buf_str(&drawn), STR(CREDENTIAL), &key, "did:key:zX#zX", out, &err))
		fail_msg("%s", err.msg);
}

static void refused(struct str file, const char *words)
{
	struct picture_baked baked = {0};
	struct err err = {0};
	if (picture_read(file, &baked, &err))
		fail_msg("taken: %.*s", (int)(file.len > 300 ? 300 : file.len), file.p);
	assert_true(err.code == ERR_INVALID || err.code == ERR_TOO_LARGE);
	if (!strstr(err.msg, words))
		fail_msg("'%s' instead of '%s'", err.msg, words);
}

static void refused_text(const char *text, const char *words)
{
	refused(str_of(text), words);
}

/* ---- There and back ---- */

static void test_back_and_forth(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		_cleanup_buf_ struct buf file = BUF(1 << 20), drawn = BUF(1 << 20);
		_cleanup_(picture_baked_finish) struct picture_baked baked = {0};
		struct sign_key key = test_key(1), other = test_key(2);
		char hash[HASH_HEX_SIZE];
		struct err err = {0};
		draw(formats[i], &drawn);
		finish(formats[i], &file);
		if (!picture_read(buf_str(&file), &baked, &err))
			fail_msg("%s", err.msg);
		assert_string_equal(baked.credential, CREDENTIAL);
		assert_true(baked.canonical);
		assert_int_equal(baked.format, formats[i] == PICTURE_PDF_LETTER ? PICTURE_PDF_A4 : formats[i]);
		assert_string_equal(baked.picture_hash, hash_sha256_hex(buf_str(&drawn), hash));
		assert_true(picture_seal_check(&baked, key.public_key, &err));
		assert_false(picture_seal_check(&baked, other.public_key, &err));
		assert_int_equal(err.code, ERR_SIGNATURE);
		_cleanup_free_ char *method = picture_seal_method(&baked);
		assert_string_equal(method, "did:key:zX#zX");
	}
}

static void test_without_a_seal(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		_cleanup_buf_ struct buf file = BUF(1 << 20), drawn = BUF(1 << 20);
		_cleanup_(picture_baked_finish) struct picture_baked baked = {0};
		struct sign_key key = test_key(1);
		struct err err = {0};
		draw(formats[i], &drawn);
		assert_true(picture_bake(formats[i], buf_str(&drawn), STR(CREDENTIAL), STR(""), &file, &err));
		assert_true(picture_read(buf_str(&file), &baked, &err));
		assert_true(baked.canonical);
		assert_null(baked.seal);
		assert_false(picture_seal_check(&baked, key.public_key, &err));
		assert_int_equal(err.code, ERR_NOT_FOUND);
	}
}

static void test_twice_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		_cleanup_buf_ struct buf file = BUF(1 << 20), twice = BUF(1 << 20);
		struct err err = {0};
		finish(formats[i], &file);
		if (picture_bake(formats[i], buf_str(&file), STR(CREDENTIAL), STR(""), &twice, &err))
			refused(buf_str(&twice), "two");
		else
			assert_int_equal(err.code, ERR_INVALID);
	}
}

/* As a verifier does it: the key is the one that the seal names. */
static bool holds(struct str file)
{
	_cleanup_(picture_baked_finish) struct picture_baked baked = {0};
	struct sign_key key = test_key(1);
	struct err err;
	if (!picture_read(file, &baked, &err))
		return false;
	_cleanup_free_ char *method = picture_seal_method(&baked);
	return method && strcmp(method, "did:key:zX#zX") == 0 && picture_seal_check(&baked, key.public_key, &err);
}

/* Whatever byte is changed: the file is refused, or no longer canonical, or its seal does not hold. */
static void test_every_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		_cleanup_buf_ struct buf file = BUF(1 << 20);
		finish(formats[i], &file);
		for (size_t at = 0; at < file.len; at++) {
			static const unsigned char flips[] = {1, 0x20, 0x80};
			for (size_t f = 0; f < ARRAY_SIZE(flips); f++) {
				file.p[at] = (char)(file.p[at] ^ flips[f]);
				if (holds(buf_str(&file)))
					fail_msg("format %zu, byte %zu: the change goes unnoticed", i, at);
				file.p[at] = (char)(file.p[at] ^ flips[f]);
			}
		}
	}
}

static void test_every_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		_cleanup_buf_ struct buf file = BUF(1 << 20);
		finish(formats[i], &file);
		for (size_t len = 0; len < file.len; len++) {
			/* In memory of its own, so that a read beyond the end is seen. */
			_cleanup_free_ char *copy = xmalloc(len);
			memcpy(copy, file.p, len);
			if (holds((struct str){copy, len}))
				fail_msg("format %zu cut at %zu goes unnoticed", i, len);
		}
	}
}

static void test_another_picture_for_the_credential(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf file = BUF(1 << 20), drawn = BUF(1 << 20), swapped = BUF(1 << 20);
	_cleanup_(picture_baked_finish) struct picture_baked baked = {0}, again = {0};
	struct sign_key key = test_key(1);
	struct err err = {0};
	finish(PICTURE_SVG, &file);
	assert_true(picture_read(buf_str(&file), &baked, &err));
	buf_adds(&drawn, "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>100 %</text></svg>");
	assert_true(picture_bake(PICTURE_SVG, buf_str(&drawn), str_of(baked.credential), str_of(baked.seal), &swapped, &err));
	assert_true(picture_read(buf_str(&swapped), &again, &err));
	assert_true(again.canonical);
	assert_false(picture_seal_check(&again, key.public_key, &err));
	assert_non_null(strstr(err.msg, "not the one that was sealed"));
}

static void test_another_credential_for_the_picture(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf file = BUF(1 << 20), drawn = BUF(1 << 20), swapped = BUF(1 << 20);
	_cleanup_(picture_baked_finish) struct picture_baked baked = {0}, again = {0};
	struct sign_key key = test_key(1);
	struct err err = {0};
	finish(PICTURE_PNG, &file);
	draw(PICTURE_PNG, &drawn);
	assert_true(picture_read(buf_str(&file), &baked, &err));
	assert_true(picture_bake(PICTURE_PNG, buf_str(&drawn), STR("{\"@context\":1}"), str_of(baked.seal), &swapped, &err));
	assert_true(picture_read(buf_str(&swapped), &again, &err));
	assert_false(picture_seal_check(&again, key.public_key, &err));
	assert_non_null(strstr(err.msg, "another certificate"));
}

/* ---- PNG ---- */

static void png_refused(const char *type, const char *data, size_t len, const char *words)
{
	_cleanup_buf_ struct buf file = BUF(1 << 20);
	fixture_png(&file, type, (struct str){data, len});
	refused(buf_str(&file), words);
}

static void test_png(void **state)
{
	(void)state;
	png_refused(NULL, "", 0, "holds no credential");
	png_refused("tEXt", "openbadgecredential\0{}", 22, "Open Badges says iTXt");
	png_refused("zTXt", "openbadgecredential\0\0{}", 23, "Open Badges says iTXt");
	png_refused("iTXt", "openbadgecredential\0\1\0\0\0{}", 26, "compressed");
	png_refused("iTXt", "openbadgecredential\0\0\0\0{}", 25, "ends too early");
	png_refused("iTXt", "openbadgecredential\0\0\0\0\0", 24, "empty");
	png_refused("iTXt", "openbadgecredential\0", 20, "compressed");
	png_refused("iTXt", "openbadgecredential\0\0\0\0\0eyJh.eyJh.x", 35, "JWT");
	png_refused("iTXt", "openbadgecredential\0\0\0\0\0{\xff}", 27, "not a credential in JSON");
	png_refused("iTXt", "openbadgecredential\0\0\0\0\0{\0}", 27, "not a credential in JSON");
	png_refused("iTXt", "openbadges\0\0\0\0\0{}", 17, "Open Badges 2.0");
	png_refused("iT1t", "", 0, "four letters");
	png_refused("IHDR", "\0\0\0\1\0\0\0\1\x08\0\0\0\0", 13, "one IHDR");
	refused_text("\x89PNG\r\n\x1a\n", "cut off");
	refused((struct str){"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIHDR\0\0\0\0", 20}, "cut off");
	refused((struct str){"\x89PNG\r\n\x1a\n\x7f\xff\xff\xffIHDR\0\0\0\0", 20}, "cut off");
	_cleanup_buf_ struct buf file = BUF(1 << 20);
	finish(PICTURE_PNG, &file);
	buf_addc(&file, 0);
	refused(buf_str(&file), "behind its end");
	buf_cut(&file, file.len - 2);
	refused(buf_str(&file), "cut off");
	buf_addc(&file, 0);
	refused(buf_str(&file), "checksum");
}

/* A credential of somebody else, elsewhere in the file, is read; it is just not as we bake. */
static void test_png_of_others(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf file = BUF(1 << 20), data = BUF(1 << 20);
	_cleanup_(picture_baked_finish) struct picture_baked baked = {0};
	struct err err = {0};
	buf_add(&data, "openbadgecredential\0\0\0en\0translated\0{\"a\":1}", 43);
	fixture_png(&file, "iTXt", buf_str(&data));
	assert_true(picture_read(buf_str(&file), &baked, &err));
	assert_string_equal(baked.credential, "{\"a\":1}");
	assert_false(baked.canonical);
	assert_null(baked.seal);
}

/* ---- SVG ---- */

#define SVG(inside) "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:b=\"https://purl.imsglobal.org/ob/v3p0\">" inside "</svg>"

static void test_svg(void **state)
{
	(void)state;
	refused_text(SVG(""), "holds no credential");
	refused_text("<!-- " SVG("<b:credential>{}</b:credential>") " -->", "not well-formed");
	refused_text(SVG("<!-- <b:credential>{}</b:credential> -->"), "holds no credential");
	refused_text(SVG("<desc><![CDATA[<b:credential>{}</b:credential>]]></desc>"), "holds no credential");
	refused_text(SVG("<openbadges:credential xmlns:openbadges=\"https://evil.example/\">{}</openbadges:credential>"),
	             "holds no credential");
	refused_text("<svg xmlns=\"http://www.w3.org/2000/svg\"><openbadges:credential>{}</openbadges:credential></svg>", "not well-formed");
	refused_text(SVG("<b:credential>{}</b:credential><x:credential xmlns:x=\"https://purl.imsglobal.org/ob/v3p0\">{}</x:credential>"),
	             "two");
	refused_text(SVG("<g><b:credential>{}</b:credential></g>"), "directly below");
	refused_text(SVG("<b:credential>{<b/>}</b:credential>"), "elements inside");
	refused_text(SVG("<b:credential verify=\"eyJ.eyJ.x\"/>"), "JWT");
	refused_text(SVG("<b:credential>eyJ.eyJ.x</b:credential>"), "JWT");
	refused_text(SVG("<b:credential/>"), "empty");
	refused_text(SVG("<b:credential> \n </b:credential>"), "empty");
	refused_text("<!DOCTYPE svg [<!ENTITY e \"{}\">]>" SVG("<b:credential>&e;</b:credential>"), "document type");
	refused_text("<!DOCTYPE svg SYSTEM \"file:///etc/passwd\">" SVG("<b:credential>{}</b:credential>"), "document type");
	refused_text(SVG("<b:credential>&e;</b:credential>"), "not well-formed");
	refused_text("<svg><x/></svg>", "not an SVG");
	refused_text("<html xmlns=\"http://www.w3.org/1999/xhtml\"/>", "not an SVG");
	refused_text("<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "empty");
	refused_text(SVG("<b:credential>{\xff}</b:credential>"), "not UTF-8");
	refused_text("<?xml version=\"1.0\" encoding=\"UTF-16\"?>" SVG(""), "holds no credential");
	refused_text("", "neither");
	refused_text("GIF89a", "neither");
	_cleanup_buf_ struct buf deep = BUF(1 << 20);
	buf_adds(&deep, "<svg xmlns=\"http://www.w3.org/2000/svg\">");
	for (int i = 0; i < 20000; i++)
		buf_adds(&deep, "<g>");
	refused(buf_str(&deep), "deep");
}

static void test_svg_of_others(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    SVG("<g/><b:credential>\n  {\"a\":\"&lt;\"}\n</b:credential>"),
	    SVG("<b:credential>{\"a\":<!-- ; -->\"&#60;\"}</b:credential>"),
	    SVG("<b:credential>{\"a\":<![CDATA[\"<\"]]>}</b:credential><text>x</text>"),
	};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(picture_baked_finish) struct picture_baked baked = {0};
		struct err err = {0};
		if (!picture_read(str_of(texts[i]), &baked, &err))
			fail_msg("%s", err.msg);
		assert_string_equal(baked.credential, "{\"a\":\"<\"}");
		assert_false(baked.canonical);
	}
}

static void test_svg_cannot_hold_everything(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	struct err err = {0};
	assert_false(picture_bake(PICTURE_SVG, STR(FIXTURE_SVG), STR("{\"a\":\"\uffff\"}"), STR(""), &out, &err));
	assert_int_equal(err.code, ERR_INVALID);
}

/* ---- PDF ---- */

static void pdf_with(const char *dictionary, struct str data, struct buf *out)
{
	buf_adds(out, "%PDF-1.7\n");
	buf_addf(out, "1 0 obj\n<< /Type /EmbeddedFile %s >>\nstream\n", dictionary);
	buf_addv(out, data);
	buf_adds(out, "\nendstream\nendobj\n");
}

static void test_pdf(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf file = BUF(1 << 20);
	fixture_pdf(&file);
	refused(buf_str(&file), "holds no credential");
	refused_text("%PDF-1.5\n%assay-picture/v1 5 5\n", "broken where");
	refused_text("%PDF-1.5\n%assay-picture/v1 99999999 0\n<< >>\nstream\n{}\nendstream\n", "broken where");
	refused_text("%PDF-1.5\n%assay-picture/v1 -1 x\n", "broken where");
	refused_text("%PDF-1.5\n%assay-picture/v1 2 0\n>>\nstream\n{}\nendstream\n%assay-picture/v1 2 0\n", "two");
	buf_clear(&file);
	pdf_with("", STR("{\"@context\":1,\"n\":1}"), &file);
	pdf_with("", STR("{\"@context\":1,\"n\":2}"), &file);
	refused(buf_str(&file), "two credentials");
	refused_text("%PDF-1.5\n1 0 obj <</Type/EmbeddedFile>>stream\n{}", "cut off");
	refused_text("%PDF-1.5\nstream without a dictionary", "holds no credential");
}

/* Saved again by another program: still read, never canonical. */
static void test_pdf_saved_again(void **state)
{
	(void)state;
	unsigned char deflated[200];
	uLongf len = sizeof deflated;
	_cleanup_buf_ struct buf file = BUF(1 << 20), plain = BUF(1 << 20);
	_cleanup_(picture_baked_finish) struct picture_baked baked = {0}, other = {0};
	struct err err = {0};
	assert_int_equal(compress(deflated, &len, (const Bytef *)"{\"@context\":1}", 14), Z_OK);
	pdf_with("/Filter /FlateDecode", (struct str){(char *)deflated, len}, &file);
	assert_true(picture_read(buf_str(&file), &baked, &err));
	assert_string_equal(baked.credential, "{\"@context\":1}");
	assert_false(baked.canonical);
	pdf_with("", STR("not JSON"), &plain);
	pdf_with("/Filter /FlateDecode", STR("not deflated"), &plain);
	refused(buf_str(&plain), "holds no credential");
}

static void test_pdf_goes_on_behind_ours(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf file = BUF(1 << 20);
	_cleanup_(picture_baked_finish) struct picture_baked baked = {0};
	struct sign_key key = test_key(1);
	struct err err = {0};
	finish(PICTURE_PDF_A4, &file);
	buf_adds(&file, "2 0 obj\n<< /Type /Page /Parent 1 0 R /Contents 99 0 R >>\nendobj\nxref\n0 0\ntrailer\n<< /Size 9 /Root 4 0 R "
	                ">>\nstartxref\n0\n%%EOF\n");
	assert_true(picture_read(buf_str(&file), &baked, &err));
	assert_false(baked.canonical);
	assert_false(picture_seal_check(&baked, key.public_key, &err));
	assert_non_null(strstr(err.msg, "saved again"));
}

/* Tables of cross references that lie: no such PDF is baked into. */
static void test_pdf_tricks(void **state)
{
	(void)state;
	static const char *const files[] = {
	    "%PDF-1.5\n%%EOF\n",
	    "%PDF-1.5\nxref\n0 2\ntrailer\n<< /Size 2 /Root 1 0 R /Info 1 0 R >>\nstartxref\n9\n%%EOF\n",
	    "%PDF-1.5\nxref\n0 2\n0000000000 65535 f \n9999999999 00000 n \ntrailer\n<< /Size 2 /Root 1 0 R /Info 1 0 R "
	    ">>\nstartxref\n9\n%%EOF\n",
	    "%PDF-1.5\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<< /Size 2 /Root 1 0 R /Info 1 0 R "
	    ">>\nstartxref\n9\n%%EOF\n",
	    "%PDF-1.5\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<< /Size 2 /Root 7 0 R /Info 1 0 R "
	    ">>\nstartxref\n9\n%%EOF\n",
	    "%PDF-1.5\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<< /Size 2 /Root 1 0 R /Info 1 0 R "
	    ">>\nstartxref\n99999\n%%EOF\n",
	    "%PDF-1.5\n1 0 obj\n<< /Type /Catalog /Names 3 0 R >>\nendobj\nxref\n0 2\n0000000000 65535 f \n0000000009 00000 n \ntrailer\n<< "
	    "/Size 2 /Root 1 0 R "
	    "/Info 1 0 R >>\nstartxref\n59\n%%EOF\n",
	};
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_buf_ struct buf out = BUF(1 << 20);
		struct err err = {0};
		assert_false(picture_bake(PICTURE_PDF_A4, str_of(files[i]), STR(CREDENTIAL), STR(""), &out, &err));
		assert_int_equal(err.code, ERR_INVALID);
	}
}

static void test_too_large(void **state)
{
	(void)state;
	_cleanup_free_ char *bytes = xcalloc(1, PICTURE_SIZE_MAX + 1);
	refused((struct str){bytes, PICTURE_SIZE_MAX + 1}, "at most");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_back_and_forth),
	    cmocka_unit_test(test_without_a_seal),
	    cmocka_unit_test(test_twice_is_refused),
	    cmocka_unit_test(test_every_byte),
	    cmocka_unit_test(test_every_end),
	    cmocka_unit_test(test_another_picture_for_the_credential),
	    cmocka_unit_test(test_another_credential_for_the_picture),
	    cmocka_unit_test(test_png),
	    cmocka_unit_test(test_png_of_others),
	    cmocka_unit_test(test_svg),
	    cmocka_unit_test(test_svg_of_others),
	    cmocka_unit_test(test_svg_cannot_hold_everything),
	    cmocka_unit_test(test_pdf),
	    cmocka_unit_test(test_pdf_saved_again),
	    cmocka_unit_test(test_pdf_goes_on_behind_ours),
	    cmocka_unit_test(test_pdf_tricks),
	    cmocka_unit_test(test_too_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
