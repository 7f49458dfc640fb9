/* Accounts, sign-in and sessions. See proctor.h.
 *
 * Passwords are kept as argon2id (libsodium, interactive cost). Cookies and tokens are 32 random bytes, of which only the SHA-256 is
 * stored. A session ends 12 hours after it was last used, and after 7 days in any case.
 *
 * Who is behind a cookie is remembered in memory, so that saving an answer asks the store nothing. The store counts changes of accounts
 * (the epoch); once a second the count is read, and when it has moved, all that is remembered is asked for again: so another program's
 * `assay user disable` takes effect within a second. */
#include "proctor/internal.h"
#include <sodium.h>
#include <stdio.h>

#define SESSION_IDLE_MS (12 * MS_HOUR)
#define SESSION_MAX_MS (7 * MS_DAY)
#define CACHE_SLOTS 4096
#define CACHE_PROBES 8
#define EPOCH_EVERY_MS 1000
#define SEEN_EVERY_MS (5 * MS_MINUTE)
#define PASSWORD_MIN 12
#define PASSWORD_MAX 256
#define SECRET_SIZE 44 /* 32 bytes in base64url and a NUL */

/* ---- What is remembered ---- */

struct remembered {
	unsigned char hash[HASH_SIZE];           /* of the cookie or token */
	struct caller who;                       /* account 0: the slot is free */
	int64_t created_ms, seen_ms, flushed_ms; /* sessions */
};

struct session_cache {
	pthread_mutex_t lock;
	int64_t epoch, epoch_read_ms;
	bool any, any_known;
	struct remembered slots[CACHE_SLOTS];
};

struct session_cache *session_cache_create(void)
{
	struct session_cache *c = xcalloc(1, sizeof *c);
	pthread_mutex_init(&c->lock, NULL);
	c->epoch = -1;
	return c;
}

