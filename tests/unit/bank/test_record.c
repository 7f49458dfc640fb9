/* Review records: what a file may hold, what an approval is about, and who has approved what. */
#include "bank/record.h"
#include "bank/rename.h"
#include "bank/status_field.h"
#include "kit.h"
#include <pthread.h>

#define TEXT "00000000000000000000000000000000000000000000000000000000000000aa"
#define OTHER "00000000000000000000000000000000000000000000000000000000000000bb"
#define AT(minute) "{at: \"2026-11-27T17:" #minute ":00Z\", "

/* ---- Files ---- */

static size_t parse(const char *text, struct record *ret, struct buf *said)
{
	struct diags diags = {0};
	struct source source = {.path = "reviews/q.yml", .bytes = str_of(text)};
	record_parse(&source, &diags, ret);
	size_t errors = diags.n_errors;
	if (said)
		diags_print(&diags, false, said);
	source_finish(&source);
	diags_finish(&diags);
	return errors;
}

static void test_reading(void **state)
{
	(void)state;
	_cleanup_record_ struct record r = {0};
	assert_int_equal(
	    parse("record:\n- " AT(20) "by: Ben, did: answered, text: " TEXT ", response: \"a: \\\"b\\\"\", agrees: false}\n"
	                               "- {at: 2026-11-27T17:10:00.500Z, by: Ana, did: submitted, text: \"" TEXT "\"}\n"
	                               "- at: 2026-11-27T17:30:00Z\n  by: Ána Özil\n  did: commented\n  comment: |\n    Two\n    lines\n",
	          &r, NULL),
	    0);
	assert_int_equal(r.n, 3);
	assert_string_equal(r.list[0].by, "Ana"); /* by time, wherever it stands */
	assert_string_equal(r.list[1].response, "a: \"b\"");
	assert_int_equal(r.list[1].verdict, VERDICT_DISAGREES);
	assert_string_equal(r.list[2].comment, "Two\nlines\n");
	assert_string_equal(r.list[2].text, "");
}

static void test_what_is_refused(void **state)
{
	(void)state;
	static const char *const bad[] = {
	    "- a\n",
	    "record: {a: b}\n",
	    "record: text\n",
	    "records:\n- " AT(10) "by: Ana, did: submitted, text: " TEXT "}\n",
	    "record:\n- text\n",
	    "record:\n- [a]\n",
	    "record:\n- {by: Ana, did: submitted, text: " TEXT "}\n",
	    "record:\n- " AT(10) "did: submitted, text: " TEXT "}\n",
	    "record:\n- " AT(10) "by: Ana, text: " TEXT "}\n",
	    "record:\n- " AT(10) "by: Ana, did: submitted}\n",
	    "record:\n- " AT(10) "by: Ana, did: blessed, text: " TEXT "}\n",
	    "record:\n- " AT(10) "by: Ana, did: submitted, text: abc}\n",
	    "record:\n- " AT(10) "by: Ana, did: submitted, text: " TEXT ", agrees: true}\n",
	    "record:\n- " AT(10) "by: Ana, did: judged, text: " TEXT "}\n",
	    "record:\n- " AT(10) "by: Ana, did: answered, text: " TEXT ", agrees: perhaps}\n",
	    "record:\n- " AT(10) "by: Ana, did: submitted, text: " TEXT ", more: x}\n",
	    "record:\n- {at: yesterday, by: Ana, did: submitted, text: " TEXT "}\n",
	    "record:\n- {at: 2026-11-27, by: Ana, did: submitted, text: " TEXT "}\n",
	    "record:\n- " AT(10) "by: \"A\\nB\", did: submitted, text: " TEXT "}\n",
	    "record:\n- " AT(10) "by: \" \", did: submitted, text: " TEXT "}\n",
	    "record:\n<<<<<<< ours\n- " AT(10) "by: Ana, did: submitted, text: " TEXT "}\n=======\n>>>>>>> theirs\n",
	    "record:\n- &a " AT(10) "by: Ana, did: submitted, text: " TEXT "}\n- *a\n",
	};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_record_ struct record r = {0};
		if (!parse(bad[i], &r, NULL))
			fail_msg("accepted: %s", bad[i]);
		assert_int_equal(r.n, 0);
	}
	_cleanup_record_ struct record r = {0}, empty = {0}, none = {0};
	assert_int_equal(parse("record:\n- {by: Ana}\n- " AT(10) "by: Ana, did: submitted, text: " TEXT "}\n", &r, NULL), 1);
	assert_int_equal(r.n, 1); /* one bad entry takes no other with it */
	assert_int_equal(parse("record:\n", &empty, NULL) + parse("", &none, NULL), 0);
}

