/* Blueprints: every field, and every mistake. */
#include "base/clock.h"
#include "kit.h"
#include <limits.h>

#define BANK "id: b\ndomains: {files: F, users: U, storage: S, shell: Sh}\n"

static void load(struct kit *k, const char *text)
{
	KIT(k, "bank.yml", BANK, "exams/practice.yml", text);
}

static void test_full(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	load(&k, "id: exam\ntitle: T\ndescription: D\nitems: 40\nunscored: 5\nduration: 90m\nmodes: [exam]\n"
	         "domains: {files: 30, users: 20, storage: 20-25, shell: rest}\n"
	         "sections:\n  - {id: one, title: Knowledge, items: 30, duration: 60m, return: false, domains: [files, users]}\n"
	         "  - {break: 10m, clock: stopped}\n  - {id: two, title: Cases, items: 10, duration: 30m}\n"
	         "navigation: {return: true}\nscoring: {method: scaled, min: 100, max: 1000, cut: 720}\npartial: per-option\nnegative: 0.25\n"
	         "shuffle: {items: false, options: true}\ndocs: {urls: [https://example.org/]}\nconfidence: true\n"
	         "report: {show: questions, release: delayed, after: 7d, explanations: true}\ngrace: 5s\n"
	         "retake: {waits: [14d, 60d, 365d], max: 5, per: 365d, lock_after_pass: 2y}\n"
	         "certificate: {valid: 24mo, renew: {exam: exam, window: 6mo, extends: expiry}}\n"
	         "effective: {from: 2026-01-01, until: 2028-01-01}\nkind: renewal\nnote: N\n");
	kit_clean(&k);
	const struct blueprint *bp = bank_exam(k.bank, "exam");
	assert_non_null(bp);
	assert_int_equal(bp->items_min, 40);
	assert_int_equal(bp->items_max, 40);
	assert_int_equal(bp->unscored, 5);
	assert_int_equal(bp->duration_ms, 90 * MS_MINUTE);
	assert_true(bp->mode_exam && !bp->mode_study);
	assert_int_equal(bp->n_weights, 4);
	assert_float_equal(bp->weights[0].lo, 0.3, 1e-9);
	assert_float_equal(bp->weights[2].lo, 0.2, 1e-9);
	assert_float_equal(bp->weights[2].hi, 0.25, 1e-9);
	assert_float_equal(bp->weights[3].lo, -1, 1e-9);
	assert_int_equal(bp->n_sections, 3);
	assert_true(bp->sections[0].no_return);
	assert_int_equal(bp->sections[0].n_domains, 2);
	assert_true(bp->sections[1].is_break && bp->sections[1].clock_stopped);
	assert_int_equal(bp->sections[1].duration_ms, 10 * MS_MINUTE);
	assert_false(bp->sections[2].no_return);
	assert_int_equal(bp->method, SCORE_SCALED);
	assert_float_equal(bp->cut, 720, 0);
	assert_int_equal(bp->partial, PARTIAL_PER_OPTION);
	assert_float_equal(bp->negative, 0.25, 0);
	assert_true(!bp->shuffle_items && bp->shuffle_options);
	assert_int_equal(bp->docs, DOCS_URLS);
	assert_string_equal(bp->doc_urls[0], "https://example.org/");
	assert_true(bp->confidence);
	assert_int_equal(bp->show, REPORT_QUESTIONS);
	assert_true(bp->explanations);
	assert_int_equal(bp->release_after_ms, 7 * MS_DAY);
	assert_int_equal(bp->grace_ms, 5000);
	assert_int_equal(bp->n_retake_waits, 3);
	assert_int_equal(bp->retake_waits[1].ms, 60 * MS_DAY);
	assert_int_equal(bp->retake_max, 5);
	assert_int_equal(bp->lock_after_pass.months, 24);
	assert_true(bp->certificate && bp->renew_extends_expiry);
	assert_int_equal(bp->valid.months, 24);
	assert_string_equal(bp->renew_exam, "exam");
	assert_int_equal(bp->effective_from_ms, INT64_C(1767225600000));
	assert_int_equal(bp->kind, BLUEPRINT_RENEWAL);
	assert_string_equal(bp->note, "N");
}

