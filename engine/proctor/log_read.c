/* Checkpoints, tiles and cosignatures. See log_read.h. */
#include "proctor/log_read.h"
#include "proctor/log_tree.h"
#include <stdio.h>

static bool newest(struct store *st, struct log_checkpoint *ret, struct err *err)
{
	bool found;
	if (!store_log_newest(st, ret, &found, err))
		return false;
	return found ? true : err_set(err, ERR_BUSY, "the log is not signed yet: ask again in a second");
}

bool log_checkpoint(struct proctor *pr, struct store *rd, struct buf *out, struct err *err)
{
	struct log_checkpoint c;
	(void)pr;
	return newest(rd, &c, err) && log_checkpoint_text(rd, &c, out, err);
}

/* ---- Tiles ---- */

static bool add_entry(void *arg, const struct log_row *row, struct err *err)
{
	char entry[LOG_ENTRY_SIZE];
	const char *kind = log_kind_name(row->kind);
	size_t len = log_entry_write(kind ? kind : "?", row->commitment, entry);
	return tile_add_entry(arg, (struct str){entry, len}, err);
}

bool log_tile(struct proctor *pr, struct store *rd, const char *path, struct buf *out, struct err *err)
{
	struct tile t;
	struct log_checkpoint c;
	unsigned char hashes[TILE_SIZE_MAX];
	(void)pr;
	if (!tile_path_read(str_of(path), &t, err) || !newest(rd, &c, err))
		return false;
	if (tile_width(t.level, t.n, c.size) < t.width)
		return err_set(err, ERR_NOT_FOUND, "the log of %lld entries does not have this tile", (long long)c.size);
	if (t.entries)
		return store_log_each(rd, t.n * TILE_WIDTH, t.n * TILE_WIDTH + t.width, add_entry, out, err);
	if (!log_read_tile(rd, t.level, t.n, t.width, hashes, err))
		return false;
	buf_add(out, hashes, (size_t)t.width * HASH_SIZE);
	return true;
}

/* ---- Cosignatures ---- */

bool log_witness_request(struct proctor *pr, struct store *rd, int64_t old, struct buf *out, struct err *err)
{
	struct log_checkpoint c;
	struct tlog_proof proof;
	_cleanup_buf_ struct buf text = BUF(NOTE_SIZE_MAX);
	(void)pr;
	if (!newest(rd, &c, err))
		return false;
	buf_addf(&text, "%s\n%s", c.body, c.signature);
	_cleanup_tiles_ struct tiles *tiles = log_tiles(rd, c.size);
	if (!tlog_prove_consistency(old, c.size, tiles_hash, tiles, &proof, err))
		return false;
	witness_request_write(old, &proof, buf_str(&text), out);
	return buf_check(out, "the request", err);
}

struct cosigning {
	struct store *wr;
	struct str vkeys;
	const struct note *note;
	int n;
	int64_t size;
};

/* One key against one checkpoint. */
static bool try_key(struct cosigning *c, const struct log_checkpoint *checkpoint, const struct note_key *key, struct err *err)
{
	struct note note = *c->note;
	struct str line;
	struct err why;
	note.text = str_of(checkpoint->body);
	if (!note_verify(&note, key, &line, NULL, &why))
		return true; /* of another checkpoint, or nobody's */
	_cleanup_free_ char *copy = str_dup(line);
	c->n++;
	c->size = checkpoint->size;
	return store_log_cosignature_put(c->wr, checkpoint->size, key->name, copy, err);
}

static bool try_checkpoint(struct cosigning *c, const struct log_checkpoint *checkpoint, struct err *err)
{
	struct str rest = c->vkeys, line;
	while (str_next_line(&rest, &line)) {
		struct note_key key;
		line = str_trim(line);
		if (!line.len || line.p[0] == '#')
			continue;
		if (!note_key_read(line, &key, err) || !try_key(c, checkpoint, &key, err))
			return false;
	}
	return true;
}

#define CHECKPOINTS_MAX 4096 /* eleven years of one a day */

struct kept {
	int64_t sizes[CHECKPOINTS_MAX];
	size_t n;
};

static bool take_size(void *arg, const struct log_checkpoint *c, struct err *err)
{
	struct kept *k = arg;
	(void)err;
	k->sizes[k->n++ % CHECKPOINTS_MAX] = c->size; /* the newest ones, when there are more */
	return true;
}

bool log_add_cosignatures(struct proctor *pr, struct store *wr, struct str lines, struct str vkeys, int *ret_n, int64_t *ret_size,
                          struct err *err)
{
	(void)pr;
	struct note note;
	struct err why;
	struct kept *kept = xcalloc(1, sizeof *kept);
	bool ok = note_parse(lines, &note, &why) || note_parse_signatures(lines, &note, err);
	struct cosigning c = {wr, vkeys, &note, 0, 0};
	ok = ok && store_log_checkpoint_each(wr, take_size, kept, err);
	for (size_t i = 0; ok && i < kept->n && i < CHECKPOINTS_MAX; i++) {
		struct log_checkpoint checkpoint;
		ok = store_log_checkpoint(wr, kept->sizes[i], &checkpoint, err) && try_checkpoint(&c, &checkpoint, err);
	}
	free(kept);
	if (!ok)
		return false;
	if (!c.n)
		return err_set(err, ERR_SIGNATURE, "none of these keys has signed a checkpoint of this log that is kept");
	*ret_n = c.n;
	*ret_size = c.size;
	return true;
}
