/* The transparency log's rows: entries, tiles, checkpoints. What they mean is in proctor/log.h. */
#pragma once
#include "base/hash.h"
#include "store/store.h"

#define LOG_REFERENCE_SIZE 201
#define LOG_TEXT_SIZE 640 /* of a checkpoint, and of its signature */
#define LOG_TILE_BYTES 8192
#define LOG_BYTES_MAX (1 << 20)

struct log_row {
	int64_t n;
	int kind;
	char reference[LOG_REFERENCE_SIZE];
	unsigned char salt[HASH_SIZE], commitment[HASH_SIZE];
	bool whole;       /* salt and commitment have their sizes */
	struct str bytes; /* p NULL: none are kept. Valid during a call of store_log_fn, and in store_log_append() */
};
/* How many entries there are, by the highest; and the size of the newest checkpoint, -1 for none. */
MUST_CHECK bool store_log_sizes(struct store *st, int64_t *ret_size, int64_t *ret_signed, struct err *err);
MUST_CHECK bool store_log_append(struct store *st, const struct log_row *row, struct err *err);
/* ERR_NOT_FOUND. The bytes that are kept with it are copied into the buffer, which may be NULL, and ret's point there. */
MUST_CHECK bool store_log_entry(struct store *st, int64_t n, struct log_row *ret, struct buf *bytes, struct err *err);
/* The newest entry of a kind with a reference; ERR_NOT_FOUND, always for certificates: their rows name their entries. */
MUST_CHECK bool store_log_find(struct store *st, int kind, const char *reference, int64_t *ret_n, struct err *err);
/* The entries from `from` up to and without `to`, in order. */
typedef bool store_log_fn(void *arg, const struct log_row *row, struct err *err);
MUST_CHECK bool store_log_each(struct store *st, int64_t from, int64_t to, store_log_fn *fn, void *arg, struct err *err);

/* *ret_len is 0 when there is no such tile; ERR_STORE when it is longer than a tile. */
MUST_CHECK bool store_log_tile(struct store *st, unsigned level, int64_t n, unsigned char ret[LOG_TILE_BYTES], size_t *ret_len,
                               struct err *err);
MUST_CHECK bool store_log_tile_put(struct store *st, unsigned level, int64_t n, struct str hashes, struct err *err);
/* How many tiles of a level there are. */
MUST_CHECK bool store_log_tile_count(struct store *st, unsigned level, int64_t *ret, struct err *err);

struct log_checkpoint {
	int64_t size, created_ms;
	char body[LOG_TEXT_SIZE], signature[LOG_TEXT_SIZE];
};
/* The newest one; *ret_found. */
MUST_CHECK bool store_log_newest(struct store *st, struct log_checkpoint *ret, bool *ret_found, struct err *err);
/* The newest one that covers an entry and is cosigned; *ret_found. */
MUST_CHECK bool store_log_cosigned(struct store *st, int64_t n, struct log_checkpoint *ret, bool *ret_found, struct err *err);
/* Of that size; ERR_NOT_FOUND. */
MUST_CHECK bool store_log_checkpoint(struct store *st, int64_t size, struct log_checkpoint *ret, struct err *err);
MUST_CHECK bool store_log_checkpoint_put(struct store *st, const struct log_checkpoint *c, struct err *err);
/* Drops one that is not cosigned. */
MUST_CHECK bool store_log_checkpoint_drop(struct store *st, int64_t size, struct err *err);
typedef bool store_log_checkpoint_fn(void *arg, const struct log_checkpoint *c, struct err *err);
MUST_CHECK bool store_log_checkpoint_each(struct store *st, store_log_checkpoint_fn *fn, void *arg, struct err *err); /* by size */
/* Adds the lines of the witnesses that have cosigned the checkpoint of that size. */
MUST_CHECK bool store_log_cosignatures(struct store *st, int64_t size, struct buf *out, struct err *err);
MUST_CHECK bool store_log_cosignature_put(struct store *st, int64_t size, const char *name, const char *line, struct err *err);

/* The origin that checkpoints are signed with; "" before the first one. */
MUST_CHECK bool store_log_origin(struct store *st, char ret[LOG_REFERENCE_SIZE], struct err *err);
MUST_CHECK bool store_log_origin_put(struct store *st, const char *origin, struct err *err);

/* Results by their rows, in the order in which they were stored. */
struct log_result {
	int64_t row, attempt;
	int n;
	struct str body; /* valid during the call */
	const char *attempt_id;
};
typedef bool store_log_result_fn(void *arg, const struct log_result *result, struct err *err);
/* At most `max` with rows above `after` and up to `to`. */
MUST_CHECK bool store_log_results(struct store *st, int64_t after, int64_t to, int max, store_log_result_fn *fn, void *arg,
                                  struct err *err);
/* One; ERR_NOT_FOUND. fn is called once. */
MUST_CHECK bool store_log_result(struct store *st, int64_t attempt, int n, store_log_result_fn *fn, void *arg, struct err *err);
/* Results from before the log: rows above *ret_entered and up to *ret_backlog are not in it yet. */
MUST_CHECK bool store_log_backlog(struct store *st, int64_t *ret_entered, int64_t *ret_backlog, struct err *err);
MUST_CHECK bool store_log_entered(struct store *st, int64_t row, struct err *err);
