/* The table of errors: one row a code. See err.h. */
#include "base/err.h"
#include "base/str.h"
#include <assert.h>
#include <stdio.h>

struct row {
	const char *name, *title;
	int http_status, exit_code;
};

static const struct row table[ERR_COUNT] = {
    [ERR_NONE] = {"none", "No error", 200, 0},
    [ERR_USAGE] = {"usage", "The request or command line is not right", 400, 2},
    [ERR_INVALID] = {"invalid", "The input is not what its format says", 400, 1},
    [ERR_RESPONSE] = {"bad-response", "The response does not fit its question", 422, 1},
    [ERR_TOO_LARGE] = {"too-large", "The input is too large", 413, 1},
    [ERR_UNSUPPORTED] = {"unsupported", "This is not supported", 415, 1},
    [ERR_UNAUTHENTICATED] = {"unauthenticated", "Nobody is signed in", 401, 1},
    [ERR_CREDENTIALS] = {"wrong-credentials", "The name or the password is wrong", 401, 1},
    [ERR_FORBIDDEN] = {"forbidden", "This account may not do that", 403, 1},
    [ERR_CSRF] = {"csrf", "The request did not come from our own page", 403, 1},
    [ERR_HOST] = {"unknown-host", "This server does not go by that name", 421, 1},
    [ERR_NOT_FOUND] = {"not-found", "There is no such thing", 404, 1},
    [ERR_METHOD] = {"method-not-allowed", "This address does not take that method", 405, 1},
    [ERR_NOT_ON_FORM] = {"not-on-form", "The question is not on this form", 404, 1},
    [ERR_ATTEMPT_RUNNING] = {"attempt-running", "An attempt at this exam is running already", 409, 1},
    [ERR_ATTEMPT_ENDED] = {"attempt-ended", "The attempt has ended", 409, 1},
    [ERR_SECTION_CLOSED] = {"section-closed", "The section is not open", 409, 1},
    [ERR_NO_RETURN] = {"no-return", "There is no way back to this question", 409, 1},
    [ERR_ON_BREAK] = {"on-break", "The attempt is on a break", 409, 1},
    [ERR_SUPERSEDED] = {"superseded", "The attempt was opened elsewhere", 409, 1},
    [ERR_STALE_SEQ] = {"stale-seq", "A newer answer is saved", 409, 1},
    [ERR_RETAKE] = {"retake", "The retake rules do not allow an attempt now", 403, 1},
    [ERR_NOT_OFFERED] = {"not-offered", "The exam is not offered that way", 403, 1},
    [ERR_NOT_RELEASED] = {"not-released", "The report is not released yet", 403, 1},
    [ERR_CONFLICT] = {"conflict", "This contradicts what is there", 409, 1},
    [ERR_RATE_LIMIT] = {"rate-limit", "Too many requests", 429, 1},
    [ERR_BUSY] = {"busy", "The server is busy", 503, 3},
    [ERR_READ_ONLY] = {"read-only", "The server cannot store anything and accepts nothing", 503, 3},
    [ERR_SIGNATURE] = {"signature", "The signature does not match", 400, 1},
    [ERR_IO] = {"io", "A file could not be read or written", 500, 3},
    [ERR_STORE] = {"store", "The database could not be read or written", 500, 3},
    [ERR_INTERNAL] = {"internal", "Something is wrong on our side", 500, 3},
};

bool err_vset(struct err *err, enum err_code code, const char *fmt, va_list ap)
{
	if (!err)
		return false;
	char msg[sizeof err->msg];
	int n = vsnprintf(msg, sizeof msg, fmt, ap);
	size_t len = n < 0 ? 0 : (size_t)n;
	if (len >= sizeof msg) {
		len = sizeof msg - 1;
		while (len > 0 && !str_is_utf8((struct str){msg, len}, NULL))
			len--; /* not in the middle of a character */
		msg[len] = 0;
	}
	memcpy(err->msg, msg, len + 1);
	err->extra[0] = 0;
	err->code = code;
	return false;
}

bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	err_vset(err, code, fmt, ap);
	va_end(ap);
	return false;
}

bool err_prefix(struct err *err, const char *fmt, ...)
{
	if (!err)
		return false;
	char prefix[256];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(prefix, sizeof prefix, fmt, ap);
	va_end(ap);
	struct err old = *err;
	err_set(err, old.code, "%s: %s", prefix, old.msg);
	memcpy(err->extra, old.extra, sizeof err->extra);
	return false;
}

/* All of the member or nothing of it. */
static bool add_member(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static bool add_member(struct err *err, const char *fmt, ...)
{
	size_t used = strlen(err->extra), room = sizeof err->extra - used;
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(err->extra + used, room, fmt, ap);
	va_end(ap);
	assert(n > 0 && (size_t)n < room);
	return false;
}

bool err_add_str(struct err *err, const char *key, const char *value)
{
	return err ? add_member(err, ",\"%s\":\"%s\"", key, value) : false;
}
bool err_add_i64(struct err *err, const char *key, int64_t value)
{
	return err ? add_member(err, ",\"%s\":%lld", key, (long long)value) : false;
}

static const struct row *row(enum err_code code)
{
	assert((unsigned)code < ERR_COUNT && table[code].name);
	return &table[code];
}

const char *err_name(enum err_code code)
{
	return row(code)->name;
}
const char *err_title(enum err_code code)
{
	return row(code)->title;
}
int err_http_status(enum err_code code)
{
	return row(code)->http_status;
}
int err_exit_code(enum err_code code)
{
	return row(code)->exit_code;
}
