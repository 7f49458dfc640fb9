/* Making a release, and signing it. See release.h. */
#include "bank/diag.h"
#include "bank/release.h"
#include "base/clock.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>

/* What was there before: its number, if it can be read. */
static int64_t number_before(int fd)
{
	_cleanup_buf_ struct buf text = BUF(RELEASE_SIZE_MAX);
	_cleanup_release_ struct release before = {0};
	struct err err;
	return file_read_beneath(fd, RELEASE_NAME, RELEASE_SIZE_MAX, &text, &err) && release_parse(buf_str(&text), &before, &err)
	           ? before.number
	           : 0;
}

static void say_errors(const struct diags *d, struct release_says *says)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].level == DIAG_ERROR)
			release_say(says, "%s:%d: %s", d->list[i].file, d->list[i].line, d->list[i].message);
}

/* The bank has to load without an error: what is left out of it would be signed unseen. */
static bool describe(const char *dir, struct release_says *says, struct release *r, struct err *err)
{
	struct diags diags = {0};
	_cleanup_bank_ struct bank *bank = NULL;
	struct buf graders = BUF(8u << 20), programs = BUF(8u << 20);
	bool ok = bank_load(dir, &diags, &bank, err);
	if (ok) {
		say_errors(&diags, says);
		release_uses(bank, &graders, &programs);
		r->bank = xstrdup(bank->id);
		r->graders = buf_take(&graders, NULL);
		r->programs = buf_take(&programs, NULL);
	}
	diags_finish(&diags);
	return ok;
}

static bool write_signature(const char *dir, const struct release *r, const char *role, struct str text, const struct minisign_secret *key,
                            int64_t now_ms, char **ret_path, struct err *err)
{
	_cleanup_buf_ struct buf out = BUF(MINISIGN_FILE_MAX);
	char id[MINISIGN_ID_SIZE];
	minisign_id_print(key->public.id, id);
	_cleanup_free_ char *comment =
	    xasprintf("timestamp:%lld\tbank:%s number:%lld %s", (long long)(now_ms / 1000), r->bank, (long long)r->number, role);
	_cleanup_free_ char *path = xasprintf("%s/" RELEASE_NAME ".%s.minisig", dir, id);
	minisign_sign(key, text, comment, &out);
	if (!file_write_durable(path, buf_str(&out), 0644, err))
		return false;
	if (ret_path)
		*ret_path = take_ptr(path);
	return true;
}

bool release_make(const char *dir, const struct minisign_secret *author, int64_t number, int64_t expires_ms, int64_t now_ms,
                  struct release_says *says, struct release *ret, struct err *err)
{
	_cleanup_release_ struct release r = {.author = author->public, .expires_ms = expires_ms};
	_cleanup_release_tree_ struct release_tree tree = {0};
	_cleanup_buf_ struct buf text = BUF(RELEASE_SIZE_MAX);
	_cleanup_close_ int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %.200s: %s", dir, strerror(errno));
	int64_t before = number_before(fd);
	r.number = number ? number : before + 1;
	if (r.number <= before)
		return err_set(err, ERR_CONFLICT, "release %lld is there already: numbers only grow", (long long)before);
	if (expires_ms <= now_ms)
		return err_set(err, ERR_USAGE, "the release would have expired already");
	if (!release_tree_read(fd, true, says, &tree, err) || !describe(dir, says, &r, err) || !release_says_check(says, ERR_INVALID, err))
		return false;
	r.files = tree.files;
	r.n = tree.n;
	tree.files = NULL;
	tree.n = 0;
	release_print(&r, &text);
	if (!buf_check(&text, RELEASE_NAME, err))
		return false;
	for (size_t i = 0; i < tree.n_signatures; i++)
		if (unlinkat(fd, tree.signatures[i], 0) < 0)
			return err_set(err, ERR_IO, "cannot remove %s: %s", tree.signatures[i], strerror(errno));
	_cleanup_free_ char *path = xasprintf("%s/" RELEASE_NAME, dir);
	if (!file_write_durable(path, buf_str(&text), 0644, err) ||
	    !write_signature(dir, &r, "author", buf_str(&text), author, now_ms, NULL, err))
		return false;
	*ret = r;
	r = (struct release){0};
	return true;
}

bool release_approve(const char *dir, const struct release_view *v, const struct minisign_secret *key, int64_t now_ms, char **ret_path,
                     struct err *err)
{
	if (memcmp(key->public.id, v->release.author.id, sizeof key->public.id) == 0)
		return err_set(err, ERR_FORBIDDEN, "this is the author's key: somebody else has to approve");
	return write_signature(dir, &v->release, "approved", buf_str(&v->text), key, now_ms, ret_path, err);
}
