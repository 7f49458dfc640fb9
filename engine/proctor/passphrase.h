/* The passphrase that the signing keys are sealed with: a file that was named, systemd's credential, or DATA/passphrase. See keys.h. */
#pragma once
#include "base/err.h"
#include "credential/keyring.h"

struct passphrase {
	char *path; /* where it was */
	char text[KEYRING_PASSPHRASE_MAX + 1];
	size_t len;
};
void passphrase_finish(struct passphrase *p); /* wipes it */
#define _cleanup_passphrase_ __attribute__((cleanup(passphrase_finish)))

/* The file that counts; `named` may be NULL. *ret_own: it is DATA/passphrase, which we may make. The caller's. */
char *passphrase_path(const char *data_dir, const char *named, bool *ret_own);
/* Reads it; makes it when it may and there is none: then *ret_made. ERR_STORE, with what to do, when it cannot be read. `ret` is finished
 * by the caller in any case. */
MUST_CHECK bool passphrase_get(const char *data_dir, const char *named, bool may_make, struct passphrase *ret, bool *ret_made,
                               struct err *err);