static void test_defaults(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	load(&k, "items: [5, 8]\n");
	kit_clean(&k);
	const struct blueprint *bp = bank_exam(k.bank, "practice");
	assert_non_null(bp);
	assert_string_equal(bp->title, "practice");
	assert_int_equal(bp->items_min, 5);
	assert_int_equal(bp->items_max, 8);
	assert_int_equal(bp->duration_ms, 0);
	assert_true(bp->mode_exam && bp->mode_study);
	assert_int_equal(bp->method, SCORE_PERCENT);
	assert_float_equal(bp->cut, 70, 0);
	assert_float_equal(bp->score_max, 100, 0);
	assert_int_equal(bp->partial, PARTIAL_NONE);
	assert_true(bp->shuffle_items && bp->shuffle_options);
	assert_int_equal(bp->docs, DOCS_CLOSED);
	assert_int_equal(bp->show, REPORT_DOMAINS);
	assert_int_equal(bp->grace_ms, 10000);
	assert_false(bp->certificate || bp->no_return || bp->confidence || bp->explanations);
}

static void test_short_forms(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	load(&k, "items: 5\nscoring: pass-fail\nreport: bands\nshuffle: false\ndocs: open\nmodes: study\nretake: {waits: 1d}\nnavigation: "
	         "{return: false}\n"
	         "sections: [{items: 5}]\n");
	kit_clean(&k);
	const struct blueprint *bp = bank_exam(k.bank, "practice");
	assert_int_equal(bp->method, SCORE_PASS_FAIL);
	assert_float_equal(bp->cut, 70, 0);
	assert_int_equal(bp->show, REPORT_BANDS);
	assert_true(!bp->shuffle_items && !bp->shuffle_options);
	assert_int_equal(bp->docs, DOCS_OPEN);
	assert_true(!bp->mode_exam && bp->mode_study);
	assert_int_equal(bp->n_retake_waits, 1);
	assert_true(bp->no_return && bp->sections[0].no_return);
}

static void test_weights(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		double lo[4], hi[4];
		size_t n;
	} rows[] = {
	    {"{files: 1, users: 3}", {0.25, 0.75}, {0.25, 0.75}, 2}, /* in proportion */
	    {"{files: 30, users: 26, storage: 24, shell: 20}", {0.3, 0.26, 0.24, 0.2}, {0.3, 0.26, 0.24, 0.2}, 4},
	    {"{files: 0.5, users: 1/2}", {0.5, 0.5}, {0.5, 0.5}, 2},
	    {"{files: 3/10, users: rest}", {0.3, -1}, {0.3, -1}, 2},
	    {"{files: 40%, users: 20-60}", {0.4, 0.2}, {0.4, 0.6}, 2},
	    {"{files: 15-20, users: 80-85%}", {0.15, 0.8}, {0.2, 0.85}, 2},
	    {"{files: 12, users: 12}", {0.5, 0.5}, {0.5, 0.5}, 2},
	    {"{files: 1, users: 1}", {0.5, 0.5}, {0.5, 0.5}, 2},
	    {"{files: 0.1, users: 0.3}", {0.25, 0.75}, {0.25, 0.75}, 2},
	    {"{files: 0.4, users: rest}", {0.4, -1}, {0.4, -1}, 2},
	    {"{files: 1, users: rest}", {0.01, -1}, {0.01, -1}, 2},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text = xasprintf("items: 10\ndomains: %s\n", rows[i].text);
		load(&k, text);
		if (k.diags.n_errors)
			kit_fail(&k, rows[i].text);
		const struct blueprint *bp = bank_exam(k.bank, "practice");
		assert_int_equal(bp->n_weights, rows[i].n);
		for (size_t w = 0; w < rows[i].n; w++)
			if (bp->weights[w].lo < rows[i].lo[w] - 1e-9 || bp->weights[w].lo > rows[i].lo[w] + 1e-9 ||
			    bp->weights[w].hi < rows[i].hi[w] - 1e-9 || bp->weights[w].hi > rows[i].hi[w] + 1e-9)
				fail_msg("%s: %zu is %g to %g", rows[i].text, w, bp->weights[w].lo, bp->weights[w].hi);
	}
}

