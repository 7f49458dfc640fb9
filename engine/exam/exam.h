/* The rules of an exam, as pure functions: drawing a form, checking and marking responses, scoring, reporting.
 *
 * Nothing here reads a clock, a file or a database: time, randomness and earlier state come in as arguments. */
#pragma once
#include "bank/bank.h"
#include "base/json.h"
#include "base/rng.h"

/* ---- The form (form.c, draw.c): what one candidate gets. Stored whole with the attempt. ---- */

#define FORM_ITEMS_MAX 1000
#define FORM_SECTIONS_MAX 64 /* breaks included */

/* Opaque ids are drawn per attempt: items "i" + 4 characters, options, targets and choices "o" + 3 (more on a very long form), unique
 * within the form. */
struct form_item {
	char id[8];
	char *item_id;           /* the author's id in the bank */
	const struct item *item; /* from the bank, or `instance` */
	struct item *instance;   /* a drawn parametrised item, owned; or NULL */
	bool unscored;
	size_t *order;         /* options as shown: order[k] is an index into item->options; n_options long. Hotspot: the regions */
	size_t *target_order;  /* the same for targets */
	char (*option_ids)[8]; /* by position shown; NULL for a hotspot */
	char (*target_ids)[8];
	size_t n_blanks;       /* of the item, so that a form can be destroyed after its bank */
	size_t **blank_orders; /* by blank; chosen blanks: order of their options; NULL for typed ones */
	char (**blank_ids)[8];
};

struct form_section {
	char *id, *title;
	bool is_break, clock_stopped;
	bool no_return;      /* by the section or by the blueprint's navigation */
	int64_t duration_ms; /* 0: no clock of its own */
	size_t first, count; /* range of form.items */
};

struct form {
	struct form_item *items;
	size_t n_items;
	struct form_section *sections;
	size_t n_sections;
	bool study; /* of a study session: hints may be asked for */
};
void form_destroy(struct form *form);
DEFINE_CLEANUP(struct form, form_destroy)

/* What a study session is about; for exam mode NULL, or all of it empty. `pool` holds the item ids to choose from (NULL: all).
 * A study form is one section with neither clock nor unscored items, and takes as many items as there are when there are fewer. */
struct draw_focus {
	bool study; /* also implied by any of the others */
	const char *const *domains;
	size_t n_domains;
	const char *const *pool;
	size_t n_pool;
	bool chosen;     /* the pool was chosen by how items went: hands-on tasks come as they are in it, not as many as the exam has */
	bool any_status; /* drafts, retired ones and all: for their author */
	int items;       /* 0: the blueprint's number, or as many as there are when there are fewer */
};

/* Draws values for parametrised items: given n items of the bank and a seed for each, fills n newly allocated instances. */
typedef bool draw_params_fn(void *arg, const struct bank *bank, const struct item *const *items, const uint64_t *seeds, size_t n,
                            struct item **ret, struct err *err);

/* Draws a form. Families never meet; unscored items are drawn apart (from `pretest` items first) and mixed in; items of one case
 * stay together; the counts per domain follow the blueprint. ERR_INVALID says how many items are missing where. */
MUST_CHECK bool draw_form(const struct bank *bank, const struct blueprint *bp, const struct draw_focus *focus, struct rng *rng,
                          draw_params_fn *params, void *params_arg, struct form **ret, struct err *err);
/* Whether a form can be drawn at all, without drawing parameters: for `bank check` and the catalogue. */
MUST_CHECK bool draw_feasible(const struct bank *bank, const struct blueprint *bp, struct err *err);

/* Reports each exam of the bank for which no form can be drawn. */
struct diags;
void draw_check(const struct bank *bank, struct diags *diags);
/* A form of these items in this order, for those who write them. instances[i], taken over, stands for a parametrised items[i]; or NULL.
 * `shuffle`: options as candidates get them; what must not be shown as it is written (orderings, matchings) never is. */
struct form *form_chosen(const struct item *const *items, struct item *const *instances, size_t n, bool shuffle, struct rng *rng);

void form_encode(const struct form *form, struct buf *out);
MUST_CHECK bool form_decode(const struct bank *bank, struct str bytes, struct form **ret, struct err *err);
/* Index of the item with this opaque id, or -1. */
int form_find(const struct form *form, const char *id);
/* Adds an item as the candidate may see it before an answer: id, kind, stem, options…; never a key. See docs/openapi.yaml, FormItem. */
void form_item_json(const struct form *form, const struct bank *bank, size_t index, cJSON *out);
/* Adds what may be seen after it: outcome, key, per-option feedback, explanation, references, hints. See docs/openapi.yaml, Feedback.
 * `mark` may be NULL: then outcome, points, max and reason are left out. */
struct mark;
void form_feedback_json(const struct form *form, size_t index, const struct mark *mark, cJSON *out);

/* ---- Responses (response.c) ---- */

#define RESPONSE_TEXT_MAX 20000 /* bytes of an essay */
#define RESPONSE_SHORT_MAX 1000 /* bytes of a text answer or a typed blank */
#define RESPONSE_NUMBER_MAX 64  /* bytes of a number */
#define RESPONSE_POINTS_MAX 64