static void test_ceilings(void **state)
{
	(void)state;
	_cleanup_buf_ struct buf text = BUF(1u << 20), said = BUF(1u << 20);
	_cleanup_record_ struct record r = {0};
	buf_adds(&text, "record:\n");
	for (int i = 0; i <= RECORD_ENTRIES_MAX; i++)
		buf_adds(&text, "- " AT(10) "by: A, did: commented, comment: x}\n");
	assert_int_equal(parse(text.p, &r, &said), 1);
	assert_int_equal(r.n, RECORD_ENTRIES_MAX);
	assert_non_null(strstr(said.p, "field-long"));
}

/* Whatever somebody writes comes back, on one line. */
static void test_writing(void **state)
{
	(void)state;
	static const char *const texts[] = {
	    "plain",
	    "\"quotes\" and \\ and 'more': {x, y} # no comment",
	    "two\nlines\r\n\ttab",
	    " spaces ",
	    "\x7f \xc2\x85 \xc2\x9f \xe2\x80\xa8 \xe2\x80\xa9 \xef\xbb\xbf \xee\x80\x80 \xef\xbf\xbf \xf0\x9f\x90\xa6 é",
	    "- [x] a",
	    ""};
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_buf_ struct buf out = BUF(1u << 20);
		_cleanup_record_ struct record r = {0};
		struct record_entry e = {.at_ms = 1795799400123,
		                         .by = (char *)"Ana \xc3\x96",
		                         .did = DID_ANSWERED,
		                         .response = (char *)texts[i],
		                         .comment = (char *)texts[i],
		                         .verdict = VERDICT_AGREES};
		memcpy(e.text, TEXT, sizeof e.text);
		buf_adds(&out, "record:\n");
		record_write_entry(&e, &out);
		assert_int_equal(parse(out.p, &r, NULL), 0);
		assert_int_equal(r.n, 1);
		assert_string_equal(r.list[0].response, texts[i]);
		assert_string_equal(r.list[0].by, e.by);
		assert_int_equal(r.list[0].at_ms, e.at_ms);
		assert_ptr_equal(strchr(strchr(out.p, '\n') + 1, '\n'), out.p + out.len - 1);
	}
}

/* ---- What an approval is about ---- */

static void hash_of(const char *question, char ret[HASH_HEX_SIZE])
{
	_cleanup_kit_ struct kit k;
	KIT(&k, "bank.yml", "domains:\n  files: Files\n  net: Net\n", "cases/shop.md", "# Shop\nA shop.\n", "questions/q.md", question);
	if (k.bank->n_items != 1)
		fail_msg("not a question: %s", question);
	item_text_hash(k.bank, &k.bank->items[0], ret);
}

static void assert_hashes(const char *a, const char *b, bool same)
{
	char x[HASH_HEX_SIZE], y[HASH_HEX_SIZE];
	hash_of(a, x);
	hash_of(b, y);
	if ((strcmp(x, y) == 0) != same)
		fail_msg("%s:\n%s\n----\n%s", same ? "should be one text" : "should be two", a, b);
}

#define Q "Which word is right?\n\n- [x] this\n  > Yes.\n- [ ] that\n\n### Explanation\nBecause it is.\n"

