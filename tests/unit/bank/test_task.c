/* Folders of hands-on tasks: what is read, what is refused, and the proof that each needs. */
#include "bank/task_tree.h"
#include "kit.h"

#define BANK_YML                                                                                    \
	"id: b\ndomains:\n  files:\n    title: Files\n    objectives: {links: Links}\n  users: Users\n" \
	"images:\n  web: {suite: bookworm, packages: [nginx-light, curl]}\n"
#define FIELDS                                                                                                                          \
	"objective: files.links\ndifficulty: 2\ntime: 12m\nimage: web\nuser: root\nlimits: {memory: 256M, processes: 99}\ncommands: [git, " \
	"sqlite3]\n"                                                                                                                        \
	"docs: [links]\nports: [8080, 80]\nhints:\n  - Look at `ln`.\n  - >\n    `ln -s`\n    makes it.\ntags: [a]\n"
#define BODY                                                                                                                      \
	"# A link\n\nMake a link.\n\n```\n### Checklist\n```\n\n### Checklist\n- The link `a` is there\n- [ ] It leads\n  to *b*\n\n" \
	"### Explanation\nThat is how.\n\n### References\n- ln(1)\n"
#define GRADER "check(\"there\", 1, \"There\", function() end)\n"
#define PROOF(hash)                                                                                                                    \
	"{\"format\":1,\"task\":\"" hash                                                                                                   \
	"\",\"grader\":\"x\",\"image\":\"web-1\",\"checks\":[{\"id\":\"there\",\"points\":1.5},{\"id\":\"leads\","                         \
	"\"points\":2}],\"variants\":[{\"name\":\"solution\",\"points\":3.5,\"fails\":[]},{\"name\":\"untouched\",\"points\":0,\"fails\":" \
	"[\"there\",\"leads\"]},{\"name\":\"alt/other\",\"points\":3.5,\"fails\":[]},{\"name\":\"wrong/"                                   \
	"a\",\"points\":0,\"fails\":[\"leads\",\"there\"]},"                                                                               \
	"{\"name\":\"wrong/b\",\"points\":1.5,\"fails\":[\"leads\"]},{\"name\":\"wrong/c\",\"points\":2,\"fails\":[\"there\"]}],\"seeds\":1}"

static const char *const good[][2] = {
    {"task.md", "---\n" FIELDS "---\n" BODY},
    {"grader.lua", GRADER},
    {"setup.sh", "#!/bin/bash\ntrue\n"},
    {"files/etc/motd", "hello\n"},
    {"files/home/candidate/.profile", "x"},
    {"files/usr/local/bin/tool", "#!/bin/sh\n"},
    {"solution/run.sh", "#!/bin/sh\nln -s b a\n"},
    {"alt/other/run.sh", "#!/bin/sh\nln b a\n"},
    {"wrong/a/run.sh", "#!/bin/sh\n"},
    {"wrong/a/expect.yml", "fails: [there, leads]\n"},
    {"wrong/b/run.sh", "#!/bin/sh\n"},
    {"wrong/b/expect.yml", "fails: leads\n"},
    {"wrong/c/run.sh", "#!/bin/sh\n"},
    {"wrong/c/expect.yml", "fails: [there]\n"},
};

/* The hash of the task as it lies there, as its author's tools find it. */
static void task_hash(const char *dir, char hash[65])
{
	_cleanup_free_ char *task = xasprintf("%s/tasks/link", dir);
	struct task_tree tree = {0};
	struct diags diags = {0};
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY);
	if (task_tree_read(fd, "tasks/link", &diags, &tree))
		task_tree_hash(&tree, hash);
	else
		memset(hash, '0', 64);
	hash[64] = 0;
	task_tree_finish(&tree);
	diags_finish(&diags);
}

static void write_proof(struct kit *k, const char *proof)
{
	char hash[65];
	task_hash(k->dir, hash);
	_cleanup_free_ char *text = xstrdup(proof);
	char *at = strstr(text, "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH");
	if (at)
		memcpy(at, hash, 64);
	kit_write(k->dir, "tasks/link/proof.json", str_of(text));
}
#define HASH "HHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHHH"

