/* Forms with hands-on tasks: how many, in which domains, in which sections, and what is said when it cannot be done. */
#include "draw_kit.h"
#include <limits.h>

static struct task some_task = {.image = S("host"), .user = S("candidate"), .grader_lua = S(""), .solution_sh = S("")};

/* a1 … are questions; the last `tasks` items of each domain become tasks. */
static void make_tasks(struct made *m, const int *counts, const int *tasks, int n_domains)
{
	make(m, counts, n_domains, 0);
	for (size_t i = 0; i < m->bank.n_items; i++) {
		struct item *it = &m->items[i];
		int domain = it->domain[0] - 'a', number = (int)strtol(it->id + 1, NULL, 10);
		if (number <= counts[domain] - tasks[domain])
			continue;
		it->kind = ITEM_TASK;
		it->task = &some_task;
		it->options = NULL;
		it->n_options = 0;
	}
}

static int count_tasks(const struct form *form, char letter)
{
	int n = 0;
	for (size_t i = 0; i < form->n_items; i++)
		n += form->items[i].item->kind == ITEM_TASK && (!letter || form->items[i].item->domain[0] == letter);
	return n;
}

static struct blueprint with_tasks(int items, int min, int max)
{
	struct blueprint bp = blueprint(items, 0);
	bp.tasks_min = min;
	bp.tasks_max = max;
	return bp;
}

static void test_none_by_default(void **state)
{
	(void)state;
	struct made m;
	make_tasks(&m, (const int[]){10}, (const int[]){5}, 1);
	struct blueprint bp = blueprint(5, 0);
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		assert_int_equal(count_tasks(form, 0), 0);
	}
	bp.items_min = bp.items_max = 6;
	expect_error(&m, &bp, "needs 6 counted items and the bank has 5");
	unmake(&m);
}

static void test_number(void **state)
{
	(void)state;
	struct made m;
	int seen[8] = {0};
	make_tasks(&m, (const int[]){10, 12}, (const int[]){4, 4}, 2);
	struct blueprint bp = with_tasks(10, 2, 2), range = with_tasks(10, 1, 3), many = with_tasks(10, 2, 100);
	for (unsigned seed = 0; seed < 60; seed++) {
		_cleanup_(form_destroyp) struct form *a = draw(&m, &bp, NULL, seed), *b = draw(&m, &range, NULL, seed),
		                                     *c = draw(&m, &many, NULL, seed);
		check_form(a, &bp);
		assert_int_equal(a->n_items, 10);
		assert_int_equal(count_tasks(a, 0), 2);
		seen[count_tasks(b, 0)]++;
		assert_true(count_tasks(c, 0) >= 2 && count_tasks(c, 0) <= 8);
	}
	assert_true(seen[1] && seen[2] && seen[3] && !seen[0] && !seen[4]);
	unmake(&m);
}

static void test_all(void **state)
{
	(void)state;
	struct made m;
	make_tasks(&m, (const int[]){10, 9}, (const int[]){6, 4}, 2);
	struct blueprint bp = with_tasks(8, 8, INT_MAX);
	struct blueprint_weight w[] = {{S("a"), .5, .5}, {S("b"), -1, -1}};
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		assert_int_equal(count_tasks(form, 0), 8);
	}
	bp.weights = w;
	bp.n_weights = 2;
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		assert_int_equal(count_tasks(form, 'a'), 4);
		assert_int_equal(count_tasks(form, 'b'), 4);
	}
	bp.items_min = bp.items_max = bp.tasks_min = 10; /* 5 and 5: b has 4 */
	expect_error(&m, &bp, "domain 'b' needs 5 hands-on tasks and has 4 (families counted once): 1 is missing");
	bp.n_weights = 0;
	bp.items_min = bp.items_max = bp.tasks_min = 11;
	expect_error(&m, &bp, "1 is missing");
	unmake(&m);
}

/* Weights are about the domains, whatever their items are. */
static void test_weights(void **state)
{
	(void)state;
	struct made m;
	make_tasks(&m, (const int[]){20, 10, 9}, (const int[]){0, 6, 9}, 3);
	struct blueprint bp = with_tasks(20, 6, 6);
	struct blueprint_weight w[] = {{S("a"), .5, .5}, {S("b"), .3, .3}, {S("c"), .2, .2}};
	bp.weights = w;
	bp.n_weights = 3;
	bool both = false;
	for (unsigned seed = 0; seed < 40; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		assert_int_equal(count_domain(form, 'a', false), 10);
		assert_int_equal(count_domain(form, 'b', false), 6);
		assert_int_equal(count_domain(form, 'c', false), 4); /* c has only tasks, so all four are */
		assert_int_equal(count_tasks(form, 'c'), 4);
		assert_int_equal(count_tasks(form, 'b'), 2); /* b has four questions for its six */
	}
	bp.tasks_min = bp.tasks_max = 8;
	for (unsigned seed = 0; seed < 40; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		assert_int_equal(count_tasks(form, 'c') + count_tasks(form, 'b'), 8);
		both |= count_tasks(form, 'b') == 4;
	}
	assert_true(both);
	bp.tasks_min = bp.tasks_max = 11;
	expect_error(&m, &bp, "needs 11 hands-on tasks and its domains have room for 10 (families counted once): 1 is missing");
	bp.tasks_min = bp.tasks_max = 3;
	expect_error(&m, &bp, "has at most 3 hands-on tasks, and needs 6, because there are too few questions");
	bp.tasks_min = 3; /* the range reaches what is possible */
	bp.tasks_max = 6;
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		assert_int_equal(count_tasks(form, 0), 6);
	}
	unmake(&m);
}

