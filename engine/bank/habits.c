/* Lint over the whole bank: habits that help guessing, and parts that nothing uses. See lint.h. */
#include "bank/lint.h"
#include "base/mem.h"
#include <math.h>

#define LEAST_ITEMS 30 /* below this, a habit cannot be told from chance */
#define POSITIONS 8

static void warn_bank(struct diags *d, const char *code, const char *message, const char *help)
{
	diags_add_place(d, DIAG_WARNING, code, "bank.yml", 0, "%s", message);
	diags_help(d, "%s", help);
}

/* Where the key is strictly the longest option; counted over single questions with at least three options. */
static void check_longest(const struct bank *bank, struct diags *d)
{
	double expected = 0, variance = 0;
	size_t n = 0, longest = 0;
	for (size_t i = 0; i < bank->n_items; i++) {
		const struct item *item = &bank->items[i];
		if (item->kind != ITEM_SINGLE || item->n_options < 3 || item->status == ITEM_RETIRED)
			continue;
		size_t key = 0, other = 0;
		for (size_t k = 0; k < item->n_options; k++) {
			size_t len = strlen(item->options[k].text);
			if (item->options[k].key)
				key = len;
			else if (len > other)
				other = len;
		}
		double p = 1.0 / (double)item->n_options;
		expected += p;
		variance += p * (1 - p);
		longest += key > other;
		n++;
	}
	if (n < LEAST_ITEMS || (double)longest < expected + 3.5 * sqrt(variance) || (double)longest < 1.25 * expected)
		return;
	_cleanup_free_ char *text =
	    xasprintf("the right option is the longest in %zu of %zu questions (by chance: about %.0f)", longest, n, expected);
	warn_bank(d, "longest-is-key", text,
	          "who picks the longest option scores better than chance: shorten keys, give distractors as much detail");
}

/* Where keys stand as written, among questions with the same number of options. Pearson's chi-squared test, 0.1 %. */
static void check_positions(const struct bank *bank, struct diags *d)
{
	static const double critical[POSITIONS + 1] = {0,     0,     10.83, 13.82, 16.27,
	                                               18.47, 20.52, 22.46, 24.32}; /* by options: df = options - 1 */
	size_t at[POSITIONS + 1][POSITIONS] = {0}, total[POSITIONS + 1] = {0};
	for (size_t i = 0; i < bank->n_items; i++) {
		const struct item *item = &bank->items[i];
		if (item->kind != ITEM_SINGLE || item->n_options > POSITIONS || item->status == ITEM_RETIRED)
			continue;
		for (size_t k = 0; k < item->n_options; k++)
			at[item->n_options][k] += item->options[k].key;
		total[item->n_options]++;
	}
	for (size_t n = 2; n <= POSITIONS; n++) {
		double expected = (double)total[n] / (double)n, chi = 0;
		size_t most = 0;
		for (size_t k = 0; k < n && total[n]; k++) {
			double difference = (double)at[n][k] - expected;
			chi += difference * difference / expected;
			if (at[n][k] > at[n][most])
				most = k;
		}
		if (total[n] < LEAST_ITEMS || chi <= critical[n])
			continue;
		_cleanup_free_ char *text =
		    xasprintf("of %zu questions with %zu options, the right one is written in place %zu in %zu (expected: about %.0f)", total[n], n,
		              most + 1, at[n][most], expected);
		warn_bank(d, "key-position", text, "options are shuffled by default, but not everywhere and not on paper: spread the keys");
	}
}

void lint_habits(const struct bank *bank, struct diags *d)
{
	check_longest(bank, d);
	check_positions(bank, d);
}

/* ---- what nothing uses ---- */

