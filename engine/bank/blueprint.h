/* A blueprint: how an exam is drawn, timed, scored and reported. Parsed from exams/NAME.yml. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum score_method { SCORE_PERCENT, SCORE_POINTS, SCORE_SCALED, SCORE_PASS_FAIL };
enum docs_rule { DOCS_CLOSED, DOCS_BUNDLED, DOCS_URLS, DOCS_OPEN };
enum report_show { REPORT_PASS_FAIL, REPORT_SCORE, REPORT_BANDS, REPORT_DOMAINS, REPORT_OBJECTIVES, REPORT_QUESTIONS };
enum blueprint_kind { BLUEPRINT_PRACTICE, BLUEPRINT_QUIZ, BLUEPRINT_RENEWAL, BLUEPRINT_PRESET };

/* A length of time: exact milliseconds, or calendar months (a year is 12). */
struct span {
	int64_t ms;
	int months;
};

struct blueprint_weight {
	char *domain;
	double lo, hi; /* share of the counted items, 0 to 1; lo == hi for a fixed weight; both -1 for "rest" */
};

struct blueprint_section {
	char *id, *title;
	bool is_break;
	bool clock_stopped;  /* breaks: the exam's clock stands still */
	bool no_return;      /* within the section an item that was passed is closed */
	int items;           /* counted and unscored together */
	int64_t duration_ms; /* 0: only the exam's clock */
	char **domains;
	size_t n_domains; /* none: any */
};

struct blueprint {
	char *id, *title, *description, *note;
	enum blueprint_kind kind;
	int items_min, items_max; /* scored and unscored together, as a candidate counts them */
	int unscored;
	int tasks_min, tasks_max; /* how many of the items are hands-on tasks; both 0: none. tasks_max INT_MAX: every item is one */
	int64_t duration_ms;      /* 0: untimed */
	int64_t grace_ms;
	struct blueprint_weight *weights;
	size_t n_weights;
	struct blueprint_section *sections; /* none: one section with all items */
	size_t n_sections;
	double score_min, score_max, cut;
	double negative; /* 0 to 1 */
	enum score_method method;
	int partial; /* enum partial_rule; PARTIAL_NONE by default */
	enum docs_rule docs;
	enum report_show show;
	char **doc_urls;
	size_t n_doc_urls;
	int64_t release_after_ms;  /* 0: immediate */
	struct span *retake_waits; /* after the first, second, … failure; the last one repeats */
	size_t n_retake_waits;
	struct span retake_per;
	struct span lock_after_pass;
	struct span valid, renew_window;
	char *renew_exam;
	int64_t effective_from_ms, effective_until_ms; /* 0: open */
	int retake_max;                                /* 0: no limit */
	/* What people mark: how many of them, and up to which distance the mean of two counts (beyond it a third decides). */
	int markers;         /* 1 or 2 */
	int64_t tolerance_m; /* thousandths of a point, or of a percent of what the question is worth */
	bool tolerance_percent;
	bool mode_exam, mode_study;
	bool no_return;
	bool shuffle_items, shuffle_options;
	bool confidence;
	bool essays;       /* exam mode draws essays too, and its result waits until people have marked them */
	bool explanations; /* the report shows keys and explanations */
	bool certificate;
	bool renew_extends_expiry; /* else from the pass date */
};
