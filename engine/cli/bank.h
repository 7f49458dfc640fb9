/* The commands below `assay bank` that have files of their own. argv[0] is the command's name. */
#pragma once
#include "base/err.h"

int cli_bank_import(int argc, char **argv);
int cli_bank_export(int argc, char **argv);
int cli_bank_sign(int argc, char **argv);
int cli_bank_approve(int argc, char **argv);
int cli_bank_verify(int argc, char **argv);
int cli_bank_trust(int argc, char **argv);
int cli_bank_fmt(int argc, char **argv);
int cli_bank_show(int argc, char **argv);
int cli_bank_new(int argc, char **argv);
int cli_bank_diff(int argc, char **argv);
int cli_bank_rename(int argc, char **argv);
int cli_bank_review(int argc, char **argv);
int cli_bank_status(int argc, char **argv);

/* bank_watch.c: waits until a file of the bank has changed. False when it cannot look. */
struct bank_watch;
MUST_CHECK bool bank_watch_open(const char *dir, struct bank_watch **ret, struct err *err);
MUST_CHECK bool bank_watch_wait(struct bank_watch *w, struct err *err);
void bank_watch_close(struct bank_watch *w);
