/* Writing a bank's folder. See output.h. */
#include "bank/exchange/output.h"
#include "bank/markdown.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#define FILE_QUESTIONS_MAX 1000
#define FILE_BYTES_MAX (4u << 20)

/* ---- the folder ---- */

static bool is_free(const char *target, struct err *err)
{
	DIR *d = opendir(target);
	if (!d)
		return errno == ENOENT || err_set(err, ERR_CONFLICT, "%s is there already", target);
	bool empty = true;
	for (struct dirent *e; empty && (e = readdir(d));)
		empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
	closedir(d);
	return empty || err_set(err, ERR_CONFLICT, "%s is not empty: nothing is written over", target);
}

bool output_begin(const char *target, struct output *ret, struct err *err)
{
	size_t len = strlen(target);
	while (len > 1 && target[len - 1] == '/')
		len--;
	_cleanup_free_ char *name = xstrndup(target, len), *folder = xasprintf("%s.new-XXXXXX", name);
	if (!is_free(name, err))
		return false;
	if (!mkdtemp(folder))
		return err_set(err, ERR_IO, "cannot write beside %s: %s", target, strerror(errno));
	if (chmod(folder, 0755) < 0)
		return err_set(err, ERR_IO, "%s: %s", folder, strerror(errno));
	*ret = (struct output){.folder = take_ptr(folder), .target = take_ptr(name)};
	return true;
}

static bool write_all(int fd, struct str bytes)
{
	while (bytes.len) {
		ssize_t n = write(fd, bytes.p, bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = str_sub(bytes, (size_t)n, bytes.len);
	}
	return true;
}

bool output_write(struct output *o, const char *path, struct str bytes, bool executable, struct err *err)
{
	_cleanup_free_ char *full = xasprintf("%s/%s", o->folder, path);
	for (char *slash = full + strlen(o->folder) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		if (mkdir(full, 0755) < 0 && errno != EEXIST)
			return err_set(err, ERR_IO, "cannot make %s: %s", full, strerror(errno));
		*slash = '/';
	}
	_cleanup_close_ int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, executable ? 0755 : 0644);
	if (fd < 0 || !write_all(fd, bytes))
		return err_set(err, ERR_IO, "cannot write %s: %s", full, strerror(errno));
	return true;
}

