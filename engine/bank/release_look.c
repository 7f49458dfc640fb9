/* Looking at a release: files against the list, signatures against the people. See release.h. */
#include "bank/release.h"
#include "base/clock.h"
#include "base/file.h"
#include <errno.h>
#include <fcntl.h>

void release_view_finish(struct release_view *v)
{
	release_finish(&v->release);
	buf_finish(&v->text);
	buf_finish(&v->signers);
	*v = (struct release_view){0};
}

static void compare_file(const struct release_file *is, const struct release_file *listed, struct release_says *says)
{
	if (is->size != listed->size)
		release_say(says, "%s: %lld bytes; the release lists %lld", is->path, (long long)is->size, (long long)listed->size);
	else if (strcmp(is->sha256, listed->sha256) != 0)
		release_say(says, "%s: not the content that the release lists", is->path);
	if (is->executable != listed->executable)
		release_say(says, "%s: %s", is->path, is->executable ? "executable, and released as not" : "not executable, and released as such");
}

/* Both are sorted. */
static void compare_files(const struct release_tree *tree, const struct release *r, struct release_says *says)
{
	size_t i = 0, k = 0;
	while (i < tree->n || k < r->n) {
		int c = i == tree->n ? 1 : k == r->n ? -1 : strcmp(tree->files[i].path, r->files[k].path);
		if (c == 0)
			compare_file(&tree->files[i], &r->files[k], says);
		else if (c < 0)
			release_say(says, "%s: not listed in the release", tree->files[i].path);
		else
			release_say(says, "%s: listed in the release, and missing", r->files[k].path);
		i += c <= 0;
		k += c >= 0;
	}
}

/* ---- Signatures ---- */

struct count {
	const struct roots *roots;
	struct release_view *view;
	struct release_says *says;
	uint64_t people;
};

static void count_one(struct count *c, const char *name, const struct minisign_signature *s)
{
	const struct minisign_key *key = NULL, *author = &c->view->release.author;
	struct err why;
	int person = c->roots ? roots_person(c->roots, s->id, &key) : -1;
	bool by_author = memcmp(s->id, author->id, sizeof s->id) == 0;
	if (!key && by_author)
		key = author;
	if (!key)
		return; /* nobody we know: neither good nor bad */
	if (!minisign_check(s, key, buf_str(&c->view->text), &why)) {
		release_say(c->says, "%s: %s", name, why.msg);
		return;
	}
	c->view->author_signed |= by_author && memcmp(key->key, author->key, sizeof key->key) == 0;
	if (person >= 0)
		c->people |= UINT64_C(1) << person;
}

static void read_signatures(struct count *c, int dir_fd, const struct release_tree *tree)
{
	for (size_t i = 0; i < tree->n_signatures; i++) {
		_cleanup_buf_ struct buf text = BUF(MINISIGN_FILE_MAX);
		struct minisign_signature s;
		struct err why;
		if (!file_read_beneath(dir_fd, tree->signatures[i], MINISIGN_FILE_MAX, &text, &why) ||
		    !minisign_signature_parse(buf_str(&text), &s, &why))
			release_say(c->says, "%s: %s", tree->signatures[i], why.msg);
		else
			count_one(c, tree->signatures[i], &s);
	}
}

/* How many people more have to sign. The author has to be one of the people, and never is the only one, unless the roots say so. */
static void judge(struct count *c)
{
	struct release_view *v = c->view;
	const struct roots *roots = c->roots;
	if (!roots) {
		v->state = RELEASE_UNROOTED;
		if (!v->author_signed)
			release_say(c->says, RELEASE_NAME ": its author has not signed it");
		return;
	}
	int author = roots_person_of(roots, &v->release.author), n = roots_count(c->people);
	if (author < 0)
		release_say(c->says, RELEASE_NAME ": its author is none of the people who are trusted here");
	else if (!v->author_signed)
		release_say(c->says, RELEASE_NAME ": its author, %s, has not signed it", roots->people[author].name);
	v->missing = n < (int)roots->threshold ? (int)roots->threshold - n : 0;
	bool alone = n == 1 && author >= 0 && c->people >> author & 1;
	if (alone && !v->missing && !roots->author_alone)
		v->missing = 1;
	roots_names(roots, c->people, &v->signers);
	v->state = RELEASE_OFFICIAL;
}

