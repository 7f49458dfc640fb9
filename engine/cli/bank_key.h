/* Signing keys of people, in minisign's files, for the commands below `assay bank`. */
#pragma once
#include "bank/roots.h"

/* Reads a secret key; asks for its passphrase, or takes it from a file, when it is sealed. */
MUST_CHECK bool bank_key_open(const char *path, const char *passphrase_file, struct minisign_secret *ret, struct err *err);
/* Makes PATH and PATH.pub. An existing one is never overwritten. */
MUST_CHECK bool bank_key_make(const char *path, const char *passphrase_file, bool plain, struct minisign_key *ret, struct err *err);
/* A public key: the text itself, or the name of a file with it. */
MUST_CHECK bool bank_key_public(const char *text, struct minisign_key *ret, struct err *err);
/* The roots of a file; *ret_there false when there is no such file. */
MUST_CHECK bool bank_roots_read(const char *path, struct roots *ret, bool *ret_there, struct err *err);
