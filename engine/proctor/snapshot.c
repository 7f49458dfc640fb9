/* Files that outlive boxes: the layers that gradings look at, and recordings of terminals. See task.h.
 *
 *     DATA/snapshots/SHA256                     never changed, named by its content
 *     DATA/recordings/ATTEMPT-ITEM-SHELL.cast   appended to while the attempt runs */
#include "proctor/task.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

char *snapshot_path_of(const struct proctor *pr, const char *hash)
{
	return xasprintf("%s/snapshots/%s", pr->data_dir, hash);
}

char *recording_path_of(const struct proctor *pr, const char *attempt, int item, int shell)
{
	return xasprintf("%s/recordings/%s-%d-%d.cast", pr->data_dir, attempt, item, shell);
}

static bool hash_fd(int fd, const char *path, char ret_hash[HASH_HEX_SIZE], int64_t *ret_size, struct err *err)
{
	char block[65536];
	ssize_t n;
	int64_t size = 0;
	crypto_hash_sha256_state state;
	unsigned char hash[HASH_SIZE];
	crypto_hash_sha256_init(&state);
	while ((n = read(fd, block, sizeof block)) > 0) {
		crypto_hash_sha256_update(&state, (const unsigned char *)block, (size_t)n);
		size += n;
	}
	if (n < 0)
		return err_set(err, ERR_IO, "cannot read %s: %m", path);
	crypto_hash_sha256_final(&state, hash);
	hash_hex(hash, ret_hash);
	*ret_size = size;
	return true;
}

bool file_hash(const char *path, char ret_hash[HASH_HEX_SIZE], int64_t *ret_size, struct err *err)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s: %m", path);
	return hash_fd(fd, path, ret_hash, ret_size, err);
}

/* By content, where the file cannot be linked: another file system. */
static bool copy(int from, const char *to, struct err *err)
{
	_cleanup_close_ int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	char block[65536];
	ssize_t n;
	if (out < 0 || lseek(from, 0, SEEK_SET) < 0)
		return err_set(err, ERR_IO, "cannot create %s: %m", to);
	while ((n = read(from, block, sizeof block)) > 0)
		for (ssize_t done = 0, k; done < n; done += k)
			if ((k = write(out, block + done, (size_t)(n - done))) <= 0)
				return err_set(err, ERR_IO, "cannot write %s: %m", to);
	return n == 0 && fsync(out) == 0 ? true : err_set(err, ERR_IO, "cannot write %s: %m", to);
}

bool snapshot_keep(struct proctor *pr, const char *layer, char ret_hash[HASH_HEX_SIZE], struct err *err)
{
	_cleanup_free_ char *folder = xasprintf("%s/snapshots", pr->data_dir);
	int64_t size;
	char hash[HASH_HEX_SIZE];
	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return err_set(err, ERR_IO, "cannot make %s: %m", folder);
	_cleanup_close_ int dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Linked first: the launcher may put the next snapshot in its place while this one is read. */
	_cleanup_free_ char *partial = xasprintf("%s/partial-%08x", folder, randombytes_random());
	if (link(layer, partial) < 0) {
		_cleanup_close_ int from = open(layer, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		if (from < 0)
			return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s: %m", layer);
		if (!copy(from, partial, err)) {
			unlink(partial);
			return false;
		}
	}
	bool ok = file_hash(partial, hash, &size, err);
	_cleanup_free_ char *path = ok ? snapshot_path_of(pr, hash) : NULL;
	if (ok && (rename(partial, path) < 0 || dir < 0 || fsync(dir) < 0))
		ok = err_set(err, ERR_IO, "cannot keep %s: %m", path);
	unlink(partial); /* renaming a link over itself leaves it */
	if (ok)
		memcpy(ret_hash, hash, sizeof hash);
	return ok;
}
