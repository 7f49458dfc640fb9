/* Stable formatting: the files of questions of a bank written anew, each only when it changes and says the same. See exchange.h. */
#include "bank/diag.h"
#include "bank/exchange/export.h"
#include "bank/exchange/output.h"
#include "base/file.h"

/* An item as text, without its place in the file's lines. */
static char *item_text(const struct item *item)
{
	struct buf out = BUF(64u << 20);
	struct item copy = *item;
	copy.place = 0;
	copy.source = copy.params_lua ? (char *)"" : copy.source; /* written as it was, but for white space around it */
	item_encode(&copy, &out);
	return buf_take(&out, NULL);
}

/* Whether all questions of a file say the same in both banks. */
static bool same_file(const struct bank *a, const struct bank *b, const char *file)
{
	for (size_t i = 0; i < a->n_items; i++) {
		const struct item *one = &a->items[i], *other = strcmp(one->file, file) == 0 ? bank_item(b, one->id) : NULL;
		if (strcmp(one->file, file) != 0)
			continue;
		if (!other)
			return false;
		_cleanup_free_ char *x = item_text(one), *y = item_text(other);
		if (strcmp(x, y) != 0)
			return false;
	}
	return true;
}

static bool has_error(const struct diags *d, const char *file)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->list[i].level == DIAG_ERROR && strcmp(d->list[i].file, file) == 0)
			return true;
	return false;
}

struct formatter {
	const char *dir, *folder; /* the bank, and what was written of it */
	const struct bank *bank, *again;
	const struct diags *diags;
	struct exchange_report *report;
	bool check;
};

static bool format_file(struct formatter *f, const char *file, struct err *err)
{
	_cleanup_free_ char *from = xasprintf("%s/%s", f->dir, file), *to = xasprintf("%s/%s", f->folder, file);
	_cleanup_buf_ struct buf before = BUF(1), after = BUF(1);
	f->report->read++;
	bool wrong = has_error(f->diags, file);
	if (wrong || !same_file(f->bank, f->again, file)) {
		exchange_note(f->report, EXCHANGE_REJECTED, file, 0, NULL,
		              wrong ? "it has errors: see assay bank check" : "it would not say the same: it is left as it is");
		f->report->rejected++;
		return true;
	}
	if (!file_read(from, EXCHANGE_FILE_MAX, &before, err) || !file_read(to, EXCHANGE_FILE_MAX, &after, err))
		return false;
	f->report->done++;
	if (str_eq(buf_str(&before), buf_str(&after)))
		return true;
	f->report->degraded++;
	exchange_note(f->report, EXCHANGE_DEGRADED, file, 0, NULL, f->check ? "is not formatted" : "formatted");
	return f->check || file_write_durable(from, buf_str(&after), 0644, err);
}

static bool format_files(struct formatter *f, struct err *err)
{
	const struct item **order = export_order(f->bank);
	const char *last = NULL;
	bool ok = true;
	for (size_t i = 0; i < f->bank->n_items && ok; i++) {
		if (order[i]->kind == ITEM_TASK || (last && strcmp(last, order[i]->file) == 0))
			continue;
		last = order[i]->file;
		ok = format_file(f, last, err);
	}
	free(order);
	return ok;
}

bool exchange_fmt(const char *dir, bool check, struct exchange_report *report, struct err *err)
{
	struct diags diags = {0}, others = {0};
	struct exchange_report written = {0};
	_cleanup_bank_ struct bank *bank = NULL, *again = NULL;
	char folder[] = "/tmp/assay-fmt-XXXXXX";
	_cleanup_free_ char *target = NULL;
	if (!mkdtemp(folder))
		return err_set(err, ERR_IO, "cannot write to /tmp");
	target = xasprintf("%s/bank", folder);
	report->format = EXCHANGE_NATIVE;
	bool ok = bank_load_unreviewed(dir, &diags, &bank, err) && exchange_export(dir, EXCHANGE_NATIVE, target, &written, err) &&
	          bank_load_unreviewed(target, &others, &again, err);
	struct formatter f = {dir, target, bank, again, &diags, report, check};
	ok = ok && format_files(&f, err);
	output_remove(folder);
	exchange_report_finish(&written);
	diags_finish(&diags);
	diags_finish(&others);
	return ok;
}
