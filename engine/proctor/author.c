/* An author's folder: what is in it, and what changes. See author.h.
 *
 * Whoever waits for a change looks at the folder (names, sizes, times), a few times a second and longer apart where that takes long; each
 * look that finds something takes the next number. Numbers begin with the time of day, so that a page that outlived the server is told of
 * everything. */
#include "bank/blueprint.h"
#include "proctor/author_internal.h"
#include <stdio.h>

#define LOOK_EVERY_MS 300
#define LOOK_SHARE 20 /* at most one part in so many of the time is spent looking */
#define WAITING_MAX 6 /* more do not wait: each takes a thread */

/* ---- Life ---- */

bool author_open(const struct author_config *config, struct author **ret, struct err *err)
{
	_cleanup_free_ char *trash = xasprintf("%s/author-trash", config->data_dir);
	struct workspace *w;
	if (!workspace_open(config->dir, trash, &w, err))
		return false;
	struct author *a = xcalloc(1, sizeof *a);
	pthread_condattr_t attr;
	a->workspace = w;
	a->params_program = config->params_program ? xstrdup(config->params_program) : NULL;
	a->program = config->program ? xstrdup(config->program) : NULL;
	a->data_dir = xstrdup(config->data_dir);
	a->by = xstrdup(config->by && *config->by ? config->by : "author");
	a->change = clock_wall_ms() / 1000;
	pthread_mutex_init(&a->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&a->changed, &attr);
	pthread_condattr_destroy(&attr);
	if (!author_look(a, err)) {
		author_close(a);
		return false;
	}
	*ret = a;
	return true;
}

void author_stop(struct author *a)
{
	if (!a)
		return;
	pthread_mutex_lock(&a->lock);
	a->stopping = true;
	author_jobs_stop(a);
	pthread_cond_broadcast(&a->changed);
	pthread_mutex_unlock(&a->lock);
}

static void free_files(struct author_file *files, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(files[i].file.path);
	free(files);
}

void author_close(struct author *a)
{
	if (!a)
		return;
	author_jobs_free(a);
	free_files(a->files, a->n_files);
	workspace_close(a->workspace);
	pthread_cond_destroy(&a->changed);
	pthread_mutex_destroy(&a->lock);
	free(a->params_program);
	free(a->program);
	free(a->data_dir);
	free(a->by);
	free(a);
}

/* ---- Looking ---- */

static bool same(const struct workspace_file *a, const struct workspace_file *b)
{
	return a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns && a->inode == b->inode;
}

/* Merges what is there now into what was there; both are sorted. Takes the paths of `now`. */
static void merge(struct author *a, struct workspace_list *now)
{
	struct author_file *files = xcalloc(a->n_files + now->n + 1, sizeof *files);
	int64_t number = a->change + 1;
	bool changed = false;
	size_t n = 0, i = 0, k = 0;
	while (i < a->n_files || k < now->n) {
		struct author_file *old = i < a->n_files ? &a->files[i] : NULL;
		struct workspace_file *new = k < now->n ? &now->files[k] : NULL;
		int c = !old ? 1 : !new ? -1 : strcmp(old->file.path, new->path);
		struct author_file *f = &files[n++];
		if (c <= 0) {
			*f = *old;
			i++;
		}
		if (c < 0 && !f->gone) {
			f->gone = true;
			f->changed = number;
			changed = true;
		}
		if (c < 0)
			continue;
		k++;
		if (c == 0 && !f->gone && same(&f->file, new)) {
			free(new->path);
		} else {
			if (c == 0)
				free(f->file.path);
			*f = (struct author_file){.file = *new, .changed = number};
			changed = true;
		}
		new->path = NULL;
	}
	free(a->files);
	a->files = files;
	a->n_files = n;
	if (changed) {
		a->change = number;
		pthread_cond_broadcast(&a->changed);
	}
}

static bool look(struct author *a, struct err *err)
{
	_cleanup_workspace_list_ struct workspace_list now = {0};
	if (!workspace_scan(a->workspace, &now, err))
		return false;
	merge(a, &now);
	return true;
}

bool author_look(struct author *a, struct err *err)
{
	pthread_mutex_lock(&a->lock);
	bool ok = look(a, err);
	pthread_mutex_unlock(&a->lock);
	return ok;
}

/* ---- Waiting for a change ---- */

static void sleep_ms(struct author *a, int64_t ms)
{
	int64_t until = clock_monotonic_ms() + ms;
	struct timespec at = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000};
	pthread_cond_timedwait(&a->changed, &a->lock, &at);
}