static void test_tasks(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int min, max;
	} rows[] = {{"items: 5\n", 0, 0},           {"items: 5\ntasks: 0\n", 0, 0},           {"items: 5\ntasks: 2\n", 2, 2},
	            {"items: 5\ntasks: 5\n", 5, 5}, {"items: [5, 8]\ntasks: [1, 8]\n", 1, 8}, {"items: [15, 20]\ntasks: all\n", 15, INT_MAX}};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_buf_ struct buf bytes = BUF(1 << 20);
		_cleanup_bank_ struct bank *stored = NULL;
		struct err err;
		load(&k, rows[i].text);
		kit_clean(&k);
		bank_encode(k.bank, &bytes);
		if (!bank_decode(buf_str(&bytes), &stored, &err))
			fail_msg("%s", err.msg);
		for (int again = 0; again < 2; again++) {
			const struct blueprint *bp = &(again ? stored : k.bank)->exams[0];
			assert_int_equal(bp->tasks_min, rows[i].min);
			assert_int_equal(bp->tasks_max, rows[i].max);
		}
	}
}

static void test_mistakes(void **state)
{
	(void)state;
	static const struct {
		const char *text, *code;
	} rows[] = {
	    {"title: x\n", "blueprint"},
	    {"items: 0\n", "field-value"},
	    {"items: [5]\n", "field-value"},
	    {"items: [8, 5]\n", "field-value"},
	    {"items: 5\nunscored: 5\n", "field-value"},
	    {"items: 5\ntasks: 6\n", "field-value"},
	    {"items: 5\nunscored: 2\ntasks: 4\n", "field-value"},
	    {"items: 5\ntasks: [2]\n", "field-value"},
	    {"items: 5\ntasks: [3, 2]\n", "field-value"},
	    {"items: 5\ntasks: most\n", "field-value"},
	    {"items: 5\ntasks: -1\n", "field-value"},
	    {"items: 5\nunscored: 1\ntasks: all\n", "field-value"},
	    {"items: 5\nduration: 90\n", "duration"},
	    {"items: 5\nduration: 1mo\n", "duration"},
	    {"items: 5\nduration: -5m\n", "duration"},
	    {"items: 5\nduration: 99999y\n", "duration"},
	    {"items: 5\nmodes: []\n", "field-empty"},
	    {"items: 5\nmodes: [exams]\n", "field-value"},
	    {"items: 5\ndomains: {fils: 1}\n", "unknown-domain"},
	    {"items: 5\ndomains: {files: 60-70, users: 50-60}\n", "weight"},
	    {"items: 5\ndomains: {files: 10-20, users: 20-30}\n", "weight"},
	    {"items: 5\ndomains: {files: much}\n", "weight"},
	    {"items: 5\ndomains: {files: 70-60}\n", "weight"},
	    {"items: 5\ndomains: {files: 1/0}\n", "weight"},
	    {"items: 5\nsections: [{items: 2}]\n", "section"},
	    {"items: 5\nsections: [{break: 5m}, {items: 5}]\n", "section"},
	    {"items: 5\nsections: [{title: x}]\n", "section"},
	    {"items: 5\nsections: [{id: a, items: 2}, {id: a, items: 3}]\n", "duplicate-id"},
	    {"items: 5\nsections: [{items: 5, domains: [fils]}]\n", "unknown-domain"},
	    {"items: 5\nscoring: {method: scaled, min: 100, max: 1000}\n", "scoring"},
	    {"items: 5\nscoring: {method: scaled, min: 1000, max: 100, cut: 200}\n", "scoring"},
	    {"items: 5\nscoring: {method: points, max: 10, cut: 20}\n", "scoring"},
	    {"items: 5\nscoring: {method: percent, max: 10}\n", "scoring"},
	    {"items: 5\nscoring: points\n", "scoring"},
	    {"items: 5\nscoring: pass-fail\nreport: score\n", "report"},
	    {"items: 5\nreport: {show: score, after: 7d}\n", "report"},
	    {"items: 5\nreport: {show: scores}\n", "field-value"},
	    {"items: 5\nnegative: 2\n", "field-value"},
	    {"items: 5\ndocs: {urls: ['http://x']}\n", "field-value"},
	    {"items: 5\ndocs: {url: x}\n", "unknown-field"},
	    {"items: 5\nretake: {per: 10d}\n", "field-value"},
	    {"items: 5\ncertificate: {valid: 1y, renew: {window: 6mo}}\n", "blueprint"},
	    {"items: 5\neffective: {from: 2028-01-01, until: 2026-01-01}\n", "date"},
	    {"items: 5\nkind: exam\n", "field-value"},
	    {"items: 5\nmarking: {markers: 0}\n", "field-value"},
	    {"items: 5\nmarking: {markers: 3}\n", "field-value"},
	    {"items: 5\nmarking: {tolerance: 1}\n", "field-value"},
	    {"items: 5\nmarking: {markers: 2, tolerance: some}\n", "field-value"},
	    {"items: 5\nmarking: {markers: 2, tolerance: -1}\n", "field-value"},
	    {"items: 5\nmarking: {markers: 2, tolerance: 101%}\n", "field-value"},
	    {"items: 5\nid: A\n", "bad-id"},
	    {"items: 5\nitmes: 5\n", "unknown-field"},
	    {"- items: 5\n", "yaml-type"},
	    {"", "blueprint"},
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_kit_ struct kit k;
		load(&k, rows[i].text);
		if (!kit_find(&k, rows[i].code))
			kit_fail(&k, rows[i].text);
		if (k.bank->n_exams)
			fail_msg("taken all the same: %s", rows[i].text);
	}
}

