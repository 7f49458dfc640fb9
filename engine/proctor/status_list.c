/* Status lists: drawing places, setting values, and the signed lists that others read. See keys.h.
 *
 * `credentialStatus` of a certificate is one object, and every verifier must see from it when a certificate is not to be accepted. So it
 * names one list of purpose `revocation`, in which revoked and suspended certificates are both set; the bit of a suspended one is cleared
 * when the suspension ends. `statusReference` names a second list, of purpose `suspension` and with the same places, in which only
 * suspended ones are set: software that looks can tell a pause from the end, and software that does not errs on the safe side.
 *
 * A signed list is valid for a day. It is kept in memory, and signed again once it is half a day old, or a value or the key has changed. */
#include "store/status_list.h"
#include "credential/jcs.h"
#include "credential/proof.h"
#include "credential/status.h"
#include "proctor/internal.h"
#include "proctor/keys.h"
#include <sodium.h>

#define VALID_MS MS_DAY
#define SKEW_MS (5 * MS_MINUTE)    /* the clocks of others may lag behind */
#define FULL (STATUS_BITS_MIN / 2) /* then the next list begins: drawing stays quick, and who is where stays open */
#define TRIES 200
#define CACHE_MAX 64

enum purpose { REVOCATION, SUSPENSION };
static const char *const purposes[] = {"revocation", "suspension"};
static const char *const suffixes[] = {"", "-suspension"};

struct signed_list {
	int64_t list, changes, signed_ms;
	enum purpose purpose;
	const struct sign_key *key;
	char *bytes;
	size_t len;
};

struct status_cache {
	pthread_mutex_t lock;
	struct signed_list lists[CACHE_MAX];
	size_t n, next;
};

struct status_cache *status_cache_create(void)
{
	struct status_cache *c = xcalloc(1, sizeof *c);
	pthread_mutex_init(&c->lock, NULL);
	return c;
}

void status_cache_destroy(struct status_cache *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n; i++)
		free(c->lists[i].bytes);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* ---- Places ---- */

static bool list_with_room(struct proctor *pr, struct store *wr, int64_t *ret, struct err *err)
{
	struct status_list_row row;
	bool found;
	if (!store_status_list_last(wr, &row, &found, err))
		return false;
	if (!found || row.drawn >= FULL)
		return store_status_list_add(wr, proctor_wall_ms(pr), ret, err);
	*ret = row.id;
	return true;
}

bool status_draw(struct proctor *pr, struct store *wr, int64_t *ret_list, int64_t *ret_index, struct err *err)
{
	int64_t list;
	if (!list_with_room(pr, wr, &list, err))
		return false;
	for (int i = 0; i < TRIES; i++) { /* each succeeds with one half at least */
		int64_t place = randombytes_uniform(STATUS_BITS_MIN);
		bool taken;
		if (!store_status_take(wr, list, place, &taken, err))
			return false;
		if (taken) {
			*ret_list = list;
			*ret_index = place;
			return true;
		}
	}
	return err_set(err, ERR_INTERNAL, "no free place was found in the status list %lld", (long long)list);
}

bool status_set(struct proctor *pr, struct store *wr, int64_t list, int64_t index, enum status_value value, struct err *err)
{
	(void)pr;
	return store_status_set(wr, list, index, (int)value, err);
}

bool status_get(struct store *st, int64_t list, int64_t index, enum status_value *ret, struct err *err)
{
	int value;
	if (!store_status_get(st, list, index, &value, err))
		return false;
	*ret = (enum status_value)value;
	return true;
}

static char *list_url(const struct issuer *issuer, int64_t list, enum purpose purpose)
{
	return xasprintf("%s/status/%lld%s", issuer->base_url, (long long)list, suffixes[purpose]);
}

bool status_entry_json(struct proctor *pr, int64_t list, int64_t index, cJSON **ret, struct err *err)
{
	const struct issuer *issuer;
	if (!issuer_get(pr, &issuer, err))
		return false;
	if (!issuer->base_url) { /* nobody could look there */
		*ret = NULL;
		return true;
	}
	_cleanup_free_ char *url = list_url(issuer, list, REVOCATION), *reference = list_url(issuer, list, SUSPENSION);
	_cleanup_free_ char *id = xasprintf("%s#%lld", url, (long long)index), *number = xasprintf("%lld", (long long)index);
	cJSON *o = json_object();
	json_set_str(o, "id", id);
	json_set_str(o, "type", "BitstringStatusListEntry");
	json_set_str(o, "statusPurpose", purposes[REVOCATION]);
	json_set_str(o, "statusListIndex", number);
	json_set_str(o, "statusListCredential", url);
	json_set_str(o, "statusReference", reference);
	*ret = o;
	return true;
}

/* ---- Signed lists ---- */

struct bits {
	enum purpose purpose;
	unsigned char bytes[STATUS_BITS_MIN / 8];
};

static void set_bit(void *arg, int64_t place, int value)
{
	struct bits *b = arg;
	if (place >= 0 && place < STATUS_BITS_MIN && (b->purpose == REVOCATION || value == STATUS_SUSPENDED))
		status_set_bit(b->bytes, (size_t)place);
}

static cJSON *subject(const char *url, enum purpose purpose, const char *encoded)
{
	_cleanup_free_ char *id = xasprintf("%s#list", url);
	cJSON *o = json_object();
	json_set_str(o, "id", id);
	json_set_str(o, "type", "BitstringStatusList");
	json_set_str(o, "statusPurpose", purposes[purpose]);
	json_set_str(o, "encodedList", encoded);
	return o;
}