static bool wait_for_change(struct author *a, int64_t since, struct err *err)
{
	int64_t end = clock_monotonic_ms() + (a->waiting >= WAITING_MAX ? MS_SECOND : AUTHOR_WAIT_MS);
	int64_t pause = LOOK_EVERY_MS;
	for (;;) {
		int64_t began = clock_monotonic_ms();
		if (began - a->looked_ms >= pause) { /* nobody else has just looked */
			if (!look(a, err))
				return false;
			a->looked_ms = clock_monotonic_ms();
			pause = (a->looked_ms - began) * LOOK_SHARE;
			pause = pause < LOOK_EVERY_MS ? LOOK_EVERY_MS : pause;
		}
		int64_t left = end - clock_monotonic_ms();
		if (a->change > since || a->change < since || left <= 0 || a->stopping)
			return true;
		sleep_ms(a, left < pause ? left : pause);
	}
}

bool author_change_json(struct author *a, int64_t since, struct buf *out, struct err *err)
{
	pthread_mutex_lock(&a->lock);
	a->waiting++;
	bool ok = wait_for_change(a, since, err);
	a->waiting--;
	if (ok) {
		bool first = true;
		buf_addf(out, "{\"change\":%lld,\"paths\":[", (long long)a->change);
		for (size_t i = 0; i < a->n_files; i++) {
			if (a->files[i].changed <= since)
				continue;
			buf_adds(out, first ? "" : ",");
			buf_add_json(out, str_of(a->files[i].file.path));
			first = false;
		}
		buf_adds(out, "]}");
	}
	pthread_mutex_unlock(&a->lock);
	return ok;
}

/* ---- The tree ---- */

/* What is known of the questions of one file. */
struct tree {
	const struct bank *bank;
	const struct item **by_place; /* the bank's items by file and line */
};

static int compare_places(const void *pa, const void *pb)
{
	const struct item *a = *(const struct item *const *)pa, *b = *(const struct item *const *)pb;
	int c = strcmp(a->file, b->file);
	return c ? c : (a->line > b->line) - (a->line < b->line);
}

static const struct item *find_item(const struct tree *t, const char *path, int line)
{
	size_t lo = 0, hi = t->bank->n_items;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const struct item *it = t->by_place[mid];
		int c = strcmp(it->file, path);
		c = c ? c : (it->line > line) - (it->line < line);
		if (c == 0)
			return it;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* What is known of one question, right or not. */
struct place {
	const char *id, *title;
	int line, end_line;
};

static void add_entry(const struct author *a, const struct tree *t, cJSON *list, struct place p, const struct item *it)
{
	cJSON *entry = json_object();
	json_set_str(entry, "id", it ? it->id : p.id);
	json_set_str(entry, "title", it ? it->title : p.title);
	json_set_str(entry, "kind", it ? item_kind_name(it->kind) : NULL);
	json_set_i64(entry, "line", p.line);
	json_set_i64(entry, "end_line", p.end_line);
	json_set_str(entry, "objective", it ? (it->objective ? it->objective : it->domain) : NULL);
	json_set_str(entry, "status", it ? item_status_names[it->status] : NULL);
	json_set_bool(entry, "parametrised", it && it->params_lua);
	json_set_bool(entry, "ok", it != NULL);
	json_set(entry, "review", it ? author_review_of(a, t->bank, it) : cJSON_CreateNull());
	json_add(list, entry);
}

static cJSON *items_of(const struct author *a, const struct tree *t, const struct bank_draft *draft, const char *path,
                       enum workspace_kind kind)
{
	cJSON *list = json_array();
	_cleanup_buf_ struct buf text = BUF(WORKSPACE_FILE_MAX);
	struct err ignored;
	if (kind == FILE_TASK && str_ends(str_of(path), "/task.md")) {
		struct str rest = str_of(path), slug = {0};
		(void)(str_next_field(&rest, '/', &slug) && str_next_field(&rest, '/', &slug));
		_cleanup_free_ char *id = str_dup(slug);
		if (str_is(rest, "task.md"))
			add_entry(a, t, list, (struct place){id, id, 1, 1}, bank_item(t->bank, id));
	} else if (kind == FILE_QUESTION && author_text(a, draft, path, &text, &ignored)) {
		_cleanup_outline_ struct outline o;
		outline_read(path, buf_str(&text), &o);
		for (size_t i = 0; i < o.n; i++)
			add_entry(a, t, list, (struct place){o.list[i].id, o.list[i].title, o.list[i].line, o.list[i].end_line},
			          find_item(t, path, o.list[i].line));
	}
	return list;
}

/* The version is worked out when it is first asked for. */
static const char *version_of(const struct author *a, struct author_file *f)
{
	struct err ignored;
	_cleanup_buf_ struct buf bytes = BUF(WORKSPACE_FILE_MAX);
	if (!*f->version && !workspace_read(a->workspace, f->file.path, &bytes, f->version, &ignored))
		f->version[0] = 0; /* unreadable, too large, or just gone */
	return *f->version ? f->version : NULL;
}

static cJSON *files_json(struct author *a, const struct tree *t)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < a->n_files; i++) {
		struct author_file *f = &a->files[i];
		if (f->gone)
			continue;
		cJSON *entry = json_object();
		json_set_str(entry, "path", f->file.path);
		json_set_str(entry, "kind", workspace_kind_name(f->file.kind));
		json_set_str(entry, "version", version_of(a, f));
		json_set_i64(entry, "size", f->file.size);
		json_set(entry, "items", items_of(a, t, NULL, f->file.path, f->file.kind));
		json_add(list, entry);
	}
	return list;
}

