/* Whether a folder has changed, without reading its files. Internal to proctor/. */
#pragma once
#include "base/hash.h"

/* Hash of the names, sizes, times and inodes of all files below it, whatever the order in which the file system lists them. */
void folder_fingerprint(const char *dir, char out[HASH_HEX_SIZE]);
