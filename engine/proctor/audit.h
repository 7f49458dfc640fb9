/* Looking whether stored results, forms and bank versions are what they were: for `assay doctor` and `assay restore`. */
#pragma once
#include "store/store.h"

struct audit {
	size_t results, versions, forms; /* looked at */
	size_t findings;
	size_t other_keys; /* results signed with a key that is none of this data folder's, present or past */
};
typedef void audit_fn(void *arg, const char *finding);
/* Signatures, hashes and chains of all results; hashes of all forms and bank versions. Fails only when it could not look.
 */
MUST_CHECK bool audit_run(struct store *st, audit_fn *fn, void *arg, struct audit *ret, struct err *err);
