/* What only the whole bank shows: references between its parts. Errors here drop the part that holds them. */
#include "bank/load.h"
#include "base/mem.h"

static void drop_items_without_case(struct loader *l)
{
	struct bank *bank = l->bank;
	size_t kept = 0;
	for (size_t i = 0; i < bank->n_items; i++) {
		struct item *item = &bank->items[i];
		if (!item->case_id || bank_case(bank, item->case_id)) {
			if (kept != i)
				bank->items[kept] = *item;
			kept++;
			continue;
		}
		diags_add_place(l->diags, DIAG_ERROR, "unknown-case", item->file, item->line, "there is no case '%s'", item->case_id);
		const char *names[256];
		size_t n = 0;
		for (; n < bank->n_cases && n < ARRAY_SIZE(names); n++)
			names[n] = bank->cases[n].id;
		diags_help(l->diags, "a case is a file cases/%s.md", item->case_id);
		diags_did_you_mean(l->diags, str_of(item->case_id), names, n);
		item_finish(item);
	}
	bank->n_items = kept;
}

static void check_exam(struct loader *l, const struct blueprint *bp)
{
	_cleanup_free_ char *file = xasprintf("exams/%s.yml", bp->id);
	if (bp->renew_exam && !bank_exam(l->bank, bp->renew_exam)) {
		diags_add_place(l->diags, DIAG_WARNING, "unknown-exam", file, 0, "certificate.renew.exam: there is no exam '%s'", bp->renew_exam);
		const char *names[256];
		size_t n = 0;
		for (; n < l->bank->n_exams && n < ARRAY_SIZE(names); n++)
			names[n] = l->bank->exams[n].id;
		diags_did_you_mean(l->diags, str_of(bp->renew_exam), names, n);
	}
}

void load_check_references(struct loader *l)
{
	drop_items_without_case(l);
	for (size_t i = 0; i < l->bank->n_exams; i++)
		check_exam(l, &l->bank->exams[i]);
}
