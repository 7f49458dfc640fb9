/* The commands below `assay bank` that have files of their own. argv[0] is the command's name. */
#pragma once

int cli_bank_import(int argc, char **argv);
int cli_bank_export(int argc, char **argv);
int cli_bank_sign(int argc, char **argv);
int cli_bank_approve(int argc, char **argv);
int cli_bank_verify(int argc, char **argv);
int cli_bank_trust(int argc, char **argv);
