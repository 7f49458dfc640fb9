/* What an operator does with keys: new, rotate, retire, compromise. See keys.h.
 *
 * A key that may not sign any more loses its seed, sealed as it was: nobody can sign with it again, not even who learns the passphrase.
 * Each change is logged, and so is each DID document that differs from the one before. */
#include "base/hash.h"
#include "credential/jcs.h"
#include "credential/keyring.h"
#include "proctor/internal.h"
#include "proctor/keys.h"
#include "proctor/log.h"
#include "store/key.h"

#define NAME_LEAST 10 /* "z6Mk" is how they all begin */

bool keys_log_document(struct proctor *pr, struct store *wr, struct err *err)
{
	_cleanup_buf_ struct buf doc = BUF(1u << 20);
	char hash[HASH_HEX_SIZE] = "", before[HASH_HEX_SIZE];
	struct err why;
	if (!keys_did_json(pr, wr, &doc, &why)) {
		if (why.code != ERR_NOT_FOUND)
			return err_set(err, why.code, "%s", why.msg);
	} else {
		hash_sha256_hex(buf_str(&doc), hash);
	}
	if (!store_did_hash_get(wr, before, err))
		return false;
	if (strcmp(hash, before) == 0)
		return true;
	if (*hash && !log_append(pr, wr, LOG_DID, hash, buf_str(&doc), NULL, err))
		return false;
	return store_did_hash_put(wr, hash, err);
}

bool keys_changed(struct proctor *pr, struct store *wr, const char *what, const struct key_row *row, struct err *err)
{
	char name[MULTIKEY_SIZE], time[CLOCK_RFC3339_SIZE];
	_cleanup_json_ cJSON *event = json_object();
	_cleanup_buf_ struct buf bytes = BUF(4096);
	json_set_str(event, "key", multikey_write(row->public_key, name));
	json_set_str(event, "purpose", key_purpose_name((enum key_purpose)row->purpose));
	json_set_str(event, "event", what);
	json_set_str(event, "at", clock_rfc3339(proctor_wall_ms(pr), time));
	if (row->state == KEY_COMPROMISED)
		json_set_str(event, "since", clock_rfc3339(row->compromised_ms, time));
	return jcs_canonical(event, &bytes, err) && log_append(pr, wr, LOG_KEY, name, buf_str(&bytes), NULL, err) &&
	       store_key_epoch_next(wr, err) && keys_log_document(pr, wr, err);
}

/* ---- Finding ---- */

static const struct key_row *find_state(const struct key_row *rows, size_t n, int purpose, int state)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].purpose == purpose && rows[i].state == state)
			return &rows[i];
	return NULL;
}

static bool find_name(const struct key_row *rows, size_t n, const char *name, struct key_row *ret, struct err *err)
{
	size_t found = 0, len = strlen(name);
	for (size_t i = 0; i < n; i++) {
		char text[MULTIKEY_SIZE];
		if (strncmp(multikey_write(rows[i].public_key, text), name, len) == 0) {
			*ret = rows[i];
			found++;
		}
	}
	if (len < NAME_LEAST || found > 1)
		return err_set(err, ERR_USAGE, "give more of the key's name than '%.60s'; see assay key list", name);
	return found ? true : err_set(err, ERR_NOT_FOUND, "there is no key '%.60s'; see assay key list", name);
}

bool key_find(struct store *st, const char *name, struct key_row *ret, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n;
	return store_keys(st, &rows, &n, err) && find_name(rows, n, name, ret, err);
}

/* ---- Changes ---- */

