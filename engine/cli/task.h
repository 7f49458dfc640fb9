/* assay task: what its parts share. */
#pragma once
#include "bank/bank.h"
#include "graders/client/grade.h"
#include "graders/client/prepare.h"

/* The programs that work on tasks, and the folder of the launcher of boxes. */
struct task_tools {
	char *sandbox_dir, *launcher, *grader, *params;
};
MUST_CHECK bool task_tools_find(const char *data, struct task_tools *ret, struct err *err);
void task_tools_finish(struct task_tools *t);
/* Connects to the launcher of boxes, which is started if need be. */
MUST_CHECK bool task_connect(const struct task_tools *t, struct sandbox **ret, struct err *err);

/* Reads a task's folder and prints what is wrong with it (to stderr if `json`). *ret is NULL when it has errors. Fails when it could not
 * look. */
MUST_CHECK bool task_read(const char *dir, bool json, struct bank **ret, struct err *err);

#define TASK_SEEDS_MAX 50
/* Values of a parametrised task for seeds 1 … n, the caller's; checks that the text can be made with them. ERR_INVALID says what is wrong
 * with the program. */
MUST_CHECK bool task_draw(const struct task_tools *t, const struct bank *bank, size_t n, char **ret_values, struct err *err);

/* What a box calls the image of the bank's only task, which is built now if it is not there: that takes minutes. */
MUST_CHECK bool task_image(const struct task_tools *t, const struct bank *bank, char ret[65], struct err *err);

/* A task as it is done. */
struct task_subject {
	const struct item *item;
	const char *image;  /* as a box calls it */
	const char *values; /* or NULL */
};
/* Opens a prepared box, which ends with the connection; *ret_box is its name. */
MUST_CHECK bool task_box(struct sandbox *s, const struct task_subject *subject, char ret_box[65], struct prepare_result *setup,
                         struct err *err);
/* Grades what is in the box now. `again` (it may be NULL) grades the same snapshot a second time, as a regrading would. */
MUST_CHECK bool task_grade(struct sandbox *s, const struct task_tools *t, const struct task_subject *subject, const char *box, bool hints,
                           struct grade_result *ret, struct grade_result *again, struct err *err);

/* ---- test ---- */

enum trial_kind { TRIAL_SOLUTION, TRIAL_UNTOUCHED, TRIAL_ALT, TRIAL_WRONG };

/* One variant, done in a fresh box and graded. */
struct trial {
	struct proving *proving;
	enum trial_kind kind;
	const char *name;
	const char *script;                 /* NULL: none is run */
	const struct task_variant *variant; /* of wrong/ and alt/, or NULL */
	size_t seed;                        /* from 0 */
	struct grade_result result;
	char *failure; /* why there is no result, or why it counts for nothing; or NULL */
	bool blind;    /* it is not the task's fault: nobody could look */
	bool differs;  /* the second grading said something else */
	int64_t ms;
};

/* One task being proved. */
struct proving {
	const char *dir; /* as it was given */
	struct bank *bank;
	const struct item *item;
	char image[65]; /* as a box calls it */
	char *values[TASK_SEEDS_MAX];
	size_t n_seeds;
	struct trial *trials; /* by seed, then by variant */
	size_t n_trials, n_variants;
	char **problems;
	size_t n_problems, cap_problems;
	bool blind, written;
	int64_t ms;
};
void proving_problem(struct proving *p, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Looks at all results: adds a problem for each rule that does not hold. */
void proving_judge(struct proving *p);
/* The first result that there is, for the list of checks; or NULL. */
const struct grade_result *proving_checks(const struct proving *p);
void proving_table(const struct proving *p, bool color, struct buf *out);
void proving_json(const struct proving *p, struct buf *out);
/* proof.json */
void proving_proof(const struct proving *p, struct buf *out);

/* The commands; argv[0] is the command's name. */
int task_new(const char *dir);
int task_try(const char *dir, const char *data, uint64_t seed);
struct task_test_options {
	const char *data;
	bool write, json, progress;
	size_t jobs, seeds; /* 0: as many as processors; 3 */
};
int task_test(const struct task_test_options *o, const char *const *dirs, size_t n);
