/* A database in a folder of its own. */
#pragma once
#include "../test.h"

#include "store/account.h"
#include "store/attempt.h"
#include "store/bank_version.h"
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

/* An attempt of the local person, with everything set. */
static inline struct attempt_row kit_attempt(struct kit *k, const char *id)
{
	struct attempt_row row = {
	    .account = ACCOUNT_LOCAL,
	    .items = 4,
	    .extra_m = 1250,
	    .relaxed = true,
	    .lease = 1,
	    .progress = {ATTEMPT_ON_BREAK, 1, 2000, 1500, 3, 2, 1, 900},
	    .next_ms = 1500,
	    .begun_service_ms = 10,
	    .started_ms = 11,
	};
	MUST(store_version_add(k->wr, "abc", "bank", STR("x"), 1, &row.version, err));
	snprintf(row.id, sizeof row.id, "%s", id);
	snprintf(row.bank_id, sizeof row.bank_id, "bank");
	snprintf(row.exam, sizeof row.exam, "exam");
	MUST(store_attempt_add(k->wr, &row, "Title", STR("form"), "hash", &row.key, err));
	return row;
}