/* A bank with the good task and a question, not loaded yet; `path` of the task has another text (NULL: it is missing). */
static void make(struct kit *k, const char *path, const char *text)
{
	kit_folder(k);
	kit_write(k->dir, "bank.yml", STR(BANK_YML));
	kit_write(k->dir, "docs/links.md", STR("# Links\n"));
	kit_write(k->dir, "questions/q.md", STR("Which?\n\n- [x] one\n- [ ] two\n"));
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		_cleanup_free_ char *full = xasprintf("tasks/link/%s", good[i][0]);
		const char *what = path && strcmp(path, good[i][0]) == 0 ? text : good[i][1];
		if (what)
			kit_write(k->dir, full, str_of(what));
	}
	_cleanup_free_ char *tool = xasprintf("%s/tasks/link/files/usr/local/bin/tool", k->dir);
	chmod(tool, 0700);
	bool known = false;
	for (size_t i = 0; path && i < ARRAY_SIZE(good); i++)
		known |= strcmp(path, good[i][0]) == 0;
	if (path && !known && text) {
		_cleanup_free_ char *full = xasprintf("tasks/link/%s", path);
		kit_write(k->dir, full, str_of(text));
	}
}

static void check_task(const struct item *item)
{
	const struct task *t = item->task;
	assert_non_null(t);
	assert_int_equal(item->kind, ITEM_TASK);
	assert_string_equal(item->title, "A link");
	assert_string_equal(item->objective, "files.links");
	assert_string_equal(item->family, "link");
	assert_int_equal(item->points_m, 3500);
	assert_int_equal(item->difficulty, 2);
	assert_non_null(strstr(item->stem_html, "### Checklist"));
	assert_int_equal(item->n_hints, 2);
	assert_string_equal(item->hints_html[1], "<p><code>ln -s</code> makes it.</p>");
	assert_string_equal(t->image, "web");
	assert_string_equal(t->user, "root");
	assert_string_equal(t->limits[0], "memory=256M");
	assert_string_equal(t->limits[1], "processes=99");
	assert_null(t->limits[2]);
	assert_int_equal(t->time_ms, 720000);
	assert_int_equal(t->n_commands, 2);
	assert_string_equal(t->commands[1], "sqlite3");
	assert_int_equal(t->n_checklist, 2);
	assert_string_equal(t->checklist_html[0], "The link <code>a</code> is there");
	assert_string_equal(t->docs[0], "links");
	assert_int_equal(t->n_ports, 2);
	assert_int_equal(t->ports[1], 80);
	assert_string_equal(t->setup_sh, "#!/bin/bash\ntrue\n");
	assert_string_equal(t->grader_lua, GRADER);
	assert_string_equal(t->solution_sh, "#!/bin/sh\nln -s b a\n");
	assert_int_equal(t->n_files, 3);
	assert_string_equal(t->files[0].path, "/etc/motd");
	assert_string_equal(t->files[1].path, "/home/candidate/.profile");
	assert_string_equal(t->files[2].path, "/usr/local/bin/tool");
	assert_false(t->files[0].executable);
	assert_true(t->files[2].executable);
	assert_int_equal(t->files[0].size, 6);
	assert_string_equal(t->files[0].hash, "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
	assert_string_equal(t->check_ids, "there=1.5 leads=2");
	assert_int_equal(strlen(t->hash), 64);
}

static void test_reads(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	struct err err;
	make(&k, NULL, NULL);
	write_proof(&k, PROOF(HASH));
	kit_load(&k);
	if (k.diags.n_errors || k.diags.n_warnings)
		kit_fail(&k, "clean");
	assert_int_equal(k.bank->n_items, 2);
	assert_int_equal(k.bank->n_images, 1);
	assert_string_equal(k.bank->images[0].packages[1], "curl");
	const struct item *item = kit_item(&k, "link");
	check_task(item);
	assert_int_equal(item->task->n_variants, 4);
	assert_string_equal(item->task->variants[0].name, "alt/other");
	assert_string_equal(item->task->variants[1].fails[1], "leads");
	assert_memory_equal(item->task->files[0].bytes, "hello\n", 6);
	/* and what is stored says the same */
	_cleanup_buf_ struct buf a = BUF(1 << 20), b = BUF(1 << 20);
	_cleanup_bank_ struct bank *stored = NULL;
	bank_encode(k.bank, &a);
	if (!bank_decode(buf_str(&a), &stored, &err))
		fail_msg("%s", err.msg);
	bank_encode(stored, &b);
	assert_string_equal(a.p, b.p);
	check_task(bank_item(stored, "link"));
	assert_int_equal(bank_item(stored, "link")->task->n_variants, 0);
	assert_string_equal(bank_image(stored, "web")->suite, "bookworm");
}

/* The hash can be made by hand: sha256sum over lines of sums. */
static void test_hash(void **state)
{
	(void)state;
	char hash[65], by_hand[65];
	_cleanup_kit_ struct kit k;
	kit_folder(&k);
	kit_write(k.dir, "tasks/link/b", STR("b"));
	kit_write(k.dir, "tasks/link/a/c", STR(""));
	kit_write(k.dir, "tasks/link/proof.json", STR("any"));
	kit_write(k.dir, "tasks/link/.editor", STR("any"));
	_cleanup_free_ char *b = xasprintf("%s/tasks/link/b", k.dir);
	chmod(b, 0711);
	task_hash(k.dir, hash);
	hash_sha256_hex(STR("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 - a/c\n"
	                    "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d x b\n"),
	                by_hand);
	assert_string_equal(hash, by_hand);
	chmod(b, 0644);
	task_hash(k.dir, by_hand);
	assert_string_not_equal(hash, by_hand);
}

struct row {
	const char *code, *path, *text; /* a file of the task that is another, or missing */
	const char *file, *message;     /* where it is said, and what; NULL: anything */
};
#define TASK(code, fields, body, message)                                           \
	{                                                                               \
		code, "task.md", "---\n" fields "---\n" body, "tasks/link/task.md", message \
	}

static const struct row rows[] = {
    {"task-missing", "task.md", NULL, "tasks/link", "task.md"},
    {"task-missing", "grader.lua", NULL, "tasks/link", "grader.lua"},
    {"task-missing", "solution/run.sh", NULL, "tasks/link", "solution"},
    {"task-missing", "wrong/a/run.sh", NULL, "tasks/link/wrong/a", "run.sh"},
    {"no-expect", "wrong/a/expect.yml", NULL, "tasks/link/wrong/a", NULL},
    {"unknown-check", "wrong/a/expect.yml", "fails: [there, laeds]\n", "tasks/link/wrong/a/expect.yml", "laeds"},
    {"field-empty", "wrong/a/expect.yml", "", "tasks/link/wrong/a/expect.yml", NULL},
    {"field-empty", "wrong/a/expect.yml", "fails: []\n", "tasks/link/wrong/a/expect.yml", NULL},
    {"unknown-field", "wrong/a/expect.yml", "fails: [there]\npasses: [leads]\n", "tasks/link/wrong/a/expect.yml", NULL},
    {"yaml-syntax", "wrong/a/expect.yml", "fails: [there\n", "tasks/link/wrong/a/expect.yml", NULL},
    {"task-script", "setup.sh", "#!/usr/bin/perl\n", "tasks/link/setup.sh", NULL},
    {"no-shebang", "solution/run.sh", "ln -s b a\n", "tasks/link/solution/run.sh", NULL},
    {"not-utf8", "solution/run.sh", "#!/bin/sh\n\xff", "tasks/link/solution/run.sh", NULL},
    {"bad-id", "alt/An Other/run.sh", "#!/bin/sh\n", "tasks/link/alt/An Other", NULL},
    {"stray-file", "solution/data", "x", "tasks/link/solution/data", NULL},
    {"few-wrong", "wrong/a/run.sh", NULL, NULL, NULL},
    TASK("unknown-image", "image: webb\n", BODY, "webb"),
    TASK("unknown-doc", "docs: [lniks]\n", BODY, "lniks"),
    TASK("unknown-field", "imgae: host\n", BODY, "imgae"),
    TASK("unknown-field", "select: 2\n", BODY, "select"),
    TASK("unknown-field", "limits: {memroy: 1M}\n", BODY, "memroy"),
    TASK("field-value", "limits: {memory: lots}\n", BODY, NULL),
    TASK("field-value", "user: nobody\n", BODY, NULL),
    TASK("field-value", "ports: [0]\n", BODY, NULL),
    TASK("field-value", "commands: [/bin/sh]\n", BODY, NULL),
    TASK("field-value", "time: 2d\n", BODY, NULL),
    TASK("duration", "time: soon\n", BODY, NULL),
    TASK("unknown-objective", "objective: files.lniks\n", BODY, NULL),
    TASK("bad-id", "id: A b\n", BODY, NULL),
    TASK("no-stem", "difficulty: 1\n", "# A link\n\n### Checklist\n- a\n", NULL),
    TASK("empty-section", "difficulty: 1\n", "x\n\n### Checklist\n", NULL),
    TASK("empty-option", "difficulty: 1\n", "x\n\n### Checklist\n- \n", NULL),
    TASK("text-after-answers", "difficulty: 1\n", "x\n\n### Checklist\nDo it.\n", NULL),
    TASK("repeated-heading", "difficulty: 1\n", "x\n\n### Checklist\n- a\n\n### Checklist\n- b\n", NULL),
    TASK("near-heading", "difficulty: 1\n", "x\n\n### Check-list\n- a\n", NULL),
    TASK("fields-late", "difficulty: 1\n", "x\n\n```yaml item\ndifficulty: 2\n```\n", NULL),
    TASK("dead-picture", "hints: ['![x](../../media/none.png)']\n", BODY, NULL),
    TASK("no-program", "difficulty: 1\n", "Add @{a}.\n", NULL),
    TASK("no-hints", "difficulty: 1\n", BODY, NULL),
    TASK("no-checklist", "difficulty: 1\n", "x\n", NULL),
    {"front-matter", "task.md", "---\ndifficulty: 1\nx\n", "tasks/link/task.md", NULL},
};

static void test_each_message(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		make(&k, rows[i].path, rows[i].text);
		write_proof(&k, PROOF(HASH));
		kit_load(&k);
		const struct diag *d = kit_find(&k, rows[i].code);
		if (!d)
			kit_fail(&k, rows[i].code);
		if (rows[i].file)
			assert_string_equal(d->file, rows[i].file);
		if (rows[i].message && !strstr(d->message, rows[i].message))
			kit_fail(&k, rows[i].message);
		assert_non_null(bank_item(k.bank, "q")); /* the rest of the bank stays */
		assert_int_equal(bank_item(k.bank, "link") != NULL, k.diags.n_errors == 0);
	}
}

