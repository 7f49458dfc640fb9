/* Drawing forms: counts, families, cases, sections, unscored items, study sessions, and what is said when it cannot be done. */
#include "base/clock.h"
#include "kit.h"

/* A bank that is easy to write down: items "a1", "a2" … by domain letter. */
struct made {
	struct bank bank;
	struct item *items;
	struct bank_domain domains[26];
};

static struct item_option two[] = {{.html = S("x"), .key = true}, {.html = S("y")}};

static struct item *make_item(struct made *m, char letter, int number)
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
static void make(struct made *m, const int *counts, int n_domains, size_t spare)
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

static void unmake(struct made *m)
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

static void set(char **field, const char *value)
{
	free(*field);
	*field = xstrdup(value);
}

static void number(char **field, const char *prefix, int n)
{
	free(*field);
	*field = xasprintf("%s%d", prefix, n);
}

static struct item *item_of(struct made *m, const char *id)
{
	for (size_t i = 0; i < m->bank.n_items; i++)
		if (strcmp(m->items[i].id, id) == 0)
			return &m->items[i];
	fail_msg("no item %s", id);
	return NULL;
}

static struct blueprint blueprint(int items, int unscored)
{
	return (struct blueprint){
	    .id = S("exam"), .items_min = items, .items_max = items, .unscored = unscored, .shuffle_items = true, .shuffle_options = true};
}

static struct form *draw(const struct made *m, const struct blueprint *bp, const struct draw_focus *focus, unsigned seed)
{
	struct rng rng;
	struct form *form = NULL;
	struct err err = {0};
	kit_rng(&rng, seed);
	if (!draw_form(&m->bank, bp, focus, &rng, NULL, NULL, &form, &err))
		fail_msg("seed %u: %s", seed, err.msg);
	return form;
}

static void expect_error(const struct made *m, const struct blueprint *bp, const char *says)
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

static int count_domain(const struct form *form, char letter, bool unscored)
{
	int n = 0;
	for (size_t i = 0; i < form->n_items; i++)
		n += form->items[i].item->domain[0] == letter && form->items[i].unscored == unscored;
	return n;
}

/* What is true of every form. */
static void check_form(const struct form *form, const struct blueprint *bp)
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

static void test_counts_by_domain(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){30, 30, 30, 30}, 4, 0);
	struct blueprint_weight w[] = {{S("a"), .3, .3}, {S("b"), .2, .2}, {S("c"), .2, .25}, {S("d"), -1, -1}};
	struct blueprint bp = blueprint(40, 0);
	bp.weights = w;
	bp.n_weights = 4;
	struct err err;
	assert_true(draw_feasible(&m.bank, &bp, &err));
	for (unsigned seed = 0; seed < 50; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		assert_int_equal(form->n_items, 40);
		assert_int_equal(count_domain(form, 'a', false), 12);
		assert_int_equal(count_domain(form, 'b', false), 8);
		assert_int_equal(count_domain(form, 'c', false), 9);
		assert_int_equal(count_domain(form, 'd', false), 11);
	}
	unmake(&m);
}

static void test_domain_without_weight_is_not_in_the_exam(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){10, 10, 10}, 3, 0);
	struct blueprint_weight w[] = {{S("a"), .6, .6}, {S("b"), .4, .4}, {S("c"), 0, 0}};
	struct blueprint bp = blueprint(10, 2);
	bp.weights = w;
	for (bp.n_weights = 2; bp.n_weights <= 3; bp.n_weights++)
		for (unsigned seed = 0; seed < 20; seed++) {
			_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
			check_form(form, &bp);
			assert_int_equal(count_domain(form, 'c', false) + count_domain(form, 'c', true), 0);
		}
	unmake(&m);
}

