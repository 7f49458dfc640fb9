/* The audit. See log_check.h.
 *
 * One walk over the entries: from each its leaf hash, the tiles that fill up with it, and, at the sizes of checkpoints, the root. Then the
 * other way round: whatever should be in the log is looked up there. */
#include "proctor/log_check_parts.h"
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

#define LEVELS (TILE_LEVEL_MAX + 1)

/* A checkpoint that the walk will come past. */
struct due {
	int64_t size;
	unsigned char root[HASH_SIZE];
	char name[160];
};

struct checking {
	struct store *st;
	log_audit_fn *fn;
	void *arg;
	struct log_audit done;
	/* The tree so far: the unfinished tile of each level, and the roots of whole subtrees, largest first. */
	unsigned char edge[LEVELS][TILE_SIZE_MAX];
	int widths[LEVELS];
	struct tlog_hash peaks[64];
	/* Checkpoints, by size. */
	struct due *due;
	size_t n_due, cap_due, next_due;
	int64_t good; /* the largest size whose root was right */
	/* The entry that is looked at. */
	const struct log_row *row;
	int64_t result_row; /* of the result before */
	bool seen, keys_logged;
};

void log_finding(struct checking *c, const char *fmt, ...)
{
	char text[600];
	va_list ap;
	if (c->done.findings++ >= LOG_FINDINGS_MAX)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	c->fn(c->arg, text);
}

/* ---- What an entry is about ---- */

bool log_commits_to(const struct log_row *row, struct str bytes)
{
	unsigned char commitment[HASH_SIZE];
	log_commitment(row->salt, bytes, commitment);
	return row->whole && memcmp(commitment, row->commitment, sizeof commitment) == 0;
}

static bool look_at_result(void *arg, const struct log_result *r, struct err *err)
{
	struct checking *c = arg;
	(void)err;
	if (!log_commits_to(c->row, r->body))
		log_finding(c, "result %d of attempt %s is not what was logged as entry %lld: it, its salt or the entry was altered", r->n,
		            r->attempt_id, (long long)c->row->n);
	if (r->row <= c->result_row)
		log_finding(c, "result %d of attempt %s (entry %lld) was stored before the result that is logged before it: they were reordered",
		            r->n, r->attempt_id, (long long)c->row->n);
	c->result_row = r->row;
	return true;
}

static bool check_result(struct checking *c, struct err *err)
{
	const struct log_row *row = c->row;
	struct str rest = str_of(row->reference), first;
	int64_t attempt, n;
	struct err none;
	c->done.results++;
	if (!str_next_field(&rest, ' ', &first) || !str_to_i64(first, 0, INT64_MAX, &attempt) || !str_to_i64(rest, 1, INT32_MAX, &n)) {
		log_finding(c, "entry %lld names a result in a way that is not ours: it was altered", (long long)row->n);
		return true;
	}
	if (store_log_result(c->st, attempt, (int)n, look_at_result, c, &none))
		return true;
	if (none.code != ERR_NOT_FOUND)
		return err_set(err, none.code, "%s", none.msg);
	log_finding(c, "result %lld of the attempt in row %lld, logged as entry %lld, is missing", (long long)n, (long long)attempt,
	            (long long)row->n);
	return true;
}

