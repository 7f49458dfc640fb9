/* Tiles of a transparency log: c2sp.org/tlog-tiles.
 *
 * Tile n of level l holds the hashes of up to 256 neighbouring whole subtrees of 256^l entries, from n * 256 on. A full one never changes.
 * Bundles hold the entries below a tile of level 0, each with its length in two bytes before it. */
#pragma once
#include "base/buf.h"
#include "credential/tlog.h"

#define TILE_WIDTH 256
#define TILE_SIZE_MAX (TILE_WIDTH * HASH_SIZE)
#define TILE_LEVEL_MAX 7 /* of a log below 2^62 entries */
#define TILE_PATH_SIZE 64

struct tile {
	bool entries; /* a bundle; its level is 0 */
	unsigned level;
	int64_t n;
	int width; /* 1 to 256 */
};
/* How many hashes the tile has in a log of `size` entries: 0 (there is none) to 256. */
int tile_width(unsigned level, int64_t n, int64_t size);
/* What comes behind "tile/": "L/x001/x234/067.p/5", "entries/000". Strict: one text a tile. ERR_NOT_FOUND for anything else. */
MUST_CHECK bool tile_path_read(struct str path, struct tile *ret, struct err *err);
char *tile_path_write(const struct tile *tile, char out[TILE_PATH_SIZE]);
/* Adds an entry to a bundle. ERR_TOO_LARGE above 65,535 bytes. */
MUST_CHECK bool tile_add_entry(struct buf *bundle, struct str entry, struct err *err);
/* Cuts the next entry off *rest: false at the end, and when the rest is no entry (then rest->len is not 0). */
bool tile_next_entry(struct str *rest, struct str *ret_entry);

/* Hashes of subtrees out of tiles, as tlog_prove_…() read them. Keeps the last few tiles that it was given. */
typedef bool tile_read_fn(void *arg, unsigned level, int64_t n, int width, unsigned char ret[TILE_SIZE_MAX], struct err *err);
#define TILES_KEPT 12
struct tile_hashes {
	unsigned level;
	int64_t n;
	int width;                                 /* 0: unused */
	struct tlog_hash subtrees[2 * TILE_WIDTH]; /* as a heap: node i is above 2i and 2i + 1, the tile's hashes from 256 on */
};
struct tiles {
	int64_t size; /* of the log */
	tile_read_fn *read;
	void *arg;
	unsigned next;
	struct tile_hashes kept[TILES_KEPT];
};
/* On the heap: it is some 200 KiB. */
struct tiles *tiles_create(int64_t size, tile_read_fn *read, void *arg);
void tiles_destroy(struct tiles *t);
static inline void tiles_destroyp(struct tiles **t)
{
	tiles_destroy(*t);
}
tlog_read_fn tiles_hash; /* its arg is the struct tiles */
/* The hash of a full tile's subtree. */
void tile_root(const unsigned char hashes[TILE_SIZE_MAX], struct tlog_hash *ret);
