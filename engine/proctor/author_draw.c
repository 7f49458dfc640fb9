/* Exams of an author's bank: whether forms can be drawn, what is missing, and what one looks like. See author.h. */
#include "exam/exam.h"
#include "proctor/author_internal.h"
#include "proctor/internal.h"
#include <math.h>
#include <stdio.h>

/* ---- What the domains have, and need ---- */

struct need {
	const struct bank_domain *domain;
	int min, max, have;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Families of a domain's active questions; a form never shows two of one. */
static int families(const struct bank *bank, const struct blueprint *bp, const char *domain)
{
	const char **names = xcalloc(bank->n_items + 1, sizeof *names);
	size_t n = 0;
	int different = 0;
	for (size_t i = 0; i < bank->n_items; i++) {
		const struct item *it = &bank->items[i];
		bool takes = it->kind == ITEM_ESSAY ? bp->essays : it->kind == ITEM_TASK ? bp->tasks_max > 0 : true;
		if (it->status == ITEM_ACTIVE && takes && strcmp(it->domain, domain) == 0)
			names[n++] = it->family;
	}
	qsort(names, n, sizeof *names, by_name);
	for (size_t i = 0; i < n; i++)
		different += i == 0 || strcmp(names[i], names[i - 1]) != 0;
	free(names);
	return different;
}

static void needs_of(const struct bank *bank, const struct blueprint *bp, struct need *ret)
{
	int counted_min = bp->items_min - bp->unscored,
	    counted_max = (bp->items_max > bp->items_min ? bp->items_max : bp->items_min) - bp->unscored;
	double fixed = 0;
	for (size_t i = 0; i < bp->n_weights; i++)
		fixed += bp->weights[i].lo > 0 ? bp->weights[i].lo : 0;
	for (size_t d = 0; d < bank->n_domains; d++) {
		ret[d] = (struct need){.domain = &bank->domains[d], .max = counted_max, .have = families(bank, bp, bank->domains[d].id)};
		for (size_t i = 0; i < bp->n_weights; i++) {
			const struct blueprint_weight *w = &bp->weights[i];
			if (strcmp(w->domain, bank->domains[d].id) != 0)
				continue;
			bool rest = w->lo < 0;
			ret[d].min = rest ? 0 : (int)floor(w->lo * counted_min + 1e-9);
			ret[d].max = (int)ceil((rest ? 1 - fixed : w->hi) * counted_max - 1e-9);
		}
	}
}

static cJSON *needs_json(const struct need *needs, size_t n, cJSON *says)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct need *d = &needs[i];
		cJSON *entry = json_object();
		json_set_str(entry, "id", d->domain->id);
		json_set_str(entry, "title", d->domain->title);
		json_set_i64(entry, "need_min", d->min);
		json_set_i64(entry, "need_max", d->max);
		json_set_i64(entry, "have", d->have);
		json_add(list, entry);
		if (d->have >= d->min)
			continue;
		_cleanup_free_ char *line =
		    xasprintf("%s needs %d more item%s", d->domain->title, d->min - d->have, d->min - d->have == 1 ? "" : "s");
		json_add_str(says, line);
	}
	return list;
}

/* ---- A form ---- */

/* A draw_params_fn that runs nothing: the question with its @{names} stands for all that can be drawn. */
static bool undrawn(void *arg, const struct bank *bank, const struct item *const *items, const uint64_t *seeds, size_t n, struct item **ret,
                    struct err *err)
{
	(void)arg, (void)bank, (void)seeds;
	for (size_t i = 0; i < n; i++) {
		_cleanup_buf_ struct buf bytes = BUF(4u << 20);
		item_encode(items[i], &bytes);
		if (item_decode(buf_str(&bytes), &ret[i], err))
			continue;
		while (i-- > 0)
			item_destroy(ret[i]);
		return false;
	}
	return true;
}

static const char *domain_title(const struct bank *bank, const char *id)
{
	const struct bank_domain *d = bank_domain(bank, id);
	return d ? d->title : id;
}

static cJSON *sample_json(const struct bank *bank, const struct form *form)
{
	cJSON *list = json_array();
	for (size_t i = 0; i < form->n_items; i++) {
		const struct item *it = form->items[i].item;
		cJSON *entry = json_object();
		json_set_i64(entry, "n", (int64_t)i + 1);
		json_set_str(entry, "item", form->items[i].item_id);
		json_set_str(entry, "title", it->title);
		json_set_str(entry, "domain", domain_title(bank, it->domain));
		json_add(list, entry);
	}
	return list;
}

static const struct blueprint *exam_at(const struct bank *bank, const char *path)
{
	for (size_t i = 0; i < bank->n_exams; i++) {
		_cleanup_free_ char *file = xasprintf("exams/%s.yml", bank->exams[i].id);
		const char *slash = strrchr(path, '/');
		if (strcmp(file, path) == 0 || (slash && strcmp(strrchr(file, '/'), slash) == 0))
			return &bank->exams[i];
	}
	return NULL;
}

