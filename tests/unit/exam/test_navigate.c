/* Where the candidate stands, and what time does to it. Times in the tables are small numbers, so that sums can be done in the head. */
#include "kit.h"

#define MAX_SECTIONS 6

/* Sections of two items each; breaks have none. */
struct plan {
	const char *kinds; /* s: section, n: section without return, b: break with the clock running, p: break with it stopped (paused) */
	int64_t durations[MAX_SECTIONS];
	int64_t total; /* of the attempt; 0: untimed */
	int extra_m;
};

struct setup {
	struct form_section sections[MAX_SECTIONS];
	struct form form;
	struct blueprint bp;
	int extra_m;
};

static void set_up(const struct plan *plan, struct setup *s)
{
	*s = (struct setup){.bp = {.duration_ms = plan->total}, .extra_m = plan->extra_m ? plan->extra_m : 1000};
	for (size_t i = 0; plan->kinds[i]; i++) {
		char kind = plan->kinds[i];
		bool is_break = kind == 'b' || kind == 'p';
		s->sections[i] = (struct form_section){.is_break = is_break,
		                                       .clock_stopped = kind == 'p',
		                                       .no_return = kind == 'n',
		                                       .duration_ms = plan->durations[i],
		                                       .first = s->form.n_items,
		                                       .count = is_break ? 0 : 2};
		s->form.n_items += is_break ? 0 : 2;
		s->form.n_sections++;
	}
	s->form.sections = s->sections;
}

static void begin(const struct plan *plan, int64_t now, struct setup *s, struct progress *p)
{
	set_up(plan, s);
	progress_begin(&s->form, &s->bp, s->extra_m, now, p);
}

struct state {
	enum attempt_state state;
	size_t section;
	int64_t deadline, section_deadline;
};

static void expect(const struct progress *p, enum attempt_state state, size_t section, int64_t deadline, int64_t section_deadline)
{
	assert_int_equal(p->state, state);
	assert_int_equal(p->section, section);
	assert_int_equal(p->deadline_ms, deadline);
	assert_int_equal(p->section_deadline_ms, section_deadline);
}

static void leave(struct setup *s, struct progress *p, int64_t now)
{
	struct err err = {0};
	if (!progress_leave_section(p, &s->form, s->extra_m, now, &err))
		fail_msg("at %lld: %s", (long long)now, err.msg);
}

/* ERR_NONE when it may be answered; *late tells how late. */
static enum err_code may_answer(const struct setup *s, const struct progress *p, size_t index, int64_t grace, int64_t now, int64_t *late)
{
	struct err err = {0};
	*late = -1;
	return progress_may_answer(p, &s->form, index, grace, now, late, &err) ? ERR_NONE : err.code != ERR_NONE ? err.code : ERR_COUNT;
}

#define RUNNING ATTEMPT_RUNNING
#define BREAK ATTEMPT_ON_BREAK
#define ENDED ATTEMPT_ENDED

