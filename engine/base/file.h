/* Files: whole reads with a ceiling, and writes that are durable or did not happen. */
#pragma once
#include "base/buf.h"
#include "base/err.h"

/* Reads a regular file (ERR_IO otherwise; ERR_NOT_FOUND if there is none) of at most size_max bytes; never blocks on FIFOs. */
MUST_CHECK bool file_read(const char *path, size_t size_max, struct buf *out, struct err *err);
/* The same below a directory descriptor, refusing to leave it by "..", absolute paths or symbolic links. */
MUST_CHECK bool file_read_beneath(int dir_fd, const char *path, size_t size_max, struct buf *out, struct err *err);
/* Reads exactly `size` bytes (at most 64) that stand in a file as hexadecimal; leaves no copy behind. ERR_INVALID for anything else. */
MUST_CHECK bool file_read_hex(const char *path, unsigned char *ret, size_t size, struct err *err);
/* Writes a temporary file beside `path`, syncs it, renames it, syncs the folder. */
MUST_CHECK bool file_write_durable(const char *path, struct str bytes, unsigned mode, struct err *err);
