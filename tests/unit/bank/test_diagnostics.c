/* Every diagnostic is documented, and every documented one can be had. */
#include "kit.h"

#define BANK_YML "id: b\ndomains:\n  files:\n    title: Files\n    objectives: {links: Links}\n"
#define SVG "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100\" height=\"50\"></svg>"
#define OPTIONS "\n- [x] one\n- [ ] two\n"
#define HOTSPOT "type: hotspot\nimage: ../media/a.svg\nimage-alt: x\n"
#define REGION "  - {id: a, label: A, shape: rect, at: [1, 1, 9, 9], correct: true}\n"

struct row {
	const char *code, *path, *text; /* a file beside bank.yml and media/a.svg that earns the code */
};
#define Q(code, text)                \
	{                                \
		code, "questions/q.md", text \
	}
#define FIELDS(code, fields) Q(code, "---\n" fields "\n---\nWhich?\n" OPTIONS)
#define EXAM(code, text)          \
	{                             \
		code, "exams/e.yml", text \
	}

static const struct row rows[] = {
    {"not-utf8", "questions/q.md", "Which?\xff\n" OPTIONS},
    Q("private-character", "Which \xee\x80\x80?\n" OPTIONS),
    Q("front-matter", "---\ndifficulty: 1\nWhich?\n" OPTIONS),
    {"stray-file", "questions/q.txt", "x"},
    FIELDS("yaml-syntax", "title: a: b"),
    FIELDS("yaml-type", "- a"),
    FIELDS("yaml-key", "[a]: b"),
    FIELDS("yaml-duplicate", "title: a\ntitle: b"),
    FIELDS("yaml-alias", "title: &x a"),
    FIELDS("yaml-tag", "title: !!str a"),
    {"yaml-documents", "bank.yml", "id: b\n---\nid: c\n"},
    FIELDS("yaml-limit", "title: [[[[[[[[[[[a]]]]]]]]]]]"),
    FIELDS("unknown-field", "dificulty: 1"),
    FIELDS("field-type", "title: [a]"),
    FIELDS("field-empty", "title:"),
    FIELDS("field-value", "difficulty: 6"),
    FIELDS("bad-id", "id: A b"),
    Q("default-id", "---\nid: a\n---\n## T\nWhich?\n" OPTIONS),
    Q("duplicate-id", "## T {#a}\nWhich?\n" OPTIONS "\n## U {#a}\nWhich?\n" OPTIONS),
    {"bad-picture", "media/b.png", "not a picture"},
    Q("no-title", "## \nWhich?\n" OPTIONS),
    Q("text-before", "Hello.\n\n## T\nWhich?\n" OPTIONS),
    Q("no-stem", "## T\n" OPTIONS),
    Q("no-answer", "Which?\n"),
    Q("answers-late", "Which?\n\n### Explanation\nBecause.\n" OPTIONS),
    Q("text-after-answers", "Which?\n" OPTIONS "\nMore.\n"),
    Q("repeated-heading", "Which?\n" OPTIONS "\n### Explanation\na\n\n### Explanation\nb\n"),
    Q("near-heading", "Which?\n\n### Explanations\na\n" OPTIONS),
    Q("empty-section", "Which?\n" OPTIONS "\n### Explanation\n"),
    Q("repeated-block", "```lua params\nreturn {}\n```\n```lua params\nreturn {}\n```\nWhich?\n" OPTIONS),
    Q("fields-late", "Which?\n\n```yaml item\ndifficulty: 1\n```\n" OPTIONS),
    Q("too-complex", "> > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > > Which?\n" OPTIONS),
    FIELDS("unknown-domain", "objective: fils"),
    FIELDS("unknown-objective", "objective: files.link"),
    FIELDS("unknown-case", "case: nowhere"),
    Q("dead-link", "Which [one](../docs/none.md)?\n" OPTIONS),
    Q("link-scheme", "Which [one](javascript:alert)?\n" OPTIONS),
    Q("dead-picture", "Which ![one](../media/none.png)?\n" OPTIONS),
    Q("missing-alt", "Which ![](../media/a.svg)?\n" OPTIONS),
    Q("no-program", "How many are @{count}?\n" OPTIONS),
    Q("few-options", "Which?\n\n- [x] one\n"),
    Q("empty-option", "Which?\n\n- [x] one\n- [ ]\n"),
    Q("no-box", "Which?\n\n- [x] one\n- two\n"),
    Q("no-key", "Which?\n\n- [ ] one\n- [ ] two\n"),
    Q("several-keys", "---\ntype: single\n---\nWhich?\n\n- [x] one\n- [x] two\n- [ ] three\n"),
    FIELDS("select-mismatch", "type: multiple\nselect: 2"),
    FIELDS("true-false-options", "type: true-false"),
    Q("no-arrow", "---\ntype: matching\n---\nWhich?\n\n- a => b\n- c\n"),
    Q("grid-head", "---\ntype: grid\n---\nWhich?\n\n| a | | b |\n|---|---|---|\n| x | x | |\n"),
    Q("grid-row", "---\ntype: grid\n---\nWhich?\n\n| a | b | c |\n|---|---|---|\n| x | | |\n"),
    Q("number", "---\ntype: numeric\n---\nHow many?\n\n= many\n"),
    Q("bad-regex", "Which?\n\n= /a(/\n"),
    Q("share", "Which?\n\n= a\n~ b : 150%\n"),
    Q("answer-ticks", "Which?\n\n= `ls`\n"),
    Q("plain-regex", "Which?\n\n= /etc/\n"),
    Q("bad-blank", "---\ntype: cloze\n---\nRun {{~a|~b}} now.\n"),
    Q("blank-in-code", "---\ntype: cloze\n---\nRun `{{a}}` and {{b}}.\n"),
    Q("hotspot-image", "---\ntype: hotspot\nregions:\n" REGION "---\nWhere?\n"),
    Q("region", "---\n" HOTSPOT "regions:\n" REGION "---\nWhere?\n"),
    Q("no-rubric", "---\ntype: essay\n---\nWhy?\n"),
    EXAM("blueprint", "id: e\n"),
    EXAM("duration", "items: 1\nduration: long\n"),
    EXAM("date", "items: 1\neffective: {from: soon}\n"),
    EXAM("weight", "items: 1\ndomains: {files: 90-120}\n"),
    EXAM("section", "items: 5\nsections: [{items: 2}, {items: 2}]\n"),
    EXAM("scoring", "items: 1\nscoring: {method: scaled, cut: 5}\n"),
    EXAM("report", "items: 1\nreport: {show: score, release: delayed}\n"),
    EXAM("unknown-exam", "items: 1\ncertificate: {valid: 1y, renew: {exam: none}}\n"),
    Q("all-keys", "Which?\n\n- [x] one\n- [x] two\n"),
    Q("long-key", "Which?\n\n- [x] one that is explained at great length and with every detail there is\n- [ ] two\n- [ ] three\n"),
    Q("duplicate-options", "Which?\n\n- [x] one\n- [ ] two\n- [ ] two.\n"),
    Q("all-of-above", "Which?\n\n- [ ] one\n- [ ] two\n- [x] All of the above\n"),
    Q("unpinned", "Which?\n\n- [ ] one\n- [ ] two\n- [x] None of these\n"),
    Q("plain-negative", "Which of these is not a bird?\n" OPTIONS),
    Q("no-tolerance", "How much?\n\n= 3.14\n"),
    Q("no-explanation", "Which?\n" OPTIONS),
    Q("no-reference", "Which?\n" OPTIONS),
    Q("similar", "## A\nA server writes its log to a full disk, and nobody can sign in any more; which step helps first?\n" OPTIONS
                 "\n## B\nA server writes its log to a full disk, and nobody can sign in any more; which step helps first?\n" OPTIONS),
    {"unused-objective", "questions/q.md", "Which?\n" OPTIONS},
    {"unused-media", "questions/q.md", "Which?\n" OPTIONS},
    {"unused-case", "cases/c.md", "# C\nOnce upon a time.\n"},
};

