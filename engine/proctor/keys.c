/* The keys in memory: making them, unsealing them, and noticing changes. See keys.h; the passphrase is in passphrase.c.
 *
 * Only active keys are unsealed. Once unsealed a key stays where it is until the end, so that whoever holds a pointer may go on with it.
 * With an expensive seal (a passphrase that people chose) a server unseals on a thread of its own, so that the first answer does not wait;
 * key_active() does. Commands unseal when they first need a key: most never do. */
#include "proctor/keys.h"
#include "base/file.h"
#include "credential/keyring.h"
#include "proctor/internal.h"
#include "proctor/passphrase.h"
#include "store/key.h"
#include <errno.h>
#include <sodium.h>

static const char *const purposes[KEY_PURPOSES] = {"results", "credentials", "status", "log"};
static const char *const states[KEY_STATES] = {"active", "retired", "compromised", "next"};

struct opening;
static void opening_free(struct opening *o);

struct loaded {
	int64_t id;
	int purpose;
	struct sign_key *key; /* in locked memory */
};

struct keys {
	char *passphrase_file; /* that was named; or NULL */
	pthread_mutex_t lock;  /* of all below */
	pthread_cond_t done;
	enum { SEALED, OPENING, OPEN, FAILED } state;
	struct err why; /* FAILED */
	struct keyring *ring;
	struct loaded *loaded;
	size_t n, cap;
	size_t active[KEY_PURPOSES];                           /* index in loaded, plus one; 0: none */
	unsigned char public_key[KEY_PURPOSES][SIGN_KEY_SIZE]; /* of the active keys; known before they are unsealed */
	int64_t epoch;
	struct opening *pending; /* what the thread will do */
	pthread_t thread;
	bool threaded;
};

const char *key_purpose_name(enum key_purpose p)
{
	return purposes[p];
}
const char *key_state_name(enum key_state s)
{
	return states[s];
}

bool key_purpose_parse(const char *name, enum key_purpose *ret, struct err *err)
{
	for (size_t i = 0; i < KEY_PURPOSES; i++)
		if (strcmp(purposes[i], name) == 0) {
			*ret = (enum key_purpose)i;
			return true;
		}
	return err_set(err, ERR_USAGE, "'%.40s' is no purpose of a key: results, credentials, status or log", name);
}

struct keys *keys_create(const struct proctor_config *config)
{
	struct keys *k = xcalloc(1, sizeof *k);
	k->passphrase_file = config->passphrase_file ? xstrdup(config->passphrase_file) : NULL;
	k->epoch = -1;
	pthread_mutex_init(&k->lock, NULL);
	pthread_cond_init(&k->done, NULL);
	return k;
}

void keys_destroy(struct keys *k)
{
	if (!k)
		return;
	if (k->threaded)
		pthread_join(k->thread, NULL);
	opening_free(k->pending);
	for (size_t i = 0; i < k->n; i++)
		sign_key_free(k->loaded[i].key);
	keyring_close(k->ring);
	free(k->loaded);
	free(k->passphrase_file);
	pthread_cond_destroy(&k->done);
	pthread_mutex_destroy(&k->lock);
	free(k);
}

/* ---- Unsealing ---- */

/* Unseals a row that is not loaded yet. The lock is held. */
static bool load_row(struct keys *k, const struct key_row *row, struct err *err)
{
	unsigned char seed[SIGN_SEED_SIZE];
	struct loaded l = {.id = row->id, .purpose = row->purpose};
	if (!keyring_unseal(k->ring, (struct str){(const char *)row->sealed, row->sealed_len}, seed, err))
		return false;
	l.key = sign_key_alloc();
	sign_key_from_seed(seed, l.key);
	sodium_memzero(seed, sizeof seed);
	if (memcmp(l.key->public_key, row->public_key, SIGN_KEY_SIZE) != 0) {
		sign_key_free(l.key);
		return err_set(err, ERR_STORE, "the keys in the database were exchanged: a public key does not belong to its seed");
	}
	k->loaded = xgrow(k->loaded, k->n, &k->cap, sizeof *k->loaded);
	k->loaded[k->n++] = l;
	return true;
}

