/* Whether the bank's loader reads what was meant. See output.h. */
#include "bank/diag.h"
#include "bank/exchange/output.h"

/* What the loader said about the lines of a question. */
static void take_diagnostic(struct plain *q, const struct written *w, const struct diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *one = &d->list[i];
		if (one->level != DIAG_ERROR || strcmp(one->file, w->file) != 0 || one->line < w->from || one->line >= w->to)
			continue;
		(void)plain_reject(q, "a bank cannot hold it: %s", one->message);
		return;
	}
	(void)plain_reject(q, "a bank cannot hold it");
}

static bool same_options(const struct plain_options *a, const struct item_option *b, size_t n, bool ordered)
{
	if (a->n != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if ((!ordered && (a->list[i].key != b[i].key)) || (a->list[i].feedback != NULL) != (b[i].feedback_html != NULL))
			return false;
	return true;
}

/* The targets are numbered anew by the loader, in the order in which they are first used; equal matches must stay equal. */
static bool same_matches(const struct plain *q, const struct item *item)
{
	if (q->options.n != item->n_options)
		return false;
	for (size_t i = 0; i < item->n_options; i++)
		for (size_t k = 0; k < i; k++)
			if ((q->options.list[i].match == q->options.list[k].match) != (item->options[i].match == item->options[k].match))
				return false;
	return q->targets.n == item->n_targets;
}

static bool same_texts(const struct plain_texts *a, const struct item_text *b, size_t n)
{
	if (a->n != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct plain_text *t = &a->list[i];
		bool turned = t->ignore_case && !t->regex && b[i].regex; /* written as an expression, write.c */
		if (t->credit_m != b[i].credit_m || (!turned && (t->regex != b[i].regex || strcmp(t->pattern, b[i].pattern) != 0)))
			return false;
	}
	return true;
}

static bool same_blanks(const struct plain *q, const struct item *item)
{
	if (q->n_blanks != item->n_blanks)
		return false;
	for (size_t i = 0; i < item->n_blanks; i++) {
		const struct item_blank *b = &item->blanks[i];
		if (!same_options(&q->blanks[i].options, b->options, b->n_options, false) || q->blanks[i].texts.n != b->n_texts)
			return false;
		for (size_t k = 0; k < b->n_texts; k++)
			if (strcmp(q->blanks[i].texts.list[k].pattern, b->texts[k].pattern) != 0)
				return false;
	}
	return true;
}

static const char *difference(const struct plain *q, const struct item *item)
{
	if (q->params)
		return NULL;
	if (q->kind != item->kind)
		return "another kind";
	switch (q->kind) {
	case ITEM_SINGLE:
	case ITEM_MULTIPLE:
	case ITEM_TRUE_FALSE:
		return same_options(&q->options, item->options, item->n_options, false) ? NULL : "other options or keys";
	case ITEM_ORDERING:
		return same_options(&q->options, item->options, item->n_options, true) ? NULL : "other entries";
	case ITEM_MATCHING:
	case ITEM_GRID:
		return same_matches(q, item) ? NULL : "other pairs";
	case ITEM_NUMERIC:
		return q->numbers.n == item->n_numbers ? NULL : "other numbers";
	case ITEM_TEXT:
		return same_texts(&q->texts, item->texts, item->n_texts) ? NULL : "other answers";
	case ITEM_CLOZE:
		return same_blanks(q, item) ? NULL : "other blanks";
	default:
		return NULL;
	}
}

bool output_check(const struct output *o, struct plain *list, size_t n, const struct written *written, bool *ret_changed, struct err *err)
{
	struct diags diags = {0};
	_cleanup_bank_ struct bank *bank = NULL;
	bool changed = false;
	if (!bank_load_unreviewed(o->folder, &diags, &bank, err)) {
		diags_finish(&diags);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct plain *q = &list[i];
		if (q->rejected || q->kind == ITEM_TASK)
			continue;
		const struct item *item = bank_item(bank, q->id);
		const char *what = item ? difference(q, item) : NULL;
		if (!item)
			take_diagnostic(q, &written[i], &diags);
		else if (what)
			(void)plain_reject(q, "it cannot be written so that it is read the same: %s", what);
		changed |= q->rejected != NULL;
	}
	diags_finish(&diags);
	*ret_changed = changed;
	return true;
}
