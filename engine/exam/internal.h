/* What the files of exam/ share and nobody else needs. */
#pragma once
#include "exam/exam.h"

#define NONE SIZE_MAX

/* ---- Names to ordinals (pool.c): 0, 1, 2 … in the order of first appearance; the strings are borrowed. ---- */

struct names {
	const char **list; /* by ordinal */
	size_t n, cap;
	size_t *slots; /* ordinal + 1; 0: empty */
	size_t n_slots;
};
size_t names_add(struct names *t, const char *name);
size_t names_find(const struct names *t, const char *name); /* or NONE */
void names_finish(struct names *t);

/* ---- What may be drawn (pool.c) ---- */

/* A cell is what is counted apart: the questions of a domain (its ordinal) and, when the exam draws hands-on tasks, the tasks of a domain
 * (its ordinal + the number of domains). */
struct candidate {
	const struct item *item;
	size_t cell, family;
	size_t kase; /* NONE: of no case */
	size_t next; /* the next candidate of its family, or NONE */
	bool counts; /* towards the form's size: not what is only tried out */
};
struct pool {
	struct candidate *list;
	size_t n, n_cases;
	struct names domains;
	size_t n_cells;
	size_t *first; /* by family: its first candidate */
	size_t n_families;
};
/* All items that are active or tried out but, unless the blueprint takes them, essays and tasks; tasks that this machine cannot offer
 * never; of a study session's only those that it is about and that count. */
void pool_init(const struct bank *bank, const struct blueprint *bp, const struct draw_focus *focus, struct pool *ret);
void pool_finish(struct pool *p);
static inline bool candidate_counts(const struct candidate *c)
{
	return c->counts;
}

static inline bool cell_is_tasks(const struct names *domains, size_t cell)
{
	return cell >= domains->n;
}
static inline const char *cell_domain(const struct names *domains, size_t cell)
{
	return domains->list[cell % domains->n];
}

/* One member for each family, so that a form never shows two; all counts are then counts of members. Families with members in several
 * cells are moved to where they are needed (choice_rebalance). */
struct choice {
	size_t *member; /* by family: a candidate, or NONE when none of the family counts */
	size_t *spread; /* the families with members in several cells */
	size_t n_spread;
	int *available; /* by cell: members there */
	int *reachable; /* by cell: families that could be there */
};
void choice_init(const struct pool *p, const bool *cell_allowed, struct rng *rng, struct choice *ret);
/* Moves families between cells until each has what `counts` asks for, or nothing more can be moved. */
void choice_rebalance(const struct pool *p, const bool *cell_allowed, const int *counts, struct choice *c);
void choice_finish(struct choice *c);

/* ---- Apportionment (apportion.c) ---- */

struct quota {
	double lo, hi; /* shares, 0 to 1 */
	bool rest;     /* takes what the others leave; rests share it in proportion to what is available */
	int available;
};
/* Splits `total` over n quotas by largest remainder; ties go to the first. Where a range or a rest has fewer items available than its
 * part, the difference moves to others with room, within their ranges. `soft`: every quota gives and takes without bounds. The
 * sum is `total`, also when there is not enough: then some count is above `available`. */
void apportion(const struct quota *q, size_t n, int total, bool soft, int *ret_counts);
/* How many of each quota's count are hands-on tasks: `wanted` of them in all, or as near to it as what is available lets it be, at random
 * among all ways. Counts may move between quotas within their ranges. False when that is not within [min, max]; *ret_least and *ret_most
 * are then how many it could be. */
MUST_CHECK bool apportion_tasks(const struct quota *q, size_t n, bool soft, const int *questions, const int *tasks, int min, int max,
                                int wanted, struct rng *rng, int *counts, int *ret_tasks, int *ret_least, int *ret_most);

/* ---- Sections (sections.c) ---- */

struct seating {
	size_t n_sections, n_cells;
	int *need;     /* [section * n_cells + cell]: counted items still to be found */
	int *room;     /* by section: unscored items still to be found */
	bool *allowed; /* [section * n_cells + cell] */
};
/* Which section takes how many of each cell, at random among all ways that fit. */
MUST_CHECK bool seating_init(const struct blueprint *bp, const struct names *domains, size_t n_cells, const int *counts, int unscored,
                             bool one_section, struct rng *rng, struct seating *ret, struct err *err);
void seating_finish(struct seating *s);

/* ---- Options in their order, and opaque ids (arrange.c) ---- */

void arrange_form(struct form *form, bool shuffle_options, struct rng *rng);
/* How many positions the `order` of an item has. */
size_t arrange_count(const struct item *item);

/* ---- Marking ---- */

/* A share of the points as a fraction, exact. */
struct share {
	int64_t num, den;
};

/* Best credit in thousandths of `answer` among `texts`, and its reason. False: a pattern ran into a limit, so nobody knows. (mark_text.c)
 */
MUST_CHECK bool text_credit(const struct item_text *texts, size_t n, const char *answer, int *ret_credit_m, const char **ret_reason);
/* White space dropped at the ends and folded to one space inside; the caller frees. (mark_text.c) */
char *text_fold(const char *s);

/* A number as candidates may write it: sign, digits, point, exponent. (number.c) */
MUST_CHECK bool number_parse(const char *text, double *ret);
/* Whether `value unit` (unit NULL: none) is one of the item's answers. */
bool number_matches(const struct item *item, double value, const char *unit);
/* The smallest region that holds the point, its edge included; or NONE. (region.c) */
size_t region_at(const struct item *item, double x, double y);
/* A point that region_at() gives to region r; false when others cover it wholly. */
bool region_centre(const struct item *item, size_t r, int *ret_x, int *ret_y);
