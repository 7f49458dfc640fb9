/* A renaming being worked out; internal to rename*.c. */
#pragma once
#include "bank/bank.h"
#include "bank/rename.h"
#include "base/mem.h"

enum what { WHAT_QUESTION, WHAT_TASK, WHAT_CASE, WHAT_EXAM, WHAT_DOMAIN, WHAT_OBJECTIVE, WHATS };

/* A file that changes. */
struct change {
	char *path;
	char version[HASH_HEX_SIZE];
	struct buf before, after;
};
struct renaming {
	const struct workspace *w;
	const struct bank *bank;
	const char *from, *to;
	enum what what;
	struct change *changes;
	size_t n, cap;
	char *old_path, *new_path; /* of a file or folder that gets another name; or NULL */
	struct err *err;
};
/* The change of a file, which is read for it when it is not there yet. NULL after an error. */
struct change *rename_change(struct renaming *r, const char *path);
/* `text` takes the place of what the file would have become. */
MUST_CHECK bool rename_put(struct change *c, struct buf *text, struct err *err);
/* Files of this kind refer to `from` in the field `name`: they refer to `to`. `dotted`: what follows a '.' behind it stays. */
MUST_CHECK bool rename_references(struct renaming *r, enum workspace_kind kind, const char *name, bool dotted, const char *from,
                                  const char *to);

/* rename_domain.c: an objective is "DOMAIN.OBJECTIVE". */
const struct bank_objective *rename_find_objective(const struct bank *bank, const char *id);
MUST_CHECK bool rename_check_domain(struct renaming *r);
MUST_CHECK bool rename_domain(struct renaming *r);
