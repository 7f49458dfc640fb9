/* Diagnostics: what is wrong with a bank, collected, each at its file, line and column with a stable code.
 *
 * Every code is described in docs/authors/diagnostics.md; a test holds the two together. */
#pragma once
#include "base/buf.h"
#include <stdbool.h>
#include <stddef.h>

/* More than these are counted, but not kept. */
#define DIAGS_MAX 10000

enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diag {
	enum diag_level level;
	const char *code; /* stable and documented: "no-key" */
	char *file;       /* relative to the bank */
	int line, column; /* from 1; column counts characters; 0: the whole file or line */
	char *message;
	char *suggestion;    /* what to do, or "did you mean …"; or NULL */
	char *source_line;   /* for the caret, long lines cut at both ends; or NULL */
	char *wrong, *right; /* what stands there and what was probably meant; or NULL */
	int caret;           /* where the caret stands in source_line, in characters from 1 */
};

struct diags {
	struct diag *list;
	size_t n, cap, n_errors, n_warnings;
	bool last_kept; /* whether the last one that was added is list[n - 1] */
};

/* All codes, in order. */
extern const char *const diag_codes[];
extern const size_t n_diag_codes;

void diags_finish(struct diags *d);
/* Sorted by file, line, column, without repetitions; equal input gives equal output. */
void diags_sort(struct diags *d);
void diags_print(const struct diags *d, bool color, struct buf *out); /* file:line:col: error[code]: message, caret, help */
void diags_json(const struct diags *d, struct buf *out);

/* A file of a bank, for positions. Bytes are valid UTF-8; the table of lines is made when a position is first asked for. */
struct source {
	const char *path; /* relative to the bank */
	struct str bytes;
	uint32_t *lines; /* offsets of the lines' beginnings */
	size_t n_lines;
};
void source_finish(struct source *s);
/* The line, from 1, that holds this byte. */
int source_line(struct source *s, const char *at);

/* Adds one diagnostic. `at` points into the source's bytes (NULL: the file as a whole); `code` is a literal. */
void diags_add(struct diags *d, enum diag_level level, const char *code, struct source *source, const char *at, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
void diags_vadd(struct diags *d, enum diag_level level, const char *code, struct source *source, const char *at, const char *fmt,
                va_list ap) __attribute__((format(printf, 6, 0)));
/* The same for a place that is known by name only; line 0: the file as a whole. */
void diags_add_place(struct diags *d, enum diag_level level, const char *code, const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 6, 7)));
/* Lets one that only knows its line point at the beginning of that line, if the source has it. */
void diag_locate(struct diag *one, struct source *source);
/* Says what to do about the diagnostic that was added last. */
void diags_help(struct diags *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* "did you mean 'x'?" for the nearest of the names, if one is near; else lists them when they are few. */
void diags_did_you_mean(struct diags *d, struct str given, const char *const *names, size_t n);
