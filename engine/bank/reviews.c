/* reviews/: whether each question that would be drawn was approved as it stands. Only where bank.yml has `review:`; see record.h.
 *
 * Like a hands-on task without its proof, a question without its approvals is left out of the bank where they are required, and only
 * reported to its author. */
#include "bank/load.h"
#include "bank/record.h"
#include "base/mem.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

struct reviews {
	struct loader *l;
	enum diag_level level;
	char **items; /* that have a record, sorted */
	size_t n, cap;
};

/* ---- The folder ---- */

static void take_name(struct reviews *r, int fd, const char *name)
{
	struct stat st;
	struct str s = str_of(name);
	_cleanup_free_ char *path = xasprintf("reviews/%s", name);
	bool utf8 = str_is_utf8(s, NULL);
	if (!utf8 || fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode)) {
		diags_add_place(r->l->diags, DIAG_ERROR, "not-a-file", utf8 ? path : "reviews/", 0, "%s",
		                utf8 ? "not a plain file" : "a file here has a name that is not UTF-8");
		diags_help(r->l->diags, "reviews/ holds one file for each question, ITEM.yml");
		return;
	}
	struct str id = str_sub(s, 0, s.len > 4 ? s.len - 4 : 0);
	if (!str_ends(s, ".yml") || !str_is_id(id)) {
		diags_add_place(r->l->diags, DIAG_WARNING, "stray-file", path, 0, "this file is not read: reviews/ holds ITEM.yml files");
		return;
	}
	r->items = xgrow(r->items, r->n, &r->cap, sizeof *r->items);
	r->items[r->n++] = str_dup(id);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void list_folder(struct reviews *r)
{
	int fd = openat(r->l->dir_fd, "reviews", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	if (!dir) {
		if (fd >= 0)
			close(fd);
		if (errno != ENOENT)
			diags_add_place(r->l->diags, DIAG_ERROR, "unreadable", "reviews", 0, "cannot read the folder: %s", strerror(errno));
		return;
	}
	while (r->n < BANK_ITEMS_MAX && (e = readdir(dir)))
		if (e->d_name[0] != '.')
			take_name(r, fd, e->d_name);
	closedir(dir);
	if (r->n)
		qsort(r->items, r->n, sizeof *r->items, by_name);
}

static bool has_record(const struct reviews *r, const char *item)
{
	return r->n && bsearch(&item, r->items, r->n, sizeof *r->items, by_name);
}

/* ---- One question ---- */

static void say_missing(const struct reviews *r, const struct item *it, const struct record_state *s)
{
	struct diags *d = r->l->diags;
	diags_add_place(d, r->level, "review-missing", it->file, it->line, "%s is %s, and %d of %d approvals are there", it->id,
	                item_status_names[it->status], s->approvals, s->needed);
	if (s->stale)
		diags_help(d, "it has changed since it was approved: have it approved again, or set its status to draft");
	else
		diags_help(d, "have somebody else approve it (assay bank status DIR %s approved), or set its status to draft", it->id);
}

/* Whether an exam may draw it. */
static bool check_item(struct reviews *r, const struct item *it)
{
	struct loader *l = r->l;
	_cleanup_record_ struct record record = {0};
	_cleanup_free_ char *path = record_path(it->id);
	_cleanup_text_file_ struct text_file f = {0};
	struct record_state s;
	char text[HASH_HEX_SIZE];
	if (has_record(r, it->id) && load_text(l, path, RECORD_FILE_MAX, &f))
		record_parse(&f.source, l->diags, &record);
	if (!item_status_is_drawn(it->status) && it->status != ITEM_APPROVED)
		return true;
	item_text_hash(l->bank, it, text);
	record_state(&record, text, l->bank->review.approvals, &s);
	if (s.own_entry && s.approvals < s.needed) {
		diags_add_place(l->diags, DIAG_WARNING, "review-own", path, s.own_entry->line, "%s submitted this text and approved it",
		                s.own_entry->by);
		diags_help(l->diags, "somebody else approves it");
	}
	if (s.disagrees) {
		diags_add_place(l->diags, r->level, "review-disagreement", it->file, it->line,
		                "%s: %d blind reader%s answered something else than the key says", it->id, s.disagrees,
		                s.disagrees == 1 ? "" : "s");
		diags_help(l->diags, "correct the question, or approve it with the reason why the key is right nevertheless (despite)");
	} else if (s.approvals < s.needed) {
		say_missing(r, it, &s);
	}
	return !s.disagrees && s.approvals >= s.needed;
}

static void warn_deleted(struct reviews *r)
{
	for (size_t i = 0; i < r->n; i++) {
		_cleanup_free_ char *path = record_path(r->items[i]);
		if (bank_item(r->l->bank, r->items[i]))
			continue;
		diags_add_place(r->l->diags, DIAG_WARNING, "unused-review", path, 0, "there is no question '%s'", r->items[i]);
		diags_help(r->l->diags, "assay bank rename takes the record along; of a question that is gone, remove it");
	}
}

void load_reviews(struct loader *l)
{
	struct bank *bank = l->bank;
	if (!bank->review.present || l->unreviewed)
		return;
	bool leave_out = bank->review.required && !l->draft;
	struct reviews r = {.l = l, .level = leave_out ? DIAG_ERROR : DIAG_WARNING};
	size_t kept = 0;
	list_folder(&r);
	if (!l->diags->n_errors) /* a question with an error is there all the same */
		warn_deleted(&r);
	for (size_t i = 0; i < bank->n_items; i++) {
		if (!check_item(&r, &bank->items[i]) && leave_out) {
			item_finish(&bank->items[i]);
			continue;
		}
		if (kept != i)
			bank->items[kept] = bank->items[i];
		kept++;
	}
	bank->n_items = kept;
	for (size_t i = 0; i < r.n; i++)
		free(r.items[i]);
	free(r.items);
}
