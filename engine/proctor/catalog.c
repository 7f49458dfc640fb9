/* The catalogue: which bank versions are offered, and those that stored attempts refer to. See proctor.h.
 *
 * Offered versions come from the bank folders. A folder is read again when its fingerprint (names, sizes and times of all files) changes;
 * the compiled bank's hash decides whether that made a new version. It is stored first and offered then, so no attempt can refer to
 * a version that is not in the database. Old versions are loaded from the database when an attempt needs them and kept while used. */
#include "bank/diag.h"
#include "base/log.h"
#include "proctor/fingerprint.h"
#include "proctor/images.h"
#include "proctor/internal.h"
#include "proctor/release.h"
#include "store/bank_version.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#define BANKS_MAX 256
#define OLD_MAX 16 /* versions kept that are not offered */

/* One bank's folder. */
struct place {
	char *dir;
	char fingerprint[HASH_HEX_SIZE];
	char roots[HASH_HEX_SIZE]; /* who was trusted then */
	struct version *offered;   /* or NULL: it cannot be loaded */
	bool seen;
};

struct catalog {
	char *sandbox_dir; /* where images are */
	char *roots_path;  /* who is trusted to release banks */
	bool signed_only;  /* unofficial banks are refused */
	bool drafts;       /* an author's own: tasks need no proof, releases are not looked at */
	char **roots;
	size_t n_roots;
	pthread_mutex_t poll_lock; /* one look at a time */
	struct place places[BANKS_MAX];
	size_t n_places;
	pthread_mutex_t lock;               /* for what follows */
	struct version *offered[BANKS_MAX]; /* by bank id */
	size_t n_offered;
	struct version *old[OLD_MAX]; /* newest use first */
};

/* ---- Versions ---- */

struct version *version_ref(struct version *v)
{
	atomic_fetch_add(&v->refs, 1);
	return v;
}

static void free_strs(struct str *list, size_t n)
{
	for (size_t i = 0; list && i < n; i++)
		free((char *)list[i].p);
	free(list);
}

void version_unref(struct version *v)
{
	if (!v || atomic_fetch_sub(&v->refs, 1) != 1)
		return;
	size_t n = v->bank ? v->bank->n_exams : 0;
	free_strs(v->exam_rules, n);
	free_strs(v->exam_briefs, n);
	for (size_t i = 0; v->exam_reasons && i < n; i++)
		free(v->exam_reasons[i]);
	free(v->exam_reasons);
	free(v->exam_feasible);
	bank_destroy(v->bank);
	free(v->dir);
	free(v->release.signers);
	free(v->compiled);
	free(v);
}

static void fill(const struct catalog *c, struct version *v, struct bank *bank)
{
	v->bank = bank;
	bank_look_for_commands(bank);
	v->images_built = images_resolve(c->sandbox_dir, bank);
}

static struct version *version_create(const struct catalog *c, struct bank *bank, const char *hash)
{
	struct version *v = xcalloc(1, sizeof *v);
	atomic_init(&v->refs, 1);
	fill(c, v, bank);
	snprintf(v->hash, sizeof v->hash, "%s", hash);
	return v;
}

/* What the catalogue says of each exam, worked out once. */
static void describe(struct version *v)
{
	size_t n = v->bank->n_exams;
	v->exam_feasible = xcalloc(n + 1, sizeof *v->exam_feasible);
	v->exam_reasons = xcalloc(n + 1, sizeof *v->exam_reasons);
	v->exam_briefs = xcalloc(n + 1, sizeof *v->exam_briefs);
	v->exam_rules = xcalloc(n + 1, sizeof *v->exam_rules);
	for (size_t i = 0; i < n; i++) {
		struct err err;
		v->exam_feasible[i] = draw_feasible(v->bank, &v->bank->exams[i], &err);
		if (!v->exam_feasible[i])
			v->exam_reasons[i] = xstrdup(err.msg);
		exam_describe(v, i, &v->exam_briefs[i], &v->exam_rules[i]);
	}
}

/* ---- The two ways to a version ---- */

static struct version *find_row(struct catalog *c, int64_t row)
{
	for (size_t i = 0; i < c->n_offered; i++)
		if (c->offered[i]->row == row)
			return version_ref(c->offered[i]);
	for (size_t i = 0; i < OLD_MAX && c->old[i]; i++)
		if (c->old[i]->row == row) {
			struct version *v = c->old[i];
			memmove(c->old + 1, c->old, i * sizeof *c->old);
			c->old[0] = v;
			return version_ref(v);
		}
	return NULL;
}

