/* The examples of docs/authors/bank-format.md are what the program takes. */
#include "kit.h"

static struct buf page = {.max = 1 << 20};

/* The first fenced block of the page that contains `mark`, without its fences. */
static char *example(const char *mark)
{
	struct str rest = buf_str(&page), line, fence = {0}, info = {0};
	struct buf body = BUF(1 << 20);
	while (str_next_line(&rest, &line)) {
		size_t ticks = 0;
		while (ticks < line.len && line.p[ticks] == '`')
			ticks++;
		if (!fence.len && ticks >= 3) {
			fence = str_sub(line, 0, ticks);
			info = str_sub(line, ticks, line.len);
			buf_clear(&body);
		} else if (fence.len && str_eq(str_trim(line), fence)) {
			fence.len = 0;
			if (info.len && strstr(buf_str(&body).p, mark))
				return buf_take(&body, NULL);
		} else if (fence.len) {
			buf_addv(&body, line);
			buf_addc(&body, '\n');
		}
	}
	fail_msg("the page has no example with '%s'", mark);
	return NULL;
}

static void must_be_clean(struct kit *k, size_t items)
{
	if (k->diags.n)
		kit_fail(k, "the page's example");
	assert_int_equal(k->bank->n_items, items);
}

static void test_questions(void **state)
{
	(void)state;
	_cleanup_free_ char *manifest = example("id: linux-admin"), *one = example("\n### References\n- inode(7)");
	_cleanup_kit_ struct kit k;
	KIT(&k, "bank.yml", manifest, "questions/q.md", one);
	must_be_clean(&k, 1);
	assert_string_equal(k.bank->id, "linux-admin");
	const struct item *it = kit_item(&k, "sticky-bit");
	assert_int_equal(it->kind, ITEM_MULTIPLE);
	assert_int_equal(it->select, 2);
	assert_int_equal(it->n_options, 4);
	assert_string_equal(it->objective, "files.permissions");
	assert_true(it->options[3].pin);
}

static void test_many(void **state)
{
	(void)state;
	_cleanup_free_ char *manifest = example("id: linux-admin"), *many = example("## The sticky bit");
	_cleanup_free_ char *whole = xasprintf("%s\n\n- [x] one\n- [x] two\n- [ ] three\n", many);
	_cleanup_kit_ struct kit k;
	KIT(&k, "bank.yml", manifest, "questions/q.md", whole);
	must_be_clean(&k, 1);
	assert_int_equal(kit_item(&k, "sticky-bit")->difficulty, 2);
}

static void test_grid(void **state)
{
	(void)state;
	_cleanup_free_ char *table = example("| Statement | Yes | No |");
	_cleanup_free_ char *whole = xasprintf("Which is so?\n\n%s", table);
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, whole);
	must_be_clean(&k, 1);
	assert_int_equal(kit_item(&k, "q")->kind, ITEM_GRID);
}

static void test_hotspot(void **state)
{
	(void)state;
	_cleanup_free_ char *fields = example("type: hotspot");
	_cleanup_free_ char *whole = xasprintf("---\n%s---\nWhere?\n", fields);
	_cleanup_kit_ struct kit k;
	KIT(&k, "questions/q.md", whole, "media/lsblk.svg", "<svg width=\"400\" height=\"200\"></svg>");
	assert_int_equal(k.diags.n_errors, 1); /* the example's picture is a PNG: only that is missing here */
	assert_string_equal(k.diags.list[0].code, "dead-picture");
	char *png = strstr(whole, ".png");
	assert_non_null(png);
	memcpy(png, ".svg", 4);
	kit_finish(&k);
	KIT(&k, "questions/q.md", whole, "media/lsblk.svg", "<svg width=\"400\" height=\"200\"></svg>");
	must_be_clean(&k, 1);
	assert_int_equal(kit_item(&k, "q")->n_regions, 4);
}

static void test_parametrised(void **state)
{
	(void)state;
	struct err err;
	_cleanup_free_ char *text = example("lua params");
	_cleanup_(item_destroyp) struct item *it = NULL;
	_cleanup_kit_ struct kit k;
	KIT_QUESTION(&k, text);
	must_be_clean(&k, 1);
	if (!bank_instantiate(k.bank, kit_item(&k, "q"), "{\"size\":4,\"count\":5,\"total\":20,\"wrong\":9}", &it, &err))
		fail_msg("%s", err.msg);
	assert_string_equal(it->stem_html, "<p>A volume group has 5 physical extents of 4 MiB. How many MiB is that?</p>");
}

static void test_blueprint(void **state)
{
	(void)state;
	_cleanup_free_ char *exam = example("id: practice\n");
	_cleanup_kit_ struct kit k;
	KIT(&k, "bank.yml", "domains: {files: F, users: U, storage: S, shell: H}\n", "exams/practice.yml", exam, "exams/renewal.yml",
	    "items: 5\n");
	must_be_clean(&k, 0);
	const struct blueprint *bp = bank_exam(k.bank, "practice");
	assert_non_null(bp);
	assert_int_equal(bp->items_min, 40);
	assert_int_equal(bp->n_sections, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_questions), cmocka_unit_test(test_many),         cmocka_unit_test(test_grid),
	    cmocka_unit_test(test_hotspot),   cmocka_unit_test(test_parametrised), cmocka_unit_test(test_blueprint),
	};
	const char *root = getenv("ASSAY_SOURCE_ROOT");
	_cleanup_free_ char *path = xasprintf("%s/docs/authors/bank-format.md", root ? root : ".");
	struct err err;
	if (!file_read(path, 1 << 20, &page, &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	int rc = cmocka_run_group_tests(tests, NULL, NULL);
	buf_finish(&page);
	return rc;
}
