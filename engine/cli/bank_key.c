/* Keys of people who sign banks. See bank_key.h. */
#include "cli/bank_key.h"
#include "base/file.h"
#include "base/mem.h"
#include "cli/data.h"
#include <errno.h>
#include <sodium.h>

static bool passphrase(const char *file, bool new, char *out, size_t size, struct err *err)
{
	if (!file)
		return new ? data_password(out, size, err) : data_passphrase("Passphrase of the key: ", out, size, err);
	_cleanup_buf_ struct buf text = BUF(MINISIGN_PASSPHRASE_MAX + 2);
	if (!file_read(file, MINISIGN_PASSPHRASE_MAX + 2, &text, err))
		return false;
	size_t len = text.p ? strcspn(text.p, "\r\n") : 0;
	bool ok = len < size;
	if (ok && len)
		memcpy(out, text.p, len);
	if (ok)
		out[len] = 0;
	if (text.p)
		sodium_memzero(text.p, text.cap);
	return ok ? true : err_set(err, ERR_TOO_LARGE, "the passphrase is too long");
}

bool bank_key_open(const char *path, const char *passphrase_file, struct minisign_secret *ret, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(MINISIGN_FILE_MAX);
	char words[MINISIGN_PASSPHRASE_MAX + 1] = "";
	bool sealed;
	if (!file_read(path, MINISIGN_FILE_MAX, &text, err) || !minisign_secret_is_sealed(buf_str(&text), &sealed, err))
		return err_prefix(err, "%s", path);
	bool ok = (!sealed || passphrase(passphrase_file, false, words, sizeof words, err)) &&
	          minisign_secret_open(buf_str(&text), str_of(words), ret, err);
	sodium_memzero(words, sizeof words);
	if (text.p)
		sodium_memzero(text.p, text.cap);
	return ok;
}

bool bank_key_make(const char *path, const char *passphrase_file, bool plain, struct minisign_key *ret, struct err *err)
{
	_cleanup_minisign_secret_ struct minisign_secret key = {0};
	_cleanup_buf_ struct buf secret = BUF(MINISIGN_FILE_MAX), public = BUF(MINISIGN_FILE_MAX);
	_cleanup_free_ char *public_path = xasprintf("%s.pub", path);
	char words[MINISIGN_PASSPHRASE_MAX + 1] = "";
	if (access(path, F_OK) == 0 || errno != ENOENT || access(public_path, F_OK) == 0 || errno != ENOENT)
		return err_set(err, ERR_CONFLICT, "%s or %s is there already", path, public_path);
	if (!plain && !passphrase(passphrase_file, true, words, sizeof words, err))
		return false;
	if (!plain && !*words)
		return err_set(err, ERR_USAGE, "an empty passphrase protects nothing: say --plain if the file needs no protection");
	minisign_generate(&key);
	minisign_key_file(&key.public, &public);
	bool ok = minisign_secret_file(&key, str_of(words), &secret, err) && file_write_durable(path, buf_str(&secret), 0600, err) &&
	          file_write_durable(public_path, buf_str(&public), 0644, err);
	sodium_memzero(words, sizeof words);
	if (secret.p)
		sodium_memzero(secret.p, secret.cap);
	if (ok)
		*ret = key.public;
	return ok;
}

bool bank_key_public(const char *text, struct minisign_key *ret, struct err *err)
{
	_cleanup_buf_ struct buf bytes = BUF(MINISIGN_FILE_MAX);
	if (minisign_key_parse(str_of(text), ret, err))
		return true;
	return file_read(text, MINISIGN_FILE_MAX, &bytes, err) &&
	       (minisign_key_parse(buf_str(&bytes), ret, err) || err_prefix(err, "%s", text));
}

bool bank_roots_read(const char *path, struct roots *ret, bool *ret_there, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(ROOTS_SIZE_MAX);
	struct err why;
	*ret_there = file_read(path, ROOTS_SIZE_MAX, &text, &why);
	if (!*ret_there) {
		if (why.code == ERR_NOT_FOUND)
			return true;
		if (err)
			*err = why;
		return false;
	}
	return roots_parse(buf_str(&text), ret, err) || err_prefix(err, "%s", path);
}