static void test_two_exams(void **state)
{
	(void)state;
	_cleanup_kit_ struct kit k;
	KIT(&k, "exams/b.yml", "items: 1\n", "exams/a.yml", "items: 1\n", "exams/c.yml", "id: a\nitems: 2\n", "exams/Bad Name.yml",
	    "items: 1\n");
	assert_int_equal(k.bank->n_exams, 2);
	assert_string_equal(k.bank->exams[0].id, "a");
	assert_string_equal(kit_find(&k, "duplicate-id")->file, "exams/c.yml");
	assert_non_null(kit_find(&k, "bad-id"));
}

static void test_marking(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int markers;
		int64_t tolerance_m;
		bool percent;
	} cases[] = {
	    {"", 1, 0, false},
	    {"marking: {markers: 1}\n", 1, 0, false},
	    {"marking: {markers: 2}\n", 2, 10000, true},
	    {"marking: {markers: 2, tolerance: 0}\n", 2, 0, false},
	    {"marking: {markers: 2, tolerance: 1.5}\n", 2, 1500, false},
	    {"marking: {markers: 2, tolerance: 12.5%}\n", 2, 12500, true},
	    {"marking:\n  markers: 2\n  tolerance: 5 %\n", 2, 5000, true},
	};
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_kit_ struct kit k;
		_cleanup_free_ char *text = xasprintf("items: 3\nessays: true\n%s", cases[i].text);
		load(&k, text);
		kit_clean(&k);
		const struct blueprint *bp = bank_exam(k.bank, "practice");
		if (bp->markers != cases[i].markers || bp->tolerance_m != cases[i].tolerance_m || bp->tolerance_percent != cases[i].percent)
			fail_msg("case %zu: %d, %lld, %d", i, bp->markers, (long long)bp->tolerance_m, bp->tolerance_percent);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_full),  cmocka_unit_test(test_defaults), cmocka_unit_test(test_short_forms), cmocka_unit_test(test_weights),
	    cmocka_unit_test(test_tasks), cmocka_unit_test(test_mistakes), cmocka_unit_test(test_two_exams),   cmocka_unit_test(test_marking),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