static size_t find_loaded(const struct keys *k, int64_t id)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->loaded[i].id == id)
			return i + 1;
	return 0;
}

/* Takes up the active keys of these rows: all, or none when one fails. The lock is held; the ring is open. */
static bool take_rows(struct keys *k, const struct key_row *rows, size_t n, struct err *err)
{
	size_t active[KEY_PURPOSES] = {0};
	for (size_t i = 0; i < n; i++) {
		if (rows[i].state != KEY_ACTIVE || rows[i].purpose < 0 || rows[i].purpose >= KEY_PURPOSES)
			continue;
		if (!find_loaded(k, rows[i].id) && !load_row(k, &rows[i], err))
			return false;
		active[rows[i].purpose] = find_loaded(k, rows[i].id);
	}
	memcpy(k->active, active, sizeof active);
	return true;
}

static void take_public(struct keys *k, const struct key_row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].state == KEY_ACTIVE && rows[i].purpose >= 0 && rows[i].purpose < KEY_PURPOSES)
			memcpy(k->public_key[rows[i].purpose], rows[i].public_key, SIGN_KEY_SIZE);
}

/* The rows with the epoch that they belong to. */
static bool read_rows(struct store *st, struct key_row **ret, size_t *ret_n, int64_t *ret_epoch, struct err *err)
{
	_cleanup_snapshot_ struct store *view = store_snapshot(st);
	return store_key_epoch(st, ret_epoch, err) && store_keys(st, ret, ret_n, err);
}

struct opening {
	struct keys *keys;
	struct passphrase passphrase;
	struct keyring_params params;
	struct key_row *rows;
	size_t n;
	int64_t epoch;
};

static void opening_free(struct opening *o)
{
	if (!o)
		return;
	passphrase_finish(&o->passphrase);
	free(o->rows);
	free(o);
}
DEFINE_CLEANUP(struct opening, opening_free)

/* The slow part, without the lock; then the state is OPEN, or FAILED for good. */
static void open_ring(struct opening *o)
{
	struct keys *k = o->keys;
	struct keyring *ring = NULL;
	struct err err = {0};
	bool ok = keyring_open((struct str){o->passphrase.text, o->passphrase.len}, &o->params, &ring, &err);
	pthread_mutex_lock(&k->lock);
	k->ring = ring;
	ok = ok && take_rows(k, o->rows, o->n, &err);
	k->epoch = o->epoch;
	k->state = ok ? OPEN : FAILED;
	if (!ok)
		err_set(&k->why, ERR_STORE, "the signing keys cannot be unsealed with %s: %s", o->passphrase.path, err.msg);
	pthread_cond_broadcast(&k->done);
	pthread_mutex_unlock(&k->lock);
}

static void *opening_main(void *arg)
{
	open_ring(arg);
	opening_free(arg);
	return NULL;
}

static bool begin_opening(struct proctor *pr, struct store *st, const struct keyring_row *row, struct opening **ret, struct err *err)
{
	_cleanup_(opening_freep) struct opening *o = xcalloc(1, sizeof *o);
	bool made;
	o->keys = pr->keys;
	o->params = (struct keyring_params){.ops = row->ops, .mem = row->mem};
	memcpy(o->params.salt, row->salt, sizeof o->params.salt);
	if (!passphrase_get(pr->data_dir, pr->keys->passphrase_file, false, &o->passphrase, &made, err) ||
	    !read_rows(st, &o->rows, &o->n, &o->epoch, err))
		return false;
	*ret = take_ptr(o);
	return true;
}

static bool outcome(struct keys *k, struct err *err)
{
	return k->state == OPEN ? true : err_set(err, k->why.code, "%s", k->why.msg);
}

/* Here and now. */
static bool open_now(struct proctor *pr, struct store *st, struct err *err)
{
	struct keyring_row row;
	bool found;
	_cleanup_(opening_freep) struct opening *o = NULL;
	if (!store_keyring_get(st, &row, &found, err))
		return false;
	if (!found)
		return err_set(err, ERR_STORE, "there are no signing keys");
	if (!begin_opening(pr, st, &row, &o, err))
		return false;
	open_ring(o);
	return outcome(pr->keys, err);
}

/* ---- Making ---- */

