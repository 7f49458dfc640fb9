/* Noticing changes in a bank, for assay bank check --watch: a look at names, sizes and times, a few times a second. */
#include "bank/workspace.h"
#include "base/clock.h"
#include "base/mem.h"
#include "cli/bank.h"
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LOOK_EVERY_MS 300
#define LOOK_SHARE 20 /* at most one part in so many of the time is spent looking */

struct bank_watch {
	char *file; /* a lone file of questions; else NULL */
	struct workspace *workspace;
	struct workspace_list seen;
};

static bool look(const struct bank_watch *w, struct workspace_list *ret, struct err *err)
{
	struct stat st;
	if (!w->file)
		return workspace_scan(w->workspace, ret, err);
	ret->files = xcalloc(1, sizeof *ret->files);
	ret->n = 1;
	ret->files[0].path = xstrdup(w->file);
	if (stat(w->file, &st) == 0)
		ret->files[0] = (struct workspace_file){.path = ret->files[0].path,
		                                        .size = st.st_size,
		                                        .inode = st.st_ino,
		                                        .mtime_ns = st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec};
	return true;
}

static bool same(const struct workspace_list *a, const struct workspace_list *b)
{
	for (size_t i = 0; i < a->n && a->n == b->n; i++) {
		const struct workspace_file *x = &a->files[i], *y = &b->files[i];
		if (strcmp(x->path, y->path) != 0 || x->size != y->size || x->mtime_ns != y->mtime_ns || x->inode != y->inode)
			return false;
	}
	return a->n == b->n;
}

bool bank_watch_open(const char *dir, struct bank_watch **ret, struct err *err)
{
	struct stat st;
	struct bank_watch *w = xcalloc(1, sizeof *w);
	bool lone = stat(dir, &st) == 0 && S_ISREG(st.st_mode);
	if (lone)
		w->file = xstrdup(dir);
	if ((!lone && !workspace_open(dir, "", &w->workspace, err)) || !look(w, &w->seen, err)) {
		bank_watch_close(w);
		return false;
	}
	*ret = w;
	return true;
}

bool bank_watch_wait(struct bank_watch *w, struct err *err)
{
	int64_t pause = LOOK_EVERY_MS;
	for (;;) {
		struct timespec t = {pause / 1000, pause % 1000 * 1000000};
		nanosleep(&t, NULL);
		struct workspace_list now = {0};
		int64_t began = clock_monotonic_ms();
		if (!look(w, &now, err))
			return false;
		bool changed = !same(&w->seen, &now);
		workspace_list_finish(&w->seen);
		w->seen = now;
		if (changed)
			return true;
		pause = (clock_monotonic_ms() - began) * LOOK_SHARE;
		pause = pause < LOOK_EVERY_MS ? LOOK_EVERY_MS : pause;
	}
}

void bank_watch_close(struct bank_watch *w)
{
	if (!w)
		return;
	workspace_list_finish(&w->seen);
	workspace_close(w->workspace);
	free(w->file);
	free(w);
}
