/* Drawing forms with cases, with sections, and with both. */
#include "draw_kit.h"

static void test_cases_stay_together(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){12, 12, 12}, 3, 0);
	for (int c = 0; c < 5; c++) /* five cases of three, each over all domains */
		for (int d = 0; d < 3; d++)
			number(&m.items[12 * d + c].case_id, "case", c);
	int seen[5] = {0};
	for (unsigned seed = 0; seed < 600; seed++) {
		struct blueprint bp = blueprint(seed % 2 ? 18 : 15, seed % 2 ? 3 : 0);
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		int members[5] = {0};
		for (size_t i = 0; i < form->n_items; i++)
			if (form->items[i].item->case_id)
				members[form->items[i].item->case_id[4] - '0']++;
		for (int c = 0; c < 5;
		     c++) { /* there are single items enough: nobody reads a case for one question, not for an unscored one either */
			assert_true(members[c] == 0 || members[c] == 3);
			seen[c] += members[c] == 3;
		}
	}
	for (int c = 0; c < 5; c++)
		assert_in_range(seen[c], 120, 360); /* 21 single items and 5 cases: about two of five cases */
	unmake(&m);
}

/* With several sections that would do, a case goes to each of them. */
static void test_cases_in_sections(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){40}, 1, 0);
	for (int i = 0; i < 40; i++)
		number(&m.items[i].case_id, "case", i / 4);
	struct blueprint_section sections[] = {{.id = S("one"), .items = 8}, {.id = S("two"), .items = 8}, {.id = S("three"), .items = 9}};
	struct blueprint bp = blueprint(25, 0);
	bp.sections = sections;
	bp.n_sections = 3;
	int first[3] = {0}, parts = 0;
	for (unsigned seed = 0; seed < 600; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		int members[10] = {0};
		for (size_t i = 0; i < 25; i++) {
			int c = form->items[i].item->case_id[4] - '0';
			first[i < 8 ? 0 : i < 16 ? 1 : 2] += c == 0 && !members[0]++;
			members[c] += c != 0;
		}
		for (int c = 1; c < 10; c++)
			parts += members[c] > 0 && members[c] < 4;
	}
	for (int s = 0; s < 3; s++) /* case0 is on about 6 or 7 of 10 forms */
		assert_in_range(first[s], 90, 200);
	assert_in_range(parts, 400, 600); /* 25 is six cases and one item: of one case at most a part */
	unmake(&m);
}

/* Nothing but cases: unscored items, too, must join their case in its section. */
static void test_unscored_items_of_cases(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){24}, 1, 0);
	for (int i = 0; i < 24; i++)
		number(&m.items[i].case_id, "case", i / 6);
	struct blueprint_section sections[] = {{.id = S("one"), .items = 6}, {.id = S("two"), .items = 6}};
	struct blueprint bp = blueprint(12, 4);
	bp.sections = sections;
	bp.n_sections = 2;
	for (unsigned seed = 0; seed < 200; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
	}
	unmake(&m);
}

/* One case alone cannot fill two sections. */
static void test_case_that_would_stand_in_two_sections(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){4}, 1, 0);
	for (int i = 0; i < 4; i++)
		set(&m.items[i].case_id, "case");
	struct blueprint_section sections[] = {{.id = S("one"), .items = 2}, {.id = S("two"), .items = 2}};
	struct blueprint bp = blueprint(4, 0);
	bp.sections = sections;
	bp.n_sections = 2;
	expect_error(&m, &bp, "domain 'a' lacks 2 items for a section once each case is kept in one section");
	unmake(&m);
}

/* Nothing but cases, in counts that do not come out even: parts of cases must fill the gaps. */
static void test_parts_of_cases_when_needed(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){15, 15}, 2, 0);
	for (int i = 0; i < 15; i++) {
		number(&m.items[i].case_id, "case", i / 5);
		number(&m.items[15 + i].case_id, "case", i / 5);
	}
	for (int total = 2; total <= 30; total++) {
		struct blueprint bp = blueprint(total, 0);
		for (unsigned seed = 0; seed < 10; seed++) {
			_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
			check_form(form, &bp);
		}
	}
	unmake(&m);
}

static void test_sections(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){20, 20, 20}, 3, 0);
	for (int c = 0; c < 4; c++)
		for (int d = 0; d < 3; d++) {
			number(&m.items[20 * d + c].case_id, "case", c);
		}
	char *ab[] = {S("a"), S("b")}, *c_only[] = {S("c")};
	struct blueprint_section sections[] = {
	    {.id = S("one"), .title = S("One"), .items = 14, .duration_ms = 60000, .domains = ab, .n_domains = 2, .no_return = true},
	    {.id = S("rest"), .is_break = true, .clock_stopped = true, .duration_ms = 600000},
	    {.id = S("two"), .title = S("Two"), .items = 10},
	    {.id = S("three"), .items = 6, .domains = c_only, .n_domains = 1},
	};
	struct blueprint_weight w[] = {{S("a"), .4, .4}, {S("b"), .2, .2}, {S("c"), .4, .4}};
	struct blueprint bp = blueprint(30, 5);
	bp.sections = sections;
	bp.n_sections = 4;
	bp.weights = w;
	bp.n_weights = 3;
	struct err err = {0};
	if (!draw_feasible(&m.bank, &bp, &err))
		fail_msg("%s", err.msg);
	for (unsigned seed = 0; seed < 300; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		assert_int_equal(form->n_sections, 4);
		assert_int_equal(form->sections[0].count, 14);
		assert_int_equal(form->sections[1].count, 0);
		assert_int_equal(form->sections[2].count, 10);
		assert_int_equal(form->sections[3].count, 6);
		assert_true(form->sections[1].is_break && form->sections[1].clock_stopped && form->sections[0].no_return &&
		            !form->sections[2].no_return);
		assert_string_equal(form->sections[0].title, "One");
		assert_int_equal(form->sections[0].duration_ms, 60000);
		for (size_t i = 0; i < 14; i++)
			assert_true(form->items[i].item->domain[0] != 'c');
		for (size_t i = 24; i < 30; i++)
			assert_true(form->items[i].item->domain[0] == 'c');
		assert_int_equal(count_domain(form, 'a', false), 10);
		assert_int_equal(count_domain(form, 'b', false), 5);
		assert_int_equal(count_domain(form, 'c', false), 10);
	}
	sections[2].items = 11;
	expect_error(&m, &bp, "the sections of exam 'exam' hold 31 items and the exam has 30");
	sections[2].items = 0; /* takes what the others leave */
	_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, 1);
	assert_int_equal(form->sections[2].count, 10);
	w[2] = (struct blueprint_weight){S("c"), .9, .9};
	w[0].lo = w[0].hi = w[1].lo = w[1].hi = .05;
	expect_error(&m, &bp, "domain 'c'");
	unmake(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_cases_stay_together),        cmocka_unit_test(test_cases_in_sections),
	    cmocka_unit_test(test_unscored_items_of_cases),    cmocka_unit_test(test_case_that_would_stand_in_two_sections),
	    cmocka_unit_test(test_parts_of_cases_when_needed), cmocka_unit_test(test_sections),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