/* Shown by other tests: what needs many files or long texts, or is reported by `assay bank check` itself. */
static const char *const elsewhere[] = {
    "unreadable",
    "not-a-file",
    "too-large",
    "long-line",
    "field-long",
    "no-questions",
    "too-many-options",
    "answer-long",
    "longest-is-key",
    "key-position",
    "exam-impossible",
    "program",
    "program-text",
    "program-equal",
    "program-constant",
    "opaque-file",
    /* test_task.c */
    "task-missing",
    "task-script",
    "no-shebang",
    "unknown-image",
    "unknown-doc",
    "no-expect",
    "unknown-check",
    "no-proof",
    "old-proof",
    "bad-proof",
    "no-hints",
    "no-checklist",
    "few-wrong",
    "no-alt",
    "unfailed-check",
    "undrawn-task",
    /* test_record.c */
    "bad-review",
    "review-missing",
    "review-own",
    "review-disagreement",
    "unused-review",
};

static void test_each_can_be_had(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		kit_folder(&k);
		kit_write(k.dir, "bank.yml", STR(BANK_YML));
		kit_write(k.dir, "media/a.svg", STR(SVG));
		kit_write(k.dir, rows[i].path, str_of(rows[i].text));
		kit_load(&k);
		bank_lint(k.bank, &k.diags);
		const struct diag *d = kit_find(&k, rows[i].code);
		if (!d)
			kit_fail(&k, rows[i].code);
		assert_true(d->message[0] != 0);
	}
}