/* An error inside the folder points at the column, as everywhere. */
static void test_place(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	make(&k, "task.md", "---\ndifficulty: 1\nimage: webb\n---\nx\n");
	kit_load(&k);
	const struct diag *d = kit_find(&k, "unknown-image");
	assert_non_null(d);
	assert_int_equal(d->line, 3);
	assert_int_equal(d->column, 8);
	assert_string_equal(d->source_line, "image: webb");
	assert_string_equal(d->suggestion, "did you mean 'web'?");
}

static void expect_proof(const char *proof, const char *code, const char *message)
{
	_cleanup_kit_ struct kit k;
	make(&k, NULL, NULL);
	if (proof)
		write_proof(&k, proof);
	kit_load(&k);
	const struct diag *d = kit_find(&k, code);
	if (!d || !strstr(d->message, message))
		kit_fail(&k, message);
	assert_null(bank_item(k.bank, "link"));
	assert_non_null(bank_item(k.bank, "q"));
}

/* The proof with one part of it replaced. */
static void expect_changed_proof(const char *what, const char *with, const char *code, const char *message)
{
	static const char whole[] = PROOF(HASH);
	const char *at = strstr(whole, what);
	assert_non_null(at);
	_cleanup_free_ char *proof = xasprintf("%.*s%s%s", (int)(at - whole), whole, with, at + strlen(what));
	expect_proof(proof, code, message);
}

