/* Base64 from outside, strictly: each sequence of bytes has one spelling. */
#pragma once
#include "base/err.h"
#include "base/str.h"

enum base64 { BASE64_PADDED, BASE64_URL_SAFE }; /* RFC 4648: section 4, with padding; section 5, without */

/* Decodes all of `text` into at most `max` bytes. False, and nothing is written, when it holds anything else than the letters of its
 * alphabet (white space, too), bits that stand for nothing, or more. */
MUST_CHECK bool base64_read(struct str text, enum base64 kind, void *ret, size_t max, size_t *ret_len);
