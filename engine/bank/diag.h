/* Diagnostics: what is wrong with a bank, collected, each at its file, line and column with a stable code. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

enum diag_level { DIAG_ERROR, DIAG_WARNING };

struct diag {
	enum diag_level level;
	const char *code;  /* stable and documented: "no-key" */
	char *file;        /* relative to the bank */
	int line, column;  /* from 1; column counts characters; 0: the whole file or line */
	char *message;
	char *suggestion;  /* what to do, or "did you mean …"; or NULL */
	char *source_line; /* for the caret; or NULL */
};

struct diags {
	struct diag *list;
	size_t n, cap, n_errors, n_warnings;
};

void diags_finish(struct diags *d);
/* Sorted by file, line, column; equal input gives equal output. */
void diags_sort(struct diags *d);
void diags_print(const struct diags *d, bool color, struct buf *out); /* file:line:col: error[code]: message, caret, help */
void diags_json(const struct diags *d, struct buf *out);