/* What time alone does: begun at 1000, looked at once. */
static void test_time_alone(void **state)
{
	(void)state;
	static const struct {
		struct plan plan;
		int64_t now;
		struct state want;
		int64_t next;
	} rows[] = {
	    /* one section, the attempt's clock */
	    {{"s", {0}, 100, 0}, 1000, {RUNNING, 0, 1100, 0}, 1100},
	    {{"s", {0}, 100, 0}, 1099, {RUNNING, 0, 1100, 0}, 1100},
	    {{"s", {0}, 100, 0}, 1100, {ENDED, 0, 1100, 0}, INT64_MAX},
	    {{"s", {0}, 100, 0}, 999999, {ENDED, 0, 1100, 0}, INT64_MAX},
	    /* untimed */
	    {{"s", {0}, 0, 0}, 1000, {RUNNING, 0, 0, 0}, INT64_MAX},
	    {{"s", {0}, 0, 0}, INT64_MAX - 1, {RUNNING, 0, 0, 0}, INT64_MAX},
	    /* extra time: a quarter, a half, rounded up; never less than the exam */
	    {{"s", {0}, 100, 1250}, 1124, {RUNNING, 0, 1125, 0}, 1125},
	    {{"s", {0}, 100, 1250}, 1125, {ENDED, 0, 1125, 0}, INT64_MAX},
	    {{"s", {0}, 3, 1500}, 1000, {RUNNING, 0, 1005, 0}, 1005},
	    {{"s", {0}, 100, 500}, 1000, {RUNNING, 0, 1100, 0}, 1100},
	    /* sections with clocks of their own, untimed in all */
	    {{"ss", {10, 20}, 0, 0}, 1009, {RUNNING, 0, 0, 1010}, 1010},
	    {{"ss", {10, 20}, 0, 0}, 1010, {RUNNING, 1, 0, 1030}, 1030},
	    {{"ss", {10, 20}, 0, 0}, 1030, {ENDED, 1, 0, 1030}, INT64_MAX},
	    {{"ss", {10, 20}, 0, 2000}, 1020, {RUNNING, 1, 0, 1060}, 1060},
	    {{"ss", {10, 0}, 0, 0}, 5000, {RUNNING, 1, 0, 0}, INT64_MAX},
	    /* the attempt's deadline closes whatever is open */
	    {{"ss", {10, 20}, 15, 0}, 1014, {RUNNING, 1, 1015, 1030}, 1015},
	    {{"ss", {10, 20}, 15, 0}, 1015, {ENDED, 1, 1015, 1030}, INT64_MAX},
	    {{"ss", {10, 20}, 10, 0}, 1010, {ENDED, 0, 1010, 1010}, INT64_MAX}, /* both at once */
	    /* a break with the clock running costs time */
	    {{"sbs", {10, 5, 0}, 100, 0}, 1010, {BREAK, 1, 1100, 1015}, 1015},
	    {{"sbs", {10, 5, 0}, 100, 0}, 1015, {RUNNING, 2, 1100, 0}, 1100},
	    {{"sbs", {10, 5, 0}, 12, 0}, 1012, {ENDED, 1, 1012, 1015}, INT64_MAX}, /* time runs out in the break */
	    /* one with the clock stopped does not */
	    {{"sps", {10, 5, 0}, 100, 0}, 1010, {BREAK, 1, 1105, 1015}, 1015},
	    {{"sps", {10, 5, 0}, 100, 0}, 1015, {RUNNING, 2, 1105, 0}, 1105},
	    {{"sps", {10, 5, 0}, 12, 0}, 1012, {BREAK, 1, 1017, 1015}, 1015},
	    {{"sps", {10, 5, 0}, 12, 0}, 1016, {RUNNING, 2, 1017, 0}, 1017},
	    {{"sps", {10, 5, 0}, 12, 0}, 1017, {ENDED, 2, 1017, 0}, INT64_MAX},
	    {{"sps", {10, 5, 10}, 0, 0}, 1015, {RUNNING, 2, 0, 1025}, 1025},
	    /* extra time lengthens sections, not breaks */
	    {{"sps", {10, 5, 10}, 0, 1500}, 1015, {BREAK, 1, 0, 1020}, 1020},
	    {{"sps", {10, 5, 10}, 0, 1500}, 1020, {RUNNING, 2, 0, 1035}, 1035},
	    /* nobody looked for a long time: everything happened when it was due */
	    {{"sbsps", {10, 5, 10, 5, 10}, 0, 0}, 1031, {RUNNING, 4, 0, 1040}, 1040},
	    {{"sbsps", {10, 5, 10, 5, 10}, 0, 0}, 1039, {RUNNING, 4, 0, 1040}, 1040},
	    {{"sbsps", {10, 5, 10, 5, 10}, 0, 0}, 1040, {ENDED, 4, 0, 1040}, INT64_MAX},
	    {{"sbsps", {10, 5, 10, 5, 0}, 100, 0}, 1099, {RUNNING, 4, 1105, 0}, 1105},
	    {{"sbsps", {10, 5, 10, 5, 0}, 100, 0}, 9999, {ENDED, 4, 1105, 0}, INT64_MAX},
	    {{"sps", {10, 5, 10}, 10, 0}, 9999, {ENDED, 0, 1010, 1010}, INT64_MAX},
	    /* a break at the end, and one that lasts until it is left */
	    {{"sb", {10, 5}, 0, 0}, 1015, {ENDED, 1, 0, 1015}, INT64_MAX},
	    {{"sbs", {10, 0, 0}, 0, 0}, 9999, {BREAK, 1, 0, 0}, INT64_MAX},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct setup s;
		struct progress p, step;
		begin(&rows[i].plan, 1000, &s, &p);
		step = p;
		bool changed = progress_advance(&p, &s.form, s.extra_m, rows[i].now);
		if (p.state != rows[i].want.state || p.section != rows[i].want.section || p.deadline_ms != rows[i].want.deadline ||
		    p.section_deadline_ms != rows[i].want.section_deadline || progress_next(&p) != rows[i].next)
			fail_msg("row %zu: state %d, section %zu, deadline %lld, section's %lld, next %lld", i, p.state, p.section,
			         (long long)p.deadline_ms, (long long)p.section_deadline_ms, (long long)progress_next(&p));
		assert_int_equal(changed, p.state != step.state || p.section != step.section);
		assert_false(progress_advance(&p, &s.form, s.extra_m, rows[i].now)); /* nothing is left to do */
		/* Looking at every moment gives the same as looking once. */
		for (int64_t t = 1000; t <= rows[i].now && t < 1200; t++)
			progress_advance(&step, &s.form, s.extra_m, t);
		progress_advance(&step, &s.form, s.extra_m, rows[i].now);
		assert_memory_equal(&step, &p, sizeof p);
	}
}