static void test_hash(void **state)
{
	(void)state;
	static const char *const same[] = {
	    "---\nstatus: draft\ndifficulty: 3\ntags: [a]\nfamily: f\nobjective: net\nid: other\n---\n" Q,
	    "# A title\n" Q,
	    "Which word\n  is right?\n\n\n* [X] this\n\n  > Yes.\n* [ ] that\n\n### Explanation\n\nBecause\nit is.\n",
	    "## Title {#x}\n```yaml item\nstatus: review\n```\n\n" Q "\n",
	};
	static const char *const others[] = {
	    "Which word is wrong?\n\n- [x] this\n  > Yes.\n- [ ] that\n\n### Explanation\nBecause it is.\n",
	    "Which word is right?\n\n- [ ] this\n  > Yes.\n- [x] that\n\n### Explanation\nBecause it is.\n",
	    "Which word is right?\n\n- [ ] that\n- [x] this\n  > Yes.\n\n### Explanation\nBecause it is.\n",
	    "Which word is right?\n\n- [x] this\n  > No.\n- [ ] that\n\n### Explanation\nBecause it is.\n",
	    "Which word is right?\n\n- [x] this\n  > Yes.\n- [ ] that {pin}\n\n### Explanation\nBecause it is.\n",
	    Q "\n### Hint\nIt is this.\n",
	    "Which word is right?\n\n- [x] this\n  > Yes.\n- [ ] that\n\n### Explanation\nBecause it was.\n",
	    "---\ncase: shop\n---\n" Q,
	    "---\npoints: 2\n---\n" Q,
	    "---\nshuffle: false\n---\n" Q,
	};
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		assert_hashes(Q, same[i], true);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		assert_hashes(Q, others[i], false);
	assert_hashes("How many?\n\n= 3\n", "How many?\n\n= 3.0\n", true);
	assert_hashes("How many?\n\n= 3 +- 1\n", "How many?\n\n= [2, 4]\n", true);
	assert_hashes("How many?\n\n= 3\n", "How many?\n\n= 4\n", false);
	/* In code white space counts. */
	assert_hashes("What?\n\n```\na  b\n```\n\n= x\n", "What?\n\n```\na b\n```\n\n= x\n", false);
	assert_hashes("What `a  b`?\n\n= x\n", "What `a b`?\n\n= x\n", false);
	/* A program, and a key that only its values make. */
	assert_hashes("```lua params\nreturn {a = 1, b = 2}\n```\nWhat is @{a}?\n\n= @{a}\n",
	              "```lua params\nreturn {a = 1, b = 2}\n```\nWhat is @{a}?\n\n= @{b}\n", false);
	assert_hashes("```lua params\nreturn {a = 1}\n```\nWhat is @{a}?\n\n= @{a}\n",
	              "```lua params\nreturn {a = 2}\n```\nWhat is @{a}?\n\n= @{a}\n", false);
}

#define PARAMS(lua, code, stem) "```lua params\n" lua "\n```\n" stem "\n\n```\n" code "\n```\n\n= @{a}\n"

/* Of a question with parameters its source is hashed: what candidates see of it, white space of code and of strings, is not squeezed. */
static void test_hash_of_code(void **state)
{
	(void)state;
	static const char one[] = PARAMS("return {a = 1}", "b", "What is @{a}?");
	static const char *const same[] = {
	    "\n\n```lua params\nreturn {a = 1}\n```\n\n\nWhat is @{a}?\n\n```\nb\n```\n\n= @{a}\n\n\n",
	    "```lua params\r\nreturn {a = 1}\r\n```\r\nWhat is @{a}?\r\n\r\n```\r\nb\r\n```\r\n\r\n= @{a}\r\n",
	};
	static const char *const pairs[][2] = {
	    {PARAMS("return {a = 1}", "b\n\nc", "@{a}?"), PARAMS("return {a = 1}", "b\n\n\nc", "@{a}?")},
	    {PARAMS("return {a = 1}", "b\nc", "@{a}?"), PARAMS("return {a = 1}", "b  \nc", "@{a}?")},
	    {PARAMS("return {a = 1}", "b\nc", "@{a}?"), PARAMS("return {a = 1}", "b\t\nc", "@{a}?")},
	    {PARAMS("return {a = 1}", "\nb", "@{a}?"), PARAMS("return {a = 1}", "b", "@{a}?")},
	    {PARAMS("return {a = [[x\n\ny]]}", "b", "@{a}?"), PARAMS("return {a = [[x\n\n\ny]]}", "b", "@{a}?")},
	    {PARAMS("return {a = [[x\ny]]}", "b", "@{a}?"), PARAMS("return {a = [[x  \ny]]}", "b", "@{a}?")},
	    {PARAMS("return {a = 1}", "b", "@{a}\nand?"), PARAMS("return {a = 1}", "b", "@{a}  \nand?")}, /* a line that is broken there */
	    {PARAMS("return {a = 1}", "b", "@{a}?\n\n    c\n\n    d"), PARAMS("return {a = 1}", "b", "@{a}?\n\n    c\n\n\n    d")},
	};
	for (size_t i = 0; i < ARRAY_SIZE(same); i++)
		assert_hashes(one, same[i], true);
	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++)
		assert_hashes(pairs[i][0], pairs[i][1], false);
}

