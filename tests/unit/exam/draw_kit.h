/* Banks that are easy to write down, for the tests of drawing: make() gives items "a1", "a2" … by domain letter. */
#pragma once
#include "kit.h"

struct made {
	struct bank bank;
	struct item *items;
	struct bank_domain domains[26];
};

static struct item_option two[] = {{.html = S("x"), .key = true}, {.html = S("y")}};

static inline struct item *make_item(struct made *m, char letter, int number)
{
	struct item *it = &m->items[m->bank.n_items++];
	*it = (struct item){
	    .id = xasprintf("%c%d", letter, number), .kind = ITEM_SINGLE, .points_m = 1000, .shuffle = true, .options = two, .n_options = 2};
	it->family = xstrdup(it->id);
	it->domain = xasprintf("%c", letter);
	it->stem_html = S("");
	return it;
}

/* counts[k] items in each domain 'a' + k */
static inline void make(struct made *m, const int *counts, int n_domains, size_t spare)
{
	size_t n = spare;
	for (int d = 0; d < n_domains; d++)
		n += (size_t)counts[d];
	*m = (struct made){.items = xcalloc(n + 1, sizeof *m->items)};
	m->bank.id = S("made");
	for (int d = 0; d < n_domains; d++)
		m->domains[d] = (struct bank_domain){.id = xasprintf("%c", (char)('a' + d)), .title = S("")};
	for (int d = 0; d < n_domains; d++)
		for (int i = 1; i <= counts[d]; i++)
			make_item(m, (char)('a' + d), i);
	m->bank.items = m->items;
	m->bank.domains = m->domains;
	m->bank.n_domains = (size_t)n_domains;
}

static inline void unmake(struct made *m)
{
	for (size_t i = 0; i < m->bank.n_items; i++) {
		free(m->items[i].id);
		free(m->items[i].family);
		free(m->items[i].domain);
		free(m->items[i].case_id);
	}
	for (size_t d = 0; d < m->bank.n_domains; d++)
		free(m->domains[d].id);
	free(m->items);
}

static inline void set(char **field, const char *value)
{
	free(*field);
	*field = xstrdup(value);
}

static inline void number(char **field, const char *prefix, int n)
{
	free(*field);
	*field = xasprintf("%s%d", prefix, n);
}

static inline struct item *item_of(struct made *m, const char *id)
{
	for (size_t i = 0; i < m->bank.n_items; i++)
		if (strcmp(m->items[i].id, id) == 0)
			return &m->items[i];
	fail_msg("no item %s", id);
	return NULL;
}

static inline struct blueprint blueprint(int items, int unscored)
{
	return (struct blueprint){
	    .id = S("exam"), .items_min = items, .items_max = items, .unscored = unscored, .shuffle_items = true, .shuffle_options = true};
}

static inline struct form *draw(const struct made *m, const struct blueprint *bp, const struct draw_focus *focus, unsigned seed)
{
	struct rng rng;
	struct form *form = NULL;
	struct err err = {0};
	kit_rng(&rng, seed);
	if (!draw_form(&m->bank, bp, focus, &rng, NULL, NULL, &form, &err))
		fail_msg("seed %u: %s", seed, err.msg);
	return form;
}

static inline void expect_error(const struct made *m, const struct blueprint *bp, const char *says)
{
	struct rng rng;
	struct form *form = NULL;
	struct err err = {0};
	kit_rng(&rng, 1);
	assert_false(draw_form(&m->bank, bp, NULL, &rng, NULL, NULL, &form, &err));
	assert_null(form);
	assert_int_equal(err.code, ERR_INVALID);
	if (!strstr(err.msg, says))
		fail_msg("\"%s\" is not in \"%s\"", says, err.msg);
	err = (struct err){0};
	assert_false(draw_feasible(&m->bank, bp, &err));
	if (!strstr(err.msg, says))
		fail_msg("\"%s\" is not in \"%s\"", says, err.msg);
}

static inline int count_domain(const struct form *form, char letter, bool unscored)
{
	int n = 0;
	for (size_t i = 0; i < form->n_items; i++)
		n += form->items[i].item->domain[0] == letter && form->items[i].unscored == unscored;
	return n;
}

/* What is true of every form. */
static inline void check_form(const struct form *form, const struct blueprint *bp)
{
	size_t next = 0, unscored = 0;
	for (size_t i = 0; i < form->n_items; i++) {
		const struct item *it = form->items[i].item;
		assert_true(it->status == ITEM_ACTIVE || (it->status == ITEM_PRETEST && form->items[i].unscored));
		unscored += form->items[i].unscored;
		assert_int_equal(form_find(form, form->items[i].id), i);
		for (size_t k = 0; k < i; k++) {
			const struct item *other = form->items[k].item;
			if (strcmp(it->family, other->family) == 0)
				fail_msg("%s and %s are of one family", it->id, other->id);
			if (it->case_id && other->case_id &&
			    strcmp(it->case_id, other->case_id) == 0) { /* all between them are of that case, in order */
				assert_non_null(form->items[i - 1].item->case_id);
				assert_string_equal(form->items[i - 1].item->case_id, it->case_id);
				assert_true(other < it);
			}
		}
	}
	if (bp)
		assert_int_equal(unscored, bp->unscored);
	for (size_t s = 0; s < form->n_sections; s++) {
		assert_int_equal(form->sections[s].first, next);
		next += form->sections[s].count;
		for (size_t i = form->sections[s].first; form->sections[s].count && i < next && i > 0; i++)
			if (i == form->sections[s].first && form->items[i].item->case_id && form->items[i - 1].item->case_id)
				assert_string_not_equal(form->items[i].item->case_id, form->items[i - 1].item->case_id);
	}
	assert_int_equal(next, form->n_items);
}
