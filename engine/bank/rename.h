/* Another id for a part of a bank, everywhere: where it is given, and where others refer to it. */
#pragma once
#include "bank/workspace.h"

/* `from` is the id of a question, task, case, exam or domain ("case:shop" where several have one), an objective as "DOMAIN.OBJECTIVE", or
 * the path of a file; `to` is its new id, or path. Everything is worked out before anything is written. *ret_paths are the files that
 * changed, by their new names: *ret_n of them, the caller's. ERR_NOT_FOUND, ERR_CONFLICT when the new id is taken, ERR_INVALID when `from`
 * is not clear or `to` is no id. */
MUST_CHECK bool bank_rename(const struct workspace *w, const char *from, const char *to, char ***ret_paths, size_t *ret_n, struct err *err);
