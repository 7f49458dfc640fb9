/* Pictures: recognised by content, measured, and an SVG that could do more than be seen refused. */
#include "../test.h"
#include "bank/media.h"
#include "base/mem.h"

#define BYTES(literal) ((struct str){literal, sizeof(literal) - 1})

static void test_sizes(void **state)
{
	(void)state;
	static const struct {
		struct str bytes;
		const char *mime, *extension;
		int width, height;
	} rows[] = {
	    {{"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\1\0\0\0\0\x10\x08\2\0\0\0\0\0\0\0", 33}, "image/png", "png", 256, 16},
	    {{"GIF89a\x05\0\x07\0\0\0\0", 13}, "image/gif", "gif", 5, 7},
	    {{"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xc0\0\x11\x08\0\x20\0\x40\3", 31}, "image/jpeg", "jpg", 64, 32},
	    {{"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x05\0\x06\0", 30}, "image/webp", "webp", 5, 6},
	    {{"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x04\x40\x01\0\0\0\0\0\0", 30}, "image/webp", "webp", 5, 6},
	    {{"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x04\0\0\x05\0\0", 30}, "image/webp", "webp", 5, 6},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct media_info info;
		struct err err;
		if (!media_inspect(rows[i].bytes, &info, &err))
			fail_msg("%s: %s", rows[i].mime, err.msg);
		assert_string_equal(info.mime, rows[i].mime);
		assert_string_equal(info.extension, rows[i].extension);
		assert_int_equal(info.width, rows[i].width);
		assert_int_equal(info.height, rows[i].height);
		assert_string_equal(media_mime(info.extension), info.mime);
		for (size_t n = 0; n < rows[i].bytes.len; n++) { /* cut anywhere: no crash, and no size out of nothing */
			char *cut = xmalloc(n ? n : 1);
			memcpy(cut, rows[i].bytes.p, n);
			if (media_inspect((struct str){cut, n}, &info, &err))
				assert_true(info.width > 0 && info.height > 0);
			free(cut);
		}
	}
}

static void test_svg(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int width, height;
	} good[] = {
	    {"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"640\" height=\"240px\"/>", 640, 240},
	    {"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- a > b -->\n<svg viewBox='0 0 10.4 20.6'><g><rect fill=\"url(#a)\"/></g></svg>\n", 10,
	     21},
	    {"<svg width=\"9\" height=\"9\"><style>.a { fill: url('#b') }</style><use href=\"#c\"/><image "
	     "xlink:href=\"data:image/png;base64,AAAA\"/></svg>",
	     9, 9},
	    {"<svg width=\"50%\" height=\"9\" viewBox=\"0,0,3,4\"><text aria-label=\"it&#39;s\">a &amp; b onload=x</text></svg>", 3, 4},
	};
	static const char *const bad[] = {
	    "",
	    "hello",
	    "<html></html>",
	    "<svg>",
	    "<svg width=\"0\" height=\"5\"/>",
	    "<svg width=\"9\" height=\"9\"><script>alert(1)</script></svg>",
	    "<svg width=\"9\" height=\"9\"><x:script xmlns:x=\"http://www.w3.org/2000/svg\">1</x:script></svg>",
	    "<svg width=\"9\" height=\"9\"><SCRIPT/></svg>",
	    "<svg width=\"9\" height=\"9\"><foreignObject/></svg>",
	    "<svg width=\"9\" height=\"9\" onload=\"alert(1)\"/>",
	    "<svg width=\"9\" height=\"9\"\nONLOAD = \"alert(1)\"/>",
	    "<svg width=\"9\" height=\"9\" onload=alert(1)></svg>",
	    "<svg width=\"9\" height=\"9\"><use href=\"http://x/y.svg#a\"/></svg>",
	    "<svg width=\"9\" height=\"9\"><use xlink:href=\"other.svg#a\"/></svg>",
	    "<svg width=\"9\" height=\"9\"><image href=\"data:image/svg+xml;base64,AAAA\"/></svg>",
	    "<svg width=\"9\" height=\"9\"><a href=\"javascript:1\"><text>x</text></a></svg>",
	    "<svg width=\"9\" height=\"9\"><rect fill=\"url(http://x)\"/></svg>",
	    "<svg width=\"9\" height=\"9\"><rect style=\"fill:u\\72l(http://x)\"/></svg>",
	    "<svg width=\"9\" height=\"9\"><rect style=\"fill:&#117;rl(http://x)\"/></svg>",
	    "<svg width=\"9\" height=\"9\"><style>@import 'http://x';</style></svg>",
	    "<svg width=\"9\" height=\"9\"><style>a{b:url( \"//x\")}</style></svg>",
	    "<svg width=\"9\" height=\"9\"><style><![CDATA[a{}]]></style></svg>",
	    "<svg width=\"9\" height=\"9\"><set attributeName=\"href\" to=\"javascript:1\"/></svg>",
	    "<svg width=\"9\" height=\"9\"><animate/></svg>",
	    "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg width=\"9\" height=\"9\"/>",
	    "<?xml-stylesheet href=\"x\"?><svg width=\"9\" height=\"9\"/>",
	    "<svg width=\"9\" height=\"9\"><rect a=\"b\"c></svg>",
	    "<svg width=\"99999\" height=\"9\"/>",
	    "<svg width=\"9\" height=\"9\">\xff</svg>",
	};
	struct media_info info;
	struct err err;
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		if (!media_inspect(str_of(good[i].text), &info, &err))
			fail_msg("%s: %s", good[i].text, err.msg);
		assert_int_equal(info.width, good[i].width);
		assert_int_equal(info.height, good[i].height);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (media_inspect(str_of(bad[i]), &info, &err))
			fail_msg("taken: %s", bad[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes), cmocka_unit_test(test_svg)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
