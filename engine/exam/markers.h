/* Marks that people give: what becomes of one, two or three of them. Pure rules; docs/authors/scoring.md states them. */
#pragma once
#include "bank/bank.h"

/* What a mark is. Stored as a number: never renumber. */
enum mark_part {
	PART_ONLY,    /* of the only marker, or the only one so far that the exam asks for */
	PART_BLIND,   /* one of two, given without knowing the other */
	PART_THIRD,   /* the adjudicator's, given without knowing the two that are too far apart */
	PART_DECISION /* given later, knowing all of it: an appeal was decided */
};

struct given_mark {
	enum mark_part part;
	int64_t points_m;
	const char *marker;
};

enum marked_how { MARKED_NOT, MARKED_BY_ONE, MARKED_BY_TWO, MARKED_BY_THIRD, MARKED_BY_DECISION };
const char *marked_how_name(enum marked_how how); /* "not", "one", "two", "third", "decision" */

struct agreed_mark {
	enum marked_how how;
	int64_t points_m;
	enum mark_part next;                     /* MARKED_NOT: what the next mark will be */
	const struct given_mark *first, *second; /* the newest mark of each of the two, or NULL; of one marker the one that counts */
};

/* `given` in the order of time, without what was taken back. bp NULL: one person is enough, whatever the exam says (hands-on tasks).
 *
 * The newest third mark or decision counts. Else with one marker the newest mark; with two, when both are there and no further apart than
 * the tolerance, their mean, half a thousandth up. */
void markers_agree(const struct blueprint *bp, int64_t max_m, const struct given_mark *given, size_t n, struct agreed_mark *ret);
/* How far apart two marks may be, for a question of max_m. */
bool markers_within(const struct blueprint *bp, int64_t max_m, int64_t a_m, int64_t b_m);
/* Whether two names are one person's; see name_same(). */
bool markers_same(const char *a, const char *b);