static void test_proofs(void **state)
{
	(void)state;
	expect_proof(NULL, "no-proof", "nobody has proved");
	expect_proof("{", "bad-proof", "");
	expect_proof("[]", "bad-proof", "not an object");
	expect_proof(PROOF("0000000000000000000000000000000000000000000000000000000000000000"), "old-proof", "has changed");
	expect_changed_proof("\"format\":1", "\"format\":2", "bad-proof", "format");
	expect_changed_proof("{\"name\":\"solution\",\"points\":3.5", "{\"name\":\"solution\",\"points\":2", "bad-proof",
	                     "'solution' earned 2 of 3.5");
	expect_changed_proof("{\"name\":\"untouched\",\"points\":0", "{\"name\":\"untouched\",\"points\":1", "bad-proof",
	                     "'untouched' earned 1");
	expect_changed_proof("{\"name\":\"alt/other\",\"points\":3.5", "{\"name\":\"alt/other\",\"points\":1", "bad-proof", "alt/other");
	expect_changed_proof("\"alt/other\"", "\"alt/another\"", "bad-proof", "does not say what 'alt/other' earned");
	expect_changed_proof("1.5,\"fails\":[\"leads\"]", "1.5,\"fails\":[\"there\"]", "bad-proof", "'wrong/b' did not fail");
	expect_changed_proof("1.5,\"fails\":[\"leads\"]", "1.5,\"fails\":[\"leads\",\"there\"]", "bad-proof", "'wrong/b' did not fail");
	expect_changed_proof("\"points\":2}]", "\"points\":-2}]", "bad-proof", "points");
	expect_changed_proof("\"id\":\"there\"", "\"id\":\"the re\"", "bad-proof", "id");
	expect_changed_proof("\"checks\":[", "\"checks\":{},\"x\":[", "bad-proof", "checks");
}

