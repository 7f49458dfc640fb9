/* The commands below `assay bank` that have files of their own. argv[0] is the command's name. */
#pragma once

int cli_bank_import(int argc, char **argv);
int cli_bank_export(int argc, char **argv);
int cli_bank_fmt(int argc, char **argv);
int cli_bank_show(int argc, char **argv);
int cli_bank_new(int argc, char **argv);
