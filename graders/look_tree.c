/* Folders: what is in one, and all that is below one. See look.h. */
#include "base/mem.h"
#include "graders/look_internal.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct names {
	char **list;
	size_t n, cap;
};

static void names_finish(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->list[i]);
	free(names->list);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in an open folder (which is closed), sorted by their bytes; false when there are too many. */
static bool read_names(int fd, struct names *ret)
{
	DIR *d = fdopendir(fd);
	bool ok = d != NULL;
	if (!d)
		close(fd);
	for (struct dirent *e; ok && (e = readdir(d));) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		ok = ret->n < LOOK_ENTRIES_MAX;
		ret->list = xgrow(ret->list, ret->n, &ret->cap, sizeof *ret->list);
		ret->list[ret->n++] = xstrdup(e->d_name);
	}
	if (d)
		closedir(d);
	if (ret->n)
		qsort(ret->list, ret->n, sizeof *ret->list, compare);
	return ok;
}

bool look_list(const char *path, struct message *m, struct buf *out)
{
	_cleanup_(names_finish) struct names names = {0};
	(void)m;
	_cleanup_close_ int fd = look_open_kind(path, S_IFDIR, out);
	if (fd < 0)
		return false;
	if (!read_names(dup(fd), &names))
		return look_none(out, path, "there are too many files in it");
	message_u32(out, (uint32_t)names.n);
	for (size_t i = 0; i < names.n; i++) {
		struct stat st;
		message_text(out, str_of(names.list[i]));
		message_u8(out, fstatat(fd, names.list[i], &st, AT_SYMLINK_NOFOLLOW) == 0 ? look_type(st.st_mode) : LOOK_DEVICE);
	}
	return true;
}

struct walk {
	struct buf *out;
	char path[LOOK_PATH_MAX + 1];
	size_t len;
	uint32_t count;
	const char *problem; /* why it ended */
};

/* Takes fd. `depth` is how many more levels are wanted. */
static void walk_folder(struct walk *w, int fd, uint32_t depth)
{
	_cleanup_(names_finish) struct names names = {0};
	_cleanup_close_ int dir = fd;
	if (!read_names(dup(dir), &names))
		w->problem = "there are too many files in a folder";
	for (size_t i = 0; i < names.n && !w->problem; i++) {
		struct stat st;
		size_t n = strlen(names.list[i]), before = w->len;
		if (before + 1 + n > LOOK_PATH_MAX || fstatat(dir, names.list[i], &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue; /* no program could open such a path either */
		w->path[w->len++] = '/';
		memcpy(w->path + w->len, names.list[i], n + 1);
		w->len += n;
		if (++w->count > LOOK_ENTRIES_MAX)
			w->problem = "there are too many files in it";
		message_text(w->out, (struct str){w->path, w->len});
		look_entry(w->out, &st);
		int below = S_ISDIR(st.st_mode) && depth > 1 ? openat(dir, names.list[i], O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
		if (below >= 0)
			walk_folder(w, below, depth - 1);
		w->len = before;
	}
}

bool look_walk(const char *path, struct message *m, struct buf *out)
{
	struct walk w = {.out = out};
	uint32_t depth = message_get_u32(m);
	int fd = look_open_kind(path, S_IFDIR, out);
	if (fd < 0)
		return false;
	w.len = strlen(path);
	while (w.len && path[w.len - 1] == '/')
		w.len--;
	memcpy(w.path, path, w.len);
	size_t at = out->len;
	message_u32(out, 0);
	walk_folder(&w, fd, depth && depth < LOOK_DEPTH_MAX ? depth : LOOK_DEPTH_MAX);
	if (w.problem)
		return look_none(out, path, w.problem);
	for (size_t i = 0; i < 4 && !out->overflow; i++)
		out->p[at + i] = (char)(w.count >> (8 * i));
	return true;
}