static void keep_old(struct catalog *c, struct version *v)
{
	version_unref(c->old[OLD_MAX - 1]);
	memmove(c->old + 1, c->old, (OLD_MAX - 1) * sizeof *c->old);
	c->old[0] = v;
}

bool catalog_version(struct proctor *pr, struct store *st, int64_t row, struct version **ret, struct err *err)
{
	struct catalog *c = pr->catalog;
	pthread_mutex_lock(&c->lock);
	struct version *v = find_row(c, row);
	pthread_mutex_unlock(&c->lock);
	if (v) {
		*ret = v;
		return true;
	}
	_cleanup_buf_ struct buf bytes = BUF(VERSION_BYTES_MAX);
	char hash[HASH_HEX_SIZE];
	struct bank *bank;
	if (!store_version_get(st, row, hash, &bytes, err) || !bank_decode(buf_str(&bytes), &bank, err))
		return err_prefix(err, "bank version %lld", (long long)row);
	v = version_create(c, bank, hash);
	v->row = row;
	if (!release_stored(st, v, err)) {
		version_unref(v);
		return false;
	}
	pthread_mutex_lock(&c->lock);
	struct version *raced = find_row(c, row);
	if (!raced)
		keep_old(c, version_ref(v));
	pthread_mutex_unlock(&c->lock);
	if (raced)
		version_unref(v);
	*ret = raced ? raced : v;
	return true;
}

/* What an author's study session about one item is taken from where no exam of the bank is meant: it needs none. */
static char bench_id[] = "workbench", bench_title[] = "Workbench";
static const struct blueprint bench = {.id = bench_id,
                                       .title = bench_title,
                                       .kind = BLUEPRINT_QUIZ,
                                       .items_min = 1,
                                       .items_max = 1,
                                       .grace_ms = 10 * MS_SECOND,
                                       .method = SCORE_PERCENT,
                                       .cut = 70,
                                       .docs = DOCS_BUNDLED,
                                       .show = REPORT_QUESTIONS,
                                       .mode_study = true,
                                       .explanations = true};

const struct blueprint *catalog_blueprint(const struct proctor *pr, const struct bank *bank, const char *exam)
{
	const struct blueprint *bp = bank_exam(bank, exam);
	return bp || !pr->author || strcmp(exam, bench.id) != 0 ? bp : &bench;
}

/* "bank/exam" in two: the version that is offered of the bank, or NULL, and the exam's id. */
static struct version *offered_of(struct proctor *pr, const char *exam, const char **ret_id)
{
	struct catalog *c = pr->catalog;
	const char *slash = strchr(exam, '/');
	struct version *found = NULL;
	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; slash && !found && i < c->n_offered; i++)
		if (str_is((struct str){exam, (size_t)(slash - exam)}, c->offered[i]->bank->id))
			found = version_ref(c->offered[i]);
	pthread_mutex_unlock(&c->lock);
	*ret_id = slash ? slash + 1 : "";
	return found;
}

static bool no_exam(struct version *found, const char *exam, struct err *err)
{
	version_unref(found);
	return err_set(err, ERR_NOT_FOUND, "there is no exam '%.130s'", exam);
}

bool catalog_exam(struct proctor *pr, const char *exam, struct version **ret, const struct blueprint **ret_bp, struct err *err)
{
	const char *id;
	struct version *found = offered_of(pr, exam, &id);
	const struct blueprint *bp = found ? bank_exam(found->bank, id) : NULL;
	if (!bp)
		return no_exam(found, exam, err);
	*ret = found;
	*ret_bp = bp;
	return true;
}

bool catalog_bench(struct proctor *pr, const char *exam, struct version **ret, const struct blueprint **ret_bp, struct err *err)
{
	const char *id;
	struct version *found = offered_of(pr, exam, &id);
	const struct blueprint *bp = found ? catalog_blueprint(pr, found->bank, id) : NULL;
	if (!bp)
		return no_exam(found, exam, err);
	*ret = found;
	*ret_bp = bp;
	return true;
}

struct version **catalog_current(struct proctor *pr, size_t *ret_n)
{
	struct catalog *c = pr->catalog;
	pthread_mutex_lock(&c->lock);
	struct version **list = xcalloc(c->n_offered + 1, sizeof *list);
	for (size_t i = 0; i < c->n_offered; i++)
		list[i] = version_ref(c->offered[i]);
	*ret_n = c->n_offered;
	pthread_mutex_unlock(&c->lock);
	return list;
}