static void test_missing_items_are_counted(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){12, 9, 5}, 3, 0);
	struct blueprint_weight w[] = {{S("a"), .4, .4}, {S("b"), .4, .4}, {S("c"), .2, .2}};
	struct blueprint bp = blueprint(30, 0);
	bp.weights = w;
	bp.n_weights = 3;
	expect_error(
	    &m, &bp,
	    "domain 'b' needs 12 items and has 9 (families counted once): 3 are missing; domain 'c' needs 6 items and has 5 (families counted "
	    "once): 1 is missing");
	set(&item_of(&m, "a1")->family, "same"); /* the families of a count once */
	set(&item_of(&m, "a2")->family, "same");
	expect_error(&m, &bp, "domain 'a' needs 12 items and has 11");
	item_of(&m, "a3")->status = ITEM_DRAFT;
	item_of(&m, "a4")->status = ITEM_RETIRED;
	item_of(&m, "a5")->status = ITEM_PRETEST;
	expect_error(&m, &bp, "domain 'a' needs 12 items and has 8");
	struct blueprint whole = blueprint(30, 0);
	expect_error(&m, &whole, "needs 30 counted items and the bank has 22 (families counted once): 8 are missing");
	struct blueprint_weight stranger[] = {{S("a"), .5, .5}, {S("z"), .5, .5}};
	bp.weights = stranger;
	bp.n_weights = 2;
	expect_error(&m, &bp, "gives weight to the domain 'z'");
	struct blueprint nothing = blueprint(5, 5);
	expect_error(&m, &nothing, "nothing is left to count");
	unmake(&m);
}

static void test_unscored(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){20, 20}, 2, 0);
	for (int i = 0; i < 3; i++)
		m.items[i].status = ITEM_PRETEST;
	set(&m.items[0].family, "both"); /* a pretest variant of an active item: they never meet */
	set(&m.items[30].family, "both");
	struct blueprint bp = blueprint(30, 5);
	int pretest_seen = 0, both_active = 0, where[3] = {0};
	for (unsigned seed = 0; seed < 600; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		int pretests = 0;
		bool active = false;
		for (size_t i = 0; i < form->n_items; i++) {
			pretests += form->items[i].item->status == ITEM_PRETEST;
			active = active || form->items[i].item == &m.items[30];
			if (form->items[i].unscored)
				where[i / 10]++;
		}
		assert_int_equal(pretests, active ? 2 : 3); /* preferred to active ones */
		pretest_seen += pretests;
		both_active += active;
	}
	assert_true(both_active > 0 && both_active < 600 && pretest_seen > 600);
	for (int i = 0; i < 3; i++)
		assert_in_range(where[i], 850, 1150); /* 1,000 in each third: uniform */
	struct blueprint most = blueprint(39, 5);
	for (unsigned seed = 0; seed < 50; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &most, NULL, seed);
		check_form(form, &most);
	}
	struct blueprint much = blueprint(40, 5);
	expect_error(
	    &m, &much,
	    "needs 5 unscored items and has 4 (pretest items, or active ones that are not drawn; families counted once): 1 is missing");
	unmake(&m);
}

static void test_each_item_is_as_likely(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){20, 10}, 2, 0);
	struct blueprint bp = blueprint(12, 0);
	int seen[30] = {0}, first[30] = {0};
	for (unsigned seed = 0; seed < 3000; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		for (size_t i = 0; i < form->n_items; i++)
			seen[form->items[i].item - m.items]++;
		first[form->items[0].item - m.items]++;
	}
	for (int i = 0; i < 30; i++) {
		assert_in_range(seen[i], 1060, 1340); /* 1,200 expected, standard deviation 27 */
		assert_in_range(first[i], 55, 150);   /* 100 expected, standard deviation 10 */
	}
	unmake(&m);
}

static void test_same_seed_same_form(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){20, 20, 20}, 3, 0);
	struct blueprint bp = blueprint(20, 4);
	int different = 0;
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *one = draw(&m, &bp, NULL, seed), *two_ = draw(&m, &bp, NULL, seed),
		                                     *other = draw(&m, &bp, NULL, seed + 1000);
		_cleanup_buf_ struct buf a = BUF(1 << 20), b = BUF(1 << 20), c = BUF(1 << 20);
		form_encode(one, &a);
		form_encode(two_, &b);
		form_encode(other, &c);
		assert_string_equal(a.p, b.p);
		different += strcmp(a.p, c.p) != 0;
	}
	assert_int_equal(different, 20);
	unmake(&m);
}

