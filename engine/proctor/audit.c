/* The audit. See audit.h. */
#include "proctor/audit.h"
#include "base/hash.h"
#include "base/json.h"
#include "proctor/keys.h"
#include "store/bank_version.h"
#include "store/key.h"
#include "store/result.h"
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>

struct auditing {
	audit_fn *fn;
	void *arg;
	const struct key_row *keys;
	size_t n_keys;
	struct audit done;
	int64_t attempt; /* of the result before */
	int n;
	char previous[HASH_HEX_SIZE];
};

__attribute__((format(printf, 2, 3))) static void finding(struct auditing *a, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	a->done.findings++;
	a->fn(a->arg, text);
}

static bool signature_ok(const unsigned char *signature, struct str body, const unsigned char *key)
{
	return crypto_sign_verify_detached(signature, (const unsigned char *)body.p, body.len, key) == 0;
}

/* The document must speak of the row that it stands in. */
static bool document_matches(const struct result_check *c, bool public)
{
	_cleanup_json_ cJSON *doc = NULL;
	const struct result_row *row = &c->row;
	if (!json_parse(public ? row->public_body : row->body, &doc, NULL))
		return false;
	const char *attempt = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, "attempt"));
	const char *previous = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, "previous_sha256"));
	const char *form = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, "form_sha256"));
	const char *full = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(doc, "full_sha256"));
	const cJSON *number = cJSON_GetObjectItemCaseSensitive(doc, "number");
	return attempt && previous && form && strcmp(attempt, c->attempt_id) == 0 && strcmp(previous, row->previous) == 0 &&
	       strcmp(form, c->form_hash) == 0 && cJSON_IsNumber(number) && number->valuedouble == row->n &&
	       (!public || (full && strcmp(full, row->hash) == 0));
}

/* One of our keys for results, present or past. */
static bool is_ours(const struct auditing *a, const unsigned char *key)
{
	for (size_t i = 0; i < a->n_keys; i++)
		if (a->keys[i].purpose == KEY_RESULTS && memcmp(a->keys[i].public_key, key, STORE_KEY_SIZE) == 0)
			return true;
	return false;
}

static bool check_result(void *arg, const struct result_check *c, struct err *err)
{
	(void)err;
	struct auditing *a = arg;
	const struct result_row *row = &c->row;
	char hash[HASH_HEX_SIZE];
	bool first = row->attempt != a->attempt;
	const char *expected = first ? c->form_hash : a->previous;
	a->done.results++;
	a->done.other_keys += !is_ours(a, row->public_key);
	if (strcmp(hash_sha256_hex(row->body, hash), row->hash) != 0)
		finding(a, "attempt %s, result %d: its SHA-256 is %s, not %s: it was changed", c->attempt_id, row->n, hash, row->hash);
	if (!signature_ok(row->signature, row->body, row->public_key))
		finding(a, "attempt %s, result %d: its signature does not match", c->attempt_id, row->n);
	if (!signature_ok(row->public_signature, row->public_body, row->public_key))
		finding(a, "attempt %s, result %d: the signature of what the candidate gets does not match", c->attempt_id, row->n);
	if (row->n != (first ? 1 : a->n + 1) || strcmp(row->previous, expected) != 0)
		finding(a, "attempt %s, result %d: the chain is broken: it names %.16s… as what was before, and that is %.16s…", c->attempt_id,
		        row->n, row->previous, expected);
	if (!document_matches(c, false) || !document_matches(c, true))
		finding(a, "attempt %s, result %d: the document speaks of another attempt, form or result", c->attempt_id, row->n);
	a->attempt = row->attempt;
	a->n = row->n;
	memcpy(a->previous, row->hash, sizeof a->previous);
	return true;
}

static bool check_bytes(void *arg, const char *what, struct str bytes, const char *expected, struct err *err)
{
	(void)err;
	struct auditing *a = arg;
	char hash[HASH_HEX_SIZE];
	if (what[0] == 'f')
		a->done.forms++;
	else
		a->done.versions++;
	if (strcmp(hash_sha256_hex(bytes, hash), expected) != 0)
		finding(a, "%s: its SHA-256 is %.16s…, not %.16s…: it was changed", what, hash, expected);
	return true;
}

bool audit_run(struct store *st, audit_fn *fn, void *arg, struct audit *ret, struct err *err)
{
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n;
	if (!store_keys(st, &rows, &n, err))
		return false;
	struct auditing a = {.fn = fn, .arg = arg, .keys = rows, .n_keys = n};
	if (!store_result_each(st, check_result, &a, err) || !store_hashed_each(st, check_bytes, &a, err))
		return false;
	*ret = a.done;
	return true;
}
