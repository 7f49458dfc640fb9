/* An author's folder: paths that stay in it, writes that never lose anybody's text, removed files that come back. */
#include "bank/workspace.h"
#include "kit.h"

struct bench {
	struct kit kit;
	char trash[80];
	struct workspace *w;
};

static void bench_open(struct bench *b)
{
	struct err err;
	kit_folder(&b->kit);
	snprintf(b->trash, sizeof b->trash, "%s.trash", b->kit.dir);
	kit_write(b->kit.dir, "questions/a.md", STR("one"));
	assert_true(workspace_open(b->kit.dir, b->trash, &b->w, &err));
}

static void bench_close(struct bench *b)
{
	workspace_close(b->w);
	kit_remove(b->trash);
	kit_finish(&b->kit);
}

static char *content(const struct bench *b, const char *path)
{
	struct err err;
	_cleanup_free_ char *full = xasprintf("%s/%s", b->kit.dir, path);
	_cleanup_buf_ struct buf bytes = BUF(1 << 20);
	return file_read(full, 1 << 20, &bytes, &err) ? str_dup(buf_str(&bytes)) : NULL;
}

static void assert_content(const struct bench *b, const char *path, const char *wanted)
{
	_cleanup_free_ char *text = content(b, path);
	if (!wanted) {
		assert_null(text);
		return;
	}
	assert_non_null(text);
	assert_string_equal(text, wanted);
}

/* Nothing of ours is left at the top. */
static void assert_clean(const struct bench *b)
{
	DIR *dir = opendir(b->kit.dir);
	for (const struct dirent *e; (e = readdir(dir));)
		assert_false(strncmp(e->d_name, ".assay", 6) == 0);
	closedir(dir);
}

static void test_paths(void **state)
{
	(void)state;
	struct err err;
	static const char *const good[] = {
	    "bank.yml",    "questions.md", "questions/a.md",  "questions/deep/er/a b.md",   "exams/x.yml", "cases/c.md",
	    "docs/d/e.md", "media/p.png",  "tasks/t/task.md", "tasks/t/files/home/.bashrc", "README.md",   "questions/über.md"};
	static const char *const bad[] = {"",
	                                  "/etc/passwd",
	                                  "..",
	                                  "../x.md",
	                                  "questions/../x.md",
	                                  "questions/",
	                                  "questions//a.md",
	                                  "questions",
	                                  "./bank.yml",
	                                  "questions/.x",
	                                  ".git/config",
	                                  "other/a.md",
	                                  "a.md",
	                                  "bank.yml/x",
	                                  "questions/a\nb.md",
	                                  "questions/\x7f",
	                                  "questions/\xff.md",
	                                  "tasks/t/.hidden",
	                                  "tasks/.t/files/x",
	                                  "questions/a/b/c/d/e/f/g/h/i/j/k/l/m.md"};
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		if (!workspace_check_path(good[i], &err))
			fail_msg("%s: %s", good[i], err.msg);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (workspace_check_path(bad[i], &err))
			fail_msg("'%s' was taken", bad[i]);
	char *long_path = xmalloc(WORKSPACE_PATH_MAX + 20);
	memset(long_path, 'a', WORKSPACE_PATH_MAX + 19);
	memcpy(long_path, "questions/", 10);
	long_path[WORKSPACE_PATH_MAX + 19] = 0;
	assert_false(workspace_check_path(long_path, &err));
	free(long_path);
	assert_int_equal(workspace_kind_of("questions/a.md"), FILE_QUESTION);
	assert_int_equal(workspace_kind_of("questions/a.txt"), FILE_OTHER);
	assert_int_equal(workspace_kind_of("bank.yml"), FILE_MANIFEST);
	assert_int_equal(workspace_kind_of("media/a.svg"), FILE_MEDIA);
}

