/* Sources of an import. See package.h. */
#include "bank/exchange/package.h"
#include "bank/exchange/exchange.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <libgen.h>
#include <sys/stat.h>
#include <zip.h>

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool package_add(struct package *p, struct str path, struct err *err)
{
	if (p->n >= PACKAGE_FILES_MAX)
		return err_set(err, ERR_TOO_LARGE, "more than %d files", PACKAGE_FILES_MAX);
	p->paths = xgrow(p->paths, p->n, &p->cap, sizeof *p->paths);
	p->paths[p->n++] = str_dup(path);
	return true;
}

bool package_sort(struct package *p, struct err *err)
{
	if (p->n)
		qsort(p->paths, p->n, sizeof *p->paths, compare);
	for (size_t i = 1; i < p->n; i++)
		if (strcmp(p->paths[i - 1], p->paths[i]) == 0)
			return package_refuse(err, p->paths[i], "is there twice");
	return true;
}

/* ---- folders ---- */

static bool walk(struct package *p, const char *folder, bool with_hidden, struct err *err)
{
	_cleanup_free_ char *root = xstrdup(folder);
	char *roots[] = {root, NULL};
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, NULL);
	if (!fts)
		return err_set(err, ERR_IO, "cannot open %s: %s", folder, strerror(errno));
	bool ok = true;
	for (FTSENT *e; ok && (e = fts_read(fts));) {
		bool hidden = e->fts_level > 0 && e->fts_name[0] == '.' && (!with_hidden || strcmp(e->fts_name, ".git") == 0);
		if (e->fts_info == FTS_D && (hidden || e->fts_level > PACKAGE_DEPTH_MAX))
			fts_set(fts, e, FTS_SKIP);
		else if (e->fts_info == FTS_F && !hidden && str_is_utf8(str_of(e->fts_path), NULL))
			ok = package_add(p, str_of(e->fts_path + strlen(folder) + (folder[strlen(folder) - 1] != '/')), err);
	}
	fts_close(fts);
	return ok;
}

static bool open_folder(const char *folder, struct package *p, struct err *err)
{
	p->dir_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return p->dir_fd >= 0 || err_set(err, ERR_IO, "cannot open %s: %s", folder, strerror(errno));
}

/* ---- archives ---- */

bool package_refuse(struct err *err, const char *name, const char *why)
{
	_cleanup_free_ char *clean = str_slug(str_of(name), 80);
	return err_set(err, ERR_INVALID, "the archive is refused: the file '%s' %s", clean, why);
}

bool package_is_safe(const char *name)
{
	struct str rest = str_of(name), part;
	if (!rest.len || rest.len > 1000 || rest.p[0] == '/' || strchr(name, '\\') || !str_is_utf8(rest, NULL))
		return false;
	if (rest.len > 1 && rest.p[1] == ':')
		return false;
	while (str_next_field(&rest, '/', &part))
		if (str_is(part, ".."))
			return false;
	return true;
}

static bool check_entry(struct package *p, zip_uint64_t i, zip_uint64_t *total, struct err *err)
{
	zip_stat_t st;
	zip_uint8_t system = 0;
	zip_uint32_t attributes = 0;
	if (zip_stat_index(p->zip, i, ZIP_FL_ENC_RAW, &st) < 0 || !(st.valid & ZIP_STAT_NAME) || !(st.valid & ZIP_STAT_SIZE))
		return err_set(err, ERR_INVALID, "the archive is refused: it is damaged");
	if (!package_is_safe(st.name))
		return package_refuse(err, st.name, "has a path that leaves the archive, or none that can be used");
	if (zip_file_get_external_attributes(p->zip, i, 0, &system, &attributes) == 0 && system == ZIP_OPSYS_UNIX && S_ISLNK(attributes >> 16))
		return package_refuse(err, st.name, "is a symbolic link");
	if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE)
		return package_refuse(err, st.name, "is encrypted");
	if (st.size > EXCHANGE_FILE_MAX)
		return package_refuse(err, st.name, "is too large");
	if (st.size > (1u << 20) && (st.valid & ZIP_STAT_COMP_SIZE) && st.size / PACKAGE_RATIO_MAX > st.comp_size)
		return package_refuse(err, st.name, "unpacks to far more than it is");
	*total += st.size;
	if (*total > EXCHANGE_TOTAL_MAX)
		return err_set(err, ERR_TOO_LARGE, "the archive is refused: it unpacks to more than %u MiB", EXCHANGE_TOTAL_MAX >> 20);
	struct str name = str_of(st.name);
	return str_ends(name, "/") || package_add(p, name, err);
}

