/* Canonical JSON: RFC 8785 (JCS). Members sorted by UTF-16 code units, numbers as ECMAScript prints them, no white space. */
#pragma once
#include "base/json.h"

/* Fails (ERR_INVALID) on NaN, infinities, and invalid UTF-8. */
MUST_CHECK bool jcs_canonical(const cJSON *value, struct buf *out, struct err *err);
/* The same of an object, but for one of its members. */
MUST_CHECK bool jcs_canonical_without(const cJSON *object, const char *member, struct buf *out, struct err *err);
/* ECMAScript's Number::toString, section 3.2.2.3 of RFC 8785; `out` takes at most 32 bytes with its NUL. */
void jcs_number(double v, char out[32]);