static void test_leaving(void **state)
{
	(void)state;
	struct setup s;
	struct progress p;
	struct err err;
	begin(&(struct plan){"sps", {50, 20, 50}, 100, 0}, 0, &s, &p);
	leave(&s, &p, 30);
	expect(&p, BREAK, 1, 120, 50); /* pushed back by the whole break */
	leave(&s, &p, 35);
	expect(&p, RUNNING, 2, 105, 85); /* and 15 taken back: the clock stood for 5 */
	leave(&s, &p, 40);
	expect(&p, ENDED, 2, 105, 85);
	assert_false(progress_leave_section(&p, &s.form, 1000, 41, &err));
	assert_int_equal(err.code, ERR_ATTEMPT_ENDED);
	begin(&(struct plan){"sbs", {50, 20, 0}, 100, 0}, 0, &s, &p);
	leave(&s, &p, 30);
	expect(&p, BREAK, 1, 100, 50);
	leave(&s, &p, 35);
	expect(&p, RUNNING, 2, 100, 0);
	assert_false(progress_leave_section(&p, &s.form, 1000, 100, &err)); /* time was quicker */
	assert_int_equal(err.code, ERR_ATTEMPT_ENDED);
	/* The section has closed by itself meanwhile: the next one is not left in its place. */
	begin(&(struct plan){"sss", {50, 20, 0}, 0, 0}, 0, &s, &p);
	leave(&s, &p, 50);
	expect(&p, RUNNING, 1, 0, 70);
}