static bool check_subject(struct checking *c, struct err *err)
{
	const struct log_row *row = c->row;
	int64_t newest;
	const char *kind = log_kind_name(row->kind);
	if (!kind || !row->whole) {
		log_finding(c, "entry %lld is damaged: its %s", (long long)row->n,
		            kind ? "salt or commitment has another size" : "kind is unknown");
		return true;
	}
	if (row->kind == LOG_RESULT && (!store_log_find(c->st, row->kind, row->reference, &newest, err) || newest != row->n))
		log_finding(c, "%s '%s' is in the log twice, as entries %lld and %lld", kind, row->reference, (long long)row->n, (long long)newest);
	if (row->kind == LOG_RESULT)
		return check_result(c, err);
	if (row->kind == LOG_CERTIFICATE) {
		bool withdrawn = false;
		c->done.certificates++;
		if (!log_check_certificate(c, c->st, row, &withdrawn, err))
			return false;
		c->done.withdrawn += withdrawn;
		return true;
	}
	c->done.others++;
	c->keys_logged |= row->kind == LOG_KEY;
	if (row->kind == LOG_KEY && !log_check_key(c, c->st, row, err))
		return false;
	if (!row->bytes.p)
		log_finding(c, "entry %lld (%s '%s') has lost what was logged", (long long)row->n, kind, row->reference);
	else if (!log_commits_to(row, row->bytes))
		log_finding(c, "entry %lld (%s '%s') is not what was logged: it or its salt was altered", (long long)row->n, kind, row->reference);
	return true;
}

/* ---- The tree ---- */

/* A finished (or, at the end, an unfinished) tile against the stored one. */
static bool check_tile(struct checking *c, unsigned level, int64_t n, struct err *err)
{
	unsigned char stored[TILE_SIZE_MAX];
	size_t len = 0, want = (size_t)c->widths[level] * HASH_SIZE;
	struct err why;
	if (!store_log_tile(c->st, level, n, stored, &len, &why)) {
		if (why.code != ERR_STORE)
			return err_set(err, why.code, "%s", why.msg);
		log_finding(c, "%s", why.msg);
		return true;
	}
	c->done.tiles++;
	if (len != want)
		log_finding(c, "tile %u/%lld is %s", level, (long long)n, len == 0 ? "missing" : len < want ? "cut short" : "too long");
	for (int i = 0; i < c->widths[level] && (size_t)(i + 1) * HASH_SIZE <= len; i++) {
		if (memcmp(stored + i * HASH_SIZE, c->edge[level] + i * HASH_SIZE, HASH_SIZE) == 0)
			continue;
		if (level == 0)
			log_finding(c, "entry %lld is not what tile 0/%lld holds: the entry or the tile was altered, or entries were reordered",
			            (long long)(n * TILE_WIDTH + i), (long long)n);
		else
			log_finding(c, "hash %d of tile %u/%lld is not that of the tile below it", i, level, (long long)n);
	}
	return true;
}

static bool add_to_tiles(struct checking *c, int64_t n, const struct tlog_hash *leaf, struct err *err)
{
	struct tlog_hash h = *leaf;
	for (unsigned level = 0; level < LEVELS; level++) {
		memcpy(c->edge[level] + c->widths[level]++ * HASH_SIZE, h.b, HASH_SIZE);
		if (c->widths[level] < TILE_WIDTH)
			return true;
		n /= TILE_WIDTH;
		if (!check_tile(c, level, n, err))
			return false;
		tile_root(c->edge[level], &h);
		c->widths[level] = 0;
	}
	return true;
}

/* Peaks: bit i of the size says whether peaks[i] is the root of a whole subtree of 2^i entries. */
static void add_to_peaks(struct checking *c, int64_t n, const struct tlog_hash *leaf)
{
	struct tlog_hash h = *leaf;
	int i = 0;
	for (; n >> i & 1; i++)
		tlog_node(&c->peaks[i], &h, &h);
	c->peaks[i] = h;
}

static void root_of_peaks(const struct checking *c, int64_t size, struct tlog_hash *ret)
{
	bool any = false;
	hash_sha256(STR(""), ret->b);
	for (int i = 0; i < 63; i++) {
		if (!(size >> i & 1))
			continue;
		if (any)
			tlog_node(&c->peaks[i], ret, ret);
		else
			*ret = c->peaks[i];
		any = true;
	}
}