bool output_end(struct output *o, struct err *err)
{
	if (rename(o->folder, o->target) < 0)
		return err_set(err, ERR_IO, "cannot name it %s: %s", o->target, strerror(errno));
	free(take_ptr(o->folder));
	return true;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void output_remove(const char *folder)
{
	(void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void output_drop(struct output *o)
{
	if (o->folder)
		output_remove(o->folder);
	free(o->folder);
	free(o->target);
	*o = (struct output){0};
}

/* ---- ids ---- */

/* An open table of ids, twice as large as what it holds. */
struct id_set {
	const char **slots;
	size_t size;
};

static size_t id_slot(const struct id_set *s, const char *id)
{
	uint64_t h = UINT64_C(1469598103934665603);
	for (const char *p = id; *p; p++)
		h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
	size_t i = (size_t)(h ^ h >> 29) & (s->size - 1);
	while (s->slots[i] && strcmp(s->slots[i], id) != 0)
		i = (i + 1) & (s->size - 1);
	return i;
}

/* The beginning of the question's text, where it has no name of its own. */
static char *made_up(const struct plain *q)
{
	_cleanup_buf_ struct buf text = BUF(400);
	size_t words = 0;
	for (const char *p = q->stem ? q->stem : ""; *p && *p != '\n' && words < 9 && text.len < 80; p++) {
		if (p[0] == ']' && p[1] == '(' && strchr(p, ')'))
			p = strchr(p, ')');
		if (strncmp(p, BLANK_OPEN, 3) == 0 && strstr(p, BLANK_CLOSE)) { /* a blank of a cloze */
			p = strstr(p, BLANK_CLOSE) + 2;
			buf_adds(&text, "...");
			continue;
		}
		if (strchr("\\`*[])", *p) || (p[0] == '!' && p[1] == '['))
			continue;
		words += *p == ' ';
		buf_addc(&text, *p);
	}
	size_t bad;
	if (!str_is_utf8(buf_str(&text), &bad))
		buf_cut(&text, bad);
	struct str s = str_trim(buf_str(&text));
	return s.len ? str_dup(s) : xstrdup("Question");
}

static void name_one(struct plain *q, struct id_set *ids, size_t *next)
{
	if (!q->title)
		q->title = q->id ? xstrdup(q->id) : made_up(q);
	_cleanup_free_ char *slug = str_slug(str_of(q->id ? q->id : q->title), 56);
	if (q->id && str_is_id(str_of(q->id))) {
		free(slug);
		slug = xstrdup(q->id);
	}
	char *id = xstrdup(slug);
	size_t slot;
	for (size_t n = 2; ids->slots[slot = id_slot(ids, id)]; n = n < 20 ? n + 1 : ++*next) {
		free(id);
		id = xasprintf("%.50s-%zu", slug, n);
	}
	ids->slots[slot] = id;
	free(q->id);
	q->id = id;
}

void output_name(struct plain *list, size_t n)
{
	struct id_set ids = {.size = 64};
	while (ids.size < n * 2)
		ids.size *= 2;
	ids.slots = xcalloc(ids.size, sizeof *ids.slots);
	size_t next = 20;
	for (size_t i = 0; i < n; i++) /* ids that the source says come first */
		if (list[i].id && !list[i].rejected)
			name_one(&list[i], &ids, &next);
	for (size_t i = 0; i < n; i++)
		if (!list[i].id && !list[i].rejected)
			name_one(&list[i], &ids, &next);
	free(ids.slots);
}

/* ---- questions ---- */

static size_t count_lines(struct str s)
{
	size_t n = 0;
	for (const char *p = s.p, *end = s.p + s.len; p < end && (p = memchr(p, '\n', (size_t)(end - p))); p++)
		n++;
	return n;
}

/* One file of the questions that go to the same place, in their order. */
struct file_writer {
	struct output *o;
	struct buf text;
	const char *path;
	int line;
	size_t count;
	const struct plain *common; /* whose objective is the file's; or NULL */
};

static bool flush(struct file_writer *f, struct err *err)
{
	bool ok = !f->text.len || (buf_check(&f->text, f->path, err) && output_write(f->o, f->path, buf_str(&f->text), false, err));
	buf_clear(&f->text);
	f->line = 1;
	f->count = 0;
	return ok;
}

static int compare_place(const void *pa, const void *pb, void *arg)
{
	char *const *keys = arg;
	size_t a = *(const size_t *)pa, b = *(const size_t *)pb;
	int c = strcmp(keys[a], keys[b]);
	return c ? c : (a > b) - (a < b);
}

static const char *file_name(const char *key, int part, bool own, struct strings *files)
{
	char *path = own ? xstrdup(key) : part > 1 ? xasprintf("questions/%s-%d.md", key, part) : xasprintf("questions/%s.md", key);
	strings_add(files, path);
	return path;
}

static bool same_objective(const struct plain *a, const struct plain *b)
{
	bool both = a->objective && b->objective;
	return a->domain && b->domain && strcmp(a->domain, b->domain) == 0 &&
	       (both ? strcmp(a->objective, b->objective) == 0 : !a->objective && !b->objective);
}

/* The question whose objective stands at the top of the file, for all that have the same: the first one, if it is most of them's. All must
 * have one, or those without would get it. */
static const struct plain *common_objective(const struct plain *list, const size_t *order, size_t n, char *const *keys)
{
	const struct plain *first = &list[order[0]];
	size_t same = 0, all = 0;
	for (; all < n && strcmp(keys[order[all]], keys[order[0]]) == 0; all++) {
		if (!list[order[all]].domain)
			return NULL;
		same += same_objective(first, &list[order[all]]);
	}
	return same >= 2 && same * 2 > all ? first : NULL;
}

static void begin_file(struct file_writer *f)
{
	if (!f->common)
		return;
	const struct plain *q = f->common;
	_cleanup_free_ char *objective = q->objective ? xasprintf("%s.%s", q->domain, q->objective) : xstrdup(q->domain);
	buf_adds(&f->text, "---\nobjective: ");
	write_yaml(str_of(objective), &f->text);
	buf_adds(&f->text, "\n---\n");
	f->line += 3;
}

static void write_one(struct file_writer *f, struct plain *q)
{
	char *domain = q->domain, *objective = q->objective;
	bool common = f->common && same_objective(f->common, q);
	if (common)
		q->domain = q->objective = NULL;
	write_question(q, &f->text);
	q->domain = domain;
	q->objective = objective;
}

static bool write_sorted(struct file_writer *f, struct plain *list, const size_t *order, size_t n, char *const *keys, bool own,
                         struct written *ret, struct strings *files, struct err *err)
{
	const char *key = NULL;
	int part = 0;
	for (size_t i = 0; i < n; i++) {
		struct plain *q = &list[order[i]];
		bool other = !key || strcmp(key, keys[order[i]]) != 0;
		if (other || (!own && (f->count >= FILE_QUESTIONS_MAX || f->text.len > FILE_BYTES_MAX))) {
			if (!flush(f, err))
				return false;
			part = other ? 1 : part + 1;
			f->common = other ? common_objective(list, order + i, n - i, keys) : f->common;
			key = keys[order[i]];
			f->path = file_name(key, part, own, files);
			begin_file(f);
		}
		if (f->count) {
			buf_addc(&f->text, '\n');
			f->line++;
		}
		size_t from = f->text.len;
		write_one(f, q);
		int lines = (int)count_lines(str_sub(buf_str(&f->text), from, f->text.len));
		ret[order[i]] = (struct written){f->path, f->line, f->line + lines};
		f->line += lines;
		f->count++;
	}
	return flush(f, err);
}

bool output_questions(struct output *o, struct plain *list, size_t n, char *const *place, struct written *ret, struct strings *files,
                      struct err *err)
{
	struct file_writer f = {.o = o, .text = BUF(16u << 20), .line = 1};
	size_t *order = xcalloc(n + 1, sizeof *order), kept = 0;
	char **keys = xcalloc(n + 1, sizeof *keys);
	for (size_t i = 0; i < n; i++) {
		ret[i] = (struct written){0};
		if (list[i].rejected || list[i].kind == ITEM_TASK) /* a task is a folder of its own */
			continue;
		keys[i] = place ? place[i] : list[i].domain ? list[i].domain : (char *)"general";
		order[kept++] = i;
	}
	qsort_r(order, kept, sizeof *order, compare_place, keys);
	bool ok = write_sorted(&f, list, order, kept, keys, place != NULL, ret, files, err);
	buf_finish(&f.text);
	free(order);
	free(keys);
	return ok;
}
