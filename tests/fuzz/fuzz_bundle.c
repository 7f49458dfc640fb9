/* A good certificate with a part of its bundle from somebody else: the first byte says which (the DID document, the status list, the proof
 * of the log, the log's key), the rest is that part. Nothing of it can make a certificate valid whose status is not known. */
#include "../unit/credential/verify_kit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void make_credential(struct buf *out)
{
	struct sign_key key;
	_cleanup_json_ cJSON *badge = kit_badge();
	kit_key(1, &key);
	kit_sign(badge, &key, out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct buf credential;
	static struct trust trust;
	static const char *const parts[] = {"didDocument", "statusList", "logProof", "logKey"};
	if (!trust.n) {
		credential = BUF(1 << 20);
		make_credential(&credential);
		kit_trust(&trust);
	}
	if (size < 1 || !str_is_utf8((struct str){(const char *)data + 1, size - 1}, NULL))
		return 0;
	unsigned part = data[0] % ARRAY_SIZE(parts);
	struct str text = {(const char *)data + 1, size - 1};
	_cleanup_buf_ struct buf bundle = BUF(16 << 20);
	buf_adds(&bundle, "{\"bundle\":\"assay-bundle/v1\",\"made\":\"2026-11-27T12:00:00Z\",\"credential\":");
	buf_addv(&bundle, buf_str(&credential));
	buf_addf(&bundle, ",\"%s\":", parts[part]);
	if (part < 2)
		buf_addv(&bundle, text);
	else
		buf_add_json(&bundle, text);
	buf_addc(&bundle, '}');
	for (int pinned = 0; pinned < 2; pinned++) {
		struct verify_options options = {.trust = pinned ? &trust : NULL, .now_ms = KIT_NOW_MS};
		_cleanup_(verification_destroyp) struct verification *v = verify_input(buf_str(&bundle), &options);
		if (verification_verdict(v) == VERDICT_VALID && (!pinned || part != 1))
			abort();
	}
	return 0;
}
