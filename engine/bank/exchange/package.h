/* What questions are read from: a file, a folder, or an archive (zip, tar, tar.gz), all as a list of files. Internal to exchange/.
 *
 * Symbolic links and hidden files of a folder are passed over. An archive is refused whole when it has an absolute path, one with "..", a
 * link, an encrypted file, too many files, or files that unpack to too much. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

#define PACKAGE_FILES_MAX 20000
#define PACKAGE_DEPTH_MAX 12
#define PACKAGE_RATIO_MAX 200 /* times that a file of an archive may grow, beyond 1 MiB */

struct package {
	char **paths; /* sorted, with '/' */
	size_t n, cap;
	size_t total; /* bytes read so far */
	bool lone;    /* a single file: paths[0] */
	int dir_fd;
	struct zip *zip;
	struct buf zip_bytes;
	struct buf tar;                 /* unpacked */
	struct package_member *members; /* of the tar, sorted as paths are; NULL: it is none */
};
struct package_member {
	char *path;
	size_t at, len;
};
/* `hidden`: with hidden files, but for those of Git. */
MUST_CHECK bool package_open(const char *path, bool hidden, struct package *ret, struct err *err);
/* The same for the bytes of an archive; they belong to the package afterwards. */
MUST_CHECK bool package_open_zip(struct buf *bytes, struct package *ret, struct err *err);
/* package_tar.c: whether these bytes are a tar, perhaps under gzip; and the same as package_open_zip() for one. */
bool package_is_tar(struct str bytes);
MUST_CHECK bool package_open_tar(struct buf *bytes, struct package *ret, struct err *err);
/* Internal to package*.c. */
bool package_is_safe(const char *path);
MUST_CHECK bool package_refuse(struct err *err, const char *name, const char *why);
MUST_CHECK bool package_add(struct package *p, struct str path, struct err *err);
MUST_CHECK bool package_sort(struct package *p, struct err *err); /* and refuses a path that is there twice */
void package_close(struct package *p);
#define _cleanup_package_ __attribute__((cleanup(package_close)))
MUST_CHECK bool package_read(struct package *p, const char *path, struct buf *out, struct err *err);
bool package_has(const struct package *p, const char *path);
bool package_is_executable(const struct package *p, const char *path); /* of a folder's files */
