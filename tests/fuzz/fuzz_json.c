/* JSON: what json_parse() takes has a canonical form that is its own canonical form, signs and verifies; and any text may be shown to
 * signed_verify(). The first eight bytes are also tried as a double. */
#include "credential/jcs.h"
#include "credential/signed.h"
#include <math.h>
#include <sodium.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check_number(const uint8_t *data, size_t size)
{
	double v = 0;
	char out[32];
	memcpy(&v, data, size < sizeof v ? size : sizeof v);
	if (!isfinite(v))
		return;
	jcs_number(v, out);
	require(strlen(out) <= 25 && strtod(out, NULL) == v);
}

static void check_signature(struct str canonical)
{
	static const unsigned char seed[SIGN_SEED_SIZE] = {1};
	_cleanup_buf_ struct buf envelope = BUF(64 << 20);
	struct sign_key key;
	unsigned char signature[SIGN_SIZE];
	struct signed_report report;
	struct err err;
	sign_key_from_seed(seed, &key);
	sign_bytes(&key, canonical, signature);
	signed_export(canonical, signature, key.public_key, &envelope);
	if (!signed_verify(buf_str(&envelope), key.public_key, &report, &err)) {
		require(err.code == ERR_INVALID); /* one level deeper than may be read */
		return;
	}
	require(report.valid && str_eq((struct str){report.canonical, report.canonical_len}, canonical));
	signed_report_finish(&report);
}

/* Without one member: as if it had never been there. */
static void check_without(cJSON *v)
{
	_cleanup_buf_ struct buf without = BUF(64 << 20), expected = BUF(64 << 20);
	struct err err;
	if (!cJSON_IsObject(v) || !v->child)
		return;
	_cleanup_free_ char *name = xstrdup(v->child->string);
	require(jcs_canonical_without(v, name, &without, &err));
	cJSON_DeleteItemFromObjectCaseSensitive(v, name);
	require(jcs_canonical(v, &expected, &err) && str_eq(buf_str(&without), buf_str(&expected)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	_cleanup_json_ cJSON *v = NULL, *again = NULL;
	_cleanup_buf_ struct buf canonical = BUF(64 << 20), twice = BUF(64 << 20);
	struct signed_report report;
	struct err err = {0};
	if (sodium_init() < 0)
		return 0;
	check_number(data, size);
	if (signed_verify(text, NULL, &report, &err)) {
		require(report.valid == !report.reason);
		signed_report_finish(&report);
	} else {
		require(err.msg[0]);
	}
	if (!json_parse(text, &v, &err))
		return 0;
	require(jcs_canonical(v, &canonical, &err));
	require(json_parse(buf_str(&canonical), &again, &err) && jcs_canonical(again, &twice, &err));
	require(str_eq(buf_str(&canonical), buf_str(&twice)));
	check_signature(buf_str(&canonical));
	check_without(v);
	return 0;
}
