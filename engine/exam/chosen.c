/* Forms for those who write the questions: which exams can be drawn, and forms of chosen items. See exam.h. */
#include "bank/diag.h"
#include "exam/internal.h"

/* Presets are formats to copy from: their domains are not this bank's. */
void draw_check(const struct bank *bank, struct diags *diags)
{
	struct err err;
	for (size_t i = 0; i < bank->n_exams; i++) {
		const struct blueprint *bp = &bank->exams[i];
		if (bp->kind == BLUEPRINT_PRESET || draw_feasible(bank, bp, &err))
			continue;
		_cleanup_free_ char *file = xasprintf("exams/%s.yml", bp->id);
		diags_add_place(diags, DIAG_ERROR, "exam-impossible", file, 0, "no form can be drawn: %s", err.msg);
		diags_help(diags, "write more questions there, or ask for fewer");
	}
}

struct form *form_chosen(const struct item *const *items, struct item *const *instances, size_t n, bool shuffle, struct rng *rng)
{
	struct form *form = xcalloc(1, sizeof *form);
	form->study = true;
	form->items = xcalloc(n + 1, sizeof *form->items);
	form->sections = xcalloc(1, sizeof *form->sections);
	form->sections[form->n_sections++] = (struct form_section){.id = xstrdup("s1"), .title = xstrdup(""), .count = n};
	for (size_t i = 0; i < n; i++) {
		struct item *made = instances ? instances[i] : NULL;
		form->items[form->n_items++] =
		    (struct form_item){.item_id = xstrdup(items[i]->id), .item = made ? made : items[i], .instance = made};
	}
	arrange_form(form, shuffle, rng);
	return form;
}