/* ---- Rules ---- */

static struct record_state state_of(const char *entries, int needed, struct record *r)
{
	_cleanup_buf_ struct buf text = BUF(1u << 16), said = BUF(1u << 16);
	struct record_state s;
	buf_addf(&text, "record:\n%s", entries);
	if (parse(text.p, r, &said))
		fail_msg("%s", said.p);
	record_state(r, TEXT, needed, &s);
	return s;
}

#define SUBMITTED(minute, by) "- " AT(minute) "by: " by ", did: submitted, text: " TEXT "}\n"
#define APPROVED(minute, by) "- " AT(minute) "by: " by ", did: approved, text: " TEXT "}\n"
#define DESPITE(minute, by) "- " AT(minute) "by: " by ", did: approved, text: " TEXT ", despite: He misread}\n"
#define RETURNED(minute, by) "- " AT(minute) "by: " by ", did: returned, text: " TEXT ", comment: No}\n"
#define ANSWERED(minute, by, agrees) "- " AT(minute) "by: " by ", did: answered, text: " TEXT ", response: x, agrees: " agrees "}\n"

static void test_rules(void **state)
{
	(void)state;
	static const struct {
		const char *entries;
		int needed, approvals, disagrees;
		bool stale, own;
	} rows[] = {
	    {"", 1, 0, 0, false, false},
	    {SUBMITTED(10, "Ana") APPROVED(11, "Ben"), 1, 1, 0, false, false},
	    {SUBMITTED(10, "Ana") APPROVED(11, "Ana"), 1, 0, 0, false, true},
	    {SUBMITTED(10, "Ana") APPROVED(11, "\" ANA \""), 1, 0, 0, false, true},
	    {APPROVED(11, "Ben") SUBMITTED(12, "Ben"), 1, 0, 0, false, true}, /* whenever they submitted it */
	    /* who changes what they have submitted stands for it, until somebody else submits it */
	    {"- " AT(10) "by: Ana, did: submitted, text: " OTHER "}\n" APPROVED(11, "Ana"), 1, 0, 0, false, true},
	    {"- " AT(10) "by: Ana, did: submitted, text: " OTHER "}\n" SUBMITTED(11, "Ben") APPROVED(12, "Ana"), 1, 1, 0, false, false},
	    {SUBMITTED(10, "Ana") APPROVED(11, "Ben") APPROVED(12, "ben"), 2, 1, 0, false, false},
	    {SUBMITTED(10, "Ana") APPROVED(11, "Ben") APPROVED(12, "Cleo"), 2, 2, 0, false, false},
	    {SUBMITTED(10, "Ana") APPROVED(11, "Ben") RETURNED(12, "Cleo"), 1, 0, 0, false, false},
	    {SUBMITTED(10, "Ana") APPROVED(11, "Ben") RETURNED(12, "Cleo") APPROVED(13, "Ben"), 1, 1, 0, false, false},
	    {"- " AT(10) "by: Ben, did: approved, text: " OTHER "}\n", 1, 0, 0, true, false},
	    {"- " AT(10) "by: Ben, did: approved, text: " OTHER "}\n" APPROVED(11, "Ben"), 1, 1, 0, false, false},
	    {ANSWERED(10, "Cleo", "true") APPROVED(11, "Ben"), 1, 1, 0, false, false},
	    {ANSWERED(10, "Cleo", "false") APPROVED(11, "Ben"), 1, 0, 1, false, false}, /* over a disagreement: counts for nothing */
	    {ANSWERED(10, "Cleo", "false") DESPITE(11, "Ben"), 1, 1, 0, false, false},
	    {APPROVED(10, "Ben") ANSWERED(11, "Cleo", "false"), 1, 1, 1, false, false},
	    {APPROVED(10, "Ben") ANSWERED(11, "Cleo", "false") DESPITE(12, "Ben"), 1, 1, 0, false, false},
	    {DESPITE(10, "Ben") ANSWERED(11, "Cleo", "false"), 1, 1, 1, false, false}, /* it knew of none */
	    {SUBMITTED(10, "Ana") ANSWERED(11, "Cleo", "false") DESPITE(12, "Ana"), 1, 0, 1, false, true},
	    {ANSWERED(10, "Cleo", "false") ANSWERED(11, "Cleo", "true"), 1, 0, 1, false, false}, /* blind only once */
	    {"- " AT(10) "by: Cleo, did: answered, text: " TEXT ", response: x}\n- " AT(11) "by: Cleo, did: judged, text: " TEXT
	                                                                                    ", agrees: false}\n",
	     1, 0, 1, false, false},
	    {ANSWERED(10, "Cleo", "false") "- " AT(11) "by: Cleo, did: judged, text: " TEXT ", agrees: true}\n", 1, 0, 1, false, false},
	    {"- " AT(10) "by: Cleo, did: answered, text: " OTHER ", response: x, agrees: false}\n" APPROVED(11, "Ben"), 1, 1, 0, false, false},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_record_ struct record r = {0};
		struct record_state s = state_of(rows[i].entries, rows[i].needed, &r);
		if (s.approvals != rows[i].approvals || s.disagrees != rows[i].disagrees || s.stale != rows[i].stale || s.own != rows[i].own)
			fail_msg("row %zu: %d approvals, %d disagree, stale %d, own %d", i, s.approvals, s.disagrees, s.stale, s.own);
	}
}

