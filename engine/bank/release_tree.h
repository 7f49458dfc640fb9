/* All files of a bank's folder with their hashes, as a release lists them. Internal to bank/. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

#define RELEASE_NAME "release.json"
#define RELEASE_FILES_MAX 120000
#define RELEASE_FILE_MAX (16u << 20)
#define RELEASE_TOTAL_MAX (1024u << 20)
#define RELEASE_PATH_MAX 1200
#define RELEASE_DEPTH_MAX 40
#define RELEASE_SIGNATURES_MAX 64

struct release_file {
	char *path;
	char sha256[HASH_HEX_SIZE];
	int64_t size;
	bool executable;
};
struct release_tree {
	struct release_file *files; /* sorted by path */
	size_t n, cap;
	char **signatures; /* names of RELEASE_NAME*.minisig, sorted */
	size_t n_signatures;
	bool has_release;
	uint64_t total;
	char seal[HASH_HEX_SIZE]; /* of names, inodes, sizes and times of change: the same one again means that nothing was touched */
};

/* What is wrong, a line each; the first is what an error says. */
struct release_says {
	struct buf lines;
	size_t n;
};
void release_say(struct release_says *s, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void release_says_finish(struct release_says *s);
/* Fails with the first line and the number of others, unless there is none. */
MUST_CHECK bool release_says_check(const struct release_says *s, enum err_code code, struct err *err);

/* Walks the folder; hidden names at its top (.git) are left out, as nothing of a bank is read from them. Says what is no plain file, and
 * what opaque.h finds. `hash` false: only names and times. Fails when it cannot look, or above a ceiling. */
MUST_CHECK bool release_tree_read(int dir_fd, bool hash, struct release_says *says, struct release_tree *ret, struct err *err);
void release_tree_finish(struct release_tree *t);
#define _cleanup_release_tree_ __attribute__((cleanup(release_tree_finish)))
#define _cleanup_release_says_ __attribute__((cleanup(release_says_finish)))
