/* Layers: a tree of files as one stream of bytes, for snapshots of a box's writable layer and for copying into and out of a box.
 *
 * A tree is written depth first, names sorted, so that the same tree gives the same bytes. The stream starts with LAYER_MAGIC;
 * each entry is a type, a name without '/', mode, owner, time of change and extended attributes (ACLs and user.*), then what its
 * type needs: extents that hold data (holes are not stored), the target of a link, or the children up to LAYER_UP. Whiteouts and
 * opaque folders of an overlay are kept as such when asked. Hard links are kept.
 *
 * Whoever made the tree is hostile, so both directions work by descriptor and single names, never follow a link, never open
 * anything but regular files and folders, and have ceilings. */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include <stdbool.h>
#include <stdint.h>

#define LAYER_MAGIC "assay-layer 1\n"
#define LAYER_DEPTH_MAX 256       /* deeper folders are left out, and counted */
#define LAYER_PATH_MAX 4095       /* of a hard link's target */
#define LAYER_XATTR_MAX 65536     /* bytes of one value */
#define LAYER_XATTRS_MAX 64       /* of one entry */
#define LAYER_ENTRIES_MAX 2000000 /* in one stream */

enum layer_flags {
	LAYER_OVERLAY = 1, /* whiteouts and opaque folders mean what overlayfs means by them */
	LAYER_PLAIN = 2,   /* pack: permissions without setuid, no owners, no attributes: a host's files on their way into a box */
};

struct layer_owner {
	uint32_t uid, gid;
};

struct layer_stats {
	uint64_t bytes;   /* of the stream */
	uint32_t entries; /* packed or unpacked */
	uint32_t skipped; /* left out: too deep, or not a kind of file that can be kept */
};

/* Packs what is below dir_fd, or only its entry `name`, to out_fd, at most size_max bytes (ERR_TOO_LARGE). */
MUST_CHECK bool layer_pack(int dir_fd, const char *name, int out_fd, unsigned flags, uint64_t size_max, struct layer_stats *ret,
                           struct err *err);
/* Unpacks a stream below dir_fd. What is there is replaced, folders are merged. A stream of one entry takes `name` if that is not
 * NULL. `owner`, if not NULL, gets it all instead of those in the stream. On failure a part may have been written. */
MUST_CHECK bool layer_unpack(int in_fd, int dir_fd, const char *name, unsigned flags, const struct layer_owner *owner,
                             struct layer_stats *ret, struct err *err);
/* The bytes of the one regular file that a stream must consist of, at most size_max. Nothing is made on disk: the stream may come
 * from a box. */
MUST_CHECK bool layer_read_single(int in_fd, size_t size_max, struct buf *out, struct err *err);
/* A number that changes when anything below dir_fd has changed (times of change included); no contents are read. */
uint64_t layer_fingerprint(int dir_fd);