/* ---- The folder ---- */

#define REVIEW_YML "review: {required: true, approvals: 1}\n"

static struct workspace *open_kit(const struct kit *k)
{
	struct workspace *w;
	struct err err;
	if (!workspace_open(k->dir, "/nonexistent", &w, &err))
		fail_msg("%s", err.msg);
	return w;
}

static void add(const struct workspace *w, const char *item, enum record_did did, const char *by, const char *text)
{
	struct err err;
	struct record_entry e = {.at_ms = 1795799400000, .by = (char *)by, .did = did};
	memcpy(e.text, text, sizeof e.text);
	if (!record_append(w, item, &e, &err))
		fail_msg("%s", err.msg);
}

static void approve_item(struct kit *k, const char *id)
{
	struct workspace *w = open_kit(k);
	const struct item *it = bank_item(k->bank, id);
	char text[HASH_HEX_SIZE];
	item_text_hash(k->bank, it, text);
	add(w, id, DID_SUBMITTED, "Ana", text);
	add(w, id, DID_APPROVED, "Ben", text);
	workspace_close(w);
}

static void reload(struct kit *k)
{
	bank_destroy(k->bank);
	diags_finish(&k->diags);
	k->bank = NULL;
	kit_load(k);
}

static void test_required(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "questions/q.md", "## A {#a}\n" Q "\n## B {#b}\n```yaml item\nstatus: draft\n```\n" Q, "reviews/notes.txt", "anything");
	assert_int_equal(k.diags.n_errors, 0);
	assert_int_equal(k.bank->n_items, 2); /* without review: in bank.yml nothing is different */
	approve_item(&k, "a");
	kit_write(k.dir, "bank.yml", STR(REVIEW_YML));
	reload(&k);
	assert_int_equal(k.diags.n_errors, 0);
	assert_non_null(bank_item(k.bank, "a"));
	assert_non_null(kit_find(&k, "stray-file"));
	kit_write(k.dir, "questions/q.md", STR("## A {#a}\n" Q "\n### Hint\nNew.\n\n## B {#b}\n```yaml item\nstatus: draft\n```\n" Q));
	reload(&k);
	assert_null(bank_item(k.bank, "a")); /* changed since: on no exam */
	assert_non_null(bank_item(k.bank, "b"));
	assert_non_null(kit_find(&k, "review-missing"));
	kit_write(k.dir, "bank.yml", STR("review: {required: false}\n"));
	reload(&k);
	assert_int_equal(k.diags.n_errors, 0);
	assert_non_null(bank_item(k.bank, "a"));
	kit_write(k.dir, "bank.yml", STR("review: {required: true, approvals: 0}\n"));
	reload(&k);
	assert_non_null(kit_find(&k, "field-value"));
}