static void test_range_of_items(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){7, 1}, 2, 0);
	struct blueprint bp = blueprint(5, 0);
	bp.items_max = 8;
	int seen[9] = {0};
	for (unsigned seed = 0; seed < 200; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		seen[form->n_items]++;
	}
	for (int n = 5; n <= 8; n++)
		assert_in_range(seen[n], 20, 80);
	bp.items_max = 9;
	struct err err = {0};
	assert_false(draw_feasible(&m.bank, &bp, &err));
	assert_non_null(strstr(err.msg, "needs 9 counted items and the bank has 8"));
	for (unsigned seed = 0; seed < 50; seed++) { /* but a candidate gets a form */
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
	}
	unmake(&m);
}

/* Families with members in two domains: taking them as they come would leave one domain short. */
static void test_families_over_domains(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){4, 4, 4}, 3, 0);
	for (int i = 0; i < 4; i++) { /* a1..a4 with b1..b4, which have no others; c1, c2 with a1, a2 */
		number(&m.items[i].family, "f", i);
		number(&m.items[4 + i].family, "f", i);
		if (i < 2)
			number(&m.items[8 + i].family, "f", i);
	}
	struct blueprint_weight w[] = {{S("a"), 1.0 / 6, 1.0 / 6}, {S("b"), .5, .5}, {S("c"), 2.0 / 6, 2.0 / 6}};
	struct blueprint bp = blueprint(6, 0);
	bp.weights = w;
	bp.n_weights = 3;
	for (unsigned seed = 0; seed < 200; seed++) { /* a: 1, b: 3 use up all four families, so c must use c3 and c4 */
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		check_form(form, &bp);
		assert_int_equal(count_domain(form, 'a', false), 1);
		assert_int_equal(count_domain(form, 'b', false), 3);
		assert_int_equal(count_domain(form, 'c', false), 2);
	}
	struct blueprint seven = blueprint(7, 0); /* six families in all */
	expect_error(&m, &seven, "has 6 (families counted once): 1 is missing");
	unmake(&m);
}

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

/* No way back everywhere, from the blueprint's navigation. */
static void test_navigation(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){5}, 1, 0);
	struct blueprint bp = blueprint(3, 0);
	bp.no_return = true;
	_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, 1);
	assert_int_equal(form->n_sections, 1);
	assert_true(form->sections[0].no_return);
	assert_string_equal(form->sections[0].id, "s1");
	struct draw_focus focus = {.study = true};
	_cleanup_(form_destroyp) struct form *study = draw(&m, &bp, &focus, 1);
	assert_false(study->sections[0].no_return);
	unmake(&m);
}

static void test_written_order(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){10, 10}, 2, 0);
	struct blueprint bp = blueprint(12, 2);
	bp.shuffle_items = false;
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		for (size_t i = 1; i < form->n_items; i++)
			assert_true(form->items[i - 1].item < form->items[i].item);
	}
	m.items[3].file = m.items[4].file = S("b.md"); /* files in their order, then lines; whatever the ids are */
	m.items[3].line = 20;
	m.items[4].line = 10;
	struct blueprint whole = blueprint(20, 0);
	whole.shuffle_items = false;
	_cleanup_(form_destroyp) struct form *by_line = draw(&m, &whole, NULL, 1);
	assert_ptr_equal(by_line->items[18].item, &m.items[4]);
	assert_ptr_equal(by_line->items[19].item, &m.items[3]);
	m.items[3].file = m.items[4].file = NULL;
	m.items[3].line = m.items[4].line = 0;
	set(&m.items[0].case_id, "c"); /* a case stands where its first item does */
	set(&m.items[15].case_id, "c");
	struct blueprint all = blueprint(20, 0);
	all.shuffle_items = false;
	_cleanup_(form_destroyp) struct form *form = draw(&m, &all, NULL, 1);
	check_form(form, &all);
	assert_ptr_equal(form->items[0].item, &m.items[0]);
	assert_ptr_equal(form->items[1].item, &m.items[15]);
	assert_ptr_equal(form->items[2].item, &m.items[1]);
	unmake(&m);
}

