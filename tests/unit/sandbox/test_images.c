/* Declarations of images: what is refused, and the names that boxes use. Building one is tested in tests/sandbox/image.test.mjs. */
#include "base/mem.h"
#include "base/str.h"
#include "sandbox/client/images.h"
#include "test.h"

static struct err why;

static void what_is_refused(void **state)
{
	(void)state;
	static const char *const good[] = {"nginx-light", "g++", "libc6.1"};
	static const struct {
		const char *name, *suite, *package;
	} bad[] = {
	    {"host", "bookworm", "curl"}, {"../x", "bookworm", "curl"}, {"web", "book worm", "curl"},
	    {"web", "--help", "curl"},    {"web", "bookworm", "-o"},    {"web", "bookworm", "curl;reboot"},
	    {"web", "bookworm", ""},      {"", "bookworm", "curl"},     {"web", "bookworm", "curl,/etc/x"},
	    {"web", "", "curl"},
	};
	struct image_spec spec = {"web", "bookworm", good, 3};
	assert_true(image_spec_check(&spec, &why));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		spec = (struct image_spec){bad[i].name, bad[i].suite, &bad[i].package, 1};
		assert_false(image_spec_check(&spec, &why));
		assert_int_equal(why.code, ERR_INVALID);
	}
}

static void names(void **state)
{
	(void)state;
	static const char *const one[] = {"curl", "nginx-light"}, *const other[] = {"nginx-light", "curl"}, *const more[] = {"curl", "nginx"};
	char a[BOX_NAME_MAX + 1], b[BOX_NAME_MAX + 1], c[BOX_NAME_MAX + 1], d[BOX_NAME_MAX + 1];
	image_key(&(struct image_spec){"web", "bookworm", one, 2}, a);
	image_key(&(struct image_spec){"web", "bookworm", other, 2}, b);
	image_key(&(struct image_spec){"web", "bookworm", more, 2}, c);
	image_key(&(struct image_spec){"web", "trixie", one, 2}, d);
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
	assert_string_not_equal(a, d);
	assert_true(str_is_id(str_of(a)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_refused), cmocka_unit_test(names)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