static void test_missing(void **state)
{
	(void)state;
	struct made m;
	make_tasks(&m, (const int[]){10}, (const int[]){3}, 1);
	struct blueprint bp = with_tasks(7, 4, 4);
	expect_error(&m, &bp, "needs 4 hands-on tasks and the bank has 3 (families counted once): 1 is missing");
	item_of(&m, "a8")->status = ITEM_PRETEST; /* tasks are not tried out */
	expect_error(&m, &bp, "needs 4 hands-on tasks and the bank has 2");
	struct task lacking = some_task;
	lacking.missing = S("the command 'nginx', which is not installed here");
	item_of(&m, "a9")->task = &lacking;
	expect_error(&m, &bp,
	             "the bank has 1 (families counted once): 3 are missing; task 'a9' needs the command 'nginx', which is not installed here");
	unmake(&m);
}

/* Unscored items are questions, whatever else is drawn. */
static void test_unscored(void **state)
{
	(void)state;
	struct made m;
	make_tasks(&m, (const int[]){20}, (const int[]){10}, 1);
	struct blueprint bp = with_tasks(10, 3, 3);
	bp.unscored = 3;
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		assert_int_equal(count_tasks(form, 0), 3);
		for (size_t i = 0; i < form->n_items; i++)
			assert_false(form->items[i].unscored && form->items[i].item->kind == ITEM_TASK);
	}
	unmake(&m);
}

static void test_sections(void **state)
{
	(void)state;
	struct made m;
	make_tasks(&m, (const int[]){10, 10}, (const int[]){0, 10}, 2);
	char *a = S("a"), *b = S("b");
	struct blueprint_section sections[] = {{.id = S("one"), .items = 4, .domains = &a, .n_domains = 1},
	                                       {.id = S("two"), .items = 3, .domains = &b, .n_domains = 1}};
	struct blueprint bp = with_tasks(7, 3, 3);
	bp.sections = sections;
	bp.n_sections = 2;
	struct blueprint_weight w[] = {{S("a"), -1, -1}, {S("b"), 3.0 / 7, 3.0 / 7}};
	bp.weights = w;
	bp.n_weights = 2;
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		for (size_t i = 0; i < form->n_items; i++)
			assert_int_equal(form->items[i].item->kind == ITEM_TASK, i >= 4);
	}
	unmake(&m);
}

static void test_study(void **state)
{
	(void)state;
	struct made m;
	make_tasks(&m, (const int[]){10, 10}, (const int[]){3, 3}, 2);
	struct blueprint bp = with_tasks(10, 2, 2), none = blueprint(10, 0);
	const char *b = "b", *const chosen[] = {"a1", "a9", "b9", "b10", "b2"};
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *usual = draw(&m, &bp, &(struct draw_focus){.study = true}, seed),
		                                     *short_one = draw(&m, &bp, &(struct draw_focus){.items = 1}, seed),
		                                     *domain = draw(&m, &bp, &(struct draw_focus){.domains = &b, .n_domains = 1, .items = 5}, seed),
		                                     *all = draw(&m, &bp, &(struct draw_focus){.domains = &b, .n_domains = 1, .items = 100}, seed),
		                                     *pool = draw(&m, &bp, &(struct draw_focus){.pool = chosen, .n_pool = 5, .chosen = true}, seed),
		                                     *without =
		                                         draw(&m, &none, &(struct draw_focus){.pool = chosen, .n_pool = 5, .chosen = true}, seed);
		assert_true(usual->study);
		assert_int_equal(count_tasks(usual, 0), 2);
		assert_int_equal(short_one->n_items, 1);
		assert_int_equal(count_tasks(domain, 'b'), 2);
		assert_int_equal(domain->n_items, 5);
		assert_int_equal(all->n_items, 10);
		assert_int_equal(count_tasks(all, 0), 3);
		assert_int_equal(pool->n_items, 5);
		assert_int_equal(count_tasks(pool, 0), 3);
		assert_int_equal(without->n_items, 2); /* the blueprint has no tasks */
	}
	unmake(&m);
}