static void test_links(void **state)
{
	(void)state;
	struct bench b;
	struct err err;
	char version[HASH_HEX_SIZE], token[WORKSPACE_TOKEN_SIZE];
	_cleanup_buf_ struct buf bytes = BUF(1);
	bench_open(&b);
	_cleanup_free_ char *secret = xasprintf("%s.secret", b.kit.dir), *file = xasprintf("%s/questions/link.md", b.kit.dir),
	                    *folder = xasprintf("%s/cases", b.kit.dir), *fifo = xasprintf("%s/questions/fifo.md", b.kit.dir);
	assert_int_equal(mkdir(secret, 0700), 0);
	kit_write(secret, "x.md", STR("secret"));
	_cleanup_free_ char *target = xasprintf("%s/x.md", secret);
	assert_int_equal(symlink(target, file), 0);
	assert_int_equal(symlink(secret, folder), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	static const char *const through[] = {"questions/link.md", "cases/x.md", "cases/new.md", "questions/fifo.md"};
	for (size_t i = 0; i < ARRAY_SIZE(through); i++) {
		assert_false(workspace_read(b.w, through[i], &bytes, version, &err));
		assert_false(workspace_write(b.w, through[i], STR("mine"), NULL, version, &err));
		assert_false(workspace_write(b.w, through[i], STR("mine"), "0000000000000000000000000000000000000000000000000000000000000000",
		                             version, &err));
		assert_false(workspace_remove(b.w, through[i], "x", token, &err));
		assert_false(workspace_move(b.w, "questions/a.md", through[i], &err));
	}
	_cleanup_workspace_list_ struct workspace_list list;
	assert_true(workspace_scan(b.w, &list, &err));
	assert_int_equal(list.n, 1);
	assert_string_equal(list.files[0].path, "questions/a.md");
	assert_content(&b, "questions/a.md", "one");
	assert_clean(&b);
	unlink(fifo);
	kit_remove(secret);
	bench_close(&b);
}

static void test_write(void **state)
{
	(void)state;
	struct bench b;
	struct err err;
	char first[HASH_HEX_SIZE], second[HASH_HEX_SIZE], version[HASH_HEX_SIZE];
	_cleanup_buf_ struct buf bytes = BUF(1);
	bench_open(&b);
	assert_true(workspace_read(b.w, "questions/a.md", &bytes, first, &err));
	assert_true(workspace_write(b.w, "questions/a.md", STR("two"), first, second, &err));
	assert_content(&b, "questions/a.md", "two");
	/* somebody else */
	kit_write(b.kit.dir, "questions/a.md", STR("theirs"));
	assert_false(workspace_write(b.w, "questions/a.md", STR("mine"), second, version, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_content(&b, "questions/a.md", "theirs");
	/* there already, and not there any more */
	assert_false(workspace_write(b.w, "questions/a.md", STR("mine"), NULL, version, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_false(workspace_write(b.w, "questions/gone.md", STR("mine"), second, version, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_false(workspace_write(b.w, "docs/gone.md", STR("mine"), second, version, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	/* new, with folders, and with the mode that it had */
	assert_true(workspace_write(b.w, "tasks/t/solution/run.sh", STR("#!/bin/sh\n"), NULL, first, &err));
	_cleanup_free_ char *script = xasprintf("%s/tasks/t/solution/run.sh", b.kit.dir);
	struct stat st;
	assert_int_equal(chmod(script, 0755), 0);
	assert_true(workspace_write(b.w, "tasks/t/solution/run.sh", STR("#!/bin/bash\n"), first, second, &err));
	assert_int_equal(stat(script, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0755);
	assert_clean(&b);
	bench_close(&b);
}

static void test_remove(void **state)
{
	(void)state;
	struct bench b;
	struct err err;
	char version[HASH_HEX_SIZE], token[WORKSPACE_TOKEN_SIZE], again[HASH_HEX_SIZE];
	_cleanup_buf_ struct buf bytes = BUF(1);
	bench_open(&b);
	assert_true(workspace_read(b.w, "questions/a.md", &bytes, version, &err));
	assert_false(workspace_remove(b.w, "questions/a.md", "other", token, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_true(workspace_remove(b.w, "questions/a.md", version, token, &err));
	assert_content(&b, "questions/a.md", NULL);
	char *path;
	static const char *const wrong[] = {"", "../x", "0123456789abcdefghijklmnop"};
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		assert_false(workspace_undo(b.w, wrong[i], &path, again, &err));
		assert_int_equal(err.code, ERR_NOT_FOUND);
	}
	assert_true(workspace_undo(b.w, token, &path, again, &err));
	assert_string_equal(path, "questions/a.md");
	assert_string_equal(again, version);
	free(path);
	assert_content(&b, "questions/a.md", "one");
	assert_false(workspace_undo(b.w, token, &path, again, &err));
	assert_clean(&b);
	bench_close(&b);
}

static void test_move(void **state)
{
	(void)state;
	struct bench b;
	struct err err;
	bench_open(&b);
	kit_write(b.kit.dir, "questions/b.md", STR("b"));
	assert_false(workspace_move(b.w, "questions/a.md", "questions/b.md", &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_false(workspace_move(b.w, "questions/a.md", "../a.md", &err));
	assert_false(workspace_move(b.w, "questions/none.md", "questions/c.md", &err));
	assert_true(workspace_move(b.w, "questions/a.md", "questions/part/c.md", &err));
	assert_content(&b, "questions/part/c.md", "one");
	bench_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_paths),  cmocka_unit_test(test_links), cmocka_unit_test(test_write),
	    cmocka_unit_test(test_remove), cmocka_unit_test(test_move),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