void session_cache_destroy(struct session_cache *c)
{
	if (!c)
		return;
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* Asks for the epoch at most once a second; forgets everything when it has moved. The lock is held. */
static bool keep_up(struct proctor *pr, struct store *rd, struct err *err)
{
	struct session_cache *c = pr->sessions;
	int64_t now = pr->clock.monotonic_ms(), epoch;
	if (c->epoch >= 0 && now - c->epoch_read_ms < EPOCH_EVERY_MS)
		return true;
	if (!store_account_epoch(rd, &epoch, err))
		return false;
	c->epoch_read_ms = now;
	if (epoch == c->epoch)
		return true;
	c->epoch = epoch;
	c->any_known = false;
	for (size_t i = 0; i < CACHE_SLOTS; i++)
		c->slots[i].who.account = 0;
	return true;
}

static size_t slot_of(const unsigned char hash[HASH_SIZE])
{
	return (hash[0] | (size_t)hash[1] << 8) % CACHE_SLOTS;
}

static struct remembered *recall(struct session_cache *c, const unsigned char hash[HASH_SIZE])
{
	for (size_t i = 0; i < CACHE_PROBES; i++) {
		struct remembered *r = &c->slots[(slot_of(hash) + i) % CACHE_SLOTS];
		if (r->who.account && sodium_memcmp(r->hash, hash, HASH_SIZE) == 0)
			return r;
	}
	return NULL;
}

/* Takes a free slot, or the one that was used longest ago. */
static void remember(struct session_cache *c, const struct remembered *fresh)
{
	struct remembered *best = NULL;
	for (size_t i = 0; i < CACHE_PROBES; i++) {
		struct remembered *r = &c->slots[(slot_of(fresh->hash) + i) % CACHE_SLOTS];
		if (!r->who.account) {
			best = r;
			break;
		}
		if (!best || r->seen_ms < best->seen_ms)
			best = r;
	}
	*best = *fresh;
}

static bool is_over(const struct remembered *r, int64_t now_ms)
{
	return r->who.session && (now_ms - r->seen_ms >= SESSION_IDLE_MS || now_ms - r->created_ms >= SESSION_MAX_MS);
}

/* ---- Who calls ---- */

bool account_any(struct proctor *pr, struct store *rd)
{
	if (pr->accounts_required)
		return true;
	struct session_cache *c = pr->sessions;
	struct err err;
	pthread_mutex_lock(&c->lock);
	bool known = keep_up(pr, rd, &err) && (c->any_known || store_account_any(rd, &c->any, &err));
	c->any_known = known;
	bool any = !known || c->any; /* when the store cannot say, nobody is let in */
	pthread_mutex_unlock(&c->lock);
	return any;
}

void account_local(struct proctor *pr, struct caller *ret)
{
	(void)pr;
	*ret = (struct caller){.account = ACCOUNT_LOCAL, .role = ROLE_OPERATOR};
}

static void hash_secret(const char *secret, unsigned char hash[HASH_SIZE])
{
	hash_sha256(str_of(secret), hash);
}

static bool load_account(struct store *rd, int64_t id, struct caller *ret, struct err *err)
{
	struct account_row row;
	if (!store_account_get(rd, id, &row, err))
		return false;
	if (row.disabled)
		return err_set(err, ERR_UNAUTHENTICATED, "this account is disabled");
	ret->account = row.id;
	ret->role = (enum role)row.role;
	return true;
}

static bool load_session(struct store *rd, const unsigned char hash[HASH_SIZE], struct remembered *ret, struct err *err)
{
	struct session_row row;
	if (!store_session_get(rd, hash, &row, err) || !load_account(rd, row.account, &ret->who, err))
		return false;
	ret->who.session = row.id;
	memcpy(ret->who.csrf, row.csrf, sizeof ret->who.csrf);
	ret->created_ms = row.created_ms;
	ret->seen_ms = ret->flushed_ms = row.seen_ms;
	return true;
}

static bool load_token(struct store *rd, const unsigned char hash[HASH_SIZE], struct remembered *ret, struct err *err)
{
	int64_t account;
	return store_token_get(rd, hash, &account, err) && load_account(rd, account, &ret->who, err);
}

typedef bool load_fn(struct store *rd, const unsigned char hash[HASH_SIZE], struct remembered *ret, struct err *err);

/* The lock is held. */
static bool find(struct proctor *pr, struct store *rd, const unsigned char hash[HASH_SIZE], load_fn *load, struct caller *ret,
                 struct err *err)
{
	struct session_cache *c = pr->sessions;
	int64_t now = proctor_wall_ms(pr);
	if (!keep_up(pr, rd, err))
		return false;
	struct remembered *r = recall(c, hash);
	if (!r) {
		struct remembered fresh = {.seen_ms = now};
		memcpy(fresh.hash, hash, HASH_SIZE);
		if (!load(rd, hash, &fresh, err))
			return false;
		remember(c, &fresh);
		r = recall(c, hash);
	}
	if ((r->who.session != 0) != (load == load_session))
		return err_set(err, ERR_NOT_FOUND, "a cookie is no token, and a token no cookie");
	if (is_over(r, now)) {
		r->who.account = 0;
		return err_set(err, ERR_UNAUTHENTICATED, "the session is over: sign in again");
	}
	if (now > r->seen_ms)
		r->seen_ms = now;
	int64_t lease = ret->lease;
	*ret = r->who;
	ret->lease = lease;
	return true;
}

static bool by_secret(struct proctor *pr, struct store *rd, const char *secret, load_fn *load, struct caller *ret, struct err *err)
{
	unsigned char hash[HASH_SIZE];
	struct err inner;
	if (strlen(secret) != SECRET_SIZE - 1)
		return err_set(err, ERR_UNAUTHENTICATED, "this is no cookie or token of ours");
	hash_secret(secret, hash);
	pthread_mutex_lock(&pr->sessions->lock);
	bool ok = find(pr, rd, hash, load, ret, &inner);
	pthread_mutex_unlock(&pr->sessions->lock);
	if (ok)
		return true;
	return err_set(err, inner.code == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : inner.code, "%s",
	               inner.code == ERR_NOT_FOUND ? "nobody is signed in" : inner.msg);
}

bool account_by_cookie(struct proctor *pr, struct store *rd, const char *cookie, struct caller *ret, struct err *err)
{
	return by_secret(pr, rd, cookie, load_session, ret, err);
}

bool account_by_token(struct proctor *pr, struct store *rd, const char *token, struct caller *ret, struct err *err)
{
	return by_secret(pr, rd, token, load_token, ret, err);
}

/* ---- Signing in and out ---- */

/* Trims white space at the ends and runs of it within; refuses control characters. */
static bool normalise(const char *name, char ret[ACCOUNT_NAME_SIZE], struct err *err)
{
	size_t n = 0;
	bool space = false;
	if (!str_is_utf8(str_of(name), NULL))
		return err_set(err, ERR_INVALID, "a name must be UTF-8");
	for (; *name; name++) {
		if ((unsigned char)*name < 0x20 || *name == 0x7f)
			return err_set(err, ERR_INVALID, "a name must not have control characters");
		if (*name == ' ') {
			space = n > 0;
			continue;
		}
		if (n + space + 1 >= ACCOUNT_NAME_SIZE)
			return err_set(err, ERR_TOO_LARGE, "a name has at most %d bytes", ACCOUNT_NAME_SIZE - 1);
		if (space)
			ret[n++] = ' ';
		space = false;
		ret[n++] = *name;
	}
	ret[n] = 0;
	return n ? true : err_set(err, ERR_INVALID, "a name must not be empty");
}

static bool hash_password(const char *password, char ret[ACCOUNT_HASH_SIZE], struct err *err)
{
	size_t len = strlen(password);
	_Static_assert(ACCOUNT_HASH_SIZE >= crypto_pwhash_STRBYTES, "an argon2id string fits");
	if (len < PASSWORD_MIN || len > PASSWORD_MAX)
		return err_set(err, ERR_INVALID, "a password has %d to %d bytes", PASSWORD_MIN, PASSWORD_MAX);
	if (crypto_pwhash_str_alg(ret, password, len, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
	                          crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(err, ERR_INTERNAL, "not enough memory to hash a password");
	return true;
}

/* What is verified for names that do not exist, so that they take as long. Made once. */
static char decoy[crypto_pwhash_STRBYTES];
static void make_decoy(void)
{
	if (crypto_pwhash_str_alg(decoy, "nobody has this password", 24, crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE,
	                          crypto_pwhash_ALG_ARGON2ID13) != 0)
		abort();
}

bool account_verify(struct proctor *pr, struct store *rd, const char *name, const char *password, int64_t *ret_account, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	char clean[ACCOUNT_NAME_SIZE];
	struct account_row row = {0};
	struct err inner = {0};
	(void)pr;
	pthread_once(&once, make_decoy);
	bool known = normalise(name, clean, &inner) && store_account_by_name(rd, clean, &row, &inner);
	if (!known && inner.code != ERR_NOT_FOUND && inner.code != ERR_INVALID && inner.code != ERR_TOO_LARGE)
		return err_set(err, inner.code, "%s", inner.msg);
	bool usable = known && *row.password && !row.disabled;
	bool right = crypto_pwhash_str_verify(usable ? row.password : decoy, password, strlen(password)) == 0;
	if (!right || !usable)
		return err_set(err, ERR_CREDENTIALS, "the name or the password is wrong");
	*ret_account = row.id;
	return true;
}

static void make_secret(char ret[SECRET_SIZE])
{
	unsigned char bytes[32];
	rng_secret(bytes, sizeof bytes);
	sodium_bin2base64(ret, SECRET_SIZE, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

bool account_session_open(struct proctor *pr, struct store *wr, int64_t account, char ret_cookie[44], struct err *err)
{
	char cookie[SECRET_SIZE];
	unsigned char hash[HASH_SIZE];
	int64_t id, now = proctor_wall_ms(pr);
	struct caller who;
	struct session_row row = {.account = account, .created_ms = now, .seen_ms = now};
	make_secret(cookie);
	make_secret(row.csrf);
	hash_secret(cookie, hash);
	/* The account may have been disabled since its password was verified. */
	if (!load_account(wr, account, &who, err) || !store_session_add(wr, &row, hash, &id, err))
		return false;
	memcpy(ret_cookie, cookie, sizeof cookie);
	return true;
}

bool account_session_close(struct proctor *pr, struct store *wr, const struct caller *who, struct err *err)
{
	if (!who->session)
		return true;
	/* The epoch moves on, because a reader that still sees the row may remember it again before this is committed. */
	if (!store_session_delete(wr, who->session, err) || !store_account_epoch_next(wr, err))
		return false;
	struct session_cache *c = pr->sessions;
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < CACHE_SLOTS; i++)
		if (c->slots[i].who.session == who->session)
			c->slots[i].who.account = 0;
	pthread_mutex_unlock(&c->lock);
	return true;
}

bool session_flush(struct proctor *pr, struct store *wr, struct err *err)
{
	struct session_cache *c = pr->sessions;
	bool ok = true;
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; ok && i < CACHE_SLOTS; i++) {
		struct remembered *r = &c->slots[i];
		if (!r->who.account || !r->who.session || r->seen_ms - r->flushed_ms < SEEN_EVERY_MS)
			continue;
		ok = store_session_seen(wr, r->who.session, r->seen_ms, err);
		if (ok)
			r->flushed_ms = r->seen_ms;
	}
	pthread_mutex_unlock(&c->lock);
	return ok;
}

static const char *role_name(enum role role)
{
	static const char *const names[] = {"none", "candidate", "author", "examiner", "operator"};
	return (size_t)role < ARRAY_SIZE(names) ? names[role] : "none";
}

bool account_session_json(struct proctor *pr, struct store *rd, const struct caller *who, struct buf *out, struct err *err)
{
	struct account_row row;
	buf_adds(out, "{\"account\":");
	if (who->account) {
		if (!store_account_get(rd, who->account, &row, err))
			return false;
		buf_addf(out, "{\"id\":\"%lld\",\"name\":", (long long)row.id);
		buf_add_json(out, str_of(row.name));
		buf_addf(out, ",\"role\":\"%s\",\"extra_time\":%d}", role_name(who->role), row.extra_time_m);
	} else {
		buf_adds(out, "null");
	}
	buf_adds(out, ",\"csrf\":");
	if (*who->csrf)
		buf_add_json(out, str_of(who->csrf));
	else
		buf_adds(out, "null");
	buf_addf(out, ",\"accounts\":%s,\"author\":%s,\"language\":\"en\"}", account_any(pr, rd) ? "true" : "false",
	         pr->author ? "true" : "false");
	return buf_check(out, "the session", err);
}

/* ---- The operator's commands ---- */

static bool named(struct store *st, const char *name, struct account_row *ret, struct err *err)
{
	char clean[ACCOUNT_NAME_SIZE];
	if (!normalise(name, clean, err))
		return false;
	if (!store_account_by_name(st, clean, ret, err))
		return err->code == ERR_NOT_FOUND ? err_set(err, ERR_NOT_FOUND, "there is no account '%s'", clean) : false;
	return ret->id != ACCOUNT_LOCAL ? true : err_set(err, ERR_INVALID, "'%s' is the one local person and has no sign-in", clean);
}

static bool check_extra_time(int extra_time_m, struct err *err)
{
	return extra_time_m >= 1000 && extra_time_m <= 5000 ? true : err_set(err, ERR_INVALID, "extra time is from 0 %% to 400 %%");
}

bool account_add(struct proctor *pr, struct store *wr, const char *name, const char *password, enum role role, int extra_time_m,
                 struct err *err)
{
	struct account_row row = {.role = role, .extra_time_m = extra_time_m, .created_ms = proctor_wall_ms(pr)};
	int64_t id;
	if (!normalise(name, row.name, err) || !check_extra_time(extra_time_m, err) || !hash_password(password, row.password, err))
		return false;
	return store_account_add(wr, &row, &id, err) && store_account_epoch_next(wr, err);
}

bool account_set_password(struct proctor *pr, struct store *wr, const char *name, const char *password, struct err *err)
{
	struct account_row row;
	(void)pr;
	if (!named(wr, name, &row, err) || !hash_password(password, row.password, err))
		return false;
	return store_account_update(wr, &row, err) && store_session_delete_all(wr, row.id, err) && store_account_epoch_next(wr, err);
}

bool account_disable(struct proctor *pr, struct store *wr, const char *name, bool disabled, struct err *err)
{
	struct account_row row;
	(void)pr;
	if (!named(wr, name, &row, err))
		return false;
	row.disabled = disabled;
	if (!store_account_update(wr, &row, err) || !store_account_epoch_next(wr, err))
		return false;
	return !disabled || (store_session_delete_all(wr, row.id, err) && store_token_delete_all(wr, row.id, err));
}

bool account_set_extra_time(struct proctor *pr, struct store *wr, const char *name, int extra_time_m, struct err *err)
{
	struct account_row row;
	(void)pr;
	if (!check_extra_time(extra_time_m, err) || !named(wr, name, &row, err))
		return false;
	row.extra_time_m = extra_time_m;
	return store_account_update(wr, &row, err);
}

bool account_token(struct proctor *pr, struct store *wr, const char *name, char ret_token[44], struct err *err)
{
	struct account_row row;
	char token[SECRET_SIZE];
	unsigned char hash[HASH_SIZE];
	if (!named(wr, name, &row, err))
		return false;
	if (row.disabled)
		return err_set(err, ERR_CONFLICT, "the account '%s' is disabled", row.name);
	make_secret(token);
	hash_secret(token, hash);
	if (!store_token_add(wr, row.id, hash, proctor_wall_ms(pr), err))
		return false;
	memcpy(ret_token, token, sizeof token);
	return true;
}

struct account_list {
	struct buf *out;
	bool any;
};

static bool add_account(void *arg, const struct account_row *row, struct err *err)
{
	(void)err;
	struct account_list *l = arg;
	if (row->id == ACCOUNT_LOCAL)
		return true;
	buf_addf(l->out, "%s{\"id\":\"%lld\",\"name\":", l->any ? "," : "", (long long)row->id);
	buf_add_json(l->out, str_of(row->name));
	buf_addf(l->out, ",\"role\":\"%s\",\"extra_time\":%d,\"disabled\":%s,\"created_at\":", role_name((enum role)row->role),
	         row->extra_time_m, row->disabled ? "true" : "false");
	add_time(l->out, row->created_ms);
	buf_addc(l->out, '}');
	l->any = true;
	return true;
}

bool account_list_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err)
{
	(void)pr;
	struct account_list l = {.out = out};
	buf_adds(out, "{\"accounts\":[");
	if (!store_account_each(rd, add_account, &l, err))
		return false;
	buf_adds(out, "]}");
	return buf_check(out, "the accounts", err);
}