static void test_study(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){20, 20, 20}, 3, 0);
	m.items[0].status = ITEM_PRETEST;
	struct blueprint_section sections[] = {
	    {.id = S("one"), .items = 15}, {.is_break = true, .id = S("b"), .duration_ms = 1}, {.id = S("two"), .items = 15}};
	struct blueprint_weight w[] = {{S("a"), .9, .9}, {S("b"), .1, .1}};
	struct blueprint bp = blueprint(30, 5);
	bp.sections = sections;
	bp.n_sections = 3;
	bp.weights = w;
	bp.n_weights = 2;
	const char *domains[] = {"c"}, *pool[] = {"a1", "a2", "b7", "c9", "gone"};
	static const struct {
		struct draw_focus focus;
		size_t want;
	} rows[] = {{{.study = true}, 30}, {{.items = 7}, 7}, {{.items = 500}, 39}}; /* as many as there are: 19 + 20, c has no weight */
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, &rows[i].focus, 3);
		check_form(form, NULL);
		assert_int_equal(form->n_items, rows[i].want);
		assert_int_equal(form->n_sections, 1);
		assert_int_equal(form->sections[0].duration_ms, 0);
		for (size_t k = 0; k < form->n_items; k++)
			assert_false(form->items[k].unscored);
	}
	_cleanup_(form_destroyp) struct form *single = draw(&m, &bp, &(struct draw_focus){.items = 1}, 3);
	assert_int_equal(single->n_items, 1);
	struct draw_focus by_domain = {.domains = domains, .n_domains = 1};
	_cleanup_(form_destroyp) struct form *c = draw(&m, &bp, &by_domain, 3);
	assert_int_equal(c->n_items, 20);
	assert_int_equal(count_domain(c, 'c', false), 20);
	struct draw_focus by_pool = {.pool = pool, .n_pool = 5};
	_cleanup_(form_destroyp) struct form *p = draw(&m, &bp, &by_pool, 3);
	assert_int_equal(p->n_items, 3); /* a1 is not counted, "gone" is gone */
	struct draw_focus both = {.pool = pool, .n_pool = 5, .domains = domains, .n_domains = 1, .items = 10};
	_cleanup_(form_destroyp) struct form *one = draw(&m, &bp, &both, 3);
	assert_int_equal(one->n_items, 1);
	struct draw_focus none = {.pool = pool, .n_pool = 0};
	struct rng rng;
	struct form *form = NULL;
	struct err err = {0};
	kit_rng(&rng, 1);
	assert_false(draw_form(&m.bank, &bp, &none, &rng, NULL, NULL, &form, &err));
	assert_int_equal(err.code, ERR_INVALID);
	struct draw_focus empty = {0}; /* exam mode */
	_cleanup_(form_destroyp) struct form *exam = draw(&m, &(struct blueprint){.id = S("x"), .items_min = 30, .unscored = 5}, &empty, 3);
	assert_int_equal(exam->n_items, 30);
	assert_int_equal(count_domain(exam, 'a', true) + count_domain(exam, 'b', true) + count_domain(exam, 'c', true), 5);
	unmake(&m);
}

/* Somebody has to mark them: so an exam has essays only where its blueprint says so; study always. */
static void test_essays(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){10}, 1, 0);
	for (int i = 0; i < 4; i++)
		m.items[i].kind = ITEM_ESSAY;
	m.items[4].kind = ITEM_ESSAY;
	m.items[4].status = ITEM_PRETEST;
	struct blueprint bp = blueprint(4, 0);
	for (unsigned seed = 0; seed < 20; seed++) {
		_cleanup_(form_destroyp) struct form *form = draw(&m, &bp, NULL, seed);
		for (size_t i = 0; i < form->n_items; i++)
			assert_true(form->items[i].item->kind != ITEM_ESSAY);
	}
	bp = blueprint(5, 1); /* the pretest essay is no exception */
	_cleanup_(form_destroyp) struct form *unscored = draw(&m, &bp, NULL, 1);
	for (size_t i = 0; i < unscored->n_items; i++)
		assert_true(unscored->items[i].item->kind != ITEM_ESSAY);
	bp = blueprint(7, 0);
	expect_error(&m, &bp, "the bank has 5");
	bp.essays = true;
	_cleanup_(form_destroyp) struct form *with = draw(&m, &bp, NULL, 1);
	assert_int_equal(with->n_items, 7);
	bp.essays = false;
	_cleanup_(form_destroyp) struct form *study = draw(&m, &bp, &(struct draw_focus){.items = 9}, 1);
	assert_int_equal(study->n_items, 9);
	unmake(&m);
}

