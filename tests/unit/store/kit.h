/* A database in a folder of its own. */
#pragma once
#include "../test.h"

#include "store/internal.h"
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

struct kit {
	char dir[64], path[96];
	struct store *wr, *rd;
};

static inline void must(bool ok, const struct err *err)
{
	if (!ok)
		fail_msg("%s: %s", err_name(err->code), err->msg);
}
#define MUST(call)                           \
	do {                                     \
		struct err err_ = {0}, *err = &err_; \
		must(call, err);                     \
	} while (0)
#define MUST_NOT(call, with)                                      \
	do {                                                          \
		struct err err_ = {0}, *err = &err_;                      \
		assert_false(call);                                       \
		assert_string_equal(err_name(err->code), err_name(with)); \
	} while (0)

static inline int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static inline void kit_open(struct kit *k)
{
	memset(k, 0, sizeof *k);
	snprintf(k->dir, sizeof k->dir, "/tmp/assay-store-XXXXXX");
	assert_non_null(mkdtemp(k->dir));
	snprintf(k->path, sizeof k->path, "%s/assay.db", k->dir);
	MUST(store_open(k->path, STORE_WRITE, &k->wr, err));
	MUST(store_open(k->path, STORE_READ, &k->rd, err));
}

static inline void kit_close(struct kit *k)
{
	store_close(k->rd);
	store_close(k->wr);
	nftw(k->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