static void seed_rng(struct rng *rng, const char *exam, int64_t seed)
{
	static const unsigned char secret[RNG_SEED_SIZE] = "sample";
	char label[160];
	snprintf(label, sizeof label, "%.100s:%lld", exam, (long long)seed);
	rng_init(rng, secret, label);
}

bool author_feasible(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	static const char *const keys[] = {"path", "text", NULL};
	struct bank_draft draft;
	_cleanup_author_bank_ struct author_bank b = {0};
	if (!json_only_keys(body, "", keys, err) || !author_draft(body, &draft, err))
		return false;
	if (workspace_kind_of(draft.path) != FILE_EXAM)
		return err_set(err, ERR_INVALID, "path must be a file exams/NAME.yml");
	if (!author_load(a, &draft, &b, err))
		return false;
	const struct blueprint *bp = exam_at(b.bank, draft.path);
	_cleanup_json_ cJSON *json = json_object();
	cJSON *says = json_array(), *domains = NULL, *sample = NULL;
	struct err why = {0};
	bool feasible = false;
	if (bp) {
		struct rng rng;
		struct need *needs = xcalloc(b.bank->n_domains + 1, sizeof *needs);
		_cleanup_(form_destroyp) struct form *form = NULL;
		needs_of(b.bank, bp, needs);
		domains = needs_json(needs, b.bank->n_domains, says);
		free(needs);
		seed_rng(&rng, bp->id, 1);
		feasible = draw_feasible(b.bank, bp, &why);
		if (!feasible)
			json_add_str(says, why.msg);
		else if (draw_form(b.bank, bp, NULL, &rng, undrawn, NULL, &form, &why))
			sample = sample_json(b.bank, form);
	} else {
		json_add_str(says, "the blueprint has mistakes: put them right first");
	}
	json_set_bool(json, "feasible", feasible);
	json_set(json, "says", says);
	json_set(json, "domains", domains ? domains : json_array());
	json_set(json, "sample", sample ? sample : cJSON_CreateNull());
	json_set(json, "problems", author_problems(a, &draft, &b.diags, draft.path, 0, INT32_MAX));
	json_print(json, out);
	return buf_check(out, "what is feasible", err);
}

/* The exam that is meant: one of the folder by its id, or one whose text need not be saved. */
static bool sample_of(const struct author *a, const cJSON *body, struct author_bank *b, const struct blueprint **ret, struct err *err)
{
	static const char *const saved[] = {"exam", "seed", NULL}, *const unsaved[] = {"path", "text", "seed", NULL};
	const char *exam;
	struct bank_draft draft;
	if (cJSON_GetObjectItemCaseSensitive(body, "exam")) {
		if (!json_only_keys(body, "", saved, err) || !json_get_str(body, "", "exam", 64, &exam, err) || !author_load(a, NULL, b, err))
			return false;
		*ret = bank_exam(b->bank, exam);
		return *ret || err_set(err, ERR_NOT_FOUND, "there is no exam '%.64s'", exam);
	}
	if (!json_only_keys(body, "", unsaved, err) || !author_draft(body, &draft, err) || !author_load(a, &draft, b, err))
		return false;
	*ret = exam_at(b->bank, draft.path);
	return *ret || err_set(err, ERR_INVALID, "the blueprint has mistakes: put them right first");
}

bool author_sample(struct author *a, const cJSON *body, struct buf *out, struct err *err)
{
	int64_t seed = 1;
	struct rng rng;
	const struct blueprint *bp;
	_cleanup_author_bank_ struct author_bank b = {0};
	_cleanup_(form_destroyp) struct form *form = NULL;
	if (!json_get_i64(body, "", "seed", 0, INT64_C(9007199254740991), &seed, err) || !sample_of(a, body, &b, &bp, err))
		return false;
	seed_rng(&rng, bp->id, seed);
	/* draw_params() needs nothing of the proctor but the program. */
	const struct proctor pr = {.params_program = a->params_program};
	if (!draw_form(b.bank, bp, NULL, &rng, draw_params, (void *)&pr, &form, err))
		return false;
	_cleanup_json_ cJSON *json = json_object();
	cJSON *list = json_array();
	for (size_t i = 0; i < form->n_items; i++) {
		cJSON *entry = json_object();
		json_set_i64(entry, "n", (int64_t)i + 1);
		json_set_str(entry, "item", form->items[i].item_id);
		json_set_str(entry, "title", form->items[i].item->title);
		json_set_str(entry, "domain", domain_title(b.bank, form->items[i].item->domain));
		json_set_bool(entry, "unscored", form->items[i].unscored);
		author_item_json(b.bank, form, i, NULL, entry);
		json_add(list, entry);
	}
	json_set_str(json, "title", bp->title);
	json_set(json, "items", list);
	json_print(json, out);
	return buf_check(out, "the sample form", err);
}