static cJSON *exams_json(const struct bank *bank)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < bank->n_exams; i++) {
		_cleanup_free_ char *path = xasprintf("exams/%s.yml", bank->exams[i].id);
		cJSON *entry = json_object();
		json_set_str(entry, "id", bank->exams[i].id);
		json_set_str(entry, "title", bank->exams[i].title);
		json_set_str(entry, "path", path);
		json_add(list, entry);
	}
	return list;
}

static cJSON *domains_json(const struct bank *bank)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < bank->n_domains; i++) {
		const struct bank_domain *d = &bank->domains[i];
		cJSON *entry = json_object(), *objectives = json_array();
		json_set_str(entry, "id", d->id);
		json_set_str(entry, "title", d->title);
		for (size_t k = 0; k < d->n_objectives; k++) {
			cJSON *o = json_object();
			json_set_str(o, "id", d->objectives[k].id);
			json_set_str(o, "title", d->objectives[k].title);
			json_add(objectives, o);
		}
		json_set(entry, "objectives", objectives);
		json_add(list, entry);
	}
	return list;
}

static cJSON *review_json(const struct bank_review *review)
{
	if (!review->present)
		return cJSON_CreateNull();
	cJSON *out = json_object();
	json_set_bool(out, "required", review->required);
	json_set_i64(out, "approvals", review->approvals);
	return out;
}

static struct tree tree_of(const struct bank *bank)
{
	struct tree t = {.bank = bank, .by_place = xcalloc(bank->n_items + 1, sizeof(const struct item *))};
	for (size_t i = 0; i < bank->n_items; i++)
		t.by_place[i] = &bank->items[i];
	qsort(t.by_place, bank->n_items, sizeof(const struct item *), compare_places);
	return t;
}

cJSON *author_items(const struct author *a, const struct bank *bank, const struct bank_draft *draft)
{
	struct tree t = tree_of(bank);
	cJSON *list = items_of(a, &t, draft, draft->path, workspace_kind_of(draft->path));
	free(t.by_place);
	return list;
}

static cJSON *show(struct author *a, const struct author_bank *b)
{
	const struct bank *bank = b->bank;
	struct tree t = tree_of(bank);
	cJSON *out = json_object(), *about = json_object();
	const char *slash = strrchr(workspace_dir(a->workspace), '/');
	json_set_str(about, "id", bank->id);
	json_set_str(about, "title", bank->title);
	json_set_str(about, "version", bank->version);
	json_set(out, "bank", about);
	json_set_str(out, "you", a->by);
	json_set(out, "review", review_json(&bank->review));
	json_set_str(out, "dir", slash && slash[1] ? slash + 1 : "/");
	json_set(out, "files", files_json(a, &t));
	json_set(out, "exams", exams_json(bank));
	json_set(out, "domains", domains_json(bank));
	author_set_problems(a, NULL, &b->diags, NULL, out);
	json_set_i64(cJSON_GetObjectItemCaseSensitive(out, "counts"), "questions", (int64_t)bank->n_items);
	json_set_i64(out, "change", a->change);
	free(t.by_place);
	return out;
}

bool author_show_json(struct author *a, struct buf *out, struct err *err)
{
	_cleanup_author_bank_ struct author_bank b = {0};
	if (!author_look(a, err) || !author_load(a, NULL, &b, err))
		return false;
	pthread_mutex_lock(&a->lock);
	_cleanup_json_ cJSON *json = show(a, &b);
	pthread_mutex_unlock(&a->lock);
	json_print(json, out);
	return buf_check(out, "the tree", err);
}

bool author_media_get(struct author *a, const char *hash, const char **ret_type, struct buf *out, struct err *err)
{
	static const char *const types[][2] = {{".png", "image/png"}, {".jpg", "image/jpeg"},  {".jpeg", "image/jpeg"},
	                                       {".gif", "image/gif"}, {".webp", "image/webp"}, {".svg", "image/svg+xml"}};
	_cleanup_free_ char *path = NULL;
	struct err ignored;
	pthread_mutex_lock(&a->lock);
	(void)look(a, &ignored);
	for (size_t i = 0; i < a->n_files && !path; i++) {
		const char *version = a->files[i].file.kind == FILE_MEDIA && !a->files[i].gone ? version_of(a, &a->files[i]) : NULL;
		if (version && strcmp(version, hash) == 0)
			path = xstrdup(a->files[i].file.path);
	}
	pthread_mutex_unlock(&a->lock);
	for (size_t i = 0; path && i < ARRAY_SIZE(types); i++)
		if (str_ends(str_of(path), types[i][0])) {
			*ret_type = types[i][1];
			return workspace_read(a->workspace, path, out, NULL, err);
		}
	return err_set(err, ERR_NOT_FOUND, "there is no such picture");
}