static void test_unfailed_check(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	make(&k, NULL, NULL);
	write_proof(
	    &k,
	    "{\"format\":1,\"task\":\"" HASH "\",\"image\":\"host\",\"checks\":[{\"id\":\"there\",\"points\":1},{\"id\":\"leads\",\"points\":"
	    "1},{\"id\":\"more\",\"points\":0}],\"variants\":[{\"name\":\"solution\",\"points\":2},{\"name\":\"untouched\",\"points\":0},"
	    "{\"name\":\"alt/other\",\"points\":2},{\"name\":\"wrong/a\",\"fails\":[\"there\",\"leads\"]},{\"name\":\"wrong/b\",\"fails\":"
	    "[\"leads\"]},{\"name\":\"wrong/c\",\"fails\":[\"there\"]}]}");
	kit_load(&k);
	kit_clean(&k);
	assert_non_null(strstr(kit_find(&k, "unfailed-check")->message, "'more'"));
	assert_int_equal(kit_item(&k, "link")->points_m, 2000);
	bank_lint(k.bank, &k.diags);
	assert_non_null(kit_find(&k, "undrawn-task"));
}

/* What may not be in a folder keeps the task out, and nothing else. */
static void test_hostile_folders(void **state)
{
	(void)state;
	for (int what = 0; what < 7; what++) {
		_cleanup_kit_ struct kit k;
		make(&k, NULL, NULL);
		_cleanup_free_ char *at = xasprintf("%s/tasks/link/files/etc/%s", k.dir, what == 4 ? "a\nb" : "bad");
		_cleanup_free_ char *large = xcalloc(1, TASK_FILE_MAX + 2), *task = xasprintf("%s/tasks/link", k.dir);
		const char *code = "not-a-file";
		if (what == 0) {
			assert_int_equal(symlink("/etc/shadow", at), 0);
		} else if (what == 1) {
			assert_int_equal(symlink("../../..", at), 0);
		} else if (what == 2) {
			assert_int_equal(mkfifo(at, 0600), 0);
		} else if (what == 3) {
			kit_write(k.dir, "tasks/link/files/etc/bad", (struct str){large, TASK_FILE_MAX + 1});
			code = "too-large";
		} else if (what == 4) {
			kit_write(k.dir, "tasks/link/files/etc/a\nb", STR("x"));
		} else if (what == 5) { /* nested too deeply */
			_cleanup_buf_ struct buf deep = BUF(4000);
			buf_adds(&deep, "tasks/link/files");
			for (int i = 0; i < TASK_DEPTH_MAX + 2; i++)
				buf_adds(&deep, "/d");
			buf_adds(&deep, "/file");
			kit_write(k.dir, deep.p, STR("x"));
			code = "too-large";
		} else { /* the folder itself is a link */
			_cleanup_free_ char *moved = xasprintf("%s/elsewhere", k.dir);
			assert_int_equal(rename(task, moved), 0);
			assert_int_equal(symlink("../elsewhere", task), 0);
		}
		write_proof(&k, PROOF(HASH));
		kit_load(&k);
		if (!kit_find(&k, code))
			kit_fail(&k, code);
		assert_null(bank_item(k.bank, "link"));
		assert_non_null(bank_item(k.bank, "q"));
	}
}

static void test_too_many_files(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	make(&k, NULL, NULL);
	for (int i = 0; i <= TASK_FILES_MAX; i++) {
		char path[64];
		snprintf(path, sizeof path, "tasks/link/files/%d", i);
		kit_write(k.dir, path, STR(""));
	}
	kit_load(&k);
	assert_non_null(kit_find(&k, "too-large"));
	assert_null(bank_item(k.bank, "link"));
}

#define PROGRAM "```lua params\nreturn { a = 1 }\n```\n"