/* ---- Parametrised items ---- */

static bool fake_params(void *arg, const struct bank *bank, const struct item *const *items, const uint64_t *seeds, size_t n,
                        struct item **ret, struct err *err)
{
	(void)bank;
	uint64_t *seen = arg;
	if (!seen)
		return err_set(err, ERR_CONFLICT, "two options are equal");
	for (size_t i = 0; i < n; i++) {
		assert_non_null(items[i]->params_lua);
		*seen ^= seeds[i];
		ret[i] = xcalloc(1, sizeof *ret[i]);
		ret[i]->id = xstrdup(items[i]->id);
		ret[i]->domain = xstrdup(items[i]->domain);
		ret[i]->family = xstrdup(items[i]->family);
		ret[i]->stem_html = xasprintf("%llu", (unsigned long long)seeds[i]);
	}
	return true;
}

static void test_parameters(void **state)
{
	(void)state;
	struct made m;
	make(&m, (const int[]){10}, 1, 0);
	for (int i = 0; i < 5; i++)
		m.items[i].params_lua = S("return {}");
	struct blueprint bp = blueprint(10, 0);
	struct form *forms[2];
	uint64_t seen[2] = {0};
	for (int i = 0; i < 2; i++) {
		struct rng rng;
		struct err err;
		kit_rng(&rng, 5);
		assert_true(draw_form(&m.bank, &bp, NULL, &rng, fake_params, &seen[i], &forms[i], &err));
	}
	assert_true(seen[0] && seen[0] == seen[1]);
	int instances = 0;
	for (size_t i = 0; i < 10; i++) {
		const struct form_item *fi = &forms[0]->items[i];
		instances += fi->instance != NULL;
		assert_true(!fi->instance || fi->item == fi->instance);
		if (fi->instance)
			assert_string_equal(fi->instance->stem_html, forms[1]->items[i].instance->stem_html);
	}
	assert_int_equal(instances, 5);
	form_destroy(forms[0]);
	form_destroy(forms[1]);
	struct rng rng;
	struct err err;
	struct form *form = NULL;
	kit_rng(&rng, 5);
	assert_false(draw_form(&m.bank, &bp, NULL, &rng, fake_params, NULL, &form, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_false(draw_form(&m.bank, &bp, NULL, &rng, NULL, NULL, &form, &err));
	assert_int_equal(err.code, ERR_UNSUPPORTED);
	assert_true(draw_feasible(&m.bank, &bp, &err));
	unmake(&m);
}

/* ---- Against an exact answer ---- */

/* Whether every place of a domain finds a family of its own (Kuhn's algorithm). */
static bool place(const bool can[12][4], const int *domain_of_place, int p, int *place_of_family, bool *tried)
{
	for (int f = 0; f < 12; f++) {
		if (tried[f] || !can[f][domain_of_place[p]])
			continue;
		tried[f] = true;
		if (place_of_family[f] < 0 || place(can, domain_of_place, place_of_family[f], place_of_family, tried)) {
			place_of_family[f] = p;
			return true;
		}
	}
	return false;
}

static void test_possible_exactly_when_it_is(void **state)
{
	(void)state;
	struct rng rng;
	kit_rng(&rng, 77);
	int possible = 0;
	for (int round = 0; round < 3000; round++) {
		struct made m;
		bool can[12][4] = {{false}};
		int counts[4], domain_of_place[40], place_of_family[12], places = 0;
		make(&m, (const int[]){0, 0, 0, 0}, 4, 40);
		for (int i = 0; i < 14; i++) {
			int d = (int)rng_below(&rng, 4), f = (int)rng_below(&rng, 12);
			number(&make_item(&m, (char)('a' + d), i)->family, "f", f);
			can[f][d] = true;
		}
		struct blueprint_weight w[4];
		int total = 0;
		for (int d = 0; d < 4; d++) {
			counts[d] = (int)rng_below(&rng, 4);
			total += counts[d];
			for (int i = 0; i < counts[d]; i++)
				domain_of_place[places++] = d;
		}
		if (!total) {
			unmake(&m);
			continue;
		}
		for (int d = 0; d < 4; d++)
			w[d] = (struct blueprint_weight){m.domains[d].id, counts[d] / (double)total, counts[d] / (double)total};
		for (int f = 0; f < 12; f++)
			place_of_family[f] = -1;
		bool exact = true;
		for (int p = 0; exact && p < places; p++) {
			bool tried[12] = {false};
			exact = place(can, domain_of_place, p, place_of_family, tried);
		}
		struct blueprint bp = blueprint(total, 0);
		bp.weights = w;
		bp.n_weights = 4;
		struct form *form = NULL;
		struct err err;
		struct rng seed;
		kit_rng(&seed, (unsigned)round);
		bool drawn = draw_form(&m.bank, &bp, NULL, &seed, NULL, NULL, &form, &err);
		if (drawn != exact)
			fail_msg("round %d: %s", round, drawn ? "drawn, and impossible" : err.msg);
		if (drawn)
			check_form(form, &bp);
		possible += drawn;
		form_destroy(form);
		unmake(&m);
	}
	assert_in_range(possible, 300, 2700);
}

/* ---- Speed ---- */

static int64_t time_draws(int n)
{
	struct made m;
	make(&m, (const int[]){n / 4, n / 4, n / 4, n / 4}, 4, 0);
	for (int i = 0; i < n; i++) {
		if (i % 10 == 0)
			number(&m.items[i].case_id, "case", i / 40);
		if (i % 7 == 0) /* a family over two domains */
			number(&m.items[i].family, "f", i % (n / 2));
	}
	struct blueprint bp = blueprint(65, 15);
	int64_t best = INT64_MAX; /* other people's work only adds */
	for (unsigned seed = 0; seed < 20; seed++) {
		int64_t before = clock_cpu_us();
		form_destroy(draw(&m, &bp, NULL, seed));
		int64_t spent = clock_cpu_us() - before;
		best = spent < best ? spent : best;
	}
	unmake(&m);
	return best;
}

static void test_time_grows_with_the_bank(void **state)
{
	(void)state;
	int64_t small = time_draws(2000), large = time_draws(20000);
	print_message("a form from 2,000 items: %lld us, from 20,000: %lld us\n", (long long)small, (long long)large);
	assert_true(large < 40 * small + 5000); /* ten times the items; quadratic would be a hundred times */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts_by_domain),
	    cmocka_unit_test(test_domain_without_weight_is_not_in_the_exam),
	    cmocka_unit_test(test_missing_items_are_counted),
	    cmocka_unit_test(test_unscored),
	    cmocka_unit_test(test_each_item_is_as_likely),
	    cmocka_unit_test(test_same_seed_same_form),
	    cmocka_unit_test(test_range_of_items),
	    cmocka_unit_test(test_families_over_domains),
	    cmocka_unit_test(test_cases_stay_together),
	    cmocka_unit_test(test_cases_in_sections),
	    cmocka_unit_test(test_unscored_items_of_cases),
	    cmocka_unit_test(test_case_that_would_stand_in_two_sections),
	    cmocka_unit_test(test_parts_of_cases_when_needed),
	    cmocka_unit_test(test_sections),
	    cmocka_unit_test(test_navigation),
	    cmocka_unit_test(test_written_order),
	    cmocka_unit_test(test_study),
	    cmocka_unit_test(test_essays),
	    cmocka_unit_test(test_parameters),
	    cmocka_unit_test(test_possible_exactly_when_it_is),
	    cmocka_unit_test(test_time_grows_with_the_bank),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