/* ---- Looking at the folders ---- */

static bool exists(const char *dir, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s", dir, name);
	struct stat st;
	return stat(path, &st) == 0;
}

static bool is_bank(const char *dir)
{
	return exists(dir, "bank.yml") || exists(dir, "questions.md") || exists(dir, "questions");
}

static void add_place(struct catalog *c, const char *dir)
{
	for (size_t i = 0; i < c->n_places; i++)
		if (strcmp(c->places[i].dir, dir) == 0) {
			c->places[i].seen = true;
			return;
		}
	if (c->n_places == BANKS_MAX) {
		log_warn("bank=%s ignored: more than %d banks", dir, BANKS_MAX);
		return;
	}
	c->places[c->n_places++] = (struct place){.dir = xstrdup(dir), .seen = true};
}

static int not_hidden(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static bool look_into(struct catalog *c, const char *root, struct err *err)
{
	if (c->drafts || is_bank(root)) { /* an author's folder is one from its first file on */
		add_place(c, root);
		return true;
	}
	struct dirent **names;
	int n = scandir(root, &names, not_hidden, alphasort);
	if (n < 0)
		return err_set(err, ERR_IO, "cannot read the folder of banks %s: %s", root, strerror(errno));
	for (int i = 0; i < n; i++) {
		_cleanup_free_ char *dir = xasprintf("%s/%s", root, names[i]->d_name);
		if (is_bank(dir))
			add_place(c, dir);
		free(names[i]);
	}
	free(names);
	return true;
}

/* ---- A new version ---- */

static void log_diags(const char *dir, const struct diags *d)
{
	for (size_t i = 0; i < d->n && i < 20; i++)
		if (d->list[i].level == DIAG_ERROR)
			log_warn("bank=%s %s:%d: %s", dir, d->list[i].file, d->list[i].line, d->list[i].message);
	if (d->n_errors)
		log_warn("bank=%s errors=%zu: the questions with errors are left out; see assay bank check", dir, d->n_errors);
}

/* An image was built, or is gone: some exams can be offered now, or cannot. */
static bool images_have_changed(const struct catalog *c, const struct place *place)
{
	const struct version *v = place->offered;
	return v && v->bank->n_images && images_built(c->sandbox_dir, v->bank) != v->images_built;
}

/* Loads a folder; *ret is NULL when the version is the one that is offered already. */
static bool load(const struct catalog *c, struct place *place, const struct trusted *trusted, struct version **ret, struct err *err)
{
	struct diags diags = {0};
	_cleanup_(bank_destroyp) struct bank *bank = NULL;
	_cleanup_release_view_ struct release_view view = {0};
	const struct bank_draft unproved = {0};
	bool ok = (c->drafts || (trusted_verify(trusted, place->dir, &view, err) && release_is_wanted(&view, c->signed_only, err))) &&
	          bank_load_draft(place->dir, c->drafts ? &unproved : NULL, &diags, &bank, err);
	if (ok)
		log_diags(place->dir, &diags);
	diags_finish(&diags);
	if (!ok || !release_fits(&view, place->dir, bank, err))
		return false;
	_cleanup_buf_ struct buf bytes = BUF(VERSION_BYTES_MAX);
	bank_encode(bank, &bytes);
	if (!buf_check(&bytes, "the compiled bank", err))
		return false;
	char hash[HASH_HEX_SIZE];
	hash_sha256_hex(buf_str(&bytes), hash);
	*ret = NULL;
	if (place->offered && strcmp(place->offered->hash, hash) == 0 && !images_have_changed(c, place) &&
	    release_is_same(&place->offered->release, &view))
		return true;
	*ret = version_create(c, take_ptr(bank), hash);
	release_take(*ret, &view, trusted);
	(*ret)->dir = xstrdup(place->dir);
	(*ret)->compiled = buf_take(&bytes, &(*ret)->compiled_len);
	describe(*ret);
	return true;
}

/* A version that is to be what its folder held before. */
static bool recall(struct proctor *pr, struct store *wr, struct version *v, struct err *err)
{
	_cleanup_buf_ struct buf compiled = BUF(VERSION_BYTES_MAX);
	struct bank *bank;
	if (!release_recall(pr, wr, v, &compiled, err) || !bank_decode(buf_str(&compiled), &bank, err))
		return false;
	fill(pr->catalog, v, bank);
	describe(v);
	return true;
}

bool catalog_put(struct proctor *pr, struct store *wr, const void *version, struct err *err)
{
	/* Only catalog_poll() has this version yet, and it waits: it may be changed. */
	struct version *v = (struct version *)version;
	if (!v->bank)
		return recall(pr, wr, v, err);
	if (!store_version_add(wr, v->hash, v->bank->id, (struct str){v->compiled, v->compiled_len}, proctor_wall_ms(pr), &v->row, err) ||
	    !(pr->catalog->drafts || release_store(pr, wr, v, err)))
		return false;
	for (size_t i = 0; i < v->bank->n_media; i++) {
		const struct bank_media *m = &v->bank->media[i];
		if (m->bytes && !store_media_add(wr, m->hash, m->mime, (struct str){m->bytes, m->size}, err))
			return false;
	}
	for (size_t i = 0; i < v->bank->n_items; i++) {
		const struct task *task = v->bank->items[i].task;
		for (size_t k = 0; task && k < task->n_files; k++) {
			const struct task_file *f = &task->files[k];
			if (f->bytes && !store_media_add(wr, f->hash, "application/octet-stream", (struct str){f->bytes, f->size}, err))
				return false;
		}
	}
	return true;
}

/* Pictures and files of tasks come from the database: their bytes, and the compiled text, need not stay in memory. */
static void slim(struct version *v)
{
	free(v->compiled);
	v->compiled = NULL;
	for (size_t i = 0; i < v->bank->n_media; i++) {
		free(v->bank->media[i].bytes);
		v->bank->media[i].bytes = NULL;
	}
	for (size_t i = 0; i < v->bank->n_items; i++) {
		struct task *task = v->bank->items[i].task;
		for (size_t k = 0; task && k < task->n_files; k++) {
			free(task->files[k].bytes);
			task->files[k].bytes = NULL;
		}
	}
}

static int by_bank_id(const void *a, const void *b)
{
	const struct version *const *va = a, *const *vb = b;
	return strcmp((*va)->bank->id, (*vb)->bank->id);
}

/* Offers what the places have; of two banks with one id the first place wins. */
static void offer(struct catalog *c)
{
	struct version *list[BANKS_MAX], *before[BANKS_MAX];
	size_t n = 0, n_before;
	for (size_t i = 0; i < c->n_places; i++) {
		struct version *v = c->places[i].offered;
		bool doubled = false;
		for (size_t j = 0; v && j < n; j++)
			doubled |= strcmp(list[j]->bank->id, v->bank->id) == 0;
		if (v && doubled)
			log_warn("bank=%s ignored: another folder has a bank with the id %s", c->places[i].dir, v->bank->id);
		else if (v)
			list[n++] = version_ref(v);
	}
	qsort(list, n, sizeof *list, by_bank_id);
	pthread_mutex_lock(&c->lock);
	n_before = c->n_offered;
	memcpy(before, c->offered, n_before * sizeof *before);
	memcpy(c->offered, list, n * sizeof *list);
	c->n_offered = n;
	pthread_mutex_unlock(&c->lock);
	for (size_t i = 0; i < n_before; i++)
		version_unref(before[i]);
}

/* What was offered is not vouched for any more: it has expired, or other people are trusted now. */
static bool withdraw(struct place *place)
{
	bool was = place->offered != NULL;
	version_unref(place->offered);
	place->offered = NULL;
	return was;
}

/* At the first look: a release that is refused now was offered before the server started, and still is. */
static bool fall_back(struct place *place, const struct trusted *trusted, catalog_put_fn *put, void *arg)
{
	struct err err;
	_cleanup_(version_unrefp) struct version *v = xcalloc(1, sizeof *v);
	atomic_init(&v->refs, 1);
	v->dir = xstrdup(place->dir);
	memcpy(v->release.roots, trusted->sha256, sizeof v->release.roots);
	if (!put(arg, v, &err))
		return false;
	log_warn("bank=%s release=%lld, which was stored, is offered in its place until the folder is mended", place->dir,
	         (long long)v->release.number);
	place->offered = take_ptr(v);
	return true;
}

/* True when what is offered changes. A bank that cannot be loaded any more stays offered as it was, unless only trust in it has changed. */
static bool refresh(const struct catalog *c, struct place *place, const struct trusted *trusted, catalog_put_fn *put, void *arg)
{
	char now[HASH_HEX_SIZE];
	struct err err;
	_cleanup_(version_unrefp) struct version *v = NULL;
	folder_fingerprint(place->dir, now);
	bool touched = strcmp(now, place->fingerprint) != 0, expired = place->offered && release_expired(&place->offered->release, trusted);
	if (!touched && !expired && strcmp(trusted->sha256, place->roots) == 0 && !images_have_changed(c, place))
		return false;
	if (!load(c, place, trusted, &v, &err) || (v && !put(arg, v, &err))) {
		log_warn("bank=%s not loaded: %s", place->dir, err.msg);
		if (err.code == ERR_BUSY || err.code == ERR_READ_ONLY)
			return false;
		bool first = !*place->fingerprint;
		memcpy(place->fingerprint, now, sizeof now); /* look again when it has changed */
		memcpy(place->roots, trusted->sha256, sizeof place->roots);
		if (first && err.code == ERR_SIGNATURE)
			return fall_back(place, trusted, put, arg);
		return err.code == ERR_SIGNATURE && (!touched || expired) && withdraw(place);
	}
	memcpy(place->fingerprint, now, sizeof now);
	memcpy(place->roots, trusted->sha256, sizeof place->roots);
	if (!v)
		return false;
	slim(v);
	log_info("bank=%s version=%.12s items=%zu exams=%zu release=%lld%s%s", v->bank->id, v->hash, v->bank->n_items, v->bank->n_exams,
	         (long long)v->release.number, v->release.number ? " signed by " : " unofficial", v->release.number ? v->release.signers : "");
	version_unref(place->offered);
	place->offered = take_ptr(v);
	return true;
}

static void forget_place(struct catalog *c, size_t i)
{
	struct place *place = &c->places[i];
	log_info("bank=%s is gone", place->dir);
	version_unref(place->offered);
	free(place->dir);
	memmove(place, place + 1, (--c->n_places - i) * sizeof *place);
}

static bool poll(struct catalog *c, const struct trusted *trusted, catalog_put_fn *put, void *arg, struct err *err)
{
	bool changed = false, ok = true;
	for (size_t i = 0; i < c->n_places; i++)
		c->places[i].seen = false;
	for (size_t i = 0; i < c->n_roots; i++)
		ok = look_into(c, c->roots[i], err) && ok;
	for (size_t i = c->n_places; ok && i-- > 0;) /* when a folder could not be looked into, nothing is known to be gone */
		if (!c->places[i].seen) {
			forget_place(c, i);
			changed = true;
		}
	for (size_t i = 0; i < c->n_places; i++)
		changed |= c->places[i].seen && refresh(c, &c->places[i], trusted, put, arg);
	if (changed)
		offer(c);
	return ok;
}

bool catalog_poll(struct proctor *pr, catalog_put_fn *put, void *arg, struct err *err)
{
	_cleanup_trusted_ struct trusted trusted = {0};
	if (!trusted_read(pr->catalog->roots_path, proctor_wall_ms(pr), &trusted, err))
		return false;
	pthread_mutex_lock(&pr->catalog->poll_lock);
	bool ok = poll(pr->catalog, &trusted, put, arg, err);
	pthread_mutex_unlock(&pr->catalog->poll_lock);
	return ok;
}

struct catalog *catalog_create(const struct proctor_config *config)
{
	struct catalog *c = xcalloc(1, sizeof *c);
	pthread_mutex_init(&c->lock, NULL);
	pthread_mutex_init(&c->poll_lock, NULL);
	c->sandbox_dir = xasprintf("%s/sandbox", config->data_dir);
	c->roots_path = xasprintf("%s/" ROOTS_NAME, config->data_dir);
	c->drafts = config->author;
	c->signed_only = config->require_signed && !config->author;
	c->n_roots = config->n_bank_dirs;
	c->roots = xcalloc(c->n_roots + 1, sizeof *c->roots);
	for (size_t i = 0; i < c->n_roots; i++)
		c->roots[i] = xstrdup(config->bank_dirs[i]);
	return c;
}

void catalog_destroy(struct catalog *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->n_places; i++) {
		version_unref(c->places[i].offered);
		free(c->places[i].dir);
	}
	for (size_t i = 0; i < c->n_offered; i++)
		version_unref(c->offered[i]);
	for (size_t i = 0; i < OLD_MAX; i++)
		version_unref(c->old[i]);
	for (size_t i = 0; i < c->n_roots; i++)
		free(c->roots[i]);
	free(c->roots);
	free(c->sandbox_dir);
	free(c->roots_path);
	pthread_mutex_destroy(&c->lock);
	pthread_mutex_destroy(&c->poll_lock);
	free(c);
}