static void pass_checkpoints(struct checking *c, int64_t size)
{
	struct tlog_hash root;
	for (; c->next_due < c->n_due && c->due[c->next_due].size == size; c->next_due++) {
		const struct due *d = &c->due[c->next_due];
		root_of_peaks(c, size, &root);
		if (memcmp(root.b, d->root, sizeof d->root) == 0)
			c->good = size > c->good ? size : c->good;
		else
			log_finding(c, "%s of %lld entries has another root: what is stored is not what was signed, somewhere from entry %lld on",
			            d->name, (long long)size, (long long)c->good);
	}
}

static bool check_entry(void *arg, const struct log_row *row, struct err *err)
{
	struct checking *c = arg;
	char entry[LOG_ENTRY_SIZE];
	struct tlog_hash leaf;
	int64_t expected = c->done.entries;
	if (row->n != expected) {
		if (row->n == expected + 1)
			log_finding(c, "entry %lld is missing", (long long)expected);
		else
			log_finding(c, "entries %lld to %lld are missing", (long long)expected, (long long)row->n - 1);
		if (row->n < 0 || row->n - expected > 1000000)
			return err_set(err, ERR_STORE, "the log has more entries missing than can be told");
		/* What is missing counts as an empty leaf, so that the rest stays at its place. */
		for (memset(&leaf, 0, sizeof leaf); c->done.entries < row->n; c->done.entries++) {
			if (!add_to_tiles(c, c->done.entries, &leaf, err))
				return false;
			add_to_peaks(c, c->done.entries, &leaf);
			pass_checkpoints(c, c->done.entries + 1);
		}
	}
	c->row = row;
	if (!check_subject(c, err))
		return false;
	const char *kind = log_kind_name(row->kind);
	size_t len = log_entry_write(kind ? kind : "?", row->commitment, entry);
	tlog_leaf((struct str){entry, len}, &leaf);
	if (!add_to_tiles(c, row->n, &leaf, err))
		return false;
	add_to_peaks(c, row->n, &leaf);
	c->done.entries = row->n + 1;
	pass_checkpoints(c, c->done.entries);
	return true;
}

/* The tiles at the right edge, and whether there are more than there should be. */
static bool check_edge(struct checking *c, struct err *err)
{
	int64_t size = c->done.entries;
	for (unsigned level = 0; level < LEVELS; level++) {
		int64_t there, full = level == TILE_LEVEL_MAX ? 0 : size >> (8 * (level + 1)), partial = level > 0 && c->widths[level] > 0;
		if (partial && !check_tile(c, level, full, err))
			return false;
		if (!store_log_tile_count(c->st, level, &there, err))
			return false;
		if (there > full + partial)
			log_finding(c, "level %u has %lld tiles more than its entries fill: entries were removed", level,
			            (long long)(there - full - partial));
	}
	return true;
}

/* ---- Checkpoints ---- */

static void add_due(struct checking *c, int64_t size, const unsigned char root[HASH_SIZE], const char *name)
{
	c->due = xgrow(c->due, c->n_due, &c->cap_due, sizeof *c->due);
	struct due *d = &c->due[c->n_due++];
	*d = (struct due){.size = size};
	memcpy(d->root, root, sizeof d->root);
	snprintf(d->name, sizeof d->name, "%s", name);
}

struct loading {
	struct checking *c;
	const struct log_policy *logs;
};

static bool load_checkpoint(void *arg, const struct log_checkpoint *row, struct err *err)
{
	struct loading *l = arg;
	struct log_seen seen;
	struct err why;
	_cleanup_buf_ struct buf text = BUF(NOTE_SIZE_MAX);
	l->c->done.checkpoints++;
	l->c->done.signed_size = row->size;
	if (!log_checkpoint_text(l->c->st, row, &text, err))
		return false;
	if (!log_policy_check(l->logs, buf_str(&text), &seen, &why))
		log_finding(l->c, "the checkpoint of %lld entries was altered: %s", (long long)row->size, why.msg);
	else if (seen.size != row->size)
		log_finding(l->c, "the checkpoint of %lld entries was moved: it says %lld", (long long)row->size, (long long)seen.size);
	else
		add_due(l->c, seen.size, seen.root, "the checkpoint");
	return true;
}

