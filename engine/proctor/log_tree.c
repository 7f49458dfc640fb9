/* The log's tree in the store. See log_tree.h.
 *
 * An append writes one row. Tiles of level 0 are made from the rows of their 256 entries once these are there; each full tile adds a hash
 * to the one above. So the cost of an append does not grow with the log, and the right edge is never stored twice. */
#include "proctor/log_tree.h"
#include <assert.h>

struct leaves {
	unsigned char *out;
	int64_t next;
};

static void leaf_of(const struct log_row *row, unsigned char ret[HASH_SIZE])
{
	char entry[LOG_ENTRY_SIZE];
	struct tlog_hash leaf;
	const char *kind = log_kind_name(row->kind);
	size_t len = log_entry_write(kind ? kind : "?", row->commitment, entry);
	tlog_leaf((struct str){entry, len}, &leaf);
	memcpy(ret, leaf.b, HASH_SIZE);
}

static bool take_leaf(void *arg, const struct log_row *row, struct err *err)
{
	struct leaves *l = arg;
	if (row->n != l->next)
		return err_set(err, ERR_STORE, "the log's entry %lld is missing", (long long)l->next);
	leaf_of(row, l->out);
	l->out += HASH_SIZE;
	l->next++;
	return true;
}

/* Leaf hashes from the entries themselves. */
static bool read_leaves(struct store *st, int64_t from, int count, unsigned char ret[TILE_SIZE_MAX], struct err *err)
{
	struct leaves l = {ret, from};
	if (!store_log_each(st, from, from + count, take_leaf, &l, err))
		return false;
	return l.next == from + count ? true : err_set(err, ERR_STORE, "the log's entry %lld is missing", (long long)l.next);
}

bool log_read_tile(void *arg, unsigned level, int64_t n, int width, unsigned char ret[TILE_SIZE_MAX], struct err *err)
{
	struct store *st = arg;
	size_t len;
	if (!store_log_tile(st, level, n, ret, &len, err))
		return false;
	if (len == 0 && level == 0)
		return read_leaves(st, n * TILE_WIDTH, width, ret, err);
	if (len < (size_t)width * HASH_SIZE)
		return err_set(err, ERR_STORE, "tile %u/%lld of the log is %s", level, (long long)n, len ? "cut short" : "missing");
	return true;
}

struct tiles *log_tiles(struct store *st, int64_t size)
{
	return tiles_create(size, log_read_tile, st);
}

bool log_root(struct store *st, int64_t size, unsigned char ret[HASH_SIZE], struct err *err)
{
	_cleanup_tiles_ struct tiles *tiles = log_tiles(st, size);
	struct tlog_hash root;
	if (!tlog_root(size, tiles_hash, tiles, &root, err))
		return false;
	memcpy(ret, root.b, HASH_SIZE);
	return true;
}

bool log_grow(struct store *wr, int64_t n, struct err *err)
{
	unsigned char hashes[TILE_SIZE_MAX];
	struct tlog_hash root;
	int64_t count = n + 1; /* of hashes at the level below */
	if (count % TILE_WIDTH)
		return true;
	int64_t tile = count / TILE_WIDTH - 1;
	if (!read_leaves(wr, tile * TILE_WIDTH, TILE_WIDTH, hashes, err) ||
	    !store_log_tile_put(wr, 0, tile, (struct str){(const char *)hashes, TILE_SIZE_MAX}, err))
		return false;
	for (unsigned level = 1; level <= TILE_LEVEL_MAX; level++) {
		size_t len;
		tile_root(hashes, &root);
		count /= TILE_WIDTH;
		tile = (count - 1) / TILE_WIDTH;
		size_t at = (size_t)((count - 1) % TILE_WIDTH) * HASH_SIZE;
		if (!store_log_tile(wr, level, tile, hashes, &len, err))
			return false;
		if (len != at)
			return err_set(err, ERR_STORE, "tile %u/%lld of the log is not as long as it must be", level, (long long)tile);
		memcpy(hashes + at, root.b, HASH_SIZE);
		if (!store_log_tile_put(wr, level, tile, (struct str){(const char *)hashes, at + HASH_SIZE}, err))
			return false;
		if (count % TILE_WIDTH)
			return true;
	}
	return true;
}
