/* What somebody gives to a verifier: any bytes. The report is JSON with a reason for each check, whatever was given, and nothing is valid
 * but what the seeds' issuer signed. */
#include "../unit/credential/verify_kit.h"
#include "base/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of the certificate that all valid seeds are about; empty: not known yet. */
static bool is_known(const cJSON *report)
{
	static char known[HASH_HEX_SIZE];
	_cleanup_buf_ struct buf bytes = BUF(4 << 20);
	char hash[HASH_HEX_SIZE];
	struct err err;
	const cJSON *credential = cJSON_GetObjectItemCaseSensitive(report, "credential");
	cJSON *bare = cJSON_Duplicate(credential, true);
	cJSON_DeleteItemFromObjectCaseSensitive(bare, "proof"); /* proofs may stand in either order */
	bool ok = jcs_canonical(bare, &bytes, &err);
	cJSON_Delete(bare);
	hash_sha256_hex(buf_str(&bytes), hash);
	if (!*known)
		memcpy(known, hash, sizeof known);
	return ok && strcmp(known, hash) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct trust trust;
	if (!trust.n)
		kit_trust(&trust);
	struct verify_options options = {.trust = &trust, .now_ms = KIT_NOW_MS, .holder = size % 2 ? "Ada Lovelace" : NULL};
	_cleanup_(verification_destroyp) struct verification *v = verify_input((struct str){(const char *)data, size}, &options);
	_cleanup_buf_ struct buf json = BUF(64 << 20);
	_cleanup_json_ cJSON *report = NULL;
	struct err err;
	size_t n;
	const struct verify_check *c = verification_checks(v, &n);
	verification_json(v, &json);
	if (n == 0 || json.overflow || !json_parse(buf_str(&json), &report, &err))
		abort();
	for (size_t i = 0; i < n; i++)
		if (!*c[i].reason || !*c[i].code || (c[i].outcome == VERIFY_PASS && strcmp(c[i].code, "ok") != 0))
			abort();
	if (verification_verdict(v) == VERDICT_VALID && strcmp(verification_format(v), "result") != 0 && !is_known(report))
		abort();
	return 0;
}