static void test_answering_where_one_is(void **state)
{
	(void)state;
	struct setup s;
	struct progress p;
	int64_t late;
	begin(&(struct plan){"sbs", {50, 20, 0}, 100, 0}, 0, &s, &p);
	assert_int_equal(may_answer(&s, &p, 0, 10, 5, &late), ERR_NONE);
	assert_int_equal(late, 0);
	assert_int_equal(may_answer(&s, &p, 1, 10, 49, &late), ERR_NONE);
	assert_int_equal(may_answer(&s, &p, 2, 10, 5, &late), ERR_SECTION_CLOSED);
	assert_int_equal(may_answer(&s, &p, 4, 10, 5, &late), ERR_NOT_ON_FORM);
	leave(&s, &p, 30);
	assert_int_equal(may_answer(&s, &p, 0, 10, 31, &late), ERR_ON_BREAK); /* left by hand: no grace */
	assert_int_equal(may_answer(&s, &p, 2, 10, 31, &late), ERR_ON_BREAK);
	leave(&s, &p, 32);
	assert_int_equal(may_answer(&s, &p, 0, 10, 33, &late), ERR_SECTION_CLOSED);
	assert_int_equal(may_answer(&s, &p, 2, 10, 33, &late), ERR_NONE);
	leave(&s, &p, 40);
	assert_int_equal(may_answer(&s, &p, 2, 10, 40, &late), ERR_ATTEMPT_ENDED);
}

static void test_grace(void **state)
{
	(void)state;
	static const struct {
		struct plan plan;
		size_t index;
		int64_t grace, now;
		enum err_code want;
		int64_t late;
	} rows[] = {
	    /* the end of the attempt */
	    {{"s", {0}, 100, 0}, 0, 10, 99, ERR_NONE, 0},
	    {{"s", {0}, 100, 0}, 0, 10, 100, ERR_NONE, 0},
	    {{"s", {0}, 100, 0}, 0, 10, 101, ERR_NONE, 1},
	    {{"s", {0}, 100, 0}, 0, 10, 110, ERR_NONE, 10},
	    {{"s", {0}, 100, 0}, 0, 10, 111, ERR_ATTEMPT_ENDED, -1},
	    {{"s", {0}, 100, 0}, 0, 0, 100, ERR_NONE, 0},
	    {{"s", {0}, 100, 0}, 0, 0, 101, ERR_ATTEMPT_ENDED, -1},
	    /* the end of a section, into another one and into a break */
	    {{"ss", {50, 50}, 0, 0}, 1, 10, 60, ERR_NONE, 10},
	    {{"ss", {50, 50}, 0, 0}, 1, 10, 61, ERR_SECTION_CLOSED, -1},
	    {{"ss", {50, 50}, 0, 0}, 2, 10, 55, ERR_NONE, 0},
	    {{"sbs", {50, 50, 0}, 0, 0}, 1, 10, 55, ERR_NONE, 5},
	    {{"sbs", {50, 50, 0}, 0, 0}, 1, 10, 61, ERR_ON_BREAK, -1},
	    {{"sbs", {50, 50, 0}, 0, 0}, 2, 10, 55, ERR_ON_BREAK, -1},
	    {{"sbs", {50, 5, 0}, 0, 0}, 1, 10, 57, ERR_NONE, 7}, /* the break was shorter than the grace */
	    /* the attempt ends during a break: the section before it closed at its own time */
	    {{"sbs", {50, 50, 0}, 55, 0}, 1, 10, 58, ERR_NONE, 8},
	    {{"sbs", {50, 50, 0}, 55, 0}, 1, 10, 61, ERR_ATTEMPT_ENDED, -1},
	    {{"sbs", {50, 50, 0}, 55, 0}, 2, 10, 58, ERR_ATTEMPT_ENDED, -1},
	    /* of several that closed unseen, only the last one's packets can be late */
	    {{"sss", {50, 5, 50}, 0, 0}, 0, 10, 57, ERR_SECTION_CLOSED, -1},
	    {{"sss", {50, 5, 50}, 0, 0}, 2, 10, 57, ERR_NONE, 2},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct setup s;
		struct progress p;
		int64_t late;
		begin(&rows[i].plan, 0, &s, &p);
		progress_advance(&p, &s.form, s.extra_m, rows[i].now);
		enum err_code got = may_answer(&s, &p, rows[i].index, rows[i].grace, rows[i].now, &late);
		if (got != rows[i].want || late != rows[i].late)
			fail_msg("row %zu: %s, late %lld", i, err_name(got), (long long)late);
	}
}

