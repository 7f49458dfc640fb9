/* Names of images, and a thread that builds those which banks declare and nobody has built. See images.h and docs/operators/images.md.
 *
 * Building is the work of a program of its own, `assay image build`: it takes minutes, changes the environment and leaves a mess when it is
 * killed. When it is done, the catalogue sees it at its next look and offers what needed the image. */
#include "proctor/images.h"
#include "base/log.h"
#include "proctor/task_internal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define LOOK_EVERY_MS (2 * MS_SECOND)
#define AGAIN_MS (10 * MS_MINUTE) /* after a build that failed */
#define FAILED_MAX 64

extern char **environ;

struct image_spec image_spec_of(const struct bank_image *image)
{
	return (struct image_spec){image->name, image->suite, (const char *const *)image->packages, image->n_packages};
}

void image_of_task(const struct bank *bank, const struct task *task, char ret[BOX_NAME_MAX + 1])
{
	const struct bank_image *image = bank_image(bank, task->image);
	if (image) {
		struct image_spec spec = image_spec_of(image);
		image_key(&spec, ret);
	} else {
		snprintf(ret, BOX_NAME_MAX + 1, "%s", task->image);
	}
}

void image_note(const struct bank *bank, struct task *task)
{
	char key[BOX_NAME_MAX + 1];
	image_of_task(bank, task, key);
	free(task->box_image);
	task->box_image = xstrdup(key);
}

static bool is_built(const char *dir, const struct bank_image *image)
{
	struct image_spec spec = image_spec_of(image);
	char key[BOX_NAME_MAX + 1], sha256[HASH_HEX_SIZE];
	struct err err;
	image_key(&spec, key);
	return image_built(dir, key, sha256, &err);
}

uint64_t images_built(const char *dir, const struct bank *bank)
{
	uint64_t built = 0;
	for (size_t i = 0; i < bank->n_images && i < 64; i++)
		built |= (uint64_t)is_built(dir, &bank->images[i]) << i;
	return built;
}

uint64_t images_resolve(const char *dir, struct bank *bank)
{
	uint64_t built = images_built(dir, bank);
	for (size_t i = 0; i < bank->n_items; i++) {
		struct task *task = bank->items[i].task;
		if (!task)
			continue;
		image_note(bank, task);
		const struct bank_image *image = bank_image(bank, task->image);
		if (!image || built & UINT64_C(1) << (image - bank->images))
			continue;
		free(task->missing);
		task->missing = xasprintf("the image '%s', which is not built here: build it with assay image build", task->image);
	}
	return built;
}

/* ---- Building in the background ---- */

struct image_builder {
	struct proctor *pr;
	pthread_t thread;
	int stop_fd;
	struct {
		char version[HASH_HEX_SIZE];
		int64_t again_ms;
	} failed[FAILED_MAX];
	size_t n_failed;
	bool told; /* that mmdebstrap is missing */
};

static bool wants_build(const struct image_builder *b, const struct version *v)
{
	if (!v->dir || !v->bank->n_images || images_built(b->pr->boxes->dir, v->bank) == (UINT64_C(1) << v->bank->n_images) - 1)
		return false;
	for (size_t i = 0; i < b->n_failed; i++)
		if (strcmp(b->failed[i].version, v->hash) == 0)
			return b->failed[i].again_ms <= clock_monotonic_ms();
	return true;
}

static void remember_failure(struct image_builder *b, const char *version)
{
	size_t i = 0;
	while (i < b->n_failed && strcmp(b->failed[i].version, version) != 0)
		i++;
	if (i == b->n_failed && b->n_failed == FAILED_MAX)
		i = 0;
	else if (i == b->n_failed)
		b->n_failed++;
	snprintf(b->failed[i].version, sizeof b->failed[i].version, "%s", version);
	b->failed[i].again_ms = clock_monotonic_ms() + AGAIN_MS;
}

/* In a group of its own, so that all it starts can be ended with it. */
static bool start(const struct image_builder *b, const char *dir, pid_t *ret)
{
	const char *argv[] = {"assay", "image", "build", "--data", b->pr->data_dir, dir, NULL};
	posix_spawnattr_t attr;
	posix_spawn_file_actions_t actions;
	sigset_t none, all;
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO); /* the server's output is its address alone */
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setpgroup(&attr, 0);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	int rc = posix_spawn(ret, b->pr->boxes->builder, &actions, &attr, (char **)argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&actions);
	if (rc != 0)
		log_warn("images: cannot start %s: %s", b->pr->boxes->builder, strerror(rc));
	return rc == 0;
}

/* False when it was ended, or has failed. */
static bool build(const struct image_builder *b, const char *dir)
{
	pid_t pid;
	int status = -1;
	if (!start(b, dir, &pid))
		return false;
	_cleanup_close_ int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd fds[] = {{.fd = pidfd, .events = POLLIN}, {.fd = b->stop_fd, .events = POLLIN}};
	while (poll(fds, 2, -1) < 0 && errno == EINTR)
		;
	if (!fds[0].revents)
		kill(-pid, SIGTERM);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status == 0;
}

static bool is_stopping(const struct image_builder *b, int wait_ms)
{
	return poll(&(struct pollfd){.fd = b->stop_fd, .events = POLLIN}, 1, wait_ms) != 0;
}

static void build_for(struct image_builder *b, const struct version *v)
{
	if (!bank_has_command("mmdebstrap")) {
		if (!b->told)
			log_warn("bank=%s: its images are not built, and the program mmdebstrap, which would build them, is missing: its tasks are not "
			         "offered",
			         v->bank->id);
		b->told = true;
		return;
	}
	log_info("bank=%s: building its images; this takes some minutes", v->bank->id);
	if (build(b, v->dir)) {
		log_info("bank=%s: its images are built", v->bank->id);
	} else if (!is_stopping(b, 0)) {
		log_warn("bank=%s: an image could not be built: see assay image build %s; tried again in %d minutes", v->bank->id, v->dir,
		         (int)(AGAIN_MS / MS_MINUTE));
		remember_failure(b, v->hash);
	}
}

static void *builder_main(void *arg)
{
	struct image_builder *b = arg;
	while (!is_stopping(b, LOOK_EVERY_MS)) {
		size_t n;
		struct version **versions = catalog_current(b->pr, &n);
		for (size_t i = 0; i < n; i++) {
			if (!is_stopping(b, 0) && wants_build(b, versions[i]))
				build_for(b, versions[i]);
			version_unref(versions[i]);
		}
		free(versions);
	}
	return NULL;
}

bool builder_start(struct proctor *pr, struct err *err)
{
	if (!pr->boxes->builder)
		return true;
	struct image_builder *b = xcalloc(1, sizeof *b);
	b->pr = pr;
	b->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (b->stop_fd < 0 || pthread_create(&b->thread, NULL, builder_main, b) != 0) {
		if (b->stop_fd >= 0)
			close(b->stop_fd);
		free(b);
		return err_set(err, ERR_INTERNAL, "cannot start the thread that builds images");
	}
	pr->boxes->images = b;
	return true;
}

void builder_stop(struct proctor *pr)
{
	struct image_builder *b = pr->boxes->images;
	if (!b)
		return;
	pr->boxes->images = NULL;
	eventfd_write(b->stop_fd, 1);
	pthread_join(b->thread, NULL);
	close(b->stop_fd);
	free(b);
}
