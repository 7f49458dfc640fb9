/* Files of minisign, and roots of trust: the first byte says which. What is taken is printed and read again as the same; no signature over
 * other bytes is taken. */
#include "bank/opaque.h"
#include "bank/roots.h"
#include <sodium.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_key(struct str text)
{
	struct minisign_key a, b;
	char line[MINISIGN_KEY_SIZE];
	struct err err;
	if (!minisign_key_parse(text, &a, &err))
		return;
	minisign_key_print(&a, line);
	if (!minisign_key_parse(str_of(line), &b, &err) || memcmp(&a, &b, sizeof a) != 0)
		abort();
}

static void try_signature(struct str text)
{
	static struct minisign_secret key;
	struct minisign_signature s;
	struct err err;
	if (sodium_is_zero(key.key, sizeof key.key))
		minisign_generate(&key);
	if (!minisign_signature_parse(text, &s, &err))
		return;
	memcpy(s.id, key.public.id, sizeof s.id);
	if (minisign_check(&s, &key.public, text, &err))
		abort();
}

static void try_secret(struct str text)
{
	_cleanup_minisign_secret_ struct minisign_secret s = {0};
	struct err err;
	bool sealed;
	if (minisign_secret_is_sealed(text, &sealed, &err) && !sealed && minisign_secret_open(text, STR(""), &s, &err)) {
		unsigned char public[32];
		crypto_sign_ed25519_sk_to_pk(public, s.key);
		if (memcmp(public, s.public.key, sizeof public) != 0)
			abort();
	}
}

static void try_roots(struct str text)
{
	_cleanup_roots_ struct roots r = {0}, again = {0};
	_cleanup_buf_ struct buf out = BUF(ROOTS_SIZE_MAX);
	struct err err;
	if (!roots_parse(text, &r, &err))
		return;
	roots_print(&r, &out);
	if (!roots_parse(buf_str(&out), &again, &err) || again.n != r.n || again.threshold != r.threshold || (!r.author_alone && r.n < 2) ||
	    roots_rotate(&r, text, NULL, 0, &again, &err))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const tries[])(struct str) = {try_key, try_signature, try_secret, try_roots};
	if (!size)
		return 0;
	struct str text = {(const char *)data + 1, size - 1};
	tries[data[0] % 4](text);
	(void)opaque_reason("docs/x.md", text);
	return 0;
}
