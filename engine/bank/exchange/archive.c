/* Zip archives, by libzip. See archive.h. */
#include "bank/exchange/archive.h"
#include "bank/exchange/export.h"
#include "base/file.h"
#include <sys/stat.h>
#include <zip.h>

void archive_add(struct archive *a, const char *name, struct str bytes)
{
	a->files = xgrow(a->files, a->n, &a->cap, sizeof *a->files);
	char *copy = xmalloc(bytes.len + 1);
	memcpy(copy, bytes.p, bytes.len);
	a->files[a->n++] = (struct archive_file){xstrdup(name), copy, bytes.len};
}

void archive_add_media(struct archive *a, const struct bank_media *m)
{
	for (size_t i = 0; i < a->n_media; i++)
		if (a->media[i] == m)
			return;
	a->media = xgrow(a->media, a->n_media, &a->cap_media, sizeof *a->media);
	a->media[a->n_media++] = m;
	_cleanup_free_ char *name = xasprintf("media/%s", export_media_name(m));
	archive_add(a, name, (struct str){m->bytes, m->size});
}

void archive_finish(struct archive *a)
{
	for (size_t i = 0; i < a->n; i++) {
		free(a->files[i].name);
		free(a->files[i].bytes);
	}
	free(a->files);
	free(a->media);
	*a = (struct archive){0};
}

static bool fill(zip_t *zip, const struct archive *a)
{
	for (size_t i = 0; i < a->n; i++) {
		zip_source_t *s = zip_source_buffer(zip, a->files[i].bytes, a->files[i].size, 0);
		zip_int64_t at = s ? zip_file_add(zip, a->files[i].name, s, ZIP_FL_ENC_UTF_8) : -1;
		if (at < 0) {
			zip_source_free(s);
			return false;
		}
		(void)zip_file_set_dostime(zip, (zip_uint64_t)at, 0, 0x21, 0); /* 1980-01-01: no time is told */
	}
	return true;
}

bool archive_write(const struct archive *a, const char *path, struct err *err)
{
	struct stat st;
	zip_error_t why;
	if (lstat(path, &st) == 0)
		return err_set(err, ERR_CONFLICT, "%s is there already", path);
	zip_error_init(&why);
	zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &why);
	zip_t *zip = target ? zip_open_from_source(target, ZIP_TRUNCATE, &why) : NULL;
	if (!zip) {
		if (target)
			zip_source_free(target);
		return err_set(err, ERR_INTERNAL, "cannot make an archive: %s", zip_error_strerror(&why));
	}
	zip_source_keep(target);
	bool ok = fill(zip, a) && zip_close(zip) == 0;
	if (!ok) {
		err_set(err, ERR_IO, "cannot make the archive: %s", zip_strerror(zip));
		zip_discard(zip);
	}
	zip_stat_t zst;
	if (ok && zip_source_stat(target, &zst) == 0 && zip_source_open(target) == 0) {
		char *bytes = xmalloc(zst.size + 1);
		ok = zip_source_read(target, bytes, zst.size) == (zip_int64_t)zst.size
		         ? file_write_durable(path, (struct str){bytes, zst.size}, 0644, err)
		         : err_set(err, ERR_IO, "cannot make the archive");
		zip_source_close(target);
		free(bytes);
	} else if (ok) {
		ok = err_set(err, ERR_IO, "cannot make the archive");
	}
	zip_source_free(target);
	return ok;
}
