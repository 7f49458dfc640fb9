/* Lint: habits over a whole bank, likeness of questions, and what must not be warned about. */
#include "kit.h"

static void add_question(struct buf *out, int i, int key, int options, const char *tail)
{
	buf_addf(out, "## Q %d {#q-%d}\n", i, i);
	for (int w = 0; w < 16; w++)
		buf_addf(out, "w%d ", i * 31 + w * 7);
	buf_adds(out, "?\n\n");
	for (int k = 0; k < options; k++)
		buf_addf(out, "- [%c] option %d%s\n", k == key ? 'x' : ' ', k, k == key ? tail : "");
	buf_adds(out, "\n### Explanation\nx\n\n### References\n- y\n\n");
}

static void load(struct kit *k, const struct buf *text)
{
	kit_folder(k);
	kit_write(k->dir, "questions.md", buf_str(text));
	kit_load(k);
	kit_clean(k);
	bank_lint(k->bank, &k->diags);
}

static void test_key_position(void **state)
{
	(void)state;
	for (int biased = 0; biased < 2; biased++) {
		_cleanup_kit_ struct kit k;
		_cleanup_buf_ struct buf text = BUF(1 << 20);
		for (int i = 0; i < 60; i++)
			add_question(&text, i, biased && i % 3 ? 1 : i % 4, 4, "");
		load(&k, &text);
		if ((kit_find(&k, "key-position") == NULL) == biased)
			kit_fail(&k, "key-position");
		assert_null(kit_find(&k, "longest-is-key"));
		assert_null(kit_find(&k, "similar"));
	}
}

static void test_longest_is_key(void **state)
{
	(void)state;
	for (int biased = 0; biased < 2; biased++) {
		_cleanup_kit_ struct kit k;
		_cleanup_buf_ struct buf text = BUF(1 << 20);
		for (int i = 0; i < 60; i++)
			add_question(&text, i, i % 4, 4, biased && i % 3 ? " indeed" : "");
		load(&k, &text);
		if ((kit_find(&k, "longest-is-key") == NULL) == biased)
			kit_fail(&k, "longest-is-key");
	}
}

/* Thousands of equal questions: each is told about once, and it takes no time to speak of. */
static void test_similar_crowd(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	_cleanup_buf_ struct buf text = BUF(1 << 22);
	for (int i = 0; i < 3000; i++)
		buf_addf(&text,
		         "## Q {#q-%d}\nThe very same stem again and again, word for word, so that nobody could tell the questions apart?\n\n- [x] "
		         "a\n- [ ] b\n",
		         i);
	load(&k, &text);
	size_t n = 0;
	for (size_t i = 0; i < k.diags.n; i++)
		n += strcmp(k.diags.list[i].code, "similar") == 0;
	assert_true(n >= 2900 && n < 3000);
}

static void test_similar(void **state)
{
	(void)state;
	static const char stem[] = "A server writes its log to a full disk and after a while nobody can sign in at the console any more, which "
	                           "of these steps helps first";
	static const struct {
		const char *second, *family;
		bool similar;
	} rows[] = {
	    {"A server writes its log to a full disk and after a while nobody can sign in at the console any more; which of these steps helps "
	     "first",
	     "", true},
	    {"A server writes its log to a full disk and after a while nobody can sign in at the console any more, which of these steps helps "
	     "last",
	     "", true},
	    {"A server writes its log to a full disk and after a while nobody can sign in at the console any more, which of these steps helps "
	     "first",
	     "family: q", false},
	    {"A client reads its log from an empty disk, and before long everybody may sign in at the web page again; what is the reason for "
	     "that",
	     "", false},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text =
		    xasprintf("## A\n```yaml item\n%s\n```\n%s?\n\n- [x] a\n- [ ] b\n## B\n```yaml item\n%s\n```\n%s?\n\n- [x] a\n- [ ] b\n",
		              rows[i].family, stem, rows[i].family, rows[i].second);
		KIT_QUESTION(&k, text);
		kit_clean(&k);
		bank_lint(k.bank, &k.diags);
		if ((kit_find(&k, "similar") == NULL) == rows[i].similar)
			kit_fail(&k, rows[i].second);
	}
}

