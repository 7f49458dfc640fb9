/* Places in sections, against an exact answer. */
#include "kit.h"

#define D 4 /* domains */
#define S_MAX 4
#define P_MAX 40 /* places */

static const char *const domain_names[D] = {"a", "b", "c", "d"};

struct puzzle {
	struct blueprint bp;
	struct blueprint_section sections[S_MAX + 1];
	char *domains[S_MAX][D];
	bool allowed[S_MAX][D];
	int counts[D], unscored, total;
};

static void names_init(struct names *t)
{
	*t = (struct names){0};
	for (int d = 0; d < D; d++)
		names_add(t, domain_names[d]);
}

/* Sections in number n whose sizes sum to the total, with random domains; a break among them does not count. */
static void make_puzzle(struct rng *rng, struct puzzle *z)
{
	*z = (struct puzzle){.bp = {.id = S("x")}};
	size_t n = 2 + rng_below(rng, S_MAX - 1);
	for (size_t s = 0; s < n; s++) {
		struct blueprint_section *sec = &z->sections[s + (s > 0)];
		sec->items = 1 + (int)rng_below(rng, 4);
		sec->domains = z->domains[s];
		z->total += sec->items;
		for (int d = 0; d < D; d++)
			if (rng_below(rng, 2)) {
				z->domains[s][sec->n_domains++] = (char *)(uintptr_t)domain_names[d];
				z->allowed[s][d] = true;
			}
		for (int d = 0; d < D && !sec->n_domains; d++)
			z->allowed[s][d] = true; /* none named: any */
	}
	z->sections[1].is_break = true;
	z->bp.sections = z->sections;
	z->bp.n_sections = n + 1;
	int left = z->total;
	for (int d = 0; d < D; d++) {
		z->counts[d] = (int)rng_below(rng, (uint64_t)left + 1);
		left -= z->counts[d];
	}
	z->unscored = left;
}

static size_t section_of_place(const struct puzzle *z, int place)
{
	for (size_t s = 0, k = 0; s < z->bp.n_sections; s++) {
		if (z->sections[s].is_break)
			continue;
		if (place < z->sections[s].items)
			return k;
		place -= z->sections[s].items;
		k++;
	}
	return NONE;
}

/* Kuhn's algorithm: an item (of kind D: unscored) looks for a place. */
static bool find_place(const struct puzzle *z, const int *kind_of_item, int item, int *item_at_place, bool *tried)
{
	for (int p = 0; p < z->total; p++) {
		int kind = kind_of_item[item];
		if (tried[p] || (kind < D && !z->allowed[section_of_place(z, p)][kind]))
			continue;
		tried[p] = true;
		if (item_at_place[p] < 0 || find_place(z, kind_of_item, item_at_place[p], item_at_place, tried)) {
			item_at_place[p] = item;
			return true;
		}
	}
	return false;
}

static bool is_possible(const struct puzzle *z)
{
	int kind_of_item[P_MAX], item_at_place[P_MAX], n = 0;
	for (int d = 0; d <= D; d++)
		for (int i = 0; i < (d < D ? z->counts[d] : z->unscored); i++)
			kind_of_item[n++] = d;
	for (int p = 0; p < z->total; p++)
		item_at_place[p] = -1;
	for (int i = 0; i < n; i++) {
		bool tried[P_MAX] = {false};
		if (!find_place(z, kind_of_item, i, item_at_place, tried))
			return false;
	}
	return true;
}

static void check_seating(const struct puzzle *z, const struct seating *s)
{
	int of_domain[D] = {0}, unscored = 0;
	assert_int_equal(s->n_sections, z->bp.n_sections - 1);
	for (size_t k = 0; k < s->n_sections; k++) {
		int here = s->room[k];
		unscored += s->room[k];
		for (int d = 0; d < D; d++) {
			int need = s->need[k * D + (size_t)d];
			assert_true(need >= 0 && (need == 0 || z->allowed[k][d]));
			assert_int_equal(s->allowed[k * D + (size_t)d], z->allowed[k][d]);
			of_domain[d] += need;
			here += need;
		}
		assert_int_equal(here, z->sections[k + (k > 0)].items);
	}
	assert_memory_equal(of_domain, z->counts, sizeof of_domain);
	assert_int_equal(unscored, z->unscored);
}

static void test_found_exactly_when_there_is_one(void **state)
{
	(void)state;
	struct rng rng;
	struct names names;
	int possible = 0;
	names_init(&names);
	kit_rng(&rng, 4);
	for (int round = 0; round < 4000; round++) {
		struct puzzle z;
		struct seating s;
		struct err err = {0};
		make_puzzle(&rng, &z);
		bool found = seating_init(&z.bp, &names, D, z.counts, z.unscored, false, &rng, &s, &err);
		if (found != is_possible(&z))
			fail_msg("round %d: %s", round, found ? "found, and impossible" : err.msg);
		possible += found;
		if (found) {
			check_seating(&z, &s);
			seating_finish(&s);
		} else {
			assert_int_equal(err.code, ERR_INVALID);
		}
	}
	assert_in_range(possible, 800, 3600);
	names_finish(&names);
}