static void test_instances(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	struct err err;
	_cleanup_(item_destroyp) struct item *drawn = NULL, *back = NULL;
	_cleanup_buf_ struct buf a = BUF(1 << 20), b = BUF(1 << 20);
	make(&k, "task.md",
	     "---\nhints: ['It is @{a}.']\n---\n# Add @{a}\n" PROGRAM
	     "Add @{a}.\n\n### Checklist\n- `@{a}` is there\n\n### Hint\nFirst @{a}\n");
	write_proof(&k, PROOF(HASH));
	kit_load(&k);
	kit_clean(&k);
	const struct item *item = kit_item(&k, "link");
	assert_true(item->params_line > 0);
	if (!bank_instantiate(k.bank, item, "{\"a\":17}", &drawn, &err))
		fail_msg("%s", err.msg);
	assert_string_equal(drawn->stem_html, "<p>Add 17.</p>");
	assert_string_equal(drawn->task->checklist_html[0], "<code>17</code> is there");
	assert_int_equal(drawn->n_hints, 2);
	assert_string_equal(drawn->hints_html[0], "<p>First 17</p>");
	assert_string_equal(drawn->hints_html[1], "<p>It is 17.</p>");
	assert_string_equal(drawn->task->values, "{\"a\":17}");
	assert_string_equal(drawn->task->grader_lua, GRADER);
	assert_int_equal(drawn->task->n_files, 3);
	item_encode(drawn, &a);
	if (!item_decode(buf_str(&a), &back, &err))
		fail_msg("%s", err.msg);
	item_encode(back, &b);
	assert_string_equal(a.p, b.p);
	struct item *none = NULL;
	assert_false(bank_instantiate(k.bank, item, "{\"b\":17}", &none, &err));
}

/* For its author: the proof does not matter, and nothing is said about the rest of the bank. */
static void test_one_task(void **state)
{
	(void)state;
	struct err err;
	_cleanup_kit_ struct kit k;
	make(&k, NULL, NULL);
	kit_write(k.dir, "questions/broken.md", STR("Which?\n"));
	_cleanup_free_ char *dir = xasprintf("%s/tasks/../tasks/link/", k.dir), *outside = xasprintf("%s/questions", k.dir);
	if (!bank_load_task(dir, &k.diags, &k.bank, &err))
		fail_msg("%s", err.msg);
	if (k.diags.n)
		kit_fail(&k, "clean");
	assert_int_equal(k.bank->n_items, 1);
	assert_int_equal(k.bank->items[0].task->n_variants, 4);
	assert_int_equal(k.bank->items[0].points_m, 1000);
	struct bank *none = NULL;
	assert_false(bank_load_task(outside, &k.diags, &none, &err));
	assert_int_equal(err.code, ERR_INVALID);
	assert_false(bank_load_task("/nowhere/tasks/x", &k.diags, &none, &err));
	assert_int_equal(err.code, ERR_NOT_FOUND);
}

static void test_commands(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	make(&k, "task.md", "---\ncommands: [sh, no-such-command-here]\n---\nx\n");
	write_proof(&k, PROOF(HASH));
	kit_load(&k);
	kit_clean(&k);
	struct item *item = (struct item *)kit_item(&k, "link");
	assert_null(item->task->missing);
	bank_look_for_commands(k.bank);
	assert_string_equal(item->task->missing, "the command 'no-such-command-here', which is not installed here");
	free(item->task->image); /* what an image of its own holds, this machine does not tell */
	item->task->image = xstrdup("web");
	free(take_ptr(item->task->missing));
	bank_look_for_commands(k.bank);
	assert_null(item->task->missing);
}

static void test_images(void **state)
{
	(void)state;
	static const char *const bad[] = {"host: {suite: bookworm}",    "web: bookworm",          "web: {suit: bookworm}",
	                                  "web: {packages: ['--yes']}", "web: {packages: [a b]}", "Web: {}"};
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text = xasprintf("images:\n  %s\n", bad[i]);
		KIT(&k, "bank.yml", text, "questions.md", "Which?\n\n- [x] one\n- [ ] two\n");
		if (!k.diags.n_errors)
			kit_fail(&k, bad[i]);
		assert_true(k.bank->n_images == 0 || k.bank->images[0].n_packages == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reads),           cmocka_unit_test(test_hash),           cmocka_unit_test(test_each_message),
	    cmocka_unit_test(test_place),           cmocka_unit_test(test_proofs),         cmocka_unit_test(test_unfailed_check),
	    cmocka_unit_test(test_hostile_folders), cmocka_unit_test(test_too_many_files), cmocka_unit_test(test_instances),
	    cmocka_unit_test(test_one_task),        cmocka_unit_test(test_commands),       cmocka_unit_test(test_images),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