/* Who submits is done: nothing late is taken, not even of a section that time had closed. */
static void test_submitting_ends_the_grace(void **state)
{
	(void)state;
	struct setup s;
	struct progress p;
	struct err err;
	int64_t late;
	begin(&(struct plan){"ss", {50, 50}, 0, 0}, 0, &s, &p);
	progress_advance(&p, &s.form, 1000, 52);
	assert_int_equal(may_answer(&s, &p, 0, 10, 52, &late), ERR_NONE);
	assert_true(progress_end(&p, &s.form, 1000, 53, &err));
	assert_int_equal(p.state, ENDED);
	assert_int_equal(p.closed_ms, 0);
	assert_int_equal(may_answer(&s, &p, 0, 10, 54, &late), ERR_ATTEMPT_ENDED);
	assert_int_equal(may_answer(&s, &p, 2, 10, 54, &late), ERR_ATTEMPT_ENDED);
	assert_int_equal(progress_next(&p), INT64_MAX);
	assert_false(progress_end(&p, &s.form, 1000, 55, &err));
	assert_int_equal(err.code, ERR_ATTEMPT_ENDED);
	begin(&(struct plan){"s", {0}, 100, 0}, 0, &s, &p);
	assert_false(progress_end(&p, &s.form, 1000, 100, &err)); /* time was quicker, so its grace stands */
	assert_int_equal(may_answer(&s, &p, 0, 10, 105, &late), ERR_NONE);
	assert_int_equal(late, 5);
}

static void test_no_return(void **state)
{
	(void)state;
	struct setup s;
	struct progress p;
	struct err err;
	int64_t late;
	begin(&(struct plan){"nns", {50, 50, 0}, 0, 0}, 0, &s, &p);
	assert_int_equal(may_answer(&s, &p, 1, 10, 1, &late), ERR_NONE);
	assert_true(progress_move(&p, &s.form, 1, &err));
	assert_int_equal(may_answer(&s, &p, 0, 10, 1, &late), ERR_NO_RETURN);
	assert_int_equal(may_answer(&s, &p, 1, 10, 1, &late), ERR_NONE);
	assert_false(progress_move(&p, &s.form, 0, &err));
	assert_int_equal(err.code, ERR_NO_RETURN);
	assert_true(progress_move(&p, &s.form, 1, &err)); /* the same again */
	assert_false(progress_move(&p, &s.form, 2, &err));
	assert_int_equal(err.code, ERR_SECTION_CLOSED);
	assert_false(progress_move(&p, &s.form, 6, &err));
	assert_int_equal(err.code, ERR_NOT_ON_FORM);
	/* Late packets respect it as it was when the section closed. */
	progress_advance(&p, &s.form, 1000, 50);
	assert_true(progress_move(&p, &s.form, 3, &err));
	assert_int_equal(may_answer(&s, &p, 1, 10, 55, &late), ERR_NONE);
	assert_int_equal(may_answer(&s, &p, 0, 10, 55, &late), ERR_NO_RETURN);
	assert_int_equal(may_answer(&s, &p, 2, 10, 55, &late), ERR_NO_RETURN);
	/* Where one may return, moving closes nothing. */
	leave(&s, &p, 60);
	assert_true(progress_move(&p, &s.form, 5, &err));
	assert_int_equal(may_answer(&s, &p, 4, 10, 61, &late), ERR_NONE);
	assert_true(progress_move(&p, &s.form, 4, &err));
	leave(&s, &p, 62);
	assert_false(progress_move(&p, &s.form, 4, &err));
	assert_int_equal(err.code, ERR_ATTEMPT_ENDED);
	begin(&(struct plan){"sb", {0, 10}, 0, 0}, 0, &s, &p);
	leave(&s, &p, 1);
	assert_false(progress_move(&p, &s.form, 0, &err));
	assert_int_equal(err.code, ERR_ON_BREAK);
}

