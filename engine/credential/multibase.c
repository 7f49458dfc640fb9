/* Multibase and Multikey. See multibase.h.
 *
 * base58btc takes the bytes as one large number: leading zero bytes become leading "1"s. A text has one meaning and bytes have one text:
 * other spellings (padding, bits that stand for nothing) are refused. */
#include "credential/multibase.h"
#include "base/base64.h"
#include <assert.h>
#include <sodium.h>

#define BASE58_BYTES_MAX 1024
#define BASE58_DIGITS_MAX (BASE58_BYTES_MAX * 138 / 100 + 2) /* log 256 / log 58 is 1.3657 */

static const char alphabet[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
static const unsigned char multicodec_ed25519[] = {0xed, 0x01};

void multibase_base58(const void *bytes, size_t len, struct buf *out)
{
	const unsigned char *in = bytes;
	unsigned char digits[BASE58_DIGITS_MAX]; /* the least significant first */
	size_t n = 0, zeros = 0;
	assert(len <= BASE58_BYTES_MAX);
	while (zeros < len && in[zeros] == 0)
		zeros++;
	for (size_t i = zeros; i < len; i++) {
		unsigned carry = in[i];
		for (size_t j = 0; j < n; j++) {
			carry += (unsigned)digits[j] << 8;
			digits[j] = (unsigned char)(carry % 58);
			carry /= 58;
		}
		for (; carry; carry /= 58)
			digits[n++] = (unsigned char)(carry % 58);
	}
	buf_addc(out, 'z');
	for (size_t i = 0; i < zeros; i++)
		buf_addc(out, alphabet[0]);
	while (n)
		buf_addc(out, alphabet[digits[--n]]);
}

void multibase_base64url(const void *bytes, size_t len, struct buf *out)
{
	size_t size = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *text = xmalloc(size);
	sodium_bin2base64(text, size, bytes, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	buf_addc(out, 'u');
	buf_adds(out, text);
	free(text);
}

/* The time is quadratic, so the text is bounded, too. */
static bool decode_base58(struct str text, unsigned char *ret, size_t max, size_t *ret_len, struct err *err)
{
	unsigned char bytes[BASE58_BYTES_MAX]; /* the least significant first */
	size_t n = 0, zeros = 0;
	if (max > BASE58_BYTES_MAX)
		max = BASE58_BYTES_MAX;
	while (zeros < text.len && text.p[zeros] == alphabet[0])
		zeros++;
	for (size_t i = zeros; i < text.len; i++) {
		const char *at = text.p[i] ? strchr(alphabet, text.p[i]) : NULL;
		if (!at)
			return err_set(err, ERR_INVALID, "base58btc: character %zu does not belong to it", i + 2);
		unsigned carry = (unsigned)(at - alphabet);
		for (size_t j = 0; j < n; j++) {
			carry += (unsigned)bytes[j] * 58;
			bytes[j] = (unsigned char)carry;
			carry >>= 8;
		}
		if (carry && n >= max)
			return err_set(err, ERR_INVALID, "base58btc: more than %zu bytes", max);
		if (carry)
			bytes[n++] = (unsigned char)carry;
	}
	if (zeros > max || n > max - zeros)
		return err_set(err, ERR_INVALID, "base58btc: more than %zu bytes", max);
	memset(ret, 0, zeros);
	for (size_t i = 0; i < n; i++)
		ret[zeros + i] = bytes[n - 1 - i];
	*ret_len = zeros + n;
	return true;
}

static bool decode_base64url(struct str text, void *ret, size_t max, size_t *ret_len, struct err *err)
{
	if (text.len / 4 * 3 + (text.len % 4) * 3 / 4 > max)
		return err_set(err, ERR_INVALID, "base64url: more than %zu bytes", max);
	return base64_read(text, BASE64_URL_SAFE, ret, max, ret_len)
	           ? true
	           : err_set(err, ERR_INVALID, "base64url: not written without padding in its own characters");
}

bool multibase_decode(struct str text, void *ret, size_t max, size_t *ret_len, struct err *err)
{
	struct str rest = str_sub(text, 1, text.len);
	if (text.len && text.p[0] == 'z')
		return decode_base58(rest, ret, max, ret_len, err);
	if (text.len && text.p[0] == 'u')
		return decode_base64url(rest, ret, max, ret_len, err);
	return err_set(err, ERR_INVALID, "multibase: neither base58btc (\"z…\") nor base64url (\"u…\")");
}

char *multikey_write(const unsigned char key[SIGN_KEY_SIZE], char out[MULTIKEY_SIZE])
{
	unsigned char bytes[sizeof multicodec_ed25519 + SIGN_KEY_SIZE];
	_cleanup_buf_ struct buf b = BUF(MULTIKEY_SIZE - 1);
	memcpy(bytes, multicodec_ed25519, sizeof multicodec_ed25519);
	memcpy(bytes + sizeof multicodec_ed25519, key, SIGN_KEY_SIZE);
	multibase_base58(bytes, sizeof bytes, &b);
	assert(!b.overflow);
	memcpy(out, b.p, b.len + 1);
	return out;
}

bool multikey_read(struct str text, unsigned char ret[SIGN_KEY_SIZE], struct err *err)
{
	unsigned char bytes[128]; /* other kinds are longer: they are named as such */
	size_t len = 0;
	if (!text.len || text.p[0] != 'z')
		return err_set(err, ERR_INVALID, "a Multikey is written in base58btc (\"z…\")");
	if (!multibase_decode(text, bytes, sizeof bytes, &len, err))
		return err_prefix(err, "Multikey");
	if (len < sizeof multicodec_ed25519 || memcmp(bytes, multicodec_ed25519, sizeof multicodec_ed25519) != 0)
		return err_set(err, ERR_UNSUPPORTED, "Multikey: not an Ed25519 public key");
	if (len != sizeof multicodec_ed25519 + SIGN_KEY_SIZE)
		return err_set(err, ERR_INVALID, "Multikey: an Ed25519 public key has %d bytes", SIGN_KEY_SIZE);
	memcpy(ret, bytes + sizeof multicodec_ed25519, SIGN_KEY_SIZE);
	return true;
}