bool key_new(struct proctor *pr, struct store *wr, enum key_purpose purpose, char ret_name[MULTIKEY_SIZE], struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	struct key_row row;
	size_t n;
	if (!store_keys(wr, &rows, &n, err))
		return false;
	if (n + KEY_PURPOSES > STORE_KEYS_MAX)
		return err_set(err, ERR_TOO_LARGE, "there are %zu keys already", n);
	if (find_state(rows, n, purpose, KEY_NEXT))
		return err_set(err, ERR_CONFLICT, "a key for %s waits already: assay key rotate %s", key_purpose_name(purpose),
		               key_purpose_name(purpose));
	if (!keys_make(pr, wr, purpose, KEY_NEXT, NULL, &row, err) || !keys_changed(pr, wr, "next", &row, err))
		return false;
	multikey_write(row.public_key, ret_name);
	return true;
}

/* Takes it out of use: it signs no more. */
static bool put_away(struct proctor *pr, struct store *wr, struct key_row row, enum key_state state, int64_t since_ms, struct err *err)
{
	row.state = state;
	row.sealed_len = 0;
	if (!row.retired_ms)
		row.retired_ms = proctor_wall_ms(pr);
	if (state == KEY_COMPROMISED)
		row.compromised_ms = since_ms;
	return store_key_update(wr, &row, err) && keys_changed(pr, wr, key_state_name(state), &row, err);
}

/* The waiting key or a new one becomes the active one; there is none now. */
static bool activate(struct proctor *pr, struct store *wr, enum key_purpose purpose, const struct key_row *waiting, struct key_row *ret,
                     struct err *err)
{
	struct key_row row;
	if (waiting) {
		row = *waiting;
		row.state = KEY_ACTIVE;
		if (!store_key_update(wr, &row, err))
			return false;
	} else if (!keys_make(pr, wr, purpose, KEY_ACTIVE, NULL, &row, err)) {
		return false;
	}
	*ret = row;
	return keys_changed(pr, wr, "active", &row, err);
}

/* The active key of the purpose makes way. */
static bool replace(struct proctor *pr, struct store *wr, enum key_purpose purpose, enum key_state old_state, int64_t since_ms,
                    struct key_row *ret, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n;
	if (!store_keys(wr, &rows, &n, err))
		return false;
	if (n + KEY_PURPOSES > STORE_KEYS_MAX)
		return err_set(err, ERR_TOO_LARGE, "there are %zu keys already", n);
	const struct key_row *active = find_state(rows, n, purpose, KEY_ACTIVE);
	return (!active || put_away(pr, wr, *active, old_state, since_ms, err)) &&
	       activate(pr, wr, purpose, find_state(rows, n, purpose, KEY_NEXT), ret, err) && keys_refresh(pr, wr, err);
}

bool key_rotate(struct proctor *pr, struct store *wr, enum key_purpose purpose, char ret_name[MULTIKEY_SIZE], struct err *err)
{
	struct key_row row;
	if (!replace(pr, wr, purpose, KEY_RETIRED, 0, &row, err))
		return false;
	multikey_write(row.public_key, ret_name);
	return true;
}

static bool change(struct proctor *pr, struct store *wr, const char *name, enum key_state state, int64_t since_ms, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	struct key_row row, made;
	size_t n;
	if (!store_keys(wr, &rows, &n, err) || !find_name(rows, n, name, &row, err))
		return false;
	if (row.state == KEY_COMPROMISED ? state == KEY_RETIRED || row.compromised_ms <= since_ms : row.state == (int)state)
		return err_set(err, ERR_CONFLICT, "this key is %s already", key_state_name((enum key_state)row.state));
	return row.state == KEY_ACTIVE ? replace(pr, wr, (enum key_purpose)row.purpose, state, since_ms, &made, err)
	                               : put_away(pr, wr, row, state, since_ms, err);
}

bool key_retire(struct proctor *pr, struct store *wr, const char *name, struct err *err)
{
	return change(pr, wr, name, KEY_RETIRED, 0, err);
}

bool key_compromise(struct proctor *pr, struct store *wr, const char *name, int64_t since_ms, struct err *err)
{
	if (since_ms > proctor_wall_ms(pr))
		return err_set(err, ERR_USAGE, "that time is still to come");
	return change(pr, wr, name, KEY_COMPROMISED, since_ms, err);
}
