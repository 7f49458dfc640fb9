/* Errors: a code and a message on the caller's stack.
 *
 * A function that can fail ends in `struct err *err`, returns bool and leaves its outputs untouched on failure:
 *
 *     if (!thing) return err_set(err, ERR_NOT_FOUND, "exam '%s'", id);
 *
 * One table (err.c) maps each code to its stable name, its HTTP status and the exit code of the program. */
#pragma once
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#define MUST_CHECK __attribute__((warn_unused_result))

enum err_code {
	ERR_NONE,
	ERR_USAGE,           /* the command line, or a parameter of a request */
	ERR_INVALID,         /* input that is not what its format says */
	ERR_RESPONSE,        /* a response that does not fit its item */
	ERR_TOO_LARGE,       /* input above its ceiling */
	ERR_UNSUPPORTED,     /* a content type or feature that is not handled */
	ERR_UNAUTHENTICATED, /* nobody is signed in */
	ERR_CREDENTIALS,     /* wrong name or password */
	ERR_FORBIDDEN,       /* signed in, and not allowed */
	ERR_CSRF,            /* a browser's request without its token, or from another origin */
	ERR_HOST,            /* a Host header that is not ours */
	ERR_NOT_FOUND,
	ERR_METHOD,
	ERR_NOT_ON_FORM,     /* an item that is not on the attempt's form */
	ERR_ATTEMPT_RUNNING, /* a second attempt while one runs */
	ERR_ATTEMPT_ENDED,   /* a change after the end */
	ERR_SECTION_CLOSED,  /* an item of a section that is not open */
	ERR_NO_RETURN,       /* an item that was passed where there is no way back */
	ERR_ON_BREAK,        /* a change during a break */
	ERR_SUPERSEDED,      /* another tab or device has taken the attempt over */
	ERR_STALE_SEQ,       /* a sequence number older than the saved one */
	ERR_RETAKE,          /* the retake rules do not allow an attempt now */
	ERR_NOT_OFFERED,     /* the exam is not effective, or has no such mode */
	ERR_NOT_RELEASED,    /* the report is not released yet */
	ERR_CONFLICT,        /* the name is taken, the state is another */
	ERR_RATE_LIMIT,
	ERR_BUSY,      /* a bounded queue is full: try again */
	ERR_READ_ONLY, /* durable storage failed: nothing is accepted any more */
	ERR_SIGNATURE, /* a signature or hash that does not match */
	ERR_IO,
	ERR_STORE,
	ERR_INTERNAL,
	ERR_COUNT
};

struct err {
	enum err_code code;
	char msg[512];   /* UTF-8, cut at a character's end; never holds secrets */
	char extra[128]; /* what a program needs to go on, as members of a problem: ,"seq":7 */
};

/* Fills *err (which may be NULL) and returns false, so that callers can return it. */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
bool err_vset(struct err *err, enum err_code code, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));
/* Puts "prefix: " before the message; returns false. */
bool err_prefix(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Adds a member for programs; `value` is an id or a time of our own, without anything to escape. Both return false. */
bool err_add_str(struct err *err, const char *key, const char *value);
bool err_add_i64(struct err *err, const char *key, int64_t value);

const char *err_name(enum err_code code);  /* stable, kebab-case: "attempt-ended" */
const char *err_title(enum err_code code); /* a short English sentence */
int err_http_status(enum err_code code);
int err_exit_code(enum err_code code); /* 1 refused or wrong, 2 usage, 3 could not look */