/* Whether `response` (null clears) has the shape its item asks for and names only options that are on the form.
 * ERR_RESPONSE says what is wrong. */
MUST_CHECK bool response_check(const struct form_item *fi, const cJSON *response, struct err *err);
/* Canonical bytes of a checked response, as stored. */
void response_encode(const cJSON *response, struct buf *out);

/* A checked response in words, as a person would say it: the texts that were chosen, what was typed. "" for none (words.c). */
void response_words(const struct form_item *fi, const cJSON *response, struct buf *out);

/* ---- Marking (mark.c) ---- */

enum mark_outcome { MARK_RIGHT, MARK_PARTIAL, MARK_WRONG, MARK_UNANSWERED, MARK_UNGRADED };
const char *mark_outcome_name(enum mark_outcome o); /* "right", "partial", "wrong", "unanswered", "ungraded" */

struct mark {
	enum mark_outcome outcome;
	int64_t points_m; /* thousandths of a point; below 0 only with negative marking */
	int64_t max_m;
	const char *reason_html; /* partly right text: why; borrowed from the item; or NULL */
	bool dropped;            /* a correction has taken the item out of the score: its points and maximum are 0 */
};
/* Marks one checked response (NULL, null or an empty one: unanswered). The item's own partial rule overrides `rule`. `negative` is the
 * share of the points that a wrong answer costs. */
void mark_item(const struct form_item *fi, const cJSON *response, enum partial_rule rule, double negative, struct mark *ret);

/* ---- Scoring (score.c) ---- */

struct score_group {
	char *id, *title;
	int items; /* scored items */
	int64_t points_m, max_m;
	double share; /* points / max, 0 to 1 (below 0 counts as 0) */
	double error; /* standard error of share: Lord's binomial error model, compound form */
};
struct score {
	int items, right, partial, wrong, unanswered, ungraded, unscored;
	int64_t points_m, max_m;
	double share, share_error; /* 0 to 1 */
	double value, error;       /* on the blueprint's scale */
	double min, max, cut;
	bool passed;             /* meaningless while ungraded > 0 */
	double pass_probability; /* that the true share is at or above the cut: Beta(x + 1/2, n - x + 1/2) */
	struct score_group *domains, *objectives;
	size_t n_domains, n_objectives;
};
void score_form(const struct bank *bank, const struct blueprint *bp, const struct form *form, const struct mark *marks, struct score *ret);
void score_finish(struct score *s);

/* ---- Navigation and the clock (navigate.c) ----
 * All times are "service milliseconds": time during which the server ran. An outage or a suspend is not in them, so it gives
 * itself back. */

enum attempt_state { ATTEMPT_RUNNING, ATTEMPT_ON_BREAK, ATTEMPT_ENDED };

struct progress {
	enum attempt_state state;
	size_t section;              /* index of the open section, or of the break */
	int64_t deadline_ms;         /* of the attempt, service time; 0: untimed; moved on by breaks with a stopped clock */
	int64_t section_deadline_ms; /* 0: none */
	size_t cursor;               /* no-return: items before this index are closed */
	/* For packets that come late: the section that its deadline (or the attempt's) closed last, when, and the cursor then. */
	size_t closed_section, closed_cursor;
	int64_t closed_ms; /* 0: no deadline has closed a section yet, or the candidate has ended the attempt since */
};
/* extra_m: extra time in thousandths (1250: a quarter more). */
void progress_begin(const struct form *form, const struct blueprint *bp, int extra_m, int64_t now_ms, struct progress *ret);
/* When the next thing happens by itself (service time), or INT64_MAX. */
int64_t progress_next(const struct progress *p);
/* Applies everything that happened by `now_ms`: sections that ran out, breaks that ended, the end. True if anything changed. */
bool progress_advance(struct progress *p, const struct form *form, int extra_m, int64_t now_ms);
/* Whether item `index` may be answered now (call progress_advance first); ERR_ATTEMPT_ENDED, ERR_SECTION_CLOSED, ERR_NO_RETURN,
 * ERR_ON_BREAK. Within grace_ms after a deadline that closed the item's section it may, and *ret_late_ms is how late; else 0. */
MUST_CHECK bool progress_may_answer(const struct progress *p, const struct form *form, size_t index, int64_t grace_ms, int64_t now_ms,
                                    int64_t *ret_late_ms, struct err *err);
/* The candidate leaves the open section (or the break) for the next one; from the last one the attempt ends. */
MUST_CHECK bool progress_leave_section(struct progress *p, const struct form *form, int extra_m, int64_t now_ms, struct err *err);
/* No-return: the candidate passes on to item `index`; items before it close. */
MUST_CHECK bool progress_move(struct progress *p, const struct form *form, size_t index, struct err *err);
/* The candidate submits: the attempt ends, from whatever section; nothing late is taken after that. ERR_ATTEMPT_ENDED if it had ended. */
MUST_CHECK bool progress_end(struct progress *p, const struct form *form, int extra_m, int64_t now_ms, struct err *err);