/* Service time begins at 0 on a new server: an attempt begun at 0 is timed like any other. */
static void test_time_zero(void **state)
{
	(void)state;
	struct setup s;
	struct progress p;
	int64_t late;
	begin(&(struct plan){"s", {0}, 1, 0}, 0, &s, &p);
	assert_int_equal(progress_next(&p), 1);
	progress_advance(&p, &s.form, 1000, 3);
	assert_int_equal(may_answer(&s, &p, 0, 10, 3, &late), ERR_NONE);
	assert_int_equal(late, 2);
}

/* Whatever happens in whatever order: time never runs backwards, sections never come back, the end is the end. */
static void test_random_walks(void **state)
{
	(void)state;
	struct rng rng;
	kit_rng(&rng, 9);
	for (int round = 0; round < 20000; round++) {
		struct plan plan = {.total = rng_below(&rng, 2) ? (int64_t)rng_below(&rng, 100) : 0,
		                    .extra_m = 1000 + (int)rng_below(&rng, 3) * 250};
		char kinds[MAX_SECTIONS + 1] = {0};
		size_t n = 1 + rng_below(&rng, MAX_SECTIONS);
		for (size_t i = 0; i < n; i++) {
			kinds[i] = i % 2 ? "snbp"[rng_below(&rng, 4)] : "sn"[rng_below(&rng, 2)];
			plan.durations[i] = (int64_t)rng_below(&rng, 30);
		}
		plan.kinds = kinds;
		struct setup s;
		struct progress p;
		int64_t now = 1 + (int64_t)rng_below(&rng, 5), late;
		struct err err;
		begin(&plan, now, &s, &p);
		for (int k = 0; k < 30; k++) {
			struct progress before = p;
			now += (int64_t)rng_below(&rng, 12);
			switch (rng_below(&rng, 4)) {
			case 0:
				progress_advance(&p, &s.form, s.extra_m, now);
				break;
			case 1:
				if (!progress_leave_section(&p, &s.form, s.extra_m, now, &err))
					assert_int_equal(err.code, ERR_ATTEMPT_ENDED);
				break;
			case 2:
				progress_advance(&p, &s.form, s.extra_m, now);
				if (progress_move(&p, &s.form, rng_below(&rng, s.form.n_items), &err))
					assert_true(p.cursor >= before.cursor);
				break;
			default:
				progress_advance(&p, &s.form, s.extra_m, now);
				if (may_answer(&s, &p, rng_below(&rng, s.form.n_items), 5, now, &late) == ERR_NONE)
					assert_in_range(late, 0, 5);
			}
			assert_true(p.section >= before.section && p.section < s.form.n_sections);
			assert_true(before.state != ENDED || p.state == ENDED);
			assert_true(p.state == ENDED || s.sections[p.section].is_break == (p.state == BREAK));
			assert_true(p.state == ENDED || progress_next(&p) > now);
			if (p.deadline_ms) { /* never more time than the exam and its stopped breaks give */
				int64_t most = (plan.total * s.extra_m + 999) / 1000 + 10;
				for (size_t i = 0; i < n; i++)
					most += s.sections[i].clock_stopped ? plan.durations[i] : 0;
				assert_true(p.deadline_ms <= most);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_time_alone),
	    cmocka_unit_test(test_leaving),
	    cmocka_unit_test(test_answering_where_one_is),
	    cmocka_unit_test(test_grace),
	    cmocka_unit_test(test_submitting_ends_the_grace),
	    cmocka_unit_test(test_no_return),
	    cmocka_unit_test(test_time_zero),
	    cmocka_unit_test(test_random_walks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
