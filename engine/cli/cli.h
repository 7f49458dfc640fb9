/* The commands of the program: one file each. Each takes its own arguments (argv[0] is the command's name), prints its manual for
 * --help, and returns the exit code: 0 done, 1 refused or wrong, 2 usage, 3 could not look. */
#pragma once
#include "base/err.h"

int cli_serve(int argc, char **argv);
int cli_bank(int argc, char **argv);
int cli_user(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_key(int argc, char **argv);
int cli_mark(int argc, char **argv);
int cli_review(int argc, char **argv);
int cli_regrade(int argc, char **argv);
int cli_reports(int argc, char **argv);
int cli_rescore(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_restore(int argc, char **argv);
int cli_log(int argc, char **argv);
int cli_revoke(int argc, char **argv);
int cli_issuer(int argc, char **argv);
int cli_certificate(int argc, char **argv);
int cli_doctor(int argc, char **argv);
int cli_box(int argc, char **argv);
int cli_image(int argc, char **argv);
int cli_task(int argc, char **argv);
int cli_author(int argc, char **argv);

int serve_print_routes(void); /* for `assay routes` */

/* PATH of a file that is installed beside the program, or NULL: first DIR/name, then DIR/../name, where DIR holds the program. */
char *cli_beside(const char *name);
char *cli_beside_or(const char *name, const char *built); /* or, in a build folder, at `built` */
/* Where data is kept unless --data says otherwise: $ASSAY_DATA, $XDG_DATA_HOME/assay, ~/.local/share/assay. */
char *cli_data_dir(void);
/* Who works in this folder, for what is put on record: `by` if it is given, else git's user.name there, else $USER, else "author".
 * ERR_USAGE for a name that cannot be one. The caller's. */
MUST_CHECK bool cli_author_name(const char *by, const char *dir, char **ret, struct err *err);
