/* The files of a bank's folder: a walk that follows no symbolic link and stops at ceilings. */
#pragma once
#include "bank/diag.h"
#include "base/err.h"

#define SCAN_FILES_MAX 120000
#define SCAN_DEPTH_MAX 12
#define SCAN_TEXT_TOTAL_MAX (256u << 20)

/* All regular files below the folder, as sorted relative paths; hidden ones and tasks/ are left out. Links and devices are reported.
 * ERR_NOT_FOUND or ERR_IO when the folder cannot be read, ERR_TOO_LARGE above a ceiling. */
struct file_list {
	char **paths;
	size_t n, cap;
};
MUST_CHECK bool scan_folder(int dir_fd, struct file_list *ret, struct diags *diags, struct err *err);
/* Whether a path in a bank is one that it lists, if it is there. */
bool scan_belongs(const char *path);
void file_list_finish(struct file_list *f);