bool package_open_zip(struct buf *bytes, struct package *ret, struct err *err)
{
	struct package p = {.dir_fd = -1, .zip_bytes = *bytes};
	*bytes = BUF(0);
	zip_error_t why;
	zip_error_init(&why);
	zip_source_t *source = zip_source_buffer_create(p.zip_bytes.p, p.zip_bytes.len, 0, &why);
	p.zip = source ? zip_open_from_source(source, ZIP_RDONLY, &why) : NULL;
	zip_uint64_t total = 0;
	bool ok = p.zip != NULL || err_set(err, ERR_INVALID, "this is no zip archive that can be read: %s", zip_error_strerror(&why));
	if (!p.zip && source)
		zip_source_free(source);
	zip_error_fini(&why);
	zip_int64_t n = ok ? zip_get_num_entries(p.zip, 0) : 0;
	if (n > PACKAGE_FILES_MAX)
		ok = err_set(err, ERR_TOO_LARGE, "the archive is refused: it has more than %d files", PACKAGE_FILES_MAX);
	for (zip_int64_t i = 0; ok && i < n; i++)
		ok = check_entry(&p, (zip_uint64_t)i, &total, err);
	if (!ok || !package_sort(&p, err)) {
		package_close(&p);
		return false;
	}
	*ret = p;
	return true;
}

static bool read_entry(struct package *p, const char *path, struct buf *out, struct err *err)
{
	zip_file_t *f = zip_fopen(p->zip, path, ZIP_FL_ENC_RAW);
	if (!f)
		return err_set(err, ERR_NOT_FOUND, "%s is not in the archive, or damaged", path);
	char block[65536];
	zip_int64_t n = 0;
	buf_clear(out);
	while (!out->overflow && (n = zip_fread(f, block, sizeof block)) > 0)
		buf_add(out, block, (size_t)n);
	zip_fclose(f);
	if (!out->overflow && n < 0)
		return err_set(err, ERR_INVALID, "%s in the archive is damaged", path);
	return buf_check(out, path, err);
}

/* ---- the entrances ---- */

bool package_open(const char *path, bool hidden, struct package *ret, struct err *err)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", path, strerror(errno));
	struct package p = {.dir_fd = -1};
	bool ok;
	if (S_ISDIR(st.st_mode)) {
		ok = open_folder(path, &p, err) && walk(&p, path, hidden, err);
	} else {
		_cleanup_buf_ struct buf bytes = BUF(EXCHANGE_FILE_MAX);
		if (!file_read(path, EXCHANGE_FILE_MAX, &bytes, err))
			return false;
		if (str_starts(buf_str(&bytes), "PK\x03\x04") || str_starts(buf_str(&bytes), "PK\x05\x06"))
			return package_open_zip(&bytes, ret, err);
		if (package_is_tar(buf_str(&bytes)))
			return package_open_tar(&bytes, ret, err);
		_cleanup_free_ char *a = xstrdup(path), *b = xstrdup(path);
		p.lone = true;
		ok = open_folder(dirname(a), &p, err) && package_add(&p, str_of(basename(b)), err);
	}
	if (!ok || !package_sort(&p, err)) {
		package_close(&p);
		return false;
	}
	*ret = p;
	return true;
}

void package_close(struct package *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->paths[i]);
	free(p->paths);
	if (p->zip)
		zip_discard(p->zip);
	if (p->dir_fd >= 0)
		close(p->dir_fd);
	buf_finish(&p->zip_bytes);
	buf_finish(&p->tar);
	free(p->members);
	*p = (struct package){.dir_fd = -1};
}

bool package_has(const struct package *p, const char *path)
{
	return p->n && bsearch(&path, p->paths, p->n, sizeof *p->paths, compare);
}

static int compare_member(const void *key, const void *member)
{
	return strcmp(key, ((const struct package_member *)member)->path);
}

static bool read_member(const struct package *p, const char *path, struct buf *out, struct err *err)
{
	const struct package_member *m = bsearch(path, p->members, p->n, sizeof *p->members, compare_member);
	if (!m)
		return err_set(err, ERR_NOT_FOUND, "%s is not in the archive", path);
	buf_add(out, p->tar.p + m->at, m->len);
	return buf_check(out, path, err);
}

bool package_read(struct package *p, const char *path, struct buf *out, struct err *err)
{
	*out = BUF(EXCHANGE_FILE_MAX);
	bool ok = p->zip       ? read_entry(p, path, out, err)
	          : p->members ? read_member(p, path, out, err)
	                       : file_read_beneath(p->dir_fd, path, EXCHANGE_FILE_MAX, out, err);
	p->total += out->len;
	if (ok && p->total > EXCHANGE_TOTAL_MAX)
		ok = err_set(err, ERR_TOO_LARGE, "all files together are larger than %u MiB", EXCHANGE_TOTAL_MAX >> 20);
	if (!ok)
		buf_finish(out);
	return ok;
}

bool package_is_executable(const struct package *p, const char *path)
{
	struct stat st;
	return p->dir_fd >= 0 && fstatat(p->dir_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && (st.st_mode & S_IXUSR);
}