static cJSON *list_credential(const struct issuer *issuer, const char *url, enum purpose purpose, const char *encoded, int64_t now_ms)
{
	char from[CLOCK_RFC3339_SIZE], until[CLOCK_RFC3339_SIZE];
	cJSON *doc = json_object(), *context = json_array(), *type = json_array();
	json_add_str(context, "https://www.w3.org/ns/credentials/v2");
	json_add_str(type, "VerifiableCredential");
	json_add_str(type, "BitstringStatusListCredential");
	json_set(doc, "@context", context);
	json_set_str(doc, "id", url);
	json_set(doc, "type", type);
	json_set_str(doc, "issuer", issuer->id);
	json_set_str(doc, "validFrom", clock_rfc3339(now_ms - SKEW_MS, from));
	json_set_str(doc, "validUntil", clock_rfc3339(now_ms + VALID_MS, until));
	json_set(doc, "credentialSubject", subject(url, purpose, encoded));
	return doc;
}

static bool sign_list(struct proctor *pr, struct store *rd, const struct status_list_row *row, struct signed_list *out, struct err *err)
{
	const struct issuer *issuer;
	struct bits *bits = xcalloc(1, sizeof *bits);
	_cleanup_buf_ struct buf encoded = BUF(STATUS_ENCODED_MAX), bytes = BUF(STATUS_ENCODED_MAX);
	bits->purpose = out->purpose;
	bool ok = issuer_get(pr, &issuer, err) && store_status_each(rd, row->id, set_bit, bits, err);
	if (ok)
		status_encode(bits->bytes, sizeof bits->bytes, &encoded);
	free(bits);
	if (!ok)
		return false;
	_cleanup_free_ char *url = list_url(issuer, row->id, out->purpose), *method = key_method(pr, out->key);
	_cleanup_json_ cJSON *doc = list_credential(issuer, url, out->purpose, encoded.p, out->signed_ms);
	if (!proof_add(doc, out->key, method, out->signed_ms, err) || !jcs_canonical(doc, &bytes, err) ||
	    !buf_check(&bytes, "the status list", err))
		return false;
	out->bytes = buf_take(&bytes, &out->len);
	return true;
}

/* One that is still good, into `out`. */
static bool from_cache(struct status_cache *c, const struct signed_list *wanted, struct buf *out)
{
	bool found = false;
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < c->n && !found; i++) {
		const struct signed_list *l = &c->lists[i];
		int64_t age = wanted->signed_ms - l->signed_ms;
		found = l->list == wanted->list && l->purpose == wanted->purpose && l->changes == wanted->changes && l->key == wanted->key &&
		        age >= 0 && age < VALID_MS / 2;
		if (found)
			buf_add(out, l->bytes, l->len);
	}
	pthread_mutex_unlock(&c->lock);
	return found;
}

/* Takes the bytes. */
static void into_cache(struct status_cache *c, const struct signed_list *made)
{
	pthread_mutex_lock(&c->lock);
	size_t at = 0;
	while (at < c->n && (c->lists[at].list != made->list || c->lists[at].purpose != made->purpose))
		at++;
	if (at == c->n && c->n == CACHE_MAX)
		at = c->next++ % CACHE_MAX;
	if (at < c->n)
		free(c->lists[at].bytes);
	else
		c->n++;
	c->lists[at] = *made;
	pthread_mutex_unlock(&c->lock);
}

static bool list_json(struct proctor *pr, struct store *rd, int64_t list, enum purpose purpose, struct buf *out, struct err *err)
{
	struct status_list_row row;
	struct signed_list wanted = {.list = list, .purpose = purpose, .signed_ms = proctor_wall_ms(pr)};
	const struct issuer *issuer;
	_cleanup_snapshot_ struct store *view = store_snapshot(rd);
	if (!issuer_get(pr, &issuer, err))
		return false;
	if (!issuer->base_url)
		return err_set(err, ERR_NOT_FOUND, "this server has no public address, and so no status lists");
	if (!store_status_list_get(rd, list, &row, err) || !key_active(pr, KEY_STATUS, &wanted.key, err))
		return false;
	wanted.changes = row.changes;
	if (from_cache(pr->status, &wanted, out))
		return buf_check(out, "the status list", err);
	if (!sign_list(pr, rd, &row, &wanted, err))
		return false;
	buf_add(out, wanted.bytes, wanted.len);
	into_cache(pr->status, &wanted);
	return buf_check(out, "the status list", err);
}

bool status_list_json(struct proctor *pr, struct store *rd, int64_t list, struct buf *out, struct err *err)
{
	return list_json(pr, rd, list, REVOCATION, out, err);
}

bool status_list_by_name(struct proctor *pr, struct store *rd, const char *name, struct buf *out, struct err *err)
{
	struct str s = str_of(name);
	enum purpose purpose = str_ends(s, suffixes[SUSPENSION]) ? SUSPENSION : REVOCATION;
	int64_t list;
	s.len -= strlen(suffixes[purpose]);
	if (!str_to_i64(s, 1, INT64_MAX, &list))
		return err_set(err, ERR_NOT_FOUND, "there is no such status list");
	return list_json(pr, rd, list, purpose, out, err);
}