/* Each of the codes, with its place. */
static void test_codes(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	char text[HASH_HEX_SIZE];
	KIT(&k, "questions/q.md", "## A {#a}\n" Q);
	item_text_hash(k.bank, bank_item(k.bank, "a"), text);
	_cleanup_free_ char *own =
	    xasprintf("record:\n- " AT(10) "by: Ana, did: submitted, text: %s}\n- " AT(11) "by: Ana, did: approved, text: %s}\n", text, text);
	_cleanup_free_ char *disputed = xasprintf(
	    "record:\n- " AT(10) "by: Ben, did: approved, text: %s}\n- " AT(11) "by: Cleo, did: answered, text: %s, agrees: false}\n- x\n",
	    text, text);
	kit_write(k.dir, "bank.yml", STR(REVIEW_YML));
	kit_write(k.dir, "reviews/a.yml", str_of(own));
	reload(&k);
	assert_int_equal(kit_find(&k, "review-own")->line, 3);
	assert_non_null(kit_find(&k, "review-missing"));
	kit_write(k.dir, "reviews/a.yml", str_of(disputed));
	reload(&k);
	assert_string_equal(kit_find(&k, "review-disagreement")->file, "questions/q.md");
	assert_int_equal(kit_find(&k, "field-type")->line, 4);
	kit_write(k.dir, "reviews/a.yml", STR("record:\n- {by: Ana}\n"));
	reload(&k);
	assert_non_null(kit_find(&k, "bad-review"));
}

static void test_its_author_sees_all(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	struct err err;
	const struct bank_draft draft = {0};
	KIT(&k, "bank.yml", REVIEW_YML, "questions/q.md", "## A {#a}\n" Q);
	assert_int_equal(k.bank->n_items, 0);
	bank_destroy(k.bank);
	diags_finish(&k.diags);
	assert_true(bank_load_draft(k.dir, &draft, &k.diags, &k.bank, &err));
	assert_int_equal(k.bank->n_items, 1);
	assert_int_equal(k.diags.n_errors, 0);
	assert_non_null(kit_find(&k, "review-missing"));
}

static void test_hostile_folder(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "bank.yml", REVIEW_YML, "questions/q.md", "## A {#a}\n" Q, "reviews/x.yml", "");
	_cleanup_free_ char *link = xasprintf("%s/reviews/a.yml", k.dir), *fifo = xasprintf("%s/reviews/b.yml", k.dir);
	assert_int_equal(symlink("/etc/passwd", link), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	reload(&k);
	assert_non_null(kit_find(&k, "not-a-file"));
	assert_null(bank_item(k.bank, "a"));
	struct workspace *w = open_kit(&k);
	struct record r;
	struct err err;
	assert_false(record_read(w, "a", &r, &err));
	workspace_close(w);
}

