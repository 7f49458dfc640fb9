/* A zip archive being made; the same files make the same bytes. Internal to exchange/. */
#pragma once
#include "bank/bank.h"

struct archive_file {
	char *name, *bytes;
	size_t size;
};
struct archive {
	struct archive_file *files;
	size_t n, cap;
	const struct bank_media **media;
	size_t n_media, cap_media;
};
void archive_add(struct archive *a, const char *name, struct str bytes);
void archive_add_media(struct archive *a, const struct bank_media *m); /* as media/NAME, once */
/* Writes the file, which must not be there yet. */
MUST_CHECK bool archive_write(const struct archive *a, const char *path, struct err *err);
void archive_finish(struct archive *a);
