/* What the commands that work on a data folder share. */
#pragma once
#include "proctor/proctor.h"

/* Opens the data folder beside a server that may be running. ERR_NOT_FOUND when there is none, unless it may be made. */
MUST_CHECK bool data_open(const char *dir, bool may_make, struct proctor **ret, struct err *err);
/* The same for commands about keys: `passphrase_file` may be NULL. `alone`: fails with ERR_CONFLICT while a server runs, and keeps one from
 * starting. */
MUST_CHECK bool data_open_keys(const char *dir, const char *passphrase_file, bool alone, struct proctor **ret, struct err *err);
/* Runs `change` in a transaction of its own. */
typedef bool data_change_fn(struct proctor *pr, struct store *wr, void *arg, struct err *err);
MUST_CHECK bool data_change(struct proctor *pr, data_change_fn *change, void *arg, struct err *err);
/* The same for changes that sign something: opens the keys before the transaction, so that a running server does not wait for it. */
MUST_CHECK bool data_sign(struct proctor *pr, data_change_fn *change, void *arg, struct err *err);
/* Prints "assay: COMMAND: message" and returns the exit code. */
int data_fail(const char *command, const struct err *err);
/* Prints what is wrong with the command line and where the manual is; returns 2. */
int data_usage(const char *command, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* A password: asked twice without echo on a terminal, else one line of the standard input. */
MUST_CHECK bool data_password(char *out, size_t size, struct err *err);
/* A passphrase that is known already: asked once. */
MUST_CHECK bool data_passphrase(const char *prompt, char *out, size_t size, struct err *err);
/* Text of somebody else's on a terminal: it prints what it says and does nothing else. `indent` stands after line feeds; NULL: they are
 * no more than other control characters. */
void data_print_text(const char *s, const char *indent);
