/* Banks on disk for a test: files in, the loaded bank and its diagnostics out. Names end in NULL. */
#pragma once
#include "bank/bank.h"
#include "bank/diag.h"
#include "base/file.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "../test.h"

struct kit {
	char dir[64];
	struct bank *bank;
	struct diags diags;
};

static inline void kit_write(const char *dir, const char *path, struct str bytes)
{
	_cleanup_free_ char *full = xasprintf("%s/%s", dir, path);
	for (char *p = full + strlen(dir) + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		mkdir(full, 0700);
		*p = '/';
	}
	int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes.p, bytes.len), (ssize_t)bytes.len);
	close(fd);
}

static inline void kit_folder(struct kit *k)
{
	*k = (struct kit){.dir = "/tmp/assay-bank-XXXXXX"};
	assert_non_null(mkdtemp(k->dir));
}

static inline void kit_load(struct kit *k)
{
	struct err err;
	if (!bank_load(k->dir, &k->diags, &k->bank, &err))
		fail_msg("%s", err.msg);
	diags_sort(&k->diags);
}

/* path, text, path, text, …, NULL */
static inline void kit_bank(struct kit *k, const char *const *files)
{
	kit_folder(k);
	for (; *files; files += 2)
		kit_write(k->dir, files[0], str_of(files[1]));
	kit_load(k);
}
#define KIT(k, ...) kit_bank(k, (const char *const[]){__VA_ARGS__, NULL})
/* A bank that is one question in questions/q.md. */
#define KIT_QUESTION(k, text) KIT(k, "questions/q.md", text)

static inline void kit_remove(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *e;
	while (dir && (e = readdir(dir))) {
		struct stat st;
		_cleanup_free_ char *inner = xasprintf("%s/%s", path, e->d_name);
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (lstat(inner, &st) == 0 && S_ISDIR(st.st_mode))
			kit_remove(inner);
		else
			unlink(inner);
	}
	if (dir)
		closedir(dir);
	rmdir(path);
}

static inline void kit_finish(struct kit *k)
{
	bank_destroy(k->bank);
	diags_finish(&k->diags);
	if (k->dir[0])
		kit_remove(k->dir);
	*k = (struct kit){0};
}
#define _cleanup_kit_ _cleanup_(kit_finish)

static inline const struct diag *kit_find(const struct kit *k, const char *code)
{
	for (size_t i = 0; i < k->diags.n; i++)
		if (strcmp(k->diags.list[i].code, code) == 0)
			return &k->diags.list[i];
	return NULL;
}

static inline void kit_fail(const struct kit *k, const char *what)
{
	_cleanup_buf_ struct buf out = BUF(1 << 20);
	diags_print(&k->diags, false, &out);
	fail_msg("%s; there is:\n%s", what, out.p ? out.p : "nothing");
}

/* No errors; warnings may be. */
static inline void kit_clean(const struct kit *k)
{
	if (k->diags.n_errors)
		kit_fail(k, "errors");
}

static inline const struct item *kit_item(const struct kit *k, const char *id)
{
	const struct item *item = bank_item(k->bank, id);
	if (!item)
		kit_fail(k, id);
	return item;
}