static void test_wording(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool negative;
	} rows[] = {
	    {"Which of these is not a file?", true},
	    {"You see this. What can never happen?", true},
	    {"Which of these is **not** a file?", false},
	    {"Which of these is NOT a file?", false},
	    {"The disk is not full. Which is the reason?", false},
	    {"Which file is one that was not there?", false},
	    {"Which commands, `not` this, work?", false},
	    {"Which needs at least two?", false},
	    {"Which notes are kept?", false},
	    {"Say which is not a file.", false},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text = xasprintf("%s\n\n- [x] one\n- [ ] two\n", rows[i].text);
		KIT_QUESTION(&k, text);
		bank_lint(k.bank, &k.diags);
		if ((kit_find(&k, "plain-negative") == NULL) == rows[i].negative)
			kit_fail(&k, rows[i].text);
	}
	_cleanup_kit_ struct kit k;
	KIT(&k, "bank.yml", "id: b\nlanguage: de\n", "questions.md", "Which of these is not a file?\n\n- [x] All of the above\n- [ ] two\n");
	bank_lint(k.bank, &k.diags);
	assert_null(kit_find(&k, "plain-negative"));
	assert_null(kit_find(&k, "all-of-above"));
}

static void test_equal_options(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		bool equal;
	} rows[] = {
	    {"The same words", "The same words", true},
	    {"The same words", "The  same words", true},
	    {"The same words", "the same Words.", true},
	    {"The same words", "The same, words!", true},
	    {"`-J`", "`-J`", true},
	    {"`-J`", "`-j`", false},
	    {"Sort by `-J`", "sort by `-J`", false},
	    {"MB", "Mb", false},
	    {"It is 1.5 long", "It is 15 long", false},
	    {"!", ",", false},
	    {"The same words", "The same word", false},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text = xasprintf("Which?\n\n- [ ] %s\n- [x] right\n- [ ] %s\n", rows[i].a, rows[i].b);
		KIT_QUESTION(&k, text);
		bank_lint(k.bank, &k.diags);
		if ((kit_find(&k, "duplicate-options") == NULL) == rows[i].equal)
			kit_fail(&k, rows[i].b);
	}
}

/* What is found out about a question as a whole is shown at its heading. */
static void test_places(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "questions/q.md", "## One {#one}\nWhich?\n\n- [x] a\n- [ ] b\n\n## Two {#two}\nWhich?\n\n- [x] a\n- [ ] b\n");
	bank_lint(k.bank, &k.diags);
	bank_place(k.dir, &k.diags);
	diags_sort(&k.diags);
	const struct diag *last = &k.diags.list[k.diags.n - 1];
	assert_string_equal(last->file, "questions/q.md");
	assert_int_equal(last->line, 7);
	assert_int_equal(last->column, 1);
	assert_string_equal(last->source_line, "## Two {#two}");
	assert_int_equal(last->caret, 1);
	kit_write(k.dir, "questions/q.md", STR("shorter now\n"));
	bank_place(k.dir, &k.diags); /* the file has changed since: nothing to show, nothing to fail at */
}

static void test_silence(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "bank.yml", "id: b\ndomains: {files: F}\n", "media/a.svg", "<svg width=\"9\" height=\"9\"></svg>", "cases/c.md",
	    "# C\n![x](../media/a.svg)\n", "questions.md",
	    "---\ncase: c\n---\n## A\nWhich?\n\n- [x] `-r`\n- [ ] `-R`\n- [ ] None of these {pin}\n\n### Explanation\nx\n\n### References\n- "
	    "y\n"
	    "## B\nHow much?\n\n= 3.5 +- 0.1\n\n### Explanation\nx\n\n### References\n- y\n"
	    "## C\nHow many?\n\n= 1.5 GiB\n\n### Explanation\nx\n\n### References\n- y\n");
	kit_clean(&k);
	bank_lint(k.bank, &k.diags);
	if (k.diags.n)
		kit_fail(&k, "warnings about nothing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_key_position), cmocka_unit_test(test_longest_is_key), cmocka_unit_test(test_similar_crowd),
	    cmocka_unit_test(test_similar),      cmocka_unit_test(test_wording),        cmocka_unit_test(test_equal_options),
	    cmocka_unit_test(test_places),       cmocka_unit_test(test_silence),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
