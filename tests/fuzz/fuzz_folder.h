/* A folder in memory (/dev/shm) that holds a bank for one process: the file under test, a picture, a page, a case. */
#pragma once
#include "base/mem.h"
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static char fuzz_folder_path[64];

static inline void fuzz_folder_write(const char *path, const void *data, size_t size);

static void fuzz_folder_remove(void)
{
	static const char *const entries[] = {"questions/q.md", "media/a.svg", "docs/d.md", "cases/c.md", "exams/e.yml", "bank.yml",
	                                      "questions",      "media",       "docs",      "cases",      "exams"};
	char path[128];
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++) {
		snprintf(path, sizeof path, "%s/%s", fuzz_folder_path, entries[i]);
		remove(path);
	}
	rmdir(fuzz_folder_path);
}

static inline const char *fuzz_folder(void)
{
	if (fuzz_folder_path[0])
		return fuzz_folder_path;
	snprintf(fuzz_folder_path, sizeof fuzz_folder_path, "/dev/shm/assay-fuzz-XXXXXX");
	if (!mkdtemp(fuzz_folder_path))
		abort();
	atexit(fuzz_folder_remove);
	static const char svg[] = "<svg width=\"100\" height=\"50\"></svg>", page[] = "# D\n", facts[] = "# C\nx\n";
	static const char bank[] = "id: b\ndomains:\n  files:\n    title: F\n    objectives: {links: L}\n  users: U\n";
	fuzz_folder_write("media/a.svg", svg, sizeof svg - 1);
	fuzz_folder_write("docs/d.md", page, sizeof page - 1);
	fuzz_folder_write("cases/c.md", facts, sizeof facts - 1);
	fuzz_folder_write("bank.yml", bank, sizeof bank - 1);
	return fuzz_folder_path;
}

static inline void fuzz_folder_write(const char *path, const void *data, size_t size)
{
	char full[128];
	snprintf(full, sizeof full, "%s/%s", fuzz_folder(), path);
	char *slash = strrchr(full, '/');
	*slash = 0;
	mkdir(full, 0700);
	*slash = '/';
	int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	close(fd);
}
