/* Lint, internal to bank/: the parts of bank_lint(). */
#pragma once
#include "bank/bank.h"
#include "bank/diag.h"

/* A warning about one item, at its line. */
#define lint_warn(d, item, code, fmt, ...) \
	diags_add_place(d, DIAG_WARNING, code, (item)->file, (item)->line, "%s: " fmt, (item)->id, ##__VA_ARGS__)
/* Items whose text is nearly that of another one of another family (similar.c). */
void lint_similar(const struct bank *bank, struct diags *d);
/* What only many items show: habits in placing and wording keys, and what nothing refers to (habits.c). */
void lint_habits(const struct bank *bank, struct diags *d);
void lint_unused(const struct bank *bank, struct diags *d);
/* The text of all options and answers a candidate sees, after the stem's. */
void lint_text(const struct item *item, bool with_options, struct buf *out);