#define WRITERS 8
static void *write_many(void *arg)
{
	const struct kit *k = arg;
	struct workspace *w = open_kit(k);
	for (int i = 0; i < 5; i++)
		add(w, "a", DID_COMMENTED, "Ana", TEXT);
	workspace_close(w);
	return NULL;
}

/* Nothing that was said to be on record is lost, however many write at once. */
static void test_at_the_same_time(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	pthread_t threads[WRITERS];
	KIT(&k, "questions/q.md", "## A {#a}\n" Q);
	for (size_t i = 0; i < WRITERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, write_many, &k), 0);
	for (size_t i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	struct workspace *w = open_kit(&k);
	_cleanup_record_ struct record r = {0};
	struct err err;
	assert_true(record_read(w, "a", &r, &err));
	assert_int_equal(r.n, 5 * WRITERS);
	workspace_close(w);
}

/* A file that somebody has laid out in another way stays right when a line is added. */
static void test_other_layouts(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	static const char *const layouts[] = {
	    "record:\n  - at: 2026-11-27T17:10:00Z\n    by: Ana\n    did: submitted\n    text: " TEXT "\n",
	    "record: [" AT(10) "by: Ana, did: submitted, text: " TEXT "}]",
	    "{record: [" AT(10) "by: Ana, did: submitted, text: " TEXT "}]}\n",
	    "record:\n- " AT(10) "by: Ana, did: submitted, text: " TEXT "}",
	};
	KIT(&k, "questions/q.md", "## A {#a}\n" Q);
	struct workspace *w = open_kit(&k);
	for (size_t i = 0; i < ARRAY_SIZE(layouts); i++) {
		_cleanup_record_ struct record r = {0};
		struct err err;
		kit_write(k.dir, "reviews/a.yml", str_of(layouts[i]));
		add(w, "a", DID_APPROVED, "Ben", TEXT);
		assert_true(record_read(w, "a", &r, &err));
		assert_int_equal(r.n, 2);
	}
	kit_write(k.dir, "reviews/a.yml", STR("record:\n- [\n"));
	struct record_entry e = {.by = (char *)"Ana", .did = DID_COMMENTED};
	struct err err;
	assert_false(record_append(w, "a", &e, &err)); /* what cannot be read is not written over */
	workspace_close(w);
}

static void test_rename_and_status(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	struct err err;
	char **paths;
	size_t n;
	KIT(&k, "questions/q.md", "## A {#a}\n" Q "\n## B {#b}\n" Q);
	approve_item(&k, "a");
	struct workspace *w = open_kit(&k);
	assert_true(status_field_write(w, bank_item(k.bank, "b"), ITEM_RETIRED, &err));
	assert_true(bank_rename(w, "a", "c", &paths, &n, &err));
	for (size_t i = 0; i < n; i++)
		free(paths[i]);
	free(paths);
	kit_write(k.dir, "bank.yml", STR(REVIEW_YML));
	reload(&k);
	assert_int_equal(k.diags.n_errors, 0);
	assert_non_null(bank_item(k.bank, "c"));
	assert_int_equal(bank_item(k.bank, "b")->status, ITEM_RETIRED);
	add(w, "d", DID_COMMENTED, "Ana", TEXT);
	assert_false(bank_rename(w, "c", "d", &paths, &n, &err)); /* that name has a past */
	assert_int_equal(err.code, ERR_CONFLICT);
	reload(&k);
	assert_non_null(bank_item(k.bank, "c"));
	assert_non_null(kit_find(&k, "unused-review"));
	workspace_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reading),        cmocka_unit_test(test_what_is_refused),
	    cmocka_unit_test(test_ceilings),       cmocka_unit_test(test_writing),
	    cmocka_unit_test(test_hash),           cmocka_unit_test(test_hash_of_code),
	    cmocka_unit_test(test_rules),          cmocka_unit_test(test_codes),
	    cmocka_unit_test(test_required),       cmocka_unit_test(test_its_author_sees_all),
	    cmocka_unit_test(test_hostile_folder), cmocka_unit_test(test_at_the_same_time),
	    cmocka_unit_test(test_other_layouts),  cmocka_unit_test(test_rename_and_status),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
