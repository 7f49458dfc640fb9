/* Where the passphrase is, and the first one. See passphrase.h. */
#include "proctor/passphrase.h"
#include "base/file.h"
#include "base/mem.h"
#include <sodium.h>

void passphrase_finish(struct passphrase *p)
{
	free(p->path);
	sodium_memzero(p, sizeof *p);
}

char *passphrase_path(const char *data_dir, const char *named, bool *ret_own)
{
	const char *credentials = getenv("CREDENTIALS_DIRECTORY");
	if (!named)
		named = getenv("ASSAY_PASSPHRASE_FILE");
	*ret_own = false;
	if (named && *named)
		return xstrdup(named);
	if (credentials && *credentials) {
		_cleanup_free_ char *path = xasprintf("%s/assay-passphrase", credentials);
		if (access(path, F_OK) == 0)
			return take_ptr(path);
	}
	*ret_own = true;
	return xasprintf("%s/passphrase", data_dir);
}

static bool make_passphrase(struct passphrase *p, struct err *err)
{
	_Static_assert(KEYRING_MADE_SIZE <= sizeof p->text, "sizes");
	keyring_passphrase(p->text);
	p->len = strlen(p->text);
	char line[KEYRING_MADE_SIZE + 1];
	memcpy(line, p->text, p->len);
	line[p->len] = '\n';
	bool ok = file_write_durable(p->path, (struct str){line, p->len + 1}, 0600, err);
	sodium_memzero(line, sizeof line);
	return ok;
}

bool passphrase_get(const char *data_dir, const char *named, bool may_make, struct passphrase *ret, bool *ret_made, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(KEYRING_PASSPHRASE_MAX + 2);
	bool own;
	struct err why;
	ret->path = passphrase_path(data_dir, named, &own);
	*ret_made = false;
	if (!file_read(ret->path, KEYRING_PASSPHRASE_MAX + 2, &text, &why)) {
		if (why.code == ERR_NOT_FOUND && own && may_make) {
			*ret_made = true;
			return make_passphrase(ret, err);
		}
		return err_set(err, ERR_STORE, "the passphrase of the signing keys cannot be read: %s%s", why.msg,
		               own ? "; put it there, or name its file with --passphrase-file" : "");
	}
	size_t len = strcspn(text.p, "\r\n");
	bool ok = len > 0 && len <= KEYRING_PASSPHRASE_MAX;
	if (ok) {
		memcpy(ret->text, text.p, len);
		ret->len = len;
	}
	sodium_memzero(text.p, text.cap);
	return ok ? true : err_set(err, ERR_STORE, "%s holds no passphrase: one line of 1 to %d bytes", ret->path, KEYRING_PASSPHRASE_MAX);
}