bool keys_make(struct proctor *pr, struct store *wr, int purpose, int state, const unsigned char *given, struct key_row *ret,
               struct err *err)
{
	struct keys *k = pr->keys;
	struct key_row row = {.purpose = purpose, .state = state, .sealed_len = KEYRING_SEALED_SIZE, .created_ms = proctor_wall_ms(pr)};
	unsigned char seed[SIGN_SEED_SIZE];
	struct sign_key key;
	if (k->state == SEALED && !open_now(pr, wr, err))
		return false;
	if (k->state != OPEN)
		return outcome(k, err);
	if (given)
		memcpy(seed, given, sizeof seed);
	else
		rng_secret(seed, sizeof seed);
	sign_key_from_seed(seed, &key);
	memcpy(row.public_key, key.public_key, sizeof row.public_key);
	keyring_seal(k->ring, seed, row.sealed);
	sodium_memzero(seed, sizeof seed);
	sodium_memzero(&key, sizeof key);
	if (!store_key_add(wr, &row, &row.id, err))
		return false;
	*ret = row;
	return true;
}

static bool put_ring(struct proctor *pr, struct store *wr, const struct passphrase *p, bool random, struct err *err)
{
	struct keyring_params params;
	struct keyring *ring;
	keyring_params_make(random, &params);
	struct keyring_row row = {.ops = params.ops, .mem = params.mem};
	memcpy(row.salt, params.salt, sizeof row.salt);
	if (!keyring_open((struct str){p->text, p->len}, &params, &ring, err))
		return false;
	keyring_close(pr->keys->ring);
	pr->keys->ring = ring;
	pr->keys->state = OPEN;
	return store_keyring_put(wr, &row, err);
}

/* Makes the keys that are missing; `results` is the seed of a data folder from before keys were sealed, or NULL. */
static bool make_missing(struct proctor *pr, struct store *wr, const unsigned char *results, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n;
	if (!store_keys(wr, &rows, &n, err))
		return false;
	for (int p = 0; p < KEY_PURPOSES; p++) {
		struct key_row row;
		bool there = false;
		for (size_t i = 0; i < n; i++)
			there |= rows[i].purpose == p && rows[i].state == KEY_ACTIVE;
		if (!there &&
		    (!keys_make(pr, wr, p, KEY_ACTIVE, p == KEY_RESULTS ? results : NULL, &row, err) || !keys_changed(pr, wr, "active", &row, err)))
			return false;
	}
	return true;
}

static bool make_all(struct proctor *pr, struct store *wr, const struct passphrase *p, bool random, const unsigned char *results,
                     struct err *err)
{
	if (!store_begin(wr, err))
		return false;
	if (put_ring(pr, wr, p, random, err) && make_missing(pr, wr, results, err) && store_commit(wr, err))
		return true;
	store_rollback(wr);
	return false;
}

bool keys_reseal(struct proctor *pr, struct store *wr, struct str passphrase, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	_cleanup_passphrase_ struct passphrase p = {0};
	struct keys *k = pr->keys;
	size_t n;
	if (!passphrase.len || passphrase.len > KEYRING_PASSPHRASE_MAX)
		return err_set(err, ERR_USAGE, "a passphrase has 1 to %d bytes", KEYRING_PASSPHRASE_MAX);
	if (!store_keys(wr, &rows, &n, err) || (k->state == SEALED && !open_now(pr, wr, err)))
		return false;
	unsigned char(*seeds)[SIGN_SEED_SIZE] = sodium_allocarray(n + 1, sizeof *seeds);
	bool ok = seeds != NULL;
	for (size_t i = 0; ok && i < n; i++)
		ok = !rows[i].sealed_len || keyring_unseal(k->ring, (struct str){(char *)rows[i].sealed, rows[i].sealed_len}, seeds[i], err);
	memcpy(p.text, passphrase.p, passphrase.len);
	p.len = passphrase.len;
	ok = ok && put_ring(pr, wr, &p, false, err);
	for (size_t i = 0; ok && i < n; i++)
		if (rows[i].sealed_len) {
			keyring_seal(k->ring, seeds[i], rows[i].sealed);
			ok = store_key_update(wr, &rows[i], err);
		}
	sodium_free(seeds);
	return ok && store_key_epoch_next(wr, err);
}

