/* Base64. See base64.h. libsodium reads it, but for letters: version 1.0.18 takes each byte above 0x7F for the last one of the alphabet, so
 * that what was signed as "__" could be spelled "\u00e9". */
#include "base/base64.h"
#include "base/mem.h"
#include <sodium.h>

bool base64_read(struct str text, enum base64 kind, void *ret, size_t max, size_t *ret_len)
{
	int variant = kind == BASE64_PADDED ? sodium_base64_VARIANT_ORIGINAL : sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	size_t size = text.len / 4 * 3 + 3, len = 0;
	const char *end = NULL;
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.p[i] >= 0x80)
			return false;
	if (!text.len) {
		*ret_len = 0;
		return true;
	}
	_cleanup_free_ char *bytes = xmalloc(size);
	if (sodium_base642bin((unsigned char *)bytes, size, text.p, text.len, NULL, &len, &end, variant) != 0 || end != text.p + text.len ||
	    len > max)
		return false;
	memcpy(ret, bytes, len);
	*ret_len = len;
	return true;
}
