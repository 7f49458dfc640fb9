/* The audit of certificates. See log_check_parts.h. */
#include "base/hash.h"
#include "proctor/keys.h"
#include "proctor/log_check_parts.h"
#include "store/certificate.h"
#include <stdio.h>

/* The state that was logged last, as a word; empty: none was. */
struct logged {
	char status[32], reason[32];
};

static bool last_state(struct store *st, const char *id, struct logged *ret, struct err *err)
{
	_cleanup_json_ cJSON *o = NULL;
	*ret = (struct logged){0};
	if (!log_last(st, LOG_REVOCATION, id, &o, err))
		return false;
	const char *status = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "status"));
	const char *reason = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, "reason"));
	snprintf(ret->status, sizeof ret->status, "%s", status ? status : "");
	snprintf(ret->reason, sizeof ret->reason, "%s", reason ? reason : "");
	return true;
}

bool log_check_certificate(struct checking *c, struct store *st, const struct log_row *row, bool *ret_withdrawn, struct err *err)
{
	struct certificate_row certificate;
	_cleanup_buf_ struct buf body = BUF(CERTIFICATE_BYTES_MAX);
	struct logged logged;
	struct err none;
	*ret_withdrawn = false;
	if (!store_certificate_get(st, row->reference, &certificate, &body, &none)) {
		if (none.code != ERR_NOT_FOUND && none.code != ERR_TOO_LARGE)
			return err_set(err, none.code, "%s", none.msg);
		log_finding(c, "certificate %s, logged as entry %lld, is %s", row->reference, (long long)row->n,
		            none.code == ERR_NOT_FOUND ? "missing" : "larger than certificates are: it was altered");
		return true;
	}
	if (certificate.log_index != row->n)
		log_finding(c, "certificate %s names entry %lld of the log, and is entry %lld: they were reordered", certificate.id,
		            (long long)certificate.log_index, (long long)row->n);
	if (body.len) {
		if (!log_commits_to(row, buf_str(&body)))
			log_finding(c, "certificate %s is not what was logged as entry %lld: it, its salt or the entry was altered", certificate.id,
			            (long long)row->n);
		return true;
	}
	if (!last_state(st, certificate.id, &logged, err))
		return false;
	*ret_withdrawn = true;
	if (certificate.state != CERTIFICATE_WITHDRAWN || strcmp(logged.reason, "withdrawn") != 0)
		log_finding(c, "certificate %s has lost its bytes, and no withdrawal by its holder is logged", certificate.id);
	return true;
}

static const char *state_word(enum certificate_state state)
{
	return state == CERTIFICATE_VALID ? "valid" : state == CERTIFICATE_SUSPENDED ? "suspended" : "revoked";
}

/* The bit that everybody reads, and the place that is set on a revocation, are not logged: they follow from what is. */
static bool check_status(struct checking *c, struct store *st, const struct certificate_row *row, const cJSON *credential, struct err *err)
{
	static const enum status_value values[] = {STATUS_VALID,     STATUS_REVOKED, STATUS_REVOKED,
	                                           STATUS_SUSPENDED, STATUS_REVOKED, STATUS_REVOKED};
	const cJSON *entry = cJSON_GetObjectItemCaseSensitive(credential, "credentialStatus");
	const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "id"));
	_cleanup_free_ char *place = xasprintf("/status/%lld#%lld", (long long)row->status_list, (long long)row->status_index);
	enum status_value value;
	struct err none;
	if (entry && (!id || !str_ends(str_of(id), place)))
		log_finding(c, "certificate %s names another place in the status lists than the database: that was altered", row->id);
	if (!status_get(st, row->status_list, row->status_index, &value, &none)) {
		if (none.code != ERR_NOT_FOUND)
			return err_set(err, none.code, "%s", none.msg);
		log_finding(c, "certificate %s has lost its place in the status list", row->id);
	} else if ((size_t)row->state < ARRAY_SIZE(values) && value != values[row->state]) {
		log_finding(c, "certificate %s is %s in the database, and the status list says something else: its entry was altered", row->id,
		            state_word(row->state));
	}
	return true;
}

/* Members of the row that repeat what the certificate says. */
static void check_columns(struct checking *c, const struct certificate_row *row, struct str body, const cJSON *credential)
{
	char hash[HASH_HEX_SIZE], time[CLOCK_RFC3339_SIZE];
	const char *until = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(credential, "validUntil"));
	bool same = row->valid_until_ms ? until && strcmp(until, clock_rfc3339(row->valid_until_ms, time)) == 0 : !until;
	if (strcmp(hash_sha256_hex(body, hash), row->sha256) != 0)
		log_finding(c, "certificate %s has another hash than the database says: that was altered", row->id);
	if (!same)
		log_finding(c, "certificate %s ends at another time than the database says: that was altered", row->id);
}

struct looking {
	struct checking *c;
	struct store *st;
};

static bool look_up(void *arg, const struct certificate_row *row, struct str body, struct err *err)
{
	struct looking *l = arg;
	struct logged logged;
	struct err none;
	struct log_row entry;
	_cleanup_json_ cJSON *credential = NULL;
	bool there = store_log_entry(l->st, row->log_index, &entry, NULL, &none);
	if (!there && none.code != ERR_NOT_FOUND)
		return err_set(err, none.code, "%s", none.msg);
	if (!there || entry.kind != LOG_CERTIFICATE || strcmp(entry.reference, row->id) != 0)
		log_finding(l->c, "certificate %s is not in the log at entry %lld: it was added beside it, or its entry was altered", row->id,
		            (long long)row->log_index);
	if (!last_state(l->st, row->id, &logged, err))
		return false;
	if (body.len && json_parse(body, &credential, NULL)) /* else it is named as altered */
		check_columns(l->c, row, body, credential);
	if (!check_status(l->c, l->st, row, credential, err))
		return false;
	const char *word = *logged.status ? logged.status : "valid";
	if (strcmp(word, state_word(row->state)) != 0)
		log_finding(l->c, "certificate %s is %s in the database, and %s by what was logged last", row->id, state_word(row->state), word);
	return true;
}

bool log_check_certificates(struct checking *c, struct store *st, struct err *err)
{
	struct looking l = {c, st};
	return store_certificate_all(st, look_up, &l, err);
}