/* One family may hold questions and tasks; then it gives one of them. Without weights, a form is found exactly when there is one. */
static void test_found_exactly_when_there_is_one(void **state)
{
	(void)state;
	struct rng rng;
	kit_rng(&rng, 7);
	int found = 0, not_found = 0;
	for (int round = 0; round < 2000; round++) {
		int questions = (int)rng_below(&rng, 5), tasks = (int)rng_below(&rng, 5), mixed = (int)rng_below(&rng, 4);
		struct made m;
		if (questions + tasks + mixed == 0)
			continue;
		make_tasks(&m, (const int[]){questions + mixed + tasks + mixed}, (const int[]){tasks + mixed}, 1);
		for (int i = 0; i < mixed; i++) { /* the first questions and the first tasks are of one family */
			char one[16], other[16], family[16];
			snprintf(one, sizeof one, "a%d", i + 1);
			snprintf(other, sizeof other, "a%d", questions + mixed + i + 1);
			snprintf(family, sizeof family, "f%d", i);
			set(&item_of(&m, one)->family, family);
			set(&item_of(&m, other)->family, family);
		}
		int n = 1 + (int)rng_below(&rng, 8), lo = (int)rng_below(&rng, (uint64_t)n + 1), hi = lo + (int)rng_below(&rng, 3);
		struct blueprint bp = with_tasks(n, lo, hi ? hi : 1);
		bool possible = false;
		for (int t = bp.tasks_min; t <= bp.tasks_max && t <= n; t++)
			possible |= t <= tasks + mixed && n - t <= questions + mixed && n <= questions + tasks + mixed;
		struct form *form = NULL;
		struct err err = {0};
		bool ok = draw_form(&m.bank, &bp, NULL, &rng, NULL, NULL, &form, &err);
		if (ok != possible)
			fail_msg("%d questions, %d tasks, %d of both; %d items with %d to %d tasks: %s", questions, tasks, mixed, n, bp.tasks_min,
			         bp.tasks_max, ok ? "drawn" : err.msg);
		if (ok) {
			check_form(form, &bp);
			assert_int_equal(form->n_items, n);
			assert_true(count_tasks(form, 0) >= bp.tasks_min && count_tasks(form, 0) <= bp.tasks_max);
			found++;
		} else {
			assert_int_equal(err.code, ERR_INVALID);
			not_found++;
		}
		form_destroy(form);
		unmake(&m);
	}
	assert_true(found > 200 && not_found > 200);
}

/* With weights of all sorts: whatever is drawn keeps to the rules, and nothing breaks. */
static void test_any_weights(void **state)
{
	(void)state;
	struct rng rng;
	kit_rng(&rng, 11);
	int found = 0;
	for (int round = 0; round < 1500; round++) {
		struct made m;
		int counts[3], tasks[3];
		for (int d = 0; d < 3; d++) {
			counts[d] = (int)rng_below(&rng, 9);
			tasks[d] = (int)rng_below(&rng, (uint64_t)counts[d] + 1);
		}
		make_tasks(&m, counts, tasks, 3);
		struct blueprint_weight w[] = {{S("a"), .2, .5}, {S("b"), .3, .3}, {S("c"), -1, -1}};
		int n = 1 + (int)rng_below(&rng, 10), lo = (int)rng_below(&rng, (uint64_t)n + 1), hi = lo + (int)rng_below(&rng, 4);
		struct blueprint bp = with_tasks(n, lo, hi ? hi : 1);
		if (rng_below(&rng, 4) == 0)
			bp.tasks_max = INT_MAX;
		bp.weights = w;
		bp.n_weights = rng_below(&rng, 2) ? 3 : 0;
		struct form *form = NULL;
		struct err err = {0};
		if (draw_form(&m.bank, &bp, NULL, &rng, NULL, NULL, &form, &err)) {
			check_form(form, &bp);
			int t = count_tasks(form, 0);
			assert_true(bp.tasks_max == INT_MAX ? t == n : t >= bp.tasks_min && t <= bp.tasks_max);
			found++;
		} else {
			assert_true(err.msg[0] != 0);
		}
		form_destroy(form);
		unmake(&m);
	}
	assert_true(found > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_none_by_default), cmocka_unit_test(test_number),  cmocka_unit_test(test_all),
	    cmocka_unit_test(test_weights),         cmocka_unit_test(test_missing), cmocka_unit_test(test_unscored),
	    cmocka_unit_test(test_sections),        cmocka_unit_test(test_study),   cmocka_unit_test(test_found_exactly_when_there_is_one),
	    cmocka_unit_test(test_any_weights),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
