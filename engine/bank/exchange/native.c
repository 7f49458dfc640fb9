/* A bank as our own format: all its files as they are, and its questions written anew in one stable way. See export.h. */
#include "bank/exchange/export.h"
#include "bank/exchange/output.h"

/* Files of the source that are no questions. */
static bool copy_files(struct package *p, struct output *o, struct err *err)
{
	bool ok = true;
	for (size_t i = 0; i < p->n && ok; i++) {
		struct str path = str_of(p->paths[i]);
		if (str_is(path, "questions.md") || (str_starts(path, "questions/") && str_ends(path, ".md")))
			continue;
		_cleanup_buf_ struct buf bytes = BUF(1);
		ok = package_read(p, p->paths[i], &bytes, err) &&
		     output_write(o, p->paths[i], buf_str(&bytes), package_is_executable(p, p->paths[i]), err);
	}
	return ok;
}

/* The first domain of the bank is where questions are by default. */
static void drop_default(const struct bank *bank, struct plain *q)
{
	if (q->domain && !q->objective && strcmp(q->domain, bank->domains[0].id) == 0)
		plain_set(&q->domain, NULL);
}

static bool write_questions(struct exporter *x, struct output *o, struct err *err)
{
	const struct item **order = export_order(x->bank);
	size_t n = 0;
	struct plain *list = xcalloc(x->bank->n_items + 1, sizeof *list);
	char **place = xcalloc(x->bank->n_items + 1, sizeof *place);
	struct written *written = xcalloc(x->bank->n_items + 1, sizeof *written);
	struct strings files = {0};
	for (size_t i = 0; i < x->bank->n_items; i++) {
		x->report->read++;
		if (order[i]->kind == ITEM_TASK) { /* its folder is copied */
			x->report->done++;
			continue;
		}
		place[n] = order[i]->file;
		export_plain(x->bank, order[i], order[i]->file, &list[n]);
		drop_default(x->bank, &list[n++]);
	}
	bool changed = false;
	bool ok = output_questions(o, list, n, place, written, &files, err) && output_check(o, list, n, written, &changed, err);
	for (size_t i = 0; i < n; i++) {
		struct plain *q = &list[i];
		x->report->done += !q->rejected;
		x->report->rejected += q->rejected != NULL;
		x->report->degraded += !q->rejected && q->losses.n;
		if (q->rejected)
			exchange_note(x->report, EXCHANGE_REJECTED, q->file, q->line, q->id, q->rejected);
		for (size_t k = 0; k < q->losses.n && !q->rejected; k++)
			exchange_note(x->report, EXCHANGE_DEGRADED, q->file, q->line, q->id, q->losses.list[k]);
	}
	if (ok && changed) { /* once more without them */
		_cleanup_free_ char *questions = xasprintf("%s/questions", o->folder);
		output_remove(questions);
		ok = output_questions(o, list, n, place, written, &files, err);
	}
	for (size_t i = 0; i < n; i++)
		plain_finish(&list[i]);
	strings_finish(&files);
	free(list);
	free(place);
	free(written);
	free(order);
	return ok;
}

bool native_write(struct exporter *x, const char *dir, const char *out, struct err *err)
{
	_cleanup_package_ struct package source = {.dir_fd = -1};
	struct output o = {0};
	bool ok = package_open(dir, true, &source, err) && output_begin(out, &o, err);
	ok = ok && (source.lone || copy_files(&source, &o, err)) && write_questions(x, &o, err) && output_end(&o, err);
	output_drop(&o);
	return ok;
}
