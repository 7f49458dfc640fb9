/* The audit of certificates. See log_check_parts.h. */
#include "proctor/log_check_parts.h"
#include "store/certificate.h"
#include <stdio.h>

/* The state that was logged last, as a word; empty: none was. */
struct logged {
	char status[32], reason[32];
};

/* What is not as it was logged says nothing; it is named when the walk comes past it. */
static bool last_state(struct store *st, const char *id, struct logged *ret, struct err *err)
{
	int64_t n;
	struct log_row row;
	struct err none;
	_cleanup_buf_ struct buf bytes = BUF(LOG_BYTES_MAX);
	_cleanup_json_ cJSON *o = NULL;
	*ret = (struct logged){0};
	if (!store_log_find(st, LOG_REVOCATION, id, &n, &none))
		return none.code == ERR_NOT_FOUND ? true : err_set(err, none.code, "%s", none.msg);
	if (!store_log_entry(st, n, &row, &bytes, &none))
		return none.code == ERR_TOO_LARGE ? true : err_set(err, none.code, "%s", none.msg);
	if (!row.bytes.p || !log_commits_to(&row, row.bytes) || !json_parse(row.bytes, &o, NULL))
		return true;
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
	(void)body;
	bool there = store_log_entry(l->st, row->log_index, &entry, NULL, &none);
	if (!there && none.code != ERR_NOT_FOUND)
		return err_set(err, none.code, "%s", none.msg);
	if (!there || entry.kind != LOG_CERTIFICATE || strcmp(entry.reference, row->id) != 0)
		log_finding(l->c, "certificate %s is not in the log at entry %lld: it was added beside it, or its entry was altered", row->id,
		            (long long)row->log_index);
	if (!last_state(l->st, row->id, &logged, err))
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
