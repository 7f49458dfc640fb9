/* Making, checking and restoring backups. See backup.h.
 *
 *     BACKUP/assay.db         one file, no log beside it
 *     BACKUP/keys/secret.key
 *     BACKUP/passphrase       what the signing keys in the database are sealed with: only if it was asked for
 *     BACKUP/snapshots/SHA256, BACKUP/recordings/NAME   what the database's gradings name
 *     BACKUP/manifest.json    {"assay": "backup", "format": 1, "engine", "created_at", "files": {NAME: {"size", "sha256"}}, …}
 *
 * A backup and a restored folder appear under their names only when they are whole and synced: both are built beside them and renamed. */
#include "proctor/backup.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "proctor/audit.h"
#include "store/attempt.h"
#include "store/backup.h"
#include "store/box.h"
#include "store/grading.h"
#include "store/log.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>

#define MANIFEST_MAX (64u << 20)
#define FOLDERS 3

static const char *const files[] = {"assay.db", "keys/secret.key"};
/* May be there: the passphrase, and in backups from before keys were sealed the seed that results were signed with. */
static const char *const optional[] = {"passphrase", "keys/result.key"};
static const char *const folders[FOLDERS] = {"keys", "snapshots", "recordings"};

static char *below(const char *dir, const char *name)
{
	return xasprintf("%s/%s", dir, name);
}

/* ---- Files ---- */

/* Copies (unless `to` is NULL) and hashes; syncs the copy. */
static bool copy_file(const char *from, const char *to, int64_t *ret_size, char ret_hash[HASH_HEX_SIZE], struct err *err)
{
	char block[65536];
	ssize_t n;
	int64_t size = 0;
	crypto_hash_sha256_state state;
	unsigned char hash[HASH_SIZE];
	_cleanup_close_ int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), out = -1;
	if (in < 0)
		return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %s: %m", from);
	if (to && (out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) < 0)
		return err_set(err, ERR_IO, "cannot create %s: %m", to);
	crypto_hash_sha256_init(&state);
	while ((n = read(in, block, sizeof block)) > 0) {
		crypto_hash_sha256_update(&state, (const unsigned char *)block, (size_t)n);
		size += n;
		for (ssize_t done = 0, k; to && done < n; done += k)
			if ((k = write(out, block + done, (size_t)(n - done))) <= 0)
				return err_set(err, ERR_IO, "cannot write %s: %m", to);
	}
	if (n < 0 || (to && fsync(out) < 0))
		return err_set(err, ERR_IO, "cannot %s: %m", n < 0 ? from : to);
	crypto_hash_sha256_final(&state, hash);
	hash_hex(hash, ret_hash);
	*ret_size = size;
	return true;
}

static bool sync_folder(const char *path, struct err *err)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd >= 0 && fsync(fd) == 0 ? true : err_set(err, ERR_IO, "cannot sync the folder %s: %m", path);
}

static bool sync_parent(const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *parent = slash ? xstrndup(path, slash == path ? 1 : (size_t)(slash - path)) : xstrdup(".");
	return sync_folder(parent, err);
}

/* Removes a half-made folder: only what this file puts there. */
static void remove_files(const char *folder)
{
	DIR *dir = opendir(folder);
	for (const struct dirent *e; dir && (e = readdir(dir));)
		unlinkat(dirfd(dir), e->d_name, 0); /* never a folder */
	if (dir)
		closedir(dir);
	rmdir(folder);
}

static void remove_partial(const char *dir)
{
	static const char *const made[] = {"assay.db", "assay.db-journal", "manifest.json", "passphrase"};
	for (size_t i = 0; i < ARRAY_SIZE(made); i++) {
		_cleanup_free_ char *path = below(dir, made[i]);
		unlink(path);
	}
	for (size_t i = 0; i < FOLDERS; i++) {
		_cleanup_free_ char *folder = below(dir, folders[i]);
		remove_files(folder);
	}
	rmdir(dir);
}

static bool make_partial(const char *dir, struct err *err)
{
	bool ok = mkdir(dir, 0700) == 0;
	for (size_t i = 0; ok && i < FOLDERS; i++) {
		_cleanup_free_ char *folder = below(dir, folders[i]);
		ok = mkdir(folder, 0700) == 0;
	}
	return ok ? true : err_set(err, ERR_IO, "cannot make the folder %s: %m", dir);
}

