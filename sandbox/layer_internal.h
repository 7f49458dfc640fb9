/* What writing and reading layers share. See layer.h. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#define LAYER_OPAQUE "user.overlay.opaque"

enum layer_type {
	LAYER_FILE = 'f',
	LAYER_DIR = 'd',
	LAYER_UP = 'u',
	LAYER_SYMLINK = 'l',
	LAYER_HARD_LINK = 'h',
	LAYER_FIFO = 'p',
	LAYER_WHITEOUT = 'w',
	LAYER_END = 'e'
};

bool layer_keeps_xattr(const char *name);
/* The names in a folder, sorted by byte, without . and ..; NULL when it cannot be read. The caller frees each and the array. */
char **layer_names(int dir_fd, size_t *ret_n);
