/* What the world may know of the keys: the DID document and the trust file. See keys.h.
 *
 * In the DID document a key stays for as long as something that it signed may be checked: an active or waiting one always, a retired one
 * until its last certificate has expired (status lists: two days), in assertionMethod. A compromised one stays with the time from which it
 * is revoked, and out of assertionMethod: software that knows nothing of times then believes none of its signatures. Keys for results and
 * for the log are in the trust file alone: nobody should take them for keys of certificates. */
#include "credential/did.h"
#include "credential/jcs.h"
#include "proctor/internal.h"
#include "proctor/keys.h"
#include "proctor/log.h"
#include "store/key.h"

#define STATUS_NEEDED_MS (2 * MS_DAY)

/* Whether the DID document has it. */
static bool is_published(const struct key_row *row, int64_t now_ms)
{
	if (row->purpose != KEY_CREDENTIALS && row->purpose != KEY_STATUS)
		return false;
	if (row->state == KEY_ACTIVE || row->state == KEY_NEXT)
		return true;
	if (row->purpose == KEY_STATUS)
		return now_ms < row->retired_ms + STATUS_NEEDED_MS;
	return row->needed_ms == 0 || now_ms < row->needed_ms; /* 0: not recorded, so nobody knows */
}

static bool document(struct proctor *pr, struct store *rd, const char *did, cJSON **ret, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n, count = 0;
	int64_t now = proctor_wall_ms(pr);
	if (!store_keys(rd, &rows, &n, err))
		return false;
	struct did_method *methods = xcalloc(n + 1, sizeof *methods);
	for (size_t i = 0; i < n; i++) {
		if (!is_published(&rows[i], now))
			continue;
		struct did_method *m = &methods[count++];
		memcpy(m->key, rows[i].public_key, SIGN_KEY_SIZE);
		m->asserts = rows[i].state != KEY_COMPROMISED;
		m->revoked_ms = rows[i].state == KEY_COMPROMISED ? rows[i].compromised_ms : 0;
	}
	*ret = did_document_json(did, methods, count);
	free(methods);
	return true;
}

bool keys_did_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err)
{
	const struct issuer *issuer;
	_cleanup_json_ cJSON *doc = NULL;
	if (!issuer_get(pr, &issuer, err))
		return false;
	if (!str_starts(str_of(issuer->id), "did:web:"))
		return err_set(err, ERR_NOT_FOUND, "this server has no public address, and so no DID document; its keys are in the trust file");
	if (!document(pr, rd, issuer->id, &doc, err))
		return false;
	return jcs_canonical(doc, out, err) && buf_check(out, "the DID document", err);
}

/* ---- The trust file ---- */

static void set_time(cJSON *o, const char *key, int64_t ms)
{
	char time[CLOCK_RFC3339_SIZE];
	json_set_str(o, key, ms ? clock_rfc3339(ms, time) : NULL);
}

static cJSON *trusted_key(const struct key_row *row)
{
	char name[MULTIKEY_SIZE];
	cJSON *o = json_object();
	enum key_state state = row->state == KEY_NEXT ? KEY_ACTIVE : (enum key_state)row->state; /* it may sign soon */
	json_set_str(o, "purpose", key_purpose_name((enum key_purpose)row->purpose));
	json_set_str(o, "publicKeyMultibase", multikey_write(row->public_key, name));
	json_set_str(o, "state", key_state_name(state));
	set_time(o, "created_at", row->created_ms);
	set_time(o, "retired_at", row->retired_ms);
	set_time(o, "compromised_at", row->compromised_ms);
	return o;
}

static cJSON *trusted_issuer(const struct issuer *issuer, const char *id, cJSON *keys)
{
	cJSON *o = json_object();
	json_set_str(o, "id", id);
	json_set_str(o, "name", issuer->name);
	json_set(o, "keys", keys);
	return o;
}

/* The log belongs to the issuer of now. */
static bool add_log(struct proctor *pr, cJSON *issuer, struct err *err)
{
	char vkey[DID_SIZE_MAX];
	if (!log_vkey(pr, vkey, sizeof vkey, err))
		return false;
	_cleanup_free_ char *origin = xstrndup(vkey, strcspn(vkey, "+")); /* which no name of a log may have */
	cJSON *o = json_object();
	json_set_str(o, "origin", origin);
	json_set_str(o, "key", vkey);
	json_set(issuer, "log", o);
	return true;
}

/* With a did:web all keys are of one issuer; without, each key for certificates was an issuer of its own. */
static void add_issuers(const struct issuer *issuer, const struct key_row *rows, size_t n, cJSON *issuers)
{
	cJSON *all = json_array();
	bool web = str_starts(str_of(issuer->id), "did:web:");
	for (size_t i = 0; i < n; i++) {
		_cleanup_free_ char *did = did_key_of(rows[i].public_key);
		if (web || rows[i].purpose != KEY_CREDENTIALS || strcmp(did, issuer->id) == 0)
			json_add(all, trusted_key(&rows[i]));
	}
	json_add(issuers, trusted_issuer(issuer, issuer->id, all));
	for (size_t i = 0; i < n && !web; i++) {
		_cleanup_free_ char *did = did_key_of(rows[i].public_key);
		if (rows[i].purpose != KEY_CREDENTIALS || strcmp(did, issuer->id) == 0)
			continue;
		cJSON *own = json_array();
		json_add(own, trusted_key(&rows[i]));
		json_add(issuers, trusted_issuer(issuer, did, own));
	}
}

bool keys_trust_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	_cleanup_json_ cJSON *doc = json_object();
	const struct issuer *issuer;
	size_t n;
	if (!issuer_get(pr, &issuer, err) || !store_keys(rd, &rows, &n, err))
		return false;
	cJSON *issuers = json_array();
	json_set_str(doc, "trust", "assay-trust/v1");
	json_set(doc, "issuers", issuers);
	add_issuers(issuer, rows, n, issuers);
	if (!add_log(pr, cJSON_GetArrayItem(issuers, 0), err))
		return false;
	json_print(doc, out);
	return buf_check(out, "the trust file", err);
}

bool keys_list_json(struct proctor *pr, struct store *rd, struct buf *out, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	_cleanup_json_ cJSON *doc = json_object();
	cJSON *list = json_array();
	size_t n;
	json_set(doc, "keys", list);
	if (!store_keys(rd, &rows, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		char name[MULTIKEY_SIZE];
		cJSON *o = json_object();
		json_set_str(o, "key", multikey_write(rows[i].public_key, name));
		json_set_str(o, "purpose", key_purpose_name((enum key_purpose)rows[i].purpose));
		json_set_str(o, "state", key_state_name((enum key_state)rows[i].state));
		set_time(o, "created_at", rows[i].created_ms);
		set_time(o, "retired_at", rows[i].retired_ms);
		set_time(o, "compromised_at", rows[i].compromised_ms);
		json_set_i64(o, "signed", rows[i].n_signed);
		json_set_bool(o, "published", is_published(&rows[i], proctor_wall_ms(pr)));
		json_add(list, o);
	}
	json_print(doc, out);
	return buf_check(out, "the list", err);
}