static void test_one_section(void **state)
{
	(void)state;
	struct names names;
	struct rng rng;
	struct blueprint_section sections[] = {{.items = 1}, {.items = 2}};
	struct blueprint bp = {.id = S("x")};
	const int counts[D] = {3, 0, 2, 1};
	names_init(&names);
	kit_rng(&rng, 1);
	for (int with_sections = 0; with_sections < 2; with_sections++) { /* study ignores them */
		struct seating s;
		struct err err;
		bp.sections = sections;
		bp.n_sections = with_sections ? 2 : 0;
		assert_true(seating_init(&bp, &names, names.n, counts, 4, true, &rng, &s, &err));
		assert_int_equal(s.n_sections, 1);
		assert_memory_equal(s.need, counts, sizeof counts);
		assert_int_equal(s.room[0], 4);
		seating_finish(&s);
	}
	names_finish(&names);
}

static void test_sizes(void **state)
{
	(void)state;
	static const struct {
		int items[3], total;
		int want[3]; /* first 0: refused */
	} rows[] = {
	    {{4, 3, 3}, 10, {4, 3, 3}}, {{4, 3, 3}, 11, {0}},       {{4, 3, 3}, 9, {0}},        {{4, 0, 3}, 10, {4, 3, 3}},
	    {{0, 0, 3}, 10, {4, 3, 3}}, {{0, 0, 0}, 10, {4, 3, 3}}, {{0, 0, 0}, 3, {1, 1, 1}},  {{0, 0, 0}, 2, {0}},
	    {{4, 6, 0}, 10, {0}},       {{4, 7, 0}, 10, {0}},       {{4, 5, 0}, 10, {4, 5, 1}},
	};
	struct names names;
	struct rng rng;
	names_init(&names);
	kit_rng(&rng, 1);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct blueprint_section sections[3] = {{.items = rows[i].items[0]}, {.items = rows[i].items[1]}, {.items = rows[i].items[2]}};
		struct blueprint bp = {.id = S("x"), .sections = sections, .n_sections = 3};
		const int counts[D] = {rows[i].total, 0, 0, 0};
		struct seating s;
		struct err err;
		bool ok = seating_init(&bp, &names, names.n, counts, 0, false, &rng, &s, &err);
		if (ok != (rows[i].want[0] > 0))
			fail_msg("row %zu: %s", i, ok ? "taken" : err.msg);
		for (size_t k = 0; ok && k < 3; k++)
			assert_int_equal(s.need[k * D], rows[i].want[k]);
		if (ok)
			seating_finish(&s);
		else
			assert_non_null(strstr(err.msg, "make them equal"));
	}
	static struct blueprint_section many[FORM_SECTIONS_MAX + 1];
	struct blueprint bp = {.id = S("x"), .sections = many, .n_sections = ARRAY_SIZE(many)};
	const int counts[D] = {100, 0, 0, 0};
	struct seating s;
	struct err err;
	assert_false(seating_init(&bp, &names, names.n, counts, 0, false, &rng, &s, &err));
	assert_int_equal(err.code, ERR_TOO_LARGE);
	bp.n_sections--;
	assert_true(seating_init(&bp, &names, names.n, counts, 0, false, &rng, &s, &err));
	seating_finish(&s);
	names_finish(&names);
}

/* Each arrangement that fits is as likely as chance makes it: places in proportion to the sections' sizes. */
static void test_in_proportion(void **state)
{
	(void)state;
	struct blueprint_section sections[] = {{.items = 6}, {.items = 3}, {.items = 1}};
	struct blueprint bp = {.id = S("x"), .sections = sections, .n_sections = 3};
	const int counts[D] = {4, 4, 1, 0};
	struct names names;
	struct rng rng;
	int third_domain[3] = {0}, unscored[3] = {0};
	names_init(&names);
	kit_rng(&rng, 1);
	for (int i = 0; i < 5000; i++) {
		struct seating s;
		struct err err;
		assert_true(seating_init(&bp, &names, names.n, counts, 1, false, &rng, &s, &err));
		for (size_t k = 0; k < 3; k++) {
			third_domain[k] += s.need[k * D + 2];
			unscored[k] += s.room[k];
		}
		seating_finish(&s);
	}
	for (int k = 0; k < 3; k++) {
		assert_in_range(third_domain[k], sections[k].items * 500 - 130, sections[k].items * 500 + 130);
		assert_in_range(unscored[k], sections[k].items * 500 - 130, sections[k].items * 500 + 130);
	}
	names_finish(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_found_exactly_when_there_is_one),
	    cmocka_unit_test(test_one_section),
	    cmocka_unit_test(test_sizes),
	    cmocka_unit_test(test_in_proportion),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