static int compare_strings(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool holds(const char **list, size_t n, const char *s)
{
	return n && bsearch(&s, list, n, sizeof *list, compare_strings);
}

static void check_objectives(const struct bank *bank, struct diags *d)
{
	const char **used = xcalloc(2 * bank->n_items + 1, sizeof *used);
	size_t n = 0;
	for (size_t i = 0; i < bank->n_items; i++) {
		used[n++] = bank->items[i].domain;
		if (bank->items[i].objective)
			used[n++] = bank->items[i].objective;
	}
	qsort(used, n, sizeof *used, compare_strings);
	for (size_t i = 0; i < bank->n_domains; i++) {
		const struct bank_domain *domain = &bank->domains[i];
		if (!holds(used, n, domain->id) && bank->n_items) {
			_cleanup_free_ char *text = xasprintf("the domain '%s' has no questions", domain->id);
			warn_bank(d, "unused-objective", text, "write some, or remove it");
			continue;
		}
		for (size_t k = 0; k < domain->n_objectives && bank->n_items; k++) {
			_cleanup_free_ char *id = xasprintf("%s.%s", domain->id, domain->objectives[k].id);
			if (holds(used, n, id))
				continue;
			_cleanup_free_ char *text = xasprintf("the objective '%s' has no questions", id);
			warn_bank(d, "unused-objective", text, "write some, or remove it");
		}
	}
	free(used);
}

/* Marks the pictures that this HTML shows or links to. */
static void mark_media(const char *html, const char **hashes, bool *used, size_t n)
{
	for (const char *p = html; p && (p = strstr(p, "\"/media/")); p++) {
		if (strlen(p) < 8 + 64)
			return;
		_cleanup_free_ char *hash = xstrndup(p + 8, 64);
		const char *key = hash;
		const char **at = bsearch(&key, hashes, n, sizeof *hashes, compare_strings);
		if (at)
			used[at - hashes] = true;
	}
}

static void mark_item_media(const struct item *item, const char **hashes, bool *used, size_t n)
{
	const char *const parts[] = {item->stem_html, item->image_html, item->rubric_html, item->explanation_html, item->references_html};
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++)
		mark_media(parts[i], hashes, used, n);
	for (size_t i = 0; i < item->n_hints; i++)
		mark_media(item->hints_html[i], hashes, used, n);
	for (size_t i = 0; i < item->n_options; i++) {
		mark_media(item->options[i].html, hashes, used, n);
		mark_media(item->options[i].feedback_html, hashes, used, n);
	}
	for (size_t i = 0; i < item->n_targets; i++)
		mark_media(item->targets[i].html, hashes, used, n);
}

static void check_media(const struct bank *bank, struct diags *d)
{
	size_t n = bank->n_media;
	const char **hashes = xcalloc(n + 1, sizeof *hashes);
	bool *used = xcalloc(n + 1, sizeof *used);
	for (size_t i = 0; i < n; i++)
		hashes[i] = bank->media[i].hash;
	qsort(hashes, n, sizeof *hashes, compare_strings);
	for (size_t i = 0; i < bank->n_items; i++)
		mark_item_media(&bank->items[i], hashes, used, n);
	for (size_t i = 0; i < bank->n_cases; i++)
		mark_media(bank->cases[i].html, hashes, used, n);
	for (size_t i = 0; i < bank->n_docs; i++)
		mark_media(bank->docs[i].html, hashes, used, n);
	for (size_t i = 0; i < n; i++) {
		const char *key = bank->media[i].hash;
		const char **at = bsearch(&key, hashes, n, sizeof *hashes, compare_strings);
		if (!at || used[at - hashes])
			continue;
		diags_add_place(d, DIAG_WARNING, "unused-media", bank->media[i].path, 0, "nothing shows this picture");
		diags_help(d, "show it or remove it");
	}
	free(hashes);
	free(used);
}

static void check_cases(const struct bank *bank, struct diags *d)
{
	const char **used = xcalloc(bank->n_items + 1, sizeof *used);
	size_t n = 0;
	for (size_t i = 0; i < bank->n_items; i++)
		if (bank->items[i].case_id)
			used[n++] = bank->items[i].case_id;
	qsort(used, n, sizeof *used, compare_strings);
	for (size_t i = 0; i < bank->n_cases; i++) {
		if (holds(used, n, bank->cases[i].id))
			continue;
		_cleanup_free_ char *file = xasprintf("cases/%s.md", bank->cases[i].id);
		diags_add_place(d, DIAG_WARNING, "unused-case", file, 0, "no question belongs to this case");
		diags_help(d, "write 'case: %s' into the fields of its questions, or remove it", bank->cases[i].id);
	}
	free(used);
}

/* An exam that is a bank's own, not a format to copy. */
static bool draws_tasks(const struct bank *bank)
{
	for (size_t i = 0; i < bank->n_exams; i++)
		if (bank->exams[i].tasks_max > 0 && bank->exams[i].kind != BLUEPRINT_PRESET)
			return true;
	return false;
}

static void check_tasks(const struct bank *bank, struct diags *d)
{
	for (size_t i = 0; i < bank->n_items; i++) {
		const struct item *item = &bank->items[i];
		if (!item->task || !item_status_is_drawn(item->status))
			continue;
		lint_warn(d, item, "undrawn-task", "no exam of the bank draws tasks");
		diags_help(d, "write 'tasks: 1' into a blueprint: so many of its items are then tasks");
	}
}

void lint_unused(const struct bank *bank, struct diags *d)
{
	check_objectives(bank, d);
	if (!draws_tasks(bank))
		check_tasks(bank, d);
	if (bank->n_media)
		check_media(bank, d);
	check_cases(bank, d);
}
