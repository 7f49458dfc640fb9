/* Building named images. See images.h.
 *
 * mmdebstrap makes an archive with a fixed date, so that the same packages give the same bytes; its SHA-256 stands beside the image. The
 * archive is unpacked beside the final name and renamed, so an image is whole or not there. As root the owners stay; a plain user's image
 * belongs to that user, as it must to be changed in a box. */
#include "sandbox/client/images.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define RECIPE "assay-image-1" /* changes with what is done beside the declaration */
#define IMAGE_NAME_MAX 40
#define DATE "1700000000"
#define ARGS_MAX 40

extern char **environ;

static bool is_package(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.+-");
	return n >= 2 && n <= 100 && !s[n] && *s != '-' && *s != '.' && *s != '+';
}

bool image_spec_check(const struct image_spec *spec, struct err *err)
{
	if (!str_is_id(str_of(spec->name)) || strlen(spec->name) > IMAGE_NAME_MAX || !strcmp(spec->name, "host"))
		return err_set(err, ERR_INVALID, "'%.60s' is not a name for an image", spec->name);
	if (!is_package(spec->suite))
		return err_set(err, ERR_INVALID, "'%.60s' is not the name of a Debian suite", spec->suite);
	if (spec->n_packages > IMAGE_PACKAGES_MAX)
		return err_set(err, ERR_INVALID, "more than %d packages", IMAGE_PACKAGES_MAX);
	for (size_t i = 0; i < spec->n_packages; i++)
		if (!is_package(spec->packages[i]))
			return err_set(err, ERR_INVALID, "'%.60s' is not the name of a Debian package", spec->packages[i]);
	return true;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The packages in order, between commas. */
static void add_packages(const struct image_spec *spec, struct buf *out)
{
	const char *sorted[IMAGE_PACKAGES_MAX];
	size_t n = spec->n_packages;
	for (size_t i = 0; i < n; i++)
		sorted[i] = spec->packages[i];
	qsort(sorted, n, sizeof *sorted, compare);
	for (size_t i = 0; i < n; i++)
		buf_addf(out, "%s%s", i ? "," : "", sorted[i]);
}

void image_key(const struct image_spec *spec, char ret[BOX_NAME_MAX + 1])
{
	_cleanup_buf_ struct buf recipe = BUF(1 << 16);
	char hex[HASH_HEX_SIZE];
	buf_addf(&recipe, RECIPE "\n%s\n", spec->suite);
	add_packages(spec, &recipe);
	hash_sha256_hex(buf_str(&recipe), hex);
	snprintf(ret, BOX_NAME_MAX + 1, "%.*s-%.16s", IMAGE_NAME_MAX, spec->name, hex);
}

bool image_built(const char *dir, const char *key, char ret_sha256[HASH_HEX_SIZE], struct err *err)
{
	struct stat st;
	_cleanup_buf_ struct buf text = BUF(HASH_HEX_SIZE);
	_cleanup_free_ char *path = xasprintf("%s/images/%s", dir, key), *sum = xasprintf("%s.sha256", path);
	if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_set(err, ERR_NOT_FOUND, "the image %s is not built", key);
	if (!file_read(sum, HASH_HEX_SIZE - 1, &text, err))
		return false;
	if (text.len != HASH_HEX_SIZE - 1)
		return err_set(err, ERR_IO, "%s does not hold a SHA-256", sum);
	memcpy(ret_sha256, text.p, HASH_HEX_SIZE - 1);
	ret_sha256[HASH_HEX_SIZE - 1] = 0;
	return true;
}

/* Runs a program to its end; what it prints goes to standard error. */
static bool run(const char *const *argv, struct err *err)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	int rc = posix_spawnp(&pid, argv[0], &actions, NULL, (char **)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (rc == ENOENT)
		return err_set(err, ERR_UNSUPPORTED, "the program %s is missing: apt-get install %s", argv[0], argv[0]);
	if (rc != 0)
		return err_set(err, ERR_INTERNAL, "%s: %s", argv[0], strerror(rc));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status == 0 ? true : err_set(err, ERR_INTERNAL, "%s has failed; what it said stands above", argv[0]);
}

static bool is_there(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && st.st_size > 0;
}

/* Where this machine takes its packages from, when it runs the suite that is wanted; else mmdebstrap's own choice: NULL. */
static const char *sources(const char *suite)
{
	_cleanup_buf_ struct buf release = BUF(1 << 16);
	struct err err;
	_cleanup_free_ char *line = xasprintf("VERSION_CODENAME=%s\n", suite);
	if (!file_read("/etc/os-release", 1 << 15, &release, &err) || !strstr(release.p, line))
		return NULL;
	static const char *const files[] = {"/etc/apt/sources.list", "/etc/apt/sources.list.d/debian.sources"};
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (is_there(files[i]))
			return files[i];
	return NULL;
}

static bool bootstrap(const struct image_spec *spec, const char *archive, struct err *err)
{
	_cleanup_buf_ struct buf include = BUF(1 << 16);
	buf_adds(&include, "--include=");
	add_packages(spec, &include);
	/* $1 is the tree; the hooks' texts are ours alone. */
	const char *argv[ARGS_MAX] = {
	    "mmdebstrap",
	    "--quiet",
	    "--variant=minbase",
	    "--dpkgopt=path-exclude=/usr/share/man/*",
	    "--dpkgopt=path-exclude=/usr/share/doc/*",
	    "--customize-hook=chroot \"$1\" useradd --uid 1000 --create-home --shell /bin/bash --comment Candidate candidate",
	    "--customize-hook=mkdir \"$1/subject\"; echo box >\"$1/etc/hostname\"; : >\"$1/etc/resolv.conf\"; : >\"$1/etc/machine-id\"",
	    "--customize-hook=printf '127.0.0.1\\tlocalhost box\\n::1\\tlocalhost ip6-localhost ip6-loopback\\n' >\"$1/etc/hosts\"",
	    "--customize-hook=rm -rf \"$1/etc/apt/sources.list\" \"$1\"/etc/apt/sources.list.d/*",
	};
	size_t n = 9;
	if (spec->n_packages)
		argv[n++] = include.p;
	argv[n++] = spec->suite;
	argv[n++] = archive;
	const char *from = sources(spec->suite);
	if (from)
		argv[n++] = from;
	setenv("SOURCE_DATE_EPOCH", DATE, 1);
	return run(argv, err);
}

static bool hash_file(const char *path, char ret[HASH_HEX_SIZE], struct err *err)
{
	static const size_t block = 1 << 16;
	_cleanup_free_ char *bytes = xmalloc(block);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned char hash[HASH_SIZE];
	crypto_hash_sha256_state state;
	crypto_hash_sha256_init(&state);
	ssize_t n = -1;
	while (fd >= 0 && (n = read(fd, bytes, block)) > 0)
		crypto_hash_sha256_update(&state, (unsigned char *)bytes, (size_t)n);
	if (n < 0)
		return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	crypto_hash_sha256_final(&state, hash);
	hash_hex(hash, ret);
	return true;
}

static void remove_quietly(const char *path)
{
	struct err err;
	const char *argv[] = {"rm", "-rf", "--", path, NULL};
	(void)!run(argv, &err);
}

static bool unpack(const char *archive, const char *tree, struct err *err)
{
	const char *argv[] = {"tar",
	                      "--extract",
	                      "--file",
	                      archive,
	                      "--directory",
	                      tree,
	                      "--exclude=./dev/*",
	                      "--numeric-owner",
	                      "--preserve-permissions",
	                      geteuid() == 0 ? "--same-owner" : "--no-same-owner",
	                      NULL};
	return mkdir(tree, 0755) < 0 ? err_set(err, ERR_IO, "%s: %s", tree, strerror(errno)) : run(argv, err);
}

static bool build_in(const char *work, const char *images, const struct image_spec *spec, const char *key, struct err *err)
{
	char sha256[HASH_HEX_SIZE];
	_cleanup_free_ char *archive = xasprintf("%s/image.tar", work), *tree = xasprintf("%s/tree", work);
	_cleanup_free_ char *path = xasprintf("%s/%s", images, key), *sum = xasprintf("%s.sha256", path);
	if (!bootstrap(spec, archive, err) || !hash_file(archive, sha256, err) || !unpack(archive, tree, err) ||
	    !file_write_durable(sum, str_of(sha256), 0600, err))
		return false;
	if (rename(tree, path) < 0 && errno != EEXIST && errno != ENOTEMPTY)
		return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
	return true;
}

/* The folder and those above it. */
static bool make_folders(const char *path, struct err *err)
{
	_cleanup_free_ char *copy = xstrdup(path);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		(void)!mkdir(copy, 0700); /* the last one tells */
		*slash = '/';
	}
	return mkdir(copy, 0700) == 0 || errno == EEXIST ? true : err_set(err, ERR_IO, "cannot make the folder %s: %s", copy, strerror(errno));
}

bool image_build(const char *dir, const struct image_spec *spec, struct err *err)
{
	char key[BOX_NAME_MAX + 1], sha256[HASH_HEX_SIZE];
	struct err missing;
	if (!image_spec_check(spec, err))
		return false;
	image_key(spec, key);
	if (image_built(dir, key, sha256, &missing))
		return true;
	_cleanup_free_ char *images = xasprintf("%s/images", dir), *work = xasprintf("%s/.build", images), *lock = xasprintf("%s.lock", work);
	if (!make_folders(images, err))
		return false;
	/* One build at a time: the next one may find its image built, and what a build that was killed has left is nobody's. */
	_cleanup_close_ int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		return err_set(err, ERR_IO, "%s: %s", lock, strerror(errno));
	if (image_built(dir, key, sha256, &missing))
		return true;
	remove_quietly(work);
	if (mkdir(work, 0700) < 0)
		return err_set(err, ERR_IO, "%s: %s", work, strerror(errno));
	bool ok = build_in(work, images, spec, key, err);
	remove_quietly(work);
	return ok;
}