/* Puts a finished folder under its name. An empty folder there is replaced, anything else is not. */
static bool publish(const char *partial, const char *name, struct err *err)
{
	for (size_t i = 0; i < FOLDERS; i++) {
		_cleanup_free_ char *folder = below(partial, folders[i]);
		if (!sync_folder(folder, err))
			return false;
	}
	if (!sync_folder(partial, err))
		return false;
	if (rename(partial, name) < 0)
		return err_set(err, errno == ENOTEMPTY || errno == EEXIST || errno == ENOTDIR ? ERR_CONFLICT : ERR_IO, "cannot put it at %s: %m",
		               name);
	return sync_parent(name, err);
}

/* ERR_CONFLICT unless there is nothing, or an empty folder. */
static bool must_be_empty(const char *path, struct err *err)
{
	DIR *dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? true : err_set(err, errno == ENOTDIR ? ERR_CONFLICT : ERR_IO, "%s: %m", path);
	bool empty = true;
	for (const struct dirent *e; (e = readdir(dir));)
		empty &= strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
	closedir(dir);
	return empty ? true : err_set(err, ERR_CONFLICT, "%s is not empty: nothing is overwritten", path);
}

/* "PATH.partial-PID", for a path without slashes at its end. */
static char *partial_of(const char *path)
{
	size_t n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		n--;
	return xasprintf("%.*s.partial-%ld", (int)n, path, (long)getpid());
}

static char *clean(const char *path)
{
	size_t n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		n--;
	return xstrndup(path, n);
}

/* ---- Checking a database ---- */

struct first_finding {
	char text[300];
};

static void keep_first(void *arg, const char *finding)
{
	struct first_finding *f = arg;
	if (!*f->text)
		snprintf(f->text, sizeof f->text, "%s", finding);
}

static bool check_database(const char *path, struct backup_summary *sum, struct err *err)
{
	_cleanup_(store_closep) struct store *st = NULL;
	struct first_finding damage = {""}, forgery = {""};
	struct attempt_counts counts;
	struct audit audit;
	int64_t signed_size;
	if (!store_open(path, STORE_READ, &st, err) || !store_check(st, keep_first, &damage, err) || !store_attempt_counts(st, &counts, err) ||
	    !audit_run(st, keep_first, &forgery, &audit, err) || !store_log_sizes(st, &sum->logged, &signed_size, err))
		return false;
	if (*damage.text)
		return err_set(err, ERR_INVALID, "%s is damaged: %s", path, damage.text);
	if (*forgery.text)
		return err_set(err, ERR_SIGNATURE, "%s: %s", path, forgery.text);
	sum->attempts = counts.running + counts.reviewing + counts.final;
	sum->results = (int64_t)audit.results;
	return true;
}

/* ---- Making ---- */

static void add_file(cJSON *list, const char *name, int64_t size, const char *hash)
{
	cJSON *o = json_object();
	json_set_i64(o, "size", size);
	json_set_str(o, "sha256", hash);
	json_set(list, name, o);
}

static bool write_manifest(const char *dir, cJSON *list, const struct backup_summary *sum, struct err *err)
{
	char time[CLOCK_RFC3339_SIZE];
	_cleanup_json_ cJSON *m = json_object();
	_cleanup_buf_ struct buf text = BUF(MANIFEST_MAX);
	_cleanup_free_ char *path = below(dir, "manifest.json");
	json_set_str(m, "assay", "backup");
	json_set_i64(m, "format", 1);
	json_set_str(m, "engine", "assay " ASSAY_VERSION);
	json_set_str(m, "created_at", clock_rfc3339(clock_wall_ms(), time));
	json_set_i64(m, "attempts", sum->attempts);
	json_set_i64(m, "results", sum->results);
	json_set(m, "files", list);
	json_print(m, &text);
	buf_addc(&text, '\n');
	return buf_check(&text, "the manifest", err) && file_write_durable(path, buf_str(&text), 0600, err);
}

/* ---- What gradings name ---- */

struct extras {
	const char *from, *to;
	cJSON *list;
	struct backup_summary *sum;
};

