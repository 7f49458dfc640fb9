/* A bank's folder as its author's tools change it: the files in it, read, written, removed and brought back.
 *
 * Paths are relative to the folder and stay in it: no "..", no hidden names, no symbolic link on the way (openat2). A file is written
 * beside the bank's other files under a hidden name and then exchanged for the old one in one step; if what comes out is not what the
 * author has read, it is exchanged back: nobody's text is ever overwritten unseen. A version is the SHA-256 of a file's bytes.
 *
 * Functions may be called from several threads; they keep nothing but the descriptors and the path of the trash. */
#pragma once
#include "base/buf.h"
#include "base/hash.h"
#include <stdint.h>

#define WORKSPACE_FILE_MAX (16u << 20)
#define WORKSPACE_PATH_MAX 500 /* bytes */
#define WORKSPACE_DEPTH_MAX 12
#define WORKSPACE_FILES_MAX 120000
/* How version control merges review records; written and read, and not listed. */
#define WORKSPACE_REVIEW_ATTRIBUTES "reviews/.gitattributes"
#define WORKSPACE_TRASH_MAX 200 /* files that are kept after they were removed */

enum workspace_kind { FILE_MANIFEST, FILE_QUESTION, FILE_EXAM, FILE_CASE, FILE_TASK, FILE_DOC, FILE_MEDIA, FILE_REVIEW, FILE_OTHER };
const char *workspace_kind_name(enum workspace_kind kind);

struct workspace_file {
	char *path;
	enum workspace_kind kind;
	int64_t size, mtime_ns, ctime_ns;
	uint64_t inode;
};
struct workspace_list {
	struct workspace_file *files; /* sorted by path */
	size_t n, cap;
};

struct workspace;
/* `trash` is a folder for removed files; made when it is needed. ERR_NOT_FOUND when `dir` is no folder. */
MUST_CHECK bool workspace_open(const char *dir, const char *trash, struct workspace **ret, struct err *err);
void workspace_close(struct workspace *w);
const char *workspace_dir(const struct workspace *w);

/* ERR_USAGE for a path that is none in a bank, with the reason. */
MUST_CHECK bool workspace_check_path(const char *path, struct err *err);
/* What a path in a bank is. */
enum workspace_kind workspace_kind_of(const char *path);

/* All files of the bank; links, devices and hidden files are left out. ERR_TOO_LARGE above a ceiling. */
MUST_CHECK bool workspace_scan(const struct workspace *w, struct workspace_list *ret, struct err *err);
void workspace_list_finish(struct workspace_list *l);
#define _cleanup_workspace_list_ __attribute__((cleanup(workspace_list_finish)))

/* ERR_NOT_FOUND, ERR_TOO_LARGE; ret_version may be NULL. */
MUST_CHECK bool workspace_read(const struct workspace *w, const char *path, struct buf *out, char ret_version[HASH_HEX_SIZE],
                               struct err *err);
/* Writes a file whose version is `base` (NULL: that is not there), with the folders that it needs. ERR_CONFLICT when another version is
 * there, or none, or one where none should be: then nothing has changed. */
MUST_CHECK bool workspace_write(const struct workspace *w, const char *path, struct str bytes, const char *base,
                                char ret_version[HASH_HEX_SIZE], struct err *err);
/* Takes a file of this version away; the token brings it back. */
#define WORKSPACE_TOKEN_SIZE 27
MUST_CHECK bool workspace_remove(const struct workspace *w, const char *path, const char *base, char ret_token[WORKSPACE_TOKEN_SIZE],
                                 struct err *err);
/* ERR_NOT_FOUND for a token that is not known (any more), ERR_CONFLICT when another file has taken the place. */
MUST_CHECK bool workspace_undo(const struct workspace *w, const char *token, char **ret_path, char ret_version[HASH_HEX_SIZE],
                               struct err *err);
/* Another name for a file, or for a folder below tasks/; ERR_CONFLICT when it is taken. */
MUST_CHECK bool workspace_move(const struct workspace *w, const char *from, const char *to, struct err *err);