static bool is_shown(const char *code)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (strcmp(rows[i].code, code) == 0)
			return true;
	for (size_t i = 0; i < ARRAY_SIZE(elsewhere); i++)
		if (strcmp(elsewhere[i], code) == 0)
			return true;
	return false;
}

static void test_table_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_diag_codes; i++) {
		assert_true(i == 0 || strcmp(diag_codes[i - 1], diag_codes[i]) < 0);
		if (!is_shown(diag_codes[i]))
			fail_msg("no test shows '%s'", diag_codes[i]);
	}
}

/* The lines "| `code` | error | … | … |" of the page, and the table of the program: the same set. */
static void test_page(void **state)
{
	(void)state;
	const char *root = getenv("ASSAY_SOURCE_ROOT");
	_cleanup_free_ char *path = xasprintf("%s/docs/authors/diagnostics.md", root ? root : ".");
	_cleanup_buf_ struct buf page = BUF(1 << 20);
	struct err err;
	if (!file_read(path, 1 << 20, &page, &err))
		fail_msg("%s", err.msg);
	struct str rest = buf_str(&page), line;
	size_t n = 0;
	bool seen[200] = {false};
	while (str_next_line(&rest, &line)) {
		if (!str_starts(line, "| `"))
			continue;
		const char *end = memchr(line.p + 3, '`', line.len - 3);
		assert_non_null(end);
		struct str code = str_sub(line, 3, (size_t)(end - line.p)), level = str_sub(line, (size_t)(end - line.p) + 4, line.len);
		if (!str_starts(level, "error |") && !str_starts(level, "warning |") && !str_starts(level, "both |"))
			fail_msg("no level: %.*s", STR_ARG(line));
		size_t at = 0;
		while (at < n_diag_codes && !str_is(code, diag_codes[at]))
			at++;
		if (at == n_diag_codes)
			fail_msg("the page describes '%.*s', which does not exist", STR_ARG(code));
		if (seen[at])
			fail_msg("the page describes '%.*s' twice", STR_ARG(code));
		seen[at] = true;
		n++;
	}
	for (size_t i = 0; i < n_diag_codes; i++)
		if (!seen[i])
			fail_msg("the page does not describe '%s'", diag_codes[i]);
	assert_int_equal(n, n_diag_codes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_can_be_had),
	    cmocka_unit_test(test_table_in_order),
	    cmocka_unit_test(test_page),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
