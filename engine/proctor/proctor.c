/* Opening and closing: the data directory, its lock, the secret and the key. See proctor.h.
 *
 *     DIR/assay.db         everything
 *     DIR/keys/secret.key  32 bytes as hexadecimal: seeds the drawing of forms
 *     DIR/passphrase       what the signing keys are sealed with, unless the operator keeps it elsewhere; see keys.h
 *     DIR/lock             held by the running server
 *
 * The secret is made on first use. When the database has attempts and it is gone, opening fails. */
#include "base/file.h"
#include "proctor/keys.h"
#include "proctor/log_read.h"
#include "proctor/log_tree.h"
#include "proctor/picture_cache.h"
#include "proctor/task.h"
#include "store/key.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>

static const struct proctor_clock system_clock = {clock_wall_ms, clock_monotonic_ms, clock_boottime_ms, NULL};

static bool make_folder(const char *path, struct err *err)
{
	_cleanup_free_ char *copy = xstrdup(path);
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		if (mkdir(copy, 0700) < 0 && errno != EEXIST)
			return err_set(err, ERR_IO, "cannot make the folder %s: %m", copy);
		*slash = '/';
	}
	struct stat st;
	if (mkdir(copy, 0700) < 0 && errno != EEXIST)
		return err_set(err, ERR_IO, "cannot make the folder %s: %m", copy);
	if (stat(copy, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_set(err, ERR_IO, "%s is not a folder", copy);
	return true;
}

static bool take_lock(struct proctor *pr, struct err *err)
{
	_cleanup_free_ char *path = xasprintf("%s/lock", pr->data_dir);
	_cleanup_close_ int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return err_set(err, ERR_IO, "cannot open %s: %m", path);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return err_set(err, ERR_CONFLICT, "%s server runs on %s", pr->beside ? "a" : "another", pr->data_dir);
	pr->lock_fd = take_fd(fd);
	return true;
}

/* Reads the 32 bytes of hexadecimal, or makes them when `may_make`. */
static bool load_secret(struct proctor *pr, bool may_make, struct err *err)
{
	_cleanup_free_ char *path = xasprintf("%s/keys/secret.key", pr->data_dir);
	struct err inner;
	if (file_read_hex(path, pr->secret, sizeof pr->secret, &inner))
		return true;
	if (inner.code != ERR_NOT_FOUND)
		return err_set(err, inner.code, "%s", inner.msg);
	if (!may_make)
		return err_set(err, ERR_NOT_FOUND, "%s is missing, although the database has attempts: put it back from a backup", path);
	char line[66];
	rng_secret(pr->secret, sizeof pr->secret);
	sodium_bin2hex(line, sizeof line - 1, pr->secret, sizeof pr->secret);
	line[64] = '\n';
	bool ok = file_write_durable(path, (struct str){line, 65}, 0600, err);
	sodium_memzero(line, sizeof line);
	return ok;
}

static bool load_keys(struct proctor *pr, struct err *err)
{
	struct attempt_counts counts;
	_cleanup_free_ char *folder = xasprintf("%s/keys", pr->data_dir);
	if (!make_folder(folder, err) || !store_attempt_counts(pr->wr, &counts, err))
		return false;
	/* One program at a time makes keys: a server and `assay user add` may start together. */
	_cleanup_close_ int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) < 0)
		return err_set(err, ERR_IO, "cannot lock %s: %m", folder);
	bool fresh = counts.running + counts.reviewing + counts.final == 0;
	return load_secret(pr, fresh, err) && keys_start(pr, fresh, err);
}

bool proctor_public_key(const char *data_dir, unsigned char ret[32], struct err *err)
{
	_cleanup_free_ char *path = xasprintf("%s/assay.db", data_dir);
	_cleanup_(store_closep) struct store *st = NULL;
	_cleanup_key_rows_ struct key_row *rows = NULL;
	size_t n;
	if (!store_open(path, STORE_READ, &st, err) || !store_keys(st, &rows, &n, err))
		return false;
	for (size_t i = 0; i < n; i++)
		if (rows[i].purpose == KEY_RESULTS && rows[i].state == KEY_ACTIVE) {
			memcpy(ret, rows[i].public_key, sizeof rows[i].public_key);
			return true;
		}
	return err_set(err, ERR_NOT_FOUND, "%s has no key for results", data_dir);
}

/* It may be another one since the last start: a new address, or a key that nobody needs any more. */
static bool log_document(struct proctor *pr, struct err *err)
{
	if (!store_begin(pr->wr, err))
		return false;
	if (keys_log_document(pr, pr->wr, err) && store_commit(pr->wr, err))
		return true;
	store_rollback(pr->wr);
	return false;
}

static bool load_witness(struct proctor *pr, const char *path, struct err *err)
{
	_cleanup_buf_ struct buf text = BUF(LOG_POLICY_SIZE_MAX);
	return file_read(path, text.max, &text, err) && (witness_create(buf_str(&text), &pr->witness, err) || err_prefix(err, "%s", path));
}