static void load_against(struct checking *c, const struct log_policy *logs, const struct log_against *against)
{
	struct log_seen seen;
	struct err why;
	char name[160];
	snprintf(name, sizeof name, "the checkpoint in %.120s", against->name);
	if (!log_policy_check(logs, against->text, &seen, &why))
		log_finding(c, "%s: %s", name, why.msg);
	else
		add_due(c, seen.size, seen.root, name);
}

static int by_size(const void *a, const void *b)
{
	const struct due *x = a, *y = b;
	return (x->size > y->size) - (x->size < y->size);
}

static void check_ends(struct checking *c)
{
	for (; c->next_due < c->n_due; c->next_due++)
		log_finding(c, "%s is of %lld entries, and there are %lld: the last ones were removed, or an older database was put in its place",
		            c->due[c->next_due].name, (long long)c->due[c->next_due].size, (long long)c->done.entries);
	c->done.unsigned_entries = c->done.entries - c->done.signed_size;
	if (c->done.unsigned_entries < 0)
		c->done.unsigned_entries = 0;
}

/* ---- What should be in the log ---- */

#define RESULTS_AT_ONCE 1000

struct looking {
	struct checking *c;
	int64_t last;
	int n;
};

static bool look_up_result(void *arg, const struct log_result *r, struct err *err)
{
	struct looking *l = arg;
	_cleanup_free_ char *reference = log_result_reference(r->attempt, r->n);
	int64_t index;
	struct err none;
	l->last = r->row;
	l->n++;
	if (store_log_find(l->c->st, LOG_RESULT, reference, &index, &none))
		return true;
	if (none.code != ERR_NOT_FOUND)
		return err_set(err, none.code, "%s", none.msg);
	log_finding(l->c, "result %d of attempt %s is not in the log: it was added beside it, or its entry was altered", r->n, r->attempt_id);
	return true;
}

static bool check_results(struct checking *c, struct err *err)
{
	struct looking l = {.c = c, .n = RESULTS_AT_ONCE};
	while (l.n == RESULTS_AT_ONCE) {
		l.n = 0;
		if (!store_log_results(c->st, l.last, INT64_MAX, RESULTS_AT_ONCE, look_up_result, &l, err))
			return false;
	}
	return true;
}

static bool walk(struct checking *c, struct err *err)
{
	pass_checkpoints(c, 0);
	if (!store_log_each(c->st, 0, INT64_MAX, check_entry, c, err) || !check_edge(c, err))
		return false;
	check_ends(c);
	return check_results(c, err) && log_check_certificates(c, c->st, err) && log_check_keys(c, c->st, c->keys_logged, err);
}

bool log_check(struct store *st, const struct log_policy *logs, const struct log_against *against, size_t n_against, log_audit_fn *fn,
               void *arg, struct log_audit *ret, struct err *err)
{
	struct checking *c = xcalloc(1, sizeof *c);
	_cleanup_snapshot_ struct store *snapshot = store_snapshot(st);
	struct loading l = {c, logs};
	struct tlog_hash root;
	*c = (struct checking){.st = st, .fn = fn, .arg = arg, .result_row = -1};
	bool ok = store_log_checkpoint_each(st, load_checkpoint, &l, err);
	for (size_t i = 0; ok && i < n_against; i++)
		load_against(c, logs, &against[i]);
	if (c->n_due)
		qsort(c->due, c->n_due, sizeof *c->due, by_size);
	ok = ok && walk(c, err);
	root_of_peaks(c, c->done.entries, &root);
	hash_hex(root.b, c->done.root);
	if (ok)
		*ret = c->done;
	free(c->due);
	free(c);
	return ok;
}