static int open_folder(const char *dir, struct err *err)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		err_set(err, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "cannot open %.200s: %s", dir, strerror(errno));
	return fd;
}

bool release_look(const char *dir, const struct roots *roots, int64_t now_ms, struct release_says *says, struct release_view *ret,
                  struct err *err)
{
	_cleanup_release_tree_ struct release_tree tree = {0};
	_cleanup_release_says_ struct release_says of_files = {0};
	_cleanup_release_view_ struct release_view v = {.signers = BUF(ROOTS_PEOPLE_MAX * (ROOTS_NAME_MAX + 2))};
	_cleanup_close_ int fd = open_folder(dir, err);
	struct err why;
	char expired[CLOCK_RFC3339_SIZE];
	if (fd < 0)
		return false;
	bool there = faccessat(fd, RELEASE_NAME, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	if (there &&
	    (!file_read_beneath(fd, RELEASE_NAME, RELEASE_SIZE_MAX, &v.text, &why) || !release_parse(buf_str(&v.text), &v.release, &why))) {
		release_say(says, "%s", why.msg);
		return true;
	}
	if (there && !release_tree_read(fd, true, says, &tree, err))
		return false;
	memcpy(v.seal, tree.seal, sizeof v.seal);
	if (there) {
		struct count count = {.roots = roots, .view = &v, .says = says};
		hash_sha256_hex(buf_str(&v.text), v.sha256);
		compare_files(&tree, &v.release, says);
		if (v.release.expires_ms <= now_ms)
			release_say(says, RELEASE_NAME ": it has expired on %s", clock_rfc3339(v.release.expires_ms, expired));
		read_signatures(&count, fd, &tree);
		judge(&count);
	}
	*ret = v;
	v = (struct release_view){0};
	return true;
}

bool release_verify(const char *dir, const struct roots *roots, int64_t now_ms, struct release_view *ret, struct err *err)
{
	_cleanup_release_says_ struct release_says says = {0};
	_cleanup_release_view_ struct release_view v = {0};
	if (!release_look(dir, roots, now_ms, &says, &v, err) || !release_says_check(&says, ERR_SIGNATURE, err))
		return false;
	if (v.missing)
		return err_set(err, ERR_SIGNATURE, RELEASE_NAME ": signed by %s; %d more %s to sign", v.signers.len ? v.signers.p : "nobody",
		               v.missing, v.missing == 1 ? "person has" : "people have");
	*ret = v;
	v = (struct release_view){0};
	return true;
}

bool release_fits(const struct release_view *v, const char *dir, const struct bank *bank, struct err *err)
{
	_cleanup_release_says_ struct release_says says = {0};
	_cleanup_release_tree_ struct release_tree tree = {0};
	_cleanup_buf_ struct buf graders = BUF(8u << 20), programs = BUF(8u << 20);
	if (v->state == RELEASE_NONE)
		return true;
	_cleanup_close_ int fd = open_folder(dir, err);
	if (fd < 0 || !release_tree_read(fd, false, &says, &tree, err))
		return false;
	if (strcmp(tree.seal, v->seal) != 0)
		return err_set(err, ERR_SIGNATURE, "the folder was changed while it was read");
	if (strcmp(bank->id, v->release.bank) != 0)
		return err_set(err, ERR_SIGNATURE, RELEASE_NAME " is of the bank '%s'", v->release.bank);
	release_uses(bank, &graders, &programs);
	if (!str_is(buf_str(&graders), v->release.graders) || !str_is(buf_str(&programs), v->release.programs))
		return err_set(err, ERR_SIGNATURE, "the bank's tasks or programs use what its release does not list");
	return true;
}