static bool start(struct proctor *pr, struct err *err)
{
	if (!make_folder(pr->data_dir, err) || ((!pr->beside || pr->alone) && !take_lock(pr, err)) ||
	    !store_open(pr->db_path, STORE_WRITE, &pr->wr, err) || !issuer_start(pr, err) || !load_keys(pr, err) || !log_start(pr, err))
		return false;
	if (pr->beside)
		return true;
	bool any;
	if (pr->accounts_required && (!store_account_any(pr->wr, &any, err) || !any))
		return err_set(err, ERR_CONFLICT, "an address that others can reach needs accounts: assay user add NAME");
	return log_document(pr, err) && service_start(pr, pr->wr, err);
}

bool proctor_open(const struct proctor_config *config, struct proctor **ret, struct err *err)
{
	if (sodium_init() < 0)
		return err_set(err, ERR_INTERNAL, "the cryptographic library did not start");
	_cleanup_(proctor_closep) struct proctor *pr = xcalloc(1, sizeof *pr);
	pr->lock_fd = -1;
	pr->data_dir = xstrdup(config->data_dir);
	pr->db_path = xasprintf("%s/assay.db", config->data_dir);
	pr->params_program = config->params_program ? xstrdup(config->params_program) : NULL;
	pr->picture_program = config->picture_program ? xstrdup(config->picture_program) : NULL;
	pr->pictures = picture_cache_create();
	pr->accounts_required = config->accounts_required;
	pr->enforce_retake = config->enforce_retake;
	pr->author = config->author;
	pr->beside = config->beside;
	pr->alone = config->alone;
	pr->clock = config->clock ? *config->clock : system_clock;
	pr->catalog = catalog_create(config);
	pr->forms = form_cache_create();
	pr->live = live_create();
	pr->sessions = session_cache_create();
	pr->boxes = boxes_create(config);
	pr->keys = keys_create(config);
	pr->status = status_cache_create();
	pr->public_url = config->public_url ? xstrdup(config->public_url) : NULL;
	if ((config->witness_logs && !load_witness(pr, config->witness_logs, err)) || !start(pr, err))
		return false;
	*ret = take_ptr(pr);
	return true;
}

/* A last heartbeat, so that an orderly stop gives exactly its own time back. Failing is as good as a crash. */
static void last_beat(struct proctor *pr)
{
	if (pr->beside || !pr->wr || !*pr->service.boot_id || !store_begin(pr->wr, NULL))
		return;
	if (service_beat(pr, pr->wr, NULL) && session_flush(pr, pr->wr, NULL) && store_commit(pr->wr, NULL))
		return;
	store_rollback(pr->wr);
}

void proctor_close(struct proctor *pr)
{
	if (!pr)
		return;
	last_beat(pr);
	live_destroy(pr->live);
	form_cache_destroy(pr->forms);
	catalog_destroy(pr->catalog);
	session_cache_destroy(pr->sessions);
	boxes_destroy(pr->boxes);
	witness_destroy(pr->witness);
	status_cache_destroy(pr->status);
	keys_destroy(pr->keys);
	issuer_destroy(pr->issuer);
	store_close(pr->wr);
	if (pr->lock_fd >= 0)
		close(pr->lock_fd);
	sodium_memzero(pr->secret, sizeof pr->secret);
	free(pr->data_dir);
	free(pr->db_path);
	free(pr->params_program);
	free(pr->picture_program);
	picture_cache_destroy(pr->pictures);
	free(pr->public_url);
	free(pr);
}

bool proctor_reader(struct proctor *pr, struct store **ret, struct err *err)
{
	return store_open(pr->db_path, STORE_READ, ret, err);
}
struct store *proctor_writer_store(struct proctor *pr)
{
	return pr->wr;
}

void proctor_forget(struct proctor *pr)
{
	live_forget(pr);
	service_forget(pr);
}

bool proctor_work_counts(struct proctor *pr, struct store *rd, struct work_counts *ret, struct err *err)
{
	struct box_counts boxes;
	struct grading_counts gradings;
	(void)pr;
	if (!store_box_counts(rd, 0, &boxes, err) || !store_grading_counts(rd, &gradings, err))
		return false;
	*ret = (struct work_counts){boxes.all, gradings.queued, gradings.running, gradings.review};
	return true;
}

bool proctor_health_json(struct proctor *pr, struct store *rd, bool writable, struct buf *out, struct err *err)
{
	struct attempt_counts counts;
	struct work_counts work;
	if (!store_attempt_counts(rd, &counts, err) || !proctor_work_counts(pr, rd, &work, err))
		return false;
	size_t n;
	struct version **versions = catalog_current(pr, &n);
	for (size_t i = 0; i < n; i++)
		version_unref(versions[i]);
	free(versions);
	buf_addf(out, "{\"status\":\"%s\",\"version\":\"" ASSAY_VERSION "\",\"checks\":{\"storage\":\"%s\",\"banks\":%zu,",
	         writable ? "ok" : "read-only", writable ? "ok" : "failed", n);
	buf_addf(out, "\"attempts_running\":%lld,\"attempts_reviewing\":%lld,", (long long)counts.running, (long long)counts.reviewing);
	buf_addf(out, "\"boxes_open\":%lld,\"gradings_queued\":%lld,\"gradings_running\":%lld,\"gradings_review\":%lld}}",
	         (long long)work.boxes, (long long)work.queued, (long long)work.running, (long long)work.review);
	return buf_check(out, "the health report", err);
}
