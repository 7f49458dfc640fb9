/* The audit of keys, and what was logged last of anything. See log_check_parts.h. A key whose state was changed beside the log could come
 * back after it was stolen, or be denied. */
#include "credential/multibase.h"
#include "proctor/keys.h"
#include "proctor/log_check_parts.h"
#include "store/key.h"

bool log_last(struct store *st, enum log_kind kind, const char *reference, cJSON **ret, struct err *err)
{
	int64_t n;
	struct log_row row;
	struct err none;
	_cleanup_buf_ struct buf bytes = BUF(LOG_BYTES_MAX);
	*ret = NULL;
	if (!store_log_find(st, kind, reference, &n, &none))
		return none.code == ERR_NOT_FOUND ? true : err_set(err, none.code, "%s", none.msg);
	if (!store_log_entry(st, n, &row, &bytes, &none))
		return none.code == ERR_TOO_LARGE ? true : err_set(err, none.code, "%s", none.msg);
	if (row.bytes.p && log_commits_to(&row, row.bytes) && !json_parse(row.bytes, ret, &none))
		*ret = NULL;
	return true;
}

bool log_check_key(struct checking *c, struct store *st, const struct log_row *row, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	unsigned char key[SIGN_KEY_SIZE];
	struct err none;
	size_t n;
	if (!multikey_read(str_of(row->reference), key, &none))
		return true; /* named as altered */
	if (!store_keys(st, &rows, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (memcmp(rows[i].public_key, key, sizeof key) == 0)
			return true;
	log_finding(c, "key %s, logged as entry %lld, is missing", row->reference, (long long)row->n);
	return true;
}

bool log_check_keys(struct checking *c, struct store *st, bool logged, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n;
	if (!store_keys(st, &rows, &n, err))
		return false;
	for (size_t i = 0; i < n; i++) {
		char name[MULTIKEY_SIZE];
		_cleanup_json_ cJSON *event = NULL;
		if (!log_last(st, LOG_KEY, multikey_write(rows[i].public_key, name), &event, err))
			return false;
		const char *word = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event, "event"));
		const char *now = rows[i].state >= 0 && rows[i].state < KEY_STATES ? key_state_name((enum key_state)rows[i].state) : "damaged";
		if (!word && logged)
			log_finding(c, "key %s was never logged: it was added beside the log, or its entry was altered", name);
		else if (word && strcmp(word, now) != 0)
			log_finding(c, "key %s is %s in the database, and %s by what was logged last", name, now, word);
	}
	return true;
}