/* Whether it may stand in a manifest beside the files above: a manifest is not trusted with paths. */
static bool is_extra(const char *name)
{
	struct str s = str_of(name);
	size_t snapshots = sizeof "snapshots/" - 1, recordings = sizeof "recordings/" - 1;
	if (str_starts(s, "snapshots/"))
		return s.len == snapshots + 64 && strspn(name + snapshots, "0123456789abcdef") == 64;
	if (!str_starts(s, "recordings/") || !str_ends(s, ".cast"))
		return false;
	size_t n = strspn(name + recordings, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return n > 0 && n < 100 && recordings + n + 5 == s.len;
}

/* One that an operator has removed is counted, not missed: the grades do not need it. */
static bool take_extra(struct extras *x, const char *name, const char *sha256, struct err *err)
{
	_cleanup_free_ char *from = below(x->from, name), *to = below(x->to, name);
	char hash[HASH_HEX_SIZE];
	int64_t size = 0;
	struct err why;
	if (!is_extra(name))
		return err_set(err, ERR_INVALID, "the database names a file '%.200s'", name);
	if (!copy_file(from, to, &size, hash, &why)) {
		x->sum->missing += why.code == ERR_NOT_FOUND;
		return why.code == ERR_NOT_FOUND ? true : err_set(err, why.code, "%s", why.msg);
	}
	if (strcmp(hash, sha256) != 0)
		return err_set(err, ERR_INVALID, "%s is not what the database says: it was changed or is damaged", from);
	add_file(x->list, name, size, hash);
	x->sum->kept++;
	return true;
}

static bool take_snapshot(void *arg, const char *sha256, struct err *err)
{
	_cleanup_free_ char *name = xasprintf("snapshots/%s", sha256);
	return take_extra(arg, name, sha256, err);
}

static bool take_recording(void *arg, const struct recording_row *row, struct err *err)
{
	_cleanup_free_ char *name = xasprintf("recordings/%s", row->name);
	return take_extra(arg, name, row->sha256, err);
}

static bool take_extras(struct extras *x, struct err *err)
{
	_cleanup_(store_closep) struct store *st = NULL;
	_cleanup_free_ char *db = below(x->to, "assay.db");
	return store_open(db, STORE_READ, &st, err) && store_grading_snapshots(st, take_snapshot, x, err) &&
	       store_recordings_all(st, take_recording, x, err);
}

static bool take_passphrase(const char *data_dir, const char *dir, cJSON *list, struct err *err)
{
	_cleanup_free_ char *from = below(data_dir, "passphrase"), *to = below(dir, "passphrase");
	char hash[HASH_HEX_SIZE];
	int64_t size = 0;
	if (!copy_file(from, to, &size, hash, err))
		return err_prefix(err, "the passphrase is not kept in the data folder; copy it from where it is");
	add_file(list, "passphrase", size, hash);
	return true;
}

static bool fill_backup(const char *data_dir, const char *dir, bool passphrase, struct backup_summary *sum, struct err *err)
{
	cJSON *list = json_object();
	bool ok = !passphrase || take_passphrase(data_dir, dir, list, err);
	sum->passphrase = passphrase;
	for (size_t i = 0; ok && i < ARRAY_SIZE(files); i++) {
		_cleanup_free_ char *from = below(data_dir, files[i]), *to = below(dir, files[i]);
		char hash[HASH_HEX_SIZE];
		int64_t size = 0;
		/* The database is copied by SQLite, and hashed afterwards. */
		ok = i == 0 ? store_copy(from, to, err) && check_database(to, sum, err) && copy_file(to, NULL, &size, hash, err)
		            : copy_file(from, to, &size, hash, err);
		if (ok)
			add_file(list, files[i], size, hash);
		sum->size = i == 0 ? size : sum->size;
	}
	struct extras x = {data_dir, dir, list, sum};
	ok = ok && take_extras(&x, err);
	if (!ok) {
		cJSON_Delete(list);
		return false;
	}
	return write_manifest(dir, list, sum, err);
}

bool backup_make(const char *data_dir, const char *out, bool passphrase, struct backup_summary *ret, struct err *err)
{
	_cleanup_free_ char *partial = partial_of(out), *name = clean(out), *db = below(data_dir, "assay.db");
	struct backup_summary sum = {0};
	struct stat st;
	if (stat(db, &st) < 0)
		return err_set(err, ERR_IO, "%s: %m: is %s a data folder?", db, data_dir);
	if (lstat(name, &st) == 0)
		return err_set(err, ERR_CONFLICT, "%s is there already: nothing is overwritten", name);
	if (!make_partial(partial, err))
		return false;
	if (!fill_backup(data_dir, partial, passphrase, &sum, err) || !publish(partial, name, err)) {
		remove_partial(partial);
		return false;
	}
	*ret = sum;
	return true;
}

/* ---- Checking and restoring ---- */

static bool read_manifest(const char *backup, cJSON **ret, struct err *err)
{
	_cleanup_free_ char *path = below(backup, "manifest.json");
	if (access(path, F_OK) != 0)
		return err_set(err, ERR_IO, "%s: %m: is %s a backup?", path, backup);
	_cleanup_buf_ struct buf text = BUF(MANIFEST_MAX);
	_cleanup_json_ cJSON *m = NULL;
	const char *kind = NULL;
	int64_t format = 0;
	if (!file_read(path, MANIFEST_MAX, &text, err) || !json_parse(buf_str(&text), &m, err))
		return err_prefix(err, "%s", backup);
	if (!json_get_str(m, "", "assay", 20, &kind, err) || strcmp(kind, "backup") != 0 || !json_get_i64(m, "", "format", 1, 1, &format, err))
		return err_set(err, ERR_INVALID, "%s is not a backup of a format that is known here", backup);
	*ret = take_ptr(m);
	return true;
}

/* Hashes each file against the manifest, and copies it when `to_dir` is given. */
static bool take_files(const char *backup, const cJSON *manifest, const char *to_dir, struct backup_summary *sum, struct err *err)
{
	const cJSON *list;
	if (!json_get_object(manifest, "", "files", &list, err))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		const cJSON *entry;
		const char *expected = NULL;
		char hash[HASH_HEX_SIZE];
		int64_t size;
		_cleanup_free_ char *from = below(backup, files[i]), *to = to_dir ? below(to_dir, files[i]) : NULL;
		if (!json_get_object(list, "files", files[i], &entry, err) || !json_get_str(entry, files[i], "sha256", 64, &expected, err) ||
		    !copy_file(from, to, &size, hash, err))
			return false;
		if (strcmp(hash, expected) != 0)
			return err_set(err, ERR_INVALID, "%s is not what the manifest says: it was changed or is damaged", from);
		sum->size = i == 0 ? size : sum->size;
	}
	const cJSON *extra;
	cJSON_ArrayForEach(extra, list)
	{
		const char *expected = NULL;
		char hash[HASH_HEX_SIZE];
		int64_t size;
		_cleanup_free_ char *from = below(backup, extra->string), *to = to_dir ? below(to_dir, extra->string) : NULL;
		bool is_optional = false;
		for (size_t i = 0; i < ARRAY_SIZE(optional); i++)
			is_optional |= strcmp(extra->string, optional[i]) == 0;
		if (!is_optional && !is_extra(extra->string))
			continue; /* of those above, or of a later format */
		sum->passphrase |= strcmp(extra->string, "passphrase") == 0;
		if (!json_get_str(extra, extra->string, "sha256", 64, &expected, err) || !copy_file(from, to, &size, hash, err))
			return false;
		if (strcmp(hash, expected) != 0)
			return err_set(err, ERR_INVALID, "%s is not what the manifest says: it was changed or is damaged", from);
		sum->kept += !is_optional;
	}
	return true;
}

bool backup_check(const char *backup, struct backup_summary *ret, struct err *err)
{
	_cleanup_json_ cJSON *manifest = NULL;
	_cleanup_free_ char *db = below(backup, "assay.db");
	struct backup_summary sum = {0};
	if (!read_manifest(backup, &manifest, err) || !take_files(backup, manifest, NULL, &sum, err) || !check_database(db, &sum, err))
		return false;
	*ret = sum;
	return true;
}

bool backup_restore(const char *backup, const char *data_dir, struct backup_summary *ret, struct err *err)
{
	_cleanup_free_ char *partial = partial_of(data_dir), *name = clean(data_dir);
	_cleanup_json_ cJSON *manifest = NULL;
	struct backup_summary sum = {0};
	if (!must_be_empty(name, err) || !backup_check(backup, &sum, err) || !read_manifest(backup, &manifest, err) ||
	    !make_partial(partial, err))
		return false;
	if (!take_files(backup, manifest, partial, &sum, err) || !publish(partial, name, err)) {
		remove_partial(partial);
		return false;
	}
	*ret = sum;
	return true;
}
