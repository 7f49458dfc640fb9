/* Tiles. See tiles.h. */
#include "credential/tiles.h"
#include "base/mem.h"
#include <assert.h>
#include <stdio.h>

int tile_width(unsigned level, int64_t n, int64_t size)
{
	if (level > TILE_LEVEL_MAX || n < 0)
		return 0;
	int64_t hashes = size >> (8 * level);
	if (n > hashes / TILE_WIDTH)
		return 0;
	int64_t width = hashes - n * TILE_WIDTH;
	return width > TILE_WIDTH ? TILE_WIDTH : (int)width;
}

/* ---- Paths ---- */

/* "x001/x234/067" up to the end, or up to ".p/". */
static bool read_number(struct str *rest, int64_t *ret)
{
	int64_t n = 0;
	for (int parts = 0;; parts++) {
		bool more = str_starts(*rest, "x");
		struct str digits = str_sub(*rest, more, (size_t)more + 3);
		int64_t v;
		/* The first part of several is not 000: one path a number. */
		if (parts > 5 || digits.len != 3 || !str_to_i64(digits, 0, 999, &v) || (more && parts == 0 && v == 0))
			return false;
		for (size_t i = 0; i < 3; i++)
			if (digits.p[i] < '0' || digits.p[i] > '9')
				return false;
		n = n * 1000 + v;
		*rest = str_sub(*rest, (size_t)more + 3, rest->len);
		if (!more)
			break;
		if (!str_starts(*rest, "/"))
			return false;
		*rest = str_sub(*rest, 1, rest->len);
	}
	*ret = n;
	return true;
}

/* Decimal digits without zeroes before them. */
static bool read_plain(struct str text, int64_t min, int64_t max, int64_t *ret)
{
	char again[24];
	return str_to_i64(text, min, max, ret) && snprintf(again, sizeof again, "%lld", (long long)*ret) == (int)text.len &&
	       str_is(text, again);
}

bool tile_path_read(struct str path, struct tile *ret, struct err *err)
{
	struct tile t = {.width = TILE_WIDTH};
	struct str rest = path, first;
	int64_t level = 0, width;
	bool ok = str_next_field(&rest, '/', &first) && rest.p;
	t.entries = ok && str_is(first, "entries");
	ok = ok && (t.entries || read_plain(first, 0, 63, &level)) && read_number(&rest, &t.n);
	if (ok && rest.len) {
		ok = str_starts(rest, ".p/") && read_plain(str_sub(rest, 3, rest.len), 1, TILE_WIDTH - 1, &width);
		if (ok)
			t.width = (int)width;
	}
	if (!ok)
		return err_set(err, ERR_NOT_FOUND, "this is not the address of a tile");
	t.level = (unsigned)level;
	*ret = t;
	return true;
}

char *tile_path_write(const struct tile *tile, char out[TILE_PATH_SIZE])
{
	char number[40] = "";
	size_t at = sizeof number - 1;
	int64_t n = tile->n;
	for (bool last = true; last || n; last = false, n /= 1000) {
		char part[8];
		int len = snprintf(part, sizeof part, last ? "%03d" : "x%03d/", (int)(n % 1000));
		at -= (size_t)len;
		memcpy(number + at, part, (size_t)len);
	}
	int len = tile->entries ? snprintf(out, TILE_PATH_SIZE, "entries/%s", number + at)
	                        : snprintf(out, TILE_PATH_SIZE, "%u/%s", tile->level, number + at);
	if (tile->width < TILE_WIDTH)
		snprintf(out + len, TILE_PATH_SIZE - (size_t)len, ".p/%d", tile->width);
	return out;
}

/* ---- Bundles ---- */

bool tile_add_entry(struct buf *bundle, struct str entry, struct err *err)
{
	if (entry.len > UINT16_MAX)
		return err_set(err, ERR_TOO_LARGE, "an entry of a log has at most 65535 bytes");
	buf_addc(bundle, (char)(entry.len >> 8));
	buf_addc(bundle, (char)(entry.len & 0xff));
	buf_addv(bundle, entry);
	return true;
}

bool tile_next_entry(struct str *rest, struct str *ret_entry)
{
	if (rest->len < 2)
		return false;
	size_t len = (size_t)(unsigned char)rest->p[0] << 8 | (unsigned char)rest->p[1];
	if (rest->len - 2 < len)
		return false;
	*ret_entry = str_sub(*rest, 2, 2 + len);
	*rest = str_sub(*rest, 2 + len, rest->len);
	return true;
}

/* ---- Hashes ---- */

struct tiles *tiles_create(int64_t size, tile_read_fn *read, void *arg)
{
	struct tiles *t = xcalloc(1, sizeof *t);
	t->size = size;
	t->read = read;
	t->arg = arg;
	return t;
}

void tiles_destroy(struct tiles *t)
{
	free(t);
}

/* Everything above the tile's hashes that is whole. */
static void fill(struct tile_hashes *k, const unsigned char *hashes)
{
	memcpy(k->subtrees + TILE_WIDTH, hashes, (size_t)k->width * HASH_SIZE);
	for (int first = TILE_WIDTH / 2, whole = k->width / 2; first; first /= 2, whole /= 2)
		for (int i = first; i < first + whole; i++)
			tlog_node(&k->subtrees[2 * i], &k->subtrees[2 * i + 1], &k->subtrees[i]);
}

static bool keep(struct tiles *t, unsigned level, int64_t n, struct tile_hashes **ret, struct err *err)
{
	for (unsigned i = 0; i < TILES_KEPT; i++)
		if (t->kept[i].width && t->kept[i].level == level && t->kept[i].n == n) {
			*ret = &t->kept[i];
			return true;
		}
	unsigned char hashes[TILE_SIZE_MAX];
	struct tile_hashes *k = &t->kept[t->next];
	k->width = 0;
	int width = tile_width(level, n, t->size);
	if (width == 0)
		return err_set(err, ERR_NOT_FOUND, "the log has no tile %u/%lld", level, (long long)n);
	if (!t->read(t->arg, level, n, width, hashes, err))
		return false;
	k->level = level;
	k->n = n;
	k->width = width;
	fill(k, hashes);
	t->next = (t->next + 1) % TILES_KEPT;
	*ret = k;
	return true;
}

bool tiles_hash(void *arg, unsigned level, int64_t n, struct tlog_hash *ret, struct err *err)
{
	struct tiles *t = arg;
	struct tile_hashes *k = NULL;
	unsigned inside = level % 8; /* levels above the tile's own hashes */
	int64_t tile = n >> (8 - inside), at = n - (tile << (8 - inside));
	if (level / 8 > TILE_LEVEL_MAX)
		return err_set(err, ERR_NOT_FOUND, "the log is not that high");
	if (!keep(t, level / 8, tile, &k, err))
		return false;
	if ((at + 1) << inside > k->width)
		return err_set(err, ERR_NOT_FOUND, "that part of the log is not complete");
	*ret = k->subtrees[(TILE_WIDTH >> inside) + at];
	return true;
}

void tile_root(const unsigned char hashes[TILE_SIZE_MAX], struct tlog_hash *ret)
{
	struct tile_hashes k = {.width = TILE_WIDTH};
	fill(&k, hashes);
	*ret = k.subtrees[1];
}
