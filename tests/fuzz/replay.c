/* Runs a fuzz target over files, without libFuzzer: so that every build replays the seeds and the findings of earlier runs.
 * Usage: replay_NAME FILE|FOLDER… */
#include "base/file.h"
#include "base/mem.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t replay_file(const char *path)
{
	_cleanup_buf_ struct buf b = BUF(64 << 20);
	struct err err;
	if (!file_read(path, b.max, &b, &err)) {
		fprintf(stderr, "%s: %s\n", path, err.msg);
		exit(1);
	}
	uint8_t *exact = malloc(b.len ? b.len : 1); /* so that a sanitizer sees a read past the end */
	if (!exact)
		abort();
	memcpy(exact, buf_str(&b).p, b.len);
	LLVMFuzzerTestOneInput(exact, b.len);
	free(exact);
	return 1;
}

static size_t replay(const char *path)
{
	struct stat st;
	if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
		return replay_file(path);
	DIR *dir = opendir(path);
	if (!dir) {
		fprintf(stderr, "%s cannot be opened\n", path);
		exit(1);
	}
	size_t n = 0;
	for (const struct dirent *entry; (entry = readdir(dir));) {
		_cleanup_free_ char *file = xasprintf("%s/%s", path, entry->d_name);
		if (entry->d_name[0] != '.')
			n += replay(file);
	}
	closedir(dir);
	return n;
}

int main(int argc, char **argv)
{
	size_t n = 0;
	for (int i = 1; i < argc; i++)
		n += replay(argv[i]);
	printf("%zu inputs\n", n);
	return n ? 0 : 1; /* nothing to replay is a mistake in the call */
}
