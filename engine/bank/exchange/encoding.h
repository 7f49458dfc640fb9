/* The bytes of other tools' files as UTF-8 text. Internal to exchange/. */
#pragma once
#include "base/buf.h"

/* Replaces the bytes by UTF-8 without a byte order mark and with \n at the lines' ends; characters that no text has (NUL, other controls,
 * the three that markdown.h uses for itself) become spaces. *ret_name is the encoding that was found: by its byte order mark, by being
 * valid UTF-8, by the pattern of zero bytes that UTF-16 has, and else Windows-1252, of which Latin-1 is a part.
 * ERR_INVALID when the bytes are no text. */
MUST_CHECK bool encoding_to_utf8(struct buf *bytes, const char **ret_name, struct err *err);