/* ---- Start ---- */

/* The first start: makes passphrase and keys, taking over the results' key as it was kept before. */
static bool first_start(struct proctor *pr, bool fresh, const char *old_path, struct err *err)
{
	_cleanup_passphrase_ struct passphrase p = {0};
	unsigned char seed[SIGN_SEED_SIZE];
	bool made;
	struct err why;
	bool old = file_read_hex(old_path, seed, sizeof seed, &why);
	if (!old && why.code != ERR_NOT_FOUND)
		return err_set(err, why.code, "%s", why.msg);
	if (!old && !fresh) /* another key in its place would look like forgery to whoever checks a result later */
		return err_set(err, ERR_NOT_FOUND, "%s is missing, although the database has attempts: put it back from a backup", old_path);
	bool ok = passphrase_get(pr->data_dir, pr->keys->passphrase_file, true, &p, &made, err) &&
	          make_all(pr, pr->wr, &p, made, old ? seed : NULL, err);
	sodium_memzero(seed, sizeof seed);
	return ok;
}

/* The seed in the clear has no place beside the sealed one; a file with another key is not ours to remove. */
static void remove_old(const char *old_path, const struct key_row *rows, size_t n)
{
	unsigned char seed[SIGN_SEED_SIZE];
	struct sign_key key;
	struct err ignored;
	if (!file_read_hex(old_path, seed, sizeof seed, &ignored))
		return;
	sign_key_from_seed(seed, &key);
	for (size_t i = 0; i < n; i++)
		if (rows[i].purpose == KEY_RESULTS && memcmp(rows[i].public_key, key.public_key, SIGN_KEY_SIZE) == 0)
			unlink(old_path);
	sodium_memzero(seed, sizeof seed);
	sodium_memzero(&key, sizeof key);
}

/* A server unseals now when that costs nothing, else when keys_unseal() is called. */
static bool begin_unsealing(struct proctor *pr, const struct keyring_row *row, struct err *err)
{
	_cleanup_(opening_freep) struct opening *o = NULL;
	if (!begin_opening(pr, pr->wr, row, &o, err))
		return false;
	if (keyring_is_cheap(&o->params)) {
		open_ring(o);
		return outcome(pr->keys, err);
	}
	pr->keys->state = OPENING;
	pr->keys->pending = take_ptr(o);
	return true;
}

void keys_unseal(struct proctor *pr)
{
	struct keys *k = pr->keys;
	pthread_mutex_lock(&k->lock);
	struct opening *o = take_ptr(k->pending);
	pthread_mutex_unlock(&k->lock);
	if (o && pthread_create(&k->thread, NULL, opening_main, o) == 0)
		k->threaded = true;
	else if (o)
		opening_main(o);
}

bool keys_start(struct proctor *pr, bool fresh, struct err *err)
{
	_cleanup_free_ char *old_path = xasprintf("%s/keys/result.key", pr->data_dir);
	_cleanup_key_rows_ struct key_row *rows = NULL;
	struct keys *k = pr->keys;
	struct keyring_row row;
	size_t n;
	bool found;
	if (!store_keyring_get(pr->wr, &row, &found, err) || (!found && !first_start(pr, fresh, old_path, err)) ||
	    !read_rows(pr->wr, &rows, &n, &k->epoch, err))
		return false;
	remove_old(old_path, rows, n);
	take_public(k, rows, n);
	if (!found)
		return take_rows(k, rows, n, err);
	return pr->beside || begin_unsealing(pr, &row, err);
}

/* ---- In use ---- */

bool key_active(struct proctor *pr, enum key_purpose purpose, const struct sign_key **ret, struct err *err)
{
	struct keys *k = pr->keys;
	if (k->state == SEALED && !open_now(pr, pr->wr, err)) /* a command: one thread */
		return false;
	keys_unseal(pr);
	pthread_mutex_lock(&k->lock);
	while (k->state == OPENING)
		pthread_cond_wait(&k->done, &k->lock);
	bool ok = outcome(k, err);
	if (ok && !k->active[purpose])
		ok = err_set(err, ERR_STORE, "there is no key for %s", purposes[purpose]);
	if (ok)
		*ret = k->loaded[k->active[purpose] - 1].key;
	pthread_mutex_unlock(&k->lock);
	return ok;
}

