/* Multibase text of bytes and of keys: base58btc ("z…"), base64url without padding ("u…"), and Multikey for Ed25519 public keys
 * (CID 1.0, sections 2.4 and 2.2: "z" + base58btc(ed 01 ‖ key)). */
#pragma once
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "credential/signed.h"

#define MULTIKEY_SIZE 64 /* the text of an Ed25519 key, with its NUL: 48 characters in fact */
#define PROOF_VALUE_SIZE 128

void multibase_base58(const void *bytes, size_t len, struct buf *out);    /* with the "z"; len at most 1024 */
void multibase_base64url(const void *bytes, size_t len, struct buf *out); /* with the "u" */
/* Either of both; ERR_INVALID for another prefix, other characters, padding, non-canonical tails, or more than `max` bytes. */
MUST_CHECK bool multibase_decode(struct str text, void *ret, size_t max, size_t *ret_len, struct err *err);
char *multikey_write(const unsigned char key[SIGN_KEY_SIZE], char out[MULTIKEY_SIZE]);
/* ERR_UNSUPPORTED for keys of another kind. */
MUST_CHECK bool multikey_read(struct str text, unsigned char ret[SIGN_KEY_SIZE], struct err *err);
