/* See fingerprint.h. */
#include "proctor/fingerprint.h"
#include "base/buf.h"
#include "base/mem.h"
#include <ftw.h>

#define FILES_MAX 200000

/* nftw() takes no argument for its callback. */
static _Thread_local struct {
	char **lines;
	size_t n, cap;
} fingerprint;

static int add_file(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)at;
	if (fingerprint.n == FILES_MAX)
		return 1;
	fingerprint.lines = xgrow(fingerprint.lines, fingerprint.n, &fingerprint.cap, sizeof *fingerprint.lines);
	fingerprint.lines[fingerprint.n++] = xasprintf("%s %d %lld %lld.%09ld %llu\n", path, type, (long long)st->st_size,
	                                               (long long)st->st_mtim.tv_sec, st->st_mtim.tv_nsec, (unsigned long long)st->st_ino);
	return 0;
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void folder_fingerprint(const char *dir, char out[HASH_HEX_SIZE])
{
	fingerprint.n = 0;
	nftw(dir, add_file, 16, FTW_PHYS);
	qsort(fingerprint.lines, fingerprint.n, sizeof *fingerprint.lines, compare_lines);
	_cleanup_buf_ struct buf text = BUF(512u << 20);
	for (size_t i = 0; i < fingerprint.n; i++) {
		buf_adds(&text, fingerprint.lines[i]);
		free(fingerprint.lines[i]);
	}
	free(fingerprint.lines);
	fingerprint.lines = NULL;
	fingerprint.cap = 0;
	hash_sha256_hex(buf_str(&text), out);
}