bool keys_ready(struct proctor *pr)
{
	pthread_mutex_lock(&pr->keys->lock);
	bool ready = pr->keys->state != OPENING;
	pthread_mutex_unlock(&pr->keys->lock);
	return ready;
}

void keys_open_early(struct proctor *pr)
{
	struct err ignored;
	if (pr->keys->state == SEALED)
		(void)!open_now(pr, pr->wr, &ignored);
}

bool keys_refresh(struct proctor *pr, struct store *st, struct err *err)
{
	struct keys *k = pr->keys;
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n;
	int64_t epoch;
	if (!store_key_epoch(st, &epoch, err))
		return false;
	pthread_mutex_lock(&k->lock);
	bool changed = epoch != k->epoch && (k->state == OPEN || k->state == SEALED);
	pthread_mutex_unlock(&k->lock);
	if (!changed)
		return true;
	if (!read_rows(st, &rows, &n, &epoch, err))
		return false;
	pthread_mutex_lock(&k->lock);
	bool ok = k->state == SEALED || take_rows(k, rows, n, err);
	if (ok) {
		take_public(k, rows, n);
		k->epoch = epoch;
	}
	pthread_mutex_unlock(&k->lock);
	return ok;
}

bool key_used(struct proctor *pr, struct store *wr, enum key_purpose purpose, const struct sign_key *key, int64_t until_ms, struct err *err)
{
	struct keys *k = pr->keys;
	int64_t id = 0;
	pthread_mutex_lock(&k->lock);
	for (size_t i = 0; i < k->n; i++)
		if (k->loaded[i].purpose == (int)purpose && memcmp(k->loaded[i].key->public_key, key->public_key, SIGN_KEY_SIZE) == 0)
			id = k->loaded[i].id;
	pthread_mutex_unlock(&k->lock);
	return id ? store_key_used(wr, id, until_ms, err) : err_set(err, ERR_INTERNAL, "this key is not one for %s", purposes[purpose]);
}

bool keys_failed(struct proctor *pr, struct err *ret_why)
{
	struct keys *k = pr->keys;
	pthread_mutex_lock(&k->lock);
	bool failed = k->state == FAILED;
	if (failed)
		*ret_why = k->why;
	pthread_mutex_unlock(&k->lock);
	return failed;
}

void keys_public(struct proctor *pr, int purpose, unsigned char ret[SIGN_KEY_SIZE])
{
	pthread_mutex_lock(&pr->keys->lock);
	memcpy(ret, pr->keys->public_key[purpose], SIGN_KEY_SIZE);
	pthread_mutex_unlock(&pr->keys->lock);
}

bool keys_check(const char *data_dir, struct store *rd, char **ret_path, bool *ret_beside, struct err *err)
{
	_cleanup_passphrase_ struct passphrase p = {0};
	_cleanup_key_rows_ struct key_row *rows = NULL;
	struct keyring_row row;
	struct keyring *ring = NULL;
	bool found, made;
	size_t n;
	int64_t epoch;
	if (!store_keyring_get(rd, &row, &found, err) || !read_rows(rd, &rows, &n, &epoch, err) ||
	    !passphrase_get(data_dir, NULL, false, &p, &made, err))
		return false;
	struct keyring_params params = {.ops = row.ops, .mem = row.mem};
	memcpy(params.salt, row.salt, sizeof params.salt);
	if (!found || !keyring_open((struct str){p.text, p.len}, &params, &ring, err))
		return found ? false : err_set(err, ERR_STORE, "there are no signing keys");
	struct keys k = {.ring = ring};
	bool ok = take_rows(&k, rows, n, err);
	for (size_t i = 0; i < k.n; i++)
		sign_key_free(k.loaded[i].key);
	free(k.loaded);
	keyring_close(ring);
	if (!ok)
		return err_prefix(err, "the signing keys cannot be unsealed with %s", p.path);
	free(passphrase_path(data_dir, NULL, ret_beside));
	*ret_path = take_ptr(p.path);
	return true;
}
